#ifndef ESTATE_SCOPE_FILTER_H
#define ESTATE_SCOPE_FILTER_H

/*
 * Which scopes a principal's assignments are made at, roughly and at a glance:
 * a Bloom filter of one 16-bit cell an assignment. The cells of a run stand
 * where the run itself does; a scope has two bits in one of them. "No" is
 * certain, "yes" is wrong once in forty times, so whoever asks about a few
 * scopes hardly ever needs to read the run.
 */

#include "estate/model.h"

typedef uint16_t scope_cell;

/* Where a scope's bits are: the cell as a share of the run, and the bits. */
struct scope_probe {
	uint32_t share;
	scope_cell bits;
};

static inline struct scope_probe
scope_probe(scope_id s)
{
	uint64_t h = (s + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15);

	h = (h ^ h >> 32) * UINT64_C(0xd6e8feb86659fd93);
	return (struct scope_probe){(uint32_t)(h >> 32),
	    (scope_cell)(1u << (h & 15) | 1u << (h >> 4 & 15))};
}

/* The cell of a run from…to; of an empty run, whatever stands there. */
static inline uint32_t
scope_filter_cell(uint32_t from, uint32_t to, struct scope_probe probe)
{
	return from + (uint32_t)((uint64_t)(to - from) * probe.share >> 32);
}

static inline bool
scope_filter_may_have(const scope_cell *filter, uint32_t from, uint32_t to,
    struct scope_probe probe)
{
	scope_cell cell = filter[scope_filter_cell(from, to, probe)];

	return (cell & probe.bits) == probe.bits;
}

static inline void
scope_filter_add(scope_cell *filter, uint32_t from, uint32_t to, scope_id s)
{
	struct scope_probe probe = scope_probe(s);

	filter[scope_filter_cell(from, to, probe)] |= probe.bits;
}

#endif
