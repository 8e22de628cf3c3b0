#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

/*
 * An estate from outside: an access page (Markdown; docs/page.md), Azure's
 * JSON in a file or a folder (docs/json-sources.md); and the page written
 * back. Everything here is untrusted: a source that cannot be understood is a
 * fault with file and line, one that can be read but is wrong gives problems.
 */

#include "estate/builder.h"

/*
 * Reads any source: a folder, a file, or "-" for standard input. A name that
 * ends in .md or .markdown is a page, one in .json and a folder are Azure's
 * JSON, anything else is JSON if its first byte that is no white space is '{'
 * or '[', and a page otherwise. The caller frees the estate with estate_free.
 */
enum actas_error source_load(const char *path, struct estate **estate,
    struct fault *fault) ACTAS_MUST_USE;

/* Adds an access page to a builder. Does not close the reader. */
enum actas_error source_read_page(
    struct builder *b, struct reader *from, struct fault *fault) ACTAS_MUST_USE;

/*
 * Adds one JSON document to a builder, element by element. 'request' is the
 * host and path that it answers, without ".json" ("graph.microsoft.com/v1.0/
 * groups/{id}/members"), or empty: what it is then follows from its shape.
 */
enum actas_error source_read_json(struct builder *b, struct reader *from,
    struct slice request, struct fault *fault) ACTAS_MUST_USE;

/* Adds a folder whose paths mirror hosts and request paths. */
enum actas_error source_read_folder(
    struct builder *b, const char *path, struct fault *fault) ACTAS_MUST_USE;

/*
 * Adds answers that belong together, as a folder's files do: what one of them
 * leaves open another may say. Handed over one by one; a reader is closed
 * when it has been read. The same as one document, a list of {"request": …,
 * "body": …}, is read by source_read_json, and so by source_load.
 */
struct source_answers {
	/* The next answer, or false: both live until the next call. */
	bool (*next)(struct source_answers *from, struct slice *request,
	    struct reader **body);
};
enum actas_error source_read_answers(struct builder *b,
    struct source_answers *from, struct fault *fault) ACTAS_MUST_USE;

/*
 * Writes the access page of an estate. Reading it back gives an estate that
 * differs in nothing but origins and what no page can say (docs/page.md).
 */
enum actas_error page_write(
    const struct estate *e, struct buffer *out) ACTAS_MUST_USE;

#endif
