#include "source/page/page_read.h"

#include <stdio.h>
/*
 * The words that people use for kinds of things. Longer ones first, so that
 * "storage account" is not taken for an account, nor "data pipeline" for a
 * pipeline.
 */
static const struct kind_word kinds[] = {
    {"spark job definition", SCOPE_ITEM, ITEM_SPARK_JOB, "SparkJobDefinition"},
    {"azure devops pipeline", SCOPE_ITEM, ITEM_DEVOPS_PIPELINE, "Pipeline"},
    {"apache airflow job", SCOPE_ITEM, ITEM_AIRFLOW_JOB, "ApacheAirflowJob"},
    {"power automate flow", SCOPE_ITEM, ITEM_FLOW, "Flow"},
    {"management group", SCOPE_MANAGEMENT_GROUP, 0, NULL},
    {"azure subscription", SCOPE_SUBSCRIPTION, 0, NULL},
    {"service connection", SCOPE_CONNECTION, 0, NULL},
    {"app registration", SCOPE_APPLICATION, 0, NULL},
    {"fabric workspace", SCOPE_WORKSPACE, 0, NULL},
    {"fabric capacity", SCOPE_CAPACITY, 0, NULL},
    {"storage account", SCOPE_STORAGE_ACCOUNT, 0, NULL},
    {"devops pipeline", SCOPE_ITEM, ITEM_DEVOPS_PIPELINE, "Pipeline"},
    {"key vault secret", SCOPE_SECRET, 0, NULL},
    {"azure key vault", SCOPE_VAULT, 0, NULL},
    {"devops project", SCOPE_PROJECT, 0, NULL},
    {"blob container", SCOPE_CONTAINER, 0, NULL},
    {"resource group", SCOPE_RESOURCE_GROUP, 0, NULL},
    {"semantic model", SCOPE_ITEM, ITEM_SEMANTIC_MODEL, "SemanticModel"},
    {"data pipeline", SCOPE_ITEM, ITEM_PIPELINE, "DataPipeline"},
    {"blob storage", SCOPE_STORAGE_ACCOUNT, 0, NULL},
    {"subscription", SCOPE_SUBSCRIPTION, 0, NULL},
    {"organization", SCOPE_ORGANIZATION, 0, NULL},
    {"organisation", SCOPE_ORGANIZATION, 0, NULL},
    {"airflow job", SCOPE_ITEM, ITEM_AIRFLOW_JOB, "ApacheAirflowJob"},
    {"application", SCOPE_APPLICATION, 0, NULL},
    {"connection", SCOPE_CONNECTION, 0, NULL},
    {"spark job", SCOPE_ITEM, ITEM_SPARK_JOB, "SparkJobDefinition"},
    {"key vault", SCOPE_VAULT, 0, NULL},
    {"container", SCOPE_CONTAINER, 0, NULL},
    {"warehouse", SCOPE_ITEM, ITEM_WAREHOUSE, "Warehouse"},
    {"lakehouse", SCOPE_ITEM, ITEM_LAKEHOUSE, "Lakehouse"},
    {"workspace", SCOPE_WORKSPACE, 0, NULL},
    {"keyvault", SCOPE_VAULT, 0, NULL},
    {"notebook", SCOPE_ITEM, ITEM_NOTEBOOK, "Notebook"},
    {"pipeline", SCOPE_ITEM, ITEM_PIPELINE, "DataPipeline"},
    {"resource", SCOPE_RESOURCE, 0, NULL},
    {"capacity", SCOPE_CAPACITY, 0, NULL},
    {"project", SCOPE_PROJECT, 0, NULL},
    {"secret", SCOPE_SECRET, 0, NULL},
    {"vault", SCOPE_VAULT, 0, NULL},
    {"blob", SCOPE_BLOB, 0, NULL},
    {"flow", SCOPE_ITEM, ITEM_FLOW, "Flow"},
    {"item", SCOPE_ITEM, ITEM_OTHER, ""},
};

/* The first whose words the text has is meant. */
static const struct identity_type types[] = {
    {"workspace identity", PRINCIPAL_WORKSPACE_IDENTITY, UNSAID, 0},
    {"workspace identities", PRINCIPAL_WORKSPACE_IDENTITY, UNSAID, 0},
    {"managed identity", PRINCIPAL_MANAGED_IDENTITY, UNSAID, 0},
    {"managed identities", PRINCIPAL_MANAGED_IDENTITY, UNSAID, 0},
    {"service account", PRINCIPAL_USER, NO, PRINCIPAL_SERVICE_ACCOUNT},
    {"service accounts", PRINCIPAL_USER, NO, PRINCIPAL_SERVICE_ACCOUNT},
    {"spn", PRINCIPAL_SERVICE, UNSAID, 0},
    {"spns", PRINCIPAL_SERVICE, UNSAID, 0},
    {"service principal", PRINCIPAL_SERVICE, UNSAID, 0},
    {"service principals", PRINCIPAL_SERVICE, UNSAID, 0},
    {"app registration", PRINCIPAL_SERVICE, UNSAID, 0},
    {"group", PRINCIPAL_GROUP, UNSAID, 0},
    {"groups", PRINCIPAL_GROUP, UNSAID, 0},
    {"human", PRINCIPAL_USER, YES, PRINCIPAL_HUMAN},
    {"person", PRINCIPAL_USER, YES, PRINCIPAL_HUMAN},
    {"personal account", PRINCIPAL_USER, YES, PRINCIPAL_HUMAN},
    {"personal accounts", PRINCIPAL_USER, YES, PRINCIPAL_HUMAN},
    {"user", PRINCIPAL_USER, UNSAID, 0},
    {"users", PRINCIPAL_USER, UNSAID, 0},
    {"everyone", PRINCIPAL_GROUP, UNSAID, PRINCIPAL_EVERYONE},
    {"unknown", PRINCIPAL_UNKNOWN, UNSAID, 0},
};

static bool
is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c & 0x80) != 0 || c == '_';
}

static bool
stands_alone(struct slice s, size_t at, size_t length)
{
	return (at == 0 || !is_word_byte(s.at[at - 1])) &&
	    (at + length >= s.length || !is_word_byte(s.at[at + length]));
}

size_t
words_find(struct slice s, const char *word)
{
	struct slice needle = slice_of(word);

	for (size_t at = 0; at + needle.length <= s.length; at++)
		if (stands_alone(s, at, needle.length) &&
		    slice_starts_case(slice_from(s, at), needle))
			return at;
	return SIZE_MAX;
}

bool
words_has(struct slice s, const char *word)
{
	return words_find(s, word) != SIZE_MAX;
}

/* The plural of "identity" is of no concern here: "capacities" is. */
static bool
is_plural(struct slice s, struct slice word)
{
	if (slice_ends(word, SLICE("y")))
		return s.length == word.length + 2 &&
		    slice_starts_case(s, slice_sub(word, 0, word.length - 1)) &&
		    slice_ends_case(s, SLICE("ies"));
	return s.length == word.length + 1 && slice_starts_case(s, word) &&
	    ascii_lower(s.at[s.length - 1]) == 's';
}

static bool
is_word_for(struct slice s, struct slice word)
{
	return slice_eq_case(s, word) || is_plural(s, word);
}

#define EACH_KIND(k)                        \
	(const struct kind_word *k = kinds; \
	    k < kinds + sizeof kinds / sizeof *kinds; k++)

const struct kind_word *
words_kind(struct slice s)
{
	s = slice_trim(s);
	if (slice_starts_case(s, SLICE("the ")))
		s = slice_trim(slice_from(s, 4));
	for
		EACH_KIND(k)
	if (is_word_for(s, slice_of(k->words)))
		return k;
	return NULL;
}

const struct kind_word *
words_kind_at_end(struct slice s, struct slice *rest)
{
	s = slice_trim(s);
	for
		EACH_KIND(k)
		{
			size_t length = strlen(k->words);

			for (size_t more = 0; more <= 2; more++) {
				if (s.length <= length + more)
					continue;
				size_t from = s.length - length - more;

				if (s.at[from - 1] != ' ' ||
				    !is_word_for(slice_from(s, from),
					slice_of(k->words)))
					continue;
				*rest = slice_trim(slice_sub(s, 0, from));
				return k;
			}
		}
	return NULL;
}

const struct kind_word *
words_kind_at_start(struct slice s, struct slice *rest)
{
	s = slice_trim(s);
	for
		EACH_KIND(k)
		{
			struct slice word = slice_of(k->words);

			if (!slice_starts_case(s, word) ||
			    s.length <= word.length || s.at[word.length] != ' ')
				continue;
			*rest = slice_trim(slice_from(s, word.length));
			return k;
		}
	return NULL;
}

const struct kind_word *
words_item_in(struct slice s)
{
	const struct kind_word *found = NULL;
	size_t first = SIZE_MAX;

	for
		EACH_KIND(k)
		{
			char plural[64];
			size_t at;

			if (k->scope != SCOPE_ITEM || k->item == ITEM_OTHER)
				continue;
			snprintf(plural, sizeof plural, "%ss", k->words);
			at = words_find(s, k->words);
			if (at == SIZE_MAX)
				at = words_find(s, plural);
			if (at < first) {
				first = at;
				found = k;
			}
		}
	return found;
}

const struct identity_type *
words_identity(struct slice s)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (words_has(s, types[i].words))
			return &types[i];
	return NULL;
}

uint8_t
words_collective(struct slice s)
{
	static const char *const ends[] = {"accounts", "administrators",
	    "admins", "users", "developers", "engineers", "owners", "members",
	    "people", "team"};
	uint8_t flags = PRINCIPAL_COLLECTIVE;

	if (words_has(s, "personal") || words_has(s, "people"))
		flags |= PRINCIPAL_HUMAN;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t length = strlen(ends[i]);

		if (slice_ends_case(s, slice_of(ends[i])) &&
		    stands_alone(s, s.length - length, length))
			return flags;
	}
	return 0;
}

bool
words_nothing(struct slice s)
{
	static const char *const nothings[] = {"", "-", "--", "---",
	    "\xe2\x80\x93", "\xe2\x80\x94", "none", "n/a"};

	s = slice_trim(s);
	for (size_t i = 0; i < sizeof nothings / sizeof *nothings; i++)
		if (slice_eq_case(s, slice_of(nothings[i])))
			return true;
	return false;
}

bool
text_says_nothing(const struct text *t)
{
	return text_span(t, SPAN_CODE, 0).length == 0 &&
	    words_nothing(t->plain);
}

bool
words_tri(struct slice s, uint8_t *tri)
{
	static const struct {
		const char *word;
		enum tri tri;
	} words[] = {{"yes", YES}, {"true", YES}, {"on", YES}, {"enabled", YES},
	    {"no", NO}, {"false", NO}, {"off", NO}, {"disabled", NO}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!slice_eq_case(slice_trim(s), slice_of(words[i].word)))
			continue;
		*tri = (uint8_t)words[i].tri;
		return true;
	}
	return false;
}

/* Remembers the newest star only: a longer match of an earlier one can never
 * be needed, so the time is at most the product of both lengths. */
bool
words_match(struct slice pattern, struct slice s)
{
	size_t p = 0, i = 0, star = SIZE_MAX, resume = 0;

	while (i < s.length) {
		if (p < pattern.length && pattern.at[p] == '*') {
			star = p++;
			resume = i;
		} else if (p < pattern.length &&
		    ascii_lower(pattern.at[p]) == ascii_lower(s.at[i])) {
			p++;
			i++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			i = ++resume;
		} else {
			return false;
		}
	}
	while (p < pattern.length && pattern.at[p] == '*')
		p++;
	return p == pattern.length;
}

bool
words_bracket(struct slice s, struct slice *before, struct slice *inside)
{
	size_t open = slice_find(s, SLICE("("));
	size_t close;

	*before = slice_trim(s);
	*inside = SLICE("");
	if (open == SIZE_MAX)
		return false;
	close = s.length;
	while (close > open + 1 && s.at[close - 1] != ')')
		close--;
	if (close <= open + 1)
		return false;
	*before = slice_trim(slice_sub(s, 0, open));
	*inside = slice_trim(slice_sub(s, open + 1, close - open - 2));
	return true;
}

static bool
next_word(struct slice *rest, struct slice *word)
{
	size_t from = 0, to;

	while (from < rest->length && !is_word_byte(rest->at[from]))
		from++;
	to = from;
	while (to < rest->length && is_word_byte(rest->at[to]))
		to++;
	*word = slice_sub(*rest, from, to - from);
	*rest = slice_from(*rest, to);
	return word->length > 0;
}

bool
words_managed_identity(struct slice s)
{
	static const char *const words[] = {"the", "azure", "function",
	    "functions", "app", "web", "system", "user", "assigned", "managed",
	    "identity", "mi", "msi"};
	struct slice rest = s, word;

	while (next_word(&rest, &word)) {
		bool known = false;

		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			known |= slice_eq_case(word, slice_of(words[i]));
		if (!known)
			return false;
	}
	return words_has(s, "mi") || words_has(s, "msi") ||
	    words_has(s, "managed identity");
}
