#include "base/memory.h"

#include <stdatomic.h>
#include <stdlib.h>

static _Atomic int64_t credit = -1;
static _Atomic uint64_t requests;

static int
refused(void)
{
	atomic_fetch_add_explicit(&requests, 1, memory_order_relaxed);
	if (atomic_load_explicit(&credit, memory_order_relaxed) < 0)
		return 0;
	if (atomic_load_explicit(&credit, memory_order_relaxed) == 0)
		return 1;
	atomic_fetch_sub_explicit(&credit, 1, memory_order_relaxed);
	return 0;
}

void *
mem_alloc(size_t size)
{
	return refused() ? NULL : malloc(size == 0 ? 1 : size);
}

void *
mem_zero(size_t count, size_t size)
{
	size_t bytes;

	if (refused() || __builtin_mul_overflow(count, size, &bytes))
		return NULL;
	return calloc(bytes == 0 ? 1 : bytes, 1);
}

void *
mem_resize(void *old, size_t size)
{
	return refused() ? NULL : realloc(old, size == 0 ? 1 : size);
}

void
mem_free(void *p)
{
	free(p);
}

void
mem_fail_after(int64_t n)
{
	atomic_store(&credit, n);
}

uint64_t
mem_requests(void)
{
	return atomic_load(&requests);
}
