#ifndef KEYS_SIGNER_H
#define KEYS_SIGNER_H

/*
 * Keys that sign tokens (RSA-2048, RS256), and the public keys of others.
 * A key's id (kid) is its certificate's SHA-1 thumbprint, base64url, as
 * Entra's is.
 */

#include "keys/master.h"

#include <jansson.h>

struct signing_key; /* private */
struct public_key;  /* RSA or EC, to verify with */

/* A new key with a self-signed certificate, valid from 'now'. */
enum actas_error signing_key_new(
    moment now, struct signing_key **key) ACTAS_MUST_USE;
/* The private key in DER, sealed under the master, and back. */
enum actas_error signing_key_seal(const struct signing_key *key,
    const struct master *m, struct buffer *sealed) ACTAS_MUST_USE;
/* 'certificate': DER. */
enum actas_error signing_key_unseal(struct slice sealed,
    struct slice certificate, const struct master *m,
    struct signing_key **key) ACTAS_MUST_USE;
void signing_key_free(struct signing_key *key);
const char *signing_key_id(const struct signing_key *key);
struct slice signing_key_certificate(const struct signing_key *key); /* DER */
/* The key's JWK: kty, use, kid, x5t, n, e, x5c. New reference or NULL. */
json_t *signing_key_jwk(const struct signing_key *key);
/* "header.claims.signature" with RS256, appended. Any thread. */
enum actas_error signing_key_sign(const struct signing_key *key,
    const json_t *claims, struct buffer *token) ACTAS_MUST_USE;

/* A certificate in DER or PEM: its public key and both thumbprints. */
struct certificate {
	struct public_key *key;
	uint8_t sha1[20], sha256[32];
	moment from, until;
	char subject[256];
};
enum actas_error certificate_read(struct slice text,
    struct certificate *certificate, struct fault *fault) ACTAS_MUST_USE;
void certificate_release(struct certificate *certificate);
/* A key of a JWKS; NULL for kinds that are not known. */
struct public_key *public_key_of_jwk(const json_t *jwk);
struct public_key *public_key_of_signer(const struct signing_key *key);
void public_key_free(struct public_key *key);

#endif
