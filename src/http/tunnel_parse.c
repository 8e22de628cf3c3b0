#include "http/exchange_private.h"
#include "http/tunnel.h"

/* Takes the next line, which must end with CR LF and hold neither. */
static bool
take_line(struct slice *rest, struct slice *line)
{
	size_t end = slice_find(*rest, SLICE("\r\n"));

	if (end == SIZE_MAX)
		return false;
	*line = slice_sub(*rest, 0, end);
	*rest = slice_from(*rest, end + 2);
	for (size_t i = 0; i < line->length; i++)
		if (strchr("\r\n", line->at[i]) != NULL) /* or NUL */
			return false;
	return true;
}

static bool
is_header(struct slice line)
{
	struct slice value = line, name;

	return slice_cut(&value, ':', &name) && value.at != NULL &&
	    header_is_sound(name, value);
}

/* Exactly "METHOD target HTTP/1.x". */
static enum actas_error
read_request_line(struct slice line, struct slice *target)
{
	struct slice method, version;

	slice_cut(&line, ' ', &method);
	if (!slice_cut(&line, ' ', target) || line.at == NULL)
		return ACTAS_EPARSE;
	version = line;
	if (!header_is_sound(method, *target) ||
	    (!slice_eq(version, SLICE("HTTP/1.1")) &&
		!slice_eq(version, SLICE("HTTP/1.0"))))
		return ACTAS_EPARSE;
	return slice_eq(method, SLICE("CONNECT")) ? ACTAS_OK : ACTAS_EUSAGE;
}

enum actas_error
tunnel_parse(struct slice head, struct slice *host, uint16_t *port)
{
	struct slice line, target, name;
	enum actas_error e;

	*host = (struct slice){NULL, 0};
	*port = 0;
	if (!take_line(&head, &line))
		return ACTAS_EPARSE;
	e = read_request_line(line, &target);
	if (e != ACTAS_OK)
		return e;
	do {
		if (!take_line(&head, &line) ||
		    (line.length > 0 && !is_header(line)))
			return ACTAS_EPARSE;
	} while (line.length > 0);
	if (head.length > 0 || !authority_split(target, &name, port) ||
	    *port == 0)
		return ACTAS_EPARSE;
	*host = name;
	return ACTAS_OK;
}
