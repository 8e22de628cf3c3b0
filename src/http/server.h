#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

/*
 * The HTTPS server: libmicrohttpd with TLS by GnuTLS. HTTP/1.1, keep-alive,
 * TLS 1.2 and 1.3, bodies drained, Content-Length on every answer. Every
 * answer bears x-ms-request-id, request-id (both the exchange's request id),
 * Date, Cache-Control: no-store and X-Content-Type-Options: nosniff, unless
 * the surface set them. Ceilings on connections (all, and one address),
 * header bytes, body bytes, and idle time.
 */

#include "http/exchange.h"

struct server;

struct server_options {
	const char *address; /* numeric; default 127.0.0.1 */
	uint16_t port;       /* 0: any free one */
	const char *certificate_path, *key_path; /* PEM; NULL: no TLS */
	uint32_t threads;                        /* 0: one a processor */
	void (*handle)(struct exchange *x);      /* on the server's threads */
	void *context;                           /* x->context */
	void (*log)(void *context, const char *line);
	void *log_context;
};

enum actas_error server_start(const struct server_options *options,
    struct server **server, struct fault *fault) ACTAS_MUST_USE;
uint16_t server_port(const struct server *s);
/* Takes no new connections, lets requests in flight finish (at most
 * 'seconds'), then stops. */
void server_stop(struct server *s, uint32_t seconds);

#endif
