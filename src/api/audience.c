#include "api/audience.h"
#include "api/surface.h"

static const struct {
	const char *name;
	enum audience service;
} names[] = {
    {"https://vault.azure.net", AUDIENCE_VAULT},
    {"cfa8b339-82a2-471a-a3c9-0fc0be7a4093", AUDIENCE_VAULT},
    {"https://management.azure.com", AUDIENCE_ARM},
    {"https://management.core.windows.net", AUDIENCE_ARM},
    {"797f4846-ba00-4fd7-ba43-dac1f8f63013", AUDIENCE_ARM},
    {"https://graph.microsoft.com", AUDIENCE_GRAPH},
    {"00000003-0000-0000-c000-000000000000", AUDIENCE_GRAPH},
    {"https://api.fabric.microsoft.com", AUDIENCE_FABRIC},
    {"https://analysis.windows.net/powerbi/api", AUDIENCE_FABRIC},
    {"00000009-0000-0000-c000-000000000000", AUDIENCE_FABRIC},
    {"499b84ac-1321-427f-aa17-267ca6975798", AUDIENCE_DEVOPS},
    {"https://app.vssps.visualstudio.com", AUDIENCE_DEVOPS},
    {"https://storage.azure.com", AUDIENCE_STORAGE},
    {"e406a681-f3d4-42a8-90b6-c2b029497af1", AUDIENCE_STORAGE},
    {"https://database.windows.net", AUDIENCE_SQL},
    {"022907d3-0f1b-48f7-badc-1ba6abab6d66", AUDIENCE_SQL},
};

/* The host of an https URI that has nothing behind its host and port. */
static struct slice
host_of_origin(struct slice uri)
{
	struct slice none = {0}, rest, host;
	uint64_t port;

	if (!slice_starts_case(uri, SLICE("https://")))
		return none;
	host = surface_host_of(slice_from(uri, strlen("https://")), &rest);
	if (rest.length == 0)
		return host;
	return slice_starts(rest, SLICE(":")) &&
		slice_u64(slice_from(rest, 1), &port) && port <= UINT16_MAX
	    ? host
	    : none;
}

/* Azure writes both "https://vault.azure.net" and "…net/"; the command line
 * client doubles the slash. */
static struct slice
without_slashes(struct slice uri)
{
	while (slice_ends(uri, SLICE("/")))
		uri.length--;
	return uri;
}

enum audience
audience_of(const struct api *api, struct slice resource)
{
	struct slice name = without_slashes(resource), host;
	char folded[256];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_eq_case(name, slice_of(names[i].name)))
			return names[i].service;
	host = host_of_origin(name);
	if (host.length == 0 || host.length > sizeof folded)
		return AUDIENCES;
	for (size_t i = 0; i < host.length; i++)
		folded[i] = ascii_lower(host.at[i]);
	host.at = folded;
	if (slice_starts(host, SLICE("vault.")) &&
	    surface_vaults_under(api, slice_from(host, strlen("vault.")))
		    .length > 0)
		return AUDIENCE_VAULT;
	return surface_is_local(api, host) ? AUDIENCE_ACTAS : AUDIENCES;
}

bool
audience_takes(
    const struct api *api, enum audience service, struct slice resource)
{
	enum audience named = audience_of(api, resource);

	if (service == AUDIENCE_ACTAS)
		return named != AUDIENCES;
	return named == service || named == AUDIENCE_ACTAS;
}

const char *
audience_app_id(enum audience service)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].service == service &&
		    strncmp(names[i].name, "https:", 6) != 0)
			return names[i].name;
	return "";
}
