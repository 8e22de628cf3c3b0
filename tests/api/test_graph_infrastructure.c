#include "graph_test.h"

#include <string.h>

/* What infrastructure code asks of the directory: Terraform's azuread makes,
 * changes and reads its resources by these requests. */

#define ROLE(nn) "'" NUMBER(nn) "'"
#define READ_ROLE                                                 \
	"{'id':" ROLE("e1") ",'value':'read','displayName':'r',"  \
			    "'description':'r','isEnabled':true," \
			    "'allowedMemberTypes':['Application']}"
#define USER_ROLE                                                 \
	"{'id':" ROLE("e2") ",'value':'use','displayName':'u',"   \
			    "'description':'u','isEnabled':true," \
			    "'allowedMemberTypes':['User']}"
#define OFF_ROLE                                                   \
	"{'id':" ROLE("e3") ",'value':'off','displayName':'o',"    \
			    "'description':'o','isEnabled':false," \
			    "'allowedMemberTypes':['Application']}"
#define ADMINISTRATOR \
	"9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3" /* of applications */
#define READERS "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"

static const char *
at(struct fixture *f, const char *collection, const char *id, const char *rest)
{
	return arena_printf(&f->arena, "%s%s%s", collection, id, rest);
}

static void
refused(void **state)
{
	static const struct {
		const char *method, *target, *body;
	} rows[] = {
	    {"POST", "/v1.0/applications",
		"{'displayName':'x','owners@odata.bind':['x']}"},
	    {"POST", "/v1.0/applications",
		"{'displayName':'x','owners@odata.bind':'" OBJECT DORA "'}"},
	    {"POST", "/v1.0/applications",
		"{'displayName':'x','owners@odata.bind':['" OBJECT DORA
		"','" OBJECT DORA "']}"},
	    {"POST", "/v1.0/applications",
		"{'displayName':'x','members@odata.bind':['" OBJECT DORA "']}"},
	    {"POST", "/v1.0/applications",
		"{'displayName':'x','manager@odata.bind':'" OBJECT DORA "'}"},
	    {"POST", "/v1.0/applications",
		"{'displayName':'x','passwordCredentials':[{},{}]}"},
	    {"POST", "/v1.0/applications",
		"{'displayName':'x','passwordCredentials':'x'}"},
	    {"POST", "/v1.0/applications", "{'displayName':'x','web':'x'}"},
	    {"POST", "/v1.0/applications",
		"{'displayName':'x','appRoles':[{'id':'x'}]}"},
	    {"POST", "/v1.0/applications",
		"{'displayName':'x','appRoles':[" READ_ROLE "," READ_ROLE "]}"},
	    {"PATCH", APP READER_HOME, "{'passwordCredentials':[]}"},
	    {"PATCH", APP READER_HOME,
		"{'owners@odata.bind':['" OBJECT DORA "']}"},
	    {"PATCH", APP READER_HOME, "{'displayName':null}"},
	    {"PATCH", "/beta/groups/" TEAM,
		"{'members@odata.bind':['" OBJECT READER "']}"},
	    {"PATCH", "/beta/groups/" TEAM, "{'membershipRule':'all'}"},
	    {"PATCH", "/beta/groups/" TEAM,
		"{'groupTypes':['DynamicMembership']}"},
	    {"POST", "/beta/groups",
		"{'displayName':'x','mailNickname':'x','mailEnabled':false,"
		"'securityEnabled':true,'groupTypes':['DynamicMembership']}"},
	    {"POST", "/v1.0/roleManagement/directory/roleAssignments",
		"{'principalId':'" READER "','roleDefinitionId':'" READERS
		"','appScopeId':'/x'}"},
	    {"POST", "/v1.0/directoryRoles", "{'roleTemplateId':'x'}"},
	    {"POST", "/v1.0/directoryRoles",
		"{'roleTemplateId':'" READERS "'}"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = graph_call(*state, ADMIN, rows[i].method,
		    rows[i].target, rows[i].body);

		if (r.status != 400)
			print_message("# row %zu\n", i);
		assert_reply(&r, 400, "error.code", "Request_BadRequest");
		reply_free(&r);
	}
}

/* Owners that are named are all of them; who names none owns it. */
static void
owners_bound(void **state)
{
	struct fixture *f = *state;
	const char *two = graph_make(f, "/v1.0/applications",
	    "{'displayName':'two','owners@odata.bind':['" OBJECT ADMIN
	    "','" OBJECT DORA "']}");
	const char *one = graph_make(f, "/v1.0/applications",
	    "{'displayName':'one','owners@odata.bind':['" OBJECT DORA "']}");
	const char *mine =
	    graph_make(f, "/v1.0/applications", "{'displayName':'mine'}");

	graph_expect(f, ADMIN, "GET", at(f, APP, two, "/owners"), 200,
	    "value.0.id", ADMIN);
	graph_expect(f, ADMIN, "GET", at(f, APP, two, "/owners"), 200,
	    "value.1.id", DORA);
	graph_change(
	    f, "DELETE", at(f, APP, two, "/owners/" ADMIN "/$ref"), NULL, 204);
	graph_expect(f, ADMIN, "GET", at(f, APP, one, "/owners"), 200,
	    "value.0.id", DORA);
	graph_expect(
	    f, ADMIN, "GET", at(f, APP, one, "/owners"), 200, "value.1.id", "");
	graph_expect(f, ADMIN, "GET", at(f, APP, mine, "/owners"), 200,
	    "value.0.id", ADMIN);
	graph_change(f, "POST", "/v1.0/applications",
	    "{'displayName':'x','owners@odata.bind':['" OBJECT NUMBER(
		"ff") "']}",
	    404);
}

static void
group_with_members(void **state)
{
	struct fixture *f = *state;
	const char *id = graph_make(f, "/beta/groups",
	    "{'displayName':'g','mailNickname':'g','mailEnabled':false,"
	    "'securityEnabled':true,'groupTypes':[],'description':null,"
	    "'isAssignableToRole':false,'membershipRule':null,"
	    "'resourceBehaviorOptions':[],'resourceProvisioningOptions':[],"
	    "'owners@odata.bind':['" OBJECT DORA "'],"
	    "'members@odata.bind':['" OBJECT READER "','" OBJECT DORA "']}");
	const char *group = at(f, "/beta/groups/", id, "");

	graph_expect(f, ADMIN, "GET",
	    at(f, "/beta/groups/", id,
		"/members?$filter=id%20eq%20'" READER "'"),
	    200, "value.0.id", READER);
	graph_expect(f, ADMIN, "GET", at(f, "/beta/groups/", id, "/owners"),
	    200, "value.0.id", DORA);
	/* What is so already may be said again. */
	graph_change(f, "PATCH", group,
	    "{'displayName':'h','mailEnabled':false,'groupTypes':[],"
	    "'securityEnabled':true,'membershipRule':null,"
	    "'visibility':'Private'}",
	    204);
	graph_change(f, "PATCH", group, "{'mailEnabled':true}", 400);
	graph_expect(f, ADMIN, "GET", group, 200, "displayName", "h");
}

/* Of a complex property only what is named changes. */
static void
merged(void **state)
{
	struct fixture *f = *state;
	const char *id = graph_make(f, "/v1.0/applications",
	    "{'displayName':'m','web':{'homePageUrl':'https://h/',"
	    "'redirectUris':['https://a/'],'implicitGrantSettings':{"
	    "'enableIdTokenIssuance':true,'enableAccessTokenIssuance':true}},"
	    "'api':{'requestedAccessTokenVersion':2,"
	    "'oauth2PermissionScopes':[{'value':'s'}]}}");
	const char *app = at(f, APP, id, "");

	graph_change(f, "PATCH", app,
	    "{'web':{'redirectUris':['https://b/'],'implicitGrantSettings':{"
	    "'enableIdTokenIssuance':false},'homePageUrl':null},"
	    "'api':{'knownClientApplications':[]}}",
	    204);
	graph_expect(
	    f, ADMIN, "GET", app, 200, "web.redirectUris.0", "https://b/");
	graph_expect(f, ADMIN, "GET", app, 200, "web.homePageUrl", "null");
	graph_expect(f, ADMIN, "GET", app, 200,
	    "web.implicitGrantSettings.enableIdTokenIssuance", "false");
	graph_expect(f, ADMIN, "GET", app, 200,
	    "web.implicitGrantSettings.enableAccessTokenIssuance", "true");
	graph_expect(f, ADMIN, "GET", app, 200,
	    "api.oauth2PermissionScopes.0.value", "s");
	graph_change(f, "PATCH", at(f, "/beta/applications/", id, ""),
	    "{'oauth2RequirePostResponse':true}", 204);
	graph_expect(f, ADMIN, "GET",
	    at(f, "/beta/applications/", id,
		"?$select=oauth2RequirePostResponse"),
	    200, "oauth2RequirePostResponse", "true");
}

/* A service principal shows what its application is now. */
static void
mirrored(void **state)
{
	struct fixture *f = *state;
	const char *principal = SP READER;

	graph_change(f, "PATCH", APP READER_HOME,
	    "{'displayName':'renamed','appRoles':[" READ_ROLE "],"
	    "'identifierUris':['api://renamed'],"
	    "'spa':{'redirectUris':['https://spa/']},"
	    "'web':{'homePageUrl':'https://h/','logoutUrl':'https://o/',"
	    "'redirectUris':['https://web/']}}",
	    204);
	graph_expect(
	    f, ADMIN, "GET", principal, 200, "appRoles.0.value", "read");
	graph_expect(f, ADMIN, "GET", principal, 200, "homepage", "https://h/");
	graph_expect(
	    f, ADMIN, "GET", principal, 200, "logoutUrl", "https://o/");
	graph_expect(
	    f, ADMIN, "GET", principal, 200, "replyUrls.0", "https://web/");
	graph_expect(
	    f, ADMIN, "GET", principal, 200, "replyUrls.1", "https://spa/");
	graph_expect(f, ADMIN, "GET", principal, 200, "servicePrincipalNames.1",
	    "api://renamed");
	graph_expect(
	    f, ADMIN, "GET", principal, 200, "appDisplayName", "renamed");
	/* One that has a name of its own keeps it. */
	graph_expect(
	    f, ADMIN, "GET", principal, 200, "displayName", "spn-reader");
	graph_change(
	    f, "PATCH", APP READER_HOME, "{'appRoles':[],'web':null}", 204);
	graph_expect(f, ADMIN, "GET", principal, 200, "appRoles", "[]");
	graph_expect(f, ADMIN, "GET", principal, 200, "homepage", "");
}

/* The secret that an application is made with is shown once and works. */
static void
made_with_password(void **state)
{
	struct fixture *f = *state;
	struct reply r = graph_call(f, ADMIN, "POST", "/v1.0/applications",
	    "{'displayName':'p','passwordCredentials':[{"
	    "'displayName':'first'}]}");
	const char *app, *id, *form, *body;
	struct reply token;

	assert_reply(&r, 201, "passwordCredentials.0.displayName", "first");
	assert_true(r.x->holds_secret);
	assert_int_equal(
	    strlen(reply_at(&r, "passwordCredentials.0.secretText")), 40);
	id = arena_printf(&f->arena, APP "%s", reply_at(&r, "id"));
	app = reply_at(&r, "appId");
	body = arena_printf(&f->arena, "{'appId':'%s'}", app);
	form = arena_printf(&f->arena,
	    "grant_type=client_credentials&client_id=%s"
	    "&scope=https%%3A%%2F%%2Fvault.azure.net%%2F.default"
	    "&client_secret=%s",
	    app, reply_at(&r, "passwordCredentials.0.secretText"));
	graph_make(f, "/v1.0/servicePrincipals", body);
	token = ask(f, "POST", LOGIN_HOST, "/" TENANT "/oauth2/v2.0/token",
	    "Content-Type: application/x-www-form-urlencoded", form);
	assert_reply(&token, 200, "token_type", "Bearer");
	reply_free(&token);
	graph_expect(f, ADMIN, "GET", id, 200, "passwordCredentials.0.keyId",
	    reply_at(&r, "passwordCredentials.0.keyId"));
	graph_expect(
	    f, ADMIN, "GET", id, 200, "passwordCredentials.0.secretText", "");
	reply_free(&r);
}

/* The older form of directory roles and the newer one are the same. */
static void
directory_roles(void **state)
{
	static const char role[] = "/v1.0/directoryRoles/" READERS;
	struct fixture *f = *state;

	graph_expect(f, ADMIN, "GET", "/v1.0/directoryRoleTemplates/" READERS,
	    200, "displayName", "Directory Readers");
	graph_expect(f, ADMIN, "GET",
	    "/v1.0/directoryRoles?$filter=roleTemplateId%20eq%20'" READERS "'",
	    200, "value.0.id", READERS);
	graph_expect(f, ADMIN, "GET", role, 200, "roleTemplateId", READERS);
	graph_expect(f, ADMIN, "GET", "/v1.0/directoryRoles/" NUMBER("ff"), 404,
	    "error.code", "Request_ResourceNotFound");
	graph_change(f, "POST", at(f, role, "", "/members/$ref"),
	    "{'@odata.id':'" OBJECT NOBODY "'}", 204);
	graph_change(f, "POST", at(f, role, "", "/members/$ref"),
	    "{'@odata.id':'" OBJECT NOBODY "'}", 409);
	graph_expect(f, ADMIN, "GET", at(f, role, "", "/members"), 200,
	    "value.0.id", NOBODY);
	graph_expect(f, ADMIN, "GET",
	    "/v1.0/roleManagement/directory/roleAssignments?$filter="
	    "principalId%20eq%20'" NOBODY "'",
	    200, "value.0.roleDefinitionId", READERS);
	graph_change(f, "DELETE", at(f, role, "", "/members/" NOBODY "/$ref"),
	    NULL, 204);
	graph_change(f, "DELETE", at(f, role, "", "/members/" NOBODY "/$ref"),
	    NULL, 404);
	/* A group that is not made for roles would hand them to its owners. */
	graph_change(f, "POST", at(f, role, "", "/members/$ref"),
	    "{'@odata.id':'" OBJECT TEAM "'}", 400);
	graph_expect(f, NOBODY, "POST", at(f, role, "", "/members/$ref"), 403,
	    "error.code", "Authorization_RequestDenied");
}

#define GIVE(principal, resource, role)                          \
	"{'principalId':'" principal "','resourceId':'" resource \
	"','appRoleId':'" role "'}"
#define HELD SP READER "/appRoleAssignedTo"

static json_t *
claims_for(struct fixture *f, uint32_t status, const char *error)
{
	struct reply r =
	    ask(f, "POST", LOGIN_HOST, "/" TENANT "/oauth2/v2.0/token",
		"Content-Type: application/x-www-form-urlencoded",
		"grant_type=client_credentials&client_id=" NOBODY_APP
		"&client_secret=" NOBODY_SECRET
		"&scope=api%3A%2F%2Fspn-reader%2F.default");
	json_t *claims = NULL;

	assert_reply(&r, status, NULL, NULL);
	if (status == 200)
		claims = fixture_claims(reply_at(&r, "access_token"));
	else
		assert_non_null(
		    strstr(reply_at(&r, "error_description"), error));
	reply_free(&r);
	return claims;
}

static void
expect_roles(struct fixture *f, const char *expected)
{
	json_t *claims = claims_for(f, 200, NULL);

	assert_string_equal(json_at(claims, "roles"), expected);
	json_decref(claims);
}

static void
app_roles(void **state)
{
	struct fixture *f = *state;
	const char *id;

	fixture_secret(f, NOBODY_HOME, NUMBER("a9"), NOBODY_SECRET,
	    "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
	graph_change(f, "PATCH", APP READER_HOME,
	    "{'appRoles':[" READ_ROLE "," USER_ROLE "," OFF_ROLE "]}", 204);
	expect_roles(f, "");
	id = graph_make(f, HELD, GIVE(NOBODY, READER, NUMBER("e1")));
	expect_roles(f, "[\"read\"]");
	graph_expect(f, ADMIN, "GET", at(f, HELD, "/", id), 200,
	    "principalDisplayName", "spn-nobody");
	graph_expect(f, ADMIN, "GET", HELD, 200, "value.0.principalType",
	    "ServicePrincipal");
	graph_expect(f, ADMIN, "GET", SP NOBODY "/appRoleAssignments", 200,
	    "value.0.resourceDisplayName", "spn-reader");
	graph_expect(f, ADMIN, "GET", SP READER "/appRoleAssignments", 200,
	    "value.0.id", "");
	/* twice, disabled, for others, unknown, of others */
	graph_change(f, "POST", HELD, GIVE(NOBODY, READER, NUMBER("e1")), 400);
	graph_change(f, "POST", HELD, GIVE(NOBODY, READER, NUMBER("e3")), 400);
	graph_change(f, "POST", HELD, GIVE(NOBODY, READER, NUMBER("e2")), 400);
	graph_change(f, "POST", HELD, GIVE(NOBODY, READER, NUMBER("e9")), 400);
	graph_change(f, "POST", HELD, GIVE(NOBODY, READER, NUMBER("00")), 400);
	graph_change(
	    f, "POST", HELD, GIVE(NUMBER("ff"), READER, NUMBER("e1")), 404);
	graph_change(f, "POST", HELD, GIVE(READER, NOBODY, NUMBER("e1")), 400);
	graph_change(f, "POST", HELD, GIVE("x", READER, NUMBER("e1")), 400);
	graph_change(f, "DELETE", at(f, HELD, "/", id), NULL, 204);
	graph_change(f, "DELETE", at(f, HELD, "/", id), NULL, 404);
	expect_roles(f, "");
	graph_make(f, "/v1.0/users/" DORA "/appRoleAssignments",
	    GIVE(DORA, READER, NUMBER("e2")));
	graph_change(f, "DELETE", "/v1.0/users/" DORA, NULL, 204);
	graph_expect(f, ADMIN, "GET", HELD, 200, "value.0.id", "");
}

static size_t
count_held(struct fixture *f)
{
	struct reply r = graph_call(f, ADMIN, "GET", HELD, NULL);
	size_t count = json_array_size(json_object_get(r.body, "value"));

	assert_reply(&r, 200, NULL, NULL);
	reply_free(&r);
	return count;
}

/* The last one of several is found, too, and goes with its holder. */
static void
app_roles_of_several(void **state)
{
	static const char *const gives[] = {
	    GIVE(NOBODY, READER, NUMBER("e1")),
	    GIVE(ADMIN, READER, NUMBER("e1")),
	    GIVE(MANAGED, READER, NUMBER("e1")),
	    GIVE(STOPPED, READER, NUMBER("e1")),
	};
	enum { GIVES = sizeof gives / sizeof *gives };
	struct fixture *f = *state;
	const char *ids[GIVES];

	graph_change(
	    f, "PATCH", APP READER_HOME, "{'appRoles':[" READ_ROLE "]}", 204);
	for (size_t i = 0; i < GIVES; i++)
		ids[i] = graph_make(f, HELD, gives[i]);
	assert_int_equal(count_held(f), GIVES);
	for (size_t i = 0; i < GIVES; i++) {
		graph_change(f, "POST", HELD, gives[i], 400);
		graph_expect(f, ADMIN, "GET", at(f, HELD, "/", ids[i]), 200,
		    "id", ids[i]);
	}
	graph_change(f, "DELETE", SP NOBODY, NULL, 204);
	graph_change(f, "DELETE", SP STOPPED, NULL, 204);
	assert_int_equal(count_held(f), 2);
	graph_change(f, "DELETE", at(f, HELD, "/", ids[1]), NULL, 204);
	graph_change(f, "DELETE", at(f, HELD, "/", ids[2]), NULL, 204);
	assert_int_equal(count_held(f), 0);
}

/* Where the resource wants an assignment, there is no token without one. */
static void
assignment_required(void **state)
{
	struct fixture *f = *state;
	const char *id;

	fixture_secret(f, NOBODY_HOME, NUMBER("a9"), NOBODY_SECRET,
	    "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
	graph_change(
	    f, "PATCH", APP READER_HOME, "{'appRoles':[" READ_ROLE "]}", 204);
	graph_change(
	    f, "PATCH", SP READER, "{'appRoleAssignmentRequired':true}", 204);
	assert_null(claims_for(f, 400, "AADSTS501051"));
	id = graph_make(f, SP NOBODY "/appRoleAssignments",
	    GIVE(NOBODY, READER, NUMBER("e1")));
	expect_roles(f, "[\"read\"]");
	graph_change(f, "DELETE",
	    at(f, SP NOBODY "/appRoleAssignments/", id, ""), NULL, 204);
	assert_null(claims_for(f, 400, "AADSTS501051"));
}

/* Who administers the holder may not give it what is another's to give; what
 * is the holder's own, to anybody. */
static void
app_roles_of_others(void **state)
{
	struct fixture *f = *state;
	struct reply r;

	graph_change(
	    f, "PATCH", APP ADMIN_HOME, "{'appRoles':[" READ_ROLE "]}", 204);
	graph_change(
	    f, "PATCH", APP NOBODY_HOME, "{'appRoles':[" READ_ROLE "]}", 204);
	graph_make(f, "/v1.0/roleManagement/directory/roleAssignments",
	    "{'principalId':'" READER "','roleDefinitionId':'" ADMINISTRATOR
	    "','directoryScopeId':'/" NOBODY_HOME "'}");
	r = graph_call(f, READER, "POST", SP NOBODY "/appRoleAssignments",
	    GIVE(NOBODY, ADMIN, NUMBER("e1")));
	assert_reply(&r, 403, "error.code", "Authorization_RequestDenied");
	reply_free(&r);
	r = graph_call(f, READER, "POST", SP ADMIN "/appRoleAssignedTo",
	    GIVE(NOBODY, ADMIN, NUMBER("e1")));
	assert_reply(&r, 403, "error.code", "Authorization_RequestDenied");
	reply_free(&r);
	r = graph_call(f, READER, "POST", SP NOBODY "/appRoleAssignedTo",
	    GIVE(READER, NOBODY, NUMBER("e1")));
	assert_reply(&r, 201, "principalId", READER);
	reply_free(&r);
}

/* What is not set is null or empty, never left out: a client takes a rule
 * that is not there for one that is. */
static void
unset(void **state)
{
	static const struct {
		const char *target, *path, *value;
	} rows[] = {
	    {"/beta/groups/" TEAM, "membershipRule", "null"},
	    {"/beta/groups/" TEAM, "groupTypes", "[]"},
	    {APP READER_HOME, "groupMembershipClaims", "null"},
	    {APP READER_HOME, "api.preAuthorizedApplications", "[]"},
	    {APP READER_HOME, "spa.redirectUris", "[]"},
	    {APP READER_HOME,
		"web.implicitGrantSettings."
		"enableIdTokenIssuance",
		"false"},
	    {SP READER, "notificationEmailAddresses", "[]"},
	    {"/v1.0/users/" DORA, "department", "null"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		graph_expect(*state, ADMIN, "GET", rows[i].target, 200,
		    rows[i].path, rows[i].value);
}

static void
manager(void **state)
{
	graph_expect(*state, ADMIN, "GET", "/v1.0/users/" DORA "/manager", 404,
	    "error.code", "Request_ResourceNotFound");
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(refused),
	    TEST(owners_bound),
	    TEST(group_with_members),
	    TEST(merged),
	    TEST(mirrored),
	    TEST(made_with_password),
	    TEST(directory_roles),
	    TEST(app_roles),
	    TEST(app_roles_of_several),
	    TEST(assignment_required),
	    TEST(app_roles_of_others),
	    TEST(unset),
	    TEST(manager),
	};

	return cmocka_run_group_tests_name(
	    "graph infrastructure", tests, NULL, NULL);
}
