#ifndef ESTATE_SCOPE_PATH_H
#define ESTATE_SCOPE_PATH_H

/* A walk down a path of Azure Resource Manager, scope by scope. */

#include "estate/private.h"

enum { SCOPE_TYPE_BYTES = 512 };

struct scope_path {
	struct slice rest;
	bool is_path; /* so far; false ends the walk */
	/* The scope at hand. */
	bool arrived, with_type;
	enum scope_kind kind;
	struct slice segment;
	char type[SCOPE_TYPE_BYTES]; /* of the resource, "" above resources */
	size_t type_length;
};

void scope_path_start(struct scope_path *w, struct slice path);
/* The next scope below; false at the end, and where the text is no path. */
bool scope_path_next(struct scope_path *w);
/* Its type text; lives until the next step. */
struct slice scope_path_type(const struct scope_path *w);

#endif
