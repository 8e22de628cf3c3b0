#include "estate/names.h"

#include "estate/builder.h"
#include "estate/spelling.h"
#include "random_estate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct guid
guid(const char *text)
{
	struct guid id;

	assert_true(guid_parse(slice_of(text), &id));
	return id;
}

#define ADA_ID     "11111111-1111-1111-1111-111111111111"
#define WORKER_ID  "22222222-2222-2222-2222-222222222222"
#define WORKER_APP "33333333-3333-3333-3333-333333333333"
#define TWIN_ID    "44444444-4444-4444-4444-444444444444"
#define GOLD_ID    "55555555-5555-5555-5555-555555555555"

/*
 * Two identities are called "twin"; "ada" is one identity's whole name and
 * the first part of another's UPN; "Gold" is a workspace and a warehouse;
 * two vaults have a secret "password".
 */
static struct estate *
small_estate(void)
{
	struct builder *b = builder_new(NULL);
	struct origin o = {0};
	struct estate *e;
	scope_id rg, kv, w, s;
	principal_id p;

	assert_non_null(b);
	p = builder_principal_new(b, SLICE("Ada Lovelace"), PRINCIPAL_USER, o);
	b->principals.at[p].upn = builder_string(b, SLICE("ada@example.com"));
	builder_identify(b, p, guid(ADA_ID), (struct guid){0});
	p = builder_principal_new(b, SLICE("sp-worker"), PRINCIPAL_SERVICE, o);
	builder_identify(b, p, guid(WORKER_ID), guid(WORKER_APP));
	builder_principal_new(b, SLICE("twin"), PRINCIPAL_GROUP, o);
	p = builder_principal_new(b, SLICE("Twin"), PRINCIPAL_SERVICE, o);
	builder_identify(b, p, guid(TWIN_ID), (struct guid){0});
	builder_principal_new(b, SLICE("bob"), PRINCIPAL_SERVICE, o);
	p = builder_principal_new(b, SLICE(""), PRINCIPAL_USER, o);
	b->principals.at[p].upn = builder_string(b, SLICE("bob@example.com"));

	rg = builder_scope_path(
	    b, SLICE("/subscriptions/s1/resourceGroups/rg"), o);
	kv = builder_scope(b, rg, SCOPE_VAULT, SLICE(""), SLICE("kv-one"), o);
	builder_scope(b, kv, SCOPE_SECRET, SLICE(""), SLICE("password"), o);
	kv = builder_scope(b, 0, SCOPE_VAULT, SLICE(""), SLICE("kv-two"), o);
	builder_scope(b, kv, SCOPE_SECRET, SLICE(""), SLICE("password"), o);
	w = builder_scope(b, 0, SCOPE_WORKSPACE, SLICE(""), SLICE(GOLD_ID), o);
	b->scopes.at[w].name = builder_string(b, SLICE("Gold"));
	s = builder_scope(
	    b, w, SCOPE_ITEM, SLICE("Warehouse"), SLICE("Gold"), o);
	builder_item(b, s, ITEM_WAREHOUSE, o);
	s = builder_scope(
	    b, w, SCOPE_ITEM, SLICE(""), SLICE("Silver Notebook"), o);
	builder_item(b, s, ITEM_NOTEBOOK, o);
	assert_int_equal(builder_finish(b, &e), ACTAS_OK);
	return e;
}

static void
a_principal_is_found_by_every_name_it_has(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *name;
		enum actas_error error;
		const char *is; /* written, or part of the message */
	} table[] = {
	    {"Ada Lovelace", ACTAS_OK, "Ada Lovelace"},
	    {"ada lovelace", ACTAS_OK, "Ada Lovelace"},
	    {"ADA@example.com", ACTAS_OK, "Ada Lovelace"},
	    {"ada", ACTAS_OK, "Ada Lovelace"},
	    {ADA_ID, ACTAS_OK, "Ada Lovelace"},
	    {WORKER_ID, ACTAS_OK, "sp-worker"},
	    {WORKER_APP, ACTAS_OK, "sp-worker"},
	    /* A full name wins over the part before an @. */
	    {"bob", ACTAS_OK, "bob"},
	    {"bob@example.com", ACTAS_OK, "bob@example.com"},
	    {"twin", ACTAS_EAMBIGUOUS,
		"\"twin\" names 2 identities: twin (group), Twin (service "
		"principal, object id " TWIN_ID "); say which by its object "
		"id, app id or UPN"},
	    {"sp-wroker", ACTAS_ENOTFOUND,
		"no identity is named \"sp-wroker\"; did you mean "
		"\"sp-worker\"?"},
	    {"lovelace", ACTAS_ENOTFOUND, "did you mean \"Ada Lovelace\"?"},
	    {"nobody-at-all", ACTAS_ENOTFOUND,
		"no identity is named \"nobody-at-all\""},
	    {"", ACTAS_ENOTFOUND, "no identity is named \"\""},
	    {"99999999-9999-9999-9999-999999999999", ACTAS_ENOTFOUND,
		"no identity"},
	    {"00000000-0000-0000-0000-000000000000", ACTAS_ENOTFOUND,
		"no identity"},
	};
	struct estate *e = small_estate();

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct fault fault = {0};
		struct buffer text = {0};
		principal_id p;

		assert_int_equal(estate_find_principal(
				     e, slice_of(table[i].name), &p, &fault),
		    table[i].error);
		if (table[i].error == ACTAS_OK) {
			estate_write_principal(e, p, &text);
			assert_string_equal(buffer_text(&text), table[i].is);
		} else {
			assert_int_equal(p, NONE);
			assert_non_null(strstr(fault.message, table[i].is));
		}
		buffer_release(&text);
	}
	estate_free(e);
}

static void
a_scope_is_found_by_name_kind_parent_and_path(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *name;
		enum actas_error error;
		const char *is; /* its path, or part of the message */
	} table[] = {
	    {"/", ACTAS_OK, "/"},
	    {"tenant", ACTAS_OK, "/"},
	    {"kv-one", ACTAS_OK,
		"/subscriptions/s1/resourceGroups/rg/providers/"
		"Microsoft.KeyVault/vaults/kv-one"},
	    {"/subscriptions/S1/resourcegroups/rg/providers/"
	     "microsoft.keyvault/vaults/KV-ONE",
		ACTAS_OK,
		"/subscriptions/s1/resourceGroups/rg/providers/"
		"Microsoft.KeyVault/vaults/kv-one"},
	    {"resource group rg", ACTAS_OK,
		"/subscriptions/s1/resourceGroups/rg"},
	    {"rg resource group", ACTAS_OK,
		"/subscriptions/s1/resourceGroups/rg"},
	    {"Key Vault kv-two", ACTAS_OK,
		"/providers/Microsoft.KeyVault/vaults/kv-two"},
	    {"workspace gold", ACTAS_OK, "/workspaces/" GOLD_ID},
	    {"Gold workspace", ACTAS_OK, "/workspaces/" GOLD_ID},
	    {GOLD_ID, ACTAS_OK, "/workspaces/" GOLD_ID},
	    {"/workspaces/" GOLD_ID, ACTAS_OK, "/workspaces/" GOLD_ID},
	    {"warehouse Gold", ACTAS_OK, "/workspaces/" GOLD_ID "/items/Gold"},
	    {"Gold/Silver Notebook", ACTAS_OK,
		"/workspaces/" GOLD_ID "/items/Silver Notebook"},
	    {"notebook Gold/Silver Notebook", ACTAS_OK,
		"/workspaces/" GOLD_ID "/items/Silver Notebook"},
	    {"kv-one/password", ACTAS_OK,
		"/subscriptions/s1/resourceGroups/rg/providers/"
		"Microsoft.KeyVault/vaults/kv-one/secrets/password"},
	    {"rg/kv-one/password", ACTAS_OK,
		"/subscriptions/s1/resourceGroups/rg/providers/"
		"Microsoft.KeyVault/vaults/kv-one/secrets/password"},
	    {"secret kv-two/password", ACTAS_OK,
		"/providers/Microsoft.KeyVault/vaults/kv-two/secrets/"
		"password"},
	    {"password", ACTAS_EAMBIGUOUS,
		"\"password\" names 2 scopes: secret \"password\" ("
		"/subscriptions/s1/"},
	    {"Gold", ACTAS_EAMBIGUOUS, "workspace \"Gold\" (/workspaces/"},
	    {"notebook Gold", ACTAS_ENOTFOUND, "no scope is named"},
	    {"kv-two/rg", ACTAS_ENOTFOUND, "no scope is named"},
	    {"workspace Gald", ACTAS_ENOTFOUND, "did you mean"},
	    {"kv-noe", ACTAS_ENOTFOUND, "did you mean \"kv-one\""},
	    {"/subscriptions/s1/resourceGroups/other", ACTAS_ENOTFOUND,
		"no scope is named"},
	    {"", ACTAS_ENOTFOUND, "no scope is named \"\""},
	    {" ", ACTAS_ENOTFOUND, "no scope is named"},
	};
	struct estate *e = small_estate();

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct fault fault = {0};
		struct buffer text = {0};
		scope_id s;

		if (estate_find_scope(e, slice_of(table[i].name), &s, &fault) !=
		    table[i].error)
			fail_msg("\"%s\": %s", table[i].name, fault.message);
		if (table[i].error == ACTAS_OK) {
			estate_write_path(e, s, &text);
			assert_string_equal(buffer_text(&text), table[i].is);
		} else {
			assert_int_equal(s, NONE);
			if (strstr(fault.message, table[i].is) == NULL)
				fail_msg("%s", fault.message);
		}
		buffer_release(&text);
	}
	estate_free(e);
}

static void
an_item_is_no_workspace_of_its_name(void **state ACTAS_UNUSED)
{
	struct estate *e = small_estate();
	struct fault fault = {0};
	item_id i;

	assert_int_equal(
	    estate_find_item(e, SLICE("Gold"), &i, NULL), ACTAS_OK);
	assert_int_equal(e->items.at[i].kind, ITEM_WAREHOUSE);
	assert_int_equal(
	    estate_find_item(e, SLICE("silver notebook"), &i, NULL), ACTAS_OK);
	assert_int_equal(e->items.at[i].kind, ITEM_NOTEBOOK);
	assert_int_equal(
	    estate_find_item(e, SLICE("kv-one"), &i, &fault), ACTAS_ENOTFOUND);
	assert_int_equal(i, NONE);
	assert_string_equal(fault.message, "no item is named \"kv-one\"");
	estate_free(e);
}

static void
a_role_is_found_by_name_second_name_plane_and_id(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *name;
		enum actas_error error;
		const char *is;
	} table[] = {
	    {"Key Vault Secrets User", ACTAS_OK, "Key Vault Secrets User"},
	    {"secrets user", ACTAS_OK, "Key Vault Secrets User"},
	    {"4633458b-17de-408a-b874-0445c86b69e6", ACTAS_OK,
		"Key Vault Secrets User"},
	    {"Fabric Contributor", ACTAS_OK, "Contributor"},
	    {"Azure: Reader", ACTAS_OK, "Reader"},
	    {"Contributor", ACTAS_EAMBIGUOUS, "\"Fabric Contributor\""},
	    {"Contribtor", ACTAS_ENOTFOUND, "did you mean"},
	    {"", ACTAS_ENOTFOUND, "no role is named"},
	};
	struct estate *e = small_estate();

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct fault fault = {0};
		role_id r;

		if (estate_find_role(e, slice_of(table[i].name), &r, &fault) !=
		    table[i].error)
			fail_msg("\"%s\": %s", table[i].name, fault.message);
		if (table[i].error == ACTAS_OK)
			assert_true(
			    slice_eq(estate_text(e, e->roles.at[r].name),
				slice_of(table[i].is)));
		else if (strstr(fault.message, table[i].is) == NULL)
			fail_msg("%s", fault.message);
	}
	estate_free(e);
}

static void
ten_candidates_are_listed_and_the_others_counted(void **state ACTAS_UNUSED)
{
	struct builder *b = builder_new(NULL);
	struct fault fault = {0};
	struct estate *e;
	principal_id p;

	for (int i = 0; i < 13; i++)
		builder_principal_new(
		    b, SLICE("same"), PRINCIPAL_GROUP, (struct origin){0});
	assert_int_equal(builder_finish(b, &e), ACTAS_OK);
	assert_int_equal(estate_find_principal(e, SLICE("same"), &p, &fault),
	    ACTAS_EAMBIGUOUS);
	assert_non_null(strstr(fault.message, "names 13 identities"));
	assert_non_null(strstr(fault.message, " and 3 more"));
	estate_free(e);
}

static void
the_shortest_name_that_is_found_again_is_written(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *path, *name;
	} table[] = {
	    {"/", "/"},
	    {"kv-one", "kv-one"},
	    {"/workspaces/" GOLD_ID, "workspace Gold"},
	    {"/workspaces/" GOLD_ID "/items/Gold", "warehouse Gold"},
	    {"Gold/Silver Notebook", "Silver Notebook"},
	    {"kv-two/password", "kv-two/password"},
	};
	struct estate *e = small_estate();

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct buffer text = {0};
		scope_id s;

		assert_int_equal(
		    estate_find_scope(e, slice_of(table[i].path), &s, NULL),
		    ACTAS_OK);
		estate_write_scope(e, s, &text);
		assert_string_equal(buffer_text(&text), table[i].name);
		buffer_release(&text);
	}
	estate_free(e);
}

enum { SEEDS = 300 };

static void
every_scope_is_found_by_the_name_written_for_it(void **state ACTAS_UNUSED)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct estate *e = random_estate(seed);

		assert_non_null(e);
		for (scope_id s = 0; s < e->scopes.count; s++) {
			struct buffer text = {0};
			struct fault fault = {0};
			scope_id found;

			estate_write_scope(e, s, &text);
			if (estate_find_scope(e, buffer_slice(&text), &found,
				&fault) != ACTAS_OK ||
			    found != s)
				fail_msg("seed %u, scope %u: \"%s\": %s",
				    (unsigned)seed, s, buffer_text(&text),
				    fault.message);
			buffer_clear(&text);
			estate_write_path(e, s, &text);
			assert_int_equal(
			    estate_find_scope(
				e, buffer_slice(&text), &found, &fault),
			    ACTAS_OK);
			assert_int_equal(found, s);
			buffer_release(&text);
		}
		estate_free(e);
	}
}

static bool
is_only_name(const struct estate *e, principal_id p, struct slice name)
{
	for (principal_id q = 0; q < e->principals.count; q++) {
		const struct principal *row = &e->principals.at[q];

		if (q != p &&
		    (slice_eq_case(estate_text(e, row->name), name) ||
			slice_eq_case(estate_text(e, row->upn), name)))
			return false;
	}
	return true;
}

static void
every_principal_is_found_by_its_name_if_unique(void **state ACTAS_UNUSED)
{
	uint32_t checked = 0;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct estate *e = random_estate(seed);

		assert_non_null(e);
		for (principal_id p = 0; p < e->principals.count; p++) {
			struct buffer text = {0};
			principal_id found;

			estate_write_principal(e, p, &text);
			if (is_only_name(e, p, buffer_slice(&text))) {
				assert_int_equal(
				    estate_find_principal(
					e, buffer_slice(&text), &found, NULL),
				    ACTAS_OK);
				assert_int_equal(found, p);
				checked++;
			}
			buffer_release(&text);
		}
		estate_free(e);
	}
	assert_true(checked > SEEDS);
}

static void
distance_counts_slips_of_the_pen(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *a, *b;
		uint32_t most, distance;
	} table[] = {
	    {"", "", 2, 0},
	    {"", "ab", 2, 2},
	    {"", "abc", 2, 3},
	    {"abc", "ABC", 2, 0},
	    {"abc", "acb", 2, 1},
	    {"abc", "abd", 2, 1},
	    {"abc", "ab", 2, 1},
	    {"abc", "xabc", 2, 1},
	    {"kitten", "sitting", 3, 3},
	    {"kitten", "sitting", 2, 3},
	    {"abcdef", "fedcba", 3, 4},
	};
	char longer[SPELLING_BYTES + 2];

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct slice a = slice_of(table[i].a), b = slice_of(table[i].b);

		assert_int_equal(
		    spelling_distance(a, b, table[i].most), table[i].distance);
		assert_int_equal(
		    spelling_distance(b, a, table[i].most), table[i].distance);
	}
	memset(longer, 'a', sizeof longer);
	assert_int_equal(
	    spelling_distance((struct slice){longer, sizeof longer},
		(struct slice){longer, sizeof longer}, 2),
	    3);
}

static void
every_kind_has_a_name_of_its_own(void **state ACTAS_UNUSED)
{
	for (uint32_t i = 0; i < SCOPE_KINDS; i++) {
		assert_string_not_equal(scope_kind_name(i), "unknown");
		for (uint32_t j = 0; j < i; j++)
			assert_string_not_equal(
			    scope_kind_name(i), scope_kind_name(j));
	}
	for (uint32_t i = 0; i < ITEM_KINDS; i++)
		assert_string_not_equal(item_kind_name(i), "unknown");
	for (uint32_t i = 0; i < PLANES; i++)
		assert_string_not_equal(plane_name(i), "unknown");
	for (uint32_t i = 0; i < VIEWS; i++)
		assert_string_not_equal(view_name(i), "unknown");
	for (uint32_t i = 1; i < PRINCIPAL_KINDS; i++)
		assert_string_not_equal(principal_kind_name(i), "unknown");
}

static void
running_out_of_memory_is_an_error(void **state ACTAS_UNUSED)
{
	struct estate *e = small_estate();
	enum actas_error error = ACTAS_ENOMEM;

	for (int64_t n = 0; error == ACTAS_ENOMEM && n < 100; n++) {
		struct buffer text = {0};

		mem_fail_after(n);
		estate_write_scope(e, 3, &text);
		error = text.error;
		mem_fail_after(-1);
		buffer_release(&text);
	}
	assert_int_equal(error, ACTAS_OK);
	estate_free(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_principal_is_found_by_every_name_it_has),
	    cmocka_unit_test(a_scope_is_found_by_name_kind_parent_and_path),
	    cmocka_unit_test(an_item_is_no_workspace_of_its_name),
	    cmocka_unit_test(a_role_is_found_by_name_second_name_plane_and_id),
	    cmocka_unit_test(ten_candidates_are_listed_and_the_others_counted),
	    cmocka_unit_test(the_shortest_name_that_is_found_again_is_written),
	    cmocka_unit_test(every_scope_is_found_by_the_name_written_for_it),
	    cmocka_unit_test(every_principal_is_found_by_its_name_if_unique),
	    cmocka_unit_test(distance_counts_slips_of_the_pen),
	    cmocka_unit_test(every_kind_has_a_name_of_its_own),
	    cmocka_unit_test(running_out_of_memory_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
