#include "cli/made.h"
#include "cli/passphrase.h"

static const struct cli_option options[] = {
    {OPTION_FROM, 0, "from", "SOURCE", NULL,
	"start with the principals, roles, assignments, vaults and secret "
	"names of an access page or of Azure's JSON, with new secrets"},
    {OPTION_NAME, 0, "name", "HOST", NULL,
	"another name or address by which clients reach the server; may be "
	"given several times"},
    OPTION_ROWS_PASSPHRASE,
    OPTION_ROW_JSON,
    OPTION_ROW_COLOR,
    OPTION_ROW_HELP,
    OPTION_END,
};

static enum actas_error
make(struct cli *cli, const char *folder, struct platform_made *made)
{
	const char *from = cli->arguments.values[OPTION_FROM];
	struct secret_bytes passphrase = {0};
	struct platform_seed seed = {.hosts = cli->arguments.repeated};
	struct platform_options platform = {
	    .folder = folder, .clock = cli->clock, .chance = chance_system()};
	enum actas_error error = ACTAS_OK;

	if (from != NULL)
		error = cli_load_from(cli, from, NULL, &cli->estate);
	seed.estate = cli->estate;
	if (error == ACTAS_OK)
		error = passphrase_read(cli, false, true, &passphrase);
	if (error == ACTAS_OK) {
		platform.passphrase =
		    passphrase.length == 0 ? NULL : &passphrase;
		progress_say(&cli->progress, "making", folder);
		error = platform_init(&platform, &seed, made, &cli->fault);
	}
	secret_bytes_release(&passphrase);
	return error;
}

static enum actas_error
run(struct cli *cli)
{
	struct platform_made made = {0};
	const char *folder;
	enum actas_error error = secrets_start(&cli->fault);

	if (error == ACTAS_OK)
		error = made_folder(cli, &folder);
	if (error == ACTAS_OK)
		error = make(cli, folder, &made);
	if (error == ACTAS_OK)
		error = cli_has(cli, OPTION_JSON)
		    ? made_tell_json(cli, folder, &made)
		    : made_tell_text(cli, folder, &made);
	platform_made_release(&made);
	return error;
}

const struct command command_init = {
    .name = "init",
    .operands = "[DIR]",
    .summary = "make a platform: tokens, roles and vaults of one's own",
    .about =
	"Makes a data folder, which must not be there or be empty: a tenant, "
	"a master key, a certificate authority and the server's certificate, "
	"and a first administrator. DIR is ~/.local/share/actas where it is "
	"left out.\n"
	"Standard output holds secrets that are shown this once: the "
	"administrator's, and a new one for each imported application. "
	"Nothing else is a secret in it.\n"
	"With --from the platform starts as what a source describes. What the "
	"source leaves open is made, what is in dispute is left out, and both "
	"are told.",
    .examples = "actas init ./platform\n"
		"actas init ./platform --from access.md\n"
		"actas init ./platform --from export/ --name vault.example.org "
		"--json > platform.json",
    .options = options,
    .operands_least = 0,
    .operands_most = 1,
    .run = run,
};
