#include "api/entra/entra.h"
#include "api/entra/refusal.h"
#include "api/entra/tenant.h"
#include "api/surface.h"
#include "api/tokens.h"

/*
 * The documents that tell a client where things are. Every address in them is
 * built from the host that the client asked, so that it stays with the way in
 * that it took; issuers are the true ones, which the tokens bear.
 */

struct document {
	struct exchange *x;
	const char *origin;
	const char *tenant; /* as addresses name it */
	json_t *object;
	bool failed;
};

static void
put(struct document *d, const char *name, json_t *value)
{
	d->failed |= json_object_set_new(d->object, name, value) != 0;
}

static void
put_text(struct document *d, const char *name, const char *text)
{
	put(d, name, text == NULL ? NULL : json_string(text));
}

/* "{origin}/{tenant}{path}" */
static void
put_address(struct document *d, const char *name, const char *path)
{
	put_text(d, name,
	    arena_printf(&d->x->arena, "%s/%s%s", d->origin, d->tenant, path));
}

static void
answer_document(struct document *d)
{
	if (d->failed) {
		json_decref(d->object);
		d->object = NULL;
	}
	exchange_add_header(d->x, "Access-Control-Allow-Origin", "*");
	answer_json(d->x, 200, d->object);
}

static struct document
document_of(struct exchange *x, enum tenant tenant)
{
	struct document d = {
	    .x = x, .origin = exchange_origin(x), .object = json_object()};

	if (tenant == TENANT_ADFS)
		d.tenant = "adfs";
	else if (tenant == TENANT_ANY)
		d.tenant = arena_text(&x->arena, x->captures[0]);
	else
		d.tenant = tenant_id(x);
	d.failed = d.object == NULL || d.tenant == NULL;
	return d;
}

/* What MSAL, the command line and OpenID libraries look at, in either
 * version. */
static void
put_common(struct document *d)
{
	put(d, "token_endpoint_auth_methods_supported",
	    json_pack("[s, s, s]", "client_secret_post", "private_key_jwt",
		"client_secret_basic"));
	put(d, "response_modes_supported",
	    json_pack("[s, s, s]", "query", "fragment", "form_post"));
	put(d, "subject_types_supported", json_pack("[s]", "pairwise"));
	put(d, "id_token_signing_alg_values_supported",
	    json_pack("[s]", "RS256"));
	put(d, "response_types_supported",
	    json_pack(
		"[s, s, s, s]", "code", "id_token", "code id_token", "token"));
	put(d, "scopes_supported", json_pack("[s]", "openid"));
	put(d, "claims_supported",
	    json_pack("[s, s, s, s, s, s, s]", "sub", "iss", "aud", "exp",
		"iat", "tid", "ver"));
	put(d, "request_uri_parameter_supported", json_false());
	put_text(d, "tenant_region_scope", "WW");
	put_text(d, "cloud_instance_name", "microsoftonline.com");
	put_text(d, "cloud_graph_host_name", "graph.windows.net");
	put_text(d, "msgraph_host", "graph.microsoft.com");
}

static void
put_issuer(struct document *d, enum tenant tenant, bool v2)
{
	char issuer[TOKEN_ISSUER_BYTES];

	if (tenant == TENANT_ANY) {
		put_text(d, "issuer",
		    v2 ? "https://login.microsoftonline.com/{tenantid}/v2.0"
		       : "https://sts.windows.net/{tenantid}/");
		return;
	}
	tokens_issuer(exchange_platform(d->x), v2, issuer);
	put_text(d, "issuer", issuer);
}

void
entra_openid_v2(struct exchange *x)
{
	enum tenant tenant;
	struct document d;

	if (!tenant_check(x, x->captures[0], &tenant))
		return;
	d = document_of(x, tenant);
	put_address(&d, "token_endpoint", "/oauth2/v2.0/token");
	put_address(&d, "jwks_uri", "/discovery/v2.0/keys");
	put_issuer(&d, tenant, true);
	put_address(&d, "authorization_endpoint", "/oauth2/v2.0/authorize");
	put_address(&d, "end_session_endpoint", "/oauth2/v2.0/logout");
	put_common(&d);
	answer_document(&d);
}

void
entra_openid_v1(struct exchange *x)
{
	enum tenant tenant;
	struct document d;

	if (!tenant_check(x, x->captures[0], &tenant))
		return;
	d = document_of(x, tenant);
	put_address(&d, "token_endpoint", "/oauth2/token");
	put_address(&d, "jwks_uri", "/discovery/keys");
	put_issuer(&d, tenant, false);
	put_address(&d, "authorization_endpoint", "/oauth2/authorize");
	put_address(&d, "end_session_endpoint", "/oauth2/logout");
	put_common(&d);
	answer_document(&d);
}

/* As an on-premises AD FS shows it. MSAL for JavaScript wants the issuer at
 * the authority's own address. */
void
entra_openid_adfs(struct exchange *x)
{
	struct document d = document_of(x, TENANT_ADFS);

	put_address(&d, "issuer", "");
	put_address(&d, "token_endpoint", "/oauth2/token");
	put_address(&d, "jwks_uri", "/discovery/keys");
	put_address(&d, "authorization_endpoint", "/oauth2/authorize/");
	put_address(&d, "end_session_endpoint", "/oauth2/logout");
	put_common(&d);
	answer_document(&d);
}

static void
answer_keys(struct exchange *x, bool v2)
{
	struct api *api = exchange_api(x);
	char issuer[TOKEN_ISSUER_BYTES];
	enum tenant tenant;

	if (!tenant_check(x, x->captures[0], &tenant))
		return;
	tokens_issuer(api->platform, true, issuer);
	exchange_add_header(x, "Access-Control-Allow-Origin", "*");
	answer_json(
	    x, 200, keyring_jwks(api->tokens->ring, v2 ? issuer : NULL));
}

void
entra_keys_v1(struct exchange *x)
{
	answer_keys(x, false);
}

void
entra_keys_v2(struct exchange *x)
{
	answer_keys(x, true);
}

/* --- instance discovery --- */

/* Takes host (with port) and the first segment of the path off an https
 * address. */
static bool
read_authority(struct slice url, struct slice *authority, struct slice *tenant)
{
	struct slice rest;

	if (!slice_starts_case(url, SLICE("https://")))
		return false;
	rest = slice_from(url, strlen("https://"));
	return slice_cut(&rest, '/', authority) &&
	    slice_cut(&rest, '/', tenant) && authority->length > 0 &&
	    tenant->length > 0;
}

/* The authority in the discovery's answer. MSAL for Python forgets the port:
 * a local name without one can only be found where the client is already. */
static struct slice
settle_authority(struct exchange *x, struct slice authority)
{
	char *text = arena_text(&x->arena, authority);
	struct slice host, rest;
	enum surface surface;

	if (text == NULL)
		return x->authority;
	for (size_t i = 0; i < authority.length; i++)
		text[i] = ascii_lower(text[i]);
	authority = slice_of(text);
	host = surface_host_of(authority, &rest);
	surface = surface_of_host(exchange_api(x), host);
	if (surface == SURFACE_PATH)
		return rest.length == 0 ? x->authority : authority;
	return surface == SURFACE_ENTRA ? authority : slice_of("");
}

static const char *const world_wide[] = {
    "login.microsoftonline.com",
    "login.windows.net",
    "login.microsoft.com",
    "sts.windows.net",
};

static json_t *
list_aliases(struct slice authority)
{
	json_t *aliases = json_array();
	size_t count = sizeof world_wide / sizeof *world_wide;

	for (size_t i = 0; i < count; i++) {
		if (slice_eq(authority, slice_of(world_wide[i])))
			authority.length = 0;
		json_array_append_new(aliases, json_string(world_wide[i]));
	}
	if (authority.length == 0)
		return json_pack("[{s:s, s:s, s:o}]", "preferred_network",
		    world_wide[0], "preferred_cache", world_wide[1], "aliases",
		    aliases);
	return json_pack("[{s:s%, s:s%, s:[s%]}, {s:s, s:s, s:o}]",
	    "preferred_network", authority.at, authority.length,
	    "preferred_cache", authority.at, authority.length, "aliases",
	    authority.at, authority.length, "preferred_network", world_wide[0],
	    "preferred_cache", world_wide[1], "aliases", aliases);
}

void
entra_instance(struct exchange *x)
{
	struct slice url = exchange_query(x, "authorization_endpoint", NULL);
	struct slice version = exchange_query(x, "api-version", NULL);
	struct slice authority = {0}, tenant = {0};
	const char *document = NULL;
	bool v2 = slice_find(url, SLICE("/v2.0/")) != SIZE_MAX;

	if (read_authority(url, &authority, &tenant))
		authority = settle_authority(x, authority);
	if (authority.length == 0 || tenant.length == 0) {
		refusal_answer(x, REFUSE_INSTANCE, NULL);
		return;
	}
	document = arena_printf(&x->arena,
	    "https://%.*s/%.*s%s/.well-known/openid-configuration",
	    SLICE_ARGS(authority), SLICE_ARGS(tenant), v2 ? "/v2.0" : "");
	answer_json(x, 200,
	    document == NULL
		? NULL
		: json_pack("{s:s, s:s%, s:o}", "tenant_discovery_endpoint",
		      document, "api-version",
		      version.length == 0 ? "1.1" : version.at,
		      version.length == 0 ? strlen("1.1") : version.length,
		      "metadata", list_aliases(authority)));
}
