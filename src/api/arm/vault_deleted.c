#include "api/arm/operations.h"
#include "api/arm/page.h"
#include "api/arm/vaults.h"

#include "api/keyvault/secrets.h"

/*
 * Deleted vaults. One keeps its name and its secrets until its retention is
 * over or somebody purges it, but not its role assignments. The
 * vault itself is kept in the member "vault", which no client sees.
 */

#define KEPT "vault"

static json_t *
show(json_t *deleted)
{
	(void)json_object_del(deleted, KEPT);
	return deleted;
}

static struct slice
deleted_key(struct entity_text *text, struct slice name)
{
	return entity_key(
	    text, ENTITY_DELETED_VAULT, name, SLICE(""), SLICE(""));
}

static bool
is_over(const struct arm_call *c, const json_t *deleted)
{
	moment end;

	return moment_parse(
		   arm_text(arm_properties(deleted), "scheduledPurgeDate"),
		   &end) &&
	    end <= c->now;
}

json_t *
arm_deleted_get(struct arm_call *c, struct slice name)
{
	struct entity_text text;
	json_t *deleted = entity_get(arm_state(c), deleted_key(&text, name));

	if (deleted != NULL && is_over(c, deleted)) {
		json_decref(deleted);
		return NULL;
	}
	return deleted;
}

/* --- deleting --- */

static json_t *
make_deleted(struct arm_call *c, const json_t *vault)
{
	const json_t *has = arm_properties(vault);
	json_t *days = arm_member(has, "softDeleteRetentionInDays");
	moment kept = json_is_integer(days) ? json_integer_value(days) : 90;
	struct slice id = arm_text(vault, "id");
	struct slice name = arm_text(vault, "name");
	struct slice location = arm_text(vault, "location");
	json_t *tags = arm_member(vault, "tags"), *made;
	struct arm_scope scope = {0};

	(void)arm_scope_parse(&c->x->arena, id, &scope);
	made =
	    json_pack("{s:o, s:o, s:s, s:{s:o, s:o, s:o, s:o, s:o}, s:O}", "id",
		json_sprintf("/subscriptions/%.*s/providers/Microsoft.KeyVault/"
			     "locations/%.*s/deletedVaults/%.*s",
		    SLICE_ARGS(scope.subscription), SLICE_ARGS(location),
		    SLICE_ARGS(name)),
		"name", arm_json_text(name), "type",
		"Microsoft.KeyVault/deletedVaults", "properties", "vaultId",
		arm_json_text(id), "location", arm_json_text(location), "tags",
		tags == NULL ? json_object() : json_incref(tags),
		"deletionDate", arm_json_moment(c->now), "scheduledPurgeDate",
		arm_json_moment(c->now + kept * MOMENT_DAY), KEPT, vault);
	if (json_is_true(arm_member(has, "enablePurgeProtection")))
		(void)arm_set(arm_properties(made), "purgeProtectionEnabled",
		    json_true());
	return made;
}

enum actas_error
arm_vault_delete(struct arm_call *c, const json_t *vault, struct writes *writes)
{
	struct slice name = arm_text(vault, "name"), none = SLICE("");
	json_t *deleted = make_deleted(c, vault);
	struct entity_text text;

	if (deleted == NULL)
		return ACTAS_ENOMEM;
	arm_drop_assignments(c, arm_text(vault, "id"), writes);
	entity_put(writes, deleted_key(&text, name), deleted);
	writes_remove(
	    writes, entity_key(&text, ENTITY_VAULT, name, none, none));
	json_decref(deleted);
	return ACTAS_OK;
}

/* --- purging --- */

void
arm_vault_purge(struct arm_call *c, struct slice name, struct writes *writes)
{
	struct entity_text text;

	if (entity_exists(arm_state(c), deleted_key(&text, name)))
		vault_remove(arm_state(c), name, writes);
}

/* --- recovering --- */

enum actas_error
arm_vault_recover(struct arm_call *c, struct writes *writes)
{
	json_t *deleted = arm_deleted_get(c, c->name);
	json_t *vault = arm_member(deleted, KEPT);
	struct entity_text text;

	if (vault == NULL ||
	    !slice_eq_case(arm_text(vault, "id"), c->scope.path)) {
		arm_refuse(c, 404, "SoftDeletedVaultDoesNotExist",
		    "A soft deleted vault with the given name does not exist. "
		    "Ensure that the name for the vault that is being "
		    "attempted to recover is in a recoverable state. For more "
		    "information on soft delete please follow this link "
		    "https://go.microsoft.com/fwlink/?linkid=2149745");
		json_decref(deleted);
		return ACTAS_EUSAGE;
	}
	entity_put(writes, arm_key(&text, &c->scope), vault);
	writes_remove(writes, deleted_key(&text, c->name));
	arm_reply(c, 201, arm_vault_show(c, json_incref(vault)));
	json_decref(deleted);
	return ACTAS_OK;
}

/* --- list, get, purge --- */

static bool
is_in(const struct arm_call *c, const json_t *deleted)
{
	return arm_path_is_within(arm_text(deleted, "id"), c->scope.path);
}

static void
read_deleted_vaults(struct arm_call *c)
{
	struct arm_page page;
	struct state_walk w;
	struct entry entry;

	if (!arm_must_exist(c, &c->scope) || !arm_page_begin(c, &page))
		return;
	state_walk_prefix(&w, arm_state(c), SLICE("deleted-vault/"));
	while (!page.more && state_walk_next(&w, &entry)) {
		json_t *deleted;

		if (arm_page_is_past(&page, entry.key))
			continue;
		deleted = entity_parse(entry.value);
		if (is_in(c, deleted) && !is_over(c, deleted) &&
		    arm_page_has_room(&page))
			arm_page_add(&page, entry.key, show(deleted));
		else
			json_decref(deleted);
	}
	arm_page_end(c, &page);
}

const struct arm_operation arm_deleted_vaults = {
    .permission = PERMITS,
    .action = "Microsoft.KeyVault/deletedVaults/read",
    .cut = 3,
    .is_list = true,
    .read = read_deleted_vaults,
};

/* "…/locations/{location}/deletedVaults/{name}": captures 1 and 2. */
static json_t *
find(struct arm_call *c)
{
	json_t *deleted = arm_deleted_get(c, c->x->captures[2]);

	if (deleted != NULL && is_in(c, deleted) &&
	    slice_eq_case(arm_text(arm_properties(deleted), "location"),
		c->x->captures[1]))
		return deleted;
	json_decref(deleted);
	arm_refuse(c, 404, "DeletedVaultNotFound",
	    "The specified deleted vault '%.*s' does not exist.",
	    SLICE_ARGS(c->x->captures[2]));
	return NULL;
}

static void
read_deleted_vault(struct arm_call *c)
{
	json_t *deleted = NULL;

	if (arm_must_exist(c, &c->scope))
		deleted = find(c);
	if (deleted != NULL)
		arm_reply(c, 200, show(deleted));
}

const struct arm_operation arm_deleted_vault = {
    .permission = PERMIT_DELETED_VAULT_READ,
    .cut = 6,
    .read = read_deleted_vault,
};

/*
 * A purge takes Azure a while: it says where the result will be, and
 * Terraform, told 200 at once, would wait for the deleted vault to succeed in
 * something. Here it is done when it is answered, and every result is there.
 */
static void
accept(struct arm_call *c)
{
	struct slice version = exchange_query(c->x, "api-version", NULL);

	exchange_add_header(c->x, "Location",
	    "%s/subscriptions/%.*s/providers/Microsoft.KeyVault/locations/"
	    "%.*s/operationResults/%s?api-version=%.*s",
	    exchange_origin(c->x), SLICE_ARGS(c->x->captures[0]),
	    SLICE_ARGS(c->x->captures[1]), c->x->request_id,
	    SLICE_ARGS(version));
	exchange_add_header(c->x, "Retry-After", "%d", 0);
	c->status = 202;
}

static void
read_result(struct arm_call *c)
{
	if (arm_must_exist(c, &c->scope))
		c->status = 200;
}

const struct arm_operation arm_vault_result = {
    .permission = PERMIT_DELETED_VAULT_READ,
    .cut = 6,
    .read = read_result,
};

static enum actas_error
purge_vault(struct arm_call *c, struct writes *writes)
{
	json_t *deleted = NULL;

	if (arm_must_exist(c, &c->scope))
		deleted = find(c);
	if (deleted == NULL)
		return ACTAS_EUSAGE;
	if (json_is_true(
		arm_member(arm_properties(deleted), "purgeProtectionEnabled")))
		arm_refuse(c, 400, "MethodNotAllowed",
		    "Operation 'DeletedVaultPurge' is not allowed: purge "
		    "protection is enabled for this vault. Key Vault service "
		    "will automatically purge it after the retention period "
		    "has passed.");
	else
		arm_vault_purge(c, c->x->captures[2], writes);
	json_decref(deleted);
	if (!arm_is_refused(c))
		accept(c);
	return ACTAS_OK;
}

const struct arm_operation arm_deleted_vault_purge = {
    .permission = PERMIT_DELETED_VAULT_PURGE,
    .cut = 7,
    .apply = purge_vault,
};
