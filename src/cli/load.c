#include "cli/cli.h"

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
cli_load_from(struct cli *cli, const char *path, struct estate **estate)
{
	/* A server is a source for a later version; a path that looks like
	 * one deserves a better answer than "no such file". */
	if (slice_starts_case(slice_of(path), SLICE("http://")) ||
	    slice_starts_case(slice_of(path), SLICE("https://")))
		return fault_set(&cli->fault, ACTAS_EUSAGE, path, 0,
		    "a server cannot be read as a source; save its answers "
		    "in a file or folder and name that");
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
		    "no source: name an access page or Azure JSON with "
		    "-s SOURCE, or set ACTAS_SOURCE");
	return cli_load_from(cli, name, &cli->estate);
}

enum actas_error
cli_load_nothing(struct cli *cli)
{
	struct builder *b = builder_new(&cli->fault);

	if (b == NULL)
		return fault_plain(&cli->fault, ACTAS_ENOMEM);
	return builder_finish(b, &cli->estate);
}
