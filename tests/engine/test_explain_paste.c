#include "explain_world.h"

#include <stdlib.h>

/*
 * explain: what pasting does to a text, tokens, sign-ins, and texts that
 * nobody pasted in good faith.
 */

enum { HOSTILE_BYTES = 1 << 20, LINE_WIDTH = 37 };

static char *
repeat(const char *piece, size_t size)
{
	size_t length = strlen(piece);
	char *text = mem_alloc(size + 1);

	assert_non_null(text);
	for (size_t i = 0; i < size; i++)
		text[i] = piece[i % length];
	text[size] = '\0';
	return text;
}

/* The denial of sp-airflow, whole. */
static void
check_denial(struct world *w, const char *text)
{
	world_explain(w, text);
	if (w->x.form != EXPLAIN_VAULT_RBAC ||
	    w->x.caller.principal != w->airflow || w->x.scope != w->secret ||
	    !w->x.decided)
		fail_msg("not understood: %.200s", text);
	assert_string_equal(w->x.action, GET_SECRET);
	world_tells(w, "the role Key Vault Secrets User at vault kv.");
}

#define ESCAPED_RBAC                                                    \
	"Caller is not authorized to perform action on resource.\\r\\n" \
	"Caller: " AIRFLOW "\\r\\nAction: '" GET_SECRET                 \
	"'\\r\\nResource: '" SECRET_PATH                                \
	"'\\r\\nDecisionReason: 'DeniedWithNoValidRBAC' \\r\\n"

static void
every_way_of_pasting_is_undone(void **state ACTAS_UNUSED)
{
	static const char *const texts[] = {
	    /* a body in JSON */
	    "{\"error\":{\"code\":\"Forbidden\",\"message\":\"" ESCAPED_RBAC
	    "\",\"innererror\":{\"code\":\"ForbiddenByRbac\"}}}",
	    /* a body in JSON in a log line in JSON */
	    "{\"log\":\"{\\\"error\\\":{\\\"code\\\":\\\"Forbidden\\\","
	    "\\\"message\\\":\\\"Caller is not authorized to perform action "
	    "on resource.\\\\r\\\\nCaller: " AIRFLOW
	    "\\\\r\\\\nAction: '" GET_SECRET
	    "'\\\\r\\\\nResource: '" SECRET_PATH "'\\\\r\\\\n\\\"}}\"}",
	    /* exceptions of Python, Java, JavaScript, .NET */
	    "azure.core.exceptions.HttpResponseError: (Forbidden) " RBAC
	    "Code: Forbidden\nInner error: {\n    \"code\": "
	    "\"ForbiddenByRbac\"\n}",
	    "Py4JJavaError: An error occurred while calling z:mssparkutils."
	    "credentials.getSecret.\n: java.io.IOException: 403 "
	    "{\"error\":{\"code\":\"Forbidden\",\"message\":\"" ESCAPED_RBAC
	    "\"}}\n\tat com.microsoft.azure.trident.tokenlibrary.X(X.scala:1)",
	    "RestError: " RBAC "    at handleErrorResponse (index.js:1:2) {\n"
	    "  code: 'Forbidden', statusCode: 403 }",
	    "Azure.RequestFailedException: " RBAC "Status: 403 (Forbidden)",
	    /* a web page */
	    "<p>Caller is not authorized to perform action on resource."
	    "<br/>Caller:&nbsp;" AIRFLOW "<br/>Action: &#39;" GET_SECRET
	    "&#39;<br/>Resource: &#x27;" SECRET_PATH "&apos;</p>",
	    /* a terminal */
	    "\033[31mCaller is not authorized to perform action on resource."
	    "\033[0m\nCaller: \033[1mappid=" AIRFLOW_APP
	    "\033[0m;oid=" AIRFLOW_OID "\nAction: '" GET_SECRET
	    "'\nResource: '\033]8;;x\a" SECRET_PATH "'",
	    "\\u001b[31mCaller: " AIRFLOW "\\u001b[0m\\nAction: '" GET_SECRET
	    "'\\nResource: '" SECRET_PATH "'",
	    /* a word processor */
	    "Caller: " AIRFLOW "\nAction: \xe2\x80\x98" GET_SECRET
	    "\xe2\x80\x99\nResource: \xe2\x80\x98" SECRET_PATH "\xe2\x80\x99",
	    /* a mail that quotes */
	    "> Caller: " AIRFLOW "\n> Action: '" GET_SECRET
	    "'\n> Resource: '/subscriptions/00000000-0000-0000-0000-0000000\n"
	    "> 0000a/resourcegroups/rg/providers/microsoft.keyvault/vaults/\n"
	    "> kv/secrets/key'\n",
	    /* a URL */
	    "Caller%3A%20" AIRFLOW "%0D%0AAction%3A%20%27" GET_SECRET
	    "%27%0D%0AResource%3A%20%27" SECRET_PATH "%27",
	    /* a log that puts its prefix on each line, no quotation marks */
	    "2026-11-21 10:00:00 ERROR Caller: " AIRFLOW
	    "\n2026-11-21 10:00:00 ERROR Action: " GET_SECRET
	    "\n2026-11-21 10:00:00 ERROR Resource: " SECRET_PATH "\n",
	};
	struct world w;

	world_make(&w);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		check_denial(&w, texts[i]);
	world_end(&w);
}

static void
a_text_in_utf16_is_read(void **state ACTAS_UNUSED)
{
	char wide[2 * sizeof RBAC + 2] = "\xff\xfe";
	struct world w;

	world_make(&w);
	for (size_t i = 0; i < sizeof RBAC - 1; i++)
		wide[2 + 2 * i] = RBAC[i];
	assert_int_equal(explain(w.f.e, (struct slice){wide, sizeof wide}, NONE,
			     0, &w.f.arena, &w.x),
	    ACTAS_OK);
	assert_int_equal(w.x.caller.principal, w.airflow);
	world_end(&w);
}

/* A line break anywhere, in words, ids and paths alike. */
static void
a_text_wrapped_at_any_width_is_read(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	for (size_t width = 10; width < 10 + LINE_WIDTH; width++) {
		struct buffer text = {0};

		for (size_t i = 0; i < sizeof RBAC - 1; i++) {
			if (i > 0 && i % width == 0)
				buffer_puts(&text, "\n    ");
			buffer_putc(&text, RBAC[i]);
		}
		check_denial(&w, buffer_text(&text));
		buffer_release(&text);
	}
	world_end(&w);
}

static void
any_fragment_is_survived(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	for (size_t i = 0; i < sizeof RBAC - 1; i++) {
		struct slice s = {RBAC, i};

		assert_int_equal(
		    explain(w.f.e, s, NONE, 0, &w.f.arena, &w.x), ACTAS_OK);
		s = slice_from(SLICE(RBAC), i);
		assert_int_equal(
		    explain(w.f.e, s, NONE, 0, &w.f.arena, &w.x), ACTAS_OK);
	}
	world_explain(&w, "appid=" AIRFLOW_APP ";oid=" AIRFLOW_OID);
	assert_int_equal(w.x.form, EXPLAIN_NOT_UNDERSTOOD);
	assert_int_equal(w.x.caller.principal, w.airflow);
	world_tells(&w, "names a caller, sp-airflow, but not what was refused");
	world_end(&w);
}

#define THREAD                                                                \
	"The error message includes a caller appid (caxxxxxx-xxxx-xxxx-"      \
	"xxxx-xxxxxxxxxxxx) that I can't find anywhere in Entra ID : not "    \
	"in App Registrations, not in Enterprise Applications.\n\nHere's "    \
	"the relevant part of the error:\n\n \n \nCaller: appid=caxxxxxx-"    \
	"xxxx-xxxx-xxxx-xxxxxxxxxxxx;oid=4exxxxxx-xxxx-xxxx-xxxx-"            \
	"xxxxxxxxxxxx Action: Microsoft.KeyVault/vaults/secrets/getSecret/"   \
	"action innererror: ForbiddenByRbac\n\nI decoded the JWT token used " \
	"for the Key Vault call and confirmed idtyp: app \xe2\x80\x94 so "    \
	"it's not a user identity.\n"

static void
check_thread(struct world *w, const char *text)
{
	world_explain(w, text);
	assert_int_equal(w->x.form, EXPLAIN_VAULT_RBAC);
	assert_string_equal(w->x.inner_code, "ForbiddenByRbac");
	assert_string_equal(w->x.action, GET_SECRET);
	assert_int_equal(w->x.caller.principal, NONE);
	assert_int_equal(w->x.caller.is_app, YES);
	world_tells(w,
	    "ids are redacted; what is left of them is appid ca and "
	    "oid 4e.");
	world_tells(w, "In the source that fits service principal sp-airflow.");
	world_tells(w, "app-only token");
	world_tells(w,
	    "The text does not name the vault; the source has only "
	    "one, so it is taken to be vault kv.");
	world_tells(w,
	    "If it was sp-airflow: sp-airflow holds no role at "
	    "vault kv");
	world_tells(w,
	    "; if that is who called) the role Key Vault Secrets "
	    "User at vault kv.");
}

static void
the_threads_own_words_are_explained(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	check_thread(&w, THREAD);
	w.expected = w.space;
	check_thread(&w, THREAD);
	world_tells(&w,
	    "It is not workspace identity Gold, whom you "
	    "expected.");
	world_end(&w);
}

static void
the_thread_itself_is_explained(void **state ACTAS_UNUSED)
{
	struct buffer path = {0}, text = {0};
	const char *shared = getenv("ACTAS_SHARED");
	struct reader from;
	struct world w;

	buffer_addf(&path, "%s/seeds/000_03062af77e2e8560.txt",
	    shared == NULL ? "." : shared);
	if (reader_open(&from, buffer_text(&path), NULL) != ACTAS_OK) {
		print_message("# skipped: no %s\n", buffer_text(&path));
		buffer_release(&path);
		return; /* cmocka's skip() is a failure in TAP */
	}
	assert_int_equal(
	    reader_all(&from, &text, LIMIT_PASTE_BYTES, NULL), ACTAS_OK);
	reader_close(&from);
	world_make(&w);
	check_thread(&w, buffer_text(&text));
	world_end(&w);
	buffer_release(&path);
	buffer_release(&text);
}

static const struct {
	const char *text;
	const char *tells[3];
} sign_ins[] = {
    {"{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: "
     "Invalid client secret provided. Ensure the secret being sent in the "
     "request is the client secret value, not the client secret ID, for a "
     "secret added to app '" AIRFLOW_APP "'.\\r\\nTrace ID: x\"}",
	{"sp-airflow presented a client secret that is wrong", "not its id",
	    "no role and no permission helps"}},
    {"AADSTS7000222: The provided client secret keys for app '" AIRFLOW_APP
     "' are expired.",
	{"The client secrets of sp-airflow have expired", "Make a new secret",
	    "federated"}},
    {"AADSTS700016: Application with identifier '" STRANGE_APP
     "' was not found in the directory '" OTHER_TENANT "'.",
	{"Application " STRANGE_APP " was not found in the directory",
	    "which is not that of this source", "Compare the client id"}},
    {"AADSTS700016: Application with identifier '" STRANGE_APP
     "' was not found in the directory 'Contoso'.",
	{"was not found"}},
    {"AADSTS90002: Tenant '" OTHER_TENANT "' not found. Check to make sure",
	{"The tenant that was asked does not exist", "the right cloud"}},
    {"AADSTS700027: Client assertion failed signature validation.",
	{"signature with which", "Register the certificate"}},
    {"AADSTS7000112: Application '" AIRFLOW_APP "'(sp-airflow) is disabled.",
	{"sp-airflow is disabled.", "enable its service principal"}},
    {"AADSTS53003: Access has been blocked by Conditional Access policies.",
	{"Conditional Access", "sign-in logs"}},
    {"AADSTS70021: No matching federated identity record found",
	{"No federated credential", "some minutes", "to the letter"}},
    {"AADSTS700211: No matching federated identity record found for issuer",
	{"the issuer of the assertion"}},
    {"AADSTS700213: No matching federated identity record found for subject",
	{"the subject of the assertion"}},
    {"AADSTS70025: The client has no configured federated identity",
	{"has no federated credential"}},
    {"AADSTS700024: Client assertion is not within its valid time range",
	{"not valid at this time", "clock"}},
    {"AADSTS700223: x", {"federation is disabled"}},
    {"AADSTS700238: x", {"does not allow the issuer"}},
    {"AADSTS70052: x", {"managed identity or a single-tenant"}},
    {"AADSTS50034: The user account does not exist", {"user does not exist"}},
    {"AADSTS50126: Error validating credentials",
	{"user name or the password is wrong"}},
    {"AADSTS65001: The user or administrator has not consented",
	{"has consented"}},
    {"AADSTS7000218: The request body must contain the following parameter",
	{"presented no credential"}},
    {"AADSTS700229: Only app-only tokens can be used",
	{"app-only tokens are taken"}},
    {"AADSTS7000114: Application is not allowed to make on-behalf-of calls",
	{"not allowed to use the on-behalf-of flow"}},
    {"AADSTS50105: The signed in user is not assigned",
	{"AADSTS50105, which actas has no explanation for",
	    "login.microsoftonline.com/error?code=50105"}},
    {"Failed to obtain the Json Web Token(JWT) using service principal client "
     "ID. Exception message: AADSTS7000222: The provided client secret keys",
	{"have expired"}},
    {"AADSTS99999999999999999999: x", {"an AADSTS error, which actas has no"}},
};

static void
every_sign_in_error_says_what_to_do(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	for (size_t i = 0; i < sizeof sign_ins / sizeof *sign_ins; i++) {
		world_explain(&w, sign_ins[i].text);
		assert_int_equal(w.x.form, EXPLAIN_ENTRA);
		assert_true(w.x.step_count > 0 ||
		    i + 1 == //
			sizeof sign_ins / sizeof *sign_ins);
		for (size_t j = 0; j < 3 && sign_ins[i].tells[j] != NULL; j++)
			world_tells(&w, sign_ins[i].tells[j]);
	}
	world_end(&w);
}

static void
a_wrong_secret_names_the_places_that_hold_copies(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	assert_int_equal(vector_push(&w.f.b->sinks,
			     {.principal = w.airflow,
				 .scope = w.secret,
				 .plan = NONE,
				 .kind = SINK_SECRET}),
	    ACTAS_OK);
	world_freeze(&w);
	world_explain(&w, sign_ins[0].text);
	world_tells(&w,
	    "Copies of it that the source knows: secret key of "
	    "vault kv.");
	world_end(&w);
}

static void
put_base64url(struct buffer *out, const char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				     "opqrstuvwxyz0123456789-_";
	uint32_t bits = 0;
	int count = 0;

	for (; *text != '\0'; text++) {
		bits = (bits << 8 | (unsigned char)*text) & 0xffff;
		for (count += 8; count >= 6; count -= 6)
			buffer_putc(out, digits[bits >> (count - 6) & 63]);
	}
	if (count > 0)
		buffer_putc(out, digits[bits << (6 - count) & 63]);
}

static const char *
make_token(struct buffer *out, const char *claims)
{
	put_base64url(out, "{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
	buffer_putc(out, '.');
	put_base64url(out, claims);
	buffer_puts(out, ".c2lnbmF0dXJlLXRoYXQtbXVzdC1ub3QtYmUtc2hvd24");
	return buffer_text(out);
}

#define APP_CLAIMS                                                         \
	"{\"aud\":\"https://vault.azure.net\",\"iss\":"                    \
	"\"https://sts.windows.net/" TENANT "/\",\"appid\":\"" AIRFLOW_APP \
	"\",\"oid\":\"" AIRFLOW_OID "\",\"tid\":\"" TENANT                 \
	"\",\"idtyp\":\"app\",\"exp\":1795266000,\"ver\":\"1.0\"}"

static void
a_token_is_read_and_never_repeated(void **state ACTAS_UNUSED)
{
	struct buffer token = {0};
	struct world w;

	world_make(&w);
	make_token(&token, APP_CLAIMS);
	world_explain(&w, buffer_text(&token));
	assert_int_equal(w.x.form, EXPLAIN_TOKEN);
	assert_int_equal(w.x.caller.principal, w.airflow);
	assert_int_equal(w.x.caller.is_app, YES);
	assert_int_equal(w.x.token_expires, 1795266000);
	world_tells(&w,
	    "A token of sp-airflow for https://vault.azure.net; "
	    "its claims are read, not verified.");
	world_tells(&w, "It is valid until 2026-11-21T13:00:00Z.");
	world_tells(&w, "Treat it as a secret");
	world_silent(&w, "eyJ");
	world_silent(&w, "c2lnbm");
	world_end(&w);
	buffer_release(&token);
}

static void
tokens_of_both_versions_and_of_users_are_told_apart(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *claims;
		enum tri is_app;
		const char *tells;
	} rows[] = {
	    {"{\"aud\":\"x\",\"azp\":\"" AIRFLOW_APP "\",\"oid\":\"" AIRFLOW_OID
	     "\",\"sub\":\"" AIRFLOW_OID "\",\"ver\":\"2.0\",\"roles\":"
	     "[\"User.Read.All\"],\"exp\":1}",
		YES, "Application permissions (roles): User.Read.All."},
	    {"{\"aud\":\"x\",\"appid\":\"" AIRFLOW_APP "\",\"oid\":\"" ANNA_OID
	     "\",\"scp\":\"Item.Execute.All\",\"_claim_names\":{\"groups\":"
	     "\"src1\"},\"wids\":[\"a\",\"b\"]}",
		NO, "over 200"},
	    {"{\"aud\":\"x\",\"oid\":\"" LOADER_OID
	     "\",\"xms_mirid\":\"" MI_HOME "\"}",
		YES, "managed identity mi-loader"},
	    {"{\"aud\":\"x\",\"oid\":\"" STRANGE_OID
	     "\",\"xms_mirid\":\"/subscriptions/s/resourcegroups/r/providers/"
	     "Microsoft.Web/sites/f\"}",
		YES,
		"It is the system-assigned managed identity of "
		"/subscriptions/s/"},
	    {"{\"aud\":\"x\",\"oid\":\"" STRANGE_OID "\",\"exp\":1}", UNSAID,
		"It expired at 1970-01-01T00:00:01Z."},
	    {"{\"aud\":\"x\",\"oid\":\"" STRANGE_OID
	     "\",\"exp\":1e300,\"name\":\"\\u001b[31mred\"}",
		UNSAID, "does not say whether a user"},
	};
	struct world w;

	world_make(&w);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buffer token = {0};

		world_explain(&w, make_token(&token, rows[i].claims));
		assert_int_equal(w.x.form, EXPLAIN_TOKEN);
		assert_int_equal(w.x.caller.is_app, rows[i].is_app);
		world_tells(&w, rows[i].tells);
		buffer_release(&token);
	}
	world_end(&w);
}

static void
a_token_beside_an_error_adds_what_the_error_lacks(void **state ACTAS_UNUSED)
{
	struct buffer text = {0};
	struct world w;

	world_make(&w);
	make_token(&text, APP_CLAIMS);
	buffer_puts(&text, " gave {\"errorCode\":\"InsufficientPrivileges\"}");
	world_explain(&w, buffer_text(&text));
	assert_int_equal(w.x.form, EXPLAIN_FABRIC);
	assert_int_equal(w.x.caller.principal, w.airflow);
	buffer_clear(&text);
	make_token(&text, APP_CLAIMS);
	buffer_puts(&text, "\n" RBAC_OF(STRANGER, "null"));
	world_explain(&w, buffer_text(&text));
	world_tells(&w, "The token in the text is of another caller");
	buffer_release(&text);
	world_end(&w);
}

static void
a_token_that_was_wrapped_is_read(void **state ACTAS_UNUSED)
{
	struct buffer token = {0}, text = {0};
	struct world w;

	world_make(&w);
	make_token(&token, APP_CLAIMS);
	for (size_t i = 0; i < token.length; i++) {
		if (i > 0 && i % 64 == 0)
			buffer_puts(&text, "\r\n");
		buffer_putc(&text, token.at[i]);
	}
	world_explain(&w, buffer_text(&text));
	assert_int_equal(w.x.caller.principal, w.airflow);
	world_explain(&w, APP_CLAIMS);
	assert_int_equal(w.x.form, EXPLAIN_TOKEN);
	assert_int_equal(w.x.caller.principal, w.airflow);
	world_silent(&w, "Treat it as a secret");
	world_explain(&w, "Bearer eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJ");
	assert_int_equal(w.x.form, EXPLAIN_TOKEN);
	world_tells(&w, "its claims cannot be read");
	world_end(&w);
	buffer_release(&token);
	buffer_release(&text);
}

static void
check_clean(const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		assert_false((unsigned char)*text < 0x20 || *text == 0x7f);
}

static void
no_control_character_comes_back(void **state ACTAS_UNUSED)
{
	static const char text[] =
	    "Caller: appid=" STRANGE_APP ";oid=" STRANGE_OID
	    ";name=evil\033[2J\a\xc2\x9b"
	    "31m\nAction: 'Microsoft.KeyVault/"
	    "vaults/\033]0;x\asecrets/\\u0007getSecret/action'\nResource: "
	    "'/subscriptions/\x01\x02\xff\xfe/vaults/\x7fkv'";
	struct world w;

	world_make(&w);
	world_explain(&w, text);
	check_clean(w.x.headline);
	check_clean(w.x.caller.name);
	check_clean(w.x.action);
	check_clean(w.x.scope_text);
	for (uint32_t i = 0; i < w.x.reason_count; i++)
		check_clean(w.x.reasons[i]);
	for (uint32_t i = 0; i < w.x.step_count; i++)
		check_clean(w.x.steps[i]);
	world_end(&w);
}

static void
hostile_texts_are_survived_in_time(void **state ACTAS_UNUSED)
{
	static const char *const pieces[] = {"'", "\"", "\\", "\\\\\"", "&#x",
	    "{", "[", "eyJ", "eyJhbGciOiJSUzI1NiIsInR5cCI6.",
	    "{\"aud\":", "oid=", "AADSTS9", "Caller: appid=", "\033[",
	    "\xe2\x80", "%2", "%25", "\\u005c", "a ",
	    "eyJhbGciOiJSUzI1NiIsInR5cCI6 ",
	    "00000000-0000-0000-0000-000000000001 ", "The client '",
	    "does not have ", "/secrets/", "Vault: "};
	struct world w;

	world_make(&w);
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		char *text = repeat(pieces[i], HOSTILE_BYTES);

		world_explain(&w, text);
		mem_free(text);
	}
	world_end(&w);
}

static void
a_text_past_the_ceiling_is_refused(void **state ACTAS_UNUSED)
{
	char *text = repeat("x", LIMIT_PASTE_BYTES + 1);
	struct world w;

	world_make(&w);
	assert_int_equal(
	    explain(w.f.e, slice_of(text), NONE, 0, &w.f.arena, &w.x),
	    ACTAS_ELIMIT);
	mem_free(text);
	world_end(&w);
}

static void
running_out_of_memory_is_an_error(void **state ACTAS_UNUSED)
{
	static const char *const texts[] = {RBAC, RBAC_OF(STRANGER, "null"),
	    THREAD, APP_CLAIMS,
	    "AADSTS7000215: for a secret added to app '" AIRFLOW_APP "'",
	    "The client 'x' with object id '" AIRFLOW_OID
	    "' does not have authorization to perform action "
	    "'Microsoft.KeyVault/vaults/write' over scope '" VAULT "'"};
	struct world w;

	world_make(&w);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		enum actas_error error = ACTAS_ENOMEM;

		for (int64_t n = 0; error != ACTAS_OK; n++) {
			struct arena arena = {0};

			mem_fail_after(n);
			error = explain(
			    w.f.e, slice_of(texts[i]), NONE, 0, &arena, &w.x);
			mem_fail_after(-1);
			assert_true(error == ACTAS_OK || error == ACTAS_ENOMEM);
			arena_release(&arena);
		}
	}
	world_end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_way_of_pasting_is_undone),
	    cmocka_unit_test(a_text_in_utf16_is_read),
	    cmocka_unit_test(a_text_wrapped_at_any_width_is_read),
	    cmocka_unit_test(any_fragment_is_survived),
	    cmocka_unit_test(the_threads_own_words_are_explained),
	    cmocka_unit_test(the_thread_itself_is_explained),
	    cmocka_unit_test(every_sign_in_error_says_what_to_do),
	    cmocka_unit_test(a_wrong_secret_names_the_places_that_hold_copies),
	    cmocka_unit_test(a_token_is_read_and_never_repeated),
	    cmocka_unit_test(
		tokens_of_both_versions_and_of_users_are_told_apart),
	    cmocka_unit_test(a_token_beside_an_error_adds_what_the_error_lacks),
	    cmocka_unit_test(a_token_that_was_wrapped_is_read),
	    cmocka_unit_test(no_control_character_comes_back),
	    cmocka_unit_test(hostile_texts_are_survived_in_time),
	    cmocka_unit_test(a_text_past_the_ceiling_is_refused),
	    cmocka_unit_test(running_out_of_memory_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
