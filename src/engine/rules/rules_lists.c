/* Lists of who can read and who can write secrets, against the grants. */

#include "engine/rules/rules_check.h"

#define BIT(probe)    (1u << (probe))
#define READS         BIT(PROBE_GET_SECRET)
#define WRITES        BIT(PROBE_SET_SECRET)
#define WRITES_BY_ARM BIT(PROBE_WRITE_SECRET_RESOURCE)

/* The list's claim about the principal, or NULL. */
static const struct claim *
entry_of(const struct check *c, uint32_t listing, principal_id p)
{
	struct ids run = tellings_of(c, p);

	for (uint32_t i = 0; i < run.count; i++)
		if (c->e->claims.at[run.at[i]].listing == listing)
			return &c->e->claims.at[run.at[i]];
	return NULL;
}

static bool
is_list(const struct check *c, const struct listing *l, enum view view)
{
	return l->view == view && l->complete && l->scope != NONE &&
	    c->e->scopes.at[l->scope].kind == SCOPE_VAULT;
}

static void
tell_left_out(struct check *c, const struct listing *l,
    const struct holding *rows, uint32_t count, const char *may)
{
	const char *who = name_principal(c, rows[0].holder);

	place_holdings(c, rows, count);
	finding_place(c, l->origin);
	finding_subject(c, who);
	finding_subject(c, short_scope(c, l->scope));
	finding_emit(c,
	    text(c, "%s may %s of %s (%s), but %s (line %u) leaves it out.",
		who, may, name_scope(c, l->scope),
		name_holdings(c, rows, count), view_phrase(l->view),
		l->origin.line),
	    text(c, "Add %s to the list at line %u, or take the grant away.",
		who, l->origin.line));
}

static void
check_readers(struct check *c, uint32_t listing)
{
	const struct listing *l = &c->e->listings.at[listing];
	struct holdings all = holders_of(c, l->scope, READS);

	for (uint32_t i = 0, end; i < all.count; i = end) {
		end = holdings_next(all, i);
		if (entry_of(c, listing, all.at[i].holder) == NULL)
			tell_left_out(
			    c, l, all.at + i, end - i, "read secrets");
	}
}

void
check_omitted_reader(struct check *c)
{
	for (uint32_t i = 0; i < c->e->listings.count; i++)
		if (is_list(c, &c->e->listings.at[i], VIEW_READERS))
			check_readers(c, i);
}

static bool
role_writes(const struct check *c, role_id r)
{
	return role_gives(c, r, PROBE_SET_SECRET) ||
	    role_gives(c, r, PROBE_WRITE_SECRET_RESOURCE);
}

/* A vault that uses access policies, or may do so, lets whoever may write
 * them read and write every secret. */
static const char *
also_policies(struct check *c, const struct listing *l,
    const struct holding *rows, uint32_t count)
{
	const struct vault *vault = estate_vault(c->e, l->scope);

	if (vault == NULL || vault->model == MODEL_RBAC)
		return "";
	for (uint32_t i = 0; i < count; i++)
		if (role_gives(c,
			estate_assignment(c->e, rows[i].assignment).role,
			PROBE_WRITE_POLICIES))
			return vault->model == MODEL_POLICY
			    ? " It may also rewrite the vault's access "
			      "policies and so give itself every right "
			      "on its secrets."
			    : " If the vault uses access policies, it "
			      "may also rewrite them and so give itself "
			      "every right on its secrets.";
	return "";
}

static bool
by_arm_only(const struct check *c, const struct holding *rows, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (role_gives(c,
			estate_assignment(c->e, rows[i].assignment).role,
			PROBE_SET_SECRET))
			return false;
	return true;
}

static void
tell_wrong_role(struct check *c, const struct claim *entry,
    const struct listing *l, const struct holding *rows, uint32_t count)
{
	const char *who = name_principal(c, entry->principal);

	finding_place(c, entry->origin);
	place_holdings(c, rows, count);
	finding_subject(c, who);
	finding_subject(c, short_scope(c, l->scope));
	finding_emit(c,
	    text(c,
		"%s is listed as a writer for %s (line %u), which gives "
		"no right to write secrets; it can write them all the "
		"same, by %s%s.%s",
		who, name_role(c, entry->role), entry->origin.line,
		name_holdings(c, rows, count),
		by_arm_only(c, rows, count)
		    ? ", which contains Microsoft.KeyVault/vaults/secrets/"
		      "write of Azure Resource Manager"
		    : "",
		also_policies(c, l, rows, count)),
	    text(c,
		"Write in the list what really lets %s write, or give it "
		"a narrower role there.",
		who));
}

static void
check_writers(struct check *c, uint32_t listing)
{
	const struct listing *l = &c->e->listings.at[listing];
	struct holdings all = holders_of(c, l->scope, WRITES | WRITES_BY_ARM);

	for (uint32_t i = 0, end; i < all.count; i = end) {
		const struct claim *entry =
		    entry_of(c, listing, all.at[i].holder);

		end = holdings_next(all, i);
		if (entry == NULL)
			tell_left_out(
			    c, l, all.at + i, end - i, "write secrets");
		else if (entry->role != NONE && !role_writes(c, entry->role))
			tell_wrong_role(c, entry, l, all.at + i, end - i);
	}
}

void
check_hidden_writer(struct check *c)
{
	for (uint32_t i = 0; i < c->e->listings.count; i++)
		if (is_list(c, &c->e->listings.at[i], VIEW_WRITERS))
			check_writers(c, i);
}

static bool
holds(const struct check *c, struct holdings all, principal_id p)
{
	struct ids groups = estate_groups_of(c->e, p);

	for (uint32_t i = 0; i < all.count; i++) {
		if (all.at[i].holder == p)
			return true;
		for (uint32_t j = 0; j < groups.count; j++)
			if (all.at[i].holder == groups.at[j])
				return true;
	}
	return false;
}

static void
tell_no_right(struct check *c, const struct claim *entry, const char *may)
{
	const struct listing *l = &c->e->listings.at[entry->listing];
	const char *who = name_principal(c, entry->principal);

	finding_place(c, entry->origin);
	finding_subject(c, who);
	finding_subject(c, short_scope(c, l->scope));
	finding_emit(c,
	    text(c,
		"%s is in %s for %s (line %u), which gives no right to "
		"%s of %s, and nothing else in the source does.",
		who, view_phrase(l->view), name_role(c, entry->role),
		entry->origin.line, may, name_scope(c, l->scope)),
	    text(c, "Delete the entry, or name the role that lets %s %s.", who,
		may));
}

void
check_listed_without_right(struct check *c)
{
	for (uint32_t i = 0; i < c->e->claims.count; i++) {
		const struct claim *entry = &c->e->claims.at[i];
		const struct listing *l = &c->e->listings.at[entry->listing];
		bool reads = is_list(c, l, VIEW_READERS);

		if (entry->principal == NONE || entry->role == NONE ||
		    (!reads && !is_list(c, l, VIEW_WRITERS)))
			continue;
		if (reads ? role_gives(c, entry->role, PROBE_GET_SECRET)
			  : role_writes(c, entry->role))
			continue;
		if (!holds(c,
			holders_of(c, l->scope,
			    reads ? READS : WRITES | WRITES_BY_ARM),
			entry->principal))
			tell_no_right(
			    c, entry, reads ? "read secrets" : "write secrets");
	}
}
