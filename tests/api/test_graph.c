#include "graph_test.h"

/* The directory: who may see and change what, and the words for it. */

static void
expect_count(struct fixture *f, const char *target, json_int_t count)
{
	struct reply r = graph_call(f, ADMIN, "GET", target, NULL);

	assert_int_equal(
	    json_integer_value(json_object_get(r.body, "@odata.count")), count);
	reply_free(&r);
}

static void
tokens(void **state)
{
	struct fixture *f = *state;
	struct reply r = ask(f, "GET", GRAPH_HOST, "/v1.0/users", NULL, NULL);

	assert_reply(&r, 401, "error.code", "InvalidAuthenticationToken");
	assert_reply(&r, 401, "error.message", "Access token is empty.");
	assert_non_null(reply_header(&r, "WWW-Authenticate"));
	reply_free(&r);
	r = ask(f, "GET", GRAPH_HOST, "/v1.0/users",
	    fixture_bearer(f, ADMIN, VAULT), NULL);
	assert_reply(&r, 401, "error.message",
	    "Access token validation failure. Invalid audience.");
	reply_free(&r);
}

static void
reading(void **state)
{
	static const struct {
		const char *target, *path, *value;
	} rows[] = {
	    {"/v1.0/applications?$filter=appId%20eq%20'" READER_APP "'",
		"value.0.id", READER_HOME},
	    {"/beta/applications?$filter=appId+eq+'" READER_APP "'",
		"value.0.id", READER_HOME},
	    {APP READER_HOME, "appId", READER_APP},
	    {APP READER_HOME, "passwordCredentials.0.keyId", READER_KEY},
	    {APP READER_HOME, "passwordCredentials.0.secretText", ""},
	    {APP READER_HOME, "passwordCredentials.0.hash", ""},
	    {"/v1.0/applications(appId='" READER_APP "')", "id", READER_HOME},
	    {"/v1.0/servicePrincipals?$filter=servicePrincipalNames/"
	     "any(c:c%20eq%20'" READER_APP "')",
		"value.0.id", READER},
	    {SP READER, "servicePrincipalNames.0", READER_APP},
	    {SP READER "?$select=id,absent", "absent", "null"},
	    {SP READER "?$select=id", "appId", ""},
	    {"/v1.0/servicePrincipals?$top=1", "value.1.id", ""},
	    {"/v1.0/servicePrincipals?$orderby=id%20desc", "value.0.id",
		MANAGED},
	    {"/v1.0/groups/" TEAM "/members", "value.0.id", DORA},
	    {"/v1.0/groups/" TEAM "/transitiveMembers", "value.0.id", DORA},
	    {"/v1.0/users/" DORA "/memberOf", "value.0.id", TEAM},
	    {"/v1.0/directoryObjects/" TEAM, "id", TEAM},
	    {"/v1.0/organization", "value.0.id", TENANT},
	    {"/v1.0/roleManagement/directory/roleDefinitions?$filter="
	     "displayName%20eq%20'Global%20Administrator'",
		"value.0.id", "62e90394-69f5-4237-9190-012177145e10"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		graph_expect(*state, ADMIN, "GET", rows[i].target, 200,
		    rows[i].path, rows[i].value);
}

static void
bad_requests(void **state)
{
	static const struct {
		const char *method, *target, *body;
		uint32_t status;
		const char *code;
	} rows[] = {
	    {"GET", APP NUMBER("ff"), NULL, 404, "Request_ResourceNotFound"},
	    {"GET", APP "no-guid", NULL, 404, "Request_ResourceNotFound"},
	    {"GET", "/v1.0/applications?$filter=appId%20eq", NULL, 400,
		"Request_UnsupportedQuery"},
	    {"GET",
		"/v1.0/applications?$filter=((((((((((((((((((((((((((((("
		"((((((((((((a%20eq%20'b'",
		NULL, 400, "Request_UnsupportedQuery"},
	    {"GET", "/v1.0/applications?$top=0", NULL, 400,
		"Request_UnsupportedQuery"},
	    {"GET", "/v1.0/applications?$top=x", NULL, 400,
		"Request_BadRequest"},
	    {"GET", "/v1.0/applications?$revision=99", NULL, 400,
		"Directory_ExpiredPageToken"},
	    {"GET", "/v1.0/applications(appId=1)", NULL, 400, "BadRequest"},
	    {"POST", "/v1.0/applications", "{}", 400, "Request_BadRequest"},
	    {"POST", "/v1.0/applications", "[]", 400, "Request_BadRequest"},
	    {"POST", "/v1.0/applications", "{'displayName':7}", 400,
		"Request_BadRequest"},
	    {"POST", "/v1.0/applications", "{'displayName':'x','evil':1}", 400,
		"Request_BadRequest"},
	    {"POST", "/v1.0/applications",
		"{'displayName':'x','displayName':'y'}", 400,
		"Request_BadRequest"},
	    {"PATCH", SP READER, "{'appId':'" LOOSE_APP "'}", 400,
		"Request_BadRequest"},
	    {"POST", "/v1.0/servicePrincipals", "{'appId':'" READER_APP "'}",
		409, "Request_MultipleObjectsWithSameKeyValue"},
	    {"POST", "/v1.0/servicePrincipals", "{'appId':'" NUMBER("ff") "'}",
		400, "Request_BadRequest"},
	    {"POST", APP READER_HOME "/addPassword",
		"{'passwordCredential':{'endDateTime':'2020-01-01'}}", 400,
		"Request_BadRequest"},
	    {"POST", APP READER_HOME "/addPassword",
		"{'passwordCredential':{'endDateTime':'soon'}}", 400,
		"Request_BadRequest"},
	    {"POST", APP READER_HOME "/removePassword", "{'keyId':'x'}", 400,
		"Request_BadRequest"},
	    {"POST", APP READER_HOME "/removePassword",
		"{'keyId':'" NOBODY_KEY "'}", 400, "Request_BadRequest"},
	    {"PATCH", APP READER_HOME,
		"{'keyCredentials':[{'key':'AAAA',"
		"'type':'AsymmetricX509Cert'}]}",
		400, "KeyCredentialsInvalidKey"},
	    {"POST", "/v1.0/groups/" TEAM "/members/$ref",
		"{'@odata.id':'https://graph.microsoft.com/v1.0/x'}", 400,
		"Request_BadRequest"},
	    {"POST", "/v1.0/groups/" TEAM "/members/$ref",
		"{'@odata.id':'https://x/" DORA "'}", 400,
		"Request_BadRequest"},
	    {"POST", "/v1.0/groups/" TEAM "/members/$ref",
		"{'@odata.id':'https://x/" NUMBER("ff") "'}", 404,
		"Request_ResourceNotFound"},
	    {"DELETE", "/v1.0/groups/" TEAM "/members/" READER "/$ref", NULL,
		404, "Request_ResourceNotFound"},
	    {"DELETE", SP MANAGED, NULL, 403, "Authorization_RequestDenied"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = graph_call(*state, ADMIN, rows[i].method,
		    rows[i].target, rows[i].body);

		if (r.status != rows[i].status)
			print_message("# row %zu\n", i);
		assert_reply(&r, rows[i].status, "error.code", rows[i].code);
		assert_string_not_equal(
		    reply_at(&r, "error.innerError.request-id"), "");
		reply_free(&r);
	}
}

/* Whoever has no right is told the same of what is there and what is not. */
static void
denials(void **state)
{
	static const struct {
		const char *method, *target, *body;
	} rows[] = {
	    {"POST", "/v1.0/applications", "{'displayName':'x'}"},
	    {"PATCH", APP READER_HOME, "{'displayName':'x'}"},
	    {"DELETE", APP READER_HOME, NULL},
	    {"DELETE", APP NUMBER("ff"), NULL},
	    {"POST", APP READER_HOME "/addPassword", "{}"},
	    {"POST", APP NUMBER("ff") "/addPassword", "{}"},
	    {"POST", APP READER_HOME "/removePassword",
		"{'keyId':'" READER_KEY "'}"},
	    {"POST", "/v1.0/groups/" TEAM "/members/$ref",
		"{'@odata.id':'https://x/" NOBODY "'}"},
	    {"POST", APP READER_HOME "/owners/$ref",
		"{'@odata.id':'https://x/" NOBODY "'}"},
	    {"POST", "/v1.0/roleManagement/directory/roleAssignments",
		"{'principalId':'" NOBODY "','roleDefinitionId':"
		"'62e90394-69f5-4237-9190-012177145e10'}"},
	};
	struct fixture *f = *state;
	json_t *lines;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = graph_call(
		    f, NOBODY, rows[i].method, rows[i].target, rows[i].body);

		if (r.status != 403)
			print_message("# row %zu\n", i);
		assert_reply(
		    &r, 403, "error.code", "Authorization_RequestDenied");
		assert_reply(&r, 403, "error.message",
		    "Insufficient privileges to complete the operation.");
		reply_free(&r);
	}
	lines = fixture_audit(f);
	assert_true(json_array_size(lines) >= sizeof rows / sizeof *rows);
	json_decref(lines);
}

static void
password_life(void **state)
{
	struct fixture *f = *state;
	struct reply r =
	    graph_call(f, ADMIN, "POST", APP READER_HOME "/addPassword",
		"{'passwordCredential':{'displayName':'second'}}");
	const char *secret, *key, *form;
	struct reply token;
	json_t *stored;

	assert_reply(&r, 200, "displayName", "second");
	assert_reply(&r, 200, "startDateTime", "2026-11-21T18:17:39Z");
	assert_reply(&r, 200, "endDateTime", "2028-11-20T18:17:39Z");
	assert_true(r.x->holds_secret);
	secret = reply_at(&r, "secretText");
	key = reply_at(&r, "keyId");
	assert_int_equal(strlen(secret), 40);
	assert_memory_equal(reply_at(&r, "hint"), secret, 3);

	stored = fixture_get(
	    f, arena_printf(&f->arena, "credential/" READER_HOME "/%s", key));
	assert_non_null(stored);
	assert_null(json_object_get(stored, "secretText"));
	json_decref(stored);

	form = arena_printf(&f->arena,
	    "grant_type=client_credentials&client_id=" READER_APP
	    "&scope=https%%3A%%2F%%2Fvault.azure.net%%2F.default"
	    "&client_secret=%s",
	    secret);
	token = ask(f, "POST", LOGIN_HOST, "/" TENANT "/oauth2/v2.0/token",
	    "Content-Type: application/x-www-form-urlencoded", form);
	assert_reply(&token, 200, "token_type", "Bearer");
	reply_free(&token);
	form = arena_printf(&f->arena, "{'keyId':'%s'}", key);
	reply_free(&r);
	r = graph_call(
	    f, ADMIN, "POST", APP READER_HOME "/removePassword", form);
	assert_reply(&r, 204, NULL, NULL);
	reply_free(&r);
}

/* An owner manages the credentials of its own application, of no other. */
static void
owners(void **state)
{
	struct fixture *f = *state;
	struct reply r =
	    graph_call(f, ADMIN, "POST", APP READER_HOME "/owners/$ref",
		"{'@odata.id':'https://graph.microsoft.com/v1.0/"
		"directoryObjects/" NOBODY "'}");

	assert_reply(&r, 204, NULL, NULL);
	reply_free(&r);
	graph_expect(f, ADMIN, "GET", APP READER_HOME "/owners", 200,
	    "value.0.id", NOBODY);
	r = graph_call(f, NOBODY, "POST", APP READER_HOME "/addPassword", "{}");
	assert_reply(&r, 200, NULL, NULL);
	reply_free(&r);
	r = graph_call(f, NOBODY, "POST", APP ADMIN_HOME "/addPassword", "{}");
	assert_reply(&r, 403, NULL, NULL);
	reply_free(&r);
	r = graph_call(f, ADMIN, "DELETE",
	    APP READER_HOME "/owners/" NOBODY "/$ref", NULL);
	assert_reply(&r, 204, NULL, NULL);
	reply_free(&r);
	r = graph_call(f, NOBODY, "POST", APP READER_HOME "/addPassword", "{}");
	assert_reply(&r, 403, NULL, NULL);
	reply_free(&r);
}

static void
application_life(void **state)
{
	struct fixture *f = *state;
	struct reply r = graph_call(f, ADMIN, "POST", "/v1.0/applications",
	    "{'displayName':'brief','tags':['a']}");
	const char *id, *app;

	assert_reply(&r, 201, "displayName", "brief");
	assert_reply(&r, 201, "signInAudience", "AzureADMyOrg");
	id = arena_printf(&f->arena, APP "%s", reply_at(&r, "id"));
	app = arena_printf(&f->arena, "{'appId':'%s'}", reply_at(&r, "appId"));
	reply_free(&r);
	r = graph_call(f, ADMIN, "POST", "/v1.0/servicePrincipals", app);
	assert_reply(&r, 201, "displayName", "brief");
	app = arena_printf(&f->arena, SP "%s", reply_at(&r, "id"));
	reply_free(&r);
	r = graph_call(
	    f, ADMIN, "PATCH", id, "{'displayName':'longer','tags':null}");
	assert_reply(&r, 204, NULL, NULL);
	reply_free(&r);
	graph_expect(f, ADMIN, "GET", id, 200, "displayName", "longer");
	r = graph_call(f, ADMIN, "DELETE", id, NULL);
	assert_reply(&r, 204, NULL, NULL);
	reply_free(&r);
	graph_expect(f, ADMIN, "GET", id, 404, NULL, NULL);
	graph_expect(f, ADMIN, "GET", app, 404, NULL, NULL);
}

static void
federated_life(void **state)
{
	struct fixture *f = *state;
	const char *all = APP READER_HOME "/federatedIdentityCredentials";
	const char *body = "{'name':'ci','issuer':'https://ci.example',"
			   "'subject':'repo:x','audiences':["
			   "'api://AzureADTokenExchange']}";
	struct reply r = graph_call(f, ADMIN, "POST", all, body);
	const char *one;

	assert_reply(&r, 201, "name", "ci");
	one = arena_printf(&f->arena, "%s/%s", all, reply_at(&r, "id"));
	reply_free(&r);
	r = graph_call(f, ADMIN, "POST", all, body);
	assert_reply(&r, 409, NULL, NULL);
	reply_free(&r);
	graph_expect(f, ADMIN, "GET", one, 200, "subject", "repo:x");
	r = graph_call(f, ADMIN, "PATCH", one, "{'subject':'repo:y'}");
	assert_reply(&r, 204, NULL, NULL);
	reply_free(&r);
	graph_expect(f, ADMIN, "GET", all, 200, "value.1.subject", "repo:y");
	r = graph_call(f, ADMIN, "POST", all,
	    "{'name':'b','issuer':'i','subject':'s','audiences':[]}");
	assert_reply(&r, 400, NULL, NULL);
	reply_free(&r);
	r = graph_call(f, ADMIN, "DELETE", one, NULL);
	assert_reply(&r, 204, NULL, NULL);
	reply_free(&r);
	graph_expect(f, ADMIN, "GET", one, 404, NULL, NULL);
}

static void
members(void **state)
{
	struct fixture *f = *state;
	const char *body = "{'displayName':'inner','mailNickname':'inner',"
			   "'mailEnabled':false,'securityEnabled':true}";
	struct reply r = graph_call(f, ADMIN, "POST", "/v1.0/groups", body);
	const char *inner, *link;

	assert_reply(&r, 201, NULL, NULL);
	inner = arena_printf(&f->arena, "%s", reply_at(&r, "id"));
	reply_free(&r);
	link = arena_printf(&f->arena, "{'@odata.id':'https://x/%s'}", inner);
	r = graph_call(
	    f, ADMIN, "POST", "/v1.0/groups/" TEAM "/members/$ref", link);
	assert_reply(&r, 204, NULL, NULL);
	reply_free(&r);
	link = arena_printf(&f->arena, "/v1.0/groups/%s/members/$ref", inner);
	r = graph_call(
	    f, ADMIN, "POST", link, "{'@odata.id':'https://x/" READER "'}");
	assert_reply(&r, 204, NULL, NULL);
	reply_free(&r);
	/* A circle: each in the other. */
	r = graph_call(
	    f, ADMIN, "POST", link, "{'@odata.id':'https://x/" TEAM "'}");
	assert_reply(&r, 204, NULL, NULL);
	reply_free(&r);
	expect_count(f, SP READER "/transitiveMemberOf?$count=true", 2);
	expect_count(
	    f, "/v1.0/groups/" TEAM "/transitiveMembers?$count=true", 4);
}

/* Who may manage groups may not put anybody into one that has directory
 * roles: that would be all of them. */
static void
privileged_groups(void **state)
{
	static const char groups_administrator[] =
	    "{'principalId':'" NOBODY "','roleDefinitionId':"
	    "'fdd7a751-b60b-444a-984c-02652fe8fa1c'}";
	static const char global_administrator[] =
	    "{'principalId':'" TEAM "','roleDefinitionId':"
	    "'62e90394-69f5-4237-9190-012177145e10'}";
	static const char roles[] =
	    "/v1.0/roleManagement/directory/roleAssignments";
	static const char member[] = "{'@odata.id':'https://x/" READER "'}";
	struct fixture *f = *state;
	struct reply r =
	    graph_call(f, ADMIN, "POST", roles, groups_administrator);

	assert_reply(&r, 201, "principalId", NOBODY);
	reply_free(&r);
	r = graph_call(
	    f, NOBODY, "POST", "/v1.0/groups/" TEAM "/members/$ref", member);
	assert_reply(&r, 204, NULL, NULL);
	reply_free(&r);
	r = graph_call(f, NOBODY, "POST", roles, global_administrator);
	assert_reply(&r, 403, NULL, NULL);
	reply_free(&r);
	r = graph_call(f, ADMIN, "POST", roles, global_administrator);
	assert_reply(&r, 400, "error.code", "Request_BadRequest");
	reply_free(&r);
	fixture_put(f, "group/" TEAM,
	    "{'id':'" TEAM "','displayName':'team','securityEnabled':true,"
	    "'isAssignableToRole':true}",
	    NULL);
	r = graph_call(f, ADMIN, "POST", roles, global_administrator);
	assert_reply(&r, 201, NULL, NULL);
	reply_free(&r);
	r = graph_call(f, NOBODY, "DELETE",
	    "/v1.0/groups/" TEAM "/members/" READER "/$ref", NULL);
	assert_reply(&r, 403, NULL, NULL);
	reply_free(&r);
	r = graph_call(f, NOBODY, "POST", "/v1.0/groups",
	    "{'displayName':'x','mailNickname':'x','mailEnabled':false,"
	    "'securityEnabled':true,'isAssignableToRole':true}");
	assert_reply(&r, 403, NULL, NULL);
	reply_free(&r);
}

/* Who may change any other group would get its roles through one in it. */
static void
privileged_groups_hold_no_groups(void **state)
{
	static const char link[] = "{'@odata.id':'" OBJECT TEAM "'}";
	struct fixture *f = *state;
	const char *made = graph_make(f, "/v1.0/groups",
	    "{'displayName':'p','mailNickname':'p','mailEnabled':false,"
	    "'securityEnabled':true,'isAssignableToRole':true}");
	const char *other = graph_make(f, "/v1.0/groups",
	    "{'displayName':'q','mailNickname':'q','mailEnabled':false,"
	    "'securityEnabled':true}");

	graph_change(f, "POST",
	    arena_printf(&f->arena, "/v1.0/groups/%s/members/$ref", made), link,
	    400);
	graph_change(f, "POST",
	    arena_printf(&f->arena, "/v1.0/groups/%s/members/$ref", other),
	    link, 204);
	graph_change(f, "POST",
	    arena_printf(&f->arena, "/v1.0/groups/%s/members/$ref", made),
	    "{'@odata.id':'" OBJECT READER "'}", 204);
	graph_change(f, "POST", "/v1.0/groups",
	    "{'displayName':'r','mailNickname':'r','mailEnabled':false,"
	    "'securityEnabled':true,'isAssignableToRole':true,"
	    "'members@odata.bind':['" OBJECT TEAM "']}",
	    400);
}

static void
by_ids(void **state)
{
	struct reply r =
	    graph_call(*state, ADMIN, "POST", "/v1.0/directoryObjects/getByIds",
		"{'ids':['" READER "','" DORA
		"','" NUMBER("ff") "'],"
				   "'types':['servicePrincipal','"
				   "directoryObjectPartnerReference']}");

	assert_reply(&r, 200, "value.0.id", READER);
	assert_string_equal(
	    json_string_value(json_object_get(
		json_array_get(json_object_get(r.body, "value"), 0),
		"@odata.type")),
	    "#microsoft.graph.servicePrincipal");
	assert_reply(&r, 200, "value.1.id", "");
	reply_free(&r);
}

/* Of an application's user there is nothing to say; of a user there is. */
static void
me(void **state)
{
	struct fixture *f = *state;
	struct reply r = graph_call(f, ADMIN, "GET", "/v1.0/me", NULL);

	assert_reply(&r, 400, "error.code", "BadRequest");
	assert_reply(&r, 400, "error.message",
	    "/me request is only valid with delegated authentication flow.");
	reply_free(&r);
	graph_expect(f, ADMIN, "GET", "/v1.0/me/ownedObjects", 400,
	    "error.code", "BadRequest");
	graph_expect(f, DORA, "GET", "/v1.0/me", 200, "id", DORA);
	graph_expect(
	    f, DORA, "GET", "/v1.0/me?$select=id", 200, "displayName", "");
	graph_expect(
	    f, DORA, "GET", "/v1.0/me/ownedObjects", 200, "value.0.id", "");
	r = graph_call(f, ADMIN, "POST", APP READER_HOME "/owners/$ref",
	    "{'@odata.id':'https://x/" DORA "'}");
	assert_reply(&r, 204, NULL, NULL);
	reply_free(&r);
	graph_expect(f, DORA, "GET", "/v1.0/me/ownedObjects", 200, "value.0.id",
	    READER_HOME);
}

static void
groups_asked_about(void **state)
{
	static const char asked[] =
	    "{'groupIds':['" NUMBER("ff") "','" TEAM "']}";
	static const struct {
		const char *target, *body;
		uint32_t status;
		const char *path, *value;
	} rows[] = {
	    {"/v1.0/directoryObjects/" DORA, asked, 200, "value.0", TEAM},
	    {"/v1.0/users/" DORA, asked, 200, "value.0", TEAM},
	    {"/v1.0/users/" DORA, asked, 200, "value.1", ""},
	    {"/v1.0/users/" DORA, "{'groupIds':['" NUMBER("ff") "',7]}", 200,
		"value.0", ""},
	    {SP READER, asked, 200, "value.0", ""},
	    {SP READER, "{}", 400, "error.code", "Request_BadRequest"},
	    {"/v1.0/directoryObjects/" NUMBER("ff"), asked, 404, "error.code",
		"Request_ResourceNotFound"},
	    {"/v1.0/directoryObjects/x", asked, 404, "error.code",
		"Request_ResourceNotFound"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *target = arena_printf(
		    &f->arena, "%s/checkMemberGroups", rows[i].target);
		struct reply r =
		    graph_call(f, ADMIN, "POST", target, rows[i].body);

		assert_reply(&r, rows[i].status, rows[i].path, rows[i].value);
		reply_free(&r);
	}
}

/* As Azure's CLI sends a certificate: with the ends of a PEM's lines. */
static void
certificate_in_lines(void **state)
{
	static const char body[] =
	    "{'keyCredentials':[{'type':'AsymmetricX509Cert',"
	    "'usage':'Verify','key':'"
	    "MIIBcDCCARWgAwIBAgIUdPpZfDBPTd/"
	    "XvCyBcOeMFzQ0fSIwCgYIKoZIzj0EAwIw\\n"
	    "DDEKMAgGA1UEAwwBYTAgFw0yNjExMjIwMTU4MzJaGA8yMTI2MTAyOTAxNTgzMlow\\"
	    "n"
	    "DDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABB97YngLcTAq\\"
	    "n"
	    "96dN6J0YMvgLMtEE4BQ7hgyqXvEGadtkZo4sTuv2XL7WEUF+"
	    "rB7xazvmhLyKXpZY\\n"
	    "FCqT8/"
	    "Bf65qjUzBRMB0GA1UdDgQWBBQfGKaT38HryyUQtRInYuzk0NR6yDAfBgNV\\n"
	    "HSMEGDAWgBQfGKaT38HryyUQtRInYuzk0NR6yDAPBgNVHRMBAf8EBTADAQH/"
	    "MAoG\\n"
	    "CCqGSM49BAMCA0kAMEYCIQDS/RlAvQcoU/"
	    "RXn5yHZ9wfAfm3pv8f1NxrsSo8eGyF\\n"
	    "9AIhALQ6ARvT1NZ633DblUJTYPT4wu3ZKerMgxBBY+S19G1o\\n"
	    "'}]}";
	struct fixture *f = *state;
	struct reply r = graph_call(f, ADMIN, "PATCH", APP READER_HOME, body);

	assert_reply(&r, 204, NULL, NULL);
	reply_free(&r);
	graph_expect(f, ADMIN, "GET", APP READER_HOME, 200,
	    "keyCredentials.0.type", "AsymmetricX509Cert");
}

/* Pages are of one revision, whatever is added meanwhile. */
static void
pages(void **state)
{
	struct fixture *f = *state;
	const char *next = "/v1.0/servicePrincipals?$top=2";
	uint32_t seen = 0;

	while (next != NULL) {
		struct reply r = graph_call(f, ADMIN, "GET", next, NULL);
		const char *link = json_string_value(
		    json_object_get(r.body, "@odata.nextLink"));

		assert_reply(&r, 200, NULL, NULL);
		seen +=
		    (uint32_t)json_array_size(json_object_get(r.body, "value"));
		next = link == NULL ? NULL
				    : arena_printf(&f->arena, "%s",
					  link + strlen("https://" GRAPH_HOST));
		reply_free(&r);
		fixture_put(f,
		    arena_printf(
			&f->arena, "service-principal/" NUMBER("8%u"), seen),
		    "{'id':'" NUMBER("80") "','displayName':'late'}", NULL);
		assert_true(seen < 20);
	}
	assert_int_equal(seen, 5);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(tokens),
	    TEST(reading),
	    TEST(bad_requests),
	    TEST(denials),
	    TEST(password_life),
	    TEST(owners),
	    TEST(application_life),
	    TEST(federated_life),
	    TEST(members),
	    TEST(privileged_groups),
	    TEST(privileged_groups_hold_no_groups),
	    TEST(by_ids),
	    TEST(me),
	    TEST(groups_asked_about),
	    TEST(certificate_in_lines),
	    TEST(pages),
	};

	return cmocka_run_group_tests_name("graph", tests, NULL, NULL);
}
