/*
 * Which keys may verify what. A key has one kind, a kind has its algorithms,
 * and a JWK may leave one of them; a token's header chooses among what is
 * left and nothing else, so that no token can talk its way to a weaker check.
 */

#include "keys/public_key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

enum { LEAST_RSA_BITS = 2048, MOST_RSA_BITS = 8192, P256_PART = 32 };
/* An RSA exponent longer than that makes verifying slow and nothing safer. */
enum { MOST_EXPONENT_BITS = 64 };

enum key_kind { KIND_RSA, KIND_P256 };

struct public_key {
	EVP_PKEY *key;
	enum key_kind kind;
	enum jwt_algorithm only; /* JWT_OTHER: all that fit the kind */
};

static bool
is_sound_rsa(EVP_PKEY *key)
{
	BIGNUM *e = NULL;
	int bits = EVP_PKEY_get_bits(key);
	bool sound = bits >= LEAST_RSA_BITS && bits <= MOST_RSA_BITS &&
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1 &&
	    BN_is_odd(e) && !BN_is_one(e) &&
	    BN_num_bits(e) <= MOST_EXPONENT_BITS;

	BN_free(e);
	return sound;
}

/* A curve that is spelled out is not taken for the one that it resembles. */
static bool
is_p256(EVP_PKEY *key)
{
	char group[64] = "";
	int is_explicit = 0;

	return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME,
		   group, sizeof group, NULL) == 1 &&
	    strcmp(group, SN_X9_62_prime256v1) == 0 &&
	    EVP_PKEY_get_int_param(key,
		OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS,
		&is_explicit) == 1 &&
	    is_explicit == 0;
}

static bool
kind_of(EVP_PKEY *key, enum key_kind *kind)
{
	*kind = EVP_PKEY_is_a(key, "EC") == 1 ? KIND_P256 : KIND_RSA;
	if (*kind == KIND_P256)
		return is_p256(key);
	return EVP_PKEY_is_a(key, "RSA") == 1 && is_sound_rsa(key);
}

struct public_key *
public_key_new(EVP_PKEY *key)
{
	struct public_key *made = NULL;
	enum key_kind kind;

	if (key != NULL && kind_of(key, &kind))
		made = mem_zero(1, sizeof *made);
	if (made == NULL) {
		ERR_clear_error();
		EVP_PKEY_free(key);
		return NULL;
	}
	made->key = key;
	made->kind = kind;
	return made;
}

void
public_key_free(struct public_key *key)
{
	if (key != NULL)
		EVP_PKEY_free(key->key);
	mem_free(key);
}

/* A raw signature of P-256 as the DER that OpenSSL wants, appended. */
static bool
der_of_raw(struct slice raw, struct buffer *der)
{
	const uint8_t *at = (const uint8_t *)raw.at;
	ECDSA_SIG *pair = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(at, P256_PART, NULL);
	BIGNUM *s = BN_bin2bn(at + P256_PART, P256_PART, NULL);
	uint8_t text[80], *end = text;
	int n = 0;

	if (pair != NULL && r != NULL && s != NULL &&
	    ECDSA_SIG_set0(pair, r, s) == 1) {
		r = s = NULL; /* the pair's now */
		n = i2d_ECDSA_SIG(pair, &end);
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(pair);
	buffer_add(
	    der, (struct slice){(const char *)text, (size_t)(n > 0 ? n : 0)});
	return n > 0 && der->error == ACTAS_OK;
}

static bool
verify(const struct public_key *key, bool pss, struct slice text,
    struct slice signature)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how;
	bool good = c != NULL &&
	    EVP_DigestVerifyInit(c, &how, EVP_sha256(), NULL, key->key) == 1;

	if (good && pss)
		good = EVP_PKEY_CTX_set_rsa_padding(
			   how, RSA_PKCS1_PSS_PADDING) == 1 &&
		    EVP_PKEY_CTX_set_rsa_pss_saltlen(
			how, RSA_PSS_SALTLEN_DIGEST) == 1;
	good = good &&
	    EVP_DigestVerify(c, (const uint8_t *)signature.at, signature.length,
		(const uint8_t *)text.at, text.length) == 1;
	if (!good)
		ERR_clear_error();
	EVP_MD_CTX_free(c);
	return good;
}

static bool
verify_p256(
    const struct public_key *key, struct slice text, struct slice signature)
{
	struct buffer der = {0};
	bool good;

	/* DER of so few bytes comes once in 2^48 signatures. */
	if (signature.length != 2 * P256_PART)
		return verify(key, false, text, signature);
	good = der_of_raw(signature, &der) &&
	    verify(key, false, text, buffer_slice(&der));
	buffer_release(&der);
	return good;
}

bool
public_key_verify(const struct public_key *key, enum jwt_algorithm algorithm,
    struct slice text, struct slice signature)
{
	if (signature.length == 0 ||
	    (key->only != JWT_OTHER && key->only != algorithm))
		return false;
	switch (algorithm) {
	case JWT_RS256:
	case JWT_PS256:
		return key->kind == KIND_RSA &&
		    verify(key, algorithm == JWT_PS256, text, signature);
	case JWT_ES256:
		return key->kind == KIND_P256 &&
		    verify_p256(key, text, signature);
	case JWT_OTHER:
		break;
	}
	return false;
}

static EVP_PKEY *
key_from(const char *type, OSSL_PARAM_BLD *parts)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(parts);
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (params == NULL || c == NULL || EVP_PKEY_fromdata_init(c) != 1 ||
	    EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(c);
	OSSL_PARAM_free(params);
	return key;
}

/* A JWK's number; NULL where it is missing or too long. */
static BIGNUM *
number_of(const json_t *jwk, const char *name)
{
	struct buffer octets = {.ceiling = MOST_RSA_BITS / 8 + 1};
	BIGNUM *number = NULL;

	if (base64url_get(jwt_text(jwk, name), &octets) == ACTAS_OK &&
	    octets.length > 0)
		number = BN_bin2bn(
		    (const uint8_t *)octets.at, (int)octets.length, NULL);
	buffer_release(&octets);
	return number;
}

static EVP_PKEY *
rsa_of_jwk(const json_t *jwk)
{
	OSSL_PARAM_BLD *parts = OSSL_PARAM_BLD_new();
	BIGNUM *n = number_of(jwk, "n"), *e = number_of(jwk, "e");
	EVP_PKEY *key = NULL;

	if (parts != NULL && n != NULL && e != NULL &&
	    OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_E, e) == 1)
		key = key_from("RSA", parts);
	BN_free(n);
	BN_free(e);
	OSSL_PARAM_BLD_free(parts);
	return key;
}

static EVP_PKEY *
p256_of_jwk(const json_t *jwk)
{
	struct buffer point = {0};
	OSSL_PARAM_BLD *parts = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;

	buffer_putc(&point, '\x04'); /* uncompressed */
	if (parts != NULL && slice_eq(jwt_text(jwk, "crv"), SLICE("P-256")) &&
	    base64url_get(jwt_text(jwk, "x"), &point) == ACTAS_OK &&
	    point.length == 1 + P256_PART &&
	    base64url_get(jwt_text(jwk, "y"), &point) == ACTAS_OK &&
	    point.length == 1 + 2 * P256_PART &&
	    OSSL_PARAM_BLD_push_utf8_string(parts, OSSL_PKEY_PARAM_GROUP_NAME,
		SN_X9_62_prime256v1, 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(
		parts, OSSL_PKEY_PARAM_PUB_KEY, point.at, point.length) == 1)
		key = key_from("EC", parts);
	OSSL_PARAM_BLD_free(parts);
	buffer_release(&point);
	return key;
}

static const struct {
	struct slice type;
	EVP_PKEY *(*read)(const json_t *jwk);
} types[] = {
    {{"RSA", 3}, rsa_of_jwk},
    {{"EC", 2}, p256_of_jwk},
};

static EVP_PKEY *
read_jwk(const json_t *jwk)
{
	struct slice use = jwt_text(jwk, "use");

	if (use.at != NULL && !slice_eq(use, SLICE("sig")))
		return NULL;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (slice_eq(jwt_text(jwk, "kty"), types[i].type))
			return types[i].read(jwk);
	return NULL;
}

struct public_key *
public_key_of_jwk(const json_t *jwk)
{
	struct slice name = jwt_text(jwk, "alg");
	enum jwt_algorithm only = jwt_algorithm_named(name);
	struct public_key *key;

	if (name.at != NULL && only == JWT_OTHER)
		return NULL;
	key = public_key_new(read_jwk(jwk));
	ERR_clear_error();
	if (key != NULL)
		key->only = only;
	return key;
}
