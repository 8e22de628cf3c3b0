#include "api/keyvault/keyvault.h"

/*
 * Who asks. A request without a token is not wrong: clients send the first
 * one so on purpose (without a body, too) and read from the answer which
 * tenant and which resource the vault wants a token of. What they make of it
 * (clients.md 1): JavaScript and Python compare the host of the resource with
 * that of the vault, JavaScript and Go want exactly one blank behind the
 * comma and no slash behind the tenant.
 */

#define SERVICE_VERSION "1.9.3070.2"

static const struct slice cloud_suffix = {".vault.azure.net", 16};

/* "vault.localhost:8443" for "kv1.vault.localhost:8443"; empty where the
 * vault is not named by the host. */
static struct slice
host_behind_vault(const struct vault_call *c)
{
	struct slice host = c->x->authority, label;

	if (!slice_cut(&host, '.', &label) || host.at == NULL ||
	    !slice_eq_case(label, c->vault))
		return SLICE("");
	return host;
}

/* Where tokens are to be had: at the same server, under the name that the
 * vault's name is below. */
static const char *
authority_of(struct vault_call *c)
{
	struct slice below = host_behind_vault(c);

	if (slice_ends_case(c->x->host, cloud_suffix))
		return "https://login.microsoftonline.com";
	if (!slice_starts_case(below, SLICE("vault.")))
		return exchange_origin(c->x);
	return arena_printf(&c->x->arena, "https://%.*s",
	    SLICE_ARGS(slice_from(below, strlen("vault."))));
}

static const char *
resource_of(struct vault_call *c)
{
	struct slice below = host_behind_vault(c);

	if (below.length == 0 || slice_ends_case(c->x->host, cloud_suffix))
		return "https://vault.azure.net";
	return arena_printf(&c->x->arena, "https://%.*s", SLICE_ARGS(below));
}

static void
challenge(struct vault_call *c)
{
	const char *authority = authority_of(c), *resource = resource_of(c);
	char tenant[GUID_TEXT_LENGTH + 1];

	if (authority == NULL || resource == NULL) {
		refuse_error(c, ACTAS_ENOMEM);
		return;
	}
	guid_format(call_platform(c)->tenant, tenant);
	exchange_add_header(c->x, "WWW-Authenticate",
	    "Bearer authorization=\"%s/%s\", resource=\"%s\"", authority,
	    tenant, resource);
}

static void
refuse_issuer(struct vault_call *c, const char *found)
{
	char tenant[GUID_TEXT_LENGTH + 1];

	guid_format(call_platform(c)->tenant, tenant);
	refuse(c, 401, "Unauthorized",
	    "AKV10032: Invalid issuer. Expected one of "
	    "https://sts.windows.net/%s/, found %s.",
	    tenant, found);
}

/* The service tells no more than that of a token that it cannot take. */
static const char *const token_texts[] = {
    [TOKEN_MISSING] = "AKV10000: Request is missing a Bearer or PoP token.",
    [TOKEN_MALFORMED] =
	"[BearerReadAccessTokenFailed] Error validating token: 'S2S12005'.",
    [TOKEN_EXPIRED] = "[TokenExpired] Error validating token: 'S2S12086'.",
    [TOKEN_NOT_YET] =
	"[AggregatedAuthenticationFailure] Error validating token: 'S2S17001'.",
    [TOKEN_REVOKED] =
	"[AggregatedAuthenticationFailure] Error validating token: 'S2S17001'.",
};

static const char *const token_reasons[] = {
    [TOKEN_MALFORMED] = "TokenMalformed",
    [TOKEN_EXPIRED] = "TokenExpired",
    [TOKEN_NOT_YET] = "TokenNotYetValid",
    [TOKEN_WRONG_AUDIENCE] = "AKV10022",
    [TOKEN_WRONG_ISSUER] = "AKV10032",
    [TOKEN_REVOKED] = "TokenRevoked",
};

bool
vault_authenticate(struct vault_call *c)
{
	const char *found;
	enum token_fault fault =
	    api_authenticate(c->x, AUDIENCE_VAULT, &c->change.caller, &found);

	if (fault == TOKEN_OK)
		return true;
	if (fault == TOKEN_WRONG_AUDIENCE)
		refuse(c, 401, "Unauthorized",
		    "AKV10022: Invalid audience. Expected "
		    "https://vault.azure.net, found: %s.",
		    found);
	else if (fault == TOKEN_WRONG_ISSUER)
		refuse_issuer(c, found);
	else
		refuse(c, 401, "Unauthorized", "%s", token_texts[fault]);
	c->outcome.reason = token_reasons[fault];
	challenge(c);
	return false;
}

void
vault_headers(struct vault_call *c)
{
	struct exchange *x = c->x;
	const char *info = network_info(&x->arena, x->peer);

	exchange_add_header(x, "Cache-Control", "no-cache");
	exchange_add_header(x, "Pragma", "no-cache");
	exchange_add_header(x, "Expires", "-1");
	exchange_add_header(
	    x, "x-ms-keyvault-service-version", SERVICE_VERSION);
	if (c->facts.location != NULL)
		exchange_add_header(
		    x, "x-ms-keyvault-region", "%s", c->facts.location);
	if (info != NULL)
		exchange_add_header(
		    x, "x-ms-keyvault-network-info", "%s", info);
	if (x->client_request_id.length > 0)
		exchange_add_header(x, "x-ms-client-request-id", "%.*s",
		    SLICE_ARGS(x->client_request_id));
}
