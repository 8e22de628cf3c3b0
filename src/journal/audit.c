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
 *
 * Changes are durable before they are told of here, so nothing is lost where
 * that fails: every line says up to which revision the log tells of all, and
 * what lacks is read from the journal before the next line. The same path
 * makes good a crash in between, and tells of changes that no request made.
 */

#include "journal/audit_private.h"

#include "journal/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SYNC_SECONDS = 1 };

void
audit_tell(struct audit *a, const char *format, ...)
{
	char line[PATH_MAX + NOTE_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	if (a->log != NULL)
		a->log(a->log_context, line);
}

void
audit_note(struct audit *a, const char *format, ...)
{
	size_t length = strlen(a->note);
	va_list args;

	if (length > 0 && length < NOTE_BYTES - 2)
		length += (size_t)snprintf(
		    a->note + length, NOTE_BYTES - length, "; ");
	va_start(args, format);
	vsnprintf(a->note + length, NOTE_BYTES - length, format, args);
	va_end(args);
	audit_tell(a, "audit log %s: %s", a->folder, a->note + length);
}

static enum actas_error
refuse(struct audit *a, const char *what)
{
	if (!a->is_refusing)
		audit_tell(a,
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
	audit_note(a, "%s %s under the running process", name->at, how);
	audit_tell(a,
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

bool
audit_file_know(struct audit_file *f)
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
	if (!audit_file_know(&f) || !sync_folder(a->folder) ||
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

enum actas_error
audit_make_ready(struct audit *a)
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
put(struct audit *a, struct buffer *text, uint64_t told)
{
	struct audit_hash hash;
	enum actas_error error;

	audit_line_put_told(text, told);
	error = audit_line_end(text, &a->last, &hash);
	if (error == ACTAS_OK)
		error = append(a, buffer_slice(text));
	if (error != ACTAS_OK)
		return error;
	a->last = hash;
	a->told = told;
	wake_syncer(a);
	if (a->is_refusing)
		audit_tell(a, "audit log %s is written again", a->folder);
	a->is_refusing = false;
	return ACTAS_OK;
}

enum actas_error
audit_put_note(struct audit *a)
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
	error = put(a, &text, a->told);
	buffer_release(&text);
	if (error == ACTAS_OK)
		a->note[0] = '\0';
	return error;
}

/* --- changes --- */

static enum actas_error
put_change(void *context, const struct journal_change *change)
{
	struct audit *a = context;
	struct buffer text = {0};
	enum actas_error error;

	audit_line_of_change(&text, change);
	error = put(a, &text, change->revision);
	buffer_release(&text);
	return error;
}

/* Tells from the journal of what was not told, up to a revision. */
static enum actas_error
tell_changes(struct audit *a, uint64_t to)
{
	struct fault fault = {0};
	enum actas_error error;

	if (a->journal == NULL || a->told >= to)
		return ACTAS_OK;
	error = journal_changes(a->journal, a->told, to, put_change, a, &fault);
	if (error == ACTAS_OK && a->told < to)
		error = fault_set(&fault, ACTAS_EPARSE, a->journal, 0,
		    "the journal does not go as far as it did");
	if (error != ACTAS_OK && !a->is_refusing) {
		audit_tell(a,
		    "audit log %s cannot be completed from the journal: %s; "
		    "requests that it must tell of are refused until it can",
		    a->folder, fault.message);
		a->is_refusing = true;
	}
	return error;
}

static enum actas_error
catch_up_to(struct audit *a, uint64_t revision)
{
	enum actas_error error = audit_make_ready(a);

	if (error == ACTAS_OK)
		error = audit_put_note(a);
	if (error == ACTAS_OK)
		error = tell_changes(a, revision);
	return error;
}

enum actas_error
audit_catch_up(struct audit *a)
{
	return catch_up_to(a, a->made);
}

/* What cannot be told now, the syncing thread tries again. */
static void
know_made(struct audit *a, uint64_t revision)
{
	if (a->journal == NULL || a->made >= revision)
		return;
	a->made = revision;
	if (a->told < revision)
		pthread_cond_signal(&a->wake);
}

static void
put_own(struct audit *a, struct buffer *text, uint64_t revision)
{
	enum actas_error error;

	if (a->journal != NULL && a->told >= revision)
		return; /* from the journal, meanwhile */
	error = catch_up_to(a, revision - 1);
	if (error == ACTAS_OK)
		error = put(a, text, a->journal == NULL ? 0 : revision);
	if (error != ACTAS_OK)
		know_made(a, revision);
}

void
audit_change(struct audit *a, const struct audit_line *line)
{
	struct buffer text = {0};

	audit_line_begin(&text, line);
	pthread_mutex_lock(&a->lock);
	put_own(a, &text, line->revision);
	know_made(a, line->revision);
	pthread_mutex_unlock(&a->lock);
	buffer_release(&text);
}

void
audit_made(struct audit *a, uint64_t revision)
{
	enum actas_error error;

	pthread_mutex_lock(&a->lock);
	know_made(a, revision);
	error = audit_catch_up(a);
	pthread_mutex_unlock(&a->lock);
	(void)error; /* tried again with the next line */
}

enum actas_error
audit_follow(struct audit *a, const char *journal, uint64_t newest)
{
	size_t size = strlen(journal) + 1;
	char *copy = mem_alloc(size);

	if (copy == NULL)
		return ACTAS_ENOMEM;
	memcpy(copy, journal, size);
	pthread_mutex_lock(&a->lock);
	a->journal = copy;
	if (a->told > newest) {
		audit_note(a,
		    "the log tells of changes up to revision %ju, and the "
		    "journal ends with %ju: it is an older one",
		    (uintmax_t)a->told, (uintmax_t)newest);
		a->told = newest;
	}
	pthread_mutex_unlock(&a->lock);
	audit_made(a, newest);
	return ACTAS_OK;
}

/* --- lines --- */

/* Of a count. */
static enum actas_error
put_count(void *context, const struct audit_line *line)
{
	struct audit *a = context;
	struct buffer text = {0};
	enum actas_error error;

	audit_line_begin(&text, line);
	error = put(a, &text, a->told);
	buffer_release(&text);
	return error;
}

enum actas_error
audit_tell_counts(struct audit *a, bool all)
{
	struct repeats_writer w = {put_count, a};
	enum actas_error error = audit_catch_up(a);

	if (error == ACTAS_OK)
		error = repeats_tell(
		    a->repeats, a->clock.now(a->clock.context), all, &w);
	return error;
}

/* False: it was counted, and is told with others. */
static bool
take(struct audit *a, const struct audit_line *line, enum actas_error *error)
{
	struct repeats_writer w = {put_count, a};
	bool had = repeats_wait(a->repeats);
	bool taken = repeats_take(
	    a->repeats, line, a->clock.now(a->clock.context), &w, error);

	if (!had && repeats_wait(a->repeats))
		pthread_cond_signal(&a->wake);
	return taken;
}

enum actas_error
audit_ready(struct audit *a)
{
	enum actas_error error;

	pthread_mutex_lock(&a->lock);
	error = a->told < a->made ? audit_catch_up(a) : audit_make_ready(a);
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
	error = audit_catch_up(a);
	if (error == ACTAS_OK && take(a, line, &error))
		error = put(a, &text, a->told);
	pthread_mutex_unlock(&a->lock);
	buffer_release(&text);
	return error;
}

/* Brings to the disk what was written until now. With the lock, which is let
 * go meanwhile. */
void
audit_sync(struct audit *a)
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
	audit_tell(a,
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

void *
audit_sync_always(void *context)
{
	struct audit *a = context;
	enum actas_error error = ACTAS_OK;

	pthread_mutex_lock(&a->lock);
	while (!a->is_stopping) {
		while (!a->is_stopping && !a->is_waiting && !a->is_unsynced &&
		    a->told >= a->made && !repeats_wait(a->repeats))
			pthread_cond_wait(&a->wake, &a->lock);
		wait_a_while(a);
		if (a->told < a->made || repeats_wait(a->repeats))
			error = audit_tell_counts(a, false);
		(void)error; /* tried again in a second */
		if (a->file.fd >= 0)
			audit_sync(a);
	}
	pthread_mutex_unlock(&a->lock);
	return NULL;
}
