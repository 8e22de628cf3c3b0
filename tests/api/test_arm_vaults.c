#include "arm_test.h"

/* Vaults, their policies and secrets, and managed identities. */

#define KV      "/providers/Microsoft.KeyVault/"
#define OLDER   "?api-version=2023-07-01"
#define NEWER   "?api-version=2026-02-01"
#define NEW_KV  RG_PATH KV "vaults/kv-new"
#define DELETED SUB_PATH KV "locations/westeurope/deletedVaults/"
#define RESULTS                                                        \
	SUB_PATH "/providers/Microsoft.KeyVault/locations/westeurope/" \
		 "operationResults/"
#define MIV "?api-version=2024-11-30"
#define NEW_MI                                                                 \
	RG_PATH "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/" \
		"mi-new"

#define BODY(more)                                                            \
	"{'location':'West Europe','tags':{'a':'b'},'properties':{"           \
	"'tenantId':'" TENANT "','sku':{'family':'A','name':'standard'}" more \
	"}}"

static void
expect(struct fixture *f, const char *who, const char *call, uint32_t status,
    const char *path, const char *value)
{
	arm_expect(f, who, call, NULL, status, path, value);
}

static void
put(struct fixture *f, const char *who, const char *call, const char *body,
    uint32_t status, const char *path, const char *value)
{
	arm_expect(f, who, call, body, status, path, value);
}

/* --- vaults --- */

static void
a_vault_lives(void **state)
{
	struct fixture *f = *state;
	struct reply r = arm(f, CONTRIBUTOR, "PUT", NEW_KV OLDER, BODY(""));

	assert_reply(&r, 201, "id", NEW_KV);
	assert_reply(&r, 201, "type", "Microsoft.KeyVault/vaults");
	assert_reply(&r, 201, "location", "westeurope");
	assert_reply(&r, 201, "tags.a", "b");
	assert_reply(
	    &r, 201, "properties.vaultUri", "https://kv-new.vault.azure.net/");
	assert_reply(&r, 201, "properties.provisioningState", "Succeeded");
	assert_reply(&r, 201, "properties.softDeleteRetentionInDays", "90");
	assert_reply(&r, 201, "properties.enableSoftDelete", "true");
	assert_reply(&r, 201, "properties.publicNetworkAccess", "Enabled");
	assert_reply(&r, 201, "properties.enableRbacAuthorization", "");
	reply_free(&r);
	put(f, CONTRIBUTOR, "PUT " NEW_KV OLDER,
	    BODY(",'networkAcls':{'defaultAction':'Deny','ipRules':[{'value':"
		 "'10.0.0.0/8'}]}"),
	    200, "properties.networkAcls.bypass", "AzureServices");
	put(f, CONTRIBUTOR, "PATCH " NEW_KV OLDER,
	    "{'properties':{'publicNetworkAccess':'Disabled'}}", 200,
	    "properties.networkAcls.defaultAction", "Deny");
	put(f, CONTRIBUTOR, "PATCH " NEW_KV OLDER, "{'tags':{'c':'d'}}", 200,
	    "properties.publicNetworkAccess", "Disabled");
	expect(f, WATCHER, "GET " NEW_KV OLDER, 200, "tags.c", "d");
	assert_int_equal(arm_count(f, WATCHER, SUB_PATH KV "vaults" OLDER), 3);
	assert_int_equal(arm_count(f, WATCHER, RG_PATH KV "vaults" OLDER), 3);
	assert_int_equal(arm_count(f, ADMIN, OTHER_RG KV "vaults" OLDER), 0);
	expect(f, NOBODY, "GET " SUB_PATH KV "vaults" OLDER, 403, "error.code",
	    "AuthorizationFailed");
	/* On localhost its address leads back to localhost. */
	r = ask(f, "GET", LOCAL_HOST, NEW_KV OLDER,
	    fixture_bearer(f, ADMIN, ARM), NULL);
	assert_reply(&r, 200, "properties.vaultUri",
	    "https://kv-new.vault.localhost:8443/");
	reply_free(&r);
	r = ask(f, "GET", "127.0.0.1:8443", NEW_KV OLDER,
	    fixture_bearer(f, ADMIN, ARM), NULL);
	assert_reply(&r, 200, "properties.vaultUri",
	    "https://127.0.0.1:8443/vaults/kv-new/");
	reply_free(&r);
}

static void
bodies_that_are_no_vault(void **state)
{
	static const char *const bodies[] = {
	    "{}",
	    "{'location':'x'}",
	    "{'location':'x','properties':{}}",
	    "{'location':'x','properties':{'tenantId':'" TENANT "'}}",
	    "{'properties':{'tenantId':'" TENANT
	    "','sku':{'name':'standard'}}}",
	    "{'location':'x','properties':{'tenantId':'" NUMBER(
		"99") "','sku':{'name':'standard'}}}",
	    "{'location':'x','properties':{'tenantId':'" TENANT
	    "','sku':{'name':'golden'}}}",
	    BODY(",'softDeleteRetentionInDays':6"),
	    BODY(",'softDeleteRetentionInDays':91"),
	    BODY(",'softDeleteRetentionInDays':'7'"),
	    BODY(",'enablePurgeProtection':false"),
	    BODY(",'enableRbacAuthorization':'true'"),
	    BODY(",'publicNetworkAccess':'Perhaps'"),
	    BODY(",'networkAcls':[]"),
	    BODY(",'networkAcls':{'bypass':'All'}"),
	    BODY(",'networkAcls':{'defaultAction':'Maybe'}"),
	    BODY(",'networkAcls':{'ipRules':[{'value':'everywhere'}]}"),
	    BODY(",'networkAcls':{'ipRules':[{}]}"),
	    BODY(",'networkAcls':{'ipRules':{}}"),
	    BODY(",'networkAcls':{'virtualNetworkRules':[{'id':7}]}"),
	    BODY(",'createMode':'conjure'"),
	    BODY(",'accessPolicies':{}"),
	    BODY(",'accessPolicies':[{}]"),
	    BODY(",'accessPolicies':[{'tenantId':'" TENANT
		 "','objectId':'x','permissions':{}}]"),
	    BODY(",'accessPolicies':[{'tenantId':'" TENANT
		 "','objectId':'" READER "'}]"),
	    BODY(",'accessPolicies':[{'tenantId':'" TENANT
		 "','objectId':'" READER
		 "','permissions':{'secrets':['look']}}]"),
	    BODY(",'accessPolicies':[{'tenantId':'" TENANT
		 "','objectId':'" READER "','permissions':{'secrets':'get'}}]"),
	    BODY(",'accessPolicies':[{'tenantId':'" TENANT
		 "','objectId':'" READER
		 "','permissions':{}},{'tenantId':'" TENANT
		 "','objectId':'" READER "','permissions':{}}]"),
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct reply r = arm(f, ADMIN, "PUT", NEW_KV OLDER, bodies[i]);

		if (r.status != 400)
			fail_msg("%s: %u", bodies[i], r.status);
		reply_free(&r);
	}
	put(f, ADMIN, "PUT " RG_PATH KV "vaults/kv--x" OLDER, BODY(""), 400,
	    "error.code", "VaultNameNotValid");
	put(f, ADMIN,
	    "PUT " SUB_PATH "/resourceGroups/none" KV "vaults/kv-x" OLDER,
	    BODY(""), 404, "error.code", "ResourceGroupNotFound");
	put(f, ADMIN, "PATCH " NEW_KV OLDER, "{}", 404, "error.code",
	    "ResourceNotFound");
	assert_null(fixture_get(f, "vault/kv-new"));
}

static void
the_model_by_version(void **state)
{
	struct fixture *f = *state;

	put(f, CONTRIBUTOR, "PUT " RG_PATH KV "vaults/kv-a" NEWER, BODY(""),
	    201, "properties.enableRbacAuthorization", "true");
	put(f, CONTRIBUTOR, "PUT " RG_PATH KV "vaults/kv-b" NEWER,
	    BODY(",'enableRbacAuthorization':false"), 201,
	    "properties.enableRbacAuthorization", "false");
	put(f, CONTRIBUTOR, "PUT " RG_PATH KV "vaults/kv-c" OLDER,
	    BODY(",'enableRbacAuthorization':true"), 201,
	    "properties.enableRbacAuthorization", "true");
	/* What is left unsaid stays, whatever the version. */
	put(f, CONTRIBUTOR, "PUT " RG_PATH KV "vaults/kv-b" NEWER, BODY(""),
	    200, "properties.enableRbacAuthorization", "false");
	put(f, CONTRIBUTOR, "PUT " RG_PATH KV "vaults/kv-a" OLDER, BODY(""),
	    200, "properties.enableRbacAuthorization", "true");
}

/* Whoever may write a vault must not come at its secrets by changing who
 * decides. */
static void
the_model_is_changed_by_who_assigns_roles(void **state)
{
	struct fixture *f = *state;
	static const char to_policies[] =
	    "{'properties':{'enableRbacAuthorization':false,'accessPolicies':[{"
	    "'tenantId':'" TENANT "','objectId':'" CONTRIBUTOR
	    "','permissions':{'secrets':['get']}}]}}";

	put(f, CONTRIBUTOR, "PATCH " KV_PATH OLDER, to_policies, 403,
	    "error.code", "InsufficientPermissions");
	put(f, CONTRIBUTOR, "PUT " KV_PATH OLDER,
	    BODY(",'enableRbacAuthorization':false"), 403, "error.code",
	    "InsufficientPermissions");
	put(f, CONTRIBUTOR, "PATCH " OLD_PATH OLDER,
	    "{'properties':{'enableRbacAuthorization':true}}", 403,
	    "error.code", "InsufficientPermissions");
	assert_true(arm_was_audited(f, "denied",
	    "Microsoft.Authorization/roleAssignments/write", CONTRIBUTOR));
	/* A right with a condition is not enough. */
	fixture_put(f, "assignment/" NUMBER("f1"),
	    "{'id':'" RG_PATH ASSIGNMENTS "/" NUMBER(
		"f1") "','type':'Microsoft.Authorization/roleAssignments',"
		      "'name':'" NUMBER(
			  "f1") "','properties':{'roleDefinitionId':"
				"'" DEFINITIONS "/" CONTRIBUTOR_ROLE
				"','principalId':'" DELEGATE
				"','principalType':'ServicePrincipal','scope':"
				"'" RG_PATH "'}}",
	    NULL);
	put(f, DELEGATE, "PATCH " KV_PATH OLDER, to_policies, 403, "error.code",
	    "InsufficientPermissions");
	put(f, OWNER, "PATCH " KV_PATH OLDER, to_policies, 200,
	    "properties.enableRbacAuthorization", "false");
}

static void
what_cannot_be_changed(void **state)
{
	struct fixture *f = *state;

	put(f, OWNER, "PATCH " KV_PATH OLDER,
	    "{'properties':{'softDeleteRetentionInDays':30}}", 400,
	    "error.message",
	    "The property \"softDeleteRetentionInDays\" has been set already "
	    "and it can't be modified.");
	put(f, OWNER, "PATCH " KV_PATH OLDER,
	    "{'properties':{'enableSoftDelete':false}}", 400, "error.code",
	    "BadRequest");
	put(f, OWNER, "PATCH " KV_PATH OLDER,
	    "{'properties':{'enablePurgeProtection':true}}", 200,
	    "properties.enablePurgeProtection", "true");
	put(f, OWNER, "PATCH " KV_PATH OLDER,
	    "{'properties':{'enablePurgeProtection':false}}", 400, "error.code",
	    "BadRequest");
	put(f, OWNER, "PUT " KV_PATH OLDER,
	    "{'location':'eastus','properties':{'tenantId':'" TENANT
	    "','sku':{'name':'standard'}}}",
	    409, "error.code", "InvalidResourceLocation");
	put(f, OWNER, "PUT " OTHER_RG KV "vaults/KV-DATA" OLDER, BODY(""), 409,
	    "error.code", "VaultAlreadyExists");
}

static void
deleted_and_back(void **state)
{
	struct fixture *f = *state;

	expect(f, WATCHER, "DELETE " KV_PATH OLDER, 403, "error.code",
	    "AuthorizationFailed");
	expect(f, CONTRIBUTOR, "DELETE " KV_PATH OLDER, 200, NULL, NULL);
	expect(f, CONTRIBUTOR, "DELETE " KV_PATH OLDER, 204, NULL, NULL);
	expect(f, CONTRIBUTOR, "GET " KV_PATH OLDER, 404, "error.code",
	    "ResourceNotFound");
	/* Its role assignments are gone, and do not come back. */
	assert_null(fixture_get(f, "assignment/" NUMBER("c2")));
	assert_int_equal(
	    arm_count(f, CONTRIBUTOR, SUB_PATH KV "deletedVaults" OLDER), 1);
	expect(f, CONTRIBUTOR, "GET " DELETED "kv-data" OLDER, 200,
	    "properties.vaultId", KV_PATH);
	expect(f, CONTRIBUTOR, "GET " DELETED "kv-data" OLDER, 200,
	    "properties.scheduledPurgeDate", "2027-02-19T18:17:39.0000000Z");
	expect(
	    f, CONTRIBUTOR, "GET " DELETED "kv-data" OLDER, 200, "vault", "");
	expect(f, CONTRIBUTOR, "GET " DELETED "kv-none" OLDER, 404,
	    "error.code", "DeletedVaultNotFound");
	expect(f, CONTRIBUTOR,
	    "GET " SUB_PATH KV "locations/eastus/deletedVaults/kv-data" OLDER,
	    404, "error.code", "DeletedVaultNotFound");
	expect(f, WATCHER, "GET " DELETED "kv-data" OLDER, 403, NULL, NULL);
	put(f, CONTRIBUTOR, "PUT " KV_PATH OLDER, BODY(""), 409, "error.code",
	    "ConflictError");
	put(f, CONTRIBUTOR, "PUT " OTHER_RG KV "vaults/kv-data" OLDER,
	    BODY(",'createMode':'recover'"), 404, "error.code",
	    "SoftDeletedVaultDoesNotExist");
	put(f, CONTRIBUTOR, "PUT " KV_PATH OLDER,
	    BODY(",'createMode':'recover'"), 201,
	    "properties.enableRbacAuthorization", "true");
	expect(f, CONTRIBUTOR, "GET " DELETED "kv-data" OLDER, 404, NULL, NULL);
	expect(f, READER, "GET " KV_PATH OLDER, 403, NULL, NULL);
	put(f, CONTRIBUTOR, "PUT " KV_PATH OLDER,
	    BODY(",'createMode':'recover'"), 404, "error.code",
	    "SoftDeletedVaultDoesNotExist");
}

static void
purged_for_good(void **state)
{
	struct fixture *f = *state;

	fixture_put(f, "secret/kv-data/one", "{'name':'one'}",
	    "current/kv-data/one", "{'version':'0a'}", "version/kv-data/one/0a",
	    "{'sealed':'AAAA'}", NULL);
	expect(f, CONTRIBUTOR, "DELETE " KV_PATH OLDER, 200, NULL, NULL);
	expect(f, NOBODY, "POST " DELETED "kv-data/purge" OLDER, 403,
	    "error.code", "AuthorizationFailed");
	expect(f, CONTRIBUTOR, "POST " DELETED "kv-data/purge" OLDER, 202, NULL,
	    NULL);
	/* Where the answer's Location leads. */
	expect(
	    f, CONTRIBUTOR, "GET " RESULTS NUMBER("f0") OLDER, 200, NULL, NULL);
	expect(f, NOBODY, "GET " RESULTS NUMBER("f0") OLDER, 403, "error.code",
	    "AuthorizationFailed");
	expect(f, CONTRIBUTOR, "POST " DELETED "kv-data/purge" OLDER, 404,
	    "error.code", "DeletedVaultNotFound");
	assert_null(fixture_get(f, "deleted-vault/kv-data"));
	assert_null(fixture_get(f, "secret/kv-data/one"));
	assert_null(fixture_get(f, "current/kv-data/one"));
	assert_null(fixture_get(f, "version/kv-data/one/0a"));
	put(f, CONTRIBUTOR, "PUT " KV_PATH OLDER, BODY(""), 201, NULL, NULL);
}

static void
protected_from_purging(void **state)
{
	struct fixture *f = *state;

	put(f, OWNER, "PATCH " KV_PATH OLDER,
	    "{'properties':{'enablePurgeProtection':true}}", 200, NULL, NULL);
	expect(f, OWNER, "DELETE " KV_PATH OLDER, 200, NULL, NULL);
	expect(f, OWNER, "POST " DELETED "kv-data/purge" OLDER, 400,
	    "error.code", "MethodNotAllowed");
	/* Until its time is over: then the name is free, and nothing left. */
	atomic_fetch_add(&f->now, 91 * MOMENT_DAY);
	expect(f, OWNER, "GET " DELETED "kv-data" OLDER, 404, NULL, NULL);
	assert_int_equal(
	    arm_count(f, OWNER, SUB_PATH KV "deletedVaults" OLDER), 0);
	put(f, OWNER, "PUT " OTHER_RG KV "vaults/kv-data" OLDER, BODY(""), 201,
	    NULL, NULL);
	assert_null(fixture_get(f, "deleted-vault/kv-data"));
}

static void
names_of_vaults(void **state)
{
	static const struct {
		const char *name, *available, *reason;
	} rows[] = {
	    {"kv-free", "true", ""},
	    {"KV-Data", "false", "AlreadyExists"},
	    {"kv", "false", "AccountNameInvalid"},
	    {"a/b", "false", "AccountNameInvalid"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *body = arena_printf(&f->arena,
		    "{'name':'%s','type':'Microsoft.KeyVault/vaults'}",
		    rows[i].name);

		put(f, CONTRIBUTOR,
		    "POST " SUB_PATH KV "checkNameAvailability" OLDER, body,
		    200, "nameAvailable", rows[i].available);
		put(f, CONTRIBUTOR,
		    "POST " SUB_PATH KV "checkNameAvailability" OLDER, body,
		    200, "reason", rows[i].reason);
	}
	put(f, NOBODY, "POST " SUB_PATH KV "checkNameAvailability" OLDER,
	    "{'name':'kv-data'}", 403, "error.code", "AuthorizationFailed");
	expect(f, CONTRIBUTOR, "DELETE " KV_PATH OLDER, 200, NULL, NULL);
	put(f, CONTRIBUTOR, "POST " SUB_PATH KV "checkNameAvailability" OLDER,
	    "{'name':'kv-data'}", 200, "reason", "AlreadyExists");
	/* az lists managed HSMs, too: there are none. */
	assert_int_equal(
	    arm_count(f, CONTRIBUTOR, SUB_PATH KV "managedHSMs" OLDER), 0);
	assert_int_equal(
	    arm_count(f, CONTRIBUTOR, SUB_PATH KV "deletedManagedHSMs" OLDER),
	    0);
}

/* --- policies --- */

#define POLICY(who, words)                                      \
	"{'properties':{'accessPolicies':[{'tenantId':'" TENANT \
	"','objectId':'" who "','permissions':{'secrets':[" words "]}}]}}"

static void
policies(void **state)
{
	struct fixture *f = *state;
	const char *add = "PUT " OLD_PATH "/accessPolicies/add" OLDER;

	put(f, WATCHER, add, POLICY(READER, "'set'"), 403, "error.code",
	    "AuthorizationFailed");
	put(f, CONTRIBUTOR, add, POLICY(READER, "'set','GET'"), 200,
	    "properties.accessPolicies.0.permissions.secrets",
	    "[\"get\",\"list\",\"set\"]");
	put(f, CONTRIBUTOR, add, POLICY(NOBODY, "'get'"), 200,
	    "properties.accessPolicies.1.objectId", NOBODY);
	put(f, CONTRIBUTOR, "PUT " OLD_PATH "/accessPolicies/replace" OLDER,
	    POLICY(READER, "'delete'"), 200,
	    "properties.accessPolicies.0.permissions.secrets", "[\"delete\"]");
	put(f, CONTRIBUTOR, "PUT " OLD_PATH "/accessPolicies/remove" OLDER,
	    POLICY(READER, "'delete'"), 200,
	    "properties.accessPolicies.0.objectId", NOBODY);
	put(f, CONTRIBUTOR, "PUT " OLD_PATH "/accessPolicies/remove" OLDER,
	    POLICY(READER, "'get'"), 200, "properties.accessPolicies.1", "");
	put(f, CONTRIBUTOR, "PUT " OLD_PATH "/accessPolicies/grow" OLDER,
	    POLICY(READER, "'get'"), 400, "error.code", "BadRequest");
	put(f, CONTRIBUTOR, add, "{}", 400, "error.code", "BadRequest");
	put(f, CONTRIBUTOR, add, POLICY(READER, "'look'"), 400, "error.code",
	    "BadRequest");
	put(f, CONTRIBUTOR, "PUT " NEW_KV "/accessPolicies/add" OLDER,
	    POLICY(READER, "'get'"), 404, "error.code", "ResourceNotFound");
}

/* --- secrets --- */

#define ONE NEW_KV "/secrets/Db-Password"

static void
a_value_goes_in_and_never_out(void **state)
{
	struct fixture *f = *state;
	const char *bearer = fixture_bearer(f, ADMIN, VAULT);
	struct reply r;

	put(f, CONTRIBUTOR, "PUT " NEW_KV OLDER,
	    BODY(",'enableRbacAuthorization':true,'publicNetworkAccess':"
		 "'Enabled'"),
	    201, NULL, NULL);
	r = arm(f, CONTRIBUTOR, "PUT", ONE OLDER,
	    "{'tags':{'value':'t'},'properties':{'contentType':'text/plain',"
	    "'attributes':{'enabled':true,'exp':1900000000},'value':"
	    "'s3cr\\u00e9t'}}");
	assert_reply(&r, 201, "id", ONE);
	assert_reply(&r, 201, "properties.contentType", "text/plain");
	assert_reply(&r, 201, "properties.attributes.exp", "1900000000");
	assert_reply(&r, 201, "properties.value", "");
	assert_reply(&r, 201, "tags.value", "t");
	assert_reply(&r, 201, "properties.secretUri",
	    "https://kv-new.vault.azure.net/secrets/Db-Password");
	assert_true(slice_find(r.text, SLICE("s3cr")) == SIZE_MAX);
	reply_free(&r);
	/* Contributor writes it, and may not read it. */
	r = ask(f, "GET", "kv-new.vault.azure.net",
	    "/secrets/db-password?api-version=7.6", bearer, NULL);
	assert_reply(&r, 200, "value", "s3cr\xc3\xa9t");
	assert_reply(&r, 200, "tags.value", "t");
	reply_free(&r);
	r = ask(f, "GET", "kv-new.vault.azure.net",
	    "/secrets/db-password?api-version=7.6",
	    fixture_bearer(f, CONTRIBUTOR, VAULT), NULL);
	assert_int_equal(r.status, 403);
	reply_free(&r);
	put(f, CONTRIBUTOR, "PUT " ONE OLDER, "{'properties':{'value':'two'}}",
	    200, "name", "Db-Password");
	r = ask(f, "GET", "kv-new.vault.azure.net",
	    "/secrets/db-password?api-version=7.6", bearer, NULL);
	assert_reply(&r, 200, "value", "two");
	reply_free(&r);
	put(f, CONTRIBUTOR, "PATCH " ONE OLDER,
	    "{'properties':{'attributes':{'enabled':false}}}", 200,
	    "properties.attributes.enabled", "false");
	expect(f, WATCHER, "GET " ONE OLDER, 200, "properties.value", "");
	assert_int_equal(arm_count(f, WATCHER, NEW_KV "/secrets" OLDER), 1);
	expect(f, WATCHER, "GET " NEW_KV "/secrets/none" OLDER, 404,
	    "error.code", "SecretNotFound");
	put(f, WATCHER, "PUT " ONE OLDER, "{'properties':{'value':'x'}}", 403,
	    "error.code", "AuthorizationFailed");
	put(f, READER, "PUT " ONE OLDER, "{'properties':{'value':'x'}}", 403,
	    "error.code", "AuthorizationFailed");
}

static void
bodies_that_are_no_secret(void **state)
{
	static const char *const bodies[] = {"", "{}", "x", "{'value':'x'}",
	    "{'properties':{}}", "{'properties':{'value':7}}",
	    "{'properties':{'value':null}}", "{'properties':['value','x']}",
	    "{'properties':{'Value':'x'}}",
	    "{'properties':{'value':'x','Value':'y'}}",
	    "{'properties':{'value':'x','value':'y'}}",
	    "{'Properties':{'value':'x'}}",
	    "{'properties':{},'properties':{'value':'x'}}",
	    "{'properties':{'value':'x','attributes':7}}",
	    "{'properties':{'value':'x','contentType':7}}",
	    "{'tags':7,'properties':{'value':'x'}}",
	    "{'properties':{'value':'x'}", "{'properties':{'value':'x"};
	struct fixture *f = *state;

	put(f, CONTRIBUTOR, "PUT " NEW_KV OLDER, BODY(""), 201, NULL, NULL);
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct reply r =
		    arm(f, CONTRIBUTOR, "PUT", ONE OLDER, bodies[i]);

		if (r.status != 400)
			fail_msg("%s: %u", bodies[i], r.status);
		reply_free(&r);
	}
	put(f, CONTRIBUTOR, "PUT " NEW_KV "/secrets/a_b" OLDER,
	    "{'properties':{'value':'x'}}", 400, "error.code", "BadParameter");
	put(f, CONTRIBUTOR, "PUT " RG_PATH KV "vaults/none/secrets/a" OLDER,
	    "{'properties':{'value':'x'}}", 404, "error.code",
	    "ResourceNotFound");
	fixture_put(f, "secret/kv-new/gone",
	    "{'name':'gone','deletedDate':1795285000,'scheduledPurgeDate':"
	    "1895285000}",
	    NULL);
	put(f, CONTRIBUTOR, "PUT " NEW_KV "/secrets/gone" OLDER,
	    "{'properties':{'value':'x'}}", 409, "error.code", "ConflictError");
	assert_null(fixture_get(f, "current/kv-new/gone"));
}

/* --- identities --- */

static const char *
principal_of(struct fixture *f)
{
	struct reply r = arm(f, ADMIN, "GET", NEW_MI MIV, NULL);
	const char *id = arena_printf(
	    &f->arena, "%s", reply_at(&r, "properties.principalId"));

	assert_int_equal(r.status, 200);
	reply_free(&r);
	return id;
}

static void
an_identity_lives(void **state)
{
	struct fixture *f = *state;
	const char *id, *key;
	json_t *principal;

	put(f, CONTRIBUTOR, "PUT " NEW_MI MIV,
	    "{'location':'westeurope','tags':{'a':'b'}}", 201,
	    "properties.tenantId", TENANT);
	id = principal_of(f);
	key = arena_printf(&f->arena, "service-principal/%s", id);
	principal = fixture_get(f, key);
	assert_string_equal(
	    json_at(principal, "servicePrincipalType"), "ManagedIdentity");
	assert_string_equal(json_at(principal, "alternativeNames.1"), NEW_MI);
	json_decref(principal);
	/* The same again is the same identity. */
	put(f, CONTRIBUTOR, "PUT " NEW_MI MIV, "{'location':'westeurope'}", 200,
	    "properties.principalId", id);
	put(f, CONTRIBUTOR, "PATCH " NEW_MI MIV, "{'tags':{'c':'d'}}", 200,
	    "tags.c", "d");
	put(f, CONTRIBUTOR, "PUT " NEW_MI MIV, "{'location':'eastus'}", 409,
	    "error.code", "InvalidResourceLocation");
	/* It can be given a role at once. */
	arm_expect(f, OWNER, "PUT " RG_PATH ASSIGNMENTS "/" NUMBER("f1") V,
	    role_to(f, READER_ROLE, id), 201, "properties.principalType",
	    "ServicePrincipal");
	assert_int_equal(arm_count(f, WATCHER,
			     SUB_PATH "/providers/Microsoft.ManagedIdentity/"
				      "userAssignedIdentities" MIV),
	    2);
	assert_int_equal(arm_count(f, ADMIN,
			     OTHER_RG "/providers/Microsoft.ManagedIdentity/"
				      "userAssignedIdentities" MIV),
	    0);
	expect(f, NOBODY, "GET " NEW_MI MIV, 403, "error.code",
	    "AuthorizationFailed");
	expect(f, CONTRIBUTOR, "DELETE " NEW_MI MIV, 200, NULL, NULL);
	expect(f, CONTRIBUTOR, "DELETE " NEW_MI MIV, 204, NULL, NULL);
	assert_null(fixture_get(f, key));
	/* Its assignment stays, of nobody. */
	json_decref(fixture_get(f, "assignment/" NUMBER("f1")));
	put(f, CONTRIBUTOR, "PUT " NEW_MI MIV, "{'location':'westeurope'}", 201,
	    NULL, NULL);
	assert_string_not_equal(principal_of(f), id);
}

static void
identities_that_are_none(void **state)
{
	struct fixture *f = *state;

	put(f, ADMIN,
	    "PUT " RG_PATH "/providers/Microsoft.ManagedIdentity/"
	    "userAssignedIdentities/ab" MIV,
	    "{'location':'x'}", 400, "error.code", "InvalidResourceName");
	put(f, ADMIN, "PUT " NEW_MI MIV, "{}", 400, "error.code",
	    "LocationRequired");
	put(f, ADMIN, "PATCH " NEW_MI MIV, "{}", 404, "error.code",
	    "ResourceNotFound");
	put(f, WATCHER, "PUT " NEW_MI MIV, "{'location':'x'}", 403,
	    "error.code", "AuthorizationFailed");
	put(f, ADMIN,
	    "PUT " SUB_PATH
	    "/resourceGroups/none/providers/Microsoft.ManagedIdentity/"
	    "userAssignedIdentities/abc" MIV,
	    "{'location':'x'}", 404, "error.code", "ResourceGroupNotFound");
}

#define FIC MI_PATH "/federatedIdentityCredentials/"
#define TRUST(issuer, subject)                                     \
	"{'properties':{'issuer':'" issuer "','subject':'" subject \
	"','audiences':['api://AzureADTokenExchange']}}"

static void
federated_credentials(void **state)
{
	struct fixture *f = *state;

	put(f, CONTRIBUTOR, "PUT " FIC "main" MIV,
	    TRUST("https://ci.example", "repo:a"), 201, "properties.subject",
	    "repo:a");
	put(f, CONTRIBUTOR, "PUT " FIC "main" MIV,
	    TRUST("https://ci.example", "repo:b"), 200, "properties.subject",
	    "repo:b");
	put(f, CONTRIBUTOR, "PUT " FIC "other" MIV,
	    TRUST("https://ci.example", "repo:b"), 409, "error.code",
	    "Conflict");
	put(f, CONTRIBUTOR, "PUT " FIC "other" MIV,
	    TRUST("http://ci.example", "x"), 400, "error.code", "BadRequest");
	put(f, CONTRIBUTOR, "PUT " FIC "other" MIV, TRUST("https://x", ""), 400,
	    "error.code", "BadRequest");
	put(f, CONTRIBUTOR, "PUT " FIC "ab" MIV, TRUST("https://x", "y"), 400,
	    "error.code", "BadRequest");
	put(f, CONTRIBUTOR, "PUT " FIC "other" MIV,
	    "{'properties':{'issuer':'https://x','subject':'y','audiences':[]"
	    "}}",
	    400, "error.code", "BadRequest");
	put(f, WATCHER, "PUT " FIC "other" MIV, TRUST("https://x", "y"), 403,
	    "error.code", "AuthorizationFailed");
	assert_int_equal(
	    arm_count(f, WATCHER, MI_PATH "/federatedIdentityCredentials" MIV),
	    1);
	expect(f, WATCHER, "GET " FIC "MAIN" MIV, 200, "name", "main");
	expect(
	    f, WATCHER, "GET " FIC "none" MIV, 404, "error.code", "NotFound");
	for (int i = 1; i < 20; i++)
		put(f, CONTRIBUTOR,
		    arena_printf(&f->arena, "PUT " FIC "n%02d" MIV, i),
		    arena_printf(&f->arena,
			"{'properties':{'issuer':'https://x','subject':'%d',"
			"'audiences':['a']}}",
			i),
		    201, NULL, NULL);
	put(f, CONTRIBUTOR, "PUT " FIC "n20" MIV, TRUST("https://x", "20"), 400,
	    "error.code", "BadRequest");
	expect(f, CONTRIBUTOR, "DELETE " FIC "main" MIV, 200, NULL, NULL);
	expect(f, CONTRIBUTOR, "DELETE " FIC "main" MIV, 204, NULL, NULL);
	expect(f, CONTRIBUTOR, "DELETE " MI_PATH MIV, 200, NULL, NULL);
	expect(f, CONTRIBUTOR, "GET " FIC "n01" MIV, 404, "error.code",
	    "ResourceNotFound");
}

#define TEST(name) cmocka_unit_test_setup(name, arm_reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_vault_lives),
	    TEST(bodies_that_are_no_vault),
	    TEST(the_model_by_version),
	    TEST(the_model_is_changed_by_who_assigns_roles),
	    TEST(what_cannot_be_changed),
	    TEST(deleted_and_back),
	    TEST(purged_for_good),
	    TEST(protected_from_purging),
	    TEST(names_of_vaults),
	    TEST(policies),
	    TEST(a_value_goes_in_and_never_out),
	    TEST(bodies_that_are_no_secret),
	    TEST(an_identity_lives),
	    TEST(identities_that_are_none),
	    TEST(federated_credentials),
	};

	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
