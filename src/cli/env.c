#include "cli/surroundings.h"

static const struct cli_option options[] = {
    {OPTION_AS, 0, "as", "PRINCIPAL", NULL,
	"give the shell this identity, until the session ends by itself, after "
	"a week"},
    OPTION_ROW_DIRECTORY,
    OPTION_ROW_HELP,
    OPTION_END,
};

/* In single quotes nothing is special to a shell but the quote. */
static void
put_quoted(struct output *o, const char *value)
{
	struct slice rest = slice_of(value), part;
	bool first = true;

	output_raw(o, SLICE("'"));
	while (slice_cut(&rest, '\'', &part)) {
		if (!first)
			output_raw(o, SLICE("'\\''"));
		output_raw(o, part);
		first = false;
	}
	output_raw(o, SLICE("'"));
}

static void
put_variable(struct output *o, const struct variable *v)
{
	output_raw(o, v->value == NULL ? SLICE("unset ") : SLICE("export "));
	output_raw(o, slice_of(v->name));
	if (v->value != NULL) {
		output_raw(o, SLICE("="));
		put_quoted(o, v->value);
	}
	output_raw(o, SLICE("\n"));
}

static enum actas_error
run(struct cli *cli)
{
	const char *as = cli->arguments.values[OPTION_AS], *folder;
	struct session session;
	struct surroundings s;
	struct running r;
	enum actas_error error = running_folder(cli, &folder);

	if (error == ACTAS_OK)
		error = running_find(cli, folder, &r);
	if (error == ACTAS_OK && as != NULL)
		error = session_begin(cli, &r, as, &session);
	if (error == ACTAS_OK)
		error = surroundings_make(
		    cli, &r, as == NULL ? NULL : &session, &s);
	for (uint32_t i = 0; error == ACTAS_OK && i < s.count; i++)
		put_variable(&cli->out, &s.at[i]);
	return error;
}

const struct command command_env = {
    .name = "env",
    .operands = "",
    .summary = "the environment of exec, as exports for a shell",
    .about =
	"Writes what exec sets as lines for a POSIX shell, so that a whole "
	"shell reaches the local platform. A server must run on the folder. "
	"With --as the output holds the secret of a session: let no other "
	"read it.",
    .examples = "eval \"$(actas env)\"\n"
		"eval \"$(actas env --as sp-worker)\"",
    .options = options,
    .operands_least = 0,
    .operands_most = 0,
    .run = run,
};
