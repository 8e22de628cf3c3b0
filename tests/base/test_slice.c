#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void
cut_keeps_empty_parts(void **state ACTAS_UNUSED)
{
	struct slice rest = SLICE("a,,b"), part;

	assert_true(slice_cut(&rest, ',', &part));
	assert_true(slice_eq(part, SLICE("a")));
	assert_true(slice_cut(&rest, ',', &part));
	assert_int_equal(part.length, 0);
	assert_true(slice_cut(&rest, ',', &part));
	assert_true(slice_eq(part, SLICE("b")));
	assert_false(slice_cut(&rest, ',', &part));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cut_keeps_empty_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
