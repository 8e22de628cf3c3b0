#include "estate/private.h"

/* Memberships are put in the order of their groups, so that the direct
 * members of a group are a run of rows; within a group they keep theirs. */

static enum actas_error
sort_by_group(struct builder *b)
{
	size_t bytes = b->memberships.count * sizeof *b->memberships.at;
	struct membership *sorted = mem_alloc(bytes);
	struct ordering o;

	if (sorted == NULL)
		return ACTAS_ENOMEM;
	if (ordering_begin(&o, b->memberships.count) != ACTAS_OK) {
		mem_free(sorted);
		return ACTAS_ENOMEM;
	}
	ordering_sort(&o,
	    &(struct sort_key){
		.keys = &b->memberships.at->group,
		.stride = sizeof *b->memberships.at / sizeof(uint32_t),
		.mask = UINT32_MAX,
		.most = b->principals.count,
	    });
	for (uint32_t i = 0; i < o.count; i++)
		sorted[i] = b->memberships.at[o.at[i]];
	memcpy(b->memberships.at, sorted, bytes);
	ordering_release(&o);
	mem_free(sorted);
	return ACTAS_OK;
}

void
order_members(struct builder *b, struct estate_private *own)
{
	if (b->error != ACTAS_OK)
		return;
	own->first_member = mem_zero(
	    (size_t)b->principals.count + 1, sizeof *own->first_member);
	if (own->first_member == NULL) {
		builder_stick(b, ACTAS_ENOMEM);
		return;
	}
	if (b->memberships.count == 0)
		return;
	builder_stick(b, sort_by_group(b));
	for (uint32_t i = 0; i < b->memberships.count; i++)
		own->first_member[b->memberships.at[i].group + 1]++;
	offsets_from_counts(own->first_member, b->principals.count);
}
