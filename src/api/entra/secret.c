#include "api/entra/call.h"
#include "keys/client_secret.h"

#include <stdio.h>

/*
 * A client secret. Several may live side by side; every one of them is
 * compared, whether or not one before it fits, and an application without any
 * is compared with one that fits nobody: neither the time nor the order tells
 * which there are.
 */

struct attempt {
	const struct master *master;
	struct slice secret;
	moment now;
	bool good, expired;
	char key_id[37];
};

static bool
date(const json_t *credential, const char *name, moment otherwise, moment *when)
{
	struct slice text = jwt_text(credential, name);

	*when = otherwise;
	return text.length == 0 || moment_parse(text, when);
}

static bool
try_secret(void *context, struct slice id, const json_t *credential)
{
	struct attempt *a = context;
	moment from, until;
	struct buffer hash = {0};

	if (!slice_eq(jwt_text(credential, "kind"), SLICE("secret")))
		return true;
	if (base64_get(jwt_text(credential, "hash"), &hash) == ACTAS_OK &&
	    hash.length == CLIENT_SECRET_HASH &&
	    date(credential, "startDateTime", INT64_MIN, &from) &&
	    date(credential, "endDateTime", INT64_MAX, &until) &&
	    client_secret_matches(
		a->master, a->secret, (const uint8_t *)hash.at) &&
	    a->now >= from) {
		if (a->now < until) {
			a->good = true;
			snprintf(a->key_id, sizeof a->key_id, "%.*s",
			    SLICE_ARGS(id));
		} else {
			a->expired = true;
		}
	}
	buffer_release(&hash);
	return true;
}

bool
secret_check(struct token_call *c, const struct snapshot *snapshot)
{
	static const uint8_t nobody[CLIENT_SECRET_HASH];
	static const struct slice none;
	struct attempt a = {
	    .master = exchange_platform(c->x)->master,
	    .secret = c->secret,
	    .now = call_now(c),
	};

	client_credentials(
	    &c->client, snapshot->state, ENTITY_CREDENTIAL, try_secret, &a);
	if (client_secret_matches(a.master, a.secret, nobody))
		a.good = false;
	if (a.good) {
		memcpy(c->key_id, a.key_id, sizeof c->key_id);
		return true;
	}
	return call_refuse(c,
	    a.expired ? REFUSE_EXPIRED_SECRET : REFUSE_WRONG_SECRET,
	    c->client_id, none);
}
