/* How findings name things: short, and the same way in every rule. */

#include "engine/rules/rules_check.h"
#include "estate/names.h"

#include <stdio.h>
#include <stdlib.h>

const char *
text(struct check *c, const char *format, ...)
{
	va_list args;
	char *p;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	p = n < 0 ? NULL : check_zero(c, (size_t)n + 1, 1);
	if (p == NULL)
		return "";
	va_start(args, format);
	vsnprintf(p, (size_t)n + 1, format, args);
	va_end(args);
	return p;
}

const char *
string(const struct check *c, string_id id)
{
	return estate_text(c->e, id).at;
}

static const char *
keep(struct check *c, struct buffer *b)
{
	const char *p = "";

	if (b->error != ACTAS_OK)
		check_error(c, b->error);
	else if (c->error == ACTAS_OK)
		p = arena_text(c->arena, buffer_slice(b));
	buffer_release(b);
	if (p == NULL)
		check_error(c, ACTAS_ENOMEM);
	return p == NULL ? "" : p;
}

const char *
name_principal(struct check *c, principal_id p)
{
	struct buffer b = {0};

	if (p == NONE)
		return "";
	estate_write_principal(c->e, p, &b);
	return keep(c, &b);
}

/* A name that other scopes bear as well takes a search of them all to write,
 * so each is written once a check. */
const char *
short_scope(struct check *c, scope_id s)
{
	struct buffer b = {0};

	if (s == NONE)
		return "";
	if (c->scope_names == NULL)
		c->scope_names =
		    mem_zero(c->e->scopes.count, sizeof *c->scope_names);
	if (c->scope_names == NULL) {
		check_error(c, ACTAS_ENOMEM);
		return "";
	}
	if (c->scope_names[s] == NULL) {
		estate_write_scope(c->e, s, &b);
		c->scope_names[s] = keep(c, &b);
	}
	return c->scope_names[s];
}

/* "vault", "warehouse", …; NULL for the root, which needs no name. */
static const char *
kind_of(const struct check *c, scope_id s)
{
	const struct item *item = estate_item(c->e, s);

	if (s == 0)
		return NULL;
	if (item != NULL && item->kind != ITEM_OTHER)
		return item_kind_name(item->kind);
	return scope_kind_name(c->e->scopes.at[s].kind);
}

/* The short name without the kind, which it has in front where only that
 * tells it from others. */
static const char *
bare_scope(struct check *c, scope_id s)
{
	const char *name = short_scope(c, s), *kind = kind_of(c, s);
	size_t n = kind == NULL ? 0 : strlen(kind);

	if (n > 0 && strncmp(name, kind, n) == 0 && name[n] == ' ')
		return name + n + 1;
	return name;
}

const char *
name_scope(struct check *c, scope_id s)
{
	const char *kind, *name;

	if (s == NONE)
		return "";
	kind = kind_of(c, s);
	if (kind == NULL)
		return "the tenant";
	name = bare_scope(c, s);
	/* "Gold Warehouse" on a page is a warehouse that has no name. */
	if (slice_eq_case(slice_of(kind), slice_of(name)))
		return text(c, "the %s of %s", kind,
		    name_scope(c, c->e->scopes.at[s].parent));
	return text(c, "%s %s", kind, name);
}

static const char *
plural(struct check *c, const char *kind)
{
	size_t n = strlen(kind);

	if (n > 0 && kind[n - 1] == 'y')
		return text(c, "%.*sies", (int)(n - 1), kind);
	return text(c, "%ss", kind);
}

const char *
name_scopes(struct check *c, const scope_id *scopes, uint32_t count)
{
	const char **names = check_zero(c, count + 1, sizeof *names);
	const char *kind = count == 0 ? NULL : kind_of(c, scopes[0]);
	bool alike = count > 1 && kind != NULL;

	if (names == NULL)
		return "";
	for (uint32_t i = 1; i < count && alike; i++)
		alike = kind_of(c, scopes[i]) == kind;
	for (uint32_t i = 0; i < count; i++)
		names[i] =
		    alike ? bare_scope(c, scopes[i]) : name_scope(c, scopes[i]);
	return text(c, "%s%s%s", alike ? plural(c, kind) : "", alike ? " " : "",
	    name_list(c, names, count, 8));
}

const char *
name_role(struct check *c, role_id r)
{
	char id[GUID_TEXT_LENGTH + 1];

	if (r == NONE)
		return "a role";
	if (c->e->roles.at[r].plane == PLANE_POLICY)
		return text(
		    c, "access policy (%s)", string(c, c->e->roles.at[r].name));
	if (c->e->roles.at[r].name != 0)
		return string(c, c->e->roles.at[r].name);
	guid_format(c->e->roles.at[r].id, id);
	return text(c, "role %s", id);
}

bool
origin_eq(struct origin a, struct origin b)
{
	return a.file == b.file && a.line == b.line;
}

int
origin_cmp(const struct estate *e, struct origin a, struct origin b)
{
	if (a.file != b.file)
		return slice_cmp(
		    estate_text(e, a.file), estate_text(e, b.file));
	return a.line < b.line ? -1 : a.line > b.line;
}

const char *
name_place(struct check *c, struct origin place, struct origin near)
{
	if (place.line == 0)
		return place.file == 0 ? "not said where"
				       : string(c, place.file);
	if (place.file == near.file)
		return text(c, "line %u", place.line);
	return text(c, "%s line %u", string(c, place.file), place.line);
}

static int
by_reading(const void *a, const void *b, void *estate)
{
	const struct origin *x = a, *y = b;

	return origin_cmp(estate, *x, *y);
}

/* Copies the places in reading order, each once. */
static uint32_t
sort_places(struct check *c, const struct origin *places, uint32_t count,
    struct origin *sorted)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < count; i++)
		sorted[i] = places[i];
	if (count > 1)
		qsort_r(sorted, count, sizeof *sorted, by_reading,
		    (void *)(uintptr_t)c->e);
	for (uint32_t i = 0; i < count; i++)
		if (n == 0 || !origin_eq(sorted[n - 1], sorted[i]))
			sorted[n++] = sorted[i];
	return n;
}

static const char *
place_of_many(struct check *c, struct origin place, bool one_file)
{
	if (one_file && place.line != 0)
		return text(c, "%u", place.line);
	return name_place(c, place, (struct origin){0});
}

const char *
name_places(struct check *c, const struct origin *places, uint32_t count)
{
	struct origin *sorted = check_zero(c, count + 1, sizeof *sorted);
	const char **names = check_zero(c, count + 1, sizeof *names);
	bool one_file = true;
	uint32_t n;

	if (sorted == NULL || names == NULL)
		return "";
	n = sort_places(c, places, count, sorted);
	for (uint32_t i = 0; i < n; i++)
		if (sorted[i].line == 0 || sorted[i].file != sorted[0].file)
			one_file = false;
	for (uint32_t i = 0; i < n; i++)
		names[i] = place_of_many(c, sorted[i], one_file);
	return text(c, "%s%s",
	    !one_file    ? ""
		: n == 1 ? "line "
			 : "lines ",
	    name_list(c, names, n, 8));
}

const char *
name_list(
    struct check *c, const char *const *names, uint32_t count, uint32_t most)
{
	struct buffer b = {0};
	uint32_t shown = count <= most ? count : most;

	for (uint32_t i = 0; i < shown; i++) {
		if (i > 0)
			buffer_puts(&b, i + 1 == count ? " and " : ", ");
		buffer_puts(&b, names[i]);
	}
	if (shown < count)
		buffer_addf(&b, " and %u more", count - shown);
	return keep(c, &b);
}
