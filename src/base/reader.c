#include "base/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static enum actas_error
file_read(struct reader *r, void *into, size_t size, size_t *got)
{
	ssize_t n;

	*got = 0;
	do
		n = read(r->descriptor, into, size);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return ACTAS_EIO;
	*got = (size_t)n;
	return ACTAS_OK;
}

static void
file_close(struct reader *r)
{
	if (r->descriptor != STDIN_FILENO)
		close(r->descriptor);
}

enum actas_error
reader_open(struct reader *r, const char *path, struct fault *fault)
{
	*r = (struct reader){
	    .read = file_read, .close = file_close, .name = path};
	if (strcmp(path, "-") == 0) {
		r->name = "standard input";
		r->descriptor = STDIN_FILENO;
		return ACTAS_OK;
	}
	r->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (r->descriptor < 0) {
		r->close = NULL;
		return fault_set(fault, ACTAS_EIO, path, 0,
		    "cannot be opened: %s", strerror(errno));
	}
	return ACTAS_OK;
}

static enum actas_error
memory_read(struct reader *r, void *into, size_t size, size_t *got)
{
	struct slice part = slice_sub(r->rest, 0, size);

	if (part.length > 0)
		memcpy(into, part.at, part.length);
	r->rest = slice_from(r->rest, part.length);
	*got = part.length;
	return ACTAS_OK;
}

static void
memory_close(struct reader *r)
{
	r->rest = SLICE("");
}

struct reader
reader_memory(const char *name, struct slice text)
{
	return (struct reader){.read = memory_read,
	    .close = memory_close,
	    .name = name,
	    .descriptor = -1,
	    .rest = text};
}

void
reader_close(struct reader *r)
{
	if (r->close != NULL)
		r->close(r);
	r->close = NULL;
}

enum actas_error
reader_all(
    struct reader *r, struct buffer *into, size_t ceiling, struct fault *fault)
{
	char piece[16 * 1024];
	size_t got;

	do {
		if (r->read(r, piece, sizeof piece, &got) != ACTAS_OK)
			return fault_set(fault, ACTAS_EIO, r->name, 0,
			    "cannot be read: %s", strerror(errno));
		if (into->length > ceiling || got > ceiling - into->length)
			return fault_set(fault, ACTAS_ELIMIT, r->name, 0,
			    "is larger than %zu bytes, the most that is read",
			    ceiling);
		buffer_add(into, (struct slice){piece, got});
	} while (got > 0 && into->error == ACTAS_OK);
	if (into->error == ACTAS_OK)
		return ACTAS_OK;
	return fault_set(
	    fault, into->error, r->name, 0, "%s", actas_strerror(into->error));
}
