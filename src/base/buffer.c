#include "base/buffer.h"

#include "base/limits.h"
#include "base/memory.h"

#include <stdio.h>

void
buffer_release(struct buffer *b)
{
	mem_free(b->at);
	*b = (struct buffer){.ceiling = b->ceiling};
}

void
buffer_clear(struct buffer *b)
{
	b->length = 0;
	b->error = ACTAS_OK;
	if (b->at != NULL)
		b->at[0] = '\0';
}

/* Room for 'n' more bytes and the NUL; false sets the error. */
static bool
make_room(struct buffer *b, size_t n)
{
	size_t ceiling = b->ceiling == 0 ? LIMIT_BUFFER_BYTES : b->ceiling;
	size_t wanted;
	char *grown;

	if (b->error != ACTAS_OK)
		return false;
	if (b->length > ceiling || n > ceiling - b->length) {
		b->error = ACTAS_ELIMIT;
		return false;
	}
	if (b->length + n < b->capacity)
		return true;
	wanted = (b->length + n + 1) * 3 / 2 + 32;
	grown = mem_resize(b->at, wanted);
	if (grown == NULL) {
		b->error = ACTAS_ENOMEM;
		return false;
	}
	b->at = grown;
	b->capacity = wanted;
	return true;
}

void
buffer_add(struct buffer *b, struct slice text)
{
	if (!make_room(b, text.length))
		return;
	if (text.length > 0)
		memcpy(b->at + b->length, text.at, text.length);
	b->length += text.length;
	b->at[b->length] = '\0';
}

void
buffer_puts(struct buffer *b, const char *text)
{
	buffer_add(b, slice_of(text));
}

void
buffer_putc(struct buffer *b, char c)
{
	buffer_add(b, (struct slice){&c, 1});
}

static bool
is_unreserved(char c)
{
	char low = ascii_lower(c);

	return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') ||
	    c == '-' || c == '.' || c == '_' || c == '~';
}

void
buffer_add_encoded(struct buffer *b, struct slice text, const char *also)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		if (is_unreserved(c) || (c != '\0' && strchr(also, c) != NULL))
			buffer_putc(b, c);
		else
			buffer_addf(b, "%%%02X", (unsigned char)c);
	}
}

void
buffer_fill(struct buffer *b, char c, size_t n)
{
	if (!make_room(b, n))
		return;
	memset(b->at + b->length, c, n);
	b->length += n;
	b->at[b->length] = '\0';
}

void
buffer_addv(struct buffer *b, const char *format, va_list args)
{
	va_list again;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0 && b->error == ACTAS_OK)
		b->error = ACTAS_ELIMIT;
	if (n < 0 || !make_room(b, (size_t)n))
		return;
	vsnprintf(b->at + b->length, (size_t)n + 1, format, args);
	b->length += (size_t)n;
}

void
buffer_addf(struct buffer *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buffer_addv(b, format, args);
	va_end(args);
}

struct slice
buffer_slice(const struct buffer *b)
{
	return (struct slice){b->at, b->length};
}

const char *
buffer_text(const struct buffer *b)
{
	return b->at == NULL ? "" : b->at;
}
