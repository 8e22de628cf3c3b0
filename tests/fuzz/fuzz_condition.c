/* Any bytes as a condition: what is no condition is never understood, and the
 * answer does not change when it is asked again. */
#include "engine/decide/condition.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct condition_facts facts = {
	    .action =
		SLICE("Microsoft.KeyVault/vaults/secrets/getSecret/action"),
	    .vault_name = SLICE("kv"),
	    .secret_name = SLICE("app-key"),
	    .request_role = {{0x46, 0x33}},
	};
	struct slice condition = {(const char *)data, size};
	enum verdict v = condition_evaluate(condition, &facts);

	if (!condition_is_wellformed(condition) && v != VERDICT_NOT_UNDERSTOOD)
		abort();
	if (condition_evaluate(condition, &facts) != v)
		abort();
	return 0;
}
