#include "source/azure/azure_field.h"

/*
 * A request tells what its answer is about: whose members these are, which
 * workspace's roles. Patterns are held against its tail, so that it does not
 * matter how much of the host and the version stands in front. Pages of one
 * answer may be called "members.2", "members/2" or "members?$skiptoken=…".
 */

enum { MOST_SEGMENTS = 64 };

static void
add_decoded(struct buffer *to, struct slice segment)
{
	int high, low;

	for (size_t i = 0; i < segment.length; i++) {
		high = low = -1;
		if (segment.at[i] == '%' && i + 2 < segment.length) {
			high = ascii_hex_digit(segment.at[i + 1]);
			low = ascii_hex_digit(segment.at[i + 2]);
		}
		/* A decoded slash or NUL would make another path. */
		if (low < 0 || high < 0 || high * 16 + low < ' ' ||
		    high * 16 + low == '/') {
			buffer_putc(to, segment.at[i]);
		} else {
			buffer_putc(to, (char)(high * 16 + low));
			i += 2;
		}
	}
}

static bool
is_number(struct slice s)
{
	uint64_t value;

	return s.length > 0 && s.length <= 9 && slice_u64(s, &value);
}

/* Without a last ".2" or "/2". */
static struct slice
without_page(struct slice path)
{
	size_t at = path.length;

	while (at > 0 && path.at[at - 1] != '.' && path.at[at - 1] != '/')
		at--;
	if (at > 1 && is_number(slice_from(path, at)))
		return slice_sub(path, 0, at - 1);
	return path;
}

enum actas_error
azure_request_parse(struct azure_request *r, struct slice request)
{
	size_t query = slice_find(request, SLICE("?"));
	struct slice rest, segment;

	buffer_clear(&r->text);
	buffer_clear(&r->as_written);
	r->capture_count = 0;
	rest = without_page(slice_sub(request, 0, query));
	while (slice_cut(&rest, '/', &segment)) {
		if (segment.length == 0 || slice_eq(segment, SLICE(".")))
			continue;
		if (r->as_written.length > 0)
			buffer_putc(&r->as_written, '/');
		add_decoded(&r->as_written, segment);
	}
	rest = buffer_slice(&r->as_written);
	for (size_t i = 0; i < rest.length; i++)
		buffer_putc(&r->text, ascii_lower(rest.at[i]));
	return r->text.error != ACTAS_OK ? r->text.error : r->as_written.error;
}

void
azure_request_release(struct azure_request *r)
{
	buffer_release(&r->text);
	buffer_release(&r->as_written);
}

/* Takes the last segment off. */
static bool
cut_last(struct slice *path, struct slice *segment)
{
	size_t at = path->length;

	if (path->length == 0)
		return false;
	while (at > 0 && path->at[at - 1] != '/')
		at--;
	*segment = slice_from(*path, at);
	*path = slice_sub(*path, 0, at > 0 ? at - 1 : 0);
	return true;
}

/* "applications" of "applications(appId='…')": Graph's other way to name a
 * thing by a key stands for two segments. */
static bool
cut_key(struct slice *path, struct slice *segment)
{
	struct slice last, rest = *path;
	size_t open;

	if (!cut_last(&rest, &last) || !slice_ends(last, SLICE("')")))
		return false;
	open = slice_find(last, SLICE("(appid='"));
	if (open == SIZE_MAX)
		return false;
	*segment = slice_from(last, open);
	*path = slice_sub(*path, 0, path->length - segment->length);
	return true;
}

bool
azure_request_matches(struct azure_request *r, const char *pattern)
{
	struct slice path = buffer_slice(&r->text), wanted = slice_of(pattern);
	struct slice segment, part, found[AZURE_CAPTURES];
	uint32_t count = 0;

	while (cut_last(&wanted, &part)) {
		bool any = slice_eq(part, SLICE("*"));

		if (!(any && cut_key(&path, &segment)) &&
		    !cut_last(&path, &segment))
			return false;
		if (!any && !slice_eq_case(part, segment))
			return false;
		if (any && count < AZURE_CAPTURES)
			found[count++] = segment;
	}
	r->capture_count = count;
	for (uint32_t i = 0; i < count; i++)
		r->captures[i] = slice_sub(buffer_slice(&r->as_written),
		    (size_t)(found[count - 1 - i].at - r->text.at),
		    found[count - 1 - i].length);
	return true;
}

struct guid
azure_captured(struct azure *az, uint32_t capture)
{
	struct slice text = capture < az->request.capture_count
	    ? az->request.captures[capture]
	    : SLICE("");
	struct guid id = {0};

	if (slice_starts(text, SLICE("(")) && text.length > 10)
		text = slice_sub(text, strlen("(appid='"),
		    text.length - strlen("(appid='')"));
	if (!guid_parse(text, &id) || guid_is_nil(id))
		azure_refuse(az, 0,
		    "the path names \"%.*s\" where %s is "
		    "looked for: expected a GUID, as in %s",
		    SLICE_ARGS(slice_sub(text, 0, 60)), az->shape->what,
		    az->shape->request == NULL ? "the request"
					       : az->shape->request);
	return id;
}
