#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "making.h"

static principal_id
group(struct builder *b, uint32_t n)
{
	char name[16];

	snprintf(name, sizeof name, "g%u", n);
	return builder_principal_new(
	    b, slice_of(name), PRINCIPAL_GROUP, line(b, n));
}

static void
in(struct builder *b, principal_id member, principal_id of, uint32_t number)
{
	builder_member(b, of, member, line(b, number));
}

static void
are(const struct estate *e, principal_id p, const principal_id *expected,
    uint32_t count)
{
	struct ids ids = estate_groups_of(e, p);

	assert_int_equal(ids.count, count);
	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(ids.at[i], expected[i]);
}

static void
groups_of_groups_count(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	principal_id g[5];
	struct estate *e;

	for (uint32_t i = 0; i < 5; i++)
		g[i] = group(b, i);
	in(b, g[0], g[4], 1);
	in(b, g[4], g[2], 2);
	in(b, g[4], g[3], 3);
	in(b, g[2], g[1], 4);
	in(b, g[3], g[1], 5);
	in(b, g[0], g[4], 6); /* said twice */
	e = finish(b);
	are(e, g[0], (principal_id[]){g[1], g[2], g[3], g[4]}, 4);
	are(e, g[4], (principal_id[]){g[1], g[2], g[3]}, 3);
	are(e, g[2], (principal_id[]){g[1]}, 1);
	are(e, g[1], NULL, 0);
	assert_int_equal(e->problems.count, 0);
	estate_free(e);
}

static void
groups_in_a_cycle_are_in_each_other_and_told_once(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	principal_id g[5], p;
	const struct problem *problem;
	struct estate *e;

	for (uint32_t i = 0; i < 5; i++)
		g[i] = group(b, i);
	p = builder_principal_new(b, SLICE("p"), PRINCIPAL_USER, NOWHERE);
	in(b, p, g[1], 10);
	in(b, g[0], g[1], 11);
	in(b, g[1], g[2], 12);
	in(b, g[2], g[0], 13);
	in(b, g[2], g[3], 14);
	in(b, g[4], g[0], 15);
	e = finish(b);
	are(e, p, (principal_id[]){g[0], g[1], g[2], g[3]}, 4);
	are(e, g[0], (principal_id[]){g[1], g[2], g[3]}, 3);
	are(e, g[1], (principal_id[]){g[0], g[2], g[3]}, 3);
	are(e, g[2], (principal_id[]){g[0], g[1], g[3]}, 3);
	are(e, g[3], NULL, 0);
	are(e, g[4], (principal_id[]){g[0], g[1], g[2], g[3]}, 4);
	problem = only_problem(e, PROBLEM_GROUP_CYCLE);
	assert_int_equal(problem->origin.line, 11);
	assert_int_equal(problem->other.line, 12);
	has_text(e, problem->message, "g0");
	has_text(e, problem->message, "g1");
	has_text(e, problem->message, "g2");
	has_text(e, problem->message, " are members of each other");
	estate_free(e);
}

static void
two_cycles_are_two_problems(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	principal_id g[4];
	struct estate *e;

	for (uint32_t i = 0; i < 4; i++)
		g[i] = group(b, i);
	in(b, g[0], g[1], 1);
	in(b, g[1], g[0], 2);
	in(b, g[1], g[2], 3);
	in(b, g[2], g[3], 4);
	in(b, g[3], g[2], 5);
	e = finish(b);
	assert_int_equal(e->problems.count, 2);
	are(e, g[0], (principal_id[]){g[1], g[2], g[3]}, 3);
	are(e, g[3], (principal_id[]){g[2]}, 1);
	estate_free(e);
}

static void
a_group_that_is_its_own_member_is_told(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	principal_id g = group(b, 1);
	struct estate *e;

	in(b, g, g, 8);
	e = finish(b);
	are(e, g, NULL, 0);
	has_text(e, only_problem(e, PROBLEM_GROUP_CYCLE)->message,
	    "the group g1 is a member of itself");
	assert_int_equal(e->problems.at[0].origin.line, 8);
	assert_int_equal(e->problems.at[0].other.line, 0);
	estate_free(e);
}

static void
a_long_cycle_names_ten_and_counts_the_rest(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	principal_id g[13];
	struct estate *e;

	for (uint32_t i = 0; i < 13; i++)
		g[i] = group(b, i);
	for (uint32_t i = 0; i < 13; i++)
		in(b, g[i], g[(i + 1) % 13], i);
	e = finish(b);
	has_text(e, only_problem(e, PROBLEM_GROUP_CYCLE)->message,
	    " and 3 more are members of each other");
	for (uint32_t i = 0; i < 13; i++)
		assert_int_equal(estate_groups_of(e, g[i]).count, 12);
	estate_free(e);
}

static void
deep_and_wide_nesting_takes_no_recursion(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	principal_id first = 0;
	struct estate *e;

	for (uint32_t i = 0; i < 100; i++) {
		principal_id g = builder_principal_new(
		    b, SLICE(""), PRINCIPAL_GROUP, NOWHERE);

		first = i == 0 ? g : first;
		if (i > 0)
			builder_member(b, g, g - 1, NOWHERE);
	}
	for (uint32_t i = 0; i < 10000; i++)
		builder_member(b, first,
		    builder_principal_new(
			b, SLICE(""), PRINCIPAL_USER, NOWHERE),
		    NOWHERE);
	e = finish(b);
	assert_int_equal(
	    estate_groups_of(e, e->principals.count - 1).count, 100);
	assert_int_equal(estate_groups_of(e, first).count, 99);
	estate_free(e);
}

static void
nesting_that_cannot_be_held_is_refused(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	principal_id first = NONE, last = NONE;

	/* All in each other: 20000 groups have 4 * 10^8 pairs. */
	for (uint32_t i = 0; i < 20000; i++) {
		principal_id g = builder_principal_new(
		    b, SLICE(""), PRINCIPAL_GROUP, NOWHERE);

		if (i > 0)
			builder_member(b, g, last, NOWHERE);
		first = i == 0 ? g : first;
		last = g;
	}
	builder_member(b, first, last, NOWHERE);
	finish_fails(b, ACTAS_ELIMIT, &fault, "groups are nested so deep");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(groups_of_groups_count),
	    cmocka_unit_test(groups_in_a_cycle_are_in_each_other_and_told_once),
	    cmocka_unit_test(two_cycles_are_two_problems),
	    cmocka_unit_test(a_group_that_is_its_own_member_is_told),
	    cmocka_unit_test(a_long_cycle_names_ten_and_counts_the_rest),
	    cmocka_unit_test(deep_and_wide_nesting_takes_no_recursion),
	    cmocka_unit_test(nesting_that_cannot_be_held_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
