#ifndef KEYS_CLIENT_SECRET_H
#define KEYS_CLIENT_SECRET_H

/*
 * Client secrets: 40 characters as Entra writes them (letters, digits, and
 * "~", ".", "_", "-"), 241 bits of chance. Stored as HMAC-SHA256 under a key
 * that is not in the database: a random secret of that length needs no slow
 * hash, and a stolen database alone allows no guessing.
 */

#include "keys/master.h"

enum { CLIENT_SECRET_LENGTH = 40, CLIENT_SECRET_HASH = 32 };

/* A new secret; its first three characters are the hint that Graph shows (so
 * 223 bits stay unknown). ACTAS_EIO where chance gives nothing. */
enum actas_error client_secret_new(
    struct chance chance, struct secret_bytes *secret) ACTAS_MUST_USE;
enum actas_error client_secret_hash(const struct master *m, struct slice secret,
    uint8_t hash[static CLIENT_SECRET_HASH]) ACTAS_MUST_USE;
/* Constant time; false also where there is no memory. Any thread. */
bool client_secret_matches(const struct master *m, struct slice secret,
    const uint8_t hash[static CLIENT_SECRET_HASH]);

#endif
