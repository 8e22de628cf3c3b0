#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/base.h"

static void
what_cannot_be_opened_is_named(void **state ACTAS_UNUSED)
{
	struct fault fault = {0};
	struct reader r;

	assert_int_equal(reader_open(&r, "/nowhere/at all", &fault), ACTAS_EIO);
	assert_string_equal(fault.file, "/nowhere/at all");
	assert_string_equal(
	    fault.message, "cannot be opened: No such file or directory");
	reader_close(&r);
}

static void
a_folder_is_no_file(void **state ACTAS_UNUSED)
{
	struct fault fault = {0};
	struct buffer b = {0};
	struct reader r;

	assert_int_equal(reader_open(&r, "/", &fault), ACTAS_OK);
	assert_int_equal(reader_all(&r, &b, 100, &fault), ACTAS_EIO);
	assert_string_equal(fault.message, "cannot be read: Is a directory");
	reader_close(&r);
	reader_close(&r);
	buffer_release(&b);
}

static void
more_than_the_ceiling_is_refused(void **state ACTAS_UNUSED)
{
	struct fault fault = {0};
	struct buffer b = {0};
	struct reader r = reader_memory("m", SLICE("12345"));

	assert_int_equal(reader_all(&r, &b, 4, &fault), ACTAS_ELIMIT);
	assert_string_equal(fault.file, "m");
	assert_string_equal(
	    fault.message, "is larger than 4 bytes, the most that is read");
	fault = (struct fault){0};
	r = reader_memory("m", SLICE("12345"));
	assert_int_equal(reader_all(&r, &b, 5, &fault), ACTAS_OK);
	assert_string_equal(buffer_text(&b), "12345");
	/* What is there already counts. */
	assert_int_equal(reader_all(&r, &b, 3, &fault), ACTAS_ELIMIT);
	buffer_release(&b);
}

static void
running_out_of_memory_names_the_reader(void **state ACTAS_UNUSED)
{
	struct fault fault = {0};
	struct buffer b = {0};
	struct reader r = reader_memory("m", SLICE("12345"));

	mem_fail_after(0);
	assert_int_equal(reader_all(&r, &b, 100, &fault), ACTAS_ENOMEM);
	mem_fail_after(-1);
	assert_string_equal(fault.file, "m");
	assert_string_equal(fault.message, "out of memory");
	buffer_release(&b);
}

static void
a_file_is_read_to_its_end(void **state ACTAS_UNUSED)
{
	char path[] = "/tmp/actas-reader-XXXXXX";
	int descriptor = mkstemp(path);
	struct fault fault = {0};
	struct buffer b = {0}, expected = {0};
	struct reader r;

	assert_true(descriptor >= 0);
	for (int i = 0; i < 10000; i++)
		buffer_addf(&expected, "line %d\n", i);
	assert_int_equal(
	    write(descriptor, expected.at, expected.length), expected.length);
	close(descriptor);
	assert_int_equal(reader_open(&r, path, &fault), ACTAS_OK);
	assert_int_equal(
	    reader_all(&r, &b, LIMIT_PAGE_BYTES, &fault), ACTAS_OK);
	reader_close(&r);
	unlink(path);
	assert_true(slice_eq(buffer_slice(&b), buffer_slice(&expected)));
	buffer_release(&b);
	buffer_release(&expected);
}

static void
a_dash_is_standard_input(void **state ACTAS_UNUSED)
{
	struct reader r;

	assert_int_equal(reader_open(&r, "-", NULL), ACTAS_OK);
	assert_string_equal(r.name, "standard input");
	assert_int_equal(r.descriptor, STDIN_FILENO);
	reader_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_cannot_be_opened_is_named),
	    cmocka_unit_test(a_folder_is_no_file),
	    cmocka_unit_test(more_than_the_ceiling_is_refused),
	    cmocka_unit_test(running_out_of_memory_names_the_reader),
	    cmocka_unit_test(a_file_is_read_to_its_end),
	    cmocka_unit_test(a_dash_is_standard_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
