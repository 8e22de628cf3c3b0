#ifndef ESTATE_REVISE_PRIVATE_H
#define ESTATE_REVISE_PRIVATE_H

/* Between the files revise*.c. */

#include "estate/private.h"
#include "estate/revise.h"

enum side { BEFORE, AFTER, SIDES };

/* Above so many rows of a kind an estate is made anew. */
enum { REVISED_MOST = 256 };

/* An assignment in the numbers of the new estate. */
struct revised_row {
	principal_id principal;
	struct grant grant;
	string_id condition;
	struct guid id;
	struct origin origin;
	assignment_id at; /* the old estate's row: itself, or the one behind */
	assignment_id to; /* one that is given: its row in the new estate */
};

struct revised_pair {
	principal_id group, member;
	struct origin origin;
};

struct revised_principal {
	principal_id id;
	bool gone;     /* not listed any more */
	bool disabled; /* else */
};

struct revision {
	const struct estate *old;
	const struct places *places;
	const struct builder *from[SIDES];
	struct estate *e; /* the new one */
	enum actas_error error;
	bool exact; /* false: it has to be made anew */
	/* ids of the builders' rows in the new estate */
	principal_id *principals[SIDES];
	scope_id *scopes[SIDES];
	role_id *roles[SIDES];
	/* what differs */
	VECTOR(struct scope) made;
	VECTOR(struct revised_row) rows[SIDES]; /* taken, given; in order */
	VECTOR(struct revised_pair) pairs[SIDES];
	VECTOR(struct revised_principal) changed;
};

/* Ends the attempt without an error. */
void revision_inexact(struct revision *r);
void revision_stick(struct revision *r, enum actas_error error);
bool revision_goes_on(const struct revision *r);

/* Scopes with rows of their own, those that are new among them. */
void revision_own_scopes(struct revision *r);

/* revise_read.c: fills in what differs. */
void revision_read(struct revision *r);
/* Whether a scope ends with the last that is said about it. */
bool revision_may_forget(const struct scope *row);

/* revise_rows.c: the assignments and what is derived from them, with the
 * scopes that are new. */
void revision_find_rows(struct revision *r);
void revision_write_rows(struct revision *r);

#endif
