#include "api/entra/call.h"

/*
 * What a resource's service principal says of its clients: which app roles it
 * gave them, and whether one without any gets a token at all.
 */

static const struct slice none;

static bool
is_role(const json_t *role, struct slice id)
{
	return slice_eq_case(jwt_text(role, "id"), id) &&
	    !json_is_false(json_object_get(role, "isEnabled")) &&
	    jwt_text(role, "value").length > 0;
}

/* The role's value, for the token; a role may have none. */
static void
add_role(struct exchange *x, const json_t *roles, struct slice id,
    struct resource *resource)
{
	const json_t *role;
	size_t i;

	json_array_foreach(roles, i, role)
	{
		const char *value;

		if (!is_role(role, id) ||
		    resource->role_count == json_array_size(roles))
			continue;
		value = arena_text(&x->arena, jwt_text(role, "value"));
		if (value != NULL)
			resource->roles[resource->role_count++] = value;
		return;
	}
}

/* Whether it was given any. */
static bool
find_roles(struct exchange *x, const struct state *state, struct guid client,
    const json_t *principal, struct resource *resource)
{
	const json_t *roles = json_object_get(principal, "appRoles");
	size_t most = json_array_size(roles);
	char holder[GUID_TEXT_LENGTH + 1];
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;
	bool any = false;

	resource->roles = arena_zero(&x->arena, most + 1, sizeof(char *));
	if (resource->roles == NULL)
		return false;
	guid_format(client, holder);
	state_walk_prefix(&walk, state,
	    entity_prefix(
		&text, ENTITY_APP_ROLE, jwt_text(principal, "id"), none));
	while (state_walk_next(&walk, &entry)) {
		json_t *each = entity_parse(entry.value);

		if (slice_eq_case(
			jwt_text(each, "principalId"), slice_of(holder))) {
			any = true;
			add_role(
			    x, roles, jwt_text(each, "appRoleId"), resource);
		}
		json_decref(each);
	}
	return any;
}

bool
resource_admits(struct exchange *x, const struct snapshot *snapshot,
    struct guid client, struct resource *resource)
{
	const struct estate *e = snapshot_view(snapshot)->estate;
	principal_id id = guid_is_nil(resource->application)
	    ? NONE
	    : estate_by_app_id(e, resource->application);
	struct entity_text text;
	json_t *principal;
	bool admits;

	if (id == NONE)
		return true;
	principal = entity_get(snapshot->state,
	    entity_guid_key(&text, ENTITY_SERVICE_PRINCIPAL,
		e->principals.at[id].object_id));
	admits = find_roles(x, snapshot->state, client, principal, resource) ||
	    !json_is_true(
		json_object_get(principal, "appRoleAssignmentRequired"));
	json_decref(principal);
	return admits;
}
