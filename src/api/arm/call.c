#include "api/arm/arm.h"

/*
 * The one way of a request through the resource manager.
 */

/* --- what every answer bears --- */

static bool
is_header_text(struct slice text)
{
	if (text.length == 0 || text.length > 128)
		return false;
	for (size_t i = 0; i < text.length; i++)
		if (text.at[i] <= ' ' || text.at[i] > '~')
			return false;
	return true;
}

static void
add_headers(struct exchange *x)
{
	struct slice id = exchange_header(x, "x-ms-correlation-request-id");

	if (!is_header_text(id))
		id = slice_of(x->request_id);
	exchange_add_header(
	    x, "x-ms-correlation-request-id", "%.*s", SLICE_ARGS(id));
	exchange_add_header(x, "x-ms-routing-request-id", "%s", x->request_id);
	if (slice_eq_case(exchange_header(x, "x-ms-return-client-request-id"),
		SLICE("true")) &&
	    is_header_text(x->client_request_id))
		exchange_add_header(x, "x-ms-client-request-id", "%.*s",
		    SLICE_ARGS(x->client_request_id));
}

/* --- api-version --- */

static bool
is_date(struct slice text)
{
	for (size_t i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? text.at[i] != '-'
				     : text.at[i] < '0' || text.at[i] > '9')
			return false;
	return true;
}

/* Any date will do: what the versions of one service differ in, the
 * operations look at themselves. */
static bool
is_version(struct slice text)
{
	struct slice rest = slice_from(text, 10);

	if (text.length < 10 || text.length > 32 || !is_date(text))
		return false;
	for (size_t i = 0; i < rest.length; i++) {
		char low = ascii_lower(rest.at[i]);

		if (i == 0 ? low != '-'
			   : (low < 'a' || low > 'z') && low != '.' &&
			    (low < '0' || low > '9'))
			return false;
	}
	return rest.length != 1;
}

static bool
check_version(struct exchange *x)
{
	uint32_t count = 0;
	struct slice version = exchange_query(x, "api-version", &count);

	if (version.length == 0) {
		answer_error(x, 400, "MissingApiVersionParameter", NULL,
		    "The api-version query parameter (?api-version=) is "
		    "required for all requests.");
		return false;
	}
	if (count == 1 && is_version(version))
		return true;
	answer_error(x, 400, "InvalidApiVersionParameter", NULL,
	    "The api-version '%.*s' is invalid. A version is a date such as "
	    "'2022-04-01', and is given once.",
	    SLICE_ARGS(slice_sub(version, 0, 64)));
	return false;
}

/* --- path --- */

/* The path again, from its decoded segments, without those in front that are
 * empty. False where a segment is none of a name. */
static bool
read_target(struct arm_call *c)
{
	struct exchange *x = c->x;
	struct buffer path = {0};
	bool sound = true;
	uint32_t from = 0;
	char *text;

	while (from < x->segment_count && x->segments[from].length == 0)
		from++;
	for (uint32_t i = from; i < x->segment_count; i++) {
		sound = sound && arm_segment_is_valid(x->segments[i]);
		buffer_putc(&path, '/');
		buffer_add(&path, x->segments[i]);
		c->name = x->segments[i];
	}
	text = arena_text(&x->arena, buffer_slice(&path));
	sound = sound && text != NULL && path.length <= ARM_PATH_BYTES;
	c->target = (struct slice){text, path.length};
	buffer_release(&path);
	return sound;
}

static struct slice
without_last(struct slice path, uint32_t segments)
{
	while (segments-- > 0)
		path = arm_path_above(path);
	return path;
}

static bool
read_path(struct arm_call *c)
{
	bool sound = read_target(c) &&
	    arm_scope_parse(&c->x->arena,
		without_last(c->target, c->operation->cut), &c->scope);

	if (!sound)
		answer_error(c->x, 400, "InvalidResourceIdentifier", NULL,
		    "The path of the request is not that of a resource.");
	return sound;
}

/* --- the decision --- */

static bool
decide_call(struct arm_call *c)
{
	if (c->operation->ask != NULL)
		c->operation->ask(c);
	arm_ask(c);
	if (c->allowed || c->operation->filters)
		return true;
	arm_deny_call(
	    c, c->operation->is_list ? arm_path_above(c->target) : c->target);
	return false;
}

/* --- writing --- */

static enum actas_error
apply(struct api_change *change, const struct snapshot *now,
    struct writes *writes)
{
	struct arm_call *c = (struct arm_call *)change;
	enum actas_error error = ACTAS_OK;

	c->snapshot = c->decided_on = now;
	if (decide_call(c))
		error = c->operation->apply(c, writes);
	c->snapshot = c->decided_on = NULL;
	return error == ACTAS_OK && arm_is_refused(c) ? ACTAS_EUSAGE : error;
}

/* The key of a value that did not come to be written. */
static void
drop_sealed(struct arm_call *c)
{
	value_drop(exchange_platform(c->x)->value_keys, c->sealed);
	c->sealed = (struct slice){0};
}

static void
answer(struct api_change *change, enum actas_error result, uint64_t revision)
{
	struct arm_call *c = (struct arm_call *)change;

	if (result != ACTAS_OK)
		drop_sealed(c);
	if (result == ACTAS_ELIMIT)
		arm_refuse(c, 413, "RequestEntityTooLarge",
		    "What the request asks to keep is too large.");
	else if (result != ACTAS_OK)
		arm_refuse(c, 500, "InternalServerError",
		    "The change cannot be made: %s.", actas_strerror(result));
	arm_answer(c, result == ACTAS_OK, revision);
}

/* In place of 'answer', where nothing could be written. */
static void
release(struct api_change *change)
{
	struct arm_call *c = (struct arm_call *)change;

	drop_sealed(c);
	json_decref(c->body);
	json_decref(c->reply);
	secret_bytes_release(&c->secret);
	c->body = c->reply = NULL;
}

static void
submit(struct arm_call *c)
{
	c->change.x = c->x;
	c->change.caller = c->caller;
	c->change.apply = apply;
	c->change.answer = answer;
	c->change.release = release;
	api_submit(&c->change);
}

/* --- the way --- */

/* On the newest snapshot: whoever may not even ask costs the writer nothing,
 * and learns nothing of what is wrong with the body. */
static void
decide_and_run(struct arm_call *c)
{
	struct store *store = exchange_platform(c->x)->store;
	const struct snapshot *pinned = store_pin(store);
	bool goes_on;

	c->snapshot = c->decided_on = pinned;
	goes_on = c->is_denial ? false : decide_call(c);
	if (goes_on && !arm_is_refused(c) && c->operation->read != NULL)
		c->operation->read(c);
	if (c->snapshot != pinned && c->snapshot != NULL)
		store_unpin(store, c->snapshot);
	c->snapshot = c->decided_on = NULL;
	store_unpin(store, pinned);
	if (c->awaited != NULL) {
		release(&c->change);
		api_await_past(c->x, &c->caller, c->awaited);
	} else if (goes_on && !arm_is_refused(c) && c->operation->read == NULL)
		submit(c);
	else
		arm_answer(c, false, 0);
}

static void
run(struct arm_call *c)
{
	const struct clock *clock = &exchange_platform(c->x)->clock;

	c->now = clock->now(clock->context);
	if (c->operation->wants_body) {
		c->body = body_object(c->x, "InvalidRequestContent");
		if (c->body == NULL)
			return;
	}
	if (c->operation->prepare != NULL)
		c->operation->prepare(c);
	decide_and_run(c);
}

static bool
authenticate(struct arm_call *c)
{
	const char *found;
	enum token_fault fault =
	    api_authenticate(c->x, AUDIENCE_ARM, &c->caller, &found);

	if (fault != TOKEN_OK)
		arm_answer_unauthenticated(c->x, fault, found);
	return fault == TOKEN_OK;
}

void
arm_handle(struct exchange *x)
{
	struct arm_call *c = arena_zero(&x->arena, 1, sizeof *c);

	if (c == NULL) {
		answer_json(x, 500, NULL);
		return;
	}
	c->x = x;
	c->operation = x->route->detail;
	if (!api_is_again(x))
		add_headers(x);
	if (!c->operation->is_open && !authenticate(c))
		return;
	if (check_version(x) && read_path(c))
		run(c);
}
