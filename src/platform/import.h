#ifndef PLATFORM_IMPORT_H
#define PLATFORM_IMPORT_H

/*
 * An estate from outside becomes the entities of a platform. What the source
 * leaves open and a platform must have is made: object and app ids, ids of
 * assignments, a subscription and resource group for a vault that a page
 * names without them. What is in dispute is not brought in, and told.
 *
 * Reading the platform's estate back (platform/view.h) gives what the source
 * says, but for what was told.
 */

#include "platform/platform.h"

struct import_options {
	const struct estate *estate;
	const struct master *master;
	struct value_keys *value_keys; /* seal the values of secrets */
	struct chance chance;
	moment now; /* dates what is made */
	struct guid tenant;
	const char *domain; /* of user names that the source leaves open */
	struct writes *writes;
};

/*
 * Entities for everything in the estate, written to 'writes'. New client
 * secrets are added to 'credentials'. 'told' gets a line for whatever could
 * not be taken over, or only otherwise.
 */
enum actas_error import_estate(const struct import_options *options,
    struct new_credentials *credentials, struct buffer *told,
    struct fault *fault) ACTAS_MUST_USE;

#endif
