#ifndef API_EXPLAIN_H
#define API_EXPLAIN_H

/*
 * The last denials, so that whoever was denied, and whoever may read role
 * assignments where it happened, can ask why:
 *
 *	GET /actas/explain/{request id}
 *
 * Every surface remembers its denials here. LIMIT_REMEMBERED_DENIALS of them
 * are kept, the oldest go first; they are in memory only (the audit log keeps
 * them for good). docs/json.md has the answer's form.
 */

#include "api/api.h"

struct explains;

enum actas_error explains_new(struct explains **explains) ACTAS_MUST_USE;
void explains_free(struct explains *explains);

/* What is remembered. Everything is copied, and cut where it is longer than
 * LIMIT_REMEMBERED_BYTES. */
struct denial {
	enum permission_id permission; /* PERMITS: no right was the matter */
	struct slice path;  /* where: as given to view_decide, or "" */
	enum reason reason; /* REASONS: not the engine decided */
	uint32_t status;
	const char *code, *inner; /* as answered; 'inner' may be NULL */
	const char *message;
	uint64_t revision; /* of the snapshot that it was decided on */
};

/* Any thread. Never fails: what finds no memory is not remembered. */
void explain_remember(struct exchange *x, const struct caller *caller,
    const struct denial *denial);

/* The route's handler; x->captures[0] is the request id. */
void explain_handle(struct exchange *x);

#endif
