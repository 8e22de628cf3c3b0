#ifndef API_KEYVAULT_VERSIONS_H
#define API_KEYVAULT_VERSIONS_H

/*
 * What stands in the address of a request to a vault: which edition of the
 * interface it speaks, which secret it names, how large a page it wants.
 */

#include "http/exchange.h"

enum {
	SECRET_NAME_MOST = 127,
	SECRET_VERSION_LENGTH = 32,
	VAULT_PAGE_MOST = 25
};

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
/* A version as it is written: 32 hexadecimal digits. */
bool secret_version_is_sound(struct slice version);

/* The parameter maxresults: absent is VAULT_PAGE_MOST; false where it is not
 * a number from 1 to that. */
bool page_size_read(const struct exchange *x, uint32_t *size);

#endif
