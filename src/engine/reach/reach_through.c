#include "engine/reach/reach_map.h"

#include <stdlib.h>

/*
 * Breadth first over those that the start can come to act as. From a node,
 * each grant that it or a group of its holds opens the targets at or below
 * the grant's scope, for every way whose action the role contains; the
 * decision then has the last word. A target that leads to somebody who is
 * reached already is closed and not looked at again.
 *
 * First only steps that are certain are taken. Then, from all that is
 * reached, also those that rest on a dispute: so a chain without a dispute
 * wins over any with one, and among either kind the shortest.
 */

enum taking { CERTAIN, DISPUTED, ANY };

struct search {
	struct reach_map *map;
	enum taking taking;
	uint32_t from; /* node at hand */
	enum actas_error error;
};

static uint32_t
next_open(struct way *way, uint32_t at)
{
	while (way->open[at] != at) {
		way->open[at] = way->open[way->open[at]];
		at = way->open[at];
	}
	return at;
}

static void
close_target(struct search *s, struct way *way, uint32_t target)
{
	way->open[target] = target + 1;
	s->error = vector_push(&s->map->closed, {way, target});
}

static void
reset(struct reach_map *map)
{
	for (uint32_t i = 0; i < map->closed.count; i++) {
		struct closed c = map->closed.at[i];

		c.way->open[c.target] = c.target;
	}
	for (uint32_t i = 0; i < map->nodes.count; i++) {
		if (map->nodes.at[i].principal != NONE)
			map->node_of[map->nodes.at[i].principal] = 0;
	}
	map->closed.count = 0;
	map->nodes.count = 0;
	map->terminals.count = 0;
}

static bool
is_wanted(const struct search *s, bool disputed)
{
	return s->taking == ANY || (s->taking == DISPUTED) == disputed;
}

static void
add_node(struct search *s, struct step step)
{
	struct reach_map *map = s->map;
	const struct node *from = &map->nodes.at[s->from];
	struct node node = {
	    .principal = step.to,
	    .from = s->from,
	    .distance = from->distance + 1,
	    .disputed = from->disputed || step.disputed,
	    .step = step,
	};

	if (s->error != ACTAS_OK || map->node_of[step.to] != 0)
		return;
	s->error = vector_push(&map->nodes, node);
	map->node_of[step.to] = map->nodes.count;
}

/* A denial that would be none if the source's dispute were settled so. */
static bool
is_open_question(enum reason reason)
{
	return reason == REASON_DISPUTED || reason == REASON_MODEL_DISPUTED ||
	    reason == REASON_MODEL_UNSAID;
}

static bool
is_in_group(const struct estate *e, principal_id p, principal_id group)
{
	struct ids groups = estate_groups_of(e, p);

	for (uint32_t i = 0; i < groups.count; i++) {
		if (groups.at[i] == group)
			return true;
	}
	return false;
}

static void
try_target(struct search *s, struct way *way, uint32_t at)
{
	const struct target *t = &way->targets.at[at];
	principal_id p = s->map->nodes.at[s->from].principal;
	struct decision d;
	bool disputed;

	if (s->map->node_of[t->to] != 0) {
		close_target(s, way, at);
		return;
	}
	if (way->kind == STEP_ADDS_MEMBER && is_in_group(s->map->e, p, t->to))
		return;
	d = decide(s->map->e, p, &way->action, t->scope, NULL);
	if (!d.allowed && !is_open_question(d.reason))
		return;
	disputed = !d.allowed || t->disputed;
	if (!is_wanted(s, disputed))
		return;
	add_node(s,
	    (struct step){
		.kind = (uint8_t)way->kind,
		.disputed = disputed,
		.from = p,
		.to = t->to,
		.scope = t->told,
		.assignment = d.assignment,
		.origin = t->origin,
	    });
}

static uint32_t
first_target(const struct way *way, uint32_t place)
{
	uint32_t low = 0, high = way->targets.count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (way->targets.at[middle].place < place)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
try_targets(struct search *s, struct way *way, scope_id scope)
{
	uint32_t last = s->map->last[scope];
	uint32_t at = next_open(way, first_target(way, s->map->place[scope]));

	while (s->error == ACTAS_OK && at < way->targets.count &&
	    way->targets.at[at].place <= last) {
		try_target(s, way, at);
		at = next_open(way, at + 1);
	}
}

/* A scope below one that is told of already says nothing new. */
static bool
is_told(const struct search *s, scope_id scope, uint8_t plane, bool disputed)
{
	const struct reach_map *map = s->map;

	for (uint32_t i = 0; i < map->terminals.count; i++) {
		const struct terminal *t = &map->terminals.at[i];

		if (t->plane == plane && (disputed || !t->step.disputed) &&
		    estate_is_within(map->e, scope, t->step.scope))
			return true;
	}
	return false;
}

/* Only who may give any role counts, so a condition rules it out. */
static void
try_assigning(struct search *s, const struct way *way, assignment_id a)
{
	const struct estate *e = s->map->e;
	principal_id p = s->map->nodes.at[s->from].principal;
	scope_id scope = e->grants.at[a].scope;
	struct decision d = decide(e, p, &way->action, scope, NULL);
	struct terminal t = {
	    .from = s->from,
	    .plane = way->action.plane,
	    .step =
		{
		    .kind = STEP_ASSIGNS_ROLES,
		    .disputed = !d.allowed,
		    .from = p,
		    .to = NONE,
		    .scope = scope,
		    .assignment = d.assignment,
		},
	};

	if (d.reason == REASON_GRANTED_BY_ABAC ||
	    (!d.allowed && !is_open_question(d.reason)) ||
	    !is_wanted(s, t.step.disputed) ||
	    is_told(s, scope, t.plane, t.step.disputed))
		return;
	t.step.origin = e->assignment_origins[d.assignment];
	s->error = vector_push(&s->map->terminals, t);
}

static void
use_grant(struct search *s, assignment_id a)
{
	struct grant grant = s->map->e->grants.at[a];
	role_id role = estate_assignment(s->map->e, a).role;

	for (uint32_t i = 0; i < s->map->way_count; i++) {
		struct way *way = &s->map->ways[i];

		if ((way->action.matching[role / 64] >> (role % 64) & 1) == 0)
			continue;
		if (way->kind == STEP_ASSIGNS_ROLES)
			try_assigning(s, way, a);
		else
			try_targets(s, way, grant.scope);
	}
}

static void
use_run(struct search *s, principal_id holder)
{
	const struct estate *e = s->map->e;

	for (assignment_id a = e->first_of_principal[holder];
	     a < e->first_of_principal[holder + 1] && s->error == ACTAS_OK; a++)
		use_grant(s, a);
}

static void
expand(struct search *s, uint32_t node, enum taking taking)
{
	principal_id p = s->map->nodes.at[node].principal;
	principal_id everyone = s->map->ways[0].action.everyone;
	struct ids groups;

	s->from = node;
	s->taking = taking;
	if (p == NONE)
		return;
	use_run(s, p);
	groups = estate_groups_of(s->map->e, p);
	for (uint32_t i = 0; i < groups.count; i++)
		use_run(s, groups.at[i]);
	if (everyone != NONE)
		use_run(s, everyone);
}

/* Where the search starts. */

static void
start_at_connection(struct search *s, const struct connection *c)
{
	const struct estate *e = s->map->e;
	struct step step = {
	    .kind = STEP_USES_CONNECTION,
	    .from = s->map->nodes.at[0].principal,
	    .to = c->principal,
	    .scope = c->scope,
	    .assignment = NONE,
	    .origin = c->origin,
	};

	if (step.to != NONE)
		add_node(s, step);
	for (uint32_t i = 0; i < e->sinks.count; i++) {
		const struct sink *sink = &e->sinks.at[i];

		if (sink->kind != SINK_CONNECTION || sink->scope != c->scope)
			continue;
		step.to = sink->principal;
		step.origin = sink->origin;
		add_node(s, step);
	}
}

static enum actas_error
start_as(void *context, principal_id p, struct origin origin)
{
	struct search *s = context;
	struct step *first = &s->map->nodes.at[0].step;

	add_node(s,
	    (struct step){
		.kind = STEP_EDITS_ITEM,
		.from = s->map->nodes.at[0].principal,
		.to = p,
		.scope = first->scope,
		.assignment = NONE,
		.origin = origin,
	    });
	return s->error;
}

static bool
may_use(const struct estate *e, item_id pipeline, uint32_t connection)
{
	const struct connection *c = &e->connections.at[connection];

	if (c->all_pipelines == YES &&
	    e->scopes.at[c->scope].parent ==
		e->scopes.at[e->items.at[pipeline].scope].parent)
		return true;
	for (uint32_t i = 0; i < e->authorizations.count; i++) {
		if (e->authorizations.at[i].connection == connection &&
		    e->authorizations.at[i].item == pipeline)
			return true;
	}
	return false;
}

static void
start_at_item(struct search *s, item_id item)
{
	const struct estate *e = s->map->e;
	struct item_index ix;

	s->error = item_index_init(&ix, e);
	if (s->error == ACTAS_OK)
		s->error = item_identities(&ix, item, start_as, s);
	item_index_release(&ix);
	if (e->items.at[item].kind != ITEM_DEVOPS_PIPELINE)
		return;
	for (uint32_t i = 0; i < e->connections.count; i++) {
		if (may_use(e, item, i))
			start_at_connection(s, &e->connections.at[i]);
	}
}

static void
begin(struct search *s, struct start start)
{
	struct node node = {
	    .principal = start.principal,
	    .from = NONE,
	    .step = {.scope = start.scope},
	};
	const struct connection *c;
	item_id item;

	s->error = vector_push(&s->map->nodes, node);
	if (s->error != ACTAS_OK)
		return;
	if (start.principal != NONE)
		s->map->node_of[start.principal] = 1;
	if (start.scope == NONE)
		return;
	c = estate_connection(s->map->e, start.scope);
	item = estate_item_id(s->map->e, start.scope);
	if (c != NULL)
		start_at_connection(s, c);
	if (item != NONE)
		start_at_item(s, item);
}

/* Nodes reached for certain stand first, in the order of their distance;
 * those behind a dispute behind them, in theirs. Going through both like a
 * merge keeps the second kind in order. */
static void
run(struct search *s)
{
	struct reach_map *map = s->map;
	uint32_t certain, i, j;

	for (i = 0; i < map->nodes.count && s->error == ACTAS_OK; i++)
		expand(s, i, CERTAIN);
	certain = j = map->nodes.count;
	i = 0;
	while (s->error == ACTAS_OK && (i < certain || j < map->nodes.count)) {
		if (j == map->nodes.count ||
		    (i < certain &&
			map->nodes.at[i].distance <= map->nodes.at[j].distance))
			expand(s, i++, DISPUTED);
		else
			expand(s, j++, ANY);
	}
}

/* The answer. */

static enum actas_error
write_steps(const struct reach_map *map, uint32_t node, const struct step *last,
    struct arena *arena, struct reached *r)
{
	uint32_t length = map->nodes.at[node].distance + (last != NULL);
	struct step *steps = arena_zero(arena, length, sizeof *steps);

	if (steps == NULL)
		return ACTAS_ENOMEM;
	r->steps = steps;
	r->count = length;
	if (last != NULL)
		steps[--length] = *last;
	while (length != 0) {
		steps[--length] = map->nodes.at[node].step;
		node = map->nodes.at[node].from;
	}
	return ACTAS_OK;
}

static struct slice
display_name(const struct estate *e, principal_id p)
{
	const struct principal *row = &e->principals.at[p];

	return estate_text(e, row->name != 0 ? row->name : row->upn);
}

/* Nearest first, people before roles, then by name. */
static int
reached_order(const void *x, const void *y, void *context)
{
	const struct reach_map *map = context;
	const struct reached *a = x, *b = y;
	int order;

	if (a->count != b->count)
		return a->count < b->count ? -1 : 1;
	if (a->principal != NONE && b->principal != NONE) {
		order = slice_cmp_case(display_name(map->e, a->principal),
		    display_name(map->e, b->principal));
		if (order != 0)
			return order;
	}
	if (a->principal != b->principal)
		return a->principal < b->principal ? -1 : 1;
	return (a->steps[a->count - 1].scope > b->steps[b->count - 1].scope) -
	    (a->steps[a->count - 1].scope < b->steps[b->count - 1].scope);
}

static enum actas_error
write_list(
    struct reach_map *map, struct arena *arena, struct reached_list *list)
{
	uint32_t people = map->nodes.count - 1;
	uint32_t count = people + map->terminals.count;
	struct reached *found = arena_zero(arena, count, sizeof *found);
	enum actas_error error = found == NULL ? ACTAS_ENOMEM : ACTAS_OK;

	for (uint32_t i = 0; i < people && error == ACTAS_OK; i++) {
		found[i].principal = map->nodes.at[i + 1].principal;
		error = write_steps(map, i + 1, NULL, arena, &found[i]);
	}
	for (uint32_t i = people; i < count && error == ACTAS_OK; i++) {
		const struct terminal *t = &map->terminals.at[i - people];

		found[i].principal = NONE;
		error = write_steps(map, t->from, &t->step, arena, &found[i]);
	}
	if (error != ACTAS_OK)
		return error;
	qsort_r(found, count, sizeof *found, reached_order, map);
	list->at = found;
	list->count = count;
	return ACTAS_OK;
}

enum actas_error
reach_map_through(struct reach_map *map, struct start start,
    struct arena *arena, struct reached_list *list)
{
	struct search s = {.map = map};

	*list = (struct reached_list){0};
	begin(&s, start);
	if (s.error == ACTAS_OK)
		run(&s);
	if (s.error == ACTAS_OK)
		s.error = write_list(map, arena, list);
	reset(map);
	return s.error;
}

enum actas_error
reach_through(const struct estate *e, struct start start, struct arena *arena,
    struct reached_list *list)
{
	struct reach_map *map;
	enum actas_error error = reach_map_new(e, &map);

	*list = (struct reached_list){0};
	if (error == ACTAS_OK)
		error = reach_map_through(map, start, arena, list);
	reach_map_free(map);
	return error;
}
