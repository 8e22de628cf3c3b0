/*
 * The findings on the real access page, complete. Each was held against the
 * page by a person; a finding that is new, gone or elsewhere has to be held
 * against it again before this list is changed.
 */

#include "engine/engine.h"
#include "source/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct {
	const char *rule, *lines;
} expected[] = {
    {"disputed-kind", "12 46"},
    {"two-names", "14 48"},
    {"omitted-reader", "26 59 96"},
    {"own-credential", "26 59 62"},
    {"right-without-role", "26 59"},
    {"role-on-wrong-scope", "27 60"},
    {"disputed-grant", "28 110 112 113"},
    {"sole-owner", "33 12 46"},
    {"role-on-wrong-scope", "34"},
    {"self-contradiction", "35"},
    {"right-without-role", "36 48"},
    {"undeclared-scope", "36"},
    {"readable-credential", "37 59 62 99"},
    {"readable-credential", "37 99 123 133"},
    {"unused-reader", "37 92 93 94 99"},
    {"undeclared-scope", "60"},
    {"storage-keys", "71 30 72"},
    {"readable-credential", "73 29 59 62 98"},
    {"two-permission-models", "73 88 98 99"},
    {"redundant-grant", "74 70"},
    {"disputed-grant", "75 31 110"},
    {"owner-law", "81"},
    {"role-above-need", "84"},
    {"secret-without-expiry", "94"},
    {"right-without-role", "103"},
    {"unnamed-people", "103"},
    {"hidden-writer", "104 70"},
    {"self-contradiction", "104"},
    {"standing-admin", "110 111 112 113"},
    {"unnamed-people", "110 111 112 113"},
    {"omitted-grant", "111 28 68"},
    {"undeclared-secret", "123 90 133"},
    {"unverified-sink", "123 133 138"},
    {"missed-sink", "124 59 62 148"},
    {"open-connection", "156 29 59"},
    {"static-connection", "156 123 136"},
};

enum { EXPECTED = sizeof expected / sizeof expected[0] };

static void
write_lines(const struct finding *f, struct buffer *lines)
{
	buffer_clear(lines);
	for (uint32_t i = 0; i < f->location_count; i++)
		buffer_addf(
		    lines, "%s%u", i == 0 ? "" : " ", f->locations[i].line);
}

static void
every_finding_on_the_page_is_known(void **state ACTAS_UNUSED)
{
	const char *shared = getenv("ACTAS_SHARED");
	struct rules_options options = rules_defaults((moment)1795219200);
	struct buffer path = {0}, lines = {0};
	struct findings findings;
	struct arena arena = {0};
	struct estate *e = NULL;
	struct fault fault = {0};

	assert_non_null(shared);
	buffer_addf(&path, "%s/pages/spn-access-map.md", shared);
	if (access(buffer_text(&path), R_OK) != 0) {
		print_message(
		    "# %s is not there: passed over\n", buffer_text(&path));
		buffer_release(&path);
		return;
	}
	if (source_load(buffer_text(&path), &e, &fault) != ACTAS_OK)
		fail_msg("line %u: %s", fault.line, fault.message);
	assert_int_equal(rules_run(e, &options, &arena, &findings), ACTAS_OK);
	for (uint32_t i = 0; i < findings.count; i++) {
		const struct finding *f = &findings.at[i];

		write_lines(f, &lines);
		if (i >= EXPECTED ||
		    strcmp(f->rule->id, expected[i].rule) != 0 ||
		    strcmp(buffer_text(&lines), expected[i].lines) != 0)
			fail_msg("not in the list at %u: %s, lines %s: %s", i,
			    f->rule->id, buffer_text(&lines), f->message);
		assert_null(f->silenced);
	}
	assert_int_equal(findings.count, EXPECTED);
	arena_release(&arena);
	estate_free(e);
	buffer_release(&path);
	buffer_release(&lines);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_finding_on_the_page_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
