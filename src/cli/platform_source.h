#ifndef CLI_PLATFORM_SOURCE_H
#define CLI_PLATFORM_SOURCE_H

/*
 * A platform as a source: a running server by its URL, under the rights of
 * whoever asks, or a data folder by its path, whole, for who may read it.
 * Both have a history.
 */

#include "cli/cli.h"

bool is_server(const char *source);
bool is_data_folder(const char *source);

/*
 * The estate of a server, as far as the caller may see it. The caller's token
 * is ACTAS_TOKEN; else one that a managed identity (IDENTITY_ENDPOINT) or
 * AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET are given.
 * 'at': a revision, a date or a time; NULL: now.
 */
enum actas_error server_load(struct cli *cli, const char *url, const char *at,
    struct estate **estate) ACTAS_MUST_USE;
enum actas_error data_folder_load(struct cli *cli, const char *folder,
    const char *at, struct estate **estate) ACTAS_MUST_USE;

#endif
