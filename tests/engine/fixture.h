#ifndef TESTS_ENGINE_FIXTURE_H
#define TESTS_ENGINE_FIXTURE_H

/*
 * Small estates for the tests of the engine: made in a few lines, questioned
 * by name. Whatever goes wrong in between fails the test.
 */

#include "engine/engine.h"
#include "estate/builtin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define SUBSCRIPTION "/subscriptions/00000000-0000-0000-0000-00000000000a"
#define GROUP        SUBSCRIPTION "/resourceGroups/rg"
#define VAULT        GROUP "/providers/Microsoft.KeyVault/vaults/kv"
#define SECRET       VAULT "/secrets/key"
#define ACCOUNT      GROUP "/providers/Microsoft.Storage/storageAccounts/st"
#define CONTAINER    ACCOUNT "/blobServices/default/containers/box"

#define GET_SECRET   "Microsoft.KeyVault/vaults/secrets/getSecret/action"
#define LIST_SECRETS "Microsoft.KeyVault/vaults/secrets/readMetadata/action"
#define SET_SECRET   "Microsoft.KeyVault/vaults/secrets/setSecret/action"
#define ASSIGN_ROLE  "Microsoft.Authorization/roleAssignments/write"
#define BLOBS                                \
	"Microsoft.Storage/storageAccounts/" \
	"blobServices/containers/blobs/"

struct fixture {
	struct builder *b;
	struct estate *e; /* after fixture_freeze */
	struct fault fault;
	struct arena arena;
	uint8_t ids; /* GUIDs given out */
};

void fixture_begin(struct fixture *f);
void fixture_freeze(struct fixture *f);
void fixture_end(struct fixture *f);

/* A GUID that nothing else has. */
struct guid fixture_guid(struct fixture *f);

principal_id fixture_principal(
    struct fixture *f, const char *name, enum principal_kind kind);
principal_id fixture_user(struct fixture *f, const char *name);
principal_id fixture_app(struct fixture *f, const char *name);
principal_id fixture_group(struct fixture *f, const char *name);
void fixture_member(struct fixture *f, principal_id group, principal_id p);

scope_id fixture_scope(struct fixture *f, const char *path);
scope_id fixture_workspace(struct fixture *f, const char *name);
item_id fixture_item(struct fixture *f, scope_id workspace, const char *name,
    enum item_kind kind);
scope_id fixture_item_scope(struct fixture *f, item_id item);
scope_id fixture_vault(struct fixture *f, enum vault_model model);

/* A custom role of Azure; lists of patterns with blanks, or NULL. */
struct patterns_text {
	const char *actions, *not_actions, *data, *not_data, *condition;
};
role_id fixture_role(struct fixture *f, const char *name, uint32_t count,
    const struct patterns_text *permissions);
role_id fixture_builtin(struct fixture *f, enum plane plane, const char *name);
role_id fixture_policy(struct fixture *f, const char *permission);

void fixture_assign(
    struct fixture *f, principal_id p, role_id role, scope_id s);
void fixture_grant(
    struct fixture *f, principal_id p, const char *role, const char *path);
void fixture_grant_if(struct fixture *f, principal_id p, const char *role,
    const char *path, const char *condition);

struct denial_text {
	const char *actions, *data;
	const char *path;
	const principal_id *principals, *excluded; /* end with NONE; or NULL */
	bool everyone, not_for_children;
};
void fixture_deny(struct fixture *f, const struct denial_text *denial);

struct decision fixture_decide(
    struct fixture *f, principal_id p, const char *action, scope_id s);
/* The name of the decision's reason. */
const char *fixture_reason(
    struct fixture *f, principal_id p, const char *action, scope_id s);

#endif
