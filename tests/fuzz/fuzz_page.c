/* Any bytes as an access page: an estate whose invariants hold, or a fault. */
#include "source/source.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader from =
	    reader_memory("page.md", (struct slice){(const char *)data, size});
	struct fault fault = {0};
	struct estate *estate = NULL;
	struct builder *b = builder_new(&fault);

	if (source_read_page(b, &from, &fault) != ACTAS_OK) {
		if (fault.message[0] == '\0')
			abort();
		builder_free(b);
		return 0;
	}
	if (builder_finish(b, &estate) == ACTAS_OK &&
	    estate_check(estate, &fault) != ACTAS_OK)
		abort();
	estate_free(estate);
	return 0;
}
