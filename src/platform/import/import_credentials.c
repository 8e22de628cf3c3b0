#include "platform/import/import_private.h"

#include "platform/shapes.h"

/*
 * Credentials. No source has a secret's value, so that each application that
 * has one is given a new one, in the place of the source's that ends last:
 * same key id, same name, same dates. A certificate is of no use without its
 * key material, which the estate does not keep. A federated credential is
 * public and goes over whole.
 *
 * Where the source says nothing about anybody's credentials, as most pages,
 * every service principal gets a secret: it could not sign in otherwise.
 */

#define SECRET_LIFE (180 * MOMENT_DAY)

/* Whose credentials these are: of an application, or of a service principal
 * without one. */
struct owner {
	struct guid object_id;
	uint32_t app;           /* or NONE */
	principal_id principal; /* or NONE */
};

static struct owner
owner_of(const struct import *im, const struct credential *c)
{
	struct owner o = {.app = c->application, .principal = c->principal};

	if (o.app != NONE)
		o.principal = im->apps.at[o.app].principal;
	else if (o.principal != NONE)
		o.app = im->people[o.principal].app;
	if (o.app != NONE && im->apps.at[o.app].made)
		o.object_id = im->apps.at[o.app].object_id;
	else if (o.principal != NONE && im->people[o.principal].made)
		o.object_id = im->people[o.principal].object_id;
	return o;
}

static const char *
owner_name(struct import *im, const struct owner *o)
{
	if (o->principal != NONE)
		return import_principal(im, o->principal);
	return import_text(
	    im, "application %s", import_guid(im, im->apps.at[o->app].app_id));
}

/* --- one secret an owner --- */

struct secrets {
	uint32_t best; /* credential that ends last, or NONE */
	uint32_t others, certificates;
};

/* Slots by application, then by principal. */
static uint32_t
slot_of(const struct import *im, const struct owner *o)
{
	return o->app != NONE ? o->app : im->apps.count + o->principal;
}

static moment
end_of(const struct credential *c)
{
	return c->ends == MOMENT_UNKNOWN ? INT64_MAX : c->ends;
}

static void
count_secret(struct import *im, struct secrets *s, uint32_t i)
{
	const struct credential *rows = im->e->credentials.at;

	if (rows[i].kind == CREDENTIAL_CERTIFICATE) {
		s->certificates++;
	} else if (s->best == NONE) {
		s->best = i;
	} else {
		s->others++;
		if (end_of(&rows[i]) > end_of(&rows[s->best]))
			s->best = i;
	}
}

static void
add_credential(
    struct import *im, const struct owner *o, struct new_credential *made)
{
	struct guid app_id = {0};

	if (o->app != NONE)
		app_id = im->apps.at[o->app].app_id;
	else if (o->principal != NONE)
		app_id = im->people[o->principal].app_id;
	new_credential_name(made, slice_of(owner_name(im, o)));
	made->app_id = app_id;
	made->object_id = o->principal != NONE
	    ? im->people[o->principal].object_id
	    : o->object_id;
	import_fail(im, vector_push(&im->credentials->at, *made));
	if (im->error != ACTAS_OK) {
		secret_bytes_release(&made->secret);
		return;
	}
	if (o->principal != NONE)
		im->people[o->principal].secret = im->credentials->at.count - 1;
}

static void
put_secret(struct import *im, const struct owner *o, struct guid key_id,
    const struct shape_secret *shape)
{
	struct new_credential made = {0};
	struct entity_text text;

	import_fail(im, client_secret_new(im->chance, &made.secret));
	if (im->error != ACTAS_OK)
		return;
	import_put(im,
	    entity_key(&text, ENTITY_CREDENTIAL,
		slice_of(import_guid(im, o->object_id)),
		slice_of(import_guid(im, key_id)), SLICE("")),
	    shape_client_secret(shape, im->master, &made.secret),
	    "a client secret");
	add_credential(im, o, &made);
}

static void
put_in_place(
    struct import *im, const struct owner *o, const struct credential *c)
{
	struct guid key_id = c->key_id;
	struct shape_secret shape = {.name = import_string(im, c->name),
	    .starts = c->starts == MOMENT_UNKNOWN || c->starts > im->now
		? im->now
		: c->starts,
	    .ends = c->ends};

	if (guid_is_nil(key_id))
		key_id = import_id(im);
	if (end_of(c) <= im->now)
		import_tell(im,
		    "%s: its client secret has ended on %s and was made so; "
		    "add one before it signs in",
		    owner_name(im, o), import_moment(im, c->ends));
	if (c->ends == MOMENT_UNKNOWN) {
		shape.ends = im->now + SECRET_LIFE;
		import_tell(im,
		    "%s: the source does not say when its client secret ends; "
		    "the new one ends on %s",
		    owner_name(im, o), import_moment(im, shape.ends));
	}
	put_secret(im, o, key_id, &shape);
}

static void
put_of_owner(struct import *im, const struct owner *o, const struct secrets *s)
{
	if (s->best != NONE)
		put_in_place(im, o, &im->e->credentials.at[s->best]);
	if (s->others > 0)
		import_tell(im,
		    "%s: it gets one client secret; %u more of the source "
		    "were left out",
		    owner_name(im, o), s->others);
	if (s->certificates > 0)
		import_tell(im,
		    "%s: certificates (%u) were left out, since the source "
		    "does not have them but for their names",
		    owner_name(im, o), s->certificates);
}

static void
put_secrets(struct import *im)
{
	const struct estate *e = im->e;
	uint32_t slots = im->apps.count + e->principals.count, lost = 0;
	struct secrets *all = import_zero(im, slots, sizeof *all);

	for (uint32_t i = 0; i < slots && all != NULL; i++)
		all[i].best = NONE;
	for (uint32_t i = 0; i < e->credentials.count && !im->error; i++) {
		struct owner o = owner_of(im, &e->credentials.at[i]);

		if (guid_is_nil(o.object_id))
			lost++;
		else if (e->credentials.at[i].kind != CREDENTIAL_FEDERATED)
			count_secret(im, &all[slot_of(im, &o)], i);
	}
	if (lost > 0)
		import_tell(im,
		    "%u credentials of applications that the directory does "
		    "not list were left out",
		    lost);
	for (uint32_t i = 0; i < e->credentials.count && !im->error; i++) {
		struct owner o = owner_of(im, &e->credentials.at[i]);
		struct secrets *s;

		if (guid_is_nil(o.object_id))
			continue;
		s = &all[slot_of(im, &o)];
		put_of_owner(im, &o, s);
		*s = (struct secrets){.best = NONE};
	}
}

/* --- federated --- */

static const char *
federated_name(struct import *im, const struct credential *c)
{
	return c->name != 0 ? import_string(im, c->name) : "imported";
}

static void
put_federated(struct import *im, const struct credential *c)
{
	struct owner o = owner_of(im, c);
	struct guid id = guid_is_nil(c->key_id) ? import_id(im) : c->key_id;
	const char *id_text = import_guid(im, id);
	struct entity_text text;

	if (guid_is_nil(o.object_id))
		return;
	import_put(im,
	    entity_key(&text, ENTITY_FEDERATED,
		slice_of(import_guid(im, o.object_id)), slice_of(id_text),
		SLICE("")),
	    json_pack("{s:s, s:s, s:s, s:s, s:[s]}", "id", id_text, "name",
		federated_name(im, c), "issuer", import_string(im, c->issuer),
		"subject", import_string(im, c->subject), "audiences",
		"api://AzureADTokenExchange"),
	    "a federated credential");
}

/* --- where the source is silent --- */

static void
make_secrets(struct import *im)
{
	const struct shape_secret shape = {.name = "actas init",
	    .starts = im->now,
	    .ends = im->now + SECRET_LIFE};
	uint32_t made = 0;

	for (uint32_t i = 0; i < im->apps.count && !im->error; i++) {
		const struct imported_app *app = &im->apps.at[i];
		struct owner o = {app->object_id, i, app->principal};

		if (!app->made || app->principal == NONE)
			continue;
		put_secret(im, &o, import_id(im), &shape);
		made++;
	}
	if (made > 0)
		import_tell(im,
		    "the source names no credentials: each of its %u service "
		    "principals has a new client secret, which ends on %s",
		    made, import_moment(im, shape.ends));
}

void
import_credentials(struct import *im)
{
	const struct estate *e = im->e;

	if (e->credentials.count == 0 && !im->lists_applications)
		make_secrets(im);
	else
		put_secrets(im);
	for (uint32_t i = 0; i < e->credentials.count && !im->error; i++)
		if (e->credentials.at[i].kind == CREDENTIAL_FEDERATED)
			put_federated(im, &e->credentials.at[i]);
}
