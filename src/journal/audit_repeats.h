#ifndef JOURNAL_AUDIT_REPEATS_H
#define JOURNAL_AUDIT_REPEATS_H

/*
 * Denials that repeat, so that nobody fills the disk with them; of journal/
 * alone, used by one thread at a time.
 *
 * Within a minute the first LIMIT_AUDIT_SAME of a kind (who, what, on what,
 * why) are written in full, and of one source LIMIT_AUDIT_SOURCE of all kinds.
 * The rest are counted, and told in one line when the minute is over. 'Who' is
 * the principal of a denied request; of one that proved nothing (a wrong
 * credential, a token that is none) the address, whatever it claims to be.
 * All of the latter together have LIMIT_AUDIT_ANONYMOUS bytes a minute; what
 * comes then is counted together, whoever sent it.
 *
 * What is counted is in memory alone until then: a crash loses it.
 */

#include "journal/audit_line.h"

struct repeats;

struct repeats *repeats_new(void); /* NULL: out of memory */
void repeats_free(struct repeats *r);

/* Writes a line that tells of a count; where it cannot, the count stays. */
struct repeats_writer {
	enum actas_error (*write)(void *context, const struct audit_line *line);
	void *context;
};

/* Whether the line is to be written; else it was counted. '*error' where a
 * count that had to make room could not be written. */
bool repeats_take(struct repeats *r, const struct audit_line *line, moment now,
    const struct repeats_writer *w, enum actas_error *error);
/* Tells what is due: of minutes that are over, or all. */
enum actas_error repeats_tell(struct repeats *r, moment now, bool all,
    const struct repeats_writer *w) ACTAS_MUST_USE;
/* Whether anything was counted that is not told. */
bool repeats_wait(const struct repeats *r);

#endif
