#include "api/graph/graph.h"

#include "api/explain.h"
#include "keys/client_secret.h"

/* Every request of Graph takes this way. */

void
graph_refuse(struct graph_call *c, uint32_t status, const char *code,
    const char *format, ...)
{
	struct buffer text = {0};
	va_list args;

	if (c->code != NULL)
		return;
	va_start(args, format);
	buffer_addv(&text, format, args);
	va_end(args);
	c->status = status;
	c->code = code;
	c->message = arena_text(&c->x->arena, buffer_slice(&text));
	if (c->message == NULL)
		c->message = "";
	buffer_release(&text);
}

void
graph_refuse_missing(struct graph_call *c, struct slice id)
{
	graph_refuse(c, 404, "Request_ResourceNotFound",
	    "Resource '%.*s' does not exist or one of its queried "
	    "reference-property objects are not present.",
	    SLICE_ARGS(id));
}

void
graph_reply(struct graph_call *c, uint32_t status, json_t *body)
{
	json_decref(c->reply);
	c->reply = body;
	if (c->code == NULL)
		c->status = body == NULL ? 500 : status;
}

void
graph_reply_empty(struct graph_call *c)
{
	if (c->code == NULL)
		c->status = 204;
}

const char *
graph_base(struct graph_call *c)
{
	const char *base = arena_printf(&c->x->arena, "%s/%s",
	    exchange_origin(c->x),
	    slice_starts_case(c->x->target, SLICE("/beta/")) ? "beta" : "v1.0");

	return base == NULL ? "" : base;
}

/* {"error":{"code","message","innerError":{"date","request-id", …}}} */
static json_t *
refusal_json(const struct graph_call *c)
{
	struct exchange *x = c->x;
	char when[MOMENT_TEXT_LENGTH + 1];
	struct slice client = x->client_request_id;

	moment_format(c->now, when);
	when[MOMENT_TEXT_LENGTH - 1] = '\0'; /* Graph's has no Z */
	if (client.length == 0)
		client = slice_of(x->request_id);
	return json_pack("{s:{s:s, s:s, s:{s:s, s:s, s:s%}}}", "error", "code",
	    c->code, "message", c->message, "innerError", "date", when,
	    "request-id", x->request_id, "client-request-id", client.at,
	    client.length);
}

static void
release(struct graph_call *c)
{
	json_decref(c->body);
	json_decref(c->object);
	json_decref(c->reply);
	c->body = c->object = c->reply = NULL;
	secret_bytes_release(&c->secret);
}

/* To change a group that directory roles can be given to, or to make one,
 * takes more than to change another. */
static enum permission_id
permission_of(const struct graph_call *c)
{
	static const char key[] = "isAssignableToRole";
	bool is_privileged = c->operation->kind == GRAPH_GROUP &&
	    c->operation->apply != NULL &&
	    (json_is_true(json_object_get(c->object, key)) ||
		json_is_true(json_object_get(c->body, key)));

	return is_privileged ? PERMIT_PRIVILEGED_GROUP_UPDATE
			     : c->operation->permission;
}

/* Its texts lie in the exchange's arena, or are static. */
static struct audit_line
line_of(const struct graph_call *c, uint64_t revision)
{
	struct slice action = slice_of(permission_action(permission_of(c)));

	return (struct audit_line){
	    .kind = c->is_denial ? AUDIT_DENIED : AUDIT_ALLOWED,
	    .operation = action,
	    .action = action,
	    .resource = c->x->target,
	    .reason = slice_of(c->is_denial ? c->reason : ""),
	    .status = c->status,
	    .revision = revision,
	};
}

/* The exchange, and with it the call, is gone once it is answered, be it by
 * api_audit_change: nothing of either is looked at afterwards. */
static void
answer(struct graph_call *c, bool is_write, uint64_t revision)
{
	bool is_told = c->is_denial || (is_write && c->code == NULL);
	struct audit_line line = line_of(c, revision);
	struct api_change change = c->change;
	uint32_t status = c->status;
	struct exchange *x = c->x;
	json_t *reply = NULL;

	if (c->code != NULL)
		reply = refusal_json(c);
	else if (status != 204)
		reply = json_incref(c->reply);
	x->holds_secret = c->secret.length > 0;
	release(c);
	if (is_told && !api_audit_change(x, &change, &line))
		json_decref(reply);
	else if (status == 204)
		answer_empty(x, 204);
	else
		answer_json(x, status, reply);
}

/* Where the decision is made: at the application's own scope, so that its
 * owners count; everything else at the directory. */
static struct slice
decision_path(struct graph_call *c)
{
	const char *app =
	    json_string_value(json_object_get(c->object, "appId"));
	const char *path = app == NULL || c->operation->at_tenant
	    ? NULL
	    : arena_printf(&c->x->arena, "/applications/%s", app);

	return path == NULL ? SLICE("/") : slice_of(path);
}

static void
find_object(struct graph_call *c)
{
	json_decref(c->object);
	c->object = NULL;
	c->id = (struct guid){0};
	if (!c->operation->has_object)
		return;
	c->object =
	    graph_named(graph_state(c), c->operation->kind, c->x->captures[0]);
	if (c->object != NULL)
		c->id = graph_id(c->object);
}

static void
remember(struct graph_call *c, enum reason reason)
{
	explain_remember(c->x, &c->caller,
	    &(struct denial){
		.permission = permission_of(c),
		.path = decision_path(c),
		.reason = reason,
		.status = c->status,
		.code = c->code,
		.message = c->message,
		.revision = c->snapshot->revision,
	    });
}

/*
 * Denied before anything is said about what exists: whoever may not read the
 * directory is told the same of an object that is there and of one that is
 * not.
 */
static bool
decide_on(struct graph_call *c, const struct snapshot *now)
{
	struct verdict verdict;

	c->snapshot = c->decided_on = now;
	find_object(c);
	verdict = view_decide(
	    now, c->caller.object_id, permission_of(c), decision_path(c), NULL);
	c->allowed = verdict.decision.allowed ||
	    (c->operation->self_suffices && c->object != NULL &&
		guid_eq(c->id, c->caller.object_id));
	if (!c->allowed) {
		c->is_denial = true;
		c->reason = reason_name(verdict.decision.reason);
		graph_refuse(c, 403, "Authorization_RequestDenied",
		    "Insufficient privileges to complete the operation.");
		remember(c, verdict.decision.reason);
	} else if (c->operation->has_object && c->object == NULL) {
		graph_refuse_missing(c, c->x->captures[0]);
	}
	return c->code == NULL;
}

static enum actas_error
apply(struct api_change *change, const struct snapshot *now,
    struct writes *writes)
{
	struct graph_call *c = (struct graph_call *)change;
	enum actas_error error = ACTAS_EUSAGE;

	if (decide_on(c, now))
		error = c->operation->apply(c, writes);
	return c->code == NULL ? error : ACTAS_EUSAGE;
}

static void
answer_change(
    struct api_change *change, enum actas_error result, uint64_t revision)
{
	struct graph_call *c = (struct graph_call *)change;

	if (result != ACTAS_OK && c->code == NULL)
		graph_refuse(c, 500, "InternalServerError",
		    "The change could not be made.");
	answer(c, true, revision);
}

/* In place of 'answer_change', where nothing could be written. */
static void
release_change(struct api_change *change)
{
	release((struct graph_call *)change);
}

static void
refuse_page(struct graph_call *c, enum actas_error error)
{
	if (error == ACTAS_ENOTFOUND)
		graph_refuse(c, 400, "Directory_ExpiredPageToken",
		    "The specified page token value has expired and can no "
		    "longer be included in your request.");
	else
		graph_refuse(c, 500, "InternalServerError",
		    "The history could not be read.");
}

/* The next page of a list is of the revision of the first. NULL: it is
 * refused, or awaited. */
static const struct snapshot *
pin(struct graph_call *c)
{
	struct past_question *question =
	    arena_zero(&c->x->arena, 1, sizeof *question);
	const struct snapshot *past = NULL;
	uint32_t count;
	struct slice text = exchange_query(c->x, "$revision", &count);
	enum actas_error error;

	if (count == 0)
		return store_pin(exchange_platform(c->x)->store);
	if (question == NULL) {
		refuse_page(c, ACTAS_ENOMEM);
		return NULL;
	}
	if (!slice_u64(text, &question->revision)) {
		graph_refuse(c, 400, "Request_BadRequest",
		    "Invalid value for the query option '$revision'.");
		return NULL;
	}
	error = api_pin_past(c->x, question, &past);
	if (error != ACTAS_OK)
		refuse_page(c, error);
	else if (past == NULL)
		c->awaited = question;
	return past;
}

static void
read_body(struct graph_call *c)
{
	if (!c->operation->wants_body)
		return;
	c->body = body_parse(c->x->body);
	if (c->body == NULL)
		graph_refuse(c, 400, "Request_BadRequest",
		    "The request body is no JSON object, or a name stands "
		    "twice in it.");
}

/* The decision is always made on the newest state, also for a page of an
 * older one. */
static void
run_read(struct graph_call *c)
{
	struct store *store = exchange_platform(c->x)->store;
	const struct snapshot *now = store_pin(store), *seen = NULL;
	bool goes_on = decide_on(c, now);

	if (goes_on)
		read_body(c);
	if (goes_on && c->code == NULL)
		seen = pin(c);
	if (seen != NULL) {
		c->snapshot = seen;
		c->operation->read(c);
		store_unpin(store, seen);
	}
	store_unpin(store, now);
	if (c->awaited == NULL) {
		answer(c, false, 0);
		return;
	}
	release(c);
	api_await_past(c->x, &c->caller, c->awaited);
}

/* Everything that can be said before the writer is asked, so that it is not
 * asked in vain; the writer then says it again. */
static void
run_change(struct graph_call *c)
{
	struct store *store = exchange_platform(c->x)->store;
	const struct snapshot *now = store_pin(store);
	bool goes_on = decide_on(c, now);

	store_unpin(store, now);
	if (goes_on)
		read_body(c);
	if (c->code == NULL && c->operation->prepare != NULL)
		c->operation->prepare(c);
	if (c->code != NULL) {
		answer(c, false, 0);
		return;
	}
	api_submit(&c->change);
}

static void
answer_unauthenticated(struct graph_call *c, enum token_fault fault)
{
	static const char *const messages[] = {
	    [TOKEN_MISSING] = "Access token is empty.",
	    [TOKEN_MALFORMED] = "Access token validation failure. Invalid "
				"signature or format.",
	    [TOKEN_EXPIRED] =
		"Lifetime validation failed, the token is expired.",
	    [TOKEN_NOT_YET] =
		"Lifetime validation failed, the token is not valid yet.",
	    [TOKEN_WRONG_AUDIENCE] =
		"Access token validation failure. Invalid audience.",
	    [TOKEN_WRONG_ISSUER] =
		"Access token validation failure. Invalid issuer.",
	    [TOKEN_REVOKED] = "Continuous access evaluation resulted in "
			      "challenge: the caller is gone or disabled.",
	};

	exchange_add_header(c->x, "WWW-Authenticate",
	    "Bearer realm=\"\", authorization_uri=\"%s/common/oauth2/"
	    "authorize\", client_id=\"00000003-0000-0000-c000-000000000000\"",
	    exchange_origin(c->x));
	graph_refuse(
	    c, 401, "InvalidAuthenticationToken", "%s", messages[fault]);
	answer_json(c->x, c->status, refusal_json(c));
}

void
graph_handle(struct exchange *x)
{
	struct platform *p = exchange_platform(x);
	struct graph_call *c = arena_zero(&x->arena, 1, sizeof *c);
	enum token_fault fault;
	const char *found;

	if (c == NULL) {
		answer_json(x, 500, NULL);
		return;
	}
	c->x = x;
	c->operation = x->route->detail;
	c->now = p->clock.now(p->clock.context);
	c->change = (struct api_change){.x = x,
	    .apply = apply,
	    .answer = answer_change,
	    .release = release_change};
	if (!api_is_again(x))
		exchange_add_header(x, "OData-Version", "4.0");
	fault = api_authenticate(x, AUDIENCE_GRAPH, &c->caller, &found);
	if (fault != TOKEN_OK) {
		answer_unauthenticated(c, fault);
		return;
	}
	c->change.caller = c->caller;
	if (c->operation->apply != NULL)
		run_change(c);
	else
		run_read(c);
}
