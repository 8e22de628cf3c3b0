#include "journal/store_private.h"

#include <errno.h>
#include <time.h>

/*
 * The writer: takes changes from the queue, lands them one behind the other
 * on a state that nobody else sees yet, appends what they wrote to the journal
 * in one transaction, publishes the state, and answers them.
 *
 * The queue is a list without locks, which senders push onto and the writer
 * takes whole. When the store closes the writer takes it for the last time and
 * leaves a mark there, so that whoever comes later sees that nobody will.
 *
 * Whatever can fail comes before the transaction: once that is durable there
 * is only publishing and answering. Where the journal cannot be written,
 * nothing has happened, and the next batch tries again.
 */

static struct change closed;

void
store_submit(struct store *s, struct change *change)
{
	struct change *first = atomic_load(&s->queue);

	change->overflow =
	    atomic_fetch_add(&s->queued, 1) >= LIMIT_QUEUED_CHANGES;
	do {
		if (first == &closed) {
			change->done(change, ACTAS_EIO, 0);
			return;
		}
		change->next = first;
	} while (!atomic_compare_exchange_weak(&s->queue, &first, change));
	if (first == NULL)
		sem_post(&s->wake);
}

/* Moves what is queued behind what is pending, in the order in which it
 * came. False when that was for the last time. */
static bool
queue_take(struct store *s)
{
	bool closing = atomic_load(&s->closing);
	struct change *taken =
	    atomic_exchange(&s->queue, closing ? &closed : NULL);
	struct change *turned = NULL;

	while (taken != NULL) {
		struct change *next = taken->next;

		taken->next = turned;
		turned = taken;
		taken = next;
	}
	*s->pending_end = turned;
	while (*s->pending_end != NULL)
		s->pending_end = &(*s->pending_end)->next;
	return !closing;
}

static struct change *
pending_pop(struct store *s)
{
	struct change *first = s->pending;

	s->pending = first->next;
	if (s->pending == NULL)
		s->pending_end = &s->pending;
	atomic_fetch_sub(&s->queued, 1);
	return first;
}

static void
batch_begin(struct store *s, struct batch *b)
{
	struct held *newest = atomic_load(&s->newest);

	b->now = newest->snapshot;
	(void)state_hold(b->now.state);
	b->view = newest->view;
	b->view->holders++;
	b->count = b->record_count = b->views = 0;
	b->broken = false;
	b->bytes = 0;
}

static bool
batch_is_full(const struct batch *b)
{
	return b->count == LIMIT_BATCH_CHANGES ||
	    b->bytes >= LIMIT_BATCH_BYTES || b->views == LIMIT_BATCH_VIEWS;
}

static bool
touches_view(const struct store *s, const struct writes *w)
{
	for (uint32_t i = 0; i < w->at.count; i++)
		if (s->options.view.touches(w->at.at[i].key))
			return true;
	return false;
}

/* The state behind the writes, and its view if that is another. */
static enum actas_error
make_next(struct store *s, const struct batch *b, const struct writes *w,
    const struct state **state, struct view **view)
{
	struct view_step step = {b->view->made, b->now.state, w};
	struct fault fault = {0};
	enum actas_error error;

	*view = NULL;
	*state = state_hold(b->now.state);
	error = writes_apply(w, state);
	if (error == ACTAS_OK && touches_view(s, w)) {
		error = view_new(
		    s, *state, b->now.revision + 1, &step, view, &fault);
		if (error != ACTAS_OK)
			store_log(s,
			    "a change is refused, for what follows from it "
			    "cannot be made",
			    &fault);
	}
	if (error != ACTAS_OK)
		state_release(*state);
	return error;
}

static void
batch_record(struct store *s, struct batch *b, const struct landing *l)
{
	moment at = s->options.clock.now(s->options.clock.context);

	b->now.revision++;
	b->now.at = at > b->now.at ? at : b->now.at;
	b->records[b->record_count++] = (struct record){
	    .revision = b->now.revision,
	    .at = b->now.at,
	    .actor = l->change->actor,
	    .request = l->change->request,
	    .writes = l->writes.at.at,
	    .write_count = l->writes.at.count,
	};
	for (uint32_t i = 0; i < l->writes.at.count; i++)
		b->bytes += l->writes.at.at[i].key.length +
		    l->writes.at.at[i].value.length;
}

static enum actas_error
note_removed(struct store *s, const struct batch *b, const struct writes *w,
    const struct state *after)
{
	const struct shredder *shredder = &s->options.shredder;

	return shredder->note == NULL
	    ? ACTAS_OK
	    : shredder->note(shredder->context, b->now.state, after, w);
}

/* Lands what a change wrote on a state that is kept until all is well. */
static enum actas_error
batch_step(struct store *s, struct batch *b, const struct landing *l)
{
	const struct state *state;
	struct view *view;
	enum actas_error error = make_next(s, b, &l->writes, &state, &view);

	if (error != ACTAS_OK)
		return error;
	error = note_removed(s, b, &l->writes, state);
	if (error != ACTAS_OK) {
		state_release(state);
		view_release(s, view);
		return error;
	}
	state_release(b->now.state);
	b->now.state = state;
	if (view != NULL) {
		view_release(s, b->view);
		b->view = view;
		b->now.view = view->made;
		b->views++;
	}
	return ACTAS_OK;
}

/* Whether somebody else has a say in it: who makes views, or who has to know
 * what stood there before. */
static bool
is_plain(const struct store *s, const struct batch *b, const struct writes *w)
{
	const struct shredder *shredder = &s->options.shredder;
	struct slice value;

	if (w->error != ACTAS_OK || touches_view(s, w))
		return false;
	for (uint32_t i = 0; i < w->at.count && shredder->note != NULL; i++)
		if (shredder->touches(w->at.at[i].key) &&
		    state_get(b->now.state, w->at.at[i].key, &value))
			return false;
	return true;
}

/*
 * Lands it on the batch's own state, which saves the copies of a path that
 * every other change would make. Memory is all that can be missing, and then
 * the batch comes to nothing.
 */
static enum actas_error
batch_edit(struct batch *b, const struct writes *w)
{
	enum actas_error error = ACTAS_OK;

	for (uint32_t i = 0; error == ACTAS_OK && i < w->at.count; i++)
		error = state_put(
		    &b->now.state, w->at.at[i].key, w->at.at[i].value);
	b->broken = error != ACTAS_OK;
	return error;
}

/* Lands what a change wrote. */
static enum actas_error
batch_write(struct store *s, struct batch *b, const struct landing *l)
{
	enum actas_error error = is_plain(s, b, &l->writes)
	    ? batch_edit(b, &l->writes)
	    : batch_step(s, b, l);

	if (error == ACTAS_OK)
		batch_record(s, b, l);
	return error;
}

static void
batch_land(struct store *s, struct batch *b, struct change *change)
{
	struct landing *l = &b->landings[b->count++];

	*l = (struct landing){.change = change, .result = ACTAS_EIO};
	if (change->overflow)
		return;
	l->result = change->apply(change, &b->now, &l->writes);
	if (l->result == ACTAS_OK)
		l->result = l->writes.error;
	if (l->result == ACTAS_OK && l->writes.at.count > 0)
		l->result = batch_write(s, b, l);
	if (l->result == ACTAS_OK)
		l->revision = b->now.revision;
}

/* Makes the batch durable and publishes it; '*old' is the snapshot before
 * it. */
static enum actas_error
batch_commit(
    struct store *s, struct batch *b, struct held **old, struct fault *fault)
{
	struct held *fresh = mem_zero(1, sizeof *fresh);
	enum actas_error error = fresh == NULL || b->broken
	    ? fault_plain(fault, ACTAS_ENOMEM)
	    : journal_append(s->journal, b->records, b->record_count, fault);

	if (error != ACTAS_OK) {
		mem_free(fresh);
		return error;
	}
	fresh->snapshot = b->now;
	(void)state_hold(b->now.state);
	fresh->view = b->view;
	b->view->holders++;
	fresh->holders = 1;
	*old = store_publish(s, fresh);
	return ACTAS_OK;
}

/* One line when it begins, one when it ends. */
static void
log_journal(struct store *s, enum actas_error error, const struct fault *fault)
{
	bool failing = error != ACTAS_OK;

	if (failing && !s->failing)
		store_log(
		    s, "changes are refused until they can be written", fault);
	else if (!failing && s->failing)
		store_log(s, "changes can be written again", NULL);
	s->failing = failing;
}

static void
batch_answer(struct batch *b, bool failed)
{
	for (uint32_t i = 0; i < b->count; i++) {
		struct landing *l = &b->landings[i];
		struct change *change = l->change;

		/* What was refused was refused on a state that is not. */
		if (failed)
			l->result = ACTAS_EIO;
		writes_release(&l->writes);
		change->done(
		    change, l->result, l->result == ACTAS_OK ? l->revision : 0);
	}
}

/*
 * Waits for those who were just answered to ask again, as long as they keep
 * coming: a transaction costs the same for all as for the first of them.
 */
static void
gather(struct store *s, uint32_t answered)
{
	enum { SLICES = 10 };
	const struct timespec slice = {.tv_nsec = 100000};
	uint32_t now = atomic_load(&s->queued), before = 0;
	uint32_t expected = now + answered;

	if (answered < 2 || atomic_load(&s->closing))
		return;
	for (int i = 0; i < SLICES && now < expected && now != before; i++) {
		before = now;
		nanosleep(&slice, NULL);
		now = atomic_load(&s->queued);
	}
}

static void
write_batch(struct store *s)
{
	struct batch *b = s->batch;
	struct held *old = NULL;
	struct fault fault = {0};
	enum actas_error error = ACTAS_OK;

	batch_begin(s, b);
	while (s->pending != NULL && !batch_is_full(b) && !b->broken)
		batch_land(s, b, pending_pop(s));
	if (b->record_count > 0 || b->broken) {
		error = batch_commit(s, b, &old, &fault);
		log_journal(s, error, &fault);
		if (s->options.shredder.settle != NULL)
			s->options.shredder.settle(
			    s->options.shredder.context, error == ACTAS_OK);
	}
	state_release(b->now.state);
	view_release(s, b->view);
	batch_answer(b, error != ACTAS_OK);
	if (old != NULL) {
		store_quiesce();
		held_release(s, old);
		(void)kept_trim(s);
	}
	gather(s, b->record_count);
}

/* True where nothing came. */
static bool
sleep_for(struct store *s, time_t seconds)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += seconds;
	return sem_timedwait(&s->wake, &until) != 0 && errno == ETIMEDOUT;
}

/* Sleeps until there is something to do; after a while without, tidies up. */
static void
writer_sleep(struct store *s)
{
	if (!sleep_for(s, 1))
		return;
	journal_rest(s->journal);
	while (kept_trim(s))
		if (!sleep_for(s, LIMIT_KEPT_SECONDS / 10))
			return;
	(void)sem_wait(&s->wake);
}

void *
writer_main(void *store)
{
	struct store *s = store;
	bool open = true;

	while (open || s->pending != NULL) {
		retired_free(s);
		if (open)
			open = queue_take(s);
		if (s->pending != NULL)
			write_batch(s);
		else if (open)
			writer_sleep(s);
	}
	return NULL;
}

struct waiting {
	struct change change, *inner;
	sem_t end;
	enum actas_error result;
	uint64_t revision;
};

static enum actas_error
waiting_apply(
    struct change *change, const struct snapshot *now, struct writes *writes)
{
	struct waiting *w = (struct waiting *)change;

	return w->inner->apply(w->inner, now, writes);
}

static void
waiting_done(struct change *change, enum actas_error result, uint64_t revision)
{
	struct waiting *w = (struct waiting *)change;

	if (w->inner->done != NULL)
		w->inner->done(w->inner, result, revision);
	w->result = result;
	w->revision = revision;
	sem_post(&w->end);
}

enum actas_error
store_commit(struct store *s, struct change *change, uint64_t *revision)
{
	struct waiting w = {.change = {.apply = waiting_apply,
				.done = waiting_done,
				.actor = change->actor,
				.request = change->request},
	    .inner = change};

	sem_init(&w.end, 0, 0);
	store_submit(s, &w.change);
	while (sem_wait(&w.end) != 0)
		;
	sem_destroy(&w.end);
	if (revision != NULL)
		*revision = w.revision;
	return w.result;
}
