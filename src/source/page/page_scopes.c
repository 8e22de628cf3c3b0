/*
 * What the words for a scope mean: "`rg-data` resource group", "Gold
 * workspace", "All 4 workspaces (Gold, …)", "Key Vault", "Gold Warehouse".
 */
#include "source/page/page_read.h"

/* A scope as a text names it. */
struct named {
	struct slice name, parent;
	const struct kind_word *kind; /* NULL: not said */
	bool coded;
	uint32_t line;
};

scope_id
page_declare(struct page *p, scope_id parent, enum scope_kind kind,
    const char *type, struct slice name, uint32_t line)
{
	scope_id s = builder_scope(p->builder, parent, kind,
	    slice_of(type == NULL ? "" : type), name, page_origin(p, line));

	if (s == NONE)
		return NONE;
	p->builder->scopes.at[s].declared = 1;
	names_scope(p, s);
	return s;
}

/* --- full paths --- */

static bool
take_segment(struct slice *rest, struct slice *segment)
{
	return slice_cut(rest, '/', segment) && segment->length > 0;
}

static scope_id
made(struct page *p, scope_id parent, enum scope_kind kind,
    struct slice segment, uint32_t line)
{
	if (parent == NONE)
		return NONE;
	return builder_scope(
	    p->builder, parent, kind, SLICE(""), segment, page_origin(p, line));
}

/* /workspaces/{w}[/items/{i}]: an item's kind is not in its path, so the path
 * finds an item only. */
static scope_id
workspace_path(struct page *p, struct slice rest, uint32_t line)
{
	struct slice workspace, word, name;
	scope_id s;
	uint32_t item;

	if (!take_segment(&rest, &workspace))
		return NONE;
	s = page_scope_silent(p, workspace, SCOPE_WORKSPACE);
	if (s == NONE)
		s = made(p, 0, SCOPE_WORKSPACE, workspace, line);
	if (!take_segment(&rest, &word))
		return s;
	if (!take_segment(&rest, &name))
		return NONE;
	word = slice_of(arena_printf(&p->document.arena, "%.*s/%.*s",
	    SLICE_ARGS(workspace), SLICE_ARGS(name)));
	return names_find(p, NAME_OF_SCOPE + SCOPE_ITEM, word, &item) == 1
	    ? item
	    : NONE;
}

static scope_id
devops_path(struct page *p, struct slice rest, uint32_t line)
{
	struct slice organization, project, word, name;
	scope_id s;

	if (!take_segment(&rest, &organization))
		return NONE;
	s = made(p, 0, SCOPE_ORGANIZATION, organization, line);
	if (!take_segment(&rest, &project))
		return s;
	s = made(p, s, SCOPE_PROJECT, project, line);
	if (!take_segment(&rest, &word))
		return s;
	if (!slice_eq_case(word, SLICE("serviceendpoints")) ||
	    !take_segment(&rest, &name))
		return NONE;
	return made(p, s, SCOPE_CONNECTION, name, line);
}

static scope_id
path_scope(struct page *p, struct slice path, uint32_t line)
{
	struct slice rest = slice_from(path, 1), first;
	scope_id s = builder_scope_path(p->builder, path, page_origin(p, line));

	if (s != NONE || page_failed(p))
		return s;
	if (rest.length == 0)
		return 0;
	if (!take_segment(&rest, &first))
		return NONE;
	if (slice_eq_case(first, SLICE("workspaces")))
		return workspace_path(p, rest, line);
	if (slice_eq_case(first, SLICE("applications")))
		return made(p, 0, SCOPE_APPLICATION, rest, line);
	if (slice_eq_case(first, SLICE("groups")))
		return made(p, 0, SCOPE_GROUP, rest, line);
	if (slice_eq_case(first, SLICE("capacities")))
		return made(p, 0, SCOPE_CAPACITY, rest, line);
	if (slice_eq_case(first, SLICE("subscriptions")) ||
	    slice_eq_case(first, SLICE("providers")))
		return NONE;
	return devops_path(p, slice_from(path, 1), line);
}

/* --- names --- */

static uint32_t
name_space(uint32_t kind)
{
	return kind == ANY_KIND ? (uint32_t)NAME_OF_PLACE
				: NAME_OF_SCOPE + kind;
}

static void
want(struct page *p, scope_id s)
{
	if (++p->expanded > LIMIT_PAGE_EXPANSION) {
		builder_fail(p->builder, ACTAS_ELIMIT, page_origin(p, 0),
		    "\"all\" and * stand for more than %u things on this page",
		    LIMIT_PAGE_EXPANSION);
		return;
	}
	page_keep(p, vector_push(&p->targets, s));
}

static const char *
kind_said(uint32_t kind)
{
	return kind == ANY_KIND ? "scope" : scope_kind_name(kind);
}

static void
tell_undeclared(struct page *p, uint32_t kind, struct slice name, uint32_t line)
{
	static const struct {
		uint32_t kind;
		enum problem_kind problem;
	} kinds[] = {{SCOPE_SECRET, PROBLEM_UNDECLARED_SECRET},
	    {SCOPE_CONNECTION, PROBLEM_UNDECLARED_CONNECTION}};
	enum problem_kind problem = PROBLEM_UNDECLARED_SCOPE;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].kind == kind)
			problem = kinds[i].problem;
	page_problem(p, problem, name, line,
	    "nothing on this page declares the %s \"%.*s\"", kind_said(kind),
	    SLICE_ARGS(page_shown(name)));
}

static void
tell_ambiguous(struct page *p, uint32_t kind, struct slice name, uint32_t line)
{
	page_problem(p, PROBLEM_AMBIGUOUS_NAME, name, line,
	    "several things on this page can be meant by \"%.*s\"; expected "
	    "the name of one %s, as PARENT/NAME where names are not unique",
	    SLICE_ARGS(page_shown(name)), kind_said(kind));
}

scope_id
page_scope_silent(struct page *p, struct slice name, uint32_t kind)
{
	uint32_t id;

	if (name.length == 0)
		return kind != ANY_KIND && p->of_kind[kind].count == 1
		    ? p->of_kind[kind].at[0]
		    : NONE;
	return names_find(p, name_space(kind), name, &id) == 1 ? id : NONE;
}

/* --- reading a text --- */

static struct slice
hint(struct slice s)
{
	struct slice before, inside;

	words_bracket(slice_trim(s), &before, &inside);
	return before;
}

static struct named
named_in_code(const struct text *t)
{
	const struct span *first = t->spans;
	struct slice second = text_span(t, SPAN_CODE, 1), between;
	struct named n = {.coded = true, .line = t->line};

	while (first->kind != SPAN_CODE)
		first++;
	n.name = slice_trim(slice_sub(t->plain, first->from, first->length));
	between = slice_from(t->plain, first->from + first->length);
	if (second.length > 0) {
		between.length = (size_t)(second.at - between.at);
		if (words_has(between, "in") || words_has(between, "of"))
			n.parent = second;
	}
	n.kind = words_kind(hint(between));
	if (n.kind == NULL)
		n.kind = words_kind(slice_sub(t->plain, 0, first->from));
	return n;
}

static struct named
named_in(const struct text *t)
{
	struct named n = {.line = t->line, .name = slice_trim(t->plain)};
	struct slice rest;

	if (text_span(t, SPAN_CODE, 0).length > 0)
		return named_in_code(t);
	n.kind = words_kind_at_end(n.name, &rest);
	if (n.kind == NULL)
		n.kind = words_kind_at_start(n.name, &rest);
	if (n.kind != NULL)
		n.name = rest;
	return n;
}

static struct slice
qualified(struct page *p, const struct named *n)
{
	char *text;

	if (n->parent.length == 0)
		return n->name;
	text = arena_printf(&p->document.arena, "%.*s/%.*s",
	    SLICE_ARGS(n->parent), SLICE_ARGS(n->name));
	if (text == NULL)
		page_keep(p, ACTAS_ENOMEM);
	return slice_of(text);
}

/* A blob has no role of its own and is in an account that words do not say. */
static scope_id
mention(struct page *p, const struct named *n)
{
	if (n->kind->scope == SCOPE_BLOB) {
		scope_id s = made(p, 0, SCOPE_BLOB, n->name, n->line);

		names_scope(p, s);
		page_problem(p, PROBLEM_UNDECLARED_SCOPE, n->name, n->line,
		    "\"%.*s\" is a blob, and nothing says in which storage "
		    "account; expected the account, or a container of it",
		    SLICE_ARGS(page_shown(n->name)));
		return s;
	}
	return page_declare(
	    p, 0, n->kind->scope, n->kind->type, n->name, n->line);
}

static bool
may_declare(const struct page *p, const struct named *n)
{
	return n->kind != NULL && n->kind->scope != SCOPE_ITEM &&
	    n->kind->scope != SCOPE_SECRET && !p->listed[n->kind->scope];
}

/* "Gold Warehouse": the warehouse in Gold. */
static scope_id
item_in_workspace(struct page *p, const struct named *n, uint32_t *found)
{
	scope_id workspace = page_scope_silent(p, n->name, SCOPE_WORKSPACE);
	struct slice key;
	uint32_t id = NONE;

	*found = 0;
	if (n->kind == NULL || n->kind->scope != SCOPE_ITEM ||
	    n->kind->item == ITEM_OTHER || workspace == NONE)
		return NONE;
	key = slice_of(arena_printf(
	    &p->document.arena, "%.*s/%s", SLICE_ARGS(n->name), n->kind->type));
	*found = names_find(p, NAME_OF_KIND_IN, key, &id);
	if (*found > 0)
		return id;
	id = builder_scope(p->builder, workspace, SCOPE_ITEM,
	    slice_of(n->kind->type), slice_of(n->kind->type),
	    page_origin(p, n->line));
	if (id == NONE)
		return NONE;
	names_scope(p, id);
	if (builder_item(
		p->builder, id, n->kind->item, page_origin(p, n->line)) == NONE)
		return NONE;
	*found = 1;
	return id;
}

static void
want_named(struct page *p, const struct named *n, uint32_t kind)
{
	struct slice name = qualified(p, n);
	uint32_t id, found;

	if (n->kind != NULL && kind == ANY_KIND)
		kind = n->kind->scope;
	found = names_find(p, name_space(kind), name, &id);
	if (found == 0)
		id = item_in_workspace(p, n, &found);
	if (found == 0 && may_declare(p, n) && n->kind->scope == kind) {
		id = mention(p, n);
		found = id != NONE;
	}
	if (found == 1)
		want(p, id);
	else if (found == 0)
		tell_undeclared(p, kind, name, n->line);
	else
		tell_ambiguous(p, kind, name, n->line);
}

/* --- "all …" and kinds without a name --- */

static bool
is_of(const struct page *p, scope_id s, const struct kind_word *kind)
{
	if (kind->scope != SCOPE_ITEM || kind->item == ITEM_OTHER)
		return true;
	return slice_eq_case(
	    strings_get(&p->builder->strings, p->builder->scopes.at[s].type),
	    slice_of(kind->type));
}

static void
want_all_of(struct page *p, const struct kind_word *kind)
{
	for (uint32_t i = 0; i < p->of_kind[kind->scope].count; i++) {
		scope_id s = p->of_kind[kind->scope].at[i];

		if (is_of(p, s, kind) && !page_failed(p))
			want(p, s);
	}
}

static uint32_t
want_listed(struct page *p, struct slice list, const struct kind_word *kind,
    uint32_t line)
{
	struct text names = {.plain = list, .line = line};
	struct slice name;
	uint32_t at = 0, count = 0;

	while (page_next_name(&names, &at, &name)) {
		if (slice_starts_case(name, SLICE("and ")))
			name = slice_trim(slice_from(name, 4));
		want_named(p,
		    &(struct named){.name = name, .kind = kind, .line = line},
		    kind->scope);
		count++;
	}
	return count;
}

/* "4 workspaces": takes the number off, 0 if there is none. */
static uint64_t
take_number(struct slice *s)
{
	struct slice rest = *s, word;
	uint64_t number;

	if (!slice_cut(&rest, ' ', &word) || !slice_u64(word, &number))
		return 0;
	*s = slice_trim(rest);
	return number;
}

static struct scope_words
want_all(struct page *p, const struct text *t)
{
	struct scope_words said = {.said = true, .from_all = true};
	struct slice plain = slice_trim(slice_from(slice_trim(t->plain), 4));
	uint64_t number = take_number(&plain);
	struct slice before, inside;
	bool lists = words_bracket(plain, &before, &inside);
	const struct kind_word *kind = words_kind(before);
	uint32_t there;

	said.kind = kind == NULL ? (uint8_t)ANY_KIND : kind->scope;
	if (kind == NULL) {
		tell_undeclared(p, ANY_KIND, t->plain, t->line);
		return said;
	}
	if (lists)
		there = want_listed(p, inside, kind, t->line);
	else
		want_all_of(p, kind);
	if (!lists)
		there = p->targets.count;
	if (there == 0 && !page_failed(p))
		tell_undeclared(p, kind->scope, t->plain, t->line);
	else if (number != 0 && number != there)
		page_problem(p, PROBLEM_COUNT_MISMATCH, t->plain, t->line,
		    "\"%.*s\" speaks of %llu, and %s %u",
		    SLICE_ARGS(page_shown(t->plain)),
		    (unsigned long long)number,
		    lists ? "names" : "this page has", there);
	return said;
}

static struct scope_words
want_only(struct page *p, const struct kind_word *kind, const struct text *t)
{
	struct scope_words said = {.said = true, .kind = kind->scope};

	want_all_of(p, kind);
	if (p->targets.count == 1)
		return said;
	if (kind->scope == SCOPE_ITEM) {
		said.at_large = true;
		said.item_kind = kind->item;
	} else if (p->targets.count == 0) {
		page_problem(p, PROBLEM_UNDECLARED_SCOPE, t->plain, t->line,
		    "\"%.*s\" names a kind of thing, and this page declares "
		    "no %s",
		    SLICE_ARGS(page_shown(t->plain)),
		    scope_kind_name(kind->scope));
	} else {
		tell_ambiguous(p, kind->scope, t->plain, t->line);
	}
	p->targets.count = 0;
	return said;
}

static struct scope_words
want_path(struct page *p, struct slice path, uint32_t line)
{
	struct scope_words said = {.said = true, .kind = ANY_KIND};
	scope_id s = path_scope(p, path, line);

	if (s == NONE) {
		tell_undeclared(p, ANY_KIND, path, line);
		return said;
	}
	names_scope(p, s);
	said.kind = p->builder->scopes.at[s].kind;
	want(p, s);
	return said;
}

struct scope_words
page_scopes(struct page *p, const struct text *t, uint32_t kind)
{
	struct slice code = slice_trim(text_span(t, SPAN_CODE, 0));
	struct slice plain = slice_trim(t->plain);
	const struct kind_word *word = words_kind(plain);
	struct scope_words said = {.said = true, .kind = (uint8_t)kind};
	struct named n;
	uint32_t id;

	p->targets.count = 0;
	if (text_says_nothing(t))
		return (struct scope_words){.kind = (uint8_t)kind};
	if (code.length > 0 &&
	    names_find(p, name_space(kind), code, &id) == 1 &&
	    slice_starts(code, SLICE("/"))) {
		want(p, id);
		said.kind = p->builder->scopes.at[id].kind;
		return said;
	}
	if (slice_starts(code.length > 0 ? code : plain, SLICE("/")))
		return want_path(p, code.length > 0 ? code : plain, t->line);
	if (code.length == 0 && slice_eq_case(plain, SLICE("tenant")))
		return want_path(p, SLICE("/"), t->line);
	if (slice_starts_case(plain, SLICE("all ")) &&
	    (code.length == 0 || code.at != plain.at))
		return want_all(p, t);
	if (code.length == 0 &&
	    names_find(p, name_space(kind), plain, &id) == 1) {
		want(p, id);
		said.kind = p->builder->scopes.at[id].kind;
		return said;
	}
	if (code.length == 0 && word != NULL)
		return want_only(p, word, t);
	n = named_in(t);
	want_named(p, &n, kind);
	if (p->targets.count > 0)
		said.kind = p->builder->scopes.at[p->targets.at[0]].kind;
	else if (n.kind != NULL)
		said.kind = n.kind->scope;
	return said;
}

scope_id
page_scope(struct page *p, const struct text *t, uint32_t kind)
{
	struct scope_words said = page_scopes(p, t, kind);

	if (p->targets.count == 1)
		return p->targets.at[0];
	if (p->targets.count > 1)
		tell_ambiguous(p, kind, t->plain, t->line);
	else if (said.at_large)
		tell_undeclared(p, SCOPE_ITEM, t->plain, t->line);
	return NONE;
}

void
page_scopes_declare(struct page *p, const struct text *t)
{
	struct slice plain = slice_trim(t->plain);
	struct named n;
	uint32_t id;

	if (text_says_nothing(t) || words_kind(plain) != NULL ||
	    slice_starts_case(plain, SLICE("all ")))
		return;
	n = named_in(t);
	if (slice_starts(n.name, SLICE("/"))) {
		id = names_find(p, NAME_OF_PLACE, n.name, &id) > 0
		    ? NONE
		    : path_scope(p, n.name, t->line);
		if (id != NONE)
			names_scope(p, id);
		return;
	}
	if (may_declare(p, &n) &&
	    names_find(p, NAME_OF_SCOPE + n.kind->scope, n.name, &id) == 0)
		mention(p, &n);
}
