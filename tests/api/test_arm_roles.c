#include "arm_test.h"

#include <pthread.h>

/*
 * Roles and role assignments: what they must be, who may make them, and what
 * those who may not try.
 */

#define LV V "&$filter="

static void
expect(struct fixture *f, const char *who, const char *call, uint32_t status,
    const char *path, const char *value)
{
	arm_expect(f, who, call, NULL, status, path, value);
}

/* Tries to give a role; the assignment's id ends in 'id'. */
static void
give(struct fixture *f, const char *who, const char *scope, const char *id,
    const char *role, const char *principal, uint32_t status, const char *code)
{
	const char *call = arena_printf(&f->arena,
	    "PUT %s" ASSIGNMENTS "/00000000-0000-4000-8000-0000000000%s" V,
	    scope, id);

	arm_expect(f, who, call, role_to(f, role, principal), status,
	    code == NULL ? NULL : "error.code", code);
}

static void
take(struct fixture *f, const char *who, const char *scope, const char *id,
    uint32_t status, const char *code)
{
	const char *call = arena_printf(&f->arena,
	    "DELETE %s" ASSIGNMENTS "/00000000-0000-4000-8000-0000000000%s" V,
	    scope, id);

	expect(f, who, call, status, code == NULL ? NULL : "error.code", code);
}

/* --- assignments: what they must be --- */

static void
bodies_that_are_no_assignment(void **state)
{
	static const struct {
		const char *name, *body, *code;
	} rows[] = {
	    {"x", "{'properties':{}}", "InvalidRoleAssignmentId"},
	    {"00000000-0000-0000-0000-000000000000", "{}",
		"InvalidRoleAssignmentId"},
	    {NUMBER("f1"), "{}", "InvalidRoleDefinitionId"},
	    {NUMBER("f1"), "{'properties':7}", "InvalidRoleDefinitionId"},
	    {NUMBER("f1"), "{'properties':{'roleDefinitionId':'x'}}",
		"InvalidRoleDefinitionId"},
	    {NUMBER("f1"),
		"{'properties':{'roleDefinitionId':'/"
		"roleDefinitions/" READER_ROLE "'}}",
		"InvalidRoleDefinitionId"},
	    {NUMBER("f1"),
		"{'properties':{'roleDefinitionId':'" DEFINITIONS
		"/" READER_ROLE "'}}",
		"InvalidPrincipalId"},
	    {NUMBER("f1"),
		"{'properties':{'roleDefinitionId':'" DEFINITIONS
		"/" READER_ROLE "','principalId':'x'}}",
		"InvalidPrincipalId"},
	    {NUMBER("f1"),
		"{'properties':{'roleDefinitionId':'" DEFINITIONS
		"/" READER_ROLE "','principalId':'" NEWCOMER
		"','principalType':'Robot'}}",
		"InvalidPrincipalType"},
	    {NUMBER("f1"),
		"{'properties':{'roleDefinitionId':'" DEFINITIONS
		"/" READER_ROLE "','principalId':'" NEWCOMER
		"','principalType':'User'}}",
		"UnmatchedPrincipalType"},
	    {NUMBER("f1"),
		"{'properties':{'roleDefinitionId':'" DEFINITIONS
		"/" READER_ROLE "','principalId':'" NUMBER("99") "'}}",
		"PrincipalNotFound"},
	    {NUMBER("f1"),
		"{'properties':{'roleDefinitionId':'" DEFINITIONS
		"/" READER_ROLE
		"','principalId':'" NUMBER("99") "','principalType':'User'}}",
		"PrincipalNotFound"},
	    {NUMBER("f1"),
		"{'properties':{'roleDefinitionId':'" DEFINITIONS
		"/" NUMBER("99") "','principalId':'" NEWCOMER "'}}",
		"RoleDefinitionDoesNotExist"},
	    {NUMBER("f1"),
		"{'properties':{'roleDefinitionId':'" DEFINITIONS
		"/" READER_ROLE "','principalId':'" NEWCOMER
		"','condition':'x'}}",
		"InvalidCondition"},
	    {NUMBER("f1"),
		"{'properties':{'roleDefinitionId':'" DEFINITIONS
		"/" READER_ROLE "','principalId':'" NEWCOMER
		"','condition':'x','conditionVersion':'1.0'}}",
		"InvalidConditionVersion"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		arm_expect(f, ADMIN,
		    arena_printf(&f->arena, "PUT " RG_PATH ASSIGNMENTS "/%s" V,
			rows[i].name),
		    rows[i].body, 400, "error.code", rows[i].code);
	assert_null(fixture_get(f, "assignment/" NUMBER("f1")));
}

static void
long_texts_are_refused(void **state)
{
	static const struct {
		const char *member;
		size_t most;
		const char *code;
	} rows[] = {
	    {"description", 2048, "RoleAssignmentDescriptionTooLarge"},
	    {"condition", 8192, "RoleAssignmentConditionTooLarge"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buffer text = {0};

		buffer_fill(&text, 'a', rows[i].most + 1);
		arm_expect(f, ADMIN,
		    "PUT " RG_PATH ASSIGNMENTS "/" NUMBER("f1") V,
		    arena_printf(&f->arena,
			"{'properties':{'roleDefinitionId':'" DEFINITIONS
			"/" READER_ROLE "','principalId':'" NEWCOMER
			"','%s':'%s'}}",
			rows[i].member, buffer_text(&text)),
		    400, "error.code", rows[i].code);
		buffer_release(&text);
	}
}

/* A service principal may be named before the directory knows of it. */
static void
a_principal_may_come_later(void **state)
{
	struct fixture *f = *state;

	arm_expect(f, ADMIN, "PUT " RG_PATH ASSIGNMENTS "/" NUMBER("f1") V,
	    "{'properties':{'roleDefinitionId':'" DEFINITIONS "/" READER_ROLE
	    "','principalId':'" NUMBER(
		"99") "','principalType':'ServicePrincipal'}}",
	    201, "properties.principalType", "ServicePrincipal");
}

static void
an_assignment_as_azure_shows_it(void **state)
{
	struct fixture *f = *state;
	const char *path = RG_PATH ASSIGNMENTS "/" NUMBER("f1");
	struct reply r =
	    arm(f, OWNER, "PUT", arena_printf(&f->arena, "%s" V, path),
		role_to(f, READER_ROLE, DORA));

	assert_reply(&r, 201, "id", path);
	assert_reply(&r, 201, "name", NUMBER("f1"));
	assert_reply(
	    &r, 201, "type", "Microsoft.Authorization/roleAssignments");
	assert_reply(&r, 201, "properties.roleDefinitionId",
	    SUB_PATH DEFINITIONS "/" READER_ROLE);
	assert_reply(&r, 201, "properties.principalId", DORA);
	assert_reply(&r, 201, "properties.principalType", "User");
	assert_reply(&r, 201, "properties.scope", RG_PATH);
	assert_reply(&r, 201, "properties.createdBy", OWNER);
	assert_reply(
	    &r, 201, "properties.createdOn", "2026-11-21T18:17:39.0000000Z");
	assert_reply(&r, 201, "properties.condition", "null");
	reply_free(&r);
	atomic_fetch_add(&f->now, 60);
	/* The same again changes who and when, and nothing else. */
	r = arm(f, ADMIN, "PUT", arena_printf(&f->arena, "%s" V, path),
	    role_to(f, READER_ROLE, DORA));
	assert_reply(&r, 200, "properties.createdBy", OWNER);
	assert_reply(&r, 200, "properties.updatedBy", ADMIN);
	assert_reply(
	    &r, 200, "properties.updatedOn", "2026-11-21T18:18:39.0000000Z");
	reply_free(&r);
	expect(f, WATCHER, arena_printf(&f->arena, "GET %s" V, path), 200,
	    "name", NUMBER("f1"));
	expect(f, OWNER, arena_printf(&f->arena, "DELETE %s" V, path), 200,
	    "name", NUMBER("f1"));
	expect(f, OWNER, arena_printf(&f->arena, "DELETE %s" V, path), 204,
	    NULL, NULL);
	expect(f, OWNER, arena_printf(&f->arena, "GET %s" V, path), 404,
	    "error.code", "RoleAssignmentNotFound");
	assert_true(arm_was_audited(f, "allowed",
	    "Microsoft.Authorization/roleAssignments/write", OWNER));
	assert_true(arm_was_audited(f, "allowed",
	    "Microsoft.Authorization/roleAssignments/delete", OWNER));
}

static void
what_stands_against_a_new_one(void **state)
{
	struct fixture *f = *state;

	give(f, OWNER, RG_PATH, "f1", READER_ROLE, DORA, 201, NULL);
	give(f, OWNER, RG_PATH, "f2", READER_ROLE, DORA, 409,
	    "RoleAssignmentExists");
	give(f, OWNER, SUB_PATH, "f2", READER_ROLE, DORA, 201, NULL);
	/* The name is the platform's, not the scope's. */
	give(f, OWNER, OTHER_RG, "f1", READER_ROLE, DORA, 400,
	    "RoleAssignmentUpdateNotPermitted");
	give(f, OWNER, RG_PATH, "f1", CONTRIBUTOR_ROLE, DORA, 400,
	    "RoleAssignmentUpdateNotPermitted");
	give(f, OWNER, RG_PATH, "f1", READER_ROLE, TEAM, 400,
	    "RoleAssignmentUpdateNotPermitted");
	give(f, ADMIN, SUB_PATH "/resourceGroups/rg-none", "f3", READER_ROLE,
	    DORA, 404, "ResourceGroupNotFound");
	give(f, ADMIN, RG_PATH "/providers/Microsoft.KeyVault/vaults/none",
	    "f3", READER_ROLE, DORA, 404, "ResourceNotFound");
	give(f, ADMIN, "/subscriptions/" NUMBER("99"), "f3", READER_ROLE, DORA,
	    404, "SubscriptionNotFound");
	give(f, ADMIN, "/providers/Microsoft.Management/managementGroups/none",
	    "f3", READER_ROLE, DORA, 404, "NotFound");
}

/* Everywhere a role can be assigned. */
static void
at_every_kind_of_scope(void **state)
{
	static const char *const scopes[] = {"", TOP, SUB_PATH, RG_PATH,
	    KV_PATH, KV_PATH "/secrets/db-password", MI_PATH};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
		const char *id = arena_printf(&f->arena, "f%zu", i);
		const char *list = arena_printf(&f->arena,
		    "%s" ASSIGNMENTS LV "principalId%%20eq%%20'" DORA
		    "'%%20and%%20atScope()",
		    scopes[i]);

		give(f, ADMIN, scopes[i], id, SECRETS_ROLE, DORA, 201, NULL);
		assert_int_equal(arm_count(f, ADMIN, list), i == 6 ? 5 : i + 1);
		take(f, ADMIN, OTHER_RG, id, 204, NULL);
	}
	assert_int_equal(
	    arm_count(f, ADMIN, ASSIGNMENTS LV "principalId%20eq%20'" DORA "'"),
	    7);
	/* Through the group it is in. */
	give(f, ADMIN, RG_PATH, "f8", READER_ROLE, TEAM, 201, NULL);
	assert_int_equal(
	    arm_count(f, ADMIN, ASSIGNMENTS LV "assignedTo('" DORA "')"), 8);
	/* Two roots are one. */
	expect(
	    f, ADMIN, "GET /" ASSIGNMENTS "/" NUMBER("f0") V, 200, NULL, NULL);
	expect(f, ADMIN, "GET " ASSIGNMENTS "/" NUMBER("f0") V, 200,
	    "properties.scope", "/");
	expect(f, ADMIN, "GET " ASSIGNMENTS "/" NUMBER("f0") V, 200, "id",
	    ASSIGNMENTS "/" NUMBER("f0"));
}

static void
a_secret_that_was_given_is_read(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
	    arm_count(f, OWNER, KV_PATH ASSIGNMENTS LV "atScope()"), 10);
	give(f, OWNER, KV_PATH "/secrets/one", "f1", SECRETS_ROLE, NEWCOMER,
	    201, NULL);
	assert_int_equal(
	    arm_count(f, OWNER, KV_PATH ASSIGNMENTS LV "atScope()"), 10);
	assert_int_equal(arm_count(f, OWNER, KV_PATH ASSIGNMENTS V), 11);
	assert_int_equal(
	    arm_count(f, OWNER, KV_PATH "/secrets/one" ASSIGNMENTS V), 11);
	assert_int_equal(
	    arm_count(f, OWNER, KV_PATH "/secrets/two" ASSIGNMENTS V), 10);
}

static void
filters(void **state)
{
	static const char *const bad[] = {"x", "atScope", "principalId eq x",
	    "principalId eq 'x'", "roleName eq 'x'", "atScope('x')",
	    "assignedTo()", "assignedTo('" DORA "') and asTarget()"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct buffer call = {0};

		buffer_puts(&call, "GET " SUB_PATH ASSIGNMENTS LV);
		for (const char *at = bad[i]; *at != '\0'; at++)
			buffer_puts(
			    &call, *at == ' ' ? "%20" : (char[]){*at, '\0'});
		expect(f, ADMIN, buffer_text(&call), 400, "error.code",
		    "BadRequest");
		buffer_release(&call);
	}
	assert_int_equal(
	    arm_count(f, WATCHER, RG_PATH ASSIGNMENTS LV "asTarget()"), 1);
	expect(f, WATCHER, "GET " SUB_PATH ASSIGNMENTS V, 403, "error.code",
	    "AuthorizationFailed");
	expect(f, WATCHER,
	    "GET " RG_PATH ASSIGNMENTS LV "principalId%20eq%20'" WATCHER "'",
	    200, "value.0.properties.roleDefinitionId",
	    SUB_PATH DEFINITIONS "/" READER_ROLE);
}

/* --- who may --- */

static void
escalations(void **state)
{
	static const struct {
		const char *who, *scope, *role, *principal;
		uint32_t status;
	} rows[] = {
	    /* Nothing gives nothing. */
	    {NOBODY, RG_PATH, READER_ROLE, NOBODY, 403},
	    {NOBODY, "", OWNER_ROLE, NOBODY, 403},
	    {WATCHER, RG_PATH, READER_ROLE, NOBODY, 403},
	    /* Contributor assigns nothing, to itself neither. */
	    {CONTRIBUTOR, RG_PATH, READER_ROLE, NOBODY, 403},
	    {CONTRIBUTOR, KV_PATH, SECRETS_ROLE, CONTRIBUTOR, 403},
	    {CONTRIBUTOR, SUB_PATH, OWNER_ROLE, CONTRIBUTOR, 403},
	    /* A right ends where its scope does. */
	    {ACCESS, RG_PATH, READER_ROLE, NOBODY, 201},
	    {ACCESS, KV_PATH, READER_ROLE, NOBODY, 201},
	    {ACCESS, SUB_PATH, READER_ROLE, ACCESS, 403},
	    {ACCESS, OTHER_RG, READER_ROLE, ACCESS, 403},
	    {ACCESS, "", OWNER_ROLE, ACCESS, 403},
	    {ACCESS, TOP, OWNER_ROLE, ACCESS, 403},
	    {OWNER, SUB_PATH, READER_ROLE, NOBODY, 201},
	    {OWNER, "", OWNER_ROLE, OWNER, 403},
	    {OWNER, TOP, OWNER_ROLE, OWNER, 403},
	    /* A delegate gives the one role that he may give. */
	    {DELEGATE, RG_PATH, OWNER_ROLE, DELEGATE, 403},
	    {DELEGATE, RG_PATH, READER_ROLE, NOBODY, 403},
	    {DELEGATE, RG_PATH, RBAC_ROLE, DELEGATE, 403},
	    {DELEGATE, KV_PATH, ACCESS_ROLE, DELEGATE, 403},
	    {DELEGATE, SUB_PATH, SECRETS_ROLE, NOBODY, 403},
	    {DELEGATE, RG_PATH, SECRETS_ROLE, NOBODY, 201},
	    {DELEGATE, KV_PATH, SECRETS_ROLE, NEWCOMER, 201},
	    {STOPPED, KV_PATH, READER_ROLE, STOPPED, 401},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = arm(f, rows[i].who, "PUT",
		    arena_printf(&f->arena,
			"%s" ASSIGNMENTS
			"/00000000-0000-4000-8000-00000000f0%02zu" V,
			rows[i].scope, i),
		    role_to(f, rows[i].role, rows[i].principal));

		if (r.status != rows[i].status)
			fail_msg("row %zu: %u %.*s", i, r.status,
			    SLICE_ARGS(r.text));
		if (r.status == 403)
			assert_reply(
			    &r, 403, "error.code", "AuthorizationFailed");
		reply_free(&r);
	}
}

/* What a delegate has been given, and how, he cannot change. */
static void
a_delegate_stays_one(void **state)
{
	struct fixture *f = *state;

	/* Dropping the condition of his own assignment is giving the role. */
	give(f, DELEGATE, RG_PATH, "d4", RBAC_ROLE, DELEGATE, 403,
	    "AuthorizationFailed");
	take(f, DELEGATE, RG_PATH, "d4", 403, "AuthorizationFailed");
	take(f, DELEGATE, RG_PATH, "d2", 403, "AuthorizationFailed");
	take(f, DELEGATE, KV_PATH, "c2", 200, NULL);
	/* What is not there cannot be seen to be so. */
	take(f, DELEGATE, KV_PATH, "99", 403, "AuthorizationFailed");
	/* With a lie about the role nothing is won. */
	arm_expect(f, DELEGATE, "PUT " RG_PATH ASSIGNMENTS "/" NUMBER("f1") V,
	    "{'properties':{'roleDefinitionId':'" DEFINITIONS "/" SECRETS_ROLE
	    "/../" OWNER_ROLE "','principalId':'" DELEGATE "'}}",
	    403, "error.code", "AuthorizationFailed");
	arm_expect(f, DELEGATE, "PUT " RG_PATH ASSIGNMENTS "/" NUMBER("f1") V,
	    "{'properties':{'roleDefinitionId':'" DEFINITIONS "/" OWNER_ROLE
	    "','RoleDefinitionId':'" DEFINITIONS "/" SECRETS_ROLE
	    "','principalId':'" DELEGATE "'}}",
	    403, "error.code", "AuthorizationFailed");
}

static void
the_last_administrator_stays(void **state)
{
	struct fixture *f = *state;

	take(f, ADMIN, "", "c0", 412, "CannotDeleteLastRbacAdminAssignment");
	/* A subscription has the administrators above it, too. */
	take(f, ADMIN, SUB_PATH, "d5", 200, NULL);
	give(f, ADMIN, "", "f1", OWNER_ROLE, NUMBER("99"), 400,
	    "PrincipalNotFound");
	give(f, ADMIN, "", "f1", OWNER_ROLE, DORA, 201, NULL);
	take(f, ADMIN, "", "c0", 200, NULL);
	take(f, ADMIN, "", "f1", 403, "AuthorizationFailed");
}

/* A right that is taken away between asking and landing does not count: both
 * are asked at once, and the writer decides on each as it lands. */
struct racer {
	struct fixture *f;
	const char *who, *id;
	_Atomic uint32_t *created;
};

static void *
race(void *argument)
{
	struct racer *racer = argument;
	struct reply r = ask(racer->f, "PUT", ARM_HOST, racer->id, racer->who,
	    "{\"properties\":{\"roleDefinitionId\":\"" DEFINITIONS
	    "/" READER_ROLE "\",\"principalId\":\"" DORA "\"}}");

	if (r.status == 201)
		atomic_fetch_add(racer->created, 1);
	else
		atomic_fetch_add(racer->created, r.status == 409 ? 100 : 10000);
	reply_free(&r);
	return NULL;
}

enum { RACERS = 8 };

static void
one_of_many_at_once_is_made(void **state)
{
	struct fixture *f = *state;
	_Atomic uint32_t created = 0;
	struct racer racers[RACERS];
	pthread_t threads[RACERS];

	for (size_t i = 0; i < RACERS; i++) {
		racers[i] = (struct racer){.f = f,
		    .who = fixture_bearer(f, OWNER, ARM),
		    .id = arena_printf(&f->arena,
			RG_PATH ASSIGNMENTS
			"/00000000-0000-4000-8000-00000000e0%02zu" V,
			i),
		    .created = &created};
	}
	for (size_t i = 0; i < RACERS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, race, &racers[i]), 0);
	for (size_t i = 0; i < RACERS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(created, 1 + 100 * (RACERS - 1));
	assert_int_equal(
	    arm_count(f, ADMIN, ASSIGNMENTS LV "principalId%20eq%20'" DORA "'"),
	    1);
}

/* --- long lists --- */

/* Written in one change: one at a time would take long. */
struct crowd {
	struct change change;
	uint32_t count;
};

static enum actas_error
apply_crowd(
    struct change *change, const struct snapshot *now, struct writes *writes)
{
	const struct crowd *crowd = (const struct crowd *)change;
	struct buffer key = {0}, value = {0};

	(void)now;
	for (uint32_t i = 0; i < crowd->count; i++) {
		buffer_clear(&key);
		buffer_clear(&value);
		buffer_addf(
		    &key, "assignment/00000000-0000-4000-8000-0000000a%04u", i);
		buffer_addf(&value,
		    "{\"id\":\"" RG_PATH ASSIGNMENTS
		    "/00000000-0000-4000-8000-0000000a%04u\",\"type\":"
		    "\"Microsoft.Authorization/roleAssignments\",\"name\":"
		    "\"00000000-0000-4000-8000-0000000a%04u\","
		    "\"properties\":{\"roleDefinitionId\":\"" DEFINITIONS
		    "/" READER_ROLE
		    "\",\"principalId\":\"00000000-0000-4000-8000-"
		    "0000000b%04u\",\"principalType\":\"User\","
		    "\"scope\":\"" RG_PATH "\"}}",
		    i, i, i);
		writes_put(writes, buffer_slice(&key), buffer_slice(&value));
	}
	buffer_release(&key);
	buffer_release(&value);
	return ACTAS_OK;
}

static void
fill(struct fixture *f, uint32_t count)
{
	struct crowd crowd = {.change.apply = apply_crowd, .count = count};

	assert_int_equal(
	    store_commit(f->platform.store, &crowd.change, NULL), ACTAS_OK);
}

/* The path of a nextLink. */
static const char *
next_of(struct fixture *f, const struct reply *r)
{
	const char *link = reply_at(r, "nextLink");

	if (link[0] == '\0')
		return NULL;
	assert_memory_equal(
	    link, "https://" ARM_HOST, strlen("https://" ARM_HOST));
	return arena_printf(
	    &f->arena, "%s", link + strlen("https://" ARM_HOST));
}

static void
pages_are_of_one_revision(void **state)
{
	struct fixture *f = *state;
	const char *next = RG_PATH ASSIGNMENTS V "&$top=20";
	size_t count = 0, pages = 0;
	size_t all;

	fill(f, 60);
	all = arm_count(f, ADMIN, RG_PATH ASSIGNMENTS V);
	while (next != NULL) {
		struct reply r = arm(f, ADMIN, "GET", next, NULL);
		size_t n = json_array_size(json_object_get(r.body, "value"));

		assert_int_equal(r.status, 200);
		assert_true(n <= 20);
		count += n;
		next = next_of(f, &r);
		reply_free(&r);
		/* What happens meanwhile does not show. */
		if (pages++ == 0) {
			take(f, ADMIN, KV_PATH, "c2", 200, NULL);
			give(f, ADMIN, RG_PATH, "ff", READER_ROLE, DORA, 201,
			    NULL);
			give(f, ADMIN, RG_PATH, "fe", READER_ROLE, TEAM, 201,
			    NULL);
		}
	}
	assert_int_equal(count, all);
	assert_int_equal(pages, (all + 19) / 20);
	assert_int_equal(arm_count(f, ADMIN, RG_PATH ASSIGNMENTS V), all + 1);
}

static void
page_tokens_are_the_servers(void **state)
{
	static const char *const tokens[] = {"x", "MS9h", "1/a", "%00"};
	struct fixture *f = *state;
	const char *next, *elsewhere;
	struct reply r;
	char *at;

	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
		r = arm(f, ADMIN, "GET",
		    arena_printf(&f->arena,
			RG_PATH ASSIGNMENTS V "&$skipToken=%s", tokens[i]),
		    NULL);
		assert_int_equal(r.status, 400);
		reply_free(&r);
	}
	expect(f, ADMIN, "GET " RG_PATH ASSIGNMENTS V "&$top=0", 400,
	    "error.code", "InvalidTopParameter");
	r = arm(f, ADMIN, "GET", RG_PATH ASSIGNMENTS V "&$top=1", NULL);
	next = next_of(f, &r);
	reply_free(&r);
	assert_non_null(next);
	/* Not for another list, and for nobody who may not read this one. */
	elsewhere = strchr(next, '?');
	expect(f, ADMIN,
	    arena_printf(&f->arena, "GET " KV_PATH ASSIGNMENTS "%s", elsewhere),
	    400, "error.code", "InvalidSkipToken");
	expect(f, NOBODY, arena_printf(&f->arena, "GET %s", next), 403,
	    "error.code", "AuthorizationFailed");
	at = arena_printf(&f->arena, "%s", next);
	at[strlen(at) - 3] ^= 1;
	r = arm(f, ADMIN, "GET", at, NULL);
	assert_int_equal(r.status, 400);
	reply_free(&r);
}

static void
a_subscription_has_room_for_4000(void **state)
{
	struct fixture *f = *state;
	size_t there = 8; /* of the fixture, in the subscription */

	fill(f, (uint32_t)(3999 - there));
	give(f, OWNER, OTHER_RG, "f1", READER_ROLE, DORA, 201, NULL);
	give(f, OWNER, OTHER_RG, "f2", READER_ROLE, TEAM, 400,
	    "RoleAssignmentLimitExceeded");
	/* Those above do not count, and what is there can be changed. */
	give(f, ADMIN, "", "f2", READER_ROLE, TEAM, 201, NULL);
	give(f, OWNER, OTHER_RG, "f1", READER_ROLE, DORA, 200, NULL);
}

/* --- definitions --- */

#define CUSTOM NUMBER("71")
#define NAMED(name)                                                    \
	"{'properties':{'roleName':'" name                             \
	"','description':'d','type':'CustomRole','permissions':[{"     \
	"'actions':['Microsoft.KeyVault/vaults/read'],'dataActions':[" \
	"'Microsoft.KeyVault/vaults/secrets/readMetadata/action']}],"  \
	"'assignableScopes':['" RG_PATH "']}}"

static void
roles_that_are_none(void **state)
{
	static const struct {
		const char *properties, *code;
	} rows[] = {
	    {"", "InvalidRoleDefinitionName"},
	    {"'roleName':7", "InvalidRoleDefinitionName"},
	    {"'roleName':'x'", "InvalidRoleDefinitionPermissions"},
	    {"'roleName':'x','type':'BuiltInRole'",
		"InvalidRoleDefinitionType"},
	    {"'roleName':'x','permissions':[]",
		"InvalidRoleDefinitionPermissions"},
	    {"'roleName':'x','permissions':[7]",
		"InvalidRoleDefinitionPermissions"},
	    {"'roleName':'x','permissions':[{'condition':'y'}]",
		"InvalidRoleDefinitionPermissions"},
	    {"'roleName':'x','permissions':[{'actions':['x']}]",
		"InvalidActionOrNotAction"},
	    {"'roleName':'x','permissions':[{'actions':['a//b']}]",
		"InvalidActionOrNotAction"},
	    {"'roleName':'x','permissions':[{'actions':['/a/b']}]",
		"InvalidActionOrNotAction"},
	    {"'roleName':'x','permissions':[{'actions':['a/b c']}]",
		"InvalidActionOrNotAction"},
	    {"'roleName':'x','permissions':[{'actions':['']}]",
		"InvalidActionOrNotAction"},
	    {"'roleName':'x','permissions':[{'dataActions':[7]}]",
		"InvalidActionOrNotAction"},
	    {"'roleName':'x','permissions':[{'notActions':'*'}]",
		"InvalidActionOrNotAction"},
	    {"'roleName':'x','permissions':[{}]", "InvalidAssignableScopes"},
	    {"'roleName':'x','permissions':[{}],'assignableScopes':[]",
		"InvalidAssignableScopes"},
	    {"'roleName':'x','permissions':[{}],'assignableScopes':['/']",
		"InvalidAssignableScopes"},
	    {"'roleName':'x','permissions':[{}],'assignableScopes':['x']",
		"InvalidAssignableScopes"},
	    {"'roleName':'x','permissions':[{}],'assignableScopes':['" KV_PATH
	     "']",
		"InvalidAssignableScopes"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		arm_expect(f, ADMIN, "PUT " RG_PATH DEFINITIONS "/" CUSTOM V,
		    arena_printf(
			&f->arena, "{'properties':{%s}}", rows[i].properties),
		    400, "error.code", rows[i].code);
	arm_expect(f, ADMIN, "PUT " RG_PATH DEFINITIONS "/x" V, NAMED("x"), 400,
	    "error.code", "InvalidRoleDefinitionId");
	assert_null(fixture_get(f, "role/" CUSTOM));
}

static void
a_custom_role_lives(void **state)
{
	struct fixture *f = *state;
	const char *path = "PUT " RG_PATH DEFINITIONS "/" CUSTOM V;

	arm_expect(f, OWNER, path, NAMED("Lister"), 201, "id",
	    SUB_PATH DEFINITIONS "/" CUSTOM);
	arm_expect(f, OWNER, path, NAMED("Lister 2"), 201,
	    "properties.roleName", "Lister 2");
	expect(f, OWNER, "GET " RG_PATH DEFINITIONS "/" CUSTOM V, 200,
	    "properties.type", "CustomRole");
	expect(f, OWNER,
	    "GET " RG_PATH DEFINITIONS LV "roleName%20eq%20'LISTER%202'", 200,
	    "value.0.name", CUSTOM);
	/* Where it cannot be assigned it is not shown, unless asked for. */
	assert_int_equal(
	    arm_count(
		f, OWNER, OTHER_RG DEFINITIONS LV "type%20eq%20'CustomRole'"),
	    0);
	assert_int_equal(
	    arm_count(
		f, OWNER, SUB_PATH DEFINITIONS LV "type%20eq%20'CustomRole'"),
	    0);
	assert_int_equal(
	    arm_count(f, OWNER,
		SUB_PATH DEFINITIONS LV "atScopeAndBelow()%20and"
					"%20type%20eq%20'CustomRole'"),
	    1);
	assert_int_equal(arm_count(f, OWNER,
			     KV_PATH DEFINITIONS LV "type%20eq%20'CustomRole'"),
	    1);
	give(f, OWNER, OTHER_RG, "f1", CUSTOM, DORA, 400,
	    "RoleDefinitionDoesNotExist");
	give(f, OWNER, KV_PATH, "f1", CUSTOM, DORA, 201, NULL);
	expect(f, OWNER, "DELETE " RG_PATH DEFINITIONS "/" CUSTOM V, 400,
	    "error.code", "RoleDefinitionHasAssignments");
	take(f, OWNER, KV_PATH, "f1", 200, NULL);
	expect(f, OWNER, "DELETE " RG_PATH DEFINITIONS "/" CUSTOM V, 200,
	    "name", CUSTOM);
	expect(f, OWNER, "DELETE " RG_PATH DEFINITIONS "/" CUSTOM V, 204, NULL,
	    NULL);
	expect(f, OWNER, "GET " RG_PATH DEFINITIONS "/" CUSTOM V, 404,
	    "error.code", "RoleDefinitionDoesNotExist");
}

static void
who_may_define_roles(void **state)
{
	struct fixture *f = *state;
	const char *path = "PUT " RG_PATH DEFINITIONS "/" CUSTOM V;
	static const char wide[] =
	    "{'properties':{'roleName':'Wide','permissions':[{'actions':['*']"
	    "}],'assignableScopes':['" RG_PATH "','" OTHER_RG "']}}";

	arm_expect(f, NOBODY, path, NAMED("x"), 403, "error.code",
	    "AuthorizationFailed");
	arm_expect(f, CONTRIBUTOR, path, NAMED("x"), 403, "error.code",
	    "AuthorizationFailed");
	arm_expect(f, DELEGATE, path, NAMED("x"), 403, "error.code",
	    "AuthorizationFailed");
	/* At each of its scopes, of those that it had as well. */
	arm_expect(
	    f, ACCESS, path, wide, 403, "error.code", "AuthorizationFailed");
	arm_expect(f, OWNER, path, wide, 201, NULL, NULL);
	arm_expect(f, ACCESS, path, NAMED("Mine"), 403, "error.code",
	    "AuthorizationFailed");
	expect(f, ACCESS, "DELETE " RG_PATH DEFINITIONS "/" CUSTOM V, 403,
	    "error.code", "AuthorizationFailed");
	arm_expect(f, OWNER, path, NAMED("reader"), 409, "error.code",
	    "RoleDefinitionWithSameNameExists");
	arm_expect(f, ADMIN, "PUT " RG_PATH DEFINITIONS "/" READER_ROLE V,
	    NAMED("x"), 400, "error.code", "RoleDefinitionIsBuiltIn");
	expect(f, ADMIN, "DELETE " DEFINITIONS "/" READER_ROLE V, 400,
	    "error.code", "RoleDefinitionIsBuiltIn");
	arm_expect(f, ADMIN, path,
	    "{'properties':{'roleName':'Gone','permissions':[{'actions':['*']}]"
	    ",'assignableScopes':['" SUB_PATH "/resourceGroups/none']}}",
	    404, "error.code", "ResourceGroupNotFound");
}

static void
built_in_roles(void **state)
{
	struct fixture *f = *state;
	size_t count = arm_count(f, WATCHER, RG_PATH DEFINITIONS V);

	/* All of them, and all at once, as Azure sends them. */
	assert_int_equal(count, 928);
	assert_int_equal(arm_count(f, ADMIN, DEFINITIONS V), count);
	expect(f, WATCHER,
	    "GET " RG_PATH DEFINITIONS
	    "?$filter=roleName%20eq%20'Key%20Vault%20Secrets%20User'"
	    "&api-version=2018-01-01-preview",
	    200, "value.0.id", SUB_PATH DEFINITIONS "/" SECRETS_ROLE);
	expect(f, WATCHER, "GET " RG_PATH DEFINITIONS "/" SECRETS_ROLE V, 200,
	    "properties.permissions.0.dataActions.0",
	    "Microsoft.KeyVault/vaults/secrets/getSecret/action");
	expect(f, ADMIN, "GET " DEFINITIONS "/" SECRETS_ROLE V, 200, "id",
	    DEFINITIONS "/" SECRETS_ROLE);
	expect(f, ADMIN, "GET " DEFINITIONS "/" SECRETS_ROLE V, 200,
	    "properties.assignableScopes.0", "/");
	assert_int_equal(
	    arm_count(f, ADMIN, DEFINITIONS LV "roleName%20eq%20'nothing'"), 0);
	expect(f, ADMIN, "GET " DEFINITIONS LV "description%20eq%20'x'", 400,
	    "error.code", "BadRequest");
	expect(f, NOBODY, "GET " DEFINITIONS V, 403, "error.code",
	    "AuthorizationFailed");
}

#define KEYVAULT    "?api-version=2023-07-01"
#define WRITER_ROLE "44f0a1a8-6fea-4b35-980a-8ff50c487c97"

/* One that no estate knows until somebody holds it. */
static void
a_built_in_role_that_few_use(void **state)
{
	struct fixture *f = *state;

	expect(f, ADMIN,
	    "GET " DEFINITIONS LV
	    "roleName%20eq%20'operator%20nexus%20key%20vault%20writer%20"
	    "service%20role%20(preview)'",
	    200, "value.0.name", WRITER_ROLE);
	expect(f, NOBODY, "GET " KV_PATH KEYVAULT, 403, "error.code",
	    "AuthorizationFailed");
	give(f, ADMIN, KV_PATH, "f1", WRITER_ROLE, NOBODY, 201, NULL);
	expect(f, NOBODY, "GET " KV_PATH KEYVAULT, 200, "name", "kv-data");
	expect(f, NOBODY, "DELETE " KV_PATH KEYVAULT, 403, "error.code",
	    "AuthorizationFailed");
	expect(f, NOBODY, "GET " KV_PATH AUTHORIZATION "permissions" V, 200,
	    "value.0.dataActions.0",
	    "Microsoft.KeyVault/vaults/secrets/setSecret/action");
	arm_expect(f, OWNER, "PUT " RG_PATH DEFINITIONS "/" CUSTOM V,
	    NAMED("Operator Nexus Key Vault Writer Service Role (Preview)"),
	    409, "error.code", "RoleDefinitionWithSameNameExists");
}

/* --- the caller's own --- */

static void
ones_own_permissions(void **state)
{
	struct fixture *f = *state;
	const char *path = "GET " KV_PATH AUTHORIZATION "permissions" V;

	expect(f, READER, path, 200, "value.0.dataActions.0",
	    "Microsoft.KeyVault/vaults/secrets/getSecret/action");
	expect(f, WATCHER, path, 200, "value.0.actions.0", "*/read");
	expect(f, NOBODY, path, 200, "value", "[]");
	expect(f, READER, "GET " OTHER_RG AUTHORIZATION "permissions" V, 200,
	    "value", "[]");
}

static void
lists_that_are_empty(void **state)
{
	static const char *const names[] = {"roleAssignmentSchedules",
	    "roleAssignmentScheduleInstances", "roleAssignmentScheduleRequests",
	    "roleEligibilitySchedules", "roleEligibilityScheduleInstances",
	    "roleEligibilityScheduleRequests", "classicAdministrators"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *path = arena_printf(
		    &f->arena, SUB_PATH AUTHORIZATION "%s" V, names[i]);

		assert_int_equal(arm_count(f, ADMIN, path), 0);
		expect(f, NOBODY, arena_printf(&f->arena, "GET %s", path), 403,
		    "error.code", "AuthorizationFailed");
	}
}

#define TEST(name) cmocka_unit_test_setup(name, arm_reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(bodies_that_are_no_assignment),
	    TEST(long_texts_are_refused),
	    TEST(a_principal_may_come_later),
	    TEST(an_assignment_as_azure_shows_it),
	    TEST(what_stands_against_a_new_one),
	    TEST(at_every_kind_of_scope),
	    TEST(a_secret_that_was_given_is_read),
	    TEST(filters),
	    TEST(escalations),
	    TEST(a_delegate_stays_one),
	    TEST(the_last_administrator_stays),
	    TEST(one_of_many_at_once_is_made),
	    TEST(pages_are_of_one_revision),
	    TEST(page_tokens_are_the_servers),
	    TEST(a_subscription_has_room_for_4000),
	    TEST(roles_that_are_none),
	    TEST(a_custom_role_lives),
	    TEST(who_may_define_roles),
	    TEST(built_in_roles),
	    TEST(a_built_in_role_that_few_use),
	    TEST(ones_own_permissions),
	    TEST(lists_that_are_empty),
	};

	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
