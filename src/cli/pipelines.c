#include "cli/pipelines.h"

static bool
is_use(const struct action *action)
{
	const struct operation *use = operation_find(SLICE("use-connection"));

	return use != NULL && action->operation == use;
}

struct pipelines
pipelines_of(const struct estate *e, const struct action *action, scope_id s)
{
	struct pipelines p = {0};

	if (is_use(action))
		p.connection = estate_connection(e, s);
	if (p.connection == NULL)
		return p;
	p.row = (uint32_t)(p.connection - e->connections.at);
	for (uint32_t i = 0; i < e->authorizations.count; i++)
		p.count += e->authorizations.at[i].connection == p.row;
	return p;
}

static bool
is_open(const struct pipelines *p)
{
	return p->connection != NULL && p->connection->all_pipelines == YES;
}

const char *
pipelines_summary(struct cli *cli, const struct pipelines *p)
{
	if (is_open(p))
		return "any pipeline of its project";
	return p->count == 0 ? NULL : word_count(cli, p->count, "pipeline");
}

static void
add_row(struct cli *cli, struct table *table, const char *name, const char *how,
    struct origin origin)
{
	const char *where = word_line(cli, origin);

	table_cell(table, STYLE_BOLD, name);
	table_cell(table, STYLE_DIM, "pipeline");
	table_cell(table, STYLE_PLAIN,
	    where[0] == '\0' ? how : word_format(cli, "%s (%s)", how, where));
}

void
pipelines_add_rows(
    struct cli *cli, const struct pipelines *p, struct table *table)
{
	const struct estate *e = cli->estate;

	if (is_open(p))
		add_row(cli, table, "any of its project",
		    "it is open to all pipelines", p->connection->origin);
	for (uint32_t i = 0; p->count > 0 && i < e->authorizations.count; i++) {
		const struct authorization *row = &e->authorizations.at[i];

		if (row->connection == p->row)
			add_row(cli, table,
			    word_scope(cli, e->items.at[row->item].scope),
			    "it is authorized", row->origin);
	}
}

void
pipelines_put_json(struct cli *cli, struct json *j, const struct pipelines *p)
{
	const struct estate *e = cli->estate;

	if (p->connection == NULL)
		return;
	if (p->connection->all_pipelines == UNSAID)
		json_put_null(j, "anyPipeline");
	else
		json_put_flag(j, "anyPipeline", is_open(p));
	json_open_array(j, "pipelines");
	for (uint32_t i = 0; i < e->authorizations.count; i++)
		if (e->authorizations.at[i].connection == p->row)
			json_put_scope(e, j, NULL,
			    e->items.at[e->authorizations.at[i].item].scope);
	json_close(j);
}
