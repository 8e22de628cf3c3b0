#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "http/exchange.h"

#define HOST                        \
	{                           \
		"Host", "localhost" \
	}

static const struct http_header only_host[] = {HOST, {0}};

static void
count_reply(struct exchange *x, void *context)
{
	int *replies = context;

	*replies += x->status != 0;
}

static struct exchange *
ask(enum http_method method, struct slice target,
    const struct http_header *headers, uint32_t *refused)
{
	return exchange_new(
	    method, target, headers, SLICE(""), count_reply, NULL, refused);
}

static struct exchange *
get(const char *target)
{
	uint32_t refused;
	struct exchange *x =
	    ask(HTTP_GET, slice_of(target), only_host, &refused);

	if (x == NULL)
		fail_msg("%s was refused with %u", target, refused);
	return x;
}

/* The path as it was understood: segments in brackets. */
static const char *
path_text(struct exchange *x)
{
	static char text[1024];
	size_t n = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < x->segment_count; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "[%.*s]",
		    SLICE_ARGS(x->segments[i]));
	snprintf(
	    text + n, sizeof text - n, "%s", x->ends_with_slash ? "/" : "");
	return text;
}

static const char *
query_text(struct exchange *x)
{
	static char text[1024];
	size_t n = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < x->query_count; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "(%.*s=%.*s)",
		    SLICE_ARGS(x->query[i].name),
		    SLICE_ARGS(x->query[i].value));
	return text;
}

static void
paths_are_split_and_decoded_once(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *target, *path, *query;
	} rows[] = {
	    {"/", "/", ""},
	    {"/a", "[a]", ""},
	    {"/a//b/", "[a][][b]/", ""},
	    {"//", "[]/", ""},
	    {"/secrets/db-password/?api%2Dversion=2025-07-01",
		"[secrets][db-password]/", "(api-version=2025-07-01)"},
	    {"/a%2Fb/c", "[a/b][c]", ""},
	    {"/%252e", "[%2e]", ""},
	    {"/a+b", "[a+b]", ""},
	    {"/gr%C3%BC%c3%9fe",
		"[gr\xc3\xbc\xc3\x9f"
		"e]",
		""},
	    {"/a;b=c,d", "[a;b=c,d]", ""},
	    {"/...", "[...]", ""},
	    {"/a/.b", "[a][.b]", ""},
	    {"/..%2f..%2fetc", "[../../etc]", ""},
	    {"/a?", "[a]", ""},
	    {"/a?b", "[a]", "(b=)"},
	    {"/a?b=c=d&&e=&=f&", "[a]", "(b=c=d)(e=)(=f)"},
	    {"/a?x=1+2%2B3&y%3d=%26", "[a]", "(x=1 2+3)(y==&)"},
	    {"/a?b=/../?", "[a]", "(b=/../?)"},
	    {"/a?$filter=roleName%20eq%20%27Owner%27", "[a]",
		"($filter=roleName eq 'Owner')"},
	    {"https://Localhost:8443/a?b=c", "[a]", "(b=c)"},
	    {"http://localhost", "", ""},
	    {"HTTPS://localhost?b=c", "", "(b=c)"},
	    {"/{\"x\"|^`<>\\}", "[{\"x\"|^`<>\\}]", ""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct exchange *x = get(rows[i].target);

		assert_string_equal(path_text(x), rows[i].path);
		assert_string_equal(query_text(x), rows[i].query);
		assert_true(slice_eq(x->target, slice_of(rows[i].target)));
		exchange_free(x);
	}
}

static void
targets_that_can_be_misread_are_refused(void **state ACTAS_UNUSED)
{
	const struct slice rows[] = {
	    SLICE(""),
	    SLICE("a"),
	    SLICE("*"),
	    SLICE("localhost:443"),
	    SLICE("ftp://localhost/"),
	    SLICE("http:///a"),
	    SLICE("http://user@localhost/"),
	    SLICE("http://local host/"),
	    SLICE("/a b"),
	    SLICE("/a\tb"),
	    SLICE("/a\0b"),
	    SLICE("/a\r\nHost: x"),
	    SLICE("/a\x7f"),
	    SLICE("/a#b"),
	    SLICE("/gr\xc3\xbc"
		  "n"),
	    SLICE("/%00"),
	    SLICE("/a%0d%0ab"),
	    SLICE("/%7f"),
	    SLICE("/%"),
	    SLICE("/%4"),
	    SLICE("/%zz"),
	    SLICE("/%4g"),
	    SLICE("/%+1"),
	    SLICE("/%c3"),
	    SLICE("/%c3/%bc"),
	    SLICE("/%c0%ae%c0%ae/"),
	    SLICE("/%e0%80%af"),
	    SLICE("/%ed%a0%80"),
	    SLICE("/%f4%90%80%80"),
	    SLICE("/%ff"),
	    SLICE("/."),
	    SLICE("/.."),
	    SLICE("/a/../b"),
	    SLICE("/a/./b"),
	    SLICE("/a/%2e%2E/b"),
	    SLICE("/a/.%2e"),
	    SLICE("/a/..?b"),
	    SLICE("/a?b=%"),
	    SLICE("/a?%zz=b"),
	    SLICE("/a?b=%00"),
	    SLICE("/a?b%0a=c"),
	    SLICE("/a?b=%c3(%bc"),
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t refused = 0;

		if (ask(HTTP_GET, rows[i], only_host, &refused) != NULL)
			fail_msg("row %zu was let through", i);
		assert_int_equal(refused, 400);
	}
}

static void
options_may_ask_for_the_server_itself(void **state ACTAS_UNUSED)
{
	uint32_t refused;
	struct exchange *x = ask(HTTP_OPTIONS, SLICE("*"), only_host, &refused);

	assert_non_null(x);
	assert_int_equal(x->segment_count, 0);
	assert_false(x->ends_with_slash);
	exchange_free(x);
}

static struct slice
repeated(char *at, const char *first, const char *again, size_t n)
{
	char *p = stpcpy(at, first);

	for (size_t i = 0; i < n; i++)
		p = stpcpy(p, again);
	return slice_of(at);
}

static void
counts_and_lengths_have_ceilings(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *first, *again;
		size_t most;
		uint32_t status;
	} rows[] = {
	    {"", "/a", HTTP_SEGMENTS_MOST, 414},
	    {"/", "a", LIMIT_TARGET_BYTES - 1, 414},
	    {"/a?b", "&c", HTTP_PARAMETERS_MOST - 1, 400},
	};
	static char target[LIMIT_TARGET_BYTES + 2];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t refused;
		struct exchange *x = ask(HTTP_GET,
		    repeated(
			target, rows[i].first, rows[i].again, rows[i].most),
		    only_host, &refused);

		assert_non_null(x);
		exchange_free(x);
		x = ask(HTTP_GET,
		    repeated(
			target, rows[i].first, rows[i].again, rows[i].most + 1),
		    only_host, &refused);
		assert_null(x);
		assert_int_equal(refused, rows[i].status);
	}
}

static void
too_many_or_too_large_headers_are_refused(void **state ACTAS_UNUSED)
{
	static struct http_header many[LIMIT_HEADERS + 2] = {HOST};
	static char large[LIMIT_HEADER_BYTES];
	struct http_header one[] = {HOST, {"X", large}, {0}};
	uint32_t refused;
	struct exchange *x;

	for (size_t i = 1; i < LIMIT_HEADERS; i++)
		many[i] = (struct http_header){"X", "1"};
	x = ask(HTTP_GET, SLICE("/"), many, &refused);
	assert_non_null(x);
	exchange_free(x);
	many[LIMIT_HEADERS] = (struct http_header){"X", "1"};
	assert_null(ask(HTTP_GET, SLICE("/"), many, &refused));
	assert_int_equal(refused, 431);
	memset(large, 'x', sizeof large - 1);
	assert_null(ask(HTTP_GET, SLICE("/"), one, &refused));
	assert_int_equal(refused, 431);
	large[sizeof large - 100] = '\0';
	x = ask(HTTP_GET, SLICE("/"), one, &refused);
	assert_non_null(x);
	exchange_free(x);
}

static void
headers_that_can_be_misread_are_refused(void **state ACTAS_UNUSED)
{
	static const struct {
		struct http_header headers[4];
		uint32_t status;
	} rows[] = {
	    {{{0}}, 400},
	    {{HOST, HOST}, 400},
	    {{HOST, {"hOST", "other"}}, 400},
	    {{HOST, {"Authorization", "Bearer a"},
		 {"authorization", "Bearer b"}},
		400},
	    {{HOST, {"Content-Type", "a/b"}, {"Content-Type", "a/b"}}, 400},
	    {{HOST, {"Content-Length", "0"}, {"Content-Length", "0"}}, 400},
	    {{HOST, {"Content-Length", "3"}, {"Transfer-Encoding", "chunked"}},
		400},
	    {{HOST, {"Content-Length", ""}}, 400},
	    {{HOST, {"Content-Length", "+1"}}, 400},
	    {{HOST, {"Content-Length", "-1"}}, 400},
	    {{HOST, {"Content-Length", "1,1"}}, 400},
	    {{HOST, {"Content-Length", "0x1"}}, 400},
	    {{HOST, {"Content-Length", "99999999999999999999"}}, 400},
	    {{HOST, {"Transfer-Encoding", "gzip, chunked"}}, 501},
	    {{HOST, {"Transfer-Encoding", "identity"}}, 501},
	    {{HOST, {"Transfer-Encoding", "chunked "}}, 501},
	    {{HOST, {"Transfer-Encoding", "chunked"},
		 {"Transfer-Encoding", "chunked"}},
		400},
	    {{HOST, {"X y", "1"}}, 400},
	    {{HOST, {"Content-Length ", "1"}}, 400},
	    {{HOST, {"", "1"}}, 400},
	    {{HOST, {"X(", "1"}}, 400},
	    {{HOST, {"X", "a\rb"}}, 400},
	    {{HOST, {"X", "a\nb"}}, 400},
	    {{HOST, {"X", "a\x01"}}, 400},
	    {{HOST, {"X", "\xff"}}, 400},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t refused = 0;

		if (ask(HTTP_GET, SLICE("/"), rows[i].headers, &refused) !=
		    NULL)
			fail_msg("row %zu was let through", i);
		assert_int_equal(refused, rows[i].status);
	}
}

static void
hosts_are_read_in_lower_case_and_without_port(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *header, *host;
	} rows[] = {
	    {"localhost", "localhost"},
	    {"Login.MicrosoftOnline.com", "login.microsoftonline.com"},
	    {"kv1.vault.localhost:18443", "kv1.vault.localhost"},
	    {"127.0.0.1:1", "127.0.0.1"},
	    {"[::1]:65535", "[::1]"},
	    {"[FE80::A]", "[fe80::a]"},
	    {"a_b-c", "a_b-c"},
	    {"", NULL},
	    {":443", NULL},
	    {"localhost:", NULL},
	    {"localhost:0", NULL},
	    {"localhost:65536", NULL},
	    {"localhost:1a", NULL},
	    {"localhost:443:443", NULL},
	    {"a b", NULL},
	    {"a/b", NULL},
	    {"a@b", NULL},
	    {"a,b", NULL},
	    {"a%2e", NULL},
	    {".a", NULL},
	    {"a..b", NULL},
	    {"a.", NULL},
	    {"[", NULL},
	    {"[]", NULL},
	    {"[::1", NULL},
	    {"[::1]x", NULL},
	    {"[::1%25lo]", NULL},
	    {"[localhost]", NULL},
	    {"::1", NULL},
	    {"gr\xc3\xbcn", NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct http_header headers[] = {
		    {"Host", rows[i].header}, {0}};
		uint32_t refused = 0;
		struct exchange *x =
		    ask(HTTP_GET, SLICE("/"), headers, &refused);

		if ((x == NULL) != (rows[i].host == NULL))
			fail_msg("row %zu", i);
		assert_int_equal(refused, x == NULL ? 400 : 0);
		if (x == NULL)
			continue;
		assert_true(slice_eq(x->host, slice_of(rows[i].host)));
		assert_true(
		    slice_eq_case(x->authority, slice_of(rows[i].header)));
		exchange_free(x);
	}
}

static void
the_host_of_an_absolute_target_counts(void **state ACTAS_UNUSED)
{
	struct exchange *x = get("http://Vault.Azure.net:80/secrets");

	assert_true(slice_eq(x->host, SLICE("vault.azure.net")));
	assert_true(slice_eq(x->authority, SLICE("vault.azure.net:80")));
	exchange_free(x);
}

static void
headers_are_found_whatever_their_case(void **state ACTAS_UNUSED)
{
	static const struct http_header headers[] = {HOST,
	    {"X-MS-Client-Request-Id", " abc\t "}, {"accept", "text/plain"},
	    {"X", "first"}, {"x", "second"}, {0}};
	uint32_t refused;
	struct exchange *x = ask(HTTP_GET, SLICE("/"), headers, &refused);

	assert_non_null(x);
	assert_true(slice_eq(x->client_request_id, SLICE("abc")));
	assert_true(
	    slice_eq(exchange_header(x, "Accept"), SLICE("text/plain")));
	assert_true(slice_eq(exchange_header(x, "X"), SLICE("first")));
	assert_int_equal(exchange_header(x, "Accep").length, 0);
	exchange_free(x);
}

static void
query_parameters_that_stand_twice_are_counted(void **state ACTAS_UNUSED)
{
	struct exchange *x = get("/?API-version=1&api%2dversion=2&x=3");
	uint32_t count = 9;

	assert_true(
	    slice_eq(exchange_query(x, "api-version", &count), SLICE("1")));
	assert_int_equal(count, 2);
	assert_true(slice_eq(exchange_query(x, "x", NULL), SLICE("3")));
	assert_int_equal(exchange_query(x, "y", &count).length, 0);
	assert_int_equal(count, 0);
	exchange_free(x);
}

static void
tokens_come_as_bearer_or_as_password(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *header, *token;
	} rows[] = {
	    {"Bearer abc.def.ghi", "abc.def.ghi"},
	    {"bearer   abc", "abc"},
	    {"Bearer", ""},
	    {"Bearer ", ""},
	    {"Bearerabc", ""},
	    {"Digest abc", ""},
	    {"Basic OnRva2Vu", "token"},   /* ":token" */
	    {"basic dXNlcjphOmI=", "a:b"}, /* "user:a:b" */
	    {"Basic dG9rZW4=", ""},        /* "token" */
	    {"Basic OgA=", ""},            /* ":" and NUL */
	    {"Basic !!!!", ""},
	    {"Basic", ""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct http_header headers[] = {
		    HOST, {"Authorization", rows[i].header}, {0}};
		uint32_t refused;
		struct exchange *x =
		    ask(HTTP_GET, SLICE("/"), headers, &refused);

		assert_non_null(x);
		if (!slice_eq(exchange_bearer(x), slice_of(rows[i].token)))
			fail_msg("row %zu", i);
		exchange_free(x);
	}
}

static void
forms_are_read(void **state ACTAS_UNUSED)
{
	const struct {
		struct slice body;
		enum actas_error error;
		uint32_t fields;
		const char *secret;
	} rows[] = {
	    {SLICE("client_id=x&client_secret=a%2Bb+c~%26&scope=https%3A%2F%2F"
		   "vault.azure.net%2F.default"),
		ACTAS_OK, 3, "a+b c~&"},
	    {SLICE(""), ACTAS_OK, 0, ""},
	    {SLICE("&&"), ACTAS_OK, 0, ""},
	    {SLICE("client_secret=a%0A"), ACTAS_OK, 1, "a\n"},
	    {SLICE("client_secret=a&client_secret=b"), ACTAS_OK, 2, "a"},
	    {SLICE("Client_Secret=a"), ACTAS_OK, 1, ""},
	    {SLICE("client_secret=gr\xc3\xbcn"), ACTAS_OK, 1, "gr\xc3\xbcn"},
	    {SLICE("client_secret=%00"), ACTAS_EPARSE, 0, ""},
	    {SLICE("client_secret=a\0b"), ACTAS_EPARSE, 0, ""},
	    {SLICE("client_secret=%1b"), ACTAS_EPARSE, 0, ""},
	    {SLICE("client%0Asecret=a"), ACTAS_EPARSE, 0, ""},
	    {SLICE("client_secret=%"), ACTAS_EPARSE, 0, ""},
	    {SLICE("client_secret=%c0%80"), ACTAS_EPARSE, 0, ""},
	    {SLICE("client_secret=\xff"), ACTAS_EPARSE, 0, ""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct form form;
		uint32_t refused;
		struct exchange *x = exchange_new(HTTP_POST, SLICE("/"),
		    only_host, rows[i].body, count_reply, NULL, &refused);

		assert_non_null(x);
		for (int again = 0; again < 2; again++) {
			assert_int_equal(
			    exchange_form(x, &form), rows[i].error);
			assert_int_equal(form.count, rows[i].fields);
			assert_true(
			    slice_eq(form_get(&form, "client_secret", NULL),
				slice_of(rows[i].secret)));
		}
		assert_true(slice_eq(x->body, rows[i].body));
		exchange_free(x);
	}
}

static void
forms_have_a_ceiling_of_fields(void **state ACTAS_UNUSED)
{
	char body[4 * HTTP_PARAMETERS_MOST];
	struct form form;
	uint32_t refused, count;
	struct exchange *x = exchange_new(HTTP_POST, SLICE("/"), only_host,
	    repeated(body, "a", "&a", HTTP_PARAMETERS_MOST - 1), count_reply,
	    NULL, &refused);

	assert_non_null(x);
	assert_int_equal(exchange_form(x, &form), ACTAS_OK);
	form_get(&form, "a", &count);
	assert_int_equal(count, HTTP_PARAMETERS_MOST);
	exchange_free(x);
	x = exchange_new(HTTP_POST, SLICE("/"), only_host,
	    repeated(body, "a", "&a", HTTP_PARAMETERS_MOST), count_reply, NULL,
	    &refused);
	assert_non_null(x);
	assert_int_equal(exchange_form(x, &form), ACTAS_ELIMIT);
	assert_int_equal(form.count, 0);
	exchange_free(x);
}

static void
a_body_has_a_ceiling(void **state ACTAS_UNUSED)
{
	char *body = test_calloc(LIMIT_BODY_BYTES + 1, 1);
	uint32_t refused;
	struct exchange *x = exchange_new(HTTP_POST, SLICE("/"), only_host,
	    (struct slice){body, LIMIT_BODY_BYTES}, count_reply, NULL,
	    &refused);

	assert_non_null(x);
	exchange_free(x);
	assert_null(exchange_new(HTTP_POST, SLICE("/"), only_host,
	    (struct slice){body, LIMIT_BODY_BYTES + 1}, count_reply, NULL,
	    &refused));
	assert_int_equal(refused, 413);
	test_free(body);
}

static void
every_answer_bears_the_same_headers(void **state ACTAS_UNUSED)
{
	int replies = 0;
	uint32_t refused;
	struct exchange *x = exchange_new(HTTP_GET, SLICE("/"), only_host,
	    SLICE(""), count_reply, &replies, &refused);

	assert_non_null(x);
	assert_int_equal(strlen(x->request_id), 36);
	x->status = 200;
	exchange_add_header(x, "cache-control", "max-age=%d", 60);
	exchange_add_header(x, "WWW-Authenticate", "Bearer a=\"%s\"", "b");
	assert_null(exchange_answered(x, "request-id"));
	exchange_reply(x);
	assert_int_equal(replies, 1);
	assert_int_equal(x->status, 200);
	assert_string_equal(exchange_answered(x, "request-id"), x->request_id);
	assert_string_equal(
	    exchange_answered(x, "x-ms-request-id"), x->request_id);
	assert_string_equal(
	    exchange_answered(x, "Cache-Control"), "max-age=60");
	assert_string_equal(
	    exchange_answered(x, "www-authenticate"), "Bearer a=\"b\"");
	assert_string_equal(
	    exchange_answered(x, "X-Content-Type-Options"), "nosniff");
	assert_string_equal(exchange_answered(x, "Content-Type"),
	    "application/json; charset=utf-8");
	exchange_free(x);
}

static void
add_split(struct exchange *x)
{
	exchange_add_header(x, "Location", "/a\r\nSet-Cookie: b");
}

static void
add_long(struct exchange *x)
{
	exchange_add_header(x, "Location", "%05000d", 1);
}

static void
add_many(struct exchange *x)
{
	for (int i = 0; i < 40; i++)
		exchange_add_header(x, "X", "1");
}

static void
add_nothing(struct exchange *x)
{
	x->status = 0;
}

static void
run_out_of_memory(struct exchange *x)
{
	mem_fail_after(0);
	exchange_add_header(x, "Location", "%s", "/");
	mem_fail_after(-1);
}

static void
overflow(struct exchange *x)
{
	x->answer.ceiling = 4;
	buffer_puts(&x->answer, "12345");
	x->answer.ceiling = 0;
}

static void
an_answer_that_failed_is_a_500(void **state ACTAS_UNUSED)
{
	static void (*const rows[])(struct exchange *) = {add_split, add_long,
	    add_many, add_nothing, run_out_of_memory, overflow};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int replies = 0;
		uint32_t refused;
		struct exchange *x = exchange_new(HTTP_GET, SLICE("/"),
		    only_host, SLICE(""), count_reply, &replies, &refused);

		assert_non_null(x);
		x->status = 200;
		buffer_puts(&x->answer, "half");
		rows[i](x);
		exchange_reply(x);
		assert_int_equal(replies, 1);
		assert_int_equal(x->status, 500);
		assert_string_equal(buffer_text(&x->answer),
		    "{\"error\":{\"code\":\"InternalServerError\",\"message\":"
		    "\"The server could not make an answer.\"}}");
		assert_null(exchange_answered(x, "Location"));
		assert_string_equal(
		    exchange_answered(x, "request-id"), x->request_id);
		exchange_free(x);
	}
}

static void
memory_may_run_out_anywhere(void **state ACTAS_UNUSED)
{
	static const struct http_header headers[] = {
	    HOST, {"Authorization", "Basic OnRva2Vu"}, {0}};
	struct exchange *x = NULL;

	for (int64_t n = 0; x == NULL; n++) {
		uint32_t refused = 1;

		mem_fail_after(n);
		x = exchange_new(HTTP_POST, SLICE("/a?b=c"), headers,
		    SLICE("a=b"), count_reply, NULL, &refused);
		mem_fail_after(-1);
		assert_int_equal(refused, 0);
		assert_true(n < 20);
	}
	exchange_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(targets_that_can_be_misread_are_refused),
	    cmocka_unit_test(headers_that_can_be_misread_are_refused),
	    cmocka_unit_test(counts_and_lengths_have_ceilings),
	    cmocka_unit_test(too_many_or_too_large_headers_are_refused),
	    cmocka_unit_test(a_body_has_a_ceiling),
	    cmocka_unit_test(paths_are_split_and_decoded_once),
	    cmocka_unit_test(options_may_ask_for_the_server_itself),
	    cmocka_unit_test(hosts_are_read_in_lower_case_and_without_port),
	    cmocka_unit_test(the_host_of_an_absolute_target_counts),
	    cmocka_unit_test(headers_are_found_whatever_their_case),
	    cmocka_unit_test(query_parameters_that_stand_twice_are_counted),
	    cmocka_unit_test(tokens_come_as_bearer_or_as_password),
	    cmocka_unit_test(forms_are_read),
	    cmocka_unit_test(forms_have_a_ceiling_of_fields),
	    cmocka_unit_test(every_answer_bears_the_same_headers),
	    cmocka_unit_test(an_answer_that_failed_is_a_500),
	    cmocka_unit_test(memory_may_run_out_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
