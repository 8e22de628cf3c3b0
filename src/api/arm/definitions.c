#include "api/arm/filter.h"
#include "api/arm/operations.h"
#include "api/arm/page.h"
#include "api/arm/roles.h"
#include "api/arm/shipped.h"

/*
 * Role definitions. A custom role is written by who may do so at every scope
 * at which it will be, or was, assignable.
 */

enum { CUSTOM_ROLES_MOST = 5000 };

static json_t *
show(struct arm_call *c, json_t *role, struct guid id)
{
	if (role != NULL &&
	    !arm_set(role, "id", arm_role_path(&c->scope, id))) {
		json_decref(role);
		return NULL;
	}
	return role;
}

/* --- list --- */

static const char supported[] =
    "Supported filters are 'roleName eq '{value}'', 'type eq '{value}'' and "
    "'atScopeAndBelow()'.";

static void
prepare_list(struct arm_call *c)
{
	struct slice text = exchange_query(c->x, "$filter", NULL);
	struct arm_filter *filter = arena_zero(&c->x->arena, 1, sizeof *filter);
	bool good = filter != NULL &&
	    arm_filter_parse(&c->x->arena, text, filter) == ACTAS_OK;

	for (uint32_t i = 0; good && i < filter->count; i++) {
		const struct arm_clause *each = &filter->at[i];

		good = each->is_call
		    ? slice_eq_case(each->name, SLICE("atScopeAndBelow")) ||
			slice_eq_case(each->name, SLICE("atScope"))
		    : slice_eq_case(each->name, SLICE("roleName")) ||
			slice_eq_case(each->name, SLICE("type"));
	}
	if (!good)
		arm_refuse(c, 400, "BadRequest",
		    "The filter '%.*s' is not supported. %s",
		    SLICE_ARGS(slice_sub(text, 0, 256)), supported);
	c->work = filter;
}

static bool
is_equal(const struct arm_clause *clause, struct slice value)
{
	return clause == NULL || slice_eq_case(clause->value, value);
}

/* Whether any assignable scope lies below the one asked about. */
static bool
is_below(const struct arm_call *c, const json_t *role)
{
	json_t *scopes = arm_member(arm_properties(role), "assignableScopes");
	json_t *item;
	size_t i;

	json_array_foreach(scopes, i, item)
	{
		if (arm_path_is_within(
			slice_of(json_string_value(item)), c->scope.path))
			return true;
	}
	return false;
}

static bool
passes(struct arm_call *c, const json_t *role)
{
	const struct arm_filter *filter = c->work;
	const json_t *properties = arm_properties(role);

	return is_equal(arm_filter_find(filter, "roleName", false),
		   arm_text(properties, "roleName")) &&
	    is_equal(arm_filter_find(filter, "type", false),
		arm_text(properties, "type")) &&
	    (arm_role_covers(c, role, c->scope.path) ||
		(arm_filter_find(filter, "atScopeAndBelow", true) != NULL &&
		    is_below(c, role)));
}

/* Ids of all roles, in order, each once. */
struct role_ids {
	VECTOR(struct guid) at;
	enum actas_error error;
};

static void
add_id(struct role_ids *ids, struct guid id)
{
	if (ids->error == ACTAS_OK)
		ids->error = vector_push(&ids->at, id);
}

static int
compare_ids(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct guid));
}

static void
gather_ids(struct arm_call *c, struct role_ids *ids)
{
	const struct shipped *shipped = exchange_api(c->x)->shipped;
	struct state_walk w;
	struct entry entry;
	struct guid id;

	state_walk_prefix(&w, arm_state(c), SLICE("role/"));
	while (state_walk_next(&w, &entry))
		if (guid_parse(entity_last(entry.key), &id))
			add_id(ids, id);
	for (uint32_t i = 0; i < shipped_count(shipped); i++)
		add_id(ids, shipped_id(shipped, i));
	if (ids->at.count > 0)
		qsort(
		    ids->at.at, ids->at.count, sizeof *ids->at.at, compare_ids);
}

static void
add_role(struct arm_call *c, struct arm_page *page, struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1];
	const char *name;
	json_t *role;

	guid_format(id, text);
	if (arm_page_is_past(page, slice_of(text)))
		return;
	role = arm_role_get(c, id);
	if (role == NULL || !passes(c, role) || !arm_page_has_room(page)) {
		json_decref(role);
		return;
	}
	name = arena_text(&c->x->arena, slice_of(text));
	arm_page_add(page, slice_of(name), show(c, role, id));
}

static void
read_roles(struct arm_call *c)
{
	struct role_ids ids = {0};
	struct arm_page page;

	if (!arm_must_exist(c, &c->scope) || !arm_page_begin(c, &page))
		return;
	gather_ids(c, &ids);
	for (uint32_t i = 0; i < ids.at.count && !page.more; i++)
		if (i == 0 || !guid_eq(ids.at.at[i], ids.at.at[i - 1]))
			add_role(c, &page, ids.at.at[i]);
	if (ids.error == ACTAS_OK) {
		arm_page_end(c, &page);
	} else {
		json_decref(page.value);
		arm_reply(c, 500, NULL);
	}
	vector_release(&ids.at);
}

const struct arm_operation arm_definitions = {
    .permission = PERMIT_DEFINITION_READ,
    .cut = 3,
    .is_list = true,
    .prepare = prepare_list,
    .read = read_roles,
};

/* --- one --- */

static void
read_role(struct arm_call *c)
{
	json_t *role = NULL;
	struct guid id;

	if (guid_parse(c->name, &id))
		role = arm_role_get(c, id);
	if (role != NULL && !arm_role_covers(c, role, c->scope.path) &&
	    !is_below(c, role)) {
		json_decref(role);
		role = NULL;
	}
	if (role != NULL)
		arm_reply(c, 200, show(c, role, id));
	else
		arm_refuse(c, 404, "RoleDefinitionDoesNotExist",
		    "The specified role definition with ID '%.*s' does not "
		    "exist.",
		    SLICE_ARGS(c->name));
}

const struct arm_operation arm_definition = {
    .permission = PERMIT_DEFINITION_READ,
    .cut = 4,
    .read = read_role,
};

/* --- put --- */

/* The right to write it at each of its scopes, all of which must be there. */
static bool
may_everywhere(
    struct arm_call *c, const json_t *role, enum permission_id permission)
{
	json_t *scopes = arm_member(arm_properties(role), "assignableScopes");
	json_t *item;
	size_t i;

	if (json_array_size(scopes) == 0)
		return arm_must(c, permission, SLICE("/"));
	json_array_foreach(scopes, i, item)
	{
		struct slice path = slice_of(json_string_value(item));

		if (path.length > 0 && !arm_must(c, permission, path))
			return false;
	}
	return true;
}

static bool
scopes_exist(struct arm_call *c)
{
	json_t *scopes =
	    arm_member(arm_properties(c->body), "assignableScopes");
	struct arm_scope scope;
	json_t *item;
	size_t i;

	json_array_foreach(scopes, i, item)
	{
		if (!arm_scope_parse(&c->x->arena,
			slice_of(json_string_value(item)), &scope) ||
		    !arm_must_exist(c, &scope))
			return false;
	}
	return true;
}

/* Whether another role that was made here bears the name. */
static bool
is_taken(const struct estate *e, struct slice name, struct guid but)
{
	for (role_id r = 0; r < e->roles.count; r++) {
		const struct role *role = &e->roles.at[r];

		if (role->plane == PLANE_AZURE && !guid_eq(role->id, but) &&
		    slice_eq_case(estate_text(e, role->name), name))
			return true;
	}
	return false;
}

static bool
name_is_free(struct arm_call *c, struct guid id)
{
	struct slice name = arm_text(arm_properties(c->body), "roleName");

	if (!is_taken(arm_estate(c), name, id) &&
	    !shipped_has_name(exchange_api(c->x)->shipped, name, id))
		return true;
	arm_refuse(c, 409, "RoleDefinitionWithSameNameExists",
	    "A custom role with the same name already exists in this "
	    "directory. Use a different name");
	return false;
}

static bool
has_room(struct arm_call *c)
{
	struct state_walk w;
	struct entry entry;
	uint32_t count = 0;

	state_walk_prefix(&w, arm_state(c), SLICE("role/"));
	while (state_walk_next(&w, &entry))
		count++;
	if (count < CUSTOM_ROLES_MOST)
		return true;
	arm_refuse(c, 400, "RoleDefinitionLimitExceeded",
	    "Role definition limit exceeded. No more role definitions can be "
	    "created.");
	return false;
}

static json_t *
copy_permissions(const json_t *all)
{
	static const char *const lists[] = {
	    "actions", "notActions", "dataActions", "notDataActions"};
	json_t *made = json_array(), *permission;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)all, i, permission)
	{
		json_t *one = json_object(), *list;

		for (size_t j = 0; j < sizeof lists / sizeof *lists; j++) {
			list = arm_member(permission, lists[j]);
			(void)arm_set(one, lists[j],
			    list == NULL ? json_array() : json_incref(list));
		}
		(void)json_array_append_new(made, one);
	}
	return made;
}

static json_t *
make_role(struct arm_call *c, struct guid id, const json_t *old)
{
	const json_t *said = arm_properties(c->body);
	const json_t *before = arm_properties(old);
	json_t *on = arm_member(before, "createdOn");
	json_t *by = arm_member(before, "createdBy");

	return json_pack("{s:o, s:s, s:o, s:{s:o, s:s, s:o, s:O, s:o, s:o, "
			 "s:o, s:o, s:o}}",
	    "id", arm_role_path(&c->scope, id), "type",
	    "Microsoft.Authorization/roleDefinitions", "name",
	    arm_json_guid(id), "properties", "roleName",
	    arm_json_text(arm_text(said, "roleName")), "type", "CustomRole",
	    "description", arm_json_text(arm_text(said, "description")),
	    "assignableScopes", arm_member(said, "assignableScopes"),
	    "permissions", copy_permissions(arm_member(said, "permissions")),
	    "createdOn", on == NULL ? arm_json_moment(c->now) : json_incref(on),
	    "updatedOn", arm_json_moment(c->now), "createdBy",
	    by == NULL ? arm_json_guid(c->caller.object_id) : json_incref(by),
	    "updatedBy", arm_json_guid(c->caller.object_id));
}

static bool
may_replace(struct arm_call *c, const json_t *old)
{
	if (old == NULL)
		return has_room(c);
	if (!arm_role_is_custom(old)) {
		arm_refuse(c, 400, "RoleDefinitionIsBuiltIn",
		    "Built-in role definitions cannot be changed.");
		return false;
	}
	return may_everywhere(c, old, PERMIT_DEFINITION_WRITE);
}

static enum actas_error
put_role(struct arm_call *c, struct writes *writes)
{
	struct entity_text text;
	struct guid id;
	json_t *old, *role;

	(void)guid_parse(c->name, &id);
	old = arm_role_get(c, id);
	if (!may_everywhere(c, c->body, PERMIT_DEFINITION_WRITE) ||
	    !may_replace(c, old) || !scopes_exist(c) || !name_is_free(c, id)) {
		json_decref(old);
		return ACTAS_EUSAGE;
	}
	role = make_role(c, id, old);
	entity_put(writes, entity_guid_key(&text, ENTITY_ROLE, id), role);
	arm_reply(c, 201, role);
	json_decref(old);
	return role == NULL ? ACTAS_ENOMEM : ACTAS_OK;
}

const struct arm_operation arm_definition_put = {
    .permission = PERMIT_DEFINITION_WRITE,
    .cut = 4,
    .wants_body = true,
    .prepare = arm_role_check,
    .apply = put_role,
};

/* --- delete --- */

static bool
is_assigned(struct arm_call *c, struct guid id)
{
	const struct estate *e = arm_estate(c);
	role_id role = estate_role_by_id(e, id);

	for (uint32_t a = 0; role != NONE && a < e->grants.count; a++)
		if (estate_assignment(e, a).role == role)
			return true;
	return false;
}

static bool
may_delete(struct arm_call *c, const json_t *role, struct guid id)
{
	if (!arm_role_is_custom(role)) {
		arm_refuse(c, 400, "RoleDefinitionIsBuiltIn",
		    "Built-in role definitions cannot be deleted.");
		return false;
	}
	if (!may_everywhere(c, role, PERMIT_DEFINITION_DELETE))
		return false;
	if (is_assigned(c, id)) {
		arm_refuse(c, 400, "RoleDefinitionHasAssignments",
		    "There are existing role assignments referencing role "
		    "(code: RoleDefinitionHasAssignments).");
		return false;
	}
	return true;
}

static enum actas_error
delete_role(struct arm_call *c, struct writes *writes)
{
	struct entity_text text;
	json_t *role = NULL;
	struct guid id;

	if (guid_parse(c->name, &id))
		role = arm_role_get(c, id);
	if (role == NULL) {
		c->status = 204;
		return ACTAS_OK;
	}
	if (!may_delete(c, role, id)) {
		json_decref(role);
		return ACTAS_EUSAGE;
	}
	writes_remove(writes, entity_guid_key(&text, ENTITY_ROLE, id));
	arm_reply(c, 200, show(c, role, id));
	return ACTAS_OK;
}

const struct arm_operation arm_definition_delete = {
    .permission = PERMIT_DEFINITION_DELETE,
    .cut = 4,
    .apply = delete_role,
};
