#ifndef KEYS_JWT_H
#define KEYS_JWT_H

/*
 * JSON Web Tokens of others, taken apart and verified. Untrusted: bounded by
 * LIMIT_TOKEN_BYTES, three parts, strict base64url (padding is forgiven, since
 * MSAL Python 1.21 sends it), JSON objects without keys that stand twice.
 */

#include "keys/signer.h"

enum jwt_algorithm {
	JWT_OTHER, /* "none", HS256 and everything else that is refused */
	JWT_RS256,
	JWT_PS256,
	JWT_ES256
};

struct jwt {
	enum jwt_algorithm algorithm;
	json_t *header, *claims;
	struct slice signed_part; /* of the token given */
	struct buffer signature;
};

/* ACTAS_EPARSE, ACTAS_ELIMIT, ACTAS_ENOMEM. 'token' must outlive it. */
enum actas_error jwt_parse(struct slice token, struct jwt *jwt) ACTAS_MUST_USE;
void jwt_release(struct jwt *jwt);
/*
 * Whether the signature is the key's, with an algorithm that fits the key's
 * kind; an ES256 signature may be raw or DER (go-azure-sdk). JWT_OTHER never.
 */
bool jwt_verify(const struct jwt *jwt, const struct public_key *key);

/* Text, or empty where the claim is missing or no text. */
struct slice jwt_text(const json_t *object, const char *name);
/* Seconds; integers and reals, fractions dropped. False where missing. */
bool jwt_moment(const json_t *object, const char *name, moment *when);

/*
 * base64url without padding, appended; and back. Reading is strict but for
 * padding, which may be there if it is complete: no white space, no bits left
 * over, so that one value has one text. ACTAS_EPARSE, ACTAS_ENOMEM; 'out' is
 * then as it was.
 */
void base64url_put(struct buffer *out, const void *at, size_t length);
enum actas_error base64url_get(
    struct slice text, struct buffer *out) ACTAS_MUST_USE;
/* Plain base64 with padding, appended; and back, where it must be there. */
void base64_put(struct buffer *out, const void *at, size_t length);
enum actas_error base64_get(
    struct slice text, struct buffer *out) ACTAS_MUST_USE;
/* SHA-256 of 'text'. ACTAS_ENOMEM: never takes zeros for a hash. */
enum actas_error sha256(
    struct slice text, uint8_t hash[static 32]) ACTAS_MUST_USE;

#endif
