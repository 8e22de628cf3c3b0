#include "journal/state_private.h"

#include <endian.h>

/*
 * A B-tree whose nodes are counted references, shared between states.
 *
 * An edit goes down from the root. A node that is held more than once is
 * copied on the way ("made own"); one that is held once belongs to this state
 * alone and is changed in place. So a state that nobody else holds is edited
 * like any tree, and one that was published costs one copied node a level.
 *
 * Full nodes are split and sparse ones filled before they are entered, so that
 * the edit itself never has to go up again. Each of these steps leaves a tree
 * with the same entries, and the last step cannot fail: an edit that runs out
 * of memory has changed nothing that anybody can see.
 *
 * Every node but the root has LEAST to MOST items. An entry is one allocation,
 * an item, shared by all states that have it. States that may share are a
 * family, which counts the bytes of all their nodes and items.
 *
 * So that a search need not look at items all over the memory, a node knows
 * how many bytes the keys of its items have in common, and of each the eight
 * bytes behind them, as a number (its head). Keys whose heads differ are in
 * the order of their heads.
 */

struct item *
state_item_new(struct family *f, struct slice key, struct slice value)
{
	struct item *it = mem_alloc(sizeof *it + key.length + value.length);

	if (it == NULL)
		return NULL;
	f->bytes += sizeof *it + key.length + value.length;
	it->holders = 1;
	it->key_length = (uint32_t)key.length;
	it->value_length = (uint32_t)value.length;
	if (key.length > 0)
		memcpy(it->bytes, key.at, key.length);
	if (value.length > 0)
		memcpy(it->bytes + key.length, value.at, value.length);
	return it;
}

void
state_item_release(struct family *f, struct item *it)
{
	if (--it->holders > 0)
		return;
	f->bytes -= item_bytes(it);
	mem_free(it);
}

struct state_node *
state_node_new(struct family *f, bool inner)
{
	struct state_node *n = mem_alloc(state_node_bytes(inner));

	if (n == NULL)
		return NULL;
	f->bytes += state_node_bytes(inner);
	n->holders = 1;
	n->count = 0;
	n->common = 0;
	n->inner = inner;
	return n;
}

/* Frees the node alone. */
static void
node_free(struct family *f, struct state_node *n)
{
	f->bytes -= state_node_bytes(n->inner);
	mem_free(n);
}

static void
node_release(struct family *f, struct state_node *n)
{
	if (--n->holders > 0)
		return;
	for (uint32_t i = 0; i < n->count; i++)
		state_item_release(f, n->items[i]);
	for (uint32_t i = 0; n->inner && i <= n->count; i++)
		node_release(f, n->below[i]);
	node_free(f, n);
}

/* Makes '*slot' a node that nobody else holds. */
static enum actas_error
node_own(struct family *f, struct state_node **slot)
{
	struct state_node *old = *slot, *own;

	if (old->holders == 1)
		return ACTAS_OK;
	own = state_node_new(f, old->inner);
	if (own == NULL)
		return ACTAS_ENOMEM;
	own->count = old->count;
	own->common = old->common;
	memcpy(own->heads, old->heads, old->count * sizeof *old->heads);
	for (uint32_t i = 0; i < old->count; i++) {
		own->items[i] = old->items[i];
		own->items[i]->holders++;
	}
	for (uint32_t i = 0; old->inner && i <= old->count; i++) {
		own->below[i] = old->below[i];
		own->below[i]->holders++;
	}
	old->holders--;
	*slot = own;
	return ACTAS_OK;
}

/* The eight bytes of a key from 'from' on; what is not there is zero. */
static uint64_t
key_head(struct slice key, size_t from)
{
	uint64_t head = 0;

	if (key.length > from)
		memcpy(&head, key.at + from,
		    key.length - from < 8 ? key.length - from : 8);
	return be64toh(head);
}

static size_t
common_bytes(struct slice a, struct slice b, size_t most)
{
	size_t n = 0;

	while (n < most && n < a.length && n < b.length && a.at[n] == b.at[n])
		n++;
	return n;
}

void
state_node_index(struct state_node *n)
{
	if (n->count == 0)
		return;
	n->common = (uint16_t)common_bytes(item_key(n->items[0]),
	    item_key(n->items[n->count - 1]), LIMIT_KEY_BYTES);
	for (uint32_t i = 0; i < n->count; i++)
		n->heads[i] = key_head(item_key(n->items[i]), n->common);
}

/* Sets one item, whose key may have less in common with the others. */
static void
node_set(struct state_node *n, uint32_t at, struct item *it)
{
	struct slice key = item_key(it);
	const struct item *other = n->items[at == 0 ? n->count - 1 : 0];

	n->items[at] = it;
	if (n->count == 1 ||
	    common_bytes(key, item_key(other), n->common) < n->common)
		state_node_index(n);
	else
		n->heads[at] = key_head(key, n->common);
}

/* The first of [low, high) whose head is not less than 'head'. */
static uint32_t
heads_find(
    const struct state_node *n, uint32_t low, uint32_t high, uint64_t head)
{
	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (n->heads[middle] < head)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The first of [low, high) whose key is not less than 'key'. */
static uint32_t
items_find(const struct state_node *n, uint32_t low, uint32_t high,
    struct slice key, bool *exact)
{
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		int order = slice_cmp(item_key(n->items[middle]), key);

		if (order == 0) {
			*exact = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The place of the first item whose key is not less than 'key'. */
static uint32_t
node_find(const struct state_node *n, struct slice key, bool *exact)
{
	uint32_t low, high;
	uint64_t head;

	*exact = false;
	if (n->count > 0 && n->common > 0) {
		struct slice common = {n->items[0]->bytes, n->common};
		int order = slice_cmp(slice_sub(key, 0, n->common), common);

		if (order != 0)
			return order < 0 ? 0 : n->count;
	}
	head = key_head(key, n->common);
	low = heads_find(n, 0, n->count, head);
	high = head == UINT64_MAX ? n->count
				  : heads_find(n, low, n->count, head + 1);
	return items_find(n, low, high, key, exact);
}

/* Moves items with their heads, which hold only in the same node. */
static void
items_move(struct state_node *to, uint32_t at, const struct state_node *from,
    uint32_t first, uint32_t count)
{
	memmove(
	    &to->items[at], &from->items[first], count * sizeof(struct item *));
	memmove(
	    &to->heads[at], &from->heads[first], count * sizeof *from->heads);
}

static void
below_move(struct state_node *to, uint32_t at, const struct state_node *from,
    uint32_t first, uint32_t count)
{
	if (from->inner)
		memmove(&to->below[at], &from->below[first],
		    count * sizeof(struct state_node *));
}

/* Splits the full node below 'n' at 'i', both own, into two. */
static enum actas_error
node_split(struct state *s, struct state_node *n, uint32_t i)
{
	struct state_node *left = n->below[i];
	struct state_node *right = state_node_new(s->family, left->inner);

	if (right == NULL)
		return ACTAS_ENOMEM;
	s->bytes += state_node_bytes(right->inner);
	right->count = LEAST;
	left->count = LEAST;
	items_move(right, 0, left, LEAST + 1, LEAST);
	below_move(right, 0, left, LEAST + 1, LEAST + 1);
	items_move(n, i + 1, n, i, n->count - i);
	below_move(n, i + 2, n, i + 1, n->count - i);
	n->below[i + 1] = right;
	n->count++;
	node_set(n, i, left->items[LEAST]);
	state_node_index(left);
	state_node_index(right);
	return ACTAS_OK;
}

/* Makes the own, full root the only one below a new root, and splits it. */
static enum actas_error
root_split(struct state *s)
{
	struct state_node *root = state_node_new(s->family, true);
	enum actas_error error;

	if (root == NULL)
		return ACTAS_ENOMEM;
	root->below[0] = s->root;
	error = node_split(s, root, 0);
	if (error != ACTAS_OK) {
		node_free(s->family, root);
		return error;
	}
	s->bytes += state_node_bytes(true);
	s->root = root;
	return ACTAS_OK;
}

static enum actas_error
root_prepare(struct state *s)
{
	enum actas_error error;

	if (s->root == NULL) {
		s->root = state_node_new(s->family, false);
		if (s->root == NULL)
			return ACTAS_ENOMEM;
		s->bytes += state_node_bytes(false);
		return ACTAS_OK;
	}
	error = node_own(s->family, &s->root);
	if (error == ACTAS_OK && s->root->count == MOST)
		error = root_split(s);
	return error;
}

static void
item_replace(struct state *s, struct item **slot, struct item *it)
{
	s->bytes += item_bytes(it) - item_bytes(*slot);
	state_item_release(s->family, *slot);
	*slot = it;
}

static void
item_insert(
    struct state *s, struct state_node *leaf, uint32_t at, struct item *it)
{
	items_move(leaf, at + 1, leaf, at, leaf->count - at);
	leaf->count++;
	node_set(leaf, at, it);
	s->count++;
	s->bytes += item_bytes(it);
}

/* Puts the item, which becomes the state's, into the own state. */
static enum actas_error
tree_put(struct state *s, struct item *it)
{
	enum actas_error error = root_prepare(s);
	struct state_node *n = s->root;

	while (error == ACTAS_OK) {
		bool exact;
		uint32_t i = node_find(n, item_key(it), &exact);

		if (exact) {
			item_replace(s, &n->items[i], it);
			return ACTAS_OK;
		}
		if (!n->inner) {
			item_insert(s, n, i, it);
			return ACTAS_OK;
		}
		error = node_own(s->family, &n->below[i]);
		if (error == ACTAS_OK && n->below[i]->count == MOST)
			error = node_split(s, n, i);
		else
			n = n->below[i];
	}
	return error;
}

/* The last item of 'left' goes up, the one above goes to 'right'. */
static void
rotate_right(struct state_node *n, uint32_t i)
{
	struct state_node *left = n->below[i], *right = n->below[i + 1];

	items_move(right, 1, right, 0, right->count);
	below_move(right, 1, right, 0, right->count + 1u);
	below_move(right, 0, left, left->count, 1);
	right->count++;
	node_set(right, 0, n->items[i]);
	left->count--;
	node_set(n, i, left->items[left->count]);
}

static void
rotate_left(struct state_node *n, uint32_t i)
{
	struct state_node *left = n->below[i], *right = n->below[i + 1];

	left->count++;
	node_set(left, left->count - 1u, n->items[i]);
	below_move(left, left->count, right, 0, 1);
	node_set(n, i, right->items[0]);
	right->count--;
	items_move(right, 0, right, 1, right->count);
	below_move(right, 0, right, 1, right->count + 1u);
}

/* Two sparse nodes and the item between them become one node. */
static void
node_merge(struct state *s, struct state_node *n, uint32_t i)
{
	struct state_node *left = n->below[i], *right = n->below[i + 1];

	left->items[left->count] = n->items[i];
	items_move(left, left->count + 1u, right, 0, right->count);
	below_move(left, left->count + 1u, right, 0, right->count + 1u);
	left->count = (uint16_t)(left->count + 1u + right->count);
	state_node_index(left);
	n->count--;
	items_move(n, i, n, i + 1, n->count - i);
	below_move(n, i + 1, n, i + 2, n->count - i);
	s->bytes -= state_node_bytes(right->inner);
	node_free(s->family, right);
}

enum actas_error
state_node_fill(struct state *s, struct state_node *n, uint32_t i)
{
	bool from_left = i > 0 && n->below[i - 1]->count > LEAST;
	bool from_right = i < n->count && n->below[i + 1]->count > LEAST;
	uint32_t at = from_left || (!from_right && i == n->count) ? i - 1 : i;
	enum actas_error error = node_own(s->family, &n->below[at]);

	if (error == ACTAS_OK)
		error = node_own(s->family, &n->below[at + 1]);
	if (error != ACTAS_OK)
		return error;
	if (from_left)
		rotate_right(n, at);
	else if (from_right)
		rotate_left(n, at);
	else
		node_merge(s, n, at);
	return ACTAS_OK;
}

/* A place in a node. */
struct place {
	struct state_node *node; /* NULL: none */
	uint32_t at;
};

/* Takes an item out of a leaf: the one that goes, or, where that stands
 * above, the one that takes its place. */
static void
item_take(
    struct state *s, struct state_node *leaf, uint32_t at, struct place above)
{
	struct item *gone = leaf->items[at];

	leaf->count--;
	items_move(leaf, at, leaf, at + 1, leaf->count - at);
	if (above.node != NULL) {
		struct item *stays = gone;

		gone = above.node->items[above.at];
		node_set(above.node, above.at, stays);
	}
	s->count--;
	s->bytes -= item_bytes(gone);
	state_item_release(s->family, gone);
}

void
state_root_shrink(struct state *s)
{
	struct state_node *root = s->root;

	s->root = root->below[0];
	s->bytes -= state_node_bytes(true);
	node_free(s->family, root);
}

/* Removes an item that is there from the own state. */
static enum actas_error
tree_remove(struct state *s, struct slice key)
{
	struct place above = {0};
	enum actas_error error = node_own(s->family, &s->root);
	struct state_node *n = s->root;

	while (error == ACTAS_OK) {
		bool exact = false;
		bool last = above.node != NULL;
		uint32_t i = last ? n->count : node_find(n, key, &exact);

		if (!n->inner) {
			item_take(s, n, last ? i - 1 : i, above);
			return ACTAS_OK;
		}
		if (n->below[i]->count > LEAST) {
			if (exact)
				above = (struct place){n, i};
			error = node_own(s->family, &n->below[i]);
			n = n->below[i];
			continue;
		}
		error = state_node_fill(s, n, i);
		if (n->count == 0) {
			state_root_shrink(s);
			n = s->root;
		}
	}
	return error;
}

/* Takes the const off, which is for everybody else. */
static struct state *
state_inside(const struct state *s)
{
	struct state *inside;

	memcpy(&inside, &s, sizeof inside);
	return inside;
}

/* That of the state, or a new one. */
static struct family *
family_join(const struct state *s)
{
	struct family *f = s == NULL ? mem_zero(1, sizeof *f) : s->family;

	if (f == NULL)
		return NULL;
	f->states++;
	f->bytes += sizeof *s;
	return f;
}

static void
family_leave(struct family *f)
{
	f->bytes -= sizeof(struct state);
	if (--f->states == 0)
		mem_free(f);
}

enum actas_error
state_own(const struct state **state, struct state **own)
{
	struct state *s = state_inside(*state);

	if (s != NULL && s->holders == 1) {
		*own = s;
		return ACTAS_OK;
	}
	*own = mem_zero(1, sizeof **own);
	if (*own == NULL)
		return ACTAS_ENOMEM;
	(*own)->family = family_join(s);
	if ((*own)->family == NULL) {
		mem_free(*own);
		return ACTAS_ENOMEM;
	}
	if (s != NULL) {
		**own = *s;
		if (s->root != NULL)
			s->root->holders++;
		s->holders--;
	} else {
		(*own)->bytes = sizeof **own;
	}
	(*own)->holders = 1;
	*state = *own;
	return ACTAS_OK;
}

enum actas_error
state_put(const struct state **state, struct slice key, struct slice value)
{
	enum actas_error error;
	struct item *it;
	struct state *s;
	struct slice old;

	if (key.length > LIMIT_KEY_BYTES || value.length > LIMIT_VALUE_BYTES)
		return ACTAS_ELIMIT;
	if (value.at == NULL && !state_get(*state, key, &old))
		return ACTAS_OK;
	error = state_own(state, &s);
	if (error != ACTAS_OK)
		return error;
	if (value.at == NULL)
		return tree_remove(s, key);
	it = state_item_new(s->family, key, value);
	if (it == NULL)
		return ACTAS_ENOMEM;
	error = tree_put(s, it);
	if (error != ACTAS_OK)
		state_item_release(s->family, it);
	return error;
}

const struct state *
state_hold(const struct state *s)
{
	if (s != NULL)
		state_inside(s)->holders++;
	return s;
}

void
state_release(const struct state *state)
{
	struct state *s = state_inside(state);

	if (s == NULL || --s->holders > 0)
		return;
	if (s->root != NULL)
		node_release(s->family, s->root);
	family_leave(s->family);
	mem_free(s);
}

bool
state_get(const struct state *s, struct slice key, struct slice *value)
{
	const struct state_node *n = s == NULL ? NULL : s->root;

	*value = (struct slice){0};
	while (n != NULL) {
		bool exact;
		uint32_t i = node_find(n, key, &exact);

		if (exact) {
			*value = item_value(n->items[i]);
			return true;
		}
		n = n->inner ? n->below[i] : NULL;
	}
	return false;
}

size_t
state_count(const struct state *s)
{
	return s == NULL ? 0 : s->count;
}

size_t
state_memory(const struct state *s)
{
	return s == NULL ? 0 : s->bytes;
}

size_t
state_family_memory(const struct state *s)
{
	return s == NULL ? 0 : s->family->bytes;
}

static void
walk_down(struct state_walk *w, const struct state_node *n, uint32_t at)
{
	w->path[w->depth].node = n;
	w->path[w->depth].at = at;
	w->depth++;
}

/* Stands before the first entry that is not less than 'key'. */
static void
walk_seek(struct state_walk *w, const struct state *s, struct slice key)
{
	const struct state_node *n = s == NULL ? NULL : s->root;
	bool exact = false;

	w->depth = 0;
	while (n != NULL && !exact) {
		uint32_t i = node_find(n, key, &exact);

		walk_down(w, n, i);
		n = n->inner ? n->below[i] : NULL;
	}
}

/* The next item in order, of any prefix. */
static const struct item *
walk_step(struct state_walk *w)
{
	const struct state_node *n;
	const struct item *it;
	uint32_t at;

	while (w->depth > 0 &&
	    w->path[w->depth - 1].at == w->path[w->depth - 1].node->count)
		w->depth--;
	if (w->depth == 0)
		return NULL;
	n = w->path[w->depth - 1].node;
	at = w->path[w->depth - 1].at++;
	it = n->items[at];
	for (n = n->inner ? n->below[at + 1] : NULL; n != NULL;
	     n = n->inner ? n->below[0] : NULL)
		walk_down(w, n, 0);
	return it;
}

void
state_walk_prefix(
    struct state_walk *w, const struct state *s, struct slice prefix)
{
	w->prefix = prefix;
	walk_seek(w, s, prefix);
}

void
state_walk_after(struct state_walk *w, const struct state *s,
    struct slice prefix, struct slice after)
{
	struct state_walk next;
	const struct item *it;

	w->prefix = prefix;
	walk_seek(w, s, slice_cmp(after, prefix) < 0 ? prefix : after);
	next = *w;
	it = walk_step(&next);
	if (it != NULL && slice_cmp(item_key(it), after) == 0)
		*w = next;
}

bool
state_walk_next(struct state_walk *w, struct entry *entry)
{
	const struct item *it = walk_step(w);

	*entry = (struct entry){0};
	if (it == NULL || !slice_starts(item_key(it), w->prefix)) {
		w->depth = 0;
		return false;
	}
	entry->key = item_key(it);
	entry->value = item_value(it);
	return true;
}
