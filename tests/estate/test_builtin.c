#include "estate/builtin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct origin line_7 = {0, 7};

/* Whether the role's only permission has just these data actions (or
 * actions), written with blanks between them. */
static void
role_gives(const struct builder *b, role_id r, bool data, const char *list)
{
	const struct role *role = &b->roles.at[r];
	const struct permission *p = &b->permissions.at[role->permissions];
	struct patterns run = data ? p->data_actions : p->actions;
	struct buffer text = {0};

	assert_int_equal(role->permission_count, 1);
	assert_int_equal((data ? p->actions : p->data_actions).count, 0);
	for (uint32_t i = 0; i < run.count; i++) {
		buffer_puts(&text, i == 0 ? "" : " ");
		buffer_add(&text,
		    strings_get(&b->strings, b->patterns.at[run.from + i]));
	}
	assert_string_equal(buffer_text(&text), list);
	buffer_release(&text);
}

static const char *
role_name(const struct builder *b, role_id r)
{
	return strings_get(&b->strings, b->roles.at[r].name).at;
}

#define SECRETS "Microsoft.KeyVault/vaults/secrets/"
#define BLOBS                                \
	"Microsoft.Storage/storageAccounts/" \
	"blobServices/containers/blobs/"
#define ITEMS "Microsoft.Fabric/workspaces/items/"

static void
a_new_builder_knows_the_shipped_roles(void **state ACTAS_UNUSED)
{
	struct builder *b = builder_new(NULL);
	role_id r;

	assert_non_null(b);
	assert_int_equal(b->error, ACTAS_OK);
	assert_int_equal(b->problems.count, 0);
	r = builder_role_by_name(b, PLANE_AZURE, SLICE("Secrets User"));
	assert_int_not_equal(r, NONE);
	assert_string_equal(role_name(b, r), "Key Vault Secrets User");
	role_gives(b, r, true,
	    SECRETS "getSecret/action " SECRETS "readMetadata/action");
	assert_int_equal(b->roles.at[r].builtin, 1);
	assert_int_equal(
	    builder_role_by_name(b, PLANE_FABRIC, SLICE("Secrets User")), NONE);
	assert_int_not_equal(
	    builder_role_by_name(b, PLANE_FABRIC, SLICE("viewer")), NONE);
	assert_int_not_equal(
	    builder_role_by_name(b, PLANE_DIRECTORY, SLICE("Global Admin")),
	    NONE);
	builder_free(b);
}

/* Such a role stands in no estate until a source speaks of it. */
static void
a_role_that_few_use_comes_in_when_it_is_named(void **state ACTAS_UNUSED)
{
	static const char name[] =
	    "Operator Nexus Key Vault Writer Service Role (Preview)";
	struct builder *b = builder_new(NULL);
	uint32_t count = b->roles.count;
	struct guid id;
	role_id r;

	assert_true(
	    guid_parse(SLICE("44f0a1a8-6fea-4b35-980a-8ff50c487c97"), &id));
	r = builder_role_by_id(b, id, line_7);
	assert_int_equal(r, count);
	assert_string_equal(role_name(b, r), name);
	assert_true(b->roles.at[r].builtin && b->roles.at[r].shipped);
	assert_false(b->roles.at[r].usual);
	assert_int_equal(builder_role_by_id(b, id, line_7), r);
	assert_int_equal(
	    builder_role_by_name(b, PLANE_AZURE, slice_of(name)), r);
	assert_int_equal(
	    builder_role_by_name(b, PLANE_AZURE, SLICE("AZURE sphere OWNER")),
	    r + 1);
	assert_int_equal(b->roles.at[r + 1].permission_count, 3);
	assert_int_equal(
	    builder_role_by_name(b, PLANE_FABRIC, SLICE("Azure Sphere Owner")),
	    NONE);
	assert_int_equal(b->roles.count, count + 2);
	/* All, each once; the name of one that the source renames is free. */
	(void)builder_role(b, PLANE_AZURE, id, SLICE("Ours"), NULL, 0, line_7);
	assert_int_equal(
	    builder_role_by_name(b, PLANE_AZURE, slice_of(name)), NONE);
	builder_free(b);
	b = builder_new(NULL);
	builtin_add_rest(b);
	assert_int_equal(b->error, ACTAS_OK);
	assert_int_equal(b->problems.count, 0);
	builder_free(b);
}

static void
a_policy_is_one_role_in_whichever_order_it_is_said(void **state ACTAS_UNUSED)
{
	struct builder *b = builder_new(NULL);
	struct slice one[] = {SLICE("List"), SLICE(" get "), SLICE("GET")};
	struct slice two[] = {SLICE("get"), SLICE("list")};
	struct slice all[] = {SLICE("all")}, set[] = {SLICE("set")};
	role_id r = builtin_policy(b, one, 3, line_7);

	assert_int_not_equal(r, NONE);
	assert_int_equal(builtin_policy(b, two, 2, line_7), r);
	assert_string_equal(role_name(b, r), "get, list");
	assert_int_equal(b->roles.at[r].plane, PLANE_POLICY);
	role_gives(b, r, true,
	    SECRETS "getSecret/action " SECRETS "readMetadata/action");
	role_gives(b, builtin_policy(b, set, 1, line_7), true,
	    SECRETS "setSecret/action " SECRETS "update/action");
	r = builtin_policy(b, all, 1, line_7);
	assert_string_equal(role_name(b, r),
	    "get, list, set, delete, recover, backup, restore, purge");
	assert_int_equal(b->problems.count, 0);
	builder_free(b);
}

static void
a_permission_that_does_not_exist_is_a_problem(void **state ACTAS_UNUSED)
{
	struct builder *b = builder_new(NULL);
	struct slice mixed[] = {SLICE("get"), SLICE("getSecret")};
	struct slice wrong[] = {SLICE("sign")};
	role_id r = builtin_policy(b, mixed, 2, line_7);

	assert_string_equal(role_name(b, r), "get");
	assert_int_equal(b->problems.count, 1);
	assert_int_equal(b->problems.at[0].kind, PROBLEM_UNKNOWN_ROLE);
	assert_int_equal(b->problems.at[0].origin.line, 7);
	assert_string_equal(
	    strings_get(&b->strings, b->problems.at[0].message).at,
	    "\"getSecret\" is no secret permission of an access policy: "
	    "expected get, list, set, delete, recover, backup, restore, purge "
	    "or all");
	assert_int_equal(builtin_policy(b, wrong, 1, line_7), NONE);
	assert_int_equal(builtin_policy(b, NULL, 0, line_7), NONE);
	builder_free(b);
}

static void
a_claimed_right_gives_what_its_words_say(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *text;
		enum scope_kind kind;
		const char *name; /* NULL: not understood */
		bool data;
		const char *gives;
	} table[] = {
	    {"Get Secrets", SCOPE_VAULT, "Get Secrets", true,
		SECRETS "getSecret/action"},
	    {"read secrets", SCOPE_RESOURCE_GROUP, "Get Secrets", true,
		SECRETS "getSecret/action"},
	    {"Set Secrets", SCOPE_VAULT, "Set Secrets", true,
		SECRETS "setSecret/action " SECRETS "update/action"},
	    {"list and get secrets", SCOPE_VAULT, "Get, List Secrets", true,
		SECRETS "getSecret/action " SECRETS "readMetadata/action"},
	    {"Read", SCOPE_SECRET, "Get Secrets", true,
		SECRETS "getSecret/action"},
	    {"Read", SCOPE_CONTAINER, "Read blobs", true, BLOBS "read"},
	    {"Read/Write", SCOPE_STORAGE_ACCOUNT, "Read/Write blobs", true,
		BLOBS "read " BLOBS "write " BLOBS "add/action"},
	    {"Write", SCOPE_WORKSPACE, "Write data", false,
		ITEMS "writeAll/action"},
	    {"Read/Write", SCOPE_ITEM, "Read/Write data", false,
		ITEMS "readData/action " ITEMS "readAll/action " ITEMS
		      "writeAll/action"},
	    {"Read", SCOPE_VAULT, NULL, false, NULL},
	    {"Read", SCOPE_ROOT, NULL, false, NULL},
	    {"List", SCOPE_ITEM, NULL, false, NULL},
	    {"Get Secrets", SCOPE_WORKSPACE, NULL, false, NULL},
	    {"Read blobs", SCOPE_VAULT, NULL, false, NULL},
	    {"Contributor", SCOPE_VAULT, NULL, false, NULL},
	    {"Get own Secrets", SCOPE_VAULT, NULL, false, NULL},
	    {"Secrets", SCOPE_VAULT, NULL, false, NULL},
	    {"Secrets get", SCOPE_VAULT, NULL, false, NULL},
	    {"Get Secrets blobs", SCOPE_ROOT, NULL, false, NULL},
	    {"", SCOPE_VAULT, NULL, false, NULL},
	    {"/", SCOPE_VAULT, NULL, false, NULL},
	};
	struct builder *b = builder_new(NULL);

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		role_id r = builtin_claimed(
		    b, slice_of(table[i].text), table[i].kind, line_7);

		if (table[i].name == NULL) {
			if (r != NONE)
				fail_msg("\"%s\" is understood as %s",
				    table[i].text, role_name(b, r));
			continue;
		}
		assert_int_not_equal(r, NONE);
		assert_string_equal(role_name(b, r), table[i].name);
		assert_int_equal(b->roles.at[r].plane, PLANE_CLAIMED);
		role_gives(b, r, table[i].data, table[i].gives);
		/* The canonical name is understood again. */
		assert_int_equal(builtin_claimed(b, slice_of(table[i].name),
				     table[i].kind, line_7),
		    r);
	}
	assert_int_equal(b->problems.count, 0);
	builder_free(b);
}

static void
running_out_of_memory_makes_no_role(void **state ACTAS_UNUSED)
{
	struct slice get[] = {SLICE("get"), SLICE("backup")};
	bool done = false;

	for (int64_t n = 0; !done; n++) {
		struct builder *b = builder_new(NULL);
		role_id policy, claimed;

		assert_non_null(b);
		mem_fail_after(n);
		policy = builtin_policy(b, get, 2, line_7);
		claimed = builtin_claimed(
		    b, SLICE("Set Secrets"), SCOPE_VAULT, line_7);
		mem_fail_after(-1);
		done = b->error == ACTAS_OK;
		if (done) {
			assert_int_not_equal(policy, NONE);
			assert_int_not_equal(claimed, NONE);
		} else {
			assert_int_equal(b->error, ACTAS_ENOMEM);
			assert_int_equal(claimed, NONE);
		}
		builder_free(b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_new_builder_knows_the_shipped_roles),
	    cmocka_unit_test(a_role_that_few_use_comes_in_when_it_is_named),
	    cmocka_unit_test(
		a_policy_is_one_role_in_whichever_order_it_is_said),
	    cmocka_unit_test(a_permission_that_does_not_exist_is_a_problem),
	    cmocka_unit_test(a_claimed_right_gives_what_its_words_say),
	    cmocka_unit_test(running_out_of_memory_makes_no_role),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
