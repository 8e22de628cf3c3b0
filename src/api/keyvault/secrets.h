#ifndef API_KEYVAULT_SECRETS_H
#define API_KEYVAULT_SECRETS_H

/*
 * Secrets as a state holds them. A secret that was deleted stands until the
 * date on which it is to be purged; from then on it counts as gone, though
 * its entities stand until a write of the same name or a sweep removes them.
 */

#include "platform/platform.h"

enum standing {
	SECRET_NONE,    /* never there, purged, or gone by its date */
	SECRET_LIVE,    /* can be read */
	SECRET_DELETED, /* can be recovered or purged */
};

struct deletion {
	int64_t at, purge_at; /* seconds since 1970 */
};

/* Texts lie in the arena. */
struct kept_secret {
	enum standing standing;
	bool has_remains;     /* entities of one that is gone by its date */
	const char *name;     /* as first written; "" where never there */
	struct slice current; /* version */
	struct deletion deletion;
};

/* ACTAS_ENOMEM. */
enum actas_error secret_look(const struct state *s, struct slice vault,
    struct slice name, moment now, struct arena *arena,
    struct kept_secret *secret) ACTAS_MUST_USE;
/* The same for an entity that a walk over "secret/{vault}/" gave. */
enum actas_error secret_look_at(const struct state *s, struct slice vault,
    const struct entry *entry, moment now, struct arena *arena,
    struct kept_secret *secret) ACTAS_MUST_USE;

/* The entity of a version; '*version' NULL where there is none.
 * ACTAS_ENOMEM. */
enum actas_error version_get(const struct state *s, struct slice vault,
    struct slice name, struct slice version, json_t **stored) ACTAS_MUST_USE;

/* Writes the entity of a secret; 'deletion' NULL for one that is live.
 * ACTAS_ENOMEM; an error of 'writes' sticks there. */
enum actas_error secret_put(struct writes *writes, struct slice vault,
    struct slice name, const char *spelling,
    const struct deletion *deletion) ACTAS_MUST_USE;
/* The same for which version is the newest, and for a version. */
enum actas_error current_put(struct writes *writes, struct slice vault,
    struct slice name, struct slice version) ACTAS_MUST_USE;
void version_put(struct writes *writes, struct slice vault, struct slice name,
    struct slice version, const json_t *stored);

/* Removes all of a secret. */
void secret_remove(const struct state *s, struct slice vault, struct slice name,
    struct writes *writes);

/* Removes a deleted vault and all that is in it. */
void vault_remove(
    const struct state *s, struct slice vault, struct writes *writes);

/*
 * Removes what is gone by its date, secrets and vaults: looks for it on the
 * caller's thread, and again at each on the writer's, some at a time.
 * '*removed' is how many that were; NULL is allowed. For whoever runs the
 * platform, once in a while.
 */
enum actas_error secrets_sweep(
    struct platform *platform, uint32_t *removed) ACTAS_MUST_USE;

#endif
