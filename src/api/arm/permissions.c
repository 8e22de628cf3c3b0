#include "api/arm/operations.h"
#include "api/arm/roles.h"

/*
 * What the caller holds at a scope, and lists that are always empty here:
 * privileged identity management and classic administrators, which az and
 * the portal ask for.
 */

static void
add_role(const struct estate *e, role_id r, json_t *value)
{
	json_t *permissions;

	if (e->roles.at[r].plane != PLANE_AZURE)
		return;
	permissions = arm_role_permissions(e, &e->roles.at[r]);
	(void)json_array_extend(value, permissions);
	json_decref(permissions);
}

static void
add_of(const struct estate *e, principal_id p, scope_id s, json_t *value)
{
	for (assignment_id i = e->first_of_principal[p];
	     i < e->first_of_principal[p + 1]; i++) {
		struct assignment a = estate_assignment(e, i);

		if (a.flags == 0 && estate_is_within(e, s, a.scope))
			add_role(e, a.role, value);
	}
}

/* Nobody needs a right to hear of his own. */
static void
read_permissions(struct arm_call *c)
{
	const struct estate *e = arm_estate(c);
	principal_id p = estate_by_object_id(e, c->caller.object_id);
	json_t *value = json_array();
	struct ids groups;
	bool exact;
	scope_id s = arm_find_scope(c, c->scope.path, &exact);

	if (p != NONE) {
		add_of(e, p, s, value);
		groups = estate_groups_of(e, p);
		for (uint32_t i = 0; i < groups.count; i++)
			add_of(e, groups.at[i], s, value);
	}
	arm_reply_list(c, value);
}

const struct arm_operation arm_permissions = {
    .permission = PERMITS,
    .cut = 3,
    .read = read_permissions,
};

static void
read_nothing(struct arm_call *c)
{
	if (arm_must_exist(c, &c->scope))
		arm_reply_list(c, json_array());
}

const struct arm_operation arm_no_schedules = {
    .permission = PERMIT_ASSIGNMENT_READ,
    .cut = 3,
    .is_list = true,
    .read = read_nothing,
};
