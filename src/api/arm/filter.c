#include "api/arm/filter.h"

struct scanner {
	struct slice rest;
	struct arena *arena;
	enum actas_error error;
};

static void
skip_blanks(struct scanner *s)
{
	while (s->rest.length > 0 && s->rest.at[0] == ' ')
		s->rest = slice_from(s->rest, 1);
}

static bool
take(struct scanner *s, char c)
{
	skip_blanks(s);
	if (s->rest.length == 0 || s->rest.at[0] != c)
		return false;
	s->rest = slice_from(s->rest, 1);
	return true;
}

static bool
is_name(char c)
{
	char lower = ascii_lower(c);

	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
	    c == '_' || c == '/' || c == '.';
}

static struct slice
take_name(struct scanner *s)
{
	struct slice name;
	size_t length = 0;

	skip_blanks(s);
	while (length < s->rest.length && is_name(s->rest.at[length]))
		length++;
	name = slice_sub(s->rest, 0, length);
	s->rest = slice_from(s->rest, length);
	return name;
}

static bool
take_word(struct scanner *s, struct slice word)
{
	struct scanner ahead = *s;

	if (!slice_eq_case(take_name(&ahead), word))
		return false;
	s->rest = ahead.rest;
	return true;
}

/* Two quotes are one. */
static struct slice
undouble(struct scanner *s, struct slice text)
{
	char *copy;
	size_t n = 0;

	if (slice_find(text, SLICE("''")) == SIZE_MAX)
		return text;
	copy = arena_copy(s->arena, text.at, text.length, 1);
	if (copy == NULL) {
		s->error = ACTAS_ENOMEM;
		return (struct slice){NULL, 0};
	}
	for (size_t i = 0; i < text.length; i++) {
		copy[n++] = text.at[i];
		i += text.at[i] == '\'';
	}
	return (struct slice){copy, n};
}

static bool
take_text(struct scanner *s, struct slice *text)
{
	size_t end = 0;

	if (!take(s, '\''))
		return false;
	while (end < s->rest.length) {
		if (s->rest.at[end] != '\'') {
			end++;
			continue;
		}
		if (end + 1 == s->rest.length || s->rest.at[end + 1] != '\'')
			break;
		end += 2;
	}
	if (end >= s->rest.length)
		return false;
	*text = undouble(s, slice_sub(s->rest, 0, end));
	s->rest = slice_from(s->rest, end + 1);
	return true;
}

static bool
take_clause(struct scanner *s, struct arm_clause *clause)
{
	clause->name = take_name(s);
	if (clause->name.length == 0)
		return false;
	if (!take(s, '('))
		return take_word(s, SLICE("eq")) &&
		    take_text(s, &clause->value);
	clause->is_call = true;
	return take(s, ')') || (take_text(s, &clause->value) && take(s, ')'));
}

enum actas_error
arm_filter_parse(
    struct arena *arena, struct slice text, struct arm_filter *filter)
{
	struct scanner s = {.rest = text, .arena = arena};
	bool goes_on;

	*filter = (struct arm_filter){0};
	skip_blanks(&s);
	goes_on = s.rest.length > 0;
	while (goes_on) {
		struct arm_clause clause = {0};

		if (filter->count == ARM_CLAUSES_MOST ||
		    !take_clause(&s, &clause))
			return ACTAS_EPARSE;
		filter->at[filter->count++] = clause;
		goes_on = take_word(&s, SLICE("and"));
	}
	skip_blanks(&s);
	if (s.error == ACTAS_OK && s.rest.length > 0)
		return ACTAS_EPARSE;
	return s.error;
}

const struct arm_clause *
arm_filter_find(const struct arm_filter *filter, const char *name, bool is_call)
{
	for (uint32_t i = 0; i < filter->count; i++)
		if (filter->at[i].is_call == is_call &&
		    slice_eq_case(filter->at[i].name, slice_of(name)))
			return &filter->at[i];
	return NULL;
}
