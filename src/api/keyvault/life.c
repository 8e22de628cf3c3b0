#include "api/keyvault/keyvault.h"

/*
 * From deletion to recovery or the end. A purge takes the secret out of the
 * state; before it is answered, the keys of its values are destroyed, so that
 * what the history keeps of them is worth nothing (platform/value_keys.h).
 */

void
run_delete(
    struct vault_call *c, const struct snapshot *now, struct writes *writes)
{
	struct deletion deletion = {
	    c->now, c->now + (moment)c->facts.recoverable_days * MOMENT_DAY};
	struct kept_secret secret;
	struct slice version;
	json_t *stored = find_version(c, now->state, &secret, &version);
	enum actas_error error;

	if (stored == NULL)
		return;
	error = secret_put(writes, c->vault, c->name, secret.name, &deletion);
	if (error != ACTAS_OK)
		refuse_error(c, error);
	else
		respond(c,
		    bundle_make(
			&c->showing, secret.name, version, stored, &deletion));
	json_decref(stored);
}

void
run_recover(
    struct vault_call *c, const struct snapshot *now, struct writes *writes)
{
	struct kept_secret secret;
	json_t *stored = find_deleted(c, now->state, &secret);
	enum actas_error error;

	if (stored == NULL) {
		/* The service's text is that of a secret here. */
		if (c->outcome.status == 404) {
			c->outcome = (struct outcome){0};
			refuse_missing(c);
		}
		return;
	}
	error = secret_put(writes, c->vault, c->name, secret.name, NULL);
	if (error != ACTAS_OK)
		refuse_error(c, error);
	else
		respond(c,
		    bundle_make(&c->showing, secret.name, secret.current,
			stored, NULL));
	json_decref(stored);
}

void
run_purge(
    struct vault_call *c, const struct snapshot *now, struct writes *writes)
{
	struct kept_secret secret;
	json_t *stored = find_deleted(c, now->state, &secret);

	if (stored == NULL)
		return;
	json_decref(stored);
	if (c->facts.is_protected) {
		refuse_purge(c);
		return;
	}
	secret_remove(now->state, c->vault, c->name, writes);
	c->outcome.status = 204;
}
