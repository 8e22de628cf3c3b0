#ifndef TESTS_API_KEYVAULT_WORLD_H
#define TESTS_API_KEYVAULT_WORLD_H

/* What tests of the vault share: tokens kept, requests by name. */

#include "fixture.h"

#define SEVEN        "api-version=7.6"
#define OFFICER_ROLE "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
#define READER_ROLE  "acdd72a7-3385-48f6-bd42-f606fba81ae7"

/* An assignment of a role to a service principal: key and value. */
#define GRANT(id, principal, role, scope)                                    \
	"assignment/" id,                                                    \
	    "{'id':'" scope                                                  \
	    "/providers/Microsoft.Authorization/roleAssignments/" id         \
	    "','type':'Microsoft.Authorization/roleAssignments','name':'" id \
	    "','properties':{'roleDefinitionId':'/providers/"                \
	    "Microsoft.Authorization/roleDefinitions/" role                  \
	    "','principalId':'" principal                                    \
	    "','principalType':'ServicePrincipal','scope':'" scope "'}}"
/* The value of a vault that goes by roles; 'more' are properties. */
#define ROLE_VAULT(path, name, more)                                    \
	"{'id':'" path "','name':'" name                                \
	"','type':'Microsoft.KeyVault/vaults','location':'westeurope'," \
	"'properties':{'tenantId':'" TENANT                             \
	"','sku':{'family':'A','name':'standard'},'vaultUri':"          \
	"'https://" name ".vault.azure.net/','accessPolicies':[],"      \
	"'enableRbacAuthorization':true" more "}}"

/* One platform for a group of tests, since making one takes long.
 * vault_reset, before each test, puts back vaults, assignments, clock and
 * address, and takes all secrets away. */
int vault_reset(void **state);
#define VAULT_TEST(name) cmocka_unit_test_setup(name, vault_reset)

/* A request to kv-data with a token of that principal (NULL: none). 'target'
 * has no query: api-version is put behind it. 'body' with single quotes. */
struct reply vault_ask(struct fixture *f, const char *method,
    const char *target, const char *principal, const char *body);
/* The same to another host. */
struct reply vault_ask_at(struct fixture *f, const char *host,
    const char *method, const char *target, const char *principal,
    const char *body);
/* Does it as the administrator and expects that status. */
void vault_do(struct fixture *f, const char *method, const char *target,
    const char *body, uint32_t status);
/* PUTs a value as the administrator; its version lives in the fixture. */
const char *vault_set(struct fixture *f, const char *name, const char *value);
/* The same text with double quotes, in the fixture's arena. */
const char *quoted(struct fixture *f, const char *text);
/* Lines of the audit log with that operation. */
unsigned audit_count(
    struct fixture *f, const char *operation, const char *kind);

#endif
