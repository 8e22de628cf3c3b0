#include "live.h"

#include <stdatomic.h>
#include <stddef.h>

/* The linker sends the program's calls here. */
static _Atomic int64_t blocks;

int64_t
live(void)
{
	return blocks;
}

void *__real_mem_alloc(size_t size);
void *__real_mem_zero(size_t count, size_t size);
void *__real_mem_resize(void *old, size_t size);
void __real_mem_free(void *p);
void *__wrap_mem_alloc(size_t size);
void *__wrap_mem_zero(size_t count, size_t size);
void *__wrap_mem_resize(void *old, size_t size);
void __wrap_mem_free(void *p);

void *
__wrap_mem_alloc(size_t size)
{
	void *p = __real_mem_alloc(size);

	blocks += p != NULL;
	return p;
}

void *
__wrap_mem_zero(size_t count, size_t size)
{
	void *p = __real_mem_zero(count, size);

	blocks += p != NULL;
	return p;
}

void *
__wrap_mem_resize(void *old, size_t size)
{
	void *p = __real_mem_resize(old, size);

	blocks += old == NULL && p != NULL;
	return p;
}

void
__wrap_mem_free(void *p)
{
	blocks -= p != NULL;
	__real_mem_free(p);
}
