#include "fixture.h"

#include "api/surface.h"
#include "api/tokens.h"
#include "keys/authority.h"
#include "keys/jwt.h"

#include <stdio.h>

/* What all surfaces share: which one answers, bodies, tokens, changes. */

/* --- hosts --- */

static void
hosts(void **state)
{
	static const struct {
		const char *host;
		enum surface surface;
		bool ours; /* for the tunnel */
	} rows[] = {
	    {"evil.example", SURFACE_NONE, false},
	    {"", SURFACE_NONE, false},
	    {"login.microsoftonline.com.evil.example", SURFACE_NONE, false},
	    {"xlogin.microsoftonline.com", SURFACE_NONE, false},
	    {"vault.azure.net", SURFACE_NONE, false},
	    {".vault.azure.net", SURFACE_NONE, false},
	    {"a.b.vault.azure.net", SURFACE_NONE, false},
	    {"kv.vault.azure.net.evil.example", SURFACE_NONE, false},
	    {"localhost.evil.example", SURFACE_NONE, false},
	    {"xlocalhost", SURFACE_NONE, false},
	    {"1.2.3", SURFACE_NONE, false},
	    {"1.2.3.4.example", SURFACE_NONE, false},
	    {"login.microsoftonline.com", SURFACE_ENTRA, true},
	    {"login.windows.net", SURFACE_ENTRA, true},
	    {"login.microsoft.com", SURFACE_ENTRA, true},
	    {"sts.windows.net", SURFACE_ENTRA, true},
	    {"graph.microsoft.com", SURFACE_GRAPH, true},
	    {"management.azure.com", SURFACE_ARM, true},
	    {"management.core.windows.net", SURFACE_ARM, true},
	    {"kv-data.vault.azure.net", SURFACE_KEYVAULT, true},
	    {"kv-data.vault.localhost", SURFACE_KEYVAULT, true},
	    {"api.fabric.microsoft.com", SURFACE_LATER, true},
	    {"dev.azure.com", SURFACE_LATER, true},
	    {"localhost", SURFACE_PATH, true},
	    {"vault.localhost", SURFACE_PATH, true},
	    {"management.fabric.localhost", SURFACE_PATH, true},
	    {"127.0.0.1", SURFACE_PATH, true},
	    {"[::1]", SURFACE_PATH, true},
	    {"platform.tidewater.example", SURFACE_PATH, true},
	    {"kv.vault.platform.tidewater.example", SURFACE_KEYVAULT, true},
	    {"a.kv.vault.platform.tidewater.example", SURFACE_NONE, false},
	    {"kv.platform.tidewater.example", SURFACE_NONE, false},
	    {".vault.platform.tidewater.example", SURFACE_NONE, false},
	    {"a.wild.example", SURFACE_PATH, true},
	    {"a.b.wild.example", SURFACE_NONE, false},
	    {"wild.example", SURFACE_NONE, false},
	    {".wild.example", SURFACE_NONE, false},
	    {"[2001:db8::7]", SURFACE_PATH, true},
	    /* An address cannot be rebound; but nothing is tunnelled to it. */
	    {"10.1.2.3", SURFACE_PATH, false},
	    {"[2001:db8::1]", SURFACE_PATH, false},
	};
	struct fixture *f = *state;

	assert_int_equal(
	    api_add_host(f->api, SLICE("Platform.Tidewater.Example"), NULL),
	    ACTAS_OK);
	assert_int_equal(
	    api_add_host(f->api, SLICE("*.wild.example"), NULL), ACTAS_OK);
	assert_int_equal(
	    api_add_host(f->api, SLICE("2001:DB8:0::7"), NULL), ACTAS_OK);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct slice host = slice_of(rows[i].host);

		if (surface_of_host(f->api, host) != rows[i].surface ||
		    api_is_ours(f->api, host) != rows[i].ours)
			fail_msg("%s", rows[i].host);
	}
}

/* Every name that the server's certificate bears is answered for. */
static void
names_of_the_certificate(void **state)
{
	struct fixture *f = *state;

	for (const char *const *n = authority_host_names; *n != NULL; n++) {
		const char *host = *n;

		if (strncmp(host, "*.", 2) == 0)
			host = arena_printf(&f->arena, "kv1%s", *n + 1);
		if (!api_is_ours(f->api, slice_of(host)))
			fail_msg("%s", host);
	}
}

static void
dispatch(void **state)
{
	static const struct {
		const char *method, *host, *target;
		uint32_t status;
		const char *code;
	} rows[] = {
	    {"GET", "evil.example", "/", 421, "MisdirectedRequest"},
	    {"GET", "evil.example", "/actas/status", 421, "MisdirectedRequest"},
	    {"GET", "evil.example:443", "/msi/token", 421,
		"MisdirectedRequest"},
	    {"GET", LOGIN_HOST, "/", 404, "NotFound"},
	    {"GET", LOGIN_HOST, "/subscriptions", 404, "NotFound"},
	    {"GET", LOGIN_HOST, "/secrets", 404, "NotFound"},
	    {"GET", LOGIN_HOST, "/msi/token", 404, "NotFound"},
	    {"GET", GRAPH_HOST, "/" TENANT "/discovery/keys", 404, "NotFound"},
	    {"GET", "api.fabric.microsoft.com", "/v1/workspaces", 404,
		"NotFound"},
	    {"GET", LOCAL_HOST, "/no/such/thing", 404, "NotFound"},
	    {"GET", LOCAL_HOST, "/", 404, "NotFound"},
	    {"GET", LOCAL_HOST, "/" TENANT "/oauth2/v2.0/token", 405,
		"MethodNotAllowed"},
	    {"DELETE", LOGIN_HOST, "/common/discovery/instance", 405,
		"MethodNotAllowed"},
	    {"PUT", LOGIN_HOST, "/actas/sessions", 405, "MethodNotAllowed"},
	    {"GET", VAULT_HOST, "/secrets/x?api-version=7.6", 401,
		"Unauthorized"},
	    {"GET", LOCAL_HOST, "/vaults/kv-data/secrets/x?api-version=7.6",
		401, "Unauthorized"},
	    {"GET", "localhost", "/discovery/keys", 404, "NotFound"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = ask(*state, rows[i].method, rows[i].host,
		    rows[i].target, NULL, NULL);

		if (r.status != rows[i].status ||
		    strcmp(reply_at(&r, "error.code"), rows[i].code) != 0)
			fail_msg("%s %s%s: %u %s", rows[i].method, rows[i].host,
			    rows[i].target, r.status,
			    reply_at(&r, "error.code"));
		reply_free(&r);
	}
}

static void
allowed_methods(void **state)
{
	struct reply r =
	    ask(*state, "PATCH", LOCAL_HOST, "/actas/sessions", NULL, NULL);

	assert_reply(&r, 405, NULL, NULL);
	assert_string_equal(reply_header(&r, "Allow"), "POST, DELETE");
	reply_free(&r);
}

/* --- tokens --- */

static enum token_fault
authenticate(struct fixture *f, const char *token, enum audience audience,
    struct caller *caller, char found[static 256])
{
	struct http_header headers[] = {{"Host", LOCAL_HOST},
	    {"Authorization", arena_printf(&f->arena, "Bearer %s", token)},
	    {NULL, NULL}};
	struct exchange *x;
	enum token_fault fault;
	uint32_t refused;
	const char *about;

	if (token == NULL)
		headers[1].name = NULL;
	x = exchange_new(
	    HTTP_GET, SLICE("/"), headers, SLICE(""), NULL, NULL, &refused);
	assert_non_null(x);
	x->context = f->api;
	fault = api_authenticate(x, audience, caller, &about);
	snprintf(found, 256, "%s", about);
	exchange_free(x);
	return fault;
}

static enum token_fault
fault_of(struct fixture *f, const char *token, enum audience audience)
{
	struct caller caller;
	char found[256];

	return authenticate(f, token, audience, &caller, found);
}

static void
good_token(void **state)
{
	struct fixture *f = *state;
	const char *token = fixture_token(f, READER, VAULT);
	struct caller caller;
	char found[256], id[GUID_TEXT_LENGTH + 1];

	/* The second time from memory. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
		    authenticate(f, token, AUDIENCE_VAULT, &caller, found),
		    TOKEN_OK);
		guid_format(caller.object_id, id);
		assert_string_equal(id, READER);
		guid_format(caller.app_id, id);
		assert_string_equal(id, READER_APP);
		guid_format(caller.tenant, id);
		assert_string_equal(id, TENANT);
		assert_true(caller.is_app);
		assert_int_equal(caller.expires, FIXTURE_NOW + 3599);
		assert_int_equal(strlen(caller.uti), 22);
		assert_string_equal(caller.key_id, "");
	}
}

static void
audiences(void **state)
{
	static const struct {
		const char *named;
		enum audience service; /* AUDIENCES: none */
	} rows[] = {
	    {"https://vault.azure.net", AUDIENCE_VAULT},
	    {"https://vault.azure.net/", AUDIENCE_VAULT},
	    {"https://VAULT.azure.net//", AUDIENCE_VAULT},
	    {"cfa8b339-82a2-471a-a3c9-0fc0be7a4093", AUDIENCE_VAULT},
	    {"https://vault.localhost:8443", AUDIENCE_VAULT},
	    {"https://management.azure.com/", AUDIENCE_ARM},
	    {"https://management.core.windows.net/", AUDIENCE_ARM},
	    {"797f4846-ba00-4fd7-ba43-dac1f8f63013", AUDIENCE_ARM},
	    {"https://graph.microsoft.com", AUDIENCE_GRAPH},
	    {"00000003-0000-0000-c000-000000000000", AUDIENCE_GRAPH},
	    {"https://api.fabric.microsoft.com", AUDIENCE_FABRIC},
	    {"https://analysis.windows.net/powerbi/api", AUDIENCE_FABRIC},
	    {"499b84ac-1321-427f-aa17-267ca6975798", AUDIENCE_DEVOPS},
	    {"https://storage.azure.com/", AUDIENCE_STORAGE},
	    {"https://database.windows.net/", AUDIENCE_SQL},
	    {"https://localhost:8443", AUDIENCE_ACTAS},
	    {"https://localhost", AUDIENCE_ACTAS},
	    {"https://[::1]:8443/", AUDIENCE_ACTAS},
	    {"https://localhost:99999", AUDIENCES},
	    {"https://localhost:8443/x", AUDIENCES},
	    {"http://localhost:8443", AUDIENCES},
	    {"https://vault.azure.net.evil.example", AUDIENCES},
	    {"https://evil.example", AUDIENCES},
	    {"https://", AUDIENCES},
	    {"https://[::1", AUDIENCES},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *token = fixture_token(f, READER, rows[i].named);

		for (enum audience a = 0; a < AUDIENCES; a++) {
			bool taken = a == rows[i].service ||
			    rows[i].service == AUDIENCE_ACTAS ||
			    (a == AUDIENCE_ACTAS &&
				rows[i].service != AUDIENCES);

			if ((fault_of(f, token, a) == TOKEN_OK) != taken)
				fail_msg("%s for %d", rows[i].named, (int)a);
		}
	}
}

static void
wrong_audience_is_named(void **state)
{
	struct fixture *f = *state;
	struct caller caller;
	char found[256];

	assert_int_equal(
	    authenticate(f,
		fixture_token(f, READER, "https://management.azure.com/"),
		AUDIENCE_VAULT, &caller, found),
	    TOKEN_WRONG_AUDIENCE);
	assert_string_equal(found, "https://management.azure.com/");
}

/* A token whose parts are given as text, signature and all. */
static const char *
forge(struct fixture *f, const char *header, const char *claims,
    const char *signature)
{
	struct buffer text = {0};
	const char *kept;

	base64url_put(&text, header, strlen(header));
	buffer_putc(&text, '.');
	base64url_put(&text, claims, strlen(claims));
	buffer_putc(&text, '.');
	buffer_puts(&text, signature);
	kept = arena_text(&f->arena, buffer_slice(&text));
	buffer_release(&text);
	return kept;
}

#define CLAIMS(iss)                                                    \
	"{\"aud\":\"https://vault.azure.net\",\"iss\":\"" iss          \
	"\",\"iat\":1795284759,\"nbf\":1795284759,\"exp\":1795288658," \
	"\"appid\":\"" READER_APP "\",\"oid\":\"" READER               \
	"\",\"tid\":\"" TENANT                                         \
	"\",\"uti\":\"x\",\"idtyp\":\"app\",\"ver\":\"1.0\"}"
#define STS "https://sts.windows.net/" TENANT "/"

static void
forged_tokens(void **state)
{
	struct fixture *f = *state;
	const char *good = fixture_token(f, READER, VAULT);
	const char *signature = strrchr(good, '.') + 1;
	struct slice rest = slice_of(good), header;
	struct buffer text = {0};
	const char *kid_header;
	struct jwt jwt;

	slice_cut(&rest, '.', &header);
	assert_int_equal(base64url_get(header, &text), ACTAS_OK);
	kid_header = arena_text(&f->arena, buffer_slice(&text));
	buffer_release(&text);
	assert_int_equal(jwt_parse(slice_of(good), &jwt), ACTAS_OK);
	jwt_release(&jwt);

	const char *const tokens[] = {
	    "",
	    "x",
	    "a.b",
	    "a.b.c",
	    "..",
	    "....",
	    forge(f, "{\"alg\":\"none\"}", CLAIMS(STS), ""),
	    forge(f, "{\"alg\":\"None\",\"typ\":\"JWT\"}", CLAIMS(STS), ""),
	    forge(f, "{\"alg\":\"HS256\"}", CLAIMS(STS), signature),
	    forge(f, "{\"alg\":\"RS256\"}", CLAIMS(STS), signature),
	    forge(f, "{\"alg\":\"RS256\",\"kid\":\"other\"}", CLAIMS(STS),
		signature),
	    /* our key's name over other claims */
	    forge(f, kid_header, CLAIMS(STS), signature),
	    forge(f, kid_header, CLAIMS(STS), ""),
	    forge(f, kid_header, "[]", signature),
	    forge(f, kid_header, "{}", signature),
	};

	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
		enum token_fault fault = fault_of(f, tokens[i], AUDIENCE_VAULT);

		if (fault != TOKEN_MALFORMED &&
		    !(tokens[i][0] == '\0' && fault == TOKEN_MISSING))
			fail_msg("%zu: %d", i, (int)fault);
	}
	assert_int_equal(fault_of(f, NULL, AUDIENCE_VAULT), TOKEN_MISSING);
	assert_int_equal(fault_of(f, good, AUDIENCE_VAULT), TOKEN_OK);
}

static void
foreign_issuer_is_named(void **state)
{
	struct fixture *f = *state;
	const char *token = forge(f, "{\"alg\":\"RS256\",\"kid\":\"k\"}",
	    CLAIMS("https://sts.windows.net/" NUMBER("99") "/"), "c2ln");
	struct caller caller;
	char found[256];

	assert_int_equal(authenticate(f, token, AUDIENCE_VAULT, &caller, found),
	    TOKEN_WRONG_ISSUER);
	assert_string_equal(found, "https://sts.windows.net/" NUMBER("99") "/");
	assert_true(guid_is_nil(caller.object_id));
}

static void
time_of_a_token(void **state)
{
	struct fixture *f = *state;
	const char *token = fixture_token(f, READER, VAULT);
	static const struct {
		moment later;
		enum token_fault fault;
	} rows[] = {
	    {0, TOKEN_OK},
	    {3598, TOKEN_OK},
	    {3599, TOKEN_EXPIRED},
	    {100000, TOKEN_EXPIRED},
	    {-300, TOKEN_OK}, /* it is dated back for slow clocks */
	    {-301, TOKEN_NOT_YET},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		atomic_store(&f->now, FIXTURE_NOW + rows[i].later);
		assert_int_equal(
		    fault_of(f, token, AUDIENCE_VAULT), rows[i].fault);
	}
	atomic_store(&f->now, FIXTURE_NOW);
}

/* A principal that is disabled or gone takes its tokens along, at once. */
static void
revocation(void **state)
{
	static const char key[] = "service-principal/" NOBODY;
	struct fixture *f = *state;
	const char *token = fixture_token(f, NOBODY, VAULT);
	json_t *before = fixture_get(f, key);
	char *text = json_dumps(before, JSON_COMPACT);

	assert_int_equal(fault_of(f, token, AUDIENCE_VAULT), TOKEN_OK);
	fixture_put(f, key,
	    "{'id':'" NOBODY "','appId':'" NOBODY_APP
	    "','accountEnabled':false}",
	    NULL);
	assert_int_equal(fault_of(f, token, AUDIENCE_VAULT), TOKEN_REVOKED);
	fixture_put(f, key, NULL, NULL);
	assert_int_equal(fault_of(f, token, AUDIENCE_VAULT), TOKEN_REVOKED);
	fixture_put(f, key, text, NULL);
	assert_int_equal(fault_of(f, token, AUDIENCE_VAULT), TOKEN_OK);
	json_decref(before);
	mem_free(text);
}

/* More tokens than are remembered: all are still good. */
static void
many_tokens(void **state)
{
	struct fixture *f = *state;
	const char *first = fixture_token(f, READER, VAULT);

	assert_int_equal(fault_of(f, first, AUDIENCE_VAULT), TOKEN_OK);
	for (int i = 0; i < 50; i++)
		assert_int_equal(fault_of(f, fixture_token(f, READER, VAULT),
				     AUDIENCE_VAULT),
		    TOKEN_OK);
	assert_int_equal(fault_of(f, first, AUDIENCE_VAULT), TOKEN_OK);
}

/* --- signing keys --- */

static size_t
count_keys(struct fixture *f)
{
	json_t *set = keyring_jwks(f->api->tokens->ring, NULL);
	size_t count = json_array_size(json_object_get(set, "keys"));

	json_decref(set);
	return count;
}

static struct slice
kid_of(struct fixture *f, const char *token)
{
	struct jwt jwt;
	struct slice kid;

	assert_int_equal(jwt_parse(slice_of(token), &jwt), ACTAS_OK);
	kid = slice_of(arena_text(&f->arena, jwt_text(jwt.header, "kid")));
	jwt_release(&jwt);
	return kid;
}

static void
go(struct fixture *f, moment days, moment seconds)
{
	atomic_store(&f->now, FIXTURE_NOW + days * MOMENT_DAY + seconds);
	fixture_tick(f);
}

static void
rotation(void **state)
{
	struct fixture *f = *state;
	struct slice first = kid_of(f, fixture_token(f, READER, VAULT));
	const char *last;

	/* The successor is shown a day before it signs. */
	go(f, 58, 0);
	assert_int_equal(count_keys(f), 1);
	go(f, 59, 0);
	assert_int_equal(count_keys(f), 2);
	assert_true(
	    slice_eq(kid_of(f, fixture_token(f, READER, VAULT)), first));
	go(f, 60, -1);
	last = fixture_token(f, READER, VAULT);
	assert_true(slice_eq(kid_of(f, last), first));
	go(f, 60, 0);
	assert_false(
	    slice_eq(kid_of(f, fixture_token(f, READER, VAULT)), first));
	/* What the old one signed is good until it expires. */
	go(f, 60, 3000);
	assert_int_equal(fault_of(f, last, AUDIENCE_VAULT), TOKEN_OK);
	/* The old key goes when the next is made. */
	go(f, 119, 0);
	assert_int_equal(count_keys(f), 2);
	atomic_store(&f->now, FIXTURE_NOW);
}

/* --- changes --- */

static enum actas_error
apply_as_asked(
    struct api_change *c, const struct snapshot *now, struct writes *writes)
{
	assert_non_null(now);
	if (slice_eq(c->x->body, SLICE("refuse")))
		return ACTAS_EUSAGE;
	if (slice_eq(c->x->body, SLICE("memory")))
		return ACTAS_ENOMEM;
	if (slice_eq(c->x->body, SLICE("broken")))
		return ACTAS_EIO;
	writes_put(writes, SLICE("use/x"), SLICE("{}"));
	return ACTAS_OK;
}

static void
answer_as_asked(
    struct api_change *c, enum actas_error result, uint64_t revision)
{
	answer_json(c->x, result == ACTAS_OK ? 200 : 409,
	    json_pack("{s:I}", "revision", (json_int_t)revision));
}

static void
note_answer(struct exchange *x, void *context)
{
	*(uint32_t *)context = x->status;
}

static uint32_t
submit(struct fixture *f, const char *body)
{
	static const struct http_header headers[] = {
	    {"Host", LOCAL_HOST}, {NULL, NULL}};
	uint32_t status = 0, refused;
	struct exchange *x = exchange_new(HTTP_POST, SLICE("/"), headers,
	    slice_of(body), note_answer, &status, &refused);
	struct api_change c = {
	    .x = x, .apply = apply_as_asked, .answer = answer_as_asked};

	assert_non_null(x);
	x->context = f->api;
	api_submit(&c);
	fixture_put(f, NULL); /* the writer has answered by then */
	exchange_free(x);
	return status;
}

static void
changes(void **state)
{
	assert_int_equal(submit(*state, "write"), 200);
	assert_int_equal(submit(*state, "refuse"), 409);
	assert_int_equal(submit(*state, "memory"), 500);
	assert_int_equal(submit(*state, "broken"), 503);
}

/* --- bodies --- */

static void
bodies(void **state)
{
	struct fixture *f = *state;
	const char *bearer = fixture_bearer(f, ADMIN, ARM);
	char deep[400] = "{\"principal\":";
	const char *const bad[] = {"", "x", "[]", "null", "\"x\"", "{",
	    "{\"a\":1,\"a\":2}", "{\"principal\":\"\\u0000\"}",
	    "{\"principal\":\"\xff\"}", "{} {}", deep};

	memset(deep + strlen(deep), '[', 300);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct reply r = ask(
		    f, "POST", LOCAL_HOST, "/actas/sessions", bearer, bad[i]);

		assert_reply(&r, 400, "error.code", "BadRequest");
		reply_free(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hosts),
	    cmocka_unit_test(names_of_the_certificate),
	    cmocka_unit_test(dispatch),
	    cmocka_unit_test(allowed_methods),
	    cmocka_unit_test(good_token),
	    cmocka_unit_test(audiences),
	    cmocka_unit_test(wrong_audience_is_named),
	    cmocka_unit_test(forged_tokens),
	    cmocka_unit_test(foreign_issuer_is_named),
	    cmocka_unit_test(time_of_a_token),
	    cmocka_unit_test(revocation),
	    cmocka_unit_test(many_tokens),
	    cmocka_unit_test(changes),
	    cmocka_unit_test(bodies),
	    cmocka_unit_test(rotation),
	};

	return cmocka_run_group_tests_name(
	    "core", tests, fixture_setup, fixture_teardown);
}
