#include "source/page/page_write.h"

/* Places and things: what access is to. */

/* Kinds that a table of their own places well enough: it says what they lie
 * in. A group is a scope where somebody has a role at it. */
static bool
is_placed(const struct estate *e, scope_id s)
{
	const struct scope *row = &e->scopes.at[s];

	if (row->kind == SCOPE_GROUP)
		return true;
	return row->kind == SCOPE_SECRET && row->name == 0 &&
	    estate_secret(e, s) != NULL &&
	    (row->parent == 0 || e->scopes.at[row->parent].kind == SCOPE_VAULT);
}

static const char *
kind_word(const struct estate *e, scope_id s)
{
	const struct item *item = estate_item(e, s);

	return item != NULL ? item_kind_name(item->kind)
			    : scope_kind_name(e->scopes.at[s].kind);
}

void
write_resources(struct page_writer *w)
{
	static const char *const titles[] = {
	    "Resource", "Kind", "Parent", "Display name", "Item type", NULL};
	const struct estate *e = w->e;
	struct table t;

	/* Where there is no column for it, a kind of item implies its type. */
	table_begin(&t, titles, e->items.count > 0 ? 0x17 : 7);
	for (scope_id s = 1; s < e->scopes.count; s++) {
		const struct scope *row = &e->scopes.at[s];
		bool is_resource = row->kind == SCOPE_RESOURCE;

		if (is_placed(e, s))
			continue;
		cell_name(&t, estate_text(e, row->segment));
		if (is_resource && row->type != 0)
			cell_name(&t, estate_text(e, row->type));
		else
			cell_word(&t, kind_word(e, s));
		cell_scope(&t, w, row->parent == 0 ? NONE : row->parent);
		cell_name(&t, estate_text(e, row->name));
		cell_name(&t,
		    is_resource ? (struct slice){0}
				: estate_text(e, row->type));
	}
	table_end(&t, "## Resources", w->out);
}

void
write_vaults(struct page_writer *w)
{
	static const char *const titles[] = {"Vault", "Permission model",
	    "Purge protection", "Soft delete", "Public access", "Firewall",
	    "Location", "Tenant ID", NULL};
	static const char *const models[] = {"", "RBAC", "access policies", ""};
	const struct estate *e = w->e;
	struct table t;

	table_begin(&t, titles, 3);
	for (uint32_t i = 0; i < e->vaults.count; i++) {
		const struct vault *v = &e->vaults.at[i];

		cell_name(&t, writer_scope(w, v->scope));
		cell_word(&t, v->stated ? models[v->model] : "");
		cell_tri(&t, v->purge_protection);
		cell_tri(&t, v->soft_delete);
		cell_tri(&t, v->public_access);
		cell_tri(&t, v->firewall);
		cell_text(&t, estate_text(e, v->location));
		cell_guid(&t, v->tenant);
	}
	table_end(&t, "## Key Vaults", w->out);
}

/* Runs of usages by secret, so that each is found without looking at all. */
struct uses {
	uint32_t *first; /* by secret scope + 1 offsets */
	uint32_t *rows;
};

static struct uses
uses_by_secret(struct page_writer *w)
{
	const struct estate *e = w->e;
	struct uses u;

	u.first = arena_zero(&w->arena, e->scopes.count + 2u, sizeof *u.first);
	u.rows = arena_zero(&w->arena, e->usages.count + 1u, sizeof *u.rows);
	if (u.first == NULL || u.rows == NULL) {
		writer_keep(w, ACTAS_ENOMEM);
		return (struct uses){0};
	}
	for (uint32_t i = 0; i < e->usages.count; i++)
		u.first[e->usages.at[i].secret + 2]++;
	for (uint32_t s = 2; s < e->scopes.count + 2u; s++)
		u.first[s] += u.first[s - 1];
	for (uint32_t i = 0; i < e->usages.count; i++)
		u.rows[u.first[e->usages.at[i].secret + 1]++] = i;
	return u;
}

static void
cell_users(
    struct table *t, struct page_writer *w, const struct uses *u, scope_id s)
{
	for (uint32_t i = u->first[s]; i < u->first[s + 1]; i++) {
		const struct usage *use = &w->e->usages.at[u->rows[i]];

		buffer_puts(&t->text, i > u->first[s] ? ", " : "");
		if (use->principal != NONE)
			writer_principal_cell(w, use->principal, &t->text);
		else if (use->item != NONE)
			md_name(&t->text,
			    writer_scope(w, w->e->items.at[use->item].scope));
	}
	cell_end(t);
}

void
write_secrets(struct page_writer *w)
{
	static const char *const titles[] = {"Secret", "Vault", "Used by",
	    "Purpose", "Expires", "Not before", "Created", "Updated", "Enabled",
	    "Holds a secret", NULL};
	const struct estate *e = w->e;
	struct uses uses = uses_by_secret(w);
	struct table t;

	if (uses.rows == NULL)
		return;
	table_begin(&t, titles, 7);
	for (uint32_t i = 0; i < e->secrets.count; i++) {
		const struct secret *s = &e->secrets.at[i];
		scope_id vault = e->scopes.at[s->scope].parent;

		cell_name(&t,
		    is_placed(e, s->scope)
			? estate_text(e, e->scopes.at[s->scope].segment)
			: writer_scope(w, s->scope));
		cell_name(&t,
		    vault == 0 ? (struct slice){0} : writer_scope(w, vault));
		cell_users(&t, w, &uses, s->scope);
		cell_text(&t, estate_text(e, s->purpose));
		cell_moment(&t, s->expires);
		cell_moment(&t, s->not_before);
		cell_moment(&t, s->created);
		cell_moment(&t, s->updated);
		cell_tri(&t, s->enabled);
		cell_word(&t, s->not_secret ? "no" : "");
	}
	table_end(&t, "## Key Vault Access", w->out);
}

/* Returns whether any is named. */
static bool
cell_pipelines(struct table *t, struct page_writer *w, uint32_t connection)
{
	const struct estate *e = w->e;
	bool any = false;

	if (e->connections.at[connection].all_pipelines == YES)
		buffer_puts(&t->text, "All pipelines");
	for (uint32_t i = 0; i < e->authorizations.count; i++) {
		const struct authorization *a = &e->authorizations.at[i];

		if (a->connection != connection)
			continue;
		buffer_puts(&t->text, any ? ", " : "");
		md_name(&t->text, writer_scope(w, e->items.at[a->item].scope));
		any = true;
	}
	cell_end(t);
	return any;
}

void
write_connections(struct page_writer *w)
{
	static const char *const titles[] = {"Service Connection", "Backed by",
	    "Pipelines Authorized", "Open to all pipelines", "Purpose",
	    "Scheme", "Ready", NULL};
	const struct estate *e = w->e;
	struct table t;

	table_begin(&t, titles, 3);
	for (uint32_t i = 0; i < e->connections.count; i++) {
		const struct connection *c = &e->connections.at[i];
		bool authorized;

		cell_name(&t, writer_scope(w, c->scope));
		cell_principal(&t, w, c->principal);
		authorized = cell_pipelines(&t, w, i);
		cell_word(
		    &t, c->all_pipelines == NO && !authorized ? "no" : "");
		cell_text(&t, estate_text(e, c->purpose));
		cell_text(&t, estate_text(e, c->scheme));
		cell_tri(&t, c->ready);
	}
	table_end(&t, "## Service Connections", w->out);
}

/* Where items lie stands in the table of resources: said here again, an item
 * whose name is not its segment would be declared twice. */
static void
write_item_table(struct page_writer *w)
{
	static const char *const titles[] = {"Item", "Kind", "Owner",
	    "Modified by", "Run as", "Run as set by", NULL};
	const struct estate *e = w->e;
	struct table t;

	table_begin(&t, titles, 7);
	for (uint32_t i = 0; i < e->items.count; i++) {
		const struct item *item = &e->items.at[i];

		cell_item(&t, w, i);
		cell_word(&t, item_kind_name(item->kind));
		cell_principal(&t, w, item->owner);
		cell_principal(&t, w, item->modified_by);
		cell_principal(&t, w, item->run_identity);
		cell_principal(&t, w, item->run_identity_by);
	}
	table_end(&t, "## Items", w->out);
}

static void
write_schedules(struct page_writer *w)
{
	static const char *const titles[] = {
	    "Item", "Schedule", "Updated by", "Enabled", NULL};
	struct table t;

	table_begin(&t, titles, 3);
	for (uint32_t i = 0; i < w->e->schedules.count; i++) {
		const struct schedule *s = &w->e->schedules.at[i];

		cell_item(&t, w, s->item);
		cell_name(&t, estate_text(w->e, s->name));
		cell_principal(&t, w, s->updated_by);
		cell_tri(&t, s->enabled);
	}
	table_end(&t, "## Schedules", w->out);
}

static void
write_activities(struct page_writer *w)
{
	static const char *const titles[] = {
	    "Pipeline", "Starts", "Activity", "Identity", NULL};
	struct table t;

	table_begin(&t, titles, 3);
	for (uint32_t i = 0; i < w->e->activities.count; i++) {
		const struct activity *a = &w->e->activities.at[i];

		cell_item(&t, w, a->parent);
		cell_item(&t, w, a->child);
		cell_name(&t, estate_text(w->e, a->name));
		cell_principal(&t, w, a->identity);
	}
	table_end(&t, "## Activities", w->out);
}

static void
write_needs(struct page_writer *w)
{
	static const char *const titles[] = {"Item", "Needs", "On", NULL};
	struct table t;

	table_begin(&t, titles, 7);
	for (uint32_t i = 0; i < w->e->needs.count; i++) {
		const struct need *n = &w->e->needs.at[i];

		cell_item(&t, w, n->item);
		cell_name(&t, estate_text(w->e, n->action));
		cell_scope(&t, w, n->scope);
	}
	table_end(&t, "## Needs", w->out);
}

void
write_items(struct page_writer *w)
{
	write_item_table(w);
	write_schedules(w);
	write_activities(w);
	write_needs(w);
}

void
write_owners(struct page_writer *w)
{
	static const char *const titles[] = {"Owner", "Owns", NULL};
	struct table t;

	table_begin(&t, titles, 3);
	for (uint32_t i = 0; i < w->e->ownerships.count; i++) {
		const struct ownership *o = &w->e->ownerships.at[i];

		cell_principal(&t, w, o->principal);
		if (o->scope != NONE)
			cell_scope(&t, w, o->scope);
		else {
			buffer_addf(
			    &t.text, "%ss", item_kind_name(o->item_kind));
			cell_end(&t);
		}
	}
	table_end(&t, "## Owners", w->out);
}
