#include "engine/acts/acts_private.h"

/*
 * What people are surprised by (facts 1). A caveat is told only where it
 * applies to this run, and each names the document that it rests on; a
 * function a caveat, in the order in which they are told: what matters most
 * for this run first.
 */

enum { EDITORS_NAMED = 6 };

static bool
is_kind(const struct asking *a, principal_id p, enum principal_kind kind)
{
	return p != NONE && a->t.e->principals.at[p].kind == kind;
}

static bool
is_app(const struct asking *a, principal_id p)
{
	return is_kind(a, p, PRINCIPAL_SERVICE) ||
	    is_kind(a, p, PRINCIPAL_MANAGED_IDENTITY) ||
	    is_kind(a, p, PRINCIPAL_WORKSPACE_IDENTITY);
}

static bool
is_item(const struct asking *a, item_id i, enum item_kind kind)
{
	return a->t.e->items.at[i].kind == kind;
}

static const char *
actor(struct asking *a)
{
	return tell_principal(&a->t, a->out->principal);
}

static const char *
item(struct asking *a)
{
	return tell_item(&a->t, a->item);
}

static scope_id
workspace(const struct asking *a)
{
	return estate_enclosing(
	    a->t.e, a->t.e->items.at[a->item].scope, SCOPE_WORKSPACE);
}

static void
pipeline_acts_otherwise(struct asking *a)
{
	principal_id modifier = a->t.e->items.at[a->item].modified_by;

	if (!is_item(a, a->item, ITEM_PIPELINE) ||
	    a->trigger == TRIGGER_PIPELINE || modifier == a->out->principal ||
	    a->out->principal == NONE)
		return;
	tell_reason(&a->t,
	    "The activities of %s do not act as %s, but as %s (Microsoft "
	    "Learn, How to use notebooks, 2026-04-24).",
	    item(a), actor(a),
	    modifier == NONE ? "whoever last modified it, whom the source "
			       "does not name"
			     : tell(&a->t, "%s, who last modified it",
				   tell_principal(&a->t, modifier)));
}

static void
activity_not_listed(struct asking *a)
{
	const struct estate *e = a->t.e;

	if (a->via == NONE ||
	    (a->trigger != TRIGGER_PIPELINE && a->trigger != TRIGGER_REFERENCE))
		return;
	for (uint32_t i = 0; i < e->activities.count; i++)
		if (e->activities.at[i].parent == a->via &&
		    e->activities.at[i].child == a->item)
			return;
	tell_reason(&a->t, "The source does not say that %s starts %s.",
	    tell_item(&a->t, a->via), item(a));
}

static void
next_editor_acts(struct asking *a)
{
	if (a->begun == TRIGGER_PIPELINE && a->manner == MANNER_PLAIN &&
	    a->trigger == TRIGGER_PIPELINE)
		tell_reason(&a->t,
		    "Whoever edits %s next, a deployment included, becomes "
		    "its last modifier, and its activities act as them from "
		    "then on; to take over ownership alone changes nothing "
		    "(Microsoft Learn, Take over ownership, 2025-01-31).",
		    tell_item(&a->t, a->via));
	if (a->begun == TRIGGER_SCHEDULE && a->schedule != NONE)
		tell_reason(&a->t,
		    "Whoever changes the schedule next is who it acts as from "
		    "then on.");
}

static void
schedule_is_off(struct asking *a)
{
	if (a->schedule != NONE &&
	    a->t.e->schedules.at[a->schedule].enabled == NO)
		tell_reason(
		    &a->t, "The schedule is disabled: it starts nothing.");
}

/* Those who hold a grant that lets them edit the item. */
struct editors {
	principal_id at[EDITORS_NAMED];
	uint32_t count; /* all of them, also past the named */
	uint8_t *seen;  /* by principal */
};

static void
add_editors(struct asking *a, const struct action *edit, scope_id at,
    struct editors *editors)
{
	const struct estate *e = a->t.e;

	for (scope_id s = at; s != NONE; s = e->scopes.at[s].parent) {
		struct ids here = estate_assignments_at(e, s);

		for (uint32_t i = 0; i < here.count; i++) {
			principal_id p = e->holders[here.at[i]];

			if (editors->seen[p] != 0)
				continue;
			editors->seen[p] = 1;
			if (p == a->out->principal ||
			    !decide(e, p, edit, at, NULL).allowed)
				continue;
			if (editors->count < EDITORS_NAMED)
				editors->at[editors->count] = p;
			editors->count++;
		}
	}
}

static void
find_editors(struct asking *a, struct editors *editors)
{
	struct slice edit = workspace(a) != NONE
	    ? SLICE("Microsoft.Fabric/workspaces/items/write")
	    : SLICE("Microsoft.DevOps/projects/pipelines/write");
	struct action action = {0};
	enum actas_error error;

	editors->seen = mem_zero(a->t.e->principals.count, 1);
	error = editors->seen == NULL
	    ? ACTAS_ENOMEM
	    : action_prepare(a->t.e, edit, ACTION_AS_KNOWN, &action, a->fault);
	if (error == ACTAS_OK)
		add_editors(
		    a, &action, a->t.e->items.at[a->item].scope, editors);
	else
		a->t.error = error;
	action_release(&action);
	mem_free(editors->seen);
}

static void
others_edit_the_code(struct asking *a)
{
	struct editors editors = {0};
	const char *names[EDITORS_NAMED];

	/* Whoever edits a pipeline is who its activities act as. */
	if (a->out->principal == NONE || is_item(a, a->item, ITEM_PIPELINE))
		return;
	find_editors(a, &editors);
	for (uint32_t i = 0; i < editors.count && i < EDITORS_NAMED; i++)
		names[i] = tell_who(&a->t, editors.at[i]);
	if (editors.count > 0)
		tell_reason(&a->t,
		    "Others may edit %s, and what they write then runs as %s: "
		    "%s.",
		    item(a), actor(a),
		    tell_list(&a->t, names, editors.count, EDITORS_NAMED));
}

static void
somebody_else_wrote_it(struct asking *a)
{
	principal_id modifier = a->t.e->items.at[a->item].modified_by;

	if ((a->begun == TRIGGER_UI || a->begun == TRIGGER_API) &&
	    modifier != NONE && modifier != a->out->principal &&
	    !is_item(a, a->item, ITEM_PIPELINE))
		tell_reason(&a->t, "%s was last modified by %s.", item(a),
		    tell_principal(&a->t, modifier));
}

static void
owner_can_be_lost(struct asking *a)
{
	const struct item *row = &a->t.e->items.at[a->item];

	if (workspace(a) == NONE || !is_kind(a, row->owner, PRINCIPAL_USER))
		return;
	tell_reason(&a->t,
	    "%s is owned by %s%s: an item may stop when its owner leaves or "
	    "does not sign in for more than 90 days (Microsoft Learn, Take "
	    "over ownership, 2025-01-31).",
	    item(a), tell_principal(&a->t, row->owner),
	    row->owner == a->out->principal ? "" : ", who does not act here");
}

static principal_id
find_workspace_identity(const struct asking *a)
{
	const struct estate *e = a->t.e;
	scope_id here = workspace(a);

	for (principal_id p = 0; here != NONE && p < e->principals.count; p++)
		if (e->principals.at[p].kind == PRINCIPAL_WORKSPACE_IDENTITY &&
		    e->principals.at[p].workspace == here)
			return p;
	return NONE;
}

/* What the platform lets the workspace's identity start, and what not. */
static void
workspace_identity_stays_out(struct asking *a)
{
	principal_id identity = find_workspace_identity(a);

	if (a->out->principal == NONE || a->out->principal == identity ||
	    a->manner == MANNER_RUN_IDENTITY || workspace(a) == NONE ||
	    a->begun == TRIGGER_AIRFLOW)
		return;
	if (identity != NONE)
		tell_reason(&a->t,
		    "The workspace identity %s does not act in this run: it "
		    "runs items when a Fabric Apache Airflow job starts them "
		    "through a Fabric connection with it (Microsoft Learn, "
		    "2026-06-18, preview), or when a pipeline's activity goes "
		    "through such a connection (observed, 2026-08-18).",
		    tell_principal(&a->t, identity));
	else if (a->begun == TRIGGER_API && a->out->lack_count > 0 &&
	    is_app(a, a->out->principal))
		tell_reason(&a->t,
		    "If %s should not hold the missing rights itself: a "
		    "Fabric Apache Airflow job can start %s as the identity "
		    "of the workspace, through a Fabric connection with it "
		    "(Microsoft Learn, 2026-06-18, preview); over the API the "
		    "caller always acts.",
		    actor(a), item(a));
}

static void
airflow_wants(struct asking *a)
{
	if (a->trigger == TRIGGER_AIRFLOW &&
	    is_kind(a, a->out->principal, PRINCIPAL_WORKSPACE_IDENTITY))
		tell_reason(&a->t,
		    "The connection has to be made with \"Allow Code-First "
		    "Artifacts\", which cannot be added later, Fabric "
		    "connections have to be switched on for the Airflow job, "
		    "and it may not be synchronised from Git (Microsoft "
		    "Learn, 2026-06-18, preview).");
}

static void
run_identity_is_ours(struct asking *a)
{
	if (a->manner != MANNER_RUN_IDENTITY || a->out->starter == NONE ||
	    a->out->starter == a->out->principal || workspace(a) == NONE)
		return;
	tell_reason(&a->t,
	    "Microsoft Fabric itself has no run identity: there this run "
	    "would act as %s.",
	    tell_principal(&a->t, a->out->starter));
}

static void
token_is_app_only(struct asking *a)
{
	if (!is_app(a, a->out->principal) || is_item(a, a->item, ITEM_PIPELINE))
		return;
	tell_reason(&a->t,
	    "%s acts with an app-only token, which cannot be used on behalf "
	    "of a user: whatever %s calls has to let %s in itself (Microsoft "
	    "Learn, On-behalf-of flow: user principals only).",
	    actor(a), item(a), actor(a));
}

static void
tokens_are_narrow(struct asking *a)
{
	if (!is_item(a, a->item, ITEM_NOTEBOOK) ||
	    !is_app(a, a->out->principal))
		return;
	if (is_kind(a, a->out->principal, PRINCIPAL_SERVICE))
		tell_reason(&a->t,
		    "In a run as a service principal, getToken('pbi') covers "
		    "only lakehouses, ML experiments and models, notebooks, "
		    "Spark job definitions, workspaces and semantic models; "
		    "more takes MSAL (Microsoft Learn, NotebookUtils "
		    "credentials).");
	tell_reason(&a->t,
	    "Some services that a notebook calls, such as SQL analytics "
	    "endpoints, take no service principals and need a user (Microsoft "
	    "Learn, Notebook public API, 2026-04-24).");
}

static void
tenant_has_to_allow(struct asking *a)
{
	bool calls = a->begun == TRIGGER_API || a->begun == TRIGGER_AIRFLOW ||
	    a->manner == MANNER_CONNECTION;

	if (!calls || !is_app(a, a->out->starter) || workspace(a) == NONE)
		return;
	tell_reason(&a->t,
	    "The tenant setting \"Service principals can call Fabric public "
	    "APIs\" has to be on for %s, which actas cannot see (Microsoft "
	    "Learn, Developer tenant settings, 2025-05-08); without it every "
	    "call "
	    "has been seen to get a bare 401.",
	    tell_principal(&a->t, a->out->starter));
}

static const struct vault *
vault_of_need(const struct asking *a, const struct need *need)
{
	scope_id s = need->scope == NONE
	    ? NONE
	    : estate_enclosing(a->t.e, need->scope, SCOPE_VAULT);

	return s == NONE ? NULL : estate_vault(a->t.e, s);
}

static void
vault_is_asked_as_actor(struct asking *a)
{
	const struct estate *e = a->t.e;

	for (uint32_t i = 0; i < e->needs.count; i++) {
		const struct need *need = &e->needs.at[i];
		const struct vault *v = vault_of_need(a, need);

		if (need->item != a->item || v == NULL)
			continue;
		if (is_item(a, a->item, ITEM_NOTEBOOK) &&
		    a->out->principal != NONE)
			tell_reason(&a->t,
			    "notebookutils.credentials.getSecret asks Key "
			    "Vault as %s (Microsoft Learn, NotebookUtils "
			    "credentials).",
			    actor(a));
		if (workspace(a) != NONE &&
		    (v->firewall == YES || v->public_access == NO))
			tell_reason(&a->t,
			    "The networks that %s answers are restricted, and "
			    "Fabric is not on Key Vault's list of trusted "
			    "services: no role gets a run past that.",
			    tell_scope(&a->t, v->scope));
	}
}

static bool
is_authorized(const struct asking *a)
{
	const struct estate *e = a->t.e;

	for (uint32_t i = 0; i < e->authorizations.count; i++)
		if (e->authorizations.at[i].connection == a->connection &&
		    e->authorizations.at[i].item == a->item)
			return true;
	return false;
}

static void
connection_is_open_or_shut(struct asking *a)
{
	const struct connection *c;
	const char *name;

	if (a->connection == NONE)
		return;
	c = &a->t.e->connections.at[a->connection];
	name = tell_scope(&a->t, c->scope);
	if (c->all_pipelines == YES && c->principal != NONE)
		tell_reason(&a->t,
		    "All pipelines may use %s: any pipeline of its project can "
		    "act as %s.",
		    name, tell_principal(&a->t, c->principal));
	if (c->all_pipelines == NO && !is_authorized(a) &&
	    is_item(a, a->item, ITEM_DEVOPS_PIPELINE))
		tell_reason(&a->t,
		    "%s is not authorized to use %s: its run waits until "
		    "somebody permits it.",
		    item(a), name);
	if (c->ready == NO)
		tell_reason(&a->t,
		    "Azure DevOps has %s as not ready, and does not offer it "
		    "to pipelines.",
		    name);
}

void
acts_caveats(struct asking *a)
{
	static void (*const caveats[])(struct asking * a) = {
	    /* what stops this run, or makes somebody else act */
	    schedule_is_off,
	    connection_is_open_or_shut,
	    activity_not_listed,
	    pipeline_acts_otherwise,
	    run_identity_is_ours,
	    /* what it lacks, and who can misuse it */
	    vault_is_asked_as_actor,
	    others_edit_the_code,
	    workspace_identity_stays_out,
	    airflow_wants,
	    /* what may change */
	    somebody_else_wrote_it,
	    next_editor_acts,
	    owner_can_be_lost,
	    /* what holds of every run of that kind */
	    tenant_has_to_allow,
	    token_is_app_only,
	    tokens_are_narrow,
	};

	for (size_t i = 0; i < sizeof caveats / sizeof *caveats; i++)
		if (a->t.error == ACTAS_OK)
			caveats[i](a);
}
