#include "journal/writes.h"

void
writes_release(struct writes *w)
{
	vector_release(&w->at);
	arena_release(&w->arena);
	w->error = ACTAS_OK;
}

void
writes_fail(struct writes *w, enum actas_error error)
{
	if (w->error == ACTAS_OK)
		w->error = error;
}

static void
writes_add(struct writes *w, struct slice key, struct slice value)
{
	struct write copy = {{NULL, key.length}, {NULL, value.length}};

	if (w->error != ACTAS_OK)
		return;
	if (key.length > LIMIT_KEY_BYTES || value.length > LIMIT_VALUE_BYTES ||
	    w->at.count == LIMIT_CHANGE_WRITES) {
		w->error = ACTAS_ELIMIT;
		return;
	}
	copy.key.at = arena_text(&w->arena, key);
	if (value.at != NULL)
		copy.value.at = arena_text(&w->arena, value);
	if (copy.key.at == NULL ||
	    (copy.value.at == NULL && value.at != NULL)) {
		w->error = ACTAS_ENOMEM;
		return;
	}
	w->error = vector_push(&w->at, copy);
}

void
writes_put(struct writes *w, struct slice key, struct slice value)
{
	if (value.at == NULL)
		value = SLICE("");
	writes_add(w, key, value);
}

void
writes_remove(struct writes *w, struct slice key)
{
	writes_add(w, key, (struct slice){0});
}

enum actas_error
writes_apply(const struct writes *w, const struct state **s)
{
	const struct state *before = state_hold(*s);
	enum actas_error error = w->error;

	for (uint32_t i = 0; error == ACTAS_OK && i < w->at.count; i++)
		error = state_put(s, w->at.at[i].key, w->at.at[i].value);
	if (error == ACTAS_OK) {
		state_release(before);
		return ACTAS_OK;
	}
	state_release(*s);
	*s = before;
	return error;
}
