#ifndef ESTATE_BUILTIN_TABLE_H
#define ESTATE_BUILTIN_TABLE_H

/*
 * The form of the tables of shipped roles; only the files builtin*.c use it.
 * Patterns of one list are written one behind the other with a blank between
 * them. Each shipped role has one permission.
 */

#include "estate/model.h"

struct shipped_role {
	const char *id; /* NULL: the platform gives it none */
	const char *name;
	const char *actions, *not_actions;           /* NULL: none */
	const char *data_actions, *not_data_actions; /* NULL: none */
	const char *condition;                       /* NULL: none */
	enum plane plane;
};

struct shipped_roles {
	const struct shipped_role *at;
	uint32_t count;
};

/* Most patterns in one list of a shipped role. */
#define SHIPPED_PATTERNS 64

/* Six actions that most of Azure's built-in roles contain. */
#define COMMON                                                   \
	"Microsoft.Authorization/*/read "                        \
	"Microsoft.Insights/alertRules/* "                       \
	"Microsoft.ResourceHealth/availabilityStatuses/read "    \
	"Microsoft.Resources/deployments/* "                     \
	"Microsoft.Resources/subscriptions/resourceGroups/read " \
	"Microsoft.Support/* "

extern const struct shipped_roles builtin_azure_general, builtin_azure_vaults,
    builtin_azure_data, builtin_azure_compute, builtin_planes;

#endif
