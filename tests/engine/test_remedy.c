#include "fixture.h"

#include <stdlib.h>

/* What would help, and that it does: each remedy is applied to a second
 * estate, which must then allow. */

struct row {
	const char *title;
	void (*add)(struct fixture *f, principal_id p); /* or NULL */
	const char *action;
	const char *at;    /* path, or the name of a workspace's item */
	const char *role;  /* expected first; NULL: none at all */
	const char *scope; /* path or workspace expected */
	const char *permission;
};

static void
rbac_vault(struct fixture *f, principal_id p ACTAS_UNUSED)
{
	fixture_vault(f, MODEL_RBAC);
}

static void
policy_vault(struct fixture *f, principal_id p ACTAS_UNUSED)
{
	fixture_vault(f, MODEL_POLICY);
}

static void
unsaid_vault(struct fixture *f, principal_id p)
{
	fixture_vault(f, MODEL_UNSAID);
	fixture_grant(f, p, "Key Vault Secrets User", GROUP);
}

static void
disputed_vault(struct fixture *f, principal_id p)
{
	fixture_vault(f, MODEL_DISPUTED);
	fixture_grant(f, p, "Key Vault Secrets User", VAULT);
}

static void
wrong_model(struct fixture *f, principal_id p)
{
	scope_id vault = fixture_vault(f, MODEL_RBAC);

	fixture_assign(f, p, fixture_policy(f, "get"), vault);
}

static void
false_condition(struct fixture *f, principal_id p)
{
	fixture_vault(f, MODEL_RBAC);
	fixture_grant_if(f, p, "Key Vault Secrets Officer", VAULT,
	    "@Resource[Microsoft.KeyVault/vaults:name] StringEquals 'x'");
}

static void
denied(struct fixture *f, principal_id p ACTAS_UNUSED)
{
	fixture_vault(f, MODEL_RBAC);
	fixture_deny(f,
	    &(struct denial_text){
		.data = "*", .path = GROUP, .everyone = true});
}

static void
disputed_claim(struct fixture *f, principal_id p)
{
	struct assignment a = {
	    .principal = p,
	    .scope = fixture_vault(f, MODEL_RBAC),
	    .role = fixture_builtin(f, PLANE_AZURE, "Key Vault Secrets User"),
	    .flags = ASSIGNMENT_DISPUTED,
	};

	builder_assign(f->b, &a);
}

static void
disabled(struct fixture *f, principal_id p)
{
	fixture_vault(f, MODEL_RBAC);
	f->b->principals.at[p].flags |= PRINCIPAL_DISABLED;
}

static void
allowed(struct fixture *f, principal_id p)
{
	fixture_vault(f, MODEL_RBAC);
	fixture_grant(f, p, "Key Vault Secrets User", VAULT);
}

static const struct row rows[] = {
    {"rbac", rbac_vault, "get-secret", SECRET, "Key Vault Secrets User", VAULT,
	NULL},
    {"rbac, list", rbac_vault, "list-secrets", VAULT, "Key Vault Reader", VAULT,
	NULL},
    {"rbac, set", rbac_vault, "set-secret", SECRET, "Key Vault Secrets Officer",
	VAULT, NULL},
    {"policy", policy_vault, "get-secret", SECRET, NULL, VAULT, "get"},
    {"policy, set", policy_vault, "set-secret", SECRET, NULL, VAULT, "set"},
    {"policy, no such", policy_vault, "read-key", VAULT, NULL, NULL, NULL},
    {"unsaid", unsaid_vault, "get-secret", SECRET, "Key Vault Secrets User",
	VAULT, NULL},
    {"disputed model", disputed_vault, "get-secret", SECRET, NULL, NULL, NULL},
    {"wrong model", wrong_model, "get-secret", SECRET, "Key Vault Secrets User",
	VAULT, NULL},
    {"condition", false_condition, "get-secret", SECRET,
	"Key Vault Secrets User", VAULT, NULL},
    {"denied", denied, "get-secret", SECRET, NULL, NULL, NULL},
    {"disputed", disputed_claim, "get-secret", SECRET, NULL, NULL, NULL},
    {"disabled", disabled, "get-secret", SECRET, NULL, NULL, NULL},
    {"allowed", allowed, "get-secret", SECRET, NULL, NULL, NULL},
    {"blob", NULL, "read-blob", CONTAINER, "Storage Blob Data Reader",
	CONTAINER, NULL},
    {"one blob", NULL, "write-blob", CONTAINER "/blobs/a",
	"Storage Blob Data Contributor", CONTAINER, NULL},
    {"keys", NULL, "list-storage-keys", ACCOUNT,
	"Storage Account Key Operator Service Role", ACCOUNT, NULL},
    {"see", NULL, "read-storage-account", ACCOUNT, "Reader", ACCOUNT, NULL},
    {"attach", NULL, "assign-identity", GROUP, "Managed Identity Operator",
	GROUP, NULL},
    {"run code", NULL, "run-on-vm", GROUP, "Virtual Machine Contributor", GROUP,
	NULL},
    {"deploy", NULL, "deploy-template", GROUP, "Contributor", GROUP, NULL},
    {"find a group", NULL,
	"Microsoft.Resources/subscriptions/resourceGroups/read", GROUP,
	"Reader", GROUP, NULL},
    {"see roles", NULL, "Microsoft.Authorization/roleAssignments/read", GROUP,
	"Reader", GROUP, NULL},
    {"assign", NULL, ASSIGN_ROLE, GROUP,
	"Role Based Access Control Administrator", GROUP, NULL},
    {"policies", rbac_vault, "write-access-policy", VAULT,
	"Key Vault Contributor", VAULT, NULL},
    {"run", NULL, "run-item", "Gold", "Contributor", "Gold", NULL},
    {"view", NULL, "read-item", "Gold", "Viewer", "Gold", NULL},
    {"share", NULL, "share-item", "Gold", "Member", "Gold", NULL},
    {"roles", NULL, "assign-workspace-role", "Gold", "Admin", "Gold", NULL},
};

static scope_id
place(struct fixture *f, const char *name)
{
	scope_id workspace;

	if (name[0] == '/')
		return fixture_scope(f, name);
	workspace = fixture_workspace(f, name);
	return fixture_item_scope(
	    f, fixture_item(f, workspace, "Load", ITEM_NOTEBOOK));
}

struct town {
	struct fixture f;
	principal_id p;
	scope_id at, expected;
	struct action action;
};

/* With 'extra', which may be NULL, granted. */
static void
town_begin(struct town *t, const struct row *row, const struct remedy *extra)
{
	struct fixture *f = &t->f;

	fixture_begin(f);
	t->p = fixture_app(f, "app");
	if (row->add != NULL)
		row->add(f, t->p);
	t->at = place(f, row->at);
	if (row->scope != NULL)
		t->expected = row->scope[0] == '/'
		    ? fixture_scope(f, row->scope)
		    : fixture_workspace(f, row->scope);
	if (extra != NULL)
		fixture_assign(f, t->p,
		    extra->permission != NULL
			? fixture_policy(f, extra->permission)
			: extra->role,
		    extra->scope);
	fixture_freeze(f);
	assert_int_equal(action_prepare(f->e, slice_of(row->action),
			     ACTION_AS_KNOWN, &t->action, &f->fault),
	    ACTAS_OK);
}

static void
town_end(struct town *t)
{
	action_release(&t->action);
	fixture_end(&t->f);
}

static const struct remedy *
ask(struct town *t, uint32_t most, uint32_t *count)
{
	struct decision d = decide(t->f.e, t->p, &t->action, t->at, NULL);
	const struct remedy *remedies;

	assert_int_equal(decision_remedies(t->f.e, &t->action, t->at, &d, most,
			     &t->f.arena, &remedies, count),
	    ACTAS_OK);
	return remedies;
}

static void
the_least_role_at_the_narrowest_scope_is_offered_first(
    void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		const struct remedy *r;
		struct town t;
		uint32_t count;

		town_begin(&t, row, NULL);
		r = ask(&t, 1, &count);
		if (count != (row->scope != NULL))
			fail_msg("%s: %u remedies", row->title, count);
		if (count == 0) {
			town_end(&t);
			continue;
		}
		assert_int_equal(r->scope, t.expected);
		if (row->permission != NULL) {
			assert_int_equal(r->role, NONE);
			assert_string_equal(r->permission, row->permission);
		} else {
			assert_null(r->permission);
			assert_string_equal(
			    estate_text(t.f.e, t.f.e->roles.at[r->role].name)
				.at,
			    row->role);
		}
		town_end(&t);
	}
}

static void
every_remedy_allows_once_it_is_applied(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct remedy *remedies;
		struct town t, mended;
		uint32_t count;

		town_begin(&t, &rows[i], NULL);
		remedies = ask(&t, UINT32_MAX, &count);
		for (uint32_t j = 0; j < count; j++) {
			struct decision d;

			town_begin(&mended, &rows[i], &remedies[j]);
			d = decide(mended.f.e, mended.p, &mended.action,
			    mended.at, NULL);
			if (!d.allowed)
				fail_msg("%s, remedy %u: %s", rows[i].title, j,
				    reason_name(d.reason));
			town_end(&mended);
		}
		town_end(&t);
	}
}

/* A role of one service that happens to give less is not what is meant. */
static void
roles_that_people_use_go_before_all_others(void **state ACTAS_UNUSED)
{
	static const struct patterns_text narrow = {.data = SET_SECRET};
	const struct remedy *remedies;
	struct decision d;
	struct fixture f;
	struct action action;
	principal_id app;
	role_id special;
	scope_id secret;
	uint32_t count;

	fixture_begin(&f);
	app = fixture_app(&f, "app");
	secret = fixture_scope(&f, SECRET);
	fixture_vault(&f, MODEL_RBAC);
	special = fixture_role(&f, "Special Writer", 1, &narrow);
	fixture_freeze(&f);
	assert_int_equal(action_prepare(f.e, SLICE(SET_SECRET), ACTION_AS_KNOWN,
			     &action, &f.fault),
	    ACTAS_OK);
	d = decide(f.e, app, &action, secret, NULL);
	assert_int_equal(decision_remedies(f.e, &action, secret, &d, 9,
			     &f.arena, &remedies, &count),
	    ACTAS_OK);
	assert_int_equal(count, 3);
	assert_string_equal(
	    estate_text(f.e, f.e->roles.at[remedies[0].role].name).at,
	    "Key Vault Secrets Officer");
	assert_int_equal(remedies[2].role, special);
	action_release(&action);
	fixture_end(&f);
}

static void
no_more_are_offered_than_asked_for(void **state ACTAS_UNUSED)
{
	struct town t;
	uint32_t count;

	town_begin(&t, &rows[0], NULL);
	assert_null(ask(&t, 0, &count));
	assert_int_equal(count, 0);
	assert_non_null(ask(&t, 2, &count));
	assert_int_equal(count, 2);
	town_end(&t);
}

static void
remedies_without_memory_fail(void **state ACTAS_UNUSED)
{
	enum actas_error error = ACTAS_ENOMEM;
	const struct remedy *remedies;
	struct decision d;
	struct town t;
	uint32_t count;

	town_begin(&t, &rows[0], NULL);
	d = decide(t.f.e, t.p, &t.action, t.at, NULL);
	for (int64_t n = 0; error != ACTAS_OK; n++) {
		struct arena arena = {0};

		assert_in_range(n, 0, 2);
		mem_fail_after(n);
		error = decision_remedies(
		    t.f.e, &t.action, t.at, &d, 5, &arena, &remedies, &count);
		mem_fail_after(-1);
		assert_true(error == ACTAS_OK || error == ACTAS_ENOMEM);
		arena_release(&arena);
	}
	town_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_more_are_offered_than_asked_for),
	    cmocka_unit_test(remedies_without_memory_fail),
	    cmocka_unit_test(
		the_least_role_at_the_narrowest_scope_is_offered_first),
	    cmocka_unit_test(roles_that_people_use_go_before_all_others),
	    cmocka_unit_test(every_remedy_allows_once_it_is_applied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
