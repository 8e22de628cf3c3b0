#include "import_test.h"

/*
 * A whole export in one document, as the services answer: everything that a
 * platform holds comes back. Then what cannot, and is told.
 */

#define SUB    "b0000000-0000-4000-8000-000000000001"
#define READER "acdd72a7-3385-48ef-bd42-f606fba81ae7"
#define USER_1 "a0000000-0000-4000-8000-000000000001"
#define USER_2 "a0000000-0000-4000-8000-000000000002"

/* A role assignment at the subscription. */
#define GRANT(name, who)                                                \
	"{\"name\":\"" name "\",\"properties\":{\"principalId\":\"" who \
	"\",\"principalType\":\"User\",\"scope\":\"/subscriptions/" SUB \
	"\",\"roleDefinitionId\":\"/x/" READER "\"}}"

static const struct announced none[] = {{NULL, NULL}};

/* The same count of rows in each table that a platform keeps. */
static void
expect_same_counts(const struct imported *i)
{
#define TABLE_OF(name)                                             \
	{                                                          \
#name, i->before->name.count, i->after->name.count \
	}
	const struct {
		const char *name;
		uint32_t before, after;
	} tables[] = {TABLE_OF(principals), TABLE_OF(applications),
	    TABLE_OF(memberships), TABLE_OF(scopes), TABLE_OF(roles),
	    TABLE_OF(denials), TABLE_OF(denial_ids), TABLE_OF(vaults),
	    TABLE_OF(secrets), TABLE_OF(credentials), TABLE_OF(connections),
	    TABLE_OF(authorizations), TABLE_OF(items), TABLE_OF(schedules),
	    TABLE_OF(grants)};

	for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
		if (tables[t].before != tables[t].after)
			fail_msg("%s: %u became %u", tables[t].name,
			    tables[t].before, tables[t].after);
}

static void
an_export_comes_back_whole(void **state ACTAS_UNUSED)
{
	struct imported i;

	import_file(&i, "tests/data/import/export.json");
	assert_int_equal(i.before->problems.count, i.after->problems.count);
	import_expect_same(&i, none);
	expect_same_counts(&i);
	assert_string_equal(buffer_text(&i.told), "");
	import_release(&i);
}

static void
ids_and_flags_are_the_sources(void **state ACTAS_UNUSED)
{
	struct imported i;
	uint32_t eligible = 0, with_id = 0;
	const struct connection *link;

	import_file(&i, "tests/data/import/export.json");
	for (assignment_id a = 0; a < i.after->grants.count; a++) {
		struct assignment row = estate_assignment(i.after, a);

		eligible += (row.flags & ASSIGNMENT_ELIGIBLE) != 0;
		with_id += row.id.bytes[0] == 0xe0;
	}
	assert_int_equal(eligible, 2);
	assert_int_equal(with_id, 7);
	assert_int_equal(i.after->schedules.at[0].enabled, NO);
	link = NULL;
	for (uint32_t k = 0; k < i.after->connections.count; k++)
		if (i.after->connections.at[k].principal != NONE)
			link = &i.after->connections.at[k];
	assert_non_null(link);
	assert_int_equal(link->ready, NO);
	import_release(&i);
}

/* Grants that no platform can hold, and what is said of them. */
static const struct {
	const char *row, *told;
} impossible[] = {
    {"| `sp-a` | Owner | `x/y` resource group |",
	"resource group x/y was left out: Azure allows no such name\n"},
    {"| `sp-a` | Reader | `thing` resource |",
	"resource thing was left out: its kind is no type of a resource\n"},
    {"| `sp-a` | Reader | Terraform state blob |",
	"sp-a: Reader on Terraform state was left out: no role can be given "
	"on a blob\n"},
    {"| `sp-a` | User | `ci` service connection |",
	"roles in Azure DevOps (1) were left out"},
};

static void
what_cannot_be_given_is_told(void **state ACTAS_UNUSED)
{
	for (size_t r = 0; r < sizeof impossible / sizeof impossible[0]; r++) {
		char page[1024];
		struct imported i;

		snprintf(page, sizeof page,
		    "| Identity | Type |\n|---|---|\n| `sp-a` | SPN |\n\n"
		    "| Identity | Role | Scope |\n|---|---|---|\n%s\n",
		    impossible[r].row);
		import_text_of(&i, page, NULL);
		if (!import_told(&i, impossible[r].told))
			fail_msg("%s\ntold:\n%s", impossible[r].told,
			    buffer_text(&i.told));
		assert_int_equal(i.after->grants.count, 0);
		import_release(&i);
	}
}

static void
an_id_that_two_grants_bear_stays_with_the_first(void **state ACTAS_UNUSED)
{
	struct imported i;

	import_text_of(&i,
	    "[" GRANT("e0000000-0000-4000-8000-000000000001", USER_1) "," GRANT(
		"e0000000-0000-4000-8000-000000000001", USER_2) "]",
	    "");
	assert_int_equal(i.after->grants.count, 2);
	assert_int_equal(i.after->problems.count, 0);
	import_release(&i);
}

static void
who_is_only_mentioned_is_made_where_no_list_is(void **state ACTAS_UNUSED)
{
	struct imported i;

	import_text_of(&i,
	    "[" GRANT("e0000000-0000-4000-8000-000000000001", USER_1) "]", "");
	assert_true(import_told(
	    &i, "1 identities that the source only mentions were made"));
	json_decref(import_entity(&i, "user/" USER_1));
	import_release(&i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_export_comes_back_whole),
	    cmocka_unit_test(ids_and_flags_are_the_sources),
	    cmocka_unit_test(what_cannot_be_given_is_told),
	    cmocka_unit_test(an_id_that_two_grants_bear_stays_with_the_first),
	    cmocka_unit_test(who_is_only_mentioned_is_made_where_no_list_is),
	};

	return cmocka_run_group_tests_name("import access", tests, NULL, NULL);
}
