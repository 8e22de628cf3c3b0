#include "platform/import/import_private.h"

#include "keys/client_secret.h"

/*
 * Vaults with their access policies, and the secrets in them.
 *
 * A vault of which the source does not say, or says both, what its
 * permission model is becomes one of RBAC: its access policies are kept, and
 * allow nothing until somebody decides for them.
 *
 * Each secret has a new value, but for those that the source says hold a
 * credential: there the new credential is written, so that what fetched it
 * goes on to work. Ids that people keep beside a client secret are the new
 * ids.
 */

enum { SECRET_NAME_MOST = 127, RETENTION_DAYS = 90 };

static bool
is_rbac(const struct vault *v)
{
	return v->model != MODEL_POLICY;
}

bool
import_in_policy_vault(const struct import *im, scope_id s)
{
	scope_id at = estate_enclosing(im->e, s, SCOPE_VAULT);
	const struct vault *v = at == NONE ? NULL : estate_vault(im->e, at);

	return v != NULL && !is_rbac(v);
}

/* --- access policies --- */

/* The permissions in the name of a policy's role: "get, list". */
static json_t *
permissions_of(struct import *im, role_id r)
{
	struct slice rest = estate_text(im->e, im->e->roles.at[r].name), part;
	json_t *list = json_array();

	while (slice_cut(&rest, ',', &part)) {
		part = slice_trim(part);
		if (json_array_append_new(
			list, json_stringn(part.at, part.length)) != 0)
			import_fail(im, ACTAS_ENOMEM);
	}
	return list;
}

/* One that demands a certain application is kept as one that demands an
 * application which is nobody's: the estate does not say which it was. */
static void
add_policy(struct import *im, const struct assignment *a, json_t *permissions,
    json_t *policies)
{
	json_t *made = json_pack("{s:s, s:s, s:{s:o, s:[], s:[], s:[]}}",
	    "tenantId", im->tenant_text, "objectId",
	    import_guid(im, im->people[a->principal].object_id), "permissions",
	    "secrets", permissions, "keys", "certificates", "storage");

	if (a->flags & ASSIGNMENT_COMPOUND) {
		if (json_object_set_new(made, "applicationId",
			json_string(import_guid(im, import_id(im)))) != 0)
			import_fail(im, ACTAS_ENOMEM);
		import_tell(im,
		    "%s: its access policy on %s asks for an application that "
		    "the source does not name; it allows nothing",
		    import_principal(im, a->principal),
		    import_scope(im, a->scope));
	}
	if (json_array_append_new(policies, made) != 0)
		import_fail(im, ACTAS_ENOMEM);
}

static json_t *
policies_of(struct import *im, const struct vault *v)
{
	struct ids at = estate_assignments_at(im->e, v->scope);
	json_t *policies = json_array();

	for (uint32_t i = 0; i < at.count && !im->error; i++) {
		struct assignment a = estate_assignment(im->e, at.at[i]);
		uint8_t plane = im->e->roles.at[a.role].plane;
		bool claimed = plane == PLANE_CLAIMED && !is_rbac(v);

		if ((!claimed && plane != PLANE_POLICY) ||
		    !import_holds(im, &a))
			continue;
		add_policy(im, &a,
		    claimed ? import_claim_policy(im, &a)
			    : permissions_of(im, a.role),
		    policies);
	}
	return policies;
}

/* --- vaults --- */

static void
tell_model(struct import *im, const struct vault *v)
{
	if (v->model == MODEL_DISPUTED)
		import_tell(im,
		    "vault %s: the source speaks of both permission models; "
		    "RBAC was taken, so that its access policies allow "
		    "nothing",
		    import_scope(im, v->scope));
	else if (v->model == MODEL_UNSAID)
		import_tell(im,
		    "vault %s: the source does not say its permission model; "
		    "RBAC was taken",
		    import_scope(im, v->scope));
	if (v->firewall == YES)
		import_tell(im,
		    "vault %s: its firewall denies by default, and the source "
		    "does not say whom it lets in: nobody can reach its "
		    "secrets until a rule is added",
		    import_scope(im, v->scope));
}

static void
put_vault(struct import *im, const struct vault *v, const char *path)
{
	const struct scope *row = &im->e->scopes.at[v->scope];
	const char *name = import_string(im, row->segment);
	struct entity_text text;
	json_t *made = json_pack(
	    "{s:s, s:s, s:s, s:s, s:{}, s:{s:{s:s, s:s}, s:s, s:o, s:b, s:b, "
	    "s:b, s:b, s:i, s:b, s:s, s:{s:s, s:s, s:[], s:[]}, s:s++, s:s}}",
	    "id", path, "name", name, "type", "Microsoft.KeyVault/vaults",
	    "location",
	    v->location != 0 ? import_string(im, v->location) : "local", "tags",
	    "properties", "sku", "family", "A", "name", "standard", "tenantId",
	    im->tenant_text, "accessPolicies", policies_of(im, v),
	    "enabledForDeployment", 0, "enabledForDiskEncryption", 0,
	    "enabledForTemplateDeployment", 0, "enableSoftDelete", 1,
	    "softDeleteRetentionInDays", (int)RETENTION_DAYS,
	    "enableRbacAuthorization", (int)is_rbac(v), "publicNetworkAccess",
	    v->public_access == NO ? "Disabled" : "Enabled", "networkAcls",
	    "bypass", "AzureServices", "defaultAction",
	    v->firewall == YES ? "Deny" : "Allow", "ipRules",
	    "virtualNetworkRules", "vaultUri", "https://", name,
	    ".vault.azure.net/", "provisioningState", "Succeeded");

	if (v->purge_protection == YES &&
	    json_object_set_new(json_object_get(made, "properties"),
		"enablePurgeProtection", json_true()) != 0)
		import_fail(im, ACTAS_ENOMEM);
	tell_model(im, v);
	import_put(im,
	    entity_key(
		&text, ENTITY_VAULT, slice_of(name), SLICE(""), SLICE("")),
	    made, name);
}

/* --- what a secret holds --- */

static const struct {
	const char *tail; /* of the secret's name */
	enum { TENANT_ID, APP_ID, OBJECT_ID } what;
} id_names[] = {
    {"tenant-id", TENANT_ID},
    {"client-id", APP_ID},
    {"app-id", APP_ID},
    {"application-id", APP_ID},
    {"object-id", OBJECT_ID},
};

/* The id, or nil where it holds none. */
static struct guid
id_held(const struct import *im, struct slice name, principal_id p)
{
	for (size_t i = 0; i < sizeof id_names / sizeof id_names[0]; i++) {
		if (!slice_ends_case(name, slice_of(id_names[i].tail)))
			continue;
		if (id_names[i].what == TENANT_ID)
			return im->tenant;
		return id_names[i].what == APP_ID ? im->people[p].app_id
						  : im->people[p].object_id;
	}
	return (struct guid){0};
}

/* Whose credential the secret holds, or NONE. */
static void
find_holders(struct import *im)
{
	const struct estate *e = im->e;

	im->holder = import_zero(im, e->scopes.count, sizeof *im->holder);
	for (scope_id s = 0; s < e->scopes.count && im->holder != NULL; s++)
		im->holder[s] = NONE;
	for (uint32_t i = 0; i < e->sinks.count && im->holder != NULL; i++) {
		const struct sink *sink = &e->sinks.at[i];

		if (sink->kind != SINK_SECRET || sink->scope == NONE ||
		    sink->principal == NONE)
			continue;
		if (im->holder[sink->scope] == NONE &&
		    estate_secret(e, sink->scope) == NULL)
			import_tell(im,
			    "secret %s was not made: the source says that it "
			    "holds a credential of %s and does not list it",
			    import_scope(im, sink->scope),
			    import_principal(im, sink->principal));
		im->holder[sink->scope] = sink->principal;
	}
}

static enum actas_error
value_of(struct import *im, scope_id s, struct secret_bytes *value)
{
	struct slice name = estate_text(im->e, im->e->scopes.at[s].segment);
	principal_id p = im->holder[s];
	struct guid id = {0};

	if (p != NONE)
		id = id_held(im, name, p);
	if (!guid_is_nil(id))
		return secret_bytes_copy(slice_of(import_guid(im, id)), value);
	if (p == NONE || im->people[p].secret == NONE)
		return client_secret_new(im->chance, value);
	import_tell(im, "secret %s holds the new client secret of %s",
	    import_scope(im, s), import_principal(im, p));
	return secret_bytes_copy(
	    secret_bytes_reveal(
		&im->credentials->at.at[im->people[p].secret].secret),
	    value);
}

/* --- secrets --- */

/* 32 hexadecimal digits, as Key Vault names versions. */
static const char *
version_name(struct import *im)
{
	char id[GUID_TEXT_LENGTH + 1];

	guid_format(import_id(im), id);
	return import_text(
	    im, "%.8s%.4s%.4s%.4s%.12s", id, id + 9, id + 14, id + 19, id + 24);
}

static json_t *
attributes_of(struct import *im, const struct secret *row, const char *recovery)
{
	moment created =
	    row->created == MOMENT_UNKNOWN ? im->now : row->created;
	moment updated =
	    row->updated == MOMENT_UNKNOWN ? created : row->updated;
	json_t *made = json_pack("{s:b, s:I, s:I, s:s, s:i}", "enabled",
	    row->enabled != NO, "created", (json_int_t)created, "updated",
	    (json_int_t)updated, "recoveryLevel", recovery, "recoverableDays",
	    (int)RETENTION_DAYS);

	if (row->expires != MOMENT_UNKNOWN &&
	    json_object_set_new(
		made, "exp", json_integer((json_int_t)row->expires)) != 0)
		import_fail(im, ACTAS_ENOMEM);
	if (row->not_before != MOMENT_UNKNOWN &&
	    json_object_set_new(
		made, "nbf", json_integer((json_int_t)row->not_before)) != 0)
		import_fail(im, ACTAS_ENOMEM);
	return made;
}

/* The vault that the secrets at hand are in. */
struct filling {
	struct import *im;
	struct slice vault;
	const char *recovery; /* level */
};

static enum actas_error
seal_value(
    struct filling *f, scope_id s, struct slice about, struct buffer *sealed)
{
	struct secret_bytes value = {0};
	enum actas_error error = value_of(f->im, s, &value);

	if (error == ACTAS_OK)
		error = value_seal(f->im->value_keys, about,
		    secret_bytes_reveal(&value), sealed);
	secret_bytes_release(&value);
	return error;
}

static void
put_version(struct filling *f, const struct secret *row, struct slice name,
    const char *version)
{
	struct buffer sealed = {0};
	struct entity_text text;
	struct slice key = entity_key(
	    &text, ENTITY_VERSION, f->vault, name, slice_of(version));

	import_fail(f->im, seal_value(f, row->scope, key, &sealed));
	if (f->im->error == ACTAS_OK)
		import_put(f->im, key,
		    json_pack("{s:s, s:o, s:{}, s:i}", "sealed",
			buffer_text(&sealed), "attributes",
			attributes_of(f->im, row, f->recovery), "tags",
			"sequence", 1),
		    version);
	buffer_release(&sealed);
}

static bool
is_secret_name(struct slice name)
{
	for (size_t i = 0; i < name.length; i++)
		if (name.at[i] != '-' &&
		    (name.at[i] < '0' || name.at[i] > '9') &&
		    (ascii_lower(name.at[i]) < 'a' ||
			ascii_lower(name.at[i]) > 'z'))
			return false;
	return name.length > 0 && name.length <= SECRET_NAME_MOST;
}

static void
put_secret(struct filling *f, const struct secret *row)
{
	struct import *im = f->im;
	struct slice name =
	    estate_text(im->e, im->e->scopes.at[row->scope].segment);
	const char *version = version_name(im);
	struct entity_text text;

	if (!is_secret_name(name)) {
		import_tell(im,
		    "secret %s was left out: the name of a secret has at most "
		    "%d letters, digits and hyphens",
		    import_scope(im, row->scope), SECRET_NAME_MOST);
		return;
	}
	import_put(im,
	    entity_key(&text, ENTITY_SECRET, f->vault, name, SLICE("")),
	    json_pack("{s:s%}", "name", name.at, name.length), version);
	import_put(im,
	    entity_key(&text, ENTITY_CURRENT, f->vault, name, SLICE("")),
	    json_pack("{s:s}", "version", version), version);
	put_version(f, row, name, version);
}

static void
fill_vault(struct import *im, const struct vault *v)
{
	struct filling f = {.im = im,
	    .vault = estate_text(im->e, im->e->scopes.at[v->scope].segment),
	    .recovery = v->purge_protection == YES ? "Recoverable"
						   : "Recoverable+Purgeable"};
	struct ids below = estate_children(im->e, v->scope);

	for (uint32_t i = 0; i < below.count && !im->error; i++) {
		const struct secret *row = estate_secret(im->e, below.at[i]);

		if (row != NULL)
			put_secret(&f, row);
	}
}

/* Grants of policies and rights that no access policy can say. */
static void
tell_in_vault(struct import *im, const struct vault *v)
{
	struct ids below = estate_children(im->e, v->scope);

	for (uint32_t i = 0; i < below.count && !im->error; i++) {
		struct ids at = estate_assignments_at(im->e, below.at[i]);

		for (uint32_t k = 0; k < at.count; k++) {
			struct assignment a =
			    estate_assignment(im->e, at.at[k]);
			uint8_t plane = im->e->roles.at[a.role].plane;

			if (plane == PLANE_POLICY ||
			    (plane == PLANE_CLAIMED && !is_rbac(v)))
				import_tell(im,
				    "%s: %s on %s was left out: an access "
				    "policy is for a whole vault",
				    import_principal(im, a.principal),
				    import_role(im, a.role),
				    import_scope(im, a.scope));
		}
	}
}

void
import_vaults(struct import *im)
{
	const struct estate *e = im->e;

	find_holders(im);
	for (uint32_t i = 0; i < e->vaults.count && !im->error; i++) {
		const struct vault *v = &e->vaults.at[i];
		const char *path = import_path(im, v->scope);

		if (path == NULL)
			continue;
		put_vault(im, v, path);
		tell_in_vault(im, v);
		fill_vault(im, v);
	}
}
