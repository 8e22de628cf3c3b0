#ifndef CLI_ANSWER_H
#define CLI_ANSWER_H

/*
 * A decision with all that a person or a program wants to know about it:
 * how the grant is held, or what would help.
 */

#include "cli/words.h"

struct answer {
	principal_id principal;
	scope_id scope;
	const struct action *action;
	struct decision decision;
	const principal_id *chain; /* principal, groups, holder */
	uint32_t chain_count;
	const struct remedy *remedies;
	uint32_t remedy_count;
	struct slice missing; /* the remedies as JSON, where known already */
};

/* Decides, and finds the path; allocates in 'arena'. */
enum actas_error answer_make(const struct estate *e, struct answer *a,
    struct arena *arena) ACTAS_MUST_USE;
/* Finds what would help against a denial. */
enum actas_error answer_remedies(const struct estate *e, struct answer *a,
    struct arena *arena) ACTAS_MUST_USE;

/* The chain of principals as the first part of a path: "a → b". */
const char *answer_chain(
    struct cli *cli, const principal_id *chain, uint32_t count);
/* "Reader at vault kv-x". */
const char *answer_grant(struct cli *cli, assignment_id a);
/* What would help against the denial, as labelled lines; the least grant is
 * the one advised. */
void answer_write_remedies(struct cli *cli, const char *indent,
    const struct decision *d, const struct remedy *remedies, uint32_t count);

/* The object of docs/json.md, complete. */
void answer_put_json(const struct estate *e, struct json *j, const char *key,
    const struct answer *a);
void answer_put_path(const struct estate *e, struct json *j, const char *key,
    const principal_id *chain, uint32_t count, assignment_id a);
void answer_put_assignment(
    const struct estate *e, struct json *j, const char *key, assignment_id a);
void answer_put_remedies(const struct estate *e, struct json *j,
    const char *key, const struct remedy *remedies, uint32_t count);

#endif
