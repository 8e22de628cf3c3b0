#ifndef BASE_MOMENT_H
#define BASE_MOMENT_H

#include "base/slice.h"

/* Seconds since 1970-01-01T00:00:00Z. */
typedef int64_t moment;

/* "Nobody said when." */
#define MOMENT_UNKNOWN INT64_MIN
#define MOMENT_DAY     ((moment)86400)

/*
 * Reads "2026-11-21", "2026-11-21T18:17:39Z", fractions of a second (dropped)
 * and offsets such as +01:00; a blank may stand for the T. A date alone is its
 * first second in UTC. Years 1 to 9999. False on anything else.
 */
bool moment_parse(struct slice text, moment *when);

#define MOMENT_TEXT_LENGTH 20
/* Writes "2026-11-21T18:17:39Z" and a NUL. */
void moment_format(moment when, char text[static MOMENT_TEXT_LENGTH + 1]);
/* Writes "2026-11-21" and a NUL. */
void moment_format_date(moment when, char text[static MOMENT_TEXT_LENGTH + 1]);

/* The seam through which time comes in. */
struct clock {
	moment (*now)(void *context);
	void *context;
};

struct clock clock_system(void);
/* A clock that stands still; '*when' must outlive it. */
struct clock clock_fixed(moment *when);

#endif
