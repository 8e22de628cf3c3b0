#include "api/keyring.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
	PERIOD = 60 * 86400, /* a key signs so long */
	LEAD = 86400,        /* it is shown so long before */
	OVERLAP = 2 * 86400  /* and verifies so long after */
};

struct ring_key {
	struct signing_key *key;
	struct public_key *public;
	moment from, until; /* until 0: no successor yet */
};

struct ring_keys {
	struct ring_key at[LIMIT_SIGNING_KEYS];
	uint32_t count;
};

struct keyring {
	struct platform *platform;
	pthread_rwlock_t lock; /* of 'keys' */
	struct ring_keys keys;
	atomic_uint_fast64_t edition;
};

static moment
now_of(const struct keyring *ring)
{
	struct clock clock = ring->platform->clock;

	return clock.now(clock.context);
}

static void
release_keys(struct ring_keys *keys)
{
	for (uint32_t i = 0; i < keys->count; i++) {
		signing_key_free(keys->at[i].key);
		public_key_free(keys->at[i].public);
	}
	keys->count = 0;
}

/* --- reading --- */

static enum actas_error
get_base64(const json_t *entity, const char *name, struct buffer *out)
{
	struct slice text = jwt_text(entity, name);

	return text.length == 0 ? ACTAS_EPARSE : base64_get(text, out);
}

static enum actas_error
read_key(
    const struct master *master, const json_t *entity, struct ring_key *key)
{
	struct buffer sealed = {0}, certificate = {0};
	enum actas_error error;

	*key = (struct ring_key){
	    .from = json_integer_value(json_object_get(entity, "from")),
	    .until = json_integer_value(json_object_get(entity, "until")),
	};
	error = get_base64(entity, "sealed", &sealed);
	if (error == ACTAS_OK)
		error = get_base64(entity, "certificate", &certificate);
	if (error == ACTAS_OK)
		error = signing_key_unseal(buffer_slice(&sealed),
		    buffer_slice(&certificate), master, &key->key);
	if (error == ACTAS_OK) {
		key->public = public_key_of_signer(key->key);
		if (key->public == NULL)
			error = ACTAS_ENOMEM;
	}
	if (error != ACTAS_OK) {
		signing_key_free(key->key);
		key->key = NULL;
	}
	buffer_release(&sealed);
	buffer_release(&certificate);
	return error;
}

static enum actas_error
read_keys(const struct platform *p, const struct state *state, moment now,
    struct ring_keys *keys, struct fault *fault)
{
	struct entity_text text;
	enum actas_error error = ACTAS_OK;
	struct slice none = {0};
	struct state_walk walk;
	struct entry entry;

	state_walk_prefix(
	    &walk, state, entity_prefix(&text, ENTITY_SIGNING_KEY, none, none));
	while (error == ACTAS_OK && state_walk_next(&walk, &entry)) {
		struct ring_key *next = &keys->at[keys->count];
		json_t *entity;

		if (keys->count == LIMIT_SIGNING_KEYS)
			return fault_set(fault, ACTAS_ELIMIT, NULL, 0,
			    "more than %u signing keys", LIMIT_SIGNING_KEYS);
		entity = entity_get(state, entry.key);
		error = read_key(p->master, entity, next);
		json_decref(entity);
		if (error != ACTAS_OK)
			return fault_set(fault, error, NULL, 0,
			    "the signing key %.*s cannot be read: is the "
			    "master "
			    "key that of this platform?",
			    SLICE_ARGS(entity_last(entry.key)));
		keys->count++;
		if (next->until != 0 && next->until <= now) {
			keys->count--;
			signing_key_free(next->key);
			public_key_free(next->public);
		}
	}
	return ACTAS_OK;
}

static enum actas_error
reload(struct keyring *ring, struct fault *fault)
{
	struct store *store = ring->platform->store;
	const struct snapshot *snapshot = store_pin(store);
	struct ring_keys fresh = {0}, old;
	enum actas_error error = read_keys(
	    ring->platform, snapshot->state, now_of(ring), &fresh, fault);

	store_unpin(store, snapshot);
	if (error != ACTAS_OK) {
		release_keys(&fresh);
		return error;
	}
	pthread_rwlock_wrlock(&ring->lock);
	old = ring->keys;
	ring->keys = fresh;
	pthread_rwlock_unlock(&ring->lock);
	atomic_fetch_add(&ring->edition, 1);
	release_keys(&old);
	return ACTAS_OK;
}

/* --- the next key --- */

static const struct ring_key *
newest(const struct ring_keys *keys)
{
	const struct ring_key *found = NULL;

	for (uint32_t i = 0; i < keys->count; i++)
		if (found == NULL || keys->at[i].from > found->from)
			found = &keys->at[i];
	return found;
}

struct succession {
	struct change change;
	const struct signing_key *key, *old; /* old may be NULL */
	moment from, now;
	const struct master *master;
};

static json_t *
key_entity(const struct succession *s)
{
	struct buffer sealed = {0}, sealed64 = {0}, certificate64 = {0};
	struct slice certificate = signing_key_certificate(s->key);
	json_t *entity = NULL;

	if (signing_key_seal(s->key, s->master, &sealed) == ACTAS_OK) {
		base64_put(&sealed64, sealed.at, sealed.length);
		base64_put(&certificate64, certificate.at, certificate.length);
		if (sealed64.error == ACTAS_OK &&
		    certificate64.error == ACTAS_OK)
			entity = json_pack("{s:s, s:s, s:I, s:I}", "sealed",
			    buffer_text(&sealed64), "certificate",
			    buffer_text(&certificate64), "from",
			    (json_int_t)s->from, "until", (json_int_t)0);
	}
	buffer_release(&sealed);
	buffer_release(&sealed64);
	buffer_release(&certificate64);
	return entity;
}

static void
put_key(struct writes *writes, const char *id, const json_t *entity)
{
	struct entity_text text;
	struct slice none = {0};

	entity_put(writes,
	    entity_key(&text, ENTITY_SIGNING_KEY, slice_of(id), none, none),
	    entity);
}

/* The key before the new one ends; those that ended are forgotten. */
static enum actas_error
end_others(const struct succession *s, const struct state *state,
    struct writes *writes)
{
	struct entity_text text;
	struct slice none = {0}, old;
	struct state_walk walk;
	struct entry entry;

	old = slice_of(s->old == NULL ? "" : signing_key_id(s->old));
	state_walk_prefix(
	    &walk, state, entity_prefix(&text, ENTITY_SIGNING_KEY, none, none));
	while (state_walk_next(&walk, &entry)) {
		json_t *entity = entity_get(state, entry.key);
		moment until =
		    json_integer_value(json_object_get(entity, "until"));

		if (entity == NULL)
			return ACTAS_ENOMEM;
		if (until != 0 && until <= s->now)
			writes_remove(writes, entry.key);
		else if (slice_eq_case(entity_last(entry.key), old) &&
		    json_object_set_new(
			entity, "until", json_integer(s->from + OVERLAP)) == 0)
			entity_put(writes, entry.key, entity);
		json_decref(entity);
	}
	return ACTAS_OK;
}

static enum actas_error
apply_succession(
    struct change *change, const struct snapshot *now, struct writes *writes)
{
	const struct succession *s = (const struct succession *)change;
	json_t *entity = key_entity(s);
	enum actas_error error = ACTAS_ENOMEM;

	if (entity != NULL) {
		put_key(writes, signing_key_id(s->key), entity);
		error = end_others(s, now->state, writes);
	}
	json_decref(entity);
	return error;
}

enum actas_error
keyring_rotate(struct keyring *ring, struct fault *fault)
{
	const struct ring_key *last = newest(&ring->keys);
	moment now = now_of(ring);
	struct signing_key *key = NULL;
	struct succession s = {.change.apply = apply_succession, .now = now};
	enum actas_error error;

	if (last != NULL && now < last->from + PERIOD - LEAD)
		return ACTAS_OK;
	error = signing_key_new(now, &key);
	if (error != ACTAS_OK)
		return fault_plain(fault, error);
	s.key = key;
	s.old = last == NULL ? NULL : last->key;
	s.from = last == NULL ? now : now + LEAD;
	s.master = ring->platform->master;
	error = platform_commit(ring->platform, &s.change);
	signing_key_free(key);
	if (error != ACTAS_OK)
		return fault_set(fault, error, NULL, 0,
		    "a new signing key could not be kept");
	return reload(ring, fault);
}

enum actas_error
keyring_new(
    struct platform *platform, struct keyring **ring, struct fault *fault)
{
	struct keyring *r = mem_zero(1, sizeof *r);
	enum actas_error error;

	*ring = NULL;
	if (r == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	r->platform = platform;
	if (pthread_rwlock_init(&r->lock, NULL) != 0) {
		mem_free(r);
		return fault_plain(fault, ACTAS_ENOMEM);
	}
	error = reload(r, fault);
	if (error == ACTAS_OK)
		error = keyring_rotate(r, fault);
	if (error == ACTAS_OK)
		*ring = r;
	else
		keyring_free(r);
	return error;
}

void
keyring_free(struct keyring *ring)
{
	if (ring == NULL)
		return;
	release_keys(&ring->keys);
	pthread_rwlock_destroy(&ring->lock);
	mem_free(ring);
}

/* --- use --- */

/* The newest of those that have begun; before any has (a clock that was set
 * back), the oldest. */
static const struct ring_key *
signer(const struct ring_keys *keys, moment now)
{
	const struct ring_key *found = NULL, *first = NULL;

	for (uint32_t i = 0; i < keys->count; i++) {
		const struct ring_key *key = &keys->at[i];

		if (key->from <= now &&
		    (found == NULL || key->from > found->from))
			found = key;
		if (first == NULL || key->from < first->from)
			first = key;
	}
	return found == NULL ? first : found;
}

enum actas_error
keyring_sign(struct keyring *ring, const json_t *claims, struct buffer *token)
{
	enum actas_error error = ACTAS_ENOTFOUND;
	const struct ring_key *key;

	pthread_rwlock_rdlock(&ring->lock);
	key = signer(&ring->keys, now_of(ring));
	if (key != NULL)
		error = signing_key_sign(key->key, claims, token);
	pthread_rwlock_unlock(&ring->lock);
	return error;
}

bool
keyring_verify(struct keyring *ring, const struct jwt *jwt)
{
	struct slice kid = jwt_text(jwt->header, "kid");
	moment now = now_of(ring);
	bool good = false;

	if (jwt->algorithm != JWT_RS256)
		return false;
	pthread_rwlock_rdlock(&ring->lock);
	for (uint32_t i = 0; i < ring->keys.count && !good; i++) {
		const struct ring_key *key = &ring->keys.at[i];

		if (slice_eq(kid, slice_of(signing_key_id(key->key))) &&
		    (key->until == 0 || now < key->until))
			good = jwt_verify(jwt, key->public);
	}
	pthread_rwlock_unlock(&ring->lock);
	return good;
}

json_t *
keyring_jwks(struct keyring *ring, const char *issuer)
{
	json_t *keys = json_array(), *set = NULL;
	int failures = 0;

	pthread_rwlock_rdlock(&ring->lock);
	for (uint32_t i = 0; i < ring->keys.count; i++) {
		json_t *key = signing_key_jwk(ring->keys.at[i].key);

		if (issuer != NULL)
			failures += json_object_set_new(key, "issuer",
					json_string(issuer)) != 0;
		failures += json_array_append_new(keys, key) != 0;
	}
	pthread_rwlock_unlock(&ring->lock);
	if (failures == 0)
		set = json_pack("{s:O}", "keys", keys);
	json_decref(keys);
	return set;
}

uint64_t
keyring_edition(const struct keyring *ring)
{
	return atomic_load(&ring->edition);
}
