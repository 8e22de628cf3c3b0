#include "api/entra/issuers.h"
#include "api/api.h"
#include "http/client.h"

#include <pthread.h>
#include <stdio.h>

enum { MINUTE = 60, PATIENCE = 10 };

struct issuer_key {
	char kid[128];
	struct public_key *key;
};

struct issuer_keys {
	VECTOR(struct issuer_key) at;
};

struct issuer {
	char *name;
	struct issuer_keys keys;
	moment read;
	moment tried; /* of the one who fetches */
};

struct issuers {
	struct platform *platform;
	pthread_rwlock_t lock; /* of the rest */
	struct issuer rows[LIMIT_ISSUERS];
	uint32_t count;
};

struct issuers *
issuers_new(struct platform *platform)
{
	struct issuers *i = mem_zero(1, sizeof *i);

	if (i == NULL)
		return NULL;
	i->platform = platform;
	pthread_rwlock_init(&i->lock, NULL);
	return i;
}

static void
release_keys(struct issuer_keys *keys)
{
	for (uint32_t i = 0; i < keys->at.count; i++)
		public_key_free(keys->at.at[i].key);
	vector_release(&keys->at);
}

void
issuers_free(struct issuers *i)
{
	if (i == NULL)
		return;
	for (uint32_t row = 0; row < i->count; row++) {
		mem_free(i->rows[row].name);
		release_keys(&i->rows[row].keys);
	}
	pthread_rwlock_destroy(&i->lock);
	mem_free(i);
}

static moment
now_of(const struct issuers *i)
{
	struct clock clock = i->platform->clock;

	return clock.now(clock.context);
}

static struct issuer *
find_issuer(struct issuers *i, struct slice name)
{
	for (uint32_t row = 0; row < i->count; row++)
		if (slice_eq(name, slice_of(i->rows[row].name)))
			return &i->rows[row];
	return NULL;
}

static enum issuer_result
verify_with(const struct issuer_keys *keys, const struct jwt *jwt)
{
	struct slice kid = jwt_text(jwt->header, "kid");
	enum issuer_result result = ISSUER_NO_KEY;

	for (uint32_t i = 0; i < keys->at.count; i++) {
		const struct issuer_key *key = &keys->at.at[i];

		if (kid.length > 0 && !slice_eq(kid, slice_of(key->kid)))
			continue;
		if (jwt_verify(jwt, key->key))
			return ISSUER_GOOD;
		result = ISSUER_BAD;
	}
	return result;
}

enum issuer_result
issuers_verify(struct issuers *i, struct slice issuer, const struct jwt *jwt)
{
	enum issuer_result result = ISSUER_NOT_READ;
	const struct issuer *row;

	pthread_rwlock_rdlock(&i->lock);
	row = find_issuer(i, issuer);
	if (row != NULL && row->read != 0 && now_of(i) < row->read + MOMENT_DAY)
		result = verify_with(&row->keys, jwt);
	pthread_rwlock_unlock(&i->lock);
	return result;
}

/* --- reading, on a thread of the worker's --- */

static void
put_path(const struct issuers *i, struct slice name, struct buffer *path)
{
	if (!slice_starts(name, SLICE("/")))
		buffer_addf(path, "%s/", i->platform->folder);
	buffer_add(path, name);
}

static enum actas_error
read_file(const struct issuers *i, struct slice name, struct buffer *into,
    struct fault *fault)
{
	struct buffer path = {0};
	struct reader from;
	enum actas_error error;

	put_path(i, name, &path);
	error = path.error;
	if (error == ACTAS_OK)
		error = reader_open(&from, buffer_text(&path), fault);
	if (error == ACTAS_OK) {
		error = reader_all(&from, into, LIMIT_KEY_SET_BYTES, fault);
		reader_close(&from);
	}
	buffer_release(&path);
	return error;
}

static enum actas_error
read_url(struct slice url, struct buffer *into, struct fault *fault)
{
	struct buffer text = {0};
	struct http_answer answer = {0};
	struct http_query query = {
	    .seconds = PATIENCE,
	    .ceiling = LIMIT_KEY_SET_BYTES,
	    .allow_http = true,
	};
	enum actas_error error;

	buffer_add(&text, url);
	query.url = buffer_text(&text);
	error = text.error;
	if (error == ACTAS_OK)
		error = http_ask(&query, &answer, fault);
	if (error == ACTAS_OK && answer.status != 200)
		error = fault_set(
		    fault, ACTAS_EIO, NULL, 0, "status %ld", answer.status);
	if (error == ACTAS_OK) {
		buffer_add(into, buffer_slice(&answer.body));
		error = into->error;
	}
	http_answer_release(&answer);
	buffer_release(&text);
	return error;
}

/* Where issuers.json says that the issuer's key set is: text of that file. */
static enum actas_error
find_location(const struct issuers *i, struct slice issuer,
    struct buffer *location, struct fault *fault)
{
	enum actas_error error;
	struct buffer text = {0};
	json_t *list = NULL;
	const char *name;
	json_t *value;

	error = read_file(i, SLICE("issuers.json"), &text, fault);
	if (error == ACTAS_OK) {
		list = body_parse(buffer_slice(&text));
		error = list == NULL ? ACTAS_EPARSE : ACTAS_ENOTFOUND;
	}
	json_object_foreach(list, name, value)
	{
		if (!slice_eq(issuer, slice_of(name)) || !json_is_string(value))
			continue;
		buffer_puts(location, json_string_value(value));
		error = location->error;
	}
	json_decref(list);
	buffer_release(&text);
	return fault_plain(fault, error);
}

static enum actas_error
read_keys(struct slice text, struct issuer_keys *keys)
{
	json_t *set = body_parse(text);
	const json_t *list = json_object_get(set, "keys");
	enum actas_error error = list == NULL ? ACTAS_EPARSE : ACTAS_OK;

	for (size_t i = 0; i < json_array_size(list) && error == ACTAS_OK;
	     i++) {
		const json_t *jwk = json_array_get(list, i);
		struct slice kid = jwt_text(jwk, "kid");
		struct issuer_key key = {0};

		if (kid.length >= sizeof key.kid ||
		    keys->at.count == LIMIT_ISSUER_KEYS)
			continue;
		key.key = public_key_of_jwk(jwk);
		if (key.key == NULL)
			continue;
		snprintf(key.kid, sizeof key.kid, "%.*s", SLICE_ARGS(kid));
		error = vector_push(&keys->at, key);
		if (error != ACTAS_OK)
			public_key_free(key.key);
	}
	json_decref(set);
	return error;
}

static enum actas_error
read_issuer(const struct issuers *i, struct slice issuer,
    struct issuer_keys *keys, struct fault *fault)
{
	struct buffer location = {0}, text = {0};
	enum actas_error error;

	error = find_location(i, issuer, &location, fault);
	if (error == ACTAS_OK) {
		struct slice where = buffer_slice(&location);

		error = slice_starts(where, SLICE("https://")) ||
			slice_starts(where, SLICE("http://"))
		    ? read_url(where, &text, fault)
		    : read_file(i, where, &text, fault);
	}
	if (error == ACTAS_OK) {
		error = read_keys(buffer_slice(&text), keys);
		fault_plain(fault, error);
	}
	buffer_release(&location);
	buffer_release(&text);
	return error;
}

/* With the lock. */
static struct issuer *
add_row(struct issuers *i, struct slice name)
{
	char *copy =
	    i->count == LIMIT_ISSUERS ? NULL : mem_alloc(name.length + 1);
	struct issuer *row;

	if (copy == NULL)
		return NULL;
	memcpy(copy, name.at, name.length);
	copy[name.length] = '\0';
	row = &i->rows[i->count++];
	row->name = copy;
	return row;
}

/* The issuer's row, made if it is new; NULL when there are too many. Rows do
 * not move. */
static struct issuer *
row_of(struct issuers *i, struct slice name)
{
	struct issuer *row;

	pthread_rwlock_wrlock(&i->lock);
	row = find_issuer(i, name);
	if (row == NULL)
		row = add_row(i, name);
	pthread_rwlock_unlock(&i->lock);
	return row;
}

static void
tell(const struct issuers *i, const char *issuer, const struct fault *fault)
{
	const struct platform *p = i->platform;
	char line[1400];

	snprintf(line, sizeof line, "the keys of %.200s cannot be read: %s",
	    issuer, fault->message);
	if (p->log != NULL)
		p->log(p->log_context, line);
}

void
issuers_fetch(struct issuers *i, struct slice issuer)
{
	struct issuer *row = row_of(i, issuer);
	struct issuer_keys fresh = {0}, old = {0};
	struct fault fault = {0};
	moment now = now_of(i);

	if (row == NULL ||
	    (row->tried != 0 && now >= row->tried && now < row->tried + MINUTE))
		return;
	row->tried = now;
	if (read_issuer(i, issuer, &fresh, &fault) == ACTAS_OK) {
		pthread_rwlock_wrlock(&i->lock);
		old = row->keys;
		row->keys = fresh;
		row->read = now;
		pthread_rwlock_unlock(&i->lock);
	} else {
		tell(i, row->name, &fault);
		old = fresh;
	}
	release_keys(&old);
}
