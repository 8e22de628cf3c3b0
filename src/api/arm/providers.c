#include "api/arm/operations.h"
#include "api/arm/resources.h"

/*
 * Resource providers: those whose resources are served, all registered from
 * the beginning. az asks here for the api-version of a type, Terraform for
 * what is registered.
 */

struct resource_type {
	const char *space, *type, *version;
};

/* In the order of their namespaces. */
static const struct resource_type types[] = {
    {"Microsoft.Authorization", "denyAssignments", "2022-04-01"},
    {"Microsoft.Authorization", "permissions", "2022-04-01"},
    {"Microsoft.Authorization", "roleAssignments", "2022-04-01"},
    {"Microsoft.Authorization", "roleDefinitions", "2022-04-01"},
    {"Microsoft.Fabric", "capacities", "2023-11-01"},
    {"Microsoft.KeyVault", "checkNameAvailability", "2026-02-01"},
    {"Microsoft.KeyVault", "deletedVaults", "2026-02-01"},
    {"Microsoft.KeyVault", "locations", "2026-02-01"},
    {"Microsoft.KeyVault", "vaults", "2026-02-01"},
    {"Microsoft.KeyVault", "vaults/accessPolicies", "2026-02-01"},
    {"Microsoft.KeyVault", "vaults/secrets", "2026-02-01"},
    {"Microsoft.ManagedIdentity", "userAssignedIdentities", "2024-11-30"},
    {"Microsoft.ManagedIdentity",
	"userAssignedIdentities/federatedIdentityCredentials", "2024-11-30"},
    {"Microsoft.Management", "managementGroups", "2023-04-01"},
    {"Microsoft.Resources", "resourceGroups", "2024-11-01"},
    {"Microsoft.Resources", "resources", "2024-11-01"},
    {"Microsoft.Resources", "subscriptions", "2022-12-01"},
    {"Microsoft.Resources", "tenants", "2022-12-01"},
    {"Microsoft.Storage", "storageAccounts", "2024-01-01"},
};

enum { TYPES = sizeof types / sizeof *types };

bool
arm_is_namespace(struct slice space)
{
	for (size_t i = 0; i < TYPES; i++)
		if (slice_eq_case(slice_of(types[i].space), space))
			return true;
	return false;
}

static bool
is_of(size_t i, struct slice space)
{
	return i < TYPES && slice_eq_case(slice_of(types[i].space), space);
}

/* The namespace whose first type is 'from'. */
static json_t *
show(const struct arm_call *c, size_t from)
{
	struct slice space = slice_of(types[from].space);
	struct slice above =
	    c->scope.kind == ARM_ROOT ? SLICE("") : c->scope.path;
	json_t *of_type = json_array();

	for (size_t i = from; is_of(i, space); i++)
		(void)json_array_append_new(of_type,
		    json_pack("{s:s, s:[], s:[s], s:s, s:s}", "resourceType",
			types[i].type, "locations", "apiVersions",
			types[i].version, "defaultApiVersion", types[i].version,
			"capabilities", "None"));
	return json_pack("{s:o, s:s, s:s, s:s, s:o}", "id",
	    json_sprintf(
		"%.*s/providers/%s", SLICE_ARGS(above), types[from].space),
	    "namespace", types[from].space, "registrationState", "Registered",
	    "registrationPolicy", "RegistrationFree", "resourceTypes", of_type);
}

static void
read_providers(struct arm_call *c)
{
	json_t *value;

	if (!arm_must_see(c))
		return;
	value = json_array();
	for (size_t i = 0; i < TYPES; i++)
		if (i == 0 || !is_of(i - 1, slice_of(types[i].space)))
			(void)json_array_append_new(value, show(c, i));
	arm_reply_list(c, value);
}

static void
read_provider(struct arm_call *c)
{
	struct slice space = c->x->captures[1];
	size_t i = 0;

	if (!arm_must_see(c))
		return;
	while (i < TYPES && !is_of(i, space))
		i++;
	if (i < TYPES)
		arm_reply(c, 200, show(c, i));
	else
		arm_refuse(c, 404, "InvalidResourceNamespace",
		    "The resource namespace '%.*s' is invalid.",
		    SLICE_ARGS(space));
}

/* Of a subscription or of the tenant. */
const struct arm_operation arm_providers = {
    .permission = PERMIT_SUBSCRIPTION_READ,
    .cut = 1,
    .filters = true,
    .read = read_providers,
};

const struct arm_operation arm_provider = {
    .permission = PERMIT_SUBSCRIPTION_READ,
    .cut = 2,
    .filters = true,
    .read = read_provider,
};

/* Registering what is registered changes nothing. */
const struct arm_operation arm_provider_register = {
    .permission = PERMIT_SUBSCRIPTION_READ,
    .cut = 3,
    .filters = true,
    .read = read_provider,
};
