#include "estate/private.h"

void
estate_free(struct estate *e)
{
	struct estate_private *own;

	if (e == NULL)
		return;
	own = e->private;
	index_release(&own->names.principals);
	index_release(&own->names.scopes);
	tables_release(&own->tables);
	private_release(&own->lookup);
	mem_free(own->application_of);
	mem_free(own->grants);
	mem_free(own->holders);
	mem_free(own->assignment_ids);
	mem_free(own->conditions);
	mem_free(own->assignment_origins);
	mem_free(own->first_of_principal);
	mem_free(own->first_of_scope);
	mem_free(own->by_scope);
	mem_free(own->scope_filter);
	mem_free(own->first_group);
	mem_free(own->first_member);
	mem_free(own->first_child);
	mem_free(own->children);
	vector_release(&own->groups);
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
