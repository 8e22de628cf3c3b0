#include "entra_test.h"

#include "keys/jwt.h"

#include <stdio.h>
#include <unistd.h>

/* Tokens by client secret: requests, claims, refusals, the log, use. */

static const struct refused refusals[] = {
    /* the request */
    {"Content-Type: application/json", NULL,
	"{\"grant_type\":\"client_credentials\"}", 400, "invalid_request",
	"900144", "parameter: 'grant_type'."},
    {"Accept: */*", NULL, SECRET_OF(READER_APP, READER_SECRET), 400,
	"invalid_request", "900144", "parameter: 'grant_type'."},
    {NULL, NULL, "", 400, "invalid_request", "900144", "'grant_type'"},
    {NULL, NULL, "grant_type=", 400, "invalid_request", "900144",
	"'grant_type'"},
    {NULL, NULL, GRANT, 400, "invalid_request", "900144", "'client_id'"},
    {NULL, NULL, "grant_type=%zz", 400, "invalid_request", "9002313",
	"malformed"},
    {NULL, NULL, "grant_type=%C3%28", 400, "invalid_request", "9002313",
	"malformed"},
    {NULL, NULL, "grant_type=password&username=a&password=b", 400,
	"unsupported_grant_type", "70003",
	"unsupported grant type 'password'."},
    {NULL, NULL, GRANT "&" GRANT, 400, "invalid_request", "9000411",
	"The parameter 'grant_type' is duplicated."},
    {NULL, NULL,
	SECRET_OF(READER_APP, READER_SECRET) "&client_secret=x" VAULT_SCOPE,
	400, "invalid_request", "9000411", "'client_secret' is duplicated"},
    {NULL, NULL, SECRET_OF(READER_APP, READER_SECRET) VAULT_SCOPE VAULT_SCOPE,
	400, "invalid_request", "9000411", "'scope' is duplicated"},
    /* the tenant */
    {NULL, "/" NUMBER("99") "/oauth2/v2.0/token",
	SECRET_OF(READER_APP, READER_SECRET) VAULT_SCOPE, 400,
	"invalid_request", "90002", "Tenant '" NUMBER("99") "' not found."},
    {NULL, "/other.example/oauth2/token",
	SECRET_OF(READER_APP, READER_SECRET) VAULT_SCOPE, 400,
	"invalid_request", "90002", "Tenant 'other.example' not found."},
    {NULL, "/nonsense/oauth2/v2.0/token",
	SECRET_OF(READER_APP, READER_SECRET) VAULT_SCOPE, 400,
	"invalid_request", "900023", "'nonsense' is neither a valid DNS"},
    /* the application */
    {NULL, NULL, SECRET_OF(NUMBER("98"), READER_SECRET) VAULT_SCOPE, 400,
	"unauthorized_client", "700016",
	"Application with identifier '" NUMBER("98") "' was not found in the "
						     "directory 'Tidewater'."},
    {NULL, NULL, SECRET_OF("spn-reader", READER_SECRET) VAULT_SCOPE, 400,
	"unauthorized_client", "700016", "identifier 'spn-reader'"},
    /* an object id is not an app id */
    {NULL, NULL, SECRET_OF(READER, READER_SECRET) VAULT_SCOPE, 400,
	"unauthorized_client", "700016", READER},
    {NULL, NULL, SECRET_OF(READER_HOME, READER_SECRET) VAULT_SCOPE, 400,
	"unauthorized_client", "700016", READER_HOME},
    {NULL, NULL, SECRET_OF(LOOSE_APP, LOOSE_SECRET) VAULT_SCOPE, 401,
	"invalid_client", "7000229", "missing service principal"},
    {NULL, NULL, SECRET_OF(STOPPED_APP, STOPPED_SECRET) VAULT_SCOPE, 400,
	"unauthorized_client", "7000112",
	"Application '" STOPPED_APP "'(spn-stopped) is disabled."},
    /* its secret */
    {NULL, NULL, GRANT "&client_id=" READER_APP VAULT_SCOPE, 401,
	"invalid_client", "7000216",
	"'client_assertion', 'client_secret' or 'request' is required"},
    {NULL, NULL, SECRET_OF(READER_APP, "") VAULT_SCOPE, 401, "invalid_client",
	"7000216", "is required"},
    {NULL, NULL, SECRET_OF(READER_APP, "wrong") VAULT_SCOPE, 401,
	"invalid_client", "7000215",
	"Invalid client secret provided. Ensure the secret being sent in the "
	"request is the client secret value, not the client secret ID, for a "
	"secret added to app '" READER_APP "'."},
    {NULL, NULL, SECRET_OF(READER_APP, READER_KEY) VAULT_SCOPE, 401,
	"invalid_client", "7000215", "not the client secret ID"},
    {NULL, NULL, SECRET_OF(READER_APP, READER_SECRET "x") VAULT_SCOPE, 401,
	"invalid_client", "7000215", "Invalid client secret"},
    {NULL, NULL, SECRET_OF(NOBODY_APP, READER_SECRET) VAULT_SCOPE, 401,
	"invalid_client", "7000215", "Invalid client secret"},
    {NULL, NULL, SECRET_OF(STOPPED_APP, "wrong") VAULT_SCOPE, 401,
	"invalid_client", "7000215", "Invalid client secret"},
    {NULL, NULL, SECRET_OF(MANAGED_APP, "wrong") VAULT_SCOPE, 401,
	"invalid_client", "7000215", "Invalid client secret"},
    {NULL, NULL, SECRET_OF(READER_APP, READER_SECRET_SOON) VAULT_SCOPE, 401,
	"invalid_client", "7000215", "Invalid client secret"},
    {NULL, NULL, SECRET_OF(READER_APP, READER_SECRET_OLD) VAULT_SCOPE, 401,
	"invalid_client", "7000222",
	"The provided client secret keys for app '" READER_APP "' are "
	"expired. Visit the Azure portal to create new keys for your app: "
	"https://aka.ms/NewClientSecret, or consider using certificate "
	"credentials for added security: https://aka.ms/certCreds."},
    /* what it asks for */
    {NULL, NULL, SECRET_OF(READER_APP, READER_SECRET), 400, "invalid_request",
	"90014", "required field 'scope'"},
    {NULL, NULL, SECRET_OF(READER_APP, READER_SECRET) "&scope=openid+profile",
	400, "invalid_request", "90014", "required field 'scope'"},
    {NULL, NULL,
	SECRET_OF(READER_APP, READER_SECRET) "&scope=https://vault.azure.net",
	400, "invalid_scope", "1002012",
	"scope https://vault.azure.net is not valid. Client credential flows "
	"must have a scope value with /.default suffixed"},
    {NULL, NULL,
	SECRET_OF(READER_APP, READER_SECRET) "&scope=https://"
					     "graph.microsoft.com/User.Read",
	400, "invalid_scope", "1002012", "User.Read is not valid"},
    {NULL, NULL, SECRET_OF(READER_APP, READER_SECRET) "&scope=/.default", 400,
	"invalid_scope", "1002012", "scope /.default is not valid"},
    {NULL, NULL,
	SECRET_OF(READER_APP, READER_SECRET) VAULT_SCOPE
	"+https%3A%2F%2Fgraph.microsoft.com%2F.default",
	400, "invalid_scope", "70011", "is not valid"},
    {NULL, NULL,
	SECRET_OF(READER_APP, READER_SECRET) "&scope=https://evil.example/"
					     ".default",
	400, "invalid_resource", "500011",
	"The resource principal named https://evil.example was not found in "
	"the tenant named Tidewater."},
    {NULL, NULL,
	SECRET_OF(READER_APP, READER_SECRET) "&scope=api://nothing/.default",
	400, "invalid_resource", "500011", "named api://nothing was"},
    {NULL, NULL,
	SECRET_OF(READER_APP, READER_SECRET) "&resource=https://"
					     "vault.azure.net",
	400, "invalid_request", "901002", "'resource'"},
    {NULL, TOKEN_V1, SECRET_OF(READER_APP, READER_SECRET), 400,
	"invalid_request", "900144", "'resource'"},
    {NULL, TOKEN_V1,
	SECRET_OF(READER_APP, READER_SECRET) "&resource=https://evil.example",
	400, "invalid_resource", "500011", "https://evil.example"},
    {NULL, "/adfs/oauth2/token", SECRET_OF(READER_APP, READER_SECRET), 400,
	"invalid_request", "90014", "'scope'"},
};

static void
refused_requests(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		/* none of them makes the next a guess too many */
		atomic_fetch_add(&f->now, 60);
		atomic_fetch_sub(&f->now, i % 2 == 0 ? 0 : 120);
		assert_refused(f, &refusals[i]);
	}
	atomic_store(&f->now, FIXTURE_NOW);
}

/* Scope or resource, and the audience and version of the token. */
static void
what_a_token_is_for(void **state)
{
	static const struct {
		const char *target, *parameter, *audience, *version;
	} rows[] = {
	    {TOKEN_V2, "scope=https%3A%2F%2Fvault.azure.net%2F.default",
		"https://vault.azure.net", "1.0"},
	    {TOKEN_V2, "scope=https://vault.azure.net//.default",
		"https://vault.azure.net/", "1.0"},
	    {TOKEN_V2, "scope=https://management.core.windows.net//.default",
		"https://management.core.windows.net/", "1.0"},
	    {TOKEN_V2, "scope=https://management.azure.com/.default",
		"https://management.azure.com", "1.0"},
	    {TOKEN_V2, "scope=https://localhost:18443/.default",
		"https://localhost:18443", "1.0"},
	    {TOKEN_V2, "scope=https://localhost:18443//.default",
		"https://localhost:18443/", "1.0"},
	    {TOKEN_V2, "scope=499b84ac-1321-427f-aa17-267ca6975798/.default",
		"499b84ac-1321-427f-aa17-267ca6975798", "1.0"},
	    {TOKEN_V2, "scope=https://api.fabric.microsoft.com/.default",
		"https://api.fabric.microsoft.com", "1.0"},
	    {TOKEN_V2, "scope=openid+https://graph.microsoft.com/.default",
		"https://graph.microsoft.com", "1.0"},
	    {TOKEN_V2, "scope=https://graph.microsoft.com/.default&resource=x",
		"https://graph.microsoft.com", "1.0"},
	    {TOKEN_V2, "scope=api://spn-nobody/.default", "api://spn-nobody",
		"1.0"},
	    {TOKEN_V2, "scope=" NOBODY_APP "/.default", NOBODY_APP, "1.0"},
	    {TOKEN_V2, "scope=api://" NOBODY_APP "/.default",
		"api://" NOBODY_APP, "1.0"},
	    {TOKEN_V2, "scope=api://AzureADTokenExchange/.default",
		"fb60f99c-7a34-4190-8149-302f77469936", "2.0"},
	    {TOKEN_V2, "scope=api://modern/.default", ADMIN_APP, "2.0"},
	    {TOKEN_V1, "resource=https://vault.azure.net",
		"https://vault.azure.net", "1.0"},
	    {TOKEN_V1, "resource=https://graph.microsoft.com/&scope=openid",
		"https://graph.microsoft.com/", "1.0"},
	    {"/adfs/oauth2/token",
		"scope=https%3A%2F%2Fmanagement.core.windows.net%2F%2F.default",
		"https://management.core.windows.net/", "1.0"},
	    {"/adfs/oauth2/token", "resource=https://vault.azure.net",
		"https://vault.azure.net", "1.0"},
	    {"/" DOMAIN "/oauth2/v2.0/token?client-request-id=x",
		"scope=https://vault.azure.net/.default",
		"https://vault.azure.net", "1.0"},
	    {"/common/oauth2/v2.0/token",
		"scope=https://vault.azure.net/.default",
		"https://vault.azure.net", "1.0"},
	    {"/organizations/oauth2/v2.0/token",
		"scope=https://vault.azure.net/.default",
		"https://vault.azure.net", "1.0"},
	};
	struct fixture *f = *state;

	fixture_put(f, "application/" ADMIN_HOME,
	    "{'id':'" ADMIN_HOME "','appId':'" ADMIN_APP
	    "','displayName':'actas-admin','identifierUris':['api://modern'],"
	    "'api':{'requestedAccessTokenVersion':2}}",
	    NULL);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *body = arena_printf(&f->arena, "%s&%s",
		    SECRET_OF(READER_APP, READER_SECRET), rows[i].parameter);
		struct reply r =
		    ask(f, "POST", LOGIN_HOST, rows[i].target, FORM, body);
		json_t *claims = reply_claims(&r);

		assert_string_equal(json_at(claims, "aud"), rows[i].audience);
		assert_string_equal(json_at(claims, "ver"), rows[i].version);
		json_decref(claims);
		reply_free(&r);
	}
}

/* Every claim, of both versions. */
static void
claims_of_version_1(void **state)
{
	struct reply r = ask(*state, "POST", LOGIN_HOST, TOKEN_V2, FORM,
	    SECRET_OF(READER_APP, READER_SECRET) VAULT_SCOPE);
	json_t *claims = reply_claims(&r), *expected;
	char uti[64];

	snprintf(uti, sizeof uti, "%s", json_at(claims, "uti"));
	assert_int_equal(strlen(uti), 22);
	expected = json_pack(
	    "{s:s, s:s, s:I, s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, "
	    "s:s, s:s}",
	    "aud", VAULT, "iss", "https://sts.windows.net/" TENANT "/", "iat",
	    (json_int_t)FIXTURE_NOW - 300, "nbf", (json_int_t)FIXTURE_NOW - 300,
	    "exp", (json_int_t)FIXTURE_NOW + 3599, "appid", READER_APP,
	    "appidacr", "1", "idp", "https://sts.windows.net/" TENANT "/",
	    "idtyp", "app", "oid", READER, "sub", READER, "tid", TENANT, "uti",
	    uti, "ver", "1.0", "actas_kid", READER_KEY);
	assert_true(json_equal(claims, expected));
	assert_reply(&r, 200, "token_type", "Bearer");
	assert_reply(&r, 200, "expires_in", "3599");
	assert_reply(&r, 200, "ext_expires_in", "3599");
	assert_true(json_is_integer(json_object_get(r.body, "expires_in")));
	json_decref(expected);
	json_decref(claims);
	reply_free(&r);
}

static void
claims_of_version_2(void **state)
{
	struct reply r = ask(*state, "POST", LOGIN_HOST, TOKEN_V2, FORM,
	    SECRET_OF(
		READER_APP, READER_SECRET) "&scope=api://AzureADTokenExchange"
					   "/.default");
	json_t *claims = reply_claims(&r);
	static const struct {
		const char *name, *value;
	} rows[] = {
	    {"iss", "https://login.microsoftonline.com/" TENANT "/v2.0"},
	    {"azp", READER_APP},
	    {"azpacr", "1"},
	    {"ver", "2.0"},
	    {"oid", READER},
	    {"sub", READER},
	    {"tid", TENANT},
	    {"idtyp", "app"},
	    {"appid", ""},
	    {"appidacr", ""},
	    {"idp", ""},
	    {"scp", ""},
	    {"roles", ""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(
		    json_at(claims, rows[i].name), rows[i].value);
	json_decref(claims);
	reply_free(&r);
}

static void
answer_of_version_1(void **state)
{
	struct reply r = ask(*state, "POST", LOGIN_HOST, TOKEN_V1, FORM,
	    SECRET_OF(READER_APP, READER_SECRET) "&resource=https://"
						 "vault.azure.net/");

	assert_reply(&r, 200, "expires_in", "3599");
	assert_true(json_is_string(json_object_get(r.body, "expires_in")));
	assert_reply(&r, 200, "not_before", "1795285059");
	assert_reply(&r, 200, "expires_on", "1795288658");
	assert_reply(&r, 200, "resource", "https://vault.azure.net/");
	assert_reply(&r, 200, "token_type", "Bearer");
	reply_free(&r);
}

/* --- Basic --- */

static const char *
basic(struct fixture *f, const char *pair)
{
	struct buffer text = {0};
	const char *header;

	base64_put(&text, pair, strlen(pair));
	header = arena_printf(
	    &f->arena, FORM "\nAuthorization: Basic %s", buffer_text(&text));
	buffer_release(&text);
	return header;
}

static void
basic_header(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *pair, *body;
		uint32_t status;
	} rows[] = {
	    {READER_APP ":" READER_SECRET, GRANT VAULT_SCOPE, 200},
	    {READER_APP ":rd1%7E0123456789.abcdefghijklmnopqrstuvwxy",
		GRANT VAULT_SCOPE, 200},
	    {READER_APP ":" READER_SECRET,
		GRANT "&client_id=" READER_APP VAULT_SCOPE, 200},
	    /* the body comes first */
	    {READER_APP ":" READER_SECRET,
		SECRET_OF(READER_APP, "wrong") VAULT_SCOPE, 401},
	    {READER_APP ":wrong",
		SECRET_OF(READER_APP, READER_SECRET) VAULT_SCOPE, 200},
	    {READER_APP ":wrong", GRANT VAULT_SCOPE, 401},
	    {READER_APP ":", GRANT VAULT_SCOPE, 401},
	    {READER_APP, GRANT VAULT_SCOPE, 400},
	    {READER_APP ":%zz", GRANT VAULT_SCOPE, 400},
	    {READER_APP ":%C3%28", GRANT VAULT_SCOPE, 400},
	    {":", GRANT VAULT_SCOPE, 400},
	    {"", GRANT VAULT_SCOPE, 400},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = ask(f, "POST", LOGIN_HOST, TOKEN_V2,
		    basic(f, rows[i].pair), rows[i].body);

		if (r.status != rows[i].status)
			fail_msg("%s: %u", rows[i].pair, r.status);
		reply_free(&r);
	}
}

/* --- which credential, and when --- */

static void
key_of(struct fixture *f, const char *body, const char *key)
{
	struct reply r = ask(f, "POST", LOGIN_HOST, TOKEN_V2, FORM, body);
	json_t *claims = reply_claims(&r), *line = last_audit(f);

	assert_string_equal(json_at(claims, "actas_kid"), key);
	assert_string_equal(json_at(line, "kind"), "token");
	assert_string_equal(json_at(line, "keyId"), key);
	assert_string_equal(json_at(line, "detail"), json_at(claims, "uti"));
	json_decref(line);
	json_decref(claims);
	reply_free(&r);
}

static void
assert_use(struct fixture *f, const char *key, const char *expected)
{
	json_t *use = fixture_get(f, arena_printf(&f->arena, "use/%s", key));

	assert_string_equal(json_at(use, "last"), expected);
	json_decref(use);
}

static void
several_secrets(void **state)
{
	struct fixture *f = *state;

	atomic_store(&f->now, FIXTURE_NOW + 600);
	fixture_tick(f); /* what the tests before noted */
	atomic_store(&f->now, FIXTURE_NOW + 700);
	key_of(f, SECRET_OF(READER_APP, READER_SECRET) VAULT_SCOPE, READER_KEY);
	key_of(f, SECRET_OF(READER_APP, READER_SECRET_2) VAULT_SCOPE,
	    READER_KEY_2);
	/* The first is written with the next batch, in a minute. */
	assert_use(f, READER_KEY_2, "");
	fixture_tick(f);
	assert_use(f, READER_KEY, "1795285759");
	assert_use(f, READER_KEY_2, "1795285759");
	key_of(f, SECRET_OF(READER_APP, READER_SECRET_2) VAULT_SCOPE,
	    READER_KEY_2);
	atomic_store(&f->now, FIXTURE_NOW + 759);
	key_of(f, SECRET_OF(READER_APP, READER_SECRET_2) VAULT_SCOPE,
	    READER_KEY_2);
	fixture_tick(f);
	assert_use(f, READER_KEY_2, "1795285759");
	atomic_store(&f->now, FIXTURE_NOW + 760);
	fixture_tick(f);
	assert_use(f, READER_KEY, "1795285759");
	assert_use(f, READER_KEY_2, "1795285818");
	atomic_store(&f->now, FIXTURE_NOW);
}

/* What was noted is written when the server stops; its keys are the same when
 * it starts again. */
static void
use_at_the_end(void **state)
{
	struct fixture *f = *state;
	const char *token = fixture_token(f, READER, VAULT);
	struct fault fault = {0};
	struct reply r;

	atomic_store(&f->now, FIXTURE_NOW + 800);
	fixture_tick(f);
	key_of(f, SECRET_OF(READER_APP, READER_SECRET) VAULT_SCOPE, READER_KEY);
	api_free(f->api);
	assert_use(f, READER_KEY, "1795285859");
	assert_int_equal(api_new(&f->platform, &f->api, &fault), ACTAS_OK);
	r = ask(f, "GET", VAULT_HOST, "/secrets/none?api-version=7.6",
	    arena_printf(&f->arena, "Authorization: Bearer %s", token), NULL);
	assert_reply(&r, 404, NULL, NULL);
	reply_free(&r);
	atomic_store(&f->now, FIXTURE_NOW);
}

/* A credential that was removed gets no new token; those that it got live on,
 * as Entra's do. */
static void
removed_credential(void **state)
{
	struct fixture *f = *state;
	static const char body[] =
	    SECRET_OF(NOBODY_APP, "new~secret") VAULT_SCOPE;
	static const char key[] = "credential/" NOBODY_HOME "/" NUMBER("af");
	struct refused wrong = {.body = body,
	    .status = 401,
	    .error = "invalid_client",
	    .number = "7000215",
	    .text = "Invalid client secret"};
	const char *bearer;
	struct reply r;

	assert_refused(f, &wrong);
	fixture_secret(f, NOBODY_HOME, NUMBER("af"), "new~secret", "2026-01-01",
	    "2027-01-01");
	r = ask(f, "POST", LOGIN_HOST, TOKEN_V2, FORM, body);
	assert_reply(&r, 200, NULL, NULL);
	bearer = arena_printf(&f->arena, "Authorization: Bearer %s",
	    reply_at(&r, "access_token"));
	reply_free(&r);
	fixture_put(f, key, NULL, NULL);
	assert_refused(f, &wrong);
	r = ask(
	    f, "GET", VAULT_HOST, "/secrets/x?api-version=7.6", bearer, NULL);
	assert_reply(&r, 403, NULL, NULL);
	reply_free(&r);
}

/* A credential of the service principal itself counts too. */
static void
credential_of_principal(void **state)
{
	struct fixture *f = *state;

	fixture_secret(
	    f, NOBODY, NUMBER("ae"), "own~secret", "2026-01-01", "2027-01-01");
	key_of(
	    f, SECRET_OF(NOBODY_APP, "own~secret") VAULT_SCOPE, NUMBER("ae"));
}

/* --- the log --- */

static void
denials_are_told(void **state)
{
	static const struct {
		const char *body, *reason, *app_id;
	} rows[] = {
	    {SECRET_OF(READER_APP, "wrong") VAULT_SCOPE, "7000215", READER_APP},
	    {SECRET_OF(NUMBER("97"), "wrong") VAULT_SCOPE, "700016", ""},
	    {"grant_type=x", "70003", ""},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r =
		    ask(f, "POST", LOGIN_HOST, TOKEN_V2, FORM, rows[i].body);
		json_t *line = last_audit(f);

		assert_string_equal(json_at(line, "request"), r.x->request_id);
		assert_string_equal(json_at(line, "reason"), rows[i].reason);
		assert_string_equal(json_at(line, "appId"), rows[i].app_id);
		assert_string_equal(json_at(line, "peer"), "127.0.0.1");
		json_decref(line);
		reply_free(&r);
	}
}

/* Nothing secret is in the log. */
static void
log_holds_no_secret(void **state)
{
	struct fixture *f = *state;
	struct reply r = ask(f, "POST", LOGIN_HOST, TOKEN_V2, FORM,
	    SECRET_OF(READER_APP, READER_SECRET) VAULT_SCOPE);
	json_t *lines;
	char *text;

	assert_reply(&r, 200, NULL, NULL);
	lines = fixture_audit(f);
	text = json_dumps(lines, JSON_COMPACT);
	assert_null(strstr(text, READER_SECRET));
	assert_null(strstr(text, "wrong"));
	assert_null(strstr(text, reply_at(&r, "access_token")));
	assert_true(r.x->holds_secret);
	mem_free(text);
	json_decref(lines);
	reply_free(&r);
}

/* --- guessing --- */

static size_t
lines_in_log(struct fixture *f)
{
	json_t *lines = fixture_audit(f);
	size_t count = json_array_size(lines);

	json_decref(lines);
	return count;
}

/* Refusals of the application that lines tell of by number. The log tells on
 * a thread of its own, in a second at most. */
static json_int_t
counted_in_log(struct fixture *f)
{
	json_int_t counted = 0;

	for (int tries = 0; tries < 100; tries++) {
		json_t *lines = fixture_audit(f), *line;
		size_t i;

		counted = 0;
		json_array_foreach(lines, i,
		    line) if (strcmp(json_at(line, "resource"), NOBODY_APP) ==
		    0) counted +=
		    json_integer_value(json_object_get(line, "count"));
		json_decref(lines);
		if (counted >= 5 * LIMIT_GUESSES - 2 * LIMIT_AUDIT_SAME)
			break;
		usleep(50000);
	}
	return counted;
}

static uint32_t
guess(struct fixture *f, const char *body)
{
	struct reply r = ask(f, "POST", LOGIN_HOST, TOKEN_V2, FORM, body);
	uint32_t status = r.status;

	if (status == 429) {
		assert_reply(&r, 429, "error_codes.0", "50196");
		assert_string_equal(reply_header(&r, "Retry-After"), "60");
	}
	reply_free(&r);
	return status;
}

static void
guessing_is_slowed(void **state)
{
	static const char wrong[] = SECRET_OF(NOBODY_APP, "wrong") VAULT_SCOPE;
	static const char right[] =
	    SECRET_OF(NOBODY_APP, NOBODY_SECRET) VAULT_SCOPE;
	struct fixture *f = *state;
	size_t before, told = 0;

	atomic_store(&f->now, FIXTURE_NOW + 5000);
	before = lines_in_log(f);
	for (uint32_t i = 0; i < 5 * LIMIT_GUESSES; i++)
		told += guess(f, wrong) == 401;
	assert_int_equal(told, LIMIT_GUESSES);
	/* The flood is not told with a line a guess: the first that were
	 * refused in each of the two ways are, the rest are counted. */
	assert_int_equal(lines_in_log(f) - before, 2 * LIMIT_AUDIT_SAME);
	/* The rightful owner gets in at once, from the same address … */
	assert_int_equal(guess(f, right), 200);
	/* … and others are not slowed at all. */
	f->peer = "10.0.0.9";
	f->peer_is_loopback = false;
	assert_int_equal(guess(f, right), 200);
	assert_int_equal(guess(f, wrong), 401);
	f->peer = "127.0.0.1";
	f->peer_is_loopback = true;
	/* What else this address gets wrong is slowed with it. */
	assert_int_equal(
	    guess(f, SECRET_OF(READER_APP, "wrong") VAULT_SCOPE), 429);
	/* A minute later lines say how many the others were. */
	atomic_store(&f->now, FIXTURE_NOW + 5061);
	assert_int_equal(guess(f, wrong), 401);
	assert_int_equal(
	    counted_in_log(f), 5 * LIMIT_GUESSES - 2 * LIMIT_AUDIT_SAME);
	atomic_store(&f->now, FIXTURE_NOW);
}

/* Unknown applications, one after the other, are the source's. */
static void
source_is_slowed(void **state)
{
	struct fixture *f = *state;
	size_t told = 0;

	f->peer = "2001:db8::1";
	f->peer_is_loopback = false;
	atomic_store(&f->now, FIXTURE_NOW + 9000);
	for (uint32_t i = 0; i < 5 * LIMIT_GUESSES; i++) {
		f->peer = arena_printf(&f->arena, "2001:db8::%x", i + 1);
		told += guess(f,
			    arena_printf(&f->arena,
				SECRET_OF("00000000-0000-4000-8000-"
					  "100000000%03x",
				    "x") VAULT_SCOPE,
				i)) == 400;
	}
	assert_int_equal(told, 4 * LIMIT_GUESSES);
	f->peer = "2001:db8:0:1::1";
	assert_int_equal(
	    guess(f, SECRET_OF(READER_APP, "wrong") VAULT_SCOPE), 401);
	f->peer = "127.0.0.1";
	f->peer_is_loopback = true;
	atomic_store(&f->now, FIXTURE_NOW);
}

/* --- what real clients sent --- */

static json_t *
next_recorded(FILE *file)
{
	static char line[1 << 20];
	json_t *exchange;

	while (fgets(line, sizeof line, file) != NULL) {
		exchange = json_loads(line, 0, NULL);
		assert_non_null(exchange);
		if (strcmp(json_at(exchange, "m"), "POST") == 0 &&
		    strstr(json_at(exchange, "path"), "oauth2") != NULL &&
		    strstr(json_at(exchange, "body"), "client_secret") != NULL)
			return exchange;
		json_decref(exchange);
	}
	return NULL;
}

static int
ask_recorded(struct fixture *f, const char *name)
{
	const char *folder = getenv("ACTAS_SHARED");
	const char *path = arena_printf(&f->arena,
	    "%s/data/recorded-requests/%s", folder == NULL ? "" : folder, name);
	FILE *file = fopen(path, "r");
	json_t *exchange;
	int count = 0;

	while (file != NULL && (exchange = next_recorded(file)) != NULL) {
		struct slice target = slice_of(json_at(exchange, "path"));
		const char *at;
		struct reply r;

		if (slice_starts(target, SLICE("/1111")))
			target = slice_from(target, 37);
		else
			target = slice_from(target, 5);
		at = arena_printf(&f->arena, "/%s%.*s",
		    slice_starts(
			slice_of(json_at(exchange, "path")), SLICE("/adfs"))
			? "adfs"
			: TENANT,
		    SLICE_ARGS(target));
		r = ask(f, "POST", json_at(exchange, "hdr.Host"), at,
		    arena_printf(&f->arena, "Content-Type: %s",
			json_at(exchange, "hdr.Content-Type")),
		    json_at(exchange, "body"));
		assert_reply(&r, 200, "token_type", "Bearer");
		reply_free(&r);
		json_decref(exchange);
		count++;
	}
	if (file != NULL)
		fclose(file);
	return count;
}

#define RECORDED "22222222-2222-2222-2222-222222222222"

static void
recorded_requests(void **state)
{
	static const char *const files[] = {"az-2.45.jsonl",
	    "fabric-cicd.jsonl", "js.jsonl", "python-sdk.jsonl",
	    "airflow-fabric.jsonl"};
	static const char *const values[] = {"s3cret", "s", "x"};
	struct fixture *f = *state;
	int count = 0;

	fixture_put(f, "application/" NUMBER("e1"),
	    "{'id':'" NUMBER("e1") "','appId':'" RECORDED
				   "','displayName':'recorded'}",
	    "service-principal/" NUMBER("e2"),
	    "{'id':'" NUMBER(
		"e2") "','appId':'" RECORDED
		      "','displayName':'recorded','accountEnabled':true,"
		      "'servicePrincipalType':'Application'}",
	    NULL);
	for (size_t i = 0; i < 3; i++)
		fixture_secret(f, NUMBER("e1"),
		    arena_printf(&f->arena, NUMBER("f%zu"), i), values[i],
		    "2026-01-01", "2027-01-01");
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		count += ask_recorded(f, files[i]);
	if (count == 0)
		/* cmocka's skip() is "not ok" in TAP, which meson fails. */
		print_message("# SKIP the recorded requests are not here\n");
	else
		assert_true(count >= 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refused_requests),
	    cmocka_unit_test(what_a_token_is_for),
	    cmocka_unit_test(claims_of_version_1),
	    cmocka_unit_test(claims_of_version_2),
	    cmocka_unit_test(answer_of_version_1),
	    cmocka_unit_test(basic_header),
	    cmocka_unit_test(several_secrets),
	    cmocka_unit_test(use_at_the_end),
	    cmocka_unit_test(removed_credential),
	    cmocka_unit_test(credential_of_principal),
	    cmocka_unit_test(denials_are_told),
	    cmocka_unit_test(log_holds_no_secret),
	    cmocka_unit_test(guessing_is_slowed),
	    cmocka_unit_test(source_is_slowed),
	    cmocka_unit_test(recorded_requests),
	};

	return cmocka_run_group_tests_name(
	    "entra secret", tests, fixture_setup, fixture_teardown);
}
