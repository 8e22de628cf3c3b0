#ifndef JOURNAL_STATE_H
#define JOURNAL_STATE_H

/*
 * Everything that a platform holds, at one moment: an immutable ordered map
 * from key to value. Keys are text ("vault/kv-data"), compared byte by byte;
 * values are bytes, mostly JSON. What they mean is said in platform/entity.h;
 * nothing here knows.
 *
 * An edit makes a new state that shares with the old one every node that did
 * not change, so that keeping an old state costs only what differs. One
 * thread at a time edits and releases; any number of threads read.
 */

#include "base/base.h"

struct state; /* NULL is the empty state */

struct entry {
	struct slice key, value; /* live as long as the state */
};

/* False, and an empty value, where there is no such key. */
bool state_get(const struct state *s, struct slice key, struct slice *value);
size_t state_count(const struct state *s);
/* Bytes of memory held by the state, those shared with others included. */
size_t state_memory(const struct state *s);

/*
 * Entries in the order of their keys:
 *
 *	struct state_walk w;
 *	state_walk_prefix(&w, state, SLICE("vault/"));
 *	while (state_walk_next(&w, &entry)) …
 *
 * A walk holds no memory. 'prefix' must outlive it.
 */
enum { STATE_DEPTH_MOST = 24 };
struct state_walk {
	struct {
		const struct state *node;
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
 * Sets '*edited' to a state that differs from 's' by one entry; an empty
 * value with NULL pointer removes it. 's' stays as it is and stays the
 * caller's. Nodes made since 'edition' was last changed (any number that
 * only grows; one a transaction) are changed in place. ACTAS_ENOMEM leaves
 * '*edited' as 's'; ACTAS_ELIMIT for a key longer than LIMIT_KEY_BYTES.
 */
enum actas_error state_put(const struct state *s, uint64_t edition,
    struct slice key, struct slice value,
    const struct state **edited) ACTAS_MUST_USE;

/* One more holder of the state; one less, which frees what nobody else
 * holds. NULL is allowed. Editor's thread only. */
const struct state *state_hold(const struct state *s);
void state_release(const struct state *s);

#endif
