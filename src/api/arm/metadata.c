#include "api/arm/operations.h"
#include "api/surface.h"

/*
 * What a client asks first: where everything else is. Every name is built
 * from the host that the client asked, so that one server answers for Azure's
 * own names and for localhost. Clients read three shapes:
 *
 *	2015-01-01   one object with a few end points (az cloud register)
 *	2022-09-01   one object, whole (Terraform); later dates too
 *	others       a list of objects, whole (ARM_CLOUD_METADATA_URL)
 */

struct place {
	const char *name; /* of the cloud */
	const char *manager;
	const char *login; /* without a slash at its end */
	const char *graph;
	const char *vaults; /* suffix of vaults' hosts, without a dot */
	const char *portal;
};

static bool
is_public(struct slice host)
{
	return slice_eq(host, SLICE("management.azure.com")) ||
	    slice_eq(host, SLICE("management.core.windows.net"));
}

static bool
is_localhost(struct slice host)
{
	return slice_eq(host, SLICE("localhost")) ||
	    slice_ends(host, SLICE(".localhost"));
}

/* Host names below "localhost" lead back to it; those of another name of the
 * server have to be in the DNS. */
static const char *
vault_suffix(struct exchange *x)
{
	struct slice port = slice_from(x->authority, x->host.length);
	struct slice under = surface_vaults_under(exchange_api(x), x->host);

	if (is_public(x->host))
		return "vault.azure.net";
	if (under.length == 0)
		under = SLICE("localhost");
	return arena_printf(
	    &x->arena, "vault.%.*s%.*s", SLICE_ARGS(under), SLICE_ARGS(port));
}

static struct place
place_of(struct exchange *x)
{
	const char *origin = exchange_origin(x);
	struct place p = {
	    .name = "AzureCloud",
	    .manager = "https://management.azure.com/",
	    .login = "https://login.microsoftonline.com",
	    .graph = "https://graph.microsoft.com/",
	    .portal = "https://portal.azure.com",
	    .vaults = vault_suffix(x),
	};

	if (is_public(x->host))
		return p;
	p.name = "actas";
	p.manager = p.login = p.graph = p.portal = origin;
	return p;
}

/* By a path wherever it is not certain that a name leads here. */
json_t *
arm_vault_uri(struct exchange *x, struct slice name)
{
	if (is_public(x->host) || is_localhost(x->host))
		return json_sprintf(
		    "https://%.*s.%s/", SLICE_ARGS(name), vault_suffix(x));
	return json_sprintf(
	    "%s/vaults/%.*s/", exchange_origin(x), SLICE_ARGS(name));
}

static json_t *
authentication(const struct place *p)
{
	return json_pack("{s:s, s:[s, s], s:s, s:s}", "loginEndpoint", p->login,
	    "audiences", "https://management.core.windows.net/",
	    "https://management.azure.com/", "tenant", "common",
	    "identityProvider", "AAD");
}

static json_t *
suffixes(const struct place *p)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "keyVaultDns",
	    p->vaults, "storage", "core.windows.net", "sqlServerHostname",
	    "database.windows.net", "acrLoginServer", "azurecr.io", "mhsmDns",
	    "managedhsm.azure.net", "azureDataLakeStoreFileSystem",
	    "azuredatalakestore.net", "azureDataLakeAnalyticsCatalogAndJob",
	    "azuredatalakeanalytics.net");
}

static json_t *
whole(const struct place *p)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, "
			 "s:o, s:o}",
	    "name", p->name, "resourceManager", p->manager,
	    "microsoftGraphResourceId", p->graph, "graph",
	    "https://graph.windows.net/", "graphAudience",
	    "https://graph.windows.net/", "portal", p->portal, "gallery",
	    "https://gallery.azure.com/", "batch",
	    "https://batch.core.windows.net/", "sqlManagement",
	    "https://management.core.windows.net:8443/", "authentication",
	    authentication(p), "suffixes", suffixes(p));
}

static json_t *
oldest(const struct place *p)
{
	return json_pack("{s:s, s:s, s:s, s:o}", "galleryEndpoint",
	    "https://gallery.azure.com/", "graphEndpoint",
	    "https://graph.windows.net/", "portalEndpoint", p->portal,
	    "authentication", authentication(p));
}

static void
read_endpoints(struct arm_call *c)
{
	struct slice version = exchange_query(c->x, "api-version", NULL);
	struct place p = place_of(c->x);
	json_t *reply;

	if (p.vaults == NULL)
		reply = NULL;
	else if (slice_starts(version, SLICE("2015-01-01")))
		reply = oldest(&p);
	else if (slice_cmp(version, SLICE("2022-09-01")) >= 0)
		reply = whole(&p);
	else
		reply = json_pack("[o]", whole(&p));
	arm_reply(c, 200, reply);
}

const struct arm_operation arm_endpoints = {
    .permission = PERMITS,
    .cut = 2,
    .is_open = true,
    .read = read_endpoints,
};
