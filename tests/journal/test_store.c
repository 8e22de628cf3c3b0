#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "edit.h"
#include "faulty.h"
#include "scratch.h"

static void
assert_edit(const struct edit *e, enum actas_error result, uint64_t revision)
{
	assert_int_equal(e->done, 1);
	assert_int_equal(e->result, result);
	assert_int_equal(e->revision, revision);
}

/* Queues edits while the writer stands in the first one's apply, which
 * writes nothing, so that the others come in one batch; waits for them. */
static void
submit_together(struct store *s, struct edit *edits, uint32_t count)
{
	struct edit first, last;
	sem_t gate, end;

	sem_init(&gate, 0, 0);
	sem_init(&end, 0, 0);
	edit_init(&first, "");
	first.gate = &gate;
	first.end = &end;
	store_submit(s, &first.change);
	for (uint32_t i = 0; i < count; i++)
		store_submit(s, &edits[i].change);
	edit_init(&last, "");
	last.end = &end;
	sem_post(&gate);
	sem_wait(&end);
	store_submit(s, &last.change);
	sem_wait(&end);
	sem_destroy(&gate);
	sem_destroy(&end);
}

static void
a_change_is_durable_published_and_answered(void **unused ACTAS_UNUSED)
{
	struct store *s = test_store();
	uint64_t revision;
	struct edit e;

	assert_string_equal(newest_text(s), "");
	edit_init(&e, "a=1 b=2");
	assert_int_equal(store_commit(s, &e.change, &revision), ACTAS_OK);
	assert_int_equal(revision, 1);
	assert_edit(&e, ACTAS_OK, 1);
	assert_int_equal(e.applied_on, 0);
	assert_string_equal(newest_text(s), "a=1 b=2");
	assert_int_equal(edit_commit(s, "a b=3"), ACTAS_OK);
	assert_string_equal(newest_text(s), "b=3");
	store_close(s);
	s = test_store();
	assert_string_equal(newest_text(s), "b=3");
	store_close(s);
	store_close(NULL);
}

static void
a_refused_change_writes_nothing(void **unused ACTAS_UNUSED)
{
	static char long_value[LIMIT_VALUE_BYTES + 8];
	struct store *s = test_store();
	const struct snapshot *now;
	uint64_t revision = 9;
	struct edit e;

	assert_int_equal(edit_commit(s, "a=1"), ACTAS_OK);
	edit_init(&e, "a=2 b=2");
	e.refuse = ACTAS_EAMBIGUOUS;
	assert_int_equal(
	    store_commit(s, &e.change, &revision), ACTAS_EAMBIGUOUS);
	assert_int_equal(revision, 0);
	memset(long_value, 'v', sizeof long_value - 1);
	long_value[1] = '=';
	assert_int_equal(edit_commit(s, long_value), ACTAS_ELIMIT);
	assert_string_equal(newest_text(s), "a=1");
	now = store_pin(s);
	assert_int_equal(now->revision, 1);
	store_unpin(s, now);
	assert_int_equal(logged, 0);
	store_close(s);
}

static void
a_change_that_writes_nothing_makes_no_revision(void **unused ACTAS_UNUSED)
{
	struct store *s = test_store();
	uint64_t revision;
	struct edit e;

	assert_int_equal(edit_commit(s, "a=1"), ACTAS_OK);
	edit_init(&e, "");
	e.change.done = NULL;
	assert_int_equal(store_commit(s, &e.change, &revision), ACTAS_OK);
	assert_int_equal(revision, 1);
	store_close(s);
}

static void
what_is_queued_is_written_in_one_transaction(void **unused ACTAS_UNUSED)
{
	enum { COUNT = 100 };
	static struct edit edits[COUNT];
	static char texts[COUNT][16];
	struct store *s = test_store();
	struct verification_report report;
	uint64_t syncs;

	for (uint32_t i = 0; i < COUNT; i++) {
		snprintf(texts[i], sizeof texts[i], "n=%u", i);
		edit_init(&edits[i], texts[i]);
	}
	syncs = faulty_syncs();
	submit_together(s, edits, COUNT);
	assert_in_range(faulty_syncs() - syncs, 1, 3);
	for (uint32_t i = 0; i < COUNT; i++) {
		assert_edit(&edits[i], ACTAS_OK, i + 1);
		assert_int_equal(edits[i].applied_on, i);
		if (i > 0)
			assert_true(edits[i].order > edits[i - 1].order);
	}
	assert_string_equal(newest_text(s), "n=99");
	store_close(s);
	assert_int_equal(journal_verify(scratch_path, &report, NULL), ACTAS_OK);
	assert_int_equal(report.revisions, COUNT);
}

static void
a_batch_has_a_ceiling(void **unused ACTAS_UNUSED)
{
	enum { COUNT = LIMIT_BATCH_CHANGES + 100 };
	static struct edit edits[COUNT];
	struct store *s = test_store();

	for (uint32_t i = 0; i < COUNT; i++)
		edit_init(&edits[i], "a=1");
	submit_together(s, edits, COUNT);
	for (uint32_t i = 0; i < COUNT; i++)
		assert_edit(&edits[i], ACTAS_OK, i + 1);
	store_close(s);
}

static void
each_is_validated_on_the_state_that_it_lands_on(void **unused ACTAS_UNUSED)
{
	struct store *s = test_store();
	struct edit edits[5];

	edit_init(&edits[0], "name=first");
	edits[0].unless = "name";
	edit_init(&edits[1], "name=second");
	edits[1].unless = "name";
	edit_init(&edits[2], "name");
	edit_init(&edits[3], "name=third");
	edits[3].unless = "name";
	edit_init(&edits[4], "other=1");
	submit_together(s, edits, 5);
	assert_edit(&edits[0], ACTAS_OK, 1);
	assert_edit(&edits[1], ACTAS_EUSAGE, 0);
	assert_edit(&edits[2], ACTAS_OK, 2);
	assert_edit(&edits[3], ACTAS_OK, 3);
	assert_edit(&edits[4], ACTAS_OK, 4);
	assert_string_equal(newest_text(s), "name=third other=1");
	store_close(s);
}

static void
a_view_is_made_before_the_next_change_lands(void **unused ACTAS_UNUSED)
{
	static const uint8_t views[20] = {
	    0, 0, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1};
	struct store *s = test_store();
	const struct snapshot *before = store_pin(s), *now;
	struct edit edits[20];

	for (uint32_t i = 0; i < 20; i++)
		edit_init(&edits[i], i % 2 == 0 ? "other=1" : "view/x=1");
	edit_init(&edits[3], "view/y=1");
	edit_init(&edits[17], "view/x");
	submit_together(s, edits, 20);
	for (uint32_t i = 0; i < 20; i++) {
		assert_edit(&edits[i], ACTAS_OK, i + 1);
		assert_int_equal(edits[i].seen_views, views[i]);
	}
	now = store_pin(s);
	assert_int_equal(((const struct view_of_test *)now->view)->views, 2);
	assert_int_equal(
	    ((const struct view_of_test *)now->view)->revision, 20);
	assert_int_equal(((const struct view_of_test *)before->view)->views, 0);
	assert_int_equal(edit_commit(s, "other=2"), ACTAS_OK);
	store_unpin(s, before);
	before = now;
	now = store_pin(s);
	assert_ptr_equal(now->view, before->view);
	store_unpin(s, before);
	store_unpin(s, now);
	store_close(s);
}

static void
a_change_whose_view_cannot_be_made_is_refused(void **unused ACTAS_UNUSED)
{
	struct store *s = test_store();
	struct edit edits[3];

	edit_init(&edits[0], "a=1");
	edit_init(&edits[1], "view/bad=1 b=1");
	edit_init(&edits[2], "c=1");
	submit_together(s, edits, 3);
	assert_edit(&edits[0], ACTAS_OK, 1);
	assert_edit(&edits[1], ACTAS_EPARSE, 0);
	assert_edit(&edits[2], ACTAS_OK, 2);
	assert_string_equal(newest_text(s), "a=1 c=1");
	assert_int_equal(logged, 1);
	assert_string_equal(logged_line,
	    "a change is refused, for what follows from it cannot be made: "
	    "it is bad");
	store_close(s);
}

static void
a_pinned_snapshot_stays_as_it_is(void **unused ACTAS_UNUSED)
{
	struct store *s = test_store();
	const struct snapshot *old, *older;
	char text[32];

	older = store_pin(s);
	assert_int_equal(edit_commit(s, "a=1 view/a=1"), ACTAS_OK);
	old = store_pin(s);
	for (int i = 0; i < 200; i++) {
		snprintf(text, sizeof text, "a=%d k%d=1 view/%d=1", i, i, i);
		assert_int_equal(edit_commit(s, text), ACTAS_OK);
	}
	assert_int_equal(older->revision, 0);
	assert_string_equal(scratch_text(older->state), "");
	assert_int_equal(old->revision, 1);
	assert_string_equal(scratch_text(old->state), "a=1 view/a=1");
	assert_int_equal(((const struct view_of_test *)old->view)->views, 1);
	store_unpin(s, older);
	store_unpin(s, old);
	store_close(s);
}

/* A change that submits others while it is applied and while it is done. */
struct breeder {
	struct edit edit; /* first, so that it is a change */
	struct store *store;
	struct edit *in_apply, *in_done;
	enum actas_error (*apply)(struct change *change,
	    const struct snapshot *now, struct writes *writes);
	void (*done)(
	    struct change *change, enum actas_error result, uint64_t revision);
};

static enum actas_error
breeder_apply(
    struct change *change, const struct snapshot *now, struct writes *writes)
{
	struct breeder *b = (struct breeder *)change;

	store_submit(b->store, &b->in_apply->change);
	return b->apply(change, now, writes);
}

static void
breeder_done(struct change *change, enum actas_error result, uint64_t revision)
{
	struct breeder *b = (struct breeder *)change;

	store_submit(b->store, &b->in_done->change);
	b->done(change, result, revision);
}

static void
breeder_init(struct breeder *b, struct store *s, struct edit *two)
{
	edit_init(&b->edit, "a=1");
	edit_init(&two[0], "b=1");
	edit_init(&two[1], "c=1");
	b->store = s;
	b->in_apply = &two[0];
	b->in_done = &two[1];
	b->apply = b->edit.change.apply;
	b->done = b->edit.change.done;
	b->edit.change.apply = breeder_apply;
	b->edit.change.done = breeder_done;
}

static void
changes_may_submit_changes(void **unused ACTAS_UNUSED)
{
	struct store *s = test_store();
	struct breeder breeder;
	struct edit two[2];
	sem_t end;

	sem_init(&end, 0, 0);
	breeder_init(&breeder, s, two);
	two[1].end = &end;
	store_submit(s, &breeder.edit.change);
	sem_wait(&end);
	assert_edit(&breeder.edit, ACTAS_OK, 1);
	assert_edit(&two[0], ACTAS_OK, 2);
	assert_edit(&two[1], ACTAS_OK, 3);
	assert_string_equal(newest_text(s), "a=1 b=1 c=1");
	store_close(s);
	sem_destroy(&end);
}

static void
closing_finishes_what_is_queued(void **unused ACTAS_UNUSED)
{
	enum { COUNT = 3000 };
	static struct edit edits[COUNT];
	struct store *s = test_store();
	struct breeder breeder;
	struct edit two[2];

	for (uint32_t i = 0; i < COUNT; i++) {
		edit_init(&edits[i], "a=1");
		store_submit(s, &edits[i].change);
	}
	breeder_init(&breeder, s, two);
	store_submit(s, &breeder.edit.change);
	store_close(s);
	for (uint32_t i = 0; i < COUNT; i++)
		assert_edit(&edits[i], ACTAS_OK, i + 1);
	assert_edit(&breeder.edit, ACTAS_OK, COUNT + 1);
	/* These came after the close began, or just before. */
	assert_int_equal(two[0].done, 1);
	assert_int_equal(two[1].done, 1);
	if (two[1].result != ACTAS_OK)
		assert_edit(&two[1], ACTAS_EIO, 0);
	s = test_store();
	assert_true(strncmp(newest_text(s), "a=1", 3) == 0);
	store_close(s);
}

/* The queue is no longer than its ceiling. */
static void
too_many_changes_are_refused(void **unused ACTAS_UNUSED)
{
	enum { COUNT = LIMIT_QUEUED_CHANGES + 10 };
	struct store *s = test_store();
	struct edit *edits = calloc(COUNT, sizeof *edits);
	uint32_t refused = 0;

	assert_non_null(edits);
	for (uint32_t i = 0; i < COUNT; i++)
		edit_init(&edits[i], "");
	submit_together(s, edits, COUNT);
	store_close(s);
	for (uint32_t i = 0; i < COUNT; i++) {
		assert_int_equal(edits[i].done, 1);
		refused += edits[i].result == ACTAS_EIO;
	}
	assert_in_range(refused, 10, 11); /* the gate itself may be queued */
	assert_int_equal(edits[0].result, ACTAS_OK);
	assert_int_equal(edits[COUNT - 1].result, ACTAS_EIO);
	free(edits);
}

static void
time_does_not_go_back(void **unused ACTAS_UNUSED)
{
	static const moment clock[] = {500, 400, 600, 100, 600};
	static const moment expected[] = {500, 500, 600, 600, 600};
	struct store *s = test_store();

	for (size_t i = 0; i < 5; i++) {
		const struct snapshot *now;

		test_now = clock[i];
		assert_int_equal(edit_commit(s, "a=1"), ACTAS_OK);
		now = store_pin(s);
		assert_int_equal(now->at, expected[i]);
		store_unpin(s, now);
		if (i == 3) {
			store_close(s);
			s = test_store();
		}
	}
	store_close(s);
	test_now = 1000;
}

static void
assert_past(
    struct store *s, uint64_t revision, const char *text, uint64_t views)
{
	const struct snapshot *past, *again;

	assert_int_equal(store_pin_at(s, revision, &past, NULL), ACTAS_OK);
	assert_int_equal(past->revision, revision);
	assert_string_equal(scratch_text(past->state), text);
	assert_int_equal(
	    ((const struct view_of_test *)past->view)->views, views);
	assert_int_equal(store_pin_at(s, revision, &again, NULL), ACTAS_OK);
	assert_ptr_equal(again, past);
	store_unpin(s, past);
	store_unpin(s, again);
}

static void
the_past_is_pinned_by_revision_and_time(void **unused ACTAS_UNUSED)
{
	static const struct {
		moment when;
		uint64_t revision;
	} whens[] = {{99, 0}, {100, 1}, {150, 1}, {200, 3}, {299, 3}, {300, 4},
	    {9999, 4}, {MOMENT_UNKNOWN, 0}};
	struct store *s = test_store();
	const struct snapshot *past;
	struct fault fault = {0};

	assert_past(s, 0, "", 0);
	test_now = 100;
	assert_int_equal(edit_commit(s, "a=1 view/a=1"), ACTAS_OK);
	test_now = 200;
	assert_int_equal(edit_commit(s, "a=2 view/b=1"), ACTAS_OK);
	assert_int_equal(edit_commit(s, "a"), ACTAS_OK);
	test_now = 300;
	assert_int_equal(edit_commit(s, "c=1"), ACTAS_OK);
	assert_past(s, 0, "", 0);
	assert_past(s, 1, "a=1 view/a=1", 1);
	assert_past(s, 2, "a=2 view/a=1 view/b=1", 2);
	assert_past(s, 3, "view/a=1 view/b=1", 2);
	assert_past(s, 4, "c=1 view/a=1 view/b=1", 2);
	assert_int_equal(store_pin_at(s, 5, &past, &fault), ACTAS_ENOTFOUND);
	assert_null(past);
	assert_string_equal(fault.message, "the newest revision is 4");
	for (size_t i = 0; i < sizeof whens / sizeof *whens; i++) {
		assert_int_equal(
		    store_pin_when(s, whens[i].when, &past, NULL), ACTAS_OK);
		assert_int_equal(past->revision, whens[i].revision);
		store_unpin(s, past);
	}
	store_close(s);
	test_now = 1000;
}

static void
a_past_snapshot_outlives_its_place_in_the_cache(void **unused ACTAS_UNUSED)
{
	enum { COUNT = 3 * LIMIT_PAST_SNAPSHOTS };
	struct store *s = test_store();
	const struct snapshot *past[COUNT];
	char text[16];

	for (int i = 0; i <= COUNT; i++) {
		snprintf(text, sizeof text, "a=%d", i);
		assert_int_equal(edit_commit(s, text), ACTAS_OK);
	}
	for (uint32_t i = 0; i < COUNT; i++)
		assert_int_equal(
		    store_pin_at(s, i + 1, &past[i], NULL), ACTAS_OK);
	for (uint32_t i = 0; i < COUNT; i++) {
		snprintf(text, sizeof text, "a=%u", i);
		assert_string_equal(scratch_text(past[i]->state), text);
		store_unpin(s, past[i]);
	}
	store_close(s);
}

static void
what_cannot_be_opened_is_told(void **unused ACTAS_UNUSED)
{
	struct store_options options = test_store_options();
	struct fault fault = {0};
	struct store *s = test_store(), *other;

	assert_int_equal(store_open(&options, &other, &fault), ACTAS_EUSAGE);
	assert_null(other);
	assert_non_null(strstr(fault.message, "another process"));
	store_close(s);
	options.path = "/nowhere/platform.db";
	assert_int_equal(store_open(&options, &other, NULL), ACTAS_EIO);
	/* A view that cannot be made of what is there. */
	scratch_sql("INSERT INTO entity VALUES ('view/bad', 1, x'31')");
	options.path = scratch_path;
	fault = (struct fault){0};
	assert_int_equal(store_open(&options, &other, &fault), ACTAS_EPARSE);
	assert_string_equal(fault.message, "it is bad");
}

static int
count_row(void *context, int columns ACTAS_UNUSED, char **values ACTAS_UNUSED,
    char **names ACTAS_UNUSED)
{
	++*(uint32_t *)context;
	return 0;
}

/* What is in the file itself, without the log beside it. */
static uint32_t
entities_in_file(void)
{
	char copy[128], line[256];
	uint32_t count = 0;
	sqlite3 *db;

	snprintf(copy, sizeof copy, "%s/copy.db", scratch_folder);
	snprintf(line, sizeof line, "cp %s %s", scratch_path, copy);
	assert_int_equal(system(line), 0);
	assert_int_equal(sqlite3_open(copy, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db, "SELECT key FROM entity", count_row, &count, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	return count;
}

static void
an_idle_store_tidies_up(void **unused ACTAS_UNUSED)
{
	struct store *s = test_store();
	int tries = 0;

	assert_int_equal(edit_commit(s, "a=1 b=1"), ACTAS_OK);
	assert_int_equal(entities_in_file(), 0);
	while (entities_in_file() != 2 && tries++ < 100)
		usleep(100000);
	assert_in_range(tries, 5, 99);
	assert_int_equal(edit_commit(s, "c=1"), ACTAS_OK);
	store_close(s);
}

/* Each allocation fails once, of opening, changing and looking back. Nobody
 * is told that something was done that was not. */
static void
without_memory_changes_are_refused(void **unused ACTAS_UNUSED)
{
	struct store_options options = test_store_options();
	uint64_t revision = 0;
	struct store *s = NULL;
	int64_t n = 0;

	do
		mem_fail_after(n++);
	while (store_open(&options, &s, NULL) != ACTAS_OK);
	assert_true(n > 5);
	mem_fail_after(-1);
	for (n = 0; n < 200 && revision < 5; n++) {
		const struct snapshot *now;
		enum actas_error error;

		mem_fail_after(n);
		error = edit_commit(s, "a=1 view/a=1 b=2");
		mem_fail_after(-1);
		revision += error == ACTAS_OK;
		now = store_pin(s);
		assert_int_equal(now->revision, revision);
		assert_int_equal(
		    state_count(now->state), revision == 0 ? 0 : 3);
		store_unpin(s, now);
	}
	assert_int_equal(revision, 5);
	assert_true(n > 10);
	for (n = 0; n < 200; n++) {
		const struct snapshot *past;
		enum actas_error error;

		mem_fail_after(n);
		error = store_pin_at(s, 3, &past, NULL);
		mem_fail_after(-1);
		if (error == ACTAS_OK) {
			store_unpin(s, past);
			break;
		}
		assert_null(past);
	}
	assert_in_range(n, 5, 199);
	store_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(a_change_is_durable_published_and_answered),
	    STORE_TEST(a_refused_change_writes_nothing),
	    STORE_TEST(a_change_that_writes_nothing_makes_no_revision),
	    STORE_TEST(what_is_queued_is_written_in_one_transaction),
	    STORE_TEST(a_batch_has_a_ceiling),
	    STORE_TEST(each_is_validated_on_the_state_that_it_lands_on),
	    STORE_TEST(a_view_is_made_before_the_next_change_lands),
	    STORE_TEST(a_change_whose_view_cannot_be_made_is_refused),
	    STORE_TEST(a_pinned_snapshot_stays_as_it_is),
	    STORE_TEST(changes_may_submit_changes),
	    STORE_TEST(closing_finishes_what_is_queued),
	    STORE_TEST(too_many_changes_are_refused),
	    STORE_TEST(time_does_not_go_back),
	    STORE_TEST(the_past_is_pinned_by_revision_and_time),
	    STORE_TEST(a_past_snapshot_outlives_its_place_in_the_cache),
	    STORE_TEST(what_cannot_be_opened_is_told),
	    STORE_TEST(an_idle_store_tidies_up),
	    STORE_TEST(without_memory_changes_are_refused),
	};

	faulty_install();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
