#include "estate/revise_private.h"

/*
 * What the two builders say, in the numbers of the estate, and whether all of
 * it is of a kind that can be revised. A row that both say alike is no
 * difference, so whoever reads may read more than what changed, where the
 * readers need it.
 */

/* Texts that nothing uses any more stay until the estate is made anew: when
 * there are as many again as it began with, and these bytes. */
enum { TEXTS_MORE = 4 << 20 };

static struct slice
text_of(const struct builder *b, string_id id)
{
	return strings_get(&b->strings, id);
}

static bool
same_text(const struct revision *r, string_id before, string_id after)
{
	return slice_eq(
	    text_of(r->from[BEFORE], before), text_of(r->from[AFTER], after));
}

/* A text of a builder in the numbers of the estate. */
static string_id
intern(struct revision *r, int side, string_id id)
{
	string_id made = 0;

	if (r->error == ACTAS_OK)
		revision_stick(r,
		    strings_add_beside(r->e->private->texts,
			text_of(r->from[side], id), &made));
	return made;
}

static void
expect(struct revision *r, bool holds)
{
	if (!holds)
		revision_inexact(r);
}

static void *
numbers(struct revision *r, uint32_t count)
{
	uint32_t *at = mem_alloc(((size_t)count + 1) * sizeof *at);

	if (at == NULL)
		revision_stick(r, ACTAS_ENOMEM);
	return at;
}

/* --- tables --- */

/* Which the steps below look at, and how much they look at at most. */
static const uint32_t most[TABLES] = {
    [TABLE_principals] = REVISED_MOST,
    [TABLE_applications] = REVISED_MOST,
    [TABLE_memberships] = REVISED_MOST,
    [TABLE_scopes] = REVISED_MOST,
    [TABLE_roles] = REVISED_MOST,
    [TABLE_permissions] = UINT32_MAX, /* of those roles */
    [TABLE_patterns] = UINT32_MAX,
    [TABLE_vaults] = REVISED_MOST,
};

static void
check_tables(struct revision *r, const struct builder *b)
{
	for (int t = 0; t < TABLES; t++)
		expect(r, table_rows(b, (enum table_id)t).count <= most[t]);
	expect(r, b->private->keys.count <= REVISED_MOST);
	expect(r, !b->private->moved);
}

/* --- roles --- */

static bool
is_stub(const struct role *row)
{
	return row->name == 0 && row->permission_count == 0;
}

/* The role of an access policy has no id; its name says what it gives. */
static role_id
find_policy(const struct revision *r, struct slice name)
{
	for (role_id id = 0; id < r->old->roles.count; id++) {
		const struct role *row = &r->old->roles.at[id];

		if (row->plane == PLANE_POLICY &&
		    slice_eq_case(estate_text(r->old, row->name), name))
			return id;
	}
	return NONE;
}

/* A definition in the source is not revised. Nor does a mere mention change a
 * role that is defined; of one that is not, it could. */
static role_id
find_role(struct revision *r, const struct builder *b, const struct role *row)
{
	role_id id;

	if (row->plane == PLANE_POLICY && guid_is_nil(row->id))
		return find_policy(r, text_of(b, row->name));
	id = is_stub(row) || row->builtin ? estate_role_by_id(r->old, row->id)
					  : NONE;
	return id == NONE || is_stub(&r->old->roles.at[id]) ? NONE : id;
}

static void
read_roles(struct revision *r, int side)
{
	const struct builder *b = r->from[side];
	role_id *map = r->roles[side] = numbers(r, b->roles.count);

	for (role_id i = 0; i < b->roles.count && revision_goes_on(r); i++) {
		map[i] = find_role(r, b, &b->roles.at[i]);
		expect(r, map[i] != NONE);
	}
}

/* --- principals --- */

static bool
is_declared(const struct principal *row)
{
	return row != NULL && (row->flags & PRINCIPAL_DECLARED) != 0;
}

/* A mention says who it is, and of what kind, which is known; so it neither
 * adds to what is known nor takes from it when it goes. */
static void
check_mention(struct revision *r, const struct principal *said, principal_id p)
{
	const struct principal *known = &r->old->principals.at[p];

	if (said == NULL)
		return;
	expect(r, said->name == 0 && said->upn == 0 && said->home == 0);
	expect(r, guid_is_nil(said->app_id) && said->flags == 0);
	expect(r,
	    said->kind == PRINCIPAL_UNKNOWN ||
		(said->kind <= PRINCIPAL_SERVICE &&
		    (said->kind == known->kind ||
			(said->kind == PRINCIPAL_SERVICE &&
			    known->kind > PRINCIPAL_SERVICE))));
}

static bool
is_same_listing(const struct revision *r, const struct principal *before,
    const struct principal *after)
{
	uint8_t others = (uint8_t)~PRINCIPAL_DISABLED;

	return guid_eq(before->app_id, after->app_id) &&
	    same_text(r, before->name, after->name) &&
	    same_text(r, before->upn, after->upn) &&
	    same_text(r, before->home, after->home) &&
	    before->kind == after->kind &&
	    (before->flags & others) == (after->flags & others);
}

static void
change(struct revision *r, const struct revised_principal *c)
{
	revision_stick(r, vector_push(&r->changed, *c));
}

/* One that is listed no more. A managed identity is listed in two places, an
 * application knows its service principal, and a group that somebody owns is
 * a scope. */
static void
forget(struct revision *r, principal_id p, const struct principal *after)
{
	const struct principal *known = &r->old->principals.at[p];
	struct scope as_scope = {.kind = SCOPE_GROUP};
	char id[GUID_TEXT_LENGTH + 1];
	struct strings texts = {0};
	enum actas_error error;

	expect(r, after == NULL && known->kind <= PRINCIPAL_SERVICE);
	expect(r, estate_application(r->old, p) == NULL);
	guid_format(known->object_id, id);
	error = strings_add(&texts, slice_of(id), &as_scope.segment);
	revision_stick(r, error);
	if (error == ACTAS_OK)
		expect(
		    r, places_child(r->places, 0, &as_scope, &texts) == NONE);
	strings_release(&texts);
	change(r, &(struct revised_principal){.id = p, .gone = true});
}

static void
compare_principal(struct revision *r, principal_id p,
    const struct principal *before, const struct principal *after)
{
	bool was_disabled =
	    (r->old->principals.at[p].flags & PRINCIPAL_DISABLED) != 0;
	bool disabled;

	if (!is_declared(before) && !is_declared(after)) {
		check_mention(r, before, p);
		check_mention(r, after, p);
	} else if (is_declared(before) && !is_declared(after)) {
		forget(r, p, after);
	} else if (!is_declared(before)) {
		revision_inexact(r);
	} else {
		disabled = (after->flags & PRINCIPAL_DISABLED) != 0;
		expect(r, is_same_listing(r, before, after));
		if (disabled != was_disabled)
			change(r,
			    &(struct revised_principal){
				.id = p, .disabled = disabled});
	}
}

static const struct principal *
same_principal(const struct builder *b, const struct principal *row)
{
	principal_id p = builder_known(b, row->object_id);

	return p == NONE ? NULL : &b->principals.at[p];
}

static void
read_principals(struct revision *r, int side)
{
	const struct builder *b = r->from[side];
	principal_id *map = r->principals[side] =
	    numbers(r, b->principals.count);

	for (principal_id i = 0; i < b->principals.count && revision_goes_on(r);
	     i++) {
		const struct principal *row = &b->principals.at[i];

		map[i] = guid_is_nil(row->object_id)
		    ? NONE
		    : estate_by_object_id(r->old, row->object_id);
		expect(r, map[i] != NONE);
	}
}

static void
compare_principals(struct revision *r)
{
	const struct builder *before = r->from[BEFORE], *after = r->from[AFTER];

	for (principal_id i = 0;
	     i < before->principals.count && revision_goes_on(r); i++) {
		const struct principal *row = &before->principals.at[i];

		compare_principal(r, r->principals[BEFORE][i], row,
		    same_principal(after, row));
	}
	for (principal_id i = 0;
	     i < after->principals.count && revision_goes_on(r); i++) {
		const struct principal *row = &after->principals.at[i];

		if (same_principal(before, row) == NULL)
			compare_principal(
			    r, r->principals[AFTER][i], NULL, row);
	}
}

/* --- scopes --- */

/* Those on which a role can be assigned before anything else speaks of them,
 * and which nothing else describes. */
static bool
can_come_and_go(uint8_t kind)
{
	static const bool can[SCOPE_KINDS] = {
	    [SCOPE_RESOURCE_GROUP] = true,
	    [SCOPE_SECRET] = true,
	    [SCOPE_STORAGE_ACCOUNT] = true,
	    [SCOPE_CONTAINER] = true,
	    [SCOPE_BLOB] = true,
	    [SCOPE_RESOURCE] = true,
	};

	return can[kind];
}

bool
revision_may_forget(const struct scope *row)
{
	return !row->declared && can_come_and_go(row->kind);
}

static scope_id
make_scope(struct revision *r, int side, const struct scope *said)
{
	scope_id parent = r->scopes[side][said->parent];
	const struct scope *above = parent < r->old->scopes.count
	    ? &r->old->scopes.at[parent]
	    : &r->made.at[parent - r->old->scopes.count];
	struct scope row = {.parent = parent,
	    .segment = intern(r, side, said->segment),
	    .type = intern(r, side, said->type),
	    .depth = (uint16_t)(above->depth + 1),
	    .kind = said->kind,
	    .respelled = said->respelled,
	    .origin = {intern(r, side, said->origin.file), said->origin.line}};

	expect(r, side == AFTER && !said->declared);
	expect(r, can_come_and_go(said->kind) && said->name == 0);
	expect(r, row.depth <= LIMIT_SCOPE_DEPTH);
	revision_stick(r, vector_push(&r->made, row));
	return r->old->scopes.count + r->made.count - 1;
}

/* A scope that nothing declares is written as its first mention writes it. */
static void
check_spelling(
    struct revision *r, const struct scope *known, struct slice segment)
{
	bool alike = slice_eq(estate_text(r->old, known->segment), segment);

	expect(r, known->declared || (alike && !known->respelled));
}

static void
read_scopes(struct revision *r, int side)
{
	const struct builder *b = r->from[side];
	scope_id *map = r->scopes[side] = numbers(r, b->scopes.count);

	if (map != NULL)
		map[0] = 0;
	for (scope_id i = 1; i < b->scopes.count && revision_goes_on(r); i++) {
		const struct scope *row = &b->scopes.at[i];

		map[i] = map[row->parent] >= r->old->scopes.count
		    ? NONE
		    : places_child(
			  r->places, map[row->parent], row, &b->strings);
		if (map[i] == NONE)
			map[i] = make_scope(r, side, row);
		else
			check_spelling(r, &r->old->scopes.at[map[i]],
			    text_of(b, row->segment));
	}
}

static const struct scope *
same_scope(const struct revision *r, int side, scope_id s)
{
	const struct builder *b = r->from[side];

	for (scope_id i = 0; i < b->scopes.count; i++)
		if (r->scopes[side][i] == s)
			return &b->scopes.at[i];
	return NULL;
}

/* What one side declares the other declares alike. */
static void
compare_scopes(struct revision *r, int side)
{
	const struct builder *b = r->from[side];

	for (scope_id i = 1; i < b->scopes.count && revision_goes_on(r); i++) {
		const struct scope *row = &b->scopes.at[i];
		const struct scope *other =
		    same_scope(r, 1 - side, r->scopes[side][i]);

		if (!row->declared)
			continue;
		expect(r, other != NULL && other->declared);
		if (revision_goes_on(r))
			expect(r,
			    slice_eq(text_of(b, row->name),
				text_of(r->from[1 - side], other->name)));
	}
}

/* --- what describes scopes: as it was, or not to be revised --- */

static bool
is_same_application(const struct revision *r, const struct application *x,
    const struct application *y)
{
	return guid_eq(x->app_id, y->app_id) &&
	    guid_eq(x->object_id, y->object_id) &&
	    same_text(r, x->name, y->name);
}

static bool
is_same_vault(
    const struct revision *r, const struct vault *x, const struct vault *y)
{
	return r->scopes[BEFORE][x->scope] == r->scopes[AFTER][y->scope] &&
	    x->model == y->model && x->stated == y->stated &&
	    x->purge_protection == y->purge_protection &&
	    x->soft_delete == y->soft_delete &&
	    x->public_access == y->public_access &&
	    x->firewall == y->firewall && guid_eq(x->tenant, y->tenant) &&
	    same_text(r, x->location, y->location);
}

/* Both sides were read in the same order. */
static void
compare_descriptions(struct revision *r)
{
	const struct builder *x = r->from[BEFORE], *y = r->from[AFTER];

	expect(r, x->applications.count == y->applications.count);
	expect(r, x->vaults.count == y->vaults.count);
	expect(r, guid_eq(x->tenant, y->tenant));
	for (uint32_t i = 0; i < x->applications.count && revision_goes_on(r);
	     i++)
		expect(r,
		    is_same_application(
			r, &x->applications.at[i], &y->applications.at[i]));
	for (uint32_t i = 0; i < x->vaults.count && revision_goes_on(r); i++)
		expect(r, is_same_vault(r, &x->vaults.at[i], &y->vaults.at[i]));
}

/* --- memberships and assignments: the difference --- */

static void
read_pairs(struct revision *r, int side)
{
	const struct builder *b = r->from[side];

	for (uint32_t i = 0; i < b->memberships.count && revision_goes_on(r);
	     i++) {
		const struct membership *m = &b->memberships.at[i];
		struct revised_pair pair = {r->principals[side][m->group],
		    r->principals[side][m->member],
		    {intern(r, side, m->origin.file), m->origin.line}};

		revision_stick(r, vector_push(&r->pairs[side], pair));
	}
}

static void
read_rows(struct revision *r, int side)
{
	const struct builder *b = r->from[side];
	const struct builder_private *own = b->private;

	for (uint32_t i = 0; i < own->keys.count && revision_goes_on(r); i++) {
		struct key key = own->keys.at[i];
		struct origin origin = own->origins.at[i];
		struct revised_row row = {
		    .principal = r->principals[side][key.principal],
		    .grant = {r->scopes[side][key.scope],
			r->roles[side][key.role_and_flags >> FLAG_BITS]
				<< FLAG_BITS |
			    (key.role_and_flags & FLAG_MASK)},
		    .id = own->ids.at[i],
		    .origin = {intern(r, side, origin.file), origin.line}};

		if (i < own->conditions.count)
			row.condition = intern(r, side, own->conditions.at[i]);
		revision_stick(r, vector_push(&r->rows[side], row));
	}
}

static bool
is_same_pair(const void *x, const void *y)
{
	const struct revised_pair *a = x, *b = y;

	return a->group == b->group && a->member == b->member;
}

static bool
is_same_row(const void *x, const void *y)
{
	const struct revised_row *a = x, *b = y;

	return a->principal == b->principal &&
	    a->grant.scope == b->grant.scope &&
	    a->grant.role_and_flags == b->grant.role_and_flags &&
	    a->condition == b->condition && guid_eq(a->id, b->id);
}

struct column {
	char *at;
	uint32_t *count;
	size_t size;
};

static void
leave_out(struct column *c, uint32_t i)
{
	(*c->count)--;
	memmove(c->at + i * c->size, c->at + (i + 1) * c->size,
	    (*c->count - i) * c->size);
}

/* Leaves out what both have. */
static void
subtract(struct column x, struct column y,
    bool (*is_same)(const void *, const void *))
{
	for (uint32_t i = 0, k; i < *x.count;) {
		for (k = 0; k < *y.count; k++)
			if (is_same(x.at + i * x.size, y.at + k * y.size))
				break;
		if (k == *y.count) {
			i++;
			continue;
		}
		leave_out(&x, i);
		leave_out(&y, k);
	}
}

#define COLUMN(v) \
	((struct column){(char *)(v)->at, &(v)->count, sizeof *(v)->at})

void
revision_read(struct revision *r)
{
	expect(r, r->old->claims.count == 0);
	for (int side = 0; side < SIDES; side++) {
		check_tables(r, r->from[side]);
		if (!revision_goes_on(r))
			return;
		read_roles(r, side);
		read_principals(r, side);
		read_scopes(r, side);
		if (!revision_goes_on(r))
			return;
		read_pairs(r, side);
		read_rows(r, side);
	}
	if (!revision_goes_on(r))
		return;
	compare_principals(r);
	compare_scopes(r, BEFORE);
	compare_scopes(r, AFTER);
	compare_descriptions(r);
	subtract(
	    COLUMN(&r->pairs[BEFORE]), COLUMN(&r->pairs[AFTER]), is_same_pair);
	subtract(
	    COLUMN(&r->rows[BEFORE]), COLUMN(&r->rows[AFTER]), is_same_row);
	expect(r,
	    r->e->private->texts->total <=
		2 * r->old->private->texts_made + TEXTS_MORE);
	/* What was interned is seen by the new estate. */
	r->e->private->tables.strings = *r->e->private->texts;
	estate_show(r->e);
}
