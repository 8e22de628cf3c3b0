#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/base.h"

/* GUIDs, hash indexes and interned strings: how things are found. */

static void
text_that_is_no_guid_is_refused(void **state ACTAS_UNUSED)
{
	static const char *const wrong[] = {"",
	    "00000000-0000-0000-0000-00000000000",
	    "00000000-0000-0000-0000-0000000000000",
	    "{0000000-0000-0000-0000-000000000000}",
	    "00000000+0000-0000-0000-000000000000",
	    "0000000-00000-0000-0000-000000000000",
	    "0000000g-0000-0000-0000-000000000000",
	    "------------------------------------",
	    " 0000000-0000-0000-0000-000000000000",
	    "12345678-1234-1234-1234-12345678901g"};
	struct guid id;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_false(guid_parse(slice_of(wrong[i]), &id));
		assert_true(guid_is_nil(id));
	}
}

static void
a_guid_is_written_as_it_was_read_in_lower_case(void **state ACTAS_UNUSED)
{
	char text[GUID_TEXT_LENGTH + 1];
	struct guid id, other;

	assert_true(
	    guid_parse(SLICE("01234567-89AB-cdef-FEDC-ba9876543210"), &id));
	guid_format(id, text);
	assert_string_equal(text, "01234567-89ab-cdef-fedc-ba9876543210");
	assert_true(guid_parse(slice_of(text), &other));
	assert_true(guid_eq(id, other));
	assert_true(guid_hash(id) == guid_hash(other));
	assert_false(guid_is_nil(id));
	assert_true(
	    guid_parse(SLICE("00000000-0000-0000-0000-000000000000"), &other));
	assert_true(guid_is_nil(other));
	assert_false(guid_eq(id, other));
}

static void
an_empty_index_finds_nothing(void **state ACTAS_UNUSED)
{
	struct index ix = {0};
	struct index_walk walk = index_start(&ix, 7);
	uint32_t id;

	assert_false(index_next(&walk, &id));
	index_release(&ix);
	index_release(&ix);
}

/* 40 ids a hash, and hashes that wrap around the end of the table. */
static void
equal_hashes_come_back_in_the_order_of_insertion(void **state ACTAS_UNUSED)
{
	struct index ix = {0};

	for (uint32_t i = 0; i < 4000; i++)
		assert_int_equal(
		    index_add(&ix, UINT32_MAX - i % 100, i), ACTAS_OK);
	for (uint32_t h = 0; h < 100; h++) {
		struct index_walk walk = index_start(&ix, UINT32_MAX - h);
		uint32_t id, expected = h;

		for (; index_next(&walk, &id); expected += 100)
			assert_int_equal(id, expected);
		assert_int_equal(expected, 4000 + h);
	}
	index_release(&ix);
}

static void
an_index_without_memory_keeps_what_it_has(void **state ACTAS_UNUSED)
{
	struct index ix = {0};
	enum actas_error error = ACTAS_OK;
	uint32_t count = 0;

	assert_int_equal(index_add(&ix, 0, 0), ACTAS_OK);
	mem_fail_after(0);
	while (error == ACTAS_OK) {
		count++;
		error = index_add(&ix, count, count);
	}
	mem_fail_after(-1);
	assert_int_equal(error, ACTAS_ENOMEM);
	for (uint32_t i = 0; i < count; i++) {
		struct index_walk walk = index_start(&ix, i);
		uint32_t id;

		assert_true(index_next(&walk, &id));
		assert_int_equal(id, i);
	}
	index_release(&ix);
}

static void
equal_text_has_one_id_and_never_moves(void **state ACTAS_UNUSED)
{
	struct strings s = {0};
	string_id first, id;
	const char *at;

	assert_int_equal(strings_add(&s, SLICE("first"), &first), ACTAS_OK);
	at = strings_get(&s, first).at;
	for (int i = 0; i < 50000; i++) {
		char text[16];

		snprintf(text, sizeof text, "text %d", i % 20000);
		assert_int_equal(
		    strings_add(&s, slice_of(text), &id), ACTAS_OK);
		assert_int_equal(id, 2 + i % 20000);
	}
	assert_ptr_equal(strings_get(&s, first).at, at);
	assert_string_equal(strings_get(&s, 20001).at, "text 19999");
	assert_true(strings_find(&s, SLICE("text 7"), &id));
	assert_int_equal(id, 9);
	assert_false(strings_find(&s, SLICE("Text 7"), &id));
	assert_int_equal(id, 0);
	assert_int_equal(strings_add(&s, SLICE(""), &id), ACTAS_OK);
	assert_int_equal(id, 0);
	assert_int_equal(strings_get(&s, 0).length, 0);
	assert_true(strings_memory(&s) > 20000 * 10);
	strings_release(&s);
}

static void
text_may_hold_nul_and_be_as_long_as_the_limit(void **state ACTAS_UNUSED)
{
	static char text[LIMIT_STRING_BYTES + 1];
	struct strings s = {0};
	string_id a, b;

	for (size_t n = 1; n <= LIMIT_STRING_BYTES; n *= 2) {
		assert_int_equal(
		    strings_add(&s, (struct slice){text, n}, &a), ACTAS_OK);
		assert_int_equal(strings_get(&s, a).length, n);
	}
	assert_int_equal(strings_add(&s, (struct slice){text, sizeof text}, &b),
	    ACTAS_ELIMIT);
	strings_release(&s);
}

static void
strings_without_memory_keep_what_they_have(void **state ACTAS_UNUSED)
{
	for (int64_t n = 0; n < 12; n++) {
		struct strings s = {0};
		enum actas_error error = ACTAS_OK;
		uint32_t known = 0;
		string_id id;
		char text[16];

		mem_fail_after(n);
		while (error == ACTAS_OK) {
			snprintf(text, sizeof text, "%u", known);
			error = strings_add(&s, slice_of(text), &id);
			known += error == ACTAS_OK;
		}
		mem_fail_after(-1);
		assert_int_equal(error, ACTAS_ENOMEM);
		assert_false(strings_find(&s, slice_of(text), &id));
		assert_int_equal(
		    strings_add(&s, slice_of(text), &id), ACTAS_OK);
		assert_int_equal(id, known + 1);
		strings_release(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_that_is_no_guid_is_refused),
	    cmocka_unit_test(a_guid_is_written_as_it_was_read_in_lower_case),
	    cmocka_unit_test(an_empty_index_finds_nothing),
	    cmocka_unit_test(equal_hashes_come_back_in_the_order_of_insertion),
	    cmocka_unit_test(an_index_without_memory_keeps_what_it_has),
	    cmocka_unit_test(equal_text_has_one_id_and_never_moves),
	    cmocka_unit_test(text_may_hold_nul_and_be_as_long_as_the_limit),
	    cmocka_unit_test(strings_without_memory_keep_what_they_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
