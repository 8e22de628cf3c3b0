/* Service connections: who may use one may act as what backs it. */

#include "engine/rules/rules_check.h"

static const char *
name_steps(struct check *c, const struct reached *r)
{
	const char *all = "";

	/* The first step is the use of the connection, which is told. */
	for (uint32_t i = 1; i < r->count; i++) {
		struct buffer b = {0};
		bool more = i + 1 < r->count;

		step_write(c->e, &r->steps[i], &b);
		check_error(c, b.error);
		all = text(
		    c, "%s%s%s", all, buffer_text(&b), more ? ", then " : "");
		buffer_release(&b);
	}
	return all;
}

/* Whom one comes to act as beyond the identity behind the connection. */
static const char *
name_beyond(struct check *c, const struct connection *row)
{
	struct start start = {NONE, row->scope};
	struct reached_list list = {0};
	const char *all = "";

	if (c->error == ACTAS_OK)
		check_error(c, reach_through(c->e, start, c->arena, &list));
	for (uint32_t i = 0; i < list.count && c->error == ACTAS_OK; i++) {
		const struct reached *r = &list.at[i];

		if (r->principal == NONE || r->principal == row->principal)
			continue;
		for (uint32_t j = 0; j < r->count; j++) {
			if (r->steps[j].assignment != NONE)
				place_assignment(c, r->steps[j].assignment);
			finding_place(c, r->steps[j].origin);
		}
		finding_subject(c, name_principal(c, r->principal));
		all = text(c, "%s That identity in turn can become %s: it %s.",
		    all, name_principal(c, r->principal), name_steps(c, r));
	}
	return all;
}

static void
tell_open(struct check *c, const struct connection *row)
{
	const char *name = short_scope(c, row->scope);
	const char *beyond;
	const char *who = row->principal == NONE
	    ? "the identity behind it"
	    : name_principal(c, row->principal);

	finding_place(c, row->origin);
	finding_subject(c, name);
	beyond = row->principal == NONE ? "" : name_beyond(c, row);
	finding_emit(c,
	    text(c,
		"%s is open to all pipelines (line %u): whoever may write "
		"or change any pipeline of the project can act as %s.%s",
		name, row->origin.line, who, beyond),
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

/* Rotation writes a secret into the connection: where it is told. */
static bool
place_secrets_in(struct check *c, scope_id connection)
{
	bool any = false;

	for (uint32_t i = 0; i < c->e->sinks.count; i++) {
		const struct sink *sink = &c->e->sinks.at[i];

		if (sink->kind != SINK_CONNECTION ||
		    sink->scope != connection || sink->plan == NONE)
			continue;
		finding_place(c, sink->origin);
		any = true;
	}
	return any;
}

static bool
keeps_secret(struct check *c, const struct connection *row)
{
	finding_place(c, row->origin);
	if (row->scheme == 0)
		return place_secrets_in(c, row->scope);
	return slice_eq_case(
	    estate_text(c->e, row->scheme), SLICE("ServicePrincipal"));
}

void
check_static_connection(struct check *c)
{
	for (uint32_t i = 0; i < c->e->connections.count; i++) {
		const struct connection *row = &c->e->connections.at[i];
		const char *name;

		if (!keeps_secret(c, row)) {
			finding_drop(c);
			continue;
		}
		name = short_scope(c, row->scope);
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
