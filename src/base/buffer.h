#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

/*
 * Text that grows. Errors stick: after the first one every further addition
 * does nothing, so twenty additions need one check at the end. The text is
 * always followed by a NUL that does not count. What is added may not lie in
 * the buffer itself, which may move.
 */

#include "base/error.h"
#include "base/slice.h"

struct buffer {
	char *at; /* NULL until something was added */
	size_t length, capacity;
	size_t ceiling; /* 0: LIMIT_BUFFER_BYTES */
	enum actas_error error;
};

/* All zero is an empty buffer; release leaves one behind. */
void buffer_release(struct buffer *b);
/* Empties it, forgives its error and keeps its memory. */
void buffer_clear(struct buffer *b);

void buffer_add(struct buffer *b, struct slice text);
void buffer_puts(struct buffer *b, const char *text);
void buffer_putc(struct buffer *b, char c);
void buffer_addf(struct buffer *b, const char *format, ...) ACTAS_PRINTF(2, 3);
void buffer_addv(struct buffer *b, const char *format, va_list args)
    ACTAS_PRINTF(2, 0);
/* As part of a URL: unreserved characters (RFC 3986) and those in 'also' as
 * they are, all others as %XX. */
void buffer_add_encoded(struct buffer *b, struct slice text, const char *also);
/* 'n' times 'c'. */
void buffer_fill(struct buffer *b, char c, size_t n);

/* What it holds; lives until the next addition. */
struct slice buffer_slice(const struct buffer *b);
/* The same as a C string; "" when empty. */
const char *buffer_text(const struct buffer *b);

#endif
