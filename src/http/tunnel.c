/*
 * One thread and one epoll set. A link is a client, the server, and two
 * pipes of fixed size between them; it reads only what it has room for, so a
 * slow peer slows the other down and costs no memory. After every event a
 * link moves what can be moved, and then says what it waits for; an end that
 * waits for nothing leaves the set, or its hang-up would be reported for ever.
 * Links that ended are freed after the round, since the same round may hold
 * events for their other end.
 */
#include "http/exchange_private.h"
#include "http/socket.h"
#include "http/tunnel.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
	PIPE_BYTES = 16 << 10, /* also the most that a head may have */
	EVENTS = 64,
	TURNS = 8,         /* pieces moved before others are heard */
	LINGER_SECONDS = 2 /* for a client to read why it was refused */
};

enum link_state {
	LINK_HEAD,       /* waits for the client's request */
	LINK_CONNECTING, /* waits for the server to accept */
	LINK_OPEN,
	LINK_REFUSED /* sends why, then waits for the client to go */
};

struct end {
	struct link *link;
	int fd;
	uint32_t events; /* that epoll watches; 0: not in the set */
	bool eof;        /* nothing more comes from it */
	bool shut;       /* nothing more goes to it */
};

struct pipe {
	size_t from, to;
	char bytes[PIPE_BYTES];
};

struct link {
	struct link *older, *newer;
	enum link_state state;
	bool ended;
	int64_t deadline, moved; /* moved: when something last did */
	struct in6_addr from;
	struct end client, server;
	struct pipe up, down; /* to the server, to the client */
};

struct tunnel {
	struct tunnel_options options;
	struct sockaddr_storage target;
	socklen_t target_length;
	int epoll, listener, wake;
	uint16_t port;
	bool listening; /* the listener is in the set */
	bool started;
	pthread_t thread;
	struct link *newest;
	uint32_t count;
};

static int64_t
seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now.tv_sec;
}

/* --- pipes and ends --- */

static bool
would_block(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* Reads what there is room for; false where the connection is broken. */
static bool
end_read(struct end *end, struct pipe *into)
{
	ssize_t n;

	if (into->from == into->to)
		into->from = into->to = 0;
	if (end->eof || into->to == PIPE_BYTES)
		return true;
	n = recv(end->fd, into->bytes + into->to, PIPE_BYTES - into->to, 0);
	if (n > 0)
		into->to += (size_t)n;
	end->eof = n == 0;
	return n >= 0 || would_block();
}

static bool
end_write(struct end *end, struct pipe *from)
{
	ssize_t n;

	if (from->from == from->to)
		return true;
	n = send(end->fd, from->bytes + from->from, from->to - from->from,
	    MSG_NOSIGNAL);
	if (n > 0)
		from->from += (size_t)n;
	return n >= 0 || would_block();
}

/* Moves bytes; passes the end on when it was reached. */
static bool
pump(struct end *from, struct pipe *pipe, struct end *to)
{
	for (int turn = 0; turn < TURNS; turn++) {
		size_t before = pipe->to;

		if (!end_read(from, pipe) || !end_write(to, pipe))
			return false;
		if (pipe->from < pipe->to || pipe->to == before)
			break;
	}
	if (from->eof && pipe->from == pipe->to && !to->shut) {
		to->shut = true;
		shutdown(to->fd, SHUT_WR);
	}
	return true;
}

static void
end_watch(struct tunnel *t, struct end *end, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = end};

	if (end->fd < 0 || events == end->events)
		return;
	if (epoll_ctl(t->epoll,
		events == 0            ? EPOLL_CTL_DEL
		    : end->events == 0 ? EPOLL_CTL_ADD
				       : EPOLL_CTL_MOD,
		end->fd, &event) != 0)
		end->link->ended = true;
	end->events = events;
}

/* --- links --- */

static void link_say(struct link *l, const char *format, ...)
    ACTAS_PRINTF(2, 3);

static void
link_say(struct link *l, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(l->down.bytes, sizeof l->down.bytes, format, args);
	va_end(args);
	l->down.from = 0;
	l->down.to = n < 0 ? 0 : (size_t)n;
}

static void
link_refuse(
    struct link *l, const char *status, const char *why, struct slice host)
{
	char body[512];
	int n = snprintf(
	    body, sizeof body, "actas: %s%.*s\n", why, SLICE_ARGS(host));

	link_say(l,
	    "HTTP/1.1 %s\r\nContent-Type: text/plain\r\n"
	    "Content-Length: %d\r\nConnection: close\r\nAllow: CONNECT\r\n"
	    "\r\n%s",
	    status, n, body);
	l->state = LINK_REFUSED;
	l->deadline = seconds_now() + LINGER_SECONDS;
}

static void
link_connect(struct tunnel *t, struct link *l)
{
	const int on = 1;
	int fd = socket(
	    t->target.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	l->server.fd = fd;
	if (fd < 0 ||
	    (connect(fd, (const struct sockaddr *)&t->target,
		 t->target_length) != 0 &&
		errno != EINPROGRESS)) {
		link_refuse(l, "502 Bad Gateway",
		    "the platform does not answer", SLICE(""));
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	l->state = LINK_CONNECTING;
}

/* The head is there: refuse it, or connect. What followed it stays in 'up'. */
static void
link_request(struct tunnel *t, struct link *l, struct slice head)
{
	char lower[HOST_MOST];
	struct slice host;
	uint16_t port;
	enum actas_error e = tunnel_parse(head, &host, &port);

	for (size_t i = 0; i < host.length; i++)
		lower[i] = ascii_lower(host.at[i]);
	host.at = lower;
	l->up.from = head.length;
	if (e == ACTAS_EUSAGE)
		link_refuse(l, "405 Method Not Allowed",
		    "this proxy only tunnels (CONNECT); ask for https",
		    SLICE(""));
	else if (e != ACTAS_OK)
		link_refuse(l, "400 Bad Request", "the request is malformed",
		    SLICE(""));
	else if (!t->options.is_ours(t->options.context, host))
		link_refuse(l, "403 Forbidden",
		    "this proxy leads to the local platform only, and nothing "
		    "was sent; it does not bear the name ",
		    host);
	else
		link_connect(t, l);
}

static void
link_head(struct tunnel *t, struct link *l)
{
	struct slice come;
	size_t end;

	l->ended = !end_read(&l->client, &l->up);
	come = (struct slice){l->up.bytes, l->up.to};
	end = slice_find(come, SLICE("\r\n\r\n"));
	if (end != SIZE_MAX)
		link_request(t, l, slice_sub(come, 0, end + 4));
	else if (l->up.to == PIPE_BYTES)
		link_refuse(l, "431 Request Header Fields Too Large",
		    "the request is too large", SLICE(""));
	else if (l->client.eof)
		l->ended = true;
}

static void
link_connecting(struct tunnel *t, struct link *l)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof peer, size = sizeof(int);
	int error = 0;

	(void)t;
	if (getsockopt(l->server.fd, SOL_SOCKET, SO_ERROR, &error, &size) !=
		0 ||
	    error != 0) {
		link_refuse(l, "502 Bad Gateway",
		    "the platform does not answer", SLICE(""));
		return;
	}
	if (getpeername(l->server.fd, (struct sockaddr *)&peer, &length) != 0)
		return; /* not yet */
	link_say(l, "HTTP/1.1 200 Connection established\r\n\r\n");
	l->state = LINK_OPEN;
}

static void
link_open(struct tunnel *t, struct link *l)
{
	(void)t;
	l->moved = seconds_now();
	l->deadline = l->moved + LIMIT_ANSWER_SECONDS;
	l->ended = !pump(&l->client, &l->up, &l->server) ||
	    !pump(&l->server, &l->down, &l->client) ||
	    (l->client.shut && l->server.shut);
}

/* Were the socket closed with unread bytes in it, the client would get a
 * reset and not the answer. */
static void
link_refused(struct tunnel *t, struct link *l)
{
	(void)t;
	l->up.from = l->up.to = 0;
	if (!end_read(&l->client, &l->up) || !end_write(&l->client, &l->down))
		l->ended = true;
	if (l->down.from == l->down.to && !l->client.shut) {
		l->client.shut = true;
		shutdown(l->client.fd, SHUT_WR);
	}
	l->ended |= l->client.eof && l->client.shut;
}

static void
link_watch(struct tunnel *t, struct link *l)
{
	uint32_t client = 0, server = 0;

	if (l->down.from < l->down.to)
		client |= EPOLLOUT;
	if (!l->client.eof && l->state != LINK_CONNECTING &&
	    (l->up.to < PIPE_BYTES || l->up.from == l->up.to))
		client |= EPOLLIN;
	if (l->state == LINK_CONNECTING ||
	    (l->state == LINK_OPEN && l->up.from < l->up.to))
		server |= EPOLLOUT;
	if (l->state == LINK_OPEN && !l->server.eof &&
	    (l->down.to < PIPE_BYTES || l->down.from == l->down.to))
		server |= EPOLLIN;
	end_watch(t, &l->client, client);
	end_watch(t, &l->server, server);
}

static void
link_step(struct tunnel *t, struct link *l)
{
	static void (*const steps[])(struct tunnel *, struct link *) = {
	    [LINK_HEAD] = link_head,
	    [LINK_CONNECTING] = link_connecting,
	    [LINK_OPEN] = link_open,
	    [LINK_REFUSED] = link_refused,
	};
	enum link_state before;

	do {
		before = l->state;
		steps[before](t, l);
	} while (l->state != before && !l->ended);
	if (!l->ended)
		link_watch(t, l);
}

/* Whether one more from there is within its ceiling. Every client of this
 * machine has the same address. */
static bool
may_come(const struct tunnel *t, const struct in6_addr *from)
{
	uint32_t n = 0;

	if (socket_is_loopback(from))
		return true;
	for (const struct link *l = t->newest; l != NULL; l = l->older)
		n += socket_is_same(&l->from, from);
	return n < LIMIT_ADDRESS_TUNNELS;
}

static void
link_add(struct tunnel *t, int fd, const struct in6_addr *from)
{
	struct link *l = may_come(t, from) ? mem_alloc(sizeof *l) : NULL;
	const int on = 1;

	if (l == NULL) {
		close(fd);
		return;
	}
	memset(l, 0, offsetof(struct link, up));
	l->up.from = l->up.to = l->down.from = l->down.to = 0;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	l->client = (struct end){.link = l, .fd = fd};
	l->server = (struct end){.link = l, .fd = -1};
	l->from = *from;
	l->moved = seconds_now();
	l->deadline = l->moved + t->options.head_seconds;
	l->older = t->newest;
	if (l->older != NULL)
		l->older->newer = l;
	t->newest = l;
	t->count++;
	link_watch(t, l);
}

static void
link_free(struct tunnel *t, struct link *l)
{
	if (l->older != NULL)
		l->older->newer = l->newer;
	if (l->newer != NULL)
		l->newer->older = l->older;
	else
		t->newest = l->older;
	t->count--;
	close(l->client.fd);
	if (l->server.fd >= 0)
		close(l->server.fd);
	mem_free(l);
}

/* Frees what ended, and what is late; whether there was any. */
static bool
links_sweep(struct tunnel *t)
{
	int64_t now = seconds_now(), still = now - t->options.pressed_seconds;
	bool pressed = t->count > LIMIT_TUNNELS / 4 * 3;
	uint32_t before = t->count;
	struct link *older;

	for (struct link *l = t->newest; l != NULL; l = older) {
		older = l->older;
		if (l->ended || l->deadline < now ||
		    (pressed && l->moved < still))
			link_free(t, l);
	}
	return t->count < before;
}

/* --- the thread --- */

/* A full house, or want of descriptors, leaves clients in the queue. */
static void
listen_if(struct tunnel *t, bool wanted)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = t};

	if (wanted == t->listening)
		return;
	if (epoll_ctl(t->epoll, wanted ? EPOLL_CTL_ADD : EPOLL_CTL_DEL,
		t->listener, &event) == 0)
		t->listening = wanted;
}

static void
accept_all(struct tunnel *t)
{
	while (t->count < LIMIT_TUNNELS) {
		struct sockaddr_storage from = {0};
		socklen_t length = sizeof from;
		struct in6_addr address;
		int fd = accept4(t->listener, (struct sockaddr *)&from, &length,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0) {
			listen_if(t, would_block() || errno == ECONNABORTED);
			return;
		}
		address = socket_peer((const struct sockaddr *)&from);
		link_add(t, fd, &address);
	}
	listen_if(t, false);
}

/* False at the event that ends the thread. */
static bool
handle_event(struct tunnel *t, void *whose)
{
	struct end *end = whose;

	if (whose == NULL)
		return false;
	if (whose == t)
		accept_all(t);
	else if (!end->link->ended)
		link_step(t, end->link);
	return true;
}

static void *
run(void *context)
{
	struct tunnel *t = context;
	struct epoll_event events[EVENTS];
	int64_t second = 0;
	bool goes_on = true;

	while (goes_on) {
		int n = epoll_wait(t->epoll, events, EVENTS, 1000);

		for (int i = 0; i < n && goes_on; i++)
			goes_on = handle_event(t, events[i].data.ptr);
		if (links_sweep(t) || seconds_now() != second)
			listen_if(t, t->count < LIMIT_TUNNELS);
		second = seconds_now();
	}
	while (t->newest != NULL)
		link_free(t, t->newest);
	return NULL;
}

static enum actas_error
tunnel_open(struct tunnel *t, struct fault *fault)
{
	const char *address = t->options.address;
	struct epoll_event wake = {.events = EPOLLIN, .data.ptr = NULL};
	enum actas_error e = socket_address(t->options.target_address,
	    t->options.target_port, &t->target, &t->target_length, fault);

	if (e == ACTAS_OK)
		e = socket_listen(address == NULL ? "127.0.0.1" : address,
		    t->options.port, &t->listener, &t->port, fault);
	if (e != ACTAS_OK)
		return e;
	t->epoll = epoll_create1(EPOLL_CLOEXEC);
	t->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (t->epoll < 0 || t->wake < 0 ||
	    epoll_ctl(t->epoll, EPOLL_CTL_ADD, t->wake, &wake) != 0)
		return fault_set(fault, ACTAS_EIO, NULL, 0,
		    "cannot open the tunnel: %s", strerror(errno));
	listen_if(t, true);
	t->started = pthread_create(&t->thread, NULL, run, t) == 0;
	if (!t->started)
		return fault_set(fault, ACTAS_EIO, NULL, 0,
		    "cannot start the tunnel's thread");
	return ACTAS_OK;
}

enum actas_error
tunnel_start(const struct tunnel_options *options, struct tunnel **tunnel,
    struct fault *fault)
{
	struct tunnel *t = mem_zero(1, sizeof *t);
	enum actas_error e;

	*tunnel = NULL;
	if (t == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	t->options = *options;
	if (t->options.head_seconds == 0)
		t->options.head_seconds = LIMIT_REQUEST_SECONDS;
	if (t->options.pressed_seconds == 0)
		t->options.pressed_seconds = LIMIT_PRESSED_SECONDS;
	t->epoll = t->listener = t->wake = -1;
	e = tunnel_open(t, fault);
	if (e != ACTAS_OK) {
		tunnel_stop(t);
		return e;
	}
	*tunnel = t;
	return ACTAS_OK;
}

uint16_t
tunnel_port(const struct tunnel *t)
{
	return t->port;
}

static void
close_if_open(int fd)
{
	if (fd >= 0)
		close(fd);
}

void
tunnel_stop(struct tunnel *t)
{
	if (t == NULL)
		return;
	if (t->started) {
		eventfd_write(t->wake, 1);
		pthread_join(t->thread, NULL);
	}
	close_if_open(t->listener);
	close_if_open(t->epoll);
	close_if_open(t->wake);
	mem_free(t);
}
