#ifndef KEYS_MASTER_H
#define KEYS_MASTER_H

/*
 * The master key of a data folder: 32 random bytes, in a file with mode 0600
 * ("master.key"), or wrapped under a passphrase through scrypt
 * ("master.wrapped": salt, cost, AES-256-GCM). Everything else that is secret
 * hangs on it: subkeys by HKDF-SHA256, one a purpose.
 */

#include "keys/secret.h"

struct master;

/* Makes a key file in the folder; with a passphrase the wrapped form.
 * ACTAS_EUSAGE where there is one already or the passphrase is empty. */
enum actas_error master_create(const char *folder,
    const struct secret_bytes *passphrase, struct fault *fault) ACTAS_MUST_USE;
/* Whether the folder's key wants a passphrase. */
bool master_wants_passphrase(const char *folder);
/*
 * ACTAS_EUSAGE: a wrong passphrase, one missing or one too many, or the file
 * is not its user's alone; ACTAS_ENOTFOUND; ACTAS_EPARSE for a file that is no
 * key. A passphrase takes a third of a second and 128 MiB (scrypt).
 */
enum actas_error master_open(const char *folder,
    const struct secret_bytes *passphrase, struct master **master,
    struct fault *fault) ACTAS_MUST_USE;
void master_close(struct master *m);

enum purpose {
	PURPOSE_DATA_KEYS,      /* wraps the keys of values (keys/slots.h) */
	PURPOSE_SIGNING_KEYS,   /* wraps private signing keys */
	PURPOSE_CLIENT_SECRETS, /* key of the hash of client secrets */
	PURPOSE_LOCAL_OWNER,    /* who can read the folder owns the platform */
	PURPOSE_BACKUPS,        /* wraps backups of secrets */
	PURPOSE_PAGES,          /* seals where a paged list goes on */
	PURPOSES
};
/* 32 bytes, held by the master until it is closed. */
const struct secret_bytes *master_key(
    const struct master *m, enum purpose purpose);

/*
 * Sealing: AES-256-GCM, random 96-bit nonce in front, tag behind, appended.
 * 'about' is authenticated and not stored (the key under which it lies), so
 * that a sealed value cannot be moved to another name. Any thread.
 */
enum actas_error seal(const struct secret_bytes *key, struct slice about,
    struct slice plain, struct buffer *sealed) ACTAS_MUST_USE;
/* ACTAS_EPARSE where it was altered, or sealed under another key. */
enum actas_error unseal(const struct secret_bytes *key, struct slice about,
    struct slice sealed, struct secret_bytes *plain) ACTAS_MUST_USE;

#endif
