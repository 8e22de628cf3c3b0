#include "azure_dump.h"

/* Forms beside those of the platform in tests/data/azure, and what each
 * reader says about an element of the wrong shape. */

/* --- the command line's flattened forms --- */

static void
expect_line(const struct estate *e, const char *line)
{
	struct buffer all = {0};

	dump(e, &all);
	if (slice_find(buffer_slice(&all), slice_of(line)) == SIZE_MAX)
		fail_msg("no \"%s\" in\n%s", line, buffer_text(&all));
	buffer_release(&all);
}

static const struct {
	const char *request, *text, *line;
} forms[] = {
    /* az ad sp list */
    {"",
	"[{\"id\": \"" ID("10") "\", \"appId\": \"" ID(
	    "20") "\", \"displayName\": \"sp\", \"servicePrincipalNames\": [], "
		  "\"servicePrincipalType\": \"Application\", "
		  "\"accountEnabled\": "
		  "false}]",
	"principal " ID("10") " kind=3 flags=17 \"sp\"  app= " ID("20")},
    /* az ad sp list: one with a certificate of its own */
    {"",
	"[{\"id\": \"" ID("10") "\", \"appId\": \"" ID(
	    "20") "\", \"servicePrincipalType\": \"Application\", "
		  "\"keyCredentials\": "
		  "[{\"keyId\": \"" ID("30") "\", \"displayName\": null}]}]",
	"credential kind=1 " ID("10") " - " ID("30") " \"\""},
    /* az ad app list */
    {"",
	"[{\"id\": \"" ID("50") "\", \"appId\": \"" ID(
	    "20") "\", \"displayName\": \"app\", \"identifierUris\": [], "
		  "\"passwordCredentials\": [\n{\"keyId\": \"" ID(
		      "30") "\", \"displayName\": \"k\", \"endDateTime\": "
			    "\"2027-01-01T00:00:00.1234567Z\"}]}]",
	"credential kind=0 - " ID("20") " " ID(
	    "30") " \"k\"   -9223372036854775808 1798761600 @x.json:2"},
    /* az ad group list, user list */
    {"",
	"[{\"id\": \"" ID("10") "\", \"displayName\": \"g\", "
				"\"securityEnabled\": true}]",
	"principal " ID("10") " kind=2 flags=1 \"g\""},
    {"",
	"[{\"id\": \"" ID(
	    "10") "\", \"displayName\": \"u\", "
		  "\"userPrincipalName\": \"u@x\", \"mail\": null}]",
	"principal " ID("10") " kind=1 flags=1 \"u\" u@x"},
    /* az keyvault list: names only, so that the model stays unsaid */
    {"",
	"[{\"id\": \"" VAULT "\", \"location\": \"l\", \"name\": \"kv\", "
	"\"type\": \"Microsoft.KeyVault/vaults\"}]",
	">4:kv model=0 stated=0 purge=0 soft=0 public=0 firewall=0 l -"},
    /* az keyvault show */
    {"",
	"{\"id\": \"" VAULT "\", \"location\": \"l\", \"name\": \"kv\", "
	"\"properties\": {\"vaultUri\": \"u\", \"accessPolicies\": [\n"
	"{\"objectId\": \"" ID(
	    "10") "\", \"permissions\": {\"secrets\": "
		  "[\"List\", \"GET\"]}}], \"enableRbacAuthorization\": false, "
		  "\"enableSoftDelete\": true, \"enablePurgeProtection\": "
		  "null, "
		  "\"networkAcls\": {\"defaultAction\": \"Allow\"}}}",
	">4:kv model=2 stated=1 purge=1 soft=2 public=0 firewall=1 l -"},
    {"",
	"{\"id\": \"" VAULT "\", \"properties\": {\"vaultUri\": \"u\", "
	"\"accessPolicies\": [\n{\"objectId\": \"" ID(
	    "10") "\", \"permissions\": {\"secrets\": [\"List\", \"GET\"]}}]}}",
	"assignment " ID("10") " \"get, list\" />2:" ID(
	    "01") ">3:rg>4:kv - flags=0 if \"\" @x.json:2"},
    /* a secret through the management plane, and one in several versions */
    {"",
	"{\"value\": [{\"id\": \"" VAULT "/secrets/s\", \"name\": \"s\", "
	"\"type\": \"Microsoft.KeyVault/vaults/secrets\", \"properties\": "
	"{\"attributes\": {\"enabled\": true, \"exp\": 5}}}]}",
	">4:kv>5:s enabled=2 exp=5 nbf="},
    {"",
	"[{\"id\": \"https://kv.vault.azure.net/secrets/s/1\", "
	"\"attributes\": {\"created\": 5, \"exp\": 8}}, {\"id\": "
	"\"https://kv.vault.azure.net/secrets/s/2\", \"attributes\": "
	"{\"created\": 4, \"exp\": 9}}]",
	"secret />4:kv>5:s enabled=0 exp=8 nbf="},
    /* az identity list */
    {"",
	"[{\"clientId\": \"" ID("20") "\", \"principalId\": \"" ID(
	    "10") "\", \"id\": \"" SUB "/resourcegroups/rg/providers/"
		  "Microsoft.ManagedIdentity/userAssignedIdentities/mi\", "
		  "\"type\": "
		  "\"Microsoft.ManagedIdentity/userAssignedIdentities\"}]",
	"principal " ID("10") " kind=4 flags=1 \"mi\"  app= " ID("20")},
    /* az account list, group list, storage account list */
    {"",
	"[{\"cloudName\": \"AzureCloud\", \"id\": \"" ID(
	    "01") "\", \"isDefault\": true, \"name\": \"Demo\", \"state\": "
		  "\"Enabled\", \"tenantId\": \"" ID("02") "\", \"user\": {}}]",
	"scope />2:" ID("01") " \"Demo\" @x.json:1"},
    {"",
	"[{\"id\": \"" SUB "/resourceGroups/rg\", \"location\": \"l\", "
	"\"name\": \"rg\", \"type\": "
	"\"Microsoft.Resources/resourceGroups\"}]",
	"scope />2:" ID("01") ">3:rg \"\" @x.json:1"},
    {"",
	"[{\"id\": \"" SUB "/resourceGroups/rg/providers/"
	"Microsoft.Storage/storageAccounts/st\", \"type\": "
	"\"Microsoft.Storage/storageAccounts\", \"name\": \"st\"}]",
	"scope />2:" ID("01") ">3:rg>6:st \"\" @x.json:1"},
    /* az account management-group show --expand --recurse */
    {"",
	"{\"id\": \"/providers/Microsoft.Management/managementGroups/a\", "
	"\"type\": \"Microsoft.Management/managementGroups\", "
	"\"displayName\": \"A\", \"details\": {\"parent\": {\"id\": "
	"\"/providers/Microsoft.Management/managementGroups/top\"}}, "
	"\"children\": [{\"id\": "
	"\"/providers/Microsoft.Management/managementGroups/b\", "
	"\"displayName\": \"B\", \"children\": [\n{\"id\": \"" SUB
	"\", \"displayName\": \"S\"}]}]}",
	"scope />1:top>1:a>1:b>2:" ID("01") " \"S\" @x.json:2"},
    /* az ad group member list, under its request */
    {"graph/groups/" ID("40") "/members",
	"[{\"@odata.type\": \"#microsoft.graph.user\", \"id\": \"" ID(
	    "10") "\", \"displayName\": \"u\", \"userPrincipalName\": "
		  "\"u@x\"}]",
	"member " ID("10") " of " ID("40") " @x.json:1"},
    {"graph/users/" ID("10") "/memberOf",
	"{\"value\": [{\"@odata.type\": \"#microsoft.graph.directoryRole\", "
	"\"id\": \"" ID("41") "\"}, {\"@odata.type\": "
			      "\"#microsoft.graph.group\", \"id\": \"" ID(
				  "40") "\", \"displayName\": \"g\"}]}",
	"member " ID("10") " of " ID("40") " @x.json:1"},
    /* an application named by its app id */
    {"graph/applications(appId='" ID("20") "')/owners",
	"[{\"id\": \"" ID("10") "\", \"userPrincipalName\": \"u@x\"}]",
	"is about the application " ID("20")},
    /* a role that PIM makes eligible in the directory */
    {"",
	"[{\"id\": \"x\", \"principalId\": \"" ID(
	    "10") "\", \"roleDefinitionId\": "
		  "\"62e90394-69f5-4237-9190-012177145e10\", "
		  "\"directoryScopeId\": \"/\", \"roleEligibilityScheduleId\": "
		  "\"y\"}]",
	"assignment " ID("10") " \"Global Administrator\" / - flags=4"},
    /* a directory role of the tenant's own */
    {"",
	"[{\"id\": \"" ID("60") "\", \"displayName\": \"Mine\", "
				"\"rolePermissions\": "
				"[{\"allowedResourceActions\": [\"a/b\"]}]}]",
	"role plane=4 \"Mine\" " ID("60") " a/b - - - if"},
    /* Fabric: a workspace with its identity; the whole tenant */
    {"",
	"{\"id\": \"" ID(
	    "70") "\", \"displayName\": \"W\", \"type\": "
		  "\"Workspace\", \"workspaceIdentity\": {\"applicationId\": "
		  "\"" ID("20") "\", \"servicePrincipalId\": \"" ID(
		      "10") "\"}}",
	"principal " ID("10") " kind=5 flags=1 \"W\"  app= " ID(
	    "20") " home= in= />11:" ID("70")},
    {"f/workspaces/" ID("70") "/roleAssignments",
	"{\"value\": [{\"principal\": {\"id\": \"" ID(
	    "00") "\", \"type\": \"EntireTenant\"}, \"role\": \"Viewer\"}]}",
	"assignment 00000000-0000-0000-0000-000000000000 \"Viewer\" />11:" ID(
	    "70")},
    {"p/groups/" ID("70") "/users",
	"{\"value\": [{\"identifier\": \"" ID(
	    "10") "\", \"principalType\": \"App\", \"groupUserAccessRight\": "
		  "\"Admin\"}]}",
	"assignment " ID("10") " \"Admin\" />11:" ID("70")},
    {"p/groups/" ID("70") "/users",
	"{\"value\": [{\"identifier\": \"new@x\", \"principalType\": \"User\", "
	"\"groupUserAccessRight\": \"Admin\"}]}",
	"assignment new@x \"Admin\" />11:" ID("70")},
    /* DevOps under its old host name */
    {"contoso.visualstudio.com/p%20q/_apis/serviceendpoint/endpoints",
	"{\"count\": 1, \"value\": [{\"id\": \"" ID(
	    "70") "\", \"name\": \"c\", \"type\": \"azurerm\", \"isReady\": "
		  "true, "
		  "\"authorization\": {\"scheme\": "
		  "\"ManagedServiceIdentity\"}}]}",
	"connection />13:contoso>14:p q>15:" ID(
	    "70") " - ManagedServiceIdentity \"\" all=0 ready=2"},
};

static void
every_form_is_read(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct estate *e = load(forms[i].request, forms[i].text);

		expect_line(e, forms[i].line);
		estate_free(e);
	}
}

/* --- elements of the wrong shape --- */

static const struct {
	const char *request, *text;
	uint32_t line;
	const char *message;
} wrong[] = {
    {"", "[{\"userPrincipalName\": \"u@x\"}]", 1,
	"a user has no \"id\": expected a GUID"},
    {"", "[{\"id\": \"" ID("10") "\",\n\"userPrincipalName\": 7}]", 2,
	"\"userPrincipalName\" is 7: expected text"},
    {"",
	"[{\"userPrincipalName\": \"u@x\", \"id\": \"" ID(
	    "10") "\",\n\"accountEnabled\": \"yes\"}]",
	2, "\"accountEnabled\" is \"yes\": expected true or false"},
    {"",
	"[{\"appId\": \"" ID("20") "\", \"id\": \"" ID(
	    "50") "\", \"signInAudience\": \"x\", "
		  "\"passwordCredentials\":\n{}}]",
	1, "\"passwordCredentials\" is an object: expected a list"},
    {"",
	"[{\"appId\": \"" ID("20") "\", \"id\": \"" ID(
	    "50") "\", \"signInAudience\": \"x\", \"passwordCredentials\": [\n"
		  "{\"keyId\": \"" ID(
		      "30") "\",\n\"endDateTime\": \"soon\"}]}]",
	3,
	"\"endDateTime\" is \"soon\": expected a date such as "
	"2026-11-21T18:00:00Z"},
    {"",
	"[{\"id\": \"/somewhere\", \"type\": "
	"\"Microsoft.KeyVault/vaults\"}]",
	1,
	"\"id\" is \"/somewhere\": expected a path such as "
	"/subscriptions/{id}"},
    {"", "[{\"id\": \"" SUB "\",\n\"vaultUri\": \"u\"}]", 1,
	"\"id\" is \"/subscriptions/" ID("01") "\": expected the path of a "
					       "key vault"},
    {"",
	"[{\"id\": \"" VAULT "\", \"vaultUri\": \"u\", \"accessPolicies\": "
	"[\n{\"objectId\": \"x\"}]}]",
	2, "\"objectId\" is \"x\": expected a GUID"},
    {"",
	"[{\"id\": \"" VAULT "\", \"vaultUri\": \"u\", \"accessPolicies\": "
	"[{\"objectId\": \"" ID("10") "\", \"permissions\": {\"secrets\": "
				      "[\n7]}}]}]",
	2,
	"\"secrets\" of an access policy: expected at most 32 permissions "
	"such as \"get\""},
    {"", "[{\"id\": \"https://x.example/secrets/a\", \"attributes\": {}}]", 1,
	"\"id\" is \"https://x.example/secrets/a\": expected "
	"https://{vault}.vault.azure.net/secrets/{name}"},
    {"",
	"[{\"id\": \"https://kv.vault.azure.net/secrets/a\",\n"
	"\"attributes\": 3}]",
	2, "\"attributes\" is 3: expected an object"},
    {"",
	"[{\"clientId\": \"x\",\n\"type\": "
	"\"Microsoft.ManagedIdentity/userAssignedIdentities\"}]",
	1, "a managed identity has no \"principalId\": expected a GUID"},
    {"g/groups/" ID("40") "/members", "[{\"id\": \"x\"}]", 1,
	"\"id\" is \"x\": expected a GUID"},
    {"g/applications/" ID("50") "/federatedIdentityCredentials",
	"[{\"id\": \"" ID("30") "\", \"subject\": \"s\"}]", 1,
	"a federated credential has no \"issuer\": expected a URL"},
    {"",
	"[{\"principalId\": \"" ID("10") "\", \"roleDefinitionId\": \"" READER
					 "\", \"directoryScopeId\": \"here\"}]",
	1,
	"\"directoryScopeId\" is \"here\": expected \"/\" or \"/\" and an "
	"object's id"},
    {"f/workspaces/" ID("70") "/roleAssignments", "[{\"role\": \"Admin\"}]", 1,
	"a workspace role assignment has no \"principal\": expected an "
	"object with \"id\" and \"type\""},
    {"f/workspaces/" ID("70") "/roleAssignments",
	"[{\"principal\": {\"id\": \"" ID("10") "\"}}]", 1,
	"a workspace role assignment has no \"role\": expected a role such "
	"as \"Member\""},
    {"f/workspaces/gold/roleAssignments", "[{\"role\": \"Admin\"}]", 0,
	"the path names \"gold\" where a workspace role assignment is looked "
	"for: expected a GUID, as in workspaces/*/roleAssignments"},
    {"",
	"[{\"id\": \"" ID(
	    "70") "\", \"type\": \"Notebook\", "
		  "\"displayName\": \"n\", \"workspaceId\": \"w\"}]",
	1, "\"workspaceId\" is \"w\": expected a GUID"},
    {"",
	"{\"workspaces\": [{\"id\": \"" ID(
	    "70") "\", \"name\": \"w\", "
		  "\"users\": [\n{\"groupUserAccessRight\": \"Admin\"}]}]}",
	2,
	"an object inside a scanned workspace has no \"identifier\": "
	"expected the id or name of a principal"},
    {"",
	"{\"value\": [{\"id\": \"" ID(
	    "70") "\", \"authorization\": {}, \"type\": \"azurerm\", "
		  "\"isReady\": "
		  "true}]}",
	1,
	"does not say of which project a service connection is: keep the "
	"answer under its request, as in "
	"dev.azure.com/{organization}/{project}/_apis/serviceendpoint/"
	"endpoints.json"},
    {"dev.azure.com/o/p/_apis/pipelines", "[{\"id\": \"x\"}]", 1,
	"\"id\" is \"x\": expected the number of a pipeline"},
};

static void
an_element_of_the_wrong_shape_is_told_with_key_and_line(
    void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		expect_refused(wrong[i].request, wrong[i].text, wrong[i].line,
		    wrong[i].message);
}

/* --- groups as what is owned --- */

static void
an_owner_of_a_group_has_a_role_at_it(void **state ACTAS_UNUSED)
{
	const struct document documents[] = {
	    {"g/groups/" ID("40") "/owners", "[{\"id\": \"" ID("10") "\"}]"},
	    {"v1.0/users",
		"[{\"id\": \"" ID("10") "\"}, {\"id\": \"" ID("11") "\"}]"},
	    {"v1.0/groups",
		"[{\"id\": \"" ID("40") "\", \"displayName\": "
					"\"Team\"}]"},
	    {"g/roleManagement/directory/roleAssignments",
		"[{\"principalId\": \"" ID(
		    "11") "\", \"roleDefinitionId\": "
			  "\"fdd7a751-b60b-444a-984c-02652fe8fa1c\", "
			  "\"directoryScopeId\": \"/" ID("40") "\"}]"},
	    {"v1.0/organization",
		"[{\"id\": \"" ID("02") "\", \"verifiedDomains\": []}]"},
	};
	struct estate *e = load_all(documents, 5);
	scope_id s = scope_named(e, SCOPE_GROUP, ID("40"));

	expect_problem(e, 0, 0, NULL);
	expect_assignments(e,
	    "10|Group owner|" ID("40") "|0|1 11|Groups Administrator|" ID(
		"40") "|0|1");
	assert_string_equal(text_of(e, e->scopes.at[s].name), "Team");
	assert_int_equal(e->scopes.at[s].declared, 1);
	assert_int_equal(e->scopes.at[s].parent, 0);
	assert_true(guid_eq(e->tenant, id_of(ID("02"))));
	estate_free(e);
}

/* --- what is dangling, or only partly known --- */

static const struct {
	const char *request, *text;
	enum problem_kind kind;
	const char *message;
} problems[] = {
    {"",
	"[{\"@odata.type\": \"#microsoft.graph.user\", \"id\": \"" ID(
	    "10") "\"}]",
	PROBLEM_INCOMPLETE_SOURCE,
	"lists directory objects and does not say whose members or owners "
	"they are: keep the answer under its request, as in "
	"graph.microsoft.com/v1.0/groups/{id}/members.json"},
    {"g/applications/" ID("50") "/owners", "[{\"id\": \"" ID("10") "\"}]",
	PROBLEM_UNDECLARED_PRINCIPAL,
	"this is about the application " ID("50") ", which is not in the "
						  "source: it was left out"},
    {"g/servicePrincipals/" ID("50") "/owners", "[{\"id\": \"" ID("10") "\"}]",
	PROBLEM_UNDECLARED_PRINCIPAL,
	"this is about the service principal " ID(
	    "50") ", which is not in "
		  "the source: it was left out"},
    {"g/applications/" ID("50") "/federatedIdentityCredentials",
	"[{\"issuer\": \"i\", \"subject\": \"s\"}]",
	PROBLEM_UNDECLARED_PRINCIPAL,
	"this is about the application " ID("50") ", which is not in the "
						  "source: it was left out"},
    {"g/directoryRoles/" ID("50") "/members", "[{\"id\": \"" ID("10") "\"}]",
	PROBLEM_UNDECLARED_PRINCIPAL,
	"this is about the directory role " ID("50") ", which is not in the "
						     "source: it was left out"},
    {"",
	"[{\"principalId\": \"" ID(
	    "10") "\", \"roleDefinitionId\": "
		  "\"62e90394-69f5-4237-9190-012177145e10\", "
		  "\"directoryScopeId\": \"/administrativeUnits/" ID(
		      "50") "\"}]",
	PROBLEM_UNDECLARED_SCOPE,
	"a directory role is held in an administrative unit: what is in the "
	"unit is not known, so it was left out"},
    {"f/workspaces/" ID("70") "/roleAssignments",
	"[{\"principal\": {\"id\": \"" ID("10") "\"}, \"role\": \"King\"}]",
	PROBLEM_UNKNOWN_ROLE, "\"role\" is \"King\": Fabric has no such role"},
    {"", "{\"value\": [], \"nextLink\": \"https://more\"}",
	PROBLEM_INCOMPLETE_SOURCE,
	"the answer goes on on a page that is not here: 1 of at least 2 pages "
	"were read"},
    {"",
	"{\"value\": [], \"continuationToken\": \"t\", \"continuationUri\": "
	"\"u\"}",
	PROBLEM_INCOMPLETE_SOURCE,
	"the answer goes on on a page that is not here: 1 of at least 2 pages "
	"were read"},
};

static void
what_dangles_is_a_problem_and_no_fault(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
		struct estate *e = load(problems[i].request, problems[i].text);

		expect_problem(e, problems[i].kind, 1, problems[i].message);
		estate_free(e);
	}
}

static void
an_empty_list_says_nothing(void **state ACTAS_UNUSED)
{
	static const char *const lists[] = {"[]", "{\"value\": []}",
	    "{\"count\": 0, \"value\": []}",
	    "{\"value\": [], \"nextLink\": null}"};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		struct estate *e = load("", lists[i]);

		expect_problem(e, 0, 0, NULL);
		assert_int_equal(e->principals.count, 0);
		estate_free(e);
	}
}

static void
a_deleted_secret_is_not_there(void **state ACTAS_UNUSED)
{
	struct estate *e = load("",
	    "[{\"id\": \"https://kv.vault.azure.net/secrets/s\", "
	    "\"attributes\": {}, \"recoveryId\": \"r\"}]");

	assert_int_equal(e->secrets.count, 0);
	estate_free(e);
}

static void
a_compound_policy_is_marked_as_one(void **state ACTAS_UNUSED)
{
	struct estate *e = load("",
	    "{\"id\": \"" VAULT "\", \"properties\": {\"vaultUri\": \"u\", "
	    "\"accessPolicies\": [{\"objectId\": \"" ID(
		"10") "\", \"applicationId\": \"" ID("20") "\", "
							   "\"permissions\": "
							   "{\"secrets\": "
							   "[\"get\"]}}, "
							   "{\"objectId\": "
							   "\"" ID("11") "\", "
									 "\"per"
									 "missi"
									 "ons\""
									 ": "
									 "{\"ke"
									 "ys\":"
									 " ["
									 "\"get"
									 "\"]}}"
									 "]}}");

	expect_assignments(e, "10|get|kv|2|1");
	estate_free(e);
}

static void
a_transitive_member_is_a_direct_one_only_where_nothing_leads_there(
    void **state ACTAS_UNUSED)
{
	struct document documents[] = {
	    {"g/groups/" ID("41") "/transitiveMembers",
		"[{\"id\": \"" ID("10") "\"}, {\"id\": \"" ID("42") "\"}]"},
	    {"g/groups/" ID("41") "/members", "[{\"id\": \"" ID("42") "\"}]"},
	    {"g/groups/" ID("42") "/members", "[{\"id\": \"" ID("10") "\"}]"},
	};
	struct estate *e = load_all(documents, 3);

	assert_int_equal(e->memberships.count, 2);
	expect_problem(e, 0, 0, NULL);
	estate_free(e);
	e = load_all(documents, 2);
	assert_int_equal(e->memberships.count, 2);
	expect_problem(e, PROBLEM_INCOMPLETE_SOURCE, 1,
	    ID("10") " is in the group " ID(
		"41") " by a way that the source "
		      "does not show: taken as a direct member");
	estate_free(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_form_is_read),
	    cmocka_unit_test(
		an_element_of_the_wrong_shape_is_told_with_key_and_line),
	    cmocka_unit_test(an_owner_of_a_group_has_a_role_at_it),
	    cmocka_unit_test(what_dangles_is_a_problem_and_no_fault),
	    cmocka_unit_test(an_empty_list_says_nothing),
	    cmocka_unit_test(a_deleted_secret_is_not_there),
	    cmocka_unit_test(a_compound_policy_is_marked_as_one),
	    cmocka_unit_test(
		a_transitive_member_is_a_direct_one_only_where_nothing_leads_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
