#include "bench.h"

#include "platform/view.h"

#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * How long a change of rights takes until decisions follow it: on a platform
 * of so many role assignments, on a tenth as many service principals, in
 * groups of ten, at resource groups. The view is made out of the one before
 * it; beside that, the same view made anew, and a copy of the bytes that
 * hold the assignments.
 */

enum { TIMES = 200, TEXT = 1024 };

static char folder[256], path[300];

struct grown {
	uint32_t assignments, services, groups, places;
};

#define TENANT   "00000000-0000-4000-8000-000000000001"
#define SUB      "00000000-0000-4000-8000-000000000002"
#define READER   "acdd72a7-3385-48ef-bd42-f606fba81ae7"
#define USER_OF  "4633458b-17de-408a-b874-0445c86b69e6"
#define ID(kind) "00000000-0000-4000-" kind "000-%012u"

static void put(struct writes *w, const char *key, const char *format, ...)
    ACTAS_PRINTF(3, 4);
static void
put(struct writes *w, const char *key, const char *format, ...)
{
	char text[TEXT];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	need(length > 0 && length < TEXT, "a text that fits");
	writes_put(w, slice_of(key), slice_of(text));
}

static struct slice
assignment_key(char text[static 128], uint32_t i)
{
	snprintf(text, 128, "assignment/" ID("9"), i);
	return slice_of(text);
}

static void
put_assignment(struct writes *w, uint32_t i, uint32_t service,
    const char *scope, const char *role)
{
	char key[128];

	put(w, assignment_key(key, i).at,
	    "{\"properties\":{\"roleDefinitionId\":\"/subscriptions/" SUB
	    "/providers/Microsoft.Authorization/roleDefinitions/%s\","
	    "\"principalId\":\"" ID(
		"a") "\",\"principalType\":"
		     "\"ServicePrincipal\",\"scope\":\"%s\",\"condition\":null,"
		     "\"conditionVersion\":null,\"createdOn\":"
		     "\"2026-03-01T10:15:32Z\",\"updatedOn\":"
		     "\"2026-03-01T10:15:32Z\",\"createdBy\":\"" TENANT
		     "\",\"updatedBy\":\"" TENANT
		     "\",\"delegatedManagedIdentityResourceId\":null,"
		     "\"description\":null},\"id\":\"%s/providers/"
		     "Microsoft.Authorization/roleAssignments/" ID(
			 "9") "\",\"type\":"
			      "\"Microsoft.Authorization/"
			      "roleAssignments\",\"name\":\"" ID("9") "\"}",
	    role, service, scope, scope, i, i);
}

static void
put_service(struct writes *w, uint32_t i, bool enabled)
{
	char key[128];

	snprintf(key, sizeof key, "service-principal/" ID("a"), i);
	put(w, key,
	    "{\"id\":\"" ID("a") "\",\"appId\":\"" ID(
		"b") "\","
		     "\"displayName\":\"service %u\",\"accountEnabled\":%s,"
		     "\"servicePrincipalType\":\"Application\"}",
	    i, i, i, enabled ? "true" : "false");
}

static void
put_directory(struct writes *w, const struct grown *g)
{
	char key[128];

	for (uint32_t i = 0; i < g->services; i++)
		put_service(w, i, true);
	for (uint32_t i = 0; i < g->groups; i++) {
		snprintf(key, sizeof key, "group/" ID("8"), i);
		put(w, key, "{\"id\":\"" ID("8") "\",\"displayName\":\"g%u\"}",
		    i, i);
	}
	for (uint32_t i = 0; i < g->services; i++) {
		snprintf(key, sizeof key, "member/" ID("8") "/" ID("a"),
		    i % g->groups, i);
		put(w, key, "{}");
	}
}

static void
put_all(struct writes *w, const struct grown *g)
{
	char text[TEXT];

	put(w, "tenant", "{\"id\":\"" TENANT "\",\"displayName\":\"t\"}");
	put(w, "subscription/" SUB,
	    "{\"id\":\"/subscriptions/" SUB "\",\"subscriptionId\":\"" SUB
	    "\",\"displayName\":\"Data\",\"state\":\"Enabled\"}");
	for (uint32_t i = 0; i < g->places; i++) {
		snprintf(text, sizeof text, "resource-group/" SUB "/rg%u", i);
		put(w, text,
		    "{\"id\":\"/subscriptions/" SUB "/resourceGroups/rg%u\","
		    "\"name\":\"rg%u\",\"type\":"
		    "\"Microsoft.Resources/resourceGroups\"}",
		    i, i);
	}
	put(w, "vault/kv",
	    "{\"id\":\"/subscriptions/" SUB "/resourceGroups/rg0/providers/"
	    "Microsoft.KeyVault/vaults/kv\",\"name\":\"kv\",\"type\":"
	    "\"Microsoft.KeyVault/vaults\",\"properties\":{\"tenantId\":"
	    "\"" TENANT "\",\"vaultUri\":\"https://kv/\","
	    "\"enableRbacAuthorization\":true,\"accessPolicies\":[]}}");
	put_directory(w, g);
	for (uint32_t i = 0; i < g->assignments; i++) {
		snprintf(text, sizeof text,
		    "/subscriptions/" SUB "/resourceGroups/rg%u",
		    i / g->services * 7 % g->places);
		put_assignment(w, i, i % g->services, text, READER);
	}
}

/* --- one step --- */

/* What is done, and what undoes it. */
struct kind {
	const char *name, *beside;
	void (*change)(
	    struct writes *w, const struct grown *g, uint32_t i, bool undo);
};

static void
take(struct writes *w, const struct grown *g, uint32_t i, bool undo)
{
	char key[128], text[TEXT];

	if (!undo) {
		writes_remove(w, assignment_key(key, i));
		return;
	}
	snprintf(text, sizeof text,
	    "/subscriptions/" SUB "/resourceGroups/rg%u",
	    i / g->services * 7 % g->places);
	put_assignment(w, i, i % g->services, text, READER);
}

static void
grant_on_secret(struct writes *w, const struct grown *g, uint32_t i, bool undo)
{
	char key[128], text[TEXT];

	snprintf(text, sizeof text,
	    "/subscriptions/" SUB "/resourceGroups/rg0/providers/"
	    "Microsoft.KeyVault/vaults/kv/secrets/s%u",
	    i);
	if (undo)
		writes_remove(w, assignment_key(key, g->assignments + i));
	else
		put_assignment(
		    w, g->assignments + i, i % g->services, text, USER_OF);
}

static void
leave_group(struct writes *w, const struct grown *g, uint32_t i, bool undo)
{
	char key[128];

	i %= g->services;
	snprintf(
	    key, sizeof key, "member/" ID("8") "/" ID("a"), i % g->groups, i);
	if (undo)
		put(w, key, "{}");
	else
		writes_remove(w, slice_of(key));
}

static void
disable(struct writes *w, const struct grown *g, uint32_t i, bool undo)
{
	put_service(w, i % g->services, undo);
}

static const struct kind kinds[] = {
    {"an assignment goes", "goal 1 ms", take},
    {"one comes, on a new secret", "", grant_on_secret},
    {"one leaves a group", "goal 1 ms", leave_group},
    {"one is disabled", "goal 1 ms", disable},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const void *
make(const struct state *s, const struct view_step *from)
{
	struct fault fault = {0};
	const void *view;

	if (view_maker().make(NULL, s, 1, from, &view, &fault) != ACTAS_OK)
		need(false, fault.message);
	return view;
}

/* Makes the next view; the one before it goes. */
static void
step(const struct state **s, const void **view, const struct writes *w,
    struct sample *sample)
{
	const struct state *next = state_hold(*s);
	struct view_step from = {*view, *s, w};
	const void *made;
	uint64_t at;

	need(writes_apply(w, &next) == ACTAS_OK, "memory");
	at = clock_ticks();
	made = make(next, &from);
	sample_add(sample, clock_ticks() - at);
	view_maker().drop(*view);
	state_release(*s);
	*s = next;
	*view = made;
}

static void
measure_kind(const struct kind *kind, const struct grown *g,
    const struct state **s, const void **view)
{
	struct sample sample;
	struct draw d = {7};

	sample_reserve(&sample, TIMES);
	for (int i = 0; i < TIMES / 2; i++) {
		uint32_t which = draw_below(&d, g->assignments);

		for (int undo = 0; undo < 2; undo++) {
			struct writes w = {0};

			kind->change(&w, g, which, undo == 1);
			step(s, view, &w, &sample);
			writes_release(&w);
		}
	}
	row(kind->name, kind->beside, "median %.0f us, p99 %.0f us",
	    sample_quantile(&sample, 0.5) * 1e-3,
	    sample_quantile(&sample, 0.99) * 1e-3);
	sample_release(&sample);
}

static void
measure_copy(size_t bytes)
{
	char *from = malloc(bytes), *to = malloc(bytes);
	struct sample sample;

	need(from != NULL && to != NULL, "memory");
	memset(from, 1, bytes);
	memset(to, 2, bytes);
	sample_reserve(&sample, TIMES);
	for (int i = 0; i < TIMES; i++) {
		uint64_t at = clock_ticks();

		memcpy(to, from, bytes);
		__asm__ volatile("" : : "r"(to) : "memory");
		sample_add(&sample, clock_ticks() - at);
	}
	row("a copy of the assignments' bytes", "",
	    "median %.0f us for %.1f MB", sample_quantile(&sample, 0.5) * 1e-3,
	    (double)bytes * 1e-6);
	sample_release(&sample);
	free(from);
	free(to);
}

static void
measure_anew(const struct state *s, const struct grown *g)
{
	double from = clock_own_seconds(), took;
	int times = g->assignments > 50000 ? 2 : 10;

	for (int i = 0; i < times; i++)
		view_maker().drop(make(s, NULL));
	took = (clock_own_seconds() - from) / times;
	row("the view made anew", "", "%.1f ms, %.2f us an assignment",
	    took * 1e3, took * 1e6 / g->assignments);
}

/* --- the whole way --- */

struct revocation {
	struct change change;
	const struct grown *g;
	uint32_t which;
	bool undo;
};

static enum actas_error
land(struct change *change, const struct snapshot *now ACTAS_UNUSED,
    struct writes *writes)
{
	struct revocation *r = (struct revocation *)change;

	if (r->which == UINT32_MAX)
		put_all(writes, r->g);
	else
		take(writes, r->g, r->which, r->undo);
	return writes->error;
}

static int
remove_one(const char *name, const struct stat *s ACTAS_UNUSED,
    int flag ACTAS_UNUSED, struct FTW *place ACTAS_UNUSED)
{
	return remove(name);
}

static struct store *
open_platform(const struct grown *g)
{
	struct store_options options = {
	    .path = path, .view = view_maker(), .clock = clock_system()};
	struct revocation all = {
	    .change.apply = land, .g = g, .which = UINT32_MAX};
	const char *parent = getenv("TMPDIR");
	struct fault fault = {0};
	struct store *s;

	snprintf(folder, sizeof folder, "%s/actas-bench-XXXXXX",
	    parent == NULL ? "/tmp" : parent);
	need(mkdtemp(folder) != NULL, "a temporary folder");
	snprintf(path, sizeof path, "%s/platform.db", folder);
	need(journal_create(path, NULL) == ACTAS_OK, "a journal");
	if (store_open(&options, &s, &fault) != ACTAS_OK)
		need(false, fault.message);
	need(store_commit(s, &all.change, NULL) == ACTAS_OK, "the platform");
	return s;
}

static void
measure_commit(struct store *s, const struct grown *g)
{
	struct sample sample;
	struct draw d = {9};

	sample_reserve(&sample, TIMES);
	for (int i = 0; i < TIMES; i++) {
		struct revocation r = {.change.apply = land,
		    .g = g,
		    .which = draw_below(&d, g->assignments)};
		uint64_t at = clock_ticks();

		need(store_commit(s, &r.change, NULL) == ACTAS_OK, "room");
		sample_add(&sample, clock_ticks() - at);
		r.undo = true;
		need(store_commit(s, &r.change, NULL) == ACTAS_OK, "room");
	}
	row("from asked to durable and published", "",
	    "median %.2f ms, p99 %.2f ms", sample_quantile(&sample, 0.5) * 1e-6,
	    sample_quantile(&sample, 0.99) * 1e-6);
	sample_release(&sample);
}

void
bench_revoke(uint32_t assignments)
{
	struct grown g = {assignments, assignments / 10, assignments / 100,
	    assignments / 20 + 1};
	struct store *s = open_platform(&g);
	const struct snapshot *now = store_pin(s);
	const struct state *state = state_hold(now->state);
	const void *view = make(state, NULL);
	char title[80];

	snprintf(title, sizeof title, "A change of rights, %u role assignments",
	    assignments);
	row_heading(title);
	measure_anew(state, &g);
	for (size_t i = 0; i < KINDS; i++)
		measure_kind(&kinds[i], &g, &state, &view);
	measure_copy(estate_assignment_memory(snapshot_view(now)->estate));
	view_maker().drop(view);
	state_release(state);
	store_unpin(s, now);
	measure_commit(s, &g);
	store_close(s);
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
