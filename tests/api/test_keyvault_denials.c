/*
 * Who does not get in, and in which words: challenge, token, network, right.
 * What comes first hides what would come later.
 */

#include "keyvault_world.h"

#define CALLER(app, oid) \
	"appid=" app ";oid=" oid ";iss=https://sts.windows.net/" TENANT "/"
#define LOWER_PATH                                                     \
	"/subscriptions/" SUBSCRIPTION                                 \
	"/resourcegroups/rg-data/providers/microsoft.keyvault/vaults/" \
	"kv-data"

/* --- the challenge --- */

static void
the_first_request_is_challenged(void **state)
{
	static const struct {
		const char *method, *target, *body;
	} rows[] = {
	    {"GET", "/secrets/db-password/?api%2Dversion=2025-07-01", NULL},
	    {"PUT", "/secrets/db-password?api%2Dversion=2025-07-01", NULL},
	    {"PUT", "/secrets/?api-version=7.3", NULL},
	    {"POST", "/secrets/restore?api-version=7.3", NULL},
	    /* Before anything that is wrong with it. */
	    {"GET", "/secrets/x", NULL},
	    {"GET", "/secrets/x?api-version=0", NULL},
	    {"GET", "/secrets/under_score?" SEVEN, NULL},
	    {"DELETE", "/secrets?" SEVEN, NULL},
	    {"PUT", "/secrets/x?" SEVEN, "{"},
	    {"GET", "/keys/x?" SEVEN, NULL},
	    {"GET", "/", NULL},
	};
	struct fixture *f = *state;
	unsigned before = audit_count(f, "Authentication", "denied");

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r =
		    ask(f, rows[i].method, VAULT_HOST, rows[i].target,
			"x-ms-client-request-id: 549b5309-f094-43cf-9ba5-"
			"e1b363d97519",
			rows[i].body);

		assert_int_equal(r.status, 401);
		assert_string_equal(buffer_text(&r.x->answer),
		    "{\"error\":{\"code\":\"Unauthorized\",\"message\":"
		    "\"AKV10000: Request is missing a Bearer or PoP "
		    "token.\"}}");
		assert_string_equal(reply_header(&r, "WWW-Authenticate"),
		    "Bearer "
		    "authorization=\"https://login.microsoftonline.com/" TENANT
		    "\", resource=\"https://vault.azure.net\"");
		assert_string_equal(
		    reply_header(&r, "Cache-Control"), "no-cache");
		assert_string_equal(
		    reply_header(&r, "x-ms-keyvault-region"), "westeurope");
		assert_string_equal(
		    reply_header(&r, "x-ms-keyvault-network-info"),
		    "conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;");
		assert_string_equal(reply_header(&r, "x-ms-client-request-id"),
		    "549b5309-f094-43cf-9ba5-e1b363d97519");
		assert_non_null(
		    reply_header(&r, "x-ms-keyvault-service-version"));
		reply_free(&r);
	}
	/* That is how clients begin, and nothing that anybody denied. */
	assert_int_equal(audit_count(f, "Authentication", "denied"), before);
}

/* What JavaScript and Python compare with the host of the vault. */
static void
the_challenge_fits_the_host(void **state)
{
	static const struct {
		const char *host, *target, *authority, *resource;
	} rows[] = {
	    {"kv-data.vault.azure.net:443", "/secrets/x",
		"https://login.microsoftonline.com", "https://vault.azure.net"},
	    {"kv-data.vault.localhost:8443", "/secrets/x",
		"https://localhost:8443", "https://vault.localhost:8443"},
	    {"kv-data.vault.localhost", "/secrets/x", "https://localhost",
		"https://vault.localhost"},
	    {"localhost:8443", "/vaults/kv-data/secrets/x",
		"https://localhost:8443", "https://vault.azure.net"},
	    {"127.0.0.1:8443", "/vaults/kv-data/secrets/x",
		"https://127.0.0.1:8443", "https://vault.azure.net"},
	    {"kv-data.vault.platform.example:8443", "/secrets/x",
		"https://platform.example:8443",
		"https://vault.platform.example:8443"},
	};
	struct fixture *f = *state;

	assert_int_equal(
	    api_add_host(f->api, SLICE("platform.example"), NULL), ACTAS_OK);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r =
		    ask(f, "GET", rows[i].host, rows[i].target, NULL, NULL);

		assert_int_equal(r.status, 401);
		assert_string_equal(reply_header(&r, "WWW-Authenticate"),
		    arena_printf(&f->arena,
			"Bearer authorization=\"%s/" TENANT
			"\", resource=\"%s\"",
			rows[i].authority, rows[i].resource));
		reply_free(&r);
	}
}

static void
a_vault_that_is_not_there_has_no_challenge(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *host, *target;
	} rows[] = {
	    {"kv-none.vault.azure.net", "/secrets/x?" SEVEN},
	    {"kv-none.vault.localhost:8443", "/secrets/x?" SEVEN},
	    {LOCAL_HOST, "/vaults/kv-none/secrets/x?" SEVEN},
	    {LOCAL_HOST, "/vaults/kv%2Fdata/secrets/x?" SEVEN},
	    /* There are two. */
	    {LOCAL_HOST, "/secrets/x?" SEVEN},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r =
		    ask(f, "GET", rows[i].host, rows[i].target, NULL, NULL);

		assert_reply(&r, 404, "error.code", "VaultNotFound");
		assert_null(reply_header(&r, "WWW-Authenticate"));
		reply_free(&r);
	}
}

/* --- tokens --- */

static void
tokens_are_refused_in_the_services_words(void **state)
{
	struct fixture *f = *state;
	const char *of_arm = fixture_token(f, ADMIN, ARM);
	const char *sound = fixture_token(f, ADMIN, VAULT);
	char *forged = arena_text(&f->arena, slice_of(sound));
	const struct {
		const char *token, *message, *reason;
	} rows[] = {
	    {of_arm,
		"AKV10022: Invalid audience. Expected https://vault.azure.net, "
		"found: https://management.azure.com.",
		"AKV10022"},
	    {"rubbish",
		"[BearerReadAccessTokenFailed] Error validating token: "
		"'S2S12005'.",
		"TokenMalformed"},
	    {"eyJhbGciOiJub25lIn0.eyJhdWQiOiJodHRwczovL3ZhdWx0LmF6dXJlLm5ldCJ9"
	     ".",
		"[BearerReadAccessTokenFailed] Error validating token: "
		"'S2S12005'.",
		"TokenMalformed"},
	    {forged,
		"[BearerReadAccessTokenFailed] Error validating token: "
		"'S2S12005'.",
		"TokenMalformed"},
	};

	unsigned before = audit_count(f, "Authentication", "denied");

	forged[strlen(forged) - 5] ^= 1;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = ask(f, "GET", VAULT_HOST, "/secrets/x?" SEVEN,
		    arena_printf(
			&f->arena, "Authorization: Bearer %s", rows[i].token),
		    NULL);

		assert_reply(&r, 401, "error.code", "Unauthorized");
		assert_reply(&r, 401, "error.message", rows[i].message);
		assert_non_null(reply_header(&r, "WWW-Authenticate"));
		reply_free(&r);
		assert_int_equal(
		    audit_count(f, "Authentication", "denied"), before + i + 1);
	}
}

static void
an_expired_token_is_told_so(void **state)
{
	struct fixture *f = *state;
	const char *bearer = fixture_bearer(f, ADMIN, VAULT);
	struct reply r;

	atomic_store(&f->now, FIXTURE_NOW + 2 * MOMENT_DAY);
	r = ask(f, "GET", VAULT_HOST, "/secrets/x?" SEVEN, bearer, NULL);
	assert_reply(&r, 401, "error.message",
	    "[TokenExpired] Error validating token: 'S2S12086'.");
	reply_free(&r);
}

/* --- rights --- */

static void
roles_that_lack_are_told_byte_by_byte(void **state)
{
	static const struct {
		const char *method, *target, *body, *action, *resource;
	} rows[] = {
	    {"GET", "/secrets/Db-Password", NULL, "secrets/getSecret/action",
		"/secrets/db-password"},
	    {"GET", "/secrets/x/0123", NULL, "secrets/getSecret/action",
		"/secrets/x"},
	    {"PUT", "/secrets/x", "{'value':'v'}", "secrets/setSecret/action",
		"/secrets/x"},
	    {"PATCH", "/secrets/x/", "{}", "secrets/update/action",
		"/secrets/x"},
	    {"DELETE", "/secrets/x", NULL, "secrets/delete", "/secrets/x"},
	    {"GET", "/secrets", NULL, "secrets/readMetadata/action", ""},
	    {"GET", "/secrets/x/versions", NULL, "secrets/readMetadata/action",
		"/secrets/x"},
	    {"POST", "/secrets/x/backup", NULL, "secrets/backup/action",
		"/secrets/x"},
	    {"POST", "/secrets/restore", "{'value':'AAAA'}",
		"secrets/restore/action", ""},
	    {"GET", "/deletedsecrets", NULL, "secrets/readMetadata/action", ""},
	    {"GET", "/deletedsecrets/x", NULL, "secrets/readMetadata/action",
		"/secrets/x"},
	    {"DELETE", "/deletedsecrets/x", NULL, "secrets/purge/action",
		"/secrets/x"},
	    {"POST", "/deletedsecrets/x/recover", NULL,
		"secrets/recover/action", "/secrets/x"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = vault_ask(
		    f, rows[i].method, rows[i].target, NOBODY, rows[i].body);

		assert_reply(&r, 403, "error.code", "Forbidden");
		assert_reply(
		    &r, 403, "error.innererror.code", "ForbiddenByRbac");
		assert_string_equal(reply_at(&r, "error.message"),
		    arena_printf(&f->arena,
			"Caller is not authorized to perform action on "
			"resource.\r\n"
			"If role assignments, deny assignments or role "
			"definitions were changed recently, please observe "
			"propagation time.\r\n"
			"Caller: " CALLER(NOBODY_APP,
			    NOBODY) "\r\n"
				    "Action: 'Microsoft.KeyVault/vaults/%s'\r\n"
				    "Resource: '" LOWER_PATH "%s'\r\n"
				    "Assignment: (not found)\r\n"
				    "DenyAssignmentId: null\r\n"
				    "DecisionReason: 'DeniedWithNoValidRBAC' "
				    "\r\n"
				    "Vault: kv-data;location=westeurope\r\n",
			rows[i].action, rows[i].resource));
		reply_free(&r);
	}
}

static void
policies_that_lack_are_told_byte_by_byte(void **state)
{
	static const struct {
		const char *method, *target, *body, *permission;
	} rows[] = {
	    {"GET", "/secrets/x", NULL, "get"},
	    {"PUT", "/secrets/x", "{'value':'v'}", "set"},
	    {"PATCH", "/secrets/x/", "{}", "set"},
	    {"DELETE", "/secrets/x", NULL, "delete"},
	    {"GET", "/secrets", NULL, "list"},
	    {"GET", "/secrets/x/versions", NULL, "list"},
	    {"POST", "/secrets/x/backup", NULL, "backup"},
	    {"POST", "/secrets/restore", "{'value':'AAAA'}", "restore"},
	    {"GET", "/deletedsecrets", NULL, "list"},
	    {"GET", "/deletedsecrets/x", NULL, "get"},
	    {"DELETE", "/deletedsecrets/x", NULL, "purge"},
	    {"POST", "/deletedsecrets/x/recover", NULL, "recover"},
	};
	struct fixture *f = *state;

	/* The administrator has roles, which this vault does not look at. */
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = vault_ask_at(f, OLD_HOST, rows[i].method,
		    rows[i].target, ADMIN, rows[i].body);

		assert_reply(&r, 403, "error.code", "Forbidden");
		assert_reply(&r, 403, "error.innererror.code", "AccessDenied");
		assert_string_equal(reply_at(&r, "error.message"),
		    arena_printf(&f->arena,
			"The user, group or application '" CALLER(ADMIN_APP,
			    ADMIN) "' does not have secrets %s "
				   "permission on key vault 'kv-old;location="
				   "westeurope'. For help resolving this "
				   "issue, please "
				   "see "
				   "https://go.microsoft.com/fwlink/"
				   "?linkid=2125287",
			rows[i].permission));
		reply_free(&r);
	}
}

/* get and list, and nothing else. */
static void
policies_let_in_whom_they_name(void **state)
{
	static const struct {
		const char *method, *target, *body;
		uint32_t status;
	} rows[] = {
	    {"GET", "/secrets/x", NULL, 404},
	    {"GET", "/secrets", NULL, 200},
	    {"GET", "/secrets/x/versions", NULL, 200},
	    {"GET", "/deletedsecrets", NULL, 200},
	    {"GET", "/deletedsecrets/x", NULL, 404},
	    {"PUT", "/secrets/x", "{'value':'v'}", 403},
	    {"DELETE", "/secrets/x", NULL, 403},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = vault_ask_at(f, OLD_HOST, rows[i].method,
		    rows[i].target, READER, rows[i].body);

		assert_int_equal(r.status, rows[i].status);
		reply_free(&r);
	}
}

/* Granted, it works at once; taken away, it ends at once. */
static void
a_grant_has_effect_at_once(void **state)
{
	struct fixture *f = *state;
	struct reply r;

	r = vault_ask(f, "PUT", "/secrets/x", NOBODY, "{'value':'v'}");
	assert_int_equal(r.status, 403);
	reply_free(&r);
	fixture_put(
	    f, GRANT(NUMBER("e0"), NOBODY, OFFICER_ROLE, KV_PATH), NULL);
	r = vault_ask(f, "PUT", "/secrets/x", NOBODY, "{'value':'v'}");
	assert_int_equal(r.status, 200);
	reply_free(&r);
	fixture_put(f, "assignment/" NUMBER("e0"), NULL, NULL);
	r = vault_ask(f, "GET", "/secrets/x", NOBODY, NULL);
	assert_int_equal(r.status, 403);
	reply_free(&r);
}

static void
a_grant_on_one_secret_is_for_that_one(void **state)
{
	struct fixture *f = *state;
	struct reply r;

	vault_set(f, "one", "1");
	vault_set(f, "two", "2");
	fixture_put(f,
	    GRANT(NUMBER("e0"), NOBODY, OFFICER_ROLE, KV_PATH "/secrets/one"),
	    NULL);
	r = vault_ask(f, "GET", "/secrets/ONE", NOBODY, NULL);
	assert_reply(&r, 200, "value", "1");
	reply_free(&r);
	r = vault_ask(f, "GET", "/secrets/two", NOBODY, NULL);
	assert_int_equal(r.status, 403);
	reply_free(&r);
	r = vault_ask(f, "GET", "/secrets", NOBODY, NULL);
	assert_int_equal(r.status, 403);
	reply_free(&r);
}

/* --- network --- */

static void
set_network(struct fixture *f, const char *rules)
{
	fixture_put(f, "vault/kv-data",
	    arena_printf(
		&f->arena, ROLE_VAULT(KV_PATH, "kv-data", ",%s"), rules),
	    NULL);
}

static void
the_network_comes_before_rights(void **state)
{
	static const struct {
		const char *rules, *peer, *inner, *message;
	} rows[] = {
	    {"'networkAcls':{'defaultAction':'Deny','bypass':"
	     "'AzureServices'}",
		"203.0.113.9", "ForbiddenByFirewall",
		"Client address is not authorized and caller is not a trusted "
		"service.\r\nClient address: 203.0.113.9\r\nCaller: %s\r\n"
		"Vault: kv-data;location=westeurope"},
	    {"'networkAcls':{'defaultAction':'Deny','bypass':'None'}",
		"127.0.0.1", "ForbiddenByFirewall",
		"Client address is not authorized and caller was ignored "
		"because bypass is set to None\r\nClient address: 127.0.0.1"
		"\r\nCaller: %s\r\nVault: kv-data;location=westeurope"},
	    {"'publicNetworkAccess':'Disabled'", "203.0.113.9",
		"ForbiddenByConnection",
		"Public network access is disabled and request is not from a "
		"trusted service nor via an approved private link.\r\nCaller: "
		"%s\r\nVault: kv-data;location=westeurope"},
	    {"'publicNetworkAccess':'Disabled','networkAcls':{'bypass':"
	     "'None'}",
		"203.0.113.9", "ForbiddenByConnection",
		"Connection is not an approved private link and caller was "
		"ignored because bypass is not set to 'AzureServices' and "
		"PublicNetworkAccess is set to 'Disabled'.\r\nVault: "
		"kv-data;location=westeurope"},
	};
	static const struct {
		const char *principal, *caller;
	} callers[] = {
	    {ADMIN, CALLER(ADMIN_APP, ADMIN)},
	    {NOBODY, CALLER(NOBODY_APP, NOBODY)},
	};
	struct fixture *f = *state;

	vault_set(f, "x", "v");
	for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
		struct buffer message = {0};
		struct slice rest = slice_of(rows[i / 2].message);
		size_t at = slice_find(rest, SLICE("%s"));
		struct reply r;

		set_network(f, rows[i / 2].rules);
		f->peer = rows[i / 2].peer;
		r = vault_ask(
		    f, "GET", "/secrets/x", callers[i % 2].principal, NULL);
		buffer_add(&message, slice_sub(rest, 0, at));
		if (at != SIZE_MAX) {
			buffer_puts(&message, callers[i % 2].caller);
			buffer_add(&message, slice_from(rest, at + 2));
		}
		assert_reply(&r, 403, "error.code", "Forbidden");
		assert_reply(
		    &r, 403, "error.innererror.code", rows[i / 2].inner);
		assert_reply(&r, 403, "error.message", buffer_text(&message));
		reply_free(&r);
		buffer_release(&message);
	}
	/* A token is asked for first, also there. */
	struct reply r = vault_ask(f, "GET", "/secrets/x", NULL, NULL);

	assert_int_equal(r.status, 401);
	reply_free(&r);
}

static void
listed_addresses_get_in(void **state)
{
	struct fixture *f = *state;
	struct reply r;

	vault_set(f, "x", "v");
	set_network(f,
	    "'networkAcls':{'defaultAction':'Deny','ipRules':[{'value':"
	    "'203.0.113.0/24'},{'value':'2001:db8::/32'}]}");
	static const struct {
		const char *peer;
		uint32_t status;
	} rows[] = {
	    {"203.0.113.9", 200},
	    {"::ffff:203.0.113.9", 200},
	    {"2001:db8::7", 200},
	    {"203.0.114.9", 403},
	    {"2001:db9::7", 403},
	    {"127.0.0.1", 403},
	    {"::1", 403},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		f->peer = rows[i].peer;
		r = vault_ask(f, "GET", "/secrets/x", READER, NULL);
		assert_int_equal(r.status, rows[i].status);
		reply_free(&r);
	}
}

/* --- nothing is learned without the right --- */

/* The whole answer but its name: status, headers that tell, body. */
static const char *
impression(struct fixture *f, const char *method, const char *target,
    const char *name, const char *body)
{
	const char *path = arena_printf(&f->arena, "%s%s%s",
	    arena_text(&f->arena,
		slice_sub(slice_of(target), 0,
		    slice_find(slice_of(target), SLICE("%")))),
	    name, strchr(target, '%') + 1);
	struct reply r = vault_ask(f, method, path, NOBODY, body);
	struct buffer out = {0};
	struct slice rest = r.text;
	const char *copy;
	size_t at;

	buffer_addf(&out, "%u ", r.status);
	while ((at = slice_find_case(rest, slice_of(name))) != SIZE_MAX) {
		buffer_add(&out, slice_sub(rest, 0, at));
		buffer_puts(&out, "NAME");
		rest = slice_from(rest, at + strlen(name));
	}
	buffer_add(&out, rest);
	copy = arena_text(&f->arena, buffer_slice(&out));
	buffer_release(&out);
	reply_free(&r);
	return copy;
}

static void
nobody_learns_what_there_is(void **state)
{
	static const struct {
		const char *method, *target, *body;
	} rows[] = {
	    {"GET", "/secrets/%", NULL},
	    {"GET", "/secrets/%/00000000000000000000000000000000", NULL},
	    {"GET", "/secrets/%/versions", NULL},
	    {"PUT", "/secrets/%", "{'value':'v'}"},
	    {"PUT", "/secrets/%", "{'value':1}"},
	    {"PATCH", "/secrets/%", "{}"},
	    {"PATCH", "/secrets/%", "{"},
	    {"DELETE", "/secrets/%", NULL},
	    {"POST", "/secrets/%/backup", NULL},
	    {"GET", "/deletedsecrets/%", NULL},
	    {"DELETE", "/deletedsecrets/%", NULL},
	    {"POST", "/deletedsecrets/%/recover", NULL},
	};
	struct fixture *f = *state;

	vault_set(f, "there", "v");
	vault_set(f, "disabled", "v");
	vault_set(f, "deleted", "v");
	vault_do(f, "PATCH", "/secrets/disabled",
	    "{'attributes':{'enabled':false}}", 200);
	vault_do(f, "DELETE", "/secrets/deleted", NULL, 200);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static const char *const names[] = {
		    "there", "disabled", "deleted"};
		const char *missing = impression(
		    f, rows[i].method, rows[i].target, "missing", rows[i].body);

		assert_true(slice_starts(slice_of(missing), SLICE("403 ")));
		for (size_t n = 0; n < 3; n++)
			assert_string_equal(
			    impression(f, rows[i].method, rows[i].target,
				names[n], rows[i].body),
			    missing);
	}
	/* Nothing was done either. */
	vault_do(f, "GET", "/secrets/there", NULL, 200);
	vault_do(f, "GET", "/deletedsecrets/deleted", NULL, 200);
	vault_do(f, "GET", "/secrets/missing", NULL, 404);
}

static void
denials_are_audited_with_their_reason(void **state)
{
	struct fixture *f = *state;
	struct reply r = vault_ask(f, "GET", "/secrets/x", NOBODY, NULL);
	json_t *lines, *line;

	lines = fixture_audit(f);
	line = json_array_get(lines, json_array_size(lines) - 1);
	assert_string_equal(json_at(line, "kind"), "denied");
	assert_string_equal(json_at(line, "operation"), "SecretGet");
	assert_string_equal(json_at(line, "reason"), "DeniedWithNoValidRBAC");
	assert_string_equal(json_at(line, "resource"), KV_PATH "/secrets/x");
	assert_string_equal(json_at(line, "action"),
	    "Microsoft.KeyVault/vaults/secrets/getSecret/action");
	json_decref(lines);
	reply_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    VAULT_TEST(the_first_request_is_challenged),
	    VAULT_TEST(the_challenge_fits_the_host),
	    VAULT_TEST(a_vault_that_is_not_there_has_no_challenge),
	    VAULT_TEST(tokens_are_refused_in_the_services_words),
	    VAULT_TEST(an_expired_token_is_told_so),
	    VAULT_TEST(roles_that_lack_are_told_byte_by_byte),
	    VAULT_TEST(policies_that_lack_are_told_byte_by_byte),
	    VAULT_TEST(policies_let_in_whom_they_name),
	    VAULT_TEST(a_grant_has_effect_at_once),
	    VAULT_TEST(a_grant_on_one_secret_is_for_that_one),
	    VAULT_TEST(the_network_comes_before_rights),
	    VAULT_TEST(listed_addresses_get_in),
	    VAULT_TEST(nobody_learns_what_there_is),
	    VAULT_TEST(denials_are_audited_with_their_reason),
	};

	if (secrets_start(NULL) != ACTAS_OK)
		return 1;
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
