#ifndef ESTATE_NAMES_PRIVATE_H
#define ESTATE_NAMES_PRIVATE_H

/* What the files names*.c share. */

#include "estate/names.h"

/* The nearest spellings to a name, nearest first. */
enum { NEAREST = 3, CANDIDATES = 10 };

struct nearest {
	struct slice wanted;
	uint32_t count;
	struct {
		uint32_t id, distance;
	} at[NEAREST];
};

/* Offers a thing by one of its names. A name that the wanted one is part of
 * counts as just behind the slips of the pen. */
void nearest_offer(struct nearest *n, struct slice name, uint32_t id);

/* What was found under a name. */
struct found {
	uint32_t count; /* of all */
	uint32_t first; /* NONE: none */
	uint32_t last;
	uint32_t at[CANDIDATES]; /* the first of them */
};

/* Adds a thing once, also when it comes twice in a row. */
void found_add(struct found *f, uint32_t id);

/* Writes how to tell a thing from others of its name. */
typedef void (*write_candidate)(
    const struct estate *e, uint32_t id, struct buffer *out);

/* ", "-separated candidates and how many more there are. */
void found_write(const struct estate *e, const struct found *f,
    write_candidate write, struct buffer *out);
/* "; did you mean …?" where anything is near. */
void nearest_write(const struct estate *e, const struct nearest *n,
    write_candidate write, struct buffer *out);

/* Ends a search: sets '*id', or makes the fault. 'noun' is what was looked
 * for ("identity"), 'advice' how to name one of several. */
struct search {
	const char *noun, *nouns, *advice;
	write_candidate candidate, near;
};
enum actas_error found_settle(const struct estate *e,
    const struct search *search, const struct found *f, const struct nearest *n,
    uint32_t *id, struct fault *fault) ACTAS_MUST_USE;

/* A segment as it stands in a path, and back (names_path.c). */
void path_segment_write(struct slice segment, struct buffer *out);
void path_segment_read(struct slice text, struct buffer *out);

#endif
