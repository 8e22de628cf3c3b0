#include "api/keyvault/keyvault.h"
#include "api/keyvault/value.h"

/* The version that is asked for, as ids write it. */
static struct slice
wanted_version(struct vault_call *c, const struct kept_secret *secret)
{
	char *copy;

	if (c->version.length == 0)
		return secret->current;
	copy = arena_text(&c->x->arena, c->version);
	for (char *at = copy; at != NULL && *at != '\0'; at++)
		*at = ascii_lower(*at);
	if (copy == NULL)
		refuse_error(c, ACTAS_ENOMEM);
	return slice_of(copy);
}

json_t *
find_version(struct vault_call *c, const struct state *s,
    struct kept_secret *secret, struct slice *version)
{
	struct slice name = c->name;
	json_t *stored = NULL;
	enum actas_error error =
	    secret_look(s, c->vault, name, c->now, &c->x->arena, secret);

	if (error == ACTAS_OK && secret->standing == SECRET_LIVE) {
		*version = wanted_version(c, secret);
		error = version_get(s, c->vault, name, *version, &stored);
	}
	if (error != ACTAS_OK)
		refuse_error(c, error);
	else if (stored == NULL)
		refuse_missing(c);
	return stored;
}

static void
unseal_value(struct vault_call *c, struct slice version, const json_t *stored)
{
	struct entity_text text;
	enum actas_error error = value_unseal(call_platform(c)->value_keys,
	    entity_key(&text, ENTITY_VERSION, c->vault, c->name, version),
	    slice_of(json_string_value(json_object_get(stored, "sealed"))),
	    &c->value);

	/* Purged since the snapshot was taken. */
	if (error == ACTAS_ENOTFOUND)
		refuse_missing(c);
	else if (error != ACTAS_OK)
		refuse_error(c, error);
}

/* The value goes from locked memory into the answer's, which is wiped when it
 * was sent, and nowhere else. */
static void
respond_with_value(struct vault_call *c, json_t *bundle)
{
	struct buffer *answer = &c->x->answer;

	c->x->holds_secret = true;
	buffer_puts(answer, "{\"value\":");
	value_put(answer, secret_bytes_reveal(&c->value),
	    json_dumpb(bundle, NULL, 0, JSON_COMPACT) + 1);
	secret_bytes_release(&c->value);
	respond(c, bundle);
}

void
run_get(struct vault_call *c, const struct snapshot *now,
    struct writes *writes ACTAS_UNUSED)
{
	struct kept_secret secret;
	struct slice version;
	json_t *stored = find_version(c, now->state, &secret, &version);

	if (stored == NULL)
		return;
	if (json_is_false(json_object_get(
		json_object_get(stored, "attributes"), "enabled")))
		refuse_state(c, "SecretDisabled",
		    "Operation get is not allowed on a disabled secret.");
	else
		unseal_value(c, version, stored);
	if (!is_refused(c))
		respond_with_value(c,
		    bundle_make(
			&c->showing, secret.name, version, stored, NULL));
	json_decref(stored);
}

json_t *
find_deleted(
    struct vault_call *c, const struct state *s, struct kept_secret *secret)
{
	json_t *stored = NULL;
	enum actas_error error =
	    secret_look(s, c->vault, c->name, c->now, &c->x->arena, secret);

	if (error == ACTAS_OK && secret->standing == SECRET_DELETED)
		error =
		    version_get(s, c->vault, c->name, secret->current, &stored);
	if (error != ACTAS_OK)
		refuse_error(c, error);
	else if (stored == NULL)
		refuse_missing_deleted(c);
	return stored;
}

void
run_get_deleted(struct vault_call *c, const struct snapshot *now,
    struct writes *writes ACTAS_UNUSED)
{
	struct kept_secret secret;
	json_t *stored = find_deleted(c, now->state, &secret);

	if (stored == NULL)
		return;
	respond(c,
	    bundle_make(&c->showing, secret.name, secret.current, stored,
		&secret.deletion));
	json_decref(stored);
}
