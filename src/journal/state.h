#ifndef JOURNAL_STATE_H
#define JOURNAL_STATE_H

/*
 * Everything that a platform holds, at one moment: an immutable ordered map
 * from key to value. Keys are text ("vault/kv-data"), compared byte by byte;
 * values are bytes, mostly JSON. What they mean is said in platform/entity.h;
 * nothing here knows.
 *
 * An edit shares with the state before it every node that did not change, so
 * that keeping an old state costs only what differs. One thread at a time
 * edits, holds and releases; any number of threads read meanwhile what they
 * were given.
 */

#include "base/base.h"

struct item;
struct state; /* NULL is the empty state */

struct entry {
	struct slice key, value; /* live as long as the state */
};

/* False, and an empty value, where there is no such key. */
bool state_get(const struct state *s, struct slice key, struct slice *value);
size_t state_count(const struct state *s);
/* Bytes of memory held by the state, those shared with others included. */
size_t state_memory(const struct state *s);
/* The same of it and all that were edited from the same first state, what
 * they share counted once. Editor's thread only. */
size_t state_family_memory(const struct state *s);

/*
 * Entries in the order of their keys:
 *
 *	struct state_walk w;
 *	state_walk_prefix(&w, state, SLICE("vault/"));
 *	while (state_walk_next(&w, &entry)) …
 *
 * A walk holds no memory. 'prefix' must outlive it.
 */
enum { STATE_DEPTH_MOST = 12 }; /* no memory holds so many entries */
struct state_node;
struct state_walk {
	struct {
		const struct state_node *node;
		uint32_t at;
	} path[STATE_DEPTH_MOST];
	uint32_t depth;
	struct slice prefix;
};

/* Every entry whose key begins with 'prefix'. */
void state_walk_prefix(
    struct state_walk *w, const struct state *s, struct slice prefix);
/* The same, from the first key that is greater than 'after' on: how a paged
 * list goes on. */
void state_walk_after(struct state_walk *w, const struct state *s,
    struct slice prefix, struct slice after);
bool state_walk_next(struct state_walk *w, struct entry *entry);

/*
 * Sets one entry of '*s'; a value with NULL pointer removes it, which is no
 * error where it is not there. '*s' is the caller's and becomes the edited
 * state; whoever else holds the state that it was keeps that as it was. What
 * nobody else holds is changed in place. ACTAS_ENOMEM, or ACTAS_ELIMIT past
 * LIMIT_KEY_BYTES or LIMIT_VALUE_BYTES: '*s' has the entries that it had.
 */
enum actas_error state_put(const struct state **s, struct slice key,
    struct slice value) ACTAS_MUST_USE;

/*
 * A state made at once, faster than by putting each entry: they are set aside
 * in any order, the first at place 0, and the end takes them in the order of
 * their keys, which somebody knows. All zero is empty.
 */
struct state_build {
	const struct state *state;
	VECTOR(struct item *) aside;                /* NULL: taken */
	struct state_node *spine[STATE_DEPTH_MOST]; /* from the leaf up */
	uint32_t depth;
	struct slice last;
};
enum actas_error state_build_aside(
    struct state_build *b, struct slice key, struct slice value) ACTAS_MUST_USE;
/* Hands over the state. ACTAS_EUSAGE where a place has no entry or stands
 * twice, a key is not greater than the one before it, or some are missing. */
enum actas_error state_build_end(struct state_build *b, const uint32_t *places,
    uint32_t count, const struct state **s) ACTAS_MUST_USE;
/* Lets go of what is there after an error. */
void state_build_drop(struct state_build *b);

/* One more holder of the state; one less, which frees what nobody else
 * holds. NULL is allowed. Editor's thread only. */
const struct state *state_hold(const struct state *s);
void state_release(const struct state *s);

#endif
