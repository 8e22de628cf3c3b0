#include "api/graph/filter.h"

/*
 * Parsed by descent into a tree in the arena, evaluated over the JSON that
 * the client would be shown. The depth of the tree is bounded, so that both
 * may recurse.
 */

enum { FILTER_BYTES = 8192, FILTER_DEPTH = 32, FILTER_VALUES = 64 };

enum test {
	TEST_OR,
	TEST_AND,
	TEST_NOT,
	TEST_COMPARE,
	TEST_IN,
	TEST_STARTS,
	TEST_ENDS,
	TEST_CONTAINS,
	TEST_ANY
};

enum relation { EQ, NE, LT, LE, GT, GE };

enum value_kind { VALUE_TEXT, VALUE_TRUE, VALUE_FALSE, VALUE_NULL };

struct value {
	enum value_kind kind;
	struct slice text;
};

struct filter {
	enum test test;
	enum relation relation;
	const struct filter *left, *right; /* of or, and, not, any */
	struct slice path;     /* "displayName"; empty: the variable of any */
	struct slice variable; /* of any */
	struct value *values;
	uint32_t value_count;
};

struct parser {
	struct arena *arena;
	struct slice rest;
	const char *begin;
	uint32_t depth;
	struct slice variable; /* of the any() that we are in, or empty */
	enum actas_error error;
};

static const struct filter *parse_or(struct parser *p);

/* --- words --- */

static void
fail(struct parser *p, enum actas_error error)
{
	if (p->error == ACTAS_OK)
		p->error = error;
}

static void
skip_blanks(struct parser *p)
{
	while (p->rest.length > 0 &&
	    (p->rest.at[0] == ' ' || p->rest.at[0] == '\t'))
		p->rest = slice_from(p->rest, 1);
}

static bool
is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '@' ||
	    c == '-' || c == ':';
}

static struct slice
peek_word(struct parser *p)
{
	size_t n = 0;

	skip_blanks(p);
	while (n < p->rest.length && is_word_char(p->rest.at[n]))
		n++;
	return slice_sub(p->rest, 0, n);
}

static bool
take_word(struct parser *p, const char *word)
{
	struct slice next = peek_word(p);

	if (!slice_eq_case(next, slice_of(word)))
		return false;
	p->rest = slice_from(p->rest, next.length);
	return true;
}

static bool
take_char(struct parser *p, char c)
{
	skip_blanks(p);
	if (p->rest.length == 0 || p->rest.at[0] != c)
		return false;
	p->rest = slice_from(p->rest, 1);
	return true;
}

static void
want_char(struct parser *p, char c)
{
	if (!take_char(p, c))
		fail(p, ACTAS_EPARSE);
}

/* --- values --- */

/* The text between the quotes, a doubled one being one. */
static struct slice
take_quoted(struct parser *p)
{
	char *copy = arena_zero(p->arena, p->rest.length + 1, 1);
	size_t length = 0;

	if (copy == NULL) {
		fail(p, ACTAS_ENOMEM);
		return SLICE("");
	}
	for (size_t i = 0; i < p->rest.length; i++) {
		if (p->rest.at[i] == '\'') {
			bool doubled =
			    i + 1 < p->rest.length && p->rest.at[i + 1] == '\'';

			if (!doubled) {
				p->rest = slice_from(p->rest, i + 1);
				return (struct slice){copy, length};
			}
			i++;
		}
		copy[length++] = p->rest.at[i];
	}
	fail(p, ACTAS_EPARSE);
	return SLICE("");
}

static struct value
take_value(struct parser *p)
{
	struct slice word;

	if (take_char(p, '\''))
		return (struct value){VALUE_TEXT, take_quoted(p)};
	if (take_word(p, "true"))
		return (struct value){VALUE_TRUE, SLICE("")};
	if (take_word(p, "false"))
		return (struct value){VALUE_FALSE, SLICE("")};
	if (take_word(p, "null"))
		return (struct value){VALUE_NULL, SLICE("")};
	word = peek_word(p);
	if (word.length == 0)
		fail(p, ACTAS_EPARSE);
	p->rest = slice_from(p->rest, word.length);
	return (struct value){VALUE_TEXT, word};
}

/* --- the grammar --- */

static struct filter *
make(struct parser *p, enum test test)
{
	struct filter *f = arena_zero(p->arena, 1, sizeof *f);

	if (f == NULL)
		fail(p, ACTAS_ENOMEM);
	else
		f->test = test;
	return f;
}

static void
add_value(struct parser *p, struct filter *f, struct value value)
{
	if (f->values == NULL)
		f->values =
		    arena_zero(p->arena, FILTER_VALUES, sizeof *f->values);
	if (f->values == NULL)
		fail(p, ACTAS_ENOMEM);
	else if (f->value_count == FILTER_VALUES)
		fail(p, ACTAS_ELIMIT);
	else
		f->values[f->value_count++] = value;
}

/* A property, or the variable of any(), which is the element itself. */
static struct slice
take_path(struct parser *p)
{
	struct slice word = peek_word(p);

	if (word.length == 0)
		fail(p, ACTAS_EPARSE);
	p->rest = slice_from(p->rest, word.length);
	return p->variable.length > 0 && slice_eq(word, p->variable) ? SLICE("")
								     : word;
}

static struct filter *
parse_call(struct parser *p, enum test test)
{
	struct filter *f = make(p, test);

	if (f == NULL)
		return NULL;
	want_char(p, '(');
	f->path = take_path(p);
	want_char(p, ',');
	add_value(p, f, take_value(p));
	want_char(p, ')');
	return f;
}

static struct filter *
parse_in(struct parser *p, struct slice path)
{
	struct filter *f = make(p, TEST_IN);

	if (f == NULL)
		return NULL;
	f->path = path;
	want_char(p, '(');
	do {
		add_value(p, f, take_value(p));
	} while (p->error == ACTAS_OK && take_char(p, ','));
	want_char(p, ')');
	return f;
}

static struct filter *
parse_compare(struct parser *p, struct slice path)
{
	static const char *const words[] = {
	    [EQ] = "eq",
	    [NE] = "ne",
	    [LT] = "lt",
	    [LE] = "le",
	    [GT] = "gt",
	    [GE] = "ge",
	};
	struct filter *f = make(p, TEST_COMPARE);

	for (unsigned i = 0; f != NULL && i < sizeof words / sizeof *words;
	     i++) {
		if (!take_word(p, words[i]))
			continue;
		f->relation = (enum relation)i;
		f->path = path;
		add_value(p, f, take_value(p));
		return f;
	}
	fail(p, ACTAS_EPARSE);
	return f;
}

/* "any(c: c eq '…')"; the word before the colon may hold it ("c:c"). */
static struct filter *
parse_any(struct parser *p, struct slice path)
{
	struct filter *f = make(p, TEST_ANY);
	struct slice outer = p->variable, word, name;

	if (f == NULL)
		return NULL;
	f->path = path;
	want_char(p, '(');
	word = peek_word(p);
	(void)slice_cut(&word, ':', &name);
	p->rest = slice_from(p->rest, name.length);
	want_char(p, ':');
	if (name.length == 0 || outer.length > 0)
		fail(p, ACTAS_EPARSE);
	p->variable = name;
	f->left = parse_or(p);
	p->variable = outer;
	want_char(p, ')');
	return f;
}

static const struct filter *
parse_term(struct parser *p)
{
	static const struct {
		const char *word;
		enum test test;
	} calls[] = {
	    {"startswith", TEST_STARTS},
	    {"endswith", TEST_ENDS},
	    {"contains", TEST_CONTAINS},
	};
	const struct filter *inner;
	struct filter *f;
	struct slice path;

	if (take_char(p, '(')) {
		inner = parse_or(p);
		want_char(p, ')');
		return inner;
	}
	if (take_word(p, "not")) {
		f = make(p, TEST_NOT);
		if (f != NULL && p->depth < FILTER_DEPTH) {
			p->depth++;
			f->left = parse_term(p);
			p->depth--;
		} else {
			fail(p, ACTAS_ELIMIT);
		}
		return f;
	}
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (take_word(p, calls[i].word))
			return parse_call(p, calls[i].test);
	path = take_path(p);
	if (take_char(p, '/')) {
		if (take_word(p, "any"))
			return parse_any(p, path);
		fail(p, ACTAS_EPARSE);
		return NULL;
	}
	return take_word(p, "in") ? parse_in(p, path) : parse_compare(p, path);
}

static const struct filter *
join(struct parser *p, enum test test, const struct filter *left,
    const struct filter *right)
{
	struct filter *f = make(p, test);

	if (f != NULL) {
		f->left = left;
		f->right = right;
	}
	return f;
}

static const struct filter *
parse_and(struct parser *p)
{
	const struct filter *f = parse_term(p);

	while (p->error == ACTAS_OK && take_word(p, "and"))
		f = join(p, TEST_AND, f, parse_term(p));
	return f;
}

static const struct filter *
parse_or(struct parser *p)
{
	const struct filter *f = NULL;

	if (p->error != ACTAS_OK)
		return NULL;
	if (++p->depth > FILTER_DEPTH)
		fail(p, ACTAS_ELIMIT);
	else
		f = parse_and(p);
	while (p->error == ACTAS_OK && take_word(p, "or"))
		f = join(p, TEST_OR, f, parse_and(p));
	p->depth--;
	return f;
}

enum actas_error
filter_parse(struct arena *arena, struct slice text,
    const struct filter **filter, size_t *where)
{
	struct parser p = {.arena = arena, .rest = slice_trim(text)};

	*filter = NULL;
	*where = 0;
	if (p.rest.length == 0)
		return ACTAS_OK;
	if (p.rest.length > FILTER_BYTES)
		return ACTAS_ELIMIT;
	*filter = parse_or(&p);
	skip_blanks(&p);
	if (p.rest.length > 0)
		fail(&p, ACTAS_EPARSE);
	*where = text.length - p.rest.length;
	if (p.error != ACTAS_OK)
		*filter = NULL;
	return p.error;
}

/* --- evaluation --- */

static const json_t *
property(const struct filter *f, const json_t *object)
{
	char name[128] = "";

	if (f->path.length == 0)
		return object;
	if (f->path.length >= sizeof name)
		return NULL;
	memcpy(name, f->path.at, f->path.length);
	return json_object_get(object, name);
}

static struct slice
text_of(const json_t *value)
{
	return (struct slice){
	    json_string_value(value), json_string_length(value)};
}

static bool
equals(const json_t *have, const struct value *want)
{
	switch (want->kind) {
	case VALUE_NULL:
		return have == NULL || json_is_null(have);
	case VALUE_TRUE:
		return json_is_true(have);
	case VALUE_FALSE:
		return json_is_false(have);
	case VALUE_TEXT:
		break;
	}
	return json_is_string(have) && slice_eq_case(text_of(have), want->text);
}

static bool
compares(const struct filter *f, const json_t *have)
{
	int order;

	if (f->relation == EQ)
		return equals(have, &f->values[0]);
	if (f->relation == NE)
		return !equals(have, &f->values[0]);
	if (!json_is_string(have) || f->values[0].kind != VALUE_TEXT)
		return false;
	order = slice_cmp_case(text_of(have), f->values[0].text);
	return f->relation == LT ? order < 0
	    : f->relation == LE  ? order <= 0
	    : f->relation == GT  ? order > 0
				 : order >= 0;
}

static bool
is_among(const struct filter *f, const json_t *have)
{
	for (uint32_t i = 0; i < f->value_count; i++)
		if (equals(have, &f->values[i]))
			return true;
	return false;
}

static bool
any_takes(const struct filter *f, const json_t *list)
{
	const json_t *each;
	size_t i;

	json_array_foreach(list, i, each)
	{
		if (filter_takes(f->left, each))
			return true;
	}
	return false;
}

bool
filter_takes(const struct filter *f, const json_t *object)
{
	const json_t *have;

	if (f == NULL)
		return true;
	have = property(f, object);
	switch (f->test) {
	case TEST_OR:
		return filter_takes(f->left, object) ||
		    filter_takes(f->right, object);
	case TEST_AND:
		return filter_takes(f->left, object) &&
		    filter_takes(f->right, object);
	case TEST_NOT:
		return !filter_takes(f->left, object);
	case TEST_COMPARE:
		return compares(f, have);
	case TEST_IN:
		return is_among(f, have);
	case TEST_STARTS:
		return json_is_string(have) &&
		    slice_starts_case(text_of(have), f->values[0].text);
	case TEST_ENDS:
		return json_is_string(have) &&
		    slice_ends_case(text_of(have), f->values[0].text);
	case TEST_CONTAINS:
		return json_is_string(have) &&
		    slice_find_case(text_of(have), f->values[0].text) !=
		    SIZE_MAX;
	case TEST_ANY:
		return any_takes(f, have);
	}
	return false;
}
