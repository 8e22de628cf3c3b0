#include "source/azure/azure_readers.h"

/*
 * Power BI's view of workspaces: the scan result of its admin API, and the
 * users of a workspace. Users are named by UPN there, of which the object id
 * is known to the directory only, so that most facts wait for the end.
 */

/* An assignment to the user whom "identifier" names, or to "graphId". */
static void
read_user(struct azure *az, const struct json_node *n, scope_id scope,
    const char *right_key)
{
	struct slice right = azure_text(az, n, right_key);
	struct slice type = azure_text(az, n, "principalType");
	struct slice identifier = azure_need_text(
	    az, n, "identifier", "the id or name of a principal");
	struct azure_principal said = {0};
	struct assignment a = {
	    .scope = scope, .origin = azure_origin(az, n->line)};

	azure_say_kind(&said, type);
	said.name = azure_text(az, n, "displayName");
	said.object_id = azure_guid(az, n, "graphId");
	if (guid_is_nil(said.object_id))
		(void)guid_parse(identifier, &said.object_id);
	if (said.kind == PRINCIPAL_USER &&
	    slice_find(identifier, SLICE("@")) != SIZE_MAX)
		said.upn = identifier;
	if (azure_failed(az) || slice_eq_case(right, SLICE("None")))
		return;
	a.role = builder_role_by_name(az->b, PLANE_FABRIC, right);
	if (a.role == NONE) {
		builder_problem(az->b, PROBLEM_UNKNOWN_ROLE, right, a.origin,
		    (struct origin){0},
		    "\"%s\" is \"%.*s\": expected Admin, Member, Contributor "
		    "or Viewer",
		    right_key, SLICE_ARGS(right));
		return;
	}
	if (guid_is_nil(said.object_id)) {
		azure_wait(az,
		    &(struct waiting){.what = WAITING_GRANT,
			.upn = builder_string(az->b, identifier),
			.role = a.role,
			.scope = scope,
			.origin = a.origin});
		return;
	}
	a.principal = azure_principal(az, &said, n->line);
	if (!azure_failed(az))
		builder_assign(az->b, &a);
}

void
azure_read_powerbi_user(struct azure *az, const struct json_node *n)
{
	scope_id s = azure_workspace(az, azure_captured(az, 0), n->line);

	read_user(az, n, s, "groupUserAccessRight");
}

static const struct {
	const char *list, *type;
} artifacts[] = {
    {"datasets", "SemanticModel"},
    {"reports", "Report"},
    {"dashboards", "Dashboard"},
    {"dataflows", "Dataflow"},
    {"Lakehouse", "Lakehouse"},
    {"warehouses", "Warehouse"},
    {"Notebook", "Notebook"},
    {"DataPipeline", "DataPipeline"},
};

/* The owner of a semantic model is who configured it. */
static void
read_owner(struct azure *az, const struct json_node *n, item_id item)
{
	struct azure_principal said = {.kind = PRINCIPAL_USER};
	struct slice by = azure_text(az, n, "configuredBy");
	principal_id p;

	said.object_id = azure_guid(az, n, "configuredById");
	if (!guid_is_nil(said.object_id)) {
		said.upn = by;
		p = azure_principal(az, &said, n->line);
		if (!azure_failed(az))
			az->b->items.at[item].owner = p;
	} else if (by.length > 0) {
		azure_wait(az,
		    &(struct waiting){.what = WAITING_OWNER,
			.upn = builder_string(az->b, by),
			.row = item,
			.origin = azure_origin(az, n->line)});
	}
}

static void
read_artifact(struct azure *az, const struct json_node *n, scope_id workspace,
    const char *type)
{
	struct guid id =
	    azure_guid(az, n, azure_field(n, "id") != NULL ? "id" : "objectId");
	struct slice name = azure_text(
	    az, n, azure_field(n, "name") != NULL ? "name" : "displayName");
	item_id item;

	if (guid_is_nil(id))
		azure_complain(az, n, "id", "a GUID");
	item = azure_item(az, workspace, id, slice_of(type), n->line);
	if (azure_failed(az))
		return;
	azure_declare_scope(az, az->b->items.at[item].scope, name, n->line);
	read_owner(az, n, item);
}

void
azure_read_scanned_workspace(struct azure *az, const struct json_node *n)
{
	struct guid id = azure_need_guid(az, n, "id");
	scope_id s = azure_workspace(az, id, n->line);
	struct json_walk walk = azure_list(az, n, "users");
	struct json_node each;

	azure_declare_scope(az, s, azure_text(az, n, "name"), n->line);
	while (!azure_failed(az) && json_walk_next(&walk, &each))
		read_user(az, &each, s, "groupUserAccessRight");
	for (size_t i = 0; i < sizeof artifacts / sizeof *artifacts; i++) {
		walk = azure_list(az, n, artifacts[i].list);
		while (!azure_failed(az) && json_walk_next(&walk, &each))
			read_artifact(az, &each, s, artifacts[i].type);
	}
}
