#include "explain_world.h"

#include <stdio.h>

enum { NOON = 1795262400 }; /* 2026-11-21T12:00:00Z */

static struct guid
guid(const char *text)
{
	struct guid id = {0};

	assert_true(text == NULL || guid_parse(slice_of(text), &id));
	return id;
}

static principal_id
known(struct world *w, const char *name, enum principal_kind kind,
    const char *object_id, const char *app_id)
{
	principal_id p = builder_principal_new(
	    w->f.b, slice_of(name), kind, (struct origin){0});

	builder_identify(w->f.b, p, guid(object_id), guid(app_id));
	w->f.b->principals.at[p].flags = PRINCIPAL_DECLARED;
	return p;
}

void
world_begin(struct world *w)
{
	struct builder *b;
	uint32_t row;

	*w = (struct world){.expected = NONE};
	fixture_begin(&w->f);
	b = w->f.b;
	b->tenant = guid(TENANT);
	w->airflow =
	    known(w, "sp-airflow", PRINCIPAL_SERVICE, AIRFLOW_OID, AIRFLOW_APP);
	w->anna = known(w, "Anna", PRINCIPAL_USER, ANNA_OID, NULL);
	b->principals.at[w->anna].upn =
	    builder_string(b, SLICE("anna@example.com"));
	w->loader =
	    known(w, "mi-loader", PRINCIPAL_MANAGED_IDENTITY, LOADER_OID, NULL);
	b->principals.at[w->loader].home = builder_string(b, SLICE(MI_HOME));
	w->space =
	    known(w, "Gold", PRINCIPAL_WORKSPACE_IDENTITY, SPACE_OID, NULL);
	w->group = known(w, "secret-readers", PRINCIPAL_GROUP, NULL, NULL);
	row = builder_application(b, guid(AIRFLOW_APP), (struct origin){0});
	b->applications.at[row].object_id = guid(AIRFLOW_OBJ);
	b->applications.at[row].name = builder_string(b, SLICE("sp-airflow"));
	b->applications.at[row].principal = w->airflow;
	w->vault = fixture_vault(&w->f, MODEL_RBAC);
	w->secret = fixture_scope(&w->f, SECRET);
}

void
world_freeze(struct world *w)
{
	fixture_freeze(&w->f);
}

void
world_end(struct world *w)
{
	fixture_end(&w->f);
}

void
world_make(struct world *w)
{
	world_begin(w);
	world_freeze(w);
}

void
world_explain(struct world *w, const char *text)
{
	assert_int_equal(explain(w->f.e, slice_of(text), w->expected, NOON,
			     &w->f.arena, &w->x),
	    ACTAS_OK);
	assert_true(strlen(w->x.headline) > 0);
}

static bool
has(const struct world *w, const char *words)
{
	if (strstr(w->x.headline, words) != NULL)
		return true;
	for (uint32_t i = 0; i < w->x.reason_count; i++) {
		if (strstr(w->x.reasons[i], words) != NULL)
			return true;
	}
	for (uint32_t i = 0; i < w->x.step_count; i++) {
		if (strstr(w->x.steps[i], words) != NULL)
			return true;
	}
	return false;
}

static void
show(const struct world *w)
{
	print_message("# %s\n", w->x.headline);
	for (uint32_t i = 0; i < w->x.reason_count; i++)
		print_message("#   because: %s\n", w->x.reasons[i]);
	for (uint32_t i = 0; i < w->x.step_count; i++)
		print_message("#   do: %s\n", w->x.steps[i]);
}

void
world_tells(const struct world *w, const char *words)
{
	if (has(w, words))
		return;
	show(w);
	fail_msg("nowhere: %s", words);
}

void
world_silent(const struct world *w, const char *words)
{
	if (!has(w, words))
		return;
	show(w);
	fail_msg("somewhere: %s", words);
}
