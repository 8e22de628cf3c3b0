#ifndef KEYS_SLOTS_H
#define KEYS_SLOTS_H

/*
 * Keys that can be destroyed. A journal that keeps its history keeps every
 * sealed value for ever; what can be taken away is the key. Each value has one
 * of its own, and the keys lie in a file of fixed places, "value.keys", apart
 * from the journal:
 *
 *	64 bytes	a name of the form
 *	64 bytes each	a slot: generation (4, big-endian), then the key as
 *			seal(PURPOSE_DATA_KEYS,
 *"value-key\n{slot}.{generation}") makes it (60), or zeros
 *
 * A key is destroyed by writing zeros over it where it lies and bringing that
 * to the disk. The slot is used again under the next generation, so that what
 * named the old key never finds the new one. No slot crosses a sector.
 *
 * Keys are made ahead, many at a time, and are on the disk before the first is
 * handed out: to take one costs no write, and a value never reaches the
 * journal before its key reached this file.
 *
 * Any thread, but where it is said.
 */

#include "keys/master.h"

struct slots;

/* Which key. Generations begin with 1. */
struct slot {
	uint32_t number, generation;
};

#define SLOTS_FILE "value.keys"

/* An empty file; ACTAS_EIO. */
enum actas_error slots_create(
    const char *folder, struct fault *fault) ACTAS_MUST_USE;
/* ACTAS_ENOTFOUND; ACTAS_EUSAGE where it is not its user's alone;
 * ACTAS_EPARSE where it is no such file. 'm' must outlive it. */
enum actas_error slots_open(const char *folder, const struct master *m,
    struct slots **slots, struct fault *fault) ACTAS_MUST_USE;
void slots_close(struct slots *s);

/*
 * A key for one value. It is the caller's, for good, once a value that it
 * sealed may have reached the journal; until then it can be given back.
 * ACTAS_EIO: no more can be made (disk full).
 */
enum actas_error slots_take(struct slots *s, struct slot *slot,
    struct secret_bytes *key) ACTAS_MUST_USE;
/* The caller did not use it, and whatever it sealed is nowhere. It is handed
 * out again after slots_reuse: where the journal could not say whether it took
 * a change, the next one that it takes settles that. */
void slots_give_back(struct slots *s, struct slot slot);
void slots_reuse(struct slots *s);
/* ACTAS_ENOTFOUND: destroyed, or never there. */
enum actas_error slots_key(
    struct slots *s, struct slot slot, struct secret_bytes *key) ACTAS_MUST_USE;

/*
 * Destroys keys: none of them is on the disk when it returns ACTAS_OK. After
 * ACTAS_EIO any may still be; ask again. Those that are gone already are no
 * error.
 */
enum actas_error slots_destroy(
    struct slots *s, const struct slot *slots, uint32_t count) ACTAS_MUST_USE;

/*
 * Once, before the first is taken: tells which keys are in force, then
 * destroys all others: keys of what was purged just before a crash, and keys
 * that were made ahead. '*missing' counts those in force that are not there.
 * ACTAS_EUSAGE: the keys are of another master key; nothing is destroyed.
 */
enum actas_error slots_keep(struct slots *s, struct slot slot) ACTAS_MUST_USE;
enum actas_error slots_sweep(
    struct slots *s, uint32_t *missing, struct fault *fault) ACTAS_MUST_USE;

#endif
