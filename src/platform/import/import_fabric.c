#include "platform/import/import_private.h"

/*
 * Fabric: workspaces, items, connections and who has a role in them, as its
 * services answer, since the platform does not serve them yet. Its API knows
 * things by GUIDs; what a page names only is given one.
 *
 * Who owns an item stands in an answer of the admin API alone (a scan), which
 * knows owners of some kinds of items.
 */

#define API "api.fabric.microsoft.com/v1/"

static const struct {
	const char *type;
	const char *scanned; /* list of a scan that tells owners, or NULL */
} items[ITEM_KINDS] = {
    [ITEM_NOTEBOOK] = {"Notebook", "Notebook"},
    [ITEM_PIPELINE] = {"DataPipeline", "DataPipeline"},
    [ITEM_SPARK_JOB] = {"SparkJobDefinition", NULL},
    [ITEM_AIRFLOW_JOB] = {"ApacheAirflowJob", NULL},
    [ITEM_SEMANTIC_MODEL] = {"SemanticModel", "datasets"},
    [ITEM_WAREHOUSE] = {"Warehouse", "warehouses"},
    [ITEM_LAKEHOUSE] = {"Lakehouse", "Lakehouse"},
};

static const char *
shown_name(struct import *im, scope_id s)
{
	const struct scope *row = &im->e->scopes.at[s];

	return import_string(im, row->name != 0 ? row->name : row->segment);
}

const char *
import_thing_id(struct import *im, scope_id s)
{
	struct slice segment = estate_text(im->e, im->e->scopes.at[s].segment);
	struct guid id;

	if (im->things == NULL || im->things[s] != NULL)
		return im->things == NULL ? "" : im->things[s];
	if (!guid_parse(segment, &id))
		id = import_id(im);
	im->things[s] = import_guid(im, id);
	return im->things[s];
}

/* --- principals as Fabric writes them --- */

static json_t *
principal(struct import *im, principal_id p)
{
	const struct principal *row = &im->e->principals.at[p];
	const struct imported_person *person = &im->people[p];
	json_t *made;

	if (row->flags & PRINCIPAL_EVERYONE)
		return json_pack("{s:s, s:s}", "id",
		    import_guid(im, (struct guid){0}), "type", "EntireTenant");
	made = json_pack("{s:s, s:s}", "id", import_guid(im, person->object_id),
	    "type", import_principal_type(im, p));
	if (row->name != 0 &&
	    json_object_set_new(made, "displayName",
		json_string(import_string(im, row->name))) != 0)
		import_fail(im, ACTAS_ENOMEM);
	if (row->upn != 0 &&
	    json_object_set_new(made, "userDetails",
		json_pack("{s:s}", "userPrincipalName",
		    import_string(im, row->upn))) != 0)
		import_fail(im, ACTAS_ENOMEM);
	if (!guid_is_nil(person->app_id) &&
	    json_object_set_new(made, "servicePrincipalDetails",
		json_pack(
		    "{s:s}", "aadAppId", import_guid(im, person->app_id))) != 0)
		import_fail(im, ACTAS_ENOMEM);
	return made;
}

/* --- roles --- */

/* What a role can be given on, by its name. */
static const struct {
	const char *name;
	uint8_t kind;       /* enum scope_kind */
	const char *called; /* in the answer */
} roles[] = {
    {"Admin", SCOPE_WORKSPACE, "Admin"},
    {"Member", SCOPE_WORKSPACE, "Member"},
    {"Contributor", SCOPE_WORKSPACE, "Contributor"},
    {"Viewer", SCOPE_WORKSPACE, "Viewer"},
    {"Read", SCOPE_ITEM, "Read"},
    {"Write", SCOPE_ITEM, "Write"},
    {"Reshare", SCOPE_ITEM, "Reshare"},
    {"Explore", SCOPE_ITEM, "Explore"},
    {"Execute", SCOPE_ITEM, "Execute"},
    {"ReadData", SCOPE_ITEM, "ReadData"},
    {"ReadAll", SCOPE_ITEM, "ReadAll"},
    {"Connection User", SCOPE_CONNECTION, "User"},
    {"Connection User with Reshare", SCOPE_CONNECTION, "UserWithReshare"},
    {"Connection Owner", SCOPE_CONNECTION, "Owner"},
};

static const char *
called(const struct import *im, role_id r, uint8_t kind)
{
	struct slice name = estate_text(im->e, im->e->roles.at[r].name);

	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
		if (roles[i].kind == kind &&
		    slice_eq(name, slice_of(roles[i].name)))
			return roles[i].called;
	return NULL;
}

static json_t *
role_of_place(struct import *im, principal_id p, const char *role)
{
	return json_pack("{s:s, s:o, s:s}", "id",
	    import_guid(im, im->people[p].object_id), "principal",
	    principal(im, p), "role", role);
}

static json_t *
user_of_item(struct import *im, principal_id p, scope_id s, const char *role)
{
	const struct item *item = estate_item(im->e, s);
	const char *type = item == NULL ? NULL : items[item->kind].type;

	return json_pack("{s:o, s:{s:s, s:[s]}}", "principal", principal(im, p),
	    "itemAccessDetails", "type", type == NULL ? "Item" : type,
	    "permissions", role);
}

static void
give(struct import *im, const struct assignment *a, role_id role,
    struct answer_list *list)
{
	uint8_t kind = im->e->scopes.at[a->scope].kind;
	const char *name = called(im, role, kind);

	if (name == NULL || a->condition != 0 || a->flags & ASSIGNMENT_ELIGIBLE)
		import_tell(im,
		    "%s: %s on %s was left out: Fabric gives no such role on "
		    "a %s",
		    import_principal(im, a->principal), import_role(im, role),
		    import_scope(im, a->scope),
		    scope_kind_name((enum scope_kind)kind));
	else if (kind == SCOPE_ITEM)
		answer_add(
		    list, user_of_item(im, a->principal, a->scope, name));
	else
		answer_add(list, role_of_place(im, a->principal, name));
}

static bool
is_held(struct import *im, const struct assignment *a)
{
	bool everyone = (im->e->principals.at[a->principal].flags &
			    PRINCIPAL_EVERYONE) != 0;

	return (everyone && !(a->flags & ASSIGNMENT_DISPUTED)) ||
	    import_holds(im, a);
}

/* Everybody's roles at the workspace, item or connection. */
static void
put_roles(struct import *im, scope_id s, const char *request, const char *key)
{
	struct answer_list list = answer_list(im, request, key);
	struct ids at = estate_assignments_at(im->e, s);

	for (uint32_t i = 0; i < at.count && !im->error; i++) {
		struct assignment a = estate_assignment(im->e, at.at[i]);
		uint8_t plane = im->e->roles.at[a.role].plane;
		role_id given[CLAIM_ROLES] = {a.role};
		uint32_t count = 1;

		if ((plane != PLANE_FABRIC && plane != PLANE_CLAIMED) ||
		    !is_held(im, &a))
			continue;
		if (plane == PLANE_CLAIMED)
			count = import_claim(im, &a, given);
		for (uint32_t k = 0; k < count; k++)
			give(im, &a, given[k], &list);
	}
	answer_end(&list);
}

/* --- workspaces --- */

static void
find_identities(struct import *im)
{
	const struct estate *e = im->e;

	im->identities =
	    import_zero(im, e->scopes.count, sizeof *im->identities);
	for (principal_id p = e->principals.count;
	     p-- > 0 && im->identities != NULL;) {
		const struct principal *row = &e->principals.at[p];

		if (row->kind == PRINCIPAL_WORKSPACE_IDENTITY &&
		    row->workspace != NONE && im->people[p].made)
			im->identities[row->workspace] = p + 1;
	}
}

static void
add_workspace(struct import *im, scope_id s, struct answer_list *list)
{
	json_t *made =
	    json_pack("{s:s, s:s, s:s}", "id", import_thing_id(im, s),
		"displayName", shown_name(im, s), "type", "Workspace");
	const struct imported_person *identity =
	    im->identities[s] == 0 ? NULL : &im->people[im->identities[s] - 1];

	if (identity != NULL &&
	    json_object_set_new(made, "workspaceIdentity",
		json_pack("{s:s, s:s}", "applicationId",
		    import_guid(im, identity->app_id), "servicePrincipalId",
		    import_guid(im, identity->object_id))) != 0)
		import_fail(im, ACTAS_ENOMEM);
	answer_add(list, made);
	put_roles(im, s,
	    import_text(im, API "workspaces/%s/roleAssignments",
		import_thing_id(im, s)),
	    "value");
}

/* --- items --- */

static bool
is_in_workspace(const struct import *im, const struct item *item)
{
	scope_id parent = im->e->scopes.at[item->scope].parent;

	return item->kind != ITEM_DEVOPS_PIPELINE &&
	    im->e->scopes.at[parent].kind == SCOPE_WORKSPACE;
}

static const char *
type_of(struct import *im, const struct item *item)
{
	const struct scope *row = &im->e->scopes.at[item->scope];

	if (items[item->kind].type != NULL)
		return items[item->kind].type;
	return row->type != 0 ? import_string(im, row->type) : "Item";
}

static void
put_items(struct import *im, scope_id workspace)
{
	struct ids below = estate_children(im->e, workspace);
	const char *id = import_thing_id(im, workspace);
	struct answer_list list = answer_list(
	    im, import_text(im, API "workspaces/%s/items", id), "value");

	for (uint32_t i = 0; i < below.count && !im->error; i++) {
		const struct item *item = estate_item(im->e, below.at[i]);
		const char *own = import_thing_id(im, below.at[i]);

		if (item == NULL || !is_in_workspace(im, item))
			continue;
		answer_add(&list,
		    json_pack("{s:s, s:s, s:s, s:s}", "id", own, "type",
			type_of(im, item), "displayName",
			shown_name(im, below.at[i]), "workspaceId", id));
		put_roles(im, below.at[i],
		    import_text(
			im, API "admin/workspaces/%s/items/%s/users", id, own),
		    "accessDetails");
	}
	answer_end(&list);
}

/* --- owners --- */

/* Adds the item to the list of its kind in the scan of its workspace. */
static void
add_scanned(struct import *im, const struct item *item, json_t *workspace)
{
	const char *list = items[item->kind].scanned;
	json_t *array = json_object_get(workspace, list);
	const struct principal *owner = &im->e->principals.at[item->owner];
	json_t *made =
	    json_pack("{s:s, s:s, s:s}", "id", import_thing_id(im, item->scope),
		"name", shown_name(im, item->scope), "configuredById",
		import_guid(im, im->people[item->owner].object_id));

	if (owner->upn != 0 &&
	    json_object_set_new(made, "configuredBy",
		json_string(import_string(im, owner->upn))) != 0)
		import_fail(im, ACTAS_ENOMEM);
	if (array == NULL) {
		array = json_array();
		if (json_object_set_new(workspace, list, array) != 0)
			import_fail(im, ACTAS_ENOMEM);
	}
	if (json_array_append_new(array, made) != 0)
		import_fail(im, ACTAS_ENOMEM);
}

static void
add_owners(struct import *im, scope_id workspace, struct answer_list *list)
{
	struct ids below = estate_children(im->e, workspace);
	json_t *made = NULL;

	for (uint32_t i = 0; i < below.count && !im->error; i++) {
		const struct item *item = estate_item(im->e, below.at[i]);

		if (item == NULL || item->owner == NONE ||
		    guid_is_nil(im->people[item->owner].object_id) ||
		    items[item->kind].scanned == NULL)
			continue;
		if (made == NULL)
			made = json_pack("{s:s, s:s, s:s, s:[]}", "id",
			    import_thing_id(im, workspace), "name",
			    shown_name(im, workspace), "type", "Workspace",
			    "users");
		add_scanned(im, item, made);
	}
	if (made != NULL)
		answer_add(list, made);
}

/* --- schedules --- */

static void
put_schedule(struct import *im, const struct schedule *s, uint32_t number)
{
	const struct item *item = &im->e->items.at[s->item];
	scope_id workspace = im->e->scopes.at[item->scope].parent;
	struct answer_list list;
	struct guid id;
	json_t *made;

	if (!is_in_workspace(im, item))
		return;
	if (!guid_parse(estate_text(im->e, s->name), &id))
		id = import_id(im);
	made = json_pack("{s:s, s:b}", "id", import_guid(im, id), "enabled",
	    s->enabled != NO);
	if (s->updated_by != NONE &&
	    !guid_is_nil(im->people[s->updated_by].object_id) &&
	    json_object_set_new(made, "owner", principal(im, s->updated_by)) !=
		0)
		import_fail(im, ACTAS_ENOMEM);
	list = answer_list(im,
	    import_text(im, API "workspaces/%s/items/%s/jobs/%u/schedules",
		import_thing_id(im, workspace),
		import_thing_id(im, item->scope), number),
	    "value");
	answer_add(&list, made);
	answer_end(&list);
}

/* --- connections --- */

bool
import_is_fabric_connection(const struct import *im, scope_id s)
{
	const struct scope *row = &im->e->scopes.at[s];
	struct ids at = estate_assignments_at(im->e, s);
	struct guid id;

	if (row->kind != SCOPE_CONNECTION || row->parent != 0)
		return false;
	for (uint32_t i = 0; i < at.count; i++)
		if (im->e->roles.at[estate_assignment(im->e, at.at[i]).role]
			.plane == PLANE_FABRIC)
			return true;
	return guid_parse(estate_text(im->e, row->segment), &id);
}

static void
add_connection(struct import *im, scope_id s, struct answer_list *list)
{
	const struct connection *row = estate_connection(im->e, s);
	const char *scheme = row == NULL ? "" : import_string(im, row->scheme);

	answer_add(list,
	    json_pack("{s:s, s:s, s:s, s:{s:s*}}", "id", import_thing_id(im, s),
		"displayName", shown_name(im, s), "connectivityType",
		"ShareableCloud", "credentialDetails", "credentialType",
		scheme[0] == '\0' ? NULL : scheme));
	put_roles(im, s,
	    import_text(im, API "connections/%s/roleAssignments",
		import_thing_id(im, s)),
	    "value");
}

/* --- what no answer says --- */

static void
tell_items(struct import *im)
{
	uint32_t nowhere = 0, owners = 0, others = 0;

	for (uint32_t i = 0; i < im->e->items.count; i++) {
		const struct item *item = &im->e->items.at[i];
		bool kept = is_in_workspace(im, item);

		nowhere += !kept && item->kind != ITEM_DEVOPS_PIPELINE;
		owners += item->owner != NONE &&
		    (!kept || items[item->kind].scanned == NULL);
		others +=
		    item->modified_by != NONE || item->run_identity != NONE;
	}
	if (nowhere > 0)
		import_tell(im,
		    "%u items that lie in no workspace were left out", nowhere);
	if (owners > 0)
		import_tell(im,
		    "who owns %u items was left out: no service tells the "
		    "owner of such an item",
		    owners);
	if (others > 0)
		import_tell(im,
		    "who last changed %u items, or under whom they run, was "
		    "left out: the platform does not run items yet",
		    others);
}

void
import_fabric(struct import *im)
{
	const struct estate *e = im->e;
	struct answer_list workspaces =
	    answer_list(im, API "workspaces", "value");
	struct answer_list connections =
	    answer_list(im, API "connections", "value");
	struct answer_list scans = answer_list(im,
	    "api.powerbi.com/v1.0/myorg/admin/workspaces/scanResult",
	    "workspaces");

	im->things = import_zero(im, e->scopes.count, sizeof *im->things);
	find_identities(im);
	for (scope_id s = 0; s < e->scopes.count && !im->error; s++) {
		if (e->scopes.at[s].kind == SCOPE_WORKSPACE) {
			add_workspace(im, s, &workspaces);
			put_items(im, s);
			add_owners(im, s, &scans);
		} else if (import_is_fabric_connection(im, s)) {
			add_connection(im, s, &connections);
		}
	}
	for (uint32_t i = 0; i < e->schedules.count && !im->error; i++)
		put_schedule(im, &e->schedules.at[i], i);
	answer_end(&workspaces);
	answer_end(&connections);
	answer_end(&scans);
	tell_items(im);
}
