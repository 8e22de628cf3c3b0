#ifndef HTTP_EXCHANGE_PRIVATE_H
#define HTTP_EXCHANGE_PRIVATE_H

/* What the parts of http/ know of an exchange and others need not. */

#include "http/exchange.h"

/* An answer that is given before a surface sees the request. Static. */
struct refusal {
	uint32_t status;
	const char *code, *message; /* ASCII without quotes */
	bool close; /* where the next request begins cannot be known */
};

enum { ANSWER_HEADERS_MOST = 32 };

struct exchange_private {
	/* Copies of target and headers, and what they decode to: one piece of
	 * memory, wiped in the end, since tokens are among it. */
	char *block;
	size_t block_used, block_bytes;
	struct parameter headers[LIMIT_HEADERS];
	uint32_t header_count;
	struct slice bearer;
	struct buffer form; /* decoded fields, wiped in the end */

	struct http_header answers[ANSWER_HEADERS_MOST];
	uint32_t answer_count;
	bool failed; /* a header of the answer could not be kept */
	bool broken; /* the answer was replaced by a 500 */

	void (*replied)(struct exchange *x, void *context);
	void *replied_context;
};

/* A request's head as it came, before anything was decoded. */
struct head {
	struct slice method, target;
	bool old; /* HTTP/1.0 */
	const struct parameter *headers;
	uint32_t header_count;
};

/* Gives a zeroed exchange its request id. */
void exchange_begin(struct exchange *x, struct exchange_private *private);
/* Reads a head into the exchange; NULL where all is well. The head may go
 * away afterwards. */
const struct refusal *exchange_read(
    struct exchange *x, const struct head *head);
/* Wipes and frees what the exchange holds, not itself. */
void exchange_end(struct exchange *x);
/* Makes the answer whole: default headers, 500 where it failed. */
void exchange_finish(struct exchange *x);
/* Whether a header is well-formed: a token, and text without controls. */
bool header_is_sound(struct slice name, struct slice value);
/* Fills the answer with a refusal. */
void exchange_refuse(struct exchange *x, const struct refusal *refusal);

/* --- target.c --- */

/* 'length' bytes of the block; its size was reckoned beforehand. */
char *exchange_take(struct exchange *x, size_t length);
/* x->target to segments, query and, in absolute form, host. '*absolute' tells
 * whether the target named the host. */
const struct refusal *target_read(struct exchange *x, bool *absolute);
enum { HOST_MOST = 255 }; /* bytes of a host name */

/* A well-formed "host" or "host:port"; '*port' is 0 where it has none. */
bool authority_split(
    struct slice authority, struct slice *host, uint16_t *port);
/* Sets host and authority. */
const struct refusal *authority_read(
    struct exchange *x, struct slice authority);
/*
 * Parts of "a=b&c=d", decoded into 'into' (as long as the text). Control
 * characters are refused, in values but for 'blanks' (tab, CR, LF).
 * ACTAS_EPARSE, ACTAS_ELIMIT.
 */
struct parameters {
	struct parameter *at;
	uint32_t count;
	bool blanks;
};
enum actas_error parameters_read(
    struct slice text, char *into, struct parameters *parameters);

/* --- wiped.c --- */

/* Appends; where the buffer must move, the old place is wiped. Errors stick as
 * in any buffer. */
void wiped_add(struct buffer *b, struct slice more);
void wiped_release(struct buffer *b);

#endif
