#include "engine/decide.h"

#include "engine/decide/wildcard.h"
#include "estate/operations.h"

#include <stdlib.h>

/*
 * The smallest grant that turns a denial into an allowance.
 *
 * How much a role gives is judged by its patterns: one with a wildcard counts
 * the more the earlier the wildcard stands, one without far less, and one that
 * only reads next to nothing, so that seeing everything (Reader) is less than
 * listing one account's keys (Reader and Data Access). Against the denial of a
 * data action, data actions weigh before control actions. A role that would
 * work only under a condition is never offered.
 *
 * Azure has hundreds of roles made for one service of its own, and often one
 * of them gives a little less than the role that is meant for the purpose. So
 * the roles that people use, which are those that ship with actas, go first.
 */

struct candidate {
	role_id role;
	bool is_usual;
	uint64_t data, control; /* how much it gives of each */
	struct slice name;
};

/* By how many slashes stand before the wildcard. Everything ("*") is more than
 * any list of single things. */
static uint64_t
pattern_weight(struct slice pattern)
{
	static const uint64_t by_depth[] = {1 << 24, 65536, 16384, 4096, 1024};
	static const uint64_t reading[] = {32, 8, 2, 1, 1};
	enum { EXACT = 64 };
	bool reads = slice_ends_case(pattern, SLICE("/read"));
	size_t star = slice_find(pattern, SLICE("*")), depth = 0;

	if (star == SIZE_MAX)
		return reads ? 1 : EXACT;
	for (size_t i = 0; i < star && depth < 4; i++)
		depth += pattern.at[i] == '/';
	if (reads)
		return reading[depth];
	return star + 1 == pattern.length ? by_depth[depth]
					  : by_depth[depth] / 2;
}

static uint64_t
run_weight(const struct estate *e, struct patterns run)
{
	uint64_t weight = 0;

	for (uint32_t i = 0; i < run.count; i++)
		weight += pattern_weight(
		    estate_text(e, e->patterns.at[run.from + i]));
	return weight;
}

/* What roles for one service contain besides, so that its resources can be
 * deployed and found. */
static bool
is_had_besides(struct slice action)
{
	return slice_starts_case(action, SLICE("Microsoft.Resources/")) ||
	    (slice_starts_case(action, SLICE("Microsoft.Authorization/")) &&
		slice_ends_case(action, SLICE("/read")));
}

/*
 * Such a role is none for deploying: what a template makes takes more. Nor is
 * it one for looking around: that is Reader's.
 */
static bool
has_besides(
    const struct estate *e, const struct role *role, struct slice action)
{
	const struct permission *p = &e->permissions.at[role->permissions];
	bool reads = slice_ends_case(action, SLICE("/read"));

	if (!is_had_besides(action))
		return false;
	for (uint32_t i = 0; i < role->permission_count; i++)
		for (uint32_t j = 0; j < p[i].actions.count; j++) {
			struct slice pattern = estate_text(
			    e, e->patterns.at[p[i].actions.from + j]);

			if (slice_eq(pattern, SLICE("*")) ||
			    (reads && slice_eq_case(pattern, SLICE("*/read"))))
				return false;
		}
	return true;
}

static struct candidate
weigh(const struct estate *e, const struct action *a, role_id id)
{
	const struct role *role = &e->roles.at[id];
	struct candidate c = {
	    .role = id,
	    .is_usual = role->usual,
	    .name = estate_text(e, role->name),
	};

	for (uint32_t i = 0; i < role->permission_count; i++) {
		const struct permission *p =
		    &e->permissions.at[role->permissions + i];

		c.data += run_weight(e, p->data_actions);
		c.control += run_weight(e, p->actions);
	}
	if (!a->is_data && has_besides(e, role, a->name))
		c.control += 1 << 25;
	if (!a->is_data) {
		c.control += c.data;
		c.data = 0;
	}
	return c;
}

static int
candidate_order(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;
	int order;

	if (a->is_usual != b->is_usual)
		return a->is_usual ? -1 : 1;
	if (a->data != b->data)
		return a->data < b->data ? -1 : 1;
	if (a->control != b->control)
		return a->control < b->control ? -1 : 1;
	order = slice_cmp_case(a->name, b->name);
	return order != 0 ? order : (a->role > b->role) - (a->role < b->role);
}

/*
 * The narrowest scope at which the platform lets roles be given. A secret is
 * such a scope, but Azure itself advises against it (facts 2.3), so it is the
 * vault; a blob is none, so it is its container.
 */
static scope_id
assignable_scope(const struct estate *e, const struct action *a, scope_id s)
{
	static const struct {
		uint8_t plane, from, to;
	} moves[] = {
	    {PLANE_AZURE, SCOPE_SECRET, SCOPE_VAULT},
	    {PLANE_AZURE, SCOPE_BLOB, SCOPE_CONTAINER},
	    {PLANE_FABRIC, SCOPE_ITEM, SCOPE_WORKSPACE},
	    {PLANE_DEVOPS, SCOPE_ITEM, SCOPE_PROJECT},
	};

	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
		scope_id above;

		if (moves[i].plane != a->plane ||
		    moves[i].from != e->scopes.at[s].kind)
			continue;
		above = estate_enclosing(e, s, moves[i].to);
		return above == NONE ? s : above;
	}
	return s;
}

static bool
role_contains(
    const struct estate *e, const struct role *role, struct slice action)
{
	for (uint32_t i = 0; i < role->permission_count; i++) {
		struct patterns run =
		    e->permissions.at[role->permissions + i].actions;

		for (uint32_t j = 0; j < run.count; j++) {
			if (wildcard_matches_action(
				estate_text(e, e->patterns.at[run.from + j]),
				action))
				return true;
		}
	}
	return false;
}

/*
 * Whether a role of the plane can be given at this kind of scope. A workspace
 * takes workspace roles, which let their holders see it, and no permissions
 * of single items; nobody owns the whole directory, and what it calls an
 * owner is the one kind of role there without an id.
 */
static bool
fits_scope(const struct estate *e, const struct role *role, scope_id s)
{
	uint8_t kind = e->scopes.at[s].kind;

	if (role->plane == PLANE_FABRIC && kind == SCOPE_WORKSPACE)
		return role_contains(
		    e, role, SLICE("Microsoft.Fabric/workspaces/read"));
	if (role->plane == PLANE_DIRECTORY && kind == SCOPE_ROOT)
		return !guid_is_nil(role->id);
	return true;
}

static bool
helps(const struct estate *e, const struct action *a, role_id id, scope_id s)
{
	const struct role *role = &e->roles.at[id];

	return role->plane == a->plane && role->name != 0 &&
	    (a->granting[id / 64] >> (id % 64) & 1) != 0 &&
	    fits_scope(e, role, s);
}

/* Reasons that no further grant changes, or that leave open what would. */
static bool
is_beyond_grants(enum reason reason)
{
	return reason_allows(reason) || reason == REASON_DENY_ASSIGNMENT ||
	    reason == REASON_DISABLED || reason == REASON_DISPUTED ||
	    reason == REASON_MODEL_DISPUTED;
}

static enum actas_error
offer_permission(const struct action *a, scope_id vault, struct arena *arena,
    const struct remedy **remedies, uint32_t *count)
{
	struct remedy *r;

	if (a->operation == NULL || a->operation->policy == NULL)
		return ACTAS_OK;
	r = arena_zero(arena, 1, sizeof *r);
	if (r == NULL)
		return ACTAS_ENOMEM;
	*r = (struct remedy){
	    .role = NONE,
	    .scope = vault,
	    .permission = a->operation->policy,
	};
	*remedies = r;
	*count = 1;
	return ACTAS_OK;
}

static enum actas_error
offer_roles(const struct estate *e, const struct action *a, scope_id s,
    struct arena *arena, struct candidate **candidates, uint32_t *count)
{
	uint32_t n = 0;

	for (role_id id = 0; id < e->roles.count; id++)
		n += helps(e, a, id, s);
	*candidates = arena_zero(arena, n, sizeof **candidates);
	if (*candidates == NULL)
		return ACTAS_ENOMEM;
	for (role_id id = 0; id < e->roles.count; id++) {
		if (helps(e, a, id, s))
			(*candidates)[(*count)++] = weigh(e, a, id);
	}
	qsort(*candidates, *count, sizeof **candidates, candidate_order);
	return ACTAS_OK;
}

static bool
is_policy_vault(const struct estate *e, const struct action *a, scope_id vault)
{
	const struct vault *row =
	    a->in_vault && vault != NONE ? estate_vault(e, vault) : NULL;

	return row != NULL && row->model == MODEL_POLICY;
}

enum actas_error
decision_remedies(const struct estate *e, const struct action *action,
    scope_id s, const struct decision *decision, uint32_t most,
    struct arena *arena, const struct remedy **remedies, uint32_t *count)
{
	scope_id vault = estate_enclosing(e, s, SCOPE_VAULT);
	scope_id at = assignable_scope(e, action, s);
	struct candidate *candidates = NULL;
	struct remedy *list;
	uint32_t n = 0;

	*remedies = NULL;
	*count = 0;
	if (most == 0 || is_beyond_grants(decision->reason))
		return ACTAS_OK;
	if (is_policy_vault(e, action, vault))
		return offer_permission(action, vault, arena, remedies, count);
	if (offer_roles(e, action, at, arena, &candidates, &n) != ACTAS_OK)
		return ACTAS_ENOMEM;
	n = n < most ? n : most;
	list = arena_zero(arena, n, sizeof *list);
	if (list == NULL)
		return ACTAS_ENOMEM;
	for (uint32_t i = 0; i < n; i++)
		list[i] = (struct remedy){candidates[i].role, at, NULL};
	*remedies = list;
	*count = n;
	return ACTAS_OK;
}
