#include "entra_test.h"

#include "api/tokens.h"

/* Discovery. */

static void
openid_documents(void **state)
{
	static const struct {
		const char *host, *target;
		const char *token, *keys, *issuer;
	} rows[] = {
	    {LOCAL_HOST, "/" TENANT "/v2.0/.well-known/openid-configuration",
		"https://localhost:8443/" TENANT "/oauth2/v2.0/token",
		"https://localhost:8443/" TENANT "/discovery/v2.0/keys",
		"https://login.microsoftonline.com/" TENANT "/v2.0"},
	    {LOGIN_HOST, "/" DOMAIN "/v2.0/.well-known/openid-configuration",
		"https://" LOGIN_HOST "/" TENANT "/oauth2/v2.0/token",
		"https://" LOGIN_HOST "/" TENANT "/discovery/v2.0/keys",
		"https://login.microsoftonline.com/" TENANT "/v2.0"},
	    {LOGIN_HOST, "/common/v2.0/.well-known/openid-configuration",
		"https://" LOGIN_HOST "/common/oauth2/v2.0/token",
		"https://" LOGIN_HOST "/common/discovery/v2.0/keys",
		"https://login.microsoftonline.com/{tenantid}/v2.0"},
	    {LOGIN_HOST, "/organizations/v2.0/.well-known/openid-configuration",
		"https://" LOGIN_HOST "/organizations/oauth2/v2.0/token",
		"https://" LOGIN_HOST "/organizations/discovery/v2.0/keys",
		"https://login.microsoftonline.com/{tenantid}/v2.0"},
	    {LOGIN_HOST, "/" TENANT "/.well-known/openid-configuration",
		"https://" LOGIN_HOST "/" TENANT "/oauth2/token",
		"https://" LOGIN_HOST "/" TENANT "/discovery/keys",
		"https://sts.windows.net/" TENANT "/"},
	    {"sts.windows.net", "/common/.well-known/openid-configuration?x=1",
		"https://sts.windows.net/common/oauth2/token",
		"https://sts.windows.net/common/discovery/keys",
		"https://sts.windows.net/{tenantid}/"},
	    {"localhost:1", "/adfs/.well-known/openid-configuration",
		"https://localhost:1/adfs/oauth2/token",
		"https://localhost:1/adfs/discovery/keys",
		"https://localhost:1/adfs"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = ask(
		    *state, "GET", rows[i].host, rows[i].target, NULL, NULL);

		assert_reply(&r, 200, "token_endpoint", rows[i].token);
		assert_reply(&r, 200, "jwks_uri", rows[i].keys);
		assert_reply(&r, 200, "issuer", rows[i].issuer);
		assert_string_not_equal(
		    reply_at(&r, "authorization_endpoint"), "");
		reply_free(&r);
	}
}

static void
other_tenants(void **state)
{
	static const struct {
		const char *tenant, *number;
	} rows[] = {
	    {NUMBER("99"), "90002"},
	    {"other.example", "90002"},
	    {"consumers", "90002"},
	    {"nonsense", "900023"},
	    {"a%2Fb", "900023"},
	    {"%F0%9F%98%80", "900023"},
	};
	static const char *const documents[] = {
	    "/v2.0/.well-known/openid-configuration",
	    "/.well-known/openid-configuration", "/discovery/v2.0/keys",
	    "/discovery/keys"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (size_t d = 0; d < 4; d++) {
			const char *target = arena_printf(
			    &f->arena, "/%s%s", rows[i].tenant, documents[d]);
			struct reply r =
			    ask(f, "GET", LOGIN_HOST, target, NULL, NULL);

			assert_reply(&r, 400, "error_codes.0", rows[i].number);
			reply_free(&r);
		}
	}
}

/* A token is verified with what the key set shows, whichever way it is asked
 * for. */
static void
key_sets(void **state)
{
	static const struct {
		const char *target;
		bool has_issuer;
	} rows[] = {
	    {"/" TENANT "/discovery/v2.0/keys", true},
	    {"/common/discovery/v2.0/keys", true},
	    {"/" TENANT "/discovery/keys", false},
	    {"/common/discovery/keys", false},
	    {"/adfs/discovery/keys", false},
	};
	struct fixture *f = *state;
	struct jwt jwt;

	assert_int_equal(
	    jwt_parse(slice_of(fixture_token(f, READER, VAULT)), &jwt),
	    ACTAS_OK);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r =
		    ask(f, "GET", LOGIN_HOST, rows[i].target, NULL, NULL);
		struct public_key *key = public_key_of_jwk(
		    json_array_get(json_object_get(r.body, "keys"), 0));

		assert_reply(&r, 200, "keys.0.kty", "RSA");
		assert_reply(&r, 200, "keys.0.use", "sig");
		assert_string_not_equal(reply_at(&r, "keys.0.x5c.0"), "");
		assert_string_equal(
		    reply_at(&r, "keys.0.kid"), reply_at(&r, "keys.0.x5t"));
		assert_string_equal(reply_at(&r, "keys.0.issuer"),
		    rows[i].has_issuer
			? "https://login.microsoftonline.com/" TENANT "/v2.0"
			: "");
		assert_non_null(key);
		assert_true(jwt_verify(&jwt, key));
		public_key_free(key);
		reply_free(&r);
	}
	jwt_release(&jwt);
}

#define DISCOVERY "/common/discovery/instance"

static void
instance_discovery(void **state)
{
	static const struct {
		const char *host, *query, *document, *alias;
	} rows[] = {
	    /* msal for Python, known authority */
	    {LOGIN_HOST,
		"?api-version=1.1&authorization_endpoint=https://"
		"login.microsoftonline.com/common/oauth2/authorize",
		"https://login.microsoftonline.com/common/.well-known/"
		"openid-configuration",
		LOGIN_HOST},
	    /* msal for JavaScript, through the tunnel */
	    {LOGIN_HOST,
		"?api-version=1.1&authorization_endpoint=https%3A%2F%2F"
		"localhost%3A8443%2F" TENANT "%2Foauth2%2Fv2.0%2Fauthorize",
		"https://localhost:8443/" TENANT
		"/v2.0/.well-known/openid-configuration",
		"localhost:8443"},
	    /* msal for Python forgets the port */
	    {LOGIN_HOST,
		"?api-version=1.0&authorization_endpoint=https://"
		"localhost/" TENANT "/oauth2/v2.0/authorize",
		"https://login.microsoftonline.com/" TENANT
		"/v2.0/.well-known/openid-configuration",
		LOGIN_HOST},
	    {LOCAL_HOST,
		"?api-version=1.0&authorization_endpoint=https://"
		"LOCALHOST/" TENANT "/oauth2/v2.0/authorize",
		"https://localhost:8443/" TENANT
		"/v2.0/.well-known/openid-configuration",
		LOCAL_HOST},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture *f = *state;
		const char *target =
		    arena_printf(&f->arena, "%s%s", DISCOVERY, rows[i].query);
		struct reply r =
		    ask(f, "GET", rows[i].host, target, NULL, NULL);

		assert_reply(
		    &r, 200, "tenant_discovery_endpoint", rows[i].document);
		assert_reply(&r, 200, "metadata.0.aliases.0", rows[i].alias);
		assert_reply(
		    &r, 200, "metadata.0.preferred_network", rows[i].alias);
		reply_free(&r);
	}
}

static void
foreign_instances(void **state)
{
	static const char *const queries[] = {
	    "",
	    "?authorization_endpoint=",
	    "?authorization_endpoint=https://evil.example/t/oauth2/authorize",
	    "?authorization_endpoint=https://graph.microsoft.com/t/x",
	    "?authorization_endpoint=http://localhost/t/oauth2/authorize",
	    "?authorization_endpoint=https://login.microsoftonline.com",
	    "?authorization_endpoint=https://login.microsoftonline.com/",
	    "?authorization_endpoint=https:///common/oauth2",
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		const char *target =
		    arena_printf(&f->arena, "%s%s", DISCOVERY, queries[i]);
		struct reply r = ask(f, "GET", LOGIN_HOST, target, NULL, NULL);

		assert_reply(&r, 400, "error", "invalid_instance");
		reply_free(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(openid_documents),
	    cmocka_unit_test(other_tenants),
	    cmocka_unit_test(key_sets),
	    cmocka_unit_test(instance_discovery),
	    cmocka_unit_test(foreign_instances),
	};

	return cmocka_run_group_tests_name(
	    "entra", tests, fixture_setup, fixture_teardown);
}
