/* Any JSON as a key of somebody else's issuer. */
#include "keys/jwt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *jwk =
	    json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);

	public_key_free(public_key_of_jwk(jwk));
	json_decref(jwk);
	return 0;
}
