/* Any bytes as a path and as a $filter of the resource manager: what is taken
 * apart lies within what was given, and a path that was read is read again. */
#include "api/arm/filter.h"
#include "api/arm/scope.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};
	struct arm_scope scope, again;
	struct arm_filter filter;
	struct arena arena = {0};

	if (arm_scope_parse(&arena, text, &scope) &&
	    (!arm_scope_parse(&arena, scope.path, &again) ||
		again.kind != scope.kind || scope.path.length > size + 1 ||
		!arm_path_is_within(scope.path, scope.top)))
		abort();
	if (arm_filter_parse(&arena, text, &filter) == ACTAS_OK)
		for (uint32_t i = 0; i < filter.count; i++)
			if (filter.at[i].name.length == 0 ||
			    filter.at[i].value.length > size)
				abort();
	arena_release(&arena);
	return 0;
}
