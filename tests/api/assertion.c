#include "assertion.h"

#include "keys/jwt.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <stdio.h>

static void
put_hex(char *into, const unsigned char *at, unsigned length)
{
	for (unsigned i = 0; i < length; i++)
		snprintf(into + 2 * i, 3, "%02X", at[i]);
}

static void
certify(struct signer *s)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned length;
	X509_NAME *name;

	s->certificate = X509_new();
	assert_non_null(s->certificate);
	X509_set_version(s->certificate, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(s->certificate), 1);
	ASN1_TIME_set(X509_getm_notBefore(s->certificate), 1767225600);
	ASN1_TIME_set(X509_getm_notAfter(s->certificate), 1798761600);
	name = X509_get_subject_name(s->certificate);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
	    (const unsigned char *)"spn-reader", -1, -1, 0);
	X509_set_issuer_name(s->certificate, name);
	X509_set_pubkey(s->certificate, s->key);
	assert_true(X509_sign(s->certificate, s->key, EVP_sha256()) > 0);
	assert_int_equal(
	    X509_digest(s->certificate, EVP_sha1(), hash, &length), 1);
	put_hex(s->sha1, hash, length);
	assert_int_equal(
	    X509_digest(s->certificate, EVP_sha256(), hash, &length), 1);
	put_hex(s->sha256, hash, length);
}

struct signer
signer_new(const char *kind)
{
	struct signer s = {0};

	s.key =
	    strcmp(kind, "RSA") == 0 ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
	assert_non_null(s.key);
	certify(&s);
	return s;
}

void
signer_free(struct signer *s)
{
	EVP_PKEY_free(s->key);
	X509_free(s->certificate);
}

const char *
signer_thumbprint(struct fixture *f, const char *hex, bool padded)
{
	unsigned char bytes[32];
	struct buffer text = {0};
	size_t length = strlen(hex) / 2;
	const char *kept;

	for (size_t i = 0; i < length; i++)
		bytes[i] = (unsigned char)(ascii_hex_digit(hex[2 * i]) << 4 |
		    ascii_hex_digit(hex[2 * i + 1]));
	base64url_put(&text, bytes, length);
	while (padded && text.length % 4 != 0)
		buffer_putc(&text, '=');
	kept = arena_text(&f->arena, buffer_slice(&text));
	buffer_release(&text);
	return kept;
}

const char *
signer_certificate(struct fixture *f, const struct signer *s)
{
	unsigned char *der = NULL;
	int length = i2d_X509(s->certificate, &der);
	struct buffer text = {0};
	const char *kept;

	assert_true(length > 0);
	base64_put(&text, der, (size_t)length);
	kept = arena_text(&f->arena, buffer_slice(&text));
	buffer_release(&text);
	OPENSSL_free(der);
	return kept;
}

static const char *
number(struct fixture *f, const struct signer *s, const char *name)
{
	unsigned char bytes[512];
	struct buffer text = {0};
	BIGNUM *value = NULL;
	const char *kept;
	int length;

	assert_int_equal(EVP_PKEY_get_bn_param(s->key, name, &value), 1);
	length = BN_bn2bin(value, bytes);
	base64url_put(&text, bytes, (size_t)length);
	kept = arena_text(&f->arena, buffer_slice(&text));
	buffer_release(&text);
	BN_free(value);
	return kept;
}

const char *
signer_jwks(struct fixture *f, const struct signer *s, const char *kid)
{
	return arena_printf(&f->arena,
	    "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"odd\",\"k\":\"AAAA\"},"
	    "{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"%s\",\"n\":\"%s\","
	    "\"e\":\"%s\"}]}",
	    kid, number(f, s, OSSL_PKEY_PARAM_RSA_N),
	    number(f, s, OSSL_PKEY_PARAM_RSA_E));
}

/* --- signing --- */

static void
put_part(struct buffer *out, const char *json)
{
	struct buffer text = {0};

	for (const char *c = json; *c != '\0'; c++)
		buffer_putc(&text, *c == '\'' ? '"' : *c);
	base64url_put(out, text.at, text.length);
	buffer_release(&text);
}

/* An ECDSA signature in DER as its two numbers, 32 bytes each. */
static size_t
to_raw(unsigned char *signature, size_t length)
{
	const unsigned char *at = signature;
	ECDSA_SIG *both = d2i_ECDSA_SIG(NULL, &at, (long)length);

	assert_non_null(both);
	BN_bn2binpad(ECDSA_SIG_get0_r(both), signature, 32);
	BN_bn2binpad(ECDSA_SIG_get0_s(both), signature + 32, 32);
	ECDSA_SIG_free(both);
	return 64;
}

static void
put_signature(
    struct buffer *out, const struct signer *s, enum signature signature)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char bytes[512];
	size_t length = sizeof bytes;
	EVP_PKEY_CTX *options;

	assert_int_equal(
	    EVP_DigestSignInit(context, &options, EVP_sha256(), NULL, s->key),
	    1);
	if (signature == SIGN_PS256) {
		EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
		EVP_PKEY_CTX_set_rsa_pss_saltlen(
		    options, RSA_PSS_SALTLEN_DIGEST);
	}
	assert_int_equal(
	    EVP_DigestSign(context, bytes, &length,
		(const unsigned char *)out->at,
		signature == SIGN_BADLY ? out->length - 1 : out->length),
	    1);
	EVP_MD_CTX_free(context);
	if (signature == SIGN_ES256)
		length = to_raw(bytes, length);
	buffer_putc(out, '.');
	base64url_put(out, bytes, length);
}

const char *
signer_sign(struct fixture *f, const struct signer *s, enum signature signature,
    const char *header, const char *claims)
{
	struct buffer text = {0};
	const char *kept;

	put_part(&text, header);
	buffer_putc(&text, '.');
	put_part(&text, claims);
	put_signature(&text, s, signature);
	kept = arena_text(&f->arena, buffer_slice(&text));
	buffer_release(&text);
	return kept;
}

const char *
assertion_form(struct fixture *f, const char *client_id, const char *assertion)
{
	return arena_printf(&f->arena,
	    "%s&client_id=%s&client_assertion=%s&client_assertion_type="
	    "urn%%3Aietf%%3Aparams%%3Aoauth%%3Aclient-assertion-type%%3Ajwt-"
	    "bearer%s",
	    GRANT, client_id, assertion, VAULT_SCOPE);
}
