#ifndef PLATFORM_VAULT_KEYS_H
#define PLATFORM_VAULT_KEYS_H

/*
 * Data keys of vaults, and the values of secrets under them.
 *
 * A vault has one data key, 32 random bytes, from when it is made until it is
 * purged: from then on no value of the vault can be read by any request. The
 * journal's history keeps it, wrapped (docs/security.md). It lies in the entity
 * "vault-key/{vault}" as
 *
 *	"wrapped": base64(seal(PURPOSE_DATA_KEYS, about, data key))
 *
 * and a value in "version/{vault}/{name}/{version}" as
 *
 *	"sealed": base64(seal(data key, about, value))
 *
 * where 'about' is in both cases the key of that very entity, so that neither
 * can be moved to another name.
 */

#include "keys/master.h"
#include "platform/entity.h"

/* Makes the data key of a new vault and writes its entity. 'key' is the key
 * in the clear, for who seals at once; NULL is allowed. */
enum actas_error vault_key_create(const struct master *m, struct slice vault,
    struct writes *writes, struct secret_bytes *key) ACTAS_MUST_USE;

/* Appends what stands under "sealed". 'about' is the version's key. */
enum actas_error vault_value_seal(const struct secret_bytes *key,
    struct slice about, struct slice value,
    struct buffer *sealed) ACTAS_MUST_USE;

/*
 * Data keys that were unwrapped before, in the secure heap. Any thread. The
 * state given is the one that the version is of, or is written to: a vault
 * that was purged and made again has another key.
 *
 * ACTAS_ENOTFOUND: the state has no key for the vault. ACTAS_EPARSE: altered,
 * or sealed under another key. ACTAS_ENOMEM.
 */
struct vault_keys;

enum actas_error vault_keys_new(
    const struct master *m, struct vault_keys **keys) ACTAS_MUST_USE;
void vault_keys_free(struct vault_keys *keys);
enum actas_error vault_seal(struct vault_keys *keys, const struct state *state,
    struct slice vault, struct slice about, struct slice value,
    struct buffer *sealed) ACTAS_MUST_USE;
enum actas_error vault_unseal(struct vault_keys *keys,
    const struct state *state, struct slice vault, struct slice about,
    struct slice sealed, struct secret_bytes *value) ACTAS_MUST_USE;

#endif
