/*
 * The platform's documented ceilings (facts 3 and 4). Told from nine tenths
 * on: at the ceiling itself the next grant is refused.
 */

#include "engine/rules/rules_check.h"

enum {
	SUBSCRIPTION_ASSIGNMENTS = 4000, /* all below it, not above */
	GROUP_ASSIGNMENTS = 500,         /* on a management group itself */
	WORKSPACE_PRINCIPALS = 1000,
	CUSTOM_ROLES = 5000,
	/* Built-in roles that an export lists among its own; 928 in 2026-08 */
	BUILTIN_ROLES_AT_MOST = 1000,
	CONDITION_BYTES = 8192
};

static bool
is_near(uint32_t count, uint32_t most)
{
	return count >= most - most / 10;
}

static void
tell_scope(struct check *c, scope_id s, uint32_t count, uint32_t most,
    const char *what)
{
	finding_place(c, c->e->scopes.at[s].origin);
	finding_subject(c, short_scope(c, s));
	finding_emit(c,
	    text(c, "%s has %u %s; the platform allows %u.", name_scope(c, s),
		count, what, most),
	    "Give roles to groups instead of to each member, and take away "
	    "what nobody uses.");
}

static bool
counts_in_subscription(const struct estate *e, assignment_id a)
{
	struct assignment row = estate_assignment(e, a);

	return e->roles.at[row.role].plane == PLANE_AZURE &&
	    e->scopes.at[row.scope].kind != SCOPE_MANAGEMENT_GROUP &&
	    row.scope != 0;
}

/* Azure roles by subscription: at it or anywhere below. */
static void
check_subscriptions(struct check *c)
{
	const struct estate *e = c->e;
	uint32_t *counts = check_zero(c, e->scopes.count, sizeof *counts);

	if (counts == NULL)
		return;
	for (assignment_id a = 0; a < e->grants.count; a++) {
		scope_id s;

		if (!counts_in_subscription(e, a))
			continue;
		s = estate_enclosing(
		    e, e->grants.at[a].scope, SCOPE_SUBSCRIPTION);
		if (s != NONE)
			counts[s]++;
	}
	for (scope_id s = 0; s < e->scopes.count; s++)
		if (e->scopes.at[s].kind == SCOPE_SUBSCRIPTION &&
		    is_near(counts[s], SUBSCRIPTION_ASSIGNMENTS))
			tell_scope(c, s, counts[s], SUBSCRIPTION_ASSIGNMENTS,
			    "role assignments");
}

void
check_assignment_limit(struct check *c)
{
	const struct estate *e = c->e;

	check_subscriptions(c);
	for (scope_id s = 0; s < e->scopes.count; s++) {
		uint32_t count = estate_assignments_at(e, s).count;
		uint8_t kind = e->scopes.at[s].kind;

		if (kind == SCOPE_MANAGEMENT_GROUP &&
		    is_near(count, GROUP_ASSIGNMENTS))
			tell_scope(
			    c, s, count, GROUP_ASSIGNMENTS, "role assignments");
		else if (kind == SCOPE_WORKSPACE &&
		    is_near(count, WORKSPACE_PRINCIPALS))
			tell_scope(c, s, count, WORKSPACE_PRINCIPALS,
			    "users, groups and identities with a role");
	}
}

void
check_role_limit(struct check *c)
{
	uint32_t count = 0;
	struct origin where = {0};

	for (role_id r = 0; r < c->e->roles.count; r++) {
		const struct role *role = &c->e->roles.at[r];

		if (role->builtin || role->plane != PLANE_AZURE)
			continue;
		if (count++ == 0)
			where = role->origin;
	}
	if (count < BUILTIN_ROLES_AT_MOST ||
	    !is_near(count - BUILTIN_ROLES_AT_MOST, CUSTOM_ROLES))
		return;
	finding_place(c, where);
	finding_subject(c, "role definitions");
	finding_emit(c,
	    text(c,
		"The tenant has at least %u custom roles; the platform "
		"allows %u.",
		count - BUILTIN_ROLES_AT_MOST, CUSTOM_ROLES),
	    "Delete roles that nothing assigns, and merge those that differ "
	    "only in scope.");
}

void
check_condition_limit(struct check *c)
{
	const struct estate *e = c->e;

	for (assignment_id a = 0; e->conditions != NULL && a < e->grants.count;
	     a++) {
		size_t length = estate_text(e, e->conditions[a]).length;
		struct assignment row;

		if (length <= CONDITION_BYTES)
			continue;
		row = estate_assignment(e, a);
		place_assignment(c, a);
		finding_subject(c, name_principal(c, row.principal));
		finding_emit(c,
		    text(c,
			"The condition of %s of %s on %s is %zu bytes "
			"long; the platform allows %d.",
			name_role(c, row.role),
			name_principal(c, row.principal),
			name_scope(c, row.scope), length, CONDITION_BYTES),
		    "Split the assignment, or shorten its condition.");
	}
}
