#include "engine/explain/token_claims.h"

#include <jansson.h>

enum {
	TOKEN_SHORTEST = 20,
	PAYLOAD_MOST = 64 * 1024,
	WRAPPED_RUN = 16, /* a piece of a token that was wrapped */
	OBJECTS_TRIED = 16
};

static int
sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-' || c == '+')
		return 62;
	return c == '_' || c == '/' ? 63 : -1;
}

/* base64url with blanks in it, into 'out'; false where it is none. */
static bool
decode(struct slice text, struct buffer *out)
{
	uint32_t bits = 0;
	int count = 0;

	for (size_t i = 0; i < text.length; i++) {
		int value = sextet(text.at[i]);

		if (text.at[i] == ' ' || text.at[i] == '=')
			continue;
		if (value < 0)
			return false;
		bits = (bits << 6 | (uint32_t)value) & 0xffffff;
		count += 6;
		if (count >= 8) {
			count -= 8;
			buffer_putc(out, (char)(bits >> count & 0xff));
		}
	}
	return out->error == ACTAS_OK;
}

static bool
is_token_byte(char c)
{
	return sextet(c) >= 0 || c == '.' || c == '=';
}

static size_t
run_length(struct slice s)
{
	size_t n = 0;

	while (n < s.length && is_token_byte(s.at[n]))
		n++;
	return n;
}

/* How long the token at the start of 's' is; lines that a wrap made of it
 * are long runs of its alphabet with one blank between. */
static size_t
token_length(struct slice s)
{
	size_t n = run_length(s);

	for (;;) {
		size_t more;

		if (n >= s.length || s.at[n] != ' ')
			return n;
		more = run_length(slice_from(s, n + 1));
		if (more < WRAPPED_RUN)
			return n;
		n += 1 + more;
	}
}

static const char *
text_of(struct teller *t, const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);

	if (!json_is_string(value) || json_string_length(value) > 2048)
		return NULL;
	return tell(t, "%s", json_string_value(value));
}

static struct guid
guid_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));
	struct guid id = {0};

	if (text != NULL && !guid_parse(slice_of(text), &id))
		id = (struct guid){0};
	return id;
}

static moment
moment_of(const json_t *o, const char *key)
{
	const json_t *value = json_object_get(o, key);
	double seconds = json_is_number(value) ? json_number_value(value) : 0;

	/* Years 1970 to 9999, which is what can be written as a date. */
	if (!(seconds >= 1 && seconds < 253402300800.0))
		return MOMENT_UNKNOWN;
	return (moment)seconds;
}

static const char *
list_of(struct teller *t, const json_t *o, const char *key)
{
	const json_t *list = json_object_get(o, key);
	const char *names[8];
	uint32_t count = 0;

	for (size_t i = 0; i < json_array_size(list) && count < 8; i++) {
		const json_t *name = json_array_get(list, i);

		if (json_is_string(name) && json_string_length(name) < 256)
			names[count++] = json_string_value(name);
	}
	return count == 0 ? NULL : tell_list(t, names, count, count);
}

/* App-only tokens carry no scp (facts 5); idtyp, where it is there, says. */
static enum tri
is_app(const struct claims *c, const json_t *o)
{
	const char *subject = json_string_value(json_object_get(o, "sub"));
	struct guid id;

	if (c->idtyp != NULL && slice_eq_case(slice_of(c->idtyp), SLICE("app")))
		return YES;
	if (c->idtyp != NULL || c->scopes != NULL)
		return NO;
	if (c->identity_of != NULL)
		return YES;
	if (subject != NULL && guid_parse(slice_of(subject), &id) &&
	    !guid_is_nil(id) && guid_eq(id, c->object_id))
		return YES;
	return UNSAID;
}

static bool
read_claims(struct teller *t, const json_t *o, struct claims *c)
{
	const json_t *names = json_object_get(o, "_claim_names");

	c->tenant = guid_of(o, "tid");
	c->object_id = guid_of(o, "oid");
	c->app_id = guid_of(o, "appid");
	if (guid_is_nil(c->app_id))
		c->app_id = guid_of(o, "azp");
	c->issuer = text_of(t, o, "iss");
	c->audience = text_of(t, o, "aud");
	c->version = text_of(t, o, "ver");
	c->idtyp = text_of(t, o, "idtyp");
	c->scopes = text_of(t, o, "scp");
	c->roles = list_of(t, o, "roles");
	c->identity_of = text_of(t, o, "xms_mirid");
	c->called_from = text_of(t, o, "xms_az_rid");
	c->upn = text_of(t, o, "upn");
	if (c->upn == NULL)
		c->upn = text_of(t, o, "preferred_username");
	c->app_name = text_of(t, o, "app_displayname");
	c->not_before = moment_of(o, "nbf");
	c->expires = moment_of(o, "exp");
	c->groups = (uint32_t)json_array_size(json_object_get(o, "groups"));
	c->directory_roles =
	    (uint32_t)json_array_size(json_object_get(o, "wids"));
	c->groups_left_out = json_object_get(names, "groups") != NULL ||
	    json_object_get(o, "hasgroups") != NULL;
	c->is_app = is_app(c, o);
	return json_object_get(o, "aud") != NULL ||
	    json_object_get(o, "iss") != NULL || !guid_is_nil(c->object_id);
}

static bool
parse_claims(
    struct teller *t, struct slice text, size_t flags, struct claims *c)
{
	json_t *o = json_loadb(
	    text.at, text.length, flags | JSON_REJECT_DUPLICATES, NULL);
	bool good = json_is_object(o) && read_claims(t, o, c);

	json_decref(o);
	return good;
}

/* 'token' is header, dot, claims, and perhaps a dot and a signature. */
static void
read_token(struct teller *t, struct slice token, struct claims *c)
{
	struct buffer json = {.ceiling = PAYLOAD_MOST};
	struct slice rest = token, header, payload;

	if (slice_cut(&rest, '.', &header) && slice_cut(&rest, '.', &payload) &&
	    decode(payload, &json) &&
	    parse_claims(t, buffer_slice(&json), 0, c))
		c->form = TOKEN_READ;
	else
		c->form = TOKEN_UNREADABLE;
	if (json.error == ACTAS_ENOMEM)
		t->error = ACTAS_ENOMEM;
	buffer_release(&json);
}

/* Claims that jwt.ms or a debugger has decoded: a JSON object with them. */
static void
find_decoded(struct slice text, struct teller *t, struct claims *c)
{
	for (int i = 0; i < OBJECTS_TRIED && text.length > 0; i++) {
		size_t brace = slice_find(text, SLICE("{"));
		struct claims found = {.expires = MOMENT_UNKNOWN};

		if (brace == SIZE_MAX)
			return;
		text = slice_from(text, brace);
		if (parse_claims(t, text, JSON_DISABLE_EOF_CHECK, &found) &&
		    (!guid_is_nil(found.object_id) ||
			!guid_is_nil(found.app_id))) {
			*c = found;
			c->form = TOKEN_DECODED;
			return;
		}
		text = slice_from(text, 1);
	}
}

/* Whether a token begins at 'i': "eyJ" is the base64 of '{"'. */
static bool
begins_token(const struct pasted *p, size_t i)
{
	struct slice s = {p->flat + i, p->flat_length - i};

	return slice_starts(s, SLICE("eyJ")) &&
	    run_length(s) >= TOKEN_SHORTEST &&
	    (i == 0 || sextet(p->flat[i - 1]) < 0);
}

enum actas_error
token_take(struct pasted *p, struct teller *t, struct claims *claims)
{
	size_t kept = 0;

	*claims = (struct claims){
	    .not_before = MOMENT_UNKNOWN, .expires = MOMENT_UNKNOWN};
	for (size_t i = 0; i < p->flat_length;) {
		struct slice token = {p->flat + i, 0};

		if (!begins_token(p, i)) {
			p->flat[kept++] = p->flat[i++];
			continue;
		}
		token.length =
		    token_length((struct slice){token.at, p->flat_length - i});
		if (claims->form == TOKEN_NONE ||
		    claims->form == TOKEN_UNREADABLE)
			read_token(t, token, claims);
		i += token.length;
		p->flat[kept++] = '?';
	}
	p->flat_length = kept;
	p->flat[kept] = '\0';
	if (claims->form == TOKEN_NONE)
		find_decoded((struct slice){p->flat, kept}, t, claims);
	return t->error;
}
