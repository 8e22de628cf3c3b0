/*
 * One request on its connection, from the first byte of its target to the
 * last of its answer.
 *
 * Two parties hold a call: the connection (libmicrohttpd's thread) and the
 * surface that answers it, on any thread, maybe before its handler returned
 * and maybe long after. Where the answer is there when the handler returns it
 * is sent at once. Otherwise the connection is suspended, and exchange_reply
 * resumes it. 'state' decides who sees whom:
 *
 *	COMING ──► RUNNING ──────────────► ANSWERED
 *	              │                        ▲
 *	              └──► ASLEEP ─────────────┤
 *	                      └──► ABANDONED ──┘
 *
 * The connection is suspended before it says ASLEEP, so that whoever finds
 * ASLEEP may resume it; who finds RUNNING leaves it to the connection, which
 * then fails to say ASLEEP and resumes itself. After its step to ANSWERED a
 * replier holds nothing but its own reference, and 'replying', which keeps
 * the daemon from being stopped under it. A call that is abandoned when the
 * server stops is answered by the connection from static memory; the exchange
 * stays for the surface, which may still be writing to it.
 *
 * The last one who lets go of a call wipes it: the connection, the surface,
 * or the response, whose body is the exchange's own.
 */
#include "http/server_private.h"

#include "keys/secret.h"

enum call_state {
	CALL_COMING,
	CALL_RUNNING,
	CALL_ASLEEP,
	CALL_ANSWERED,
	CALL_ABANDONED
};

struct call {
	struct exchange x;
	struct exchange_private private;
	struct server *server;
	struct MHD_Connection *connection;
	struct peer *peer;
	_Atomic int state;
	_Atomic uint32_t references;
	struct buffer target, body;
	uint64_t body_come; /* kept or not */
	const struct refusal *refusal;
	bool begun;
	char peer_text[INET6_ADDRSTRLEN];
	struct call *older, *newer; /* of those asleep */
};

static const struct refusal bad_head = {
    400, "BadRequest", "The head of the request is malformed.", true};
static const struct refusal long_body = {
    413, "PayloadTooLarge", "The body of the request is too large.", false};
static const struct refusal very_long_body = {
    413, "PayloadTooLarge", "The body of the request is too large.", true};
static const struct refusal too_busy = {503, "ServiceUnavailable",
    "The server is receiving too much at once.", false};
static const struct refusal going_down = {
    503, "ServiceUnavailable", "The server is going down.", false};

static void
call_unref(struct call *c)
{
	struct server *s = c->server;

	if (atomic_fetch_sub(&c->references, 1) != 1)
		return;
	peers_dropped(&s->peers, c->body.capacity);
	exchange_end(&c->x);
	wiped_release(&c->target);
	wiped_release(&c->body);
	mem_free(c);
	server_unref(s);
}

/* --- the answer --- */

static void
response_done(void *call)
{
	call_unref(call);
}

static bool
add_headers(struct call *c, struct MHD_Response *response)
{
	const struct exchange_private *p = &c->private;

	for (uint32_t i = 0; i < p->answer_count; i++)
		if (MHD_add_response_header(response, p->answers[i].name,
			p->answers[i].value) != MHD_YES)
			return false;
	return true;
}

/* Whether the connection goes on is the library's to say, but for this. */
static enum MHD_Result
call_send(struct call *c, uint32_t status, struct MHD_Response *response)
{
	enum MHD_Result result = MHD_YES;

	if (atomic_load(&c->server->draining))
		result = MHD_add_response_header(
		    response, MHD_HTTP_HEADER_CONNECTION, "close");
	peer_expect(c->peer, c->server->options.answer_seconds);
	if (result == MHD_YES)
		result = MHD_queue_response(c->connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result
send_answer(struct call *c)
{
	struct slice body = buffer_slice(&c->x.answer);
	struct MHD_Response *response;

	if (c->private.broken)
		server_log(&c->server->log,
		    "the answer to request %s could not be made",
		    c->x.request_id);
	atomic_fetch_add(&c->references, 1);
	response = MHD_create_response_from_buffer_with_free_callback_cls(
	    body.length, c->x.answer.at, response_done, c);
	if (response == NULL) {
		call_unref(c);
		return MHD_NO;
	}
	if (!add_headers(c, response)) {
		MHD_destroy_response(response);
		return MHD_NO;
	}
	return call_send(c, c->x.status, response);
}

static enum MHD_Result
send_refusal(struct call *c, const struct refusal *refusal)
{
	exchange_refuse(&c->x, refusal);
	exchange_finish(&c->x);
	return send_answer(c);
}

/* Touches nothing of the exchange that the surface may be writing. */
static enum MHD_Result
send_abandoned(struct call *c)
{
	static char text[] = "{\"error\":{\"code\":\"ServiceUnavailable\","
			     "\"message\":\"The server is going down.\"}}";
	struct MHD_Response *response = MHD_create_response_from_buffer(
	    sizeof text - 1, text, MHD_RESPMEM_PERSISTENT);

	if (response == NULL)
		return MHD_NO;
	MHD_add_response_header(
	    response, "Content-Type", "application/json; charset=utf-8");
	MHD_add_response_header(response, "x-ms-request-id", c->x.request_id);
	MHD_add_response_header(response, "request-id", c->x.request_id);
	return call_send(c, 503, response);
}

/* --- sleeping and waking --- */

static void
asleep_add(struct call *c)
{
	c->older = c->server->asleep;
	c->newer = NULL;
	if (c->older != NULL)
		c->older->newer = c;
	c->server->asleep = c;
}

static void
asleep_remove(struct call *c)
{
	if (c->older != NULL)
		c->older->newer = c->newer;
	if (c->newer != NULL)
		c->newer->older = c->older;
	else
		c->server->asleep = c->older;
}

static bool
call_step(struct call *c, int from, int to)
{
	return atomic_compare_exchange_strong(&c->state, &from, to);
}

/* The surface's answer is there. */
static void
call_replied(struct exchange *x, void *context)
{
	struct call *c = context;
	struct server *s = c->server;
	struct MHD_Connection *connection = c->connection;
	int state;

	(void)x;
	atomic_fetch_add(&s->replying, 1);
	state = atomic_exchange(&c->state, CALL_ANSWERED);
	if (state == CALL_ASLEEP) {
		pthread_mutex_lock(&s->mutex);
		asleep_remove(c);
		pthread_mutex_unlock(&s->mutex);
		MHD_resume_connection(connection);
	}
	atomic_fetch_sub(&s->replying, 1);
	if (state != CALL_ANSWERED)
		call_unref(c);
}

void
calls_abandon(struct server *s)
{
	struct call *c, *older;

	pthread_mutex_lock(&s->mutex);
	atomic_store(&s->closed, true);
	for (c = s->asleep; c != NULL; c = older) {
		older = c->older;
		if (!call_step(c, CALL_ASLEEP, CALL_ABANDONED))
			continue; /* its replier is on its way here */
		asleep_remove(c);
		MHD_resume_connection(c->connection);
	}
	pthread_mutex_unlock(&s->mutex);
}

/* The handler returned without an answer: sleep until it comes. */
static enum MHD_Result
call_sleep(struct call *c)
{
	struct server *s = c->server;
	bool sleeps = false;

	pthread_mutex_lock(&s->mutex);
	if (!atomic_load(&s->closed)) {
		MHD_suspend_connection(c->connection);
		sleeps = call_step(c, CALL_RUNNING, CALL_ASLEEP);
		if (sleeps)
			asleep_add(c);
		else
			MHD_resume_connection(c->connection);
		pthread_mutex_unlock(&s->mutex);
		return MHD_YES;
	}
	pthread_mutex_unlock(&s->mutex);
	if (call_step(c, CALL_RUNNING, CALL_ABANDONED))
		return send_abandoned(c);
	return send_answer(c);
}

static enum MHD_Result
call_run(struct call *c)
{
	peer_expect(c->peer, 0);
	if (c->refusal == NULL && atomic_load(&c->server->closed))
		c->refusal = &going_down;
	if (c->refusal != NULL) {
		atomic_store(&c->state, CALL_ANSWERED);
		return send_refusal(c, c->refusal);
	}
	c->x.body = buffer_slice(&c->body);
	atomic_fetch_add(&c->references, 1);
	atomic_store(&c->state, CALL_RUNNING);
	c->server->options.handle(&c->x);
	if (atomic_load(&c->state) == CALL_ANSWERED)
		return send_answer(c);
	return call_sleep(c);
}

static enum MHD_Result
call_end(struct call *c)
{
	switch (atomic_load(&c->state)) {
	case CALL_COMING:
		return call_run(c);
	case CALL_ANSWERED:
		return send_answer(c);
	case CALL_ABANDONED:
		return send_abandoned(c);
	default:
		return MHD_YES;
	}
}

/* --- the request --- */

struct fields {
	struct parameter at[LIMIT_HEADERS + 1];
	uint32_t count;
};

static enum MHD_Result
field_add(void *context, enum MHD_ValueKind kind ACTAS_UNUSED, const char *name,
    size_t name_length, const char *value, size_t value_length)
{
	struct fields *fields = context;

	if (fields->count <= LIMIT_HEADERS)
		fields->at[fields->count++] = (struct parameter){
		    {name, name_length}, {value, value_length}};
	return MHD_YES;
}

/* What the announced length of the body calls for. */
static const struct refusal *
length_read(struct call *c)
{
	uint64_t bytes = 0;

	if (!slice_u64(exchange_header(&c->x, "Content-Length"), &bytes))
		return NULL;
	if (bytes > LIMIT_DISCARD_BYTES)
		return &very_long_body;
	return bytes > LIMIT_BODY_BYTES ? &long_body : NULL;
}

static enum MHD_Result
call_begin(struct call *c, const char *method, const char *version)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    c->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	struct fields fields = {.count = 0};
	struct head head = {.method = slice_of(method),
	    .target = buffer_slice(&c->target),
	    .old = strcmp(version, "HTTP/1.0") == 0,
	    .headers = fields.at};

	c->begun = true;
	MHD_get_connection_values_n(
	    c->connection, MHD_HEADER_KIND, field_add, &fields);
	head.header_count = fields.count;
	if (info == NULL ||
	    !head_is_strict(
		method, version, info->header_size, head.target.length))
		c->refusal = &bad_head;
	if (c->refusal == NULL)
		c->refusal = exchange_read(&c->x, &head);
	if (c->refusal == NULL)
		c->refusal = length_read(c);
	if (c->refusal == NULL ||
	    (!c->refusal->close && exchange_header(&c->x, "Expect").at == NULL))
		return MHD_YES;
	/* An answer before the body makes the library close afterwards. */
	return call_run(c);
}

/* What is too long is read on for a while, so that the client gets to read
 * why, and then no more. */
static enum MHD_Result
call_take(struct call *c, struct slice body)
{
	size_t before = c->body.capacity;

	c->body_come += body.length;
	if (c->body_come > LIMIT_DISCARD_BYTES)
		return MHD_NO;
	if (c->refusal != NULL)
		return MHD_YES;
	wiped_add(&c->body, body);
	if (!peers_keep(&c->server->peers, c->peer, c->body.capacity - before))
		c->refusal = &too_busy;
	if (c->body.error == ACTAS_ELIMIT)
		c->refusal = &long_body;
	else if (c->body.error != ACTAS_OK)
		c->refusal = &too_busy;
	return MHD_YES;
}

enum MHD_Result
call_on_request(void *server ACTAS_UNUSED,
    struct MHD_Connection *connection ACTAS_UNUSED,
    const char *url ACTAS_UNUSED, const char *method, const char *version,
    const char *body, size_t *body_bytes, void **call)
{
	struct call *c = *call;
	enum MHD_Result result;

	if (c == NULL)
		return MHD_NO;
	if (!c->begun)
		return call_begin(c, method, version);
	if (*body_bytes == 0)
		return call_end(c);
	result = call_take(c, (struct slice){body, *body_bytes});
	*body_bytes = 0;
	return result;
}

/*
 * The library would go on to take the query apart, into entries of its pool
 * that we have no use for; for many parameters it runs out of room, and closes
 * the connection without a word. The text is in its own buffer, which it
 * writes to itself: "?" NUL is a query of no parameters.
 */
static void
spare_the_query(const char *target)
{
	char *query = strchr((char *)(intptr_t)target, '?');

	if (query != NULL)
		query[1] = '\0';
}

void *
call_on_target(
    void *server, const char *target, struct MHD_Connection *connection)
{
	struct server *s = server;
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct call *c = NULL;

	if (info != NULL && info->socket_context != NULL)
		c = mem_zero(1, sizeof *c);
	if (c == NULL)
		return NULL;
	exchange_begin(&c->x, &c->private);
	c->private.replied = call_replied;
	c->private.replied_context = c;
	c->server = s;
	c->connection = connection;
	c->peer = info->socket_context;
	memcpy(c->peer_text, c->peer->text, sizeof c->peer_text);
	c->x.peer = slice_of(c->peer_text);
	c->x.peer_is_loopback = c->peer->loopback;
	c->x.context = s->options.context;
	c->references = 1;
	wiped_add(&c->target, slice_of(target));
	spare_the_query(target);
	if (c->target.error != ACTAS_OK)
		c->refusal = &too_busy;
	atomic_fetch_add(&s->references, 1);
	atomic_fetch_add(&s->busy, 1);
	call_close(c->peer->call); /* there is none, unless it was lost */
	c->peer->call = c;
	peer_await(c->peer, s->options.request_seconds);
	return c;
}

void
call_close(struct call *c)
{
	struct server *s;

	if (c == NULL)
		return;
	s = c->server;
	c->peer->call = NULL;
	atomic_store(&c->peer->body_bytes, 0);
	/* The library sees to idleness; this is for a trickle. */
	peer_await(
	    c->peer, s->options.idle_seconds + s->options.request_seconds);
	atomic_fetch_sub(&s->busy, 1);
	call_unref(c);
}

/* The library does not call this for a request whose target has more
 * parameters than it has room for: see where the connection is closed. */
void
call_on_completed(void *server ACTAS_UNUSED,
    struct MHD_Connection *connection ACTAS_UNUSED, void **call,
    enum MHD_RequestTerminationCode why ACTAS_UNUSED)
{
	call_close(*call);
	*call = NULL;
}
