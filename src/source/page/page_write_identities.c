#include "source/page/page_write.h"

/* Identities, applications, groups and who has which role. */

static const char *
type_of(const struct principal *p)
{
	static const char *const types[PRINCIPAL_KINDS] = {
	    [PRINCIPAL_UNKNOWN] = "Unknown",
	    [PRINCIPAL_USER] = "User",
	    [PRINCIPAL_GROUP] = "Group",
	    [PRINCIPAL_SERVICE] = "Service principal",
	    [PRINCIPAL_MANAGED_IDENTITY] = "Managed identity",
	    [PRINCIPAL_WORKSPACE_IDENTITY] = "Workspace identity",
	};

	if (p->flags & PRINCIPAL_EVERYONE)
		return "Everyone";
	if (p->kind == PRINCIPAL_USER && p->flags & PRINCIPAL_SERVICE_ACCOUNT)
		return p->flags & PRINCIPAL_HUMAN ? "Service account (human)"
						  : "Service account";
	if (p->kind == PRINCIPAL_USER && p->flags & PRINCIPAL_HUMAN)
		return "Person";
	return types[p->kind];
}

/* Without a column for UPNs, a name with an @ would be taken for one. */
static uint32_t
inventory_columns(const struct estate *e)
{
	enum { IDENTITY_AND_TYPE = 3, UPN = 1 << 4 };

	for (principal_id p = 0; p < e->principals.count; p++) {
		const struct principal *row = &e->principals.at[p];

		if (row->upn == 0 &&
		    slice_find(estate_text(e, row->name), SLICE("@")) !=
			SIZE_MAX)
			return IDENTITY_AND_TYPE | UPN;
	}
	return IDENTITY_AND_TYPE;
}

/* One without a name is called by its object id. */
static void
cell_identity(struct table *t, struct page_writer *w, principal_id p)
{
	const struct principal *row = &w->e->principals.at[p];

	if (row->name == 0 && !guid_is_nil(row->object_id))
		cell_guid(t, row->object_id);
	else if (row->name == 0 || row->flags & PRINCIPAL_COLLECTIVE)
		cell_principal(t, w, p);
	else
		cell_name(t, estate_text(w->e, row->name));
}

void
write_identities(struct page_writer *w)
{
	static const char *const titles[] = {"Identity", "Type", "License",
	    "Purpose", "UPN", "Object ID", "App ID", "Enabled", "Home",
	    "Workspace", NULL};
	const struct estate *e = w->e;
	struct table t;

	table_begin(&t, titles, inventory_columns(e));
	for (principal_id p = 0; p < e->principals.count; p++) {
		const struct principal *row = &e->principals.at[p];

		if (writer_is_mentioned(w, p))
			continue;
		cell_identity(&t, w, p);
		cell_word(&t, type_of(row));
		cell_text(&t, estate_text(e, row->licence));
		cell_text(&t, estate_text(e, row->purpose));
		cell_name(&t, estate_text(e, row->upn));
		cell_guid(&t, row->object_id);
		cell_guid(&t, row->app_id);
		cell_word(&t, row->flags & PRINCIPAL_DISABLED ? "no" : "");
		cell_name(&t, estate_text(e, row->home));
		cell_scope(&t, w, row->workspace);
	}
	table_end(&t, "## Identity Inventory", w->out);
}

void
write_applications(struct page_writer *w)
{
	static const char *const titles[] = {
	    "Application", "App ID", "Object ID", "Identity", "Scope", NULL};
	const struct estate *e = w->e;
	struct table t;

	table_begin(&t, titles, 3);
	for (uint32_t i = 0; i < e->applications.count; i++) {
		const struct application *row = &e->applications.at[i];

		cell_name(&t, estate_text(e, row->name));
		cell_guid(&t, row->app_id);
		cell_guid(&t, row->object_id);
		cell_principal(&t, w, row->principal);
		cell_scope(&t, w, row->scope);
	}
	table_end(&t, "## Applications", w->out);
}

void
write_groups(struct page_writer *w)
{
	static const char *const titles[] = {"Group", "Members", NULL};
	struct table t;

	table_begin(&t, titles, 3);
	for (uint32_t i = 0; i < w->e->memberships.count; i++) {
		cell_principal(&t, w, w->e->memberships.at[i].group);
		cell_principal(&t, w, w->e->memberships.at[i].member);
	}
	table_end(&t, "## Groups", w->out);
}

/* What the page that was read says a grant is for. */
static struct slice
purpose_of(const struct estate *e, const uint32_t *claims, assignment_id a)
{
	return claims[a] == NONE
	    ? (struct slice){0}
	    : estate_text(e, e->claims.at[claims[a]].purpose);
}

static const char *
status_of(const struct assignment *a)
{
	return a->flags & ASSIGNMENT_ELIGIBLE ? "eligible"
	    : a->flags & ASSIGNMENT_COMPOUND  ? "compound"
					      : "";
}

static const char *const role_titles[] = {"Identity", "Role", "Scope",
    "Purpose", "Assignment ID", "Condition", "Status", NULL};

/* Rows for the roles of one identity; which one it is stands in the heading,
 * or in the first column. */
static void
role_rows(struct page_writer *w, struct table *t, principal_id p,
    const uint32_t *claims)
{
	const struct estate *e = w->e;

	for (uint32_t i = e->first_of_principal[p];
	     i < e->first_of_principal[p + 1]; i++) {
		struct assignment a = estate_assignment(e, i);

		if (t->titles == role_titles)
			cell_principal(t, w, p);
		writer_role_cell(w, a.role, a.scope, &t->text);
		cell_end(t);
		cell_scope(t, w, a.scope);
		cell_text(t, purpose_of(e, claims, i));
		cell_guid(t, a.id);
		cell_text(t, estate_text(e, a.condition));
		cell_word(t, status_of(&a));
	}
}

static void
write_roles_of(struct page_writer *w, principal_id p, const uint32_t *claims)
{
	struct buffer heading = {0};
	struct table t;

	table_begin(&t, role_titles + 1, 7);
	role_rows(w, &t, p, claims);
	buffer_puts(&heading, "### ");
	md_span(&heading, writer_principal(w, p));
	writer_keep(w, heading.error);
	table_end(&t, buffer_text(&heading), w->out);
	buffer_release(&heading);
}

/* Those that no inventory declares cannot be named by a heading. */
static void
write_roles_of_others(struct page_writer *w, const uint32_t *claims)
{
	struct table t;

	table_begin(&t, role_titles, 7);
	for (principal_id p = 0; p < w->e->principals.count; p++) {
		if (writer_is_mentioned(w, p))
			role_rows(w, &t, p, claims);
	}
	table_end(&t, "### Others", w->out);
}

/* By assignment: the claim whose purpose is written; NONE: no purpose. */
static uint32_t *
purposes(struct page_writer *w)
{
	const struct estate *e = w->e;
	uint32_t *claims =
	    arena_zero(&w->arena, e->grants.count + 1u, sizeof *claims);

	if (claims == NULL) {
		writer_keep(w, ACTAS_ENOMEM);
		return NULL;
	}
	memset(claims, 0xff, e->grants.count * sizeof *claims);
	for (uint32_t i = 0; i < e->claims.count; i++) {
		const struct claim *c = &e->claims.at[i];

		if (c->assignment != NONE && c->purpose != 0 &&
		    claims[c->assignment] == NONE)
			claims[c->assignment] = i;
	}
	return claims;
}

void
write_roles(struct page_writer *w)
{
	const struct estate *e = w->e;
	uint32_t *claims = purposes(w);

	if (claims == NULL || e->grants.count == 0)
		return;
	buffer_puts(w->out, "\n## Resource Access\n");
	for (principal_id p = 0; p < e->principals.count; p++) {
		if (!writer_is_mentioned(w, p))
			write_roles_of(w, p, claims);
	}
	write_roles_of_others(w, claims);
}

static void
cell_patterns(struct table *t, const struct estate *e, struct patterns run)
{
	for (uint32_t i = 0; i < run.count; i++) {
		buffer_puts(&t->text, i == 0 ? "" : ", ");
		md_name(&t->text, estate_text(e, e->patterns.at[run.from + i]));
	}
	cell_end(t);
}

static void
cell_permission(struct table *t, const struct estate *e, uint32_t row)
{
	const struct permission *p = &e->permissions.at[row];

	cell_patterns(t, e, p->actions);
	cell_patterns(t, e, p->not_actions);
	cell_patterns(t, e, p->data_actions);
	cell_patterns(t, e, p->not_data_actions);
	cell_text(t, estate_text(e, p->condition));
}

static const char *const plane_words[PLANES] = {
    [PLANE_AZURE] = "",
    [PLANE_POLICY] = "Policy",
    [PLANE_FABRIC] = "Fabric",
    [PLANE_DEVOPS] = "DevOps",
    [PLANE_DIRECTORY] = "Directory",
    [PLANE_CLAIMED] = "Claimed",
};

void
write_definitions(struct page_writer *w)
{
	static const char *const titles[] = {"Role definition", "Plane",
	    "Role ID", "Actions", "Not actions", "Data actions",
	    "Not data actions", "Condition", NULL};
	const struct estate *e = w->e;
	struct table t;

	table_begin(&t, titles, 9);
	for (role_id r = 0; r < e->roles.count; r++) {
		const struct role *row = &e->roles.at[r];

		for (uint32_t i = 0;
		     row->builtin == 0 && i < row->permission_count; i++) {
			cell_name(&t, estate_text(e, row->name));
			cell_word(&t, plane_words[row->plane]);
			cell_guid(&t, row->id);
			cell_permission(&t, e, row->permissions + i);
		}
	}
	table_end(&t, "## Role Definitions", w->out);
}

static void
cell_denied(struct table *t, struct page_writer *w, uint32_t from,
    uint32_t count, bool everyone)
{
	buffer_puts(&t->text, everyone ? "Everyone" : "");
	for (uint32_t i = 0; i < count; i++) {
		buffer_puts(&t->text, i > 0 || everyone ? ", " : "");
		writer_principal_cell(
		    w, w->e->denial_ids.at[from + i], &t->text);
	}
	cell_end(t);
}

void
write_denials(struct page_writer *w)
{
	static const char *const titles[] = {"Deny assignment", "Deny ID",
	    "Scope", "Denied to", "Except", "Not for children", "Actions",
	    "Not actions", "Data actions", "Not data actions", "Condition",
	    NULL};
	const struct estate *e = w->e;
	struct table t;

	table_begin(&t, titles, 0x0d);
	for (uint32_t i = 0; i < e->denials.count; i++) {
		const struct deny_assignment *d = &e->denials.at[i];

		for (uint32_t k = 0; k < d->permission_count; k++) {
			cell_name(&t, estate_text(e, d->name));
			cell_guid(&t, d->id);
			cell_scope(&t, w, d->scope);
			cell_denied(&t, w, d->principals, d->principal_count,
			    d->everyone);
			cell_denied(
			    &t, w, d->excluded, d->excluded_count, false);
			cell_word(&t, d->not_for_children ? "yes" : "");
			cell_permission(&t, e, d->permissions + k);
		}
	}
	table_end(&t, "## Deny Assignments", w->out);
}
