#include "api/entra/call.h"
#include "api/entra/tenant.h"

static const struct slice none;

/* The directory's word on a service principal. */
static bool
is_enabled(const struct state *state, struct guid principal)
{
	struct entity_text text;
	json_t *entity = entity_get(
	    state, entity_guid_key(&text, ENTITY_SERVICE_PRINCIPAL, principal));
	bool enabled = entity != NULL &&
	    !json_is_false(json_object_get(entity, "accountEnabled"));

	json_decref(entity);
	return enabled;
}

static struct slice
keep(struct exchange *x, struct slice text)
{
	return slice_of(arena_text(&x->arena, text));
}

static bool
describe(struct exchange *x, const struct snapshot *snapshot, principal_id id,
    struct client *client)
{
	const struct estate *e = snapshot_view(snapshot)->estate;
	const struct principal *p = &e->principals.at[id];
	const struct application *application = estate_application(e, id);
	struct entity_text text;

	*client = (struct client){.app_id = p->app_id};
	if (p->kind != PRINCIPAL_SERVICE &&
	    p->kind != PRINCIPAL_MANAGED_IDENTITY &&
	    p->kind != PRINCIPAL_WORKSPACE_IDENTITY)
		return false;
	if (!entity_exists(snapshot->state,
		entity_guid_key(&text, ENTITY_SERVICE_PRINCIPAL, p->object_id)))
		return false;
	client->principal = p->object_id;
	if (application != NULL)
		client->application = application->object_id;
	client->name = keep(x, estate_text(e, p->name));
	client->identity = keep(x, estate_text(e, p->home));
	client->is_enabled = is_enabled(snapshot->state, p->object_id);
	return true;
}

/* An application that is registered but has no service principal here. */
static bool
is_registered(const struct estate *e, struct guid app_id)
{
	for (uint32_t i = 0; i < e->applications.count; i++)
		if (guid_eq(e->applications.at[i].app_id, app_id))
			return true;
	return false;
}

bool
client_find(struct token_call *c, const struct snapshot *snapshot)
{
	const struct live_view *view = snapshot_view(snapshot);
	struct guid app_id;
	principal_id p;

	if (guid_parse(c->client_id, &app_id) && view != NULL) {
		p = estate_by_app_id(view->estate, app_id);
		if (p != NONE && describe(c->x, snapshot, p, &c->client))
			return true;
		if (is_registered(view->estate, app_id))
			return call_refuse(c, REFUSE_NO_PRINCIPAL, c->client_id,
			    slice_of(tenant_id(c->x)));
	}
	return call_refuse(
	    c, REFUSE_NO_APPLICATION, c->client_id, tenant_name(c->x));
}

bool
client_of_principal(struct exchange *x, const struct snapshot *snapshot,
    struct guid object_id, struct client *client)
{
	const struct live_view *view = snapshot_view(snapshot);
	principal_id p = NONE;

	if (view != NULL)
		p = estate_by_object_id(view->estate, object_id);
	return p != NONE && describe(x, snapshot, p, client) &&
	    client->is_enabled;
}

void
client_credentials(const struct client *client, const struct state *state,
    enum entity kind,
    bool (*see)(void *context, struct slice id, const json_t *credential),
    void *context)
{
	const struct guid owners[] = {client->application, client->principal};
	char owner[GUID_TEXT_LENGTH + 1];
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;
	bool more = true;

	for (size_t i = 0; i < 2; i++) {
		if (guid_is_nil(owners[i]))
			continue;
		guid_format(owners[i], owner);
		state_walk_prefix(&walk, state,
		    entity_prefix(&text, kind, slice_of(owner), none));
		while (more && state_walk_next(&walk, &entry)) {
			json_t *credential = entity_get(state, entry.key);

			more = credential == NULL ||
			    see(context, entity_last(entry.key), credential);
			json_decref(credential);
		}
	}
}
