#include "cli/answer.h"
#include "cli/chains.h"

static const struct cli_option options[] = {
    OPTION_ROW_JSON,
    {OPTION_THROUGH, 0, "through", NULL, NULL,
	"also everybody that it can come to act as, and by which steps"},
    OPTION_ROWS_COMMON,
    OPTION_END,
};

/* What else there is to say about one line of the answer. */
static const char *
remark(struct cli *cli, const struct access *a)
{
	const char *through = "", *where = "", *but = "";

	if (a->chain_count > 1)
		through = word_format(cli, "through %s",
		    answer_chain(cli, a->chain + 1, a->chain_count - 1));
	where = word_origin(
	    cli, estate_assignment(cli->estate, a->assignment).origin);
	if (!a->allowed)
		but = word_format(cli, "%sno effect: %s",
		    through[0] == '\0' ? "" : ", ", word_reason(a->reason));
	if (where[0] == '\0')
		return word_format(cli, "%s%s", through, but);
	return word_format(cli, "%s%s%s(%s)", through, but,
	    through[0] == '\0' && but[0] == '\0' ? "" : " ", where);
}

static enum actas_error
write_rows(struct cli *cli, const struct access_list *list)
{
	struct table table = {.columns = 3, .indent = 2};

	for (uint32_t i = 0; i < list->count; i++) {
		const struct access *a = &list->at[i];
		struct assignment row =
		    estate_assignment(cli->estate, a->assignment);

		table_cell(&table, a->allowed ? STYLE_BOLD : STYLE_DIM,
		    word_role(cli, row.role));
		table_cell(&table, STYLE_PLAIN,
		    word_format(cli, "at %s", word_place(cli, row.scope)));
		table_cell(&table, STYLE_PLAIN, remark(cli, a));
	}
	return table_write(&table, &cli->out);
}

static enum actas_error
write_text(struct cli *cli, principal_id p, const struct access_list *list,
    const struct chain_list *chains)
{
	struct output *o = &cli->out;
	enum actas_error error;

	text_puts(o, STYLE_BOLD, word_principal(cli, p));
	text_flow(o, STYLE_PLAIN, 0,
	    list->count == 0
		? word_format(cli, " (%s) holds no role.", word_kind(cli, p))
		: word_format(cli, " (%s) holds %s:", word_kind(cli, p),
		      word_count(cli, list->count, "role")));
	text_newline(o);
	error = write_rows(cli, list);
	if (error == ACTAS_OK && cli_has(cli, OPTION_THROUGH))
		chains_write_text(cli, chains,
		    word_format(cli, "%s can come to act as somebody else:",
			word_principal(cli, p)),
		    "It cannot come to act as anybody else.");
	return error;
}

static enum actas_error
write_json(struct cli *cli, principal_id p, const struct access_list *list,
    const struct chain_list *chains)
{
	const struct estate *e = cli->estate;
	struct buffer text = {0};
	struct json j = {.out = &text, .pretty = true};

	json_open_object(&j, NULL);
	json_put_principal(e, &j, "principal", p);
	json_open_array(&j, "access");
	for (uint32_t i = 0; i < list->count; i++) {
		const struct access *a = &list->at[i];

		json_open_object(&j, NULL);
		json_put_role(
		    e, &j, "role", estate_assignment(e, a->assignment).role);
		json_put_scope(e, &j, "scope", a->scope);
		json_put_flag(&j, "effective", a->allowed);
		json_put_string(&j, "reason", reason_name(a->reason));
		answer_put_assignment(e, &j, "assignment", a->assignment);
		answer_put_path(
		    e, &j, "path", a->chain, a->chain_count, a->assignment);
		json_close(&j);
	}
	json_close(&j);
	if (cli_has(cli, OPTION_THROUGH))
		chains_put_json(cli, &j, "through", chains);
	json_put_number(&j, "revision", e->revision);
	json_close(&j);
	return json_send(cli, &text);
}

static enum actas_error
run(struct cli *cli)
{
	struct access_list list = {0};
	struct chain_list chains = {0};
	principal_id p = NONE;
	enum actas_error error = cli_load(cli);

	if (error == ACTAS_OK)
		error = estate_find_principal(cli->estate,
		    slice_of(cli->arguments.operands[0]), &p, &cli->fault);
	if (error == ACTAS_OK)
		error = reach_what(cli->estate, p, &cli->arena, &list);
	if (error == ACTAS_OK && cli_has(cli, OPTION_THROUGH))
		error = chains_starting(cli, p, &chains);
	if (error == ACTAS_OK)
		error = cli_has(cli, OPTION_JSON)
		    ? write_json(cli, p, &list, &chains)
		    : write_text(cli, p, &list, &chains);
	vector_release(&chains);
	return error;
}

const struct command command_what = {
    .name = "what",
    .operands = "PRINCIPAL",
    .summary = "everything that this principal may touch, each with the path",
    .about =
	"Every role that PRINCIPAL holds, itself or through groups, with the "
	"scope and the line that says so.",
    .examples = "actas what sp-worker -s access.md\n"
		"actas what sp-worker --through",
    .options = options,
    .operands_least = 1,
    .operands_most = 1,
    .run = run,
};
