#include "source/azure/json_select.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static const struct {
	const char *from, *to;
} cases[] = {
    {"", ""},
    {"{}", "{}"},
    {"{\"x\": 1}", "{\"x\": 1}"},
    {"{\"x\": \"drop\", \"a\": 1}", "{ \"a\": 1}"},
    {"{\"x\": null ,\n\"y\":\"\",\"a\":1}", "{\"a\":1}"},
    {"{\"a\": \"x\", \"b\": \"keep\", \"x\": \"last stays\"}",
	"{\"a\": \"x\", \"b\": \"keep\", \"x\": \"last stays\"}"},
    {"[{\"p\": {\"x\": \"y\", \"a\": 1}}, {\"x\": \"y\", \"b\": 2}]",
	"[{\"p\": { \"a\": 1}}, { \"b\": 2}]"},
    /* What a parser might refuse, it shall see. */
    {"{\"x\": 1, \"a\": 1}", "{\"x\": 1, \"a\": 1}"},
    {"{\"x\": true, \"a\": 1}", "{\"x\": true, \"a\": 1}"},
    {"{\"x\": \"\\n\", \"a\": 1}", "{\"x\": \"\\n\", \"a\": 1}"},
    {"{\"x\": \"\xff\", \"a\": 1}", "{\"x\": \"\xff\", \"a\": 1}"},
    {"{\"x\": \"\t\", \"a\": 1}", "{\"x\": \"\t\", \"a\": 1}"},
    {"{\"\\u0061\": \"v\", \"a\": 1}", "{\"\\u0061\": \"v\", \"a\": 1}"},
    {"{\"x\": nullx, \"a\": 1}", "{\"x\": nullx, \"a\": 1}"},
    {"{\"x\": \"v\",}", "{\"x\": \"v\",}"},
    {"{\"x\": \"v\", , \"a\": 1}", "{\"x\": \"v\", , \"a\": 1}"},
    {"{\"x\": \"v\" \"a\": 1}", "{\"x\": \"v\" \"a\": 1}"},
    {"{\"x\" \"v\", \"a\": 1}", "{\"x\" \"v\", \"a\": 1}"},
    {"{\"x\": \"v\", \"a", "{ \"a"},
    {"{\"x\": \"v", "{\"x\": \"v"},
    /* Braces and commas in strings are text. */
    {"{\"a\": \"{\\\"x\\\": \\\"v\\\",\\\"\", \"b\": \",\\\"x\"}",
	"{\"a\": \"{\\\"x\\\": \\\"v\\\",\\\"\", \"b\": \",\\\"x\"}"},
    {"[\"x\", \"y\", \"z\"]", "[\"x\", \"y\", \"z\"]"},
};

static void
only_what_nobody_reads_is_left_out(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buffer out = {0};

		json_select(slice_of(cases[i].from), "a b p", &out);
		assert_string_equal(buffer_text(&out), cases[i].to);
		buffer_release(&out);
	}
}

static uint32_t
random_number(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static bool
is_json(struct slice text)
{
	json_t *value = json_loadb(text.at, text.length, 0, NULL);
	bool fine = value != NULL;

	json_decref(value);
	return fine;
}

/* Text that is damaged anywhere is JSON after the selection if and only if
 * it was before. */
static void
what_is_left_is_json_exactly_if_the_text_is(void **state ACTAS_UNUSED)
{
	static const char sample[] =
	    "[{\"x\": \"v\", \"a\": {\"y\": null, \"b\": [1, \"x\"], \"z\" :"
	    " \"w\"}, \"q\": \"e\\\"\", \"p\":\"\", \"s\": \"t\" , \"b\": 1}]";
	static const char bytes[] = "{}[]\",:\\ nx1";
	uint32_t seed = 5;
	int good = 0;

	for (int round = 0; round < 200000; round++) {
		char text[sizeof sample];
		struct buffer out = {0};
		size_t length = sizeof sample - 1;

		memcpy(text, sample, sizeof text);
		for (uint32_t n = random_number(&seed) % 3; n > 0; n--)
			text[random_number(&seed) % length] =
			    bytes[random_number(&seed) % (sizeof bytes - 1)];
		json_select((struct slice){text, length}, "a b p", &out);
		assert_int_equal(is_json((struct slice){text, length}),
		    is_json(buffer_slice(&out)));
		good += is_json(buffer_slice(&out));
		buffer_release(&out);
	}
	assert_true(good > 60000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_what_nobody_reads_is_left_out),
	    cmocka_unit_test(what_is_left_is_json_exactly_if_the_text_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
