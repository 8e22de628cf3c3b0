#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

/*
 * One request and its answer. Made by the server (http/server.h), or in
 * memory by tests and fuzzers (exchange_new), so that every surface can be
 * asked without a socket.
 *
 * What comes in is untrusted and already bounded: headers, body, number of
 * segments and of parameters (base/limits.h). Text that a request encodes
 * with per cent signs is decoded once; what then is no well-formed UTF-8, or
 * holds a control character, is refused with 400 before a surface sees it. A
 * segment may hold "/" only where it was written "%2F": surfaces compare
 * segments and never join them to a file name.
 */

#include "base/base.h"

enum http_method {
	HTTP_GET = 1 << 0,
	HTTP_HEAD = 1 << 1,
	HTTP_POST = 1 << 2,
	HTTP_PUT = 1 << 3,
	HTTP_PATCH = 1 << 4,
	HTTP_DELETE = 1 << 5,
	HTTP_OPTIONS = 1 << 6,
	HTTP_OTHER = 1 << 7
};

/* A query parameter or form field, decoded ("+" is a blank). */
struct parameter {
	struct slice name, value;
};

struct http_header {
	const char *name;
	const char *value;
};

enum { HTTP_SEGMENTS_MOST = 64, HTTP_PARAMETERS_MOST = 128 };

struct route; /* http/router.h */

struct exchange {
	/* the request; everything lives as long as the exchange */
	enum http_method method;
	struct slice target; /* as sent, for messages; no control characters */
	struct slice segments[HTTP_SEGMENTS_MOST]; /* "/a//b/" has a, "", b */
	uint32_t segment_count;
	bool ends_with_slash;
	struct parameter query[HTTP_PARAMETERS_MOST];
	uint32_t query_count;
	struct slice host; /* of the Host header, lower case, without port */
	struct slice authority; /* the same with its port: "localhost:8443" */
	struct slice body;
	struct slice peer; /* numeric address of the client */
	bool peer_is_loopback;
	char request_id[37];            /* a new GUID; every answer bears it */
	struct slice client_request_id; /* x-ms-client-request-id, or empty */
	struct arena arena;             /* for whoever answers */

	/* the answer, filled by whoever answers */
	uint32_t status;
	struct buffer answer;
	const char
	    *content_type; /* default "application/json; charset=utf-8" */
	bool holds_secret; /* the answer's memory is wiped when it was sent */

	/* set by the router: what the {…} of the pattern stood for */
	struct slice captures[8];
	/* set by the router's owner: the vault that the request is for */
	struct slice vault;

	const struct route *route; /* the row that was found */
	void *context;             /* the router's owner */
	void *again; /* its own, where it calls a handler a second time */
	struct exchange_private *private; /* headers; the server's own */
};

/* A header of the request, name ASCII-case-insensitive; empty if absent.
 * One that stands twice and matters (Host, Authorization, Content-Length,
 * Content-Type) was refused before. */
struct slice exchange_header(const struct exchange *x, const char *name);
/* The value of a query parameter, name ASCII-case-insensitive (as Azure's
 * are); '*count' is how often it stands, NULL is allowed. */
struct slice exchange_query(
    const struct exchange *x, const char *name, uint32_t *count);
/* The bearer token of Authorization (or the password of Basic: Azure DevOps
 * clients send tokens so); empty if there is none. */
struct slice exchange_bearer(const struct exchange *x);

/* Adds a header to the answer; copies both. Fails silently when out of
 * memory: the server then answers 500. */
void exchange_add_header(struct exchange *x, const char *name,
    const char *format, ...) ACTAS_PRINTF(3, 4);
/* The header of the answer so far, for tests; NULL if absent. */
const char *exchange_answered(const struct exchange *x, const char *name);

/*
 * Sends the answer as it stands. Called exactly once an exchange, on any
 * thread, during the handler or after it returned (the connection sleeps
 * meanwhile; its thread serves others).
 */
void exchange_reply(struct exchange *x);

/* Form fields of an application/x-www-form-urlencoded body. ACTAS_EPARSE,
 * ACTAS_ELIMIT. They live as long as the exchange and are wiped with it.
 * Values may hold tab, CR and LF (a token read from a file ends with one). */
struct form {
	struct parameter at[HTTP_PARAMETERS_MOST];
	uint32_t count;
};
enum actas_error exchange_form(
    struct exchange *x, struct form *form) ACTAS_MUST_USE;
struct slice form_get(
    const struct form *form, const char *name, uint32_t *count);

/*
 * For tests and fuzzers: an exchange in memory. 'target' as on the request
 * line; 'headers' ends with a row without name. NULL where the server would
 * have refused the request itself ('*refused' is then the status), or out of
 * memory (0). 'replied' is called by exchange_reply.
 */
struct exchange *exchange_new(enum http_method method, struct slice target,
    const struct http_header *headers, struct slice body,
    void (*replied)(struct exchange *x, void *context), void *context,
    uint32_t *refused);
void exchange_free(struct exchange *x);

#endif
