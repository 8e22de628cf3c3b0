/* What changed between two estates: nothing of itself, every change of
 * access, and no difference that only the form of a source makes. */

#include "../estate/random_estate.h"
#include "rules_world.h"
#include "source/source.h"

#include <stdio.h>

struct compared {
	struct estate *before, *after;
	struct arena arena;
	struct differences changes;
};

static void
compare(struct compared *c, struct estate *before, struct estate *after)
{
	*c = (struct compared){.before = before, .after = after};
	assert_int_equal(diff(before, after, &c->arena, &c->changes), ACTAS_OK);
}

static void
compare_worlds(struct compared *c, struct world *before, struct world *after)
{
	struct estate *e = world_estate(before);

	compare(c, e, world_estate(after));
}

static void
compared_end(struct compared *c)
{
	arena_release(&c->arena);
	estate_free(c->before);
	if (c->after != c->before)
		estate_free(c->after);
}

static void
assert_none(const struct compared *c)
{
	if (c->changes.count > 0)
		fail_msg("%u changes, the first: %s", c->changes.count,
		    c->changes.at[0].text);
}

enum { SEEDS = 40 };

static void
an_estate_differs_in_nothing_from_itself(void **state ACTAS_UNUSED)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct estate *e = random_estate(seed);
		struct compared c;

		assert_non_null(e);
		compare(&c, e, e);
		assert_none(&c);
		compared_end(&c);
	}
}

static void
equal_estates_differ_in_nothing(void **state ACTAS_UNUSED)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct compared c;

		compare(&c, random_estate(seed), random_estate(seed));
		assert_none(&c);
		compared_end(&c);
	}
}

/* Access as people say it; a grid of who, which role and where. */
enum { WHO = 6, ROLES = 3, WHERE = 4, CELLS = WHO * ROLES * WHERE };

static const char *const role_names[ROLES] = {"Reader", "Contributor", "Owner"};

static struct estate *
grid_estate(const bool grid[static CELLS], bool reversed)
{
	struct world w;

	world_begin(&w);
	for (uint32_t n = 0; n < CELLS; n++) {
		uint32_t i = reversed ? CELLS - 1 - n : n;
		char who[16], where[16];
		struct guid id = {.bytes = {0xaa}};
		principal_id p;

		snprintf(who, sizeof who, "sp-%u", i % WHO);
		snprintf(where, sizeof where, "rg-%u", i / WHO % WHERE);
		id.bytes[15] = (uint8_t)(i % WHO);
		p = builder_principal(w.b, id, at(&w, 1));
		w.b->principals.at[p].name = said(&w, who);
		resource_group(&w, where);
		if (grid[i])
			grant(&w, p,
			    role_of(
				&w, PLANE_AZURE, role_names[i / WHO / WHERE]),
			    resource_group(&w, where), i + 1);
	}
	return world_estate(&w);
}

static bool
changes_have(const struct differences *changes, uint32_t cell, bool gained)
{
	char who[16], where[32];

	snprintf(who, sizeof who, "sp-%u", cell % WHO);
	snprintf(
	    where, sizeof where, "resource group rg-%u", cell / WHO % WHERE);
	for (uint32_t i = 0; i < changes->count; i++) {
		const struct difference *c = &changes->at[i];

		if (c->kind == CHANGE_GRANT && c->gained == gained &&
		    strcmp(c->principal, who) == 0 &&
		    strcmp(c->scope, where) == 0 &&
		    strcmp(c->role, role_names[cell / WHO / WHERE]) == 0)
			return true;
	}
	return false;
}

static void
every_change_of_a_grant_is_found_and_no_other(void **state ACTAS_UNUSED)
{
	struct random r = {7};

	for (int round = 0; round < 60; round++) {
		bool a[CELLS], b[CELLS];
		uint32_t expected = 0;
		struct compared c;

		for (uint32_t i = 0; i < CELLS; i++) {
			a[i] = random_chance(&r, 40);
			b[i] = random_chance(&r, 70) ? a[i] : !a[i];
			expected += a[i] != b[i];
		}
		compare(&c, grid_estate(a, false), grid_estate(b, true));
		assert_int_equal(c.changes.count, expected);
		for (uint32_t i = 0; i < CELLS; i++)
			if (a[i] != b[i])
				assert_true(changes_have(&c.changes, i, b[i]));
		compared_end(&c);
	}
}

/* One change each; 'after' builds the later state. */
struct change_case {
	const char *name;
	void (*build)(struct world *w, bool after);
	enum change_kind kind;
	bool gained;
	const char *text;
};

static void
grant_gone(struct world *w, bool after)
{
	principal_id p = service(w, "worker", 2);
	scope_id gold = workspace(w, "Gold");

	grant(w, service(w, "other", 3), role_of(w, PLANE_FABRIC, "Viewer"),
	    gold, 4);
	if (!after)
		grant(w, p, role_of(w, PLANE_FABRIC, "Admin"), gold, 5);
}

static void
condition_new(struct world *w, bool after)
{
	builder_assign(w->b,
	    &(struct assignment){.principal = service(w, "worker", 2),
		.role = role_of(w, PLANE_AZURE, "Reader"),
		.scope = resource_group(w, "rg"),
		.condition = after ? said(w, "X") : 0,
		.origin = at(w, 5)});
}

static void
member_new(struct world *w, bool after)
{
	principal_id g = identity(w, "team", PRINCIPAL_GROUP, 2);
	principal_id p = service(w, "worker", 3);

	if (after)
		builder_member(w->b, g, p, at(w, 4));
}

static void
principal_gone(struct world *w, bool after)
{
	service(w, "worker", 2);
	if (!after)
		service(w, "old", 3);
}

static void
principal_disabled(struct world *w, bool after)
{
	principal_id p = service(w, "worker", 2);

	if (after)
		flag(w, p, PRINCIPAL_DISABLED);
}

static void
role_grows(struct world *w, bool after)
{
	struct slice actions[] = {SLICE("Microsoft.Web/sites/read"),
	    SLICE("Microsoft.Web/sites/Write")};
	struct permission_text p = {
	    .actions = actions, .action_count = after ? 2 : 1};
	struct guid id = {.bytes = {9}};

	assert_int_not_equal(builder_role(w->b, PLANE_AZURE, id,
				 SLICE("Deployer"), &p, 1, at(w, 5)),
	    NONE);
}

static void
connection_changes_hands(struct world *w, bool after)
{
	principal_id a = service(w, "a", 2), b = service(w, "b", 3);

	connection(w, "ci", after ? b : a, 5);
}

static void
connection_opens(struct world *w, bool after)
{
	uint32_t row = connection(w, "ci", service(w, "a", 2), 5);

	w->b->connections.at[row].all_pipelines = after ? YES : NO;
}

static void
vault_moves(struct world *w, bool after)
{
	vault(w, "kv", after ? MODEL_RBAC : MODEL_POLICY, 4);
}

static void
secret_new(struct world *w, bool after)
{
	scope_id kv = vault(w, "kv", MODEL_RBAC, 4);

	if (after)
		secret(w, kv, "key", 5);
}

static void
secret_expires(struct world *w, bool after)
{
	secret(w, vault(w, "kv", MODEL_RBAC, 4), "key", 5);
	if (after)
		w->b->secrets.at[0].expires = TODAY;
}

static void
secret_disabled(struct world *w, bool after)
{
	secret(w, vault(w, "kv", MODEL_RBAC, 4), "key", 5);
	w->b->secrets.at[0].enabled = after ? NO : YES;
}

static void
credential_new(struct world *w, bool after)
{
	principal_id p = service(w, "app", 2);

	if (after)
		assert_int_equal(vector_push(&w->b->credentials,
				     {.principal = p,
					 .application = NONE,
					 .name = said(w, "key"),
					 .ends = TODAY,
					 .origin = at(w, 5)}),
		    ACTAS_OK);
}

static void
owner_new(struct world *w, bool after)
{
	principal_id p = service(w, "app", 2);
	item_id load = item(w, workspace(w, "Gold"), "Load", ITEM_NOTEBOOK, 5);

	if (after)
		w->b->items.at[load].owner = p;
}

static void
denial_new(struct world *w, bool after)
{
	scope_id rg = resource_group(w, "rg");

	if (after)
		assert_int_equal(vector_push(&w->b->denials,
				     {.name = said(w, "lock"),
					 .scope = rg,
					 .origin = at(w, 5)}),
		    ACTAS_OK);
}

static const struct change_case cases[] = {
    {"a_lost_grant", grant_gone, CHANGE_GRANT, false,
	"worker loses Admin on workspace Gold"},
    {"a_member", member_new, CHANGE_MEMBERSHIP, true,
	"worker joins group team"},
    {"a_principal_that_is_gone", principal_gone, CHANGE_PRINCIPAL, false,
	"old is gone"},
    {"a_disabled_principal", principal_disabled, CHANGE_PRINCIPAL, false,
	"worker is disabled"},
    {"a_role_that_grows", role_grows, CHANGE_ROLE, true,
	"role Deployer now contains microsoft.web/sites/write"},
    {"another_identity_behind_a_connection", connection_changes_hands,
	CHANGE_CONNECTION, true,
	"service connection ci is backed by b, no longer by a"},
    {"a_connection_that_opens", connection_opens, CHANGE_CONNECTION, true,
	"service connection ci is now open to all pipelines"},
    {"a_vault_that_changes_its_model", vault_moves, CHANGE_VAULT, true,
	"vault kv uses RBAC, no longer access policies"},
    {"a_new_secret", secret_new, CHANGE_SECRET, true, "secret key is new"},
    {"an_expiry", secret_expires, CHANGE_SECRET, true,
	"secret key expires on 2026-11-21: it had no expiry date"},
    {"a_disabled_secret", secret_disabled, CHANGE_SECRET, false,
	"secret key is disabled"},
    {"a_new_credential", credential_new, CHANGE_CREDENTIAL, true,
	"credential key of app is new"},
    {"a_new_owner", owner_new, CHANGE_OWNERSHIP, true,
	"app now owns item Load"},
    {"a_deny_assignment", denial_new, CHANGE_DENIAL, true,
	"deny assignment lock on resource group rg is new"},
};

enum { CASES = sizeof cases / sizeof cases[0] };

static void
is_told(void **state)
{
	const struct change_case *cc = *state;
	struct world before, after;
	struct compared c;

	world_begin(&before);
	cc->build(&before, false);
	world_begin(&after);
	cc->build(&after, true);
	compare_worlds(&c, &before, &after);
	assert_int_equal(c.changes.count, 1);
	assert_string_equal(c.changes.at[0].text, cc->text);
	assert_int_equal(c.changes.at[0].kind, cc->kind);
	assert_int_equal(c.changes.at[0].gained, cc->gained);
	compared_end(&c);
}

static void
a_condition_makes_another_grant_and_losses_come_first(void **state ACTAS_UNUSED)
{
	struct world before, after;
	struct compared c;

	world_begin(&before);
	condition_new(&before, false);
	world_begin(&after);
	condition_new(&after, true);
	compare_worlds(&c, &before, &after);
	assert_int_equal(c.changes.count, 2);
	assert_string_equal(
	    c.changes.at[0].text, "worker loses Reader on resource group rg");
	assert_string_equal(c.changes.at[1].text,
	    "worker gains Reader on resource group rg under the condition X");
	assert_int_equal(c.changes.at[0].before.line, 5);
	assert_int_equal(c.changes.at[0].after.line, 0);
	assert_int_equal(c.changes.at[1].after.line, 5);
	compared_end(&c);
}

static const char page[] =
    "| Identity | Type | Purpose |\n|---|---|---|\n"
    "| `sp-worker` | SPN | builds |\n"
    "| `ops@example.com` | Service account | admin |\n\n"
    "### sp-worker\n\n"
    "| Role | Scope | Purpose |\n|---|---|---|\n"
    "| Contributor | `rg-data` resource group | deploys |\n"
    "| Key Vault Secrets User | `kv-data` | reads |\n"
    "| Contributor | Gold workspace | builds |\n\n"
    "Single vault: `kv-data` in resource group `rg-data`.\n\n"
    "| Workspace | ops | sp-worker | Personal accounts |\n|---|---|---|---|\n"
    "| Gold | Admin | Contributor | Viewer |\n\n"
    "| Service connection | Backed by | Pipelines authorized |\n"
    "|---|---|---|\n| `ci` | `sp-worker` | All pipelines |\n";

static struct estate *
page_estate(const char *text)
{
	struct fault fault = {0};
	struct builder *b = builder_new(&fault);
	struct reader from = reader_memory("page.md", slice_of(text));
	struct estate *e = NULL;

	assert_non_null(b);
	if (source_read_page(b, &from, &fault) != ACTAS_OK)
		fail_msg("line %u: %s", fault.line, fault.message);
	assert_int_equal(builder_finish(b, &e), ACTAS_OK);
	return e;
}

/* The same platform as an export tells it: with ids for names, GUIDs for
 * segments, people one by one, and things of which the page does not speak. */
static void
export_world(struct world *w, principal_id *worker, scope_id *gold)
{
	struct guid id = {.bytes = {1}};
	principal_id ops;
	scope_id kv;

	world_begin(w);
	*worker = builder_principal(w->b, id, at(w, 1));
	w->b->principals.at[*worker].name = said(w, "sp-worker");
	w->b->principals.at[*worker].kind = PRINCIPAL_SERVICE;
	id.bytes[0] = 2;
	ops = builder_principal(w->b, id, at(w, 1));
	w->b->principals.at[ops].name = said(w, "Operations");
	w->b->principals.at[ops].upn = said(w, "Ops@example.com");
	w->b->principals.at[ops].kind = PRINCIPAL_USER;
	flag(w, *worker, PRINCIPAL_DECLARED);
	flag(w, ops, PRINCIPAL_DECLARED);
	service(w, "Microsoft Graph", 1);
	*gold = workspace(w, "3fb2b01d-6b5a-4b7e-8b21-2d8a5a3f0001");
	w->b->scopes.at[*gold].name = said(w, "Gold");
	kv = scope(w, resource_group(w, "RG-data"), SCOPE_VAULT, "kv-data");
	builder_vault(w->b, kv, at(w, 1))->model = MODEL_RBAC;
	secret(w, kv, "key", 1);
	w->b->secrets.at[0].enabled = YES;
	grant(w, *worker, role_of(w, PLANE_AZURE, "Contributor"),
	    resource_group(w, "RG-data"), 1);
	grant(w, *worker, role_of(w, PLANE_AZURE, "Key Vault Secrets User"), kv,
	    1);
	grant(w, *worker, role_of(w, PLANE_FABRIC, "Contributor"), *gold, 1);
	grant(w, ops, role_of(w, PLANE_FABRIC, "Admin"), *gold, 1);
	connection(w, "ci", *worker, 1);
	w->b->connections.at[0].all_pipelines = YES;
	w->b->connections.at[0].scheme = said(w, "ServicePrincipal");
}

static void
a_page_and_an_export_of_one_platform_are_equal(void **state ACTAS_UNUSED)
{
	struct world w;
	struct compared c;
	principal_id worker;
	scope_id gold;

	export_world(&w, &worker, &gold);
	compare(&c, page_estate(page), world_estate(&w));
	assert_none(&c);
	compared_end(&c);
	export_world(&w, &worker, &gold);
	compare(&c, world_estate(&w), page_estate(page));
	assert_none(&c);
	compared_end(&c);
}

static void
a_page_and_an_export_differ_in_access(void **state ACTAS_UNUSED)
{
	struct world w;
	struct compared c;
	principal_id worker;
	scope_id gold;

	export_world(&w, &worker, &gold);
	grant(&w, worker, role_of(&w, PLANE_FABRIC, "Member"), gold, 9);
	compare(&c, page_estate(page), world_estate(&w));
	assert_int_equal(c.changes.count, 1);
	assert_string_equal(
	    c.changes.at[0].text, "sp-worker gains Member on workspace Gold");
	compared_end(&c);
}

static void
two_of_one_name_are_told_apart_by_their_ids(void **state ACTAS_UNUSED)
{
	struct world w[2];
	struct compared c;

	for (int i = 0; i < 2; i++) {
		struct guid id = {.bytes = {(uint8_t)(i + 1)}};
		principal_id p;

		world_begin(&w[i]);
		p = builder_principal(w[i].b, id, at(&w[i], 1));
		w[i].b->principals.at[p].name = said(&w[i], "app");
		grant(&w[i], p, role_of(&w[i], PLANE_AZURE, "Reader"),
		    resource_group(&w[i], "rg"), 2);
	}
	compare_worlds(&c, &w[0], &w[1]);
	assert_int_equal(c.changes.count, 2);
	assert_string_equal(
	    c.changes.at[0].text, "app loses Reader on resource group rg");
	assert_string_equal(
	    c.changes.at[1].text, "app gains Reader on resource group rg");
	compared_end(&c);
}

static void
running_out_of_memory_is_an_error_wherever_it_happens(void **state ACTAS_UNUSED)
{
	enum actas_error error = ACTAS_ENOMEM;
	struct estate *a, *b;
	struct world w[2];

	for (int i = 0; i < 2; i++) {
		world_begin(&w[i]);
		for (size_t j = 0; j < CASES; j++)
			cases[j].build(&w[i], i == 1);
	}
	a = world_estate(&w[0]);
	b = world_estate(&w[1]);
	for (int64_t n = 0; error != ACTAS_OK; n++) {
		struct differences changes;
		struct arena arena = {0};

		mem_fail_after(n);
		error = diff(a, b, &arena, &changes);
		mem_fail_after(-1);
		if (error != ACTAS_OK) {
			assert_int_equal(error, ACTAS_ENOMEM);
			assert_int_equal(changes.count, 0);
		}
		arena_release(&arena);
	}
	estate_free(a);
	estate_free(b);
}

int
main(void)
{
	const struct CMUnitTest fixed[] = {
	    cmocka_unit_test(an_estate_differs_in_nothing_from_itself),
	    cmocka_unit_test(equal_estates_differ_in_nothing),
	    cmocka_unit_test(every_change_of_a_grant_is_found_and_no_other),
	    cmocka_unit_test(
		a_condition_makes_another_grant_and_losses_come_first),
	    cmocka_unit_test(a_page_and_an_export_of_one_platform_are_equal),
	    cmocka_unit_test(a_page_and_an_export_differ_in_access),
	    cmocka_unit_test(two_of_one_name_are_told_apart_by_their_ids),
	    cmocka_unit_test(
		running_out_of_memory_is_an_error_wherever_it_happens),
	};
	enum { FIXED = sizeof fixed / sizeof fixed[0] };
	struct CMUnitTest tests[FIXED + CASES];

	memcpy(tests, fixed, sizeof fixed);
	for (size_t i = 0; i < CASES; i++)
		tests[FIXED + i] = (struct CMUnitTest){.name = cases[i].name,
		    .test_func = is_told,
		    .initial_state = (void *)(uintptr_t)&cases[i]};
	return _cmocka_run_group_tests(
	    "diff", tests, FIXED + CASES, NULL, NULL);
}
