/*
 * Who may read a vault's secrets and is nowhere said to need one. Told only
 * where the source says of some secrets who uses them, and only of identities
 * that none of these users can be: a pipeline acts as the identity behind a
 * connection that is open to it.
 */

#include "engine/rules/rules_secrets.h"

#include <stdlib.h>

/* Whether the item may act as the principal, or nobody knows as whom. */
static bool
item_may_be(const struct check *c, item_id i, principal_id p)
{
	const struct estate *e = c->e;
	const struct item *item = &e->items.at[i];
	bool known = item->run_identity != NONE;

	if (item->run_identity == p || item->modified_by == p)
		return true;
	for (uint32_t j = 0; j < e->connections.count; j++) {
		if (e->connections.at[j].all_pipelines != YES)
			continue;
		known = true;
		if (e->connections.at[j].principal == p ||
		    e->connections.at[j].principal == NONE)
			return true;
	}
	for (uint32_t j = 0; j < e->authorizations.count; j++) {
		const struct authorization *a = &e->authorizations.at[j];

		if (a->item != i)
			continue;
		known = true;
		if (e->connections.at[a->connection].principal == p)
			return true;
	}
	return !known;
}

static bool
usage_may_be(const struct check *c, const struct usage *u, principal_id p)
{
	if (u->principal != NONE)
		return u->principal == p;
	return u->item == NONE || item_may_be(c, u->item, p);
}

static bool
says_why(const struct check *c, const struct holding *rows, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct ids claims =
		    tellings_of_assignment(c, rows[i].assignment);

		for (uint32_t j = 0; j < claims.count; j++)
			if (c->e->claims.at[claims.at[j]].purpose != 0)
				return true;
	}
	return false;
}

/* The lines of a vault's usages, or none where the holder may be a user. */
static uint32_t
other_users(
    struct check *c, struct ids usages, principal_id p, struct origin *lines)
{
	for (uint32_t i = 0; i < usages.count; i++) {
		const struct usage *u = &c->e->usages.at[usages.at[i]];

		if (usage_may_be(c, u, p))
			return 0;
		lines[i] = u->origin;
	}
	return usages.count;
}

static void
check_holder(struct check *c, struct ids usages, const struct holding *rows,
    uint32_t count)
{
	const struct principal *p = &c->e->principals.at[rows->holder];
	struct assignment first = estate_assignment(c->e, rows->assignment);
	struct origin *lines = check_zero(c, usages.count + 1, sizeof *lines);
	const char *who;
	uint32_t n;

	if (lines == NULL || p->kind == PRINCIPAL_GROUP ||
	    principal_is_person(p) || says_why(c, rows, count))
		return;
	n = other_users(c, usages, rows->holder, lines);
	if (n == 0)
		return;
	who = name_principal(c, rows->holder);
	place_holdings(c, rows, count);
	for (uint32_t i = 0; i < n; i++)
		finding_place(c, lines[i]);
	finding_subject(c, who);
	finding_subject(c, short_scope(c, first.scope));
	finding_emit(c,
	    text(c,
		"%s may read every secret of %s (%s), but nothing says "
		"which it needs: those whose users are named are used by "
		"others (%s).",
		who, name_scope(c, first.scope), name_holdings(c, rows, count),
		name_places(c, lines, n)),
	    text(c,
		"Say which secret %s uses and narrow its grant to that "
		"one, or take the grant away.",
		who));
}

/* At the vault itself: a grant on one secret or on all of a subscription is
 * another matter. */
static void
check_vault_usage(struct check *c, scope_id vault, struct ids usages)
{
	struct holdings all = holders_of(c, vault, 1u << PROBE_GET_SECRET);
	uint32_t n = 0;

	for (uint32_t i = 0; i < all.count; i++)
		if (estate_assignment(c->e, all.at[i].assignment).scope ==
		    vault)
			all.at[n++] = all.at[i];
	all.count = n;
	for (uint32_t i = 0, end; i < all.count; i = end) {
		end = holdings_next(all, i);
		check_holder(c, usages, all.at + i, end - i);
	}
}

static int
by_vault(const void *a, const void *b, void *estate)
{
	const struct estate *e = estate;
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
	scope_id x = estate_enclosing(e, e->usages.at[i].secret, SCOPE_VAULT);
	scope_id y = estate_enclosing(e, e->usages.at[j].secret, SCOPE_VAULT);

	if (x != y)
		return x < y ? -1 : 1;
	return i < j ? -1 : i > j;
}

void
check_unused_reader(struct check *c)
{
	uint32_t count = c->e->usages.count;
	uint32_t *rows = check_zero(c, count + 1, sizeof *rows);

	if (rows == NULL || count == 0)
		return;
	for (uint32_t i = 0; i < count; i++)
		rows[i] = i;
	qsort_r(rows, count, sizeof *rows, by_vault, (void *)(uintptr_t)c->e);
	for (uint32_t i = 0, end; i < count; i = end) {
		scope_id vault = estate_enclosing(
		    c->e, c->e->usages.at[rows[i]].secret, SCOPE_VAULT);

		end = i + 1;
		while (end < count && vault != NONE &&
		    estate_is_within(
			c->e, c->e->usages.at[rows[end]].secret, vault))
			end++;
		if (vault != NONE)
			check_vault_usage(
			    c, vault, (struct ids){rows + i, end - i});
	}
}
