#include "api/entra/uses.h"

#include <pthread.h>
#include <stdio.h>

enum { MINUTE = 60 };

struct use {
	char key_id[37];
	moment last;
	uint64_t count;
};

struct batch {
	VECTOR(struct use) at;
	struct index index; /* by hash of the key id */
};

struct uses {
	struct platform *platform;
	pthread_mutex_t lock; /* of 'noted' */
	struct batch noted;
	moment flushed;
};

static moment
now_of(const struct uses *u)
{
	struct clock clock = u->platform->clock;

	return clock.now(clock.context);
}

static void
release_batch(struct batch *b)
{
	vector_release(&b->at);
	index_release(&b->index);
}

enum actas_error
uses_new(struct platform *platform, struct uses **uses, struct fault *fault)
{
	struct uses *u = mem_zero(1, sizeof *u);

	*uses = u;
	if (u == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	u->platform = platform;
	u->flushed = now_of(u);
	pthread_mutex_init(&u->lock, NULL);
	return ACTAS_OK;
}

static struct use *
find_use(struct batch *b, const char *key_id)
{
	uint64_t hash = slice_hash(slice_of(key_id));
	struct index_walk walk = index_start(&b->index, hash);
	struct use fresh = {0};
	uint32_t row;

	while (index_next(&walk, &row))
		if (strcmp(b->at.at[row].key_id, key_id) == 0)
			return &b->at.at[row];
	snprintf(fresh.key_id, sizeof fresh.key_id, "%s", key_id);
	row = b->at.count;
	if (row == LIMIT_USES || vector_push(&b->at, fresh) != ACTAS_OK)
		return NULL;
	if (index_add(&b->index, hash, row) == ACTAS_OK)
		return &b->at.at[row];
	b->at.count--;
	return NULL;
}

void
uses_note(struct uses *u, const char *key_id)
{
	moment now = now_of(u);
	struct use *use;

	if (key_id[0] == '\0')
		return;
	pthread_mutex_lock(&u->lock);
	use = find_use(&u->noted, key_id);
	if (use != NULL) {
		use->last = now > use->last ? now : use->last;
		use->count++;
	}
	pthread_mutex_unlock(&u->lock);
}

struct flush {
	struct change change;
	const struct batch *batch;
};

static enum actas_error
write_use(
    const struct use *use, const struct state *state, struct writes *writes)
{
	struct entity_text text;
	struct slice none = {0}, key;
	json_t *old, *entity;
	json_int_t count, last;

	key = entity_key(&text, ENTITY_USE, slice_of(use->key_id), none, none);
	old = entity_get(state, key);
	count = json_integer_value(json_object_get(old, "count"));
	last = json_integer_value(json_object_get(old, "last"));
	json_decref(old);
	count += (json_int_t)use->count;
	entity = json_pack("{s:I, s:I}", "last",
	    use->last > last ? (json_int_t)use->last : last, "count", count);
	if (entity == NULL)
		return ACTAS_ENOMEM;
	entity_put(writes, key, entity);
	json_decref(entity);
	return ACTAS_OK;
}

static enum actas_error
apply_flush(
    struct change *change, const struct snapshot *now, struct writes *writes)
{
	const struct batch *b = ((struct flush *)change)->batch;
	enum actas_error error = ACTAS_OK;

	for (uint32_t i = 0; i < b->at.count && error == ACTAS_OK; i++)
		error = write_use(&b->at.at[i], now->state, writes);
	return error;
}

/* A batch that cannot be written is lost: a full disk is no reason to keep
 * more and more. */
static void
flush(struct uses *u)
{
	struct flush f = {.change.apply = apply_flush};
	enum actas_error ignored = ACTAS_OK;
	struct batch batch;

	pthread_mutex_lock(&u->lock);
	batch = u->noted;
	u->noted = (struct batch){0};
	pthread_mutex_unlock(&u->lock);
	f.batch = &batch;
	if (batch.at.count > 0)
		ignored = platform_commit(u->platform, &f.change);
	(void)ignored;
	release_batch(&batch);
}

void
uses_flush(struct uses *u)
{
	moment now = now_of(u);

	if (now >= u->flushed && now - u->flushed < MINUTE)
		return;
	u->flushed = now;
	flush(u);
}

void
uses_free(struct uses *u)
{
	if (u == NULL)
		return;
	flush(u);
	pthread_mutex_destroy(&u->lock);
	mem_free(u);
}
