#ifndef API_ENTRA_ENTRA_H
#define API_ENTRA_ENTRA_H

/* The token service: what its table of routes calls. */

#include "api/api.h"

/* Discovery (discovery.c). */
void entra_openid_v1(struct exchange *x);
void entra_openid_v2(struct exchange *x);
void entra_openid_adfs(struct exchange *x);
void entra_keys_v1(struct exchange *x);
void entra_keys_v2(struct exchange *x);
void entra_instance(struct exchange *x);

/* Tokens (token.c). */
void entra_token_v1(struct exchange *x);
void entra_token_v2(struct exchange *x);
void entra_token_adfs(struct exchange *x);

#endif
