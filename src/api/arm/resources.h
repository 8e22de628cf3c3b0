#ifndef API_ARM_RESOURCES_H
#define API_ARM_RESOURCES_H

#include "api/arm/arm.h"

/* What keys of resources below the scope begin with; empty when out of
 * memory. */
struct slice arm_resources_prefix(struct arm_call *c);
/* Deletes all that lies in a resource group. */
enum actas_error arm_delete_resources(
    struct arm_call *c, struct writes *writes) ACTAS_MUST_USE;
/* Whether a namespace is served (providers.c). */
bool arm_is_namespace(struct slice space);

#endif
