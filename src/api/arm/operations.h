#ifndef API_ARM_OPERATIONS_H
#define API_ARM_OPERATIONS_H

/* Every operation, for the table of routes. */

#include "api/arm/arm.h"

/* metadata.c */
extern const struct arm_operation arm_endpoints;

/* subscriptions.c */
extern const struct arm_operation arm_tenants, arm_subscriptions,
    arm_subscription, arm_locations;
/* Whether the caller sees anything of the subscription (or tenant) that the
 * request is about, and it is there; refuses otherwise. */
bool arm_must_see(struct arm_call *c);

/* providers.c */
extern const struct arm_operation arm_providers, arm_provider,
    arm_provider_register;

/* groups.c */
extern const struct arm_operation arm_groups, arm_group, arm_group_put,
    arm_group_delete;

/* resources.c */
extern const struct arm_operation arm_resources, arm_typed_resources,
    arm_resource, arm_resource_put, arm_resource_delete;

/* management_groups.c */
extern const struct arm_operation arm_management_groups, arm_management_group;

/* definitions.c */
extern const struct arm_operation arm_definitions, arm_definition,
    arm_definition_put, arm_definition_delete;

/* assignments.c, assignment_list.c */
extern const struct arm_operation arm_assignments, arm_assignment,
    arm_assignment_put, arm_assignment_delete;

/* denials.c, permissions.c */
extern const struct arm_operation arm_denials, arm_denial, arm_permissions,
    arm_no_schedules;

/* identities.c, federated.c */
extern const struct arm_operation arm_identities, arm_identity,
    arm_identity_put, arm_identity_delete, arm_federated, arm_federated_list,
    arm_federated_put, arm_federated_delete;

/* vault_secrets.c */
extern const struct arm_operation arm_vault_secrets, arm_vault_secret,
    arm_vault_secret_put;

/* vaults.c, vault_policies.c, vault_deleted.c */
extern const struct arm_operation arm_vaults, arm_vault, arm_vault_put,
    arm_vault_remove, arm_vault_policies, arm_vault_name, arm_deleted_vaults,
    arm_deleted_vault, arm_deleted_vault_purge, arm_vault_result;

#endif
