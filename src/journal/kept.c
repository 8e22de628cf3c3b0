#include "journal/store_private.h"

/*
 * Snapshots kept for the next pages of lists.
 *
 * A state that is kept costs what was edited since; the family of the newest
 * state knows how much that is, with what others have pinned. A view has a
 * size that nobody knows here, so views are counted, and where only the state
 * is wanted another snapshot without a view takes the place of the one that
 * was kept. To do so is the writer's, which alone counts holders of states
 * and views; everybody else only looks up and adds.
 */

static moment
now(const struct store *s)
{
	return s->options.clock.now(s->options.clock.context);
}

static void
touch(struct store *s, uint32_t i)
{
	s->kept.at[i].when = now(s);
	s->kept.at[i].used = ++s->kept.time;
}

/* kept.count where it is not there. */
static uint32_t
find(const struct kept *k, uint64_t revision)
{
	uint32_t i = 0;

	while (i < k->count && k->at[i].held->snapshot.revision != revision)
		i++;
	return i;
}

static uint32_t
find_unused(const struct kept *k)
{
	uint32_t found = 0;

	for (uint32_t i = 1; i < k->count; i++)
		if (k->at[i].used < k->at[found].used)
			found = i;
	return found;
}

static void
let_go(struct store *s, uint32_t i)
{
	struct kept *k = &s->kept;

	held_release(s, k->at[i].held);
	k->at[i] = k->at[--k->count];
}

static void
keep(struct store *s, struct held *h, enum store_parts parts)
{
	struct kept *k = &s->kept;
	uint32_t i = find(k, h->snapshot.revision);

	if (i == LIMIT_KEPT_SNAPSHOTS) {
		let_go(s, find_unused(k));
		i = k->count;
	}
	if (i == k->count) {
		k->at[i].held = held_hold(h);
		k->at[i].parts = parts;
		k->count++;
	} else if (parts > k->at[i].parts) {
		k->at[i].parts = parts;
		held_hold(h);
		held_release(s, k->at[i].held);
		k->at[i].held = h;
	}
	touch(s, i);
}

/* One of the past is kept by itself. */
void
store_keep(
    struct store *s, const struct snapshot *snapshot, enum store_parts parts)
{
	struct held *h = (struct held *)(uintptr_t)snapshot;

	if (h->is_past || (h->view == NULL && parts == STORE_VIEW))
		return;
	pthread_mutex_lock(&s->kept.mutex);
	keep(s, h, parts);
	pthread_mutex_unlock(&s->kept.mutex);
}

const struct snapshot *
store_pin_kept(struct store *s, uint64_t revision, enum store_parts parts)
{
	const struct snapshot *found = store_pin(s);
	struct kept *k = &s->kept;
	uint32_t i;

	if (found->revision == revision)
		return found;
	store_unpin(s, found);
	found = NULL;
	pthread_mutex_lock(&k->mutex);
	i = find(k, revision);
	if (i < k->count &&
	    (parts == STORE_STATE || k->at[i].held->view != NULL)) {
		touch(s, i);
		found = &held_hold(k->at[i].held)->snapshot;
	}
	pthread_mutex_unlock(&k->mutex);
	return found != NULL ? found : past_pin(s, revision, parts);
}

/* --- the writer's --- */

static struct held *
newest_of(struct store *s)
{
	return atomic_load(&s->newest);
}

/* Puts one without a view in the place. Where there is no memory for it, it
 * is tried again with the next revision. */
static void
strip(struct store *s, uint32_t i)
{
	struct held *full = s->kept.at[i].held;
	struct held *bare = mem_zero(1, sizeof *bare);

	if (bare == NULL)
		return;
	bare->snapshot = full->snapshot;
	(void)state_hold(full->snapshot.state);
	bare->snapshot.view = NULL;
	bare->holders = 1;
	s->kept.at[i].held = bare;
	s->kept.at[i].parts = STORE_STATE;
	held_release(s, full);
}

static bool
has_old_view(struct store *s, uint32_t i)
{
	const struct view *view = s->kept.at[i].held->view;

	return view != NULL && view != newest_of(s)->view;
}

/* Whether an earlier place has the same view. */
static bool
is_counted(const struct kept *k, uint32_t i)
{
	for (uint32_t j = 0; j < i; j++)
		if (k->at[j].held->view == k->at[i].held->view)
			return true;
	return false;
}

/* The view that was not asked for longest goes, with all who have it. */
static void
strip_oldest_view(struct store *s)
{
	struct kept *k = &s->kept;
	const struct view *oldest = NULL;
	uint64_t used = UINT64_MAX;

	for (uint32_t i = 0; i < k->count; i++)
		if (has_old_view(s, i) && k->at[i].used < used) {
			used = k->at[i].used;
			oldest = k->at[i].held->view;
		}
	for (uint32_t i = 0; i < k->count; i++)
		if (k->at[i].held->view == oldest)
			strip(s, i);
}

static void
trim_views(struct store *s)
{
	struct kept *k = &s->kept;
	uint32_t views = 0;

	for (uint32_t i = 0; i < k->count; i++) {
		if (!has_old_view(s, i))
			continue;
		if (k->at[i].parts == STORE_STATE)
			strip(s, i);
		else
			views += !is_counted(k, i);
	}
	for (; views > LIMIT_KEPT_VIEWS; views--)
		strip_oldest_view(s);
}

static void
trim_age(struct store *s)
{
	moment until = now(s) - LIMIT_KEPT_SECONDS;

	for (uint32_t i = s->kept.count; i-- > 0;)
		if (s->kept.at[i].when < until)
			let_go(s, i);
}

static bool
is_too_much(struct store *s)
{
	const struct state *newest = newest_of(s)->snapshot.state;

	return state_family_memory(newest) - state_memory(newest) >
	    s->options.kept_bytes;
}

static bool
let_go_oldest(struct store *s)
{
	struct kept *k = &s->kept;
	uint32_t oldest = 0;
	bool any;

	pthread_mutex_lock(&k->mutex);
	any = k->count > 0;
	for (uint32_t i = 1; i < k->count; i++)
		if (k->at[i].held->snapshot.revision <
		    k->at[oldest].held->snapshot.revision)
			oldest = i;
	if (any)
		let_go(s, oldest);
	pthread_mutex_unlock(&k->mutex);
	return any;
}

bool
kept_trim(struct store *s)
{
	bool some;

	pthread_mutex_lock(&s->kept.mutex);
	trim_age(s);
	trim_views(s);
	some = s->kept.count > 0;
	pthread_mutex_unlock(&s->kept.mutex);
	/* What is let go is freed at once, so that the next look sees it. */
	while (some && is_too_much(s)) {
		some = let_go_oldest(s);
		retired_free(s);
	}
	return some;
}

void
kept_release(struct store *s)
{
	while (s->kept.count > 0)
		let_go(s, 0);
}
