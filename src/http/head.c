/*
 * libmicrohttpd 0.9 forgives what a server must not, or only may, forgive: a
 * bare line feed as the end of a line, a header that goes on in the next line
 * (which it glues to the header's name), and NUL bytes, which hide the rest
 * of a target or value. A proxy in front of the server could read such a head
 * as another request. The library keeps no trace of it in what it hands over,
 * but the head itself still lies where it was read: from the method on, each
 * separator overwritten by NUL. A line that ended with CR LF is followed by
 * two of them, one that ended with LF alone by one.
 *
 *	GET\0/a?b\0HTTP/1.1\0\0Host\0 localhost\0\0\0\0
 */
#include "http/server_private.h"

/* Length of the text at 'at', which ends with NUL before 'end'. */
static size_t
text_length(const char *at, const char *end)
{
	const char *nul =
	    at < end ? memchr(at, '\0', (size_t)(end - at)) : NULL;

	return nul == NULL ? (size_t)(end - at) : (size_t)(nul - at);
}

static bool
ends_line(const char *at, const char *end)
{
	return end - at >= 2 && at[0] == '\0' && at[1] == '\0';
}

bool
head_is_strict(
    const char *method, const char *version, size_t bytes, size_t target_length)
{
	const char *end = method + bytes, *at = version;
	size_t name;

	/* A NUL in the target, or more than one blank around it, shows as a
	 * distance that the target does not fill. */
	if (version < method || version >= end ||
	    (size_t)(version - method) !=
		text_length(method, end) + 1 + target_length + 1)
		return false;
	for (;;) {
		at += text_length(at, end);
		if (!ends_line(at, end))
			return false;
		at += 2;
		if (ends_line(at, end))
			return end - at == 2;
		name = text_length(at, end);
		if (name == 0 || *at == ' ' || *at == '\t')
			return false;
		at += name;
		if (at < end)
			at++;
	}
}
