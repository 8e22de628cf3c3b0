#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "making.h"

#include "estate/names.h"
#include "estate/places.h"

#define EXACT "exact" /* else what the path leads to, or "" for nothing */

#define MG   "/providers/Microsoft.Management/managementGroups/"
#define SUB  "/subscriptions/s1"
#define RG   SUB "/resourceGroups/Rg"
#define KV   RG "/providers/Microsoft.KeyVault/vaults/kv"
#define SA   RG "/providers/Microsoft.Storage/storageAccounts/sa"
#define SITE RG "/providers/Microsoft.Web/sites/app"
#define APP  "/applications/00000000-0000-0000-0000-00000000000a"
#define TEAM "/groups/00000000-0000-0000-0000-00000000000b"

static const char *const known[] = {MG "top", MG "below", SUB, RG, KV,
    KV "/secrets/name", SA, SA "/blobServices/default/containers/data", SITE,
    SITE "/slots/blue", APP, TEAM,
    RG "/providers/Microsoft.PowerBIDedicated/capacities/c"};

/* The subscription hangs under a management group that hangs under another. */
static struct estate *
world(void)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	scope_id s[sizeof known / sizeof *known];

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strcmp(known[i], TEAM) == 0)
			s[i] = builder_scope(b, 0, SCOPE_GROUP, SLICE(""),
			    slice_from(slice_of(TEAM), strlen("/groups/")),
			    NOWHERE);
		else if (strcmp(known[i], APP) == 0)
			s[i] = builder_scope(b, 0, SCOPE_APPLICATION, SLICE(""),
			    slice_from(slice_of(APP), strlen("/applications/")),
			    NOWHERE);
		else
			s[i] =
			    builder_scope_path(b, slice_of(known[i]), NOWHERE);
		assert_int_not_equal(s[i], NONE);
	}
	builder_move(b, s[1], s[0]);
	builder_move(b, s[2], s[1]);
	return finish(b);
}

static void
expect(const struct places *places, const char *path, const char *nearest,
    const char *below)
{
	struct place_found found = places_find(places, slice_of(path));
	struct buffer text = {0};

	estate_write_path(places->estate, found.scope, &text);
	assert_string_equal(buffer_text(&text), nearest);
	if (found.exact != (strcmp(below, EXACT) == 0) ||
	    found.below == (strcmp(below, EXACT) == 0 || below[0] == '\0'))
		fail_msg(
		    "%s: exact %d, below %d", path, found.exact, found.below);
	if (found.below) {
		buffer_clear(&text);
		buffer_addf(&text, "%s %.*s", scope_kind_name(found.kind),
		    SLICE_ARGS(found.segment));
		assert_string_equal(buffer_text(&text), below);
	}
	buffer_release(&text);
}

static void
what_is_not_known_ends_the_walk(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *path, *nearest, *below;
	} rows[] = {
	    {"", "/", ""},
	    {"x", "/", ""},
	    {"//", "/", EXACT},
	    {"/x/y", "/", ""},
	    {"subscriptions/s1", "/", ""},
	    {"/subscriptions", "/", ""},
	    {"/subscriptions/s2", "/", "subscription s2"},
	    {"/subscriptions/s2/resourceGroups/Rg", "/", "resource group Rg"},
	    {SUB "/resourceGroups/other/providers/Microsoft.KeyVault/vaults/kv",
		SUB, "vault kv"},
	    {SUB "/providers/Microsoft.KeyVault/locations/x/deletedVaults/y",
		SUB, "resource y"},
	    {RG "/providers", RG, ""},
	    {RG "/providers/Microsoft.KeyVault", RG, ""},
	    {RG "/providers/Microsoft.KeyVault/vaults", RG, ""},
	    {RG "/providers/Microsoft.KeyVault/vaults/", RG, ""},
	    {RG "/providers/Microsoft.KeyVault/vaults/kv2/secrets/name", RG,
		"secret name"},
	    {RG "/providers/Microsoft.KeyVault/managedHSMs/kv", RG,
		"resource kv"},
	    {KV "/", KV, EXACT},
	    {KV "//secrets/name", KV, ""},
	    {KV "/secrets", KV, ""},
	    {KV "/secrets/other", KV, "secret other"},
	    {KV "/secrets/name/versions/1", KV "/secrets/name", "resource 1"},
	    {KV "/providers/Microsoft.Authorization/roleAssignments/x", KV, ""},
	    {KV "/secrets/x/providers/Microsoft.Authorization/locks/x", KV, ""},
	    {SA "/blobServices/default", SA, "resource default"},
	    {SA "/blobServices/default/containers/none", SA, "container none"},
	    {SITE "/slots/green", SITE, "resource green"},
	    {SITE "/functions/blue", SITE, "resource blue"},
	    {APP "/owners", APP, ""},
	    {"/applications/", "/", ""},
	    {"/applications", "/", ""},
	    {"/applications//x", "/", ""},
	    {"/applications/none", "/", "application none"},
	    {MG "none", "/", "management group none"},
	};
	struct estate *e = world();
	struct places places;

	assert_int_equal(places_init(&places, e), ACTAS_OK);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect(&places, rows[i].path, rows[i].nearest, rows[i].below);
	places_release(&places);
	estate_free(e);
}

static void
every_known_path_is_found_in_any_case(void **state ACTAS_UNUSED)
{
	struct estate *e = world();
	struct places places;
	char other[256];

	assert_int_equal(places_init(&places, e), ACTAS_OK);
	expect(&places, "/", "/", EXACT);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		size_t n = strlen(known[i]);

		expect(&places, known[i], known[i], EXACT);
		for (size_t k = 0; k <= n; k++)
			other[k] = known[i][k] >= 'a' && known[i][k] <= 'z'
			    ? (char)(known[i][k] - 32)
			    : ascii_lower(known[i][k]);
		expect(&places, other, known[i], EXACT);
	}
	places_release(&places);
	estate_free(e);
}

static void
like_named_scopes_are_told_apart(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	struct places places;
	struct estate *e;
	char path[128];

	for (unsigned i = 0; i < 1000; i++) {
		snprintf(path, sizeof path,
		    "/subscriptions/s/resourceGroups/g/providers/"
		    "Microsoft.KeyVault/vaults/v%u/secrets/password",
		    i);
		builder_scope_path(b, slice_of(path), NOWHERE);
	}
	e = finish(b);
	assert_int_equal(places_init(&places, e), ACTAS_OK);
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(path, sizeof path,
		    "/subscriptions/s/resourceGroups/g/providers/"
		    "Microsoft.KeyVault/vaults/v%u/secrets/password",
		    i);
		expect(&places, path, path, EXACT);
	}
	places_release(&places);
	estate_free(e);
}

static void
every_allocation_may_fail(void **state ACTAS_UNUSED)
{
	struct estate *e = world();
	struct places places;

	mem_fail_after(0);
	assert_int_equal(places_init(&places, e), ACTAS_ENOMEM);
	mem_fail_after(-1);
	places_release(&places);
	estate_free(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_not_known_ends_the_walk),
	    cmocka_unit_test(every_known_path_is_found_in_any_case),
	    cmocka_unit_test(like_named_scopes_are_told_apart),
	    cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
