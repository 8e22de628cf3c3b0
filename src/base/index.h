#ifndef BASE_INDEX_H
#define BASE_INDEX_H

/*
 * A hash index over rows that live elsewhere: it maps a 64-bit hash to the
 * 32-bit ids of the rows that have it. The caller compares the rows. Ids are
 * returned in the order of insertion for equal hashes.
 *
 *	struct index_walk w = index_start(&ix, hash);
 *	while (index_next(&w, &id))
 *		if (is_the_row(id)) …
 */

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct index {
	struct index_slot *slots; /* NULL: empty */
	uint32_t mask, count;
};

struct index_walk {
	const struct index *index;
	uint32_t tag, at;
};

/* All zero is an empty index; release leaves one behind. */
void index_release(struct index *ix);
enum actas_error index_add(
    struct index *ix, uint64_t hash, uint32_t id) ACTAS_MUST_USE;
/* 'into' is empty. */
enum actas_error index_copy(
    struct index *into, const struct index *from) ACTAS_MUST_USE;
struct index_walk index_start(const struct index *ix, uint64_t hash);
bool index_next(struct index_walk *walk, uint32_t *id);

#endif
