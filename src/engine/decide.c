#include "engine/decide.h"

#include "engine/condition.h"
#include "engine/wildcard.h"

/*
 * A decision reads: the path from the scope to the root, the deny assignments
 * that contain the action, and the runs of assignments of the principal and
 * of each group that it is in. Nothing is copied and nothing allocated.
 *
 * A run is sorted by scope. A short one is read through: first the bit that
 * says whether the role contains the action at all, which nearly always ends
 * the matter, then the scope against the path. In a long one each scope of
 * the path is looked up. What will be read soon is asked for early, since on
 * a large estate each step is a miss of the cache.
 *
 * The path lies in an array that holds any path met in practice; a deeper one
 * is walked in pieces, and the runs are read once a piece.
 */

enum {
	PATH = 32,      /* scopes of a path at a time */
	SHORT_RUN = 48, /* assignments that are read through */
	GROUPS = 16,    /* groups whose runs are fetched together */
	FLAG_BITS = 3,
	FLAG_MASK = (1 << FLAG_BITS) - 1
};

struct query {
	const struct estate *e;
	const struct action *action;
	const struct request *request;
	principal_id principal;
	scope_id scope;
	uint8_t model; /* of the vault, where a vault's model matters */
	uint32_t path_count;
	struct decision best; /* the most telling so far */
	scope_id path[PATH];
};

/* How much a reason tells; within one grant the fault that tells least
 * settles the matter. */
static const struct {
	const char *name;
	uint8_t telling;
	bool allows;
} reasons[REASONS] = {
    [REASON_GRANTED_BY_RBAC] = {"GrantedByRBAC", 21, true},
    [REASON_GRANTED_BY_ABAC] = {"GrantedByABAC", 20, true},
    [REASON_GRANTED_BY_POLICY] = {"GrantedByAccessPolicy", 21, true},
    [REASON_GRANTED_BY_FABRIC] = {"GrantedByWorkspaceRole", 21, true},
    [REASON_GRANTED_BY_DEVOPS] = {"GrantedByDevOpsRole", 21, true},
    [REASON_GRANTED_BY_DIRECTORY] = {"GrantedByDirectoryRole", 21, true},
    [REASON_GRANTED_BY_CLAIM] = {"GrantedByClaim", 21, true},
    [REASON_NO_RBAC] = {"DeniedWithNoValidRBAC", 0, false},
    [REASON_DENY_ASSIGNMENT] = {"DeniedByDenyAssignment", 18, false},
    [REASON_CONDITION] = {"DeniedWithABACEvaluationInRA", 5, false},
    [REASON_MISSING_ATTRIBUTE] = {"DeniedWithMissingAttributesInRA", 4, false},
    [REASON_NO_POLICY] = {"DeniedWithNoAccessPolicy", 0, false},
    [REASON_OBO_REQUIRED] = {"DeniedByCompoundIdentity", 3, false},
    [REASON_NO_FABRIC_ROLE] = {"DeniedWithNoWorkspaceRole", 0, false},
    [REASON_NO_DEVOPS_ROLE] = {"DeniedWithNoDevOpsRole", 0, false},
    [REASON_NO_DIRECTORY_ROLE] = {"DeniedWithNoDirectoryRole", 0, false},
    [REASON_CONDITION_NOT_UNDERSTOOD] = {"DeniedByConditionNotUnderstood", 9,
	false},
    [REASON_DISPUTED] = {"DeniedByDisputedClaim", 8, false},
    [REASON_MODEL_DISPUTED] = {"DeniedByDisputedVaultModel", 7, false},
    [REASON_WRONG_MODEL] = {"DeniedByOtherVaultModel", 1, false},
    [REASON_ELIGIBLE_ONLY] = {"DeniedWithEligibleRoleOnly", 2, false},
    [REASON_DISABLED] = {"DeniedForDisabledPrincipal", 19, false},
    [REASON_MODEL_UNSAID] = {"DeniedByUnknownVaultModel", 6, false},
};

static const uint8_t granted_by[PLANES] = {
    [PLANE_AZURE] = REASON_GRANTED_BY_RBAC,
    [PLANE_POLICY] = REASON_GRANTED_BY_POLICY,
    [PLANE_FABRIC] = REASON_GRANTED_BY_FABRIC,
    [PLANE_DEVOPS] = REASON_GRANTED_BY_DEVOPS,
    [PLANE_DIRECTORY] = REASON_GRANTED_BY_DIRECTORY,
    [PLANE_CLAIMED] = REASON_GRANTED_BY_CLAIM,
};

static const uint8_t nothing_in[PLANES] = {
    [PLANE_AZURE] = REASON_NO_RBAC,
    [PLANE_POLICY] = REASON_NO_POLICY,
    [PLANE_FABRIC] = REASON_NO_FABRIC_ROLE,
    [PLANE_DEVOPS] = REASON_NO_DEVOPS_ROLE,
    [PLANE_DIRECTORY] = REASON_NO_DIRECTORY_ROLE,
    [PLANE_CLAIMED] = REASON_NO_RBAC,
};

const char *
reason_name(enum reason reason)
{
	return reasons[reason].name;
}

bool
reason_allows(enum reason reason)
{
	return reasons[reason].allows;
}

bool
reason_tells_more(enum reason a, enum reason b)
{
	return reasons[a].telling > reasons[b].telling;
}

static bool
has_bit(const uint64_t *bits, uint32_t i)
{
	return bits[i / 64] >> (i % 64) & 1;
}

/* What conditions look at. */

static struct slice
segment_above(const struct estate *e, scope_id s, enum scope_kind kind)
{
	scope_id found = estate_enclosing(e, s, kind);

	if (found == NONE)
		return (struct slice){0};
	return estate_text(e, e->scopes.at[found].segment);
}

static struct condition_facts
gather_facts(const struct query *q)
{
	struct condition_facts f = {
	    .action = q->action->name,
	    .vault_name = segment_above(q->e, q->scope, SCOPE_VAULT),
	    .account_name =
		segment_above(q->e, q->scope, SCOPE_STORAGE_ACCOUNT),
	    .container_name = segment_above(q->e, q->scope, SCOPE_CONTAINER),
	    .blob_path = segment_above(q->e, q->scope, SCOPE_BLOB),
	};
	struct slice secret = segment_above(q->e, q->scope, SCOPE_SECRET);

	/* What is being created is no resource yet. */
	if (q->action->is_naming)
		f.request_secret_name = secret;
	else
		f.secret_name = secret;
	if (q->request == NULL)
		return f;
	if (q->request->secret_name.length != 0)
		f.request_secret_name = q->request->secret_name;
	f.suboperation = q->request->suboperation;
	f.request_role = q->request->role;
	f.request_principal = q->request->principal;
	f.request_principal_type = q->request->principal_type;
	return f;
}

static enum verdict
evaluate(const struct query *q, string_id condition)
{
	struct condition_facts facts = gather_facts(q);

	return condition_evaluate(estate_text(q->e, condition), &facts);
}

static bool
permission_matches(const struct query *q, const struct permission *p)
{
	const struct patterns in =
	    q->action->is_data ? p->data_actions : p->actions;
	const struct patterns out =
	    q->action->is_data ? p->not_data_actions : p->not_actions;
	bool found = false;

	for (uint32_t i = 0; i < in.count && !found; i++)
		found = wildcard_matches_action(
		    estate_text(q->e, q->e->patterns.at[in.from + i]),
		    q->action->name);
	for (uint32_t i = 0; i < out.count && found; i++)
		found = !wildcard_matches_action(
		    estate_text(q->e, q->e->patterns.at[out.from + i]),
		    q->action->name);
	return found;
}

/* The condition of one permission is enough; only roles whose every matching
 * permission has one come here. */
static enum verdict
role_verdict(const struct query *q, const struct role *role)
{
	enum verdict best = VERDICT_FALSE;

	for (uint32_t i = 0; i < role->permission_count; i++) {
		const struct permission *p =
		    &q->e->permissions.at[role->permissions + i];
		enum verdict v;

		if (p->condition == 0 || !permission_matches(q, p))
			continue;
		v = evaluate(q, p->condition);
		if (v == VERDICT_TRUE)
			return v;
		best = v > best ? v : best;
	}
	return best;
}

/* One grant. */

static enum reason
least_telling(enum reason a, enum reason b)
{
	return reason_tells_more(a, b) ? b : a;
}

static enum reason
model_reason(const struct query *q, uint8_t plane)
{
	static const uint8_t reason[][2] = {
	    [MODEL_UNSAID] = {REASON_MODEL_UNSAID, REASON_MODEL_UNSAID},
	    [MODEL_RBAC] = {REASON_GRANTED_BY_RBAC, REASON_WRONG_MODEL},
	    [MODEL_POLICY] = {REASON_WRONG_MODEL, REASON_GRANTED_BY_POLICY},
	    [MODEL_DISPUTED] = {REASON_MODEL_DISPUTED, REASON_MODEL_DISPUTED},
	};

	if (!q->action->in_vault || plane == PLANE_CLAIMED)
		return granted_by[plane];
	return reason[q->model][plane == PLANE_POLICY];
}

static enum reason
flag_reason(uint32_t flags, enum reason reason)
{
	if (flags & ASSIGNMENT_ELIGIBLE)
		reason = least_telling(reason, REASON_ELIGIBLE_ONLY);
	if (flags & ASSIGNMENT_COMPOUND)
		reason = least_telling(reason, REASON_OBO_REQUIRED);
	if (flags & ASSIGNMENT_DISPUTED)
		reason = least_telling(reason, REASON_DISPUTED);
	return reason;
}

static enum reason
condition_reason(const struct query *q, string_id condition,
    const struct role *role, bool role_has_condition)
{
	static const uint8_t reason[] = {
	    [VERDICT_FALSE] = REASON_CONDITION,
	    [VERDICT_TRUE] = REASON_GRANTED_BY_ABAC,
	    [VERDICT_MISSING_ATTRIBUTE] = REASON_MISSING_ATTRIBUTE,
	    [VERDICT_NOT_UNDERSTOOD] = REASON_CONDITION_NOT_UNDERSTOOD,
	};
	enum reason of_assignment = REASON_GRANTED_BY_ABAC;
	enum reason of_role = REASON_GRANTED_BY_ABAC;

	if (condition != 0)
		of_assignment = reason[evaluate(q, condition)];
	if (role_has_condition)
		of_role = reason[role_verdict(q, role)];
	return least_telling(of_assignment, of_role);
}

static enum reason
grant_reason(const struct query *q, assignment_id a)
{
	const struct grant grant = q->e->grants.at[a];
	role_id id = grant.role_and_flags >> FLAG_BITS;
	const struct role *role = &q->e->roles.at[id];
	bool conditional = !has_bit(q->action->granting, id);
	string_id condition =
	    q->e->conditions == NULL ? 0 : q->e->conditions[a];
	enum reason reason = model_reason(q, role->plane);

	reason = flag_reason(grant.role_and_flags & FLAG_MASK, reason);
	if (condition != 0 || conditional)
		reason = least_telling(
		    reason, condition_reason(q, condition, role, conditional));
	return reason;
}

/* Whether the search can end: nothing tells more than a plain grant. */
static bool
consider(struct query *q, assignment_id a)
{
	enum reason reason = grant_reason(q, a);

	if (q->best.assignment == NONE ||
	    reason_tells_more(reason, q->best.reason)) {
		q->best.reason = reason;
		q->best.assignment = a;
		q->best.allowed = reasons[reason].allows;
	}
	return reasons[reason].telling ==
	    reasons[REASON_GRANTED_BY_RBAC].telling;
}

/* Runs of grants. */

static bool
is_on_path(const struct query *q, scope_id s)
{
	for (uint32_t i = 0; i < q->path_count; i++) {
		if (q->path[i] == s)
			return true;
	}
	return false;
}

static bool
contains_action(const struct query *q, uint32_t role_and_flags)
{
	return has_bit(q->action->matching, role_and_flags >> FLAG_BITS);
}

static uint32_t
first_at_scope(
    const struct grant *grants, uint32_t from, uint32_t to, scope_id s)
{
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (grants[middle].scope < s)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static bool
search_run(struct query *q, uint32_t from, uint32_t to)
{
	const struct grant *grants = q->e->grants.at;

	for (uint32_t i = 0; i < q->path_count; i++) {
		scope_id s = q->path[i];
		uint32_t at = first_at_scope(grants, from, to, s);

		for (; at < to && grants[at].scope == s; at++) {
			if (contains_action(q, grants[at].role_and_flags) &&
			    consider(q, at))
				return true;
		}
	}
	return false;
}

static bool
read_run(struct query *q, principal_id holder)
{
	const struct grant *grants = q->e->grants.at;
	uint32_t from = q->e->first_of_principal[holder];
	uint32_t to = q->e->first_of_principal[holder + 1];

	if (to - from > SHORT_RUN)
		return search_run(q, from, to);
	for (uint32_t i = from; i < to; i++) {
		if (contains_action(q, grants[i].role_and_flags) &&
		    is_on_path(q, grants[i].scope) && consider(q, i))
			return true;
	}
	return false;
}

static void
fetch_runs(const struct estate *e, const principal_id *holders, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		__builtin_prefetch(&e->first_of_principal[holders[i]]);
	for (uint32_t i = 0; i < count; i++)
		__builtin_prefetch(
		    &e->grants.at[e->first_of_principal[holders[i]]]);
}

static bool
read_groups(struct query *q)
{
	const struct estate *e = q->e;
	uint32_t at = e->first_group[q->principal];
	uint32_t end = e->first_group[q->principal + 1];

	while (at < end) {
		uint32_t stop = end - at > GROUPS ? at + GROUPS : end;

		fetch_runs(e, e->groups + at, stop - at);
		for (; at < stop; at++) {
			if (read_run(q, e->groups[at]))
				return true;
		}
	}
	return false;
}

static bool
read_holders(struct query *q)
{
	if (read_run(q, q->principal) || read_groups(q))
		return true;
	return q->action->everyone != NONE && read_run(q, q->action->everyone);
}

/* Fills the path from a scope upwards; returns the first scope that no longer
 * fits, NONE behind the root. */
static scope_id
fill_path(struct query *q, scope_id from)
{
	const struct scope *scopes = q->e->scopes.at;

	q->path_count = 0;
	while (from != NONE && q->path_count < PATH) {
		q->path[q->path_count++] = from;
		from = scopes[from].parent;
	}
	return from;
}

/* Deny assignments. */

static bool
names_principal(const struct query *q, uint32_t from, uint32_t count)
{
	const uint32_t *ids = q->e->denial_ids.at + from;
	const principal_id *groups = q->e->groups;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t low = q->e->first_group[q->principal];
		uint32_t high = q->e->first_group[q->principal + 1];

		if (ids[i] == q->principal)
			return true;
		while (low < high) {
			uint32_t middle = low + (high - low) / 2;

			if (groups[middle] == ids[i])
				return true;
			if (groups[middle] < ids[i])
				low = middle + 1;
			else
				high = middle;
		}
	}
	return false;
}

/* A condition that is not known to be false denies. */
static bool
denial_holds(const struct query *q, const struct deny_assignment *d)
{
	for (uint32_t i = 0; i < d->permission_count; i++) {
		const struct permission *p =
		    &q->e->permissions.at[d->permissions + i];

		if (permission_matches(q, p) &&
		    (p->condition == 0 ||
			evaluate(q, p->condition) != VERDICT_FALSE))
			return true;
	}
	return false;
}

static bool
denial_blocks(const struct query *q, const struct deny_assignment *d)
{
	if (d->not_for_children && d->scope != q->scope)
		return false;
	if (!d->everyone &&
	    !names_principal(q, d->principals, d->principal_count))
		return false;
	return !names_principal(q, d->excluded, d->excluded_count) &&
	    denial_holds(q, d);
}

static uint32_t
denials_before(const struct query *q, scope_id s)
{
	const struct action *a = q->action;
	uint32_t low = 0, high = a->denial_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (q->e->denials.at[a->denials[middle]].scope < s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint32_t
find_denial(const struct query *q)
{
	const struct action *a = q->action;

	if (a->denial_count == 0 || (a->in_vault && q->model == MODEL_POLICY))
		return NONE;
	for (scope_id s = q->scope; s != NONE; s = q->e->scopes.at[s].parent) {
		for (uint32_t i = denials_before(q, s); i < a->denial_count;
		     i++) {
			const struct deny_assignment *d =
			    &q->e->denials.at[a->denials[i]];

			if (d->scope != s)
				break;
			if (denial_blocks(q, d))
				return a->denials[i];
		}
	}
	return NONE;
}

/* The question. */

/* Where no vault encloses the scope, data roles are what there is. */
static uint8_t
model_at(const struct estate *e, const struct action *action, scope_id s)
{
	const struct vault *vault;
	scope_id at;

	if (!action->in_vault)
		return MODEL_RBAC;
	at = estate_enclosing(e, s, SCOPE_VAULT);
	if (at == NONE)
		return MODEL_RBAC;
	vault = estate_vault(e, at);
	return vault == NULL ? (uint8_t)MODEL_UNSAID : vault->model;
}

static enum reason
nothing_found(const struct query *q)
{
	if (q->action->in_vault && q->model == MODEL_POLICY)
		return REASON_NO_POLICY;
	return nothing_in[q->action->plane];
}

static struct query
query_of(const struct estate *e, const struct action *action, scope_id s,
    const struct request *request)
{
	struct query q = {
	    .e = e,
	    .action = action,
	    .request = request,
	    .principal = NONE,
	    .scope = s,
	    .model = model_at(e, action, s),
	    .best = {.assignment = NONE, .denial = NONE},
	};

	q.best.reason = nothing_found(&q);
	return q;
}

struct decision
decide(const struct estate *e, principal_id p, const struct action *action,
    scope_id s, const struct request *request)
{
	struct query q;
	scope_id rest = s;

	__builtin_prefetch(&e->first_of_principal[p]);
	__builtin_prefetch(&e->first_group[p]);
	__builtin_prefetch(&e->principals.at[p].flags);
	q = query_of(e, action, s, request);
	q.principal = p;
	if (e->principals.at[p].flags & PRINCIPAL_DISABLED) {
		q.best.reason = REASON_DISABLED;
		return q.best;
	}
	q.best.denial = find_denial(&q);
	if (q.best.denial != NONE) {
		q.best.reason = REASON_DENY_ASSIGNMENT;
		return q.best;
	}
	do
		rest = fill_path(&q, rest);
	while (!read_holders(&q) && rest != NONE);
	return q.best;
}

enum reason
decide_grant(const struct estate *e, assignment_id a,
    const struct action *action, scope_id s, const struct request *request)
{
	struct query q;

	if (!has_bit(action->matching,
		e->grants.at[a].role_and_flags >> FLAG_BITS) ||
	    !estate_is_within(e, s, e->grants.at[a].scope))
		return REASONS;
	q = query_of(e, action, s, request);
	return grant_reason(&q, a);
}

uint32_t
decide_denial(const struct estate *e, principal_id p,
    const struct action *action, scope_id s, const struct request *request)
{
	struct query q = query_of(e, action, s, request);

	q.principal = p;
	return find_denial(&q);
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
		__builtin_prefetch(&e->grants.at[run]);
		__builtin_prefetch(&e->groups[e->first_group[q[i].principal]]);
	}
}

static uint32_t
groups_to_fetch(const struct estate *e, principal_id p)
{
	uint32_t n = e->first_group[p + 1] - e->first_group[p];

	return n > GROUPS ? GROUPS : n;
}

static void
fetch_groups(const struct estate *e, const struct question *q, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		principal_id p = q[i].principal;
		const principal_id *groups = e->groups + e->first_group[p];

		for (uint32_t n = groups_to_fetch(e, p); n-- > 0;)
			__builtin_prefetch(&e->first_of_principal[groups[n]]);
	}
	for (uint32_t i = 0; i < count; i++) {
		principal_id p = q[i].principal;
		const principal_id *groups = e->groups + e->first_group[p];

		for (uint32_t n = groups_to_fetch(e, p); n-- > 0;)
			__builtin_prefetch(
			    &e->grants.at[e->first_of_principal[groups[n]]]);
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
