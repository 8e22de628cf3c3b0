#include "engine/reach/reach_map.h"

#include "estate/operations.h"

#include <stdlib.h>

/*
 * The map of what can be reached: one way for each action that makes more
 * possible than it says, with its targets. Everything here follows from the
 * source: a copy of a credential that a sink names, a connection's backer, an
 * item's schedules. What the source does not say leads nowhere.
 */

struct drafting {
	struct reach_map *map;
	struct way *way; /* being filled */
	enum actas_error error;
	VECTOR(scope_id) subscriptions;
};

static void
add_target(struct drafting *d, struct target t)
{
	const struct estate *e = d->map->e;

	if (d->error != ACTAS_OK || t.to == NONE || t.scope == NONE ||
	    (e->principals.at[t.to].flags & PRINCIPAL_DISABLED))
		return;
	t.place = d->map->place[t.scope];
	d->error = vector_push(&d->way->targets, t);
}

/* A disabled secret cannot be read; some entries of a vault are no secrets. */
static bool
holds_credential(const struct estate *e, const struct sink *sink)
{
	const struct secret *secret;

	if (sink->kind != SINK_SECRET || sink->scope == NONE)
		return false;
	secret = estate_secret(e, sink->scope);
	return secret == NULL || (secret->enabled != NO && !secret->not_secret);
}

static void
add_secrets(struct drafting *d)
{
	const struct estate *e = d->map->e;

	for (uint32_t i = 0; i < e->sinks.count; i++) {
		const struct sink *sink = &e->sinks.at[i];

		if (holds_credential(e, sink))
			add_target(d,
			    (struct target){
				.scope = sink->scope,
				.told = sink->scope,
				.to = sink->principal,
				.origin = sink->origin,
			    });
	}
}

/* Whoever writes the policies of a vault can give itself "get". A vault of
 * unsaid model may be one of policies, and is told as in dispute. */
static void
add_vaults(struct drafting *d)
{
	const struct estate *e = d->map->e;

	for (uint32_t i = 0; i < e->sinks.count; i++) {
		const struct sink *sink = &e->sinks.at[i];
		const struct vault *vault;
		scope_id at;

		if (!holds_credential(e, sink))
			continue;
		at = estate_enclosing(e, sink->scope, SCOPE_VAULT);
		vault = at == NONE ? NULL : estate_vault(e, at);
		if (vault == NULL || vault->model == MODEL_RBAC)
			continue;
		add_target(d,
		    (struct target){
			.scope = at,
			.told = sink->scope,
			.to = sink->principal,
			.disputed = vault->model != MODEL_POLICY,
			.origin = sink->origin,
		    });
	}
}

static void
add_applications(struct drafting *d)
{
	const struct estate *e = d->map->e;

	for (uint32_t i = 0; i < e->applications.count; i++) {
		const struct application *a = &e->applications.at[i];

		add_target(d,
		    (struct target){
			.scope = a->scope == NONE ? 0 : a->scope,
			.told = a->scope,
			.to = a->principal,
			.origin = a->origin,
		    });
	}
	/* An application that only its principal tells of is in the
	 * directory all the same. */
	for (principal_id p = 0; p < e->principals.count; p++) {
		if (e->principals.at[p].kind == PRINCIPAL_SERVICE &&
		    estate_application(e, p) == NULL)
			add_target(d,
			    (struct target){
				.scope = 0,
				.told = NONE,
				.to = p,
				.origin = e->principals.at[p].origin,
			    });
	}
}

static void
add_connections(struct drafting *d)
{
	const struct estate *e = d->map->e;

	for (uint32_t i = 0; i < e->connections.count; i++) {
		const struct connection *c = &e->connections.at[i];

		add_target(d,
		    (struct target){
			.scope = c->scope,
			.told = c->scope,
			.to = c->principal,
			.origin = c->origin,
		    });
	}
	for (uint32_t i = 0; i < e->sinks.count; i++) {
		const struct sink *sink = &e->sinks.at[i];

		if (sink->kind == SINK_CONNECTION)
			add_target(d,
			    (struct target){
				.scope = sink->scope,
				.told = sink->scope,
				.to = sink->principal,
				.origin = sink->origin,
			    });
	}
}

/* Whoever edits a pipeline uses the connections that it is authorised for;
 * one that is open to all pipelines, whoever edits any in its project. */
static void
add_pipelines(struct drafting *d)
{
	const struct estate *e = d->map->e;

	for (uint32_t i = 0; i < e->connections.count; i++) {
		const struct connection *c = &e->connections.at[i];

		if (c->all_pipelines == YES)
			add_target(d,
			    (struct target){
				.scope = e->scopes.at[c->scope].parent,
				.told = c->scope,
				.to = c->principal,
				.origin = c->origin,
			    });
	}
	for (uint32_t i = 0; i < e->authorizations.count; i++) {
		const struct authorization *a = &e->authorizations.at[i];
		const struct connection *c;

		if (a->connection == NONE || a->item == NONE)
			continue;
		c = &e->connections.at[a->connection];
		add_target(d,
		    (struct target){
			.scope = e->items.at[a->item].scope,
			.told = c->scope,
			.to = c->principal,
			.origin = a->origin,
		    });
	}
}

struct item_drafting {
	struct drafting *d;
	scope_id scope;
};

static enum actas_error
add_identity(void *context, principal_id p, struct origin origin)
{
	struct item_drafting *i = context;

	add_target(i->d,
	    (struct target){
		.scope = i->scope,
		.told = i->scope,
		.to = p,
		.origin = origin,
	    });
	return i->d->error;
}

static void
add_items(struct drafting *d)
{
	const struct estate *e = d->map->e;
	struct item_drafting drafting = {d, NONE};
	struct item_index ix;

	d->error = item_index_init(&ix, e);
	for (item_id i = 0; i < e->items.count && d->error == ACTAS_OK; i++) {
		drafting.scope = e->items.at[i].scope;
		d->error = item_identities(&ix, i, add_identity, &drafting);
	}
	item_index_release(&ix);
}

static void
add_workspace_identities(struct drafting *d)
{
	const struct estate *e = d->map->e;

	for (principal_id p = 0; p < e->principals.count; p++) {
		const struct principal *row = &e->principals.at[p];

		if (row->kind == PRINCIPAL_WORKSPACE_IDENTITY)
			add_target(d,
			    (struct target){
				.scope = row->workspace,
				.told = row->workspace,
				.to = p,
				.origin = row->origin,
			    });
	}
}

static bool
has_grants(const struct estate *e, principal_id p)
{
	return e->first_of_principal[p] != e->first_of_principal[p + 1];
}

/* Groups that can hold directory roles are not for everybody who manages
 * groups; one that does hold such a role is taken for one of them. */
static bool
is_privileged(const struct estate *e, principal_id p)
{
	for (assignment_id i = e->first_of_principal[p];
	     i < e->first_of_principal[p + 1]; i++) {
		role_id role = estate_assignment(e, i).role;

		if (e->roles.at[role].plane == PLANE_DIRECTORY)
			return true;
	}
	return false;
}

static bool
is_useful(const struct estate *e, principal_id group)
{
	struct ids above = estate_groups_of(e, group);
	bool useful = has_grants(e, group);

	for (uint32_t i = 0; i < above.count && !useful; i++)
		useful = has_grants(e, above.at[i]);
	return useful;
}

/* By principal: the scope at which its owners have their role, else the
 * tenant, whose roles count there too. NULL: no memory. */
static scope_id *
group_scopes(const struct estate *e)
{
	scope_id *of = mem_zero((size_t)e->principals.count + 1, sizeof *of);

	for (scope_id s = 0; of != NULL && s < e->scopes.count; s++) {
		struct guid id;
		principal_id p;

		if (e->scopes.at[s].kind != SCOPE_GROUP ||
		    !guid_parse(estate_text(e, e->scopes.at[s].segment), &id))
			continue;
		p = estate_by_object_id(e, id);
		if (p != NONE)
			of[p] = s;
	}
	return of;
}

static void
add_groups(struct drafting *d, bool privileged)
{
	const struct estate *e = d->map->e;
	scope_id *scopes = group_scopes(e);

	if (scopes == NULL)
		d->error = ACTAS_ENOMEM;
	for (principal_id p = 0;
	     d->error == ACTAS_OK && p < e->principals.count; p++) {
		if (e->principals.at[p].kind == PRINCIPAL_GROUP &&
		    is_useful(e, p) && is_privileged(e, p) == privileged)
			add_target(d,
			    (struct target){
				.scope = scopes[p],
				.told = NONE,
				.to = p,
				.origin = e->principals.at[p].origin,
			    });
	}
	mem_free(scopes);
}

static void
add_plain_groups(struct drafting *d)
{
	add_groups(d, false);
}

static void
add_privileged_groups(struct drafting *d)
{
	add_groups(d, true);
}

/* Hosts of managed identities. */

static scope_id
child_named(const struct estate *e, scope_id parent, struct slice segment,
    struct slice type)
{
	struct ids children = estate_children(e, parent);

	for (uint32_t i = 0; i < children.count; i++) {
		const struct scope *s = &e->scopes.at[children.at[i]];
		struct slice its_type = estate_text(e, s->type);

		if (slice_eq_case(estate_text(e, s->segment), segment) &&
		    (its_type.length == 0 || type.length == 0 ||
			slice_eq_case(its_type, type)))
			return children.at[i];
	}
	return NONE;
}

struct host {
	struct slice subscription, group, name;
	struct slice type; /* "Microsoft.Web/sites" */
};

/* "/subscriptions/S/resourceGroups/G/providers/Namespace/Type/Name…". */
static bool
host_parse(struct slice path, struct host *host)
{
	struct slice part[9], rest = path;
	size_t n = 0;

	while (n < 9 && slice_cut(&rest, '/', &part[n]))
		n++;
	if (n < 9 || part[0].length != 0 ||
	    !slice_eq_case(part[1], SLICE("subscriptions")) ||
	    !slice_eq_case(part[3], SLICE("resourceGroups")) ||
	    !slice_eq_case(part[5], SLICE("providers")))
		return false;
	host->subscription = part[2];
	host->group = part[4];
	host->type = (struct slice){
	    part[6].at, (size_t)(part[7].at + part[7].length - part[6].at)};
	host->name = part[8];
	return true;
}

/* The closest scope of the estate that is the host or above it: grants are
 * made at scopes that the estate has. */
static scope_id
host_scope(const struct drafting *d, const struct host *host, scope_id *exact)
{
	const struct estate *e = d->map->e;
	scope_id at = NONE, below;

	for (uint32_t i = 0; i < d->subscriptions.count && at == NONE; i++) {
		scope_id s = d->subscriptions.at[i];

		if (slice_eq_case(estate_text(e, e->scopes.at[s].segment),
			host->subscription))
			at = s;
	}
	if (at == NONE)
		return 0;
	below = child_named(e, at, host->group, (struct slice){0});
	if (below == NONE)
		return at;
	at = below;
	*exact = child_named(e, at, host->name, host->type);
	return *exact == NONE ? at : *exact;
}

static void
add_hosts(struct drafting *d, struct slice type)
{
	const struct estate *e = d->map->e;

	for (principal_id p = 0; p < e->principals.count; p++) {
		const struct principal *row = &e->principals.at[p];
		struct host host;
		scope_id at, exact = NONE;

		if (row->kind != PRINCIPAL_MANAGED_IDENTITY ||
		    !host_parse(estate_text(e, row->home), &host) ||
		    !slice_eq_case(host.type, type))
			continue;
		at = host_scope(d, &host, &exact);
		add_target(d,
		    (struct target){
			.scope = at,
			.told = exact,
			.to = p,
			.origin = row->origin,
		    });
	}
}

static void
add_sites(struct drafting *d)
{
	add_hosts(d, SLICE("Microsoft.Web/sites"));
}

static void
add_machines(struct drafting *d)
{
	add_hosts(d, SLICE("Microsoft.Compute/virtualMachines"));
}

static void
add_user_assigned(struct drafting *d)
{
	add_hosts(d, SLICE("Microsoft.ManagedIdentity/userAssignedIdentities"));
}

static const struct {
	const char *action; /* alias of an operation */
	enum step_kind kind;
	void (*add)(struct drafting *d); /* NULL: assigns roles */
} routes[] = {
    {"get-secret", STEP_READS_SECRET, add_secrets},
    {"add-app-credential", STEP_ADDS_CREDENTIAL, add_applications},
    {"add-principal-credential", STEP_ADDS_CREDENTIAL, add_applications},
    {"use-connection", STEP_USES_CONNECTION, add_connections},
    {"administer-connection", STEP_USES_CONNECTION, add_connections},
    {"edit-pipeline", STEP_USES_CONNECTION, add_pipelines},
    {"edit-item", STEP_EDITS_ITEM, add_items},
    {"use-workspace-identity", STEP_CONTROLS_HOST, add_workspace_identities},
    {"write-site", STEP_CONTROLS_HOST, add_sites},
    {"publish-site", STEP_CONTROLS_HOST, add_sites},
    {"run-on-vm", STEP_CONTROLS_HOST, add_machines},
    {"assign-identity", STEP_CONTROLS_HOST, add_user_assigned},
    {"federate-identity", STEP_CONTROLS_HOST, add_user_assigned},
    {"write-access-policy", STEP_REWRITES_VAULT, add_vaults},
    {"write-vault", STEP_REWRITES_VAULT, add_vaults},
    {"add-group-member", STEP_ADDS_MEMBER, add_plain_groups},
    {"update-privileged-group", STEP_ADDS_MEMBER, add_privileged_groups},
    {"assign-role", STEP_ASSIGNS_ROLES, NULL},
    {"assign-directory-role", STEP_ASSIGNS_ROLES, NULL},
};

enum { ROUTES = sizeof routes / sizeof *routes };
_Static_assert(ROUTES <= WAYS_MOST, "a map has room for every way");

static int
target_order(const void *x, const void *y)
{
	const struct target *a = x, *b = y;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return (a->to > b->to) - (a->to < b->to);
}

static enum actas_error
finish_way(struct way *way)
{
	uint32_t count = way->targets.count;

	if (count > 1)
		qsort(way->targets.at, count, sizeof *way->targets.at,
		    target_order);
	way->open = mem_alloc(((size_t)count + 1) * sizeof *way->open);
	if (way->open == NULL)
		return ACTAS_ENOMEM;
	for (uint32_t i = 0; i <= count; i++)
		way->open[i] = i;
	return ACTAS_OK;
}

static void
draft_way(struct drafting *d, size_t route)
{
	struct way *way = &d->map->ways[d->map->way_count];

	d->error = action_prepare(d->map->e, slice_of(routes[route].action),
	    ACTION_AS_KNOWN, &way->action, NULL);
	if (d->error != ACTAS_OK)
		return;
	d->map->way_count++;
	way->kind = routes[route].kind;
	d->way = way;
	if (routes[route].add != NULL)
		routes[route].add(d);
	if (d->error == ACTAS_OK)
		d->error = finish_way(way);
}

static void
list_subscriptions(struct drafting *d)
{
	const struct estate *e = d->map->e;

	for (scope_id s = 0; s < e->scopes.count && d->error == ACTAS_OK; s++) {
		if (e->scopes.at[s].kind == SCOPE_SUBSCRIPTION)
			d->error = vector_push(&d->subscriptions, s);
	}
}

/* The walk: a scope, then all below it, before what is beside it. 'order' is
 * first the stack of what is to be visited, from its end, then the walk. */
static enum actas_error
walk_scopes(struct reach_map *map)
{
	const struct estate *e = map->e;
	scope_id *pending = mem_alloc(e->scopes.count * sizeof *pending);
	scope_id *order = mem_alloc(e->scopes.count * sizeof *order);
	enum actas_error error = ACTAS_ENOMEM;
	uint32_t left = 0, place = 0;

	map->place = mem_zero(e->scopes.count, sizeof *map->place);
	map->last = mem_zero(e->scopes.count, sizeof *map->last);
	if (pending == NULL || order == NULL || map->place == NULL ||
	    map->last == NULL)
		goto out;
	pending[left++] = 0;
	while (left != 0) {
		scope_id s = pending[--left];
		struct ids children = estate_children(e, s);

		map->place[s] = map->last[s] = place;
		order[place++] = s;
		for (uint32_t i = 0; i < children.count; i++)
			pending[left++] = children.at[i];
	}
	while (place-- > 1) {
		scope_id s = order[place], parent = e->scopes.at[s].parent;

		if (map->last[parent] < map->last[s])
			map->last[parent] = map->last[s];
	}
	error = ACTAS_OK;
out:
	mem_free(pending);
	mem_free(order);
	return error;
}

enum actas_error
reach_map_new(const struct estate *e, struct reach_map **map)
{
	struct drafting d = {.map = mem_zero(1, sizeof **map)};

	*map = NULL;
	if (d.map == NULL)
		return ACTAS_ENOMEM;
	d.map->e = e;
	d.map->node_of =
	    mem_zero((size_t)e->principals.count + 1, sizeof(uint32_t));
	d.error = d.map->node_of == NULL ? ACTAS_ENOMEM : walk_scopes(d.map);
	list_subscriptions(&d);
	for (size_t i = 0; i < ROUTES && d.error == ACTAS_OK; i++)
		draft_way(&d, i);
	vector_release(&d.subscriptions);
	if (d.error == ACTAS_OK)
		*map = d.map;
	else
		reach_map_free(d.map);
	return d.error;
}

void
reach_map_free(struct reach_map *map)
{
	if (map == NULL)
		return;
	for (uint32_t i = 0; i < map->way_count; i++) {
		action_release(&map->ways[i].action);
		vector_release(&map->ways[i].targets);
		mem_free(map->ways[i].open);
	}
	vector_release(&map->nodes);
	vector_release(&map->terminals);
	vector_release(&map->closed);
	mem_free(map->place);
	mem_free(map->last);
	mem_free(map->node_of);
	mem_free(map);
}
