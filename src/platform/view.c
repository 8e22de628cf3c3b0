#include "platform/view_private.h"

#include <stdatomic.h>

/*
 * The live view: an estate, its paths, and actions made ready for it. Making
 * an action ready looks at every role, and most views are asked about few
 * actions, so each is made when it is first wanted. Handlers ask at once from
 * several threads: whoever comes first puts his in its place, and the others
 * throw theirs away.
 */

/* Actions depend on roles and deny assignments, which a revised estate has
 * from the one before it: both views share them. */
struct prepared {
	_Atomic uint32_t holders;
	_Atomic(struct action *) actions[PERMITS];
	/* Where there is no memory to make one ready: allows nothing. */
	struct action *nothing;
};

struct view_private {
	struct live_view view;
	struct estate *estate;
	struct places places;
	struct prepared *prepared;
};

/* --- what is asked --- */

#define SECRETS   "Microsoft.KeyVault/vaults/secrets/"
#define AUTHORIZE "Microsoft.Authorization/"
#define GROUPS    "Microsoft.Resources/subscriptions/resourceGroups/"
#define IDENTITY  "Microsoft.ManagedIdentity/userAssignedIdentities/"
#define DIRECTORY "microsoft.directory/"

static const char *const permissions[PERMITS] = {
    [PERMIT_SECRET_GET] = SECRETS "getSecret/action",
    [PERMIT_SECRET_LIST] = SECRETS "readMetadata/action",
    [PERMIT_SECRET_SET] = SECRETS "setSecret/action",
    [PERMIT_SECRET_UPDATE] = SECRETS "update/action",
    [PERMIT_SECRET_DELETE] = SECRETS "delete",
    [PERMIT_SECRET_PURGE] = SECRETS "purge/action",
    [PERMIT_SECRET_RECOVER] = SECRETS "recover/action",
    [PERMIT_SECRET_BACKUP] = SECRETS "backup/action",
    [PERMIT_SECRET_RESTORE] = SECRETS "restore/action",
    [PERMIT_VAULT_READ] = "Microsoft.KeyVault/vaults/read",
    [PERMIT_VAULT_WRITE] = "Microsoft.KeyVault/vaults/write",
    [PERMIT_VAULT_DELETE] = "Microsoft.KeyVault/vaults/delete",
    [PERMIT_VAULT_POLICIES_WRITE] =
	"Microsoft.KeyVault/vaults/accessPolicies/write",
    [PERMIT_VAULT_DEPLOY] = "Microsoft.KeyVault/vaults/deploy/action",
    [PERMIT_DELETED_VAULT_READ] =
	"Microsoft.KeyVault/locations/deletedVaults/read",
    [PERMIT_DELETED_VAULT_PURGE] =
	"Microsoft.KeyVault/locations/deletedVaults/purge/action",
    [PERMIT_ARM_SECRET_READ] = SECRETS "read",
    [PERMIT_ARM_SECRET_WRITE] = SECRETS "write",
    [PERMIT_ASSIGNMENT_READ] = AUTHORIZE "roleAssignments/read",
    [PERMIT_ASSIGNMENT_WRITE] = AUTHORIZE "roleAssignments/write",
    [PERMIT_ASSIGNMENT_DELETE] = AUTHORIZE "roleAssignments/delete",
    [PERMIT_DEFINITION_READ] = AUTHORIZE "roleDefinitions/read",
    [PERMIT_DEFINITION_WRITE] = AUTHORIZE "roleDefinitions/write",
    [PERMIT_DEFINITION_DELETE] = AUTHORIZE "roleDefinitions/delete",
    [PERMIT_DENY_READ] = AUTHORIZE "denyAssignments/read",
    [PERMIT_PERMISSIONS_READ] = AUTHORIZE "permissions/read",
    [PERMIT_SUBSCRIPTION_READ] = "Microsoft.Resources/subscriptions/read",
    [PERMIT_GROUP_READ] = GROUPS "read",
    [PERMIT_GROUP_WRITE] = GROUPS "write",
    [PERMIT_GROUP_DELETE] = GROUPS "delete",
    [PERMIT_RESOURCES_READ] =
	"Microsoft.Resources/subscriptions/resources/read",
    [PERMIT_IDENTITY_READ] = IDENTITY "read",
    [PERMIT_IDENTITY_WRITE] = IDENTITY "write",
    [PERMIT_IDENTITY_DELETE] = IDENTITY "delete",
    [PERMIT_IDENTITY_ASSIGN] = IDENTITY "assign/action",
    [PERMIT_DIRECTORY_READ] = DIRECTORY "servicePrincipals/standard/read",
    [PERMIT_APPLICATION_CREATE] = DIRECTORY "applications/create",
    [PERMIT_APPLICATION_UPDATE] = DIRECTORY "applications/basic/update",
    [PERMIT_APPLICATION_DELETE] = DIRECTORY "applications/delete",
    [PERMIT_APPLICATION_CREDENTIALS] =
	DIRECTORY "applications/credentials/update",
    [PERMIT_APPLICATION_OWNERS] = DIRECTORY "applications/owners/update",
    [PERMIT_PRINCIPAL_CREATE] = DIRECTORY "servicePrincipals/create",
    [PERMIT_PRINCIPAL_UPDATE] = DIRECTORY "servicePrincipals/basic/update",
    [PERMIT_PRINCIPAL_DELETE] = DIRECTORY "servicePrincipals/delete",
    [PERMIT_PRINCIPAL_CREDENTIALS] =
	DIRECTORY "servicePrincipals/credentials/update",
    [PERMIT_PRINCIPAL_OWNERS] = DIRECTORY "servicePrincipals/owners/update",
    [PERMIT_APP_ROLE_ASSIGN] =
	DIRECTORY "servicePrincipals/appRoleAssignedTo/update",
    [PERMIT_USER_CREATE] = DIRECTORY "users/create",
    [PERMIT_USER_UPDATE] = DIRECTORY "users/basic/update",
    [PERMIT_USER_DELETE] = DIRECTORY "users/delete",
    [PERMIT_DIRECTORY_GROUP_CREATE] = DIRECTORY "groups/create",
    [PERMIT_DIRECTORY_GROUP_UPDATE] = DIRECTORY "groups/basic/update",
    [PERMIT_DIRECTORY_GROUP_DELETE] = DIRECTORY "groups/delete",
    [PERMIT_DIRECTORY_GROUP_MEMBERS] = DIRECTORY "groups/members/update",
    [PERMIT_DIRECTORY_GROUP_OWNERS] = DIRECTORY "groups/owners/update",
    [PERMIT_PRIVILEGED_GROUP_UPDATE] =
	DIRECTORY "groupsAssignableToRoles/allProperties/update",
    [PERMIT_DIRECTORY_ROLE_ASSIGN] =
	DIRECTORY "roleAssignments/allProperties/allTasks",
};

const char *
permission_action(enum permission_id permission)
{
	return permissions[permission];
}

/* --- making one --- */

/* The kinds of entities that the live estate is made of. */
static const bool shapes_view[ENTITIES] = {
    [ENTITY_TENANT] = true,
    [ENTITY_APPLICATION] = true,
    [ENTITY_SERVICE_PRINCIPAL] = true,
    [ENTITY_USER] = true,
    [ENTITY_GROUP] = true,
    [ENTITY_MEMBER] = true,
    [ENTITY_OWNER] = true,
    [ENTITY_ROLE] = true,
    [ENTITY_ASSIGNMENT] = true,
    [ENTITY_DENY] = true,
    [ENTITY_DIRECTORY_ROLE] = true,
    [ENTITY_MANAGEMENT_GROUP] = true,
    [ENTITY_SUBSCRIPTION] = true,
    [ENTITY_RESOURCE_GROUP] = true,
    [ENTITY_RESOURCE] = true,
    [ENTITY_VAULT] = true,
    [ENTITY_ANSWER] = true,
};

bool
view_touches(struct slice key)
{
	enum entity kind = entity_kind(key);

	return kind < ENTITIES && shapes_view[kind];
}

static void
free_action(struct action *action)
{
	if (action != NULL)
		action_release(action);
	mem_free(action);
}

static void
free_prepared(struct prepared *p)
{
	if (p == NULL || atomic_fetch_sub(&p->holders, 1) > 1)
		return;
	for (unsigned i = 0; i < PERMITS; i++)
		free_action(atomic_load(&p->actions[i]));
	free_action(p->nothing);
	mem_free(p);
}

static void
free_private(struct view_private *p)
{
	if (p == NULL)
		return;
	free_prepared(p->prepared);
	places_release(&p->places);
	estate_free(p->estate);
	mem_free(p);
}

static void
view_free(const void *view)
{
	const struct live_view *v = view;

	if (v != NULL)
		free_private(v->private);
}

/* An action that no role contains. */
static struct action *
nothing_for(const struct estate *e)
{
	size_t words = e->roles.count / 64 + 1;
	struct action *a = mem_zero(1, sizeof *a);

	if (a == NULL)
		return NULL;
	*a = (struct action){.name = SLICE("none/none/none"),
	    .granting = mem_zero(3 * words, sizeof *a->granting),
	    .everyone = NONE};
	if (a->granting == NULL) {
		mem_free(a);
		return NULL;
	}
	a->conditional = a->granting + words;
	a->matching = a->conditional + words;
	return a;
}

static struct prepared *
prepared_new(const struct estate *e)
{
	struct prepared *p = mem_zero(1, sizeof *p);

	if (p == NULL)
		return NULL;
	atomic_init(&p->holders, 1);
	p->nothing = nothing_for(e);
	if (p->nothing != NULL)
		return p;
	mem_free(p);
	return NULL;
}

static enum actas_error
make_anew(
    struct view_private *p, const struct state *state, struct fault *fault)
{
	enum actas_error error =
	    view_make_estate(state, VIEW_LIVE, NULL, &p->estate, fault);

	if (error != ACTAS_OK)
		return error;
	error = places_init(&p->places, p->estate);
	p->prepared = prepared_new(p->estate);
	if (p->prepared == NULL)
		error = ACTAS_ENOMEM;
	return error == ACTAS_OK ? ACTAS_OK : fault_plain(fault, error);
}

/* What differs is changed in what the view before has; without an estate
 * where that cannot be done. */
static enum actas_error
make_from(struct view_private *p, const struct state *state,
    const struct view_step *from, struct fault *fault)
{
	const struct live_view *old = from->view;
	enum actas_error error =
	    view_revise(state, from, &old->private->places, &p->estate, fault);

	if (error != ACTAS_OK || p->estate == NULL)
		return error;
	error = places_follow(&p->places, &old->private->places, p->estate);
	if (error != ACTAS_OK)
		return fault_plain(fault, error);
	p->prepared = old->private->prepared;
	atomic_fetch_add(&p->prepared->holders, 1);
	return ACTAS_OK;
}

static enum actas_error
view_make(void *context ACTAS_UNUSED, const struct state *state,
    uint64_t revision, const struct view_step *from, const void **view,
    struct fault *fault)
{
	struct view_private *p = mem_zero(1, sizeof *p);
	enum actas_error error = ACTAS_OK;

	*view = NULL;
	if (p == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	if (from != NULL)
		error = make_from(p, state, from, fault);
	if (error == ACTAS_OK && p->estate == NULL)
		error = make_anew(p, state, fault);
	if (error == ACTAS_OK) {
		p->estate->revision = revision;
		p->view = (struct live_view){p->estate, p};
		*view = &p->view;
		return ACTAS_OK;
	}
	free_private(p);
	return error;
}

struct view_maker
view_maker(void)
{
	return (struct view_maker){
	    .touches = view_touches, .make = view_make, .drop = view_free};
}

enum actas_error
view_estate(const struct state *s, uint64_t revision,
    const struct view_filter *filter, struct estate **estate,
    struct fault *fault)
{
	enum actas_error error =
	    view_make_estate(s, VIEW_FULL, filter, estate, fault);

	if (error == ACTAS_OK)
		(*estate)->revision = revision;
	return error;
}

/* --- deciding --- */

static const struct action *
action_for(struct view_private *p, enum permission_id permission)
{
	struct prepared *prepared = p->prepared;
	struct action *made = atomic_load(&prepared->actions[permission]);
	struct action *first = NULL;

	if (made != NULL)
		return made;
	made = mem_zero(1, sizeof *made);
	if (made == NULL ||
	    action_prepare(p->estate, slice_of(permissions[permission]),
		ACTION_AS_KNOWN, made, NULL) != ACTAS_OK) {
		mem_free(made);
		return prepared->nothing;
	}
	if (atomic_compare_exchange_strong(
		&prepared->actions[permission], &first, made))
		return made;
	free_action(made);
	return first;
}

/* One that the directory lists and that can act. An assignment may name
 * somebody who is gone. */
static principal_id
known_caller(const struct estate *e, struct guid object_id)
{
	principal_id p =
	    guid_is_nil(object_id) ? NONE : estate_by_object_id(e, object_id);

	if (p == NONE ||
	    (e->principals.at[p].flags & PRINCIPAL_DECLARED) == 0 ||
	    e->principals.at[p].kind == PRINCIPAL_GROUP)
		return NONE;
	return p;
}

/* Whoever is in the directory may read it, as users of a tenant do unless it
 * is taken from them: clients look up by name whom they give a role. */
static struct decision
open_to_all(struct decision d, enum permission_id permission)
{
	if (permission != PERMIT_DIRECTORY_READ || d.allowed ||
	    d.reason == REASON_DISABLED)
		return d;
	return (struct decision){.allowed = true,
	    .reason = REASON_GRANTED_BY_DIRECTORY,
	    .assignment = NONE,
	    .denial = NONE};
}

struct verdict
view_decide(const struct snapshot *snapshot, struct guid object_id,
    enum permission_id permission, struct slice path,
    const struct request *request)
{
	const struct live_view *view = snapshot_view(snapshot);
	struct place_found place = places_find(&view->private->places, path);
	struct request full = request == NULL ? (struct request){0} : *request;
	struct verdict v = {.estate = view->estate,
	    .principal = known_caller(view->estate, object_id),
	    .scope = place.scope,
	    .scope_is_exact = place.exact,
	    .action = action_for(view->private, permission)};

	v.decision = (struct decision){
	    .reason = decide_unknown(v.estate, v.action, v.scope),
	    .assignment = NONE,
	    .denial = NONE};
	if (v.principal == NONE)
		return v;
	full.is_below = place.below;
	if (place.below && place.kind == SCOPE_SECRET)
		full.below_secret = place.segment;
	v.decision =
	    open_to_all(decide(v.estate, v.principal, v.action, v.scope, &full),
		permission);
	return v;
}
