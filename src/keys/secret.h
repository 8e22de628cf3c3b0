#ifndef KEYS_SECRET_H
#define KEYS_SECRET_H

/*
 * Bytes that must not be seen: keys, client secrets, secret values in the
 * clear. They lie in OpenSSL's secure heap (locked, left out of core dumps),
 * are wiped when released, are compared in constant time, and have no way
 * into a log, an error or a JSON text but the functions that say "reveal".
 */

#include "base/base.h"

struct secret_bytes {
	uint8_t *at; /* NULL: empty */
	size_t length;
};

/* Once, before anything else of keys/: locks memory, forbids core dumps and
 * ptrace by others. ACTAS_EIO where memory cannot be locked. */
enum actas_error secrets_start(struct fault *fault) ACTAS_MUST_USE;

enum actas_error secret_bytes_new(
    size_t length, struct secret_bytes *s) ACTAS_MUST_USE;
enum actas_error secret_bytes_copy(
    struct slice from, struct secret_bytes *s) ACTAS_MUST_USE;
enum actas_error secret_bytes_random(
    size_t length, struct secret_bytes *s) ACTAS_MUST_USE;
/* Wipes and frees; empty is allowed. */
void secret_bytes_release(struct secret_bytes *s);
/* Constant time for equal lengths. */
bool secret_bytes_eq(const struct secret_bytes *a, struct slice b);
/* The bytes, for those who encrypt, hash or send them. */
struct slice secret_bytes_reveal(const struct secret_bytes *s);
/* Overwrites memory that held a secret by accident (a parsed body). */
void secret_wipe(void *at, size_t length);

/* The seam of chance: fills with random bytes; false where it cannot. */
struct chance {
	bool (*fill)(void *context, void *into, size_t length);
	void *context;
};
struct chance chance_system(void);
struct guid chance_guid(struct chance chance); /* version 4; nil on failure */

#endif
