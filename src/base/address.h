#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

/* Addresses of clients, as text. */

#include "base/slice.h"

/* For counting by source: everybody has 2^64 addresses of version 6, so of
 * those the network (/64) counts. Any text has a hash. */
uint64_t address_hash(struct slice address);

#endif
