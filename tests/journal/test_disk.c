#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include "edit.h"
#include "faulty.h"
#include "scratch.h"

/*
 * What happens when the disk does not do what it is asked to: by a file system
 * of SQLite's that fails at any point, by a limit on the size of files, and by
 * a real file system that is full, where one may be mounted.
 */

static void
assert_verify(uint64_t revisions)
{
	struct verification_report report;
	struct fault fault = {0};
	enum actas_error error = journal_verify(scratch_path, &report, &fault);

	assert_string_equal(fault.message, "");
	assert_int_equal(error, ACTAS_OK);
	assert_int_equal(report.revisions, revisions);
}

static const struct {
	enum faulty what;
	int code;
	const char *told;
} faults[] = {
    {FAULTY_WRITE, SQLITE_FULL, "database or disk is full"},
    {FAULTY_WRITE, SQLITE_IOERR_WRITE, "disk I/O error"},
    {FAULTY_SYNC, SQLITE_IOERR_FSYNC, "disk I/O error"},
    {FAULTY_ALL, SQLITE_FULL, "database or disk is full"},
    {FAULTY_ALL, SQLITE_IOERR, "disk I/O error"},
};

/* A batch fails at its 'n'-th access; '*revision' is the newest. False where
 * it has no so many. */
static bool
fail_at(struct store *s, size_t which, int64_t n, uint64_t *revision)
{
	const struct snapshot *past;
	struct verification_report report;
	char before[256], expected[128];
	enum actas_error error;

	snprintf(before, sizeof before, "%s", newest_text(s));
	logged = 0;
	faulty_fail(faults[which].what, faults[which].code, n);
	error = edit_commit(s, "a=2 b view/x=1");
	if (error == ACTAS_OK) {
		faulty_fail(FAULTY_NOT, 0, 0);
		*revision += 1;
		return false;
	}
	assert_int_equal(error, ACTAS_EIO);
	assert_int_equal(edit_commit(s, "c=1"), ACTAS_EIO);
	assert_int_equal(edit_commit(s, ""), ACTAS_OK);
	assert_int_equal(logged, 1);
	snprintf(expected, sizeof expected,
	    "changes are refused until they can be written: cannot write the "
	    "journal: %s",
	    faults[which].told);
	assert_memory_equal(logged_line, expected, strlen(expected));
	assert_string_equal(newest_text(s), before);
	assert_int_equal(store_pin_at(s, *revision - 1, &past, NULL), ACTAS_OK);
	store_unpin(s, past);
	assert_int_equal(journal_verify(scratch_path, &report, NULL), ACTAS_OK);
	faulty_fail(FAULTY_NOT, 0, 0);
	assert_int_equal(edit_commit(s, "d=1"), ACTAS_OK);
	assert_int_equal(logged, 2);
	assert_string_equal(logged_line, "changes can be written again");
	assert_int_equal(edit_commit(s, "d"), ACTAS_OK);
	assert_int_equal(logged, 2);
	*revision += 2;
	assert_string_equal(newest_text(s), before);
	return true;
}

static void
every_access_may_fail(void **unused ACTAS_UNUSED)
{
	struct store *s = test_store();
	uint64_t revision = 2;

	assert_int_equal(edit_commit(s, "a=1 b=1"), ACTAS_OK);
	assert_int_equal(edit_commit(s, "b=2"), ACTAS_OK);
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		int64_t n = 0;

		while (fail_at(s, i, n, &revision))
			n++;
		assert_in_range(n, 1, 60);
		assert_string_equal(newest_text(s), "a=2 view/x=1");
		assert_int_equal(edit_commit(s, "a=1 b=2 view/x"), ACTAS_OK);
		revision++;
		assert_verify(revision);
	}
	store_close(s);
	s = test_store();
	assert_string_equal(newest_text(s), "a=1 b=2");
	store_close(s);
	assert_verify(revision);
}

/* A store that closes, and one that opens, while the disk fails. */
static void
failure_at_the_ends_loses_nothing(void **unused ACTAS_UNUSED)
{
	struct store_options options = test_store_options();
	struct store *s = test_store();

	assert_int_equal(edit_commit(s, "a=1"), ACTAS_OK);
	faulty_fail(FAULTY_ALL, SQLITE_IOERR, 0);
	assert_int_equal(edit_commit(s, "a=2"), ACTAS_EIO);
	store_close(s);
	/* It may or may not need to write; it never lies. */
	if (store_open(&options, &s, NULL) == ACTAS_OK) {
		assert_string_equal(newest_text(s), "a=1");
		store_close(s);
	}
	faulty_fail(FAULTY_NOT, 0, 0);
	s = test_store();
	assert_string_equal(newest_text(s), "a=1");
	store_close(s);
	assert_verify(1);
}

static void
a_journal_that_cannot_be_made_leaves_nothing(void **unused ACTAS_UNUSED)
{
	enum actas_error error = ACTAS_EIO;
	struct journal *j;
	int64_t n = 0;

	assert_int_equal(unlink(scratch_path), 0);
	for (; error != ACTAS_OK; n++) {
		struct fault fault = {0};

		faulty_fail(FAULTY_ALL, SQLITE_FULL, n);
		error = journal_create(scratch_path, &fault);
		faulty_fail(FAULTY_NOT, 0, 0);
		if (error == ACTAS_OK)
			break;
		assert_int_equal(error, ACTAS_EIO);
		assert_int_equal(access(scratch_path, F_OK), -1);
	}
	assert_true(n > 3);
	assert_int_equal(journal_open(scratch_path, &j, NULL), ACTAS_OK);
	assert_string_equal(scratch_load(j, 0), "");
	journal_close(j);
}

/* Writes until it is refused, and goes on when there is room again. */
static void
fill(struct store *s, uint64_t *revision)
{
	static char text[100000];
	enum actas_error error = ACTAS_OK;

	memset(text, 'v', sizeof text - 1);
	text[1] = '=';
	for (int i = 0; error == ACTAS_OK && i < 100; i++) {
		error = edit_commit(s, text);
		*revision += error == ACTAS_OK;
	}
	assert_int_equal(error, ACTAS_EIO);
	assert_int_equal(logged, 1);
	assert_non_null(strstr(logged_line, "refused until"));
}

static void
go_on(struct store *s, uint64_t revision)
{
	assert_int_equal(edit_commit(s, "v a=1"), ACTAS_OK);
	assert_int_equal(logged, 2);
	assert_string_equal(newest_text(s), "a=1");
	store_close(s);
	assert_verify(revision + 1);
}

static void
files_may_have_a_greatest_size(void **unused ACTAS_UNUSED)
{
	struct rlimit before, limit;
	uint64_t revision = 0;
	struct store *s = test_store();

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = 1 << 20;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	fill(s, &revision);
	assert_true(revision > 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	go_on(s, revision);
}

static bool
write_file(const char *path, const char *text)
{
	int f = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = f >= 0 && write(f, text, strlen(text)) > 0;

	if (f >= 0)
		close(f);
	return ok;
}

/* Mounts a file system of two megabytes that only this process sees. */
static bool
mount_small(void)
{
	char map[64];
	unsigned user = getuid();

	if (unshare(CLONE_NEWNS | (user == 0 ? 0 : CLONE_NEWUSER)) != 0)
		return false;
	snprintf(map, sizeof map, "0 %u 1", user);
	if (user != 0 && !write_file("/proc/self/uid_map", map))
		return false;
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("none", scratch_folder, "tmpfs", 0, "size=2m") == 0;
}

static void
a_disk_may_be_full(void **unused ACTAS_UNUSED)
{
	static char ballast[64 << 10];
	uint64_t revision = 0;
	char path[128];
	struct store *s;
	FILE *f;

	if (!mount_small()) {
		/* cmocka's skip() is "not ok" in TAP, which meson fails. */
		print_message("# SKIP no file system may be mounted here\n");
		return;
	}
	snprintf(path, sizeof path, "%s/ballast", scratch_folder);
	f = fopen(path, "w");
	assert_non_null(f);
	for (int i = 0; i < 16; i++)
		assert_int_equal(fwrite(ballast, sizeof ballast, 1, f), 1);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(journal_create(scratch_path, NULL), ACTAS_OK);
	s = test_store();
	fill(s, &revision);
	assert_int_equal(unlink(path), 0);
	go_on(s, revision);
	assert_int_equal(umount(scratch_folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(every_access_may_fail),
	    STORE_TEST(failure_at_the_ends_loses_nothing),
	    STORE_TEST(a_journal_that_cannot_be_made_leaves_nothing),
	    STORE_TEST(files_may_have_a_greatest_size),
	    STORE_TEST(a_disk_may_be_full),
	};

	faulty_install();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
