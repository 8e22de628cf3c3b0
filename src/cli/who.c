#include "cli/answer.h"
#include "cli/chains.h"
#include "cli/pipelines.h"

static const struct cli_option options[] = {
    OPTION_ROW_JSON,
    {OPTION_THROUGH, 0, "through", NULL, NULL,
	"also everybody who can come to act as one of them: by reading a "
	"credential, editing what runs as them, using a connection …"},
    {OPTION_DATA, 0, "data", NULL, NULL,
	"take an action that is not known for a data action"},
    {OPTION_CONTROL, 0, "control", NULL, NULL,
	"take an action that is not known for a control action"},
    OPTION_ROW_AT,
    OPTION_ROWS_COMMON,
    OPTION_END,
};

/* What was asked, and what was found. */
struct asked {
	struct action action;
	scope_id scope;
	struct access_list list;
	struct chain_list chains;
	struct pipelines pipelines;
};

static uint32_t
count_allowed(const struct access_list *list)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < list->count; i++)
		count += list->at[i].allowed;
	return count;
}

/* How the access is held: the groups, the role and where; and the line. */
static const char *
how(struct cli *cli, const struct access *a)
{
	const char *through = "", *where = "";

	if (a->chain_count > 1)
		through = word_format(cli, "%s → ",
		    answer_chain(cli, a->chain + 1, a->chain_count - 1));
	if (a->assignment == NONE)
		return through;
	where = word_line(
	    cli, estate_assignment(cli->estate, a->assignment).origin);
	return word_format(cli, "%s%s%s%s%s", through,
	    answer_grant(cli, a->assignment), where[0] != '\0' ? " (" : "",
	    where, where[0] != '\0' ? ")" : "");
}

static enum actas_error
write_rows(struct cli *cli, const struct asked *q, bool allowed)
{
	const struct access_list *list = &q->list;
	struct table table = {.columns = 3, .indent = 2};
	struct legend legend = {0};
	enum actas_error error;

	for (uint32_t i = 0; i < list->count; i++) {
		const struct access *a = &list->at[i];

		if (a->allowed != allowed)
			continue;
		table_cell(
		    &table, STYLE_BOLD, word_principal(cli, a->principal));
		table_cell(&table, STYLE_DIM, word_kind(cli, a->principal));
		table_cell(&table, STYLE_PLAIN,
		    allowed ? how(cli, a)
			    : word_format(cli, "%s: %s", how(cli, a),
				  word_reason_short(a->reason)));
		if (!allowed)
			legend_add(&legend, a->reason);
	}
	if (allowed)
		pipelines_add_rows(cli, &q->pipelines, &table);
	error = table_write(&table, &cli->out);
	return error != ACTAS_OK ? error : legend_write(cli, &legend);
}

static bool
is_left_open(const struct asked *q)
{
	const struct connection *c = q->pipelines.connection;

	return c != NULL && c->all_pipelines == UNSAID &&
	    q->pipelines.count == 0;
}

/* "2 principals and any pipeline of its project". */
static const char *
subject(struct cli *cli, const struct asked *q, uint32_t allowed)
{
	const char *pipelines = pipelines_summary(cli, &q->pipelines);

	if (allowed == 0 && pipelines != NULL)
		return pipelines;
	if (allowed == 0)
		return is_left_open(q) ? "nobody that the source names"
				       : "nobody";
	return word_format(cli, "%s%s%s", word_count(cli, allowed, "principal"),
	    pipelines == NULL ? "" : " and ",
	    pipelines == NULL ? "" : pipelines);
}

/* With a capital; without memory the text is empty. */
static const char *
sentence(struct cli *cli, const char *text)
{
	bool is_small = *text >= 'a' && *text <= 'z';

	if (*text == '\0')
		return text;
	return word_format(
	    cli, "%c%s", is_small ? *text - 'a' + 'A' : *text, text + 1);
}

static void
write_headline(struct cli *cli, const struct asked *q, uint32_t allowed)
{
	bool nobody =
	    allowed == 0 && pipelines_summary(cli, &q->pipelines) == NULL;

	text_puts(
	    &cli->out, STYLE_BOLD, sentence(cli, subject(cli, q, allowed)));
	text_flow(&cli->out, STYLE_PLAIN, 0,
	    word_format(cli, " may %s (%s)%s", word_action(cli, &q->action),
		word_place_fully(cli, q->scope), nobody ? "." : ":"));
	text_newline(&cli->out);
	if (is_left_open(q)) {
		text_flow(&cli->out, STYLE_PLAIN, 0,
		    "The source does not say which pipelines may use it.");
		text_newline(&cli->out);
	}
}

static enum actas_error
write_text(struct cli *cli, const struct asked *q)
{
	uint32_t allowed = count_allowed(&q->list);
	struct output *o = &cli->out;
	enum actas_error error;

	write_headline(cli, q, allowed);
	error = write_rows(cli, q, true);
	if (error == ACTAS_OK && allowed < q->list.count) {
		text_newline(o);
		text_puts(o, STYLE_PLAIN,
		    "These hold a grant of it that does not work:");
		text_newline(o);
		error = write_rows(cli, q, false);
	}
	if (error == ACTAS_OK && cli_has(cli, OPTION_THROUGH))
		chains_write_text(cli, &q->chains,
		    word_format(cli, "%s can come to it by other ways:",
			word_count(cli, q->chains.count, "other")),
		    "Nobody else can come to it by other ways that the source "
		    "shows.");
	return error;
}

static void
put_access(struct cli *cli, struct json *j, const struct access *a)
{
	const struct estate *e = cli->estate;

	json_open_object(j, NULL);
	json_put_principal(e, j, "principal", a->principal);
	json_put_string(j, "reason", reason_name(a->reason));
	answer_put_assignment(e, j, "assignment", a->assignment);
	json_put_role(e, j, "role",
	    a->assignment == NONE ? NONE
				  : estate_assignment(e, a->assignment).role);
	answer_put_path(e, j, "path", a->chain, a->chain_count, a->assignment);
	json_close(j);
}

static void
put_list(struct cli *cli, struct json *j, const char *key,
    const struct access_list *list, bool allowed)
{
	json_open_array(j, key);
	for (uint32_t i = 0; i < list->count; i++) {
		if (list->at[i].allowed == allowed)
			put_access(cli, j, &list->at[i]);
	}
	json_close(j);
}

static enum actas_error
write_json(struct cli *cli, const struct asked *q)
{
	struct buffer text = {0};
	struct json j = {.out = &text, .pretty = true};

	json_open_object(&j, NULL);
	json_put_text(&j, "action", q->action.name);
	json_put_scope(cli->estate, &j, "scope", q->scope);
	put_list(cli, &j, "allowed", &q->list, true);
	put_list(cli, &j, "ineffective", &q->list, false);
	pipelines_put_json(cli, &j, &q->pipelines);
	if (cli_has(cli, OPTION_THROUGH))
		chains_put_json(cli, &j, "through", &q->chains);
	json_put_number(&j, "revision", cli->estate->revision);
	json_close(&j);
	return json_send(cli, &text);
}

static enum actas_error
answer(struct cli *cli, struct asked *q)
{
	enum actas_error error =
	    reach_who(cli->estate, &q->action, q->scope, &cli->arena, &q->list);

	q->pipelines = pipelines_of(cli->estate, &q->action, q->scope);
	if (error == ACTAS_OK && cli_has(cli, OPTION_THROUGH)) {
		progress_say(&cli->progress, "following", "access");
		error = chains_towards(
		    cli, &q->action, &q->list, q->scope, &q->chains);
	}
	if (error != ACTAS_OK)
		return error;
	return cli_has(cli, OPTION_JSON) ? write_json(cli, q)
					 : write_text(cli, q);
}

static enum actas_error
run(struct cli *cli)
{
	const char *const *words = cli->arguments.operands;
	struct asked q = {0};
	enum action_class class = ACTION_AS_KNOWN;
	enum actas_error error;

	if (cli_has(cli, OPTION_DATA) && cli_has(cli, OPTION_CONTROL))
		return fault_set(&cli->fault, ACTAS_EUSAGE, NULL, 0,
		    "--data and --control exclude each other");
	if (cli_has(cli, OPTION_DATA))
		class = ACTION_DATA;
	else if (cli_has(cli, OPTION_CONTROL))
		class = ACTION_CONTROL;
	error = cli_load(cli);
	if (error == ACTAS_OK)
		error = action_prepare(cli->estate, slice_of(words[0]), class,
		    &q.action, &cli->fault);
	if (error == ACTAS_OK)
		error = estate_find_scope(
		    cli->estate, slice_of(words[1]), &q.scope, &cli->fault);
	if (error == ACTAS_OK)
		error = action_check_scope(
		    cli->estate, &q.action, q.scope, &cli->fault);
	if (error == ACTAS_OK)
		error = answer(cli, &q);
	action_release(&q.action);
	vector_release(&q.chains);
	return error;
}

const struct command command_who = {
    .name = "who",
    .operands = "ACTION SCOPE",
    .summary = "everyone who may do this there, each with the path",
    .about =
	"Everyone who may do ACTION at SCOPE, each with the groups and the "
	"role that make it so; then those who hold a grant of it that does "
	"not work, and why.",
    .examples = "actas who get-secret kv-data -s access.md\n"
		"actas who get-secret kv-data/admin-password --through",
    .options = options,
    .operands_least = 2,
    .operands_most = 2,
    .run = run,
};
