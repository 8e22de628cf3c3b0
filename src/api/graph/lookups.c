#include "api/graph/operations.h"

/* Questions that no collection answers: objects by their ids, the tenant. */

enum { IDS_MOST = 1000 };

static bool
is_wanted(const json_t *types, enum graph_kind kind)
{
	const json_t *type;
	size_t i;

	if (json_array_size(types) == 0)
		return true;
	json_array_foreach(types, i, type)
	{
		const char *text = json_string_value(type);

		if (text != NULL &&
		    (strcmp(text, graph_collections[kind].type) == 0 ||
			strcmp(text, "directoryObject") == 0))
			return true;
	}
	return false;
}

/* Those that there are; an id that nothing bears is left out, as Graph
 * does. */
static void
by_ids(struct graph_call *c)
{
	const json_t *ids = json_object_get(c->body, "ids");
	const json_t *types = json_object_get(c->body, "types"), *id;
	json_t *list = json_array();
	size_t i;

	if (!json_is_array(ids) || json_array_size(ids) > IDS_MOST)
		graph_refuse(c, 400, "Request_BadRequest",
		    "Property 'ids' is a list of at most %d ids.", IDS_MOST);
	json_array_foreach(ids, i, id)
	{
		enum graph_kind kind;
		struct guid wanted;
		json_t *object = NULL;

		if (guid_parse(slice_of(json_string_value(id)), &wanted))
			object = graph_find(graph_state(c), wanted, &kind);
		if (object != NULL && is_wanted(types, kind))
			json_array_append_new(
			    list, graph_shown(graph_state(c), kind, object));
		json_decref(object);
	}
	graph_reply(c, 200, json_pack("{s:o}", "value", list));
}

static void
by_id(struct graph_call *c)
{
	struct slice named = c->x->captures[0];
	enum graph_kind kind;
	struct guid id;
	json_t *object = NULL;

	if (guid_parse(named, &id))
		object = graph_find(graph_state(c), id, &kind);
	if (object == NULL)
		graph_refuse_missing(c, named);
	else
		graph_reply(c, 200, graph_shown(graph_state(c), kind, object));
	json_decref(object);
}

/* "applications(appId='…')", which is one segment of the path. */
static void
by_app_id(struct graph_call *c)
{
	struct slice rest = c->x->captures[0], collection, value;
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;
	unsigned kind = 0;

	(void)slice_cut(&rest, '(', &collection);
	while (kind < GRAPH_KINDS &&
	    !slice_eq_case(collection, slice_of(graph_collections[kind].name)))
		kind++;
	if (kind == GRAPH_KINDS || !slice_starts_case(rest, SLICE("appId='")) ||
	    !slice_ends(rest, SLICE("')"))) {
		graph_refuse(c, 400, "BadRequest",
		    "Resource not found for the segment '%.*s'.",
		    SLICE_ARGS(c->x->captures[0]));
		return;
	}
	value = slice_sub(rest, 7, rest.length - 9);
	state_walk_prefix(&walk, graph_state(c),
	    entity_prefix(
		&text, graph_collections[kind].entity, SLICE(""), SLICE("")));
	while (c->reply == NULL && state_walk_next(&walk, &entry)) {
		json_t *object = entity_get(graph_state(c), entry.key);

		if (slice_eq_case(graph_text(object, "appId"), value))
			graph_reply(c, 200,
			    graph_select(c,
				graph_shown(graph_state(c),
				    (enum graph_kind)kind, object)));
		json_decref(object);
	}
	if (c->reply == NULL)
		graph_refuse_missing(c, value);
}

static void
organization(struct graph_call *c)
{
	struct entity_text text;
	json_t *tenant = entity_get(graph_state(c),
	    entity_key(&text, ENTITY_TENANT, SLICE(""), SLICE(""), SLICE("")));

	graph_reply(c, 200,
	    json_pack("{s:[{s:s, s:O?, s:O?, s:[{s:O?, s:b, s:b}]}]}", "value",
		"@odata.type", "#microsoft.graph.organization", "id",
		json_object_get(tenant, "id"), "displayName",
		json_object_get(tenant, "displayName"), "verifiedDomains",
		"name", json_object_get(tenant, "domain"), "isDefault", 1,
		"isInitial", 1));
	json_decref(tenant);
}

/* Nobody has one here. */
static void
manager(struct graph_call *c)
{
	graph_refuse_missing(c, SLICE("manager"));
}

/* What the platform has none of: delegated permissions, extensions. */
static void
empty_list(struct graph_call *c)
{
	graph_reply(c, 200, json_pack("{s:[]}", "value"));
}

const struct graph_operation graph_objects_by_ids = {
    .permission = PERMIT_DIRECTORY_READ,
    .wants_body = true,
    .read = by_ids,
};
const struct graph_operation graph_object_by_id = {
    .permission = PERMIT_DIRECTORY_READ,
    .read = by_id,
};
const struct graph_operation graph_object_by_app_id = {
    .permission = PERMIT_DIRECTORY_READ,
    .read = by_app_id,
};
const struct graph_operation graph_organization = {
    .permission = PERMIT_DIRECTORY_READ,
    .read = organization,
};
const struct graph_operation graph_user_manager = {
    .permission = PERMIT_DIRECTORY_READ,
    .kind = GRAPH_USER,
    .has_object = true,
    .self_suffices = true,
    .read = manager,
};
const struct graph_operation graph_empty_list[GRAPH_KINDS] = {
    [GRAPH_APPLICATION] = {.permission = PERMIT_DIRECTORY_READ,
	.kind = GRAPH_APPLICATION,
	.has_object = true,
	.self_suffices = true,
	.read = empty_list},
    [GRAPH_PRINCIPAL] = {.permission = PERMIT_DIRECTORY_READ,
	.kind = GRAPH_PRINCIPAL,
	.has_object = true,
	.self_suffices = true,
	.read = empty_list},
};
