/*
 * Of a signing key everything that does not change is made once: the key
 * decoded, the header of its tokens encoded. What is left to do for a token
 * is RSA.
 *
 * The private key's numbers lie in the secure heap (OpenSSL puts d, p, q and
 * their kin there). Outside it, in the ordinary heap and for as long as the
 * key lives, are the Montgomery forms of p and q that OpenSSL keeps to be
 * fast; during a signature, its scratch numbers; while a key is sealed or
 * unsealed, its DER, which OpenSSL wipes.
 */

#include "keys/issue.h"
#include "keys/public_key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

enum { KEY_BITS = 2048, YEARS = 5, SKEW = 300 };

struct signing_key {
	EVP_PKEY *key;
	struct buffer certificate; /* DER */
	struct buffer id;
	struct buffer header; /* of its tokens, base64url, with the "." */
};

static bool
make_id(struct signing_key *key)
{
	struct slice der = buffer_slice(&key->certificate);
	uint8_t hash[20];

	if (EVP_Digest(der.at, der.length, hash, NULL, EVP_sha1(), NULL) != 1)
		return false;
	base64url_put(&key->id, hash, sizeof hash);
	return key->id.error == ACTAS_OK;
}

static bool
make_header(struct signing_key *key)
{
	struct buffer text = {0};
	const char *id = buffer_text(&key->id);

	buffer_addf(&text,
	    "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5t\":\"%s\",\"kid\":\"%s\"}",
	    id, id);
	if (text.error == ACTAS_OK)
		base64url_put(&key->header, text.at, text.length);
	buffer_putc(&key->header, '.');
	buffer_release(&text);
	return key->header.error == ACTAS_OK && key->header.length > 1;
}

/* What follows from key and certificate. Takes neither. */
static enum actas_error
finish(struct signing_key *made, struct signing_key **key)
{
	if (made != NULL && made->key != NULL && make_id(made) &&
	    make_header(made)) {
		*key = made;
		return ACTAS_OK;
	}
	ERR_clear_error();
	signing_key_free(made);
	return ACTAS_ENOMEM;
}

static bool
certify(struct signing_key *key, moment now)
{
	struct issue i = {
	    .organisation = "actas",
	    .name = "actas token signing",
	    .from = now - SKEW,
	    .until = now + YEARS * 365 * MOMENT_DAY,
	    .subject_key = key->key,
	};
	X509 *x = issue_begin(&i);
	bool made = x != NULL &&
	    issue_extension(x, &i, NID_subject_key_identifier, "hash") &&
	    issue_extension(
		x, &i, NID_key_usage, "critical,digitalSignature") &&
	    issue_sign(x, &i) && issue_der(x, &key->certificate);

	X509_free(x);
	return made;
}

enum actas_error
signing_key_new(moment now, struct signing_key **key)
{
	struct signing_key *made;

	*key = NULL;
	if (secrets_heap() != ACTAS_OK)
		return ACTAS_ENOMEM;
	made = mem_zero(1, sizeof *made);
	if (made == NULL)
		return ACTAS_ENOMEM;
	made->key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)KEY_BITS);
	if (made->key != NULL && certify(made, now))
		return finish(made, key);
	ERR_clear_error();
	signing_key_free(made);
	return ACTAS_ENOMEM;
}

/* What a sealed key is bound to: the certificate that goes with it. */
static void
bound_to(struct slice certificate, struct buffer *about)
{
	buffer_puts(about, "actas signing key ");
	buffer_add(about, certificate);
}

enum actas_error
signing_key_seal(const struct signing_key *key, const struct master *m,
    struct buffer *sealed)
{
	struct buffer about = {0};
	struct secret_bytes der = {0};
	int n = i2d_PrivateKey(key->key, NULL);
	enum actas_error error =
	    n > 0 ? secret_bytes_new((size_t)n, &der) : ACTAS_ENOMEM;
	uint8_t *end = der.at;

	bound_to(buffer_slice(&key->certificate), &about);
	if (error == ACTAS_OK && about.error != ACTAS_OK)
		error = about.error;
	if (error == ACTAS_OK && i2d_PrivateKey(key->key, &end) != n)
		error = ACTAS_ENOMEM;
	if (error == ACTAS_OK)
		error = seal(master_key(m, PURPOSE_SIGNING_KEYS),
		    buffer_slice(&about), secret_bytes_reveal(&der), sealed);
	ERR_clear_error();
	secret_bytes_release(&der);
	buffer_release(&about);
	return error;
}

static EVP_PKEY *
read_private(const struct secret_bytes *der)
{
	const uint8_t *at = der->at;

	return d2i_AutoPrivateKey(NULL, &at, (long)der->length);
}

/* Whether the certificate is the key's own. */
static bool
belong(struct slice certificate, EVP_PKEY *key)
{
	const uint8_t *at = (const uint8_t *)certificate.at;
	X509 *x = d2i_X509(NULL, &at, (long)certificate.length);
	bool do_they = x != NULL && EVP_PKEY_is_a(key, "RSA") == 1 &&
	    EVP_PKEY_eq(X509_get0_pubkey(x), key) == 1;

	X509_free(x);
	return do_they;
}

static enum actas_error
take_apart(const struct secret_bytes *der, struct slice certificate,
    struct signing_key **key)
{
	struct signing_key *made = mem_zero(1, sizeof *made);

	if (made == NULL)
		return ACTAS_ENOMEM;
	made->key = read_private(der);
	if (made->key == NULL || !belong(certificate, made->key)) {
		ERR_clear_error();
		signing_key_free(made);
		return ACTAS_EPARSE;
	}
	buffer_add(&made->certificate, certificate);
	return finish(made, key);
}

enum actas_error
signing_key_unseal(struct slice sealed, struct slice certificate,
    const struct master *m, struct signing_key **key)
{
	struct buffer about = {0};
	struct secret_bytes der = {0};
	enum actas_error error;

	*key = NULL;
	bound_to(certificate, &about);
	error = about.error;
	if (error == ACTAS_OK)
		error = unseal(master_key(m, PURPOSE_SIGNING_KEYS),
		    buffer_slice(&about), sealed, &der);
	if (error == ACTAS_OK)
		error = take_apart(&der, certificate, key);
	secret_bytes_release(&der);
	buffer_release(&about);
	return error;
}

void
signing_key_free(struct signing_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->key);
	buffer_release(&key->certificate);
	buffer_release(&key->id);
	buffer_release(&key->header);
	mem_free(key);
}

const char *
signing_key_id(const struct signing_key *key)
{
	return buffer_text(&key->id);
}

struct slice
signing_key_certificate(const struct signing_key *key)
{
	return buffer_slice(&key->certificate);
}

/* A number of the public key, as a JWK has it. */
static json_t *
jwk_number(const struct signing_key *key, const char *name)
{
	struct buffer text = {0};
	BIGNUM *number = NULL;
	uint8_t bytes[KEY_BITS / 8];
	int n = -1;

	if (EVP_PKEY_get_bn_param(key->key, name, &number) == 1 &&
	    BN_num_bytes(number) <= (int)sizeof bytes)
		n = BN_bn2bin(number, bytes);
	BN_free(number);
	if (n > 0)
		base64url_put(&text, bytes, (size_t)n);
	json_t *value =
	    text.length > 0 ? json_stringn(text.at, text.length) : NULL;
	buffer_release(&text);
	return value;
}

static json_t *
jwk_chain(const struct signing_key *key)
{
	struct buffer text = {0};
	json_t *chain;

	base64_put(&text, key->certificate.at, key->certificate.length);
	chain = json_pack("[s%]", text.at, text.length);
	buffer_release(&text);
	return chain;
}

json_t *
signing_key_jwk(const struct signing_key *key)
{
	json_t *n = jwk_number(key, OSSL_PKEY_PARAM_RSA_N);
	json_t *e = jwk_number(key, OSSL_PKEY_PARAM_RSA_E);
	json_t *chain = jwk_chain(key);

	/* The reference to each goes over, also where it fails. */
	return json_pack("{ss ss ss ss so so so}", "kty", "RSA", "use", "sig",
	    "kid", signing_key_id(key), "x5t", signing_key_id(key), "n", n, "e",
	    e, "x5c", chain);
}

struct public_key *
public_key_of_signer(const struct signing_key *key)
{
	const uint8_t *at = (const uint8_t *)key->certificate.at;
	X509 *x = d2i_X509(NULL, &at, (long)key->certificate.length);
	struct public_key *made =
	    x == NULL ? NULL : public_key_new(X509_get_pubkey(x));

	X509_free(x);
	return made;
}

static int
dump_into(const char *text, size_t length, void *context)
{
	struct buffer *out = context;

	buffer_add(out, (struct slice){text, length});
	return out->error == ACTAS_OK ? 0 : -1;
}

/* Appends base64url of the claims. */
static enum actas_error
put_claims(const json_t *claims, struct buffer *token)
{
	struct buffer text = {0};
	/* 15 digits: 1795285455.568 stays that. */
	int result = json_dump_callback(
	    claims, dump_into, &text, JSON_COMPACT | JSON_REAL_PRECISION(15));

	if (result == 0)
		base64url_put(token, text.at, text.length);
	buffer_release(&text);
	return result == 0 ? token->error : ACTAS_ENOMEM;
}

static enum actas_error
put_signature(
    const struct signing_key *key, struct slice text, struct buffer *token)
{
	uint8_t signature[KEY_BITS / 8];
	size_t n = sizeof signature;
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool done = c != NULL &&
	    EVP_DigestSignInit(c, NULL, EVP_sha256(), NULL, key->key) == 1 &&
	    EVP_DigestSign(
		c, signature, &n, (const uint8_t *)text.at, text.length) == 1;

	EVP_MD_CTX_free(c);
	if (!done) {
		ERR_clear_error();
		return ACTAS_ENOMEM;
	}
	buffer_putc(token, '.');
	base64url_put(token, signature, n);
	return token->error;
}

enum actas_error
signing_key_sign(
    const struct signing_key *key, const json_t *claims, struct buffer *token)
{
	size_t before = token->length;
	enum actas_error error;

	buffer_add(token, buffer_slice(&key->header));
	error = token->error;
	if (error == ACTAS_OK)
		error = put_claims(claims, token);
	if (error == ACTAS_OK)
		error = put_signature(
		    key, slice_from(buffer_slice(token), before), token);
	if (error != ACTAS_OK)
		token->length = before;
	return error;
}
