#include "api/entra/call.h"
#include "api/sessions.h"
#include "api/tokens.h"

#include <stdio.h>

/*
 * Tokens by environment: what code on Azure asks the machine that it runs on.
 * Two forms, told apart by their path:
 *
 *	GET /msi/token                            App Service, Functions,
 *	    X-IDENTITY-HEADER: {session}          containers
 *	GET /metadata/identity/oauth2/token       virtual machines (IMDS)
 *	    Metadata: true
 *
 * The answer has what every client of either form reads (clients.md section
 * 1): numbers as text, expires_on and expires_in, the resource as asked.
 */

enum { LIFETIME = 86399 };

struct identity_call {
	struct exchange *x;
	struct guid principal; /* of the session */
	bool metadata;         /* the IMDS form */
	struct client client;
	struct resource resource;
};

static moment
now_of(const struct exchange *x)
{
	struct clock clock = exchange_platform(x)->clock;

	return clock.now(clock.context);
}

/* As App Service ([U] but for "Unable to load …", seen in public issues) and
 * IMDS word it. */
static void
refuse(const struct identity_call *c, uint32_t status, const char *error,
    const char *message)
{
	struct exchange *x = c->x;

	answer_json(x, status,
	    c->metadata
		? json_pack("{s:s, s:s}", "error", error, "error_description",
		      message)
		: json_pack("{s:i, s:s, s:s}", "statusCode", (int)status,
		      "message", message, "correlationId", x->request_id));
}

static bool
audit(const struct identity_call *c, bool allowed, const char *reason,
    uint32_t status)
{
	struct caller caller = {
	    .tenant = exchange_platform(c->x)->tenant,
	    .object_id = c->client.principal,
	    .app_id = c->client.app_id,
	    .is_app = true,
	};
	struct audit_line line = {
	    .kind = allowed ? AUDIT_TOKEN : AUDIT_TOKEN_DENIED,
	    .operation = SLICE("ManagedIdentity"),
	    .resource = c->resource.audience,
	    .reason = slice_of(reason),
	    .status = status,
	};

	return api_audit(c->x, &caller, &line);
}

/* Which identity is meant, where the request says so: it must be the
 * session's. */
static bool
names_another(const struct identity_call *c)
{
	static const char *const by_object[] = {"object_id", "principal_id"};
	static const char *const by_path[] = {"mi_res_id", "msi_res_id"};
	const struct client *client = &c->client;
	struct slice value;
	struct guid id;

	value = exchange_query(c->x, "client_id", NULL);
	if (value.length > 0 &&
	    (!guid_parse(value, &id) || !guid_eq(id, client->app_id)))
		return true;
	for (size_t i = 0; i < 2; i++) {
		value = exchange_query(c->x, by_object[i], NULL);
		if (value.length > 0 &&
		    (!guid_parse(value, &id) ||
			!guid_eq(id, client->principal)))
			return true;
		value = exchange_query(c->x, by_path[i], NULL);
		if (value.length > 0 &&
		    (client->identity.length == 0 ||
			!slice_eq_case(value, client->identity)))
			return true;
	}
	return false;
}

static json_t *
token_body(const struct identity_call *c, const struct token *token)
{
	char app_id[GUID_TEXT_LENGTH + 1], lifetime[24], from[24], until[24];

	guid_format(c->client.app_id, app_id);
	snprintf(lifetime, sizeof lifetime, "%d", LIFETIME);
	snprintf(from, sizeof from, "%lld", (long long)token->issued);
	snprintf(until, sizeof until, "%lld", (long long)token->expires);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s%, s:s, s:s}",
	    "access_token", buffer_text(&token->text), "refresh_token", "",
	    "expires_in", lifetime, "expires_on", until, "not_before", from,
	    "resource", c->resource.asked.at, c->resource.asked.length,
	    "token_type", "Bearer", "client_id", app_id);
}

static void
answer_token(struct identity_call *c)
{
	struct token_order order = {
	    .object_id = c->client.principal,
	    .app_id = c->client.app_id,
	    .audience = c->resource.audience,
	    .identity = c->client.identity,
	    .strength = TOKEN_BY_KEY,
	    .v2 = c->resource.v2,
	    .roles = c->resource.roles,
	    .role_count = c->resource.role_count,
	    .seconds = LIFETIME,
	};
	struct token token = {0};

	if (tokens_issue(exchange_api(c->x)->tokens, &order, &token) !=
	    ACTAS_OK) {
		answer_json(c->x, 500, NULL);
	} else if (audit(c, true, "", 200)) {
		c->x->holds_secret = true;
		answer_json(c->x, 200, token_body(c, &token));
	}
	token_release(&token);
}

/* Reads the resource; an answer's text where it will not do. */
static const char *
find_resource(struct identity_call *c, const struct snapshot *snapshot)
{
	struct slice name = exchange_query(c->x, "resource", NULL);

	if (name.length == 0)
		return "The required query variable 'resource' is missing.";
	if (!resource_resolve(c->x, snapshot, name, &c->resource))
		return "AADSTS500011: The resource principal named by "
		       "'resource' was not found in the tenant.";
	if (!resource_admits(c->x, snapshot, c->client.principal, &c->resource))
		return "AADSTS501051: The identity is not assigned to a role "
		       "for the application.";
	return NULL;
}

static void
answer_identity(struct identity_call *c)
{
	struct store *store = exchange_platform(c->x)->store;
	const struct snapshot *snapshot = store_pin(store);
	bool known =
	    client_of_principal(c->x, snapshot, c->principal, &c->client);
	const char *problem = known ? find_resource(c, snapshot) : NULL;

	store_unpin(store, snapshot);
	if (!known || names_another(c)) {
		if (audit(c, false, "IdentityNotFound", 400))
			refuse(c, 400, "invalid_request",
			    c->metadata ? "Identity not found"
					: "Unable to load the proper Managed "
					  "Identity.");
	} else if (problem != NULL) {
		if (audit(c, false, "InvalidResource", 400))
			refuse(c, 400, "invalid_resource", problem);
	} else {
		answer_token(c);
	}
}

static void
answer_app_service(struct exchange *x)
{
	struct identity_call c = {.x = x};
	struct slice version = exchange_query(x, "api-version", NULL);

	c.principal = sessions_find(exchange_api(x)->sessions,
	    exchange_header(x, "X-IDENTITY-HEADER"), now_of(x));
	if (guid_is_nil(c.principal)) {
		if (audit(&c, false, "UnknownSession", 401))
			refuse(
			    &c, 401, "", "The identity header is not valid.");
	} else if (!slice_eq(version, SLICE("2019-08-01")) &&
	    !slice_eq(version, SLICE("2017-09-01"))) {
		refuse(&c, 400, "", "The api-version is not supported.");
	} else {
		answer_identity(&c);
	}
}

/* A probe comes without the header that keeps requests from being forged
 * through a proxy, and takes any answer for "there is one". */
static void
answer_metadata(struct exchange *x)
{
	struct identity_call c = {.x = x, .metadata = true};

	c.principal = sessions_metadata(exchange_api(x)->sessions, now_of(x));
	if (!x->peer_is_loopback || guid_is_nil(c.principal))
		refuse(&c, 404, "not_found", "Identity not found");
	else if (!slice_eq_case(
		     exchange_header(x, "Metadata"), SLICE("true")) ||
	    exchange_header(x, "X-Forwarded-For").length > 0)
		refuse(&c, 400, "invalid_request",
		    "Required metadata header not specified");
	else
		answer_identity(&c);
}

const struct route managed_identity_routes[] = {
    {HTTP_GET, "/msi/token", answer_app_service, NULL},
    {HTTP_GET, "/metadata/identity/oauth2/token", answer_metadata, NULL},
    {0},
};
