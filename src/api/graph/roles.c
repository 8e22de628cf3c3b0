#include "api/graph/operations.h"

/*
 * Directory roles: the definitions that ship, and who has them at the tenant
 * or at one application. The older form knows the tenant only: directoryRoles
 * and their members. All roles are active from the start, and the id of one
 * is that of its template.
 */

static json_t *
patterns(const struct estate *e, struct patterns of)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < of.count; i++) {
		struct slice text = estate_text(e, e->patterns.at[of.from + i]);

		json_array_append_new(list, json_stringn(text.at, text.length));
	}
	return list;
}

static json_t *
definition_json(const struct estate *e, const struct role *role)
{
	struct slice name = estate_text(e, role->name);
	json_t *permissions = json_array();
	char id[GUID_TEXT_LENGTH + 1];

	guid_format(role->id, id);
	for (uint32_t i = 0; i < role->permission_count; i++)
		json_array_append_new(permissions,
		    json_pack("{s:o}", "allowedResourceActions",
			patterns(e,
			    e->permissions.at[role->permissions + i].actions)));
	return json_pack("{s:s, s:s, s:s%, s:b, s:b, s:o}", "id", id,
	    "templateId", id, "displayName", name.at, name.length, "isBuiltIn",
	    role->builtin, "isEnabled", 1, "rolePermissions", permissions);
}

/* Of any snapshot: the definitions of the directory ship with the program. */
static const struct estate *
estate_of(const struct graph_call *c)
{
	return snapshot_view(c->decided_on)->estate;
}

static void
list_definitions(struct graph_call *c)
{
	const struct estate *e = estate_of(c);
	json_t *all = json_array();

	for (uint32_t i = 0; i < e->roles.count; i++) {
		const struct role *role = &e->roles.at[i];

		if (role->plane == PLANE_DIRECTORY && !guid_is_nil(role->id))
			json_array_append_new(all, definition_json(e, role));
	}
	graph_reply_list(c, all);
}

/* NULL where there is none. */
static const struct role *
role_named(const struct estate *e, struct slice name)
{
	struct guid id;
	role_id role = NONE;

	if (guid_parse(name, &id))
		role = estate_role_by_id(e, id);
	return role == NONE || e->roles.at[role].plane != PLANE_DIRECTORY
	    ? NULL
	    : &e->roles.at[role];
}

static void
get_definition(struct graph_call *c)
{
	const struct estate *e = estate_of(c);
	const struct role *role = role_named(e, c->x->captures[0]);

	if (role == NULL)
		graph_refuse_missing(c, c->x->captures[0]);
	else
		graph_reply(c, 200, definition_json(e, role));
}

static void
list_assignments(struct graph_call *c)
{
	json_t *all = json_array();
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;

	state_walk_prefix(&walk, graph_state(c),
	    entity_prefix(&text, ENTITY_DIRECTORY_ROLE, SLICE(""), SLICE("")));
	while (state_walk_next(&walk, &entry))
		json_array_append_new(
		    all, entity_get(graph_state(c), entry.key));
	graph_reply_list(c, all);
}

static json_t *
find_assignment(struct graph_call *c, struct entity_text *text)
{
	return entity_get(graph_state(c),
	    entity_key(text, ENTITY_DIRECTORY_ROLE, c->x->captures[0],
		SLICE(""), SLICE("")));
}

static void
get_assignment(struct graph_call *c)
{
	struct entity_text text;
	json_t *found = find_assignment(c, &text);

	if (found == NULL)
		graph_refuse_missing(c, c->x->captures[0]);
	else
		graph_reply(c, 200, found);
}

static void
prepare_assignment(struct graph_call *c)
{
	struct guid id;

	if (!guid_parse(graph_text(c->body, "roleDefinitionId"), &id) ||
	    !guid_parse(graph_text(c->body, "principalId"), &id))
		graph_refuse(c, 400, "Request_BadRequest",
		    "roleDefinitionId and principalId are GUIDs.");
	if (graph_text(c->body, "appScopeId").length > 0)
		graph_refuse(c, 400, "Request_BadRequest",
		    "Property 'appScopeId' is not offered; directoryScopeId "
		    "is / or / and the id of an application.");
	c->made = chance_guid(exchange_platform(c->x)->chance);
}

/* "/" or "/{object id of an application}". */
static bool
scope_exists(struct graph_call *c, struct slice scope)
{
	enum graph_kind kind;
	struct guid id;
	json_t *object;

	if (slice_eq(scope, SLICE("/")))
		return true;
	if (!guid_parse(slice_from(scope, 1), &id))
		return false;
	object = graph_find(graph_state(c), id, &kind);
	json_decref(object);
	return object != NULL &&
	    (kind == GRAPH_APPLICATION || kind == GRAPH_PRINCIPAL);
}

static bool
is_assigned(struct graph_call *c, const json_t *made)
{
	static const char *const same[] = {
	    "principalId", "roleDefinitionId", "directoryScopeId"};
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;
	bool found = false;

	state_walk_prefix(&walk, graph_state(c),
	    entity_prefix(&text, ENTITY_DIRECTORY_ROLE, SLICE(""), SLICE("")));
	while (!found && state_walk_next(&walk, &entry)) {
		json_t *each = entity_get(graph_state(c), entry.key);

		found = true;
		for (size_t i = 0; i < sizeof same / sizeof *same; i++)
			found = found &&
			    slice_eq_case(graph_text(each, same[i]),
				graph_text(made, same[i]));
		json_decref(each);
	}
	return found;
}

static void
check_assignment(struct graph_call *c, const json_t *made)
{
	const struct estate *e = estate_of(c);
	enum graph_kind kind;
	struct guid principal;
	json_t *holder = NULL;

	if (guid_parse(graph_text(made, "principalId"), &principal))
		holder = graph_find(graph_state(c), principal, &kind);
	if (role_named(e, graph_text(made, "roleDefinitionId")) == NULL)
		graph_refuse(c, 400, "Request_BadRequest",
		    "The role definition does not exist.");
	else if (holder == NULL || kind == GRAPH_APPLICATION)
		graph_refuse_missing(c, graph_text(made, "principalId"));
	else if (kind == GRAPH_GROUP &&
	    !json_is_true(json_object_get(holder, "isAssignableToRole")))
		graph_refuse(c, 400, "Request_BadRequest",
		    "Directory roles can be given only to groups that were "
		    "made with isAssignableToRole.");
	else if (!scope_exists(c, graph_text(made, "directoryScopeId")))
		graph_refuse(c, 400, "Request_BadRequest",
		    "directoryScopeId is / or / and the id of an "
		    "application.");
	else if (is_assigned(c, made))
		graph_refuse(c, 409, "Request_BadRequest",
		    "A conflicting object with one or more of the specified "
		    "property values is present in the directory.");
	json_decref(holder);
}

static void
put_assignment(struct graph_call *c, const json_t *made, struct writes *writes)
{
	struct entity_text text;

	check_assignment(c, made);
	if (c->code == NULL)
		entity_put(writes,
		    entity_key(&text, ENTITY_DIRECTORY_ROLE,
			graph_text(made, "id"), SLICE(""), SLICE("")),
		    made);
}

static enum actas_error
create_assignment(struct graph_call *c, struct writes *writes)
{
	struct slice scope = graph_text(c->body, "directoryScopeId");
	char id[GUID_TEXT_LENGTH + 1];
	json_t *made;

	if (scope.length == 0)
		scope = SLICE("/");
	guid_format(c->made, id);
	made = json_pack("{s:s, s:O, s:O, s:s%}", "id", id, "principalId",
	    json_object_get(c->body, "principalId"), "roleDefinitionId",
	    json_object_get(c->body, "roleDefinitionId"), "directoryScopeId",
	    scope.at, scope.length);
	if (made == NULL)
		return ACTAS_ENOMEM;
	put_assignment(c, made, writes);
	graph_reply(c, 201, made);
	return ACTAS_OK;
}

static enum actas_error
delete_assignment(struct graph_call *c, struct writes *writes)
{
	struct entity_text text;
	json_t *found = find_assignment(c, &text);

	if (found == NULL)
		graph_refuse_missing(c, c->x->captures[0]);
	else
		writes_remove(writes,
		    entity_key(&text, ENTITY_DIRECTORY_ROLE, c->x->captures[0],
			SLICE(""), SLICE("")));
	json_decref(found);
	graph_reply_empty(c);
	return ACTAS_OK;
}

/* --- the older form --- */

static json_t *
role_json(const struct estate *e, const struct role *role, bool is_template)
{
	struct slice name = estate_text(e, role->name);
	char id[GUID_TEXT_LENGTH + 1];

	guid_format(role->id, id);
	return json_pack("{s:s, s:s, s:s*, s:s%, s:n, s:n}", "@odata.type",
	    is_template ? "#microsoft.graph.directoryRoleTemplate"
			: "#microsoft.graph.directoryRole",
	    "id", id, "roleTemplateId", is_template ? NULL : id, "displayName",
	    name.at, name.length, "description", "deletedDateTime");
}

static void
list_all(struct graph_call *c, bool templates)
{
	const struct estate *e = estate_of(c);
	json_t *all = json_array();

	for (uint32_t i = 0; i < e->roles.count; i++) {
		const struct role *role = &e->roles.at[i];

		if (role->plane == PLANE_DIRECTORY && !guid_is_nil(role->id))
			json_array_append_new(
			    all, role_json(e, role, templates));
	}
	graph_reply_list(c, all);
}

static void
list_roles(struct graph_call *c)
{
	list_all(c, false);
}

static void
list_templates(struct graph_call *c)
{
	list_all(c, true);
}

static void
get_one(struct graph_call *c, bool is_template)
{
	const struct estate *e = estate_of(c);
	const struct role *role = role_named(e, c->x->captures[0]);

	if (role == NULL)
		graph_refuse_missing(c, c->x->captures[0]);
	else
		graph_reply(
		    c, 200, graph_select(c, role_json(e, role, is_template)));
}

static void
get_role(struct graph_call *c)
{
	get_one(c, false);
}

static void
get_template(struct graph_call *c)
{
	get_one(c, true);
}

/* There is nothing to activate. */
static void
activate_role(struct graph_call *c)
{
	if (role_named(estate_of(c), graph_text(c->body, "roleTemplateId")) ==
	    NULL)
		graph_refuse(
		    c, 400, "Request_BadRequest", "Invalid role template ID.");
	else
		graph_refuse(c, 400, "Request_BadRequest",
		    "A conflicting object with one or more of the specified "
		    "property values is present in the directory.");
}

/* Whether the assignment is of the role in the path, at the tenant, to that
 * member, or to anybody. */
static bool
is_of_role(
    const struct graph_call *c, const json_t *assignment, struct slice member)
{
	return slice_eq_case(graph_text(assignment, "roleDefinitionId"),
		   c->x->captures[0]) &&
	    slice_eq(graph_text(assignment, "directoryScopeId"), SLICE("/")) &&
	    (member.length == 0 ||
		slice_eq_case(graph_text(assignment, "principalId"), member));
}

static void
list_role_members(struct graph_call *c)
{
	json_t *all = json_array();
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;

	if (role_named(estate_of(c), c->x->captures[0]) == NULL)
		graph_refuse_missing(c, c->x->captures[0]);
	state_walk_prefix(&walk, graph_state(c),
	    entity_prefix(&text, ENTITY_DIRECTORY_ROLE, SLICE(""), SLICE("")));
	while (state_walk_next(&walk, &entry)) {
		json_t *each = entity_get(graph_state(c), entry.key);
		json_t *holder = NULL;
		enum graph_kind kind;
		struct guid id;

		if (is_of_role(c, each, SLICE("")) &&
		    guid_parse(graph_text(each, "principalId"), &id))
			holder = graph_find(graph_state(c), id, &kind);
		if (holder != NULL)
			json_array_append_new(
			    all, graph_shown(graph_state(c), kind, holder));
		json_decref(holder);
		json_decref(each);
	}
	graph_reply_list(c, all);
}

static void
prepare_role_member(struct graph_call *c)
{
	(void)graph_referred(c);
	c->made = chance_guid(exchange_platform(c->x)->chance);
}

static enum actas_error
add_role_member(struct graph_call *c, struct writes *writes)
{
	char id[GUID_TEXT_LENGTH + 1], member[GUID_TEXT_LENGTH + 1];
	struct slice role = c->x->captures[0];
	json_t *made;

	guid_format(c->made, id);
	guid_format(graph_referred(c), member);
	made = json_pack("{s:s, s:s, s:s%, s:s}", "id", id, "principalId",
	    member, "roleDefinitionId", role.at, role.length,
	    "directoryScopeId", "/");
	if (made == NULL)
		return ACTAS_ENOMEM;
	put_assignment(c, made, writes);
	json_decref(made);
	graph_reply_empty(c);
	return ACTAS_OK;
}

static enum actas_error
remove_role_member(struct graph_call *c, struct writes *writes)
{
	struct slice member = c->x->captures[1];
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;
	bool found = false;

	state_walk_prefix(&walk, graph_state(c),
	    entity_prefix(&text, ENTITY_DIRECTORY_ROLE, SLICE(""), SLICE("")));
	while (member.length > 0 && state_walk_next(&walk, &entry)) {
		json_t *each = entity_get(graph_state(c), entry.key);

		if (is_of_role(c, each, member)) {
			writes_remove(writes, entry.key);
			found = true;
		}
		json_decref(each);
	}
	if (!found)
		graph_refuse_missing(c, member);
	graph_reply_empty(c);
	return ACTAS_OK;
}

const struct graph_operation graph_directory_roles_list = {
    .permission = PERMIT_DIRECTORY_READ,
    .read = list_roles,
};
const struct graph_operation graph_directory_role_get = {
    .permission = PERMIT_DIRECTORY_READ,
    .read = get_role,
};
const struct graph_operation graph_directory_role_activate = {
    .permission = PERMIT_DIRECTORY_ROLE_ASSIGN,
    .wants_body = true,
    .read = activate_role,
};
const struct graph_operation graph_role_templates_list = {
    .permission = PERMIT_DIRECTORY_READ,
    .read = list_templates,
};
const struct graph_operation graph_role_template_get = {
    .permission = PERMIT_DIRECTORY_READ,
    .read = get_template,
};
const struct graph_operation graph_role_members_list = {
    .permission = PERMIT_DIRECTORY_READ,
    .read = list_role_members,
};
const struct graph_operation graph_role_member_add = {
    .permission = PERMIT_DIRECTORY_ROLE_ASSIGN,
    .wants_body = true,
    .prepare = prepare_role_member,
    .apply = add_role_member,
};
const struct graph_operation graph_role_member_remove = {
    .permission = PERMIT_DIRECTORY_ROLE_ASSIGN,
    .apply = remove_role_member,
};
const struct graph_operation graph_role_definitions_list = {
    .permission = PERMIT_DIRECTORY_READ,
    .read = list_definitions,
};
const struct graph_operation graph_role_definition_get = {
    .permission = PERMIT_DIRECTORY_READ,
    .read = get_definition,
};
const struct graph_operation graph_role_assignments_list = {
    .permission = PERMIT_DIRECTORY_READ,
    .read = list_assignments,
};
const struct graph_operation graph_role_assignment_get = {
    .permission = PERMIT_DIRECTORY_READ,
    .read = get_assignment,
};
const struct graph_operation graph_role_assignment_create = {
    .permission = PERMIT_DIRECTORY_ROLE_ASSIGN,
    .wants_body = true,
    .prepare = prepare_assignment,
    .apply = create_assignment,
};
const struct graph_operation graph_role_assignment_delete = {
    .permission = PERMIT_DIRECTORY_ROLE_ASSIGN,
    .apply = delete_assignment,
};
