#include "api/arm/roles.h"

/*
 * What a custom role must be, whatever the platform holds. Stricter than the
 * readers that make the estate of it, so that none that was taken in can stop
 * the estate from being made.
 */

enum {
	ROLE_NAME_BYTES = 512,
	DESCRIPTION_BYTES = 2048,
	ACTION_BYTES = 512,
	ACTIONS_MOST = 2048, /* of one list */
	PERMISSIONS_MOST = 16,
	SCOPES_MOST = 2000
};

/* "Namespace.Provider/type/verb", with "*" for any part of it. */
static bool
is_action(struct slice text)
{
	if (slice_eq(text, SLICE("*")))
		return true;
	if (text.length == 0 || text.length > ACTION_BYTES ||
	    slice_find(text, SLICE("/")) == SIZE_MAX ||
	    slice_find(text, SLICE("//")) != SIZE_MAX || text.at[0] == '/' ||
	    text.at[text.length - 1] == '/')
		return false;
	for (size_t i = 0; i < text.length; i++) {
		unsigned char u = (unsigned char)text.at[i];
		char low = ascii_lower((char)u);

		if (!(low >= 'a' && low <= 'z') && !(u >= '0' && u <= '9') &&
		    (u == '\0' || strchr("./*-_$", u) == NULL))
			return false;
	}
	return true;
}

static void
check_list(struct arm_call *c, const json_t *permission, const char *name)
{
	json_t *list = arm_member(permission, name), *item;
	size_t i;

	if (list == NULL)
		return;
	if (!json_is_array(list) || json_array_size(list) > ACTIONS_MOST) {
		arm_refuse(c, 400, "InvalidActionOrNotAction",
		    "'%s' must be a list of at most %d actions.", name,
		    ACTIONS_MOST);
		return;
	}
	json_array_foreach(list, i, item)
	{
		struct slice text = {
		    json_string_value(item), json_string_length(item)};

		if (!is_action(text))
			arm_refuse(c, 400, "InvalidActionOrNotAction",
			    "'%.*s' does not match any of the actions "
			    "supported by the providers.",
			    SLICE_ARGS(slice_sub(text, 0, ACTION_BYTES)));
	}
}

static void
check_permissions(struct arm_call *c)
{
	static const char *const lists[] = {
	    "actions", "notActions", "dataActions", "notDataActions"};
	json_t *all = arm_member(arm_properties(c->body), "permissions");
	json_t *permission;
	size_t i;

	if (!json_is_array(all) || json_array_size(all) == 0 ||
	    json_array_size(all) > PERMISSIONS_MOST)
		arm_refuse(c, 400, "InvalidRoleDefinitionPermissions",
		    "A role definition has a list of 1 to %d permissions.",
		    PERMISSIONS_MOST);
	json_array_foreach(all, i, permission)
	{
		if (!json_is_object(permission) ||
		    arm_member(permission, "condition") != NULL)
			arm_refuse(c, 400, "InvalidRoleDefinitionPermissions",
			    "A permission is an object of lists of actions; a "
			    "custom role has no conditions.");
		for (size_t j = 0; j < sizeof lists / sizeof *lists; j++)
			check_list(c, permission, lists[j]);
	}
}

static void
check_scopes(struct arm_call *c)
{
	json_t *scopes =
	    arm_member(arm_properties(c->body), "assignableScopes");
	struct arm_scope scope;
	json_t *item;
	size_t i;

	if (!json_is_array(scopes) || json_array_size(scopes) == 0 ||
	    json_array_size(scopes) > SCOPES_MOST)
		arm_refuse(c, 400, "InvalidAssignableScopes",
		    "A role definition has a list of 1 to %d assignable "
		    "scopes.",
		    SCOPES_MOST);
	json_array_foreach(scopes, i, item)
	{
		struct slice text = {
		    json_string_value(item), json_string_length(item)};

		if (!arm_scope_parse(&c->x->arena, text, &scope) ||
		    scope.kind == ARM_ROOT || scope.kind == ARM_RESOURCE)
			arm_refuse(c, 400, "InvalidAssignableScopes",
			    "The assignable scope '%.*s' is not valid. It is a "
			    "management group, a subscription or a resource "
			    "group; only built-in roles are assignable at '/'.",
			    SLICE_ARGS(slice_sub(text, 0, ARM_PATH_BYTES)));
	}
}

void
arm_role_check(struct arm_call *c)
{
	json_t *properties = arm_properties(c->body);
	struct slice name = arm_text(properties, "roleName");
	struct slice type = arm_text(properties, "type");
	json_t *description = arm_member(properties, "description");
	struct guid id;

	if (!guid_parse(c->name, &id) || guid_is_nil(id))
		arm_refuse(c, 400, "InvalidRoleDefinitionId",
		    "The role definition ID '%.*s' is not valid. The role "
		    "definition ID must be a GUID.",
		    SLICE_ARGS(c->name));
	if (name.length == 0 || name.length > ROLE_NAME_BYTES)
		arm_refuse(c, 400, "InvalidRoleDefinitionName",
		    "A role definition's roleName has 1 to %d characters.",
		    ROLE_NAME_BYTES);
	if (description != NULL &&
	    (!json_is_string(description) ||
		json_string_length(description) > DESCRIPTION_BYTES))
		arm_refuse(c, 400, "InvalidRoleDefinitionDescription",
		    "A role definition's description has at most %d "
		    "characters.",
		    DESCRIPTION_BYTES);
	if (type.length > 0 && !slice_eq_case(type, SLICE("CustomRole")))
		arm_refuse(c, 400, "InvalidRoleDefinitionType",
		    "Only roles of type 'CustomRole' can be created or "
		    "updated.");
	check_permissions(c);
	check_scopes(c);
}
