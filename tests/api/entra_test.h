#ifndef TESTS_API_ENTRA_TEST_H
#define TESTS_API_ENTRA_TEST_H

/* What the tests of the token service share. */

#include "fixture.h"

#define TOKEN_V2               "/" TENANT "/oauth2/v2.0/token"
#define TOKEN_V1               "/" TENANT "/oauth2/token"
#define FORM                   "Content-Type: application/x-www-form-urlencoded"
#define GRANT                  "grant_type=client_credentials"
#define SECRET_OF(app, secret) GRANT "&client_id=" app "&client_secret=" secret
#define VAULT_SCOPE            "&scope=https://vault.azure.net/.default"

/* Asks for a token and sees that it is refused so: status, error, AADSTS
 * number, and a part of the description. */
struct refused {
	const char *headers; /* NULL: those of a form */
	const char *target;  /* NULL: TOKEN_V2 */
	const char *body;
	uint32_t status;
	const char *error, *number, *text;
};
void assert_refused(struct fixture *f, const struct refused *expected);

/* The claims of the token of a reply with 200; a new reference. */
json_t *reply_claims(const struct reply *r);

/* The last line of the audit log; a new reference. */
json_t *last_audit(struct fixture *f);

#endif
