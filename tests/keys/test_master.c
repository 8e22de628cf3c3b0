#include "keys_test.h"

#include <sys/stat.h>

static char folder[64];

static int
begin(void **state ACTAS_UNUSED)
{
	test_folder_make(folder);
	return 0;
}

static int
end(void **state ACTAS_UNUSED)
{
	test_folder_remove(folder);
	return 0;
}

static void
expect_open(enum actas_error error, const struct secret_bytes *passphrase,
    const char *message)
{
	struct fault fault = {0};
	struct master *m;

	assert_int_equal(master_open(folder, passphrase, &m, &fault), error);
	assert_null(m);
	assert_int_equal(fault.error, error);
	assert_non_null(strstr(fault.message, message));
}

static mode_t
mode_of(const char *name)
{
	char path[128];
	struct stat st;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void
a_key_file_gives_the_same_keys_again(void **state ACTAS_UNUSED)
{
	struct fault fault = {0};
	struct master *a, *b;

	assert_int_equal(master_create(folder, NULL, &fault), ACTAS_OK);
	assert_int_equal(mode_of("master.key"), 0600);
	assert_false(master_wants_passphrase(folder));
	assert_int_equal(master_open(folder, NULL, &a, &fault), ACTAS_OK);
	assert_int_equal(master_open(folder, NULL, &b, &fault), ACTAS_OK);
	for (enum purpose p = 0; p < PURPOSES; p++) {
		struct slice key = secret_bytes_reveal(master_key(a, p));

		assert_int_equal(key.length, 32);
		assert_true(secret_bytes_eq(master_key(b, p), key));
		for (enum purpose q = 0; q < p; q++)
			assert_false(secret_bytes_eq(master_key(a, q), key));
	}
	master_close(a);
	master_close(b);
	master_close(NULL);
}

/* RFC 5869's construction with SHA-256, no salt and the purpose as info:
 * openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:0001…1f
 *     -kdfopt info:"actas data keys" HKDF */
static void
a_purpose_has_its_key_by_hkdf(void **state ACTAS_UNUSED)
{
	static const struct {
		enum purpose purpose;
		const char *key;
	} known[] = {
	    {PURPOSE_DATA_KEYS,
		"c4c218197c94e44aaf9f918abc3b16c7"
		"fc347784f9effbd95f2f5558fc47de33"},
	    {PURPOSE_SIGNING_KEYS,
		"bf33106fd3432fa96ce687bf12909235"
		"a965e5f0ab7ebdcecfecfb0c910d673c"},
	    {PURPOSE_CLIENT_SECRETS,
		"f959a8bc2087dd641f306b597eee1ee9"
		"60f82bd113a8577c0a0f478c66ca565f"},
	    {PURPOSE_LOCAL_OWNER,
		"6925286206838c0a0db5d9606b1bf7df"
		"e1cb67b2dbd510e77af4a0949b9ffa6e"},
	    {PURPOSE_BACKUPS,
		"55f6c277259d65b90c8f3ac0aa63ca99"
		"6a2e996e3396fccd579e054534319dc5"},
	};
	struct fault fault = {0};
	struct master *m;
	uint8_t root[32];

	for (size_t i = 0; i < sizeof root; i++)
		root[i] = (uint8_t)i;
	test_file(folder, "master.key", 0600,
	    (struct slice){(const char *)root, sizeof root});
	assert_int_equal(master_open(folder, NULL, &m, &fault), ACTAS_OK);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		const struct secret_bytes *key =
		    master_key(m, known[i].purpose);
		char text[65];

		for (size_t j = 0; j < key->length; j++)
			snprintf(text + 2 * j, 3, "%02x", key->at[j]);
		assert_string_equal(text, known[i].key);
	}
	master_close(m);
}

static void
a_key_that_others_may_read_is_not_read(void **state ACTAS_UNUSED)
{
	static const mode_t modes[] = {0640, 0604, 0660, 0644, 0610, 0666};
	struct fault fault = {0};
	struct master *m;
	char path[128];

	assert_int_equal(master_create(folder, NULL, &fault), ACTAS_OK);
	snprintf(path, sizeof path, "%s/master.key", folder);
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		assert_int_equal(chmod(path, modes[i]), 0);
		expect_open(ACTAS_EUSAGE, NULL, "others than its owner");
	}
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(master_open(folder, NULL, &m, &fault), ACTAS_OK);
	master_close(m);
}

/* Root's, seen by anybody else; nobody's, seen by root. */
static void
a_key_of_another_user_is_not_read(void **state ACTAS_UNUSED)
{
	struct fault fault = {0};
	char path[128];

	snprintf(path, sizeof path, "%s/master.key", folder);
	if (geteuid() == 0) {
		assert_int_equal(master_create(folder, NULL, &fault), ACTAS_OK);
		assert_int_equal(chown(path, 65534, 65534), 0);
		expect_open(ACTAS_EUSAGE, NULL, "belongs to user 65534");
	} else {
		assert_int_equal(symlink("/etc/passwd", path), 0);
		expect_open(ACTAS_EUSAGE, NULL, "belongs to user 0");
	}
}

static void
what_is_no_key_is_refused(void **state ACTAS_UNUSED)
{
	char path[128];

	expect_open(ACTAS_ENOTFOUND, NULL, "has no master key");
	test_file(folder, "master.key", 0600, SLICE(""));
	expect_open(ACTAS_EPARSE, NULL, "has 0 bytes");
	test_file(folder, "master.key", 0600,
	    SLICE("0123456789abcdef0123456789abcde"));
	expect_open(ACTAS_EPARSE, NULL, "has 31 bytes");
	test_file(folder, "master.key", 0600,
	    SLICE("0123456789abcdef0123456789abcdef\n"));
	expect_open(ACTAS_EPARSE, NULL, "has 33 bytes");
	snprintf(path, sizeof path, "%s/master.key", folder);
	assert_int_equal(truncate(path, LIMIT_KEY_FILE_BYTES + 1), 0);
	expect_open(ACTAS_ELIMIT, NULL, "larger than");
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	expect_open(ACTAS_EUSAGE, NULL, "is not a plain file");
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	expect_open(ACTAS_EUSAGE, NULL, "is not a plain file");
	rmdir(path);
}

static void
a_folder_has_one_master_key(void **state ACTAS_UNUSED)
{
	struct secret_bytes passphrase = test_secret("x");
	struct fault fault = {0};
	struct buffer before, after;

	assert_int_equal(master_create(folder, NULL, &fault), ACTAS_OK);
	before = test_read(folder, "master.key");
	assert_int_equal(master_create(folder, NULL, &fault), ACTAS_EUSAGE);
	assert_non_null(strstr(fault.message, "has a master key already"));
	assert_int_equal(
	    master_create(folder, &passphrase, &fault), ACTAS_EUSAGE);
	after = test_read(folder, "master.key");
	assert_true(slice_eq(buffer_slice(&before), buffer_slice(&after)));
	expect_open(ACTAS_EUSAGE, &passphrase, "none is wanted");
	test_file(folder, "master.wrapped", 0600, SLICE("{}"));
	expect_open(ACTAS_EUSAGE, NULL, "has both");
	expect_open(ACTAS_EUSAGE, &passphrase, "has both");
	buffer_release(&before);
	buffer_release(&after);
	secret_bytes_release(&passphrase);
}

static void
a_passphrase_opens_what_it_closed(void **state ACTAS_UNUSED)
{
	struct secret_bytes right = test_secret("correct horse"),
			    wrong = test_secret("correct house");
	struct fault fault = {0};
	struct master *a, *b;
	struct buffer text;

	assert_int_equal(master_create(folder, &right, &fault), ACTAS_OK);
	assert_int_equal(mode_of("master.wrapped"), 0600);
	assert_true(master_wants_passphrase(folder));
	text = test_read(folder, "master.wrapped");
	assert_int_equal(
	    slice_find(buffer_slice(&text), SLICE("{\"version\":1,")), 0);
	expect_open(ACTAS_EUSAGE, NULL, "wants a passphrase");
	expect_open(ACTAS_EUSAGE, &wrong, "the passphrase is wrong");
	assert_int_equal(master_open(folder, &right, &a, &fault), ACTAS_OK);
	assert_int_equal(master_open(folder, &right, &b, &fault), ACTAS_OK);
	assert_true(secret_bytes_eq(master_key(a, PURPOSE_DATA_KEYS),
	    secret_bytes_reveal(master_key(b, PURPOSE_DATA_KEYS))));
	master_close(a);
	master_close(b);
	buffer_release(&text);
	secret_bytes_release(&right);
	secret_bytes_release(&wrong);
}

static void
passphrases_have_a_length(void **state ACTAS_UNUSED)
{
	struct secret_bytes none = {0}, longest;
	struct fault fault = {0};

	assert_int_equal(master_create(folder, &none, &fault), ACTAS_EUSAGE);
	assert_string_equal(fault.message, "the passphrase is empty");
	assert_int_equal(
	    secret_bytes_new(LIMIT_PASSPHRASE_BYTES + 1, &longest), ACTAS_OK);
	fault = (struct fault){0};
	assert_int_equal(master_create(folder, &longest, &fault), ACTAS_ELIMIT);
	secret_bytes_release(&longest);
	expect_open(ACTAS_ENOTFOUND, NULL, "has no master key");
}

#define SALT "AAAAAAAAAAAAAAAAAAAAAA"
#define SEALED                                     \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define WRAPPED(v, kdf, n, r, p, salt, sealed)                        \
	"{\"version\":" v ",\"kdf\":\"" kdf "\",\"n\":" n ",\"r\":" r \
	",\"p\":" p ",\"salt\":\"" salt "\",\"sealed\":\"" sealed "\"}"

/* Each differs from a good file in one thing. */
static const char *const not_wrapped[] = {
    "",
    "[]",
    "{}",
    WRAPPED("2", "scrypt", "16384", "8", "1", SALT, SEALED),
    WRAPPED("\"1\"", "scrypt", "16384", "8", "1", SALT, SEALED),
    WRAPPED("1", "pbkdf2", "16384", "8", "1", SALT, SEALED),
    WRAPPED("1", "scrypt", "16385", "8", "1", SALT, SEALED),
    WRAPPED("1", "scrypt", "8192", "8", "1", SALT, SEALED),
    WRAPPED("1", "scrypt", "-16384", "8", "1", SALT, SEALED),
    WRAPPED("1", "scrypt", "2097152", "8", "1", SALT, SEALED),
    WRAPPED("1", "scrypt", "1048576", "16", "1", SALT, SEALED),
    WRAPPED("1", "scrypt", "16384", "0", "1", SALT, SEALED),
    WRAPPED("1", "scrypt", "16384", "17", "1", SALT, SEALED),
    WRAPPED("1", "scrypt", "16384", "8", "0", SALT, SEALED),
    WRAPPED("1", "scrypt", "16384", "8", "5", SALT, SEALED),
    WRAPPED("1", "scrypt", "16384", "8", "1.5", SALT, SEALED),
    WRAPPED("1", "scrypt", "16384", "8", "1", SALT "A", SEALED),
    WRAPPED("1", "scrypt", "16384", "8", "1", "", SEALED),
    WRAPPED("1", "scrypt", "16384", "8", "1", SALT, ""),
    WRAPPED("1", "scrypt", "16384", "8", "1", SALT, "AAAA" SEALED),
    WRAPPED("1,\"version\":1", "scrypt", "16384", "8", "1", SALT, SEALED),
};

static void
what_is_no_wrapped_key_is_refused(void **state ACTAS_UNUSED)
{
	struct secret_bytes passphrase = test_secret("x");
	size_t n = sizeof not_wrapped / sizeof *not_wrapped;

	for (size_t i = 0; i < n; i++) {
		test_file(
		    folder, "master.wrapped", 0600, slice_of(not_wrapped[i]));
		expect_open(ACTAS_EPARSE, &passphrase,
		    "is not a wrapped master key that this version reads");
	}
	/* All that is left to be wrong with this one is its key. */
	test_file(folder, "master.wrapped", 0600,
	    slice_of(WRAPPED("1", "scrypt", "16384", "8", "1", SALT, SEALED)));
	expect_open(ACTAS_EUSAGE, &passphrase, "the passphrase is wrong");
	secret_bytes_release(&passphrase);
}

static void
a_folder_that_cannot_be_written_says_so(void **state ACTAS_UNUSED)
{
	struct fault fault = {0};

	assert_int_equal(
	    master_create("/nonexistent/folder", NULL, &fault), ACTAS_EIO);
	assert_non_null(strstr(fault.message, "cannot be made"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_key_file_gives_the_same_keys_again),
	    TEST(a_purpose_has_its_key_by_hkdf),
	    TEST(a_key_that_others_may_read_is_not_read),
	    TEST(a_key_of_another_user_is_not_read),
	    TEST(what_is_no_key_is_refused),
	    TEST(a_folder_has_one_master_key),
	    TEST(a_passphrase_opens_what_it_closed),
	    TEST(passphrases_have_a_length),
	    TEST(what_is_no_wrapped_key_is_refused),
	    TEST(a_folder_that_cannot_be_written_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
