#include "cli/map.h"
#include "engine/reach.h"

/*
 * First all edges of the estate, then those that the focus keeps, then the
 * nodes at their ends, and last the lines that show which of those scopes
 * lies in which.
 */

struct focus {
	principal_id principal; /* or NONE */
	scope_id scope;         /* or NONE; both NONE: no focus */
	bool *holders;          /* principals whose grants are drawn */
};

static struct node
principal_node(principal_id p)
{
	return (struct node){false, p};
}

static struct node
scope_node(scope_id s)
{
	return (struct node){true, s};
}

static enum actas_error
find_focus(struct cli *cli, const char *name, struct focus *focus)
{
	struct fault other = {0};
	enum actas_error error = estate_find_principal(
	    cli->estate, slice_of(name), &focus->principal, &cli->fault);

	if (error != ACTAS_ENOTFOUND)
		return error;
	focus->principal = NONE;
	error = estate_find_scope(
	    cli->estate, slice_of(name), &focus->scope, &other);
	if (error == ACTAS_OK || error == ACTAS_EAMBIGUOUS)
		cli->fault = other;
	if (error != ACTAS_ENOTFOUND)
		return error;
	focus->scope = NONE;
	cli->fault = (struct fault){0};
	return fault_set(&cli->fault, ACTAS_ENOTFOUND, NULL, 0,
	    "no principal and no scope is named '%s'; the map without "
	    "--focus shows the names",
	    name);
}

static bool
touches(const struct estate *e, scope_id a, scope_id b)
{
	return estate_is_within(e, a, b) || estate_is_within(e, b, a);
}

static bool
keeps_grant(
    const struct estate *e, const struct focus *f, principal_id p, scope_id s)
{
	if (f->principal != NONE)
		return f->holders[p];
	return f->scope == NONE || touches(e, s, f->scope);
}

/* What keeps a grant from working as it stands, beside its role. */
static const char *
grant_mark(const struct estate *e, const struct assignment *row)
{
	switch ((int)reach_standing(e, row)) {
	case REASON_ELIGIBLE_ONLY:
		return " (eligible)";
	case REASON_WRONG_MODEL:
		return " (void)";
	default:
		return "";
	}
}

/* Roles of one principal at one scope are one edge. */
static enum actas_error
add_grants(struct cli *cli, const struct focus *f, struct map *map)
{
	const struct estate *e = cli->estate;
	enum actas_error error = ACTAS_OK;
	assignment_id a = 0;

	while (error == ACTAS_OK && a < e->grants.count) {
		struct assignment first = estate_assignment(e, a), row = first;
		struct edge edge = {.from = principal_node(first.principal),
		    .to = scope_node(first.scope),
		    .kind = EDGE_GRANT,
		    .idle = true,
		    .label = ""};
		const char *mark;
		bool kept = keeps_grant(e, f, first.principal, first.scope);

		for (; a < e->grants.count; a++) {
			row = estate_assignment(e, a);
			if (row.principal != first.principal ||
			    row.scope != first.scope)
				break;
			if (!kept)
				continue;
			mark = grant_mark(e, &row);
			edge.idle = edge.idle && mark[0] != '\0';
			edge.label = word_format(cli, "%s%s%s%s", edge.label,
			    edge.label[0] == '\0' ? "" : ", ",
			    word_role(cli, row.role), mark);
			edge.disputed = edge.disputed ||
			    (row.flags & ASSIGNMENT_DISPUTED) != 0;
		}
		if (!kept)
			continue;
		f->holders[first.principal] = true;
		error = vector_push(&map->edges, edge);
	}
	return error;
}

/* Whether grants of the group, or of one that it is in, are drawn. */
static bool
leads_to_holder(
    const struct estate *e, const struct focus *f, principal_id group)
{
	struct ids above = estate_groups_of(e, group);

	if (f->holders[group])
		return true;
	for (uint32_t i = 0; i < above.count; i++) {
		if (f->holders[above.at[i]])
			return true;
	}
	return false;
}

static bool
keeps_member(
    const struct estate *e, const struct focus *f, const struct membership *m)
{
	if (f->principal != NONE)
		return m->group == f->principal ||
		    (f->holders[m->member] && f->holders[m->group]);
	return f->scope == NONE || leads_to_holder(e, f, m->group);
}

static bool
keeps_relation(
    const struct estate *e, const struct focus *f, principal_id p, scope_id s)
{
	if (f->principal != NONE)
		return p == f->principal;
	return f->scope == NONE || estate_is_within(e, s, f->scope);
}

static enum actas_error
add_members(struct cli *cli, const struct focus *f, struct map *map)
{
	const struct estate *e = cli->estate;
	enum actas_error error = ACTAS_OK;

	for (uint32_t i = 0; error == ACTAS_OK && i < e->memberships.count;
	     i++) {
		const struct membership *m = &e->memberships.at[i];

		if (keeps_member(e, f, m))
			error = vector_push(&map->edges,
			    {principal_node(m->member),
				principal_node(m->group), EDGE_MEMBER, false,
				false, "member of"});
	}
	return error;
}

static enum actas_error
add_relation(struct cli *cli, const struct focus *f, struct map *map,
    const struct edge *edge)
{
	if (edge->from.id == NONE || edge->to.id == NONE ||
	    !keeps_relation(cli->estate, f, edge->to.id, edge->from.id))
		return ACTAS_OK;
	return vector_push(&map->edges, *edge);
}

/* Whether no earlier sink says the same: a page lists one in several
 * places. */
static enum actas_error
is_new_sink(const struct estate *e, struct index *seen, uint32_t row, bool *new)
{
	const struct sink *sink = &e->sinks.at[row];
	const uint32_t key[] = {sink->scope, sink->principal};
	uint64_t hash =
	    slice_hash((struct slice){(const char *)key, sizeof key});
	struct index_walk walk = index_start(seen, hash);
	uint32_t other;

	*new = true;
	while (*new &&index_next(&walk, &other))
		*new = e->sinks.at[other].scope != sink->scope ||
		    e->sinks.at[other].principal != sink->principal;
	return *new ? index_add(seen, hash, row) : ACTAS_OK;
}

static enum actas_error
add_credentials(struct cli *cli, const struct focus *f, struct map *map)
{
	const struct estate *e = cli->estate;
	struct edge edge = {
	    .kind = EDGE_CREDENTIAL, .label = "holds credential of"};
	struct index seen = {0};
	enum actas_error error = ACTAS_OK;

	for (uint32_t i = 0; error == ACTAS_OK && i < e->sinks.count; i++) {
		const struct sink *sink = &e->sinks.at[i];
		const struct secret *secret;
		bool new = false;

		if (sink->kind != SINK_SECRET || sink->scope == NONE)
			continue;
		secret = estate_secret(e, sink->scope);
		if (secret == NULL || !secret->not_secret)
			error = is_new_sink(e, &seen, i, &new);
		edge.from = scope_node(sink->scope);
		edge.to = principal_node(sink->principal);
		if (error == ACTAS_OK && new)
			error = add_relation(cli, f, map, &edge);
	}
	index_release(&seen);
	return error;
}

static enum actas_error
add_relations(struct cli *cli, const struct focus *f, struct map *map)
{
	const struct estate *e = cli->estate;
	struct edge edge = {0};
	enum actas_error error = ACTAS_OK;

	edge = (struct edge){.kind = EDGE_BACKED, .label = "backed by"};
	for (uint32_t i = 0; error == ACTAS_OK && i < e->connections.count;
	     i++) {
		edge.from = scope_node(e->connections.at[i].scope);
		edge.to = principal_node(e->connections.at[i].principal);
		error = add_relation(cli, f, map, &edge);
	}
	if (error == ACTAS_OK)
		error = add_credentials(cli, f, map);
	edge = (struct edge){.kind = EDGE_RUNS_AS, .label = "runs as"};
	for (uint32_t i = 0; error == ACTAS_OK && i < e->items.count; i++) {
		edge.from = scope_node(e->items.at[i].scope);
		edge.to = principal_node(e->items.at[i].run_identity);
		error = add_relation(cli, f, map, &edge);
	}
	edge.label = "scheduled as";
	for (uint32_t i = 0; error == ACTAS_OK && i < e->schedules.count; i++) {
		const struct schedule *row = &e->schedules.at[i];

		edge.from = scope_node(e->items.at[row->item].scope);
		edge.to = principal_node(row->updated_by);
		if (row->enabled != NO)
			error = add_relation(cli, f, map, &edge);
	}
	return error;
}

static void
mark_nodes(const struct cli *cli, const struct focus *f, struct map *map)
{
	const struct estate *e = cli->estate;

	for (uint32_t i = 0; i < map->edges.count; i++) {
		const struct node ends[] = {
		    map->edges.at[i].from, map->edges.at[i].to};

		for (size_t k = 0; k < 2; k++)
			(ends[k].is_scope ? map->scopes
					  : map->principals)[ends[k].id] = true;
	}
	if (f->principal != NONE)
		map->principals[f->principal] = true;
	if (f->scope != NONE)
		map->scopes[f->scope] = true;
	/* Who has no access at all is worth seeing. */
	for (principal_id p = 0; p < e->principals.count; p++) {
		if (f->principal == NONE && f->scope == NONE &&
		    (e->principals.at[p].flags & PRINCIPAL_DECLARED) != 0)
			map->principals[p] = true;
	}
}

static enum actas_error
add_containment(struct cli *cli, struct map *map)
{
	const struct estate *e = cli->estate;
	enum actas_error error = ACTAS_OK;

	for (scope_id s = 1; error == ACTAS_OK && s < e->scopes.count; s++) {
		scope_id above = e->scopes.at[s].parent;

		if (!map->scopes[s])
			continue;
		while (above != NONE && !map->scopes[above])
			above = e->scopes.at[above].parent;
		if (above != NONE)
			error = vector_push(&map->edges,
			    {scope_node(above), scope_node(s), EDGE_CONTAINS,
				false, false, ""});
	}
	return error;
}

static enum actas_error
add_all(struct cli *cli, struct focus *f, struct map *map)
{
	enum actas_error error;

	if (f->principal != NONE) {
		struct ids groups = estate_groups_of(cli->estate, f->principal);

		f->holders[f->principal] = true;
		for (uint32_t i = 0; i < groups.count; i++)
			f->holders[groups.at[i]] = true;
	}
	error = add_grants(cli, f, map);
	if (error == ACTAS_OK)
		error = add_members(cli, f, map);
	if (error == ACTAS_OK)
		error = add_relations(cli, f, map);
	if (error != ACTAS_OK)
		return error;
	mark_nodes(cli, f, map);
	return add_containment(cli, map);
}

enum actas_error
map_make(struct cli *cli, const char *name, struct map *map)
{
	const struct estate *e = cli->estate;
	struct focus focus = {.principal = NONE, .scope = NONE};
	enum actas_error error = ACTAS_OK;

	if (name != NULL)
		error = find_focus(cli, name, &focus);
	if (error != ACTAS_OK)
		return error;
	focus.holders = mem_zero((size_t)e->principals.count + 1, 1);
	map->principals = mem_zero((size_t)e->principals.count + 1, 1);
	map->scopes = mem_zero((size_t)e->scopes.count + 1, 1);
	if (focus.holders == NULL || map->principals == NULL ||
	    map->scopes == NULL)
		error = ACTAS_ENOMEM;
	else
		error = add_all(cli, &focus, map);
	mem_free(focus.holders);
	return error;
}

void
map_release(struct map *map)
{
	vector_release(&map->edges);
	mem_free(map->principals);
	mem_free(map->scopes);
	*map = (struct map){0};
}
