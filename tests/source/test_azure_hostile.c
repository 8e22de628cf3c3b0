#include "azure_test.h"

#include <ftw.h>
#include <limits.h>

/* The documents of tests/data/azure/platform, damaged; and a machine that
 * runs out of memory while it reads them. */

static struct kept {
	char *request;
	struct buffer text;
} kept[128];

static size_t kept_count, prefix;

static int
keep(const char *path, const struct stat *st ACTAS_UNUSED, int type,
    struct FTW *walk ACTAS_UNUSED)
{
	struct fault fault = {0};
	struct reader r;
	struct kept *k = &kept[kept_count];

	if (type != FTW_F || kept_count == 128)
		return 0;
	k->request = strdup(path + prefix);
	if (k->request == NULL || strlen(k->request) < 5 ||
	    reader_open(&r, path, &fault) != ACTAS_OK)
		return -1;
	k->request[strlen(k->request) - 5] = '\0';
	kept_count++;
	if (reader_all(&r, &k->text, SIZE_MAX, &fault) != ACTAS_OK)
		return -1;
	reader_close(&r);
	return 0;
}

static int
keep_all(void **state ACTAS_UNUSED)
{
	const char *root_path = getenv("ACTAS_ROOT");
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/tests/data/azure/platform/",
	    root_path == NULL ? "." : root_path);
	prefix = strlen(path);
	return nftw(path, keep, 8, FTW_PHYS);
}

static int
drop_all(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < kept_count; i++) {
		free(kept[i].request);
		buffer_release(&kept[i].text);
	}
	return 0;
}

static enum actas_error
read_text(struct builder *b, const struct kept *k, struct slice text,
    struct fault *fault)
{
	struct reader r = reader_memory("x.json", text);

	return source_read_json(b, &r, slice_of(k->request), fault);
}

static void
every_document_cut_at_any_byte_is_refused_with_a_line(void **state ACTAS_UNUSED)
{
	struct builder *b = builder_new(NULL);

	assert_non_null(b);
	assert_true(kept_count > 40);
	for (size_t i = 0; i < kept_count; i++) {
		struct slice text = slice_trim(buffer_slice(&kept[i].text));

		for (size_t cut = 0; cut < text.length; cut++) {
			struct fault fault = {0};

			assert_int_equal(read_text(b, &kept[i],
					     slice_sub(text, 0, cut), &fault),
			    ACTAS_EPARSE);
			assert_true(fault.message[0] != '\0');
			assert_true(fault.line > 0);
		}
	}
	builder_free(b);
}

static uint32_t
random_number(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* Values of the wrong type in every place: a fault with a line, or nothing
 * that breaks the estate. */
static void
values_of_the_wrong_type_break_nothing(void **state ACTAS_UNUSED)
{
	static const char *const values[] = {"null", "7", "-1", "\"\"", "[]",
	    "{}", "[[]]", "[null]", "[7]", "true", "\"x\"", "{\"id\":7}",
	    "\"00000000-0000-0000-0000-000000000000\"", "1e300"};
	uint32_t seed = 3;

	for (int round = 0; round < 3000; round++) {
		const struct kept *k = &kept[random_number(&seed) % kept_count];
		struct slice text = buffer_slice(&k->text);
		size_t colon = random_number(&seed) % text.length, end;
		struct buffer damaged = {0};
		struct fault fault = {0};
		struct builder *b;
		struct estate *e;

		while (colon < text.length && text.at[colon] != ':')
			colon++;
		end = colon;
		while (end < text.length && text.at[end] != '\n')
			end++;
		buffer_add(&damaged, slice_sub(text, 0, colon + 1));
		buffer_puts(&damaged,
		    values[random_number(&seed) %
			(sizeof values / sizeof *values)]);
		if (end > 0 && end <= text.length && text.at[end - 1] == ',')
			buffer_putc(&damaged, ',');
		buffer_add(&damaged, slice_from(text, end));
		b = builder_new(&fault);
		assert_non_null(b);
		if (read_text(b, k, buffer_slice(&damaged), &fault) !=
		    ACTAS_OK) {
			assert_true(fault.message[0] != '\0');
			builder_free(b);
		} else {
			assert_int_equal(builder_finish(b, &e), ACTAS_OK);
			assert_int_equal(estate_check(e, &fault), ACTAS_OK);
			estate_free(e);
		}
		buffer_release(&damaged);
	}
}

static enum actas_error
read_everything(struct fault *fault)
{
	struct builder *b = builder_new(fault);
	enum actas_error error = ACTAS_OK, end;
	struct estate *e = NULL;
	struct azure az;

	if (b == NULL)
		return ACTAS_ENOMEM;
	azure_begin(&az, b, fault);
	for (size_t i = 0; i < kept_count && error == ACTAS_OK; i++) {
		struct reader r =
		    reader_memory("x.json", buffer_slice(&kept[i].text));

		error = azure_read(&az, &r, slice_of(kept[i].request));
	}
	end = azure_end(&az);
	if (error == ACTAS_OK)
		error = end;
	if (error != ACTAS_OK) {
		builder_free(b);
		return error;
	}
	error = builder_finish(b, &e);
	estate_free(e);
	return error;
}

static void
every_failing_allocation_is_an_error_and_no_crash(void **state ACTAS_UNUSED)
{
	enum actas_error error = ACTAS_ENOMEM;

	/* Nearly every one at first, then in growing steps. */
	for (int64_t n = 0; error != ACTAS_OK; n += 1 + n / 40) {
		struct fault fault = {0};

		assert_true(n < 1000000);
		mem_fail_after(n);
		error = read_everything(&fault);
		mem_fail_after(-1);
		if (error == ACTAS_OK)
			break;
		assert_int_equal(error, ACTAS_ENOMEM);
		assert_string_equal(fault.message, "out of memory");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		every_document_cut_at_any_byte_is_refused_with_a_line),
	    cmocka_unit_test(values_of_the_wrong_type_break_nothing),
	    cmocka_unit_test(every_failing_allocation_is_an_error_and_no_crash),
	};

	return cmocka_run_group_tests(tests, keep_all, drop_all);
}
