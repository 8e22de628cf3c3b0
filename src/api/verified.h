#ifndef API_VERIFIED_H
#define API_VERIFIED_H

/*
 * Tokens whose signature was found good, so that a client that sends its
 * token a thousand times has it verified once. Known by the SHA-256 of the
 * whole token; what depends on the time, the service or the state is decided
 * at every use. Bounded: LIMIT_VERIFIED_TOKENS, in buckets of a few with a
 * lock each; a new one takes the place of the one unused for longest.
 */

#include "api/api.h"

struct verified_token {
	uint8_t hash[32];
	uint64_t edition; /* of the keys that it was verified with */
	struct caller caller;
	char audience[256];
	moment not_before;
	/* Whether the principal may act, as its entity with this hash says. */
	uint64_t principal_hash;
	bool principal_is_active;
};

struct verified;

struct verified *verified_new(void); /* NULL: out of memory */
void verified_free(struct verified *v);
bool verified_find(struct verified *v, const uint8_t hash[static 32],
    uint64_t edition, struct verified_token *token);
/* Adds it, or takes its place. */
void verified_put(struct verified *v, const struct verified_token *token);

#endif
