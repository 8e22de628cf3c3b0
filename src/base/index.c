#include "base/index.h"

#include "base/limits.h"
#include "base/memory.h"

#include <string.h>

/* Linear probing; 'id' is stored plus one, so that zero means empty. The tag
 * is the hash's low half: it places the slot and spares most comparisons. */
struct index_slot {
	uint32_t tag, id_plus_one;
};

void
index_release(struct index *ix)
{
	mem_free(ix->slots);
	*ix = (struct index){0};
}

static void
place(struct index_slot *slots, uint32_t mask, struct index_slot slot)
{
	uint32_t at = slot.tag & mask;

	while (slots[at].id_plus_one != 0)
		at = (at + 1) & mask;
	slots[at] = slot;
}

/* Walks the old slots from just behind an empty one, so that a run that
 * wraps around keeps its order. */
static void
move_all(const struct index *from, struct index_slot *slots, uint32_t mask)
{
	uint32_t start = 0;

	while (from->slots[start].id_plus_one != 0)
		start++;
	for (uint32_t i = 1; i <= from->mask + 1; i++) {
		struct index_slot slot = from->slots[(start + i) & from->mask];

		if (slot.id_plus_one != 0)
			place(slots, mask, slot);
	}
}

static enum actas_error
grow(struct index *ix)
{
	uint32_t mask = ix->slots == NULL ? 15 : ix->mask * 2 + 1;
	struct index_slot *slots;

	if (mask >= LIMIT_ENTITIES * 2u)
		return ACTAS_ELIMIT;
	slots = mem_zero((size_t)mask + 1, sizeof *slots);
	if (slots == NULL)
		return ACTAS_ENOMEM;
	if (ix->slots != NULL)
		move_all(ix, slots, mask);
	mem_free(ix->slots);
	ix->slots = slots;
	ix->mask = mask;
	return ACTAS_OK;
}

enum actas_error
index_add(struct index *ix, uint64_t hash, uint32_t id)
{
	enum actas_error error;

	if (ix->slots == NULL || ix->count > ix->mask / 4 * 3) {
		error = grow(ix);
		if (error != ACTAS_OK)
			return error;
	}
	place(ix->slots, ix->mask, (struct index_slot){(uint32_t)hash, id + 1});
	ix->count++;
	return ACTAS_OK;
}

enum actas_error
index_copy(struct index *into, const struct index *from)
{
	size_t bytes = ((size_t)from->mask + 1) * sizeof *from->slots;

	*into = *from;
	if (from->slots == NULL)
		return ACTAS_OK;
	into->slots = mem_alloc(bytes);
	if (into->slots == NULL) {
		*into = (struct index){0};
		return ACTAS_ENOMEM;
	}
	memcpy(into->slots, from->slots, bytes);
	return ACTAS_OK;
}

struct index_walk
index_start(const struct index *ix, uint64_t hash)
{
	return (struct index_walk){
	    ix, (uint32_t)hash, (uint32_t)hash & ix->mask};
}

bool
index_next(struct index_walk *walk, uint32_t *id)
{
	const struct index *ix = walk->index;

	if (ix->slots == NULL)
		return false;
	while (ix->slots[walk->at].id_plus_one != 0) {
		struct index_slot slot = ix->slots[walk->at];

		walk->at = (walk->at + 1) & ix->mask;
		if (slot.tag == walk->tag) {
			*id = slot.id_plus_one - 1;
			return true;
		}
	}
	return false;
}
