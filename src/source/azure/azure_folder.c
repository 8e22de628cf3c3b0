#include "source/azure/azure.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A folder whose paths mirror hosts and request paths. All names are
 * collected first and read in the order of their bytes, so that what is read
 * does not depend on the file system. Names that begin with a dot and files
 * that do not end in ".json" are none of ours; a symbolic link is told and
 * not followed, since it may lead anywhere.
 */

struct walk {
	struct azure *az;
	const char *root;
	struct arena arena;
	VECTOR(const char *) files; /* relative to the root */
	enum actas_error error;
};

static bool
wrong(struct walk *w, enum actas_error error)
{
	if (w->error == ACTAS_OK)
		w->error = fault_plain(w->az->fault, error);
	return false;
}

static const char *
joined(struct walk *w, const char *folder, const char *name)
{
	const char *path = folder[0] == '\0'
	    ? arena_text(&w->arena, slice_of(name))
	    : arena_printf(&w->arena, "%s/%s", folder, name);

	if (path == NULL)
		wrong(w, ACTAS_ENOMEM);
	return path;
}

static void
cannot_read(struct walk *w, const char *path)
{
	if (w->error == ACTAS_OK)
		w->error = fault_set(w->az->fault, ACTAS_EIO,
		    path[0] == '\0' ? w->root : path, 0, "cannot be read: %s",
		    strerror(errno));
}

static void
tell_link(struct walk *w, const char *path)
{
	const char *full = joined(w, w->root, path);

	if (full == NULL)
		return;
	builder_problem(w->az->b, PROBLEM_INCOMPLETE_SOURCE, slice_of(path),
	    builder_origin(w->az->b, full, 0), (struct origin){0},
	    "is a symbolic link, which is not followed: put the file itself "
	    "into the folder");
}

static void collect(
    struct walk *w, int descriptor, const char *folder, unsigned depth);

static void
enter(struct walk *w, int parent, const char *name, const char *path,
    unsigned depth)
{
	int descriptor;

	if (depth >= LIMIT_FOLDER_DEPTH) {
		if (w->error == ACTAS_OK)
			w->error =
			    fault_set(w->az->fault, ACTAS_ELIMIT, path, 0,
				"folders lie deeper than %u levels, the most "
				"that is read",
				LIMIT_FOLDER_DEPTH);
		return;
	}
	descriptor = openat(
	    parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (descriptor < 0)
		cannot_read(w, path);
	else
		collect(w, descriptor, path, depth);
}

static void
add_file(struct walk *w, const char *path)
{
	enum actas_error error;

	if (!slice_ends_case(slice_of(path), SLICE(".json")))
		return;
	if (w->files.count >= LIMIT_FOLDER_FILES) {
		if (w->error == ACTAS_OK)
			w->error =
			    fault_set(w->az->fault, ACTAS_ELIMIT, w->root, 0,
				"holds more than %u files, the most "
				"that is read",
				LIMIT_FOLDER_FILES);
		return;
	}
	error = vector_push(&w->files, path);
	if (error != ACTAS_OK)
		wrong(w, error);
}

static void
visit(struct walk *w, int parent, const char *folder, const char *name,
    unsigned depth)
{
	const char *path = joined(w, folder, name);
	struct stat st;

	if (path == NULL)
		return;
	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		cannot_read(w, path);
	else if (S_ISDIR(st.st_mode))
		enter(w, parent, name, path, depth + 1);
	else if (S_ISLNK(st.st_mode))
		tell_link(w, path);
	else if (S_ISREG(st.st_mode))
		add_file(w, path);
}

/* Closes the descriptor. */
static void
collect(struct walk *w, int descriptor, const char *folder, unsigned depth)
{
	DIR *dir = fdopendir(descriptor);
	struct dirent *entry;

	if (dir == NULL) {
		cannot_read(w, folder);
		close(descriptor);
		return;
	}
	while (w->error == ACTAS_OK) {
		errno = 0;
		entry = readdir(dir);
		if (entry == NULL && errno != 0)
			cannot_read(w, folder);
		if (entry == NULL)
			break;
		if (entry->d_name[0] != '.')
			visit(w, dirfd(dir), folder, entry->d_name, depth);
	}
	closedir(dir);
}

static int
by_name(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

static void
read_file(struct walk *w, const char *path)
{
	const char *full = joined(w, w->root, path);
	size_t length = strlen(path) - strlen(".json");
	struct reader reader;

	if (full == NULL)
		return;
	w->error = reader_open(&reader, full, w->az->fault);
	if (w->error != ACTAS_OK)
		return;
	w->error = azure_read(w->az, &reader, (struct slice){path, length});
	reader_close(&reader);
}

enum actas_error
source_read_folder(struct builder *b, const char *path, struct fault *fault)
{
	struct azure az;
	struct walk w = {.az = &az, .root = path};
	enum actas_error end;
	int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	azure_begin(&az, b, fault);
	az.in_folder = true;
	if (descriptor < 0)
		cannot_read(&w, "");
	else
		collect(&w, descriptor, "", 0);
	if (w.error == ACTAS_OK && w.files.count == 0)
		w.error = fault_set(fault, ACTAS_EPARSE, path, 0,
		    "holds no .json file: expected answers of Azure under "
		    "the paths of their requests");
	if (w.files.count > 0)
		qsort(w.files.at, w.files.count, sizeof *w.files.at, by_name);
	for (uint32_t i = 0; i < w.files.count && w.error == ACTAS_OK; i++)
		read_file(&w, w.files.at[i]);
	if (w.error != ACTAS_OK && az.error == ACTAS_OK)
		az.error = w.error;
	end = azure_end(&az);
	vector_release(&w.files);
	arena_release(&w.arena);
	return end;
}
