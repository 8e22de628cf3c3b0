#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live.h"
#include "scratch.h"

static struct journal *
open_journal(void)
{
	struct fault fault = {0};
	struct journal *j;
	enum actas_error error = journal_open(scratch_path, &j, &fault);

	assert_string_equal(fault.message, "");
	assert_int_equal(error, ACTAS_OK);
	return j;
}

static const char *
state_text_at(uint64_t revision, moment expected_at)
{
	const struct state *s;
	const char *text;
	moment at;

	assert_int_equal(
	    journal_state_at(scratch_path, revision, &s, &at, NULL), ACTAS_OK);
	assert_int_equal(at, expected_at);
	text = scratch_text(s);
	state_release(s);
	return text;
}

static void
write_file(const char *bytes)
{
	FILE *f = fopen(scratch_path, "w");

	assert_non_null(f);
	assert_int_equal(fputs(bytes, f) >= 0, 1);
	assert_int_equal(fclose(f), 0);
}

static void
assert_open_fails(enum actas_error expected, const char *part)
{
	struct fault fault = {0};
	struct journal *j;

	assert_int_equal(journal_open(scratch_path, &j, &fault), expected);
	assert_null(j);
	assert_int_equal(fault.error, expected);
	if (strstr(fault.message, part) == NULL)
		assert_string_equal(fault.message, part);
}

static void
what_is_no_journal_is_told_from_one(void **unused ACTAS_UNUSED)
{
	assert_open_fails(ACTAS_EIO, "No such file");
	assert_int_equal(access(scratch_path, F_OK), -1);
	write_file("# a page, which is longer than the header of a database "
		   "and begins otherwise\n\n| a | b |\n|---|---|\n| c | d |\n");
	assert_open_fails(ACTAS_EPARSE, "not a database");
	write_file("");
	assert_open_fails(ACTAS_EPARSE, "meta");
	scratch_sql("CREATE TABLE meta (name TEXT, value TEXT)");
	assert_open_fails(ACTAS_EPARSE, "not a journal");
	scratch_sql("INSERT INTO meta VALUES ('schema', '2')");
	assert_open_fails(ACTAS_EPARSE, "version 2");
}

static void
a_file_with_code_in_it_is_not_run(void **unused ACTAS_UNUSED)
{
	struct journal *j;

	assert_int_equal(journal_create(scratch_path, NULL), ACTAS_OK);
	scratch_sql("CREATE TRIGGER t AFTER INSERT ON journal BEGIN"
		    " UPDATE meta SET value = '9'; END");
	j = open_journal();
	assert_int_equal(scratch_append(j, 1, "a=1"), ACTAS_OK);
	journal_close(j);
	j = open_journal();
	journal_close(j);
	scratch_sql("ALTER TABLE meta RENAME TO other;"
		    "CREATE VIEW meta AS SELECT * FROM other");
	assert_open_fails(ACTAS_EPARSE, "access to view");
}

static void
one_is_made_where_there_is_none(void **unused ACTAS_UNUSED)
{
	struct fault fault = {0};
	struct stat s;

	assert_int_equal(journal_create("/nowhere/at/all", &fault), ACTAS_EIO);
	assert_non_null(strstr(fault.message, "No such file"));
	assert_int_equal(journal_create(scratch_path, NULL), ACTAS_OK);
	assert_int_equal(stat(scratch_path, &s), 0);
	assert_int_equal(s.st_mode & 0777, 0600);
	fault = (struct fault){0};
	assert_int_equal(journal_create(scratch_path, &fault), ACTAS_EUSAGE);
	assert_non_null(strstr(fault.message, "File exists"));
}

static void
one_writer_at_a_time(void **unused ACTAS_UNUSED)
{
	struct journal *j = open_journal();
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		struct journal *other;
		struct fault fault = {0};
		enum actas_error error =
		    journal_open(scratch_path, &other, &fault);

		_exit(error == ACTAS_EUSAGE &&
			    strstr(fault.message, "another process") != NULL
			? 0
			: 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_open_fails(ACTAS_EUSAGE, "another process");
	assert_int_equal(scratch_append(j, 1, "a=1"), ACTAS_OK);
	journal_close(j);
	j = open_journal();
	assert_string_equal(scratch_load(j, 1), "a=1");
	journal_close(j);
}

static void
what_was_appended_is_loaded(void **unused ACTAS_UNUSED)
{
	struct journal *j = open_journal();

	assert_string_equal(scratch_load(j, 0), "");
	assert_int_equal(scratch_append(j, 1, "b=2 a=1 c="), ACTAS_OK);
	assert_int_equal(scratch_append(j, 2, "b a=3 d=4 none"), ACTAS_OK);
	assert_string_equal(scratch_load(j, 2), "a=3 c= d=4");
	journal_close(j);
	j = open_journal();
	assert_string_equal(scratch_load(j, 2), "a=3 c= d=4");
	assert_int_equal(scratch_append(j, 3, "c"), ACTAS_OK);
	assert_string_equal(scratch_load(j, 3), "a=3 d=4");
	journal_close(j);
}

static void
any_bytes_are_kept(void **unused ACTAS_UNUSED)
{
	static char value[LIMIT_VALUE_BYTES];
	static const char odd[] = {'k', '\0', '\xff', '\'', '\n', '\xc3'};
	struct write writes[] = {
	    {{odd, sizeof odd}, {value, sizeof value}},
	    {{odd, 2}, {odd, sizeof odd}},
	    {{value, LIMIT_KEY_BYTES}, SLICE("long")},
	    {SLICE(""), SLICE("empty")},
	};
	struct record r = {1, 7, SLICE(""), {0}, writes, 4};
	struct verification_report report;
	struct journal *j = open_journal();
	const struct state *s;
	struct slice found;
	uint64_t revision;
	moment at;

	for (size_t i = 0; i < sizeof value; i++)
		value[i] = (char)(i * 31);
	assert_int_equal(journal_append(j, &r, 1, NULL), ACTAS_OK);
	assert_int_equal(journal_load(j, &s, &revision, &at, NULL), ACTAS_OK);
	assert_int_equal(at, 7);
	assert_int_equal(state_count(s), 4);
	for (size_t i = 0; i < 4; i++) {
		assert_true(state_get(s, writes[i].key, &found));
		assert_true(slice_eq(found, writes[i].value));
	}
	state_release(s);
	journal_close(j);
	assert_int_equal(journal_verify(scratch_path, &report, NULL), ACTAS_OK);
	assert_int_equal(report.entities, 4);
}

static void
records_follow_each_other(void **unused ACTAS_UNUSED)
{
	struct journal *j = open_journal();
	struct write write = {SLICE("a"), SLICE("1")};
	struct record two[] = {
	    {1, 100, SLICE(""), SLICE(""), &write, 1},
	    {3, 300, SLICE(""), SLICE(""), &write, 1},
	};

	assert_int_equal(scratch_append(j, 0, "a=1"), ACTAS_EUSAGE);
	assert_int_equal(scratch_append(j, 2, "a=1"), ACTAS_EUSAGE);
	assert_int_equal(journal_append(j, two, 2, NULL), ACTAS_EUSAGE);
	assert_string_equal(scratch_load(j, 0), "");
	assert_int_equal(journal_append(j, NULL, 0, NULL), ACTAS_OK);
	two[1].revision = 2;
	two[1].at = 200;
	assert_int_equal(journal_append(j, two, 2, NULL), ACTAS_OK);
	assert_string_equal(scratch_load(j, 2), "a=1");
	journal_close(j);
}

static void
the_past_is_read_while_it_is_written(void **unused ACTAS_UNUSED)
{
	struct journal *j = open_journal();
	struct fault fault = {0};
	const struct state *s;
	uint64_t revision;
	moment at;

	assert_int_equal(
	    journal_revision_at(scratch_path, 1000, &revision, NULL), ACTAS_OK);
	assert_int_equal(revision, 0);
	assert_int_equal(scratch_append(j, 1, "a=1 b=1"), ACTAS_OK);
	assert_int_equal(scratch_append(j, 2, "a b=2"), ACTAS_OK);
	assert_int_equal(scratch_append(j, 3, "a=3"), ACTAS_OK);
	assert_string_equal(state_text_at(0, MOMENT_UNKNOWN), "");
	assert_string_equal(state_text_at(1, 100), "a=1 b=1");
	assert_string_equal(state_text_at(2, 200), "b=2");
	assert_string_equal(state_text_at(3, 300), "a=3 b=2");
	assert_int_equal(journal_state_at(scratch_path, 4, &s, &at, &fault),
	    ACTAS_ENOTFOUND);
	assert_null(s);
	assert_string_equal(fault.message, "the newest revision is 3");
	assert_int_equal(
	    journal_state_at(scratch_path, UINT64_MAX, &s, &at, NULL),
	    ACTAS_ENOTFOUND);
	for (moment when = 99; when <= 301; when++) {
		assert_int_equal(
		    journal_revision_at(scratch_path, when, &revision, NULL),
		    ACTAS_OK);
		assert_int_equal(revision, when / 100);
	}
	journal_close(j);
	assert_string_equal(state_text_at(2, 200), "b=2");
	fault = (struct fault){0};
	assert_int_equal(
	    journal_state_at("/nowhere", 0, &s, &at, &fault), ACTAS_EIO);
	assert_int_equal(
	    journal_revision_at("/nowhere", 0, &revision, NULL), ACTAS_EIO);
}

/* The log beside the database does not grow without end. */
static void
a_long_log_is_carried_over(void **unused ACTAS_UNUSED)
{
	static char value[LIMIT_VALUE_BYTES];
	struct write write = {SLICE("a"), {value, sizeof value}};
	struct journal *j = open_journal();
	const off_t most = (off_t)(LIMIT_LOG_PAGES + 1024) * 4200;
	char log[128];
	struct stat s;

	snprintf(log, sizeof log, "%s-wal", scratch_path);
	for (uint64_t i = 1; i <= 50; i++) {
		struct record r = {i, 1, SLICE(""), SLICE(""), &write, 1};

		assert_int_equal(journal_append(j, &r, 1, NULL), ACTAS_OK);
		assert_int_equal(stat(log, &s), 0);
		assert_in_range(s.st_size, 1, most);
	}
	assert_true(s.st_size > most / 2);
	journal_close(j);
	assert_int_equal(stat(log, &s), -1);
}

/* Opens, appends, loads; '*revision' is the newest that was appended. */
static bool
use(uint64_t *revision)
{
	const struct state *s = NULL;
	struct journal *j;
	uint64_t loaded;
	moment at;
	bool done = journal_open(scratch_path, &j, NULL) == ACTAS_OK;

	done = done && scratch_append(j, *revision + 1, "a=1 b=2") == ACTAS_OK;
	*revision += done;
	done = done && journal_load(j, &s, &loaded, &at, NULL) == ACTAS_OK;
	assert_int_equal(state_count(s), done ? 2 : 0);
	state_release(s);
	journal_close(j);
	return done;
}

static bool
look_back(uint64_t revision)
{
	struct verification_report report;
	const struct state *s;
	moment at;
	bool done =
	    journal_state_at(scratch_path, revision, &s, &at, NULL) == ACTAS_OK;

	assert_int_equal(state_count(s), done ? 2 : 0);
	state_release(s);
	return done && journal_verify(scratch_path, &report, NULL) == ACTAS_OK;
}

/* Each allocation of the journal's own fails once; nothing is lost, nothing
 * half done, nothing leaked. */
static void
without_memory_nothing_is_done(void **unused ACTAS_UNUSED)
{
	int64_t before = live();
	uint64_t revision = 0;
	int64_t n = -1;
	bool done = false;

	while (!done) {
		struct journal *j;

		mem_fail_after(++n);
		done = use(&revision);
		mem_fail_after(-1);
		assert_int_equal(live(), before);
		j = open_journal();
		assert_string_equal(
		    scratch_load(j, revision), revision == 0 ? "" : "a=1 b=2");
		journal_close(j);
	}
	assert_true(n > 5);
	for (n = 0, done = false; !done; n++) {
		mem_fail_after(n);
		done = look_back(revision);
		mem_fail_after(-1);
		assert_int_equal(live(), before);
	}
	assert_true(n > 10);
}

#define FRESH(test) \
	cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
#define MADE(test)                       \
	cmocka_unit_test_setup_teardown( \
	    test, scratch_make_journal, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FRESH(what_is_no_journal_is_told_from_one),
	    FRESH(a_file_with_code_in_it_is_not_run),
	    FRESH(one_is_made_where_there_is_none),
	    MADE(one_writer_at_a_time),
	    MADE(what_was_appended_is_loaded),
	    MADE(any_bytes_are_kept),
	    MADE(records_follow_each_other),
	    MADE(the_past_is_read_while_it_is_written),
	    MADE(a_long_log_is_carried_over),
	    MADE(without_memory_nothing_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
