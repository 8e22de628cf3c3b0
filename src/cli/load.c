#include "cli/platform_source.h"

#include <stdlib.h>

const char *
cli_source(const struct cli *cli)
{
	const char *named = cli->arguments.values[OPTION_SOURCE];

	if (named == NULL)
		named = getenv("ACTAS_SOURCE");
	return named == NULL || named[0] == '\0' ? NULL : named;
}

bool
cli_has_source(const struct cli *cli)
{
	return cli_source(cli) != NULL;
}

enum actas_error
cli_load_from(
    struct cli *cli, const char *path, const char *at, struct estate **estate)
{
	if (slice_starts_case(slice_of(path), SLICE("http://")))
		return fault_set(&cli->fault, ACTAS_EUSAGE, path, 0,
		    "a server is asked over https://, so that no token "
		    "crosses the network in the clear");
	if (is_server(path))
		return server_load(cli, path, at, estate);
	if (is_data_folder(path))
		return data_folder_load(cli, path, at, estate);
	if (at != NULL)
		return fault_set(&cli->fault, ACTAS_EUSAGE, path, 0,
		    "only a platform has a past: --at and --to need a server "
		    "or a data folder as source");
	progress_say(&cli->progress, "reading",
	    strcmp(path, "-") == 0 ? "standard input" : path);
	return source_load(path, estate, &cli->fault);
}

enum actas_error
cli_load(struct cli *cli)
{
	const char *name = cli_source(cli);

	if (name == NULL)
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "no source: name an access page, Azure JSON, a data folder "
		    "or a server with -s SOURCE, or set ACTAS_SOURCE");
	return cli_load_from(
	    cli, name, cli->arguments.values[OPTION_AT], &cli->estate);
}

enum actas_error
cli_load_nothing(struct cli *cli)
{
	struct builder *b = builder_new(&cli->fault);

	if (b == NULL)
		return fault_plain(&cli->fault, ACTAS_ENOMEM);
	return builder_finish(b, &cli->estate);
}
