/* Whom a source speaks of: names that differ, and people without names. */

#include "engine/rules/rules_check.h"

/* Whether the inventory knows the principal by this name. */
static bool
is_name_of(const struct check *c, principal_id p, struct slice name)
{
	const struct principal *row = &c->e->principals.at[p];
	struct slice upn = estate_text(c->e, row->upn);
	size_t local = slice_find(upn, SLICE("@"));

	return slice_eq_case(name, estate_text(c->e, row->name)) ||
	    slice_eq_case(name, upn) ||
	    (local != SIZE_MAX &&
		slice_eq_case(name, slice_sub(upn, 0, local)));
}

void
check_two_names(struct check *c)
{
	for (uint32_t i = 0; i < c->e->claims.count; i++) {
		const struct claim *claim = &c->e->claims.at[i];
		const struct principal *p;
		const char *who;

		if (claim->says != CLAIM_IS_KIND || claim->called == 0 ||
		    claim->principal == NONE ||
		    is_name_of(
			c, claim->principal, estate_text(c->e, claim->called)))
			continue;
		p = &c->e->principals.at[claim->principal];
		who = name_principal(c, claim->principal);
		finding_place(c, claim->origin);
		finding_place(c, p->origin);
		finding_subject(c, who);
		finding_subject(c, string(c, claim->called));
		finding_emit(c,
		    text(c,
			"\"%s\" in %s (line %u) is taken for %s (line "
			"%u): no identity bears the name.",
			string(c, claim->called), view_of(c, claim),
			claim->origin.line, who, p->origin.line),
		    "Call it by one name in both places.");
	}
}

/* Whether groups or the inventory say who they are. */
static bool
is_named(const struct check *c, principal_id p)
{
	if (c->e->principals.at[p].flags & PRINCIPAL_DECLARED)
		return true;
	for (uint32_t i = 0; i < c->e->memberships.count; i++)
		if (c->e->memberships.at[i].group == p)
			return true;
	return false;
}

void
check_unnamed_people(struct check *c)
{
	const struct estate *e = c->e;

	for (principal_id p = 0; p < e->principals.count; p++) {
		assignment_id first = e->first_of_principal[p];
		assignment_id end = e->first_of_principal[p + 1];
		const char *who;

		if (!(e->principals.at[p].flags & PRINCIPAL_COLLECTIVE) ||
		    first == end || is_named(c, p))
			continue;
		who = name_principal(c, p);
		for (assignment_id a = first; a < end; a++)
			place_assignment(c, a);
		finding_subject(c, who);
		finding_emit(c,
		    text(c,
			"%s have access (%s), but neither the inventory "
			"nor a group says who they are.",
			who, name_places(c, c->places.at, c->places.count)),
		    text(c,
			"Give the access to a group, and name the group "
			"and its members in place of \"%s\".",
			who));
	}
}
