#ifndef KEYS_PUBLIC_KEY_H
#define KEYS_PUBLIC_KEY_H

/*
 * What is known of a key that verifies. Of keys/ alone; others know it as
 * struct public_key of keys/signer.h.
 */

#include "keys/jwt.h"

#include <openssl/evp.h>

/* "RS256", …; JWT_OTHER for every other name. */
enum jwt_algorithm jwt_algorithm_named(struct slice name);

/* Takes 'key', also where it fails. NULL: of a kind or a size that is not
 * accepted, or no memory. */
struct public_key *public_key_new(EVP_PKEY *key);
bool public_key_verify(const struct public_key *key,
    enum jwt_algorithm algorithm, struct slice text, struct slice signature);

#endif
