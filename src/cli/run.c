#include "cli/cli.h"

#include "cli/version.h"

#include <unistd.h>

#define COMMANDS_MOST 32

/*
 * Whoever has no memory for a message is still told that, with none. Should
 * standard error fail, there is no further stream to complain on.
 */
static void
close_errors(struct output *err)
{
	static const char starved[] = "actas: out of memory\n";
	ssize_t written = 0;

	if (err->pending.error == ACTAS_ENOMEM)
		err->pending.length = 0;
	if (output_close(err, NULL) == ACTAS_ENOMEM)
		written = write(STDERR_FILENO, starved, sizeof starved - 1);
	(void)written;
}

static void
print_fault(const struct fault *fault, const char *when)
{
	struct output err;

	output_init(&err, STDERR_FILENO, when);
	text_puts(&err, STYLE_BOLD, "actas: ");
	if (fault->file[0] != '\0') {
		text_puts(&err, STYLE_BOLD, fault->file);
		if (fault->line > 0)
			text_printf(&err, STYLE_BOLD, ":%u", fault->line);
		text_puts(&err, STYLE_BOLD, ": ");
	}
	text_puts(&err, STYLE_PLAIN, fault->message);
	text_newline(&err);
	close_errors(&err);
}

void
cli_tell(struct cli *cli, const char *about, const char *sentence)
{
	struct fault said = {0};

	progress_stop(&cli->progress);
	(void)fault_set(&said, ACTAS_OK, about, 0, "%s", sentence);
	print_fault(&said, cli->arguments.values[OPTION_COLOR]);
}

static enum actas_error
check_operands(struct cli *cli)
{
	const struct command *c = cli->command;
	uint32_t count = cli->arguments.operand_count;

	if (count < c->operands_least)
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "%s needs %s; see actas %s --help", c->name, c->operands,
		    c->name);
	if (count > c->operands_most && c->operands_most == 0)
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "%s takes no argument such as '%s'; see actas %s --help",
		    c->name, cli->arguments.operands[0], c->name);
	if (count > c->operands_most)
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "%s takes only %s, and '%s' is one too many", c->name,
		    c->operands, cli->arguments.operands[c->operands_most]);
	return ACTAS_OK;
}

static enum actas_error
run_command(struct cli *cli, int argc, char **argv)
{
	enum actas_error error;

	cli->arguments.takes_command = cli->command->takes_command;
	error = options_parse(
	    cli->command->options, argc, argv, &cli->arguments, &cli->fault);
	if (error != ACTAS_OK)
		return error;
	output_init(
	    &cli->out, STDOUT_FILENO, cli->arguments.values[OPTION_COLOR]);
	cli->out.before = progress_stop;
	cli->out.context = &cli->progress;
	if (cli_has(cli, OPTION_HELP)) {
		help_command(&cli->out, cli->command);
		return ACTAS_OK;
	}
	error = check_operands(cli);
	return error == ACTAS_OK ? cli->command->run(cli) : error;
}

static enum actas_error
unknown_command(struct cli *cli, const char *given)
{
	const char *names[COMMANDS_MOST + 1] = {NULL}, *near;
	const struct command *c;
	uint32_t count = 0;

	for (uint32_t i = 0; (c = command_at(i)) != NULL; i++) {
		if (!c->hidden && count < COMMANDS_MOST)
			names[count++] = c->name;
	}
	near = nearest_word(given, names);
	if (near != NULL)
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "there is no command '%s'; did you mean '%s'?", given,
		    near);
	return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
	    "there is no command '%s'; actas --help lists those there are",
	    given);
}

/* actas --version, --help, help [COMMAND], and nothing at all. */
static enum actas_error
run_bare(struct cli *cli, int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	const struct command *about = NULL;
	bool help = strcmp(word, "help") == 0;

	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
		text_puts(&cli->out, STYLE_PLAIN, "actas " ACTAS_VERSION);
		text_newline(&cli->out);
		return ACTAS_OK;
	}
	if (help && argc > 2)
		about = command_find(argv[2]);
	if (about != NULL) {
		help_command(&cli->out, about);
		return ACTAS_OK;
	}
	if (help && argc > 2)
		return unknown_command(cli, argv[2]);
	if (!help && strcmp(word, "--help") != 0 && strcmp(word, "-h") != 0)
		return unknown_command(cli, word);
	help_program(&cli->out);
	return ACTAS_OK;
}

/* Without a command: the help, as an error. */
static int
no_command(void)
{
	struct output err;

	output_init(&err, STDERR_FILENO, NULL);
	help_program(&err);
	close_errors(&err);
	return STATUS_TROUBLE;
}

int
cli_run(int argc, char **argv)
{
	struct cli cli = {.clock = clock_system()};
	enum actas_error error;

	if (argc < 2)
		return no_command();
	output_init(&cli.out, STDOUT_FILENO, NULL);
	cli.command = command_find(argv[1]);
	error = cli.command == NULL ? run_bare(&cli, argc, argv)
				    : run_command(&cli, argc - 1, argv + 1);
	if (error != ACTAS_OK)
		fault_plain(&cli.fault, error);
	if (output_close(&cli.out, &cli.fault) != ACTAS_OK)
		error = ACTAS_EIO;
	progress_stop(&cli.progress);
	if (cli.fault.error != ACTAS_OK)
		print_fault(&cli.fault, cli.arguments.values[OPTION_COLOR]);
	estate_free(cli.estate);
	arena_release(&cli.arena);
	return cli.fault.error != ACTAS_OK ? STATUS_TROUBLE : (int)cli.status;
}
