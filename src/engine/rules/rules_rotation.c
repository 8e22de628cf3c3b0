/*
 * Rotation plans against the places that really hold the credential. A plan
 * that forgets a place breaks whatever reads there; one that verifies with
 * something that never reads there proves nothing.
 */

#include "engine/rules/rules_secrets.h"

static bool
is_place(const struct check *c, const struct sink *s)
{
	if (s->scope == NONE || s->principal == NONE)
		return false;
	return s->kind != SINK_SECRET || holds_secret(c, s->scope);
}

static bool
plan_names(const struct check *c, uint32_t plan, scope_id s)
{
	for (uint32_t i = 0; i < c->e->sinks.count; i++)
		if (c->e->sinks.at[i].plan == plan &&
		    c->e->sinks.at[i].scope == s)
			return true;
	return false;
}

static bool
steps_update(const struct check *c, uint32_t plan, scope_id s)
{
	for (uint32_t i = 0; i < c->e->sinks.count; i++) {
		const struct sink *sink = &c->e->sinks.at[i];

		if (sink->plan == plan && sink->scope == s && sink->in_steps)
			return true;
	}
	return false;
}

/* Whether the plan leaves the place as it is: it never names it, or it has
 * steps and none of them updates it. */
static bool
misses(const struct check *c, uint32_t plan, scope_id s)
{
	return c->e->plans.at[plan].has_steps ? !steps_update(c, plan, s)
					      : !plan_names(c, plan, s);
}

/* The places that a plan misses, each once. */
struct missed {
	const char **names;
	struct origin *where;
	scope_id *scopes;
	uint32_t count, places;
};

static void
add_missed(struct check *c, struct missed *m, scope_id s, struct origin where)
{
	m->where[m->places++] = where;
	for (uint32_t i = 0; i < m->count; i++)
		if (m->scopes[i] == s)
			return;
	m->names[m->count] = name_scope(c, s);
	m->scopes[m->count++] = s;
	finding_subject(c, short_scope(c, s));
}

static bool
missed_start(struct check *c, struct missed *m)
{
	size_t most = (size_t)c->e->sinks.count + c->e->connections.count + 1;

	*m = (struct missed){
	    .names = check_zero(c, most, sizeof *m->names),
	    .where = check_zero(c, most, sizeof *m->where),
	    .scopes = check_zero(c, most, sizeof *m->scopes),
	};
	return c->error == ACTAS_OK;
}

static void
tell_missed(struct check *c, const struct plan *plan, struct missed *m)
{
	const char *who = name_principal(c, plan->principal);
	const char *what = name_list(c, m->names, m->count, 6);
	const char *it = m->count == 1 ? "it" : "them";
	struct origin told[2] = {plan->origin, plan->origin};

	if (plan->steps.line != 0)
		told[1] = plan->steps;
	finding_place(c, told[0]);
	finding_place(c, told[1]);
	for (uint32_t i = 0; i < m->places; i++)
		finding_place(c, m->where[i]);
	finding_subject(c, who);
	finding_emit(c,
	    text(c,
		"The rotation of %s (%s) does not name %s, which hold%s "
		"its credential (%s): whoever goes by the places that it "
		"names leaves the old one in %s.",
		who, name_places(c, told, 2), what, m->count == 1 ? "s" : "",
		name_places(c, m->where, m->places), it),
	    text(c, "Add %s to the steps of the rotation.", what));
}

static void
check_plan_places(struct check *c, uint32_t plan)
{
	const struct estate *e = c->e;
	principal_id p = e->plans.at[plan].principal;
	struct missed m;

	if (!missed_start(c, &m))
		return;
	for (uint32_t i = 0; i < e->sinks.count; i++)
		if (e->sinks.at[i].principal == p &&
		    is_place(c, &e->sinks.at[i]) &&
		    misses(c, plan, e->sinks.at[i].scope))
			add_missed(
			    c, &m, e->sinks.at[i].scope, e->sinks.at[i].origin);
	if (m.count > 0)
		tell_missed(c, &e->plans.at[plan], &m);
}

void
check_missed_sink(struct check *c)
{
	for (uint32_t i = 0; i < c->e->plans.count; i++)
		if (c->e->plans.at[i].principal != NONE)
			check_plan_places(c, i);
}

static bool
uses_secret(const struct check *c, item_id item, scope_id secret)
{
	for (uint32_t i = 0; i < c->e->usages.count; i++)
		if (c->e->usages.at[i].item == item &&
		    c->e->usages.at[i].secret == secret)
			return true;
	return false;
}

static bool
may_use_connection(const struct check *c, item_id item, scope_id s)
{
	const struct connection *row = estate_connection(c->e, s);

	if (row == NULL || row->all_pipelines == YES)
		return true;
	for (uint32_t i = 0; i < c->e->authorizations.count; i++) {
		const struct authorization *a = &c->e->authorizations.at[i];

		if (a->item == item &&
		    &c->e->connections.at[a->connection] == row)
			return true;
	}
	return false;
}

/* Whether something that the plan runs to verify reads the place. */
static bool
is_verified(const struct check *c, uint32_t plan, const struct sink *sink)
{
	for (uint32_t i = 0; i < c->e->verifications.count; i++) {
		const struct verification *v = &c->e->verifications.at[i];

		if (v->plan != plan || v->item == NONE)
			continue;
		if (sink->kind == SINK_SECRET
			? uses_secret(c, v->item, sink->scope)
			: may_use_connection(c, v->item, sink->scope))
			return true;
	}
	return false;
}

static void
tell_unverified(struct check *c, const struct plan *plan, uint32_t row,
    const struct sink *sink)
{
	const char *who = name_principal(c, plan->principal);
	const char *what = name_scope(c, sink->scope);
	const char *lines;
	bool used = false;

	for (uint32_t i = 0; i < c->e->usages.count; i++)
		used |= c->e->usages.at[i].secret == sink->scope;
	for (uint32_t i = 0; i < c->e->sinks.count; i++)
		if (c->e->sinks.at[i].plan == row &&
		    c->e->sinks.at[i].scope == sink->scope)
			finding_place(c, c->e->sinks.at[i].origin);
	finding_subject(c, who);
	finding_subject(c, short_scope(c, sink->scope));
	lines = name_places(c, c->places.at, c->places.count);
	finding_place(c, plan->verification);
	finding_emit(c,
	    text(c,
		"The rotation of %s updates %s (%s), but nothing that its "
		"verification runs (line %u) is said to use it%s: a wrong "
		"copy there goes unnoticed.",
		who, what, lines, plan->verification.line,
		sink->kind == SINK_SECRET && !used ? ", nor is anything else"
						   : ""),
	    text(c,
		"Say what uses %s and run it in the verification; or, if "
		"nothing does, delete it.",
		what));
}

/* Secrets and connections that the steps update, each once. */
static void
check_verification(struct check *c, uint32_t plan)
{
	const struct estate *e = c->e;

	for (uint32_t i = 0; i < e->sinks.count; i++) {
		const struct sink *sink = &e->sinks.at[i];
		bool told = false;

		if (sink->plan != plan || !is_place(c, sink) ||
		    is_verified(c, plan, sink))
			continue;
		for (uint32_t j = 0; j < i; j++)
			told |= e->sinks.at[j].plan == plan &&
			    e->sinks.at[j].scope == sink->scope;
		if (!told)
			tell_unverified(c, &e->plans.at[plan], plan, sink);
	}
}

static void
tell_no_verification(struct check *c, const struct plan *plan)
{
	const char *who = name_principal(c, plan->principal);

	finding_place(c, plan->steps);
	finding_place(c, plan->origin);
	finding_subject(c, who);
	finding_emit(c,
	    text(c,
		"The rotation of %s (%s) has no step that verifies the "
		"new credential%s.",
		who, name_places(c, c->places.at, c->places.count),
		plan->deletes_old ? " before the old one is deleted" : ""),
	    text(c,
		"Run something that signs in as %s before the old "
		"credential goes.",
		who));
}

void
check_unverified_sink(struct check *c)
{
	for (uint32_t i = 0; i < c->e->plans.count; i++) {
		const struct plan *plan = &c->e->plans.at[i];

		if (plan->principal == NONE || !plan->has_steps)
			continue;
		if (plan->has_verification)
			check_verification(c, i);
		else
			tell_no_verification(c, plan);
	}
}

static bool
has_plan(const struct check *c, principal_id p)
{
	for (uint32_t i = 0; i < c->e->plans.count; i++)
		if (c->e->plans.at[i].principal == p)
			return true;
	return false;
}

/* Only of a source that has plans at all. */
void
check_unplanned_rotation(struct check *c)
{
	const struct estate *e = c->e;

	if (e->plans.count == 0)
		return;
	for (uint32_t i = 0; i < e->sinks.count; i++) {
		const struct sink *sink = &e->sinks.at[i];
		bool told = false;
		const char *who;

		if (!is_place(c, sink) || has_plan(c, sink->principal))
			continue;
		for (uint32_t j = 0; j < i; j++)
			told |= e->sinks.at[j].principal == sink->principal &&
			    is_place(c, &e->sinks.at[j]);
		if (told)
			continue;
		who = name_principal(c, sink->principal);
		finding_place(c, sink->origin);
		finding_subject(c, who);
		finding_emit(c,
		    text(c,
			"%s holds a credential of %s (line %u), which no "
			"rotation plan names.",
			name_scope(c, sink->scope), who, sink->origin.line),
		    text(c,
			"Write down how the credential of %s is rotated, "
			"with all places that hold it.",
			who));
	}
}
