#ifndef SOURCE_JSON_PLAIN_H
#define SOURCE_JSON_PLAIN_H

#include "base/slice.h"

#include <jansson.h>

/*
 * The value of plain JSON, as most of what services answer is: objects and
 * lists of printable ASCII text without escapes, true, false and null, not
 * nested deep. It is what jansson reads from the same text, made several
 * times faster, since there is nothing in it to be decoded. NULL for
 * everything else, broken text and lack of memory among it: jansson judges
 * that.
 *
 * 'wanted' names the keys that are read, separated by blanks, or is NULL for
 * all: members of other names that hold a plain text or null are left out,
 * and may stand twice. New reference.
 */
json_t *json_plain(struct slice text, const char *wanted);

/* Whether the key is among those, which are not NULL. */
bool json_is_wanted(struct slice key, const char *wanted);

#endif
