#ifndef JOURNAL_VIEW_MAKER_H
#define JOURNAL_VIEW_MAKER_H

/* How a store gets the views of its snapshots (journal/store.h). */

#include "journal/state.h"
#include "journal/writes.h"

/* What leads from one view to the next: the one that a change lands on, the
 * state that it shows (as far as keys that touch it go), and what was written
 * since. */
struct view_step {
	const void *view;
	const struct state *before;
	const struct writes *writes;
};

/*
 * How the view is made. Called on the writer's thread, and for the past, with
 * 'from' NULL, on the reader's at the same time: no state of its own is shared.
 * A view outlives the state that it was made from, so it points to nothing
 * in it; it may share what it holds with the one before it, and either may be
 * dropped first, on any thread.
 */
struct view_maker {
	/* Whether a change of this key makes another view. */
	bool (*touches)(struct slice key);
	/* 'from' may be NULL (the first); what it points to lives until the
	 * call ends. The store frees '*view'. */
	enum actas_error (*make)(void *context, const struct state *state,
	    uint64_t revision, const struct view_step *from, const void **view,
	    struct fault *fault);
	void (*drop)(const void *view);
	void *context;
};

#endif
