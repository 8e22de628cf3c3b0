#include "cli/platform_source.h"
#include "cli/running.h"
#include "cli/words.h"

#include "journal/audit.h"

#include <jansson.h>

static const struct cli_option options[] = {
    {OPTION_PRINCIPAL, 'p', "principal", "PRINCIPAL", NULL,
	"only what this one did, by name, object id or app id"},
    {OPTION_SECRET, 0, "secret", "TEXT", NULL,
	"only what was done to things with this in their path or id"},
    {OPTION_REQUEST, 'r', "request", "ID", NULL, "only this request"},
    {OPTION_SINCE, 0, "since", "WHEN", NULL, "from this date or time on"},
    {OPTION_UNTIL, 0, "until", "WHEN", NULL,
	"up to this time, or the start of this date (UTC)"},
    OPTION_ROW_JSON,
    OPTION_ROW_DIRECTORY,
    OPTION_ROW_COLOR,
    OPTION_ROW_HELP,
    OPTION_END,
};

static const char *
text_of(const json_t *line, const char *key)
{
	const char *text = json_string_value(json_object_get(line, key));

	return text == NULL ? "" : text;
}

/* The name of whoever the line tells of; the log itself holds ids only. */
static const char *
name_of(struct cli *cli, const json_t *line)
{
	struct guid id;
	principal_id p = NONE;

	if (guid_parse(slice_of(text_of(line, "objectId")), &id))
		p = estate_by_object_id(cli->estate, id);
	if (p == NONE && guid_parse(slice_of(text_of(line, "appId")), &id))
		p = estate_by_app_id(cli->estate, id);
	return p == NONE ? NULL : word_principal(cli, p);
}

static enum actas_error
write_json_line(struct cli *cli, json_t *line)
{
	const char *name = name_of(cli, line);
	char *text;

	if (name != NULL)
		json_object_set_new(line, "name", json_string(name));
	text = json_dumps(line, JSON_COMPACT);
	if (text == NULL)
		return fault_plain(&cli->fault, ACTAS_ENOMEM);
	output_document(&cli->out, slice_of(text));
	text_newline(&cli->out);
	mem_free(text);
	return ACTAS_OK;
}

/* Who it was: a name, an id, an address, or nobody. */
static const char *
who_of(struct cli *cli, const json_t *line)
{
	static const char *const ids[] = {"objectId", "appId", "peer"};
	const char *name = name_of(cli, line);

	for (size_t i = 0; i < sizeof ids / sizeof *ids && name == NULL; i++)
		if (text_of(line, ids[i])[0] != '\0')
			name = text_of(line, ids[i]);
	return name == NULL ? "the platform" : name;
}

/* A line that stands for many. */
static void
write_count(struct cli *cli, const json_t *line)
{
	json_int_t count = json_integer_value(json_object_get(line, "count"));
	const char *text =
	    arena_printf(&cli->arena, "%lld times, from %s to %s",
		(long long)count, text_of(line, "from"), text_of(line, "to"));

	if (count > 0 && text != NULL)
		text_label(&cli->out, "more", STYLE_PLAIN, text);
}

static void
write_text_line(struct cli *cli, const json_t *line)
{
	struct output *o = &cli->out;
	const char *kind = text_of(line, "kind");
	bool bad = strcmp(kind, audit_kind_name(AUDIT_DENIED)) == 0 ||
	    strcmp(kind, audit_kind_name(AUDIT_TOKEN_DENIED)) == 0;

	text_puts(o, STYLE_DIM, text_of(line, "at"));
	text_to(o, 22);
	text_puts(o, bad ? STYLE_BAD : STYLE_GOOD, kind);
	text_to(o, 36);
	text_puts(o, STYLE_BOLD, who_of(cli, line));
	text_puts(o, STYLE_PLAIN, " ");
	text_puts(o, STYLE_PLAIN, text_of(line, "operation"));
	text_newline(o);
	write_count(cli, line);
	if (text_of(line, "resource")[0] != '\0')
		text_label(o, "what", STYLE_PLAIN, text_of(line, "resource"));
	if (text_of(line, "reason")[0] != '\0')
		text_label(o, "why", STYLE_PLAIN, text_of(line, "reason"));
	if (text_of(line, "detail")[0] != '\0')
		text_label(o, "", STYLE_PLAIN, text_of(line, "detail"));
	if (text_of(line, "request")[0] != '\0')
		text_label(o, "request", STYLE_DIM, text_of(line, "request"));
}

static enum actas_error
show(void *context, struct slice text)
{
	struct cli *cli = context;
	json_t *line = json_loadb(text.at, text.length, 0, NULL);
	enum actas_error error = ACTAS_OK;

	if (line == NULL)
		return fault_plain(&cli->fault, ACTAS_EPARSE);
	if (cli_has(cli, OPTION_JSON))
		error = write_json_line(cli, line);
	else
		write_text_line(cli, line);
	json_decref(line);
	return error;
}

static enum actas_error
read_moment(struct cli *cli, enum option_id option, moment *when)
{
	const char *text = cli->arguments.values[option];

	*when = MOMENT_UNKNOWN;
	if (text == NULL || moment_parse(slice_of(text), when))
		return ACTAS_OK;
	return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
	    "'%s' is no date (2026-11-21) and no time (2026-11-21T18:17:39Z)",
	    text);
}

/* The log knows ids; a name is looked up in the newest state. */
static enum actas_error
read_principal(struct cli *cli, struct audit_filter *filter)
{
	const char *named = cli->arguments.values[OPTION_PRINCIPAL];
	char *id;
	principal_id p;
	enum actas_error error;

	if (named == NULL)
		return ACTAS_OK;
	error = estate_find_principal(
	    cli->estate, slice_of(named), &p, &cli->fault);
	if (error != ACTAS_OK)
		return error;
	id = arena_zero(&cli->arena, 1, GUID_TEXT_LENGTH + 1);
	if (id == NULL)
		return fault_plain(&cli->fault, ACTAS_ENOMEM);
	guid_format(cli->estate->principals.at[p].object_id, id);
	filter->principal = slice_of(id);
	return ACTAS_OK;
}

static enum actas_error
run(struct cli *cli)
{
	struct audit_filter filter = {
	    .resource = slice_of(cli->arguments.values[OPTION_SECRET]),
	    .request = slice_of(cli->arguments.values[OPTION_REQUEST]),
	};
	const char *folder, *log = NULL, *journal = NULL;
	enum actas_error error = running_folder(cli, &folder);

	if (error == ACTAS_OK)
		error = read_moment(cli, OPTION_SINCE, &filter.from);
	if (error == ACTAS_OK)
		error = read_moment(cli, OPTION_UNTIL, &filter.to);
	if (error == ACTAS_OK)
		error = data_folder_load(cli, folder, NULL, &cli->estate);
	if (error == ACTAS_OK)
		error = read_principal(cli, &filter);
	if (error == ACTAS_OK)
		log = arena_printf(&cli->arena, "%s/audit", folder);
	if (error == ACTAS_OK)
		journal = arena_printf(&cli->arena, "%s/platform.db", folder);
	if (error == ACTAS_OK && (log == NULL || journal == NULL))
		error = fault_plain(&cli->fault, ACTAS_ENOMEM);
	if (error == ACTAS_OK)
		error =
		    audit_read(log, journal, &filter, show, cli, &cli->fault);
	return error;
}

const struct command command_audit = {
    .name = "audit",
    .operands = "",
    .summary = "who was given a token, read a secret or was denied, and when",
    .about =
	"The audit log of a platform's data folder, oldest first, with the "
	"names that the ids in it have now: every token given or refused, "
	"every secret read, every change, every denial. It never holds a "
	"secret value, a token or a client secret.\n"
	"Denials that repeat within a minute are counted, and stand in one "
	"line with their number. Changes themselves are in the journal (actas "
	"verify checks both).",
    .examples = "actas audit --principal sp-worker --since 2026-11-21\n"
		"actas audit --secret db-password --json\n"
		"actas audit --request 549b5309-f094-43cf-9ba5-e1b363d97519",
    .options = options,
    .operands_least = 0,
    .operands_most = 0,
    .run = run,
};
