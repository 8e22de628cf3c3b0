#ifndef API_KEYVAULT_VERSIONS_H
#define API_KEYVAULT_VERSIONS_H

/*
 * What stands in the address of a request to a vault: which edition of the
 * interface it speaks, and which secret it names.
 */

#include "base/base.h"

enum { SECRET_NAME_MOST = 127, SECRET_VERSION_LENGTH = 32 };

/* An edition of the interface (facts 2.2). */
struct edition {
	const char *name;
	bool tells_days;     /* attributes.recoverableDays, since 7.1 */
	bool tells_previous; /* previousVersion, since 2025-06-01-preview */
};

/* NULL for one that the service does not know either. */
const struct edition *edition_find(struct slice name);
/* The newest that is no preview. */
const char *edition_newest(void);

/* ^[0-9a-zA-Z-]{1,127}$ */
bool secret_name_is_sound(struct slice name);

#endif
