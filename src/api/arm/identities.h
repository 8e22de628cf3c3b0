#ifndef API_ARM_IDENTITIES_H
#define API_ARM_IDENTITIES_H

#include "api/arm/arm.h"

/* Removes what hangs on a user-assigned identity: its service principal and
 * federated credentials, not its role assignments, which stay as orphans. */
void arm_identity_remove(
    struct arm_call *c, const json_t *identity, struct writes *writes);

#endif
