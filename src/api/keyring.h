#ifndef API_KEYRING_H
#define API_KEYRING_H

/*
 * The platform's signing keys, as the state holds them.
 *
 * Each key signs from a moment on ('from') until its successor's comes. A
 * successor is made a day before it begins to sign, so that whoever keeps a
 * copy of the key set has it by then; a key that signs no more verifies for
 * two days longer, which is more than any token lives ('until').
 */

#include "keys/jwt.h"
#include "platform/platform.h"

struct keyring;

enum actas_error keyring_new(struct platform *platform, struct keyring **ring,
    struct fault *fault) ACTAS_MUST_USE;
void keyring_free(struct keyring *ring);

/* Makes the successor of the newest key when it is time, or a first key;
 * takes long then. One thread at a time. */
enum actas_error keyring_rotate(
    struct keyring *ring, struct fault *fault) ACTAS_MUST_USE;

/* --- any thread --- */

/* "header.claims.signature" by the key that signs now. */
enum actas_error keyring_sign(struct keyring *ring, const json_t *claims,
    struct buffer *token) ACTAS_MUST_USE;
/* Whether the token bears a signature of one of the keys. */
bool keyring_verify(struct keyring *ring, const struct jwt *jwt);
/* {"keys":[…]}: those that sign, will sign and still verify. With 'issuer'
 * each says it, as the v2.0 document does. New reference or NULL. */
json_t *keyring_jwks(struct keyring *ring, const char *issuer);
/* Another number after every change of the keys. */
uint64_t keyring_edition(const struct keyring *ring);

#endif
