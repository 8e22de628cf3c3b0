/* Any head of a proxy request: what is let through names a host and a port,
 * inside of the head, and what is not gives out nothing. */
#include "http/tunnel.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice head = {(const char *)data, size}, host;
	uint16_t port;

	if (tunnel_parse(head, &host, &port) != ACTAS_OK) {
		if (host.length != 0)
			abort();
		return 0;
	}
	if (port == 0 || host.length == 0 || host.length > 255 ||
	    host.at < head.at ||
	    host.at + host.length > head.at + head.length ||
	    !slice_starts(head, SLICE("CONNECT ")) ||
	    !slice_ends(head, SLICE("\r\n\r\n")))
		abort();
	for (size_t i = 0; i < host.length; i++)
		if ((unsigned char)host.at[i] <= ' ' ||
		    (unsigned char)host.at[i] > '~')
			abort();
	return 0;
}
