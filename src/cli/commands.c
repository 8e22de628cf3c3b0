#include "cli/cli.h"

static const struct command *const commands[] = {
    &command_check,
    &command_can,
    &command_who,
    &command_what,
    &command_acts,
    &command_explain,
    &command_diff,
    &command_page,
    &command_map,
    &command_init,
    &command_serve,
    &command_exec,
    &command_env,
    &command_audit,
    &command_verify,
    &command_completion,
};

#define COMMANDS (sizeof commands / sizeof *commands)

const struct command *
command_at(uint32_t i)
{
	return i < COMMANDS ? commands[i] : NULL;
}

const struct command *
command_find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}
