#include "api/graph/operations.h"

/*
 * Federated credentials: tokens of which issuer and subject an application
 * takes in place of a secret (facts 5). Issuer and subject together are there
 * once.
 */

enum { FEDERATED_MOST = 20, NAME_MOST = 120, CLAIM_MOST = 600 };

static const char *const members[] = {"issuer", "subject", "description"};

static struct slice
owner_text(const struct graph_call *c)
{
	return graph_text(c->object, "id");
}

static void
want_text(struct graph_call *c, const char *name, size_t most, bool required)
{
	const json_t *value = json_object_get(c->body, name);
	size_t length = json_string_length(value);

	if ((required && length == 0) || length > most ||
	    (value != NULL && !json_is_null(value) && !json_is_string(value)))
		graph_refuse(c, 400, "Request_BadRequest",
		    "Property '%s' is a text of at most %zu characters.", name,
		    most);
}

static void
check(struct graph_call *c, bool creates)
{
	const json_t *audiences = json_object_get(c->body, "audiences");

	want_text(c, "name", NAME_MOST, creates);
	want_text(c, "issuer", CLAIM_MOST, creates);
	want_text(c, "subject", CLAIM_MOST, creates);
	want_text(c, "description", CLAIM_MOST, false);
	if ((creates || audiences != NULL) &&
	    (json_array_size(audiences) != 1 ||
		json_string_length(json_array_get(audiences, 0)) == 0))
		graph_refuse(c, 400, "Request_BadRequest",
		    "Property 'audiences' has exactly one value.");
}

static void
prepare_create(struct graph_call *c)
{
	check(c, true);
	c->made = chance_guid(exchange_platform(c->x)->chance);
}

static void
prepare_update(struct graph_call *c)
{
	check(c, false);
}

/* By id or by name. New reference or NULL. */
static json_t *
find(struct graph_call *c, struct slice named)
{
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;

	state_walk_prefix(&walk, graph_state(c),
	    entity_prefix(&text, ENTITY_FEDERATED, owner_text(c), SLICE("")));
	while (state_walk_next(&walk, &entry)) {
		json_t *each = entity_get(graph_state(c), entry.key);

		if (slice_eq_case(graph_text(each, "id"), named) ||
		    slice_eq_case(graph_text(each, "name"), named))
			return each;
		json_decref(each);
	}
	return NULL;
}

static void
list(struct graph_call *c)
{
	json_t *all = json_array();
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;

	state_walk_prefix(&walk, graph_state(c),
	    entity_prefix(&text, ENTITY_FEDERATED, owner_text(c), SLICE("")));
	while (state_walk_next(&walk, &entry))
		json_array_append_new(
		    all, entity_get(graph_state(c), entry.key));
	graph_reply_list(c, all);
}

static void
get(struct graph_call *c)
{
	json_t *found = find(c, c->x->captures[1]);

	if (found == NULL)
		graph_refuse_missing(c, c->x->captures[1]);
	else
		graph_reply(c, 200, graph_select(c, found));
}

/* Refuses a second one of the same name, or issuer and subject. */
static void
refuse_repetition(struct graph_call *c, const json_t *made)
{
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;
	uint32_t count = 0;

	state_walk_prefix(&walk, graph_state(c),
	    entity_prefix(&text, ENTITY_FEDERATED, owner_text(c), SLICE("")));
	for (; state_walk_next(&walk, &entry); count++) {
		json_t *each = entity_get(graph_state(c), entry.key);
		bool same_claims = slice_eq(graph_text(each, "issuer"),
				       graph_text(made, "issuer")) &&
		    slice_eq(graph_text(each, "subject"),
			graph_text(made, "subject"));

		if (slice_eq(graph_text(each, "id"), graph_text(made, "id")))
			count--;
		else if (same_claims ||
		    slice_eq_case(
			graph_text(each, "name"), graph_text(made, "name")))
			graph_refuse(c, 409,
			    "Request_MultipleObjectsWithSameKeyValue",
			    "FederatedIdentityCredential with %s already "
			    "exists.",
			    same_claims ? "this issuer and subject"
					: "this name");
		json_decref(each);
	}
	if (count >= FEDERATED_MOST)
		graph_refuse(c, 400, "Directory_QuotaExceeded",
		    "An object has at most %d federated credentials.",
		    FEDERATED_MOST);
}

static void
put(struct graph_call *c, const json_t *made, struct writes *writes)
{
	struct entity_text text;

	refuse_repetition(c, made);
	if (c->code == NULL)
		entity_put(writes,
		    entity_key(&text, ENTITY_FEDERATED, owner_text(c),
			graph_text(made, "id"), SLICE("")),
		    made);
}

static bool
take_members(const struct graph_call *c, json_t *into)
{
	json_t *audiences = json_object_get(c->body, "audiences");

	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		json_t *value = json_object_get(c->body, members[i]);

		if (value != NULL &&
		    json_object_set(into, members[i], value) != 0)
			return false;
	}
	return audiences == NULL ||
	    json_object_set(into, "audiences", audiences) == 0;
}

static enum actas_error
create(struct graph_call *c, struct writes *writes)
{
	char id[GUID_TEXT_LENGTH + 1];
	json_t *made;

	guid_format(c->made, id);
	made = json_pack(
	    "{s:s, s:O}", "id", id, "name", json_object_get(c->body, "name"));
	if (made == NULL || !take_members(c, made)) {
		json_decref(made);
		return ACTAS_ENOMEM;
	}
	put(c, made, writes);
	graph_reply(c, 201, made);
	return ACTAS_OK;
}

static enum actas_error
update(struct graph_call *c, struct writes *writes)
{
	json_t *made = find(c, c->x->captures[1]);

	if (made == NULL)
		graph_refuse_missing(c, c->x->captures[1]);
	else if (take_members(c, made))
		put(c, made, writes);
	json_decref(made);
	graph_reply_empty(c);
	return ACTAS_OK;
}

static enum actas_error delete (struct graph_call *c, struct writes *writes) {
	json_t *found = find(c, c->x->captures[1]); struct entity_text text;

	if (found == NULL) graph_refuse_missing(c, c->x->captures[1]);
	else writes_remove(writes,
	    entity_key(&text, ENTITY_FEDERATED, owner_text(c),
		graph_text(found, "id"), SLICE("")));
	json_decref(found);
	graph_reply_empty(c);
	return ACTAS_OK;
}

const struct graph_operation graph_federated_list = {
    .permission = PERMIT_DIRECTORY_READ,
    .kind = GRAPH_APPLICATION,
    .has_object = true,
    .read = list,
};
const struct graph_operation graph_federated_get = {
    .permission = PERMIT_DIRECTORY_READ,
    .kind = GRAPH_APPLICATION,
    .has_object = true,
    .read = get,
};
const struct graph_operation graph_federated_create = {
    .permission = PERMIT_APPLICATION_CREDENTIALS,
    .kind = GRAPH_APPLICATION,
    .has_object = true,
    .wants_body = true,
    .prepare = prepare_create,
    .apply = create,
};
const struct graph_operation graph_federated_update = {
    .permission = PERMIT_APPLICATION_CREDENTIALS,
    .kind = GRAPH_APPLICATION,
    .has_object = true,
    .wants_body = true,
    .prepare = prepare_update,
    .apply = update,
};
const struct graph_operation graph_federated_delete = {
    .permission = PERMIT_APPLICATION_CREDENTIALS,
    .kind = GRAPH_APPLICATION,
    .has_object = true,
    .apply = delete,
};
