#include "fixture.h"

/* Facts, section 3: the names of the tests are its sentences. */

static const char read_site[] = "Microsoft.Web/sites/read";
static const char write_site[] = "Microsoft.Web/sites/write";

static void
a_deny_assignment_wins_over_any_grant(void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann, bob;
	scope_id rg;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	bob = fixture_user(&f, "bob");
	rg = fixture_scope(&f, GROUP);
	fixture_grant(&f, ann, "Owner", GROUP);
	fixture_grant(&f, ann, "Contributor", SUBSCRIPTION);
	fixture_grant(&f, bob, "Owner", GROUP);
	fixture_deny(&f,
	    &(struct denial_text){
		.actions = "Microsoft.Web/*",
		.path = SUBSCRIPTION,
		.principals = (principal_id[]){ann, NONE},
	    });
	fixture_freeze(&f);
	assert_string_equal(
	    fixture_reason(&f, ann, write_site, rg), "DeniedByDenyAssignment");
	assert_int_equal(fixture_decide(&f, ann, write_site, rg).denial, 0);
	assert_string_equal(
	    fixture_reason(&f, bob, write_site, rg), "GrantedByRBAC");
	assert_string_equal(
	    fixture_reason(&f, ann, "Microsoft.Compute/disks/read", rg),
	    "GrantedByRBAC");
	fixture_end(&f);
}

static void
an_excluded_principal_is_not_denied(void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann, bob, team, admins;
	scope_id rg;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	bob = fixture_user(&f, "bob");
	team = fixture_group(&f, "team");
	admins = fixture_group(&f, "admins");
	fixture_member(&f, team, ann);
	fixture_member(&f, team, bob);
	fixture_member(&f, admins, bob);
	rg = fixture_scope(&f, GROUP);
	fixture_grant(&f, team, "Reader", SUBSCRIPTION);
	fixture_deny(&f,
	    &(struct denial_text){
		.actions = "*/read",
		.path = GROUP,
		.principals = (principal_id[]){team, NONE},
		.excluded = (principal_id[]){admins, NONE},
	    });
	fixture_freeze(&f);
	assert_string_equal(
	    fixture_reason(&f, ann, read_site, rg), "DeniedByDenyAssignment");
	assert_string_equal(
	    fixture_reason(&f, bob, read_site, rg), "GrantedByRBAC");
	fixture_end(&f);
}

static void
a_deny_assignment_not_for_child_scopes_spares_them(void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann;
	scope_id rg, vault;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	rg = fixture_scope(&f, GROUP);
	vault = fixture_scope(&f, VAULT);
	fixture_grant(&f, ann, "Owner", SUBSCRIPTION);
	fixture_deny(&f,
	    &(struct denial_text){
		.actions = "*",
		.path = GROUP,
		.everyone = true,
		.not_for_children = true,
	    });
	fixture_freeze(&f);
	assert_false(fixture_decide(&f, ann, "write-vault", rg).allowed);
	assert_true(fixture_decide(&f, ann, "write-vault", vault).allowed);
	fixture_end(&f);
}

static void
a_deny_assignment_for_everyone_binds_everybody(void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann, app;
	scope_id rg;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	app = fixture_app(&f, "app");
	rg = fixture_scope(&f, GROUP);
	fixture_grant(&f, ann, "Owner", "/");
	fixture_grant(&f, app, "Owner", GROUP);
	fixture_deny(&f,
	    &(struct denial_text){
		.actions = "*/delete",
		.path = GROUP,
		.everyone = true,
		.excluded = (principal_id[]){app, NONE},
	    });
	fixture_freeze(&f);
	assert_string_equal(
	    fixture_reason(&f, ann, "Microsoft.Web/sites/Delete", rg),
	    "DeniedByDenyAssignment");
	assert_true(fixture_decide(&f, ann, read_site, rg).allowed);
	assert_true(
	    fixture_decide(&f, app, "Microsoft.Web/sites/delete", rg).allowed);
	fixture_end(&f);
}

static void
a_deny_assignment_of_data_actions_leaves_control_actions(
    void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann;
	scope_id box;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	box = fixture_scope(&f, CONTAINER);
	fixture_grant(&f, ann, "Storage Blob Data Contributor", ACCOUNT);
	fixture_deny(&f,
	    &(struct denial_text){
		.data = "*",
		.path = ACCOUNT,
		.everyone = true,
	    });
	fixture_freeze(&f);
	assert_string_equal(fixture_reason(&f, ann, "read-blob", box),
	    "DeniedByDenyAssignment");
	assert_true(fixture_decide(&f, ann, "read-container", box).allowed);
	fixture_end(&f);
}

static void
grants_at_the_scope_and_all_above_it_are_united(void **state ACTAS_UNUSED)
{
	static const char *const above[] = {
	    "/",
	    "/providers/Microsoft.Management/managementGroups/mg",
	    SUBSCRIPTION,
	    GROUP,
	    VAULT,
	    SECRET,
	};

	for (size_t i = 0; i < sizeof above / sizeof *above; i++) {
		struct fixture f;
		principal_id ann;
		scope_id secret, other;

		fixture_begin(&f);
		ann = fixture_user(&f, "ann");
		secret = fixture_scope(&f, SECRET);
		other = fixture_scope(&f, VAULT "/secrets/other");
		fixture_vault(&f, MODEL_RBAC);
		builder_move(f.b, fixture_scope(&f, SUBSCRIPTION),
		    fixture_scope(&f, above[1]));
		fixture_grant(&f, ann, "Key Vault Secrets User", above[i]);
		fixture_freeze(&f);
		assert_true(
		    fixture_decide(&f, ann, "get-secret", secret).allowed);
		/* an object's own grant gives nothing beside it */
		assert_int_equal(
		    fixture_decide(&f, ann, "get-secret", other).allowed,
		    strcmp(above[i], SECRET) != 0);
		fixture_end(&f);
	}
}

static void
grants_of_transitive_groups_are_united_and_cycles_survived(
    void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann, stranger, a, b, c;
	scope_id rg;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	stranger = fixture_user(&f, "stranger");
	a = fixture_group(&f, "a");
	b = fixture_group(&f, "b");
	c = fixture_group(&f, "c");
	fixture_member(&f, a, ann);
	fixture_member(&f, b, a);
	fixture_member(&f, c, b);
	fixture_member(&f, a, c); /* round and round */
	rg = fixture_scope(&f, GROUP);
	fixture_grant(&f, c, "Reader", SUBSCRIPTION);
	fixture_grant(&f, b, "Website Contributor", GROUP);
	fixture_freeze(&f);
	assert_true(fixture_decide(&f, ann, read_site, rg).allowed);
	assert_true(fixture_decide(&f, ann, write_site, rg).allowed);
	assert_true(fixture_decide(&f, a, write_site, rg).allowed);
	assert_string_equal(fixture_reason(&f, stranger, read_site, rg),
	    "DeniedWithNoValidRBAC");
	fixture_end(&f);
}

static void
a_grant_elsewhere_or_below_gives_nothing(void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann;
	scope_id rg;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	rg = fixture_scope(&f, GROUP);
	fixture_grant(&f, ann, "Owner", VAULT);
	fixture_grant(&f, ann, "Owner", SUBSCRIPTION "/resourceGroups/rg2");
	fixture_freeze(&f);
	assert_false(fixture_decide(&f, ann, write_site, rg).allowed);
	assert_int_equal(
	    fixture_decide(&f, ann, write_site, rg).assignment, NONE);
	fixture_end(&f);
}

static void
not_actions_take_away_inside_one_role_and_are_no_deny(void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann, bob;
	scope_id rg;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	bob = fixture_user(&f, "bob");
	rg = fixture_scope(&f, GROUP);
	fixture_grant(&f, ann, "Contributor", GROUP);
	fixture_grant(&f, bob, "Contributor", GROUP);
	fixture_grant(&f, bob, "User Access Administrator", SUBSCRIPTION);
	fixture_freeze(&f);
	assert_string_equal(
	    fixture_reason(&f, ann, ASSIGN_ROLE, rg), "DeniedWithNoValidRBAC");
	assert_string_equal(
	    fixture_reason(&f, bob, ASSIGN_ROLE, rg), "GrantedByRBAC");
	fixture_end(&f);
}

static void
control_and_data_actions_are_apart(void **state ACTAS_UNUSED)
{
	static const char *const wide[] = {"Owner", "Contributor", "Reader",
	    "User Access Administrator", "Storage Account Contributor"};
	struct fixture f;
	principal_id people[5];
	scope_id box, secret;

	fixture_begin(&f);
	for (size_t i = 0; i < 5; i++) {
		people[i] = fixture_user(&f, wide[i]);
		fixture_grant(&f, people[i], wide[i], SUBSCRIPTION);
	}
	box = fixture_scope(&f, CONTAINER);
	secret = fixture_scope(&f, SECRET);
	fixture_vault(&f, MODEL_RBAC);
	fixture_freeze(&f);
	for (size_t i = 0; i < 5; i++) {
		assert_false(
		    fixture_decide(&f, people[i], "read-blob", box).allowed);
		assert_false(
		    fixture_decide(&f, people[i], "write-blob", box).allowed);
		assert_string_equal(
		    fixture_reason(&f, people[i], "get-secret", secret),
		    "DeniedWithNoValidRBAC");
	}
	fixture_end(&f);
}

static void
a_data_pattern_gives_no_control_action(void **state ACTAS_UNUSED)
{
	static const struct patterns_text all_data = {.data = "*"};
	struct fixture f;
	principal_id ann;
	scope_id vault;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	vault = fixture_vault(&f, MODEL_RBAC);
	fixture_assign(&f, ann, fixture_role(&f, "data", 1, &all_data), vault);
	fixture_freeze(&f);
	assert_false(fixture_decide(&f, ann, "write-vault", vault).allowed);
	assert_true(fixture_decide(&f, ann, "list-secrets", vault).allowed);
	fixture_end(&f);
}

static void
actions_match_whatever_their_case_and_wildcards_span_segments(
    void **state ACTAS_UNUSED)
{
	static const struct {
		const char *pattern, *action;
		bool allowed;
	} rows[] = {
	    {"Microsoft.Storage/storageAccounts/listKeys/action",
		"MICROSOFT.STORAGE/storageaccounts/listkeys/Action", true},
	    {"microsoft.storage/STORAGEACCOUNTS/*",
		"Microsoft.Storage/storageAccounts/listKeys/action", true},
	    {"Microsoft.Storage/*/read",
		"Microsoft.Storage/storageAccounts/blobServices/x/READ", true},
	    {"*/read", "Microsoft.Web/sites/slots/read", true},
	    {"*/read", "Microsoft.Web/sites/write", false},
	    {"*", "Microsoft.Web/sites/write", true},
	    {"Microsoft.Web/sites", "Microsoft.Web/sites/write", false},
	    {"Microsoft.Web/sites/*", "Microsoft.Website/sites/x", false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct patterns_text text = {.actions = rows[i].pattern};
		struct fixture f;
		principal_id ann;
		scope_id rg;

		fixture_begin(&f);
		ann = fixture_user(&f, "ann");
		rg = fixture_scope(&f, GROUP);
		fixture_assign(&f, ann, fixture_role(&f, "r", 1, &text), rg);
		fixture_freeze(&f);
		assert_int_equal(
		    fixture_decide(&f, ann, rows[i].action, rg).allowed,
		    rows[i].allowed);
		fixture_end(&f);
	}
}

static void
permission_blocks_of_one_role_are_united(void **state ACTAS_UNUSED)
{
	static const struct patterns_text blocks[] = {
	    {.actions = "Microsoft.Web/*",
		.not_actions = "Microsoft.Web/sites/delete"},
	    {.actions = "Microsoft.Web/sites/delete",
		.not_actions = "Microsoft.Web/sites/read",
		.data = "Microsoft.Web/sites/data/read"},
	};
	struct fixture f;
	principal_id ann;
	scope_id rg;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	rg = fixture_scope(&f, GROUP);
	fixture_assign(&f, ann, fixture_role(&f, "r", 2, blocks), rg);
	fixture_freeze(&f);
	assert_true(fixture_decide(&f, ann, write_site, rg).allowed);
	assert_true(fixture_decide(&f, ann, read_site, rg).allowed);
	assert_true(
	    fixture_decide(&f, ann, "Microsoft.Web/sites/delete", rg).allowed);
	assert_true(fixture_decide(&f, ann, "Microsoft.Web/sites/data/read", rg)
			.allowed);
	fixture_end(&f);
}

#define ONLY_APP_KEYS                                                          \
	"((!(ActionMatches{'" GET_SECRET "'})) OR "                            \
	"(@Resource[Microsoft.KeyVault/vaults/secrets:name] StringStartsWith " \
	"'app-'))"

static void
a_condition_counts_for_its_assignment_only(void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann, bob;
	scope_id key, mine, vault;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	bob = fixture_user(&f, "bob");
	key = fixture_scope(&f, SECRET);
	mine = fixture_scope(&f, VAULT "/secrets/app-key");
	vault = fixture_vault(&f, MODEL_RBAC);
	fixture_grant_if(
	    &f, ann, "Key Vault Secrets User", VAULT, ONLY_APP_KEYS);
	fixture_grant_if(
	    &f, bob, "Key Vault Secrets User", VAULT, ONLY_APP_KEYS);
	fixture_grant(&f, bob, "Key Vault Secrets Officer", SUBSCRIPTION);
	fixture_freeze(&f);
	assert_string_equal(
	    fixture_reason(&f, ann, GET_SECRET, mine), "GrantedByABAC");
	assert_string_equal(fixture_reason(&f, ann, GET_SECRET, key),
	    "DeniedWithABACEvaluationInRA");
	assert_string_equal(
	    fixture_reason(&f, ann, LIST_SECRETS, vault), "GrantedByABAC");
	assert_string_equal(
	    fixture_reason(&f, bob, GET_SECRET, key), "GrantedByRBAC");
	fixture_end(&f);
}

static void
a_secret_name_condition_on_metadata_makes_listing_fail(
    void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann;
	scope_id secret, vault;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	secret = fixture_scope(&f, SECRET);
	vault = fixture_vault(&f, MODEL_RBAC);
	fixture_grant_if(&f, ann, "Key Vault Secrets User", VAULT,
	    "@Resource[Microsoft.KeyVault/vaults/secrets:name] "
	    "StringEquals 'key'");
	fixture_freeze(&f);
	assert_string_equal(fixture_reason(&f, ann, LIST_SECRETS, vault),
	    "DeniedWithMissingAttributesInRA");
	assert_string_equal(
	    fixture_reason(&f, ann, GET_SECRET, secret), "GrantedByABAC");
	fixture_end(&f);
}

static void
a_secret_that_is_being_set_is_named_by_the_request(void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann, bob;
	scope_id secret;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	bob = fixture_user(&f, "bob");
	secret = fixture_scope(&f, SECRET);
	fixture_vault(&f, MODEL_RBAC);
	fixture_grant_if(&f, ann, "Key Vault Secrets Officer", VAULT,
	    "@Request[Microsoft.KeyVault/vaults/secrets:name] "
	    "StringEquals 'key'");
	fixture_grant_if(&f, bob, "Key Vault Secrets Officer", VAULT,
	    "@Resource[Microsoft.KeyVault/vaults/secrets:name] "
	    "StringEquals 'key'");
	fixture_freeze(&f);
	assert_string_equal(
	    fixture_reason(&f, ann, SET_SECRET, secret), "GrantedByABAC");
	assert_string_equal(fixture_reason(&f, ann, GET_SECRET, secret),
	    "DeniedWithMissingAttributesInRA");
	assert_string_equal(fixture_reason(&f, bob, SET_SECRET, secret),
	    "DeniedWithMissingAttributesInRA");
	fixture_end(&f);
}

static void
a_condition_that_is_not_understood_denies_by_its_own_reason(
    void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann;
	scope_id secret, vault;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	secret = fixture_scope(&f, SECRET);
	vault = fixture_vault(&f, MODEL_RBAC);
	fixture_grant_if(&f, ann, "Key Vault Secrets User", VAULT,
	    "(!(ActionMatches{'" GET_SECRET "'})) OR "
	    "(@Environment[UtcNow] DateTimeLessThan '2030-01-01')");
	fixture_freeze(&f);
	assert_string_equal(fixture_reason(&f, ann, GET_SECRET, secret),
	    "DeniedByConditionNotUnderstood");
	assert_string_equal(
	    fixture_reason(&f, ann, LIST_SECRETS, vault), "GrantedByABAC");
	fixture_end(&f);
}

static void
a_role_definition_may_carry_the_condition(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *role;
		const char *reason;
	} rows[] = {
	    {"4633458b-17de-408a-b874-0445c86b69e6", "GrantedByABAC"},
	    {"8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
		"DeniedWithABACEvaluationInRA"},
	    {NULL, "DeniedWithMissingAttributesInRA"},
	};
	struct fixture f;
	struct action action;
	principal_id ann;
	scope_id vault;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	vault = fixture_vault(&f, MODEL_RBAC);
	fixture_grant(&f, ann, "Key Vault Data Access Administrator", VAULT);
	fixture_freeze(&f);
	assert_int_equal(action_prepare(f.e, SLICE(ASSIGN_ROLE),
			     ACTION_AS_KNOWN, &action, &f.fault),
	    ACTAS_OK);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct request request = {0};

		if (rows[i].role != NULL)
			assert_true(
			    guid_parse(slice_of(rows[i].role), &request.role));
		assert_string_equal(
		    reason_name(
			decide(f.e, ann, &action, vault, &request).reason),
		    rows[i].reason);
	}
	action_release(&action);
	fixture_end(&f);
}

static void
a_permission_block_without_condition_is_not_bound_by_its_neighbour(
    void **state ACTAS_UNUSED)
{
	static const struct patterns_text blocks[] = {
	    {.actions = "Microsoft.Web/sites/*", .condition = "nonsense"},
	    {.actions = "Microsoft.Web/sites/read"},
	};
	struct fixture f;
	principal_id ann;
	scope_id rg;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	rg = fixture_scope(&f, GROUP);
	fixture_assign(&f, ann, fixture_role(&f, "r", 2, blocks), rg);
	fixture_freeze(&f);
	assert_string_equal(
	    fixture_reason(&f, ann, read_site, rg), "GrantedByRBAC");
	assert_string_equal(fixture_reason(&f, ann, write_site, rg),
	    "DeniedByConditionNotUnderstood");
	fixture_end(&f);
}

static void
an_assignment_is_to_the_object_id_and_not_to_the_app_id(
    void **state ACTAS_UNUSED)
{
	struct fixture f;
	struct guid app_id;
	principal_id app, orphan;
	scope_id rg;

	fixture_begin(&f);
	app = fixture_app(&f, "app");
	app_id = fixture_guid(&f);
	builder_identify(f.b, app, (struct guid){0}, app_id);
	orphan = builder_principal(f.b, app_id, (struct origin){0});
	rg = fixture_scope(&f, GROUP);
	fixture_grant(&f, orphan, "Owner", GROUP);
	fixture_freeze(&f);
	assert_int_not_equal(orphan, app);
	assert_false(fixture_decide(&f, app, write_site, rg).allowed);
	fixture_end(&f);
}

static void
an_assignment_of_a_role_that_nobody_defines_gives_nothing(
    void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann;
	scope_id rg;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	rg = fixture_scope(&f, GROUP);
	fixture_assign(&f, ann,
	    builder_role_by_id(f.b, fixture_guid(&f), (struct origin){0}), rg);
	fixture_freeze(&f);
	assert_string_equal(
	    fixture_reason(&f, ann, read_site, rg), "DeniedWithNoValidRBAC");
	fixture_end(&f);
}

static void
assignments_with_a_flag_allow_nothing_and_say_why(void **state ACTAS_UNUSED)
{
	static const struct {
		uint32_t flags;
		const char *reason;
	} rows[] = {
	    {0, "GrantedByRBAC"},
	    {ASSIGNMENT_ELIGIBLE, "DeniedWithEligibleRoleOnly"},
	    {ASSIGNMENT_DISPUTED, "DeniedByDisputedClaim"},
	    {ASSIGNMENT_COMPOUND, "DeniedByCompoundIdentity"},
	    {ASSIGNMENT_ELIGIBLE | ASSIGNMENT_DISPUTED,
		"DeniedWithEligibleRoleOnly"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct assignment a = {.flags = rows[i].flags};
		struct fixture f;

		fixture_begin(&f);
		a.principal = fixture_user(&f, "ann");
		a.scope = fixture_scope(&f, GROUP);
		a.role = fixture_builtin(&f, PLANE_AZURE, "Owner");
		builder_assign(f.b, &a);
		fixture_freeze(&f);
		assert_string_equal(
		    fixture_reason(&f, a.principal, read_site, a.scope),
		    rows[i].reason);
		assert_int_equal(
		    fixture_decide(&f, a.principal, read_site, a.scope)
			.assignment,
		    0);
		fixture_end(&f);
	}
}

static void
a_disabled_principal_may_do_nothing(void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann;
	scope_id rg;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	f.b->principals.at[ann].flags |= PRINCIPAL_DISABLED;
	rg = fixture_scope(&f, GROUP);
	fixture_grant(&f, ann, "Owner", GROUP);
	fixture_deny(&f,
	    &(struct denial_text){
		.actions = "*", .path = GROUP, .everyone = true});
	fixture_freeze(&f);
	assert_string_equal(fixture_reason(&f, ann, read_site, rg),
	    "DeniedForDisabledPrincipal");
	fixture_end(&f);
}

/* The example at the end of section 3: Contributor on the resource group,
 * two storage roles on the account, two roles on the vault. */
static void
the_data_worker_of_the_access_page_gets_what_the_platform_gives(
    void **state ACTAS_UNUSED)
{
	static const struct {
		const char *action, *path;
		bool allowed;
		const char *by; /* role */
	} rows[] = {
	    {"get-secret", SECRET, true, "Key Vault Secrets User"},
	    {"list-secrets", VAULT, true, "Key Vault Secrets User"},
	    {"set-secret", SECRET, false, NULL},
	    {"Microsoft.KeyVault/vaults/secrets/write", SECRET, true,
		"Contributor"},
	    {"Microsoft.KeyVault/vaults/accessPolicies/write", VAULT, true,
		"Contributor"},
	    {"Microsoft.KeyVault/vaults/write", VAULT, true, "Contributor"},
	    {ASSIGN_ROLE, VAULT, false, NULL},
	    {ASSIGN_ROLE, GROUP, false, NULL},
	    {"Microsoft.Storage/storageAccounts/listKeys/action", ACCOUNT, true,
		NULL},
	    {"Microsoft.Web/sites/write", GROUP, true, "Contributor"},
	    {"Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
		GROUP, true, "Contributor"},
	    {"write-blob", CONTAINER, true, "Storage Blob Data Contributor"},
	    {"read-blob", CONTAINER, true, "Storage Blob Data Contributor"},
	    {"read-blob", GROUP, false, NULL},
	};
	struct fixture f;
	principal_id worker;
	scope_id scopes[sizeof rows / sizeof *rows];

	fixture_begin(&f);
	worker = fixture_app(&f, "sp-fabric-data-worker");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		scopes[i] = fixture_scope(&f, rows[i].path);
	fixture_vault(&f, MODEL_RBAC);
	fixture_grant(&f, worker, "Contributor", GROUP);
	fixture_grant(&f, worker, "Storage Account Contributor", ACCOUNT);
	fixture_grant(&f, worker, "Storage Blob Data Contributor", ACCOUNT);
	fixture_grant(&f, worker, "Key Vault Secrets User", VAULT);
	fixture_grant(&f, worker, "Reader", VAULT);
	fixture_freeze(&f);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct decision d =
		    fixture_decide(&f, worker, rows[i].action, scopes[i]);
		role_id role;

		if (d.allowed != rows[i].allowed)
			fail_msg(
			    "%s: %s", rows[i].action, reason_name(d.reason));
		if (rows[i].by == NULL)
			continue;
		role = estate_assignment(f.e, d.assignment).role;
		assert_true(slice_eq(estate_text(f.e, f.e->roles.at[role].name),
		    slice_of(rows[i].by)));
	}
	fixture_end(&f);
}

/* Blob data, the roles of section 3's table. */
static void
blob_roles_give_what_their_definitions_say(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *role;
		const char
		    *allowed; /* read write delete move add, as letters */
	} rows[] = {
	    {"Storage Blob Data Reader", "r"},
	    {"Storage Blob Data Contributor", "rwdma"},
	    {"Storage Blob Data Owner", "rwdma"},
	    {"Storage Account Contributor", ""},
	};
	static const struct {
		char letter;
		const char *action;
	} actions[] = {
	    {'r', BLOBS "read"},
	    {'w', BLOBS "write"},
	    {'d', BLOBS "delete"},
	    {'m', BLOBS "move/action"},
	    {'a', BLOBS "add/action"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;
		principal_id ann;
		scope_id box;

		fixture_begin(&f);
		ann = fixture_user(&f, "ann");
		box = fixture_scope(&f, CONTAINER);
		fixture_grant(&f, ann, rows[i].role, ACCOUNT);
		fixture_freeze(&f);
		for (size_t j = 0; j < 5; j++)
			assert_int_equal(
			    fixture_decide(&f, ann, actions[j].action, box)
				.allowed,
			    strchr(rows[i].allowed, actions[j].letter) != NULL);
		fixture_end(&f);
	}
}

/* Shapes that only large estates have. */

static void
a_scope_deeper_than_the_path_held_at_once_is_decided(void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann, bob, team;
	scope_id s = 0, middle = 0;
	struct buffer name = {0};

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	bob = fixture_user(&f, "bob");
	team = fixture_group(&f, "team");
	fixture_member(&f, team, bob);
	for (int i = 0; i < 300; i++) {
		buffer_clear(&name);
		buffer_addf(&name, "level%d", i);
		s = builder_scope(f.b, s, SCOPE_MANAGEMENT_GROUP,
		    (struct slice){0}, buffer_slice(&name), (struct origin){0});
		if (i == 150)
			middle = s;
	}
	buffer_release(&name);
	fixture_grant(&f, ann, "Reader", "/");
	fixture_assign(
	    &f, team, fixture_builtin(&f, PLANE_AZURE, "Owner"), middle);
	fixture_freeze(&f);
	assert_true(fixture_decide(&f, ann, read_site, s).allowed);
	assert_false(fixture_decide(&f, ann, write_site, s).allowed);
	assert_true(fixture_decide(&f, bob, write_site, s).allowed);
	assert_true(fixture_decide(&f, bob, write_site, middle).allowed);
	assert_false(
	    fixture_decide(&f, bob, write_site, f.e->scopes.at[middle].parent)
		.allowed);
	fixture_end(&f);
}

static void
a_long_run_of_assignments_is_searched(void **state ACTAS_UNUSED)
{
	enum { GROUPS_OF_RESOURCES = 200 };
	scope_id scopes[GROUPS_OF_RESOURCES];
	struct buffer path = {0};
	struct fixture f;
	principal_id ann;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	for (int i = 0; i < GROUPS_OF_RESOURCES; i++) {
		buffer_clear(&path);
		buffer_addf(&path, SUBSCRIPTION "/resourceGroups/rg%d", i);
		scopes[i] = fixture_scope(&f, buffer_text(&path));
		if (i % 3 == 0)
			fixture_grant(&f, ann, "Reader", buffer_text(&path));
		if (i % 3 == 1)
			fixture_grant(&f, ann, "Owner", buffer_text(&path));
	}
	buffer_release(&path);
	fixture_freeze(&f);
	for (int i = 0; i < GROUPS_OF_RESOURCES; i++) {
		assert_int_equal(
		    fixture_decide(&f, ann, read_site, scopes[i]).allowed,
		    i % 3 != 2);
		assert_int_equal(
		    fixture_decide(&f, ann, write_site, scopes[i]).allowed,
		    i % 3 == 1);
	}
	fixture_end(&f);
}

/* Several grants fail: the most telling reason is told. */
static void
of_several_failed_grants_the_most_telling_is_told(void **state ACTAS_UNUSED)
{
	static const struct {
		uint32_t flags;
		const char *condition;
	} grants[] = {
	    {ASSIGNMENT_ELIGIBLE, NULL},
	    {0,
		"@Request[Microsoft.KeyVault/vaults/secrets:name] "
		"StringEquals 'x'"},
	    {0,
		"@Resource[Microsoft.KeyVault/vaults/secrets:name] "
		"StringEquals 'x'"},
	    {ASSIGNMENT_DISPUTED, NULL},
	    {0, "@Unknown[x] StringEquals 'x'"},
	    {0, NULL},
	};
	static const char *const told[] = {
	    "DeniedWithEligibleRoleOnly",
	    "DeniedWithMissingAttributesInRA",
	    "DeniedWithABACEvaluationInRA",
	    "DeniedByDisputedClaim",
	    "DeniedByConditionNotUnderstood",
	    "GrantedByRBAC",
	};

	for (size_t n = 1; n <= sizeof grants / sizeof *grants; n++) {
		struct assignment a = {0};
		struct fixture f;
		principal_id ann;
		scope_id secret;

		fixture_begin(&f);
		ann = fixture_user(&f, "ann");
		secret = fixture_scope(&f, SECRET);
		fixture_vault(&f, MODEL_RBAC);
		for (size_t i = 0; i < n; i++) {
			principal_id team = fixture_group(&f, "team");

			fixture_member(&f, team, ann);
			a.principal = team;
			a.scope = fixture_scope(&f, VAULT);
			a.role = fixture_builtin(
			    &f, PLANE_AZURE, "Key Vault Secrets User");
			a.flags = grants[i].flags;
			a.condition =
			    builder_string(f.b, slice_of(grants[i].condition));
			builder_assign(f.b, &a);
		}
		fixture_freeze(&f);
		assert_string_equal(
		    fixture_reason(&f, ann, GET_SECRET, secret), told[n - 1]);
		fixture_end(&f);
	}
}

/* Preparing actions. */

static void
text_that_is_no_action_is_refused(void **state ACTAS_UNUSED)
{
	static const char *const wrong[] = {"", " ", "fly", "a//b", "/a/b",
	    "a/b/", "a b/c", "*", "Microsoft.Web/*", "items/write/all",
	    "Microsoft.Web/sites", "jump/over", "a/\xc3\xa4", "a/b\n"};
	struct fixture f;

	fixture_begin(&f);
	fixture_freeze(&f);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct action action;
		struct fault fault = {0};

		assert_int_equal(action_prepare(f.e, slice_of(wrong[i]),
				     ACTION_AS_KNOWN, &action, &fault),
		    ACTAS_EUSAGE);
		assert_non_null(strstr(fault.message, "is no action"));
	}
	fixture_end(&f);
}

static void
text_like_a_known_action_names_it(void **state ACTAS_UNUSED)
{
	static const char *const rows[][2] = {
	    {"items/write",
		"edit-item (Microsoft.Fabric/workspaces/"
		"items/write)"},
	    {"get-secert",
		"get-secret (Microsoft.KeyVault/vaults/secrets/"
		"getSecret/action)"},
	};
	struct fixture f;

	fixture_begin(&f);
	fixture_freeze(&f);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct action action;
		struct fault fault = {0};

		assert_int_equal(action_prepare(f.e, slice_of(rows[i][0]),
				     ACTION_AS_KNOWN, &action, &fault),
		    ACTAS_EUSAGE);
		assert_non_null(strstr(fault.message, rows[i][1]));
	}
	fixture_end(&f);
}

static void
an_action_is_asked_only_where_something_of_its_kind_can_lie(
    void **state ACTAS_UNUSED)
{
	static const struct {
		const char *action, *at, *message; /* NULL: may be asked */
	} rows[] = {
	    {"get-secret", "/", NULL},
	    {"get-secret", SUBSCRIPTION, NULL},
	    {"get-secret", GROUP, NULL},
	    {"get-secret", VAULT, NULL},
	    {"get-secret", SECRET, NULL},
	    {"get-secret", ACCOUNT,
		"st is a storage account, and " GET_SECRET
		" acts on a vault or a secret"},
	    {"get-secret", "Gold",
		"Gold is a workspace, and " GET_SECRET
		" acts on a vault or a secret"},
	    {"Microsoft.KeyVault/vaults/secrets/other/action", "Gold",
		"Gold is a workspace, and "
		"Microsoft.KeyVault/vaults/secrets/other/action acts on a "
		"vault or a secret"},
	    {"Microsoft.Other/things/read", VAULT, NULL},
	    {"read-blob", CONTAINER, NULL},
	    {"read-blob", VAULT,
		"kv is a vault, and Microsoft.Storage/storageAccounts/"
		"blobServices/containers/blobs/read acts on a storage account "
		"or a container or a blob"},
	    {"assign-role", VAULT, NULL},
	    {"purge-vault", GROUP,
		"rg is a resource group, and Microsoft.KeyVault/locations/"
		"deletedVaults/purge/action acts on a tenant or a management "
		"group or a subscription"},
	    {"edit-item", "Gold", NULL},
	    {"edit-item", "/", NULL},
	    {"edit-item", VAULT,
		"kv is a vault, and Microsoft.Fabric/workspaces/items/write "
		"acts on a capacity or a workspace or an item"},
	    {"update-app", "Gold",
		"Gold is a workspace, and microsoft.directory/applications/"
		"basic/update acts on an application"},
	};
	struct fixture f;

	fixture_begin(&f);
	fixture_vault(&f, MODEL_RBAC);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].at[0] == '/' && rows[i].at[1] != '\0')
			fixture_scope(&f, rows[i].at);
		else if (rows[i].at[0] != '/')
			fixture_workspace(&f, rows[i].at);
	}
	fixture_freeze(&f);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct action action;
		struct fault fault = {0};
		scope_id s = 0;

		if (rows[i].at[1] != '\0')
			assert_int_equal(estate_find_scope(f.e,
					     slice_of(rows[i].at), &s, &fault),
			    ACTAS_OK);
		assert_int_equal(action_prepare(f.e, slice_of(rows[i].action),
				     ACTION_AS_KNOWN, &action, &fault),
		    ACTAS_OK);
		assert_int_equal(action_check_scope(f.e, &action, s, &fault),
		    rows[i].message == NULL ? ACTAS_OK : ACTAS_EUSAGE);
		if (rows[i].message != NULL)
			assert_string_equal(fault.message, rows[i].message);
		action_release(&action);
	}
	fixture_end(&f);
}

static void
an_unknown_action_is_of_data_if_a_role_lists_it_so(void **state ACTAS_UNUSED)
{
	static const struct patterns_text role = {
	    .actions = "Contoso.Things/*",
	    .data = "Contoso.Things/parts/use/action",
	};
	static const struct {
		const char *name;
		enum action_class class;
		bool is_data;
	} rows[] = {
	    {"Contoso.Things/parts/use/action", ACTION_AS_KNOWN, true},
	    {"contoso.things/PARTS/use/action", ACTION_AS_KNOWN, true},
	    {"Contoso.Things/parts/use/action", ACTION_CONTROL, false},
	    {"Contoso.Things/parts/read", ACTION_AS_KNOWN, false},
	    {"Contoso.Things/parts/read", ACTION_DATA, true},
	    {"get-secret", ACTION_AS_KNOWN, true},
	    {"getSecret", ACTION_AS_KNOWN, true},
	    {"Microsoft.KeyVault/vaults/secrets/write", ACTION_AS_KNOWN, false},
	};
	struct fixture f;

	fixture_begin(&f);
	fixture_role(&f, "things", 1, &role);
	fixture_freeze(&f);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct action action;

		assert_int_equal(action_prepare(f.e, slice_of(rows[i].name),
				     rows[i].class, &action, &f.fault),
		    ACTAS_OK);
		assert_int_equal(action.is_data, rows[i].is_data);
		action_release(&action);
	}
	fixture_end(&f);
}

static void
preparing_without_memory_fails_and_leaks_nothing(void **state ACTAS_UNUSED)
{
	struct fixture f;
	struct action action;
	enum actas_error error = ACTAS_ENOMEM;

	fixture_begin(&f);
	fixture_deny(&f,
	    &(struct denial_text){
		.actions = "*", .path = GROUP, .everyone = true});
	fixture_freeze(&f);
	for (int64_t n = 0; error != ACTAS_OK; n++) {
		struct fault fault = {0};

		assert_in_range(n, 0, 2);
		mem_fail_after(n);
		error = action_prepare(
		    f.e, SLICE("read-vault"), ACTION_AS_KNOWN, &action, &fault);
		mem_fail_after(-1);
		assert_true(error == ACTAS_OK || error == ACTAS_ENOMEM);
	}
	action_release(&action);
	action_release(&action);
	fixture_end(&f);
}

/* Chains. */

static void
the_shortest_chain_of_groups_is_told(void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann, a, b, c, d;
	const principal_id *chain;
	uint32_t count;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	a = fixture_group(&f, "a");
	b = fixture_group(&f, "b");
	c = fixture_group(&f, "c");
	d = fixture_group(&f, "d");
	fixture_member(&f, d, c);
	fixture_member(&f, c, b);
	fixture_member(&f, b, a);
	fixture_member(&f, d, b);
	fixture_member(&f, a, ann);
	fixture_freeze(&f);
	chain = decision_chain(f.e, ann, d, &f.arena, &count);
	assert_int_equal(count, 4);
	assert_int_equal(chain[0], ann);
	assert_int_equal(chain[1], a);
	assert_int_equal(chain[2], b);
	assert_int_equal(chain[3], d);
	chain = decision_chain(f.e, ann, ann, &f.arena, &count);
	assert_int_equal(count, 1);
	assert_int_equal(chain[0], ann);
	fixture_end(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_that_is_no_action_is_refused),
	    cmocka_unit_test(text_like_a_known_action_names_it),
	    cmocka_unit_test(
		an_action_is_asked_only_where_something_of_its_kind_can_lie),
	    cmocka_unit_test(preparing_without_memory_fails_and_leaks_nothing),
	    cmocka_unit_test(
		an_unknown_action_is_of_data_if_a_role_lists_it_so),
	    cmocka_unit_test(a_deny_assignment_wins_over_any_grant),
	    cmocka_unit_test(an_excluded_principal_is_not_denied),
	    cmocka_unit_test(
		a_deny_assignment_not_for_child_scopes_spares_them),
	    cmocka_unit_test(a_deny_assignment_for_everyone_binds_everybody),
	    cmocka_unit_test(
		a_deny_assignment_of_data_actions_leaves_control_actions),
	    cmocka_unit_test(grants_at_the_scope_and_all_above_it_are_united),
	    cmocka_unit_test(
		grants_of_transitive_groups_are_united_and_cycles_survived),
	    cmocka_unit_test(a_grant_elsewhere_or_below_gives_nothing),
	    cmocka_unit_test(
		not_actions_take_away_inside_one_role_and_are_no_deny),
	    cmocka_unit_test(control_and_data_actions_are_apart),
	    cmocka_unit_test(a_data_pattern_gives_no_control_action),
	    cmocka_unit_test(
		actions_match_whatever_their_case_and_wildcards_span_segments),
	    cmocka_unit_test(permission_blocks_of_one_role_are_united),
	    cmocka_unit_test(a_condition_counts_for_its_assignment_only),
	    cmocka_unit_test(
		a_secret_name_condition_on_metadata_makes_listing_fail),
	    cmocka_unit_test(
		a_secret_that_is_being_set_is_named_by_the_request),
	    cmocka_unit_test(
		a_condition_that_is_not_understood_denies_by_its_own_reason),
	    cmocka_unit_test(a_role_definition_may_carry_the_condition),
	    cmocka_unit_test(
		a_permission_block_without_condition_is_not_bound_by_its_neighbour),
	    cmocka_unit_test(
		an_assignment_is_to_the_object_id_and_not_to_the_app_id),
	    cmocka_unit_test(
		an_assignment_of_a_role_that_nobody_defines_gives_nothing),
	    cmocka_unit_test(assignments_with_a_flag_allow_nothing_and_say_why),
	    cmocka_unit_test(a_disabled_principal_may_do_nothing),
	    cmocka_unit_test(
		the_data_worker_of_the_access_page_gets_what_the_platform_gives),
	    cmocka_unit_test(blob_roles_give_what_their_definitions_say),
	    cmocka_unit_test(
		a_scope_deeper_than_the_path_held_at_once_is_decided),
	    cmocka_unit_test(a_long_run_of_assignments_is_searched),
	    cmocka_unit_test(of_several_failed_grants_the_most_telling_is_told),
	    cmocka_unit_test(the_shortest_chain_of_groups_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
