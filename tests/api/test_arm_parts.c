#include "api/arm/filter.h"
#include "api/arm/scope.h"
#include "api/arm/vaults.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Paths and filters of the resource manager, taken apart. */

#define SUB "/subscriptions/0000005b-1111-4222-8333-000000000001"
#define KV  SUB "/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv"

static bool
is(struct slice text, const char *expected)
{
	return slice_eq(text, slice_of(expected));
}

/* --- scopes --- */

static const char *const no_scopes[] = {
    "subscriptions/x",
    "/subscriptions",
    "/subscriptions/",
    "/subscriptions//x",
    "/subscriptions/x/resourceGroups",
    "/subscriptions/x/resourceGroups/",
    "/subscriptions/x/groups/y",
    "/subscriptions/x/resourceGroups/g/y",
    "/subscriptions/x/resourceGroups/g/providers",
    "/subscriptions/x/resourceGroups/g/providers/Microsoft.KeyVault",
    "/subscriptions/x/resourceGroups/g/providers/Microsoft.KeyVault/vaults",
    "/subscriptions/x/resourceGroups/g/providers/A/b/c/d",
    "/subscriptions/./resourceGroups/g",
    "/subscriptions/x/resourceGroups/..",
    "/subscriptions/x/resourceGroups/a%2Fb",
    "/subscriptions/x/resourceGroups/a\\b",
    "/subscriptions/x/resourceGroups/a?b",
    "/subscriptions/x/resourceGroups/a#b",
    "/subscriptions/x/resourceGroups/a\nb",
    "/subscriptions/x/resourceGroups/a\"b",
    "/subscriptions/x/resourceGroups/\xff",
    "/resourceGroups/g",
    "/providers",
    "/providers/Microsoft.Management",
};

static void
what_is_no_path_is_refused(void **state)
{
	struct arena arena = {0};
	struct arm_scope s;

	(void)state;
	for (size_t i = 0; i < sizeof no_scopes / sizeof *no_scopes; i++) {
		if (arm_scope_parse(&arena, slice_of(no_scopes[i]), &s))
			fail_msg("read as a path: %s", no_scopes[i]);
		assert_int_equal(s.kind, ARM_ROOT);
	}
	arena_release(&arena);
}

static void
long_paths_are_refused(void **state)
{
	struct arena arena = {0};
	struct buffer path = {0};
	struct arm_scope s;

	(void)state;
	buffer_puts(&path, "/subscriptions/");
	buffer_fill(&path, 'x', ARM_SEGMENT_BYTES);
	assert_true(arm_scope_parse(&arena, buffer_slice(&path), &s));
	buffer_putc(&path, 'x');
	assert_false(arm_scope_parse(&arena, buffer_slice(&path), &s));
	buffer_clear(&path);
	buffer_puts(&path, "/subscriptions/x/providers/A");
	for (int i = 0; i < ARM_SEGMENTS_MOST; i++)
		buffer_puts(&path, "/b/c");
	assert_false(arm_scope_parse(&arena, buffer_slice(&path), &s));
	buffer_release(&path);
	arena_release(&arena);
}

static const struct {
	const char *text, *path;
	enum arm_scope_kind kind;
	const char *group, *type, *name, *top;
} scopes[] = {
    {"", "/", ARM_ROOT, "", "", "", ""},
    {"/", "/", ARM_ROOT, "", "", "", ""},
    {"//", "/", ARM_ROOT, "", "", "", ""},
    {"//subscriptions/x", "/subscriptions/x", ARM_SUBSCRIPTION, "", "", "", ""},
    {"/SUBSCRIPTIONS/x/", "/SUBSCRIPTIONS/x", ARM_SUBSCRIPTION, "", "", "", ""},
    {SUB "/resourcegroups/Rg", SUB "/resourcegroups/Rg", ARM_GROUP, "Rg", "",
	"", ""},
    {KV, KV, ARM_RESOURCE, "rg", "Microsoft.KeyVault/vaults", "kv", KV},
    {KV "/secrets/s", KV "/secrets/s", ARM_RESOURCE, "rg",
	"Microsoft.KeyVault/vaults/secrets", "s", KV},
    {KV "/providers/A/b/c", KV "/providers/A/b/c", ARM_RESOURCE, "rg", "A/b",
	"c", KV},
    {"/providers/Microsoft.Management/managementGroups/Top",
	"/providers/Microsoft.Management/managementGroups/Top",
	ARM_MANAGEMENT_GROUP, "", "", "Top", ""},
    {SUB "/providers/A/b/c", SUB "/providers/A/b/c", ARM_RESOURCE, "", "A/b",
	"c", SUB "/providers/A/b/c"},
};

static void
paths_are_taken_apart(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
		struct arm_scope s;

		if (!arm_scope_parse(&arena, slice_of(scopes[i].text), &s))
			fail_msg("no path: %s", scopes[i].text);
		assert_int_equal(s.kind, scopes[i].kind);
		assert_true(is(s.path, scopes[i].path));
		assert_true(is(s.group, scopes[i].group));
		assert_true(is(s.type, scopes[i].type));
		assert_true(is(s.name, scopes[i].name));
		assert_true(is(s.top, scopes[i].top));
	}
	arena_release(&arena);
}

static void
within_ends_at_segments(void **state)
{
	static const struct {
		const char *s, *above;
		bool within;
	} cases[] = {
	    {"/a/b", "/", true},
	    {"/a/b", "", true},
	    {"/a/b", "/A", true},
	    {"/a/b", "/a/b", true},
	    {"/a/bc", "/a/b", false},
	    {"/a", "/a/b", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(arm_path_is_within(slice_of(cases[i].s),
				     slice_of(cases[i].above)),
		    cases[i].within);
}

/* --- filters --- */

static const char *const no_filters[] = {
    "atScope",
    "atScope(",
    "atScope()x",
    "atScope() and",
    "and atScope()",
    "atScope() or atScope()",
    "not atScope()",
    "roleName eq",
    "roleName eq 'a",
    "roleName eq a",
    "roleName ne 'a'",
    "roleName eq 'a'b'",
    "roleName eq 'a' 'b'",
    "eq 'a'",
    "(atScope())",
    "assignedTo('a','b')",
    "assignedTo(a)",
    "a() and a() and a() and a() and a() and a() and a() and a() and a()",
};

static void
what_is_no_filter_is_refused(void **state)
{
	struct arena arena = {0};
	struct arm_filter f;

	(void)state;
	for (size_t i = 0; i < sizeof no_filters / sizeof *no_filters; i++)
		if (arm_filter_parse(&arena, slice_of(no_filters[i]), &f) !=
		    ACTAS_EPARSE)
			fail_msg("read as a filter: %s", no_filters[i]);
	arena_release(&arena);
}

static const struct {
	const char *text;
	uint32_t count;
	const char *name, *value; /* of the first clause */
	bool is_call;
} filters[] = {
    {"", 0, "", "", false},
    {"   ", 0, "", "", false},
    {"atScope()", 1, "atScope", "", true},
    {" atScope ( ) ", 1, "atScope", "", true},
    {"roleName eq 'Key Vault Secrets User'", 1, "roleName",
	"Key Vault Secrets User", false},
    {"roleName EQ 'It''s'", 1, "roleName", "It's", false},
    {"roleName eq ''", 1, "roleName", "", false},
    {"roleName eq ''''", 1, "roleName", "'", false},
    {"assignedTo('x') AND atScope()", 2, "assignedTo", "x", true},
    {"roleName eq 'a and b' and type eq 'c'", 2, "roleName", "a and b", false},
};

static void
filters_are_read(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		struct arm_filter f;

		if (arm_filter_parse(&arena, slice_of(filters[i].text), &f) !=
		    ACTAS_OK)
			fail_msg("no filter: %s", filters[i].text);
		assert_int_equal(f.count, filters[i].count);
		assert_true(is(f.at[0].name, filters[i].name));
		assert_true(is(f.at[0].value, filters[i].value));
		assert_int_equal(f.at[0].is_call, filters[i].is_call);
	}
	arena_release(&arena);
}

static void
clauses_are_found_by_name_and_form(void **state)
{
	struct arena arena = {0};
	struct arm_filter f;

	(void)state;
	assert_int_equal(
	    arm_filter_parse(&arena, SLICE("atScope() and type eq 'x'"), &f),
	    ACTAS_OK);
	assert_non_null(arm_filter_find(&f, "ATSCOPE", true));
	assert_null(arm_filter_find(&f, "atScope", false));
	assert_null(arm_filter_find(&f, "type", true));
	assert_true(is(arm_filter_find(&f, "type", false)->value, "x"));
	arena_release(&arena);
}

/* --- names of vaults --- */

static void
names_of_vaults(void **state)
{
	static const char *const good[] = {
	    "abc", "kv-data", "KV1", "a123456789012345678901bc"};
	static const char *const bad[] = {"", "ab", "1bc", "-bc", "ab-", "a--b",
	    "a_b", "a.b", "a/b", "\303\244bc", "a123456789012345678901bcd"};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!arm_vault_name_is_valid(slice_of(good[i])))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (arm_vault_name_is_valid(slice_of(bad[i])))
			fail_msg("taken: %s", bad[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_no_path_is_refused),
	    cmocka_unit_test(long_paths_are_refused),
	    cmocka_unit_test(paths_are_taken_apart),
	    cmocka_unit_test(within_ends_at_segments),
	    cmocka_unit_test(what_is_no_filter_is_refused),
	    cmocka_unit_test(filters_are_read),
	    cmocka_unit_test(clauses_are_found_by_name_and_form),
	    cmocka_unit_test(names_of_vaults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
