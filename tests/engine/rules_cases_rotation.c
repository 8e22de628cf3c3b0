#include "rules_world.h"

static void
open_connection(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	uint32_t row = connection(w, "ci", p, 5);

	w->b->connections.at[row].all_pipelines = near ? NO : YES;
}

/* A way on from the identity behind the connection is told with it. */
static void
open_to_more(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2),
		     admin = service(w, "admin", 3);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);
	uint32_t row = connection(w, "ci", p, 5);

	w->b->connections.at[row].all_pipelines = near ? NO : YES;
	sink(w, admin, SINK_SECRET, secret(w, kv, "admin-key", 6), NONE, false,
	    7);
	grant(w, p, role_of(w, PLANE_AZURE, "Key Vault Secrets User"), kv, 8);
}

static void
static_connection(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	uint32_t row = connection(w, "ci", p, 5);

	w->b->connections.at[row].scheme =
	    said(w, near ? "WorkloadIdentityFederation" : "ServicePrincipal");
}

/* A plan that writes a secret into the connection says the same. */
static void
written_connection(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	uint32_t row = connection(w, "ci", p, 5);

	sink(w, p, SINK_CONNECTION, w->b->connections.at[row].scope,
	    near ? NONE : 0, false, 9);
	assert_int_equal(
	    vector_push(&w->b->plans, {.principal = p, .origin = at(w, 9)}),
	    ACTAS_OK);
}

static void
unbacked(struct world *w, bool near)
{
	connection(w, "ci", near ? service(w, "worker", 2) : NONE, 5);
}

static uint32_t
plan(struct world *w, principal_id p, bool verifies)
{
	struct plan row = {.principal = p,
	    .has_steps = true,
	    .has_verification = verifies,
	    .deletes_old = true,
	    .origin = at(w, 10),
	    .steps = at(w, 12)};

	if (verifies)
		row.verification = at(w, 15);
	assert_int_equal(vector_push(&w->b->plans, row), ACTAS_OK);
	return w->b->plans.count - 1;
}

static void
missed_secret(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);
	scope_id key = secret(w, kv, "key", 5);
	uint32_t row = connection(w, "ci", p, 6);
	uint32_t rotation = plan(w, p, true);

	sink(w, p, SINK_CONNECTION, w->b->connections.at[row].scope, rotation,
	    true, 13);
	sink(w, p, SINK_SECRET, key, NONE, false, 8);
	if (near)
		sink(w, p, SINK_SECRET, key, rotation, true, 14);
}

/* Listed with the credential, and then forgotten by the steps. */
static void
missed_by_steps(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);
	scope_id key = secret(w, kv, "key", 5);
	uint32_t rotation = plan(w, p, true);

	w->b->plans.at[rotation].has_steps = !near;
	sink(w, p, SINK_SECRET, key, rotation, false, 10);
}

static void
verified(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);
	scope_id key = secret(w, kv, "key", 5);
	uint32_t rotation = plan(w, p, true);
	item_id deploy = item(w, scope(w, 0, SCOPE_PROJECT, "data"),
	    "deploy.yml", ITEM_DEVOPS_PIPELINE, 6);

	sink(w, p, SINK_SECRET, key, rotation, true, 13);
	assert_int_equal(
	    vector_push(&w->b->verifications,
		{.plan = rotation, .item = deploy, .origin = at(w, 16)}),
	    ACTAS_OK);
	if (near)
		assert_int_equal(vector_push(&w->b->usages,
				     {.secret = key,
					 .principal = NONE,
					 .item = deploy,
					 .origin = at(w, 5)}),
		    ACTAS_OK);
}

static void
no_verification(struct world *w, bool near)
{
	plan(w, service(w, "worker", 2), near);
}

static void
unplanned(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2), q = service(w, "other", 3);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);

	plan(w, near ? p : q, true);
	sink(w, p, SINK_SECRET, secret(w, kv, "key", 5), NONE, false, 8);
}

static const struct rule_case cases[] = {
    {"open-connection", open_connection,
	"ci is open to all pipelines (line 5): whoever may write or change any "
	"pipeline of the project can act as worker.",
	"5"},
    {"open-connection", open_to_more,
	"ci is open to all pipelines (line 5): whoever may write or change any "
	"pipeline of the project can act as worker. That identity in turn can "
	"become admin: it reads secret admin-key, which holds admin's "
	"credential.",
	"5 7 8"},
    {"static-connection", static_connection,
	"ci keeps a credential of worker that has to be rotated by hand (line "
	"5).",
	"5"},
    {"static-connection", written_connection,
	"ci keeps a credential of worker that has to be rotated by hand (lines "
	"5 and 9).",
	"5 9"},
    {"unbacked-connection", unbacked,
	"Nothing says which identity backs connection ci, so nobody can tell "
	"what its pipelines may do.",
	"5"},
    {"missed-sink", missed_secret,
	"The rotation of worker (lines 10 and 12) does not name secret key, "
	"which holds its credential (line 8): whoever goes by the places that "
	"it names leaves the old one in it.",
	"10 8 12"},
    {"missed-sink", missed_by_steps,
	"The rotation of worker (lines 10 and 12) does not name secret key, "
	"which holds its credential (line 10): whoever goes by the places that "
	"it names leaves the old one in it.",
	"10 12"},
    {"unverified-sink", verified,
	"The rotation of worker updates secret key (line 13), but nothing that "
	"its verification runs (line 15) is said to use it, nor is anything "
	"else: a wrong copy there goes unnoticed.",
	"13 15"},
    {"unverified-sink", no_verification,
	"The rotation of worker (lines 10 and 12) has no step that verifies "
	"the new credential before the old one is deleted.",
	"12 10"},
    {"unplanned-rotation", unplanned,
	"secret key holds a credential of worker (line 8), which no rotation "
	"plan names.",
	"8"},
};

const struct rule_cases cases_of_rotation = {
    cases, sizeof cases / sizeof cases[0]};
