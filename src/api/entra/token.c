#include "api/entra/call.h"
#include "api/entra/entra.h"
#include "api/entra/guesses.h"
#include "api/entra/issuers.h"
#include "api/entra/uses.h"
#include "api/tokens.h"

#include <stdio.h>

/*
 * The token endpoints: the client credentials grant. The order of what is
 * looked at: the form, the application, its credential, what it asks for. An
 * application that is disabled hears so only after it proved itself.
 */

enum { LIFETIME = 3599 };

bool
call_refuse(
    struct token_call *c, enum refusal refusal, struct slice a, struct slice b)
{
	c->refusal = refusal;
	c->arguments[0] = a;
	c->arguments[1] = b;
	return false;
}

moment
call_now(const struct token_call *c)
{
	struct clock clock = exchange_platform(c->x)->clock;

	return clock.now(clock.context);
}

struct slice
call_keep(struct token_call *c, struct slice text)
{
	return slice_of(arena_text(&c->x->arena, text));
}

/* --- answers --- */

static struct caller
caller_of(const struct token_call *c)
{
	struct caller caller = {
	    .tenant = exchange_platform(c->x)->tenant,
	    .object_id = c->client.principal,
	    .app_id = c->client.app_id,
	    .is_app = true,
	};

	memcpy(caller.key_id, c->key_id, sizeof caller.key_id);
	return caller;
}

/* Whether a credential was wrong, and not merely the request. */
static bool
is_guess(enum refusal refusal)
{
	return refusal == REFUSE_NO_APPLICATION ||
	    (refusal >= REFUSE_WRONG_SECRET &&
		refusal <= REFUSE_FEDERATED_AUDIENCE);
}

/* What a refused request claimed to be, for the log: nobody has proved it. */
static struct slice
claimed_application(const struct token_call *c)
{
	struct guid id;

	return guid_parse(c->client_id, &id) ? c->client_id : slice_of("");
}

static void
answer_refusal(struct token_call *c)
{
	struct exchange *x = c->x;
	struct caller caller = caller_of(c);
	bool free = guesses_wrong(exchange_api(x)->guesses, c->client_id,
	    x->peer_is_loopback ? SLICE("::1") : x->peer, is_guess(c->refusal),
	    call_now(c));
	enum refusal refusal = free ? c->refusal : REFUSE_TOO_OFTEN;
	struct audit_line line = {
	    .kind = AUDIT_TOKEN_DENIED,
	    .operation = SLICE("Authentication"),
	    .resource = claimed_application(c),
	    .reason = slice_of(refusal_number(c->refusal)),
	    .status = refusal_status(refusal),
	};

	if (!api_audit(x, &caller, &line))
		return;
	if (!free)
		exchange_add_header(x, "Retry-After", "%d", 60);
	refusal_answer(x, refusal, c->arguments);
}

/* The v1.0 endpoint writes numbers as text and says when. */
static json_t *
token_body(const struct token_call *c, const struct token *token)
{
	const char *text = buffer_text(&token->text);
	char lifetime[24], from[24], until[24];

	if (c->endpoint != ENDPOINT_V1)
		return json_pack("{s:s, s:i, s:i, s:s}", "token_type", "Bearer",
		    "expires_in", LIFETIME, "ext_expires_in", LIFETIME,
		    "access_token", text);
	snprintf(lifetime, sizeof lifetime, "%d", LIFETIME);
	snprintf(from, sizeof from, "%lld", (long long)token->issued);
	snprintf(until, sizeof until, "%lld", (long long)token->expires);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s%, s:s}", "token_type",
	    "Bearer", "expires_in", lifetime, "ext_expires_in", lifetime,
	    "expires_on", until, "not_before", from, "resource",
	    c->resource.asked.at, c->resource.asked.length, "access_token",
	    text);
}

static void
answer_token(struct token_call *c)
{
	struct exchange *x = c->x;
	struct api *api = exchange_api(x);
	struct caller caller = caller_of(c);
	struct token_order order = {
	    .object_id = c->client.principal,
	    .app_id = c->client.app_id,
	    .audience = c->resource.audience,
	    .key_id = slice_of(c->key_id),
	    .identity = c->client.identity,
	    .strength = c->by_key ? TOKEN_BY_KEY : TOKEN_BY_SECRET,
	    .v2 = c->resource.v2,
	    .roles = c->resource.roles,
	    .role_count = c->resource.role_count,
	    .seconds = LIFETIME,
	};
	struct token token = {0};
	struct audit_line line = {
	    .kind = AUDIT_TOKEN,
	    .operation = SLICE("Authentication"),
	    .resource = c->resource.audience,
	    .status = 200,
	};

	if (tokens_issue(api->tokens, &order, &token) != ACTAS_OK) {
		answer_json(x, 500, NULL);
	} else {
		line.detail = slice_of(token.uti);
		if (api_audit(x, &caller, &line)) {
			uses_note(api->uses, c->key_id);
			x->holds_secret = true;
			answer_json(x, 200, token_body(c, &token));
		}
	}
	token_release(&token);
}

/* --- the call --- */

static bool
check_credential(struct token_call *c, const struct snapshot *snapshot)
{
	static const struct slice none;

	if (c->assertion.length > 0)
		return assertion_check(c, snapshot);
	if (c->secret.length > 0)
		return secret_check(c, snapshot);
	return call_refuse(c, REFUSE_NO_CREDENTIAL, none, none);
}

static bool
check_enabled(struct token_call *c)
{
	return c->client.is_enabled ||
	    call_refuse(c, REFUSE_DISABLED, c->client_id, c->client.name);
}

static void run(struct token_call *c);

/* On a thread of the worker's. */
static void
fetch_and_run(struct job *job)
{
	struct token_call *c = (struct token_call *)job;

	issuers_fetch(exchange_api(c->x)->issuers, c->wants_issuer);
	c->wants_issuer.length = 0;
	c->fetches++;
	run(c);
}

static void
run(struct token_call *c)
{
	static const struct slice none;
	struct api *api = exchange_api(c->x);
	const struct snapshot *snapshot = store_pin(api->platform->store);
	bool good = client_find(c, snapshot) && check_credential(c, snapshot) &&
	    check_enabled(c) && resource_find(c, snapshot);

	store_unpin(api->platform->store, snapshot);
	if (good) {
		answer_token(c);
		return;
	}
	if (c->wants_issuer.length > 0) {
		c->job.run = fetch_and_run;
		c->job.lane = slice_hash(c->wants_issuer);
		if (worker_submit(api->worker, &c->job) == ACTAS_OK)
			return;
		call_refuse(c, REFUSE_FEDERATED_KEYS, none, none);
	}
	answer_refusal(c);
}

static void
begin(struct exchange *x, enum endpoint endpoint, struct slice tenant)
{
	struct token_call *c = arena_zero(&x->arena, 1, sizeof *c);

	if (c == NULL) {
		answer_json(x, 500, NULL);
		return;
	}
	c->x = x;
	c->endpoint = endpoint;
	c->tenant = tenant;
	if (request_read(c))
		run(c);
	else
		answer_refusal(c);
}

void
entra_token_v1(struct exchange *x)
{
	begin(x, ENDPOINT_V1, x->captures[0]);
}

void
entra_token_v2(struct exchange *x)
{
	begin(x, ENDPOINT_V2, x->captures[0]);
}

void
entra_token_adfs(struct exchange *x)
{
	begin(x, ENDPOINT_ADFS, SLICE("adfs"));
}
