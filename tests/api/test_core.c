#include "fixture.h"

static void
foreign_host(void **state)
{
	struct reply r = ask(*state, "GET", "evil.example", "/", NULL, NULL);

	assert_reply(&r, 421, "error.code", "MisdirectedRequest");
	reply_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(foreign_host),
	};

	return cmocka_run_group_tests_name(
	    "core", tests, fixture_setup, fixture_teardown);
}
