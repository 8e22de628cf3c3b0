#ifndef CLI_SERVING_H
#define CLI_SERVING_H

/*
 * A platform that is served: opened, listening, told to others by a notice in
 * its folder, and stopped again without losing what was begun.
 */

#include "http/server.h"
#include "http/tunnel.h"
#include "platform/platform.h"

/* "127.0.0.1:8443", "[::1]:0". */
struct endpoint {
	char address[64]; /* numeric */
	uint16_t port;
	bool none;  /* not at all */
	bool given; /* by an option */
};
/* 'text' NULL: 'otherwise'. "none" is understood. ACTAS_EUSAGE names the
 * option. */
enum actas_error endpoint_read(const char *option, const char *text,
    const char *otherwise, struct endpoint *e,
    struct fault *fault) ACTAS_MUST_USE;
bool endpoint_is_loopback(const struct endpoint *e);
/* Every address of the machine. */
bool endpoint_is_any(const struct endpoint *e);

/* What happens, one line an event on standard error, with its time. Any
 * thread. The context is not used. */
void serving_log(void *context, const char *line);

struct serving {
	const char *folder;
	struct endpoint listen, proxy;
	struct clock clock;
	struct platform platform;
	struct api *api;
	struct server *server;
	struct tunnel *tunnel; /* NULL: none */
	/* once it listens; 'proxy_url' is NULL without a tunnel */
	const char *url, *proxy_url, *authority;
	moment complained; /* of a certificate that cannot be renewed */
	struct arena arena;
};

enum actas_error serving_start(struct serving *s,
    const struct secret_bytes *passphrase, struct fault *fault) ACTAS_MUST_USE;
/* What is due from time to time: the next signing key, and the server's
 * certificate, which is renewed before it ends and shown to whoever connects
 * from then on. */
void serving_care(struct serving *s);
/* Sleeps until it is told to stop, and does meanwhile what is due. */
void serving_wait(struct serving *s);
/* Requests in flight finish; what they did is on the disk. After a failed
 * start too. */
void serving_stop(struct serving *s);

/* serve.json: how other processes find the server. Removed by stop. */
enum actas_error notice_write(
    struct serving *s, struct fault *fault) ACTAS_MUST_USE;
void notice_remove(const struct serving *s);

/* Tells a service manager ("READY=1"), where NOTIFY_SOCKET names one. */
void notify_manager(const char *state);

#endif
