#include "entra_test.h"

#include "api/sessions.h"
#include "keys/jwt.h"

#include <stdio.h>

/* Sessions, and tokens by environment in both forms. */

#define SESSIONS "/actas/sessions"
#define MSI      "/msi/token?api-version=2019-08-01"
#define IMDS     "/metadata/identity/oauth2/token?api-version=2018-02-01"
#define FOR      "&resource=https%3A%2F%2Fvault.azure.net"

static const char *
owner_header(struct fixture *f)
{
	const struct secret_bytes *key =
	    master_key(f->platform.master, PURPOSE_LOCAL_OWNER);
	struct buffer text = {0};
	const char *header;

	base64url_put(&text, key->at, key->length);
	header = arena_printf(
	    &f->arena, "Authorization: Bearer %s", buffer_text(&text));
	buffer_release(&text);
	return header;
}

/* "X-IDENTITY-HEADER: …" of a new session. */
static const char *
begin(struct fixture *f, const char *body)
{
	struct reply r =
	    ask(f, "POST", LOCAL_HOST, SESSIONS, owner_header(f), body);
	const char *header;

	assert_reply(&r, 201, "endpoint", "https://localhost:8443/msi/token");
	assert_int_equal(strlen(reply_at(&r, "header")), 43);
	assert_true(r.x->holds_secret);
	header = arena_printf(
	    &f->arena, "X-IDENTITY-HEADER: %s", reply_at(&r, "header"));
	reply_free(&r);
	return header;
}

static void
end(struct fixture *f, const char *header)
{
	struct reply r = ask(f, "DELETE", LOCAL_HOST, SESSIONS, header, NULL);

	assert_reply(&r, 204, NULL, NULL);
	reply_free(&r);
}

static void
sessions(void **state)
{
	static const struct {
		const char *body, *name, *client, *object;
	} rows[] = {
	    {"{\"principal\":\"spn-reader\"}", "spn-reader", READER_APP,
		READER},
	    {"{\"principal\":\"SPN-READER\"}", "spn-reader", READER_APP,
		READER},
	    {"{\"principal\":\"" READER "\"}", "spn-reader", READER_APP,
		READER},
	    {"{\"principal\":\"" READER_APP "\"}", "spn-reader", READER_APP,
		READER},
	    {"{\"principal\":\"mi-job\"}", "mi-job", MANAGED_APP, MANAGED},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = ask(f, "POST", LOCAL_HOST, SESSIONS,
		    owner_header(f), rows[i].body);
		json_t *line = last_audit(f);

		assert_reply(&r, 201, "name", rows[i].name);
		assert_reply(&r, 201, "clientId", rows[i].client);
		assert_reply(&r, 201, "objectId", rows[i].object);
		assert_string_equal(
		    json_at(line, "operation"), "SessionCreate");
		assert_string_equal(json_at(line, "resource"), rows[i].object);
		json_decref(line);
		reply_free(&r);
	}
}

static void
refused_sessions(void **state)
{
	static const struct {
		const char *body;
		uint32_t status;
		const char *code;
	} rows[] = {
	    {"{}", 400, "BadRequest"},
	    {"{\"principal\":7}", 400, "BadRequest"},
	    {"{\"principal\":\"\"}", 400, "BadRequest"},
	    {"{\"principal\":\"nobody\"}", 404, "PrincipalNotFound"},
	    {"{\"principal\":\"Dora\"}", 400, "BadRequest"},
	    {"{\"principal\":\"team\"}", 400, "BadRequest"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = ask(f, "POST", LOCAL_HOST, SESSIONS,
		    owner_header(f), rows[i].body);

		assert_reply(&r, rows[i].status, "error.code", rows[i].code);
		reply_free(&r);
	}
}

/* Who may lend an identity: the folder's owner, and whoever could become it
 * anyway. */
static void
who_may_lend(void **state)
{
	static const struct {
		const char *caller, *body;
		uint32_t status;
	} rows[] = {
	    {ADMIN, "{\"principal\":\"spn-reader\"}", 201},
	    {ADMIN, "{\"principal\":\"mi-job\"}", 201},
	    {READER, "{\"principal\":\"spn-reader\"}", 403},
	    {READER, "{\"principal\":\"actas-admin\"}", 403},
	    {NOBODY, "{\"principal\":\"mi-job\"}", 403},
	    {NOBODY, "{\"principal\":\"spn-reader\",\"metadata\":true}", 403},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = ask(f, "POST", LOCAL_HOST, SESSIONS,
		    fixture_bearer(f, rows[i].caller, ARM), rows[i].body);
		json_t *line = last_audit(f);

		assert_reply(&r, rows[i].status, NULL, NULL);
		assert_string_equal(json_at(line, "objectId"), rows[i].caller);
		json_decref(line);
		reply_free(&r);
	}
}

static void
not_the_owner(void **state)
{
	struct fixture *f = *state;
	const char *const headers[] = {NULL, "Authorization: Bearer x",
	    "Authorization: Bearer", "Authorization: Bearer AAAA",
	    "Authorization: Bearer "
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
	struct reply r;

	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		r = ask(f, "POST", LOCAL_HOST, SESSIONS, headers[i],
		    "{\"principal\":\"spn-reader\"}");
		assert_reply(&r, 401, NULL, NULL);
		reply_free(&r);
	}
	/* The key is for who is on this machine. */
	f->peer = "10.0.0.1";
	f->peer_is_loopback = false;
	r = ask(f, "POST", LOCAL_HOST, SESSIONS, owner_header(f),
	    "{\"principal\":\"spn-reader\"}");
	assert_reply(&r, 401, NULL, NULL);
	reply_free(&r);
	f->peer = "127.0.0.1";
	f->peer_is_loopback = true;
}

/* --- App Service --- */

static void
app_service(void **state)
{
	struct fixture *f = *state;
	const char *header = begin(f, "{\"principal\":\"mi-job\"}");
	struct reply r = ask(f, "GET", LOCAL_HOST, MSI FOR, header, NULL);
	json_t *claims = reply_claims(&r), *line = last_audit(f);

	assert_reply(&r, 200, "token_type", "Bearer");
	assert_reply(&r, 200, "resource", "https://vault.azure.net");
	assert_reply(&r, 200, "client_id", MANAGED_APP);
	assert_reply(&r, 200, "expires_on", "1795371458");
	assert_reply(&r, 200, "expires_in", "86399");
	assert_true(json_is_string(json_object_get(r.body, "expires_on")));
	assert_true(json_is_string(json_object_get(r.body, "expires_in")));
	assert_string_equal(json_at(claims, "oid"), MANAGED);
	assert_string_equal(json_at(claims, "appid"), MANAGED_APP);
	assert_string_equal(json_at(claims, "xms_mirid"), MI_PATH);
	assert_string_equal(json_at(claims, "aud"), "https://vault.azure.net");
	assert_string_equal(json_at(claims, "exp"), "1795371458");
	assert_string_equal(json_at(line, "operation"), "ManagedIdentity");
	assert_string_equal(json_at(line, "objectId"), MANAGED);
	json_decref(line);
	json_decref(claims);
	reply_free(&r);
	end(f, header);
}

/* Its token is let in where the identity is. */
static void
token_is_good(void **state)
{
	struct fixture *f = *state;
	const char *header = begin(f, "{\"principal\":\"spn-reader\"}");
	struct reply r = ask(f, "GET", LOCAL_HOST, MSI FOR, header, NULL);
	const char *bearer = arena_printf(&f->arena, "Authorization: Bearer %s",
	    reply_at(&r, "access_token"));

	reply_free(&r);
	r = ask(f, "GET", VAULT_HOST, "/secrets/none?api-version=7.6", bearer,
	    NULL);
	assert_reply(&r, 404, "error.code", "SecretNotFound");
	reply_free(&r);
	end(f, header);
}

static void
app_service_refuses(void **state)
{
	static const char unable[] =
	    "Unable to load the proper Managed Identity.";
	static const struct {
		const char *target;
		uint32_t status;
		const char *message;
	} rows[] = {
	    {MSI FOR "&client_id=" MANAGED_APP, 200, NULL},
	    {MSI FOR "&object_id=" MANAGED, 200, NULL},
	    {MSI FOR "&principal_id=" MANAGED, 200, NULL},
	    {MSI FOR "&mi_res_id=" MI_PATH, 200, NULL},
	    {MSI FOR "&client_id=" READER_APP, 400, unable},
	    {MSI FOR "&client_id=mi-job", 400, unable},
	    {MSI FOR "&object_id=" READER, 400, unable},
	    {MSI FOR "&mi_res_id=/subscriptions/x", 400, unable},
	    {MSI FOR "&client_id=" MANAGED_APP "&object_id=" READER, 400,
		unable},
	    {MSI, 400, "The required query variable 'resource' is missing."},
	    {MSI "&resource=https://evil.example", 400,
		"AADSTS500011: The resource principal named by 'resource' was "
		"not found in the tenant."},
	    {"/msi/token?resource=https://vault.azure.net", 400,
		"The api-version is not supported."},
	    {"/msi/token?api-version=1&resource=https://vault.azure.net", 400,
		"The api-version is not supported."},
	};
	struct fixture *f = *state;
	const char *header = begin(f, "{\"principal\":\"mi-job\"}");

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r =
		    ask(f, "GET", LOCAL_HOST, rows[i].target, header, NULL);

		if (r.status != rows[i].status)
			fail_msg(
			    "%s: %.*s", rows[i].target, SLICE_ARGS(r.text));
		if (rows[i].message != NULL) {
			assert_reply(&r, r.status, "message", rows[i].message);
			assert_reply(&r, r.status, "statusCode", "400");
		}
		reply_free(&r);
	}
	end(f, header);
}

static void
unknown_headers(void **state)
{
	struct fixture *f = *state;
	const char *old = begin(f, "{\"principal\":\"mi-job\"}");
	const char *live = begin(f, "{\"principal\":\"mi-job\"}");
	const char *const headers[] = {NULL,
	    "X-IDENTITY-HEADER: ", "X-IDENTITY-HEADER: x", old,
	    "Metadata: true"};
	struct reply r;

	end(f, old);
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		r = ask(f, "GET", LOCAL_HOST, MSI FOR, headers[i], NULL);
		assert_reply(&r, 401, "statusCode", "401");
		reply_free(&r);
	}
	r = ask(f, "DELETE", LOCAL_HOST, SESSIONS, old, NULL);
	assert_reply(&r, 404, NULL, NULL);
	reply_free(&r);
	r = ask(f, "GET", LOCAL_HOST, MSI FOR, live, NULL);
	assert_reply(&r, 200, NULL, NULL);
	reply_free(&r);
	/* Nothing lasts for ever. */
	atomic_store(&f->now, FIXTURE_NOW + SESSION_LIFE);
	r = ask(f, "GET", LOCAL_HOST, MSI FOR, live, NULL);
	assert_reply(&r, 401, NULL, NULL);
	reply_free(&r);
	atomic_store(&f->now, FIXTURE_NOW);
	end(f, live);
}

/* An identity that is disabled has no tokens, whoever holds a session. */
static void
disabled_identity(void **state)
{
	struct fixture *f = *state;
	const char *header = begin(f, "{\"principal\":\"spn-stopped\"}");
	struct reply r = ask(f, "GET", LOCAL_HOST, MSI FOR, header, NULL);

	assert_reply(&r, 400, NULL, NULL);
	reply_free(&r);
	end(f, header);
}

/* --- IMDS --- */

static uint32_t
imds(struct fixture *f, const char *target, const char *headers,
    const char *error)
{
	struct reply r = ask(f, "GET", LOCAL_HOST, target, headers, NULL);
	uint32_t status = r.status;

	if (error != NULL)
		assert_reply(&r, status, "error", error);
	reply_free(&r);
	return status;
}

static void
metadata_service(void **state)
{
	static const char on[] = "{\"principal\":\"mi-job\",\"metadata\":true}";
	struct fixture *f = *state;
	const char *plain = begin(f, "{\"principal\":\"mi-job\"}");
	const char *header;
	struct reply r;

	/* Only where a session says so. */
	assert_int_equal(imds(f, IMDS FOR, "Metadata: true", "not_found"), 404);
	header = begin(f, on);
	r = ask(f, "GET", LOCAL_HOST, IMDS FOR, "Metadata: true", NULL);
	assert_reply(&r, 200, "client_id", MANAGED_APP);
	assert_reply(&r, 200, "resource", "https://vault.azure.net");
	assert_reply(&r, 200, "not_before", "1795285059");
	assert_reply(&r, 200, "refresh_token", "");
	reply_free(&r);
	/* JavaScript asks with a slash at the end. */
	assert_int_equal(imds(f,
			     "/metadata/identity/oauth2/token/"
			     "?api-version=2018-02-01" FOR,
			     "Metadata: true", NULL),
	    200);
	assert_int_equal(imds(f, IMDS FOR, NULL, "invalid_request"), 400);
	assert_int_equal(
	    imds(f, IMDS FOR, "Metadata: false", "invalid_request"), 400);
	assert_int_equal(
	    imds(f, IMDS FOR, "Metadata: true\nX-Forwarded-For: 10.0.0.1",
		"invalid_request"),
	    400);
	assert_int_equal(
	    imds(f, IMDS, "Metadata: true", "invalid_resource"), 400);
	assert_int_equal(imds(f, IMDS FOR "&client_id=" READER_APP,
			     "Metadata: true", "invalid_request"),
	    400);
	/* One at a time. */
	r = ask(f, "POST", LOCAL_HOST, SESSIONS, owner_header(f), on);
	assert_reply(&r, 409, "error.code", "Conflict");
	reply_free(&r);
	/* From this machine. */
	f->peer_is_loopback = false;
	assert_int_equal(imds(f, IMDS FOR, "Metadata: true", "not_found"), 404);
	f->peer_is_loopback = true;
	end(f, header);
	assert_int_equal(imds(f, IMDS FOR, "Metadata: true", "not_found"), 404);
	end(f, plain);
}

/* There are not more sessions than there is room for. */
static void
too_many_sessions(void **state)
{
	struct fixture *f = *state;
	struct sessions *s = sessions_new();
	struct guid id = chance_guid(f->platform.chance);
	char header[SESSION_HEADER_BYTES];

	for (uint32_t i = 0; i < LIMIT_SESSIONS; i++)
		assert_int_equal(sessions_begin(s, f->platform.chance, id,
				     false, 100, header),
		    ACTAS_OK);
	assert_int_equal(
	    sessions_begin(s, f->platform.chance, id, false, 100, header),
	    ACTAS_ELIMIT);
	assert_int_equal(sessions_begin(s, f->platform.chance, id, false,
			     100 + SESSION_LIFE, header),
	    ACTAS_OK);
	sessions_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sessions),
	    cmocka_unit_test(refused_sessions),
	    cmocka_unit_test(who_may_lend),
	    cmocka_unit_test(not_the_owner),
	    cmocka_unit_test(app_service),
	    cmocka_unit_test(token_is_good),
	    cmocka_unit_test(app_service_refuses),
	    cmocka_unit_test(unknown_headers),
	    cmocka_unit_test(disabled_identity),
	    cmocka_unit_test(metadata_service),
	    cmocka_unit_test(too_many_sessions),
	};

	return cmocka_run_group_tests_name(
	    "managed identity", tests, fixture_setup, fixture_teardown);
}
