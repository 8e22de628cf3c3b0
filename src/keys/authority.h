#ifndef KEYS_AUTHORITY_H
#define KEYS_AUTHORITY_H

/*
 * The platform's own certificate authority, so that clients trust one file
 * (ca.pem), and the certificate that the server shows: facts of clients.md
 * section 10 (critical basicConstraints, keyCertSign; subjectAltName,
 * serverAuth, both key identifiers; P-256, SHA-256).
 *
 * The authority's certificate carries critical name constraints: it may vouch
 * for the names that it was made for and what stands under them, and for no
 * other host. Whoever steals ca.key can therefore stand in for the platform,
 * and for Microsoft's hosts towards those who trust ca.pem, and for nobody
 * else. A name that comes later needs another authority.
 *
 * Nothing here reads or writes what it did not make: a server certificate of
 * somebody else's authority, put in place of ours, stays.
 */

#include "keys/master.h"

/* Every Microsoft host name that route C needs, NULL-terminated; a leading
 * "*." stands for one label. */
extern const char *const authority_host_names[];

/*
 * Writes ca.pem, server.pem (0644) and ca.key, server.key (0600) into the
 * folder, where they are not there yet. 'names' are host names and IP
 * addresses beside authority_host_names, localhost, vault.localhost and what
 * stands under it, 127.0.0.1 and ::1; NULL-terminated, NULL for none. With a
 * host name goes what stands under its "vault.", the names of the vaults.
 * ACTAS_EUSAGE for a name that is none, or for which the authority that is
 * there may not vouch; ACTAS_EIO.
 */
enum actas_error authority_create(const char *folder, const char *const *names,
    moment now, struct fault *fault) ACTAS_MUST_USE;
/*
 * Makes a new server certificate under the same authority and for the same
 * key where the present one ends within 30 days, lacks one of the names of
 * authority_create or does not fit server.key. '*renewed' may be NULL.
 * ACTAS_ENOTFOUND where that is needed and ca.key is not there (it may be
 * kept elsewhere); otherwise as authority_create.
 */
enum actas_error authority_renew(const char *folder, const char *const *names,
    moment now, bool *renewed, struct fault *fault) ACTAS_MUST_USE;
/* Whether the certificate that the server shows bears a host name or an
 * address. */
enum actas_error authority_bears(const char *folder, const char *name,
    bool *bears, struct fault *fault) ACTAS_MUST_USE;

#endif
