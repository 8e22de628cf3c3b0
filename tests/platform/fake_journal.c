/* Stands in for src/journal until it is there: a sorted array that is copied
 * at each edit. */

#include "fake_journal.h"

#include <stdlib.h>

struct state {
	VECTOR(struct entry) at;
	struct arena arena;
};

struct writes {
	const struct state *state;
	enum actas_error error;
};

static uint32_t
first_from(const struct state *s, struct slice key)
{
	uint32_t i = 0;

	while (
	    s != NULL && i < s->at.count && slice_cmp(s->at.at[i].key, key) < 0)
		i++;
	return i;
}

bool
state_get(const struct state *s, struct slice key, struct slice *value)
{
	uint32_t i = first_from(s, key);

	*value = (struct slice){0};
	if (s == NULL || i == s->at.count || !slice_eq(s->at.at[i].key, key))
		return false;
	*value = s->at.at[i].value;
	return true;
}

void
state_walk_prefix(
    struct state_walk *w, const struct state *s, struct slice prefix)
{
	*w = (struct state_walk){.prefix = prefix};
	w->path[0].node = s;
	w->path[0].at = first_from(s, prefix);
}

bool
state_walk_next(struct state_walk *w, struct entry *entry)
{
	const struct state *s = w->path[0].node;

	if (s == NULL || w->path[0].at >= s->at.count)
		return false;
	*entry = s->at.at[w->path[0].at++];
	return slice_starts(entry->key, w->prefix);
}

static void
copy_entry(struct state *s, struct entry e)
{
	e.key.at = arena_text(&s->arena, e.key);
	e.value.at = arena_text(&s->arena, e.value);
	if (vector_push(&s->at, e) != ACTAS_OK)
		abort();
}

enum actas_error
state_put(const struct state *s, uint64_t edition ACTAS_UNUSED,
    struct slice key, struct slice value, const struct state **edited)
{
	struct state *made = mem_zero(1, sizeof *made);
	uint32_t at = first_from(s, key), count = s == NULL ? 0 : s->at.count;

	if (made == NULL)
		return ACTAS_ENOMEM;
	for (uint32_t i = 0; i < at; i++)
		copy_entry(made, s->at.at[i]);
	if (value.at != NULL)
		copy_entry(made, (struct entry){key, value});
	for (uint32_t i = at; i < count; i++)
		if (!slice_eq(s->at.at[i].key, key))
			copy_entry(made, s->at.at[i]);
	*edited = made;
	return ACTAS_OK;
}

void
state_release(const struct state *s)
{
	struct state *own = (struct state *)(uintptr_t)s;

	if (own == NULL)
		return;
	arena_release(&own->arena);
	vector_release(&own->at);
	mem_free(own);
}

void
writes_put(struct writes *w, struct slice key, struct slice value)
{
	const struct state *edited;

	if (w->error != ACTAS_OK)
		return;
	w->error = state_put(w->state, 1, key, value, &edited);
	if (w->error != ACTAS_OK)
		return;
	state_release(w->state);
	w->state = edited;
}

void
writes_remove(struct writes *w, struct slice key)
{
	writes_put(w, key, (struct slice){0});
}

void
writes_fail(struct writes *w, enum actas_error error)
{
	if (w->error == ACTAS_OK)
		w->error = error;
}

struct writes *
fake_writes_new(void)
{
	return mem_zero(1, sizeof(struct writes));
}

enum actas_error
fake_writes_end(struct writes *w, const struct state **state)
{
	enum actas_error error = w->error;

	*state = w->state;
	mem_free(w);
	return error;
}
