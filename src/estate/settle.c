#include "estate/private.h"

/*
 * Scopes after they were moved. A scope that ends up beside another one with
 * the same kind, type and segment is the same scope, learned of twice; so are
 * then the like-named scopes below them. Walking the tree from the root down,
 * each scope looks for one that was met earlier under the same parent; those
 * that find one are merged into it, and the rest close ranks.
 */

struct settling {
	struct builder *b;
	uint32_t *first, *children;
	scope_id *order; /* from the root down */
	scope_id *same;  /* the one that a scope turned out to be */
	uint32_t *row;   /* new numbers; scopes first, then rows of tables */
	struct index known;
};

static bool
settling_begin(struct settling *w, struct builder *b)
{
	size_t count = b->scopes.count;

	w->b = b;
	w->first = mem_zero(count + 2, sizeof *w->first);
	w->children = mem_alloc(count * sizeof *w->children);
	w->order = mem_alloc(count * sizeof *w->order);
	w->same = mem_alloc(count * sizeof *w->same);
	w->row = mem_alloc(count * sizeof *w->row);
	return w->first != NULL && w->children != NULL && w->order != NULL &&
	    w->same != NULL && w->row != NULL;
}

static void
settling_release(struct settling *w)
{
	mem_free(w->first);
	mem_free(w->children);
	mem_free(w->order);
	mem_free(w->same);
	mem_free(w->row);
	index_release(&w->known);
}

static void
list_children(struct settling *w)
{
	const struct builder *b = w->b;

	for (scope_id s = 1; s < b->scopes.count; s++)
		w->first[b->scopes.at[s].parent + 2]++;
	offsets_from_counts(w->first + 1, b->scopes.count);
	for (scope_id s = 1; s < b->scopes.count; s++)
		w->children[w->first[b->scopes.at[s].parent + 1]++] = s;
}

/* Parents before children, and the depths that follow. */
static void
walk_down(struct settling *w)
{
	struct builder *b = w->b;
	uint32_t known = 1;

	w->order[0] = 0;
	for (uint32_t i = 0; i < known; i++) {
		scope_id s = w->order[i];
		uint16_t below = (uint16_t)(b->scopes.at[s].depth + 1);

		for (uint32_t k = w->first[s]; k < w->first[s + 1]; k++) {
			b->scopes.at[w->children[k]].depth = below;
			w->order[known++] = w->children[k];
		}
		if (below <= LIMIT_SCOPE_DEPTH ||
		    w->first[s] == w->first[s + 1])
			continue;
		builder_fail(b, ACTAS_ELIMIT, b->scopes.at[s].origin,
		    "scopes lie deeper than %u levels, the most that a tree "
		    "of scopes may have",
		    LIMIT_SCOPE_DEPTH);
		return;
	}
}

static bool
is_same_child(const struct settling *w, scope_id a, scope_id c)
{
	const struct scope *x = &w->b->scopes.at[a], *y = &w->b->scopes.at[c];
	const struct strings *text = &w->b->strings;

	return x->kind == y->kind && w->same[x->parent] == w->same[y->parent] &&
	    slice_eq_case(
		strings_get(text, x->segment), strings_get(text, y->segment)) &&
	    slice_eq_case(
		strings_get(text, x->type), strings_get(text, y->type));
}

static void
find_same(struct settling *w, scope_id s)
{
	scope_id parent = w->same[w->b->scopes.at[s].parent];
	uint64_t hash = builder_scope_hash(w->b, s, parent);
	struct index_walk walk = index_start(&w->known, hash);
	scope_id other;

	w->same[s] = s;
	while (index_next(&walk, &other)) {
		if (!is_same_child(w, other, s))
			continue;
		w->same[s] = other;
		return;
	}
	builder_stick(w->b, index_add(&w->known, hash, s));
}

static enum table_id
table_of(enum scope_kind kind)
{
	static const uint8_t tables[SCOPE_KINDS] = {
	    [SCOPE_VAULT] = TABLE_vaults,
	    [SCOPE_SECRET] = TABLE_secrets,
	    [SCOPE_CONNECTION] = TABLE_connections,
	    [SCOPE_ITEM] = TABLE_items,
	};

	return tables[kind];
}

/* The row that stays is the one that the scope that stays is described by. */
static void
merge_rows(struct builder *b, scope_id into, scope_id from)
{
	uint32_t *kept = &b->private->described_by.at[into];
	uint32_t *gone = &b->private->described_by.at[from];
	struct slice name =
	    strings_get(&b->strings, b->scopes.at[from].segment);

	if (*kept == NONE || *gone == NONE) {
		*kept = *kept == NONE ? *gone : *kept;
		return;
	}
	if (!table_merge(b, table_of(b->scopes.at[into].kind), *kept, *gone))
		builder_problem(b, PROBLEM_DUPLICATE, name,
		    b->scopes.at[from].origin, b->scopes.at[into].origin,
		    "\"%.*s\" is described twice, and not alike; where they "
		    "differ the first one is kept",
		    SLICE_ARGS(name));
}

static void
merge_scope(struct builder *b, scope_id into, scope_id from)
{
	struct scope *kept = &b->scopes.at[into];
	const struct scope *gone = &b->scopes.at[from];

	if (!kept->declared && gone->declared)
		kept->origin = gone->origin;
	kept->declared |= gone->declared;
	kept->respelled = 1;
	if (kept->name == 0)
		kept->name = gone->name;
	merge_rows(b, into, from);
}

static void
find_all_same(struct settling *w)
{
	struct builder *b = w->b;

	w->same[0] = 0;
	for (uint32_t i = 1; i < b->scopes.count && b->error == ACTAS_OK; i++) {
		scope_id s = w->order[i];

		find_same(w, s);
		if (b->error == ACTAS_OK && w->same[s] != s)
			merge_scope(b, w->same[s], s);
	}
}

/* Row 'r' of the table: the scope that it describes comes first in it. */
static scope_id
described(const struct rows *rows, uint32_t r)
{
	scope_id s;

	memcpy(&s, rows->at + r * rows->size, sizeof s);
	return s;
}

/* Rows that no scope is described by any more give way. */
static void
settle_rows(struct settling *w, enum table_id table)
{
	struct rows rows = table_rows(w->b, table);
	uint32_t *by = w->b->private->described_by.at;
	uint32_t *stays = mem_alloc(rows.count * sizeof *stays);
	uint32_t *map = mem_alloc(rows.count * sizeof *map);
	uint32_t kept = 0;

	if (stays == NULL || map == NULL)
		builder_stick(w->b, ACTAS_ENOMEM);
	for (uint32_t r = 0; w->b->error == ACTAS_OK && r < rows.count; r++) {
		stays[r] = by[w->same[described(&rows, r)]];
		if (stays[r] == r)
			map[r] = kept++;
	}
	for (uint32_t r = 0; w->b->error == ACTAS_OK && r < rows.count; r++) {
		map[r] = map[stays[r]];
		by[w->same[described(&rows, r)]] = map[r];
	}
	if (w->b->error == ACTAS_OK)
		table_keep(w->b, table, stays, map);
	mem_free(stays);
	mem_free(map);
}

static void
settle_ids(struct settling *w)
{
	struct builder *b = w->b;
	uint32_t *by = b->private->described_by.at, kept = 0;

	for (scope_id s = 0; s < b->scopes.count; s++) {
		if (w->same[s] != s)
			continue;
		by[kept] = by[s];
		w->row[s] = kept++;
	}
	for (scope_id s = 0; s < b->scopes.count; s++)
		w->row[s] = w->row[w->same[s]];
	b->private->described_by.count = kept;
	for (uint32_t i = 0; i < b->private->keys.count; i++)
		b->private->keys.at[i].scope =
		    w->row[b->private->keys.at[i].scope];
	table_keep(b, TABLE_scopes, w->same, w->row);
}

static void
settle(struct settling *w)
{
	struct builder *b = w->b;

	list_children(w);
	walk_down(w);
	if (b->error == ACTAS_OK)
		find_all_same(w);
	settle_rows(w, TABLE_vaults);
	settle_rows(w, TABLE_secrets);
	settle_rows(w, TABLE_connections);
	settle_rows(w, TABLE_items);
	if (b->error == ACTAS_OK)
		settle_ids(w);
}

void
settle_scopes(struct builder *b)
{
	struct settling w = {0};

	if (b->error != ACTAS_OK || !b->private->moved)
		return;
	if (settling_begin(&w, b))
		settle(&w);
	else
		builder_stick(b, ACTAS_ENOMEM);
	settling_release(&w);
}
