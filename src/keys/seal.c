/*
 * AES-256-GCM under random nonces. One key seals at most 2^32 values before
 * two nonces are likely to meet; a vault has a key of its own, and at a
 * thousand writes a second that is 49 days of nothing but writes.
 */

#include "keys/master.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

enum { KEY = 32, NONCE = 12, TAG = 16, AROUND = NONCE + TAG };

/* What EVP counts with an int. */
static const size_t most = INT_MAX - AROUND;

static bool
update(EVP_CIPHER_CTX *c, uint8_t *into, struct slice from)
{
	int n;

	return from.length == 0 ||
	    EVP_CipherUpdate(
		c, into, &n, (const uint8_t *)from.at, (int)from.length) == 1;
}

static bool
start(EVP_CIPHER_CTX *c, const struct secret_bytes *key, const uint8_t *nonce,
    struct slice about, int encrypt)
{
	return EVP_CipherInit_ex2(
		   c, EVP_aes_256_gcm(), key->at, nonce, encrypt, NULL) == 1 &&
	    update(c, NULL, about);
}

static bool
encrypt(const struct secret_bytes *key, struct slice about, struct slice plain,
    uint8_t *nonce)
{
	uint8_t *text = nonce + NONCE, *tag = text + plain.length;
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int n;
	bool done = c != NULL && RAND_bytes(nonce, NONCE) == 1 &&
	    start(c, key, nonce, about, 1) && update(c, text, plain) &&
	    EVP_CipherFinal_ex(c, tag, &n) == 1 &&
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG, tag) == 1;

	EVP_CIPHER_CTX_free(c);
	return done;
}

enum actas_error
seal(const struct secret_bytes *key, struct slice about, struct slice plain,
    struct buffer *sealed)
{
	size_t before = sealed->length;

	if (key->length != KEY)
		return ACTAS_EUSAGE;
	if (about.length > most || plain.length > most)
		return ACTAS_ELIMIT;
	buffer_fill(sealed, '\0', AROUND + plain.length);
	if (sealed->error != ACTAS_OK)
		return sealed->error;
	if (encrypt(key, about, plain, (uint8_t *)sealed->at + before))
		return ACTAS_OK;
	ERR_clear_error();
	secret_wipe(sealed->at + before, sealed->length - before);
	sealed->length = before;
	return ACTAS_ENOMEM;
}

/* ACTAS_EPARSE alone means that it was not sealed so. */
static enum actas_error
decrypt(const struct secret_bytes *key, struct slice about,
    const uint8_t *nonce, struct secret_bytes *plain)
{
	const uint8_t *text = nonce + NONCE;
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	enum actas_error error = ACTAS_ENOMEM;
	uint8_t tag[TAG], rest[TAG];
	int n;

	memcpy(tag, text + plain->length, TAG);
	if (c != NULL && start(c, key, nonce, about, 0) &&
	    update(c, plain->at,
		(struct slice){(const char *)text, plain->length}) &&
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1)
		error = EVP_CipherFinal_ex(c, rest, &n) == 1 ? ACTAS_OK
							     : ACTAS_EPARSE;
	EVP_CIPHER_CTX_free(c);
	return error;
}

enum actas_error
unseal(const struct secret_bytes *key, struct slice about, struct slice sealed,
    struct secret_bytes *plain)
{
	enum actas_error error;

	*plain = (struct secret_bytes){0};
	if (key->length != KEY)
		return ACTAS_EUSAGE;
	if (about.length > most || sealed.length > most)
		return ACTAS_ELIMIT;
	if (sealed.length < AROUND)
		return ACTAS_EPARSE;
	error = secret_bytes_new(sealed.length - AROUND, plain);
	if (error != ACTAS_OK)
		return error;
	error = decrypt(key, about, (const uint8_t *)sealed.at, plain);
	if (error == ACTAS_OK)
		return ACTAS_OK;
	ERR_clear_error();
	secret_bytes_release(plain);
	return error;
}
