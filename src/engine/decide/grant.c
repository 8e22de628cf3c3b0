#include "engine/decide/grant.h"

#include "engine/decide/condition.h"
#include "engine/decide/wildcard.h"

/*
 * Whether a grant works does not depend on who holds it: it depends on the
 * vault's model, on flags, and on conditions of the assignment and of the
 * role. Of several faults the one that tells least settles the matter: a
 * disputed grant that is merely eligible is of no use however the dispute
 * ends.
 */

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

	if (q->request != NULL && q->request->below_secret.length != 0)
		secret = q->request->below_secret;
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

enum reason
query_grant(const struct query *q, assignment_id a)
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
	if (d->not_for_children &&
	    (d->scope != q->scope ||
		(q->request != NULL && q->request->is_below)))
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

uint32_t
query_denial(const struct query *q)
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

/* What there is to start from. */

enum reason
query_nothing(const struct query *q)
{
	if (q->action->in_vault && q->model == MODEL_POLICY)
		return REASON_NO_POLICY;
	return nothing_in[q->action->plane];
}

/* Questions about one grant or one principal. */

static struct query
query_of(const struct estate *e, const struct action *action, scope_id s,
    const struct request *request)
{
	return (struct query){
	    .e = e,
	    .action = action,
	    .request = request,
	    .principal = NONE,
	    .scope = s,
	    .model = query_model(e, action,
		action->in_vault ? estate_enclosing(e, s, SCOPE_VAULT) : NONE),
	};
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
	return query_grant(&q, a);
}

enum reason
decide_unknown(const struct estate *e, const struct action *action, scope_id s)
{
	struct query q = query_of(e, action, s, NULL);

	return query_nothing(&q);
}

uint32_t
decide_denial(const struct estate *e, principal_id p,
    const struct action *action, scope_id s, const struct request *request)
{
	struct query q = query_of(e, action, s, request);

	q.principal = p;
	return query_denial(&q);
}
