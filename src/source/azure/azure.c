#include "source/azure/azure_field.h"

/*
 * Sessions: documents in, facts out, and in the end what only all documents
 * together can tell (azure_settle.c).
 */

void
azure_begin(struct azure *az, struct builder *b, struct fault *fault)
{
	*az = (struct azure){.b = b, .fault = fault, .everyone = NONE};
}

bool
azure_failed(const struct azure *az)
{
	return az->error != ACTAS_OK || az->b->error != ACTAS_OK;
}

/* The first error of the session or its builder; the latter was told to the
 * builder's fault. */
static enum actas_error
outcome(struct azure *az)
{
	if (az->error != ACTAS_OK)
		return fault_plain(az->fault, az->error);
	if (az->b->error != ACTAS_OK && az->fault != az->b->fault &&
	    az->fault != NULL && az->b->fault != NULL &&
	    az->fault->error == ACTAS_OK)
		*az->fault = *az->b->fault;
	return az->b->error == ACTAS_OK ? ACTAS_OK
					: fault_plain(az->fault, az->b->error);
}

/* --- paging --- */

static struct azure_pages *
pages_of(struct azure *az, string_id request)
{
	struct index_walk walk = index_start(&az->page_index, request);
	enum actas_error error;
	uint32_t row;

	while (index_next(&walk, &row))
		if (az->pages.at[row].request == request)
			return &az->pages.at[row];
	error = index_add(&az->page_index, request, az->pages.count);
	if (error == ACTAS_OK)
		error = vector_push(
		    &az->pages, (struct azure_pages){.request = request});
	if (error == ACTAS_OK)
		return &az->pages.at[az->pages.count - 1];
	az->error = fault_plain(az->fault, error);
	return NULL;
}

static void
count_page(struct azure *az)
{
	struct slice request = buffer_slice(&az->request.text);
	struct azure_pages *pages;

	if (request.length == 0)
		request = slice_of(az->file_name);
	pages = pages_of(az, builder_string(az->b, request));
	if (pages == NULL)
		return;
	pages->files++;
	if (az->link.line == 0)
		return;
	pages->links++;
	pages->link = az->link;
}

/* Of n pages the last one alone has no next. */
static void
tell_missing_pages(struct azure *az)
{
	for (uint32_t i = 0; i < az->pages.count && !azure_failed(az); i++) {
		const struct azure_pages *p = &az->pages.at[i];

		if (p->links > 0 && p->links >= p->files)
			builder_problem(az->b, PROBLEM_INCOMPLETE_SOURCE,
			    strings_get(&az->b->strings, p->request), p->link,
			    (struct origin){0},
			    "the answer goes on on a page that is not here: "
			    "%u of at least %u pages were read",
			    p->files, p->links + 1);
	}
}

static const char *const link_keys[] = {"@odata.nextLink", "nextLink",
    "continuationUri", "continuationToken", "odata.nextLink"};

static void
read_envelope(struct azure *az, const struct json_node *n)
{
	const json_t *value;

	for (size_t i = 0; i < sizeof link_keys / sizeof *link_keys; i++)
		if (json_string_length(
			json_object_get(n->value, link_keys[i])) > 0)
			az->link =
			    azure_origin(az, json_node_line(n, link_keys[i]));
	value = json_object_get(n->value, "count");
	if (json_is_integer(value) && json_integer_value(value) >= 0)
		az->said_count = (uint64_t)json_integer_value(value);
}

static void
check_count(struct azure *az)
{
	if (azure_failed(az) || az->said_count == UINT64_MAX ||
	    az->said_count == az->elements || az->link.line != 0)
		return;
	builder_problem(az->b, PROBLEM_INCOMPLETE_SOURCE,
	    slice_of(az->file_name), azure_origin(az, 1), (struct origin){0},
	    "says that it lists %llu and lists %llu",
	    (unsigned long long)az->said_count,
	    (unsigned long long)az->elements);
}

/* --- documents --- */

/* An answer that says only why there is none. */
static void
read_error(struct azure *az, const struct json_node *n)
{
	struct json_node inner = *n;
	struct slice code;

	if (json_is_object(json_object_get(n->value, "error")))
		(void)json_node_member(n, "error", &inner);
	code = azure_text(az, &inner,
	    azure_field(&inner, "code") != NULL ? "code" : "errorCode");
	if (!az->in_folder) {
		azure_refuse(az, n->line,
		    "is an error (%.*s) and not the answer", SLICE_ARGS(code));
		return;
	}
	builder_problem(az->b, PROBLEM_INCOMPLETE_SOURCE,
	    slice_of(az->file_name), azure_origin(az, n->line),
	    (struct origin){0},
	    "the answer is an error (%.*s): what was asked for is not here",
	    SLICE_ARGS(code));
}

static bool
is_error(const struct json_node *n)
{
	return json_is_object(json_object_get(n->value, "error")) ||
	    (json_is_string(json_object_get(n->value, "errorCode")) &&
		json_is_string(json_object_get(n->value, "message")));
}

/* The keys of an object that nothing knows, for the message. */
static void
refuse_unknown(struct azure *az, const struct json_node *n)
{
	struct buffer keys = {0};
	const char *key;
	json_t *value;
	int count = 0;

	if (!json_is_object(n->value)) {
		azure_refuse(
		    az, n->line, "lists what is no object: expected objects");
		return;
	}
	json_object_foreach(n->value, key, value)
	{
		if (count++ == 8)
			break;
		buffer_addf(&keys, "%s\"%.40s\"", count > 1 ? ", " : "", key);
	}
	azure_refuse(az, n->line,
	    "an object with %s%s is nothing that is known: expected what a "
	    "service answers or az prints (docs/json-sources.md lists it)",
	    count > 0 ? buffer_text(&keys) : "no keys", count > 8 ? ", …" : "");
	buffer_release(&keys);
}

static void
read_element(struct azure *az, const struct json_node *n)
{
	az->elements++;
	az->element = n->value;
	/* Where a text that is too long is told. */
	(void)builder_origin(az->b, az->file_name, n->line);
	if (az->shape == NULL && json_is_object(n->value))
		az->shape = azure_recognise(az, n);
	if (azure_failed(az))
		return;
	if (az->shape == NULL) {
		refuse_unknown(az, n);
		return;
	}
	if (!json_is_object(n->value)) {
		azure_refuse(az, n->line,
		    "has an entry that is no object: expected %s",
		    az->shape->what);
		return;
	}
	az->shape->read(az, n);
}

static void
read_part(struct azure *az, enum json_part part, const struct json_node *n)
{
	if (part == JSON_PART_ENVELOPE)
		read_envelope(az, n);
	else if (part == JSON_PART_OBJECT && is_error(n))
		read_error(az, n);
	else {
		az->in_list = part == JSON_PART_ELEMENT;
		read_element(az, n);
	}
}

static enum actas_error
read_parts(struct azure *az, struct json_stream *stream)
{
	enum json_part part;
	struct json_node node;
	enum actas_error error;

	do {
		error = json_stream_next(stream, &part, &node);
		if (error != ACTAS_OK)
			return az->error = error;
		if (part != JSON_PART_END)
			read_part(az, part, &node);
		stream->wanted = azure_wanted(az->shape);
	} while (part != JSON_PART_END && !azure_failed(az));
	check_count(az);
	count_page(az);
	return outcome(az);
}

enum actas_error
azure_read(struct azure *az, struct reader *from, struct slice request)
{
	struct json_stream stream;
	enum actas_error error;

	if (azure_failed(az))
		return outcome(az);
	az->file_name = from->name;
	az->file = builder_string(az->b, slice_of(from->name));
	az->shape = NULL;
	az->elements = 0;
	az->said_count = UINT64_MAX;
	az->link = (struct origin){0};
	error = azure_request_parse(&az->request, request);
	if (error != ACTAS_OK)
		return az->error = fault_plain(az->fault, error);
	json_stream_init(&stream, from, az->fault);
	error = read_parts(az, &stream);
	json_stream_release(&stream);
	return error;
}

enum actas_error
azure_end(struct azure *az)
{
	enum actas_error error;

	if (!azure_failed(az))
		azure_settle(az);
	if (!azure_failed(az))
		tell_missing_pages(az);
	error = outcome(az);
	azure_request_release(&az->request);
	vector_release(&az->waiting);
	vector_release(&az->credentials);
	vector_release(&az->seen);
	vector_release(&az->ranks);
	vector_release(&az->pages);
	index_release(&az->seen_index);
	index_release(&az->page_index);
	return error;
}

enum actas_error
source_read_json(struct builder *b, struct reader *from, struct slice request,
    struct fault *fault)
{
	struct azure az;
	enum actas_error read, end;

	azure_begin(&az, b, fault);
	read = azure_read(&az, from, request);
	end = azure_end(&az);
	return read != ACTAS_OK ? read : end;
}
