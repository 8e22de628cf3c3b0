#include "assertion.h"

#include <stdio.h>

/* Tokens by an assertion that the application signed itself. */

struct world {
	struct fixture *f;
	struct signer rsa, ec, other;
	unsigned serial;
};

#define RSA_KEY NUMBER("d0")
#define EC_KEY  NUMBER("d1")

static const char *
credential(struct fixture *f, const struct signer *s)
{
	return arena_printf(&f->arena,
	    "{'kind':'certificate','displayName':'CN=spn-reader',"
	    "'startDateTime':'2026-01-01T00:00:00Z',"
	    "'endDateTime':'2027-01-01T00:00:00Z','key':'%s','x5t':'%s',"
	    "'usage':'Verify','type':'AsymmetricX509Cert'}",
	    signer_certificate(f, s), signer_thumbprint(f, s->sha1, false));
}

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	void *fixture = NULL;

	assert_non_null(w);
	fixture_setup(&fixture);
	w->f = fixture;
	w->rsa = signer_new("RSA");
	w->ec = signer_new("EC");
	w->other = signer_new("RSA");
	fixture_put(w->f, "credential/" READER_HOME "/" RSA_KEY,
	    credential(w->f, &w->rsa), "credential/" READER_HOME "/" EC_KEY,
	    credential(w->f, &w->ec), NULL);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;
	void *fixture = w->f;

	fixture_teardown(&fixture);
	signer_free(&w->rsa);
	signer_free(&w->ec);
	signer_free(&w->other);
	free(w);
	return 0;
}

#define NOW      "1795285059"
#define SOON     "1795285659"
#define ENDPOINT "https://login.microsoftonline.com" TOKEN_V2
#define CLAIMS_OF(aud, id, more)                                     \
	"{'aud':'" aud "','iss':'" id "','sub':'" id "','exp':" SOON \
	",'nbf':" NOW more "}"
#define CLAIMS(more) CLAIMS_OF(ENDPOINT, READER_APP, more)

/* As msal-go writes it: in plain base64. Three of four hashes have a character
 * in which the alphabets differ. */
static const char *
plain_thumbprint(struct world *w, const struct signer *s)
{
	char *text = arena_printf(
	    &w->f->arena, "%s", signer_thumbprint(w->f, s->sha256, true));

	for (char *at = text; *at != '\0'; at++)
		*at = *at == '-' ? '+' : *at == '_' ? '/' : *at;
	return text;
}

/* A header by the name of the way in which a client writes it. */
static const char *
header_of(struct world *w, const char *way, const struct signer *s)
{
	struct arena *a = &w->f->arena;
	const char *short_one = signer_thumbprint(w->f, s->sha1, false);
	const char *padded = signer_thumbprint(w->f, s->sha1, true);
	const char *long_one = signer_thumbprint(w->f, s->sha256, false);

	if (strcmp(way, "js") == 0)
		return arena_printf(
		    a, "{'alg':'PS256','typ':'JWT','x5t#S256':'%s'}", long_one);
	if (strcmp(way, "go") == 0)
		return arena_printf(a,
		    "{'alg':'PS256','typ':'JWT','x5t#S256':'%s'}",
		    plain_thumbprint(w, s));
	if (strcmp(way, "python 1.21") == 0)
		return arena_printf(
		    a, "{'alg':'RS256','typ':'JWT','x5t':'%s'}", padded);
	if (strcmp(way, "go-azure-sdk") == 0)
		return arena_printf(a, "{'alg':'RS256','kid':'%s'}", padded);
	if (strcmp(way, "go-azure-sdk ec") == 0)
		return arena_printf(a, "{'alg':'ES256','kid':'%s'}", padded);
	if (strcmp(way, "hexadecimal") == 0)
		return arena_printf(a, "{'alg':'RS256','kid':'%s'}", s->sha1);
	if (strcmp(way, "both") == 0)
		return arena_printf(a, "{'alg':'RS256','x5t':'%s','kid':'%s'}",
		    short_one, s->sha1);
	return arena_printf(a, "{'alg':'%s','x5t':'%s'}", way, short_one);
}

static void
clients(void **state)
{
	static const struct {
		const char *way;
		enum signature signature;
		const char *claims, *key;
	} rows[] = {
	    {"js", SIGN_PS256, CLAIMS(",'jti':'1'"), RSA_KEY},
	    {"go", SIGN_PS256, CLAIMS(",'jti':'8'"), RSA_KEY},
	    {"python 1.21", SIGN_RS256,
		"{'aud':'" ENDPOINT "','iss':'" READER_APP
		"','sub':'" READER_APP "','exp':" SOON ".568,'iat':" NOW
		".568,'jti':'2'}",
		RSA_KEY},
	    {"go-azure-sdk", SIGN_RS256, CLAIMS(",'jti':'3'"), RSA_KEY},
	    {"go-azure-sdk ec", SIGN_ES256_DER, CLAIMS(",'jti':'4'"), EC_KEY},
	    {"go-azure-sdk ec", SIGN_ES256, CLAIMS(",'jti':'5'"), EC_KEY},
	    {"hexadecimal", SIGN_RS256, CLAIMS(",'jti':'6'"), RSA_KEY},
	    {"both", SIGN_RS256, CLAIMS(",'jti':'7'"), RSA_KEY},
	    {"RS256", SIGN_RS256, CLAIMS(""), RSA_KEY},
	    {"RS256", SIGN_RS256,
		"{'aud':['x','" ENDPOINT "'],'iss':'" READER_APP
		"','sub':'" READER_APP "','exp':" SOON "}",
		RSA_KEY},
	    /* clocks that differ */
	    {"RS256", SIGN_RS256,
		"{'aud':'" ENDPOINT "','iss':'" READER_APP
		"','sub':'" READER_APP "','exp':1795284760,'nbf':1795280000}",
		RSA_KEY},
	    {"RS256", SIGN_RS256,
		"{'aud':'" ENDPOINT "','iss':'" READER_APP
		"','sub':'" READER_APP "','exp':1795289999,'nbf':1795285359}",
		RSA_KEY},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct signer *s =
		    strcmp(rows[i].key, EC_KEY) == 0 ? &w->ec : &w->rsa;
		struct reply r = ask(w->f, "POST", LOGIN_HOST, TOKEN_V2, FORM,
		    assertion_form(w->f, READER_APP,
			signer_sign(w->f, s, rows[i].signature,
			    header_of(w, rows[i].way, s), rows[i].claims)));
		json_t *claims;

		if (r.status != 200)
			fail_msg(
			    "%zu %s: %.*s", i, rows[i].way, SLICE_ARGS(r.text));
		claims = reply_claims(&r);
		assert_string_equal(json_at(claims, "appidacr"), "2");
		assert_string_equal(json_at(claims, "actas_kid"), rows[i].key);
		json_decref(claims);
		reply_free(&r);
	}
}

/* Every spelling of where the assertion goes. */
static void
audiences(void **state)
{
	static const struct {
		const char *audience;
		bool taken;
	} rows[] = {
	    {"https://login.microsoftonline.com/" TENANT "/oauth2/v2.0/token",
		true},
	    {"https://login.microsoftonline.com/" TENANT "/oauth2/token", true},
	    {"https://login.microsoftonline.com/" TENANT "/v2.0", true},
	    {"https://login.microsoftonline.com/" TENANT "/", true},
	    {"https://login.microsoftonline.com/" TENANT, true},
	    {"https://login.microsoftonline.com/" DOMAIN "/oauth2/v2.0/token",
		true},
	    {"https://login.microsoftonline.com/common/oauth2/v2.0/token",
		true},
	    {"https://sts.windows.net/" TENANT "/", true},
	    {"https://localhost:8443/" TENANT "/oauth2/v2.0/token", true},
	    {"https://localhost:8443/adfs/oauth2/token", true},
	    {"https://127.0.0.1:1/" TENANT "/oauth2/token/", true},
	    {"https://login.microsoftonline.com/" NUMBER("99") "/oauth2/v2.0/"
							       "token",
		false},
	    {"https://login.microsoftonline.com/", false},
	    {"https://login.microsoftonline.com", false},
	    {"https://evil.example/" TENANT "/oauth2/v2.0/token", false},
	    {"https://graph.microsoft.com/" TENANT "/oauth2/v2.0/token", false},
	    {"http://localhost/" TENANT "/oauth2/v2.0/token", false},
	    {"https://localhost/" TENANT "/oauth2/v2.0/token/x", false},
	    {"api://AzureADTokenExchange", false},
	    {"", false},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *claims = arena_printf(&w->f->arena,
		    "{'aud':'%s','iss':'" READER_APP "','sub':'" READER_APP
		    "','exp':" SOON "}",
		    rows[i].audience);
		struct reply r = ask(w->f, "POST", LOGIN_HOST, TOKEN_V2, FORM,
		    assertion_form(w->f, READER_APP,
			signer_sign(w->f, &w->rsa, SIGN_PS256,
			    header_of(w, "js", &w->rsa), claims)));

		if (r.status != (rows[i].taken ? 200 : 401))
			fail_msg(
			    "%s: %.*s", rows[i].audience, SLICE_ARGS(r.text));
		if (!rows[i].taken)
			assert_reply(&r, 401, "error_codes.0", "700023");
		reply_free(&r);
	}
}

enum { OWN, OTHER };

static void
refused_assertions(void **state)
{
	static const struct {
		int by;
		enum signature signature;
		const char *way, *claims;
		uint32_t status;
		const char *error, *number, *text;
	} rows[] = {
	    {OWN, SIGN_BADLY, "RS256", CLAIMS(""), 401, "invalid_client",
		"700027",
		"[Reason - The provided signature value did not match the "
		"expected signature value., Thumbprint of key used by client: "
		"'"},
	    /* PS256 said, RS256 signed, and the other way round */
	    {OWN, SIGN_RS256, "js", CLAIMS(""), 401, "invalid_client", "700027",
		"Found key 'Start=01/01/2026 00:00:00, End=01/01/2027 "
		"00:00:00'"},
	    {OWN, SIGN_PS256, "RS256", CLAIMS(""), 401, "invalid_client",
		"700027", "did not match"},
	    {OTHER, SIGN_RS256, "RS256", CLAIMS(""), 401, "invalid_client",
		"700027",
		"Client assertion failed signature validation. [Reason - The "
		"key was not found., Thumbprint of key used by client: '"},
	    {OWN, SIGN_RS256, "none", CLAIMS(""), 400, "invalid_request",
		"5002738", "'none' is not a supported signature algorithm"},
	    {OWN, SIGN_RS256, "HS256", CLAIMS(""), 400, "invalid_request",
		"5002738", "'HS256'"},
	    {OWN, SIGN_RS256, "ES256", CLAIMS(""), 401, "invalid_client",
		"700027", "did not match"},
	    {OWN, SIGN_RS256, "RS256",
		"{'aud':'" ENDPOINT "','iss':'" READER_APP
		"','sub':'" NOBODY_APP "','exp':" SOON "}",
		401, "invalid_client", "700021", "'client_id' parameter"},
	    {OWN, SIGN_RS256, "RS256",
		"{'aud':'" ENDPOINT "','iss':'" READER_APP "','exp':" SOON "}",
		401, "invalid_client", "700021", "'client_id' parameter"},
	    /* of another application: an issuer that nobody trusts */
	    {OWN, SIGN_RS256, "RS256", CLAIMS_OF(ENDPOINT, NOBODY_APP, ""), 401,
		"invalid_client", "700211", "issuer '" NOBODY_APP "'"},
	    {OWN, SIGN_RS256, "RS256",
		"{'aud':'" ENDPOINT "','sub':'" READER_APP "','exp':" SOON "}",
		400, "invalid_request", "50027", "malformed"},
	    {OWN, SIGN_RS256, "RS256",
		"{'aud':'" ENDPOINT "','iss':'" READER_APP
		"','sub':'" READER_APP "'}",
		400, "invalid_request", "50027", "malformed"},
	    {OWN, SIGN_RS256, "RS256",
		"{'aud':'" ENDPOINT "','iss':'" READER_APP
		"','sub':'" READER_APP "','exp':'" SOON "'}",
		400, "invalid_request", "50027", "malformed"},
	    {OWN, SIGN_RS256, "RS256",
		"{'aud':'" ENDPOINT "','iss':'" READER_APP
		"','sub':'" READER_APP "','exp':1795284759}",
		401, "invalid_client", "700024",
		"Current time: 2026-11-21T18:17:39.0000000Z, assertion valid "
		"from 1970-01-01T00:00:00.0000000Z, expiry time of assertion "
		"2026-11-21T18:12:39.0000000Z."},
	    {OWN, SIGN_RS256, "RS256",
		"{'aud':'" ENDPOINT "','iss':'" READER_APP
		"','sub':'" READER_APP "','exp':1795299999,'nbf':1795285360}",
		401, "invalid_client", "700024",
		"valid from 2026-11-21T18:22:40.0000000Z"},
	    {OWN, SIGN_RS256, "RS256",
		"{'iss':'" READER_APP "','sub':'" READER_APP "','exp':" SOON
		"}",
		401, "invalid_client", "700023", "audience"},
	    {OWN, SIGN_RS256, "RS256",
		"{'aud':7,'iss':'" READER_APP "','sub':'" READER_APP
		"','exp':" SOON "}",
		401, "invalid_client", "700023", "audience"},
	    {OWN, SIGN_RS256, "RS256",
		"{'aud':[],'iss':'" READER_APP "','sub':'" READER_APP
		"','exp':" SOON "}",
		401, "invalid_client", "700023", "audience"},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct signer *s =
		    rows[i].by == OWN ? &w->rsa : &w->other;
		struct refused expected = {
		    .body = assertion_form(w->f, READER_APP,
			signer_sign(w->f, s, rows[i].signature,
			    header_of(w, rows[i].way, s), rows[i].claims)),
		    .status = rows[i].status,
		    .error = rows[i].error,
		    .number = rows[i].number,
		    .text = rows[i].text,
		};

		assert_refused(w->f, &expected);
	}
}

static void
no_assertion_at_all(void **state)
{
	static const char *const bodies[] = {"x", "a.b.c", "..", "%00.%00.",
	    "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "eyJhbGciOiJSUzI1NiJ9.W10.c2ln",
	    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjF9.c2ln"};
	struct world *w = *state;
	struct refused expected = {.status = 400,
	    .error = "invalid_request",
	    .number = "50027",
	    .text = "JWT token is invalid or malformed."};

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		expected.number =
		    strchr(bodies[i], '%') == NULL ? "50027" : "9002313";
		expected.text = "malformed";
		expected.body = assertion_form(w->f, READER_APP, bodies[i]);
		assert_refused(w->f, &expected);
	}
	expected.number = "900144";
	expected.text = "'client_assertion_type'";
	expected.body = GRANT "&client_id=" READER_APP
			      "&client_assertion=a.b.c" VAULT_SCOPE;
	assert_refused(w->f, &expected);
	expected.number = "90023";
	expected.text = "'saml'";
	expected.body = GRANT "&client_id=" READER_APP
			      "&client_assertion=a.b.c&client_assertion_type="
			      "saml" VAULT_SCOPE;
	assert_refused(w->f, &expected);
}

/* Certificates end too. */
static void
expired_certificate(void **state)
{
	struct world *w = *state;
	struct refused expected = {.status = 401,
	    .error = "invalid_client",
	    .number = "700027",
	    .text = "[Reason - The key used is expired., Thumbprint"};

	atomic_store(&w->f->now, 1798761600);
	expected.body = assertion_form(w->f, READER_APP,
	    signer_sign(w->f, &w->rsa, SIGN_RS256,
		header_of(w, "RS256", &w->rsa),
		"{'aud':'" ENDPOINT "','iss':'" READER_APP
		"','sub':'" READER_APP "','exp':1798762000}"));
	assert_refused(w->f, &expected);
	atomic_store(&w->f->now, FIXTURE_NOW);
}

/* --- the same assertion again --- */

static uint32_t
send(struct world *w, const char *peer, const char *assertion)
{
	struct fixture *f = w->f;
	struct reply r;
	uint32_t status;

	f->peer = peer;
	f->peer_is_loopback =
	    strcmp(peer, "127.0.0.1") == 0 || strcmp(peer, "::1") == 0;
	r = ask(f, "POST", LOGIN_HOST, TOKEN_V2, FORM,
	    assertion_form(f, READER_APP, assertion));
	status = r.status;
	if (status != 200)
		assert_non_null(strstr(
		    reply_at(&r, "error_description"), "was used before"));
	reply_free(&r);
	f->peer = "127.0.0.1";
	f->peer_is_loopback = true;
	return status;
}

static const char *
with_jti(struct world *w, const char *jti, const char *more)
{
	return signer_sign(w->f, &w->rsa, SIGN_PS256,
	    header_of(w, "js", &w->rsa),
	    arena_printf(&w->f->arena,
		"{'aud':'" ENDPOINT "','iss':'" READER_APP
		"','sub':'" READER_APP "','exp':" SOON ",'jti':'%s'%s}",
		jti, more));
}

static void
replays(void **state)
{
	struct world *w = *state;
	const char *first = with_jti(w, "r1", "");
	const char *plain = signer_sign(w->f, &w->rsa, SIGN_RS256,
	    header_of(w, "RS256", &w->rsa), CLAIMS(",'x':1"));

	/* MSAL sends one assertion for ten minutes. */
	assert_int_equal(send(w, "10.0.0.1", first), 200);
	assert_int_equal(send(w, "10.0.0.1", first), 200);
	/* Somebody else has it. */
	assert_int_equal(send(w, "10.0.0.2", first), 401);
	assert_int_equal(send(w, "127.0.0.1", first), 401);
	assert_int_equal(send(w, "10.0.0.1", first), 200);
	/* Another assertion with the same jti. */
	assert_int_equal(send(w, "10.0.0.1", with_jti(w, "r1", ",'x':1")), 401);
	/* Both forms of loopback are this machine. */
	assert_int_equal(send(w, "127.0.0.1", with_jti(w, "r2", "")), 200);
	assert_int_equal(
	    send(w, "::1",
		signer_sign(w->f, &w->rsa, SIGN_RS256,
		    header_of(w, "RS256", &w->rsa), CLAIMS(",'x':2"))),
	    200);
	/* One without jti is known by itself. */
	assert_int_equal(send(w, "127.0.0.1", plain), 200);
	assert_int_equal(send(w, "::1", plain), 200);
	assert_int_equal(send(w, "10.0.0.1", plain), 401);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(clients),
	    cmocka_unit_test(audiences),
	    cmocka_unit_test(refused_assertions),
	    cmocka_unit_test(no_assertion_at_all),
	    cmocka_unit_test(expired_certificate),
	    cmocka_unit_test(replays),
	};

	return cmocka_run_group_tests_name(
	    "entra certificate", tests, setup, teardown);
}
