#include "base/moment.h"

#include "base/error.h"

#include <stdio.h>
#include <time.h>

/* What a date is read from and written for. */
#define YEAR_1     (-(moment)62135596800)
#define YEAR_10000 ((moment)253402300800)

struct civil {
	int64_t year, month, day, hour, minute, second, offset_minutes;
};

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar,
 * counting years from March so that the leap day comes last. */
static int64_t
days_from_civil(int64_t year, int64_t month, int64_t day)
{
	int64_t shifted = month <= 2 ? year - 1 : year;
	int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
	int64_t of_era = shifted - era * 400;
	int64_t of_year =
	    (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;

	return era * 146097 + day_of_era - 719468;
}

static bool
digits(struct slice *text, size_t n, int64_t *value)
{
	uint64_t number;

	if (text->length < n || !slice_u64(slice_sub(*text, 0, n), &number))
		return false;
	*value = (int64_t)number;
	*text = slice_from(*text, n);
	return true;
}

static bool
literal(struct slice *text, const char *any_of)
{
	if (text->length == 0 || text->at[0] == '\0' ||
	    strchr(any_of, text->at[0]) == NULL)
		return false;
	*text = slice_from(*text, 1);
	return true;
}

/* A point is followed by a digit at least; how many, each source decides. */
static bool
skip_fraction(struct slice *text)
{
	if (!literal(text, "."))
		return true;
	if (!literal(text, "0123456789"))
		return false;
	while (literal(text, "0123456789"))
		continue;
	return true;
}

static bool
parse_offset(struct slice *text, int64_t *minutes)
{
	int64_t hours, rest;
	bool west;

	*minutes = 0;
	if (text->length == 0 || literal(text, "zZ"))
		return true;
	west = text->at[0] == '-';
	if (!literal(text, "+-") || !digits(text, 2, &hours))
		return false;
	literal(text, ":");
	if (!digits(text, 2, &rest) || hours > 14 || rest > 59)
		return false;
	*minutes = (hours * 60 + rest) * (west ? -1 : 1);
	return true;
}

static bool
parse_time(struct slice *text, struct civil *c)
{
	if (!literal(text, "tT ") || !digits(text, 2, &c->hour) ||
	    !literal(text, ":") || !digits(text, 2, &c->minute))
		return false;
	if (literal(text, ":") && !digits(text, 2, &c->second))
		return false;
	return skip_fraction(text) && parse_offset(text, &c->offset_minutes);
}

static int64_t
days_in_month(int64_t year, int64_t month)
{
	static const uint8_t days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool
in_range(const struct civil *c)
{
	return c->year >= 1 && c->month >= 1 && c->month <= 12 && c->day >= 1 &&
	    c->day <= days_in_month(c->year, c->month) && c->hour <= 23 &&
	    c->minute <= 59 && c->second <= 60;
}

bool
moment_parse(struct slice text, moment *when)
{
	struct civil c = {0};
	moment at;

	*when = MOMENT_UNKNOWN;
	if (!digits(&text, 4, &c.year) || !literal(&text, "-") ||
	    !digits(&text, 2, &c.month) || !literal(&text, "-") ||
	    !digits(&text, 2, &c.day))
		return false;
	if (text.length > 0 && !parse_time(&text, &c))
		return false;
	if (text.length > 0 || !in_range(&c))
		return false;
	at = days_from_civil(c.year, c.month, c.day) * MOMENT_DAY +
	    c.hour * 3600 + (c.minute - c.offset_minutes) * 60 + c.second;
	if (at < YEAR_1 || at >= YEAR_10000)
		return false;
	*when = at;
	return true;
}

enum { DATE_LENGTH = 10 };

/* Writes the date, or "unknown" and returns false. strftime does not fill
 * years before 1000 up with zeros. */
static bool
format_date(moment when, struct tm *parts, char *text)
{
	time_t seconds = (time_t)when;

	if (when < YEAR_1 || when >= YEAR_10000 ||
	    gmtime_r(&seconds, parts) == NULL) {
		snprintf(text, MOMENT_TEXT_LENGTH + 1, "unknown");
		return false;
	}
	snprintf(text, DATE_LENGTH + 1, "%04u-%02u-%02u",
	    (unsigned)(parts->tm_year + 1900) % 10000u,
	    (unsigned)(parts->tm_mon + 1) % 100u,
	    (unsigned)parts->tm_mday % 100u);
	return true;
}

void
moment_format(moment when, char text[static MOMENT_TEXT_LENGTH + 1])
{
	struct tm parts;

	if (format_date(when, &parts, text))
		strftime(text + DATE_LENGTH,
		    MOMENT_TEXT_LENGTH + 1 - DATE_LENGTH, "T%H:%M:%SZ", &parts);
}

void
moment_format_date(moment when, char text[static MOMENT_TEXT_LENGTH + 1])
{
	struct tm parts;

	format_date(when, &parts, text);
}

static moment
system_now(void *context ACTAS_UNUSED)
{
	return (moment)time(NULL);
}

struct clock
clock_system(void)
{
	return (struct clock){system_now, NULL};
}

static moment
fixed_now(void *context)
{
	const moment *when = context;

	return *when;
}

struct clock
clock_fixed(moment *when)
{
	return (struct clock){fixed_now, when};
}
