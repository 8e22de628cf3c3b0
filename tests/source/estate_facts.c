#include "estate_facts.h"

#include "estate/names.h"

#include <stdlib.h>

struct facts {
	const struct estate *e;
	struct buffer text; /* the fact being written, then kept */
	VECTOR(size_t) ends;
};

static void
put(struct facts *f, const char *label, struct slice text)
{
	buffer_addf(&f->text, " %s=\"", label);
	for (size_t i = 0; i < text.length; i++)
		buffer_addf(
		    &f->text, text.at[i] == '\n' ? "\\n" : "%c", text.at[i]);
	buffer_putc(&f->text, '"');
}

static void
put_text(struct facts *f, const char *label, string_id text)
{
	if (text != 0)
		put(f, label, estate_text(f->e, text));
}

static void
put_guid(struct facts *f, const char *label, struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1];

	if (guid_is_nil(id))
		return;
	guid_format(id, text);
	put(f, label, slice_of(text));
}

static void
put_number(struct facts *f, const char *label, int64_t number)
{
	if (number != 0 && number != MOMENT_UNKNOWN)
		buffer_addf(&f->text, " %s=%lld", label, (long long)number);
}

static void
put_principal(struct facts *f, const char *label, principal_id p)
{
	const struct principal *row;

	if (p == NONE)
		return;
	row = &f->e->principals.at[p];
	buffer_addf(&f->text, " %s=(", label);
	put_text(f, "name", row->name);
	put_text(f, "upn", row->upn);
	put_guid(f, "id", row->object_id);
	put_guid(f, "app", row->app_id);
	buffer_puts(&f->text, ")");
}

static void
put_scope(struct facts *f, const char *label, scope_id s)
{
	struct buffer path = {0};

	if (s == NONE)
		return;
	estate_write_path(f->e, s, &path);
	put(f, label, buffer_slice(&path));
	put_text(f, "type", f->e->scopes.at[s].type);
	buffer_release(&path);
}

static void
put_item(struct facts *f, const char *label, item_id i)
{
	put_scope(f, label, i == NONE ? NONE : f->e->items.at[i].scope);
}

static void
put_patterns(struct facts *f, const char *label, struct patterns run)
{
	for (uint32_t i = 0; i < run.count; i++)
		put(f, label,
		    estate_text(f->e, f->e->patterns.at[run.from + i]));
}

static void
put_permissions(struct facts *f, uint32_t from, uint32_t count)
{
	for (uint32_t i = from; i < from + count; i++) {
		const struct permission *p = &f->e->permissions.at[i];

		buffer_puts(&f->text, " {");
		put_patterns(f, "+", p->actions);
		put_patterns(f, "-", p->not_actions);
		put_patterns(f, "data+", p->data_actions);
		put_patterns(f, "data-", p->not_data_actions);
		put_text(f, "if", p->condition);
		buffer_puts(&f->text, "}");
	}
}

static void
put_role(struct facts *f, role_id r)
{
	const struct role *row;

	if (r == NONE)
		return;
	row = &f->e->roles.at[r];
	put_number(f, "plane", row->plane);
	put_text(f, "role", row->name);
	put_guid(f, "role-id", row->id);
}

static void
begin(struct facts *f, const char *kind)
{
	buffer_puts(&f->text, kind);
}

static void
end(struct facts *f)
{
	buffer_putc(&f->text, '\0');
	if (vector_push(&f->ends, f->text.length) != ACTAS_OK)
		abort();
}

static void
principal_facts(struct facts *f)
{
	const struct estate *e = f->e;

	for (principal_id p = 0; p < e->principals.count; p++) {
		const struct principal *row = &e->principals.at[p];

		begin(f, "principal");
		put_principal(f, "is", p);
		put_number(f, "kind", row->kind);
		put_number(f, "flags", row->flags);
		put_text(f, "purpose", row->purpose);
		put_text(f, "licence", row->licence);
		put_text(f, "home", row->home);
		put_scope(f, "workspace", row->workspace);
		end(f);
	}
	for (uint32_t i = 0; i < e->applications.count; i++) {
		const struct application *row = &e->applications.at[i];

		begin(f, "application");
		put_guid(f, "app", row->app_id);
		put_guid(f, "id", row->object_id);
		put_text(f, "name", row->name);
		put_principal(f, "of", row->principal);
		put_scope(f, "scope", row->scope);
		end(f);
	}
	for (uint32_t i = 0; i < e->memberships.count; i++) {
		begin(f, "member");
		put_principal(f, "group", e->memberships.at[i].group);
		put_principal(f, "member", e->memberships.at[i].member);
		end(f);
	}
}

static void
grant_facts(struct facts *f)
{
	const struct estate *e = f->e;

	for (role_id r = 0; r < e->roles.count; r++) {
		const struct role *row = &e->roles.at[r];

		if (row->builtin || row->permission_count == 0)
			continue;
		begin(f, "role");
		put_role(f, r);
		put_permissions(f, row->permissions, row->permission_count);
		end(f);
	}
	for (assignment_id i = 0; i < e->grants.count; i++) {
		struct assignment a = estate_assignment(e, i);

		begin(f, "assignment");
		put_principal(f, "to", a.principal);
		put_role(f, a.role);
		put_scope(f, "on", a.scope);
		put_guid(f, "id", a.id);
		put_text(f, "if", a.condition);
		put_number(f, "flags", a.flags);
		end(f);
	}
	for (uint32_t i = 0; i < e->denials.count; i++) {
		const struct deny_assignment *d = &e->denials.at[i];

		begin(f, "denial");
		put_guid(f, "id", d->id);
		put_text(f, "name", d->name);
		put_scope(f, "on", d->scope);
		put_number(f, "everyone", d->everyone);
		put_number(f, "not-below", d->not_for_children);
		for (uint32_t k = 0; k < d->principal_count; k++)
			put_principal(
			    f, "to", e->denial_ids.at[d->principals + k]);
		for (uint32_t k = 0; k < d->excluded_count; k++)
			put_principal(
			    f, "but", e->denial_ids.at[d->excluded + k]);
		put_permissions(f, d->permissions, d->permission_count);
		end(f);
	}
}

static void
place_facts(struct facts *f)
{
	const struct estate *e = f->e;

	for (scope_id s = 1; s < e->scopes.count; s++) {
		begin(f, "scope");
		put_scope(f, "is", s);
		put_number(f, "kind", e->scopes.at[s].kind);
		put_text(f, "name", e->scopes.at[s].name);
		put_scope(f, "in", e->scopes.at[s].parent);
		end(f);
	}
	for (uint32_t i = 0; i < e->vaults.count; i++) {
		const struct vault *v = &e->vaults.at[i];

		begin(f, "vault");
		put_scope(f, "is", v->scope);
		put_number(f, "model", v->model);
		put_number(f, "stated", v->stated);
		put_number(f, "purge", v->purge_protection);
		put_number(f, "soft", v->soft_delete);
		put_number(f, "public", v->public_access);
		put_number(f, "firewall", v->firewall);
		put_guid(f, "tenant", v->tenant);
		put_text(f, "location", v->location);
		end(f);
	}
	for (uint32_t i = 0; i < e->secrets.count; i++) {
		const struct secret *s = &e->secrets.at[i];

		begin(f, "secret");
		put_scope(f, "is", s->scope);
		put_number(f, "enabled", s->enabled);
		put_number(f, "no-secret", s->not_secret);
		put_number(f, "expires", s->expires);
		put_number(f, "not-before", s->not_before);
		put_number(f, "created", s->created);
		put_number(f, "updated", s->updated);
		put_text(f, "purpose", s->purpose);
		end(f);
	}
	for (uint32_t i = 0; i < e->usages.count; i++) {
		begin(f, "usage");
		put_scope(f, "of", e->usages.at[i].secret);
		put_principal(f, "by", e->usages.at[i].principal);
		put_item(f, "by", e->usages.at[i].item);
		end(f);
	}
	for (uint32_t i = 0; i < e->connections.count; i++) {
		const struct connection *c = &e->connections.at[i];

		begin(f, "connection");
		put_scope(f, "is", c->scope);
		put_principal(f, "backed-by", c->principal);
		put_text(f, "scheme", c->scheme);
		put_text(f, "purpose", c->purpose);
		put_number(f, "all", c->all_pipelines);
		put_number(f, "ready", c->ready);
		end(f);
	}
	for (uint32_t i = 0; i < e->authorizations.count; i++) {
		const struct authorization *a = &e->authorizations.at[i];

		begin(f, "authorized");
		put_scope(f, "for", e->connections.at[a->connection].scope);
		put_item(f, "item", a->item);
		end(f);
	}
}

static void
item_facts(struct facts *f)
{
	const struct estate *e = f->e;

	for (uint32_t i = 0; i < e->items.count; i++) {
		const struct item *row = &e->items.at[i];

		begin(f, "item");
		put_item(f, "is", i);
		put_number(f, "kind", row->kind);
		put_principal(f, "owner", row->owner);
		put_principal(f, "modified", row->modified_by);
		put_principal(f, "runs-as", row->run_identity);
		put_principal(f, "set-by", row->run_identity_by);
		end(f);
	}
	for (uint32_t i = 0; i < e->schedules.count; i++) {
		const struct schedule *s = &e->schedules.at[i];

		begin(f, "schedule");
		put_item(f, "of", s->item);
		put_text(f, "name", s->name);
		put_principal(f, "updated", s->updated_by);
		put_number(f, "enabled", s->enabled);
		end(f);
	}
	for (uint32_t i = 0; i < e->activities.count; i++) {
		const struct activity *a = &e->activities.at[i];

		begin(f, "activity");
		put_item(f, "of", a->parent);
		put_item(f, "starts", a->child);
		put_text(f, "name", a->name);
		put_principal(f, "as", a->identity);
		end(f);
	}
	for (uint32_t i = 0; i < e->needs.count; i++) {
		begin(f, "need");
		put_item(f, "of", e->needs.at[i].item);
		put_text(f, "action", e->needs.at[i].action);
		put_scope(f, "on", e->needs.at[i].scope);
		end(f);
	}
	for (uint32_t i = 0; i < e->ownerships.count; i++) {
		const struct ownership *o = &e->ownerships.at[i];

		begin(f, "owns");
		put_principal(f, "owner", o->principal);
		put_scope(f, "thing", o->scope);
		put_number(f, "kind", o->item_kind);
		end(f);
	}
}

static void
credential_facts(struct facts *f)
{
	const struct estate *e = f->e;

	for (uint32_t i = 0; i < e->credentials.count; i++) {
		const struct credential *c = &e->credentials.at[i];

		begin(f, "credential");
		put_principal(f, "of", c->principal);
		if (c->application != NONE)
			put_guid(f, "app",
			    e->applications.at[c->application].app_id);
		put_guid(f, "key", c->key_id);
		put_text(f, "name", c->name);
		put_text(f, "issuer", c->issuer);
		put_text(f, "subject", c->subject);
		put_number(f, "kind", c->kind);
		put_number(f, "starts", c->starts);
		put_number(f, "ends", c->ends);
		end(f);
	}
	for (uint32_t i = 0; i < e->sinks.count; i++) {
		const struct sink *s = &e->sinks.at[i];

		begin(f, "sink");
		put_principal(f, "of", s->principal);
		put_scope(f, "in", s->scope);
		put_text(f, "file", s->file);
		put_number(f, "kind", s->kind);
		put_number(f, "planned", s->plan != NONE);
		put_number(f, "in-steps", s->in_steps);
		end(f);
	}
	for (uint32_t i = 0; i < e->plans.count; i++) {
		const struct plan *p = &e->plans.at[i];

		begin(f, "plan");
		put_principal(f, "of", p->principal);
		put_number(f, "steps", p->has_steps);
		put_number(f, "verifies", p->has_verification);
		put_number(f, "deletes", p->deletes_old);
		end(f);
	}
	for (uint32_t i = 0; i < e->verifications.count; i++) {
		const struct verification *v = &e->verifications.at[i];

		begin(f, "verification");
		put_principal(f, "of", e->plans.at[v->plan].principal);
		put_item(f, "runs", v->item);
		end(f);
	}
}

static void
rule_facts(struct facts *f)
{
	const struct estate *e = f->e;

	for (uint32_t i = 0; i < e->policies.count; i++) {
		const struct policy *p = &e->policies.at[i];

		begin(f, "policy");
		put_number(f, "kind", p->kind);
		put_number(f, "principal-kind", p->principal_kind);
		put_number(f, "personal", p->personal);
		put_number(f, "item", p->item_kind);
		put_principal(f, "principal", p->principal);
		put_role(f, p->role);
		put_scope(f, "on", p->scope);
		put_text(f, "text", p->text);
		end(f);
	}
	for (uint32_t i = 0; i < e->settings.count; i++) {
		const struct setting *s = &e->settings.at[i];

		begin(f, "setting");
		put_text(f, "rule", s->rule);
		put_text(f, "severity", s->severity);
		put_text(f, "subject", s->subject);
		put_text(f, "reason", s->reason);
		end(f);
	}
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
estate_facts(const struct estate *e, struct buffer *out)
{
	struct facts f = {.e = e};
	const char **lines;

	principal_facts(&f);
	grant_facts(&f);
	place_facts(&f);
	item_facts(&f);
	credential_facts(&f);
	rule_facts(&f);
	lines = mem_zero(f.ends.count + 1u, sizeof *lines);
	if (lines == NULL || f.text.error != ACTAS_OK)
		abort();
	for (uint32_t i = 0; i < f.ends.count; i++)
		lines[i] = f.text.at + (i == 0 ? 0 : f.ends.at[i - 1]);
	qsort(lines, f.ends.count, sizeof *lines, compare);
	for (uint32_t i = 0; i < f.ends.count; i++) {
		/* Rows that say the same are one fact. */
		if (i == 0 || strcmp(lines[i], lines[i - 1]) != 0)
			buffer_addf(out, "%s\n", lines[i]);
	}
	mem_free(lines);
	buffer_release(&f.text);
	vector_release(&f.ends);
}
