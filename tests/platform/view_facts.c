#include "view_facts.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "estate/names.h"

#include <stdlib.h>
#include <string.h>

struct lines {
	char **at;
	uint32_t count, room;
};

static void
add_line(struct lines *l, struct buffer *text)
{
	assert_int_equal(text->error, ACTAS_OK);
	if (l->count == l->room) {
		l->room = l->room * 2 + 64;
		l->at = realloc(l->at, l->room * sizeof *l->at);
		assert_non_null(l->at);
	}
	l->at[l->count++] = strdup(buffer_text(text));
	buffer_clear(text);
}

static int
line_order(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

static void
put_id(struct buffer *out, struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1];

	guid_format(id, text);
	buffer_addf(out, " %s", text);
}

static struct guid
who(const struct estate *e, principal_id p)
{
	return e->principals.at[p].object_id;
}

static void
list_assignments(const struct estate *e, struct lines *lines)
{
	struct buffer out = {0};

	for (assignment_id i = 0; i < e->grants.count; i++) {
		struct assignment a = estate_assignment(e, i);

		buffer_puts(&out, "grant");
		put_id(&out, a.id);
		put_id(&out, who(e, a.principal));
		put_id(&out, e->roles.at[a.role].id);
		buffer_addf(&out, " %.*s %u %.*s %.*s:%u ",
		    SLICE_ARGS(estate_text(e, e->roles.at[a.role].name)),
		    a.flags, SLICE_ARGS(estate_text(e, a.condition)),
		    SLICE_ARGS(estate_text(e, a.origin.file)), a.origin.line);
		estate_write_path(e, a.scope, &out);
		add_line(lines, &out);
	}
	buffer_release(&out);
}

static void
list_people(const struct estate *e, struct lines *lines)
{
	struct buffer out = {0};

	for (principal_id p = 0; p < e->principals.count; p++) {
		const struct principal *row = &e->principals.at[p];
		const struct application *app = estate_application(e, p);
		struct ids groups = estate_groups_of(e, p);

		for (uint32_t i = 0; i < groups.count; i++) {
			buffer_puts(&out, "in");
			put_id(&out, who(e, p));
			put_id(&out, who(e, groups.at[i]));
			add_line(lines, &out);
		}
		if (!(row->flags & PRINCIPAL_DECLARED))
			continue;
		buffer_puts(&out, "one");
		put_id(&out, row->object_id);
		put_id(&out, row->app_id);
		if (app != NULL)
			put_id(&out, app->object_id);
		buffer_addf(&out, " %u %u %.*s %.*s", row->kind, row->flags,
		    SLICE_ARGS(estate_text(e, row->name)),
		    SLICE_ARGS(estate_text(e, row->upn)));
		add_line(lines, &out);
	}
	for (uint32_t i = 0; i < e->memberships.count; i++) {
		buffer_puts(&out, "member");
		put_id(&out, who(e, e->memberships.at[i].group));
		put_id(&out, who(e, e->memberships.at[i].member));
		add_line(lines, &out);
	}
	buffer_release(&out);
}

/* Scopes that are there: what paths lead to. */
static void
list_scopes(const struct estate *e, struct lines *lines)
{
	struct buffer out = {0};

	for (scope_id s = 0; s < e->scopes.count; s++) {
		const struct scope *row = &e->scopes.at[s];

		if (row->forgotten)
			continue;
		buffer_addf(&out, "scope %u %u %u %u %.*s ", row->kind,
		    row->declared, row->granted, row->model,
		    SLICE_ARGS(estate_text(e, row->name)));
		estate_write_path(e, s, &out);
		add_line(lines, &out);
	}
	buffer_release(&out);
}

static struct lines
facts(const struct estate *e)
{
	struct lines lines = {0};

	list_assignments(e, &lines);
	list_people(e, &lines);
	list_scopes(e, &lines);
	if (lines.count > 0)
		qsort(lines.at, lines.count, sizeof *lines.at, line_order);
	return lines;
}

static void
drop_lines(struct lines *l)
{
	for (uint32_t i = 0; i < l->count; i++)
		free(l->at[i]);
	free(l->at);
}

void
expect_same_facts(
    const struct estate *a, const struct estate *b, const char *after)
{
	struct lines x = facts(a), y = facts(b);

	for (uint32_t i = 0; i < x.count || i < y.count; i++) {
		const char *p = i < x.count ? x.at[i] : "nothing";
		const char *q = i < y.count ? y.at[i] : "nothing";

		if (strcmp(p, q) != 0)
			fail_msg("after %s: revised \"%s\", anew \"%s\"", after,
			    p, q);
	}
	drop_lines(&x);
	drop_lines(&y);
}
