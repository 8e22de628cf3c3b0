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

static const char *const vault_suffixes[] = {
    ".vault.azure.net",
    ".vault.localhost",
};

struct slice
surface_vault_label(struct slice host)
{
	struct slice none = {0}, suffix, label;

	for (size_t i = 0; i < sizeof vault_suffixes / sizeof *vault_suffixes;
	     i++) {
		suffix = slice_of(vault_suffixes[i]);
		if (!slice_ends(host, suffix))
			continue;
		label = slice_sub(host, 0, host.length - suffix.length);
		return slice_find(label, SLICE(".")) == SIZE_MAX ? label : none;
	}
	return none;
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

bool
surface_is_local(const struct api *api, struct slice host)
{
	if (slice_eq(host, SLICE("localhost")) ||
	    slice_ends(host, SLICE(".localhost")) ||
	    slice_eq(host, SLICE("127.0.0.1")) ||
	    slice_eq(host, SLICE("[::1]")))
		return true;
	for (uint32_t i = 0; i < api->host_count; i++)
		if (slice_eq(host, slice_of(api->hosts[i])))
			return true;
	return false;
}

enum surface
surface_of_host(const struct api *api, struct slice host)
{
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
		if (slice_eq(host, slice_of(hosts[i].name)))
			return hosts[i].surface;
	if (surface_vault_label(host).length > 0)
		return SURFACE_KEYVAULT;
	return surface_is_local(api, host) || is_address(host) ? SURFACE_PATH
							       : SURFACE_NONE;
}
