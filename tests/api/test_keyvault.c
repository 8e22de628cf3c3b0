/*
 * What can be done with secrets, by those who may: each operation, its bad
 * input, and what the next one then sees.
 */

#include "keyvault_world.h"

#include "api/keyvault/secrets.h"

#include <glob.h>
#include <stdio.h>

#define BASE    "https://kv-data.vault.azure.net"
#define MISSING "00000000000000000000000000000000"
#define NOT_FOUND(name)                                                    \
	"A secret with (name/id) " name                                    \
	" was not found in this key vault. If you recently deleted this "  \
	"secret you may be able to recover it using the correct recovery " \
	"command. For help resolving this issue, please see "              \
	"https://go.microsoft.com/fwlink/?linkid=2125182"

static void
a_secret_is_set_and_read(void **state)
{
	struct fixture *f = *state;
	struct reply r = vault_ask(f, "PUT", "/secrets/Db-Password", ADMIN,
	    "{'value':'v1','attributes':{}}");
	const char *id;

	assert_reply(&r, 200, "value", "v1");
	assert_reply(&r, 200, "attributes.enabled", "true");
	assert_reply(&r, 200, "attributes.created", "1795285059");
	assert_reply(&r, 200, "attributes.updated", "1795285059");
	assert_reply(
	    &r, 200, "attributes.recoveryLevel", "Recoverable+Purgeable");
	assert_reply(&r, 200, "attributes.recoverableDays", "90");
	id = arena_text(&f->arena, slice_of(reply_at(&r, "id")));
	assert_true(
	    slice_starts(slice_of(id), SLICE(BASE "/secrets/Db-Password/")));
	assert_int_equal(strlen(strrchr(id, '/') + 1), 32);
	/* Byte by byte what the service writes. */
	assert_string_equal(buffer_text(&r.x->answer),
	    arena_printf(&f->arena,
		"{\"value\":\"v1\",\"id\":\"%s\",\"attributes\":{"
		"\"enabled\":true,\"created\":1795285059,"
		"\"updated\":1795285059,\"recoveryLevel\":"
		"\"Recoverable+Purgeable\",\"recoverableDays\":90}}",
		id));
	assert_true(r.x->holds_secret);
	reply_free(&r);
	/* Names are the same in any case; the first spelling stays. */
	r = vault_ask(f, "GET", "/secrets/db-PASSWORD/", READER, NULL);
	assert_reply(&r, 200, "value", "v1");
	assert_reply(&r, 200, "id", id);
	assert_true(r.x->holds_secret);
	reply_free(&r);
}

static void
each_set_makes_a_version(void **state)
{
	struct fixture *f = *state;
	const char *first = vault_set(f, "name", "one");
	const char *second = vault_set(f, "name", "two");
	const struct {
		const char *target;
		const char *value, *version;
	} rows[] = {
	    {"/secrets/name", "two", second},
	    {"/secrets/name/", "two", second},
	    {arena_printf(&f->arena, "/secrets/name/%s", first), "one", first},
	    {arena_printf(&f->arena, "/secrets/name/%s", second), "two",
		second},
	};

	assert_string_not_equal(first, second);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r =
		    vault_ask(f, "GET", rows[i].target, READER, NULL);

		assert_reply(&r, 200, "value", rows[i].value);
		assert_string_equal(
		    strrchr(reply_at(&r, "id"), '/') + 1, rows[i].version);
		assert_reply(&r, 200, "previousVersion", "");
		reply_free(&r);
	}
}

static void
newer_editions_tell_the_version_before(void **state)
{
	struct fixture *f = *state;
	const char *first = vault_set(f, "name", "one");
	const struct {
		const char *edition, *previous, *days;
	} rows[] = {
	    {"2025-06-01-preview", first, "90"},
	    {"2026-04-01", first, "90"},
	    {"7.4", "", "90"},
	    {"7.0", "", ""},
	    {"2016-10-01", "", ""},
	};

	(void)vault_set(f, "name", "two");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = ask(f, "GET", VAULT_HOST,
		    arena_printf(&f->arena, "/secrets/name?api%%2Dversion=%s",
			rows[i].edition),
		    fixture_bearer(f, READER, VAULT), NULL);

		assert_reply(&r, 200, "previousVersion", rows[i].previous);
		assert_reply(
		    &r, 200, "attributes.recoverableDays", rows[i].days);
		reply_free(&r);
	}
}

static void
all_that_was_said_is_kept(void **state)
{
	struct fixture *f = *state;

	vault_do(f, "PUT", "/secrets/name",
	    "{'value':'v','contentType':'text/plain','tags':{'a':'1','b':''},"
	    "'attributes':{'enabled':true,'nbf':1,'exp':2,'created':9,"
	    "'recoveryLevel':'x'},'unknown':{}}",
	    200);
	/* Dates inform: the value can be read before and after them. */
	struct reply r = vault_ask(f, "GET", "/secrets/name", READER, NULL);

	assert_reply(&r, 200, "value", "v");
	assert_reply(&r, 200, "contentType", "text/plain");
	assert_reply(&r, 200, "tags.a", "1");
	assert_reply(&r, 200, "attributes.nbf", "1");
	assert_reply(&r, 200, "attributes.exp", "2");
	assert_reply(&r, 200, "attributes.created", "1795285059");
	reply_free(&r);
	/* A new version begins anew. */
	(void)vault_set(f, "name", "w");
	r = vault_ask(f, "GET", "/secrets/name", READER, NULL);
	assert_reply(&r, 200, "contentType", "");
	assert_reply(&r, 200, "tags", "");
	assert_reply(&r, 200, "attributes.exp", "");
	reply_free(&r);
}

static void
any_text_is_a_value(void **state)
{
	static const struct {
		const char *body, *answer; /* of the member */
	} rows[] = {
	    {"\"\"", "\"\""},
	    {"\"\\u00e4\\u20ac\\ud83d\\ude00\"",
		"\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\""},
	    {"\"\xc3\xa4\"", "\"\xc3\xa4\""},
	    {"\"a\\\"b\\\\c\\n\"", "\"a\\\"b\\\\c\\u000a\""},
	    {"\"\\u0000\"", "\"\\u0000\""},
	    {"\"</script>'; DROP\"", "\"</script>'; DROP\""},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = ask(f, "PUT", VAULT_HOST,
		    "/secrets/name?" SEVEN, fixture_bearer(f, ADMIN, VAULT),
		    arena_printf(&f->arena, "{\"value\":%s}", rows[i].body));
		const char *start = arena_printf(
		    &f->arena, "{\"value\":%s,\"id\":", rows[i].answer);

		assert_int_equal(r.status, 200);
		assert_true(slice_starts(r.text, slice_of(start)));
		reply_free(&r);
		r = vault_ask(f, "GET", "/secrets/name", READER, NULL);
		assert_true(slice_starts(r.text, slice_of(start)));
		reply_free(&r);
	}
}

static void
a_value_has_at_most_25_kilobytes(void **state)
{
	struct fixture *f = *state;

	for (int more = 0; more < 2; more++) {
		struct buffer body = {0};
		struct reply r;

		buffer_puts(&body, "{'value':'");
		buffer_fill(
		    &body, 'x', LIMIT_SECRET_VALUE_BYTES + (size_t)more);
		buffer_puts(&body, "'}");
		r = vault_ask(
		    f, "PUT", "/secrets/name", ADMIN, buffer_text(&body));
		assert_int_equal(r.status, more == 0 ? 200 : 400);
		if (more == 1)
			assert_reply(&r, 400, "error.message",
			    "Property  has invalid value\r\n");
		reply_free(&r);
		buffer_release(&body);
	}
	struct reply r = vault_ask(f, "GET", "/secrets/name", READER, NULL);

	assert_int_equal(
	    strlen(reply_at(&r, "value")), LIMIT_SECRET_VALUE_BYTES);
	reply_free(&r);
}

static void
bad_bodies_are_refused(void **state)
{
	static const struct {
		const char *method, *body, *property;
	} rows[] = {
	    {"PUT", "", ""},
	    {"PUT", "{", ""},
	    {"PUT", "[]", ""},
	    {"PUT", "'v'", ""},
	    {"PUT", "{}", ""},
	    {"PUT", "{'value':null}", ""},
	    {"PUT", "{'value':1}", ""},
	    {"PUT", "{'value':['v']}", ""},
	    {"PUT", "{'Value':'v'}", ""},
	    {"PUT", "{'value':'v','value':'w'}", ""},
	    {"PUT", "{'value':'\xff'}", ""},
	    {"PUT", "{'value':'\\ud800'}", ""},
	    {"PUT", "{'value':'v','contentType':1}", "contentType"},
	    {"PUT", "{'value':'v','tags':{'a':1}}", "tags"},
	    {"PUT", "{'value':'v','attributes':{'exp':'x'}}", "attributes"},
	    {"PUT", "{'value':'v'} {'value':'w'}", ""},
	    {"PATCH", "", ""},
	    {"PATCH", "{'tags':7}", "tags"},
	    {"PATCH", "{'attributes':{'enabled':1}}", "attributes"},
	};
	struct fixture *f = *state;

	(void)vault_set(f, "name", "before");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = vault_ask(
		    f, rows[i].method, "/secrets/name", ADMIN, rows[i].body);

		assert_reply(&r, 400, "error.code", "BadParameter");
		assert_reply(&r, 400, "error.message",
		    arena_printf(&f->arena, "Property %s has invalid value\r\n",
			rows[i].property));
		reply_free(&r);
	}
	struct reply r = vault_ask(f, "GET", "/secrets/name", READER, NULL);

	assert_reply(&r, 200, "value", "before");
	reply_free(&r);
}

static void
addresses_are_checked(void **state)
{
	static const struct {
		const char *method, *target, *code, *message;
		uint32_t status;
	} rows[] = {
	    {"GET", "/secrets/name", "BadParameter",
		"api-version must be specified", 400},
	    {"GET", "/secrets/name?api-version=", "BadParameter",
		"api-version must be specified", 400},
	    {"GET", "/secrets/name?api-version=1999-01-01", "BadParameter",
		"The specified version (1999-01-01) is not recognized. "
		"Consider using the latest supported version (2026-04-01).",
		400},
	    {"GET", "/secrets/name?" SEVEN "&" SEVEN, "BadParameter",
		"The specified version (7.6) is not recognized. Consider "
		"using the latest supported version (2026-04-01).",
		400},
	    {"GET", "/secrets/under_score?" SEVEN, "BadParameter",
		"The request URI contains an invalid name: under_score", 400},
	    {"GET", "/secrets/a%2Fb?" SEVEN, "BadParameter",
		"The request URI contains an invalid name: a/b", 400},
	    {"DELETE", "/deletedsecrets/a%20b?" SEVEN, "BadParameter",
		"The request URI contains an invalid name: a b", 400},
	    {"PUT", "/secrets/?" SEVEN, "MethodNotAllowed",
		"HTTP PUT not allowed", 405},
	    {"POST", "/secrets/name?" SEVEN, "MethodNotAllowed",
		"HTTP POST not allowed", 405},
	    {"DELETE", "/secrets/name/" MISSING "?" SEVEN, "MethodNotAllowed",
		"HTTP DELETE not allowed", 405},
	    {"HEAD", "/secrets/name?" SEVEN, "MethodNotAllowed",
		"HTTP HEAD not allowed", 405},
	    {"GET", "/keys?" SEVEN, "NotFound", NULL, 404},
	    {"GET", "/?" SEVEN, "NotFound", NULL, 404},
	    {"GET", "/secrets/a/b/c/d?" SEVEN, "NotFound", NULL, 404},
	    {"GET", "/secrets/missing?" SEVEN, "SecretNotFound",
		NOT_FOUND("missing"), 404},
	    {"GET", "/secrets/missing/" MISSING "?" SEVEN, "SecretNotFound",
		NOT_FOUND("missing/" MISSING), 404},
	    {"GET", "/secrets/missing/no-version?" SEVEN, "SecretNotFound",
		NOT_FOUND("missing/no-version"), 404},
	    {"DELETE", "/secrets/missing?" SEVEN, "SecretNotFound",
		NOT_FOUND("missing"), 404},
	    {"POST", "/secrets/missing/backup?" SEVEN, "SecretNotFound",
		NOT_FOUND("missing"), 404},
	    {"POST", "/deletedsecrets/missing/recover?" SEVEN, "SecretNotFound",
		NOT_FOUND("missing"), 404},
	    {"GET", "/deletedsecrets/missing?" SEVEN, "SecretNotFound",
		"Deleted Secret not found: missing", 404},
	    {"DELETE", "/deletedsecrets/missing?" SEVEN, "SecretNotFound",
		"Deleted Secret not found: missing", 404},
	};
	struct fixture *f = *state;
	const char *bearer = fixture_bearer(f, ADMIN, VAULT);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = ask(f, rows[i].method, VAULT_HOST,
		    rows[i].target, bearer, NULL);

		assert_reply(&r, rows[i].status, "error.code", rows[i].code);
		if (rows[i].message != NULL)
			assert_reply(&r, rows[i].status, "error.message",
			    rows[i].message);
		reply_free(&r);
	}
}

static void
properties_are_updated(void **state)
{
	struct fixture *f = *state;
	const char *first = vault_set(f, "name", "one");
	struct reply r;

	vault_do(f, "PUT", "/secrets/name",
	    "{'value':'two','contentType':'t','tags':{'a':'1'},"
	    "'attributes':{'exp':7}}",
	    200);
	atomic_store(&f->now, FIXTURE_NOW + 60);
	r = vault_ask(f, "PATCH", "/secrets/name/", ADMIN,
	    "{'value':'never','attributes':{'enabled':false,'nbf':null},"
	    "'tags':{}}");
	assert_reply(&r, 200, "value", "");
	assert_reply(&r, 200, "contentType", "t");
	assert_reply(&r, 200, "tags", "{}");
	assert_reply(&r, 200, "attributes.enabled", "false");
	assert_reply(&r, 200, "attributes.exp", "7");
	assert_reply(&r, 200, "attributes.nbf", "");
	assert_reply(&r, 200, "attributes.created", "1795285059");
	assert_reply(&r, 200, "attributes.updated", "1795285119");
	reply_free(&r);
	/* The version before is as it was. */
	r = vault_ask(f, "PATCH",
	    arena_printf(&f->arena, "/secrets/name/%s", first), ADMIN,
	    "{'contentType':'old'}");
	assert_reply(&r, 200, "contentType", "old");
	assert_reply(&r, 200, "attributes.enabled", "true");
	reply_free(&r);
	r = vault_ask(f, "GET",
	    arena_printf(&f->arena, "/secrets/name/%s", first), READER, NULL);
	assert_reply(&r, 200, "value", "one");
	reply_free(&r);
	vault_do(f, "PATCH", "/secrets/missing", "{}", 404);
	vault_do(f, "PATCH", "/secrets/name/" MISSING, "{}", 404);
}

static void
what_is_disabled_is_not_read(void **state)
{
	struct fixture *f = *state;
	const char *first = vault_set(f, "name", "one");
	struct reply r;

	vault_do(f, "PUT", "/secrets/name",
	    "{'value':'two','attributes':{'enabled':false}}", 200);
	r = vault_ask(f, "GET", "/secrets/name", ADMIN, NULL);
	assert_reply(&r, 403, "error.message",
	    "Operation get is not allowed on a disabled secret.");
	assert_reply(&r, 403, "error.innererror.code", "SecretDisabled");
	reply_free(&r);
	/* Each version by itself. */
	r = vault_ask(f, "GET",
	    arena_printf(&f->arena, "/secrets/name/%s", first), READER, NULL);
	assert_reply(&r, 200, "value", "one");
	reply_free(&r);
	vault_do(f, "PATCH", "/secrets/name", "{'attributes':{'enabled':true}}",
	    200);
	r = vault_ask(f, "GET", "/secrets/name", READER, NULL);
	assert_reply(&r, 200, "value", "two");
	reply_free(&r);
}

static void
what_is_deleted_can_be_recovered(void **state)
{
	struct fixture *f = *state;
	const char *version = vault_set(f, "Name", "one");
	struct reply r = vault_ask(f, "DELETE", "/secrets/name", ADMIN, NULL);

	assert_reply(&r, 200, "recoveryId", BASE "/deletedsecrets/Name");
	assert_reply(&r, 200, "deletedDate", "1795285059");
	assert_reply(&r, 200, "scheduledPurgeDate", "1803061059");
	assert_string_equal(strrchr(reply_at(&r, "id"), '/') + 1, version);
	assert_reply(&r, 200, "value", "");
	reply_free(&r);
	vault_do(f, "GET", "/secrets/name", NULL, 404);
	vault_do(f, "DELETE", "/secrets/name", NULL, 404);
	vault_do(f, "PATCH", "/secrets/name", "{}", 404);
	vault_do(f, "POST", "/secrets/name/backup", NULL, 404);
	r = vault_ask(f, "GET", "/deletedsecrets/name", READER, NULL);
	assert_reply(&r, 200, "deletedDate", "1795285059");
	assert_string_equal(strrchr(reply_at(&r, "id"), '/') + 1, version);
	reply_free(&r);
	r = vault_ask(f, "PUT", "/secrets/name", ADMIN, "{'value':'two'}");
	assert_reply(&r, 409, "error.code", "Conflict");
	assert_reply(&r, 409, "error.message",
	    "Secret name is currently in a deleted but recoverable state, and "
	    "its name cannot be reused; in this state, the secret can only be "
	    "recovered or purged.");
	assert_reply(
	    &r, 409, "error.innererror.code", "ObjectIsDeletedButRecoverable");
	reply_free(&r);
	r = vault_ask(f, "POST", "/deletedsecrets/name/recover", ADMIN, NULL);
	assert_reply(&r, 200, "value", "");
	assert_reply(&r, 200, "recoveryId", "");
	assert_string_equal(strrchr(reply_at(&r, "id"), '/') + 1, version);
	reply_free(&r);
	r = vault_ask(f, "GET", "/secrets/name", READER, NULL);
	assert_reply(&r, 200, "value", "one");
	reply_free(&r);
	vault_do(f, "POST", "/deletedsecrets/name/recover", NULL, 404);
	vault_do(f, "DELETE", "/deletedsecrets/name", NULL, 404);
}

static void
what_is_purged_is_gone(void **state)
{
	struct fixture *f = *state;
	const char *old = vault_set(f, "name", "one");
	struct reply r;

	vault_do(f, "DELETE", "/secrets/name", NULL, 200);
	r = vault_ask(f, "DELETE", "/deletedsecrets/name", ADMIN, NULL);
	assert_int_equal(r.status, 204);
	assert_int_equal(r.text.length, 0);
	reply_free(&r);
	vault_do(f, "GET", "/deletedsecrets/name", NULL, 404);
	vault_do(f, "POST", "/deletedsecrets/name/recover", NULL, 404);
	assert_null(fixture_get(f, "secret/kv-data/name"));
	assert_null(fixture_get(f, "current/kv-data/name"));
	assert_null(fixture_get(
	    f, arena_printf(&f->arena, "version/kv-data/name/%s", old)));
	/* The name is free, and what was is no version of it. */
	(void)vault_set(f, "NAME", "two");
	r = vault_ask(f, "GET", "/secrets/name", READER, NULL);
	assert_true(slice_starts(
	    slice_of(reply_at(&r, "id")), SLICE(BASE "/secrets/NAME/")));
	reply_free(&r);
	r = vault_ask(f, "GET", "/secrets/name/versions", READER, NULL);
	assert_reply(&r, 200, "value.1.id", "");
	reply_free(&r);
}

static void
a_protected_vault_is_not_purged(void **state)
{
	struct fixture *f = *state;
	json_t *vault = fixture_get(f, "vault/kv-data");
	char *text;
	struct reply r;

	json_object_set_new(json_object_get(vault, "properties"),
	    "enablePurgeProtection", json_true());
	json_object_set_new(json_object_get(vault, "properties"),
	    "softDeleteRetentionInDays", json_integer(7));
	text = json_dumps(vault, JSON_COMPACT);
	fixture_put(f, "vault/kv-data", text, NULL);
	json_decref(vault);
	free(text);
	(void)vault_set(f, "name", "one");
	r = vault_ask(f, "DELETE", "/secrets/name", ADMIN, NULL);
	assert_reply(&r, 200, "scheduledPurgeDate", "1795889859");
	assert_reply(
	    &r, 200, "attributes.recoveryLevel", "CustomizedRecoverable");
	assert_reply(&r, 200, "attributes.recoverableDays", "7");
	reply_free(&r);
	r = vault_ask(f, "DELETE", "/deletedsecrets/name", ADMIN, NULL);
	assert_reply(&r, 403, "error.code", "Forbidden");
	assert_reply(&r, 403, "error.message",
	    "Operation \"purge\" is not allowed because purge protection is "
	    "enabled for this vault. Key Vault service will automatically "
	    "purge it after the retention period has passed.\r\nVault: "
	    "kv-data;location=westeurope");
	reply_free(&r);
	vault_do(f, "GET", "/deletedsecrets/name", NULL, 200);
}

/* 90 days on, to the second. */
static void
what_is_deleted_purges_itself(void **state)
{
	struct fixture *f = *state;
	const char *old = vault_set(f, "name", "one");
	const char *version_key =
	    arena_printf(&f->arena, "version/kv-data/name/%s", old);
	json_t *left;

	vault_do(f, "DELETE", "/secrets/name", NULL, 200);
	atomic_store(&f->now, FIXTURE_NOW + 90 * MOMENT_DAY - 1);
	vault_do(f, "GET", "/deletedsecrets/name", NULL, 200);
	atomic_store(&f->now, FIXTURE_NOW + 90 * MOMENT_DAY);
	vault_do(f, "GET", "/deletedsecrets/name", NULL, 404);
	vault_do(f, "POST", "/deletedsecrets/name/recover", NULL, 404);
	vault_do(f, "DELETE", "/deletedsecrets/name", NULL, 404);
	left = fixture_get(f, version_key);
	assert_non_null(left);
	json_decref(left);
	/* The next write of the name takes away what was left. */
	(void)vault_set(f, "name", "two");
	assert_null(fixture_get(f, version_key));
}

static void
a_sweep_takes_away_what_purged_itself(void **state)
{
	struct fixture *f = *state;
	uint32_t removed;

	(void)vault_set(f, "alive", "one");
	(void)vault_set(f, "later", "one");
	(void)vault_set(f, "gone", "one");
	vault_do(f, "DELETE", "/secrets/gone", NULL, 200);
	atomic_store(&f->now, FIXTURE_NOW + 3600);
	vault_do(f, "DELETE", "/secrets/later", NULL, 200);
	assert_int_equal(secrets_sweep(&f->platform, &removed), ACTAS_OK);
	assert_int_equal(removed, 0);
	atomic_store(&f->now, FIXTURE_NOW + 90 * MOMENT_DAY);
	assert_int_equal(secrets_sweep(&f->platform, &removed), ACTAS_OK);
	assert_int_equal(removed, 1);
	assert_null(fixture_get(f, "secret/kv-data/gone"));
	vault_do(f, "GET", "/deletedsecrets/later", NULL, 200);
	vault_do(f, "GET", "/secrets/alive", NULL, 200);
}

/* --- backup --- */

static const char *
back_up(struct fixture *f, const char *name)
{
	struct reply r = vault_ask(f, "POST",
	    arena_printf(&f->arena, "/secrets/%s/backup", name), ADMIN, NULL);
	const char *blob =
	    arena_text(&f->arena, slice_of(reply_at(&r, "value")));

	assert_int_equal(r.status, 200);
	for (const char *c = blob; *c != '\0'; c++)
		assert_non_null(
		    strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw"
			   "xyz0123456789-_",
			*c));
	assert_null(strstr(blob, "c2VjcmV0")); /* "secret" */
	reply_free(&r);
	return blob;
}

static struct reply
restore_at(struct fixture *f, const char *host, const char *blob)
{
	return vault_ask_at(f, host, "POST", "/secrets/restore", ADMIN,
	    arena_printf(&f->arena, "{'value':'%s'}", blob));
}

static void
backups_bring_all_versions_back(void **state)
{
	struct fixture *f = *state;
	const char *first = vault_set(f, "Name", "one"), *second, *blob;
	struct reply r;

	vault_do(f, "PATCH", "/secrets/name", "{'tags':{'a':'1'}}", 200);
	second = vault_set(f, "name", "two");
	blob = back_up(f, "name");
	r = restore_at(f, VAULT_HOST, blob);
	assert_reply(&r, 409, "error.code", "Conflict");
	assert_reply(&r, 409, "error.innererror.code", "");
	assert_true(slice_starts(slice_of(reply_at(&r, "error.message")),
	    slice_of(arena_printf(&f->arena,
		"There was a conflict restoring the secret "
		"'" BASE "/secrets/Name/%s'. This can happen if either: ",
		second))));
	reply_free(&r);
	/* A deleted one is in the way, too. */
	vault_do(f, "DELETE", "/secrets/name", NULL, 200);
	r = restore_at(f, VAULT_HOST, blob);
	assert_int_equal(r.status, 409);
	reply_free(&r);
	vault_do(f, "DELETE", "/deletedsecrets/name", NULL, 204);
	r = restore_at(f, VAULT_HOST, blob);
	assert_reply(&r, 200, "value", "");
	assert_reply(&r, 200, "id",
	    arena_printf(&f->arena, BASE "/secrets/Name/%s", second));
	reply_free(&r);
	r = vault_ask(f, "GET", "/secrets/name", READER, NULL);
	assert_reply(&r, 200, "value", "two");
	reply_free(&r);
	r = vault_ask(f, "GET",
	    arena_printf(&f->arena, "/secrets/name/%s", first), READER, NULL);
	assert_reply(&r, 200, "value", "one");
	assert_reply(&r, 200, "tags.a", "1");
	reply_free(&r);
}

static void
backups_go_into_other_vaults(void **state)
{
	struct fixture *f = *state;
	const char *blob;
	struct reply r;

	fixture_put(
	    f, "vault/kv-old", ROLE_VAULT(OLD_PATH, "kv-old", ""), NULL);
	(void)vault_set(f, "name", "one");
	blob = back_up(f, "name");
	r = restore_at(f, OLD_HOST, blob);
	assert_int_equal(r.status, 200);
	reply_free(&r);
	r = vault_ask_at(f, OLD_HOST, "GET", "/secrets/name", ADMIN, NULL);
	assert_reply(&r, 200, "value", "one");
	reply_free(&r);
}

static void
backups_that_were_touched_are_refused(void **state)
{
	struct fixture *f = *state;
	const char *blob;
	char *touched;
	struct reply r;

	(void)vault_set(f, "name", "one");
	blob = back_up(f, "name");
	vault_do(f, "DELETE", "/secrets/name", NULL, 200);
	vault_do(f, "DELETE", "/deletedsecrets/name", NULL, 204);
	touched = arena_text(&f->arena, slice_of(blob));
	touched[strlen(touched) / 2] ^= 1;
	const char *const blobs[] = {"", "AAAA", "%%%", touched, blob + 4};

	for (size_t i = 0; i < sizeof blobs / sizeof *blobs; i++) {
		r = restore_at(f, VAULT_HOST, blobs[i]);
		assert_reply(&r, 400, "error.code", "Malformed backup blob");
		assert_reply(&r, 400, "error.message",
		    "Backup blob contains invalid or corrupt version.");
		reply_free(&r);
	}
	r = vault_ask(f, "POST", "/secrets/restore", ADMIN, "{'value':1}");
	assert_reply(&r, 400, "error.code", "BadParameter");
	reply_free(&r);
	vault_do(f, "GET", "/secrets/name", NULL, 404);
}

/* --- the record --- */

static void
reads_and_writes_are_audited(void **state)
{
	static const struct {
		const char *method, *target, *body;
		uint32_t status;
		const char *operation;
	} rows[] = {
	    {"PUT", "/secrets/name", "{'value':'sesame'}", 200, "SecretSet"},
	    {"GET", "/secrets/name", NULL, 200, "SecretGet"},
	    {"PATCH", "/secrets/name", "{}", 200, "SecretUpdate"},
	    {"GET", "/secrets", NULL, 200, "SecretList"},
	    {"GET", "/secrets/name/versions", NULL, 200, "SecretListVersions"},
	    {"POST", "/secrets/name/backup", NULL, 200, "SecretBackup"},
	    {"DELETE", "/secrets/name", NULL, 200, "SecretDelete"},
	    {"GET", "/deletedsecrets", NULL, 200, "SecretListDeleted"},
	    {"GET", "/deletedsecrets/name", NULL, 200, "SecretGetDeleted"},
	    {"POST", "/deletedsecrets/name/recover", NULL, 200,
		"SecretRecover"},
	    {"DELETE", "/secrets/name", NULL, 200, "SecretDelete"},
	    {"DELETE", "/deletedsecrets/name", NULL, 204, "SecretPurge"},
	    {"GET", "/secrets/name", NULL, 404, "SecretGet"},
	    {"POST", "/secrets/restore", "{'value':'AAAA'}", 400,
		"SecretRestore"},
	};
	struct fixture *f = *state;
	json_t *lines, *line;
	char *text;
	size_t before;

	lines = fixture_audit(f);
	before = json_array_size(lines);
	json_decref(lines);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		vault_do(f, rows[i].method, rows[i].target, rows[i].body,
		    rows[i].status);
	lines = fixture_audit(f);
	assert_int_equal(
	    json_array_size(lines), before + sizeof rows / sizeof *rows);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		line = json_array_get(lines, before + i);
		assert_string_equal(
		    json_at(line, "operation"), rows[i].operation);
		assert_int_equal(
		    json_integer_value(json_object_get(line, "status")),
		    rows[i].status);
	}
	text = json_dumps(lines, 0);
	assert_null(strstr(text, "sesame"));
	free(text);
	json_decref(lines);
}

/* Takes the files of the audit log away under the platform. */
static void
remove_audit(struct fixture *f)
{
	glob_t found;

	assert_int_equal(
	    glob(arena_printf(&f->arena, "%s/audit-*.jsonl", f->folder), 0,
		NULL, &found),
	    0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		assert_int_equal(remove(found.gl_pathv[i]), 0);
	globfree(&found);
}

static uint64_t
revision_of(struct fixture *f)
{
	const struct snapshot *now = store_pin(f->platform.store);
	uint64_t revision = now->revision;

	store_unpin(f->platform.store, now);
	return revision;
}

/* No line, no value, and no change. */
static void
without_a_record_nothing_is_done(void **state)
{
	struct fixture *f = *state;
	struct reply r;
	uint64_t before;

	(void)vault_set(f, "name", "sesame");
	before = revision_of(f);
	remove_audit(f);
	r = vault_ask(f, "GET", "/secrets/name", READER, NULL);
	assert_reply(&r, 503, "error.code", "ServiceUnavailable");
	assert_int_equal(slice_find(r.text, SLICE("sesame")), SIZE_MAX);
	reply_free(&r);
	r = vault_ask(f, "DELETE", "/secrets/name", ADMIN, NULL);
	assert_reply(&r, 503, "error.code", "ServiceUnavailable");
	reply_free(&r);
	assert_int_equal(revision_of(f), before);
}

/* --- at rest --- */

static bool
walk_finds(struct fixture *f, struct slice needle)
{
	const struct snapshot *now = store_pin(f->platform.store);
	struct state_walk walk;
	struct entry entry;
	bool found = false;

	state_walk_prefix(&walk, now->state, SLICE(""));
	while (state_walk_next(&walk, &entry))
		found |= slice_find(entry.value, needle) != SIZE_MAX;
	store_unpin(f->platform.store, now);
	return found;
}

static void
values_are_sealed_at_rest(void **state)
{
	struct fixture *f = *state;

	(void)vault_set(f, "name", "open-sesame-42");
	assert_true(walk_finds(f, SLICE("\"sealed\":")));
	assert_false(walk_finds(f, SLICE("open-sesame-42")));
	assert_false(walk_finds(f, SLICE("b3Blbi1zZXNhbWUtND")));
}

/* A sealed value is bound to its name: moved elsewhere it opens for nobody. */
static void
a_sealed_value_cannot_be_moved(void **state)
{
	struct fixture *f = *state;
	const char *from = vault_set(f, "private", "theirs");
	const char *to = vault_set(f, "mine", "mine");
	json_t *stolen = fixture_get(
	    f, arena_printf(&f->arena, "version/kv-data/private/%s", from));
	char *text = json_dumps(stolen, JSON_COMPACT);
	struct reply r;

	fixture_put(f, arena_printf(&f->arena, "version/kv-data/mine/%s", to),
	    text, NULL);
	r = vault_ask(f, "GET", "/secrets/mine", READER, NULL);
	assert_int_equal(r.status, 500);
	assert_int_equal(slice_find(r.text, SLICE("theirs")), SIZE_MAX);
	reply_free(&r);
	json_decref(stolen);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    VAULT_TEST(a_secret_is_set_and_read),
	    VAULT_TEST(each_set_makes_a_version),
	    VAULT_TEST(newer_editions_tell_the_version_before),
	    VAULT_TEST(all_that_was_said_is_kept),
	    VAULT_TEST(any_text_is_a_value),
	    VAULT_TEST(a_value_has_at_most_25_kilobytes),
	    VAULT_TEST(bad_bodies_are_refused),
	    VAULT_TEST(addresses_are_checked),
	    VAULT_TEST(properties_are_updated),
	    VAULT_TEST(what_is_disabled_is_not_read),
	    VAULT_TEST(what_is_deleted_can_be_recovered),
	    VAULT_TEST(what_is_purged_is_gone),
	    VAULT_TEST(a_protected_vault_is_not_purged),
	    VAULT_TEST(what_is_deleted_purges_itself),
	    VAULT_TEST(a_sweep_takes_away_what_purged_itself),
	    VAULT_TEST(backups_bring_all_versions_back),
	    VAULT_TEST(backups_go_into_other_vaults),
	    VAULT_TEST(backups_that_were_touched_are_refused),
	    VAULT_TEST(reads_and_writes_are_audited),
	    VAULT_TEST(values_are_sealed_at_rest),
	    VAULT_TEST(a_sealed_value_cannot_be_moved),
	    /* The last: the log is broken then. */
	    VAULT_TEST(without_a_record_nothing_is_done),
	};

	if (secrets_start(NULL) != ACTAS_OK)
		return 1;
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
