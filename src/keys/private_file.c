#include "keys/private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static enum actas_error
path_of(char path[static PATH_MAX], const char *folder, const char *name,
    const char *suffix, struct fault *fault)
{
	int n = snprintf(path, PATH_MAX, "%s/%s%s", folder, name, suffix);

	if (n > 0 && n < PATH_MAX)
		return ACTAS_OK;
	return fault_set(
	    fault, ACTAS_EUSAGE, NULL, 0, "the folder's path is too long");
}

static enum actas_error
refused(struct fault *fault, const char *path, const char *what)
{
	return fault_set(fault, errno == ENOENT ? ACTAS_ENOTFOUND : ACTAS_EIO,
	    path, 0, "cannot be %s: %s", what, strerror(errno));
}

bool
key_file_exists(const char *folder, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	return path_of(path, folder, name, "", NULL) == ACTAS_OK &&
	    lstat(path, &st) == 0;
}

static enum actas_error
check_private(const struct stat *st, const char *path, struct fault *fault)
{
	if (st->st_uid != geteuid())
		return fault_set(fault, ACTAS_EUSAGE, path, 0,
		    "belongs to user %u, and this process runs as %u: a key is "
		    "read by its owner only",
		    st->st_uid, geteuid());
	if ((st->st_mode & 077) != 0)
		return fault_set(fault, ACTAS_EUSAGE, path, 0,
		    "has mode %03o: others than its owner may use it; make it "
		    "600, and think of the key as known",
		    st->st_mode & 0777);
	return ACTAS_OK;
}

static enum actas_error
read_exactly(int fd, struct secret_bytes *into)
{
	size_t done = 0;

	while (done < into->length) {
		ssize_t n = read(fd, into->at + done, into->length - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = EBUSY; /* it shrank meanwhile */
		if (n <= 0)
			return ACTAS_EIO;
		done += (size_t)n;
	}
	return ACTAS_OK;
}

static enum actas_error
check_open(int fd, const char *path, bool private, struct stat *st,
    struct fault *fault)
{
	if (fstat(fd, st) != 0)
		return refused(fault, path, "looked at");
	if (!S_ISREG(st->st_mode))
		return fault_set(
		    fault, ACTAS_EUSAGE, path, 0, "is not a plain file");
	return private ? check_private(st, path, fault) : ACTAS_OK;
}

static enum actas_error
read_open(int fd, const char *path, bool private, struct secret_bytes *content,
    struct fault *fault)
{
	struct stat st;
	enum actas_error error = check_open(fd, path, private, &st, fault);

	if (error == ACTAS_OK && st.st_size > LIMIT_KEY_FILE_BYTES)
		error = fault_set(fault, ACTAS_ELIMIT, path, 0,
		    "is larger than %u bytes, the most that is read",
		    LIMIT_KEY_FILE_BYTES);
	if (error != ACTAS_OK)
		return error;
	error = secret_bytes_new((size_t)st.st_size, content);
	if (error != ACTAS_OK)
		return fault_plain(fault, error);
	if (read_exactly(fd, content) == ACTAS_OK)
		return ACTAS_OK;
	secret_bytes_release(content);
	return refused(fault, path, "read");
}

static enum actas_error
read_file(const char *folder, const char *name, bool private,
    struct secret_bytes *content, struct fault *fault)
{
	char path[PATH_MAX];
	enum actas_error error = path_of(path, folder, name, "", fault);
	int fd;

	*content = (struct secret_bytes){0};
	if (error != ACTAS_OK)
		return error;
	/* Not to wait for whoever writes to a pipe. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return refused(fault, path, "opened");
	error = read_open(fd, path, private, content, fault);
	close(fd);
	return error;
}

enum actas_error
key_file_read(const char *folder, const char *name,
    struct secret_bytes *content, struct fault *fault)
{
	return read_file(folder, name, true, content, fault);
}

enum actas_error
key_file_open(
    const char *folder, const char *name, int *fd, struct fault *fault)
{
	char path[PATH_MAX];
	enum actas_error error = path_of(path, folder, name, "", fault);
	struct stat st;

	*fd = -1;
	if (error != ACTAS_OK)
		return error;
	*fd =
	    open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
	if (*fd < 0)
		return refused(fault, path, "opened");
	error = check_open(*fd, path, true, &st, fault);
	if (error != ACTAS_OK) {
		close(*fd);
		*fd = -1;
	}
	return error;
}

enum actas_error
open_file_read(const char *folder, const char *name,
    struct secret_bytes *content, struct fault *fault)
{
	return read_file(folder, name, false, content, fault);
}

static bool
write_all(int fd, struct slice content)
{
	while (content.length > 0) {
		ssize_t n = write(fd, content.at, content.length);

		if (n < 0 && errno != EINTR)
			return false;
		content = slice_from(content, n < 0 ? 0 : (size_t)n);
	}
	return true;
}

static bool
sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool synced = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return synced;
}

/* Leaves no half a file behind. */
static enum actas_error
create(const char *path, mode_t mode, struct slice content, struct fault *fault)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	bool written;

	if (fd < 0)
		return fault_set(fault, ACTAS_EIO, path, 0,
		    "cannot be made: %s", strerror(errno));
	/* Whatever the process's mask took away or not. */
	written =
	    fchmod(fd, mode) == 0 && write_all(fd, content) && fsync(fd) == 0;
	written &= close(fd) == 0;
	if (written)
		return ACTAS_OK;
	fault_set(fault, ACTAS_EIO, path, 0, "cannot be written: %s",
	    strerror(errno));
	unlink(path);
	return ACTAS_EIO;
}

/* One step each: the file's name never stands for half a file. */
static bool
give_new_name(const char *fresh, const char *path)
{
	return link(fresh, path) == 0 && unlink(fresh) == 0;
}

static bool
take_old_name(const char *fresh, const char *path)
{
	return rename(fresh, path) == 0;
}

struct file {
	const char *folder, *name;
	mode_t mode;
	bool (*settle)(const char *fresh, const char *path);
};

static enum actas_error
put_file(const struct file *f, struct slice content, struct fault *fault)
{
	char path[PATH_MAX], fresh[PATH_MAX];
	enum actas_error error = path_of(path, f->folder, f->name, "", fault);

	if (error == ACTAS_OK)
		error = path_of(fresh, f->folder, f->name, ".new", fault);
	if (error != ACTAS_OK)
		return error;
	unlink(fresh); /* what a crash left */
	error = create(fresh, f->mode, content, fault);
	if (error != ACTAS_OK)
		return error;
	if (f->settle(fresh, path) && sync_folder(f->folder))
		return ACTAS_OK;
	fault_set(fault, ACTAS_EIO, path, 0, "cannot be written: %s",
	    strerror(errno));
	unlink(fresh);
	return ACTAS_EIO;
}

enum actas_error
key_file_create(const char *folder, const char *name, mode_t mode,
    struct slice content, struct fault *fault)
{
	struct file f = {folder, name, mode, give_new_name};

	return put_file(&f, content, fault);
}

enum actas_error
key_file_replace(const char *folder, const char *name, mode_t mode,
    struct slice content, struct fault *fault)
{
	struct file f = {folder, name, mode, take_old_name};

	return put_file(&f, content, fault);
}
