#include "engine/decide/grant.h"

#include "estate/scope_filter.h"

/*
 * A decision reads: the path from the scope to the root, the deny assignments
 * that contain the action, and the runs of assignments of the principal and
 * of each group that it is in. Nothing is copied and nothing allocated.
 *
 * A run is sorted by scope, and nearly all its grants are at scopes off the
 * path. So the run's filter is asked about all scopes of the path at once,
 * without a branch between them, and only where it does not deny is the run
 * searched. What will be read soon is fetched early, since on a large estate
 * each step is a miss of the cache.
 *
 * Sixteen scopes are as deep as any resource that was met; a deeper path is
 * walked in pieces, and the runs are read once a piece.
 */

enum {
	PATH = 16,  /* scopes of a path at a time */
	GROUPS = 16 /* groups whose runs are fetched together */
};

struct search {
	struct query q;
	struct decision best; /* the most telling so far */
	uint32_t path_count;  /* scopes without any assignment left out */
	scope_id vault;       /* met on the path, or NONE */
	scope_id path[PATH];
	struct scope_probe probes[PATH];
};

static uint32_t
at_most(uint32_t n, uint32_t most)
{
	return n < most ? n : most;
}

/* Whether the search can end: nothing tells more than a plain grant. */
static bool
consider(struct search *s, assignment_id a)
{
	enum reason reason = query_grant(&s->q, a);

	if (s->best.assignment == NONE ||
	    reason_tells_more(reason, s->best.reason)) {
		s->best.reason = reason;
		s->best.assignment = a;
		s->best.allowed = reason_allows(reason);
	}
	return s->best.allowed && s->best.reason != REASON_GRANTED_BY_ABAC;
}

static bool
contains_action(const struct search *s, uint32_t role_and_flags)
{
	return has_bit(s->q.action->matching, role_and_flags >> FLAG_BITS);
}

/* Halves without a branch: which way to go is a coin's toss. */
static uint32_t
first_at_scope(
    const struct grant *grants, uint32_t from, uint32_t to, scope_id s)
{
	uint32_t left = to - from;

	while (left > 1) {
		uint32_t half = left / 2;

		from += half & -(uint32_t)(grants[from + half - 1].scope < s);
		left -= half;
	}
	return from + (left == 1 && grants[from].scope < s);
}

static bool
search_run(struct search *s, uint32_t from, uint32_t to, scope_id scope)
{
	const struct grant *grants = s->q.e->grants.at;
	uint32_t at = first_at_scope(grants, from, to, scope);

	for (; at < to && grants[at].scope == scope; at++) {
		if (contains_action(s, grants[at].role_and_flags) &&
		    consider(s, at))
			return true;
	}
	return false;
}

/* Apart from read_run, so that what it needs does not crowd the registers of
 * what nearly always suffices. */
static __attribute__((noinline)) bool
search_path(struct search *s, uint32_t from, uint32_t to)
{
	const scope_cell *filter = s->q.e->scope_filter;

	for (uint32_t i = 0; i < s->path_count; i++) {
		if (scope_filter_may_have(filter, from, to, s->probes[i]) &&
		    search_run(s, from, to, s->path[i]))
			return true;
	}
	return false;
}

static bool
read_run(struct search *s, principal_id holder)
{
	uint32_t from = s->q.e->first_of_principal[holder];
	uint32_t to = s->q.e->first_of_principal[holder + 1];
	const scope_cell *filter = s->q.e->scope_filter;
	unsigned found = 0;

	for (uint32_t i = 0; i < s->path_count; i++)
		found |= scope_filter_may_have(filter, from, to, s->probes[i]);
	return found != 0 && search_path(s, from, to);
}

static void
fetch_offsets(const struct estate *e, const principal_id *holders, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		__builtin_prefetch(&e->first_of_principal[holders[i]]);
}

static void
fetch_runs(const struct estate *e, const principal_id *holders, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		__builtin_prefetch(
		    &e->scope_filter[e->first_of_principal[holders[i]]]);
}

/* The first groups' offsets have been asked for already. */
static bool
read_groups(struct search *s)
{
	const struct estate *e = s->q.e;
	uint32_t at = e->first_group[s->q.principal];
	uint32_t end = e->first_group[s->q.principal + 1];

	while (at < end) {
		uint32_t stop = at + at_most(end - at, GROUPS);

		fetch_runs(e, e->groups + at, stop - at);
		if (stop < end)
			fetch_offsets(
			    e, e->groups + stop, at_most(end - stop, GROUPS));
		for (; at < stop; at++) {
			if (read_run(s, e->groups[at]))
				return true;
		}
	}
	return false;
}

static bool
read_holders(struct search *s)
{
	principal_id everyone = s->q.action->everyone;

	if (read_run(s, s->q.principal) || read_groups(s))
		return true;
	return everyone != NONE && read_run(s, everyone);
}

/* Fills the path from a scope upwards; returns the first scope that no longer
 * fits, NONE behind the root. */
static scope_id
fill_path(struct search *s, scope_id from)
{
	const struct scope *scopes = s->q.e->scopes.at;
	uint32_t n = 0;

	while (from != NONE && n < PATH) {
		const struct scope *row = &scopes[from];

		if (row->kind == SCOPE_VAULT)
			s->vault = from;
		s->path[n] = from;
		s->probes[n] = scope_probe(from);
		n += row->granted;
		from = row->parent;
	}
	s->path_count = n;
	return from;
}

static uint8_t
model_above(const struct search *s, scope_id rest)
{
	scope_id vault = s->vault;

	if (!s->q.action->in_vault)
		return MODEL_RBAC;
	if (vault == NONE && rest != NONE)
		vault = estate_enclosing(s->q.e, rest, SCOPE_VAULT);
	return query_model(s->q.e, s->q.action, vault);
}

/* Each line needs what the one before has fetched. */
static scope_id
prepare(struct search *s)
{
	const struct estate *e = s->q.e;
	principal_id p = s->q.principal;
	uint32_t groups;
	scope_id rest;

	__builtin_prefetch(&e->scopes.at[s->q.scope].parent);
	__builtin_prefetch(&e->first_group[p]);
	__builtin_prefetch(&e->principals.at[p].flags);
	__builtin_prefetch(&e->scope_filter[e->first_of_principal[p]]);
	groups = e->first_group[p + 1] - e->first_group[p];
	rest = fill_path(s, s->q.scope);
	if (groups != 0)
		fetch_offsets(
		    e, e->groups + e->first_group[p], at_most(groups, GROUPS));
	s->q.model = model_above(s, rest);
	return rest;
}

struct decision
decide(const struct estate *e, principal_id p, const struct action *action,
    scope_id scope, const struct request *request)
{
	struct search s;
	scope_id rest;

	s.q.e = e;
	s.q.action = action;
	s.q.request = request;
	s.q.principal = p;
	s.q.scope = scope;
	s.vault = NONE;
	rest = prepare(&s);
	s.best = (struct decision){
	    .reason = query_nothing(&s.q), .assignment = NONE, .denial = NONE};
	if (e->principals.at[p].flags & PRINCIPAL_DISABLED) {
		s.best.reason = REASON_DISABLED;
		return s.best;
	}
	if (action->denial_count != 0)
		s.best.denial = query_denial(&s.q);
	if (s.best.denial != NONE) {
		s.best.reason = REASON_DENY_ASSIGNMENT;
		return s.best;
	}
	while (!read_holders(&s) && rest != NONE)
		rest = fill_path(&s, rest);
	return s.best;
}

/*
 * Batches. Each round touches, for all questions of a block, what the round
 * before it has made known, so that the misses of one round overlap.
 */

enum { BLOCK = 32 };

static void
fetch_roots(const struct estate *e, const struct question *q, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		__builtin_prefetch(&e->scopes.at[q[i].scope].parent);
		__builtin_prefetch(&e->first_of_principal[q[i].principal]);
		__builtin_prefetch(&e->first_group[q[i].principal]);
		__builtin_prefetch(&e->principals.at[q[i].principal].flags);
	}
}

static void
fetch_lists(const struct estate *e, const struct question *q, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		scope_id parent = e->scopes.at[q[i].scope].parent;
		uint32_t run = e->first_of_principal[q[i].principal];

		if (parent != NONE)
			__builtin_prefetch(&e->scopes.at[parent].parent);
		__builtin_prefetch(&e->scope_filter[run]);
		__builtin_prefetch(&e->groups[e->first_group[q[i].principal]]);
	}
}

static void
fetch_groups(const struct estate *e, const struct question *q, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t from = e->first_group[q[i].principal];
		uint32_t to = e->first_group[q[i].principal + 1];

		fetch_offsets(e, e->groups + from, at_most(to - from, GROUPS));
	}
	for (uint32_t i = 0; i < count; i++) {
		uint32_t from = e->first_group[q[i].principal];
		uint32_t to = e->first_group[q[i].principal + 1];

		fetch_runs(e, e->groups + from, at_most(to - from, GROUPS));
	}
}

void
decide_batch(const struct estate *e, const struct question *questions,
    uint32_t count, struct decision *decisions)
{
	for (uint32_t at = 0; at < count; at += BLOCK) {
		const struct question *q = questions + at;
		uint32_t n = count - at < BLOCK ? count - at : BLOCK;

		fetch_roots(e, q, n);
		fetch_lists(e, q, n);
		fetch_groups(e, q, n);
		for (uint32_t i = 0; i < n; i++)
			decisions[at + i] = decide(e, q[i].principal,
			    q[i].action, q[i].scope, q[i].request);
	}
}
