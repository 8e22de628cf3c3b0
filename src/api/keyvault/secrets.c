#include "api/keyvault/secrets.h"

static struct slice
secret_key(struct entity_text *text, struct slice vault, struct slice name)
{
	return entity_key(text, ENTITY_SECRET, vault, name, SLICE(""));
}

static struct slice
current_key(struct entity_text *text, struct slice vault, struct slice name)
{
	return entity_key(text, ENTITY_CURRENT, vault, name, SLICE(""));
}

/* The parsed value of a key; '*found' NULL where there is none. */
static enum actas_error
get(const struct state *s, struct slice key, json_t **found)
{
	struct slice value;

	*found = NULL;
	if (key.length == 0 || !state_get(s, key, &value))
		return ACTAS_OK;
	*found = entity_parse(value);
	return *found == NULL ? ACTAS_ENOMEM : ACTAS_OK;
}

static enum actas_error
read_current(const struct state *s, struct slice key, struct arena *arena,
    struct kept_secret *secret)
{
	const char *version, *copy;
	json_t *entity;
	enum actas_error error = get(s, key, &entity);

	if (error != ACTAS_OK || entity == NULL)
		return error;
	version = json_string_value(json_object_get(entity, "version"));
	copy = arena_text(arena, slice_of(version));
	if (copy == NULL)
		error = ACTAS_ENOMEM;
	else
		secret->current = slice_of(copy);
	json_decref(entity);
	return error;
}

static enum actas_error
read_secret(const json_t *entity, moment now, struct arena *arena,
    struct kept_secret *secret)
{
	const json_t *purge = json_object_get(entity, "scheduledPurgeDate");
	const json_t *deleted = json_object_get(entity, "deletedDate");
	const char *name = json_string_value(json_object_get(entity, "name"));

	secret->name = arena_text(arena, slice_of(name));
	if (secret->name == NULL)
		return ACTAS_ENOMEM;
	secret->standing = deleted == NULL ? SECRET_LIVE : SECRET_DELETED;
	secret->deletion.at = json_integer_value(deleted);
	secret->deletion.purge_at = json_integer_value(purge);
	if (secret->standing == SECRET_DELETED &&
	    secret->deletion.purge_at <= now) {
		secret->standing = SECRET_NONE;
		secret->has_remains = true;
	}
	return ACTAS_OK;
}

static enum actas_error
look(const struct state *s, json_t *entity, struct slice current, moment now,
    struct arena *arena, struct kept_secret *secret)
{
	enum actas_error error = read_secret(entity, now, arena, secret);

	if (error == ACTAS_OK)
		error = read_current(s, current, arena, secret);
	json_decref(entity);
	return error;
}

enum actas_error
secret_look(const struct state *s, struct slice vault, struct slice name,
    moment now, struct arena *arena, struct kept_secret *secret)
{
	struct entity_text text;
	json_t *entity;
	enum actas_error error =
	    get(s, secret_key(&text, vault, name), &entity);

	*secret = (struct kept_secret){.name = ""};
	if (error != ACTAS_OK || entity == NULL)
		return error;
	return look(
	    s, entity, current_key(&text, vault, name), now, arena, secret);
}

enum actas_error
secret_look_at(const struct state *s, struct slice vault,
    const struct entry *entry, moment now, struct arena *arena,
    struct kept_secret *secret)
{
	struct entity_text text;
	json_t *entity = entity_parse(entry->value);

	*secret = (struct kept_secret){.name = ""};
	if (entity == NULL)
		return ACTAS_ENOMEM;
	return look(s, entity,
	    current_key(&text, vault, entity_last(entry->key)), now, arena,
	    secret);
}

enum actas_error
version_get(const struct state *s, struct slice vault, struct slice name,
    struct slice version, json_t **stored)
{
	struct entity_text text;

	return get(
	    s, entity_key(&text, ENTITY_VERSION, vault, name, version), stored);
}

/* Takes the reference. */
static enum actas_error
put(struct writes *writes, struct slice key, json_t *value)
{
	if (value == NULL)
		return ACTAS_ENOMEM;
	entity_put(writes, key, value);
	json_decref(value);
	return ACTAS_OK;
}

enum actas_error
secret_put(struct writes *writes, struct slice vault, struct slice name,
    const char *spelling, const struct deletion *deletion)
{
	struct entity_text text;
	struct slice key = secret_key(&text, vault, name);

	if (deletion == NULL)
		return put(writes, key, json_pack("{s:s}", "name", spelling));
	return put(writes, key,
	    json_pack("{s:s, s:I, s:I}", "name", spelling, "deletedDate",
		(json_int_t)deletion->at, "scheduledPurgeDate",
		(json_int_t)deletion->purge_at));
}

enum actas_error
current_put(struct writes *writes, struct slice vault, struct slice name,
    struct slice version)
{
	struct entity_text text;

	return put(writes, current_key(&text, vault, name),
	    json_pack("{s:s%}", "version", version.at, version.length));
}

void
version_put(struct writes *writes, struct slice vault, struct slice name,
    struct slice version, const json_t *stored)
{
	struct entity_text text;

	entity_put(writes,
	    entity_key(&text, ENTITY_VERSION, vault, name, version), stored);
}

void
secret_remove(const struct state *s, struct slice vault, struct slice name,
    struct writes *writes)
{
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;
	struct slice prefix;

	writes_remove(writes, secret_key(&text, vault, name));
	writes_remove(writes, current_key(&text, vault, name));
	prefix = entity_prefix(&text, ENTITY_VERSION, vault, name);
	state_walk_prefix(&walk, s, prefix);
	while (state_walk_next(&walk, &entry))
		writes_remove(writes, entry.key);
}

static void
remove_prefix(const struct state *s, enum entity kind, struct slice vault,
    struct writes *writes)
{
	struct entity_text text;
	struct slice prefix = entity_prefix(&text, kind, vault, SLICE(""));
	struct state_walk walk;
	struct entry entry;

	if (prefix.length == 0)
		return;
	state_walk_prefix(&walk, s, prefix);
	while (state_walk_next(&walk, &entry))
		writes_remove(writes, entry.key);
}

void
vault_remove(const struct state *s, struct slice vault, struct writes *writes)
{
	static const enum entity kinds[] = {
	    ENTITY_SECRET, ENTITY_CURRENT, ENTITY_VERSION};
	struct entity_text text;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		remove_prefix(s, kinds[i], vault, writes);
	writes_remove(writes,
	    entity_key(
		&text, ENTITY_DELETED_VAULT, vault, SLICE(""), SLICE("")));
}

/* --- sweep --- */

#define SECRETS "secret/"
#define VAULTS  "deleted-vault/"

/* Of entities, and so of some three times as many writes in one change. */
enum { SWEPT_AT_ONCE = 4096 };

struct sweep {
	struct change change;
	moment now;
	VECTOR(char *) keys; /* of entities of secrets and deleted vaults */
	uint32_t from;       /* which this change begins with */
	uint32_t removed;
};

/* "secret/{vault}/{name}" */
static void
split_key(struct slice key, struct slice *vault, struct slice *name)
{
	struct slice rest = key, kind;

	(void)slice_cut(&rest, '/', &kind);
	(void)slice_cut(&rest, '/', vault);
	*name = rest;
}

/* A secret says its date as a number, a vault in words. */
static bool
is_past(const json_t *purge, moment now)
{
	moment end;

	if (json_is_integer(purge))
		return json_integer_value(purge) <= now;
	return json_is_string(purge) &&
	    moment_parse(slice_of(json_string_value(purge)), &end) &&
	    end <= now;
}

static bool
is_gone(struct slice value, moment now)
{
	static const char date[] = "scheduledPurgeDate";
	json_t *entity;
	bool gone;

	/* Most secrets are alive: they need no parsing. */
	if (slice_find(value, slice_of(date)) == SIZE_MAX)
		return false;
	entity = entity_parse(value);
	gone = is_past(json_object_get(entity, date), now) ||
	    is_past(
		json_object_get(json_object_get(entity, "properties"), date),
		now);
	json_decref(entity);
	return gone;
}

static void
remove_one(const struct state *s, struct slice key, struct writes *writes)
{
	struct slice vault, name;

	if (slice_starts(key, SLICE(VAULTS))) {
		vault_remove(s, entity_last(key), writes);
		return;
	}
	split_key(key, &vault, &name);
	secret_remove(s, vault, name, writes);
}

static enum actas_error
apply_sweep(
    struct change *change, const struct snapshot *now, struct writes *writes)
{
	struct sweep *sweep = (struct sweep *)change;
	uint32_t end = sweep->from + SWEPT_AT_ONCE;

	for (uint32_t i = sweep->from; i < sweep->keys.count && i < end; i++) {
		struct slice key = slice_of(sweep->keys.at[i]);
		struct slice value;

		if (!state_get(now->state, key, &value) ||
		    !is_gone(value, sweep->now))
			continue;
		remove_one(now->state, key, writes);
		sweep->removed++;
	}
	return ACTAS_OK;
}

static enum actas_error
collect(struct sweep *sweep, const struct state *s, const char *prefix)
{
	struct state_walk walk;
	struct entry entry;

	state_walk_prefix(&walk, s, slice_of(prefix));
	while (state_walk_next(&walk, &entry)) {
		enum actas_error error;
		char *copy;

		if (!is_gone(entry.value, sweep->now))
			continue;
		copy = mem_alloc(entry.key.length + 1);
		if (copy == NULL)
			return ACTAS_ENOMEM;
		memcpy(copy, entry.key.at, entry.key.length);
		copy[entry.key.length] = '\0';
		error = vector_push(&sweep->keys, copy);
		if (error != ACTAS_OK) {
			mem_free(copy);
			return error;
		}
	}
	return ACTAS_OK;
}

enum actas_error
secrets_sweep(struct platform *platform, uint32_t *removed)
{
	struct sweep sweep = {.change.apply = apply_sweep,
	    .now = platform->clock.now(platform->clock.context)};
	const struct snapshot *snapshot = store_pin(platform->store);
	enum actas_error error = collect(&sweep, snapshot->state, SECRETS);

	if (error == ACTAS_OK)
		error = collect(&sweep, snapshot->state, VAULTS);
	store_unpin(platform->store, snapshot);
	for (; error == ACTAS_OK && sweep.from < sweep.keys.count;
	     sweep.from += SWEPT_AT_ONCE)
		error = platform_commit(platform, &sweep.change);
	if (removed != NULL)
		*removed = sweep.removed;
	for (uint32_t i = 0; i < sweep.keys.count; i++)
		mem_free(sweep.keys.at[i]);
	vector_release(&sweep.keys);
	return error;
}
