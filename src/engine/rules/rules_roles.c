/*
 * What one role gives against what another gives. Patterns are compared as
 * patterns: a '*' of the smaller one is covered by a '*' of the larger one
 * only, and what the larger one takes back must be disjoint from what the
 * smaller one gives. Where that cannot be seen the answer is no: a rule may
 * miss a redundant grant but never calls one redundant that is not.
 */

#include "engine/rules/rules_check.h"
#include "engine/decide/wildcard.h"

enum { MEMO_ROLES = 4096 };

bool
role_gives(const struct check *c, role_id r, enum probe probe)
{
	const struct action *a = &c->probes[probe];

	if (r == NONE || a->granting == NULL)
		return false;
	return ((a->granting[r / 64] | a->conditional[r / 64]) >> (r % 64)) & 1;
}

static struct slice
pattern(const struct check *c, struct patterns run, uint32_t i)
{
	return estate_text(c->e, c->e->patterns.at[run.from + i]);
}

static struct slice
before_star(struct slice p)
{
	size_t star = slice_find(p, SLICE("*"));

	return star == SIZE_MAX ? p : slice_sub(p, 0, star);
}

static struct slice
after_star(struct slice p)
{
	size_t i = p.length;

	while (i > 0 && p.at[i - 1] != '*')
		i--;
	return slice_from(p, i);
}

/* Whether no text fits both; judged by their ends, so false when unsure. */
static bool
patterns_disjoint(struct slice a, struct slice b)
{
	struct slice x = before_star(a), y = before_star(b);

	if (!slice_starts_case(x, y) && !slice_starts_case(y, x))
		return true;
	x = after_star(a);
	y = after_star(b);
	return !slice_ends_case(x, y) && !slice_ends_case(y, x);
}

static bool
any_covers(const struct check *c, struct patterns run, struct slice small)
{
	for (uint32_t i = 0; i < run.count; i++)
		if (wildcard_matches_action(pattern(c, run, i), small))
			return true;
	return false;
}

/* What 'large' gives by its patterns and takes back by 'not'. */
static bool
covers_pattern(const struct check *c, struct patterns gives,
    struct patterns not, struct slice small, struct patterns small_not)
{
	if (!any_covers(c, gives, small))
		return false;
	for (uint32_t i = 0; i < not .count; i++) {
		struct slice back = pattern(c, not, i);

		if (!patterns_disjoint(small, back) &&
		    !any_covers(c, small_not, back))
			return false;
	}
	return true;
}

static bool
role_covers_pattern(const struct check *c, const struct role *large,
    struct slice small, struct patterns small_not, bool data)
{
	for (uint32_t i = 0; i < large->permission_count; i++) {
		const struct permission *p =
		    &c->e->permissions.at[large->permissions + i];

		if (p->condition == 0 &&
		    covers_pattern(c, data ? p->data_actions : p->actions,
			data ? p->not_data_actions : p->not_actions, small,
			small_not))
			return true;
	}
	return false;
}

static bool
covers_permission(const struct check *c, const struct role *large,
    const struct permission *small)
{
	for (uint32_t i = 0; i < small->actions.count; i++)
		if (!role_covers_pattern(c, large,
			pattern(c, small->actions, i), small->not_actions,
			false))
			return false;
	for (uint32_t i = 0; i < small->data_actions.count; i++)
		if (!role_covers_pattern(c, large,
			pattern(c, small->data_actions, i),
			small->not_data_actions, true))
			return false;
	return true;
}

static bool
compare_roles(const struct check *c, role_id large, role_id small)
{
	const struct role *l = &c->e->roles.at[large];
	const struct role *s = &c->e->roles.at[small];
	bool gives = false;

	if (l->plane != s->plane || l->plane == PLANE_CLAIMED)
		return false;
	for (uint32_t i = 0; i < s->permission_count; i++) {
		const struct permission *p =
		    &c->e->permissions.at[s->permissions + i];

		if (p->actions.count + p->data_actions.count > 0)
			gives = true;
		if (!covers_permission(c, l, p))
			return false;
	}
	return gives;
}

bool
role_covers(struct check *c, role_id large, role_id small)
{
	size_t roles = c->e->roles.count;
	uint8_t *memo;

	if (large == small)
		return true;
	if (roles > MEMO_ROLES)
		return compare_roles(c, large, small);
	if (c->covers == NULL)
		c->covers = mem_zero(roles * roles, 1);
	if (c->covers == NULL) {
		check_error(c, ACTAS_ENOMEM);
		return false;
	}
	memo = &c->covers[large * roles + small];
	if (*memo == UNSAID)
		*memo = compare_roles(c, large, small) ? YES : NO;
	return *memo == YES;
}

/* The first of the principal's assignments that is not above 's' in order. */
static assignment_id
first_at(const struct estate *e, principal_id p, scope_id s)
{
	assignment_id low = e->first_of_principal[p];
	assignment_id high = e->first_of_principal[p + 1];

	while (low < high) {
		assignment_id mid = low + (high - low) / 2;

		if (e->grants.at[mid].scope < s)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Of two that give the same at one scope the later one is redundant. */
static bool
is_covered_by(struct check *c, assignment_id a, const struct assignment *small,
    assignment_id b)
{
	struct assignment large = estate_assignment(c->e, b);

	if (a == b || large.flags != 0 || large.condition != 0 ||
	    !role_covers(c, large.role, small->role))
		return false;
	return b < a || large.scope != small->scope || small->condition != 0 ||
	    !role_covers(c, small->role, large.role);
}

assignment_id
covering_assignment(struct check *c, principal_id p, assignment_id a)
{
	const struct estate *e = c->e;
	struct assignment small = estate_assignment(e, a);

	for (scope_id s = small.scope; s != NONE; s = e->scopes.at[s].parent) {
		assignment_id b = first_at(e, p, s);

		for (; b < e->first_of_principal[p + 1] &&
		     e->grants.at[b].scope == s;
		     b++)
			if (is_covered_by(c, a, &small, b))
				return b;
	}
	return NONE;
}

bool
principal_is_person(const struct principal *p)
{
	if (p->flags & PRINCIPAL_SERVICE_ACCOUNT)
		return false;
	return p->kind == PRINCIPAL_USER || (p->flags & PRINCIPAL_HUMAN) != 0;
}
