#include "source/source.h"

#include "../estate/random_estate.h"
#include "estate_facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static struct estate *
read_page(struct slice text)
{
	struct fault fault = {0};
	struct builder *b = builder_new(&fault);
	struct reader from = reader_memory("page.md", text);
	struct estate *e = NULL;

	assert_non_null(b);
	if (source_read_page(b, &from, &fault) != ACTAS_OK)
		fail_msg("line %u: %s", fault.line, fault.message);
	assert_int_equal(builder_finish(b, &e), ACTAS_OK);
	return e;
}

static void
print_problems(const struct estate *e)
{
	for (uint32_t i = 0; i < e->problems.count; i++)
		print_message("# line %u: %s\n", e->problems.at[i].origin.line,
		    estate_text(e, e->problems.at[i].message).at);
}

/* The first fact that only one of both has. */
static void
print_difference(const char *before, const char *after)
{
	struct slice a = slice_of(before), b = slice_of(after);
	struct slice one = {0}, two = {0};
	bool more_a = slice_cut(&a, '\n', &one);
	bool more_b = slice_cut(&b, '\n', &two);
	int shown = 0;

	while ((more_a || more_b) && shown < 12) {
		int order = !more_a ? 1 : !more_b ? -1 : slice_cmp(one, two);

		if (order < 0)
			print_message("# lost:   %.*s\n", SLICE_ARGS(one));
		if (order > 0)
			print_message("# gained: %.*s\n", SLICE_ARGS(two));
		shown += order != 0;
		if (order <= 0)
			more_a = slice_cut(&a, '\n', &one);
		if (order >= 0)
			more_b = slice_cut(&b, '\n', &two);
	}
}

/* Writes, reads, and compares every fact. */
static void
round_trip(const struct estate *e, const char *what)
{
	struct buffer page = {0}, before = {0}, after = {0};
	struct estate *back;

	assert_int_equal(page_write(e, &page), ACTAS_OK);
	back = read_page(buffer_slice(&page));
	estate_facts(e, &before);
	estate_facts(back, &after);
	if (strcmp(buffer_text(&before), buffer_text(&after)) != 0) {
		print_difference(buffer_text(&before), buffer_text(&after));
		print_problems(back);
		print_message("%s\n", buffer_text(&page));
		fail_msg("%s is not the same after writing and reading", what);
	}
	/* Nothing on a written page is wrong but what the estate itself is. */
	for (uint32_t i = 0; i < back->problems.count; i++) {
		if (back->problems.at[i].kind == PROBLEM_ORPHAN_ASSIGNMENT ||
		    back->problems.at[i].kind == PROBLEM_GROUP_CYCLE)
			continue;
		print_problems(back);
		fail_msg("the page of %s has a problem", what);
	}
	buffer_release(&page);
	buffer_release(&before);
	buffer_release(&after);
	estate_free(back);
}

static void
any_estate_is_the_same_after_writing_and_reading(void **state ACTAS_UNUSED)
{
	const char *from = getenv("SEED");
	uint64_t first = from == NULL ? 1 : strtoull(from, NULL, 10);

	for (uint64_t seed = first; seed < first + 400; seed++) {
		struct estate *e = random_estate(seed);
		char what[32];

		assert_non_null(e);
		snprintf(what, sizeof what, "estate %u", (unsigned)seed);
		round_trip(e, what);
		estate_free(e);
	}
}

static void
one_estate_has_one_page(void **state ACTAS_UNUSED)
{
	for (uint64_t seed = 1; seed <= 50; seed++) {
		struct buffer one = {0}, two = {0};
		struct estate *e = random_estate(seed);

		assert_int_equal(page_write(e, &one), ACTAS_OK);
		estate_free(e);
		e = random_estate(seed);
		assert_int_equal(page_write(e, &two), ACTAS_OK);
		estate_free(e);
		assert_string_equal(buffer_text(&one), buffer_text(&two));
		buffer_release(&one);
		buffer_release(&two);
	}
}

static void
the_shared_page_is_the_same_after_writing_and_reading(void **state ACTAS_UNUSED)
{
	const char *shared = getenv("ACTAS_SHARED");
	struct buffer path = {0};
	struct fault fault = {0};
	struct estate *e;

	buffer_addf(
	    &path, "%s/pages/spn-access-map.md", shared == NULL ? "." : shared);
	if (source_load(buffer_text(&path), &e, &fault) == ACTAS_OK) {
		round_trip(e, "the shared page");
		estate_free(e);
	} else {
		/* cmocka's skip() is "not ok" in TAP, which meson fails. */
		print_message("# skipped: %s\n", fault.message);
	}
	buffer_release(&path);
}

/* A vault in a resource group, and one who reads its secrets by a role at
 * the vault; 'above' also one by a role at the group. */
static void
write_vault_page(bool above, enum vault_model model, struct buffer *page)
{
	struct builder *b = builder_new(NULL);
	struct origin o = {0};
	struct estate *e;
	scope_id rg = builder_scope(
	    b, 0, SCOPE_RESOURCE_GROUP, SLICE(""), SLICE("rg-data"), o);
	scope_id kv =
	    builder_scope(b, rg, SCOPE_VAULT, SLICE(""), SLICE("kv-data"), o);
	role_id user = builder_role_by_name(
	    b, PLANE_AZURE, SLICE("Key Vault Secrets User"));
	principal_id worker =
	    builder_principal_new(b, SLICE("sp-worker"), PRINCIPAL_SERVICE, o);
	struct vault *v = builder_vault(b, kv, o);

	assert_non_null(v);
	v->model = (uint8_t)model;
	v->stated = 1;
	b->principals.at[worker].flags = PRINCIPAL_DECLARED;
	builder_assign(b,
	    &(struct assignment){
		.principal = worker, .role = user, .scope = kv});
	if (above)
		builder_assign(b,
		    &(struct assignment){
			.principal = worker, .role = user, .scope = rg});
	assert_int_equal(builder_finish(b, &e), ACTAS_OK);
	assert_int_equal(page_write(e, page), ACTAS_OK);
	estate_free(e);
}

static void
readers_are_listed_only_where_the_list_is_complete(void **state ACTAS_UNUSED)
{
	static const struct {
		bool above;
		enum vault_model model;
		bool listed;
	} table[] = {
	    {false, MODEL_RBAC, true},
	    {true, MODEL_RBAC, false},
	    /* The role does not work in such a vault. */
	    {false, MODEL_POLICY, false},
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct buffer page = {0};
		bool listed;

		write_vault_page(table[i].above, table[i].model, &page);
		listed = strstr(buffer_text(&page),
			     "**Who can read secrets** in `kv-data`:\n\n"
			     "- `sp-worker` (Key Vault Secrets User role)\n") !=
		    NULL;
		assert_int_equal(listed, table[i].listed);
		buffer_release(&page);
	}
}

static void
running_out_of_memory_is_an_error(void **state ACTAS_UNUSED)
{
	struct estate *e = random_estate(7);
	enum actas_error error = ACTAS_ENOMEM;

	for (int64_t n = 0; error == ACTAS_ENOMEM; n++) {
		struct buffer page = {0};

		mem_fail_after(n);
		error = page_write(e, &page);
		mem_fail_after(-1);
		buffer_release(&page);
	}
	assert_int_equal(error, ACTAS_OK);
	estate_free(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(any_estate_is_the_same_after_writing_and_reading),
	    cmocka_unit_test(one_estate_has_one_page),
	    cmocka_unit_test(
		the_shared_page_is_the_same_after_writing_and_reading),
	    cmocka_unit_test(
		readers_are_listed_only_where_the_list_is_complete),
	    cmocka_unit_test(running_out_of_memory_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
