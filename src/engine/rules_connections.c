/* Service connections: who may use one may act as what backs it. */

#include "engine/rules_check.h"

static void
tell_open(struct check *c, const struct connection *row)
{
	const char *name = short_scope(c, row->scope);
	const char *who = row->principal == NONE
	    ? "the identity behind it"
	    : name_principal(c, row->principal);

	finding_place(c, row->origin);
	finding_subject(c, name);
	finding_emit(c,
	    text(c,
		"%s is open to all pipelines (line %u): whoever may write "
		"or change any pipeline of the project can act as %s.",
		name, row->origin.line, who),
	    text(c,
		"Authorize only the pipelines that need %s, and ask for "
		"an approval on it.",
		name));
}

void
check_open_connection(struct check *c)
{
	for (uint32_t i = 0; i < c->e->connections.count; i++)
		if (c->e->connections.at[i].all_pipelines == YES)
			tell_open(c, &c->e->connections.at[i]);
}

/* The sink that says that the connection holds a secret, or NULL. */
static const struct sink *
secret_in(const struct check *c, scope_id connection)
{
	for (uint32_t i = 0; i < c->e->sinks.count; i++)
		if (c->e->sinks.at[i].kind == SINK_CONNECTION &&
		    c->e->sinks.at[i].scope == connection &&
		    c->e->sinks.at[i].plan != NONE)
			return &c->e->sinks.at[i];
	return NULL;
}

void
check_static_connection(struct check *c)
{
	for (uint32_t i = 0; i < c->e->connections.count; i++) {
		const struct connection *row = &c->e->connections.at[i];
		const struct sink *sink = NULL;
		struct slice scheme = estate_text(c->e, row->scheme);
		const char *name;

		if (row->scheme == 0)
			sink = secret_in(c, row->scope);
		if (sink == NULL &&
		    !slice_eq_case(scheme, SLICE("ServicePrincipal")))
			continue;
		name = short_scope(c, row->scope);
		finding_place(c, row->origin);
		if (sink != NULL)
			finding_place(c, sink->origin);
		finding_subject(c, name);
		finding_emit(c,
		    text(c,
			"%s keeps a credential of %s that has to be "
			"rotated by hand (%s).",
			name,
			row->principal == NONE
			    ? "its identity"
			    : name_principal(c, row->principal),
			name_places(c, c->places.at, c->places.count)),
		    text(c,
			"Convert %s to workload identity federation: then "
			"there is nothing to rotate or to leak.",
			name));
	}
}

void
check_unbacked_connection(struct check *c)
{
	for (uint32_t i = 0; i < c->e->connections.count; i++) {
		const struct connection *row = &c->e->connections.at[i];
		const char *name;

		if (row->principal != NONE)
			continue;
		name = short_scope(c, row->scope);
		finding_place(c, row->origin);
		finding_subject(c, name);
		finding_emit(c,
		    text(c,
			"Nothing says which identity backs connection %s, "
			"so nobody can tell what its pipelines may do.",
			name),
		    "Name the identity that backs it.");
	}
}
