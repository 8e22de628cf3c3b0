#include "api/keyvault/keyvault.h"

/*
 * What can be asked of a vault, with the rights that it takes under either
 * permission model (facts 2.2). The names are those of the service's own log.
 */

#define RIGHT(name) PERMIT_SECRET_##name, PERMIT_SECRET_##name

static const struct vault_operation get = {
    "SecretGet", RIGHT(GET), "get", .run = run_get};
static const struct vault_operation set = {"SecretSet", RIGHT(SET), "set",
    .is_change = true, .read = read_set, .seal = seal_set, .run = run_set};
static const struct vault_operation update = {"SecretUpdate", RIGHT(UPDATE),
    "set", .is_change = true, .read = read_update, .run = run_update};
static const struct vault_operation delete = {"SecretDelete", RIGHT(DELETE),
    "delete", .is_change = true, .run = run_delete};
static const struct vault_operation list = {
    "SecretList", RIGHT(LIST), "list", .of_vault = true, .run = run_list};
static const struct vault_operation list_versions = {
    "SecretListVersions", RIGHT(LIST), "list", .run = run_list_versions};
static const struct vault_operation backup = {
    "SecretBackup", RIGHT(BACKUP), "backup", .run = run_backup};
static const struct vault_operation restore = {"SecretRestore", RIGHT(RESTORE),
    "restore", .of_vault = true, .is_change = true, .read = read_restore,
    .seal = seal_restore, .run = run_restore};
static const struct vault_operation list_deleted = {"SecretListDeleted",
    RIGHT(LIST), "list", .of_vault = true, .run = run_list_deleted};
/* Roles let whoever may list see what is deleted; access policies want the
 * right to get. */
static const struct vault_operation get_deleted = {"SecretGetDeleted",
    PERMIT_SECRET_LIST, PERMIT_SECRET_GET, "get", .run = run_get_deleted};
static const struct vault_operation purge = {
    "SecretPurge", RIGHT(PURGE), "purge", .is_change = true, .run = run_purge};
static const struct vault_operation recover = {"SecretRecover", RIGHT(RECOVER),
    "recover", .is_change = true, .run = run_recover};

/* The name is the first capture, the version the second. */
const struct route vault_operations[] = {
    {HTTP_GET, "/secrets", NULL, &list},
    {HTTP_POST, "/secrets/restore", NULL, &restore},
    {HTTP_GET, "/secrets/{name}", NULL, &get},
    {HTTP_PUT, "/secrets/{name}", NULL, &set},
    {HTTP_PATCH, "/secrets/{name}", NULL, &update},
    {HTTP_DELETE, "/secrets/{name}", NULL, &delete},
    {HTTP_GET, "/secrets/{name}/versions", NULL, &list_versions},
    {HTTP_POST, "/secrets/{name}/backup", NULL, &backup},
    {HTTP_GET, "/secrets/{name}/{version}", NULL, &get},
    {HTTP_PATCH, "/secrets/{name}/{version}", NULL, &update},
    {HTTP_GET, "/deletedsecrets", NULL, &list_deleted},
    {HTTP_GET, "/deletedsecrets/{name}", NULL, &get_deleted},
    {HTTP_DELETE, "/deletedsecrets/{name}", NULL, &purge},
    {HTTP_POST, "/deletedsecrets/{name}/recover", NULL, &recover},
    {0},
};
