#include "fixture.h"

/*
 * acts: every row of the table of who acts, what follows from it, and what
 * is told beside it.
 */

struct world {
	struct fixture f;
	principal_id anna, ben, airflow, mi, deploy, space, readers;
	scope_id gold, vault, connection;
	item_id load, daily, part, dag, job, model, deployment;
	struct acting x;
};

static scope_id
make_connection(struct world *w)
{
	struct builder *b = w->f.b;
	struct origin here = {0};
	scope_id org, project, s;
	struct connection *c;

	org = builder_scope(b, 0, SCOPE_ORGANIZATION, (struct slice){0},
	    SLICE("contoso"), here);
	project = builder_scope(
	    b, org, SCOPE_PROJECT, (struct slice){0}, SLICE("platform"), here);
	s = builder_scope(b, project, SCOPE_CONNECTION, (struct slice){0},
	    SLICE("ci-connection"), here);
	c = builder_connection(b, s, here);
	assert_non_null(c);
	c->principal = w->deploy;
	c->all_pipelines = NO;
	w->deployment =
	    fixture_item(&w->f, project, "deploy.yml", ITEM_DEVOPS_PIPELINE);
	return s;
}

static void
add_activity(struct world *w, item_id parent, item_id child, const char *name,
    principal_id identity)
{
	struct activity a = {parent, child,
	    builder_string(w->f.b, slice_of(name)), identity, {0}};

	assert_int_equal(vector_push(&w->f.b->activities, a), ACTAS_OK);
}

static void
add_schedule(struct world *w, item_id item, const char *name, principal_id by)
{
	struct schedule s = {.item = item,
	    .name = builder_string(w->f.b, slice_of(name)),
	    .updated_by = by};

	assert_int_equal(vector_push(&w->f.b->schedules, s), ACTAS_OK);
}

static void
add_need(struct world *w, item_id item, const char *action, scope_id s)
{
	struct need n = {
	    item, builder_string(w->f.b, slice_of(action)), s, {0}};

	assert_int_equal(vector_push(&w->f.b->needs, n), ACTAS_OK);
}

static void
allow_in_gold(struct world *w, principal_id p, const char *role)
{
	fixture_assign(
	    &w->f, p, fixture_builtin(&w->f, PLANE_FABRIC, role), w->gold);
}

static void
make_people(struct world *w)
{
	struct fixture *f = &w->f;

	w->anna = fixture_user(f, "Anna");
	w->ben = fixture_user(f, "Ben");
	w->airflow = fixture_app(f, "sp-airflow");
	w->deploy = fixture_app(f, "sp-deploy");
	w->mi = fixture_principal(f, "mi-app", PRINCIPAL_MANAGED_IDENTITY);
	w->readers = fixture_group(f, "readers");
	w->space =
	    fixture_principal(f, "Gold-identity", PRINCIPAL_WORKSPACE_IDENTITY);
}

static void
world_begin(struct world *w)
{
	struct fixture *f = &w->f;

	*w = (struct world){0};
	fixture_begin(f);
	make_people(w);
	w->gold = fixture_workspace(f, "Gold");
	w->vault = fixture_vault(f, MODEL_RBAC);
	w->load = fixture_item(f, w->gold, "Load", ITEM_NOTEBOOK);
	w->daily = fixture_item(f, w->gold, "Daily", ITEM_PIPELINE);
	w->part = fixture_item(f, w->gold, "Part", ITEM_NOTEBOOK);
	w->dag = fixture_item(f, w->gold, "Dag", ITEM_AIRFLOW_JOB);
	w->job = fixture_item(f, w->gold, "Spark", ITEM_SPARK_JOB);
	w->model = fixture_item(f, w->gold, "Sales", ITEM_SEMANTIC_MODEL);
	w->connection = make_connection(w);
	f->b->items.at[w->daily].modified_by = w->ben;
	f->b->items.at[w->daily].owner = w->anna;
	add_schedule(w, w->load, "Nightly", w->anna);
	add_schedule(w, w->model, "Refresh", w->deploy);
	add_schedule(w, w->job, "Refresh", w->deploy);
	add_activity(w, w->daily, w->load, "Load it", NONE);
	add_activity(w, w->load, w->part, "", NONE);
	allow_in_gold(w, w->airflow, "Contributor");
	allow_in_gold(w, w->ben, "Viewer");
}

static void
world_freeze(struct world *w)
{
	fixture_freeze(&w->f);
}

static void
world_make(struct world *w)
{
	world_begin(w);
	world_freeze(w);
}

static void
world_end(struct world *w)
{
	fixture_end(&w->f);
}

static enum actas_error
ask(struct world *w, item_id item, enum trigger trigger, const char *name)
{
	struct run run = {item, trigger, slice_of(name)};

	w->f.fault = (struct fault){0};
	return acts(w->f.e, &run, &w->f.arena, &w->x, &w->f.fault);
}

static void
check(struct world *w, item_id item, enum trigger trigger, const char *name)
{
	if (ask(w, item, trigger, name) != ACTAS_OK)
		fail_msg("%s", w->f.fault.message);
}

static bool
warns(const struct world *w, const char *words)
{
	for (uint32_t i = 0; i < w->x.caveat_count; i++) {
		if (strstr(w->x.caveats[i], words) != NULL)
			return true;
	}
	return false;
}

static void
assert_warns(const struct world *w, const char *words)
{
	if (warns(w, words))
		return;
	for (uint32_t i = 0; i < w->x.caveat_count; i++)
		print_message("# %s\n", w->x.caveats[i]);
	fail_msg("no caveat: %s", words);
}

static void
every_trigger_leads_to_who_the_table_names(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	{
		const struct {
			item_id item;
			enum trigger trigger;
			const char *name;
			principal_id actor, starter;
			enum confidence confidence;
			const char *why, *fact;
		} rows[] = {
		    {w.load, TRIGGER_UI, "Anna", w.anna, w.anna,
			CONFIDENCE_DOCUMENTED, "as the signed-in user",
			"2026-04-24"},
		    {w.job, TRIGGER_UI, "Anna", w.anna, w.anna,
			CONFIDENCE_INFERRED, "as the signed-in user",
			"Inferred"},
		    {w.load, TRIGGER_API, "Anna", w.anna, w.anna,
			CONFIDENCE_DOCUMENTED, "acts as its caller",
			"How to use notebooks"},
		    {w.load, TRIGGER_API, "sp-airflow", w.airflow, w.airflow,
			CONFIDENCE_DOCUMENTED, "with a token of its own",
			"2025-09-01"},
		    {w.load, TRIGGER_API, "mi-app", w.mi, w.mi,
			CONFIDENCE_INFERRED, "acts as its caller",
			"is inferred"},
		    {w.load, TRIGGER_SCHEDULE, "", w.anna, w.anna,
			CONFIDENCE_DOCUMENTED, "the schedule Nightly",
			"2026-04-24"},
		    {w.job, TRIGGER_SCHEDULE, "refresh", w.deploy, w.deploy,
			CONFIDENCE_INFERRED, "the schedule Refresh",
			"2026-08-04"},
		    {w.load, TRIGGER_PIPELINE, "Daily", w.ben, w.ben,
			CONFIDENCE_DOCUMENTED, "Ben last modified Daily",
			"2026-04-24"},
		    {w.load, TRIGGER_PIPELINE, "", w.ben, w.ben,
			CONFIDENCE_DOCUMENTED, "Ben last modified Daily",
			"2026-04-24"},
		    {w.load, TRIGGER_PIPELINE, "Daily/Load it", w.ben, w.ben,
			CONFIDENCE_DOCUMENTED, "Ben last modified Daily",
			"2026-04-24"},
		    {w.part, TRIGGER_REFERENCE, "Load:api:sp-airflow",
			w.airflow, w.airflow, CONFIDENCE_INFERRED,
			"Load runs Part inside its own session", "no document"},
		    {w.part, TRIGGER_REFERENCE, "Load:pipeline:Daily", w.ben,
			w.ben, CONFIDENCE_INFERRED, "which acts as Ben",
			"Inferred"},
		    {w.load, TRIGGER_AIRFLOW, "Gold-identity", w.space, w.space,
			CONFIDENCE_DOCUMENTED, "workspace identity",
			"2026-06-18"},
		    {w.load, TRIGGER_AIRFLOW, "Anna", w.anna, w.anna,
			CONFIDENCE_DOCUMENTED, "refresh token", "2025-10-13"},
		    {w.load, TRIGGER_AIRFLOW, "sp-airflow", w.airflow,
			w.airflow, CONFIDENCE_DOCUMENTED, "the credential of",
			"2025-10-13"},
		    {w.deployment, TRIGGER_DEVOPS, "ci-connection", w.deploy,
			NONE, CONFIDENCE_DOCUMENTED, "which backs it",
			"service connections"},
		    {w.load, TRIGGER_DEVOPS, "ci-connection", w.deploy,
			w.deploy, CONFIDENCE_DOCUMENTED, "which backs it",
			"service connections"},
		};

		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
			check(&w, rows[i].item, rows[i].trigger, rows[i].name);
			assert_int_equal(w.x.principal, rows[i].actor);
			assert_int_equal(w.x.starter, rows[i].starter);
			assert_int_equal(w.x.confidence, rows[i].confidence);
			if (strstr(w.x.why, rows[i].why) == NULL)
				fail_msg("why: %s", w.x.why);
			if (strstr(w.x.fact, rows[i].fact) == NULL)
				fail_msg("fact: %s", w.x.fact);
		}
	}
	world_end(&w);
}

static void
the_forums_notebook_would_have_been_told(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	add_need(&w, w.load, "get-secret", w.vault);
	world_freeze(&w);
	check(&w, w.load, TRIGGER_API, "sp-airflow");
	assert_int_equal(w.x.principal, w.airflow);
	assert_true(w.x.start_decided);
	assert_true(w.x.start.allowed);
	assert_int_equal(w.x.lack_count, 1);
	assert_int_equal(w.x.lacks[0].decision.reason, REASON_NO_RBAC);
	assert_true(w.x.lacks[0].remedy_count > 0);
	assert_int_equal(w.x.lacks[0].remedies[0].scope, w.vault);
	assert_int_equal(w.x.lacks[0].remedies[0].role,
	    estate_role_by_id(
		w.f.e, w.f.e->roles.at[w.x.lacks[0].remedies[0].role].id));
	assert_true(
	    slice_eq(estate_text(w.f.e,
			 w.f.e->roles.at[w.x.lacks[0].remedies[0].role].name),
		SLICE("Key Vault Secrets User")));
	assert_warns(&w,
	    "a Fabric Apache Airflow job can start Load as the "
	    "identity of the workspace");
	assert_warns(&w, "getSecret asks Key Vault as sp-airflow");
	assert_warns(&w, "app-only token");
	assert_warns(&w, "getToken('pbi')");
	assert_warns(&w, "SQL analytics endpoints");
	assert_warns(&w, "Service principals can call Fabric public APIs");
	world_end(&w);
}

static void
nothing_is_lacking_once_the_role_is_granted(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	add_need(&w, w.load, "get-secret", w.vault);
	fixture_grant(&w.f, w.airflow, "Key Vault Secrets User", VAULT);
	world_freeze(&w);
	check(&w, w.load, TRIGGER_API, "sp-airflow");
	assert_int_equal(w.x.lack_count, 0);
	assert_false(warns(&w, "If sp-airflow should not hold"));
	check(&w, w.load, TRIGGER_API, "Anna");
	assert_int_equal(w.x.lack_count, 1);
	world_end(&w);
}

static void
what_runs_inside_needs_from_the_same_identity(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	add_need(&w, w.part, "get-secret", w.vault);
	world_freeze(&w);
	check(&w, w.load, TRIGGER_API, "sp-airflow");
	assert_int_equal(w.x.lack_count, 1);
	check(&w, w.daily, TRIGGER_API, "sp-airflow");
	assert_int_equal(w.x.lack_count, 0);
	assert_warns(&w,
	    "do not act as sp-airflow, but as Ben, who last "
	    "modified it");
	world_end(&w);
}

static void
a_pipeline_s_needs_are_its_last_modifier_s(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	add_need(&w, w.daily, "get-secret", w.vault);
	fixture_grant(&w.f, w.airflow, "Key Vault Secrets User", VAULT);
	world_freeze(&w);
	check(&w, w.daily, TRIGGER_API, "sp-airflow");
	assert_int_equal(w.x.principal, w.airflow);
	assert_int_equal(w.x.lack_count, 1);
	assert_int_equal(w.x.lacks[0].principal, w.ben);
	world_end(&w);

	world_begin(&w);
	add_need(&w, w.daily, "get-secret", w.vault);
	fixture_grant(&w.f, w.ben, "Key Vault Secrets User", VAULT);
	world_freeze(&w);
	check(&w, w.daily, TRIGGER_API, "sp-airflow");
	assert_int_equal(w.x.lack_count, 0);
	assert_false(w.x.needs_open);
	world_end(&w);
}

static void
a_pipeline_s_needs_stay_open_without_a_modifier(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	add_need(&w, w.daily, "get-secret", w.vault);
	w.f.b->items.at[w.daily].modified_by = NONE;
	world_freeze(&w);
	check(&w, w.daily, TRIGGER_API, "sp-airflow");
	assert_int_equal(w.x.lack_count, 0);
	assert_true(w.x.needs_open);
	assert_warns(&w, "judged against nobody");
	world_end(&w);
}

static void
a_starter_without_contributor_may_not_start(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	check(&w, w.load, TRIGGER_API, "Ben");
	assert_true(w.x.start_decided);
	assert_false(w.x.start.allowed);
	assert_int_equal(w.x.start.reason, REASON_NO_FABRIC_ROLE);
	check(&w, w.deployment, TRIGGER_DEVOPS, "ci-connection");
	assert_false(w.x.start_decided);
	world_end(&w);
}

static void
an_activity_with_a_connection_acts_as_its_credential(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	w.f.b->activities.at[0].identity = w.space;
	world_freeze(&w);
	check(&w, w.load, TRIGGER_PIPELINE, "Daily");
	assert_int_equal(w.x.principal, w.space);
	assert_int_equal(w.x.confidence, CONFIDENCE_OBSERVED);
	assert_non_null(strstr(w.x.why, "goes through a connection"));
	world_end(&w);
}

static void
activities_that_differ_have_to_be_named(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	add_activity(&w, w.daily, w.load, "As the space", w.space);
	world_freeze(&w);
	assert_int_equal(
	    ask(&w, w.load, TRIGGER_PIPELINE, "Daily"), ACTAS_EAMBIGUOUS);
	check(&w, w.load, TRIGGER_PIPELINE, "Daily/as the space");
	assert_int_equal(w.x.principal, w.space);
	assert_int_equal(ask(&w, w.load, TRIGGER_PIPELINE, "Daily/nothing"),
	    ACTAS_ENOTFOUND);
	world_end(&w);
}

static void
a_deployment_makes_its_principal_the_modifier(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	w.f.b->items.at[w.daily].modified_by = w.deploy;
	world_freeze(&w);
	check(&w, w.load, TRIGGER_PIPELINE, "Daily");
	assert_int_equal(w.x.principal, w.deploy);
	assert_int_equal(w.x.confidence, CONFIDENCE_INFERRED);
	assert_warns(&w, "Whoever edits Daily next, a deployment included");
	world_end(&w);
}

static void
what_the_source_does_not_say_is_not_guessed(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	w.f.b->items.at[w.daily].modified_by = NONE;
	w.f.b->schedules.at[0].updated_by = NONE;
	builder_connection(w.f.b, w.connection, (struct origin){0})->principal =
	    NONE;
	world_freeze(&w);
	check(&w, w.load, TRIGGER_PIPELINE, "Daily");
	assert_int_equal(w.x.principal, NONE);
	assert_non_null(strstr(w.x.why, "does not say who last modified"));
	check(&w, w.load, TRIGGER_SCHEDULE, "Nightly");
	assert_int_equal(w.x.principal, NONE);
	assert_non_null(strstr(w.x.why, "does not say who last changed"));
	check(&w, w.part, TRIGGER_REFERENCE, "Load:schedule");
	assert_int_equal(w.x.principal, NONE);
	assert_non_null(strstr(w.x.why, "does not say as whom"));
	check(&w, w.deployment, TRIGGER_DEVOPS, "ci-connection");
	assert_int_equal(w.x.principal, NONE);
	assert_false(w.x.start_decided);
	world_end(&w);
}

static void
runs_that_start_each_other_are_survived(void **state ACTAS_UNUSED)
{
	struct world w;
	item_id x, y;

	world_begin(&w);
	x = fixture_item(&w.f, w.gold, "X", ITEM_NOTEBOOK);
	y = fixture_item(&w.f, w.gold, "Y", ITEM_NOTEBOOK);
	add_activity(&w, x, y, "", NONE);
	add_activity(&w, y, x, "", NONE);
	add_need(&w, x, "get-secret", w.vault);
	world_freeze(&w);
	check(&w, x, TRIGGER_REFERENCE, "Y");
	assert_int_equal(w.x.principal, NONE);
	assert_non_null(strstr(w.x.why, "in a circle"));
	check(&w, y, TRIGGER_API, "sp-airflow");
	assert_int_equal(w.x.lack_count, 1);
	world_end(&w);
}

static void
a_root_is_traced_where_one_thing_starts_it(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	assert_int_equal(
	    ask(&w, w.part, TRIGGER_REFERENCE, "Load"), ACTAS_EAMBIGUOUS);
	assert_non_null(strstr(w.f.fault.message, "reference:Load:api:NAME"));
	assert_int_equal(
	    ask(&w, w.part, TRIGGER_REFERENCE, "Load:reference:Daily"),
	    ACTAS_ENOTFOUND);
	world_end(&w);
	world_begin(&w);
	w.f.b->schedules.count = 0;
	world_freeze(&w);
	check(&w, w.part, TRIGGER_REFERENCE, "");
	assert_int_equal(w.x.principal, w.ben);
	world_end(&w);
}

static void
a_run_identity_acts_whoever_starts(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	w.f.b->principals.at[w.space].workspace = w.gold;
	w.f.b->items.at[w.load].run_identity = w.space;
	w.f.b->items.at[w.load].run_identity_by = w.airflow;
	world_freeze(&w);
	check(&w, w.load, TRIGGER_API, "Ben");
	assert_int_equal(w.x.principal, w.space);
	assert_int_equal(w.x.starter, w.ben);
	assert_false(w.x.start.allowed);
	assert_warns(&w, "there this run would act as Ben");
	check(&w, w.part, TRIGGER_REFERENCE, "Load:api:Ben");
	assert_int_equal(w.x.principal, w.space);
	world_end(&w);
}

static void
a_run_identity_that_its_setter_may_not_assign_is_refused(
    void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	w.f.b->principals.at[w.space].workspace = w.gold;
	w.f.b->items.at[w.load].run_identity = w.space;
	w.f.b->items.at[w.load].run_identity_by = w.ben;
	w.f.b->items.at[w.part].run_identity = w.mi;
	world_freeze(&w);
	check(&w, w.load, TRIGGER_API, "sp-airflow");
	assert_int_equal(w.x.principal, NONE);
	assert_non_null(strstr(w.x.why, "a run is refused"));
	check(&w, w.part, TRIGGER_API, "sp-airflow");
	assert_int_equal(w.x.principal, w.mi);
	assert_warns(&w, "does not say who set the run identity");
	world_end(&w);
}

static void
editors_of_the_code_are_named(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	allow_in_gold(&w, w.readers, "Member");
	w.f.b->items.at[w.load].modified_by = w.ben;
	w.f.b->items.at[w.load].owner = w.anna;
	world_freeze(&w);
	check(&w, w.load, TRIGGER_SCHEDULE, "");
	assert_warns(&w,
	    "what they write then runs as Anna: service principal "
	    "sp-airflow and group readers.");
	assert_warns(&w, "is owned by Anna: an item may stop");
	assert_warns(&w, "Whoever changes the schedule next");
	assert_false(warns(&w, "Ben"));
	check(&w, w.load, TRIGGER_API, "sp-airflow");
	assert_warns(&w, "Load was last modified by Ben.");
	assert_warns(&w, "owned by Anna, who does not act here");
	world_end(&w);
}

static void
a_workspace_identity_stays_out_of_api_runs(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	w.f.b->principals.at[w.space].workspace = w.gold;
	world_freeze(&w);
	check(&w, w.load, TRIGGER_API, "sp-airflow");
	assert_warns(&w,
	    "The workspace identity Gold-identity does not act in "
	    "this run");
	check(&w, w.load, TRIGGER_AIRFLOW, "Gold-identity");
	assert_false(warns(&w, "does not act in this run"));
	assert_warns(&w, "Allow Code-First Artifacts");
	assert_false(warns(&w, "getToken('pbi')"));
	world_end(&w);
}

static void
connections_are_told_open_or_shut(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	check(&w, w.deployment, TRIGGER_DEVOPS, "ci-connection");
	assert_warns(&w, "waits until somebody permits it");
	world_end(&w);
	world_begin(&w);
	builder_connection(w.f.b, w.connection, (struct origin){0})
	    ->all_pipelines = YES;
	assert_int_equal(
	    vector_push(&w.f.b->authorizations, {0, w.deployment, {0}}),
	    ACTAS_OK);
	world_freeze(&w);
	check(&w, w.deployment, TRIGGER_DEVOPS, "");
	assert_warns(&w, "any pipeline of its project can act as sp-deploy");
	assert_false(warns(&w, "waits until"));
	world_end(&w);
}

static void
a_restricted_vault_and_a_disabled_schedule_are_told(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	builder_vault(w.f.b, w.vault, (struct origin){0})->firewall = YES;
	w.f.b->schedules.at[0].enabled = NO;
	add_need(&w, w.load, "get-secret", w.vault);
	world_freeze(&w);
	check(&w, w.load, TRIGGER_SCHEDULE, "");
	assert_warns(&w, "no role gets a run past that");
	assert_warns(&w, "is disabled: it starts nothing");
	world_end(&w);
}

static void
a_data_item_is_not_taken_for_a_notebook(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	check(&w, w.model, TRIGGER_SCHEDULE, "Refresh");
	assert_int_equal(w.x.principal, NONE);
	assert_int_equal(w.x.starter, w.deploy);
	assert_non_null(strstr(w.x.why, "No document"));
	check(&w, w.model, TRIGGER_AIRFLOW, "Gold-identity");
	assert_int_equal(w.x.principal, w.space);
	world_end(&w);
}

static void
names_that_lead_nowhere_are_faults(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	{
		const struct {
			item_id item;
			enum trigger trigger;
			const char *name;
			enum actas_error error;
		} rows[] = {
		    {w.load, TRIGGER_UI, "", ACTAS_EUSAGE},
		    {w.load, TRIGGER_UI, "sp-airflow", ACTAS_EUSAGE},
		    {w.load, TRIGGER_API, "", ACTAS_EUSAGE},
		    {w.load, TRIGGER_API, "nobody at all", ACTAS_ENOTFOUND},
		    {w.load, TRIGGER_API, "readers", ACTAS_EUSAGE},
		    {w.load, TRIGGER_SCHEDULE, "Weekly", ACTAS_ENOTFOUND},
		    {w.part, TRIGGER_SCHEDULE, "", ACTAS_ENOTFOUND},
		    {w.load, TRIGGER_PIPELINE, "No such", ACTAS_ENOTFOUND},
		    {w.dag, TRIGGER_PIPELINE, "", ACTAS_ENOTFOUND},
		    {w.part, TRIGGER_REFERENCE, "No such", ACTAS_ENOTFOUND},
		    {w.load, TRIGGER_AIRFLOW, "", ACTAS_EUSAGE},
		    {w.load, TRIGGER_AIRFLOW, "No such", ACTAS_ENOTFOUND},
		    {w.load, TRIGGER_AIRFLOW, "Dag", ACTAS_ENOTFOUND},
		    {w.deployment, TRIGGER_DEVOPS, "", ACTAS_EUSAGE},
		    {w.deployment, TRIGGER_DEVOPS, "Gold", ACTAS_EUSAGE},
		    {w.deployment, TRIGGER_API, "Anna", ACTAS_EUSAGE},
		};

		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
			assert_int_equal(ask(&w, rows[i].item, rows[i].trigger,
					     rows[i].name),
			    rows[i].error);
			assert_true(strlen(w.f.fault.message) > 0);
			assert_int_equal(w.f.fault.error, rows[i].error);
		}
	}
	world_end(&w);
}

static void
triggers_have_names_that_are_read_back(void **state ACTAS_UNUSED)
{
	enum trigger trigger;

	for (int i = 0; i < TRIGGERS; i++) {
		assert_true(trigger_parse(
		    slice_of(trigger_name((enum trigger)i)), &trigger));
		assert_int_equal(trigger, i);
	}
	assert_null(trigger_name(TRIGGERS));
	assert_false(trigger_parse(SLICE("cron"), &trigger));
	assert_false(trigger_parse(SLICE(""), &trigger));
}

static void
running_out_of_memory_is_an_error(void **state ACTAS_UNUSED)
{
	enum actas_error error = ACTAS_ENOMEM;
	struct run run;
	struct world w;

	world_begin(&w);
	add_need(&w, w.part, "get-secret", w.vault);
	world_freeze(&w);
	run = (struct run){
	    w.part, TRIGGER_REFERENCE, SLICE("Load:api:sp-airflow")};
	for (int64_t n = 0; error != ACTAS_OK; n++) {
		struct arena arena = {0};

		mem_fail_after(n);
		error = acts(w.f.e, &run, &arena, &w.x, NULL);
		mem_fail_after(-1);
		assert_true(error == ACTAS_OK || error == ACTAS_ENOMEM);
		arena_release(&arena);
	}
	assert_int_equal(w.x.lack_count, 1);
	world_end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_trigger_leads_to_who_the_table_names),
	    cmocka_unit_test(the_forums_notebook_would_have_been_told),
	    cmocka_unit_test(nothing_is_lacking_once_the_role_is_granted),
	    cmocka_unit_test(what_runs_inside_needs_from_the_same_identity),
	    cmocka_unit_test(a_pipeline_s_needs_are_its_last_modifier_s),
	    cmocka_unit_test(a_pipeline_s_needs_stay_open_without_a_modifier),
	    cmocka_unit_test(a_starter_without_contributor_may_not_start),
	    cmocka_unit_test(
		an_activity_with_a_connection_acts_as_its_credential),
	    cmocka_unit_test(activities_that_differ_have_to_be_named),
	    cmocka_unit_test(a_deployment_makes_its_principal_the_modifier),
	    cmocka_unit_test(what_the_source_does_not_say_is_not_guessed),
	    cmocka_unit_test(runs_that_start_each_other_are_survived),
	    cmocka_unit_test(a_root_is_traced_where_one_thing_starts_it),
	    cmocka_unit_test(a_run_identity_acts_whoever_starts),
	    cmocka_unit_test(
		a_run_identity_that_its_setter_may_not_assign_is_refused),
	    cmocka_unit_test(editors_of_the_code_are_named),
	    cmocka_unit_test(a_workspace_identity_stays_out_of_api_runs),
	    cmocka_unit_test(connections_are_told_open_or_shut),
	    cmocka_unit_test(
		a_restricted_vault_and_a_disabled_schedule_are_told),
	    cmocka_unit_test(a_data_item_is_not_taken_for_a_notebook),
	    cmocka_unit_test(names_that_lead_nowhere_are_faults),
	    cmocka_unit_test(triggers_have_names_that_are_read_back),
	    cmocka_unit_test(running_out_of_memory_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
