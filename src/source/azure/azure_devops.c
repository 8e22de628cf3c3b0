#include "source/azure/azure_readers.h"

/*
 * Azure DevOps: service connections, who backs them, and which pipelines may
 * use them. Organisation and project are in the request. A connection is
 * known by its id, since permissions name it so.
 */

static struct slice
organization_name(struct slice host)
{
	struct slice old = SLICE(".visualstudio.com");

	return slice_ends_case(host, old)
	    ? slice_sub(host, 0, host.length - old.length)
	    : host;
}

/* The project of a request "…/{organization}/{project}/_apis/…". */
static scope_id
captured_project(struct azure *az, const struct json_node *n)
{
	struct origin origin = azure_origin(az, n->line);
	struct slice organization, project;
	scope_id s;

	if (azure_failed(az))
		return NONE;
	if (az->request.capture_count < 2) {
		azure_refuse(az, n->line,
		    "does not say of which project %s is: keep the answer "
		    "under its request, as in dev.azure.com/{organization}/"
		    "{project}/_apis/serviceendpoint/endpoints.json",
		    az->shape->what);
		return NONE;
	}
	organization = organization_name(az->request.captures[0]);
	project = az->request.captures[1];
	s = builder_scope(
	    az->b, 0, SCOPE_ORGANIZATION, SLICE(""), organization, origin);
	if (s == NONE)
		return NONE;
	return builder_scope(
	    az->b, s, SCOPE_PROJECT, SLICE(""), project, origin);
}

void
azure_read_project(struct azure *az, const struct json_node *n)
{
	struct slice name =
	    azure_need_text(az, n, "name", "the project's name");
	scope_id s;

	if (azure_failed(az))
		return;
	s = builder_scope(az->b, 0, SCOPE_ORGANIZATION, SLICE(""),
	    organization_name(az->request.captures[0]),
	    azure_origin(az, n->line));
	if (s == NONE)
		return;
	s = builder_scope(az->b, s, SCOPE_PROJECT, SLICE(""), name,
	    azure_origin(az, n->line));
	azure_declare_scope(az, s, SLICE(""), n->line);
}

static scope_id
connection_scope(struct azure *az, const struct json_node *n, struct guid id)
{
	scope_id project = captured_project(az, n);
	char text[GUID_TEXT_LENGTH + 1];

	if (azure_failed(az))
		return NONE;
	guid_format(id, text);
	return builder_scope(az->b, project, SCOPE_CONNECTION, SLICE(""),
	    slice_of(text), azure_origin(az, n->line));
}

/* The row number of a connection's description. */
static uint32_t
connection_row(struct azure *az, scope_id s, uint32_t line)
{
	struct connection *c;

	if (azure_failed(az))
		return NONE;
	c = builder_connection(az->b, s, azure_origin(az, line));
	return c == NULL ? NONE : (uint32_t)(c - az->b->connections.at);
}

/* Only the id of the identity that backs it is read: what else stands among
 * the parameters may be its secret. */
static void
read_authorization(struct azure *az, const struct json_node *n, uint32_t row)
{
	struct json_node authorization, parameters;
	struct guid app;

	if (!azure_node(az, n, "authorization", &authorization))
		return;
	az->b->connections.at[row].scheme =
	    azure_string(az, &authorization, "scheme");
	if (!azure_node(az, &authorization, "parameters", &parameters))
		return;
	app = azure_guid(az, &parameters, "serviceprincipalid");
	if (guid_is_nil(app))
		app = azure_guid(az, &parameters, "servicePrincipalId");
	if (guid_is_nil(app))
		return;
	azure_wait(az,
	    &(struct waiting){.what = WAITING_BACKER,
		.id = app,
		.row = row,
		.origin = azure_origin(az, n->line)});
}

void
azure_read_endpoint(struct azure *az, const struct json_node *n)
{
	struct guid id = azure_need_guid(az, n, "id");
	scope_id s = connection_scope(az, n, id);
	uint32_t row = connection_row(az, s, n->line);
	struct connection *c;

	azure_declare_scope(az, s, azure_text(az, n, "name"), n->line);
	if (azure_failed(az))
		return;
	c = &az->b->connections.at[row];
	c->ready = (uint8_t)azure_bool(az, n, "isReady");
	c->purpose = azure_string(az, n, "description");
	c->origin = azure_origin(az, n->line);
	read_authorization(az, n, row);
}

/* --- pipelines --- */

static item_id
pipeline(struct azure *az, const struct json_node *n, scope_id project)
{
	const json_t *id = azure_field(n, "id");
	struct buffer text = {0};
	scope_id s;

	if (azure_failed(az))
		return NONE;
	if (!json_is_integer(id) || json_integer_value(id) < 0) {
		azure_complain(az, n, "id", "the number of a pipeline");
		return NONE;
	}
	buffer_addf(&text, "%lld", (long long)json_integer_value(id));
	s = builder_scope(az->b, project, SCOPE_ITEM, SLICE(""),
	    buffer_slice(&text), azure_origin(az, n->line));
	if (text.error != ACTAS_OK && !azure_failed(az))
		az->error = fault_plain(az->fault, text.error);
	buffer_release(&text);
	if (azure_failed(az))
		return NONE;
	return builder_item(
	    az->b, s, ITEM_DEVOPS_PIPELINE, azure_origin(az, n->line));
}

void
azure_read_devops_pipeline(struct azure *az, const struct json_node *n)
{
	item_id item = pipeline(az, n, captured_project(az, n));
	struct slice name = azure_text(az, n, "name");
	scope_id s;

	if (azure_failed(az))
		return;
	s = az->b->items.at[item].scope;
	azure_declare_scope(az, s, name, n->line);
	az->b->items.at[item].origin = az->b->scopes.at[s].origin;
}

static void
read_authorized(
    struct azure *az, const struct json_node *n, uint32_t row, scope_id project)
{
	struct authorization a = {
	    .connection = row, .origin = azure_origin(az, n->line)};
	enum actas_error error;

	if (azure_bool(az, n, "authorized") != YES)
		return;
	a.item = pipeline(az, n, project);
	if (azure_failed(az) ||
	    azure_seen(az, SEEN_PIPELINE, (struct guid){0},
		(uint64_t)row << 32 | a.item))
		return;
	error = vector_push(&az->b->authorizations, a);
	if (error != ACTAS_OK)
		az->error = fault_plain(az->fault, error);
}

/* {"resource": {"type": "endpoint", "id": …}, "allPipelines": {"authorized":
 * true}, "pipelines": [{"id": 12, "authorized": true}]} */
void
azure_read_pipeline_permission(struct azure *az, const struct json_node *n)
{
	struct json_node all, each, resource;
	struct json_walk walk = azure_list(az, n, "pipelines");
	struct guid id = {0};
	scope_id s;
	uint32_t row;

	if (az->request.capture_count < 3) {
		(void)captured_project(az, n);
		return;
	}
	if (azure_node(az, n, "resource", &resource))
		id = azure_guid(az, &resource, "id");
	if (guid_is_nil(id))
		id = azure_captured(az, 2);
	s = connection_scope(az, n, id);
	row = connection_row(az, s, n->line);
	if (azure_failed(az))
		return;
	az->b->connections.at[row].all_pipelines =
	    azure_node(az, n, "allPipelines", &all) &&
		azure_bool(az, &all, "authorized") == YES
	    ? YES
	    : NO;
	while (!azure_failed(az) && json_walk_next(&walk, &each))
		read_authorized(az, &each, row, az->b->scopes.at[s].parent);
}
