#include "import_test.h"

#include <unistd.h>

/*
 * What comes out of a platform is what went in: the estate of the source and
 * that of the imported state differ in nothing but what was told.
 */

static void
a_folder_comes_back_as_it_went_in(void **state ACTAS_UNUSED)
{
	static const struct announced none[] = {{NULL, NULL}};
	struct imported i;

	import_file(&i, "examples/tidewater");
	import_expect_same(&i, none);
	import_release(&i);
}

static void
the_example_page_comes_back(void **state ACTAS_UNUSED)
{
	static const struct announced none[] = {{NULL, NULL}};
	struct imported i;

	import_file(&i, "examples/tidewater.md");
	import_expect_same(&i, none);
	import_release(&i);
}

#define NO_CAPACITY "was left out: Fabric gives no such role on a workspace"
#define NO_NAMES                                                            \
	"Personal accounts: now a group without members, since the source " \
	"does not say who they are"

/* A page that nobody wrote for this: disputes, roles that no plane has, people
 * without names, rights without a mechanism. */
static const struct announced of_the_shared_page[] = {
    {"geris_fabric_admin@geris.nl loses Capacity Admin on workspace Bronze",
	"Capacity Admin on Bronze " NO_CAPACITY},
    {"geris_fabric_admin@geris.nl loses Capacity Admin on workspace Gold",
	"Capacity Admin on Gold " NO_CAPACITY},
    {"geris_fabric_admin@geris.nl loses Capacity Admin on workspace Reports",
	"Capacity Admin on Reports " NO_CAPACITY},
    {"geris_fabric_admin@geris.nl loses Capacity Admin on workspace Semantic",
	"Capacity Admin on Semantic " NO_CAPACITY},
    {"sp-fabric-platform-admin loses Contributor on blob Terraform state",
	"sp-fabric-platform-admin: Contributor on Terraform state was left "
	"out: no role can be given on a blob"},
    {"Azure Function Managed Identity gains Key Vault Secrets User on vault "
     "kv-fabric-dbt-keys",
	"Azure Function Managed Identity: \"Get Secrets\" on "
	"kv-fabric-dbt-keys names no role: the role Key Vault Secrets User "
	"was given, the least that allows it"},
    {"IT administrators gains Key Vault Secrets Officer on vault "
     "kv-fabric-dbt-keys",
	"IT administrators: \"Set Secrets\" on kv-fabric-dbt-keys names no "
	"role: the role Key Vault Secrets Officer was given"},
    {"Personal accounts gains Admin on workspace Bronze", NO_NAMES},
    {"Personal accounts gains Admin on workspace Gold", NO_NAMES},
    {"Personal accounts gains Admin on workspace Reports", NO_NAMES},
    {"Personal accounts gains Admin on workspace Semantic", NO_NAMES},
    {"sp-fabric-data-worker gains ReadAll on item Warehouse",
	"\"Read/Write data\" on Warehouse names no role: the role ReadAll"},
    {"sp-fabric-data-worker gains ReadData on item Warehouse",
	"\"Read/Write data\" on Warehouse names no role: the role ReadData"},
    {"sp-fabric-platform-admin gains Key Vault Secrets User on vault "
     "kv-fabric-dbt-keys",
	"sp-fabric-platform-admin: \"Get Secrets\" on kv-fabric-dbt-keys"},
    {NULL, NULL},
};

static void
the_shared_page_comes_back_but_for_what_is_told(void **state ACTAS_UNUSED)
{
	char path[512];
	struct imported i;

	snprintf(path, sizeof path, "%s/pages/spn-access-map.md",
	    getenv("ACTAS_SHARED"));
	if (access(path, R_OK) != 0) {
		/* cmocka's skip() is "not ok" in TAP, which meson fails. */
		print_message("# SKIP %s is not here\n", path);
		return;
	}
	import_file(&i, path);
	import_expect_same(&i, of_the_shared_page);
	assert_true(import_told(&i,
	    "sp-fabric-data-worker: Contributor on Gold was left out: the "
	    "source contradicts itself about it"));
	assert_true(import_told(&i,
	    "vault kv-fabric-dbt-keys: the source speaks of both permission "
	    "models; RBAC was taken"));
	import_release(&i);
}

/* One import with memory for 'n' allocations; how many it asked for. */
static enum actas_error
import_with(const struct imported *i, int64_t n, uint64_t *asked)
{
	struct new_credentials credentials = {0};
	struct writes writes = {0};
	struct buffer told = {0};
	struct fault fault = {0};
	uint64_t counter = 0;
	enum actas_error error;

	*asked = mem_requests();
	mem_fail_after(n);
	error = import_estate(&(struct import_options){.estate = i->before,
				  .master = i->master,
				  .value_keys = i->value_keys,
				  .chance = import_chance(&counter),
				  .now = IMPORT_NOW,
				  .domain = "example.org",
				  .writes = &writes},
	    &credentials, &told, &fault);
	mem_fail_after(-1);
	*asked = mem_requests() - *asked;
	if (error == ACTAS_OK)
		error = writes.error;
	new_credentials_release(&credentials);
	writes_release(&writes);
	buffer_release(&told);
	return error;
}

static void
memory_that_ends_is_an_error(void **state ACTAS_UNUSED)
{
	struct imported i;
	uint64_t asked, needed;

	import_file(&i, "tests/data/import/export.json");
	assert_int_equal(import_with(&i, -1, &needed), ACTAS_OK);
	for (int64_t n = 0; (uint64_t)n < needed; n += 1 + n / 16)
		assert_int_equal(import_with(&i, n, &asked), ACTAS_ENOMEM);
	import_release(&i);
}

static void
without_chance_nothing_is_made(void **state ACTAS_UNUSED)
{
	struct new_credentials credentials = {0};
	struct writes writes = {0};
	struct buffer told = {0};
	struct fault fault = {0};
	struct imported i;

	import_file(&i, "examples/tidewater.md");
	assert_int_equal(
	    import_estate(&(struct import_options){.estate = i.before,
			      .master = i.master,
			      .value_keys = i.value_keys,
			      .chance = import_no_chance(),
			      .now = IMPORT_NOW,
			      .domain = "example.org",
			      .writes = &writes},
		&credentials, &told, &fault),
	    ACTAS_EIO);
	assert_string_equal(fault.message, "the system gives no random bytes");
	new_credentials_release(&credentials);
	writes_release(&writes);
	buffer_release(&told);
	import_release(&i);
}

/* A name can be anything; none of them becomes the key of something else. */
static void
names_that_no_platform_has_are_left_out(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *row, *told;
	} rows[] = {
	    {"| `kv/../x` | RBAC |", "Azure allows no such name"},
	    {"| `kv x` | RBAC |", "Azure allows no such name"},
	    {"| `kv.x` | RBAC |", "letters, digits and hyphens only"},
	    {"| `k1234567890123456789012345678901234567890123456789012345678901"
	     "234` | RBAC |",
		"the name of a vault is shorter"},
	};

	for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
		char page[512];
		struct imported i;

		snprintf(page, sizeof page,
		    "| Identity | Type |\n|---|---|\n| `sp-a` | SPN |\n\n"
		    "| Vault | Permission model |\n|---|---|\n%s\n",
		    rows[r].row);
		import_text_of(&i, page, NULL);
		if (!import_told(&i, rows[r].told))
			fail_msg("%s\ntold:\n%s", rows[r].told,
			    buffer_text(&i.told));
		assert_int_equal(i.after->vaults.count, 0);
		import_release(&i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_folder_comes_back_as_it_went_in),
	    cmocka_unit_test(the_example_page_comes_back),
	    cmocka_unit_test(the_shared_page_comes_back_but_for_what_is_told),
	    cmocka_unit_test(memory_that_ends_is_an_error),
	    cmocka_unit_test(without_chance_nothing_is_made),
	    cmocka_unit_test(names_that_no_platform_has_are_left_out),
	};

	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
