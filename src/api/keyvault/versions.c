#include "api/keyvault/versions.h"

/* Oldest first. The service takes every one that it ever had. */
static const struct edition editions[] = {
    {"2015-06-01", false, false},
    {"2016-10-01", false, false},
    {"7.0-preview", false, false},
    {"7.0", false, false},
    {"7.1-preview", true, false},
    {"7.1", true, false},
    {"7.2-preview", true, false},
    {"7.2", true, false},
    {"7.3-preview", true, false},
    {"7.3", true, false},
    {"7.4-preview.1", true, false},
    {"7.4", true, false},
    {"7.5-preview.1", true, false},
    {"7.5", true, false},
    {"7.6-preview.1", true, false},
    {"7.6-preview.2", true, false},
    {"7.6", true, false},
    {"2025-06-01-preview", true, true},
    {"2025-07-01", true, true},
    {"2026-01-01-preview", true, true},
    {"2026-03-01-preview", true, true},
    {"2026-04-01", true, true},
    {"2026-05-01-preview", true, true},
    {"2026-07-01-preview", true, true},
};

enum { EDITIONS = sizeof editions / sizeof *editions };

const struct edition *
edition_find(struct slice name)
{
	for (size_t i = 0; i < EDITIONS; i++)
		if (slice_eq_case(name, slice_of(editions[i].name)))
			return &editions[i];
	return NULL;
}

const char *
edition_newest(void)
{
	size_t i = EDITIONS - 1;

	while (slice_find(slice_of(editions[i].name), SLICE("preview")) !=
	    SIZE_MAX)
		i--;
	return editions[i].name;
}

bool
secret_name_is_sound(struct slice name)
{
	for (size_t i = 0; i < name.length; i++) {
		char c = ascii_lower(name.at[i]);

		if (c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z'))
			return false;
	}
	return name.length > 0 && name.length <= SECRET_NAME_MOST;
}
