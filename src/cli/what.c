#include "cli/answer.h"
#include "cli/chains.h"

static const struct cli_option options[] = {
    OPTION_ROW_JSON,
    {OPTION_THROUGH, 0, "through", NULL, NULL,
	"also everybody that it can come to act as, and by which steps"},
    OPTION_ROW_AT,
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
	where = word_line(
	    cli, estate_assignment(cli->estate, a->assignment).origin);
	if (!a->allowed)
		but = word_format(cli, "%sno effect: %s",
		    through[0] == '\0' ? "" : ", ",
		    word_reason_short(a->reason));
	if (where[0] == '\0')
		return word_format(cli, "%s%s", through, but);
	return word_format(cli, "%s%s%s(%s)", through, but,
	    through[0] == '\0' && but[0] == '\0' ? "" : " ", where);
}

static enum actas_error
write_rows(struct cli *cli, const struct access_list *list)
{
	struct table table = {.columns = 3, .indent = 2};
	struct legend legend = {0};
	enum actas_error error;

	for (uint32_t i = 0; i < list->count; i++) {
		const struct access *a = &list->at[i];
		struct assignment row =
		    estate_assignment(cli->estate, a->assignment);

		table_cell(&table, a->allowed ? STYLE_BOLD : STYLE_DIM,
		    word_role(cli, row.role));
		table_cell(&table, STYLE_PLAIN,
		    word_format(cli, "at %s", word_place(cli, row.scope)));
		table_cell(&table, STYLE_PLAIN, remark(cli, a));
		if (!a->allowed)
			legend_add(&legend, a->reason);
	}
	error = table_write(&table, &cli->out);
	return error != ACTAS_OK ? error : legend_write(cli, &legend);
}

/* What was asked about: an identity, or a thing that lets others act. */
struct asked {
	struct start start;
	struct access_list list;
	struct chain_list chains;
};

static void
write_identity(struct cli *cli, const struct asked *q)
{
	principal_id p = q->start.principal;
	struct output *o = &cli->out;

	text_puts(o, STYLE_BOLD, word_principal(cli, p));
	text_flow(o, STYLE_PLAIN, 0,
	    q->list.count == 0
		? word_format(cli, " (%s) holds no role.", word_kind(cli, p))
		: word_format(cli, " (%s) holds %s:", word_kind(cli, p),
		      word_count(cli, q->list.count, "role")));
	text_newline(o);
}

static void
write_connection(struct cli *cli, const struct connection *c)
{
	static const char *const users[] = {
	    [UNSAID] = "the source does not say which pipelines",
	    [NO] = "only the pipelines that are authorized",
	    [YES] = "any pipeline of its project",
	};
	const char *where = word_origin(cli, c->origin);

	text_label(&cli->out, "acts as", STYLE_PLAIN,
	    c->principal == NONE ? "the source does not say whom"
				 : word_principal(cli, c->principal));
	text_label(&cli->out, "used by", STYLE_PLAIN, users[c->all_pipelines]);
	if (where[0] != '\0')
		text_label(&cli->out, "told at", STYLE_DIM, where);
}

/* What is stored and does not run. */
static bool
is_data(const struct item *item)
{
	return item->kind == ITEM_WAREHOUSE || item->kind == ITEM_LAKEHOUSE ||
	    item->kind == ITEM_SEMANTIC_MODEL;
}

static void
write_item(struct cli *cli, const struct item *item)
{
	if (item->run_identity != NONE)
		text_label(&cli->out, "runs as", STYLE_PLAIN,
		    word_principal(cli, item->run_identity));
	if (item->owner != NONE)
		text_label(&cli->out, "owner", STYLE_PLAIN,
		    word_principal(cli, item->owner));
	if (!is_data(item))
		text_label(&cli->out, "see", STYLE_PLAIN,
		    word_format(cli,
			"actas acts '%s' --trigger KIND says under which "
			"identity a run of it acts",
			word_scope(cli, item->scope)));
}

/* "a service connection", "a notebook" */
static const char *
thing_kind(struct cli *cli, scope_id s)
{
	const struct item *item = estate_item(cli->estate, s);
	const char *kind = item != NULL && item->kind != ITEM_OTHER
	    ? item_kind_name(item->kind)
	    : scope_kind_name(cli->estate->scopes.at[s].kind);

	return word_format(cli, "%s %s",
	    kind[0] != '\0' && strchr("aeiou", kind[0]) != NULL ? "an" : "a",
	    kind);
}

/* A connection or an item holds nothing; others act through it. */
static void
write_thing(struct cli *cli, const struct asked *q)
{
	scope_id s = q->start.scope;
	const struct connection *c = estate_connection(cli->estate, s);
	const struct item *item = estate_item(cli->estate, s);
	struct output *o = &cli->out;

	text_puts(o, STYLE_BOLD, word_scope(cli, s));
	text_flow(o, STYLE_PLAIN, 0,
	    word_format(cli, " is no identity and holds no role: it is %s%s",
		thing_kind(cli, s),
		c != NULL
		    ? ", and whoever may use it acts as the one behind it."
		    : "."));
	text_newline(o);
	if (c != NULL)
		write_connection(cli, c);
	else if (item != NULL)
		write_item(cli, item);
	if (!cli_has(cli, OPTION_THROUGH))
		text_label(o, "ask", STYLE_PLAIN,
		    "again with --through: as whom, and by which steps");
}

static const char *
start_title(struct cli *cli, const struct asked *q)
{
	const char *who = q->start.principal != NONE
	    ? word_principal(cli, q->start.principal)
	    : word_format(cli, "Whoever %s it",
		  estate_connection(cli->estate, q->start.scope) != NULL
		      ? "uses"
		      : "edits");

	return word_format(cli, "%s can come to act as somebody else:", who);
}

static enum actas_error
write_text(struct cli *cli, const struct asked *q)
{
	enum actas_error error = ACTAS_OK;

	if (q->start.principal == NONE) {
		write_thing(cli, q);
	} else {
		write_identity(cli, q);
		error = write_rows(cli, &q->list);
	}
	if (error == ACTAS_OK && cli_has(cli, OPTION_THROUGH))
		chains_write_text(cli, &q->chains, start_title(cli, q),
		    q->start.principal != NONE
			? "No way for it to act as anybody else follows from "
			  "the source."
			: "Nobody comes to act as another by it.");
	return error;
}

static enum actas_error
write_json(struct cli *cli, const struct asked *q)
{
	const struct estate *e = cli->estate;
	struct buffer text = {0};
	struct json j = {.out = &text, .pretty = true};

	json_open_object(&j, NULL);
	json_put_principal(e, &j, "principal", q->start.principal);
	json_put_scope(e, &j, "start", q->start.scope);
	json_open_array(&j, "access");
	for (uint32_t i = 0; i < q->list.count; i++) {
		const struct access *a = &q->list.at[i];

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
		chains_put_json(cli, &j, "through", &q->chains);
	json_put_number(&j, "revision", e->revision);
	json_close(&j);
	return json_send(cli, &text);
}

/* Whether the fault names what is spelled alike. */
static bool
suggests(const struct fault *fault)
{
	return slice_find(slice_of(fault->message), SLICE("did you mean")) !=
	    SIZE_MAX;
}

/* A name that no identity bears may be that of a connection or an item. */
static enum actas_error
find_thing(struct cli *cli, struct slice name, struct start *start)
{
	struct fault unknown = cli->fault;
	enum actas_error error;
	scope_id s;

	cli->fault = (struct fault){0};
	error =
	    estate_find_scope(cli->estate, name, &start->scope, &cli->fault);
	s = start->scope;
	if (error == ACTAS_ENOTFOUND &&
	    (suggests(&unknown) || !suggests(&cli->fault)))
		cli->fault = unknown;
	if (error != ACTAS_OK)
		return error;
	if (estate_connection(cli->estate, s) == NULL &&
	    estate_item(cli->estate, s) == NULL)
		return fault_set(&cli->fault, ACTAS_ENOTFOUND, NULL, 0,
		    "%s acts as nobody; actas who ACTION '%.*s' says who may "
		    "do something there",
		    word_place(cli, s), SLICE_ARGS(name));
	return ACTAS_OK;
}

static enum actas_error
find_start(struct cli *cli, struct start *start)
{
	struct slice name = slice_of(cli->arguments.operands[0]);
	enum actas_error error = estate_find_principal(
	    cli->estate, name, &start->principal, &cli->fault);

	if (error == ACTAS_ENOTFOUND)
		return find_thing(cli, name, start);
	return error;
}

static enum actas_error
run(struct cli *cli)
{
	struct asked q = {.start = {NONE, NONE}};
	enum actas_error error = cli_load(cli);

	if (error == ACTAS_OK)
		error = find_start(cli, &q.start);
	if (error == ACTAS_OK && q.start.principal != NONE)
		error = reach_what(
		    cli->estate, q.start.principal, &cli->arena, &q.list);
	if (error == ACTAS_OK && cli_has(cli, OPTION_THROUGH))
		error = chains_starting(cli, q.start, &q.chains);
	if (error == ACTAS_OK)
		error = cli_has(cli, OPTION_JSON) ? write_json(cli, &q)
						  : write_text(cli, &q);
	vector_release(&q.chains);
	return error;
}

const struct command command_what = {
    .name = "what",
    .operands = "PRINCIPAL",
    .summary = "everything that this principal may touch, each with the path",
    .about =
	"Every role that PRINCIPAL holds, itself or through groups, with the "
	"scope and the line that says so.\n"
	"PRINCIPAL may also be a service connection or an item: with --through "
	"the answer is whom anyone who uses the connection, or edits the item, "
	"can come to act as.",
    .examples = "actas what sp-worker -s access.md\n"
		"actas what sp-worker --through\n"
		"actas what ci-connection --through",
    .options = options,
    .operands_least = 1,
    .operands_most = 1,
    .run = run,
};
