/* Any bytes as a pasted error: an explanation without control characters. */
#include "engine/explain.h"
#include "estate/builder.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOON = 1795262400 };

static struct guid
guid(const char *text)
{
	struct guid id;

	if (!guid_parse(slice_of(text), &id))
		abort();
	return id;
}

/* A principal that the corpus names, and a vault that it lacks a role at. */
static struct estate *
make_estate(void)
{
	static const char secret[] =
	    "/subscriptions/00000000-0000-0000-0000-00000000000a/"
	    "resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv/"
	    "secrets/key";
	struct builder *b = builder_new(NULL);
	struct estate *e = NULL;
	principal_id p = builder_principal_new(
	    b, SLICE("sp-airflow"), PRINCIPAL_SERVICE, (struct origin){0});
	uint32_t app;

	builder_identify(b, p, guid("4e5f6a7b-0000-4000-8000-000000000002"),
	    guid("ca12d3e4-0000-4000-8000-000000000001"));
	app = builder_application(b,
	    guid("ca12d3e4-0000-4000-8000-000000000001"), (struct origin){0});
	b->applications.at[app].object_id =
	    guid("99999999-0000-4000-8000-000000000003");
	b->tenant = guid("11111111-1111-1111-1111-111111111111");
	builder_scope_path(b, slice_of(secret), (struct origin){0});
	if (builder_finish(b, &e) != ACTAS_OK)
		abort();
	return e;
}

static void
check(const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct estate *e; /* made once: it is the same for all inputs */
	struct slice text = {(const char *)data, size};
	struct arena arena = {0};
	struct explanation x;

	if (e == NULL)
		e = make_estate();
	if (explain(e, text, NONE, NOON, &arena, &x) == ACTAS_OK) {
		if (x.headline[0] == '\0')
			abort();
		check(x.headline);
		check(x.action);
		check(x.scope_text);
		check(x.caller.name);
		check(x.caller.identity_of);
		for (uint32_t i = 0; i < x.reason_count; i++)
			check(x.reasons[i]);
		for (uint32_t i = 0; i < x.step_count; i++)
			check(x.steps[i]);
	} else if (size <= LIMIT_PASTE_BYTES) {
		abort();
	}
	arena_release(&arena);
	return 0;
}
