#ifndef API_ARM_ASSIGNMENTS_H
#define API_ARM_ASSIGNMENTS_H

#include "api/arm/arm.h"

/* A stored role assignment as the scope of the request sees it; takes and
 * gives the reference. */
json_t *arm_assignment_show(struct arm_call *c, json_t *assignment);

#endif
