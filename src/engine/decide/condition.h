#ifndef ENGINE_CONDITION_H
#define ENGINE_CONDITION_H

/*
 * Conditions of role assignments and role definitions (ABAC, version 2.0):
 * the subset that is documented for secrets, for blobs' names, and for
 * delegating role assignments. Anything else is "not understood", never
 * "false".
 *
 * Understood: AND, OR, NOT and their signs, with parentheses where both AND
 * and OR occur; ActionMatches, SubOperationMatches, Exists; String…Equals,
 * StartsWith, EndsWith, Contains, Like, each also with Not and IgnoreCase;
 * GuidEquals, GuidNotEquals; ForAny/AllOfAny/AllValues of those. The sources
 * @Resource and @Request, attributes as in condition_facts.
 *
 * What is well formed but not understood (another attribute, another
 * operator) makes the result "not understood" only where the result depends
 * on it; an attribute that the request lacks likewise.
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
	struct slice action;              /* full name */
	struct slice suboperation;        /* empty: none */
	struct slice vault_name;          /* @Resource */
	struct slice secret_name;         /* @Resource */
	struct slice request_secret_name; /* @Request */
	struct slice account_name;        /* @Resource, of storage */
	struct slice container_name;      /* @Resource */
	struct slice blob_path;           /* @Resource */
	struct guid request_role;         /* role being assigned or taken */
	struct guid request_principal;
	struct slice request_principal_type;
};

/* Bounded by LIMIT_CONDITION_DEPTH; never allocates. */
enum verdict condition_evaluate(
    struct slice condition, const struct condition_facts *facts);

/* Whether the text is a condition at all, understood or not. */
bool condition_is_wellformed(struct slice condition);

#endif
