#include "api/worker.h"

#include <pthread.h>
#include <time.h>

struct worker {
	pthread_t thread;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t wake;
	struct job *first, *last;
	uint32_t count;
	bool stopping;
	void (*tick)(void *context);
	void *context;
};

static struct job *
take_job(struct worker *w)
{
	struct job *job = w->first;

	if (job == NULL)
		return NULL;
	w->first = job->next;
	if (w->first == NULL)
		w->last = NULL;
	w->count--;
	return job;
}

/* Sleeps until there is a job, a second has passed or the end has come. The
 * lock is held before and after. */
static void
await_work(struct worker *w)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	while (w->first == NULL && !w->stopping &&
	    pthread_cond_timedwait(&w->wake, &w->lock, &until) == 0)
		;
}

static void *
work(void *context)
{
	struct worker *w = context;
	struct job *job;
	bool stopping = false;

	while (!stopping) {
		pthread_mutex_lock(&w->lock);
		await_work(w);
		job = take_job(w);
		stopping = w->stopping && job == NULL;
		pthread_mutex_unlock(&w->lock);
		if (job != NULL)
			job->run(job);
		else
			w->tick(w->context);
	}
	return NULL;
}

static bool
make_locks(struct worker *w)
{
	pthread_condattr_t attributes;
	bool made;

	if (pthread_condattr_init(&attributes) != 0)
		return false;
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	made = pthread_cond_init(&w->wake, &attributes) == 0;
	pthread_condattr_destroy(&attributes);
	if (made && pthread_mutex_init(&w->lock, NULL) != 0) {
		pthread_cond_destroy(&w->wake);
		made = false;
	}
	return made;
}

static void
free_worker(struct worker *w)
{
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->wake);
	mem_free(w);
}

enum actas_error
worker_start(void (*tick)(void *context), void *context, struct worker **worker,
    struct fault *fault)
{
	struct worker *w = mem_zero(1, sizeof *w);

	*worker = NULL;
	if (w == NULL || !make_locks(w)) {
		mem_free(w);
		return fault_plain(fault, ACTAS_ENOMEM);
	}
	w->tick = tick;
	w->context = context;
	if (pthread_create(&w->thread, NULL, work, w) != 0) {
		free_worker(w);
		return fault_set(
		    fault, ACTAS_EIO, NULL, 0, "the system gives no thread");
	}
	*worker = w;
	return ACTAS_OK;
}

void
worker_stop(struct worker *w)
{
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	free_worker(w);
}

enum actas_error
worker_submit(struct worker *w, struct job *job)
{
	enum actas_error error = ACTAS_ELIMIT;

	job->next = NULL;
	pthread_mutex_lock(&w->lock);
	if (w->count < LIMIT_JOBS && !w->stopping) {
		if (w->last != NULL)
			w->last->next = job;
		else
			w->first = job;
		w->last = job;
		w->count++;
		error = ACTAS_OK;
		pthread_cond_signal(&w->wake);
	}
	pthread_mutex_unlock(&w->lock);
	return error;
}
