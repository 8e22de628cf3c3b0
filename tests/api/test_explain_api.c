/*
 * GET /actas/explain/{request id}: who may ask, and what the answer says.
 */

#include "keyvault_world.h"

#include "api/explain.h"

#define GET_SECRET "Microsoft.KeyVault/vaults/secrets/getSecret/action"

/* Is denied; the request id lives in the fixture. */
static const char *
denied_at(struct fixture *f, const char *host, const char *principal)
{
	struct reply r = vault_ask_at(
	    f, host, "GET", "/secrets/db-password", principal, NULL);
	const char *id = arena_text(&f->arena, slice_of(r.x->request_id));

	assert_int_equal(r.status, 403);
	assert_string_equal(reply_header(&r, "x-ms-request-id"), id);
	reply_free(&r);
	return id;
}

static struct reply
explain_as(struct fixture *f, const char *id, const char *principal,
    const char *audience)
{
	return ask(f, "GET", LOCAL_HOST,
	    arena_printf(&f->arena, "/actas/explain/%s", id),
	    principal == NULL ? NULL : fixture_bearer(f, principal, audience),
	    NULL);
}

static void
a_denial_is_explained_to_the_denied(void **state)
{
	struct fixture *f = *state;
	const char *id = denied_at(f, VAULT_HOST, NOBODY);
	struct reply r = explain_as(f, id, NOBODY, VAULT);

	assert_reply(&r, 200, "request", id);
	assert_reply(&r, 200, "denied.at", "2026-11-21T18:17:39Z");
	assert_reply(&r, 200, "denied.reason", "DeniedWithNoValidRBAC");
	assert_reply(&r, 200, "denied.status", "403");
	assert_reply(&r, 200, "denied.code", "Forbidden");
	assert_reply(&r, 200, "denied.innerCode", "ForbiddenByRbac");
	assert_reply(&r, 200, "decision", "deny");
	assert_reply(&r, 200, "reason", "DeniedWithNoValidRBAC");
	assert_reply(&r, 200, "action", GET_SECRET);
	assert_reply(&r, 200, "scopeText", KV_PATH "/secrets/db-password");
	assert_reply(&r, 200, "principal.name", "spn-nobody");
	assert_reply(&r, 200, "principal.kind", "service principal");
	assert_reply(&r, 200, "principal.objectId", NOBODY);
	assert_reply(&r, 200, "principal.appId", NOBODY_APP);
	assert_reply(&r, 200, "missing.0.role", "Key Vault Secrets User");
	assert_reply(&r, 200, "missing.0.scope.path", KV_PATH);
	assert_reply(&r, 200, "missing.0.command",
	    "az role assignment create --assignee-object-id " NOBODY
	    " --role \"Key Vault Secrets User\" --scope \"" KV_PATH "\"");
	assert_non_null(strstr(reply_at(&r, "headline"), "spn-nobody"));
	assert_true(json_array_size(json_object_get(r.body, "reasons")) > 0);
	assert_true(json_array_size(json_object_get(r.body, "steps")) > 0);
	reply_free(&r);
}

/* As the text said, the fix is the fix. */
static void
the_fix_helps(void **state)
{
	struct fixture *f = *state;
	const char *id = denied_at(f, VAULT_HOST, NOBODY);
	struct reply r;

	vault_set(f, "db-password", "v");
	fixture_put(f,
	    GRANT(NUMBER("e0"), NOBODY, "4633458b-17de-408a-b874-0445c86b69e6",
		KV_PATH),
	    NULL);
	r = explain_as(f, id, NOBODY, VAULT);
	assert_reply(&r, 200, "denied.reason", "DeniedWithNoValidRBAC");
	assert_reply(&r, 200, "decision", "allow");
	assert_reply(&r, 200, "missing", "[]");
	reply_free(&r);
	r = vault_ask(f, "GET", "/secrets/db-password", NOBODY, NULL);
	assert_int_equal(r.status, 200);
	reply_free(&r);
}

static void
who_may_read_assignments_may_ask(void **state)
{
	struct fixture *f = *state;
	const char *id = denied_at(f, VAULT_HOST, NOBODY);
	static const char *const audiences[] = {VAULT, ARM, GRAPH};
	struct reply r;

	for (size_t i = 0; i < 3; i++) {
		r = explain_as(f, id, ADMIN, audiences[i]);
		assert_reply(&r, 200, "principal.name", "spn-nobody");
		reply_free(&r);
	}
	/* Reads secrets, but no assignments. */
	r = explain_as(f, id, READER, VAULT);
	assert_reply(&r, 404, "error.code", "NotFound");
	reply_free(&r);
}

/* Whether it is somebody else's or nobody's cannot be told apart. */
static void
unknown_and_forbidden_look_alike(void **state)
{
	struct fixture *f = *state;
	const char *id = denied_at(f, VAULT_HOST, NOBODY);
	static const char *const unknown[] = {
	    "00000000-0000-0000-0000-000000000000",
	    "11111111-2222-4333-8444-555555555555", "rubbish", "-", "%27"};
	struct reply forbidden = explain_as(f, id, READER, VAULT);

	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
		struct reply r = explain_as(f, unknown[i], READER, VAULT);

		assert_int_equal(r.status, 404);
		assert_true(slice_eq(r.text, forbidden.text));
		reply_free(&r);
	}
	reply_free(&forbidden);
	struct reply r = explain_as(f, id, NULL, VAULT);

	assert_int_equal(r.status, 401);
	reply_free(&r);
}

static void
policies_are_explained(void **state)
{
	struct fixture *f = *state;
	const char *id = denied_at(f, OLD_HOST, NOBODY);
	struct reply r = explain_as(f, id, NOBODY, VAULT);

	assert_reply(&r, 200, "denied.innerCode", "AccessDenied");
	assert_reply(&r, 200, "reason", "DeniedWithNoAccessPolicy");
	assert_reply(&r, 200, "missing.0.permission", "get");
	assert_reply(&r, 200, "missing.0.role", "null");
	assert_reply(&r, 200, "missing.0.scope.path", OLD_PATH);
	reply_free(&r);
}

/* No right was the matter, so no role is named. */
static void
the_network_is_explained(void **state)
{
	struct fixture *f = *state;
	struct reply r;
	const char *id;

	fixture_put(f, "vault/kv-data",
	    ROLE_VAULT(
		KV_PATH, "kv-data", ",'networkAcls':{'defaultAction':'Deny'}"),
	    NULL);
	id = denied_at(f, VAULT_HOST, ADMIN);
	r = explain_as(f, id, ADMIN, VAULT);
	assert_reply(&r, 200, "denied.innerCode", "ForbiddenByFirewall");
	assert_reply(&r, 200, "denied.reason", "null");
	assert_reply(&r, 200, "action", "null");
	assert_reply(&r, 200, "decision", "null");
	assert_reply(&r, 200, "reason", "null");
	assert_reply(&r, 200, "missing", "[]");
	assert_non_null(strstr(reply_at(&r, "headline"), "firewall"));
	/* There are none here. */
	assert_int_equal(
	    slice_find(r.text, SLICE("private endpoint")), SIZE_MAX);
	reply_free(&r);
}

static void
other_surfaces_remember_too(void **state)
{
	static const struct {
		const char *host, *method, *target, *audience, *body;
		const char *code, *action, *role;
	} rows[] = {
	    {ARM_HOST, "PUT",
		RG_PATH
		"/providers/Microsoft.Authorization/roleAssignments/" NUMBER(
		    "e1") "?api-version=2022-04-01",
		ARM,
		"{'properties':{'roleDefinitionId':'/providers/"
		"Microsoft.Authorization/roleDefinitions/" READER_ROLE
		"','principalId':'" NOBODY "'}}",
		"AuthorizationFailed",
		"Microsoft.Authorization/roleAssignments/write",
		"Role Based Access Control Administrator"},
	    {GRAPH_HOST, "POST", "/v1.0/applications", GRAPH,
		"{'displayName':'mine'}", "Authorization_RequestDenied",
		"microsoft.directory/applications/create",
		"Application Administrator"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r =
		    ask(f, rows[i].method, rows[i].host, rows[i].target,
			arena_printf(&f->arena,
			    "%s\nContent-Type: application/json",
			    fixture_bearer(f, NOBODY, rows[i].audience)),
			quoted(f, rows[i].body));
		const char *id =
		    arena_text(&f->arena, slice_of(r.x->request_id));

		assert_reply(&r, 403, "error.code", rows[i].code);
		reply_free(&r);
		r = explain_as(f, id, NOBODY, rows[i].audience);
		assert_reply(&r, 200, "denied.code", rows[i].code);
		assert_reply(&r, 200, "action", rows[i].action);
		assert_reply(&r, 200, "principal.name", "spn-nobody");
		assert_reply(&r, 200, "decision", "deny");
		assert_reply(&r, 200, "missing.0.role", rows[i].role);
		assert_non_null(strstr(reply_at(&r, "headline"), "spn-nobody"));
		assert_non_null(strstr(reply_at(&r, "steps.0"), rows[i].role));
		/* What only Microsoft's Graph and ARM need. */
		assert_int_equal(
		    slice_find(r.text, SLICE("consent")), SIZE_MAX);
		assert_int_equal(
		    slice_find(r.text, SLICE("sign in again")), SIZE_MAX);
		reply_free(&r);
	}
}

/* The live estate holds no secrets; whether one is there is not told. */
static void
whether_a_secret_is_there_is_not_told(void **state)
{
	struct fixture *f = *state;
	const char *id;
	struct reply before, after;

	id = denied_at(f, VAULT_HOST, NOBODY);
	before = explain_as(f, id, NOBODY, VAULT);
	vault_set(f, "db-password", "v");
	after = explain_as(f, id, NOBODY, VAULT);
	assert_int_equal(
	    slice_find(after.text, SLICE("does not know")), SIZE_MAX);
	for (size_t i = 0; i < 5; i++) {
		const char *at = arena_printf(&f->arena, "reasons.%zu", i);

		assert_string_equal(
		    reply_at(&before, at), reply_at(&after, at));
	}
	reply_free(&before);
	reply_free(&after);
}

/* The oldest goes, the newest stays. */
static void
only_the_last_are_remembered(void **state)
{
	struct fixture *f = *state;
	const char *first = denied_at(f, VAULT_HOST, NOBODY);
	struct reply r = vault_ask(f, "GET", "/secrets/x", NOBODY, NULL);
	struct caller caller = {0};
	const struct denial denial = {.permission = PERMITS,
	    .reason = REASONS,
	    .status = 403,
	    .code = "c",
	    .message = "m"};

	/* With the first and this one it is full. */
	for (unsigned i = 0; i < LIMIT_REMEMBERED_DENIALS - 2; i++)
		explain_remember(r.x, &caller, &denial);
	reply_free(&r);
	r = explain_as(f, first, NOBODY, VAULT);
	assert_int_equal(r.status, 200);
	reply_free(&r);
	(void)denied_at(f, VAULT_HOST, NOBODY);
	r = explain_as(f, first, NOBODY, VAULT);
	assert_int_equal(r.status, 404);
	reply_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    VAULT_TEST(a_denial_is_explained_to_the_denied),
	    VAULT_TEST(the_fix_helps),
	    VAULT_TEST(who_may_read_assignments_may_ask),
	    VAULT_TEST(unknown_and_forbidden_look_alike),
	    VAULT_TEST(policies_are_explained),
	    VAULT_TEST(the_network_is_explained),
	    VAULT_TEST(other_surfaces_remember_too),
	    VAULT_TEST(whether_a_secret_is_there_is_not_told),
	    VAULT_TEST(only_the_last_are_remembered),
	};

	if (secrets_start(NULL) != ACTAS_OK)
		return 1;
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
