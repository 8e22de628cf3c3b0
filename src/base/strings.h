#ifndef BASE_STRINGS_H
#define BASE_STRINGS_H

/*
 * Interned strings: equal text has one id, so that comparing is comparing
 * numbers. Id 0 is the empty string. Texts live as long as the table, and
 * each is followed by a NUL.
 */

#include "base/index.h"
#include "base/slice.h"
#include "base/vector.h"

typedef uint32_t string_id;

struct strings {
	VECTOR(char *) chunks;      /* the bytes, in pieces that never move */
	VECTOR(const char *) texts; /* by id */
	VECTOR(uint32_t) lengths;   /* by id */
	struct index index;
	size_t chunk_used, chunk_size, total;
	VECTOR(void *) outgrown; /* that copies of the struct may still read */
};

/* All zero is an empty table; release leaves one behind. */
void strings_release(struct strings *s);
/* ACTAS_ENOMEM; ACTAS_ELIMIT past LIMIT_STRING_BYTES or the table's own. */
enum actas_error strings_add(
    struct strings *s, struct slice text, string_id *id) ACTAS_MUST_USE;
/*
 * The same where copies of the struct are read meanwhile, on any thread, by
 * strings_get: what they hold stays where it is until the table itself is
 * released. One thread at a time adds, and nobody but it may look for text.
 */
enum actas_error strings_add_beside(
    struct strings *s, struct slice text, string_id *id) ACTAS_MUST_USE;
/* The id of text that is already there; false if it is not. */
bool strings_find(const struct strings *s, struct slice text, string_id *id);
/* The text of an id that strings_add gave. */
struct slice strings_get(const struct strings *s, string_id id);
/* Bytes of memory that the table holds. */
size_t strings_memory(const struct strings *s);

#endif
