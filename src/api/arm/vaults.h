#ifndef API_ARM_VAULTS_H
#define API_ARM_VAULTS_H

/* Key vaults, between the files vault*.c. */

#include "api/arm/arm.h"

/* --- vault_check.c: what the body of a vault may say --- */

/* Refuses what cannot be, whatever vault is there. */
void arm_vault_check(struct arm_call *c);
/* Whether the name may be a vault's (vault_name.c). */
bool arm_vault_name_is_valid(struct slice name);
/* Access policies in their stored form: new reference, NULL after refusing. */
json_t *arm_policies_read(struct arm_call *c, const json_t *list);
/* Where the entry of the same tenant, principal and application stands in the
 * list; SIZE_MAX if nowhere. */
size_t arm_policy_find(const json_t *list, const json_t *entry);
/* The four kinds of permissions; NULL behind the last. */
extern const char *const arm_policy_kinds[];

/* --- vaults.c --- */

/* As the client sees it, with its address; takes and gives the reference. */
json_t *arm_vault_show(struct arm_call *c, json_t *vault);
/* Refuses one that is too large to be kept, also as a deleted one. */
bool arm_vault_fits(struct arm_call *c, const json_t *vault);
/* The vault of the path, new reference; NULL after refusing with 404. */
json_t *arm_vault_get(struct arm_call *c);

/* --- vault_deleted.c --- */

/* Puts a vault among the deleted; its role assignments go. */
enum actas_error arm_vault_delete(
    struct arm_call *c, const json_t *vault, struct writes *writes);
/* The deleted vault of that name, if its time is not over: new reference. */
json_t *arm_deleted_get(struct arm_call *c, struct slice name);
/* Removes a deleted vault for good, with all its secrets. */
void arm_vault_purge(
    struct arm_call *c, struct slice name, struct writes *writes);
/* Brings a deleted vault back: createMode "recover". */
enum actas_error arm_vault_recover(struct arm_call *c, struct writes *writes);

#endif
