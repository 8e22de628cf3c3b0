/* Any bytes as a $filter of Graph, over an object as a client would see it:
 * what is understood is evaluated, and takes the same twice. */
#include "api/graph/filter.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char object[] =
	    "{\"appId\":\"a\",\"displayName\":\"b\",\"accountEnabled\":true,"
	    "\"mail\":null,\"servicePrincipalNames\":[\"a\",\"c\",7]}";
	struct slice text = {(const char *)data, size};
	json_t *value = json_loads(object, 0, NULL);
	const struct filter *filter;
	struct arena arena = {0};
	size_t where;

	if (filter_parse(&arena, text, &filter, &where) == ACTAS_OK) {
		if (filter_takes(filter, value) != filter_takes(filter, value))
			abort();
	} else if (filter != NULL || where > size) {
		abort();
	}
	json_decref(value);
	arena_release(&arena);
	return 0;
}
