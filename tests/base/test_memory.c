#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/base.h"

static void
the_nth_allocation_fails_and_so_do_all_behind_it(void **state ACTAS_UNUSED)
{
	void *a, *b;
	uint64_t before = mem_requests();

	mem_fail_after(2);
	a = mem_alloc(1);
	b = mem_zero(1, 1);
	assert_non_null(a);
	assert_non_null(b);
	assert_null(mem_alloc(1));
	assert_null(mem_zero(1, 1));
	assert_null(mem_resize(a, 9));
	mem_fail_after(-1);
	assert_int_equal(mem_requests() - before, 5);
	mem_free(a);
	mem_free(b);
}

static void
sizes_that_overflow_are_refused_and_none_is_no_error(void **state ACTAS_UNUSED)
{
	volatile size_t most = SIZE_MAX / 2;
	void *p;

	assert_null(mem_zero(most, 3));
	p = mem_alloc(0);
	assert_non_null(p);
	p = mem_resize(p, 0);
	assert_non_null(p);
	mem_free(p);
	p = mem_zero(0, 8);
	assert_non_null(p);
	mem_free(p);
	mem_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_nth_allocation_fails_and_so_do_all_behind_it),
	    cmocka_unit_test(
		sizes_that_overflow_are_refused_and_none_is_no_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
