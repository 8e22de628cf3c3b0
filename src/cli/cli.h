#ifndef CLI_CLI_H
#define CLI_CLI_H

/*
 * One run of the program. A command is a row of a table: what it takes, what
 * help says, and the function that does it. Answers go to cli->out and are
 * flushed by cli_run; a failure is recorded in cli->fault, printed by cli_run,
 * and makes the exit status STATUS_TROUBLE.
 */

#include "cli/json.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/text.h"
#include "engine/engine.h"
#include "source/source.h"

enum status { STATUS_YES = 0, STATUS_NO = 1, STATUS_TROUBLE = 2 };

struct cli {
	const struct command *command;
	struct arguments arguments;
	struct output out;
	struct progress progress;
	struct fault fault;
	struct arena arena; /* for the answer; released at the end */
	struct estate *estate;
	struct clock clock;
	int status; /* of a command that did not fail; mostly enum status */
};

struct command {
	const char *name;
	const char *operands; /* "PRINCIPAL ACTION SCOPE" */
	const char *summary;
	const char *about;                /* paragraphs, one a line */
	const char *examples;             /* one a line */
	const struct cli_option *options; /* ends with a row without name */
	uint32_t operands_least, operands_most;
	bool hidden;
	bool takes_command; /* options.h */
	enum actas_error (*run)(struct cli *cli);
};

/* cli/run.c: one run of the program, as main is given it; the exit status.
 * Leaves nothing behind, so that it may be called again. */
int cli_run(int argc, char **argv);

/* The i-th command, NULL behind the last. */
const struct command *command_at(uint32_t i);
const struct command *command_find(const char *name);

#define OPTION_END           \
	{                    \
		.name = NULL \
	}
#define OPTION_ROW_HELP                               \
	{                                             \
		OPTION_HELP, 'h', "help", NULL, NULL, \
		    "show this help and exit"         \
	}
#define OPTION_ROW_COLOR                                                     \
	{                                                                    \
		OPTION_COLOR, 0, "color", "WHEN", "auto|always|never",       \
		    "colour: auto (on a terminal, unless NO_COLOR is set), " \
		    "always or never"                                        \
	}
#define OPTION_ROW_SOURCE                                                     \
	{                                                                     \
		OPTION_SOURCE, 's', "source", "SOURCE", NULL,                 \
		    "access page (.md), Azure JSON file or folder, data "     \
		    "folder or https://… of a platform, or - for standard " \
		    "input; by default what ACTAS_SOURCE names"               \
	}
#define OPTION_ROW_JSON                               \
	{                                             \
		OPTION_JSON, 'j', "json", NULL, NULL, \
		    "write JSON (docs/json.md)"       \
	}
#define OPTION_ROW_AT                                                       \
	{                                                                   \
		OPTION_AT, 0, "at", "WHEN", NULL,                           \
		    "as of a past revision (12), date (its start, UTC) or " \
		    "time; the source is a platform then"                   \
	}
#define OPTION_ROW_DIRECTORY                                   \
	{                                                      \
		OPTION_DIRECTORY, 'd', "dir", "DIR", NULL,     \
		    "data folder; by default the user's own, " \
		    "~/.local/share/actas"                     \
	}
#define OPTION_ROWS_COMMON OPTION_ROW_SOURCE, OPTION_ROW_COLOR, OPTION_ROW_HELP

static inline bool
cli_has(const struct cli *cli, enum option_id id)
{
	return cli->arguments.values[id] != NULL;
}

/* cli/run.c: a sentence on standard error that is no failure; 'about' as the
 * file of a fault. */
void cli_tell(struct cli *cli, const char *about, const char *sentence);

/* cli/load.c: reads --source or ACTAS_SOURCE into cli->estate. */
enum actas_error cli_load(struct cli *cli) ACTAS_MUST_USE;
/* What --source or ACTAS_SOURCE names, or NULL. */
const char *cli_source(const struct cli *cli);
/* Whether a source was named at all. */
bool cli_has_source(const struct cli *cli);
/* An estate that knows the shipped roles and nothing else. */
enum actas_error cli_load_nothing(struct cli *cli) ACTAS_MUST_USE;
/* Reads any source, telling the progress; 'at' as in --at, or NULL. */
enum actas_error cli_load_from(struct cli *cli, const char *path,
    const char *at, struct estate **estate) ACTAS_MUST_USE;

/* cli/help.c */
void help_program(struct output *o);
void help_command(struct output *o, const struct command *command);

/* Each in a file of its own. */
extern const struct command command_check, command_can, command_who,
    command_what, command_acts, command_explain, command_diff, command_page,
    command_map, command_exec, command_env, command_init, command_serve,
    command_audit, command_verify, command_completion;

#endif
