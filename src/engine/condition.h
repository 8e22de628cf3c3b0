#ifndef ENGINE_CONDITION_H
#define ENGINE_CONDITION_H

/*
 * Conditions of role assignments (ABAC, version 2.0): the subset that is
 * documented for Key Vault's secrets and for delegating role assignments.
 * Anything else is "not understood", never "false".
 */

#include "base/base.h"

enum verdict {
	VERDICT_FALSE,
	VERDICT_TRUE,
	VERDICT_MISSING_ATTRIBUTE,
	VERDICT_NOT_UNDERSTOOD
};

/* What the condition may look at; empty slices are absent attributes. */
struct condition_facts {
	struct slice action; /* full name */
	struct slice suboperation;
	struct slice vault_name;          /* @Resource */
	struct slice secret_name;         /* @Resource */
	struct slice request_secret_name; /* @Request */
	struct guid request_role;         /* role being assigned */
	struct guid request_principal;
	struct slice request_principal_type;
};

/* Bounded by LIMIT_CONDITION_DEPTH; never allocates. */
enum verdict condition_evaluate(
    struct slice condition, const struct condition_facts *facts);

#endif
