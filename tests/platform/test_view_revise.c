#include "view_facts.h"
#include "view_world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * A view that is made out of the one before it decides as one that is made
 * anew: thousands of changes of a small platform, and every few the same
 * questions to both, the same assignments, members and groups, and an estate
 * in order.
 */

enum {
	PEOPLE = 10,
	GROUPS = 6,
	SERVICES = 8,
	GRANTS = 40,
	STEPS = 600,
	COMPARED = 4, /* every so many steps */
	QUESTIONS = 100
};

struct draw {
	uint64_t state;
};

static uint32_t
below(struct draw *d, uint32_t bound)
{
	d->state =
	    d->state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)(d->state >> 33) % bound;
}

static bool
chance(struct draw *d, uint32_t percent)
{
	return below(d, 100) < percent;
}

/* --- names --- */

struct name {
	char text[GUID_TEXT_LENGTH + 1];
};

static struct name
id_of(char kind, uint32_t i)
{
	struct name n;

	snprintf(n.text, sizeof n.text, "00000000-0000-4000-8000-0000000%c%04u",
	    kind, i);
	return n;
}

static struct name
person(uint32_t i)
{
	return id_of('a', i);
}

static struct name
group(uint32_t i)
{
	return id_of('b', i);
}

static struct name
service(uint32_t i)
{
	return id_of('c', i);
}

/* One that has an id, and now and then one that nobody knows. */
static struct name
anybody(struct draw *d)
{
	switch (below(d, 9)) {
	case 0:
	case 1:
	case 2:
		return person(below(d, PEOPLE));
	case 3:
	case 4:
		return group(below(d, GROUPS));
	case 5:
		return id_of('f', below(d, 2));
	default:
		return service(below(d, SERVICES));
	}
}

static const char *
type_of(struct name who)
{
	switch (who.text[31]) {
	case 'a':
		return "User";
	case 'b':
		return "Group";
	default:
		return "ServicePrincipal";
	}
}

static const char *const roles[] = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    "4633458b-17de-408a-b874-0445c86b69e6",
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    "00482a5a-887f-4fb3-b363-3b7fe8e74483", NUMBER("51"),
    NUMBER("52"), /* nobody defines it */
};

#define VAULTS     RG_PATH "/providers/Microsoft.KeyVault/vaults/"
#define GONE_GROUP SUB_PATH "/resourceGroups/forgotten"

static const char *const scopes[] = {
    "/",
    SUB_PATH,
    RG_PATH,
    VAULTS "kv-a",
    VAULTS "kv-a/secrets/one",
    VAULTS "kv-a/secrets/two",
    VAULTS "KV-A/secrets/ONE",
    VAULTS "kv-b",
    VAULTS "kv-b/secrets/one",
    VAULTS "kv-policy",
    VAULTS "kv-policy/secrets/one",
    VAULTS "kv-gone",
    VAULTS "kv-gone/secrets/one",
    STORAGE_PATH,
    STORAGE_PATH "/blobServices/default/containers/raw",
    GONE_GROUP,
    GONE_GROUP "/providers/Microsoft.Web/sites/site",
    GONE_GROUP "/providers/Microsoft.Storage/storageAccounts/other",
};

static const char *const asked[] = {
    VAULTS "kv-a/secrets/three",
    VAULTS "kv-b/secrets/One",
    VAULTS "kv-policy/secrets/two",
    GONE_GROUP "/providers/Microsoft.Web/sites/other",
    MG_PATH,
    "/groups/00000000-0000-4000-8000-0000000b0001",
    "/applications/00000000-0000-4000-8000-0000000e0001",
    "/no/path",
};

enum {
	ROLES = sizeof roles / sizeof *roles,
	SCOPES = sizeof scopes / sizeof *scopes,
	ASKED = sizeof asked / sizeof *asked
};

/* --- the platform --- */

#define TEXT_BYTES 4096

struct edit {
	struct writes writes;
};

static void put(struct edit *e, const char *key, const char *format, ...)
    ACTAS_PRINTF(3, 4);
static void
put(struct edit *e, const char *key, const char *format, ...)
{
	char text[TEXT_BYTES];
	va_list args;

	va_start(args, format);
	assert_true(vsnprintf(text, sizeof text, format, args) < TEXT_BYTES);
	va_end(args);
	writes_put(&e->writes, slice_of(key), slice_of(text));
}

static const char *
key(char text[static 256], const char *kind, struct name a, const char *b)
{
	snprintf(text, 256, "%s/%s%s%s", kind, a.text, b == NULL ? "" : "/",
	    b == NULL ? "" : b);
	return text;
}

static void
put_person(struct edit *e, uint32_t i, bool enabled)
{
	struct name n = person(i);
	char at[256];

	put(e, key(at, "user", n, NULL),
	    "{\"id\":\"%s\",\"displayName\":\"p%u\",\"userPrincipalName\":"
	    "\"p%u@example.org\",\"accountEnabled\":%s}",
	    n.text, i, i, enabled ? "true" : "false");
}

static void
put_service(struct edit *e, uint32_t i, bool enabled)
{
	struct name n = service(i), app = id_of('e', i);
	char at[256];

	put(e, key(at, "service-principal", n, NULL),
	    "{\"id\":\"%s\",\"appId\":\"%s\",\"displayName\":\"s%u\","
	    "\"accountEnabled\":%s,\"servicePrincipalType\":\"%s\"}",
	    n.text, app.text, i, enabled ? "true" : "false",
	    i % 4 == 3 ? "ManagedIdentity" : "Application");
}

static void
put_application(struct edit *e, uint32_t i, const char *name)
{
	struct name n = id_of('d', i), app = id_of('e', i);
	char at[256];

	put(e, key(at, "application", n, NULL),
	    "{\"id\":\"%s\",\"appId\":\"%s\",\"displayName\":\"%s\"}", n.text,
	    app.text, name);
}

static void
put_group(struct edit *e, uint32_t i, uint32_t version)
{
	struct name n = group(i);
	char at[256];

	put(e, key(at, "group", n, NULL),
	    "{\"id\":\"%s\",\"displayName\":\"g%u\",\"mail\":\"%u\"}", n.text,
	    i, version);
}

static void
put_grant(struct edit *e, uint32_t i, struct draw *d)
{
	static const char *const conditions[] = {"",
	    ",\"condition\":\"@Resource[Microsoft.KeyVault/vaults/"
	    "secrets:name] "
	    "StringEquals 'one'\"",
	    ",\"condition\":\"@Resource[Microsoft.KeyVault/vaults/"
	    "secrets:name] "
	    "StringEquals 'two'\"",
	    ",\"condition\":\"not understood\""};
	struct name n = id_of('9', i), who = anybody(d);
	const char *scope = scopes[below(d, SCOPES)];
	char at[256];

	put(e, key(at, "assignment", n, NULL),
	    "{\"id\":\"%s/providers/Microsoft.Authorization/roleAssignments/"
	    "%s\",\"name\":\"%s\",\"type\":\"Microsoft.Authorization/"
	    "roleAssignments\",\"properties\":{\"roleDefinitionId\":"
	    "\"/providers/Microsoft.Authorization/roleDefinitions/%s\","
	    "\"principalId\":\"%s\",\"principalType\":\"%s\",\"scope\":\"%s\""
	    "%s}}",
	    scope, n.text, n.text, roles[below(d, ROLES)], who.text,
	    type_of(who), scope, chance(d, 80) ? "" : conditions[below(d, 4)]);
}

static void
put_vault(struct edit *e, const char *name, struct draw *d)
{
	bool policy = strcmp(name, "kv-policy") == 0;
	char policies[2048] = "", at[64];
	int length = 0;

	for (uint32_t i = 0; policy && i < 4; i++)
		if (chance(d, 50))
			length += snprintf(policies + length,
			    sizeof policies - (size_t)length,
			    "%s{\"tenantId\":\"" TENANT
			    "\",\"objectId\":\"%s\",\"permissions\":{"
			    "\"secrets\":[%s]}}",
			    length > 0 ? "," : "", service(i).text,
			    chance(d, 50) ? "\"get\"" : "\"get\",\"list\"");
	snprintf(at, sizeof at, "vault/%s", name);
	put(e, at,
	    "{\"id\":\"" VAULTS "%s\",\"name\":\"%s\",\"type\":"
	    "\"Microsoft.KeyVault/vaults\",\"properties\":{\"tenantId\":"
	    "\"" TENANT "\",\"vaultUri\":\"https://x/\","
	    "\"enableRbacAuthorization\":%s,\"accessPolicies\":[%s]}}",
	    name, name, policy ? "false" : "true", policies);
}

static void
put_role(struct edit *e, bool sets)
{
	put(e, "role/" NUMBER("51"),
	    "{\"name\":\"" NUMBER(
		"51") "\",\"properties\":{\"roleName\":"
		      "\"Own\",\"permissions\":[{\"actions\":[],"
		      "\"dataActions\":["
		      "\"Microsoft.KeyVault/vaults/secrets/%s/action\"]}]}}",
	    sets ? "setSecret" : "getSecret");
}

static void
put_denial(struct edit *e, struct name who, bool for_children)
{
	put(e, "deny/" NUMBER("69"),
	    "{\"id\":\"" VAULTS
	    "kv-a/providers/Microsoft.Authorization/denyAssignments/" NUMBER(
		"69") "\",\"name\":\"" NUMBER("69") "\",\"properties\":{"
						    "\"denyAssignmentName\":"
						    "\"no\",\"permissions\":[{"
						    "\"actions\":[],"
						    "\"dataActions\":["
						    "\"Microsoft.KeyVault/"
						    "vaults/secrets/getSecret/"
						    "action\"]}],"
						    "\"doNotApplyToChildScopes"
						    "\":%s,\"scope\":\"" VAULTS
						    "kv-a\",\"principals\":[{"
						    "\"id\":\"%s\",\"type\":\"%"
						    "s\"}]}}",
	    for_children ? "false" : "true", who.text, type_of(who));
}

static void
put_directory_role(struct edit *e, uint32_t i, struct name who)
{
	struct name n = id_of('8', i);
	char at[256];

	put(e, key(at, "directory-role", n, NULL),
	    "{\"id\":\"%s\",\"principalId\":\"%s\",\"roleDefinitionId\":"
	    "\"62e90394-69f5-4237-9190-012177145e10\",\"directoryScopeId\":"
	    "\"/\"}",
	    n.text, who.text);
}

static void
begin_world(struct edit *e, struct draw *d)
{
	put(e, "tenant", "{\"id\":\"" TENANT "\",\"displayName\":\"C\"}");
	put(e, "subscription/" SUBSCRIPTION,
	    "{\"id\":\"" SUB_PATH "\",\"subscriptionId\":\"" SUBSCRIPTION
	    "\",\"tenantId\":\"" TENANT
	    "\",\"displayName\":\"Data\",\"state\":\"Enabled\"}");
	put(e, "resource-group/" SUBSCRIPTION "/rg",
	    "{\"id\":\"" RG_PATH "\",\"name\":\"Rg\",\"type\":"
	    "\"Microsoft.Resources/resourceGroups\"}");
	for (uint32_t i = 0; i < PEOPLE; i++)
		put_person(e, i, true);
	for (uint32_t i = 0; i < SERVICES; i++)
		put_service(e, i, true);
	for (uint32_t i = 0; i < 2; i++)
		put_application(e, i, "app");
	for (uint32_t i = 0; i < GROUPS; i++)
		put_group(e, i, 0);
	for (uint32_t i = 0; i < GRANTS; i++)
		put_grant(e, i, d);
	put_vault(e, "kv-a", d);
	put_vault(e, "kv-b", d);
	put_vault(e, "kv-policy", d);
	put_role(e, false);
	put_denial(e, service(1), true);
	put_directory_role(e, 0, person(0));
}

/* --- what happens to it --- */

static bool
has(const struct state *s, const char *at)
{
	struct slice value;

	return state_get(s, slice_of(at), &value);
}

static void
toggle(struct edit *e, const struct state *s, const char *at)
{
	if (has(s, at))
		writes_remove(&e->writes, slice_of(at));
	else
		put(e, at, "{}");
}

static void
change_grant(struct edit *e, const struct state *s, struct draw *d)
{
	uint32_t i = below(d, GRANTS + 10);
	char at[256];

	key(at, "assignment", id_of('9', i), NULL);
	if (has(s, at) && chance(d, 70))
		writes_remove(&e->writes, slice_of(at));
	else
		put_grant(e, i, d);
}

static void
change_member(struct edit *e, const struct state *s, struct draw *d)
{
	char at[256];

	toggle(
	    e, s, key(at, "member", group(below(d, GROUPS)), anybody(d).text));
}

static void
change_person(
    struct edit *e, const struct state *s ACTAS_UNUSED, struct draw *d)
{
	put_person(e, below(d, PEOPLE), chance(d, 50));
}

static void
change_service(
    struct edit *e, const struct state *s ACTAS_UNUSED, struct draw *d)
{
	put_service(e, below(d, SERVICES), chance(d, 50));
}

static void
come_or_go(struct edit *e, const struct state *s, struct draw *d)
{
	uint32_t i = below(d, PEOPLE), k = below(d, GROUPS);
	uint32_t j = below(d, SERVICES);
	char at[256];

	switch (below(d, 3)) {
	case 0:
		if (has(s, key(at, "user", person(i), NULL)))
			writes_remove(&e->writes, slice_of(at));
		else
			put_person(e, i, true);
		break;
	case 1:
		if (has(s, key(at, "group", group(k), NULL)))
			writes_remove(&e->writes, slice_of(at));
		else
			put_group(e, k, 0);
		break;
	default:
		if (has(s, key(at, "service-principal", service(j), NULL)))
			writes_remove(&e->writes, slice_of(at));
		else
			put_service(e, j, true);
		break;
	}
}

static void
change_owner(struct edit *e, const struct state *s, struct draw *d)
{
	struct name owned[] = {
	    group(below(d, 2)), id_of('d', below(d, 2)), service(below(d, 3))};
	char at[256];

	toggle(e, s,
	    key(at, "owner", owned[below(d, 3)],
		person(below(d, PEOPLE)).text));
}

static void
change_directory(struct edit *e, const struct state *s, struct draw *d)
{
	uint32_t i = below(d, 3);
	char at[256];

	if (has(s, key(at, "directory-role", id_of('8', i), NULL)))
		writes_remove(&e->writes, slice_of(at));
	else
		put_directory_role(e, i, anybody(d));
}

static void
change_policies(
    struct edit *e, const struct state *s ACTAS_UNUSED, struct draw *d)
{
	put_vault(e, "kv-policy", d);
}

static void
change_something(
    struct edit *e, const struct state *s ACTAS_UNUSED, struct draw *d)
{
	switch (below(d, 5)) {
	case 0:
		put_role(e, chance(d, 50));
		break;
	case 1:
		put_denial(e, anybody(d), chance(d, 50));
		break;
	case 2:
		put_group(e, below(d, GROUPS), below(d, 9));
		break;
	case 3:
		put_application(e, below(d, 2), chance(d, 50) ? "app" : "App");
		break;
	default:
		if (has(s, "vault/kv-b"))
			writes_remove(&e->writes, SLICE("vault/kv-b"));
		else
			put_vault(e, "kv-b", d);
	}
}

static const struct happening {
	const char *name;
	uint32_t percent; /* how often */
	uint32_t revised; /* of a hundred, at least: else the test is blunt */
	void (*happens)(struct edit *, const struct state *, struct draw *);
} happenings[] = {
    {"an assignment", 45, 40, change_grant},
    {"a member", 20, 60, change_member},
    {"a person is disabled or enabled", 6, 60, change_person},
    {"a service principal is disabled or enabled", 6, 60, change_service},
    {"one comes or goes", 6, 5, come_or_go},
    {"an owner", 5, 0, change_owner},
    {"a directory role", 4, 30, change_directory},
    {"access policies", 4, 60, change_policies},
    {"something else", 4, 5, change_something},
};
enum { HAPPENINGS = sizeof happenings / sizeof *happenings };

static const struct happening *
happen(struct edit *e, const struct state *s, struct draw *d)
{
	uint32_t at = below(d, 100);
	size_t i = 0;

	while (at >= happenings[i].percent)
		at -= happenings[i++].percent;
	happenings[i].happens(e, s, d);
	return &happenings[i];
}

/* --- the same --- */

static struct guid
denial_of(const struct verdict *v)
{
	return v->decision.denial == NONE
	    ? (struct guid){0}
	    : v->estate->denials.at[v->decision.denial].id;
}

static void
expect_same_answer(const struct snapshot *a, const struct snapshot *b,
    struct draw *d, const char *after)
{
	struct name caller = anybody(d);
	uint32_t i = below(d, SCOPES + ASKED);
	const char *path = i < SCOPES ? scopes[i] : asked[i - SCOPES];
	enum permission_id what = chance(d, 40)
	    ? PERMIT_SECRET_GET
	    : (enum permission_id)below(d, PERMITS);
	struct verdict x =
	    view_decide(a, view_id(caller.text), what, slice_of(path), NULL);
	struct verdict y =
	    view_decide(b, view_id(caller.text), what, slice_of(path), NULL);

	if (x.decision.allowed != y.decision.allowed ||
	    x.decision.reason != y.decision.reason ||
	    !guid_eq(denial_of(&x), denial_of(&y)) ||
	    x.scope_is_exact != y.scope_is_exact ||
	    (x.principal == NONE) != (y.principal == NONE))
		fail_msg("after %s: %s, %s at %s: revised %s, anew %s", after,
		    caller.text, permission_action(what), path,
		    reason_name(x.decision.reason),
		    reason_name(y.decision.reason));
}

static void
expect_same(const struct snapshot *revised, struct draw *d, const char *after)
{
	struct snapshot anew =
	    view_snapshot(state_hold(revised->state), revised->revision);
	const struct estate *e = snapshot_view(revised)->estate;
	struct fault fault = {0};

	if (estate_check(e, &fault) != ACTAS_OK)
		fail_msg("after %s: %s", after, fault.message);
	assert_int_equal(e->revision, revised->revision);
	expect_same_facts(e, snapshot_view(&anew)->estate, after);
	for (int i = 0; i < QUESTIONS; i++)
		expect_same_answer(revised, &anew, d, after);
	view_snapshot_release(&anew);
}

/* --- step by step --- */

/* What made it shares what did not change. */
static bool
is_revised(const struct snapshot *a, const struct snapshot *b)
{
	return snapshot_view(a)->estate->roles.at ==
	    snapshot_view(b)->estate->roles.at;
}

static struct snapshot
step(const struct snapshot *from, struct edit *e)
{
	struct snapshot next = {
	    .revision = from->revision + 1, .state = state_hold(from->state)};
	struct view_step step = {from->view, from->state, &e->writes};
	struct fault fault = {0};

	assert_int_equal(writes_apply(&e->writes, &next.state), ACTAS_OK);
	if (view_maker().make(NULL, next.state, next.revision, &step,
		&next.view, &fault) != ACTAS_OK)
		fail_msg("%s:%u: %s", fault.file, fault.line, fault.message);
	return next;
}

static struct snapshot
begin(struct draw *d)
{
	const struct state *s = NULL;
	struct edit e = {0};

	begin_world(&e, d);
	assert_int_equal(writes_apply(&e.writes, &s), ACTAS_OK);
	writes_release(&e.writes);
	return view_snapshot(s, 1);
}

struct tally {
	uint32_t happened[HAPPENINGS], revised[HAPPENINGS];
};

/* Up to three things at once; then it is the first that is counted. */
static void
walk(uint64_t seed, struct tally *tally)
{
	struct draw d = {seed};
	struct snapshot now = begin(&d);

	for (int i = 0; i < STEPS; i++) {
		struct edit e = {0};
		const struct happening *h = happen(&e, now.state, &d);
		bool alone = chance(&d, 85);
		struct snapshot next;

		for (int k = 0; !alone && k < 2; k++)
			(void)happen(&e, now.state, &d);
		next = step(&now, &e);
		writes_release(&e.writes);
		tally->happened[h - happenings] += alone;
		tally->revised[h - happenings] +=
		    alone && is_revised(&now, &next);
		view_snapshot_release(&now);
		now = next;
		if (i % COMPARED == 0)
			expect_same(&now, &d, h->name);
	}
	view_snapshot_release(&now);
}

static void
a_revised_view_decides_as_one_made_anew(void **unused ACTAS_UNUSED)
{
	struct tally tally = {0};

	for (uint64_t seed = 1; seed <= 2; seed++)
		walk(seed, &tally);
	for (size_t i = 0; i < HAPPENINGS; i++)
		print_message("# %s: %u of %u revised\n", happenings[i].name,
		    tally.revised[i], tally.happened[i]);
	for (size_t i = 0; i < HAPPENINGS; i++)
		assert_true(tally.revised[i] * 100 >=
		    tally.happened[i] * happenings[i].revised);
}

/* --- without memory --- */

static void
put_much(struct edit *e, struct draw *d)
{
	struct name who = service(2);
	char at[256];

	put(e, "assignment/" NUMBER("f1"),
	    "{\"name\":\"" NUMBER(
		"f1") "\",\"properties\":{"
		      "\"roleDefinitionId\":\"x/%s\",\"principalId\":\"%s\","
		      "\"principalType\":\"ServicePrincipal\",\"scope\":"
		      "\"" VAULTS
		      "kv-a/secrets/unheard\",\"condition\":\"unheard of\"}}",
	    roles[0], who.text);
	for (uint32_t i = 0; i < GRANTS; i += 8)
		writes_remove(&e->writes,
		    slice_of(key(at, "assignment", id_of('9', i), NULL)));
	put(e, key(at, "member", group(3), who.text), "{}");
	put_person(e, 4, false);
	put_vault(e, "kv-policy", d);
}

static void
every_allocation_of_a_revision_may_fail(void **unused ACTAS_UNUSED)
{
	struct draw d = {5};
	struct snapshot now = begin(&d);
	const struct state *next = state_hold(now.state);
	struct edit e = {0};
	struct view_step step = {now.view, now.state, &e.writes};
	enum actas_error error = ACTAS_ENOMEM;
	struct snapshot made = {.revision = 2};

	put_much(&e, &d);
	assert_int_equal(writes_apply(&e.writes, &next), ACTAS_OK);
	for (int64_t n = 0; error != ACTAS_OK; n++) {
		struct fault fault = {0};

		mem_fail_after(n);
		error =
		    view_maker().make(NULL, next, 2, &step, &made.view, &fault);
		mem_fail_after(-1);
		if (error == ACTAS_OK)
			break;
		assert_int_equal(error, ACTAS_ENOMEM);
		assert_int_equal(fault.error, ACTAS_ENOMEM);
		assert_null(made.view);
	}
	made.state = next;
	expect_same(&made, &d, "what was tried many times");
	expect_same(&now, &d, "nothing");
	view_snapshot_release(&made);
	view_snapshot_release(&now);
	writes_release(&e.writes);
}

/* --- at once --- */

enum { READERS = 3, COMMITS = 200 };

static char folder[] = "/tmp/actas-revise-XXXXXX", path[64];

struct scene {
	struct store *store;
	_Atomic bool over;
};

static void *
read_all_the_time(void *context)
{
	struct scene *scene = context;
	struct draw d = {(uintptr_t)&d};
	uint32_t allowed = 0;

	while (!scene->over) {
		const struct snapshot *now = store_pin(scene->store);

		for (int i = 0; i < 50; i++) {
			struct verdict v =
			    view_decide(now, view_id(anybody(&d).text),
				(enum permission_id)below(&d, PERMITS),
				slice_of(scopes[below(&d, SCOPES)]), NULL);

			allowed += v.decision.allowed &&
			    estate_text(
				v.estate, v.estate->scopes.at[v.scope].segment)
				    .length < TEXT_BYTES;
		}
		store_unpin(scene->store, now);
	}
	return allowed == UINT32_MAX ? scene : NULL;
}

struct happening_change {
	struct change change;
	struct draw *draw;
	bool first;
};

static enum actas_error
land(struct change *change, const struct snapshot *now, struct writes *writes)
{
	struct happening_change *h = (struct happening_change *)change;
	struct edit e = {.writes = *writes};

	if (h->first)
		begin_world(&e, h->draw);
	else
		(void)happen(&e, now->state, h->draw);
	*writes = e.writes;
	return ACTAS_OK;
}

static void
readers_decide_while_views_are_revised(void **unused ACTAS_UNUSED)
{
	struct store_options options = {
	    .path = path, .view = view_maker(), .clock = clock_system()};
	struct draw d = {77};
	struct happening_change h = {{.apply = land}, &d, true};
	struct scene scene = {0};
	pthread_t readers[READERS];
	const struct snapshot *last;

	assert_int_equal(journal_create(path, NULL), ACTAS_OK);
	assert_int_equal(store_open(&options, &scene.store, NULL), ACTAS_OK);
	assert_int_equal(store_commit(scene.store, &h.change, NULL), ACTAS_OK);
	h.first = false;
	for (int i = 0; i < READERS; i++)
		assert_int_equal(pthread_create(&readers[i], NULL,
				     read_all_the_time, &scene),
		    0);
	for (int i = 0; i < COMMITS; i++)
		assert_int_equal(
		    store_commit(scene.store, &h.change, NULL), ACTAS_OK);
	scene.over = true;
	for (int i = 0; i < READERS; i++)
		pthread_join(readers[i], NULL);
	last = store_pin(scene.store);
	expect_same(last, &d, "changes under the eyes of readers");
	store_unpin(scene.store, last);
	store_close(scene.store);
}

static int
make_folder(void **unused ACTAS_UNUSED)
{
	snprintf(path, sizeof path, "%s/platform.db",
	    mkdtemp(folder) == NULL ? "/nowhere" : folder);
	return 0;
}

static int
remove_one(const char *name, const struct stat *s ACTAS_UNUSED,
    int flag ACTAS_UNUSED, struct FTW *place ACTAS_UNUSED)
{
	return remove(name);
}

static int
remove_folder(void **unused ACTAS_UNUSED)
{
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_revised_view_decides_as_one_made_anew),
	    cmocka_unit_test(every_allocation_of_a_revision_may_fail),
	    cmocka_unit_test(readers_decide_while_views_are_revised),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
