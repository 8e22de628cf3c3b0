#include "estate/builtin/builtin_table.h"

#include "estate/builtin.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

/* The definition with this id, or NULL. */
static const json_t *
find(const json_t *all, const char *id)
{
	const json_t *role;
	size_t i;

	json_array_foreach(all, i, role)
	{
		if (strcmp(json_string_value(json_object_get(role, "name")),
			id) == 0)
			return role;
	}
	return NULL;
}

/* The published list has a stray blank behind some patterns. */
static bool
contains(const char *list, const char *pattern)
{
	struct slice rest = slice_of(list), part;

	while (slice_cut(&rest, ' ', &part)) {
		if (slice_eq(part, slice_trim(slice_of(pattern))))
			return true;
	}
	return false;
}

static uint32_t
count_of(const char *list)
{
	struct slice rest = slice_of(list), part;
	uint32_t count = 0;

	while (slice_cut(&rest, ' ', &part))
		count += part.length > 0;
	return count;
}

static void
same_patterns(const char *role, const char *list, const json_t *published)
{
	const json_t *pattern;
	size_t i;

	if (count_of(list) != json_array_size(published))
		fail_msg("%s: %u patterns instead of %zu", role, count_of(list),
		    json_array_size(published));
	assert_true(count_of(list) <= SHIPPED_PATTERNS);
	json_array_foreach(published, i, pattern)
	{
		if (!contains(list, json_string_value(pattern)))
			fail_msg(
			    "%s lacks %s", role, json_string_value(pattern));
	}
}

static void
same_permission(const char *role, const struct shipped_permission *shipped,
    const json_t *published)
{
	const char *condition =
	    json_string_value(json_object_get(published, "condition"));

	same_patterns(
	    role, shipped->actions, json_object_get(published, "actions"));
	same_patterns(role, shipped->not_actions,
	    json_object_get(published, "notActions"));
	same_patterns(role, shipped->data_actions,
	    json_object_get(published, "dataActions"));
	same_patterns(role, shipped->not_data_actions,
	    json_object_get(published, "notDataActions"));
	if (condition == NULL)
		assert_null(shipped->condition);
	else
		assert_string_equal(shipped->condition, condition);
}

static void
same_role(const struct shipped_role *role, const json_t *published)
{
	const json_t *all = json_object_get(published, "permissions");

	assert_string_equal(role->name,
	    json_string_value(json_object_get(published, "roleName")));
	assert_int_equal(json_array_size(all), role->permission_count);
	assert_true(role->permission_count <= SHIPPED_PERMISSIONS);
	for (uint32_t i = 0; i < role->permission_count; i++)
		same_permission(
		    role->name, &role->permissions[i], json_array_get(all, i));
}

static void
azure_roles_are_as_published(void **state ACTAS_UNUSED)
{
	const char *shared = getenv("ACTAS_SHARED");
	struct buffer path = {0};
	json_error_t error;
	json_t *all;

	buffer_addf(&path, "%s/data/azure-builtin-roles.json",
	    shared == NULL ? "." : shared);
	all = json_load_file(buffer_text(&path), 0, &error);
	buffer_release(&path);
	if (all == NULL) {
		/* cmocka's skip() is "not ok" in TAP, which meson fails. */
		print_message(
		    "# skipped, no azure-builtin-roles.json: %s\n", error.text);
		return;
	}
	assert_int_equal(builtin_azure.count, json_array_size(all));
	for (uint32_t i = 0; i < builtin_azure.count; i++) {
		const struct shipped_role *role = &builtin_azure.at[i];
		const json_t *published = find(all, role->id);

		if (published == NULL)
			fail_msg("%s is not published", role->name);
		same_role(role, published);
	}
	json_decref(all);
}

static const struct shipped_role *
find_azure(const char *name)
{
	for (uint32_t i = 0; i < builtin_azure.count; i++) {
		if (strcmp(builtin_azure.at[i].name, name) == 0)
			return &builtin_azure.at[i];
	}
	return NULL;
}

/* Works without the published file. */
static void
the_roles_of_the_facts_are_shipped(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *name, *id;
	} table[] = {
	    {"Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"},
	    {"Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c"},
	    {"Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7"},
	    {"User Access Administrator",
		"18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"},
	    {"Role Based Access Control Administrator",
		"f58310d9-a9f6-439a-9e8d-f62e7b41a168"},
	    {"Key Vault Administrator", "00482a5a-887f-4fb3-b363-3b7fe8e74483"},
	    {"Key Vault Secrets Officer",
		"b86a8fe4-44ce-4948-aee5-eccb2c155cd7"},
	    {"Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6"},
	    {"Key Vault Reader", "21090545-7ca7-4776-b22c-e363652d74d2"},
	    {"Key Vault Contributor", "f25e0fa2-a7c8-4377-a976-54943a77a395"},
	    {"Key Vault Data Access Administrator",
		"8b54135c-b56d-4d72-a534-26097cfdc8d8"},
	    {"Key Vault Certificate User",
		"db79e9a7-68ee-4b58-9aeb-b90e7c24fcba"},
	    {"Key Vault Purge Operator",
		"a68e7c17-0ab2-4c09-9a58-125dae29748c"},
	    {"Storage Account Contributor",
		"17d1049b-9a84-46fb-8f53-869881c3d3ab"},
	    {"Storage Blob Data Contributor",
		"ba92f5b4-2d11-453d-a403-e96b0029c9fe"},
	    {"Storage Blob Data Reader",
		"2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"},
	    {"Storage Blob Data Owner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"},
	    {"Storage Account Key Operator Service Role",
		"81a9662b-bebf-436f-a333-f67b29880f12"},
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		const struct shipped_role *role = find_azure(table[i].name);

		if (role == NULL)
			fail_msg("%s is missing", table[i].name);
		assert_string_equal(role->id, table[i].id);
		assert_true(role->is_usual);
	}
}

/* No two shipped roles of a plane share a name or an id. */
static void
names_and_ids_are_unique(void **state ACTAS_UNUSED)
{
	const struct shipped_role *all[2048];
	uint32_t count = 0;

	assert_true(builtin_azure.count + builtin_planes.count <=
	    sizeof all / sizeof *all);
	for (uint32_t i = 0; i < builtin_azure.count; i++)
		all[count++] = &builtin_azure.at[i];
	for (uint32_t i = 0; i < builtin_planes.count; i++)
		all[count++] = &builtin_planes.at[i];
	for (uint32_t i = 0; i < count; i++) {
		struct guid id;

		if (all[i]->id != NULL)
			assert_true(guid_parse(slice_of(all[i]->id), &id));
		for (uint32_t j = 0; j < i; j++) {
			if (all[i]->plane == all[j]->plane)
				assert_string_not_equal(
				    all[i]->name, all[j]->name);
			if (all[i]->id != NULL && all[j]->id != NULL)
				assert_string_not_equal(all[i]->id, all[j]->id);
		}
	}
}

static bool
is_shipped(struct slice name)
{
	for (uint32_t i = 0; i < builtin_planes.count; i++) {
		if (slice_eq(slice_of(builtin_planes.at[i].name), name))
			return true;
	}
	for (uint32_t i = 0; i < builtin_azure.count; i++) {
		if (slice_eq(slice_of(builtin_azure.at[i].name), name))
			return true;
	}
	return false;
}

static void
a_second_name_leads_to_a_shipped_role(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *alias, *name; /* "": no second name */
	} table[] = {
	    {"", ""},
	    {"Data Contributor", ""},
	    {"Contributor", ""},
	    {"Storage Blob Data Contributor", ""},
	    {"Blob Data Contributor", "Storage Blob Data Contributor"},
	    {"blob data contributor", "Storage Blob Data Contributor"},
	    {"Secrets User", "Key Vault Secrets User"},
	    {"KV Secrets Officer", "Key Vault Secrets Officer"},
	    {"RBAC Administrator", "Role Based Access Control Administrator"},
	    {"Event Hubs Data Sender", "Azure Event Hubs Data Sender"},
	    {"Global Admin", "Global Administrator"},
	    {"Workspace Admin", "Admin"},
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct slice name =
		    builtin_role_alias(slice_of(table[i].alias));

		assert_true(slice_eq(name, slice_of(table[i].name)));
		if (name.length > 0)
			assert_true(is_shipped(name));
		/* One step is enough. */
		assert_int_equal(builtin_role_alias(name).length, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(azure_roles_are_as_published),
	    cmocka_unit_test(the_roles_of_the_facts_are_shipped),
	    cmocka_unit_test(names_and_ids_are_unique),
	    cmocka_unit_test(a_second_name_leads_to_a_shipped_role),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
