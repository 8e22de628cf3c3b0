#include "api/arm/shipped.h"
#include "api/entra/guesses.h"
#include "api/entra/issuers.h"
#include "api/entra/replays.h"
#include "api/entra/uses.h"
#include "api/explain.h"
#include "api/keyvault/secrets.h"
#include "api/past.h"
#include "api/sessions.h"
#include "api/surface.h"
#include "api/tokens.h"
#include "api/worker.h"

#include <arpa/inet.h>
#include <stdio.h>

enum { SWEEP_SECONDS = 3600 };

/*
 * Which surface answers a request: by the name of the host that the client
 * believes it talks to; on localhost, which stands for all of them, by path.
 */

/* Tried in this order on localhost; that of the resource manager is the last,
 * because its patterns begin with a scope of any length. */
static const struct route *const tables[] = {
    managed_identity_routes,
    entra_routes,
    keyvault_routes,
    graph_routes,
    arm_routes,
    NULL,
};

static const struct route *const of_surface[][3] = {
    [SURFACE_ENTRA] = {entra_routes},
    [SURFACE_GRAPH] = {graph_routes},
    [SURFACE_ARM] = {arm_routes},
    [SURFACE_KEYVAULT] = {keyvault_routes, vault_host_routes},
    [SURFACE_LATER] = {NULL},
};

static const struct route *const administration[] = {admin_routes, NULL};

/* Takes "/vaults/{name}" off a path. */
static bool
take_vault_off(struct exchange *x)
{
	if (x->segment_count < 2 || x->segments[1].length == 0 ||
	    !slice_eq_case(x->segments[0], SLICE("vaults")))
		return false;
	x->vault = x->segments[1];
	x->segment_count -= 2;
	memmove(x->segments, x->segments + 2,
	    x->segment_count * sizeof *x->segments);
	return true;
}

static bool
is_graph(const struct exchange *x, enum surface surface)
{
	return surface == SURFACE_GRAPH ||
	    (surface == SURFACE_PATH && x->segment_count > 0 &&
		(slice_eq_case(x->segments[0], SLICE("v1.0")) ||
		    slice_eq_case(x->segments[0], SLICE("beta"))));
}

/* msgraph-sdk asks for "/v1.0//applications", and is understood. Elsewhere
 * paths are taken as they stand. */
static void
drop_empty_segments(struct exchange *x)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < x->segment_count; i++)
		if (x->segments[i].length > 0)
			x->segments[kept++] = x->segments[i];
	x->segment_count = kept;
}

struct slice
api_vault_name(struct exchange *x)
{
	return x->vault;
}

static const struct route *const *
choose_tables(struct exchange *x, enum surface surface)
{
	if (x->segment_count > 0 &&
	    slice_eq_case(x->segments[0], SLICE("actas")))
		return administration;
	if (surface == SURFACE_KEYVAULT)
		x->vault = surface_vault_label(exchange_api(x), x->host);
	if (surface == SURFACE_PATH)
		return take_vault_off(x) ? of_surface[SURFACE_KEYVAULT]
					 : tables;
	return of_surface[surface];
}

static const struct {
	enum http_method method;
	const char *name;
} method_names[] = {
    {HTTP_GET, "GET"},
    {HTTP_HEAD, "HEAD"},
    {HTTP_POST, "POST"},
    {HTTP_PUT, "PUT"},
    {HTTP_PATCH, "PATCH"},
    {HTTP_DELETE, "DELETE"},
    {HTTP_OPTIONS, "OPTIONS"},
};

static void
answer_wrong_method(struct exchange *x, uint32_t methods)
{
	struct buffer allow = {0};

	for (size_t i = 0; i < sizeof method_names / sizeof *method_names; i++)
		if ((methods & method_names[i].method) != 0)
			buffer_addf(&allow, "%s%s",
			    allow.length > 0 ? ", " : "", method_names[i].name);
	exchange_add_header(x, "Allow", "%s", buffer_text(&allow));
	buffer_release(&allow);
	answer_error(x, 405, "MethodNotAllowed", NULL,
	    "This resource does not support the method of the request.");
}

void
api_handle(struct exchange *x)
{
	enum surface surface = surface_of_host(exchange_api(x), x->host);
	const struct route *const *table;
	uint32_t methods = 0, found;
	const struct route *route;

	if (surface == SURFACE_NONE) {
		answer_error(x, 421, "MisdirectedRequest", NULL,
		    "This server does not answer for the host of the request.");
		return;
	}
	if (is_graph(x, surface))
		drop_empty_segments(x);
	for (table = choose_tables(x, surface); *table != NULL; table++) {
		switch (router_find(*table, x, &route, &found)) {
		case ROUTE_FOUND:
			x->route = route;
			route->handle(x);
			return;
		case ROUTE_NO_METHOD:
			methods |= found;
			break;
		case ROUTE_NO_PATH:
			break;
		}
	}
	if (methods != 0)
		answer_wrong_method(x, methods);
	else
		answer_error(
		    x, 404, "NotFound", NULL, "There is no such resource.");
}

bool
api_is_ours(void *context, struct slice host)
{
	enum surface surface = surface_of_host(context, host);

	return surface == SURFACE_PATH ? surface_is_local(context, host)
				       : surface != SURFACE_NONE;
}

/* As it stands in a request: lower case, IPv6 in its shortest form and in
 * brackets. */
static char *
host_text(struct slice host)
{
	char v6[INET6_ADDRSTRLEN];
	struct in6_addr address;
	char *copy =
	    mem_alloc((host.length < sizeof v6 ? sizeof v6 : host.length) + 3);

	if (copy == NULL)
		return NULL;
	for (size_t i = 0; i < host.length; i++)
		copy[i] = ascii_lower(host.at[i]);
	copy[host.length] = '\0';
	if (inet_pton(AF_INET6, copy, &address) == 1 &&
	    inet_ntop(AF_INET6, &address, v6, sizeof v6) != NULL)
		snprintf(copy, sizeof v6 + 3, "[%s]", v6);
	return copy;
}

enum actas_error
api_add_host(struct api *api, struct slice host, struct fault *fault)
{
	char *copy;

	if (api->host_count == LIMIT_HOST_NAMES)
		return fault_set(fault, ACTAS_ELIMIT, NULL, 0,
		    "more than %u names of the server", LIMIT_HOST_NAMES);
	copy = host_text(host);
	if (copy == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	api->hosts[api->host_count++] = copy;
	return ACTAS_OK;
}

static void
tell(const struct platform *p, const char *text, const struct fault *fault)
{
	char line[1200];

	if (p->log == NULL)
		return;
	snprintf(line, sizeof line, "%s: %s", text, fault->message);
	p->log(p->log_context, line);
}

/* What could not be removed counts as gone all the same. */
static void
sweep(struct api *api)
{
	moment now = api->platform->clock.now(api->platform->clock.context);
	struct fault fault = {0};
	enum actas_error error;

	if (api->swept != 0 && now >= api->swept &&
	    now - api->swept < SWEEP_SECONDS)
		return;
	api->swept = now;
	error = secrets_sweep(api->platform, NULL);
	if (fault_plain(&fault, error) != ACTAS_OK)
		tell(api->platform, "secrets past their date are not removed",
		    &fault);
}

void
api_tick(struct api *api)
{
	struct fault fault = {0};

	uses_flush(api->uses);
	value_keys_retry(api->platform->value_keys);
	if (tokens_rotate(api->tokens, &fault) != ACTAS_OK)
		tell(api->platform, "the next signing key is not made", &fault);
	sweep(api);
}

static void
tick(void *context)
{
	api_tick(context);
}

static enum actas_error
make_parts(struct api *a, struct fault *fault)
{
	enum actas_error error;

	a->guesses = guesses_new();
	a->replays = replays_new();
	a->issuers = issuers_new(a->platform);
	a->sessions = sessions_new();
	a->past_waiters = past_waiters_new();
	if (a->guesses == NULL || a->replays == NULL || a->issuers == NULL ||
	    a->sessions == NULL || a->past_waiters == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	error = uses_new(a->platform, &a->uses, fault);
	if (error == ACTAS_OK)
		error = tokens_new(a->platform, &a->tokens, fault);
	if (error == ACTAS_OK)
		error = worker_start(tick, a, &a->worker, fault);
	return error;
}

enum actas_error
api_new(struct platform *platform, struct api **api, struct fault *fault)
{
	struct api *a = mem_zero(1, sizeof *a);
	enum actas_error error;

	*api = NULL;
	if (a == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	a->platform = platform;
	error = make_parts(a, fault);
	if (error == ACTAS_OK)
		error = explains_new(&a->explains);
	if (error == ACTAS_OK)
		error = shipped_new(&a->shipped, fault);
	if (error == ACTAS_OK) {
		*api = a;
		return ACTAS_OK;
	}
	api_free(a);
	return fault_plain(fault, error);
}

void
api_free(struct api *api)
{
	if (api == NULL)
		return;
	store_end_recalls(api->platform->store);
	past_waiters_free(api->past_waiters);
	worker_stop(api->worker);
	uses_free(api->uses);
	tokens_free(api->tokens);
	explains_free(api->explains);
	shipped_free(api->shipped);
	sessions_free(api->sessions);
	issuers_free(api->issuers);
	replays_free(api->replays);
	guesses_free(api->guesses);
	for (uint32_t i = 0; i < api->host_count; i++)
		mem_free(api->hosts[i]);
	mem_free(api);
}
