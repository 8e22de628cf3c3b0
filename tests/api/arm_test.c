#include "arm_test.h"
#include "fixture_world.h"

#define SERVICE(id, name)                                                   \
	"service-principal/" id,                                            \
	    "{'id':'" id "','appId':'" id "','displayName':'" name          \
	    "','accountEnabled':true,'servicePrincipalType':'Application'," \
	    "'servicePrincipalNames':['" id "']}"

#define GIVEN(id, principal, role, scope)                                    \
	"assignment/" id,                                                    \
	    "{'id':'" scope ASSIGNMENTS "/" id                               \
	    "','type':'Microsoft.Authorization/roleAssignments','name':'" id \
	    "','properties':{'roleDefinitionId':'" DEFINITIONS "/" role      \
	    "','principalId':'" principal                                    \
	    "','principalType':'ServicePrincipal','scope':'" scope "'}}"

/* As Azure's portal writes it for a delegate. */
#define OF_ROLE(source)                                         \
	"(@" source "[Microsoft.Authorization/roleAssignments:" \
	"RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {" SECRETS_ROLE "})"
#define IS(verb)                                     \
	"(!(ActionMatches{'Microsoft.Authorization/" \
	"roleAssignments/" verb "'}))"
#define ONLY_SECRETS                                            \
	"(" IS("write") " OR " OF_ROLE("Request") ") AND (" IS( \
	    "delete") " OR " OF_ROLE("Resource") ")"

static void
put_delegate(struct fixture *f)
{
	static const char body[] =
	    "{\"properties\":{\"roleDefinitionId\":\"" DEFINITIONS "/" RBAC_ROLE
	    "\",\"principalId\":\"" DELEGATE
	    "\",\"principalType\":\"ServicePrincipal\",\"condition\":"
	    "\"" ONLY_SECRETS "\",\"conditionVersion\":\"2.0\"}}";
	struct reply r =
	    ask(f, "PUT", ARM_HOST, RG_PATH ASSIGNMENTS "/" NUMBER("d4") V,
		fixture_bearer(f, ADMIN, ARM), body);

	assert_reply(&r, 201, "properties.conditionVersion", "2.0");
	assert_reply(&r, 201, "properties.condition", ONLY_SECRETS);
	reply_free(&r);
}

static const struct world_entity people[] = {
    {SERVICE(CONTRIBUTOR, "contributor")},
    {SERVICE(WATCHER, "watcher")},
    {SERVICE(ACCESS, "access")},
    {SERVICE(DELEGATE, "delegate")},
    {SERVICE(OWNER, "owner")},
    {SERVICE(NEWCOMER, "newcomer")},
    {GIVEN(NUMBER("d1"), CONTRIBUTOR, CONTRIBUTOR_ROLE, SUB_PATH)},
    {GIVEN(NUMBER("d2"), WATCHER, READER_ROLE, RG_PATH)},
    {GIVEN(NUMBER("d3"), ACCESS, ACCESS_ROLE, RG_PATH)},
    {GIVEN(NUMBER("d5"), OWNER, OWNER_ROLE, SUB_PATH)},
    {"management-group/top",
	"{'id':'" TOP
	"','type':'Microsoft.Management/managementGroups','name':'top',"
	"'properties':{'displayName':'Top','children':[{'id':'" SUB_PATH
	"','type':'/subscriptions','name':'" SUBSCRIPTION "'}]}}"},
    {"resource-group/" SUBSCRIPTION "/rg-other",
	"{'id':'" OTHER_RG
	"','name':'rg-other','type':'Microsoft.Resources/resourceGroups',"
	"'location':'westeurope'}"},
    {0},
};

static void
put_world(struct writes *writes, const struct world_entity *world)
{
	for (; world->key != NULL; world++) {
		struct buffer text = {0};

		for (const char *c = world->value; *c != '\0'; c++)
			buffer_putc(&text, *c == '\'' ? '"' : *c);
		writes_put(writes, slice_of(world->key), buffer_slice(&text));
		buffer_release(&text);
	}
}

/* Everything as it was at first, but for keys that sign tokens: to make one
 * takes longer than a test does. */
static enum actas_error
apply_reset(
    struct change *change, const struct snapshot *now, struct writes *writes)
{
	struct state_walk w;
	struct entry entry;

	(void)change;
	state_walk_prefix(&w, now->state, SLICE(""));
	while (state_walk_next(&w, &entry))
		if (!slice_starts(entry.key, SLICE("signing-key/")))
			writes_remove(writes, entry.key);
	put_world(writes, fixture_world);
	put_world(writes, people);
	return ACTAS_OK;
}

int
arm_reset(void **state)
{
	struct fixture *f = *state;
	struct change change = {.apply = apply_reset};

	atomic_store(&f->now, FIXTURE_NOW);
	assert_int_equal(
	    store_commit(f->platform.store, &change, NULL), ACTAS_OK);
	put_delegate(f);
	return 0;
}

struct reply
arm(struct fixture *f, const char *who, const char *method, const char *target,
    const char *body)
{
	char *text = body == NULL ? NULL : arena_printf(&f->arena, "%s", body);

	for (char *at = text; at != NULL && *at != '\0'; at++)
		*at = *at == '\'' ? '"' : *at;
	return ask(f, method, ARM_HOST, target,
	    who == NULL ? NULL : fixture_bearer(f, who, ARM), text);
}

void
arm_expect(struct fixture *f, const char *who, const char *call,
    const char *body, uint32_t status, const char *path, const char *value)
{
	struct slice rest = slice_of(call), method;
	struct reply r;

	assert_true(slice_cut(&rest, ' ', &method));
	r = arm(f, who, arena_text(&f->arena, method),
	    arena_text(&f->arena, rest), body);
	if (r.status != status)
		print_error("%s: %.*s\n", call, SLICE_ARGS(r.text));
	assert_reply(&r, status, path, value);
	reply_free(&r);
}

const char *
role_to(struct fixture *f, const char *role, const char *principal)
{
	return arena_printf(&f->arena,
	    "{'properties':{'roleDefinitionId':'" DEFINITIONS
	    "/%s','principalId':'%s'}}",
	    role, principal);
}

size_t
arm_count(struct fixture *f, const char *who, const char *target)
{
	struct reply r = arm(f, who, "GET", target, NULL);
	size_t count = json_array_size(json_object_get(r.body, "value"));

	if (r.status != 200)
		print_error("%s: %.*s\n", target, SLICE_ARGS(r.text));
	assert_int_equal(r.status, 200);
	assert_null(json_object_get(r.body, "nextLink"));
	reply_free(&r);
	return count;
}

bool
arm_was_audited(struct fixture *f, const char *kind, const char *operation,
    const char *object_id)
{
	json_t *lines = fixture_audit(f);
	bool found = false;

	for (size_t i = 0; i < json_array_size(lines); i++) {
		const json_t *line = json_array_get(lines, i);

		found = found ||
		    (strcmp(json_at(line, "kind"), kind) == 0 &&
			strcmp(json_at(line, "operation"), operation) == 0 &&
			strcmp(json_at(line, "objectId"), object_id) == 0);
	}
	json_decref(lines);
	return found;
}
