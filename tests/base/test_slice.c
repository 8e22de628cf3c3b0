#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/base.h"

#define EMPTY ((struct slice){NULL, 0})

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
	rest = SLICE("a,");
	assert_true(slice_cut(&rest, ',', &part));
	assert_true(slice_cut(&rest, ',', &part));
	assert_int_equal(part.length, 0);
	assert_false(slice_cut(&rest, ',', &part));
	rest = SLICE("");
	assert_true(slice_cut(&rest, ',', &part));
	assert_false(slice_cut(&rest, ',', &part));
	rest = EMPTY;
	assert_false(slice_cut(&rest, ',', &part));
}

static void
a_slice_without_bytes_is_like_any_empty_one(void **state ACTAS_UNUSED)
{
	assert_true(slice_eq(EMPTY, SLICE("")));
	assert_true(slice_eq_case(EMPTY, SLICE("")));
	assert_int_equal(slice_cmp(EMPTY, SLICE("a")), -1);
	assert_true(slice_starts(SLICE("x"), EMPTY));
	assert_true(slice_ends_case(EMPTY, EMPTY));
	assert_int_equal(slice_find(EMPTY, SLICE("x")), SIZE_MAX);
	assert_int_equal(slice_find_case(EMPTY, EMPTY), 0);
	assert_int_equal(slice_trim(EMPTY).length, 0);
	assert_int_equal(slice_from(SLICE("abc"), 9).length, 0);
	assert_true(slice_is_utf8(EMPTY));
	assert_true(slice_hash(EMPTY) == slice_hash(SLICE("")));
	assert_true(slice_hash_case(EMPTY) == slice_hash_case(SLICE("")));
	assert_int_equal(slice_of(NULL).length, 0);
}

static void
only_a_to_z_are_folded(void **state ACTAS_UNUSED)
{
	assert_true(
	    slice_eq_case(SLICE("aZ09[\xc3\x84"), SLICE("Az09[\xc3\x84")));
	assert_false(slice_eq_case(SLICE("\xc3\x84"), SLICE("\xc3\xa4")));
	assert_false(slice_eq_case(SLICE("["), SLICE("{")));
	assert_false(slice_eq_case(SLICE("@"), SLICE("`")));
	assert_int_equal(slice_cmp_case(SLICE("a"), SLICE("B")), -1);
	assert_int_equal(slice_cmp_case(SLICE("ab"), SLICE("A")), 1);
	assert_int_equal(slice_cmp_case(SLICE("\xff"), SLICE("a")), 1);
	assert_true(slice_starts_case(SLICE("ABc"), SLICE("ab")));
	assert_false(slice_starts_case(SLICE("a"), SLICE("ab")));
	assert_true(slice_ends_case(SLICE("xABC"), SLICE("abc")));
	assert_int_equal(slice_find_case(SLICE("xxAbc"), SLICE("aBC")), 2);
	assert_int_equal(slice_find(SLICE("xxAbc"), SLICE("aBC")), SIZE_MAX);
}

static void
equal_but_for_case_has_equal_hashes(void **state ACTAS_UNUSED)
{
	char lower[700], upper[700];

	for (size_t i = 0; i < sizeof lower; i++) {
		lower[i] = (char)('a' + i % 26);
		upper[i] = (char)('A' + i % 26);
	}
	for (size_t n = 0; n <= sizeof lower; n += 50) {
		struct slice a = {lower, n}, b = {upper, n};

		assert_true(slice_hash_case(a) == slice_hash_case(b));
		if (n > 0)
			assert_true(slice_hash(a) != slice_hash(b));
	}
}

static void
white_space_is_trimmed_at_both_ends(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *text, *trimmed;
	} cases[] = {{"", ""}, {"  ", ""}, {"\xc2\xa0", ""},
	    {" a b\t\r\n", "a b"}, {"\xc2\xa0x\xc2\xa0 ", "x"},
	    {"\xc2\xa1", "\xc2\xa1"}, {"\xa0", "\xa0"}};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_true(slice_eq(slice_trim(slice_of(cases[i].text)),
		    slice_of(cases[i].trimmed)));
	assert_int_equal(slice_trim((struct slice){"\0", 1}).length, 1);
}

static void
numbers_are_digits_alone_and_fit(void **state ACTAS_UNUSED)
{
	static const char *const wrong[] = {"", "-1", "+1", " 1", "1 ", "1.0",
	    "0x1", "18446744073709551616", "99999999999999999999"};
	uint64_t value;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		value = 5;
		assert_false(slice_u64(slice_of(wrong[i]), &value));
		assert_int_equal(value, 0);
	}
	assert_true(slice_u64(SLICE("18446744073709551615"), &value));
	assert_true(value == UINT64_MAX);
	assert_true(slice_u64(SLICE("0000000000000000000000007"), &value));
	assert_int_equal(value, 7);
}

static void
utf8_is_well_formed_or_refused(void **state ACTAS_UNUSED)
{
	static const char *const wrong[] = {"\x80", "\xc3", "\xc0\xaf",
	    "\xc1\xbf", "\xe0\x80\xaf", "\xe2\x82", "\xed\xa0\x80",
	    "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
	    "a\xe2\x28\xa1"};
	static const char *const right[] = {"", "a", "\xc3\xa9", "\xe2\x82\xac",
	    "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x9f\x98\x80",
	    "\xf4\x8f\xbf\xbf"};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(slice_is_utf8(slice_of(wrong[i])));
	for (size_t i = 0; i < sizeof right / sizeof *right; i++)
		assert_true(slice_is_utf8(slice_of(right[i])));
	assert_false(slice_is_utf8((struct slice){"a\0b", 3}));
}

static void
a_huge_slice_is_printed_cut_and_not_read_past(void **state ACTAS_UNUSED)
{
	struct slice huge = {"ab", (size_t)INT_MAX + 1};
	char text[8];

	snprintf(text, sizeof text, "%.*s", SLICE_ARGS(huge));
	assert_string_equal(text, "ab");
	snprintf(text, sizeof text, "[%.*s]", SLICE_ARGS(EMPTY));
	assert_string_equal(text, "[]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cut_keeps_empty_parts),
	    cmocka_unit_test(a_slice_without_bytes_is_like_any_empty_one),
	    cmocka_unit_test(only_a_to_z_are_folded),
	    cmocka_unit_test(equal_but_for_case_has_equal_hashes),
	    cmocka_unit_test(white_space_is_trimmed_at_both_ends),
	    cmocka_unit_test(numbers_are_digits_alone_and_fit),
	    cmocka_unit_test(utf8_is_well_formed_or_refused),
	    cmocka_unit_test(a_huge_slice_is_printed_cut_and_not_read_past),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
