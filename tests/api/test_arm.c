#include "arm_test.h"

/*
 * The resource manager: who is let in, what is said to whom, and all that is
 * no role and no vault.
 */

#define SV "?api-version=2022-12-01"
#define GV "?api-version=2024-11-01"

static void
expect(struct fixture *f, const char *who, const char *call, uint32_t status,
    const char *path, const char *value)
{
	arm_expect(f, who, call, NULL, status, path, value);
}

/* --- who is let in --- */

static void
tokens_of_all_kinds(void **state)
{
	static const struct {
		const char *audience; /* NULL: no token */
		const char *code, *in_header;
	} rows[] = {
	    {NULL, "AuthenticationFailed", "missing 'Authorization' header"},
	    {VAULT, "InvalidAuthenticationTokenAudience", "wrong audience"},
	    {GRAPH, "InvalidAuthenticationTokenAudience", "wrong audience"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = ask(f, "GET", ARM_HOST, "/subscriptions" SV,
		    rows[i].audience == NULL
			? NULL
			: fixture_bearer(f, ADMIN, rows[i].audience),
		    NULL);
		const char *header = reply_header(&r, "WWW-Authenticate");

		assert_reply(&r, 401, "error.code", rows[i].code);
		assert_non_null(header);
		assert_non_null(strstr(header,
		    "Bearer "
		    "authorization_uri=\"https://login.windows.net/" TENANT
		    "\", error=\"invalid_token\", error_description="));
		assert_non_null(strstr(header, rows[i].in_header));
		reply_free(&r);
	}
}

static void
expired_and_broken_tokens(void **state)
{
	struct fixture *f = *state;
	const char *good = fixture_bearer(f, ADMIN, ARM);
	const char *broken = arena_printf(&f->arena, "%sx", good);
	struct reply r =
	    ask(f, "GET", ARM_HOST, "/subscriptions" SV, broken, NULL);

	assert_reply(&r, 401, "error.code", "InvalidAuthenticationToken");
	reply_free(&r);
	r = ask(f, "GET", ARM_HOST, "/subscriptions" SV,
	    "Authorization: Bearer x", NULL);
	assert_reply(&r, 401, "error.code", "InvalidAuthenticationToken");
	reply_free(&r);
	atomic_fetch_add(&f->now, 2 * MOMENT_DAY);
	r = ask(f, "GET", ARM_HOST, "/subscriptions" SV, good, NULL);
	assert_reply(&r, 401, "error.code", "ExpiredAuthenticationToken");
	reply_free(&r);
	assert_true(arm_was_audited(f, "denied", "Authentication", ""));
}

static void
versions_are_dates(void **state)
{
	static const struct {
		const char *query, *code;
	} rows[] = {
	    {"", "MissingApiVersionParameter"},
	    {"?api-version=", "MissingApiVersionParameter"},
	    {"?api-version=1", "InvalidApiVersionParameter"},
	    {"?api-version=2022-04", "InvalidApiVersionParameter"},
	    {"?api-version=2022-04-01-", "InvalidApiVersionParameter"},
	    {"?api-version=2022-04-01%20x", "InvalidApiVersionParameter"},
	    {"?api-version=2022-04-01x", "InvalidApiVersionParameter"},
	    {"?api-version=2022-04-01&api-version=2022-04-01",
		"InvalidApiVersionParameter"},
	};
	static const char *const good[] = {"2022-04-01", "2018-01-01-preview",
	    "2020-04-01-preview", "2024-09-01-PREVIEW"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect(f, ADMIN,
		    arena_printf(
			&f->arena, "GET /subscriptions%s", rows[i].query),
		    400, "error.code", rows[i].code);
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		expect(f, ADMIN,
		    arena_printf(&f->arena,
			"GET /subscriptions?api%%2Dversion=%s", good[i]),
		    200, "value.0.subscriptionId", SUBSCRIPTION);
}

static void
headers_of_answers(void **state)
{
	struct fixture *f = *state;
	struct reply r = ask(f, "GET", ARM_HOST, "/subscriptions" SV,
	    arena_printf(&f->arena,
		"%s\nx-ms-correlation-request-id: abc-1\n"
		"x-ms-return-client-request-id: true\n"
		"x-ms-client-request-id: def-2",
		fixture_bearer(f, ADMIN, ARM)),
	    NULL);

	assert_string_equal(
	    reply_header(&r, "x-ms-correlation-request-id"), "abc-1");
	assert_string_equal(
	    reply_header(&r, "x-ms-client-request-id"), "def-2");
	reply_free(&r);
	r = arm(f, ADMIN, "GET", "/subscriptions" SV, NULL);
	assert_string_equal(
	    reply_header(&r, "x-ms-correlation-request-id"), r.x->request_id);
	assert_null(reply_header(&r, "x-ms-client-request-id"));
	reply_free(&r);
}

/* --- what is denied, and how --- */

static void
a_denial_names_itself(void **state)
{
	struct fixture *f = *state;

	expect(f, NOBODY, "GET " RG_PATH GV, 403, "error.code",
	    "AuthorizationFailed");
	expect(f, NOBODY, "GET " RG_PATH GV, 403, "error.message",
	    "The client '" NOBODY_APP "' with object id '" NOBODY
	    "' does not have authorization to perform action "
	    "'Microsoft.Resources/subscriptions/resourceGroups/read' over "
	    "scope '" RG_PATH
	    "' or the scope is invalid. If access was recently granted, "
	    "please refresh your credentials.");
	assert_true(arm_was_audited(f, "denied",
	    "Microsoft.Resources/subscriptions/resourceGroups/read", NOBODY));
}

/* What is not there is not told from what is not theirs. */
static void
existence_is_no_secret_to_who_may_read(void **state)
{
	static const char *const calls[] = {
	    "GET " SUB_PATH "/resourceGroups/rg-none" GV,
	    "GET /subscriptions/" NUMBER("99") SV,
	    "GET /subscriptions/" NUMBER("99") "/resourceGroups/rg-data" GV,
	    "GET " SUB_PATH "/resourceGroups/rg-none/providers/"
	    "Microsoft.KeyVault/vaults/kv-none" SV,
	    "GET " RG_PATH "/providers/Microsoft.KeyVault/vaults/kv-none" SV,
	    "DELETE " RG_PATH "/providers/Microsoft.KeyVault/vaults/kv-none" SV,
	    "GET " RG_PATH "/providers/Microsoft.Storage/storageAccounts/"
	    "none" SV,
	    "GET " SUB_PATH "/resourceGroups/rg-none" ASSIGNMENTS V,
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		struct reply r;
		const char *space = strchr(calls[i], ' ');
		char *method = arena_text(&f->arena,
		    (struct slice){calls[i], (size_t)(space - calls[i])});

		r = arm(f, NOBODY, method, space + 1, NULL);
		assert_reply(&r, 403, "error.code", "AuthorizationFailed");
		reply_free(&r);
		r = arm(f, ADMIN, method, space + 1, NULL);
		assert_true(r.status == 404 || r.status == 204);
		reply_free(&r);
	}
}

static void
a_deny_assignment_is_named(void **state)
{
	struct fixture *f = *state;

	fixture_put(f, "deny/" NUMBER("f1"),
	    "{'id':'" RG_PATH AUTHORIZATION
	    "denyAssignments/" NUMBER("f1") "','name':'" NUMBER(
		"f1") "','properties':{"
		      "'denyAssignmentName':'hands "
		      "off','permissions':[{'actions':["
		      "'*/delete'],'notActions':[]}],'scope':'" RG_PATH
		      "','principals':[{'id':'00000000-0000-0000-0000-"
		      "000000000000',"
		      "'type':'SystemDefined'}],'excludePrincipals':[]}}",
	    NULL);
	expect(f, ADMIN, "DELETE " RG_PATH GV, 403, "error.code",
	    "DenyAssignmentAuthorizationFailed");
	expect(f, ADMIN, "GET " RG_PATH AUTHORIZATION "denyAssignments" V, 200,
	    "value.0.properties.denyAssignmentName", "hands off");
	expect(f, ADMIN,
	    "GET " RG_PATH AUTHORIZATION "denyAssignments/" NUMBER("f1") V, 200,
	    "name", NUMBER("f1"));
	expect(f, ADMIN,
	    "GET " OTHER_RG AUTHORIZATION "denyAssignments/" NUMBER("f1") V,
	    404, "error.code", "DenyAssignmentNotFound");
	assert_int_equal(
	    arm_count(f, ADMIN, OTHER_RG AUTHORIZATION "denyAssignments" V), 0);
	assert_int_equal(
	    arm_count(f, ADMIN, SUB_PATH AUTHORIZATION "denyAssignments" V), 1);
	assert_int_equal(arm_count(f, ADMIN,
			     SUB_PATH AUTHORIZATION "denyAssignments" V
						    "&$filter=atScope()"),
	    0);
	expect(f, NOBODY, "GET " RG_PATH AUTHORIZATION "denyAssignments" V, 403,
	    "error.code", "AuthorizationFailed");
}

static void
hostile_paths(void **state)
{
	static const struct {
		const char *target;
		uint32_t status;
	} rows[] = {
	    {SUB_PATH "/resourceGroups/rg-data%2F..%2Frg-other" GV, 400},
	    {SUB_PATH "/resourceGroups/a%5Cb" GV, 400},
	    {SUB_PATH "/resourceGroups/%2E%2E" GV, 400},
	    {SUB_PATH "/resourceGroups/a%25b" GV, 400},
	    {SUB_PATH "/resourceGroups/a%3Fb" GV, 400},
	    {SUB_PATH "/resourceGroups/a%00b" GV, 400},
	    {SUB_PATH "/RESOURCEgroups/RG-DATA" GV, 200},
	    {"/nothing" GV, 404},
	    {"/subscriptions/" SUBSCRIPTION "/nothing" GV, 404},
	    {SUB_PATH "/resourceGroups/rg-data/nothing/x" GV, 404},
	    {"/subscriptions/x%2Fy" ASSIGNMENTS V, 404},
	    {"/nothing/x" ASSIGNMENTS V, 400},
	    {RG_PATH "/providers/Not.There/things" GV, 404},
	    {RG_PATH "/providers/Not.There/things/x" GV, 404},
	    {RG_PATH "/providers/Microsoft.Authorization/things" GV, 404},
	    {RG_PATH "/providers/Microsoft.Authorization/things/x" GV, 404},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = arm(f, ADMIN, "GET", rows[i].target, NULL);

		if (r.status != rows[i].status)
			fail_msg("%s: %u", rows[i].target, r.status);
		reply_free(&r);
	}
}

static void
bodies_that_are_none(void **state)
{
	static const char *const bodies[] = {"", "x", "[]", "{", "null",
	    "{'location':'x','location':'y'}", "{'location':7}", "{}",
	    "{'location':'!'}", "{'location':'x','tags':7}",
	    "{'location':'x','tags':{'':'y'}}",
	    "{'location':'x','tags':{'a':7}}"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct reply r = arm(f, ADMIN, "PUT",
		    SUB_PATH "/resourceGroups/rg-new" GV, bodies[i]);

		if (r.status != 400)
			fail_msg("%s: %u", bodies[i], r.status);
		reply_free(&r);
	}
	assert_null(fixture_get(f, "resource-group/" SUBSCRIPTION "/rg-new"));
	/* A body is no way round the decision. */
	arm_expect(f, NOBODY, "PUT " SUB_PATH "/resourceGroups/rg-new" GV,
	    "{'location':7}", 403, "error.code", "AuthorizationFailed");
}

/* --- metadata --- */

static void
metadata_in_three_shapes(void **state)
{
	struct fixture *f = *state;
	struct reply r = ask(f, "GET", LOCAL_HOST,
	    "/metadata/endpoints?api-version=2015-01-01", NULL, NULL);

	assert_reply(
	    &r, 200, "authentication.loginEndpoint", "https://localhost:8443");
	assert_reply(&r, 200, "authentication.audiences.0",
	    "https://management.core.windows.net/");
	assert_reply(&r, 200, "galleryEndpoint", "https://gallery.azure.com/");
	reply_free(&r);
	r = ask(f, "GET", LOCAL_HOST,
	    "/metadata/endpoints?api-version=2019-05-01", NULL, NULL);
	assert_true(json_is_array(r.body));
	assert_reply(&r, 200, "0.name", "actas");
	assert_reply(&r, 200, "0.suffixes.keyVaultDns", "vault.localhost:8443");
	reply_free(&r);
	r = ask(f, "GET", LOCAL_HOST,
	    "/metadata/endpoints?api-version=2022-09-01", NULL, NULL);
	assert_reply(&r, 200, "resourceManager", "https://localhost:8443");
	assert_reply(
	    &r, 200, "microsoftGraphResourceId", "https://localhost:8443");
	assert_reply(&r, 200, "authentication.identityProvider", "AAD");
	assert_reply(&r, 200, "authentication.tenant", "common");
	reply_free(&r);
	r = ask(f, "GET", ARM_HOST,
	    "/metadata/endpoints?api-version=2022-09-01", NULL, NULL);
	assert_reply(&r, 200, "name", "AzureCloud");
	assert_reply(&r, 200, "authentication.loginEndpoint",
	    "https://login.microsoftonline.com");
	assert_reply(&r, 200, "suffixes.keyVaultDns", "vault.azure.net");
	reply_free(&r);
	r = ask(f, "GET", ARM_HOST, "/metadata/endpoints", NULL, NULL);
	assert_reply(&r, 400, "error.code", "MissingApiVersionParameter");
	reply_free(&r);
}

/* --- tenants and subscriptions --- */

static void
subscriptions_are_shown_to_who_reads_in_them(void **state)
{
	static const struct {
		const char *who;
		size_t count;
	} rows[] = {
	    {ADMIN, 1},
	    {CONTRIBUTOR, 1},
	    {WATCHER, 1}, /* reads one group of it */
	    {READER, 0},  /* reads secrets only */
	    {NOBODY, 0},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool sees = rows[i].count > 0;

		assert_int_equal(arm_count(f, rows[i].who, "/subscriptions" SV),
		    rows[i].count);
		expect(f, rows[i].who, "GET " SUB_PATH SV, sees ? 200 : 403,
		    NULL, NULL);
		expect(f, rows[i].who, "GET " SUB_PATH "/locations" SV,
		    sees ? 200 : 403, NULL, NULL);
		expect(f, rows[i].who, "GET " SUB_PATH "/providers" SV,
		    sees ? 200 : 403, NULL, NULL);
	}
	expect(f, WATCHER, "GET " SUB_PATH SV, 200, "state", "Enabled");
	expect(f, WATCHER, "GET " SUB_PATH SV, 200, "tenantId", TENANT);
	expect(f, WATCHER, "GET " SUB_PATH SV, 200, "displayName", "Data");
	expect(f, NOBODY, "GET /subscriptions" SV, 200, "count.value", "0");
	expect(f, NOBODY, "GET /tenants" SV, 200, "value.0.tenantId", TENANT);
}

static void
through_a_group(void **state)
{
	struct fixture *f = *state;

	fixture_put(f, "member/" TEAM "/" NEWCOMER, "{}",
	    "assignment/" NUMBER("f2"),
	    "{'id':'" RG_PATH ASSIGNMENTS "/" NUMBER(
		"f2") "','type':'Microsoft.Authorization/roleAssignments',"
		      "'name':'" NUMBER(
			  "f2") "','properties':{'roleDefinitionId':"
				"'" DEFINITIONS "/" READER_ROLE
				"','principalId':'" TEAM
				"','principalType':'Group','scope':'" RG_PATH
				"'}}",
	    NULL);
	assert_int_equal(arm_count(f, NEWCOMER, "/subscriptions" SV), 1);
	expect(f, NEWCOMER, "GET " RG_PATH GV, 200, "name", "rg-data");
	expect(f, NEWCOMER, "GET " OTHER_RG GV, 403, "error.code",
	    "AuthorizationFailed");
	assert_int_equal(
	    arm_count(f, NEWCOMER,
		RG_PATH ASSIGNMENTS V "&$filter=assignedTo('" NEWCOMER "')"),
	    1);
}

static void
providers_are_registered(void **state)
{
	struct fixture *f = *state;

	expect(f, ADMIN, "GET " SUB_PATH "/providers/microsoft.keyvault" SV,
	    200, "registrationState", "Registered");
	expect(f, ADMIN, "GET " SUB_PATH "/providers/microsoft.keyvault" SV,
	    200, "resourceTypes.3.resourceType", "vaults");
	expect(f, ADMIN, "GET /providers/Microsoft.Authorization" SV, 200, "id",
	    "/providers/Microsoft.Authorization");
	expect(f, ADMIN, "GET " SUB_PATH "/providers/Not.There" SV, 404,
	    "error.code", "InvalidResourceNamespace");
	expect(f, ADMIN,
	    "POST " SUB_PATH "/providers/Microsoft.KeyVault/register" SV, 200,
	    "namespace", "Microsoft.KeyVault");
	expect(f, ADMIN, "GET " RG_PATH "/providers/Microsoft.KeyVault" SV, 404,
	    NULL, NULL);
}

static void
management_groups(void **state)
{
	struct fixture *f = *state;

	expect(f, ADMIN, "GET " TOP "?api-version=2020-05-01", 200,
	    "properties.displayName", "Top");
	expect(f, ADMIN, "GET " TOP "?api-version=2020-05-01", 200,
	    "properties.children", "");
	expect(f, ADMIN, "GET " TOP "?api-version=2020-05-01&$expand=children",
	    200, "properties.children.0.name", SUBSCRIPTION);
	assert_int_equal(
	    arm_count(f, ADMIN,
		"/providers/Microsoft.Management/managementGroups" SV),
	    1);
	assert_int_equal(
	    arm_count(f, OWNER,
		"/providers/Microsoft.Management/managementGroups" SV),
	    0);
	expect(
	    f, OWNER, "GET " TOP SV, 403, "error.code", "AuthorizationFailed");
	expect(f, ADMIN, "GET " TOP "x" SV, 404, NULL, NULL);
}

/* --- resource groups --- */

static void
groups_come_and_go(void **state)
{
	struct fixture *f = *state;
	const char *path = SUB_PATH "/resourcegroups/rg-New";
	const char *url = arena_printf(&f->arena, "%s" GV, path);

	arm_expect(f, CONTRIBUTOR, arena_printf(&f->arena, "PUT %s", url),
	    "{'location':'West Europe','tags':{'a':'b'}}", 201, "location",
	    "westeurope");
	arm_expect(f, CONTRIBUTOR, arena_printf(&f->arena, "PUT %s", url),
	    "{'location':'westeurope'}", 200, "properties.provisioningState",
	    "Succeeded");
	arm_expect(f, CONTRIBUTOR, arena_printf(&f->arena, "PUT %s", url),
	    "{'location':'eastus'}", 409, "error.code",
	    "InvalidResourceGroupLocation");
	arm_expect(f, CONTRIBUTOR, arena_printf(&f->arena, "PATCH %s", url),
	    "{'tags':{'c':'d'}}", 200, "tags.c", "d");
	expect(f, CONTRIBUTOR, arena_printf(&f->arena, "HEAD %s", url), 204,
	    NULL, NULL);
	expect(f, CONTRIBUTOR, arena_printf(&f->arena, "GET %s", url), 200,
	    "name", "rg-New");
	expect(f, CONTRIBUTOR, arena_printf(&f->arena, "DELETE %s", url), 200,
	    NULL, NULL);
	expect(f, CONTRIBUTOR, arena_printf(&f->arena, "DELETE %s", url), 404,
	    "error.code", "ResourceGroupNotFound");
	expect(f, CONTRIBUTOR, arena_printf(&f->arena, "HEAD %s", url), 404,
	    NULL, NULL);
	arm_expect(f, CONTRIBUTOR, arena_printf(&f->arena, "PATCH %s", url),
	    "{'tags':{}}", 404, "error.code", "ResourceGroupNotFound");
	assert_true(arm_was_audited(f, "allowed",
	    "Microsoft.Resources/subscriptions/resourceGroups/write",
	    CONTRIBUTOR));
	arm_expect(f, WATCHER, "PUT " RG_PATH GV, "{'location':'x'}", 403,
	    "error.code", "AuthorizationFailed");
	expect(f, WATCHER, "DELETE " RG_PATH GV, 403, "error.code",
	    "AuthorizationFailed");
}

static void
a_group_takes_all_with_it(void **state)
{
	struct fixture *f = *state;

	expect(f, CONTRIBUTOR, "DELETE " RG_PATH GV, 200, NULL, NULL);
	assert_null(fixture_get(f, "vault/kv-data"));
	assert_null(fixture_get(f, "vault/kv-old"));
	assert_null(fixture_get(f, "service-principal/" MANAGED));
	assert_null(fixture_get(f, "assignment/" NUMBER("c2")));
	assert_null(fixture_get(f, "assignment/" NUMBER("d2")));
	json_decref(fixture_get(f, "deleted-vault/kv-data"));
	expect(f, WATCHER, "GET " RG_PATH GV, 403, NULL, NULL);
	/* One of the same name is nobody's but who has rights above it. */
	arm_expect(f, CONTRIBUTOR, "PUT " RG_PATH GV,
	    "{'location':'westeurope'}", 201, NULL, NULL);
	expect(f, WATCHER, "GET " RG_PATH GV, 403, NULL, NULL);
	expect(f, READER, "GET " KV_PATH "?api-version=2023-07-01", 403, NULL,
	    NULL);
}

static void
lists_hold_what_one_may_see(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(arm_count(f, ADMIN, SUB_PATH "/resourcegroups" GV), 2);
	assert_int_equal(
	    arm_count(f, WATCHER, SUB_PATH "/resourcegroups" GV), 1);
	expect(f, NOBODY, "GET " SUB_PATH "/resourcegroups" GV, 403,
	    "error.message",
	    "The client '" NOBODY_APP "' with object id '" NOBODY
	    "' does not have authorization to perform action "
	    "'Microsoft.Resources/subscriptions/resourceGroups/read' over "
	    "scope '" SUB_PATH
	    "' or the scope is invalid. If access was recently granted, "
	    "please refresh your credentials.");
	assert_int_equal(arm_count(f, ADMIN, SUB_PATH "/resources" GV), 3);
	assert_int_equal(arm_count(f, WATCHER, SUB_PATH "/resources" GV), 3);
	expect(f, NOBODY, "GET " SUB_PATH "/resources" GV, 403, NULL, NULL);
	assert_int_equal(arm_count(f, ADMIN, OTHER_RG "/resources" GV), 0);
	assert_int_equal(
	    arm_count(f, ADMIN,
		SUB_PATH "/resources?api-version=2015-11-01&$filter="
			 "resourceType%20eq%20'Microsoft.KeyVault/vaults'"),
	    2);
	assert_int_equal(
	    arm_count(f, ADMIN,
		SUB_PATH "/resources" GV "&$filter=name%20eq%20'KV-data'"),
	    1);
	expect(f, ADMIN, "GET " SUB_PATH "/resources" GV "&$filter=x", 400,
	    "error.code", "InvalidFilterInQueryString");
}

/* --- resources of any type --- */

#define ACCOUNT RG_PATH "/providers/Microsoft.Storage/storageAccounts/sa1"
#define RV      "?api-version=2023-05-01"

static void
plain_resources(void **state)
{
	struct fixture *f = *state;

	arm_expect(f, CONTRIBUTOR, "PUT " ACCOUNT RV,
	    "{'location':'westeurope','kind':'StorageV2','sku':{'name':"
	    "'Standard_LRS'},'properties':{'allowBlobPublicAccess':false}}",
	    201, "properties.provisioningState", "Succeeded");
	expect(f, WATCHER, "GET " ACCOUNT RV, 200, "kind", "StorageV2");
	expect(f, READER, "GET " ACCOUNT RV, 403, "error.code",
	    "AuthorizationFailed");
	arm_expect(f, WATCHER, "PUT " ACCOUNT RV, "{'location':'westeurope'}",
	    403, "error.code", "AuthorizationFailed");
	arm_expect(f, CONTRIBUTOR, "PUT " ACCOUNT RV,
	    "{'location':'westeurope','identity':{'type':'SystemAssigned',"
	    "'principalId':'" ADMIN "'}}",
	    400, "error.code", "InvalidRequestContent");
	arm_expect(f, CONTRIBUTOR,
	    "PUT " ACCOUNT "/blobServices/default/containers/c1" RV,
	    "{'properties':{}}", 201, "name", "c1");
	expect(f, WATCHER,
	    "GET " ACCOUNT "/blobServices/default/containers/c1" RV, 200,
	    "name", "c1");
	assert_int_equal(arm_count(f, WATCHER,
			     SUB_PATH "/providers/Microsoft.Storage/"
				      "storageAccounts" RV),
	    1);
	arm_expect(f, CONTRIBUTOR,
	    "PUT " RG_PATH "/providers/Microsoft.Web/sites/x" RV,
	    "{'location':'westeurope'}", 404, NULL, NULL);
	arm_expect(f, CONTRIBUTOR,
	    "PUT " KV_PATH "/providers/Microsoft.Storage/storageAccounts/x" RV,
	    "{'location':'westeurope'}", 404, "error.code",
	    "NoRegisteredProviderFound");
	expect(f, WATCHER, "DELETE " ACCOUNT RV, 403, NULL, NULL);
	expect(f, CONTRIBUTOR, "DELETE " ACCOUNT RV, 200, NULL, NULL);
	expect(f, CONTRIBUTOR, "DELETE " ACCOUNT RV, 204, NULL, NULL);
	expect(f, CONTRIBUTOR,
	    "GET " ACCOUNT "/blobServices/default/containers/c1" RV, 404,
	    "error.code", "ResourceNotFound");
}

static void
what_cannot_be_written_is_refused(void **state)
{
	struct fixture *f = *state;

	/* Nobody may make a vault or an identity the plain way. */
	arm_expect(f, ADMIN,
	    "PUT " SUB_PATH "/providers/Microsoft.KeyVault/vaults/kv-x" RV,
	    "{'location':'x'}", 404, "error.code", "NoRegisteredProviderFound");
	arm_expect(f, ADMIN,
	    "PUT " RG_PATH "/providers/Microsoft.Authorization/locks/x" RV,
	    "{'location':'x'}", 404, NULL, NULL);
	expect(f, ADMIN,
	    "DELETE " RG_PATH "/providers/Microsoft.Authorization/locks/x" RV,
	    404, NULL, NULL);
	expect(f, ADMIN, "POST " RG_PATH GV, 405, NULL, NULL);
}

#define TEST(name) cmocka_unit_test_setup(name, arm_reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(tokens_of_all_kinds),
	    TEST(expired_and_broken_tokens),
	    TEST(versions_are_dates),
	    TEST(headers_of_answers),
	    TEST(a_denial_names_itself),
	    TEST(existence_is_no_secret_to_who_may_read),
	    TEST(a_deny_assignment_is_named),
	    TEST(hostile_paths),
	    TEST(bodies_that_are_none),
	    TEST(metadata_in_three_shapes),
	    TEST(subscriptions_are_shown_to_who_reads_in_them),
	    TEST(through_a_group),
	    TEST(providers_are_registered),
	    TEST(management_groups),
	    TEST(groups_come_and_go),
	    TEST(a_group_takes_all_with_it),
	    TEST(lists_hold_what_one_may_see),
	    TEST(plain_resources),
	    TEST(what_cannot_be_written_is_refused),
	};

	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
