#include "platform/import/import_private.h"

#include "platform/shapes.h"

/*
 * Who may do what: role assignments of the resource manager, deny
 * assignments, roles and owners of the directory. Access policies belong to
 * their vault, Fabric's and Azure DevOps' roles to their answers.
 */

/* The id of the grant: the source's, unless it has none, or gave it to two. */
static struct guid
grant_id(struct import *im, struct guid known)
{
	uint64_t hash = guid_hash(known);
	struct index_walk walk = index_start(&im->assignment_ids, hash);
	uint32_t i;

	if (guid_is_nil(known))
		return import_id(im);
	while (index_next(&walk, &i))
		if (guid_eq(im->assigned.at[i], known))
			return import_id(im);
	import_fail(
	    im, index_add(&im->assignment_ids, hash, im->assigned.count));
	import_fail(im, vector_push(&im->assigned, known));
	return known;
}

static bool
takes_roles(struct import *im, const struct assignment *a)
{
	const char *why = im->e->scopes.at[a->scope].kind == SCOPE_BLOB
	    ? "no role can be given on a blob"
	    : "that is no resource of the platform";

	if (import_path(im, a->scope) != NULL)
		return true;
	import_tell(im, "%s: %s on %s was left out: %s",
	    import_principal(im, a->principal), import_role(im, a->role),
	    import_scope(im, a->scope), why);
	return false;
}

static struct shape_grant
shape_of(struct import *im, const struct assignment *a, role_id role)
{
	return (struct shape_grant){.id = grant_id(im, a->id),
	    .role = im->role_ids[role],
	    .principal = im->people[a->principal].object_id,
	    .scope = import_path(im, a->scope),
	    .principal_type = import_principal_type(im, a->principal),
	    .condition = import_string(im, a->condition),
	    .now = im->now};
}

static void
put_assignment(struct import *im, const struct assignment *a, role_id role)
{
	struct shape_grant g = shape_of(im, a, role);
	struct entity_text text;

	import_put(im, entity_guid_key(&text, ENTITY_ASSIGNMENT, g.id),
	    shape_assignment(&g), "a role assignment");
}

/* Who is eligible for a role is kept as it is answered: it allows nothing. */
static void
add_eligible(
    struct import *im, const struct assignment *a, struct answer_list *list)
{
	struct shape_grant g = shape_of(im, a, a->role);
	json_t *made = shape_assignment(&g);
	json_t *properties = json_object_get(made, "properties");

	if (json_object_set_new(properties, "roleEligibilityScheduleId",
		json_string(import_guid(im, g.id))) != 0)
		import_fail(im, ACTAS_ENOMEM);
	answer_add(list, made);
}

/* --- the directory --- */

static bool
is_role(const struct import *im, role_id r, const char *name)
{
	return slice_eq(
	    estate_text(im->e, im->e->roles.at[r].name), slice_of(name));
}

static void
put_owner(struct import *im, struct guid object, principal_id owner)
{
	struct entity_text text;

	import_put(im,
	    entity_key(&text, ENTITY_OWNER, slice_of(import_guid(im, object)),
		slice_of(import_guid(im, im->people[owner].object_id)),
		SLICE("")),
	    json_object(), "an owner");
}

/* The object on which a directory role is held: an application or its
 * service principal. Nil where there is none. */
static struct guid
object_at(struct import *im, scope_id s, bool service)
{
	const struct imported_app *app =
	    im->app_at[s] == 0 ? NULL : &im->apps.at[im->app_at[s] - 1];

	if (app == NULL)
		return (struct guid){0};
	if (!service && app->made)
		return app->object_id;
	return app->principal == NONE ? (struct guid){0}
				      : im->people[app->principal].object_id;
}

static void
put_directory_role(struct import *im, const struct assignment *a,
    struct guid object, struct answer_list *eligible)
{
	struct shape_grant g = {.id = import_id(im),
	    .role = im->role_ids[a->role],
	    .principal = im->people[a->principal].object_id,
	    .scope = a->scope == 0
		? "/"
		: import_text(im, "/%s", import_guid(im, object))};
	json_t *made = shape_directory_assignment(&g);
	struct entity_text text;

	if (!(a->flags & ASSIGNMENT_ELIGIBLE)) {
		import_put(im,
		    entity_guid_key(&text, ENTITY_DIRECTORY_ROLE, g.id), made,
		    "a directory role");
		return;
	}
	if (json_object_set_new(made, "roleEligibilityScheduleId",
		json_string(import_guid(im, g.id))) != 0)
		import_fail(im, ACTAS_ENOMEM);
	answer_add(eligible, made);
}

static void
give_in_directory(
    struct import *im, const struct assignment *a, struct answer_list *eligible)
{
	bool service = is_role(im, a->role, "Service principal owner");
	bool owner = service || is_role(im, a->role, "Application owner");
	struct guid object = {0};

	if (a->scope != 0)
		object = object_at(im, a->scope, service);
	if (owner && !guid_is_nil(object)) {
		put_owner(im, object, a->principal);
		return;
	}
	if (guid_is_nil(im->role_ids[a->role]) ||
	    (a->scope != 0 && guid_is_nil(object)) || a->condition != 0)
		import_tell(im,
		    "%s: %s on %s was left out: the directory has no such "
		    "grant",
		    import_principal(im, a->principal),
		    import_role(im, a->role), import_scope(im, a->scope));
	else
		put_directory_role(im, a, object, eligible);
}

/* --- one grant --- */

struct eligible {
	struct answer_list azure, directory;
};

static void
give_claimed(struct import *im, const struct assignment *a)
{
	enum scope_kind kind = (enum scope_kind)im->e->scopes.at[a->scope].kind;
	role_id roles[CLAIM_ROLES];
	uint32_t count;

	/* These are given where they are answered, and with the vault. */
	if (kind == SCOPE_WORKSPACE || kind == SCOPE_ITEM ||
	    import_in_policy_vault(im, a->scope))
		return;
	if (!import_holds(im, a) || !takes_roles(im, a))
		return;
	count = import_claim(im, a, roles);
	for (uint32_t i = 0; i < count; i++)
		put_assignment(im, a, roles[i]);
}

static void
give_in_azure(
    struct import *im, const struct assignment *a, struct answer_list *eligible)
{
	if (!takes_roles(im, a))
		return;
	if (guid_is_nil(im->role_ids[a->role]))
		import_tell(im,
		    "%s: %s on %s was left out: nothing says what the role "
		    "is",
		    import_principal(im, a->principal),
		    import_role(im, a->role), import_scope(im, a->scope));
	else if (a->flags & ASSIGNMENT_ELIGIBLE)
		add_eligible(im, a, eligible);
	else
		put_assignment(im, a, a->role);
}

static void
give(struct import *im, const struct assignment *a, struct eligible *eligible)
{
	enum plane plane = (enum plane)im->e->roles.at[a->role].plane;

	if (plane == PLANE_CLAIMED)
		give_claimed(im, a);
	else if (plane == PLANE_AZURE && import_holds(im, a))
		give_in_azure(im, a, &eligible->azure);
	else if (plane == PLANE_DIRECTORY && import_holds(im, a))
		give_in_directory(im, a, &eligible->directory);
}

/* --- deny assignments --- */

static json_t *
denied(struct import *im, uint32_t from, uint32_t count, bool everyone)
{
	json_t *list = json_array();

	if (everyone &&
	    json_array_append_new(list,
		json_pack("{s:s, s:s}", "id", import_guid(im, (struct guid){0}),
		    "type", "SystemDefined")) != 0)
		import_fail(im, ACTAS_ENOMEM);
	for (uint32_t i = from; i < from + count; i++) {
		principal_id p = im->e->denial_ids.at[i];

		if (guid_is_nil(im->people[p].object_id))
			import_tell(im,
			    "%s: that a deny assignment names it was left "
			    "out: nothing says who that is",
			    import_principal(im, p));
		else if (json_array_append_new(list,
			     json_pack("{s:s, s:s}", "id",
				 import_guid(im, im->people[p].object_id),
				 "type", import_principal_type(im, p))) != 0)
			import_fail(im, ACTAS_ENOMEM);
	}
	return list;
}

static void
put_denial(struct import *im, const struct deny_assignment *d)
{
	const char *scope = import_path(im, d->scope);
	struct guid id = grant_id(im, d->id);
	const char *id_text = import_guid(im, id);
	struct entity_text text;

	if (scope == NULL) {
		import_tell(im,
		    "the deny assignment %s was left out: %s is no resource "
		    "of the platform",
		    import_string(im, d->name), import_scope(im, d->scope));
		return;
	}
	import_put(im, entity_guid_key(&text, ENTITY_DENY, id),
	    json_pack("{s:s++, s:s, s:s, s:{s:s, s:o, s:s, s:b, s:o, s:o, "
		      "s:b, s:s, s:s}}",
		"id", d->scope == 0 ? "" : scope,
		"/providers/Microsoft.Authorization/denyAssignments/", id_text,
		"name", id_text, "type",
		"Microsoft.Authorization/denyAssignments", "properties",
		"denyAssignmentName", import_string(im, d->name), "permissions",
		import_permissions(im, d->permissions, d->permission_count),
		"scope", scope, "doNotApplyToChildScopes",
		(int)d->not_for_children, "principals",
		denied(im, d->principals, d->principal_count, d->everyone),
		"excludePrincipals",
		denied(im, d->excluded, d->excluded_count, false),
		"isSystemProtected", 0, "createdOn", im->now_text, "updatedOn",
		im->now_text),
	    "a deny assignment");
}

static void
index_applications(struct import *im)
{
	im->app_at = import_zero(im, im->e->scopes.count, sizeof *im->app_at);
	if (im->app_at == NULL)
		return;
	for (uint32_t i = im->e->applications.count; i-- > 0;)
		if (im->e->applications.at[i].scope != NONE)
			im->app_at[im->e->applications.at[i].scope] = i + 1;
}

void
import_access(struct import *im)
{
	struct eligible eligible = {
	    answer_list(im,
		"management.azure.com/providers/Microsoft.Authorization/"
		"roleEligibilityScheduleInstances",
		"value"),
	    answer_list(im,
		"graph.microsoft.com/v1.0/roleManagement/directory/"
		"roleEligibilityScheduleInstances",
		"value")};

	index_applications(im);
	for (assignment_id i = 0; i < im->e->grants.count && !im->error; i++) {
		struct assignment a = estate_assignment(im->e, i);

		give(im, &a, &eligible);
	}
	answer_end(&eligible.azure);
	answer_end(&eligible.directory);
	for (uint32_t i = 0; i < im->e->denials.count && !im->error; i++)
		put_denial(im, &im->e->denials.at[i]);
}
