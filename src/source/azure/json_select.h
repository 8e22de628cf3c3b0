#ifndef SOURCE_JSON_SELECT_H
#define SOURCE_JSON_SELECT_H

#include "base/buffer.h"

/*
 * Copies JSON text without members that nobody reads, so that less has to be
 * parsed. 'wanted' names the keys that are read, separated by blanks. What is
 * left is JSON if and only if the text is; it is never the other way round.
 * Appends to 'out', whose error says whether memory was enough.
 */
void json_select(struct slice text, const char *wanted, struct buffer *out);

#endif
