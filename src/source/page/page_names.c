/*
 * Names of a page. One index for all of them; what a name should be the name
 * of is part of its key, so that a thousand secrets called "password" cost a
 * look-up of a vault of that name nothing.
 */
#include "source/page/page_read.h"

static uint64_t
key_of(uint32_t of, struct slice name)
{
	return slice_hash_case(name) ^ (of * 0x9e3779b97f4a7c15u);
}

void
names_add(struct page *p, uint32_t of, struct slice name, uint32_t id)
{
	uint32_t at = p->bearers.count, found;

	name = slice_trim(name);
	if (name.length == 0)
		return;
	/* The third thing with one name makes it no more ambiguous. */
	if (names_find(p, of, name, &found) > 1)
		return;
	page_keep(p, vector_push(&p->bearers, {name, of, id}));
	if (p->bearers.count > at)
		page_keep(p, index_add(&p->names, key_of(of, name), at));
}

uint32_t
names_find(const struct page *p, uint32_t of, struct slice name, uint32_t *id)
{
	struct index_walk walk;
	uint32_t at, count = 0;

	*id = NONE;
	name = slice_trim(name);
	walk = index_start(&p->names, key_of(of, name));
	while (count < 2 && index_next(&walk, &at)) {
		const struct bearer *b = &p->bearers.at[at];

		if (b->of != of || !slice_eq_case(b->name, name) ||
		    b->id == *id)
			continue;
		if (count++ == 0)
			*id = b->id;
	}
	return count;
}

/* --- scopes --- */

static struct slice
kept(struct page *p, string_id id)
{
	return strings_get(&p->builder->strings, id);
}

static struct slice
joined(struct page *p, struct slice above, struct slice below)
{
	char *text;

	if (above.length == 0 || below.length == 0)
		return SLICE("");
	text = arena_printf(&p->document.arena, "%.*s/%.*s", SLICE_ARGS(above),
	    SLICE_ARGS(below));
	if (text == NULL)
		page_keep(p, ACTAS_ENOMEM);
	return slice_of(text);
}

static struct slice
stem(struct slice name)
{
	name = slice_trim(name);
	if (slice_ends_case(name, SLICE(".yml")))
		return slice_sub(name, 0, name.length - 4);
	if (slice_ends_case(name, SLICE(".yaml")))
		return slice_sub(name, 0, name.length - 5);
	return name;
}

static struct slice
shown_name(struct page *p, const struct scope *s)
{
	return kept(p, s->name != 0 ? s->name : s->segment);
}

static void
name_scope(struct page *p, scope_id id, struct slice name)
{
	const struct scope *s = &p->builder->scopes.at[id];
	const struct scope *above = &p->builder->scopes.at[s->parent];
	struct slice full = joined(p, kept(p, above->segment), name);

	names_add(p, NAME_OF_PLACE, name, id);
	names_add(p, NAME_OF_PLACE, full, id);
	names_add(p, NAME_OF_SCOPE + s->kind, name, id);
	names_add(p, NAME_OF_SCOPE + s->kind, full, id);
	if (above->name != 0) {
		full = joined(p, kept(p, above->name), name);
		names_add(p, NAME_OF_PLACE, full, id);
		names_add(p, NAME_OF_SCOPE + s->kind, full, id);
	}
	if (s->kind != SCOPE_ITEM)
		return;
	names_add(p, NAME_OF_PIPELINE, stem(name), id);
	names_add(p, NAME_OF_KIND_IN,
	    joined(p, shown_name(p, above), kept(p, s->type)), id);
}

enum { NAMED = 1, DESCRIBED };

static bool
mark_known(struct page *p, scope_id id)
{
	while (p->known.count <= id && !page_failed(p))
		page_keep(p, vector_push(&p->known, 0));
	if (page_failed(p) || p->known.at[id] != 0)
		return false;
	p->known.at[id] = NAMED;
	return true;
}

bool
names_described(struct page *p, scope_id s)
{
	names_scope(p, s);
	if (page_failed(p) || p->known.at[s] == DESCRIBED)
		return false;
	p->known.at[s] = DESCRIBED;
	return true;
}

void
names_scope(struct page *p, scope_id id)
{
	while (id != NONE && id != 0 && mark_known(p, id)) {
		struct scope s = p->builder->scopes.at[id];

		name_scope(p, id, kept(p, s.segment));
		if (s.name != 0)
			name_scope(p, id, kept(p, s.name));
		page_keep(p, vector_push(&p->of_kind[s.kind], id));
		id = s.parent;
	}
}

/* --- identities --- */

principal_id
page_identity_silent(struct page *p, struct slice name)
{
	uint32_t id;

	if (names_find(p, NAME_OF_PRINCIPAL, name, &id) == 1)
		return id;
	if (id == NONE && names_find(p, NAME_OF_ACCOUNT, name, &id) == 1)
		return id;
	return NONE;
}

static principal_id
ambiguous_identity(struct page *p, struct slice name, uint32_t line)
{
	page_problem(p, PROBLEM_AMBIGUOUS_NAME, name, line,
	    "several identities of this page can be meant by \"%.*s\"; "
	    "expected a name that only one of them has, or its object id",
	    SLICE_ARGS(page_shown(name)));
	return NONE;
}

static principal_id
new_collective(struct page *p, struct slice name, uint8_t flags, uint32_t line)
{
	principal_id id = builder_principal_new(
	    p->builder, name, PRINCIPAL_USER, page_origin(p, line));

	if (id == NONE)
		return NONE;
	p->builder->principals.at[id].flags |= flags;
	names_add(p, NAME_OF_PRINCIPAL, name, id);
	return id;
}

/* What words that are no code span may mean besides a name. */
static principal_id
identity_in_words(struct page *p, struct slice name, uint32_t line)
{
	uint8_t flags = words_collective(name);

	if (flags != 0)
		return new_collective(p, name, flags, line);
	if (!words_managed_identity(name) ||
	    p->declared[PRINCIPAL_MANAGED_IDENTITY] == 0)
		return NONE;
	if (p->declared[PRINCIPAL_MANAGED_IDENTITY] > 1)
		return ambiguous_identity(p, name, line);
	return p->only[PRINCIPAL_MANAGED_IDENTITY];
}

static bool
is_ambiguous(const struct page *p, struct slice name)
{
	uint32_t id;

	return names_find(p, NAME_OF_PRINCIPAL, name, &id) > 1 ||
	    names_find(p, NAME_OF_ACCOUNT, name, &id) > 1;
}

principal_id
page_identity(struct page *p, const struct text *t)
{
	struct slice code = text_span(t, SPAN_CODE, 0), before, inside;
	struct slice name = slice_trim(code.length > 0 ? code : t->plain);
	principal_id id = page_identity_silent(p, name);

	if (id == NONE && code.length == 0 &&
	    words_bracket(name, &before, &inside) && before.length > 0) {
		name = before;
		id = page_identity_silent(p, name);
	}
	if (id != NONE)
		return id;
	if (is_ambiguous(p, name))
		return ambiguous_identity(p, name, t->line);
	if (code.length == 0)
		id = identity_in_words(p, name, t->line);
	if (id == NONE)
		page_problem(p, PROBLEM_UNDECLARED_PRINCIPAL, name, t->line,
		    "no identity \"%.*s\" is declared on this page; expected "
		    "the name of one in a table with the columns Identity and "
		    "Type",
		    SLICE_ARGS(page_shown(name)));
	return id;
}

/* "Rotation steps for sp-x": any of its words may be the name. */
principal_id
page_identity_in(struct page *p, const struct text *t)
{
	struct slice code, rest = t->plain, word;
	principal_id id = page_identity_silent(p, t->plain);
	size_t at;

	for (uint32_t i = 0; id == NONE; i++) {
		code = text_span(t, SPAN_CODE, i);
		if (code.length == 0)
			break;
		id = page_identity_silent(p, code);
	}
	at = words_find(t->plain, "for");
	if (id == NONE && at != SIZE_MAX)
		id = page_identity_silent(p, slice_from(t->plain, at + 3));
	while (id == NONE && slice_cut(&rest, ' ', &word))
		id = page_identity_silent(p, word);
	return id;
}

principal_id
page_identity_above(struct page *p, const struct block *b)
{
	principal_id id = NONE;

	for (b = page_heading(p, b); b != NULL && id == NONE;
	     b = page_heading(p, b))
		id = page_identity_in(p, &b->text);
	return id;
}

/* --- items --- */

static item_id
made_item(struct page *p, struct slice name, enum item_kind kind, uint32_t line)
{
	const struct kind_word *word = NULL;
	scope_id s;

	if (kind == ITEM_DEVOPS_PIPELINE)
		word = words_kind(SLICE("devops pipeline"));
	s = builder_scope(p->builder, 0, SCOPE_ITEM,
	    slice_of(word == NULL ? "" : word->type), name,
	    page_origin(p, line));
	if (s == NONE)
		return NONE;
	names_scope(p, s);
	return builder_item(p->builder, s, kind, page_origin(p, line));
}

item_id
page_item(struct page *p, struct slice name, enum item_kind kind, uint32_t line)
{
	uint32_t s;
	uint32_t found = names_find(p, NAME_OF_SCOPE + SCOPE_ITEM, name, &s);

	if (found == 0)
		found = names_find(p, NAME_OF_PIPELINE, stem(name), &s);
	if (found == 0)
		return made_item(p, name, kind, line);
	if (found == 1)
		return builder_item(
		    p->builder, s, ITEM_OTHER, page_origin(p, line));
	page_problem(p, PROBLEM_AMBIGUOUS_NAME, name, line,
	    "several items of this page are called \"%.*s\"; expected "
	    "WORKSPACE/ITEM",
	    SLICE_ARGS(page_shown(name)));
	return NONE;
}

/* --- names in a cell --- */

static bool
next_code(const struct text *t, uint32_t *at, struct slice *name)
{
	*name = slice_trim(text_span(t, SPAN_CODE, (*at)++));
	return name->length > 0;
}

bool
page_next_name(const struct text *t, uint32_t *at, struct slice *name)
{
	if (text_span(t, SPAN_CODE, 0).length > 0)
		return next_code(t, at, name);
	while (*at < t->plain.length) {
		size_t end = *at;

		while (end < t->plain.length &&
		    strchr(",;\n", t->plain.at[end]) == NULL)
			end++;
		*name = slice_trim(slice_sub(t->plain, *at, end - *at));
		*at = (uint32_t)end + 1;
		if (!words_nothing(*name))
			return true;
	}
	return false;
}
