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
struct slice surface_vault_label(struct slice host);

#endif
