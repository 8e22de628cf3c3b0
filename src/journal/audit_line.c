#include "journal/audit_line.h"

#include "journal/journal.h"

#include <jansson.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <inttypes.h>
#include <stdio.h>

static const char previous_member[] = ",\"previous\":\"";
static const char hash_member[] = "\",\"hash\":\"";
static const char closing[] = "\"}";

/* What stands after the last member of the caller's. */
enum {
	ENDING_LENGTH = sizeof previous_member - 1 + AUDIT_HASH_LENGTH +
	    sizeof hash_member - 1 + AUDIT_HASH_LENGTH + sizeof closing - 1,
	/* Of that, what the hash is not over: `,"hash":"…"}`. */
	UNHASHED_LENGTH =
	    sizeof hash_member - 2 + AUDIT_HASH_LENGTH + sizeof closing - 1,
};

static const char *const kind_names[AUDIT_KINDS] = {
    [AUDIT_TOKEN] = "token",
    [AUDIT_TOKEN_DENIED] = "token-denied",
    [AUDIT_ALLOWED] = "allowed",
    [AUDIT_DENIED] = "denied",
    [AUDIT_LIFE] = "life",
};

const char *
audit_kind_name(enum audit_kind kind)
{
	return kind_names[kind];
}

struct audit_hash
audit_hash_none(void)
{
	struct audit_hash none;

	memset(none.at, '0', AUDIT_HASH_LENGTH);
	none.at[AUDIT_HASH_LENGTH] = '\0';
	return none;
}

bool
audit_hash_eq(const struct audit_hash *a, const struct audit_hash *b)
{
	return memcmp(a->at, b->at, AUDIT_HASH_LENGTH) == 0;
}

bool
audit_hash_read(struct slice text, struct audit_hash *hash)
{
	*hash = audit_hash_none();
	if (text.length != AUDIT_HASH_LENGTH)
		return false;
	for (size_t i = 0; i < text.length; i++)
		if (ascii_hex_digit(text.at[i]) < 0 ||
		    ascii_lower(text.at[i]) != text.at[i])
			return false;
	memcpy(hash->at, text.at, text.length);
	return true;
}

static bool
hash_of(struct slice text, struct audit_hash *hash)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t bytes[AUDIT_HASH_LENGTH / 2];

	if (EVP_Digest(text.at, text.length, bytes, NULL, EVP_sha256(), NULL) !=
	    1) {
		ERR_clear_error();
		return false;
	}
	for (size_t i = 0; i < sizeof bytes; i++) {
		hash->at[2 * i] = digits[bytes[i] >> 4];
		hash->at[2 * i + 1] = digits[bytes[i] & 15];
	}
	hash->at[AUDIT_HASH_LENGTH] = '\0';
	return true;
}

/* Takes one character off; U+FFFD and one byte where there is none, or NUL,
 * which readers of JSON stumble over. */
static uint32_t
take_character(struct slice *text)
{
	static const struct {
		uint8_t mask, lead;
	} forms[] = {{0x80, 0x00}, {0xe0, 0xc0}, {0xf0, 0xe0}, {0xf8, 0xf0}};
	uint8_t first = (uint8_t)text->at[0];

	for (size_t n = 0; n < 4; n++) {
		struct slice whole = slice_sub(*text, 0, n + 1);
		uint32_t c = first & (uint8_t)~forms[n].mask;

		if ((first & forms[n].mask) != forms[n].lead)
			continue;
		if (whole.length != n + 1 || (n > 0 && !slice_is_utf8(whole)))
			break;
		for (size_t i = 1; i <= n; i++)
			c = c << 6 | ((uint8_t)whole.at[i] & 0x3f);
		*text = slice_from(*text, n + 1);
		return c == 0 ? 0xfffd : c;
	}
	*text = slice_from(*text, 1);
	return 0xfffd;
}

/* In ASCII without control characters, so that no name can write to the
 * terminal of who reads the log, or look like another. */
static void
put_character(struct buffer *b, uint32_t c)
{
	if (c == '"' || c == '\\')
		buffer_addf(b, "\\%c", (int)c);
	else if (c >= 0x20 && c < 0x7f)
		buffer_putc(b, (char)c);
	else if (c < 0x10000)
		buffer_addf(b, "\\u%04" PRIx32, c);
	else
		buffer_addf(b, "\\u%04" PRIx32 "\\u%04" PRIx32,
		    0xd800 + ((c - 0x10000) >> 10),
		    0xdc00 + ((c - 0x10000) & 0x3ff));
}

static void
put_text(struct buffer *b, const char *name, struct slice text)
{
	size_t end;

	if (text.length == 0)
		return;
	buffer_addf(b, ",\"%s\":\"", name);
	end = b->length + LIMIT_AUDIT_FIELD_BYTES;
	while (text.length > 0 && b->length < end && b->error == ACTAS_OK)
		put_character(b, take_character(&text));
	buffer_puts(b, text.length > 0 ? "\\u2026\"" : "\"");
}

static void
put_guid(struct buffer *b, const char *name, struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1];

	if (guid_is_nil(id))
		return;
	guid_format(id, text);
	buffer_addf(b, ",\"%s\":\"%s\"", name, text);
}

static void
put_number(struct buffer *b, const char *name, uint64_t number)
{
	if (number != 0)
		buffer_addf(b, ",\"%s\":%" PRIu64, name, number);
}

static void
put_moment(struct buffer *b, const char *name, moment when)
{
	char text[MOMENT_TEXT_LENGTH + 1];

	moment_format(when, text);
	buffer_addf(b, ",\"%s\":\"%s\"", name, text);
}

void
audit_line_begin(struct buffer *text, const struct audit_line *line)
{
	char at[MOMENT_TEXT_LENGTH + 1];

	moment_format(line->at, at);
	buffer_addf(text, "{\"kind\":\"%s\",\"at\":\"%s\"",
	    audit_kind_name(line->kind), at);
	put_text(text, "request", line->request);
	put_guid(text, "objectId", line->object_id);
	put_guid(text, "appId", line->app_id);
	put_text(text, "keyId", line->key_id);
	put_text(text, "operation", line->operation);
	put_text(text, "action", line->action);
	put_text(text, "resource", line->resource);
	put_text(text, "reason", line->reason);
	put_text(text, "detail", line->detail);
	put_text(text, "peer", line->peer);
	put_number(text, "status", line->status);
	put_number(text, "revision", line->revision);
	if (line->count > 0) {
		put_number(text, "count", line->count);
		put_moment(text, "from", line->from);
		put_moment(text, "to", line->to);
	}
}

void
audit_line_of_change(struct buffer *text, const struct journal_change *change)
{
	char detail[96] = "";
	struct audit_line line = {
	    .kind = AUDIT_ALLOWED,
	    .at = change->at,
	    .request = change->request,
	    .operation = SLICE("Change"),
	    .resource = change->first,
	    .revision = change->revision,
	};

	snprintf(detail, sizeof detail,
	    "%" PRIu32 " entities; told from the journal", change->entities);
	line.detail = slice_of(detail);
	if (!guid_parse(change->actor, &line.object_id))
		line.object_id = (struct guid){0};
	audit_line_begin(text, &line);
}

static const char told_member[] = ",\"told\":";

void
audit_line_put_told(struct buffer *text, uint64_t told)
{
	if (told != 0)
		buffer_addf(text, "%s%" PRIu64, told_member, told);
}

uint64_t
audit_line_told(struct slice line)
{
	struct slice front = line, number;
	size_t digits = 0;
	uint64_t told;

	if (line.length < ENDING_LENGTH)
		return 0;
	front.length -= ENDING_LENGTH;
	while (digits < front.length &&
	    front.at[front.length - digits - 1] >= '0' &&
	    front.at[front.length - digits - 1] <= '9')
		digits++;
	number = slice_from(front, front.length - digits);
	front.length -= digits;
	if (!slice_ends(front, slice_of(told_member)) ||
	    !slice_u64(number, &told))
		return 0;
	return told;
}

enum actas_error
audit_line_end(struct buffer *text, const struct audit_hash *previous,
    struct audit_hash *hash)
{
	buffer_puts(text, previous_member);
	buffer_puts(text, previous->at);
	buffer_putc(text, '"');
	if (text->error != ACTAS_OK)
		return text->error;
	if (!hash_of(buffer_slice(text), hash))
		return ACTAS_ENOMEM;
	buffer_puts(text, hash_member + 1);
	buffer_puts(text, hash->at);
	buffer_puts(text, closing);
	buffer_putc(text, '\n');
	return text->error;
}

/* Takes what must stand at the front off. */
static bool
take(struct slice *text, const char *expected)
{
	if (!slice_starts(*text, slice_of(expected)))
		return false;
	*text = slice_from(*text, strlen(expected));
	return true;
}

static bool
take_hash(struct slice *text, struct audit_hash *hash)
{
	if (!audit_hash_read(slice_sub(*text, 0, AUDIT_HASH_LENGTH), hash))
		return false;
	*text = slice_from(*text, AUDIT_HASH_LENGTH);
	return true;
}

enum audit_state
audit_line_check(
    struct slice line, struct audit_hash *previous, struct audit_hash *hash)
{
	struct slice ending;
	struct audit_hash own;

	*previous = *hash = audit_hash_none();
	if (line.length < ENDING_LENGTH || line.length > LIMIT_AUDIT_LINE_BYTES)
		return AUDIT_NO_LINE;
	ending = slice_from(line, line.length - ENDING_LENGTH);
	if (!take(&ending, previous_member) || !take_hash(&ending, previous) ||
	    !take(&ending, hash_member) || !take_hash(&ending, hash) ||
	    !take(&ending, closing))
		return AUDIT_NO_LINE;
	if (!hash_of(slice_sub(line, 0, line.length - UNHASHED_LENGTH), &own))
		return AUDIT_NO_MEMORY;
	return audit_hash_eq(&own, hash) ? AUDIT_SOUND : AUDIT_ALTERED;
}

static struct slice
member(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return (struct slice){
	    json_string_value(value), json_string_length(value)};
}

static bool
is_wanted(struct slice wanted, struct slice found)
{
	return wanted.length == 0 || slice_eq_case(wanted, found);
}

static bool
is_between(const struct audit_filter *f, struct slice text)
{
	moment at;

	if (f->from == MOMENT_UNKNOWN && f->to == MOMENT_UNKNOWN)
		return true;
	return moment_parse(text, &at) &&
	    (f->from == MOMENT_UNKNOWN || at >= f->from) &&
	    (f->to == MOMENT_UNKNOWN || at <= f->to);
}

enum actas_error
audit_line_passes(struct slice line, const struct audit_filter *f, bool *passes)
{
	json_t *o =
	    json_loadb(line.at, line.length, JSON_REJECT_DUPLICATES, NULL);

	*passes = false;
	if (!json_is_object(o)) {
		json_decref(o);
		return ACTAS_EPARSE;
	}
	*passes = (is_wanted(f->principal, member(o, "objectId")) ||
		      is_wanted(f->principal, member(o, "appId"))) &&
	    is_wanted(f->request, member(o, "request")) &&
	    slice_find_case(member(o, "resource"), f->resource) != SIZE_MAX &&
	    is_between(f, member(o, "at"));
	json_decref(o);
	return ACTAS_OK;
}
