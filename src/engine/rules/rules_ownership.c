/*
 * Who owns what: the page's own owner rules held against its owners, and
 * against what the platform really demands (facts 1.5 and 4).
 */

#include "engine/rules/rules_check.h"
#include "estate/names.h"

#include <stdlib.h>

/* Told ownerships and the owners of items, in one form. */
struct owned {
	principal_id owner;
	scope_id scope; /* NONE: the kind at large */
	uint8_t item_kind;
	struct origin origin;
};

struct owned_list {
	struct owned *at;
	uint32_t count;
};

static int
by_thing(const void *a, const void *b)
{
	const struct owned *x = a, *y = b;

	if (x->item_kind != y->item_kind)
		return x->item_kind < y->item_kind ? -1 : 1;
	if (x->scope != y->scope)
		return x->scope < y->scope ? -1 : 1;
	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	return x->origin.line < y->origin.line
	    ? -1
	    : x->origin.line > y->origin.line;
}

static struct owned_list
all_owned(struct check *c)
{
	const struct estate *e = c->e;
	struct owned_list all = {
	    check_zero(
		c, e->ownerships.count + e->items.count + 1, sizeof *all.at),
	    0};

	if (all.at == NULL)
		return all;
	for (uint32_t i = 0; i < e->ownerships.count; i++) {
		const struct ownership *o = &e->ownerships.at[i];

		if (o->principal != NONE)
			all.at[all.count++] = (struct owned){
			    o->principal, o->scope, o->item_kind, o->origin};
	}
	for (uint32_t i = 0; i < e->items.count; i++)
		if (e->items.at[i].owner != NONE)
			all.at[all.count++] = (struct owned){
			    e->items.at[i].owner, e->items.at[i].scope,
			    e->items.at[i].kind, e->items.at[i].origin};
	qsort(all.at, all.count, sizeof *all.at, by_thing);
	return all;
}

static bool
same_thing(const struct owned *a, const struct owned *b)
{
	return a->item_kind == b->item_kind && a->scope == b->scope;
}

static uint32_t
end_of_thing(struct owned_list all, uint32_t i)
{
	uint32_t first = i;

	while (i < all.count && same_thing(&all.at[first], &all.at[i]))
		i++;
	return i;
}

/* "all semantic models", "notebook Silver". */
static const char *
name_owned(struct check *c, const struct owned *o)
{
	if (o->scope != NONE)
		return name_scope(c, o->scope);
	return text(c, "all %ss", item_kind_name(o->item_kind));
}

/* Whether all rows of the thing have one owner. */
static bool
has_sole_owner(struct owned_list all, uint32_t from, uint32_t to)
{
	for (uint32_t i = from + 1; i < to; i++)
		if (all.at[i].owner != all.at[from].owner)
			return false;
	return true;
}

static bool
breaks(const struct check *c, const struct policy *rule, const struct owned *o,
    bool sole)
{
	const struct principal *p = &c->e->principals.at[o->owner];
	bool same_kind = rule->item_kind == o->item_kind;

	if (rule->kind == POLICY_CANNOT_OWN)
		return same_kind && p->kind == rule->principal_kind;
	if (rule->kind == POLICY_ONLY_OWNER)
		return same_kind && o->owner != rule->principal;
	if (rule->kind == POLICY_NOT_SOLE_OWNER)
		return sole && rule->personal && principal_is_person(p);
	return false;
}

static void
tell_broken(struct check *c, const struct policy *rule, const struct owned *o)
{
	const char *who = name_principal(c, o->owner);

	finding_place(c, o->origin);
	finding_place(c, rule->origin);
	finding_subject(c, who);
	finding_subject(c, name_owned(c, o));
	finding_emit(c,
	    text(c,
		"%s owns %s (line %u), against the rule of line %u: "
		"\"%s\"",
		who, name_owned(c, o), o->origin.line, rule->origin.line,
		string(c, rule->text)),
	    rule->principal != NONE
		? text(c, "Let %s take it over.",
		      name_principal(c, rule->principal))
		: "Let an identity that the rule allows own it too.");
}

void
check_owner_rule(struct check *c)
{
	struct owned_list all = all_owned(c);

	for (uint32_t i = 0, end; i < all.count; i = end) {
		bool sole;

		end = end_of_thing(all, i);
		sole = has_sole_owner(all, i, end);
		for (uint32_t j = 0; j < c->e->policies.count; j++)
			for (uint32_t k = i; k < end; k++)
				if (breaks(c, &c->e->policies.at[j], &all.at[k],
					sole))
					tell_broken(c, &c->e->policies.at[j],
					    &all.at[k]);
	}
}

void
check_owner_law(struct check *c)
{
	for (uint32_t i = 0; i < c->e->policies.count; i++) {
		const struct policy *rule = &c->e->policies.at[i];

		if (rule->kind != POLICY_CANNOT_OWN ||
		    rule->principal_kind != PRINCIPAL_SERVICE ||
		    rule->item_kind != ITEM_SEMANTIC_MODEL)
			continue;
		finding_place(c, rule->origin);
		finding_subject(c, "semantic models");
		finding_emit(c,
		    text(c,
			"That service principals cannot own semantic "
			"models (line %u) is a rule of this page and not "
			"of the platform: whoever publishes a semantic "
			"model owns it, a service principal too.",
			rule->origin.line),
		    "Write that they should not, and why; or let a service "
		    "principal own them, which no licence and no absence "
		    "stops.");
	}
}

/* The claim that calls the principal a person, or NULL. */
static const struct claim *
called_human(const struct check *c, principal_id p)
{
	struct ids run = tellings_of(c, p);

	for (uint32_t i = 0; i < run.count; i++) {
		const struct claim *claim = &c->e->claims.at[run.at[i]];

		if (claim->says == CLAIM_IS_KIND && claim->human == YES)
			return claim;
	}
	return NULL;
}

/* The things of one owner, each once. */
static const char *
name_all_owned(struct check *c, const struct owned *rows, uint32_t count)
{
	const char **names = check_zero(c, count, sizeof *names);
	uint32_t n = 0;

	for (uint32_t i = 0; names != NULL && i < count; i++) {
		if (i > 0 && same_thing(&rows[i - 1], &rows[i]))
			continue;
		names[n] = name_owned(c, &rows[i]);
		finding_subject(c, names[n++]);
	}
	return names == NULL ? "" : name_list(c, names, n, 8);
}

static void
tell_sole_owner(struct check *c, const struct owned *rows, uint32_t count)
{
	const struct claim *human = called_human(c, rows->owner);
	const char *who = name_principal(c, rows->owner);
	const char *lines, *person = ", a person's account";

	finding_subject(c, who);
	for (uint32_t i = 0; i < count; i++)
		finding_place(c, rows[i].origin);
	lines = name_places(c, c->places.at, c->places.count);
	if (human != NULL) {
		finding_place(c, human->origin);
		person = text(c, ", which %s calls \"%s\" (line %u)",
		    view_of(c, human), claim_text(c, human),
		    human->origin.line);
	}
	finding_emit(c,
	    text(c,
		"The only owner of %s is %s (%s)%s. What runs as the "
		"owner may stop when that account leaves or has not "
		"signed in for 90 days.",
		name_all_owned(c, rows, count), who, lines, person),
	    "See to it that a second identity, no person's own, can take "
	    "over, and write down how.");
}

static int
by_owner(const void *a, const void *b)
{
	const struct owned *x = a, *y = b;

	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	return by_thing(a, b);
}

/* Keeps what one person alone owns, ordered by that person. */
static void
keep_alone(struct check *c, struct owned_list *all)
{
	uint32_t n = 0;

	for (uint32_t i = 0, end; i < all->count; i = end) {
		principal_id p = all->at[i].owner;
		bool alone = principal_is_person(&c->e->principals.at[p]) ||
		    called_human(c, p) != NULL;

		end = end_of_thing(*all, i);
		alone = alone && has_sole_owner(*all, i, end);
		for (; alone && i < end; i++)
			all->at[n++] = all->at[i];
	}
	all->count = n;
	if (n > 1)
		qsort(all->at, n, sizeof *all->at, by_owner);
}

void
check_sole_owner(struct check *c)
{
	struct owned_list all = all_owned(c);

	keep_alone(c, &all);
	for (uint32_t i = 0, end; i < all.count; i = end) {
		end = i;
		while (end < all.count && all.at[end].owner == all.at[i].owner)
			end++;
		tell_sole_owner(c, all.at + i, end - i);
	}
}

static bool
holds_role(struct check *c, principal_id p, const struct policy *rule)
{
	const struct estate *e = c->e;

	for (assignment_id a = e->first_of_principal[p];
	     a < e->first_of_principal[p + 1]; a++) {
		struct assignment row = estate_assignment(e, a);

		if (estate_is_within(e, rule->scope, row.scope) &&
		    role_covers(c, row.role, rule->role))
			return true;
	}
	return false;
}

static bool
has_needed_role(struct check *c, const struct policy *rule)
{
	struct ids groups = estate_groups_of(c->e, rule->principal);

	if (holds_role(c, rule->principal, rule))
		return true;
	for (uint32_t i = 0; i < groups.count; i++)
		if (holds_role(c, groups.at[i], rule))
			return true;
	return false;
}

static bool
is_need(const struct policy *rule)
{
	return rule->kind == POLICY_NEEDS_ROLE && rule->principal != NONE &&
	    rule->role != NONE && rule->scope != NONE;
}

void
check_needed_role(struct check *c)
{
	for (uint32_t i = 0; i < c->e->policies.count; i++) {
		const struct policy *rule = &c->e->policies.at[i];
		const char *who;

		if (!is_need(rule) || has_needed_role(c, rule))
			continue;
		who = name_principal(c, rule->principal);
		finding_place(c, rule->origin);
		finding_subject(c, who);
		finding_subject(c, short_scope(c, rule->scope));
		finding_emit(c,
		    text(c,
			"%s needs %s on %s by the rule of line %u, but "
			"nothing gives it that.",
			who, name_role(c, rule->role),
			name_scope(c, rule->scope), rule->origin.line),
		    text(c, "Give %s the role, or delete the rule.", who));
	}
}

/* What a page says that a role is needed for, and the least that does. */
static bool
is_for_sql(const struct check *c, const struct policy *rule)
{
	struct slice name = estate_text(c->e, c->e->roles.at[rule->role].name);

	return c->e->roles.at[rule->role].plane == PLANE_FABRIC &&
	    c->e->scopes.at[rule->scope].kind == SCOPE_WORKSPACE &&
	    !slice_eq_case(name, SLICE("Viewer")) &&
	    slice_find_case(estate_text(c->e, rule->text),
		SLICE("SQL endpoint")) != SIZE_MAX;
}

void
check_role_above_need(struct check *c)
{
	for (uint32_t i = 0; i < c->e->policies.count; i++) {
		const struct policy *rule = &c->e->policies.at[i];
		const char *who, *role;

		if (!is_need(rule) || !is_for_sql(c, rule))
			continue;
		who = name_principal(c, rule->principal);
		role = name_role(c, rule->role);
		finding_place(c, rule->origin);
		finding_subject(c, who);
		finding_subject(c, short_scope(c, rule->scope));
		finding_emit(c,
		    text(c,
			"%s is said to need %s on %s for the SQL endpoint "
			"(line %u), but the platform lets a Viewer connect "
			"to it and read with T-SQL; %s gives far more.",
			who, role, name_scope(c, rule->scope),
			rule->origin.line, role),
		    text(c,
			"Try Viewer for %s, and Contributor if its flows "
			"write.",
			who));
	}
}
