#ifndef TESTS_VIEW_FACTS_H
#define TESTS_VIEW_FACTS_H

#include "estate/estate.h"

/* That both have the same assignments, memberships, groups of everybody and
 * listed principals, and scopes, whatever their numbers are. 'a' was revised,
 * 'b' made anew; 'after' is what happened. */
void expect_same_facts(
    const struct estate *a, const struct estate *b, const char *after);

#endif
