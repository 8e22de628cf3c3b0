#include "api/entra/refusal.h"

#define CERTIFICATES                                           \
	"https://learn.microsoft.com/entra/identity-platform/" \
	"certificate-credentials"
#define FEDERATION                                                         \
	" Check your federated identity credential Subject, Audience and " \
	"Issuer against the presented assertion. "                         \
	"https://learn.microsoft.com/entra/workload-id/"                   \
	"workload-identity-federation"
#define CONSENT                                                           \
	" This can happen if the application has not been installed by "  \
	"the administrator of the tenant or consented to by any user in " \
	"the tenant. "

static const struct {
	const char *number;
	uint16_t status;
	const char *error, *text;
} refusals[REFUSALS] = {
    [REFUSE_MALFORMED] = {"9002313", 400, "invalid_request",
	"Invalid request. Request is malformed or invalid."},
    [REFUSE_MISSING] = {"900144", 400, "invalid_request",
	"The request body must contain the following parameter: '%1'."},
    [REFUSE_NO_SCOPE] = {"90014", 400, "invalid_request",
	"The required field '%1' is missing from the credential. Ensure that "
	"you have all the necessary parameters for the login request."},
    [REFUSE_DUPLICATE] = {"9000411", 400, "invalid_request",
	"The request is not properly formatted. The parameter '%1' is "
	"duplicated."},
    [REFUSE_GRANT_TYPE] = {"70003", 400, "unsupported_grant_type",
	"The app requested an unsupported grant type '%1'."},
    [REFUSE_NO_TENANT] = {"90002", 400, "invalid_request",
	"Tenant '%1' not found. Check to make sure you have the correct tenant "
	"ID and are signing into the correct cloud. Check with your "
	"subscription administrator, this may happen if there are no active "
	"subscriptions for the tenant."},
    [REFUSE_TENANT_NAME] = {"900023", 400, "invalid_request",
	"Specified tenant identifier '%1' is neither a valid DNS name, nor a "
	"valid external domain."},
    [REFUSE_V1_PARAMETER] = {"901002", 400, "invalid_request",
	"The '%1' request parameter is not supported."},
    [REFUSE_SCOPE_FORM] = {"1002012", 400, "invalid_scope",
	"The provided value for scope %1 is not valid. Client credential flows "
	"must have a scope value with /.default suffixed to the resource "
	"identifier (application ID URI)."},
    [REFUSE_SCOPES] = {"70011", 400, "invalid_scope",
	"The provided request must include a 'scope' input parameter. The "
	"provided value for the input parameter 'scope' is not valid. The "
	"scope %1 is not valid."},
    [REFUSE_RESOURCE] = {"500011", 400, "invalid_resource",
	"The resource principal named %1 was not found in the tenant named "
	"%2." CONSENT
	"You might have sent your authentication request to the wrong "
	"tenant."},
    /* [U] */
    [REFUSE_NOT_ASSIGNED] = {"501051", 400, "invalid_grant",
	"Application '%1'(%2) is not assigned to a role for the application "
	"'%3'."},
    [REFUSE_NO_APPLICATION] = {"700016", 400, "unauthorized_client",
	"Application with identifier '%1' was not found in the directory "
	"'%2'." CONSENT
	"You may have sent your authentication request to the wrong tenant."},
    /* [U] */
    [REFUSE_NO_PRINCIPAL] = {"7000229", 401, "invalid_client",
	"The client application %1 is missing service principal in the tenant "
	"%2. See instructions here: "
	"https://go.microsoft.com/fwlink/?linkid=2225119"},
    [REFUSE_DISABLED] = {"7000112", 400, "unauthorized_client",
	"Application '%1'(%2) is disabled."},
    [REFUSE_NO_CREDENTIAL] = {"7000216", 401, "invalid_client",
	"'client_assertion', 'client_secret' or 'request' is required for the "
	"'client_credentials' grant type."},
    [REFUSE_WRONG_SECRET] = {"7000215", 401, "invalid_client",
	"Invalid client secret provided. Ensure the secret being sent in the "
	"request is the client secret value, not the client secret ID, for a "
	"secret added to app '%1'."},
    [REFUSE_EXPIRED_SECRET] = {"7000222", 401, "invalid_client",
	"The provided client secret keys for app '%1' are expired. Visit the "
	"Azure portal to create new keys for your app: "
	"https://aka.ms/NewClientSecret, or consider using certificate "
	"credentials for added security: https://aka.ms/certCreds."},
    /* [U] */
    [REFUSE_ASSERTION_TYPE] = {"90023", 400, "invalid_request",
	"The client_assertion_type '%1' is not supported."},
    [REFUSE_ASSERTION_FORM] = {"50027", 400, "invalid_request",
	"JWT token is invalid or malformed."},
    /* [U] */
    [REFUSE_ASSERTION_ALGORITHM] = {"5002738", 400, "invalid_request",
	"Invalid JWT token. '%1' is not a supported signature algorithm. "
	"Supported signing algorithms are: '%2'"},
    [REFUSE_ASSERTION_KEY] = {"700027", 401, "invalid_client",
	"Client assertion failed signature validation. [Reason - %1, Please "
	"visit the Azure Portal, Graph Explorer or directly use MS Graph to "
	"see configured keys for app Id '%2'. Review the documentation at "
	"https://docs.microsoft.com/en-us/graph/deployments to determine the "
	"corresponding service endpoint and https://docs.microsoft.com/en-us/"
	"graph/api/application-get?view=graph-rest-1.0&tabs=http to build a "
	"query request URL, such as "
	"'https://graph.microsoft.com/beta/applications/%2']."},
    [REFUSE_ASSERTION_TIME] = {"700024", 401, "invalid_client",
	"Client assertion is not within its valid time range. Current time: "
	"%1, assertion valid from %2, expiry time of assertion %3. Review the "
	"documentation at " CERTIFICATES " ."},
    [REFUSE_ASSERTION_AUDIENCE] = {"700023", 401, "invalid_client",
	"Client assertion audience claim does not match Realm issuer. Review "
	"the documentation at " CERTIFICATES " ."},
    [REFUSE_ASSERTION_SUBJECT] = {"700021", 401, "invalid_client",
	"Client assertion application identifier doesn't match 'client_id' "
	"parameter. Review the documentation at " CERTIFICATES " ."},
    [REFUSE_NO_FEDERATED] = {"70025", 401, "invalid_client",
	"The client '%1'(%2) has no configured federated identity "
	"credentials."},
    [REFUSE_FEDERATED_ISSUER] = {"700211", 401, "invalid_client",
	"No matching federated identity record found for presented assertion "
	"issuer '%1'." FEDERATION},
    [REFUSE_FEDERATED_SUBJECT] = {"700213", 401, "invalid_client",
	"No matching federated identity record found for presented assertion "
	"subject '%1'." FEDERATION},
    [REFUSE_FEDERATED_CASE] = {"7002138", 401, "invalid_client",
	"No matching federated identity record found for presented assertion "
	"subject '%1'. The subject matches with case-insensitive comparison, "
	"but not with case-sensitive comparison." FEDERATION},
    [REFUSE_FEDERATED_AUDIENCE] = {"700212", 401, "invalid_client",
	"No matching federated identity record found for presented assertion "
	"audience '%1'." FEDERATION},
    [REFUSE_FEDERATED_KEYS] = {"50166", 400, "invalid_request",
	"Request to External OIDC endpoint failed."},
    /* [U]: the service throttles in other ways too. */
    [REFUSE_TOO_OFTEN] = {"50196", 429, "temporarily_unavailable",
	"The server terminated an operation because it encountered a client "
	"request loop. Please contact your app vendor."},
    [REFUSE_INSTANCE] = {"50049", 400, "invalid_instance",
	"Unknown or invalid instance."},
};

const char *
refusal_number(enum refusal refusal)
{
	return refusals[refusal].number;
}

uint32_t
refusal_status(enum refusal refusal)
{
	return refusals[refusal].status;
}

/* As much of what the client sent as an answer repeats. */
static struct slice
cut_short(struct slice text)
{
	enum { MOST = 600 }; /* issuers and subjects are as long */

	if (text.length <= MOST)
		return text;
	text.length = MOST;
	while (text.length > 0 && (text.at[text.length] & 0xc0) == 0x80)
		text.length--;
	return text;
}

/* Puts the arguments where the text has "%1" to "%3". */
static void
put_text(struct buffer *out, const char *text, const struct slice *arguments)
{
	for (const char *c = text; *c != '\0'; c++) {
		if (*c == '%' && c[1] >= '1' && c[1] <= '3')
			buffer_add(out, cut_short(arguments[*++c - '1']));
		else
			buffer_putc(out, *c);
	}
}

/* The client's own id of the request, from wherever it sends it; a new one
 * where that is none. */
static void
correlation_id(struct exchange *x, char text[static GUID_TEXT_LENGTH + 1])
{
	struct guid id;

	if (!guid_parse(exchange_header(x, "client-request-id"), &id) &&
	    !guid_parse(exchange_query(x, "client-request-id", NULL), &id) &&
	    !guid_parse(x->client_request_id, &id))
		id = chance_guid(exchange_platform(x)->chance);
	guid_format(id, text);
}

void
refusal_answer(
    struct exchange *x, enum refusal refusal, const struct slice *arguments)
{
	struct clock clock = exchange_platform(x)->clock;
	const char *number = refusals[refusal].number;
	char correlation[GUID_TEXT_LENGTH + 1];
	char when[MOMENT_TEXT_LENGTH + 1];
	struct buffer text = {0};
	const char *uri;
	uint64_t code = 0;
	json_t *body = NULL;

	moment_format(clock.now(clock.context), when);
	when[10] = ' ';
	correlation_id(x, correlation);
	slice_u64(slice_of(number), &code);
	buffer_addf(&text, "AADSTS%s: ", number);
	put_text(&text, refusals[refusal].text, arguments);
	buffer_addf(&text,
	    "\r\nTrace ID: %s\r\nCorrelation ID: %s\r\nTimestamp: %s",
	    x->request_id, correlation, when);
	/* A page about the error, not a part of this platform. */
	uri = arena_printf(&x->arena,
	    "https://login.microsoftonline.com/error?code=%s", number);
	if (text.error == ACTAS_OK && uri != NULL)
		body = json_pack("{s:s, s:s%, s:[I], s:s, s:s, s:s, s:s}",
		    "error", refusals[refusal].error, "error_description",
		    text.at, text.length, "error_codes", (json_int_t)code,
		    "timestamp", when, "trace_id", x->request_id,
		    "correlation_id", correlation, "error_uri", uri);
	buffer_release(&text);
	answer_json(x, refusals[refusal].status, body);
}
