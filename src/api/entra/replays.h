#ifndef API_ENTRA_REPLAYS_H
#define API_ENTRA_REPLAYS_H

/*
 * Assertions that were used, remembered until they expire.
 *
 * The service takes the same assertion again, and MSAL counts on it: it signs
 * one and sends it with every request of its ten minutes (msal-node
 * ClientAssertion.getJwt, msal-python create_regenerative_assertion). So a
 * second use is refused only where no such client is behind it: from another
 * address than the first, or with the same "jti" in another assertion. An
 * assertion without "jti" is known by itself.
 *
 * Bounded: LIMIT_REPLAYS; when full, those that expire first are forgotten.
 */

#include "api/entra/call.h"

struct replays;

struct replays *replays_new(void); /* NULL: out of memory */
void replays_free(struct replays *r);

/* Notes the use of an assertion whose signature and time are good; false
 * where it is a replay. */
bool replays_take(struct token_call *c, const struct jwt *jwt);

#endif
