#ifndef TESTS_ENGINE_EXPLAIN_WORLD_H
#define TESTS_ENGINE_EXPLAIN_WORLD_H

/*
 * The platform of the tests of explain: a vault under RBAC, an Airflow
 * principal that may start notebooks and lacks the secret, and others whom
 * the texts name. Ids are written out, since texts have them.
 */

#include "fixture.h"

#define TENANT       "11111111-1111-1111-1111-111111111111"
#define OTHER_TENANT "22222222-2222-2222-2222-222222222222"
#define AIRFLOW_APP  "ca12d3e4-0000-4000-8000-000000000001"
#define AIRFLOW_OID  "4e5f6a7b-0000-4000-8000-000000000002"
#define AIRFLOW_OBJ  "99999999-0000-4000-8000-000000000003"
#define ANNA_OID     "77777777-0000-4000-8000-000000000004"
#define STRANGE_OID  "eeeeeeee-0000-4000-8000-000000000005"
#define STRANGE_APP  "eeeeeeee-0000-4000-8000-000000000006"
#define LOADER_OID   "55555555-0000-4000-8000-000000000007"
#define SPACE_OID    "66666666-0000-4000-8000-000000000008"
#define MI_HOME                                       \
	GROUP "/providers/Microsoft.ManagedIdentity/" \
	      "userAssignedIdentities/mi-loader"

#define ISSUER   "iss=https://sts.windows.net/" TENANT "/"
#define AIRFLOW  "appid=" AIRFLOW_APP ";oid=" AIRFLOW_OID ";" ISSUER
#define STRANGER "appid=" STRANGE_APP ";oid=" STRANGE_OID ";" ISSUER

#define SECRET_PATH                                                 \
	"/subscriptions/00000000-0000-0000-0000-00000000000a/"      \
	"resourcegroups/rg/providers/microsoft.keyvault/vaults/kv/" \
	"secrets/key"

/* Key Vault's words for a denial by RBAC. */
#define RBAC_OF(caller, reason)                                       \
	"Caller is not authorized to perform action on resource.\r\n" \
	"If role assignments, deny assignments or role definitions "  \
	"were changed recently, please observe propagation time.\r\n" \
	"Caller: " caller "\r\n"                                      \
	"Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/"       \
	"action'\r\nResource: '" SECRET_PATH "'\r\n"                  \
	"Assignment: (not found)\r\nDenyAssignmentId: null\r\n"       \
	"DecisionReason: " reason " \r\n"                             \
	"Vault: kv;location=westeurope\r\n"
#define RBAC RBAC_OF(AIRFLOW, "'DeniedWithNoValidRBAC'")

struct world {
	struct fixture f;
	principal_id airflow, anna, loader, space, group;
	scope_id vault, secret;
	principal_id expected; /* NONE: nobody */
	struct explanation x;
};

/* The builder is open between the two, for what a test adds. */
void world_begin(struct world *w);
void world_freeze(struct world *w);
void world_end(struct world *w);
/* A whole world in one go. */
void world_make(struct world *w);

void world_explain(struct world *w, const char *text);
/* Whether headline, reasons and steps have the words, or must not have. */
void world_tells(const struct world *w, const char *words);
void world_silent(const struct world *w, const char *words);

#endif
