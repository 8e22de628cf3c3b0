#include "engine/decide/chain.h"

/*
 * Only groups that the principal is in can lie on a chain, and the estate
 * lists those. The memberships among them are collected once; then each round
 * walks all that are left and reaches the groups that are one step further.
 */

struct link {
	uint32_t from, to; /* places; 'from' is a member of 'to' */
};

struct links {
	VECTOR(struct link) list;
};

/* Place of a principal among those that a chain can pass, or NONE. */
static uint32_t
place_of(const struct chains *c, principal_id sought)
{
	uint32_t low = 0, high = c->groups.count;

	if (sought == c->principal)
		return c->groups.count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (c->groups.at[middle] == sought)
			return middle;
		if (c->groups.at[middle] < sought)
			low = middle + 1;
		else
			high = middle;
	}
	return NONE;
}

static enum actas_error
collect(const struct estate *e, const struct chains *c, struct links *links)
{
	enum actas_error error = ACTAS_OK;

	for (uint32_t to = 0; to < c->groups.count; to++) {
		principal_id g = c->groups.at[to];

		for (uint32_t i = e->first_member[g];
		     i < e->first_member[g + 1] && error == ACTAS_OK; i++) {
			uint32_t from =
			    place_of(c, e->memberships.at[i].member);

			if (from != NONE && from != to)
				error = vector_push(&links->list, {from, to});
		}
	}
	return error;
}

/* One round; links that are done with are dropped. */
static bool
widen(struct chains *c, struct links *links, uint32_t *round_of, uint32_t round)
{
	uint32_t kept = 0;
	bool widened = false;

	for (uint32_t i = 0; i < links->list.count; i++) {
		struct link l = links->list.at[i];

		if (round_of[l.to] != 0)
			continue;
		if (round_of[l.from] != round) {
			links->list.at[kept++] = l;
			continue;
		}
		round_of[l.to] = round + 1;
		c->below[l.to] = l.from;
		widened = true;
	}
	links->list.count = kept;
	return widened;
}

enum actas_error
chains_find(const struct estate *e, principal_id p, struct chains *c)
{
	struct links links = {0};
	enum actas_error error = ACTAS_ENOMEM;
	uint32_t *round_of, round = 0;

	*c = (struct chains){.principal = p, .groups = estate_groups_of(e, p)};
	if (c->groups.count == 0)
		return ACTAS_OK;
	round_of = mem_zero((size_t)c->groups.count + 1, sizeof *round_of);
	c->below = mem_zero((size_t)c->groups.count + 1, sizeof *c->below);
	if (round_of == NULL || c->below == NULL)
		goto out;
	error = collect(e, c, &links);
	if (error != ACTAS_OK)
		goto out;
	round_of[c->groups.count] = 1;
	do
		round++;
	while (widen(c, &links, round_of, round));
out:
	vector_release(&links.list);
	mem_free(round_of);
	if (error != ACTAS_OK)
		chains_release(c);
	return error;
}

void
chains_release(struct chains *c)
{
	mem_free(c->below);
	c->below = NULL;
}

const principal_id *
chains_to(const struct chains *c, principal_id holder, struct arena *arena,
    uint32_t *count)
{
	const principal_id everybody[] = {c->principal, holder};
	uint32_t last = place_of(c, holder), length = 1;
	principal_id *chain;

	*count = 0;
	if (last == NONE) { /* what everybody has, this one has directly */
		chain = arena_copy(arena, everybody, 2, sizeof *everybody);
		*count = chain == NULL ? 0 : 2;
		return chain;
	}
	for (uint32_t at = last; at != c->groups.count; at = c->below[at])
		length++;
	chain = arena_zero(arena, length, sizeof *chain);
	if (chain == NULL)
		return NULL;
	*count = length;
	chain[0] = c->principal;
	while (last != c->groups.count) {
		chain[--length] = c->groups.at[last];
		last = c->below[last];
	}
	return chain;
}

const principal_id *
decision_chain(const struct estate *e, principal_id p, principal_id holder,
    struct arena *arena, uint32_t *count)
{
	const principal_id *chain;
	struct chains c;

	*count = 0;
	if (chains_find(e, p, &c) != ACTAS_OK)
		return NULL;
	chain = chains_to(&c, holder, arena, count);
	chains_release(&c);
	return chain;
}
