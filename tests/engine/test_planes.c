#include "fixture.h"

/* Facts, sections 2.3 and 4: a vault's one model, Fabric's roles, and the
 * planes beside Azure RBAC. */

struct vault_row {
	enum vault_model model;
	const char *role;   /* Azure role on the vault, or NULL */
	const char *policy; /* permissions of an access policy, or NULL */
	bool claimed;       /* "Get Secrets", whatever grants it */
	const char *action;
	const char *reason;
};

static void
check_vault(const struct vault_row *row)
{
	struct fixture f;
	principal_id app;
	scope_id vault, secret;

	fixture_begin(&f);
	app = fixture_app(&f, "app");
	secret = fixture_scope(&f, SECRET);
	vault = fixture_vault(&f, row->model);
	if (row->role != NULL)
		fixture_grant(&f, app, row->role, VAULT);
	if (row->policy != NULL)
		fixture_assign(&f, app, fixture_policy(&f, row->policy), vault);
	if (row->claimed)
		fixture_assign(&f, app,
		    builtin_claimed(f.b, SLICE("Get Secrets"), SCOPE_VAULT,
			(struct origin){0}),
		    vault);
	fixture_freeze(&f);
	if (strcmp(fixture_reason(&f, app, row->action, secret), row->reason) !=
	    0)
		fail_msg("model %d, role %s, policy %s, %s: %s, not %s",
		    row->model, row->role, row->policy, row->action,
		    fixture_reason(&f, app, row->action, secret), row->reason);
	fixture_end(&f);
}

#define USER "Key Vault Secrets User"

static void
access_policies_are_ignored_under_rbac_and_data_roles_under_policies(
    void **state ACTAS_UNUSED)
{
	static const struct vault_row rows[] = {
	    {MODEL_RBAC, USER, NULL, false, GET_SECRET, "GrantedByRBAC"},
	    {MODEL_RBAC, NULL, "get list", false, GET_SECRET,
		"DeniedByOtherVaultModel"},
	    {MODEL_RBAC, NULL, NULL, false, GET_SECRET,
		"DeniedWithNoValidRBAC"},
	    {MODEL_RBAC, USER, "get", false, GET_SECRET, "GrantedByRBAC"},
	    {MODEL_POLICY, NULL, "get", false, GET_SECRET,
		"GrantedByAccessPolicy"},
	    {MODEL_POLICY, NULL, "all", false, SET_SECRET,
		"GrantedByAccessPolicy"},
	    {MODEL_POLICY, NULL, "get", false, SET_SECRET,
		"DeniedWithNoAccessPolicy"},
	    {MODEL_POLICY, USER, NULL, false, GET_SECRET,
		"DeniedByOtherVaultModel"},
	    {MODEL_POLICY, "Key Vault Administrator", "list", false, GET_SECRET,
		"DeniedByOtherVaultModel"},
	    {MODEL_POLICY, NULL, NULL, false, GET_SECRET,
		"DeniedWithNoAccessPolicy"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_vault(&rows[i]);
}

static void
control_actions_do_not_ask_for_the_vaults_model(void **state ACTAS_UNUSED)
{
	static const uint8_t models[] = {
	    MODEL_RBAC, MODEL_POLICY, MODEL_DISPUTED, MODEL_UNSAID};

	for (size_t i = 0; i < sizeof models; i++) {
		struct vault_row row = {models[i], "Contributor", NULL, false,
		    "Microsoft.KeyVault/vaults/accessPolicies/write",
		    "GrantedByRBAC"};

		check_vault(&row);
		row.action = "Microsoft.KeyVault/vaults/secrets/write";
		check_vault(&row);
	}
}

static void
a_model_in_dispute_allows_neither_kind_of_grant(void **state ACTAS_UNUSED)
{
	static const struct vault_row rows[] = {
	    {MODEL_DISPUTED, USER, NULL, false, GET_SECRET,
		"DeniedByDisputedVaultModel"},
	    {MODEL_DISPUTED, NULL, "get", false, GET_SECRET,
		"DeniedByDisputedVaultModel"},
	    {MODEL_DISPUTED, NULL, NULL, false, GET_SECRET,
		"DeniedWithNoValidRBAC"},
	    /* nobody states it, both kinds of grant are there */
	    {MODEL_UNSAID, USER, "get", false, GET_SECRET,
		"DeniedByDisputedVaultModel"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_vault(&rows[i]);
}

static void
a_right_that_a_page_claims_holds_under_any_model(void **state ACTAS_UNUSED)
{
	static const uint8_t models[] = {
	    MODEL_RBAC, MODEL_POLICY, MODEL_DISPUTED, MODEL_UNSAID};

	for (size_t i = 0; i < sizeof models; i++) {
		struct vault_row row = {
		    models[i], NULL, NULL, true, GET_SECRET, "GrantedByClaim"};

		check_vault(&row);
		row.policy = "list";
		check_vault(&row);
		row.policy = NULL;
		row.role = "Reader";
		check_vault(&row);
	}
}

static void
a_model_that_nobody_states_follows_from_grants_on_the_vault(
    void **state ACTAS_UNUSED)
{
	static const struct vault_row rows[] = {
	    {MODEL_UNSAID, USER, NULL, false, GET_SECRET, "GrantedByRBAC"},
	    {MODEL_UNSAID, NULL, "get", false, GET_SECRET,
		"GrantedByAccessPolicy"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_vault(&rows[i]);
}

static void
a_vault_that_only_a_grant_mentions_has_a_model(void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id app;
	scope_id secret;

	fixture_begin(&f);
	app = fixture_app(&f, "app");
	secret = fixture_scope(&f, SECRET);
	fixture_grant(&f, app, USER, VAULT);
	fixture_freeze(&f);
	assert_string_equal(
	    fixture_reason(&f, app, GET_SECRET, secret), "GrantedByRBAC");
	fixture_end(&f);
}

static void
a_model_that_nothing_tells_lets_an_inherited_data_role_give_nothing(
    void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id app;
	scope_id secret, rg;

	fixture_begin(&f);
	app = fixture_app(&f, "app");
	secret = fixture_scope(&f, SECRET);
	rg = fixture_scope(&f, GROUP);
	fixture_vault(&f, MODEL_UNSAID);
	fixture_grant(&f, app, USER, GROUP);
	fixture_freeze(&f);
	assert_string_equal(fixture_reason(&f, app, GET_SECRET, secret),
	    "DeniedByUnknownVaultModel");
	assert_string_equal(
	    fixture_reason(&f, app, GET_SECRET, rg), "GrantedByRBAC");
	fixture_end(&f);
}

static void
deny_assignments_do_not_bind_a_vault_of_access_policies(
    void **state ACTAS_UNUSED)
{
	static const uint8_t models[] = {MODEL_RBAC, MODEL_POLICY};
	static const char *const reasons[] = {
	    "DeniedByDenyAssignment", "GrantedByAccessPolicy"};

	for (size_t i = 0; i < 2; i++) {
		struct fixture f;
		principal_id app;
		scope_id secret, vault;

		fixture_begin(&f);
		app = fixture_app(&f, "app");
		secret = fixture_scope(&f, SECRET);
		vault = fixture_vault(&f, models[i]);
		fixture_assign(&f, app, fixture_policy(&f, "get"), vault);
		fixture_grant(&f, app, USER, VAULT);
		fixture_deny(&f,
		    &(struct denial_text){
			.data = "*",
			.path = GROUP,
			.everyone = true,
		    });
		fixture_freeze(&f);
		assert_string_equal(
		    fixture_reason(&f, app, GET_SECRET, secret), reasons[i]);
		fixture_end(&f);
	}
}

static void
a_policy_for_a_user_through_an_application_demands_on_behalf_of(
    void **state ACTAS_UNUSED)
{
	struct fixture f;
	struct assignment a = {.flags = ASSIGNMENT_COMPOUND};
	scope_id secret;

	fixture_begin(&f);
	a.principal = fixture_app(&f, "app");
	secret = fixture_scope(&f, SECRET);
	a.scope = fixture_vault(&f, MODEL_POLICY);
	a.role = fixture_policy(&f, "get");
	builder_assign(f.b, &a);
	fixture_freeze(&f);
	assert_string_equal(fixture_reason(&f, a.principal, GET_SECRET, secret),
	    "DeniedByCompoundIdentity");
	fixture_end(&f);
}

/* Fabric. */

static const char *const workspace_roles[] = {
    "Admin", "Member", "Contributor", "Viewer"};

static void
workspace_roles_give_what_the_matrix_says(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *action;
		const char *roles; /* of Admin, Member, Contributor, Viewer */
	} rows[] = {
	    {"write-workspace", "A"},
	    {"delete-workspace", "A"},
	    {"assign-workspace-role", "A"},
	    {"provision-workspace-identity", "A"},
	    {"add-workspace-member", "AM"},
	    {"share-item", "AM"},
	    {"edit-item", "AMC"},
	    {"run-item", "AMC"},
	    {"read-all-data", "AMC"},
	    {"write-all-data", "AMC"},
	    {"use-workspace-identity", "AMC"},
	    {"read-item", "AMCV"},
	    {"read-data", "AMCV"},
	    {"read-workspace", "AMCV"},
	};
	struct fixture f;
	principal_id people[4];
	scope_id gold, item;

	fixture_begin(&f);
	gold = fixture_workspace(&f, "Gold");
	item = fixture_item_scope(
	    &f, fixture_item(&f, gold, "Load", ITEM_NOTEBOOK));
	for (size_t i = 0; i < 4; i++) {
		people[i] = fixture_user(&f, workspace_roles[i]);
		fixture_assign(&f, people[i],
		    fixture_builtin(&f, PLANE_FABRIC, workspace_roles[i]),
		    gold);
	}
	fixture_freeze(&f);
	for (size_t i = 0; i < 4 * sizeof rows / sizeof *rows; i++) {
		const char *role = workspace_roles[i % 4];
		bool may = strchr(rows[i / 4].roles, role[0]) != NULL;
		struct decision d =
		    fixture_decide(&f, people[i % 4], rows[i / 4].action, item);

		if (d.allowed != may)
			fail_msg("%s as %s", rows[i / 4].action, role);
		assert_string_equal(reason_name(d.reason),
		    may ? "GrantedByWorkspaceRole"
			: "DeniedWithNoWorkspaceRole");
	}
	fixture_end(&f);
}

static void
the_highest_of_all_workspace_roles_counts(void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann, readers, inner, admins;
	scope_id gold, bronze;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	readers = fixture_group(&f, "readers");
	inner = fixture_group(&f, "inner");
	admins = fixture_group(&f, "admins");
	fixture_member(&f, readers, ann);
	fixture_member(&f, inner, ann);
	fixture_member(&f, admins, inner);
	gold = fixture_workspace(&f, "Gold");
	bronze = fixture_workspace(&f, "Bronze");
	fixture_assign(
	    &f, ann, fixture_builtin(&f, PLANE_FABRIC, "Viewer"), gold);
	fixture_assign(
	    &f, readers, fixture_builtin(&f, PLANE_FABRIC, "Viewer"), bronze);
	fixture_assign(
	    &f, admins, fixture_builtin(&f, PLANE_FABRIC, "Admin"), gold);
	fixture_freeze(&f);
	assert_true(fixture_decide(&f, ann, "delete-workspace", gold).allowed);
	assert_false(
	    fixture_decide(&f, ann, "delete-workspace", bronze).allowed);
	assert_true(fixture_decide(&f, ann, "read-workspace", bronze).allowed);
	fixture_end(&f);
}

static void
permissions_of_an_item_are_added_to_the_workspace_role(
    void **state ACTAS_UNUSED)
{
	struct fixture f;
	principal_id ann;
	scope_id gold, load, other;

	fixture_begin(&f);
	ann = fixture_user(&f, "ann");
	gold = fixture_workspace(&f, "Gold");
	load = fixture_item_scope(
	    &f, fixture_item(&f, gold, "Load", ITEM_NOTEBOOK));
	other = fixture_item_scope(
	    &f, fixture_item(&f, gold, "Other", ITEM_NOTEBOOK));
	fixture_assign(
	    &f, ann, fixture_builtin(&f, PLANE_FABRIC, "Viewer"), gold);
	fixture_assign(
	    &f, ann, fixture_builtin(&f, PLANE_FABRIC, "Execute"), load);
	fixture_freeze(&f);
	assert_true(fixture_decide(&f, ann, "read-item", load).allowed);
	assert_true(fixture_decide(&f, ann, "run-item", load).allowed);
	assert_false(fixture_decide(&f, ann, "run-item", other).allowed);
	assert_false(fixture_decide(&f, ann, "edit-item", load).allowed);
	fixture_end(&f);
}

static void
no_role_of_one_plane_counts_in_another(void **state ACTAS_UNUSED)
{
	static const struct {
		enum plane plane;
		const char *role;
		const char *reasons[4]; /* Azure, Fabric, DevOps, directory */
	} rows[] = {
	    {PLANE_AZURE, "Owner",
		{"GrantedByRBAC", "DeniedWithNoWorkspaceRole",
		    "DeniedWithNoDevOpsRole", "DeniedWithNoDirectoryRole"}},
	    {PLANE_FABRIC, "Admin",
		{"DeniedWithNoValidRBAC", "GrantedByWorkspaceRole",
		    "DeniedWithNoDevOpsRole", "DeniedWithNoDirectoryRole"}},
	    {PLANE_DEVOPS, "Project Administrators",
		{"DeniedWithNoValidRBAC", "DeniedWithNoWorkspaceRole",
		    "GrantedByDevOpsRole", "DeniedWithNoDirectoryRole"}},
	    {PLANE_DIRECTORY, "Global Administrator",
		{"DeniedWithNoValidRBAC", "DeniedWithNoWorkspaceRole",
		    "DeniedWithNoDevOpsRole", "GrantedByDirectoryRole"}},
	};
	static const char *const actions[] = {"Microsoft.Web/sites/read",
	    "read-workspace", "use-connection", "add-app-credential"};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture f;
		principal_id ann;

		fixture_begin(&f);
		ann = fixture_user(&f, "ann");
		fixture_assign(&f, ann,
		    fixture_builtin(&f, rows[i].plane, rows[i].role), 0);
		fixture_freeze(&f);
		for (size_t j = 0; j < 4; j++)
			assert_string_equal(
			    fixture_reason(&f, ann, actions[j], 0),
			    rows[i].reasons[j]);
		fixture_end(&f);
	}
}

/* A reference that shares nothing with the engine but the tables: every
 * assignment looked at in turn, every pattern spelled out. */

static bool
naive_match(const char *pattern, const char *action)
{
	if (*pattern == '*')
		return naive_match(pattern + 1, action) ||
		    (*action != '\0' && naive_match(pattern, action + 1));
	if (*pattern == '\0' || *action == '\0')
		return *pattern == *action;
	return ascii_lower(*pattern) == ascii_lower(*action) &&
	    naive_match(pattern + 1, action + 1);
}

static bool
naive_list(const struct estate *e, struct patterns run, const char *action)
{
	for (uint32_t i = 0; i < run.count; i++) {
		if (naive_match(estate_text(e, e->patterns.at[run.from + i]).at,
			action))
			return true;
	}
	return false;
}

static bool
naive_role(const struct estate *e, role_id id, const char *action)
{
	const struct role *role = &e->roles.at[id];

	for (uint32_t i = 0; i < role->permission_count; i++) {
		const struct permission *p =
		    &e->permissions.at[role->permissions + i];

		if (naive_list(e, p->actions, action) &&
		    !naive_list(e, p->not_actions, action))
			return role->plane == PLANE_AZURE;
	}
	return false;
}

static bool
naive_is_in(
    const struct estate *e, principal_id p, principal_id group, unsigned depth)
{
	if (p == group)
		return true;
	if (depth == 0)
		return false;
	for (uint32_t i = 0; i < e->memberships.count; i++) {
		if (e->memberships.at[i].member == p &&
		    naive_is_in(
			e, e->memberships.at[i].group, group, depth - 1))
			return true;
	}
	return false;
}

static bool
naive_decide(
    const struct estate *e, principal_id p, const char *action, scope_id s)
{
	for (assignment_id i = 0; i < e->grants.count; i++) {
		struct assignment a = estate_assignment(e, i);
		scope_id at = s;

		while (at != NONE && at != a.scope)
			at = e->scopes.at[at].parent;
		if (at != NONE && a.flags == 0 &&
		    naive_is_in(e, p, a.principal, 6) &&
		    naive_role(e, a.role, action))
			return true;
	}
	return false;
}

static uint32_t
draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)*seed * below) >> 32);
}

enum { PEOPLE = 8, TEAMS = 5, PLACES = 9 };

static void
random_estate(
    struct fixture *f, uint32_t seed, principal_id *people, scope_id *places)
{
	static const char *const roles[] = {"Owner", "Reader", "Contributor",
	    "User Access Administrator", "Website Contributor"};
	principal_id holders[PEOPLE + TEAMS];

	fixture_begin(f);
	for (uint32_t i = 0; i < PEOPLE + TEAMS; i++)
		holders[i] =
		    i < PEOPLE ? fixture_user(f, "p") : fixture_group(f, "t");
	memcpy(people, holders, PEOPLE * sizeof *people);
	for (uint32_t i = 0; i < 14; i++)
		fixture_member(f, holders[PEOPLE + draw(&seed, TEAMS)],
		    holders[draw(&seed, PEOPLE + TEAMS)]);
	places[0] = 0;
	for (uint32_t i = 1; i < PLACES; i++) {
		char name[] = {(char)('a' + i), '\0'};

		places[i] = builder_scope(f->b, places[draw(&seed, i)],
		    SCOPE_MANAGEMENT_GROUP, (struct slice){0}, slice_of(name),
		    (struct origin){0});
	}
	for (uint32_t i = 0; i < 12; i++) {
		struct assignment a = {
		    .principal = holders[draw(&seed, PEOPLE + TEAMS)],
		    .scope = places[draw(&seed, PLACES)],
		    .role =
			fixture_builtin(f, PLANE_AZURE, roles[draw(&seed, 5)]),
		    .flags = draw(&seed, 4) == 0 ? ASSIGNMENT_ELIGIBLE : 0,
		};

		builder_assign(f->b, &a);
	}
	fixture_freeze(f);
}

static void
every_decision_is_that_of_a_plain_reading_also_in_batches(
    void **state ACTAS_UNUSED)
{
	static const char *const names[] = {"Microsoft.Web/sites/read",
	    "Microsoft.Web/sites/write", ASSIGN_ROLE};

	for (uint32_t seed = 1; seed <= 60; seed++) {
		struct question questions[PEOPLE * PLACES];
		struct decision answers[PEOPLE * PLACES];
		principal_id people[PEOPLE];
		scope_id places[PLACES];
		struct action action;
		struct fixture f;

		random_estate(&f, seed, people, places);
		assert_int_equal(action_prepare(f.e, slice_of(names[seed % 3]),
				     ACTION_AS_KNOWN, &action, &f.fault),
		    ACTAS_OK);
		for (uint32_t i = 0; i < PEOPLE * PLACES; i++)
			questions[i] = (struct question){people[i % PEOPLE],
			    places[i / PEOPLE], &action, NULL};
		decide_batch(f.e, questions, PEOPLE * PLACES, answers);
		for (uint32_t i = 0; i < PEOPLE * PLACES; i++) {
			struct decision d = decide(f.e, questions[i].principal,
			    &action, questions[i].scope, NULL);

			assert_int_equal(d.allowed,
			    naive_decide(f.e, questions[i].principal,
				names[seed % 3], questions[i].scope));
			assert_int_equal(d.reason, answers[i].reason);
			assert_int_equal(d.assignment, answers[i].assignment);
		}
		action_release(&action);
		fixture_end(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		access_policies_are_ignored_under_rbac_and_data_roles_under_policies),
	    cmocka_unit_test(control_actions_do_not_ask_for_the_vaults_model),
	    cmocka_unit_test(a_model_in_dispute_allows_neither_kind_of_grant),
	    cmocka_unit_test(a_right_that_a_page_claims_holds_under_any_model),
	    cmocka_unit_test(
		a_model_that_nobody_states_follows_from_grants_on_the_vault),
	    cmocka_unit_test(a_vault_that_only_a_grant_mentions_has_a_model),
	    cmocka_unit_test(
		a_model_that_nothing_tells_lets_an_inherited_data_role_give_nothing),
	    cmocka_unit_test(
		deny_assignments_do_not_bind_a_vault_of_access_policies),
	    cmocka_unit_test(
		a_policy_for_a_user_through_an_application_demands_on_behalf_of),
	    cmocka_unit_test(workspace_roles_give_what_the_matrix_says),
	    cmocka_unit_test(the_highest_of_all_workspace_roles_counts),
	    cmocka_unit_test(
		permissions_of_an_item_are_added_to_the_workspace_role),
	    cmocka_unit_test(no_role_of_one_plane_counts_in_another),
	    cmocka_unit_test(
		every_decision_is_that_of_a_plain_reading_also_in_batches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
