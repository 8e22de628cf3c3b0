#include "api/entra/entra.h"

/* Those of AD FS stand before the patterns that "adfs" fits as a tenant. */
const struct route entra_routes[] = {
    {HTTP_GET, "/adfs/.well-known/openid-configuration", entra_openid_adfs,
	NULL},
    {HTTP_GET, "/{tenant}/.well-known/openid-configuration", entra_openid_v1,
	NULL},
    {HTTP_GET, "/{tenant}/v2.0/.well-known/openid-configuration",
	entra_openid_v2, NULL},
    {HTTP_GET, "/{tenant}/discovery/v2.0/keys", entra_keys_v2, NULL},
    {HTTP_GET, "/{tenant}/discovery/keys", entra_keys_v1, NULL},
    {HTTP_GET, "/{tenant}/discovery/instance", entra_instance, NULL},
    {HTTP_POST, "/adfs/oauth2/token", entra_token_adfs, NULL},
    {HTTP_POST, "/{tenant}/oauth2/token", entra_token_v1, NULL},
    {HTTP_POST, "/{tenant}/oauth2/v2.0/token", entra_token_v2, NULL},
    {0},
};
