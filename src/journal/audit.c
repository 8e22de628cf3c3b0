/*
 * One mutex orders the writers. A line is one write(2) to a file that only
 * this process should write to; before it, one stat(2) shows whether the path
 * still leads to the file that is open, and whether that has the size that it
 * was given. What goes wrong is one of three:
 *
 *   refusing  the disk does not take it (full, I/O error): tried again with
 *             every line; what came through in part is cut off first
 *   unsynced  fdatasync failed: what was acknowledged may not be durable, so
 *             nothing more is until it succeeds; tried every second
 *   broken    somebody else's hand: stays until audit_reopen
 *
 * A thread brings what was written to the disk, a second after it began to
 * wait, and then moves the head on.
 */

#include "journal/audit_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { NOTE_BYTES = 512, SYNC_SECONDS = 1 };

/* The file that is written. */
struct audit_file {
	int fd; /* -1: none yet */
	struct audit_name name;
	char path[PATH_MAX];
	dev_t device;
	ino_t inode;
	uint64_t size; /* of its whole lines */
	bool is_torn;  /* more than that may be in it: half a line */
};

struct audit {
	char *folder;
	struct clock clock;
	void (*log)(void *context, const char *line);
	void *log_context;
	int head;
	pthread_t syncer;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	/* Under the lock: */
	struct audit_file file;
	struct audit_hash last;
	char note[NOTE_BYTES]; /* goes before the next line; "": nothing */
	bool is_refusing, is_unsynced, is_broken, is_waiting, is_stopping;
};

static void tell(struct audit *a, const char *format, ...) ACTAS_PRINTF(2, 3);

static void
tell(struct audit *a, const char *format, ...)
{
	char line[PATH_MAX + NOTE_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	if (a->log != NULL)
		a->log(a->log_context, line);
}

/* Adds a sentence to what the next line will follow. */
static void note(struct audit *a, const char *format, ...) ACTAS_PRINTF(2, 3);

static void
note(struct audit *a, const char *format, ...)
{
	size_t length = strlen(a->note);
	va_list args;

	if (length > 0 && length < NOTE_BYTES - 2)
		length += (size_t)snprintf(
		    a->note + length, NOTE_BYTES - length, "; ");
	va_start(args, format);
	vsnprintf(a->note + length, NOTE_BYTES - length, format, args);
	va_end(args);
	tell(a, "audit log %s: %s", a->folder, a->note + length);
}

static enum actas_error
refuse(struct audit *a, const char *what)
{
	if (!a->is_refusing)
		tell(a,
		    "audit log %s %s: %s; requests that it must tell of are "
		    "refused until it can be written",
		    a->folder, what, strerror(errno));
	a->is_refusing = true;
	return ACTAS_EIO;
}

static enum actas_error
break_off(struct audit *a, const struct audit_name *name, const char *how)
{
	a->is_broken = true;
	note(a, "%s %s under the running process", name->at, how);
	tell(a,
	    "audit log %s: requests that it must tell of are refused until an "
	    "administrator reopens it, or the server is started again",
	    a->folder);
	return ACTAS_EIO;
}

static enum actas_error
check_file(struct audit *a)
{
	const struct audit_file *f = &a->file;
	struct stat st;

	if (stat(f->path, &st) != 0)
		return errno == ENOENT || errno == ENOTDIR
		    ? break_off(a, &f->name, "was removed")
		    : refuse(a, "cannot be looked at");
	if (st.st_dev != f->device || st.st_ino != f->inode)
		return break_off(a, &f->name, "was replaced");
	if ((uint64_t)st.st_size < f->size)
		return break_off(a, &f->name, "was cut short");
	if ((uint64_t)st.st_size > f->size)
		return break_off(
		    a, &f->name, "was written to by somebody else");
	return ACTAS_OK;
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

static bool
know(struct audit_file *f)
{
	struct stat st;

	if (fstat(f->fd, &st) != 0)
		return false;
	f->device = st.st_dev;
	f->inode = st.st_ino;
	return true;
}

/* Only ever a file that was not there. */
static enum actas_error
begin_file(struct audit *a, struct audit_name name)
{
	struct audit_file f = {.fd = -1, .name = name};

	if (!audit_path(f.path, a->folder, &name)) {
		errno = ENAMETOOLONG;
		return refuse(a, "has no path for its file");
	}
	f.fd = open(f.path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC,
	    (mode_t)0600);
	if (f.fd < 0 && errno == EEXIST)
		return break_off(a, &name, "was made by somebody else");
	if (f.fd < 0)
		return refuse(a, "cannot make its file");
	/* The day before is complete before the new day has a line. */
	if (!know(&f) || !sync_folder(a->folder) ||
	    (a->file.fd >= 0 && fdatasync(a->file.fd) != 0)) {
		refuse(a, "cannot be synced");
		unlink(f.path);
		close(f.fd);
		return ACTAS_EIO;
	}
	if (a->file.fd >= 0)
		close(a->file.fd);
	a->file = f;
	return ACTAS_OK;
}

/* A clock that was put back does not put the log back. */
static enum actas_error
follow_day(struct audit *a)
{
	struct audit_name today =
	    audit_name_of_day(a->clock.now(a->clock.context));

	if (strcmp(today.at, a->file.name.at) <= 0)
		return ACTAS_OK;
	return begin_file(a, today);
}

static enum actas_error
mend(struct audit *a)
{
	if (!a->file.is_torn)
		return ACTAS_OK;
	if (ftruncate(a->file.fd, (off_t)a->file.size) != 0)
		return refuse(a, "cannot be cut to its last whole line");
	a->file.is_torn = false;
	return ACTAS_OK;
}

static enum actas_error
make_ready(struct audit *a)
{
	enum actas_error error = ACTAS_OK;

	if (a->is_broken || a->is_unsynced)
		return ACTAS_EIO;
	if (a->file.fd >= 0)
		error = mend(a);
	if (error == ACTAS_OK && a->file.fd >= 0)
		error = check_file(a);
	return error == ACTAS_OK ? follow_day(a) : error;
}

static void
wake_syncer(struct audit *a)
{
	if (a->is_waiting)
		return;
	a->is_waiting = true;
	pthread_cond_signal(&a->wake);
}

static enum actas_error
append(struct audit *a, struct slice line)
{
	ssize_t n;

	do
		n = write(a->file.fd, line.at, line.length);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)line.length) {
		a->file.size += line.length;
		return ACTAS_OK;
	}
	if (n >= 0)
		errno = ENOSPC; /* what else ends a write to a file early */
	a->file.is_torn = true;
	refuse(a, "cannot be written");
	(void)mend(a); /* else before the next line */
	return ACTAS_EIO;
}

static enum actas_error
put(struct audit *a, struct buffer *text)
{
	struct audit_hash hash;
	enum actas_error error = audit_line_end(text, &a->last, &hash);

	if (error == ACTAS_OK)
		error = append(a, buffer_slice(text));
	if (error != ACTAS_OK)
		return error;
	a->last = hash;
	wake_syncer(a);
	if (a->is_refusing)
		tell(a, "audit log %s is written again", a->folder);
	a->is_refusing = false;
	return ACTAS_OK;
}

/* What has to be told before anything else is. */
static enum actas_error
put_note(struct audit *a)
{
	struct audit_line line = {
	    .kind = AUDIT_LIFE,
	    .at = a->clock.now(a->clock.context),
	    .operation = SLICE("AuditRecovered"),
	    .detail = slice_of(a->note),
	};
	struct buffer text = {0};
	enum actas_error error;

	if (a->note[0] == '\0')
		return ACTAS_OK;
	audit_line_begin(&text, &line);
	error = put(a, &text);
	buffer_release(&text);
	if (error == ACTAS_OK)
		a->note[0] = '\0';
	return error;
}

enum actas_error
audit_ready(struct audit *a)
{
	enum actas_error error;

	pthread_mutex_lock(&a->lock);
	error = make_ready(a);
	pthread_mutex_unlock(&a->lock);
	return error;
}

enum actas_error
audit_write(struct audit *a, const struct audit_line *line)
{
	struct buffer text = {0};
	enum actas_error error;

	audit_line_begin(&text, line);
	pthread_mutex_lock(&a->lock);
	error = make_ready(a);
	if (error == ACTAS_OK)
		error = put_note(a);
	if (error == ACTAS_OK)
		error = put(a, &text);
	pthread_mutex_unlock(&a->lock);
	buffer_release(&text);
	return error;
}

/* Brings to the disk what was written until now. With the lock, which is let
 * go meanwhile. */
static void
sync_now(struct audit *a)
{
	struct audit_head head = {a->file.name, a->file.size, a->last};
	int fd = a->file.fd < 0 ? -1 : dup(a->file.fd);
	bool synced;

	a->is_waiting = false;
	pthread_mutex_unlock(&a->lock);
	synced = fd >= 0 && fdatasync(fd) == 0;
	if (fd >= 0)
		close(fd);
	pthread_mutex_lock(&a->lock);
	/* Behind the data: the head never tells of what is not there. Of a file
	 * without a line there is nothing to tell. */
	if (synced && a->head >= 0 && head.size > 0)
		(void)audit_head_write(a->head, &head);
	if (synced != a->is_unsynced)
		return;
	a->is_unsynced = !synced;
	tell(a,
	    synced
		? "audit log %s reaches the disk again"
		: "audit log %s cannot be brought to the disk; requests that "
		  "it must tell of are refused until it can",
	    a->folder);
}

static void
wait_a_while(struct audit *a)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += SYNC_SECONDS;
	while (!a->is_stopping &&
	    pthread_cond_timedwait(&a->wake, &a->lock, &until) == 0)
		continue;
}

static void *
sync_always(void *context)
{
	struct audit *a = context;

	pthread_mutex_lock(&a->lock);
	while (!a->is_stopping) {
		while (!a->is_stopping && !a->is_waiting && !a->is_unsynced)
			pthread_cond_wait(&a->wake, &a->lock);
		wait_a_while(a);
		if (a->file.fd >= 0)
			sync_now(a);
	}
	pthread_mutex_unlock(&a->lock);
	return NULL;
}

static enum actas_error
cannot(struct fault *fault, const char *path, const char *what)
{
	return fault_set(fault, ACTAS_EIO, path, 0, "cannot be %s: %s", what,
	    strerror(errno));
}

/* Opens a file of the log and reads its end; the newest stays open. */
static enum actas_error
load_file(struct audit *a, const struct audit_name *name,
    struct audit_tail *tail, struct fault *fault)
{
	struct audit_file f = {.name = *name};
	enum actas_error error;

	if (!audit_path(f.path, a->folder, name))
		return fault_set(
		    fault, ACTAS_EUSAGE, a->folder, 0, "is too long a path");
	f.fd = open(f.path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
	if (f.fd < 0)
		return cannot(fault, f.path, "opened");
	error = audit_tail_read(f.fd, tail);
	if (error != ACTAS_OK)
		error = fault_set(fault, error, f.path, 0,
		    error == ACTAS_EPARSE
			? "does not end like an audit log: move it away"
			: "cannot be read");
	f.size = tail->size;
	if (error == ACTAS_OK && a->file.fd < 0 && know(&f))
		a->file = f;
	else
		close(f.fd);
	return error;
}

static enum actas_error
cut_half_line(
    struct audit *a, const struct audit_tail *tail, struct fault *fault)
{
	if (tail->torn == 0)
		return ACTAS_OK;
	if (ftruncate(a->file.fd, (off_t)tail->size) != 0)
		return cannot(fault, a->file.path, "cut to its whole lines");
	note(a, "half a line of %zu bytes, not acknowledged, was cut off %s",
	    (size_t)tail->torn, a->file.name.at);
	return ACTAS_OK;
}

/* The last line of all: of the newest file that has one. */
static enum actas_error
load_files(struct audit *a, const struct audit_names *names,
    struct audit_tail *tail, struct fault *fault)
{
	enum actas_error error = ACTAS_OK;

	*tail =
	    (struct audit_tail){.is_sound = true, .last = audit_hash_none()};
	for (uint32_t i = names->all.count; i > 0 && !tail->has_line; i--) {
		error = load_file(a, &names->all.at[i - 1], tail, fault);
		if (error == ACTAS_OK && i == names->all.count)
			error = cut_half_line(a, tail, fault);
		if (error != ACTAS_OK)
			return error;
		tail->is_sound |= !tail->has_line;
	}
	if (!tail->is_sound)
		note(a, "the last line of the log was altered");
	return ACTAS_OK;
}

/* A head for a log that has none: what was found is all that is known. */
static bool
begin_head(struct audit *a, const struct audit_tail *tail)
{
	struct audit_head head = {.hash = audit_hash_none()};

	if (tail->is_sound && a->file.size > 0)
		head =
		    (struct audit_head){a->file.name, a->file.size, tail->last};
	return audit_head_write(a->head, &head);
}

/* What the log ends with, if it holds what its head says. */
static enum actas_error
load_head(
    struct audit *a, bool is_new, struct audit_tail *tail, struct fault *fault)
{
	struct audit_head head;
	struct fault why = {0};
	enum actas_error error = audit_head_read(a->folder, &head, &why);

	if (error == ACTAS_EIO)
		return fault_set(fault, error, why.file, 0, "%s", why.message);
	if (error != ACTAS_OK && !is_new)
		note(a, "the log's head is missing, or was altered");
	if (error == ACTAS_OK && !audit_head_holds(a->folder, &head)) {
		note(a, "lines that had reached the disk are gone, up to %s",
		    head.name.at);
		tail->is_sound = false;
	}
	if (!tail->is_sound)
		tail->last = head.hash;
	a->head = audit_head_open(a->folder);
	if (a->head >= 0 && (error == ACTAS_OK || begin_head(a, tail)))
		return ACTAS_OK;
	return cannot(fault, a->folder, "given a head");
}

static enum actas_error
load(struct audit *a, struct audit_hash *last, struct fault *fault)
{
	struct audit_names names;
	struct audit_tail tail;
	enum actas_error error = audit_names_read(a->folder, &names, fault);

	if (error != ACTAS_OK)
		return error;
	error = load_files(a, &names, &tail, fault);
	if (error == ACTAS_OK)
		error = load_head(a, names.all.count == 0, &tail, fault);
	vector_release(&names.all);
	*last = tail.last;
	return error;
}

static void
unload(struct audit *a)
{
	if (a->file.fd >= 0)
		close(a->file.fd);
	if (a->head >= 0)
		close(a->head);
	a->head = -1;
	a->file = (struct audit_file){.fd = -1};
}

static void
discard(struct audit *a)
{
	unload(a);
	pthread_cond_destroy(&a->wake);
	pthread_mutex_destroy(&a->lock);
	mem_free(a->folder);
	mem_free(a);
}

static struct audit *
prepare(const char *folder)
{
	struct audit *a = mem_zero(1, sizeof *a);
	size_t size = strlen(folder) + 1;
	pthread_condattr_t how;

	if (a == NULL)
		return NULL;
	a->head = a->file.fd = -1;
	pthread_mutex_init(&a->lock, NULL);
	pthread_condattr_init(&how);
	pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
	pthread_cond_init(&a->wake, &how);
	pthread_condattr_destroy(&how);
	a->folder = mem_alloc(size);
	if (a->folder == NULL) {
		discard(a);
		return NULL;
	}
	memcpy(a->folder, folder, size);
	return a;
}

/* Records at once what was found; what the disk does not take goes before the
 * next line. */
static enum actas_error
start(struct audit *a, struct fault *fault)
{
	if (a->note[0] != '\0' && make_ready(a) == ACTAS_OK)
		(void)put_note(a);
	errno = pthread_create(&a->syncer, NULL, sync_always, a);
	return errno == 0 ? ACTAS_OK : cannot(fault, a->folder, "watched");
}

enum actas_error
audit_open(const char *folder, struct clock clock,
    void (*log)(void *context, const char *line), void *log_context,
    struct audit **audit, struct fault *fault)
{
	struct audit *a = prepare(folder);
	enum actas_error error = ACTAS_OK;

	*audit = NULL;
	if (a == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	a->clock = clock;
	a->log = log;
	a->log_context = log_context;
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		error = cannot(fault, folder, "made");
	if (error == ACTAS_OK)
		error = load(a, &a->last, fault);
	if (error == ACTAS_OK)
		error = start(a, fault);
	if (error == ACTAS_OK)
		*audit = a;
	else
		discard(a);
	return error;
}

enum actas_error
audit_reopen(struct audit *a, struct fault *fault)
{
	struct audit_hash found; /* the chain goes on from what was written */
	enum actas_error error = ACTAS_OK;

	pthread_mutex_lock(&a->lock);
	if (a->is_broken) {
		unload(a);
		error = load(a, &found, fault);
		a->is_broken = error != ACTAS_OK;
		if (error == ACTAS_OK)
			error = make_ready(a);
		if (error == ACTAS_OK)
			error = put_note(a);
	}
	pthread_mutex_unlock(&a->lock);
	return error == ACTAS_OK ? ACTAS_OK : fault_plain(fault, error);
}

void
audit_close(struct audit *a)
{
	if (a == NULL)
		return;
	pthread_mutex_lock(&a->lock);
	a->is_stopping = true;
	pthread_cond_signal(&a->wake);
	pthread_mutex_unlock(&a->lock);
	pthread_join(a->syncer, NULL);
	pthread_mutex_lock(&a->lock);
	if (a->file.fd >= 0)
		sync_now(a);
	pthread_mutex_unlock(&a->lock);
	discard(a);
}
