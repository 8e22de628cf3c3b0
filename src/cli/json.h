#ifndef CLI_JSON_H
#define CLI_JSON_H

/*
 * JSON written straight into a buffer, in the order in which it is put: a
 * batch of a million decisions needs no tree for each. Reading is jansson's.
 * Strings come out valid whatever goes in: broken UTF-8 becomes U+FFFD, and
 * what a terminal must not be given is escaped.
 *
 * 'key' is NULL inside arrays. Errors stick in the buffer.
 */

#include "base/base.h"

#define JSON_DEEPEST 24

struct json {
	struct buffer *out;
	bool pretty; /* two blanks a level; else all on one line */
	uint32_t depth;
	char closers[JSON_DEEPEST];
	bool filled[JSON_DEEPEST]; /* something is in it already */
};

void json_open_object(struct json *j, const char *key);
void json_open_array(struct json *j, const char *key);
void json_close(struct json *j);
void json_put_text(struct json *j, const char *key, struct slice text);
/* null where 'text' is NULL. */
void json_put_string(struct json *j, const char *key, const char *text);
void json_put_number(struct json *j, const char *key, uint64_t number);
void json_put_flag(struct json *j, const char *key, bool flag);
void json_put_null(struct json *j, const char *key);
void json_put_strings(
    struct json *j, const char *key, const char *const *texts, uint32_t count);
/* JSON that has been written before. */
void json_put_ready(struct json *j, const char *key, struct slice ready);

#endif
