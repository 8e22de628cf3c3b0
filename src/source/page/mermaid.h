#ifndef SOURCE_MERMAID_H
#define SOURCE_MERMAID_H

/*
 * A Mermaid flowchart as nodes and edges. Reads what Mermaid draws: all shapes
 * of nodes, all lines and arrows, labels on either side, chains, `&`,
 * subgraphs, comments. What only changes the looks is passed over. Slices
 * point into the source or the arena.
 */

#include "base/base.h"

struct mermaid_node {
	struct slice id;
	struct slice label; /* without quotes; its id where it has none */
	bool declared;      /* given a label, or a statement of its own */
	uint32_t line;      /* where it got its label, else first mentioned */
};

struct mermaid_edge {
	uint32_t from, to; /* nodes */
	struct slice label;
	uint32_t line;
};

/* A statement that is none, with its line. */
struct mermaid_fault {
	const char *expected;
	struct slice found;
	uint32_t line;
};

struct mermaid {
	struct arena *arena;
	VECTOR(struct mermaid_node) nodes;
	VECTOR(struct mermaid_edge) edges;
	VECTOR(struct mermaid_fault) faults;
	struct index index; /* of nodes by id */
};

/* Whether the text is a flowchart: begins with graph or flowchart. */
bool mermaid_is_flowchart(struct slice source);
/*
 * Reads a flowchart whose first line is 'line' of its file. Statements that
 * are not understood are faults and the rest is read. ACTAS_ENOMEM;
 * ACTAS_ELIMIT past LIMIT_PAGE_EDGES. Release it in every case.
 */
enum actas_error mermaid_read(struct mermaid *m, struct arena *arena,
    struct slice source, uint32_t line) ACTAS_MUST_USE;
void mermaid_release(struct mermaid *m);

#endif
