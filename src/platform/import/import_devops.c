#include "platform/import/import_private.h"

/*
 * Azure DevOps: service connections, what backs them, which pipelines may use
 * them, as its services answer. An answer belongs to a project; what a page
 * names without one goes into a project that is made.
 */

#define MADE_ORGANIZATION "local"
#define MADE_PROJECT      "platform"

static const char *
shown_name(struct import *im, scope_id s)
{
	const struct scope *row = &im->e->scopes.at[s];

	return import_string(im, row->name != 0 ? row->name : row->segment);
}

/* A name as a segment of a request. */
static const char *
encoded(struct import *im, struct slice name)
{
	struct buffer text = {0};
	const char *made;

	for (size_t i = 0; i < name.length; i++) {
		unsigned char c = (unsigned char)name.at[i];

		if (c > ' ' && c != 0x7f && strchr("%?/.", (char)c) == NULL)
			buffer_putc(&text, (char)c);
		else
			buffer_addf(&text, "%%%02X", (unsigned)c);
	}
	import_fail(im, text.error);
	made = import_text(im, "%s", buffer_text(&text));
	buffer_release(&text);
	return made;
}

/* "dev.azure.com/{organization}/{project}/_apis/" of a thing in a project. */
static const char *
request_of(struct import *im, scope_id s)
{
	const struct scope *rows = im->e->scopes.at;
	scope_id project = rows[s].parent, organization = NONE;

	if (rows[project].kind == SCOPE_ORGANIZATION)
		organization = project;
	else if (rows[project].kind == SCOPE_PROJECT &&
	    rows[rows[project].parent].kind == SCOPE_ORGANIZATION)
		organization = rows[project].parent;
	return import_text(im, "dev.azure.com/%s/%s/_apis/",
	    organization == NONE
		? MADE_ORGANIZATION
		: encoded(im, estate_text(im->e, rows[organization].segment)),
	    rows[project].kind == SCOPE_PROJECT
		? encoded(im, estate_text(im->e, rows[project].segment))
		: MADE_PROJECT);
}

/* --- lists, one a project --- */

struct project {
	const char *request; /* with the name of the list at its end */
	struct answer_list list;
};
struct projects {
	VECTOR(struct project) at;
	struct index index;
};

static void
add(struct import *im, struct projects *all, const char *request,
    json_t *element)
{
	uint64_t hash = slice_hash_case(slice_of(request));
	struct index_walk walk = index_start(&all->index, hash);
	uint32_t i;

	while (index_next(&walk, &i))
		if (slice_eq_case(
			slice_of(all->at.at[i].request), slice_of(request))) {
			answer_add(&all->at.at[i].list, element);
			return;
		}
	import_fail(im, index_add(&all->index, hash, all->at.count));
	import_fail(im,
	    vector_push(&all->at,
		(struct project){request, answer_list(im, request, "value")}));
	if (im->error == ACTAS_OK)
		answer_add(&all->at.at[all->at.count - 1].list, element);
	else
		json_decref(element);
}

static void
end(struct projects *all)
{
	for (uint32_t i = 0; i < all->at.count; i++)
		answer_end(&all->at.at[i].list);
	vector_release(&all->at);
	index_release(&all->index);
}

/* --- pipelines, which have numbers --- */

static bool
own_number(const struct import *im, const struct item *item, uint64_t *number)
{
	struct slice segment =
	    estate_text(im->e, im->e->scopes.at[item->scope].segment);

	return slice_u64(segment, number) && *number <= INT32_MAX;
}

static void
number_pipelines(struct import *im)
{
	const struct estate *e = im->e;
	uint64_t next = 1, number;

	im->numbers = import_zero(im, e->scopes.count, sizeof *im->numbers);
	if (im->numbers == NULL)
		return;
	for (uint32_t i = 0; i < e->items.count; i++)
		if (own_number(im, &e->items.at[i], &number)) {
			im->numbers[e->items.at[i].scope] = number;
			next = number >= next ? number + 1 : next;
		}
	for (uint32_t i = 0; i < e->items.count; i++)
		if (e->items.at[i].kind == ITEM_DEVOPS_PIPELINE &&
		    !own_number(im, &e->items.at[i], &number))
			im->numbers[e->items.at[i].scope] = next++;
}

static void
add_pipeline(struct import *im, const struct item *item, struct projects *all)
{
	add(im, all,
	    import_text(im, "%spipelines", request_of(im, item->scope)),
	    json_pack("{s:I, s:s, s:s}", "id",
		(json_int_t)im->numbers[item->scope], "name",
		shown_name(im, item->scope), "folder", "\\"));
}

/* --- connections --- */

static json_t *
authorization(struct import *im, const struct connection *row)
{
	const char *scheme = import_string(im, row->scheme);
	struct guid app_id = {0};

	if (row->principal != NONE)
		app_id = im->people[row->principal].app_id;
	if (row->principal != NONE && guid_is_nil(app_id))
		import_tell(im,
		    "service connection %s: that %s backs it was left out: it "
		    "has no app id",
		    import_scope(im, row->scope),
		    import_principal(im, row->principal));
	return json_pack("{s:s, s:{s:s*, s:s}}", "scheme",
	    scheme[0] == '\0' ? "ServicePrincipal" : scheme, "parameters",
	    "serviceprincipalid",
	    guid_is_nil(app_id) ? NULL : import_guid(im, app_id), "tenantid",
	    im->tenant_text);
}

static void
add_connection(
    struct import *im, const struct connection *row, struct projects *all)
{
	const char *purpose = import_string(im, row->purpose);

	add(im, all,
	    import_text(
		im, "%sserviceendpoint/endpoints", request_of(im, row->scope)),
	    json_pack("{s:s, s:s, s:s, s:b, s:s*, s:o}", "id",
		import_thing_id(im, row->scope), "name",
		shown_name(im, row->scope), "type", "azurerm", "isReady",
		row->ready != NO, "description",
		purpose[0] == '\0' ? NULL : purpose, "authorization",
		authorization(im, row)));
}

/* Permissions of one connection, in the making. */
struct permissions {
	const struct connection *row;
	json_t *pipelines;
	bool any;
};

static void
put_permissions(struct import *im, const struct permissions *p)
{
	const char *id = import_thing_id(im, p->row->scope);
	const char *request =
	    import_text(im, "%spipelines/pipelinepermissions/endpoint/%s",
		request_of(im, p->row->scope), id);
	json_t *made = json_pack("{s:{s:s, s:s}, s:O}", "resource", "type",
	    "endpoint", "id", id, "pipelines", p->pipelines);
	struct entity_text text;

	if (p->row->all_pipelines == YES &&
	    json_object_set_new(
		made, "allPipelines", json_pack("{s:b}", "authorized", 1)) != 0)
		import_fail(im, ACTAS_ENOMEM);
	import_put(im,
	    entity_key(
		&text, ENTITY_ANSWER, slice_of(request), SLICE(""), SLICE("")),
	    made, request);
}

static void
add_permission(
    struct import *im, const struct authorization *a, struct permissions *p)
{
	const struct item *item = &im->e->items.at[a->item];

	if (item->kind != ITEM_DEVOPS_PIPELINE ||
	    strcmp(request_of(im, item->scope),
		request_of(im, p->row->scope)) != 0)
		import_tell(im,
		    "that %s may use service connection %s was left out: it "
		    "is no pipeline of its project",
		    import_scope(im, item->scope),
		    import_scope(im, p->row->scope));
	else if (json_array_append_new(p->pipelines,
		     json_pack("{s:I, s:b}", "id",
			 (json_int_t)im->numbers[item->scope], "authorized",
			 1)) != 0)
		import_fail(im, ACTAS_ENOMEM);
	p->any = true;
}

static void
put_all_permissions(struct import *im)
{
	const struct estate *e = im->e;
	uint32_t count = e->connections.count;
	struct permissions *all = import_zero(im, count, sizeof *all);

	for (uint32_t i = 0; i < count && all != NULL; i++)
		all[i] = (struct permissions){.row = &e->connections.at[i],
		    .pipelines = json_array(),
		    .any = e->connections.at[i].all_pipelines != UNSAID};
	for (uint32_t i = 0; i < e->authorizations.count && !im->error; i++)
		add_permission(im, &e->authorizations.at[i],
		    &all[e->authorizations.at[i].connection]);
	for (uint32_t i = 0; i < count && all != NULL; i++) {
		if (all[i].any && im->error == ACTAS_OK &&
		    !import_is_fabric_connection(im, all[i].row->scope))
			put_permissions(im, &all[i]);
		json_decref(all[i].pipelines);
	}
}

/* Roles of projects and connections, which no answer that is read lists. */
static void
tell_roles(struct import *im)
{
	uint32_t count = 0;

	for (assignment_id i = 0; i < im->e->grants.count; i++)
		count +=
		    im->e->roles.at[estate_assignment(im->e, i).role].plane ==
		    PLANE_DEVOPS;
	if (count > 0)
		import_tell(im,
		    "roles in Azure DevOps (%u) were left out: the platform "
		    "has no place for them yet",
		    count);
}

void
import_devops(struct import *im)
{
	const struct estate *e = im->e;
	struct projects all = {0};

	number_pipelines(im);
	for (uint32_t i = 0; i < e->items.count && !im->error; i++)
		if (e->items.at[i].kind == ITEM_DEVOPS_PIPELINE)
			add_pipeline(im, &e->items.at[i], &all);
	for (uint32_t i = 0; i < e->connections.count && !im->error; i++)
		if (!import_is_fabric_connection(
			im, e->connections.at[i].scope))
			add_connection(im, &e->connections.at[i], &all);
	put_all_permissions(im);
	end(&all);
	tell_roles(im);
}
