#ifndef CLI_TEXT_H
#define CLI_TEXT_H

/*
 * Text for people: coloured and wrapped on a terminal only, columns aligned
 * by what a terminal shows and not by bytes. Whatever comes from a source is
 * made harmless first: control characters, escape sequences, marks that
 * reorder text and broken UTF-8 are written as \x1b or \u202e.
 *
 * Errors stick; output_close tells them.
 */

#include "base/base.h"

enum style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_DIM,
	STYLE_GOOD,
	STYLE_BAD,
	STYLE_WARN,
	STYLE_NOTE,
	STYLES
};

struct output {
	struct buffer pending;
	int descriptor;
	bool colour;
	size_t columns; /* of the terminal; 0: never wrap */
	size_t column;  /* where the next character goes */
	int refused;    /* errno of the first write that failed, or 0 */
	bool written;   /* something has left the program */
	/* called once, before the first byte leaves; may be NULL */
	void (*before)(void *context);
	void *context;
};

/* 'when' is "always", "never" or "auto": on a terminal without NO_COLOR. */
void output_init(struct output *o, int descriptor, const char *when);
void output_flush(struct output *o);
/* Flushes and releases. ACTAS_EIO where the system refused a byte. */
enum actas_error output_close(
    struct output *o, struct fault *fault) ACTAS_MUST_USE;

/* As it is: for machines, and for text that is known to be harmless. */
void output_raw(struct output *o, struct slice text);
/* A secret, straight to the descriptor: no copy of it stays behind. */
void output_secret(struct output *o, struct slice secret);
/* A whole document: as it is, unless a terminal would be given it. */
void output_document(struct output *o, struct slice text);

/* Made harmless; white space becomes a blank. */
void text_put(struct output *o, enum style style, struct slice text);
void text_puts(struct output *o, enum style style, const char *text);
void text_printf(struct output *o, enum style style, const char *format, ...)
    ACTAS_PRINTF(3, 4);
void text_newline(struct output *o);
/* Blanks up to a column. */
void text_to(struct output *o, size_t column);
/* Like text_puts, but breaks lines between words on a terminal and begins
 * the new ones at 'indent'. */
void text_flow(
    struct output *o, enum style style, size_t indent, const char *text);

/* A line of an answer: "  label   text", wrapped below the text. */
void text_label(
    struct output *o, const char *label, enum style style, const char *text);

/* The same for one of a list: "  label   - text". */
void text_item(struct output *o, const char *label, const char *text);

/* The text made harmless, for any buffer. */
void text_harmless(struct buffer *into, struct slice text);
/* Columns that a terminal needs for harmless text. */
size_t text_width(struct slice text);
/* Whether a terminal must not be given this character as it is. */
bool text_is_unsafe(uint32_t character);
/* Takes one character off; false, and one byte off, for broken UTF-8. */
bool text_next(struct slice *rest, uint32_t *character);

/* Rows of cells; the last column is wrapped on a terminal. */
struct cell {
	const char *text;
	enum style style;
};

struct table {
	uint32_t columns;
	size_t indent;
	VECTOR(struct cell) cells;
	enum actas_error error;
};

/* Adds a cell; the text must live until table_write. */
void table_cell(struct table *t, enum style style, const char *text);
/* Writes all rows and empties the table. */
enum actas_error table_write(struct table *t, struct output *o) ACTAS_MUST_USE;

#endif
