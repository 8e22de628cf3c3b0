#ifndef ENGINE_DIFF_MATCH_H
#define ENGINE_DIFF_MATCH_H

/*
 * Which principal, scope and role of one estate is which of another; private
 * to engine/diff*.c. Both are numbered alike: what both have bears its number
 * in 'before', what only 'after' has comes behind all of those.
 */

#include "engine/diff.h"

struct numbering {
	uint32_t *of_after; /* by number in 'after' */
	uint32_t before_count;
};

struct match {
	const struct estate *before, *after;
	struct numbering principals, scopes, roles;
	bool cross; /* one is an access page and the other is not */
};

/* Whether the estate was read from an access page. */
bool estate_is_page(const struct estate *e);

/* ACTAS_ENOMEM. Release it in either case. */
enum actas_error match_estates(struct match *m, const struct estate *before,
    const struct estate *after) ACTAS_MUST_USE;
void match_release(struct match *m);

/* The common number; NONE stays NONE. */
uint32_t match_number(const struct numbering *n, bool is_after, uint32_t id);

#endif
