#include "http/exchange_private.h"

#include "keys/jwt.h"
#include "keys/secret.h"

#include <stdio.h>

static const struct refusal bad_header = {
    400, "BadRequest", "A header of the request is malformed.", true};
static const struct refusal twice = {400, "BadRequest",
    "A header that may stand once stands twice in the request.", true};
static const struct refusal two_lengths = {400, "BadRequest",
    "The request has both Content-Length and Transfer-Encoding.", true};
static const struct refusal bad_length = {
    400, "BadRequest", "The Content-Length of the request is malformed.", true};
static const struct refusal bad_coding = {501, "NotImplemented",
    "The Transfer-Encoding of the request is not supported.", true};
static const struct refusal no_host = {
    400, "BadRequest", "The request has no Host header.", false};
static const struct refusal long_target = {
    414, "UriTooLong", "The request target is too long.", false};
static const struct refusal long_head = {431, "RequestHeaderFieldsTooLarge",
    "The headers of the request are too many or too large.", true};
static const struct refusal no_memory = {
    503, "ServiceUnavailable", "The server is out of memory.", true};

/* In the order of enum http_method. */
static const char *const methods[] = {
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

enum { METHODS = sizeof methods / sizeof *methods };

static enum http_method
method_of(struct slice name)
{
	for (unsigned i = 0; i < METHODS; i++)
		if (slice_eq(name, slice_of(methods[i])))
			return (enum http_method)(1u << i);
	return HTTP_OTHER;
}

void
exchange_begin(struct exchange *x, struct exchange_private *private)
{
	x->private = private;
	guid_format(chance_guid(chance_system()), x->request_id);
}

void
exchange_end(struct exchange *x)
{
	struct exchange_private *p = x->private;

	if (p->block != NULL)
		secret_wipe(p->block, p->block_bytes);
	mem_free(p->block);
	wiped_release(&p->form);
	if (x->holds_secret)
		wiped_release(&x->answer);
	buffer_release(&x->answer);
	arena_release(&x->arena);
}

/* --- the request --- */

static bool
is_token(struct slice name)
{
	for (size_t i = 0; i < name.length; i++) {
		char c = ascii_lower(name.at[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
			return false;
	}
	return name.length > 0;
}

static bool
is_field(struct slice value)
{
	unsigned char all = 0;

	for (size_t i = 0; i < value.length; i++) {
		unsigned char c = (unsigned char)value.at[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
		all |= c;
	}
	return all < 0x80 || slice_is_utf8(value);
}

bool
header_is_sound(struct slice name, struct slice value)
{
	return is_token(name) && is_field(value);
}

static struct slice
keep(struct exchange *x, struct slice text)
{
	char *at = exchange_take(x, text.length);

	if (at == NULL || text.length == 0)
		return (struct slice){NULL, 0};
	memcpy(at, text.at, text.length);
	return (struct slice){at, text.length};
}

/* Room for everything that is kept of a head: target as sent and decoded,
 * headers, the hosts of both, the token. */
static const struct refusal *
make_room(struct exchange *x, const struct head *head)
{
	struct exchange_private *p = x->private;
	size_t bytes = 0;

	if (head->target.length > LIMIT_TARGET_BYTES)
		return &long_target;
	if (head->header_count > LIMIT_HEADERS)
		return &long_head;
	for (uint32_t i = 0; i < head->header_count; i++)
		bytes += head->headers[i].name.length +
		    head->headers[i].value.length;
	if (bytes + head->target.length > LIMIT_HEADER_BYTES)
		return &long_head;
	p->block_bytes = 3 * head->target.length + 2 * bytes;
	p->block = mem_alloc(p->block_bytes);
	return p->block == NULL ? &no_memory : NULL;
}

static const struct refusal *
headers_read(struct exchange *x, const struct head *head)
{
	struct exchange_private *p = x->private;

	for (uint32_t i = 0; i < head->header_count; i++) {
		struct slice name = head->headers[i].name;
		struct slice value = head->headers[i].value;

		if (!header_is_sound(name, value))
			return &bad_header;
		p->headers[p->header_count++] = (struct parameter){
		    keep(x, name), slice_trim(keep(x, value))};
	}
	return NULL;
}

static struct slice
field_of(const struct parameter *fields, uint32_t n, const char *name,
    uint32_t *count)
{
	struct slice found = {NULL, 0};

	*count = 0;
	for (uint32_t i = 0; i < n; i++)
		if (slice_eq_case(fields[i].name, slice_of(name)) &&
		    (*count)++ == 0)
			found = fields[i].value;
	return found;
}

/*
 * The headers that say where the body ends must be beyond doubt: two readers
 * that differ about it would see different requests. So they are read as they
 * came, blanks and all, as the library reads them.
 */
static const struct refusal *
framing_read(const struct head *head)
{
	uint32_t lengths, codings;
	struct slice length = field_of(
	    head->headers, head->header_count, "Content-Length", &lengths);
	struct slice coding = field_of(
	    head->headers, head->header_count, "Transfer-Encoding", &codings);
	uint64_t bytes;

	if (lengths > 0 && codings > 0)
		return &two_lengths;
	if (lengths > 1 || codings > 1)
		return &twice;
	if (lengths > 0 && !slice_u64(length, &bytes))
		return &bad_length;
	if (codings > 0 && head->old)
		return &bad_header;
	if (codings > 0 && !slice_eq_case(coding, SLICE("chunked")))
		return &bad_coding;
	return NULL;
}

static const struct refusal *
single_read(const struct exchange *x)
{
	static const char *const single[] = {
	    "Host", "Authorization", "Content-Type", "Expect"};
	uint32_t count;

	for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
		field_of(x->private->headers, x->private->header_count,
		    single[i], &count);
		if (count > 1)
			return &twice;
	}
	return NULL;
}

static const struct refusal *
host_read(struct exchange *x, bool absolute)
{
	struct slice host = x->host, authority = x->authority;
	const struct refusal *refusal;
	uint32_t count;
	struct slice header = field_of(
	    x->private->headers, x->private->header_count, "Host", &count);

	if (count == 0)
		return &no_host;
	refusal = authority_read(x, header);
	if (absolute) { /* RFC 9112, 3.2.2: then the header is ignored */
		x->host = host;
		x->authority = authority;
	}
	return refusal;
}

/* The token of "Bearer token", or the password of "Basic base64". */
static void
bearer_read(struct exchange *x)
{
	struct exchange_private *p = x->private;
	struct slice rest = exchange_header(x, "Authorization"), scheme, user;
	struct buffer decoded = {.ceiling = LIMIT_HEADER_BYTES};

	slice_cut(&rest, ' ', &scheme);
	rest = slice_trim(rest);
	if (slice_eq_case(scheme, SLICE("Bearer")))
		p->bearer = rest;
	if (!slice_eq_case(scheme, SLICE("Basic")))
		return;
	if (base64_get(rest, &decoded) == ACTAS_OK) {
		rest = buffer_slice(&decoded);
		if (is_field(rest) && slice_cut(&rest, ':', &user))
			p->bearer = keep(x, rest);
	}
	wiped_release(&decoded);
}

const struct refusal *
exchange_read(struct exchange *x, const struct head *head)
{
	const struct refusal *refusal = make_room(x, head);
	bool absolute = false;

	x->method = method_of(head->method);
	if (refusal == NULL)
		refusal = headers_read(x, head);
	if (refusal == NULL)
		refusal = framing_read(head);
	if (refusal == NULL)
		refusal = single_read(x);
	if (refusal == NULL) {
		x->target = keep(x, head->target);
		refusal = target_read(x, &absolute);
	}
	if (refusal == NULL)
		refusal = host_read(x, absolute);
	if (refusal == NULL)
		bearer_read(x);
	x->client_request_id = exchange_header(x, "x-ms-client-request-id");
	return refusal;
}

struct slice
exchange_header(const struct exchange *x, const char *name)
{
	const struct exchange_private *p = x->private;
	uint32_t count;

	return field_of(p->headers, p->header_count, name, &count);
}

struct slice
exchange_query(const struct exchange *x, const char *name, uint32_t *count)
{
	struct slice found = {NULL, 0};
	uint32_t n = 0;

	for (uint32_t i = 0; i < x->query_count; i++)
		if (slice_eq_case(x->query[i].name, slice_of(name)) && n++ == 0)
			found = x->query[i].value;
	if (count != NULL)
		*count = n;
	return found;
}

struct slice
exchange_bearer(const struct exchange *x)
{
	return x->private->bearer;
}

enum actas_error
exchange_form(struct exchange *x, struct form *form)
{
	struct buffer *kept = &x->private->form;
	struct parameters parameters = {.at = form->at, .blanks = true};
	enum actas_error e;

	form->count = 0;
	if (kept->at == NULL)
		wiped_add(kept, x->body);
	if (kept->error != ACTAS_OK)
		return kept->error;
	e = parameters_read(x->body, kept->at, &parameters);
	form->count = e == ACTAS_OK ? parameters.count : 0;
	return e;
}

struct slice
form_get(const struct form *form, const char *name, uint32_t *count)
{
	struct slice found = {NULL, 0};
	uint32_t n = 0;

	for (uint32_t i = 0; i < form->count; i++)
		if (slice_eq(form->at[i].name, slice_of(name)) && n++ == 0)
			found = form->at[i].value;
	if (count != NULL)
		*count = n;
	return found;
}

/* --- the answer --- */

void
exchange_add_header(
    struct exchange *x, const char *name, const char *format, ...)
{
	struct exchange_private *p = x->private;
	struct http_header header = {
	    .name = arena_text(&x->arena, slice_of(name))};
	char value[2048];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(value, sizeof value, format, args);
	va_end(args);
	if (n >= 0 && n < (int)sizeof value &&
	    is_field((struct slice){value, (size_t)n}))
		header.value = arena_text(&x->arena, slice_of(value));
	if (header.name == NULL || header.value == NULL ||
	    p->answer_count == ANSWER_HEADERS_MOST)
		p->failed = true;
	else
		p->answers[p->answer_count++] = header;
}

const char *
exchange_answered(const struct exchange *x, const char *name)
{
	const struct exchange_private *p = x->private;

	for (uint32_t i = 0; i < p->answer_count; i++)
		if (slice_eq_case(slice_of(p->answers[i].name), slice_of(name)))
			return p->answers[i].value;
	return NULL;
}

static void
add_missing(struct exchange *x, const char *name, const char *value)
{
	if (exchange_answered(x, name) == NULL)
		exchange_add_header(x, name, "%s", value);
}

static void
add_defaults(struct exchange *x)
{
	if (x->content_type == NULL)
		x->content_type = "application/json; charset=utf-8";
	add_missing(x, "Content-Type", x->content_type);
	add_missing(x, "x-ms-request-id", x->request_id);
	add_missing(x, "request-id", x->request_id);
	add_missing(x, "Cache-Control", "no-store");
	add_missing(x, "X-Content-Type-Options", "nosniff");
}

void
exchange_refuse(struct exchange *x, const struct refusal *refusal)
{
	x->status = refusal->status;
	buffer_clear(&x->answer);
	buffer_addf(&x->answer,
	    "{\"error\":{\"code\":\"%s\",\"message\":\"%s\"}}", refusal->code,
	    refusal->message);
}

void
exchange_finish(struct exchange *x)
{
	static const struct refusal broken = {500, "InternalServerError",
	    "The server could not make an answer.", false};
	struct exchange_private *p = x->private;

	add_defaults(x);
	if (!p->failed && x->answer.error == ACTAS_OK && x->status >= 200 &&
	    x->status <= 599)
		return;
	/* Out of memory, most likely: whatever of this fails is left out. */
	p->broken = true;
	p->failed = false;
	p->answer_count = 0;
	x->content_type = NULL;
	exchange_refuse(x, &broken);
	add_defaults(x);
}

void
exchange_reply(struct exchange *x)
{
	struct exchange_private *p = x->private;

	exchange_finish(x);
	p->replied(x, p->replied_context);
}

/* --- in memory --- */

struct memory_exchange {
	struct exchange x;
	struct exchange_private private;
	struct buffer body;
};

static struct slice
method_name(enum http_method method)
{
	for (unsigned i = 0; i < METHODS; i++)
		if (method == 1u << i)
			return slice_of(methods[i]);
	return SLICE("OTHER");
}

static const struct refusal *
memory_read(struct memory_exchange *m, struct head *head,
    const struct http_header *headers, struct slice body)
{
	static const struct refusal long_body = {413, "PayloadTooLarge",
	    "The body of the request is too large.", true};
	struct parameter fields[LIMIT_HEADERS + 1];

	for (; headers != NULL && headers->name != NULL &&
	     head->header_count <= LIMIT_HEADERS;
	     headers++)
		fields[head->header_count++] = (struct parameter){
		    slice_of(headers->name), slice_of(headers->value)};
	head->headers = fields;
	wiped_add(&m->body, body);
	if (m->body.error == ACTAS_ELIMIT)
		return &long_body;
	if (m->body.error != ACTAS_OK)
		return &no_memory;
	m->x.body = buffer_slice(&m->body);
	return exchange_read(&m->x, head);
}

struct exchange *
exchange_new(enum http_method method, struct slice target,
    const struct http_header *headers, struct slice body,
    void (*replied)(struct exchange *x, void *context), void *context,
    uint32_t *refused)
{
	struct memory_exchange *m = mem_zero(1, sizeof *m);
	struct head head = {.method = method_name(method), .target = target};
	const struct refusal *refusal;

	*refused = 0;
	if (m == NULL)
		return NULL;
	exchange_begin(&m->x, &m->private);
	m->private.replied = replied;
	m->private.replied_context = context;
	m->x.peer = SLICE("127.0.0.1");
	m->x.peer_is_loopback = true;
	refusal = memory_read(m, &head, headers, body);
	if (refusal == NULL)
		return &m->x;
	*refused = refusal == &no_memory ? 0 : refusal->status;
	exchange_free(&m->x);
	return NULL;
}

void
exchange_free(struct exchange *x)
{
	struct memory_exchange *m = (struct memory_exchange *)x;

	if (x == NULL)
		return;
	exchange_end(x);
	wiped_release(&m->body);
	mem_free(m);
}
