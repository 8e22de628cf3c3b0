#ifndef TESTS_API_ARM_TEST_H
#define TESTS_API_ARM_TEST_H

/* The fixture's platform, with people who may do some things in Azure. */

#include "fixture.h"

#define OWNER_ROLE       "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
#define CONTRIBUTOR_ROLE "b24988ac-6180-42a0-ab88-20f7382dd24c"
#define READER_ROLE      "acdd72a7-3385-48ef-bd42-f606fba81ae7"
#define ACCESS_ROLE      "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"
#define RBAC_ROLE        "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
#define SECRETS_ROLE     "4633458b-17de-408a-b874-0445c86b69e6"

#define CONTRIBUTOR NUMBER("e1") /* Contributor of the subscription */
#define WATCHER     NUMBER("e2") /* Reader of rg-data */
#define ACCESS      NUMBER("e3") /* User Access Administrator of rg-data */
#define DELEGATE    NUMBER("e4") /* gives Key Vault Secrets User only */
#define OWNER       NUMBER("e5") /* Owner of the subscription */
#define NEWCOMER    NUMBER("e6") /* nothing yet */
#define OTHER_RG    SUB_PATH "/resourceGroups/rg-other"
#define TOP         "/providers/Microsoft.Management/managementGroups/top"

#define AUTHORIZATION "/providers/Microsoft.Authorization/"
#define ASSIGNMENTS   AUTHORIZATION "roleAssignments"
#define DEFINITIONS   AUTHORIZATION "roleDefinitions"
#define V             "?api-version=2022-04-01"

/* For cmocka, before each test; of the group: fixture_setup. */
int arm_reset(void **state);

/* 'body' with single quotes, or NULL. Its memory is the fixture's. */
struct reply arm(struct fixture *f, const char *who, const char *method,
    const char *target, const char *body);
/* The same, and what is expected of it. */
void arm_expect(struct fixture *f, const char *who, const char *call,
    const char *body, uint32_t status, const char *path, const char *value);
/* Body of a role assignment. */
const char *role_to(struct fixture *f, const char *role, const char *principal);
/* Reads "value" of a list. */
size_t arm_count(struct fixture *f, const char *who, const char *target);
/* Whether a line of the audit log says that of an operation. */
bool arm_was_audited(struct fixture *f, const char *kind, const char *operation,
    const char *object_id);

#endif
