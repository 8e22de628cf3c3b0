#include "api/arm/resources.h"

#include "api/arm/filter.h"
#include "api/arm/identities.h"
#include "api/arm/operations.h"
#include "api/arm/page.h"
#include "api/arm/vaults.h"

/*
 * Resources of any type. Vaults and identities have operations of their own;
 * of all others only what is common to resources is served: they are read,
 * listed and deleted. A few types, which others hang access on, can also be
 * put; what they would do in Azure nothing here does.
 */

enum { TAGS_MOST = 50, RESOURCE_BYTES = 256 << 10 };

struct slice
arm_resources_prefix(struct arm_call *c)
{
	struct entity_text text;
	struct slice prefix =
	    entity_prefix(&text, ENTITY_RESOURCE, c->scope.path, SLICE(""));
	const char *copy = arena_text(&c->x->arena, prefix);

	return slice_of(copy);
}

/* --- actions --- */

static struct slice
namespace_of(struct slice type)
{
	struct slice rest = type, space;

	(void)slice_cut(&rest, '/', &space);
	return space;
}

/* The type's own action, which prepare leaves to the decision. */
static void
name_action(struct arm_call *c, struct slice type, const char *verb)
{
	c->action =
	    arena_printf(&c->x->arena, "%.*s/%s", SLICE_ARGS(type), verb);
	if (c->action == NULL)
		c->action = "Microsoft.Resources/subscriptions/resources/read";
	if (!arm_is_namespace(namespace_of(type)) ||
	    slice_eq_case(namespace_of(type), SLICE("Microsoft.Authorization")))
		arm_refuse(c, 404, "InvalidResourceNamespace",
		    "The resource namespace '%.*s' is invalid.",
		    SLICE_ARGS(namespace_of(type)));
}

static void
prepare_read(struct arm_call *c)
{
	name_action(c, c->scope.type, "read");
}

static void
prepare_delete(struct arm_call *c)
{
	name_action(c, c->scope.type, "delete");
}

/* --- one --- */

static void
read_resource(struct arm_call *c)
{
	json_t *found;

	if (!arm_must_exist(c, &c->scope))
		return;
	found = arm_get_scope(c, &c->scope);
	if (found == NULL)
		arm_refuse_missing(c, &c->scope);
	arm_reply(c, 200, found);
	if (c->x->method == HTTP_HEAD && !arm_is_refused(c)) {
		json_decref(c->reply);
		c->reply = NULL;
		c->status = 204;
	}
}

const struct arm_operation arm_resource = {
    .permission = PERMITS,
    .prepare = prepare_read,
    .read = read_resource,
};

/* --- delete --- */

/* An entity below 'prefix' or at it, with what hangs on it. */
static void
remove_resources(struct arm_call *c, struct slice prefix, struct writes *writes)
{
	struct state_walk w;
	struct entry entry;

	state_walk_prefix(&w, arm_state(c), prefix);
	while (prefix.length > 0 && state_walk_next(&w, &entry)) {
		json_t *resource = entity_parse(entry.value);

		if (slice_eq_case(arm_text(resource, "type"),
			SLICE("Microsoft.ManagedIdentity/"
			      "userAssignedIdentities")))
			arm_identity_remove(c, resource, writes);
		json_decref(resource);
		writes_remove(writes, entry.key);
	}
}

static enum actas_error
delete_resource(struct arm_call *c, struct writes *writes)
{
	struct entity_text text;
	json_t *found = arm_get_scope(c, &c->scope);

	c->status = found == NULL ? 204 : 200;
	json_decref(found);
	if (c->status == 204)
		return ACTAS_OK;
	remove_resources(c, arm_resources_prefix(c), writes);
	arm_drop_assignments(c, c->scope.path, writes);
	writes_remove(writes, arm_key(&text, &c->scope));
	return ACTAS_OK;
}

const struct arm_operation arm_resource_delete = {
    .permission = PERMITS,
    .prepare = prepare_delete,
    .apply = delete_resource,
};

static enum actas_error
delete_vaults(struct arm_call *c, scope_id group, struct writes *writes)
{
	const struct estate *e = arm_estate(c);
	struct ids children = estate_children(e, group);
	enum actas_error error = ACTAS_OK;
	struct slice none = SLICE("");
	struct entity_text text;

	for (uint32_t i = 0; i < children.count && error == ACTAS_OK; i++) {
		const struct scope *s = &e->scopes.at[children.at[i]];
		json_t *vault;

		if (s->kind != SCOPE_VAULT)
			continue;
		vault = entity_get(arm_state(c),
		    entity_key(&text, ENTITY_VAULT, estate_text(e, s->segment),
			none, none));
		if (vault != NULL &&
		    arm_path_is_within(arm_text(vault, "id"), c->scope.path))
			error = arm_vault_delete(c, vault, writes);
		json_decref(vault);
	}
	return error;
}

enum actas_error
arm_delete_resources(struct arm_call *c, struct writes *writes)
{
	bool exact;
	scope_id s = arm_find_scope(c, c->scope.path, &exact);

	remove_resources(c, arm_resources_prefix(c), writes);
	return exact ? delete_vaults(c, s, writes) : ACTAS_OK;
}

/* --- put --- */

static bool
may_be_put(struct slice type)
{
	static const char *const types[] = {
	    "Microsoft.Storage/storageAccounts",
	    "Microsoft.Storage/storageAccounts/blobServices/containers",
	    "Microsoft.Fabric/capacities",
	};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (slice_eq_case(type, slice_of(types[i])))
			return true;
	return false;
}

static bool
is_nested(const struct arm_call *c)
{
	return c->scope.path.length > c->scope.top.length;
}

static void
check_shape(struct arm_call *c)
{
	static const char *const objects[] = {"properties", "sku"};
	json_t *kind = arm_member(c->body, "kind");
	struct slice identity =
	    arm_text(arm_member(c->body, "identity"), "type");

	for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
		json_t *value = arm_member(c->body, objects[i]);

		if (value != NULL && !json_is_object(value))
			arm_refuse(c, 400, "InvalidRequestContent",
			    "'%s' must be an object.", objects[i]);
	}
	if (kind != NULL && !json_is_string(kind))
		arm_refuse(
		    c, 400, "InvalidRequestContent", "'kind' must be text.");
	if (identity.length > 0 && !slice_eq_case(identity, SLICE("None")))
		arm_refuse(c, 400, "InvalidRequestContent",
		    "Identities of resources are not served.");
	if (c->x->body.length > RESOURCE_BYTES)
		arm_refuse(c, 413, "RequestContentTooLarge",
		    "A resource has at most %d bytes.", RESOURCE_BYTES);
}

static void
prepare_put(struct arm_call *c)
{
	json_t *tags;

	name_action(c, c->scope.type, "write");
	if (!may_be_put(c->scope.type) || c->scope.group.length == 0 ||
	    !slice_starts_case(c->scope.type, c->scope.top_type))
		arm_refuse(c, 404, "NoRegisteredProviderFound",
		    "No registered resource provider found for type '%.*s': "
		    "resources of this type are not served.",
		    SLICE_ARGS(c->scope.type));
	if (!is_nested(c))
		(void)arm_location(c);
	tags = arm_tags(c, TAGS_MOST);
	json_decref(tags);
	check_shape(c);
}

/* The members are the service's own: an identity or a scope in them must not
 * be taken for one. */
static json_t *
make_resource(struct arm_call *c)
{
	static const char *const plain[] = {"sku", "kind"};
	json_t *made = json_pack("{s:o, s:o, s:o, s:o}", "id",
	    arm_json_text(c->scope.path), "name", arm_json_text(c->scope.name),
	    "type", arm_json_text(c->scope.type), "tags",
	    arm_tags(c, TAGS_MOST));
	json_t *said = arm_properties(c->body);
	json_t *properties =
	    said == NULL ? json_object() : json_deep_copy(said);

	(void)arm_set(
	    properties, "provisioningState", json_string("Succeeded"));
	(void)arm_set(made, "properties", properties);
	if (!is_nested(c))
		(void)arm_set(made, "location", arm_json_text(arm_location(c)));
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		json_t *value = arm_member(c->body, plain[i]);

		if (value != NULL)
			(void)json_object_set(made, plain[i], value);
	}
	return made;
}

static bool
has_place(struct arm_call *c, const json_t *old)
{
	struct arm_scope above = {.kind = ARM_GROUP,
	    .subscription = c->scope.subscription,
	    .group = c->scope.group};

	if (is_nested(c))
		return arm_must_exist(c, &c->scope);
	return arm_must_exist(c, &above) &&
	    (old == NULL || arm_keep_location(c, old, &c->scope));
}

static enum actas_error
put_resource(struct arm_call *c, struct writes *writes)
{
	json_t *old = arm_get_scope(c, &c->scope), *made;
	bool is_new = old == NULL;
	struct entity_text text;
	bool good = has_place(c, old);

	json_decref(old);
	if (!good)
		return ACTAS_EUSAGE;
	made = make_resource(c);
	if (made == NULL)
		return ACTAS_ENOMEM;
	entity_put(writes, arm_key(&text, &c->scope), made);
	arm_reply(c, is_new ? 201 : 200, made);
	return ACTAS_OK;
}

const struct arm_operation arm_resource_put = {
    .permission = PERMITS,
    .wants_body = true,
    .prepare = prepare_put,
    .apply = put_resource,
};

/* --- lists --- */

static void
prepare_list(struct arm_call *c)
{
	struct slice text = exchange_query(c->x, "$filter", NULL);
	struct arm_filter *filter = arena_zero(&c->x->arena, 1, sizeof *filter);

	c->work = filter;
	if (filter == NULL ||
	    arm_filter_parse(&c->x->arena, text, filter) != ACTAS_OK)
		arm_refuse(c, 400, "InvalidFilterInQueryString",
		    "Invalid $filter '%.*s' specified in the query string.",
		    SLICE_ARGS(slice_sub(text, 0, 256)));
}

static bool
is_equal(const struct arm_filter *f, const char *name, struct slice value)
{
	const struct arm_clause *clause = arm_filter_find(f, name, false);

	return clause == NULL || slice_eq_case(clause->value, value);
}

static bool
has_tag(const struct arm_filter *f, const json_t *resource)
{
	const struct arm_clause *name = arm_filter_find(f, "tagName", false);
	const struct arm_clause *value = arm_filter_find(f, "tagValue", false);
	json_t *tags = arm_member(resource, "tags"), *tag;
	const char *key;

	if (name == NULL)
		return true;
	json_object_foreach(tags, key, tag)
	{
		if (slice_eq_case(slice_of(key), name->value) &&
		    (value == NULL ||
			slice_eq(
			    slice_of(json_string_value(tag)), value->value)))
			return true;
	}
	return false;
}

static bool
passes(struct arm_call *c, const json_t *resource)
{
	const struct arm_filter *f = c->work;
	struct arm_scope scope;

	return arm_scope_parse(
		   &c->x->arena, arm_text(resource, "id"), &scope) &&
	    arm_path_is_within(scope.path, c->scope.path) &&
	    is_equal(f, "resourceType", scope.type) &&
	    is_equal(f, "name", scope.name) &&
	    is_equal(f, "resourceGroup", scope.group) &&
	    is_equal(f, "location", arm_text(resource, "location")) &&
	    has_tag(f, resource);
}

static bool
sees(struct arm_call *c, const json_t *resource)
{
	struct slice type = arm_text(resource, "type");
	const char *action;

	if (c->allowed)
		return true;
	action = arena_printf(&c->x->arena, "%.*s/read", SLICE_ARGS(type));
	return action != NULL && type.length > 0 &&
	    arm_may_act(c, action, arm_text(resource, "id"));
}

/* What a list of all types says of each. */
static json_t *
summary(json_t *resource)
{
	static const char *const members[] = {"id", "name", "type", "kind",
	    "location", "sku", "tags", "managedBy"};
	json_t *made = json_object(), *value;

	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		value = arm_member(resource, members[i]);
		if (value != NULL)
			(void)json_object_set(made, members[i], value);
	}
	json_decref(resource);
	return made;
}

static void
add_all(struct arm_call *c, struct arm_page *page, struct slice prefix)
{
	struct state_walk w;
	struct entry entry;

	state_walk_prefix(&w, arm_state(c), prefix);
	while (
	    prefix.length > 0 && !page->more && state_walk_next(&w, &entry)) {
		json_t *resource;

		if (arm_page_is_past(page, entry.key))
			continue;
		resource = entity_parse(entry.value);
		if (passes(c, resource) && sees(c, resource) &&
		    arm_page_has_room(page))
			arm_page_add(page, entry.key, summary(resource));
		else
			json_decref(resource);
	}
}

/* In the order of their keys: "resource/…", then "vault/…". */
static void
read_resources(struct arm_call *c)
{
	struct arm_page page;

	if (c->allowed && !arm_must_exist(c, &c->scope))
		return;
	if (!arm_page_begin(c, &page))
		return;
	add_all(c, &page, arm_resources_prefix(c));
	add_all(c, &page, SLICE("vault/"));
	if (!c->allowed && page.last.length == 0 && page.after.length == 0)
		arm_deny_list(c);
	arm_page_end(c, &page);
}

const struct arm_operation arm_resources = {
    .permission = PERMIT_RESOURCES_READ,
    .cut = 1,
    .is_list = true,
    .filters = true,
    .prepare = prepare_list,
    .read = read_resources,
};

/* "…/providers/{namespace}/{type}" */
static void
prepare_typed_list(struct arm_call *c)
{
	struct arm_filter *filter = arena_zero(&c->x->arena, 1, sizeof *filter);
	const char *type = arena_printf(&c->x->arena, "%.*s/%.*s",
	    SLICE_ARGS(c->x->captures[1]), SLICE_ARGS(c->x->captures[2]));

	c->work = filter;
	if (filter == NULL || type == NULL) {
		arm_refuse(c, 500, "InternalServerError", "Out of memory.");
		return;
	}
	filter->at[0] = (struct arm_clause){
	    .name = SLICE("resourceType"), .value = slice_of(type)};
	filter->count = 1;
	name_action(c, slice_of(type), "read");
}

const struct arm_operation arm_typed_resources = {
    .permission = PERMITS,
    .cut = 3,
    .is_list = true,
    .filters = true,
    .prepare = prepare_typed_list,
    .read = read_resources,
};
