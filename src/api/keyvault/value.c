#include "api/keyvault/value.h"

/*
 * The scanner knows as much of JSON as it takes to find the names of the
 * outermost object and the strings behind them. Where the text is no JSON it
 * may find anything; but it only ever replaces a well-formed string by an
 * empty one, so the text that is left is JSON exactly if the body was.
 */

struct scan {
	struct slice body;
	size_t at;
	uint32_t depth; /* of lists and objects around 'at' */
};

/* Moves behind the string that begins at 'at'; false where it has no end. */
static bool
skip_string(struct scan *s)
{
	for (s->at++; s->at < s->body.length; s->at++) {
		char c = s->body.at[s->at];

		if (c == '\\') {
			s->at++;
		} else if (c == '"') {
			s->at++;
			return true;
		}
	}
	return false;
}

static void
skip_blanks(struct scan *s)
{
	while (s->at < s->body.length &&
	    memchr(" \t\r\n", s->body.at[s->at], 4) != NULL)
		s->at++;
}

/* What a string is decoded into; 'at' NULL only counts. */
struct decoded {
	uint8_t *at;
	size_t length;
};

static void
put_byte(struct decoded *d, uint32_t byte)
{
	if (d->at != NULL)
		d->at[d->length] = (uint8_t)byte;
	d->length++;
}

static void
put_point(struct decoded *d, uint32_t c)
{
	if (c < 0x80) {
		put_byte(d, c);
	} else if (c < 0x800) {
		put_byte(d, 0xc0 | c >> 6);
		put_byte(d, 0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		put_byte(d, 0xe0 | c >> 12);
		put_byte(d, 0x80 | (c >> 6 & 0x3f));
		put_byte(d, 0x80 | (c & 0x3f));
	} else {
		put_byte(d, 0xf0 | c >> 18);
		put_byte(d, 0x80 | (c >> 12 & 0x3f));
		put_byte(d, 0x80 | (c >> 6 & 0x3f));
		put_byte(d, 0x80 | (c & 0x3f));
	}
}

/* Four hexadecimal digits at the front of 'text', or UINT32_MAX. */
static uint32_t
read_unit(struct slice text)
{
	uint32_t unit = 0;

	if (text.length < 4)
		return UINT32_MAX;
	for (size_t i = 0; i < 4; i++) {
		int digit = ascii_hex_digit(text.at[i]);

		if (digit < 0)
			return UINT32_MAX;
		unit = unit << 4 | (uint32_t)digit;
	}
	return unit;
}

/* Decodes "uXXXX" or two of them at the front of 'text', behind the
 * backslash; returns how long that was, 0 where it is nothing of the kind. */
static size_t
put_escaped_point(struct decoded *d, struct slice text)
{
	uint32_t high = read_unit(slice_from(text, 1)), low;

	if (high == UINT32_MAX || (high >= 0xdc00 && high < 0xe000))
		return 0;
	if (high < 0xd800 || high >= 0xe000) {
		put_point(d, high);
		return 5;
	}
	if (text.length < 7 || text.at[5] != '\\' || text.at[6] != 'u')
		return 0;
	low = read_unit(slice_from(text, 7));
	if (low < 0xdc00 || low >= 0xe000)
		return 0;
	put_point(d, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
	return 11;
}

/* What follows a backslash; 0 where JSON knows no such thing. */
static size_t
put_escaped(struct decoded *d, struct slice text)
{
	static const char names[] = "\"\\/bfnrt", points[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (text.length > 0 && text.at[0] == 'u')
		return put_escaped_point(d, text);
	found = text.length == 0 ? NULL
				 : memchr(names, text.at[0], sizeof names - 1);
	if (found == NULL)
		return 0;
	put_byte(d, (uint8_t)points[found - names]);
	return 1;
}

/* The text between the quotes; false where it is no JSON string. */
static bool
decode(struct slice text, struct decoded *d)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.at[i];
		size_t used;

		if (c < ' ')
			return false;
		if (c != '\\') {
			put_byte(d, c);
			continue;
		}
		used = put_escaped(d, slice_from(text, i + 1));
		if (used == 0)
			return false;
		i += used;
	}
	return true;
}

static bool
is_the_name(struct slice text)
{
	uint8_t clear[sizeof "value" * 4];
	struct decoded counted = {0}, d = {.at = clear};

	if (!decode(text, &counted) || counted.length > sizeof clear)
		return false;
	(void)decode(text, &d);
	return slice_eq(
	    (struct slice){(char *)clear, d.length}, SLICE("value"));
}

/* NUL is no fault here: a value may be any text. */
static bool
is_text(const struct secret_bytes *value)
{
	struct slice rest = secret_bytes_reveal(value), part;

	while (slice_cut(&rest, '\0', &part))
		if (!slice_is_utf8(part))
			return false;
	return true;
}

static enum actas_error
take(struct slice text, struct secret_bytes *value)
{
	struct decoded d = {0};
	enum actas_error error;

	if (!decode(text, &d))
		return ACTAS_EPARSE;
	if (d.length > LIMIT_SECRET_VALUE_BYTES)
		return ACTAS_ELIMIT;
	secret_bytes_release(value);
	if (d.length == 0)
		return ACTAS_OK;
	error = secret_bytes_new(d.length, value);
	if (error != ACTAS_OK)
		return error;
	d = (struct decoded){.at = value->at};
	(void)decode(text, &d);
	return is_text(value) ? ACTAS_OK : ACTAS_EPARSE;
}

/* Goes over one string. Where it is the name of the value, 'text' becomes
 * what is between the quotes of the string behind it. */
static bool
pass_string(struct scan *s, struct slice *text)
{
	size_t from = s->at;

	if (!skip_string(s))
		return false;
	if (s->depth != 1 ||
	    !is_the_name(slice_sub(s->body, from + 1, s->at - from - 2)))
		return false;
	skip_blanks(s);
	if (s->at >= s->body.length || s->body.at[s->at] != ':')
		return false;
	s->at++;
	skip_blanks(s);
	from = s->at;
	if (s->at >= s->body.length || s->body.at[s->at] != '"' ||
	    !skip_string(s))
		return false;
	*text = slice_sub(s->body, from + 1, s->at - from - 2);
	return true;
}

/* The next value in the object, at any distance from 'at'. */
static bool
find_value(struct scan *s, struct slice *text)
{
	while (s->at < s->body.length) {
		switch (s->body.at[s->at]) {
		case '"':
			if (pass_string(s, text))
				return true;
			continue;
		case '{':
		case '[':
			s->depth++;
			break;
		case '}':
		case ']':
			s->depth -= s->depth > 0;
			break;
		default:
			break;
		}
		s->at++;
	}
	return false;
}

/* Every one is taken out: one that stands twice is refused by the parser, and
 * must not pass through it. */
enum actas_error
value_take(struct slice body, struct arena *arena, struct secret_bytes *value,
    bool *is_there, struct slice *rest)
{
	struct scan s = {.body = body};
	char *copy = arena_zero(arena, body.length + 1, 1);
	enum actas_error error = ACTAS_OK, first = ACTAS_OK;
	size_t length = 0, from = 0;
	struct slice text;

	*value = (struct secret_bytes){0};
	*is_there = false;
	*rest = SLICE("");
	if (copy == NULL)
		return ACTAS_ENOMEM;
	while (find_value(&s, &text)) {
		size_t start = (size_t)(text.at - body.at);

		error = take(text, value);
		if (first == ACTAS_OK)
			first = error;
		*is_there = true;
		memcpy(copy + length, body.at + from, start - from);
		length += start - from;
		from = start + text.length;
	}
	if (from < body.length)
		memcpy(copy + length, body.at + from, body.length - from);
	*rest = (struct slice){copy, length + body.length - from};
	if (first != ACTAS_OK)
		secret_bytes_release(value);
	return first;
}

/* --- into an answer --- */

static size_t
escaped_length(unsigned char c)
{
	if (c == '"' || c == '\\')
		return 2;
	return c < ' ' || c == 0x7f ? 6 : 1;
}

static void
put_escape(struct buffer *out, unsigned char c)
{
	if (c == '"' || c == '\\') {
		buffer_putc(out, '\\');
		buffer_putc(out, (char)c);
	} else if (c < ' ' || c == 0x7f) {
		buffer_addf(out, "\\u%04x", c);
	} else {
		buffer_putc(out, (char)c);
	}
}

void
value_put(struct buffer *out, struct slice value, size_t more)
{
	size_t length = out->length, needed = 2;

	for (size_t i = 0; i < value.length; i++)
		needed += escaped_length((unsigned char)value.at[i]);
	buffer_fill(out, ' ', needed + more);
	if (out->error != ACTAS_OK)
		return;
	out->length = length;
	out->at[length] = '\0';
	buffer_putc(out, '"');
	for (size_t i = 0; i < value.length; i++)
		put_escape(out, (unsigned char)value.at[i]);
	buffer_putc(out, '"');
}
