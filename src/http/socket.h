#ifndef HTTP_SOCKET_H
#define HTTP_SOCKET_H

#include "base/base.h"

#include <netinet/in.h>
#include <sys/socket.h>

/* A numeric address, IPv4 or IPv6; ACTAS_EUSAGE. */
enum actas_error socket_address(const char *text, uint16_t port,
    struct sockaddr_storage *address, socklen_t *length,
    struct fault *fault) ACTAS_MUST_USE;
/* A socket that listens there and does not block; port 0 is any free one,
 * '*bound' the one that it got. '*fd' is -1 where it fails. */
enum actas_error socket_listen(const char *text, uint16_t port, int *fd,
    uint16_t *bound, struct fault *fault) ACTAS_MUST_USE;

/* --- who is at the other end --- */

/* IPv4 as its IPv6 form. */
struct in6_addr socket_peer(const struct sockaddr *from);
bool socket_is_loopback(const struct in6_addr *address);
/* Whether one party may have both: one address of IPv4, one network of 64 bits
 * of IPv6, which is the least that a host is given. */
bool socket_is_same(const struct in6_addr *a, const struct in6_addr *b);

#endif
