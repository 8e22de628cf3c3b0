#include "keys_test.h"

#include "keys/jwt.h"

#include <math.h>

static void
put(struct buffer *token, const char *text)
{
	base64url_put(token, text, strlen(text));
}

/* "header.claims.signature" of three texts. */
static struct buffer
token_of(const char *header, const char *claims, const char *signature)
{
	struct buffer token = {0};

	put(&token, header);
	buffer_putc(&token, '.');
	put(&token, claims);
	buffer_putc(&token, '.');
	put(&token, signature);
	assert_int_equal(token.error, ACTAS_OK);
	return token;
}

static const struct {
	const char *plain, *url, *standard;
} encodings[] = {
    {"", "", ""},
    {"f", "Zg", "Zg=="},
    {"fo", "Zm8", "Zm8="},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg", "Zm9vYg=="},
    {"fooba", "Zm9vYmE", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {"\xfb\xff\xfe", "-__-", "+//+"},
    {"\xff\xff", "__8", "//8="},
};

static void
base64_of_known_texts(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
		struct slice plain = slice_of(encodings[i].plain);
		struct buffer out = {0};

		base64url_put(&out, plain.at, plain.length);
		assert_string_equal(buffer_text(&out), encodings[i].url);
		buffer_clear(&out);
		base64_put(&out, plain.at, plain.length);
		assert_string_equal(buffer_text(&out), encodings[i].standard);
		buffer_clear(&out);
		assert_int_equal(
		    base64url_get(slice_of(encodings[i].url), &out), ACTAS_OK);
		assert_int_equal(
		    base64_get(slice_of(encodings[i].standard), &out),
		    ACTAS_OK);
		assert_int_equal(out.length, 2 * plain.length);
		assert_memory_equal(out.at, plain.at, plain.length);
		assert_memory_equal(
		    out.at + plain.length, plain.at, plain.length);
		buffer_release(&out);
	}
}

static void
padding_is_forgiven_where_it_is_complete(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *text;
		enum actas_error error;
	} padded[] = {
	    {"Zg==", ACTAS_OK},
	    {"Zm8=", ACTAS_OK},
	    {"Zg=", ACTAS_EPARSE},
	    {"Zm8==", ACTAS_EPARSE},
	    {"Zm9v=", ACTAS_EPARSE},
	    {"Zm9v==", ACTAS_EPARSE},
	    {"Zm9v====", ACTAS_EPARSE},
	    {"=", ACTAS_EPARSE},
	    {"====", ACTAS_EPARSE},
	    {"Z===", ACTAS_EPARSE},
	    {"Zg==Zg==", ACTAS_EPARSE},
	};

	for (size_t i = 0; i < sizeof padded / sizeof *padded; i++) {
		struct buffer out = {0};

		assert_int_equal(base64url_get(slice_of(padded[i].text), &out),
		    padded[i].error);
		buffer_release(&out);
	}
}

static void
what_is_no_base64_is_refused_and_adds_nothing(void **state ACTAS_UNUSED)
{
	static const char *const bad[] = {"Z", "Zm9vY", "Zh", "Zm9", "Zm9vYmG",
	    "Zm 9v", "Zm9v\n", " Zm9v", "Zm9v!", "Zm+v", "Zm/v", "\xc3\xa4",
	    "Zm9v.Zm9v"};
	static const char *const bad_standard[] = {
	    "Zg", "Zm8", "Zg=", "Zm-v", "Zm_v", "Zm9v\r\n", "Zh=="};
	struct buffer out = {0};

	buffer_puts(&out, "before");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(
		    base64url_get(slice_of(bad[i]), &out), ACTAS_EPARSE);
	for (size_t i = 0; i < sizeof bad_standard / sizeof *bad; i++)
		assert_int_equal(
		    base64_get(slice_of(bad_standard[i]), &out), ACTAS_EPARSE);
	assert_int_equal(
	    base64url_get((struct slice){"Zm\0v", 4}, &out), ACTAS_EPARSE);
	assert_string_equal(buffer_text(&out), "before");
	assert_int_equal(out.length, 6);
	buffer_release(&out);
}

/* FIPS 180-4's one-block example. */
static void
sha256_of_abc(void **state ACTAS_UNUSED)
{
	uint8_t hash[32];
	struct buffer text = {0};

	assert_int_equal(sha256(SLICE("abc"), hash), ACTAS_OK);
	base64_put(&text, hash, sizeof hash);
	assert_string_equal(
	    buffer_text(&text), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
	assert_int_equal(sha256((struct slice){0}, hash), ACTAS_OK);
	assert_int_equal(hash[0], 0xe3);
	buffer_release(&text);
}

static const struct {
	const char *header, *claims;
	enum actas_error error;
} bodies[] = {
    {"{\"alg\":\"RS256\"}", "{}", ACTAS_OK},
    {"{\"alg\":\"none\"}", "{}", ACTAS_OK},
    {"{}", "{}", ACTAS_OK},
    {"{\"alg\":\"RS256\",\"b64\":false}", "{}", ACTAS_OK},
    {"{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":false}", "{}",
	ACTAS_EPARSE},
    {"{\"alg\":\"RS256\",\"crit\":[]}", "{}", ACTAS_EPARSE},
    {"{\"alg\":\"RS256\",\"crit\":null}", "{}", ACTAS_EPARSE},
    {"{\"alg\":\"RS256\",\"alg\":\"none\"}", "{}", ACTAS_EPARSE},
    {"{\"alg\":\"RS256\"}", "{\"aud\":\"a\",\"aud\":\"b\"}", ACTAS_EPARSE},
    {"{\"alg\":\"RS256\"}", "{\"a\":{\"b\":1,\"b\":2}}", ACTAS_EPARSE},
    {"{\"alg\":\"RS256\"}", "[]", ACTAS_EPARSE},
    {"[]", "{}", ACTAS_EPARSE},
    {"\"alg\"", "{}", ACTAS_EPARSE},
    {"", "{}", ACTAS_EPARSE},
    {"{}", "", ACTAS_EPARSE},
    {"{} ", "{}x", ACTAS_EPARSE},
    {"{}", "{\"a\":\"\\u0000\"}", ACTAS_EPARSE},
    {"{}", "{\"a\":\"\xc3\x28\"}", ACTAS_EPARSE},
    {"{}", "{\"exp\":1e999}", ACTAS_EPARSE},
    {"{}", "{\"exp\":99999999999999999999}", ACTAS_EPARSE},
};

static void
header_and_claims_are_objects_without_double_keys(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct buffer token =
		    token_of(bodies[i].header, bodies[i].claims, "s");
		struct jwt jwt;

		assert_int_equal(
		    jwt_parse(buffer_slice(&token), &jwt), bodies[i].error);
		if (bodies[i].error != ACTAS_OK)
			assert_null(jwt.header);
		jwt_release(&jwt);
		buffer_release(&token);
	}
}

static const struct {
	const char *token;
	enum actas_error error;
} shapes[] = {
    {"", ACTAS_EPARSE},
    {".", ACTAS_EPARSE},
    {"..", ACTAS_EPARSE},
    {"e30.e30", ACTAS_EPARSE},
    {"e30.e30.", ACTAS_OK},
    {"e30.e30.c2ln", ACTAS_OK},
    {"e30.e30.c2ln.", ACTAS_EPARSE},
    {"e30.e30.c2ln.c2ln.c2ln", ACTAS_EPARSE},
    {".e30.c2ln", ACTAS_EPARSE},
    {"e30..c2ln", ACTAS_EPARSE},
    {"e30.e30.c2l!", ACTAS_EPARSE},
    {"e30.e30.c", ACTAS_EPARSE},
    {" e30.e30.c2ln", ACTAS_EPARSE},
    {"e30.e30.c2ln\n", ACTAS_EPARSE},
    {"e30=.e30=.c2ln", ACTAS_OK},
    {"e30==.e30.c2ln", ACTAS_EPARSE},
    {"e31.e30.c2ln", ACTAS_EPARSE}, /* bits left over */
    {"Bearer e30.e30.c2ln", ACTAS_EPARSE},
};

static void
a_token_has_three_parts(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		struct jwt jwt;

		assert_int_equal(jwt_parse(slice_of(shapes[i].token), &jwt),
		    shapes[i].error);
		jwt_release(&jwt);
	}
}

static void
only_three_algorithms_have_names(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *header;
		enum jwt_algorithm algorithm;
	} named[] = {
	    {"{\"alg\":\"RS256\"}", JWT_RS256},
	    {"{\"alg\":\"PS256\"}", JWT_PS256},
	    {"{\"alg\":\"ES256\"}", JWT_ES256},
	    {"{\"alg\":\"rs256\"}", JWT_OTHER},
	    {"{\"alg\":\"RS256 \"}", JWT_OTHER},
	    {"{\"alg\":\"RS384\"}", JWT_OTHER},
	    {"{\"alg\":\"HS256\"}", JWT_OTHER},
	    {"{\"alg\":\"none\"}", JWT_OTHER},
	    {"{\"alg\":\"None\"}", JWT_OTHER},
	    {"{\"alg\":\"\"}", JWT_OTHER},
	    {"{\"alg\":null}", JWT_OTHER},
	    {"{\"alg\":[\"RS256\"]}", JWT_OTHER},
	    {"{\"ALG\":\"RS256\"}", JWT_OTHER},
	    {"{}", JWT_OTHER},
	};

	for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
		struct buffer token = token_of(named[i].header, "{}", "s");
		struct jwt jwt;

		assert_int_equal(
		    jwt_parse(buffer_slice(&token), &jwt), ACTAS_OK);
		assert_int_equal(jwt.algorithm, named[i].algorithm);
		jwt_release(&jwt);
		buffer_release(&token);
	}
}

static enum actas_error
parse_nested(size_t depth, const char *open, const char *close)
{
	struct buffer claims = {0}, token;
	struct jwt jwt;
	enum actas_error error;

	buffer_puts(&claims, "{\"a\":");
	for (size_t i = 1; i < depth; i++)
		buffer_puts(&claims, open);
	buffer_puts(&claims, "1");
	for (size_t i = 1; i < depth; i++)
		buffer_puts(&claims, close);
	buffer_puts(&claims, "}");
	token = token_of("{}", buffer_text(&claims), "s");
	error = jwt_parse(buffer_slice(&token), &jwt);
	jwt_release(&jwt);
	buffer_release(&token);
	buffer_release(&claims);
	return error;
}

static void
depth_and_length_are_bounded(void **state ACTAS_UNUSED)
{
	char longest[LIMIT_TOKEN_BYTES + 1];
	struct jwt jwt;

	assert_int_equal(parse_nested(LIMIT_JSON_DEPTH, "[", "]"), ACTAS_OK);
	assert_int_equal(
	    parse_nested(LIMIT_JSON_DEPTH + 1, "[", "]"), ACTAS_ELIMIT);
	assert_int_equal(
	    parse_nested(LIMIT_JSON_DEPTH + 1, "{\"a\":", "}"), ACTAS_ELIMIT);
	assert_int_equal(parse_nested(3000, "[", ""), ACTAS_ELIMIT);
	/* Brackets in a text are no depth. */
	assert_int_equal(parse_nested(2,
			     "\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
			     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
			     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
			     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[["
			     "[",
			     "\""),
	    ACTAS_OK);
	memset(longest, 'A', sizeof longest);
	assert_int_equal(
	    jwt_parse((struct slice){longest, sizeof longest}, &jwt),
	    ACTAS_ELIMIT);
	assert_int_equal(
	    jwt_parse((struct slice){longest, sizeof longest - 1}, &jwt),
	    ACTAS_EPARSE);
}

static const struct {
	const char *value;
	bool is_moment;
	moment when;
} moments[] = {
    {"1795285455", true, 1795285455},
    {"1795285455.568", true, 1795285455},
    {"1795285455.999", true, 1795285455},
    {"1.795285455e9", true, 1795285455},
    {"0", true, 0},
    {"-1", true, -1},
    {"-1.5", true, -1},
    {"9007199254740992.0", true, 9007199254740992},
    {"9007199254740994.0", false, 0},
    {"1e300", false, 0},
    {"-1e300", false, 0},
    {"9223372036854775807", true, INT64_MAX},
    {"-9223372036854775808", false, 0}, /* that is MOMENT_UNKNOWN */
    {"\"1795285455\"", false, 0},
    {"true", false, 0},
    {"null", false, 0},
    {"[1]", false, 0},
};

static void
moments_are_integers_or_reals(void **state ACTAS_UNUSED)
{
	json_t *object;
	moment when;

	for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
		char text[64];

		snprintf(text, sizeof text, "{\"exp\":%s}", moments[i].value);
		object = json_loads(text, 0, NULL);
		assert_non_null(object);
		assert_int_equal(
		    jwt_moment(object, "exp", &when), moments[i].is_moment);
		assert_int_equal(when,
		    moments[i].is_moment ? moments[i].when : MOMENT_UNKNOWN);
		assert_false(jwt_moment(object, "nbf", &when));
		json_decref(object);
	}
	assert_false(jwt_moment(NULL, "exp", &when));
}

static void
text_is_empty_where_there_is_none(void **state ACTAS_UNUSED)
{
	json_t *object = json_pack("{ss si sn}", "a", "x", "b", 1, "c");

	assert_true(slice_eq(jwt_text(object, "a"), SLICE("x")));
	assert_null(jwt_text(object, "b").at);
	assert_int_equal(jwt_text(object, "c").length, 0);
	assert_int_equal(jwt_text(object, "d").length, 0);
	assert_int_equal(jwt_text(NULL, "a").length, 0);
	json_decref(object);
}

static void
what_is_signed_is_the_text_as_it_came(void **state ACTAS_UNUSED)
{
	struct jwt jwt;

	assert_int_equal(jwt_parse(SLICE("e30=.e30=.c2ln"), &jwt), ACTAS_OK);
	assert_true(slice_eq(jwt.signed_part, SLICE("e30=.e30=")));
	assert_string_equal(buffer_text(&jwt.signature), "sig");
	jwt_release(&jwt);
	jwt_release(&jwt);
}

static void
every_allocation_may_fail(void **state ACTAS_UNUSED)
{
	enum actas_error error = ACTAS_ENOMEM;
	int64_t n = 0;

	for (; error != ACTAS_OK; n++) {
		struct jwt jwt;

		mem_fail_after(n);
		error = jwt_parse(SLICE("eyJhIjpbMSwyXX0.e30.c2ln"), &jwt);
		mem_fail_after(-1);
		assert_true(error == ACTAS_OK || error == ACTAS_ENOMEM);
		jwt_release(&jwt);
	}
	assert_true(n > 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(base64_of_known_texts),
	    cmocka_unit_test(padding_is_forgiven_where_it_is_complete),
	    cmocka_unit_test(what_is_no_base64_is_refused_and_adds_nothing),
	    cmocka_unit_test(sha256_of_abc),
	    cmocka_unit_test(header_and_claims_are_objects_without_double_keys),
	    cmocka_unit_test(a_token_has_three_parts),
	    cmocka_unit_test(only_three_algorithms_have_names),
	    cmocka_unit_test(depth_and_length_are_bounded),
	    cmocka_unit_test(moments_are_integers_or_reals),
	    cmocka_unit_test(text_is_empty_where_there_is_none),
	    cmocka_unit_test(what_is_signed_is_the_text_as_it_came),
	    cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
