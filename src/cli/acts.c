#include "cli/answer.h"

static const struct cli_option options[] = {
    {OPTION_TRIGGER, 't', "trigger", "KIND[:NAME]", NULL,
	"what starts the run: ui:WHO, api:CALLER, schedule[:NAME], "
	"pipeline:NAME, reference:ROOT, airflow:IDENTITY or "
	"devops:CONNECTION"},
    OPTION_ROW_JSON,
    OPTION_ROWS_COMMON,
    OPTION_END,
};

static const char *
confidence_name(enum confidence confidence)
{
	static const char *const names[] = {
	    [CONFIDENCE_DOCUMENTED] = "documented",
	    [CONFIDENCE_OBSERVED] = "observed",
	    [CONFIDENCE_INFERRED] = "inferred",
	};

	return names[confidence];
}

static enum actas_error
unknown_trigger(struct cli *cli, struct slice given)
{
	struct buffer names = {0};
	enum actas_error error;

	for (unsigned i = 0; i < TRIGGERS; i++)
		buffer_addf(&names, "%s%s",
		    i == 0                  ? ""
			: i + 1 == TRIGGERS ? " or "
					    : ", ",
		    trigger_name((enum trigger)i));
	error = names.error;
	if (error == ACTAS_OK)
		error = fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "--trigger is %s, perhaps with a colon and a name, not "
		    "'%.*s'",
		    buffer_text(&names), SLICE_ARGS(given));
	buffer_release(&names);
	return error;
}

/* KIND[:NAME]; a name may hold colons of its own. */
static enum actas_error
read_trigger(struct cli *cli, struct run *run)
{
	const char *given = cli->arguments.values[OPTION_TRIGGER];
	struct slice rest = slice_of(given), kind;

	if (given == NULL)
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "acts needs --trigger KIND[:NAME]; who acts depends on "
		    "what starts the run");
	slice_cut(&rest, ':', &kind);
	if (!trigger_parse(kind, &run->trigger))
		return unknown_trigger(cli, kind);
	run->name = rest.at == NULL ? SLICE("") : rest;
	return ACTAS_OK;
}

static void
write_headline(
    struct cli *cli, const struct run *run, const struct acting *acting)
{
	struct output *o = &cli->out;
	scope_id s = cli->estate->items.at[run->item].scope;

	if (acting->principal == NONE) {
		text_puts(o, STYLE_WARN, "UNKNOWN");
		text_flow(o, STYLE_PLAIN, 0,
		    word_format(
			cli, " who acts when %s runs", word_scope(cli, s)));
	} else {
		text_puts(
		    o, STYLE_BOLD, word_principal(cli, acting->principal));
		text_flow(o, STYLE_PLAIN, 0,
		    word_format(cli, " (%s) acts when %s runs",
			word_kind(cli, acting->principal), word_scope(cli, s)));
	}
	text_newline(o);
}

static void
write_start(struct cli *cli, const struct acting *acting)
{
	const char *who;

	if (!acting->start_decided)
		return;
	who = word_principal(cli, acting->starter);
	text_label(&cli->out, "start",
	    acting->start.allowed ? STYLE_GOOD : STYLE_BAD,
	    acting->start.allowed
		? word_format(cli, "%s may start it", who)
		: word_format(cli, "%s may not start it: %s", who,
		      word_reason(acting->start.reason)));
}

static void
write_lack(
    struct cli *cli, const struct acting *acting, const struct lack *lack)
{
	const struct need *need = &cli->estate->needs.at[lack->need];
	struct slice action = estate_text(cli->estate, need->action);
	const struct operation *known = operation_find(action);
	const char *where = word_origin(cli, need->origin);
	const char *who = lack->principal == acting->principal
	    ? ""
	    : word_format(cli, "%s, as whom its activities act: ",
		  word_principal(cli, lack->principal));

	text_label(&cli->out, "lacks", STYLE_BAD,
	    word_format(cli, "%s%s (%s): %s%s%s%s", who,
		known == NULL ? action.at : known->phrase,
		word_place_fully(cli, need->scope),
		word_reason(lack->decision.reason),
		where[0] == '\0' ? "" : " (needed by ", where,
		where[0] == '\0' ? "" : ")"));
	answer_write_remedies(
	    cli, "  ", &lack->decision, lack->remedies, lack->remedy_count > 0);
}

static void
write_text(struct cli *cli, const struct run *run, const struct acting *acting)
{
	write_headline(cli, run, acting);
	text_label(&cli->out, "why", STYLE_PLAIN, acting->why);
	text_label(&cli->out, "fact", STYLE_PLAIN,
	    word_format(cli, "%s (%s)", acting->fact,
		confidence_name(acting->confidence)));
	write_start(cli, acting);
	for (uint32_t i = 0; i < acting->lack_count; i++)
		write_lack(cli, acting, &acting->lacks[i]);
	if (acting->needs_open)
		text_label(&cli->out, "needs", STYLE_WARN,
		    "the source does not say who has to have them");
	else if (acting->lack_count == 0 && acting->principal != NONE)
		text_label(&cli->out, "needs", STYLE_GOOD,
		    cli->estate->items.at[run->item].kind == ITEM_PIPELINE
			? "nothing is lacking that the source says the item "
			  "needs"
			: "it has all that the source says the item needs");
	for (uint32_t i = 0; i < acting->caveat_count; i++)
		text_item(&cli->out, i == 0 ? "notes" : "", acting->caveats[i]);
}

static void
put_decision(struct json *j, const char *key, const struct decision *d)
{
	json_open_object(j, key);
	json_put_string(j, "decision", d->allowed ? "allow" : "deny");
	json_put_string(j, "reason", reason_name(d->reason));
	json_close(j);
}

static void
put_lack(struct cli *cli, struct json *j, const struct lack *lack)
{
	const struct estate *e = cli->estate;
	const struct need *need = &e->needs.at[lack->need];

	json_open_object(j, NULL);
	json_put_principal(e, j, "principal", lack->principal);
	json_put_text(j, "action", estate_text(e, need->action));
	json_put_scope(e, j, "scope", need->scope);
	json_put_string(j, "reason", reason_name(lack->decision.reason));
	answer_put_remedies(
	    e, j, "missing", lack->remedies, lack->remedy_count);
	json_put_origin(e, j, need->origin);
	json_close(j);
}

static enum actas_error
write_json(struct cli *cli, const struct run *run, const struct acting *acting)
{
	const struct estate *e = cli->estate;
	struct buffer text = {0};
	struct json j = {.out = &text, .pretty = true};

	json_open_object(&j, NULL);
	json_put_scope(e, &j, "item", e->items.at[run->item].scope);
	json_put_string(&j, "trigger", trigger_name(run->trigger));
	json_put_principal(e, &j, "actsAs", acting->principal);
	json_put_principal(e, &j, "starter", acting->starter);
	json_put_string(&j, "why", acting->why);
	json_put_string(&j, "fact", acting->fact);
	json_put_string(&j, "confidence", confidence_name(acting->confidence));
	if (acting->start_decided)
		put_decision(&j, "mayStart", &acting->start);
	else
		json_put_null(&j, "mayStart");
	json_open_array(&j, "lacks");
	for (uint32_t i = 0; i < acting->lack_count; i++)
		put_lack(cli, &j, &acting->lacks[i]);
	json_close(&j);
	json_put_flag(&j, "needsOpen", acting->needs_open);
	json_put_strings(&j, "caveats", acting->caveats, acting->caveat_count);
	json_put_number(&j, "revision", e->revision);
	json_close(&j);
	return json_send(cli, &text);
}

/* Whether the run will do what it is for, as far as the source knows. */
static bool
will_work(const struct acting *acting)
{
	return acting->principal != NONE && acting->lack_count == 0 &&
	    !acting->needs_open &&
	    (!acting->start_decided || acting->start.allowed);
}

static enum actas_error
run(struct cli *cli)
{
	struct run run = {0};
	struct acting acting = {0};
	enum actas_error error = read_trigger(cli, &run);

	if (error == ACTAS_OK)
		error = cli_load(cli);
	if (error == ACTAS_OK)
		error = estate_find_item(cli->estate,
		    slice_of(cli->arguments.operands[0]), &run.item,
		    &cli->fault);
	if (error == ACTAS_OK)
		error =
		    acts(cli->estate, &run, &cli->arena, &acting, &cli->fault);
	if (error != ACTAS_OK)
		return error;
	cli->status = will_work(&acting) ? STATUS_YES : STATUS_NO;
	if (cli_has(cli, OPTION_JSON))
		return write_json(cli, &run, &acting);
	write_text(cli, &run, &acting);
	return ACTAS_OK;
}

const struct command command_acts = {
    .name = "acts",
    .operands = "ITEM",
    .summary = "who acts when this item runs, and what it will lack",
    .about =
	"Under which identity ITEM acts when it is started in this way, by "
	"which documented fact; whether the one who starts it may; and what "
	"the item needs that the identity may not do.\n"
	"Exit status: 0 the run has all it needs, 1 it may not be started, "
	"lacks something, or who acts is not known; 2 error.",
    .examples = "actas acts 'Load orders' --trigger schedule -s access.md\n"
		"actas acts dbt-build --trigger devops:ci-connection",
    .options = options,
    .operands_least = 1,
    .operands_most = 1,
    .run = run,
};
