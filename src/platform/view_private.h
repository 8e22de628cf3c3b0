#ifndef PLATFORM_VIEW_PRIVATE_H
#define PLATFORM_VIEW_PRIVATE_H

/* Between the files view*.c. */

#include "estate/places.h"
#include "platform/view.h"

enum view_extent {
	VIEW_LIVE, /* what decides requests */
	VIEW_FULL  /* all that may be known outside */
};

/*
 * A state as answers, one by one (view_answers.c). 'at.next' is that of
 * source_read_answers; it ends early after an error, which is in 'error'.
 */
struct answers {
	struct source_answers at;
	const struct state *state;
	const struct state *listed;       /* what of it is told */
	const struct view_filter *filter; /* or NULL */
	enum view_extent extent;
	enum actas_error error;
	/* where it is */
	unsigned list; /* behind the row at hand */
	bool walking;
	struct entity_text prefix;
	struct state_walk walk;
	struct entry entry; /* the next one that is not given out */
	bool has_entry;
	/* the answer at hand */
	struct buffer request;
	struct slice group;
	struct buffer about; /* what the group's name stands for */
	struct reader reader;
	struct buffer text; /* of which 'given' bytes are given out */
	size_t given;
	uint32_t elements;
	size_t bytes;
	bool ended;
};

void answers_init(struct answers *a, const struct state *s,
    enum view_extent extent, const struct view_filter *filter);
void answers_release(struct answers *a);

/* A state's estate; it ends up in '*estate'. */
enum actas_error view_make_estate(const struct state *s,
    enum view_extent extent, const struct view_filter *filter,
    struct estate **estate, struct fault *fault) ACTAS_MUST_USE;

/* Reads into a builder what entities of a live estate say: those of 'listed',
 * which are some of 's'. */
enum actas_error view_read_live(struct builder *b, const struct state *s,
    const struct state *listed, struct fault *fault) ACTAS_MUST_USE;

/*
 * The live estate behind a step, out of the one before it (view_revise.c).
 * '*estate' is NULL where it has to be made anew. 'places' are those of the
 * estate before it.
 */
enum actas_error view_revise(const struct state *s,
    const struct view_step *step, const struct places *places,
    struct estate **estate, struct fault *fault) ACTAS_MUST_USE;

/* view.c */
bool view_touches(struct slice key);

#endif
