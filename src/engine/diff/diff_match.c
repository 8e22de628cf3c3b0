/*
 * Two tellings of one platform name things differently: an export has object
 * ids and GUIDs for segments, a page has names only. So things are matched by
 * the surest mark that both have, surest first, and each at most once: ids,
 * then names. A scope is looked for below the match of its parent first, and
 * only then anywhere, where its name must be the only one of its kind.
 *
 * Matching an estate with itself gives each thing itself: every pass goes in
 * order of numbers, so the first free candidate of a thing is the thing.
 */

#include "engine/diff/diff_match.h"

#include <stdlib.h>

/* Rows of 'after' by their marks, and which of them are taken. */
struct finder {
	const struct estate *after;
	struct index index;
	uint32_t *match; /* by number in 'before'; NONE: none yet */
	bool *taken;     /* by number in 'after' */
};

bool
estate_is_page(const struct estate *e)
{
	return e->listings.count > 0 || e->claims.count > 0;
}

static enum actas_error
finder_start(struct finder *f, const struct estate *after, uint32_t before,
    uint32_t count)
{
	*f = (struct finder){.after = after,
	    .match = mem_zero((size_t)before + 1, sizeof *f->match),
	    .taken = mem_zero((size_t)count + 1, sizeof *f->taken)};
	if (f->match == NULL || f->taken == NULL)
		return ACTAS_ENOMEM;
	for (uint32_t i = 0; i < before; i++)
		f->match[i] = NONE;
	return ACTAS_OK;
}

static void
finder_release(struct finder *f)
{
	index_release(&f->index);
	mem_free(f->match);
	mem_free(f->taken);
}

static void
take(struct finder *f, uint32_t before, uint32_t after)
{
	f->match[before] = after;
	f->taken[after] = true;
}

/* Numbers what only 'after' has behind all of 'before'. */
static enum actas_error
number(struct numbering *n, const struct finder *f, uint32_t before,
    uint32_t after)
{
	n->before_count = before;
	n->of_after = mem_zero((size_t)after + 1, sizeof *n->of_after);
	if (n->of_after == NULL)
		return ACTAS_ENOMEM;
	for (uint32_t i = 0; i < after; i++)
		n->of_after[i] = before + i;
	for (uint32_t i = 0; i < before; i++)
		if (f->match[i] != NONE)
			n->of_after[f->match[i]] = i;
	return ACTAS_OK;
}

/* At most so many rows of one name are looked at: more of them say nothing
 * about which is meant, and would make looking up quadratic. */
enum { NAMESAKES = 64 };

static enum actas_error
index_name(struct index *ix, uint64_t hash, uint32_t id)
{
	struct index_walk w = index_start(ix, hash);
	uint32_t n = 0, other;

	while (n < NAMESAKES && index_next(&w, &other))
		n++;
	return n < NAMESAKES ? index_add(ix, hash, id) : ACTAS_OK;
}

static uint64_t
mark_hash(uint32_t kind, uint64_t hash)
{
	return hash ^ (kind + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

enum mark { MARK_OBJECT_ID, MARK_APP_ID, MARK_NAME, MARKS };

/* A principal's UPN, or the part of it before the @. */
static struct slice
local_part(struct slice upn)
{
	size_t at = slice_find(upn, SLICE("@"));

	return at == SIZE_MAX ? upn : slice_sub(upn, 0, at);
}

/* The names by which a principal may be known; how many. */
static uint32_t
names_of(const struct estate *e, const struct principal *p,
    struct slice names[static 3])
{
	uint32_t n = 0;

	if (p->name != 0)
		names[n++] = estate_text(e, p->name);
	if (p->upn != 0) {
		names[n++] = estate_text(e, p->upn);
		names[n] = local_part(names[n - 1]);
		n++;
	}
	if (n == 0)
		names[n++] = SLICE("");
	return n;
}

static enum actas_error
index_principals(struct finder *f)
{
	const struct estate *e = f->after;
	enum actas_error error = ACTAS_OK;

	for (uint32_t i = 0; i < e->principals.count && !error; i++) {
		const struct principal *p = &e->principals.at[i];
		struct slice names[3];
		uint32_t n = names_of(e, p, names);

		if (!guid_is_nil(p->object_id))
			error = index_add(&f->index,
			    mark_hash(MARK_OBJECT_ID, guid_hash(p->object_id)),
			    i);
		if (!error && !guid_is_nil(p->app_id))
			error = index_add(&f->index,
			    mark_hash(MARK_APP_ID, guid_hash(p->app_id)), i);
		for (uint32_t j = 0; j < n && !error; j++)
			error = index_name(&f->index,
			    mark_hash(MARK_NAME, slice_hash_case(names[j])), i);
	}
	return error;
}

/* Ids that both have and that differ make two principals of one name. */
static bool
ids_agree(const struct principal *a, const struct principal *b)
{
	if (!guid_is_nil(a->object_id) && !guid_is_nil(b->object_id))
		return guid_eq(a->object_id, b->object_id);
	if (!guid_is_nil(a->app_id) && !guid_is_nil(b->app_id))
		return guid_eq(a->app_id, b->app_id);
	return true;
}

static bool
shares_name(
    const struct estate *e, const struct principal *p, struct slice name)
{
	struct slice names[3];
	uint32_t n = names_of(e, p, names);

	for (uint32_t i = 0; i < n; i++)
		if (slice_eq_case(names[i], name))
			return true;
	return false;
}

static bool
is_same_principal(const struct finder *f, const struct principal *p,
    enum mark mark, struct slice name, uint32_t i)
{
	const struct principal *q = &f->after->principals.at[i];

	if (f->taken[i])
		return false;
	if (mark == MARK_OBJECT_ID)
		return guid_eq(p->object_id, q->object_id);
	if (mark == MARK_APP_ID)
		return guid_eq(p->app_id, q->app_id) && ids_agree(p, q);
	return shares_name(f->after, q, name) && ids_agree(p, q);
}

static uint32_t
find_principal(const struct finder *f, const struct principal *p,
    enum mark mark, struct slice name)
{
	uint64_t hash = mark == MARK_OBJECT_ID ? guid_hash(p->object_id)
	    : mark == MARK_APP_ID              ? guid_hash(p->app_id)
					       : slice_hash_case(name);
	struct index_walk w = index_start(&f->index, mark_hash(mark, hash));
	uint32_t i;

	while (index_next(&w, &i))
		if (is_same_principal(f, p, mark, name, i))
			return i;
	return NONE;
}

static uint32_t
find_by_mark(const struct finder *f, const struct estate *before,
    const struct principal *p, enum mark mark)
{
	struct slice names[3];
	uint32_t n, found = NONE;

	if ((mark == MARK_OBJECT_ID && guid_is_nil(p->object_id)) ||
	    (mark == MARK_APP_ID && guid_is_nil(p->app_id)))
		return NONE;
	if (mark != MARK_NAME)
		return find_principal(f, p, mark, SLICE(""));
	n = names_of(before, p, names);
	for (uint32_t i = 0; i < n && found == NONE; i++)
		found = find_principal(f, p, mark, names[i]);
	return found;
}

static enum actas_error
match_principals(struct match *m)
{
	const struct estate *a = m->before, *b = m->after;
	struct finder f;
	enum actas_error error =
	    finder_start(&f, b, a->principals.count, b->principals.count);

	if (!error)
		error = index_principals(&f);
	for (unsigned mark = 0; mark < MARKS && !error; mark++)
		for (uint32_t i = 0; i < a->principals.count; i++) {
			uint32_t found = NONE;

			if (f.match[i] == NONE)
				found = find_by_mark(&f, a,
				    &a->principals.at[i], (enum mark)mark);
			if (found != NONE)
				take(&f, i, found);
		}
	if (!error)
		error = number(&m->principals, &f, a->principals.count,
		    b->principals.count);
	finder_release(&f);
	return error;
}

static uint64_t
role_hash(const struct estate *e, const struct role *r)
{
	return mark_hash(r->plane, slice_hash_case(estate_text(e, r->name)));
}

static bool
is_same_role(const struct match *m, const struct role *a, const struct role *b,
    bool by_id)
{
	bool ids = !guid_is_nil(a->id) && !guid_is_nil(b->id);

	if (by_id)
		return ids && guid_eq(a->id, b->id);
	return a->plane == b->plane && (!ids || guid_eq(a->id, b->id)) &&
	    slice_eq_case(estate_text(m->before, a->name),
		estate_text(m->after, b->name));
}

static void
match_role(const struct match *m, struct finder *f, role_id r, bool by_id)
{
	const struct role *role = &m->before->roles.at[r];
	uint64_t hash =
	    by_id ? guid_hash(role->id) : role_hash(m->before, role);
	struct index_walk w = index_start(&f->index, hash);
	uint32_t i;

	while (f->match[r] == NONE && index_next(&w, &i))
		if (!f->taken[i] &&
		    is_same_role(m, role, &m->after->roles.at[i], by_id))
			take(f, r, i);
}

static enum actas_error
match_roles(struct match *m)
{
	const struct estate *a = m->before, *b = m->after;
	struct finder f;
	enum actas_error error =
	    finder_start(&f, b, a->roles.count, b->roles.count);

	for (role_id r = 0; r < b->roles.count && !error; r++) {
		error = index_add(&f.index, role_hash(b, &b->roles.at[r]), r);
		if (!error && !guid_is_nil(b->roles.at[r].id))
			error = index_add(
			    &f.index, guid_hash(b->roles.at[r].id), r);
	}
	for (int by_id = 1; by_id >= 0 && !error; by_id--)
		for (role_id r = 0; r < a->roles.count; r++)
			match_role(m, &f, r, by_id == 1);
	if (!error)
		error = number(&m->roles, &f, a->roles.count, b->roles.count);
	finder_release(&f);
	return error;
}

/* Whether one of the names of one scope is one of the other's. */
static bool
scopes_alike(const struct estate *a, const struct scope *x,
    const struct estate *b, const struct scope *y)
{
	struct slice type = estate_text(a, x->type);
	struct slice segment = estate_text(a, x->segment);
	struct slice name = estate_text(a, x->name);
	struct slice other = estate_text(b, y->segment);
	struct slice shown = estate_text(b, y->name);

	if (x->kind != y->kind ||
	    (x->type != 0 && y->type != 0 &&
		!slice_eq_case(type, estate_text(b, y->type))))
		return false;
	return slice_eq_case(segment, other) ||
	    (y->name != 0 && slice_eq_case(segment, shown)) ||
	    (x->name != 0 && slice_eq_case(name, other)) ||
	    (x->name != 0 && y->name != 0 && slice_eq_case(name, shown));
}

static bool
same_segment(const struct estate *a, const struct scope *x,
    const struct estate *b, const struct scope *y)
{
	return x->kind == y->kind &&
	    slice_eq_case(
		estate_text(a, x->segment), estate_text(b, y->segment)) &&
	    slice_eq_case(estate_text(a, x->type), estate_text(b, y->type));
}

/* What scopes are looked up by: kind and name, below a parent or anywhere;
 * and by segment, which is unique below a parent. */
enum place { BY_SEGMENT = 1, BELOW_PARENT, ANYWHERE };

static uint64_t
scope_hash(
    const struct scope *s, struct slice name, scope_id parent, enum place place)
{
	uint64_t where = place == ANYWHERE ? 0 : (uint64_t)parent + 1;

	return mark_hash(s->kind, slice_hash_case(name)) ^
	    (where * 4 + place) * UINT64_C(0xc2b2ae3d27d4eb4f);
}

static enum actas_error
index_scope(struct index *ix, const struct estate *e, scope_id s)
{
	const struct scope *scope = &e->scopes.at[s];
	struct slice names[2] = {
	    estate_text(e, scope->segment), estate_text(e, scope->name)};
	uint32_t n =
	    scope->name == 0 || slice_eq_case(names[0], names[1]) ? 1 : 2;
	enum actas_error error = index_add(
	    ix, scope_hash(scope, names[0], scope->parent, BY_SEGMENT), s);

	for (uint32_t i = 0; i < n && !error; i++) {
		error = index_name(
		    ix, scope_hash(scope, names[i], NONE, ANYWHERE), s);
		if (!error)
			error = index_name(ix,
			    scope_hash(
				scope, names[i], scope->parent, BELOW_PARENT),
			    s);
	}
	return error;
}

/* The free scope with the same segment below the match of the parent. */
static scope_id
find_segment(
    const struct match *m, const struct finder *f, scope_id s, scope_id parent)
{
	const struct scope *scope = &m->before->scopes.at[s];
	struct slice segment = estate_text(m->before, scope->segment);
	struct index_walk w = index_start(
	    &f->index, scope_hash(scope, segment, parent, BY_SEGMENT));
	uint32_t i;

	while (index_next(&w, &i)) {
		const struct scope *other = &m->after->scopes.at[i];

		if (!f->taken[i] && other->parent == parent &&
		    same_segment(m->before, scope, m->after, other))
			return i;
	}
	return NONE;
}

/* The only free scope of 'after' of such a name below 'parent', or anywhere
 * (parent is NONE then); NONE where there are several. */
static scope_id
find_name(const struct match *m, const struct finder *f, scope_id s,
    struct slice name, scope_id parent)
{
	const struct scope *scope = &m->before->scopes.at[s];
	struct index_walk w = index_start(&f->index,
	    scope_hash(
		scope, name, parent, parent == NONE ? ANYWHERE : BELOW_PARENT));
	scope_id found = NONE;
	uint32_t i;

	while (index_next(&w, &i)) {
		const struct scope *other = &m->after->scopes.at[i];

		if (f->taken[i] || i == found ||
		    (parent != NONE && other->parent != parent) ||
		    !scopes_alike(m->before, scope, m->after, other))
			continue;
		if (found != NONE)
			return NONE;
		found = i;
	}
	return found;
}

/* Whether 'before' has one scope only of this kind and name. */
static bool
is_only_one(const struct match *m, const struct index *before, scope_id s,
    struct slice name)
{
	const struct scope *scope = &m->before->scopes.at[s];
	struct index_walk w =
	    index_start(before, scope_hash(scope, name, NONE, ANYWHERE));
	uint32_t i;

	while (index_next(&w, &i))
		if (i != s &&
		    scopes_alike(
			m->before, scope, m->before, &m->before->scopes.at[i]))
			return false;
	return true;
}

static void
match_segment(const struct match *m, struct finder *f, scope_id s)
{
	scope_id parent = f->match[m->before->scopes.at[s].parent];
	scope_id found = parent == NONE ? NONE : find_segment(m, f, s, parent);

	if (found != NONE)
		take(f, s, found);
}

static void
match_name(const struct match *m, struct finder *f, const struct index *before,
    scope_id s)
{
	const struct scope *scope = &m->before->scopes.at[s];
	scope_id parent = f->match[scope->parent], found = NONE;
	struct slice names[2] = {estate_text(m->before, scope->segment),
	    estate_text(m->before, scope->name)};
	uint32_t n = scope->name == 0 ? 1 : 2;

	for (uint32_t i = 0; i < n && found == NONE && parent != NONE; i++)
		found = find_name(m, f, s, names[i], parent);
	for (uint32_t i = 0; i < n && found == NONE; i++)
		if (is_only_one(m, before, s, names[i]))
			found = find_name(m, f, s, names[i], NONE);
	if (found != NONE)
		take(f, s, found);
}

/* Scopes of one depth: a name takes only what no segment claims. */
static void
match_level(const struct match *m, struct finder *f, const struct index *before,
    struct ids level)
{
	for (uint32_t i = 0; i < level.count; i++)
		match_segment(m, f, level.at[i]);
	for (uint32_t i = 0; i < level.count; i++)
		if (f->match[level.at[i]] == NONE)
			match_name(m, f, before, level.at[i]);
}

static int
by_depth(const void *a, const void *b, void *estate)
{
	const struct estate *e = estate;
	scope_id x = *(const scope_id *)a, y = *(const scope_id *)b;

	if (e->scopes.at[x].depth != e->scopes.at[y].depth)
		return e->scopes.at[x].depth < e->scopes.at[y].depth ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* Parents before children, so that a child finds its parent's match. */
static enum actas_error
match_in_order(
    const struct match *m, struct finder *f, const struct index *before)
{
	uint32_t count = m->before->scopes.count;
	scope_id *order = mem_zero((size_t)count + 1, sizeof *order);

	if (order == NULL)
		return ACTAS_ENOMEM;
	for (scope_id s = 0; s < count; s++)
		order[s] = s;
	qsort_r(order, count, sizeof *order, by_depth,
	    (void *)(uintptr_t)m->before);
	take(f, 0, 0);
	for (uint32_t i = 1, end; i < count; i = end) {
		uint16_t depth = m->before->scopes.at[order[i]].depth;

		end = i;
		while (end < count &&
		    m->before->scopes.at[order[end]].depth == depth)
			end++;
		match_level(m, f, before, (struct ids){order + i, end - i});
	}
	mem_free(order);
	return ACTAS_OK;
}

static enum actas_error
match_scopes(struct match *m)
{
	const struct estate *a = m->before, *b = m->after;
	struct index before = {0};
	struct finder f;
	enum actas_error error =
	    finder_start(&f, b, a->scopes.count, b->scopes.count);

	for (scope_id s = 1; s < b->scopes.count && !error; s++)
		error = index_scope(&f.index, b, s);
	for (scope_id s = 1; s < a->scopes.count && !error; s++)
		error = index_scope(&before, a, s);
	if (!error)
		error = match_in_order(m, &f, &before);
	if (!error)
		error =
		    number(&m->scopes, &f, a->scopes.count, b->scopes.count);
	index_release(&before);
	finder_release(&f);
	return error;
}

enum actas_error
match_estates(
    struct match *m, const struct estate *before, const struct estate *after)
{
	enum actas_error error;

	*m = (struct match){.before = before,
	    .after = after,
	    .cross = estate_is_page(before) != estate_is_page(after)};
	error = match_principals(m);
	if (!error)
		error = match_scopes(m);
	if (!error)
		error = match_roles(m);
	return error;
}

void
match_release(struct match *m)
{
	mem_free(m->principals.of_after);
	mem_free(m->scopes.of_after);
	mem_free(m->roles.of_after);
}

uint32_t
match_number(const struct numbering *n, bool is_after, uint32_t id)
{
	return is_after && id != NONE ? n->of_after[id] : id;
}
