#include "api/arm/arm.h"

/*
 * What the caller may do beside the action that the operation stands for.
 */

static struct verdict
ask(struct arm_call *c, enum permission_id permission, struct slice path)
{
	return view_decide(
	    c->decided_on, c->caller.object_id, permission, path, NULL);
}

/* For actions that no row of the view has: made ready for this one question,
 * which costs a look at every role. */
static struct verdict
ask_action(struct arm_call *c, const char *name, struct slice path)
{
	struct verdict v = ask(c, PERMIT_RESOURCES_READ, path);
	struct action action;

	v.decision = (struct decision){
	    .reason = REASON_NO_RBAC, .assignment = NONE, .denial = NONE};
	v.action = NULL;
	if (v.principal == NONE ||
	    action_prepare(v.estate, slice_of(name), ACTION_CONTROL, &action,
		NULL) != ACTAS_OK)
		return v;
	v.decision = decide(v.estate, v.principal, &action, v.scope, NULL);
	action_release(&action);
	return v;
}

const char *
arm_action(const struct arm_call *c)
{
	const struct arm_operation *o = c->operation;

	if (o->permission < PERMITS)
		return permission_action(o->permission);
	return c->action != NULL ? c->action : o->action;
}

void
arm_ask(struct arm_call *c)
{
	enum permission_id permission = c->operation->permission;
	const char *action = arm_action(c);

	if (permission < PERMITS)
		c->verdict = view_decide(c->decided_on, c->caller.object_id,
		    permission, c->scope.path, &c->request);
	else if (action != NULL)
		c->verdict = ask_action(c, action, c->scope.path);
	c->allowed = action == NULL || c->verdict.decision.allowed;
}

bool
arm_may(struct arm_call *c, enum permission_id permission, struct slice path)
{
	return ask(c, permission, path).decision.allowed;
}

bool
arm_must(struct arm_call *c, enum permission_id permission, struct slice path)
{
	struct verdict v = ask(c, permission, path);

	if (!v.decision.allowed) {
		arm_deny(c, &v, permission_action(permission), path);
		c->denied.permission = permission;
	}
	return v.decision.allowed;
}

bool
arm_may_act(struct arm_call *c, const char *action, struct slice path)
{
	return ask_action(c, action, path).decision.allowed;
}

bool
arm_must_act(struct arm_call *c, const char *action, struct slice path)
{
	struct verdict v = ask_action(c, action, path);

	if (!v.decision.allowed)
		arm_deny(c, &v, action, path);
	return v.decision.allowed;
}

scope_id
arm_find_scope(struct arm_call *c, struct slice path, bool *exact)
{
	struct verdict v = view_decide(c->snapshot, c->caller.object_id,
	    PERMIT_RESOURCES_READ, path, NULL);

	*exact = v.scope_is_exact;
	return v.scope;
}

/* --- who sees a subscription --- */

static bool
reads(const struct estate *e, role_id r)
{
	const struct role *role = &e->roles.at[r];

	if (role->plane != PLANE_AZURE)
		return false;
	for (uint32_t i = 0; i < role->permission_count; i++) {
		const struct patterns *p =
		    &e->permissions.at[role->permissions + i].actions;

		for (uint32_t j = 0; j < p->count; j++) {
			struct slice text =
			    estate_text(e, e->patterns.at[p->from + j]);

			if (slice_ends(text, SLICE("*")) ||
			    slice_ends_case(text, SLICE("/read")))
				return true;
		}
	}
	return false;
}

/* Of a principal's own assignments. */
static bool
holder_sees(const struct estate *e, principal_id p, scope_id s)
{
	for (uint32_t a = e->first_of_principal[p];
	     a < e->first_of_principal[p + 1]; a++) {
		struct assignment at = estate_assignment(e, a);
		uint32_t void_flags = ASSIGNMENT_DISPUTED | ASSIGNMENT_ELIGIBLE;

		if ((at.flags & void_flags) == 0 && reads(e, at.role) &&
		    (estate_is_within(e, at.scope, s) ||
			estate_is_within(e, s, at.scope)))
			return true;
	}
	return false;
}

bool
arm_sees_into(struct arm_call *c, scope_id s)
{
	const struct estate *e = arm_estate(c);
	principal_id p = estate_by_object_id(e, c->caller.object_id);
	struct ids groups;

	if (p == NONE)
		return false;
	if (holder_sees(e, p, s))
		return true;
	groups = estate_groups_of(e, p);
	for (uint32_t i = 0; i < groups.count; i++)
		if (holder_sees(e, groups.at[i], s))
			return true;
	return false;
}
