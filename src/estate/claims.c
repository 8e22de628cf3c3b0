#include "estate/private.h"

/* The first of the principal's assignments that is not before this scope and
 * role. */
static assignment_id
first_at(const struct estate *e, principal_id p, scope_id s, role_id r)
{
	assignment_id low = e->first_of_principal[p];
	assignment_id high = e->first_of_principal[p + 1];

	while (low < high) {
		assignment_id middle = low + (high - low) / 2;
		struct grant grant = e->grants.at[middle];

		if (grant.scope < s ||
		    (grant.scope == s && grant.role_and_flags >> FLAG_BITS < r))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_at(const struct estate *e, assignment_id a, principal_id p, scope_id s)
{
	return a < e->first_of_principal[p + 1] && e->grants.at[a].scope == s;
}

/* A claim's assignment has no condition and no flag that tells it apart:
 * among its like it sorts first. */
static void
link_claim(const struct estate *e, struct claim *c)
{
	assignment_id a = first_at(e, c->principal, c->scope, c->role);

	if (is_at(e, a, c->principal, c->scope) &&
	    e->grants.at[a].role_and_flags >> FLAG_BITS == c->role)
		c->assignment = a;
}

/* "--" denies every role at that scope; a claim that names one, that one. */
static void
dispute(struct estate *e, const struct claim *c)
{
	role_id from = c->role == NONE ? 0 : c->role;
	assignment_id a = first_at(e, c->principal, c->scope, from);

	for (; is_at(e, a, c->principal, c->scope); a++) {
		uint32_t *role = &e->private->grants[a].role_and_flags;

		if (c->role == NONE || *role >> FLAG_BITS == c->role)
			*role |= ASSIGNMENT_DISPUTED;
	}
}

void
link_claims(struct builder *b, struct estate *e)
{
	if (b->error != ACTAS_OK)
		return;
	for (uint32_t i = 0; i < b->claims.count; i++) {
		struct claim *c = &b->claims.at[i];

		if (c->principal == NONE || c->scope == NONE)
			continue;
		if (c->says == CLAIM_GRANTS && c->role != NONE)
			link_claim(e, c);
		else if (c->says == CLAIM_HAS_NONE)
			dispute(e, c);
	}
}
