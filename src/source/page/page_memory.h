#ifndef SOURCE_PAGE_MEMORY_H
#define SOURCE_PAGE_MEMORY_H

/*
 * Memory for cmark. Its allocator may not fail and has no context, so this
 * one leaves by longjmp when memory runs out or a ceiling is reached, and
 * knows of the parse it works for by a pointer of the thread. All that a
 * parse has taken is in one list and is given back at once.
 */

#include "base/error.h"

#include <cmark-gfm.h>
#include <setjmp.h>
#include <stddef.h>

struct page_memory {
	struct page_piece *pieces;
	size_t total, ceiling;
	enum actas_error error; /* why the parse was left */
	jmp_buf leave;
};

/*
 * Everything that cmark asks for between begin and release is of 'm'. The
 * caller calls setjmp(m->leave) first; a second return means m->error.
 */
cmark_mem *page_memory_begin(struct page_memory *m, size_t ceiling);
void page_memory_release(struct page_memory *m);

#endif
