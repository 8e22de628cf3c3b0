#ifndef ENGINE_WILDCARD_H
#define ENGINE_WILDCARD_H

#include "base/slice.h"

/* An action pattern: '*' is any text, '/' included; ASCII case is folded. */
bool wildcard_matches_action(struct slice pattern, struct slice action);

/* StringLike of a condition: '*' is any text, '?' any one byte, a backslash
 * takes either's meaning away. */
bool wildcard_matches_like(
    struct slice pattern, struct slice text, bool fold_case);

#endif
