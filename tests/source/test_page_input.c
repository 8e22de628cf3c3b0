/* Pages that are broken, huge or hostile, and memory that runs out. */
#include "page_test.h"

static void
assert_fault(
    struct slice text, enum actas_error error, uint32_t line, const char *says)
{
	struct fault fault = {0};
	struct estate *e;

	assert_int_equal(try_page(text, &e, &fault), error);
	assert_null(e);
	assert_string_equal(fault.file, "page.md");
	assert_int_equal(fault.line, line);
	if (strstr(fault.message, says) == NULL)
		fail_msg("%s", fault.message);
}

static void
text_that_is_not_utf8_is_refused_with_its_line(void **state ACTAS_UNUSED)
{
	assert_fault(SLICE("# a\n\n\xff\xfe\n"), ACTAS_EPARSE, 3, "UTF-8");
	assert_fault(SLICE("# a\r\n\xc3(\r\n"), ACTAS_EPARSE, 2, "UTF-8");
	assert_fault(SLICE("# a\n\nx\xed\xa0\x80"), ACTAS_EPARSE, 3, "UTF-8");
}

static void
a_nul_byte_is_refused_with_its_line(void **state ACTAS_UNUSED)
{
	assert_fault(SLICE("# a\nb\0c\n"), ACTAS_EPARSE, 2, "NUL");
}

static void
a_page_in_which_nothing_is_recognised_says_where_to_read_on(
    void **state ACTAS_UNUSED)
{
	static const char *const pages[] = {"", "\n\n", "# Title\n\nProse.\n",
	    "| a | b |\n|---|---|\n| c | d |\n", "- a\n- b\n",
	    "```mermaid\npie\n```\n", "```mermaid\ngraph LR\nA-->|x|B\n```\n"};

	for (size_t i = 0; i < COUNT_OF(pages); i++)
		assert_fault(
		    slice_of(pages[i]), ACTAS_EPARSE, 0, "docs/page.md");
}

static void
a_page_over_its_ceilings_is_refused(void **state ACTAS_UNUSED)
{
	struct buffer text = {0};

	buffer_fill(&text, 'x', LIMIT_PAGE_BYTES + 1);
	assert_fault(buffer_slice(&text), ACTAS_ELIMIT, 0, "larger than");
	buffer_clear(&text);
	buffer_puts(&text, "a\n");
	buffer_fill(&text, '>', LIMIT_PAGE_DEPTH + 1);
	assert_fault(buffer_slice(&text), ACTAS_ELIMIT, 2, "inside each other");
	buffer_clear(&text);
	buffer_fill(&text, '|', LIMIT_PAGE_COLUMNS + 2);
	assert_fault(buffer_slice(&text), ACTAS_ELIMIT, 1, "cells");
	buffer_release(&text);
}

/* Inputs on which the parser of Markdown needs time quadratic in their
 * length where they are not kept from it: 2 MB of each. */
static void
hostile_markdown_takes_linear_time(void **state ACTAS_UNUSED)
{
	static const char *const pieces[] = {"<?", "<!A ", "<![CDATA[",
	    "![[]()", "<!--", "*a_ ", "[a](", "`a``b"};

	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		struct buffer text = {0};
		struct fault fault = {0};
		struct estate *e;

		buffer_putc(&text, 'x');
		while (text.length < 2000000)
			buffer_puts(&text, pieces[i]);
		assert_int_equal(
		    try_page(buffer_slice(&text), &e, &fault), ACTAS_EPARSE);
		buffer_release(&text);
	}
}

static void
masked_characters_come_back(void **state ACTAS_UNUSED)
{
	struct estate *e = page_of("| Identity | Type |\n|---|---|\n"
				   "| a ![b](c) <?d | SPN |\n"
				   "| `e <!-- f` | SPN |\n");

	assert_string_equal(principal_of(e, 0), "a !b <?d");
	assert_string_equal(principal_of(e, 1), "e <!-- f");
	estate_free(e);
}

static void
rows_with_too_few_or_too_many_cells_are_told(void **state ACTAS_UNUSED)
{
	static const struct expected_problem problems[] = {
	    {4, PROBLEM_MALFORMED_ROW, "b"},
	    {5, PROBLEM_MALFORMED_ROW, "c"},
	};
	struct estate *e = page_of("| Identity | Type | Purpose |\n"
				   "|---|---|---|\n"
				   "| `a` | SPN | x \\| y |\n"
				   "| `b` | SPN |\n"
				   "| `c` | SPN | x | y |\n"
				   "| `d` | SPN | `x \\| y` |\n");

	assert_problems(e, problems, COUNT_OF(problems));
	assert_int_equal(e->principals.count, 4);
	assert_string_equal(text_of(e, e->principals.at[0].purpose), "x | y");
	estate_free(e);
}

static void
a_missing_cell_of_the_matrix_does_not_say_none(void **state ACTAS_UNUSED)
{
	struct estate *e = page_of(IDENTITIES
	    "| Workspace | sp-a | sp-b |\n|---|---|---|\n| Gold | Admin |\n");

	assert_int_equal(e->claims.count, 4);
	assert_int_equal(e->claims.at[3].says, CLAIM_GRANTS);
	estate_free(e);
}

static void
a_table_whose_lines_disagree_is_told(void **state ACTAS_UNUSED)
{
	static const struct expected_problem problems[] = {
	    {IDENTITY_LINES + 1, PROBLEM_MALFORMED_ROW, "table"}};
	struct estate *e = page_of(IDENTITIES
	    "| Role | Scope | Purpose |\n|---|---|\n| Reader | `kv` | x |\n");

	assert_problems(e, problems, COUNT_OF(problems));
	estate_free(e);
}

static void
broken_ids_dates_and_words_are_told(void **state ACTAS_UNUSED)
{
	static const struct expected_problem problems[] = {
	    {3, PROBLEM_MALFORMED_ROW, "not-a-guid"},
	    {4, PROBLEM_MALFORMED_ROW, "Robot"},
	    {5, PROBLEM_MALFORMED_ROW, "perhaps"},
	    {11, PROBLEM_MALFORMED_ROW, "31.12.2026"},
	};
	struct estate *e = page_of(
	    "| Identity | Type | Object ID | Enabled |\n|---|---|---|---|\n"
	    "| `a` | SPN | not-a-guid | |\n"
	    "| `b` | Robot | | |\n"
	    "| `c` | SPN | | perhaps |\n\n"
	    "Vault: `kv`\n\n"
	    "| Secret | Used by | Expires |\n|---|---|---|\n"
	    "| `s` | a | 31.12.2026 |\n");

	assert_problems(e, problems, COUNT_OF(problems));
	assert_int_equal(e->secrets.at[0].expires, MOMENT_UNKNOWN);
	estate_free(e);
}

static void
things_declared_twice_are_told_with_both_lines(void **state ACTAS_UNUSED)
{
	static const struct expected_problem problems[] = {
	    {4, PROBLEM_DUPLICATE, "A"},
	    {11, PROBLEM_DUPLICATE, "gold"},
	    {18, PROBLEM_DUPLICATE, "s"},
	};
	struct estate *e = page_of("| Identity | Type |\n|---|---|\n"
				   "| `a` | SPN |\n| `A` | User |\n\n"
				   "# Access matrix\n\n"
				   "| Workspace | a |\n|---|---|\n"
				   "| Gold | Admin |\n| gold | Viewer |\n\n"
				   "Vault: `kv`\n\n"
				   "| Secret | Used by |\n|---|---|\n"
				   "| `s` | a |\n| `s` | a |\n");

	assert_problems(e, problems, COUNT_OF(problems));
	assert_int_equal(e->problems.at[0].other.line, 3);
	assert_int_equal(e->problems.at[1].other.line, 10);
	assert_int_equal(e->problems.at[2].other.line, 17);
	estate_free(e);
}

/* --- memory --- */

static const char everything[] =
    "```mermaid\ngraph LR\nA[\"sp-a<br/>(SPN)\"] -->|Admin| W[All Workspaces]\n"
    "A -->|Reader| X\n```\n\n" IDENTITIES
    "Single vault: `kv` in resource group `rg`.\n\n"
    "| Secret | Used by | Expires |\n|---|---|---|\n"
    "| `s` | `p.yml` | 2027-01-01 |\n\n"
    "**Who can read secrets:**\n\n- `sp-a` (access policy: get)\n"
    "- IT administrators\n\n"
    "| Workspace | sp-a | People |\n|---|---|---|\n| Gold | Admin | -- |\n\n"
    "## sp-a\n\n| Role | Scope | Purpose |\n|---|---|---|\n"
    "| Reader | `st` storage account | own credentials (`s*`) |\n\n"
    "**Auth method:** `s`\n\n"
    "**Affected SPNs:**\n\n- `sp-a` -- Key Vault secret `t`\n\n"
    "## Rotation of sp-a\n\n1. Update `s`\n2. Verify\n   - Run `p`\n\n"
    "| Service connection | Backed by | Pipelines |\n|---|---|---|\n"
    "| `c` | `sp-a` | `p.yml` |\n\n"
    "## Rules\n\n- `sp-a` needs **Reader** on `kv`.\n";

static void
running_out_of_memory_is_an_error(void **state ACTAS_UNUSED)
{
	enum actas_error error = ACTAS_ENOMEM;
	int64_t n = 0;

	for (; error == ACTAS_ENOMEM; n++) {
		struct fault fault = {0};
		struct estate *e;

		mem_fail_after(n);
		error = try_page(slice_of(everything), &e, &fault);
		mem_fail_after(-1);
		if (error != ACTAS_OK)
			assert_null(e);
		estate_free(e);
		assert_true(n < 100000);
	}
	assert_int_equal(error, ACTAS_OK);
	assert_true(n > 100);
}

/* --- size --- */

static void
a_page_of_a_hundred_thousand_lines_is_read(void **state ACTAS_UNUSED)
{
	enum { EACH = 25000 };
	struct buffer text = {0};
	struct fault fault = {0};
	struct estate *e;

	buffer_puts(&text, "Vault: `kv`\n\n| Identity | Type |\n|---|---|\n");
	for (int i = 0; i < EACH; i++)
		buffer_addf(&text, "| `sp-%d` | SPN |\n", i);
	buffer_puts(&text, "\n| Secret | Used by |\n|---|---|\n");
	for (int i = 0; i < EACH; i++)
		buffer_addf(&text, "| `secret-%d` | `sp-%d` |\n", i, i);
	buffer_puts(&text, "\n| Identity | Role | Scope |\n|---|---|---|\n");
	for (int i = 0; i < EACH; i++)
		buffer_addf(
		    &text, "| `sp-%d` | Reader | `secret-%d` |\n", i, i);
	buffer_puts(&text, "\nAffected SPNs:\n\n");
	for (int i = 0; i < EACH; i++)
		buffer_addf(&text, "- `sp-%d` -- secret `secret-%d`\n", i, i);
	assert_int_equal(try_page(buffer_slice(&text), &e, &fault), ACTAS_OK);
	assert_int_equal(e->grants.count, EACH);
	assert_int_equal(e->plans.count, EACH);
	assert_int_equal(e->sinks.count, EACH);
	assert_int_equal(e->problems.count, 0);
	estate_free(e);
	buffer_release(&text);
}

static void
what_all_stands_for_has_a_ceiling(void **state ACTAS_UNUSED)
{
	struct buffer text = {0};
	struct fault fault = {0};
	struct estate *e;

	buffer_puts(&text,
	    IDENTITIES "| Resource | Kind | Parent |\n"
		       "|---|---|---|\n");
	for (int i = 0; i < 2000; i++)
		buffer_addf(&text, "| w%d | workspace | |\n", i);
	buffer_puts(&text, "\n| Identity | Role | Scope |\n|---|---|---|\n");
	for (int i = 0; i < 1000; i++)
		buffer_puts(&text, "| `sp-a` | Admin | All workspaces |\n");
	assert_int_equal(
	    try_page(buffer_slice(&text), &e, &fault), ACTAS_ELIMIT);
	assert_non_null(strstr(fault.message, "all"));
	buffer_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_that_is_not_utf8_is_refused_with_its_line),
	    cmocka_unit_test(a_nul_byte_is_refused_with_its_line),
	    cmocka_unit_test(
		a_page_in_which_nothing_is_recognised_says_where_to_read_on),
	    cmocka_unit_test(a_page_over_its_ceilings_is_refused),
	    cmocka_unit_test(hostile_markdown_takes_linear_time),
	    cmocka_unit_test(masked_characters_come_back),
	    cmocka_unit_test(rows_with_too_few_or_too_many_cells_are_told),
	    cmocka_unit_test(a_missing_cell_of_the_matrix_does_not_say_none),
	    cmocka_unit_test(a_table_whose_lines_disagree_is_told),
	    cmocka_unit_test(broken_ids_dates_and_words_are_told),
	    cmocka_unit_test(things_declared_twice_are_told_with_both_lines),
	    cmocka_unit_test(running_out_of_memory_is_an_error),
	    cmocka_unit_test(a_page_of_a_hundred_thousand_lines_is_read),
	    cmocka_unit_test(what_all_stands_for_has_a_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
