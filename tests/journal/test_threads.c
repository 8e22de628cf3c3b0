#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "edit.h"
#include "faulty.h"
#include "live.h"
#include "scratch.h"

/*
 * Many threads change and read at once, while the disk fails now and then. A
 * change counts up a number that it finds in the state that it lands on, and
 * writes it to two keys, now and then to one that makes another view. If each
 * lands on the one before it, no count is lost; what a reader sees is whole.
 */

enum { WRITERS = 4, READERS = 4, CHANGES = 400 };

struct counter {
	struct change change;
	char text[24];
	uint32_t seed;
};

struct scene {
	struct store *store;
	_Atomic uint32_t landed, refused;
	_Atomic bool over;
	_Atomic uint32_t wrong; /* what readers found wrong */
};

static uint64_t
number_at(const struct state *s, struct slice key)
{
	struct slice value;
	uint64_t number = 0;

	if (state_get(s, key, &value) && !slice_u64(value, &number))
		return UINT64_MAX;
	return number;
}

static enum actas_error
count_up(
    struct change *change, const struct snapshot *now, struct writes *writes)
{
	struct counter *c = (struct counter *)change;
	uint64_t number = number_at(now->state, SLICE("left")) + 1;
	struct slice value;

	snprintf(c->text, sizeof c->text, "%ju", (uintmax_t)number);
	value = slice_of(c->text);
	writes_put(writes, SLICE("left"), value);
	if (number % 16 == 0)
		writes_put(writes, SLICE("view/x"), value);
	else if (number % 16 == 8)
		writes_remove(writes, SLICE("view/x"));
	writes_put(writes, SLICE("right"), value);
	return ACTAS_OK;
}

static void *
write_changes(void *context)
{
	struct scene *scene = context;

	for (int i = 0; i < CHANGES; i++) {
		struct counter c = {.change.apply = count_up};

		if (store_commit(scene->store, &c.change, NULL) == ACTAS_OK)
			scene->landed++;
		else
			scene->refused++;
	}
	return NULL;
}

static bool
is_whole(const struct snapshot *s)
{
	const struct view_of_test *view = s->view;
	uint64_t left = number_at(s->state, SLICE("left"));
	struct slice value;

	return left == number_at(s->state, SLICE("right")) &&
	    left == s->revision && view->revision <= s->revision &&
	    view->views == state_get(s->state, SLICE("view/x"), &value);
}

/* What was kept a moment ago is found by its revision. */
static bool
goes_on(struct store *store, const struct snapshot *s, bool with_view)
{
	enum store_parts parts = with_view ? STORE_VIEW : STORE_STATE;
	const struct snapshot *again;
	bool same;

	store_keep(store, s, parts);
	again = store_pin_kept(store, s->revision, STORE_STATE);
	if (again == NULL)
		return false;
	same = again->state == s->state &&
	    (again->view == NULL || again->view == s->view);
	store_unpin(store, again);
	return same;
}

static void *
read_snapshots(void *context)
{
	struct scene *scene = context;
	uint64_t last = 0;

	for (uint32_t i = 0; !scene->over; i++) {
		const struct snapshot *s = store_pin(scene->store), *past;

		if (!is_whole(s) || s->revision < last)
			scene->wrong++;
		last = s->revision;
		if (i % 8 == 0)
			scene->wrong += !goes_on(scene->store, s, i % 16 == 0);
		if (i % 64 == 0 &&
		    store_pin_at(scene->store, last / 2, &past, NULL) ==
			ACTAS_OK) {
			if (!is_whole(past) || past->revision != last / 2)
				scene->wrong++;
			store_unpin(scene->store, past);
		}
		if (!is_whole(s))
			scene->wrong++;
		store_unpin(scene->store, s);
	}
	return NULL;
}

/* A thread that lives for one pin, as those of a pool come and go. */
static void *
read_once(void *context)
{
	struct scene *scene = context;
	const struct snapshot *s = store_pin(scene->store);

	scene->wrong += !is_whole(s);
	store_unpin(scene->store, s);
	return NULL;
}

static void *
fail_now_and_then(void *context)
{
	struct scene *scene = context;

	for (int i = 0; !scene->over; i++) {
		faulty_fail(i % 2 == 0 ? FAULTY_WRITE : FAULTY_SYNC,
		    i % 4 < 2 ? SQLITE_FULL : SQLITE_IOERR, 5);
		usleep(500);
		faulty_fail(FAULTY_NOT, 0, 0);
		usleep(20000);
	}
	return NULL;
}

static void
no_count_is_lost_and_nothing_half_seen(void **unused ACTAS_UNUSED)
{
	struct scene scene = {.store = test_store()};
	pthread_t writers[WRITERS], readers[READERS], failer, once;
	struct verification_report report;

	for (int i = 0; i < WRITERS; i++)
		pthread_create(&writers[i], NULL, write_changes, &scene);
	for (int i = 0; i < READERS; i++)
		pthread_create(&readers[i], NULL, read_snapshots, &scene);
	pthread_create(&failer, NULL, fail_now_and_then, &scene);
	for (int i = 0; i < 50; i++) {
		pthread_create(&once, NULL, read_once, &scene);
		pthread_join(once, NULL);
	}
	for (int i = 0; i < WRITERS; i++)
		pthread_join(writers[i], NULL);
	scene.over = true;
	for (int i = 0; i < READERS; i++)
		pthread_join(readers[i], NULL);
	pthread_join(failer, NULL);
	assert_int_equal(scene.wrong, 0);
	assert_int_equal(scene.landed + scene.refused, WRITERS * CHANGES);
	assert_true(scene.landed > 0);
	print_message(
	    "# %u landed, %u were refused\n", scene.landed, scene.refused);
	store_close(scene.store);
	assert_int_equal(journal_verify(scratch_path, &report, NULL), ACTAS_OK);
	assert_int_equal(report.revisions, scene.landed);
	assert_int_equal(live(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		no_count_is_lost_and_nothing_half_seen, scratch_make_journal,
		scratch_remove),
	};

	faulty_install();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
