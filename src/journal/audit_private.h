#ifndef JOURNAL_AUDIT_PRIVATE_H
#define JOURNAL_AUDIT_PRIVATE_H

/* The parts of an open log; of journal/audit*.c alone. */

#include "journal/audit_folder.h"
#include "journal/audit_repeats.h"

#include <pthread.h>

enum { NOTE_BYTES = 512 };

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
	char *journal; /* its file; NULL: none is followed */
	struct clock clock;
	void (*log)(void *context, const char *line);
	void *log_context;
	int head;
	pthread_t syncer;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	/* Under the lock: */
	struct audit_file file;
	struct repeats *repeats;
	struct audit_hash last;
	/* Revisions of the journal: up to which the log tells of every change,
	 * and up to which changes are known to have been made. */
	uint64_t told, made;
	char note[NOTE_BYTES]; /* goes before the next line; "": nothing */
	bool is_refusing, is_unsynced, is_broken, is_waiting, is_stopping;
};

/* Tells the operator. */
void audit_tell(struct audit *a, const char *format, ...) ACTAS_PRINTF(2, 3);
/* Adds a sentence to what the next line will follow. */
void audit_note(struct audit *a, const char *format, ...) ACTAS_PRINTF(2, 3);
bool audit_file_know(struct audit_file *f);

/* All with the lock. Whether a line can be written now: */
enum actas_error audit_make_ready(struct audit *a) ACTAS_MUST_USE;
/* the same, behind everything that must be told before any other line; */
enum actas_error audit_catch_up(struct audit *a) ACTAS_MUST_USE;
/* what was found out about the log itself; */
enum actas_error audit_put_note(struct audit *a) ACTAS_MUST_USE;
/* counts of denials, those that are due or all; */
enum actas_error audit_tell_counts(struct audit *a, bool all) ACTAS_MUST_USE;
/* and the syncing thread, once, now. */
void audit_sync(struct audit *a);
void *audit_sync_always(void *audit);

#endif
