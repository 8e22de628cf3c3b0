/*
 * Who is connected, and whether they keep somebody waiting. libmicrohttpd
 * closes a connection on which nothing happens; one that sends a byte now and
 * then stays open for as long as it likes. So each connection has a deadline
 * for what is expected of it next, a request or taking an answer, and a
 * thread that looks at them once a second shuts the socket of those that
 * missed theirs; the library notices and cleans up. An entry goes before its
 * descriptor is closed, under the mutex, so that no other connection's socket
 * can be shut by mistake.
 *
 * Where three quarters of all connections are there, or of all room for bodies
 * is taken, those who have kept us waiting for a request for a while are shut
 * too: they are idle, or slow, and somebody else is at the door.
 */
#include "http/server_private.h"
#include "http/socket.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <time.h>

static void
write_address(struct peer *peer)
{
	if (IN6_IS_ADDR_V4MAPPED(&peer->address))
		inet_ntop(AF_INET, &peer->address.s6_addr[12], peer->text,
		    sizeof peer->text);
	else
		inet_ntop(
		    AF_INET6, &peer->address, peer->text, sizeof peer->text);
}

bool
peers_may_come(struct peers *peers, const struct sockaddr *from)
{
	struct in6_addr address = socket_peer(from);
	uint32_t n = 0;

	/* Every client of this machine has the same address. */
	if (socket_is_loopback(&address))
		return true;
	pthread_mutex_lock(&peers->mutex);
	for (const struct peer *p = peers->newest; p != NULL; p = p->older)
		n += socket_is_same(&p->address, &address);
	pthread_mutex_unlock(&peers->mutex);
	if (n >= LIMIT_ADDRESS_CONNECTIONS)
		server_log(peers->log,
		    "an address reached its ceiling of %u connections",
		    LIMIT_ADDRESS_CONNECTIONS);
	return n < LIMIT_ADDRESS_CONNECTIONS;
}

struct peer *
peers_add(struct peers *peers, const struct sockaddr *from, int socket)
{
	struct peer *peer = mem_zero(1, sizeof *peer);

	if (peer == NULL)
		return NULL;
	peer->address = socket_peer(from);
	peer->loopback = socket_is_loopback(&peer->address);
	peer->socket = socket;
	peer->deadline = peer->waited_since = INT64_MAX;
	write_address(peer);
	pthread_mutex_lock(&peers->mutex);
	peer->older = peers->newest;
	if (peer->older != NULL)
		peer->older->newer = peer;
	peers->newest = peer;
	peers->count++;
	pthread_mutex_unlock(&peers->mutex);
	return peer;
}

void
peers_remove(struct peers *peers, struct peer *peer)
{
	pthread_mutex_lock(&peers->mutex);
	if (peer->older != NULL)
		peer->older->newer = peer->newer;
	if (peer->newer != NULL)
		peer->newer->older = peer->older;
	else
		peers->newest = peer->older;
	peers->count--;
	pthread_mutex_unlock(&peers->mutex);
	mem_free(peer);
}

static void
set(struct peer *peer, int64_t waited_since, int64_t deadline)
{
	atomic_store_explicit(
	    &peer->waited_since, waited_since, memory_order_relaxed);
	atomic_store_explicit(&peer->deadline, deadline, memory_order_relaxed);
}

void
peer_await(struct peer *peer, uint32_t seconds)
{
	int64_t now = server_seconds();

	set(peer, now, now + seconds);
}

void
peer_expect(struct peer *peer, uint32_t seconds)
{
	set(peer, INT64_MAX,
	    seconds == 0 ? INT64_MAX : server_seconds() + seconds);
}

/* What one other machine has sent of requests that are not whole yet. */
static size_t
share_of(struct peers *peers, const struct peer *peer)
{
	size_t share = 0;

	pthread_mutex_lock(&peers->mutex);
	for (const struct peer *p = peers->newest; p != NULL; p = p->older)
		if (socket_is_same(&p->address, &peer->address))
			share += atomic_load(&p->body_bytes);
	pthread_mutex_unlock(&peers->mutex);
	return share;
}

bool
peers_keep(struct peers *peers, struct peer *peer, size_t bytes)
{
	size_t all = atomic_fetch_add(&peers->body_bytes, bytes) + bytes;

	atomic_fetch_add(&peer->body_bytes, bytes);
	if (all <= LIMIT_BODIES_BYTES / 2)
		return true;
	return all <= LIMIT_BODIES_BYTES &&
	    (peer->loopback || share_of(peers, peer) <= LIMIT_BODIES_BYTES / 4);
}

void
peers_dropped(struct peers *peers, size_t bytes)
{
	atomic_fetch_sub(&peers->body_bytes, bytes);
}

static bool
is_pressed(struct peers *peers)
{
	return peers->count > LIMIT_CONNECTIONS / 4 * 3 ||
	    atomic_load(&peers->body_bytes) > LIMIT_BODIES_BYTES / 4 * 3;
}

/* Why a connection is to be shut; NULL: it is not. */
static const char *
why_shut(
    const struct peers *peers, const struct peer *p, bool pressed, int64_t now)
{
	if (atomic_load_explicit(&p->deadline, memory_order_relaxed) < now)
		return "took too long over a request or an answer";
	if (pressed &&
	    atomic_load_explicit(&p->waited_since, memory_order_relaxed) <
		now - peers->pressed_seconds)
		return "had no request while there is little room";
	return NULL;
}

static void
shut_the_late(struct peers *peers)
{
	int64_t now = server_seconds();
	bool pressed = is_pressed(peers);

	for (struct peer *p = peers->newest; p != NULL; p = p->older) {
		const char *why = why_shut(peers, p, pressed, now);

		if (why == NULL)
			continue;
		shutdown(p->socket, SHUT_RDWR);
		set(p, INT64_MAX, INT64_MAX);
		server_log(peers->log, "%s %s: closed", p->text, why);
	}
}

static void *
watch(void *context)
{
	struct peers *peers = context;
	struct timespec next;

	pthread_mutex_lock(&peers->mutex);
	while (!peers->stop) {
		clock_gettime(CLOCK_MONOTONIC, &next);
		next.tv_sec++;
		pthread_cond_timedwait(&peers->stopping, &peers->mutex, &next);
		shut_the_late(peers);
	}
	pthread_mutex_unlock(&peers->mutex);
	return NULL;
}

enum actas_error
peers_start(struct peers *peers, uint32_t pressed_seconds,
    struct server_log *log, struct fault *fault)
{
	pthread_condattr_t attributes;

	peers->log = log;
	peers->pressed_seconds = pressed_seconds;
	pthread_mutex_init(&peers->mutex, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&peers->stopping, &attributes);
	pthread_condattr_destroy(&attributes);
	peers->started =
	    pthread_create(&peers->thread, NULL, watch, peers) == 0;
	if (!peers->started)
		return fault_set(fault, ACTAS_EIO, NULL, 0,
		    "cannot start a thread that watches the connections");
	return ACTAS_OK;
}

void
peers_stop(struct peers *peers)
{
	if (!peers->started)
		return;
	pthread_mutex_lock(&peers->mutex);
	peers->stop = true;
	pthread_cond_signal(&peers->stopping);
	pthread_mutex_unlock(&peers->mutex);
	pthread_join(peers->thread, NULL);
	peers->started = false;
}
