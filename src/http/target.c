/*
 * What a request asks for: its target and its host. Everything is decoded
 * exactly once, nothing is put right: a target with a dot segment, a bad
 * escape or ill-formed text is refused, so that no two readers of it can
 * disagree about what it means.
 */
#include "http/exchange_private.h"

#include <arpa/inet.h>

static const struct refusal bad_target = {
    400, "BadRequest", "The request target is malformed.", false};
static const struct refusal bad_text = {400, "BadRequest",
    "The request target holds characters or escapes that are not allowed.",
    false};
static const struct refusal dot_segment = {400, "BadRequest",
    "The path of the request target holds a dot segment.", false};
static const struct refusal long_path = {
    414, "UriTooLong", "The path of the request target is too long.", false};
static const struct refusal long_query = {
    400, "BadRequest", "The request has too many query parameters.", false};
static const struct refusal bad_host = {
    400, "BadRequest", "The host of the request is malformed.", false};

char *
exchange_take(struct exchange *x, size_t length)
{
	struct exchange_private *p = x->private;
	char *at = p->block + p->block_used;

	if (length > p->block_bytes - p->block_used)
		return NULL;
	p->block_used += length;
	return at;
}

/* Decodes the per cent signs of 'text' into 'into'; false for bad escapes. */
static bool
unescape(struct slice text, bool plus, char *into, struct slice *out)
{
	size_t n = 0;

	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		if (c == '%') {
			int high, low;

			if (text.length - i < 3)
				return false;
			high = ascii_hex_digit(text.at[i + 1]);
			low = ascii_hex_digit(text.at[i + 2]);
			if (high < 0 || low < 0)
				return false;
			c = (char)(high << 4 | low);
			i += 2;
		}
		into[n++] = plus && text.at[i] == '+' ? ' ' : c;
	}
	*out = (struct slice){into, n};
	return true;
}

static bool
is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

static bool
is_clean(struct slice text, bool blanks)
{
	for (size_t i = 0; i < text.length; i++)
		if (is_control(text.at[i]) &&
		    !(blanks && strchr("\t\r\n", text.at[i]) != NULL &&
			text.at[i] != '\0'))
			return false;
	return slice_is_utf8(text);
}

static enum actas_error
parameter_read(struct slice part, char **into, struct parameters *parameters)
{
	struct parameter *p = &parameters->at[parameters->count];
	struct slice name, value = part;

	if (parameters->count == HTTP_PARAMETERS_MOST)
		return ACTAS_ELIMIT;
	slice_cut(&value, '=', &name);
	if (!unescape(name, true, *into, &p->name) || !is_clean(p->name, false))
		return ACTAS_EPARSE;
	*into += p->name.length;
	if (!unescape(value, true, *into, &p->value) ||
	    !is_clean(p->value, parameters->blanks))
		return ACTAS_EPARSE;
	*into += p->value.length;
	parameters->count++;
	return ACTAS_OK;
}

enum actas_error
parameters_read(struct slice text, char *into, struct parameters *parameters)
{
	struct slice part;

	while (slice_cut(&text, '&', &part)) {
		enum actas_error e = part.length == 0
		    ? ACTAS_OK
		    : parameter_read(part, &into, parameters);

		if (e != ACTAS_OK)
			return e;
	}
	return ACTAS_OK;
}

static const struct refusal *
segment_read(struct exchange *x, struct slice part)
{
	struct slice *segment = &x->segments[x->segment_count];
	char *into = exchange_take(x, part.length);

	if (x->segment_count == HTTP_SEGMENTS_MOST || into == NULL)
		return &long_path;
	if (!unescape(part, false, into, segment) || !is_clean(*segment, false))
		return &bad_text;
	if (slice_eq(*segment, SLICE(".")) || slice_eq(*segment, SLICE("..")))
		return &dot_segment;
	x->segment_count++;
	return NULL;
}

/* 'path' is what follows the first slash; what follows the last one is a
 * segment only if it is not empty. */
static const struct refusal *
path_read(struct exchange *x, struct slice path)
{
	const struct refusal *refusal = NULL;
	struct slice part;

	while (refusal == NULL && slice_cut(&path, '/', &part)) {
		if (path.at == NULL && part.length == 0)
			x->ends_with_slash = true;
		else
			refusal = segment_read(x, part);
	}
	return refusal;
}

static const struct refusal *
query_read(struct exchange *x, struct slice query)
{
	struct parameters parameters = {.at = x->query};
	char *into = exchange_take(x, query.length);
	enum actas_error e;

	if (into == NULL)
		return &long_path;
	e = parameters_read(query, into, &parameters);
	x->query_count = parameters.count;
	if (e == ACTAS_ELIMIT)
		return &long_query;
	return e == ACTAS_OK ? NULL : &bad_text;
}

/* "https://host/path": takes scheme and host off. */
static const struct refusal *
absolute_read(struct exchange *x, struct slice *target)
{
	static const char *const schemes[] = {"https://", "http://"};
	struct slice rest = {NULL, 0};
	size_t end = 0;

	for (size_t i = 0; i < 2; i++)
		if (slice_starts_case(*target, slice_of(schemes[i])))
			rest = slice_from(*target, strlen(schemes[i]));
	while (end < rest.length && rest.at[end] != '/' && rest.at[end] != '?')
		end++;
	if (end == 0)
		return &bad_target;
	*target = slice_from(rest, end);
	return authority_read(x, slice_sub(rest, 0, end));
}

static bool
is_visible(struct slice target)
{
	for (size_t i = 0; i < target.length; i++)
		if (target.at[i] <= ' ' || target.at[i] > '~' ||
		    target.at[i] == '#')
			return false;
	return target.length > 0;
}

const struct refusal *
target_read(struct exchange *x, bool *absolute)
{
	const struct refusal *refusal = NULL;
	struct slice rest = x->target, path = {NULL, 0};

	*absolute = false;
	if (!is_visible(rest))
		return &bad_text;
	if (slice_eq(rest, SLICE("*")))
		return x->method == HTTP_OPTIONS ? NULL : &bad_target;
	if (rest.at[0] != '/') {
		refusal = absolute_read(x, &rest);
		*absolute = true;
	}
	slice_cut(&rest, '?', &path);
	if (refusal == NULL && path.length > 0)
		refusal =
		    path_read(x, (struct slice){path.at + 1, path.length - 1});
	if (refusal == NULL && rest.at != NULL)
		refusal = query_read(x, rest);
	return refusal;
}

static bool
is_name(struct slice host)
{
	struct slice label;

	while (slice_cut(&host, '.', &label)) {
		if (label.length == 0 || label.length > 63)
			return false;
		for (size_t i = 0; i < label.length; i++) {
			char c = ascii_lower(label.at[i]);

			if (!(c >= 'a' && c <= 'z') &&
			    !(c >= '0' && c <= '9') && c != '-' && c != '_')
				return false;
		}
	}
	return true;
}

/* "[::1]" */
static bool
is_literal(struct slice host)
{
	char text[INET6_ADDRSTRLEN + 1];
	struct in6_addr address;

	if (host.length < 4 || host.length > sizeof text + 1 ||
	    host.at[host.length - 1] != ']')
		return false;
	memcpy(text, host.at + 1, host.length - 2);
	text[host.length - 2] = '\0';
	return inet_pton(AF_INET6, text, &address) == 1;
}

/* Where the host ends and, after a colon, its port begins. */
static size_t
host_length(struct slice authority)
{
	const char *end = authority.at[0] == '['
	    ? memchr(authority.at, ']', authority.length)
	    : memchr(authority.at, ':', authority.length);

	if (end == NULL)
		return authority.length;
	return (size_t)(end - authority.at) + (*end == ']');
}

bool
authority_split(struct slice authority, struct slice *host, uint16_t *port)
{
	struct slice name, rest;
	uint64_t number = 0;

	if (authority.length == 0)
		return false;
	name = slice_sub(authority, 0, host_length(authority));
	rest = slice_from(authority, name.length);
	if (name.length == 0 || name.length > HOST_MOST ||
	    !(name.at[0] == '[' ? is_literal(name) : is_name(name)))
		return false;
	if (rest.length > 0 &&
	    (rest.at[0] != ':' || rest.length > 6 ||
		!slice_u64(slice_from(rest, 1), &number) || number == 0 ||
		number > 65535))
		return false;
	*host = name;
	*port = (uint16_t)number;
	return true;
}

const struct refusal *
authority_read(struct exchange *x, struct slice authority)
{
	char *lower = exchange_take(x, authority.length);
	uint16_t port;

	if (lower == NULL)
		return &bad_host;
	for (size_t i = 0; i < authority.length; i++)
		lower[i] = ascii_lower(authority.at[i]);
	x->authority = (struct slice){lower, authority.length};
	return authority_split(x->authority, &x->host, &port) ? NULL
							      : &bad_host;
}
