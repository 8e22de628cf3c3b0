#include "estate/builtin/builtin_table.h"

/* Roles of Key Vault and of storage accounts.
 * Ids, patterns and conditions are Azure's own, as published. */

static const struct shipped_role roles[] = {
    {.id = "00482a5a-887f-4fb3-b363-3b7fe8e74483",
	.name = "Key Vault Administrator",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/* "
		   "Microsoft.KeyVault/checkNameAvailability/read "
		   "Microsoft.KeyVault/deletedVaults/read "
		   "Microsoft.KeyVault/locations/*/read "
		   "Microsoft.KeyVault/vaults/*/read "
		   "Microsoft.KeyVault/operations/read",
	.data_actions = "Microsoft.KeyVault/vaults/*"},
    {.id = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
	.name = "Key Vault Secrets Officer",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/* "
		   "Microsoft.KeyVault/checkNameAvailability/read "
		   "Microsoft.KeyVault/deletedVaults/read "
		   "Microsoft.KeyVault/locations/*/read "
		   "Microsoft.KeyVault/vaults/*/read "
		   "Microsoft.KeyVault/operations/read",
	.data_actions = "Microsoft.KeyVault/vaults/secrets/*"},
    {.id = "4633458b-17de-408a-b874-0445c86b69e6",
	.name = "Key Vault Secrets User",
	.data_actions =
	    "Microsoft.KeyVault/vaults/secrets/getSecret/action "
	    "Microsoft.KeyVault/vaults/secrets/readMetadata/action"},
    {.id = "21090545-7ca7-4776-b22c-e363652d74d2",
	.name = "Key Vault Reader",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/* "
		   "Microsoft.KeyVault/checkNameAvailability/read "
		   "Microsoft.KeyVault/deletedVaults/read "
		   "Microsoft.KeyVault/locations/*/read "
		   "Microsoft.KeyVault/vaults/*/read "
		   "Microsoft.KeyVault/operations/read",
	.data_actions =
	    "Microsoft.KeyVault/vaults/*/read "
	    "Microsoft.KeyVault/vaults/secrets/readMetadata/action"},
    {.id = "f25e0fa2-a7c8-4377-a976-54943a77a395",
	.name = "Key Vault Contributor",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.KeyVault/* "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/*",
	.not_actions =
	    "Microsoft.KeyVault/locations/deletedVaults/purge/action "
	    "Microsoft.KeyVault/hsmPools/* "
	    "Microsoft.KeyVault/managedHsms/*"},
    {.id = "8b54135c-b56d-4d72-a534-26097cfdc8d8",
	.name = "Key Vault Data Access Administrator",
	.actions = "Microsoft.Authorization/roleAssignments/write "
		   "Microsoft.Authorization/roleAssignments/delete "
		   "Microsoft.Authorization/*/read "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Resources/subscriptions/read "
		   "Microsoft.Management/managementGroups/read "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Support/* "
		   "Microsoft.KeyVault/vaults/*/read",
	.condition = "((!(ActionMatches{'Microsoft.Authorization/"
		     "roleAssignments/write'})) "
		     "OR "
		     "(@Request[Microsoft.Authorization/"
		     "roleAssignments:RoleDefinitionId] "
		     "ForAnyOfAnyValues:GuidEquals{00482a5a-887f-4fb3-b363-"
		     "3b7fe8e74483, "
		     "a4417e6f-fecd-4de8-b567-7b0420556985, "
		     "14b46e9e-c2b7-41b4-b07b-48a6ebf60603, "
		     "e147488a-f6f5-4113-8e2d-b22465e65bf6, "
		     "12338af0-0e69-4776-bea7-57ae8d297424, "
		     "21090545-7ca7-4776-b22c-e363652d74d2, "
		     "b86a8fe4-44ce-4948-aee5-eccb2c155cd7, "
		     "4633458b-17de-408a-b874-0445c86b69e6})) AND "
		     "((!(ActionMatches{'Microsoft.Authorization/"
		     "roleAssignments/delete'})) "
		     "OR "
		     "(@Resource[Microsoft.Authorization/"
		     "roleAssignments:RoleDefinitionId] "
		     "ForAnyOfAnyValues:GuidEquals{00482a5a-887f-4fb3-b363-"
		     "3b7fe8e74483, "
		     "a4417e6f-fecd-4de8-b567-7b0420556985, "
		     "14b46e9e-c2b7-41b4-b07b-48a6ebf60603, "
		     "e147488a-f6f5-4113-8e2d-b22465e65bf6, "
		     "12338af0-0e69-4776-bea7-57ae8d297424, "
		     "21090545-7ca7-4776-b22c-e363652d74d2, "
		     "b86a8fe4-44ce-4948-aee5-eccb2c155cd7, "
		     "4633458b-17de-408a-b874-0445c86b69e6}))"},
    {.id = "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba",
	.name = "Key Vault Certificate User",
	.data_actions = "Microsoft.KeyVault/vaults/certificates/read "
			"Microsoft.KeyVault/vaults/secrets/getSecret/action "
			"Microsoft.KeyVault/vaults/secrets/readMetadata/action "
			"Microsoft.KeyVault/vaults/keys/read"},
    {.id = "a4417e6f-fecd-4de8-b567-7b0420556985",
	.name = "Key Vault Certificates Officer",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/* "
		   "Microsoft.KeyVault/checkNameAvailability/read "
		   "Microsoft.KeyVault/deletedVaults/read "
		   "Microsoft.KeyVault/locations/*/read "
		   "Microsoft.KeyVault/vaults/*/read "
		   "Microsoft.KeyVault/operations/read",
	.data_actions = "Microsoft.KeyVault/vaults/certificatecas/* "
			"Microsoft.KeyVault/vaults/certificates/* "
			"Microsoft.KeyVault/vaults/certificatecontacts/write"},
    {.id = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
	.name = "Key Vault Crypto Officer",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.Support/* "
		   "Microsoft.KeyVault/checkNameAvailability/read "
		   "Microsoft.KeyVault/deletedVaults/read "
		   "Microsoft.KeyVault/locations/*/read "
		   "Microsoft.KeyVault/vaults/*/read "
		   "Microsoft.KeyVault/operations/read",
	.data_actions = "Microsoft.KeyVault/vaults/keys/* "
			"Microsoft.KeyVault/vaults/keyrotationpolicies/*"},
    {.id = "12338af0-0e69-4776-bea7-57ae8d297424",
	.name = "Key Vault Crypto User",
	.data_actions = "Microsoft.KeyVault/vaults/keys/read "
			"Microsoft.KeyVault/vaults/keys/update/action "
			"Microsoft.KeyVault/vaults/keys/backup/action "
			"Microsoft.KeyVault/vaults/keys/encrypt/action "
			"Microsoft.KeyVault/vaults/keys/decrypt/action "
			"Microsoft.KeyVault/vaults/keys/wrap/action "
			"Microsoft.KeyVault/vaults/keys/unwrap/action "
			"Microsoft.KeyVault/vaults/keys/sign/action "
			"Microsoft.KeyVault/vaults/keys/verify/action"},
    {.id = "e147488a-f6f5-4113-8e2d-b22465e65bf6",
	.name = "Key Vault Crypto Service Encryption User",
	.actions = "Microsoft.EventGrid/eventSubscriptions/write "
		   "Microsoft.EventGrid/eventSubscriptions/read "
		   "Microsoft.EventGrid/eventSubscriptions/delete",
	.data_actions = "Microsoft.KeyVault/vaults/keys/read "
			"Microsoft.KeyVault/vaults/keys/wrap/action "
			"Microsoft.KeyVault/vaults/keys/unwrap/action"},
    {.id = "08bbd89e-9f13-488c-ac41-acfcb10c90ab",
	.name = "Key Vault Crypto Service Release User",
	.data_actions = "Microsoft.KeyVault/vaults/keys/release/action"},
    {.id = "a68e7c17-0ab2-4c09-9a58-125dae29748c",
	.name = "Key Vault Purge Operator",
	.actions = "Microsoft.Authorization/*/read "
		   "Microsoft.Insights/alertRules/* "
		   "Microsoft.Resources/deployments/* "
		   "Microsoft.Resources/subscriptions/resourceGroups/read "
		   "Microsoft.KeyVault/deletedVaults/read "
		   "Microsoft.KeyVault/locations/deletedVaults/read "
		   "Microsoft.KeyVault/locations/deletedVaults/purge/action "
		   "Microsoft.KeyVault/locations/operationResults/read"},
    {.id = "18500a29-7fe2-46b2-a342-b16a415e101d",
	.name = "Managed HSM contributor",
	.actions =
	    "Microsoft.KeyVault/managedHSMs/* "
	    "Microsoft.KeyVault/deletedManagedHsms/read "
	    "Microsoft.KeyVault/locations/deletedManagedHsms/read "
	    "Microsoft.KeyVault/locations/deletedManagedHsms/purge/action "
	    "Microsoft.KeyVault/locations/managedHsmOperationResults/read"},
    {.id = "17d1049b-9a84-46fb-8f53-869881c3d3ab",
	.name = "Storage Account Contributor",
	.actions = COMMON "Microsoft.Insights/diagnosticSettings/* "
			  "Microsoft.Network/virtualNetworks/subnets/"
			  "joinViaServiceEndpoint/action "
			  "Microsoft.Storage/storageAccounts/*"},
    {.id = "81a9662b-bebf-436f-a333-f67b29880f12",
	.name = "Storage Account Key Operator Service Role",
	.actions = "Microsoft.Storage/storageAccounts/listkeys/action "
		   "Microsoft.Storage/storageAccounts/regeneratekey/action"},
    {.id = "e5e2a7ff-d759-4cd2-bb51-3152d37e2eb1",
	.name = "Storage Account Backup Contributor",
	.actions =
	    "Microsoft.Authorization/*/read "
	    "Microsoft.Authorization/locks/read "
	    "Microsoft.Authorization/locks/write "
	    "Microsoft.Authorization/locks/delete "
	    "Microsoft.Features/features/read "
	    "Microsoft.Features/providers/features/read "
	    "Microsoft.Resources/subscriptions/resourceGroups/read "
	    "Microsoft.Storage/operations/read "
	    "Microsoft.Storage/storageAccounts/objectReplicationPolicies/"
	    "delete "
	    "Microsoft.Storage/storageAccounts/objectReplicationPolicies/read "
	    "Microsoft.Storage/storageAccounts/objectReplicationPolicies/write "
	    "Microsoft.Storage/storageAccounts/objectReplicationPolicies/"
	    "restorePointMarkers/write "
	    "Microsoft.Storage/storageAccounts/blobServices/containers/read "
	    "Microsoft.Storage/storageAccounts/blobServices/containers/write "
	    "Microsoft.Storage/storageAccounts/blobServices/read "
	    "Microsoft.Storage/storageAccounts/blobServices/write "
	    "Microsoft.Storage/storageAccounts/read "
	    "Microsoft.Storage/storageAccounts/restoreBlobRanges/action"},
    {.id = "a316ed6d-1efe-48ac-ac08-f7995a9c26fb",
	.name = "Storage Account Encryption Scope Contributor Role",
	.actions = "Microsoft.Storage/storageAccounts/encryptionScopes/read "
		   "Microsoft.Storage/storageAccounts/encryptionScopes/write"},
    {.id = "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
	.name = "Storage Blob Data Contributor",
	.actions =
	    "Microsoft.Storage/storageAccounts/blobServices/containers/delete "
	    "Microsoft.Storage/storageAccounts/blobServices/containers/read "
	    "Microsoft.Storage/storageAccounts/blobServices/containers/write "
	    "Microsoft.Storage/storageAccounts/blobServices/"
	    "generateUserDelegationKey/action",
	.data_actions = "Microsoft.Storage/storageAccounts/blobServices/"
			"containers/blobs/delete "
			"Microsoft.Storage/storageAccounts/blobServices/"
			"containers/blobs/read "
			"Microsoft.Storage/storageAccounts/blobServices/"
			"containers/blobs/write "
			"Microsoft.Storage/storageAccounts/blobServices/"
			"containers/blobs/move/action "
			"Microsoft.Storage/storageAccounts/blobServices/"
			"containers/blobs/add/action"},
    {.id = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
	.name = "Storage Blob Data Owner",
	.actions =
	    "Microsoft.Storage/storageAccounts/blobServices/containers/* "
	    "Microsoft.Storage/storageAccounts/blobServices/"
	    "generateUserDelegationKey/action",
	.data_actions = "Microsoft.Storage/storageAccounts/blobServices/"
			"containers/blobs/*"},
    {.id = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
	.name = "Storage Blob Data Reader",
	.actions =
	    "Microsoft.Storage/storageAccounts/blobServices/containers/read "
	    "Microsoft.Storage/storageAccounts/blobServices/"
	    "generateUserDelegationKey/action",
	.data_actions = "Microsoft.Storage/storageAccounts/blobServices/"
			"containers/blobs/read"},
    {.id = "db58b8e5-c6ad-4a2a-8342-4190687cbf4a",
	.name = "Storage Blob Delegator",
	.actions = "Microsoft.Storage/storageAccounts/blobServices/"
		   "generateUserDelegationKey/action"},
    {.id = "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
	.name = "Storage Queue Data Contributor",
	.actions =
	    "Microsoft.Storage/storageAccounts/queueServices/queues/delete "
	    "Microsoft.Storage/storageAccounts/queueServices/queues/read "
	    "Microsoft.Storage/storageAccounts/queueServices/queues/write",
	.data_actions = "Microsoft.Storage/storageAccounts/queueServices/"
			"queues/messages/delete "
			"Microsoft.Storage/storageAccounts/queueServices/"
			"queues/messages/read "
			"Microsoft.Storage/storageAccounts/queueServices/"
			"queues/messages/write "
			"Microsoft.Storage/storageAccounts/queueServices/"
			"queues/messages/process/action"},
    {.id = "8a0f0c08-91a1-4084-bc3d-661d67233fed",
	.name = "Storage Queue Data Message Processor",
	.data_actions = "Microsoft.Storage/storageAccounts/queueServices/"
			"queues/messages/read "
			"Microsoft.Storage/storageAccounts/queueServices/"
			"queues/messages/process/action"},
    {.id = "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a",
	.name = "Storage Queue Data Message Sender",
	.data_actions = "Microsoft.Storage/storageAccounts/queueServices/"
			"queues/messages/add/action"},
    {.id = "19e7f393-937e-4f77-808e-94535e297925",
	.name = "Storage Queue Data Reader",
	.actions =
	    "Microsoft.Storage/storageAccounts/queueServices/queues/read",
	.data_actions = "Microsoft.Storage/storageAccounts/queueServices/"
			"queues/messages/read"},
    {.id = "7ee386e9-84f0-448e-80a6-f185f6533131",
	.name = "Storage Queue Delegator",
	.actions = "Microsoft.Storage/storageAccounts/queueServices/"
		   "generateUserDelegationKey/action"},
    {.id = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
	.name = "Storage Table Data Contributor",
	.actions =
	    "Microsoft.Storage/storageAccounts/tableServices/tables/read "
	    "Microsoft.Storage/storageAccounts/tableServices/tables/write "
	    "Microsoft.Storage/storageAccounts/tableServices/tables/delete",
	.data_actions = "Microsoft.Storage/storageAccounts/tableServices/"
			"tables/entities/read "
			"Microsoft.Storage/storageAccounts/tableServices/"
			"tables/entities/write "
			"Microsoft.Storage/storageAccounts/tableServices/"
			"tables/entities/delete "
			"Microsoft.Storage/storageAccounts/tableServices/"
			"tables/entities/add/action "
			"Microsoft.Storage/storageAccounts/tableServices/"
			"tables/entities/update/action"},
    {.id = "76199698-9eea-4c19-bc75-cec21354c6b6",
	.name = "Storage Table Data Reader",
	.actions =
	    "Microsoft.Storage/storageAccounts/tableServices/tables/read",
	.data_actions = "Microsoft.Storage/storageAccounts/tableServices/"
			"tables/entities/read"},
    {.id = "965033a5-c8eb-4f35-b82f-fef460a3606d",
	.name = "Storage Table Delegator",
	.actions = "Microsoft.Storage/storageAccounts/tableServices/"
		   "generateUserDelegationKey/action"},
    {.id = "69566ab7-960f-475b-8e7c-b3118f30c6bd",
	.name = "Storage File Data Privileged Contributor",
	.data_actions = "Microsoft.Storage/storageAccounts/fileServices/"
			"fileshares/files/read "
			"Microsoft.Storage/storageAccounts/fileServices/"
			"fileshares/files/write "
			"Microsoft.Storage/storageAccounts/fileServices/"
			"fileshares/files/delete "
			"Microsoft.Storage/storageAccounts/fileServices/"
			"fileshares/files/modifypermissions/action "
			"Microsoft.Storage/storageAccounts/fileServices/"
			"readFileBackupSemantics/action "
			"Microsoft.Storage/storageAccounts/fileServices/"
			"writeFileBackupSemantics/action"},
    {.id = "b8eda974-7b85-4f76-af95-65846b26df6d",
	.name = "Storage File Data Privileged Reader",
	.data_actions = "Microsoft.Storage/storageAccounts/fileServices/"
			"fileshares/files/read "
			"Microsoft.Storage/storageAccounts/fileServices/"
			"readFileBackupSemantics/action"},
    {.id = "0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb",
	.name = "Storage File Data SMB Share Contributor",
	.data_actions = "Microsoft.Storage/storageAccounts/fileServices/"
			"fileshares/files/read "
			"Microsoft.Storage/storageAccounts/fileServices/"
			"fileshares/files/write "
			"Microsoft.Storage/storageAccounts/fileServices/"
			"fileshares/files/delete"},
    {.id = "a7264617-510b-434b-a828-9731dc254ea7",
	.name = "Storage File Data SMB Share Elevated Contributor",
	.data_actions = "Microsoft.Storage/storageAccounts/fileServices/"
			"fileshares/files/read "
			"Microsoft.Storage/storageAccounts/fileServices/"
			"fileshares/files/write "
			"Microsoft.Storage/storageAccounts/fileServices/"
			"fileshares/files/delete "
			"Microsoft.Storage/storageAccounts/fileServices/"
			"fileshares/files/modifypermissions/action"},
    {.id = "aba4ae5f-2193-4029-9191-0cb91df5e314",
	.name = "Storage File Data SMB Share Reader",
	.data_actions = "Microsoft.Storage/storageAccounts/fileServices/"
			"fileshares/files/read"},
    {.id = "765a04e0-5de8-4bb2-9bf6-b2a30bc03e91",
	.name = "Storage File Delegator",
	.actions = "Microsoft.Storage/storageAccounts/fileServices/"
		   "generateUserDelegationKey/action"},
};

const struct shipped_roles builtin_azure_vaults = {
    roles, sizeof roles / sizeof roles[0]};
