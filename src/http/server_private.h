#ifndef HTTP_SERVER_PRIVATE_H
#define HTTP_SERVER_PRIVATE_H

/* What the files of the server share: log.c, peers.c, head.c, call.c. */

#include "http/exchange_private.h"
#include "http/server.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

/* --- server_log.c: at most one line a second, and how many were left out ---
 */

struct server_log {
	void (*log)(void *context, const char *line);
	void *context;
	_Atomic int64_t last;
	_Atomic uint32_t left_out;
};

void server_log(struct server_log *log, const char *format, ...)
    ACTAS_PRINTF(2, 3);
void server_logv(struct server_log *log, const char *format, va_list args)
    ACTAS_PRINTF(2, 0);
/* Seconds of a clock that only goes forward. */
int64_t server_seconds(void);

/* --- peers.c: the connections, and how long each may take --- */

struct call;

struct peer {
	struct peer *older, *newer;
	struct in6_addr address;
	char text[INET6_ADDRSTRLEN];
	bool loopback;
	int socket;
	struct call *call; /* under way; the connection's thread only */
	/* in server_seconds; INT64_MAX: we are the ones who take time */
	_Atomic int64_t deadline;
	/* since when for a request; INT64_MAX: not for one */
	_Atomic int64_t waited_since;
	_Atomic size_t body_bytes; /* kept of a request that comes */
};

struct peers {
	pthread_mutex_t mutex;
	pthread_cond_t stopping;
	pthread_t thread;
	bool started, stop;
	struct peer *newest;
	uint32_t count;
	uint32_t pressed_seconds;
	_Atomic size_t body_bytes; /* of all, and of those who left */
	struct server_log *log;
};

enum actas_error peers_start(struct peers *peers, uint32_t pressed_seconds,
    struct server_log *log, struct fault *fault) ACTAS_MUST_USE;
void peers_stop(struct peers *peers);
/* Whether one more connection from there is within its ceiling. */
bool peers_may_come(struct peers *peers, const struct sockaddr *from);
/* NULL when out of memory. */
struct peer *peers_add(
    struct peers *peers, const struct sockaddr *from, int socket);
void peers_remove(struct peers *peers, struct peer *peer);
/* Whether so many more bytes of a body may be kept; they then count, until
 * peers_dropped. */
bool peers_keep(struct peers *peers, struct peer *peer, size_t bytes);
void peers_dropped(struct peers *peers, size_t bytes);
/* The other side has so many seconds from now for a request. */
void peer_await(struct peer *peer, uint32_t seconds);
/* It has so many to take an answer; 0: it waits for us. */
void peer_expect(struct peer *peer, uint32_t seconds);

/* --- shown.c: what the server shows who it is by --- */

/*
 * The library has one certificate for its life. Others come later, for
 * connections that come later still. Those that were are kept until the end,
 * since a connection that began with one uses it as long as it likes; they are
 * few.
 */
struct shown {
	struct buffer pem; /* the certificate that was read last */
	struct credentials *_Atomic newest; /* NULL: the library's own */
};

/* Both files; they are a pair as far as the library can tell. */
enum actas_error shown_read(const struct server_options *options,
    struct buffer *certificate, struct buffer *key,
    struct fault *fault) ACTAS_MUST_USE;
/* Before the first byte of a connection. */
void shown_use(struct shown *shown, struct MHD_Connection *connection);
/* When no connection is left. */
void shown_release(struct shown *shown);

/* --- head.c --- */

/* Whether the head of a request was written as RFC 9112 says, in the places
 * that the library forgives. 'bytes' from 'method' on are the head. */
bool head_is_strict(const char *method, const char *version, size_t bytes,
    size_t target_length);

/* --- call.c: one request on its connection --- */

struct server {
	struct server_options options;
	struct MHD_Daemon *daemon;
	struct server_log log, library_log;
	struct peers peers;
	struct shown shown;
	int listener;
	int nothing; /* what the listener becomes in the end */
	uint16_t port;
	_Atomic uint32_t references; /* the owner's, and of every call */
	_Atomic uint32_t busy;       /* calls on their connections */
	_Atomic uint32_t replying;   /* threads inside of exchange_reply */
	_Atomic bool draining;       /* connections end with their answer */
	pthread_mutex_t mutex;
	struct call *asleep; /* under the mutex */
	_Atomic bool closed; /* no call goes to sleep any more */
};

void server_unref(struct server *s);
/* Wakes the calls whose answer did not come in time; they say 503. */
void calls_abandon(struct server *s);

/* The connection is done with the call, if there is one. */
void call_close(struct call *c);

/* For libmicrohttpd. */
void *call_on_target(
    void *server, const char *target, struct MHD_Connection *connection);
enum MHD_Result call_on_request(void *server, struct MHD_Connection *connection,
    const char *url, const char *method, const char *version, const char *body,
    size_t *body_bytes, void **call);
void call_on_completed(void *server, struct MHD_Connection *connection,
    void **call, enum MHD_RequestTerminationCode why);

#endif
