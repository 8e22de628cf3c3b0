#include "estate/private.h"
#include "estate/scope_filter.h"

/*
 * The assignments' way into the estate. While building they are columns in
 * the order in which they came; here one array of row numbers is sorted and
 * each column is written out in that order and freed, so that beside the two
 * arrays of row numbers never more than one column exists twice.
 */

static void
sort_rows(struct ordering *o, const struct builder *b)
{
	const struct builder_private *own = b->private;
	const struct key *keys = own->keys.at;
	size_t stride = sizeof *keys / sizeof(uint32_t);

	if (own->keys.count == 0)
		return;
	if (own->conditions.count > 0)
		ordering_sort(o,
		    &(struct sort_key){own->conditions.at, 1, UINT32_MAX,
			b->strings.texts.count});
	ordering_sort(o,
	    &(struct sort_key){&keys->role_and_flags, stride,
		~(uint32_t)ASSIGNMENT_DISPUTED,
		b->roles.count << FLAG_BITS | FLAG_MASK});
	ordering_sort(o,
	    &(struct sort_key){
		&keys->scope, stride, UINT32_MAX, b->scopes.count});
	ordering_sort(o,
	    &(struct sort_key){
		&keys->principal, stride, UINT32_MAX, b->principals.count});
}

/* An eligible or compound grant gives something else than the plain one:
 * only the dispute does not tell two assignments apart. */
static bool
are_equal(const struct builder_private *own, uint32_t a, uint32_t b)
{
	const struct key *x = &own->keys.at[a], *y = &own->keys.at[b];

	return x->principal == y->principal && x->scope == y->scope &&
	    (x->role_and_flags | ASSIGNMENT_DISPUTED) ==
	    (y->role_and_flags | ASSIGNMENT_DISPUTED) &&
	    (own->conditions.count == 0 ||
		own->conditions.at[a] == own->conditions.at[b]);
}

/* Equal rows lie together, the one that came first at the front: it stays,
 * and takes the dispute of the others, and an id if it has none. */
static enum actas_error
unite_equal(struct ordering *o, struct builder_private *own)
{
	enum actas_error error = ACTAS_OK;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < o->count && error == ACTAS_OK; i++) {
		uint32_t row = o->at[i], first;

		if (kept == 0 || !are_equal(own, o->at[kept - 1], row)) {
			o->at[kept++] = row;
			continue;
		}
		first = o->at[kept - 1];
		own->keys.at[first].role_and_flags |=
		    own->keys.at[row].role_and_flags;
		if (guid_is_nil(own->ids.at[first]))
			own->ids.at[first] = own->ids.at[row];
		error = vector_push(&own->united, own->keys.at[first]);
	}
	o->count = kept;
	return error;
}

/* 'column' in the order of 'o', as an array of its own; NULL without memory. */
static void *
in_order(const struct ordering *o, const void *column, size_t size)
{
	const char *from = column;
	char *to = mem_alloc(o->count * size);

	for (uint32_t i = 0; to != NULL && i < o->count; i++)
		memcpy(to + i * size, from + o->at[i] * size, size);
	return to;
}

static bool
gather_sides(struct builder *b, const struct ordering *o, struct estate *e)
{
	struct builder_private *own = b->private;
	struct estate_private *to = e->private;

	to->assignment_ids = in_order(o, own->ids.at, sizeof *own->ids.at);
	vector_release(&own->ids);
	to->assignment_origins =
	    in_order(o, own->origins.at, sizeof *own->origins.at);
	vector_release(&own->origins);
	if (own->conditions.count > 0) {
		to->conditions =
		    in_order(o, own->conditions.at, sizeof *own->conditions.at);
		if (to->conditions == NULL)
			return false;
	}
	vector_release(&own->conditions);
	return to->assignment_ids != NULL && to->assignment_origins != NULL;
}

static bool
gather_grants(struct builder *b, const struct ordering *o, struct estate *e)
{
	struct builder_private *own = b->private;
	struct estate_private *to = e->private;

	to->grants = mem_alloc(o->count * sizeof *to->grants);
	to->holders = mem_alloc(o->count * sizeof *to->holders);
	if (to->grants == NULL || to->holders == NULL)
		return false;
	for (uint32_t i = 0; i < o->count; i++) {
		const struct key *key = &own->keys.at[o->at[i]];

		to->grants[i] = (struct grant){key->scope, key->role_and_flags};
		to->holders[i] = key->principal;
	}
	vector_release(&own->keys);
	return true;
}

/* The rows are ordered by principal, so that its index is offsets alone;
 * the one by scope is a counting sort of the row numbers. */
static bool
index_both_ways(
    const struct builder *b, uint32_t count, struct estate_private *to)
{
	uint32_t *of_principal =
	    mem_zero((size_t)b->principals.count + 1, sizeof *of_principal);
	uint32_t *of_scope =
	    mem_zero((size_t)b->scopes.count + 1, sizeof *of_scope);

	to->first_of_principal = of_principal;
	to->first_of_scope = of_scope;
	to->by_scope = mem_alloc(count * sizeof *to->by_scope);
	if (of_principal == NULL || of_scope == NULL || to->by_scope == NULL)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		of_principal[to->holders[i] + 1]++;
		of_scope[to->grants[i].scope + 1]++;
	}
	offsets_from_counts(of_principal, b->principals.count);
	offsets_from_counts(of_scope, b->scopes.count);
	/* Filling moves each offset to the start of the next run. */
	for (uint32_t i = 0; i < count; i++)
		to->by_scope[of_scope[to->grants[i].scope]++] = i;
	for (uint32_t s = b->scopes.count; s > 0; s--)
		of_scope[s] = of_scope[s - 1];
	of_scope[0] = 0;
	return true;
}

static bool
filter_scopes(
    const struct builder *b, uint32_t count, struct estate_private *to)
{
	to->scope_filter =
	    mem_zero((size_t)count + 1, sizeof *to->scope_filter);
	if (to->scope_filter == NULL)
		return false;
	for (principal_id p = 0; p < b->principals.count; p++) {
		uint32_t from = to->first_of_principal[p];
		uint32_t end = to->first_of_principal[p + 1];

		for (uint32_t i = from; i < end; i++)
			scope_filter_add(
			    to->scope_filter, from, end, to->grants[i].scope);
	}
	return true;
}

/* So that a decision need not ask about scopes that have none. */
static void
mark_scopes(struct builder *b, const struct estate_private *to)
{
	for (scope_id s = 0; s < b->scopes.count; s++)
		b->scopes.at[s].granted =
		    to->first_of_scope[s] != to->first_of_scope[s + 1];
}

void
lay_out_assignments(struct builder *b, struct estate *e)
{
	struct ordering o = {0};
	uint32_t count;
	bool done;

	if (b->error != ACTAS_OK)
		return;
	builder_stick(b, ordering_begin(&o, b->private->keys.count));
	if (b->error != ACTAS_OK)
		return;
	sort_rows(&o, b);
	mem_free(o.spare);
	o.spare = NULL;
	builder_stick(b, unite_equal(&o, b->private));
	count = o.count;
	done = b->error == ACTAS_OK && gather_sides(b, &o, e) &&
	    gather_grants(b, &o, e);
	ordering_release(&o);
	if (!done || !index_both_ways(b, count, e->private) ||
	    !filter_scopes(b, count, e->private)) {
		builder_stick(b, ACTAS_ENOMEM);
		return;
	}
	mark_scopes(b, e->private);
	e->grants.count = count;
	estate_show(e);
}
