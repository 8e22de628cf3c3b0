#ifndef ENGINE_RULES_SECRETS_H
#define ENGINE_RULES_SECRETS_H

/* What secrets hold; private to engine/rules*.c. */

#include "engine/rules/rules_check.h"

/*
 * Whether a secret holds something to keep. People store a credential's ids
 * next to it ("…-tenant-id", "…-client-id"): those are no secrets, whatever
 * says that the whole set holds the credential, and no rule speaks of them.
 */
bool holds_secret(const struct check *c, scope_id s);
/* A sink of a known identity in a secret that holds something to keep. */
bool sink_is_secret(const struct check *c, const struct sink *sink);

#endif
