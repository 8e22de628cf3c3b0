#include "cli/chains.h"

static enum actas_error
add_reached(struct chain_list *chains, struct start start,
    const struct reached *reached)
{
	return vector_push(chains, {start, *reached});
}

enum actas_error
chains_starting(struct cli *cli, struct start start, struct chain_list *chains)
{
	struct reached_list list = {0};
	enum actas_error error =
	    reach_through(cli->estate, start, &cli->arena, &list);

	for (uint32_t i = 0; error == ACTAS_OK && i < list.count; i++)
		error = add_reached(chains, start, &list.at[i]);
	return error;
}

/* What chains are to lead to. */
struct goal {
	struct cli *cli;
	struct reach_map *map;
	bool *allowed; /* by principal: may itself */
	scope_id scope;
	struct chain_list *chains;
};

/* Whether where the chain leads is enough. */
static bool
is_goal(const struct goal *g, const struct reached *r)
{
	if (r->principal != NONE)
		return g->allowed[r->principal];
	return r->count > 0 &&
	    estate_is_within(
		g->cli->estate, g->scope, r->steps[r->count - 1].scope);
}

static enum actas_error
keep_chain(struct goal *g, struct start start, struct reached r)
{
	r.steps = arena_copy(&g->cli->arena, r.steps, r.count, sizeof *r.steps);
	return r.steps == NULL ? ACTAS_ENOMEM
			       : add_reached(g->chains, start, &r);
}

/* Everything reached from a start is worked out in an arena of its own: of
 * all that, one chain is kept. */
static enum actas_error
add_nearest(struct goal *g, struct start start)
{
	struct reached_list list = {0};
	struct arena arena = {0};
	enum actas_error error =
	    reach_map_through(g->map, start, &arena, &list);

	for (uint32_t i = 0; error == ACTAS_OK && i < list.count; i++) {
		if (!is_goal(g, &list.at[i]))
			continue;
		error = keep_chain(g, start, list.at[i]);
		break;
	}
	arena_release(&arena);
	return error;
}

static enum actas_error
add_connections(struct goal *g)
{
	const struct estate *e = g->cli->estate;
	enum actas_error error = ACTAS_OK;

	for (uint32_t i = 0; error == ACTAS_OK && i < e->connections.count;
	     i++) {
		struct start start = {NONE, e->connections.at[i].scope};

		if (e->connections.at[i].all_pipelines == YES)
			error = add_nearest(g, start);
	}
	return error;
}

static enum actas_error
add_principals(struct goal *g)
{
	const struct estate *e = g->cli->estate;
	enum actas_error error = ACTAS_OK;

	for (principal_id p = 0; error == ACTAS_OK && p < e->principals.count;
	     p++) {
		/* Nobody acts as a group; its members are asked themselves. */
		if (!g->allowed[p] &&
		    e->principals.at[p].kind != PRINCIPAL_GROUP)
			error = add_nearest(g, (struct start){p, NONE});
	}
	return error;
}

/* Who may give itself the right by writing the vault's access policies is as
 * good a goal as who has it, and one step away itself. */
static enum actas_error
add_rewriters(struct cli *cli, const char *action, const struct vault *vault,
    bool *allowed, struct chain_list *chains)
{
	const struct estate *e = cli->estate;
	struct access_list list = {0};
	struct action rewrite = {0};
	enum actas_error error = action_prepare(
	    e, slice_of(action), ACTION_AS_KNOWN, &rewrite, &cli->fault);

	if (error == ACTAS_OK)
		error =
		    reach_who(e, &rewrite, vault->scope, &cli->arena, &list);
	for (uint32_t i = 0; error == ACTAS_OK && i < list.count; i++) {
		principal_id p = list.at[i].principal;
		struct step *step;

		if (!list.at[i].allowed || allowed[p])
			continue;
		allowed[p] = true;
		if (e->principals.at[p].kind == PRINCIPAL_GROUP)
			continue;
		step = arena_zero(&cli->arena, 1, sizeof *step);
		if (step == NULL)
			error = ACTAS_ENOMEM;
		else
			*step = (struct step){
			    .kind = STEP_REWRITES_VAULT,
			    .disputed = vault->model != MODEL_POLICY,
			    .from = p,
			    .to = NONE,
			    .scope = vault->scope,
			    .assignment = list.at[i].assignment,
			};
		if (error == ACTAS_OK)
			error = add_reached(chains, (struct start){p, NONE},
			    &(struct reached){NONE, step, 1});
	}
	action_release(&rewrite);
	return error;
}

static struct slice
type_of_principal(const struct estate *e, principal_id p)
{
	switch ((enum principal_kind)e->principals.at[p].kind) {
	case PRINCIPAL_USER:
		return SLICE("User");
	case PRINCIPAL_GROUP:
		return SLICE("Group");
	case PRINCIPAL_SERVICE:
	case PRINCIPAL_MANAGED_IDENTITY:
	case PRINCIPAL_WORKSPACE_IDENTITY:
		return SLICE("ServicePrincipal");
	case PRINCIPAL_UNKNOWN:
	case PRINCIPAL_KINDS:
		break;
	}
	return (struct slice){NULL, 0};
}

struct remedies {
	const struct remedy *at;
	uint32_t count;
};

/* Whether one of the roles that would help is one that it may give itself. */
static enum actas_error
add_assigner(struct cli *cli, const struct action *assign, principal_id p,
    const struct remedies *helps, struct chain_list *chains)
{
	const struct estate *e = cli->estate;

	for (uint32_t i = 0; i < helps->count; i++) {
		const struct remedy *help = &helps->at[i];
		struct request request = {
		    .role = e->roles.at[help->role].id,
		    .principal = e->principals.at[p].object_id,
		    .principal_type = type_of_principal(e, p),
		};
		struct decision d = decide(e, p, assign, help->scope, &request);
		struct step *step;

		if (!d.allowed)
			continue;
		step = arena_zero(&cli->arena, 1, sizeof *step);
		if (step == NULL)
			return ACTAS_ENOMEM;
		*step = (struct step){.kind = STEP_ASSIGNS_ROLES,
		    .limited = true,
		    .from = p,
		    .to = NONE,
		    .scope = help->scope,
		    .assignment = d.assignment};
		return add_reached(chains, (struct start){p, NONE},
		    &(struct reached){NONE, step, 1});
	}
	return ACTAS_OK;
}

/* Who may give roles under a condition only, such as Key Vault Data Access
 * Administrator. */
static enum actas_error
add_assigners(struct cli *cli, const struct action *action, scope_id scope,
    bool *allowed, struct chain_list *chains)
{
	enum { ROLES_TRIED = 8 };
	const struct decision denied = {false, REASON_NO_RBAC, NONE, NONE};
	const struct estate *e = cli->estate;
	struct access_list list = {0};
	struct remedies helps = {0};
	struct action assign = {0};
	uint32_t before;
	enum actas_error error;

	if (action->plane != PLANE_AZURE)
		return ACTAS_OK;
	error = decision_remedies(e, action, scope, &denied, ROLES_TRIED,
	    &cli->arena, &helps.at, &helps.count);
	if (error != ACTAS_OK || helps.count == 0 || helps.at[0].role == NONE)
		return error;
	error = action_prepare(
	    e, SLICE("assign-role"), ACTION_AS_KNOWN, &assign, &cli->fault);
	if (error == ACTAS_OK)
		error = reach_who(
		    e, &assign, helps.at[0].scope, &cli->arena, &list);
	for (uint32_t i = 0; error == ACTAS_OK && i < list.count; i++) {
		principal_id p = list.at[i].principal;

		if (list.at[i].allowed || allowed[p] ||
		    e->principals.at[p].kind == PRINCIPAL_GROUP)
			continue;
		before = chains->count;
		error = add_assigner(cli, &assign, p, &helps, chains);
		allowed[p] = chains->count > before;
	}
	action_release(&assign);
	return error;
}

static enum actas_error
add_vault(struct cli *cli, const struct action *action, scope_id scope,
    bool *allowed, struct chain_list *chains)
{
	scope_id s = estate_enclosing(cli->estate, scope, SCOPE_VAULT);
	const struct vault *vault =
	    s == NONE ? NULL : estate_vault(cli->estate, s);
	enum actas_error error;

	if (!action->in_vault || vault == NULL || vault->model == MODEL_RBAC)
		return ACTAS_OK;
	error =
	    add_rewriters(cli, "write-access-policy", vault, allowed, chains);
	if (error == ACTAS_OK)
		error =
		    add_rewriters(cli, "write-vault", vault, allowed, chains);
	return error;
}

enum actas_error
chains_towards(struct cli *cli, const struct action *action,
    const struct access_list *list, scope_id scope, struct chain_list *chains)
{
	const struct estate *e = cli->estate;
	struct goal g = {.cli = cli,
	    .allowed = mem_zero((size_t)e->principals.count + 1, sizeof(bool)),
	    .scope = scope,
	    .chains = chains};
	enum actas_error error =
	    g.allowed == NULL ? ACTAS_ENOMEM : reach_map_new(e, &g.map);

	for (uint32_t i = 0; error == ACTAS_OK && i < list->count; i++) {
		if (list->at[i].allowed)
			g.allowed[list->at[i].principal] = true;
	}
	if (error == ACTAS_OK)
		error = add_vault(cli, action, scope, g.allowed, chains);
	if (error == ACTAS_OK)
		error = add_assigners(cli, action, scope, g.allowed, chains);
	if (error == ACTAS_OK)
		error = add_principals(&g);
	if (error == ACTAS_OK)
		error = add_connections(&g);
	reach_map_free(g.map);
	mem_free(g.allowed);
	return error;
}

static const char *
start_name(struct cli *cli, struct start start)
{
	if (start.principal != NONE)
		return word_principal(cli, start.principal);
	return word_format(cli, "%s %s",
	    estate_connection(cli->estate, start.scope) != NULL
		? "whoever uses"
		: "whoever edits",
	    word_scope(cli, start.scope));
}

static void
write_step(struct cli *cli, const struct step *step)
{
	struct buffer sentence = {0};
	const char *where = word_origin(cli, step->origin);

	if (step->assignment != NONE)
		where = word_origin(cli,
		    estate_assignment(cli->estate, step->assignment).origin);
	step_write(cli->estate, step, &sentence);
	text_puts(&cli->out, STYLE_DIM, "    → ");
	text_flow(&cli->out, step->disputed ? STYLE_WARN : STYLE_PLAIN, 6,
	    buffer_text(&sentence));
	if (where[0] != '\0')
		text_flow(
		    &cli->out, STYLE_DIM, 6, word_format(cli, " (%s)", where));
	text_newline(&cli->out);
	buffer_release(&sentence);
}

static bool
gives_one_right(const struct reached *r)
{
	const struct step *last = &r->steps[r->count - 1];

	return last->kind == STEP_REWRITES_VAULT || last->limited;
}

static void
write_chain(struct cli *cli, const struct chain *chain)
{
	struct output *o = &cli->out;

	text_puts(o, STYLE_PLAIN, "  ");
	text_puts(o, STYLE_BOLD, start_name(cli, chain->start));
	text_flow(o, STYLE_PLAIN, 4,
	    chain->reached.principal == NONE
		? gives_one_right(&chain->reached)
		    ? " can give itself the right"
		    : " can give itself any role"
		: word_format(cli, " can act as %s",
		      word_principal(cli, chain->reached.principal)));
	text_newline(o);
	for (uint32_t i = 0; i < chain->reached.count; i++)
		write_step(cli, &chain->reached.steps[i]);
}

void
chains_write_text(struct cli *cli, const struct chain_list *chains,
    const char *title, const char *none)
{
	text_newline(&cli->out);
	text_flow(&cli->out, STYLE_PLAIN, 0, chains->count == 0 ? none : title);
	text_newline(&cli->out);
	for (uint32_t i = 0; i < chains->count; i++)
		write_chain(cli, &chains->at[i]);
}

static const char *
step_name(uint8_t kind)
{
	static const char *const names[STEP_KINDS] = {
	    [STEP_READS_SECRET] = "reads-secret",
	    [STEP_ADDS_CREDENTIAL] = "adds-credential",
	    [STEP_USES_CONNECTION] = "uses-connection",
	    [STEP_EDITS_ITEM] = "edits-item",
	    [STEP_CONTROLS_HOST] = "controls-host",
	    [STEP_ASSIGNS_ROLES] = "assigns-roles",
	    [STEP_REWRITES_VAULT] = "rewrites-vault",
	    [STEP_ADDS_MEMBER] = "adds-member",
	};

	return kind < STEP_KINDS ? names[kind] : NULL;
}

static void
put_step(struct cli *cli, struct json *j, const struct step *step)
{
	struct buffer sentence = {0};

	step_write(cli->estate, step, &sentence);
	json_open_object(j, NULL);
	json_put_string(j, "step", step_name(step->kind));
	json_put_text(j, "text", buffer_slice(&sentence));
	json_put_principal(cli->estate, j, "from", step->from);
	json_put_principal(cli->estate, j, "to", step->to);
	json_put_scope(cli->estate, j, "scope", step->scope);
	json_put_flag(j, "disputed", step->disputed != 0);
	json_put_origin(cli->estate, j,
	    step->assignment == NONE
		? step->origin
		: estate_assignment(cli->estate, step->assignment).origin);
	json_close(j);
	if (sentence.error != ACTAS_OK)
		j->out->error = sentence.error;
	buffer_release(&sentence);
}

void
chains_put_json(struct cli *cli, struct json *j, const char *key,
    const struct chain_list *chains)
{
	json_open_array(j, key);
	for (uint32_t i = 0; i < chains->count; i++) {
		const struct chain *c = &chains->at[i];

		json_open_object(j, NULL);
		json_put_principal(
		    cli->estate, j, "principal", c->start.principal);
		json_put_scope(cli->estate, j, "start", c->start.scope);
		json_put_principal(
		    cli->estate, j, "actsAs", c->reached.principal);
		json_open_array(j, "steps");
		for (uint32_t k = 0; k < c->reached.count; k++)
			put_step(cli, j, &c->reached.steps[k]);
		json_close(j);
		json_close(j);
	}
	json_close(j);
}
