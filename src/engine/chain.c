#include "engine/decide.h"

/*
 * The shortest chain of groups from a principal to the holder of an
 * assignment. Only groups that the principal is in can lie on it, and the
 * estate lists those; so the search keeps one slot for each of them and one,
 * behind them, for the principal. Each round looks at all memberships once
 * and reaches the groups that are one step further.
 */

/* Place of a principal among those that a chain can pass, or NONE. */
static uint32_t
place_of(struct ids groups, principal_id p, principal_id sought)
{
	uint32_t low = 0, high = groups.count;

	if (sought == p)
		return groups.count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (groups.at[middle] == sought)
			return middle;
		if (groups.at[middle] < sought)
			low = middle + 1;
		else
			high = middle;
	}
	return NONE;
}

/* One round: whoever a reached one is a member of is reached. */
static bool
widen(const struct estate *e, struct ids groups, principal_id p,
    uint32_t *round_of, uint32_t *below, uint32_t round)
{
	bool widened = false;

	for (uint32_t i = 0; i < e->memberships.count; i++) {
		const struct membership *m = &e->memberships.at[i];
		uint32_t from = place_of(groups, p, m->member), to;

		if (from == NONE || round_of[from] != round)
			continue;
		to = place_of(groups, p, m->group);
		if (to == NONE || round_of[to] != 0)
			continue;
		round_of[to] = round + 1;
		below[to] = from;
		widened = true;
	}
	return widened;
}

static const principal_id *
write_chain(struct ids groups, principal_id p, const uint32_t *below,
    uint32_t last, struct arena *arena, uint32_t *count)
{
	principal_id *chain;
	uint32_t length = 1;

	for (uint32_t at = last; at != groups.count; at = below[at])
		length++;
	chain = arena_zero(arena, length, sizeof *chain);
	if (chain == NULL)
		return NULL;
	*count = length;
	while (last != groups.count) {
		chain[--length] = groups.at[last];
		last = below[last];
	}
	chain[0] = p;
	return chain;
}

const principal_id *
decision_chain(const struct estate *e, principal_id p, principal_id holder,
    struct arena *arena, uint32_t *count)
{
	struct ids groups = estate_groups_of(e, p);
	uint32_t *round_of = mem_zero(groups.count + 1, sizeof *round_of);
	uint32_t *below = mem_zero(groups.count + 1, sizeof *below);
	uint32_t last = place_of(groups, p, holder), round = 0;
	const principal_id direct[] = {p, holder};
	const principal_id *chain = NULL;

	*count = 0;
	if (round_of == NULL || below == NULL)
		goto out;
	if (last == NONE) { /* an assignment that is everybody's */
		*count = 2;
		chain = arena_copy(arena, direct, 2, sizeof *direct);
		goto out;
	}
	round_of[groups.count] = 1;
	do
		round++;
	while (
	    round_of[last] == 0 && widen(e, groups, p, round_of, below, round));
	if (round_of[last] != 0)
		chain = write_chain(groups, p, below, last, arena, count);
out:
	mem_free(round_of);
	mem_free(below);
	return chain;
}
