#ifndef SOURCE_PAGE_DOCUMENT_H
#define SOURCE_PAGE_DOCUMENT_H

/*
 * An access page as a list of blocks in the order of the page, with plain text
 * and exact lines, so that those who recognise things never see Markdown.
 * Everything lives in the document's arena, or in the text it was read from.
 */

#include "base/base.h"
#include "estate/model.h"

enum span_kind { SPAN_CODE, SPAN_STRONG };

/* A stretch of a plain text: a code span, or what was written in bold. */
struct span {
	uint32_t from, length;
	enum span_kind kind;
};

/* Text without markup. `<br/>` is a line feed in it, other breaks blanks. */
struct text {
	struct slice plain;
	const struct span *spans; /* in order; those inside others follow */
	uint32_t span_count;
	uint32_t line;
};

struct row {
	const struct text *cells;
	uint32_t count; /* cells that the source line really has */
	uint32_t line;
};

struct entry {
	struct text text;
	uint32_t depth; /* 0: an entry of the outermost list */
	bool ordered;
};

enum block_kind {
	BLOCK_HEADING,
	BLOCK_PARAGRAPH,
	BLOCK_TABLE,
	BLOCK_LIST,
	BLOCK_CODE,
	BLOCK_BROKEN_TABLE, /* a header of 'count' cells over a line of 'level'
			     */
};

struct block {
	enum block_kind kind;
	uint32_t heading;  /* block of the heading it is under, or NONE */
	uint32_t lead;     /* block of the paragraph right before, or NONE */
	uint32_t level;    /* of a heading */
	uint32_t line;     /* of its first line; of a table its header */
	struct text text;  /* of a heading, a paragraph; of code its inside */
	struct slice info; /* of code: what stands after the fence */
	const struct row *rows; /* of a table, the header first */
	const struct entry *entries;
	uint32_t count; /* of rows or entries */
};

struct document {
	struct arena arena;
	struct slice source;
	VECTOR(struct slice) lines; /* of the source, without line ends */
	VECTOR(struct block) blocks;
};

/*
 * Splits 'source', which must outlive the document, into blocks. The fault
 * names 'file'. ACTAS_EPARSE for what is not UTF-8, ACTAS_ELIMIT,
 * ACTAS_ENOMEM. Release it in every case; all zero is released.
 */
enum actas_error document_read(struct document *d, const char *file,
    struct slice source, struct fault *fault) ACTAS_MUST_USE;
void document_release(struct document *d);

/* The i-th span of a kind; empty behind the last. */
struct slice text_span(const struct text *t, enum span_kind kind, uint32_t i);
/* Whether a cell says nothing: a code span says something whatever it holds. */
bool text_says_nothing(const struct text *t);
/* The place of a part of the plain text as a text of its own, with the spans
 * inside it, in 'arena'; empty when out of memory. */
struct text text_part(
    struct arena *arena, const struct text *t, size_t from, size_t length);

/* How many cells a table row of GitHub's Markdown has. */
uint32_t row_cells(struct slice line);

#endif
