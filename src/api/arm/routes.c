#include "api/arm/operations.h"

/*
 * The paths of the resource manager. The first row that fits counts, so what
 * has operations of its own stands before the resources of any type.
 */

#define SUB     "/subscriptions/{subscription}"
#define GROUP   SUB "/resourceGroups/{group}"
#define AUTH    "/{scope...}/providers/Microsoft.Authorization/"
#define VAULTS  "/providers/Microsoft.KeyVault/"
#define MANAGED "/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
#define ANY     "/{scope...}/providers/{namespace}/{type}"
#define CREATE  (HTTP_PUT | HTTP_PATCH)
#define LOOK    (HTTP_GET | HTTP_HEAD)

#define ROW(methods, pattern, operation)                   \
	{                                                  \
		methods, pattern, arm_handle, &(operation) \
	}

const struct route arm_routes[] = {
    ROW(HTTP_GET, "/metadata/endpoints", arm_endpoints),
    ROW(HTTP_GET, "/tenants", arm_tenants),

    ROW(HTTP_GET, "/subscriptions", arm_subscriptions),
    ROW(HTTP_GET, SUB, arm_subscription),
    ROW(HTTP_GET, SUB "/locations", arm_locations),
    ROW(HTTP_GET, SUB "/resources", arm_resources),
    ROW(HTTP_GET, GROUP "/resources", arm_resources),
    ROW(HTTP_GET, SUB "/resourceGroups", arm_groups),
    ROW(LOOK, GROUP, arm_group),
    ROW(CREATE, GROUP, arm_group_put),
    ROW(HTTP_DELETE, GROUP, arm_group_delete),

    ROW(HTTP_GET, "/{scope...}/providers", arm_providers),
    ROW(HTTP_GET, "/{scope...}/providers/{namespace}", arm_provider),
    ROW(HTTP_POST, "/{scope...}/providers/{namespace}/register",
	arm_provider_register),

    ROW(HTTP_GET, "/providers/Microsoft.Management/managementGroups",
	arm_management_groups),
    ROW(HTTP_GET, "/providers/Microsoft.Management/managementGroups/{group}",
	arm_management_group),

    ROW(HTTP_GET, AUTH "roleDefinitions", arm_definitions),
    ROW(HTTP_GET, AUTH "roleDefinitions/{id}", arm_definition),
    ROW(HTTP_PUT, AUTH "roleDefinitions/{id}", arm_definition_put),
    ROW(HTTP_DELETE, AUTH "roleDefinitions/{id}", arm_definition_delete),
    ROW(HTTP_GET, AUTH "roleAssignments", arm_assignments),
    ROW(HTTP_GET, AUTH "roleAssignments/{id}", arm_assignment),
    ROW(HTTP_PUT, AUTH "roleAssignments/{id}", arm_assignment_put),
    ROW(HTTP_DELETE, AUTH "roleAssignments/{id}", arm_assignment_delete),
    ROW(HTTP_GET, AUTH "denyAssignments", arm_denials),
    ROW(HTTP_GET, AUTH "denyAssignments/{id}", arm_denial),
    ROW(HTTP_GET, AUTH "permissions", arm_permissions),
    ROW(HTTP_GET, AUTH "roleAssignmentSchedules", arm_no_schedules),
    ROW(HTTP_GET, AUTH "roleAssignmentScheduleInstances", arm_no_schedules),
    ROW(HTTP_GET, AUTH "roleAssignmentScheduleRequests", arm_no_schedules),
    ROW(HTTP_GET, AUTH "roleEligibilitySchedules", arm_no_schedules),
    ROW(HTTP_GET, AUTH "roleEligibilityScheduleInstances", arm_no_schedules),
    ROW(HTTP_GET, AUTH "roleEligibilityScheduleRequests", arm_no_schedules),
    ROW(HTTP_GET, AUTH "classicAdministrators", arm_no_schedules),

    ROW(HTTP_GET, SUB MANAGED, arm_identities),
    ROW(HTTP_GET, GROUP MANAGED, arm_identities),
    ROW(HTTP_GET, GROUP MANAGED "/{name}", arm_identity),
    ROW(CREATE, GROUP MANAGED "/{name}", arm_identity_put),
    ROW(HTTP_DELETE, GROUP MANAGED "/{name}", arm_identity_delete),
    ROW(HTTP_GET, GROUP MANAGED "/{name}/federatedIdentityCredentials",
	arm_federated_list),
    ROW(HTTP_GET, GROUP MANAGED "/{name}/federatedIdentityCredentials/{id}",
	arm_federated),
    ROW(HTTP_PUT, GROUP MANAGED "/{name}/federatedIdentityCredentials/{id}",
	arm_federated_put),
    ROW(HTTP_DELETE, GROUP MANAGED "/{name}/federatedIdentityCredentials/{id}",
	arm_federated_delete),

    ROW(HTTP_GET, SUB VAULTS "vaults", arm_vaults),
    ROW(HTTP_GET, GROUP VAULTS "vaults", arm_vaults),
    ROW(HTTP_POST, SUB VAULTS "checkNameAvailability", arm_vault_name),
    ROW(HTTP_GET, SUB VAULTS "deletedVaults", arm_deleted_vaults),
    ROW(HTTP_GET, SUB VAULTS "locations/{location}/deletedVaults/{name}",
	arm_deleted_vault),
    ROW(HTTP_POST, SUB VAULTS "locations/{location}/deletedVaults/{name}/purge",
	arm_deleted_vault_purge),
    ROW(HTTP_GET, SUB VAULTS "locations/{location}/operationResults/{id}",
	arm_vault_result),
    ROW(HTTP_GET, GROUP VAULTS "vaults/{name}", arm_vault),
    ROW(CREATE, GROUP VAULTS "vaults/{name}", arm_vault_put),
    ROW(HTTP_DELETE, GROUP VAULTS "vaults/{name}", arm_vault_remove),
    ROW(HTTP_PUT, GROUP VAULTS "vaults/{name}/accessPolicies/{kind}",
	arm_vault_policies),
    ROW(HTTP_GET, GROUP VAULTS "vaults/{name}/secrets", arm_vault_secrets),
    ROW(HTTP_GET, GROUP VAULTS "vaults/{name}/secrets/{secret}",
	arm_vault_secret),
    ROW(CREATE, GROUP VAULTS "vaults/{name}/secrets/{secret}",
	arm_vault_secret_put),

    ROW(HTTP_GET, ANY, arm_typed_resources),
    ROW(LOOK, ANY "/{name}", arm_resource),
    ROW(HTTP_PUT, ANY "/{name}", arm_resource_put),
    ROW(HTTP_DELETE, ANY "/{name}", arm_resource_delete),
    ROW(LOOK, ANY "/{name}/{type2}/{name2}", arm_resource),
    ROW(HTTP_PUT, ANY "/{name}/{type2}/{name2}", arm_resource_put),
    ROW(HTTP_DELETE, ANY "/{name}/{type2}/{name2}", arm_resource_delete),
    ROW(LOOK, ANY "/{name}/{type2}/{name2}/{type3}/{name3}", arm_resource),
    ROW(HTTP_PUT, ANY "/{name}/{type2}/{name2}/{type3}/{name3}",
	arm_resource_put),
    ROW(HTTP_DELETE, ANY "/{name}/{type2}/{name2}/{type3}/{name3}",
	arm_resource_delete),
    {0},
};
