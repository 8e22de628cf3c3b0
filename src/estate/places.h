#ifndef ESTATE_PLACES_H
#define ESTATE_PLACES_H

/*
 * Scopes by their full paths, for whoever asks about many: an index beside an
 * estate, which must outlive it.
 */

#include "estate/estate.h"

struct places {
	const struct estate *estate;
	struct index index;
	struct share *share; /* of the index */
};

enum actas_error places_init(
    struct places *places, const struct estate *e) ACTAS_MUST_USE;
/* The same for an estate that estate_revise made of that of 'old': shares the
 * index with it unless there are scopes that 'old' does not know. */
enum actas_error places_follow(struct places *places, const struct places *old,
    const struct estate *e) ACTAS_MUST_USE;
/* All zero is fine too. On any thread. */
void places_release(struct places *places);

/* What a path leads to. */
struct place_found {
	scope_id scope; /* the nearest known one at or above it */
	bool exact;     /* the path is the scope's own */
	bool below;     /* it is that of a scope that is not known */
	/* The last step of a path that is one of the two. */
	enum scope_kind kind;
	struct slice segment; /* lies in the path */
};

/*
 * Paths are those of Azure Resource Manager, "/applications/{id}",
 * "/groups/{id}", or "/" for the tenant; ASCII case folded. The walk ends at
 * what is not known, is no scope (a role assignment's path) or no path at all:
 * at the tenant, if nothing else.
 */
struct place_found places_find(const struct places *places, struct slice path);

/* The scope 's' of another estate's or builder's rows below 'parent', or NONE.
 * A subscription or management group is found wherever it hangs. */
scope_id places_child(const struct places *places, scope_id parent,
    const struct scope *s, const struct strings *texts);

#endif
