#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

/*
 * The benchmarks: generated estates, measured and printed beside what peers
 * publish and what the machine allows. Nothing is asserted. A run that cannot
 * go on (no memory, no disk) says so and ends the program.
 */

#include "engine/engine.h"
#include "estate/builder.h"

#include <stdio.h>

/* Time. Ticks of the fastest clock there is; nanoseconds by calibration. */
void clock_prepare(void);
uint64_t clock_ticks(void);
double clock_ns(double ticks);
/* What reading the clock twice takes, in ticks: subtracted everywhere. */
uint64_t clock_overhead(void);
double clock_seconds(void);
/* The processor's time that this thread has used. */
double clock_own_seconds(void);

/* A sample of durations, in ticks with the overhead taken off. */
struct sample {
	uint32_t *ticks;
	uint32_t count, capacity;
};

void sample_reserve(struct sample *s, uint32_t capacity);
void sample_add(struct sample *s, uint64_t ticks);
/* Sorts; the part 'share' of the sample is at or below it, in ns. */
double sample_quantile(struct sample *s, double share);
void sample_release(struct sample *s);

/* Numbers that are the same in every run. */
struct draw {
	uint64_t state;
};

uint32_t draw_below(struct draw *d, uint32_t below);
bool draw_chance(struct draw *d, double chance);
struct guid draw_guid(struct draw *d);

/* Ends the program unless 'ok'. */
void need(bool ok, const char *what);
struct estate *finish(struct builder *b);
struct action prepare(const struct estate *e, const char *name);

/* One printed row; 'beside' is a peer's number, a goal or a limit. */
void row_heading(const char *title);
void row(const char *what, const char *beside, const char *format, ...)
    ACTAS_PRINTF(3, 4);

/* Peak of this process's resident memory so far, and the current one. */
size_t memory_peak(void);
size_t memory_resident(void);

void bench_models(void);
void bench_scale(uint32_t assignments, bool threads);
void bench_who(uint32_t assignments);
void bench_import(uint32_t assignments);
void bench_keys(void);
void bench_http(void);
void bench_state(uint32_t entries);
void bench_store(void);
void bench_start(uint32_t entities);
void bench_revoke(uint32_t assignments);

/* A tenant of the given number of assignments, as bench_scale asks it. */
struct tenant {
	struct estate *e;
	uint32_t people;
	scope_id first_place, places; /* the resources */
};

struct tenant tenant_make(uint32_t assignments, uint64_t seed);

#endif
