#include "fixture_world.h"
#include "fixture.h"

#define USERS_ROLE "4633458b-17de-408a-b874-0445c86b69e6"
#define VAULT_ROLE "00482a5a-887f-4fb3-b363-3b7fe8e74483"
#define OWNER_ROLE "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
#define GLOBAL     "62e90394-69f5-4237-9190-012177145e10"

#define APPLICATION(id, app, name)                                  \
	"application/" id,                                          \
	    "{'id':'" id "','appId':'" app "','displayName':'" name \
	    "','signInAudience':'AzureADMyOrg',"                    \
	    "'identifierUris':['api://" name "'],"                  \
	    "'api':{'requestedAccessTokenVersion':null}}"
#define SERVICE(id, app, name, enabled)                             \
	"service-principal/" id,                                    \
	    "{'id':'" id "','appId':'" app "','displayName':'" name \
	    "','accountEnabled':" enabled                           \
	    ",'servicePrincipalType':'Application',"                \
	    "'servicePrincipalNames':['" app "']}"
#define ASSIGNMENT(id, principal, role, scope)                               \
	"assignment/" id,                                                    \
	    "{'id':'" scope                                                  \
	    "/providers/Microsoft.Authorization/roleAssignments/" id         \
	    "','type':'Microsoft.Authorization/roleAssignments','name':'" id \
	    "','properties':{'roleDefinitionId':'/providers/"                \
	    "Microsoft.Authorization/roleDefinitions/" role                  \
	    "','principalId':'" principal                                    \
	    "','principalType':'ServicePrincipal','scope':'" scope "'}}"
#define VAULT_ENTITY(path, name, more)                                       \
	"vault/" name,                                                       \
	    "{'id':'" path "','name':'" name                                 \
	    "','type':'Microsoft.KeyVault/vaults','location':'westeurope','" \
	    "tags':{},'properties':{'tenantId':'" TENANT                     \
	    "','sku':{'family':'A','name':'standard'},'vaultUri':'https:/"   \
	    "/" name ".vault.azure.net/','enableSoftDelete':true,'"          \
	    "softDeleteRetentionInDays':90," more "}}"

const struct world_entity fixture_world[] = {
    {"tenant",
	"{'id':'" TENANT "','displayName':'Tidewater','domain':'" DOMAIN "'}"},
    {APPLICATION(ADMIN_HOME, ADMIN_APP, "actas-admin")},
    {SERVICE(ADMIN, ADMIN_APP, "actas-admin", "true")},
    {APPLICATION(READER_HOME, READER_APP, "spn-reader")},
    {SERVICE(READER, READER_APP, "spn-reader", "true")},
    {APPLICATION(NOBODY_HOME, NOBODY_APP, "spn-nobody")},
    {SERVICE(NOBODY, NOBODY_APP, "spn-nobody", "true")},
    {APPLICATION(STOPPED_HOME, STOPPED_APP, "spn-stopped")},
    {SERVICE(STOPPED, STOPPED_APP, "spn-stopped", "false")},
    {APPLICATION(LOOSE_HOME, LOOSE_APP, "app-loose")},
    {"service-principal/" MANAGED,
	"{'id':'" MANAGED "','appId':'" MANAGED_APP
	"','displayName':'mi-job','accountEnabled':true,"
	"'servicePrincipalType':'ManagedIdentity','servicePrincipalNames':["
	"'" MANAGED_APP "'],'alternativeNames':['isExplicit=True','" MI_PATH
	"']}"},
    {"user/" DORA,
	"{'id':'" DORA
	"','displayName':'Dora','userPrincipalName':'dora@" DOMAIN
	"','accountEnabled':true}"},
    {"group/" TEAM,
	"{'id':'" TEAM "','displayName':'team','securityEnabled':true}"},
    {"member/" TEAM "/" DORA, "{}"},
    {"federated/" READER_HOME "/" NUMBER("b0"),
	"{'id':'" NUMBER(
	    "b0") "','name':'cluster','issuer':"
		  "'https://"
		  "cluster.example','subject':'system:serviceaccount:etl:Load',"
		  "'audiences':['api://AzureADTokenExchange']}"},
    {"subscription/" SUBSCRIPTION,
	"{'id':'" SUB_PATH "','subscriptionId':'" SUBSCRIPTION
	"','tenantId':'" TENANT "','displayName':'Data','state':'Enabled'}"},
    {"resource-group/" SUBSCRIPTION "/rg-data",
	"{'id':'" RG_PATH "','name':'rg-data','type':"
	"'Microsoft.Resources/resourceGroups','location':'westeurope',"
	"'properties':{'provisioningState':'Succeeded'}}"},
    {"resource/subscriptions/" SUBSCRIPTION "/resourcegroups/rg-data/"
     "providers/microsoft.managedidentity/userassignedidentities/mi-job",
	"{'id':'" MI_PATH "','name':'mi-job','type':"
	"'Microsoft.ManagedIdentity/userAssignedIdentities','location':"
	"'westeurope','properties':{'tenantId':'" TENANT
	"','principalId':'" MANAGED "','clientId':'" MANAGED_APP "'}}"},
    {VAULT_ENTITY(KV_PATH, "kv-data", "'enableRbacAuthorization':true")},
    {VAULT_ENTITY(OLD_PATH, "kv-old",
	"'enableRbacAuthorization':false,'accessPolicies':[{'tenantId':'" TENANT
	"','objectId':'" READER
	"','permissions':{'secrets':['get','list']}}]")},
    {ASSIGNMENT(NUMBER("c0"), ADMIN, OWNER_ROLE, "/")},
    {ASSIGNMENT(NUMBER("c1"), ADMIN, VAULT_ROLE, "/")},
    {ASSIGNMENT(NUMBER("c2"), READER, USERS_ROLE, KV_PATH)},
    {ASSIGNMENT(NUMBER("c3"), STOPPED, USERS_ROLE, KV_PATH)},
    {ASSIGNMENT(NUMBER("c4"), MANAGED, USERS_ROLE, KV_PATH)},
    {"directory-role/" NUMBER("c5"),
	"{'id':'" NUMBER("c5") "','principalId':'" ADMIN
			       "','roleDefinitionId':'" GLOBAL
			       "','directoryScopeId':'/'}"},
    {0},
};
