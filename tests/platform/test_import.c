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
	if (access(path, R_OK) != 0)
		skip();
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_folder_comes_back_as_it_went_in),
	    cmocka_unit_test(the_example_page_comes_back),
	    cmocka_unit_test(the_shared_page_comes_back_but_for_what_is_told),
	};

	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
