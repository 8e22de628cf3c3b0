#include "journal/audit_private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * How a log is found: its newest file, that file's last line, the head, and
 * whether they belong together. What does not is noted, and becomes the first
 * line.
 */

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
	if (error == ACTAS_OK && a->file.fd < 0 && audit_file_know(&f))
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
	audit_note(a,
	    "half a line of %zu bytes, not acknowledged, was cut off %s",
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
		audit_note(a, "the last line of the log was altered");
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
		audit_note(a, "the log's head is missing, or was altered");
	if (error == ACTAS_OK && !audit_head_holds(a->folder, &head)) {
		audit_note(a,
		    "lines that had reached the disk are gone, up to %s",
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
load(struct audit *a, struct audit_tail *tail, struct fault *fault)
{
	struct audit_names names;
	enum actas_error error = audit_names_read(a->folder, &names, fault);

	if (error != ACTAS_OK)
		return error;
	error = load_files(a, &names, tail, fault);
	if (error == ACTAS_OK)
		error = load_head(a, names.all.count == 0, tail, fault);
	vector_release(&names.all);
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
	mem_free(a->journal);
	repeats_free(a->repeats);
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
	a->repeats = repeats_new();
	if (a->folder == NULL || a->repeats == NULL) {
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
	enum actas_error error = ACTAS_OK;

	if (a->note[0] != '\0' && audit_make_ready(a) == ACTAS_OK)
		error = audit_put_note(a);
	(void)error;
	errno = pthread_create(&a->syncer, NULL, audit_sync_always, a);
	return errno == 0 ? ACTAS_OK : cannot(fault, a->folder, "watched");
}

enum actas_error
audit_open(const char *folder, struct clock clock,
    void (*log)(void *context, const char *line), void *log_context,
    struct audit **audit, struct fault *fault)
{
	struct audit *a = prepare(folder);
	struct audit_tail tail = {0};
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
		error = load(a, &tail, fault);
	a->last = tail.last;
	a->told = tail.told;
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
	struct audit_tail found; /* the chain goes on from what was written */
	enum actas_error error = ACTAS_OK;

	pthread_mutex_lock(&a->lock);
	if (a->is_broken) {
		unload(a);
		error = load(a, &found, fault);
		a->is_broken = error != ACTAS_OK;
		if (error == ACTAS_OK)
			error = audit_make_ready(a);
		if (error == ACTAS_OK)
			error = audit_put_note(a);
	}
	pthread_mutex_unlock(&a->lock);
	return error == ACTAS_OK ? ACTAS_OK : fault_plain(fault, error);
}

void
audit_close(struct audit *a)
{
	enum actas_error error = ACTAS_OK;

	if (a == NULL)
		return;
	pthread_mutex_lock(&a->lock);
	a->is_stopping = true;
	pthread_cond_signal(&a->wake);
	pthread_mutex_unlock(&a->lock);
	pthread_join(a->syncer, NULL);
	pthread_mutex_lock(&a->lock);
	if (repeats_wait(a->repeats))
		error = audit_tell_counts(a, true);
	if (error != ACTAS_OK)
		audit_tell(a,
		    "audit log %s: denials that were counted could not be told",
		    a->folder);
	if (a->file.fd >= 0)
		audit_sync(a);
	pthread_mutex_unlock(&a->lock);
	discard(a);
}
