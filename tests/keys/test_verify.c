/* Keys of others, and what their signatures are good for. */
#include "keys_test.h"

#include "keys/public_key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#define CLAIMS                                                 \
	"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0" \
	"dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

/* RFC 7515, A.2: RS256. */
#define RFC_RSA_N                                                      \
	"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHm" \
	"fHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_" \
	"YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5" \
	"z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uD" \
	"Zlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9ia" \
	"GNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
#define RFC_RSA_TOKEN                                                  \
	"eyJhbGciOiJSUzI1NiJ9." CLAIMS "."                             \
	"cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5R" \
	"Zmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQ" \
	"jbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQB" \
	"MHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqt" \
	"FZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rq" \
	"Vt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
#define RFC_RSA_KEY "{\"kty\":\"RSA\",\"n\":\"" RFC_RSA_N "\",\"e\":\"AQAB\"}"

/* RFC 7515, A.3: ES256. */
#define RFC_EC_X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define RFC_EC_Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define RFC_EC_TOKEN                                            \
	"eyJhbGciOiJFUzI1NiJ9." CLAIMS "."                      \
	"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5" \
	"djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
#define EC_KEY(curve, x, y)                                      \
	"{\"kty\":\"EC\",\"crv\":\"" curve "\",\"x\":\"" x "\"," \
	"\"y\":\"" y "\"}"
#define RFC_EC_KEY EC_KEY("P-256", RFC_EC_X, RFC_EC_Y)

static struct public_key *
key_of(const char *jwk)
{
	json_t *object = json_loads(jwk, JSON_REJECT_DUPLICATES, NULL);
	struct public_key *key;

	assert_non_null(object);
	key = public_key_of_jwk(object);
	json_decref(object);
	return key;
}

static bool
verifies(const char *token, const char *jwk)
{
	struct public_key *key = key_of(jwk);
	struct jwt jwt;
	bool good;

	assert_non_null(key);
	assert_int_equal(jwt_parse(slice_of(token), &jwt), ACTAS_OK);
	good = jwt_verify(&jwt, key);
	jwt_release(&jwt);
	public_key_free(key);
	return good;
}

static void
published_tokens_verify(void **state ACTAS_UNUSED)
{
	assert_true(verifies(RFC_RSA_TOKEN, RFC_RSA_KEY));
	assert_true(verifies(RFC_EC_TOKEN, RFC_EC_KEY));
}

static void
a_key_verifies_its_kind_only(void **state ACTAS_UNUSED)
{
	assert_false(verifies(RFC_RSA_TOKEN, RFC_EC_KEY));
	assert_false(verifies(RFC_EC_TOKEN, RFC_RSA_KEY));
}

/* What a JWK says of its algorithm binds it. */
static void
a_jwk_may_leave_one_algorithm(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *algorithm;
		bool is_key, verifies;
	} rows[] = {
	    {"RS256", true, true},
	    {"PS256", true, false},
	    {"ES256", true, false},
	    {"RS512", false, false},
	    {"HS256", false, false},
	    {"none", false, false},
	    {"", false, false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct public_key *key;
		char jwk[1024];

		snprintf(jwk, sizeof jwk,
		    "{\"alg\":\"%s\",\"kty\":\"RSA\",\"n\":\"" RFC_RSA_N
		    "\",\"e\":\"AQAB\"}",
		    rows[i].algorithm);
		key = key_of(jwk);
		assert_int_equal(key != NULL, rows[i].is_key);
		public_key_free(key);
		if (rows[i].is_key)
			assert_int_equal(
			    verifies(RFC_RSA_TOKEN, jwk), rows[i].verifies);
	}
}

#define N2048 RFC_RSA_N
/* 1024 bits: half of it. */
#define N1024                                                          \
	"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHm" \
	"fHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_" \
	"YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSA"
#define RSA_KEY(n, e) "{\"kty\":\"RSA\",\"n\":\"" n "\",\"e\":\"" e "\"}"
#define HALF                                                           \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static const char *const no_keys[] = {
    "{}",
    "[]",
    "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" RFC_EC_X "\"}",
    "{\"kty\":\"rsa\",\"n\":\"" N2048 "\",\"e\":\"AQAB\"}",
    "{\"kty\":\"RSA\",\"e\":\"AQAB\"}",
    "{\"kty\":\"RSA\",\"n\":\"" N2048 "\"}",
    "{\"kty\":\"RSA\",\"n\":\"" N2048 "\",\"e\":65537}",
    "{\"kty\":\"RSA\",\"n\":\"" N2048 "\",\"e\":\"AQAB\",\"use\":\"enc\"}",
    RSA_KEY("", "AQAB"),
    RSA_KEY("not base64!", "AQAB"),
    RSA_KEY(N1024, "AQAB"),
    RSA_KEY(N2048, ""),
    RSA_KEY(N2048, "AA"),             /* 0 */
    RSA_KEY(N2048, "AQ"),             /* 1: what is signed is the hash */
    RSA_KEY(N2048, "Ag"),             /* 2 */
    RSA_KEY(N2048, "AQAA"),           /* even */
    RSA_KEY(N2048, "AQAAAAAAAAAAAQ"), /* 73 bits */
    EC_KEY("P-384", RFC_EC_X, RFC_EC_Y),
    EC_KEY("secp256k1", RFC_EC_X, RFC_EC_Y),
    EC_KEY("p-256", RFC_EC_X, RFC_EC_Y),
    EC_KEY("", RFC_EC_X, RFC_EC_Y),
    EC_KEY("P-256", "", RFC_EC_Y),
    EC_KEY("P-256", RFC_EC_X, ""),
    EC_KEY("P-256", RFC_EC_X, RFC_EC_X), /* not on the curve */
    EC_KEY("P-256", "AAAA" RFC_EC_X, RFC_EC_Y),
    EC_KEY("P-256", RFC_EC_X RFC_EC_Y, ""), /* the point, but split wrong */
    EC_KEY("P-256", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
};

static void
what_is_no_key_that_signs_is_refused(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof no_keys / sizeof *no_keys; i++) {
		struct public_key *key = key_of(no_keys[i]);

		if (key != NULL)
			fail_msg("taken: %s", no_keys[i]);
	}
	assert_null(public_key_of_jwk(NULL));
}

static void
a_modulus_has_a_ceiling(void **state ACTAS_UNUSED)
{
	struct buffer jwk = {0};
	struct public_key *key;

	for (int parts = 11; parts <= 12; parts++) {
		buffer_clear(&jwk);
		buffer_puts(&jwk, "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"_");
		for (int i = 0; i < parts; i++)
			buffer_puts(&jwk, HALF);
		/* 11 × 720 + 24 bits, and 12 × 720 + 24 */
		buffer_puts(&jwk, "AAB\"}");
		key = key_of(buffer_text(&jwk));
		assert_int_equal(key != NULL, parts == 11);
		public_key_free(key);
	}
	buffer_release(&jwk);
}

/* A pair to sign with as others do, and badly. */
static EVP_PKEY *rsa, *p256;
static struct public_key *rsa_public, *p256_public;

static int
begin(void **state ACTAS_UNUSED)
{
	rsa = EVP_RSA_gen(2048);
	p256 = EVP_EC_gen("P-256");
	EVP_PKEY_up_ref(rsa);
	EVP_PKEY_up_ref(p256);
	rsa_public = public_key_new(rsa);
	p256_public = public_key_new(p256);
	return rsa_public != NULL && p256_public != NULL ? 0 : -1;
}

static int
end(void **state ACTAS_UNUSED)
{
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(p256);
	public_key_free(rsa_public);
	public_key_free(p256_public);
	return 0;
}

/* "header.e30.", signed. 'salt': of PSS; 0 for PKCS#1. */
static struct buffer
sign(EVP_PKEY *key, const char *header, const EVP_MD *hash, int salt)
{
	struct buffer token = {0};
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	uint8_t signature[512];
	size_t n = sizeof signature;
	EVP_PKEY_CTX *how;

	base64url_put(&token, header, strlen(header));
	buffer_puts(&token, ".e30");
	assert_int_equal(EVP_DigestSignInit(c, &how, hash, NULL, key), 1);
	if (salt != 0) {
		EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING);
		EVP_PKEY_CTX_set_rsa_pss_saltlen(how, salt);
	}
	assert_int_equal(EVP_DigestSign(c, signature, &n,
			     (const uint8_t *)token.at, token.length),
	    1);
	EVP_MD_CTX_free(c);
	buffer_putc(&token, '.');
	base64url_put(&token, signature, n);
	return token;
}

static bool
is_good(const struct buffer *token, const struct public_key *key)
{
	struct jwt jwt;
	bool good;

	assert_int_equal(jwt_parse(buffer_slice(token), &jwt), ACTAS_OK);
	good = jwt_verify(&jwt, key);
	jwt_release(&jwt);
	return good;
}

static const struct {
	const char *header;
	const char *hash;
	int salt;
	bool good;
} signatures[] = {
    {"{\"alg\":\"RS256\"}", "SHA256", 0, true},
    {"{\"alg\":\"RS256\"}", "SHA1", 0, false},
    {"{\"alg\":\"RS256\"}", "SHA512", 0, false},
    {"{\"alg\":\"RS256\"}", "SHA256", 32, false},
    {"{\"alg\":\"PS256\"}", "SHA256", 32, true},
    {"{\"alg\":\"PS256\"}", "SHA256", 0, false},
    {"{\"alg\":\"PS256\"}", "SHA256", 20, false},
    {"{\"alg\":\"PS256\"}", "SHA256", 222, false}, /* the longest */
    {"{\"alg\":\"PS256\"}", "SHA384", 48, false},
    {"{\"alg\":\"PS256\"}", "SHA1", 20, false},
    {"{\"alg\":\"ES256\"}", "SHA256", 0, false},
    {"{\"alg\":\"RS512\"}", "SHA512", 0, false},
    {"{\"alg\":\"RS512\"}", "SHA256", 0, false},
    {"{\"alg\":\"none\"}", "SHA256", 0, false},
    {"{\"alg\":\"HS256\"}", "SHA256", 0, false},
    {"{}", "SHA256", 0, false},
};

static void
an_rsa_signature_is_of_its_algorithm(void **state ACTAS_UNUSED)
{
	for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
		struct buffer token = sign(rsa, signatures[i].header,
		    EVP_get_digestbyname(signatures[i].hash),
		    signatures[i].salt);

		if (is_good(&token, rsa_public) != signatures[i].good)
			fail_msg("row %zu", i);
		buffer_release(&token);
	}
}

/* The same signature under a header that claims another algorithm. */
static void
the_header_is_signed_too(void **state ACTAS_UNUSED)
{
	struct buffer token = sign(rsa, "{\"alg\":\"RS256\"}", EVP_sha256(), 0);
	struct buffer other = {0};
	struct slice rest = slice_from(
	    buffer_slice(&token), slice_find(buffer_slice(&token), SLICE(".")));
	static const char *const headers[] = {"{\"alg\":\"PS256\"}",
	    "{\"alg\":\"none\"}", "{\"alg\":\"RS256\",\"kid\":\"x\"}"};

	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		buffer_clear(&other);
		base64url_put(&other, headers[i], strlen(headers[i]));
		buffer_add(&other, rest);
		assert_false(is_good(&other, rsa_public));
	}
	assert_true(is_good(&token, rsa_public));
	buffer_release(&token);
	buffer_release(&other);
}

/* The classic: the public key, which everybody has, as the key of an HMAC. */
static void
a_public_key_is_no_hmac_key(void **state ACTAS_UNUSED)
{
	static const char *const headers[] = {
	    "{\"alg\":\"HS256\"}", "{\"alg\":\"RS256\"}"};
	uint8_t *der = NULL, mac[32];
	int n = i2d_PUBKEY(rsa, &der);

	for (size_t i = 0; i < 2; i++) {
		struct buffer token = {0};

		base64url_put(&token, headers[i], strlen(headers[i]));
		buffer_puts(&token, ".e30");
		assert_non_null(HMAC(EVP_sha256(), der, n,
		    (const uint8_t *)token.at, token.length, mac, NULL));
		buffer_putc(&token, '.');
		base64url_put(&token, mac, sizeof mac);
		assert_false(is_good(&token, rsa_public));
		assert_false(is_good(&token, p256_public));
		buffer_release(&token);
	}
	OPENSSL_free(der);
}

static void
no_signature_is_no_signature(void **state ACTAS_UNUSED)
{
	static const char *const headers[] = {"{\"alg\":\"none\"}",
	    "{\"alg\":\"RS256\"}", "{\"alg\":\"PS256\"}", "{\"alg\":\"ES256\"}",
	    "{}"};

	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		struct buffer token = {0};

		base64url_put(&token, headers[i], strlen(headers[i]));
		buffer_puts(&token, ".e30.");
		assert_false(is_good(&token, rsa_public));
		assert_false(is_good(&token, p256_public));
		buffer_release(&token);
	}
}

/* Both forms of an ES256 signature: r and s of the DER that OpenSSL makes. */
static struct buffer
raw_of(struct slice token, struct buffer *der)
{
	struct buffer raw = {0}, signature = {0};
	size_t last =
	    (size_t)((const char *)memrchr(token.at, '.', token.length) -
		token.at);
	const uint8_t *at;
	ECDSA_SIG *pair;
	uint8_t bytes[64];

	assert_int_equal(
	    base64url_get(slice_from(token, last + 1), der), ACTAS_OK);
	at = (const uint8_t *)der->at;
	pair = d2i_ECDSA_SIG(NULL, &at, (long)der->length);
	assert_non_null(pair);
	assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(pair), bytes, 32), 32);
	assert_int_equal(
	    BN_bn2binpad(ECDSA_SIG_get0_s(pair), bytes + 32, 32), 32);
	ECDSA_SIG_free(pair);
	base64url_put(&signature, bytes, sizeof bytes);
	buffer_add(&raw, slice_sub(token, 0, last + 1));
	buffer_add(&raw, buffer_slice(&signature));
	buffer_release(&signature);
	return raw;
}

static void
es256_is_raw_or_der(void **state ACTAS_UNUSED)
{
	for (int i = 0; i < 50; i++) { /* short r and s, too */
		struct buffer der = {0}, raw;
		struct buffer token =
		    sign(p256, "{\"alg\":\"ES256\"}", EVP_sha256(), 0);

		raw = raw_of(buffer_slice(&token), &der);
		assert_true(is_good(&token, p256_public));
		assert_true(is_good(&raw, p256_public));
		assert_false(is_good(&raw, rsa_public));
		buffer_release(&token);
		buffer_release(&raw);
		buffer_release(&der);
	}
}

static void
an_es256_signature_has_its_length_and_range(void **state ACTAS_UNUSED)
{
	static const struct {
		size_t length;
		char fill;
	} bad[] = {{64, 0}, {64, '\xff'}, {63, 1}, {65, 1}, {32, 1}, {1, 0x30},
	    {72, 0x30}, {64, 0x30}};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct buffer token = {0};
		char bytes[80];

		memset(bytes, bad[i].fill, sizeof bytes);
		buffer_puts(&token, "eyJhbGciOiJFUzI1NiJ9.e30.");
		base64url_put(&token, bytes, bad[i].length);
		assert_false(is_good(&token, p256_public));
		buffer_release(&token);
	}
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

static void
other_kinds_of_keys_are_refused(void **state ACTAS_UNUSED)
{
	EVP_PKEY *const keys[] = {
	    EVP_RSA_gen(1024),
	    EVP_EC_gen("P-384"),
	    EVP_EC_gen("secp256k1"),
	    EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"),
	    rsa_pss(),
	};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		assert_non_null(keys[i]);
		assert_null(public_key_new(keys[i]));
	}
	assert_null(public_key_new(NULL));
	public_key_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(published_tokens_verify),
	    cmocka_unit_test(a_key_verifies_its_kind_only),
	    cmocka_unit_test(a_jwk_may_leave_one_algorithm),
	    cmocka_unit_test(what_is_no_key_that_signs_is_refused),
	    cmocka_unit_test(a_modulus_has_a_ceiling),
	    cmocka_unit_test(an_rsa_signature_is_of_its_algorithm),
	    cmocka_unit_test(the_header_is_signed_too),
	    cmocka_unit_test(a_public_key_is_no_hmac_key),
	    cmocka_unit_test(no_signature_is_no_signature),
	    cmocka_unit_test(es256_is_raw_or_der),
	    cmocka_unit_test(an_es256_signature_has_its_length_and_range),
	    cmocka_unit_test(other_kinds_of_keys_are_refused),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
