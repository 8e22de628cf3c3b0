#include "rules_world.h"

static void
disputed_cell(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	scope_id gold = workspace(w, "Gold");
	role_id role = role_of(w, PLANE_FABRIC, "Contributor");
	uint32_t table = role_table(w, p, 5);
	uint32_t matrix = listing(w, VIEW_MATRIX, true, 10);

	tell(w, table, (struct said_role){p, role, gold, NULL, false}, 7);
	if (near)
		tell(w, matrix, (struct said_role){p, role, gold, NULL, false},
		    11);
	else
		tell_none(w, matrix, p, gold, 11);
}

/* An edge to all workspaces, of which the matrix denies two; a right on an
 * item of one of them goes with the grant that names it alone. */
static void
disputed_edge(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	role_id role = role_of(w, PLANE_FABRIC, "Contributor");
	uint32_t graph = listing(w, VIEW_GRAPH, false, 4);
	uint32_t matrix = listing(w, VIEW_MATRIX, true, 10);
	const char *const names[] = {"Gold", "Bronze", "Reports"};

	for (uint32_t i = 0; i < 3; i++) {
		scope_id s = workspace(w, names[i]);

		tell(w, graph, (struct said_role){p, role, s, NULL, true}, 6);
		if (i == 1 || near)
			tell(w, matrix,
			    (struct said_role){p, role, s, NULL, false},
			    11 + i);
		else
			tell_none(w, matrix, p, s, 11 + i);
	}
}

static void
disputed_with_item(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	scope_id gold = workspace(w, "Gold");
	scope_id house = scope(w, gold, SCOPE_ITEM, "Sales");
	role_id role = role_of(w, PLANE_FABRIC, "Contributor");
	role_id right =
	    builtin_claimed(w->b, SLICE("Read/Write"), SCOPE_ITEM, at(w, 1));
	uint32_t graph = listing(w, VIEW_GRAPH, false, 4);
	uint32_t table = role_table(w, p, 7);
	uint32_t matrix = listing(w, VIEW_MATRIX, true, 10);

	assert_int_not_equal(right, NONE);
	tell(w, graph, (struct said_role){p, right, house, NULL, false}, 5);
	tell(w, table, (struct said_role){p, role, gold, NULL, false}, 8);
	if (!near)
		tell_none(w, matrix, p, gold, 11);
}

static void
two_roles(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	scope_id gold = workspace(w, "Gold");
	role_id member = role_of(w, PLANE_FABRIC, "Member");
	role_id admin = role_of(w, PLANE_FABRIC, "Admin");
	uint32_t graph = listing(w, VIEW_GRAPH, false, 4);
	uint32_t matrix = listing(w, VIEW_MATRIX, true, 10);

	tell(w, graph, (struct said_role){p, member, gold, NULL, false}, 5);
	tell(w, matrix,
	    (struct said_role){p, near ? member : admin, gold, NULL, false},
	    11);
}

static void
two_kinds(struct world *w, bool near)
{
	principal_id p = identity(w, "ops", PRINCIPAL_USER, 3);
	uint32_t graph = listing(w, VIEW_GRAPH, false, 4);
	uint32_t table = listing(w, VIEW_INVENTORY, true, 8);

	tell_kind(w, graph, p, "Human admin", near ? UNSAID : YES, 5);
	tell_kind(w, table, p, "Service account", NO, 9);
}

static void
omitted_grant(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	scope_id bronze = workspace(w, "Bronze");
	scope_id gold = workspace(w, "Gold");
	role_id role = role_of(w, PLANE_FABRIC, "Contributor");
	uint32_t graph = listing(w, VIEW_GRAPH, false, 4);
	uint32_t table = role_table(w, p, 7);
	uint32_t matrix = listing(w, VIEW_MATRIX, true, 10);

	tell(w, graph, (struct said_role){p, role, bronze, NULL, true}, 5);
	tell(w, table, (struct said_role){p, role, gold, NULL, false}, 8);
	tell(w, matrix, (struct said_role){p, role, gold, NULL, false}, 11);
	tell(w, matrix, (struct said_role){p, role, bronze, NULL, false}, 12);
	if (near)
		tell(w, table, (struct said_role){p, role, bronze, NULL, false},
		    9);
}

static void
right_without_role(struct world *w, bool near)
{
	principal_id p = service(w, "admin", 2);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);
	role_id right = role_of(w, PLANE_CLAIMED, "Get Secrets");
	role_id role =
	    role_of(w, PLANE_AZURE, near ? "Key Vault Secrets User" : "Reader");
	uint32_t graph = listing(w, VIEW_GRAPH, false, 4);
	uint32_t table = role_table(w, p, 7);

	tell(w, graph, (struct said_role){p, right, kv, NULL, false}, 5);
	tell(w, table, (struct said_role){p, right, kv, NULL, false}, 8);
	tell(w, table, (struct said_role){p, role, kv, NULL, false}, 9);
}

static void
omitted_reader(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);
	role_id role = role_of(w, PLANE_AZURE, "Key Vault Secrets User");
	uint32_t table = role_table(w, p, 6);
	uint32_t readers = list_of(w, VIEW_READERS, kv, 10);

	tell(w, table, (struct said_role){p, role, kv, NULL, false}, 8);
	if (near)
		tell(w, readers, (struct said_role){p, role, kv, NULL, false},
		    11);
}

/* An access policy on a vault of roles lets nobody read. */
static void
void_reader(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	scope_id kv = vault(w, "kv", near ? MODEL_RBAC : MODEL_POLICY, 4);

	list_of(w, VIEW_READERS, kv, 10);
	grant(w, p, policy_of(w, "get"), kv, 8);
}

static void
hidden_writer(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);
	role_id role = role_of(w, PLANE_AZURE, near ? "Reader" : "Contributor");

	list_of(w, VIEW_WRITERS, kv, 10);
	grant(w, p, role, resource_group(w, "rg"), 8);
}

static void
writer_for_the_wrong_role(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	scope_id kv = vault(w, "kv", MODEL_UNSAID, 4);
	role_id role = role_of(w, PLANE_AZURE, "Contributor");
	role_id other = role_of(w, PLANE_AZURE, "Storage Account Contributor");
	uint32_t writers = list_of(w, VIEW_WRITERS, kv, 10);

	grant(w, p, role, resource_group(w, "rg"), 8);
	tell(w, writers,
	    (struct said_role){p, near ? role : other, NONE, NULL, false}, 11);
}

static void
listed_without_right(struct world *w, bool near)
{
	principal_id p = service(w, "worker", 2);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);
	role_id role =
	    role_of(w, PLANE_AZURE, near ? "Key Vault Secrets User" : "Reader");
	uint32_t readers = list_of(w, VIEW_READERS, kv, 10);

	tell(w, readers, (struct said_role){p, role, kv, NULL, false}, 11);
}

/* OneLake is the storage of all workspaces; no page declares it. */
static void
onelake(struct world *w, bool near)
{
	principal_id p = service(w, "loader", 2);
	uint32_t graph = listing(w, VIEW_GRAPH, false, 4);
	struct claim claim = {.listing = graph,
	    .says = CLAIM_GRANTS,
	    .principal = p,
	    .role = NONE,
	    .scope = NONE,
	    .assignment = NONE,
	    .text = said(w, "Write"),
	    .origin = at(w, 5)};

	w->b->principals.at[p].purpose = said(w, "OneLake writes");
	builder_claim(w->b, &claim);
	builder_problem(w->b, PROBLEM_UNDECLARED_SCOPE, SLICE("OneLake"),
	    at(w, 5), at(w, 0), "Nothing declares OneLake.");
	if (near)
		grant(w, p, role_of(w, PLANE_FABRIC, "Contributor"),
		    workspace(w, "Bronze"), 9);
}

static void
listed_by_nothing(struct world *w, bool near)
{
	principal_id p = service(w, "ops", 2);
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);
	uint32_t writers = list_of(w, VIEW_WRITERS, kv, 10);

	tell(w, writers,
	    (struct said_role){
		p, role_of(w, PLANE_CLAIMED, "Set Secrets"), kv, NULL, false},
	    11);
	if (near)
		grant(w, p,
		    role_of(w, PLANE_AZURE, "Key Vault Secrets Officer"), kv,
		    12);
}

static void
two_names(struct world *w, bool near)
{
	principal_id p =
	    identity(w, "Loader identity", PRINCIPAL_MANAGED_IDENTITY, 9);
	uint32_t graph = listing(w, VIEW_GRAPH, false, 4);
	struct claim claim = {.listing = graph,
	    .says = CLAIM_IS_KIND,
	    .kind = PRINCIPAL_MANAGED_IDENTITY,
	    .principal = p,
	    .role = NONE,
	    .scope = NONE,
	    .assignment = NONE,
	    .called = said(w, near ? "loader@x.example" : "Function App MI"),
	    .origin = at(w, 5)};

	w->b->principals.at[p].upn = said(w, "Loader@x.example");
	builder_claim(w->b, &claim);
}

static void
unnamed_people(struct world *w, bool near)
{
	principal_id p = builder_principal_new(
	    w->b, SLICE("IT administrators"), PRINCIPAL_USER, at(w, 5));

	flag(w, p, PRINCIPAL_COLLECTIVE);
	if (near)
		builder_member(
		    w->b, p, identity(w, "ann", PRINCIPAL_USER, 7), at(w, 8));
	grant(w, p, role_of(w, PLANE_AZURE, "Reader"), resource_group(w, "rg"),
	    5);
}

static const struct rule_case cases[] = {
    {"right-without-role", onelake,
	"loader is said to have \"Write\" on OneLake (lines 2 and 5), but "
	"nothing gives it a role in a workspace or a permission on an item.",
	"5 2"},
    {"right-without-role", listed_by_nothing,
	"ops is in the list of writers of vault kv (line 11), but no role, "
	"access policy or permission that would give this right is named.",
	"11"},
    {"two-names", two_names,
	"\"Function App MI\" in the diagram (line 5) is taken for Loader "
	"identity (line 9): no identity bears the name.",
	"5 9"},
    {"unnamed-people", unnamed_people,
	"IT administrators have access (line 5), but neither the inventory nor "
	"a group says who they are.",
	"5"},
    {"disputed-grant", disputed_cell,
	"worker has Contributor on workspace Gold by the role table (line 7), "
	"but none by the workspace matrix (line 11).",
	"7 11"},
    {"disputed-grant", disputed_edge,
	"worker has Contributor on workspaces Gold, Bronze and Reports by "
	"the diagram (line 6), but none on workspaces Gold and Reports by the "
	"workspace matrix (lines 11 and 13).",
	"6 11 13"},
    {"disputed-grant", disputed_with_item,
	"worker has Contributor on workspace Gold by the role table (line 8), "
	"but none by the workspace matrix (line 11). Read/Write data on item "
	"Sales (line 5) rests on it.",
	"8 5 11"},
    {"disputed-role", two_roles,
	"worker is Member of workspace Gold by the diagram (line 5), but Admin "
	"by the workspace matrix (line 11); a workspace gives each principal "
	"one role.",
	"5 11"},
    {"disputed-kind", two_kinds,
	"ops is \"Human admin\" by the diagram (line 5), but \"Service "
	"account\" by the inventory (line 9).",
	"5 9"},
    {"omitted-grant", omitted_grant,
	"worker has Contributor on workspace Bronze (lines 5 and 12), but its "
	"own role table (line 7) leaves it out.",
	"12 5 7"},
    {"right-without-role", right_without_role,
	"admin is said to have \"Get Secrets\" on vault kv (lines 5 and 8), "
	"but no role, access policy or permission that would give "
	"this right is named.",
	"5 8"},
    {"omitted-reader", omitted_reader,
	"worker may read secrets of vault kv (Key Vault Secrets User on vault "
	"kv, line 8), but the list of readers (line 10) leaves it out.",
	"8 10"},
    {"omitted-reader", void_reader,
	"worker may read secrets of vault kv (access policy "
	"(get) on vault kv, line 8), but "
	"the list of readers (line 10) leaves it out.",
	"8 10"},
    {"hidden-writer", hidden_writer,
	"worker may write secrets of vault kv (Contributor on resource group "
	"rg, line 8), but the list of writers (line 10) leaves it out.",
	"8 10"},
    {"hidden-writer", writer_for_the_wrong_role,
	"worker is listed as a writer for Storage Account Contributor (line "
	"11), which gives no right to write secrets; it can write them all "
	"the same, by Contributor on resource group rg, line 8, which contains "
	"Microsoft.KeyVault/vaults/secrets/write of Azure Resource Manager. If "
	"the vault uses access policies, it may also rewrite them and so give "
	"itself every right on its secrets.",
	"11 8"},
    {"listed-without-right", listed_without_right,
	"worker is in the list of readers for Reader (line 11), which gives no "
	"right to read secrets of vault kv, and nothing else in the source "
	"does.",
	"11"},
};

const struct rule_cases cases_of_claims = {
    cases, sizeof cases / sizeof cases[0]};
