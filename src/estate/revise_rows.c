#include "estate/revise_private.h"
#include "estate/scope_filter.h"

#include <stdlib.h>

/*
 * The assignments of a revision. A column is copied in stretches between the
 * places where a row goes or comes; offsets and row numbers behind such a
 * place move by one. That is a pass over the column a row, without a branch,
 * and rows that differ are few.
 */

/* --- where they are --- */

/* Role and flags, without the dispute: what tells two assignments apart. */
static uint32_t
plain(uint32_t role_and_flags)
{
	return role_and_flags | ASSIGNMENT_DISPUTED;
}

static int
order(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/* By principal, scope, role and flags, condition. */
static int
row_order(const void *x, const void *y)
{
	const struct revised_row *a = x, *b = y;
	int by = order(a->principal, b->principal);

	if (by == 0)
		by = order(a->grant.scope, b->grant.scope);
	if (by == 0)
		by = order(plain(a->grant.role_and_flags),
		    plain(b->grant.role_and_flags));
	return by != 0 ? by : order(a->condition, b->condition);
}

static struct revised_row
old_row(const struct estate *e, assignment_id a)
{
	return (struct revised_row){.principal = e->holders[a],
	    .grant = e->grants.at[a],
	    .condition = e->conditions == NULL ? 0 : e->conditions[a],
	    .id = e->assignment_ids[a]};
}

/* The first of the old rows that is not before it. */
static assignment_id
place_of(const struct estate *e, const struct revised_row *row)
{
	assignment_id low = e->first_of_principal[row->principal];
	assignment_id high = e->first_of_principal[row->principal + 1];

	while (low < high) {
		assignment_id middle = low + (high - low) / 2;
		struct revised_row at = old_row(e, middle);

		if (row_order(&at, row) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_there(const struct estate *e, const struct revised_row *row)
{
	struct revised_row at;

	if (row->at == e->grants.count)
		return false;
	at = old_row(e, row->at);
	return row_order(&at, row) == 0;
}

/* Whether several equal ones became this one: then another of them would
 * take its place. */
static bool
is_united(const struct estate *e, const struct revised_row *row)
{
	const struct builder_private *lookup = &e->private->lookup;

	for (uint32_t i = 0; i < lookup->united.count; i++) {
		const struct key *key = &lookup->united.at[i];

		if (key->principal == row->principal &&
		    key->scope == row->grant.scope &&
		    plain(key->role_and_flags) ==
			plain(row->grant.role_and_flags))
			return true;
	}
	return false;
}

static bool
is_taken(const struct revision *r, assignment_id a)
{
	for (uint32_t i = 0; i < r->rows[BEFORE].count; i++)
		if (r->rows[BEFORE].at[i].at == a)
			return true;
	return false;
}

static const struct scope *
scope_row(const struct revision *r, scope_id s)
{
	uint32_t known = r->old->scopes.count;

	return s < known ? &r->old->scopes.at[s] : &r->made.at[s - known];
}

/* A vault that does not state its model has that of the grants on it. */
static bool
bears_on_model(const struct revision *r, scope_id s)
{
	while (s != NONE && scope_row(r, s)->kind != SCOPE_VAULT)
		s = scope_row(r, s)->parent;
	return s != NONE &&
	    (estate_vault(r->old, s) == NULL ||
		!estate_vault(r->old, s)->stated);
}

static void
find_taken(struct revision *r)
{
	for (uint32_t i = 0; i < r->rows[BEFORE].count; i++) {
		struct revised_row *row = &r->rows[BEFORE].at[i];

		row->at = place_of(r->old, row);
		if (!is_there(r->old, row) || is_united(r->old, row) ||
		    !guid_eq(r->old->assignment_ids[row->at], row->id) ||
		    bears_on_model(r, row->grant.scope))
			revision_inexact(r);
	}
}

static void
find_given(struct revision *r)
{
	for (uint32_t i = 0; i < r->rows[AFTER].count; i++) {
		struct revised_row *row = &r->rows[AFTER].at[i];

		row->at = place_of(r->old, row);
		if ((is_there(r->old, row) && !is_taken(r, row->at)) ||
		    bears_on_model(r, row->grant.scope))
			revision_inexact(r);
	}
}

static void
sort_rows(struct revision *r, int side)
{
	uint32_t count = r->rows[side].count;
	struct revised_row *at = r->rows[side].at;

	if (count > 1)
		qsort(at, count, sizeof *at, row_order);
	for (uint32_t i = 1; i < count; i++)
		if (row_order(&at[i - 1], &at[i]) == 0)
			revision_inexact(r);
}

static void
number_given(struct revision *r)
{
	uint32_t gone = 0;

	for (uint32_t i = 0; i < r->rows[AFTER].count; i++) {
		struct revised_row *row = &r->rows[AFTER].at[i];

		while (gone < r->rows[BEFORE].count &&
		    r->rows[BEFORE].at[gone].at < row->at)
			gone++;
		row->to = row->at + i - gone;
	}
}

void
revision_find_rows(struct revision *r)
{
	find_taken(r);
	if (revision_goes_on(r))
		find_given(r);
	sort_rows(r, BEFORE);
	sort_rows(r, AFTER);
	number_given(r);
}

/* --- columns --- */

static uint32_t
count_after(const struct revision *r)
{
	return r->old->grants.count + r->rows[AFTER].count -
	    r->rows[BEFORE].count;
}

static char *
copy(char *to, const char *from, size_t bytes)
{
	if (bytes > 0)
		memcpy(to, from, bytes);
	return to + bytes;
}

/* The old column, NULL for one of zeros, with the rows that come, of which
 * the value is at 'field'. NULL without memory. */
static void *
spliced(struct revision *r, const void *column, size_t size, size_t field)
{
	const struct revised_row *gone = r->rows[BEFORE].at;
	const struct revised_row *come = r->rows[AFTER].at;
	const struct revised_row *gone_end = gone + r->rows[BEFORE].count;
	const struct revised_row *come_end = come + r->rows[AFTER].count;
	const char *from = column;
	char *made = mem_alloc(((size_t)count_after(r) + 1) * size), *to = made;
	assignment_id at = 0;

	if (made == NULL)
		revision_stick(r, ACTAS_ENOMEM);
	while (made != NULL && (gone < gone_end || come < come_end)) {
		bool comes = gone == gone_end ||
		    (come < come_end && come->at <= gone->at);
		assignment_id stop = comes ? come->at : gone->at;

		to = copy(to, from + at * size, (stop - at) * size);
		at = stop;
		if (comes)
			to = copy(to, (const char *)come++ + field, size);
		else
			gone++, at++;
	}
	if (made != NULL)
		copy(to, from + at * size, (r->old->grants.count - at) * size);
	return made;
}

static bool
has_conditions(const struct revision *r)
{
	for (uint32_t i = 0; i < r->rows[AFTER].count; i++)
		if (r->rows[AFTER].at[i].condition != 0)
			return true;
	return r->old->conditions != NULL;
}

static void
splice_conditions(struct revision *r)
{
	const string_id *old = r->old->conditions;
	string_id *none = NULL;

	if (!has_conditions(r))
		return;
	if (old == NULL) {
		old = none =
		    mem_zero((size_t)r->old->grants.count + 1, sizeof *none);
		if (none == NULL)
			revision_stick(r, ACTAS_ENOMEM);
	}
	if (old != NULL)
		r->e->private->conditions = spliced(r, old, sizeof *old,
		    offsetof(struct revised_row, condition));
	mem_free(none);
}

static void
splice_columns(struct revision *r)
{
	struct estate_private *own = r->e->private;
	const struct estate *old = r->old;

	own->grants = spliced(r, old->grants.at, sizeof *old->grants.at,
	    offsetof(struct revised_row, grant));
	own->holders = spliced(r, old->holders, sizeof *old->holders,
	    offsetof(struct revised_row, principal));
	own->assignment_ids = spliced(r, old->assignment_ids,
	    sizeof *old->assignment_ids, offsetof(struct revised_row, id));
	own->assignment_origins =
	    spliced(r, old->assignment_origins, sizeof *old->assignment_origins,
		offsetof(struct revised_row, origin));
	splice_conditions(r);
}

/* --- indexes --- */

/* Every number from 'from' on moves by one. */
static void
move(uint32_t *at, uint32_t count, uint32_t from, bool up)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t moves = at[i] >= from;

		at[i] += up ? moves : -moves;
	}
}

/* The old offsets, and as many more as there are 'more' empty runs. */
static uint32_t *
copy_offsets(
    struct revision *r, const uint32_t *old, uint32_t runs, uint32_t more)
{
	uint32_t *made = mem_alloc(((size_t)runs + more + 1) * sizeof *made);

	if (made == NULL) {
		revision_stick(r, ACTAS_ENOMEM);
		return NULL;
	}
	memcpy(made, old, ((size_t)runs + 1) * sizeof *made);
	for (uint32_t i = 0; i < more; i++)
		made[runs + 1 + i] = made[runs];
	return made;
}

static void
count_rows(struct revision *r, int side)
{
	struct estate_private *own = r->e->private;
	uint32_t by = side == AFTER ? 1 : UINT32_MAX;

	for (uint32_t i = 0; i < r->rows[side].count; i++) {
		const struct revised_row *row = &r->rows[side].at[i];

		for (uint32_t p = row->principal + 1;
		     p <= r->old->principals.count; p++)
			own->first_of_principal[p] += by;
		for (uint32_t s = row->grant.scope + 1; s <= r->e->scopes.count;
		     s++)
			own->first_of_scope[s] += by;
	}
}

static void
write_offsets(struct revision *r)
{
	struct estate_private *own = r->e->private;

	own->first_of_principal = copy_offsets(
	    r, r->old->first_of_principal, r->old->principals.count, 0);
	own->first_of_scope = copy_offsets(
	    r, r->old->first_of_scope, r->old->scopes.count, r->made.count);
	if (!revision_goes_on(r))
		return;
	count_rows(r, BEFORE);
	count_rows(r, AFTER);
}

/* All rows that differ, those that go and those that come together. */
struct edit {
	const struct revised_row *row;
	bool comes;
};

static int
scope_order(const void *x, const void *y)
{
	const struct edit *a = x, *b = y;
	int by = order(a->row->grant.scope, b->row->grant.scope);

	if (by == 0)
		by = order(a->row->at, b->row->at);
	if (by == 0)
		by = b->comes - a->comes;
	return by != 0 ? by : order(a->row->to, b->row->to);
}

/* Where the old by_scope has the row, or the one behind it. */
static uint32_t
place_by_scope(const struct estate *e, const struct revised_row *row)
{
	scope_id s = row->grant.scope;
	uint32_t low, high;

	if (s >= e->scopes.count)
		return e->grants.count;
	low = e->first_of_scope[s];
	high = e->first_of_scope[s + 1];
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (e->by_scope[middle] < row->at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
copy_numbers(uint32_t *to, const uint32_t *from, uint32_t count)
{
	if (count > 0)
		memcpy(to, from, count * sizeof *to);
}

/* The old numbers without those that go and with room for those that come;
 * 'places' says where that is. */
static void
splice_by_scope(const struct revision *r, const struct edit *edits,
    uint32_t count, uint32_t *places)
{
	const uint32_t *from = r->old->by_scope;
	uint32_t *to = r->e->private->by_scope;
	uint32_t at = 0, out = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t stop = place_by_scope(r->old, edits[i].row);

		copy_numbers(to + out, from + at, stop - at);
		out += stop - at;
		at = stop;
		places[i] = out;
		if (edits[i].comes)
			to[out++] = 0;
		else
			at++;
	}
	copy_numbers(to + out, from + at, r->old->grants.count - at);
}

/* From the last to the first, so that each counts in old numbers. */
static void
move_rows(struct revision *r)
{
	uint32_t come = r->rows[AFTER].count, gone = r->rows[BEFORE].count;
	uint32_t *at = r->e->private->by_scope, count = count_after(r);

	while (come + gone > 0) {
		if (gone == 0 ||
		    (come > 0 &&
			r->rows[AFTER].at[come - 1].at >
			    r->rows[BEFORE].at[gone - 1].at)) {
			come--;
			move(at, count, r->rows[AFTER].at[come].at, true);
		} else {
			gone--;
			move(at, count, r->rows[BEFORE].at[gone].at + 1, false);
		}
	}
}

static uint32_t
list_edits(const struct revision *r, struct edit *edits)
{
	uint32_t count = 0;

	for (int side = 0; side < SIDES; side++)
		for (uint32_t i = 0; i < r->rows[side].count; i++)
			edits[count++] =
			    (struct edit){&r->rows[side].at[i], side == AFTER};
	if (count > 1)
		qsort(edits, count, sizeof *edits, scope_order);
	return count;
}

static void
write_by_scope(struct revision *r)
{
	uint32_t most = r->rows[BEFORE].count + r->rows[AFTER].count;
	struct edit *edits = mem_alloc((most + 1) * sizeof *edits);
	uint32_t *places = mem_alloc((most + 1) * sizeof *places);
	uint32_t *made = mem_alloc(((size_t)count_after(r) + 1) * sizeof *made);
	uint32_t count;

	r->e->private->by_scope = made;
	if (edits == NULL || places == NULL || made == NULL) {
		revision_stick(r, ACTAS_ENOMEM);
		goto out;
	}
	count = list_edits(r, edits);
	splice_by_scope(r, edits, count, places);
	move_rows(r);
	for (uint32_t i = 0; i < count; i++)
		if (edits[i].comes)
			made[places[i]] = edits[i].row->to;
out:
	mem_free(edits);
	mem_free(places);
}

/* The cells of a principal's run are where the run is long. */
static void
filter_again(struct revision *r, principal_id p)
{
	struct estate_private *own = r->e->private;
	uint32_t from = own->first_of_principal[p];
	uint32_t end = own->first_of_principal[p + 1];

	memset(own->scope_filter + from, 0,
	    (end - from) * sizeof *own->scope_filter);
	for (uint32_t i = from; i < end; i++)
		scope_filter_add(
		    own->scope_filter, from, end, own->grants[i].scope);
}

static void
write_filter(struct revision *r)
{
	uint16_t *made = spliced(r, r->old->scope_filter, sizeof *made,
	    offsetof(struct revised_row, principal));

	r->e->private->scope_filter = made;
	if (made == NULL)
		return;
	made[count_after(r)] = 0;
	for (int side = 0; side < SIDES; side++)
		for (uint32_t i = 0; i < r->rows[side].count; i++)
			filter_again(r, r->rows[side].at[i].principal);
}

/* --- marks of scopes --- */

static void
mark(struct revision *r, scope_id s)
{
	const uint32_t *first = r->e->private->first_of_scope;
	bool granted = first[s] != first[s + 1];

	if (r->e->scopes.at[s].granted == granted)
		return;
	revision_own_scopes(r);
	if (revision_goes_on(r))
		r->e->private->tables.scopes.at[s].granted = granted;
}

static bool
is_spoken_of(const struct estate *e, scope_id s)
{
	struct ids children = estate_children(e, s);

	for (uint32_t i = 0; i < children.count; i++)
		if (!e->scopes.at[children.at[i]].forgotten)
			return true;
	for (uint32_t i = 0; i < e->denials.count; i++)
		if (e->denials.at[i].scope == s)
			return true;
	return e->scopes.at[s].granted || e->scopes.at[s].declared;
}

/* A scope of which nothing speaks any more is none, nor is one above it that
 * only it spoke of. */
static void
forget(struct revision *r, scope_id s)
{
	while (revision_goes_on(r) && s != 0 && !r->e->scopes.at[s].forgotten &&
	    !is_spoken_of(r->e, s)) {
		if (!revision_may_forget(&r->e->scopes.at[s])) {
			revision_inexact(r);
			return;
		}
		revision_own_scopes(r);
		if (!revision_goes_on(r))
			return;
		r->e->private->tables.scopes.at[s].forgotten = 1;
		r->e->private->forgotten++;
		s = r->e->scopes.at[s].parent;
	}
}

/* A directory's group is a scope only as long as somebody has a role there. */
static void
check_group(struct revision *r, scope_id s)
{
	if (r->e->scopes.at[s].kind == SCOPE_GROUP &&
	    !r->e->scopes.at[s].granted)
		revision_inexact(r);
}

/* Too many that are forgotten: time to begin anew. */
enum { FORGOTTEN_MOST = 1024 };

static void
write_marks(struct revision *r)
{
	for (int side = 0; side < SIDES && revision_goes_on(r); side++)
		for (uint32_t i = 0; i < r->rows[side].count; i++)
			mark(r, r->rows[side].at[i].grant.scope);
	for (uint32_t i = 0; i < r->rows[BEFORE].count && revision_goes_on(r);
	     i++) {
		scope_id s = r->rows[BEFORE].at[i].grant.scope;

		check_group(r, s);
		forget(r, s);
	}
	if (r->e->private->forgotten > FORGOTTEN_MOST &&
	    r->e->private->forgotten > r->e->scopes.count / 4)
		revision_inexact(r);
}

void
revision_write_rows(struct revision *r)
{
	if (r->rows[BEFORE].count + r->rows[AFTER].count + r->made.count == 0)
		return;
	if (!estate_part(r->e, PART_ASSIGNMENTS)) {
		revision_stick(r, ACTAS_ENOMEM);
		return;
	}
	splice_columns(r);
	write_offsets(r);
	if (revision_goes_on(r))
		write_by_scope(r);
	if (revision_goes_on(r))
		write_filter(r);
	r->e->grants.count = count_after(r);
	estate_show(r->e);
	if (revision_goes_on(r))
		write_marks(r);
}
