#include "rules_world.h"

/* What a reader complains of is told in its own words; one case a kind. */
#define PROBLEM(name, kind)                                                   \
	static void name(struct world *w, bool near)                          \
	{                                                                     \
		if (!near)                                                    \
			builder_problem(w->b, kind, SLICE("thing"), at(w, 5), \
			    at(w, 2), "Told by the reader.");                 \
	}

PROBLEM(undeclared_principal, PROBLEM_UNDECLARED_PRINCIPAL)
PROBLEM(undeclared_secret, PROBLEM_UNDECLARED_SECRET)
PROBLEM(undeclared_scope, PROBLEM_UNDECLARED_SCOPE)
PROBLEM(undeclared_connection, PROBLEM_UNDECLARED_CONNECTION)
PROBLEM(undeclared_node, PROBLEM_UNDECLARED_NODE)
PROBLEM(unknown_role, PROBLEM_UNKNOWN_ROLE)
PROBLEM(ambiguous_name, PROBLEM_AMBIGUOUS_NAME)
PROBLEM(malformed_row, PROBLEM_MALFORMED_ROW)
PROBLEM(duplicate, PROBLEM_DUPLICATE)
PROBLEM(count_mismatch, PROBLEM_COUNT_MISMATCH)
PROBLEM(self_contradiction, PROBLEM_SELF_CONTRADICTION)
PROBLEM(orphan_assignment, PROBLEM_ORPHAN_ASSIGNMENT)
PROBLEM(incomplete_source, PROBLEM_INCOMPLETE_SOURCE)
PROBLEM(group_cycle, PROBLEM_GROUP_CYCLE)

/* The same complaint at two places is one finding. */
static void
complaint_twice(struct world *w, bool near)
{
	undeclared_scope(w, near);
	if (!near)
		builder_problem(w->b, PROBLEM_UNDECLARED_SCOPE, SLICE("thing"),
		    at(w, 8), at(w, 0), "Told by the reader.");
}

/* The places that name the secret, and the table that lacks it. */
static void
secret_named_twice(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 1);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 1);

	listing(w, VIEW_SECRETS, true, 4);
	sink(w, p, SINK_SECRET, scope(w, kv, SCOPE_SECRET, "thing"), NONE,
	    false, 9);
	undeclared_secret(w, near);
}

static void
silence_without_reason(struct world *w, bool near)
{
	connection(w, "ci", NONE, 3);
	setting(
	    w, "unbacked-connection", NULL, "ci", near ? "being built" : "", 9);
}

static void
unknown_rule(struct world *w, bool near)
{
	setting(w, near ? "open-connection" : "open-conection", "note", NULL,
	    NULL, 9);
}

static void
unknown_severity(struct world *w, bool near)
{
	setting(w, "open-connection", near ? "note" : "fatal", NULL, NULL, 9);
}

static void
unused_silence(struct world *w, bool near)
{
	if (near)
		connection(w, "ci", NONE, 3);
	setting(w, "unbacked-connection", NULL, "ci", "being built", 9);
}

#define TOLD "Told by the reader."

static const struct rule_case cases[] = {
    {"undeclared-principal", undeclared_principal, TOLD, "5 2"},
    {"undeclared-secret", undeclared_secret, TOLD, "5 2"},
    {"undeclared-secret", secret_named_twice, TOLD, "5 2 4 9"},
    {"undeclared-scope", undeclared_scope, TOLD, "5 2"},
    {"undeclared-scope", complaint_twice, TOLD, "5 2 8"},
    {"undeclared-connection", undeclared_connection, TOLD, "5 2"},
    {"undeclared-node", undeclared_node, TOLD, "5 2"},
    {"unknown-role", unknown_role, TOLD, "5 2"},
    {"ambiguous-name", ambiguous_name, TOLD, "5 2"},
    {"malformed-row", malformed_row, TOLD, "5 2"},
    {"duplicate-declaration", duplicate, TOLD, "5 2"},
    {"count-mismatch", count_mismatch, TOLD, "5 2"},
    {"self-contradiction", self_contradiction, TOLD, "5 2"},
    {"group-cycle", group_cycle, TOLD, "5 2"},
    {"orphan-assignment", orphan_assignment, TOLD, "5 2"},
    {"incomplete-source", incomplete_source, TOLD, "5 2"},
    {"silence-without-reason", silence_without_reason,
	"The setting would silence findings of unbacked-connection about ci "
	"but gives no reason, so it is not applied.",
	"9"},
    {"unknown-setting", unknown_rule,
	"The setting names rule \"open-conection\", which does not exist, so "
	"it does nothing.",
	"9"},
    {"unknown-setting", unknown_severity,
	"The setting gives open-connection the severity \"fatal\", which does "
	"not exist, so it does nothing.",
	"9"},
    {"unused-silence", unused_silence,
	"The setting silences findings of unbacked-connection about ci, and "
	"there are none.",
	"9"},
};

const struct rule_cases cases_of_input = {
    cases, sizeof cases / sizeof cases[0]};
