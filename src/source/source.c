#include "source/source.h"

#include <errno.h>
#include <sys/stat.h>

enum form { PAGE, JSON, UNSAID_FORM };

static enum form
form_named(const char *path)
{
	struct slice name = slice_of(path);

	if (slice_ends_case(name, SLICE(".md")) ||
	    slice_ends_case(name, SLICE(".markdown")))
		return PAGE;
	return slice_ends_case(name, SLICE(".json")) ? JSON : UNSAID_FORM;
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 && stat(path, &st) == 0 &&
	    S_ISDIR(st.st_mode);
}

/*
 * A reader that gives back what was read to look at the first bytes, then the
 * rest. Made for a pipe, which cannot be read twice.
 */
struct peeked {
	struct reader reader;
	struct reader *behind;
	char bytes[4096];
	size_t from, count;
};

static enum actas_error
peeked_read(struct reader *r, void *into, size_t size, size_t *got)
{
	struct peeked *p = (struct peeked *)r;
	size_t n = p->count - p->from;

	if (n == 0)
		return p->behind->read(p->behind, into, size, got);
	if (n > size)
		n = size;
	memcpy(into, p->bytes + p->from, n);
	p->from += n;
	*got = n;
	return ACTAS_OK;
}

/* Reads on until something that is no white space was seen. */
static enum actas_error
peek(struct peeked *p, char *first)
{
	size_t got = 1;

	*first = '\0';
	while (p->count < sizeof p->bytes && got > 0) {
		enum actas_error error = p->behind->read(p->behind,
		    p->bytes + p->count, sizeof p->bytes - p->count, &got);
		struct slice seen = {p->bytes, p->count + got};

		if (error != ACTAS_OK)
			return error;
		p->count += got;
		if (slice_starts(seen, SLICE("\xef\xbb\xbf")))
			seen = slice_from(seen, 3);
		seen = slice_trim(seen);
		if (seen.length == 0)
			continue;
		*first = seen.at[0];
		break;
	}
	return ACTAS_OK;
}

static enum actas_error
read_stream(
    struct builder *b, struct reader *from, enum form form, struct fault *fault)
{
	struct peeked p = {.reader = {.read = peeked_read, .name = from->name},
	    .behind = from};
	char first;

	if (form == PAGE)
		return source_read_page(b, from, fault);
	if (form == JSON)
		return source_read_json(b, from, SLICE(""), fault);
	if (peek(&p, &first) != ACTAS_OK)
		return fault_set(fault, ACTAS_EIO, from->name, 0,
		    "cannot be read: %s", strerror(errno));
	if (first == '{' || first == '[')
		return source_read_json(b, &p.reader, SLICE(""), fault);
	return source_read_page(b, &p.reader, fault);
}

static enum actas_error
read_file(struct builder *b, const char *path, struct fault *fault)
{
	struct reader reader;
	enum actas_error error = reader_open(&reader, path, fault);

	if (error != ACTAS_OK)
		return error;
	error = read_stream(b, &reader, form_named(path), fault);
	reader_close(&reader);
	return error;
}

enum actas_error
source_load(const char *path, struct estate **estate, struct fault *fault)
{
	struct builder *b;
	enum actas_error error;

	*estate = NULL;
	b = builder_new(fault);
	if (b == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	error = is_folder(path) ? source_read_folder(b, path, fault)
				: read_file(b, path, fault);
	if (error != ACTAS_OK) {
		builder_free(b);
		return error;
	}
	error = builder_finish(b, estate);
	return error == ACTAS_OK ? ACTAS_OK : fault_plain(fault, error);
}
