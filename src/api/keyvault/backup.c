#include "api/keyvault/keyvault.h"

#include "keys/jwt.h"

/*
 * A backup is a secret with all its versions in one text that only this
 * platform can read, and that can be restored into any of its vaults as long
 * as no secret there has the name:
 *
 *	base64url(seal(PURPOSE_BACKUPS, "backup" and tenant, {
 *	  "name": …, "current": …, "versions": [{"version": …, "sealed": …,
 *	    and all else that the entity of the version has}]}))
 *
 * Each value is sealed once more by itself, under the same key and bound to
 * its name and version, so that at most one value at a time lies open, and
 * only in locked memory.
 */

struct restored {
	const char *version, *entity; /* JSON */
	const char *sealed;           /* in it */
};

struct restoring {
	const char *text; /* the backup, opened: values are sealed still */
	const char *current;
	struct restored *at;
	size_t count;
};

static const struct secret_bytes *
backup_key(struct vault_call *c)
{
	return master_key(call_platform(c)->master, PURPOSE_BACKUPS);
}

static void
put_about(struct vault_call *c, const char *what, const char *version,
    struct buffer *about)
{
	char tenant[GUID_TEXT_LENGTH + 1];

	guid_format(call_platform(c)->tenant, tenant);
	buffer_addf(about, "%s\n%s\n%.*s\n%s", what, tenant,
	    SLICE_ARGS(version[0] == '\0' ? SLICE("") : c->name), version);
	for (size_t i = 0; i < about->length; i++)
		about->at[i] = ascii_lower(about->at[i]);
}

/* --- a value, from one key to another --- */

/* From its own key; 'out' gets base64. */
static enum actas_error
seal_for_backup(struct vault_call *c, const char *version, const json_t *stored,
    struct buffer *out)
{
	struct secret_bytes clear = {0};
	struct buffer about = {0}, sealed = {0};
	struct entity_text text;
	enum actas_error error = value_unseal(call_platform(c)->value_keys,
	    entity_key(
		&text, ENTITY_VERSION, c->vault, c->name, slice_of(version)),
	    slice_of(json_string_value(json_object_get(stored, "sealed"))),
	    &clear);

	put_about(c, "value", version, &about);
	if (error == ACTAS_OK)
		error = about.error;
	if (error == ACTAS_OK)
		error = seal(backup_key(c), buffer_slice(&about),
		    secret_bytes_reveal(&clear), &sealed);
	secret_bytes_release(&clear);
	if (error == ACTAS_OK)
		base64_put(out, sealed.at, sealed.length);
	buffer_release(&about);
	buffer_release(&sealed);
	return error == ACTAS_OK ? out->error : error;
}

/* And back, to a new key of its own. */
static enum actas_error
seal_for_vault(struct vault_call *c, const char *version, const json_t *stored,
    struct buffer *out)
{
	const char *base64 =
	    json_string_value(json_object_get(stored, "sealed"));
	struct secret_bytes clear = {0};
	struct buffer about = {0}, sealed = {0};
	struct entity_text text;
	enum actas_error error = base64_get(slice_of(base64), &sealed);

	put_about(c, "value", version, &about);
	if (error == ACTAS_OK)
		error = about.error;
	if (error == ACTAS_OK)
		error = unseal(backup_key(c), buffer_slice(&about),
		    buffer_slice(&sealed), &clear);
	if (error == ACTAS_OK)
		error = value_seal(call_platform(c)->value_keys,
		    entity_key(&text, ENTITY_VERSION, c->vault, c->name,
			slice_of(version)),
		    secret_bytes_reveal(&clear), out);
	secret_bytes_release(&clear);
	buffer_release(&about);
	buffer_release(&sealed);
	return error;
}

/* Sets "sealed". */
static enum actas_error
put_sealed(json_t *stored, const struct buffer *sealed)
{
	return json_object_set_new(stored, "sealed",
		   json_stringn(sealed->at, sealed->length)) == 0
	    ? ACTAS_OK
	    : ACTAS_ENOMEM;
}

/* --- backup --- */

static enum actas_error
add_version(struct vault_call *c, const struct entry *entry, json_t *versions)
{
	const char *version = arena_text(&c->x->arena, entity_last(entry->key));
	json_t *stored = entity_parse(entry->value);
	struct buffer sealed = {0};
	enum actas_error error =
	    version == NULL || stored == NULL ? ACTAS_ENOMEM : ACTAS_OK;

	if (error == ACTAS_OK)
		error = seal_for_backup(c, version, stored, &sealed);
	if (error == ACTAS_OK)
		error = put_sealed(stored, &sealed);
	if (error == ACTAS_OK &&
	    (json_object_set_new(stored, "version", json_string(version)) !=
		    0 ||
		json_array_append(versions, stored) != 0))
		error = ACTAS_ENOMEM;
	buffer_release(&sealed);
	json_decref(stored);
	return error;
}

static enum actas_error
add_versions(struct vault_call *c, const struct state *s, json_t *versions)
{
	struct entity_text text;
	struct slice prefix =
	    entity_prefix(&text, ENTITY_VERSION, c->vault, c->name);
	struct state_walk walk;
	struct entry entry;
	size_t size = 0;
	enum actas_error error = ACTAS_OK;

	state_walk_prefix(&walk, s, prefix);
	while (error == ACTAS_OK && state_walk_next(&walk, &entry)) {
		size += entry.value.length;
		error = size > LIMIT_BACKUP_BYTES
		    ? ACTAS_ELIMIT
		    : add_version(c, &entry, versions);
	}
	return error;
}

/* Takes the reference. */
static json_t *
seal_backup(struct vault_call *c, json_t *backup)
{
	size_t length = json_dumpb(backup, NULL, 0, JSON_COMPACT);
	char *text = arena_zero(&c->x->arena, length + 1, 1);
	struct buffer about = {0}, sealed = {0}, base64 = {0};
	json_t *made = NULL;

	put_about(c, "backup", "", &about);
	if (text != NULL && length > 0 && about.error == ACTAS_OK &&
	    json_dumpb(backup, text, length, JSON_COMPACT) == length &&
	    seal(backup_key(c), buffer_slice(&about),
		(struct slice){text, length}, &sealed) == ACTAS_OK) {
		base64url_put(&base64, sealed.at, sealed.length);
		if (base64.error == ACTAS_OK)
			made = json_pack(
			    "{s:s%}", "value", base64.at, base64.length);
	}
	json_decref(backup);
	buffer_release(&about);
	buffer_release(&sealed);
	buffer_release(&base64);
	return made;
}

void
run_backup(struct vault_call *c, const struct snapshot *now,
    struct writes *writes ACTAS_UNUSED)
{
	json_t *versions = json_array();
	struct kept_secret secret;
	enum actas_error error = secret_look(
	    now->state, c->vault, c->name, c->now, &c->x->arena, &secret);

	if (error == ACTAS_OK && secret.standing == SECRET_LIVE)
		error = add_versions(c, now->state, versions);
	if (error == ACTAS_ELIMIT)
		refuse(c, 400, "BadParameter",
		    "The versions of this secret are too many, or too large, "
		    "for one backup.");
	else if (error != ACTAS_OK)
		refuse_error(c, error);
	else if (secret.standing != SECRET_LIVE)
		refuse_missing(c);
	if (is_refused(c))
		json_decref(versions);
	else
		respond(c,
		    seal_backup(c,
			json_pack("{s:s, s:s%, s:o}", "name", secret.name,
			    "current", secret.current.at, secret.current.length,
			    "versions", versions)));
}

/* --- restore --- */

/* In the service's words; what is in front of the colon of its code is a
 * sentence, too. */
static void
refuse_backup(struct vault_call *c)
{
	refuse(c, 400, "Malformed backup blob",
	    "Backup blob contains invalid or corrupt version.");
}

static const char *
open_backup(struct vault_call *c, struct slice base64)
{
	struct buffer about = {0}, sealed = {0};
	struct secret_bytes plain = {0};
	const char *copy = NULL;

	put_about(c, "backup", "", &about);
	if (base64url_get(base64, &sealed) == ACTAS_OK &&
	    sealed.length <= 2 * LIMIT_BACKUP_BYTES &&
	    about.error == ACTAS_OK &&
	    unseal(backup_key(c), buffer_slice(&about), buffer_slice(&sealed),
		&plain) == ACTAS_OK)
		copy = arena_text(&c->x->arena, secret_bytes_reveal(&plain));
	secret_bytes_release(&plain);
	buffer_release(&about);
	buffer_release(&sealed);
	return copy;
}

static const char *
member_text(struct vault_call *c, const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return arena_text(&c->x->arena, slice_of(text));
}

/* The name is needed before the right is looked at: a condition may be on
 * it. */
void
read_restore(struct vault_call *c)
{
	struct restoring *r = arena_zero(&c->x->arena, 1, sizeof *r);
	json_t *body = body_parse(c->x->body);
	const char *base64 = json_string_value(json_object_get(body, "value"));
	json_t *backup = NULL;

	c->restoring = r;
	if (r != NULL && base64 != NULL)
		r->text = open_backup(c, slice_of(base64));
	if (r != NULL && r->text != NULL)
		backup = body_parse(slice_of(r->text));
	if (base64 == NULL)
		refuse_member(c, "");
	else if (backup == NULL)
		refuse_backup(c);
	if (backup != NULL) {
		c->spelling = member_text(c, backup, "name");
		r->current = member_text(c, backup, "current");
		c->name = slice_of(c->spelling);
	}
	json_decref(body);
	json_decref(backup);
}

static enum actas_error
restore_version(struct vault_call *c, json_t *stored, struct restored *into)
{
	struct buffer sealed = {0};
	enum actas_error error;
	char *text;
	size_t length;

	into->version = member_text(c, stored, "version");
	if (into->version == NULL)
		return ACTAS_ENOMEM;
	error = seal_for_vault(c, into->version, stored, &sealed);
	if (error == ACTAS_OK) {
		into->sealed = arena_text(&c->x->arena, buffer_slice(&sealed));
		error = put_sealed(stored, &sealed);
	}
	if (into->sealed == NULL)
		value_drop(call_platform(c)->value_keys, buffer_slice(&sealed));
	if (error == ACTAS_OK && into->sealed == NULL)
		error = ACTAS_ENOMEM;
	buffer_release(&sealed);
	if (error != ACTAS_OK)
		return error;
	(void)json_object_del(stored, "version");
	length = json_dumpb(stored, NULL, 0, JSON_COMPACT);
	text = arena_zero(&c->x->arena, length + 1, 1);
	if (text == NULL ||
	    json_dumpb(stored, text, length, JSON_COMPACT) != length)
		return ACTAS_ENOMEM;
	into->entity = text;
	return ACTAS_OK;
}

void
seal_restore(struct vault_call *c)
{
	struct restoring *r = c->restoring;
	json_t *backup = body_parse(slice_of(r->text));
	json_t *versions = json_object_get(backup, "versions"), *stored;
	enum actas_error error = ACTAS_OK;
	size_t i;

	r->count = json_array_size(versions);
	r->at = arena_zero(&c->x->arena, r->count, sizeof *r->at);
	if (r->at == NULL)
		error = ACTAS_ENOMEM;
	json_array_foreach(versions, i, stored) if (error == ACTAS_OK) error =
	    restore_version(c, stored, &r->at[i]);
	json_decref(backup);
	if (error == ACTAS_EPARSE)
		refuse_backup(c);
	else if (error != ACTAS_OK)
		refuse_error(c, error);
}

void
drop_restore(struct vault_call *c)
{
	struct restoring *r = c->restoring;

	for (size_t i = 0; r != NULL && r->at != NULL && i < r->count; i++)
		value_drop(
		    call_platform(c)->value_keys, slice_of(r->at[i].sealed));
	if (r != NULL)
		r->count = 0;
}

static void
refuse_conflict(struct vault_call *c)
{
	refuse(c, 409, "Conflict",
	    "There was a conflict restoring the secret "
	    "'%s/secrets/%s/%s'. This can happen if either: a second secret "
	    "with the same name was created after the first secret was "
	    "deleted; thus trying to restore a secret whose name is already "
	    "in use. To fix this, rename the second secret to something else "
	    "so that the restore works. The second probable cause of this "
	    "exception is when multiple operations are performed in parallel "
	    "against the secret. To avoid this error, perform operations "
	    "against a secret in a sequential manner.",
	    c->showing.base, c->spelling, c->restoring->current);
}

/* Writes all versions; the newest is returned. */
static json_t *
put_versions(struct vault_call *c, struct writes *writes)
{
	const struct restoring *r = c->restoring;
	json_t *newest = NULL;

	for (size_t i = 0; i < r->count; i++) {
		json_t *entity = entity_parse(slice_of(r->at[i].entity));

		if (entity == NULL) {
			refuse_error(c, ACTAS_ENOMEM);
			break;
		}
		version_put(writes, c->vault, c->name,
		    slice_of(r->at[i].version), entity);
		if (strcmp(r->at[i].version, r->current) == 0)
			newest = json_incref(entity);
		json_decref(entity);
	}
	return newest;
}

static void
put_restored(struct vault_call *c, struct writes *writes)
{
	struct slice current = slice_of(c->restoring->current);
	json_t *newest = put_versions(c, writes);
	enum actas_error error =
	    secret_put(writes, c->vault, c->name, c->spelling, NULL);

	if (error == ACTAS_OK)
		error = current_put(writes, c->vault, c->name, current);
	if (error != ACTAS_OK)
		refuse_error(c, error);
	if (!is_refused(c) && newest == NULL)
		refuse_backup(c);
	if (!is_refused(c))
		respond(c,
		    bundle_make(
			&c->showing, c->spelling, current, newest, NULL));
	json_decref(newest);
}

void
run_restore(
    struct vault_call *c, const struct snapshot *now, struct writes *writes)
{
	struct kept_secret secret;
	enum actas_error error = secret_look(
	    now->state, c->vault, c->name, c->now, &c->x->arena, &secret);

	if (error != ACTAS_OK)
		refuse_error(c, error);
	else if (secret.standing != SECRET_NONE)
		refuse_conflict(c);
	if (is_refused(c))
		return;
	if (secret.has_remains)
		secret_remove(now->state, c->vault, c->name, writes);
	put_restored(c, writes);
}
