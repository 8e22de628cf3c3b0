#include "engine/explain/explain_private.h"

#include "estate/names.h"

/*
 * Who called. Azure authorises by tenant and object id, so these are looked
 * up first and the app id second, and the answer says which of them matched:
 * an app id names an application, of which each tenant has a principal of its
 * own, and in a user's token it names the program that the user ran. People
 * compare ids of different kinds, which is how a caller that everybody knows
 * comes to look like a stranger.
 */

enum { MOST_IDS = 256, MOST_NAMES = 6 };

static const struct principal *
principal_at(const struct telling *x, principal_id p)
{
	return &x->t.e->principals.at[p];
}

static bool
is_application(const struct telling *x, principal_id p)
{
	uint8_t kind = principal_at(x, p)->kind;

	return kind != PRINCIPAL_USER && kind != PRINCIPAL_GROUP;
}

bool
has_source(const struct telling *x)
{
	return x->t.e->principals.count > 0 || x->t.e->scopes.count > 1;
}

static principal_id
by_object_id(const struct telling *x)
{
	if (guid_is_nil(x->r.object_id))
		return NONE;
	return estate_by_object_id(x->t.e, x->r.object_id);
}

/* A user's token has the app id of the program that asked for it. */
static principal_id
by_app_id(const struct telling *x)
{
	if (guid_is_nil(x->r.app_id) || x->r.is_app == NO)
		return NONE;
	return estate_by_app_id(x->t.e, x->r.app_id);
}

static principal_id
by_text(const struct telling *x, const char *text, size_t column)
{
	const struct estate *e = x->t.e;

	for (principal_id p = 0; text != NULL && p < e->principals.count; p++) {
		string_id value;

		memcpy(&value, (const char *)&e->principals.at[p] + column,
		    sizeof value);
		if (value != 0 &&
		    slice_eq_case(estate_text(e, value), slice_of(text)))
			return p;
	}
	return NONE;
}

static principal_id
by_resource(const struct telling *x)
{
	return by_text(x, x->r.identity_of, offsetof(struct principal, home));
}

static principal_id
by_name(const struct telling *x)
{
	if (!guid_is_nil(x->r.object_id))
		return NONE;
	return by_text(x, x->r.caller_name, offsetof(struct principal, upn));
}

static bool
tenants_differ(const struct telling *x)
{
	return !guid_is_nil(x->r.tenant) && !guid_is_nil(x->t.e->tenant) &&
	    !guid_eq(x->r.tenant, x->t.e->tenant);
}

static void
tell_other_tenant(struct telling *x)
{
	principal_id p = by_app_id(x);

	tell_reason(&x->t,
	    "The caller is of tenant %s, and this source is of tenant %s.",
	    tell_guid(&x->t, x->r.tenant), tell_guid(&x->t, x->t.e->tenant));
	if (p == NONE)
		return;
	tell_reason(&x->t,
	    "Its app id is the client id of %s here, but an application has "
	    "a principal of its own in each tenant: what is granted to the "
	    "one here does not count for the one that called.",
	    tell_who(&x->t, p));
}

/* In a user's token: the program. */
static void
tell_client(struct telling *x)
{
	principal_id p = guid_is_nil(x->r.app_id)
	    ? NONE
	    : estate_by_app_id(x->t.e, x->r.app_id);

	if (p != NONE && p != x->out->caller.principal)
		tell_reason(&x->t,
		    "appid %s is the client id of %s, the application through "
		    "which %s called; access goes by the object id.",
		    tell_guid(&x->t, x->r.app_id), tell_who(&x->t, p), x->who);
	else if (p == NONE && !guid_is_nil(x->r.app_id))
		tell_reason(&x->t,
		    "appid %s is the client id of the application through "
		    "which %s called; access goes by the object id.",
		    tell_guid(&x->t, x->r.app_id), x->who);
}

static void
tell_app_id(struct telling *x, const struct principal *p)
{
	if (guid_is_nil(x->r.app_id))
		return;
	if (guid_eq(p->app_id, x->r.app_id))
		tell_reason(&x->t,
		    "appid %s is the client id of %s %s with object id %s.",
		    tell_guid(&x->t, x->r.app_id), principal_kind_name(p->kind),
		    x->who, tell_guid(&x->t, p->object_id));
	else if (!guid_is_nil(p->app_id))
		tell_reason(&x->t,
		    "The text gives it appid %s, the source client id %s: one "
		    "of the two is out of date.",
		    tell_guid(&x->t, x->r.app_id), tell_guid(&x->t, p->app_id));
}

static void
tell_by_object_id(struct telling *x)
{
	principal_id id = x->out->caller.principal;
	const struct principal *p = principal_at(x, id);

	if (p->kind == PRINCIPAL_UNKNOWN)
		tell_reason(&x->t,
		    "Object id %s is known to the source, but only because "
		    "something else names it: nothing says what it is.",
		    tell_guid(&x->t, x->r.object_id));
	else
		tell_reason(&x->t, "The caller is %s, found by its object id.",
		    tell_who(&x->t, id));
	if (guid_is_nil(x->r.app_id))
		tell_reason(&x->t, "Its object id is %s.",
		    tell_guid(&x->t, x->r.object_id));
	if (x->r.is_app == NO || p->kind == PRINCIPAL_USER)
		tell_client(x);
	else
		tell_app_id(x, p);
}

/* The app id fits and the object id does not, or there is none to compare. */
static void
tell_by_app_id(struct telling *x)
{
	principal_id id = x->out->caller.principal;
	const struct principal *p = principal_at(x, id);
	struct guid called = x->r.object_id;

	if (guid_is_nil(called) || guid_is_nil(p->object_id)) {
		tell_reason(&x->t, "appid %s is the client id of %s%s%s.",
		    tell_guid(&x->t, x->r.app_id), tell_who(&x->t, id),
		    guid_is_nil(p->object_id) ? "" : " with object id ",
		    guid_is_nil(p->object_id) ? ""
					      : tell_guid(&x->t, p->object_id));
		return;
	}
	x->judged = NONE;
	tell_reason(&x->t,
	    "appid %s is the client id of %s, but its object id in the source "
	    "is %s and the caller's is %s.",
	    tell_guid(&x->t, x->r.app_id), tell_who(&x->t, id),
	    tell_guid(&x->t, p->object_id), tell_guid(&x->t, called));
	tell_reason(&x->t,
	    "Access goes by the object id, so what is granted to %s does not "
	    "count for this call: either the principal was deleted and made "
	    "again (same app id, new object id), or a user called through "
	    "that application.",
	    tell_guid(&x->t, p->object_id));
}

static void
tell_by_resource(struct telling *x)
{
	tell_reason(&x->t,
	    "The caller is %s, found by the resource that it is the managed "
	    "identity of: %s.",
	    tell_who(&x->t, x->out->caller.principal), x->r.identity_of);
}

static void
tell_by_name(struct telling *x)
{
	tell_reason(&x->t, "The caller is %s, found by the name %s.",
	    tell_who(&x->t, x->out->caller.principal), x->r.caller_name);
}

static bool
look_up(struct telling *x)
{
	static const struct {
		enum matched_by by;
		principal_id (*find)(const struct telling *x);
		void (*tell)(struct telling *x);
	} ways[] = {
	    {MATCHED_BY_OBJECT_ID, by_object_id, tell_by_object_id},
	    {MATCHED_BY_APP_ID, by_app_id, tell_by_app_id},
	    {MATCHED_BY_RESOURCE, by_resource, tell_by_resource},
	    {MATCHED_BY_NAME, by_name, tell_by_name},
	};

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		principal_id p = ways[i].find(x);

		if (p == NONE)
			continue;
		x->out->caller.principal = x->judged = p;
		x->out->caller.matched_by = ways[i].by;
		x->who = tell_principal(&x->t, p);
		ways[i].tell(x);
		return true;
	}
	return false;
}

static bool
fits(struct guid id, const char *start)
{
	char text[GUID_TEXT_LENGTH + 1];

	if (start == NULL)
		return true;
	guid_format(id, text);
	return !guid_is_nil(id) &&
	    slice_starts(slice_of(text), slice_of(start));
}

/* Whether what is left of the ids speaks for a principal and nothing against;
 * an id that the source does not give does neither. */
static bool
fits_what_is_left(const struct telling *x, const struct principal *p)
{
	const struct reading *r = &x->r;
	bool app = r->app_id_start != NULL && !guid_is_nil(p->app_id);
	bool object = r->object_id_start != NULL && !guid_is_nil(p->object_id);

	return p->kind != PRINCIPAL_GROUP && (app || object) &&
	    (!app || fits(p->app_id, r->app_id_start)) &&
	    (!object || fits(p->object_id, r->object_id_start));
}

/* A page knows its identities by name; an id can be that of any of them. */
static void
tell_nameless(struct telling *x)
{
	uint32_t without = 0, all = 0;

	for (principal_id p = 0; p < x->t.e->principals.count; p++) {
		const struct principal *row = principal_at(x, p);

		if (row->kind == PRINCIPAL_GROUP ||
		    (row->flags & (PRINCIPAL_COLLECTIVE | PRINCIPAL_EVERYONE)))
			continue;
		all++;
		without +=
		    guid_is_nil(row->object_id) && guid_is_nil(row->app_id);
	}
	if (without == 0 || x->expected != NONE)
		return;
	tell_reason(&x->t,
	    "%u of the %u identities in the source have no id there, so it may "
	    "be one of these.",
	    without, all);
	tell_step(&x->t,
	    "Say whom you expect, and the answer is given for that one; with "
	    "ids in the source it can be found.");
}

/* Ids that somebody blotted out before pasting: whom the rest fits. */
static void
tell_redacted(struct telling *x)
{
	const struct reading *r = &x->r;
	const char *names[MOST_NAMES];
	uint32_t count = 0;
	principal_id last = NONE;

	for (principal_id p = 0; p < x->t.e->principals.count; p++) {
		if (!fits_what_is_left(x, principal_at(x, p)))
			continue;
		last = p;
		if (count < MOST_NAMES)
			names[count] = tell_who(&x->t, p);
		count++;
	}
	tell_reason(&x->t,
	    "The text's ids are redacted; what is left of them is %s%s%s%s%s.",
	    r->app_id_start == NULL ? "" : "appid ",
	    r->app_id_start == NULL ? "" : r->app_id_start,
	    r->app_id_start == NULL || r->object_id_start == NULL ? ""
								  : " and ",
	    r->object_id_start == NULL ? "" : "oid ",
	    r->object_id_start == NULL ? "" : r->object_id_start);
	if (!has_source(x)) {
		tell_reason(&x->t,
		    "Without a source (-s) it cannot be said who this is.");
		return;
	}
	if (count == 0) {
		tell_reason(&x->t, "No id in the source begins like that.");
		tell_nameless(x);
		return;
	}
	tell_reason(&x->t, "In the source that fits %s.",
	    tell_list(&x->t, names, count, MOST_NAMES));
	if (count == 1)
		x->judged = last;
	tell_step(&x->t,
	    "Compare the whole object id with the one in the error: a few "
	    "digits that agree prove nothing.");
}

static bool
has_ids(const struct reading *r)
{
	return !guid_is_nil(r->object_id) || !guid_is_nil(r->app_id);
}

/* Nobody was asked, so nobody can be blamed for not knowing. */
static void
tell_sourceless(struct telling *x)
{
	const struct reading *r = &x->r;
	const char *app = guid_is_nil(r->app_id)
	    ? ""
	    : tell(&x->t, "%sapp id %s",
		  guid_is_nil(r->object_id) ? "" : " and ",
		  tell_guid(&x->t, r->app_id));
	const char *object = guid_is_nil(r->object_id)
	    ? ""
	    : tell(&x->t, "object id %s", tell_guid(&x->t, r->object_id));

	tell_reason(&x->t,
	    "Without a source (-s) it cannot be said who this is; the text "
	    "gives %s%s.",
	    object, app);
	if (r->is_app == NO && app[0] != '\0')
		tell_reason(&x->t,
		    "The app id is only that of the application through which "
		    "it called.");
}

static void
tell_unknown(struct telling *x)
{
	const struct reading *r = &x->r;
	const char *object = tell_guid(&x->t, r->object_id);
	const char *app = tell_guid(&x->t, r->app_id);

	if (!has_source(x))
		tell_sourceless(x);
	else if (guid_is_nil(r->app_id))
		tell_reason(&x->t,
		    "The source knows no principal with object id %s.", object);
	else if (guid_is_nil(r->object_id))
		tell_reason(&x->t,
		    "The source knows no principal with app id %s.", app);
	else if (r->is_app == NO)
		tell_reason(&x->t,
		    "The source knows no principal with object id %s; appid "
		    "%s is only the application through which it called.",
		    object, app);
	else
		tell_reason(&x->t,
		    "The source knows neither object id %s nor app id %s.",
		    object, app);
	if (tenants_differ(x))
		return;
	tell_nameless(x);
	tell_step(&x->t,
	    "Look the caller up in the directory%s: az ad %s show --id %s",
	    r->is_app == NO || r->is_app == YES
		? ""
		: " (or, if it is a user, by az ad user show)",
	    r->is_app == NO ? "user" : "sp",
	    guid_is_nil(r->object_id) ? app : object);
	if (r->is_app != NO)
		tell_step(&x->t,
		    "If App registrations does not list it, look under "
		    "Enterprise applications with all application types: "
		    "managed identities and applications that are registered "
		    "in another directory are only there.");
}

/* What the text says about a caller, whoever it is. */
static void
tell_revealed(struct telling *x)
{
	const struct reading *r = &x->r;

	if (r->identity_of != NULL &&
	    x->out->caller.matched_by != MATCHED_BY_RESOURCE)
		tell_reason(&x->t, "It is the %s managed identity %s%s.",
		    slice_find_case(slice_of(r->identity_of),
			SLICE("/userAssignedIdentities/")) != SIZE_MAX
			? "user-assigned"
			: "system-assigned",
		    slice_find_case(slice_of(r->identity_of),
			SLICE("/userAssignedIdentities/")) != SIZE_MAX
			? ""
			: "of ",
		    r->identity_of);
	if (r->called_from != NULL)
		tell_reason(
		    &x->t, "The call came from resource %s.", r->called_from);
	if (x->out->caller.principal != NONE)
		return;
	if (r->identity_of == NULL && r->is_app == YES)
		tell_reason(&x->t,
		    "It called with an app-only token: no user was behind the "
		    "call, so it is a service principal or a managed or "
		    "workspace identity.");
	if (r->is_app == NO)
		tell_reason(&x->t, "It called with a user's token.");
	if (r->caller_name != NULL && r->caller_name[0] != '\0')
		tell_reason(&x->t, "The text calls it %s.", r->caller_name);
	if (r->caller_name != NULL &&
	    slice_starts_case(slice_of(r->caller_name), SLICE("Microsoft.")))
		tell_reason(&x->t,
		    "A name of that form is that of a service of Microsoft's "
		    "own.");
}

static void
tell_nobody(struct telling *x)
{
	static const bool without_caller[EXPLAIN_FORMS] = {
	    [EXPLAIN_NOT_UNDERSTOOD] = true,
	    [EXPLAIN_VAULT_FIREWALL] = true,
	    [EXPLAIN_VAULT_CONNECTION] = true,
	    [EXPLAIN_VAULT_TOKEN] = true,
	    [EXPLAIN_VAULT_OBJECT] = true,
	    [EXPLAIN_ENTRA] = true,
	};

	if (without_caller[x->r.form->form])
		return;
	if (x->expected == NONE) {
		tell_reason(&x->t, "The text does not say who called.");
		return;
	}
	tell_reason(&x->t,
	    "The text does not say who called; what follows holds if it was "
	    "%s, as you expect.",
	    tell_who(&x->t, x->expected));
	x->judged = x->expected;
}

/* Whether what the text has of the caller's ids can be of 'p'. */
static bool
can_be(const struct telling *x, const struct principal *p)
{
	const struct reading *r = &x->r;

	if (!guid_is_nil(r->object_id) && !guid_is_nil(p->object_id))
		return guid_eq(r->object_id, p->object_id);
	if (!guid_is_nil(r->app_id) && !guid_is_nil(p->app_id) &&
	    r->is_app != NO)
		return guid_eq(r->app_id, p->app_id);
	if (r->object_id_start != NULL && !guid_is_nil(p->object_id) &&
	    !fits(p->object_id, r->object_id_start))
		return false;
	return r->app_id_start == NULL || guid_is_nil(p->app_id) ||
	    fits(p->app_id, r->app_id_start);
}

static void
tell_expected(struct telling *x)
{
	principal_id p = x->out->caller.principal;
	const char *name;

	if (x->expected == NONE || (p == NONE && x->judged == x->expected) ||
	    tenants_differ(x))
		return;
	name = tell_who(&x->t, x->expected);
	if (p == x->expected && x->judged == p) {
		tell_reason(&x->t, "That is the identity you expected.");
	} else if (p != NONE && p != x->expected) {
		tell_reason(&x->t, "You expected %s; it was %s that called.",
		    name, x->who);
	} else if (p == NONE && !can_be(x, principal_at(x, x->expected))) {
		tell_reason(&x->t, "It is not %s, whom you expected.", name);
	} else if (p == NONE) {
		tell_reason(&x->t,
		    "Whether it is %s, whom you expected, cannot be said from "
		    "these ids; what follows holds if it was.",
		    name);
		x->judged = x->expected;
	}
	if (p != NONE && p != x->expected && is_application(x, p) &&
	    principal_at(x, x->expected)->kind == PRINCIPAL_WORKSPACE_IDENTITY)
		tell_reason(&x->t,
		    "A workspace identity does not act in a run that was "
		    "started over Fabric's API: whoever calls the API does.");
}

static void
tell_if(struct telling *x)
{
	x->if_it_was = "";
	if (x->out->caller.principal != NONE || x->judged == NONE)
		return;
	x->if_it_was =
	    tell(&x->t, "If it was %s: ", tell_principal(&x->t, x->judged));
}

void
identify(struct telling *x)
{
	struct caller *c = &x->out->caller;
	const struct reading *r = &x->r;
	bool known = false;

	*c = (struct caller){r->tenant, r->object_id, r->app_id, r->caller_name,
	    r->identity_of, r->is_app, NONE, MATCHED_BY_NOTHING};
	x->who = "the caller";
	x->judged = NONE;
	if (tenants_differ(x))
		tell_other_tenant(x);
	else
		known = look_up(x);
	if (!known && has_ids(r))
		tell_unknown(x);
	else if (!known &&
	    (r->app_id_start != NULL || r->object_id_start != NULL))
		tell_redacted(x);
	else if (!known && r->identity_of == NULL && r->caller_name == NULL)
		tell_nobody(x);
	tell_revealed(x);
	identify_confused(x);
	tell_expected(x);
	tell_if(x);
}

static void
tell_application_id(struct telling *x, const struct application *a)
{
	const char *id = tell_guid(&x->t, a->object_id);
	struct guid object = a->principal == NONE
	    ? (struct guid){0}
	    : principal_at(x, a->principal)->object_id;

	tell_reason(&x->t,
	    "%s is the object id of the application %s (App registrations), "
	    "which never calls and to which no role can be given.",
	    id, tell_slice(&x->t, estate_text(x->t.e, a->name)));
	if (!guid_is_nil(object))
		tell_reason(&x->t,
		    "Its service principal (Enterprise applications) has "
		    "object id %s and client id %s: those are the ids to "
		    "compare with an error.",
		    tell_guid(&x->t, object), tell_guid(&x->t, a->app_id));
	else
		tell_reason(&x->t,
		    "Compare the client id, which is %s, with the appid of an "
		    "error.",
		    tell_guid(&x->t, a->app_id));
}

/* Where the two ids of the caller stand in each other's place. */
static void
tell_swapped(struct telling *x)
{
	const struct reading *r = &x->r;
	principal_id p = NONE;

	if (!guid_is_nil(r->app_id))
		p = estate_by_object_id(x->t.e, r->app_id);
	if (p != NONE)
		tell_reason(&x->t,
		    "%s is given as an app id, but it is the object id of %s.",
		    tell_guid(&x->t, r->app_id), tell_who(&x->t, p));
	p = NONE;
	if (!guid_is_nil(r->object_id))
		p = estate_by_app_id(x->t.e, r->object_id);
	if (p != NONE)
		tell_reason(&x->t,
		    "%s is given as an object id, but it is the client id of "
		    "%s: a role assignment whose principal id is that gives "
		    "it nothing.",
		    tell_guid(&x->t, r->object_id), tell_who(&x->t, p));
}

void
identify_confused(struct telling *x)
{
	const struct estate *e = x->t.e;
	struct guid id;
	size_t at = 0;

	tell_swapped(x);
	for (int i = 0; i < MOST_IDS && pasted_next_guid(&x->text, &at, &id);
	     i++)
		for (uint32_t a = 0; a < e->applications.count; a++)
			if (!guid_is_nil(id) &&
			    guid_eq(id, e->applications.at[a].object_id))
				tell_application_id(x, &e->applications.at[a]);
}
