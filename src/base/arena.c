#include "base/arena.h"

#include "base/memory.h"

#include <stdio.h>

struct arena_block {
	struct arena_block *older;
	_Alignas(16) char bytes[];
};

enum { BLOCK_BYTES = 16 * 1024 - 64 };

void
arena_release(struct arena *a)
{
	while (a->newest != NULL) {
		struct arena_block *older = a->newest->older;

		mem_free(a->newest);
		a->newest = older;
	}
	*a = (struct arena){0};
}

static void *
take(struct arena *a, size_t bytes)
{
	struct arena_block *block;
	size_t capacity;

	bytes = (bytes + 15) & ~(size_t)15;
	if (a->newest != NULL && bytes <= a->capacity - a->used) {
		a->used += bytes;
		return a->newest->bytes + a->used - bytes;
	}
	capacity = bytes > BLOCK_BYTES / 4 ? bytes + BLOCK_BYTES : BLOCK_BYTES;
	block = mem_alloc(sizeof *block + capacity);
	if (block == NULL)
		return NULL;
	block->older = a->newest;
	a->newest = block;
	a->capacity = capacity;
	a->used = bytes;
	return block->bytes;
}

void *
arena_zero(struct arena *a, size_t count, size_t size)
{
	void *p;

	if (size != 0 && count > (SIZE_MAX / 4) / size)
		return NULL;
	p = take(a, count * size);
	if (p != NULL)
		memset(p, 0, count * size);
	return p;
}

void *
arena_copy(struct arena *a, const void *from, size_t count, size_t size)
{
	void *p = arena_zero(a, count, size);

	if (p != NULL && count * size > 0)
		memcpy(p, from, count * size);
	return p;
}

char *
arena_text(struct arena *a, struct slice text)
{
	char *p = arena_zero(a, text.length + 1, 1);

	if (p != NULL && text.length > 0)
		memcpy(p, text.at, text.length);
	return p;
}

char *
arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	char *p = NULL;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n >= 0)
		p = arena_zero(a, (size_t)n + 1, 1);
	if (p == NULL)
		return NULL;
	va_start(args, format);
	vsnprintf(p, (size_t)n + 1, format, args);
	va_end(args);
	return p;
}
