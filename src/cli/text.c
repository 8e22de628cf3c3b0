#include "cli/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#define FLUSH_AT ((size_t)64 << 10)
/* Below this a terminal's width is taken for a mistake. */
#define NARROWEST 40
/* What is left for the last column of a table, however wide the others. */
#define LAST_COLUMN 24
#define GAP         2
/* Where the text behind a label begins. */
#define LABEL_COLUMN 12

static const char *const style_codes[STYLES] = {
    [STYLE_PLAIN] = "",
    [STYLE_BOLD] = "\033[1m",
    [STYLE_DIM] = "\033[2m",
    [STYLE_GOOD] = "\033[1;32m",
    [STYLE_BAD] = "\033[1;31m",
    [STYLE_WARN] = "\033[1;33m",
    [STYLE_NOTE] = "\033[36m",
};

/*
 * Characters that move the cursor, reorder or hide text: a name that bears
 * one could make a terminal show something else than what is there.
 */
static const struct {
	uint32_t first, last;
} unsafe[] = {
    {0x0000, 0x001f},
    {0x007f, 0x009f},
    {0x00ad, 0x00ad},
    {0x061c, 0x061c},
    {0x200b, 0x200f},
    {0x2028, 0x202e},
    {0x2060, 0x206f},
    {0xfeff, 0xfeff},
    {0xfff9, 0xfffb},
    {0xe0000, 0xe007f},
};

bool
text_is_unsafe(uint32_t character)
{
	for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++) {
		if (character >= unsafe[i].first && character <= unsafe[i].last)
			return true;
	}
	return false;
}

/* The length that a first byte announces and the least value it may spell. */
static size_t
sequence_length(unsigned char first, uint32_t *bits, uint32_t *least)
{
	static const struct {
		unsigned char mask, mark;
		uint32_t least;
	} forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800},
	    {0xf8, 0xf0, 0x10000}};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if ((first & forms[i].mask) != forms[i].mark)
			continue;
		*bits = first & (unsigned char)~forms[i].mask;
		*least = forms[i].least;
		return i + 1;
	}
	return 0;
}

bool
text_next(struct slice *rest, uint32_t *character)
{
	const unsigned char *at = (const unsigned char *)rest->at;
	uint32_t value = 0, least = 0;
	size_t length = sequence_length(at[0], &value, &least);
	bool good = length > 0 && length <= rest->length;

	for (size_t i = 1; good && i < length; i++) {
		good = (at[i] & 0xc0) == 0x80;
		value = value << 6 | (at[i] & 0x3fu);
	}
	good = good && value >= least && value <= 0x10ffff &&
	    (value < 0xd800 || value > 0xdfff);
	*character = good ? value : at[0];
	*rest = slice_from(*rest, good ? length : 1);
	return good;
}

void
text_harmless(struct buffer *into, struct slice text)
{
	while (text.length > 0) {
		struct slice from = text;
		uint32_t c;

		if (!text_next(&text, &c))
			buffer_addf(into, "\\x%02x", (unsigned)c);
		else if (c == '\n' || c == '\t' || c == '\r')
			buffer_putc(into, ' ');
		else if (!text_is_unsafe(c))
			buffer_add(into,
			    slice_sub(from, 0, from.length - text.length));
		else if (c < 0x100)
			buffer_addf(into, "\\x%02x", (unsigned)c);
		else
			buffer_addf(into, "\\u%04x", (unsigned)c);
	}
}

size_t
text_width(struct slice text)
{
	size_t width = 0;

	while (text.length > 0) {
		uint32_t c;
		int columns = text_next(&text, &c) ? wcwidth((wchar_t)c) : 1;

		width += columns > 0 ? (size_t)columns : columns < 0;
	}
	return width;
}

static size_t
terminal_columns(int descriptor)
{
	struct winsize size = {0};

	if (!isatty(descriptor))
		return 0;
	if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return 80;
	return size.ws_col < NARROWEST ? NARROWEST : size.ws_col;
}

static bool
wants_colour(int descriptor, const char *when)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (when != NULL && strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	if (no != NULL && no[0] != '\0')
		return false;
	return isatty(descriptor) && term != NULL && strcmp(term, "dumb") != 0;
}

void
output_init(struct output *o, int descriptor, const char *when)
{
	*o = (struct output){.descriptor = descriptor,
	    .colour = wants_colour(descriptor, when),
	    .columns = terminal_columns(descriptor)};
}

static void
write_out(struct output *o, struct slice rest)
{
	if (rest.length > 0 && !o->written && o->before != NULL)
		o->before(o->context);
	o->written = o->written || rest.length > 0;
	while (rest.length > 0 && o->refused == 0) {
		ssize_t n = write(o->descriptor, rest.at, rest.length);

		if (n >= 0)
			rest = slice_from(rest, (size_t)n);
		else if (errno != EINTR)
			o->refused = errno;
	}
}

void
output_flush(struct output *o)
{
	enum actas_error error = o->pending.error;

	write_out(o, buffer_slice(&o->pending));
	/* An error of the buffer itself must survive the emptying; what it
	 * holds must not be written twice. */
	buffer_clear(&o->pending);
	o->pending.error = error;
}

enum actas_error
output_close(struct output *o, struct fault *fault)
{
	enum actas_error error;

	output_flush(o);
	error = o->pending.error;
	buffer_release(&o->pending);
	if (error != ACTAS_OK)
		return fault_plain(fault, error);
	if (o->refused != 0)
		return fault_set(fault, ACTAS_EIO, "standard output", 0,
		    "cannot be written: %s", strerror(o->refused));
	return ACTAS_OK;
}

void
output_raw(struct output *o, struct slice text)
{
	buffer_add(&o->pending, text);
	if (o->pending.length >= FLUSH_AT)
		output_flush(o);
}

void
output_secret(struct output *o, struct slice secret)
{
	output_flush(o);
	if (o->pending.error == ACTAS_OK)
		write_out(o, secret);
	o->column += secret.length;
}

void
output_document(struct output *o, struct slice text)
{
	struct slice line;

	if (!isatty(o->descriptor)) {
		output_raw(o, text);
		return;
	}
	while (slice_cut(&text, '\n', &line)) {
		text_put(o, STYLE_PLAIN, line);
		if (text.at != NULL)
			text_newline(o);
	}
}

/* Text that is harmless already. */
static void
put_styled(struct output *o, enum style style, struct slice text)
{
	bool coloured = o->colour && style != STYLE_PLAIN && text.length > 0;

	if (coloured)
		buffer_puts(&o->pending, style_codes[style]);
	buffer_add(&o->pending, text);
	if (coloured)
		buffer_puts(&o->pending, "\033[0m");
	o->column += text_width(text);
}

void
text_put(struct output *o, enum style style, struct slice text)
{
	struct buffer harmless = {0};

	text_harmless(&harmless, text);
	put_styled(o, style, buffer_slice(&harmless));
	if (harmless.error != ACTAS_OK && o->pending.error == ACTAS_OK)
		o->pending.error = harmless.error;
	buffer_release(&harmless);
}

void
text_puts(struct output *o, enum style style, const char *text)
{
	text_put(o, style, slice_of(text));
}

void
text_printf(struct output *o, enum style style, const char *format, ...)
{
	char text[256], *longer = NULL;
	va_list args, again;
	int length;

	va_start(args, format);
	va_copy(again, args);
	length = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (length >= (int)sizeof text) {
		longer = mem_alloc((size_t)length + 1);
		if (longer == NULL)
			o->pending.error = ACTAS_ENOMEM;
		else
			vsnprintf(longer, (size_t)length + 1, format, again);
	}
	va_end(again);
	text_puts(o, style, longer == NULL ? text : longer);
	mem_free(longer);
}

void
text_newline(struct output *o)
{
	output_raw(o, SLICE("\n"));
	o->column = 0;
}

void
text_to(struct output *o, size_t column)
{
	if (column <= o->column)
		return;
	buffer_fill(&o->pending, ' ', column - o->column);
	o->column = column;
}

void
text_flow(struct output *o, enum style style, size_t indent, const char *text)
{
	struct buffer harmless = {0};
	struct slice rest, word;
	bool first = true;

	text_harmless(&harmless, slice_of(text));
	rest = buffer_slice(&harmless);
	while (slice_cut(&rest, ' ', &word)) {
		size_t width = text_width(word);

		if (!first && o->columns > 0 && o->column > indent &&
		    o->column + 1 + width > o->columns) {
			text_newline(o);
			text_to(o, indent);
		} else if (!first) {
			put_styled(o, STYLE_PLAIN, SLICE(" "));
		}
		put_styled(o, style, word);
		first = false;
	}
	if (harmless.error != ACTAS_OK && o->pending.error == ACTAS_OK)
		o->pending.error = harmless.error;
	buffer_release(&harmless);
}

void
text_label(
    struct output *o, const char *label, enum style style, const char *text)
{
	text_to(o, 2);
	text_puts(o, STYLE_DIM, label);
	text_to(o, LABEL_COLUMN);
	text_flow(o, style, LABEL_COLUMN, text);
	text_newline(o);
}

void
text_item(struct output *o, const char *label, const char *text)
{
	text_to(o, 2);
	text_puts(o, STYLE_DIM, label);
	text_to(o, LABEL_COLUMN);
	text_puts(o, STYLE_NOTE, "- ");
	text_flow(o, STYLE_PLAIN, LABEL_COLUMN + 2, text);
	text_newline(o);
}

void
table_cell(struct table *t, enum style style, const char *text)
{
	if (t->error == ACTAS_OK)
		t->error = vector_push(&t->cells, {text, style});
}

/* The width of a cell as it will be shown. */
static size_t
cell_width(const struct cell *cell, struct buffer *scratch)
{
	buffer_clear(scratch);
	text_harmless(scratch, slice_of(cell->text));
	return text_width(buffer_slice(scratch));
}

static size_t
column_width(struct table *t, uint32_t column)
{
	struct buffer scratch = {0};
	size_t widest = 0;

	for (uint32_t i = column; i < t->cells.count; i += t->columns) {
		size_t width = cell_width(&t->cells.at[i], &scratch);

		widest = width > widest ? width : widest;
		if (t->error == ACTAS_OK)
			t->error = scratch.error;
	}
	buffer_release(&scratch);
	return widest;
}

/* Where the last column begins: not so far right that it has no room. */
static size_t
last_start(const struct table *t, const struct output *o, size_t start)
{
	if (o->columns == 0 || start + LAST_COLUMN <= o->columns)
		return start;
	return t->indent + 2 * GAP;
}

/* How many cells there are but for the empty ones at the end. */
static uint32_t
filled_cells(const struct cell *row, uint32_t count)
{
	while (count > 0 && row[count - 1].text[0] == '\0')
		count--;
	return count;
}

static void
write_row(const struct table *t, const struct cell *row, const size_t *starts,
    struct output *o)
{
	uint32_t last = t->columns - 1, count = filled_cells(row, t->columns);

	for (uint32_t c = 0; c < count && c < last; c++) {
		text_to(o, starts[c]);
		text_puts(o, row[c].style, row[c].text);
	}
	if (count == t->columns) {
		if (starts[last] < o->column)
			text_newline(o);
		text_to(o, starts[last]);
		text_flow(o, row[last].style, starts[last], row[last].text);
	}
	text_newline(o);
}

enum actas_error
table_write(struct table *t, struct output *o)
{
	size_t starts[8] = {t->indent};
	enum actas_error error;

	for (uint32_t c = 1; c < t->columns; c++)
		starts[c] = starts[c - 1] + column_width(t, c - 1) + GAP;
	starts[t->columns - 1] = last_start(t, o, starts[t->columns - 1]);
	error = t->error;
	/* Without all cells the last row is not a whole one. */
	for (uint32_t i = 0; error == ACTAS_OK && i < t->cells.count;
	     i += t->columns)
		write_row(t, &t->cells.at[i], starts, o);
	vector_release(&t->cells);
	t->error = ACTAS_OK;
	return error;
}
