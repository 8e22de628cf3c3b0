#ifndef BASE_GUID_H
#define BASE_GUID_H

#include "base/slice.h"

/* 128 bits in the order in which they are written (RFC 9562). All zero is
 * "not known"; Azure's all-principals id is a separate matter of the source
 * that reads it. */
struct guid {
	uint8_t bytes[16];
};

#define GUID_TEXT_LENGTH 36

/* Reads 8-4-4-4-12 hexadecimal digits of any case, and nothing else: false
 * and nil then. */
bool guid_parse(struct slice text, struct guid *guid);
/* Writes 36 lower-case characters and a NUL. */
void guid_format(struct guid guid, char text[static GUID_TEXT_LENGTH + 1]);

bool guid_eq(struct guid a, struct guid b);
bool guid_is_nil(struct guid guid);
uint64_t guid_hash(struct guid guid);

#endif
