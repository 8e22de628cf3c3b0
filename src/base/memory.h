#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

/*
 * The one way to the heap. Sizes are checked for overflow, and a test can
 * make the n-th allocation fail, so that every path that runs out of memory
 * is walked once.
 */

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Like malloc, calloc, realloc and free; NULL when out of memory. */
ACTAS_MUST_USE void *mem_alloc(size_t size);
ACTAS_MUST_USE void *mem_zero(size_t count, size_t size);
ACTAS_MUST_USE void *mem_resize(void *old, size_t size);
void mem_free(void *p);

/*
 * Test seam: after 'n' more successful allocations every further one fails
 * until it is called again. A negative 'n' (the default) never fails.
 */
void mem_fail_after(int64_t n);

/* How many allocations have been asked for since the program began. */
uint64_t mem_requests(void);

#endif
