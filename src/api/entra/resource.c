#include "api/audience.h"
#include "api/entra/call.h"
#include "api/entra/tenant.h"
#include "api/verified.h"

/*
 * What a token is for. The v2.0 endpoint is told by a scope, "{resource}"
 * with "/.default" behind it, taken off once: the command line client asks
 * for "https://management.core.windows.net//.default", since the resource
 * itself ends with a slash. The audience is the resource as it was named, in
 * a v2.0 token the id of its application. Which version it is follows from
 * the resource, not from the endpoint.
 */

static const struct slice none;

/* Asked for beside a resource and of no use to an application. */
static const char *const ignored[] = {
    "openid", "profile", "email", "offline_access"};

static bool
is_ignored(struct slice scope)
{
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		if (slice_eq(scope, slice_of(ignored[i])))
			return true;
	return scope.length == 0;
}

static bool
read_scope(struct token_call *c, struct slice *name)
{
	static const char suffix[] = "/.default";
	struct slice rest = c->scope, part, scope = {0};

	while (slice_cut(&rest, ' ', &part)) {
		if (is_ignored(part))
			continue;
		if (scope.length > 0)
			return call_refuse(c, REFUSE_SCOPES, c->scope, none);
		scope = part;
	}
	if (scope.length == 0)
		return call_refuse(c, REFUSE_NO_SCOPE, SLICE("scope"), none);
	if (!slice_ends(scope, slice_of(suffix)) ||
	    scope.length == strlen(suffix))
		return call_refuse(c, REFUSE_SCOPE_FORM, scope, none);
	scope.length -= strlen(suffix);
	*name = scope;
	return true;
}

static bool
read_resource(struct token_call *c, struct slice *name)
{
	bool has_scope = c->scope.length > 0;
	bool has_resource = c->resource_id.length > 0;

	if (c->endpoint == ENDPOINT_V2 && has_resource && !has_scope)
		return call_refuse(
		    c, REFUSE_V1_PARAMETER, SLICE("resource"), none);
	if (c->endpoint == ENDPOINT_V2 ||
	    (c->endpoint == ENDPOINT_ADFS && !has_resource))
		return read_scope(c, name);
	if (!has_resource)
		return call_refuse(c, REFUSE_MISSING, SLICE("resource"), none);
	*name = c->resource_id;
	return true;
}

/* Whether an application of the directory bears the URI. */
static bool
has_uri(const json_t *application, struct slice uri)
{
	const json_t *uris = json_object_get(application, "identifierUris");

	for (size_t i = 0; i < json_array_size(uris); i++) {
		const json_t *one = json_array_get(uris, i);

		if (slice_eq_case(uri,
			(struct slice){
			    json_string_value(one), json_string_length(one)}))
			return true;
	}
	return false;
}

static bool
has_id(const json_t *application, struct slice name)
{
	if (slice_starts_case(name, SLICE("api://")))
		name = slice_from(name, strlen("api://"));
	return slice_eq_case(name, jwt_text(application, "appId"));
}

/* An application of the directory as resource. Only clients that proved
 * themselves get here. */
static bool
find_application(
    struct exchange *x, const struct state *state, struct resource *resource)
{
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;
	bool found = false;

	state_walk_prefix(
	    &walk, state, entity_prefix(&text, ENTITY_APPLICATION, none, none));
	while (!found && state_walk_next(&walk, &entry)) {
		json_t *application = entity_get(state, entry.key);
		const json_t *api = json_object_get(application, "api");

		found = has_id(application, resource->asked) ||
		    has_uri(application, resource->asked);
		resource->v2 = found &&
		    json_integer_value(json_object_get(
			api, "requestedAccessTokenVersion")) == 2;
		if (found)
			(void)guid_parse(jwt_text(application, "appId"),
			    &resource->application);
		if (resource->v2)
			resource->audience = slice_of(arena_text(
			    &x->arena, jwt_text(application, "appId")));
		json_decref(application);
	}
	return found;
}

bool
resource_resolve(struct exchange *x, const struct snapshot *snapshot,
    struct slice name, struct resource *resource)
{
	enum { MOST = sizeof((struct verified_token *)0)->audience };

	*resource = (struct resource){.audience = name, .asked = name};
	if (slice_eq_case(name, slice_of(EXCHANGE_NAME))) {
		resource->v2 = true;
		resource->audience = slice_of(EXCHANGE_ID);
		return true;
	}
	return name.length < MOST &&
	    (audience_of(exchange_api(x), name) != AUDIENCES ||
		find_application(x, snapshot->state, resource));
}

bool
resource_find(struct token_call *c, const struct snapshot *snapshot)
{
	struct slice name;

	if (!read_resource(c, &name))
		return false;
	if (!resource_resolve(c->x, snapshot, name, &c->resource))
		return call_refuse(c, REFUSE_RESOURCE, name, tenant_name(c->x));
	if (resource_admits(c->x, snapshot, c->client.principal, &c->resource))
		return true;
	c->arguments[2] = name;
	return call_refuse(
	    c, REFUSE_NOT_ASSIGNED, c->client_id, c->client.name);
}
