/*
 * The claims of a page in the orders in which rules look at them, so that no
 * rule holds every claim against every other: by the assignment that they
 * became part of, by principal and line, by principal and scope. Each order
 * is sorted once a check; a run of it is found by bisection.
 */

#include "engine/rules/rules_check.h"

#include <stdlib.h>

static const char *const views[] = {
    [VIEW_GRAPH] = "the diagram",
    [VIEW_INVENTORY] = "the inventory",
    [VIEW_ROLES] = "the role table",
    [VIEW_SECRETS] = "the secrets table",
    [VIEW_READERS] = "the list of readers",
    [VIEW_WRITERS] = "the list of writers",
    [VIEW_MATRIX] = "the workspace matrix",
    [VIEW_CONNECTIONS] = "the connections table",
    [VIEW_ROTATION] = "the rotation procedure",
    [VIEW_RULES] = "the key rules",
    [VIEW_AUTH] = "the auth method",
    [VIEW_GROUPS] = "the groups table",
    [VIEW_ITEMS] = "the items table",
};

const char *
view_phrase(enum view view)
{
	return views[view];
}

const char *
view_of(const struct check *c, const struct claim *claim)
{
	return view_phrase(c->e->listings.at[claim->listing].view);
}

const char *
claim_text(struct check *c, const struct claim *claim)
{
	return claim->text != 0 ? string(c, claim->text)
				: name_role(c, claim->role);
}

static int
number_cmp(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int
line_cmp(const struct estate *e, uint32_t i, uint32_t j)
{
	int d = origin_cmp(e, e->claims.at[i].origin, e->claims.at[j].origin);

	return d != 0 ? d : number_cmp(i, j);
}

static int
by_assignment(const void *a, const void *b, void *estate)
{
	const struct estate *e = estate;
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
	int d =
	    number_cmp(e->claims.at[i].assignment, e->claims.at[j].assignment);

	return d != 0 ? d : line_cmp(e, i, j);
}

static int
by_line(const void *a, const void *b, void *estate)
{
	const struct estate *e = estate;
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
	int d =
	    number_cmp(e->claims.at[i].principal, e->claims.at[j].principal);

	return d != 0 ? d : line_cmp(e, i, j);
}

static int
by_scope(const void *a, const void *b, void *estate)
{
	const struct estate *e = estate;
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
	const struct claim *x = &e->claims.at[i], *y = &e->claims.at[j];
	int d = number_cmp(x->principal, y->principal);

	if (d == 0)
		d = number_cmp(x->scope, y->scope);
	return d != 0 ? d : line_cmp(e, i, j);
}

static bool
is_assigned(const struct claim *claim)
{
	return claim->assignment != NONE;
}

static bool
is_named(const struct claim *claim)
{
	return claim->principal != NONE;
}

static bool
is_of_none(const struct claim *claim)
{
	return is_named(claim) && claim->says == CLAIM_HAS_NONE;
}

/* The claims that are wanted, in order. */
static struct ids
ordered(struct check *c, bool (*wanted)(const struct claim *claim),
    int (*order)(const void *, const void *, void *))
{
	const struct estate *e = c->e;
	uint32_t *rows = check_zero(c, e->claims.count + 1, sizeof *rows);
	uint32_t count = 0;

	for (uint32_t i = 0; rows != NULL && i < e->claims.count; i++)
		if (wanted(&e->claims.at[i]))
			rows[count++] = i;
	if (count > 1)
		qsort_r(rows, count, sizeof *rows, order, (void *)(uintptr_t)e);
	return (struct ids){rows, count};
}

void
tellings_order(struct check *c)
{
	struct tellings *t = &c->tellings;

	t->by_assignment = ordered(c, is_assigned, by_assignment);
	t->by_line = ordered(c, is_named, by_line);
	t->by_scope = ordered(c, is_named, by_scope);
	t->of_none = ordered(c, is_of_none, by_scope);
}

typedef uint64_t claim_key(const struct claim *claim);

/* The first of 'rows' from 'low' on whose key is not below 'key'. */
static uint32_t
lower_bound(const struct check *c, struct ids rows, uint32_t low, uint64_t key,
    claim_key *key_of)
{
	uint32_t high = rows.count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (key_of(&c->e->claims.at[rows.at[mid]]) < key)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The run of 'rows' whose key is 'key'; keys ascend along the rows. */
static struct ids
run_of(const struct check *c, struct ids rows, uint64_t key, claim_key *key_of)
{
	uint32_t from = lower_bound(c, rows, 0, key, key_of);
	uint32_t to = lower_bound(c, rows, from, key + 1, key_of);

	return (struct ids){rows.at == NULL ? NULL : rows.at + from, to - from};
}

static uint64_t
assignment_key(const struct claim *claim)
{
	return claim->assignment;
}

static uint64_t
principal_key(const struct claim *claim)
{
	return claim->principal;
}

static uint64_t
scope_key(const struct claim *claim)
{
	return (uint64_t)claim->principal << 32 | claim->scope;
}

struct ids
tellings_of_assignment(const struct check *c, assignment_id a)
{
	return run_of(c, c->tellings.by_assignment, a, assignment_key);
}

struct ids
tellings_of(const struct check *c, principal_id p)
{
	return run_of(c, c->tellings.by_line, p, principal_key);
}

struct ids
tellings_at(const struct check *c, principal_id p, scope_id s)
{
	return run_of(
	    c, c->tellings.by_scope, (uint64_t)p << 32 | s, scope_key);
}

const struct claim *
telling_of_none(const struct check *c, principal_id p, scope_id s)
{
	struct ids run =
	    run_of(c, c->tellings.of_none, (uint64_t)p << 32 | s, scope_key);

	return run.count == 0 ? NULL : &c->e->claims.at[run.at[0]];
}

static bool
grants_of_plane(const struct check *c, const struct claim *claim, bool claimed)
{
	return claim->says == CLAIM_GRANTS && claim->scope != NONE &&
	    claim->role != NONE &&
	    (c->e->roles.at[claim->role].plane == PLANE_CLAIMED) == claimed;
}

bool
grants_role(const struct check *c, const struct claim *claim)
{
	return grants_of_plane(c, claim, false);
}

bool
grants_right(const struct check *c, const struct claim *claim)
{
	return grants_of_plane(c, claim, true);
}

const struct origin *
assignment_places(struct check *c, assignment_id a, uint32_t *count)
{
	struct ids claims = tellings_of_assignment(c, a);
	struct origin *places = check_zero(c, claims.count + 1, sizeof *places);

	*count = 0;
	if (places == NULL)
		return NULL;
	for (uint32_t i = 0; i < claims.count; i++)
		places[i] = c->e->claims.at[claims.at[i]].origin;
	*count = claims.count;
	if (claims.count == 0)
		places[(*count)++] = estate_assignment(c->e, a).origin;
	return places;
}

void
place_assignment(struct check *c, assignment_id a)
{
	uint32_t count;
	const struct origin *places = assignment_places(c, a, &count);

	for (uint32_t i = 0; i < count; i++)
		finding_place(c, places[i]);
}

const char *
assignment_lines(struct check *c, assignment_id a)
{
	uint32_t count;
	const struct origin *places = assignment_places(c, a, &count);

	return name_places(c, places, count);
}
