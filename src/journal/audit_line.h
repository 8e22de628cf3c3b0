#ifndef JOURNAL_AUDIT_LINE_H
#define JOURNAL_AUDIT_LINE_H

/* One line of the audit log: how it is written, chained and checked. Of
 * journal/ alone. */

#include "journal/audit.h"

enum { AUDIT_HASH_LENGTH = 64 };

/* SHA-256 in lower-case hexadecimal, with a NUL. */
struct audit_hash {
	char at[AUDIT_HASH_LENGTH + 1];
};

/* What the first line of all follows. */
struct audit_hash audit_hash_none(void);
bool audit_hash_eq(const struct audit_hash *a, const struct audit_hash *b);
/* Reads 64 lower-case digits and nothing else. */
bool audit_hash_read(struct slice text, struct audit_hash *hash);

/* Everything but the last two members and what closes the line. */
void audit_line_begin(struct buffer *text, const struct audit_line *line);
/* The same of a change, from what the journal has of it. */
struct journal_change;
void audit_line_of_change(
    struct buffer *text, const struct journal_change *change);
/* "told": up to which revision the log tells of every change, with this line;
 * the last member before the two. Of a whole line: 0 where it has none. */
void audit_line_put_told(struct buffer *text, uint64_t told);
uint64_t audit_line_told(struct slice line);
/* Chains it to 'previous' and closes it, with the newline. */
enum actas_error audit_line_end(struct buffer *text,
    const struct audit_hash *previous, struct audit_hash *hash) ACTAS_MUST_USE;

enum audit_state {
	AUDIT_SOUND,
	AUDIT_NO_LINE, /* not of the form */
	AUDIT_ALTERED, /* its hash is not its own */
	AUDIT_NO_MEMORY
};
/* A line without its newline; both hashes as they stand in it. */
enum audit_state audit_line_check(
    struct slice line, struct audit_hash *previous, struct audit_hash *hash);

/* ACTAS_EPARSE for a line that is no JSON object. */
enum actas_error audit_line_passes(struct slice line,
    const struct audit_filter *filter, bool *passes) ACTAS_MUST_USE;

#endif
