#ifndef SOURCE_JSON_STREAM_H
#define SOURCE_JSON_STREAM_H

/*
 * A JSON document of any size, element by element.
 *
 * What services answer and tools print is a list in one of a few wrappings:
 * "[…]", {"value": […], "nextLink": …}, {"workspaces": […]}, or one object
 * alone. The stream finds the elements itself and hands one at a time to
 * jansson, so that memory is bounded by the largest element
 * (LIMIT_JSON_ELEMENT_BYTES) and not by the document. The bytes are kept
 * beside the parsed value, since jansson forgets lines: the line of a key is
 * looked up in them when somebody needs it.
 */

#include "base/base.h"

#include <jansson.h>

/* A value and the bytes that it was read from; both live until the next call
 * of json_stream_next. */
struct json_node {
	json_t *value;
	struct slice text;
	uint32_t line; /* of its first byte */
};

enum json_part {
	JSON_PART_END,
	JSON_PART_ELEMENT,  /* one element of a list */
	JSON_PART_ENVELOPE, /* members that stand around a list, as an object */
	JSON_PART_OBJECT    /* the document is this object and has no list */
};

struct json_stream {
	struct reader *from;
	struct fault *fault;
	char *window; /* bytes read and not yet handed out: start to end */
	size_t start, end, capacity;
	uint32_t line; /* of the byte at 'start' */
	uint8_t state;
	bool at_end;      /* the reader has no more */
	bool in_envelope; /* the list is a member of an object */
	/* Keys that are read of the elements to come, NULL for all; set by
	 * whoever reads (json_select.h). */
	const char *wanted;
	struct buffer selected;
	json_t *value; /* what the last part held */
	enum actas_error error;
};

/* Starts reading; does not close the reader, which must outlive the stream,
 * as must the fault, which may be NULL. */
void json_stream_init(
    struct json_stream *s, struct reader *from, struct fault *fault);
void json_stream_release(struct json_stream *s);

/*
 * The next part. ACTAS_EPARSE, ACTAS_ELIMIT, ACTAS_EIO or ACTAS_ENOMEM with a
 * fault that names the reader, the line and what was expected; then the same
 * again. Keys that an object has twice are refused.
 */
enum actas_error json_stream_next(struct json_stream *s, enum json_part *part,
    struct json_node *node) ACTAS_MUST_USE;

/* A member of an object with its place; false where there is none, where it
 * is null, or where 'object' is no object. */
bool json_node_member(
    const struct json_node *object, const char *key, struct json_node *member);
/* The line on which the key stands, else the object's. */
uint32_t json_node_line(const struct json_node *object, const char *key);

/* The elements of a list in order, with their places. */
struct json_walk {
	struct json_node list;
	size_t index, offset;
	uint32_t line;
};

/* Any node will do: what is no list has no elements. */
struct json_walk json_walk_start(const struct json_node *list);
bool json_walk_next(struct json_walk *walk, struct json_node *element);

#endif
