/* Each form of a page alone: what it says, its synonyms, and near misses. */
#include "page_test.h"

/* --- identities --- */

static void
types_of_identities_are_understood(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *type;
		enum principal_kind kind;
		uint8_t flags;
	} want[] = {
	    {"SPN (App Registration)", PRINCIPAL_SERVICE, 0},
	    {"Service principal", PRINCIPAL_SERVICE, 0},
	    {"app registration", PRINCIPAL_SERVICE, 0},
	    {"Entra ID service account", PRINCIPAL_USER,
		PRINCIPAL_SERVICE_ACCOUNT},
	    {"User", PRINCIPAL_USER, 0},
	    {"Human admin", PRINCIPAL_USER, PRINCIPAL_HUMAN},
	    {"Person", PRINCIPAL_USER, PRINCIPAL_HUMAN},
	    {"Security group", PRINCIPAL_GROUP, 0},
	    {"User-assigned managed identity", PRINCIPAL_MANAGED_IDENTITY, 0},
	    {"Workspace identity", PRINCIPAL_WORKSPACE_IDENTITY, 0},
	    {"Everyone", PRINCIPAL_GROUP, PRINCIPAL_EVERYONE},
	    {"Unknown", PRINCIPAL_UNKNOWN, 0},
	};

	for (uint32_t i = 0; i < COUNT_OF(want); i++) {
		struct buffer page = {0};
		struct estate *e;

		buffer_addf(&page,
		    "| Principal | Kind |\n|---|---|\n| x | %s |\n",
		    want[i].type);
		e = page_of(buffer_text(&page));
		assert_int_equal(e->principals.at[0].kind, want[i].kind);
		assert_int_equal(e->principals.at[0].flags,
		    want[i].kind == PRINCIPAL_UNKNOWN
			? want[i].flags
			: want[i].flags | PRINCIPAL_DECLARED);
		assert_int_equal(e->problems.count, 0);
		estate_free(e);
		buffer_release(&page);
	}
}

static void
all_columns_of_the_inventory_are_read(void **state ACTAS_UNUSED)
{
	struct estate *e = page_of(
	    "| UPN | Client ID | Type | Object ID | Licence | Identity | "
	    "Active | Used for |\n|---|---|---|---|---|---|---|---|\n"
	    "| - | 00000000-0000-0000-0000-0000000000A1 | SPN | "
	    "00000000-0000-0000-0000-000000000001 | none | `sp` | no | builds "
	    "|\n"
	    "| u@x.nl | | User | | E5 | Ursula | | |\n");
	const struct principal *sp = &e->principals.at[0];
	const struct principal *u = &e->principals.at[1];

	assert_string_equal(text_of(e, sp->name), "sp");
	assert_int_equal(sp->object_id.bytes[15], 0x01);
	assert_int_equal(sp->app_id.bytes[15], 0xa1);
	assert_int_equal(sp->flags, PRINCIPAL_DECLARED | PRINCIPAL_DISABLED);
	assert_string_equal(text_of(e, sp->purpose), "builds");
	assert_int_equal(sp->licence, 0);
	assert_string_equal(text_of(e, u->name), "Ursula");
	assert_string_equal(text_of(e, u->upn), "u@x.nl");
	assert_string_equal(text_of(e, u->licence), "E5");
	estate_free(e);
}

static void
an_identity_is_found_by_every_name_it_has(void **state ACTAS_UNUSED)
{
	static const char *const names[] = {"Ursula", "`u@x.nl`", "u",
	    "00000000-0000-0000-0000-000000000001", "URSULA"};

	for (uint32_t i = 0; i < COUNT_OF(names); i++) {
		struct buffer page = {0};
		struct estate *e;

		buffer_addf(&page,
		    "| Identity | Type | UPN | Object ID |\n|---|---|---|---|\n"
		    "| Ursula | User | u@x.nl | "
		    "00000000-0000-0000-0000-000000000001 |\n\n"
		    "| Identity | Role | Scope |\n|---|---|---|\n"
		    "| %s | Reader | `rg` resource group |\n",
		    names[i]);
		e = page_of(buffer_text(&page));
		assert_int_equal(e->problems.count, 0);
		assert_true(has_grant(e, "Ursula", "Reader", "rg"));
		estate_free(e);
		buffer_release(&page);
	}
}

static void
an_exact_name_wins_over_the_part_of_a_upn(void **state ACTAS_UNUSED)
{
	struct estate *e =
	    page_of("| Identity | Type |\n|---|---|\n"
		    "| `ops@x.nl` | User |\n| `ops` | SPN |\n\n"
		    "| Identity | Role | Scope |\n|---|---|---|\n"
		    "| `ops` | Reader | `rg` resource group |\n");

	assert_true(has_grant(e, "ops", "Reader", "rg"));
	assert_false(has_grant(e, "ops@x.nl", "Reader", "rg"));
	estate_free(e);
}

static void
unknown_and_ambiguous_identities_are_told_once(void **state ACTAS_UNUSED)
{
	static const struct expected_problem problems[] = {
	    {8, PROBLEM_UNDECLARED_PRINCIPAL, "nobody"},
	    {10, PROBLEM_AMBIGUOUS_NAME, "ops"},
	    {11, PROBLEM_UNDECLARED_PRINCIPAL, "a@y.nl"},
	};
	struct estate *e =
	    page_of("| Identity | Type |\n|---|---|\n"
		    "| `ops@x.nl` | User |\n| `ops@y.nl` | User |\n\n"
		    "| Identity | Role | Scope |\n|---|---|---|\n"
		    "| `nobody` | Reader | `rg` resource group |\n"
		    "| `nobody` | Owner | `rg` resource group |\n"
		    "| ops | Reader | `rg` resource group |\n"
		    "| a@y.nl | Reader | `rg` resource group |\n");

	assert_problems(e, problems, COUNT_OF(problems));
	assert_int_equal(e->grants.count, 0);
	assert_int_equal(e->claims.count, 2 + 4);
	assert_int_equal(e->claims.at[2].principal, NONE);
	estate_free(e);
}

static void
collectives_are_accepted_only_as_words(void **state ACTAS_UNUSED)
{
	static const struct expected_problem problems[] = {
	    {9, PROBLEM_UNDECLARED_PRINCIPAL, "admins"}};
	struct estate *e = page_of(IDENTITIES
	    "## Access matrix\n\n"
	    "| Workspace | `admins` | IT administrators | Personal accounts |\n"
	    "|---|---|---|---|\n| Gold | Admin | Viewer | Member |\n");

	assert_problems(e, problems, COUNT_OF(problems));
	assert_int_equal(e->principals.at[3].flags, PRINCIPAL_COLLECTIVE);
	assert_int_equal(
	    e->principals.at[4].flags, PRINCIPAL_COLLECTIVE | PRINCIPAL_HUMAN);
	assert_true(has_grant(e, "Personal accounts", "Member", "Gold"));
	estate_free(e);
}

static void
a_table_of_workspaces_without_identities_is_no_matrix(void **state ACTAS_UNUSED)
{
	struct estate *e =
	    page_of(IDENTITIES "| Workspace | Region | SKU |\n|---|---|---|\n"
			       "| Gold | westeurope | F64 |\n");

	assert_problems(e, NULL, 0);
	assert_int_equal(e->claims.count, 3);
	assert_int_equal(e->scopes.count, 2);
	estate_free(e);
}

static void
the_purpose_of_an_identity_says_what_it_backs_and_owns(
    void **state ACTAS_UNUSED)
{
	struct estate *e =
	    page_of("| Identity | Type | Purpose |\n|---|---|---|\n"
		    "| `a` | SPN | Fetches `s`. Backs `c` in Azure DevOps |\n"
		    "| `b` | User | Owns lakehouses and more |\n"
		    "| `d` | User | Knows who owns it |\n\n"
		    "Vault: `kv`\n\n"
		    "| Secret | Used by |\n|---|---|\n| `s` | `a` |\n\n"
		    "| Connection | Identity |\n|---|---|\n| `c` | `a` |\n");

	assert_int_equal(e->sinks.count, 1);
	assert_int_equal(e->sinks.at[0].kind, SINK_CONNECTION);
	assert_int_equal(e->sinks.at[0].origin.line, 3);
	assert_int_equal(e->ownerships.count, 1);
	assert_string_equal(
	    principal_of(e, e->ownerships.at[0].principal), "b");
	assert_int_equal(e->ownerships.at[0].item_kind, ITEM_LAKEHOUSE);
	estate_free(e);
}

/* --- roles and scopes --- */

struct scope_sample {
	const char *scope, *role, *segment;
	enum scope_kind kind;
	enum plane plane;
};

static void
assert_scope(const struct scope_sample *want)
{
	struct buffer page = {0};
	struct estate *e;
	const struct claim *c;

	buffer_addf(&page,
	    IDENTITIES "Vault: `kv`\n\n"
		       "| Secret | Used by |\n|---|---|\n| `s` | - |\n\n"
		       "| Workspace | sp-a |\n|---|---|\n| Gold | Admin |\n\n"
		       "| Item | Kind | Workspace |\n|---|---|---|\n"
		       "| Load | notebook | Gold |\n\n"
		       "| Connection | Backed by |\n|---|---|\n| `c` | - |\n\n"
		       "## sp-b\n\n| Role | Scope |\n|---|---|\n"
		       "| %s | %s |\n",
	    want->role, want->scope);
	e = page_of(buffer_text(&page));
	c = &e->claims.at[e->claims.count - 1];
	if (e->problems.count > 0)
		fail_msg("%s: %s", want->scope,
		    text_of(e, e->problems.at[0].message));
	assert_string_equal(scope_of(e, c->scope), want->segment);
	assert_int_equal(e->scopes.at[c->scope].kind, want->kind);
	assert_int_not_equal(c->role, NONE);
	assert_int_equal(e->roles.at[c->role].plane, want->plane);
	assert_int_not_equal(c->assignment, NONE);
	estate_free(e);
	buffer_release(&page);
}

static void
scopes_are_understood_and_say_the_plane(void **state ACTAS_UNUSED)
{
	static const struct scope_sample samples[] = {
	    {"`rg` resource group", "Contributor", "rg", SCOPE_RESOURCE_GROUP,
		PLANE_AZURE},
	    {"resource group `rg`", "Contributor", "rg", SCOPE_RESOURCE_GROUP,
		PLANE_AZURE},
	    {"Resource group rg", "Contributor", "rg", SCOPE_RESOURCE_GROUP,
		PLANE_AZURE},
	    {"`st` storage account", "Storage Blob Data Reader", "st",
		SCOPE_STORAGE_ACCOUNT, PLANE_AZURE},
	    {"`kv`", "Key Vault Secrets User", "kv", SCOPE_VAULT, PLANE_AZURE},
	    {"kv", "Reader", "kv", SCOPE_VAULT, PLANE_AZURE},
	    {"Key Vault", "Reader", "kv", SCOPE_VAULT, PLANE_AZURE},
	    {"the vault", "Reader", "kv", SCOPE_VAULT, PLANE_AZURE},
	    {"`kv`", "Get Secrets", "kv", SCOPE_VAULT, PLANE_CLAIMED},
	    {"`kv`", "Key Vault access policy: get, list", "kv", SCOPE_VAULT,
		PLANE_POLICY},
	    {"`s`", "Key Vault Secrets User", "s", SCOPE_SECRET, PLANE_AZURE},
	    {"`kv/s`", "Key Vault Secrets User", "s", SCOPE_SECRET,
		PLANE_AZURE},
	    {"secret `s` in `kv`", "Key Vault Secrets User", "s", SCOPE_SECRET,
		PLANE_AZURE},
	    {"Gold workspace", "Contributor", "Gold", SCOPE_WORKSPACE,
		PLANE_FABRIC},
	    {"workspace Gold", "Viewer", "Gold", SCOPE_WORKSPACE, PLANE_FABRIC},
	    {"Gold", "Member role", "Gold", SCOPE_WORKSPACE, PLANE_FABRIC},
	    {"All workspaces", "Viewer", "Gold", SCOPE_WORKSPACE, PLANE_FABRIC},
	    {"All 1 workspaces (Gold)", "Viewer", "Gold", SCOPE_WORKSPACE,
		PLANE_FABRIC},
	    {"Load", "Read", "Load", SCOPE_ITEM, PLANE_FABRIC},
	    {"Gold/Load", "Read", "Load", SCOPE_ITEM, PLANE_FABRIC},
	    {"Gold Warehouse", "Read/Write", "Warehouse", SCOPE_ITEM,
		PLANE_CLAIMED},
	    {"Gold notebook", "Read", "Load", SCOPE_ITEM, PLANE_FABRIC},
	    {"`c`", "User", "c", SCOPE_CONNECTION, PLANE_DEVOPS},
	    {"service connection `c`", "Administrator", "c", SCOPE_CONNECTION,
		PLANE_DEVOPS},
	    {"/", "Reader", "", SCOPE_ROOT, PLANE_AZURE},
	    {"Tenant", "Directory: Global Administrator", "", SCOPE_ROOT,
		PLANE_DIRECTORY},
	    {"`/subscriptions/00000000-0000-0000-0000-000000000001`", "Reader",
		"00000000-0000-0000-0000-000000000001", SCOPE_SUBSCRIPTION,
		PLANE_AZURE},
	};

	for (uint32_t i = 0; i < COUNT_OF(samples); i++)
		assert_scope(&samples[i]);
}

static void
scopes_that_are_not_declared_are_told(void **state ACTAS_UNUSED)
{
	static const struct expected_problem problems[] = {
	    {15, PROBLEM_UNDECLARED_SCOPE, "Silver"},
	    {16, PROBLEM_UNDECLARED_SCOPE, "OneLake"},
	    {17, PROBLEM_UNDECLARED_SCOPE, "Key Vault"},
	    {18, PROBLEM_COUNT_MISMATCH, "All 3 workspaces (Gold)"},
	    {19, PROBLEM_UNDECLARED_SCOPE, "Iron"},
	    {20, PROBLEM_UNDECLARED_SCOPE, "All production workspaces"},
	    {21, PROBLEM_UNDECLARED_SCOPE, "Semantic models"},
	    {22, PROBLEM_UNDECLARED_SCOPE, "state"},
	};
	struct estate *e = page_of(
	    IDENTITIES "| Workspace | sp-a |\n|---|---|\n| Gold | Admin |\n\n"
		       "## sp-b\n\n| Role | Scope |\n|---|---|\n"
		       "| Viewer | Silver workspace |\n"
		       "| Viewer | OneLake |\n"
		       "| Reader | Key Vault |\n"
		       "| Viewer | All 3 workspaces (Gold) |\n"
		       "| Member | All 2 workspaces (Gold, Iron) |\n"
		       "| Admin | All production workspaces |\n"
		       "| Admin | Semantic models |\n"
		       "| Contributor | state blob |\n");

	/* A blob is told when it is first seen, before all claims. */
	assert_string_equal(text_of(e, e->problems.at[0].subject), "state");
	assert_int_equal(e->problems.count, COUNT_OF(problems));
	for (uint32_t i = 0; i + 1 < COUNT_OF(problems); i++) {
		const struct problem *got = &e->problems.at[i + 1];

		assert_string_equal(
		    text_of(e, got->subject), problems[i].subject);
		assert_int_equal(got->kind, problems[i].kind);
		assert_int_equal(got->origin.line, problems[i].line);
	}
	assert_true(has_grant(e, "sp-b", "Viewer", "Gold"));
	assert_true(has_grant(e, "sp-b", "Member", "Gold"));
	assert_false(has_grant(e, "sp-b", "Admin", "Gold"));
	estate_free(e);
}

static void
a_role_of_another_plane_is_unknown(void **state ACTAS_UNUSED)
{
	static const struct expected_problem problems[] = {
	    {15, PROBLEM_UNKNOWN_ROLE, "Storage Blob Data Reader"},
	    {16, PROBLEM_UNKNOWN_ROLE, "Member"},
	    {17, PROBLEM_UNKNOWN_ROLE, "Vault Overlord"},
	};
	struct estate *e = page_of(
	    IDENTITIES "| Workspace | sp-a |\n|---|---|\n| Gold | Admin |\n\n"
		       "## sp-b\n\n| Role | Scope |\n|---|---|\n"
		       "| Storage Blob Data Reader | Gold |\n"
		       "| Member | `rg` resource group |\n"
		       "| Vault Overlord | `rg` resource group |\n");

	assert_problems(e, problems, COUNT_OF(problems));
	assert_int_equal(e->claims.at[5].role, NONE);
	assert_string_equal(text_of(e, e->claims.at[5].text), "Member");
	estate_free(e);
}

static void
a_table_of_roles_belongs_to_the_heading_that_names_an_identity(
    void **state ACTAS_UNUSED)
{
	static const struct expected_problem problems[] = {
	    {19, PROBLEM_UNDECLARED_PRINCIPAL, "Other things"}};
	struct estate *e = page_of(IDENTITIES
	    "## Access of `sp-a`\n\n### Details\n\n"
	    "| Role | Scope |\n|---|---|\n| Reader | `rg` resource group |\n\n"
	    "# Elsewhere\n\n"
	    "## sp-b\n\n"
	    "## Other things\n\n"
	    "| Role | Scope |\n|---|---|\n| Owner | `rg` resource group |\n");

	assert_problems(e, problems, COUNT_OF(problems));
	assert_true(has_grant(e, "sp-a", "Reader", "rg"));
	assert_int_equal(e->grants.count, 1);
	estate_free(e);
}

static void
patterns_of_own_secrets_are_sinks(void **state ACTAS_UNUSED)
{
	static const struct expected_problem problems[] = {
	    {19, PROBLEM_UNDECLARED_SECRET, "z-*"}};
	struct estate *e = page_of(IDENTITIES
	    "Vault: `kv`\n\n| Secret | Used by |\n|---|---|\n"
	    "| `a-id` | - |\n| `a-secret` | - |\n| `b-secret` | - |\n\n"
	    "## sp-a\n\n| Role | Scope | Purpose |\n|---|---|---|\n"
	    "| Reader | `kv` | own credentials (`a-*`, `z-*`) |\n"
	    "| Reader | `kv` | reads `b-*` |\n");

	assert_problems(e, problems, COUNT_OF(problems));
	assert_int_equal(e->sinks.count, 2);
	assert_string_equal(scope_of(e, e->sinks.at[0].scope), "a-id");
	estate_free(e);
}

/* --- vaults and secrets --- */

static void
the_table_of_vaults_says_the_permission_model(void **state ACTAS_UNUSED)
{
	struct estate *e = page_of(
	    "| Key vault | Resource group | Permission model | Purge "
	    "protection | Firewall | Location |\n|---|---|---|---|---|---|\n"
	    "| `a` | `rg` | Azure RBAC | yes | no | westeurope |\n"
	    "| `b` | `rg` | Access policies | off | | |\n"
	    "| `c` | `rg` | magic | | | |\n");

	assert_int_equal(e->vaults.count, 3);
	assert_int_equal(e->vaults.at[0].model, MODEL_RBAC);
	assert_int_equal(e->vaults.at[0].stated, 1);
	assert_int_equal(e->vaults.at[0].purge_protection, YES);
	assert_int_equal(e->vaults.at[0].firewall, NO);
	assert_string_equal(text_of(e, e->vaults.at[0].location), "westeurope");
	assert_int_equal(e->vaults.at[1].model, MODEL_POLICY);
	assert_int_equal(e->vaults.at[1].purge_protection, NO);
	assert_int_equal(e->vaults.at[2].stated, 0);
	assert_int_equal(e->problems.count, 1);
	estate_free(e);
}

static void
a_secret_of_several_vaults_needs_the_vault(void **state ACTAS_UNUSED)
{
	struct estate *e = page_of(
	    "| Vault | Resource group |\n|---|---|\n| `a` | |\n| `b` | |\n\n"
	    "| Secret | Vault | Expires | Enabled | Used by |\n"
	    "|---|---|---|---|---|\n"
	    "| `s` | `a` | 2027-01-02 | no | `p1.yml`, `p2` |\n"
	    "| `s` | `b` | | | |\n"
	    "| `t` | | | | |\n");

	assert_int_equal(e->secrets.count, 3);
	assert_int_equal(e->secrets.at[0].enabled, NO);
	assert_true(e->secrets.at[0].expires > 0);
	assert_int_equal(e->usages.count, 2);
	assert_int_equal(e->problems.count, 1);
	assert_int_equal(e->problems.at[0].kind, PROBLEM_AMBIGUOUS_NAME);
	assert_int_equal(e->problems.at[0].origin.line, 10);
	estate_free(e);
}

static void
readers_and_writers_name_their_mechanism(void **state ACTAS_UNUSED)
{
	struct estate *e = page_of(IDENTITIES
	    "Vault: `kv`\n\n**Who can read secrets:**\n\n"
	    "- `sp-a` (Key Vault Secrets User role -- for pipelines)\n"
	    "- `sp-b` (Key Vault access policy)\n"
	    "- `svc` (access policy: get, list)\n"
	    "- IT administrators via Azure Portal\n\n"
	    "### Who can write secrets\n\n"
	    "- `sp-a` (Key Vault Secrets Officer)\n"
	    "- `sp-b` (access policy)\n"
	    "- `svc` (Storage Account Contributor)\n");

	assert_int_equal(e->problems.count, 0);
	assert_true(has_grant(e, "sp-a", "Key Vault Secrets User", "kv"));
	assert_true(has_grant(e, "sp-b", "get", "kv"));
	assert_true(has_grant(e, "svc@x.nl", "get, list", "kv"));
	assert_true(has_grant(e, "IT administrators", "Get Secrets", "kv"));
	assert_true(has_grant(e, "sp-a", "Key Vault Secrets Officer", "kv"));
	assert_true(has_grant(e, "sp-b", "set", "kv"));
	assert_false(
	    has_grant(e, "svc@x.nl", "Storage Account Contributor", "kv"));
	assert_int_equal(e->claims.at[e->claims.count - 1].scope, NONE);
	assert_int_not_equal(e->claims.at[e->claims.count - 1].role, NONE);
	estate_free(e);
}

static void
a_list_under_another_heading_is_prose(void **state ACTAS_UNUSED)
{
	struct estate *e = page_of(IDENTITIES
	    "Vault: `kv`\n\n**Who has a reader card:**\n\n- `sp-a`\n\n"
	    "Affected teams:\n\n- `nobody` -- secret `x`\n\n"
	    "## Overruled\n\n- `sp-a` needs **Reader** on `kv`.\n");

	assert_int_equal(e->problems.count, 0);
	assert_int_equal(e->claims.count, 3);
	assert_int_equal(e->plans.count, 0);
	assert_int_equal(e->policies.count, 0);
	estate_free(e);
}

static void
the_auth_method_of_an_identity_names_its_sinks(void **state ACTAS_UNUSED)
{
	struct estate *e = page_of(IDENTITIES
	    "Vault: `kv`\n\n| Secret | Used by |\n|---|---|\n| `s` | - |\n\n"
	    "## sp-a\n\n**Auth method:** `s` as `ENV_*`.\n\n"
	    "Auth method: `s`\n\n# Elsewhere\n\n**Auth method:** `s`\n");

	assert_int_equal(e->sinks.count, 1);
	assert_int_equal(e->sinks.at[0].origin.line, 15);
	estate_free(e);
}

/* --- connections, rotation, rules --- */

static void
pipelines_of_a_connection_are_all_or_named(void **state ACTAS_UNUSED)
{
	struct estate *e = page_of(
	    IDENTITIES "| Connection | Backed by | Pipelines | Project |\n"
		       "|---|---|---|---|\n"
		       "| `a` | `sp-a` | All pipelines | |\n"
		       "| `b` | `sp-b` | `p.yml`, `q` | `dp` |\n"
		       "| `c` | | | |\n");

	assert_int_equal(e->connections.count, 3);
	assert_int_equal(e->connections.at[0].all_pipelines, YES);
	assert_int_equal(e->connections.at[1].all_pipelines, NO);
	assert_int_equal(e->authorizations.count, 2);
	assert_int_equal(e->connections.at[2].all_pipelines, UNSAID);
	assert_int_equal(e->connections.at[2].principal, NONE);
	assert_int_equal(e->problems.count, 0);
	estate_free(e);
}

static void
rotation_steps_say_what_they_touch(void **state ACTAS_UNUSED)
{
	struct estate *e =
	    page_of(IDENTITIES "## Rotating `sp-b`\n\n"
			       "1. Update Key Vault\n   - Secrets > `late`\n"
			       "2. Test\n   - Run `deploy` and `load`\n"
			       "3. Revoke the old secret\n\n"
			       "Vault: `kv`\n\n"
			       "Affected identities:\n\n"
			       "- `sp-a` -- backs `gone` and file `/etc/x`\n"
			       "- `sp-b` -- Key Vault secret `late`\n");
	const struct plan *b = &e->plans.at[1];

	assert_int_equal(e->plans.count, 2);
	assert_string_equal(principal_of(e, b->principal), "sp-b");
	assert_int_equal(b->origin.line, 20);
	assert_int_equal(b->steps.line, 7);
	assert_int_equal(b->verification.line, 11);
	assert_true(b->has_steps && b->has_verification && b->deletes_old);
	assert_int_equal(e->verifications.count, 2);
	assert_int_equal(e->sinks.count, 3);
	assert_int_equal(e->sinks.at[0].kind, SINK_FILE);
	assert_string_equal(text_of(e, e->sinks.at[0].file), "/etc/x");
	assert_string_equal(scope_of(e, e->sinks.at[1].scope), "late");
	assert_int_equal(e->sinks.at[1].in_steps, 0);
	assert_int_equal(e->sinks.at[2].in_steps, 1);
	assert_int_equal(e->sinks.at[2].scope, e->sinks.at[1].scope);
	assert_int_equal(e->problems.count, 2);
	assert_int_equal(e->problems.at[0].kind, PROBLEM_UNDECLARED_CONNECTION);
	assert_int_equal(e->problems.at[1].kind, PROBLEM_UNDECLARED_SECRET);
	estate_free(e);
}

static void
settings_are_read(void **state ACTAS_UNUSED)
{
	struct estate *e = page_of(
	    "| Rule | Severity | Subject | Reason |\n|---|---|---|---|\n"
	    "| a-rule | off | | |\n"
	    "| b-rule | | `x` | because |\n"
	    "| c-rule | fatal | | |\n");

	assert_int_equal(e->settings.count, 2);
	assert_string_equal(text_of(e, e->settings.at[0].severity), "off");
	assert_string_equal(text_of(e, e->settings.at[1].subject), "x");
	assert_string_equal(text_of(e, e->settings.at[1].reason), "because");
	assert_int_equal(e->problems.count, 1);
	assert_int_equal(e->problems.at[0].origin.line, 5);
	estate_free(e);
}

/* --- groups, items and the rest --- */

static void
groups_have_members(void **state ACTAS_UNUSED)
{
	struct estate *e = page_of(
	    "| Identity | Type |\n|---|---|\n| `g` | Group |\n| `h` | Group |\n"
	    "| `u` | User |\n\n"
	    "| Group | Members |\n|---|---|\n| `g` | `h`, `u` |\n| `h` | g "
	    "|\n");

	assert_int_equal(e->memberships.count, 3);
	assert_int_equal(e->problems.count, 1);
	assert_int_equal(e->problems.at[0].kind, PROBLEM_GROUP_CYCLE);
	estate_free(e);
}

static void
items_schedules_activities_and_needs_are_read(void **state ACTAS_UNUSED)
{
	struct estate *e = page_of(IDENTITIES
	    "| Resource | Kind | Parent |\n|---|---|---|\n"
	    "| Gold | workspace | |\n| `kv` | vault | |\n\n"
	    "| Item | Type | Workspace | Owner | Run as |\n"
	    "|---|---|---|---|---|\n"
	    "| Load | notebook | Gold | `svc` | `sp-a` |\n"
	    "| Main | data pipeline | Gold | | |\n\n"
	    "| Item | Schedule | Updated by | Enabled |\n|---|---|---|---|\n"
	    "| Load | nightly | `svc` | yes |\n\n"
	    "| Pipeline | Starts | Activity |\n|---|---|---|\n"
	    "| Main | Gold/Load | run it |\n\n"
	    "| Item | Needs | On |\n|---|---|---|\n"
	    "| Load | get-secret | `kv` |\n| Load | get-secret | |\n");

	assert_int_equal(e->items.count, 2);
	assert_int_equal(e->items.at[0].kind, ITEM_NOTEBOOK);
	assert_string_equal(principal_of(e, e->items.at[0].owner), "svc@x.nl");
	assert_string_equal(
	    principal_of(e, e->items.at[0].run_identity), "sp-a");
	assert_int_equal(e->schedules.count, 1);
	assert_int_equal(e->schedules.at[0].enabled, YES);
	assert_int_equal(e->activities.count, 1);
	assert_int_equal(e->activities.at[0].parent, 1);
	assert_int_equal(e->activities.at[0].child, 0);
	assert_int_equal(e->needs.count, 1);
	assert_string_equal(scope_of(e, e->needs.at[0].scope), "kv");
	assert_int_equal(e->problems.count, 1);
	assert_int_equal(e->problems.at[0].kind, PROBLEM_MALFORMED_ROW);
	estate_free(e);
}

static void
resources_may_refer_to_rows_below(void **state ACTAS_UNUSED)
{
	struct estate *e =
	    page_of("| Resource | Kind | Parent |\n|---|---|---|\n"
		    "| `site` | Microsoft.Web/sites | `rg` |\n"
		    "| `rg` | resource group | `sub` |\n"
		    "| `sub` | subscription | |\n"
		    "| `loop` | container | `loop` |\n"
		    "| `x` | thing | |\n");
	struct buffer path = {0};

	assert_int_equal(e->problems.count, 2);
	assert_int_equal(e->problems.at[0].origin.line, 6);
	assert_int_equal(e->problems.at[1].origin.line, 7);
	for (scope_id s = 0; s < e->scopes.count; s++)
		if (e->scopes.at[s].kind == SCOPE_RESOURCE)
			estate_write_path(e, s, &path);
	assert_string_equal(buffer_text(&path),
	    "/subscriptions/sub/resourceGroups/rg/providers/"
	    "Microsoft.Web/sites/site");
	buffer_release(&path);
	estate_free(e);
}

static void
credentials_copies_and_owners_are_read(void **state ACTAS_UNUSED)
{
	struct estate *e = page_of(IDENTITIES
	    "| Credential | Identity | Kind | Ends |\n|---|---|---|---|\n"
	    "| k1 | `sp-a` | secret | 2027-01-01 |\n"
	    "| | `sp-b` | certificate | |\n\n"
	    "| Connection | Backed by |\n|---|---|\n| `c` | `sp-a` |\n\n"
	    "| Identity | Held in |\n|---|---|\n| `sp-a` | `c` |\n\n"
	    "| Owner | Owns |\n|---|---|\n| `svc` | semantic models |\n");

	assert_int_equal(e->credentials.count, 2);
	assert_int_equal(e->credentials.at[1].kind, CREDENTIAL_CERTIFICATE);
	assert_int_equal(e->sinks.count, 1);
	assert_int_equal(e->ownerships.count, 1);
	assert_int_equal(e->ownerships.at[0].item_kind, ITEM_SEMANTIC_MODEL);
	assert_int_equal(e->problems.count, 0);
	estate_free(e);
}

static void
role_definitions_are_read_before_roles_are_looked_up(void **state ACTAS_UNUSED)
{
	struct estate *e = page_of(IDENTITIES
	    "## sp-a\n\n| Role | Scope |\n|---|---|\n"
	    "| Deployer | `rg` resource group |\n\n"
	    "| Custom role | Actions | Data actions |\n|---|---|---|\n"
	    "| Deployer | `*/read`, `Microsoft.Web/*` | - |\n"
	    "| Deployer | `x/y` | `z/*` |\n");

	assert_int_equal(e->problems.count, 0);
	assert_true(has_grant(e, "sp-a", "Deployer", "rg"));
	for (role_id r = 0; r < e->roles.count; r++)
		if (strcmp(role_of(e, r), "Deployer") == 0)
			assert_int_equal(e->roles.at[r].permission_count, 2);
	estate_free(e);
}

/* --- the diagram --- */

#define CHART(lines) "```mermaid\ngraph LR\n" lines "```\n"

static void
edges_of_the_diagram_are_claims(void **state ACTAS_UNUSED)
{
	struct estate *e = page_of(IDENTITIES
	    "Vault: `kv`\n\n"
	    "| Workspace | sp-a |\n|---|---|\n| Gold | -- |\n| Iron | -- "
	    "|\n\n" CHART(
		"A[sp-a] & B[\"sp-b<br/>(CI SPN)\"] -->|Viewer| W[All "
		"workspaces]\n"
		"A -- Get Secrets --> kv --> W\n"
		"W --> A\n"
		"svc -->|Owner| M[Semantic models]\n"));

	assert_int_equal(e->problems.count, 0);
	assert_true(has_grant(e, "sp-a", "Viewer", "Iron"));
	assert_true(has_grant(e, "sp-b", "Viewer", "Gold"));
	assert_true(has_grant(e, "sp-a", "Get Secrets", "kv"));
	assert_int_equal(e->grants.count, 5);
	assert_int_equal(e->ownerships.count, 1);
	estate_free(e);
}

static void
an_edge_to_nowhere_is_told(void **state ACTAS_UNUSED)
{
	static const struct expected_problem problems[] = {
	    {12, PROBLEM_MALFORMED_ROW, "[open"},
	    {9, PROBLEM_UNDECLARED_NODE, "K"},
	    {10, PROBLEM_UNDECLARED_PRINCIPAL, "sp-z"},
	    {11, PROBLEM_UNKNOWN_ROLE, "Overlord"},
	};
	struct estate *e = page_of(
	    IDENTITIES CHART("A[sp-a] -->|Reader| K\n"
			     "Z[sp-z] -->|Reader| R[rg resource group]\n"
			     "A -->|Overlord| R\n"
			     "A --> Q[open\n"));

	assert_problems(e, problems, COUNT_OF(problems));
	estate_free(e);
}

static void
a_diagram_of_something_else_is_prose(void **state ACTAS_UNUSED)
{
	struct estate *e = page_of(IDENTITIES
	    "## How data flows\n\n" CHART("A[Source] -->|copy| B[Sink]\n"));

	assert_int_equal(e->problems.count, 0);
	assert_int_equal(e->claims.count, 3);
	estate_free(e);
}

/* --- order --- */

static int
compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Claims, grants and problems without lines, sorted. */
static void
write_sorted(const struct estate *e, struct buffer *out)
{
	VECTOR(char *) lines = {0};
	struct arena arena = {0};

	for (uint32_t i = 0; i < e->claims.count; i++) {
		const struct claim *c = &e->claims.at[i];

		assert_int_equal(
		    vector_push(&lines,
			arena_printf(&arena, "%d %d %s|%s|%s|%s",
			    e->listings.at[c->listing].view, c->says,
			    principal_of(e, c->principal), role_of(e, c->role),
			    scope_of(e, c->scope), text_of(e, c->text))),
		    ACTAS_OK);
	}
	for (uint32_t i = 0; i < e->sinks.count; i++)
		assert_int_equal(
		    vector_push(&lines,
			arena_printf(&arena, "sink %s %s %d %d",
			    principal_of(e, e->sinks.at[i].principal),
			    scope_of(e, e->sinks.at[i].scope),
			    e->sinks.at[i].plan != NONE,
			    e->sinks.at[i].in_steps)),
		    ACTAS_OK);
	for (uint32_t i = 0; i < e->problems.count; i++)
		assert_int_equal(
		    vector_push(&lines,
			arena_printf(&arena, "problem %d %s",
			    e->problems.at[i].kind,
			    text_of(e, e->problems.at[i].subject))),
		    ACTAS_OK);
	qsort(lines.at, lines.count, sizeof *lines.at, compare_lines);
	for (uint32_t i = 0; i < lines.count; i++)
		buffer_addf(out, "%s\n", lines.at[i]);
	buffer_addf(out, "%u grants\n", e->grants.count);
	vector_release(&lines);
	arena_release(&arena);
}

static const char *const sections[] = {
    IDENTITIES,
    "Single vault: `kv` in resource group `rg`.\n\n",
    "## Access diagram\n\n" CHART(
	"A[sp-a] -->|Viewer| W[All Workspaces]\n"
	"A -->|Get Secrets| K[Key Vault]\nB[sp-b] -->|Reader| S[Blob "
	"Storage]\n"),
    ("## sp-a\n\n| Role | Scope | Purpose |\n|---|---|---|\n"
     "| Reader | `st` storage account | own credentials (`a-*`) |\n"
     "| Reader | `kv` | |\n| Viewer | All 2 workspaces (Gold, Iron) | |\n\n"),
    "| Secret | Used by |\n|---|---|\n| `a-1` | `p.yml` |\n\n",
    "**Who can read secrets:**\n\n- `sp-b` (access policy)\n\n",
    ("| Workspace | sp-a | svc |\n|---|---|---|\n"
     "| Gold | Viewer | -- |\n| Iron | -- | Admin |\n\n"),
    "Affected SPNs:\n\n- `sp-a` -- Key Vault secret `new`\n\n",
    "## Rotation for sp-a\n\n1. Secrets > `new`\n2. Verify, run `p`\n\n",
};

static void
parts_in_any_order_say_the_same(void **state ACTAS_UNUSED)
{
	struct buffer first = {0};
	uint32_t count = COUNT_OF(sections);

	for (uint32_t turn = 0; turn < 2 * count; turn++) {
		struct buffer page = {0}, said = {0};
		struct estate *e;

		for (uint32_t i = 0; i < count; i++) {
			uint32_t at = (i + turn) % count;

			buffer_puts(&page,
			    sections[turn < count ? at : count - 1 - at]);
		}
		e = page_of(buffer_text(&page));
		write_sorted(e, turn == 0 ? &first : &said);
		if (turn > 0)
			assert_string_equal(
			    buffer_text(&said), buffer_text(&first));
		estate_free(e);
		buffer_release(&page);
		buffer_release(&said);
	}
	buffer_release(&first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(types_of_identities_are_understood),
	    cmocka_unit_test(all_columns_of_the_inventory_are_read),
	    cmocka_unit_test(an_identity_is_found_by_every_name_it_has),
	    cmocka_unit_test(an_exact_name_wins_over_the_part_of_a_upn),
	    cmocka_unit_test(unknown_and_ambiguous_identities_are_told_once),
	    cmocka_unit_test(collectives_are_accepted_only_as_words),
	    cmocka_unit_test(
		a_table_of_workspaces_without_identities_is_no_matrix),
	    cmocka_unit_test(
		the_purpose_of_an_identity_says_what_it_backs_and_owns),
	    cmocka_unit_test(scopes_are_understood_and_say_the_plane),
	    cmocka_unit_test(scopes_that_are_not_declared_are_told),
	    cmocka_unit_test(a_role_of_another_plane_is_unknown),
	    cmocka_unit_test(
		a_table_of_roles_belongs_to_the_heading_that_names_an_identity),
	    cmocka_unit_test(patterns_of_own_secrets_are_sinks),
	    cmocka_unit_test(the_table_of_vaults_says_the_permission_model),
	    cmocka_unit_test(a_secret_of_several_vaults_needs_the_vault),
	    cmocka_unit_test(readers_and_writers_name_their_mechanism),
	    cmocka_unit_test(a_list_under_another_heading_is_prose),
	    cmocka_unit_test(the_auth_method_of_an_identity_names_its_sinks),
	    cmocka_unit_test(pipelines_of_a_connection_are_all_or_named),
	    cmocka_unit_test(rotation_steps_say_what_they_touch),
	    cmocka_unit_test(settings_are_read),
	    cmocka_unit_test(groups_have_members),
	    cmocka_unit_test(items_schedules_activities_and_needs_are_read),
	    cmocka_unit_test(resources_may_refer_to_rows_below),
	    cmocka_unit_test(credentials_copies_and_owners_are_read),
	    cmocka_unit_test(
		role_definitions_are_read_before_roles_are_looked_up),
	    cmocka_unit_test(edges_of_the_diagram_are_claims),
	    cmocka_unit_test(an_edge_to_nowhere_is_told),
	    cmocka_unit_test(a_diagram_of_something_else_is_prose),
	    cmocka_unit_test(parts_in_any_order_say_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
