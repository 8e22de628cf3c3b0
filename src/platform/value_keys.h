#ifndef PLATFORM_VALUE_KEYS_H
#define PLATFORM_VALUE_KEYS_H

/*
 * The values of secrets, each under a key of its own (keys/slots.h), so that a
 * purge can destroy them: what the journal's history keeps of a value is then
 * worth nothing, to whoever has the master key as well.
 *
 * A value lies in "version/{vault}/{name}/{version}" as
 *
 *	"sealed": "{slot}.{generation}." base64(seal(value key, about, value))
 *
 * where 'about' is the key of that very entity, so that it cannot be moved to
 * another name. The key is in the folder's file "value.keys" from before the
 * entity is written until the entity is removed, or has another value: a
 * change that removes it is answered only when the key is destroyed. Where the
 * disk refuses that, the operator is told, and it is tried again with every
 * change, once a second, and when the folder is opened next; a crash in
 * between is made good when it is opened. Until then no request finds the
 * value; only who reads the folder's files could.
 *
 * A backup of a secret carries the value itself, under the master key: it
 * outlives a purge. So does a copy of the folder that holds both files.
 */

#include "keys/slots.h"
#include "platform/entity.h"

struct value_keys;

/* The file must be there (slots_create). 'log' is told in a sentence what an
 * operator must know, on any thread; may be NULL. */
enum actas_error value_keys_open(const char *folder, const struct master *m,
    void (*log)(void *context, const char *line), void *log_context,
    struct value_keys **keys, struct fault *fault) ACTAS_MUST_USE;
void value_keys_close(struct value_keys *k);

/* What the store tells of removed entities (journal/store.h). */
struct shredder value_keys_shredder(struct value_keys *k);
/* Once, after the store was opened with that and before anything is sealed:
 * destroys every key that no value of the newest state is sealed under. */
enum actas_error value_keys_sweep(struct value_keys *k, const struct state *s,
    struct fault *fault) ACTAS_MUST_USE;
/* Tries again what the disk refused. Any thread. */
void value_keys_retry(struct value_keys *k);

/*
 * Appends what stands under "sealed". Any thread, as are all that follow.
 * ACTAS_EIO: no key can be made now. What then does not come to be written is
 * to be dropped, so that its key is used for another.
 */
enum actas_error value_seal(struct value_keys *k, struct slice about,
    struct slice value, struct buffer *sealed) ACTAS_MUST_USE;
/* The change was refused, or its journal could not be written. Empty: nothing
 * is done. */
void value_drop(struct value_keys *k, struct slice sealed);
/* ACTAS_ENOTFOUND: purged. ACTAS_EPARSE: altered, or sealed under another
 * master key or for another place. ACTAS_ENOMEM, ACTAS_EIO. */
enum actas_error value_unseal(struct value_keys *k, struct slice about,
    struct slice sealed, struct secret_bytes *value) ACTAS_MUST_USE;

#endif
