#ifndef API_KEYVAULT_VALUE_H
#define API_KEYVAULT_VALUE_H

/*
 * The value of a secret on its way from a request's body and into an answer,
 * without a copy in memory that nobody wipes. A JSON library would make
 * several: so the body is scanned for the value, which is decoded straight
 * into locked memory, and the library is given the body without it.
 */

#include "keys/secret.h"

/*
 * Takes the text under "value" out of the JSON object in 'body', if it is
 * there: 'value' gets what it stands for, and '*rest' the body in which ""
 * stands in its place, in the arena. '*is_there' says whether there was one.
 * Anything that is not well formed is left for the parser of the rest to
 * refuse. ACTAS_ELIMIT: longer than LIMIT_SECRET_VALUE_BYTES, ACTAS_EPARSE:
 * not UTF-8, or half a surrogate; ACTAS_ENOMEM.
 */
enum actas_error value_take(struct slice body, struct arena *arena,
    struct secret_bytes *value, bool *is_there,
    struct slice *rest) ACTAS_MUST_USE;

/* Appends the value as a JSON string with its quotes. Grows the buffer before
 * it writes, so that nothing is left behind by a buffer that moves; 'more' is
 * how many bytes will follow. */
void value_put(struct buffer *out, struct slice value, size_t more);

#endif
