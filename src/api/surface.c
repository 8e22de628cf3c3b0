#include "api/surface.h"

static const struct {
	const char *name;
	enum surface surface;
} hosts[] = {
    {"login.microsoftonline.com", SURFACE_ENTRA},
    {"login.windows.net", SURFACE_ENTRA},
    {"login.microsoft.com", SURFACE_ENTRA},
    {"sts.windows.net", SURFACE_ENTRA},
    {"graph.microsoft.com", SURFACE_GRAPH},
    {"management.azure.com", SURFACE_ARM},
    {"management.core.windows.net", SURFACE_ARM},
    {"api.fabric.microsoft.com", SURFACE_LATER},
    {"api.powerbi.com", SURFACE_LATER},
    {"onelake.dfs.fabric.microsoft.com", SURFACE_LATER},
    {"dev.azure.com", SURFACE_LATER},
    {"vssps.dev.azure.com", SURFACE_LATER},
    {"app.vssps.visualstudio.com", SURFACE_LATER},
};

/* The vault's label in "{label}.vault.{base}". */
static struct slice
label_under(struct slice host, struct slice base)
{
	static const struct slice infix = {".vault.", 7};
	struct slice none = {0}, label;

	if (!slice_ends(host, base) || host.length < base.length + infix.length)
		return none;
	label = slice_sub(host, 0, host.length - base.length);
	if (!slice_ends(label, infix))
		return none;
	label.length -= infix.length;
	return slice_find(label, SLICE(".")) == SIZE_MAX ? label : none;
}

struct slice
surface_vault_label(const struct api *api, struct slice host)
{
	struct slice label = label_under(host, SLICE("azure.net"));

	if (label.length == 0)
		label = label_under(host, SLICE("localhost"));
	for (uint32_t i = 0; label.length == 0 && i < api->host_count; i++)
		label = label_under(host, slice_of(api->hosts[i]));
	return label;
}

/* Only names can be rebound: an address is what the client really asked. */
static bool
is_address(struct slice host)
{
	bool is_v6 =
	    slice_starts(host, SLICE("[")) && slice_ends(host, SLICE("]"));
	uint32_t dots = 0;

	if (is_v6)
		return true;
	for (size_t i = 0; i < host.length; i++) {
		if (host.at[i] == '.')
			dots++;
		else if (host.at[i] < '0' || host.at[i] > '9')
			return false;
	}
	return dots == 3;
}

static bool
is_loopback(struct slice host)
{
	return slice_eq(host, SLICE("localhost")) ||
	    slice_ends(host, SLICE(".localhost")) ||
	    slice_eq(host, SLICE("127.0.0.1")) ||
	    slice_eq(host, SLICE("[::1]"));
}

/* "*." stands for one label, as in a certificate. */
static bool
is_named(struct slice host, struct slice name)
{
	struct slice label;

	if (!slice_starts(name, SLICE("*.")))
		return slice_eq(host, name);
	return slice_cut(&host, '.', &label) && label.length > 0 &&
	    host.at != NULL && slice_eq(host, slice_from(name, 2));
}

bool
surface_is_local(const struct api *api, struct slice host)
{
	for (uint32_t i = 0; i < api->host_count; i++)
		if (is_named(host, slice_of(api->hosts[i])))
			return true;
	return is_loopback(host);
}

struct slice
surface_vaults_under(const struct api *api, struct slice host)
{
	struct slice none = {0};

	if (is_loopback(host))
		return SLICE("localhost");
	if (is_address(host))
		return none;
	for (uint32_t i = 0; i < api->host_count; i++)
		if (slice_eq(host, slice_of(api->hosts[i])))
			return host;
	return none;
}

struct slice
surface_host_of(struct slice authority, struct slice *rest)
{
	struct slice host = authority;
	size_t end = slice_find(authority,
	    slice_starts(authority, SLICE("[")) ? SLICE("]") : SLICE(":"));

	if (end != SIZE_MAX)
		host.length = end + (authority.at[end] == ']');
	*rest = slice_from(authority, host.length);
	return host;
}

enum surface
surface_of_host(const struct api *api, struct slice host)
{
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
		if (slice_eq(host, slice_of(hosts[i].name)))
			return hosts[i].surface;
	if (surface_vault_label(api, host).length > 0)
		return SURFACE_KEYVAULT;
	return surface_is_local(api, host) || is_address(host) ? SURFACE_PATH
							       : SURFACE_NONE;
}
