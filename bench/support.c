#include "bench.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

static double ns_per_tick = 1;
static uint64_t overhead;

static uint64_t
monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t
clock_ticks(void)
{
#if defined(__x86_64__)
	unsigned core;
	uint64_t ticks;

	_mm_lfence();
	ticks = __rdtscp(&core);
	_mm_lfence();
	return ticks;
#else
	return monotonic_ns();
#endif
}

double
clock_ns(double ticks)
{
	return ticks * ns_per_tick;
}

uint64_t
clock_overhead(void)
{
	return overhead;
}

double
clock_seconds(void)
{
	return (double)monotonic_ns() * 1e-9;
}

double
clock_own_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int
ticks_order(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return (a > b) - (a < b);
}

void
clock_prepare(void)
{
	enum { TRIES = 20001 };
	static uint32_t empty[TRIES];
	uint64_t ns = monotonic_ns(), ticks = clock_ticks();
	struct timespec nap = {.tv_nsec = 100000000};

	nanosleep(&nap, NULL);
	ticks = clock_ticks() - ticks;
	ns = monotonic_ns() - ns;
	ns_per_tick = (double)ns / (double)ticks;
	for (int i = 0; i < TRIES; i++) {
		uint64_t from = clock_ticks();

		empty[i] = (uint32_t)(clock_ticks() - from);
	}
	qsort(empty, TRIES, sizeof *empty, ticks_order);
	overhead = empty[TRIES / 2];
}

void
sample_reserve(struct sample *s, uint32_t capacity)
{
	*s = (struct sample){.capacity = capacity};
	s->ticks = mem_alloc(capacity * sizeof *s->ticks);
	need(s->ticks != NULL, "memory for a sample");
}

void
sample_add(struct sample *s, uint64_t ticks)
{
	if (s->count == s->capacity)
		return;
	s->ticks[s->count++] =
	    ticks > overhead ? (uint32_t)(ticks - overhead) : 0;
}

double
sample_quantile(struct sample *s, double share)
{
	qsort(s->ticks, s->count, sizeof *s->ticks, ticks_order);
	return clock_ns(s->ticks[(uint32_t)((s->count - 1) * share)]);
}

void
sample_release(struct sample *s)
{
	mem_free(s->ticks);
	*s = (struct sample){0};
}

uint32_t
draw_below(struct draw *d, uint32_t below)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (uint32_t)((z >> 32) * below >> 32);
}

bool
draw_chance(struct draw *d, double chance)
{
	return draw_below(d, 1u << 30) < chance * (1u << 30);
}

struct guid
draw_guid(struct draw *d)
{
	struct guid guid;

	for (size_t i = 0; i < sizeof guid.bytes; i++)
		guid.bytes[i] = (uint8_t)draw_below(d, 256);
	guid.bytes[6] = (uint8_t)(0x40 | (guid.bytes[6] & 15));
	return guid;
}

void
need(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "actas-bench: cannot go on without %s\n", what);
	exit(2);
}

struct estate *
finish(struct builder *b)
{
	struct estate *e;

	need(builder_finish(b, &e) == ACTAS_OK, "an estate that is sound");
	return e;
}

struct action
prepare(const struct estate *e, const char *name)
{
	struct action action;

	need(action_prepare(
		 e, slice_of(name), ACTION_AS_KNOWN, &action, NULL) == ACTAS_OK,
	    name);
	return action;
}

void
row_heading(const char *title)
{
	printf("\n%s\n", title);
}

void
row(const char *what, const char *beside, const char *format, ...)
{
	char value[128];
	va_list args;

	va_start(args, format);
	vsnprintf(value, sizeof value, format, args);
	va_end(args);
	printf("  %-34s %-34s %s\n", what, value, beside);
	fflush(stdout);
}

size_t
memory_peak(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (size_t)usage.ru_maxrss * 1024;
}

size_t
memory_resident(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f == NULL)
		return 0;
	if (fscanf(f, "%*u %lu", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}
