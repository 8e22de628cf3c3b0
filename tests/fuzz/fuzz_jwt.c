/* Any bytes as a token: parsed, and verified with the keys of RFC 7515. */
#include "keys/jwt.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const jwks[] = {
    "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHm"
    "fHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_"
    "YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5"
    "z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uD"
    "Zlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9ia"
    "GNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\","
    "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
};

enum { KEYS = sizeof jwks / sizeof *jwks };

static void
make_keys(struct public_key **keys)
{
	for (size_t i = 0; i < KEYS; i++) {
		json_t *jwk = json_loads(jwks[i], 0, NULL);

		keys[i] = public_key_of_jwk(jwk);
		json_decref(jwk);
		if (keys[i] == NULL)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct public_key *keys[KEYS];
	struct slice token = {(const char *)data, size};
	struct jwt jwt;
	moment when;

	if (keys[0] == NULL)
		make_keys(keys);
	if (jwt_parse(token, &jwt) != ACTAS_OK)
		return 0;
	for (size_t i = 0; i < KEYS; i++)
		if (jwt_verify(&jwt, keys[i]) && jwt.algorithm == JWT_OTHER)
			abort();
	if (!jwt_moment(jwt.claims, "exp", &when) && when != MOMENT_UNKNOWN)
		abort();
	if (jwt.signed_part.length >= size)
		abort();
	jwt_release(&jwt);
	return 0;
}
