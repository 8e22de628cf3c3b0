#include "engine/decide/condition.h"

#include "engine/decide/wildcard.h"

#include <stddef.h>

/*
 * A recursive descent that reads and evaluates in one go. There is no tree:
 * both sides of an AND or OR are always read, so that a mistake behind a side
 * that already decides is still seen. Lists are not stored either; a list is
 * the text between its braces and is read again for each comparison.
 *
 * Values have four states. FALSE wins an AND and TRUE wins an OR whatever the
 * other side is; otherwise not understood wins over missing, since it says
 * less.
 */

struct condition {
	struct slice rest;
	const struct condition_facts *facts;
	unsigned depth;
	bool broken; /* this is no condition */
};

static enum verdict read_any(struct condition *c);

static enum verdict
broken(struct condition *c)
{
	c->broken = true;
	return VERDICT_NOT_UNDERSTOOD;
}

/* Words and signs. */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ':';
}

static void
skip_blanks(struct slice *s)
{
	while (s->length != 0 && is_blank(s->at[0]))
		*s = slice_from(*s, 1);
}

static bool
take_sign(struct condition *c, struct slice sign)
{
	skip_blanks(&c->rest);
	if (!slice_starts(c->rest, sign))
		return false;
	c->rest = slice_from(c->rest, sign.length);
	return true;
}

static struct slice
peek_word(struct condition *c)
{
	size_t n = 0;

	skip_blanks(&c->rest);
	while (n < c->rest.length && is_word(c->rest.at[n]))
		n++;
	return slice_sub(c->rest, 0, n);
}

static bool
take_word(struct condition *c, struct slice word)
{
	if (!slice_eq_case(peek_word(c), word))
		return false;
	c->rest = slice_from(c->rest, word.length);
	return true;
}

/* Takes text up to 'end' and 'end' itself. */
static bool
take_until(struct condition *c, char end, struct slice *text)
{
	const char *at = NULL;

	if (c->rest.length != 0)
		at = memchr(c->rest.at, end, c->rest.length);
	if (at == NULL)
		return false;
	*text = slice_sub(c->rest, 0, (size_t)(at - c->rest.at));
	c->rest = slice_from(c->rest, text->length + 1);
	return true;
}

/* Operands: an attribute, one value, or a list of values. */

enum standing { PRESENT, ABSENT, UNKNOWN };

struct operand {
	enum standing standing;
	bool is_list;
	struct slice text; /* value, or what is between the braces */
	char guid[GUID_TEXT_LENGTH + 1];
	bool is_guid;
};

struct attribute {
	const char *source, *name;
	size_t field;
	bool is_guid;
};

#define FACT(name)    offsetof(struct condition_facts, name)
#define AUTHORIZATION "Microsoft.Authorization/roleAssignments:"
#define CONTAINERS    "Microsoft.Storage/storageAccounts/blobServices/containers"

static const struct attribute attributes[] = {
    {"Resource", "Microsoft.KeyVault/vaults:name", FACT(vault_name), false},
    {"Resource", "Microsoft.KeyVault/vaults/secrets:name", FACT(secret_name),
	false},
    {"Request", "Microsoft.KeyVault/vaults/secrets:name",
	FACT(request_secret_name), false},
    {"Resource", "Microsoft.Storage/storageAccounts:name", FACT(account_name),
	false},
    {"Resource", CONTAINERS ":name", FACT(container_name), false},
    {"Resource", CONTAINERS "/blobs:path", FACT(blob_path), false},
    {"Request", AUTHORIZATION "RoleDefinitionId", FACT(request_role), true},
    {"Resource", AUTHORIZATION "RoleDefinitionId", FACT(request_role), true},
    {"Request", AUTHORIZATION "PrincipalId", FACT(request_principal), true},
    {"Resource", AUTHORIZATION "PrincipalId", FACT(request_principal), true},
    {"Request", AUTHORIZATION "PrincipalType", FACT(request_principal_type),
	false},
    {"Resource", AUTHORIZATION "PrincipalType", FACT(request_principal_type),
	false},
};

static const struct attribute *
attribute_find(struct slice source, struct slice name)
{
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
		if (slice_eq_case(slice_of(attributes[i].source), source) &&
		    slice_eq_case(slice_of(attributes[i].name), name))
			return &attributes[i];
	}
	return NULL;
}

static void
attribute_read(const struct attribute *a, const struct condition_facts *facts,
    struct operand *o)
{
	const char *field = (const char *)facts + a->field;

	o->is_guid = a->is_guid;
	if (a->is_guid) {
		struct guid guid;

		memcpy(&guid, field, sizeof guid);
		guid_format(guid, o->guid);
		o->standing = guid_is_nil(guid) ? ABSENT : PRESENT;
		return;
	}
	memcpy(&o->text, field, sizeof o->text);
	o->standing = o->text.length == 0 ? ABSENT : PRESENT;
}

static bool
take_attribute(struct condition *c, struct operand *o)
{
	const struct attribute *a;
	struct slice source, name;

	*o = (struct operand){.standing = UNKNOWN};
	source = peek_word(c);
	c->rest = slice_from(c->rest, source.length);
	if (source.length == 0 || !take_sign(c, SLICE("[")) ||
	    !take_until(c, ']', &name))
		return false;
	a = attribute_find(source, slice_trim(name));
	if (a != NULL)
		attribute_read(a, c->facts, o);
	return true;
}

/*
 * One value off the front of a list's text: 'quoted', or bare (a GUID, a
 * number). The documents do not say how to write a quote inside quotes, so a
 * backslash before the closing one is no value.
 */
static bool
take_value(struct slice *rest, struct slice *value)
{
	size_t n = 0;

	skip_blanks(rest);
	if (rest->length != 0 && rest->at[0] == '\'') {
		size_t end = slice_find(slice_from(*rest, 1), SLICE("'"));

		if (end == SIZE_MAX || (end != 0 && rest->at[end] == '\\'))
			return false;
		*value = slice_sub(*rest, 1, end);
		*rest = slice_from(*rest, end + 2);
		return true;
	}
	while (n < rest->length && !is_blank(rest->at[n]) &&
	    memchr(",{}()'@", rest->at[n], 7) == NULL)
		n++;
	*value = slice_sub(*rest, 0, n);
	*rest = slice_from(*rest, n);
	return n != 0;
}

/* "{a, 'b'}" behind its brace; a brace in quotes is text. */
static bool
take_list(struct condition *c, struct operand *o)
{
	struct slice start = c->rest, value;

	*o = (struct operand){.standing = PRESENT, .is_list = true};
	do {
		if (!take_value(&c->rest, &value))
			return false;
	} while (take_sign(c, SLICE(",")));
	o->text = slice_sub(start, 0, start.length - c->rest.length);
	return take_sign(c, SLICE("}"));
}

static bool
take_operand(struct condition *c, struct operand *o)
{
	if (take_sign(c, SLICE("@")))
		return take_attribute(c, o);
	if (take_sign(c, SLICE("{")))
		return take_list(c, o);
	*o = (struct operand){.standing = PRESENT};
	return take_value(&c->rest, &o->text);
}

/* The next value of an operand; '*state' starts as its text. */
static bool
operand_next(const struct operand *o, struct slice *state, struct slice *value)
{
	if (o->is_guid && state->at != o->guid) {
		*value = slice_of(o->guid);
		*state = *value;
		return true;
	}
	if (o->is_guid || state->at == NULL)
		return false;
	if (!o->is_list) {
		*value = *state;
		*state = (struct slice){0};
		return true;
	}
	if (!take_value(state, value))
		return false;
	skip_blanks(state);
	if (state->length != 0) /* the comma */
		*state = slice_from(*state, 1);
	return true;
}

static bool
operand_is_single(const struct operand *o)
{
	struct slice state = o->text, value;
	unsigned n = 0;

	while (operand_next(o, &state, &value))
		n++;
	return n == 1;
}

/* Operators. */

struct comparison {
	bool negated, fold;
	bool any_left, any_right; /* else all */
	bool quantified;
	enum verdict (*compare)(
	    struct slice left, struct slice right, bool fold);
};

static enum verdict
verdict_of(bool value)
{
	return value ? VERDICT_TRUE : VERDICT_FALSE;
}

static enum verdict
compare_equals(struct slice left, struct slice right, bool fold)
{
	return verdict_of(
	    fold ? slice_eq_case(left, right) : slice_eq(left, right));
}

static enum verdict
compare_starts(struct slice left, struct slice right, bool fold)
{
	return verdict_of(
	    fold ? slice_starts_case(left, right) : slice_starts(left, right));
}

static enum verdict
compare_ends(struct slice left, struct slice right, bool fold)
{
	return verdict_of(
	    fold ? slice_ends_case(left, right) : slice_ends(left, right));
}

static enum verdict
compare_contains(struct slice left, struct slice right, bool fold)
{
	size_t at =
	    fold ? slice_find_case(left, right) : slice_find(left, right);

	return verdict_of(at != SIZE_MAX);
}

static enum verdict
compare_like(struct slice left, struct slice right, bool fold)
{
	return verdict_of(wildcard_matches_like(right, left, fold));
}

/* A GUID with its dashes or without: the built-in roles have both. */
static bool
read_guid(struct slice text, struct guid *guid)
{
	static const uint8_t group[] = {8, 4, 4, 4, 12};
	char dashed[GUID_TEXT_LENGTH];
	size_t from = 0, to = 0;

	if (text.length != 32)
		return guid_parse(text, guid);
	for (size_t i = 0; i < sizeof group; i++) {
		if (i != 0)
			dashed[to++] = '-';
		memcpy(dashed + to, text.at + from, group[i]);
		from += group[i];
		to += group[i];
	}
	return guid_parse((struct slice){dashed, to}, guid);
}

static enum verdict
compare_guid(struct slice left, struct slice right, bool fold)
{
	struct guid a, b;

	(void)fold;
	if (!read_guid(left, &a) || !read_guid(right, &b))
		return VERDICT_NOT_UNDERSTOOD;
	return verdict_of(guid_eq(a, b));
}

static const struct {
	const char *name, *not_name;
	enum verdict (*compare)(struct slice, struct slice, bool);
	bool has_ignore_case;
} operators[] = {
    {"StringEquals", "StringNotEquals", compare_equals, true},
    {"StringStartsWith", "StringNotStartsWith", compare_starts, true},
    {"StringEndsWith", "StringNotEndsWith", compare_ends, true},
    {"StringContains", "StringNotContains", compare_contains, true},
    {"StringLike", "StringNotLike", compare_like, true},
    {"GuidEquals", "GuidNotEquals", compare_guid, false},
};

static const struct {
	const char *prefix;
	bool any_left, any_right;
} quantifiers[] = {
    {"ForAnyOfAnyValues:", true, true},
    {"ForAllOfAnyValues:", false, true},
    {"ForAnyOfAllValues:", true, false},
    {"ForAllOfAllValues:", false, false},
};

/* An operator that is not understood has no compare. */
static struct comparison
comparison_of(struct slice word)
{
	struct comparison c = {0};
	const struct slice ignore = SLICE("IgnoreCase");

	for (size_t i = 0; i < sizeof quantifiers / sizeof *quantifiers; i++) {
		struct slice prefix = slice_of(quantifiers[i].prefix);

		if (!slice_starts_case(word, prefix))
			continue;
		word = slice_from(word, prefix.length);
		c.any_left = quantifiers[i].any_left;
		c.any_right = quantifiers[i].any_right;
		c.quantified = true;
		break;
	}
	if (slice_ends_case(word, ignore)) {
		word = slice_sub(word, 0, word.length - ignore.length);
		c.fold = true;
	}
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
		c.negated =
		    slice_eq_case(word, slice_of(operators[i].not_name));
		if (!c.negated &&
		    !slice_eq_case(word, slice_of(operators[i].name)))
			continue;
		if (!c.fold || operators[i].has_ignore_case)
			c.compare = operators[i].compare;
		break;
	}
	return c;
}

static enum verdict
verdict_not(enum verdict v)
{
	static const enum verdict of[] = {
	    [VERDICT_FALSE] = VERDICT_TRUE,
	    [VERDICT_TRUE] = VERDICT_FALSE,
	    [VERDICT_MISSING_ATTRIBUTE] = VERDICT_MISSING_ATTRIBUTE,
	    [VERDICT_NOT_UNDERSTOOD] = VERDICT_NOT_UNDERSTOOD,
	};

	return of[v];
}

/* AND of two where 'wins' is false, OR where it is true. */
static enum verdict
verdict_join(enum verdict a, enum verdict b, enum verdict wins)
{
	if (a == wins || b == wins)
		return wins;
	return a > b ? a : b;
}

static enum verdict
compare_right(const struct comparison *how, struct slice left,
    const struct operand *right)
{
	enum verdict wins = verdict_of(how->any_right), v = verdict_not(wins);
	struct slice state = right->text, value;

	while (operand_next(right, &state, &value)) {
		enum verdict one = how->compare(left, value, how->fold);

		if (how->negated)
			one = verdict_not(one);
		v = verdict_join(v, one, wins);
		if (v == wins)
			break;
	}
	return v;
}

static enum verdict
compare_all(const struct comparison *how, const struct operand *left,
    const struct operand *right)
{
	enum verdict wins = verdict_of(how->any_left), v = verdict_not(wins);
	struct slice state = left->text, value;

	while (v != wins && operand_next(left, &state, &value)) {
		enum verdict one = compare_right(how, value, right);

		v = verdict_join(v, one, wins);
	}
	return v;
}

static enum verdict
compare_operands(const struct comparison *how, const struct operand *left,
    const struct operand *right)
{
	if (how->compare == NULL || left->standing == UNKNOWN ||
	    right->standing == UNKNOWN)
		return VERDICT_NOT_UNDERSTOOD;
	if (left->standing == ABSENT || right->standing == ABSENT)
		return VERDICT_MISSING_ATTRIBUTE;
	if (!how->quantified &&
	    (!operand_is_single(left) || !operand_is_single(right)))
		return VERDICT_NOT_UNDERSTOOD;
	return compare_all(how, left, right);
}

static enum verdict
read_comparison(struct condition *c)
{
	struct operand left, right;
	struct comparison how;
	struct slice word;

	if (!take_operand(c, &left))
		return broken(c);
	word = peek_word(c);
	c->rest = slice_from(c->rest, word.length);
	if (word.length == 0 || !take_operand(c, &right))
		return broken(c);
	how = comparison_of(word);
	return compare_operands(&how, &left, &right);
}

/* Functions. */

static enum verdict
read_matches(struct condition *c,
    bool (*fits)(struct slice value, const struct condition_facts *facts))
{
	struct operand list;
	struct slice state, value;
	bool found = false;

	if (!take_sign(c, SLICE("{")) || !take_list(c, &list))
		return broken(c);
	state = list.text;
	while (operand_next(&list, &state, &value))
		found = found || fits(value, c->facts);
	return verdict_of(found);
}

static bool
fits_action(struct slice value, const struct condition_facts *facts)
{
	return wildcard_matches_action(value, facts->action);
}

static bool
fits_suboperation(struct slice value, const struct condition_facts *facts)
{
	return slice_eq_case(value, facts->suboperation);
}

static enum verdict
read_exists(struct condition *c)
{
	struct operand o;

	if (!take_sign(c, SLICE("@")) || !take_attribute(c, &o))
		return broken(c);
	return o.standing == UNKNOWN ? VERDICT_NOT_UNDERSTOOD
				     : verdict_of(o.standing == PRESENT);
}

static enum verdict
read_one(struct condition *c)
{
	enum verdict v;

	if (take_sign(c, SLICE("!")) || take_word(c, SLICE("NOT"))) {
		if (c->depth == LIMIT_CONDITION_DEPTH)
			return broken(c);
		c->depth++;
		v = verdict_not(read_one(c));
		c->depth--;
		return v;
	}
	if (take_sign(c, SLICE("("))) {
		v = read_any(c);
		return take_sign(c, SLICE(")")) ? v : broken(c);
	}
	if (take_word(c, SLICE("ActionMatches")))
		return read_matches(c, fits_action);
	if (take_word(c, SLICE("SubOperationMatches")))
		return read_matches(c, fits_suboperation);
	if (take_word(c, SLICE("Exists")))
		return read_exists(c);
	return read_comparison(c);
}

/*
 * A run of one kind of connective. The documents demand parentheses where
 * both occur, so a mixture is no condition: either reading would be a guess.
 */
static enum verdict
read_any(struct condition *c)
{
	enum verdict v, wins = VERDICT_NOT_UNDERSTOOD, this_wins;

	if (c->depth == LIMIT_CONDITION_DEPTH)
		return broken(c);
	c->depth++;
	v = read_one(c);
	while (!c->broken) {
		if (take_sign(c, SLICE("&&")) || take_word(c, SLICE("AND")))
			this_wins = VERDICT_FALSE;
		else if (take_sign(c, SLICE("||")) || take_word(c, SLICE("OR")))
			this_wins = VERDICT_TRUE;
		else
			break;
		if (wins != VERDICT_NOT_UNDERSTOOD && wins != this_wins)
			return broken(c);
		wins = this_wins;
		v = verdict_join(v, read_one(c), wins);
	}
	c->depth--;
	return v;
}

static enum verdict
evaluate(struct slice condition, const struct condition_facts *facts,
    bool *wellformed)
{
	struct condition c = {.rest = condition, .facts = facts};
	enum verdict v = read_any(&c);

	skip_blanks(&c.rest);
	*wellformed = !c.broken && c.rest.length == 0;
	return *wellformed ? v : VERDICT_NOT_UNDERSTOOD;
}

enum verdict
condition_evaluate(struct slice condition, const struct condition_facts *facts)
{
	bool wellformed;

	return evaluate(condition, facts, &wellformed);
}

bool
condition_is_wellformed(struct slice condition)
{
	const struct condition_facts nothing = {0};
	bool wellformed;

	(void)evaluate(condition, &nothing, &wellformed);
	return wellformed;
}
