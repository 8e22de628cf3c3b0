#include "keys_test.h"

static struct secret_bytes key;

static int
begin(void **state ACTAS_UNUSED)
{
	return secret_bytes_random(32, &key) == ACTAS_OK ? 0 : -1;
}

static int
end(void **state ACTAS_UNUSED)
{
	secret_bytes_release(&key);
	return 0;
}

static void
octets(const char *hex, struct buffer *into)
{
	for (; hex[0] != '\0'; hex += 2)
		buffer_putc(into,
		    (char)(ascii_hex_digit(hex[0]) << 4 |
			ascii_hex_digit(hex[1])));
}

/* The values of the GCM specification's test cases 15, 16 and 13 (McGrew and
 * Viega; AES-256, nonces of 96 bits). */
static const struct {
	const char *key, *nonce, *about, *sealed, *tag, *plain;
} known[] = {
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
	"cafebabefacedbaddecaf888", "",
	"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
	"8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad",
	"b094dac5d93471bdec1a502270e3cc6c",
	"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
	"1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
	"cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
	"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
	"8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
	"76fc6ece0f4e1768cddf8853bb2d551b",
	"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
	"1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"},
    {"0000000000000000000000000000000000000000000000000000000000000000",
	"000000000000000000000000", "", "", "530f8afbc74536b9a963b4f1c4cb738b",
	""},
};

static void
published_values_are_unsealed(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		struct buffer k = {0}, about = {0}, sealed = {0}, plain = {0};
		struct secret_bytes its_key, got;

		octets(known[i].key, &k);
		octets(known[i].about, &about);
		octets(known[i].nonce, &sealed);
		octets(known[i].sealed, &sealed);
		octets(known[i].tag, &sealed);
		octets(known[i].plain, &plain);
		assert_int_equal(
		    secret_bytes_copy(buffer_slice(&k), &its_key), ACTAS_OK);
		assert_int_equal(unseal(&its_key, buffer_slice(&about),
				     buffer_slice(&sealed), &got),
		    ACTAS_OK);
		assert_true(secret_bytes_eq(&got, buffer_slice(&plain)));
		secret_bytes_release(&got);
		secret_bytes_release(&its_key);
		buffer_release(&k);
		buffer_release(&about);
		buffer_release(&sealed);
		buffer_release(&plain);
	}
}

static void
what_is_sealed_comes_back(void **state ACTAS_UNUSED)
{
	static const size_t lengths[] = {0, 1, 15, 16, 17, 256, 25600};

	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		struct buffer plain = {0}, sealed = {0};
		struct secret_bytes got;

		buffer_puts(&sealed, "before");
		buffer_fill(&plain, 'p', lengths[i]);
		assert_int_equal(seal(&key, SLICE("version/kv/a/1"),
				     buffer_slice(&plain), &sealed),
		    ACTAS_OK);
		assert_int_equal(sealed.length, 6 + 28 + lengths[i]);
		assert_true(
		    slice_starts(buffer_slice(&sealed), SLICE("before")));
		assert_int_equal(
		    unseal(&key, SLICE("version/kv/a/1"),
			slice_from(buffer_slice(&sealed), 6), &got),
		    ACTAS_OK);
		assert_true(secret_bytes_eq(&got, buffer_slice(&plain)));
		secret_bytes_release(&got);
		buffer_release(&plain);
		buffer_release(&sealed);
	}
}

static void
expect_refused(const struct secret_bytes *k, struct slice about,
    struct slice sealed, enum actas_error error)
{
	struct secret_bytes got;

	assert_int_equal(unseal(k, about, sealed, &got), error);
	assert_null(got.at);
	assert_int_equal(got.length, 0);
}

static void
what_was_altered_is_refused(void **state ACTAS_UNUSED)
{
	struct buffer sealed = {0};
	struct secret_bytes other;
	struct slice all;

	assert_int_equal(
	    seal(&key, SLICE("a"), SLICE("hunter2"), &sealed), ACTAS_OK);
	all = buffer_slice(&sealed);
	for (size_t i = 0; i < 8 * sealed.length; i++) {
		sealed.at[i / 8] ^= (char)(1 << i % 8);
		expect_refused(&key, SLICE("a"), all, ACTAS_EPARSE);
		sealed.at[i / 8] ^= (char)(1 << i % 8);
	}
	for (size_t i = 0; i < sealed.length; i++)
		expect_refused(
		    &key, SLICE("a"), slice_sub(all, 0, i), ACTAS_EPARSE);
	expect_refused(&key, SLICE("b"), all, ACTAS_EPARSE);
	expect_refused(&key, SLICE(""), all, ACTAS_EPARSE);
	assert_int_equal(secret_bytes_random(32, &other), ACTAS_OK);
	expect_refused(&other, SLICE("a"), all, ACTAS_EPARSE);
	secret_bytes_release(&other);
	buffer_release(&sealed);
}

static void
a_key_of_another_length_is_no_key(void **state ACTAS_UNUSED)
{
	struct secret_bytes short_key, none = {0};
	struct buffer sealed = {0};
	char bytes[40] = "";

	assert_int_equal(secret_bytes_random(31, &short_key), ACTAS_OK);
	assert_int_equal(
	    seal(&short_key, SLICE(""), SLICE("x"), &sealed), ACTAS_EUSAGE);
	assert_int_equal(
	    seal(&none, SLICE(""), SLICE("x"), &sealed), ACTAS_EUSAGE);
	assert_int_equal(sealed.length, 0);
	expect_refused(&short_key, SLICE(""),
	    (struct slice){bytes, sizeof bytes}, ACTAS_EUSAGE);
	secret_bytes_release(&short_key);
}

static void
equal_values_are_sealed_differently(void **state ACTAS_UNUSED)
{
	struct buffer a = {0}, b = {0};

	assert_int_equal(seal(&key, SLICE(""), SLICE("same"), &a), ACTAS_OK);
	assert_int_equal(seal(&key, SLICE(""), SLICE("same"), &b), ACTAS_OK);
	assert_memory_not_equal(a.at, b.at, 12);
	assert_memory_not_equal(a.at + 12, b.at + 12, 4);
	buffer_release(&a);
	buffer_release(&b);
}

static void
no_memory_is_an_error_and_adds_nothing(void **state ACTAS_UNUSED)
{
	struct buffer sealed = {0};

	mem_fail_after(0);
	assert_int_equal(
	    seal(&key, SLICE(""), SLICE("x"), &sealed), ACTAS_ENOMEM);
	mem_fail_after(-1);
	assert_int_equal(sealed.length, 0);
	sealed = (struct buffer){.ceiling = 28};
	assert_int_equal(
	    seal(&key, SLICE(""), SLICE("x"), &sealed), ACTAS_ELIMIT);
	buffer_release(&sealed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(published_values_are_unsealed),
	    cmocka_unit_test(what_is_sealed_comes_back),
	    cmocka_unit_test(what_was_altered_is_refused),
	    cmocka_unit_test(a_key_of_another_length_is_no_key),
	    cmocka_unit_test(equal_values_are_sealed_differently),
	    cmocka_unit_test(no_memory_is_an_error_and_adds_nothing),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
