#ifndef API_ENTRA_GUESSES_H
#define API_ENTRA_GUESSES_H

/*
 * Refused requests for tokens, counted for each application and source
 * address, and for each source.
 *
 * What keeps a client secret safe is its length: 40 random characters are not
 * guessed. So nobody is ever locked out: a right credential is taken at once,
 * whatever happens beside it, from the same address or another. What a flood
 * of wrong ones must not do is fill the audit log, which would stop the
 * platform. After some refusals a minute (LIMIT_GUESSES of an application
 * from a source, four times as many from a source) the next are answered with
 * 429 and told to the log only once a minute, with their number.
 *
 * Bounded: LIMIT_GUESSERS of each; the one that was quiet for longest is
 * forgotten.
 */

#include "base/base.h"

struct guesses;

struct guesses *guesses_new(void); /* NULL: out of memory */
void guesses_free(struct guesses *g);

/* A request was refused. 'about' is the application as it was named;
 * 'is_guess': a credential was wrong, not merely the request. False: answer
 * 429. */
bool guesses_wrong(struct guesses *g, struct slice about, struct slice source,
    bool is_guess, moment now);

#endif
