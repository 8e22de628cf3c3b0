/* What other hands, and full disks, do to an audit log. */
#include "audit_test.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static void
expect_refused(struct world *w, const char *told)
{
	assert_int_equal(world_put(w, 900), ACTAS_EIO);
	assert_int_equal(world_put(w, 901), ACTAS_EIO);
	world_expect_told(w, told, 1);
	world_expect_told(w, "refused until an administrator reopens it", 1);
}

static void
reopen(struct world *w)
{
	struct fault fault = {0};

	if (audit_reopen(w->audit, &fault) != ACTAS_OK)
		fail_msg("%s: %s", fault.file, fault.message);
}

static void
expect_recorded(struct world *w, const char *name, const char *text)
{
	struct buffer content = world_read(w, name);

	if (slice_find(buffer_slice(&content), slice_of(text)) == SIZE_MAX)
		fail_msg("%s lacks \"%s\"", buffer_text(&content), text);
	buffer_release(&content);
}

static void
a_removed_file_is_noticed(void **state)
{
	struct world *w = *state;

	world_open(w);
	world_puts(w, 1, 3);
	world_remove(w, AUDIT_TODAY);
	expect_refused(w, "was removed under the running process");
	assert_int_equal(access(w->path, F_OK), -1); /* not made again */
	reopen(w);
	expect_recorded(w, AUDIT_TODAY,
	    "\"detail\":\"" AUDIT_TODAY " was removed under the running");
	world_puts(w, 4, 4);
	world_expect_broken(
	    w, AUDIT_TODAY, 1, "what stood before it was removed");
}

static void
a_truncated_file_is_noticed(void **state)
{
	struct world *w = *state;
	struct buffer content;

	world_open(w);
	world_puts(w, 1, 3);
	content = world_read(w, AUDIT_TODAY);
	assert_int_equal(truncate(w->path, (off_t)content.length - 10), 0);
	buffer_release(&content);
	expect_refused(w, "was cut short under the running process");
	reopen(w);
	expect_recorded(w, AUDIT_TODAY, "was cut short under the running");
	expect_recorded(w, AUDIT_TODAY, "half a line of");
	world_puts(w, 4, 4);
	world_expect_broken(
	    w, AUDIT_TODAY, 3, "lines between them were removed, or put in");
}

static void
an_emptied_file_is_noticed(void **state)
{
	struct world *w = *state;

	world_open(w);
	world_puts(w, 1, 3);
	assert_int_equal(truncate(w->path, 0), 0);
	expect_refused(w, "was cut short under the running process");
	reopen(w);
	world_expect_broken(
	    w, AUDIT_TODAY, 1, "what stood before it was removed");
}

static void
a_replaced_file_is_noticed(void **state)
{
	struct world *w = *state;
	struct buffer content;

	world_open(w);
	world_puts(w, 1, 3);
	content = world_read(w, AUDIT_TODAY);
	world_remove(w, AUDIT_TODAY);
	world_write(w, AUDIT_TODAY, buffer_slice(&content));
	expect_refused(w, "was replaced under the running process");
	reopen(w);
	world_puts(w, 4, 4);
	/* The same lines: nothing is missing, and it is recorded. */
	world_expect_sound(w, 5);
	expect_recorded(w, AUDIT_TODAY, "was replaced under the running");
	buffer_release(&content);
}

static void
anothers_line_is_noticed(void **state)
{
	struct world *w = *state;
	int fd;

	world_open(w);
	world_puts(w, 1, 3);
	fd = open(w->path, O_WRONLY | O_APPEND);
	assert_int_equal(write(fd, "{}\n", 3), 3);
	close(fd);
	expect_refused(w, "was written to by somebody else");
	reopen(w);
	world_expect_broken(w, AUDIT_TODAY, 4, "is no line of the audit log");
}

static void
a_moved_folder_is_noticed(void **state)
{
	struct world *w = *state;
	char away[80];

	world_open(w);
	world_puts(w, 1, 3);
	snprintf(away, sizeof away, "%s-away", w->folder);
	assert_int_equal(rename(w->folder, away), 0);
	expect_refused(w, "was removed under the running process");
	assert_int_equal(rename(away, w->folder), 0);
	assert_int_equal(world_put(w, 4), ACTAS_EIO); /* stays so */
	reopen(w);
	world_puts(w, 5, 5);
	world_expect_sound(w, 5);
}

static void
a_file_that_lies_in_wait_is_noticed(void **state)
{
	struct world *w = *state;

	world_open(w);
	world_puts(w, 1, 3);
	w->now += MOMENT_DAY;
	world_write(w, "audit-2026-11-22.jsonl", SLICE(""));
	expect_refused(
	    w, "audit-2026-11-22.jsonl was made by somebody else under the");
	reopen(w);
	world_puts(w, 4, 4);
	world_expect_sound(w, 5);
}

static void
a_link_is_not_followed(void **state)
{
	struct world *w = *state;

	world_open(w);
	world_close(w);
	assert_int_equal(symlink("/dev/null", w->path), 0);
	world_open_fails(w, ACTAS_EIO, "cannot be opened");
}

static void
yesterdays_file_is_watched_until_it_is_left(void **state)
{
	struct world *w = *state;

	world_open(w);
	world_puts(w, 1, 3);
	w->now += MOMENT_DAY;
	assert_int_equal(truncate(w->path, 0), 0);
	expect_refused(w, AUDIT_TODAY " was cut short");
}

static void
without_a_break_reopening_does_nothing(void **state)
{
	struct world *w = *state;

	world_open(w);
	reopen(w);
	world_puts(w, 1, 1);
	reopen(w);
	world_expect_sound(w, 1);
	world_expect_told(w, "\n", 0);
}

static void
a_restart_records_that_lines_are_gone(void **state)
{
	struct world *w = *state;

	world_open(w);
	world_puts(w, 1, 3);
	world_close(w);
	world_remove(w, AUDIT_TODAY);
	world_expect_broken(w, AUDIT_TODAY, 0, "were removed");
	w->now += MOMENT_DAY;
	world_open(w);
	world_expect_told(w,
	    "lines that had reached the disk are gone, up to " AUDIT_TODAY, 1);
	world_expect_broken(
	    w, "audit-2026-11-22.jsonl", 1, "what stood before it was removed");
}

/* The file ends with a whole line: nothing but the head knows. */
static void
lines_missing_at_the_end_are_noticed(void **state)
{
	struct world *w = *state;
	struct buffer content;
	size_t third;

	world_open(w);
	world_puts(w, 1, 3);
	world_close(w);
	content = world_read(w, AUDIT_TODAY);
	third = content.length / 3 * 2;
	third +=
	    slice_find(slice_from(buffer_slice(&content), third), SLICE("\n")) +
	    1;
	if (third == content.length)
		third = content.length / 3 * 2;
	world_write(
	    w, AUDIT_TODAY, slice_sub(buffer_slice(&content), 0, third));
	world_expect_broken(
	    w, AUDIT_TODAY, 0, "lines at the end of the log were removed");
	world_open(w);
	world_expect_told(w, "lines that had reached the disk are gone", 1);
	world_expect_broken(
	    w, AUDIT_TODAY, 3, "lines between them were removed, or put in");
	buffer_release(&content);
}

static void
an_altered_last_line_is_noticed_at_the_start(void **state)
{
	struct world *w = *state;
	struct buffer content;

	world_open(w);
	world_puts(w, 1, 3);
	world_close(w);
	content = world_read(w, AUDIT_TODAY);
	content.at[slice_find(buffer_slice(&content), SLICE("KV-3"))] = 'X';
	world_write(w, AUDIT_TODAY, buffer_slice(&content));
	world_open(w);
	world_expect_told(w, "the last line of the log was altered", 1);
	world_puts(w, 4, 4);
	world_expect_broken(w, AUDIT_TODAY, 3, "its hash is not its own");
	buffer_release(&content);
}

static void
a_missing_or_altered_head_is_told(void **state)
{
	static const char *const heads[] = {NULL, "", "{}", "not a head",
	    "{\"file\":\"../../etc/passwd\",\"size\":1,\"hash\":\"\"}"};
	struct world *w = *state;
	size_t n = sizeof heads / sizeof *heads;

	world_open(w);
	world_puts(w, 1, 1);
	for (size_t i = 0; i < n; i++) {
		world_close(w);
		world_remove(w, "head");
		if (heads[i] != NULL)
			world_write(w, "head", slice_of(heads[i]));
		buffer_clear(&w->told);
		world_open(w);
		world_expect_told(
		    w, "the log's head is missing, or was altered", 1);
	}
	world_close(w); /* writes it again */
	world_expect_sound(w, 1 + n);
}

static void
what_does_not_end_like_a_log_is_for_a_person(void **state)
{
	struct world *w = *state;
	struct buffer junk = {0};

	buffer_fill(&junk, 'x', LIMIT_AUDIT_LINE_BYTES + 1);
	world_write(w, AUDIT_TODAY, buffer_slice(&junk));
	world_open_fails(
	    w, ACTAS_EPARSE, "does not end like an audit log: move it away");
	buffer_fill(&junk, 'x', 3 * LIMIT_AUDIT_LINE_BYTES);
	buffer_putc(&junk, '\n');
	world_write(w, AUDIT_TODAY, buffer_slice(&junk));
	world_open(w);
	world_expect_told(w, "the last line of the log was altered", 1);
	world_expect_broken(w, AUDIT_TODAY, 1, "is longer than any line");
	buffer_release(&junk);
}

/* A disk of so many bytes. */
static void
limit_files(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
a_full_disk_refuses_and_recovers(void **state)
{
	struct world *w = *state;
	struct buffer before, after;
	struct stat st;

	signal(SIGXFSZ, SIG_IGN);
	world_open(w);
	world_puts(w, 1, 3);
	before = world_read(w, AUDIT_TODAY);
	for (rlim_t room = 0; room < 300; room += 37) {
		limit_files(before.length + room);
		assert_int_equal(world_put(w, 4), ACTAS_EIO);
		assert_int_equal(world_put(w, 4), ACTAS_EIO);
		limit_files(RLIM_INFINITY);
		/* Nothing of what was refused stays. */
		assert_int_equal(stat(w->path, &st), 0);
		assert_int_equal(st.st_size, before.length);
		world_expect_told(
		    w, "cannot be written", (unsigned)room / 37 + 1);
		after = world_read(w, AUDIT_TODAY);
		assert_true(
		    slice_eq(buffer_slice(&before), buffer_slice(&after)));
		buffer_release(&after);
		world_puts(w, 4, 4);
		world_expect_told(
		    w, "is written again", (unsigned)room / 37 + 1);
		buffer_release(&before);
		before = world_read(w, AUDIT_TODAY);
	}
	world_expect_sound(w, 12);
	buffer_release(&before);
}

static void
a_folder_that_takes_no_file_refuses_and_recovers(void **state)
{
	struct world *w = *state;

	uid_t user = geteuid();

	if (user == 0) { /* who may write anywhere */
		assert_int_equal(chown(w->folder, 65534, 65534), 0);
		assert_int_equal(seteuid(65534), 0);
	}
	world_open(w);
	world_puts(w, 1, 1);
	w->now += MOMENT_DAY;
	assert_int_equal(chmod(w->folder, 0500), 0);
	assert_int_equal(world_put(w, 2), ACTAS_EIO);
	assert_int_equal(world_put(w, 2), ACTAS_EIO);
	assert_int_equal(chmod(w->folder, 0700), 0);
	world_expect_told(w, "cannot make its file", 1);
	world_puts(w, 3, 3);
	world_expect_told(w, "is written again", 1);
	world_expect_sound(w, 2);
	assert_int_equal(seteuid(user), 0);
}

static void
the_head_follows_without_a_further_line(void **state)
{
	struct world *w = *state;
	struct buffer before, after = {0};

	world_open(w);
	before = world_read(w, "head");
	world_puts(w, 1, 1);
	for (int i = 0; i < 500; i++) {
		usleep(10000);
		buffer_release(&after);
		after = world_read(w, "head");
		if (!slice_eq(buffer_slice(&before), buffer_slice(&after)))
			break;
	}
	assert_true(
	    slice_find(buffer_slice(&after), SLICE(AUDIT_TODAY)) != SIZE_MAX);
	assert_int_equal(before.length, after.length);
	buffer_release(&before);
	buffer_release(&after);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_removed_file_is_noticed),
	    TEST(a_truncated_file_is_noticed),
	    TEST(an_emptied_file_is_noticed),
	    TEST(a_replaced_file_is_noticed),
	    TEST(anothers_line_is_noticed),
	    TEST(a_moved_folder_is_noticed),
	    TEST(a_file_that_lies_in_wait_is_noticed),
	    TEST(a_link_is_not_followed),
	    TEST(yesterdays_file_is_watched_until_it_is_left),
	    TEST(without_a_break_reopening_does_nothing),
	    TEST(a_restart_records_that_lines_are_gone),
	    TEST(lines_missing_at_the_end_are_noticed),
	    TEST(an_altered_last_line_is_noticed_at_the_start),
	    TEST(a_missing_or_altered_head_is_told),
	    TEST(what_does_not_end_like_a_log_is_for_a_person),
	    TEST(a_full_disk_refuses_and_recovers),
	    TEST(a_folder_that_takes_no_file_refuses_and_recovers),
	    TEST(the_head_follows_without_a_further_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
