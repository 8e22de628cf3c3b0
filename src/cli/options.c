#include "cli/options.h"

#include <getopt.h>

/* Options that a table can have, and letters ":s:" for each. */
#define TABLE_MOST   24
#define FIRST_LONG   256
#define FARTHEST     3
#define WORD_LONGEST 32

/* Levenshtein's distance; words longer than WORD_LONGEST are far away. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[WORD_LONGEST + 1], m = strlen(a), n = strlen(b);

	if (m > WORD_LONGEST || n > WORD_LONGEST)
		return WORD_LONGEST;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; i <= m; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			best = row[j] + 1 < best ? row[j] + 1 : best;
			row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
		}
	}
	return row[n];
}

const char *
nearest_word(const char *word, const char *const *candidates)
{
	const char *best = NULL;
	size_t nearest = FARTHEST;

	for (; *candidates != NULL; candidates++) {
		size_t d = distance(word, *candidates);

		/* Replacing all of a short word is no similarity. */
		if (d < nearest && d < strlen(*candidates)) {
			nearest = d;
			best = *candidates;
		}
	}
	return best;
}

static bool
is_choice(const char *choices, const char *value)
{
	struct slice rest = slice_of(choices), part;

	while (slice_cut(&rest, '|', &part)) {
		if (slice_eq(part, slice_of(value)))
			return true;
	}
	return false;
}

/* "text, json or junit" of "text|json|junit". */
static void
write_choices(struct buffer *out, const char *choices)
{
	struct slice rest = slice_of(choices), part;

	for (bool first = true; slice_cut(&rest, '|', &part); first = false) {
		if (!first)
			buffer_puts(out, rest.at == NULL ? " or " : ", ");
		buffer_add(out, part);
	}
}

static enum actas_error
check_choice(const struct cli_option *o, const char *value, struct fault *fault)
{
	struct buffer list = {0};

	if (o->choices == NULL || is_choice(o->choices, value))
		return ACTAS_OK;
	write_choices(&list, o->choices);
	fault_set(fault, ACTAS_EUSAGE, NULL, 0, "--%s is %s, not '%s'", o->name,
	    buffer_text(&list), value);
	buffer_release(&list);
	return ACTAS_EUSAGE;
}

static enum actas_error
unknown_option(
    const struct cli_option *table, const char *given, struct fault *fault)
{
	const char *names[TABLE_MOST + 1] = {NULL}, *near;
	char bare[WORD_LONGEST + 1] = "";
	struct slice rest = slice_of(given), word;

	for (size_t i = 0; table[i].name != NULL; i++)
		names[i] = table[i].name;
	rest = slice_from(rest, slice_starts(rest, SLICE("--")) ? 2 : 0);
	slice_cut(&rest, '=', &word);
	if (word.length < sizeof bare && word.length > 0)
		memcpy(bare, word.at, word.length);
	near = nearest_word(bare, names);
	if (near != NULL)
		return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
		    "there is no option '%s'; did you mean '--%s'?", given,
		    near);
	return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
	    "there is no option '%s'; --help lists those there are", given);
}

/* getopt's own forms of a table. */
struct forms {
	struct option longs[TABLE_MOST + 1];
	char shorts[2 * TABLE_MOST + 3];
};

static void
forms_make(struct forms *f, const struct cli_option *table, bool stops)
{
	char *at = f->shorts;

	if (stops)
		*at++ = '+'; /* getopt's sign for: stop at the first operand */
	*at++ = ':';
	for (size_t i = 0; i < TABLE_MOST && table[i].name != NULL; i++) {
		int takes =
		    table[i].argument == NULL ? no_argument : required_argument;

		f->longs[i] = (struct option){
		    table[i].name, takes, NULL, FIRST_LONG + (int)i};
		if (table[i].letter == 0)
			continue;
		*at++ = table[i].letter;
		if (takes == required_argument)
			*at++ = ':';
	}
	*at = '\0';
}

static const struct cli_option *
option_of(const struct cli_option *table, int code)
{
	if (code >= FIRST_LONG)
		return &table[code - FIRST_LONG];
	while (table->name != NULL && table->letter != (char)code)
		table++;
	return table->name == NULL ? NULL : table;
}

static bool
may_repeat(const struct cli_option *o)
{
	return o->id == OPTION_RULE || o->id == OPTION_NAME;
}

static enum actas_error
take_option(const struct cli_option *table, int code, char **argv,
    struct arguments *arguments, struct fault *fault)
{
	const char *given = argv[optind > 1 ? optind - 1 : 1];
	const struct cli_option *o;
	char letter[3] = {'-', (char)optopt, '\0'};

	if (code == '?' && optopt >= FIRST_LONG)
		return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
		    "--%s takes no value", table[optopt - FIRST_LONG].name);
	if (code == '?')
		return unknown_option(
		    table, optopt != 0 ? letter : given, fault);
	if (code == ':') {
		o = option_of(table, optopt);
		return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
		    "--%s needs a value: %s", o == NULL ? "" : o->name,
		    o == NULL ? "" : o->argument);
	}
	o = option_of(table, code);
	if (o == NULL)
		return unknown_option(table, given, fault);
	if (may_repeat(o) && arguments->repeated_count == REPEATED_MOST)
		return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
		    "--%s is given more than %d times", o->name, REPEATED_MOST);
	if (may_repeat(o))
		arguments->repeated[arguments->repeated_count++] = optarg;
	arguments->values[o->id] = o->argument == NULL ? "" : optarg;
	return o->argument == NULL ? ACTAS_OK : check_choice(o, optarg, fault);
}

enum actas_error
options_parse(const struct cli_option *table, int argc, char **argv,
    struct arguments *arguments, struct fault *fault)
{
	struct forms forms = {0};
	int code;

	forms_make(&forms, table, arguments->takes_command);
	opterr = 0;
	optind = 0;
	while ((code = getopt_long(
		    argc, argv, forms.shorts, forms.longs, NULL)) != -1) {
		enum actas_error error =
		    take_option(table, code, argv, arguments, fault);

		if (error != ACTAS_OK)
			return error;
	}
	arguments->command = argv + optind;
	for (; optind < argc && !arguments->takes_command; optind++) {
		if (arguments->operand_count == OPERANDS_MOST)
			return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
			    "too many arguments, from '%s' on", argv[optind]);
		arguments->operands[arguments->operand_count++] = argv[optind];
	}
	return ACTAS_OK;
}

enum actas_error
options_days(
    const char *name, const char *text, uint32_t *days, struct fault *fault)
{
	uint64_t value;

	if (!slice_u64(slice_of(text), &value) || value > 36500)
		return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
		    "--%s is a number of days, 0 to 36500, not '%s'", name,
		    text);
	*days = (uint32_t)value;
	return ACTAS_OK;
}
