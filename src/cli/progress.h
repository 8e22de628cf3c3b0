#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

/*
 * Tells a person what takes so long: after a second, and on a terminal only,
 * a line on standard error that is wiped when it ends. A thread of its own
 * writes it, so that nothing that works has to think of it.
 */

#include <pthread.h>
#include <stdbool.h>

struct progress {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	const char *what; /* static, or outlives the progress */
	const char *of;
	bool running, ending;
};

/* Says what is being done: "reading", "estate.md". Starts the thread if it
 * does not run; failing to is harmless. */
void progress_say(struct progress *p, const char *what, const char *of);
/* Wipes the line. Takes a void pointer to be called by struct output. */
void progress_stop(void *progress);

#endif
