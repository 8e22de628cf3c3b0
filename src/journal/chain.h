#ifndef JOURNAL_CHAIN_H
#define JOURNAL_CHAIN_H

/*
 * How a record is written down and hashed; private to the journal.
 *
 * A link is the bytes that are hashed: a name of the form, the hash before it,
 * revision and time, then actor, request and changes, each after its length,
 * so that no two records are the same bytes. Changes are a row of writes: key
 * and value, each after its length; a removal has the length REMOVED and no
 * value. Numbers are big-endian; lengths are four bytes, others eight.
 */

#include "journal/journal.h"

enum { DIGEST_BYTES = 32 };

struct digest {
	uint8_t bytes[DIGEST_BYTES];
};

/* Writes the link of 'record' behind 'before' to 'link', which is emptied;
 * '*changes', the end of it, is what the table keeps of the writes. */
enum actas_error chain_link(struct buffer *link, struct slice *changes,
    const struct digest *before, const struct record *record) ACTAS_MUST_USE;
/* The same from changes that were written before. */
enum actas_error chain_relink(struct buffer *link, const struct digest *before,
    const struct record *record, struct slice changes) ACTAS_MUST_USE;
enum actas_error chain_hash(
    const struct buffer *link, struct digest *digest) ACTAS_MUST_USE;

/* Takes one write off '*changes'. False at the end and where they are not
 * whole: '*changes' is empty in the first case only. */
bool changes_next(struct slice *changes, struct write *write);

#endif
