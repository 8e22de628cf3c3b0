#include "api/arm/operations.h"
#include "api/arm/page.h"
#include "api/arm/vaults.h"

#include "api/keyvault/secrets.h"
#include "api/keyvault/settings.h"
#include "api/keyvault/value.h"
#include "api/keyvault/versions.h"

/*
 * Secrets through the resource manager: whoever may deploy resources, such as
 * a Contributor, may write a value here, whatever the vault's own permission
 * model and network rules say; nobody is ever shown one.
 */

struct wish {
	struct settings settings;
	bool has_value;
};

/* --- showing --- */

static json_t *
attributes_of(const json_t *stored)
{
	json_t *attributes = json_object_get(stored, "attributes");

	return attributes == NULL ? json_object() : json_incref(attributes);
}

static json_t *
show(struct arm_call *c, struct slice name, struct slice version,
    const json_t *stored)
{
	json_t *uri = arm_vault_uri(c->x, c->scope.top_name);
	json_t *type = json_object_get(stored, "contentType");
	json_t *tags = json_object_get(stored, "tags");
	const char *base = json_string_value(uri);
	json_t *made = json_pack(
	    "{s:o, s:o, s:s, s:o, s:{s:o, s:O*, s:o, s:o}}", "id",
	    json_sprintf("%.*s/secrets/%.*s", SLICE_ARGS(c->scope.top),
		SLICE_ARGS(name)),
	    "name", arm_json_text(name), "type",
	    "Microsoft.KeyVault/vaults/secrets", "tags",
	    tags == NULL ? json_object() : json_incref(tags), "properties",
	    "attributes", attributes_of(stored), "contentType", type,
	    "secretUri", json_sprintf("%ssecrets/%.*s", base, SLICE_ARGS(name)),
	    "secretUriWithVersion",
	    json_sprintf("%ssecrets/%.*s/%.*s", base, SLICE_ARGS(name),
		SLICE_ARGS(version)));

	json_decref(uri);
	return made;
}

static void
refuse_secret(struct arm_call *c)
{
	arm_refuse(c, 404, "SecretNotFound",
	    "A secret with (name/id) %.*s was not found in this key vault.",
	    SLICE_ARGS(c->scope.name));
}

static void
read_secret(struct arm_call *c)
{
	struct kept_secret secret;
	json_t *stored = NULL;

	if (!arm_must_exist(c, &c->scope))
		return;
	if (secret_look(arm_state(c), c->scope.top_name, c->scope.name, c->now,
		&c->x->arena, &secret) != ACTAS_OK ||
	    secret.standing != SECRET_LIVE ||
	    version_get(arm_state(c), c->scope.top_name, c->scope.name,
		secret.current, &stored) != ACTAS_OK ||
	    stored == NULL)
		refuse_secret(c);
	else
		arm_reply(c, 200,
		    show(c, slice_of(secret.name), secret.current, stored));
	json_decref(stored);
}

const struct arm_operation arm_vault_secret = {
    .permission = PERMIT_ARM_SECRET_READ,
    .read = read_secret,
};

/* --- list --- */

static void
add_secret(struct arm_call *c, struct arm_page *page, const struct entry *entry)
{
	struct slice vault = c->scope.top_name;
	struct slice name = entity_last(entry->key);
	struct kept_secret secret;
	json_t *stored = NULL;

	if (arm_page_is_past(page, entry->key) ||
	    secret_look_at(arm_state(c), vault, entry, c->now, &c->x->arena,
		&secret) != ACTAS_OK ||
	    secret.standing != SECRET_LIVE ||
	    version_get(arm_state(c), vault, name, secret.current, &stored) !=
		ACTAS_OK)
		return;
	if (stored != NULL && arm_page_has_room(page))
		arm_page_add(page, entry->key,
		    show(c, slice_of(secret.name), secret.current, stored));
	json_decref(stored);
}

static void
read_secrets(struct arm_call *c)
{
	struct entity_text text;
	struct slice prefix =
	    entity_prefix(&text, ENTITY_SECRET, c->scope.top_name, SLICE(""));
	struct arm_page page;
	struct state_walk w;
	struct entry entry;

	if (!arm_must_exist(c, &c->scope) || !arm_page_begin(c, &page))
		return;
	state_walk_prefix(&w, arm_state(c), prefix);
	while (prefix.length > 0 && !page.more && state_walk_next(&w, &entry))
		add_secret(c, &page, &entry);
	arm_page_end(c, &page);
}

const struct arm_operation arm_vault_secrets = {
    .permission = PERMIT_ARM_SECRET_READ,
    .cut = 1,
    .read = read_secrets,
};

/* --- the body --- */

/* Where in the body the object under the outermost "properties" stands; the
 * value must be taken out of it before a parser makes copies. Empty where
 * there is none: whatever then passes for one is refused below. */
static struct slice
find_properties(struct slice body)
{
	struct slice name = SLICE("\"properties\"");
	size_t from = SIZE_MAX, depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < body.length; i++) {
		char at = body.at[i];

		if (in_string) {
			i += at == '\\';
			in_string = at != '"';
			continue;
		}
		if (at == '"' && depth == 1 &&
		    slice_starts(slice_from(body, i), name))
			from = i + name.length;
		in_string = at == '"';
		if (at == '{' || at == '[')
			depth++;
		if ((at == '}' || at == ']') && depth-- == 2 &&
		    from != SIZE_MAX)
			return slice_sub(body, from, i + 1 - from);
	}
	return (struct slice){NULL, 0};
}

/* From the object's brace on. */
static struct slice
from_brace(struct slice text)
{
	size_t brace = slice_find(text, SLICE("{"));

	return slice_from(text, brace == SIZE_MAX ? text.length : brace);
}

/* The body with "" in the value's place, parsed; the value in c->secret. */
static json_t *
take_value(struct arm_call *c, struct wish *w)
{
	struct slice body = c->x->body;
	struct slice properties = from_brace(find_properties(body)), rest;
	struct slice behind, before;
	const char *text;

	if (properties.length == 0)
		return NULL;
	before = (struct slice){body.at, (size_t)(properties.at - body.at)};
	behind = slice_from(body, before.length + properties.length);
	if (value_take(properties, &c->x->arena, &c->secret, &w->has_value,
		&rest) != ACTAS_OK) {
		arm_refuse(c, 400, "BadParameter",
		    "The value of the secret is no text of at most %u bytes.",
		    LIMIT_SECRET_VALUE_BYTES);
		return NULL;
	}
	text = arena_printf(&c->x->arena, "%.*s%.*s%.*s", SLICE_ARGS(before),
	    SLICE_ARGS(rest), SLICE_ARGS(behind));
	return text == NULL ? NULL : body_parse(slice_of(text));
}

/* However the name is spelled: only "value" was taken out. */
static bool
is_left(json_t *said)
{
	const char *name;
	json_t *value;

	json_object_foreach(said, name, value)
	{
		if (slice_eq_case(slice_of(name), SLICE("value")) &&
		    json_string_length(value) > 0)
			return true;
	}
	return false;
}

static void
read_wish(struct arm_call *c, struct wish *w)
{
	json_t *said = arm_properties(c->body);
	json_t *value = arm_member(said, "value");
	json_t *plain = json_pack("{s:O*, s:O*, s:O*}", "contentType",
	    arm_member(said, "contentType"), "attributes",
	    arm_member(said, "attributes"), "tags",
	    arm_member(c->body, "tags"));
	const char *wrong = NULL;

	if (is_left(said) || (w->has_value && !json_is_string(value)) ||
	    (c->x->method == HTTP_PUT && !w->has_value))
		arm_refuse(c, 400, "BadParameter",
		    "A secret has one 'value', which is text.");
	if (plain == NULL ||
	    settings_read(plain, &c->x->arena, &w->settings, &wrong) !=
		ACTAS_OK)
		arm_refuse(c, 400, "BadParameter",
		    "The member '%s' of the request is not of its form.",
		    wrong == NULL ? "" : wrong);
	json_decref(plain);
}

static void
prepare_put(struct arm_call *c)
{
	struct wish *w = arena_zero(&c->x->arena, 1, sizeof *w);

	c->work = w;
	if (!secret_name_is_sound(c->name))
		arm_refuse(c, 400, "BadParameter",
		    "The request URI contains an invalid name: %.*s",
		    SLICE_ARGS(c->name));
	if (w != NULL)
		c->body = take_value(c, w);
	if (c->body != NULL && json_is_object(c->body))
		read_wish(c, w);
	else
		arm_refuse(c, 400, "InvalidRequestContent",
		    "The request body must be a JSON object with "
		    "'properties', in which no name stands twice.");
}

/* --- put and patch --- */

static struct slice
new_version(struct arm_call *c)
{
	struct guid id = chance_guid(exchange_platform(c->x)->chance);
	char *text = arena_zero(&c->x->arena, 2 * sizeof id.bytes + 1, 1);

	if (text == NULL || guid_is_nil(id))
		return (struct slice){NULL, 0};
	for (size_t i = 0; i < sizeof id.bytes; i++) {
		text[2 * i] = "0123456789abcdef"[id.bytes[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[id.bytes[i] & 15];
	}
	return slice_of(text);
}

static enum actas_error
seal_value(struct arm_call *c, struct slice version, json_t *stored)
{
	struct buffer sealed = {0};
	struct entity_text text;
	enum actas_error error = value_seal(exchange_platform(c->x)->value_keys,
	    entity_key(&text, ENTITY_VERSION, c->scope.top_name, c->scope.name,
		version),
	    secret_bytes_reveal(&c->secret), &sealed);

	if (error == ACTAS_OK) {
		c->sealed.at = arena_text(&c->x->arena, buffer_slice(&sealed));
		c->sealed.length = c->sealed.at == NULL ? 0 : sealed.length;
		if (c->sealed.at == NULL ||
		    !arm_set(stored, "sealed", arm_json_text(c->sealed)))
			error = ACTAS_ENOMEM;
	}
	buffer_release(&sealed);
	return error;
}

/* A new version with the value that was sent. */
static enum actas_error
add_version(struct arm_call *c, struct kept_secret *secret,
    const json_t *previous, struct writes *writes)
{
	const struct wish *w = c->work;
	struct slice vault = c->scope.top_name, name = c->scope.name;
	struct slice version = new_version(c);
	json_int_t sequence =
	    json_integer_value(json_object_get(previous, "sequence"));
	json_t *stored = json_pack("{s:I}", "sequence", sequence + 1);
	enum actas_error error =
	    version.length == 0 ? ACTAS_ENOMEM : seal_value(c, version, stored);

	if (error == ACTAS_OK && previous != NULL)
		(void)arm_set(
		    stored, "previousVersion", arm_json_text(secret->current));
	if (error == ACTAS_OK)
		error = settings_put(&w->settings, c->now, c->now, stored);
	if (error == ACTAS_OK && previous == NULL) {
		secret->name = arena_text(&c->x->arena, name);
		error = secret->name == NULL
		    ? ACTAS_ENOMEM
		    : secret_put(writes, vault, name, secret->name, NULL);
	}
	if (error == ACTAS_OK)
		error = current_put(writes, vault, name, version);
	if (error == ACTAS_OK) {
		version_put(writes, vault, name, version, stored);
		arm_reply(c, previous == NULL ? 201 : 200,
		    show(c, slice_of(secret->name), version, stored));
	}
	json_decref(stored);
	return error;
}

static enum actas_error
change_settings(struct arm_call *c, const struct kept_secret *secret,
    json_t *stored, struct writes *writes)
{
	const struct wish *w = c->work;
	enum actas_error error =
	    settings_put(&w->settings, MOMENT_UNKNOWN, c->now, stored);

	if (error != ACTAS_OK)
		return error;
	version_put(
	    writes, c->scope.top_name, c->scope.name, secret->current, stored);
	arm_reply(
	    c, 200, show(c, slice_of(secret->name), secret->current, stored));
	return ACTAS_OK;
}

static enum actas_error
look(struct arm_call *c, struct kept_secret *secret, json_t **stored)
{
	enum actas_error error = secret_look(arm_state(c), c->scope.top_name,
	    c->scope.name, c->now, &c->x->arena, secret);

	*stored = NULL;
	if (error == ACTAS_OK && secret->standing == SECRET_LIVE)
		error = version_get(arm_state(c), c->scope.top_name,
		    c->scope.name, secret->current, stored);
	return error;
}

static enum actas_error
put_secret(struct arm_call *c, struct writes *writes)
{
	const struct wish *w = c->work;
	struct kept_secret secret;
	enum actas_error error;
	json_t *stored;

	if (!arm_must_exist(c, &c->scope))
		return ACTAS_EUSAGE;
	error = look(c, &secret, &stored);
	if (secret.standing == SECRET_DELETED)
		arm_refuse(c, 409, "ConflictError",
		    "Secret %.*s is currently in a deleted but recoverable "
		    "state, and its name cannot be reused; in this state, the "
		    "secret can only be recovered or purged.",
		    SLICE_ARGS(c->scope.name));
	else if (c->x->method == HTTP_PATCH && stored == NULL)
		refuse_secret(c);
	if (secret.has_remains)
		secret_remove(
		    arm_state(c), c->scope.top_name, c->scope.name, writes);
	if (error == ACTAS_OK && !arm_is_refused(c))
		error = w->has_value
		    ? add_version(c, &secret, stored, writes)
		    : change_settings(c, &secret, stored, writes);
	json_decref(stored);
	return error;
}

const struct arm_operation arm_vault_secret_put = {
    .permission = PERMIT_ARM_SECRET_WRITE,
    .prepare = prepare_put,
    .apply = put_secret,
};
