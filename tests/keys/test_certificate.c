#include "keys_test.h"

#include "keys/issue.h"
#include "keys/public_key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

enum { NOW = 1795285455 };

static struct certificate
expect_read(struct slice text)
{
	struct certificate c;
	struct fault fault = {0};

	if (certificate_read(text, &c, &fault) != ACTAS_OK)
		fail_msg("%s", fault.message);
	assert_non_null(c.key);
	return c;
}

static void
expect_refused(struct slice text, enum actas_error error, const char *message)
{
	struct certificate c;
	struct fault fault = {0};

	assert_int_equal(certificate_read(text, &c, &fault), error);
	assert_null(c.key);
	assert_int_equal(fault.error, error);
	if (strstr(fault.message, message) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", fault.message, message);
}

/* A certificate of the key, which it takes, by that name. */
static X509 *
certify(EVP_PKEY *key, const char *name, moment until)
{
	struct issue i = {
	    .organisation = "o",
	    .name = name,
	    .from = NOW,
	    .until = until,
	    .subject_key = key,
	};
	X509 *x = issue_begin(&i);

	assert_non_null(x);
	/* Ed25519 wants no hash. */
	assert_true(issue_sign(x, &i) || X509_sign(x, key, NULL) > 0);
	EVP_PKEY_free(key);
	return x;
}

static struct buffer
der_of(X509 *x)
{
	struct buffer der = {0};

	assert_true(issue_der(x, &der));
	X509_free(x);
	return der;
}

static struct buffer
pem_of(struct slice der, const char *newline)
{
	struct buffer pem = {0}, base64 = {0};

	base64_put(&base64, der.at, der.length);
	buffer_addf(&pem, "-----BEGIN CERTIFICATE-----%s", newline);
	for (size_t i = 0; i < base64.length; i += 64) {
		buffer_add(&pem, slice_sub(buffer_slice(&base64), i, 64));
		buffer_puts(&pem, newline);
	}
	buffer_addf(&pem, "-----END CERTIFICATE-----%s", newline);
	buffer_release(&base64);
	return pem;
}

static bool
same(const struct certificate *a, const struct certificate *b)
{
	return memcmp(a->sha1, b->sha1, sizeof a->sha1) == 0 &&
	    memcmp(a->sha256, b->sha256, sizeof a->sha256) == 0 &&
	    a->from == b->from && a->until == b->until &&
	    strcmp(a->subject, b->subject) == 0;
}

static void
der_and_pem_are_the_same(void **state ACTAS_UNUSED)
{
	static const char *const newlines[] = {"\n", "\r\n"};
	struct buffer der =
	    der_of(certify(EVP_RSA_gen(2048), "somebody", NOW + 60));
	struct certificate a = expect_read(buffer_slice(&der));
	uint8_t hash[32];

	assert_int_equal(a.from, NOW);
	assert_int_equal(a.until, NOW + 60);
	assert_string_equal(a.subject, "CN=somebody,O=o");
	assert_int_equal(sha256(buffer_slice(&der), hash), ACTAS_OK);
	assert_memory_equal(hash, a.sha256, sizeof hash);
	for (size_t i = 0; i < 2; i++) {
		struct buffer pem = pem_of(buffer_slice(&der), newlines[i]);
		struct certificate b = expect_read(buffer_slice(&pem));

		assert_true(same(&a, &b));
		certificate_release(&b);
		buffer_release(&pem);
	}
	certificate_release(&a);
	certificate_release(&a);
	buffer_release(&der);
}

/* As `openssl pkcs12` writes it, with the key beside. */
static void
what_stands_around_a_pem_is_passed_over(void **state ACTAS_UNUSED)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	BIO *private_text = BIO_new(BIO_s_mem());
	struct buffer der, pem, text = {0};
	struct certificate c;
	char *at;
	long n;

	assert_int_equal(PEM_write_bio_PKCS8PrivateKey(private_text, key,
			     EVP_aes_256_cbc(), "password", 8, NULL, NULL),
	    1);
	n = BIO_get_mem_data(private_text, &at);
	der = der_of(certify(key, "somebody", NOW + 60));
	pem = pem_of(buffer_slice(&der), "\n");
	buffer_puts(&text, "Bag Attributes\n    friendlyName: x\n");
	buffer_add(&text, (struct slice){at, (size_t)n});
	buffer_puts(&text, "subject=CN = somebody\n");
	buffer_add(&text, buffer_slice(&pem));
	buffer_puts(&text, "trailing words\n");
	c = expect_read(buffer_slice(&text));
	assert_string_equal(c.subject, "CN=somebody,O=o");
	certificate_release(&c);
	BIO_free(private_text);
	buffer_release(&der);
	buffer_release(&pem);
	buffer_release(&text);
}

static void
what_is_no_certificate_is_refused(void **state ACTAS_UNUSED)
{
	static const char *const texts[] = {"", "x", "0", "0\x82", "-----BEGIN",
	    "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
	    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
	    "-----BEGIN CERTIFICATE-----\nAAAA\n"};
	struct buffer der =
	    der_of(certify(EVP_EC_gen("P-256"), "somebody", NOW + 60));
	struct slice whole = buffer_slice(&der);
	char longest[LIMIT_CERTIFICATE_BYTES + 1] = "";

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		expect_refused(slice_of(texts[i]), ACTAS_EPARSE,
		    "is no certificate in DER or PEM");
	expect_refused((struct slice){0}, ACTAS_EPARSE, "is no certificate");
	for (size_t i = 0; i < whole.length; i++)
		expect_refused(
		    slice_sub(whole, 0, i), ACTAS_EPARSE, "is no certificate");
	buffer_putc(&der, '\0');
	expect_refused(buffer_slice(&der), ACTAS_EPARSE, "is no certificate");
	expect_refused((struct slice){longest, sizeof longest}, ACTAS_ELIMIT,
	    "is larger than");
	buffer_release(&der);
}

static EVP_PKEY *
rsa_pss(void)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "RSA-PSS", NULL);
	EVP_PKEY *key = NULL;

	assert_int_equal(EVP_PKEY_keygen_init(c), 1);
	assert_int_equal(EVP_PKEY_generate(c, &key), 1);
	EVP_PKEY_CTX_free(c);
	return key;
}

static EVP_PKEY *
explicit_p256(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");

	assert_int_equal(
	    EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING,
		OSSL_PKEY_EC_ENCODING_EXPLICIT),
	    1);
	return key;
}

static void
only_keys_that_sign_tokens_are_taken(void **state ACTAS_UNUSED)
{
	EVP_PKEY *const keys[] = {
	    EVP_RSA_gen(1024), EVP_EC_gen("P-384"), EVP_EC_gen("secp256k1"),
	    EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), rsa_pss(),
	    explicit_p256(), /* spelled out: CVE-2020-0601 */
	};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct buffer der =
		    der_of(certify(keys[i], "somebody", NOW + 60));

		expect_refused(buffer_slice(&der), ACTAS_EPARSE,
		    "RSA of 2048 to 8192 bits, or EC on P-256");
		buffer_release(&der);
	}
}

static void
a_subject_is_ascii_and_bounded(void **state ACTAS_UNUSED)
{
	char longest[65] = "";
	struct buffer der;
	struct certificate c;

	der = der_of(
	    certify(EVP_EC_gen("P-256"), "a\x1b[31m,b\xc3\xa9\n", NOW + 60));
	c = expect_read(buffer_slice(&der));
	assert_string_equal(c.subject, "CN=a\\1B[31m\\,b\\C3\\A9\\0A,O=o");
	certificate_release(&c);
	buffer_release(&der);
	/* Each control character takes three: more than there is room for. */
	memset(longest, 1, 64);
	der = der_of(certify(EVP_EC_gen("P-256"), longest, NOW + 60));
	c = expect_read(buffer_slice(&der));
	assert_true(strlen(c.subject) < sizeof c.subject);
	certificate_release(&c);
	buffer_release(&der);
}

static void
validity_goes_beyond_2049(void **state ACTAS_UNUSED)
{
	static const moment untils[] = {
	    2524607999, 2524608000, 4102444800, 253402300799};

	for (size_t i = 0; i < sizeof untils / sizeof *untils; i++) {
		struct buffer der =
		    der_of(certify(EVP_EC_gen("P-256"), "somebody", untils[i]));
		struct certificate c = expect_read(buffer_slice(&der));

		assert_int_equal(c.until, untils[i]);
		certificate_release(&c);
		buffer_release(&der);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(der_and_pem_are_the_same),
	    cmocka_unit_test(what_stands_around_a_pem_is_passed_over),
	    cmocka_unit_test(what_is_no_certificate_is_refused),
	    cmocka_unit_test(only_keys_that_sign_tokens_are_taken),
	    cmocka_unit_test(a_subject_is_ascii_and_bounded),
	    cmocka_unit_test(validity_goes_beyond_2049),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
