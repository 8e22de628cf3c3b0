#ifndef ENGINE_RULES_PURPOSE_H
#define ENGINE_RULES_PURPOSE_H

/* What a grant is for, as far as its words say; private to engine/rules*.c. */

#include "engine/rules/rules_check.h"

/* Whether the claim's purpose names something that a probe can tell, such as
 * "read secrets" of a vault. */
bool purpose_needs(
    const struct check *c, const struct claim *claim, enum probe *probe);
/* Another grant of the claim's principal that serves it, or NONE. */
assignment_id purpose_served_by(
    const struct check *c, const struct claim *claim, enum probe probe);

#endif
