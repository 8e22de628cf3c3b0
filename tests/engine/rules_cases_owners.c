#include "rules_world.h"

static void
owns(struct world *w, principal_id p, enum item_kind kind, uint32_t line)
{
	assert_int_equal(vector_push(&w->b->ownerships,
			     {.principal = p,
				 .scope = NONE,
				 .item_kind = (uint8_t)kind,
				 .origin = at(w, line)}),
	    ACTAS_OK);
}

static void
rule(struct world *w, struct policy policy, const char *text)
{
	policy.text = said(w, text);
	policy.origin = at(w, 20);
	assert_int_equal(vector_push(&w->b->policies, policy), ACTAS_OK);
}

static void
cannot_own(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	principal_id svc = identity(w, "svc", PRINCIPAL_USER, 3);

	flag(w, svc, PRINCIPAL_SERVICE_ACCOUNT);
	owns(w, near ? svc : p, ITEM_SEMANTIC_MODEL, 5);
	rule(w,
	    (struct policy){.kind = POLICY_CANNOT_OWN,
		.principal_kind = PRINCIPAL_SERVICE,
		.item_kind = ITEM_SEMANTIC_MODEL,
		.principal = svc,
		.role = NONE,
		.scope = NONE},
	    "SPNs cannot own semantic models.");
}

static void
only_owner(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2), svc = service(w, "svc", 3);

	owns(w, near ? svc : p, ITEM_FLOW, 5);
	rule(w,
	    (struct policy){.kind = POLICY_ONLY_OWNER,
		.item_kind = ITEM_FLOW,
		.principal = svc,
		.role = NONE,
		.scope = NONE},
	    "svc is the only identity that should own flows.");
}

static void
not_sole_owner(struct world *w, bool near)
{
	principal_id me = identity(w, "me", PRINCIPAL_USER, 2);
	principal_id svc = service(w, "svc", 3);
	item_id load = item(w, workspace(w, "Gold"), "Load", ITEM_PIPELINE, 5);

	w->b->items.at[load].owner = me;
	if (near)
		assert_int_equal(vector_push(&w->b->ownerships,
				     {.principal = svc,
					 .scope = w->b->items.at[load].scope,
					 .item_kind = ITEM_PIPELINE,
					 .origin = at(w, 6)}),
		    ACTAS_OK);
	rule(w,
	    (struct policy){.kind = POLICY_NOT_SOLE_OWNER,
		.personal = 1,
		.principal = NONE,
		.role = NONE,
		.scope = NONE},
	    "Personal accounts must not be the sole owner.");
}

static void
no_law(struct world *w, bool near)
{
	rule(w,
	    (struct policy){.kind = POLICY_CANNOT_OWN,
		.principal_kind = PRINCIPAL_SERVICE,
		.item_kind = near ? ITEM_FLOW : ITEM_SEMANTIC_MODEL,
		.principal = NONE,
		.role = NONE,
		.scope = NONE},
	    "SPNs cannot own them.");
}

static void
sole_owner(struct world *w, bool near)
{
	principal_id p = identity(w, "ops", PRINCIPAL_USER, 2);
	uint32_t graph = listing(w, VIEW_GRAPH, false, 8);

	flag(w, p, PRINCIPAL_SERVICE_ACCOUNT);
	tell_kind(w, graph, p, "Human admin", near ? NO : YES, 9);
	owns(w, p, ITEM_SEMANTIC_MODEL, 5);
	owns(w, p, ITEM_SEMANTIC_MODEL, 6);
}

static void
sole_owner_of_an_item(struct world *w, bool near)
{
	principal_id me = identity(w, "me", PRINCIPAL_USER, 2);
	item_id load = item(w, workspace(w, "Gold"), "Load", ITEM_NOTEBOOK, 5);

	if (near)
		flag(w, me, PRINCIPAL_SERVICE_ACCOUNT);
	w->b->items.at[load].owner = me;
}

/* All that one person owns alone is one finding. */
static void
sole_owner_of_many(struct world *w, bool near)
{
	principal_id me = identity(w, "me", PRINCIPAL_USER, 2);
	principal_id svc = service(w, "svc", 3);
	scope_id gold = workspace(w, "Gold");
	const char *const names[] = {"Load", "Clean", "Mail"};

	for (uint32_t i = 0; i < 3; i++) {
		item_id load = item(w, gold, names[i], ITEM_NOTEBOOK, 5 + i);

		w->b->items.at[load].owner = near || i == 1 ? svc : me;
	}
}

static void
needs(struct world *w, const char *has, const char *role, const char *text)
{
	principal_id p = service(w, "flows", 2);
	scope_id gold = workspace(w, "Gold");

	grant(w, p, role_of(w, PLANE_FABRIC, has), gold, 5);
	rule(w,
	    (struct policy){.kind = POLICY_NEEDS_ROLE,
		.principal = p,
		.role = role_of(w, PLANE_FABRIC, role),
		.scope = gold},
	    text);
}

static void
needed_role(struct world *w, bool near)
{
	needs(w, near ? "Admin" : "Viewer", "Member",
	    "flows needs Member on Gold.");
}

static void
role_above_need(struct world *w, bool near)
{
	needs(w, "Member", near ? "Viewer" : "Member",
	    "flows needs it on Gold for SQL endpoint access.");
}

static const struct rule_case cases[] = {
    {"owner-rule", cannot_own,
	"worker owns all semantic models (line 5), against the rule of line "
	"20: \"SPNs cannot own semantic models.\"",
	"5 20"},
    {"owner-rule", only_owner,
	"worker owns all flows (line 5), against the rule of line 20: \"svc is "
	"the only identity that should own flows.\"",
	"5 20"},
    {"owner-rule", not_sole_owner,
	"me owns data pipeline Load (line 5), against the rule of line 20: "
	"\"Personal accounts must not be the sole owner.\"",
	"5 20"},
    {"owner-law", no_law,
	"That service principals cannot own semantic models (line 20) is a "
	"rule of this page and not of the platform: whoever publishes a "
	"semantic model owns it, a service principal too.",
	"20"},
    {"sole-owner", sole_owner,
	"The only owner of all semantic models is ops (lines 5 and 6), which "
	"the diagram calls \"Human admin\" (line 9). What runs as the owner "
	"may stop when that account leaves or has not signed in for 90 days.",
	"5 6 9"},
    {"sole-owner", sole_owner_of_an_item,
	"The only owner of notebook Load is me (line 5), a person's account. "
	"What runs as the owner may stop when that account leaves or has not "
	"signed in for 90 days.",
	"5"},
    {"sole-owner", sole_owner_of_many,
	"The only owner of notebook Load and notebook Mail is me (lines 5 and "
	"7), a person's account. What runs as the owner may stop when that "
	"account leaves or has not signed in for 90 days.",
	"5 7"},
    {"needed-role", needed_role,
	"flows needs Member on workspace Gold by the rule of line 20, but "
	"nothing gives it that.",
	"20"},
    {"role-above-need", role_above_need,
	"flows is said to need Member on workspace Gold for the SQL endpoint "
	"(line 20), but the platform lets a Viewer connect to it and read with "
	"T-SQL; Member gives far more.",
	"20"},
};

const struct rule_cases cases_of_owners = {
    cases, sizeof cases / sizeof cases[0]};
