#ifndef ENGINE_REACH_MAP_H
#define ENGINE_REACH_MAP_H

#include "engine/reach.h"

/*
 * What can be reached, and by which action: the inside of reach_map_….
 *
 * A target says: who may do the way's action at 'scope' can come to act as
 * 'to'. The targets of a way are sorted by the place of their scope in a walk
 * through the tree of scopes, so that those at or below one scope are a run.
 */

struct target {
	uint32_t place; /* of the scope in the walk */
	scope_id scope; /* where the action is decided */
	scope_id told;  /* what a step says about it, or NONE */
	principal_id to;
	uint8_t disputed; /* whatever the decision */
	struct origin origin;
};

struct way {
	enum step_kind kind;
	struct action action;
	VECTOR(struct target) targets;
	/* By target: itself, or, once it is done with, some later one; all
	 * are their own again before the next search. One longer. */
	uint32_t *open;
};

#define WAYS_MOST 24

/* A principal, or the start, that the search has come to. */
struct node {
	principal_id principal; /* NONE: a start that is none */
	uint32_t from;          /* node, NONE for the start */
	uint32_t distance;
	bool disputed; /* a step on the way is */
	struct step step;
};

/* A step that leads to no principal: it assigns roles. */
struct terminal {
	uint32_t from; /* node */
	uint8_t plane; /* of the roles */
	struct step step;
};

struct closed {
	struct way *way;
	uint32_t target;
};

struct reach_map {
	const struct estate *e;
	struct way ways[WAYS_MOST];
	uint32_t way_count;
	uint32_t *place, *last; /* by scope: its run in the walk */
	/* Of the search at hand. */
	uint32_t *node_of; /* by principal: 1 + node, 0: not reached */
	VECTOR(struct node) nodes;
	VECTOR(struct terminal) terminals;
	VECTOR(struct closed) closed;
};

/* Activities by the item that they start, schedules by item. */
struct item_index {
	const struct estate *e;
	uint32_t *first_activity, *activities;
	uint32_t *first_schedule, *schedules;
	uint32_t *seen; /* by item: the question that came to it last */
	uint32_t question;
	VECTOR(item_id) pending;
};

enum actas_error item_index_init(
    struct item_index *ix, const struct estate *e) ACTAS_MUST_USE;
void item_index_release(struct item_index *ix);

/* Whom the item's code runs as, but for whoever starts it; by what. */
typedef enum actas_error found_identity(
    void *context, principal_id p, struct origin origin);
enum actas_error item_identities(struct item_index *ix, item_id item,
    found_identity *found, void *context) ACTAS_MUST_USE;

#endif
