#include "source/page/page_memory.h"

#include "base/memory.h"

#include <string.h>

/* A doubly linked list and not an arena: what cmark frees while it parses is
 * free, and a sanitizer sees the bounds of each piece. */
struct page_piece {
	struct page_piece *next, *previous;
	size_t size;
	_Alignas(16) char bytes[];
};

static _Thread_local struct page_memory *current;

static _Noreturn void
leave(enum actas_error error)
{
	current->error = error;
	longjmp(current->leave, 1);
}

static void
link_piece(struct page_piece *piece)
{
	piece->previous = NULL;
	piece->next = current->pieces;
	if (piece->next != NULL)
		piece->next->previous = piece;
	current->pieces = piece;
}

static void
unlink_piece(struct page_piece *piece)
{
	if (piece->next != NULL)
		piece->next->previous = piece->previous;
	if (piece->previous != NULL)
		piece->previous->next = piece->next;
	else
		current->pieces = piece->next;
}

static struct page_piece *
piece_of(void *bytes)
{
	return (struct page_piece *)((char *)bytes -
	    offsetof(struct page_piece, bytes));
}

static void
reserve(size_t size)
{
	if (size > current->ceiling - current->total)
		leave(ACTAS_ELIMIT);
	current->total += size;
}

static void *
take(size_t count, size_t size)
{
	struct page_piece *piece;

	if (size != 0 && count > (SIZE_MAX / 4) / size)
		leave(ACTAS_ENOMEM);
	reserve(count * size + sizeof *piece);
	piece = mem_zero(1, count * size + sizeof *piece);
	if (piece == NULL)
		leave(ACTAS_ENOMEM);
	piece->size = count * size;
	link_piece(piece);
	return piece->bytes;
}

static void
give(void *bytes)
{
	struct page_piece *piece;

	if (bytes == NULL)
		return;
	piece = piece_of(bytes);
	unlink_piece(piece);
	current->total -= piece->size + sizeof *piece;
	mem_free(piece);
}

static void *
retake(void *bytes, size_t size)
{
	size_t kept;
	void *grown = take(1, size);

	if (bytes == NULL)
		return grown;
	kept = piece_of(bytes)->size < size ? piece_of(bytes)->size : size;
	memcpy(grown, bytes, kept);
	give(bytes);
	return grown;
}

cmark_mem *
page_memory_begin(struct page_memory *m, size_t ceiling)
{
	static cmark_mem functions = {take, retake, give};

	m->pieces = NULL;
	m->total = 0;
	m->ceiling = ceiling;
	m->error = ACTAS_OK;
	current = m;
	return &functions;
}

void
page_memory_release(struct page_memory *m)
{
	while (m->pieces != NULL) {
		struct page_piece *next = m->pieces->next;

		mem_free(m->pieces);
		m->pieces = next;
	}
	current = NULL;
}
