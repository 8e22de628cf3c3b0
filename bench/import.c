#include "bench.h"

#include "source/source.h"

#include <stdlib.h>
#include <unistd.h>

/* What `az role assignment list --all` prints, written to a file of its own
 * and read back. */

static const char *const roles[][2] = {
    {"acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader"},
    {"b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor"},
    {"4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User"},
    {"8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner"},
};

static void
write_assignment(FILE *f, struct draw *d, uint32_t people, uint32_t groups)
{
	char id[GUID_TEXT_LENGTH + 1], subscription[GUID_TEXT_LENGTH + 1];
	const char *const *role = roles[draw_below(d, 4)];
	uint32_t person = draw_below(d, people);
	uint32_t group = draw_below(d, groups);
	struct draw of_subscription = {group % 250};

	guid_format(draw_guid(&of_subscription), subscription);
	guid_format(draw_guid(d), id);
	fprintf(f,
	    "  {\n    \"condition\": null,\n"
	    "    \"conditionVersion\": null,\n"
	    "    \"createdBy\": \"00000000-0000-4000-8000-000000000001\",\n"
	    "    \"createdOn\": \"2026-03-01T10:15:32.120842+00:00\",\n"
	    "    \"delegatedManagedIdentityResourceId\": null,\n"
	    "    \"description\": null,\n"
	    "    \"id\": \"/subscriptions/%s/resourceGroups/group-%u/"
	    "providers/Microsoft.Authorization/roleAssignments/%s\",\n"
	    "    \"name\": \"%s\",\n"
	    "    \"principalId\": \"00000000-0000-4000-9000-%012u\",\n"
	    "    \"principalName\": \"person%u@example.org\",\n"
	    "    \"principalType\": \"User\",\n"
	    "    \"resourceGroup\": \"group-%u\",\n"
	    "    \"roleDefinitionId\": \"/subscriptions/%s/providers/"
	    "Microsoft.Authorization/roleDefinitions/%s\",\n"
	    "    \"roleDefinitionName\": \"%s\",\n"
	    "    \"scope\": \"/subscriptions/%s/resourceGroups/group-%u\",\n"
	    "    \"type\": \"Microsoft.Authorization/roleAssignments\",\n"
	    "    \"updatedBy\": \"00000000-0000-4000-8000-000000000001\",\n"
	    "    \"updatedOn\": \"2026-03-01T10:15:32.120842+00:00\"\n  }",
	    subscription, group, id, id, person, person, group, subscription,
	    role[0], role[1], subscription, group);
}

static long
write_file(const char *path, uint32_t assignments)
{
	FILE *f = fopen(path, "w");
	struct draw d = {11};
	long bytes;

	need(f != NULL, "a file for the import");
	fputs("[\n", f);
	for (uint32_t i = 0; i < assignments; i++) {
		if (i > 0)
			fputs(",\n", f);
		write_assignment(
		    f, &d, assignments / 10 + 1, assignments / 20 + 1);
	}
	fputs("\n]\n", f);
	bytes = ftell(f);
	need(fclose(f) == 0, "room on the disk");
	return bytes;
}

static struct estate *
read_file(const char *path)
{
	struct fault fault = {0};
	struct builder *b = builder_new(&fault);
	struct reader reader;

	need(b != NULL, "memory");
	need(reader_open(&reader, path, &fault) == ACTAS_OK,
	    "the file for the import");
	if (source_read_json(b, &reader, (struct slice){0}, &fault) != ACTAS_OK)
		need(false, fault.message);
	reader_close(&reader);
	return finish(b);
}

void
bench_import(uint32_t assignments)
{
	const char *folder = getenv("TMPDIR");
	char path[256];
	int descriptor;
	struct estate *e;
	double from, own, took;
	char title[64];
	long bytes;

	snprintf(path, sizeof path, "%s/actas-bench-XXXXXX",
	    folder == NULL ? "/tmp" : folder);
	descriptor = mkstemp(path);
	need(descriptor >= 0, "a temporary file");
	close(descriptor);
	bytes = write_file(path, assignments);
	from = clock_seconds();
	own = clock_own_seconds();
	e = read_file(path);
	own = clock_own_seconds() - own;
	took = clock_seconds() - from;
	unlink(path);
	snprintf(title, sizeof title,
	    "Import, %u assignments as az prints them", e->grants.count);
	row_heading(title);
	row("reading", "goal 50 MB/s on one core", "%.1f MB/s of %.0f MB",
	    (double)bytes * 1e-6 / own, (double)bytes * 1e-6);
	row("time", "", "%.1f s, %.1f s of them on the processor", took, own);
	row("peak memory", "goal 2 x the estate",
	    "%.0f MB = %.1f x the estate's %.0f MB",
	    (double)memory_peak() * 1e-6,
	    (double)memory_peak() / (double)estate_memory(e),
	    (double)estate_memory(e) * 1e-6);
	estate_free(e);
}
