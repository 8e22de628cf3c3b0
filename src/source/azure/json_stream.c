#include "source/azure/json_stream.h"

#include "source/azure/json_plain.h"
#include "source/azure/json_select.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

/*
 * How it works. The window holds the bytes of the part that is being looked
 * at. A scan walks over one value: it counts brackets, steps over strings and
 * counts lines, and knows nothing else about JSON. Its bytes then go to
 * jansson, which is the judge of what is JSON; so a scan need not be strict,
 * only never shorter or longer than what jansson would accept.
 *
 * An object is walked member by member until one turns out to be a list of
 * elements. The members before it become an object of their own by writing
 * '}' over the comma in front of that list, and those behind it by writing
 * '{' over the comma that follows: so both ends of an envelope of any size
 * take the same way as an object without a list.
 *
 * jansson drops bytes of a long string when it cannot get memory for them
 * and goes on. A failure is therefore noted in the allocator, where it cannot
 * be overlooked. The hooks have no context, hence the flag of the thread.
 * They are installed once, and only where the program has not installed any
 * of its own; blocks of theirs and of malloc may be freed by either.
 */

enum { CHUNK_BYTES = 256 * 1024 };

enum state {
	STATE_START,
	STATE_FIRST,  /* behind '[' */
	STATE_NEXT,   /* behind an element */
	STATE_OBJECT, /* at '{' */
	STATE_AFTER,  /* behind the list of an envelope */
	STATE_LAST,   /* behind all that the document has to say */
	STATE_END
};

/* Members under which services list what they were asked for. */
static const char *const list_keys[] = {
    "value", "workspaces", "itemEntities", "accessDetails", "accessEntities"};

static _Thread_local bool starved;

static void *
noting_alloc(size_t size)
{
	void *p = mem_alloc(size);

	if (p == NULL)
		starved = true;
	return p;
}

static void
install_hooks(void)
{
	json_malloc_t alloc;
	json_free_t release;

	json_get_alloc_funcs(&alloc, &release);
	if (alloc == malloc && release == free)
		json_set_alloc_funcs(noting_alloc, mem_free);
}

/* A walk over one value. */
struct scan {
	size_t offset; /* from the start of the text */
	uint32_t line, depth;
	bool in_string, escaped, done;
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_delimiter(char c)
{
	return is_space(c) || c == ',' || c == ':' || c == '"' || c == '{' ||
	    c == '}' || c == '[' || c == ']';
}

/* To the end of the string or of the text. */
static const char *
scan_string(struct scan *c, const char *at, const char *end)
{
	if (c->escaped) {
		c->escaped = false;
		at++;
	}
	while (at < end && *at != '"' && *at != '\\')
		at++;
	if (at == end)
		return at;
	c->escaped = *at == '\\';
	c->in_string = c->escaped;
	c->done = !c->in_string && c->depth == 0;
	return at + 1;
}

/* A word or number at depth 0 ends before the next delimiter. */
static const char *
scan_scalar(struct scan *c, const char *at, const char *end)
{
	while (at < end && !is_delimiter(*at))
		at++;
	c->done = at < end;
	return at;
}

static const char *
scan_structure(struct scan *c, const char *at)
{
	switch (*at) {
	case '"':
		c->in_string = true;
		break;
	case '{':
	case '[':
		c->depth++;
		break;
	case '}':
	case ']':
		c->depth -= c->depth > 0;
		c->done = c->depth == 0;
		break;
	case '\n':
		c->line++;
		break;
	default:
		break;
	}
	return at + 1;
}

/* Goes on with the walk over text of which more bytes have become known. */
static void
scan_more(struct scan *c, struct slice text)
{
	const char *at = text.at + c->offset, *end = text.at + text.length;

	while (at < end && !c->done && c->depth <= LIMIT_JSON_DEPTH) {
		if (c->in_string)
			at = scan_string(c, at, end);
		else if (c->depth == 0 && *at != '"' && *at != '{' &&
		    *at != '[')
			at = scan_scalar(c, at, end);
		else
			at = scan_structure(c, at);
	}
	c->offset = (size_t)(at - text.at);
}

static void
scan_space(struct scan *c, struct slice text)
{
	for (; c->offset < text.length && is_space(text.at[c->offset]);
	     c->offset++)
		c->line += text.at[c->offset] == '\n';
}

void
json_stream_init(
    struct json_stream *s, struct reader *from, struct fault *fault)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, install_hooks);
	*s = (struct json_stream){.from = from, .fault = fault, .line = 1};
}

void
json_stream_release(struct json_stream *s)
{
	json_decref(s->value);
	mem_free(s->window);
	buffer_release(&s->selected);
	*s = (struct json_stream){.error = ACTAS_EUSAGE};
}

static struct slice
window_text(const struct json_stream *s)
{
	return (struct slice){s->window + s->start, s->end - s->start};
}

static bool
fail(struct json_stream *s, enum actas_error error, uint32_t line,
    const char *message)
{
	if (s->error == ACTAS_OK)
		s->error = fault_set(
		    s->fault, error, s->from->name, line, "%s", message);
	return false;
}

/* Room for a chunk behind the bytes that are in use. */
static bool
make_room(struct json_stream *s)
{
	size_t used = s->end - s->start, wanted = s->capacity;
	char *grown;

	if (s->start > 0)
		memmove(s->window, s->window + s->start, used);
	s->start = 0;
	s->end = used;
	if (s->capacity - used >= CHUNK_BYTES)
		return true;
	while (wanted - used < CHUNK_BYTES)
		wanted = wanted == 0 ? 2 * CHUNK_BYTES : wanted * 2;
	grown = mem_resize(s->window, wanted);
	if (grown == NULL)
		return fail(s, ACTAS_ENOMEM, 0, actas_strerror(ACTAS_ENOMEM));
	s->window = grown;
	s->capacity = wanted;
	return true;
}

/* More bytes into the window; false at the end and after an error. */
static bool
fill(struct json_stream *s)
{
	size_t got;

	if (s->at_end || s->error != ACTAS_OK)
		return false;
	if (s->end - s->start > LIMIT_JSON_ELEMENT_BYTES) {
		s->error =
		    fault_set(s->fault, ACTAS_ELIMIT, s->from->name, s->line,
			"an element begins here that is larger than %u "
			"bytes, the most that is read",
			LIMIT_JSON_ELEMENT_BYTES);
		return false;
	}
	if (!make_room(s))
		return false;
	if (s->from->read(s->from, s->window + s->end, CHUNK_BYTES, &got) !=
	    ACTAS_OK) {
		s->error = fault_set(s->fault, ACTAS_EIO, s->from->name, 0,
		    "cannot be read: %s", strerror(errno));
		return false;
	}
	s->end += got;
	s->at_end = got == 0;
	return got > 0;
}

/* The byte behind white space, or 0 at the end and after an error. */
static char
peek(struct json_stream *s, struct scan *c)
{
	do
		scan_space(c, window_text(s));
	while (c->offset == s->end - s->start && fill(s));
	return c->offset < s->end - s->start ? window_text(s).at[c->offset]
					     : '\0';
}

/* Hands the bytes up to the scan back: they are not needed any more. */
static void
consume(struct json_stream *s, struct scan *c)
{
	s->start += c->offset;
	s->line = c->line;
	c->offset = 0;
}

static bool
unexpected(struct json_stream *s, const struct scan *c, const char *expected)
{
	struct slice rest = slice_from(window_text(s), c->offset);
	unsigned char byte;

	if (s->error != ACTAS_OK)
		return false;
	if (rest.length == 0)
		s->error = fault_set(s->fault, ACTAS_EPARSE, s->from->name,
		    c->line, "the document ends here: expected %s", expected);
	if (rest.length == 0)
		return false;
	byte = (unsigned char)rest.at[0];
	s->error = fault_set(s->fault, ACTAS_EPARSE, s->from->name, c->line,
	    byte > 0x20 && byte < 0x7f ? "expected %s, found '%c'"
				       : "expected %s, found the byte %#04x",
	    expected, byte);
	return false;
}

/* Walks to the end of the value that begins at the scan. */
static bool
scan_value(struct json_stream *s, struct scan *c)
{
	uint32_t begin = c->line;
	size_t from = c->offset;

	c->depth = 0;
	c->in_string = c->escaped = c->done = false;
	do
		scan_more(c, window_text(s));
	while (!c->done && c->depth <= LIMIT_JSON_DEPTH && fill(s));
	if (s->error != ACTAS_OK)
		return false;
	if (c->depth > LIMIT_JSON_DEPTH)
		s->error =
		    fault_set(s->fault, ACTAS_ELIMIT, s->from->name, c->line,
			"lists and objects are nested deeper than %u, the "
			"most that is read",
			LIMIT_JSON_DEPTH);
	else if (c->in_string || c->depth > 0)
		s->error =
		    fault_set(s->fault, ACTAS_EPARSE, s->from->name, c->line,
			"the document ends in the middle of what begins "
			"in line %u: it is cut off",
			begin);
	else if (c->offset == from)
		return unexpected(s, c, "a value");
	return s->error == ACTAS_OK;
}

/* What jansson says without the input that it quotes, which may be a secret;
 * the key that stands twice, which it quotes as 'near '"key"'', is none. */
static void
refuse(struct json_stream *s, const json_error_t *e, uint32_t line)
{
	struct slice text = slice_of(e->text), key = SLICE("");
	size_t near = slice_find(text, SLICE(" near '"));
	bool twice = json_error_code(e) == json_error_duplicate_key;

	if (near != SIZE_MAX) {
		key = slice_from(text, near + strlen(" near '"));
		key.length -= slice_ends(key, SLICE("'"));
		text = slice_sub(text, 0, near);
	}
	line += e->line > 1 ? (uint32_t)e->line - 1 : 0;
	if (twice)
		s->error = fault_set(s->fault, ACTAS_EPARSE, s->from->name,
		    line, "the key %.*s stands twice in one object",
		    SLICE_ARGS(key));
	else if (json_error_code(e) == json_error_null_character)
		s->error = fault_set(s->fault, ACTAS_EPARSE, s->from->name,
		    line, "a text holds the character \\u0000: expected none");
	else
		s->error = fault_set(s->fault, ACTAS_EPARSE, s->from->name,
		    line, "is not JSON: %.*s", SLICE_ARGS(text));
}

/* The value, or NULL: out of memory, or the error says what is wrong. */
static json_t *
parse(struct json_stream *s, struct slice text, json_error_t *e)
{
	json_t *value;

	*e = (json_error_t){0};
	starved = false;
	value = json_loadb(
	    text.at, text.length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, e);
	if (!starved && (value != NULL || e->text[0] != '\0'))
		return value;
	json_decref(value);
	fail(s, ACTAS_ENOMEM, 0, actas_strerror(ACTAS_ENOMEM));
	return NULL;
}

/* What nobody reads is not parsed. What cannot be parsed is parsed again as
 * a whole, for the line of the error. */
static json_t *
parse_selected(struct json_stream *s, struct slice text, const char *wanted,
    json_error_t *e)
{
	json_t *value = json_plain(text, wanted);

	if (value != NULL)
		return value;
	if (wanted == NULL)
		return parse(s, text, e);
	buffer_clear(&s->selected);
	json_select(text, wanted, &s->selected);
	if (s->selected.error != ACTAS_OK) {
		fail(s, ACTAS_ENOMEM, 0, actas_strerror(ACTAS_ENOMEM));
		return NULL;
	}
	value = parse(s, buffer_slice(&s->selected), e);
	if (value != NULL || s->error != ACTAS_OK)
		return value;
	return parse(s, text, e);
}

/* Parses the window up to the scan and hands it out. */
static bool
hand_out(struct json_stream *s, struct scan *c, const char *wanted,
    struct json_node *node)
{
	struct slice text = slice_sub(window_text(s), 0, c->offset);
	json_error_t e;

	s->value = parse_selected(s, text, wanted, &e);
	if (s->value == NULL && s->error == ACTAS_OK)
		refuse(s, &e, s->line);
	*node = (struct json_node){s->value, text, s->line};
	consume(s, c);
	return s->error == ACTAS_OK;
}

/* Bytes that tell UTF-16 from the UTF-8 that JSON is in. */
static bool
begins_well(struct json_stream *s, struct scan *c)
{
	struct slice text;

	while (s->end - s->start < 4 && fill(s))
		continue;
	if (s->error != ACTAS_OK)
		return false;
	text = window_text(s);
	if (slice_starts(text, SLICE("\xff\xfe")) ||
	    slice_starts(text, SLICE("\xfe\xff")) ||
	    slice_find(slice_sub(text, 0, 4), SLICE("\0")) != SIZE_MAX)
		return fail(s, ACTAS_EPARSE, 1,
		    "is UTF-16 or UTF-32: expected "
		    "UTF-8 (in PowerShell: Out-File -Encoding utf8)");
	if (slice_starts(text, SLICE("\xef\xbb\xbf")))
		c->offset = 3;
	return true;
}

static bool
begin(struct json_stream *s, struct scan *c)
{
	char first;

	if (!begins_well(s, c))
		return false;
	first = peek(s, c);
	if (first == '\0' && s->at_end && c->offset == s->end - s->start)
		return fail(s, ACTAS_EPARSE, c->line,
		    "is empty: expected a JSON list or object");
	if (first != '[' && first != '{')
		return unexpected(s, c, "a JSON list or object");
	c->offset += first == '[';
	consume(s, c);
	s->state = first == '[' ? STATE_FIRST : STATE_OBJECT;
	return true;
}

/* Behind the last byte of the document. */
static bool
finish(struct json_stream *s, struct scan *c)
{
	if (peek(s, c) != '\0' || c->offset < s->end - s->start)
		return unexpected(s, c, "the end of the document");
	s->state = STATE_END;
	return s->error == ACTAS_OK;
}

/* At an element, or at the end of its list: '*found' says which. */
static bool
element(
    struct json_stream *s, struct scan *c, struct json_node *node, bool *found)
{
	char next = peek(s, c);

	if (next == ']' && s->state == STATE_FIRST)
		goto over;
	if (s->state == STATE_NEXT) {
		if (next == ']')
			goto over;
		if (next != ',')
			return unexpected(s, c, "',' or ']'");
		c->offset++;
		next = peek(s, c);
	}
	if (next == '\0' || next == ']')
		return unexpected(s, c, "an element");
	consume(s, c);
	s->state = STATE_NEXT;
	*found = true;
	return scan_value(s, c) && hand_out(s, c, s->wanted, node);
over:
	c->offset++;
	consume(s, c);
	s->state = s->in_envelope ? STATE_AFTER : STATE_LAST;
	return true;
}

static bool
is_list_key(struct slice quoted)
{
	for (size_t i = 0; i < sizeof list_keys / sizeof *list_keys; i++)
		if (slice_eq(slice_sub(quoted, 1, quoted.length - 2),
			slice_of(list_keys[i])))
			return true;
	return false;
}

/* One member of an object. False at a list of elements (then '*list' is true
 * and the scan stands at its '['), and after an error. */
static bool
member(struct json_stream *s, struct scan *c, bool *list)
{
	size_t from = c->offset;
	bool listing;

	if (!scan_value(s, c))
		return false;
	listing =
	    is_list_key(slice_sub(window_text(s), from, c->offset - from));
	if (peek(s, c) != ':')
		return unexpected(s, c, "':'");
	c->offset++;
	*list = listing && peek(s, c) == '[';
	peek(s, c);
	return !*list && s->error == ACTAS_OK && scan_value(s, c);
}

/* The members before a list, closed by writing over what comes behind the
 * last of them; the bytes from there up to the '[' are dropped with them. */
static bool
head_of_list(struct json_stream *s, struct scan *c, struct scan last,
    struct json_node *node, bool *found)
{
	struct scan behind = *c;
	size_t used = last.offset;

	*found = used > 1;
	if (*found) {
		s->window[s->start + used] = '}';
		last.offset = used + 1;
		if (!hand_out(s, &last, NULL, node))
			return false;
		behind.offset -= used + 1;
	}
	behind.offset++;
	consume(s, &behind);
	s->in_envelope = true;
	s->state = STATE_FIRST;
	return true;
}

/* At '{'. */
static bool
object(
    struct json_stream *s, struct scan *c, struct json_node *node, bool *found)
{
	struct scan last = *c;
	bool list = false;
	char next;

	c->offset++;
	last.offset++;
	for (;;) {
		next = peek(s, c);
		if (next == '}' && last.offset == 1 && !s->in_envelope)
			break;
		if (next != '"')
			return unexpected(s, c, "a key in double quotes");
		if (!member(s, c, &list))
			break;
		last = *c;
		next = peek(s, c);
		if (next != ',')
			break;
		c->offset++;
	}
	if (s->error != ACTAS_OK)
		return false;
	if (list)
		return head_of_list(s, c, last, node, found);
	if (next != '}')
		return unexpected(s, c, "',' or '}'");
	c->offset++;
	*found = true;
	s->state = STATE_LAST;
	return hand_out(s, c, NULL, node);
}

/* Behind the list of an envelope: the rest of its members. */
static bool
after_list(struct json_stream *s, struct scan *c)
{
	char next = peek(s, c);

	if (next != ',' && next != '}')
		return unexpected(s, c, "',' or '}'");
	if (next == '}') {
		c->offset++;
		consume(s, c);
		s->state = STATE_LAST;
		return true;
	}
	s->window[s->start + c->offset] = '{';
	consume(s, c);
	s->state = STATE_OBJECT;
	return true;
}

/* One step; '*part' stays JSON_PART_END where there was nothing to hand out. */
static bool
step(struct json_stream *s, enum json_part *part, struct json_node *node)
{
	struct scan c = {.line = s->line};
	bool found = false, envelope = s->in_envelope, fine = false;

	switch ((enum state)s->state) {
	case STATE_START:
		return begin(s, &c);
	case STATE_FIRST:
	case STATE_NEXT:
		fine = element(s, &c, node, &found);
		*part = found ? JSON_PART_ELEMENT : JSON_PART_END;
		return fine;
	case STATE_OBJECT:
		fine = object(s, &c, node, &found);
		envelope = envelope || s->in_envelope;
		if (found)
			*part =
			    envelope ? JSON_PART_ENVELOPE : JSON_PART_OBJECT;
		return fine;
	case STATE_AFTER:
		return after_list(s, &c);
	case STATE_LAST:
		return finish(s, &c);
	case STATE_END:
		break;
	}
	return true;
}

enum actas_error
json_stream_next(
    struct json_stream *s, enum json_part *part, struct json_node *node)
{
	*part = JSON_PART_END;
	*node = (struct json_node){0};
	json_decref(s->value);
	s->value = NULL;
	while (s->error == ACTAS_OK && *part == JSON_PART_END &&
	    s->state != STATE_END)
		if (!step(s, part, node))
			break;
	if (s->error != ACTAS_OK)
		*part = JSON_PART_END;
	return s->error;
}

/* Over the value at the scan, of text that jansson has accepted. */
static struct json_node
take(struct scan *c, struct slice text, json_t *value)
{
	struct json_node node = {.value = value};
	size_t from;

	scan_space(c, text);
	node.line = c->line;
	from = c->offset;
	c->depth = 0;
	c->in_string = c->escaped = c->done = false;
	scan_more(c, text);
	node.text = slice_sub(text, from, c->offset - from);
	return node;
}

/* Behind the next '{', '[', ',' or ':'. */
static void
step_over(struct scan *c, struct slice text)
{
	scan_space(c, text);
	c->offset += c->offset < text.length;
}

/* Stands behind the colon that follows the key; false where it is not there
 * (or is written with escapes, in which case only the line is lost). */
static bool
find_key(const struct json_node *object, const char *key, struct scan *c,
    uint32_t *line)
{
	struct slice text = object->text, wanted = slice_of(key), name;
	struct json_node quoted;

	*c = (struct scan){.line = object->line};
	step_over(c, text);
	while (c->offset < text.length) {
		quoted = take(c, text, NULL);
		if (quoted.text.length < 2)
			return false;
		name = slice_sub(quoted.text, 1, quoted.text.length - 2);
		step_over(c, text);
		*line = quoted.line;
		if (slice_eq(name, wanted))
			return true;
		take(c, text, NULL);
		step_over(c, text);
	}
	return false;
}

bool
json_node_member(
    const struct json_node *object, const char *key, struct json_node *found)
{
	json_t *value = json_object_get(object->value, key);
	struct scan c;
	uint32_t line;

	*found = (struct json_node){.line = object->line};
	if (value == NULL || json_is_null(value))
		return false;
	if (find_key(object, key, &c, &line))
		*found = take(&c, object->text, value);
	found->value = value;
	return true;
}

uint32_t
json_node_line(const struct json_node *object, const char *key)
{
	struct scan c;
	uint32_t line;

	if (json_is_object(object->value) && find_key(object, key, &c, &line))
		return line;
	return object->line;
}

struct json_walk
json_walk_start(const struct json_node *list)
{
	struct scan c = {.line = list->line};

	step_over(&c, list->text);
	return (struct json_walk){
	    .list = *list, .offset = c.offset, .line = c.line};
}

bool
json_walk_next(struct json_walk *walk, struct json_node *found)
{
	json_t *value = json_array_get(walk->list.value, walk->index);
	struct scan c = {.offset = walk->offset, .line = walk->line};

	if (value == NULL)
		return false;
	*found = take(&c, walk->list.text, value);
	step_over(&c, walk->list.text);
	walk->index++;
	walk->offset = c.offset;
	walk->line = c.line;
	return true;
}
