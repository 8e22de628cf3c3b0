#include "explain_world.h"

/*
 * explain: each form in the platform's own words, and who the caller is.
 */

#define POLICY_URL                                   \
	"For help resolving this issue, please see " \
	"https://go.microsoft.com/fwlink/?linkid=2125287"
#define ARM_DENIED                                                           \
	"The client '" AIRFLOW_APP "' with object id '" AIRFLOW_OID          \
	"' does not have authorization to perform action "                   \
	"'Microsoft.KeyVault/vaults/write' over scope '" VAULT               \
	"' or the scope is invalid. If access was recently granted, please " \
	"refresh your credentials."

struct form_row {
	const char *text;
	enum explain_form form;
	const char *code, *inner;
	const char *tells[6];
};

static const struct form_row forms[] = {
    {"{\"error\":{\"code\":\"Forbidden\",\"message\":\"" RBAC
     "\",\"innererror\":{\"code\":\"ForbiddenByRbac\"}}}",
	EXPLAIN_VAULT_RBAC, "Forbidden", "ForbiddenByRbac",
	{"Key Vault did not let sp-airflow read the value of a secret (secret "
	 "key of vault kv).",
	    "sp-airflow, found by its object id.",
	    "is the client id of service principal sp-airflow with object "
	    "id 4e5f6a7b",
	    "DeniedWithNoValidRBAC",
	    "Give sp-airflow (object id " AIRFLOW_OID
	    ") the role Key Vault Secrets User at vault kv."}},
    {RBAC_OF(AIRFLOW, "null"), EXPLAIN_VAULT_RBAC, "", "",
	{"Give sp-airflow", "at vault kv."}},
    {RBAC_OF(AIRFLOW, "'DeniedByDenyAssignment'"), EXPLAIN_VAULT_RBAC, "", "",
	{"no role outweighs that", "Deny assignments"}},
    {RBAC_OF(AIRFLOW, "'DeniedWithABACEvaluationInRA'"), EXPLAIN_VAULT_RBAC, "",
	"", {"its condition did not hold"}},
    {RBAC_OF(AIRFLOW, "'DeniedWithMissingAttributesInRA'"), EXPLAIN_VAULT_RBAC,
	"", "", {"asks for an attribute"}},
    {"(Forbidden) Caller is not authorized to perform action on resource.\n"
     "Caller: " AIRFLOW "\nAction: "
     "'Microsoft.KeyVault/vaults/secrets/readMetadata/action'\nResource: "
     "'/subscriptions/00000000-0000-0000-0000-00000000000a/resourcegroups/rg/"
     "providers/microsoft.keyvault/vaults/kv'\n",
	EXPLAIN_VAULT_RBAC, "Forbidden", "",
	{"list secrets and their properties", "at vault kv"}},
    {"The user, group or application '" AIRFLOW "' does not have secrets get "
     "permission on key vault 'kv;location=westeurope'. " POLICY_URL,
	EXPLAIN_VAULT_POLICY, "", "",
	{"do not give sp-airflow the secrets permission get",
	    "goes by access policies", "the source is out of date",
	    "the secrets permission get in the access policies of vault kv"}},
    {"The user, group or application 'appid=" AIRFLOW_APP ";oid=" AIRFLOW_OID
     ";numgroups=23;" ISSUER "' does not have secrets list permission on key "
     "vault 'kv;location=westeurope'.",
	EXPLAIN_VAULT_POLICY, "", "", {"23 groups", "permission list"}},
    {"code: ForbiddenByPolicy The user, group or application '" AIRFLOW
     "' does not have keys decrypt permission on key vault 'kv-b;location=x'",
	EXPLAIN_VAULT_POLICY, "", "",
	{"the keys permission decrypt", "vault kv-b",
	    "does not know vault kv-b"}},
    {"The policy requires the caller '" AIRFLOW "' to use on-behalf-of (OBO) "
     "flow. For more information on OBO, please see "
     "https://go.microsoft.com/fwlink/?linkid=2152310 (ForbiddenByPolicy)",
	EXPLAIN_VAULT_OBO, "", "ForbiddenByPolicy",
	{"only on behalf of a user", "works for users only"}},
    {"Client address is not authorized and caller is not a trusted service."
     "\r\nClient address: 1.2.3.4\r\nCaller: " AIRFLOW
     "\r\nVault: kv;location=westeurope",
	EXPLAIN_VAULT_FIREWALL, "", "",
	{"The firewall of vault kv does not allow 1.2.3.4",
	    "no role and no access policy helps"}},
    {"Client address is not authorized and caller was ignored because bypass "
     "is set to None\r\nClient address: 10.0.0.7\r\nCaller: " AIRFLOW,
	EXPLAIN_VAULT_FIREWALL, "", "", {"bypass is None", "10.0.0.7"}},
    {"Request was not allowed by NSP rules and the client address is not "
     "authorized and caller is not a trusted service.\r\nClient address: "
     "1.2.3.4\r\n",
	EXPLAIN_VAULT_FIREWALL, "", "", {"network security perimeter"}},
    {"Public network access is disabled and request is not from a trusted "
     "service nor via an approved private link.\r\nCaller: appid=" STRANGE_APP
     ";oid=" STRANGE_OID ";" ISSUER ";xms_mirid=" MI_HOME ";xms_az_rid=" GROUP
     "/providers/Microsoft.Web/sites/loader\r\n"
     "Vault: kv;location=westeurope",
	EXPLAIN_VAULT_CONNECTION, "", "",
	{"is open to no public network", "managed identity of: " MI_HOME,
	    "The call came from resource " GROUP
	    "/providers/Microsoft.Web/sites/loader"}},
    {"Connection is not an approved private link and caller was ignored "
     "because bypass is not set to 'AzureServices' \r\nCaller: " AIRFLOW,
	EXPLAIN_VAULT_CONNECTION, "", "", {"private endpoint"}},
    {"{\"error\":{\"code\":\"Forbidden\",\"message\":\"Operation get is not "
     "allowed on a disabled secret.\",\"innererror\":{\"code\":"
     "\"SecretDisabled\"}}}",
	EXPLAIN_VAULT_OBJECT, "Forbidden", "SecretDisabled",
	{"is disabled", "past its expiry date can still be read"}},
    {"{\"error\":{\"code\":\"Forbidden\",\"message\":\"Operation \\\"purge\\\" "
     "is not allowed because purge protection is enabled for this vault. Key "
     "Vault service will automatically purge it after the retention period "
     "has passed.\\r\\nVault: kv;location=x\",\"innererror\":{\"code\":"
     "\"ForbiddenByPolicy\"}}}",
	EXPLAIN_VAULT_OBJECT, "Forbidden", "ForbiddenByPolicy",
	{"Purge protection is on in vault kv", "Rights are not the matter"}},
    {"A secret with (name/id) db-password/0123 was not found in this key "
     "vault. If you recently deleted this secret you may be able to recover "
     "it using the correct recovery command.",
	EXPLAIN_VAULT_OBJECT, "", "",
	{"There is no secret db-password", "recover"}},
    {"SecretNotFound: A secret with (name/id) key was not found in this key "
     "vault",
	EXPLAIN_VAULT_OBJECT, "SecretNotFound", "",
	{"The source knows a secret of that name in vault kv"}},
    {"Deleted Secret not found: db-password", EXPLAIN_VAULT_OBJECT, "", "",
	{"There is no deleted secret db-password"}},
    {"Conflict ObjectIsDeletedButRecoverable: Secret db-password is currently "
     "in a deleted but recoverable state, and its name cannot be reused; in "
     "this state, the secret can only be recovered or purged.",
	EXPLAIN_VAULT_OBJECT, "Conflict", "ObjectIsDeletedButRecoverable",
	{"The name of secret db-password is still taken", "purge"}},
    {"{\"error\":{\"code\":\"Unauthorized\",\"message\":\"AKV10000: Request "
     "is missing a Bearer or PoP token.\"}}",
	EXPLAIN_VAULT_TOKEN, "Unauthorized", "AKV10000", {"carried no token"}},
    {"AKV10022: Invalid audience. Expected https://vault.azure.net, found: "
     "https://management.azure.com/.",
	EXPLAIN_VAULT_TOKEN, "", "AKV10022",
	{"The token is for https://management.azure.com/;",
	    "getToken('keyvault')"}},
    {"AKV10032: Invalid issuer. Expected one of https://sts.windows.net/" TENANT
     "/, found https://sts.windows.net/" OTHER_TENANT "/.",
	EXPLAIN_VAULT_TOKEN, "", "AKV10032",
	{"issued by https://sts.windows.net/" OTHER_TENANT,
	    "trusts only https://sts.windows.net/" TENANT, "AZURE_TENANT_ID"}},
    {"429 Client Error for url: https://kv.vault.azure.net/secrets/key",
	EXPLAIN_VAULT_OBJECT, "", "", {"Too many requests to vault kv"}},
    {"BadParameter: the request URI contains an invalid name",
	EXPLAIN_VAULT_OBJECT, "BadParameter", "", {"letters, digits"}},
    {"(AuthorizationFailed) " ARM_DENIED, EXPLAIN_ARM, "AuthorizationFailed",
	"",
	{"Azure did not let sp-airflow change a vault",
	    "the role Key Vault Contributor at vault kv"}},
    {"The client 'anna@example.com' with object id '" ANNA_OID
     "' does not have authorization to perform action "
     "'Microsoft.Authorization/roleAssignments/write' over scope '" VAULT
     "' or the scope is invalid.",
	EXPLAIN_ARM, "", "",
	{"Azure did not let Anna give a role to anybody",
	    "The caller is user Anna"}},
    {"The client 'anna@example.com' does not have authorization to perform "
     "action 'Microsoft.KeyVault/vaults/write' over scope '" VAULT "'",
	EXPLAIN_ARM, "", "", {"found by the name anna@example.com"}},
    {"LinkedAuthorizationFailed: The client has permission to perform action "
     "'Microsoft.Web/sites/write' on scope '" GROUP
     "/providers/Microsoft.Web/sites/f', however it does not have permission "
     "to perform action(s) "
     "'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on the "
     "linked scope(s) '" MI_HOME "' (respectively) or the linked scope(s) are "
     "invalid.",
	EXPLAIN_ARM, "LinkedAuthorizationFailed", "",
	{"attach a managed identity to a resource", MI_HOME,
	    "ties in a second resource"}},
    {"(RoleAssignmentLimitExceeded) No more role assignments can be created.",
	EXPLAIN_ARM, "RoleAssignmentLimitExceeded", "",
	{"4,000", "500", "groups"}},
    {"The client '" AIRFLOW_APP "' with object id '" AIRFLOW_OID
     "' has permission to perform action 'Microsoft.KeyVault/vaults/write' on "
     "scope '" VAULT "'; however, the access is denied because of the deny "
     "assignment with name 'locked' and Id 'abc' at scope '" GROUP "'.",
	EXPLAIN_ARM, "", "",
	{"A deny assignment does not let sp-airflow", "id abc"}},
    {"ErrorCode:AuthorizationPermissionMismatch This request is not "
     "authorized to perform this operation using this permission. "
     "https://st.blob.core.windows.net/box/a.parquet",
	EXPLAIN_STORAGE, "AuthorizationPermissionMismatch", "",
	{"storage account st", "Storage Blob Data Reader"}},
    {"This request is not authorized to perform this operation. "
     "ErrorCode:AuthorizationFailure",
	EXPLAIN_STORAGE, "AuthorizationFailure", "", {"network rules"}},
    {"{\"error\":{\"code\":\"Authorization_RequestDenied\",\"message\":"
     "\"Insufficient privileges to complete the operation.\"}}",
	EXPLAIN_GRAPH, "Authorization_RequestDenied", "",
	{"Microsoft Graph did not let the caller", "do not count for Graph",
	    "does not say who called"}},
    {"{\"errorCode\":\"InsufficientPrivileges\",\"message\":\"The caller does "
     "not have sufficient permissions\",\"requestId\":\"x\"}",
	EXPLAIN_FABRIC, "InsufficientPrivileges", "",
	{"a workspace role or item permission is missing", "Contributor"}},
    {"errorCode: MissingMinimalPermissions", EXPLAIN_FABRIC,
	"MissingMinimalPermissions", "", {"workspace role"}},
    {"{\"errorCode\":\"Unauthorized\",\"message\":\"x\"}", EXPLAIN_FABRIC,
	"Unauthorized", "",
	{"(401)", "Service principals can call Fabric public APIs"}},
    {"401 Client Error: Unauthorized for url: "
     "https://api.fabric.microsoft.com/v1/workspaces",
	EXPLAIN_FABRIC, "Unauthorized", "", {"(401)"}},
    {"403 Client Error: Forbidden for url: "
     "https://api.fabric.microsoft.com/v1/workspaces/Gold/items/Load/jobs/"
     "instances?jobType=RunNotebook",
	EXPLAIN_FABRIC, "Forbidden", "",
	{"Fabric did not let the caller run an item"}},
    {"{\"errorCode\": \"InsufficientScopes\"}", EXPLAIN_FABRIC,
	"InsufficientScopes", "", {"Item.Execute.All"}},
    {"{\"errorCode\": \"TokenExpired\"}", EXPLAIN_FABRIC, "TokenExpired", "",
	{"has expired"}},
    {"{\"errorCode\": \"ItemNotFound\"}", EXPLAIN_FABRIC, "ItemNotFound", "",
	{"no such item"}},
    {"{\"errorCode\": \"TooManyRequestsForJobs\"}", EXPLAIN_FABRIC,
	"TooManyRequestsForJobs", "", {"Retry-After"}},
    {"hello", EXPLAIN_NOT_UNDERSTOOD, "", "", {"No known error"}},
    {"", EXPLAIN_NOT_UNDERSTOOD, "", "", {"No known error"}},
};

static void
every_form_is_recognised_in_the_platforms_own_words(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		const struct form_row *row = &forms[i];

		world_explain(&w, row->text);
		if (w.x.form != row->form)
			fail_msg("form %d: %.60s", w.x.form, row->text);
		assert_string_equal(w.x.code, row->code);
		assert_string_equal(w.x.inner_code, row->inner);
		for (size_t j = 0; j < 6 && row->tells[j] != NULL; j++)
			world_tells(&w, row->tells[j]);
	}
	world_end(&w);
}

static void
a_denial_is_decided_with_its_least_remedy(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	world_explain(&w, RBAC);
	assert_int_equal(w.x.caller.principal, w.airflow);
	assert_int_equal(w.x.caller.matched_by, MATCHED_BY_OBJECT_ID);
	assert_int_equal(w.x.scope, w.secret);
	assert_string_equal(w.x.action, GET_SECRET);
	assert_string_equal(w.x.scope_text, SECRET_PATH);
	assert_true(w.x.decided);
	assert_false(w.x.decision.allowed);
	assert_int_equal(w.x.decision.reason, REASON_NO_RBAC);
	assert_true(w.x.remedy_count > 0);
	assert_int_equal(w.x.remedies[0].scope, w.vault);
	world_tells(&w,
	    "az role assignment create --assignee-object-id " //
	    AIRFLOW_OID " --role \"Key Vault Secrets User\" --scope");
	world_tells(&w, "takes up to 10 minutes");
	world_end(&w);
}

static void
a_platform_of_ours_applies_a_grant_at_once(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	w.f.e->revision = 12;
	world_explain(&w, RBAC);
	world_tells(&w, "It has effect at once on this platform.");
	world_silent(&w, "10 minutes");
	world_explain(&w, "Authorization_RequestDenied");
	world_tells(&w, "/actas/explain/");
	world_silent(&w, "consent");
	world_end(&w);
	world_begin(&w);
	fixture_grant(&w.f, w.airflow, "Key Vault Secrets User", VAULT);
	world_freeze(&w);
	w.f.e->revision = 12;
	world_explain(&w, RBAC);
	world_tells(&w, "On this platform a grant has effect at once");
	world_silent(&w, "10 minutes");
	world_end(&w);
}

static void
an_allowance_of_the_estate_is_stated_as_such(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	fixture_member(&w.f, w.group, w.airflow);
	fixture_grant(&w.f, w.group, "Key Vault Secrets User", VAULT);
	world_freeze(&w);
	world_explain(&w, RBAC);
	assert_true(w.x.decided);
	assert_true(w.x.decision.allowed);
	assert_int_equal(w.x.remedy_count, 0);
	world_tells(&w,
	    "The source says that it is allowed: sp-airflow has Key "
	    "Vault Secrets User at vault kv through group "
	    "secret-readers.");
	world_tells(&w, "or the source is out of date");
	world_silent(&w, "Give sp-airflow");
	world_end(&w);
}

static void
a_group_that_has_the_role_is_an_alternative(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	fixture_grant(&w.f, w.group, "Key Vault Secrets User", VAULT);
	fixture_grant(&w.f, w.airflow, "Reader", GROUP);
	world_freeze(&w);
	world_explain(&w, RBAC);
	world_tells(&w, "Or make it a member of group secret-readers");
	world_tells(&w,
	    "What it has there does not include it: Reader at "
	    "resource group rg.");
	world_end(&w);
}

static void
what_is_held_through_a_group_is_told(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	fixture_member(&w.f, w.group, w.airflow);
	fixture_grant(&w.f, w.group, "Key Vault Reader", VAULT);
	world_freeze(&w);
	world_explain(&w, RBAC);
	world_tells(&w,
	    "What it has there does not include it: Key Vault Reader at "
	    "vault kv through group secret-readers.");
	world_end(&w);
}

static void
a_policy_vault_wants_a_permission_and_no_role(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	builder_vault(w.f.b, w.vault, (struct origin){0})->model = MODEL_POLICY;
	world_freeze(&w);
	world_explain(&w, forms[6].text);
	assert_int_equal(w.x.decision.reason, REASON_NO_POLICY);
	world_silent(&w, "out of date");
	world_silent(&w, "the role");
	world_explain(&w, RBAC);
	world_tells(&w, "The source has vault kv under access policies, but");
	assert_false(w.x.decided);
	world_end(&w);
}

static void
a_stranger_is_unknown_only_after_both_look_ups(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	world_explain(&w, RBAC_OF(STRANGER, "'DeniedWithNoValidRBAC'"));
	assert_int_equal(w.x.caller.principal, NONE);
	assert_int_equal(w.x.caller.matched_by, MATCHED_BY_NOTHING);
	assert_false(w.x.decided);
	world_tells(&w,
	    "knows neither object id " STRANGE_OID " nor app id " STRANGE_APP);
	world_tells(&w, "az ad sp show --id " STRANGE_OID);
	world_tells(&w,
	    "Give the caller (object id " STRANGE_OID
	    ") the role Key Vault Secrets User at vault kv.");
	world_end(&w);
}

static void
an_app_id_that_matches_alone_is_told_with_care(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	world_explain(&w,
	    RBAC_OF(
		"appid=" AIRFLOW_APP ";oid=" STRANGE_OID ";" ISSUER, "null"));
	assert_int_equal(w.x.caller.principal, w.airflow);
	assert_int_equal(w.x.caller.matched_by, MATCHED_BY_APP_ID);
	assert_false(w.x.decided);
	world_tells(&w, "made again (same app id, new object id)");
	world_explain(&w, RBAC_OF("appid=" AIRFLOW_APP, "null"));
	assert_int_equal(w.x.caller.matched_by, MATCHED_BY_APP_ID);
	assert_true(w.x.decided);
	world_end(&w);
}

static void
another_tenant_is_told_and_matches_nobody(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	world_explain(&w,
	    RBAC_OF("appid=" AIRFLOW_APP ";oid=" AIRFLOW_OID
		    ";iss=https://sts.windows.net/" OTHER_TENANT "/",
		"null"));
	assert_int_equal(w.x.caller.principal, NONE);
	world_tells(&w,
	    "is of tenant " OTHER_TENANT
	    ", and this source is of tenant " TENANT);
	world_tells(&w, "a principal of its own in each tenant");
	world_end(&w);
}

static void
the_object_id_of_an_application_is_told_apart(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	world_explain(&w,
	    RBAC " but App registrations says the Object ID "
		 "is " AIRFLOW_OBJ);
	world_tells(&w,
	    AIRFLOW_OBJ " is the object id of the application sp-airflow (App "
			"registrations)");
	world_tells(&w,
	    "has object id " AIRFLOW_OID " and client id " //
	    AIRFLOW_APP);
	world_explain(
	    &w, RBAC_OF("appid=" AIRFLOW_OID ";oid=" AIRFLOW_APP, "null"));
	world_tells(&w, "is given as an app id, but it is the object id of");
	world_tells(&w, "is given as an object id, but it is the client id");
	world_end(&w);
}

static void
a_users_token_is_not_taken_for_its_application(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	world_explain(&w,
	    RBAC_OF("appid=" AIRFLOW_APP ";oid=" ANNA_OID ";" ISSUER, "null"));
	assert_int_equal(w.x.caller.principal, w.anna);
	world_tells(&w,
	    "is the client id of service principal sp-airflow, the "
	    "application through which Anna called");
	world_end(&w);
}

static void
whom_people_expected_is_compared(void **state ACTAS_UNUSED)
{
	struct world w;

	world_make(&w);
	w.expected = w.airflow;
	world_explain(&w, RBAC);
	world_tells(&w, "That is the identity you expected.");
	w.expected = w.space;
	world_explain(&w, RBAC);
	world_tells(&w,
	    "You expected workspace identity Gold; it was "
	    "sp-airflow that called.");
	world_tells(&w,
	    "A workspace identity does not act in a run that was "
	    "started over Fabric's API");
	world_explain(&w, RBAC_OF(STRANGER, "null"));
	world_tells(&w, "It is not workspace identity Gold");
	w.expected = w.airflow;
	world_explain(&w,
	    "{\"errorCode\":\"InsufficientPrivileges\"} "
	    "https://api.fabric.microsoft.com/v1/workspaces/G/"
	    "items/L/jobs/instances");
	world_tells(&w, "holds if it was service principal sp-airflow");
	world_end(&w);
}

static void
a_secret_that_the_estate_lacks_is_decided_at_its_vault(
    void **state ACTAS_UNUSED)
{
	struct world w;
	const char *text =
	    "Caller: " AIRFLOW " Action: '" GET_SECRET "' Resource: '" GROUP
	    "/providers/microsoft.keyvault/vaults/KV/secrets/"
	    "new-one'";

	world_make(&w);
	world_explain(&w, text);
	assert_int_equal(w.x.form, EXPLAIN_VAULT_RBAC);
	assert_int_equal(w.x.scope, w.vault);
	assert_true(w.x.decided);
	world_tells(&w, "decided at vault kv, which is above it");
	world_end(&w);
}

static void
an_error_settles_a_model_that_the_source_leaves_open(void **state ACTAS_UNUSED)
{
	struct world w;

	world_begin(&w);
	builder_vault(w.f.b, w.vault, (struct origin){0})->model =
	    MODEL_DISPUTED;
	fixture_grant(&w.f, w.airflow, "Key Vault Secrets User", VAULT);
	fixture_assign(&w.f, w.loader, fixture_policy(&w.f, "get"), w.vault);
	world_freeze(&w);
	world_explain(&w, RBAC);
	world_tells(&w, "contradicts itself about whether vault kv");
	world_tells(&w, "this error shows that it is roles (RBAC).");
	world_tells(&w, "The source says that it is allowed");
	world_silent(&w, "Give sp-airflow");
	world_explain(&w, RBAC_OF("oid=" LOADER_OID, "null"));
	world_tells(&w, "the vault uses its other permission model");
	world_tells(&w,
	    "Give mi-loader (object id " LOADER_OID
	    ") the role Key Vault Secrets User");
	world_end(&w);
}

static void
identities_without_ids_are_not_called_strangers(void **state ACTAS_UNUSED)
{
	struct world w;
	principal_id p;

	world_begin(&w);
	p = builder_principal_new(
	    w.f.b, SLICE("sp-page"), PRINCIPAL_SERVICE, (struct origin){0});
	world_freeze(&w);
	world_explain(&w, RBAC_OF(STRANGER, "null"));
	world_tells(&w, "1 of the 5 identities in the source have no id");
	assert_false(w.x.decided);
	w.expected = p;
	world_explain(&w, RBAC_OF(STRANGER, "null"));
	assert_int_equal(w.x.caller.principal, NONE);
	assert_true(w.x.decided);
	world_tells(&w, "If it was sp-page: sp-page holds no role");
	world_tells(&w, "Give sp-page (if that is who called) the role");
	world_end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		every_form_is_recognised_in_the_platforms_own_words),
	    cmocka_unit_test(a_denial_is_decided_with_its_least_remedy),
	    cmocka_unit_test(a_platform_of_ours_applies_a_grant_at_once),
	    cmocka_unit_test(an_allowance_of_the_estate_is_stated_as_such),
	    cmocka_unit_test(a_group_that_has_the_role_is_an_alternative),
	    cmocka_unit_test(what_is_held_through_a_group_is_told),
	    cmocka_unit_test(a_policy_vault_wants_a_permission_and_no_role),
	    cmocka_unit_test(a_stranger_is_unknown_only_after_both_look_ups),
	    cmocka_unit_test(an_app_id_that_matches_alone_is_told_with_care),
	    cmocka_unit_test(another_tenant_is_told_and_matches_nobody),
	    cmocka_unit_test(the_object_id_of_an_application_is_told_apart),
	    cmocka_unit_test(a_users_token_is_not_taken_for_its_application),
	    cmocka_unit_test(whom_people_expected_is_compared),
	    cmocka_unit_test(
		a_secret_that_the_estate_lacks_is_decided_at_its_vault),
	    cmocka_unit_test(
		an_error_settles_a_model_that_the_source_leaves_open),
	    cmocka_unit_test(identities_without_ids_are_not_called_strangers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
