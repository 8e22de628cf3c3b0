#include "keys/jwt.h"

#include <openssl/err.h>
#include <openssl/evp.h>

static const char standard[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void
put(struct buffer *out, const void *from, size_t length, const char *digits)
{
	const uint8_t *at = from;

	for (; length > 0; at += 3) {
		uint32_t bits = (uint32_t)at[0] << 16;
		char text[4];
		size_t n = length < 3 ? length : 3;

		bits |= n > 1 ? (uint32_t)at[1] << 8 : 0;
		bits |= n > 2 ? at[2] : 0;
		for (size_t i = 0; i < 4; i++)
			text[i] = digits[bits >> (18 - 6 * i) & 63];
		buffer_add(out, (struct slice){text, n + 1});
		length -= n;
	}
}

void
base64url_put(struct buffer *out, const void *at, size_t length)
{
	put(out, at, length, url);
}

void
base64_put(struct buffer *out, const void *at, size_t length)
{
	put(out, at, length, standard);
	if (length % 3 != 0)
		buffer_fill(out, '=', 3 - length % 3);
}

/* The value of a digit; of 'plus' and 'slash' in either alphabet. */
static int
digit_of(char c, const char *digits)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == digits[62])
		return 62;
	return c == digits[63] ? 63 : -1;
}

/* The text without its padding; false where that is not complete. */
static bool
strip(struct slice *text, bool must)
{
	size_t all = text->length;

	if (all % 4 == 0)
		for (int i = 0; i < 2 && slice_ends(*text, SLICE("=")); i++)
			text->length--;
	return text->length % 4 != 1 && (!must || all % 4 == 0);
}

/* Decodes digits without padding into 'into'; false on anything else. */
static bool
decode(struct slice text, uint8_t *into, const char *digits)
{
	uint32_t bits = 0;
	unsigned count = 0;

	for (size_t i = 0; i < text.length; i++) {
		int value = digit_of(text.at[i], digits);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		count += 6;
		if (count < 8)
			continue;
		count -= 8;
		*into++ = (uint8_t)(bits >> count);
		bits &= (1u << count) - 1;
	}
	return bits == 0;
}

static enum actas_error
get(struct slice text, struct buffer *out, const char *digits)
{
	size_t before = out->length;

	buffer_fill(out, '\0', text.length / 4 * 3 + text.length % 4 * 3 / 4);
	if (out->error != ACTAS_OK)
		return out->error;
	if (decode(text, (uint8_t *)out->at + before, digits))
		return ACTAS_OK;
	out->length = before;
	out->at[before] = '\0';
	return ACTAS_EPARSE;
}

enum actas_error
base64url_get(struct slice text, struct buffer *out)
{
	return strip(&text, false) ? get(text, out, url) : ACTAS_EPARSE;
}

enum actas_error
base64_get(struct slice text, struct buffer *out)
{
	return strip(&text, true) ? get(text, out, standard) : ACTAS_EPARSE;
}

enum actas_error
sha256(struct slice text, uint8_t hash[static 32])
{
	if (EVP_Digest(text.at == NULL ? "" : text.at, text.length, hash, NULL,
		EVP_sha256(), NULL) == 1)
		return ACTAS_OK;
	ERR_clear_error();
	return ACTAS_ENOMEM;
}
