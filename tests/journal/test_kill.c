#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "journal/store.h"
#include "scratch.h"

/*
 * A child serves a store under load and is killed at a random moment, over and
 * over on the same journal. Each of its threads writes the numbers from the
 * one that it finds on, each to two keys, and tells through a pipe what was
 * answered. After each kill the journal opens, its chain holds, every answered
 * number is there, and both keys of a pair agree.
 */

enum { THREADS = 6, KILLS = 200, KILLS_OF_ONE_JOURNAL = 40 };

struct told {
	uint32_t thread;
	uint64_t number, revision;
};

struct pair {
	struct change change;
	uint32_t thread;
	uint64_t number;
	char value[1000]; /* "number …" */
};

struct child {
	struct store *store;
	int pipe;
	uint32_t thread;
};

static struct slice
pair_key(char text[static 16], uint32_t thread, char side)
{
	int length = snprintf(text, 16, "t%u/%c", thread, side);

	return (struct slice){text, (size_t)length};
}

/* 0 where it is not there, UINT64_MAX where it is no number. */
static uint64_t
number_of(const struct state *s, uint32_t thread, char side)
{
	char text[16];
	struct slice value, number;
	uint64_t n;

	if (!state_get(s, pair_key(text, thread, side), &value))
		return 0;
	if (!slice_cut(&value, ' ', &number) || !slice_u64(number, &n))
		return UINT64_MAX;
	return n;
}

static enum actas_error
pair_apply(
    struct change *change, const struct snapshot *now, struct writes *writes)
{
	struct pair *p = (struct pair *)change;
	char text[16];
	int length;

	p->number = number_of(now->state, p->thread, 'a') + 1;
	length =
	    snprintf(p->value, sizeof p->value, "%ju ", (uintmax_t)p->number);
	memset(p->value + length, 'x', sizeof p->value - (size_t)length);
	for (char side = 'a'; side <= 'b'; side++)
		writes_put(writes, pair_key(text, p->thread, side),
		    (struct slice){p->value, sizeof p->value});
	return ACTAS_OK;
}

static void *
write_pairs(void *context)
{
	struct child *c = context;
	struct told told = {.thread = c->thread};

	for (;;) {
		struct pair p = {
		    .change.apply = pair_apply, .thread = c->thread};

		if (store_commit(c->store, &p.change, &told.revision) !=
		    ACTAS_OK)
			_exit(3);
		told.number = p.number;
		if (write(c->pipe, &told, sizeof told) != sizeof told)
			_exit(4);
	}
}

static bool
touches_nothing(struct slice key ACTAS_UNUSED)
{
	return false;
}

static enum actas_error
make_nothing(void *context ACTAS_UNUSED, const struct state *state ACTAS_UNUSED,
    uint64_t revision ACTAS_UNUSED, const struct view_step *from ACTAS_UNUSED,
    const void **view, struct fault *fault ACTAS_UNUSED)
{
	*view = "";
	return ACTAS_OK;
}

static void
free_nothing(const void *view ACTAS_UNUSED)
{
}

static _Noreturn void
serve(int pipe)
{
	static struct child children[THREADS];
	struct store_options options = {.path = scratch_path,
	    .view = {touches_nothing, make_nothing, free_nothing, NULL},
	    .clock = clock_system()};
	struct store *s;
	pthread_t thread;

	if (store_open(&options, &s, NULL) != ACTAS_OK)
		_exit(2);
	for (uint32_t i = 0; i < THREADS; i++) {
		children[i] = (struct child){s, pipe, i};
		if (pthread_create(&thread, NULL, write_pairs, &children[i]) !=
		    0)
			_exit(5);
	}
	for (;;)
		pause();
}

static void
nap(long microseconds)
{
	struct timespec time = {.tv_nsec = microseconds * 1000};

	nanosleep(&time, NULL);
}

/* Takes what was answered; the newest number of each thread is kept. */
static bool
take_told(int pipe, uint64_t answered[static THREADS], uint64_t *revision)
{
	struct told told;
	ssize_t got = read(pipe, &told, sizeof told);

	if (got == 0)
		return false;
	assert_int_equal(got, sizeof told);
	assert_in_range(told.thread, 0, THREADS - 1);
	assert_true(told.number > answered[told.thread]);
	answered[told.thread] = told.number;
	if (told.revision > *revision)
		*revision = told.revision;
	return true;
}

/* Returns how many changes were answered. */
static uint32_t
serve_and_kill(
    bool wait_for_answer, uint64_t answered[static THREADS], uint64_t *revision)
{
	int ends[2], status = 0;
	uint32_t count = 0;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test ends it */
		close(ends[0]);
		serve(ends[1]);
	}
	assert_true(child > 0);
	close(ends[1]);
	if (wait_for_answer)
		count += take_told(ends[0], answered, revision);
	nap(random() % 20000);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	while (take_told(ends[0], answered, revision))
		count++;
	close(ends[0]);
	return count;
}

static void
assert_nothing_lost(
    uint64_t answered[static THREADS], uint64_t answered_revision)
{
	struct verification_report report;
	struct fault fault = {0};
	enum actas_error error = journal_verify(scratch_path, &report, &fault);
	const struct state *s;
	struct journal *j;
	uint64_t revision, sum = 0;
	moment at;

	assert_string_equal(fault.message, "");
	assert_int_equal(error, ACTAS_OK);
	assert_int_equal(journal_open(scratch_path, &j, NULL), ACTAS_OK);
	assert_int_equal(journal_load(j, &s, &revision, &at, NULL), ACTAS_OK);
	for (uint32_t i = 0; i < THREADS; i++) {
		uint64_t number = number_of(s, i, 'a');

		assert_int_equal(number_of(s, i, 'b'), number);
		/* One may have been durable and not answered yet. */
		assert_in_range(number, answered[i], answered[i] + 1);
		answered[i] = number;
		sum += number;
	}
	assert_int_equal(report.revisions, revision);
	assert_int_equal(sum, revision);
	assert_true(revision >= answered_revision);
	state_release(s);
	journal_close(j);
}

static void
a_kill_loses_nothing_that_was_answered(void **unused)
{
	uint32_t count = 0, kills = 0;

	srandom((unsigned)getpid());
	while (kills < KILLS) {
		uint64_t answered[THREADS] = {0}, revision = 0;

		assert_int_equal(scratch_make_journal(unused), 0);
		for (int i = 0; i < KILLS_OF_ONE_JOURNAL; i++, kills++) {
			/* Now and then while it opens. */
			count +=
			    serve_and_kill(i % 8 != 0, answered, &revision);
			assert_nothing_lost(answered, revision);
		}
		assert_int_equal(scratch_remove(unused), 0);
	}
	print_message("# %u kills, %u changes answered\n", kills, count);
	assert_true(count > kills);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_kill_loses_nothing_that_was_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
