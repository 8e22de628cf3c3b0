#ifndef API_WORKER_H
#define API_WORKER_H

/*
 * Threads for what may take long and must not hold up those that answer:
 * fetching the keys of external issuers. Each job has a lane, one for each
 * peer that it waits for. Jobs of one lane run one after the other, those of
 * others beside them, and no lane may fill the queue: a peer that does not
 * answer holds up those who wait for it.
 *
 * A thread of its own runs the tick, about once a second and when it ends:
 * signing keys, when credentials were used, what is past its date. It also
 * runs the jobs of lane WORKER_TICKS.
 */

#include "base/base.h"

struct worker;

#define WORKER_TICKS 0u

/* Embed it in a struct of your own, which lives until 'run' was called. */
struct job {
	void (*run)(struct job *job);
	uint64_t lane;
	struct job *next; /* the worker's */
};

enum actas_error worker_start(void (*tick)(void *context), void *context,
    struct worker **worker, struct fault *fault) ACTAS_MUST_USE;
/* Runs what is queued, then ends the threads; NULL is allowed. */
void worker_stop(struct worker *w);
/* Queues a job; any thread. ACTAS_ELIMIT when LIMIT_JOBS wait, or
 * LIMIT_LANE_JOBS of its lane. */
enum actas_error worker_submit(
    struct worker *w, struct job *job) ACTAS_MUST_USE;

#endif
