#include "source/azure/azure_readers.h"

/*
 * Fabric: workspaces, what is in them, who has a role there, and under whom
 * schedules run. A workspace is known by its id everywhere, so that a list of
 * its roles and a list of workspaces meet in one scope.
 */

static const struct {
	const char *type;
	enum item_kind kind;
} item_kinds[] = {
    {"Notebook", ITEM_NOTEBOOK},
    {"DataPipeline", ITEM_PIPELINE},
    {"Pipeline", ITEM_PIPELINE},
    {"SparkJobDefinition", ITEM_SPARK_JOB},
    {"ApacheAirflowJob", ITEM_AIRFLOW_JOB},
    {"SemanticModel", ITEM_SEMANTIC_MODEL},
    {"Dataset", ITEM_SEMANTIC_MODEL},
    {"Warehouse", ITEM_WAREHOUSE},
    {"Lakehouse", ITEM_LAKEHOUSE},
};

enum item_kind
azure_item_kind(struct slice type)
{
	for (size_t i = 0; i < sizeof item_kinds / sizeof *item_kinds; i++)
		if (slice_eq_case(type, slice_of(item_kinds[i].type)))
			return item_kinds[i].kind;
	return ITEM_OTHER;
}

scope_id
azure_workspace(struct azure *az, struct guid id, uint32_t line)
{
	char text[GUID_TEXT_LENGTH + 1];

	if (azure_failed(az))
		return NONE;
	guid_format(id, text);
	return builder_scope(az->b, 0, SCOPE_WORKSPACE, SLICE(""),
	    slice_of(text), azure_origin(az, line));
}

item_id
azure_item(struct azure *az, scope_id workspace, struct guid id,
    struct slice type, uint32_t line)
{
	char text[GUID_TEXT_LENGTH + 1];
	scope_id s;

	if (azure_failed(az))
		return NONE;
	guid_format(id, text);
	/* The type is no part of what an item is known by: a schedule names
	 * an item by its id alone. */
	s = builder_scope(az->b, workspace, SCOPE_ITEM, SLICE(""),
	    slice_of(text), azure_origin(az, line));
	if (s == NONE)
		return NONE;
	return builder_item(
	    az->b, s, azure_item_kind(type), azure_origin(az, line));
}

/* --- principals as Fabric writes them --- */

static principal_id
everyone(struct azure *az, uint32_t line)
{
	if (az->everyone == NONE)
		az->everyone = builder_principal_new(az->b,
		    SLICE("Everyone in the tenant"), PRINCIPAL_GROUP,
		    azure_origin(az, line));
	if (az->everyone != NONE)
		az->b->principals.at[az->everyone].flags |=
		    PRINCIPAL_EVERYONE | PRINCIPAL_COLLECTIVE;
	return az->everyone;
}

/* {"id", "type", "displayName", "userDetails": {…}, …} */
static principal_id
read_principal(struct azure *az, const struct json_node *n)
{
	struct azure_principal said = {0};
	struct slice type = azure_text(az, n, "type");
	struct json_node details;

	if (slice_eq_case(type, SLICE("EntireTenant")) && !azure_failed(az))
		return everyone(az, n->line);
	said.object_id = azure_need_guid(az, n, "id");
	azure_say_kind(&said, type);
	said.name = azure_text(az, n, "displayName");
	if (azure_node(az, n, "userDetails", &details))
		said.upn = azure_text(az, &details, "userPrincipalName");
	if (azure_node(az, n, "servicePrincipalDetails", &details))
		said.app_id = azure_guid(az, &details, "aadAppId");
	return azure_principal(az, &said, n->line);
}

/* The principal under "principal", which has to be there. */
static principal_id
principal_of(struct azure *az, const struct json_node *n)
{
	struct json_node principal;

	if (azure_node(az, n, "principal", &principal))
		return read_principal(az, &principal);
	azure_complain(
	    az, n, "principal", "an object with \"id\" and \"type\"");
	return NONE;
}

/* --- grants --- */

struct grant_text {
	struct slice role; /* as the service calls it */
	const char *key;   /* under which it stands, for messages */
	principal_id principal;
	scope_id scope;
};

static void
assign(struct azure *az, const struct json_node *n, const struct grant_text *g)
{
	struct assignment a = {.principal = g->principal,
	    .scope = g->scope,
	    .origin = azure_origin(az, n->line)};

	if (azure_failed(az))
		return;
	a.role = builder_role_by_name(az->b, PLANE_FABRIC, g->role);
	if (a.role != NONE) {
		builder_assign(az->b, &a);
		return;
	}
	builder_problem(az->b, PROBLEM_UNKNOWN_ROLE, g->role, a.origin,
	    (struct origin){0}, "\"%s\" is \"%.*s\": Fabric has no such role",
	    g->key, SLICE_ARGS(g->role));
}

void
azure_read_workspace_role(struct azure *az, const struct json_node *n)
{
	struct guid id = azure_captured(az, 0);
	struct grant_text g = {.key = "role"};

	g.role = azure_need_text(az, n, "role", "a role such as \"Member\"");
	g.principal = principal_of(az, n);
	g.scope = azure_workspace(az, id, n->line);
	assign(az, n, &g);
}

/* {"principal": …, "workspaceAccessDetails": {"workspaceRole": …}} */
void
azure_read_workspace_access(struct azure *az, const struct json_node *n)
{
	struct guid id = azure_captured(az, 0);
	struct grant_text g = {.key = "workspaceRole"};
	struct json_node details;

	if (!azure_node(az, n, "workspaceAccessDetails", &details)) {
		azure_complain(az, n, "workspaceAccessDetails", "an object");
		return;
	}
	g.role = azure_need_text(
	    az, &details, "workspaceRole", "a role such as \"Member\"");
	g.principal = principal_of(az, n);
	g.scope = azure_workspace(az, id, n->line);
	assign(az, n, &g);
}

/* {"principal": …, "itemAccessDetails": {"permissions": ["Read", …],
 * "additionalPermissions": ["ReadData", …]}} */
void
azure_read_item_access(struct azure *az, const struct json_node *n)
{
	static const char *const lists[] = {
	    "permissions", "additionalPermissions"};
	struct guid workspace = azure_captured(az, 0);
	struct guid id = azure_captured(az, 1);
	struct grant_text g = {0};
	struct json_node details, each;
	item_id item;

	g.principal = principal_of(az, n);
	if (!azure_node(az, n, "itemAccessDetails", &details)) {
		azure_complain(az, n, "itemAccessDetails", "an object");
		return;
	}
	item = azure_item(az, azure_workspace(az, workspace, n->line), id,
	    azure_text(az, &details, "type"), n->line);
	if (azure_failed(az))
		return;
	g.scope = az->b->items.at[item].scope;
	for (size_t i = 0; i < 2; i++) {
		struct json_walk walk = azure_list(az, &details, lists[i]);

		g.key = lists[i];
		while (!azure_failed(az) && json_walk_next(&walk, &each)) {
			g.role = (struct slice){json_string_value(each.value),
			    json_string_length(each.value)};
			assign(az, &each, &g);
		}
	}
}

/* --- workspaces and items --- */

static void
declare_workspace_identity(struct azure *az, const struct json_node *n,
    scope_id workspace, struct slice name)
{
	struct azure_principal said = {
	    .kind = PRINCIPAL_WORKSPACE_IDENTITY, .rank = RANK_LISTING};
	principal_id p;

	said.object_id = azure_need_guid(az, n, "servicePrincipalId");
	said.app_id = azure_guid(az, n, "applicationId");
	said.name = name;
	p = azure_principal(az, &said, n->line);
	if (!azure_failed(az))
		az->b->principals.at[p].workspace = workspace;
}

void
azure_read_workspace_identity(struct azure *az, const struct json_node *n)
{
	scope_id workspace =
	    azure_workspace(az, azure_captured(az, 0), n->line);

	declare_workspace_identity(az, n, workspace, SLICE(""));
}

void
azure_read_workspace(struct azure *az, const struct json_node *n)
{
	struct guid id = azure_need_guid(az, n, "id");
	struct slice name = azure_text(az, n, "displayName");
	scope_id s = azure_workspace(az, id, n->line);
	struct json_node identity;

	azure_declare_scope(az, s, name, n->line);
	if (azure_node(az, n, "workspaceIdentity", &identity))
		declare_workspace_identity(az, &identity, s, name);
}

void
azure_read_item(struct azure *az, const struct json_node *n)
{
	struct guid workspace = azure_need_guid(az, n, "workspaceId");
	struct guid id = azure_need_guid(az, n, "id");
	struct slice type = azure_need_text(
	    az, n, "type", "a kind of item such as \"Notebook\"");
	struct slice name = azure_text(az, n,
	    azure_field(n, "displayName") != NULL ? "displayName" : "name");
	item_id item;
	scope_id s;

	if (azure_failed(az))
		return;
	item = azure_item(
	    az, azure_workspace(az, workspace, n->line), id, type, n->line);
	if (item == NONE)
		return;
	s = az->b->items.at[item].scope;
	azure_declare_scope(az, s, name, n->line);
	az->b->items.at[item].origin = az->b->scopes.at[s].origin;
}

void
azure_read_schedule(struct azure *az, const struct json_node *n)
{
	struct guid workspace = azure_captured(az, 0);
	struct guid item = azure_captured(az, 1);
	struct guid id = azure_need_guid(az, n, "id");
	struct schedule s = {.origin = azure_origin(az, n->line)};
	struct json_node owner;
	enum actas_error error;

	if (azure_failed(az) || azure_seen(az, SEEN_SCHEDULE, id, 0))
		return;
	s.item = azure_item(az, azure_workspace(az, workspace, n->line), item,
	    SLICE(""), n->line);
	s.name = azure_string(az, n, "id");
	s.enabled = (uint8_t)azure_bool(az, n, "enabled");
	s.updated_by = azure_node(az, n, "owner", &owner)
	    ? read_principal(az, &owner)
	    : NONE;
	if (azure_failed(az))
		return;
	error = vector_push(&az->b->schedules, s);
	if (error != ACTAS_OK)
		az->error = fault_plain(az->fault, error);
}

/* --- connections --- */

static scope_id
connection_scope(struct azure *az, struct guid id, uint32_t line)
{
	char text[GUID_TEXT_LENGTH + 1];

	if (azure_failed(az))
		return NONE;
	guid_format(id, text);
	return builder_scope(az->b, 0, SCOPE_CONNECTION, SLICE(""),
	    slice_of(text), azure_origin(az, line));
}

void
azure_read_fabric_connection(struct azure *az, const struct json_node *n)
{
	struct guid id = azure_need_guid(az, n, "id");
	struct slice name = azure_text(az, n, "displayName");
	scope_id s = connection_scope(az, id, n->line);
	struct json_node details;
	struct connection *c;
	string_id scheme = 0;

	if (azure_failed(az))
		return;
	azure_declare_scope(az, s, name, n->line);
	if (azure_node(az, n, "credentialDetails", &details))
		scheme = azure_string(az, &details, "credentialType");
	c = builder_connection(az->b, s, azure_origin(az, n->line));
	if (c == NULL)
		return;
	c->scheme = scheme;
	c->origin = azure_origin(az, n->line);
}

/* Roles of a connection have names of their own in the catalogue, since
 * "User" and "Owner" say nothing without the connection. */
static const struct {
	const char *name, *role;
} connection_roles[] = {
    {"User", "Connection User"},
    {"UserWithReshare", "Connection User with Reshare"},
    {"Owner", "Connection Owner"},
};

void
azure_read_connection_role(struct azure *az, const struct json_node *n)
{
	struct guid id = azure_captured(az, 0);
	struct grant_text g = {.key = "role"};

	g.role = azure_need_text(az, n, "role", "a role such as \"User\"");
	for (size_t i = 0; i < 3; i++) {
		if (!slice_eq_case(g.role, slice_of(connection_roles[i].name)))
			continue;
		g.role = slice_of(connection_roles[i].role);
		break;
	}
	g.principal = principal_of(az, n);
	g.scope = connection_scope(az, id, n->line);
	assign(az, n, &g);
}
