#include "api/graph/graph.h"

/*
 * Directory roles: the definitions that ship, and who has them at the tenant
 * or at one application.
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

static void
get_definition(struct graph_call *c)
{
	const struct estate *e = estate_of(c);
	struct slice named = c->x->captures[0];
	struct guid id;
	role_id role = NONE;

	if (guid_parse(named, &id))
		role = estate_role_by_id(e, id);
	if (role == NONE || e->roles.at[role].plane != PLANE_DIRECTORY)
		graph_refuse_missing(c, named);
	else
		graph_reply(c, 200, definition_json(e, &e->roles.at[role]));
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
	struct guid role, principal;
	role_id row = NONE;
	json_t *holder = NULL;

	if (guid_parse(graph_text(made, "roleDefinitionId"), &role))
		row = estate_role_by_id(e, role);
	if (guid_parse(graph_text(made, "principalId"), &principal))
		holder = graph_find(graph_state(c), principal, &kind);
	if (row == NONE || e->roles.at[row].plane != PLANE_DIRECTORY)
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

static enum actas_error
create_assignment(struct graph_call *c, struct writes *writes)
{
	struct slice scope = graph_text(c->body, "directoryScopeId");
	char id[GUID_TEXT_LENGTH + 1];
	struct entity_text text;
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
	check_assignment(c, made);
	if (c->code == NULL)
		entity_put(writes,
		    entity_key(&text, ENTITY_DIRECTORY_ROLE, slice_of(id),
			SLICE(""), SLICE("")),
		    made);
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
