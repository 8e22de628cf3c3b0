#include "api/arm/assignments.h"
#include "api/arm/condition_check.h"
#include "api/arm/operations.h"
#include "api/arm/roles.h"

/*
 * Role assignments, one at a time. Whether one may be made is what the engine
 * says of roleAssignments/write at the scope, asked with the role and the
 * principal that it is about, so that a delegate's condition counts; on the
 * state that it lands on.
 */

enum {
	DESCRIPTION_BYTES = 2048,
	CONDITION_BYTES = 8192,
	SUBSCRIPTION_MOST = 4000,
	MANAGEMENT_GROUP_MOST = 500
};

/* What the body says. */
struct wish {
	struct guid id, role, principal;
	struct slice type; /* of the principal; empty: not said */
	struct slice condition, description, delegated;
};

/* --- what is asked for --- */

static const char *const principal_types[] = {
    "User", "Group", "ServicePrincipal", "ForeignGroup", "Device"};

static struct slice
known_type(struct slice type)
{
	for (size_t i = 0; i < sizeof principal_types / sizeof(char *); i++)
		if (slice_eq_case(type, slice_of(principal_types[i])))
			return slice_of(principal_types[i]);
	return (struct slice){0};
}

static void
read_condition(struct arm_call *c, const json_t *said, struct wish *w)
{
	struct slice version = arm_text(said, "conditionVersion");

	w->condition = arm_text(said, "condition");
	if (w->condition.length == 0)
		return;
	if (w->condition.length > CONDITION_BYTES)
		arm_refuse(c, 400, "RoleAssignmentConditionTooLarge",
		    "A condition has at most %d characters.", CONDITION_BYTES);
	else if (version.length > 0 && !slice_eq(version, SLICE("2.0")))
		arm_refuse(c, 400, "InvalidConditionVersion",
		    "The condition version '%.*s' is not supported. The only "
		    "accepted value is '2.0'.",
		    SLICE_ARGS(slice_sub(version, 0, 16)));
	else if (!arm_condition_is_sound(w->condition))
		arm_refuse(c, 400, "InvalidCondition",
		    "The condition is not well formed.");
}

static void
read_ids(struct arm_call *c, const json_t *said, struct wish *w)
{
	if (!guid_parse(c->name, &w->id) || guid_is_nil(w->id))
		arm_refuse(c, 400, "InvalidRoleAssignmentId",
		    "The role assignment ID '%.*s' is not valid. The role "
		    "assignment ID must be a GUID.",
		    SLICE_ARGS(c->name));
	if (!arm_role_id(arm_text(said, "roleDefinitionId"), &w->role))
		arm_refuse(c, 400, "InvalidRoleDefinitionId",
		    "A valid role definition ID must be provided for role "
		    "assignment.");
	if (!guid_parse(arm_text(said, "principalId"), &w->principal) ||
	    guid_is_nil(w->principal))
		arm_refuse(c, 400, "InvalidPrincipalId",
		    "A valid principal ID must be provided for role "
		    "assignment.");
}

static void
prepare_put(struct arm_call *c)
{
	const json_t *said = arm_properties(c->body);
	struct slice type = arm_text(said, "principalType");
	struct wish *w = arena_zero(&c->x->arena, 1, sizeof *w);

	c->work = w;
	if (w == NULL) {
		arm_refuse(c, 500, "InternalServerError", "Out of memory.");
		return;
	}
	read_ids(c, said, w);
	w->type = known_type(type);
	if (type.length > 0 && w->type.length == 0)
		arm_refuse(c, 400, "InvalidPrincipalType",
		    "The principal type '%.*s' is not supported.",
		    SLICE_ARGS(slice_sub(type, 0, 64)));
	read_condition(c, said, w);
	w->description = arm_text(said, "description");
	if (w->description.length > DESCRIPTION_BYTES)
		arm_refuse(c, 400, "RoleAssignmentDescriptionTooLarge",
		    "A description has at most %d characters.",
		    DESCRIPTION_BYTES);
	w->delegated = arm_text(said, "delegatedManagedIdentityResourceId");
	if (w->delegated.length > ARM_PATH_BYTES)
		arm_refuse(c, 400, "InvalidResourceIdentifier",
		    "delegatedManagedIdentityResourceId is no resource's id.");
}

/* --- principals --- */

/* As ARM calls what the directory knows; empty for what it does not. */
static struct slice
type_of(struct arm_call *c, struct guid principal)
{
	static const struct {
		enum entity kind;
		const char *type;
	} kinds[] = {
	    {ENTITY_SERVICE_PRINCIPAL, "ServicePrincipal"},
	    {ENTITY_USER, "User"},
	    {ENTITY_GROUP, "Group"},
	};
	struct entity_text text;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (entity_exists(arm_state(c),
			entity_guid_key(&text, kinds[i].kind, principal)))
			return slice_of(kinds[i].type);
	return (struct slice){0};
}

static void
ask_put(struct arm_call *c)
{
	const struct wish *w = c->work;
	struct slice type;

	if (w == NULL)
		return;
	type = type_of(c, w->principal);
	c->request.role = w->role;
	c->request.principal = w->principal;
	c->request.principal_type = type.length > 0 ? type : w->type;
}

/* A service principal may be named before the directory knows it: a client
 * that says the type means that it has just been made. */
static bool
principal_fits(struct arm_call *c, struct wish *w)
{
	struct slice type = type_of(c, w->principal);
	char tenant[GUID_TEXT_LENGTH + 1], id[GUID_TEXT_LENGTH + 1];

	guid_format(w->principal, id);
	guid_format(exchange_platform(c->x)->tenant, tenant);
	if (type.length == 0 && !slice_eq(w->type, SLICE("ServicePrincipal"))) {
		arm_refuse(c, 400, "PrincipalNotFound",
		    "Principal %s does not exist in the directory %s. Check "
		    "that you have the correct principal ID. If you are "
		    "creating this principal and then immediately assigning a "
		    "role, this error might be related to a replication delay. "
		    "In this case, set the role assignment principalType "
		    "property to a value, such as ServicePrincipal, User, or "
		    "Group.  See https://aka.ms/docs-principaltype",
		    id, tenant);
		return false;
	}
	if (type.length > 0 && w->type.length > 0 && !slice_eq(type, w->type)) {
		arm_refuse(c, 400, "UnmatchedPrincipalType",
		    "The PrincipalId '%s' has type '%.*s', which is different "
		    "from specified PrincipalType '%.*s'.",
		    id, SLICE_ARGS(type), SLICE_ARGS(w->type));
		return false;
	}
	if (type.length > 0)
		w->type = type;
	return true;
}

/* --- what stands against it --- */

static bool
role_fits(struct arm_call *c, const struct wish *w)
{
	json_t *role = arm_role_get(c, w->role);
	bool fits = role != NULL && arm_role_covers(c, role, c->scope.path);
	char id[GUID_TEXT_LENGTH + 1];

	json_decref(role);
	guid_format(w->role, id);
	if (!fits)
		arm_refuse(c, 400, "RoleDefinitionDoesNotExist",
		    "The specified role definition with ID '%s' does not "
		    "exist.",
		    id);
	return fits;
}

/* The same role for the same principal at the same scope, by another name. */
static bool
is_new(struct arm_call *c, const struct wish *w)
{
	const struct estate *e = arm_estate(c);
	principal_id p = estate_by_object_id(e, w->principal);
	role_id role = estate_role_by_id(e, w->role);
	char id[GUID_TEXT_LENGTH + 1];
	bool exact;
	scope_id s = arm_find_scope(c, c->scope.path, &exact);

	if (p == NONE || role == NONE || !exact)
		return true;
	for (uint32_t i = e->first_of_principal[p];
	     i < e->first_of_principal[p + 1]; i++) {
		struct assignment a = estate_assignment(e, i);

		if (a.role != role || a.scope != s || guid_is_nil(a.id) ||
		    guid_eq(a.id, w->id) || (a.flags & ASSIGNMENT_ELIGIBLE))
			continue;
		guid_format(a.id, id);
		arm_refuse(c, 409, "RoleAssignmentExists",
		    "The role assignment already exists. The ID of the "
		    "existing role assignment is %s.",
		    id);
		return false;
	}
	return true;
}

/* Without what no role assignment is: a vault's access policies. */
static uint32_t
count_at(const struct estate *e, scope_id s)
{
	struct ids at = estate_assignments_at(e, s);
	uint32_t count = 0;

	for (uint32_t i = 0; i < at.count; i++)
		count += !guid_is_nil(e->assignment_ids[at.at[i]]);
	return count;
}

/* Goes on until there are 'most'. As deep as the tree. */
static uint32_t
count_below(const struct estate *e, scope_id s, uint32_t most)
{
	uint32_t count = count_at(e, s);
	struct ids children = estate_children(e, s);

	for (uint32_t i = 0; i < children.count && count < most; i++)
		count += count_below(e, children.at[i], most - count);
	return count;
}

static bool
has_room(struct arm_call *c)
{
	const struct estate *e = arm_estate(c);
	bool exact;
	scope_id s = arm_find_scope(c, c->scope.path, &exact);
	scope_id whole = estate_enclosing(e, s, SCOPE_SUBSCRIPTION);
	uint32_t most = SUBSCRIPTION_MOST, count = 0;

	if (c->scope.kind == ARM_MANAGEMENT_GROUP) {
		most = MANAGEMENT_GROUP_MOST;
		count = exact ? count_at(e, s) : 0;
	} else if (whole != NONE) {
		count = count_below(e, whole, most);
	}
	if (count < most)
		return true;
	arm_refuse(c, 400, "RoleAssignmentLimitExceeded",
	    "The number of role assignments for the subscription or management "
	    "group exceeds the limit of %u. No more role assignments can be "
	    "created.",
	    most);
	return false;
}

/* --- put --- */

static json_t *
text_or_null(struct slice text)
{
	return text.length == 0 ? json_null() : arm_json_text(text);
}

static json_t *
make(struct arm_call *c, const struct wish *w, const json_t *old)
{
	json_t *on = arm_member(arm_properties(old), "createdOn");
	json_t *by = arm_member(arm_properties(old), "createdBy");
	struct slice path = c->scope.path;
	char id[GUID_TEXT_LENGTH + 1];

	guid_format(w->id, id);
	return json_pack("{s:{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
			 "s:o, s:o, s:o}, s:o, s:s, s:s}",
	    "properties", "roleDefinitionId", arm_role_path(&c->scope, w->role),
	    "principalId", arm_json_guid(w->principal), "principalType",
	    arm_json_text(w->type), "scope", arm_json_text(path), "condition",
	    text_or_null(w->condition), "conditionVersion",
	    text_or_null(w->condition.length > 0 ? SLICE("2.0") : SLICE("")),
	    "createdOn", on == NULL ? arm_json_moment(c->now) : json_incref(on),
	    "updatedOn", arm_json_moment(c->now), "createdBy",
	    by == NULL ? arm_json_guid(c->caller.object_id) : json_incref(by),
	    "updatedBy", arm_json_guid(c->caller.object_id),
	    "delegatedManagedIdentityResourceId", text_or_null(w->delegated),
	    "description", text_or_null(w->description), "id",
	    json_sprintf(
		"%.*s/providers/Microsoft.Authorization/roleAssignments/%s",
		SLICE_ARGS(path.length == 1 ? SLICE("") : path), id),
	    "type", "Microsoft.Authorization/roleAssignments", "name", id);
}

static bool
is_same(struct arm_call *c, const struct wish *w, const json_t *old)
{
	const json_t *has = arm_properties(old);
	struct guid role, principal;

	if (slice_eq_case(arm_text(has, "scope"), c->scope.path) &&
	    arm_role_id(arm_text(has, "roleDefinitionId"), &role) &&
	    guid_eq(role, w->role) &&
	    guid_parse(arm_text(has, "principalId"), &principal) &&
	    guid_eq(principal, w->principal))
		return true;
	arm_refuse(c, 400, "RoleAssignmentUpdateNotPermitted",
	    "Tenant ID, application ID, principal ID, and scope are not "
	    "allowed to be updated.");
	return false;
}

static enum actas_error
put_assignment(struct arm_call *c, struct writes *writes)
{
	struct wish *w = c->work;
	struct entity_text text;
	struct slice key = entity_guid_key(&text, ENTITY_ASSIGNMENT, w->id);
	json_t *old = entity_get(arm_state(c), key), *made;
	bool good = arm_must_exist(c, &c->scope) && role_fits(c, w);

	if (good && old != NULL)
		good = is_same(c, w, old);
	good = good && principal_fits(c, w);
	if (good && old == NULL)
		good = is_new(c, w) && has_room(c);
	if (!good) {
		json_decref(old);
		return ACTAS_EUSAGE;
	}
	made = make(c, w, old);
	entity_put(writes, key, made);
	arm_reply(c, old == NULL ? 201 : 200, made);
	json_decref(old);
	return made == NULL ? ACTAS_ENOMEM : ACTAS_OK;
}

const struct arm_operation arm_assignment_put = {
    .permission = PERMIT_ASSIGNMENT_WRITE,
    .cut = 4,
    .wants_body = true,
    .prepare = prepare_put,
    .ask = ask_put,
    .apply = put_assignment,
};

/* --- get --- */

json_t *
arm_assignment_show(struct arm_call *c, json_t *assignment)
{
	static const char *const optional[] = {"condition", "conditionVersion",
	    "delegatedManagedIdentityResourceId", "description"};
	json_t *said = arm_properties(assignment);
	struct guid role;

	for (size_t i = 0; i < sizeof optional / sizeof *optional; i++)
		if (json_object_get(said, optional[i]) == NULL)
			(void)arm_set(said, optional[i], json_null());
	if (arm_role_id(arm_text(said, "roleDefinitionId"), &role) &&
	    c->scope.subscription.length > 0)
		(void)arm_set(
		    said, "roleDefinitionId", arm_role_path(&c->scope, role));
	return assignment;
}

/* The one of that name, if it is at this very scope. */
static json_t *
find(struct arm_call *c)
{
	struct entity_text text;
	struct guid id;
	json_t *found = NULL;

	if (guid_parse(c->name, &id))
		found = entity_get(arm_state(c),
		    entity_guid_key(&text, ENTITY_ASSIGNMENT, id));
	if (found != NULL &&
	    !slice_eq_case(
		arm_text(arm_properties(found), "scope"), c->scope.path)) {
		json_decref(found);
		found = NULL;
	}
	return found;
}

static void
read_assignment(struct arm_call *c)
{
	json_t *found = find(c);

	if (found == NULL)
		arm_refuse(c, 404, "RoleAssignmentNotFound",
		    "The role assignment '%.*s' is not found.",
		    SLICE_ARGS(c->name));
	else
		arm_reply(c, 200, arm_assignment_show(c, found));
}

const struct arm_operation arm_assignment = {
    .permission = PERMIT_ASSIGNMENT_READ,
    .cut = 4,
    .read = read_assignment,
};

/* --- delete --- */

static void
ask_delete(struct arm_call *c)
{
	json_t *found = find(c);
	const json_t *said = arm_properties(found);
	const char *type;

	c->request = (struct request){0};
	(void)arm_role_id(arm_text(said, "roleDefinitionId"), &c->request.role);
	(void)guid_parse(arm_text(said, "principalId"), &c->request.principal);
	type = arena_text(&c->x->arena, arm_text(said, "principalType"));
	c->request.principal_type = slice_of(type);
	json_decref(found);
}

static bool
administers(const struct estate *e, role_id role)
{
	static const char *const ids[] = {
	    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
	    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"};
	struct guid id;

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		if (guid_parse(slice_of(ids[i]), &id) &&
		    guid_eq(e->roles.at[role].id, id))
			return true;
	return false;
}

/* Whether somebody else who is there administers the scope. */
static bool
has_other_administrator(const struct estate *e, scope_id s, struct guid without)
{
	for (; s != NONE; s = e->scopes.at[s].parent) {
		struct ids at = estate_assignments_at(e, s);

		for (uint32_t i = 0; i < at.count; i++) {
			struct assignment a = estate_assignment(e, at.at[i]);
			const struct principal *p =
			    &e->principals.at[a.principal];

			if (administers(e, a.role) && a.condition == 0 &&
			    a.flags == 0 && !guid_eq(a.id, without) &&
			    p->kind != PRINCIPAL_UNKNOWN &&
			    (p->flags & PRINCIPAL_DISABLED) == 0)
				return true;
		}
	}
	return false;
}

/* Nobody is locked out: the last who administers a subscription or all of the
 * platform stays. */
static bool
may_go(struct arm_call *c)
{
	const struct estate *e = arm_estate(c);
	role_id role = estate_role_by_id(e, c->request.role);
	struct guid id = {0};
	bool exact;
	scope_id s;

	if ((c->scope.kind != ARM_ROOT && c->scope.kind != ARM_SUBSCRIPTION) ||
	    role == NONE || !administers(e, role))
		return true;
	(void)guid_parse(c->name, &id);
	s = arm_find_scope(c, c->scope.path, &exact);
	if (has_other_administrator(e, s, id))
		return true;
	arm_refuse(c, 412, "CannotDeleteLastRbacAdminAssignment",
	    "Cannot delete the last RBAC admin assignment");
	return false;
}

static enum actas_error
delete_assignment(struct arm_call *c, struct writes *writes)
{
	struct entity_text text;
	json_t *found = find(c);
	struct guid id;

	if (found == NULL) {
		c->status = 204;
		return ACTAS_OK;
	}
	if (!may_go(c)) {
		json_decref(found);
		return ACTAS_EUSAGE;
	}
	(void)guid_parse(c->name, &id);
	writes_remove(writes, entity_guid_key(&text, ENTITY_ASSIGNMENT, id));
	arm_reply(c, 200, arm_assignment_show(c, found));
	return ACTAS_OK;
}

const struct arm_operation arm_assignment_delete = {
    .permission = PERMIT_ASSIGNMENT_DELETE,
    .cut = 4,
    .ask = ask_delete,
    .apply = delete_assignment,
};
