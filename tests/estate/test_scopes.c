#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "making.h"

#define KV "/providers/Microsoft.KeyVault/vaults/"
#define RG "/subscriptions/s1/resourceGroups/rg"

static void
text_that_is_no_arm_path_makes_nothing(void **state ACTAS_UNUSED)
{
	static const char *const wrong[] = {"", "subscriptions/s1", "x", "/x",
	    "/subscriptions", "/subscriptions/s1/x",
	    "/subscriptions/s1/resourceGroups", "//subscriptions/s1",
	    "/subscriptions//resourceGroups/rg", "/resourceGroups/rg",
	    "/subscriptions/s1/subscriptions/s2", RG "/providers",
	    RG "/providers/Microsoft.KeyVault", RG "/resourceGroups/rg2",
	    RG "/providers/Microsoft.KeyVault/vaults", RG KV "kv/secrets",
	    RG KV "kv//secrets/x",
	    RG "/providers/Microsoft.Authorization/roleAssignments/1",
	    RG KV "kv/providers/Microsoft.Authorization/locks/1",
	    "/providers/Microsoft.Management", "/workspaces/1"};
	struct fault fault;
	struct builder *b = new_builder(&fault);

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (builder_scope_path(b, slice_of(wrong[i]), NOWHERE) != NONE)
			fail_msg("\"%s\" is taken for a path", wrong[i]);
	assert_int_equal(b->error, ACTAS_OK);
	assert_int_equal(b->scopes.count, 1);
	builder_free(b);
}

static void
a_type_of_any_length_is_no_crash(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	struct buffer path = {0};

	for (size_t n = 500; n < 520; n++) {
		buffer_clear(&path);
		buffer_puts(&path, "/providers/");
		buffer_fill(&path, 'a', n);
		buffer_puts(&path, "/t/name");
		assert_int_equal(
		    builder_scope_path(b, buffer_slice(&path), NOWHERE) == NONE,
		    n + 2 > 512);
	}
	buffer_release(&path);
	builder_free(b);
}

static const struct path_case {
	const char *path;
	uint8_t kind;
	uint16_t depth;
	const char *type, *segment;
} paths[] = {
    {"/", SCOPE_ROOT, 0, "", ""},
    {"//", SCOPE_ROOT, 0, "", ""},
    {"/subscriptions/s1", SCOPE_SUBSCRIPTION, 1, "", "s1"},
    {"/SUBSCRIPTIONS/S1/", SCOPE_SUBSCRIPTION, 1, "", "s1"},
    {RG, SCOPE_RESOURCE_GROUP, 2, "", "rg"},
    {"/subscriptions/s1/resourcegroups/RG//", SCOPE_RESOURCE_GROUP, 2, "",
	"rg"},
    {RG KV "kv", SCOPE_VAULT, 3, "", "kv"},
    {RG "/providers/microsoft.keyvault/vaults/KV", SCOPE_VAULT, 3, "", "kv"},
    {RG KV "kv/secrets/x", SCOPE_SECRET, 4, "", "x"},
    {RG KV "kv/keys/k", SCOPE_RESOURCE, 4, "Microsoft.KeyVault/vaults/keys",
	"k"},
    {RG "/providers/Microsoft.Storage/storageAccounts/a", SCOPE_STORAGE_ACCOUNT,
	3, "", "a"},
    {RG "/providers/Microsoft.Storage/storageAccounts/a/blobServices/"
	"default/containers/c",
	SCOPE_CONTAINER, 4, "", "c"},
    {RG "/providers/Microsoft.Storage/storageAccounts/a/blobServices/"
	"default/containers/c/blobs/b",
	SCOPE_BLOB, 5, "", "b"},
    {RG "/providers/Microsoft.Storage/storageAccounts/a/blobServices/default",
	SCOPE_RESOURCE, 4, "Microsoft.Storage/storageAccounts/blobServices",
	"default"},
    {RG "/providers/Microsoft.Fabric/capacities/f", SCOPE_CAPACITY, 3, "", "f"},
    {RG "/providers/Microsoft.PowerBIDedicated/capacities/f", SCOPE_CAPACITY, 3,
	"Microsoft.PowerBIDedicated/capacities", "f"},
    {RG "/providers/Microsoft.Web/sites/w", SCOPE_RESOURCE, 3,
	"Microsoft.Web/sites", "w"},
    {RG "/providers/Microsoft.Web/sites/w/slots/s", SCOPE_RESOURCE, 4,
	"Microsoft.Web/sites/slots", "s"},
    {RG "/providers/Microsoft.Web/sites/w/providers/Microsoft.Insights/d/x",
	SCOPE_RESOURCE, 4, "Microsoft.Insights/d", "x"},
    {"/subscriptions/s1/providers/Microsoft.Example/things/t", SCOPE_RESOURCE,
	2, "Microsoft.Example/things", "t"},
    {"/providers/Microsoft.Management/managementGroups/mg",
	SCOPE_MANAGEMENT_GROUP, 1, "", "mg"},
    {"/providers/microsoft.management/managementgroups/MG",
	SCOPE_MANAGEMENT_GROUP, 1, "", "mg"},
};

static void
an_arm_path_is_a_chain_of_scopes(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	uint32_t scopes;
	struct estate *e;

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		const struct path_case *c = &paths[i];
		scope_id s = builder_scope_path(b, slice_of(c->path), NOWHERE);
		const struct scope *row;

		if (s == NONE)
			fail_msg("\"%s\" is not taken for a path", c->path);
		row = &b->scopes.at[s];
		assert_int_equal(row->kind, c->kind);
		assert_int_equal(row->depth, c->depth);
		assert_true(slice_eq(
		    strings_get(&b->strings, row->type), slice_of(c->type)));
		assert_true(slice_eq(strings_get(&b->strings, row->segment),
		    slice_of(c->segment)));
	}
	scopes = b->scopes.count;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		builder_scope_path(b, slice_of(paths[i].path), NOWHERE);
	assert_int_equal(b->scopes.count, scopes);
	e = finish(b);
	assert_int_equal(e->scopes.count, scopes);
	estate_free(e);
}

static scope_id
workspace(struct builder *b, scope_id parent, const char *name)
{
	return builder_scope(
	    b, parent, SCOPE_WORKSPACE, SLICE(""), slice_of(name), line(b, 1));
}

static void
scopes_differ_by_parent_kind_type_and_segment(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	scope_id w = workspace(b, 0, "Gold");
	struct estate *e;

	assert_int_equal(workspace(b, 0, "GOLD"), w);
	assert_int_not_equal(workspace(b, w, "Gold"), w);
	assert_int_not_equal(builder_scope(b, 0, SCOPE_PROJECT, SLICE(""),
				 SLICE("Gold"), NOWHERE),
	    w);
	assert_int_not_equal(builder_scope(b, 0, SCOPE_WORKSPACE, SLICE("t"),
				 SLICE("Gold"), NOWHERE),
	    w);
	e = finish(b);
	assert_int_equal(e->scopes.count, 5);
	has_text(e, e->scopes.at[w].segment, "Gold");
	assert_int_equal(estate_children(e, 0).count, 3);
	assert_int_equal(estate_children(e, w).count, 1);
	estate_free(e);
}

static void
a_tree_may_be_deep_but_not_deeper_than_the_limit(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	scope_id s = 0;
	struct estate *e;

	for (uint32_t i = 0; i < LIMIT_SCOPE_DEPTH; i++)
		s = workspace(b, s, "deep");
	assert_int_not_equal(s, NONE);
	e = finish(b);
	assert_int_equal(e->scopes.at[s].depth, LIMIT_SCOPE_DEPTH);
	assert_true(estate_is_within(e, s, 0));
	assert_true(estate_is_within(e, s, s));
	assert_false(estate_is_within(e, 1, s));
	assert_int_equal(estate_enclosing(e, s, SCOPE_ROOT), 0);
	assert_int_equal(estate_enclosing(e, s, SCOPE_WORKSPACE), s);
	assert_int_equal(estate_enclosing(e, s, SCOPE_VAULT), NONE);
	estate_free(e);
	b = new_builder(&fault);
	for (uint32_t i = 0, at = 0; i <= LIMIT_SCOPE_DEPTH; i++)
		at = workspace(b, at == NONE ? 0 : at, "deep");
	finish_fails(b, ACTAS_ELIMIT, &fault, "deeper than 4096 levels");
	assert_int_equal(fault.line, 1);
}

static void
moving_trees_below_each_other_does_not_pass_the_limit(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	scope_id top = workspace(b, 0, "a"), s = top, t = workspace(b, 0, "b");

	for (uint32_t i = 0; i < 3000; i++) {
		s = workspace(b, s, "x");
		t = workspace(b, t, "x");
	}
	builder_move(b, top, t);
	finish_fails(b, ACTAS_ELIMIT, &fault, "deeper than 4096 levels");
}

static void
a_scope_cannot_be_moved_below_itself(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	scope_id w = workspace(b, 0, "top");

	builder_move(b, w, workspace(b, workspace(b, w, "x"), "y"));
	finish_fails(b, ACTAS_EPARSE, &fault, "\"top\" is said to lie below");
	assert_int_equal(fault.line, 1);
	b = new_builder(&fault);
	w = workspace(b, 0, "self");
	builder_move(b, w, w);
	finish_fails(b, ACTAS_EPARSE, &fault, "\"self\"");
	b = new_builder(&fault);
	builder_move(b, 0, workspace(b, 0, "w"));
	finish_fails(b, ACTAS_EPARSE, &fault, "below itself");
}

static void
a_moved_subscription_is_still_found_by_its_path(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	scope_id s = builder_scope_path(b, SLICE("/subscriptions/s1"), NOWHERE);
	scope_id mg = builder_scope_path(b,
	    SLICE("/providers/Microsoft.Management/managementGroups/mg"),
	    NOWHERE);
	scope_id rg;
	struct estate *e;

	builder_move(b, s, mg);
	rg = builder_scope_path(b, slice_of(RG), NOWHERE);
	assert_int_equal(b->scopes.at[rg].parent, s);
	e = finish(b);
	assert_int_equal(e->scopes.at[s].parent, mg);
	assert_int_equal(e->scopes.at[rg].depth, 3);
	assert_true(estate_is_within(e, rg, mg));
	estate_free(e);
}

/*
 * The same vault is learned of twice: under a subscription by its path, and
 * under a management group's child of the same name. Everything that refers
 * to either refers to one afterwards.
 */
struct twins {
	scope_id group, sub[2], vault[2], secret[2], mixed[2];
	principal_id p;
	role_id r;
};

static void
make_twin(struct builder *b, struct twins *t, int i)
{
	t->vault[i] = builder_scope(b, t->sub[i], SCOPE_VAULT, SLICE(""),
	    i == 0 ? SLICE("kv") : SLICE("KV"), line(b, 20));
	t->secret[i] = builder_scope(
	    b, t->vault[i], SCOPE_SECRET, SLICE(""), SLICE("s"), line(b, 21));
	t->mixed[i] = builder_scope(b, t->vault[i], SCOPE_SECRET, SLICE(""),
	    i == 0 ? SLICE("only-a") : SLICE("only-b"), line(b, 22));
	grant(b, t->p, t->r, t->vault[i], 30);
	builder_secret(b, t->mixed[i], NOWHERE)->purpose =
	    builder_string(b, i == 0 ? SLICE("A") : SLICE("B"));
}

static struct builder *
make_twins(struct twins *t, struct fault *fault)
{
	struct builder *b = new_builder(fault);

	t->p = builder_principal(b, guid_number(1), NOWHERE);
	t->r = builder_role_by_name(b, PLANE_AZURE, SLICE("Reader"));
	t->group = builder_scope_path(b,
	    SLICE("/providers/Microsoft.Management/managementGroups/mg"),
	    NOWHERE);
	t->sub[0] = builder_scope_path(b, SLICE("/subscriptions/s"), NOWHERE);
	t->sub[1] = builder_scope(
	    b, t->group, SCOPE_SUBSCRIPTION, SLICE(""), SLICE("S"), NOWHERE);
	make_twin(b, t, 0);
	make_twin(b, t, 1);
	builder_move(b, t->sub[0], t->group);
	return b;
}

static void
scopes_that_meet_by_a_move_become_one(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct twins t;
	struct builder *b = make_twins(&t, &fault);
	scope_id vault;
	struct estate *e;

	b->scopes.at[t.vault[1]].declared = 1;
	b->scopes.at[t.vault[1]].name = builder_string(b, SLICE("The vault"));
	assert_int_equal(
	    vector_push(&b->usages, {t.secret[1], t.p, NONE, NOWHERE}),
	    ACTAS_OK);
	e = finish(b);
	/* root, mg, subscription, vault, s, only-a, only-b */
	assert_int_equal(e->scopes.count, 7);
	assert_int_equal(e->grants.count, 1);
	vault = e->grants.at[0].scope;
	assert_int_equal(e->scopes.at[vault].kind, SCOPE_VAULT);
	assert_int_equal(e->scopes.at[vault].depth, 3);
	assert_int_equal(e->scopes.at[vault].declared, 1);
	has_text(e, e->scopes.at[vault].name, "The vault");
	assert_int_equal(estate_children(e, vault).count, 3);
	has_text(e, e->scopes.at[e->usages.at[0].secret].segment, "s");
	assert_int_equal(e->scopes.at[e->usages.at[0].secret].parent, vault);
	assert_int_equal(e->secrets.count, 2);
	for (uint32_t i = 0; i < 2; i++)
		has_text(e, e->scopes.at[e->secrets.at[i].scope].segment,
		    i == 0 ? "only-a" : "only-b");
	estate_free(e);
}

static void
rows_of_scopes_that_meet_become_one(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct twins t;
	struct builder *b = make_twins(&t, &fault);
	struct secret *s = builder_secret(b, t.secret[0], line(b, 40));
	struct vault *v;
	struct estate *e;

	s->expires = 1000;
	s = builder_secret(b, t.secret[1], line(b, 41));
	s->created = 10;
	s->enabled = YES;
	v = builder_vault(b, t.vault[1], line(b, 42));
	v->tenant = guid_number(5);
	e = finish(b);
	assert_int_equal(e->problems.count, 0);
	assert_int_equal(e->secrets.count, 3);
	assert_int_equal(e->vaults.count, 1);
	for (uint32_t i = 0; i < e->secrets.count; i++) {
		const struct secret *row = &e->secrets.at[i];

		if (row->purpose != 0)
			continue;
		assert_int_equal(row->expires, 1000);
		assert_int_equal(row->created, 10);
		assert_int_equal(row->enabled, YES);
		assert_true(row->updated == MOMENT_UNKNOWN);
		assert_int_equal(row->origin.line, 40);
	}
	estate_free(e);
}

static void
rows_that_meet_and_contradict_are_told(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct twins t;
	struct builder *b = make_twins(&t, &fault);
	const struct problem *p;
	struct estate *e;

	builder_secret(b, t.secret[0], NOWHERE)->expires = 1000;
	builder_secret(b, t.secret[1], NOWHERE)->expires = 2000;
	e = finish(b);
	p = only_problem(e, PROBLEM_DUPLICATE);
	has_text(e, p->message, "\"s\" is described twice");
	assert_int_equal(p->origin.line, 21);
	estate_free(e);
}

static void
rows_that_refer_to_merged_items_and_connections_follow(
    void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	scope_id a = workspace(b, 0, "w"), c = workspace(b, 0, "box");
	scope_id again = workspace(b, c, "W");
	scope_id item[3], link[2];
	item_id i[3];
	struct estate *e;

	item[0] = builder_scope(
	    b, a, SCOPE_ITEM, SLICE("Notebook"), SLICE("n"), NOWHERE);
	item[1] = builder_scope(
	    b, again, SCOPE_ITEM, SLICE("Notebook"), SLICE("N"), NOWHERE);
	item[2] = builder_scope(
	    b, again, SCOPE_ITEM, SLICE("Notebook"), SLICE("m"), NOWHERE);
	link[0] = builder_scope(
	    b, a, SCOPE_CONNECTION, SLICE(""), SLICE("c"), NOWHERE);
	link[1] = builder_scope(
	    b, again, SCOPE_CONNECTION, SLICE(""), SLICE("c"), NOWHERE);
	for (int k = 0; k < 3; k++)
		i[k] = builder_item(b, item[k], ITEM_NOTEBOOK, NOWHERE);
	builder_connection(b, link[0], NOWHERE)->ready = YES;
	builder_connection(b, link[1], NOWHERE)->all_pipelines = NO;
	for (uint32_t k = 0; k < 3; k++)
		assert_int_equal(vector_push(&b->authorizations,
				     {k < 2 ? k : 1, i[k], NOWHERE}),
		    ACTAS_OK);
	builder_move(b, a, c);
	e = finish(b);
	assert_int_equal(e->items.count, 2);
	assert_int_equal(e->connections.count, 1);
	assert_int_equal(e->connections.at[0].ready, YES);
	assert_int_equal(e->connections.at[0].all_pipelines, NO);
	assert_int_equal(
	    e->authorizations.at[0].item, e->authorizations.at[1].item);
	assert_int_not_equal(
	    e->authorizations.at[0].item, e->authorizations.at[2].item);
	assert_int_equal(e->authorizations.at[2].connection, 0);
	assert_non_null(
	    estate_item(e, e->items.at[e->authorizations.at[2].item].scope));
	estate_free(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_that_is_no_arm_path_makes_nothing),
	    cmocka_unit_test(a_type_of_any_length_is_no_crash),
	    cmocka_unit_test(an_arm_path_is_a_chain_of_scopes),
	    cmocka_unit_test(scopes_differ_by_parent_kind_type_and_segment),
	    cmocka_unit_test(a_tree_may_be_deep_but_not_deeper_than_the_limit),
	    cmocka_unit_test(
		moving_trees_below_each_other_does_not_pass_the_limit),
	    cmocka_unit_test(a_scope_cannot_be_moved_below_itself),
	    cmocka_unit_test(a_moved_subscription_is_still_found_by_its_path),
	    cmocka_unit_test(scopes_that_meet_by_a_move_become_one),
	    cmocka_unit_test(rows_of_scopes_that_meet_become_one),
	    cmocka_unit_test(rows_that_meet_and_contradict_are_told),
	    cmocka_unit_test(
		rows_that_refer_to_merged_items_and_connections_follow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
