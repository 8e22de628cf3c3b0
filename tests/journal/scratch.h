#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include "journal/journal.h"

/* A folder that is made before a test and removed behind it, and the path of
 * a journal in it. */
extern char scratch_folder[64], scratch_path[96];

/* For cmocka's fixtures. The second makes the journal too. */
int scratch_make(void **unused);
int scratch_make_journal(void **unused);
int scratch_remove(void **unused);

/* Appends "key=value" or "key" (removed), separated by blanks. */
enum actas_error scratch_append(
    struct journal *j, uint64_t revision, const char *writes);
/* "key=value …" of a state, in order; lives until the next call. */
const char *scratch_text(const struct state *s);
/* The same of what journal_load gives; checks the revision. */
const char *scratch_load(struct journal *j, uint64_t revision);
/* Runs SQL on the file, as one who edits it would. */
void scratch_sql(const char *sql);

#endif
