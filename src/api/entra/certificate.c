#include "api/entra/call.h"
#include "api/entra/replays.h"
#include "api/entra/tenant.h"
#include "api/surface.h"

#include <stdio.h>

/*
 * An assertion that the application signed itself. Its header names the
 * certificate by a thumbprint, which clients write in several ways: "x5t" or
 * "x5t#S256", with or without padding, in the alphabet of URLs or (Go's msal)
 * the plain one, or in "kid", there also hexadecimal.
 */

static const struct slice none;

struct thumbprint {
	uint8_t at[32];
	size_t length; /* 20 (SHA-1), 32 (SHA-256) or 0 */
};

static struct thumbprint
read_thumbprint(struct slice text)
{
	struct thumbprint t = {0};
	struct buffer bytes = {0};

	if (text.length == 40) {
		for (size_t i = 0; i < 20; i++) {
			int high = ascii_hex_digit(text.at[2 * i]);
			int low = ascii_hex_digit(text.at[2 * i + 1]);

			if (high < 0 || low < 0)
				return t;
			t.at[i] = (uint8_t)(high << 4 | low);
		}
		t.length = 20;
		return t;
	}
	if (text.length > 0 &&
	    (base64url_get(text, &bytes) == ACTAS_OK ||
		base64_get(text, &bytes) == ACTAS_OK) &&
	    (bytes.length == 20 || bytes.length == 32)) {
		memcpy(t.at, bytes.at, bytes.length);
		t.length = bytes.length;
	}
	buffer_release(&bytes);
	return t;
}

static struct thumbprint
thumbprint_of_header(const json_t *header)
{
	static const char *const names[] = {"x5t#S256", "x5t", "kid"};
	struct thumbprint t = {0};

	for (size_t i = 0; i < 3 && t.length == 0; i++)
		t = read_thumbprint(jwt_text(header, names[i]));
	return t;
}

struct search {
	struct thumbprint wanted;
	struct certificate certificate;
	bool found;
	char key_id[37];
};

static bool
try_certificate(void *context, struct slice id, const json_t *credential)
{
	struct search *s = context;
	struct buffer der = {0};

	if (slice_eq(jwt_text(credential, "kind"), SLICE("certificate")) &&
	    base64_get(jwt_text(credential, "key"), &der) == ACTAS_OK &&
	    certificate_read(buffer_slice(&der), &s->certificate, NULL) ==
		ACTAS_OK) {
		const uint8_t *own = s->wanted.length == 20
		    ? s->certificate.sha1
		    : s->certificate.sha256;

		s->found = memcmp(own, s->wanted.at, s->wanted.length) == 0;
		if (s->found)
			snprintf(s->key_id, sizeof s->key_id, "%.*s",
			    SLICE_ARGS(id));
		else
			certificate_release(&s->certificate);
	}
	buffer_release(&der);
	return !s->found;
}

/* "11/21/2026 18:17:39" */
static void
put_date(struct buffer *out, moment when)
{
	char text[MOMENT_TEXT_LENGTH + 1];

	moment_format(when, text);
	buffer_addf(
	    out, "%.2s/%.2s/%.4s %.8s", text + 5, text + 8, text, text + 11);
}

/* "The key was not found., Thumbprint of key used by client: '…'" */
static bool
refuse_key(struct token_call *c, const char *why, const struct search *s)
{
	struct buffer text = {0};
	struct slice kept;

	buffer_puts(&text, why);
	if (s->wanted.length > 0) {
		buffer_puts(&text, ", Thumbprint of key used by client: '");
		for (size_t i = 0; i < s->wanted.length; i++)
			buffer_addf(&text, "%02X", s->wanted.at[i]);
		buffer_putc(&text, '\'');
	}
	if (s->found) {
		buffer_puts(&text, ", Found key 'Start=");
		put_date(&text, s->certificate.from);
		buffer_puts(&text, ", End=");
		put_date(&text, s->certificate.until);
		buffer_putc(&text, '\'');
	}
	kept = call_keep(c, buffer_slice(&text));
	buffer_release(&text);
	return call_refuse(c, REFUSE_ASSERTION_KEY, kept, c->client_id);
}

static bool
check_signature(
    struct token_call *c, const struct jwt *jwt, const struct search *s)
{
	moment now = call_now(c);

	if (!s->found)
		return refuse_key(c, "The key was not found.", s);
	if (!jwt_verify(jwt, s->certificate.key))
		return refuse_key(c,
		    "The provided signature value did not match the expected "
		    "signature value.",
		    s);
	if (now >= s->certificate.until)
		return refuse_key(c, "The key used is expired.", s);
	if (now < s->certificate.from) /* [U] */
		return refuse_key(c, "The key used is not yet valid.", s);
	return true;
}

/* Whether the address is one of ours: any host name of the token service or
 * of this server, any spelling of the tenant, the token endpoint of either
 * version or the issuer. */
static bool
is_our_address(struct token_call *c, struct slice url)
{
	static const char *const paths[] = {
	    "", "v2.0", "oauth2/token", "oauth2/v2.0/token"};
	struct slice rest, authority, host, port, tenant;
	enum surface surface;
	enum tenant whose;

	if (!slice_starts_case(url, SLICE("https://")) ||
	    url.length > LIMIT_TOKEN_BYTES)
		return false;
	rest = slice_from(url, strlen("https://"));
	if (!slice_cut(&rest, '/', &authority) || authority.length == 0 ||
	    !slice_cut(&rest, '/', &tenant))
		return false;
	host = surface_host_of(authority, &port);
	surface = surface_of_host(exchange_api(c->x), call_keep(c, host));
	whose = tenant_read(exchange_platform(c->x), tenant);
	if ((surface != SURFACE_ENTRA && surface != SURFACE_PATH) ||
	    whose == TENANT_UNKNOWN || whose == TENANT_NONSENSE)
		return false;
	if (slice_ends(rest, SLICE("/")))
		rest.length--;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		if (slice_eq_case(rest, slice_of(paths[i])))
			return true;
	return false;
}

static bool
check_audience(struct token_call *c, const struct jwt *jwt)
{
	const json_t *audience = json_object_get(jwt->claims, "aud");
	size_t count = json_is_array(audience) ? json_array_size(audience) : 1;

	for (size_t i = 0; i < count; i++) {
		const json_t *one = json_is_array(audience)
		    ? json_array_get(audience, i)
		    : audience;

		if (is_our_address(c,
			(struct slice){
			    json_string_value(one), json_string_length(one)}))
			return true;
	}
	return call_refuse(c, REFUSE_ASSERTION_AUDIENCE, none, none);
}

bool
certificate_check(struct token_call *c, const struct snapshot *snapshot,
    const struct jwt *jwt)
{
	struct search s = {.wanted = thumbprint_of_header(jwt->header)};
	bool good;

	if (jwt->algorithm == JWT_OTHER)
		return call_refuse(c, REFUSE_ASSERTION_ALGORITHM,
		    call_keep(c, jwt_text(jwt->header, "alg")),
		    SLICE("RS256, PS256, ES256"));
	if (!slice_eq_case(jwt_text(jwt->claims, "sub"), c->client_id))
		return call_refuse(c, REFUSE_ASSERTION_SUBJECT, none, none);
	if (s.wanted.length > 0)
		client_credentials(&c->client, snapshot->state,
		    ENTITY_CREDENTIAL, try_certificate, &s);
	good = check_signature(c, jwt, &s);
	if (good)
		memcpy(c->key_id, s.key_id, sizeof c->key_id);
	good = good && check_audience(c, jwt) && assertion_time(c, jwt);
	if (good && !replays_take(c, jwt))
		good = refuse_key(c, "The assertion was used before.", &s);
	certificate_release(&s.certificate);
	return good;
}
