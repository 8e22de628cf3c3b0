#include "api/entra/call.h"
#include "api/entra/issuers.h"
#include "api/tokens.h"

#include <stdio.h>

/*
 * An assertion of somebody whom the application trusts: issuer, subject and
 * audience must be those of one of its federated credentials, to the letter.
 * Only then does it matter whose signature it bears. Tokens of this platform
 * itself are such assertions too (a managed identity in place of a secret).
 */

static const struct slice none;

struct match {
	struct slice issuer, subject;
	const json_t *audience; /* claim: text or list of texts */
	bool any, issuer_fits, subject_fits, subject_fits_case, found;
	char key_id[37];
};

static bool
audience_is(const struct match *m, struct slice wanted)
{
	bool is_list = json_is_array(m->audience);
	size_t count = is_list ? json_array_size(m->audience) : 1;

	for (size_t i = 0; i < count; i++) {
		const json_t *one =
		    is_list ? json_array_get(m->audience, i) : m->audience;
		struct slice text = {
		    json_string_value(one), json_string_length(one)};

		if (text.length > 0 && slice_eq(text, wanted))
			return true;
		if (slice_eq(text, SLICE(EXCHANGE_ID)) &&
		    slice_eq(wanted, SLICE(EXCHANGE_NAME)))
			return true;
	}
	return false;
}

static bool
try_federated(void *context, struct slice id, const json_t *federated)
{
	struct match *m = context;
	struct slice subject = jwt_text(federated, "subject");
	const json_t *audiences = json_object_get(federated, "audiences");

	m->any = true;
	if (!slice_eq(jwt_text(federated, "issuer"), m->issuer))
		return true;
	m->issuer_fits = true;
	m->subject_fits_case |= slice_eq_case(subject, m->subject);
	if (!slice_eq(subject, m->subject))
		return true;
	m->subject_fits = true;
	for (size_t i = 0; i < json_array_size(audiences); i++) {
		const json_t *one = json_array_get(audiences, i);

		m->found |= audience_is(m,
		    (struct slice){
			json_string_value(one), json_string_length(one)});
	}
	if (m->found)
		snprintf(m->key_id, sizeof m->key_id, "%.*s", SLICE_ARGS(id));
	return !m->found;
}

static bool
refuse_match(struct token_call *c, const struct match *m)
{
	struct slice audience = {0};

	if (!m->any)
		return call_refuse(
		    c, REFUSE_NO_FEDERATED, c->client_id, c->client.name);
	if (!m->issuer_fits)
		return call_refuse(
		    c, REFUSE_FEDERATED_ISSUER, call_keep(c, m->issuer), none);
	if (!m->subject_fits)
		return call_refuse(c,
		    m->subject_fits_case ? REFUSE_FEDERATED_CASE
					 : REFUSE_FEDERATED_SUBJECT,
		    call_keep(c, m->subject), none);
	if (json_is_string(m->audience))
		audience = (struct slice){json_string_value(m->audience),
		    json_string_length(m->audience)};
	return call_refuse(
	    c, REFUSE_FEDERATED_AUDIENCE, call_keep(c, audience), none);
}

static bool
refuse_signature(struct token_call *c, const char *why)
{
	return call_refuse(
	    c, REFUSE_ASSERTION_KEY, slice_of(why), c->client_id);
}

static bool
is_our_issuer(const struct token_call *c, struct slice issuer)
{
	const struct platform *p = exchange_platform(c->x);
	char ours[TOKEN_ISSUER_BYTES];

	tokens_issuer(p, true, ours);
	if (slice_eq(issuer, slice_of(ours)))
		return true;
	tokens_issuer(p, false, ours);
	return slice_eq(issuer, slice_of(ours));
}

/* The keys are the platform's own, or an external issuer's, which may have to
 * be fetched. */
static bool
check_signature(
    struct token_call *c, const struct jwt *jwt, struct slice issuer)
{
	struct api *api = exchange_api(c->x);

	if (is_our_issuer(c, issuer))
		return keyring_verify(api->tokens->ring, jwt) ||
		    refuse_signature(c, "The key was not found.");
	switch (issuers_verify(api->issuers, issuer, jwt)) {
	case ISSUER_GOOD:
		return true;
	case ISSUER_BAD:
		return refuse_signature(c,
		    "The provided signature value did not match the expected "
		    "signature value.");
	case ISSUER_NO_KEY:
	case ISSUER_NOT_READ:
		break;
	}
	if (c->fetches == 0) {
		c->wants_issuer = call_keep(c, issuer);
		return false;
	}
	return issuers_verify(api->issuers, issuer, jwt) == ISSUER_NOT_READ
	    ? call_refuse(c, REFUSE_FEDERATED_KEYS, none, none)
	    : refuse_signature(c, "The key was not found.");
}

bool
federated_check(struct token_call *c, const struct snapshot *snapshot,
    const struct jwt *jwt)
{
	struct match m = {
	    .issuer = jwt_text(jwt->claims, "iss"),
	    .subject = jwt_text(jwt->claims, "sub"),
	    .audience = json_object_get(jwt->claims, "aud"),
	};

	client_credentials(
	    &c->client, snapshot->state, ENTITY_FEDERATED, try_federated, &m);
	if (!m.found)
		return refuse_match(c, &m);
	if (jwt->algorithm != JWT_RS256)
		return call_refuse(c, REFUSE_ASSERTION_ALGORITHM,
		    call_keep(c, jwt_text(jwt->header, "alg")), SLICE("RS256"));
	if (!check_signature(c, jwt, m.issuer) || !assertion_time(c, jwt))
		return false;
	memcpy(c->key_id, m.key_id, sizeof c->key_id);
	return true;
}
