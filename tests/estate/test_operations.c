#include "estate/operations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static void
a_name_is_found_in_full_by_alias_and_by_its_last_segment(
    void **state ACTAS_UNUSED)
{
	static const struct {
		const char *asked, *alias; /* NULL: nothing or several */
	} table[] = {
	    {"", NULL},
	    {"action", NULL},
	    {"/", NULL},
	    {"delete", NULL},
	    {"read", NULL},
	    {"secrets/getSecret", NULL},
	    {"getSecret/action", NULL},
	    {"get-secre", NULL},
	    {"get-secret ", NULL},
	    {"Microsoft.KeyVault/vaults/secrets/getSecret", NULL},
	    {"Microsoft.KeyVault/vaults/secrets/getSecret/action",
		"get-secret"},
	    {"microsoft.keyvault/VAULTS/secrets/getsecret/ACTION",
		"get-secret"},
	    {"get-secret", "get-secret"},
	    {"Get-Secret", "get-secret"},
	    {"getSecret", "get-secret"},
	    {"GETSECRET", "get-secret"},
	    {"readMetadata", "list-secrets"},
	    {"listkeys", "list-storage-keys"},
	    {"readAll", "read-all-data"},
	    {"Microsoft.KeyVault/vaults/secrets/delete", "delete-secret"},
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		const struct operation *o =
		    operation_find(slice_of(table[i].asked));

		if (table[i].alias == NULL) {
			if (o != NULL)
				fail_msg(
				    "\"%s\" finds %s", table[i].asked, o->name);
		} else {
			assert_non_null(o);
			assert_string_equal(o->alias, table[i].alias);
		}
	}
}

static void
names_and_aliases_are_unique(void **state ACTAS_UNUSED)
{
	for (uint32_t i = 0; operation_at(i) != NULL; i++) {
		const struct operation *o = operation_at(i);

		assert_ptr_equal(operation_find(slice_of(o->name)), o);
		assert_ptr_equal(operation_find(slice_of(o->alias)), o);
		assert_true(o->phrase[0] != '\0');
		assert_in_range(o->plane, 0, PLANES - 1);
		assert_in_range(o->scope_kind, 0, SCOPE_KINDS - 1);
	}
}

static void
behind_the_last_is_none(void **state ACTAS_UNUSED)
{
	uint32_t count = 0;

	while (operation_at(count) != NULL)
		count++;
	assert_true(count > 90);
	assert_null(operation_at(UINT32_MAX));
}

static void
secret_data_actions_have_the_permission_of_the_facts(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *alias, *policy;
	} table[] = {
	    {"get-secret", "get"},
	    {"list-secrets", "list"},
	    {"set-secret", "set"},
	    {"update-secret", "set"},
	    {"delete-secret", "delete"},
	    {"recover-secret", "recover"},
	    {"backup-secret", "backup"},
	    {"restore-secret", "restore"},
	    {"purge-secret", "purge"},
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		const struct operation *o =
		    operation_find(slice_of(table[i].alias));

		assert_non_null(o);
		assert_non_null(o->policy);
		assert_string_equal(o->policy, table[i].policy);
		assert_int_equal(o->plane, PLANE_AZURE);
		assert_true(o->is_data);
	}
	/* The way through Azure Resource Manager is no data action. */
	assert_false(operation_find(SLICE("deploy-secret"))->is_data);
	assert_null(operation_find(SLICE("deploy-secret"))->policy);
}

static bool
is_separator(struct slice line)
{
	return slice_starts(line, SLICE("|---"));
}

/* The i-th cell of a table's row, without blanks and backticks. */
static struct slice
cell(struct slice line, uint32_t i)
{
	struct slice part = {0};

	for (uint32_t n = 0; n <= i + 1; n++)
		assert_true(slice_cut(&line, '|', &part));
	part = slice_trim(part);
	if (slice_starts(part, SLICE("`")))
		part = slice_sub(part, 1, part.length - 2);
	return part;
}

/* Each row of a table of actions names a known one, in the table's order. */
static void
check_row(struct slice line, uint32_t *next, bool azure)
{
	const struct operation *o = operation_at(*next);

	assert_non_null(o);
	assert_true(slice_eq(cell(line, 0), slice_of(o->name)));
	assert_true(slice_eq(cell(line, 1), slice_of(o->alias)));
	assert_true(slice_eq(cell(line, 2), slice_of(o->phrase)));
	assert_int_equal(azure, o->plane == PLANE_AZURE);
	if (azure) {
		assert_true(slice_eq(cell(line, 3),
		    o->is_data ? SLICE("data") : SLICE("control")));
		assert_true(slice_eq(cell(line, 4),
		    slice_of(o->policy == NULL ? "--" : o->policy)));
	}
	*next += 1;
}

static void
the_documentation_lists_all_and_nothing_else(void **state ACTAS_UNUSED)
{
	struct buffer path = {0}, text = {0};
	struct slice rest, line;
	bool actions = false, azure = false;
	uint32_t next = 0;
	struct reader r;

	buffer_addf(&path, "%s/docs/actions.md", getenv("ACTAS_ROOT"));
	assert_int_equal(reader_open(&r, buffer_text(&path), NULL), ACTAS_OK);
	assert_int_equal(reader_all(&r, &text, 1 << 20, NULL), ACTAS_OK);
	reader_close(&r);
	rest = buffer_slice(&text);
	while (slice_cut(&rest, '\n', &line)) {
		if (!slice_starts(line, SLICE("|"))) {
			actions = false;
		} else if (slice_starts(line, SLICE("| Action |"))) {
			actions = true;
			azure = slice_find(line, SLICE("| Type |")) != SIZE_MAX;
		} else if (actions && !is_separator(line)) {
			check_row(line, &next, azure);
		}
	}
	assert_null(operation_at(next));
	buffer_release(&path);
	buffer_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_name_is_found_in_full_by_alias_and_by_its_last_segment),
	    cmocka_unit_test(names_and_aliases_are_unique),
	    cmocka_unit_test(behind_the_last_is_none),
	    cmocka_unit_test(
		secret_data_actions_have_the_permission_of_the_facts),
	    cmocka_unit_test(the_documentation_lists_all_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
