#include "engine/reach.h"

#include <stdlib.h>

/*
 * Who may do this: from the grants down, not from the principals up. Whether
 * a grant works does not depend on who holds it, so each grant on the path is
 * judged once. Then, the most telling reason first, its holders and everybody
 * in them are reached breadth first, so that the first way to a principal is
 * the best reason by the shortest chain. Deny assignments and disabled
 * principals, which do depend on who asks, are looked at last.
 */

struct held {
	assignment_id assignment;
	enum reason reason;
};

struct who {
	const struct estate *e;
	const struct action *action;
	scope_id scope;
	struct arena *arena;
	VECTOR(struct held) held;
	VECTOR(principal_id) reached;
	uint32_t *via;         /* by principal: 1 + index of held, 0: none */
	principal_id *through; /* by principal: group it is in, or NONE */
};

static enum actas_error
collect_grants(struct who *w)
{
	const struct estate *e = w->e;
	enum actas_error error = ACTAS_OK;

	for (scope_id s = w->scope; s != NONE; s = e->scopes.at[s].parent) {
		struct ids ids = estate_assignments_at(e, s);

		for (uint32_t i = 0; i < ids.count && error == ACTAS_OK; i++) {
			struct held held = {ids.at[i],
			    decide_grant(
				e, ids.at[i], w->action, w->scope, NULL)};

			if (held.reason != REASONS)
				error = vector_push(&w->held, held);
		}
	}
	return error;
}

static int
held_order(const void *x, const void *y)
{
	const struct held *a = x, *b = y;

	if (a->reason != b->reason && reason_tells_more(a->reason, b->reason))
		return -1;
	if (a->reason != b->reason && reason_tells_more(b->reason, a->reason))
		return 1;
	return (a->assignment > b->assignment) -
	    (a->assignment < b->assignment);
}

static enum actas_error
reach(struct who *w, principal_id p, uint32_t via, principal_id through)
{
	if (w->via[p] != 0)
		return ACTAS_OK;
	w->via[p] = via;
	w->through[p] = through;
	return vector_push(&w->reached, p);
}

/* Everybody who is directly in the holder. */
static enum actas_error
reach_members(struct who *w, principal_id holder)
{
	const struct estate *e = w->e;
	uint32_t via = w->via[holder];
	enum actas_error error = ACTAS_OK;

	for (uint32_t i = e->first_member[holder];
	     i < e->first_member[holder + 1] && error == ACTAS_OK; i++)
		error = reach(w, e->memberships.at[i].member, via, holder);
	if (holder != w->action->everyone)
		return error;
	for (principal_id p = 0; p < e->principals.count && error == ACTAS_OK;
	     p++)
		error = reach(w, p, via, holder);
	return error;
}

/* Grants that tell as much as each other are one level. */
static enum actas_error
reach_level(struct who *w, uint32_t from, uint32_t to)
{
	enum actas_error error = ACTAS_OK;
	uint32_t at = w->reached.count;

	for (uint32_t i = from; i < to && error == ACTAS_OK; i++)
		error = reach(
		    w, w->e->holders[w->held.at[i].assignment], i + 1, NONE);
	for (; at < w->reached.count && error == ACTAS_OK; at++)
		error = reach_members(w, w->reached.at[at]);
	return error;
}

static enum actas_error
reach_all(struct who *w)
{
	enum actas_error error = ACTAS_OK;
	uint32_t from = 0;

	while (from < w->held.count && error == ACTAS_OK) {
		uint32_t to = from + 1;

		while (to < w->held.count &&
		    !reason_tells_more(
			w->held.at[from].reason, w->held.at[to].reason))
			to++;
		error = reach_level(w, from, to);
		from = to;
	}
	return error;
}

static enum reason
final_reason(const struct who *w, principal_id p, enum reason reason)
{
	if (w->e->principals.at[p].flags & PRINCIPAL_DISABLED)
		return REASON_DISABLED;
	if (decide_denial(w->e, p, w->action, w->scope, NULL) != NONE)
		return REASON_DENY_ASSIGNMENT;
	return reason;
}

static enum actas_error
write_access(const struct who *w, principal_id p, struct access *a)
{
	const struct held *held = &w->held.at[w->via[p] - 1];
	principal_id *chain;

	*a = (struct access){
	    .principal = p,
	    .scope = w->e->grants.at[held->assignment].scope,
	    .assignment = held->assignment,
	    .reason = final_reason(w, p, held->reason),
	};
	a->allowed = reason_allows(a->reason);
	for (principal_id at = p; at != NONE; at = w->through[at])
		a->chain_count++;
	chain = arena_zero(w->arena, a->chain_count, sizeof *chain);
	if (chain == NULL)
		return ACTAS_ENOMEM;
	a->chain = chain;
	for (principal_id at = p; at != NONE; at = w->through[at])
		*chain++ = at;
	return ACTAS_OK;
}

static struct slice
display_name(const struct estate *e, principal_id p)
{
	const struct principal *row = &e->principals.at[p];

	return estate_text(e, row->name != 0 ? row->name : row->upn);
}

static int
access_order(const void *x, const void *y, void *context)
{
	const struct who *w = context;
	const struct access *a = x, *b = y;
	uint8_t kind_a = w->e->principals.at[a->principal].kind;
	uint8_t kind_b = w->e->principals.at[b->principal].kind;
	int order;

	if (a->allowed != b->allowed)
		return a->allowed ? -1 : 1;
	if (kind_a != kind_b)
		return kind_a < kind_b ? -1 : 1;
	order = slice_cmp_case(
	    display_name(w->e, a->principal), display_name(w->e, b->principal));
	if (order != 0)
		return order;
	return (a->principal > b->principal) - (a->principal < b->principal);
}

static enum actas_error
write_list(struct who *w, struct access_list *list)
{
	struct access *at = arena_zero(w->arena, w->reached.count, sizeof *at);
	enum actas_error error = at == NULL ? ACTAS_ENOMEM : ACTAS_OK;

	for (uint32_t i = 0; i < w->reached.count && error == ACTAS_OK; i++)
		error = write_access(w, w->reached.at[i], &at[i]);
	if (error != ACTAS_OK)
		return error;
	qsort_r(at, w->reached.count, sizeof *at, access_order, w);
	list->at = at;
	list->count = w->reached.count;
	return ACTAS_OK;
}

enum actas_error
reach_who(const struct estate *e, const struct action *action, scope_id s,
    struct arena *arena, struct access_list *list)
{
	struct who w = {.e = e, .action = action, .scope = s, .arena = arena};
	enum actas_error error = ACTAS_ENOMEM;

	*list = (struct access_list){0};
	w.via = mem_zero((size_t)e->principals.count + 1, sizeof *w.via);
	w.through =
	    mem_zero((size_t)e->principals.count + 1, sizeof *w.through);
	if (w.via == NULL || w.through == NULL)
		goto out;
	error = collect_grants(&w);
	if (error != ACTAS_OK)
		goto out;
	if (w.held.count > 1)
		qsort(w.held.at, w.held.count, sizeof *w.held.at, held_order);
	error = reach_all(&w);
	if (error == ACTAS_OK)
		error = write_list(&w, list);
out:
	vector_release(&w.held);
	vector_release(&w.reached);
	mem_free(w.via);
	mem_free(w.through);
	return error;
}
