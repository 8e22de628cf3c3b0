#ifndef KEYS_ISSUE_H
#define KEYS_ISSUE_H

/*
 * Certificates that the platform issues: of signing keys, of its authority
 * and of its server. Of keys/ alone.
 */

#include "keys/secret.h"

#include <openssl/x509v3.h>

struct issue {
	const char *organisation, *name; /* of the subject */
	moment from, until;
	X509 *issuer;          /* NULL: itself */
	EVP_PKEY *issuer_key;  /* the subject's own where there is no issuer */
	EVP_PKEY *subject_key; /* its public half is certified */
};

/* An unsigned certificate, version 3, with a random serial of 127 bits. NULL:
 * no memory, no chance. */
X509 *issue_begin(const struct issue *i);
/* Adds an extension as openssl's configuration writes it. */
bool issue_extension(
    X509 *x, const struct issue *i, int nid, const char *value);
/* Adds one that was built. */
bool issue_extension_of(X509 *x, int nid, void *value, bool critical);
/* Signs with SHA-256. */
bool issue_sign(X509 *x, const struct issue *i);
/* The certificate in DER, appended. */
bool issue_der(const X509 *x, struct buffer *der);

#endif
