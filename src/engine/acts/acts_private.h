#ifndef ENGINE_ACTS_PRIVATE_H
#define ENGINE_ACTS_PRIVATE_H

/*
 * How acts works: 1. acts_resolve.c finds out from the source whom the
 * trigger leads to; 2. acts_table.c has the sentence and the document for
 * that; 3. acts.c decides what follows; 4. acts_caveats.c adds what people
 * are surprised by.
 */

#include "engine/acts.h"
#include "engine/teller.h"

enum { MOST_NESTING = 32 }; /* of runs inside runs */

/* What besides the trigger decides which row holds. */
enum manner {
	MANNER_PLAIN,
	MANNER_CONNECTION,   /* an activity that goes through a connection */
	MANNER_RUN_IDENTITY, /* the item has a run identity */
	MANNER_REFUSED,      /* one that its setter may not assign */
	MANNER_UNSAID,       /* the source does not say who */
	MANNER_CYCLE,        /* runs that start each other */
	MANNER_SILENT        /* no document says for this kind of item */
};

struct asking {
	struct teller t;
	struct acting *out;
	struct fault *fault;
	item_id item;         /* asked about */
	item_id started;      /* what the starter starts: the root, or item */
	enum trigger trigger; /* of the item */
	enum trigger begun;   /* of the root; the same without nesting */
	enum manner manner;
	item_id via;                   /* pipeline, Airflow job or root; NONE */
	uint32_t schedule, connection; /* rows, NONE */
	uint32_t nesting;
};

/* A row of the table: the first that fits gives the reason. */
struct acts_row {
	enum trigger trigger;
	enum manner manner;
	uint32_t items;  /* bits of item kinds; 0: any */
	uint32_t actors; /* bits of principal kinds; 0: any */
	const char
	    *why; /* {actor} {item} {started} {via} {schedule} {connection} */
	const char *fact;
	enum confidence confidence;
};

const struct acts_row *acts_row_find(const struct asking *a);

/* Finds whom the trigger leads to: principal, starter, manner, via. */
enum actas_error acts_resolve(
    struct asking *a, enum trigger trigger, struct slice name) ACTAS_MUST_USE;

/* One decision about an action by its name. Not decided (false) where the
 * scope is NONE. */
bool acts_decide(struct asking *a, principal_id p, const char *action,
    scope_id s, struct decision *decision);

/* Sentences that apply to this run, into the reasons of the teller. */
void acts_caveats(struct asking *a);

#endif
