#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "edit.h"
#include "live.h"
#include "scratch.h"

/* Questions of the past, of which there may be many at once. */

struct question {
	struct recall recall; /* first */
	sem_t *gate;          /* done waits here, if not NULL */
	sem_t *end;
	enum actas_error error;
	uint64_t revision;
	char text[1024];
	struct store *store;
};

static void
question_done(struct recall *recall, enum actas_error error,
    const struct snapshot *found, const struct fault *fault)
{
	struct question *q = (struct question *)recall;

	q->error = error;
	snprintf(q->text, sizeof q->text, "%s",
	    found == NULL ? fault->message : scratch_text(found->state));
	if (q->gate != NULL)
		sem_wait(q->gate);
	if (found != NULL) {
		q->revision = found->revision;
		store_unpin(q->store, found);
	}
	sem_post(q->end);
}

static void
question_init(
    struct question *q, struct store *s, uint64_t revision, sem_t *end)
{
	*q = (struct question){.store = s,
	    .end = end,
	    .revision = UINT64_MAX,
	    .recall = {.revision = revision, .done = question_done}};
}

static void
write_revisions(struct store *s, uint32_t count)
{
	char text[32];

	for (uint32_t i = 1; i <= count; i++) {
		snprintf(text, sizeof text, "n=%u k%u=1", i, i % 5);
		assert_int_equal(edit_commit(s, text), ACTAS_OK);
	}
}

static void
a_question_is_answered_on_another_thread(void **unused ACTAS_UNUSED)
{
	static const struct {
		uint64_t revision;
		enum actas_error error;
		const char *text;
	} rows[] = {
	    {3, ACTAS_OK, "k1=1 k2=1 k3=1 n=3"},
	    {4, ACTAS_OK, "k1=1 k2=1 k3=1 k4=1 n=4"},
	    {1, ACTAS_OK, "k1=1 n=1"},
	    {0, ACTAS_OK, ""},
	    {2, ACTAS_OK, "k1=1 k2=1 n=2"},
	    {3, ACTAS_OK, "k1=1 k2=1 k3=1 n=3"},
	    {20, ACTAS_OK, "k0=1 k1=1 k2=1 k3=1 k4=1 n=20"},
	    {21, ACTAS_ENOTFOUND, "the newest revision is 20"},
	};
	struct store *s = test_store();
	sem_t end;

	sem_init(&end, 0, 0);
	write_revisions(s, 20);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct question q;

		question_init(&q, s, rows[i].revision, &end);
		assert_int_equal(store_recall(s, &q.recall), ACTAS_OK);
		sem_wait(&end);
		assert_int_equal(q.error, rows[i].error);
		assert_string_equal(q.text, rows[i].text);
		assert_int_equal(q.revision,
		    rows[i].error == ACTAS_OK ? rows[i].revision : UINT64_MAX);
	}
	store_close(s);
	sem_destroy(&end);
}

/* What was read is found again; its view is made when it is wanted. */
static void
what_was_read_is_at_hand(void **unused ACTAS_UNUSED)
{
	struct store *s = test_store();
	const struct snapshot *found, *again;
	struct question q;
	sem_t end;

	sem_init(&end, 0, 0);
	assert_int_equal(edit_commit(s, "view/a=1"), ACTAS_OK);
	write_revisions(s, 5);
	assert_null(store_pin_kept(s, 3, STORE_STATE));
	question_init(&q, s, 3, &end);
	assert_int_equal(store_recall(s, &q.recall), ACTAS_OK);
	sem_wait(&end);
	assert_null(store_pin_kept(s, 3, STORE_VIEW));
	found = store_pin_kept(s, 3, STORE_STATE);
	assert_non_null(found);
	assert_null(found->view);
	/* Keeping it again changes nothing. */
	store_keep(s, found, STORE_STATE);
	assert_int_equal(store_pin_at(s, 3, &again, NULL), ACTAS_OK);
	assert_int_equal(((const struct view_of_test *)again->view)->views, 1);
	assert_ptr_equal(again->state, found->state);
	store_unpin(s, store_pin_again(again));
	store_unpin(s, found);
	store_unpin(s, again);
	store_close(s);
	sem_destroy(&end);
}

/* While one is served for as long as it likes, others wait, up to a ceiling;
 * nobody else is held up. Closing ends them all. */
static void
no_more_wait_than_the_ceiling(void **unused ACTAS_UNUSED)
{
	static struct question questions[LIMIT_RECALLS + 1];
	struct store *s = test_store();
	sem_t gate, end;
	struct question first;
	const struct snapshot *found;

	sem_init(&gate, 0, 0);
	sem_init(&end, 0, 0);
	write_revisions(s, 20);
	question_init(&first, s, 1, &end);
	first.gate = &gate;
	assert_int_equal(store_recall(s, &first.recall), ACTAS_OK);
	while ((found = store_pin_kept(s, 1, STORE_STATE)) == NULL)
		usleep(1000);
	store_unpin(s, found);
	for (uint32_t i = 0; i < LIMIT_RECALLS; i++) {
		question_init(&questions[i], s, 2 + i % 18, &end);
		assert_int_equal(
		    store_recall(s, &questions[i].recall), ACTAS_OK);
	}
	question_init(&questions[LIMIT_RECALLS], s, 2, &end);
	assert_int_equal(
	    store_recall(s, &questions[LIMIT_RECALLS].recall), ACTAS_ELIMIT);
	assert_int_equal(edit_commit(s, "free=1"), ACTAS_OK);
	assert_null(store_pin_kept(s, 5, STORE_STATE));
	sem_post(&gate);
	store_end_recalls(s);
	for (uint32_t i = 0; i < LIMIT_RECALLS; i++) {
		sem_wait(&end);
		assert_true(questions[i].error == ACTAS_OK ||
		    questions[i].error == ACTAS_EIO);
	}
	assert_int_equal(store_recall(s, &questions[0].recall), ACTAS_EIO);
	store_end_recalls(s);
	store_close(s);
	sem_destroy(&gate);
	sem_destroy(&end);
}

enum { VALUE = 10000, KEYS = 50, HOSTS = 4, QUESTIONS = 60 };

struct hostile {
	struct store *store;
	uint64_t newest;
	unsigned seed;
	_Atomic int64_t *most;
	_Atomic int *wrong;
};

/* Asks for one old revision after the other. */
static void *
ask_for_the_past(void *context)
{
	struct hostile *h = context;

	for (int i = 0; i < QUESTIONS; i++) {
		uint64_t revision =
		    (uint64_t)rand_r(&h->seed) % (h->newest - KEYS) + KEYS;
		const struct snapshot *found;

		if (store_pin_at(h->store, revision, &found, NULL) !=
			ACTAS_OK ||
		    found->revision != revision ||
		    state_count(found->state) != KEYS)
			++*h->wrong;
		else
			store_unpin(h->store, found);
		if (live() > *h->most)
			*h->most = live();
	}
	return NULL;
}

/* Blocks of memory stand for bytes: every value is one, of the same size. */
static void
memory_is_bounded(void **unused ACTAS_UNUSED)
{
	enum { STATES = 3, BLOCKS = KEYS * 3 / 2 };
	struct store_options options = test_store_options();
	char *text = malloc(VALUE + 16);
	struct hostile hosts[HOSTS];
	pthread_t threads[HOSTS];
	_Atomic int64_t most = 0;
	_Atomic int wrong = 0;
	struct store *s;
	int64_t before;

	assert_non_null(text);
	options.kept_bytes = (size_t)STATES * KEYS * VALUE;
	assert_int_equal(store_open(&options, &s, NULL), ACTAS_OK);
	for (int i = 0; i < 6 * KEYS; i++) {
		int n = snprintf(text, 16, "k%d=", i % KEYS);

		memset(text + n, 'a' + i % 26, VALUE);
		text[n + VALUE] = '\0';
		assert_int_equal(edit_commit(s, text), ACTAS_OK);
	}
	before = live();
	for (unsigned i = 0; i < HOSTS; i++) {
		hosts[i] = (struct hostile){s, 6 * KEYS, i, &most, &wrong};
		pthread_create(&threads[i], NULL, ask_for_the_past, &hosts[i]);
	}
	for (int i = 0; i < HOSTS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(wrong, 0);
	/* What is kept, what is being read, and what each has pinned. */
	assert_in_range(most - before, KEYS, (STATES + 1 + HOSTS) * BLOCKS);
	store_close(s);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(a_question_is_answered_on_another_thread),
	    STORE_TEST(what_was_read_is_at_hand),
	    STORE_TEST(no_more_wait_than_the_ceiling),
	    STORE_TEST(memory_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
