#include "source/azure/json_stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <cmocka.h>

static const char letters[] = {
    [JSON_PART_ELEMENT] = 'E',
    [JSON_PART_ENVELOPE] = 'V',
    [JSON_PART_OBJECT] = 'O',
};

/* Writes each part as its letter, line and value: "E2:{"a":1} ". */
static enum actas_error
read_all(struct reader *r, struct buffer *out, struct fault *fault)
{
	struct json_stream s;
	enum json_part part;
	struct json_node node;
	enum actas_error error;
	char *text;

	json_stream_init(&s, r, fault);
	do {
		error = json_stream_next(&s, &part, &node);
		if (error != ACTAS_OK || part == JSON_PART_END)
			break;
		text = json_dumps(node.value, JSON_COMPACT | JSON_ENCODE_ANY);
		buffer_addf(out, "%c%u:%s ", letters[part], node.line,
		    text == NULL ? "?" : text);
		json_free_t release;
		json_get_alloc_funcs(&(json_malloc_t){0}, &release);
		release(text);
	} while (true);
	json_stream_release(&s);
	return error;
}

/* A reader that gives one byte at a time. */
static enum actas_error
dribble(struct reader *r, void *into, size_t size, size_t *got)
{
	*got = size > 0 && r->rest.length > 0;
	if (*got) {
		*(char *)into = r->rest.at[0];
		r->rest = slice_from(r->rest, 1);
	}
	return ACTAS_OK;
}

static void
expect_parts(const char *document, const char *parts)
{
	struct reader r = reader_memory("x.json", slice_of(document));
	struct buffer whole = {0}, slow = {0};
	struct fault fault = {0};

	assert_int_equal(read_all(&r, &whole, &fault), ACTAS_OK);
	assert_string_equal(buffer_text(&whole), parts);
	r = reader_memory("x.json", slice_of(document));
	r.read = dribble;
	assert_int_equal(read_all(&r, &slow, &fault), ACTAS_OK);
	assert_string_equal(buffer_text(&slow), parts);
	buffer_release(&whole);
	buffer_release(&slow);
}

static const struct {
	const char *document, *parts;
} wrappings[] = {
    {"[]", ""},
    {" [ ] \n", ""},
    {"\xef\xbb\xbf[{}]", "E1:{} "},
    {"[{\"a\":1},\n {\"b\":[\"]\",\"\\\"}\"]}\n]",
	"E1:{\"a\":1} E2:{\"b\":[\"]\",\"\\\"}\"]} "},
    {"[1, \"two\", null,\ntrue]", "E1:1 E1:\"two\" E1:null E2:true "},
    {"{}", "O1:{} "},
    {"{\"a\": {\"value\": []}}", "O1:{\"a\":{\"value\":[]}} "},
    {"{\"value\": \"text\"}", "O1:{\"value\":\"text\"} "},
    {"{\"value\":[]}", ""},
    {"{\"value\":[{\"a\":1}]}", "E1:{\"a\":1} "},
    {"{\n\"@c\":\n\"u\" ,\n\"value\":[\n{\"a\":1}\n],\n\"nextLink\":\"n\"}",
	"V1:{\"@c\":\"u\"} E5:{\"a\":1} V6:{\"nextLink\":\"n\"} "},
    {"{\"count\":1\n,\"value\":[7],\"x\":[1],\"y\":{}}",
	"V1:{\"count\":1} E2:7 V2:{\"x\":[1],\"y\":{}} "},
    {"{\"workspaces\":[{}],\n\"value\":[{}]}", "E1:{} E2:{} "},
    {"{\"a\":1,\"workspaces\":[{}],\"b\":2,\n\"value\":[3],\"c\":4}",
	"V1:{\"a\":1} E1:{} V1:{\"b\":2} E2:3 V2:{\"c\":4} "},
};

static void
every_wrapping_gives_its_elements_with_their_lines(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof wrappings / sizeof *wrappings; i++)
		expect_parts(wrappings[i].document, wrappings[i].parts);
}

static const struct {
	const char *document;
	enum actas_error error;
	uint32_t line;
	const char *message;
} broken[] = {
    {"", ACTAS_EPARSE, 1, "is empty: expected a JSON list or object"},
    {"\n \n", ACTAS_EPARSE, 3, "is empty: expected a JSON list or object"},
    {"hello", ACTAS_EPARSE, 1, "expected a JSON list or object, found 'h'"},
    {"# page\n", ACTAS_EPARSE, 1, "expected a JSON list or object, found '#'"},
    {"\x01", ACTAS_EPARSE, 1,
	"expected a JSON list or object, found the byte 0x01"},
    {"[", ACTAS_EPARSE, 1, "the document ends here: expected an element"},
    {"[\n{}", ACTAS_EPARSE, 2, "the document ends here: expected ',' or ']'"},
    {"[{},]", ACTAS_EPARSE, 1, "expected an element, found ']'"},
    {"[{} {}]", ACTAS_EPARSE, 1, "expected ',' or ']', found '{'"},
    {"[,]", ACTAS_EPARSE, 1, "expected a value, found ','"},
    {"[{}]\n[", ACTAS_EPARSE, 2, "expected the end of the document, found '['"},
    {"{} x", ACTAS_EPARSE, 1, "expected the end of the document, found 'x'"},
    {"{\"a\"", ACTAS_EPARSE, 1, "the document ends here: expected ':'"},
    {"{\"a\":1", ACTAS_EPARSE, 1,
	"the document ends here: expected ',' or '}'"},
    {"{\"a\":1,}", ACTAS_EPARSE, 1,
	"expected a key in double quotes, found '}'"},
    {"{a:1}", ACTAS_EPARSE, 1, "expected a key in double quotes, found 'a'"},
    {"{\"value\":[],}", ACTAS_EPARSE, 1,
	"expected a key in double quotes, found '}'"},
    {"{\"value\":[]", ACTAS_EPARSE, 1,
	"the document ends here: expected ',' or '}'"},
    {"[{\"a\":\n{\"b\":1", ACTAS_EPARSE, 2,
	"the document ends in the middle of what begins in line 1: it is cut "
	"off"},
    {"[{\"a\n", ACTAS_EPARSE, 1,
	"the document ends in the middle of what begins in line 1: it is cut "
	"off"},
    {"[\n{\"a\":1,\n\"a\":2}]", ACTAS_EPARSE, 3,
	"the key \"a\" stands twice in one object"},
    {"[\n{\"a\":1,\n\"b\":secret}]", ACTAS_EPARSE, 3,
	"is not JSON: invalid token"},
    {"[{\"a\":\"\xff\"}]", ACTAS_EPARSE, 1,
	"is not JSON: unable to decode byte 0xff"},
    {"[{]}]", ACTAS_EPARSE, 1, "is not JSON: string or '}' expected"},
    {"[{\"a\":[}]", ACTAS_EPARSE, 1, "is not JSON: unexpected token"},
    {"\xff\xfe[\0]\0", ACTAS_EPARSE, 1,
	"is UTF-16 or UTF-32: expected UTF-8 (in PowerShell: Out-File "
	"-Encoding utf8)"},
};

static void
expect_fault(struct slice document, enum actas_error error, uint32_t line,
    const char *message)
{
	struct reader r = reader_memory("x.json", document);
	struct buffer out = {0};
	struct fault fault = {0};

	assert_int_equal(read_all(&r, &out, &fault), error);
	assert_string_equal(fault.message, message);
	assert_string_equal(fault.file, "x.json");
	assert_int_equal(fault.line, line);
	buffer_release(&out);
}

static void
what_is_broken_is_told_with_its_line(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
		expect_fault(slice_of(broken[i].document), broken[i].error,
		    broken[i].line, broken[i].message);
}

static void
utf_16_without_a_mark_is_told(void **state ACTAS_UNUSED)
{
	expect_fault((struct slice){"[\0{\0}\0]\0", 8}, ACTAS_EPARSE, 1,
	    broken[sizeof broken / sizeof *broken - 1].message);
}

static void
deep_nesting_is_refused(void **state ACTAS_UNUSED)
{
	struct buffer text = {0};

	buffer_putc(&text, '[');
	buffer_fill(&text, '[', LIMIT_JSON_DEPTH);
	buffer_fill(&text, ']', LIMIT_JSON_DEPTH);
	buffer_putc(&text, ']');
	expect_parts("[[[]]]", "E1:[[]] ");
	struct reader r = reader_memory("x.json", buffer_slice(&text));
	struct buffer out = {0};
	struct fault fault = {0};
	assert_int_equal(read_all(&r, &out, &fault), ACTAS_OK);
	buffer_release(&out);

	buffer_clear(&text);
	buffer_fill(&text, '[', 100000);
	expect_fault(buffer_slice(&text), ACTAS_ELIMIT, 1,
	    "lists and objects are nested deeper than 128, the most that is "
	    "read");
	buffer_release(&text);
}

static void
an_element_past_the_ceiling_is_refused(void **state ACTAS_UNUSED)
{
	struct buffer text = {0};

	buffer_puts(&text, "[\n\"");
	buffer_fill(&text, 'a', LIMIT_JSON_ELEMENT_BYTES + (1u << 20));
	buffer_puts(&text, "\"]");
	expect_fault(buffer_slice(&text), ACTAS_ELIMIT, 2,
	    "an element begins here that is larger than 16777216 bytes, the "
	    "most that is read");
	buffer_release(&text);
}

static const char sample[] = "{\"@odata.context\": \"u\", \"value\": "
			     "[{\"a\\\"b\": [1.5, {\"c\": null}]},\n{}], "
			     "\"nextLink\": \"n\"}";

static void
a_document_cut_at_any_byte_is_refused(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof sample - 1; i++) {
		struct reader r =
		    reader_memory("x.json", (struct slice){sample, i});
		struct buffer out = {0};
		struct fault fault = {0};

		assert_int_equal(read_all(&r, &out, &fault), ACTAS_EPARSE);
		assert_true(fault.message[0] != '\0' && fault.line > 0);
		buffer_release(&out);
	}
}

static void
every_failing_allocation_is_told_as_such(void **state ACTAS_UNUSED)
{
	enum actas_error error = ACTAS_ENOMEM;

	for (int64_t n = 0; error != ACTAS_OK; n++) {
		struct reader r = reader_memory("x.json", SLICE(sample));
		struct json_stream s;
		struct json_node node;
		enum json_part part;
		struct fault fault = {0};

		assert_true(n < 1000);
		json_stream_init(&s, &r, &fault);
		mem_fail_after(n);
		do
			error = json_stream_next(&s, &part, &node);
		while (error == ACTAS_OK && part != JSON_PART_END);
		mem_fail_after(-1);
		json_stream_release(&s);
		if (error != ACTAS_OK) {
			assert_int_equal(error, ACTAS_ENOMEM);
			assert_string_equal(fault.message, "out of memory");
		}
	}
}

static void
keys_and_elements_know_their_lines(void **state ACTAS_UNUSED)
{
	static const char text[] = "[\n{\"a\": \"}\",\n \"b\":\n [ {},\n "
				   "\"x\\\"\",\n {\"c\":\n null, \"d\" : 1}]"
				   "}]";
	struct reader r = reader_memory("x.json", SLICE(text));
	struct json_node node, list, each;
	struct json_stream s;
	enum json_part part;
	struct json_walk walk;

	json_stream_init(&s, &r, NULL);
	assert_int_equal(json_stream_next(&s, &part, &node), ACTAS_OK);
	assert_int_equal(node.line, 2);
	assert_int_equal(json_node_line(&node, "a"), 2);
	assert_int_equal(json_node_line(&node, "b"), 3);
	assert_int_equal(json_node_line(&node, "absent"), 2);
	assert_true(json_node_member(&node, "b", &list));
	assert_int_equal(list.line, 4);
	walk = json_walk_start(&list);
	assert_true(json_walk_next(&walk, &each));
	assert_int_equal(each.line, 4);
	assert_true(json_walk_next(&walk, &each));
	assert_int_equal(each.line, 5);
	assert_true(json_walk_next(&walk, &each));
	assert_int_equal(each.line, 6);
	assert_int_equal(json_node_line(&each, "d"), 7);
	assert_false(json_node_member(&each, "c", &list));
	assert_false(json_walk_next(&walk, &each));
	json_stream_release(&s);
}

/* A list of the same element over and over, cut off in the end. */
struct endless {
	struct reader reader;
	struct slice element;
	uint64_t given, most;
};

static enum actas_error
repeat(struct reader *r, void *into, size_t size, size_t *got)
{
	struct endless *e = (struct endless *)(void *)r;
	char *to = into;

	for (*got = 0; *got < size && e->given < e->most; ++*got, ++e->given)
		to[*got] = e->given == 0
		    ? '['
		    : e->element.at[(e->given - 1) % e->element.length];
	return ACTAS_OK;
}

static long
peak(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void
memory_is_bounded_by_the_element_and_not_by_the_file(void **state ACTAS_UNUSED)
{
	struct endless e = {
	    .reader = {.read = repeat, .name = "endless.json"},
	    .element = SLICE("{\"name\": \"abcdefghijklmnopqrstuvwxyz\", "
			     "\"list\": [1, 2, 3], \"more\": \"abcdefghijkl"
			     "mnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\"},\n"),
	    .most = 64 * 1024 * 1024,
	};
	struct json_stream s;
	struct json_node node;
	enum json_part part;
	uint64_t count = 0;
	long before = peak();

	json_stream_init(&s, &e.reader, NULL);
	while (json_stream_next(&s, &part, &node) == ACTAS_OK)
		count++;
	assert_true(count > e.most / e.element.length - 2);
	/* A sanitizer keeps what was freed. */
#ifdef __SANITIZE_ADDRESS__
	(void)before;
#else
	assert_true(peak() - before < 4 * 1024);
#endif
	json_stream_release(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		every_wrapping_gives_its_elements_with_their_lines),
	    cmocka_unit_test(what_is_broken_is_told_with_its_line),
	    cmocka_unit_test(utf_16_without_a_mark_is_told),
	    cmocka_unit_test(deep_nesting_is_refused),
	    cmocka_unit_test(an_element_past_the_ceiling_is_refused),
	    cmocka_unit_test(a_document_cut_at_any_byte_is_refused),
	    cmocka_unit_test(every_failing_allocation_is_told_as_such),
	    cmocka_unit_test(keys_and_elements_know_their_lines),
	    cmocka_unit_test(
		memory_is_bounded_by_the_element_and_not_by_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
