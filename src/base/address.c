#include "base/address.h"

#include <arpa/inet.h>
#include <string.h>

uint64_t
address_hash(struct slice address)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr parsed;

	if (address.length < sizeof text) {
		memcpy(text, address.at, address.length);
		text[address.length] = '\0';
		if (inet_pton(AF_INET6, text, &parsed) == 1)
			return slice_hash(
			    (struct slice){(const char *)&parsed, 8});
	}
	return slice_hash(address);
}
