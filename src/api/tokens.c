#include "api/tokens.h"

#include <stdio.h>

/* Entra dates its tokens back so far, for clocks that are slow. */
enum { BACKDATED = 300 };

enum actas_error
tokens_new(
    struct platform *platform, struct tokens **tokens, struct fault *fault)
{
	struct tokens *t = mem_zero(1, sizeof *t);
	enum actas_error error = ACTAS_ENOMEM;

	*tokens = NULL;
	if (t == NULL)
		return fault_plain(fault, error);
	t->platform = platform;
	t->verified = verified_new();
	if (t->verified == NULL)
		fault_plain(fault, error);
	else
		error = keyring_new(platform, &t->ring, fault);
	if (error == ACTAS_OK)
		*tokens = t;
	else
		tokens_free(t);
	return error;
}

void
tokens_free(struct tokens *t)
{
	if (t == NULL)
		return;
	keyring_free(t->ring);
	verified_free(t->verified);
	mem_free(t);
}

enum actas_error
tokens_rotate(struct tokens *t, struct fault *fault)
{
	struct clock clock = t->platform->clock;
	moment now = clock.now(clock.context);
	enum actas_error error;

	if (t->rotation_failed != 0 && now >= t->rotation_failed &&
	    now < t->rotation_failed + 60)
		return ACTAS_OK;
	error = keyring_rotate(t->ring, fault);
	t->rotation_failed = error == ACTAS_OK ? 0 : now;
	return error;
}

void
token_release(struct token *token)
{
	secret_wipe(token->text.at, token->text.length);
	buffer_release(&token->text);
}

void
tokens_issuer(const struct platform *platform, bool v2,
    char issuer[static TOKEN_ISSUER_BYTES])
{
	char tenant[GUID_TEXT_LENGTH + 1];

	guid_format(platform->tenant, tenant);
	snprintf(issuer, TOKEN_ISSUER_BYTES,
	    v2 ? "https://login.microsoftonline.com/%s/v2.0"
	       : "https://sts.windows.net/%s/",
	    tenant);
}

/* --- issuing --- */

struct claims {
	json_t *object;
	bool failed;
};

static void
claim(struct claims *c, const char *name, json_t *value)
{
	c->failed |= json_object_set_new(c->object, name, value) != 0;
}

static void
claim_text(struct claims *c, const char *name, struct slice text)
{
	claim(
	    c, name, json_stringn(text.at == NULL ? "" : text.at, text.length));
}

static void
claim_guid(struct claims *c, const char *name, struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1];

	guid_format(id, text);
	claim_text(c, name, slice_of(text));
}

/* What the two versions call differently. */
static void
claim_version(
    struct claims *c, const struct tokens *t, const struct token_order *order)
{
	char issuer[TOKEN_ISSUER_BYTES];
	const char *strength = order->strength == TOKEN_BY_SECRET ? "1" : "2";

	tokens_issuer(t->platform, order->v2, issuer);
	claim_text(c, "iss", slice_of(issuer));
	claim_guid(c, order->v2 ? "azp" : "appid", order->app_id);
	claim_text(c, order->v2 ? "azpacr" : "appidacr", slice_of(strength));
	if (!order->v2)
		claim_text(c, "idp", slice_of(issuer));
	claim_text(c, "ver", order->v2 ? SLICE("2.0") : SLICE("1.0"));
}

static void
claim_roles(struct claims *c, const struct token_order *order)
{
	json_t *roles;

	if (order->role_count == 0)
		return;
	roles = json_array();
	for (size_t i = 0; i < order->role_count; i++)
		c->failed |= json_array_append_new(
				 roles, json_string(order->roles[i])) != 0;
	claim(c, "roles", roles);
}

static json_t *
make_claims(const struct tokens *t, const struct token_order *order,
    const struct token *token)
{
	moment from = token->issued - BACKDATED;
	struct claims c = {.object = json_object()};

	claim_text(&c, "aud", order->audience);
	claim_version(&c, t, order);
	claim(&c, "iat", json_integer(from));
	claim(&c, "nbf", json_integer(from));
	claim(&c, "exp", json_integer(token->expires));
	claim_text(&c, "idtyp", SLICE("app"));
	claim_guid(&c, "oid", order->object_id);
	claim_roles(&c, order);
	claim_guid(&c, "sub", order->object_id);
	claim_guid(&c, "tid", t->platform->tenant);
	claim_text(&c, "uti", slice_of(token->uti));
	if (order->identity.length > 0)
		claim_text(&c, "xms_mirid", order->identity);
	if (order->key_id.length > 0)
		claim_text(&c, "actas_kid", order->key_id);
	if (!c.failed)
		return c.object;
	json_decref(c.object);
	return NULL;
}

static enum actas_error
make_uti(struct chance chance, char uti[static 32])
{
	struct buffer text = {0};
	uint8_t random[16];
	enum actas_error error = ACTAS_EIO;

	if (chance.fill(chance.context, random, sizeof random)) {
		base64url_put(&text, random, sizeof random);
		error = text.error;
	}
	if (error == ACTAS_OK)
		snprintf(uti, 32, "%s", buffer_text(&text));
	buffer_release(&text);
	return error;
}

enum actas_error
tokens_issue(
    struct tokens *t, const struct token_order *order, struct token *token)
{
	struct clock clock = t->platform->clock;
	enum actas_error error;
	json_t *claims;

	*token = (struct token){.issued = clock.now(clock.context)};
	token->expires = token->issued + order->seconds;
	error = make_uti(t->platform->chance, token->uti);
	if (error != ACTAS_OK)
		return error;
	claims = make_claims(t, order, token);
	if (claims == NULL)
		return ACTAS_ENOMEM;
	error = keyring_sign(t->ring, claims, &token->text);
	json_decref(claims);
	return error;
}

/* --- verifying --- */

/* Copies a text that a message will show: short, printable ASCII. */
static bool
copy_plain(struct slice text, char *into, size_t size)
{
	if (text.length == 0 || text.length >= size)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		if (text.at[i] < ' ' || text.at[i] > '~')
			return false;
		into[i] = text.at[i];
	}
	into[text.length] = '\0';
	return true;
}

static bool
issuer_is_ours(const struct tokens *t, struct slice issuer)
{
	char ours[TOKEN_ISSUER_BYTES];

	tokens_issuer(t->platform, false, ours);
	if (slice_eq(issuer, slice_of(ours)))
		return true;
	tokens_issuer(t->platform, true, ours);
	return slice_eq(issuer, slice_of(ours));
}

static bool
read_caller(const json_t *claims, struct verified_token *token)
{
	struct caller *caller = &token->caller;
	struct slice app = jwt_text(claims, "appid");
	struct slice key_id = jwt_text(claims, "actas_kid");

	if (app.length == 0)
		app = jwt_text(claims, "azp");
	caller->is_app = slice_eq(jwt_text(claims, "idtyp"), SLICE("app"));
	if (key_id.length > 0 &&
	    !copy_plain(key_id, caller->key_id, sizeof caller->key_id))
		return false;
	return guid_parse(jwt_text(claims, "tid"), &caller->tenant) &&
	    guid_parse(jwt_text(claims, "oid"), &caller->object_id) &&
	    guid_parse(app, &caller->app_id) &&
	    jwt_moment(claims, "iat", &caller->issued) &&
	    jwt_moment(claims, "exp", &caller->expires) &&
	    jwt_moment(claims, "nbf", &token->not_before) &&
	    copy_plain(
		jwt_text(claims, "uti"), caller->uti, sizeof caller->uti) &&
	    copy_plain(jwt_text(claims, "aud"), token->audience,
		sizeof token->audience);
}

/* The issuer is told before the signature is looked at: a token of another
 * directory is signed with keys that are not here, and its issuer is what its
 * bearer has to know. */
static enum token_fault
read_token(struct tokens *t, struct slice text, struct verified_token *token,
    char about[static TOKEN_ABOUT_BYTES])
{
	enum token_fault fault = TOKEN_MALFORMED;
	struct jwt jwt = {0};
	struct slice issuer;

	if (jwt_parse(text, &jwt) != ACTAS_OK)
		return TOKEN_MALFORMED;
	issuer = jwt_text(jwt.claims, "iss");
	if (jwt.algorithm == JWT_RS256 && !issuer_is_ours(t, issuer) &&
	    copy_plain(issuer, about, TOKEN_ABOUT_BYTES))
		fault = TOKEN_WRONG_ISSUER;
	else if (issuer_is_ours(t, issuer) && keyring_verify(t->ring, &jwt) &&
	    read_caller(jwt.claims, token) &&
	    guid_eq(token->caller.tenant, t->platform->tenant))
		fault = TOKEN_OK;
	jwt_release(&jwt);
	return fault;
}

/* Whether the principal is there and enabled, by its entity in the state. The
 * entity is parsed only when it is not the one that was seen last. */
static bool
principal_is_active(
    struct tokens *t, const struct state *state, struct verified_token *token)
{
	static const enum entity kinds[] = {
	    ENTITY_SERVICE_PRINCIPAL, ENTITY_USER};
	struct entity_text text;
	struct slice key, value = {0};
	uint64_t hash;
	json_t *entity;

	for (size_t i = 0; value.length == 0 && i < 2; i++) {
		key = entity_guid_key(&text, kinds[i], token->caller.object_id);
		state_get(state, key, &value);
	}
	if (value.length == 0)
		return false;
	hash = slice_hash(value);
	if (hash == token->principal_hash)
		return token->principal_is_active;
	entity = json_loadb(value.at, value.length, 0, NULL);
	token->principal_is_active = entity != NULL &&
	    !json_is_false(json_object_get(entity, "accountEnabled"));
	token->principal_hash = hash;
	json_decref(entity);
	verified_put(t->verified, token);
	return token->principal_is_active;
}

enum token_fault
tokens_verify(struct tokens *t, const struct snapshot *snapshot,
    struct slice text, struct caller *caller,
    char about[static TOKEN_ABOUT_BYTES])
{
	struct clock clock = t->platform->clock;
	moment now = clock.now(clock.context);
	struct verified_token token = {0};
	enum token_fault fault;
	uint8_t hash[32];

	about[0] = '\0';
	if (text.length == 0)
		return TOKEN_MISSING;
	if (text.length > LIMIT_TOKEN_BYTES || sha256(text, hash) != ACTAS_OK)
		return TOKEN_MALFORMED;
	token.edition = keyring_edition(t->ring);
	if (!verified_find(t->verified, hash, token.edition, &token)) {
		memcpy(token.hash, hash, sizeof hash);
		fault = read_token(t, text, &token, about);
		if (fault != TOKEN_OK)
			return fault;
		verified_put(t->verified, &token);
	}
	memcpy(about, token.audience, TOKEN_ABOUT_BYTES);
	*caller = token.caller;
	if (now >= caller->expires)
		return TOKEN_EXPIRED;
	if (now < token.not_before)
		return TOKEN_NOT_YET;
	return principal_is_active(t, snapshot->state, &token) ? TOKEN_OK
							       : TOKEN_REVOKED;
}
