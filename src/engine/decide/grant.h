#ifndef ENGINE_GRANT_H
#define ENGINE_GRANT_H

#include "engine/decide.h"

/* What one grant, or one deny assignment, is worth to one question: the
 * inside of decide.c. */
struct query {
	const struct estate *e;
	const struct action *action;
	const struct request *request;
	principal_id principal;
	scope_id scope;
	uint8_t model; /* of the vault, where a vault's model matters */
};

/* Why the grant works or does not; it is on the path and its role contains
 * the action. */
enum reason query_grant(const struct query *q, assignment_id a);
/* The deny assignment that blocks, or NONE. */
uint32_t query_denial(const struct query *q);
/* The reason where there is no grant at all. */
enum reason query_nothing(const struct query *q);

static inline bool
has_bit(const uint64_t *bits, uint32_t i)
{
	return bits[i / 64] >> (i % 64) & 1;
}

/* The model that decides at a vault; NONE: no vault encloses the scope, so
 * data roles are what there is. */
static inline uint8_t
query_model(const struct estate *e, const struct action *action, scope_id vault)
{
	return action->in_vault && vault != NONE ? e->scopes.at[vault].model
						 : (uint8_t)MODEL_RBAC;
}

enum { FLAG_BITS = 3, FLAG_MASK = (1 << FLAG_BITS) - 1 };

#endif
