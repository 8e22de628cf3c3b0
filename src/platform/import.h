#ifndef PLATFORM_IMPORT_H
#define PLATFORM_IMPORT_H

/*
 * An estate from outside becomes the entities of a platform. What the source
 * leaves open and a platform must have is made: object and app ids, ids of
 * assignments, a subscription and resource group for a vault that a page
 * names without them. What is in dispute is not brought in, and told.
 */

#include "platform/platform.h"

/*
 * Entities for everything in the estate, written to 'writes'. New client
 * secrets are added to 'credentials'. 'told' gets a line for whatever could
 * not be taken over. 'now' dates what is made.
 */
enum actas_error import_estate(const struct estate *e,
    const struct master *master, struct chance chance, moment now,
    struct guid tenant, struct writes *writes,
    struct new_credentials *credentials, struct buffer *told,
    struct fault *fault) ACTAS_MUST_USE;

#endif
