#include "http/server_private.h"
#include "http/socket.h"

#include "keys/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* Forward secrecy and authenticated encryption only. */
#define PRIORITIES                                                       \
	"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-RSA:" \
	"+ECDHE-ECDSA:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-"  \
	"POLY1305"

enum { DESCRIPTORS_BESIDE = 256 };

void
server_unref(struct server *s)
{
	if (atomic_fetch_sub(&s->references, 1) != 1)
		return;
	pthread_mutex_destroy(&s->mutex);
	mem_free(s);
}

/* --- what libmicrohttpd calls --- */

static enum MHD_Result
on_accept(void *server, const struct sockaddr *from, socklen_t length)
{
	struct server *s = server;

	(void)length;
	return !atomic_load(&s->draining) && peers_may_come(&s->peers, from)
	    ? MHD_YES
	    : MHD_NO;
}

static void
on_connection(void *server, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode what)
{
	struct server *s = server;
	const union MHD_ConnectionInfo *from, *fd;
	struct peer *peer = *context;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (peer != NULL) {
			call_close(peer->call);
			peers_remove(&s->peers, peer);
		}
		return;
	}
	from = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	fd = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	peer = peers_add(&s->peers, from->client_addr, fd->connect_fd);
	if (peer != NULL)
		peer_await(peer, s->options.request_seconds);
	*context = peer;
	shown_use(&s->shown, connection);
}

ACTAS_PRINTF(2, 0)
static void
on_log(void *server, const char *format, va_list args)
{
	struct server *s = server;

	server_logv(&s->library_log, format, args);
}

/* --- starting --- */

static void
make_room_for_descriptors(void)
{
	struct rlimit limit;
	const rlim_t wanted =
	    LIMIT_CONNECTIONS + 2 * LIMIT_TUNNELS + DESCRIPTORS_BESIDE;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void
add(struct MHD_OptionItem **to, enum MHD_OPTION option, intptr_t value,
    void *pointer)
{
	*(*to)++ = (struct MHD_OptionItem){option, value, pointer};
}

static struct MHD_Daemon *
start_daemon(struct server *s, const struct buffer *certificate,
    const struct buffer *key)
{
	const struct server_options *o = &s->options;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD |
	    MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
	struct MHD_OptionItem items[16], *to = items;

	add(&to, MHD_OPTION_LISTEN_SOCKET, s->listener, NULL);
	add(&to, MHD_OPTION_CONNECTION_LIMIT, LIMIT_CONNECTIONS, NULL);
	/* wiped by the library after each request, so no more than needed */
	add(&to, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    LIMIT_HEADER_BYTES + LIMIT_HEADER_BYTES / 2, NULL);
	add(&to, MHD_OPTION_CONNECTION_TIMEOUT, o->idle_seconds, NULL);
	add(&to, MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)call_on_completed, s);
	add(&to, MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, s);
	add(&to, MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)call_on_target, s);
	if (o->threads > 1)
		add(&to, MHD_OPTION_THREAD_POOL_SIZE, o->threads, NULL);
	if (o->certificate_path != NULL) {
		flags |= MHD_USE_TLS;
		add(&to, MHD_OPTION_HTTPS_MEM_CERT, 0, certificate->at);
		add(&to, MHD_OPTION_HTTPS_MEM_KEY, 0, key->at);
		add(&to, MHD_OPTION_HTTPS_PRIORITIES, 0,
		    (void *)(intptr_t)PRIORITIES);
	}
	add(&to, MHD_OPTION_END, 0, NULL);
	return MHD_start_daemon(flags, 0, on_accept, s, call_on_request, s,
	    MHD_OPTION_EXTERNAL_LOGGER, on_log, s, MHD_OPTION_ARRAY, items,
	    MHD_OPTION_END);
}

static enum actas_error
server_serve(struct server *s, struct fault *fault)
{
	struct buffer certificate = {0}, key = {0};
	enum actas_error e = ACTAS_OK;

	if (s->options.certificate_path != NULL)
		e = shown_read(&s->options, &certificate, &key, fault);
	if (e == ACTAS_OK) {
		s->daemon = start_daemon(s, &certificate, &key);
		if (s->daemon == NULL)
			e = fault_set(fault, ACTAS_EIO,
			    s->options.certificate_path, 0,
			    "the server does not start: are certificate and "
			    "key a pair in PEM form?");
	}
	s->shown.pem = certificate;
	wiped_release(&key);
	return e;
}

static void
set_defaults(struct server_options *o)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (o->address == NULL)
		o->address = "127.0.0.1";
	if (o->threads == 0)
		o->threads = processors < 1 ? 1 : (uint32_t)processors;
	if (o->idle_seconds == 0)
		o->idle_seconds = LIMIT_IDLE_SECONDS;
	if (o->request_seconds == 0)
		o->request_seconds = LIMIT_REQUEST_SECONDS;
	if (o->answer_seconds == 0)
		o->answer_seconds = LIMIT_ANSWER_SECONDS;
	if (o->pressed_seconds == 0)
		o->pressed_seconds = LIMIT_PRESSED_SECONDS;
}

enum actas_error
server_start(const struct server_options *options, struct server **server,
    struct fault *fault)
{
	struct server *s = mem_zero(1, sizeof *s);
	enum actas_error e;

	*server = NULL;
	if (s == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	s->options = *options;
	s->log.log = options->log;
	s->log.context = options->log_context;
	s->library_log = s->log;
	s->listener = -1;
	s->nothing = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->references = 1;
	pthread_mutex_init(&s->mutex, NULL);
	set_defaults(&s->options);
	make_room_for_descriptors();
	e = s->nothing < 0
	    ? fault_set(fault, ACTAS_EIO, NULL, 0,
		  "the system gives no descriptor: %s", strerror(errno))
	    : socket_listen(s->options.address, s->options.port, &s->listener,
		  &s->port, fault);
	if (e == ACTAS_OK)
		e = peers_start(
		    &s->peers, s->options.pressed_seconds, &s->log, fault);
	if (e == ACTAS_OK)
		e = server_serve(s, fault);
	if (e != ACTAS_OK) {
		server_stop(s, 0);
		return e;
	}
	*server = s;
	return ACTAS_OK;
}

uint16_t
server_port(const struct server *s)
{
	return s->port;
}

/* --- stopping --- */

/* Waits until nobody counts any more, at most so long. */
static void
wait_for_none(const _Atomic uint32_t *count, uint32_t milliseconds)
{
	const struct timespec nap = {.tv_nsec = 2000000};

	for (uint32_t t = 0; atomic_load(count) > 0 && t < milliseconds; t += 2)
		nanosleep(&nap, NULL);
}

/*
 * Not by MHD_quiesce_daemon: it takes the listener out of every thread's epoll
 * set while the thread may be doing the same, and who comes second ends the
 * process (0.9.75). Here the listener is closed by becoming a descriptor on
 * which nothing ever happens, and a closed one leaves the sets by itself.
 * Nobody is admitted from a moment before, so that no thread becomes full and
 * takes it out at that time.
 */
static void
stop_listening(struct server *s)
{
	const struct timespec nap = {.tv_nsec = 5000000};

	atomic_store(&s->draining, true);
	nanosleep(&nap, NULL);
	dup3(s->nothing, s->listener, O_CLOEXEC);
}

void
server_stop(struct server *s, uint32_t seconds)
{
	if (s == NULL)
		return;
	if (s->daemon != NULL) {
		stop_listening(s);
		wait_for_none(&s->busy, seconds * 1000);
		calls_abandon(s);
		wait_for_none(&s->busy, 1000);
		wait_for_none(&s->replying, UINT32_MAX);
		MHD_stop_daemon(s->daemon);
		s->listener = -1; /* closed by the library */
	}
	peers_stop(&s->peers);
	shown_release(&s->shown);
	if (s->listener >= 0)
		close(s->listener);
	if (s->nothing >= 0)
		close(s->nothing);
	server_unref(s);
}
