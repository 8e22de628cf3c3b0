#include "platform/entity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define LONG_NAME 3000

static struct slice
text_of(const char *text)
{
	return slice_of(text == NULL ? "" : text);
}

static void
expect_key(struct slice found, const char *expected)
{
	char text[ENTITY_KEY_BYTES + 1];

	snprintf(text, sizeof text, "%.*s", SLICE_ARGS(found));
	assert_string_equal(text, expected);
}

static void
a_part_that_does_not_fit_makes_the_key_of_nothing(void **state ACTAS_UNUSED)
{
	static const struct {
		enum entity kind;
		const char *a, *b, *c;
	} rows[] = {
	    {ENTITY_TENANT, "a", NULL, NULL},
	    {ENTITY_APPLICATION, NULL, NULL, NULL},
	    {ENTITY_APPLICATION, "a", "b", NULL},
	    {ENTITY_VAULT, "kv/secret", NULL, NULL},
	    {ENTITY_VAULT, "../secret", NULL, NULL},
	    {ENTITY_VAULT, "kv\n", NULL, NULL},
	    {ENTITY_VAULT, "kv\x7f", NULL, NULL},
	    {ENTITY_SECRET, "kv", NULL, NULL},
	    {ENTITY_SECRET, NULL, "name", NULL},
	    {ENTITY_SECRET, "kv", "a/b", NULL},
	    {ENTITY_SECRET, "kv", "name", "version"},
	    {ENTITY_VERSION, "kv", "name", NULL},
	    {ENTITY_VERSION, "kv", NULL, "version"},
	    {ENTITY_RESOURCE, "/", NULL, NULL},
	    {ENTITY_RESOURCE, NULL, NULL, NULL},
	    {ENTITY_ANSWER, "a\tb", NULL, NULL},
	};
	struct entity_text text;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect_key(entity_key(&text, rows[i].kind, text_of(rows[i].a),
			       text_of(rows[i].b), text_of(rows[i].c)),
		    "");
	expect_key(entity_key(&text, ENTITY_VAULT, (struct slice){"k\0v", 3},
		       SLICE(""), SLICE("")),
	    "");
	expect_key(
	    entity_prefix(&text, ENTITY_SECRET, SLICE("a/b"), SLICE("")), "");
	expect_key(
	    entity_prefix(&text, ENTITY_VERSION, SLICE(""), SLICE("b")), "");
}

static void
a_key_longer_than_any_is_the_key_of_nothing(void **state ACTAS_UNUSED)
{
	static char name[LONG_NAME];
	struct entity_text text;
	size_t most = ENTITY_KEY_BYTES - strlen("vault/");

	memset(name, 'a', sizeof name);
	expect_key(entity_key(&text, ENTITY_VAULT,
		       (struct slice){name, most + 1}, SLICE(""), SLICE("")),
	    "");
	expect_key(
	    entity_key(&text, ENTITY_VAULT, (struct slice){name, SIZE_MAX / 2},
		SLICE(""), SLICE("x")),
	    "");
	assert_int_equal(entity_key(&text, ENTITY_VAULT,
			     (struct slice){name, most}, SLICE(""), SLICE(""))
			     .length,
	    ENTITY_KEY_BYTES);
	expect_key(entity_prefix(&text, ENTITY_VAULT,
		       (struct slice){name, most}, SLICE("")),
	    "");
}

static void
keys_are_folded_and_joined(void **state ACTAS_UNUSED)
{
	static const struct {
		enum entity kind;
		const char *a, *b, *c, *key;
	} rows[] = {
	    {ENTITY_TENANT, NULL, NULL, NULL, "tenant"},
	    {ENTITY_VAULT, "KV-Data", NULL, NULL, "vault/kv-data"},
	    {ENTITY_SECRET, "KV", "Db-Password", NULL, "secret/kv/db-password"},
	    {ENTITY_VERSION, "kv", "n", "0F", "version/kv/n/0f"},
	    {ENTITY_RESOURCE_GROUP, "S", "RG.1_(x)", NULL,
		"resource-group/s/rg.1_(x)"},
	    {ENTITY_RESOURCE, "/Subscriptions/S/x", NULL, NULL,
		"resource/subscriptions/s/x"},
	    {ENTITY_RESOURCE, "subscriptions/S/x", NULL, NULL,
		"resource/subscriptions/s/x"},
	    {ENTITY_ANSWER, "dev.azure.com/Org/_apis/projects", NULL, NULL,
		"answer/dev.azure.com/Org/_apis/projects"},
	    {ENTITY_VAULT, "\xc3\x84", NULL, NULL, "vault/\xc3\x84"},
	    {ENTITY_VAULT, "..", NULL, NULL, "vault/.."},
	};
	struct entity_text text;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expect_key(entity_key(&text, rows[i].kind, text_of(rows[i].a),
			       text_of(rows[i].b), text_of(rows[i].c)),
		    rows[i].key);
}

static void
prefixes_end_with_a_slash(void **state ACTAS_UNUSED)
{
	struct entity_text text;
	struct guid id;

	expect_key(
	    entity_prefix(&text, ENTITY_VERSION, SLICE("KV"), SLICE("N")),
	    "version/kv/n/");
	expect_key(entity_prefix(&text, ENTITY_SECRET, SLICE("kv"), SLICE("")),
	    "secret/kv/");
	expect_key(
	    entity_prefix(&text, ENTITY_USER, SLICE(""), SLICE("")), "user/");
	assert_true(
	    guid_parse(SLICE("ABCDEF00-0000-0000-0000-000000000001"), &id));
	expect_key(entity_guid_key(&text, ENTITY_USER, id),
	    "user/abcdef00-0000-0000-0000-000000000001");
	expect_key(entity_last(SLICE("version/kv/n/0f")), "0f");
	expect_key(entity_last(SLICE("tenant")), "tenant");
}

static void
the_kind_is_in_the_key(void **state ACTAS_UNUSED)
{
	for (unsigned kind = 0; kind < ENTITIES; kind++) {
		char key[64];

		snprintf(key, sizeof key, "%s/x", entity_name(kind));
		assert_int_equal(entity_kind(slice_of(key)), kind);
		assert_int_equal(
		    entity_kind(slice_of(entity_name(kind))), kind);
	}
	assert_int_equal(entity_kind(SLICE("secrets/x")), ENTITIES);
	assert_int_equal(entity_kind(SLICE("")), ENTITIES);
	assert_int_equal(entity_kind(SLICE("Vault/x")), ENTITIES);
}

static void
what_was_put_is_got(void **state ACTAS_UNUSED)
{
	struct writes w = {0};
	json_t *value = json_pack("{s:s, s:i}", "name", "Üx", "n", 1), *found;
	const struct state *s = NULL;
	struct entity_text text;
	struct slice key =
	    entity_key(&text, ENTITY_VAULT, SLICE("kv"), SLICE(""), SLICE(""));
	struct slice bytes;

	entity_put(&w, key, value);
	assert_int_equal(writes_apply(&w, &s), ACTAS_OK);
	assert_true(state_get(s, key, &bytes));
	expect_key(bytes, "{\"name\":\"Üx\",\"n\":1}");
	found = entity_get(s, key);
	assert_true(json_equal(found, value));
	assert_true(entity_exists(s, key));
	json_decref(found);
	json_decref(value);
	assert_null(entity_get(s, SLICE("vault/other")));
	assert_null(entity_get(s, SLICE("")));
	assert_false(entity_exists(s, SLICE("vault/other")));
	assert_false(entity_exists(s, SLICE("")));
	assert_null(entity_get(NULL, key));
	state_release(s);
	writes_release(&w);
}

static void
an_empty_key_fails_the_change(void **state ACTAS_UNUSED)
{
	struct writes w = {0};
	const struct state *s = NULL;
	json_t *value = json_object();

	entity_put(&w, SLICE(""), value);
	entity_put(&w, SLICE("vault/kv"), NULL);
	assert_int_equal(writes_apply(&w, &s), ACTAS_EUSAGE);
	assert_null(s);
	writes_release(&w);
	entity_put(&w, SLICE("vault/kv"), NULL);
	assert_int_equal(writes_apply(&w, &s), ACTAS_ENOMEM);
	assert_null(s);
	writes_release(&w);
	json_decref(value);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_part_that_does_not_fit_makes_the_key_of_nothing),
	    cmocka_unit_test(a_key_longer_than_any_is_the_key_of_nothing),
	    cmocka_unit_test(keys_are_folded_and_joined),
	    cmocka_unit_test(prefixes_end_with_a_slash),
	    cmocka_unit_test(the_kind_is_in_the_key),
	    cmocka_unit_test(what_was_put_is_got),
	    cmocka_unit_test(an_empty_key_fails_the_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
