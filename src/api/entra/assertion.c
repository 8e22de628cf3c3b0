#include "api/entra/call.h"
#include "api/entra/tenant.h"
#include "api/surface.h"

#include <stdio.h>

/*
 * A signed statement in place of a secret: by the application itself, with a
 * key whose certificate it registered (certificate.c), or by somebody whom
 * the application trusts (federated.c). Which, its issuer says.
 */

static const struct slice none;

enum { SKEW = 300 }; /* clocks may differ so much */

bool
assertion_time(struct token_call *c, const struct jwt *jwt)
{
	char now_text[48], from_text[48], until_text[48];
	char text[MOMENT_TEXT_LENGTH + 1];
	moment now = call_now(c), from = 0, until;
	const struct {
		moment when;
		char *into;
	} moments[] = {{now, now_text}, {0, from_text}, {0, until_text}};

	if (!jwt_moment(jwt->claims, "exp", &until))
		return call_refuse(c, REFUSE_ASSERTION_FORM, none, none);
	jwt_moment(jwt->claims, "nbf", &from);
	if (now < until + SKEW && now >= from - SKEW)
		return true;
	for (size_t i = 0; i < 3; i++) {
		moment when = i == 0 ? now : i == 1 ? from : until;

		moment_format(when, text);
		text[MOMENT_TEXT_LENGTH - 1] = '\0';
		snprintf(moments[i].into, 48, "%s.0000000Z", text);
	}
	c->arguments[2] = call_keep(c, slice_of(until_text));
	return call_refuse(c, REFUSE_ASSERTION_TIME,
	    call_keep(c, slice_of(now_text)),
	    call_keep(c, slice_of(from_text)));
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
