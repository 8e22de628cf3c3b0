#include "cli/cli.h"

#define OPTION_COLUMN 26
#define PAGE_WIDTH    79

/* Help is the same wherever it goes, so that what a pager or a manual shows
 * is what a terminal shows; only a narrower terminal narrows it. */
static void
set_width(struct output *o)
{
	if (o->columns == 0 || o->columns > PAGE_WIDTH)
		o->columns = PAGE_WIDTH;
}

static void
paragraphs(struct output *o, size_t indent, const char *text)
{
	struct slice rest = slice_of(text), line;
	struct buffer copy = {0};

	while (slice_cut(&rest, '\n', &line)) {
		buffer_clear(&copy);
		buffer_add(&copy, line);
		text_to(o, indent);
		text_flow(o, STYLE_PLAIN, indent, buffer_text(&copy));
		if (o->pending.error == ACTAS_OK)
			o->pending.error = copy.error;
		text_newline(o);
	}
	buffer_release(&copy);
}

static void
heading(struct output *o, const char *text)
{
	text_newline(o);
	text_puts(o, STYLE_BOLD, text);
	text_newline(o);
}

static void
option_row(struct output *o, const struct cli_option *option)
{
	if (option->letter != 0)
		text_printf(o, STYLE_PLAIN, "  -%c, ", option->letter);
	else
		text_to(o, 6);
	text_printf(o, STYLE_PLAIN, "--%s", option->name);
	if (option->argument != NULL)
		text_printf(o, STYLE_PLAIN, " %s", option->argument);
	if (o->column + 1 >= OPTION_COLUMN)
		text_newline(o);
	text_to(o, OPTION_COLUMN);
	text_flow(o, STYLE_PLAIN, OPTION_COLUMN, option->help);
	text_newline(o);
}

void
help_command(struct output *o, const struct command *command)
{
	set_width(o);
	text_puts(o, STYLE_BOLD, "usage: ");
	text_printf(o, STYLE_PLAIN, "actas %s [OPTION]… %s", command->name,
	    command->operands);
	text_newline(o);
	text_newline(o);
	paragraphs(o, 0, command->about);
	heading(o, "options");
	for (uint32_t i = 0; command->options[i].name != NULL; i++)
		option_row(o, &command->options[i]);
	if (command->examples != NULL) {
		heading(o, "examples");
		paragraphs(o, 2, command->examples);
	}
}

void
help_program(struct output *o)
{
	const struct command *command;

	set_width(o);
	text_puts(o, STYLE_BOLD, "usage: ");
	text_puts(o, STYLE_PLAIN, "actas COMMAND [-s SOURCE] …");
	text_newline(o);
	text_newline(o);
	paragraphs(o, 0,
	    "Which identity acts here, and what may it touch? SOURCE is an "
	    "access page (.md), Azure's JSON (a file or a folder) or a "
	    "platform (its folder or https://…); ACTAS_SOURCE names one for "
	    "all commands.");
	heading(o, "commands");
	for (uint32_t i = 0; (command = command_at(i)) != NULL; i++) {
		if (command->hidden)
			continue;
		text_puts(o, STYLE_PLAIN, "  ");
		text_puts(o, STYLE_BOLD, command->name);
		text_to(o, 11);
		text_flow(o, STYLE_PLAIN, 11, command->summary);
		text_newline(o);
	}
	text_newline(o);
	paragraphs(o, 0,
	    "actas COMMAND --help tells more; actas --version says which "
	    "this is.\n"
	    "Exit status: 0 yes or clean, 1 no or findings, 2 bad input or "
	    "an error.");
}
