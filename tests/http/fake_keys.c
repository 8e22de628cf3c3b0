/* What http/ uses of keys/, for as long as keys/ is being written. */
#include "keys/jwt.h"
#include "keys/secret.h"

void
secret_wipe(void *at, size_t length)
{
	explicit_bzero(at, length);
}

struct chance
chance_system(void)
{
	return (struct chance){0};
}

struct guid
chance_guid(struct chance chance ACTAS_UNUSED)
{
	static _Atomic uint8_t next;
	struct guid guid = {{0x11, [6] = 0x40, [8] = 0x80, [15] = ++next}};

	return guid;
}

enum actas_error
base64_get(struct slice text, struct buffer *out)
{
	uint32_t bits = 0;
	unsigned have = 0;
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
				     "pqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < text.length && text.at[i] != '='; i++) {
		const char *digit = strchr(digits, text.at[i]);

		if (digit == NULL || *digit == '\0')
			return ACTAS_EPARSE;
		bits = bits << 6 | (uint32_t)(digit - digits);
		have += 6;
		if (have >= 8)
			buffer_putc(out, (char)(bits >> (have -= 8)));
	}
	return ACTAS_OK;
}
