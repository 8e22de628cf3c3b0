#include "api/arm/roles.h"

#include "api/arm/shipped.h"

/* --- permissions in ARM's shape --- */

static json_t *
patterns_of(const struct estate *e, const struct patterns *p)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < p->count; i++)
		(void)json_array_append_new(list,
		    arm_json_text(estate_text(e, e->patterns.at[p->from + i])));
	return list;
}

static json_t *
permission_of(const struct estate *e, const struct permission *p)
{
	json_t *made = json_pack("{s:o, s:o, s:o, s:o}", "actions",
	    patterns_of(e, &p->actions), "notActions",
	    patterns_of(e, &p->not_actions), "dataActions",
	    patterns_of(e, &p->data_actions), "notDataActions",
	    patterns_of(e, &p->not_data_actions));

	if (made != NULL && p->condition != 0) {
		(void)arm_set(made, "condition",
		    arm_json_text(estate_text(e, p->condition)));
		(void)arm_set(made, "conditionVersion", json_string("2.0"));
	}
	return made;
}

json_t *
arm_role_permissions(const struct estate *e, const struct role *role)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < role->permission_count; i++)
		(void)json_array_append_new(list,
		    permission_of(
			e, &e->permissions.at[role->permissions + i]));
	return list;
}

json_t *
arm_role_get(struct arm_call *c, struct guid id)
{
	struct entity_text text;
	json_t *stored =
	    entity_get(arm_state(c), entity_guid_key(&text, ENTITY_ROLE, id));

	return stored != NULL ? stored
			      : json_copy((json_t *)(uintptr_t)shipped_find(
				    exchange_api(c->x)->shipped, id));
}

json_t *
arm_role_path(const struct arm_scope *from, struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1];
	struct slice s = from->subscription;

	guid_format(id, text);
	return json_sprintf("%s%.*s/providers/Microsoft.Authorization/"
			    "roleDefinitions/%s",
	    s.length == 0 ? "" : "/subscriptions/", SLICE_ARGS(s), text);
}

bool
arm_role_id(struct slice path, struct guid *id)
{
	struct slice above = arm_path_above(path);
	struct slice last =
	    slice_from(path, above.length < path.length ? above.length + 1 : 0);

	*id = (struct guid){0};
	if (slice_find(path, SLICE("/")) == SIZE_MAX)
		last = path;
	else if (!slice_ends_case(above,
		     SLICE("/providers/Microsoft.Authorization/"
			   "roleDefinitions")))
		return false;
	return guid_parse(last, id) && !guid_is_nil(*id);
}

bool
arm_role_is_custom(const json_t *role)
{
	return slice_eq_case(
	    arm_text(arm_properties(role), "type"), SLICE("CustomRole"));
}

/* --- where a role may be assigned --- */

/* A management group's path says nothing of what is below it. */
static bool
is_within_group(struct arm_call *c, struct slice path, struct slice group)
{
	const struct estate *e = arm_estate(c);
	bool exact;
	scope_id above = arm_find_scope(c, group, &exact), s;

	if (!exact)
		return false;
	s = arm_find_scope(c, path, &exact);
	return estate_is_within(e, s, above);
}

bool
arm_role_covers(struct arm_call *c, const json_t *role, struct slice path)
{
	json_t *scopes = arm_member(arm_properties(role), "assignableScopes");
	json_t *item;
	size_t i;

	json_array_foreach(scopes, i, item)
	{
		struct slice above = slice_of(json_string_value(item));

		if (above.length == 0)
			continue;
		if (arm_path_is_within(path, above) ||
		    (slice_starts_case(
			 above, SLICE("/providers/Microsoft.Management/")) &&
			is_within_group(c, path, above)))
			return true;
	}
	return false;
}
