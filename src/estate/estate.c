#include "estate/private.h"

/*
 * Parts. Who frees what is said in one place, by part; an estate that shares
 * a part has the same pointers as the one that made it.
 */

/* What each part owns: a field that begins with the pointer to its memory,
 * as arrays, vectors and indexes do. All zero owns nothing. */
static const struct owned {
	uint8_t part;
	size_t at, size;
} owned[] = {
#define OWNED(part, field)                                           \
	{                                                            \
		PART_##part, offsetof(struct estate_private, field), \
		    sizeof(((struct estate_private *)0)->field)      \
	}
    OWNED(PRINCIPALS, tables.principals),
    OWNED(SCOPES, tables.scopes),
    OWNED(TREE, names.scopes),
    OWNED(TREE, lookup.described_by),
    OWNED(TREE, first_child),
    OWNED(TREE, children),
    OWNED(MEMBERS, tables.memberships),
    OWNED(MEMBERS, groups),
    OWNED(MEMBERS, first_group),
    OWNED(MEMBERS, first_member),
    OWNED(ASSIGNMENTS, grants),
    OWNED(ASSIGNMENTS, holders),
    OWNED(ASSIGNMENTS, assignment_ids),
    OWNED(ASSIGNMENTS, conditions),
    OWNED(ASSIGNMENTS, assignment_origins),
    OWNED(ASSIGNMENTS, first_of_principal),
    OWNED(ASSIGNMENTS, first_of_scope),
    OWNED(ASSIGNMENTS, by_scope),
    OWNED(ASSIGNMENTS, scope_filter),
    OWNED(REST, names.principals),
    OWNED(REST, application_of),
#undef OWNED
};
enum { OWNED_FIELDS = sizeof owned / sizeof owned[0] };

static void
clear_part(struct estate_private *own, enum part part)
{
	for (size_t i = 0; i < OWNED_FIELDS; i++)
		if (owned[i].part == part)
			memset((char *)own + owned[i].at, 0, owned[i].size);
}

/* All other tables and indexes, as a builder has them. */
static void
free_rest(const struct estate_private *own)
{
	struct estate_private rest = *own;

	for (int i = 0; i < PARTS; i++)
		clear_part(&rest, (enum part)i);
	rest.tables.strings = (struct strings){0};
	tables_release(&rest.tables);
	private_release(&rest.lookup);
}

static void
free_part(const struct estate_private *own, enum part part)
{
	void *memory;

	for (size_t i = 0; i < OWNED_FIELDS; i++)
		if (owned[i].part == part) {
			memcpy(&memory, (const char *)own + owned[i].at,
			    sizeof memory);
			mem_free(memory);
		}
	if (part == PART_REST)
		free_rest(own);
	if (part == PART_TEXTS && own->texts != NULL) {
		strings_release(own->texts);
		mem_free(own->texts);
	}
}

struct share *
share_new(void)
{
	struct share *s = mem_alloc(sizeof *s);

	if (s != NULL)
		atomic_init(&s->holders, 1);
	return s;
}

void
share_hold(struct share *s)
{
	atomic_fetch_add(&s->holders, 1);
}

bool
share_drop(struct share *s)
{
	if (s == NULL || atomic_fetch_sub(&s->holders, 1) > 1)
		return false;
	mem_free(s);
	return true;
}

struct estate *
estate_new(void)
{
	struct estate *e = mem_zero(1, sizeof *e);

	if (e == NULL)
		return NULL;
	e->private = mem_zero(1, sizeof *e->private);
	if (e->private == NULL) {
		mem_free(e);
		return NULL;
	}
	for (int i = 0; i < PARTS; i++) {
		e->private->shares[i] = share_new();
		if (e->private->shares[i] == NULL) {
			estate_free(e);
			return NULL;
		}
	}
	return e;
}

struct estate *
estate_share(const struct estate *e)
{
	struct estate *shared = mem_alloc(sizeof *shared);
	struct estate_private *own = mem_alloc(sizeof *own);

	if (shared == NULL || own == NULL) {
		mem_free(shared);
		mem_free(own);
		return NULL;
	}
	*shared = *e;
	*own = *e->private;
	shared->private = own;
	for (int i = 0; i < PARTS; i++)
		share_hold(own->shares[i]);
	return shared;
}

bool
estate_part(struct estate *e, enum part part)
{
	struct share *fresh = share_new();
	struct share *old = e->private->shares[part];

	if (fresh == NULL)
		return false;
	e->private->shares[part] = fresh;
	if (share_drop(old))
		free_part(e->private, part);
	clear_part(e->private, part);
	return true;
}

void
estate_show(struct estate *e)
{
	const struct estate_private *own = e->private;

	e->strings = own->tables.strings;
	e->tenant = own->tables.tenant;
#define SHOW(name, type)                  \
	e->name.at = own->tables.name.at; \
	e->name.count = own->tables.name.count;
	EACH_TABLE(SHOW)
#undef SHOW
	e->first_group = own->first_group;
	e->first_member = own->first_member;
	e->groups = own->groups.at;
	e->first_child = own->first_child;
	e->children = own->children;
	e->grants.at = own->grants;
	e->holders = own->holders;
	e->assignment_ids = own->assignment_ids;
	e->assignment_origins = own->assignment_origins;
	e->conditions = own->conditions;
	e->first_of_principal = own->first_of_principal;
	e->first_of_scope = own->first_of_scope;
	e->by_scope = own->by_scope;
	e->scope_filter = own->scope_filter;
}

void
estate_free(struct estate *e)
{
	struct estate_private *own;

	if (e == NULL)
		return;
	own = e->private;
	for (int i = 0; i < PARTS; i++)
		if (share_drop(own->shares[i]))
			free_part(own, (enum part)i);
	mem_free(own);
	mem_free(e);
}

struct assignment
estate_assignment(const struct estate *e, assignment_id a)
{
	struct grant grant = e->grants.at[a];

	return (struct assignment){
	    .id = e->assignment_ids[a],
	    .principal = e->holders[a],
	    .role = grant.role_and_flags >> FLAG_BITS,
	    .scope = grant.scope,
	    .condition = e->conditions == NULL ? 0 : e->conditions[a],
	    .flags = grant.role_and_flags & FLAG_MASK,
	    .origin = e->assignment_origins[a],
	};
}

static struct ids
run(const uint32_t *at, const uint32_t *first, uint32_t i)
{
	return (struct ids){
	    at == NULL ? NULL : at + first[i], first[i + 1] - first[i]};
}

struct ids
estate_groups_of(const struct estate *e, principal_id p)
{
	return run(e->groups, e->first_group, p);
}

struct ids
estate_assignments_at(const struct estate *e, scope_id s)
{
	return run(e->by_scope, e->first_of_scope, s);
}

struct ids
estate_children(const struct estate *e, scope_id s)
{
	return run(e->children, e->first_child, s);
}

bool
estate_is_within(const struct estate *e, scope_id s, scope_id above)
{
	while (e->scopes.at[s].depth > e->scopes.at[above].depth)
		s = e->scopes.at[s].parent;
	return s == above;
}

scope_id
estate_enclosing(const struct estate *e, scope_id s, enum scope_kind kind)
{
	while (s != NONE && e->scopes.at[s].kind != kind)
		s = e->scopes.at[s].parent;
	return s;
}

/* The row of the table that describes scopes of this kind. */
static uint32_t
row_of(const struct estate *e, scope_id s, enum scope_kind kind)
{
	return s < e->scopes.count && e->scopes.at[s].kind == kind
	    ? e->private->lookup.described_by.at[s]
	    : NONE;
}

const struct vault *
estate_vault(const struct estate *e, scope_id s)
{
	uint32_t row = row_of(e, s, SCOPE_VAULT);

	return row == NONE ? NULL : &e->vaults.at[row];
}

const struct secret *
estate_secret(const struct estate *e, scope_id s)
{
	uint32_t row = row_of(e, s, SCOPE_SECRET);

	return row == NONE ? NULL : &e->secrets.at[row];
}

const struct connection *
estate_connection(const struct estate *e, scope_id s)
{
	uint32_t row = row_of(e, s, SCOPE_CONNECTION);

	return row == NONE ? NULL : &e->connections.at[row];
}

item_id
estate_item_id(const struct estate *e, scope_id s)
{
	return row_of(e, s, SCOPE_ITEM);
}

const struct item *
estate_item(const struct estate *e, scope_id s)
{
	item_id row = estate_item_id(e, s);

	return row == NONE ? NULL : &e->items.at[row];
}

const struct application *
estate_application(const struct estate *e, principal_id p)
{
	uint32_t row = e->private->application_of == NULL
	    ? NONE
	    : e->private->application_of[p];

	return row == NONE ? NULL : &e->applications.at[row];
}

principal_id
estate_by_object_id(const struct estate *e, struct guid id)
{
	struct index_walk walk =
	    index_start(&e->private->lookup.by_object_id, guid_hash(id));
	principal_id p;

	while (index_next(&walk, &p))
		if (guid_eq(e->principals.at[p].object_id, id))
			return p;
	return NONE;
}

principal_id
estate_by_app_id(const struct estate *e, struct guid id)
{
	struct index_walk walk =
	    index_start(&e->private->lookup.by_app_id, guid_hash(id));
	principal_id p;

	while (index_next(&walk, &p))
		if (guid_eq(e->principals.at[p].app_id, id))
			return p;
	return NONE;
}

role_id
estate_role_by_id(const struct estate *e, struct guid id)
{
	struct index_walk walk =
	    index_start(&e->private->lookup.by_role_id, guid_hash(id));
	role_id r;

	while (index_next(&walk, &r))
		if (guid_eq(e->roles.at[r].id, id))
			return r;
	return NONE;
}

size_t
estate_assignment_memory(const struct estate *e)
{
	size_t row = sizeof *e->grants.at + sizeof *e->holders +
	    sizeof *e->assignment_ids + sizeof *e->assignment_origins +
	    sizeof *e->by_scope + sizeof *e->scope_filter +
	    (e->conditions == NULL ? 0 : sizeof *e->conditions);
	size_t offsets = (size_t)e->principals.count + e->scopes.count + 2;

	return e->grants.count * row + offsets * sizeof(uint32_t);
}

static size_t
index_memory(const struct index *ix)
{
	return ix->slots == NULL
	    ? 0
	    : ((size_t)ix->mask + 1) * 2 * sizeof(uint32_t);
}

size_t
estate_memory(const struct estate *e)
{
	const struct estate_private *own = e->private;
	size_t words = (size_t)own->groups.capacity +
	    own->lookup.described_by.capacity +
	    2 * (size_t)e->principals.count + 2 * (size_t)e->scopes.count + 4 +
	    (own->application_of == NULL ? 0 : e->principals.count);

	return sizeof *e + sizeof *own + tables_memory(&own->tables) +
	    estate_assignment_memory(e) + words * sizeof(uint32_t) +
	    index_memory(&own->lookup.by_object_id) +
	    index_memory(&own->lookup.by_app_id) +
	    index_memory(&own->lookup.by_role_id) +
	    index_memory(&own->names.principals) +
	    index_memory(&own->names.scopes);
}
