/*
 * Credentials and who can get at them. A secret that holds an identity's
 * credential is the identity to whoever reads it; that matters where the
 * reader can do less than the identity.
 */

#include "engine/rules/rules_check.h"
#include "engine/rules/rules_secrets.h"

#include <stdlib.h>

#define READS (1u << PROBE_GET_SECRET)

/* Whether the grant works whatever the source leaves open. */
static bool
is_certain(const struct check *c, const struct assignment *a)
{
	scope_id v = estate_enclosing(c->e, a->scope, SCOPE_VAULT);
	const struct vault *vault = v == NONE ? NULL : estate_vault(c->e, v);

	return a->flags == 0 && role_fits(c, a->role, a->scope) &&
	    c->e->roles.at[a->role].plane != PLANE_CLAIMED &&
	    (vault == NULL || vault->model != MODEL_DISPUTED ||
		!role_gives(c, a->role, PROBE_LIST_SECRETS));
}

/* Assignments of 'owner' that 'reader' has nothing to match with, without
 * those that add nothing for the owner itself. */
static assignment_id *
gains_of(
    struct check *c, principal_id reader, principal_id owner, uint32_t *count)
{
	const struct estate *e = c->e;
	uint32_t first = e->first_of_principal[owner];
	uint32_t end = e->first_of_principal[owner + 1];
	assignment_id *gains = check_zero(c, end - first + 1, sizeof *gains);

	*count = 0;
	for (assignment_id a = first; gains != NULL && a < end; a++) {
		struct assignment row = estate_assignment(e, a);

		if (is_certain(c, &row) &&
		    covering_assignment(c, owner, a) == NONE &&
		    covering_assignment(c, reader, a) == NONE)
			gains[(*count)++] = a;
	}
	return gains;
}

/* Whether the words name secrets by a pattern ("admin-*") and none of the
 * patterns fits. */
static bool
words_exclude(struct slice prose, struct slice secret)
{
	struct slice word;
	bool patterns = false;

	while (slice_cut(&prose, ' ', &word)) {
		while (word.length > 0 && strchr("`(,\"", word.at[0]))
			word = slice_from(word, 1);
		while (word.length > 0 &&
		    strchr("`),.\"", word.at[word.length - 1]))
			word.length--;
		if (word.length < 2 || word.at[word.length - 1] != '*')
			continue;
		patterns = true;
		word.length--;
		if (slice_starts_case(secret, word))
			return false;
	}
	return patterns;
}

/* A right that names no role reaches no further than its words do. */
static bool
right_excludes(const struct check *c, const struct holding *row, scope_id s)
{
	struct ids claims = tellings_of_assignment(c, row->assignment);
	struct assignment a = estate_assignment(c->e, row->assignment);
	struct slice name = estate_text(c->e, c->e->scopes.at[s].segment);

	if (c->e->roles.at[a.role].plane != PLANE_CLAIMED)
		return false;
	for (uint32_t i = 0; i < claims.count; i++)
		if (words_exclude(estate_text(c->e,
				      c->e->claims.at[claims.at[i]].purpose),
			name))
			return true;
	return false;
}

static bool
all_exclude(const struct check *c, const struct holding *rows, uint32_t count,
    scope_id s)
{
	for (uint32_t i = 0; i < count; i++)
		if (!right_excludes(c, &rows[i], s))
			return false;
	return true;
}

/* A decision that fails only because the source leaves the model open, or
 * contradicts itself about the grant. */
static bool
is_left_open(struct decision d)
{
	return !d.allowed &&
	    (d.reason == REASON_MODEL_DISPUTED || d.reason == REASON_DISPUTED);
}

/* A secret that a reader may read, with all its grants. */
struct readable {
	principal_id owner, reader;
	scope_id secret;
	struct origin sink;
	bool open; /* it depends on what the source leaves open */
	const struct holding *grants;
	uint32_t grant_count;
};

struct readables {
	struct readable *at;
	uint32_t count, room;
};

static void
keep(struct check *c, struct readables *all, struct readable row)
{
	struct readable *more;

	if (all->count == all->room) {
		more = check_zero(c, all->room * 2 + 16, sizeof *more);
		if (more == NULL)
			return;
		for (uint32_t i = 0; i < all->count; i++)
			more[i] = all->at[i];
		all->at = more;
		all->room = all->room * 2 + 16;
	}
	all->at[all->count++] = row;
}

static void
add_readers(struct check *c, const struct sink *sink, struct readables *all)
{
	struct holdings grants = holders_of(c, sink->scope, READS);

	for (uint32_t i = 0, end; i < grants.count; i = end) {
		struct readable row = {.owner = sink->principal,
		    .reader = grants.at[i].holder,
		    .secret = sink->scope,
		    .sink = sink->origin,
		    .grants = grants.at + i};
		struct decision d = decide(c->e, row.reader,
		    &c->probes[PROBE_GET_SECRET], sink->scope, NULL);

		end = holdings_next(grants, i);
		row.grant_count = end - i;
		row.open = is_left_open(d);
		if (row.reader != row.owner && (d.allowed || row.open) &&
		    !all_exclude(c, row.grants, row.grant_count, row.secret))
			keep(c, all, row);
	}
}

static int
by_pair(const void *a, const void *b)
{
	const struct readable *x = a, *y = b;

	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	if (x->reader != y->reader)
		return x->reader < y->reader ? -1 : 1;
	return x->secret < y->secret ? -1 : x->secret > y->secret;
}

static bool
same_pair(const struct readable *a, const struct readable *b)
{
	return a->owner == b->owner && a->reader == b->reader;
}

/* What the source leaves open and the finding rests on. */
static const char *
on_condition(struct check *c, const struct readable *row)
{
	struct assignment a = estate_assignment(c->e, row->grants->assignment);
	scope_id v = estate_enclosing(c->e, row->secret, SCOPE_VAULT);
	bool policy = c->e->roles.at[a.role].plane == PLANE_POLICY;

	if (!row->open)
		return "";
	if (a.flags & ASSIGNMENT_DISPUTED)
		return "If its disputed grant holds, ";
	return text(c, "If %s uses %s, ", name_scope(c, v),
	    policy ? "access policies" : "RBAC");
}

/* Rows of one reader and one owner; a secret may come twice. */
static void
tell_readable(struct check *c, const struct readable *rows, uint32_t count)
{
	const char *reader = name_principal(c, rows->reader);
	const char *owner = name_principal(c, rows->owner);
	const char **secrets = check_zero(c, count, sizeof *secrets);
	struct origin *sinks = check_zero(c, count, sizeof *sinks);
	uint32_t gain_count, n = 0;
	assignment_id *gains =
	    gains_of(c, rows->reader, rows->owner, &gain_count);

	if (c->error != ACTAS_OK || gain_count == 0)
		return;
	place_holdings(c, rows->grants, rows->grant_count);
	for (uint32_t i = 0; i < count; i++) {
		sinks[i] = rows[i].sink;
		finding_place(c, rows[i].sink);
		if (i > 0 && rows[i].secret == rows[i - 1].secret)
			continue;
		secrets[n++] = short_scope(c, rows[i].secret);
		finding_subject(c, short_scope(c, rows[i].secret));
	}
	finding_subject(c, reader);
	finding_subject(c, owner);
	finding_emit(c,
	    text(c,
		"%s%s may read %s %s (%s), which hold%s the credential of "
		"%s (%s). It can sign in as %s and so gains %s.",
		on_condition(c, rows), reader, n == 1 ? "secret" : "secrets",
		name_list(c, secrets, n, 4),
		name_holdings(c, rows->grants, rows->grant_count),
		n == 1 ? "s" : "", owner, name_places(c, sinks, count), owner,
		name_grants(c, gains, gain_count)),
	    text(c,
		"Keep the credential of %s in a vault that only those "
		"read who may act as it, or replace it by a federated "
		"credential.",
		owner));
}

void
check_readable_credential(struct check *c)
{
	struct readables all = {0};

	for (uint32_t i = 0; i < c->e->sinks.count; i++)
		if (sink_is_secret(c, &c->e->sinks.at[i]))
			add_readers(c, &c->e->sinks.at[i], &all);
	if (c->error != ACTAS_OK || all.count == 0)
		return;
	qsort(all.at, all.count, sizeof *all.at, by_pair);
	for (uint32_t i = 0, end; i < all.count; i = end) {
		end = i + 1;
		while (end < all.count && same_pair(&all.at[i], &all.at[end]))
			end++;
		tell_readable(c, all.at + i, end - i);
	}
}

static bool
says_own(const struct check *c, assignment_id a)
{
	struct ids claims = tellings_of_assignment(c, a);

	for (uint32_t i = 0; i < claims.count; i++)
		if (slice_find_case(estate_text(c->e,
					c->e->claims.at[claims.at[i]].purpose),
			SLICE("own credential")) != SIZE_MAX)
			return true;
	return false;
}

/* What the owner holds, and whether anybody else holds something. */
static struct holdings
own_grants(struct check *c, const struct sink *sink, bool *others)
{
	struct holdings all = holders_of(c, sink->scope, READS), own = {0};

	*others = false;
	for (uint32_t i = 0; i < all.count; i++) {
		if (all.at[i].holder != sink->principal) {
			*others = true;
			continue;
		}
		if (own.count == 0)
			own.at = all.at + i;
		own.count++;
	}
	return own;
}

static void
tell_own(
    struct check *c, const struct sink *sink, struct holdings own, bool others)
{
	const char *who = name_principal(c, sink->principal);
	const char *what = short_scope(c, sink->scope);

	place_holdings(c, own.at, own.count);
	for (uint32_t i = 0; i < c->e->sinks.count; i++)
		if (c->e->sinks.at[i].principal == sink->principal &&
		    c->e->sinks.at[i].scope == sink->scope)
			finding_place(c, c->e->sinks.at[i].origin);
	finding_subject(c, who);
	finding_subject(c, what);
	finding_emit(c,
	    text(c,
		"%s is to read its own credential from secret %s (%s), "
		"but to read it there it must have signed in with it "
		"already%s.",
		who, what, name_holdings(c, own.at, own.count),
		others ? "" : ", and nobody else may read it"),
	    text(c,
		"Let the identity that starts the work fetch the secret, "
		"or give %s a federated credential; then take this grant "
		"away.",
		who));
}

void
check_own_credential(struct check *c)
{
	principal_id told = NONE;

	for (uint32_t i = 0; i < c->e->sinks.count; i++) {
		const struct sink *sink = &c->e->sinks.at[i];
		struct holdings own;
		bool others, says = false;

		if (!sink_is_secret(c, sink) || sink->principal == told)
			continue;
		own = own_grants(c, sink, &others);
		for (uint32_t j = 0; j < own.count; j++)
			says |= says_own(c, own.at[j].assignment);
		if (own.count == 0 || (others && !says))
			continue;
		tell_own(c, sink, own, others);
		told = sink->principal;
	}
}
