#include "cli/words.h"

static const struct cli_option options[] = {
    OPTION_ROW_JSON,
    {OPTION_AT, 0, "at", "WHEN", NULL,
	"take A as of a past revision (12), date (its start, UTC) or time"},
    {OPTION_TO, 0, "to", "WHEN", NULL, "the same for B"},
    OPTION_ROW_COLOR,
    OPTION_ROW_HELP,
    OPTION_END,
};

static const char *
change_name(uint8_t kind)
{
	static const char *const names[CHANGE_KINDS] = {
	    [CHANGE_GRANT] = "grant",
	    [CHANGE_DENIAL] = "deny-assignment",
	    [CHANGE_MEMBERSHIP] = "membership",
	    [CHANGE_ROLE] = "role",
	    [CHANGE_PRINCIPAL] = "principal",
	    [CHANGE_CONNECTION] = "connection",
	    [CHANGE_VAULT] = "vault",
	    [CHANGE_SECRET] = "secret",
	    [CHANGE_CREDENTIAL] = "credential",
	    [CHANGE_OWNERSHIP] = "ownership",
	};

	return kind < CHANGE_KINDS ? names[kind] : NULL;
}

/* Origins speak of the estate that they were read in: 'cli->estate' is the
 * later one, and 'before' the other. */
struct pair {
	struct estate *before;
	struct differences changes;
};

static const char *
place(struct cli *cli, const struct pair *pair, const struct difference *c)
{
	struct estate *after = cli->estate;
	const char *text;

	if (c->gained)
		return word_origin(cli, c->after);
	cli->estate = pair->before;
	text = word_origin(cli, c->before);
	cli->estate = after;
	return text;
}

static enum actas_error
write_text(struct cli *cli, const struct pair *pair)
{
	struct output *o = &cli->out;
	uint32_t gained = 0;

	for (uint32_t i = 0; i < pair->changes.count; i++) {
		const struct difference *c = &pair->changes.at[i];
		enum style style = c->gained ? STYLE_GOOD : STYLE_BAD;
		const char *where = place(cli, pair, c);

		gained += c->gained;
		text_puts(o, style, c->gained ? "+ " : "- ");
		text_flow(o, STYLE_PLAIN, 2, c->text);
		if (where[0] != '\0')
			text_flow(
			    o, STYLE_DIM, 2, word_format(cli, " (%s)", where));
		text_newline(o);
	}
	if (pair->changes.count == 0) {
		text_puts(o, STYLE_GOOD, "no difference in access");
	} else {
		text_newline(o);
		text_puts(o, STYLE_PLAIN,
		    word_format(cli, "%u lost, %u gained",
			pair->changes.count - gained, gained));
	}
	text_newline(o);
	return ACTAS_OK;
}

static void
put_place(struct json *j, const struct estate *e, const char *key,
    struct origin origin)
{
	if (estate_text(e, origin.file).length == 0) {
		json_put_null(j, key);
		return;
	}
	json_open_object(j, key);
	json_put_origin(e, j, origin);
	json_close(j);
}

static enum actas_error
write_json(struct cli *cli, const struct pair *pair)
{
	struct buffer text = {0};
	struct json j = {.out = &text, .pretty = true};
	uint32_t gained = 0;

	json_open_object(&j, NULL);
	json_open_array(&j, "changes");
	for (uint32_t i = 0; i < pair->changes.count; i++) {
		const struct difference *c = &pair->changes.at[i];

		gained += c->gained;
		json_open_object(&j, NULL);
		json_put_string(&j, "kind", change_name(c->kind));
		json_put_string(&j, "change", c->gained ? "gained" : "lost");
		json_put_string(&j, "principal", c->principal);
		json_put_string(&j, "role", c->role);
		json_put_string(&j, "scope", c->scope);
		json_put_string(&j, "text", c->text);
		put_place(&j, pair->before, "before", c->before);
		put_place(&j, cli->estate, "after", c->after);
		json_close(&j);
	}
	json_close(&j);
	json_open_object(&j, "summary");
	json_put_number(&j, "lost", pair->changes.count - gained);
	json_put_number(&j, "gained", gained);
	json_close(&j);
	json_close(&j);
	return json_send(cli, &text);
}

static enum actas_error
run(struct cli *cli)
{
	const char **paths = cli->arguments.operands;
	struct pair pair = {0};
	const char *before = cli->arguments.values[OPTION_AT];
	const char *after = cli->arguments.values[OPTION_TO];
	enum actas_error error;

	if (paths[1] == NULL && before == NULL)
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "diff needs two sources, or one and --at WHEN; see actas "
		    "diff --help");
	if (paths[1] == NULL)
		paths[1] = paths[0];
	error = cli_load_from(cli, paths[0], before, &pair.before);
	if (error == ACTAS_OK)
		error = cli_load_from(cli, paths[1], after, &cli->estate);
	if (error == ACTAS_OK)
		error =
		    diff(pair.before, cli->estate, &cli->arena, &pair.changes);
	if (error == ACTAS_OK)
		error = cli_has(cli, OPTION_JSON) ? write_json(cli, &pair)
						  : write_text(cli, &pair);
	if (pair.changes.count > 0)
		cli->status = STATUS_NO;
	estate_free(pair.before);
	return error;
}

const struct command command_diff = {
    .name = "diff",
    .operands = "A [B]",
    .summary = "what access changed between two sources",
    .about =
	"What access B has that A lacks (+), and the other way round (-): "
	"grants, groups, roles, secrets, connections; not lines. A and B may "
	"be of different forms: a page and an export of the same platform "
	"compare equal where they say the same.\n"
	"A platform (a server or a data folder) has a past: --at takes A, and "
	"--to takes B, as of a revision, date or time, and with A alone it is "
	"compared with itself.\n"
	"Exit status: 0 no difference, 1 some, 2 error.",
    .examples = "actas diff access.md export/\n"
		"git show main:access.md | actas diff - access.md\n"
		"actas diff https://localhost:8443 --at 2026-11-01",
    .options = options,
    .operands_least = 1,
    .operands_most = 2,
    .run = run,
};
