#ifndef ESTATE_OPERATIONS_H
#define ESTATE_OPERATIONS_H

/*
 * The operations that actas knows by name: what they do in words, which plane
 * decides them, and on which kind of scope they act. Names of Azure's own
 * planes are Azure's; a Fabric or DevOps operation, for which the platform
 * has no action string, has a name of the same form (docs/actions.md).
 */

#include "estate/model.h"

struct operation {
	const char
	    *name; /* Microsoft.KeyVault/vaults/secrets/getSecret/action */
	const char *alias;  /* get-secret: what people may type; unique */
	const char *phrase; /* "read the value of a secret" */
	const char *policy; /* access-policy permission ("get"), or NULL */
	uint8_t plane;      /* enum plane */
	uint8_t is_data;    /* data action, not control action */
	uint8_t scope_kind; /* enum scope_kind that it acts on; SCOPE_RESOURCE
			       also where any Azure scope will do */
};

/* By full name, alias, or last distinctive segment ("getSecret"), all
 * ASCII-case-insensitively; NULL where none or several fit. */
const struct operation *operation_find(struct slice name);
/* The i-th operation, NULL behind the last. */
const struct operation *operation_at(uint32_t i);

#endif
