#include "api/keyvault/keyvault.h"
#include "api/keyvault/value.h"

/* What may follow a value in an answer beside tags, content type and
 * addresses: names of members, dates, the level of recovery. */
enum { REST_BYTES = 1024 };

static void
read_settings(struct vault_call *c, struct slice text, bool *has_value)
{
	json_t *body = body_parse(text);
	const char *wrong;
	enum actas_error error;

	if (body == NULL) {
		refuse_member(c, "");
		return;
	}
	*has_value &= json_is_string(json_object_get(body, "value"));
	error = settings_read(body, &c->x->arena, &c->settings, &wrong);
	if (error == ACTAS_EPARSE)
		refuse_member(c, wrong);
	else if (error != ACTAS_OK)
		refuse_error(c, error);
	json_decref(body);
}

void
read_set(struct vault_call *c)
{
	bool has_value;
	struct slice rest;
	enum actas_error error =
	    value_take(c->x->body, &c->x->arena, &c->value, &has_value, &rest);

	if (error == ACTAS_ENOMEM) {
		refuse_error(c, error);
		return;
	}
	if (error != ACTAS_OK)
		has_value = false;
	read_settings(c, rest, &has_value);
	/* The service's text has nothing between the blanks. */
	if (!has_value)
		refuse_member(c, "");
}

void
read_update(struct vault_call *c)
{
	bool has_value = false;

	read_settings(c, c->x->body, &has_value);
}

/* A new version: 32 hexadecimal digits. */
static void
choose_version(struct vault_call *c)
{
	struct guid id = chance_guid(call_platform(c)->chance);
	char text[SECRET_VERSION_LENGTH + 1];
	const char *copy;

	for (size_t i = 0; i < sizeof id.bytes; i++) {
		text[2 * i] = "0123456789abcdef"[id.bytes[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[id.bytes[i] & 15];
	}
	text[SECRET_VERSION_LENGTH] = '\0';
	copy = arena_text(&c->x->arena, slice_of(text));
	if (copy == NULL)
		refuse_error(c, ACTAS_ENOMEM);
	else if (guid_is_nil(id))
		refuse_error(c, ACTAS_EIO);
	c->version = slice_of(copy);
}

static void
start_answer(struct vault_call *c)
{
	const struct settings *s = &c->settings;
	size_t tags = s->tags == NULL ? 0 : strlen(s->tags);
	size_t type = s->content_type == NULL ? 0 : strlen(s->content_type);

	c->x->holds_secret = true;
	buffer_puts(&c->x->answer, "{\"value\":");
	value_put(&c->x->answer, secret_bytes_reveal(&c->value),
	    tags + 6 * type + strlen(c->showing.base) + REST_BYTES);
	if (c->x->answer.error != ACTAS_OK)
		refuse_error(c, c->x->answer.error);
}

void
seal_set(struct vault_call *c)
{
	struct entity_text text;
	struct buffer sealed = {0};
	const char *copy = NULL;
	enum actas_error error;

	choose_version(c);
	start_answer(c);
	if (is_refused(c))
		return;
	error = value_seal(call_platform(c)->value_keys,
	    entity_key(&text, ENTITY_VERSION, c->vault, c->name, c->version),
	    secret_bytes_reveal(&c->value), &sealed);
	secret_bytes_release(&c->value);
	if (error == ACTAS_OK)
		copy = arena_text(&c->x->arena, buffer_slice(&sealed));
	if (error == ACTAS_OK && copy == NULL) {
		value_drop(call_platform(c)->value_keys, buffer_slice(&sealed));
		error = ACTAS_ENOMEM;
	}
	buffer_release(&sealed);
	if (error != ACTAS_OK)
		refuse_error(c, error);
	c->sealed = slice_of(copy);
}

/* Sequence and name of the version before. */
static enum actas_error
put_previous(struct vault_call *c, const struct state *s,
    const struct kept_secret *secret, json_t *version)
{
	json_int_t sequence = 0;
	json_t *previous;
	int failed = 0;
	enum actas_error error = ACTAS_OK;

	if (secret->standing == SECRET_LIVE) {
		error = version_get(
		    s, c->vault, c->name, secret->current, &previous);
		if (error != ACTAS_OK)
			return error;
		sequence =
		    json_integer_value(json_object_get(previous, "sequence"));
		json_decref(previous);
		failed = json_object_set_new(version, "previousVersion",
		    json_stringn(secret->current.at, secret->current.length));
	}
	failed |= json_object_set_new(
	    version, "sequence", json_integer(sequence + 1));
	return failed == 0 ? ACTAS_OK : ACTAS_ENOMEM;
}

static json_t *
make_version(struct vault_call *c, const struct state *s,
    const struct kept_secret *secret)
{
	json_t *version =
	    json_pack("{s:s%}", "sealed", c->sealed.at, c->sealed.length);
	enum actas_error error = version == NULL ? ACTAS_ENOMEM : ACTAS_OK;

	if (error == ACTAS_OK)
		error = settings_put(&c->settings, c->now, c->now, version);
	if (error == ACTAS_OK)
		error = put_previous(c, s, secret, version);
	if (error == ACTAS_OK)
		return version;
	json_decref(version);
	refuse_error(c, error);
	return NULL;
}

static enum actas_error
put_all(struct vault_call *c, struct kept_secret *secret, const json_t *version,
    struct writes *writes)
{
	enum actas_error error = ACTAS_OK;

	if (secret->standing != SECRET_LIVE) {
		secret->name = arena_text(&c->x->arena, c->name);
		error = secret->name == NULL
		    ? ACTAS_ENOMEM
		    : secret_put(writes, c->vault, c->name, secret->name, NULL);
	}
	version_put(writes, c->vault, c->name, c->version, version);
	if (error == ACTAS_OK)
		error = current_put(writes, c->vault, c->name, c->version);
	return error;
}

void
run_set(struct vault_call *c, const struct snapshot *now, struct writes *writes)
{
	struct kept_secret secret;
	json_t *version;
	enum actas_error error = secret_look(
	    now->state, c->vault, c->name, c->now, &c->x->arena, &secret);

	if (error != ACTAS_OK)
		refuse_error(c, error);
	else if (secret.standing == SECRET_DELETED)
		refuse_deleted_name(c);
	if (is_refused(c))
		return;
	version = make_version(c, now->state, &secret);
	if (version == NULL)
		return;
	if (secret.has_remains)
		secret_remove(now->state, c->vault, c->name, writes);
	error = put_all(c, &secret, version, writes);
	if (error != ACTAS_OK)
		refuse_error(c, error);
	else
		respond(c,
		    bundle_make(
			&c->showing, secret.name, c->version, version, NULL));
	json_decref(version);
}

void
run_update(
    struct vault_call *c, const struct snapshot *now, struct writes *writes)
{
	struct kept_secret secret;
	struct slice version;
	json_t *stored = find_version(c, now->state, &secret, &version);
	enum actas_error error;

	if (stored == NULL)
		return;
	c->version = version;
	error = settings_put(&c->settings, MOMENT_UNKNOWN, c->now, stored);
	if (error == ACTAS_OK) {
		version_put(writes, c->vault, c->name, version, stored);
		respond(c,
		    bundle_make(
			&c->showing, secret.name, version, stored, NULL));
	} else {
		refuse_error(c, error);
	}
	json_decref(stored);
}
