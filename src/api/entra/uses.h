#ifndef API_ENTRA_USES_H
#define API_ENTRA_USES_H

/*
 * When each credential was last used. Noted in memory at every token, and
 * written as "use/{key id}" in one change at most once a minute and at the
 * end, so that no token waits for the disk. A crash loses the last minute.
 */

#include "platform/platform.h"

struct uses;

enum actas_error uses_new(struct platform *platform, struct uses **uses,
    struct fault *fault) ACTAS_MUST_USE;
/* Writes what is left. */
void uses_free(struct uses *u);
/* Any thread. Forgets it when LIMIT_USES credentials wait. */
void uses_note(struct uses *u, const char *key_id);
/* Writes what was noted, if the last time was a minute ago. Waits for the
 * writer: on a thread of its own. */
void uses_flush(struct uses *u);

#endif
