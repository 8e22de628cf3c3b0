#include "audit_test.h"

#include <dirent.h>
#include <fcntl.h>

int
world_begin(void **state)
{
	struct world *w = mem_zero(1, sizeof *w);

	assert_non_null(w);
	snprintf(w->folder, sizeof w->folder, "/tmp/actas-audit-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	snprintf(w->path, sizeof w->path, "%s/" AUDIT_TODAY, w->folder);
	w->now = AUDIT_NOON;
	*state = w;
	return 0;
}

int
world_end(void **state)
{
	struct world *w = *state;
	DIR *folder;
	const struct dirent *entry;

	world_close(w);
	folder = opendir(w->folder);
	while (folder != NULL && (entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder != NULL)
		closedir(folder);
	rmdir(w->folder);
	buffer_release(&w->told);
	mem_free(w);
	return 0;
}

static void
hear(void *context, const char *line)
{
	struct world *w = context;

	buffer_addf(&w->told, "%s\n", line);
}

void
world_open(struct world *w)
{
	struct fault fault = {0};

	if (audit_open(w->folder, clock_fixed(&w->now), hear, w, &w->audit,
		&fault) != ACTAS_OK)
		fail_msg("%s: %s", fault.file, fault.message);
}

void
world_close(struct world *w)
{
	audit_close(w->audit);
	w->audit = NULL;
}

void
world_open_fails(struct world *w, enum actas_error error, const char *message)
{
	struct fault fault = {0};

	assert_int_equal(audit_open(w->folder, clock_fixed(&w->now), hear, w,
			     &w->audit, &fault),
	    error);
	assert_null(w->audit);
	assert_int_equal(fault.error, error);
	if (strstr(fault.message, message) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", fault.message, message);
}

enum actas_error
world_put(struct world *w, unsigned number)
{
	char request[GUID_TEXT_LENGTH + 1], resource[64];
	struct audit_line line = {
	    .kind = AUDIT_ALLOWED,
	    .at = w->now,
	    .operation = SLICE("SecretGet"),
	    .status = 200,
	    .revision = number,
	};

	snprintf(
	    request, sizeof request, "00000000-0000-4000-8000-%012u", number);
	snprintf(resource, sizeof resource,
	    "/subscriptions/s/vaults/KV-%u/secrets/a", number);
	line.request = slice_of(request);
	line.resource = slice_of(resource);
	return audit_write(w->audit, &line);
}

void
world_puts(struct world *w, unsigned from, unsigned to)
{
	for (unsigned i = from; i <= to; i++)
		assert_int_equal(world_put(w, i), ACTAS_OK);
}

static void
path_of(struct world *w, const char *name, char path[static 128])
{
	snprintf(path, 128, "%s/%s", w->folder, name);
}

struct buffer
world_read(struct world *w, const char *name)
{
	struct buffer content = {0};
	struct reader r;
	char path[128];

	path_of(w, name, path);
	assert_int_equal(reader_open(&r, path, NULL), ACTAS_OK);
	assert_int_equal(reader_all(&r, &content, 1 << 24, NULL), ACTAS_OK);
	reader_close(&r);
	return content;
}

void
world_write(struct world *w, const char *name, struct slice content)
{
	char path[128];
	int fd;

	path_of(w, name, path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(
	    write(fd, content.at, content.length), (ssize_t)content.length);
	close(fd);
}

void
world_remove(struct world *w, const char *name)
{
	char path[128];

	path_of(w, name, path);
	assert_int_equal(unlink(path), 0);
}

void
world_expect_sound(struct world *w, uint64_t expected)
{
	struct fault fault = {0};
	uint64_t lines;

	if (audit_verify(w->folder, SLICE(""), &lines, &fault) != ACTAS_OK)
		fail_msg("%s:%u: %s", fault.file, fault.line, fault.message);
	assert_int_equal(lines, expected);
}

void
world_expect_broken(
    struct world *w, const char *name, uint32_t line, const char *message)
{
	struct fault fault = {0};
	uint64_t lines;

	assert_int_equal(
	    audit_verify(w->folder, SLICE(""), &lines, &fault), ACTAS_EPARSE);
	if (strstr(fault.message, message) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", fault.message, message);
	if (!slice_ends(slice_of(fault.file), slice_of(name)))
		fail_msg("%s is not %s", fault.file, name);
	assert_int_equal(fault.line, line);
}

void
world_expect_told(struct world *w, const char *text, unsigned times)
{
	struct slice rest = buffer_slice(&w->told);
	unsigned found = 0;
	size_t at;

	while ((at = slice_find(rest, slice_of(text))) != SIZE_MAX) {
		found++;
		rest = slice_from(rest, at + 1);
	}
	if (found != times)
		fail_msg("\"%s\" was told %u times, not %u:\n%s", text, found,
		    times, buffer_text(&w->told));
}
