#include "cli/surroundings.h"

/* What a variable is set to. */
enum set_to {
	TO_PROXY,
	TO_LOOPBACK,
	TO_AUTHORITY,
	TO_ONE,
	TO_URL,
	TO_AZ_FOLDER,
	TO_ENDPOINT,
	TO_HEADER,
	TO_NOTHING,
	SETTINGS
};

/* Routes and trust, for every client (facts of clients.md, 0 and 10). */
static const struct {
	const char *name;
	enum set_to to;
} everywhere[] = {
    {"HTTPS_PROXY", TO_PROXY},
    {"https_proxy", TO_PROXY},
    {"NO_PROXY", TO_LOOPBACK},
    {"no_proxy", TO_LOOPBACK},
    {"NODE_USE_ENV_PROXY", TO_ONE}, /* fetch of Node 24 and later */
    {"NODE_EXTRA_CA_CERTS", TO_AUTHORITY},
    {"REQUESTS_CA_BUNDLE", TO_AUTHORITY}, /* Python's requests, az */
    {"SSL_CERT_FILE", TO_AUTHORITY},      /* Python's ssl, Go, OpenSSL */
    {"CURL_CA_BUNDLE", TO_AUTHORITY},
    {"ACTAS_SOURCE", TO_URL},
    {"ACTAS_CA", TO_AUTHORITY},
    /* So that a login at the local platform does not replace the real one. */
    {"AZURE_CONFIG_DIR", TO_AZ_FOLDER},
};

/* The App Service form of a managed identity; what would go before it in
 * DefaultAzureCredential, or select another form, must not be set. */
static const struct {
	const char *name;
	enum set_to to;
} identity[] = {
    {"IDENTITY_ENDPOINT", TO_ENDPOINT}, {"IDENTITY_HEADER", TO_HEADER},
    {"AZURE_TENANT_ID", TO_NOTHING}, {"AZURE_CLIENT_ID", TO_NOTHING},
    {"AZURE_CLIENT_SECRET", TO_NOTHING},
    {"AZURE_CLIENT_CERTIFICATE_PATH", TO_NOTHING},
    {"AZURE_USERNAME", TO_NOTHING}, {"AZURE_PASSWORD", TO_NOTHING},
    {"AZURE_FEDERATED_TOKEN_FILE", TO_NOTHING},
    {"AZURE_AUTHORITY_HOST", TO_NOTHING},
    {"AZURE_POD_IDENTITY_AUTHORITY_HOST", TO_NOTHING},
    {"AZURE_TOKEN_CREDENTIALS", TO_NOTHING},
    {"IDENTITY_SERVER_THUMBPRINT", TO_NOTHING}, /* Service Fabric */
    {"IMDS_ENDPOINT", TO_NOTHING},              /* Azure Arc */
    {"MSI_ENDPOINT", TO_NOTHING}, {"MSI_SECRET", TO_NOTHING}, /* Azure ML */
};

#define COUNT(table) (sizeof(table) / sizeof *(table))
_Static_assert(COUNT(everywhere) + COUNT(identity) <= VARIABLES_MOST,
    "struct surroundings holds both tables");

enum actas_error
surroundings_make(struct cli *cli, const struct running *r,
    const struct session *session, struct surroundings *s)
{
	const char *values[SETTINGS] = {
	    [TO_PROXY] = r->proxy,
	    [TO_LOOPBACK] = "localhost,127.0.0.1,::1",
	    [TO_AUTHORITY] = r->ca,
	    [TO_ONE] = "1",
	    [TO_URL] = r->url,
	    [TO_AZ_FOLDER] =
		arena_printf(&cli->arena, "%s/azure-cli", r->folder),
	};

	*s = (struct surroundings){0};
	if (values[TO_AZ_FOLDER] == NULL)
		return fault_plain(&cli->fault, ACTAS_ENOMEM);
	if (r->proxy == NULL)
		return fault_set(&cli->fault, ACTAS_EUSAGE, r->folder, 0,
		    "the server of this folder runs without --proxy, which "
		    "unmodified clients need");
	for (size_t i = 0; i < COUNT(everywhere); i++)
		s->at[s->count++] = (struct variable){
		    everywhere[i].name, values[everywhere[i].to]};
	if (session == NULL)
		return ACTAS_OK;
	values[TO_ENDPOINT] = session->endpoint;
	values[TO_HEADER] = session->header;
	for (size_t i = 0; i < COUNT(identity); i++)
		s->at[s->count++] =
		    (struct variable){identity[i].name, values[identity[i].to]};
	return ACTAS_OK;
}
