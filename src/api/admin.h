#ifndef API_ADMIN_H
#define API_ADMIN_H

/*
 * What the platform tells of itself, on any of its hosts (docs/json.md):
 *
 *	GET /actas/status
 *	GET /actas/estate[?revision=N | ?at=DATE]
 *	GET /actas/explain/{request id}
 *
 * A token of any audience is taken.
 */

#include "api/api.h"

/* False after it answered 401. */
bool admin_authenticate(struct exchange *x, struct caller *caller);

/* export.c: GET /actas/estate. */
void export_handle(struct exchange *x);

#endif
