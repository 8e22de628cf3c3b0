#include "keys/client_secret.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

/* The first character is a letter or digit: a secret that began with "-" or
 * "~" would be an option, or a home, on somebody's command line. */
static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789~._-";

enum { FIRST = 62, ANY = sizeof alphabet - 1 };

/* A seam that draws nothing of use is no chance. */
enum { DRAWS_MOST = 64 };

/* Characters from chance, after those that are there; a byte past the last
 * multiple of the alphabet's size would favour its beginning, and is left
 * out. */
static size_t
draw(const struct secret_bytes *chances, struct secret_bytes *secret,
    size_t done)
{
	for (size_t i = 0; i < chances->length && done < secret->length; i++) {
		unsigned count = done == 0 ? FIRST : ANY;
		unsigned byte = chances->at[i];

		if (byte < 256 / count * count)
			secret->at[done++] = (uint8_t)alphabet[byte % count];
	}
	return done;
}

enum actas_error
client_secret_new(struct chance chance, struct secret_bytes *secret)
{
	struct secret_bytes chances = {0};
	size_t done = 0;
	enum actas_error error = secret_bytes_new(CLIENT_SECRET_LENGTH, secret);

	if (error == ACTAS_OK)
		error = secret_bytes_new(2 * CLIENT_SECRET_LENGTH, &chances);
	for (int i = 0; error == ACTAS_OK && done < secret->length; i++) {
		if (i < DRAWS_MOST &&
		    chance.fill(chance.context, chances.at, chances.length))
			done = draw(&chances, secret, done);
		else
			error = ACTAS_EIO;
	}
	secret_bytes_release(&chances);
	if (error != ACTAS_OK)
		secret_bytes_release(secret);
	return error;
}

enum actas_error
client_secret_hash(const struct master *m, struct slice secret,
    uint8_t hash[static CLIENT_SECRET_HASH])
{
	const struct secret_bytes *key = master_key(m, PURPOSE_CLIENT_SECRETS);
	const char *at = secret.at == NULL ? "" : secret.at;

	if (HMAC(EVP_sha256(), key->at, (int)key->length, (const uint8_t *)at,
		secret.length, hash, NULL) != NULL)
		return ACTAS_OK;
	ERR_clear_error();
	return ACTAS_ENOMEM;
}

bool
client_secret_matches(const struct master *m, struct slice secret,
    const uint8_t hash[static CLIENT_SECRET_HASH])
{
	uint8_t own[CLIENT_SECRET_HASH];

	return client_secret_hash(m, secret, own) == ACTAS_OK &&
	    CRYPTO_memcmp(own, hash, sizeof own) == 0;
}
