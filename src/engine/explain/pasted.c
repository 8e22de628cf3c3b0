#include "engine/explain/pasted.h"

/*
 * People paste errors out of logs, terminals, web pages, chat and mail, and
 * each of them does something to the text: JSON escapes it (twice, when a log
 * line quotes a body), HTML replaces its quotation marks, a terminal colours
 * it, a mail wraps it in the middle of a path. So every layer of escaping is
 * undone, and words are compared in a second copy that has no blanks at all:
 * what a line break tore apart is whole there. A table leads from each byte
 * of that copy back to the clean text, from which values are taken.
 */

enum {
	MOST_LAYERS = 6, /* of escaping inside escaping */
	WORDS_BYTES = 160,
	LONGEST_ENTITY = 10,
	LONGEST_SEQUENCE = 64 /* of a terminal */
};

void
pasted_release(struct pasted *p)
{
	mem_free(p->flat);
	mem_free(p->packed);
	mem_free(p->from);
	*p = (struct pasted){0};
}

/* What one escape stands for, and how many bytes of the text it took; 0: it
 * is no escape. */
struct undone {
	size_t took;
	char bytes[4];
	size_t length;
};

static struct undone
one_byte(size_t took, char byte)
{
	return (struct undone){took, {byte}, 1};
}

static struct undone
code_point(size_t took, uint32_t code)
{
	struct undone u = {took, {0}, 0};

	if (code < 0x80) {
		u = one_byte(took, (char)code);
	} else if (code < 0x800) {
		u.bytes[u.length++] = (char)(0xc0 | code >> 6);
		u.bytes[u.length++] = (char)(0x80 | (code & 0x3f));
	} else if (code < 0x10000 && (code < 0xd800 || code > 0xdfff)) {
		u.bytes[u.length++] = (char)(0xe0 | code >> 12);
		u.bytes[u.length++] = (char)(0x80 | (code >> 6 & 0x3f));
		u.bytes[u.length++] = (char)(0x80 | (code & 0x3f));
	}
	return u;
}

/* Exactly 'digits' hexadecimal digits behind 'skip' bytes. */
static struct undone
hex_escape(struct slice s, size_t skip, size_t digits)
{
	uint32_t code = 0;

	if (s.length < skip + digits)
		return (struct undone){0};
	for (size_t i = skip; i < skip + digits; i++) {
		int digit = ascii_hex_digit(s.at[i]);

		if (digit < 0)
			return (struct undone){0};
		code = code << 4 | (uint32_t)digit;
	}
	return code_point(skip + digits, code);
}

static struct undone
undo_backslash(struct slice s)
{
	static const char plain[][2] = {{'n', '\n'}, {'r', '\n'}, {'t', ' '},
	    {'"', '"'}, {'\'', '\''}, {'/', '/'}, {'\\', '\\'}, {'b', ' '},
	    {'f', ' '}, {'\n', '\n'}};

	if (s.length < 2)
		return (struct undone){0};
	if (s.at[1] == 'u')
		return hex_escape(s, 2, 4);
	if (s.at[1] == 'x')
		return hex_escape(s, 2, 2);
	if (slice_starts(s, SLICE("\\033")) || slice_starts(s, SLICE("\\e[")))
		return one_byte(s.at[1] == 'e' ? 2 : 4, '\033');
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (s.at[1] == plain[i][0])
			return one_byte(2, plain[i][1]);
	return (struct undone){0};
}

static struct undone
undo_number_entity(struct slice s)
{
	uint32_t code = 0, base = 10;
	size_t i = 2;

	if (s.length > 2 && ascii_lower(s.at[2]) == 'x') {
		base = 16;
		i = 3;
	}
	for (; i < s.length && i < LONGEST_ENTITY && s.at[i] != ';'; i++) {
		int digit = ascii_hex_digit(s.at[i]);

		if (digit < 0 || (uint32_t)digit >= base)
			return (struct undone){0};
		code = code * base + (uint32_t)digit;
	}
	if (i >= s.length || s.at[i] != ';' || code == 0)
		return (struct undone){0};
	return code_point(i + 1, code);
}

static struct undone
undo_entity(struct slice s)
{
	static const struct {
		const char *name;
		char byte;
	} entities[] = {{"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'},
	    {"&lt;", '<'}, {"&gt;", '>'}, {"&nbsp;", ' '}};

	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
		if (slice_starts_case(s, slice_of(entities[i].name)))
			return one_byte(
			    strlen(entities[i].name), entities[i].byte);
	return slice_starts(s, SLICE("&#")) ? undo_number_entity(s)
					    : (struct undone){0};
}

/* Only what a URL has to write this way in a message. */
static struct undone
undo_percent(struct slice s)
{
	struct undone u = hex_escape(s, 1, 2);

	if (u.length != 1)
		return (struct undone){0};
	if ((u.bytes[0] < 0x20 || u.bytes[0] == 0x7f) && u.bytes[0] != '\n' &&
	    u.bytes[0] != '\r')
		return (struct undone){0};
	return u;
}

/* ESC [ … letter, ESC ] … BEL, or ESC and one more: gone. */
static struct undone
undo_colour(struct slice s)
{
	size_t i = 2;

	if (s.length < 2)
		return (struct undone){s.length, {0}, 0};
	if (s.at[1] != '[' && s.at[1] != ']')
		return (struct undone){2, {0}, 0};
	for (; i < s.length && i < LONGEST_SEQUENCE; i++) {
		bool ends = s.at[1] == ']' ? s.at[i] == '\a'
					   : s.at[i] >= 0x40 && s.at[i] <= 0x7e;

		if (ends)
			return (struct undone){i + 1, {0}, 0};
	}
	return (struct undone){2, {0}, 0};
}

/* What word processors and forums make of quotation marks and hyphens, and
 * what cannot be seen. */
static struct undone
undo_typography(struct slice s)
{
	static const struct {
		const char *text;
		char byte; /* NUL: gone */
	} signs[] = {{"\xe2\x80\x98", '\''}, {"\xe2\x80\x99", '\''},
	    {"\xe2\x80\x9c", '"'}, {"\xe2\x80\x9d", '"'}, {"\xe2\x80\x90", '-'},
	    {"\xe2\x80\x91", '-'}, {"\xe2\x80\x93", '-'}, {"\xe2\x88\x92", '-'},
	    {"\xe2\x80\x8b", 0}, {"\xe2\x80\x8c", 0}, {"\xe2\x80\x8d", 0},
	    {"\xe2\x80\x8e", 0}, {"\xe2\x80\x8f", 0}, {"\xe2\x80\xaa", 0},
	    {"\xe2\x80\xab", 0}, {"\xe2\x80\xac", 0}, {"\xe2\x80\xad", 0},
	    {"\xe2\x80\xae", 0}, {"\xe2\x81\xa0", 0}, {"\xe2\x81\xa6", 0},
	    {"\xe2\x81\xa7", 0}, {"\xe2\x81\xa8", 0}, {"\xe2\x81\xa9", 0},
	    {"\xe2\x80\xa8", '\n'}, {"\xe2\x80\xa9", '\n'}};

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (slice_starts(s, slice_of(signs[i].text)))
			return (struct undone){
			    3, {signs[i].byte}, signs[i].byte != 0};
	return (struct undone){0};
}

static struct undone
undo_nbsp(struct slice s)
{
	return slice_starts(s, SLICE("\xc2\xa0")) ? one_byte(2, ' ')
						  : (struct undone){0};
}

static struct undone
undo_bom(struct slice s)
{
	return slice_starts(s, SLICE("\xef\xbb\xbf"))
	    ? (struct undone){3, {0}, 0}
	    : (struct undone){0};
}

static struct undone
undo(struct slice s)
{
	static const struct {
		char first;
		struct undone (*undo)(struct slice s);
	} kinds[] = {{'\\', undo_backslash}, {'&', undo_entity},
	    {'%', undo_percent}, {'\033', undo_colour},
	    {'\xe2', undo_typography}, {'\xc2', undo_nbsp}, {'\xef', undo_bom}};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (s.at[0] == kinds[i].first)
			return kinds[i].undo(s);
	return (struct undone){0};
}

/* Takes one layer of escaping off, in place; what stands for something is
 * never shorter than that. Returns whether there was any. */
static bool
undo_layer(char *text, size_t *length)
{
	struct slice rest = {text, *length};
	size_t kept = 0;
	bool any = false;

	while (rest.length > 0) {
		struct undone u = undo(rest);

		if (u.took == 0)
			u = one_byte(1, rest.at[0]);
		else
			any = true;
		memcpy(text + kept, u.bytes, u.length);
		kept += u.length;
		rest = slice_from(rest, u.took);
	}
	*length = kept;
	return any;
}

/* How long the character at the start is, if it may stay: no control
 * characters, nothing that is not UTF-8. */
static size_t
clean_character(struct slice s)
{
	unsigned char first = (unsigned char)s.at[0];
	size_t n = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	if (first < 0x20 || first == 0x7f || n > s.length)
		return 0;
	if (n > 1 && !slice_is_utf8(slice_sub(s, 0, n)))
		return 0;
	if (first == 0xc2 && (unsigned char)s.at[1] < 0xa0)
		return 0;
	return n;
}

/* A mail quotes by '>' at the beginning of a line. */
static size_t
line_lead(struct slice s)
{
	size_t n = 0;

	while (n < s.length && strchr(" \t\r\n>", s.at[n]) != NULL &&
	    s.at[n] != '\0')
		n++;
	return n;
}

static void
flatten(char *text, size_t *length)
{
	struct slice rest = {text, *length};
	size_t kept = 0;

	while (rest.length > 0) {
		char c = rest.at[0];
		size_t n = clean_character(rest);

		if (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
			n = c == '\n' || c == '\r' ? line_lead(rest) : 1;
			if (kept > 0 && text[kept - 1] != ' ')
				text[kept++] = ' ';
		} else if (n == 0) {
			n = 1;
		} else {
			memmove(text + kept, rest.at, n);
			kept += n;
		}
		rest = slice_from(rest, n);
	}
	*length = kept;
}

enum actas_error
pasted_clean(struct pasted *p, struct slice text)
{
	size_t length = 0;

	*p = (struct pasted){0};
	if (text.length > LIMIT_PASTE_BYTES)
		return ACTAS_ELIMIT;
	p->flat = mem_alloc(text.length + 1);
	if (p->flat == NULL)
		return ACTAS_ENOMEM;
	/* Text in UTF-16, which some shells write, is ASCII without these. */
	for (size_t i = 0; i < text.length; i++)
		if (text.at[i] != '\0')
			p->flat[length++] = text.at[i];
	for (int i = 0; i < MOST_LAYERS; i++)
		if (!undo_layer(p->flat, &length))
			break;
	flatten(p->flat, &length);
	p->flat[length] = '\0';
	p->flat_length = length;
	return ACTAS_OK;
}

enum actas_error
pasted_pack(struct pasted *p)
{
	p->packed = mem_alloc(p->flat_length + 1);
	p->from = mem_alloc((p->flat_length + 1) * sizeof *p->from);
	if (p->packed == NULL || p->from == NULL)
		return ACTAS_ENOMEM;
	for (size_t i = 0; i < p->flat_length; i++) {
		if (p->flat[i] == ' ')
			continue;
		p->packed[p->length] = ascii_lower(p->flat[i]);
		p->from[p->length++] = (uint32_t)i;
	}
	p->packed[p->length] = '\0';
	p->from[p->length] = (uint32_t)p->flat_length;
	return ACTAS_OK;
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') ||
	    (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

static bool
begins_word(const struct pasted *p, size_t at)
{
	uint32_t from = p->from[at];

	if (!is_alnum(p->flat[from]) || from == 0)
		return true;
	return !is_alnum(p->flat[from - 1]) && p->flat[from - 1] != '_';
}

size_t
pasted_after(const struct pasted *p, const char *words, size_t start)
{
	char needle[WORDS_BYTES];
	size_t n = 0;

	for (; *words != '\0' && n < sizeof needle; words++)
		if (*words != ' ')
			needle[n++] = ascii_lower(*words);
	while (start < p->length) {
		size_t hit = slice_find(
		    (struct slice){p->packed + start, p->length - start},
		    (struct slice){needle, n});

		if (hit == SIZE_MAX)
			break;
		if (begins_word(p, start + hit))
			return start + hit + n;
		start += hit + 1;
	}
	return PASTED_NOWHERE;
}

bool
pasted_has(const struct pasted *p, const char *words)
{
	return pasted_after(p, words, 0) != PASTED_NOWHERE;
}

bool
pasted_has_word(const struct pasted *p, const char *word)
{
	size_t length = strlen(word), end = 0;

	while ((end = pasted_after(p, word, end)) != PASTED_NOWHERE) {
		uint32_t last = p->from[end - 1];
		bool whole = last - p->from[end - length] == length - 1;

		if (whole && !is_alnum(p->flat[last + 1]) &&
		    p->flat[last + 1] != '_')
			return true;
	}
	return false;
}

static bool
is_quote(char c)
{
	return c == '\'' || c == '"' || c == '`';
}

static size_t
skip_quotes(const struct pasted *p, size_t at)
{
	while (at < p->length && is_quote(p->packed[at]))
		at++;
	return at;
}

size_t
pasted_value(const struct pasted *p, const char *key, size_t start)
{
	while ((start = pasted_after(p, key, start)) != PASTED_NOWHERE) {
		size_t at = skip_quotes(p, start);

		if (at < p->length &&
		    (p->packed[at] == '=' || p->packed[at] == ':'))
			return at + 1;
	}
	return PASTED_NOWHERE;
}

bool
pasted_guid(const struct pasted *p, size_t at, struct guid *id)
{
	struct slice text;
	struct guid whole;

	*id = (struct guid){0};
	if (at == PASTED_NOWHERE)
		return false;
	at = skip_quotes(p, at);
	if (at < p->length && p->packed[at] == '{')
		at++;
	if (at + GUID_TEXT_LENGTH > p->length)
		return false;
	text = (struct slice){p->packed + at, GUID_TEXT_LENGTH};
	if (!guid_parse(text, &whole))
		return false;
	*id = whole;
	return true;
}

struct slice
pasted_redacted(const struct pasted *p, size_t at)
{
	struct slice id, none = {NULL, 0};
	size_t clear = 0;
	bool blotted = false;

	if (at == PASTED_NOWHERE)
		return none;
	at = skip_quotes(p, at);
	id = (struct slice){p->packed + at, p->length - at};
	while (clear < id.length && clear < GUID_TEXT_LENGTH &&
	    (ascii_hex_digit(id.at[clear]) >= 0 || id.at[clear] == '-'))
		clear++;
	if (clear == GUID_TEXT_LENGTH)
		return none;
	blotted = slice_starts(slice_from(id, clear), SLICE("xx")) ||
	    slice_starts(slice_from(id, clear), SLICE("**")) ||
	    slice_starts(slice_from(id, clear), SLICE("..")) ||
	    slice_starts(slice_from(id, clear), SLICE("\xe2\x80\xa6"));
	if (!blotted || clear == 0)
		return none;
	return (struct slice){id.at, clear};
}

/* Characters of paths, actions, names, ids and hosts. */
static bool
is_word(char c)
{
	return is_alnum(c) || (c != '\0' && strchr("/.-_*@:#$()+~", c) != NULL);
}

struct slice
pasted_word(const struct pasted *p, size_t at, char *out, size_t size)
{
	bool quoted;
	size_t n = 0;

	out[0] = '\0';
	if (at == PASTED_NOWHERE || at >= p->length)
		return (struct slice){out, 0};
	quoted = is_quote(p->packed[at]);
	at = skip_quotes(p, at);
	for (; at < p->length && n + 1 < size; at++) {
		uint32_t from = p->from[at];

		if (!is_word(p->flat[from]))
			break;
		if (!quoted && n > 0 && p->flat[from - 1] == ' ')
			break;
		out[n++] = p->flat[from];
	}
	while (n > 0 && strchr(".:,", out[n - 1]) != NULL)
		n--;
	out[n] = '\0';
	return (struct slice){out, n};
}

bool
pasted_number(const struct pasted *p, size_t at, uint64_t *number)
{
	size_t end = at;

	*number = 0;
	if (at == PASTED_NOWHERE)
		return false;
	while (
	    end < p->length && p->packed[end] >= '0' && p->packed[end] <= '9')
		end++;
	return slice_u64((struct slice){p->packed + at, end - at}, number);
}

bool
pasted_next_guid(const struct pasted *p, size_t *at, struct guid *id)
{
	for (; *at + GUID_TEXT_LENGTH <= p->length; *at += 1) {
		if (*at > 0 && ascii_hex_digit(p->packed[*at - 1]) >= 0 &&
		    p->from[*at] == p->from[*at - 1] + 1)
			continue;
		if (p->packed[*at + 8] == '-' && pasted_guid(p, *at, id)) {
			*at += GUID_TEXT_LENGTH;
			return true;
		}
	}
	return false;
}
