#include "source/azure/json_plain.h"
#include "source/azure/json_select.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What is read as plain is what jansson reads, or it is not read. */

static json_t *
by_jansson(struct slice text)
{
	return json_loadb(text.at, text.length,
	    JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
}

static const struct {
	const char *text;
	bool plain;
} cases[] = {
    {"{}", true},
    {" [ ] ", true},
    {"\"text\"", true},
    {"null", true},
    {"{\"a\": {\"b\": [\"c\", true, false, null, {}]}, \"d\":\"\"}", true},
    {"{\"a\": \"~ !\"}\r\n\t", true},
    {"", false},
    {"{\"a\": 1}", false},
    {"{\"a\": \"\\n\"}", false},
    {"{\"a\": \"\xc3\xa4\"}", false},
    {"{\"a\": \"\x7f\"}", false},
    {"{\"a\": \"b\", \"a\": \"b\"}", false},
    {"{\"a\": \"b\",}", false},
    {"{\"a\" \"b\"}", false},
    {"{\"a\": \"b\"} x", false},
    {"{\"a\": \"b\"", false},
    {"{\"a\": nul}", false},
    {"{a: \"b\"}", false},
    {"[\"a\" \"b\"]", false},
    {"[,]", false},
    {"[[[[[[[[\"eight\"]]]]]]]]", true},
    {"[[[[[[[[[\"nine\"]]]]]]]]]", false},
};

static void
plain_text_is_read_as_jansson_reads_it(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct slice text = slice_of(cases[i].text);
		json_t *plain = json_plain(text, NULL);
		json_t *whole = by_jansson(text);

		if ((plain != NULL) != cases[i].plain)
			fail_msg("%s", cases[i].text);
		if (plain != NULL)
			assert_true(json_equal(plain, whole));
		json_decref(plain);
		json_decref(whole);
	}
}

static void
what_nobody_reads_is_left_out(void **state ACTAS_UNUSED)
{
	static const char text[] =
	    "{\"x\": \"y\", \"a\": \"b\", \"x\": null, \"p\": {\"x\": \"y\", "
	    "\"b\": null}, \"ab\": [], \"y\": \"z\"}";
	json_t *made = json_plain(slice_of(text), "a b p");
	json_t *expected =
	    json_pack("{s:s, s:{s:n}, s:[]}", "a", "b", "p", "b", "ab");

	assert_true(json_equal(made, expected));
	json_decref(made);
	json_decref(expected);
}

static uint32_t
random_number(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* Only what somebody reads. */
static void
keep_wanted(json_t *value, const char *wanted)
{
	const char *key;
	json_t *held;
	void *next;
	size_t i;

	json_object_foreach_safe(value, next, key, held)
	{
		if (json_is_wanted(slice_of(key), wanted))
			keep_wanted(held, wanted);
		else
			json_object_del(value, key);
	}
	json_array_foreach(value, i, held)
	{
		keep_wanted(held, wanted);
	}
}

/* A key that nobody reads may stand twice. */
static json_t *
selected(struct slice text)
{
	struct buffer out = {0};
	json_t *value;

	json_select(text, "a b p", &out);
	value = json_loadb(out.at, out.length, JSON_DECODE_ANY, NULL);
	buffer_release(&out);
	return value;
}

/* Text that is damaged anywhere. */
static void
nothing_is_read_otherwise(void **state ACTAS_UNUSED)
{
	static const char sample[] =
	    "[{\"x\": \"v\", \"a\": {\"y\": null, \"b\": [true, \"x\"], "
	    "\"z\" : \"w\"}, \"p\":\"\", \"s\": \"t\" , \"b\": {}}]";
	static const char bytes[] = "{}[]\",:\\ nxab1";
	uint32_t seed = 1, plain = 0;

	for (int i = 0; i < 300000; i++) {
		char text[sizeof sample];
		struct slice damaged = {text, sizeof sample - 1};
		json_t *a, *b, *whole;

		memcpy(text, sample, sizeof text);
		for (uint32_t n = random_number(&seed) % 4; n > 0; n--)
			text[random_number(&seed) % (sizeof text - 1)] =
			    bytes[random_number(&seed) % (sizeof bytes - 1)];
		a = json_plain(damaged, NULL);
		b = json_plain(damaged, "a b p");
		whole = a == NULL ? NULL : by_jansson(damaged);
		assert_true(a == NULL || json_equal(a, whole));
		json_decref(whole);
		whole = b == NULL ? NULL : selected(damaged);
		keep_wanted(whole, "a b p");
		keep_wanted(b, "a b p");
		if (b != NULL && !json_equal(b, whole))
			fail_msg("%s", text);
		plain += a != NULL;
		json_decref(whole);
		json_decref(a);
		json_decref(b);
	}
	assert_true(plain > 10000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plain_text_is_read_as_jansson_reads_it),
	    cmocka_unit_test(what_nobody_reads_is_left_out),
	    cmocka_unit_test(nothing_is_read_otherwise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
