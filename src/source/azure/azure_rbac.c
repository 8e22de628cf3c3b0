#include "source/azure/azure_readers.h"

/*
 * Azure RBAC: assignments, definitions, deny assignments, and what Privileged
 * Identity Management makes of them.
 */

/* The GUID at the end of ".../roleDefinitions/{id}". */
static struct guid
last_guid(struct azure *az, const struct json_node *n, const char *key)
{
	struct slice text =
	    azure_need_text(az, n, key, "a path that ends in a GUID");
	struct guid id = {0};

	if (azure_failed(az))
		return id;
	if (text.length < GUID_TEXT_LENGTH ||
	    (text.length > GUID_TEXT_LENGTH &&
		text.at[text.length - GUID_TEXT_LENGTH - 1] != '/') ||
	    !guid_parse(slice_from(text, text.length - GUID_TEXT_LENGTH), &id))
		azure_complain(az, n, key, "a path that ends in a GUID");
	return id;
}

static scope_id
scope_of(struct azure *az, const struct json_node *n)
{
	struct slice path = azure_need_text(
	    az, n, "scope", "a path such as /subscriptions/{id}");
	scope_id s;

	if (azure_failed(az))
		return NONE;
	if (slice_eq(path, SLICE("/")))
		return 0;
	s = builder_scope_path(az->b, path, azure_origin(az, n->line));
	if (s == NONE)
		azure_complain(
		    az, n, "scope", "a path such as /subscriptions/{id}");
	/* Containers hang under their account, not under this. */
	if (slice_ends_case(path, SLICE("/blobServices/default")))
		builder_problem(az->b, PROBLEM_INCOMPLETE_SOURCE, path,
		    azure_origin(az, n->line), (struct origin){0},
		    "this grant is at the blob service of a storage "
		    "account: that it reaches the containers is not "
		    "followed");
	return s;
}

/* Who holds it. The command line names a service principal by its app id, a
 * user by its UPN and a group by its display name. */
static principal_id
holder(struct azure *az, const struct json_node *n)
{
	struct azure_principal said = {0};
	struct slice name = azure_text(az, n, "principalName");
	principal_id p;

	said.object_id = azure_need_guid(az, n, "principalId");
	azure_say_kind(&said, azure_text(az, n, "principalType"));
	if (said.kind == PRINCIPAL_USER)
		said.upn = name;
	else if (!guid_parse(name, &said.app_id))
		said.name = name;
	p = azure_principal(az, &said, n->line);
	/* az writes "" where the directory answered and did not know it. */
	if (name.length == 0 && azure_field(n, "principalName") != NULL &&
	    !azure_failed(az) &&
	    !azure_seen(az, SEEN_ORPHAN, said.object_id, 0))
		azure_wait(az,
		    &(struct waiting){.what = WAITING_ORPHAN,
			.principal = p,
			.origin = azure_origin(az, n->line)});
	return p;
}

static role_id
role_of(struct azure *az, const struct json_node *n)
{
	struct guid id = last_guid(az, n, "roleDefinitionId");
	struct slice name = azure_text(az, n, "roleDefinitionName");
	role_id role;

	if (azure_failed(az))
		return NONE;
	role = builder_role_by_id(az->b, id, azure_origin(az, n->line));
	if (role == NONE || az->b->roles.at[role].name != 0 ||
	    name.length == 0 || azure_seen(az, SEEN_ROLE_NAME, id, 0))
		return role;
	azure_wait(az,
	    &(struct waiting){.what = WAITING_ROLE_NAME,
		.role = role,
		.upn = builder_string(az->b, name)});
	return role;
}

static void
assign(
    struct azure *az, const struct json_node *n, struct guid id, uint32_t flags)
{
	struct assignment a = {
	    .id = id, .flags = flags, .origin = azure_origin(az, n->line)};

	a.principal = holder(az, n);
	a.role = role_of(az, n);
	a.scope = scope_of(az, n);
	a.condition = azure_string(az, n, "condition");
	if (!azure_failed(az))
		builder_assign(az->b, &a);
}

void
azure_read_assignment(struct azure *az, const struct json_node *n)
{
	assign(az, n, azure_need_guid(az, n, "name"), 0);
}

void
azure_read_eligibility(struct azure *az, const struct json_node *n)
{
	assign(az, n, (struct guid){0}, ASSIGNMENT_ELIGIBLE);
}

/* An active instance is the trace of an ordinary assignment and bears its id,
 * except where it is inherited: that assignment is at another scope. */
void
azure_read_active_instance(struct azure *az, const struct json_node *n)
{
	struct slice type = azure_text(az, n, "memberType");
	struct slice from = azure_text(az, n, "originRoleAssignmentId");
	bool direct = type.length == 0 || slice_eq_case(type, SLICE("Direct"));
	struct guid id = {0};

	if (direct && from.length > 0)
		id = last_guid(az, n, "originRoleAssignmentId");
	assign(az, n, id, 0);
}

/* --- permissions --- */

enum { LISTS = 4, MOST_PATTERNS = 4096, MOST_PERMISSIONS = 64 };

static const char *const list_names[LISTS] = {
    "actions", "notActions", "dataActions", "notDataActions"};

/* Appends the patterns of one list to the arena's array. */
static uint32_t
patterns_of(struct azure *az, const struct json_node *permission,
    const char *key, struct arena *arena, const struct slice **list)
{
	json_t *array = json_object_get(permission->value, key), *item;
	struct slice *texts;
	size_t count, i;

	*list = NULL;
	if (array == NULL || json_is_null(array))
		return 0;
	count = json_array_size(array);
	if (!json_is_array(array) || count > MOST_PATTERNS) {
		azure_complain(az, permission, key, "a list of actions");
		return 0;
	}
	texts = arena_zero(arena, count, sizeof *texts);
	if (texts == NULL) {
		az->error = fault_plain(az->fault, ACTAS_ENOMEM);
		return 0;
	}
	json_array_foreach(array, i, item)
	{
		texts[i] = (struct slice){
		    json_string_value(item), json_string_length(item)};
		if (texts[i].length == 0)
			azure_refuse(az, json_node_line(permission, key),
			    "\"%s\" has an entry that is no action: expected "
			    "text such as \"Microsoft.KeyVault/vaults/read\"",
			    key);
	}
	*list = texts;
	return (uint32_t)count;
}

static void
permission_of(struct azure *az, const struct json_node *n, struct arena *arena,
    struct permission_text *p)
{
	uint32_t *const counts[LISTS] = {&p->action_count, &p->not_action_count,
	    &p->data_action_count, &p->not_data_action_count};
	const struct slice **const lists[LISTS] = {&p->actions, &p->not_actions,
	    &p->data_actions, &p->not_data_actions};

	if (!json_is_object(n->value)) {
		azure_refuse(az, n->line,
		    "\"permissions\" has an entry that is no object");
		return;
	}
	for (size_t i = 0; i < LISTS && !azure_failed(az); i++)
		*counts[i] = patterns_of(az, n, list_names[i], arena, lists[i]);
	p->condition = azure_text(az, n, "condition");
}

/* The permissions of an element; their texts live as long as the arena and
 * the element. */
static uint32_t
permissions_of(struct azure *az, const struct json_node *n, struct arena *arena,
    struct permission_text **permissions)
{
	size_t most = json_array_size(azure_field(n, "permissions"));
	struct json_walk walk = azure_list(az, n, "permissions");
	struct json_node each;
	uint32_t count = 0;

	*permissions = NULL;
	if (azure_failed(az))
		return 0;
	if (most > MOST_PERMISSIONS)
		azure_complain(az, n, "permissions", "at most 64 of them");
	*permissions = arena_zero(arena, most, sizeof **permissions);
	if (*permissions == NULL)
		az->error = fault_plain(az->fault, ACTAS_ENOMEM);
	while (!azure_failed(az) && json_walk_next(&walk, &each))
		permission_of(az, &each, arena, &(*permissions)[count++]);
	return count;
}

void
azure_read_definition(struct azure *az, const struct json_node *n)
{
	struct guid id = azure_need_guid(az, n, "name");
	struct slice name =
	    azure_need_text(az, n, "roleName", "the role's name");
	string_id description = azure_string(az, n, "description");
	struct permission_text *permissions;
	struct arena arena = {0};
	uint32_t count;
	role_id role;

	count = permissions_of(az, n, &arena, &permissions);
	if (!azure_failed(az)) {
		role = builder_role(az->b, PLANE_AZURE, id, name, permissions,
		    count, azure_origin(az, n->line));
		(void)azure_seen(az, SEEN_DEFINITION, id, 0);
		if (role != NONE && description != 0)
			az->b->roles.at[role].description = description;
	}
	arena_release(&arena);
}

/* Directory roles name what they allow in one list only. */
void
azure_read_directory_definition(struct azure *az, const struct json_node *n)
{
	struct json_walk walk = azure_list(az, n, "rolePermissions");
	struct slice name =
	    azure_need_text(az, n, "displayName", "the role's name");
	struct guid id = azure_guid(az, n, "templateId");
	struct permission_text texts[MOST_PERMISSIONS] = {0};
	struct arena arena = {0};
	struct json_node each;
	uint32_t count = 0;

	if (guid_is_nil(id))
		id = azure_need_guid(az, n, "id");
	while (!azure_failed(az) && count < MOST_PERMISSIONS &&
	    json_walk_next(&walk, &each)) {
		texts[count].action_count = patterns_of(az, &each,
		    "allowedResourceActions", &arena, &texts[count].actions);
		count++;
	}
	/* A built-in definition is what the platform says about its own role;
	 * an answer that was asked for names only says nothing. */
	if (!azure_failed(az) && count > 0) {
		(void)builder_role(az->b, PLANE_DIRECTORY, id, name, texts,
		    count, azure_origin(az, n->line));
		(void)azure_seen(az, SEEN_DEFINITION, id, 0);
	}
	arena_release(&arena);
}

/* --- deny assignments --- */

/* Appends the ids of a list of principals; how many. */
static uint32_t
add_principals(struct azure *az, const struct json_node *n, const char *key,
    uint8_t *everyone)
{
	struct json_walk walk = azure_list(az, n, key);
	struct azure_principal said = {0};
	struct json_node each;
	uint32_t count = 0;
	enum actas_error error;
	principal_id id;

	while (!azure_failed(az) && json_walk_next(&walk, &each)) {
		said.object_id = azure_guid(az, &each, "id");
		said.kind = azure_principal_kind(azure_text(az, &each, "type"));
		if (guid_is_nil(said.object_id) &&
		    azure_field(&each, "id") == NULL)
			azure_complain(az, &each, "id", "a GUID");
		if (guid_is_nil(said.object_id)) {
			*everyone = 1;
			continue;
		}
		id = azure_principal(az, &said, each.line);
		if (azure_failed(az))
			break;
		error = vector_push(&az->b->denial_ids, id);
		if (error != ACTAS_OK)
			az->error = fault_plain(az->fault, error);
		count++;
	}
	return count;
}

void
azure_read_denial(struct azure *az, const struct json_node *n)
{
	struct deny_assignment d = {.origin = azure_origin(az, n->line)};
	struct permission_text *permissions;
	struct arena arena = {0};
	uint8_t none = 0;
	enum actas_error error;

	d.id = last_guid(az, n, "id");
	/* Lists of a subscription and of its resource groups overlap. */
	if (azure_failed(az) || azure_seen(az, SEEN_DENIAL, d.id, 0))
		return;
	d.name = azure_string(az, n, "denyAssignmentName");
	d.scope = scope_of(az, n);
	d.not_for_children =
	    azure_bool(az, n, "doNotApplyToChildScopes") == YES;
	d.permission_count = permissions_of(az, n, &arena, &permissions);
	if (azure_failed(az))
		goto out;
	d.permissions =
	    builder_permissions(az->b, permissions, d.permission_count);
	d.principals = az->b->denial_ids.count;
	d.principal_count = add_principals(az, n, "principals", &d.everyone);
	d.excluded = az->b->denial_ids.count;
	d.excluded_count = add_principals(az, n, "excludePrincipals", &none);
	if (azure_failed(az))
		goto out;
	error = vector_push(&az->b->denials, d);
	if (error != ACTAS_OK)
		az->error = fault_plain(az->fault, error);
out:
	arena_release(&arena);
}
