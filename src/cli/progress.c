#include "cli/progress.h"

#include "cli/text.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Waits a second, or until the end; whether it is the end. */
static bool
wait_second(struct progress *p)
{
	struct timespec until;
	int waited = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	while (!p->ending && waited == 0)
		waited = pthread_cond_timedwait(&p->changed, &p->lock, &until);
	return p->ending;
}

static void
show(const struct progress *p, unsigned seconds)
{
	struct buffer line = {0};
	ssize_t written;

	buffer_puts(&line, "\r\033[K");
	text_harmless(&line, slice_of(p->what));
	buffer_putc(&line, ' ');
	text_harmless(&line, slice_of(p->of));
	buffer_addf(&line, " … %u s", seconds);
	/* Nobody to tell that telling failed. */
	written = write(STDERR_FILENO, buffer_text(&line), line.length);
	(void)written;
	buffer_release(&line);
}

static void *
tell(void *context)
{
	struct progress *p = context;
	unsigned seconds = 0;
	ssize_t written = 0;

	pthread_mutex_lock(&p->lock);
	while (!wait_second(p))
		show(p, ++seconds);
	pthread_mutex_unlock(&p->lock);
	if (seconds > 0)
		written = write(STDERR_FILENO, "\r\033[K", 4);
	(void)written;
	return NULL;
}

static bool
start(struct progress *p)
{
	pthread_condattr_t attributes;
	sigset_t all, old;
	bool started;

	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&p->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	/* Signals are the main thread's business. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	started = pthread_create(&p->thread, NULL, tell, p) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return started;
}

void
progress_say(struct progress *p, const char *what, const char *of)
{
	if (!isatty(STDERR_FILENO))
		return;
	if (p->running)
		pthread_mutex_lock(&p->lock);
	p->what = what;
	p->of = of;
	if (p->running)
		pthread_mutex_unlock(&p->lock);
	else
		p->running = start(p);
}

void
progress_stop(void *progress)
{
	struct progress *p = progress;

	if (!p->running)
		return;
	pthread_mutex_lock(&p->lock);
	p->ending = true;
	pthread_cond_signal(&p->changed);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	pthread_cond_destroy(&p->changed);
	pthread_mutex_destroy(&p->lock);
	p->running = false;
	p->ending = false;
}
