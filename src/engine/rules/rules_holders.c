/* Who holds a grant that reaches a scope, and how such grants are named. */

#include "engine/rules/rules_check.h"

#include <stdlib.h>

/* A grant of the other model than the vault's gives nothing there. */
static bool
is_void(const struct check *c, const struct role *role, scope_id s)
{
	scope_id v = estate_enclosing(c->e, s, SCOPE_VAULT);
	const struct vault *vault = v == NONE ? NULL : estate_vault(c->e, v);

	if (vault == NULL)
		return false;
	return (vault->model == MODEL_RBAC && role->plane == PLANE_POLICY) ||
	    (vault->model == MODEL_POLICY && role->plane == PLANE_AZURE);
}

/* Whether the probe is one of a vault's data plane. */
static bool
is_vault_data(uint32_t probe)
{
	return probe == PROBE_GET_SECRET || probe == PROBE_SET_SECRET ||
	    probe == PROBE_LIST_SECRETS;
}

static bool
gives_any(const struct check *c, role_id r, scope_id s, uint32_t probes)
{
	bool is_off = is_void(c, &c->e->roles.at[r], s);

	for (uint32_t i = 0; i < PROBES; i++)
		if ((probes >> i & 1) != 0 && role_gives(c, r, (enum probe)i) &&
		    !(is_off && is_vault_data(i)))
			return true;
	return false;
}

static uint32_t
add_at(struct check *c, scope_id at, scope_id s, uint32_t probes,
    struct holding *into)
{
	struct ids all = estate_assignments_at(c->e, at);
	uint32_t n = 0;

	for (uint32_t i = 0; i < all.count; i++) {
		struct assignment a = estate_assignment(c->e, all.at[i]);

		if ((a.flags & (ASSIGNMENT_ELIGIBLE | ASSIGNMENT_COMPOUND)) ||
		    !gives_any(c, a.role, s, probes))
			continue;
		if (into != NULL)
			into[n] = (struct holding){a.principal, all.at[i]};
		n++;
	}
	return n;
}

/* Counts, or with 'into' fills. */
static uint32_t
add_all(struct check *c, scope_id s, uint32_t probes, struct holding *into)
{
	struct ids below = {NULL, 0};
	uint32_t n = 0;

	if (c->e->scopes.at[s].kind == SCOPE_VAULT)
		below = estate_children(c->e, s);
	for (scope_id at = s; at != NONE; at = c->e->scopes.at[at].parent)
		n += add_at(c, at, s, probes, into == NULL ? NULL : into + n);
	for (uint32_t i = 0; i < below.count; i++)
		n += add_at(
		    c, below.at[i], s, probes, into == NULL ? NULL : into + n);
	return n;
}

static int
by_holder(const void *a, const void *b)
{
	const struct holding *x = a, *y = b;

	if (x->holder != y->holder)
		return x->holder < y->holder ? -1 : 1;
	return x->assignment < y->assignment ? -1
					     : x->assignment > y->assignment;
}

struct holdings
holders_of(struct check *c, scope_id s, uint32_t probes)
{
	uint32_t count = add_all(c, s, probes, NULL);
	struct holdings all = {
	    check_zero(c, (size_t)count + 1, sizeof *all.at), 0};

	if (all.at == NULL)
		return all;
	all.count = add_all(c, s, probes, all.at);
	qsort(all.at, all.count, sizeof *all.at, by_holder);
	return all;
}

uint32_t
holdings_next(struct holdings all, uint32_t i)
{
	principal_id holder = all.at[i].holder;

	while (i < all.count && all.at[i].holder == holder)
		i++;
	return i;
}

void
place_holdings(struct check *c, const struct holding *rows, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		place_assignment(c, rows[i].assignment);
}

const char *
name_holdings(struct check *c, const struct holding *rows, uint32_t count)
{
	const char *all = "";

	for (uint32_t i = 0; i < count && i < 4; i++) {
		struct assignment a =
		    estate_assignment(c->e, rows[i].assignment);

		all = text(c, "%s%s%s on %s, %s", all, i == 0 ? "" : "; ",
		    name_role(c, a.role), name_scope(c, a.scope),
		    assignment_lines(c, rows[i].assignment));
	}
	return count <= 4 ? all : text(c, "%s; and %u more", all, count - 4);
}

static bool
same_role_and_kind(const struct estate *e, assignment_id a, assignment_id b)
{
	struct assignment x = estate_assignment(e, a);
	struct assignment y = estate_assignment(e, b);

	return x.role == y.role && x.scope != 0 && y.scope != 0 &&
	    e->scopes.at[x.scope].kind == e->scopes.at[y.scope].kind;
}

/* "Admin on workspaces Gold and Bronze": all grants like the first, which
 * are marked as done. */
static const char *
name_alike(
    struct check *c, const assignment_id *grants, uint32_t count, bool *done)
{
	struct assignment first = estate_assignment(c->e, grants[0]);
	scope_id *scopes = check_zero(c, count, sizeof *scopes);
	uint32_t n = 0;

	if (scopes == NULL)
		return "";
	for (uint32_t i = 0; i < count; i++) {
		if (i > 0 &&
		    (done[i] ||
			!same_role_and_kind(c->e, grants[0], grants[i])))
			continue;
		done[i] = true;
		scopes[n++] = estate_assignment(c->e, grants[i]).scope;
	}
	return text(
	    c, "%s on %s", name_role(c, first.role), name_scopes(c, scopes, n));
}

const char *
name_grants(struct check *c, const assignment_id *grants, uint32_t count)
{
	bool *done = check_zero(c, count + 1, sizeof *done);
	const char **names = check_zero(c, count + 1, sizeof *names);
	uint32_t n = 0;

	if (done == NULL || names == NULL)
		return "";
	for (uint32_t i = 0; i < count && n < 16; i++)
		if (!done[i])
			names[n++] =
			    name_alike(c, grants + i, count - i, done + i);
	return name_list(c, names, n, 8);
}
