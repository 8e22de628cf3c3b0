#ifndef TESTS_AZURE_DUMP_H
#define TESTS_AZURE_DUMP_H

/* An estate as sorted lines of text, one a fact, without row numbers: equal
 * for equal estates in whichever order they were read. Where a thing is only
 * mentioned, its origin is left out, since any mention may be the first. */

#include "azure_test.h"

static inline void
dump_origin(struct buffer *out, const struct estate *e, struct origin o)
{
	buffer_addf(out, " @%s:%u\n", text_of(e, o.file), o.line);
}

static inline void
dump_principal(struct buffer *out, const struct estate *e, principal_id p)
{
	const struct principal *row;
	char id[GUID_TEXT_LENGTH + 1];

	if (p == NONE) {
		buffer_puts(out, " -");
		return;
	}
	row = &e->principals.at[p];
	guid_format(
	    guid_is_nil(row->object_id) ? row->app_id : row->object_id, id);
	buffer_addf(out, " %s",
	    guid_is_nil(row->object_id) && row->upn != 0 ? text_of(e, row->upn)
							 : id);
}

static inline void
dump_scope(struct buffer *out, const struct estate *e, scope_id s)
{
	const struct scope *row;

	if (s == NONE) {
		buffer_puts(out, " -");
		return;
	}
	row = &e->scopes.at[s];
	if (s == 0) {
		buffer_puts(out, " /");
		return;
	}
	dump_scope(out, e, row->parent);
	buffer_addf(out, ">%u:%s%s%s", row->kind, text_of(e, row->type),
	    row->type != 0 ? ":" : "", text_of(e, row->segment));
}

static inline void
dump_guid(struct buffer *out, struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1];

	guid_format(id, text);
	buffer_addf(out, " %s", guid_is_nil(id) ? "-" : text);
}

static inline void
dump_people(struct buffer *out, const struct estate *e)
{
	for (principal_id p = 0; p < e->principals.count; p++) {
		const struct principal *row = &e->principals.at[p];

		buffer_puts(out, "principal");
		dump_principal(out, e, p);
		buffer_addf(out, " kind=%u flags=%u \"%s\" %s app=", row->kind,
		    row->flags, text_of(e, row->name), text_of(e, row->upn));
		dump_guid(out, row->app_id);
		buffer_addf(out, " home=%s in=", text_of(e, row->home));
		dump_scope(out, e, row->workspace);
		if (row->flags & PRINCIPAL_DECLARED)
			dump_origin(out, e, row->origin);
		else
			buffer_puts(out, "\n");
	}
	for (uint32_t i = 0; i < e->memberships.count; i++) {
		buffer_puts(out, "member");
		dump_principal(out, e, e->memberships.at[i].member);
		buffer_puts(out, " of");
		dump_principal(out, e, e->memberships.at[i].group);
		dump_origin(out, e, e->memberships.at[i].origin);
	}
	for (uint32_t i = 0; i < e->applications.count; i++) {
		const struct application *row = &e->applications.at[i];

		buffer_puts(out, "application");
		dump_guid(out, row->app_id);
		dump_guid(out, row->object_id);
		buffer_addf(out, " \"%s\"", text_of(e, row->name));
		dump_principal(out, e, row->principal);
		dump_scope(out, e, row->scope);
		buffer_puts(out, "\n");
	}
	for (uint32_t i = 0; i < e->credentials.count; i++) {
		const struct credential *row = &e->credentials.at[i];

		buffer_addf(out, "credential kind=%u", row->kind);
		dump_principal(out, e, row->principal);
		dump_guid(out,
		    row->application == NONE
			? (struct guid){0}
			: e->applications.at[row->application].app_id);
		dump_guid(out, row->key_id);
		buffer_addf(out, " \"%s\" %s %s %lld %lld",
		    text_of(e, row->name), text_of(e, row->issuer),
		    text_of(e, row->subject), (long long)row->starts,
		    (long long)row->ends);
		dump_origin(out, e, row->origin);
	}
}

static inline void
dump_places(struct buffer *out, const struct estate *e)
{
	for (scope_id s = 1; s < e->scopes.count; s++) {
		const struct scope *row = &e->scopes.at[s];

		buffer_puts(out, "scope");
		dump_scope(out, e, s);
		buffer_addf(out, " \"%s\"", text_of(e, row->name));
		if (row->declared)
			dump_origin(out, e, row->origin);
		else
			buffer_puts(out, "\n");
	}
	for (uint32_t i = 0; i < e->vaults.count; i++) {
		const struct vault *v = &e->vaults.at[i];

		buffer_puts(out, "vault");
		dump_scope(out, e, v->scope);
		buffer_addf(out,
		    " model=%u stated=%u purge=%u soft=%u public=%u "
		    "firewall=%u %s",
		    v->model, v->stated, v->purge_protection, v->soft_delete,
		    v->public_access, v->firewall, text_of(e, v->location));
		dump_guid(out, v->tenant);
		dump_origin(out, e, v->origin);
	}
	for (uint32_t i = 0; i < e->secrets.count; i++) {
		const struct secret *s = &e->secrets.at[i];

		buffer_puts(out, "secret");
		dump_scope(out, e, s->scope);
		buffer_addf(out, " enabled=%u exp=%lld nbf=%lld %lld %lld",
		    s->enabled, (long long)s->expires, (long long)s->not_before,
		    (long long)s->created, (long long)s->updated);
		dump_origin(out, e, s->origin);
	}
}

static inline void
dump_items(struct buffer *out, const struct estate *e)
{
	for (uint32_t i = 0; i < e->connections.count; i++) {
		const struct connection *c = &e->connections.at[i];

		buffer_puts(out, "connection");
		dump_scope(out, e, c->scope);
		dump_principal(out, e, c->principal);
		buffer_addf(out, " %s \"%s\" all=%u ready=%u",
		    text_of(e, c->scheme), text_of(e, c->purpose),
		    c->all_pipelines, c->ready);
		dump_origin(out, e, c->origin);
	}
	for (uint32_t i = 0; i < e->authorizations.count; i++) {
		const struct authorization *a = &e->authorizations.at[i];

		buffer_puts(out, "authorization");
		dump_scope(out, e, e->connections.at[a->connection].scope);
		dump_scope(out, e, e->items.at[a->item].scope);
		dump_origin(out, e, a->origin);
	}
	for (uint32_t i = 0; i < e->items.count; i++) {
		buffer_addf(out, "item kind=%u", e->items.at[i].kind);
		dump_scope(out, e, e->items.at[i].scope);
		dump_principal(out, e, e->items.at[i].owner);
		buffer_puts(out, "\n");
	}
	for (uint32_t i = 0; i < e->schedules.count; i++) {
		const struct schedule *s = &e->schedules.at[i];

		buffer_puts(out, "schedule");
		dump_scope(out, e, e->items.at[s->item].scope);
		dump_principal(out, e, s->updated_by);
		buffer_addf(
		    out, " enabled=%u \"%s\"", s->enabled, text_of(e, s->name));
		dump_origin(out, e, s->origin);
	}
}

static inline void
dump_patterns(struct buffer *out, const struct estate *e, struct patterns run)
{
	for (uint32_t i = 0; i < run.count; i++)
		buffer_addf(out, "%s%s", i == 0 ? " " : ",",
		    text_of(e, e->patterns.at[run.from + i]));
	if (run.count == 0)
		buffer_puts(out, " -");
}

static inline void
dump_permissions(
    struct buffer *out, const struct estate *e, uint32_t first, uint32_t count)
{
	for (uint32_t i = first; i < first + count; i++) {
		const struct permission *p = &e->permissions.at[i];

		dump_patterns(out, e, p->actions);
		dump_patterns(out, e, p->not_actions);
		dump_patterns(out, e, p->data_actions);
		dump_patterns(out, e, p->not_data_actions);
		buffer_addf(out, " if \"%s\"", text_of(e, p->condition));
	}
}

static inline void
dump_rights(struct buffer *out, const struct estate *e)
{
	for (role_id r = 0; r < e->roles.count; r++) {
		const struct role *row = &e->roles.at[r];

		if (row->builtin)
			continue;
		buffer_addf(out, "role plane=%u \"%s\"", row->plane,
		    text_of(e, row->name));
		dump_guid(out, row->id);
		dump_permissions(
		    out, e, row->permissions, row->permission_count);
		buffer_puts(out, "\n");
	}
	for (assignment_id i = 0; i < e->grants.count; i++) {
		struct assignment a = estate_assignment(e, i);

		buffer_puts(out, "assignment");
		dump_principal(out, e, a.principal);
		buffer_addf(
		    out, " \"%s\"", text_of(e, e->roles.at[a.role].name));
		dump_scope(out, e, a.scope);
		dump_guid(out, a.id);
		buffer_addf(out, " flags=%u if \"%s\"", a.flags,
		    text_of(e, a.condition));
		dump_origin(out, e, a.origin);
	}
	for (uint32_t i = 0; i < e->denials.count; i++) {
		const struct deny_assignment *d = &e->denials.at[i];

		buffer_puts(out, "denial");
		dump_guid(out, d->id);
		dump_scope(out, e, d->scope);
		buffer_addf(out, " \"%s\" everyone=%u here=%u",
		    text_of(e, d->name), d->everyone, d->not_for_children);
		dump_permissions(out, e, d->permissions, d->permission_count);
		for (uint32_t k = 0; k < d->principal_count; k++)
			dump_principal(
			    out, e, e->denial_ids.at[d->principals + k]);
		buffer_puts(out, " but");
		for (uint32_t k = 0; k < d->excluded_count; k++)
			dump_principal(
			    out, e, e->denial_ids.at[d->excluded + k]);
		dump_origin(out, e, d->origin);
	}
	for (uint32_t i = 0; i < e->problems.count; i++) {
		const struct problem *p = &e->problems.at[i];

		buffer_addf(out, "problem %u [%s] %s", p->kind,
		    text_of(e, p->subject), text_of(e, p->message));
		dump_origin(out, e, p->origin);
	}
}

/* Sorts the lines of a text. */
static inline void
sort_lines(struct slice text, struct buffer *out)
{
	VECTOR(const char *) lines = {0};
	struct arena arena = {0};
	struct slice line;

	while (slice_cut(&text, '\n', &line))
		if (line.length > 0)
			assert_int_equal(
			    vector_push(&lines, arena_text(&arena, line)),
			    ACTAS_OK);
	qsort(lines.at, lines.count, sizeof *lines.at, by_text);
	for (uint32_t i = 0; i < lines.count; i++)
		buffer_addf(out, "%s\n", lines.at[i]);
	vector_release(&lines);
	arena_release(&arena);
}

static inline void
dump(const struct estate *e, struct buffer *out)
{
	struct buffer all = {0};

	dump_people(&all, e);
	dump_places(&all, e);
	dump_items(&all, e);
	dump_rights(&all, e);
	assert_int_equal(all.error, ACTAS_OK);
	sort_lines(buffer_slice(&all), out);
	assert_int_equal(out->error, ACTAS_OK);
	buffer_release(&all);
}

#endif
