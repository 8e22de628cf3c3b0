#include "estate/operations.h"

/*
 * One row an operation. Aliases are unique and no alias is the last segment
 * of another operation's name, so that a short name never means two things.
 * The rows of one plane stand together, the ones asked about most on top.
 */

#define VAULTS     "Microsoft.KeyVault/vaults/"
#define ACCOUNTS   "Microsoft.Storage/storageAccounts/"
#define BLOBS      ACCOUNTS "blobServices/containers/blobs/"
#define WORKSPACES "Microsoft.Fabric/workspaces/"
#define PROJECTS   "Microsoft.DevOps/projects/"
#define DIRECTORY  "microsoft.directory/"

/* A data action, a control action of Azure, one of another plane. */
#define DATA(kind)    PLANE_AZURE, 1, kind
#define CONTROL(kind) PLANE_AZURE, 0, kind
#define FABRIC(kind)  PLANE_FABRIC, 0, kind
#define DEVOPS(kind)  PLANE_DEVOPS, 0, kind
#define ENTRA(kind)   PLANE_DIRECTORY, 0, kind

static const struct operation operations[] = {
    /* Key Vault, data plane (facts 2.2) */
    {VAULTS "secrets/getSecret/action", "get-secret",
	"read the value of a secret", "get", DATA(SCOPE_SECRET)},
    {VAULTS "secrets/readMetadata/action", "list-secrets",
	"list secrets and their properties, without values", "list",
	DATA(SCOPE_VAULT)},
    {VAULTS "secrets/setSecret/action", "set-secret",
	"set the value of a secret", "set", DATA(SCOPE_SECRET)},
    {VAULTS "secrets/update/action", "update-secret",
	"change the properties of a secret, not its value", "set",
	DATA(SCOPE_SECRET)},
    {VAULTS "secrets/delete", "delete-secret", "delete a secret", "delete",
	DATA(SCOPE_SECRET)},
    {VAULTS "secrets/recover/action", "recover-secret",
	"recover a deleted secret", "recover", DATA(SCOPE_SECRET)},
    {VAULTS "secrets/backup/action", "backup-secret",
	"back a secret up, sealed", "backup", DATA(SCOPE_SECRET)},
    {VAULTS "secrets/restore/action", "restore-secret",
	"restore a secret from a backup", "restore", DATA(SCOPE_VAULT)},
    {VAULTS "secrets/purge/action", "purge-secret",
	"purge a deleted secret for good", "purge", DATA(SCOPE_SECRET)},
    {VAULTS "keys/read", "read-key", "read a key's properties and public part",
	NULL, DATA(SCOPE_VAULT)},
    {VAULTS "keys/create/action", "create-key", "create a key", NULL,
	DATA(SCOPE_VAULT)},
    {VAULTS "keys/delete", "delete-key", "delete a key", NULL,
	DATA(SCOPE_VAULT)},
    {VAULTS "keys/sign/action", "sign-with-key", "sign with a key", NULL,
	DATA(SCOPE_VAULT)},
    {VAULTS "keys/encrypt/action", "encrypt-with-key", "encrypt with a key",
	NULL, DATA(SCOPE_VAULT)},
    {VAULTS "keys/decrypt/action", "decrypt-with-key", "decrypt with a key",
	NULL, DATA(SCOPE_VAULT)},
    {VAULTS "keys/wrap/action", "wrap-with-key", "wrap a key with a key", NULL,
	DATA(SCOPE_VAULT)},
    {VAULTS "keys/unwrap/action", "unwrap-with-key", "unwrap a key with a key",
	NULL, DATA(SCOPE_VAULT)},
    {VAULTS "certificates/read", "read-certificate",
	"read a certificate, without its private key", NULL, DATA(SCOPE_VAULT)},
    {VAULTS "certificates/create/action", "create-certificate",
	"create a certificate", NULL, DATA(SCOPE_VAULT)},
    {VAULTS "certificates/import/action", "import-certificate",
	"import a certificate with its private key", NULL, DATA(SCOPE_VAULT)},
    {VAULTS "certificates/delete", "delete-certificate", "delete a certificate",
	NULL, DATA(SCOPE_VAULT)},

    /* Key Vault, control plane */
    {VAULTS "read", "read-vault", "read a vault's properties", NULL,
	CONTROL(SCOPE_VAULT)},
    {VAULTS "write", "write-vault",
	"change a vault, its permission model and its access policies", NULL,
	CONTROL(SCOPE_VAULT)},
    {VAULTS "delete", "delete-vault", "delete a vault", NULL,
	CONTROL(SCOPE_VAULT)},
    {VAULTS "accessPolicies/write", "write-access-policy",
	"change a vault's access policies", NULL, CONTROL(SCOPE_VAULT)},
    {VAULTS "deploy/action", "use-vault-in-template",
	"use the secrets of a vault in a template deployment", NULL,
	CONTROL(SCOPE_VAULT)},
    {VAULTS "secrets/read", "read-secret-properties",
	"read a secret's properties through Azure Resource Manager, not its "
	"value",
	NULL, CONTROL(SCOPE_SECRET)},
    {VAULTS "secrets/write", "deploy-secret",
	"create a secret or set its value through Azure Resource Manager", NULL,
	CONTROL(SCOPE_SECRET)},
    {"Microsoft.KeyVault/locations/deletedVaults/purge/action", "purge-vault",
	"purge a deleted vault for good", NULL, CONTROL(SCOPE_SUBSCRIPTION)},
    {"Microsoft.KeyVault/locations/deletedVaults/read", "read-deleted-vault",
	"see a deleted vault", NULL, CONTROL(SCOPE_SUBSCRIPTION)},

    /* Who may do what */
    {"Microsoft.Authorization/roleAssignments/read", "read-role-assignments",
	"see who has which role", NULL, CONTROL(SCOPE_RESOURCE)},
    {"Microsoft.Authorization/roleAssignments/write", "assign-role",
	"give a role to anybody", NULL, CONTROL(SCOPE_RESOURCE)},
    {"Microsoft.Authorization/roleAssignments/delete", "unassign-role",
	"take a role away", NULL, CONTROL(SCOPE_RESOURCE)},
    {"Microsoft.Authorization/roleDefinitions/read", "read-role-definitions",
	"see what roles allow", NULL, CONTROL(SCOPE_RESOURCE)},
    {"Microsoft.Authorization/roleDefinitions/write", "write-role-definition",
	"make or change a custom role", NULL, CONTROL(SCOPE_RESOURCE)},
    {"Microsoft.Authorization/roleDefinitions/delete", "delete-role-definition",
	"delete a custom role", NULL, CONTROL(SCOPE_RESOURCE)},
    {"Microsoft.Authorization/denyAssignments/read", "read-deny-assignments",
	"see deny assignments", NULL, CONTROL(SCOPE_RESOURCE)},
    {"Microsoft.Authorization/permissions/read", "read-permissions",
	"see one's own permissions at a scope", NULL, CONTROL(SCOPE_RESOURCE)},
    {"Microsoft.Authorization/elevateAccess/Action", "elevate-access",
	"become User Access Administrator of the whole tenant", NULL,
	CONTROL(SCOPE_ROOT)},

    /* Storage */
    {ACCOUNTS "read", "read-storage-account",
	"read a storage account's properties", NULL,
	CONTROL(SCOPE_STORAGE_ACCOUNT)},
    {ACCOUNTS "write", "write-storage-account", "change a storage account",
	NULL, CONTROL(SCOPE_STORAGE_ACCOUNT)},
    {ACCOUNTS "delete", "delete-storage-account", "delete a storage account",
	NULL, CONTROL(SCOPE_STORAGE_ACCOUNT)},
    {ACCOUNTS "listKeys/action", "list-storage-keys",
	"read a storage account's keys, which open all its data", NULL,
	CONTROL(SCOPE_STORAGE_ACCOUNT)},
    {ACCOUNTS "regenerateKey/action", "regenerate-storage-key",
	"replace a storage account's key", NULL,
	CONTROL(SCOPE_STORAGE_ACCOUNT)},
    {ACCOUNTS "blobServices/generateUserDelegationKey/action",
	"delegate-blob-access", "make a key that signs access to blobs", NULL,
	CONTROL(SCOPE_STORAGE_ACCOUNT)},
    {ACCOUNTS "blobServices/containers/read", "read-container",
	"read a container's properties", NULL, CONTROL(SCOPE_CONTAINER)},
    {ACCOUNTS "blobServices/containers/write", "write-container",
	"create or change a container", NULL, CONTROL(SCOPE_CONTAINER)},
    {ACCOUNTS "blobServices/containers/delete", "delete-container",
	"delete a container", NULL, CONTROL(SCOPE_CONTAINER)},
    {BLOBS "read", "read-blob", "read blobs", NULL, DATA(SCOPE_CONTAINER)},
    {BLOBS "write", "write-blob", "write blobs", NULL, DATA(SCOPE_CONTAINER)},
    {BLOBS "add/action", "add-blob", "add new blobs", NULL,
	DATA(SCOPE_CONTAINER)},
    {BLOBS "delete", "delete-blob", "delete blobs", NULL,
	DATA(SCOPE_CONTAINER)},
    {BLOBS "move/action", "move-blob", "move blobs", NULL,
	DATA(SCOPE_CONTAINER)},

    /* Running code as a managed identity */
    {"Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
	"assign-identity",
	"attach a managed identity to a resource and so act as it", NULL,
	CONTROL(SCOPE_RESOURCE)},
    {"Microsoft.ManagedIdentity/userAssignedIdentities/write", "write-identity",
	"create or change a managed identity", NULL, CONTROL(SCOPE_RESOURCE)},
    {"Microsoft.ManagedIdentity/userAssignedIdentities/read", "read-identity",
	"see a managed identity", NULL, CONTROL(SCOPE_RESOURCE)},
    {"Microsoft.ManagedIdentity/userAssignedIdentities/delete",
	"delete-identity", "delete a managed identity", NULL,
	CONTROL(SCOPE_RESOURCE)},
    {"Microsoft.ManagedIdentity/userAssignedIdentities/"
     "federatedIdentityCredentials/write",
	"federate-identity",
	"let an outside workload sign in as a managed identity", NULL,
	CONTROL(SCOPE_RESOURCE)},
    {"Microsoft.Web/sites/write", "write-site",
	"change a web or function app, its code and its identity", NULL,
	CONTROL(SCOPE_RESOURCE)},
    {"Microsoft.Web/sites/publish/Action", "publish-site",
	"publish code to a web or function app", NULL, CONTROL(SCOPE_RESOURCE)},
    {"Microsoft.Compute/virtualMachines/runCommand/action", "run-on-vm",
	"run a command on a virtual machine", NULL, CONTROL(SCOPE_RESOURCE)},

    /* Resource groups and deployments */
    {"Microsoft.Resources/subscriptions/resourceGroups/read",
	"read-resource-group", "read a resource group", NULL,
	CONTROL(SCOPE_RESOURCE_GROUP)},
    {"Microsoft.Resources/subscriptions/resourceGroups/write",
	"write-resource-group", "create or change a resource group", NULL,
	CONTROL(SCOPE_RESOURCE_GROUP)},
    {"Microsoft.Resources/subscriptions/resourceGroups/delete",
	"delete-resource-group", "delete a resource group with all in it", NULL,
	CONTROL(SCOPE_RESOURCE_GROUP)},
    {"Microsoft.Resources/subscriptions/read", "read-subscription",
	"see a subscription", NULL, CONTROL(SCOPE_SUBSCRIPTION)},
    {"Microsoft.Resources/subscriptions/resources/read", "list-resources",
	"list the resources of a subscription", NULL,
	CONTROL(SCOPE_SUBSCRIPTION)},
    {"Microsoft.Resources/deployments/write", "deploy-template",
	"deploy a template", NULL, CONTROL(SCOPE_RESOURCE_GROUP)},

    /* Fabric (facts 4; names are ours) */
    {WORKSPACES "read", "read-workspace", "see a workspace", NULL,
	FABRIC(SCOPE_WORKSPACE)},
    {WORKSPACES "write", "write-workspace", "change a workspace's settings",
	NULL, FABRIC(SCOPE_WORKSPACE)},
    {WORKSPACES "delete", "delete-workspace", "delete a workspace", NULL,
	FABRIC(SCOPE_WORKSPACE)},
    {WORKSPACES "roleAssignments/read", "read-workspace-roles",
	"see who has which role in a workspace", NULL, FABRIC(SCOPE_WORKSPACE)},
    {WORKSPACES "roleAssignments/write", "assign-workspace-role",
	"give or take any workspace role, Admin too", NULL,
	FABRIC(SCOPE_WORKSPACE)},
    {WORKSPACES "members/write", "add-workspace-member",
	"add people and identities to a workspace as Member or lower", NULL,
	FABRIC(SCOPE_WORKSPACE)},
    {WORKSPACES "identity/write", "provision-workspace-identity",
	"create or delete a workspace's identity", NULL,
	FABRIC(SCOPE_WORKSPACE)},
    {WORKSPACES "identity/use/action", "use-workspace-identity",
	"use a workspace's identity in a connection", NULL,
	FABRIC(SCOPE_WORKSPACE)},
    {WORKSPACES "assignToCapacity/action", "assign-workspace-to-capacity",
	"move a workspace to another capacity", NULL, FABRIC(SCOPE_WORKSPACE)},
    {WORKSPACES "items/read", "read-item",
	"view an item, its content and the output of its runs", NULL,
	FABRIC(SCOPE_ITEM)},
    {WORKSPACES "items/write", "edit-item",
	"create, edit and delete items, code included", NULL,
	FABRIC(SCOPE_ITEM)},
    {WORKSPACES "items/execute/action", "run-item",
	"run an item or cancel a run", NULL, FABRIC(SCOPE_ITEM)},
    {WORKSPACES "items/share/action", "share-item", "share an item", NULL,
	FABRIC(SCOPE_ITEM)},
    {WORKSPACES "items/explore/action", "explore-item",
	"build on a semantic model", NULL, FABRIC(SCOPE_ITEM)},
    {WORKSPACES "items/readData/action", "read-data",
	"read data with T-SQL through the SQL endpoint", NULL,
	FABRIC(SCOPE_ITEM)},
    {WORKSPACES "items/readAll/action", "read-all-data",
	"read data through OneLake and Spark", NULL, FABRIC(SCOPE_ITEM)},
    {WORKSPACES "items/writeAll/action", "write-all-data",
	"write data through OneLake and Spark", NULL, FABRIC(SCOPE_ITEM)},
    {"Microsoft.Fabric/capacities/administer/action", "administer-capacity",
	"manage a capacity and who may use it", NULL, FABRIC(SCOPE_CAPACITY)},
    {"Microsoft.Fabric/capacities/assign/action", "assign-capacity",
	"put workspaces on a capacity", NULL, FABRIC(SCOPE_CAPACITY)},

    {"Microsoft.Fabric/connections/use/action", "use-fabric-connection",
	"use a Fabric connection, and so its credential", NULL,
	FABRIC(SCOPE_CONNECTION)},
    {"Microsoft.Fabric/connections/share/action", "share-fabric-connection",
	"share a Fabric connection", NULL, FABRIC(SCOPE_CONNECTION)},
    {"Microsoft.Fabric/connections/administer/action",
	"administer-fabric-connection",
	"change a Fabric connection and who may use it", NULL,
	FABRIC(SCOPE_CONNECTION)},

    /* Azure DevOps (facts 6; names are ours) */
    {PROJECTS "serviceEndpoints/use/action", "use-connection",
	"use a service connection in a pipeline", NULL,
	DEVOPS(SCOPE_CONNECTION)},
    {PROJECTS "serviceEndpoints/read", "read-connection",
	"see a service connection, without its credential", NULL,
	DEVOPS(SCOPE_CONNECTION)},
    {PROJECTS "serviceEndpoints/administer/action", "administer-connection",
	"change a service connection and who may use it", NULL,
	DEVOPS(SCOPE_CONNECTION)},
    {PROJECTS "serviceEndpoints/create/action", "create-connection",
	"create a service connection", NULL, DEVOPS(SCOPE_PROJECT)},
    {PROJECTS "pipelines/read", "read-pipeline", "see a pipeline and its runs",
	NULL, DEVOPS(SCOPE_ITEM)},
    {PROJECTS "pipelines/run/action", "run-pipeline",
	"run an Azure DevOps pipeline", NULL, DEVOPS(SCOPE_ITEM)},
    {PROJECTS "pipelines/write", "edit-pipeline",
	"edit an Azure DevOps pipeline", NULL, DEVOPS(SCOPE_ITEM)},

    /* The directory (names are Microsoft's) */
    {DIRECTORY "applications/credentials/update", "add-app-credential",
	"add or remove a credential of an application, and so act as it", NULL,
	ENTRA(SCOPE_APPLICATION)},
    {DIRECTORY "servicePrincipals/credentials/update",
	"add-principal-credential",
	"add or remove a credential of a service principal, and so act as it",
	NULL, ENTRA(SCOPE_APPLICATION)},
    {DIRECTORY "applications/owners/update", "change-app-owners",
	"make anybody an owner of an application", NULL,
	ENTRA(SCOPE_APPLICATION)},
    {DIRECTORY "servicePrincipals/owners/update", "change-principal-owners",
	"make anybody an owner of a service principal", NULL,
	ENTRA(SCOPE_APPLICATION)},
    {DIRECTORY "applications/standard/read", "read-app", "see an application",
	NULL, ENTRA(SCOPE_APPLICATION)},
    {DIRECTORY "applications/basic/update", "update-app",
	"change an application's basic properties", NULL,
	ENTRA(SCOPE_APPLICATION)},
    {DIRECTORY "applications/create", "create-app", "register applications",
	NULL, ENTRA(SCOPE_ROOT)},
    {DIRECTORY "applications/delete", "delete-app", "delete an application",
	NULL, ENTRA(SCOPE_APPLICATION)},
    {DIRECTORY "servicePrincipals/standard/read", "read-principal",
	"see a service principal", NULL, ENTRA(SCOPE_APPLICATION)},
    {DIRECTORY "servicePrincipals/basic/update", "update-principal",
	"change a service principal's basic properties", NULL,
	ENTRA(SCOPE_APPLICATION)},
    {DIRECTORY "servicePrincipals/create", "create-principal",
	"create service principals", NULL, ENTRA(SCOPE_ROOT)},
    {DIRECTORY "servicePrincipals/delete", "delete-principal",
	"delete a service principal", NULL, ENTRA(SCOPE_APPLICATION)},
    {DIRECTORY "servicePrincipals/appRoleAssignedTo/update", "assign-app-role",
	"give application permissions to anybody", NULL, ENTRA(SCOPE_ROOT)},
    {DIRECTORY "servicePrincipals/disable", "disable-principal",
	"disable a service principal", NULL, ENTRA(SCOPE_APPLICATION)},
    {DIRECTORY "groups/standard/read", "read-group", "see a group", NULL,
	ENTRA(SCOPE_GROUP)},
    {DIRECTORY "groups/basic/update", "update-group",
	"change a group's basic properties", NULL, ENTRA(SCOPE_GROUP)},
    {DIRECTORY "groups/members/read", "list-group-members",
	"see who is in a group", NULL, ENTRA(SCOPE_GROUP)},
    {DIRECTORY "groups/members/update", "add-group-member",
	"add anybody to a group that no directory role can be given to", NULL,
	ENTRA(SCOPE_GROUP)},
    {DIRECTORY "groups/owners/update", "change-group-owners",
	"make anybody an owner of a group", NULL, ENTRA(SCOPE_GROUP)},
    {DIRECTORY "groups/create", "create-group", "create groups", NULL,
	ENTRA(SCOPE_ROOT)},
    {DIRECTORY "groups/delete", "delete-group", "delete a group", NULL,
	ENTRA(SCOPE_GROUP)},
    {DIRECTORY "groupsAssignableToRoles/allProperties/update",
	"update-privileged-group",
	"change a group that directory roles can be given to", NULL,
	ENTRA(SCOPE_GROUP)},
    {DIRECTORY "users/standard/read", "read-user", "see a user", NULL,
	ENTRA(SCOPE_ROOT)},
    {DIRECTORY "users/basic/update", "update-user",
	"change a user's basic properties", NULL, ENTRA(SCOPE_ROOT)},
    {DIRECTORY "users/create", "create-user", "create users", NULL,
	ENTRA(SCOPE_ROOT)},
    {DIRECTORY "users/delete", "delete-user", "delete a user", NULL,
	ENTRA(SCOPE_ROOT)},
    {DIRECTORY "users/password/update", "reset-password",
	"reset a user's password", NULL, ENTRA(SCOPE_ROOT)},
    {DIRECTORY "users/disable", "disable-user", "disable a user", NULL,
	ENTRA(SCOPE_ROOT)},
    {DIRECTORY "roleAssignments/standard/read", "read-directory-roles",
	"see who has which directory role", NULL, ENTRA(SCOPE_ROOT)},
    {DIRECTORY "roleAssignments/allProperties/allTasks",
	"assign-directory-role", "give any directory role to anybody", NULL,
	ENTRA(SCOPE_ROOT)},
};

enum { COUNT = sizeof operations / sizeof operations[0] };

/* "getSecret" of ".../secrets/getSecret/action", "delete" of ".../delete". */
static struct slice
last_segment(struct slice name)
{
	size_t from;

	if (slice_ends_case(name, SLICE("/action")))
		name.length -= strlen("/action");
	for (from = name.length; from > 0; from--)
		if (name.at[from - 1] == '/')
			break;
	return slice_from(name, from);
}

/* The only operation with this last segment, or NULL. */
static const struct operation *
find_by_segment(struct slice segment)
{
	const struct operation *found = NULL;

	for (uint32_t i = 0; i < COUNT; i++) {
		struct slice name = slice_of(operations[i].name);

		if (!slice_eq_case(last_segment(name), segment))
			continue;
		if (found != NULL)
			return NULL;
		found = &operations[i];
	}
	return found;
}

const struct operation *
operation_find(struct slice name)
{
	if (name.length == 0)
		return NULL;
	for (uint32_t i = 0; i < COUNT; i++) {
		const struct operation *o = &operations[i];

		if (slice_eq_case(slice_of(o->name), name) ||
		    slice_eq_case(slice_of(o->alias), name))
			return o;
	}
	return find_by_segment(name);
}

const struct operation *
operation_at(uint32_t i)
{
	return i < COUNT ? &operations[i] : NULL;
}
