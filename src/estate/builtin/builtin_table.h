#ifndef ESTATE_BUILTIN_TABLE_H
#define ESTATE_BUILTIN_TABLE_H

/*
 * The form of the tables of shipped roles; only the files builtin*.c use it.
 * Patterns of one list are written one behind the other with a blank between
 * them.
 */

#include "estate/model.h"

struct shipped_permission {
	const char *actions, *not_actions;           /* NULL: none */
	const char *data_actions, *not_data_actions; /* NULL: none */
	const char *condition;                       /* NULL: none */
};

struct shipped_role {
	const char *id; /* NULL: the platform gives it none */
	const char *name;
	const struct shipped_permission *permissions;
	uint32_t permission_count;
	enum plane plane;
	bool is_usual; /* of Azure's: stands in every estate */
};

struct shipped_roles {
	const struct shipped_role *at;
	uint32_t count;
};

/* Most patterns in one list of a shipped role, and most permissions. */
#define SHIPPED_PATTERNS    512
#define SHIPPED_PERMISSIONS 8

/* Azure's, made of azure_roles.jsonl; all others, which are all usual. */
extern const struct shipped_roles builtin_azure, builtin_planes;

#endif
