#include "http/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <unistd.h>

enum { BACKLOG = 512 };

enum actas_error
socket_address(const char *text, uint16_t port,
    struct sockaddr_storage *address, socklen_t *length, struct fault *fault)
{
	struct sockaddr_in v4 = {
	    .sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 v6 = {
	    .sin6_family = AF_INET6, .sin6_port = htons(port)};

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
		memcpy(address, &v4, *length = sizeof v4);
		return ACTAS_OK;
	}
	if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1) {
		memcpy(address, &v6, *length = sizeof v6);
		return ACTAS_OK;
	}
	return fault_set(
	    fault, ACTAS_EUSAGE, NULL, 0, "\"%s\" is no numeric address", text);
}

static bool
listen_at(int fd, const struct sockaddr_storage *address, socklen_t length)
{
	const int on = 1, off = 0;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (address->ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
	return bind(fd, (const struct sockaddr *)address, length) == 0 &&
	    listen(fd, BACKLOG) == 0;
}

enum actas_error
socket_listen(const char *text, uint16_t port, int *fd, uint16_t *bound,
    struct fault *fault)
{
	struct sockaddr_storage address = {0};
	struct sockaddr_in6 got = {0};
	socklen_t length = 0, room = sizeof got;
	enum actas_error e =
	    socket_address(text, port, &address, &length, fault);

	*fd = -1;
	if (e != ACTAS_OK)
		return e;
	*fd = socket(
	    address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (*fd >= 0 && listen_at(*fd, &address, length) &&
	    getsockname(*fd, (struct sockaddr *)&got, &room) == 0) {
		*bound = ntohs(got.sin6_port); /* IPv4's lies there too */
		return ACTAS_OK;
	}
	e = fault_set(fault, ACTAS_EIO, NULL, 0,
	    "cannot listen on %s, port %u: %s", text, port, strerror(errno));
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return e;
}

struct in6_addr
socket_peer(const struct sockaddr *from)
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

bool
socket_is_loopback(const struct in6_addr *address)
{
	return IN6_IS_ADDR_LOOPBACK(address) ||
	    (IN6_IS_ADDR_V4MAPPED(address) && address->s6_addr[12] == 127);
}

bool
socket_is_same(const struct in6_addr *a, const struct in6_addr *b)
{
	bool v4 = IN6_IS_ADDR_V4MAPPED(a) || IN6_IS_ADDR_V4MAPPED(b);

	return memcmp(a, b, v4 ? sizeof *a : sizeof *a / 2) == 0;
}
