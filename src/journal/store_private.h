#ifndef JOURNAL_STORE_PRIVATE_H
#define JOURNAL_STORE_PRIVATE_H

/* The parts of a store; private to it. */

#include "journal/store.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

/* A view, shared by snapshots. Counted on the writer's thread. */
struct view {
	uint32_t holders;
	const void *made;
};

/* A snapshot with its holders: pins, and the store while it is the newest or
 * kept. One of the past has a view that is not counted. */
struct held {
	struct snapshot snapshot;
	_Atomic uint32_t holders;
	bool is_past;
	struct view *view; /* or NULL */
	struct held *next; /* retired */
};

/* What is kept for pages (kept.c), in no order. */
struct kept {
	pthread_mutex_t mutex;
	struct {
		struct held *held;
		enum store_parts parts; /* that are wanted */
		moment when;            /* last asked for */
		uint64_t used;          /* the same by 'time', without ties */
	} at[LIMIT_KEPT_SNAPSHOTS];
	uint32_t count;
	uint64_t time;
};

/* A change on its way through a batch. */
struct landing {
	struct change *change;
	enum actas_error result;
	uint64_t revision;
	struct writes writes;
};

struct batch {
	struct snapshot now; /* what the next change lands on */
	struct view *view;   /* its view */
	uint32_t count, record_count, views;
	bool broken; /* 'now' is no state that anybody wrote */
	size_t bytes;
	struct landing landings[LIMIT_BATCH_CHANGES];
	struct record records[LIMIT_BATCH_CHANGES];
};

/* The past, and who waits for it (past.c). What was read is kept in no order;
 * only the reader changes it. */
struct past {
	pthread_t reader;
	_Atomic(struct held *) retired;
	_Atomic bool stopping;
	sem_t wake;            /* posted for each of the above and below */
	pthread_mutex_t mutex; /* of all below */
	struct recall *first, **end;
	uint32_t waiting, count;
	struct {
		struct held *held;
		uint64_t used; /* by 'time' */
	} at[LIMIT_PAST_SNAPSHOTS];
	uint64_t time;
};

struct store {
	_Atomic(struct held *) newest;
	_Atomic(struct change *) queue; /* the last that came is first */
	_Atomic(struct held *) retired;
	_Atomic uint32_t queued;
	_Atomic bool closing;
	sem_t wake; /* posted where one of the above stops being empty */

	/* the writer's */
	pthread_t writer;
	struct journal *journal;
	struct change *pending,
	    **pending_end; /* the first that came is first */
	struct batch *batch;
	bool failing; /* the journal could not be written last time */

	struct kept kept;
	struct past past;
	struct store_options options;
	char *path;
};

void *writer_main(void *store);
/* Tells a person; 'fault' may be NULL. */
void store_log(struct store *s, const char *what, const struct fault *fault);

/* One more holder, and one less; any thread. */
struct held *held_hold(struct held *h);
void held_release(struct store *s, struct held *h);
/* Frees what nobody holds; the writer's thread. */
void retired_free(struct store *s);
/* Makes 'fresh' the newest; returns the one that it was, whose holder the
 * caller becomes once store_quiesce returned. */
struct held *store_publish(struct store *s, struct held *fresh);
/* Returns when nobody is about to hold what was published before. */
void store_quiesce(void);

enum actas_error view_new(struct store *s, const struct state *state,
    uint64_t revision, const struct view_step *from, struct view **view,
    struct fault *fault) ACTAS_MUST_USE;
void view_release(struct store *s, struct view *view);

/* Lets go of what is kept beyond its bounds; the writer's thread. True while
 * anything is kept. */
bool kept_trim(struct store *s);
void kept_release(struct store *s);

void *past_main(void *store);
/* One that was read lately, or NULL; any thread. */
const struct snapshot *past_pin(
    struct store *s, uint64_t revision, enum store_parts parts);
/* After its thread has ended. */
void past_release(struct store *s);

#endif
