#include "keys_test.h"

#include <openssl/crypto.h>

static void
secrets_lie_in_the_secure_heap(void **state ACTAS_UNUSED)
{
	struct secret_bytes s = test_secret("open sesame");

	assert_int_equal(CRYPTO_secure_allocated(s.at), 1);
	assert_int_equal(s.length, 11);
	assert_true(slice_eq(secret_bytes_reveal(&s), SLICE("open sesame")));
	secret_bytes_release(&s);
	assert_null(s.at);
	assert_int_equal(s.length, 0);
	secret_bytes_release(&s); /* again is allowed */
}

static void
nothing_falls_back_to_the_ordinary_heap(void **state ACTAS_UNUSED)
{
	struct secret_bytes all[LIMIT_SECURE_HEAP_BYTES >> 16], more;
	size_t count = 0;
	enum actas_error error;

	do {
		assert_true(count < sizeof all / sizeof *all);
		error = secret_bytes_new(1 << 16, &all[count]);
		count += error == ACTAS_OK;
	} while (error == ACTAS_OK && count < sizeof all / sizeof *all);
	error = secret_bytes_new(1 << 16, &more);
	assert_int_equal(error, ACTAS_ENOMEM);
	assert_null(more.at);
	assert_int_equal(more.length, 0);
	assert_true(count >= sizeof all / sizeof *all - 1);
	for (size_t i = 0; i < count; i++)
		secret_bytes_release(&all[i]);
	assert_int_equal(secret_bytes_new(1 << 16, &more), ACTAS_OK);
	secret_bytes_release(&more);
	assert_int_equal(
	    secret_bytes_new(2 * LIMIT_SECURE_HEAP_BYTES, &more), ACTAS_ENOMEM);
	assert_int_equal(secret_bytes_new(SIZE_MAX, &more), ACTAS_ENOMEM);
}

static void
new_memory_holds_nothing_of_the_old(void **state ACTAS_UNUSED)
{
	static const uint8_t zeros[4096];
	struct secret_bytes s;
	uint8_t *was;

	assert_int_equal(secret_bytes_new(sizeof zeros, &s), ACTAS_OK);
	assert_memory_equal(s.at, zeros, sizeof zeros);
	memset(s.at, 'x', s.length);
	was = s.at;
	secret_bytes_release(&s);
	assert_int_equal(secret_bytes_new(sizeof zeros, &s), ACTAS_OK);
	assert_ptr_equal(s.at, was); /* else the next line shows nothing */
	assert_memory_equal(s.at, zeros, sizeof zeros);
	secret_bytes_release(&s);
}

static void
equal_means_all_bytes_and_the_length(void **state ACTAS_UNUSED)
{
	struct secret_bytes s = test_secret("abc"), none = {0};

	assert_true(secret_bytes_eq(&s, SLICE("abc")));
	assert_false(secret_bytes_eq(&s, SLICE("abd")));
	assert_false(secret_bytes_eq(&s, SLICE("ab")));
	assert_false(secret_bytes_eq(&s, SLICE("abcd")));
	assert_false(secret_bytes_eq(&s, SLICE("")));
	assert_false(secret_bytes_eq(&none, SLICE("a")));
	assert_true(secret_bytes_eq(&none, SLICE("")));
	assert_true(secret_bytes_eq(&none, (struct slice){0}));
	secret_bytes_release(&s);
}

static void
the_empty_secret_takes_no_memory(void **state ACTAS_UNUSED)
{
	struct secret_bytes s;

	assert_int_equal(secret_bytes_new(0, &s), ACTAS_OK);
	assert_null(s.at);
	assert_int_equal(secret_bytes_copy((struct slice){0}, &s), ACTAS_OK);
	assert_null(s.at);
	assert_int_equal(secret_bytes_random(0, &s), ACTAS_OK);
	assert_int_equal(secret_bytes_reveal(&s).length, 0);
}

static void
random_secrets_differ(void **state ACTAS_UNUSED)
{
	struct secret_bytes a, b;

	assert_int_equal(secret_bytes_random(32, &a), ACTAS_OK);
	assert_int_equal(secret_bytes_random(32, &b), ACTAS_OK);
	assert_false(secret_bytes_eq(&a, secret_bytes_reveal(&b)));
	secret_bytes_release(&a);
	secret_bytes_release(&b);
}

static void
wiping_leaves_zeros(void **state ACTAS_UNUSED)
{
	char text[] = "a parsed body";

	secret_wipe(text, sizeof text - 1);
	for (size_t i = 0; i < sizeof text; i++)
		assert_int_equal(text[i], 0);
	secret_wipe(NULL, 0);
}

static bool
no_fill(
    void *context ACTAS_UNUSED, void *into ACTAS_UNUSED, size_t n ACTAS_UNUSED)
{
	return false;
}

static void
ids_are_of_version_4(void **state ACTAS_UNUSED)
{
	struct chance none = {no_fill, NULL};
	char text[GUID_TEXT_LENGTH + 1];
	uint8_t next = 0;

	guid_format(chance_guid(test_counting(&next)), text);
	assert_string_equal(text, "00010203-0405-4607-8809-0a0b0c0d0e0f");
	assert_false(guid_eq(
	    chance_guid(chance_system()), chance_guid(chance_system())));
	assert_true(guid_is_nil(chance_guid(none)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(secrets_lie_in_the_secure_heap),
	    cmocka_unit_test(new_memory_holds_nothing_of_the_old),
	    cmocka_unit_test(nothing_falls_back_to_the_ordinary_heap),
	    cmocka_unit_test(equal_means_all_bytes_and_the_length),
	    cmocka_unit_test(the_empty_secret_takes_no_memory),
	    cmocka_unit_test(random_secrets_differ),
	    cmocka_unit_test(wiping_leaves_zeros),
	    cmocka_unit_test(ids_are_of_version_4),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
