#include "source/page/page_write.h"

#include "source/page/page_read.h"

/*
 * Markdown that reads back as the very text that was meant.
 *
 * Text: every character that could be markup is escaped. '<' is written as a
 * reference and not with a backslash, since the reader masks "<!" before it
 * parses. Characters below the blank are references.
 *
 * Names are code spans, since that is how a page marks them. A code span
 * cannot hold a line break, nor a '\' right before a '|' in a table; a name
 * with such parts is a code element (HTML) around references, which looks the
 * same and reads as the same.
 */

static bool
is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

static void
reference(struct buffer *out, char c)
{
	buffer_addf(out, "&#%u;", (unsigned)(unsigned char)c);
}

void
md_text(struct buffer *out, struct slice text)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		if (c == '\n')
			buffer_puts(out, "<br/>");
		else if (is_control(c))
			reference(out, c);
		else if (c == '<')
			buffer_puts(out, "&lt;");
		else if (strchr("\\`*_[]>&|~", c) != NULL)
			buffer_addf(out, "\\%c", c);
		else
			buffer_putc(out, c);
	}
}

/* The longest run of backticks in a text. */
static size_t
backticks(struct slice text)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < text.length; i++) {
		run = text.at[i] == '`' ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

static bool
fits_code_span(struct slice name)
{
	for (size_t i = 0; i < name.length; i++) {
		if (is_control(name.at[i]))
			return false;
		if (name.at[i] == '\\' && i + 1 < name.length &&
		    name.at[i + 1] == '|')
			return false;
	}
	return name.length > 0 && name.at[0] != ' ' &&
	    name.at[name.length - 1] != ' ';
}

static void
code_span(struct buffer *out, struct slice name, bool in_table)
{
	size_t fence = backticks(name) + 1;
	bool padded = name.at[0] == '`' || name.at[name.length - 1] == '`';

	buffer_fill(out, '`', fence);
	buffer_puts(out, padded ? " " : "");
	for (size_t i = 0; i < name.length; i++) {
		if (name.at[i] == '|' && in_table)
			buffer_putc(out, '\\');
		buffer_putc(out, name.at[i]);
	}
	buffer_puts(out, padded ? " " : "");
	buffer_fill(out, '`', fence);
}

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static void
code_element(struct buffer *out, struct slice name)
{
	buffer_puts(out, "<code>");
	for (size_t i = 0; i < name.length; i++) {
		if (is_plain(name.at[i]))
			buffer_putc(out, name.at[i]);
		else
			reference(out, name.at[i]);
	}
	buffer_puts(out, "</code>");
}

void
md_name(struct buffer *out, struct slice name)
{
	if (fits_code_span(name))
		code_span(out, name, true);
	else
		code_element(out, name);
}

void
md_span(struct buffer *out, struct slice name)
{
	if (fits_code_span(name))
		code_span(out, name, false);
	else
		code_element(out, name);
}

void
md_label(struct buffer *out, struct slice text)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		if (is_plain(c) || strchr(" .-_/@:,", c) != NULL)
			buffer_putc(out, c);
		else
			buffer_addf(out, "#%u;", (unsigned)(unsigned char)c);
	}
}

void
table_begin(struct table *t, const char *const *titles, uint32_t required)
{
	*t = (struct table){.titles = titles, .required = required};
	while (titles[t->columns] != NULL)
		t->columns++;
}

void
cell_end(struct table *t)
{
	size_t from = t->ends.count == 0 ? 0 : t->ends.at[t->ends.count - 1];

	if (t->text.length > from)
		t->used |= 1u << t->at;
	t->at = (t->at + 1) % t->columns;
	if (t->error == ACTAS_OK)
		t->error = vector_push(&t->ends, t->text.length);
}

void
cell_text(struct table *t, struct slice text)
{
	/* "none" says nothing, but as code it is a text. */
	if (text.length > 0 && words_nothing(text))
		md_name(&t->text, text);
	else
		md_text(&t->text, text);
	cell_end(t);
}

void
cell_name(struct table *t, struct slice name)
{
	if (name.length > 0)
		md_name(&t->text, name);
	cell_end(t);
}

void
cell_word(struct table *t, const char *word)
{
	buffer_puts(&t->text, word);
	cell_end(t);
}

void
cell_tri(struct table *t, uint8_t tri)
{
	cell_word(t, tri == YES ? "yes" : tri == NO ? "no" : "");
}

void
cell_guid(struct table *t, struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1] = "";

	if (!guid_is_nil(id))
		guid_format(id, text);
	cell_word(t, text);
}

void
cell_moment(struct table *t, moment when)
{
	char text[MOMENT_TEXT_LENGTH + 1] = "";

	if (when != MOMENT_UNKNOWN && when % MOMENT_DAY == 0)
		moment_format_date(when, text);
	else if (when != MOMENT_UNKNOWN)
		moment_format(when, text);
	cell_word(t, text);
}

static void
write_row(const struct table *t, uint32_t first, struct buffer *out)
{
	for (uint32_t i = 0; i < t->columns; i++) {
		uint32_t cell = first + i;
		size_t from = cell == 0 ? 0 : t->ends.at[cell - 1];

		if (((t->used | t->required) & 1u << i) == 0)
			continue;
		buffer_puts(out, "| ");
		if (t->ends.at[cell] > from) {
			buffer_add(out,
			    slice_sub(buffer_slice(&t->text), from,
				t->ends.at[cell] - from));
			buffer_putc(out, ' ');
		}
	}
	buffer_puts(out, "|\n");
}

static void
write_header(const struct table *t, struct buffer *out)
{
	for (uint32_t i = 0; i < t->columns; i++) {
		if ((t->used | t->required) & 1u << i)
			buffer_addf(out, "| %s ", t->titles[i]);
	}
	buffer_puts(out, "|\n");
	for (uint32_t i = 0; i < t->columns; i++) {
		if ((t->used | t->required) & 1u << i)
			buffer_puts(out, "|---");
	}
	buffer_puts(out, "|\n");
}

void
table_end(struct table *t, const char *heading, struct buffer *out)
{
	if (t->error == ACTAS_OK)
		t->error = t->text.error;
	if (t->error != ACTAS_OK) {
		if (out->error == ACTAS_OK)
			out->error = t->error;
	} else if (t->ends.count > 0) {
		if (heading != NULL)
			buffer_addf(out, "\n%s\n", heading);
		buffer_putc(out, '\n');
		write_header(t, out);
		for (uint32_t i = 0; i < t->ends.count; i += t->columns)
			write_row(t, i, out);
	}
	buffer_release(&t->text);
	vector_release(&t->ends);
}
