#include "fixture.h"

/* Discovery, and tokens by client secret. */

#define TOKEN_V2               "/" TENANT "/oauth2/v2.0/token"
#define TOKEN_V1               "/" TENANT "/oauth2/token"
#define FORM                   "Content-Type: application/x-www-form-urlencoded"
#define GRANT                  "grant_type=client_credentials"
#define SECRET_OF(app, secret) GRANT "&client_id=" app "&client_secret=" secret
#define VAULT_SCOPE            "&scope=https%3A%2F%2Fvault.azure.net%2F.default"

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
	    {LOGIN_HOST, "/" TENANT "/.well-known/openid-configuration",
		"https://" LOGIN_HOST "/" TENANT "/oauth2/token",
		"https://" LOGIN_HOST "/" TENANT "/discovery/keys",
		"https://sts.windows.net/" TENANT "/"},
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
token_by_secret(void **state)
{
	struct reply r = ask(*state, "POST", LOGIN_HOST, TOKEN_V2, FORM,
	    SECRET_OF(READER_APP, READER_SECRET) VAULT_SCOPE);

	assert_reply(&r, 200, "token_type", "Bearer");
	assert_reply(&r, 200, "expires_in", "3599");
	reply_free(&r);
}

static void
wrong_secret(void **state)
{
	struct reply r = ask(*state, "POST", LOGIN_HOST, TOKEN_V2, FORM,
	    SECRET_OF(READER_APP, NOBODY_SECRET) VAULT_SCOPE);

	assert_reply(&r, 401, "error", "invalid_client");
	reply_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(openid_documents),
	    cmocka_unit_test(token_by_secret),
	    cmocka_unit_test(wrong_secret),
	};

	return cmocka_run_group_tests_name(
	    "entra", tests, fixture_setup, fixture_teardown);
}
