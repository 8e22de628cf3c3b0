/*
 * One telling held against another. A page says the same thing in several
 * places: the diagram, the role tables, the matrix, the lists. What two of
 * them say differently is found at the one and names the other.
 *
 * A "none" contradicts a grant exactly at its scope; a right on an item
 * inside is told along with it and not by itself, since an item may be shared
 * alone. What a complete listing omits is weaker than what it denies, and
 * only told where nothing denies it.
 */

#include "engine/rules/rules_check.h"

static const struct claim *
claim_of(const struct check *c, struct ids run, uint32_t i)
{
	return &c->e->claims.at[run.at[i]];
}

/* The end of the claims of i's line about i's principal. */
static uint32_t
end_of_line(const struct check *c, struct ids run, uint32_t i)
{
	const struct claim *first = claim_of(c, run, i);

	while (i < run.count &&
	    claim_of(c, run, i)->principal == first->principal &&
	    origin_eq(claim_of(c, run, i)->origin, first->origin))
		i++;
	return i;
}

/* One line's grants against the denials of the same access elsewhere. */
struct contradiction {
	const struct claim *grant, *denial; /* the first of each */
	scope_id *scopes, *denied_scopes;
	struct origin *denials;
	uint32_t scope_count, denial_count;
	const char *rest; /* sentences about what rests on the grant */
};

/* Rights on items inside a denied workspace rest on the denied role. */
static void
tell_rights_inside(
    struct check *c, struct contradiction *x, principal_id p, scope_id within)
{
	struct ids items = estate_children(c->e, within);

	for (uint32_t i = 0; i < items.count; i++) {
		struct ids run = tellings_at(c, p, items.at[i]);

		for (uint32_t j = 0; j < run.count; j++) {
			const struct claim *right = claim_of(c, run, j);

			if (!grants_right(c, right))
				continue;
			finding_place(c, right->origin);
			x->rest = text(c, "%s %s on %s (line %u) rests on it.",
			    x->rest, claim_text(c, right),
			    name_scope(c, right->scope), right->origin.line);
		}
	}
}

static void
add_grant(struct check *c, struct contradiction *x, const struct claim *g)
{
	const struct claim *none = telling_of_none(c, g->principal, g->scope);

	if (x->grant == NULL)
		x->grant = g;
	x->scopes[x->scope_count++] = g->scope;
	if (none == NULL)
		return;
	if (x->denial == NULL)
		x->denial = none;
	finding_place(c, g->origin);
	finding_place(c, none->origin);
	finding_subject(c, short_scope(c, g->scope));
	x->denied_scopes[x->denial_count] = g->scope;
	x->denials[x->denial_count++] = none->origin;
	if (!g->from_all)
		tell_rights_inside(c, x, g->principal, g->scope);
}

static void
tell_contradiction(struct check *c, const struct contradiction *x)
{
	const char *who = name_principal(c, x->grant->principal);
	const char *lines = name_places(c, x->denials, x->denial_count);
	const char *where = "";

	if (x->scope_count != x->denial_count)
		where = text(c, " on %s",
		    name_scopes(c, x->denied_scopes, x->denial_count));
	finding_subject(c, who);
	finding_emit(c,
	    text(c,
		"%s has %s on %s by %s (line %u), but none%s by %s "
		"(%s).%s",
		who, name_role(c, x->grant->role),
		name_scopes(c, x->scopes, x->scope_count), view_of(c, x->grant),
		x->grant->origin.line, where, view_of(c, x->denial), lines,
		x->rest),
	    text(c,
		"Look up on the platform which of the two holds, then "
		"change line %u or %s.",
		x->grant->origin.line, lines));
}

static void
hold_line(struct check *c, struct ids run, uint32_t from, uint32_t to)
{
	size_t most = to - from;
	struct contradiction x = {
	    .scopes = check_zero(c, most, sizeof *x.scopes),
	    .denied_scopes = check_zero(c, most, sizeof *x.denied_scopes),
	    .denials = check_zero(c, most, sizeof *x.denials),
	    .rest = "",
	};

	if (c->error != ACTAS_OK)
		return;
	for (uint32_t i = from; i < to; i++)
		if (grants_role(c, claim_of(c, run, i)))
			add_grant(c, &x, claim_of(c, run, i));
	if (x.denial_count > 0)
		tell_contradiction(c, &x);
}

void
check_disputed_grant(struct check *c)
{
	struct ids all = c->tellings.by_line;

	for (uint32_t i = 0, end; i < all.count; i = end) {
		end = end_of_line(c, all, i);
		hold_line(c, all, i, end);
	}
}

/* A workspace's own roles: "Capacity Admin" is none, another rule tells. */
static bool
is_workspace_role(const struct check *c, const struct claim *claim)
{
	const struct role *role;

	if (!grants_role(c, claim) ||
	    c->e->scopes.at[claim->scope].kind != SCOPE_WORKSPACE)
		return false;
	role = &c->e->roles.at[claim->role];
	return role->plane == PLANE_FABRIC &&
	    !slice_starts_case(
		estate_text(c->e, role->name), SLICE("Capacity "));
}

static void
tell_two_roles(struct check *c, const struct claim *a, const struct claim *b)
{
	const char *who = name_principal(c, a->principal);

	finding_place(c, a->origin);
	finding_place(c, b->origin);
	finding_subject(c, who);
	finding_subject(c, short_scope(c, a->scope));
	finding_emit(c,
	    text(c,
		"%s is %s of %s by %s (line %u), but %s by %s (line %u); "
		"a workspace gives each principal one role.",
		who, name_role(c, a->role), name_scope(c, a->scope),
		view_of(c, a), a->origin.line, name_role(c, b->role),
		view_of(c, b), b->origin.line),
	    "Look up on the platform which role it has and write that one in "
	    "both places.");
}

/* The run speaks of one principal at one scope. */
static void
hold_roles(struct check *c, struct ids run)
{
	const struct claim *first = NULL;

	for (uint32_t i = 0; i < run.count; i++) {
		const struct claim *claim = claim_of(c, run, i);

		if (!is_workspace_role(c, claim))
			continue;
		if (first == NULL) {
			first = claim;
		} else if (claim->role != first->role) {
			tell_two_roles(c, first, claim);
			return;
		}
	}
}

void
check_disputed_role(struct check *c)
{
	struct ids all = c->tellings.by_scope;

	for (uint32_t i = 0; i < all.count;) {
		const struct claim *claim = claim_of(c, all, i);
		struct ids run = tellings_at(c, claim->principal, claim->scope);

		if (claim->scope != NONE)
			hold_roles(c, run);
		i += run.count;
	}
}

static bool
kinds_differ(const struct claim *a, const struct claim *b)
{
	if (a->human != UNSAID && b->human != UNSAID && a->human != b->human)
		return true;
	return a->kind != PRINCIPAL_UNKNOWN && b->kind != PRINCIPAL_UNKNOWN &&
	    a->kind != b->kind;
}

static void
tell_two_kinds(struct check *c, const struct claim *a, const struct claim *b)
{
	const char *who = name_principal(c, a->principal);

	finding_place(c, a->origin);
	finding_place(c, b->origin);
	finding_subject(c, who);
	finding_emit(c,
	    text(c,
		"%s is \"%s\" by %s (line %u), but \"%s\" by %s "
		"(line %u).",
		who, string(c, a->text), view_of(c, a), a->origin.line,
		string(c, b->text), view_of(c, b), b->origin.line),
	    text(c,
		"Say in both places what %s is: people and service "
		"accounts are under different rules.",
		who));
}

void
check_disputed_kind(struct check *c)
{
	struct ids all = c->tellings.by_line;
	const struct claim *first = NULL;

	for (uint32_t i = 0; i < all.count; i++) {
		const struct claim *claim = claim_of(c, all, i);

		if (claim->says != CLAIM_IS_KIND)
			continue;
		if (first == NULL || first->principal != claim->principal)
			first = claim;
		else if (kinds_differ(first, claim))
			tell_two_kinds(c, first, claim);
	}
}
