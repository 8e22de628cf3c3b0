/* Any bytes as a flowchart: nodes, edges between them, and faults. */
#include "source/page/mermaid.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice source = {(const char *)data, size};
	struct arena arena = {0};
	struct mermaid m = {0};

	mermaid_is_flowchart(source);
	if (mermaid_read(&m, &arena, source, 1) == ACTAS_OK)
		for (uint32_t i = 0; i < m.edges.count; i++)
			if (m.edges.at[i].from >= m.nodes.count ||
			    m.edges.at[i].to >= m.nodes.count)
				abort();
	mermaid_release(&m);
	arena_release(&arena);
	return 0;
}
