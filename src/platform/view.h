#ifndef PLATFORM_VIEW_H
#define PLATFORM_VIEW_H

/*
 * What a platform derives from a state: its estate, by the same readers that
 * read Azure's JSON from files, so that a snapshot is an estate and one
 * engine answers for both.
 *
 * The live estate, by which requests are decided, knows a secret only where a
 * role is assigned on it; the full one knows them all.
 */

#include "engine/decide.h"
#include "platform/entity.h"
#include "source/source.h"

/* What a surface decides about; a row of platform/operations in view.c. */
enum permission_id {
	PERMIT_SECRET_GET,
	PERMIT_SECRET_LIST,
	PERMIT_SECRET_SET,
	PERMIT_SECRET_UPDATE,
	PERMIT_SECRET_DELETE,
	PERMIT_SECRET_PURGE,
	PERMIT_SECRET_RECOVER,
	PERMIT_SECRET_BACKUP,
	PERMIT_SECRET_RESTORE,
	PERMIT_VAULT_READ,
	PERMIT_VAULT_WRITE,
	PERMIT_VAULT_DELETE,
	PERMIT_VAULT_POLICIES_WRITE,
	PERMIT_VAULT_DEPLOY,
	PERMIT_DELETED_VAULT_READ,
	PERMIT_DELETED_VAULT_PURGE,
	PERMIT_ARM_SECRET_READ,
	PERMIT_ARM_SECRET_WRITE,
	PERMIT_ASSIGNMENT_READ,
	PERMIT_ASSIGNMENT_WRITE,
	PERMIT_ASSIGNMENT_DELETE,
	PERMIT_DEFINITION_READ,
	PERMIT_DEFINITION_WRITE,
	PERMIT_DEFINITION_DELETE,
	PERMIT_DENY_READ,
	PERMIT_PERMISSIONS_READ,
	PERMIT_SUBSCRIPTION_READ,
	PERMIT_GROUP_READ,
	PERMIT_GROUP_WRITE,
	PERMIT_GROUP_DELETE,
	PERMIT_RESOURCES_READ,
	PERMIT_IDENTITY_READ,
	PERMIT_IDENTITY_WRITE,
	PERMIT_IDENTITY_DELETE,
	PERMIT_IDENTITY_ASSIGN,
	PERMIT_DIRECTORY_READ, /* objects of the directory */
	PERMIT_APPLICATION_CREATE,
	PERMIT_APPLICATION_UPDATE,
	PERMIT_APPLICATION_DELETE,
	PERMIT_APPLICATION_CREDENTIALS, /* add and remove */
	PERMIT_APPLICATION_OWNERS,
	PERMIT_PRINCIPAL_CREATE,
	PERMIT_PRINCIPAL_UPDATE,
	PERMIT_PRINCIPAL_DELETE,
	PERMIT_PRINCIPAL_CREDENTIALS,
	PERMIT_PRINCIPAL_OWNERS,
	PERMIT_APP_ROLE_ASSIGN, /* of that service principal's roles */
	PERMIT_USER_CREATE,
	PERMIT_USER_UPDATE,
	PERMIT_USER_DELETE,
	PERMIT_DIRECTORY_GROUP_CREATE,
	PERMIT_DIRECTORY_GROUP_UPDATE,
	PERMIT_DIRECTORY_GROUP_DELETE,
	PERMIT_DIRECTORY_GROUP_MEMBERS,
	PERMIT_DIRECTORY_GROUP_OWNERS,
	/* Any change of a group that directory roles can be given to
	 * (isAssignableToRole), instead of the three above. */
	PERMIT_PRIVILEGED_GROUP_UPDATE,
	PERMIT_DIRECTORY_ROLE_ASSIGN,
	PERMITS
};

struct live_view {
	const struct estate *estate; /* live */
	struct view_private *private;
};

/* For store_options: makes views. Static storage. */
struct view_maker view_maker(void);
static inline const struct live_view *
snapshot_view(const struct snapshot *s)
{
	return s->view;
}

/* What was decided, for answer, audit and explanation. */
struct verdict {
	struct decision decision;
	const struct estate *estate; /* of the snapshot */
	principal_id principal; /* NONE: the caller is not in the directory */
	scope_id scope;         /* nearest known at or above what was asked */
	bool scope_is_exact;
	const struct action *action;
};

/*
 * May the one with this object id do it at the ARM path, or at
 * "/applications/{app id}" (also for a service principal), "/groups/{object
 * id}" or "/" for the tenant and what has no path of its own? Decided at the
 * nearest scope that exists: rights cannot hang on what does not. A caller
 * whom the directory does not list, or who is disabled, is denied. The name
 * of a secret in the path is known to conditions; 'request' may be NULL.
 *
 * PERMIT_DIRECTORY_READ is everybody's whom the directory lists; everything
 * else needs a role, of the directory or as an owner.
 */
struct verdict view_decide(const struct snapshot *snapshot,
    struct guid object_id, enum permission_id permission, struct slice path,
    const struct request *request);
/* The action's name: "Microsoft.KeyVault/vaults/secrets/getSecret/action". */
const char *permission_action(enum permission_id permission);

/* Which answers an export holds: true to include. */
struct view_filter {
	bool (*includes)(void *context, enum entity kind, struct slice key,
	    const json_t *value);
	void *context;
};

/*
 * The state as answers of Azure's services, for source_read_answers: a JSON
 * array of {"request": …, "body": …}. Credentials without their hashes,
 * secrets without values; signing keys never. NULL filter: all.
 * New reference; NULL when out of memory.
 */
json_t *view_answers(const struct state *s, const struct view_filter *filter);
/* The full estate of a state, through a filter; the caller frees it. */
enum actas_error view_estate(const struct state *s, uint64_t revision,
    const struct view_filter *filter, struct estate **estate,
    struct fault *fault) ACTAS_MUST_USE;

#endif
