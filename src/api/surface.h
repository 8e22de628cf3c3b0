#ifndef API_SURFACE_H
#define API_SURFACE_H

/*
 * Which surface a host name stands for. A name that is none of ours is
 * refused: that is what keeps a page in a browser, whose own name was pointed
 * at this machine (DNS rebinding), from being answered.
 */

#include "api/api.h"

enum surface {
	SURFACE_NONE, /* not ours */
	SURFACE_PATH, /* localhost and the server's own names: by path */
	SURFACE_ENTRA,
	SURFACE_GRAPH,
	SURFACE_ARM,
	SURFACE_KEYVAULT,
	SURFACE_LATER /* in the certificate, not served yet */
};

/* 'host': lower case, without port. */
enum surface surface_of_host(const struct api *api, struct slice host);
/* Whether the name is this machine's loopback or one of the server's own. */
bool surface_is_local(const struct api *api, struct slice host);
/* The label before a vault suffix ("kv1" of "kv1.vault.azure.net"), or
 * empty. */
struct slice surface_vault_label(const struct api *api, struct slice host);
/*
 * The name under whose "vault." the vaults have names that lead back to the
 * server, for a client that reached it as 'host': "localhost" for every name
 * and address of loopback, otherwise the server's own name. Empty where there
 * is none: for an address of another machine, or a name that the certificate
 * bears only by a wildcard. The certificate bears what stands under it
 * (keys/authority.h).
 */
struct slice surface_vaults_under(const struct api *api, struct slice host);
/* The host of "host", "host:port", "[v6]" or "[v6]:port", as written; '*rest'
 * is what follows it, from the colon on. */
struct slice surface_host_of(struct slice authority, struct slice *rest);

#endif
