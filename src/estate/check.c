#include "estate/private.h"
#include "estate/scope_filter.h"

/*
 * The invariants of struct estate, one function each, in the order in which
 * a later one may rely on an earlier one. A fault names the row.
 */

#define BROKEN(...) fault_set(fault, ACTAS_EUSAGE, NULL, 0, __VA_ARGS__)

static enum actas_error
check_tables(const struct estate *e, struct fault *fault)
{
	return tables_check(&e->private->tables, e->grants.count, fault);
}

static enum actas_error
check_scopes(const struct estate *e, struct fault *fault)
{
	if (e->scopes.count == 0 || e->scopes.at[0].kind != SCOPE_ROOT ||
	    e->scopes.at[0].parent != NONE || e->scopes.at[0].depth != 0)
		return BROKEN("scope 0 is not the root");
	for (scope_id s = 1; s < e->scopes.count; s++) {
		const struct scope *row = &e->scopes.at[s];

		if (row->parent == NONE || row->kind == SCOPE_ROOT)
			return BROKEN("scope %u is a second root", s);
		if (row->depth != e->scopes.at[row->parent].depth + 1)
			return BROKEN("scope %u has depth %u, its parent %u", s,
			    row->depth, e->scopes.at[row->parent].depth);
	}
	return ACTAS_OK;
}

/* Offsets begin at 0, never go down and end with the number of entries. */
static bool
are_offsets(const uint32_t *at, uint32_t runs, uint32_t entries)
{
	for (uint32_t i = 0; i < runs; i++)
		if (at[i] > at[i + 1])
			return false;
	return at[0] == 0 && at[runs] == entries;
}

static enum actas_error
check_children(const struct estate *e, struct fault *fault)
{
	if (!are_offsets(e->first_child, e->scopes.count, e->scopes.count - 1))
		return BROKEN("the offsets of children are not in order");
	for (scope_id s = 0; s < e->scopes.count; s++) {
		struct ids ids = estate_children(e, s);

		for (uint32_t i = 0; i < ids.count; i++)
			if (ids.at[i] >= e->scopes.count ||
			    e->scopes.at[ids.at[i]].parent != s ||
			    (i > 0 && ids.at[i] <= ids.at[i - 1]))
				return BROKEN(
				    "child %u of scope %u is none", i, s);
	}
	return ACTAS_OK;
}

static bool
is_ordered(const struct estate *e, assignment_id a)
{
	struct grant x = e->grants.at[a - 1], y = e->grants.at[a];

	if (e->holders[a - 1] != e->holders[a])
		return e->holders[a - 1] < e->holders[a];
	if (x.scope != y.scope)
		return x.scope < y.scope;
	return x.role_and_flags >> FLAG_BITS <= y.role_and_flags >> FLAG_BITS;
}

static enum actas_error
check_assignments(const struct estate *e, struct fault *fault)
{
	for (assignment_id a = 0; a < e->grants.count; a++) {
		struct assignment row = estate_assignment(e, a);

		if (row.principal >= e->principals.count ||
		    row.scope >= e->scopes.count || row.role >= e->roles.count)
			return BROKEN("assignment %u refers to nothing", a);
		if (row.condition > e->strings.texts.count ||
		    row.origin.file > e->strings.texts.count)
			return BROKEN("assignment %u has no such text", a);
		if (a > 0 && !is_ordered(e, a))
			return BROKEN("assignment %u is out of order", a);
	}
	return ACTAS_OK;
}

static enum actas_error
check_by_principal(const struct estate *e, struct fault *fault)
{
	if (!are_offsets(
		e->first_of_principal, e->principals.count, e->grants.count))
		return BROKEN("the offsets of principals are not in order");
	for (principal_id p = 0; p < e->principals.count; p++)
		for (assignment_id a = e->first_of_principal[p];
		     a < e->first_of_principal[p + 1]; a++)
			if (e->holders[a] != p)
				return BROKEN(
				    "assignment %u is not principal %u's", a,
				    p);
	return ACTAS_OK;
}

static enum actas_error
check_scope_filter(const struct estate *e, struct fault *fault)
{
	for (scope_id s = 0; s < e->scopes.count; s++)
		if (e->scopes.at[s].granted !=
		    (estate_assignments_at(e, s).count != 0))
			return BROKEN("scope %u is marked wrongly", s);
	for (assignment_id a = 0; a < e->grants.count; a++) {
		principal_id p = e->holders[a];

		if (!scope_filter_may_have(e->scope_filter,
			e->first_of_principal[p], e->first_of_principal[p + 1],
			scope_probe(e->grants.at[a].scope)))
			return BROKEN("the filter denies assignment %u", a);
	}
	return ACTAS_OK;
}

/* Ascending inside each scope, and as many as there are: so each once. */
static enum actas_error
check_by_scope(const struct estate *e, struct fault *fault)
{
	if (!are_offsets(e->first_of_scope, e->scopes.count, e->grants.count))
		return BROKEN("the offsets of scopes are not in order");
	for (scope_id s = 0; s < e->scopes.count; s++) {
		struct ids ids = estate_assignments_at(e, s);

		for (uint32_t i = 0; i < ids.count; i++)
			if (ids.at[i] >= e->grants.count ||
			    e->grants.at[ids.at[i]].scope != s ||
			    (i > 0 && ids.at[i] <= ids.at[i - 1]))
				return BROKEN("by_scope is wrong at scope %u, "
					      "entry %u",
				    s, i);
	}
	return ACTAS_OK;
}

static bool
is_in(struct ids ids, uint32_t id)
{
	uint32_t low = 0, high = ids.count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (ids.at[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ids.count && ids.at[low] == id;
}

static enum actas_error
check_order_of_groups(const struct estate *e, struct fault *fault)
{
	if (!are_offsets(
		e->first_group, e->principals.count, e->private->groups.count))
		return BROKEN("the offsets of groups are not in order");
	for (principal_id p = 0; p < e->principals.count; p++) {
		struct ids ids = estate_groups_of(e, p);

		for (uint32_t i = 0; i < ids.count; i++)
			if (ids.at[i] >= e->principals.count ||
			    ids.at[i] == p ||
			    (i > 0 && ids.at[i] <= ids.at[i - 1]))
				return BROKEN(
				    "group %u of principal %u is wrong", i, p);
	}
	return ACTAS_OK;
}

static enum actas_error
check_members(const struct estate *e, struct fault *fault)
{
	if (!are_offsets(
		e->first_member, e->principals.count, e->memberships.count))
		return BROKEN("the offsets of members are not in order");
	for (principal_id p = 0; p < e->principals.count; p++)
		for (uint32_t i = e->first_member[p];
		     i < e->first_member[p + 1]; i++)
			if (e->memberships.at[i].group != p)
				return BROKEN("membership %u is not among "
					      "those of its group",
				    i);
	return ACTAS_OK;
}

/* A member is in the group and in all that the group is in. */
static enum actas_error
check_closure(const struct estate *e, struct fault *fault)
{
	for (uint32_t m = 0; m < e->memberships.count; m++) {
		struct membership row = e->memberships.at[m];
		struct ids own = estate_groups_of(e, row.member);
		struct ids above = estate_groups_of(e, row.group);

		if (row.member != row.group && !is_in(own, row.group))
			return BROKEN("membership %u is missing", m);
		for (uint32_t i = 0; i < above.count; i++)
			if (above.at[i] != row.member &&
			    !is_in(own, above.at[i]))
				return BROKEN(
				    "groups of %u are not closed by %u",
				    row.member, above.at[i]);
	}
	return ACTAS_OK;
}

static enum actas_error
check_descriptions(const struct estate *e, struct fault *fault)
{
	for (uint32_t i = 0; i < e->vaults.count; i++)
		if (estate_vault(e, e->vaults.at[i].scope) !=
			&e->vaults.at[i] ||
		    e->scopes.at[e->vaults.at[i].scope].model !=
			e->vaults.at[i].model)
			return BROKEN("vault %u is not its scope's", i);
	for (uint32_t i = 0; i < e->secrets.count; i++)
		if (estate_secret(e, e->secrets.at[i].scope) !=
		    &e->secrets.at[i])
			return BROKEN("secret %u is not its scope's", i);
	for (uint32_t i = 0; i < e->connections.count; i++)
		if (estate_connection(e, e->connections.at[i].scope) !=
		    &e->connections.at[i])
			return BROKEN("connection %u is not its scope's", i);
	for (item_id i = 0; i < e->items.count; i++)
		if (estate_item_id(e, e->items.at[i].scope) != i)
			return BROKEN("item %u is not its scope's", i);
	return ACTAS_OK;
}

enum actas_error
estate_check(const struct estate *e, struct fault *fault)
{
	static enum actas_error (*const checks[])(
	    const struct estate *, struct fault *) = {check_tables,
	    check_scopes, check_children, check_assignments, check_by_principal,
	    check_scope_filter, check_by_scope, check_order_of_groups,
	    check_members, check_closure, check_descriptions};

	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
		enum actas_error error = checks[i](e, fault);

		if (error != ACTAS_OK)
			return error;
	}
	return ACTAS_OK;
}
