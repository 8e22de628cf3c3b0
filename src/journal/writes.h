#ifndef JOURNAL_WRITES_H
#define JOURNAL_WRITES_H

/*
 * What one change writes, gathered before any of it is done, so that a change
 * that fails writes nothing. Everything is copied. Errors stick: the first
 * refuses the whole change. A key that is written twice has what was written
 * last.
 */

#include "journal/state.h"

/* One key's new value; NULL pointer: the key goes. */
struct write {
	struct slice key, value;
};

/* All zero is empty; release leaves an empty one behind. */
struct writes {
	VECTOR(struct write) at;
	struct arena arena;
	enum actas_error error;
};
void writes_release(struct writes *w);

/* ACTAS_ELIMIT past LIMIT_KEY_BYTES, LIMIT_VALUE_BYTES or
 * LIMIT_CHANGE_WRITES. */
void writes_put(struct writes *w, struct slice key, struct slice value);
void writes_remove(struct writes *w, struct slice key);
/* Makes an error stick that is met between writes. */
void writes_fail(struct writes *w, enum actas_error error);

/* Does them all to '*s', or none: where one sticks or fails, '*s' is what it
 * was. */
enum actas_error writes_apply(
    const struct writes *w, const struct state **s) ACTAS_MUST_USE;

#endif
