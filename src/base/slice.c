#include "base/slice.h"

#include "base/error.h"

#include <stdatomic.h>
#include <sys/random.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

int
ascii_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
slice_eq(struct slice a, struct slice b)
{
	return a.length == b.length &&
	    (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

bool
slice_eq_case(struct slice a, struct slice b)
{
	return a.length == b.length && slice_cmp_case(a, b) == 0;
}

int
slice_cmp(struct slice a, struct slice b)
{
	size_t shorter = a.length < b.length ? a.length : b.length;
	int order = shorter == 0 ? 0 : memcmp(a.at, b.at, shorter);

	if (order != 0)
		return order;
	return (a.length > b.length) - (a.length < b.length);
}

int
slice_cmp_case(struct slice a, struct slice b)
{
	for (size_t i = 0; i < a.length && i < b.length; i++) {
		unsigned char x = (unsigned char)ascii_lower(a.at[i]);
		unsigned char y = (unsigned char)ascii_lower(b.at[i]);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return (a.length > b.length) - (a.length < b.length);
}

bool
slice_starts(struct slice s, struct slice prefix)
{
	return slice_eq(slice_sub(s, 0, prefix.length), prefix);
}

bool
slice_starts_case(struct slice s, struct slice prefix)
{
	return slice_eq_case(slice_sub(s, 0, prefix.length), prefix);
}

bool
slice_ends(struct slice s, struct slice suffix)
{
	return s.length >= suffix.length &&
	    slice_eq(slice_from(s, s.length - suffix.length), suffix);
}

bool
slice_ends_case(struct slice s, struct slice suffix)
{
	return s.length >= suffix.length &&
	    slice_eq_case(slice_from(s, s.length - suffix.length), suffix);
}

size_t
slice_find(struct slice s, struct slice needle)
{
	const char *hit;

	if (needle.length == 0)
		return 0;
	if (s.length < needle.length)
		return SIZE_MAX;
	hit = memmem(s.at, s.length, needle.at, needle.length);
	return hit == NULL ? SIZE_MAX : (size_t)(hit - s.at);
}

size_t
slice_find_case(struct slice s, struct slice needle)
{
	if (needle.length == 0)
		return 0;
	for (size_t i = 0; i + needle.length <= s.length; i++)
		if (slice_starts_case(slice_from(s, i), needle))
			return i;
	return SIZE_MAX;
}

static size_t
blank_at_start(struct slice s)
{
	if (s.length == 0)
		return 0;
	if (strchr(" \t\r\n", s.at[0]) != NULL && s.at[0] != '\0')
		return 1;
	return slice_starts(s, SLICE("\xc2\xa0")) ? 2 : 0;
}

static size_t
blank_at_end(struct slice s)
{
	char last;

	if (s.length == 0)
		return 0;
	last = s.at[s.length - 1];
	if (strchr(" \t\r\n", last) != NULL && last != '\0')
		return 1;
	return slice_ends(s, SLICE("\xc2\xa0")) ? 2 : 0;
}

struct slice
slice_trim(struct slice s)
{
	size_t n;

	while ((n = blank_at_start(s)) > 0)
		s = slice_from(s, n);
	while ((n = blank_at_end(s)) > 0)
		s.length -= n;
	return s;
}

struct slice
slice_from(struct slice s, size_t from)
{
	if (from >= s.length)
		return (struct slice){NULL, 0};
	return (struct slice){s.at + from, s.length - from};
}

struct slice
slice_sub(struct slice s, size_t from, size_t length)
{
	struct slice tail = slice_from(s, from);

	if (tail.length > length)
		tail.length = length;
	return tail;
}

bool
slice_cut(struct slice *rest, char separator, struct slice *part)
{
	const char *hit;

	if (rest->at == NULL)
		return false;
	hit = memchr(rest->at, separator, rest->length);
	if (hit == NULL) {
		*part = *rest;
		*rest = (struct slice){NULL, 0};
		return true;
	}
	*part = (struct slice){rest->at, (size_t)(hit - rest->at)};
	rest->length -= part->length + 1;
	rest->at = hit + 1;
	return true;
}

bool
slice_u64(struct slice s, uint64_t *value)
{
	uint64_t sum = 0;

	*value = 0;
	if (s.length == 0)
		return false;
	for (size_t i = 0; i < s.length; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(
			sum, (uint64_t)(s.at[i] - '0'), &sum))
			return false;
	}
	*value = sum;
	return true;
}

/* The length of the UTF-8 sequence at the start of 's', 0 if ill-formed. */
static size_t
utf8_sequence(struct slice s)
{
	const unsigned char *u = (const unsigned char *)s.at;
	size_t length = u[0] < 0x80 ? 1
	    : u[0] < 0xc2           ? 0
	    : u[0] < 0xe0           ? 2
	    : u[0] < 0xf0           ? 3
	    : u[0] < 0xf5           ? 4
				    : 0;

	if (length == 0 || length > s.length || u[0] == 0)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((u[i] & 0xc0) != 0x80)
			return 0;
	if ((u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) ||
	    (u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] > 0x8f))
		return 0;
	return length;
}

bool
slice_is_utf8(struct slice s)
{
	while (s.length > 0) {
		size_t n = utf8_sequence(s);

		if (n == 0)
			return false;
		s = slice_from(s, n);
	}
	return true;
}

/* A collision that two processes share would be one that an input could be
 * made for. 0 means "not drawn yet". */
static uint64_t
seed(void)
{
	static _Atomic uint64_t drawn;
	uint64_t value = atomic_load_explicit(&drawn, memory_order_relaxed);
	uint64_t expected = 0;

	if (value != 0)
		return value;
	if (getrandom(&value, sizeof value, 0) != (ssize_t)sizeof value)
		value = 0x9e3779b97f4a7c15u;
	value |= 1;
	if (!atomic_compare_exchange_strong(&drawn, &expected, value))
		value = expected;
	return value;
}

uint64_t
slice_hash(struct slice s)
{
	return XXH3_64bits_withSeed(
	    s.length == 0 ? "" : s.at, s.length, seed());
}

uint64_t
slice_hash_case(struct slice s)
{
	char folded[256];
	uint64_t hash = seed();

	for (size_t i = 0; i < s.length;) {
		size_t n = 0;

		for (; i < s.length && n < sizeof folded; i++)
			folded[n++] = ascii_lower(s.at[i]);
		hash = XXH3_64bits_withSeed(folded, n, hash);
	}
	return hash;
}
