#include "journal/store_private.h"

/*
 * Snapshots of the past: the history is folded on the thread of who asks, and
 * the last few that were asked for are kept. One at a time folds, so that many
 * questions at once do not take the memory of as many platforms.
 */

static struct held *
past_find(struct past *p, uint64_t revision)
{
	for (uint32_t i = 0; i < LIMIT_PAST_SNAPSHOTS; i++) {
		struct held *h = p->at[i].held;

		if (h == NULL || h->snapshot.revision != revision)
			continue;
		p->at[i].used = ++p->time;
		return h;
	}
	return NULL;
}

/* Keeps it in the place of the one that was not asked for longest. */
static void
past_keep(struct store *s, struct held *h)
{
	struct past *p = &s->past;
	uint32_t oldest = 0;

	for (uint32_t i = 1; i < LIMIT_PAST_SNAPSHOTS; i++)
		if (p->at[i].used < p->at[oldest].used)
			oldest = i;
	if (p->at[oldest].held != NULL)
		held_release(s, p->at[oldest].held);
	p->at[oldest].held = h;
	p->at[oldest].used = ++p->time;
}

void
past_release(struct store *s)
{
	for (uint32_t i = 0; i < LIMIT_PAST_SNAPSHOTS; i++)
		if (s->past.at[i].held != NULL)
			held_release(s, s->past.at[i].held);
}

static enum actas_error
past_make(
    struct store *s, uint64_t revision, struct held **held, struct fault *fault)
{
	const struct view_maker *maker = &s->options.view;
	struct held *h = mem_zero(1, sizeof *h);
	enum actas_error error;

	*held = NULL;
	if (h == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	h->holders = 1;
	h->is_past = true;
	h->snapshot.revision = revision;
	error = journal_state_at(
	    s->path, revision, &h->snapshot.state, &h->snapshot.at, fault);
	if (error == ACTAS_OK)
		error = maker->make(maker->context, h->snapshot.state, revision,
		    NULL, &h->snapshot.view, fault);
	if (error != ACTAS_OK) {
		state_release(h->snapshot.state);
		mem_free(h);
		return error;
	}
	*held = h;
	return ACTAS_OK;
}

static enum actas_error
past_pin(struct store *s, uint64_t revision, const struct snapshot **snapshot,
    struct fault *fault)
{
	struct held *h;
	enum actas_error error = ACTAS_OK;

	pthread_mutex_lock(&s->past.mutex);
	h = past_find(&s->past, revision);
	if (h == NULL) {
		error = past_make(s, revision, &h, fault);
		if (error == ACTAS_OK)
			past_keep(s, h);
	}
	if (error == ACTAS_OK)
		*snapshot = &held_hold(h)->snapshot;
	pthread_mutex_unlock(&s->past.mutex);
	return error;
}

enum actas_error
store_pin_at(struct store *s, uint64_t revision,
    const struct snapshot **snapshot, struct fault *fault)
{
	const struct snapshot *newest = store_pin(s);
	uint64_t last = newest->revision;

	store_unpin(s, newest);
	*snapshot = store_pin_kept(s, revision, STORE_VIEW);
	if (*snapshot != NULL)
		return ACTAS_OK;
	if (revision > last)
		return fault_set(fault, ACTAS_ENOTFOUND, NULL, 0,
		    "the newest revision is %ju", (uintmax_t)last);
	return past_pin(s, revision, snapshot, fault);
}

enum actas_error
store_pin_when(struct store *s, moment when, const struct snapshot **snapshot,
    struct fault *fault)
{
	const struct snapshot *newest = store_pin(s);
	uint64_t last = newest->revision, revision;
	enum actas_error error;

	*snapshot = NULL;
	if (newest->at <= when) {
		*snapshot = newest;
		return ACTAS_OK;
	}
	store_unpin(s, newest);
	error = journal_revision_at(s->path, when, &revision, fault);
	if (error != ACTAS_OK)
		return error;
	/* What is durable may not be published yet. */
	return store_pin_at(
	    s, revision < last ? revision : last, snapshot, fault);
}
