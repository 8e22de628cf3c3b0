#include "estate/private.h"

/*
 * Least-significant-digit radix sort of row numbers: stable, linear, without
 * a comparison, and with two arrays of 4 bytes a row as its only memory. A
 * digit above the largest key is not looked at.
 */

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

enum actas_error
ordering_begin(struct ordering *o, uint32_t count)
{
	o->count = count;
	o->at = mem_alloc((size_t)count * sizeof *o->at);
	o->spare = mem_alloc((size_t)count * sizeof *o->spare);
	if (o->at == NULL || o->spare == NULL) {
		ordering_release(o);
		return ACTAS_ENOMEM;
	}
	for (uint32_t i = 0; i < count; i++)
		o->at[i] = i;
	return ACTAS_OK;
}

void
ordering_release(struct ordering *o)
{
	mem_free(o->at);
	mem_free(o->spare);
	*o = (struct ordering){0};
}

static uint32_t
digit(const struct sort_key *by, uint32_t row, unsigned shift)
{
	return (by->keys[row * by->stride] & by->mask) >> shift & (DIGITS - 1);
}

static void
sort_digit(struct ordering *o, const struct sort_key *by, unsigned shift)
{
	uint32_t next[DIGITS] = {0}, sum = 0;
	uint32_t *sorted = o->spare;

	for (uint32_t i = 0; i < o->count; i++)
		next[digit(by, i, shift)]++;
	for (uint32_t d = 0; d < DIGITS; d++) {
		uint32_t count = next[d];

		next[d] = sum;
		sum += count;
	}
	for (uint32_t i = 0; i < o->count; i++)
		sorted[next[digit(by, o->at[i], shift)]++] = o->at[i];
	o->spare = o->at;
	o->at = sorted;
}

void
ordering_sort(struct ordering *o, const struct sort_key *by)
{
	for (unsigned shift = 0; shift < 32 && by->most >> shift != 0;
	     shift += DIGIT_BITS)
		sort_digit(o, by, shift);
}

void
offsets_from_counts(uint32_t *at, uint32_t runs)
{
	for (uint32_t i = 0; i < runs; i++)
		at[i + 1] += at[i];
}
