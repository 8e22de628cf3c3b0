/*
 * What a listing that claims to name all leaves out, and rights that nothing
 * in the source gives.
 */

#include "engine/rules/rules_check.h"

static const struct claim *
claim_of(const struct check *c, struct ids run, uint32_t i)
{
	return &c->e->claims.at[run.at[i]];
}

/* Whether the listing speaks of the principal at the scope or above it. */
static bool
listing_names(
    const struct check *c, uint32_t listing, principal_id p, scope_id s)
{
	for (; s != NONE; s = c->e->scopes.at[s].parent) {
		struct ids run = tellings_at(c, p, s);

		for (uint32_t i = 0; i < run.count; i++)
			if (claim_of(c, run, i)->listing == listing)
				return true;
	}
	return false;
}

static bool
tells_same(
    const struct check *c, const struct claim *claim, const struct claim *of)
{
	return grants_role(c, claim) && claim->role == of->role;
}

/* Of the tellings of one grant, one speaks for all: the first that names the
 * scope itself and not by an "all". */
static bool
speaks_for_all(const struct check *c, struct ids run, const struct claim *of)
{
	const struct claim *best = NULL;

	for (uint32_t i = 0; i < run.count; i++) {
		const struct claim *claim = claim_of(c, run, i);

		if (tells_same(c, claim, of) &&
		    (best == NULL || (best->from_all && !claim->from_all)))
			best = claim;
	}
	return best == of;
}

static void
place_tellings(struct check *c, struct ids run, const struct claim *of)
{
	finding_place(c, of->origin);
	for (uint32_t i = 0; i < run.count; i++)
		if (tells_same(c, claim_of(c, run, i), of))
			finding_place(c, claim_of(c, run, i)->origin);
}

static void
tell_omitted(
    struct check *c, const struct listing *l, const struct claim *claim)
{
	const char *who = name_principal(c, claim->principal);
	struct ids run = tellings_at(c, claim->principal, claim->scope);
	const char *lines;

	if (!speaks_for_all(c, run, claim))
		return;
	place_tellings(c, run, claim);
	lines = name_places(c, c->places.at, c->places.count);
	finding_place(c, l->origin);
	finding_subject(c, who);
	finding_subject(c, short_scope(c, claim->scope));
	finding_emit(c,
	    text(c,
		"%s has %s on %s (%s), but its own role table (line %u) "
		"leaves it out.",
		who, name_role(c, claim->role), name_scope(c, claim->scope),
		lines, l->origin.line),
	    text(c,
		"Add the row to the table at line %u if the grant exists; "
		"otherwise correct %s.",
		l->origin.line, lines));
}

static void
check_role_table(struct check *c, uint32_t listing)
{
	const struct listing *l = &c->e->listings.at[listing];
	struct ids run = tellings_of(c, l->principal);

	for (uint32_t i = 0; i < run.count; i++) {
		const struct claim *claim = claim_of(c, run, i);

		if (grants_role(c, claim) && claim->listing != listing &&
		    !listing_names(c, listing, l->principal, claim->scope) &&
		    telling_of_none(c, l->principal, claim->scope) == NULL)
			tell_omitted(c, l, claim);
	}
}

void
check_omitted_grant(struct check *c)
{
	for (uint32_t i = 0; i < c->e->listings.count; i++) {
		const struct listing *l = &c->e->listings.at[i];

		if (l->view == VIEW_ROLES && l->complete &&
		    l->principal != NONE)
			check_role_table(c, i);
	}
}

/* Rights that rules can hold a role against. */
static const enum probe rights[] = {
    PROBE_GET_SECRET, PROBE_SET_SECRET, PROBE_READ_BLOB, PROBE_WRITE_BLOB};

/* Whether the role gives what the right says, as far as that is known: a
 * right of an unknown kind is satisfied by any role. */
static bool
role_backs(const struct check *c, role_id role, role_id right)
{
	for (uint32_t i = 0; i < sizeof rights / sizeof rights[0]; i++)
		if (role_gives(c, right, rights[i]) &&
		    !role_gives(c, role, rights[i]))
			return false;
	return true;
}

/* Whether an assignment of p has to do with the scope: at it, above, below. */
static bool
principal_has_role(
    const struct check *c, principal_id p, scope_id s, role_id right)
{
	const struct estate *e = c->e;

	for (assignment_id a = e->first_of_principal[p];
	     a < e->first_of_principal[p + 1]; a++) {
		struct assignment given = estate_assignment(e, a);

		if (e->roles.at[given.role].plane == PLANE_CLAIMED ||
		    !role_backs(c, given.role, right))
			continue;
		if (estate_is_within(e, s, given.scope) ||
		    estate_is_within(e, given.scope, s))
			return true;
	}
	return false;
}

static bool
has_role_for(const struct check *c, const struct claim *right)
{
	struct ids groups = estate_groups_of(c->e, right->principal);

	if (principal_has_role(c, right->principal, right->scope, right->role))
		return true;
	for (uint32_t i = 0; i < groups.count; i++)
		if (principal_has_role(
			c, groups.at[i], right->scope, right->role))
			return true;
	return false;
}

/* "sp-x is", "IT administrators are". */
static const char *
who_is(struct check *c, principal_id p)
{
	return text(c, "%s %s", name_principal(c, p),
	    c->e->principals.at[p].flags & PRINCIPAL_COLLECTIVE ? "are" : "is");
}

static bool
is_in_list(const struct check *c, const struct claim *claim)
{
	uint8_t view = c->e->listings.at[claim->listing].view;

	return view == VIEW_READERS || view == VIEW_WRITERS;
}

static const char *
said_of(struct check *c, const struct claim *right)
{
	const char *what = name_scope(c, right->scope);

	if (is_in_list(c, right))
		return text(c, "in %s of %s", view_of(c, right), what);
	return text(c, "said to have \"%s\" on %s", claim_text(c, right), what);
}

static void
tell_unbacked(struct check *c, struct ids run, const struct claim *right)
{
	const char *what = short_scope(c, right->scope);

	for (uint32_t i = 0; i < run.count; i++)
		if (grants_right(c, claim_of(c, run, i)))
			finding_place(c, claim_of(c, run, i)->origin);
	finding_subject(c, name_principal(c, right->principal));
	finding_subject(c, what);
	finding_emit(c,
	    text(c,
		"%s %s (%s), but no role, access policy or permission "
		"that would give this right is named.",
		who_is(c, right->principal), said_of(c, right),
		name_places(c, c->places.at, c->places.count)),
	    text(c,
		"Name what gives %s this right on %s: the role, or the "
		"vault's access policy.",
		name_principal(c, right->principal), what));
}

/* The run speaks of one principal at one scope; told once. */
static void
check_rights(struct check *c, struct ids run)
{
	for (uint32_t i = 0; i < run.count; i++) {
		const struct claim *claim = claim_of(c, run, i);

		if (!grants_right(c, claim) || has_role_for(c, claim))
			continue;
		tell_unbacked(c, run, claim);
		return;
	}
}

/* Whether the principal has any role in Fabric, or is said to. */
static bool
has_fabric_role(const struct check *c, principal_id p)
{
	const struct estate *e = c->e;

	for (assignment_id a = e->first_of_principal[p];
	     a < e->first_of_principal[p + 1]; a++)
		if (e->roles.at[estate_assignment(e, a).role].plane ==
		    PLANE_FABRIC)
			return true;
	return false;
}

static void
tell_onelake(struct check *c, const struct claim *claim)
{
	const struct principal *p = &c->e->principals.at[claim->principal];
	const char *who = name_principal(c, claim->principal);
	struct slice purpose = estate_text(c->e, p->purpose);

	finding_place(c, claim->origin);
	if (slice_find_case(purpose, SLICE("OneLake")) != SIZE_MAX)
		finding_place(c, p->origin);
	finding_subject(c, who);
	finding_subject(c, "OneLake");
	finding_emit(c,
	    text(c,
		"%s said to have \"%s\" on OneLake (%s), but nothing gives "
		"it a role in a workspace or a permission on an item.",
		who_is(c, claim->principal), claim_text(c, claim),
		name_places(c, c->places.at, c->places.count)),
	    text(c,
		"Name the workspace and the role by which %s gets at the "
		"data, or delete the claim.",
		who));
}

/* OneLake is the storage of all workspaces: it is nothing that a page could
 * declare, and rights on it come from workspaces and their items. */
static void
check_onelake(struct check *c, const struct problem *problem)
{
	for (uint32_t i = 0; i < c->e->claims.count; i++) {
		const struct claim *claim = &c->e->claims.at[i];

		if (claim->says == CLAIM_GRANTS && claim->principal != NONE &&
		    claim->scope == NONE &&
		    origin_eq(claim->origin, problem->origin) &&
		    !has_fabric_role(c, claim->principal))
			tell_onelake(c, claim);
	}
}

void
check_right_without_role(struct check *c)
{
	struct ids all = c->tellings.by_scope;

	for (uint32_t i = 0; i < all.count;) {
		const struct claim *claim = claim_of(c, all, i);
		struct ids run = tellings_at(c, claim->principal, claim->scope);

		if (claim->scope != NONE)
			check_rights(c, run);
		i += run.count;
	}
	for (uint32_t i = 0; i < c->e->problems.count; i++) {
		const struct problem *problem = &c->e->problems.at[i];

		if (problem->kind == PROBLEM_UNDECLARED_SCOPE &&
		    slice_eq_case(
			estate_text(c->e, problem->subject), SLICE("OneLake")))
			check_onelake(c, problem);
	}
}
