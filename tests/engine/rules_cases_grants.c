#include "rules_world.h"

static void
role_on_blob(struct world *w, bool near)
{
	principal_id p = service(w, "terraform", 2);
	role_id role = role_of(w, PLANE_AZURE, "Contributor");
	scope_id s = near ? scope(w, account(w, "st"), SCOPE_CONTAINER, "box")
			  : scope(w, 0, SCOPE_BLOB, "state");

	grant(w, p, role, s, 5);
}

static void
capacity_role_on_workspaces(struct world *w, bool near)
{
	principal_id p = service(w, "ops", 2);
	role_id role = role_of(w, PLANE_FABRIC, "Capacity Admin");

	if (near) {
		grant(w, p, role, scope(w, 0, SCOPE_CAPACITY, "F64"), 5);
		return;
	}
	grant(w, p, role, workspace(w, "Gold"), 5);
	grant(w, p, role, workspace(w, "Bronze"), 5);
}

static void
role_of_another_plane(struct world *w, bool near)
{
	principal_id p = service(w, "ops", 2);
	scope_id gold = workspace(w, "Gold");

	grant(w, p,
	    role_of(w, near ? PLANE_FABRIC : PLANE_AZURE, "Contributor"), gold,
	    5);
}

static void
lacks_purpose(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);
	uint32_t table = role_table(w, p, 6);

	tell(w, table,
	    (struct said_role){p,
		role_of(
		    w, PLANE_AZURE, near ? "Key Vault Secrets User" : "Reader"),
		kv, "Read secrets for the pipelines", false},
	    8);
}

/* Reader lists secrets through ARM, and keys of an account open its blobs. */
static void
reaches_another_way(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);
	scope_id box = scope(w, account(w, "st"), SCOPE_CONTAINER, "box");
	role_id reader = role_of(w, PLANE_AZURE, "Reader");
	role_id all = role_of(w, PLANE_AZURE, "Contributor");
	uint32_t table = role_table(w, p, 6);

	tell(w, table,
	    (struct said_role){p, reader, kv, "List secret metadata", false},
	    8);
	tell(w, table,
	    (struct said_role){
		p, all, near ? account(w, "st") : box, "Upload files", false},
	    9);
}

static void
redundant(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);
	role_id user = role_of(w, PLANE_AZURE, "Key Vault Secrets User");
	uint32_t table = role_table(w, p, 6);

	tell(w, table,
	    (struct said_role){p, role_of(w, PLANE_AZURE, "Contributor"),
		resource_group(w, near ? "other" : "rg"), NULL, false},
	    7);
	tell(w, table, (struct said_role){p, user, kv, NULL, false}, 8);
	tell(w, table,
	    (struct said_role){p, role_of(w, PLANE_AZURE, "Reader"), kv,
		"List secret metadata", false},
	    9);
}

/* Contributor may not give roles, so it does not contain this one; and two
 * roles in one workspace are a contradiction instead. */
static void
not_actions_are_heeded(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);

	grant(w, p, role_of(w, PLANE_AZURE, near ? "Contributor" : "Owner"),
	    resource_group(w, "rg"), 7);
	grant(w, p,
	    role_of(w, PLANE_AZURE, "Role Based Access Control Administrator"),
	    account(w, "st"), 8);
	if (near) {
		grant(w, p, role_of(w, PLANE_FABRIC, "Admin"),
		    workspace(w, "Gold"), 9);
		grant(w, p, role_of(w, PLANE_FABRIC, "Viewer"),
		    workspace(w, "Gold"), 10);
	}
}

static void
unused_reader(struct world *w, bool near)
{
	principal_id mi =
	    identity(w, "function", PRINCIPAL_MANAGED_IDENTITY, 2);
	principal_id ci = service(w, "ci", 3);
	scope_id kv = vault(w, "kv", MODEL_POLICY, 4);
	scope_id key = secret(w, kv, "key", 6);
	uint32_t row = connection(w, "ci-connection", ci, 12);
	item_id deploy = item(w, scope(w, 0, SCOPE_PROJECT, "data"),
	    "deploy.yml", ITEM_DEVOPS_PIPELINE, 6);

	w->b->connections.at[row].all_pipelines = YES;
	grant(w, mi, policy_of(w, "get"), kv, 8);
	grant(w, ci, policy_of(w, "get"), kv, 9);
	assert_int_equal(vector_push(&w->b->usages,
			     {.secret = key,
				 .principal = near ? mi : NONE,
				 .item = near ? NONE : deploy,
				 .origin = at(w, 6)}),
	    ACTAS_OK);
	if (near)
		assert_int_equal(vector_push(&w->b->usages,
				     {.secret = key,
					 .principal = ci,
					 .item = NONE,
					 .origin = at(w, 6)}),
		    ACTAS_OK);
}

static void
storage_keys(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	scope_id st = account(w, "st");

	if (!near)
		grant(w, p,
		    role_of(w, PLANE_AZURE, "Storage Account Contributor"), st,
		    7);
	grant(w, p, role_of(w, PLANE_AZURE, "Storage Blob Data Reader"), st, 8);
}

static void
standing_admin(struct world *w, bool near)
{
	principal_id p = identity(w, "Personal accounts", PRINCIPAL_USER, 2);
	role_id role = role_of(w, PLANE_FABRIC, near ? "Viewer" : "Admin");

	flag(w, p, PRINCIPAL_HUMAN);
	flag(w, p, PRINCIPAL_COLLECTIVE);
	grant(w, p, role, workspace(w, "Gold"), 5);
	grant(w, p, role, workspace(w, "Bronze"), 6);
}

static void
standing_admin_of_a_service_account(struct world *w, bool near)
{
	principal_id p = identity(w, "svc", PRINCIPAL_USER, 2);

	if (near)
		flag(w, p, PRINCIPAL_SERVICE_ACCOUNT);
	grant(w, p, role_of(w, PLANE_AZURE, "Owner"), subscription(w), 5);
}

static void
disabled_holder(struct world *w, bool near)
{
	principal_id p = service(w, "old", 2);

	if (!near)
		flag(w, p, PRINCIPAL_DISABLED);
	grant(w, p, role_of(w, PLANE_AZURE, "Contributor"),
	    resource_group(w, "rg"), 5);
}

static void
two_models(struct world *w, bool near)
{
	principal_id one = service(w, "one", 2), two = service(w, "two", 3);
	scope_id kv = vault(w, "kv", MODEL_UNSAID, 4);
	role_id role = role_of(w, PLANE_AZURE, "Key Vault Secrets User");

	grant(w, one, role, kv, 8);
	grant(w, two, near ? role : policy_of(w, "get"), kv, 9);
}

static void
void_grant(struct world *w, bool near)
{
	principal_id p = service(w, "one", 2);
	scope_id kv = vault(w, "kv", near ? MODEL_POLICY : MODEL_RBAC, 4);

	grant(w, p, policy_of(w, "get"), kv, 9);
}

static void
void_role(struct world *w, bool near)
{
	principal_id p = service(w, "one", 2);
	scope_id kv = vault(w, "kv", near ? MODEL_RBAC : MODEL_POLICY, 4);

	grant(w, p, role_of(w, PLANE_AZURE, "Reader"), kv, 8);
	grant(w, p, role_of(w, PLANE_AZURE, "Key Vault Secrets User"), kv, 9);
}

static void
vault_policies(struct world *w, bool near)
{
	vault(w, "kv", near ? MODEL_RBAC : MODEL_POLICY, 4);
}

static void
vault_purge(struct world *w, bool near)
{
	vault(w, "kv", MODEL_RBAC, 4);
	w->b->vaults.at[0].purge_protection = near ? UNSAID : NO;
}

static void
vault_public(struct world *w, bool near)
{
	vault(w, "kv", MODEL_RBAC, 4);
	w->b->vaults.at[0].public_access = YES;
	w->b->vaults.at[0].firewall = near ? YES : NO;
}

static const struct rule_case cases[] = {
    {"role-on-wrong-scope", role_on_blob,
	"terraform is said to have Contributor on blob state (line 5): roles "
	"are given on a container, its storage account or above, never on a "
	"blob. Contributor has no right on the data of blobs either; given on "
	"the account it opens them only through the account's keys.",
	"5"},
    {"role-on-wrong-scope", capacity_role_on_workspaces,
	"ops is said to have Capacity Admin on workspaces Gold and Bronze "
	"(line 5): it is a role of a capacity and gives nothing on a "
	"workspace.",
	"5"},
    {"role-on-wrong-scope", role_of_another_plane,
	"ops is said to have Contributor on workspace Gold (line 5): Azure "
	"RBAC has no roles on a workspace.",
	"5"},
    {"role-lacks-purpose", lacks_purpose,
	"Reader on vault kv is given to worker for \"Read secrets for the "
	"pipelines\" (line 8), but Reader does not contain "
	"Microsoft.KeyVault/vaults/secrets/getSecret/action.",
	"8"},
    {"role-lacks-purpose", reaches_another_way,
	"Contributor on container box is given to worker for \"Upload files\" "
	"(line 9), but Contributor does not contain Microsoft.Storage/"
	"storageAccounts/blobServices/containers/blobs/write.",
	"9"},
    {"redundant-grant", redundant,
	"Reader on vault kv (line 9) adds nothing for worker: all that it "
	"gives is in Contributor on resource group rg (line 7). \"List secret "
	"metadata\" in the data plane comes from Key Vault Secrets User "
	"(line 8), not from it.",
	"9 7"},
    {"redundant-grant", not_actions_are_heeded,
	"Role Based Access Control Administrator on storage account st (line "
	"8) adds nothing for worker: all that it gives is in Owner on resource "
	"group rg (line 7).",
	"8 7"},
    {"unused-reader", unused_reader,
	"function may read every secret of vault kv (access policy "
	"(get) on vault kv, line 8), "
	"but nothing says which it needs: those whose users are named are used "
	"by others (line 6).",
	"8 6"},
    {"storage-keys", storage_keys,
	"worker may list the keys of storage account st (Storage Account "
	"Contributor, line 7), which open all its data: Storage Blob Data "
	"Reader (line 8) neither adds to that nor limits it, unless shared key "
	"access is off.",
	"7 8"},
    {"standing-admin", standing_admin,
	"Personal accounts hold Admin on workspaces Gold and Bronze at all "
	"times (lines 5 and 6).",
	"5 6"},
    {"standing-admin", standing_admin_of_a_service_account,
	"svc holds Owner on subscription 00000000-0000-0000-0000-00000000000a "
	"at all times (line 5).",
	"5"},
    {"disabled-holder", disabled_holder,
	"old is disabled and still holds Contributor on resource group rg: "
	"whoever enables it gets all of that back.",
	"5"},
    {"two-permission-models", two_models,
	"Vault kv gives rights by roles to one by Key Vault Secrets User (line "
	"8), and by access policy to two (line 9). A vault uses one of the two "
	"at a time; whichever this one uses, the other's grants give nothing.",
	"8 4 9"},
    {"void-grant", void_grant,
	"Vault kv uses RBAC, so these access policies give nothing: one (line "
	"9).",
	"9 4"},
    {"void-grant", void_role,
	"Vault kv uses access policies, so these data roles give nothing: one "
	"by Key Vault Secrets User (line 9).",
	"9 4"},
    {"vault-access-policies", vault_policies,
	"Vault kv uses access policies: whoever may write the vault can give "
	"itself every right on its secrets.",
	"4"},
    {"vault-purge", vault_purge,
	"Vault kv has no purge protection: what is deleted can be purged at "
	"once and for good.",
	"4"},
    {"vault-public", vault_public,
	"Vault kv answers to any network address: a stolen credential works "
	"from everywhere.",
	"4"},
};

const struct rule_cases cases_of_grants = {
    cases, sizeof cases / sizeof cases[0]};
