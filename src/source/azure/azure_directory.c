#include "source/azure/azure_readers.h"

/*
 * The directory's objects: users, groups, applications and their service
 * principals, with the credentials of the latter two.
 */

static void
set_flag(struct azure *az, principal_id p, enum principal_flag flag)
{
	if (!azure_failed(az) && p != NONE)
		az->b->principals.at[p].flags |= (uint8_t)flag;
}

/* What all directory objects have. */
static struct azure_principal
object(struct azure *az, const struct json_node *n, enum principal_kind kind)
{
	struct azure_principal said = {.kind = kind, .rank = RANK_LISTING};

	said.object_id = azure_need_guid(az, n, "id");
	said.name = azure_text(az, n, "displayName");
	return said;
}

static principal_id
declare(struct azure *az, const struct json_node *n,
    const struct azure_principal *said)
{
	principal_id p = azure_principal(az, said, n->line);

	/* One object alone is no list, and neither are somebody's members. */
	if (az->in_list && !azure_failed(az) &&
	    az->shape->read != azure_read_directory_object)
		az->b->listed |= (uint8_t)(1U << said->kind);
	if (azure_bool(az, n, "accountEnabled") == NO)
		set_flag(az, p, PRINCIPAL_DISABLED);
	return p;
}

void
azure_read_user(struct azure *az, const struct json_node *n)
{
	struct azure_principal said = object(az, n, PRINCIPAL_USER);

	said.upn = azure_text(az, n, "userPrincipalName");
	(void)declare(az, n, &said);
}

void
azure_read_group(struct azure *az, const struct json_node *n)
{
	struct azure_principal said = object(az, n, PRINCIPAL_GROUP);

	(void)declare(az, n, &said);
}

static const struct {
	const char *key;
	enum credential_kind kind;
} credential_lists[] = {
    {"passwordCredentials", CREDENTIAL_SECRET},
    {"keyCredentials", CREDENTIAL_CERTIFICATE},
};

static void
read_credential(
    struct azure *az, const struct json_node *n, struct credential *c)
{
	enum actas_error error;

	c->key_id = azure_need_guid(az, n, "keyId");
	c->name = azure_string(az, n, "displayName");
	c->starts = azure_moment(az, n, "startDateTime");
	c->ends = azure_moment(az, n, "endDateTime");
	c->origin = azure_origin(az, n->line);
	if (azure_failed(az) ||
	    azure_seen(az, SEEN_CREDENTIAL, c->key_id,
		c->application == NONE ? (uint64_t)c->principal << 32
				       : c->application))
		return;
	error = vector_push(&az->b->credentials, *c);
	if (error != ACTAS_OK)
		az->error = fault_plain(az->fault, error);
}

static void
read_credentials(struct azure *az, const struct json_node *n,
    principal_id principal, uint32_t application)
{
	for (size_t i = 0; i < 2; i++) {
		struct json_walk walk =
		    azure_list(az, n, credential_lists[i].key);
		struct credential c = {.principal = principal,
		    .application = application,
		    .kind = (uint8_t)credential_lists[i].kind};
		struct json_node each;

		while (!azure_failed(az) && json_walk_next(&walk, &each))
			read_credential(az, &each, &c);
	}
}

/* The resource of a managed identity stands among its alternative names. */
static struct slice
home_of(const struct json_node *n)
{
	const json_t *names = azure_field(n, "alternativeNames");

	for (size_t i = 0; i < json_array_size(names); i++) {
		const json_t *name = json_array_get(names, i);
		struct slice text = {
		    json_string_value(name), json_string_length(name)};

		if (slice_starts_case(text, SLICE("/subscriptions/")))
			return text;
	}
	return SLICE("");
}

void
azure_read_service_principal(struct azure *az, const struct json_node *n)
{
	struct slice type = azure_text(az, n, "servicePrincipalType");
	bool managed = slice_eq_case(type, SLICE("ManagedIdentity"));
	struct azure_principal said = object(
	    az, n, managed ? PRINCIPAL_MANAGED_IDENTITY : PRINCIPAL_SERVICE);
	struct slice home = home_of(n);
	principal_id p;

	said.app_id = azure_guid(az, n, "appId");
	p = declare(az, n, &said);
	if (p == NONE || azure_failed(az))
		return;
	if (managed && home.length > 0)
		az->b->principals.at[p].home = builder_string(az->b, home);
	read_credentials(az, n, p, NONE);
}

void
azure_read_application(struct azure *az, const struct json_node *n)
{
	struct guid app_id = azure_need_guid(az, n, "appId");
	struct guid id = azure_need_guid(az, n, "id");
	struct application *a;
	scope_id scope;
	uint32_t row;

	if (azure_failed(az))
		return;
	row = builder_application(az->b, app_id, azure_origin(az, n->line));
	scope = azure_application_scope(az, row);
	if (azure_failed(az))
		return;
	azure_declare_scope(
	    az, scope, azure_text(az, n, "displayName"), n->line);
	a = &az->b->applications.at[row];
	a->object_id = id;
	a->name = az->b->scopes.at[scope].name;
	a->origin = az->b->scopes.at[scope].origin;
	read_credentials(az, n, NONE, row);
}

/* The tenant says who it is better than the things that belong to it. */
void
azure_read_organization(struct azure *az, const struct json_node *n)
{
	struct guid id = azure_need_guid(az, n, "id");

	if (!azure_failed(az))
		az->b->tenant = id;
}

static const struct {
	const char *type;
	azure_reader *read;
} objects[] = {
    {"#microsoft.graph.user", azure_read_user},
    {"#microsoft.graph.group", azure_read_group},
    {"#microsoft.graph.servicePrincipal", azure_read_service_principal},
    {"#microsoft.graph.application", azure_read_application},
};

/* A list of objects of several kinds is an answer about something: without
 * its request nobody can say whose members or owners they are. */
void
azure_read_directory_object(struct azure *az, const struct json_node *n)
{
	struct slice type = azure_text(az, n, "@odata.type");

	if (az->elements == 1 && !azure_failed(az))
		builder_problem(az->b, PROBLEM_INCOMPLETE_SOURCE,
		    slice_of(az->file_name), azure_origin(az, n->line),
		    (struct origin){0},
		    "lists directory objects and does not say whose members "
		    "or owners they are: keep the answer under its request, "
		    "as in graph.microsoft.com/v1.0/groups/{id}/members.json");
	for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
		if (slice_eq(type, slice_of(objects[i].type)))
			objects[i].read(az, n);
}
