#include "engine/acts/acts_private.h"

#include "estate/names.h"

/*
 * From a trigger and a name to the principal that the run acts as. Where a
 * name may be left out, it is because the source leaves one answer only; two
 * are a fault that lists them.
 */

enum { MOST_CANDIDATES = 10 };

static enum actas_error
refuse(struct asking *a, enum actas_error error, const char *text)
{
	if (a->t.error != ACTAS_OK)
		return fault_plain(a->fault, a->t.error);
	return fault_set(a->fault, error, NULL, 0, "%s", text);
}

/* The name of who starts it, who has to be one that can. */
static enum actas_error
find_starter(struct asking *a, struct slice name, principal_id *p)
{
	enum actas_error error;

	if (name.length == 0)
		return refuse(a, ACTAS_EUSAGE,
		    tell(&a->t,
			"the trigger %s needs the name of who starts the run: "
			"%s:NAME",
			trigger_name(a->trigger), trigger_name(a->trigger)));
	error = estate_find_principal(a->t.e, name, p, a->fault);
	if (error == ACTAS_OK &&
	    a->t.e->principals.at[*p].kind == PRINCIPAL_GROUP)
		return refuse(a, ACTAS_EUSAGE,
		    tell(&a->t,
			"%s is a group, which starts nothing: name a member",
			tell_principal(&a->t, *p)));
	return error;
}

static enum actas_error
by_caller(struct asking *a, struct slice name)
{
	enum actas_error error = find_starter(a, name, &a->out->starter);

	a->out->principal = a->out->starter;
	if (error == ACTAS_OK &&
	    a->t.e->items.at[a->item].kind == ITEM_DEVOPS_PIPELINE)
		return refuse(a, ACTAS_EUSAGE,
		    "an Azure DevOps pipeline acts through service "
		    "connections, whoever starts it: devops:CONNECTION");
	return error;
}

/* Only users sit at a screen. */
static enum actas_error
by_hand(struct asking *a, struct slice name)
{
	enum actas_error error = by_caller(a, name);
	enum principal_kind kind;

	if (error != ACTAS_OK)
		return error;
	kind = a->t.e->principals.at[a->out->starter].kind;
	if (kind != PRINCIPAL_USER && kind != PRINCIPAL_UNKNOWN)
		return refuse(a, ACTAS_EUSAGE,
		    tell(&a->t,
			"%s is a %s, and only users run items by hand; for a "
			"run over the API: api:%s",
			tell_principal(&a->t, a->out->starter),
			principal_kind_name(kind),
			tell_principal(&a->t, a->out->starter)));
	return ACTAS_OK;
}

static const char *
schedule_name(struct asking *a, uint32_t i)
{
	struct slice name = estate_text(a->t.e, a->t.e->schedules.at[i].name);

	return name.length == 0 ? "an unnamed schedule"
				: tell_slice(&a->t, name);
}

static enum actas_error
too_many(struct asking *a, const char *what, const char *const *names,
    uint32_t count)
{
	return refuse(a, ACTAS_EAMBIGUOUS,
	    tell(&a->t, "%s has several %s; name one of: %s",
		tell_item(&a->t, a->item), what,
		tell_list(&a->t, names, count, MOST_CANDIDATES)));
}

static enum actas_error
by_schedule(struct asking *a, struct slice name)
{
	const struct estate *e = a->t.e;
	const char *names[MOST_CANDIDATES];
	uint32_t count = 0;

	for (uint32_t i = 0; i < e->schedules.count; i++) {
		const struct schedule *s = &e->schedules.at[i];

		if (s->item != a->item ||
		    (name.length > 0 &&
			!slice_eq_case(estate_text(e, s->name), name)))
			continue;
		a->schedule = i;
		if (count < MOST_CANDIDATES)
			names[count] = schedule_name(a, i);
		count++;
	}
	if (count > 1)
		return too_many(a, "schedules", names, count);
	if (count == 0)
		return refuse(a, ACTAS_ENOTFOUND,
		    tell(&a->t, "the source has no schedule %.*s%sof %s",
			SLICE_ARGS(name), name.length == 0 ? "" : " ",
			tell_item(&a->t, a->item)));
	a->out->principal = a->out->starter =
	    e->schedules.at[a->schedule].updated_by;
	if (a->out->principal == NONE)
		a->manner = MANNER_UNSAID;
	return ACTAS_OK;
}

/* "Load all/Refresh": an activity of a pipeline by its name. */
static enum actas_error
find_parent(struct asking *a, struct slice name, struct slice *activity)
{
	struct fault ignored = {0};
	size_t slash = name.length;
	enum actas_error error;

	*activity = (struct slice){NULL, 0};
	error = estate_find_item(a->t.e, name, &a->via, &ignored);
	if (error != ACTAS_ENOTFOUND)
		return error == ACTAS_OK ? error
					 : fault_set(a->fault, error, NULL, 0,
					       "%s", ignored.message);
	while (slash > 0 && name.at[slash - 1] != '/')
		slash--;
	if (slash == 0 ||
	    estate_find_item(a->t.e, slice_sub(name, 0, slash - 1), &a->via,
		NULL) != ACTAS_OK)
		return fault_set(
		    a->fault, ACTAS_ENOTFOUND, NULL, 0, "%s", ignored.message);
	*activity = slice_from(name, slash);
	return ACTAS_OK;
}

/* The only item whose activities start this one. */
static enum actas_error
only_parent(struct asking *a)
{
	const struct estate *e = a->t.e;
	const char *names[MOST_CANDIDATES];
	uint32_t count = 0;

	for (uint32_t i = 0; i < e->activities.count; i++) {
		const struct activity *row = &e->activities.at[i];

		if (row->child != a->item || row->parent == a->via)
			continue;
		a->via = row->parent;
		if (count < MOST_CANDIDATES)
			names[count] = tell_item(&a->t, row->parent);
		count++;
	}
	if (count == 1)
		return ACTAS_OK;
	if (count > 1)
		return too_many(a, "items that start it", names, count);
	return refuse(a, ACTAS_ENOTFOUND,
	    tell(&a->t, "the source has nothing that starts %s",
		tell_item(&a->t, a->item)));
}

/*
 * The identity of the connection that the parent's activity uses, NONE where
 * it uses none or where no activity is known. Activities that differ are a
 * fault.
 */
static enum actas_error
activity_identity(
    struct asking *a, struct slice activity, principal_id *identity)
{
	const struct estate *e = a->t.e;
	bool found = false;

	*identity = NONE;
	for (uint32_t i = 0; i < e->activities.count; i++) {
		const struct activity *row = &e->activities.at[i];

		if (row->parent != a->via || row->child != a->item ||
		    (activity.length > 0 &&
			!slice_eq_case(estate_text(e, row->name), activity)))
			continue;
		if (found && row->identity != *identity)
			return refuse(a, ACTAS_EAMBIGUOUS,
			    tell(&a->t,
				"activities of %s start %s as different "
				"identities; name one: %s/ACTIVITY",
				tell_item(&a->t, a->via),
				tell_item(&a->t, a->item),
				tell_item(&a->t, a->via)));
		*identity = row->identity;
		found = true;
	}
	if (!found && activity.length > 0)
		return refuse(a, ACTAS_ENOTFOUND,
		    tell(&a->t, "%s has no activity %.*s that starts %s",
			tell_item(&a->t, a->via), SLICE_ARGS(activity),
			tell_item(&a->t, a->item)));
	return ACTAS_OK;
}

static enum actas_error
by_pipeline(struct asking *a, struct slice name)
{
	struct slice activity = {NULL, 0};
	principal_id identity = NONE;
	enum actas_error error;

	error =
	    name.length == 0 ? only_parent(a) : find_parent(a, name, &activity);
	if (error == ACTAS_OK)
		error = activity_identity(a, activity, &identity);
	if (error != ACTAS_OK)
		return error;
	a->manner = identity != NONE ? MANNER_CONNECTION : MANNER_PLAIN;
	if (identity == NONE)
		identity = a->t.e->items.at[a->via].modified_by;
	if (identity == NONE)
		a->manner = MANNER_UNSAID;
	a->out->principal = a->out->starter = identity;
	return ACTAS_OK;
}

static enum actas_error
by_airflow(struct asking *a, struct slice name)
{
	struct fault ignored = {0};
	enum actas_error error;

	if (name.length == 0)
		return find_starter(a, name, &a->out->principal);
	error =
	    estate_find_principal(a->t.e, name, &a->out->principal, &ignored);
	if (error == ACTAS_ENOTFOUND &&
	    estate_find_item(a->t.e, name, &a->via, NULL) == ACTAS_OK)
		error = activity_identity(
		    a, (struct slice){NULL, 0}, &a->out->principal);
	else if (error != ACTAS_OK)
		return fault_set(
		    a->fault, error, NULL, 0, "%s", ignored.message);
	if (error == ACTAS_OK && a->out->principal == NONE)
		return refuse(a, ACTAS_ENOTFOUND,
		    tell(&a->t,
			"the source does not say through which identity %s "
			"starts %s; name the identity: airflow:NAME",
			tell_item(&a->t, a->via), tell_item(&a->t, a->item)));
	a->out->starter = a->out->principal;
	return error;
}

static enum actas_error
only_connection(struct asking *a, scope_id *s)
{
	const struct estate *e = a->t.e;
	const char *names[MOST_CANDIDATES];
	uint32_t count = 0;

	for (uint32_t i = 0; i < e->authorizations.count; i++) {
		const struct authorization *row = &e->authorizations.at[i];

		if (row->item != a->item)
			continue;
		*s = e->connections.at[row->connection].scope;
		if (count < MOST_CANDIDATES)
			names[count] = tell_scope(&a->t, *s);
		count++;
	}
	if (count == 1)
		return ACTAS_OK;
	if (count > 1)
		return too_many(a, "service connections", names, count);
	return refuse(a, ACTAS_EUSAGE,
	    "the trigger devops needs the name of the service connection: "
	    "devops:CONNECTION");
}

static enum actas_error
by_devops(struct asking *a, struct slice name)
{
	const struct estate *e = a->t.e;
	const struct connection *c;
	scope_id s = NONE;
	enum actas_error error;

	error = name.length == 0 ? only_connection(a, &s)
				 : estate_find_scope(e, name, &s, a->fault);
	if (error != ACTAS_OK)
		return error;
	c = estate_connection(e, s);
	if (c == NULL)
		return refuse(a, ACTAS_EUSAGE,
		    tell(&a->t, "%s is no service connection",
			tell_scope(&a->t, s)));
	a->connection = (uint32_t)(c - e->connections.at);
	a->out->principal = c->principal;
	if (c->principal == NONE)
		a->manner = MANNER_UNSAID;
	if (e->items.at[a->item].kind != ITEM_DEVOPS_PIPELINE)
		a->out->starter = c->principal;
	return ACTAS_OK;
}

/* "ROOT:api:sp-x" is root ROOT, started by the trigger api:sp-x; a root may
 * have colons in its name, so what follows one has to be a trigger. */
static bool
split_root(struct slice name, struct slice *root, enum trigger *trigger,
    struct slice *rest)
{
	for (size_t i = 0; i < name.length; i++) {
		struct slice word;

		if (name.at[i] != ':')
			continue;
		*rest = slice_from(name, i + 1);
		*root = slice_sub(name, 0, i);
		if (rest->at != NULL && slice_cut(rest, ':', &word) &&
		    trigger_parse(word, trigger))
			return true;
	}
	*root = name;
	return false;
}

/* How a root is started, where the source leaves one answer. */
static enum actas_error
guess_trigger(struct asking *a, enum trigger *trigger)
{
	const struct estate *e = a->t.e;
	uint32_t schedules = 0, parents = 0;
	item_id parent = NONE;

	for (uint32_t i = 0; i < e->schedules.count; i++)
		schedules += e->schedules.at[i].item == a->item;
	for (uint32_t i = 0; i < e->activities.count; i++)
		if (e->activities.at[i].child == a->item &&
		    e->activities.at[i].parent != parent) {
			parent = e->activities.at[i].parent;
			parents++;
		}
	if (schedules + parents != 1)
		return refuse(a,
		    schedules + parents == 0 ? ACTAS_ENOTFOUND
					     : ACTAS_EAMBIGUOUS,
		    tell(&a->t,
			"the source has %s that starts %s; say how it is "
			"started, for example reference:%s:api:NAME",
			schedules + parents == 0 ? "nothing"
						 : "more than one thing",
			tell_item(&a->t, a->item), tell_item(&a->t, a->item)));
	*trigger = TRIGGER_SCHEDULE;
	if (parents == 1)
		*trigger = e->items.at[parent].kind == ITEM_PIPELINE
		    ? TRIGGER_PIPELINE
		    : TRIGGER_REFERENCE;
	return ACTAS_OK;
}

/* Asks the root again, on a copy: only whom it leads to is taken over. */
static enum actas_error
by_root(struct asking *a, struct slice name)
{
	struct asking root;
	struct slice item_name, rest = {NULL, 0};
	enum trigger trigger = TRIGGER_REFERENCE;
	enum actas_error error;
	bool said = split_root(name, &item_name, &trigger, &rest);

	error = item_name.length == 0
	    ? only_parent(a)
	    : estate_find_item(a->t.e, item_name, &a->via, a->fault);
	if (error != ACTAS_OK)
		return error;
	if (a->nesting >= MOST_NESTING) {
		a->manner = MANNER_CYCLE;
		return ACTAS_OK;
	}
	root = *a;
	root.item = root.started = a->via;
	root.via = NONE;
	root.nesting++;
	if (!said)
		error = guess_trigger(&root, &trigger);
	if (error == ACTAS_OK)
		error = acts_resolve(&root, trigger, rest);
	a->t = root.t; /* its buffers may have grown */
	a->started = root.started;
	a->begun = root.begun;
	a->schedule = root.schedule;
	a->connection = root.connection;
	if (root.manner == MANNER_CYCLE)
		a->manner = MANNER_CYCLE;
	else if (a->out->principal == NONE)
		a->manner = MANNER_UNSAID;
	return error;
}

enum actas_error
acts_resolve(struct asking *a, enum trigger trigger, struct slice name)
{
	static enum actas_error (*const ways[TRIGGERS])(
	    struct asking * a, struct slice name) = {
	    [TRIGGER_UI] = by_hand,
	    [TRIGGER_API] = by_caller,
	    [TRIGGER_SCHEDULE] = by_schedule,
	    [TRIGGER_PIPELINE] = by_pipeline,
	    [TRIGGER_REFERENCE] = by_root,
	    [TRIGGER_AIRFLOW] = by_airflow,
	    [TRIGGER_DEVOPS] = by_devops,
	};
	enum actas_error error;

	a->trigger = a->begun = trigger;
	error = ways[trigger](a, name);
	if (error == ACTAS_OK && a->t.error != ACTAS_OK)
		return fault_plain(a->fault, a->t.error);
	return error;
}
