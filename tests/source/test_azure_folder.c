#include "azure_dump.h"

#include <ftw.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- the platform of tests/data/azure --- */

static const char *
data_path(const char *name)
{
	static char path[PATH_MAX];
	const char *root_path = getenv("ACTAS_ROOT");

	snprintf(path, sizeof path, "%s/tests/data/azure/%s",
	    root_path == NULL ? "." : root_path, name);
	return path;
}

/* Cuts the data folder off, so that expectations hold anywhere. */
static void
without_root(struct buffer *text)
{
	struct slice rest = buffer_slice(text);
	struct slice root_path = slice_of(data_path(""));
	struct buffer out = {0};
	size_t at;

	while ((at = slice_find(rest, root_path)) != SIZE_MAX) {
		buffer_add(&out, slice_sub(rest, 0, at));
		rest = slice_from(rest, at + root_path.length);
	}
	buffer_add(&out, rest);
	buffer_release(text);
	*text = out;
}

static void
read_expected(const char *name, struct buffer *out)
{
	struct fault fault = {0};
	struct reader r;

	assert_int_equal(reader_open(&r, data_path(name), &fault), ACTAS_OK);
	assert_int_equal(reader_all(&r, out, SIZE_MAX, &fault), ACTAS_OK);
	reader_close(&r);
}

static void
load_folder(const char *path, struct estate **e)
{
	struct fault fault = {0};
	struct builder *b = builder_new(&fault);

	assert_non_null(b);
	if (source_read_folder(b, path, &fault) != ACTAS_OK)
		fail_msg("%s:%u: %s", fault.file, fault.line, fault.message);
	assert_int_equal(builder_finish(b, e), ACTAS_OK);
	assert_int_equal(estate_check(*e, &fault), ACTAS_OK);
}

static void
a_folder_of_every_shape_becomes_the_platform(void **state ACTAS_UNUSED)
{
	struct buffer found = {0}, expected = {0};
	const char *written = getenv("ACTAS_WRITE_EXPECTED");
	struct estate *e;

	load_folder(data_path("platform"), &e);
	dump(e, &found);
	without_root(&found);
	if (written != NULL) {
		FILE *f = fopen(written, "w");

		assert_non_null(f);
		fputs(buffer_text(&found), f);
		fclose(f);
	}
	read_expected("platform.expected", &expected);
	assert_string_equal(buffer_text(&found), buffer_text(&expected));
	buffer_release(&found);
	buffer_release(&expected);
	estate_free(e);
}

/* --- any order --- */

static char paths[256][PATH_MAX];
static size_t path_count, prefix;

static int
remember(const char *path, const struct stat *st ACTAS_UNUSED, int type,
    struct FTW *walk ACTAS_UNUSED)
{
	if (type == FTW_F && path_count < 256)
		snprintf(paths[path_count++], PATH_MAX, "%s", path);
	return 0;
}

static uint32_t
random_number(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static void
read_in_order(const size_t *order, struct estate **e)
{
	struct fault fault = {0};
	struct builder *b = builder_new(&fault);
	struct azure az;

	azure_begin(&az, b, &fault);
	az.in_folder = true;
	for (size_t i = 0; i < path_count; i++) {
		const char *path = paths[order[i]];
		struct slice request = slice_from(slice_of(path), prefix);
		struct reader r;

		request.length -= strlen(".json");
		assert_int_equal(reader_open(&r, path, &fault), ACTAS_OK);
		if (azure_read(&az, &r, request) != ACTAS_OK)
			fail_msg(
			    "%s:%u: %s", fault.file, fault.line, fault.message);
		reader_close(&r);
	}
	assert_int_equal(azure_end(&az), ACTAS_OK);
	assert_int_equal(builder_finish(b, e), ACTAS_OK);
}

static void
the_order_of_files_does_not_matter(void **state ACTAS_UNUSED)
{
	struct buffer expected = {0};
	size_t order[256];
	uint32_t seed = 7;

	path_count = 0;
	prefix = strlen(data_path("platform/"));
	assert_int_equal(nftw(data_path("platform"), remember, 8, FTW_PHYS), 0);
	assert_true(path_count > 40);
	read_expected("platform.expected", &expected);
	for (size_t i = 0; i < path_count; i++)
		order[i] = i;
	for (int round = 0; round < 60; round++) {
		struct buffer found = {0};
		struct estate *e;

		for (size_t i = path_count - 1; i > 0; i--) {
			size_t j = random_number(&seed) % (i + 1);
			size_t other = order[i];

			order[i] = order[j];
			order[j] = other;
		}
		read_in_order(order, &e);
		dump(e, &found);
		without_root(&found);
		assert_string_equal(
		    buffer_text(&found), buffer_text(&expected));
		buffer_release(&found);
		estate_free(e);
	}
	buffer_release(&expected);
}

/* --- folders that are wrong --- */

struct scratch {
	char path[64];
};

static void
put(const struct scratch *s, const char *name, const char *text)
{
	char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", s->path, name);
	for (char *at = strchr(path + strlen(s->path) + 1, '/'); at != NULL;
	     at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(path, 0700);
		*at = '/';
	}
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int
begin(void **state)
{
	struct scratch *s = calloc(1, sizeof *s);

	if (s == NULL)
		return -1;
	snprintf(s->path, sizeof s->path, "/tmp/actas-test-XXXXXX");
	*state = s;
	return mkdtemp(s->path) == NULL ? -1 : 0;
}

static int
drop(const char *path, const struct stat *st ACTAS_UNUSED,
    int type ACTAS_UNUSED, struct FTW *walk ACTAS_UNUSED)
{
	return remove(path);
}

static int
end(void **state)
{
	struct scratch *s = *state;
	int error = nftw(s->path, drop, 8, FTW_DEPTH | FTW_PHYS);

	free(s);
	return error;
}

static void
expect_folder_fault(const char *path, enum actas_error error, const char *file,
    uint32_t line, const char *message)
{
	struct fault fault = {0};
	struct builder *b = builder_new(&fault);

	assert_int_equal(source_read_folder(b, path, &fault), error);
	assert_string_equal(fault.message, message);
	assert_true(slice_ends(slice_of(fault.file), slice_of(file)));
	assert_int_equal(fault.line, line);
	builder_free(b);
}

static void
a_folder_without_json_is_refused(void **state)
{
	struct scratch *s = *state;

	put(s, "README.md", "# nothing");
	put(s, ".hidden/x.json", "[3]");
	expect_folder_fault(s->path, ACTAS_EPARSE, s->path, 0,
	    "holds no .json file: expected answers of Azure under the paths "
	    "of their requests");
}

static void
a_missing_folder_is_told(void **state ACTAS_UNUSED)
{
	expect_folder_fault("/nowhere/at/all", ACTAS_EIO, "/nowhere/at/all", 0,
	    "cannot be read: No such file or directory");
}

static void
a_broken_file_is_told_with_its_path(void **state)
{
	struct scratch *s = *state;

	put(s, "a/fine.json", "[]");
	put(s, "b/broken.json", "[\n{");
	expect_folder_fault(s->path, ACTAS_EPARSE, "/b/broken.json", 2,
	    "the document ends in the middle of what begins in line 2: it is "
	    "cut off");
}

static void
a_path_without_the_id_that_it_should_have_is_told(void **state)
{
	struct scratch *s = *state;

	put(s, "graph.microsoft.com/v1.0/groups/admins/members.json",
	    "[{\"id\": \"" ID("10") "\"}]");
	expect_folder_fault(s->path, ACTAS_EPARSE,
	    "/groups/admins/members.json", 0,
	    "the path names \"admins\" where a member of a group is looked "
	    "for: expected a GUID, as in groups/*/members");
}

static void
folders_that_are_too_deep_are_refused(void **state)
{
	struct scratch *s = *state;
	struct buffer name = {0};

	for (unsigned i = 0; i <= LIMIT_FOLDER_DEPTH; i++)
		buffer_puts(&name, "d/");
	buffer_puts(&name, "x.json");
	put(s, buffer_text(&name), "[]");
	buffer_release(&name);
	expect_folder_fault(s->path, ACTAS_ELIMIT, "/d/d", 0,
	    "folders lie deeper than 64 levels, the most that is read");
}

static void
expect_folder_problem(
    const struct scratch *s, const char *message, uint32_t line)
{
	struct estate *e;

	load_folder(s->path, &e);
	expect_problem(e, PROBLEM_INCOMPLETE_SOURCE, line, message);
	estate_free(e);
}

static void
a_symbolic_link_is_told_and_not_followed(void **state)
{
	struct scratch *s = *state;
	char path[PATH_MAX];

	put(s, "x.json", "[]");
	snprintf(path, sizeof path, "%s/secrets.json", s->path);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	expect_folder_problem(s,
	    "is a symbolic link, which is not followed: put the file itself "
	    "into the folder",
	    0);
}

static void
a_missing_page_is_told(void **state)
{
	struct scratch *s = *state;

	put(s, "g/groups/" ID("10") "/members.json",
	    "{\"value\": [],\n\"@odata.nextLink\": \"https://x?2\"}");
	expect_folder_problem(s,
	    "the answer goes on on a page that is not here: 1 of at least 2 "
	    "pages were read",
	    2);
}

static void
pages_are_put_together_whatever_they_are_called(void **state)
{
	static const char *const names[] = {"members.2", "members/2",
	    "members/00002", "members?$skiptoken=abc"};
	struct scratch *s = *state;
	char name[128], path[PATH_MAX];
	struct estate *e;

	put(s, "g/groups/" ID("10") "/members.json",
	    "{\"value\": [{\"id\": \"" ID(
		"11") "\"}], "
		      "\"@odata.nextLink\": \"https://x?2\"}");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(name, sizeof name, "g/groups/" ID("10") "/%s.json",
		    names[i]);
		put(s, name, "{\"value\": [{\"id\": \"" ID("12") "\"}]}");
		load_folder(s->path, &e);
		expect_problem(e, 0, 0, NULL);
		assert_int_equal(e->memberships.count, 2);
		estate_free(e);
		snprintf(path, sizeof path, "%s/%s", s->path, name);
		assert_int_equal(remove(path), 0);
	}
}

static void
an_error_answer_in_a_folder_is_a_problem(void **state)
{
	struct scratch *s = *state;

	put(s, "x.json",
	    "{\"error\": {\"code\": \"Authorization_RequestDenied\"}}");
	expect_folder_problem(s,
	    "the answer is an error (Authorization_RequestDenied): what was "
	    "asked for is not here",
	    1);
}

static void
a_count_that_is_not_met_is_told(void **state)
{
	struct scratch *s = *state;

	put(s, "dev.azure.com/o/_apis/projects.json",
	    "{\"count\": 2, \"value\": [{\"name\": \"p\"}]}");
	expect_folder_problem(s, "says that it lists 2 and lists 1", 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_folder_of_every_shape_becomes_the_platform),
	    cmocka_unit_test(the_order_of_files_does_not_matter),
	    cmocka_unit_test_setup_teardown(
		a_folder_without_json_is_refused, begin, end),
	    cmocka_unit_test(a_missing_folder_is_told),
	    cmocka_unit_test_setup_teardown(
		a_broken_file_is_told_with_its_path, begin, end),
	    cmocka_unit_test_setup_teardown(
		a_path_without_the_id_that_it_should_have_is_told, begin, end),
	    cmocka_unit_test_setup_teardown(
		folders_that_are_too_deep_are_refused, begin, end),
	    cmocka_unit_test_setup_teardown(
		a_symbolic_link_is_told_and_not_followed, begin, end),
	    cmocka_unit_test_setup_teardown(a_missing_page_is_told, begin, end),
	    cmocka_unit_test_setup_teardown(
		pages_are_put_together_whatever_they_are_called, begin, end),
	    cmocka_unit_test_setup_teardown(
		an_error_answer_in_a_folder_is_a_problem, begin, end),
	    cmocka_unit_test_setup_teardown(
		a_count_that_is_not_met_is_told, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
