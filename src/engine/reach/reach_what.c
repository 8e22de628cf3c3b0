#include "engine/decide/chain.h"
#include "engine/reach.h"

#include <stdlib.h>

/* What may this one do: its own assignments, those of its groups, and those
 * of everybody. No action is asked about, so a grant is judged by what it is:
 * active, not disputed, and of the kind that its vault uses. */

struct what {
	const struct estate *e;
	struct arena *arena;
	struct chains chains;
	VECTOR(struct access) list;
};

/* Whether all that the role gives is on data. */
static bool
is_data_role(const struct estate *e, const struct role *role)
{
	bool data = false;

	for (uint32_t i = 0; i < role->permission_count; i++) {
		const struct permission *p =
		    &e->permissions.at[role->permissions + i];

		if (p->actions.count != 0)
			return false;
		data = data || p->data_actions.count != 0;
	}
	return data;
}

/* In a vault a grant may be of the kind that the vault does not use. */
static enum reason
vault_reason(const struct estate *e, const struct assignment *a)
{
	const struct role *role = &e->roles.at[a->role];
	scope_id at = estate_enclosing(e, a->scope, SCOPE_VAULT);
	const struct vault *vault = at == NONE ? NULL : estate_vault(e, at);
	bool policy = role->plane == PLANE_POLICY;

	if (vault == NULL || role->plane == PLANE_CLAIMED ||
	    (!policy && !is_data_role(e, role)))
		return REASONS;
	if (vault->model == MODEL_DISPUTED)
		return REASON_MODEL_DISPUTED;
	if (vault->model == MODEL_UNSAID)
		return REASON_MODEL_UNSAID;
	return policy == (vault->model == MODEL_POLICY) ? REASONS
							: REASON_WRONG_MODEL;
}

enum reason
reach_standing(const struct estate *e, const struct assignment *a)
{
	static const uint8_t of_plane[PLANES] = {
	    [PLANE_AZURE] = REASON_GRANTED_BY_RBAC,
	    [PLANE_POLICY] = REASON_GRANTED_BY_POLICY,
	    [PLANE_FABRIC] = REASON_GRANTED_BY_FABRIC,
	    [PLANE_DEVOPS] = REASON_GRANTED_BY_DEVOPS,
	    [PLANE_DIRECTORY] = REASON_GRANTED_BY_DIRECTORY,
	    [PLANE_CLAIMED] = REASON_GRANTED_BY_CLAIM,
	};
	enum reason reason = vault_reason(e, a);

	if (a->flags & ASSIGNMENT_ELIGIBLE)
		return REASON_ELIGIBLE_ONLY;
	if (a->flags & ASSIGNMENT_COMPOUND)
		return REASON_OBO_REQUIRED;
	if (a->flags & ASSIGNMENT_DISPUTED)
		return REASON_DISPUTED;
	if (reason != REASONS)
		return reason;
	return a->condition != 0 ? REASON_GRANTED_BY_ABAC
				 : of_plane[e->roles.at[a->role].plane];
}

static enum actas_error
add_run(struct what *w, principal_id holder)
{
	const struct estate *e = w->e;
	uint32_t from = e->first_of_principal[holder];
	uint32_t to = e->first_of_principal[holder + 1];
	struct access access = {.principal = w->chains.principal};
	enum actas_error error = ACTAS_OK;

	if (from == to)
		return ACTAS_OK;
	access.chain =
	    chains_to(&w->chains, holder, w->arena, &access.chain_count);
	if (access.chain == NULL)
		return ACTAS_ENOMEM;
	for (assignment_id i = from; i < to && error == ACTAS_OK; i++) {
		struct assignment a = estate_assignment(e, i);

		access.assignment = i;
		access.scope = a.scope;
		access.reason = reach_standing(e, &a);
		if (e->principals.at[access.principal].flags &
		    PRINCIPAL_DISABLED)
			access.reason = REASON_DISABLED;
		access.allowed = reason_allows(access.reason);
		error = vector_push(&w->list, access);
	}
	return error;
}

static int
what_order(const void *x, const void *y)
{
	const struct access *a = x, *b = y;

	if (a->scope != b->scope)
		return a->scope < b->scope ? -1 : 1;
	return (a->assignment > b->assignment) -
	    (a->assignment < b->assignment);
}

static enum actas_error
add_all(struct what *w)
{
	principal_id everyone = estate_by_object_id(w->e, (struct guid){0});
	enum actas_error error = add_run(w, w->chains.principal);

	for (uint32_t i = 0; i < w->chains.groups.count && error == ACTAS_OK;
	     i++)
		error = add_run(w, w->chains.groups.at[i]);
	if (error != ACTAS_OK || everyone == NONE ||
	    everyone == w->chains.principal ||
	    !(w->e->principals.at[everyone].flags & PRINCIPAL_EVERYONE))
		return error;
	return add_run(w, everyone);
}

enum actas_error
reach_what(const struct estate *e, principal_id p, struct arena *arena,
    struct access_list *list)
{
	struct what w = {.e = e, .arena = arena};
	enum actas_error error;

	*list = (struct access_list){0};
	error = chains_find(e, p, &w.chains);
	if (error != ACTAS_OK)
		return error;
	error = add_all(&w);
	if (error == ACTAS_OK && w.list.count != 0) {
		qsort(w.list.at, w.list.count, sizeof *w.list.at, what_order);
		list->at = arena_copy(
		    arena, w.list.at, w.list.count, sizeof *w.list.at);
		list->count = w.list.count;
		error = list->at == NULL ? ACTAS_ENOMEM : ACTAS_OK;
	}
	vector_release(&w.list);
	chains_release(&w.chains);
	return error;
}
