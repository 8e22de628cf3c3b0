#include "journal/store_private.h"

#include <signal.h>
#include <urcu-bp.h>

/*
 * Snapshots: how they are published, pinned and freed.
 *
 * To pin is to read the pointer to the newest snapshot and to count oneself as
 * its holder. Between the two steps the writer may publish another; so the
 * store gives up its own hold only after a grace period of RCU, in which every
 * reader has taken both steps or neither. RCU's flavour is the one that
 * registers threads by itself, since threads are not ours.
 *
 * Whoever lets go last does not free: states and views are counted without
 * atomics, on the writer's thread, those of the past on the reader's. It puts
 * the snapshot on a list without locks and wakes the one whose it is.
 */

struct held *
held_hold(struct held *h)
{
	atomic_fetch_add_explicit(&h->holders, 1, memory_order_relaxed);
	return h;
}

static void
retire(_Atomic(struct held *) *list, sem_t *wake, struct held *h)
{
	struct held *first = atomic_load(list);

	do
		h->next = first;
	while (!atomic_compare_exchange_weak(list, &first, h));
	if (first == NULL)
		sem_post(wake);
}

void
held_release(struct store *s, struct held *h)
{
	if (atomic_fetch_sub(&h->holders, 1) > 1)
		return;
	if (h->is_past)
		retire(&s->past.retired, &s->past.wake, h);
	else
		retire(&s->retired, &s->wake, h);
}

void
retired_free(struct store *s)
{
	struct held *h = atomic_exchange(&s->retired, NULL), *next;

	for (; h != NULL; h = next) {
		next = h->next;
		view_release(s, h->view);
		state_release(h->snapshot.state);
		mem_free(h);
	}
}

const struct snapshot *
store_pin(struct store *s)
{
	struct held *h;

	urcu_bp_read_lock();
	h = held_hold(atomic_load_explicit(&s->newest, memory_order_acquire));
	urcu_bp_read_unlock();
	return &h->snapshot;
}

const struct snapshot *
store_pin_again(const struct snapshot *snapshot)
{
	return &held_hold((struct held *)(uintptr_t)snapshot)->snapshot;
}

void
store_unpin(struct store *s, const struct snapshot *snapshot)
{
	held_release(s, (struct held *)(uintptr_t)snapshot);
}

struct held *
store_publish(struct store *s, struct held *fresh)
{
	return atomic_exchange(&s->newest, fresh);
}

void
store_quiesce(void)
{
	urcu_bp_synchronize_rcu();
}

enum actas_error
view_new(struct store *s, const struct state *state, uint64_t revision,
    const struct view_step *from, struct view **view, struct fault *fault)
{
	const struct view_maker *maker = &s->options.view;
	enum actas_error error;

	*view = mem_zero(1, sizeof **view);
	if (*view == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	(*view)->holders = 1;
	error = maker->make(
	    maker->context, state, revision, from, &(*view)->made, fault);
	if (error != ACTAS_OK) {
		mem_free(*view);
		*view = NULL;
	}
	return error;
}

void
view_release(struct store *s, struct view *view)
{
	if (view == NULL || --view->holders > 0)
		return;
	s->options.view.drop(view->made);
	mem_free(view);
}

void
store_log(struct store *s, const char *what, const struct fault *fault)
{
	struct buffer line = {0};

	buffer_puts(&line, what);
	if (fault != NULL)
		buffer_addf(&line, ": %s", fault->message);
	if (s->options.log != NULL)
		s->options.log(s->options.log_context,
		    line.error == ACTAS_OK ? buffer_text(&line) : what);
	buffer_release(&line);
}

/* Loads the journal and publishes what it holds. */
static enum actas_error
load(struct store *s, struct fault *fault)
{
	struct held *h = mem_zero(1, sizeof *h);
	struct snapshot *now;
	enum actas_error error;

	if (h == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	now = &h->snapshot;
	h->holders = 1;
	error = journal_load(
	    s->journal, &now->state, &now->revision, &now->at, fault);
	if (error == ACTAS_OK)
		error = view_new(
		    s, now->state, now->revision, NULL, &h->view, fault);
	if (error != ACTAS_OK) {
		state_release(now->state);
		mem_free(h);
		return error;
	}
	now->view = h->view->made;
	atomic_store(&s->newest, h);
	return ACTAS_OK;
}

/* Signals are for the threads of who opened the store. */
static enum actas_error
start_thread(struct store *s, pthread_t *thread, void *(*run)(void *),
    struct fault *fault)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(thread, NULL, run, s);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed != 0)
		return fault_set(fault, ACTAS_EIO, NULL, 0,
		    "no thread can be made: %s", strerrordesc_np(failed));
	return ACTAS_OK;
}

static enum actas_error
prepare(struct store *s, const struct store_options *options)
{
	size_t length = strlen(options->path) + 1;

	s->options = *options;
	if (s->options.kept_bytes == 0)
		s->options.kept_bytes = LIMIT_KEPT_BYTES;
	s->pending_end = &s->pending;
	s->past.end = &s->past.first;
	s->path = mem_alloc(length);
	s->batch = mem_zero(1, sizeof *s->batch);
	if (s->path == NULL || s->batch == NULL)
		return ACTAS_ENOMEM;
	memcpy(s->path, options->path, length);
	s->options.path = s->path;
	return ACTAS_OK;
}

static void
store_free(struct store *s)
{
	struct held *newest = atomic_load(&s->newest);

	past_release(s);
	kept_release(s);
	if (newest != NULL)
		held_release(s, newest);
	retired_free(s);
	journal_close(s->journal);
	pthread_mutex_destroy(&s->past.mutex);
	sem_destroy(&s->past.wake);
	pthread_mutex_destroy(&s->kept.mutex);
	sem_destroy(&s->wake);
	mem_free(s->batch);
	mem_free(s->path);
	mem_free(s);
}

enum actas_error
store_open(const struct store_options *options, struct store **store,
    struct fault *fault)
{
	struct store *s = mem_zero(1, sizeof *s);
	enum actas_error error;

	*store = NULL;
	if (s == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	sem_init(&s->wake, 0, 0);
	sem_init(&s->past.wake, 0, 0);
	pthread_mutex_init(&s->past.mutex, NULL);
	pthread_mutex_init(&s->kept.mutex, NULL);
	error = prepare(s, options);
	if (error != ACTAS_OK)
		fault_plain(fault, error);
	else
		error = journal_open(s->path, &s->journal, fault);
	if (error == ACTAS_OK)
		error = load(s, fault);
	if (error == ACTAS_OK)
		error = start_thread(s, &s->past.reader, past_main, fault);
	if (error == ACTAS_OK) {
		error = start_thread(s, &s->writer, writer_main, fault);
		if (error != ACTAS_OK)
			store_end_recalls(s);
	}
	if (error == ACTAS_OK)
		*store = s;
	else
		store_free(s);
	return error;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	store_end_recalls(s);
	atomic_store(&s->closing, true);
	sem_post(&s->wake);
	pthread_join(s->writer, NULL);
	store_free(s);
}
