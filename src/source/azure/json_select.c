#include "source/azure/json_select.h"

#include "source/azure/json_plain.h"

/*
 * Nine tenths of the time of reading a list of role assignments would go into
 * parsing dates, authors and ids that nobody asks for. A member is left out
 * where that cannot change whether the rest is JSON:
 *
 *	"key": "value",  or  "key": null,
 *
 * behind '{' or ',' and in front of a further '"', key and value being plain
 * (printable ASCII, no escapes), so that there is nothing in them that a
 * parser would refuse. All else stays as it is, broken or not, for the parser
 * to judge. A key that is left out may stand twice: nobody reads it.
 */

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static const char *
skip_space(const char *at, const char *end)
{
	while (at < end && is_space(*at))
		at++;
	return at;
}

/* Behind a plain string, or NULL where there is none. */
static const char *
plain_string(const char *at, const char *end)
{
	if (at == end || *at != '"')
		return NULL;
	for (at++; at < end && *at != '"'; at++)
		if (*at < ' ' || *at > '~' || *at == '\\')
			return NULL;
	return at < end ? at + 1 : NULL;
}

static const char *
plain_value(const char *at, const char *end)
{
	if (end - at >= 4 && memcmp(at, "null", 4) == 0)
		return at + 4;
	return plain_string(at, end);
}

/* Behind the comma of a member that can be left out, else NULL. */
static const char *
skip_member(const char *at, const char *end, const char *wanted)
{
	const char *key = skip_space(at, end), *next;

	next = plain_string(key, end);
	if (next == NULL ||
	    json_is_wanted(
		(struct slice){key + 1, (size_t)(next - key) - 2}, wanted))
		return NULL;
	next = skip_space(next, end);
	if (next == end || *next != ':')
		return NULL;
	next = plain_value(skip_space(next + 1, end), end);
	if (next == NULL)
		return NULL;
	next = skip_space(next, end);
	if (next == end || *next != ',')
		return NULL;
	key = skip_space(next + 1, end);
	return key < end && *key == '"' ? next + 1 : NULL;
}

static const char *
string_end(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		at += *at == '\\';
	return at < end ? at + 1 : end;
}

void
json_select(struct slice text, const char *wanted, struct buffer *out)
{
	const char *at = text.at, *from = at, *end, *next;

	if (text.length == 0)
		return;
	end = at + text.length;
	while (at < end) {
		if (*at == '"') {
			at = string_end(at, end);
			continue;
		}
		if (*at++ != '{' && at[-1] != ',')
			continue;
		next = skip_member(at, end, wanted);
		if (next == NULL)
			continue;
		buffer_add(out, (struct slice){from, (size_t)(at - from)});
		do
			at = next;
		while ((next = skip_member(at, end, wanted)) != NULL);
		from = at;
	}
	buffer_add(out, (struct slice){from, (size_t)(end - from)});
}
