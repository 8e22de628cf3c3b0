#include "api/arm/assignments.h"
#include "api/arm/filter.h"
#include "api/arm/operations.h"
#include "api/arm/page.h"

/*
 * Role assignments at a scope, above it and, without atScope(), below it.
 * Which they are the estate's indexes say; what they say the state does.
 */

struct query {
	bool at_scope;
	bool by_principal;
	bool with_groups; /* also what the principal has through them */
	struct guid principal;
};

struct gathering {
	const struct estate *e;
	scope_id s;
	bool exact; /* 's' is the scope asked about, not merely above it */
	bool at_scope;
	VECTOR(struct guid) ids;
	enum actas_error error;
};

/* --- $filter --- */

static bool
read_clause(
    struct arm_call *c, const struct arm_clause *clause, struct query *q)
{
	if (slice_eq_case(clause->name, SLICE("atScope"))) {
		q->at_scope = true;
		return clause->is_call && clause->value.length == 0;
	}
	if (q->by_principal)
		return false;
	q->by_principal = true;
	if (slice_eq_case(clause->name, SLICE("asTarget"))) {
		q->with_groups = true;
		q->principal = c->caller.object_id;
		return clause->is_call && clause->value.length == 0;
	}
	q->with_groups = clause->is_call;
	return slice_eq_case(clause->name,
		   clause->is_call ? SLICE("assignedTo")
				   : SLICE("principalId")) &&
	    guid_parse(clause->value, &q->principal);
}

static void
prepare(struct arm_call *c)
{
	struct slice text = exchange_query(c->x, "$filter", NULL);
	struct query *q = arena_zero(&c->x->arena, 1, sizeof *q);
	struct arm_filter filter;
	bool good = q != NULL &&
	    arm_filter_parse(&c->x->arena, text, &filter) == ACTAS_OK;

	for (uint32_t i = 0; good && i < filter.count; i++)
		good = read_clause(c, &filter.at[i], q);
	c->work = q;
	if (!good)
		arm_refuse(c, 400, "BadRequest",
		    "The filter '%.*s' is not supported. Supported filters are "
		    "either 'atScope()' or 'principalId eq '{value}' or "
		    "assignedTo('{value}')'.",
		    SLICE_ARGS(slice_sub(text, 0, 256)));
}

/* --- which --- */

static void
add(struct gathering *g, assignment_id a)
{
	struct guid id = g->e->assignment_ids[a];
	uint32_t flags = estate_assignment(g->e, a).flags;

	if (!guid_is_nil(id) && (flags & ASSIGNMENT_ELIGIBLE) == 0 &&
	    g->error == ACTAS_OK)
		g->error = vector_push(&g->ids, id);
}

static void
add_at(struct gathering *g, scope_id s)
{
	struct ids at = estate_assignments_at(g->e, s);

	for (uint32_t i = 0; i < at.count; i++)
		add(g, at.at[i]);
}

/* As deep as the tree. */
static void
add_below(struct gathering *g, scope_id s)
{
	struct ids children = estate_children(g->e, s);

	for (uint32_t i = 0; i < children.count; i++) {
		add_at(g, children.at[i]);
		add_below(g, children.at[i]);
	}
}

static void
add_all(struct gathering *g)
{
	for (scope_id s = g->s; s != NONE; s = g->e->scopes.at[s].parent)
		add_at(g, s);
	if (g->exact && !g->at_scope)
		add_below(g, g->s);
}

static void
add_of(struct gathering *g, principal_id p)
{
	const struct estate *e = g->e;

	for (assignment_id a = e->first_of_principal[p];
	     a < e->first_of_principal[p + 1]; a++) {
		scope_id s = estate_assignment(e, a).scope;

		if (estate_is_within(e, g->s, s) ||
		    (g->exact && !g->at_scope && estate_is_within(e, s, g->s)))
			add(g, a);
	}
}

static void
add_by_principal(struct gathering *g, const struct query *q)
{
	principal_id p = estate_by_object_id(g->e, q->principal);
	struct ids groups;

	if (p == NONE)
		return;
	add_of(g, p);
	if (!q->with_groups)
		return;
	groups = estate_groups_of(g->e, p);
	for (uint32_t i = 0; i < groups.count; i++)
		add_of(g, groups.at[i]);
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct guid));
}

static void
gather(struct arm_call *c, struct gathering *g)
{
	const struct query *q = c->work;

	g->e = arm_estate(c);
	g->at_scope = q->at_scope;
	g->s = arm_find_scope(c, c->scope.path, &g->exact);
	if (q->by_principal)
		add_by_principal(g, q);
	else
		add_all(g);
	if (g->ids.count > 0)
		qsort(g->ids.at, g->ids.count, sizeof *g->ids.at, compare);
}

/* --- the page --- */

static void
show(struct arm_call *c, struct arm_page *page, struct guid id)
{
	char name[GUID_TEXT_LENGTH + 1];
	struct entity_text text;
	const char *copy;
	json_t *found;

	guid_format(id, name);
	if (arm_page_is_past(page, slice_of(name)))
		return;
	found = entity_get(
	    arm_state(c), entity_guid_key(&text, ENTITY_ASSIGNMENT, id));
	if (found == NULL || !arm_page_has_room(page)) {
		json_decref(found);
		return;
	}
	copy = arena_text(&c->x->arena, slice_of(name));
	arm_page_add(page, slice_of(copy), arm_assignment_show(c, found));
}

static void
read_assignments(struct arm_call *c)
{
	struct gathering g = {0};
	struct arm_page page;

	if (!arm_must_exist(c, &c->scope) || !arm_page_begin(c, &page))
		return;
	gather(c, &g);
	for (uint32_t i = 0; i < g.ids.count && !page.more; i++)
		if (i == 0 || !guid_eq(g.ids.at[i], g.ids.at[i - 1]))
			show(c, &page, g.ids.at[i]);
	if (g.error == ACTAS_OK) {
		arm_page_end(c, &page);
	} else {
		json_decref(page.value);
		arm_reply(c, 500, NULL);
	}
	vector_release(&g.ids);
}

const struct arm_operation arm_assignments = {
    .permission = PERMIT_ASSIGNMENT_READ,
    .cut = 3,
    .is_list = true,
    .prepare = prepare,
    .read = read_assignments,
};
