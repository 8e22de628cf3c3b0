#ifndef API_KEYVAULT_NETWORK_H
#define API_KEYVAULT_NETWORK_H

/*
 * A vault's network rules, which come before anybody's rights.
 *
 * Everybody here comes over the public network: there are no virtual
 * networks, no private links and no trusted services. So a vault without
 * public network access lets nobody in, rules for virtual networks let
 * nobody in, and "bypass" only changes the text of the refusal. A client on
 * the same machine is an address like any other (127.0.0.1, ::1), and gets in
 * where the rules list it: a laptop that plays the cloud denies as the cloud
 * would.
 */

#include "base/base.h"

#include <jansson.h>

enum network {
	NETWORK_OPEN,
	NETWORK_FIREWALL,         /* the address is on no list */
	NETWORK_FIREWALL_NO_ONE,  /* the same, bypass None */
	NETWORK_CONNECTION,       /* no public access */
	NETWORK_CONNECTION_NO_ONE /* the same, bypass None */
};

/* 'properties' are those of the vault as ARM has them; 'peer' is a numeric
 * address. */
enum network network_check(const json_t *properties, struct slice peer);

/* Whether the address is in the range "10.0.0.0/8", "10.1.2.3", "fd00::/8".
 * False for what is neither address nor range. A version 4 address that is
 * written as a version 6 one counts as itself. */
bool network_contains(struct slice range, struct slice address);

/* "conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;" */
const char *network_info(struct arena *arena, struct slice peer);

#endif
