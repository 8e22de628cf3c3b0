#include "source/page/page_write.h"

#include "source/page/page_read.h"

/*
 * The diagram, the lists of readers and the workspace matrix repeat what the
 * role tables say, in the forms in which people see it best. They can say less
 * than a row of a table: an edge has no condition, a cell holds one role, a
 * list claims to be complete. So each shows only what it can show truly.
 */

enum {
	MOST_EDGES = 300, /* Mermaid draws no more than 500 */
	MOST_MATRIX_COLUMNS = 24
};

static bool
is_plain_grant(const struct estate *e, const struct assignment *a)
{
	return a->condition == 0 && a->flags == 0 &&
	    e->roles.at[a->role].name != 0;
}

/* A label that reads as a name and as nothing else, and in which no character
 * has a meaning to Mermaid. */
static bool
is_label(struct slice name)
{
	for (size_t i = 0; i < name.length; i++) {
		char c = name.at[i];
		bool letter = (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    (unsigned char)c >= 0x80;

		if (!letter && strchr(" -_.@/", c) == NULL)
			return false;
	}
	return !words_nothing(name) && !slice_starts(name, SLICE("/")) &&
	    !slice_starts_case(name, SLICE("all "));
}

/* By edge: whether the diagram can show it. */
static bool
is_drawn(struct page_writer *w, const struct assignment *a)
{
	struct buffer role = {0};
	bool drawn;

	if (!is_plain_grant(w->e, a) || a->scope == 0 ||
	    !is_label(writer_principal(w, a->principal)) ||
	    !is_label(writer_scope(w, a->scope)))
		return false;
	writer_role_cell(w, a->role, a->scope, &role);
	drawn = role.error == ACTAS_OK;
	for (size_t i = 0; i < role.length; i++)
		drawn &= strchr("|\"&\\[]{}<>#;`", role.at[i]) == NULL;
	buffer_release(&role);
	return drawn;
}

struct drawing {
	uint8_t *principals, *scopes; /* by id: has an edge */
	uint32_t edges, left_out;
};

static bool
choose(struct page_writer *w, struct drawing *d)
{
	const struct estate *e = w->e;

	d->principals = arena_zero(&w->arena, e->principals.count + 1u, 1);
	d->scopes = arena_zero(&w->arena, e->scopes.count, 1);
	if (d->principals == NULL || d->scopes == NULL) {
		writer_keep(w, ACTAS_ENOMEM);
		return false;
	}
	for (assignment_id i = 0; i < e->grants.count; i++) {
		struct assignment a = estate_assignment(e, i);

		if (!is_drawn(w, &a)) {
			d->left_out++;
			continue;
		}
		d->edges++;
		d->principals[a.principal] = 1;
		d->scopes[a.scope] = 1;
	}
	return true;
}

static void
draw_nodes(struct page_writer *w, const struct drawing *d)
{
	const struct estate *e = w->e;

	buffer_puts(w->out, "    subgraph Identities\n");
	for (principal_id p = 0; p < e->principals.count; p++) {
		if (d->principals[p] == 0)
			continue;
		buffer_addf(w->out, "        P%u[\"", p);
		md_label(w->out, writer_principal(w, p));
		buffer_puts(w->out, "\"]\n");
	}
	buffer_puts(w->out, "    end\n    subgraph Resources\n");
	for (scope_id s = 0; s < e->scopes.count; s++) {
		if (d->scopes[s] == 0)
			continue;
		buffer_addf(w->out, "        S%u[\"", s);
		md_label(w->out, writer_scope(w, s));
		buffer_puts(w->out, "\"]\n");
	}
	buffer_puts(w->out, "    end\n");
}

static void
draw_edges(struct page_writer *w)
{
	const struct estate *e = w->e;

	for (assignment_id i = 0; i < e->grants.count; i++) {
		struct assignment a = estate_assignment(e, i);

		if (!is_drawn(w, &a))
			continue;
		buffer_addf(w->out, "    P%u -->|", a.principal);
		writer_role_cell(w, a.role, a.scope, w->out);
		buffer_addf(w->out, "| S%u\n", a.scope);
	}
}

void
write_diagram(struct page_writer *w)
{
	struct drawing d = {0};

	if (w->e->grants.count == 0 || !choose(w, &d) || d.edges == 0)
		return;
	buffer_puts(w->out, "\n## Identity Access Diagram\n");
	if (d.edges > MOST_EDGES) {
		buffer_addf(w->out,
		    "\nThe diagram is left out: it would have %u edges, and "
		    "more than %u cannot be read. The tables below say all.\n",
		    d.edges, MOST_EDGES);
		return;
	}
	buffer_puts(w->out, "\n```mermaid\ngraph LR\n");
	draw_nodes(w, &d);
	draw_edges(w);
	buffer_puts(w->out, "```\n");
	if (d.left_out > 0)
		buffer_addf(w->out,
		    "\nNot drawn (%u): grants that have conditions, are "
		    "disputed "
		    "or not active, or are on things that a label cannot name. "
		    "The tables below say all.\n",
		    d.left_out);
}

#define GET_SECRET "Microsoft.KeyVault/vaults/secrets/getSecret/action"

static bool
run_has(const struct estate *e, struct patterns run)
{
	for (uint32_t i = 0; i < run.count; i++) {
		if (words_match(estate_text(e, e->patterns.at[run.from + i]),
			SLICE(GET_SECRET)))
			return true;
	}
	return false;
}

static bool
reads_secrets(const struct estate *e, role_id r)
{
	const struct role *role = &e->roles.at[r];

	for (uint32_t i = 0; i < role->permission_count; i++) {
		const struct permission *p =
		    &e->permissions.at[role->permissions + i];

		if (run_has(e, p->data_actions) &&
		    !run_has(e, p->not_data_actions))
			return true;
	}
	return false;
}

/* Whether anybody is given the secrets by a grant at this very scope. */
static bool
has_reader(const struct estate *e, scope_id s)
{
	struct ids at = estate_assignments_at(e, s);

	for (uint32_t i = 0; i < at.count; i++) {
		if (reads_secrets(e, estate_assignment(e, at.at[i]).role))
			return true;
	}
	return false;
}

/* Whether an entry of the list says all of the grant, and the reader finds
 * its identity again in what stands before the bracket. */
static bool
fits_list(struct page_writer *w, const struct assignment *a, uint8_t model)
{
	const struct role *role = &w->e->roles.at[a->role];
	struct slice name = estate_text(w->e, role->name);

	if (!is_plain_grant(w->e, a) ||
	    !is_label(writer_principal(w, a->principal)) ||
	    writer_is_mentioned(w, a->principal))
		return false;
	if (role->plane == PLANE_AZURE)
		return model == MODEL_RBAC && role->builtin &&
		    slice_starts(name, SLICE("Key Vault "));
	return role->plane == PLANE_POLICY && model == MODEL_POLICY;
}

/* Grants above or below the vault, those with conditions and what deny
 * assignments take away have no place in the list, and without them it would
 * not be complete. */
static bool
can_list_readers(struct page_writer *w, const struct vault *v)
{
	const struct estate *e = w->e;
	struct ids at = estate_assignments_at(e, v->scope);
	struct ids below = estate_children(e, v->scope);
	bool any = false;

	if (e->denials.count > 0)
		return false;
	for (scope_id s = e->scopes.at[v->scope].parent; s != NONE;
	     s = e->scopes.at[s].parent) {
		if (has_reader(e, s))
			return false;
	}
	for (uint32_t i = 0; i < below.count; i++) {
		if (has_reader(e, below.at[i]))
			return false;
	}
	for (uint32_t i = 0; i < at.count; i++) {
		struct assignment a = estate_assignment(e, at.at[i]);

		if (!reads_secrets(e, a.role))
			continue;
		if (!fits_list(w, &a, v->model))
			return false;
		any = true;
	}
	return any;
}

void
write_readers(struct page_writer *w)
{
	const struct estate *e = w->e;

	for (uint32_t i = 0; i < e->vaults.count; i++) {
		scope_id s = e->vaults.at[i].scope;
		struct ids at = estate_assignments_at(e, s);

		if (!can_list_readers(w, &e->vaults.at[i]))
			continue;
		buffer_puts(w->out, "\n**Who can read secrets** in ");
		md_span(w->out, writer_scope(w, s));
		buffer_puts(w->out, ":\n\n");
		for (uint32_t k = 0; k < at.count; k++) {
			struct assignment a = estate_assignment(e, at.at[k]);

			if (!reads_secrets(e, a.role))
				continue;
			buffer_puts(w->out, "- ");
			md_span(w->out, writer_principal(w, a.principal));
			buffer_puts(w->out, " (");
			writer_role_cell(w, a.role, s, w->out);
			buffer_puts(w->out,
			    e->roles.at[a.role].plane == PLANE_AZURE
				? " role)\n"
				: ")\n");
		}
	}
}

enum fit { FIT_UNSEEN, FIT_COLUMN, FIT_NEVER };

/* What the matrix is put together from. */
struct matrix {
	struct index nones; /* claims that somebody has no role somewhere */
	uint8_t *fit;       /* by principal: enum fit */
	principal_id columns[MOST_MATRIX_COLUMNS];
	uint32_t count;
};

static uint64_t
cell_hash(principal_id p, scope_id s)
{
	return ((uint64_t)p << 32 | s) * 0x9e3779b97f4a7c15u;
}

static bool
says_none(
    const struct estate *e, const struct matrix *m, principal_id p, scope_id s)
{
	struct index_walk walk = index_start(&m->nones, cell_hash(p, s));
	uint32_t i;

	while (index_next(&walk, &i)) {
		if (e->claims.at[i].principal == p &&
		    e->claims.at[i].scope == s)
			return true;
	}
	return false;
}

static bool
is_workspace(const struct estate *e, scope_id s)
{
	return s != NONE && e->scopes.at[s].kind == SCOPE_WORKSPACE;
}

static void
find_nones(struct page_writer *w, struct matrix *m)
{
	const struct estate *e = w->e;

	for (uint32_t i = 0; i < e->claims.count && w->error == ACTAS_OK; i++) {
		const struct claim *c = &e->claims.at[i];

		if (c->says != CLAIM_HAS_NONE || c->principal == NONE ||
		    !is_workspace(e, c->scope))
			continue;
		writer_keep(w,
		    index_add(&m->nones, cell_hash(c->principal, c->scope), i));
		m->fit[c->principal] = FIT_COLUMN;
	}
}

/* Whether a cell can say all of the grant. */
static bool
fits_cell(
    const struct estate *e, const struct matrix *m, const struct assignment *a)
{
	bool disputed = (a->flags & ASSIGNMENT_DISPUTED) != 0;

	return a->condition == 0 && e->roles.at[a->role].name != 0 &&
	    e->roles.at[a->role].plane == PLANE_FABRIC &&
	    (a->flags & ~(uint32_t)ASSIGNMENT_DISPUTED) == 0 &&
	    disputed == says_none(e, m, a->principal, a->scope);
}

static void
choose_columns(struct page_writer *w, struct matrix *m)
{
	const struct estate *e = w->e;

	for (assignment_id i = 0; i < e->grants.count; i++) {
		struct assignment a = estate_assignment(e, i);
		bool repeated = i > 0 && e->holders[i - 1] == a.principal &&
		    e->grants.at[i - 1].scope == a.scope;

		if (!is_workspace(e, a.scope) ||
		    m->fit[a.principal] == FIT_NEVER)
			continue;
		m->fit[a.principal] =
		    !repeated && fits_cell(e, m, &a) ? FIT_COLUMN : FIT_NEVER;
	}
	for (principal_id p = 0; p < e->principals.count; p++) {
		if (m->fit[p] != FIT_COLUMN)
			continue;
		if (m->count < MOST_MATRIX_COLUMNS)
			m->columns[m->count] = p;
		m->count++;
	}
}

static void
write_cell(
    struct page_writer *w, const struct matrix *m, principal_id p, scope_id s)
{
	const struct estate *e = w->e;

	for (uint32_t i = e->first_of_principal[p];
	     i < e->first_of_principal[p + 1]; i++) {
		if (e->grants.at[i].scope == s && !says_none(e, m, p, s)) {
			writer_role_cell(
			    w, estate_assignment(e, i).role, s, w->out);
			return;
		}
	}
	buffer_puts(w->out, "--");
}

static void
write_matrix_table(struct page_writer *w, const struct matrix *m)
{
	const struct estate *e = w->e;

	buffer_puts(w->out, "\n## Workspace Access Matrix\n\n| Workspace");
	for (uint32_t i = 0; i < m->count; i++) {
		buffer_puts(w->out, " | ");
		writer_principal_cell(w, m->columns[i], w->out);
	}
	buffer_puts(w->out, " |\n|---");
	for (uint32_t i = 0; i < m->count; i++)
		buffer_puts(w->out, "|---");
	buffer_puts(w->out, "|\n");
	for (scope_id s = 1; s < e->scopes.count; s++) {
		if (!is_workspace(e, s))
			continue;
		buffer_puts(w->out, "| ");
		md_name(w->out, writer_scope(w, s));
		for (uint32_t i = 0; i < m->count; i++) {
			buffer_puts(w->out, " | ");
			write_cell(w, m, m->columns[i], s);
		}
		buffer_puts(w->out, " |\n");
	}
}

/* A matrix too wide to be read is not written: the tables of roles say all
 * that it would. */
void
write_matrix(struct page_writer *w)
{
	struct matrix m = {0};

	m.fit = arena_zero(&w->arena, w->e->principals.count + 1u, 1);
	if (m.fit == NULL) {
		writer_keep(w, ACTAS_ENOMEM);
		return;
	}
	find_nones(w, &m);
	choose_columns(w, &m);
	if (w->error == ACTAS_OK && m.count > 0 &&
	    m.count <= MOST_MATRIX_COLUMNS)
		write_matrix_table(w, &m);
	index_release(&m.nones);
}
