#ifndef BASE_SLICE_H
#define BASE_SLICE_H

/*
 * Text as pointer and length. A slice owns nothing; it lives as long as the
 * bytes that it points to. The empty slice may have a NULL pointer.
 * "ASCII case" functions fold A-Z only: that is how Azure compares names of
 * actions, scopes and roles.
 */

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const char *at;
	size_t length;
};

#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})
/* For printf's "%.*s", which takes no more than INT_MAX bytes. */
#define SLICE_ARGS(s)                                       \
	(int)((s).length > INT_MAX ? INT_MAX : (s).length), \
	    (s).at == NULL ? "" : (s).at

static inline struct slice
slice_of(const char *text)
{
	return (struct slice){text, text == NULL ? 0 : strlen(text)};
}

bool slice_eq(struct slice a, struct slice b);
bool slice_eq_case(struct slice a, struct slice b); /* ASCII case folded */
int slice_cmp(struct slice a, struct slice b);
int slice_cmp_case(struct slice a, struct slice b);
bool slice_starts(struct slice s, struct slice prefix);
bool slice_starts_case(struct slice s, struct slice prefix);
bool slice_ends(struct slice s, struct slice suffix);
bool slice_ends_case(struct slice s, struct slice suffix);

/* The offset of the first 'needle' in 's', or SIZE_MAX. */
size_t slice_find(struct slice s, struct slice needle);
size_t slice_find_case(struct slice s, struct slice needle);

/* Without white space (blank, tab, CR, LF, NBSP) at both ends. */
struct slice slice_trim(struct slice s);

/* 's' from byte 'from' (clamped) on, and at most 'length' bytes of it. */
struct slice slice_from(struct slice s, size_t from);
struct slice slice_sub(struct slice s, size_t from, size_t length);

/*
 * Takes the part before the next 'separator' off '*rest' into '*part'.
 * Returns false when '*rest' was used up (its pointer is NULL then). "a,,b"
 * has three parts; "" has one, which is empty.
 */
bool slice_cut(struct slice *rest, char separator, struct slice *part);

/* Decimal digits only, no sign, all of 's'; false on anything else. */
bool slice_u64(struct slice s, uint64_t *value);

/* Whether 's' is well-formed UTF-8 without NUL. */
bool slice_is_utf8(struct slice s);

/* 64-bit hashes under a seed drawn once a process. */
uint64_t slice_hash(struct slice s);
uint64_t slice_hash_case(struct slice s); /* equal for ASCII-case equal */

char ascii_lower(char c);
/* 0 to 15 for a hexadecimal digit of any case, else -1. */
int ascii_hex_digit(char c);

#endif
