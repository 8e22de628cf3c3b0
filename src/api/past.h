#ifndef API_PAST_H
#define API_PAST_H

/*
 * Answers of the past: further pages of a list, exports. What is at hand is
 * pinned and answered at once. For the rest the exchange sleeps until the
 * store has read the history (store_recall), and then its handler is called
 * again, on the store's reader: it authenticates and decides anew, and is
 * given the snapshot.
 *
 *	error = api_pin_past(x, &question, &snapshot);
 *	if (error == ACTAS_OK && snapshot == NULL)
 *		… give back all that was taken, and as the last thing
 *		api_await_past(x, caller, &question);
 *
 * At most LIMIT_RECALLS wait, and LIMIT_CALLER_RECALLS of one caller: whoever
 * asks for one old revision after the other holds up the past only, and of it
 * a part.
 */

#include "api/api.h"

struct past_question {
	uint64_t revision;
	moment when; /* if by_time */
	bool by_time;
	enum store_parts parts;
};

/* ACTAS_OK with a snapshot to unpin, or with NULL where it has to be awaited.
 * ACTAS_ENOTFOUND past the newest revision; any other error is the store's. */
enum actas_error api_pin_past(struct exchange *x,
    const struct past_question *question,
    const struct snapshot **snapshot) ACTAS_MUST_USE;
/* Whether the handler is called again, so that it adds no header twice. */
static inline bool
api_is_again(const struct exchange *x)
{
	return x->again != NULL;
}
/* Nothing of the exchange may be touched afterwards: the handler may be at
 * work again before this returns. Where too many wait it answers, 429 or
 * 503. */
void api_await_past(struct exchange *x, const struct caller *caller,
    const struct past_question *question);

struct past_waiters;
struct past_waiters *past_waiters_new(void);
void past_waiters_free(struct past_waiters *w);

#endif
