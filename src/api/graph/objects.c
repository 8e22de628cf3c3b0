#include "api/graph/operations.h"

#include "keys/jwt.h"

/* Applications, service principals, users and groups. */

/* --- finding --- */

struct slice
graph_text(const json_t *object, const char *name)
{
	const json_t *text = json_object_get(object, name);

	return (struct slice){
	    json_string_value(text), json_string_length(text)};
}

struct guid
graph_id(const json_t *object)
{
	struct guid id = {0};

	(void)guid_parse(graph_text(object, "id"), &id);
	return id;
}

bool
graph_set(json_t *object, const char *name, json_t *value)
{
	return json_object_set_new(object, name, value) == 0;
}

struct slice
graph_key(struct entity_text *text, enum graph_kind kind, struct guid id)
{
	return entity_guid_key(text, graph_collections[kind].entity, id);
}

json_t *
graph_find(const struct state *s, struct guid id, enum graph_kind *kind)
{
	struct entity_text text;
	json_t *object = NULL;

	for (unsigned k = 0; object == NULL && k < GRAPH_KINDS; k++) {
		*kind = (enum graph_kind)k;
		object = entity_get(s, graph_key(&text, *kind, id));
	}
	return object;
}

json_t *
graph_find_by(const struct state *s, enum graph_kind kind, const char *property,
    struct slice value)
{
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;

	state_walk_prefix(&walk, s,
	    entity_prefix(
		&text, graph_collections[kind].entity, SLICE(""), SLICE("")));
	while (state_walk_next(&walk, &entry)) {
		json_t *object = entity_get(s, entry.key);

		if (slice_eq_case(graph_text(object, property), value))
			return object;
		json_decref(object);
	}
	return NULL;
}

json_t *
graph_named(const struct state *s, enum graph_kind kind, struct slice segment)
{
	struct entity_text text;
	struct guid id;

	if (guid_parse(segment, &id))
		return entity_get(s, graph_key(&text, kind, id));
	return kind == GRAPH_USER && segment.length > 0
	    ? graph_find_by(s, kind, "userPrincipalName", segment)
	    : NULL;
}

static void
list(struct graph_call *c)
{
	const struct graph_collection *of = graph_collection(c);
	json_t *all = json_array();
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;

	state_walk_prefix(&walk, graph_state(c),
	    entity_prefix(&text, of->entity, SLICE(""), SLICE("")));
	while (all != NULL && state_walk_next(&walk, &entry)) {
		json_t *stored = entity_get(graph_state(c), entry.key);

		if (json_array_append_new(all,
			graph_shown(
			    graph_state(c), c->operation->kind, stored)) != 0) {
			json_decref(all);
			all = NULL;
		}
		json_decref(stored);
	}
	graph_reply_list(c, all);
}

static void
get(struct graph_call *c)
{
	graph_reply(c, 200,
	    graph_select(
		c, graph_shown(graph_state(c), c->operation->kind, c->object)));
}

/* --- creating and changing --- */

static void
prepare_create(struct graph_call *c)
{
	graph_check_properties(c, true);
	graph_want_properties(c);
	graph_check_keys(c, json_object_get(c->body, "keyCredentials"));
	graph_check_password(c);
	graph_check_bound(c);
	c->made = chance_guid(exchange_platform(c->x)->chance);
	if (guid_is_nil(c->made))
		graph_refuse(c, 503, "ServiceUnavailable",
		    "No random numbers can be had.");
}

static void
prepare_update(struct graph_call *c)
{
	graph_check_properties(c, false);
	graph_check_keys(c, json_object_get(c->body, "keyCredentials"));
}

/* What only the service sets, by kind. */
static bool
finish_application(struct graph_call *c, json_t *object)
{
	struct guid app = chance_guid(exchange_platform(c->x)->chance);

	return graph_set(object, "appId", json_guid(app)) &&
	    graph_set(object, "createdDateTime", json_moment(c->now)) &&
	    (json_object_get(object, "signInAudience") != NULL ||
		graph_set(
		    object, "signInAudience", json_string("AzureADMyOrg")));
}

/* Where the body does not say. */
static bool
set_flag(json_t *object, const char *name, bool usual)
{
	return json_object_get(object, name) != NULL ||
	    graph_set(object, name, json_boolean(usual));
}

static bool
finish_principal(struct graph_call *c, json_t *object)
{
	struct slice app_id = graph_text(object, "appId");
	json_t *application =
	    graph_find_by(graph_state(c), GRAPH_APPLICATION, "appId", app_id);
	json_t *other =
	    graph_find_by(graph_state(c), GRAPH_PRINCIPAL, "appId", app_id);
	bool fits = true;

	if (other != NULL)
		graph_refuse(c, 409, "Request_MultipleObjectsWithSameKeyValue",
		    "The service principal cannot be created, updated, or "
		    "restored because the service principal name %.*s is "
		    "already in use.",
		    SLICE_ARGS(app_id));
	else if (application == NULL)
		graph_refuse(c, 400, "Request_BadRequest",
		    "The appId '%.*s' of the service principal does not "
		    "reference a valid application object.",
		    SLICE_ARGS(app_id));
	else
		fits = graph_mirror(object, application);
	fits = fits && set_flag(object, "accountEnabled", true) &&
	    set_flag(object, "appRoleAssignmentRequired", false) &&
	    graph_set(object, "appOwnerOrganizationId",
		json_guid(exchange_platform(c->x)->tenant)) &&
	    graph_set(
		object, "servicePrincipalType", json_string("Application")) &&
	    graph_set(object, "createdDateTime", json_moment(c->now));
	json_decref(application);
	json_decref(other);
	return fits;
}

static bool
finish_user(struct graph_call *c, json_t *object)
{
	struct slice name = graph_text(object, "userPrincipalName");
	json_t *other = graph_find_by(
	    graph_state(c), GRAPH_USER, "userPrincipalName", name);

	if (other != NULL)
		graph_refuse(c, 400, "Request_BadRequest",
		    "Another object with the same value for property "
		    "userPrincipalName already exists.");
	else if (slice_find(name, SLICE("@")) == SIZE_MAX)
		graph_refuse(c, 400, "Request_BadRequest",
		    "Property userPrincipalName is invalid.");
	json_decref(other);
	return graph_set(object, "createdDateTime", json_moment(c->now));
}

static bool
finish_group(struct graph_call *c, json_t *object)
{
	return graph_set(object, "createdDateTime", json_moment(c->now));
}

static bool (*const finish[GRAPH_KINDS])(struct graph_call *, json_t *) = {
    [GRAPH_APPLICATION] = finish_application,
    [GRAPH_PRINCIPAL] = finish_principal,
    [GRAPH_USER] = finish_user,
    [GRAPH_GROUP] = finish_group,
};

static enum actas_error
create(struct graph_call *c, struct writes *writes)
{
	json_t *object = json_object();
	struct entity_text text;
	bool fits = graph_take_properties(c, object) &&
	    graph_set(object, "id", json_guid(c->made)) &&
	    finish[c->operation->kind](c, object);

	c->id = c->made;
	if (fits && c->code == NULL) {
		json_t *shown =
		    graph_shown(graph_state(c), c->operation->kind, object);

		entity_put(writes,
		    graph_key(&text, c->operation->kind, c->made), object);
		graph_write_bound(c, writes);
		graph_write_keys(
		    c, json_object_get(c->body, "keyCredentials"), writes);
		fits = graph_write_password(c, shown, writes) == ACTAS_OK;
		graph_reply(c, 201, shown);
	}
	json_decref(object);
	return fits ? ACTAS_OK : ACTAS_ENOMEM;
}

/* The copy that the application's service principal keeps. */
static bool
write_mirror(
    struct graph_call *c, const json_t *application, struct writes *writes)
{
	json_t *principal = graph_find_by(graph_state(c), GRAPH_PRINCIPAL,
	    "appId", graph_text(application, "appId"));
	struct entity_text text;
	bool fits = principal == NULL || graph_mirror(principal, application);

	if (fits && principal != NULL)
		entity_put(writes,
		    graph_key(&text, GRAPH_PRINCIPAL, graph_id(principal)),
		    principal);
	json_decref(principal);
	return fits;
}

static enum actas_error
update(struct graph_call *c, struct writes *writes)
{
	json_t *object = json_deep_copy(c->object);
	struct entity_text text;
	bool fits = graph_take_properties(c, object);

	if (fits && c->operation->kind == GRAPH_APPLICATION)
		fits = write_mirror(c, object, writes);
	if (fits) {
		entity_put(writes, graph_key(&text, c->operation->kind, c->id),
		    object);
		graph_write_keys(
		    c, json_object_get(c->body, "keyCredentials"), writes);
		graph_reply_empty(c);
	}
	json_decref(object);
	return fits ? ACTAS_OK : ACTAS_ENOMEM;
}

/* An application takes its service principal along (facts 5). Role
 * assignments stay, orphaned, as on Azure. */
static enum actas_error delete (struct graph_call *c, struct writes *writes) {
	struct entity_text text; json_t *principal = NULL;

	if (c->operation->kind == GRAPH_APPLICATION)
	    principal = graph_find_by(graph_state(c), GRAPH_PRINCIPAL, "appId",
		graph_text(c->object, "appId"));
	if (principal != NULL){
	    struct guid id = graph_id(principal);

	    graph_drop_related(graph_state(c), id, writes);
	    writes_remove(writes, graph_key(&text, GRAPH_PRINCIPAL, id));}
json_decref(principal);
graph_drop_related(graph_state(c), c->id, writes);
writes_remove(writes, graph_key(&text, c->operation->kind, c->id));
graph_reply_empty(c);
return ACTAS_OK;
}

/* Managed identities belong to their resource. */
static void
prepare_principal_delete(struct graph_call *c)
{
	if (slice_eq(graph_text(c->object, "servicePrincipalType"),
		SLICE("ManagedIdentity")))
		graph_refuse(c, 403, "Authorization_RequestDenied",
		    "A managed identity is deleted with its resource.");
}

#define FOR_EACH_KIND(ROW)                                                \
	{                                                                 \
		[GRAPH_APPLICATION] = ROW(GRAPH_APPLICATION,              \
		    PERMIT_APPLICATION_CREATE, PERMIT_APPLICATION_UPDATE, \
		    PERMIT_APPLICATION_DELETE, NULL),                     \
		[GRAPH_PRINCIPAL] = ROW(GRAPH_PRINCIPAL,                  \
		    PERMIT_PRINCIPAL_CREATE, PERMIT_PRINCIPAL_UPDATE,     \
		    PERMIT_PRINCIPAL_DELETE, prepare_principal_delete),   \
		[GRAPH_USER] = ROW(GRAPH_USER, PERMIT_USER_CREATE,        \
		    PERMIT_USER_UPDATE, PERMIT_USER_DELETE, NULL),        \
		[GRAPH_GROUP] =                                           \
		    ROW(GRAPH_GROUP, PERMIT_DIRECTORY_GROUP_CREATE,       \
			PERMIT_DIRECTORY_GROUP_UPDATE,                    \
			PERMIT_DIRECTORY_GROUP_DELETE, NULL),             \
	}
#define LIST(k, create, update, delete, prepare)                             \
	{                                                                    \
		.permission = PERMIT_DIRECTORY_READ, .kind = k, .read = list \
	}
#define GET(k, create, update, delete, prepare)                        \
	{                                                              \
		.permission = PERMIT_DIRECTORY_READ, .kind = k,        \
		.has_object = true, .self_suffices = true, .read = get \
	}
#define CREATE(k, c, u, d, p)                                   \
	{                                                       \
		.permission = c, .kind = k, .wants_body = true, \
		.prepare = prepare_create, .apply = create      \
	}
#define UPDATE(k, c, u, d, p)                                                  \
	{                                                                      \
		.permission = u, .kind = k, .has_object = true,                \
		.wants_body = true, .prepare = prepare_update, .apply = update \
	}
#define DELETE(k, c, u, d, p)                                                 \
	{                                                                     \
		.permission = d, .kind = k, .has_object = true, .prepare = p, \
		.apply = delete                                               \
	}

const struct graph_operation graph_object_list[GRAPH_KINDS] =
    FOR_EACH_KIND(LIST);
const struct graph_operation graph_object_get[GRAPH_KINDS] = FOR_EACH_KIND(GET);
const struct graph_operation graph_object_create[GRAPH_KINDS] =
    FOR_EACH_KIND(CREATE);
const struct graph_operation graph_object_update[GRAPH_KINDS] =
    FOR_EACH_KIND(UPDATE);
const struct graph_operation graph_object_delete[GRAPH_KINDS] =
    FOR_EACH_KIND(DELETE);
