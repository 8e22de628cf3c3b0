#ifndef API_ARM_ROLES_H
#define API_ARM_ROLES_H

/* Role definitions: those that were made here, and those that ship. */

#include "api/arm/arm.h"

/* The definition in ARM's shape; new reference, NULL where there is none. */
json_t *arm_role_get(struct arm_call *c, struct guid id);
/* Whether roles may be assigned by it at the scope: the scope lies at one of
 * its assignable scopes or below. */
bool arm_role_covers(struct arm_call *c, const json_t *role, struct slice path);
/* "…/providers/Microsoft.Authorization/roleDefinitions/{id}", as seen from a
 * scope: with its subscription in front, if it has one. */
json_t *arm_role_path(const struct arm_scope *from, struct guid id);
/* The GUID at the end of such a path, or alone. */
bool arm_role_id(struct slice path, struct guid *id);
/* The permissions of an estate's role, as a list in ARM's shape. */
json_t *arm_role_permissions(const struct estate *e, const struct role *role);
/* What is wrong with the body of a definition: arm_refuse. */
void arm_role_check(struct arm_call *c);
bool arm_role_is_custom(const json_t *role);

#endif
