#ifndef TESTS_API_ASSERTION_H
#define TESTS_API_ASSERTION_H

/*
 * Assertions as clients sign them: a key with a self-signed certificate, and
 * JWTs of any header and claims, which are JSON with single quotes.
 */

#include "entra_test.h"

#include <openssl/x509.h>

struct signer {
	EVP_PKEY *key;
	X509 *certificate;
	char sha1[41], sha256[65]; /* thumbprints, hexadecimal */
};

/* 'kind': "RSA" or "EC". Valid from 2026-01-01 to 2027-01-01. */
struct signer signer_new(const char *kind);
void signer_free(struct signer *s);

/* base64url of a thumbprint; with "=" where 'padded'. In the arena. */
const char *signer_thumbprint(struct fixture *f, const char *hex, bool padded);
/* The certificate in DER, base64. */
const char *signer_certificate(struct fixture *f, const struct signer *s);
/* {"keys":[…]} with the public key (RSA) under this kid. */
const char *signer_jwks(
    struct fixture *f, const struct signer *s, const char *kid);

enum signature {
	SIGN_RS256,
	SIGN_PS256,
	SIGN_ES256,     /* raw, as JWS has it */
	SIGN_ES256_DER, /* as go-azure-sdk has it */
	SIGN_BADLY      /* RS256 of something else */
};
const char *signer_sign(struct fixture *f, const struct signer *s,
    enum signature signature, const char *header, const char *claims);

/* The form of a request with that assertion. */
const char *assertion_form(
    struct fixture *f, const char *client_id, const char *assertion);

#endif
