#include "platform/import/import_private.h"

/*
 * Role definitions that the source brings with it: custom roles, and built-in
 * ones that it defines otherwise than those that ship with actas. Those of
 * the directory are kept as what the directory answers.
 */

/* The patterns of one list. */
static json_t *
patterns(const struct import *im, struct patterns run)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < run.count && list != NULL; i++) {
		struct slice text =
		    estate_text(im->e, im->e->patterns.at[run.from + i]);

		if (json_array_append_new(
			list, json_stringn(text.at, text.length)) == 0)
			continue;
		json_decref(list);
		list = NULL;
	}
	return list;
}

static json_t *
permission(struct import *im, const struct permission *p)
{
	json_t *made = json_pack("{s:o, s:o, s:o, s:o}", "actions",
	    patterns(im, p->actions), "notActions",
	    patterns(im, p->not_actions), "dataActions",
	    patterns(im, p->data_actions), "notDataActions",
	    patterns(im, p->not_data_actions));

	if (p->condition != 0 &&
	    (json_object_set_new(made, "condition",
		 json_string(import_string(im, p->condition))) != 0 ||
		json_object_set_new(
		    made, "conditionVersion", json_string("2.0")) != 0))
		import_fail(im, ACTAS_ENOMEM);
	return made;
}

json_t *
import_permissions(struct import *im, uint32_t from, uint32_t count)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < count; i++)
		if (json_array_append_new(list,
			permission(im, &im->e->permissions.at[from + i])) != 0)
			import_fail(im, ACTAS_ENOMEM);
	return list;
}

static void
put_definition(struct import *im, role_id r)
{
	const struct role *role = &im->e->roles.at[r];
	const char *id = import_guid(im, im->role_ids[r]);
	const char *kind = role->shipped ? "BuiltInRole" : "CustomRole";
	struct entity_text text;

	import_put(im, entity_guid_key(&text, ENTITY_ROLE, im->role_ids[r]),
	    json_pack("{s:s+, s:s, s:s, s:{s:s, s:s, s:s, s:[s], s:o, s:s, "
		      "s:s}}",
		"id", "/providers/Microsoft.Authorization/roleDefinitions/", id,
		"name", id, "type", "Microsoft.Authorization/roleDefinitions",
		"properties", "roleName", import_string(im, role->name), "type",
		kind, "description", import_string(im, role->description),
		"assignableScopes", "/", "permissions",
		import_permissions(
		    im, role->permissions, role->permission_count),
		"createdOn", im->now_text, "updatedOn", im->now_text),
	    import_role(im, r));
}

/* Every action of a directory role, which has one list alone. */
static json_t *
directory_definition(struct import *im, role_id r)
{
	const struct role *role = &im->e->roles.at[r];
	const char *id = import_guid(im, im->role_ids[r]);
	json_t *list = json_array();

	for (uint32_t i = 0; i < role->permission_count; i++) {
		const struct permission *p =
		    &im->e->permissions.at[role->permissions + i];

		if (json_array_append_new(list,
			json_pack("{s:o}", "allowedResourceActions",
			    patterns(im, p->actions))) != 0)
			import_fail(im, ACTAS_ENOMEM);
	}
	return json_pack("{s:s, s:s, s:s, s:b, s:b, s:o}", "id", id,
	    "templateId", id, "displayName", import_string(im, role->name),
	    "isBuiltIn", (int)role->shipped, "isEnabled", 1, "rolePermissions",
	    list);
}

/* Roles of planes that nothing but a page can define. */
static void
tell_definition(struct import *im, role_id r)
{
	enum plane plane = (enum plane)im->e->roles.at[r].plane;

	if (plane == PLANE_FABRIC || plane == PLANE_DEVOPS)
		import_tell(im,
		    "role %s: was left out, since %s has no roles of one's "
		    "own",
		    import_role(im, r), plane_name(plane));
}

void
import_roles(struct import *im)
{
	const struct estate *e = im->e;
	struct answer_list list = answer_list(im,
	    "graph.microsoft.com/v1.0/roleManagement/directory/"
	    "roleDefinitions",
	    "value");

	im->role_ids = import_zero(im, e->roles.count, sizeof *im->role_ids);
	for (role_id r = 0; r < e->roles.count && !im->error; r++) {
		const struct role *role = &e->roles.at[r];

		im->role_ids[r] = role->id;
		/* An id that no definition was found for defines nothing. */
		if (role->builtin || role->permission_count == 0)
			continue;
		if (guid_is_nil(role->id))
			im->role_ids[r] = import_id(im);
		if (role->plane == PLANE_AZURE)
			put_definition(im, r);
		else if (role->plane == PLANE_DIRECTORY)
			answer_add(&list, directory_definition(im, r));
		else
			tell_definition(im, r);
	}
	answer_end(&list);
}
