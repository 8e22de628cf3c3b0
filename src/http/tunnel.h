#ifndef HTTP_TUNNEL_H
#define HTTP_TUNNEL_H

/*
 * The way in that needs no root and no client option: an HTTP proxy for
 * clients that honour HTTPS_PROXY. It answers CONNECT for the host names that
 * the server's certificate bears, whatever the port, and pumps bytes to and
 * from the server on loopback, which terminates TLS. Every other host is
 * refused with 403, so that no token leaves the machine by accident. One
 * thread, epoll, bounded connections (all, and of one address that is not this
 * machine) and header bytes. Where most are taken, those on which nothing
 * moves are closed early.
 */

#include "base/base.h"

struct tunnel;

struct tunnel_options {
	const char *address;        /* numeric; default 127.0.0.1 */
	uint16_t port;              /* 0: any free one */
	const char *target_address; /* of the server */
	uint16_t target_port;
	/* Whether a lower-case host name is ours. */
	bool (*is_ours)(void *context, struct slice host);
	void *context;
	uint32_t head_seconds;    /* for the head; 0: LIMIT_REQUEST_SECONDS */
	uint32_t pressed_seconds; /* 0: LIMIT_PRESSED_SECONDS */
};

enum actas_error tunnel_start(const struct tunnel_options *options,
    struct tunnel **tunnel, struct fault *fault) ACTAS_MUST_USE;
uint16_t tunnel_port(const struct tunnel *t);
/* Ends at once, tunnels and all; NULL is allowed. */
void tunnel_stop(struct tunnel *t);

/* The parser of the request head, its empty line included, for its fuzzer:
 * ACTAS_OK with host (as written) and port; ACTAS_EPARSE (400), ACTAS_EUSAGE
 * (not CONNECT: 405). */
enum actas_error tunnel_parse(
    struct slice head, struct slice *host, uint16_t *port) ACTAS_MUST_USE;

#endif
