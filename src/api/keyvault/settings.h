#ifndef API_KEYVAULT_SETTINGS_H
#define API_KEYVAULT_SETTINGS_H

/*
 * What a request says about a secret beside its value: content type, tags,
 * attributes (facts 2.2). What is null or not there is left as it is; members
 * that nobody knows and those that only the service sets are passed over.
 */

#include "base/base.h"

#include <jansson.h>

enum {
	CONTENT_TYPE_MOST = 255,
	TAGS_MOST = 15,
	TAG_NAME_MOST = 512,
	TAG_VALUE_MOST = 512
};

/* Text lies in the arena it was read into; NULL: not said. */
struct settings {
	const char *content_type;
	const char *tags; /* JSON */
	bool says_enabled, enabled;
	bool says_not_before, says_expires;
	int64_t not_before, expires; /* seconds since 1970 */
};

/* '*wrong' is the member that is not of its form, NULL for none. ACTAS_ENOMEM
 * or ACTAS_EPARSE, with '*wrong'. */
enum actas_error settings_read(const json_t *body, struct arena *arena,
    struct settings *settings, const char **wrong) ACTAS_MUST_USE;

/* Puts them into the entity of a version (platform/entity.h). 'created' is
 * MOMENT_UNKNOWN for one that is there already. */
enum actas_error settings_put(const struct settings *settings, moment created,
    moment updated, json_t *version) ACTAS_MUST_USE;

#endif
