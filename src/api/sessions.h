#ifndef API_SESSIONS_H
#define API_SESSIONS_H

/*
 * Identities lent to one command (`actas exec --as`): whoever sends the
 * session's header gets tokens of its principal, as code on a machine with a
 * managed identity does. In memory only: a restart ends them all. The header
 * is random and kept as its hash.
 *
 * A session may also answer for the instance metadata service, which knows no
 * header: then every process of this machine is that principal, so it is only
 * on demand and one at a time.
 */

#include "api/api.h"

enum { SESSION_HEADER_BYTES = 48, SESSION_LIFE = 7 * 86400 };

struct sessions *sessions_new(void); /* NULL: out of memory */
void sessions_free(struct sessions *s);

/* Begins one; ACTAS_ELIMIT when LIMIT_SESSIONS live; ACTAS_EAMBIGUOUS where
 * another answers for the metadata service; ACTAS_EIO without chance.
 * 'header' is the secret, a C string. */
enum actas_error sessions_begin(struct sessions *s, struct chance chance,
    struct guid principal, bool metadata, moment now,
    char header[static SESSION_HEADER_BYTES]) ACTAS_MUST_USE;
/* Whose header it is; nil for nobody's. */
struct guid sessions_find(struct sessions *s, struct slice header, moment now);
/* Who answers for the metadata service; nil for nobody. */
struct guid sessions_metadata(struct sessions *s, moment now);
/* False where there was no such session. */
bool sessions_end(struct sessions *s, struct slice header, moment now);

/* Routes of the administration (api/admin.c). */
void sessions_create(struct exchange *x);
void sessions_delete(struct exchange *x);

#endif
