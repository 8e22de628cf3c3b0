#include "api/graph/graph.h"

#include "keys/jwt.h"

/* Applications, service principals, users and groups. */

/* --- what they are --- */

static const struct graph_property application_properties[] = {
    {"displayName", GRAPH_TEXT, true, false},
    {"description", GRAPH_TEXT, false, false},
    {"notes", GRAPH_TEXT, false, false},
    {"signInAudience", GRAPH_TEXT, false, false},
    {"identifierUris", GRAPH_TEXTS, false, false},
    {"tags", GRAPH_TEXTS, false, false},
    {"serviceManagementReference", GRAPH_TEXT, false, false},
    {"groupMembershipClaims", GRAPH_ANY, false, false},
    {"isFallbackPublicClient", GRAPH_ANY, false, false},
    {"isDeviceOnlyAuthSupported", GRAPH_ANY, false, false},
    {"api", GRAPH_ANY, false, false},
    {"appRoles", GRAPH_ANY, false, false},
    {"info", GRAPH_ANY, false, false},
    {"optionalClaims", GRAPH_ANY, false, false},
    {"parentalControlSettings", GRAPH_ANY, false, false},
    {"publicClient", GRAPH_ANY, false, false},
    {"requiredResourceAccess", GRAPH_ANY, false, false},
    {"spa", GRAPH_ANY, false, false},
    {"web", GRAPH_ANY, false, false},
    {0},
};

static const struct graph_property principal_properties[] = {
    {"appId", GRAPH_TEXT, true, true},
    {"accountEnabled", GRAPH_FLAG, false, false},
    {"alternativeNames", GRAPH_TEXTS, false, false},
    {"appRoleAssignmentRequired", GRAPH_FLAG, false, false},
    {"description", GRAPH_TEXT, false, false},
    {"displayName", GRAPH_TEXT, false, false},
    {"loginUrl", GRAPH_TEXT, false, false},
    {"notes", GRAPH_TEXT, false, false},
    {"notificationEmailAddresses", GRAPH_TEXTS, false, false},
    {"preferredSingleSignOnMode", GRAPH_ANY, false, false},
    {"tags", GRAPH_TEXTS, false, false},
    {0},
};

static const struct graph_property user_properties[] = {
    {"displayName", GRAPH_TEXT, true, false},
    {"userPrincipalName", GRAPH_TEXT, true, false},
    {"accountEnabled", GRAPH_FLAG, true, false},
    {"mailNickname", GRAPH_TEXT, true, false},
    {"mail", GRAPH_TEXT, false, false},
    {"givenName", GRAPH_TEXT, false, false},
    {"surname", GRAPH_TEXT, false, false},
    {"jobTitle", GRAPH_TEXT, false, false},
    {"department", GRAPH_TEXT, false, false},
    {"usageLocation", GRAPH_TEXT, false, false},
    {"userType", GRAPH_TEXT, false, false},
    {0},
};

static const struct graph_property group_properties[] = {
    {"displayName", GRAPH_TEXT, true, false},
    {"mailNickname", GRAPH_TEXT, true, false},
    {"mailEnabled", GRAPH_FLAG, true, true},
    {"securityEnabled", GRAPH_FLAG, true, false},
    {"description", GRAPH_TEXT, false, false},
    {"groupTypes", GRAPH_TEXTS, false, true},
    {"visibility", GRAPH_TEXT, false, false},
    {"isAssignableToRole", GRAPH_FLAG, false, true},
    {0},
};

const struct graph_collection graph_collections[GRAPH_KINDS] = {
    [GRAPH_APPLICATION] = {"applications", "#microsoft.graph.application",
	"application", ENTITY_APPLICATION, PERMIT_APPLICATION_CREATE,
	PERMIT_APPLICATION_UPDATE, PERMIT_APPLICATION_DELETE,
	PERMIT_APPLICATION_CREDENTIALS, application_properties},
    [GRAPH_PRINCIPAL] = {"servicePrincipals",
	"#microsoft.graph.servicePrincipal", "servicePrincipal",
	ENTITY_SERVICE_PRINCIPAL, PERMIT_PRINCIPAL_CREATE,
	PERMIT_PRINCIPAL_UPDATE, PERMIT_PRINCIPAL_DELETE,
	PERMIT_PRINCIPAL_CREDENTIALS, principal_properties},
    [GRAPH_USER] = {"users", "#microsoft.graph.user", "user", ENTITY_USER,
	PERMIT_USER_CREATE, PERMIT_USER_UPDATE, PERMIT_USER_DELETE,
	PERMIT_USER_UPDATE, user_properties},
    [GRAPH_GROUP] = {"groups", "#microsoft.graph.group", "group", ENTITY_GROUP,
	PERMIT_DIRECTORY_GROUP_CREATE, PERMIT_DIRECTORY_GROUP_UPDATE,
	PERMIT_DIRECTORY_GROUP_DELETE, PERMIT_DIRECTORY_GROUP_UPDATE,
	group_properties},
};

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

/* The first of its kind whose property is that text. */
static json_t *
find_by(const struct state *s, enum graph_kind kind, const char *property,
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
	    ? find_by(s, kind, "userPrincipalName", segment)
	    : NULL;
}

/* --- showing --- */

static const char *const password_members[] = {"customKeyIdentifier",
    "displayName", "endDateTime", "hint", "startDateTime", NULL};
static const char *const key_members[] = {"customKeyIdentifier", "displayName",
    "endDateTime", "startDateTime", "type", "usage", NULL};

static json_t *
shown_credential(
    struct slice key, const json_t *stored, const char *const *members)
{
	struct slice id = entity_last(key);
	json_t *shown = json_pack("{s:s%}", "keyId", id.at, id.length);

	for (; shown != NULL && *members != NULL; members++) {
		json_t *member = json_object_get(stored, *members);

		if (!graph_set(shown, *members,
			member == NULL ? json_null() : json_incref(member)))
			break;
	}
	return shown;
}

static bool
add_credentials(const struct state *s, const json_t *stored, json_t *into)
{
	json_t *passwords = json_array(), *keys = json_array();
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;
	bool fits = true;

	state_walk_prefix(&walk, s,
	    entity_prefix(
		&text, ENTITY_CREDENTIAL, graph_text(stored, "id"), SLICE("")));
	while (fits && state_walk_next(&walk, &entry)) {
		json_t *each = entity_get(s, entry.key);
		bool is_key =
		    slice_eq(graph_text(each, "kind"), SLICE("certificate"));

		fits = json_array_append_new(is_key ? keys : passwords,
			   shown_credential(entry.key, each,
			       is_key ? key_members : password_members)) == 0;
		json_decref(each);
	}
	return graph_set(into, "passwordCredentials", passwords) &&
	    graph_set(into, "keyCredentials", keys) && fits;
}

/* Every name under which clients look for a service principal. */
static bool
add_names(const json_t *stored, json_t *into)
{
	json_t *names = json_array(), *each;
	size_t i;

	json_array_append(names, json_object_get(stored, "appId"));
	json_array_foreach(
	    json_object_get(stored, "servicePrincipalNames"), i, each)
	{
		if (!json_equal(each, json_object_get(stored, "appId")))
			json_array_append(names, each);
	}
	return graph_set(into, "servicePrincipalNames", names);
}

/* Lists that clients walk through without asking whether they are there. */
static bool
add_empty_lists(enum graph_kind kind, json_t *into)
{
	static const char *const lists[GRAPH_KINDS][8] = {
	    [GRAPH_APPLICATION] = {"identifierUris", "tags", "appRoles",
		"requiredResourceAccess", "addIns"},
	    [GRAPH_PRINCIPAL] = {"alternativeNames", "tags", "appRoles",
		"oauth2PermissionScopes", "addIns", "replyUrls"},
	    [GRAPH_USER] = {"businessPhones"},
	    [GRAPH_GROUP] = {"groupTypes", "proxyAddresses"},
	};

	for (size_t i = 0; lists[kind][i] != NULL; i++)
		if (json_object_get(into, lists[kind][i]) == NULL &&
		    !graph_set(into, lists[kind][i], json_array()))
			return false;
	return true;
}

json_t *
graph_shown(const struct state *s, enum graph_kind kind, const json_t *stored)
{
	json_t *shown = json_copy((json_t *)(uintptr_t)stored);
	bool fits = shown != NULL &&
	    graph_set(shown, "@odata.type",
		json_string(graph_collections[kind].odata_type)) &&
	    add_empty_lists(kind, shown);

	if (fits && (kind == GRAPH_APPLICATION || kind == GRAPH_PRINCIPAL))
		fits = add_credentials(s, stored, shown);
	if (fits && kind == GRAPH_PRINCIPAL)
		fits = add_names(stored, shown);
	if (fits)
		return shown;
	json_decref(shown);
	return NULL;
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

static bool
is_texts(const json_t *value)
{
	const json_t *each;
	size_t i;

	json_array_foreach(value, i, each)
	{
		if (!json_is_string(each))
			return false;
	}
	return json_is_array(value);
}

static bool
has_type(const json_t *value, enum graph_type type)
{
	switch (type) {
	case GRAPH_TEXT:
		return json_is_string(value);
	case GRAPH_FLAG:
		return json_is_boolean(value);
	case GRAPH_TEXTS:
		return is_texts(value);
	case GRAPH_ANY:
		return true;
	}
	return false;
}

/* Members of a body that are no properties but may stand in it. */
static bool
is_accepted(const char *name)
{
	static const char *const others[] = {"@odata.type", "keyCredentials",
	    "passwordCredentials", "passwordProfile", "owners@odata.bind",
	    "members@odata.bind", "id", "appId"};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strcmp(name, others[i]) == 0)
			return true;
	return strchr(name, '@') != NULL;
}

static const struct graph_property *
property_of(const struct graph_call *c, const char *name)
{
	const struct graph_property *p = graph_collection(c)->properties;

	while (p->name != NULL && strcmp(p->name, name) != 0)
		p++;
	return p->name == NULL ? NULL : p;
}

static void
check_properties(struct graph_call *c, bool creates)
{
	const char *name;
	json_t *value;

	json_object_foreach(c->body, name, value)
	{
		const struct graph_property *p = property_of(c, name);

		if (p == NULL && is_accepted(name))
			continue;
		if (p == NULL)
			graph_refuse(c, 400, "Request_BadRequest",
			    "Property '%s' does not exist or cannot be set "
			    "here.",
			    name);
		else if (!creates && p->fixed)
			graph_refuse(c, 400, "Request_BadRequest",
			    "Property '%s' is read-only and cannot be set.",
			    name);
		else if (!json_is_null(value) && !has_type(value, p->type))
			graph_refuse(c, 400, "Request_BadRequest",
			    "A value of another type was expected for "
			    "property '%s'.",
			    name);
	}
}

static void
prepare_create(struct graph_call *c)
{
	const struct graph_property *p = graph_collection(c)->properties;
	struct platform *platform = exchange_platform(c->x);

	check_properties(c, true);
	for (; p->name != NULL; p++) {
		const json_t *value = json_object_get(c->body, p->name);

		if (p->required &&
		    (value == NULL || json_is_null(value) ||
			(p->type == GRAPH_TEXT &&
			    json_string_length(value) == 0)))
			graph_refuse(c, 400, "Request_BadRequest",
			    "A value is required for property '%s' of "
			    "resource '%s'.",
			    p->name, graph_collection(c)->type);
	}
	graph_check_keys(c, json_object_get(c->body, "keyCredentials"));
	c->made = chance_guid(platform->chance);
	if (guid_is_nil(c->made))
		graph_refuse(c, 503, "ServiceUnavailable",
		    "No random numbers can be had.");
}

static void
prepare_update(struct graph_call *c)
{
	check_properties(c, false);
	graph_check_keys(c, json_object_get(c->body, "keyCredentials"));
}

/* Copies the properties of the body; null takes one away. */
static bool
take_properties(const struct graph_call *c, json_t *into)
{
	const struct graph_property *p = graph_collection(c)->properties;
	bool fits = into != NULL;

	for (; fits && p->name != NULL; p++) {
		json_t *value = json_object_get(c->body, p->name);

		if (json_is_null(value))
			json_object_del(into, p->name);
		else if (value != NULL)
			fits = json_object_set(into, p->name, value) == 0;
	}
	return fits;
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

static bool
finish_principal(struct graph_call *c, json_t *object)
{
	struct slice app_id = graph_text(object, "appId");
	json_t *application =
	    find_by(graph_state(c), GRAPH_APPLICATION, "appId", app_id);
	json_t *other =
	    find_by(graph_state(c), GRAPH_PRINCIPAL, "appId", app_id);
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
	else if (json_object_get(object, "displayName") == NULL)
		fits = json_object_set(object, "displayName",
			   json_object_get(application, "displayName")) == 0;
	if (fits && json_object_get(object, "accountEnabled") == NULL)
		fits = graph_set(object, "accountEnabled", json_true());
	fits = fits &&
	    json_object_set(object, "appDisplayName",
		json_object_get(object, "displayName")) == 0 &&
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
	json_t *other =
	    find_by(graph_state(c), GRAPH_USER, "userPrincipalName", name);

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

/* Who makes an application or group owns it, as in Entra. */
static void
write_owner(struct graph_call *c, struct writes *writes)
{
	char made[GUID_TEXT_LENGTH + 1], caller[GUID_TEXT_LENGTH + 1];
	json_t *nothing = json_object();
	struct entity_text text;

	guid_format(c->made, made);
	guid_format(c->caller.object_id, caller);
	if (c->operation->kind != GRAPH_USER)
		entity_put(writes,
		    entity_key(&text, ENTITY_OWNER, slice_of(made),
			slice_of(caller), SLICE("")),
		    nothing);
	json_decref(nothing);
}

static enum actas_error
create(struct graph_call *c, struct writes *writes)
{
	json_t *object = json_object();
	struct entity_text text;
	bool fits = take_properties(c, object) &&
	    graph_set(object, "id", json_guid(c->made)) &&
	    finish[c->operation->kind](c, object);

	c->id = c->made;
	if (fits && c->code == NULL) {
		entity_put(writes,
		    graph_key(&text, c->operation->kind, c->made), object);
		write_owner(c, writes);
		graph_write_keys(
		    c, json_object_get(c->body, "keyCredentials"), writes);
		graph_reply(c, 201,
		    graph_shown(graph_state(c), c->operation->kind, object));
	}
	json_decref(object);
	return fits ? ACTAS_OK : ACTAS_ENOMEM;
}

static enum actas_error
update(struct graph_call *c, struct writes *writes)
{
	json_t *object = json_copy(c->object);
	struct entity_text text;
	bool fits = take_properties(c, object);

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
	    principal = find_by(graph_state(c), GRAPH_PRINCIPAL, "appId",
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
