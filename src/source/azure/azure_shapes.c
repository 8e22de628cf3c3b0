#include "source/azure/azure_readers.h"

/*
 * What is recognised. A document is held against the requests of this table
 * first, then its first element against the keys; the first row that fits is
 * what the whole document is a list of. A row without a request is known by
 * its keys alone, a row without keys by its request alone.
 *
 * Rows with more particular keys stand before those with fewer.
 */

#define AUTHORIZATION "providers/Microsoft.Authorization/"
#define DIRECTORY     "roleManagement/directory/"

static const struct azure_shape shapes[] = {
    {"an answer", "request body", NULL, azure_read_answer},

    /* Azure RBAC */
    {"an eligible role assignment",
	"roleEligibilityScheduleId roleDefinitionId"
	" principalId scope",
	AUTHORIZATION "roleEligibilityScheduleInstances",
	azure_read_eligibility},
    {"an active role assignment",
	"roleAssignmentScheduleId roleDefinitionId "
	"principalId scope",
	AUTHORIZATION "roleAssignmentScheduleInstances",
	azure_read_active_instance},
    {"a role assignment", "roleDefinitionId principalId scope",
	AUTHORIZATION "roleAssignments", azure_read_assignment},
    {"a role definition", "roleName permissions",
	AUTHORIZATION "roleDefinitions", azure_read_definition},
    {"a deny assignment", "denyAssignmentName permissions principals",
	AUTHORIZATION "denyAssignments", azure_read_denial},
    {"a deny assignment", "permissions principals scope", NULL,
	azure_read_denial},

    /* Graph: relations, known by the request only */
    {"a member of a group", NULL, "groups/*/members", azure_read_member},
    {"a member of a group", NULL, "groups/*/transitiveMembers",
	azure_read_transitive_member},
    {"an owner of a group", NULL, "groups/*/owners", azure_read_group_owner},
    {"a group that something is in", NULL, "users/*/memberOf",
	azure_read_member_of},
    {"a group that something is in", NULL, "groups/*/memberOf",
	azure_read_member_of},
    {"a group that something is in", NULL, "servicePrincipals/*/memberOf",
	azure_read_member_of},
    {"an owner of an application", NULL, "applications/*/owners",
	azure_read_application_owner},
    {"an owner of a service principal", NULL, "servicePrincipals/*/owners",
	azure_read_service_principal_owner},
    {"a federated credential", NULL,
	"applications/*/federatedIdentityCredentials", azure_read_federated},
    {"a federated credential of a managed identity",
	"type=Microsoft.ManagedIdentity/userAssignedIdentities/"
	"federatedIdentityCredentials",
	NULL, azure_read_identity_federated},
    {"a federated credential of a managed identity", NULL,
	"userAssignedIdentities/*/federatedIdentityCredentials",
	azure_read_identity_federated},
    {"a holder of a directory role", NULL, "directoryRoles/*/members",
	azure_read_directory_role_member},
    {"a directory role", "roleTemplateId displayName", "directoryRoles",
	azure_read_directory_role},
    {"a directory role assignment",
	"directoryScopeId roleDefinitionId "
	"principalId roleEligibilityScheduleId",
	DIRECTORY "roleEligibilityScheduleInstances",
	azure_read_directory_eligibility},
    {"a directory role assignment",
	"directoryScopeId roleDefinitionId principalId",
	DIRECTORY "roleAssignments", azure_read_directory_assignment},
    {"a directory role assignment", NULL,
	DIRECTORY "roleAssignmentScheduleInstances",
	azure_read_directory_assignment},
    {"a directory role definition", "rolePermissions displayName",
	DIRECTORY "roleDefinitions", azure_read_directory_definition},

    /* Fabric and Power BI: relations */
    {"a workspace role assignment", NULL, "workspaces/*/roleAssignments",
	azure_read_workspace_role},
    {"a connection role assignment", NULL, "connections/*/roleAssignments",
	azure_read_connection_role},
    {"a schedule", NULL, "workspaces/*/items/*/jobs/*/schedules",
	azure_read_schedule},
    {"a workspace identity", NULL, "workspaces/*/provisionIdentity",
	azure_read_workspace_identity},
    {"a workspace identity", NULL, "workspaces/*/identity",
	azure_read_workspace_identity},
    {"a user of an item", NULL, "workspaces/*/items/*/users",
	azure_read_item_access},
    {"a user of a workspace", "principal workspaceAccessDetails",
	"admin/workspaces/*/users", azure_read_workspace_access},
    {"a user of a workspace", "groupUserAccessRight principalType",
	"groups/*/users", azure_read_powerbi_user},

    /* Azure DevOps */
    {"a pipeline permission", "pipelines resource",
	"*/*/_apis/pipelines/pipelinepermissions/endpoint/*",
	azure_read_pipeline_permission},
    {"a service connection", "authorization type isReady",
	"*/*/_apis/serviceendpoint/endpoints", azure_read_endpoint},
    {"a service connection", "authorization serviceEndpointProjectReferences",
	NULL, azure_read_endpoint},
    {"a project", NULL, "*/_apis/projects", azure_read_project},
    {"a pipeline", NULL, "*/*/_apis/pipelines", azure_read_devops_pipeline},
    {"a pipeline", NULL, "*/*/_apis/build/definitions",
	azure_read_devops_pipeline},

    /* Directory objects */
    {"a tenant", "verifiedDomains id", "v1.0/organization",
	azure_read_organization},
    {"a directory object", "@odata.type id", NULL, azure_read_directory_object},
    {"a user", "userPrincipalName", "v1.0/users", azure_read_user},
    {"a service principal", "servicePrincipalType appId",
	"v1.0/servicePrincipals", azure_read_service_principal},
    {"a service principal", "servicePrincipalNames appId", NULL,
	azure_read_service_principal},
    {"an application", "appId signInAudience", "v1.0/applications",
	azure_read_application},
    {"an application", "appId identifierUris", NULL, azure_read_application},
    {"an application", "appId requiredResourceAccess", NULL,
	azure_read_application},
    {"an application", "appId passwordCredentials", NULL,
	azure_read_application},
    {"a group", "securityEnabled displayName", "v1.0/groups", azure_read_group},
    {"a group", "groupTypes displayName", NULL, azure_read_group},

    /* Resources */
    {"a key vault", "type=Microsoft.KeyVault/vaults", NULL, azure_read_vault},
    {"a key vault", "vaultUri", NULL, azure_read_vault},
    {"a secret", "type=Microsoft.KeyVault/vaults/secrets", NULL,
	azure_read_secret},
    {"a managed identity",
	"type=Microsoft.ManagedIdentity/userAssignedIdentities", NULL,
	azure_read_identity},
    {"a management group", "type=Microsoft.Management/managementGroups", NULL,
	azure_read_management_group},
    {"a management group",
	"type=Microsoft.Management/managementGroups/subscriptions", NULL,
	azure_read_management_group},
    {"a management group",
	"type=/providers/Microsoft.Management/managementGroups", NULL,
	azure_read_management_group},
    {"a subscription", "tenantId state isDefault", NULL,
	azure_read_subscription},
    {"a subscription", "subscriptionId state displayName", NULL,
	azure_read_subscription},
    {"a secret", "id attributes", NULL, azure_read_secret},

    /* Fabric and Power BI: things */
    {"an item", "workspaceId type displayName", NULL, azure_read_item},
    {"an item", "workspaceId type name", NULL, azure_read_item},
    {"a scanned workspace", "users id name", NULL,
	azure_read_scanned_workspace},
    {"a workspace", "id displayName type=Workspace", NULL,
	azure_read_workspace},
    {"a workspace", "id displayName type=Personal", NULL, azure_read_workspace},
    {"a workspace", "id displayName type=AdminWorkspace", NULL,
	azure_read_workspace},
    {"a scanned workspace", "id name type=Workspace", NULL,
	azure_read_scanned_workspace},
    {"a scanned workspace", "id name type=PersonalGroup", NULL,
	azure_read_scanned_workspace},
    {"a scanned workspace", "id name type=Personal", NULL,
	azure_read_scanned_workspace},
    {"a scanned workspace", "id name isOnDedicatedCapacity", NULL,
	azure_read_scanned_workspace},
    {"a connection", "id connectivityType", "v1/connections",
	azure_read_fabric_connection},

    /* Any other resource: it exists, and may have an identity. */
    {"a resource", "id^/subscriptions/ type", NULL, azure_read_resource},
};

/* "key" is there, "key=value" holds the value, "key^value" begins with it
 * (ASCII case folded). */
static bool
has(const struct json_node *n, struct slice wanted)
{
	bool prefix = slice_find(wanted, SLICE("^")) != SIZE_MAX;
	size_t sign = slice_find(wanted, prefix ? SLICE("^") : SLICE("="));
	char key[64];
	const json_t *value;
	struct slice name = slice_sub(wanted, 0, sign), text;

	if (name.length >= sizeof key)
		return false;
	memcpy(key, name.at, name.length);
	key[name.length] = '\0';
	if (sign == SIZE_MAX)
		return json_object_get(n->value, key) != NULL ||
		    json_object_get(
			json_object_get(n->value, "properties"), key) != NULL;
	value = json_object_get(n->value, key);
	text =
	    (struct slice){json_string_value(value), json_string_length(value)};
	wanted = slice_from(wanted, sign + 1);
	return json_is_string(value) &&
	    (prefix ? slice_starts_case(text, wanted)
		    : slice_eq_case(text, wanted));
}

static bool
has_all(const struct json_node *n, const char *keys)
{
	struct slice rest = slice_of(keys), key;

	while (slice_cut(&rest, ' ', &key))
		if (!has(n, key))
			return false;
	return true;
}

static const struct {
	azure_reader *read;
	const char *keys;
} busy_readers[] = {
    {azure_read_assignment,
	"name properties scope condition principalId principalName "
	"principalType roleDefinitionId roleDefinitionName"},
};

const char *
azure_wanted(const struct azure_shape *shape)
{
	for (size_t i = 0; i < sizeof busy_readers / sizeof *busy_readers; i++)
		if (shape != NULL && shape->read == busy_readers[i].read)
			return busy_readers[i].keys;
	return NULL;
}

const struct azure_shape *
azure_recognise(struct azure *az, const struct json_node *element)
{
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (shapes[i].request != NULL &&
		    azure_request_matches(&az->request, shapes[i].request))
			return &shapes[i];
	az->request.capture_count = 0;
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (shapes[i].keys != NULL && has_all(element, shapes[i].keys))
			return &shapes[i];
	return NULL;
}
