#include "journal/store_private.h"

#include <sys/resource.h>
#include <unistd.h>

/*
 * Snapshots of the past: one thread, the reader, folds the history for who
 * asks, one after the other, behind the threads that answer (it is nice), so
 * that many questions take neither the processor nor the memory of as many
 * platforms. It keeps the last few, and goes on from one that is older than
 * what it is asked for. States of the past are counted by the reader alone,
 * as those of the present are by the writer.
 */

static struct held *
past_find(struct past *p, uint64_t revision, enum store_parts parts)
{
	for (uint32_t i = 0; i < p->count; i++) {
		struct held *h = p->at[i].held;

		if (h->snapshot.revision != revision ||
		    (parts == STORE_VIEW && h->snapshot.view == NULL))
			continue;
		p->at[i].used = ++p->time;
		return h;
	}
	return NULL;
}

const struct snapshot *
past_pin(struct store *s, uint64_t revision, enum store_parts parts)
{
	struct held *h;

	pthread_mutex_lock(&s->past.mutex);
	h = past_find(&s->past, revision, parts);
	if (h != NULL)
		held_hold(h);
	pthread_mutex_unlock(&s->past.mutex);
	return h == NULL ? NULL : &h->snapshot;
}

/* --- the reader's --- */

static void
past_drop(struct store *s, uint32_t i)
{
	struct past *p = &s->past;

	held_release(s, p->at[i].held);
	p->at[i] = p->at[--p->count];
}

/* As if they shared nothing. */
static bool
is_too_much(const struct store *s)
{
	const struct past *p = &s->past;
	size_t bytes = 0;

	for (uint32_t i = 0; i < p->count; i++)
		bytes += state_memory(p->at[i].held->snapshot.state);
	return p->count == LIMIT_PAST_SNAPSHOTS ||
	    (p->count > 0 && bytes > s->options.kept_bytes);
}

/* In the place of those that were not asked for longest. */
static void
past_keep(struct store *s, struct held *h)
{
	struct past *p = &s->past;

	pthread_mutex_lock(&p->mutex);
	while (is_too_much(s)) {
		uint32_t oldest = 0;

		for (uint32_t i = 1; i < p->count; i++)
			if (p->at[i].used < p->at[oldest].used)
				oldest = i;
		past_drop(s, oldest);
	}
	p->at[p->count].held = held_hold(h);
	p->at[p->count++].used = ++p->time;
	pthread_mutex_unlock(&p->mutex);
}

/* The newest that is kept and not newer than 'revision', or NULL. */
static const struct snapshot *
past_before(const struct past *p, uint64_t revision)
{
	const struct snapshot *found = NULL;

	for (uint32_t i = 0; i < p->count; i++) {
		const struct snapshot *at = &p->at[i].held->snapshot;

		if (at->revision <= revision &&
		    (found == NULL || at->revision > found->revision))
			found = at;
	}
	return found;
}

static enum actas_error
past_fold(struct store *s, struct snapshot *made, struct fault *fault)
{
	const struct snapshot *from = past_before(&s->past, made->revision);
	enum actas_error error;

	if (from != NULL)
		made->state = state_hold(from->state);
	if (from != NULL && from->revision == made->revision) {
		made->at = from->at;
		return ACTAS_OK;
	}
	error = journal_fold(s->path, from == NULL ? 0 : from->revision,
	    made->revision, &s->past.stopping, &made->state, &made->at, fault);
	return error;
}

static enum actas_error
past_make(struct store *s, const struct recall *r, struct held **held,
    struct fault *fault)
{
	const struct view_maker *maker = &s->options.view;
	struct held *h = mem_zero(1, sizeof *h);
	enum actas_error error;

	*held = NULL;
	if (h == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	h->holders = 1;
	h->is_past = true;
	h->snapshot.revision = r->revision;
	error = past_fold(s, &h->snapshot, fault);
	if (error == ACTAS_OK && r->parts == STORE_VIEW)
		error = maker->make(maker->context, h->snapshot.state,
		    r->revision, NULL, &h->snapshot.view, fault);
	if (error != ACTAS_OK) {
		state_release(h->snapshot.state);
		mem_free(h);
		return error;
	}
	*held = h;
	return ACTAS_OK;
}

/* Of a time: what is durable may not be published yet. */
static enum actas_error
find_revision(struct store *s, struct recall *r, struct fault *fault)
{
	const struct snapshot *newest = store_pin(s);
	uint64_t last = newest->revision;
	bool is_newest = r->by_time && newest->at <= r->when;
	enum actas_error error = ACTAS_OK;

	store_unpin(s, newest);
	if (is_newest)
		r->revision = last;
	else if (r->by_time)
		error =
		    journal_revision_at(s->path, r->when, &r->revision, fault);
	if (r->by_time && r->revision > last)
		r->revision = last;
	if (error == ACTAS_OK && r->revision > last)
		error = fault_set(fault, ACTAS_ENOTFOUND, NULL, 0,
		    "the newest revision is %ju", (uintmax_t)last);
	return error;
}

static void
serve(struct store *s, struct recall *r)
{
	const struct snapshot *found = NULL;
	struct fault fault = {0};
	enum actas_error error = find_revision(s, r, &fault);
	struct held *made;

	if (error == ACTAS_OK)
		found = store_pin_kept(s, r->revision, r->parts);
	if (error == ACTAS_OK && found == NULL) {
		error = past_make(s, r, &made, &fault);
		if (error == ACTAS_OK) {
			past_keep(s, made);
			found = &made->snapshot;
		}
	}
	r->done(r, error, found, &fault);
}

/* What can no longer be served is refused. */
static void
refuse(struct recall *r)
{
	struct fault fault = {0};

	r->done(r,
	    fault_set(
		&fault, ACTAS_EIO, NULL, 0, "the journal is being closed"),
	    NULL, &fault);
}

static struct recall *
take(struct past *p)
{
	struct recall *r;

	pthread_mutex_lock(&p->mutex);
	r = p->first;
	if (r != NULL) {
		p->first = r->next;
		p->waiting--;
	}
	if (p->first == NULL)
		p->end = &p->first;
	pthread_mutex_unlock(&p->mutex);
	return r;
}

static void
past_free(struct store *s)
{
	struct held *h = atomic_exchange(&s->past.retired, NULL), *next;

	for (; h != NULL; h = next) {
		next = h->next;
		if (h->snapshot.view != NULL)
			s->options.view.drop(h->snapshot.view);
		state_release(h->snapshot.state);
		mem_free(h);
	}
}

void *
past_main(void *store)
{
	enum { NICE = 10 };
	struct store *s = store;
	struct past *p = &s->past;
	struct recall *r;

	/* Where it is refused, it is not nice. */
	(void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
	for (;;) {
		while (sem_wait(&p->wake) != 0)
			;
		past_free(s);
		for (r = take(p); r != NULL; r = take(p)) {
			if (atomic_load(&p->stopping))
				refuse(r);
			else
				serve(s, r);
			past_free(s);
		}
		if (atomic_load(&p->stopping))
			return NULL;
	}
}

/* --- everybody's --- */

enum actas_error
store_recall(struct store *s, struct recall *r)
{
	struct past *p = &s->past;
	enum actas_error error = ACTAS_OK;

	r->next = NULL;
	pthread_mutex_lock(&p->mutex);
	if (atomic_load(&p->stopping)) {
		error = ACTAS_EIO;
	} else if (p->waiting == LIMIT_RECALLS) {
		error = ACTAS_ELIMIT;
	} else {
		p->waiting++;
		*p->end = r;
		p->end = &r->next;
		sem_post(&p->wake);
	}
	pthread_mutex_unlock(&p->mutex);
	return error;
}

void
store_end_recalls(struct store *s)
{
	struct past *p = &s->past;
	bool stopped;

	pthread_mutex_lock(&p->mutex);
	stopped = atomic_exchange(&p->stopping, true);
	pthread_mutex_unlock(&p->mutex);
	if (stopped)
		return;
	sem_post(&p->wake);
	pthread_join(p->reader, NULL);
}

void
past_release(struct store *s)
{
	while (s->past.count > 0)
		past_drop(s, 0);
	past_free(s);
}

struct asking {
	struct recall recall; /* first */
	sem_t end;
	enum actas_error error;
	const struct snapshot *found;
	struct fault *fault;
};

static void
asking_done(struct recall *r, enum actas_error error,
    const struct snapshot *found, const struct fault *fault)
{
	struct asking *a = (struct asking *)r;

	a->error = error;
	a->found = found;
	if (error != ACTAS_OK && a->fault != NULL)
		*a->fault = *fault;
	sem_post(&a->end);
}

static enum actas_error
ask(struct store *s, struct asking *a, const struct snapshot **snapshot,
    struct fault *fault)
{
	enum actas_error error;

	a->recall.parts = STORE_VIEW;
	a->recall.done = asking_done;
	a->fault = fault;
	sem_init(&a->end, 0, 0);
	error = store_recall(s, &a->recall);
	if (error == ACTAS_OK) {
		while (sem_wait(&a->end) != 0)
			;
		error = a->error;
	} else {
		error = fault_plain(fault, error);
	}
	sem_destroy(&a->end);
	*snapshot = a->found;
	return error;
}

enum actas_error
store_pin_at(struct store *s, uint64_t revision,
    const struct snapshot **snapshot, struct fault *fault)
{
	struct asking a = {.recall.revision = revision};

	*snapshot = store_pin_kept(s, revision, STORE_VIEW);
	return *snapshot != NULL ? ACTAS_OK : ask(s, &a, snapshot, fault);
}

enum actas_error
store_pin_when(struct store *s, moment when, const struct snapshot **snapshot,
    struct fault *fault)
{
	struct asking a = {.recall = {.by_time = true, .when = when}};

	return ask(s, &a, snapshot, fault);
}
