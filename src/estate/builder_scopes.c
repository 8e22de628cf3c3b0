#include "estate/private.h"

static uint64_t
scope_hash(scope_id parent, enum scope_kind kind, struct slice type,
    struct slice segment)
{
	uint64_t parts[] = {
	    parent, kind, slice_hash_case(type), slice_hash_case(segment)};

	return slice_hash((struct slice){(const char *)parts, sizeof parts});
}

uint64_t
builder_scope_hash(const struct builder *b, scope_id s, scope_id parent)
{
	const struct scope *row = &b->scopes.at[s];

	return scope_hash(parent, row->kind,
	    strings_get(&b->strings, row->type),
	    strings_get(&b->strings, row->segment));
}

static scope_id
find_scope(const struct builder *b, scope_id parent, enum scope_kind kind,
    struct slice type, struct slice segment)
{
	struct index_walk walk = index_start(
	    &b->private->by_scope, scope_hash(parent, kind, type, segment));
	scope_id s;

	while (index_next(&walk, &s)) {
		const struct scope *row = &b->scopes.at[s];

		if (row->kind == kind &&
		    b->private->made_under.at[s] == parent &&
		    slice_eq_case(
			strings_get(&b->strings, row->segment), segment) &&
		    slice_eq_case(strings_get(&b->strings, row->type), type))
			return s;
	}
	return NONE;
}

static scope_id
add_scope(struct builder *b, const struct scope *row)
{
	struct builder_private *own = b->private;
	scope_id s = b->scopes.count;

	builder_stick(b, vector_push(&b->scopes, *row));
	builder_stick(b, vector_push(&own->made_under, row->parent));
	builder_stick(b, vector_push(&own->described_by, NONE));
	if (b->error == ACTAS_OK)
		builder_stick(b,
		    index_add(&own->by_scope,
			builder_scope_hash(b, s, row->parent), s));
	return b->error == ACTAS_OK ? s : NONE;
}

scope_id
builder_scope(struct builder *b, scope_id parent, enum scope_kind kind,
    struct slice type, struct slice segment, struct origin origin)
{
	struct scope row = {
	    .parent = parent, .kind = (uint8_t)kind, .origin = origin};
	scope_id s;

	if (b->error != ACTAS_OK)
		return NONE;
	if (parent >= b->scopes.count || kind == SCOPE_ROOT) {
		builder_fail(b, ACTAS_EUSAGE, origin,
		    "the scope \"%.*s\" is to hang under scope %u, which was "
		    "not made",
		    SLICE_ARGS(segment), parent);
		return NONE;
	}
	s = find_scope(b, parent, kind, type, segment);
	if (s != NONE) {
		b->scopes.at[s].respelled |= !slice_eq(
		    segment, strings_get(&b->strings, b->scopes.at[s].segment));
		return s;
	}
	if (b->scopes.at[parent].depth >= LIMIT_SCOPE_DEPTH) {
		builder_fail(b, ACTAS_ELIMIT, origin,
		    "\"%.*s\" lies deeper than %u levels, the most that a "
		    "tree of scopes may have",
		    SLICE_ARGS(segment), LIMIT_SCOPE_DEPTH);
		return NONE;
	}
	row.segment = builder_string(b, segment);
	row.type = builder_string(b, type);
	row.depth = (uint16_t)(b->scopes.at[parent].depth + 1);
	return b->error == ACTAS_OK ? add_scope(b, &row) : NONE;
}

void
builder_move(struct builder *b, scope_id s, scope_id parent)
{
	struct slice name;
	uint32_t steps = 0;

	if (b->error != ACTAS_OK)
		return;
	if (s >= b->scopes.count || parent >= b->scopes.count) {
		builder_fail(b, ACTAS_EUSAGE, (struct origin){0},
		    "scope %u is to hang under scope %u, not both of which "
		    "were made",
		    s, parent);
		return;
	}
	name = strings_get(&b->strings, b->scopes.at[s].segment);
	for (scope_id at = parent; at != NONE; at = b->scopes.at[at].parent) {
		if (at == s) {
			builder_fail(b, ACTAS_EPARSE, b->scopes.at[s].origin,
			    "\"%.*s\" is said to lie below itself",
			    SLICE_ARGS(name));
			return;
		}
		if (steps++ <= LIMIT_SCOPE_DEPTH)
			continue;
		builder_fail(b, ACTAS_ELIMIT, b->scopes.at[s].origin,
		    "\"%.*s\" lies deeper than %u levels, the most that a "
		    "tree of scopes may have",
		    SLICE_ARGS(name), LIMIT_SCOPE_DEPTH);
		return;
	}
	b->private->moved |= b->scopes.at[s].parent != parent;
	b->scopes.at[s].parent = parent;
}

/* Which kind of scope each table describes. */
static bool
may_describe(
    struct builder *b, scope_id s, enum scope_kind kind, struct origin origin)
{
	if (b->error != ACTAS_OK)
		return false;
	if (s < b->scopes.count && b->scopes.at[s].kind == kind)
		return true;
	builder_fail(b, ACTAS_EUSAGE, origin,
	    "scope %u is described as what it is not", s);
	return false;
}

struct vault *
builder_vault(struct builder *b, scope_id s, struct origin origin)
{
	struct vault row = {.scope = s, .origin = origin};
	uint32_t *at;

	if (!may_describe(b, s, SCOPE_VAULT, origin))
		return NULL;
	at = &b->private->described_by.at[s];
	if (*at == NONE) {
		builder_stick(b, vector_push(&b->vaults, row));
		*at = b->vaults.count - 1;
	}
	return b->error == ACTAS_OK ? &b->vaults.at[*at] : NULL;
}

struct secret *
builder_secret(struct builder *b, scope_id s, struct origin origin)
{
	struct secret row = {.scope = s,
	    .expires = MOMENT_UNKNOWN,
	    .not_before = MOMENT_UNKNOWN,
	    .created = MOMENT_UNKNOWN,
	    .updated = MOMENT_UNKNOWN,
	    .origin = origin};
	uint32_t *at;

	if (!may_describe(b, s, SCOPE_SECRET, origin))
		return NULL;
	at = &b->private->described_by.at[s];
	if (*at == NONE) {
		builder_stick(b, vector_push(&b->secrets, row));
		*at = b->secrets.count - 1;
	}
	return b->error == ACTAS_OK ? &b->secrets.at[*at] : NULL;
}

struct connection *
builder_connection(struct builder *b, scope_id s, struct origin origin)
{
	struct connection row = {
	    .scope = s, .principal = NONE, .origin = origin};
	uint32_t *at;

	if (!may_describe(b, s, SCOPE_CONNECTION, origin))
		return NULL;
	at = &b->private->described_by.at[s];
	if (*at == NONE) {
		builder_stick(b, vector_push(&b->connections, row));
		*at = b->connections.count - 1;
	}
	return b->error == ACTAS_OK ? &b->connections.at[*at] : NULL;
}

/* A kind that was not known when the item was first seen is filled in. */
item_id
builder_item(
    struct builder *b, scope_id s, enum item_kind kind, struct origin origin)
{
	struct item row = {.scope = s,
	    .kind = (uint8_t)kind,
	    .owner = NONE,
	    .modified_by = NONE,
	    .run_identity = NONE,
	    .run_identity_by = NONE,
	    .origin = origin};
	uint32_t *at;

	if (!may_describe(b, s, SCOPE_ITEM, origin))
		return NONE;
	at = &b->private->described_by.at[s];
	if (*at == NONE) {
		builder_stick(b, vector_push(&b->items, row));
		*at = b->items.count - 1;
	}
	if (b->error != ACTAS_OK)
		return NONE;
	if (b->items.at[*at].kind == ITEM_OTHER)
		b->items.at[*at].kind = (uint8_t)kind;
	return *at;
}
