#include "api/arm/operations.h"
#include "api/arm/page.h"
#include "api/arm/vaults.h"

/*
 * Key vaults. What a request leaves unsaid stays as it is, so that no client
 * that does not know of a setting undoes it. Which of its two permission
 * models a vault has decides who reads its secrets: changing it takes the
 * right to assign roles there, without any condition, as in Azure.
 */

enum { TAGS_MOST = 15, DAYS_DEFAULT = 90, VAULT_BYTES = 900 << 10 };

/* --- showing --- */

json_t *
arm_vault_show(struct arm_call *c, json_t *vault)
{
	json_t *properties = arm_properties(vault);

	(void)arm_set(properties, "vaultUri",
	    arm_vault_uri(c->x, arm_text(vault, "name")));
	(void)arm_set(
	    properties, "provisioningState", json_string("Succeeded"));
	return vault;
}

bool
arm_vault_fits(struct arm_call *c, const json_t *vault)
{
	if (json_dumpb(vault, NULL, 0, JSON_COMPACT) > VAULT_BYTES)
		arm_refuse(c, 400, "BadRequest",
		    "The vault's properties are larger than %d bytes.",
		    VAULT_BYTES);
	return !arm_is_refused(c);
}

json_t *
arm_vault_get(struct arm_call *c)
{
	json_t *vault = NULL;

	if (arm_must_exist(c, &c->scope))
		vault = arm_get_scope(c, &c->scope);
	return vault;
}

static void
read_vault(struct arm_call *c)
{
	json_t *vault = arm_vault_get(c);

	if (vault != NULL)
		arm_reply(c, 200, arm_vault_show(c, vault));
}

const struct arm_operation arm_vault = {
    .permission = PERMIT_VAULT_READ,
    .read = read_vault,
};

/* --- list --- */

static void
add_vault(struct arm_call *c, struct arm_page *page, const struct entry *entry)
{
	json_t *vault;
	struct slice id;

	if (arm_page_is_past(page, entry->key))
		return;
	vault = entity_parse(entry->value);
	id = arm_text(vault, "id");
	if (vault != NULL && arm_path_is_within(id, c->scope.path) &&
	    (c->allowed || arm_may(c, PERMIT_VAULT_READ, id)) &&
	    arm_page_has_room(page))
		arm_page_add(page, entry->key, arm_vault_show(c, vault));
	else
		json_decref(vault);
}

static void
read_vaults(struct arm_call *c)
{
	arm_page_visible(c, SLICE("vault/"), add_vault);
}

const struct arm_operation arm_vaults = {
    .permission = PERMIT_VAULT_READ,
    .cut = 3,
    .is_list = true,
    .filters = true,
    .read = read_vaults,
};

/* --- put and patch --- */

/* From the version of 2026-02-01 on, a new vault goes by roles unless it is
 * said otherwise. */
static bool
defaults_to_roles(struct arm_call *c)
{
	struct slice version = exchange_query(c->x, "api-version", NULL);

	return slice_cmp(slice_sub(version, 0, 10), SLICE("2026-02-01")) >= 0;
}

static json_t *
make_properties(struct arm_call *c)
{
	char tenant[GUID_TEXT_LENGTH + 1];
	json_t *made;

	guid_format(exchange_platform(c->x)->tenant, tenant);
	made = json_pack("{s:{s:s, s:s}, s:s, s:[], s:b, s:b, s:i, s:o, s:s, "
			 "s:s}",
	    "sku", "family", "A", "name", "standard", "tenantId", tenant,
	    "accessPolicies", "enabledForDeployment", 0, "enableSoftDelete", 1,
	    "softDeleteRetentionInDays", DAYS_DEFAULT, "vaultUri",
	    json_sprintf("https://%.*s.vault.azure.net/", SLICE_ARGS(c->name)),
	    "provisioningState", "Succeeded", "publicNetworkAccess", "Enabled");
	if (made != NULL && defaults_to_roles(c))
		(void)arm_set(made, "enableRbacAuthorization", json_true());
	return made;
}

static json_t *
make_vault(struct arm_call *c)
{
	return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o}", "id",
	    arm_json_text(c->scope.path), "name", arm_json_text(c->name),
	    "type", "Microsoft.KeyVault/vaults", "location",
	    arm_json_text(arm_location(c)), "tags", json_object(), "properties",
	    make_properties(c));
}

static json_t *
read_acls(const json_t *said)
{
	static const char *const lists[] = {"ipRules", "virtualNetworkRules"};
	struct slice bypass = arm_text(said, "bypass");
	struct slice action = arm_text(said, "defaultAction");
	json_t *made = json_pack("{s:o, s:o}", "bypass",
	    arm_json_text(bypass.length == 0 ? SLICE("AzureServices") : bypass),
	    "defaultAction",
	    arm_json_text(action.length == 0 ? SLICE("Allow") : action));

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		json_t *rules = arm_member(said, lists[i]);

		(void)arm_set(made, lists[i],
		    rules == NULL ? json_array() : json_incref(rules));
	}
	return made;
}

static void
set_properties(struct arm_call *c, json_t *has)
{
	static const char *const plain[] = {"enabledForDeployment",
	    "enabledForDiskEncryption", "enabledForTemplateDeployment",
	    "enableRbacAuthorization", "enablePurgeProtection",
	    "softDeleteRetentionInDays", "publicNetworkAccess"};
	const json_t *said = arm_properties(c->body);
	json_t *sku = arm_member(said, "sku");
	json_t *acls = arm_member(said, "networkAcls");
	json_t *policies = arm_member(said, "accessPolicies");

	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		json_t *value = arm_member(said, plain[i]);

		if (value != NULL)
			(void)json_object_set(has, plain[i], value);
	}
	if (sku != NULL)
		(void)arm_set(has, "sku",
		    json_pack("{s:s, s:o}", "family", "A", "name",
			arm_json_text(arm_text(sku, "name"))));
	if (acls != NULL)
		(void)arm_set(has, "networkAcls", read_acls(acls));
	if (policies != NULL)
		(void)arm_set(
		    has, "accessPolicies", arm_policies_read(c, policies));
}

static bool
goes_by_roles(const json_t *properties)
{
	return json_is_true(arm_member(properties, "enableRbacAuthorization"));
}

/* What cannot be changed, or not by everybody who may write. */
static bool
may_change(struct arm_call *c, const json_t *has)
{
	const json_t *said = arm_properties(c->body);
	json_t *days = arm_member(said, "softDeleteRetentionInDays");
	json_t *before = arm_member(has, "softDeleteRetentionInDays");
	json_t *roles = arm_member(said, "enableRbacAuthorization");

	if (days != NULL && before != NULL && !json_equal(days, before))
		arm_refuse(c, 400, "BadRequest",
		    "The property \"softDeleteRetentionInDays\" has been set "
		    "already and it can't be modified.");
	if (json_is_false(arm_member(said, "enableSoftDelete")))
		arm_refuse(c, 400, "BadRequest",
		    "The property \"enableSoftDelete\" can be set to false "
		    "only for creating new vault. Enabling the 'soft delete' "
		    "functionality is an irreversible action.");
	if (roles != NULL && json_is_true(roles) != goes_by_roles(has) &&
	    !arm_may(c, PERMIT_ASSIGNMENT_WRITE, c->scope.path)) {
		arm_refuse(c, 403, "InsufficientPermissions",
		    "Caller is not allowed to change permission model. It "
		    "needs 'Microsoft.Authorization/roleAssignments/write' "
		    "over scope '%.*s', without a condition.",
		    SLICE_ARGS(c->scope.path));
		c->is_denial = true;
		c->denied = (struct arm_denied){
		    .permission = PERMIT_ASSIGNMENT_WRITE,
		    .action = permission_action(PERMIT_ASSIGNMENT_WRITE),
		    .path = c->scope.path,
		    .reason = REASON_NO_RBAC,
		    .revision = c->decided_on->revision,
		};
	}
	return !arm_is_refused(c);
}

/* The name may be in use elsewhere, or by one that was deleted. */
static bool
name_is_free(struct arm_call *c, struct writes *writes)
{
	struct slice none = SLICE("");
	struct entity_text text;
	json_t *deleted = arm_deleted_get(c, c->name);

	if (entity_exists(arm_state(c),
		entity_key(&text, ENTITY_VAULT, c->name, none, none)))
		arm_refuse(c, 409, "VaultAlreadyExists",
		    "The vault name '%.*s' is already in use. Vault names are "
		    "globaly unique so it is possible that the name is already "
		    "taken. If you are sure that the vault name was not taken "
		    "then it is possible that a vault with the same name was "
		    "recently deleted but not purged after being placed in a "
		    "recoverable state. If the vault is in a recoverable state "
		    "then the vault will need to be purged before reusing the "
		    "name. For more information on soft delete and purging a "
		    "vault follow this link https://go.microsoft.com/fwlink/"
		    "?linkid=2147740.",
		    SLICE_ARGS(c->name));
	else if (deleted != NULL)
		arm_refuse(c, 409, "ConflictError",
		    "A vault with the same name already exists in deleted "
		    "state. You need to either recover or purge existing key "
		    "vault. Follow this link https://go.microsoft.com/fwlink/"
		    "?linkid=2149745 for more information on soft delete.");
	else
		arm_vault_purge(c, c->name, writes);
	json_decref(deleted);
	return !arm_is_refused(c);
}

static enum actas_error
store(struct arm_call *c, json_t *vault, bool is_new, struct writes *writes)
{
	struct entity_text text;

	if (vault == NULL)
		return ACTAS_ENOMEM;
	set_properties(c, arm_properties(vault));
	if (c->x->method == HTTP_PUT || arm_member(c->body, "tags") != NULL)
		(void)arm_set(vault, "tags", arm_tags(c, TAGS_MOST));
	if (!arm_vault_fits(c, vault))
		return ACTAS_EUSAGE;
	entity_put(writes, arm_key(&text, &c->scope), vault);
	arm_reply(c, is_new ? 201 : 200, arm_vault_show(c, json_incref(vault)));
	return ACTAS_OK;
}

static enum actas_error
put_vault(struct arm_call *c, struct writes *writes)
{
	struct arm_scope group = {.kind = ARM_GROUP,
	    .subscription = c->scope.subscription,
	    .group = c->scope.group};
	enum actas_error error = ACTAS_EUSAGE;
	json_t *vault;
	bool is_new;

	if (!arm_must_exist(c, c->x->method == HTTP_PATCH ? &c->scope : &group))
		return ACTAS_EUSAGE;
	if (slice_eq_case(arm_text(arm_properties(c->body), "createMode"),
		SLICE("recover")))
		return arm_vault_recover(c, writes);
	vault = arm_get_scope(c, &c->scope);
	is_new = vault == NULL;
	if (is_new ? name_is_free(c, writes)
		   : may_change(c, arm_properties(vault)) &&
		    (c->x->method == HTTP_PATCH ||
			arm_keep_location(c, vault, &c->scope))) {
		if (is_new)
			vault = make_vault(c);
		error = store(c, vault, is_new, writes);
	}
	json_decref(vault);
	return error;
}

const struct arm_operation arm_vault_put = {
    .permission = PERMIT_VAULT_WRITE,
    .wants_body = true,
    .prepare = arm_vault_check,
    .apply = put_vault,
};

/* --- delete --- */

static enum actas_error
delete_vault(struct arm_call *c, struct writes *writes)
{
	json_t *vault = arm_get_scope(c, &c->scope);
	enum actas_error error;

	c->status = vault == NULL ? 204 : 200;
	if (vault == NULL)
		return ACTAS_OK;
	error = arm_vault_delete(c, vault, writes);
	json_decref(vault);
	return error;
}

const struct arm_operation arm_vault_remove = {
    .permission = PERMIT_VAULT_DELETE,
    .apply = delete_vault,
};
