#include "estate/names_private.h"

#include "estate/private.h"

/*
 * Names of scopes. A text is tried in this order, and the first reading that
 * fits anything counts: a path; a name; a name with its kind before or behind
 * it; a name with the name of something above it and a '/' before it, with or
 * without a kind before that. All candidates come out of one index over
 * folded segments and display names.
 *
 * Writing tries the forms from short to long and takes the first that reading
 * finds to mean this scope and no other.
 */

enum { MOST_SLASHES = 32 };

/* What is looked for. */
struct query {
	const struct estate *e;
	struct slice kind; /* empty: any */
	bool items_only;
};

enum actas_error
names_index_scopes(const struct estate *e, scope_id from, struct index *ix)
{
	enum actas_error error = ACTAS_OK;

	for (scope_id s = from; error == ACTAS_OK && s < e->scopes.count; s++) {
		const struct scope *row = &e->scopes.at[s];

		if (row->segment != 0)
			error = index_add(ix,
			    slice_hash_case(estate_text(e, row->segment)), s);
		if (error == ACTAS_OK && row->name != 0)
			error = index_add(
			    ix, slice_hash_case(estate_text(e, row->name)), s);
	}
	return error;
}

static bool
has_name(const struct estate *e, scope_id s, struct slice name)
{
	const struct scope *row = &e->scopes.at[s];

	return name.length > 0 &&
	    (slice_eq_case(estate_text(e, row->segment), name) ||
		slice_eq_case(estate_text(e, row->name), name));
}

/* Other words for kinds that people use. */
static const struct {
	const char *word;
	enum scope_kind kind;
} kind_words[] = {
    {"key vault", SCOPE_VAULT},
    {"keyvault", SCOPE_VAULT},
    {"connection", SCOPE_CONNECTION},
    {"application", SCOPE_APPLICATION},
    {"app", SCOPE_APPLICATION},
    {"app registration", SCOPE_APPLICATION},
};

static bool
has_kind(const struct estate *e, scope_id s, struct slice word)
{
	const struct scope *row = &e->scopes.at[s];
	const struct item *item = estate_item(e, s);

	if (slice_eq_case(slice_of(scope_kind_name(row->kind)), word) ||
	    (row->type != 0 && slice_eq_case(estate_text(e, row->type), word)))
		return true;
	if (item != NULL &&
	    slice_eq_case(slice_of(item_kind_name(item->kind)), word))
		return true;
	if (item != NULL && slice_eq_case(word, SLICE("pipeline")))
		return item->kind == ITEM_PIPELINE ||
		    item->kind == ITEM_DEVOPS_PIPELINE;
	for (size_t i = 0; i < sizeof kind_words / sizeof *kind_words; i++) {
		if (row->kind == kind_words[i].kind &&
		    slice_eq_case(slice_of(kind_words[i].word), word))
			return true;
	}
	return false;
}

static bool
fits(const struct query *q, scope_id s)
{
	if (q->items_only && estate_item_id(q->e, s) == NONE)
		return false;
	return q->kind.length == 0 || has_kind(q->e, s, q->kind);
}

static void
find_by_path(const struct query *q, struct slice text, struct found *found)
{
	struct buffer segment = {0}, path = {0};
	struct index_walk walk;
	size_t from = text.length;
	scope_id s;

	if (slice_eq(text, SLICE("/")) && fits(q, 0))
		found_add(found, 0);
	while (from > 0 && text.at[from - 1] != '/')
		from--;
	path_segment_read(slice_from(text, from), &segment);
	walk = index_start(&q->e->private->names.scopes,
	    slice_hash_case(buffer_slice(&segment)));
	while (index_next(&walk, &s)) {
		if (!fits(q, s))
			continue;
		buffer_clear(&path);
		estate_write_path(q->e, s, &path);
		if (path.error == ACTAS_OK &&
		    slice_eq_case(buffer_slice(&path), text))
			found_add(found, s);
	}
	buffer_release(&segment);
	buffer_release(&path);
}

static void
find_by_name(const struct query *q, struct slice name, struct found *found)
{
	struct index_walk walk =
	    index_start(&q->e->private->names.scopes, slice_hash_case(name));
	scope_id s;

	while (index_next(&walk, &s)) {
		if (has_name(q->e, s, name) && fits(q, s))
			found_add(found, s);
	}
}

/* Offset of the last '/' before 'end', or SIZE_MAX. */
static size_t
slash_before(struct slice text, size_t end)
{
	while (end > 0) {
		if (text.at[--end] == '/')
			return end;
	}
	return SIZE_MAX;
}

/* Whether above 's' there is something named 'text', or by the last part of
 * it with the other parts above that. */
static bool
is_below(const struct estate *e, scope_id s, struct slice text)
{
	scope_id above = e->scopes.at[s].parent;
	size_t slash;

	for (scope_id a = above; a != NONE; a = e->scopes.at[a].parent) {
		if (has_name(e, a, text))
			return true;
	}
	slash = slash_before(text, text.length);
	while (slash != SIZE_MAX && above != NONE) {
		if (has_name(e, above, slice_from(text, slash + 1))) {
			text = slice_sub(text, 0, slash);
			slash = slash_before(text, text.length);
			if (is_below(e, above, text))
				return true;
		}
		above = e->scopes.at[above].parent;
	}
	return false;
}

static void
find_below(const struct query *q, struct slice text, struct found *found)
{
	size_t slash = slash_before(text, text.length);

	for (int i = 0; i < MOST_SLASHES && slash != SIZE_MAX; i++) {
		struct slice name = slice_from(text, slash + 1);
		struct slice above = slice_sub(text, 0, slash);
		struct index_walk walk = index_start(
		    &q->e->private->names.scopes, slice_hash_case(name));
		scope_id s;

		while (index_next(&walk, &s)) {
			if (has_name(q->e, s, name) && fits(q, s) &&
			    is_below(q->e, s, above))
				found_add(found, s);
		}
		slash = slash_before(text, slash);
	}
}

typedef void (*finder)(
    const struct query *q, struct slice text, struct found *found);

/* Reads the text as a kind of one to three words and what 'find' finds,
 * the kind in front or behind. */
static void
find_with_kind(struct query q, struct slice text, bool behind, finder find,
    struct found *found)
{
	size_t at = behind ? text.length : 0;

	for (int words = 0; words < 3 && found->count == 0; words++) {
		struct slice rest;

		do {
			if (behind ? at == 0 : at >= text.length)
				return;
			at = behind ? at - 1 : at + 1;
		} while (at >= text.length || text.at[at] != ' ');
		q.kind =
		    behind ? slice_from(text, at + 1) : slice_sub(text, 0, at);
		rest =
		    behind ? slice_sub(text, 0, at) : slice_from(text, at + 1);
		if (q.kind.length > 0 && rest.length > 0)
			find(&q, rest, found);
	}
}

static void
find_scopes(struct query q, struct slice text, struct found *found)
{
	*found = (struct found){.first = NONE};
	if (text.length == 0)
		return;
	if (text.at[0] == '/')
		find_by_path(&q, text, found);
	if (found->count == 0)
		find_by_name(&q, text, found);
	if (found->count == 0)
		find_with_kind(q, text, false, find_by_path, found);
	if (found->count == 0)
		find_with_kind(q, text, false, find_by_name, found);
	if (found->count == 0)
		find_with_kind(q, text, true, find_by_name, found);
	if (found->count == 0)
		find_below(&q, text, found);
	if (found->count == 0)
		find_with_kind(q, text, false, find_below, found);
	if (found->count == 0 && slice_eq_case(text, SLICE("tenant")))
		found_add(found, 0);
}

static struct slice
display_name(const struct estate *e, scope_id s)
{
	const struct scope *row = &e->scopes.at[s];

	return estate_text(e, row->name != 0 ? row->name : row->segment);
}

static const char *
kind_of(const struct estate *e, scope_id s)
{
	const struct item *item = estate_item(e, s);

	return item != NULL && item->kind != ITEM_OTHER
	    ? item_kind_name(item->kind)
	    : scope_kind_name(e->scopes.at[s].kind);
}

static void
write_scope_candidate(const struct estate *e, uint32_t s, struct buffer *out)
{
	buffer_addf(out, "%s \"%.*s\" (", kind_of(e, s),
	    SLICE_ARGS(display_name(e, s)));
	estate_write_path(e, s, out);
	buffer_putc(out, ')');
}

static void
write_scope_near(const struct estate *e, uint32_t s, struct buffer *out)
{
	buffer_putc(out, '"');
	estate_write_scope(e, s, out);
	buffer_putc(out, '"');
}

static const struct search scope_search = {"scope", "scopes",
    "say which by its kind (\"workspace Gold\"), by what it lies in "
    "(\"Gold/Sales\") or by its full path",
    write_scope_candidate, write_scope_near};

static const struct search item_search = {"item", "items",
    "say which by its kind (\"notebook Load\"), by its workspace "
    "(\"Gold/Load\") or by its full path",
    write_scope_candidate, write_scope_near};

/* Without the kind in front, the name is nearer to what was meant. */
static struct slice
without_kind(struct slice text)
{
	for (uint32_t i = 0; i < SCOPE_KINDS + ITEM_KINDS; i++) {
		struct slice kind =
		    slice_of(i < SCOPE_KINDS ? scope_kind_name(i)
					     : item_kind_name(i - SCOPE_KINDS));

		if (slice_starts_case(text, kind) &&
		    text.length > kind.length + 1 &&
		    text.at[kind.length] == ' ')
			return slice_from(text, kind.length + 1);
	}
	return text;
}

static enum actas_error
find_one(struct query q, const struct search *search, struct slice text,
    scope_id *id, struct fault *fault)
{
	struct nearest nearest = {.wanted = without_kind(text)};
	struct found found;

	find_scopes(q, text, &found);
	for (uint32_t s = 0; found.count == 0 && s < q.e->scopes.count; s++) {
		const struct scope *row = &q.e->scopes.at[s];

		if (!fits(&q, s))
			continue;
		nearest_offer(&nearest, estate_text(q.e, row->segment), s);
		nearest_offer(&nearest, estate_text(q.e, row->name), s);
	}
	nearest.wanted = text;
	return found_settle(q.e, search, &found, &nearest, id, fault);
}

enum actas_error
estate_find_scope(const struct estate *e, struct slice name, scope_id *id,
    struct fault *fault)
{
	return find_one((struct query){.e = e}, &scope_search, name, id, fault);
}

enum actas_error
estate_find_item(
    const struct estate *e, struct slice name, item_id *id, struct fault *fault)
{
	struct query q = {.e = e, .items_only = true};
	scope_id s;
	enum actas_error error = find_one(q, &item_search, name, &s, fault);

	*id = error == ACTAS_OK ? estate_item_id(e, s) : NONE;
	return error;
}

/* Whether reading what 'text' holds finds just this scope. */
static bool
means_only(const struct estate *e, const struct buffer *text, scope_id s)
{
	struct found found;

	if (text->error != ACTAS_OK)
		return false;
	find_scopes((struct query){.e = e}, buffer_slice(text), &found);
	return found.count == 1 && found.first == s;
}

/* The forms of a name, from short to long. */
enum form {
	FORM_KIND = 1,  /* with its kind in front */
	FORM_ABOVE = 2, /* with what it lies in */
	FORM_PATH = 4,
	FORM_TYPE = 8 /* with its type in front */
};

static void
write_form(
    const struct estate *e, scope_id s, uint32_t form, struct buffer *out)
{
	const struct scope *row = &e->scopes.at[s];

	if (form & FORM_KIND)
		buffer_addf(out, "%s ", kind_of(e, s));
	if (form & FORM_TYPE)
		buffer_addf(
		    out, "%.*s ", SLICE_ARGS(estate_text(e, row->type)));
	if (form & FORM_PATH) {
		estate_write_path(e, s, out);
		return;
	}
	if (form & FORM_ABOVE) {
		buffer_add(out, display_name(e, row->parent));
		buffer_putc(out, '/');
	}
	buffer_add(out, display_name(e, s));
}

void
estate_write_scope(const struct estate *e, scope_id s, struct buffer *out)
{
	static const uint8_t forms[] = {0, FORM_KIND, FORM_ABOVE,
	    FORM_KIND | FORM_ABOVE, FORM_PATH, FORM_KIND | FORM_PATH,
	    FORM_TYPE | FORM_PATH};
	struct buffer text = {0};

	if (s == 0) {
		buffer_putc(out, '/');
		return;
	}
	for (size_t i = 0; i < sizeof forms; i++) {
		buffer_clear(&text);
		write_form(e, s, forms[i], &text);
		if (means_only(e, &text, s))
			break;
	}
	if (text.error != ACTAS_OK && out->error == ACTAS_OK)
		out->error = text.error;
	buffer_add(out, buffer_slice(&text));
	buffer_release(&text);
}
