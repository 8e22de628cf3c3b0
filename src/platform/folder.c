#include "platform/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Between the name of a folder and what mkdtemp adds, while it is made. */
#define HALF_MADE ".init-"

enum { FOLDER_DEPTH = 4, RANDOM_LETTERS = 6 };

static enum actas_error
refused(const char *path, struct fault *fault, const char *what)
{
	return fault_set(fault, errno == ENOMEM ? ACTAS_ENOMEM : ACTAS_EIO,
	    path, 0, "%s: %s", what, strerror(errno));
}

/* --- whose it is --- */

enum actas_error
folder_check(const char *path, struct fault *fault)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return errno == ENOENT || errno == ENOTDIR
		    ? fault_set(fault, ACTAS_ENOTFOUND, path, 0,
			  "there is no such folder")
		    : refused(path, fault, "cannot be looked at");
	if (!S_ISDIR(st.st_mode))
		return fault_set(fault, ACTAS_EUSAGE, path, 0, "is no folder");
	if (st.st_uid != geteuid())
		return fault_set(fault, ACTAS_EUSAGE, path, 0,
		    "belongs to another user: a platform is run by the one "
		    "who made it");
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return fault_set(fault, ACTAS_EUSAGE, path, 0,
		    "others may write to this folder, and so could replace "
		    "the platform's files: chmod go-w %s",
		    path);
	return ACTAS_OK;
}

/* --- who works in it --- */

enum actas_error
folder_lock(const char *path, int *lock, struct fault *fault)
{
	*lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*lock < 0)
		return refused(path, fault, "cannot be opened");
	if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
		return ACTAS_OK;
	close(*lock);
	*lock = -1;
	if (errno != EWOULDBLOCK)
		return refused(path, fault, "cannot be locked");
	return fault_set(fault, ACTAS_EUSAGE, path, 0,
	    "another actas serves this folder already");
}

void
folder_unlock(int *lock)
{
	if (*lock >= 0)
		close(*lock);
	*lock = -1;
}

/* --- taking it away --- */

static void remove_below(int parent, const char *name, unsigned depth);

static void
empty_folder(int folder, unsigned depth)
{
	DIR *list = fdopendir(folder);
	struct dirent *entry;

	if (list == NULL) {
		close(folder);
		return;
	}
	while ((entry = readdir(list)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			remove_below(dirfd(list), entry->d_name, depth + 1);
	closedir(list);
}

/* As much of it as can be: nothing depends on it. */
static void
remove_below(int parent, const char *name, unsigned depth)
{
	int folder;

	if (unlinkat(parent, name, 0) == 0 || depth > FOLDER_DEPTH)
		return;
	folder = openat(
	    parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder >= 0)
		empty_folder(folder, depth);
	(void)unlinkat(parent, name, AT_REMOVEDIR);
}

/* --- making it --- */

/* The folder that 'path' lies in, and its name there. */
static char *
parent_of(const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	struct buffer parent = {0};

	*name = slash == NULL ? path : slash + 1;
	if (slash == NULL)
		buffer_puts(&parent, ".");
	else if (slash == path)
		buffer_puts(&parent, "/");
	else
		buffer_add(
		    &parent, (struct slice){path, (size_t)(slash - path)});
	if (parent.error != ACTAS_OK)
		buffer_release(&parent);
	return parent.at;
}

/* Those above it that are not there, for us alone. */
static enum actas_error
make_above(const char *path, struct fault *fault)
{
	const char *name;
	char *parent = parent_of(path, &name);
	enum actas_error error = ACTAS_OK;
	struct stat st;

	if (parent == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	if (stat(parent, &st) != 0 && errno == ENOENT) {
		error = make_above(parent, fault);
		if (error == ACTAS_OK && mkdir(parent, S_IRWXU) != 0 &&
		    errno != EEXIST)
			error = refused(parent, fault, "cannot be made");
	}
	mem_free(parent);
	return error;
}

/* What a platform begins with; the journal last. */
static const char *const first_files[] = {"master.key", "master.wrapped",
    "value.keys", "ca.pem", "ca.key", "server.pem", "server.key", "audit",
    "platform.db-lock", "platform.db"};

enum { FIRST_FILES = sizeof first_files / sizeof first_files[0] };

static bool
is_half_made(const char *name, struct slice front)
{
	struct slice rest = slice_of(name);

	return slice_starts(rest, front) &&
	    slice_starts(slice_from(rest, front.length), SLICE(HALF_MADE)) &&
	    rest.length == front.length + strlen(HALF_MADE) + RANDOM_LETTERS;
}

/* One of another process that died: nobody holds its lock. */
static bool
remove_if_dead(int parent, const char *name)
{
	int folder = openat(
	    parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	bool dead;

	if (folder < 0)
		return false;
	dead = fstat(folder, &st) == 0 && st.st_uid == geteuid() &&
	    flock(folder, LOCK_EX | LOCK_NB) == 0;
	if (dead)
		remove_below(parent, name, 0);
	close(folder);
	return dead;
}

/* Takes away what was left half made under the name; whether there was. */
static bool
remove_half_made(const char *folder, const char *name)
{
	DIR *list = opendir(folder);
	struct dirent *entry;
	bool any = false;

	while (list != NULL && (entry = readdir(list)) != NULL)
		if (is_half_made(entry->d_name, slice_of(name)))
			any |= remove_if_dead(dirfd(list), entry->d_name);
	if (list != NULL)
		closedir(list);
	return any;
}

/* --- what is there already --- */

static bool
is_empty(const char *path)
{
	DIR *list = opendir(path);
	struct dirent *entry;
	bool empty = list != NULL;

	while (list != NULL && (entry = readdir(list)) != NULL)
		empty &= strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0;
	if (list != NULL)
		closedir(list);
	return empty;
}

/* Files that were moved up before the journal was. */
static void
remove_first_files(const char *path)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0)
		return;
	if (faccessat(folder, "platform.db", F_OK, 0) != 0)
		for (size_t i = 0; i < FIRST_FILES; i++)
			remove_below(folder, first_files[i], FOLDER_DEPTH);
	close(folder);
}

/* An empty folder of ours. */
static enum actas_error
check_free(const char *path, struct fault *fault)
{
	enum actas_error error = folder_check(path, fault);
	int folder;
	bool used;

	if (error != ACTAS_OK)
		return error;
	if (remove_half_made(path, ""))
		remove_first_files(path);
	if (is_empty(path))
		return ACTAS_OK;
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return refused(path, fault, "cannot be opened");
	used = faccessat(folder, "platform.db", F_OK, 0) == 0;
	close(folder);
	if (used)
		return fault_set(fault, ACTAS_EUSAGE, path, 0,
		    "there is a platform here already; actas serve %s runs it",
		    path);
	return fault_set(fault, ACTAS_EUSAGE, path, 0,
	    "is not empty: a platform needs a folder of its own");
}

/* The path without dots and slashes at its end, which have no name. */
static char *
full_name(const char *path, bool *exists)
{
	char resolved[PATH_MAX];
	struct buffer name = {0};
	struct slice text = slice_of(path);

	*exists = realpath(path, resolved) != NULL;
	if (*exists)
		text = slice_of(resolved);
	while (text.length > 1 && text.at[text.length - 1] == '/')
		text.length--;
	buffer_add(&name, text);
	if (name.error != ACTAS_OK)
		buffer_release(&name);
	return name.at;
}

/* --- making it --- */

static enum actas_error
make_half(struct new_folder *n, struct fault *fault)
{
	struct buffer half = {0};
	enum actas_error error;

	buffer_addf(
	    &half, "%s%s" HALF_MADE "XXXXXX", n->name, n->inside ? "/" : "");
	if (half.error != ACTAS_OK) {
		buffer_release(&half);
		return fault_plain(fault, ACTAS_ENOMEM);
	}
	if (mkdtemp(half.at) == NULL) {
		error = refused(n->name, fault, "cannot be made");
		buffer_release(&half);
		return error;
	}
	n->path = half.at;
	return folder_lock(n->path, &n->lock, fault);
}

static enum actas_error
clear_beside(const struct new_folder *n, struct fault *fault)
{
	enum actas_error error = make_above(n->name, fault);
	const char *name;
	char *parent = parent_of(n->name, &name);

	if (parent == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	(void)remove_half_made(parent, name);
	mem_free(parent);
	return error;
}

enum actas_error
new_folder_begin(struct new_folder *n, const char *path, struct fault *fault)
{
	enum actas_error error;

	*n = (struct new_folder){.lock = -1};
	if (path[0] == '\0')
		return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
		    "the name of the folder is empty");
	n->name = full_name(path, &n->inside);
	if (n->name == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	error = n->inside ? check_free(n->name, fault) : clear_beside(n, fault);
	return error == ACTAS_OK ? make_half(n, fault) : error;
}

static enum actas_error
sync_folder(const char *path, struct fault *fault)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum actas_error error = ACTAS_OK;

	if (folder < 0 || fsync(folder) != 0)
		error = refused(path, fault, "cannot be made durable");
	if (folder >= 0)
		close(folder);
	return error;
}

/* Durable before the journal comes, and after. */
static enum actas_error
move_up(const struct new_folder *n, struct fault *fault)
{
	int to = open(n->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum actas_error error = ACTAS_OK;

	if (to < 0)
		return refused(n->name, fault, "cannot be opened");
	if (fchmod(to, S_IRWXU) != 0)
		error = refused(n->name, fault, "cannot be made ours alone");
	for (size_t i = 0; i < FIRST_FILES && error == ACTAS_OK; i++) {
		if (i + 1 == FIRST_FILES && fsync(to) != 0)
			error =
			    refused(n->name, fault, "cannot be made durable");
		else if (renameat(n->lock, first_files[i], to,
			     first_files[i]) != 0 &&
		    errno != ENOENT)
			error = refused(n->name, fault, "cannot be filled");
	}
	close(to);
	if (error == ACTAS_OK && rmdir(n->path) != 0)
		error = refused(n->path, fault, "is not empty");
	return error == ACTAS_OK ? sync_folder(n->name, fault) : error;
}

static enum actas_error
give_name(const struct new_folder *n, struct fault *fault)
{
	const char *name;
	char *parent = parent_of(n->name, &name);
	enum actas_error error = ACTAS_OK;

	if (parent == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	if (rename(n->path, n->name) != 0)
		error = refused(n->name, fault, "cannot be made");
	else
		error = sync_folder(parent, fault);
	mem_free(parent);
	return error;
}

enum actas_error
new_folder_finish(struct new_folder *n, struct fault *fault)
{
	enum actas_error error = sync_folder(n->path, fault);

	if (error == ACTAS_OK)
		error = n->inside ? move_up(n, fault) : give_name(n, fault);
	if (error == ACTAS_OK) {
		mem_free(n->path);
		n->path = NULL;
	}
	return error;
}

void
new_folder_release(struct new_folder *n)
{
	if (n->path != NULL)
		remove_below(AT_FDCWD, n->path, 0);
	if (n->path != NULL && n->inside)
		remove_first_files(n->name);
	mem_free(n->path);
	mem_free(n->name);
	folder_unlock(&n->lock);
	*n = (struct new_folder){.lock = -1};
}
