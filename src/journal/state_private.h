#ifndef JOURNAL_STATE_PRIVATE_H
#define JOURNAL_STATE_PRIVATE_H

/* Between state.c, which says how it works, and state_build.c. */

#include "journal/state.h"

enum { LEAST = 15, MOST = 2 * LEAST + 1 };

struct item {
	uint32_t holders, key_length, value_length;
	char bytes[]; /* key, value */
};

struct state_node {
	uint32_t holders;
	uint16_t count, common; /* of the bytes of all keys, the first */
	bool inner;
	uint64_t heads[MOST];
	struct item *items[MOST];
	struct state_node *below[]; /* inner: count + 1 of MOST + 1 */
};

struct family {
	uint32_t states;
	size_t bytes; /* of what is allocated */
};

struct state {
	uint32_t holders;
	size_t count, bytes;
	struct state_node *root;
	struct family *family;
};

static inline struct slice
item_key(const struct item *it)
{
	return (struct slice){it->bytes, it->key_length};
}

static inline struct slice
item_value(const struct item *it)
{
	return (struct slice){it->bytes + it->key_length, it->value_length};
}

static inline size_t
item_bytes(const struct item *it)
{
	return sizeof *it + it->key_length + it->value_length;
}

static inline size_t
state_node_bytes(bool inner)
{
	return sizeof(struct state_node) +
	    (inner ? (MOST + 1) * sizeof(struct state_node *) : 0);
}

/* New ones have one holder. NULL when out of memory. */
struct item *state_item_new(
    struct family *f, struct slice key, struct slice value);
void state_item_release(struct family *f, struct item *it);
struct state_node *state_node_new(struct family *f, bool inner);
/* Finds out again what the keys of a node have in common, and their heads. */
void state_node_index(struct state_node *n);
/* Gives the sparse node below 'n' at 'i' more items; 'n' is own. */
enum actas_error state_node_fill(
    struct state *s, struct state_node *n, uint32_t i) ACTAS_MUST_USE;
/* An inner root without items gives its place to what is below it. */
void state_root_shrink(struct state *s);
/* Makes '*state' one that nobody else holds. */
enum actas_error state_own(
    const struct state **state, struct state **own) ACTAS_MUST_USE;

#endif
