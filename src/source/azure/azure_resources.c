#include "source/azure/azure_readers.h"

#include "estate/builtin.h"

/*
 * Resources of Azure: every one is a scope; vaults, secrets, identities,
 * subscriptions and management groups say more.
 */

/* The scope of a path that the element's id holds, marked as declared. */
static scope_id
declare_path(struct azure *az, const struct json_node *n, struct slice path,
    struct slice name)
{
	scope_id s;

	if (azure_failed(az))
		return NONE;
	s = builder_scope_path(az->b, path, azure_origin(az, n->line));
	if (s == NONE) {
		azure_complain(
		    az, n, "id", "a path such as /subscriptions/{id}");
		return NONE;
	}
	azure_declare_scope(az, s, name, n->line);
	return s;
}

static scope_id
declare_scope(struct azure *az, const struct json_node *n)
{
	return declare_path(az, n,
	    azure_need_text(az, n, "id", "a path such as /subscriptions/{id}"),
	    SLICE(""));
}

/* --- identities --- */

static void
declare_identity(struct azure *az, const struct json_node *n,
    struct guid object_id, struct guid app_id, struct slice home)
{
	struct azure_principal said = {.object_id = object_id,
	    .app_id = app_id,
	    .kind = PRINCIPAL_MANAGED_IDENTITY,
	    .rank = RANK_LISTING};
	size_t at = home.length;
	principal_id p;

	while (at > 0 && home.at[at - 1] != '/')
		at--;
	said.name = slice_from(home, at);
	p = azure_principal(az, &said, n->line);
	if (!azure_failed(az) && az->b->principals.at[p].home == 0)
		az->b->principals.at[p].home = builder_string(az->b, home);
}

void
azure_read_identity(struct azure *az, const struct json_node *n)
{
	struct guid object_id = azure_need_guid(az, n, "principalId");
	struct guid app_id = azure_guid(az, n, "clientId");

	(void)declare_scope(az, n);
	declare_identity(az, n, object_id, app_id, azure_text(az, n, "id"));
}

/* A resource's own identity, and those that are assigned to it. */
static void
read_identity_of(struct azure *az, const struct json_node *n)
{
	struct json_node identity, assigned, each = {.line = n->line};
	struct guid own;
	const char *id;

	if (!azure_node(az, n, "identity", &identity))
		return;
	own = azure_guid(az, &identity, "principalId");
	if (!guid_is_nil(own))
		declare_identity(az, &identity, own, (struct guid){0},
		    azure_text(az, n, "id"));
	if (!azure_node(az, &identity, "userAssignedIdentities", &assigned))
		return;
	json_object_foreach(assigned.value, id, each.value)
	{
		each.line = json_node_line(&assigned, id);
		own = azure_guid(az, &each, "principalId");
		if (!guid_is_nil(own) && !azure_failed(az))
			declare_identity(az, &each, own,
			    azure_guid(az, &each, "clientId"), slice_of(id));
	}
}

void
azure_read_resource(struct azure *az, const struct json_node *n)
{
	(void)declare_scope(az, n);
	if (json_is_object(azure_field(n, "identity")))
		read_identity_of(az, n);
}

/* --- subscriptions and management groups --- */

/* az gives the id alone, the service the path. Both list an account that has
 * a tenant and no subscription. */
void
azure_read_subscription(struct azure *az, const struct json_node *n)
{
	struct slice id = azure_need_text(az, n, "id", "a subscription's id");
	struct slice name = azure_text(az, n, "displayName");
	struct guid tenant = azure_guid(az, n, "tenantId"), guid;
	struct buffer path = {0};

	if (name.length == 0)
		name = azure_text(az, n, "name");
	if (slice_starts_case(name, SLICE("N/A(tenant level account)")))
		return;
	if (guid_parse(id, &guid))
		buffer_puts(&path, "/subscriptions/");
	buffer_add(&path, id);
	if (path.error != ACTAS_OK && !azure_failed(az))
		az->error = fault_plain(az->fault, path.error);
	(void)declare_path(az, n, buffer_slice(&path), name);
	buffer_release(&path);
	if (!azure_failed(az) && guid_is_nil(az->b->tenant))
		az->b->tenant = tenant;
}

/* A management group names a subscription by a path of its own, the end of
 * which is the subscription's. */
static struct slice
hierarchy_id(struct azure *az, const struct json_node *n)
{
	struct slice id = azure_need_text(az, n, "id", "a scope's path");
	size_t at = slice_find_case(id, SLICE("/subscriptions/"));

	return at == SIZE_MAX ? id : slice_from(id, at);
}

/* The scope above, where the answer says it: in "details", as the group
 * itself is described, or beside the id, as descendants are. */
static scope_id
scope_above(struct azure *az, const struct json_node *n)
{
	struct json_node details, parent;
	struct slice id = SLICE("");

	if (azure_node(az, n, "details", &details)) {
		if (azure_node(az, &details, "parent", &parent))
			id = azure_text(az, &parent, "id");
	} else if (json_is_object(azure_field(n, "parent")) &&
	    azure_node(az, n, "parent", &parent)) {
		id = azure_text(az, &parent, "id");
	}
	if (azure_failed(az) || id.length == 0)
		return NONE;
	return builder_scope_path(az->b, id, azure_origin(az, n->line));
}

/* A management group or subscription and all that an expanded answer holds
 * below it; that lies in the element, as deep as a document may be. */
static void
read_hierarchy(struct azure *az, const struct json_node *n, scope_id parent)
{
	scope_id s = declare_path(
	    az, n, hierarchy_id(az, n), azure_text(az, n, "displayName"));
	struct json_walk walk = azure_list(az, n, "children");
	struct json_node each;

	if (azure_failed(az))
		return;
	if (parent != NONE && parent != s)
		builder_move(az->b, s, parent);
	while (!azure_failed(az) && json_walk_next(&walk, &each))
		read_hierarchy(az, &each, s);
}

void
azure_read_management_group(struct azure *az, const struct json_node *n)
{
	read_hierarchy(az, n, scope_above(az, n));
}

/* --- vaults --- */

enum { MOST_SECRET_PERMISSIONS = 32 };

/* One access policy; one that gives nothing on secrets is none here. */
static void
read_policy(struct azure *az, const struct json_node *n, scope_id vault)
{
	struct azure_principal said = {0};
	struct assignment a = {
	    .scope = vault, .origin = azure_origin(az, n->line)};
	struct slice texts[MOST_SECRET_PERMISSIONS];
	struct json_node permissions;
	struct json_walk walk;
	struct json_node each;
	uint32_t count = 0;

	said.object_id = azure_need_guid(az, n, "objectId");
	a.principal = azure_principal(az, &said, n->line);
	if (!guid_is_nil(azure_guid(az, n, "applicationId")))
		a.flags = ASSIGNMENT_COMPOUND;
	if (!azure_node(az, n, "permissions", &permissions))
		return;
	walk = azure_list(az, &permissions, "secrets");
	while (!azure_failed(az) && json_walk_next(&walk, &each)) {
		if (!json_is_string(each.value) ||
		    count == MOST_SECRET_PERMISSIONS)
			azure_refuse(az, each.line,
			    "\"secrets\" of an access policy: expected at most "
			    "%d permissions such as \"get\"",
			    MOST_SECRET_PERMISSIONS);
		else
			texts[count++] =
			    (struct slice){json_string_value(each.value),
				json_string_length(each.value)};
	}
	if (azure_failed(az) || count == 0)
		return;
	a.role = builtin_policy(az->b, texts, count, a.origin);
	if (!azure_failed(az) && a.role != NONE)
		builder_assign(az->b, &a);
}

static uint8_t
says(struct slice text, const char *yes, const char *no)
{
	if (slice_eq_case(text, slice_of(yes)))
		return YES;
	return slice_eq_case(text, slice_of(no)) ? NO : UNSAID;
}

/* What only the whole description of a vault says: absent means "no" there,
 * and nothing in a mere list of names. */
static void
describe_vault(struct azure *az, const struct json_node *n, struct vault *v)
{
	struct json_node network;

	v->model = azure_bool(az, n, "enableRbacAuthorization") == YES
	    ? MODEL_RBAC
	    : MODEL_POLICY;
	v->stated = 1;
	v->purge_protection =
	    azure_bool(az, n, "enablePurgeProtection") == YES ? YES : NO;
	v->soft_delete = (uint8_t)azure_bool(az, n, "enableSoftDelete");
	v->public_access = says(
	    azure_text(az, n, "publicNetworkAccess"), "Enabled", "Disabled");
	if (azure_node(az, n, "networkAcls", &network))
		v->firewall = says(
		    azure_text(az, &network, "defaultAction"), "Deny", "Allow");
}

void
azure_read_vault(struct azure *az, const struct json_node *n)
{
	scope_id s = declare_scope(az, n);
	bool whole = azure_field(n, "vaultUri") != NULL ||
	    azure_field(n, "accessPolicies") != NULL;
	struct json_walk walk = azure_list(az, n, "accessPolicies");
	struct json_node each;
	struct vault *v;

	if (azure_failed(az))
		return;
	if (az->b->scopes.at[s].kind != SCOPE_VAULT) {
		azure_complain(az, n, "id", "the path of a key vault");
		return;
	}
	v = builder_vault(az->b, s, azure_origin(az, n->line));
	if (v == NULL)
		return;
	v->tenant = azure_guid(az, n, "tenantId");
	if (guid_is_nil(az->b->tenant))
		az->b->tenant = v->tenant;
	if (azure_field(n, "location") != NULL)
		v->location = azure_string(az, n, "location");
	if (whole)
		describe_vault(az, n, v);
	while (!azure_failed(az) && json_walk_next(&walk, &each))
		read_policy(az, &each, s);
}

/* --- secrets --- */

/* "https://{vault}.vault.azure.net/secrets/{name}/{version}". The vault of
 * that name is found at the end of the session (azure_settle.c). */
static scope_id
secret_scope(struct azure *az, const struct json_node *n)
{
	struct slice id = azure_text(az, n, "id"), rest, host, kind, name;
	struct slice vault;
	scope_id s;

	if (azure_failed(az))
		return NONE;
	if (slice_starts_case(id, SLICE("/subscriptions/")))
		return declare_scope(az, n);
	rest = slice_from(id, strlen("https://"));
	if (!slice_starts_case(id, SLICE("https://")) ||
	    !slice_cut(&rest, '/', &host) || !slice_cut(&rest, '/', &kind) ||
	    !slice_eq_case(kind, SLICE("secrets")) ||
	    !slice_cut(&rest, '/', &name) || name.length == 0 ||
	    !slice_cut(&host, '.', &vault) || vault.length == 0 ||
	    !slice_starts_case(host, SLICE("vault."))) {
		azure_complain(az, n, "id",
		    "https://{vault}.vault.azure.net/secrets/{name}");
		return NONE;
	}
	s = builder_scope(
	    az->b, 0, SCOPE_VAULT, SLICE(""), vault, azure_origin(az, n->line));
	if (s == NONE)
		return NONE;
	s = builder_scope(
	    az->b, s, SCOPE_SECRET, SLICE(""), name, azure_origin(az, n->line));
	return s;
}

static moment
either(struct azure *az, const struct json_node *n, const char *key,
    const char *other)
{
	return azure_moment(az, n, azure_field(n, key) != NULL ? key : other);
}

/* Of several versions, which are told in any order, the newest counts. */
void
azure_read_secret(struct azure *az, const struct json_node *n)
{
	struct json_node attributes = {0};
	struct secret *secret;
	moment created;
	scope_id s;

	/* A deleted secret is listed in the same form. */
	if (azure_field(n, "recoveryId") != NULL)
		return;
	s = secret_scope(az, n);
	if (azure_failed(az))
		return;
	(void)azure_node(az, n, "attributes", &attributes);
	created = azure_moment(az, &attributes, "created");
	azure_declare_scope(az, s, SLICE(""), n->line);
	secret = builder_secret(az->b, s, azure_origin(az, n->line));
	if (secret == NULL ||
	    (secret->created != MOMENT_UNKNOWN && created < secret->created))
		return;
	secret->created = created;
	secret->updated = azure_moment(az, &attributes, "updated");
	secret->expires = either(az, &attributes, "exp", "expires");
	secret->not_before = either(az, &attributes, "nbf", "notBefore");
	secret->enabled = (uint8_t)azure_bool(az, &attributes, "enabled");
	secret->origin = azure_origin(az, n->line);
}
