#include "api/past.h"

#include <pthread.h>

/* Who waits for the past, so that one caller does not take all the places. */
struct past_waiters {
	pthread_mutex_t mutex;
	struct guid at[LIMIT_RECALLS];
	uint32_t count;
};

/* In the exchange's arena. */
struct again {
	struct recall recall; /* first */
	struct exchange *x;
	struct guid caller;
	enum actas_error error;
	const struct snapshot *snapshot;
};

struct past_waiters *
past_waiters_new(void)
{
	struct past_waiters *w = mem_zero(1, sizeof *w);

	if (w != NULL)
		pthread_mutex_init(&w->mutex, NULL);
	return w;
}

void
past_waiters_free(struct past_waiters *w)
{
	if (w == NULL)
		return;
	pthread_mutex_destroy(&w->mutex);
	mem_free(w);
}

static enum actas_error
waiters_add(struct past_waiters *w, struct guid caller, bool *is_own)
{
	uint32_t own = 0;
	bool fits;

	pthread_mutex_lock(&w->mutex);
	for (uint32_t i = 0; i < w->count; i++)
		own += guid_eq(w->at[i], caller);
	*is_own = own >= LIMIT_CALLER_RECALLS;
	fits = !*is_own && w->count < LIMIT_RECALLS;
	if (fits)
		w->at[w->count++] = caller;
	pthread_mutex_unlock(&w->mutex);
	return fits ? ACTAS_OK : ACTAS_ELIMIT;
}

static void
waiters_remove(struct past_waiters *w, struct guid caller)
{
	uint32_t i = 0;

	pthread_mutex_lock(&w->mutex);
	while (!guid_eq(w->at[i], caller))
		i++;
	w->at[i] = w->at[--w->count];
	pthread_mutex_unlock(&w->mutex);
}

enum actas_error
api_pin_past(struct exchange *x, const struct past_question *question,
    const struct snapshot **snapshot)
{
	struct store *store = exchange_platform(x)->store;
	const struct again *again = x->again;
	const struct snapshot *newest;
	bool is_newest, is_to_come;

	*snapshot = NULL;
	if (again != NULL) {
		if (again->error == ACTAS_OK)
			*snapshot = store_pin_again(again->snapshot);
		return again->error;
	}
	if (!question->by_time)
		*snapshot =
		    store_pin_kept(store, question->revision, question->parts);
	if (*snapshot != NULL)
		return ACTAS_OK;
	newest = store_pin(store);
	is_newest = question->by_time && newest->at <= question->when;
	is_to_come =
	    !question->by_time && question->revision > newest->revision;
	if (is_newest)
		*snapshot = newest;
	else
		store_unpin(store, newest);
	return is_to_come ? ACTAS_ENOTFOUND : ACTAS_OK;
}

static void
done(struct recall *recall, enum actas_error error,
    const struct snapshot *snapshot, const struct fault *fault ACTAS_UNUSED)
{
	struct again *again = (struct again *)recall;
	struct exchange *x = again->x;
	struct store *store = exchange_platform(x)->store;

	again->error = error;
	again->snapshot = snapshot;
	waiters_remove(exchange_api(x)->past_waiters, again->caller);
	x->route->handle(x);
	if (snapshot != NULL)
		store_unpin(store, snapshot);
}

static void
answer_busy(struct exchange *x, bool is_own)
{
	exchange_add_header(x, "Retry-After", "%d", 5);
	if (is_own)
		answer_error(x, 429, "TooManyRequests", NULL,
		    "%u requests of the caller are waiting for the history to "
		    "be read.",
		    LIMIT_CALLER_RECALLS);
	else
		answer_error(x, 503, "ServiceUnavailable", NULL,
		    "Too many requests are waiting for the history to be "
		    "read.");
}

void
api_await_past(struct exchange *x, const struct caller *caller,
    const struct past_question *question)
{
	struct past_waiters *waiters = exchange_api(x)->past_waiters;
	struct again *again = arena_zero(&x->arena, 1, sizeof *again);
	bool is_own = false;

	if (again == NULL || x->again != NULL) {
		answer_json(x, 500, NULL);
		return;
	}
	*again = (struct again){.x = x,
	    .caller = caller->object_id,
	    .recall = {.revision = question->revision,
		.when = question->when,
		.by_time = question->by_time,
		.parts = question->parts,
		.done = done}};
	if (waiters_add(waiters, again->caller, &is_own) != ACTAS_OK) {
		answer_busy(x, is_own);
		return;
	}
	x->again = again;
	if (store_recall(exchange_platform(x)->store, &again->recall) !=
	    ACTAS_OK) {
		waiters_remove(waiters, again->caller);
		answer_busy(x, false);
	}
}
