#include "api/worker.h"

#include <pthread.h>
#include <time.h>

/* One thread, and the lane that it is in. */
struct hand {
	struct worker *worker;
	pthread_t thread;
	bool ticks;
	bool busy;
	uint64_t lane;
};

enum { HANDS = LIMIT_HANDS + 1 }; /* the first is that of the ticks */

struct worker {
	struct hand hands[HANDS];
	uint32_t hand_count;  /* threads that are there */
	pthread_mutex_t lock; /* of all below, and what hands do */
	pthread_cond_t wake;
	struct job *first;
	uint32_t count;
	bool stopping;
	void (*tick)(void *context);
	void *context;
};

static bool
is_taken(const struct worker *w, uint64_t lane)
{
	for (uint32_t i = 0; i < w->hand_count; i++)
		if (w->hands[i].busy && w->hands[i].lane == lane)
			return true;
	return false;
}

/* The oldest job whose lane nobody is in. */
static struct job *
take_job(struct worker *w, const struct hand *h)
{
	for (struct job **at = &w->first; *at != NULL; at = &(*at)->next) {
		struct job *job = *at;

		if ((job->lane == WORKER_TICKS) != h->ticks ||
		    is_taken(w, job->lane))
			continue;
		*at = job->next;
		w->count--;
		return job;
	}
	return NULL;
}

/* The lock is held before and after, and not while the job runs. */
static void
run_job(struct hand *h, struct job *job)
{
	struct worker *w = h->worker;

	h->busy = true;
	h->lane = job->lane;
	pthread_mutex_unlock(&w->lock);
	job->run(job);
	pthread_mutex_lock(&w->lock);
	h->busy = false;
	/* What waits may be of this lane; and the last one out ends. */
	pthread_cond_broadcast(&w->wake);
}

static struct timespec
in_a_second(void)
{
	struct timespec when;

	clock_gettime(CLOCK_MONOTONIC, &when);
	when.tv_sec++;
	return when;
}

/* Until there is something to look at. The lock is held before and after. */
static void
wait_for_work(struct hand *h, struct timespec *tick)
{
	struct worker *w = h->worker;

	if (!h->ticks) {
		pthread_cond_wait(&w->wake, &w->lock);
	} else if (pthread_cond_timedwait(&w->wake, &w->lock, tick) != 0) {
		pthread_mutex_unlock(&w->lock);
		w->tick(w->context);
		*tick = in_a_second();
		pthread_mutex_lock(&w->lock);
	}
}

static void *
work(void *hand)
{
	struct hand *h = hand;
	struct worker *w = h->worker;
	struct timespec tick = in_a_second();
	struct job *job;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		job = take_job(w, h);
		if (job != NULL)
			run_job(h, job);
		else if (w->stopping && w->first == NULL)
			break;
		else
			wait_for_work(h, &tick);
	}
	pthread_mutex_unlock(&w->lock);
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

/* The lock keeps those that are there from counting the others. */
static bool
start_threads(struct worker *w)
{
	bool all = true;

	pthread_mutex_lock(&w->lock);
	while (all && w->hand_count < HANDS) {
		struct hand *h = &w->hands[w->hand_count];

		h->worker = w;
		h->ticks = w->hand_count == 0;
		all = pthread_create(&h->thread, NULL, work, h) == 0;
		w->hand_count += all;
	}
	pthread_mutex_unlock(&w->lock);
	return all;
}

static void
end_threads(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_broadcast(&w->wake);
	pthread_mutex_unlock(&w->lock);
	for (uint32_t i = 0; i < w->hand_count; i++)
		pthread_join(w->hands[i].thread, NULL);
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
	if (!start_threads(w)) {
		end_threads(w);
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
	end_threads(w);
	w->tick(w->context);
	free_worker(w);
}

/* Puts it last, where there is room for it. */
static bool
append(struct worker *w, struct job *job)
{
	struct job **at = &w->first;
	uint32_t of_lane = 0;

	for (; *at != NULL; at = &(*at)->next)
		of_lane += (*at)->lane == job->lane;
	if (w->stopping || w->count >= LIMIT_JOBS || of_lane >= LIMIT_LANE_JOBS)
		return false;
	*at = job;
	w->count++;
	return true;
}

enum actas_error
worker_submit(struct worker *w, struct job *job)
{
	bool queued;

	job->next = NULL;
	pthread_mutex_lock(&w->lock);
	queued = append(w, job);
	if (queued)
		pthread_cond_broadcast(&w->wake);
	pthread_mutex_unlock(&w->lock);
	return queued ? ACTAS_OK : ACTAS_ELIMIT;
}
