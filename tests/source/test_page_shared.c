/* Every claim of the shared page, by line: the page is the specification. */
#include "page_test.h"

#include <unistd.h>

#define PA     "sp-fabric-platform-admin"
#define DW     "sp-fabric-data-worker"
#define ADM    "geris_fabric_admin@geris.nl"
#define SVC    "svc-powerplatform@geris.nl"
#define MI     "Azure Function Managed Identity"
#define PEOPLE "Personal accounts"
#define KV     "kv-fabric-dbt-keys"

static const struct expected_claim claims[] = {
    {10, VIEW_GRAPH, CLAIM_IS_KIND, PA, "", "", "Terraform SPN"},
    {11, VIEW_GRAPH, CLAIM_IS_KIND, DW, "", "", "CI/CD SPN"},
    {12, VIEW_GRAPH, CLAIM_IS_KIND, ADM, "", "", "Human admin"},
    {14, VIEW_GRAPH, CLAIM_IS_KIND, MI, "", "", "Managed Identity"},
    {25, VIEW_GRAPH, CLAIM_GRANTS, PA, "Admin", "Gold", "Admin"},
    {25, VIEW_GRAPH, CLAIM_GRANTS, PA, "Admin", "Bronze", "Admin"},
    {25, VIEW_GRAPH, CLAIM_GRANTS, PA, "Admin", "Semantic", "Admin"},
    {25, VIEW_GRAPH, CLAIM_GRANTS, PA, "Admin", "Reports", "Admin"},
    {26, VIEW_GRAPH, CLAIM_GRANTS, PA, "Get Secrets", KV, "Get Secrets"},
    {27, VIEW_GRAPH, CLAIM_GRANTS, PA, "Contributor", "Terraform state",
	"Contributor"},
    {28, VIEW_GRAPH, CLAIM_GRANTS, DW, "Contributor", "Gold", "Contributor"},
    {28, VIEW_GRAPH, CLAIM_GRANTS, DW, "Contributor", "Bronze", "Contributor"},
    {28, VIEW_GRAPH, CLAIM_GRANTS, DW, "Contributor", "Semantic",
	"Contributor"},
    {28, VIEW_GRAPH, CLAIM_GRANTS, DW, "Contributor", "Reports", "Contributor"},
    {29, VIEW_GRAPH, CLAIM_GRANTS, DW, "Get Secrets", KV, "Get Secrets"},
    {30, VIEW_GRAPH, CLAIM_GRANTS, DW, "Storage Blob Data Contributor",
	"gerisdbtartifacts", "Blob Data Contributor"},
    {31, VIEW_GRAPH, CLAIM_GRANTS, DW, "Read/Write data", "Warehouse",
	"Read/Write"},
    {32, VIEW_GRAPH, CLAIM_GRANTS, ADM, "Admin", "Gold", "Admin"},
    {32, VIEW_GRAPH, CLAIM_GRANTS, ADM, "Admin", "Bronze", "Admin"},
    {32, VIEW_GRAPH, CLAIM_GRANTS, ADM, "Admin", "Semantic", "Admin"},
    {32, VIEW_GRAPH, CLAIM_GRANTS, ADM, "Admin", "Reports", "Admin"},
    {34, VIEW_GRAPH, CLAIM_GRANTS, ADM, "Capacity Admin", "Gold",
	"Capacity Admin"},
    {34, VIEW_GRAPH, CLAIM_GRANTS, ADM, "Capacity Admin", "Bronze",
	"Capacity Admin"},
    {34, VIEW_GRAPH, CLAIM_GRANTS, ADM, "Capacity Admin", "Semantic",
	"Capacity Admin"},
    {34, VIEW_GRAPH, CLAIM_GRANTS, ADM, "Capacity Admin", "Reports",
	"Capacity Admin"},
    {35, VIEW_GRAPH, CLAIM_GRANTS, SVC, "Member", "Gold", "Member Gold"},
    {36, VIEW_GRAPH, CLAIM_GRANTS, MI, "", "", "Write"},
    {37, VIEW_GRAPH, CLAIM_GRANTS, MI, "Get Secrets", KV, "Get Secrets"},
    {44, VIEW_INVENTORY, CLAIM_IS_KIND, PA, "", "", "SPN (App Registration)"},
    {45, VIEW_INVENTORY, CLAIM_IS_KIND, DW, "", "", "SPN (App Registration)"},
    {46, VIEW_INVENTORY, CLAIM_IS_KIND, ADM, "", "",
	"Entra ID service account"},
    {47, VIEW_INVENTORY, CLAIM_IS_KIND, SVC, "", "",
	"Entra ID service account"},
    {48, VIEW_INVENTORY, CLAIM_IS_KIND, MI, "", "", "Managed Identity"},
    {58, VIEW_ROLES, CLAIM_GRANTS, PA, "Admin", "Gold", "Admin"},
    {58, VIEW_ROLES, CLAIM_GRANTS, PA, "Admin", "Bronze", "Admin"},
    {58, VIEW_ROLES, CLAIM_GRANTS, PA, "Admin", "Semantic", "Admin"},
    {58, VIEW_ROLES, CLAIM_GRANTS, PA, "Admin", "Reports", "Admin"},
    {59, VIEW_ROLES, CLAIM_GRANTS, PA, "Get Secrets", KV, "Get Secrets"},
    {60, VIEW_ROLES, CLAIM_GRANTS, PA, "Contributor", "Terraform state",
	"Contributor"},
    {70, VIEW_ROLES, CLAIM_GRANTS, DW, "Contributor", "rg-fabric-dbt-platform",
	"Contributor"},
    {71, VIEW_ROLES, CLAIM_GRANTS, DW, "Storage Account Contributor",
	"gerisdbtartifacts", "Storage Account Contributor"},
    {72, VIEW_ROLES, CLAIM_GRANTS, DW, "Storage Blob Data Contributor",
	"gerisdbtartifacts", "Storage Blob Data Contributor"},
    {73, VIEW_ROLES, CLAIM_GRANTS, DW, "Key Vault Secrets User", KV,
	"Key Vault Secrets User"},
    {74, VIEW_ROLES, CLAIM_GRANTS, DW, "Reader", KV, "Reader"},
    {75, VIEW_ROLES, CLAIM_GRANTS, DW, "Contributor", "Gold", "Contributor"},
    {98, VIEW_READERS, CLAIM_GRANTS, DW, "Key Vault Secrets User", KV,
	"Key Vault Secrets User role"},
    {99, VIEW_READERS, CLAIM_GRANTS, MI, "get", KV, "Key Vault access policy"},
    {103, VIEW_WRITERS, CLAIM_GRANTS, "IT administrators", "Set Secrets", KV,
	"via Azure Portal"},
    {104, VIEW_WRITERS, CLAIM_GRANTS, DW, "Storage Account Contributor", "",
	"Storage Account Contributor -- for blob operations, not KV writes"},
    {110, VIEW_MATRIX, CLAIM_GRANTS, ADM, "Admin", "Gold", "Admin"},
    {110, VIEW_MATRIX, CLAIM_GRANTS, SVC, "Member", "Gold", "Member"},
    {110, VIEW_MATRIX, CLAIM_HAS_NONE, DW, "", "Gold", "--"},
    {110, VIEW_MATRIX, CLAIM_GRANTS, PA, "Admin", "Gold", "Admin"},
    {110, VIEW_MATRIX, CLAIM_GRANTS, PEOPLE, "Admin", "Gold", "Admin (dev)"},
    {111, VIEW_MATRIX, CLAIM_GRANTS, ADM, "Admin", "Bronze", "Admin"},
    {111, VIEW_MATRIX, CLAIM_HAS_NONE, SVC, "", "Bronze", "--"},
    {111, VIEW_MATRIX, CLAIM_GRANTS, DW, "Contributor", "Bronze",
	"Contributor"},
    {111, VIEW_MATRIX, CLAIM_GRANTS, PA, "Admin", "Bronze", "Admin"},
    {111, VIEW_MATRIX, CLAIM_GRANTS, PEOPLE, "Admin", "Bronze", "Admin (dev)"},
    {112, VIEW_MATRIX, CLAIM_GRANTS, ADM, "Admin", "Semantic", "Admin"},
    {112, VIEW_MATRIX, CLAIM_HAS_NONE, SVC, "", "Semantic", "--"},
    {112, VIEW_MATRIX, CLAIM_HAS_NONE, DW, "", "Semantic", "--"},
    {112, VIEW_MATRIX, CLAIM_GRANTS, PA, "Admin", "Semantic", "Admin"},
    {112, VIEW_MATRIX, CLAIM_GRANTS, PEOPLE, "Admin", "Semantic",
	"Admin (dev)"},
    {113, VIEW_MATRIX, CLAIM_GRANTS, ADM, "Admin", "Reports", "Admin"},
    {113, VIEW_MATRIX, CLAIM_HAS_NONE, SVC, "", "Reports", "--"},
    {113, VIEW_MATRIX, CLAIM_HAS_NONE, DW, "", "Reports", "--"},
    {113, VIEW_MATRIX, CLAIM_GRANTS, PA, "Admin", "Reports", "Admin"},
    {113, VIEW_MATRIX, CLAIM_GRANTS, PEOPLE, "Admin", "Reports", "Admin (dev)"},
};

static const struct expected_problem problems[] = {
    {60, PROBLEM_UNDECLARED_SCOPE, "Terraform state"},
    {123, PROBLEM_UNDECLARED_SECRET, "fabric-client-secret"},
    {35, PROBLEM_SELF_CONTRADICTION, "Member Gold"},
    {36, PROBLEM_UNDECLARED_SCOPE, "OneLake"},
    {104, PROBLEM_SELF_CONTRADICTION,
	"Storage Account Contributor -- for blob operations, not KV writes"},
};

static void
name_page(char path[static 4096])
{
	const char *shared = getenv("ACTAS_SHARED");

	snprintf(path, 4096, "%s/pages/spn-access-map.md",
	    shared == NULL ? "../shared" : shared);
}

static bool
is_there(void)
{
	char path[4096];

	name_page(path);
	return access(path, R_OK) == 0;
}

static int
load(void **state)
{
	char path[4096];
	struct estate *e;
	struct fault fault = {0};

	name_page(path);
	if (source_load(path, &e, &fault) != ACTAS_OK)
		fail_msg("%s:%u: %s", fault.file, fault.line, fault.message);
	*state = e;
	return 0;
}

static int
unload(void **state)
{
	estate_free(*state);
	return 0;
}

static void
every_claim_is_read_with_its_line(void **state)
{
	const struct estate *e = *state;

	for (uint32_t i = 0; i < COUNT_OF(claims); i++)
		assert_claim(e, i, &claims[i]);
	assert_int_equal(e->claims.count, COUNT_OF(claims));
}

static void
what_is_wrong_with_it_is_told_by_line(void **state)
{
	assert_problems(*state, problems, COUNT_OF(problems));
}

static void
every_table_list_and_diagram_is_a_listing(void **state)
{
	static const struct {
		uint32_t line;
		enum view view;
		bool complete;
	} want[] = {{7, VIEW_GRAPH, false}, {42, VIEW_INVENTORY, false},
	    {56, VIEW_ROLES, true}, {62, VIEW_AUTH, false},
	    {68, VIEW_ROLES, true}, {77, VIEW_AUTH, false},
	    {79, VIEW_RULES, false}, {90, VIEW_SECRETS, true},
	    {96, VIEW_READERS, true}, {101, VIEW_WRITERS, true},
	    {108, VIEW_MATRIX, false}, {121, VIEW_ROTATION, false},
	    {126, VIEW_ROTATION, false}, {154, VIEW_CONNECTIONS, true}};
	const struct estate *e = *state;

	assert_int_equal(e->listings.count, COUNT_OF(want));
	for (uint32_t i = 0; i < COUNT_OF(want); i++) {
		assert_int_equal(e->listings.at[i].origin.line, want[i].line);
		assert_int_equal(e->listings.at[i].view, want[i].view);
		assert_int_equal(e->listings.at[i].complete, want[i].complete);
	}
}

static void
identities_have_kind_flags_and_licence(void **state)
{
	static const struct {
		const char *name, *licence;
		enum principal_kind kind;
		uint8_t flags;
		uint32_t line;
	} want[] = {
	    {PA, "None (API-only)", PRINCIPAL_SERVICE, PRINCIPAL_DECLARED, 44},
	    {DW, "None (API-only)", PRINCIPAL_SERVICE, PRINCIPAL_DECLARED, 45},
	    {ADM, "Fabric Pro + Capacity Admin", PRINCIPAL_USER,
		PRINCIPAL_DECLARED | PRINCIPAL_SERVICE_ACCOUNT |
		    PRINCIPAL_HUMAN,
		46},
	    {SVC, "PA Premium + Business Basic", PRINCIPAL_USER,
		PRINCIPAL_DECLARED | PRINCIPAL_SERVICE_ACCOUNT, 47},
	    {MI, "", PRINCIPAL_MANAGED_IDENTITY, PRINCIPAL_DECLARED, 48},
	    {"IT administrators", "", PRINCIPAL_USER, PRINCIPAL_COLLECTIVE,
		103},
	    {PEOPLE, "", PRINCIPAL_USER, PRINCIPAL_COLLECTIVE | PRINCIPAL_HUMAN,
		108},
	};
	const struct estate *e = *state;

	assert_int_equal(e->principals.count, COUNT_OF(want));
	for (uint32_t i = 0; i < COUNT_OF(want); i++) {
		const struct principal *p = &e->principals.at[i];

		assert_string_equal(text_of(e, p->name), want[i].name);
		assert_string_equal(text_of(e, p->licence), want[i].licence);
		assert_int_equal(p->kind, want[i].kind);
		assert_int_equal(p->flags, want[i].flags);
		assert_int_equal(p->origin.line, want[i].line);
	}
}

static void
places_that_hold_credentials_are_sinks(void **state)
{
	static const struct {
		uint32_t line;
		const char *whose, *where;
		bool planned, in_steps;
	} want[] = {
	    {123, DW, "fabric-ci-service-connection", true, false},
	    {123, DW, "fabric-client-secret", true, false},
	    {45, DW, "fabric-ci-service-connection", false, false},
	    {59, PA, "fabric-admin-client-id", false, false},
	    {59, PA, "fabric-admin-client-secret", false, false},
	    {59, PA, "fabric-admin-tenant-id", false, false},
	    {62, PA, "fabric-admin-tenant-id", false, false},
	    {62, PA, "fabric-admin-client-id", false, false},
	    {62, PA, "fabric-admin-client-secret", false, false},
	    {77, DW, "fabric-ci-service-connection", false, false},
	    {133, DW, "fabric-client-secret", true, true},
	    {136, DW, "fabric-ci-service-connection", true, true},
	};
	const struct estate *e = *state;

	assert_int_equal(e->sinks.count, COUNT_OF(want));
	for (uint32_t i = 0; i < COUNT_OF(want); i++) {
		const struct sink *s = &e->sinks.at[i];

		assert_int_equal(s->origin.line, want[i].line);
		assert_string_equal(
		    principal_of(e, s->principal), want[i].whose);
		assert_string_equal(scope_of(e, s->scope), want[i].where);
		assert_int_equal(s->plan != NONE, want[i].planned);
		assert_int_equal(s->in_steps, want[i].in_steps);
	}
}

static void
the_rotation_plans_are_read(void **state)
{
	const struct estate *e = *state;
	const struct plan *dw, *pa;

	assert_int_equal(e->plans.count, 2);
	dw = &e->plans.at[0];
	pa = &e->plans.at[1];
	assert_string_equal(principal_of(e, dw->principal), DW);
	assert_int_equal(dw->origin.line, 123);
	assert_int_equal(dw->steps.line, 126);
	assert_int_equal(dw->verification.line, 138);
	assert_true(dw->has_steps && dw->has_verification && dw->deletes_old);
	assert_string_equal(principal_of(e, pa->principal), PA);
	assert_int_equal(pa->origin.line, 124);
	assert_int_equal(pa->steps.line, 148);
	assert_false(pa->has_steps || pa->has_verification || pa->deletes_old);
	assert_int_equal(e->verifications.count, 3);
	assert_string_equal(
	    scope_of(e, e->items.at[e->verifications.at[0].item].scope),
	    "infra-deploy.yml");
	assert_int_equal(e->verifications.at[0].origin.line, 139);
}

static void
the_key_rules_are_read(void **state)
{
	static const struct {
		enum policy_kind kind;
		uint8_t principal_kind, personal, item_kind;
		const char *principal, *role, *scope;
	} want[] = {
	    {POLICY_CANNOT_OWN, PRINCIPAL_SERVICE, 0, ITEM_SEMANTIC_MODEL, ADM,
		"", ""},
	    {POLICY_ONLY_OWNER, 0, 0, ITEM_FLOW, SVC, "", ""},
	    {POLICY_NOT_SOLE_OWNER, PRINCIPAL_USER, 1, ITEM_OTHER, "", "", ""},
	    {POLICY_NEEDS_ROLE, 0, 0, 0, SVC, "Member", "Gold"},
	};
	const struct estate *e = *state;

	assert_int_equal(e->policies.count, COUNT_OF(want));
	for (uint32_t i = 0; i < COUNT_OF(want); i++) {
		const struct policy *p = &e->policies.at[i];

		assert_int_equal(p->origin.line, 81 + i);
		assert_int_equal(p->kind, want[i].kind);
		assert_int_equal(p->principal_kind, want[i].principal_kind);
		assert_int_equal(p->personal, want[i].personal);
		assert_int_equal(p->item_kind, want[i].item_kind);
		assert_string_equal(
		    principal_of(e, p->principal), want[i].principal);
		assert_string_equal(role_of(e, p->role), want[i].role);
		assert_string_equal(scope_of(e, p->scope), want[i].scope);
	}
}

static void
the_connection_and_the_owned_models_are_read(void **state)
{
	const struct estate *e = *state;

	assert_int_equal(e->connections.count, 1);
	assert_string_equal(
	    principal_of(e, e->connections.at[0].principal), DW);
	assert_int_equal(e->connections.at[0].all_pipelines, YES);
	assert_int_equal(e->ownerships.count, 2);
	assert_int_equal(e->ownerships.at[0].origin.line, 33);
	assert_int_equal(e->ownerships.at[1].origin.line, 46);
	assert_int_equal(e->ownerships.at[1].item_kind, ITEM_SEMANTIC_MODEL);
	assert_int_equal(e->vaults.count, 1);
	assert_int_equal(e->vaults.at[0].model, MODEL_DISPUTED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_claim_is_read_with_its_line),
	    cmocka_unit_test(what_is_wrong_with_it_is_told_by_line),
	    cmocka_unit_test(every_table_list_and_diagram_is_a_listing),
	    cmocka_unit_test(identities_have_kind_flags_and_licence),
	    cmocka_unit_test(places_that_hold_credentials_are_sinks),
	    cmocka_unit_test(the_rotation_plans_are_read),
	    cmocka_unit_test(the_key_rules_are_read),
	    cmocka_unit_test(the_connection_and_the_owned_models_are_read),
	};

	if (!is_there()) {
		/* cmocka's skip() is "not ok" in TAP, which meson fails. */
		print_message("1..0 # SKIP no shared page\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, load, unload);
}
