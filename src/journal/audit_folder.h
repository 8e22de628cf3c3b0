#ifndef JOURNAL_AUDIT_FOLDER_H
#define JOURNAL_AUDIT_FOLDER_H

/* The files of an audit log. Of journal/ alone. */

#include "journal/audit_line.h"

#include <sys/types.h>

/* "audit-2026-11-21.jsonl"; in the order of their names they are in the order
 * of their days. */
enum { AUDIT_NAME_LENGTH = 22 };
struct audit_name {
	char at[AUDIT_NAME_LENGTH + 1]; /* "": none */
};
struct audit_name audit_name_of_day(moment when);

struct audit_names {
	VECTOR(struct audit_name) all;
};
/* All of the folder, in order; vector_release(&names->all). */
enum actas_error audit_names_read(const char *folder, struct audit_names *names,
    struct fault *fault) ACTAS_MUST_USE;

/* "folder/name". False where that is too long. */
bool audit_path(char path[static PATH_MAX], const char *folder,
    const struct audit_name *name);

/*
 * The head: up to where the log was brought to the disk. A file of one line of
 * fixed length, which is written over in place.
 */
struct audit_head {
	struct audit_name name; /* "": nothing was written yet */
	uint64_t size;          /* of that file */
	struct audit_hash hash; /* of the line that ends there */
};
/* ACTAS_ENOTFOUND; ACTAS_EPARSE. */
enum actas_error audit_head_read(const char *folder, struct audit_head *head,
    struct fault *fault) ACTAS_MUST_USE;
/* The descriptor to write it to, made where it is not there; -1 and errno. */
int audit_head_open(const char *folder);
bool audit_head_write(int fd, const struct audit_head *head);
/* Whether that line still ends there. */
bool audit_head_holds(const char *folder, const struct audit_head *head);

/* How a file ends. */
struct audit_tail {
	uint64_t size; /* of all its whole lines */
	uint64_t torn; /* bytes of half a line behind them */
	bool has_line, is_sound;
	struct audit_hash last; /* of its last whole line */
	uint64_t told;          /* in it (audit_line_told) */
};
/* ACTAS_EPARSE where it does not end like a log: longer than any line. */
enum actas_error audit_tail_read(
    int fd, struct audit_tail *tail) ACTAS_MUST_USE;

#endif
