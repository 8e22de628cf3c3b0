#include "api/entra/call.h"

/*
 * A signed statement in place of a secret: by the application itself, with a
 * key whose certificate it registered (certificate.c), or by somebody whom
 * the application trusts (federated.c). Which, its issuer says.
 */

static const struct slice none;

enum { SKEW = 300 }; /* clocks may differ so much */

/* "2026-11-21T18:17:39.0000000Z" */
static struct slice
precise(struct token_call *c, moment when)
{
	char text[MOMENT_TEXT_LENGTH + 1];

	moment_format(when, text);
	return slice_of(arena_printf(&c->x->arena, "%.19s.0000000Z", text));
}

bool
assertion_time(struct token_call *c, const struct jwt *jwt)
{
	moment now = call_now(c), from, until;

	if (!jwt_moment(jwt->claims, "exp", &until))
		return call_refuse(c, REFUSE_ASSERTION_FORM, none, none);
	if (!jwt_moment(jwt->claims, "nbf", &from))
		from = 0;
	if (now - SKEW < until && now + SKEW >= from)
		return true;
	c->arguments[2] = precise(c, until);
	return call_refuse(
	    c, REFUSE_ASSERTION_TIME, precise(c, now), precise(c, from));
}

static bool
check_type(struct token_call *c)
{
	static const char bearer[] =
	    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

	if (c->assertion_type.length == 0)
		return call_refuse(
		    c, REFUSE_MISSING, SLICE("client_assertion_type"), none);
	if (!slice_eq(c->assertion_type, slice_of(bearer)))
		return call_refuse(
		    c, REFUSE_ASSERTION_TYPE, c->assertion_type, none);
	return true;
}

bool
assertion_check(struct token_call *c, const struct snapshot *snapshot)
{
	struct slice issuer;
	struct jwt jwt = {0};
	bool good;

	if (!check_type(c))
		return false;
	if (jwt_parse(c->assertion, &jwt) != ACTAS_OK)
		return call_refuse(c, REFUSE_ASSERTION_FORM, none, none);
	issuer = jwt_text(jwt.claims, "iss");
	if (issuer.length == 0)
		good = call_refuse(c, REFUSE_ASSERTION_FORM, none, none);
	else if (slice_eq_case(issuer, c->client_id))
		good = certificate_check(c, snapshot, &jwt);
	else
		good = federated_check(c, snapshot, &jwt);
	c->by_key = true;
	jwt_release(&jwt);
	return good;
}
