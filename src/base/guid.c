#include "base/guid.h"

static bool
dash_at(size_t i)
{
	return i == 8 || i == 13 || i == 18 || i == 23;
}

bool
guid_parse(struct slice text, struct guid *guid)
{
	struct guid read = {0};
	size_t digits = 0;

	*guid = read;
	if (text.length != GUID_TEXT_LENGTH)
		return false;
	for (size_t i = 0; i < GUID_TEXT_LENGTH; i++) {
		int digit = ascii_hex_digit(text.at[i]);

		if (dash_at(i) ? text.at[i] != '-' : digit < 0)
			return false;
		if (dash_at(i))
			continue;
		read.bytes[digits / 2] =
		    (uint8_t)(read.bytes[digits / 2] << 4 | digit);
		digits++;
	}
	*guid = read;
	return true;
}

void
guid_format(struct guid guid, char text[static GUID_TEXT_LENGTH + 1])
{
	static const char hex[] = "0123456789abcdef";
	size_t digits = 0;

	for (size_t i = 0; i < GUID_TEXT_LENGTH; i++) {
		uint8_t byte = guid.bytes[digits / 2];

		if (dash_at(i)) {
			text[i] = '-';
			continue;
		}
		text[i] = hex[digits % 2 == 0 ? byte >> 4 : byte & 15];
		digits++;
	}
	text[GUID_TEXT_LENGTH] = '\0';
}

bool
guid_eq(struct guid a, struct guid b)
{
	return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

bool
guid_is_nil(struct guid guid)
{
	return guid_eq(guid, (struct guid){0});
}

uint64_t
guid_hash(struct guid guid)
{
	return slice_hash(
	    (struct slice){(const char *)guid.bytes, sizeof guid.bytes});
}
