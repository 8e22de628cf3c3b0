#ifndef API_ARM_SHIPPED_H
#define API_ARM_SHIPPED_H

/*
 * All built-in roles of Azure in ARM's shape, made once: an estate knows the
 * usual ones and those that it speaks of, a client may ask for any.
 */

#include "base/error.h"
#include "base/guid.h"

#include <jansson.h>

struct shipped;

enum actas_error shipped_new(
    struct shipped **shipped, struct fault *fault) ACTAS_MUST_USE;
void shipped_free(struct shipped *s);

uint32_t shipped_count(const struct shipped *s);
/* In the order of their ids. */
struct guid shipped_id(const struct shipped *s, uint32_t i);
/* Borrowed, not to be changed; NULL where there is none. */
const json_t *shipped_find(const struct shipped *s, struct guid id);
/* Whether another one than this bears the name (ASCII case folded). */
bool shipped_has_name(
    const struct shipped *s, struct slice name, struct guid but);

#endif
