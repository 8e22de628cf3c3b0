#include "view_world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define USERS_ROLE  "4633458b-17de-408a-b874-0445c86b69e6"
#define OWNER_ROLE  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
#define CONTRIBUTOR "b24988ac-6180-42a0-ab88-20f7382dd24c"
#define GLOBAL      "62e90394-69f5-4237-9190-012177145e10"
#define APP_ADMIN   "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"
#define VAULT_ADMIN "00482a5a-887f-4fb3-b363-3b7fe8e74483"
#define CUSTOM      NUMBER("51")

#define DEFINITION(id) "/providers/Microsoft.Authorization/roleDefinitions/" id

#define ASSIGNMENT(id, principal, type, role, scope, more)               \
	"{\"id\":\"" scope                                               \
	"/providers/Microsoft.Authorization/roleAssignments/" id         \
	"\",\"type\":\"Microsoft.Authorization/"                         \
	"roleAssignments\",\"name\":\"" id                               \
	"\",\"properties\":{\"roleDefinitionId\":\"" DEFINITION(         \
	    role) "\",\"principalId\":\"" principal                      \
		  "\",\"principalType\":\"" type "\",\"scope\":\"" scope \
		  "\"" more "}}"

#define SERVICE(id, app, name, more)                                       \
	"{\"id\":\"" id "\",\"appId\":\"" app "\",\"displayName\":\"" name \
	"\",\"accountEnabled\":true,\"servicePrincipalType\":"             \
	"\"Application\"" more "}"

#define VAULT_IN(path, name, more)                                            \
	"{\"id\":\"" path "\",\"name\":\"" name                               \
	"\",\"type\":\"Microsoft.KeyVault/vaults\",\"location\":\"westeurope" \
	"\",\"properties\":{\"tenantId\":\"" TENANT                           \
	"\",\"vaultUri\":\"https://x/\",\"enableSoftDelete\":true," more "}}"

#define CONDITION_TEXT                                                      \
	"((!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/getSecret/"   \
	"action'})) OR (@Resource[Microsoft.KeyVault/vaults/secrets:name] " \
	"StringEquals 'db-password'))"

const struct row view_entities[] = {
    {"tenant",
	"{\"id\":\"" TENANT
	"\",\"displayName\":\"Contoso\",\"domain\":\"contoso.example\"}"},
    {"user/" ADA,
	"{\"id\":\"" ADA "\",\"displayName\":\"Ada\",\"userPrincipalName\":"
	"\"ada@contoso.example\",\"accountEnabled\":true}"},
    {"user/" BOB,
	"{\"id\":\"" BOB "\",\"displayName\":\"Bob\",\"userPrincipalName\":"
	"\"bob@contoso.example\",\"accountEnabled\":false}"},
    {"service-principal/" LOADER, SERVICE(LOADER, LOADER_APP_ID, "loader", "")},
    {"service-principal/" ADMIN, SERVICE(ADMIN, NUMBER("43"), "admin", "")},
    {"service-principal/" MANAGED,
	"{\"id\":\"" MANAGED "\",\"appId\":\"" NUMBER(
	    "44") "\",\"displayName\":\"mi\",\"servicePrincipalType\":"
		  "\"ManagedIdentity\",\"alternativeNames\":["
		  "\"isExplicit=True\",\"" IDENTITY_PATH "\"]}"},
    {"service-principal/" OUTSIDE,
	SERVICE(OUTSIDE, NUMBER("45"), "outside", "")},
    {"service-principal/" PICKY, SERVICE(PICKY, NUMBER("46"), "picky", "")},
    {"service-principal/" ONE, SERVICE(ONE, NUMBER("47"), "one", "")},
    {"service-principal/" APPMAN, SERVICE(APPMAN, NUMBER("48"), "appman", "")},
    {"service-principal/" DENIED, SERVICE(DENIED, NUMBER("49"), "denied", "")},
    {"service-principal/" OFFICER,
	SERVICE(OFFICER, NUMBER("4A"), "officer", "")},
    {"application/" LOADER_APP,
	"{\"id\":\"" LOADER_APP "\",\"appId\":\"" LOADER_APP_ID
	"\",\"displayName\":\"loader\",\"signInAudience\":\"AzureADMyOrg\"}"},
    {"credential/" LOADER_APP "/" NUMBER("71"),
	"{\"kind\":\"secret\",\"displayName\":\"ci\",\"startDateTime\":"
	"\"2026-01-01T00:00:00Z\",\"endDateTime\":\"2027-01-01T00:00:00Z\","
	"\"hint\":\"abc\",\"hash\":\"c2VjcmV0\"}"},
    {"credential/" LOADER_APP "/" NUMBER("72"),
	"{\"kind\":\"certificate\",\"displayName\":\"CN=ci\","
	"\"startDateTime\":\"2026-01-01T00:00:00Z\",\"endDateTime\":"
	"\"2027-02-01T00:00:00Z\",\"key\":\"REVS\",\"x5t\":\"AA\",\"usage\":"
	"\"Verify\",\"type\":\"AsymmetricX509Cert\"}"},
    {"credential/" MANAGED "/" NUMBER("73"),
	"{\"kind\":\"secret\",\"endDateTime\":\"2027-03-01T00:00:00Z\","
	"\"hash\":\"c2VjcmV0\"}"},
    {"federated/" LOADER_APP "/" NUMBER("74"),
	"{\"id\":\"" NUMBER(
	    "74") "\",\"name\":\"main\",\"issuer\":\"https://ci.example\","
		  "\"subject\":\"repo:main\",\"audiences\":["
		  "\"api://AzureADTokenExchange\"]}"},
    {"federated/" MANAGED "/" NUMBER("75"),
	"{\"id\":\"" NUMBER(
	    "75") "\",\"name\":\"pod\",\"issuer\":\"https://k8s.example\","
		  "\"subject\":\"system:pod\",\"audiences\":["
		  "\"api://AzureADTokenExchange\"]}"},
    {"federated/" NUMBER("99") "/" NUMBER("76"),
	"{\"id\":\"" NUMBER("76") "\",\"name\":\"of nobody\"}"},
    {"group/" OUTER, "{\"id\":\"" OUTER "\",\"displayName\":\"outer\"}"},
    {"group/" INNER, "{\"id\":\"" INNER "\",\"displayName\":\"inner\"}"},
    {"member/" OUTER "/" INNER, "{}"},
    {"member/" INNER "/" LOADER, "{}"},
    {"owner/" LOADER_APP "/" ADA, "{}"},
    {"owner/" LOADER "/" ADA, "{}"},
    {"owner/" INNER "/" ADA, "{}"},
    {"owner/" NUMBER("99") "/" ADA, "{}"},
    {"directory-role/" NUMBER("81"),
	"{\"id\":\"" NUMBER("81") "\",\"principalId\":\"" ADMIN
				  "\",\"roleDefinitionId\":\"" GLOBAL
				  "\",\"directoryScopeId\":\"/\"}"},
    {"directory-role/" NUMBER("82"),
	"{\"id\":\"" NUMBER("82") "\",\"principalId\":\"" APPMAN
				  "\",\"roleDefinitionId\":\"" APP_ADMIN
				  "\",\"directoryScopeId\":\"/" LOADER_APP
				  "\"}"},
    {"management-group/top",
	"{\"id\":\"" MG_PATH
	"\",\"type\":\"Microsoft.Management/managementGroups\",\"name\":"
	"\"Top\",\"properties\":{\"displayName\":\"The top\",\"children\":[{"
	"\"id\":\"" SUB_PATH
	"\",\"type\":\"/subscriptions\",\"name\":\"" SUBSCRIPTION "\"}]}}"},
    {"subscription/" SUBSCRIPTION,
	"{\"id\":\"" SUB_PATH "\",\"subscriptionId\":\"" SUBSCRIPTION
	"\",\"tenantId\":\"" TENANT
	"\",\"displayName\":\"Data\",\"state\":\"Enabled\"}"},
    {"resource-group/" SUBSCRIPTION "/rg",
	"{\"id\":\"" RG_PATH
	"\",\"name\":\"Rg\",\"type\":\"Microsoft.Resources/resourceGroups\","
	"\"location\":\"westeurope\",\"properties\":{}}"},
    {"resource/subscriptions/" SUBSCRIPTION "/resourcegroups/rg/providers/"
     "microsoft.managedidentity/userassignedidentities/mi",
	"{\"id\":\"" IDENTITY_PATH
	"\",\"name\":\"mi\",\"type\":\"Microsoft.ManagedIdentity/"
	"userAssignedIdentities\",\"properties\":{\"principalId\":\"" MANAGED
	"\",\"clientId\":\"" NUMBER("44") "\"}}"},
    {"resource/subscriptions/" SUBSCRIPTION "/resourcegroups/rg/providers/"
     "microsoft.storage/storageaccounts/sa",
	"{\"id\":\"" STORAGE_PATH
	"\",\"name\":\"sa\",\"type\":\"Microsoft.Storage/storageAccounts\"}"},
    {"vault/kv-data",
	VAULT_IN(KV_PATH, "Kv-Data", "\"enableRbacAuthorization\":true")},
    {"vault/kv-old",
	VAULT_IN(POLICY_PATH, "kv-old",
	    "\"enableRbacAuthorization\":false,\"accessPolicies\":[{"
	    "\"tenantId\":\"" TENANT "\",\"objectId\":\"" LOADER
	    "\",\"permissions\":{\"secrets\":[\"get\",\"list\"]}}]")},
    {"deleted-vault/kv-gone",
	"{\"name\":\"kv-gone\",\"properties\":{\"vaultId\":\"x\"}}"},
    {"secret/kv-data/db-password", "{\"name\":\"Db-Password\"}"},
    {"current/kv-data/db-password", "{\"version\":\"0a\"}"},
    {"version/kv-data/db-password/09",
	"{\"sealed\":\"AAAA\",\"attributes\":{\"enabled\":true,\"created\":1,"
	"\"updated\":1},\"sequence\":1}"},
    {"version/kv-data/db-password/0a",
	"{\"sealed\":\"BBBB\",\"contentType\":\"text/plain\",\"tags\":{\"a\":"
	"\"b\"},\"attributes\":{\"enabled\":false,\"exp\":1800000000,"
	"\"created\":1700000000,\"updated\":1700000001},\"sequence\":2}"},
    {"secret/kv-data/empty", "{\"name\":\"empty\"}"},
    {"secret/kv-data/old",
	"{\"name\":\"old\",\"deletedDate\":1700000000,\"scheduledPurgeDate\":"
	"1800000000}"},
    {"secret/kv-gone/x", "{\"name\":\"x\"}"},
    {"role/" CUSTOM,
	"{\"id\":\"" DEFINITION(
	    CUSTOM) "\",\"name\":\"" CUSTOM
		    "\",\"type\":\"Microsoft.Authorization/roleDefinitions\","
		    "\"properties\":{\"roleName\":\"Secret lister\",\"type\":"
		    "\"CustomRole\",\"assignableScopes\":[\"/\"],"
		    "\"permissions\":[{\"actions\":[],\"notActions\":[],"
		    "\"dataActions\":[\"Microsoft.KeyVault/vaults/secrets/"
		    "readMetadata/action\"],\"notDataActions\":[]}]}}"},
    {"assignment/" NUMBER("61"),
	ASSIGNMENT(NUMBER("61"), OUTER, "Group", USERS_ROLE, KV_PATH, "")},
    {"assignment/" NUMBER("62"),
	ASSIGNMENT(
	    NUMBER("62"), ADMIN, "ServicePrincipal", OWNER_ROLE, "/", "")},
    {"assignment/" NUMBER("63"),
	ASSIGNMENT(NUMBER("63"), MANAGED, "ServicePrincipal", CONTRIBUTOR,
	    RG_PATH, "")},
    {"assignment/" NUMBER("64"),
	ASSIGNMENT(NUMBER("64"), PICKY, "ServicePrincipal", USERS_ROLE, KV_PATH,
	    ",\"condition\":\"" CONDITION_TEXT
	    "\",\"conditionVersion\":\"2.0\"")},
    {"assignment/" NUMBER("65"),
	ASSIGNMENT(NUMBER("65"), ONE, "ServicePrincipal", USERS_ROLE,
	    KV_PATH "/secrets/db-password", "")},
    {"assignment/" NUMBER("66"),
	ASSIGNMENT(NUMBER("66"), BOB, "User", OWNER_ROLE, SUB_PATH, "")},
    {"assignment/" NUMBER("67"),
	ASSIGNMENT(
	    NUMBER("67"), DENIED, "ServicePrincipal", USERS_ROLE, KV_PATH, "")},
    {"assignment/" NUMBER("68"),
	ASSIGNMENT(NUMBER("68"), OUTSIDE, "ServicePrincipal", CUSTOM,
	    POLICY_PATH, "")},
    {"assignment/" NUMBER("6A"),
	ASSIGNMENT(NUMBER("6A"), OFFICER, "ServicePrincipal", VAULT_ADMIN,
	    KV_PATH, "")},
    {"deny/" NUMBER("69"),
	"{\"id\":\"" KV_PATH
	"/providers/Microsoft.Authorization/denyAssignments/" NUMBER(
	    "69") "\",\"name\":\"" NUMBER("69") "\",\"properties\":{"
						"\"denyAssignmentName\":\"no\","
						"\"permissions\":[{\"actions\":"
						"[],"
						"\"dataActions\":[\"Microsoft."
						"KeyVault/vaults/secrets/"
						"getSecret/"
						"action\"]}],\"scope\":"
						"\"" KV_PATH
						"\",\"principals\":[{\"id\":"
						"\"" DENIED "\",\"type\":"
						"\"ServicePrincipal\"}"
						"]}}"},
    {"signing-key/k1", "{\"sealed\":\"AAAA\"}"},
    {"use/" NUMBER("71"), "{\"last\":1,\"count\":2}"},
    {"answer/api.fabric.microsoft.com/v1/workspaces",
	"{\"value\":[{\"id\":\"" NUMBER(
	    "91") "\",\"displayName\":\"Gold\",\"type\":\"Workspace\"}]}"},
    {"answer/api.fabric.microsoft.com/v1/workspaces/" NUMBER(
	 "91") "/roleAssignments",
	"{\"value\":[{\"id\":\"" NUMBER(
	    "92") "\",\"role\":\"Member\","
		  "\"principal\":{\"id\":\"" LOADER
		  "\",\"type\":\"ServicePrincipal\"}}"
		  "]}"},
    {NULL, NULL},
};

/* As the command line prints: flat, in other words and another order. */
#define AZ(id, principal, type, role, scope, more)                         \
	"{\"name\":\"" id "\",\"principalId\":\"" principal                \
	"\",\"principalType\":\"" type "\",\"roleDefinitionId\":\"x/" role \
	"\",\"scope\":\"" scope "\"" more "}"

#define AZ_SP(id, app, name)                                               \
	"{\"id\":\"" id "\",\"appId\":\"" app "\",\"displayName\":\"" name \
	"\",\"servicePrincipalNames\":[\"" app "\"]}"

const struct row view_world_answers[] = {
    {"roleAssignments",
	"[" AZ(NUMBER("6A"), OFFICER, "ServicePrincipal", VAULT_ADMIN, KV_PATH,
	    "") "," AZ(NUMBER("68"), OUTSIDE, "ServicePrincipal", CUSTOM,
	    POLICY_PATH, "") "," AZ(NUMBER("67"), DENIED, "ServicePrincipal",
	    USERS_ROLE, KV_PATH, "") "," AZ(NUMBER("66"), BOB, "User",
	    OWNER_ROLE, SUB_PATH, "") "," AZ(NUMBER("65"), ONE,
	    "ServicePrincipal", USERS_ROLE, KV_PATH "/secrets/db-password",
	    "") "," AZ(NUMBER("64"), PICKY, "ServicePrincipal", USERS_ROLE,
	    KV_PATH,
	    ",\"condition\":\"" CONDITION_TEXT "\"") "," AZ(NUMBER("63"),
	    MANAGED, "ServicePrincipal", CONTRIBUTOR, RG_PATH,
	    "") "," AZ(NUMBER("62"), ADMIN, "ServicePrincipal", OWNER_ROLE, "/",
	    "") "," AZ(NUMBER("61"), OUTER, "Group", USERS_ROLE, KV_PATH,
	    "") "]"},
    {"roles",
	"[{\"name\":\"" CUSTOM
	"\",\"roleName\":\"Secret lister\",\"permissions\":[{"
	"\"dataActions\":[\"Microsoft.KeyVault/vaults/secrets/"
	"readMetadata/"
	"action\"]}]}]"},
    {"denials",
	"[{\"id\":\"x/" NUMBER(
	    "69") "\",\"denyAssignmentName\":\"no\","
		  "\"permissions\":[{\"dataActions\":["
		  "\"Microsoft.KeyVault/vaults/secrets/"
		  "getSecret/action\"]}],\"scope\":"
		  "\"" KV_PATH "\",\"principals\":[{\"id\":\"" DENIED "\"}]}]"},
    {"users",
	"[{\"id\":\"" ADA "\",\"userPrincipalName\":"
	"\"ada@contoso.example\",\"displayName\":\"Ada\"},{"
	"\"id\":\"" BOB "\",\"userPrincipalName\":\"bob@"
	"contoso.example\",\"displayName\":"
	"\"Bob\",\"accountEnabled\":false}]"},
    {"sps",
	"[" AZ_SP(OFFICER, NUMBER("4A"), "officer") "," AZ_SP(
	    LOADER, LOADER_APP_ID, "loader") "," AZ_SP(ADMIN, NUMBER("43"),
	    "admin") "," AZ_SP(OUTSIDE, NUMBER("45"),
	    "outside") "," AZ_SP(PICKY, NUMBER("46"), "picky") "," AZ_SP(ONE,
	    NUMBER("47"),
	    "one") "," AZ_SP(APPMAN, NUMBER("48"), "appman") "," AZ_SP(DENIED,
	    NUMBER("49"), "denied") ",{\"id\":\"" MANAGED
				    "\",\"appId\":\"" NUMBER(
					"44") "\","
					      "\"displayName\":\"mi\","
					      "\"servicePrincipalType\":"
					      "\"ManagedIdentity\","
					      "\"servicePrincipalNames\":[],"
					      "\"alternativeNames\":["
					      "\"" IDENTITY_PATH
					      "\"],\"passwordCredentials\":[{"
					      "\"keyId\":\"" NUMBER(
						  "73") "\",\"endDateTime\":"
							"\"2027-03-01T00:00:"
							"00Z\"}]}]"},
    {"apps",
	"[{\"id\":\"" LOADER_APP "\",\"appId\":\"" LOADER_APP_ID
	"\",\"displayName\":\"loader\",\"keyCredentials\":[{"
	"\"keyId\":"
	"\"" NUMBER("72") "\",\"displayName\":\"CN=ci\","
			  "\"startDateTime\":"
			  "\"2026-01-01\",\"endDateTime\":\"2027-02-"
			  "01\"}],"
			  "\"passwordCredentials\":[{\"keyId\":\"" NUMBER(
			      "71") "\",\"displayName\":\"ci\","
				    "\"startDateTime\":"
				    "\"2026-01-01\",\"endDateTime\":"
				    "\"2027-01-01\"}]}]"},
    {"applications/" LOADER_APP_ID "/federatedIdentityCredentials",
	"[{\"id\":\"" NUMBER("74") "\",\"name\":\"main\",\"issuer\":\"https://"
				   "ci.example\","
				   "\"subject\":\"repo:main\"}]"},
    {"identity-federation",
	"[{\"id\":\"" IDENTITY_PATH "/federatedIdentityCredentials/"
	"pod\",\"type\":\"Microsoft."
	"ManagedIdentity/userAssignedIdentities/"
	"federatedIdentityCredentials\",\"name\":\"pod\","
	"\"issuer\":"
	"\"https://k8s.example\",\"subject\":\"system:pod\"}]"},
    {"groups",
	"[{\"id\":\"" INNER "\",\"displayName\":\"inner\","
	"\"securityEnabled\":true},{\"id\":\"" OUTER
	"\",\"displayName\":\"outer\",\"securityEnabled\":true}"
	"]"},
    {"groups/" OUTER "/members", "[{\"id\":\"" INNER "\"}]"},
    {"groups/" INNER "/members", "[{\"id\":\"" LOADER "\"}]"},
    {"applications/" LOADER_APP "/owners", "[{\"id\":\"" ADA "\"}]"},
    {"servicePrincipals/" LOADER "/owners", "[{\"id\":\"" ADA "\"}]"},
    {"groups/" INNER "/owners", "[{\"id\":\"" ADA "\"}]"},
    {"roleManagement/directory/roleAssignments",
	"[{\"principalId\":\"" ADMIN "\",\"roleDefinitionId\":\"" GLOBAL
	"\",\"directoryScopeId\":\"/"
	"\"},{\"principalId\":\"" APPMAN "\",\"roleDefinitionId\":\"" APP_ADMIN
	"\",\"directoryScopeId\":\"/" LOADER_APP "\"}]"},
    {"management-groups",
	"[{\"id\":\"" MG_PATH
	"\",\"type\":\"Microsoft.Management/managementGroups\","
	"\"displayName\":\"The "
	"top\",\"children\":[{\"id\":\"" SUB_PATH
	"\",\"displayName\":\"Data\"}]}]"},
    {"subscriptions",
	"[{\"id\":\"" SUBSCRIPTION "\",\"tenantId\":\"" TENANT
	"\",\"name\":\"Data\",\"state\":\"Enabled\","
	"\"isDefault\":true}]"},
    {"resources",
	"[{\"id\":\"" RG_PATH "\",\"type\":\"Microsoft.Resources/"
	"resourceGroups\"},{\"id\":"
	"\"" STORAGE_PATH
	"\",\"type\":\"Microsoft.Storage/storageAccounts\"}]"},
    {"identities",
	"[{\"id\":\"" IDENTITY_PATH "\",\"type\":\"Microsoft.ManagedIdentity/"
	"userAssignedIdentities\","
	"\"principalId\":\"" MANAGED "\",\"clientId\":\"" NUMBER("44") "\"}]"},
    {"vaults",
	"[" VAULT_IN(POLICY_PATH, "kv-old",
	    "\"accessPolicies\":[{\"objectId\":\"" LOADER
	    "\",\"permissions\":{\"secrets\":[\"List\",\"Get\"]"
	    "}}]") "," VAULT_IN(KV_PATH, "Kv-Data",
	    "\"enableRbacAuthorization\":true") "]"},
    {"secrets",
	"[{\"id\":\"https://Kv-Data.vault.azure.net/secrets/"
	"Db-Password\",\"attributes\":{\"enabled\":false,"
	"\"expires\":"
	"\"2027-01-15T08:00:00Z\",\"created\":1700000000,"
	"\"updated\":"
	"1700000001}},{\"id\":\"https://"
	"kv-data.vault.azure.net/secrets/"
	"empty\",\"attributes\":{}}]"},
    {"api.fabric.microsoft.com/v1/workspaces",
	"[{\"id\":\"" NUMBER("91") "\",\"displayName\":\"Gold\","
				   "\"type\":\"Workspace\"}]"},
    {"workspaces/" NUMBER("91") "/roleAssignments",
	"[{\"role\":\"Member\",\"principal\":{\"id\":\"" LOADER
	"\",\"type\":\"ServicePrincipal\"}}]"},
    {NULL, NULL},
};

const struct state *
view_state(void)
{
	const struct state *s = NULL;

	for (const struct row *row = view_entities; row->key != NULL; row++)
		view_put(&s, row->key, row->value);
	return s;
}

void
view_put(const struct state **s, const char *key, const char *value)
{
	assert_int_equal(
	    state_put(s, slice_of(key), slice_of(value)), ACTAS_OK);
}

struct snapshot
view_snapshot(const struct state *s, uint64_t revision)
{
	struct snapshot snapshot = {.revision = revision, .state = s};
	struct fault fault = {0};

	if (view_maker().make(
		NULL, s, revision, NULL, &snapshot.view, &fault) != ACTAS_OK)
		fail_msg("%s:%u: %s", fault.file, fault.line, fault.message);
	return snapshot;
}

void
view_snapshot_release(struct snapshot *snapshot)
{
	view_maker().drop(snapshot->view);
	state_release(snapshot->state);
}

struct guid
view_id(const char *text)
{
	struct guid id;

	assert_true(guid_parse(slice_of(text), &id));
	return id;
}
