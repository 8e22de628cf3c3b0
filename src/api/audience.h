#ifndef API_AUDIENCE_H
#define API_AUDIENCE_H

/*
 * One service has several names: a URI with and without a slash, an older
 * URI, the id of its application, and on this machine the server's own
 * address. A token bears the one that its client asked for; a service takes
 * all of its own.
 */

#include "api/api.h"

/* The service that bears this name; AUDIENCES where none does. The server's
 * own addresses, of whatever port, are AUDIENCE_ACTAS. */
enum audience audience_of(const struct api *api, struct slice resource);
/* Whether a service takes tokens for this name. A token for the server's own
 * address is taken by all its services: clients that were told one address
 * for everything have no other name. */
bool audience_takes(
    const struct api *api, enum audience service, struct slice resource);
/* The id of the service's application: what v2.0 tokens name. */
const char *audience_app_id(enum audience service);

#endif
