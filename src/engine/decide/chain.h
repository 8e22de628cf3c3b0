#ifndef ENGINE_CHAIN_H
#define ENGINE_CHAIN_H

#include "engine/decide.h"

/*
 * The shortest chains from one principal to all groups that it is in. Only
 * the engine uses this; others ask decision_chain.
 */
struct chains {
	principal_id principal;
	struct ids groups; /* that it is in */
	uint32_t *below;   /* by place in 'groups': the place one step nearer;
			      groups.count is the principal */
};

/* ACTAS_ENOMEM. Release it. */
enum actas_error chains_find(
    const struct estate *e, principal_id p, struct chains *c) ACTAS_MUST_USE;
void chains_release(struct chains *c);
/* Principal, groups, holder; NULL when out of memory. */
const principal_id *chains_to(const struct chains *c, principal_id holder,
    struct arena *arena, uint32_t *count);

#endif
