/* Any bytes as an answer of Azure, as that to the request that the first byte
 * chooses: an estate whose invariants hold, or a fault. */
#include "source/source.h"

#include <stdlib.h>

#define ID "11111111-2222-4333-8444-555555555555"

/* By letter from 'a'; a corpus file begins with it. */
static const char *const requests[] = {
    "",
    "graph.microsoft.com/v1.0/groups/" ID "/members",
    "graph.microsoft.com/v1.0/groups/" ID "/transitiveMembers",
    "graph.microsoft.com/v1.0/groups/" ID "/owners",
    "graph.microsoft.com/v1.0/users/" ID "/memberOf",
    "graph.microsoft.com/v1.0/applications/" ID "/owners",
    "graph.microsoft.com/v1.0/applications(appId='" ID "')/owners",
    "graph.microsoft.com/v1.0/servicePrincipals/" ID "/owners",
    "graph.microsoft.com/v1.0/applications/" ID "/federatedIdentityCredentials",
    "graph.microsoft.com/v1.0/directoryRoles/" ID "/members",
    "api.fabric.microsoft.com/v1/workspaces/" ID "/roleAssignments",
    "api.fabric.microsoft.com/v1/connections/" ID "/roleAssignments",
    "api.fabric.microsoft.com/v1/connections",
    "api.fabric.microsoft.com/v1/workspaces/" ID "/items/" ID
    "/jobs/RunNotebook/schedules",
    "api.fabric.microsoft.com/v1/workspaces/" ID "/provisionIdentity",
    "api.fabric.microsoft.com/v1/admin/workspaces/" ID "/users",
    "api.fabric.microsoft.com/v1/admin/workspaces/" ID "/items/" ID "/users",
    "api.powerbi.com/v1.0/myorg/groups/" ID "/users",
    "dev.azure.com/o/p/_apis/serviceendpoint/endpoints",
    "dev.azure.com/o/p/_apis/pipelines/pipelinepermissions/endpoint/" ID,
    "dev.azure.com/o/p/_apis/pipelines",
    "dev.azure.com/o/_apis/projects",
    "x/userAssignedIdentities/i/federatedIdentityCredentials",
    "graph.microsoft.com/v1.0/roleManagement/directory/roleDefinitions",
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t choice = size == 0 ? 0 : (size_t)(data[0] - 'a');
	struct slice request = choice < sizeof requests / sizeof *requests
	    ? slice_of(requests[choice])
	    : SLICE("");
	struct slice text =
	    slice_from((struct slice){(const char *)data, size}, 1);
	struct reader from = reader_memory("x.json", text);
	struct fault fault = {0};
	struct estate *estate = NULL;
	struct builder *b = builder_new(&fault);

	if (source_read_json(b, &from, request, &fault) != ACTAS_OK) {
		if (fault.message[0] == '\0')
			abort();
		builder_free(b);
		return 0;
	}
	if (builder_finish(b, &estate) != ACTAS_OK) {
		if (fault.message[0] == '\0')
			abort();
		return 0;
	}
	if (estate_check(estate, &fault) != ACTAS_OK)
		abort();
	estate_free(estate);
	return 0;
}
