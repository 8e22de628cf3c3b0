#include "journal/state_private.h"

/*
 * A state made from the left to the right. The last node of each level is
 * open (the spine); an item goes into the lowest of them that has room, and
 * the nodes below it are closed and new ones begun. Nodes are filled in part,
 * so that the edits to come need not split each that they meet. At the end
 * those of the spine may be sparse, and are filled from their neighbours.
 */

enum { FILL = MOST * 3 / 4 };

static struct state_node *
node_begin(struct state *s, bool inner)
{
	struct state_node *n = state_node_new(s->family, inner);

	if (n != NULL)
		s->bytes += state_node_bytes(inner);
	return n;
}

static void
nodes_free(struct state *s, struct state_node **nodes, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		s->bytes -= state_node_bytes(nodes[i]->inner);
		s->family->bytes -= state_node_bytes(nodes[i]->inner);
		mem_free(nodes[i]);
	}
}

/* New nodes for the levels below 'level', and a root if that has none yet.
 * All, or none. */
static enum actas_error
nodes_begin(struct state_build *b, struct state *s, uint32_t level,
    struct state_node **fresh)
{
	uint32_t count = level + (level == b->depth ? 1 : 0);

	for (uint32_t i = 0; i < count; i++) {
		fresh[i] = node_begin(s, i > 0);
		if (fresh[i] == NULL) {
			nodes_free(s, fresh, i);
			return ACTAS_ENOMEM;
		}
	}
	return ACTAS_OK;
}

/* Puts the item behind all others at 'level', and begins anew below it. */
static void
grow(struct state_build *b, struct state *s, uint32_t level, struct item *it,
    struct state_node **fresh)
{
	struct state_node *n;

	for (uint32_t i = 0; i < level; i++)
		state_node_index(b->spine[i]);
	if (level == b->depth) {
		if (level > 0)
			fresh[level]->below[0] = s->root;
		s->root = b->spine[b->depth++] = fresh[level];
	}
	n = b->spine[level];
	n->items[n->count++] = it;
	if (level == 0)
		return;
	n->below[n->count] = fresh[level - 1];
	for (uint32_t i = level; i-- > 0;) {
		if (i > 0)
			fresh[i]->below[0] = fresh[i - 1];
		b->spine[i] = fresh[i];
	}
}

enum actas_error
state_build_aside(struct state_build *b, struct slice key, struct slice value)
{
	enum actas_error error;
	struct item *it;
	struct state *s;

	if (key.length > LIMIT_KEY_BYTES || value.length > LIMIT_VALUE_BYTES)
		return ACTAS_ELIMIT;
	error = state_own(&b->state, &s);
	if (error != ACTAS_OK)
		return error;
	it = state_item_new(s->family, key, value);
	if (it == NULL)
		return ACTAS_ENOMEM;
	error = vector_push(&b->aside, it);
	if (error != ACTAS_OK)
		state_item_release(s->family, it);
	return error;
}

static enum actas_error
take(struct state_build *b, uint32_t place)
{
	struct state_node *fresh[STATE_DEPTH_MOST];
	enum actas_error error;
	uint32_t level = 0;
	struct item *it;
	struct state *s;

	if (place >= b->aside.count || b->aside.at[place] == NULL)
		return ACTAS_EUSAGE;
	it = b->aside.at[place];
	if (b->last.at != NULL && slice_cmp(item_key(it), b->last) <= 0)
		return ACTAS_EUSAGE;
	error = state_own(&b->state, &s);
	while (level < b->depth && b->spine[level]->count == FILL)
		level++;
	if (error == ACTAS_OK)
		error = nodes_begin(b, s, level, fresh);
	if (error != ACTAS_OK)
		return error;
	grow(b, s, level, it, fresh);
	b->aside.at[place] = NULL;
	s->count++;
	s->bytes += item_bytes(it);
	b->last = item_key(it);
	return ACTAS_OK;
}

/* From the root down, so that a node has an item to spare when it is come
 * to. All nodes are own: filling them allocates nothing, and cannot fail. */
static enum actas_error
fill_spine(struct state *s)
{
	struct state_node *n = s->root;
	enum actas_error error = ACTAS_OK;

	while (error == ACTAS_OK && n->inner) {
		if (n->below[n->count]->count > LEAST) {
			n = n->below[n->count];
			continue;
		}
		error = state_node_fill(s, n, n->count);
		if (n->count == 0) {
			state_root_shrink(s);
			n = s->root;
		}
	}
	return error;
}

/* Items lie all over the memory: what comes soon is fetched beforehand. */
static void
prefetch(const struct state_build *b, const uint32_t *places, uint32_t count)
{
	enum { SOON = 16 };

	if (count > 2 * SOON && places[2 * SOON] < b->aside.count)
		__builtin_prefetch(&b->aside.at[places[2 * SOON]]);
	if (count > SOON && places[SOON] < b->aside.count)
		__builtin_prefetch(b->aside.at[places[SOON]]);
}

static enum actas_error
take_all(struct state_build *b, const uint32_t *places, uint32_t count)
{
	enum actas_error error =
	    b->aside.count == count ? ACTAS_OK : ACTAS_EUSAGE;

	for (uint32_t i = 0; error == ACTAS_OK && i < count; i++) {
		prefetch(b, places + i, count - i);
		error = take(b, places[i]);
	}
	return error;
}

enum actas_error
state_build_end(struct state_build *b, const uint32_t *places, uint32_t count,
    const struct state **state)
{
	enum actas_error error = take_all(b, places, count);
	struct state *s;

	*state = NULL;
	if (error == ACTAS_OK && b->depth > 0)
		error = state_own(&b->state, &s);
	for (uint32_t i = 0; error == ACTAS_OK && i < b->depth; i++)
		state_node_index(b->spine[i]);
	if (error == ACTAS_OK && b->depth > 0)
		error = fill_spine(s);
	if (error == ACTAS_OK) {
		*state = b->state;
		b->state = NULL;
	}
	return error;
}

void
state_build_drop(struct state_build *b)
{
	struct state *s;

	for (uint32_t i = 0; i < b->aside.count; i++)
		if (b->aside.at[i] != NULL &&
		    state_own(&b->state, &s) == ACTAS_OK)
			state_item_release(s->family, b->aside.at[i]);
	vector_release(&b->aside);
	state_release(b->state);
	*b = (struct state_build){0};
}
