#ifndef JOURNAL_STORE_H
#define JOURNAL_STORE_H

/*
 * The live state of a running platform.
 *
 * Readers pin the newest snapshot without a lock (liburcu) and keep it as
 * long as they like; no writer waits for them. One writer thread takes
 * changes from a queue; each is validated on the state that it lands on, not
 * on the one that its sender saw; what is queued meanwhile is written in one
 * transaction (group commit). Only then is the new snapshot published, and
 * only then are the changes answered.
 *
 * A snapshot carries a view: what the platform derives from a state to answer
 * quickly (its estate). Most writes do not touch it and share the last one.
 */

#include "journal/journal.h"
#include "journal/shredder.h"
#include "journal/view_maker.h"

struct store;

struct snapshot {
	uint64_t revision;
	moment at; /* of the revision */
	const struct state *state;
	const void *view;
};

/*
 * A change, owned by its sender until 'done' was called. Embed it in a struct
 * of your own.
 */
struct change {
	/*
	 * On the writer's thread: look at 'now', write, return ACTAS_OK; or
	 * refuse with any other error, which writes nothing. What the change
	 * wants to tell its sender it keeps in its own struct. Must not block.
	 * Writing nothing is allowed and makes no revision.
	 */
	enum actas_error (*apply)(struct change *change,
	    const struct snapshot *now, struct writes *writes);
	/*
	 * On the writer's thread, once: ACTAS_OK after the change is durable
	 * and published as 'revision'; what apply returned; ACTAS_EIO where
	 * the journal could not be written, ACTAS_ENOMEM. Whatever apply kept
	 * counts only with ACTAS_OK: the state that it saw may never have
	 * come to be. Changes are done in the order in which they came.
	 * A change that ended with ACTAS_EIO may be found after all where the
	 * process dies before the next one was written: the disk may have
	 * taken it and failed to say so. It is whole then.
	 */
	void (*done)(
	    struct change *change, enum actas_error result, uint64_t revision);
	struct slice actor, request; /* for the journal */
	/* The store's. */
	struct change *next;
	bool overflow;
};

/*
 * Opens the journal in 'path', loads it and starts the writer. 'log' tells
 * what a person should know (disk full, recovered), on the writer's thread;
 * may be NULL. The time of a revision is never before that of the one before
 * it, whatever the clock says.
 */
struct store_options {
	const char *path;
	struct view_maker view;
	struct shredder shredder;
	struct clock clock;
	size_t kept_bytes; /* for pages, and of the past; 0: LIMIT_KEPT_BYTES */
	void (*log)(void *context, const char *line);
	void *log_context;
};
enum actas_error store_open(const struct store_options *options,
    struct store **store, struct fault *fault) ACTAS_MUST_USE;
/* Finishes what is queued, then stops. Nobody may hold a pin any more. */
void store_close(struct store *s);

/* Never fails, never waits, on any thread. */
const struct snapshot *store_pin(struct store *s);
/* Once more, what is pinned. */
const struct snapshot *store_pin_again(const struct snapshot *snapshot);
void store_unpin(struct store *s, const struct snapshot *snapshot);

/*
 * Pages of a list are of one revision. Whoever gives out the address of a next
 * page keeps the snapshot, which is pinned, and the page finds it again by its
 * revision, on any thread and without waiting.
 *
 * It is kept for LIMIT_KEPT_SECONDS after it was last asked for, unless there
 * are more than LIMIT_KEPT_SNAPSHOTS (the one that was not asked for longest
 * goes), or they hold more than LIMIT_KEPT_BYTES that the newest state does
 * not (the oldest goes). What goes can still be had of the history. A page
 * that looks at the state only says STORE_STATE: the view is then let go when
 * it is no longer the newest one's, and is NULL. Of views that are not the
 * newest one's LIMIT_KEPT_VIEWS are kept.
 */
enum store_parts { STORE_STATE, STORE_VIEW };
void store_keep(
    struct store *s, const struct snapshot *snapshot, enum store_parts parts);
/* One that is kept, the newest, or one of the past that was read lately;
 * NULL where it is none of them. */
const struct snapshot *store_pin_kept(
    struct store *s, uint64_t revision, enum store_parts parts);

/*
 * Queues a change. Never waits. Past LIMIT_QUEUED_CHANGES: done(ACTAS_EIO);
 * after store_close began the same, on the caller's thread.
 */
void store_submit(struct store *s, struct change *change);
/* The same, and waits until it is done; for callers that have a thread of
 * their own, which is not the writer's. 'done' and 'revision' may be NULL. */
enum actas_error store_commit(
    struct store *s, struct change *change, uint64_t *revision) ACTAS_MUST_USE;

/*
 * A snapshot of the past is folded from the history, which may take seconds,
 * on a thread of the store's own, the reader, one question after the other.
 * The last few are kept, at most LIMIT_PAST_SNAPSHOTS and, beside the last,
 * LIMIT_KEPT_BYTES of states; a newer one goes on from an older one. Owned by
 * its sender, as a change is.
 */
struct recall {
	/* By number or by time (the newest that was made at 'when' or
	 * before), which then has a number. */
	uint64_t revision;
	moment when;
	bool by_time;
	enum store_parts parts;
	/*
	 * On the reader's thread, once, with a snapshot to unpin; or with NULL,
	 * a fault, and ACTAS_ENOTFOUND past the newest revision, ACTAS_EIO,
	 * ACTAS_EPARSE, ACTAS_ENOMEM, or what making the view returned.
	 */
	void (*done)(struct recall *r, enum actas_error error,
	    const struct snapshot *snapshot, const struct fault *fault);
	struct recall *next; /* the store's */
};
/* Queues the question; never waits. ACTAS_ELIMIT while LIMIT_RECALLS wait,
 * ACTAS_EIO after store_end_recalls: it is not done then. */
enum actas_error store_recall(
    struct store *s, struct recall *recall) ACTAS_MUST_USE;
/* What waits is done with ACTAS_EIO before this returns; store_close does it
 * too, but later than some callers live. */
void store_end_recalls(struct store *s);

/* The same with a view, and waits until it is done: for callers that have a
 * thread of their own, which is neither the reader's nor the writer's. */
enum actas_error store_pin_at(struct store *s, uint64_t revision,
    const struct snapshot **snapshot, struct fault *fault) ACTAS_MUST_USE;
enum actas_error store_pin_when(struct store *s, moment when,
    const struct snapshot **snapshot, struct fault *fault) ACTAS_MUST_USE;

#endif
