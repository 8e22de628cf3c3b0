#ifndef ENGINE_PASTED_H
#define ENGINE_PASTED_H

/*
 * A text that somebody pasted, made ready for looking things up in it:
 * escapes undone, colours and control characters gone, blanks counted as
 * nothing when words are compared. See pasted.c for how and why.
 */

#include "base/base.h"

struct pasted {
	char *flat; /* clean UTF-8; runs of white space are one blank */
	size_t flat_length;
	char *packed;   /* 'flat' without blanks, ASCII lower case */
	uint32_t *from; /* where in 'flat' each byte of 'packed' lies */
	size_t length;  /* of 'packed' */
};

/* Undoes escapes: 'flat' only. ACTAS_ELIMIT past LIMIT_PASTE_BYTES. */
enum actas_error pasted_clean(
    struct pasted *p, struct slice text) ACTAS_MUST_USE;
/* Makes 'packed' from 'flat'. */
enum actas_error pasted_pack(struct pasted *p) ACTAS_MUST_USE;
/* All zero is an empty one; release leaves one behind. */
void pasted_release(struct pasted *p);

/* "Not found"; positions are those in 'packed'. */
#define PASTED_NOWHERE SIZE_MAX

/*
 * The position behind the next 'words' at or after 'start', blanks and ASCII
 * case ignored; not in the middle of a longer word at its beginning, where it
 * begins with a letter. PASTED_NOWHERE if there is none.
 */
size_t pasted_after(const struct pasted *p, const char *words, size_t start);
bool pasted_has(const struct pasted *p, const char *words);
/* Whether 'word' is there as a word of its own, in one piece. */
bool pasted_has_word(const struct pasted *p, const char *word);

/*
 * The position of the value of 'key': behind "key=", "key:", "'key': '" and
 * the like. PASTED_NOWHERE if there is none at or after 'start'.
 */
size_t pasted_value(const struct pasted *p, const char *key, size_t start);

/* Values at a position; a quotation mark before them is skipped. */
bool pasted_guid(const struct pasted *p, size_t at, struct guid *id);
/* An id of which people have blotted digits out ("ca12xxxx-xxxx-…"): its
 * first clear digits. Empty where it is none. */
struct slice pasted_redacted(const struct pasted *p, size_t at);
/* A path, an action, a name: no blanks. Blanks by which a line break split a
 * quoted one are taken out. Into 'out', at most 'size' - 1 bytes and a NUL. */
struct slice pasted_word(
    const struct pasted *p, size_t at, char *out, size_t size);
/* Decimal digits. */
bool pasted_number(const struct pasted *p, size_t at, uint64_t *number);

/* The next GUID at or after '*at', which then lies behind it. */
bool pasted_next_guid(const struct pasted *p, size_t *at, struct guid *id);

#endif
