#include "view_world.h"

#include "estate/names.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define SECRET      KV_PATH "/secrets/db-password"
#define OTHER       KV_PATH "/secrets/other"
#define OLD_SECRET  POLICY_PATH "/secrets/x"
#define LOADER_PATH "/applications/" LOADER_APP_ID
#define INNER_PATH  "/groups/" INNER

static struct snapshot
world(void)
{
	return view_snapshot(view_state(), 3);
}

static struct verdict
ask(const struct snapshot *s, const char *who, enum permission_id what,
    const char *path)
{
	struct verdict v =
	    view_decide(s, view_id(who), what, slice_of(path), NULL);

	assert_ptr_equal(v.estate, snapshot_view(s)->estate);
	assert_int_equal(v.decision.allowed, reason_allows(v.decision.reason));
	return v;
}

struct asked {
	const char *who;
	enum permission_id what;
	const char *path, *reason;
};

static void
expect(const struct snapshot *s, const struct asked *q)
{
	const char *found =
	    reason_name(ask(s, q->who, q->what, q->path).decision.reason);

	if (strcmp(found, q->reason) != 0)
		fail_msg("%s %s %s: %s, not %s", q->who,
		    permission_action(q->what), q->path, found, q->reason);
}

#define RBAC      "GrantedByRBAC"
#define DIRECTORY "GrantedByDirectoryRole"
#define NO_RBAC   "DeniedWithNoValidRBAC"
#define NO_ROLE   "DeniedWithNoDirectoryRole"

/* Of every permission: somebody who has it at that path. */
static const struct asked permitted[] = {
    {OFFICER, PERMIT_SECRET_GET, SECRET, RBAC},
    {OFFICER, PERMIT_SECRET_LIST, KV_PATH, RBAC},
    {OFFICER, PERMIT_SECRET_SET, OTHER, RBAC},
    {OFFICER, PERMIT_SECRET_UPDATE, SECRET, RBAC},
    {OFFICER, PERMIT_SECRET_DELETE, SECRET, RBAC},
    {OFFICER, PERMIT_SECRET_PURGE, SECRET, RBAC},
    {OFFICER, PERMIT_SECRET_RECOVER, SECRET, RBAC},
    {OFFICER, PERMIT_SECRET_BACKUP, SECRET, RBAC},
    {OFFICER, PERMIT_SECRET_RESTORE, KV_PATH, RBAC},
    {OFFICER, PERMIT_VAULT_READ, KV_PATH, RBAC},
    {MANAGED, PERMIT_VAULT_WRITE, KV_PATH, RBAC},
    {MANAGED, PERMIT_VAULT_DELETE, KV_PATH, RBAC},
    {MANAGED, PERMIT_VAULT_POLICIES_WRITE, KV_PATH, RBAC},
    {MANAGED, PERMIT_VAULT_DEPLOY, KV_PATH, RBAC},
    {ADMIN, PERMIT_DELETED_VAULT_READ, SUB_PATH, RBAC},
    {ADMIN, PERMIT_DELETED_VAULT_PURGE, SUB_PATH, RBAC},
    {MANAGED, PERMIT_ARM_SECRET_READ, SECRET, RBAC},
    {MANAGED, PERMIT_ARM_SECRET_WRITE, SECRET, RBAC},
    {MANAGED, PERMIT_ASSIGNMENT_READ, KV_PATH, RBAC},
    {ADMIN, PERMIT_ASSIGNMENT_WRITE, KV_PATH, RBAC},
    {ADMIN, PERMIT_ASSIGNMENT_DELETE, KV_PATH, RBAC},
    {MANAGED, PERMIT_DEFINITION_READ, RG_PATH, RBAC},
    {ADMIN, PERMIT_DEFINITION_WRITE, SUB_PATH, RBAC},
    {ADMIN, PERMIT_DEFINITION_DELETE, SUB_PATH, RBAC},
    {MANAGED, PERMIT_DENY_READ, RG_PATH, RBAC},
    {MANAGED, PERMIT_PERMISSIONS_READ, RG_PATH, RBAC},
    {ADMIN, PERMIT_SUBSCRIPTION_READ, SUB_PATH, RBAC},
    {MANAGED, PERMIT_GROUP_READ, RG_PATH, RBAC},
    {MANAGED, PERMIT_GROUP_WRITE, RG_PATH, RBAC},
    {MANAGED, PERMIT_GROUP_DELETE, RG_PATH, RBAC},
    {ADMIN, PERMIT_RESOURCES_READ, SUB_PATH, RBAC},
    {MANAGED, PERMIT_IDENTITY_READ, IDENTITY_PATH, RBAC},
    {MANAGED, PERMIT_IDENTITY_WRITE, IDENTITY_PATH, RBAC},
    {MANAGED, PERMIT_IDENTITY_DELETE, IDENTITY_PATH, RBAC},
    {MANAGED, PERMIT_IDENTITY_ASSIGN, IDENTITY_PATH, RBAC},
    {OUTSIDE, PERMIT_DIRECTORY_READ, ROOT_PATH, DIRECTORY},
    {ADMIN, PERMIT_APPLICATION_CREATE, ROOT_PATH, DIRECTORY},
    {ADA, PERMIT_APPLICATION_UPDATE, LOADER_PATH, DIRECTORY},
    {ADA, PERMIT_APPLICATION_DELETE, LOADER_PATH, DIRECTORY},
    {ADA, PERMIT_APPLICATION_CREDENTIALS, LOADER_PATH, DIRECTORY},
    {ADA, PERMIT_APPLICATION_OWNERS, LOADER_PATH, DIRECTORY},
    {APPMAN, PERMIT_PRINCIPAL_CREATE, LOADER_PATH, DIRECTORY},
    {ADA, PERMIT_PRINCIPAL_UPDATE, LOADER_PATH, DIRECTORY},
    {ADA, PERMIT_PRINCIPAL_DELETE, LOADER_PATH, DIRECTORY},
    {ADA, PERMIT_PRINCIPAL_CREDENTIALS, LOADER_PATH, DIRECTORY},
    {ADA, PERMIT_PRINCIPAL_OWNERS, LOADER_PATH, DIRECTORY},
    {APPMAN, PERMIT_APP_ROLE_ASSIGN, LOADER_PATH, DIRECTORY},
    {ADMIN, PERMIT_USER_CREATE, ROOT_PATH, DIRECTORY},
    {ADMIN, PERMIT_USER_UPDATE, ROOT_PATH, DIRECTORY},
    {ADMIN, PERMIT_USER_DELETE, ROOT_PATH, DIRECTORY},
    {ADMIN, PERMIT_DIRECTORY_GROUP_CREATE, ROOT_PATH, DIRECTORY},
    {ADA, PERMIT_DIRECTORY_GROUP_UPDATE, INNER_PATH, DIRECTORY},
    {ADA, PERMIT_DIRECTORY_GROUP_DELETE, INNER_PATH, DIRECTORY},
    {ADA, PERMIT_DIRECTORY_GROUP_MEMBERS, INNER_PATH, DIRECTORY},
    {ADA, PERMIT_DIRECTORY_GROUP_OWNERS, INNER_PATH, DIRECTORY},
    {ADA, PERMIT_PRIVILEGED_GROUP_UPDATE, INNER_PATH, DIRECTORY},
    {ADMIN, PERMIT_DIRECTORY_ROLE_ASSIGN, ROOT_PATH, DIRECTORY},
};

static bool
is_directory(enum permission_id what)
{
	return strncmp(permission_action(what), "microsoft.directory/", 20) ==
	    0;
}

static void
every_permission_is_denied_to_whom_it_is_not_given(void **state ACTAS_UNUSED)
{
	struct snapshot s = world();

	for (size_t i = 0; i < sizeof permitted / sizeof *permitted; i++) {
		struct asked q = permitted[i];

		if (q.what == PERMIT_DIRECTORY_READ)
			continue;
		q.reason = is_directory(q.what) ? NO_ROLE : NO_RBAC;
		q.who = OUTSIDE;
		expect(&s, &q);
		/* Neither plane's rights count in the other. */
		q.who = is_directory(q.what) ? MANAGED : ADA;
		expect(&s, &q);
	}
	view_snapshot_release(&s);
}

static void
every_permission_is_allowed_to_whom_it_is_given(void **state ACTAS_UNUSED)
{
	struct snapshot s = world();
	bool known[PERMITS] = {false};

	for (size_t i = 0; i < sizeof permitted / sizeof *permitted; i++) {
		expect(&s, &permitted[i]);
		known[permitted[i].what] = true;
	}
	for (unsigned what = 0; what < PERMITS; what++)
		if (!known[what])
			fail_msg("%s is not asked", permission_action(what));
	view_snapshot_release(&s);
}

static void
what_else_is_denied(void **state ACTAS_UNUSED)
{
	static const struct asked rows[] = {
	    /* through groups, and only what the role gives */
	    {LOADER, PERMIT_SECRET_GET, SECRET, RBAC},
	    {LOADER, PERMIT_SECRET_GET, OTHER, RBAC},
	    {LOADER, PERMIT_SECRET_SET, SECRET, NO_RBAC},
	    {LOADER, PERMIT_VAULT_READ, KV_PATH, NO_RBAC},
	    /* control rights give no data */
	    {ADMIN, PERMIT_SECRET_GET, SECRET, NO_RBAC},
	    {MANAGED, PERMIT_SECRET_GET, SECRET, NO_RBAC},
	    {MANAGED, PERMIT_ASSIGNMENT_WRITE, KV_PATH, NO_RBAC},
	    {MANAGED, PERMIT_VAULT_WRITE,
		SUB_PATH "/resourceGroups/other/providers/"
			 "Microsoft.KeyVault/vaults/new",
		NO_RBAC},
	    {MANAGED, PERMIT_VAULT_WRITE,
		RG_PATH "/providers/Microsoft.KeyVault/vaults/new", RBAC},
	    /* a deny assignment, one permission only */
	    {DENIED, PERMIT_SECRET_GET, SECRET, "DeniedByDenyAssignment"},
	    {DENIED, PERMIT_SECRET_GET, OTHER, "DeniedByDenyAssignment"},
	    {DENIED, PERMIT_SECRET_LIST, KV_PATH, RBAC},
	    /* a condition on the secret's name */
	    {PICKY, PERMIT_SECRET_GET, SECRET, "GrantedByABAC"},
	    {PICKY, PERMIT_SECRET_GET, KV_PATH "/secrets/db-password/",
		"GrantedByABAC"},
	    {PICKY, PERMIT_SECRET_GET, OTHER, "DeniedWithABACEvaluationInRA"},
	    {PICKY, PERMIT_SECRET_GET, KV_PATH "/secrets/DB-PASSWORD2",
		"DeniedWithABACEvaluationInRA"},
	    {PICKY, PERMIT_SECRET_GET, KV_PATH,
		"DeniedWithMissingAttributesInRA"},
	    {PICKY, PERMIT_SECRET_LIST, KV_PATH, "GrantedByABAC"},
	    /* one secret only */
	    {ONE, PERMIT_SECRET_GET, SECRET, RBAC},
	    {ONE, PERMIT_SECRET_GET, KV_PATH "/secrets/Db-PASSWORD", RBAC},
	    {ONE, PERMIT_SECRET_GET, OTHER, NO_RBAC},
	    {ONE, PERMIT_SECRET_LIST, KV_PATH, NO_RBAC},
	    /* a vault of access policies */
	    {LOADER, PERMIT_SECRET_GET, OLD_SECRET, "GrantedByAccessPolicy"},
	    {LOADER, PERMIT_SECRET_LIST, POLICY_PATH, "GrantedByAccessPolicy"},
	    {LOADER, PERMIT_SECRET_SET, OLD_SECRET, "DeniedWithNoAccessPolicy"},
	    {OUTSIDE, PERMIT_SECRET_LIST, POLICY_PATH,
		"DeniedByOtherVaultModel"},
	    {OUTSIDE, PERMIT_SECRET_GET, OLD_SECRET,
		"DeniedWithNoAccessPolicy"},
	    {NUMBER("ff"), PERMIT_SECRET_GET, OLD_SECRET,
		"DeniedWithNoAccessPolicy"},
	    {ADMIN, PERMIT_VAULT_WRITE, POLICY_PATH, RBAC},
	    /* owners, at what they own */
	    {ADA, PERMIT_APPLICATION_CREDENTIALS, ROOT_PATH, NO_ROLE},
	    {ADA, PERMIT_APPLICATION_CREDENTIALS, "/applications/" NUMBER("43"),
		NO_ROLE},
	    {ADA, PERMIT_DIRECTORY_GROUP_MEMBERS, "/groups/" OUTER, NO_ROLE},
	    {APPMAN, PERMIT_APPLICATION_CREDENTIALS, LOADER_PATH, DIRECTORY},
	    {APPMAN, PERMIT_APPLICATION_CREDENTIALS, ROOT_PATH, NO_ROLE},
	    {LOADER, PERMIT_APPLICATION_CREDENTIALS, LOADER_PATH, NO_ROLE},
	    {ADMIN, PERMIT_APPLICATION_CREDENTIALS,
		"/applications/" NUMBER("43"), DIRECTORY},
	    /* who does not act */
	    {BOB, PERMIT_VAULT_READ, KV_PATH, "DeniedForDisabledPrincipal"},
	    {BOB, PERMIT_DIRECTORY_READ, ROOT_PATH,
		"DeniedForDisabledPrincipal"},
	    {OUTER, PERMIT_SECRET_GET, SECRET, NO_RBAC},
	    {OUTER, PERMIT_DIRECTORY_READ, ROOT_PATH, NO_ROLE},
	    {NUMBER("ff"), PERMIT_SECRET_GET, SECRET, NO_RBAC},
	    {NUMBER("ff"), PERMIT_DIRECTORY_READ, ROOT_PATH, NO_ROLE},
	    {"00000000-0000-0000-0000-000000000000", PERMIT_DIRECTORY_READ,
		ROOT_PATH, NO_ROLE},
	    /* paths that lead nowhere are the tenant's */
	    {MANAGED, PERMIT_VAULT_READ, "", NO_RBAC},
	    {MANAGED, PERMIT_VAULT_READ, "../" KV_PATH, NO_RBAC},
	    {ADMIN, PERMIT_VAULT_READ, "nonsense", RBAC},
	};
	struct snapshot s = world();

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect(&s, &rows[i]);
	view_snapshot_release(&s);
}

static void
whom_the_directory_has_forgotten_may_nothing(void **state ACTAS_UNUSED)
{
	const struct state *state_ = view_state();
	struct asked q = {
	    OFFICER, PERMIT_SECRET_GET, SECRET, "DeniedWithNoValidRBAC"};
	struct snapshot s;

	view_put(&state_, "service-principal/" OFFICER, NULL);
	s = view_snapshot(state_, 4);
	expect(&s, &q);
	assert_int_equal(ask(&s, OFFICER, q.what, SECRET).principal, NONE);
	q.what = PERMIT_DIRECTORY_READ;
	q.reason = NO_ROLE;
	expect(&s, &q);
	view_snapshot_release(&s);
}

static void
deny_assignments_may_spare_what_lies_below(void **state ACTAS_UNUSED)
{
	const struct state *state_ = view_state();
	struct asked q = {
	    MANAGED, PERMIT_VAULT_WRITE, RG_PATH, "DeniedByDenyAssignment"};
	struct snapshot s;

	view_put(&state_, "deny/" NUMBER("69"),
	    "{\"id\":\"x/" NUMBER(
		"69") "\",\"properties\":{\"scope\":"
		      "\"" RG_PATH "\",\"denyAssignmentName\":\"no\","
		      "\"doNotApplyToChildScopes\":true,\"permissions\":[{"
		      "\"actions\":["
		      "\"*\"]}],\"principals\":[{\"id\":\"" MANAGED "\"}]}}");
	s = view_snapshot(state_, 4);
	expect(&s, &q);
	q.path = RG_PATH "/providers/Microsoft.Authorization/locks/x";
	expect(&s, &q);
	q.reason = RBAC;
	q.path = KV_PATH;
	expect(&s, &q);
	q.path = RG_PATH "/providers/Microsoft.KeyVault/vaults/new";
	expect(&s, &q);
	view_snapshot_release(&s);
}

static void
a_request_says_what_is_assigned(void **state ACTAS_UNUSED)
{
	const struct state *state_ = view_state();
	struct request request = {0};
	struct snapshot s;
	struct verdict v;

	view_put(&state_, "assignment/" NUMBER("6B"),
	    "{\"name\":\"" NUMBER(
		"6B") "\",\"properties\":{"
		      "\"roleDefinitionId\":\"x/"
		      "8b54135c-b56d-4d72-a534-26097cfdc8d8\","
		      "\"principalId\":\"" OUTSIDE "\",\"scope\":\"" KV_PATH
		      "\"}}");
	s = view_snapshot(state_, 4);
	request.role = view_id("4633458b-17de-408a-b874-0445c86b69e6");
	v = view_decide(&s, view_id(OUTSIDE), PERMIT_ASSIGNMENT_WRITE,
	    SLICE(KV_PATH), &request);
	assert_true(v.decision.allowed);
	request.role = view_id("8e3af657-a8ff-443c-a75c-2fe8c4bcb635");
	v = view_decide(&s, view_id(OUTSIDE), PERMIT_ASSIGNMENT_WRITE,
	    SLICE(KV_PATH), &request);
	assert_false(v.decision.allowed);
	view_snapshot_release(&s);
}

static void
a_verdict_says_where_and_what(void **state ACTAS_UNUSED)
{
	struct snapshot s = world();
	struct verdict v = ask(&s, LOADER, PERMIT_SECRET_GET, OTHER);
	struct buffer path = {0};

	assert_int_equal(v.estate->revision, 3);
	assert_int_equal(
	    v.principal, estate_by_object_id(v.estate, view_id(LOADER)));
	assert_false(v.scope_is_exact);
	estate_write_path(v.estate, v.scope, &path);
	assert_string_equal(buffer_text(&path), KV_PATH);
	buffer_release(&path);
	assert_true(slice_eq(
	    v.action->name, slice_of(permission_action(PERMIT_SECRET_GET))));
	assert_int_not_equal(v.decision.assignment, NONE);
	v = ask(&s, LOADER, PERMIT_SECRET_GET, KV_PATH "/");
	assert_true(v.scope_is_exact);
	view_snapshot_release(&s);
}

static void
without_memory_nothing_is_allowed(void **state ACTAS_UNUSED)
{
	struct snapshot s = world();
	struct verdict v;

	mem_fail_after(0);
	v = ask(&s, OFFICER, PERMIT_SECRET_GET, SECRET);
	mem_fail_after(-1);
	assert_false(v.decision.allowed);
	assert_non_null(v.action);
	v = ask(&s, OFFICER, PERMIT_SECRET_GET, SECRET);
	assert_true(v.decision.allowed);
	view_snapshot_release(&s);
}

/* --- at once --- */

enum { THREADS = 8 };

struct asking {
	const struct snapshot *snapshot;
	const struct action *found[PERMITS];
	unsigned wrong;
};

static void *
ask_everything(void *argument)
{
	struct asking *a = argument;

	for (size_t i = 0; i < sizeof permitted / sizeof *permitted; i++) {
		const struct asked *q = &permitted[i];
		struct verdict v = view_decide(a->snapshot, view_id(q->who),
		    q->what, slice_of(q->path), NULL);

		a->wrong += !v.decision.allowed;
		a->found[q->what] = v.action;
	}
	return NULL;
}

static void
many_may_ask_at_once(void **state ACTAS_UNUSED)
{
	struct snapshot s = world();
	struct asking asking[THREADS];
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++) {
		asking[i] = (struct asking){.snapshot = &s};
		assert_int_equal(pthread_create(&threads[i], NULL,
				     ask_everything, &asking[i]),
		    0);
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(asking[i].wrong, 0);
		for (unsigned what = 0; what < PERMITS; what++)
			assert_ptr_equal(
			    asking[i].found[what], asking[0].found[what]);
	}
	view_snapshot_release(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		every_permission_is_denied_to_whom_it_is_not_given),
	    cmocka_unit_test(every_permission_is_allowed_to_whom_it_is_given),
	    cmocka_unit_test(what_else_is_denied),
	    cmocka_unit_test(whom_the_directory_has_forgotten_may_nothing),
	    cmocka_unit_test(deny_assignments_may_spare_what_lies_below),
	    cmocka_unit_test(a_request_says_what_is_assigned),
	    cmocka_unit_test(a_verdict_says_where_and_what),
	    cmocka_unit_test(without_memory_nothing_is_allowed),
	    cmocka_unit_test(many_may_ask_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
