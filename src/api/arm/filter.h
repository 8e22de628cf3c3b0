#ifndef API_ARM_FILTER_H
#define API_ARM_FILTER_H

/*
 * The $filter of the resource manager: clauses joined by "and", each of them
 * "name eq 'value'", "name()" or "name('value')". Names and words ignore
 * ASCII case, a quote in a value is doubled. What else OData knows, ARM
 * refuses here too.
 */

#include "base/base.h"

enum { ARM_CLAUSES_MOST = 8 };

struct arm_clause {
	struct slice name;
	struct slice value; /* empty for "name()" */
	bool is_call;       /* "name(…)" */
};

struct arm_filter {
	struct arm_clause at[ARM_CLAUSES_MOST];
	uint32_t count;
};

/* Blank text is a filter without clauses. ACTAS_EPARSE, ACTAS_ENOMEM. Values
 * lie in 'text' or in the arena. */
enum actas_error arm_filter_parse(struct arena *arena, struct slice text,
    struct arm_filter *filter) ACTAS_MUST_USE;
/* The clause of that name and form, or NULL. */
const struct arm_clause *arm_filter_find(
    const struct arm_filter *filter, const char *name, bool is_call);

#endif
