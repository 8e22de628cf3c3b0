#ifndef JOURNAL_JOURNAL_H
#define JOURNAL_JOURNAL_H

/*
 * The durable, ordered history of one platform, and its newest state, in a
 * SQLite database (WAL, synchronous=FULL). Tables:
 *
 *	journal(revision, at, actor, request, changes, previous_hash, hash)
 *	entity(key, revision, value)
 *	meta(name, value)
 *
 * A revision is one change. Each row's hash is SHA-256 over the hash before
 * it and every column, so that no row can be altered, removed or put between
 * without a trace. Rows are only ever appended.
 *
 * Used by one thread at a time (the writer of journal/store.h), but for
 * journal_state_at, journal_revision_at and journal_verify, which open the
 * file for themselves, also while another process serves it.
 *
 * Whoever may write the file can write it anew from the first revision on: the
 * chain then holds, but its head is another. Compare it with one that was
 * noted elsewhere.
 */

#include "journal/writes.h"

struct journal;

/* What one revision changes, and for whom. Slices live during the call. */
struct record {
	uint64_t revision;
	moment at;
	struct slice actor;   /* object id of who asked; "" for the platform */
	struct slice request; /* request id */
	const struct write *writes;
	uint32_t write_count;
};

/* Makes a journal where there is none (ACTAS_EUSAGE where there is one). */
enum actas_error journal_create(
    const char *path, struct fault *fault) ACTAS_MUST_USE;
/* ACTAS_EIO, ACTAS_EPARSE (not a journal, or of a newer version), ACTAS_EUSAGE
 * (another process holds it). */
enum actas_error journal_open(const char *path, struct journal **journal,
    struct fault *fault) ACTAS_MUST_USE;
void journal_close(struct journal *j);

/* The newest state and its revision (0 for a new journal). The caller
 * releases the state. */
enum actas_error journal_load(struct journal *j, const struct state **state,
    uint64_t *revision, moment *at, struct fault *fault) ACTAS_MUST_USE;

/*
 * Appends records in one transaction: durable when it returns ACTAS_OK,
 * nothing of it otherwise (ACTAS_EIO: disk full or an I/O error). After an
 * error the journal goes on working as soon as the disk does.
 */
enum actas_error journal_append(struct journal *j, const struct record *records,
    uint32_t count, struct fault *fault) ACTAS_MUST_USE;

/* Tidies up, while there is nothing to append; loses nothing if it never is
 * called. */
void journal_rest(struct journal *j);

/* The state as of a revision, by folding the history; ACTAS_ENOTFOUND past
 * the newest. For readers: opens the file read-only. */
enum actas_error journal_state_at(const char *path, uint64_t revision,
    const struct state **state, moment *at, struct fault *fault) ACTAS_MUST_USE;
/* The same from '*state' on, which is the state as of an older revision and
 * is let go of. ACTAS_EIO soon after '*stop' is true; NULL: never. */
enum actas_error journal_fold(const char *path, uint64_t from,
    uint64_t revision, const _Atomic bool *stop, const struct state **state,
    moment *at, struct fault *fault) ACTAS_MUST_USE;
/* The newest revision made at 'when' or before; 0 where there is none. */
enum actas_error journal_revision_at(const char *path, moment when,
    uint64_t *revision, struct fault *fault) ACTAS_MUST_USE;

/* A change, as far as the audit log tells of it. */
struct journal_change {
	uint64_t revision;
	moment at;
	struct slice actor, request;
	struct slice first; /* key of its first entity */
	uint32_t entities;
};
/* Calls 'each' for every change after one revision up to another, in order;
 * for readers, as above. Stops at the first error it returns. */
enum actas_error journal_changes(const char *path, uint64_t after, uint64_t to,
    enum actas_error (*each)(
	void *context, const struct journal_change *change),
    void *context, struct fault *fault) ACTAS_MUST_USE;

struct verification_report {
	uint64_t revisions; /* checked */
	uint64_t entities;
	char head[65]; /* hash of the newest revision, hexadecimal */
};

/*
 * Checks every hash of the chain, and that folding the history gives exactly
 * the entities. ACTAS_EPARSE with the first revision that does not hold.
 */
enum actas_error journal_verify(const char *path,
    struct verification_report *report, struct fault *fault) ACTAS_MUST_USE;

#endif
