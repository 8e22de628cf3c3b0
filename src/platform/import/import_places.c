#include "platform/import/import_private.h"

/*
 * Everything that has a path of the resource manager. A path needs a
 * subscription and, for most things, a resource group; a page often names
 * neither. What is missing is made once: one subscription for the platform,
 * one resource group in each subscription that needs it.
 */

#define MADE_NAME "actas"
#define LOCATION  "local"

enum { SEGMENT_MOST = 260, VAULT_NAME_MOST = 63 };

static bool
is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') ||
	    (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

bool
import_is_segment(struct slice name)
{
	for (size_t i = 0; i < name.length; i++)
		if ((unsigned char)name.at[i] <= ' ' || name.at[i] == 0x7f ||
		    strchr("/\\?#%<>\"", name.at[i]) != NULL)
			return false;
	return name.length > 0 && name.length <= SEGMENT_MOST &&
	    !slice_eq(name, SLICE(".")) && !slice_eq(name, SLICE(".."));
}

/* --- what is made --- */

static void
put_subscription(struct import *im, const char *id, const char *name)
{
	struct entity_text text;

	import_put(im,
	    entity_key(
		&text, ENTITY_SUBSCRIPTION, slice_of(id), SLICE(""), SLICE("")),
	    json_pack("{s:s+, s:s, s:s, s:s, s:s, s:{s:s, s:s, s:s}, s:s}",
		"id", "/subscriptions/", id, "subscriptionId", id, "tenantId",
		im->tenant_text, "displayName", name, "state", "Enabled",
		"subscriptionPolicies", "locationPlacementId",
		"Public_2014-09-01", "quotaId", "PayAsYouGo_2014-09-01",
		"spendingLimit", "Off", "authorizationSource", "RoleBased"),
	    name);
}

static void
put_group(struct import *im, const char *subscription, const char *name)
{
	struct entity_text text;

	import_put(im,
	    entity_key(&text, ENTITY_RESOURCE_GROUP,
		slice_from(slice_of(subscription), strlen("/subscriptions/")),
		slice_of(name), SLICE("")),
	    json_pack("{s:s++, s:s, s:s, s:s, s:{s:s}}", "id", subscription,
		"/resourceGroups/", name, "name", name, "type",
		"Microsoft.Resources/resourceGroups", "location", LOCATION,
		"properties", "provisioningState", "Succeeded"),
	    name);
}

static const char *
made_subscription(struct import *im)
{
	const char *id;

	if (im->subscription != NULL)
		return im->subscription;
	id = import_guid(im, import_id(im));
	put_subscription(im, id, MADE_NAME);
	im->subscription = import_text(im, "/subscriptions/%s", id);
	import_tell(im,
	    "a subscription (%s) was made for what the source names without "
	    "one",
	    id);
	return im->subscription;
}

/* The group of that name in the subscription is made once. */
static const char *
made_group(struct import *im, const char *subscription)
{
	const char *path =
	    import_text(im, "%s/resourceGroups/rg-%s", subscription, MADE_NAME);
	uint64_t hash = slice_hash(slice_of(path));
	struct index_walk walk = index_start(&im->groups, hash);
	uint32_t known;

	while (index_next(&walk, &known))
		if (strcmp(im->made_groups.at[known], path) == 0)
			return path;
	import_fail(im, index_add(&im->groups, hash, im->made_groups.count));
	import_fail(im, vector_push(&im->made_groups, path));
	put_group(im, subscription, "rg-" MADE_NAME);
	return path;
}

/* --- paths --- */

struct step {
	const char *between; /* parent's path and segment */
	bool in_group;       /* lies in a resource group, or in another one */
};

static const struct step steps[SCOPE_KINDS] = {
    [SCOPE_VAULT] = {"/providers/Microsoft.KeyVault/vaults/", true},
    [SCOPE_SECRET] = {"/secrets/", false},
    [SCOPE_STORAGE_ACCOUNT] = {"/providers/Microsoft.Storage/storageAccounts/",
	true},
    [SCOPE_CONTAINER] = {"/blobServices/default/containers/", false},
    [SCOPE_CAPACITY] = {"/providers/Microsoft.Fabric/capacities/", true},
};

/* The type of what needs none in a path of the estate. */
static const char *const types[SCOPE_KINDS] = {
    [SCOPE_VAULT] = "Microsoft.KeyVault/vaults",
    [SCOPE_SECRET] = "Microsoft.KeyVault/vaults/secrets",
    [SCOPE_STORAGE_ACCOUNT] = "Microsoft.Storage/storageAccounts",
    [SCOPE_CONTAINER] =
	"Microsoft.Storage/storageAccounts/blobServices/containers",
    [SCOPE_CAPACITY] = "Microsoft.Fabric/capacities",
};

static struct slice
type_of(const struct import *im, scope_id s)
{
	const struct scope *row = &im->e->scopes.at[s];

	return row->type != 0 ? estate_text(im->e, row->type)
			      : slice_of(types[row->kind]);
}

static const char *
own_path(struct import *im, scope_id s, const char *parent)
{
	const struct scope *row = &im->e->scopes.at[s];
	const char *segment = import_string(im, row->segment);
	struct slice type = type_of(im, s), outer = type_of(im, row->parent);

	if (row->type == 0)
		return import_text(
		    im, "%s%s%s", parent, steps[row->kind].between, segment);
	if (outer.length > 0 && type.length > outer.length &&
	    slice_starts_case(type, outer) && type.at[outer.length] == '/')
		return import_text(im, "%s%.*s/%s", parent,
		    SLICE_ARGS(slice_from(type, outer.length)), segment);
	return import_text(
	    im, "%s/providers/%.*s/%s", parent, SLICE_ARGS(type), segment);
}

/* The path of what a resource lies in: a resource group, or something else
 * that has a path of its own. */
static const char *
path_above(struct import *im, scope_id s)
{
	const struct scope *row = &im->e->scopes.at[s];
	uint8_t kind = im->e->scopes.at[row->parent].kind;

	/* A page says little; the path of an export says all. */
	if (kind == SCOPE_ROOT && row->kind == SCOPE_RESOURCE &&
	    im->e->listings.count == 0)
		return "";
	if (kind == SCOPE_ROOT && row->kind != SCOPE_SECRET &&
	    row->kind != SCOPE_CONTAINER)
		return made_group(im, made_subscription(im));
	if (kind == SCOPE_SUBSCRIPTION && steps[row->kind].in_group)
		return made_group(im, import_path(im, row->parent));
	return kind == SCOPE_ROOT ? NULL : import_path(im, row->parent);
}

static bool
is_type(struct slice type)
{
	struct slice rest = type, part;
	uint32_t parts = 0;

	for (; slice_cut(&rest, '/', &part); parts++)
		if (!import_is_segment(part))
			return false;
	return parts >= 2 && parts <= 8;
}

static const char *
resource_path(struct import *im, scope_id s)
{
	const char *above = path_above(im, s);

	return above == NULL ? NULL : own_path(im, s, above);
}

static const char *
subscription_path(struct import *im, scope_id s)
{
	struct slice segment = estate_text(im->e, im->e->scopes.at[s].segment);
	struct guid id;

	if (!guid_parse(segment, &id))
		id = import_id(im);
	return import_text(im, "/subscriptions/%s", import_guid(im, id));
}

static const char *
group_path(struct import *im, scope_id s)
{
	const struct scope *row = &im->e->scopes.at[s];
	const char *above =
	    im->e->scopes.at[row->parent].kind == SCOPE_SUBSCRIPTION
	    ? import_path(im, row->parent)
	    : made_subscription(im);

	return above == NULL ? NULL
			     : import_text(im, "%s/resourceGroups/%s", above,
				   import_string(im, row->segment));
}

/* A vault's name is a host name, and nobody else's. */
static const char *
vault_trouble(struct import *im, scope_id s, struct slice name)
{
	uint64_t hash = slice_hash_case(name);
	struct index_walk walk = index_start(&im->vaults, hash);
	scope_id known;

	if (name.length > VAULT_NAME_MOST)
		return "the name of a vault is shorter";
	for (size_t i = 0; i < name.length; i++)
		if (!is_letter_or_digit(name.at[i]) && name.at[i] != '-')
			return "the name of a vault has letters, digits and "
			       "hyphens only";
	while (index_next(&walk, &known))
		if (slice_eq_case(name,
			estate_text(im->e, im->e->scopes.at[known].segment)))
			return "there is a vault of that name already";
	import_fail(im, index_add(&im->vaults, hash, s));
	return NULL;
}

/* Why the place cannot be on a platform, or NULL. */
static const char *
trouble(struct import *im, scope_id s)
{
	const struct scope *row = &im->e->scopes.at[s];
	struct slice name = estate_text(im->e, row->segment);

	if (!import_is_segment(name))
		return "Azure allows no such name";
	if (row->kind == SCOPE_RESOURCE && !is_type(type_of(im, s)))
		return "its kind is no type of a resource";
	return row->kind == SCOPE_VAULT ? vault_trouble(im, s, name) : NULL;
}

static const char *
checked_path(struct import *im, scope_id s)
{
	const struct scope *row = &im->e->scopes.at[s];
	const char *why = trouble(im, s), *path = NULL;

	if (why == NULL && row->kind == SCOPE_MANAGEMENT_GROUP)
		path = import_text(im,
		    "/providers/Microsoft.Management/managementGroups/%s",
		    import_string(im, row->segment));
	else if (why == NULL && row->kind == SCOPE_RESOURCE_GROUP)
		path = group_path(im, s);
	else if (why == NULL)
		path = resource_path(im, s);
	if (path == NULL)
		import_tell(im, "%s %s was left out: %s",
		    scope_kind_name((enum scope_kind)row->kind),
		    import_scope(im, s),
		    why != NULL ? why : "what it lies in is not known");
	return path;
}

static const char *
find_path(struct import *im, scope_id s)
{
	static const bool has_path[SCOPE_KINDS] = {
	    [SCOPE_MANAGEMENT_GROUP] = true,
	    [SCOPE_RESOURCE_GROUP] = true,
	    [SCOPE_VAULT] = true,
	    [SCOPE_SECRET] = true,
	    [SCOPE_STORAGE_ACCOUNT] = true,
	    [SCOPE_CONTAINER] = true,
	    [SCOPE_RESOURCE] = true,
	    [SCOPE_CAPACITY] = true,
	};
	uint8_t kind = im->e->scopes.at[s].kind;

	if (s == 0)
		return "/";
	if (kind == SCOPE_SUBSCRIPTION)
		return subscription_path(im, s);
	return has_path[kind] ? checked_path(im, s) : NULL;
}

/* Goes as deep as the tree, which is bounded (LIMIT_SCOPE_DEPTH). */
const char *
import_path(struct import *im, scope_id s)
{
	if (!im->walked[s]) {
		im->walked[s] = true;
		im->paths[s] = find_path(im, s);
	}
	return im->paths[s];
}

/* --- entities --- */

static const char *
shown_name(struct import *im, scope_id s)
{
	const struct scope *row = &im->e->scopes.at[s];

	return import_string(im, row->name != 0 ? row->name : row->segment);
}

/* Of a path, which is empty after an error. */
static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

/* Subscriptions and groups below a management group, by which an answer
 * says where they hang. */
static json_t *
children_of(struct import *im, scope_id s)
{
	struct ids below = estate_children(im->e, s);
	json_t *list = json_array();

	for (uint32_t i = 0; i < below.count; i++) {
		scope_id c = below.at[i];
		uint8_t kind = im->e->scopes.at[c].kind;
		const char *path = import_path(im, c);

		if (path == NULL ||
		    (kind != SCOPE_SUBSCRIPTION &&
			kind != SCOPE_MANAGEMENT_GROUP))
			continue;
		if (json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:s}", "id", path, "type",
			    kind == SCOPE_SUBSCRIPTION
				? "/subscriptions"
				: "Microsoft.Management/managementGroups",
			    "name", last_part(path), "displayName",
			    shown_name(im, c))) != 0)
			import_fail(im, ACTAS_ENOMEM);
	}
	return list;
}

static void
put_management_group(struct import *im, scope_id s)
{
	const struct scope *row = &im->e->scopes.at[s];
	const char *path = im->paths[s];
	const char *above =
	    row->parent == 0 ? NULL : import_path(im, row->parent);
	struct entity_text text;

	import_put(im,
	    entity_key(&text, ENTITY_MANAGEMENT_GROUP,
		estate_text(im->e, row->segment), SLICE(""), SLICE("")),
	    json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:{s:o*}, s:o}}", "id",
		path, "type", "Microsoft.Management/managementGroups", "name",
		import_string(im, row->segment), "properties", "tenantId",
		im->tenant_text, "displayName", shown_name(im, s), "details",
		"parent",
		above == NULL ? NULL : json_pack("{s:s}", "id", above),
		"children", children_of(im, s)),
	    import_scope(im, s));
}

static void
put_group_of(struct import *im, scope_id s)
{
	const struct scope *row = &im->e->scopes.at[s];
	const char *above =
	    im->e->scopes.at[row->parent].kind == SCOPE_SUBSCRIPTION
	    ? import_path(im, row->parent)
	    : made_subscription(im);

	put_group(im, above, import_string(im, row->segment));
}

/* The principal that is at home in the resource, or NONE. */
static principal_id
dweller(const struct import *im, const char *path)
{
	struct index_walk walk =
	    index_start(&im->homes, slice_hash_case(slice_of(path)));
	principal_id p;

	while (index_next(&walk, &p))
		if (slice_eq_case(slice_of(path),
			estate_text(im->e, im->e->principals.at[p].home)))
			return p;
	return NONE;
}

/* An identity that is a resource, and one that a resource has. */
static bool
add_identity(struct import *im, json_t *resource, principal_id p, bool is_one)
{
	const char *id = import_guid(im, im->people[p].object_id);
	const char *app_id = import_guid(im, im->people[p].app_id);

	if (is_one)
		return json_object_set_new(resource, "properties",
			   json_pack("{s:s, s:s, s:s}", "principalId", id,
			       "clientId", app_id, "tenantId",
			       im->tenant_text)) == 0;
	return json_object_set_new(resource, "identity",
		   json_pack("{s:s, s:s, s:s}", "type", "SystemAssigned",
		       "principalId", id, "tenantId", im->tenant_text)) == 0;
}

static void
put_resource(struct import *im, scope_id s)
{
	const char *path = im->paths[s];
	struct slice type = type_of(im, s);
	struct slice identities = SLICE("Microsoft.ManagedIdentity/");
	bool is_one = slice_eq_case(
	    type, SLICE("Microsoft.ManagedIdentity/userAssignedIdentities"));
	principal_id p = dweller(im, path);
	struct entity_text text;
	json_t *made;

	/* Without its principal an identity is none, and what lies at the
	 * tenant is no resource of a subscription. */
	if ((slice_starts_case(type, identities) && (!is_one || p == NONE)) ||
	    !slice_starts(slice_of(path), SLICE("/subscriptions/")))
		return;
	made = json_pack("{s:s, s:s, s:s%, s:s, s:{}, s:{}}", "id", path,
	    "name", import_string(im, im->e->scopes.at[s].segment), "type",
	    type.at, type.length, "location", LOCATION, "tags", "properties");
	if (p != NONE && !add_identity(im, made, p, is_one))
		import_fail(im, ACTAS_ENOMEM);
	import_put(im,
	    entity_key(
		&text, ENTITY_RESOURCE, slice_of(path), SLICE(""), SLICE("")),
	    made, import_scope(im, s));
}

static void
put_place(struct import *im, scope_id s)
{
	uint8_t kind = im->e->scopes.at[s].kind;

	if (kind == SCOPE_MANAGEMENT_GROUP)
		put_management_group(im, s);
	else if (kind == SCOPE_SUBSCRIPTION)
		put_subscription(
		    im, last_part(im->paths[s]), shown_name(im, s));
	else if (kind == SCOPE_RESOURCE_GROUP)
		put_group_of(im, s);
	else if (kind == SCOPE_RESOURCE || kind == SCOPE_CAPACITY ||
	    kind == SCOPE_STORAGE_ACCOUNT || kind == SCOPE_CONTAINER)
		put_resource(im, s);
}

static void
index_homes(struct import *im)
{
	const struct estate *e = im->e;

	for (principal_id p = 0; p < e->principals.count; p++)
		if (im->people[p].made && e->principals.at[p].home != 0)
			import_fail(im,
			    index_add(&im->homes,
				slice_hash_case(
				    estate_text(e, e->principals.at[p].home)),
				p));
}

void
import_places(struct import *im)
{
	const struct estate *e = im->e;

	im->paths = import_zero(im, e->scopes.count, sizeof *im->paths);
	im->walked = import_zero(im, e->scopes.count, sizeof *im->walked);
	if (im->error != ACTAS_OK)
		return;
	index_homes(im);
	for (scope_id s = 0; s < e->scopes.count && !im->error; s++) {
		if (import_path(im, s) != NULL && s != 0)
			put_place(im, s);
	}
}
