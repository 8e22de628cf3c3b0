#include "cli/answer.h"
#include "cli/batch.h"

static const struct cli_option options[] = {
    OPTION_ROW_JSON,
    {OPTION_BATCH, 0, "batch", NULL, NULL,
	"read one question a line from standard input, as JSON, and answer "
	"each on a line, in order (docs/json.md)"},
    {OPTION_DATA, 0, "data", NULL, NULL,
	"take an action that is not known for a data action"},
    {OPTION_CONTROL, 0, "control", NULL, NULL,
	"take an action that is not known for a control action"},
    OPTION_ROW_AT,
    OPTION_ROWS_COMMON,
    OPTION_END,
};

static void
write_headline(struct cli *cli, const struct answer *a)
{
	bool yes = a->decision.allowed;
	struct output *o = &cli->out;

	text_puts(o, yes ? STYLE_GOOD : STYLE_BAD, yes ? "ALLOW" : "DENY");
	text_to(o, 7);
	text_puts(o, STYLE_BOLD, word_principal(cli, a->principal));
	text_flow(o, STYLE_PLAIN, 7,
	    word_format(cli, " (%s) may%s %s", word_kind(cli, a->principal),
		yes ? "" : " not", word_action(cli, a->action)));
	text_newline(o);
	text_label(o, "where", STYLE_PLAIN, word_place_fully(cli, a->scope));
}

static void
write_path(struct cli *cli, const struct answer *a)
{
	assignment_id by = a->decision.assignment;
	struct origin origin;
	const char *where;

	if (by == NONE)
		return;
	origin = estate_assignment(cli->estate, by).origin;
	where = word_origin(cli, origin);
	text_label(&cli->out, a->decision.allowed ? "path" : "grant",
	    STYLE_PLAIN,
	    word_format(cli, "%s → %s",
		answer_chain(cli, a->chain, a->chain_count),
		answer_grant(cli, by)));
	if (where[0] != '\0')
		text_label(&cli->out, "told at", STYLE_PLAIN, where);
}

static void
write_denial(struct cli *cli, uint32_t denial)
{
	const struct deny_assignment *row;

	if (denial == NONE)
		return;
	row = &cli->estate->denials.at[denial];
	text_label(&cli->out, "denied", STYLE_PLAIN,
	    word_format(cli, "by '%.*s' at %s",
		SLICE_ARGS(estate_text(cli->estate, row->name)),
		word_place(cli, row->scope)));
}

static void
write_text(struct cli *cli, const struct answer *a)
{
	write_headline(cli, a);
	text_label(&cli->out, "why", STYLE_PLAIN,
	    word_format(cli, "%s (%s)", word_reason(a->decision.reason),
		reason_name(a->decision.reason)));
	write_path(cli, a);
	write_denial(cli, a->decision.denial);
	answer_write_remedies(
	    cli, "", &a->decision, a->remedies, a->remedy_count);
}

static enum actas_error
write_answer(struct cli *cli, const struct answer *a)
{
	struct buffer text = {0};
	struct json j = {.out = &text, .pretty = true};

	if (!cli_has(cli, OPTION_JSON)) {
		write_text(cli, a);
		return ACTAS_OK;
	}
	answer_put_json(cli->estate, &j, NULL, a);
	return json_send(cli, &text);
}

static enum actas_error
answer_one(struct cli *cli, enum action_class class)
{
	const char *const *words = cli->arguments.operands;
	struct action action = {0};
	struct answer a = {.action = &action};
	enum actas_error error = estate_find_principal(
	    cli->estate, slice_of(words[0]), &a.principal, &cli->fault);

	if (error == ACTAS_OK)
		error = action_prepare(cli->estate, slice_of(words[1]), class,
		    &action, &cli->fault);
	if (error == ACTAS_OK)
		error = estate_find_scope(
		    cli->estate, slice_of(words[2]), &a.scope, &cli->fault);
	if (error == ACTAS_OK)
		error = action_check_scope(
		    cli->estate, &action, a.scope, &cli->fault);
	if (error == ACTAS_OK)
		error = answer_make(cli->estate, &a, &cli->arena);
	if (error == ACTAS_OK)
		error = answer_remedies(cli->estate, &a, &cli->arena);
	if (error == ACTAS_OK)
		error = write_answer(cli, &a);
	if (error == ACTAS_OK)
		cli->status = a.decision.allowed ? STATUS_YES : STATUS_NO;
	action_release(&action);
	return error;
}

static enum actas_error
run(struct cli *cli)
{
	bool batch = cli_has(cli, OPTION_BATCH);
	enum action_class class = ACTION_AS_KNOWN;
	enum actas_error error;

	if (cli_has(cli, OPTION_DATA) && cli_has(cli, OPTION_CONTROL))
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "--data and --control exclude each other");
	if (batch ? cli->arguments.operand_count != 0
		  : cli->arguments.operand_count != 3)
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "can needs PRINCIPAL ACTION SCOPE, or --batch and "
		    "questions on standard input; see actas can --help");
	if (cli_has(cli, OPTION_DATA))
		class = ACTION_DATA;
	else if (cli_has(cli, OPTION_CONTROL))
		class = ACTION_CONTROL;
	error = cli_load(cli);
	if (error != ACTAS_OK)
		return error;
	return batch ? batch_run(cli, class) : answer_one(cli, class);
}

const struct command command_can = {
    .name = "can",
    .operands = "PRINCIPAL ACTION SCOPE",
    .summary = "may this principal do this, there? With the reason",
    .about =
	"May PRINCIPAL do ACTION at SCOPE? Says why, by which path, and what "
	"would change a no into a yes.\n"
	"PRINCIPAL is a display name, UPN, object id or app id. ACTION is an "
	"operation such as get-secret, or an action string such as "
	"Microsoft.KeyVault/vaults/secrets/getSecret/action. SCOPE is a "
	"path, or a name that only one scope has.\n"
	"Exit status: 0 allowed, 1 denied, 2 error.",
    .examples = "actas can sp-worker get-secret kv-data -s access.md\n"
		"actas can sp-worker get-secret kv-data/db-password --json\n"
		"actas can --batch < questions.jsonl > answers.jsonl",
    .options = options,
    .operands_least = 0,
    .operands_most = 3,
    .run = run,
};
