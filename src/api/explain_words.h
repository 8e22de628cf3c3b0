#ifndef API_EXPLAIN_WORDS_H
#define API_EXPLAIN_WORDS_H

/*
 * The engine's explanation of an error text, for explain.c: which cannot
 * include engine/explain.h, because the caller of a text and the caller of a
 * request are both called so.
 */

#include "estate/estate.h"

struct words {
	const char *headline;
	const char *const *reasons;
	uint32_t reason_count;
	const char *const *steps;
	uint32_t step_count;
};

/* Everything lies in the arena. */
enum actas_error explain_words(const struct estate *e, struct slice text,
    moment now, struct arena *arena, struct words *words) ACTAS_MUST_USE;

#endif
