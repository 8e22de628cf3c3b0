#include "api/arm/identities.h"
#include "api/arm/operations.h"
#include "api/arm/page.h"
#include "api/arm/resources.h"

/*
 * User-assigned managed identities: a resource, and a service principal that
 * exists as long as it does. Role assignments of one that is gone stay, as in
 * Azure; they give nobody anything, since ids are not used again.
 */

enum { NAME_LEAST = 3, NAME_MOST = 128, TAGS_MOST = 50 };

static const char identity_type[] =
    "Microsoft.ManagedIdentity/userAssignedIdentities";

/* --- what is asked for --- */

static void
check_name(struct arm_call *c)
{
	bool sound =
	    c->name.length >= NAME_LEAST && c->name.length <= NAME_MOST;

	for (size_t i = 0; i < c->name.length; i++) {
		char low = ascii_lower(c->name.at[i]);
		bool alphanumeric =
		    (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9');

		sound = sound &&
		    (alphanumeric || (i > 0 && (low == '-' || low == '_')));
	}
	if (!sound)
		arm_refuse(c, 400, "InvalidResourceName",
		    "The resource name '%.*s' is not valid. It has %d to %d "
		    "letters, digits, hyphens and underscores and begins with "
		    "a letter or digit.",
		    SLICE_ARGS(c->name), NAME_LEAST, NAME_MOST);
}

static void
prepare_put(struct arm_call *c)
{
	json_t *tags;

	check_name(c);
	if (c->x->method == HTTP_PUT)
		(void)arm_location(c);
	tags = arm_tags(c, TAGS_MOST);
	json_decref(tags);
}

/* --- put --- */

static enum actas_error
add_service_principal(struct arm_call *c, struct guid object_id,
    struct guid app_id, struct writes *writes)
{
	struct guid tenant = exchange_platform(c->x)->tenant;
	struct entity_text text;
	json_t *made = json_pack(
	    "{s:o, s:o, s:o, s:b, s:s, s:[o], s:[s, o], s:o, s:o}", "id",
	    arm_json_guid(object_id), "appId", arm_json_guid(app_id),
	    "displayName", arm_json_text(c->scope.name), "accountEnabled", 1,
	    "servicePrincipalType", "ManagedIdentity", "servicePrincipalNames",
	    arm_json_guid(app_id), "alternativeNames", "isExplicit=True",
	    arm_json_text(c->scope.path), "appOwnerOrganizationId",
	    arm_json_guid(tenant), "createdDateTime", arm_json_moment(c->now));

	if (made == NULL)
		return ACTAS_ENOMEM;
	entity_put(writes,
	    entity_guid_key(&text, ENTITY_SERVICE_PRINCIPAL, object_id), made);
	json_decref(made);
	return ACTAS_OK;
}

static json_t *
make_identity(struct arm_call *c, struct writes *writes)
{
	struct platform *p = exchange_platform(c->x);
	struct guid object_id = chance_guid(p->chance);
	struct guid app_id = chance_guid(p->chance);
	struct slice location = arm_location(c);

	if (guid_is_nil(object_id) || guid_is_nil(app_id) ||
	    add_service_principal(c, object_id, app_id, writes) != ACTAS_OK)
		return NULL;
	return json_pack("{s:o, s:o, s:s, s:o, s:{s:o, s:o, s:o}}", "id",
	    arm_json_text(c->scope.path), "name", arm_json_text(c->scope.name),
	    "type", identity_type, "location", arm_json_text(location),
	    "properties", "tenantId", arm_json_guid(p->tenant), "principalId",
	    arm_json_guid(object_id), "clientId", arm_json_guid(app_id));
}

static enum actas_error
put_identity(struct arm_call *c, struct writes *writes)
{
	struct arm_scope group = {.kind = ARM_GROUP,
	    .subscription = c->scope.subscription,
	    .group = c->scope.group};
	struct entity_text text;
	json_t *identity;
	bool is_new;

	if (!arm_must_exist(c, c->x->method == HTTP_PATCH ? &c->scope : &group))
		return ACTAS_EUSAGE;
	identity = arm_get_scope(c, &c->scope);
	is_new = identity == NULL;
	if (is_new)
		identity = make_identity(c, writes);
	else if (c->x->method == HTTP_PUT &&
	    !arm_keep_location(c, identity, &c->scope))
		goto out;
	if (c->x->method == HTTP_PUT || arm_member(c->body, "tags") != NULL)
		(void)arm_set(identity, "tags", arm_tags(c, TAGS_MOST));
	if (identity == NULL)
		return ACTAS_ENOMEM;
	entity_put(writes, arm_key(&text, &c->scope), identity);
	arm_reply(c, is_new ? 201 : 200, json_incref(identity));
out:
	json_decref(identity);
	return ACTAS_OK;
}

const struct arm_operation arm_identity_put = {
    .permission = PERMIT_IDENTITY_WRITE,
    .wants_body = true,
    .prepare = prepare_put,
    .apply = put_identity,
};

/* --- get, delete --- */

static void
read_identity(struct arm_call *c)
{
	if (arm_must_exist(c, &c->scope))
		arm_reply(c, 200, arm_get_scope(c, &c->scope));
}

const struct arm_operation arm_identity = {
    .permission = PERMIT_IDENTITY_READ,
    .read = read_identity,
};

static void
remove_prefix(struct arm_call *c, struct slice prefix, struct writes *writes)
{
	struct state_walk w;
	struct entry entry;

	if (prefix.length == 0)
		return;
	state_walk_prefix(&w, arm_state(c), prefix);
	while (state_walk_next(&w, &entry))
		writes_remove(writes, entry.key);
}

void
arm_identity_remove(
    struct arm_call *c, const json_t *identity, struct writes *writes)
{
	struct slice id = arm_text(arm_properties(identity), "principalId");
	struct slice none = SLICE("");
	struct entity_text text;

	writes_remove(writes,
	    entity_key(&text, ENTITY_SERVICE_PRINCIPAL, id, none, none));
	remove_prefix(
	    c, entity_prefix(&text, ENTITY_FEDERATED, id, none), writes);
}

static enum actas_error
delete_identity(struct arm_call *c, struct writes *writes)
{
	json_t *identity = arm_get_scope(c, &c->scope);
	struct entity_text text;

	if (identity == NULL) {
		c->status = 204;
		return ACTAS_OK;
	}
	arm_identity_remove(c, identity, writes);
	arm_drop_assignments(c, c->scope.path, writes);
	writes_remove(writes, arm_key(&text, &c->scope));
	json_decref(identity);
	c->status = 200;
	return ACTAS_OK;
}

const struct arm_operation arm_identity_delete = {
    .permission = PERMIT_IDENTITY_DELETE,
    .apply = delete_identity,
};

/* --- list --- */

static bool
is_identity(const json_t *resource)
{
	return slice_eq_case(
	    arm_text(resource, "type"), slice_of(identity_type));
}

static void
add_identity(
    struct arm_call *c, struct arm_page *page, const struct entry *entry)
{
	json_t *identity;

	if (arm_page_is_past(page, entry->key))
		return;
	identity = entity_parse(entry->value);
	if (is_identity(identity) &&
	    (c->allowed ||
		arm_may(c, PERMIT_IDENTITY_READ, arm_text(identity, "id"))) &&
	    arm_page_has_room(page))
		arm_page_add(page, entry->key, identity);
	else
		json_decref(identity);
}

static void
read_identities(struct arm_call *c)
{
	arm_page_visible(c, arm_resources_prefix(c), add_identity);
}

const struct arm_operation arm_identities = {
    .permission = PERMIT_IDENTITY_READ,
    .cut = 3,
    .is_list = true,
    .filters = true,
    .read = read_identities,
};
