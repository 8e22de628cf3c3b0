#include "platform/import/import_private.h"

#include "platform/shapes.h"

/*
 * The directory: who gets an object in it, and which ids.
 *
 * Whoever the source's directory lists is made. Of a kind that the source
 * lists nobody of (assignments alone were exported), all that it mentions
 * are made; where it lists some, those it mentions beside are gone from it,
 * and only their grants are kept. People whom a page names by one word are a
 * group that waits for its members.
 */

static unsigned
kind_bits(uint8_t kind)
{
	/* The list of service principals has identities too. */
	return kind > PRINCIPAL_SERVICE ? 1u << PRINCIPAL_SERVICE : 1u << kind;
}

static unsigned
listed_kinds(const struct estate *e)
{
	unsigned bits = 0;

	for (principal_id p = 0; p < e->principals.count; p++)
		if (e->principals.at[p].flags & PRINCIPAL_DECLARED)
			bits |= kind_bits(e->principals.at[p].kind);
	return bits;
}

static bool
is_made(const struct principal *row, unsigned listed)
{
	if (row->flags & (PRINCIPAL_EVERYONE | PRINCIPAL_ELSEWHERE))
		return false;
	if (row->flags & PRINCIPAL_COLLECTIVE)
		return true;
	return row->kind != PRINCIPAL_UNKNOWN &&
	    ((row->flags & PRINCIPAL_DECLARED) != 0 ||
		(listed & kind_bits(row->kind)) == 0);
}

static enum principal_kind
kind_of(const struct principal *row)
{
	return row->flags & PRINCIPAL_COLLECTIVE
	    ? PRINCIPAL_GROUP
	    : (enum principal_kind)row->kind;
}

const char *
import_principal_type(const struct import *im, principal_id p)
{
	static const char *const types[PRINCIPAL_KINDS] = {
	    [PRINCIPAL_UNKNOWN] = "Unknown",
	    [PRINCIPAL_USER] = "User",
	    [PRINCIPAL_GROUP] = "Group",
	    [PRINCIPAL_SERVICE] = "ServicePrincipal",
	    [PRINCIPAL_MANAGED_IDENTITY] = "ServicePrincipal",
	    [PRINCIPAL_WORKSPACE_IDENTITY] = "ServicePrincipal",
	};
	const struct principal *row = &im->e->principals.at[p];

	if (row->kind == PRINCIPAL_GROUP && row->flags & PRINCIPAL_ELSEWHERE)
		return "ForeignGroup";
	return types[kind_of(row)];
}

/* --- ids --- */

static struct guid
known_or_new(struct import *im, struct guid known)
{
	return guid_is_nil(known) ? import_id(im) : known;
}

static void
find_ids(struct import *im)
{
	const struct estate *e = im->e;
	unsigned listed = listed_kinds(e);
	uint32_t mentioned = 0;

	for (principal_id p = 0; p < e->principals.count; p++) {
		const struct principal *row = &e->principals.at[p];
		struct imported_person *person = &im->people[p];

		*person = (struct imported_person){.object_id = row->object_id,
		    .app_id = row->app_id,
		    .app = NONE,
		    .secret = NONE,
		    .made = is_made(row, listed)};
		if (!person->made)
			continue;
		mentioned +=
		    !(row->flags & (PRINCIPAL_DECLARED | PRINCIPAL_COLLECTIVE));
		person->object_id = known_or_new(im, row->object_id);
		if (kind_of(row) >= PRINCIPAL_SERVICE)
			person->app_id = known_or_new(im, row->app_id);
	}
	if (mentioned > 0)
		import_tell(im,
		    "%u identities that the source only mentions were made: "
		    "it has no list of their kind",
		    mentioned);
}

/* --- applications --- */

/* Some source lists applications; those that it then only mentions (by
 * their service principal's owners) are of another directory. */
static bool
lists_applications(const struct estate *e)
{
	for (uint32_t i = 0; i < e->applications.count; i++)
		if (!guid_is_nil(e->applications.at[i].object_id))
			return true;
	return false;
}

static uint32_t
add_app(struct import *im, struct imported_app app)
{
	if (app.made) {
		app.object_id = known_or_new(im, app.object_id);
		app.app_id = known_or_new(im, app.app_id);
	}
	app.secret = NONE;
	import_fail(im, vector_push(&im->apps, app));
	return im->apps.count - 1;
}

static void
find_apps(struct import *im)
{
	const struct estate *e = im->e;
	bool listed = im->lists_applications = lists_applications(e);

	for (uint32_t i = 0; i < e->applications.count && !im->error; i++) {
		const struct application *row = &e->applications.at[i];
		bool own =
		    row->principal != NONE && im->people[row->principal].made;
		uint32_t at = add_app(im,
		    (struct imported_app){.object_id = row->object_id,
			.app_id = own ? im->people[row->principal].app_id
				      : row->app_id,
			.principal = own ? row->principal : NONE,
			.name = row->name,
			.made = !listed || !guid_is_nil(row->object_id)});

		if (own && im->people[row->principal].app == NONE)
			im->people[row->principal].app = at;
	}
	for (principal_id p = 0; p < e->principals.count && !im->error; p++) {
		const struct principal *row = &e->principals.at[p];
		struct imported_person *person = &im->people[p];

		if (listed || !person->made || person->app != NONE ||
		    row->kind != PRINCIPAL_SERVICE)
			continue;
		person->app = add_app(im,
		    (struct imported_app){.app_id = person->app_id,
			.principal = p,
			.name = row->name,
			.made = true});
	}
}

/* --- objects --- */

static const char *
display_name(struct import *im, principal_id p)
{
	const struct principal *row = &im->e->principals.at[p];

	return row->name != 0 ? import_string(im, row->name)
	    : row->upn != 0   ? import_string(im, row->upn)
			      : import_guid(im, im->people[p].object_id);
}

/* A user name for somebody of whom only the display name is known. It ends
 * in a piece of the id, since two people may have one name. */
static const char *
made_upn(struct import *im, principal_id p)
{
	const char *id = import_guid(im, im->people[p].object_id);
	const char *name = display_name(im, p);
	char local[49] = "";
	size_t n = 0;

	for (; *name != '\0' && *name != '@' && n + 1 < sizeof local; name++)
		if ((*name >= '0' && *name <= '9') || *name == '-' ||
		    *name == '.' || *name == '_' ||
		    (ascii_lower(*name) >= 'a' && ascii_lower(*name) <= 'z'))
			local[n++] = ascii_lower(*name);
	local[n] = '\0';
	return import_text(
	    im, "%s%s%.8s@%s", local, n > 0 ? "-" : "", id, im->domain);
}

static struct shape_object
object(struct import *im, principal_id p)
{
	const struct principal *row = &im->e->principals.at[p];

	return (struct shape_object){.id = im->people[p].object_id,
	    .app_id = im->people[p].app_id,
	    .name = display_name(im, p),
	    .purpose = import_string(im, row->purpose),
	    .home = import_string(im, row->home),
	    .disabled = (row->flags & PRINCIPAL_DISABLED) != 0,
	    .now = im->now};
}

static json_t *
shape_of(struct import *im, principal_id p, enum entity *kind)
{
	const struct principal *row = &im->e->principals.at[p];
	struct shape_object o = object(im, p);
	const struct imported_person *person = &im->people[p];

	*kind = ENTITY_SERVICE_PRINCIPAL;
	switch (kind_of(row)) {
	case PRINCIPAL_USER:
		*kind = ENTITY_USER;
		o.upn = row->upn != 0 ? import_string(im, row->upn)
				      : made_upn(im, p);
		return shape_user(&o);
	case PRINCIPAL_GROUP:
		*kind = ENTITY_GROUP;
		return shape_group(&o);
	case PRINCIPAL_MANAGED_IDENTITY:
		return shape_managed_identity(&o, im->tenant);
	case PRINCIPAL_SERVICE:
	case PRINCIPAL_WORKSPACE_IDENTITY:
	case PRINCIPAL_UNKNOWN:
	case PRINCIPAL_KINDS:
		break;
	}
	/* One whose application is not here is of another tenant. */
	return shape_service_principal(&o,
	    person->app != NONE || row->kind == PRINCIPAL_WORKSPACE_IDENTITY
		? im->tenant
		: (struct guid){0});
}

static void
put_person(struct import *im, principal_id p)
{
	struct entity_text text;
	enum entity kind;
	json_t *value = shape_of(im, p, &kind);

	import_put(im, entity_guid_key(&text, kind, im->people[p].object_id),
	    value, import_principal(im, p));
	if (im->e->principals.at[p].flags & PRINCIPAL_COLLECTIVE)
		import_tell(im,
		    "%s: now a group without members, since the source does "
		    "not say who they are",
		    import_principal(im, p));
}

static void
put_app(struct import *im, const struct imported_app *app)
{
	struct shape_object o = {.id = app->object_id,
	    .app_id = app->app_id,
	    .name = app->name != 0       ? import_string(im, app->name)
		: app->principal != NONE ? display_name(im, app->principal)
					 : import_guid(im, app->app_id),
	    .purpose = "",
	    .now = im->now};
	struct entity_text text;

	import_put(im,
	    entity_guid_key(&text, ENTITY_APPLICATION, app->object_id),
	    shape_application(&o), o.name);
}

/* --- memberships --- */

static void
put_member(struct import *im, const struct membership *m)
{
	const struct imported_person *group = &im->people[m->group];
	const struct imported_person *member = &im->people[m->member];
	struct entity_text text;

	if (!group->made || !member->made) {
		import_tell(im,
		    "%s: that it is in group %s was left out: the directory "
		    "does not list %s",
		    import_principal(im, m->member),
		    import_principal(im, m->group),
		    group->made ? "it" : "the group");
		return;
	}
	import_put(im,
	    entity_key(&text, ENTITY_MEMBER,
		slice_of(import_guid(im, group->object_id)),
		slice_of(import_guid(im, member->object_id)), SLICE("")),
	    json_object(), "a membership");
}

void
import_people(struct import *im)
{
	const struct estate *e = im->e;

	im->people = import_zero(im, e->principals.count, sizeof *im->people);
	if (im->error != ACTAS_OK)
		return;
	find_ids(im);
	find_apps(im);
	for (principal_id p = 0; p < e->principals.count && !im->error; p++)
		if (im->people[p].made)
			put_person(im, p);
	for (uint32_t i = 0; i < im->apps.count && !im->error; i++)
		if (im->apps.at[i].made)
			put_app(im, &im->apps.at[i]);
	for (uint32_t i = 0; i < e->memberships.count && !im->error; i++)
		put_member(im, &e->memberships.at[i]);
}
