#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

/*
 * Options of commands are rows of tables: parsing, help and completion all
 * read them.
 */

#include "base/base.h"

enum option_id {
	OPTION_HELP,
	OPTION_SOURCE,
	OPTION_COLOR,
	OPTION_JSON,
	OPTION_FORMAT,
	OPTION_FAIL_ON,
	OPTION_TODAY,
	OPTION_EXPIRES_WITHIN,
	OPTION_MAX_AGE,
	OPTION_RULES,
	OPTION_RULE,
	OPTION_BATCH,
	OPTION_DATA,
	OPTION_CONTROL,
	OPTION_THROUGH,
	OPTION_TRIGGER,
	OPTION_EXPECT,
	OPTION_OUTPUT,
	OPTION_FOCUS,
	OPTION_AS,
	OPTION_DIRECTORY,
	OPTION_AT,
	OPTION_TO,
	OPTION_PRINCIPAL,
	OPTION_SECRET,
	OPTION_REQUEST,
	OPTION_SINCE,
	OPTION_UNTIL,
	OPTION_AUDIT_AFTER,
	OPTION_FROM,
	OPTION_NAME,
	OPTION_PASSPHRASE,
	OPTION_PASSPHRASE_FILE,
	OPTION_LISTEN,
	OPTION_PROXY,
	OPTIONS
};

struct cli_option {
	enum option_id id;
	char letter;          /* 0: none */
	const char *name;     /* NULL ends a table */
	const char *argument; /* NULL: a flag */
	const char *choices;  /* "text|json": what the argument may be */
	const char *help;
};

#define OPERANDS_MOST 8
#define REPEATED_MOST 32

struct arguments {
	const char *values[OPTIONS]; /* NULL: not given; a flag given: "" */
	const char *operands[OPERANDS_MOST];
	uint32_t operand_count;
	/* Set before parsing: what stands behind the options is a command of
	 * its own, with options that are not ours. It is left in 'command',
	 * ended by NULL. */
	bool takes_command;
	char **command;
	/* Each --rule or --name, in order; a command has one of them. */
	const char *repeated[REPEATED_MOST];
	uint32_t repeated_count;
};

/*
 * Reads argv[1…] (argv[0] is the command's name). ACTAS_EUSAGE with a fault
 * that says what is wrong and what was meant.
 */
enum actas_error options_parse(const struct cli_option *table, int argc,
    char **argv, struct arguments *arguments,
    struct fault *fault) ACTAS_MUST_USE;

/* A whole number of days, 0 to 36500. */
enum actas_error options_days(const char *name, const char *text,
    uint32_t *days, struct fault *fault) ACTAS_MUST_USE;

/* The row of the candidates (ends with NULL) nearest in spelling to 'word',
 * or NULL where none is near. */
const char *nearest_word(const char *word, const char *const *candidates);

#endif
