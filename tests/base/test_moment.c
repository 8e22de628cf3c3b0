#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/base.h"

static void
text_that_is_no_moment_is_refused(void **state ACTAS_UNUSED)
{
	static const char *const wrong[] = {"", "2026", "2026-11",
	    "2026-11-21 ", "2026-1-21", "2026-13-01", "2026-00-01",
	    "2026-11-00", "2026-11-31", "2026-02-29", "1900-02-29",
	    "0000-01-01", "2026-11-21T", "2026-11-21T18", "2026-11-21T24:00",
	    "2026-11-21T18:60", "2026-11-21T18:17:61", "2026-11-21T18:17:39.",
	    "2026-11-21T18:17:39.Z", "2026-11-21T18:17:39+15:00",
	    "2026-11-21T18:17:39+01:60", "2026-11-21T18:17:39+1",
	    "2026-11-21T18:17:39Zx", "2026-11-21x18:17:39", "-026-11-21",
	    "21.11.2026", "9999-12-31T23:59:59-14:00",
	    "0001-01-01T00:00:00+00:01"};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		moment when = 5;

		if (moment_parse(slice_of(wrong[i]), &when))
			fail_msg("\"%s\" is taken for a moment", wrong[i]);
		assert_true(when == MOMENT_UNKNOWN);
	}
}

static void
moments_of_every_form_are_read(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *text;
		moment when;
	} cases[] = {
	    {"1970-01-01", 0},
	    {"1970-01-01T00:00:01Z", 1},
	    {"1969-12-31T23:59:59", -1},
	    {"2026-11-21T18:17:39Z", 1795285059},
	    {"2026-11-21t18:17:39z", 1795285059},
	    {"2026-11-21 18:17:39.123456789Z", 1795285059},
	    {"2026-11-21T19:17:39+01:00", 1795285059},
	    {"2026-11-21T12:47:39-0530", 1795285059},
	    {"2026-11-21T18:17", 1795285020},
	    {"2000-02-29", 951782400},
	    {"0001-01-01", -62135596800},
	    {"9999-12-31T23:59:59Z", 253402300799},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		moment when;

		assert_true(moment_parse(slice_of(cases[i].text), &when));
		if (when != cases[i].when)
			fail_msg("%s: %lld", cases[i].text, (long long)when);
	}
}

static void
what_is_written_is_read_again(void **state ACTAS_UNUSED)
{
	char text[MOMENT_TEXT_LENGTH + 1];

	for (moment when = -62135596800; when < 253402300800;
	     when += 86400 * 97 + 12345) {
		moment again;

		moment_format(when, text);
		assert_int_equal(strlen(text), 20);
		assert_true(moment_parse(slice_of(text), &again));
		assert_true(again == when);
		moment_format_date(when, text);
		assert_true(moment_parse(slice_of(text), &again));
		assert_true(again <= when && when - again < MOMENT_DAY);
	}
}

static void
what_lies_outside_the_years_is_unknown(void **state ACTAS_UNUSED)
{
	static const moment outside[] = {
	    MOMENT_UNKNOWN, INT64_MAX, 253402300800, -62135596801};
	char text[MOMENT_TEXT_LENGTH + 1];

	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
		moment_format(outside[i], text);
		assert_string_equal(text, "unknown");
		moment_format_date(outside[i], text);
		assert_string_equal(text, "unknown");
	}
}

static void
a_fixed_clock_shows_what_it_is_given(void **state ACTAS_UNUSED)
{
	moment when = 5;
	struct clock fixed = clock_fixed(&when), system = clock_system();

	assert_true(fixed.now(fixed.context) == 5);
	when = 6;
	assert_true(fixed.now(fixed.context) == 6);
	assert_true(system.now(system.context) > 1700000000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_that_is_no_moment_is_refused),
	    cmocka_unit_test(moments_of_every_form_are_read),
	    cmocka_unit_test(what_is_written_is_read_again),
	    cmocka_unit_test(what_lies_outside_the_years_is_unknown),
	    cmocka_unit_test(a_fixed_clock_shows_what_it_is_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
