#include "source/azure/azure_readers.h"

/*
 * What directory objects are to each other: members, owners, holders of
 * directory roles, and the federated credentials of an application. Whose
 * they are is in the request.
 */

/* The object that the list holds, which a directory hereby lists. A member
 * may be something that authorisation does not know, such as a device. */
static principal_id
listed_object(struct azure *az, const struct json_node *n)
{
	struct azure_principal said = {.rank = RANK_RELATION};
	struct slice type = azure_text(az, n, "@odata.type");

	said.object_id = azure_need_guid(az, n, "id");
	said.name = azure_text(az, n, "displayName");
	said.upn = azure_text(az, n, "userPrincipalName");
	said.app_id = azure_guid(az, n, "appId");
	said.kind = azure_principal_kind(type);
	if (said.kind == PRINCIPAL_UNKNOWN && said.upn.length > 0)
		said.kind = PRINCIPAL_USER;
	if (said.kind == PRINCIPAL_UNKNOWN && !guid_is_nil(said.app_id))
		said.kind = PRINCIPAL_SERVICE;
	if (slice_eq_case(azure_text(az, n, "servicePrincipalType"),
		SLICE("ManagedIdentity")))
		said.kind = PRINCIPAL_MANAGED_IDENTITY;
	/* An id alone is a reference and no listing. */
	if (said.name.length == 0 && said.upn.length == 0)
		said.rank = RANK_MENTION;
	return azure_principal(az, &said, n->line);
}

/* The group that the request names. */
static principal_id
captured_group(struct azure *az, const struct json_node *n)
{
	struct azure_principal said = {.kind = PRINCIPAL_GROUP};

	said.object_id = azure_captured(az, 0);
	return azure_principal(az, &said, n->line);
}

void
azure_read_member(struct azure *az, const struct json_node *n)
{
	principal_id group = captured_group(az, n);
	principal_id member = listed_object(az, n);

	if (!azure_failed(az))
		builder_member(az->b, group, member, azure_origin(az, n->line));
}

void
azure_read_transitive_member(struct azure *az, const struct json_node *n)
{
	principal_id group = captured_group(az, n);
	principal_id member = listed_object(az, n);

	azure_wait(az,
	    &(struct waiting){.what = WAITING_TRANSITIVE,
		.principal = member,
		.row = group,
		.origin = azure_origin(az, n->line)});
}

/* The other direction: the groups that the request's object is in. */
void
azure_read_member_of(struct azure *az, const struct json_node *n)
{
	struct azure_principal said = {.object_id = azure_captured(az, 0)};
	struct slice type = azure_text(az, n, "@odata.type");
	principal_id member, group;

	/* Directory roles and administrative units are in the list too. */
	if (type.length > 0 && azure_principal_kind(type) != PRINCIPAL_GROUP)
		return;
	member = azure_principal(az, &said, n->line);
	group = listed_object(az, n);
	if (azure_failed(az))
		return;
	if (az->b->principals.at[group].kind == PRINCIPAL_UNKNOWN)
		az->b->principals.at[group].kind = PRINCIPAL_GROUP;
	builder_member(az->b, group, member, azure_origin(az, n->line));
}

/* --- owners --- */

static void
wait_as_owner(
    struct azure *az, const struct json_node *n, enum waiting_for what)
{
	struct guid id = azure_captured(az, 0);
	principal_id owner = listed_object(az, n);

	azure_wait(az,
	    &(struct waiting){.what = (uint8_t)what,
		.id = id,
		.principal = owner,
		.origin = azure_origin(az, n->line)});
}

void
azure_read_application_owner(struct azure *az, const struct json_node *n)
{
	wait_as_owner(az, n, WAITING_APP_OWNER);
}

void
azure_read_service_principal_owner(struct azure *az, const struct json_node *n)
{
	wait_as_owner(az, n, WAITING_SP_OWNER);
}

void
azure_read_group_owner(struct azure *az, const struct json_node *n)
{
	struct assignment a = {.origin = azure_origin(az, n->line)};
	principal_id group = captured_group(az, n);

	a.principal = listed_object(az, n);
	a.scope = azure_group_scope(az, group, a.origin);
	if (azure_failed(az))
		return;
	a.role =
	    builder_role_by_name(az->b, PLANE_DIRECTORY, SLICE("Group owner"));
	if (a.role != NONE)
		builder_assign(az->b, &a);
}

/* --- federated credentials --- */

static void
read_federated(
    struct azure *az, const struct json_node *n, struct credential *c)
{
	c->kind = CREDENTIAL_FEDERATED;
	c->name = azure_string(az, n, "name");
	c->issuer =
	    builder_string(az->b, azure_need_text(az, n, "issuer", "a URL"));
	c->subject = builder_string(
	    az->b, azure_need_text(az, n, "subject", "the subject of a token"));
	c->starts = c->ends = MOMENT_UNKNOWN;
	c->origin = azure_origin(az, n->line);
}

void
azure_read_federated(struct azure *az, const struct json_node *n)
{
	struct credential c = {.principal = NONE, .application = NONE};
	struct guid id = azure_captured(az, 0);
	enum actas_error error;

	c.key_id = azure_guid(az, n, "id");
	read_federated(az, n, &c);
	if (azure_failed(az) ||
	    azure_seen(az, SEEN_CREDENTIAL, c.key_id, c.subject))
		return;
	error = vector_push(&az->credentials, c);
	if (error != ACTAS_OK) {
		az->error = fault_plain(az->fault, error);
		return;
	}
	azure_wait(az,
	    &(struct waiting){.what = WAITING_CREDENTIAL,
		.id = id,
		.row = az->credentials.count - 1,
		.origin = c.origin});
}

/* "…/userAssignedIdentities/{name}/federatedIdentityCredentials/{name}": the
 * identity is known by its resource. */
void
azure_read_identity_federated(struct azure *az, const struct json_node *n)
{
	struct slice id =
	    azure_need_text(az, n, "id", "the path of a federated credential");
	size_t end =
	    slice_find_case(id, SLICE("/federatedIdentityCredentials/"));
	struct credential c = {.principal = NONE, .application = NONE};
	enum actas_error error;

	if (azure_failed(az))
		return;
	if (end == SIZE_MAX) {
		azure_complain(
		    az, n, "id", "the path of a federated credential");
		return;
	}
	read_federated(az, n, &c);
	if (azure_failed(az))
		return;
	error = vector_push(&az->credentials, c);
	if (error != ACTAS_OK)
		az->error = fault_plain(az->fault, error);
	azure_wait(az,
	    &(struct waiting){.what = WAITING_IDENTITY,
		.upn = builder_string(az->b, slice_sub(id, 0, end)),
		.row = az->credentials.count - 1,
		.origin = c.origin});
}

/* --- directory roles --- */

/* Makes a role of the directory out of one that only its id is known of. */
static role_id
directory_role(struct azure *az, const struct json_node *n, struct guid id)
{
	struct role *row;
	role_id role;

	if (azure_failed(az))
		return NONE;
	role = builder_role_by_id(az->b, id, azure_origin(az, n->line));
	if (role == NONE)
		return NONE;
	row = &az->b->roles.at[role];
	if (row->name == 0 && row->permission_count == 0)
		row->plane = PLANE_DIRECTORY;
	return role;
}

/* A role that is active in the directory has an id of its own beside that of
 * its template, by which assignments know it. */
void
azure_read_directory_role(struct azure *az, const struct json_node *n)
{
	struct guid id = azure_need_guid(az, n, "id");
	struct guid template = azure_need_guid(az, n, "roleTemplateId");
	struct slice name =
	    azure_need_text(az, n, "displayName", "the role's name");
	role_id role = directory_role(az, n, template);

	azure_wait(az,
	    &(struct waiting){.what = WAITING_ROLE_NAME,
		.role = role,
		.upn = builder_string(az->b, name)});
	azure_wait(az,
	    &(struct waiting){.what = WAITING_ALIAS,
		.id = id,
		.role = role,
		.origin = azure_origin(az, n->line)});
}

void
azure_read_directory_role_member(struct azure *az, const struct json_node *n)
{
	struct guid id = azure_captured(az, 0);
	principal_id holder = listed_object(az, n);

	azure_wait(az,
	    &(struct waiting){.what = WAITING_ROLE_MEMBER,
		.id = id,
		.principal = holder,
		.origin = azure_origin(az, n->line)});
}

static void
assign_in_directory(struct azure *az, const struct json_node *n, uint32_t flags)
{
	struct azure_principal said = {0};
	struct assignment a = {
	    .flags = flags, .origin = azure_origin(az, n->line)};
	struct slice at = azure_need_text(
	    az, n, "directoryScopeId", "\"/\" or \"/\" and an object's id");
	struct guid object = {0};

	said.object_id = azure_need_guid(az, n, "principalId");
	a.principal = azure_principal(az, &said, n->line);
	a.role =
	    directory_role(az, n, azure_need_guid(az, n, "roleDefinitionId"));
	if (azure_failed(az))
		return;
	if (slice_eq(at, SLICE("/"))) {
		builder_assign(az->b, &a);
	} else if (slice_starts_case(at, SLICE("/administrativeUnits/"))) {
		builder_problem(az->b, PROBLEM_UNDECLARED_SCOPE, at, a.origin,
		    (struct origin){0},
		    "a directory role is held in an administrative unit: what "
		    "is in the unit is not known, so it was left out");
	} else if (!guid_parse(slice_from(at, 1), &object)) {
		azure_complain(az, n, "directoryScopeId",
		    "\"/\" or \"/\" and an object's id");
	} else {
		azure_wait(az,
		    &(struct waiting){.what = WAITING_DIRECTORY,
			.id = object,
			.principal = a.principal,
			.role = a.role,
			.row = flags,
			.origin = a.origin});
	}
}

void
azure_read_directory_assignment(struct azure *az, const struct json_node *n)
{
	assign_in_directory(az, n, 0);
}

void
azure_read_directory_eligibility(struct azure *az, const struct json_node *n)
{
	assign_in_directory(az, n, ASSIGNMENT_ELIGIBLE);
}
