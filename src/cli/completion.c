#include "cli/cli.h"

/*
 * What a shell needs to complete a command line, made from the same tables
 * that parse it: so it cannot lag behind them.
 */

static const struct cli_option options[] = {
    OPTION_ROW_HELP,
    OPTION_END,
};

/* What can stand behind an option or as an operand. */
static bool
takes_file(const struct cli_option *o)
{
	return o->id == OPTION_SOURCE || o->id == OPTION_OUTPUT;
}

static void
each_choice(struct output *o, const char *choices)
{
	struct slice rest = slice_of(choices), part;

	for (bool first = true; slice_cut(&rest, '|', &part); first = false) {
		if (!first)
			output_raw(o, SLICE(" "));
		output_raw(o, part);
	}
}

static void
raw(struct output *o, const char *text)
{
	output_raw(o, slice_of(text));
}

/* A text between single quotes, for any of the three shells. */
static void
quoted(struct output *o, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			raw(o, "’");
		else
			output_raw(o, (struct slice){text, 1});
	}
}

static void
bash_values(struct output *o, const struct command *c)
{
	for (const struct cli_option *row = c->options; row->name != NULL;
	     row++) {
		if (row->argument == NULL)
			continue;
		raw(o, "    ");
		raw(o, c->name);
		raw(o, ",--");
		raw(o, row->name);
		if (row->letter != 0) {
			const char letter[] = {row->letter, '\0'};

			raw(o, "|");
			raw(o, c->name);
			raw(o, ",-");
			raw(o, letter);
		}
		raw(o, ") ");
		if (row->choices != NULL) {
			raw(o, "COMPREPLY=($(compgen -W '");
			each_choice(o, row->choices);
			raw(o, "' -- \"$cur\")); return;;\n");
		} else if (takes_file(row)) {
			raw(o,
			    "compopt -o filenames; "
			    "COMPREPLY=($(compgen -f -- \"$cur\")); "
			    "return;;\n");
		} else {
			raw(o, "return;;\n");
		}
	}
}

static void
bash_commands(struct output *o)
{
	const struct command *c;

	for (uint32_t i = 0; (c = command_at(i)) != NULL; i++) {
		if (c->hidden)
			continue;
		raw(o, c->name);
		raw(o, " ");
	}
	raw(o, "help --help --version");
}

static void
bash_options(struct output *o, const struct command *c)
{
	raw(o, "    ");
	raw(o, c->name);
	raw(o, ") words='");
	for (const struct cli_option *row = c->options; row->name != NULL;
	     row++) {
		raw(o, row == c->options ? "--" : " --");
		raw(o, row->name);
	}
	raw(o, "';;\n");
}

static void
bash(struct output *o)
{
	const struct command *c;

	raw(o,
	    "# bash completion for actas; made by: actas completion bash\n"
	    "_actas()\n{\n"
	    "    local cur=${COMP_WORDS[COMP_CWORD]}\n"
	    "    local prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	    "    local command=${COMP_WORDS[1]} words\n"
	    "    COMPREPLY=()\n"
	    "    if [ \"$COMP_CWORD\" -le 1 ]; then\n"
	    "        COMPREPLY=($(compgen -W '");
	bash_commands(o);
	raw(o,
	    "' -- \"$cur\"))\n        return\n    fi\n"
	    "    case $command,$prev in\n");
	for (uint32_t i = 0; (c = command_at(i)) != NULL; i++) {
		if (!c->hidden)
			bash_values(o, c);
	}
	raw(o, "    esac\n    case $command in\n");
	for (uint32_t i = 0; (c = command_at(i)) != NULL; i++) {
		if (!c->hidden)
			bash_options(o, c);
	}
	raw(o,
	    "    esac\n"
	    "    if [[ $cur == -* ]]; then\n"
	    "        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	    "    elif [[ $command == diff || $command == explain ]]; then\n"
	    "        compopt -o filenames\n"
	    "        COMPREPLY=($(compgen -f -- \"$cur\"))\n"
	    "    fi\n}\ncomplete -F _actas actas\n");
}

/* zsh takes a bracketed text, in which brackets and colons are special. */
static void
zsh_text(struct output *o, const char *text)
{
	for (; *text != '\0'; text++) {
		const char one[] = {*text, '\0'};

		if (*text == '[' || *text == ']' || *text == ':')
			raw(o, "\\");
		quoted(o, one);
	}
}

static void
zsh_option(struct output *o, const struct cli_option *row)
{
	const char letter[] = {row->letter, '\0'};

	raw(o, "                ");
	if (row->letter != 0) {
		raw(o, "{-");
		raw(o, letter);
		raw(o, row->argument == NULL ? "" : "+");
		raw(o, ",");
	}
	raw(o, "--");
	raw(o, row->name);
	raw(o, row->argument == NULL ? "" : "=");
	raw(o, row->letter != 0 ? "}'[" : "'[");
	zsh_text(o, row->help);
	raw(o, "]");
	if (row->argument != NULL) {
		raw(o, ":");
		zsh_text(o, row->argument);
		raw(o, ":");
		if (row->choices != NULL) {
			raw(o, "(");
			each_choice(o, row->choices);
			raw(o, ")");
		} else if (takes_file(row)) {
			raw(o, "_files");
		}
	}
	raw(o, "' \\\n");
}

static void
zsh(struct output *o)
{
	const struct command *c;

	raw(o,
	    "#compdef actas\n"
	    "# zsh completion for actas; made by: actas completion zsh\n"
	    "_actas()\n{\n"
	    "    local -a commands\n"
	    "    commands=(\n");
	for (uint32_t i = 0; (c = command_at(i)) != NULL; i++) {
		if (c->hidden)
			continue;
		raw(o, "        '");
		raw(o, c->name);
		raw(o, ":");
		quoted(o, c->summary);
		raw(o, "'\n");
	}
	raw(o,
	    "        'help:tell about a command'\n    )\n"
	    "    if (( CURRENT == 2 )); then\n"
	    "        _describe command commands\n"
	    "        return\n    fi\n"
	    "    local command=$words[2]\n"
	    "    shift words\n    (( CURRENT-- ))\n"
	    "    case $command in\n");
	for (uint32_t i = 0; (c = command_at(i)) != NULL; i++) {
		if (c->hidden)
			continue;
		raw(o, "        ");
		raw(o, c->name);
		raw(o, ")\n            _arguments \\\n");
		for (const struct cli_option *row = c->options;
		     row->name != NULL; row++)
			zsh_option(o, row);
		raw(o,
		    "                '*:argument:_files'\n"
		    "            ;;\n");
	}
	raw(o,
	    "    esac\n}\n"
	    "if [ \"$funcstack[1]\" = _actas ]; then\n"
	    "    _actas \"$@\"\nelse\n    compdef _actas actas\nfi\n");
}

static void
fish_option(
    struct output *o, const struct command *c, const struct cli_option *row)
{
	const char letter[] = {row->letter, '\0'};

	raw(o, "complete -c actas -n '__fish_seen_subcommand_from ");
	raw(o, c->name);
	raw(o, "' -l ");
	raw(o, row->name);
	if (row->letter != 0) {
		raw(o, " -s ");
		raw(o, letter);
	}
	if (row->argument != NULL)
		raw(o, takes_file(row) ? " -r -F" : " -x");
	if (row->choices != NULL) {
		raw(o, " -a '");
		each_choice(o, row->choices);
		raw(o, "'");
	}
	raw(o, " -d '");
	quoted(o, row->help);
	raw(o, "'\n");
}

static void
fish(struct output *o)
{
	const struct command *c;

	raw(o,
	    "# fish completion for actas; made by: actas completion fish\n"
	    "complete -c actas -n __fish_use_subcommand -f\n");
	for (uint32_t i = 0; (c = command_at(i)) != NULL; i++) {
		if (c->hidden)
			continue;
		raw(o, "complete -c actas -n __fish_use_subcommand -a ");
		raw(o, c->name);
		raw(o, " -d '");
		quoted(o, c->summary);
		raw(o, "'\n");
		for (const struct cli_option *row = c->options;
		     row->name != NULL; row++)
			fish_option(o, c, row);
	}
}

static enum actas_error
run(struct cli *cli)
{
	static const struct {
		const char *name;
		void (*write)(struct output *o);
	} shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
	const char *name = cli->arguments.operands[0];

	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
		if (strcmp(shells[i].name, name) != 0)
			continue;
		shells[i].write(&cli->out);
		return ACTAS_OK;
	}
	return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
	    "completion is made for bash, zsh or fish, not '%s'", name);
}

const struct command command_completion = {
    .name = "completion",
    .operands = "SHELL",
    .summary = "write the completion script of a shell",
    .about = "Writes what bash, zsh or fish needs to complete actas.",
    .options = options,
    .operands_least = 1,
    .operands_most = 1,
    .hidden = true,
    .run = run,
};
