#ifndef API_ARM_SCOPE_H
#define API_ARM_SCOPE_H

/*
 * Paths of Azure Resource Manager, taken apart. Untrusted text: bounded, no
 * segment that is empty, "." or "..", or that holds a character which ARM
 * refuses in names.
 */

#include "base/base.h"

enum arm_scope_kind {
	ARM_ROOT,
	ARM_MANAGEMENT_GROUP,
	ARM_SUBSCRIPTION,
	ARM_GROUP, /* resource group */
	ARM_RESOURCE
};

enum { ARM_SEGMENTS_MOST = 40, ARM_SEGMENT_BYTES = 260, ARM_PATH_BYTES = 1500 };

struct arm_scope {
	enum arm_scope_kind kind;
	struct slice path; /* "/", or without a slash at its end */
	struct slice subscription, group; /* or empty */
	/* Of a resource: the whole type ("Microsoft.KeyVault/vaults/secrets")
	 * and name of the last, and path, type and name of the outermost. */
	struct slice type, name;
	struct slice top, top_type, top_name;
};

/*
 * False where 'text' is no such path; what it sets lies in 'text' and in the
 * arena. "" and "/" are the root; empty segments in front are forgiven
 * ("//subscriptions/…", as some clients write it), as is a slash at the end.
 */
bool arm_scope_parse(
    struct arena *arena, struct slice text, struct arm_scope *scope);
/* Whether 's' is 'above' or lies below it, ASCII case folded. */
bool arm_path_is_within(struct slice s, struct slice above);
/* A path without its last segment. */
struct slice arm_path_above(struct slice path);
/* Whether the text may stand as one segment of a path. */
bool arm_segment_is_valid(struct slice segment);

#endif
