#include "engine/teller.h"

#include "estate/names.h"

#include <stdio.h>

void
teller_release(struct teller *t)
{
	buffer_release(&t->scratch);
	vector_release(&t->reasons.rows);
	vector_release(&t->steps.rows);
}

static void
fail(struct teller *t, enum actas_error error)
{
	if (t->error == ACTAS_OK)
		t->error = error;
}

/* A terminal obeys control characters, C1 ones in UTF-8 too. */
static void
disarm(char *text)
{
	for (unsigned char *c = (unsigned char *)text; *c != '\0'; c++) {
		if (*c < 0x20 || *c == 0x7f)
			*c = ' ';
		if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f)
			c[0] = c[1] = ' ';
	}
}

static const char *tell_v(struct teller *t, const char *format, va_list args)
    ACTAS_PRINTF(2, 0);

static const char *
tell_v(struct teller *t, const char *format, va_list args)
{
	va_list again;
	char *text = NULL;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	if (n >= 0 && t->error == ACTAS_OK)
		text = arena_zero(t->arena, (size_t)n + 1, 1);
	if (text != NULL) {
		vsnprintf(text, (size_t)n + 1, format, again);
		disarm(text);
	} else {
		fail(t, ACTAS_ENOMEM);
	}
	va_end(again);
	return text == NULL ? "" : text;
}

const char *
tell(struct teller *t, const char *format, ...)
{
	va_list args;
	const char *text;

	va_start(args, format);
	text = tell_v(t, format, args);
	va_end(args);
	return text;
}

static void
add(struct teller *t, struct sentences *to, const char *text)
{
	if (t->error != ACTAS_OK)
		return;
	for (uint32_t i = 0; i < to->rows.count; i++)
		if (strcmp(to->rows.at[i], text) == 0)
			return;
	t->error = vector_push(&to->rows, text);
}

void
tell_reason(struct teller *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(t, &t->reasons, tell_v(t, format, args));
	va_end(args);
}

void
tell_step(struct teller *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(t, &t->steps, tell_v(t, format, args));
	va_end(args);
}

/* What 'scratch' holds, as a text of the arena; empties it. */
static const char *
scratch_text(struct teller *t)
{
	const char *text = "";

	if (t->scratch.error != ACTAS_OK)
		fail(t, t->scratch.error);
	else
		text = tell(t, "%s", buffer_text(&t->scratch));
	buffer_clear(&t->scratch);
	return text;
}

const char *
tell_principal(struct teller *t, principal_id p)
{
	if (p == NONE)
		return "nobody";
	estate_write_principal(t->e, p, &t->scratch);
	return scratch_text(t);
}

const char *
tell_who(struct teller *t, principal_id p)
{
	enum principal_kind kind;

	if (p == NONE)
		return "nobody";
	kind = t->e->principals.at[p].kind;
	if (kind == PRINCIPAL_UNKNOWN)
		return tell_principal(t, p);
	return tell(
	    t, "%s %s", principal_kind_name(kind), tell_principal(t, p));
}

const char *
tell_scope(struct teller *t, scope_id s)
{
	enum scope_kind kind;
	struct slice segment;

	if (s == NONE)
		return "an unknown scope";
	if (s == 0)
		return "the tenant";
	kind = t->e->scopes.at[s].kind;
	if (kind == SCOPE_RESOURCE || kind == SCOPE_ITEM) {
		estate_write_scope(t->e, s, &t->scratch);
		return scratch_text(t);
	}
	segment = estate_text(t->e, t->e->scopes.at[s].name);
	if (segment.length == 0)
		segment = estate_text(t->e, t->e->scopes.at[s].segment);
	return tell(t, "%s %.*s", scope_kind_name(kind), SLICE_ARGS(segment));
}

const char *
tell_path(struct teller *t, scope_id s)
{
	if (s == NONE)
		return "";
	estate_write_path(t->e, s, &t->scratch);
	return scratch_text(t);
}

const char *
tell_role(struct teller *t, role_id r)
{
	struct slice name = estate_text(t->e, t->e->roles.at[r].name);

	if (name.length > 0)
		return tell_slice(t, name);
	return tell_guid(t, t->e->roles.at[r].id);
}

const char *
tell_item(struct teller *t, item_id i)
{
	const struct scope *s;
	struct slice name;

	if (i == NONE)
		return "an unknown item";
	s = &t->e->scopes.at[t->e->items.at[i].scope];
	name = estate_text(t->e, s->name != 0 ? s->name : s->segment);
	return tell_slice(t, name);
}

const char *
tell_guid(struct teller *t, struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1];

	guid_format(id, text);
	return tell(t, "%s", text);
}

const char *
tell_slice(struct teller *t, struct slice text)
{
	return tell(t, "%.*s", SLICE_ARGS(text));
}

const char *
tell_list(
    struct teller *t, const char *const *names, uint32_t count, uint32_t most)
{
	uint32_t shown = count > most ? most : count;

	for (uint32_t i = 0; i < shown; i++) {
		bool last = i + 1 == count;

		buffer_puts(&t->scratch, i == 0 ? "" : last ? " and " : ", ");
		buffer_puts(&t->scratch, names[i]);
	}
	if (count > shown)
		buffer_addf(&t->scratch, " and %u more", count - shown);
	return scratch_text(t);
}

static struct slice
value_of(const char *const *pairs, struct slice key)
{
	for (; pairs[0] != NULL; pairs += 2)
		if (slice_eq(slice_of(pairs[0]), key))
			return slice_of(pairs[1]);
	return (struct slice){NULL, 0};
}

const char *
tell_filled(struct teller *t, const char *template, const char *const *pairs)
{
	struct slice rest = slice_of(template), part;
	bool is_key = false;

	while (slice_cut(&rest, is_key ? '}' : '{', &part)) {
		buffer_add(&t->scratch, is_key ? value_of(pairs, part) : part);
		is_key = !is_key;
	}
	return scratch_text(t);
}

const char *const *
teller_take(struct teller *t, struct sentences *from, uint32_t *count)
{
	const char *const *rows = NULL;

	*count = 0;
	if (t->error != ACTAS_OK)
		return NULL;
	rows = arena_copy(
	    t->arena, from->rows.at, from->rows.count, sizeof *from->rows.at);
	if (rows == NULL)
		fail(t, ACTAS_ENOMEM);
	else
		*count = from->rows.count;
	return rows;
}
