#include "platform/value_keys.h"

#include "keys/jwt.h"

#include <inttypes.h>
#include <pthread.h>

#define VERSIONS "version/" /* what keys of entities with values begin with */

enum { VALUE_KEY_BYTES = 32, CACHED_KEYS = 2048 };

/*
 * Keys that were read before lie in one block of the secure heap, a place in
 * it going by the slot: two that meet in one place push each other out. What
 * is destroyed is wiped there as well; 'wiped' counts that, so that a key that
 * was read before is not remembered after.
 *
 * 'doomed' are keys to be destroyed. The first 'owed' of them the journal has
 * done away with; the others are of the changes that are being landed.
 */
struct value_keys {
	struct slots *slots;
	void (*log)(void *context, const char *line);
	void *log_context;

	pthread_rwlock_t lock; /* of the cache */
	struct secret_bytes clear;
	struct slot cached[CACHED_KEYS]; /* generation 0: none */
	uint64_t wiped;

	pthread_mutex_t doom;
	VECTOR(struct slot) doomed;
	uint32_t owed;
	bool is_failing;
};

/* --- opening --- */

static enum actas_error
prepare(struct value_keys *k, const char *folder, const struct master *m,
    struct fault *fault)
{
	enum actas_error error =
	    secret_bytes_new((size_t)CACHED_KEYS * VALUE_KEY_BYTES, &k->clear);

	if (error != ACTAS_OK)
		return fault_plain(fault, error);
	error = slots_open(folder, m, &k->slots, fault);
	if (error == ACTAS_ENOTFOUND)
		return fault_set(fault, ACTAS_EUSAGE, folder, 0,
		    "has no " SLOTS_FILE
		    ", without which no value can be read: it was removed, or "
		    "the folder is of an earlier version; make a new one with "
		    "actas init");
	return error;
}

enum actas_error
value_keys_open(const char *folder, const struct master *m,
    void (*log)(void *context, const char *line), void *log_context,
    struct value_keys **keys, struct fault *fault)
{
	struct value_keys *k = mem_zero(1, sizeof *k);
	enum actas_error error;

	*keys = NULL;
	if (k == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	k->log = log;
	k->log_context = log_context;
	pthread_rwlock_init(&k->lock, NULL);
	pthread_mutex_init(&k->doom, NULL);
	error = prepare(k, folder, m, fault);
	if (error == ACTAS_OK)
		*keys = k;
	else
		value_keys_close(k);
	return error;
}

void
value_keys_close(struct value_keys *k)
{
	if (k == NULL)
		return;
	slots_close(k->slots);
	secret_bytes_release(&k->clear);
	vector_release(&k->doomed);
	pthread_mutex_destroy(&k->doom);
	pthread_rwlock_destroy(&k->lock);
	mem_free(k);
}

/* --- which key --- */

/* Takes "{slot}.{generation}." off the front. */
static bool
take_slot(struct slice *sealed, struct slot *slot)
{
	struct slice rest = *sealed, number, generation;
	uint64_t n, g;

	if (!slice_cut(&rest, '.', &number) || rest.at == NULL ||
	    !slice_cut(&rest, '.', &generation) || rest.at == NULL ||
	    !slice_u64(number, &n) || n >= LIMIT_VALUE_KEYS ||
	    !slice_u64(generation, &g) || g == 0 || g > UINT32_MAX)
		return false;
	*slot = (struct slot){(uint32_t)n, (uint32_t)g};
	*sealed = rest;
	return true;
}

/* Of an entity as it lies in the state: mostly "sealed" is its first member,
 * and a start with many secrets need not parse them all. */
static bool
slot_of_entity(struct slice entity, struct slot *slot)
{
	static const char front[] = "{\"sealed\":\"";
	struct slice sealed;
	json_t *parsed;
	bool found;

	if (slice_starts(entity, slice_of(front))) {
		sealed = slice_from(entity, sizeof front - 1);
		return take_slot(&sealed, slot);
	}
	parsed = entity_parse(entity);
	sealed = jwt_text(parsed, "sealed");
	found = take_slot(&sealed, slot);
	json_decref(parsed);
	return found;
}

/* --- the cache --- */

static uint32_t
place_of(struct slot slot)
{
	return slot.number % CACHED_KEYS;
}

static bool
slot_eq(struct slot a, struct slot b)
{
	return a.number == b.number && a.generation == b.generation;
}

/* A key of the cache, not owned: for as long as the lock is held. */
static struct secret_bytes
cached_key(const struct value_keys *k, struct slot slot)
{
	return (struct secret_bytes){
	    k->clear.at + (size_t)place_of(slot) * VALUE_KEY_BYTES,
	    VALUE_KEY_BYTES};
}

/* False where the key is not there. */
static bool
unseal_cached(struct value_keys *k, struct slot slot, struct slice about,
    struct slice raw, struct secret_bytes *value, enum actas_error *error,
    uint64_t *wiped)
{
	struct secret_bytes key = cached_key(k, slot);
	bool there;

	pthread_rwlock_rdlock(&k->lock);
	there = slot_eq(k->cached[place_of(slot)], slot);
	if (there)
		*error = unseal(&key, about, raw, value);
	*wiped = k->wiped;
	pthread_rwlock_unlock(&k->lock);
	return there;
}

static void
remember(struct value_keys *k, struct slot slot, const struct secret_bytes *key,
    uint64_t wiped)
{
	struct secret_bytes into = cached_key(k, slot);

	pthread_rwlock_wrlock(&k->lock);
	if (k->wiped == wiped) {
		memcpy(into.at, key->at, VALUE_KEY_BYTES);
		k->cached[place_of(slot)] = slot;
	}
	pthread_rwlock_unlock(&k->lock);
}

static void
forget(struct value_keys *k, const struct slot *slots, uint32_t count)
{
	pthread_rwlock_wrlock(&k->lock);
	k->wiped++;
	for (uint32_t i = 0; i < count; i++) {
		struct slot *at = &k->cached[place_of(slots[i])];

		if (!slot_eq(*at, slots[i]))
			continue;
		secret_wipe(cached_key(k, slots[i]).at, VALUE_KEY_BYTES);
		*at = (struct slot){0};
	}
	pthread_rwlock_unlock(&k->lock);
}

/* --- destroying --- */

static void
tell(struct value_keys *k, const char *line)
{
	if (k->log != NULL)
		k->log(k->log_context, line);
}

/* With the lock. */
static void
destroy_owed(struct value_keys *k)
{
	uint32_t rest = k->doomed.count - k->owed;
	bool done;

	if (k->owed == 0)
		return;
	forget(k, k->doomed.at, k->owed);
	done = slots_destroy(k->slots, k->doomed.at, k->owed) == ACTAS_OK;
	if (done) {
		memmove(k->doomed.at, k->doomed.at + k->owed,
		    rest * sizeof *k->doomed.at);
		k->doomed.count = rest;
		k->owed = 0;
	}
	if (done == k->is_failing)
		tell(k,
		    done ? "the keys of purged values are destroyed"
			 : "keys of purged values cannot be destroyed in "
			   "value.keys now: it is tried again");
	k->is_failing = !done;
}

void
value_keys_retry(struct value_keys *k)
{
	pthread_mutex_lock(&k->doom);
	destroy_owed(k);
	pthread_mutex_unlock(&k->doom);
}

static bool
touches(struct slice key)
{
	return slice_starts(key, SLICE(VERSIONS));
}

/* The key of what stood there, unless it still does. */
static enum actas_error
doom(struct value_keys *k, struct slice key, const struct state *before,
    const struct state *after)
{
	struct slice value;
	struct slot old, now;

	if (!touches(key) || !state_get(before, key, &value) ||
	    !slot_of_entity(value, &old))
		return ACTAS_OK;
	if (state_get(after, key, &value) && slot_of_entity(value, &now) &&
	    slot_eq(old, now))
		return ACTAS_OK;
	return vector_push(&k->doomed, old);
}

static enum actas_error
note(void *context, const struct state *before, const struct state *after,
    const struct writes *writes)
{
	struct value_keys *k = context;
	enum actas_error error = ACTAS_OK;
	uint32_t count;

	pthread_mutex_lock(&k->doom);
	count = k->doomed.count;
	for (uint32_t i = 0; error == ACTAS_OK && i < writes->at.count; i++)
		error = doom(k, writes->at.at[i].key, before, after);
	if (error != ACTAS_OK)
		k->doomed.count = count;
	pthread_mutex_unlock(&k->doom);
	return error;
}

static void
settle(void *context, bool durable)
{
	struct value_keys *k = context;

	pthread_mutex_lock(&k->doom);
	if (durable)
		k->owed = k->doomed.count;
	else
		k->doomed.count = k->owed;
	destroy_owed(k);
	pthread_mutex_unlock(&k->doom);
	if (durable)
		slots_reuse(k->slots);
}

struct shredder
value_keys_shredder(struct value_keys *k)
{
	return (struct shredder){touches, note, settle, k};
}

enum actas_error
value_keys_sweep(
    struct value_keys *k, const struct state *s, struct fault *fault)
{
	enum actas_error error = ACTAS_OK;
	struct state_walk walk;
	struct entry entry;
	uint32_t missing = 0;
	struct slot slot;
	char line[200];

	state_walk_prefix(&walk, s, SLICE(VERSIONS));
	while (error == ACTAS_OK && state_walk_next(&walk, &entry))
		if (slot_of_entity(entry.value, &slot))
			error = slots_keep(k->slots, slot);
	if (error != ACTAS_OK)
		return fault_plain(fault, error);
	error = slots_sweep(k->slots, &missing, fault);
	if (missing > 0) {
		snprintf(line, sizeof line,
		    "the keys of %" PRIu32 " values are not in " SLOTS_FILE
		    ", which is not of this journal, or older: they cannot be "
		    "read",
		    missing);
		tell(k, line);
	}
	return error;
}

/* --- values --- */

enum actas_error
value_seal(struct value_keys *k, struct slice about, struct slice value,
    struct buffer *sealed)
{
	struct secret_bytes key = {0};
	struct buffer raw = {0};
	struct slot slot;
	enum actas_error error = slots_take(k->slots, &slot, &key);

	if (error != ACTAS_OK)
		return error;
	error = seal(&key, about, value, &raw);
	if (error == ACTAS_OK) {
		buffer_addf(sealed, "%" PRIu32 ".%" PRIu32 ".", slot.number,
		    slot.generation);
		base64_put(sealed, raw.at, raw.length);
		error = sealed->error;
	}
	if (error != ACTAS_OK)
		slots_give_back(k->slots, slot);
	secret_bytes_release(&key);
	buffer_release(&raw);
	return error;
}

void
value_drop(struct value_keys *k, struct slice sealed)
{
	struct slot slot;

	if (take_slot(&sealed, &slot))
		slots_give_back(k->slots, slot);
}

static enum actas_error
unseal_read(struct value_keys *k, struct slot slot, struct slice about,
    struct slice raw, struct secret_bytes *value)
{
	struct secret_bytes key;
	enum actas_error error = ACTAS_OK;
	uint64_t wiped;

	if (unseal_cached(k, slot, about, raw, value, &error, &wiped))
		return error;
	error = slots_key(k->slots, slot, &key);
	if (error != ACTAS_OK)
		return error;
	remember(k, slot, &key, wiped);
	error = unseal(&key, about, raw, value);
	secret_bytes_release(&key);
	return error;
}

enum actas_error
value_unseal(struct value_keys *k, struct slice about, struct slice sealed,
    struct secret_bytes *value)
{
	struct buffer raw = {0};
	struct slot slot;
	enum actas_error error;

	*value = (struct secret_bytes){0};
	if (!take_slot(&sealed, &slot))
		return ACTAS_EPARSE;
	error = base64_get(sealed, &raw);
	if (error == ACTAS_OK)
		error = unseal_read(k, slot, about, buffer_slice(&raw), value);
	buffer_release(&raw);
	return error;
}
