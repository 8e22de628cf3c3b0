/* Any bytes as a JSON document: read element by element it has to be refused
 * exactly where it is no JSON, hold the elements that it holds, and stay JSON
 * when members that nobody reads are left out. */
#include "source/azure/json_select.h"
#include "source/azure/json_stream.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* How many elements; the value is what jansson makes of it all. */
static enum actas_error
count_elements(struct slice text, size_t *elements, bool *envelope)
{
	struct reader from = reader_memory("x.json", text);
	struct fault fault = {0};
	struct json_stream s;
	struct json_node node;
	enum json_part part;
	enum actas_error error;

	*elements = 0;
	*envelope = false;
	json_stream_init(&s, &from, &fault);
	do {
		error = json_stream_next(&s, &part, &node);
		*elements += part == JSON_PART_ELEMENT;
		*envelope |= part == JSON_PART_ENVELOPE;
	} while (error == ACTAS_OK && part != JSON_PART_END);
	json_stream_release(&s);
	if (error != ACTAS_OK && fault.message[0] == '\0')
		abort();
	return error;
}

static json_t *
parse(struct slice text)
{
	return json_loadb(text.at, text.length, JSON_REJECT_DUPLICATES, NULL);
}

static void
check_selection(struct slice text, bool is_json)
{
	struct buffer out = {0};
	json_t *value;

	json_select(text, "a value id", &out);
	value = json_loadb(buffer_text(&out), out.length, 0, NULL);
	if (out.error == ACTAS_OK && is_json && value == NULL)
		abort();
	json_decref(value);
	buffer_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};
	size_t elements;
	bool envelope;
	enum actas_error error = count_elements(text, &elements, &envelope);
	json_t *whole;

	if (slice_starts(text, SLICE("\xef\xbb\xbf")))
		text = slice_from(text, 3);
	whole = parse(text);
	if (error == ACTAS_EPARSE && whole != NULL)
		abort();
	/* A key may stand on both sides of a list. */
	if (error == ACTAS_OK && whole == NULL && !envelope && elements == 0)
		abort();
	if (error == ACTAS_OK && json_is_array(whole) &&
	    json_array_size(whole) != elements)
		abort();
	check_selection(text, whole != NULL);
	json_decref(whole);
	return 0;
}
