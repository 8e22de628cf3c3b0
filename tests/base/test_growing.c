#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/base.h"

/* Buffers, vectors, arenas: what grows. */

static void
a_buffer_past_its_ceiling_stays_as_it_was(void **state ACTAS_UNUSED)
{
	struct buffer b = {.ceiling = 5};

	assert_string_equal(buffer_text(&b), "");
	buffer_puts(&b, "abc");
	buffer_puts(&b, "def");
	assert_int_equal(b.error, ACTAS_ELIMIT);
	buffer_putc(&b, 'd');
	buffer_addf(&b, "%d", 4);
	buffer_fill(&b, 'x', 1);
	assert_string_equal(buffer_text(&b), "abc");
	buffer_clear(&b);
	assert_int_equal(b.error, ACTAS_OK);
	buffer_puts(&b, "12345");
	assert_int_equal(b.error, ACTAS_OK);
	b.ceiling = 3;
	buffer_putc(&b, 'x');
	assert_int_equal(b.error, ACTAS_ELIMIT);
	buffer_release(&b);
	assert_int_equal(b.ceiling, 3);
	assert_null(b.at);
}

static void
a_buffer_without_memory_keeps_what_it_has(void **state ACTAS_UNUSED)
{
	struct buffer b = {0};

	buffer_puts(&b, "kept");
	mem_fail_after(0);
	buffer_fill(&b, 'x', 100000);
	mem_fail_after(-1);
	assert_int_equal(b.error, ACTAS_ENOMEM);
	assert_string_equal(buffer_text(&b), "kept");
	assert_int_equal(buffer_slice(&b).length, 4);
	buffer_release(&b);
}

static void
a_buffer_holds_any_bytes_and_ends_with_nul(void **state ACTAS_UNUSED)
{
	struct buffer b = {0};

	for (int i = 0; i < 1000; i++) {
		buffer_add(&b, (struct slice){"\0x", 2});
		assert_int_equal(b.at[b.length], '\0');
	}
	assert_int_equal(b.length, 2000);
	buffer_clear(&b);
	buffer_addf(&b, "%05d|%s", 42, "end");
	buffer_add(&b, (struct slice){NULL, 0});
	assert_string_equal(buffer_text(&b), "00042|end");
	buffer_release(&b);
}

static void
a_vector_has_a_ceiling(void **state ACTAS_UNUSED)
{
	VECTOR(uint8_t) v = {0};

	assert_int_equal(vector_reserve(&v, SIZE_MAX), ACTAS_ELIMIT);
	assert_int_equal(
	    vector_reserve(&v, (size_t)LIMIT_ENTITIES + 1), ACTAS_ELIMIT);
	assert_int_equal(vector_push(&v, 1), ACTAS_OK);
	assert_int_equal(
	    vector_reserve(&v, (size_t)LIMIT_ENTITIES), ACTAS_ELIMIT);
	assert_int_equal(v.count, 1);
	vector_release(&v);
	assert_null(v.at);
}

static void
a_vector_without_memory_keeps_what_it_has(void **state ACTAS_UNUSED)
{
	VECTOR(uint64_t) v = {0};
	enum actas_error error = ACTAS_OK;

	assert_int_equal(vector_push(&v, 7), ACTAS_OK);
	mem_fail_after(0);
	while (error == ACTAS_OK)
		error = vector_push(&v, v.at[0]);
	vector_trim(&v);
	mem_fail_after(-1);
	assert_int_equal(error, ACTAS_ENOMEM);
	assert_int_equal(v.count, v.capacity);
	for (uint32_t i = 0; i < v.count; i++)
		assert_int_equal(v.at[i], 7);
	vector_release(&v);
}

static void
a_vector_keeps_its_elements_while_it_grows(void **state ACTAS_UNUSED)
{
	VECTOR(struct {
		uint32_t a;
		uint8_t b;
	})
	v = {0};

	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(vector_push(&v, {i, (uint8_t)i}), ACTAS_OK);
	vector_trim(&v);
	assert_int_equal(v.capacity, 5000);
	for (uint32_t i = 0; i < 5000; i++) {
		assert_int_equal(v.at[i].a, i);
		assert_int_equal(v.at[i].b, (uint8_t)i);
	}
	v.count = 0;
	vector_trim(&v);
	assert_int_equal(v.capacity, 0);
	assert_int_equal(vector_push(&v, {1, 2}), ACTAS_OK);
	vector_release(&v);
}

static void
an_arena_refuses_what_overflows(void **state ACTAS_UNUSED)
{
	struct arena a = {0};

	assert_null(arena_zero(&a, SIZE_MAX, 2));
	assert_null(arena_zero(&a, SIZE_MAX / 2, 1));
	assert_null(arena_zero(&a, (size_t)1 << 33, (size_t)1 << 33));
	mem_fail_after(0);
	assert_null(arena_text(&a, SLICE("x")));
	assert_null(arena_printf(&a, "%d", 1));
	mem_fail_after(-1);
	arena_release(&a);
}

static void
what_an_arena_gives_is_zero_aligned_and_apart(void **state ACTAS_UNUSED)
{
	struct arena a = {0};
	unsigned char *at[200];

	for (size_t i = 0; i < 200; i++) {
		at[i] = arena_zero(&a, i * 7 + 1, 1 + i % 5);
		assert_non_null(at[i]);
		assert_int_equal((uintptr_t)at[i] % 16, 0);
		for (size_t k = 0; k < (i * 7 + 1) * (1 + i % 5); k++)
			assert_int_equal(at[i][k], 0);
		memset(at[i], (int)i + 1, (i * 7 + 1) * (1 + i % 5));
	}
	for (size_t i = 0; i < 200; i++)
		for (size_t k = 0; k < (i * 7 + 1) * (1 + i % 5); k++)
			assert_int_equal(at[i][k], (unsigned char)(i + 1));
	assert_non_null(arena_zero(&a, 0, 8));
	assert_non_null(arena_zero(&a, 8, 0));
	assert_non_null(arena_zero(&a, 1 << 20, 1));
	assert_string_equal(arena_text(&a, SLICE("text")), "text");
	assert_string_equal(arena_text(&a, (struct slice){NULL, 0}), "");
	assert_string_equal(arena_printf(&a, "%s-%d", "n", 12), "n-12");
	assert_memory_equal(arena_copy(&a, "abc", 3, 1), "abc", 3);
	arena_release(&a);
	assert_null(a.newest);
}

static void
a_fault_keeps_the_first_and_is_cut_between_characters(void **state ACTAS_UNUSED)
{
	struct fault fault = {0};
	struct buffer b = {0};

	for (int i = 0; i < 600; i++)
		buffer_puts(&b, "\xe2\x82\xac");
	assert_int_equal(
	    fault_set(&fault, ACTAS_EPARSE, NULL, 3, "%s", buffer_text(&b)),
	    ACTAS_EPARSE);
	buffer_release(&b);
	assert_int_equal(strlen(fault.message), 1023);
	assert_true(slice_is_utf8(slice_of(fault.message)));
	assert_string_equal(fault.file, "");
	assert_int_equal(fault_plain(&fault, ACTAS_EIO), ACTAS_EIO);
	assert_int_equal(fault.error, ACTAS_EPARSE);
	assert_int_equal(fault_plain(NULL, ACTAS_EIO), ACTAS_EIO);
	fault = (struct fault){0};
	fault_set(&fault, ACTAS_EPARSE, "f", 1, "%1021sx\xe2\x82\xac", "");
	assert_int_equal(strlen(fault.message), 1022);
	for (int e = 0; e >= ACTAS_EAMBIGUOUS; e--)
		assert_string_not_equal(
		    actas_strerror((enum actas_error)e), "unknown error");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_buffer_past_its_ceiling_stays_as_it_was),
	    cmocka_unit_test(a_buffer_without_memory_keeps_what_it_has),
	    cmocka_unit_test(a_buffer_holds_any_bytes_and_ends_with_nul),
	    cmocka_unit_test(a_vector_has_a_ceiling),
	    cmocka_unit_test(a_vector_without_memory_keeps_what_it_has),
	    cmocka_unit_test(a_vector_keeps_its_elements_while_it_grows),
	    cmocka_unit_test(an_arena_refuses_what_overflows),
	    cmocka_unit_test(what_an_arena_gives_is_zero_aligned_and_apart),
	    cmocka_unit_test(
		a_fault_keeps_the_first_and_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
