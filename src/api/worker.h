#ifndef API_WORKER_H
#define API_WORKER_H

/*
 * A thread for what may take long and must not hold up those that answer:
 * fetching the keys of external issuers, making signing keys, writing down
 * when credentials were used. It runs jobs in turn, and about once a second
 * the tick.
 */

#include "base/base.h"

struct worker;

/* Embed it in a struct of your own, which lives until 'run' was called. */
struct job {
	void (*run)(struct job *job);
	struct job *next; /* the worker's */
};

enum actas_error worker_start(void (*tick)(void *context), void *context,
    struct worker **worker, struct fault *fault) ACTAS_MUST_USE;
/* Runs what is queued, then ends the thread; NULL is allowed. */
void worker_stop(struct worker *w);
/* Queues a job; any thread. ACTAS_ELIMIT when LIMIT_JOBS wait. */
enum actas_error worker_submit(
    struct worker *w, struct job *job) ACTAS_MUST_USE;

#endif
