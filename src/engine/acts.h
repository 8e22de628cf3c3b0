#ifndef ENGINE_ACTS_H
#define ENGINE_ACTS_H

/*
 * Under which identity does a run act, why, may it be started at all, and
 * what will it then lack? The table of who acts is that of the platform's own
 * documents, each row with its date (facts 1); where documents are silent the
 * row says that it is inferred.
 */

#include "engine/decide.h"

enum trigger {
	TRIGGER_UI,        /* somebody presses Run; name: who */
	TRIGGER_API,       /* job API; name: the caller */
	TRIGGER_SCHEDULE,  /* name: of the schedule, may be left out if one */
	TRIGGER_PIPELINE,  /* a pipeline's activity; name: the pipeline */
	TRIGGER_REFERENCE, /* notebook.run from another item; name: the root,
			      then TRIGGER of the root is asked again */
	TRIGGER_AIRFLOW,   /* Fabric Airflow job; name: connection identity */
	TRIGGER_DEVOPS,    /* Azure DevOps pipeline; name: connection */
	TRIGGERS
};

/* "ui", "api", …; NULL-terminated table for help texts. */
const char *trigger_name(enum trigger trigger);
bool trigger_parse(struct slice name, enum trigger *trigger);

struct run {
	item_id item;
	enum trigger trigger;
	struct slice name; /* what the trigger's comment says, or empty */
};

enum confidence {
	CONFIDENCE_DOCUMENTED,
	CONFIDENCE_OBSERVED,
	CONFIDENCE_INFERRED
};

struct lack {
	uint32_t need; /* row of the estate's needs */
	/* Who lacks it: the acting identity, or for a need of a data pipeline
	 * as whom its activities act. */
	principal_id principal;
	struct decision decision;
	const struct remedy *remedies;
	uint32_t remedy_count;
};

struct acting {
	principal_id principal; /* NONE: the source does not say, see why */
	principal_id starter;   /* who asked for the run, or NONE */
	const char *why;        /* a sentence */
	const char *fact;       /* the document it rests on, with its date */
	enum confidence confidence;
	bool start_decided;       /* there was something to decide */
	struct decision start;    /* may the starter start the item? */
	const struct lack *lacks; /* needs that the acting identity lacks */
	uint32_t lack_count;
	bool needs_open; /* the source does not say who has to have some */
	const char *const *caveats; /* sentences */
	uint32_t caveat_count;
};

/* Unknown names are faults. Allocates in 'arena'. */
enum actas_error acts(const struct estate *e, const struct run *run,
    struct arena *arena, struct acting *acting,
    struct fault *fault) ACTAS_MUST_USE;

#endif
