#ifndef KEYS_AUTHORITY_NAMES_H
#define KEYS_AUTHORITY_NAMES_H

/* The names that the server bears, as X.509 writes them. Of keys/ alone. */

#include "keys/secret.h"

#include <openssl/x509v3.h>

/*
 * All of them: Microsoft's, the local ones, 'more', and for each host name in
 * 'more' what stands under its "vault."; each once. The caller
 * frees it with GENERAL_NAMES_free. ACTAS_EUSAGE names what is no host name
 * and no address.
 */
enum actas_error authority_names(const char *const *more, GENERAL_NAMES **names,
    struct fault *fault) ACTAS_MUST_USE;
/* Whether the certificate bears the name. */
bool certificate_bears(X509 *x, const GENERAL_NAME *name);
/* Whether an authority's own certificate lets it vouch for the name. */
bool authority_may_vouch(X509 *authority, const GENERAL_NAME *name);
/* What permits an authority these names and, of names of hosts and addresses,
 * no others. NULL: no memory. */
NAME_CONSTRAINTS *authority_constraints(const GENERAL_NAMES *names);
/* The name for a person. */
void name_text(const GENERAL_NAME *name, char *text, size_t size);

#endif
