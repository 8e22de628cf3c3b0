#include "cli/platform_source.h"
#include "platform/view.h"

#include <unistd.h>

static const char *
database_of(struct cli *cli, const char *folder)
{
	return arena_printf(&cli->arena, "%s/platform.db", folder);
}

bool
is_data_folder(const char *source)
{
	struct buffer path = {0};
	bool is;

	buffer_addf(&path, "%s/platform.db", source);
	is = path.error == ACTAS_OK && access(buffer_text(&path), F_OK) == 0;
	buffer_release(&path);
	return is;
}

static enum actas_error
find_revision(
    struct cli *cli, const char *database, const char *at, uint64_t *revision)
{
	moment when = INT64_MAX;
	enum actas_error error;

	if (at != NULL && slice_u64(slice_of(at), revision))
		return ACTAS_OK;
	if (at != NULL && !moment_parse(slice_of(at), &when))
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "'%s' is no revision (12), date (2026-11-21) or time "
		    "(2026-11-21T18:17:39Z)",
		    at);
	error = journal_revision_at(database, when, revision, &cli->fault);
	if (error == ACTAS_OK && *revision == 0)
		return fault_set(&cli->fault, ACTAS_ENOTFOUND, database, 0,
		    "the platform was not there yet at %s", at);
	return error;
}

enum actas_error
data_folder_load(
    struct cli *cli, const char *folder, const char *at, struct estate **estate)
{
	const char *database = database_of(cli, folder);
	const struct state *state = NULL;
	uint64_t revision;
	moment when;
	enum actas_error error;

	*estate = NULL;
	if (database == NULL)
		return fault_plain(&cli->fault, ACTAS_ENOMEM);
	error = find_revision(cli, database, at, &revision);
	if (error == ACTAS_OK)
		error = journal_state_at(
		    database, revision, &state, &when, &cli->fault);
	if (error == ACTAS_OK)
		error = view_estate(state, revision, NULL, estate, &cli->fault);
	state_release(state);
	return error;
}
