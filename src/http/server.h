#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

/*
 * The HTTPS server: libmicrohttpd with TLS by GnuTLS. HTTP/1.1, keep-alive,
 * TLS 1.2 and 1.3, bodies drained, Content-Length on every answer. Every
 * answer bears x-ms-request-id, request-id (both the exchange's request id),
 * Date, Cache-Control: no-store and X-Content-Type-Options: nosniff, unless
 * the surface set them. Ceilings on connections (all, and of one address that
 * is not this machine), header bytes, body bytes, idle time, and the time that
 * a client takes for a request or an answer. It makes room for the descriptors
 * that all this needs (RLIMIT_NOFILE). A request that is refused here, before
 * a surface sees it, is answered with {"error":{"code":…,"message":…}}.
 */

#include "http/exchange.h"

struct server;

struct server_options {
	const char *address; /* numeric; default 127.0.0.1 */
	uint16_t port;       /* 0: any free one */
	const char *certificate_path, *key_path; /* PEM; NULL: no TLS */
	uint32_t threads;                        /* 0: one a processor */
	/* 0: LIMIT_IDLE_SECONDS, LIMIT_REQUEST_SECONDS, LIMIT_ANSWER_SECONDS,
	 * LIMIT_PRESSED_SECONDS */
	uint32_t idle_seconds, request_seconds, answer_seconds, pressed_seconds;
	void (*handle)(struct exchange *x); /* on the server's threads */
	void *context;                      /* x->context */
	void (*log)(void *context, const char *line);
	void *log_context;
};

enum actas_error server_start(const struct server_options *options,
    struct server **server, struct fault *fault) ACTAS_MUST_USE;
uint16_t server_port(const struct server *s);
/*
 * Reads the certificate anew, and its key with it where it is another than
 * before ('*changed'): connections that come from now on are shown it, and
 * those that are there go on. Where it cannot be read, or the key is not its
 * own, the one at hand stays. Not on two threads at once.
 */
enum actas_error server_reload(
    struct server *s, bool *changed, struct fault *fault) ACTAS_MUST_USE;
/*
 * Takes no new connections, lets requests in flight finish (at most
 * 'seconds'), then stops: what has no answer by then gets 503. An exchange of
 * those whose surface replies later still is good until it does. NULL is
 * allowed.
 */
void server_stop(struct server *s, uint32_t seconds);

#endif
