#ifndef API_ENTRA_TENANT_H
#define API_ENTRA_TENANT_H

/* The first part of a path: whose directory is asked. */

#include "api/api.h"

enum tenant {
	TENANT_OURS,    /* by id or domain */
	TENANT_ANY,     /* "common", "organizations" */
	TENANT_ADFS,    /* "adfs": its own paths, the same directory */
	TENANT_UNKNOWN, /* the id or domain of another */
	TENANT_NONSENSE /* neither id nor domain */
};

enum tenant tenant_read(struct platform *platform, struct slice text);
/* Finds out which; false after it answered that there is no such tenant. */
bool tenant_check(struct exchange *x, struct slice text, enum tenant *tenant);
/* What errors call the directory: its display name, or its id. In the
 * exchange's arena. */
struct slice tenant_name(struct exchange *x);
/* Its id as text, in the exchange's arena. */
const char *tenant_id(struct exchange *x);

#endif
