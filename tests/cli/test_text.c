#include "cli/json.h"
#include "cli/options.h"
#include "cli/text.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* An output that goes nowhere, of a terminal of that many columns. */
static struct output
output_of(size_t columns)
{
	return (struct output){.descriptor = -1, .columns = columns};
}

static void
assert_output(struct output *o, const char *wanted)
{
	assert_int_equal(o->pending.error, ACTAS_OK);
	assert_string_equal(buffer_text(&o->pending), wanted);
	buffer_release(&o->pending);
}

static void
what_would_move_the_cursor_is_spelled_out(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *text, *harmless;
	} rows[] = {
	    {"plain", "plain"},
	    {"caf\xc3\xa9", "caf\xc3\xa9"},
	    {"a\tb\nc\rd", "a b c d"},
	    {"\x1b[2J", "\\x1b[2J"},
	    {"\x07\x7f", "\\x07\\x7f"},
	    {"\xc2\x9b"
	     "31m",
		"\\x9b31m"},
	    {"a\xe2\x80\xae"
	     "b",
		"a\\u202eb"},
	    {"\xef\xbb\xbf", "\\ufeff"},
	    {"\xff\xfe", "\\xff\\xfe"},
	    {"\xc3", "\\xc3"},
	    {"\xc0\xaf", "\\xc0\\xaf"},
	    {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
	    {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
	    {"\xf3\xa0\x80\xa0", "\\ue0020"},
	    {"", ""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buffer b = {0};

		text_harmless(&b, slice_of(rows[i].text));
		assert_string_equal(buffer_text(&b), rows[i].harmless);
		buffer_release(&b);
	}
}

static void
width_is_what_a_terminal_shows(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *text;
		size_t width;
	} rows[] = {
	    {"", 0}, {"abc", 3}, {"caf\xc3\xa9", 4},
	    {"cafe\xcc\x81", 4},             /* a combining accent */
	    {"\xe6\x97\xa5\xe6\x9c\xac", 4}, /* two wide characters */
	    {"\xe2\x86\x92", 1},             /* an arrow */
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(
		    text_width(slice_of(rows[i].text)), rows[i].width);
}

static void
lines_break_between_words(void **state ACTAS_UNUSED)
{
	struct output o = output_of(12);

	text_flow(&o, STYLE_PLAIN, 2, "one two three four");
	assert_output(&o, "one two\n  three four");
}

static void
a_word_that_is_too_long_is_not_broken(void **state ACTAS_UNUSED)
{
	struct output o = output_of(6);

	text_flow(&o, STYLE_PLAIN, 2, "a unbreakable b");
	assert_output(&o, "a unbreakable\n  b");
}

static void
without_a_terminal_no_line_is_broken(void **state ACTAS_UNUSED)
{
	struct output o = output_of(0);

	for (int i = 0; i < 3; i++)
		text_flow(&o, STYLE_PLAIN, 2, "0123456789 0123456789");
	assert_output(&o,
	    "0123456789 01234567890123456789 01234567890123456789 0123456789");
}

static void
columns_are_aligned_by_width(void **state ACTAS_UNUSED)
{
	struct output o = output_of(0);
	struct table t = {.columns = 3, .indent = 1};
	static const char *const cells[] = {"caf\xc3\xa9", "1", "x",
	    "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "22", "y", "a", "", ""};

	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
		table_cell(&t, STYLE_PLAIN, cells[i]);
	assert_int_equal(table_write(&t, &o), ACTAS_OK);
	assert_output(&o,
	    " caf\xc3\xa9    1   x\n"
	    " \xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e  22  y\n"
	    " a\n");
}

static void
the_last_column_is_wrapped_below_itself(void **state ACTAS_UNUSED)
{
	struct output o = output_of(40);
	struct table t = {.columns = 2};

	table_cell(&t, STYLE_PLAIN, "name");
	table_cell(&t, STYLE_PLAIN,
	    "a text that is longer than what is left of the line");
	assert_int_equal(table_write(&t, &o), ACTAS_OK);
	assert_output(&o,
	    "name  a text that is longer than what is\n"
	    "      left of the line\n");
}

static void
a_table_without_memory_says_so(void **state ACTAS_UNUSED)
{
	struct output o = output_of(0);
	struct table t = {.columns = 1};

	mem_fail_after(0);
	table_cell(&t, STYLE_PLAIN, "x");
	mem_fail_after(-1);
	assert_int_equal(table_write(&t, &o), ACTAS_ENOMEM);
	buffer_release(&o.pending);
}

static void
text_without_memory_is_an_error_in_the_end(void **state ACTAS_UNUSED)
{
	struct fault fault = {0};

	for (int64_t n = 0; n < 3; n++) {
		struct output o = output_of(0);

		mem_fail_after(n);
		text_printf(&o, STYLE_PLAIN, "%0300d", 1);
		text_put(&o, STYLE_PLAIN, SLICE("x"));
		mem_fail_after(-1);
		if (n < 2)
			assert_int_equal(
			    output_close(&o, &fault), ACTAS_ENOMEM);
		buffer_release(&o.pending);
	}
	assert_int_equal(fault.error, ACTAS_ENOMEM);
}

static void
an_output_that_is_refused_says_why(void **state ACTAS_UNUSED)
{
	struct output o = output_of(0);
	struct fault fault = {0};

	text_puts(&o, STYLE_PLAIN, "x");
	assert_int_equal(output_close(&o, &fault), ACTAS_EIO);
	assert_string_equal(fault.file, "standard output");
	assert_string_equal(
	    fault.message, "cannot be written: Bad file descriptor");
}

static void
strings_of_json_are_valid_whatever_goes_in(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *text, *json;
	} rows[] = {
	    {"plain", "\"plain\""},
	    {"\"\\/", "\"\\\"\\\\/\""},
	    {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
	    {"\x1b[0m", "\"\\u001b[0m\""},
	    {"\x7f", "\"\\u007f\""},
	    {"caf\xc3\xa9", "\"caf\xc3\xa9\""},
	    {"\xe2\x80\xae", "\"\\u202e\""},
	    {"\xf3\xa0\x80\xa0", "\"\\udb40\\udc20\""},
	    {"a\xff"
	     "b",
		"\"a\\ufffdb\""},
	    {"", "\"\""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buffer b = {0};
		struct json j = {.out = &b};

		json_put_string(&j, NULL, rows[i].text);
		assert_string_equal(buffer_text(&b), rows[i].json);
		buffer_release(&b);
	}
}

static void
json_is_written_in_order(void **state ACTAS_UNUSED)
{
	static const char *const list[] = {"x", NULL};
	struct buffer b = {0};
	struct json j = {.out = &b};

	json_open_object(&j, NULL);
	json_put_number(&j, "z", UINT64_MAX);
	json_put_flag(&j, "a", true);
	json_put_strings(&j, "list", list, 2);
	json_open_object(&j, "empty");
	json_close(&j);
	json_put_ready(&j, "ready", SLICE("[1]"));
	json_close(&j);
	assert_string_equal(buffer_text(&b),
	    "{\"z\":18446744073709551615,\"a\":true,\"list\":[\"x\",null],"
	    "\"empty\":{},\"ready\":[1]}\n");
	buffer_release(&b);
}

static void
json_for_people_is_indented(void **state ACTAS_UNUSED)
{
	struct buffer b = {0};
	struct json j = {.out = &b, .pretty = true};

	json_open_object(&j, NULL);
	json_open_array(&j, "a");
	json_put_null(&j, NULL);
	json_put_null(&j, NULL);
	json_close(&j);
	json_open_array(&j, "b");
	json_close(&j);
	json_close(&j);
	assert_string_equal(buffer_text(&b),
	    "{\n  \"a\": [\n    null,\n    null\n  ],\n  \"b\": []\n}\n");
	buffer_release(&b);
}

static void
json_that_is_too_deep_is_an_error(void **state ACTAS_UNUSED)
{
	struct buffer b = {0};
	struct json j = {.out = &b};

	for (int i = 0; i <= JSON_DEEPEST; i++)
		json_open_array(&j, NULL);
	assert_int_equal(b.error, ACTAS_ELIMIT);
	buffer_release(&b);
}

static void
a_wrong_word_finds_the_nearest(void **state ACTAS_UNUSED)
{
	static const char *const words[] = {"check", "can", "who", NULL};
	static const struct {
		const char *word, *nearest;
	} rows[] = {
	    {"chek", "check"},
	    {"cahn", "can"},
	    {"whom", "who"},
	    {"xyz", NULL},
	    {"", NULL},
	    {"a word that is so long that it can be like no other", NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *nearest = nearest_word(rows[i].word, words);

		if (rows[i].nearest == NULL)
			assert_null(nearest);
		else
			assert_string_equal(nearest, rows[i].nearest);
	}
}

static const struct cli_option table[] = {
    {OPTION_SOURCE, 's', "source", "SOURCE", NULL, ""},
    {OPTION_FORMAT, 'f', "format", "FORMAT", "text|json", ""},
    {OPTION_JSON, 'j', "json", NULL, NULL, ""},
    {.name = NULL},
};

static void
options_and_operands_may_be_mixed(void **state ACTAS_UNUSED)
{
	char words[][16] = {"can", "a", "-js", "x", "b", "--format=json",
	    "--source", "y", "--", "-z"};
	char *argv[11] = {NULL};
	struct arguments arguments = {0};

	for (int i = 0; i < 10; i++)
		argv[i] = words[i];
	assert_int_equal(
	    options_parse(table, 10, argv, &arguments, NULL), ACTAS_OK);
	assert_string_equal(arguments.values[OPTION_SOURCE], "y");
	assert_string_equal(arguments.values[OPTION_FORMAT], "json");
	assert_string_equal(arguments.values[OPTION_JSON], "");
	assert_null(arguments.values[OPTION_HELP]);
	assert_int_equal(arguments.operand_count, 3);
	assert_string_equal(arguments.operands[0], "a");
	assert_string_equal(arguments.operands[1], "b");
	assert_string_equal(arguments.operands[2], "-z");
}

static void
too_many_operands_are_refused(void **state ACTAS_UNUSED)
{
	char word[] = "x";
	char *argv[12] = {word, word, word, word, word, word, word, word, word,
	    word, word, NULL};
	struct arguments arguments = {0};
	struct fault fault = {0};

	assert_int_equal(
	    options_parse(table, 11, argv, &arguments, &fault), ACTAS_EUSAGE);
	assert_string_equal(fault.message, "too many arguments, from 'x' on");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_would_move_the_cursor_is_spelled_out),
	    cmocka_unit_test(width_is_what_a_terminal_shows),
	    cmocka_unit_test(lines_break_between_words),
	    cmocka_unit_test(a_word_that_is_too_long_is_not_broken),
	    cmocka_unit_test(without_a_terminal_no_line_is_broken),
	    cmocka_unit_test(columns_are_aligned_by_width),
	    cmocka_unit_test(the_last_column_is_wrapped_below_itself),
	    cmocka_unit_test(a_table_without_memory_says_so),
	    cmocka_unit_test(text_without_memory_is_an_error_in_the_end),
	    cmocka_unit_test(an_output_that_is_refused_says_why),
	    cmocka_unit_test(strings_of_json_are_valid_whatever_goes_in),
	    cmocka_unit_test(json_is_written_in_order),
	    cmocka_unit_test(json_for_people_is_indented),
	    cmocka_unit_test(json_that_is_too_deep_is_an_error),
	    cmocka_unit_test(a_wrong_word_finds_the_nearest),
	    cmocka_unit_test(options_and_operands_may_be_mixed),
	    cmocka_unit_test(too_many_operands_are_refused),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
