/*
 * Grants that cannot be, that give less than the source says, or more than
 * is seen. All of them walk the assignments once; what belongs together (a
 * role on all workspaces by one edge) is one finding.
 */

#include "engine/rules/rules_check.h"
#include "engine/rules/rules_purpose.h"
#include "estate/names.h"

#define AT(kind) (1u << (kind))

/* Kinds of scope on which each plane lets roles be given (facts 2.3, 3, 4, 6;
 * a Fabric capacity is a resource of Azure as well). */
static const uint32_t givable[PLANES] = {
    [PLANE_AZURE] = AT(SCOPE_ROOT) | AT(SCOPE_MANAGEMENT_GROUP) |
	AT(SCOPE_SUBSCRIPTION) | AT(SCOPE_RESOURCE_GROUP) | AT(SCOPE_VAULT) |
	AT(SCOPE_SECRET) | AT(SCOPE_STORAGE_ACCOUNT) | AT(SCOPE_CONTAINER) |
	AT(SCOPE_RESOURCE) | AT(SCOPE_CAPACITY),
    [PLANE_POLICY] = AT(SCOPE_VAULT),
    [PLANE_FABRIC] = AT(SCOPE_ROOT) | AT(SCOPE_CAPACITY) | AT(SCOPE_WORKSPACE) |
	AT(SCOPE_ITEM) | AT(SCOPE_CONNECTION),
    [PLANE_DEVOPS] = AT(SCOPE_ROOT) | AT(SCOPE_ORGANIZATION) |
	AT(SCOPE_PROJECT) | AT(SCOPE_CONNECTION) | AT(SCOPE_ITEM),
    [PLANE_DIRECTORY] =
	AT(SCOPE_ROOT) | AT(SCOPE_APPLICATION) | AT(SCOPE_GROUP),
    [PLANE_CLAIMED] = UINT32_MAX,
};

static bool
is_capacity_role(const struct estate *e, const struct role *role)
{
	return role->plane == PLANE_FABRIC &&
	    slice_starts_case(estate_text(e, role->name), SLICE("Capacity "));
}

bool
role_fits(const struct check *c, role_id r, scope_id s)
{
	const struct role *role = &c->e->roles.at[r];
	uint8_t kind = c->e->scopes.at[s].kind;

	if (is_capacity_role(c->e, role))
		return kind == SCOPE_CAPACITY || kind == SCOPE_ROOT;
	return (givable[role->plane] & AT(kind)) != 0;
}

static const char *const planes[PLANES] = {
    [PLANE_AZURE] = "Azure RBAC",
    [PLANE_FABRIC] = "Fabric",
    [PLANE_DEVOPS] = "Azure DevOps",
    [PLANE_DIRECTORY] = "the directory",
};

static const char *
one_of(struct check *c, const char *kind)
{
	return text(c, "%s %s", strchr("aeiou", kind[0]) ? "an" : "a", kind);
}

static const char *
why_not(struct check *c, role_id r, scope_id s)
{
	const struct role *role = &c->e->roles.at[r];
	uint8_t kind = c->e->scopes.at[s].kind;

	if (is_capacity_role(c->e, role))
		return text(c,
		    "it is a role of a capacity and gives nothing "
		    "on %s",
		    one_of(c, scope_kind_name(kind)));
	if (kind == SCOPE_BLOB && role->plane == PLANE_AZURE)
		return "roles are given on a container, its storage account "
		       "or above, never on a blob";
	if (role->plane == PLANE_POLICY)
		return "access policies are given on a whole vault";
	return text(c, "%s has no roles on %s", planes[role->plane],
	    one_of(c, scope_kind_name(kind)));
}

/* What else is wrong with a grant on a blob. */
static const char *
about_blob(struct check *c, role_id r, scope_id s)
{
	if (c->e->scopes.at[s].kind != SCOPE_BLOB ||
	    role_gives(c, r, PROBE_READ_BLOB) ||
	    role_gives(c, r, PROBE_WRITE_BLOB))
		return "";
	return text(c, " %s has no right on the data of blobs either%s.",
	    name_role(c, r),
	    role_gives(c, r, PROBE_LIST_KEYS)
		? "; given on the account it opens them only through the "
		  "account's keys"
		: "");
}

static void
tell_misplaced(struct check *c, const assignment_id *grants, uint32_t count)
{
	struct assignment first = estate_assignment(c->e, grants[0]);
	const char *who = name_principal(c, first.principal);
	const char *lines;

	for (uint32_t i = 0; i < count; i++)
		place_assignment(c, grants[i]);
	lines = name_places(c, c->places.at, c->places.count);
	finding_subject(c, who);
	finding_subject(c, name_role(c, first.role));
	finding_emit(c,
	    text(c, "%s is said to have %s (%s): %s.%s", who,
		name_grants(c, grants, count), lines,
		why_not(c, first.role, first.scope),
		about_blob(c, first.role, first.scope)),
	    text(c, "Name the scope on which %s really has %s%s.", who,
		name_role(c, first.role),
		c->e->scopes.at[first.scope].kind == SCOPE_BLOB
		    ? ", or give it Storage Blob Data Contributor on the "
		      "container"
		    : ""));
}

static bool
belong_together(const struct estate *e, assignment_id a, assignment_id b)
{
	struct assignment x = estate_assignment(e, a);
	struct assignment y = estate_assignment(e, b);

	return x.role == y.role &&
	    e->scopes.at[x.scope].kind == e->scopes.at[y.scope].kind;
}

/* Emits one finding a role and kind of scope among 'rows'. */
static void
tell_by_role(struct check *c, assignment_id *rows, uint32_t count,
    void (*tell)(struct check *c, const assignment_id *grants, uint32_t count))
{
	while (count > 0) {
		uint32_t alike = 0, left = 0;
		assignment_id *rest = check_zero(c, count, sizeof *rest);

		if (rest == NULL)
			return;
		for (uint32_t i = 0; i < count; i++)
			if (belong_together(c->e, rows[0], rows[i]))
				rows[alike++] = rows[i];
			else
				rest[left++] = rows[i];
		tell(c, rows, alike);
		rows = rest;
		count = left;
	}
}

/* Collects each principal's assignments that 'wanted' picks, and tells them. */
static void
each_principal(struct check *c,
    bool (*wanted)(struct check *c, const struct assignment *a),
    void (*tell)(struct check *c, assignment_id *rows, uint32_t count))
{
	const struct estate *e = c->e;
	VECTOR(assignment_id) rows = {0};

	for (principal_id p = 0; p < e->principals.count; p++) {
		rows.count = 0;
		for (assignment_id a = e->first_of_principal[p];
		     a < e->first_of_principal[p + 1]; a++) {
			struct assignment row = estate_assignment(e, a);

			if (c->error == ACTAS_OK && wanted(c, &row))
				check_error(c, vector_push(&rows, a));
		}
		if (rows.count > 0 && c->error == ACTAS_OK)
			tell(c, rows.at, rows.count);
	}
	vector_release(&rows);
}

static bool
is_misplaced(struct check *c, const struct assignment *a)
{
	return !role_fits(c, a->role, a->scope);
}

static void
tell_all_misplaced(struct check *c, assignment_id *rows, uint32_t count)
{
	tell_by_role(c, rows, count, tell_misplaced);
}

void
check_role_on_wrong_scope(struct check *c)
{
	each_principal(c, is_misplaced, tell_all_misplaced);
}

/* A redundant grant and the one that covers it. */
struct covered {
	assignment_id small, large;
};

/* What the page says the redundant grant is for, and which grant does that. */
static const char *
who_serves(struct check *c, assignment_id small)
{
	struct ids claims = tellings_of_assignment(c, small);
	struct assignment a = estate_assignment(c->e, small);

	for (uint32_t i = 0; i < claims.count; i++) {
		const struct claim *claim = &c->e->claims.at[claims.at[i]];
		enum probe probe;
		assignment_id by;

		if (!purpose_needs(c, claim, &probe) ||
		    role_gives(c, a.role, probe))
			continue;
		by = purpose_served_by(c, claim, probe);
		if (by != NONE)
			return text(c,
			    " \"%s\" in the data plane comes from "
			    "%s (%s), not from it.",
			    string(c, claim->purpose),
			    name_role(c, estate_assignment(c->e, by).role),
			    assignment_lines(c, by));
	}
	return "";
}

static void
tell_redundant(struct check *c, const struct covered *rows, uint32_t count)
{
	struct assignment large = estate_assignment(c->e, rows[0].large);
	const char *who = name_principal(c, large.principal);
	assignment_id *small = check_zero(c, count, sizeof *small);
	const char *lines;

	if (small == NULL)
		return;
	for (uint32_t i = 0; i < count; i++) {
		small[i] = rows[i].small;
		place_assignment(c, rows[i].small);
	}
	lines = name_places(c, c->places.at, c->places.count);
	place_assignment(c, rows[0].large);
	finding_subject(c, who);
	finding_subject(
	    c, name_role(c, estate_assignment(c->e, rows[0].small).role));
	finding_emit(c,
	    text(c,
		"%s (%s) adds nothing for %s: all that it gives is in %s "
		"on %s (%s).%s",
		name_grants(c, small, count), lines, who,
		name_role(c, large.role), name_scope(c, large.scope),
		assignment_lines(c, rows[0].large),
		count == 1 ? who_serves(c, rows[0].small) : ""),
	    text(c,
		"Take the grant of %s away; or, better, narrow the larger "
		"one until the smaller one is needed.",
		lines));
}

/* Rows of one principal, those covered by one grant told together. */
static void
tell_covered(struct check *c, struct covered *rows, uint32_t count)
{
	for (uint32_t i = 0; i < count;) {
		uint32_t end = i + 1;

		for (uint32_t j = end; j < count; j++)
			if (rows[j].large == rows[i].large) {
				struct covered swap = rows[end];

				rows[end++] = rows[j];
				rows[j] = swap;
			}
		tell_redundant(c, rows + i, end - i);
		i = end;
	}
}

/* A workspace gives a principal one role: of two that a source tells, one is
 * not true, which is another rule's matter. */
static bool
are_one_role(const struct estate *e, assignment_id a, assignment_id b)
{
	scope_id s = e->grants.at[a].scope;

	return s == e->grants.at[b].scope &&
	    e->scopes.at[s].kind == SCOPE_WORKSPACE;
}

void
check_redundant_grant(struct check *c)
{
	const struct estate *e = c->e;
	VECTOR(struct covered) rows = {0};

	for (principal_id p = 0; p < e->principals.count; p++) {
		rows.count = 0;
		for (assignment_id a = e->first_of_principal[p];
		     a < e->first_of_principal[p + 1] && c->error == ACTAS_OK;
		     a++) {
			assignment_id by = covering_assignment(c, p, a);

			if (by != NONE && !are_one_role(e, a, by))
				check_error(c, vector_push(&rows, {a, by}));
		}
		if (c->error == ACTAS_OK)
			tell_covered(c, rows.at, rows.count);
	}
	vector_release(&rows);
}

static bool
opens_blobs(const struct check *c, role_id r)
{
	return role_gives(c, r, PROBE_READ_BLOB) ||
	    role_gives(c, r, PROBE_WRITE_BLOB);
}

/* A data role of the principal on the account itself, or NONE. */
static assignment_id
data_role_on(const struct check *c, principal_id p, scope_id account)
{
	const struct estate *e = c->e;

	for (assignment_id a = e->first_of_principal[p];
	     a < e->first_of_principal[p + 1]; a++)
		if (e->grants.at[a].scope == account &&
		    opens_blobs(c, estate_assignment(e, a).role))
			return a;
	return NONE;
}

static void
tell_keys(struct check *c, assignment_id keys, assignment_id data)
{
	struct assignment a = estate_assignment(c->e, keys);
	const char *who = name_principal(c, a.principal);
	const char *role = name_role(c, estate_assignment(c->e, data).role);

	place_assignment(c, keys);
	place_assignment(c, data);
	finding_subject(c, who);
	finding_subject(c, short_scope(c, a.scope));
	finding_emit(c,
	    text(c,
		"%s may list the keys of %s (%s, %s), which open all its "
		"data: %s (%s) neither adds to that nor limits it, unless "
		"shared key access is off.",
		who, name_scope(c, a.scope), name_role(c, a.role),
		assignment_lines(c, keys), role, assignment_lines(c, data)),
	    "Turn shared key access of the account off, or replace the first "
	    "role by one without listKeys.");
}

void
check_storage_keys(struct check *c)
{
	const struct estate *e = c->e;

	for (assignment_id a = 0; a < e->grants.count; a++) {
		struct assignment row = estate_assignment(e, a);
		assignment_id data;

		if (e->scopes.at[row.scope].kind != SCOPE_STORAGE_ACCOUNT ||
		    row.flags != 0 || opens_blobs(c, row.role) ||
		    !role_gives(c, row.role, PROBE_LIST_KEYS))
			continue;
		data = data_role_on(c, row.principal, row.scope);
		if (data != NONE)
			tell_keys(c, a, data);
	}
}

static const char *const admin_roles[] = {"Global Administrator",
    "Privileged Role Administrator", "Application Administrator",
    "Cloud Application Administrator", "Fabric Administrator"};

static bool
is_admin_role(const struct check *c, role_id r)
{
	const struct role *role = &c->e->roles.at[r];
	struct slice name = estate_text(c->e, role->name);

	if (role->plane == PLANE_FABRIC)
		return slice_eq_case(name, SLICE("Admin"));
	if (role->plane == PLANE_AZURE)
		return role_gives(c, r, PROBE_ASSIGN_ROLES);
	for (size_t i = 0; i < sizeof admin_roles / sizeof *admin_roles; i++)
		if (role->plane == PLANE_DIRECTORY &&
		    slice_eq_case(name, slice_of(admin_roles[i])))
			return true;
	return false;
}

static bool
is_standing_admin(struct check *c, const struct assignment *a)
{
	return principal_is_person(&c->e->principals.at[a->principal]) &&
	    (a->flags & ASSIGNMENT_ELIGIBLE) == 0 && is_admin_role(c, a->role);
}

static void
tell_standing_admin(struct check *c, assignment_id *rows, uint32_t count)
{
	struct assignment first = estate_assignment(c->e, rows[0]);
	const struct principal *p = &c->e->principals.at[first.principal];
	bool several = (p->flags & PRINCIPAL_COLLECTIVE) != 0;
	const char *who = name_principal(c, first.principal);

	for (uint32_t i = 0; i < count; i++)
		place_assignment(c, rows[i]);
	finding_subject(c, who);
	finding_emit(c,
	    text(c, "%s %s %s at all times (%s).", who,
		several ? "hold" : "holds", name_grants(c, rows, count),
		name_places(c, c->places.at, c->places.count)),
	    "Give people such roles only when they need them, for a limited "
	    "time (PIM or a reviewed group).");
}

void
check_standing_admin(struct check *c)
{
	each_principal(c, is_standing_admin, tell_standing_admin);
}

static bool
is_disabled_holder(struct check *c, const struct assignment *a)
{
	return (c->e->principals.at[a->principal].flags & PRINCIPAL_DISABLED) !=
	    0;
}

static void
tell_disabled_holder(struct check *c, assignment_id *rows, uint32_t count)
{
	struct assignment first = estate_assignment(c->e, rows[0]);
	const char *who = name_principal(c, first.principal);

	for (uint32_t i = 0; i < count; i++)
		place_assignment(c, rows[i]);
	finding_subject(c, who);
	finding_emit(c,
	    text(c,
		"%s is disabled and still holds %s: whoever enables it "
		"gets all of that back.",
		who, name_grants(c, rows, count)),
	    text(c, "Take the grants of %s away.", who));
}

void
check_disabled_holder(struct check *c)
{
	each_principal(c, is_disabled_holder, tell_disabled_holder);
}
