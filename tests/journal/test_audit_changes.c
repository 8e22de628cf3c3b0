/* Changes: the journal has them, and the log tells of each, once, in order,
 * whatever happens in between. */
#include "audit_test.h"

#include "journal/journal.h"

#include <jansson.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

struct scene {
	struct world *w;
	char journal[128];
	struct journal *db;
	uint64_t revision;
};

static struct scene
scene_begin(struct world *w)
{
	struct scene s = {.w = w};
	struct fault fault = {0};

	snprintf(s.journal, sizeof s.journal, "%s/platform.db", w->folder);
	assert_int_equal(journal_create(s.journal, &fault), ACTAS_OK);
	assert_int_equal(journal_open(s.journal, &s.db, &fault), ACTAS_OK);
	world_open(w);
	assert_int_equal(audit_follow(w->audit, s.journal, 0), ACTAS_OK);
	return s;
}

static void
scene_reopen(struct scene *s)
{
	world_close(s->w);
	world_open(s->w);
	assert_int_equal(
	    audit_follow(s->w->audit, s->journal, s->revision), ACTAS_OK);
}

/* A change that the journal has, and nobody told of yet. */
static void
make_change(struct scene *s)
{
	const struct write writes[] = {
	    {SLICE("secret/kv/a"), SLICE("{}")},
	    {SLICE("current/kv/a"), SLICE("{}")},
	};
	struct record r = {.revision = ++s->revision,
	    .at = AUDIT_NOON,
	    .actor = SLICE("00000000-0000-4000-8000-000000000010"),
	    .request = SLICE("00000000-0000-4000-8000-0000000000aa"),
	    .writes = writes,
	    .write_count = 2};
	struct fault fault = {0};

	assert_int_equal(journal_append(s->db, &r, 1, &fault), ACTAS_OK);
}

static void
tell_change(struct scene *s, uint64_t revision)
{
	struct audit_line line = {.kind = AUDIT_ALLOWED,
	    .at = AUDIT_NOON,
	    .operation = SLICE("SecretSet"),
	    .status = 200,
	    .revision = revision};

	audit_change(s->w->audit, &line);
}

struct seen {
	uint64_t changes[64]; /* revisions of lines of changes, in order */
	bool own[64];         /* by the line that came with them */
	size_t count, others;
};

static enum actas_error
see(void *context, struct slice text)
{
	struct seen *seen = context;
	json_t *line = json_loadb(text.at, text.length, 0, NULL);
	const char *operation =
	    json_string_value(json_object_get(line, "operation"));
	bool own = strcmp(operation, "SecretSet") == 0;

	assert_non_null(line);
	if (own || strcmp(operation, "Change") == 0) {
		assert_true(seen->count < 64);
		seen->own[seen->count] = own;
		seen->changes[seen->count++] = (uint64_t)json_integer_value(
		    json_object_get(line, "revision"));
	} else {
		seen->others++;
	}
	json_decref(line);
	return ACTAS_OK;
}

/* Each change from the first to the newest once; 'own' has a letter each: "o"
 * by its own line, "j" from the journal. */
static void
expect_changes(struct scene *s, const char *journal, const char *own)
{
	struct audit_filter all = {
	    .from = MOMENT_UNKNOWN, .to = MOMENT_UNKNOWN};
	struct seen seen = {0};
	struct fault fault = {0};

	if (audit_read(s->w->folder, journal, &all, see, &seen, &fault) !=
	    ACTAS_OK)
		fail_msg("%s", fault.message);
	assert_int_equal(seen.count, strlen(own));
	for (size_t i = 0; i < seen.count; i++) {
		assert_int_equal(seen.changes[i], i + 1);
		assert_int_equal(seen.own[i], own[i] == 'o');
	}
}

static void
scene_end(struct scene *s)
{
	uint64_t lines;
	struct fault fault = {0};

	world_close(s->w);
	if (audit_verify(s->w->folder, SLICE(""), &lines, &fault) != ACTAS_OK)
		fail_msg("%s", fault.message);
	journal_close(s->db);
}

static void
each_change_is_told_by_its_own_line(void **state)
{
	struct scene s = scene_begin(*state);

	for (uint64_t r = 1; r <= 3; r++) {
		make_change(&s);
		tell_change(&s, r);
		world_puts(s.w, 1, 2);
	}
	/* Word of them that comes late changes nothing. */
	audit_made(s.w->audit, 2);
	tell_change(&s, 3);
	expect_changes(&s, NULL, "ooo");
	scene_reopen(&s);
	expect_changes(&s, s.journal, "ooo");
	scene_end(&s);
}

static void
changes_without_a_line_come_from_the_journal(void **state)
{
	struct scene s = scene_begin(*state);
	struct buffer content;

	make_change(&s);
	make_change(&s);
	make_change(&s);
	tell_change(&s, 3);
	make_change(&s);
	audit_made(s.w->audit, 4);
	expect_changes(&s, NULL, "jjoj");
	content = world_read(s.w, AUDIT_TODAY);
	assert_true(
	    slice_find(buffer_slice(&content),
		SLICE("\"request\":\"00000000-0000-4000-8000-"
		      "0000000000aa\",\"objectId\":\"00000000-0000-"
		      "4000-8000-000000000010\",\"operation\":\"Change"
		      "\",\"resource\":\"secret/kv/a\",\"detail\":\"2 "
		      "entities; told from the journal\",\"revision\":1,"
		      "\"told\":1,\"previous\"")) != SIZE_MAX);
	buffer_release(&content);
	scene_end(&s);
}

/* Nobody told: the process died in between. Whoever reads the folder sees it
 * at once; the log has it when it is opened. */
static void
a_crash_in_between_is_made_good(void **state)
{
	struct scene s = scene_begin(*state);

	make_change(&s);
	tell_change(&s, 1);
	world_puts(s.w, 1, 3);
	make_change(&s);
	make_change(&s);
	expect_changes(&s, NULL, "o");
	expect_changes(&s, s.journal, "ojj");
	scene_reopen(&s);
	expect_changes(&s, NULL, "ojj");
	scene_reopen(&s);
	expect_changes(&s, s.journal, "ojj");
	scene_end(&s);
}

static void
limit_files(struct world *w, bool full)
{
	static struct rlimit before;
	struct rlimit tight;
	struct stat st;

	if (!full) {
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
		return;
	}
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(stat(w->path, &st), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	tight = before;
	tight.rlim_cur = (rlim_t)st.st_size + 10;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
}

/* The log's disk is full when the change was made already. It stays made;
 * nothing else goes on until the log told of it. */
static void
a_full_disk_is_caught_up_with(void **state)
{
	struct scene s = scene_begin(*state);

	make_change(&s);
	tell_change(&s, 1);
	make_change(&s);
	make_change(&s);
	limit_files(s.w, true);
	tell_change(&s, 2);
	tell_change(&s, 3);
	assert_int_equal(world_put(s.w, 1), ACTAS_EIO);
	assert_int_equal(audit_ready(s.w->audit), ACTAS_EIO);
	limit_files(s.w, false);
	assert_int_equal(world_put(s.w, 2), ACTAS_OK);
	expect_changes(&s, NULL, "ojj");
	make_change(&s);
	tell_change(&s, 4);
	expect_changes(&s, NULL, "ojjo");
	scene_end(&s);
}

/* Without anybody asking. */
static void
the_syncing_thread_catches_up(void **state)
{
	struct scene s = scene_begin(*state);
	struct buffer content = {0};

	make_change(&s);
	tell_change(&s, 1);
	make_change(&s);
	limit_files(s.w, true);
	tell_change(&s, 2);
	limit_files(s.w, false);
	for (int i = 0; i < 100; i++) {
		buffer_release(&content);
		content = world_read(s.w, AUDIT_TODAY);
		if (slice_find(buffer_slice(&content), SLICE("\"told\":2")) !=
		    SIZE_MAX)
			break;
		usleep(100000);
	}
	buffer_release(&content);
	expect_changes(&s, NULL, "oj");
	scene_end(&s);
}

/* A log that somebody broke tells of the changes that were made meanwhile. */
static void
a_break_is_told_before_them(void **state)
{
	struct scene s = scene_begin(*state);
	struct fault fault = {0};

	make_change(&s);
	tell_change(&s, 1);
	make_change(&s);
	world_write(s.w, AUDIT_TODAY, SLICE(""));
	tell_change(&s, 2);
	assert_int_equal(audit_ready(s.w->audit), ACTAS_EIO);
	assert_int_equal(audit_reopen(s.w->audit, &fault), ACTAS_OK);
	assert_int_equal(audit_ready(s.w->audit), ACTAS_OK);
	/* The first was in what is gone, and the break says so. */
	make_change(&s);
	tell_change(&s, 3);
	world_close(s.w);
	journal_close(s.db);
	{
		struct buffer content = world_read(s.w, AUDIT_TODAY);
		size_t life =
		    slice_find(buffer_slice(&content), SLICE("was cut short"));
		size_t two =
		    slice_find(buffer_slice(&content), SLICE("\"told\":2"));
		size_t three =
		    slice_find(buffer_slice(&content), SLICE("\"told\":3"));

		assert_true(life < two && two < three && three != SIZE_MAX);
		buffer_release(&content);
	}
}

/* The journal was replaced by an older one. */
static void
an_older_journal_is_noticed(void **state)
{
	struct scene s = scene_begin(*state);

	make_change(&s);
	tell_change(&s, 1);
	make_change(&s);
	tell_change(&s, 2);
	world_close(s.w);
	world_open(s.w);
	assert_int_equal(audit_follow(s.w->audit, s.journal, 1), ACTAS_OK);
	world_expect_told(s.w, "tells of changes up to revision 2", 1);
	world_puts(s.w, 1, 1);
	scene_end(&s);
}

/* Text of a client's cannot pass for how far the log goes. */
static void
told_is_not_taken_from_names(void **state)
{
	struct world *w = *state;
	struct scene s = scene_begin(w);
	struct audit_line line = {.kind = AUDIT_DENIED,
	    .at = AUDIT_NOON,
	    .peer = SLICE("x\",\"told\":99"),
	    .operation = SLICE("\",\"told\":77")};

	assert_int_equal(audit_write(w->audit, &line), ACTAS_OK);
	make_change(&s);
	scene_reopen(&s);
	expect_changes(&s, NULL, "j");
	world_expect_told(w, "tells of changes", 0);
	scene_end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)
	    TEST(each_change_is_told_by_its_own_line),
	    TEST(changes_without_a_line_come_from_the_journal),
	    TEST(a_crash_in_between_is_made_good),
	    TEST(a_full_disk_is_caught_up_with),
	    TEST(the_syncing_thread_catches_up),
	    TEST(a_break_is_told_before_them),
	    TEST(an_older_journal_is_noticed),
	    TEST(told_is_not_taken_from_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
