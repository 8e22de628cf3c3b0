#ifndef KEYS_SECRET_H
#define KEYS_SECRET_H

/*
 * Bytes that must not be seen: keys, client secrets, secret values in the
 * clear. They lie in OpenSSL's secure heap (locked, left out of core dumps,
 * between guard pages), are wiped when released, are compared in constant
 * time, and have no way into a log, an error or a JSON text but the function
 * that says "reveal".
 *
 * The heap has LIMIT_SECURE_HEAP_BYTES. When it is used up, asking for more
 * is ACTAS_ENOMEM: nothing falls back to the ordinary heap. Copies that
 * libraries make while they work (OpenSSL's cipher contexts, the Montgomery
 * forms of RSA primes, a response body in libmicrohttpd) lie in the ordinary
 * heap for as long as they need them; OpenSSL wipes its own.
 */

#include "base/base.h"

struct secret_bytes {
	uint8_t *at; /* NULL: empty */
	size_t length;
};

/*
 * Once, first thing in the program: makes the heap, forbids core dumps and
 * ptrace by other processes of the user. ACTAS_EIO where that is refused.
 * Where the system's limit does not let the heap be locked it works all the
 * same, could be swapped out, and secrets_are_locked says false: to be told
 * to the operator, who raises RLIMIT_MEMLOCK or encrypts the swap.
 */
enum actas_error secrets_start(struct fault *fault) ACTAS_MUST_USE;
bool secrets_are_locked(void);
/* The heap alone. Whatever needs it asks for it, so that a test does not have
 * to start anything. Any thread, any number of times. */
enum actas_error secrets_heap(void) ACTAS_MUST_USE;

/* 's' is empty after an error. */
enum actas_error secret_bytes_new(
    size_t length, struct secret_bytes *s) ACTAS_MUST_USE;
enum actas_error secret_bytes_copy(
    struct slice from, struct secret_bytes *s) ACTAS_MUST_USE;
/* ACTAS_EIO where the system gives no randomness. */
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
