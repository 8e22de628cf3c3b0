#include "estate/revise_private.h"

/*
 * The steps of a revision. Whatever is not understood ends it: an estate that
 * is made anew is slow and right.
 */

void
revision_inexact(struct revision *r)
{
	r->exact = false;
}

void
revision_stick(struct revision *r, enum actas_error error)
{
	if (r->error == ACTAS_OK)
		r->error = error;
}

bool
revision_goes_on(const struct revision *r)
{
	return r->exact && r->error == ACTAS_OK;
}

/* --- rows that are changed where they are --- */

static bool
begin_part(struct revision *r, enum part part)
{
	if (revision_goes_on(r) && !estate_part(r->e, part))
		revision_stick(r, ACTAS_ENOMEM);
	return revision_goes_on(r);
}

static void
write_principals(struct revision *r)
{
	struct estate_private *own = r->e->private;
	const struct estate_private *was = r->old->private;
	uint32_t count = r->old->principals.count;

	if (r->changed.count == 0 || !begin_part(r, PART_PRINCIPALS))
		return;
	revision_stick(r, vector_reserve(&own->tables.principals, count));
	if (!revision_goes_on(r))
		return;
	memcpy(own->tables.principals.at, was->tables.principals.at,
	    count * sizeof *own->tables.principals.at);
	own->tables.principals.count = count;
	for (uint32_t i = 0; i < r->changed.count; i++) {
		const struct revised_principal *c = &r->changed.at[i];
		struct principal *row = &own->tables.principals.at[c->id];

		row->flags &= (uint8_t)~PRINCIPAL_DISABLED;
		if (c->disabled)
			row->flags |= PRINCIPAL_DISABLED;
		if (!c->gone)
			continue;
		/* What a mention says of it stays: its id and its kind. */
		row->flags &= (uint8_t)~PRINCIPAL_DECLARED;
		row->name = row->upn = row->home = 0;
		row->app_id = (struct guid){0};
	}
}

void
revision_own_scopes(struct revision *r)
{
	struct estate_private *own = r->e->private;
	const struct estate_private *was = r->old->private;
	uint32_t count = r->old->scopes.count + r->made.count;

	if (own->shares[PART_SCOPES] != was->shares[PART_SCOPES] ||
	    !begin_part(r, PART_SCOPES))
		return;
	revision_stick(r, vector_reserve(&own->tables.scopes, count));
	if (!revision_goes_on(r))
		return;
	memcpy(own->tables.scopes.at, was->tables.scopes.at,
	    r->old->scopes.count * sizeof *own->tables.scopes.at);
	if (r->made.count > 0)
		memcpy(own->tables.scopes.at + r->old->scopes.count, r->made.at,
		    r->made.count * sizeof *r->made.at);
	own->tables.scopes.count = count;
	estate_show(r->e);
}

/* The steps of builder_finish that a revision repeats work on a builder: one
 * that only points to the tables. */
static struct builder
lent_builder(const struct revision *r)
{
	struct builder b = r->e->private->tables;

	b.fault = NULL;
	b.error = ACTAS_OK;
	return b;
}

static void
write_tree(struct revision *r)
{
	struct estate_private *own = r->e->private;
	const struct estate_private *was = r->old->private;
	uint32_t count = r->old->scopes.count + r->made.count;
	struct builder b;

	if (r->made.count == 0 || !begin_part(r, PART_TREE))
		return;
	revision_stick(r, vector_reserve(&own->lookup.described_by, count));
	revision_stick(r, index_copy(&own->names.scopes, &was->names.scopes));
	if (!revision_goes_on(r))
		return;
	memcpy(own->lookup.described_by.at, was->lookup.described_by.at,
	    r->old->scopes.count * sizeof *own->lookup.described_by.at);
	for (scope_id s = r->old->scopes.count; s < count; s++)
		own->lookup.described_by.at[s] = NONE;
	own->lookup.described_by.count = count;
	revision_stick(r,
	    names_index_scopes(r->e, r->old->scopes.count, &own->names.scopes));
	b = lent_builder(r);
	link_children(&b, own);
	revision_stick(r, b.error);
}

/* --- memberships --- */

static bool
is_left(const struct revision *r, const struct membership *m)
{
	for (uint32_t i = 0; i < r->pairs[BEFORE].count; i++)
		if (r->pairs[BEFORE].at[i].group == m->group &&
		    r->pairs[BEFORE].at[i].member == m->member)
			return true;
	return false;
}

/* Those that stay, and then those that came. */
static void
copy_members(struct revision *r)
{
	struct estate_private *own = r->e->private;
	const struct estate *old = r->old;

	revision_stick(r,
	    vector_reserve(&own->tables.memberships,
		old->memberships.count + r->pairs[AFTER].count));
	for (uint32_t i = 0; i < old->memberships.count && revision_goes_on(r);
	     i++)
		if (!is_left(r, &old->memberships.at[i]))
			revision_stick(r,
			    vector_push(&own->tables.memberships,
				old->memberships.at[i]));
	if (own->tables.memberships.count + r->pairs[BEFORE].count !=
	    old->memberships.count)
		revision_inexact(r);
	for (uint32_t i = 0; i < r->pairs[AFTER].count && revision_goes_on(r);
	     i++) {
		struct revised_pair p = r->pairs[AFTER].at[i];

		revision_stick(r,
		    vector_push(&own->tables.memberships,
			{p.group, p.member, p.origin}));
	}
}

static void
write_members(struct revision *r)
{
	struct builder b;

	if (r->pairs[BEFORE].count + r->pairs[AFTER].count == 0 ||
	    !begin_part(r, PART_MEMBERS))
		return;
	copy_members(r);
	if (!revision_goes_on(r))
		return;
	b = lent_builder(r);
	order_members(&b, r->e->private);
	close_groups(&b, r->e->private, false);
	revision_stick(r, b.error);
}

/* --- all of it --- */

static void
revise(struct revision *r)
{
	revision_read(r);
	if (revision_goes_on(r))
		revision_find_rows(r);
	write_principals(r);
	write_members(r);
	if (r->made.count > 0)
		revision_own_scopes(r);
	write_tree(r);
	if (revision_goes_on(r))
		revision_write_rows(r);
	estate_show(r->e);
}

static void
release(struct revision *r)
{
	for (int side = 0; side < SIDES; side++) {
		mem_free(r->principals[side]);
		mem_free(r->scopes[side]);
		mem_free(r->roles[side]);
		vector_release(&r->rows[side]);
		vector_release(&r->pairs[side]);
	}
	vector_release(&r->made);
	vector_release(&r->changed);
}

enum actas_error
estate_revise(const struct estate *old, const struct places *places,
    const struct builder *before, const struct builder *after,
    struct estate **estate, struct fault *fault)
{
	struct revision r = {.old = old,
	    .places = places,
	    .from = {before, after},
	    .e = estate_share(old),
	    .exact = true};

	*estate = NULL;
	if (r.e == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	revise(&r);
	release(&r);
	if (revision_goes_on(&r)) {
		*estate = r.e;
		return ACTAS_OK;
	}
	estate_free(r.e);
	return r.error == ACTAS_OK ? ACTAS_OK : fault_plain(fault, r.error);
}
