#include "platform/vault_keys.h"

#include "keys/jwt.h"

#include <pthread.h>

enum { DATA_KEY_BYTES = 32, CACHED_KEYS = 512 };

/*
 * The cache is one block of the secure heap, a place in it going by the hash
 * of the wrapped key and whose it is: two vaults that meet in one place push
 * each other out, which costs an unwrapping and nothing else.
 */
struct vault_keys {
	const struct master *master;
	pthread_rwlock_t lock;
	struct secret_bytes clear; /* CACHED_KEYS times DATA_KEY_BYTES */
	struct {
		bool used;
		uint8_t hash[32];
	} at[CACHED_KEYS];
};

static struct slice
key_name(struct entity_text *text, struct slice vault)
{
	return entity_key(text, ENTITY_VAULT_KEY, vault, SLICE(""), SLICE(""));
}

static enum actas_error
put_wrapped(struct writes *writes, struct slice name, struct slice wrapped)
{
	struct buffer text = {0};
	json_t *value;

	base64_put(&text, wrapped.at, wrapped.length);
	value = json_pack("{s:s}", "wrapped", buffer_text(&text));
	if (value == NULL || text.error != ACTAS_OK) {
		json_decref(value);
		buffer_release(&text);
		return ACTAS_ENOMEM;
	}
	entity_put(writes, name, value);
	json_decref(value);
	buffer_release(&text);
	return ACTAS_OK;
}

enum actas_error
vault_key_create(const struct master *m, struct slice vault,
    struct writes *writes, struct secret_bytes *key)
{
	struct secret_bytes made = {0};
	struct buffer wrapped = {0};
	struct entity_text text;
	struct slice name = key_name(&text, vault);
	enum actas_error error;

	if (key != NULL)
		*key = made;
	if (name.length == 0)
		return ACTAS_ELIMIT;
	error = secret_bytes_random(DATA_KEY_BYTES, &made);
	if (error == ACTAS_OK)
		error = seal(master_key(m, PURPOSE_DATA_KEYS), name,
		    secret_bytes_reveal(&made), &wrapped);
	if (error == ACTAS_OK)
		error = put_wrapped(writes, name, buffer_slice(&wrapped));
	if (error == ACTAS_OK && key != NULL) {
		*key = made;
		made = (struct secret_bytes){0};
	}
	secret_bytes_release(&made);
	buffer_release(&wrapped);
	return error;
}

enum actas_error
vault_value_seal(const struct secret_bytes *key, struct slice about,
    struct slice value, struct buffer *sealed)
{
	struct buffer raw = {0};
	enum actas_error error = seal(key, about, value, &raw);

	if (error == ACTAS_OK) {
		base64_put(sealed, raw.at, raw.length);
		error = sealed->error;
	}
	buffer_release(&raw);
	return error;
}

/* --- the cache --- */

enum actas_error
vault_keys_new(const struct master *m, struct vault_keys **keys)
{
	struct vault_keys *k = mem_zero(1, sizeof *k);
	enum actas_error error;

	*keys = NULL;
	if (k == NULL)
		return ACTAS_ENOMEM;
	k->master = m;
	error =
	    secret_bytes_new((size_t)CACHED_KEYS * DATA_KEY_BYTES, &k->clear);
	if (error == ACTAS_OK && pthread_rwlock_init(&k->lock, NULL) != 0)
		error = ACTAS_ENOMEM;
	if (error != ACTAS_OK) {
		secret_bytes_release(&k->clear);
		mem_free(k);
		return error;
	}
	*keys = k;
	return ACTAS_OK;
}

void
vault_keys_free(struct vault_keys *k)
{
	if (k == NULL)
		return;
	pthread_rwlock_destroy(&k->lock);
	secret_bytes_release(&k->clear);
	mem_free(k);
}

/* A data key as the state holds it. */
struct wrapped_key {
	struct entity_text text;
	struct slice name;    /* of its entity */
	struct buffer sealed; /* decoded */
	uint8_t hash[32];     /* of both */
};

static enum actas_error
decode(struct wrapped_key *w, struct slice base64)
{
	struct buffer both = {0};
	enum actas_error error = base64_get(base64, &w->sealed);

	if (error != ACTAS_OK)
		return error;
	buffer_add(&both, w->name);
	buffer_putc(&both, '\n');
	buffer_add(&both, base64);
	error = both.error;
	if (error == ACTAS_OK)
		error = sha256(buffer_slice(&both), w->hash);
	buffer_release(&both);
	return error;
}

static enum actas_error
find_wrapped(
    const struct state *state, struct slice vault, struct wrapped_key *w)
{
	enum actas_error error;
	json_t *entity;

	w->sealed = (struct buffer){0};
	w->name = key_name(&w->text, vault);
	entity = w->name.length == 0 ? NULL : entity_get(state, w->name);
	if (entity == NULL)
		return entity_exists(state, w->name) ? ACTAS_ENOMEM
						     : ACTAS_ENOTFOUND;
	error = decode(w, jwt_text(entity, "wrapped"));
	json_decref(entity);
	return error;
}

static uint32_t
place_of(const struct wrapped_key *w)
{
	return ((uint32_t)w->hash[0] << 8 | w->hash[1]) % CACHED_KEYS;
}

/* A key of the cache, not owned: for as long as the lock is held. */
static struct secret_bytes
cached_key(const struct vault_keys *k, uint32_t place)
{
	return (struct secret_bytes){
	    k->clear.at + (size_t)place * DATA_KEY_BYTES, DATA_KEY_BYTES};
}

static void
remember(struct vault_keys *k, const struct wrapped_key *w,
    const struct secret_bytes *key)
{
	uint32_t place = place_of(w);
	struct secret_bytes into = cached_key(k, place);

	pthread_rwlock_wrlock(&k->lock);
	memcpy(into.at, key->at, DATA_KEY_BYTES);
	memcpy(k->at[place].hash, w->hash, sizeof w->hash);
	k->at[place].used = true;
	pthread_rwlock_unlock(&k->lock);
}

/* What is done with a data key, which must not be kept. */
struct use {
	struct slice about, in;
	struct buffer *sealed;      /* to seal */
	struct secret_bytes *value; /* to unseal; else NULL */
};

static enum actas_error
use_key(const struct use *u, const struct secret_bytes *key)
{
	if (u->value == NULL)
		return vault_value_seal(key, u->about, u->in, u->sealed);
	return unseal(key, u->about, u->in, u->value);
}

/* False where the key is not in the cache. */
static bool
use_cached(struct vault_keys *k, const struct wrapped_key *w,
    const struct use *u, enum actas_error *error)
{
	uint32_t place = place_of(w);
	struct secret_bytes key = cached_key(k, place);
	bool there;

	pthread_rwlock_rdlock(&k->lock);
	there = k->at[place].used &&
	    memcmp(k->at[place].hash, w->hash, sizeof w->hash) == 0;
	if (there)
		*error = use_key(u, &key);
	pthread_rwlock_unlock(&k->lock);
	return there;
}

static enum actas_error
use_vault_key(struct vault_keys *k, const struct state *state,
    struct slice vault, const struct use *u)
{
	struct secret_bytes key = {0};
	struct wrapped_key w;
	enum actas_error error = find_wrapped(state, vault, &w);

	if (error != ACTAS_OK || use_cached(k, &w, u, &error))
		goto out;
	error = unseal(master_key(k->master, PURPOSE_DATA_KEYS), w.name,
	    buffer_slice(&w.sealed), &key);
	if (error == ACTAS_OK && key.length != DATA_KEY_BYTES)
		error = ACTAS_EPARSE;
	if (error == ACTAS_OK) {
		remember(k, &w, &key);
		error = use_key(u, &key);
	}
out:
	secret_bytes_release(&key);
	buffer_release(&w.sealed);
	return error;
}

enum actas_error
vault_seal(struct vault_keys *keys, const struct state *state,
    struct slice vault, struct slice about, struct slice value,
    struct buffer *sealed)
{
	return use_vault_key(keys, state, vault,
	    &(struct use){.about = about, .in = value, .sealed = sealed});
}

enum actas_error
vault_unseal(struct vault_keys *keys, const struct state *state,
    struct slice vault, struct slice about, struct slice sealed,
    struct secret_bytes *value)
{
	struct buffer raw = {0};
	enum actas_error error = base64_get(sealed, &raw);

	*value = (struct secret_bytes){0};
	if (error == ACTAS_OK)
		error = use_vault_key(keys, state, vault,
		    &(struct use){.about = about,
			.in = buffer_slice(&raw),
			.value = value});
	buffer_release(&raw);
	return error;
}
