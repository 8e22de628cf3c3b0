#ifndef KEYS_AUTHORITY_H
#define KEYS_AUTHORITY_H

/*
 * The platform's own certificate authority, so that clients trust one file
 * (ca.pem), and the certificate that the server shows: facts of clients.md
 * section 10 (critical basicConstraints, keyCertSign; subjectAltName,
 * serverAuth, both key identifiers; P-256, SHA-256).
 */

#include "keys/master.h"

/* Every Microsoft host name that route C needs, NULL-terminated; a leading
 * "*." stands for one label. */
extern const char *const authority_host_names[];

/*
 * Writes ca.pem, server.pem (0644) and ca.key, server.key (0600) into the
 * folder, where they are not there yet. 'names' are host names and IP
 * addresses beside authority_host_names and localhost, NULL-terminated.
 */
enum actas_error authority_create(const char *folder, const char *const *names,
    moment now, struct fault *fault) ACTAS_MUST_USE;
/* Makes a new server certificate under the same authority where the present
 * one ends within 30 days or lacks one of 'names'. '*renewed' may be NULL. */
enum actas_error authority_renew(const char *folder, const char *const *names,
    moment now, bool *renewed, struct fault *fault) ACTAS_MUST_USE;

#endif
