#include "cli/map.h"

static const struct cli_option options[] = {
    {OPTION_FORMAT, 'f', "format", "FORMAT", "mermaid|dot|svg",
	"mermaid (the default), dot, or svg, which Graphviz draws"},
    {OPTION_FOCUS, 0, "focus", "NAME", NULL,
	"only what touches this principal or scope"},
    OPTION_ROWS_COMMON,
    OPTION_END,
};

static const struct {
	const char *name;
	enum actas_error (*write)(
	    struct cli *cli, const struct map *map, struct buffer *out);
} formats[] = {
    {"mermaid", map_write_mermaid},
    {"dot", map_write_dot},
    {"svg", map_write_svg},
};

static enum actas_error
run(struct cli *cli)
{
	const char *name = cli->arguments.values[OPTION_FORMAT];
	struct map map = {0};
	struct buffer out = {0};
	size_t format = 0;
	enum actas_error error = cli_load(cli);

	while (name != NULL && strcmp(formats[format].name, name) != 0)
		format++;
	if (error == ACTAS_OK)
		error =
		    map_make(cli, cli->arguments.values[OPTION_FOCUS], &map);
	if (error == ACTAS_OK)
		error = formats[format].write(cli, &map, &out);
	if (error == ACTAS_OK)
		error = out.error;
	if (error == ACTAS_OK)
		output_document(&cli->out, buffer_slice(&out));
	buffer_release(&out);
	map_release(&map);
	return error;
}

const struct command command_map = {
    .name = "map",
    .operands = "",
    .summary = "draw the access graph as Mermaid, DOT or SVG",
    .about =
	"Draws who has which role where, who is in which group, which "
	"connection is backed by whom, which secret holds whose credential, "
	"and which item runs as whom.",
    .examples = "actas map -s access.md\n"
		"actas map --format svg --focus sp-worker > sp-worker.svg",
    .options = options,
    .operands_least = 0,
    .operands_most = 0,
    .run = run,
};
