/*
 * Who is connected, and whether they keep somebody waiting. libmicrohttpd
 * closes a connection on which nothing happens; one that sends a byte now and
 * then stays open for as long as it likes. So each connection has a deadline
 * for what is expected of it next, a request or taking an answer, and a
 * thread that looks at them once a second shuts the socket of those that
 * missed theirs; the library notices and cleans up. An entry goes before its
 * descriptor is closed, under the mutex, so that no other connection's socket
 * can be shut by mistake.
 */
#include "http/server_private.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <time.h>

/* IPv4 as its IPv6 form. */
static struct in6_addr
address_of(const struct sockaddr *from)
{
	struct in6_addr address = IN6ADDR_ANY_INIT;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (from->sa_family == AF_INET6) {
		memcpy(&v6, from, sizeof v6);
		return v6.sin6_addr;
	}
	memcpy(&v4, from, sizeof v4);
	address.s6_addr[10] = address.s6_addr[11] = 0xff;
	memcpy(&address.s6_addr[12], &v4.sin_addr, 4);
	return address;
}

static bool
is_loopback(const struct in6_addr *address)
{
	return IN6_IS_ADDR_LOOPBACK(address) ||
	    (IN6_IS_ADDR_V4MAPPED(address) && address->s6_addr[12] == 127);
}

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
	struct in6_addr address = address_of(from);
	uint32_t n = 0;

	/* Every client of this machine has the same address. */
	if (is_loopback(&address))
		return true;
	pthread_mutex_lock(&peers->mutex);
	for (const struct peer *p = peers->newest; p != NULL; p = p->older)
		n += memcmp(&p->address, &address, sizeof address) == 0;
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
	peer->address = address_of(from);
	peer->loopback = is_loopback(&peer->address);
	peer->socket = socket;
	peer->deadline = INT64_MAX;
	write_address(peer);
	pthread_mutex_lock(&peers->mutex);
	peer->older = peers->newest;
	if (peer->older != NULL)
		peer->older->newer = peer;
	peers->newest = peer;
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
	pthread_mutex_unlock(&peers->mutex);
	mem_free(peer);
}

void
peer_expect(struct peer *peer, uint32_t seconds)
{
	atomic_store_explicit(&peer->deadline,
	    seconds == 0 ? INT64_MAX : server_seconds() + seconds,
	    memory_order_relaxed);
}

static void
shut_the_late(struct peers *peers)
{
	int64_t now = server_seconds();

	for (struct peer *p = peers->newest; p != NULL; p = p->older) {
		if (atomic_load_explicit(&p->deadline, memory_order_relaxed) >=
		    now)
			continue;
		shutdown(p->socket, SHUT_RDWR);
		atomic_store(&p->deadline, INT64_MAX);
		server_log(peers->log,
		    "%s took too long over a request or an answer: closed",
		    p->text);
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
peers_start(struct peers *peers, struct server_log *log, struct fault *fault)
{
	pthread_condattr_t attributes;

	peers->log = log;
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
