#include "cli/json.h"

#include "cli/text.h"

#include <inttypes.h>

static void
add_escape(struct buffer *out, uint32_t c)
{
	static const char named[] = "\bb\ff\nn\rr\tt\"\"\\\\";

	for (size_t i = 0; i + 1 < sizeof named; i += 2) {
		if ((uint32_t)named[i] != c)
			continue;
		buffer_putc(out, '\\');
		buffer_putc(out, named[i + 1]);
		return;
	}
	if (c >= 0x10000) {
		buffer_addf(
		    out, "\\u%04x", (unsigned)(0xd800 + ((c - 0x10000) >> 10)));
		c = 0xdc00 + ((c - 0x10000) & 0x3ff);
	}
	buffer_addf(out, "\\u%04x", (unsigned)c);
}

/* Whether the byte can stand in a string as it is, whatever follows. */
static bool
is_simple(char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

static void
add_text(struct buffer *out, struct slice text)
{
	buffer_putc(out, '"');
	while (text.length > 0) {
		struct slice run = {text.at, 0};
		uint32_t c;

		while (
		    run.length < text.length && is_simple(text.at[run.length]))
			run.length++;
		buffer_add(out, run);
		text = slice_from(text, run.length);
		if (text.length == 0)
			break;
		run = text;
		if (!text_next(&text, &c))
			buffer_puts(out, "\\ufffd");
		else if (c == '"' || c == '\\' || text_is_unsafe(c))
			add_escape(out, c);
		else
			buffer_add(
			    out, slice_sub(run, 0, run.length - text.length));
	}
	buffer_putc(out, '"');
}

static void
new_line(struct json *j)
{
	if (!j->pretty)
		return;
	buffer_putc(j->out, '\n');
	buffer_fill(j->out, ' ', 2 * (size_t)j->depth);
}

static void
begin(struct json *j, const char *key)
{
	if (j->depth > 0) {
		if (j->filled[j->depth - 1])
			buffer_putc(j->out, ',');
		j->filled[j->depth - 1] = true;
		new_line(j);
	}
	if (key == NULL)
		return;
	/* Keys are the program's own words, which need no escape. */
	buffer_putc(j->out, '"');
	buffer_puts(j->out, key);
	buffer_puts(j->out, j->pretty ? "\": " : "\":");
}

static void
open_with(struct json *j, const char *key, char opener, char closer)
{
	begin(j, key);
	buffer_putc(j->out, opener);
	if (j->depth == JSON_DEEPEST) {
		j->out->error = ACTAS_ELIMIT;
		return;
	}
	j->closers[j->depth] = closer;
	j->filled[j->depth++] = false;
}

void
json_open_object(struct json *j, const char *key)
{
	open_with(j, key, '{', '}');
}

void
json_open_array(struct json *j, const char *key)
{
	open_with(j, key, '[', ']');
}

void
json_close(struct json *j)
{
	if (j->depth == 0)
		return;
	j->depth--;
	if (j->filled[j->depth])
		new_line(j);
	buffer_putc(j->out, j->closers[j->depth]);
	if (j->depth == 0)
		buffer_putc(j->out, '\n');
}

void
json_put_text(struct json *j, const char *key, struct slice text)
{
	begin(j, key);
	add_text(j->out, text);
}

void
json_put_string(struct json *j, const char *key, const char *text)
{
	if (text == NULL)
		json_put_null(j, key);
	else
		json_put_text(j, key, slice_of(text));
}

void
json_put_number(struct json *j, const char *key, uint64_t number)
{
	begin(j, key);
	buffer_addf(j->out, "%" PRIu64, number);
}

void
json_put_flag(struct json *j, const char *key, bool flag)
{
	begin(j, key);
	buffer_puts(j->out, flag ? "true" : "false");
}

void
json_put_null(struct json *j, const char *key)
{
	begin(j, key);
	buffer_puts(j->out, "null");
}

void
json_put_strings(
    struct json *j, const char *key, const char *const *texts, uint32_t count)
{
	json_open_array(j, key);
	for (uint32_t i = 0; i < count; i++)
		json_put_string(j, NULL, texts[i]);
	json_close(j);
}

void
json_put_ready(struct json *j, const char *key, struct slice ready)
{
	begin(j, key);
	buffer_add(j->out, ready);
}
