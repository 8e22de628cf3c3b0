#ifndef ENGINE_REACH_H
#define ENGINE_REACH_H

/*
 * Who may do this? What may this one do? And what does access make possible
 * beyond what it says? Answers are complete: nothing is cut.
 */

#include "engine/decide.h"

/* A line of an answer: how a principal comes to have access. */
struct access {
	principal_id principal;
	scope_id scope;
	assignment_id assignment;
	/* principal, groups, holder of the assignment: shortest chain */
	const principal_id *chain;
	uint32_t chain_count;
	/* reason of the decision; not allowed: would be but for the reason */
	bool allowed;
	enum reason reason;
};

struct access_list {
	const struct access *at;
	uint32_t count;
};

/*
 * Every principal that the action is allowed to at the scope, ordered by kind
 * and name, with the shortest path; then those that hold a grant of it that
 * does not work (disputed, wrong model, condition, denied).
 */
enum actas_error reach_who(const struct estate *e, const struct action *action,
    scope_id s, struct arena *arena, struct access_list *list) ACTAS_MUST_USE;

/*
 * Every assignment that is the principal's, directly or through groups,
 * ordered by scope: access.scope is where it was made.
 */
enum actas_error reach_what(const struct estate *e, principal_id p,
    struct arena *arena, struct access_list *list) ACTAS_MUST_USE;

/* What an assignment is, whatever it is asked for: why it works, or why it
 * does not (eligible, disputed, of the vault's other model). */
enum reason reach_standing(const struct estate *e, const struct assignment *a);

/* One step from acting as 'from' to acting as 'to'. */
enum step_kind {
	STEP_READS_SECRET, /* 'scope' is a secret that holds to's credential */
	STEP_ADDS_CREDENTIAL, /* may add a credential to to's application */
	STEP_USES_CONNECTION, /* may use a connection that 'to' backs */
	STEP_EDITS_ITEM,      /* may edit an item that runs as 'to' */
	STEP_CONTROLS_HOST,   /* may run code on what 'to' is the identity of */
	STEP_ASSIGNS_ROLES,   /* may give itself any role at 'scope' */
	STEP_REWRITES_VAULT,  /* may change a vault's access policies and so
				 read its secrets: 'scope' is the secret */
	STEP_ADDS_MEMBER,     /* may add itself to group 'to' */
	STEP_KINDS
};

struct step {
	uint8_t kind;
	uint8_t disputed;  /* rests on a grant that the source disputes, or on
			      a vault model that it leaves open */
	uint8_t limited;   /* assigns only roles that a condition lets pass,
			      one that suffices among them */
	principal_id from; /* NONE: from a start that is no principal */
	principal_id to;   /* NONE for STEP_ASSIGNS_ROLES, and for one that
			      rewrites a vault's policies for itself */
	scope_id scope;    /* NONE: the source has none for it */
	assignment_id assignment; /* that makes it possible, or NONE */
	struct origin origin;     /* what else does: connection, sink, … */
};

/* Where a chain starts: a principal, or a connection that stands open to any
 * pipeline, or an item that whoever may edit it controls. */
struct start {
	principal_id principal; /* or NONE */
	scope_id scope;         /* connection or item, or NONE */
};

struct reached {
	principal_id principal; /* NONE: the last step assigns roles */
	const struct step *steps;
	uint32_t count;
};

struct reached_list {
	const struct reached *at;
	uint32_t count;
};

/*
 * Everybody that the start can come to act as, with the shortest chain of
 * steps (one without disputed steps wins over a shorter one with), nearest
 * first, then by name.
 */
enum actas_error reach_through(const struct estate *e, struct start start,
    struct arena *arena, struct reached_list *list) ACTAS_MUST_USE;

/*
 * The same for many starts: what there is to be reached in an estate is
 * worked out once. A map is used by one thread at a time; the estate must
 * outlive it.
 */
struct reach_map;

enum actas_error reach_map_new(
    const struct estate *e, struct reach_map **map) ACTAS_MUST_USE;
void reach_map_free(struct reach_map *map); /* NULL is allowed */
enum actas_error reach_map_through(struct reach_map *map, struct start start,
    struct arena *arena, struct reached_list *list) ACTAS_MUST_USE;

/* A sentence for a step, e.g. "reads secret X, which holds Y's credential". */
void step_write(
    const struct estate *e, const struct step *step, struct buffer *out);

#endif
