#ifndef TESTS_ESTATE_FACTS_H
#define TESTS_ESTATE_FACTS_H

/*
 * An estate as a sorted list of sentences, one a row of each table, in which
 * things are named by their ids, names and paths and not by numbers: two
 * estates say the same if their lists are equal. Left out is what no page can
 * say (docs/page.md): origins, claims and listings, problems, whether a scope
 * was declared or merely mentioned.
 */

#include "estate/estate.h"

/* Facts end with a line feed each. Release the buffer. */
void estate_facts(const struct estate *e, struct buffer *out);

#endif
