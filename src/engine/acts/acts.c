#include "engine/acts/acts_private.h"

#include "estate/names.h"

enum { MOST_REMEDIES = 3 };

static const char *const names[TRIGGERS + 1] = {
    [TRIGGER_UI] = "ui",
    [TRIGGER_API] = "api",
    [TRIGGER_SCHEDULE] = "schedule",
    [TRIGGER_PIPELINE] = "pipeline",
    [TRIGGER_REFERENCE] = "reference",
    [TRIGGER_AIRFLOW] = "airflow",
    [TRIGGER_DEVOPS] = "devops",
};

const char *
trigger_name(enum trigger trigger)
{
	return trigger < TRIGGERS ? names[trigger] : NULL;
}

bool
trigger_parse(struct slice name, enum trigger *trigger)
{
	for (int i = 0; i < TRIGGERS; i++) {
		if (!slice_eq_case(name, slice_of(names[i])))
			continue;
		*trigger = (enum trigger)i;
		return true;
	}
	return false;
}

bool
acts_decide(struct asking *a, principal_id p, const char *action, scope_id s,
    struct decision *decision)
{
	struct action prepared = {0};
	enum actas_error error;

	if (p == NONE || s == NONE || a->t.error != ACTAS_OK)
		return false;
	error = action_prepare(
	    a->t.e, slice_of(action), ACTION_AS_KNOWN, &prepared, a->fault);
	if (error == ACTAS_OK)
		*decision = decide(a->t.e, p, &prepared, s, NULL);
	else
		a->t.error = error;
	action_release(&prepared);
	return error == ACTAS_OK;
}

/* The right to start: of Fabric's or of Azure DevOps' items. */
static void
decide_start(struct asking *a)
{
	scope_id s = a->t.e->items.at[a->started].scope;
	const char *action = NULL;

	if (estate_enclosing(a->t.e, s, SCOPE_WORKSPACE) != NONE)
		action = "Microsoft.Fabric/workspaces/items/execute/action";
	else if (estate_enclosing(a->t.e, s, SCOPE_PROJECT) != NONE)
		action = "Microsoft.DevOps/projects/pipelines/run/action";
	if (action != NULL)
		a->out->start_decided =
		    acts_decide(a, a->out->starter, action, s, &a->out->start);
}

/* Where the right to assign an identity is decided, and which it is. */
static const char *
assign_action(struct asking *a, principal_id identity, scope_id *s)
{
	const struct principal *p = &a->t.e->principals.at[identity];
	const struct application *app;

	*s = NONE;
	if (p->kind == PRINCIPAL_WORKSPACE_IDENTITY) {
		*s = p->workspace;
		return "Microsoft.Fabric/workspaces/identity/use/action";
	}
	if (p->kind == PRINCIPAL_MANAGED_IDENTITY) {
		enum actas_error error = p->home == 0
		    ? ACTAS_ENOTFOUND
		    : estate_find_scope(
			  a->t.e, estate_text(a->t.e, p->home), s, NULL);

		if (error == ACTAS_ENOMEM)
			a->t.error = error;
		return "Microsoft.ManagedIdentity/userAssignedIdentities/"
		       "assign/action";
	}
	app = estate_application(a->t.e, identity);
	*s = app == NULL ? NONE : app->scope;
	return "microsoft.directory/applications/credentials/update";
}

/* An item's run identity holds if who set it could have acted as it anyway. */
static void
use_run_identity(struct asking *a)
{
	const struct item *row = &a->t.e->items.at[a->started];
	struct decision d;
	const char *action;
	scope_id s;

	if (row->run_identity == NONE)
		return;
	a->manner = MANNER_RUN_IDENTITY;
	a->out->principal = row->run_identity;
	if (row->run_identity_by == row->run_identity)
		return;
	action = assign_action(a, row->run_identity, &s);
	if (row->run_identity_by == NONE) {
		tell_reason(&a->t,
		    "The source does not say who set the run identity of %s, "
		    "so whether they might is not checked.",
		    tell_item(&a->t, a->started));
	} else if (!acts_decide(a, row->run_identity_by, action, s, &d)) {
		tell_reason(&a->t,
		    "The source does not say where %s could be assigned from, "
		    "so whether %s might is not checked.",
		    tell_principal(&a->t, row->run_identity),
		    tell_principal(&a->t, row->run_identity_by));
	} else if (!d.allowed) {
		a->manner = MANNER_REFUSED;
		a->out->principal = NONE;
	}
}

/* Data items and flows reach their data with credentials that they keep, so
 * what holds for notebooks is not carried over to them. */
static void
keep_silent(struct asking *a)
{
	static const bool silent[ITEM_KINDS] = {
	    [ITEM_SEMANTIC_MODEL] = true,
	    [ITEM_WAREHOUSE] = true,
	    [ITEM_LAKEHOUSE] = true,
	    [ITEM_FLOW] = true,
	};

	if (!silent[a->t.e->items.at[a->item].kind] ||
	    a->manner == MANNER_CONNECTION || a->manner == MANNER_CYCLE ||
	    a->trigger == TRIGGER_AIRFLOW || a->trigger == TRIGGER_DEVOPS)
		return;
	a->manner = MANNER_SILENT;
	a->out->principal = NONE;
}

static void
tell_why(struct asking *a)
{
	const struct estate *e = a->t.e;
	const struct acts_row *row = acts_row_find(a);
	const char *schedule = "the schedule", *connection = "the connection";

	if (a->schedule != NONE && e->schedules.at[a->schedule].name != 0)
		schedule = tell(&a->t, "the schedule %.*s",
		    SLICE_ARGS(
			estate_text(e, e->schedules.at[a->schedule].name)));
	if (a->connection != NONE)
		connection =
		    tell_scope(&a->t, e->connections.at[a->connection].scope);
	if (row == NULL) {
		a->out->why = "No row of the table of who acts fits this run.";
		a->out->fact = "";
		a->out->confidence = CONFIDENCE_INFERRED;
		return;
	}
	a->out->why = tell_filled(&a->t, row->why,
	    (const char *const[]){"actor",
		tell_principal(&a->t, a->out->principal), "item",
		tell_item(&a->t, a->item), "started",
		tell_item(&a->t, a->started), "via", tell_item(&a->t, a->via),
		"schedule", schedule, "connection", connection, NULL});
	a->out->fact = row->fact;
	a->out->confidence = row->confidence;
}

struct lacks {
	VECTOR(struct lack) rows;
};

/* What a data pipeline needs, its activities need, and those act as its last
 * modifier, whoever started it (facts 1.1, 1.2). */
static principal_id
who_needs(const struct asking *a, const struct need *need)
{
	const struct item *row = &a->t.e->items.at[need->item];

	return row->kind == ITEM_PIPELINE && a->manner != MANNER_RUN_IDENTITY
	    ? row->modified_by
	    : a->out->principal;
}

static enum actas_error
leave_open(struct asking *a, item_id item)
{
	if (!a->out->needs_open)
		tell_reason(&a->t,
		    "What %s needs, its activities need, which act as whoever "
		    "last modified it. The source does not name them, so its "
		    "needs are judged against nobody (Microsoft Learn, How to "
		    "use notebooks, 2026-04-24; that it holds for activities "
		    "other than notebooks is inferred).",
		    tell_item(&a->t, item));
	a->out->needs_open = true;
	return a->t.error;
}

static enum actas_error
check_need(struct asking *a, uint32_t i, struct lacks *lacks)
{
	const struct need *need = &a->t.e->needs.at[i];
	struct action action = {0};
	struct lack lack = {.need = i, .principal = who_needs(a, need)};
	enum actas_error error;

	if (need->scope == NONE)
		return ACTAS_OK;
	if (lack.principal == NONE)
		return leave_open(a, need->item);
	error = action_prepare(a->t.e, estate_text(a->t.e, need->action),
	    ACTION_AS_KNOWN, &action, a->fault);
	if (error != ACTAS_OK)
		return error;
	lack.decision =
	    decide(a->t.e, lack.principal, &action, need->scope, NULL);
	if (!lack.decision.allowed) {
		error = decision_remedies(a->t.e, &action, need->scope,
		    &lack.decision, MOST_REMEDIES, a->t.arena, &lack.remedies,
		    &lack.remedy_count);
		if (error == ACTAS_OK)
			error = vector_push(&lacks->rows, lack);
	}
	action_release(&action);
	return error;
}

/*
 * Marks what runs as the same identity: the item, and what it runs inside its
 * own session. A pipeline's activities act as its last modifier and are
 * questions of their own.
 */
static void
mark_inside(const struct estate *e, item_id item, uint8_t *inside)
{
	bool more = true;

	inside[item] = 1;
	while (more) {
		more = false;
		for (uint32_t i = 0; i < e->activities.count; i++) {
			const struct activity *row = &e->activities.at[i];
			uint8_t kind = e->items.at[row->parent].kind;

			if (row->child == NONE || inside[row->child] != 0 ||
			    inside[row->parent] == 0 || row->identity != NONE ||
			    (kind != ITEM_NOTEBOOK && kind != ITEM_SPARK_JOB))
				continue;
			inside[row->child] = 1;
			more = true;
		}
	}
}

static void
check_needs(struct asking *a)
{
	struct lacks lacks = {0};
	uint8_t *inside = NULL;
	enum actas_error error = ACTAS_OK;

	if (a->out->principal == NONE || a->t.error != ACTAS_OK)
		return;
	inside = mem_zero(a->t.e->items.count, 1);
	if (inside == NULL)
		error = ACTAS_ENOMEM;
	else
		mark_inside(a->t.e, a->item, inside);
	for (uint32_t i = 0; error == ACTAS_OK && i < a->t.e->needs.count; i++)
		if (inside[a->t.e->needs.at[i].item] != 0)
			error = check_need(a, i, &lacks);
	if (error == ACTAS_OK) {
		a->out->lack_count = lacks.rows.count;
		a->out->lacks = arena_copy(a->t.arena, lacks.rows.at,
		    lacks.rows.count, sizeof *lacks.rows.at);
		if (a->out->lacks == NULL)
			error = ACTAS_ENOMEM;
	}
	vector_release(&lacks.rows);
	mem_free(inside);
	if (error != ACTAS_OK)
		a->t.error = error;
}

enum actas_error
acts(const struct estate *e, const struct run *run, struct arena *arena,
    struct acting *acting, struct fault *fault)
{
	struct asking a = {
	    .t = {.e = e, .arena = arena},
	    .out = acting,
	    .fault = fault,
	    .item = run->item,
	    .started = run->item,
	    .via = NONE,
	    .schedule = NONE,
	    .connection = NONE,
	};
	enum actas_error error;

	*acting = (struct acting){.principal = NONE,
	    .starter = NONE,
	    .why = "",
	    .fact = "",
	    .start = {.assignment = NONE, .denial = NONE}};
	error = acts_resolve(&a, run->trigger, run->name);
	if (error == ACTAS_OK) {
		keep_silent(&a);
		use_run_identity(&a);
		tell_why(&a);
		decide_start(&a);
		check_needs(&a);
		acts_caveats(&a);
		acting->caveats =
		    teller_take(&a.t, &a.t.reasons, &acting->caveat_count);
		error = a.t.error;
		if (error != ACTAS_OK)
			fault_plain(fault, error);
	}
	teller_release(&a.t);
	return error;
}
