#include "api/keyvault/keyvault.h"

#include "api/explain.h"

/* --- the answer --- */

/* Joins '{…}' to '{"value":"…"', which stands in the answer already. */
static void
join(struct buffer *answer, struct slice object)
{
	if (answer->length > 0) {
		buffer_putc(answer, ',');
		object = slice_from(object, 1);
	}
	buffer_add(answer, object);
}

void
respond(struct vault_call *c, json_t *body)
{
	size_t length =
	    body == NULL ? 0 : json_dumpb(body, NULL, 0, JSON_COMPACT);
	char *text = arena_zero(&c->x->arena, length + 1, 1);

	if (length == 0 || text == NULL ||
	    json_dumpb(body, text, length, JSON_COMPACT) != length) {
		json_decref(body);
		refuse_error(c, ACTAS_ENOMEM);
		return;
	}
	json_decref(body);
	join(&c->x->answer, (struct slice){text, length});
	c->outcome.status = 200;
	if (c->x->answer.error != ACTAS_OK)
		refuse_error(c, c->x->answer.error);
}

/* False: the line could not be written, and that was answered. */
static bool
audit(struct vault_call *c)
{
	struct audit_line line = {
	    .kind = c->outcome.reason != NULL ? AUDIT_DENIED : AUDIT_ALLOWED,
	    .operation = slice_of(
		c->operation == NULL ? "Authentication" : c->operation->name),
	    .resource = slice_of(
		c->decided.path == NULL ? c->facts.path : c->decided.path),
	    .reason = slice_of(c->outcome.reason),
	    .status = c->outcome.status,
	    .revision = c->decided.revision,
	};

	if (c->decided.permission != PERMITS) {
		line.action =
		    slice_of(permission_action(c->decided.permission));
		if (line.reason.length == 0)
			line.reason = slice_of(reason_name(c->decided.reason));
	}
	if (c->outcome.reason == NULL && c->outcome.code != NULL)
		line.detail = slice_of(c->outcome.code);
	return api_audit_change(c->x, &c->change, &line);
}

static void
remember(struct vault_call *c)
{
	explain_remember(c->x, &c->change.caller,
	    &(struct denial){
		.permission = c->decided.permission,
		.path = slice_of(c->decided.path),
		.reason = c->decided.permission == PERMITS ? REASONS
							   : c->decided.reason,
		.status = c->outcome.status,
		.code = c->outcome.code,
		.inner = c->outcome.inner,
		.message = c->outcome.message,
		.revision = c->decided.revision,
	    });
}

/* What is known before anybody's right was looked at (a missing token, a path
 * that is nothing) leaves no line. */
static void
finish(struct vault_call *c)
{
	struct exchange *x = c->x;
	const struct outcome *o = &c->outcome;

	secret_bytes_release(&c->value);
	vault_headers(c);
	if ((c->is_admitted || o->reason != NULL) && !audit(c))
		return;
	if (o->reason != NULL && o->status == 403)
		remember(c);
	if (is_refused(c)) {
		answer_error(x, o->status, o->code, o->inner, "%s", o->message);
		return;
	}
	x->status = o->status;
	exchange_reply(x);
}

/* --- a change --- */

/* Keys of values that did not come to be written. */
static void
drop_sealed(struct vault_call *c)
{
	value_drop(call_platform(c)->value_keys, c->sealed);
	c->sealed = (struct slice){0};
	drop_restore(c);
}

static enum actas_error
apply(struct api_change *change, const struct snapshot *now,
    struct writes *writes)
{
	struct vault_call *c = (struct vault_call *)change;

	if (vault_find(c, now) && vault_admit(c, now))
		c->operation->run(c, now, writes);
	return is_refused(c) ? ACTAS_EUSAGE : ACTAS_OK;
}

static void
answer(struct api_change *change, enum actas_error result, uint64_t revision)
{
	struct vault_call *c = (struct vault_call *)change;

	if (result == ACTAS_OK)
		c->decided.revision = revision;
	else
		drop_sealed(c);
	if (result != ACTAS_OK && !is_refused(c))
		refuse_error(c, result);
	finish(c);
}

/* In place of 'answer', where nothing could be written. */
static void
release(struct api_change *change)
{
	drop_sealed((struct vault_call *)change);
}

static void
submit(struct vault_call *c)
{
	c->change.x = c->x;
	c->change.apply = apply;
	c->change.answer = answer;
	c->change.release = release;
	api_submit(&c->change);
}

/* --- a request --- */

static bool
read_edition(struct vault_call *c)
{
	uint32_t count;
	struct slice name = exchange_query(c->x, "api-version", &count);

	if (count == 0 || name.length == 0) {
		refuse(c, 400, "BadParameter", "api-version must be specified");
		return false;
	}
	c->showing.edition = count > 1 ? NULL : edition_find(name);
	if (c->showing.edition == NULL)
		refuse(c, 400, "BadParameter",
		    "The specified version (%.*s) is not recognized. Consider "
		    "using the latest supported version (%s).",
		    SLICE_ARGS(name), edition_newest());
	return !is_refused(c);
}

static const char *
method_name(enum http_method method)
{
	static const char *const names[] = {
	    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (method == (enum http_method)(1u << i))
			return names[i];
	return "method";
}

static bool
read_path(struct vault_call *c)
{
	const struct route *route;
	uint32_t methods;

	memset(c->x->captures, 0, sizeof c->x->captures);
	switch (router_find(vault_operations, c->x, &route, &methods)) {
	case ROUTE_FOUND:
		break;
	case ROUTE_NO_METHOD:
		refuse(c, 405, "MethodNotAllowed", "HTTP %s not allowed",
		    method_name(c->x->method));
		return false;
	case ROUTE_NO_PATH:
		refuse(c, 404, "NotFound",
		    "There is nothing at this path: this platform's vaults "
		    "hold secrets only.");
		return false;
	}
	c->operation = route->detail;
	c->name = c->x->captures[0];
	c->version = c->x->captures[1];
	if (c->name.length == 0 || secret_name_is_sound(c->name))
		return true;
	refuse(c, 400, "BadParameter",
	    "The request URI contains an invalid name: %.*s",
	    SLICE_ARGS(c->name));
	return false;
}

/* Whatever is wrong with the body is told only to those with the right. */
static bool
read_and_admit(struct vault_call *c, const struct snapshot *now)
{
	struct outcome of_body;

	if (c->operation->read != NULL)
		c->operation->read(c);
	of_body = c->outcome;
	c->outcome = (struct outcome){0};
	if (!vault_admit(c, now))
		return false;
	c->outcome = of_body;
	return !is_refused(c);
}

/* True: goes on with the writer. */
static bool
handle(struct vault_call *c, const struct snapshot *now)
{
	if (!vault_find(c, now) || !vault_authenticate(c) || !read_edition(c) ||
	    !read_path(c) || !read_and_admit(c, now))
		return false;
	if (!c->operation->is_change) {
		c->operation->run(c, now, NULL);
		return false;
	}
	if (c->operation->seal != NULL)
		c->operation->seal(c);
	if (is_refused(c))
		drop_sealed(c);
	return !is_refused(c);
}

static void
keyvault_handle(struct exchange *x)
{
	struct vault_call *c = arena_zero(&x->arena, 1, sizeof *c);
	struct platform *p = exchange_platform(x);
	const struct snapshot *now;
	bool goes_on;

	if (c == NULL) {
		answer_json(x, 500, NULL);
		return;
	}
	c->x = x;
	c->now = p->clock.now(p->clock.context);
	c->decided.permission = PERMITS;
	now = store_pin(p->store);
	goes_on = handle(c, now);
	store_unpin(p->store, now);
	if (c->awaited != NULL)
		api_await_past(x, &c->change.caller, c->awaited);
	else if (goes_on)
		submit(c);
	else
		finish(c);
}

/* Every method and every path of the two collections comes here, so that the
 * token is asked for before anything else is found wrong. */
enum { ANY_METHOD = 0xff };

const struct route keyvault_routes[] = {
    {ANY_METHOD, "/secrets", keyvault_handle, NULL},
    {ANY_METHOD, "/secrets/{name}", keyvault_handle, NULL},
    {ANY_METHOD, "/secrets/{name}/{version}", keyvault_handle, NULL},
    {ANY_METHOD, "/deletedsecrets", keyvault_handle, NULL},
    {ANY_METHOD, "/deletedsecrets/{name}", keyvault_handle, NULL},
    {ANY_METHOD, "/deletedsecrets/{name}/{verb}", keyvault_handle, NULL},
    {0},
};

const struct route vault_host_routes[] = {
    {ANY_METHOD, "/{scope...}", keyvault_handle, NULL},
    {0},
};
