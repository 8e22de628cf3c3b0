#ifndef BASE_ARENA_H
#define BASE_ARENA_H

/*
 * Memory that is freed all at once: for the results of one question, or of
 * one parse. Not for secrets.
 */

#include "base/error.h"
#include "base/slice.h"

struct arena {
	struct arena_block *newest; /* NULL: empty */
	size_t used, capacity;      /* of the newest block */
};

/* All zero is an empty arena; release leaves one behind. */
void arena_release(struct arena *a);

/* 'count' zeroed elements, aligned for anything; NULL when out of memory. */
ACTAS_MUST_USE void *arena_zero(struct arena *a, size_t count, size_t size);
/* The same elements copied; NULL when out of memory. */
ACTAS_MUST_USE void *arena_copy(
    struct arena *a, const void *from, size_t count, size_t size);
/* A NUL-terminated copy of the text; NULL when out of memory. */
ACTAS_MUST_USE char *arena_text(struct arena *a, struct slice text);
ACTAS_MUST_USE char *arena_printf(struct arena *a, const char *format, ...)
    ACTAS_PRINTF(2, 3);

#endif
