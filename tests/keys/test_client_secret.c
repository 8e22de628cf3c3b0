#include "keys_test.h"

#include "keys/client_secret.h"

static void
a_secret_has_the_form_of_entras(void **state ACTAS_UNUSED)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789~._-";
	bool seen[256] = {false};

	for (int i = 0; i < 300; i++) {
		struct secret_bytes s;

		assert_int_equal(
		    client_secret_new(chance_system(), &s), ACTAS_OK);
		assert_int_equal(s.length, CLIENT_SECRET_LENGTH);
		for (size_t j = 0; j < s.length; j++) {
			assert_non_null(strchr(allowed, s.at[j]));
			seen[s.at[j]] = true;
		}
		/* No option and no home on a command line. */
		assert_null(strchr("~._-", s.at[0]));
		secret_bytes_release(&s);
	}
	/* One of 12000 draws each is missed once in 10^78. */
	for (const char *c = allowed; *c != '\0'; c++)
		assert_true(seen[(unsigned char)*c]);
}

static void
no_byte_of_chance_is_favoured(void **state ACTAS_UNUSED)
{
	struct secret_bytes s;
	uint8_t next = 0;

	/* 62, 63, … of the alphabet, then 198 to 255, which are left out, and
	 * from 0 on again. */
	next = 196;
	assert_int_equal(client_secret_new(test_counting(&next), &s), ACTAS_OK);
	assert_true(slice_eq(secret_bytes_reveal(&s),
	    SLICE("K-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl")));
	secret_bytes_release(&s);
}

static bool
stuck_fill(void *context ACTAS_UNUSED, void *into, size_t length)
{
	memset(into, 0xff, length);
	return true;
}

static bool
no_fill(
    void *context ACTAS_UNUSED, void *into ACTAS_UNUSED, size_t n ACTAS_UNUSED)
{
	return false;
}

static void
without_chance_there_is_no_secret(void **state ACTAS_UNUSED)
{
	struct chance stuck = {stuck_fill, NULL}, none = {no_fill, NULL};
	struct secret_bytes s;

	assert_int_equal(client_secret_new(stuck, &s), ACTAS_EIO);
	assert_null(s.at);
	assert_int_equal(client_secret_new(none, &s), ACTAS_EIO);
	assert_null(s.at);
}

static void
only_the_secret_matches_its_hash(void **state ACTAS_UNUSED)
{
	struct master *m = test_master(), *other = test_master();
	struct secret_bytes s;
	uint8_t hash[CLIENT_SECRET_HASH], altered[CLIENT_SECRET_HASH];
	struct slice text;

	assert_int_equal(client_secret_new(chance_system(), &s), ACTAS_OK);
	text = secret_bytes_reveal(&s);
	assert_int_equal(client_secret_hash(m, text, hash), ACTAS_OK);
	assert_true(client_secret_matches(m, text, hash));
	assert_false(client_secret_matches(other, text, hash));
	assert_false(client_secret_matches(m, SLICE(""), hash));
	assert_false(client_secret_matches(m, (struct slice){0}, hash));
	assert_false(client_secret_matches(
	    m, slice_sub(text, 0, text.length - 1), hash));
	for (size_t i = 0; i < sizeof hash; i++) {
		memcpy(altered, hash, sizeof hash);
		altered[i] ^= 1;
		assert_false(client_secret_matches(m, text, altered));
	}
	secret_bytes_release(&s);
	master_close(m);
	master_close(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_secret_has_the_form_of_entras),
	    cmocka_unit_test(no_byte_of_chance_is_favoured),
	    cmocka_unit_test(without_chance_there_is_no_secret),
	    cmocka_unit_test(only_the_secret_matches_its_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
