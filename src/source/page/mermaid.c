/*
 * One pass over the text, a statement at a time. Mermaid's own grammar is a
 * generated one with many exceptions; this one follows what it accepts as far
 * as the text is unambiguous. A statement:
 *
 *	node-group { link node-group }
 *	node-group: node { '&' node }
 *	node: id [ shape ] [ ':::' class ]
 *	link: line [ '|' label '|' ], or line label line
 */
#include "source/page/mermaid.h"

struct cursor {
	struct mermaid *mermaid;
	struct slice rest; /* what is still to be read */
	uint32_t line;
	enum actas_error error;
};

/* The nodes between two links. */
struct group {
	VECTOR(uint32_t) nodes;
};

static bool
at_end(const struct cursor *c)
{
	return c->rest.length == 0;
}

static char
peek(const struct cursor *c, size_t ahead)
{
	return ahead < c->rest.length ? c->rest.at[ahead] : '\0';
}

static void
advance(struct cursor *c, size_t n)
{
	for (size_t i = 0; i < n && i < c->rest.length; i++)
		c->line += c->rest.at[i] == '\n';
	c->rest = slice_from(c->rest, n);
}

static void
skip_blanks(struct cursor *c)
{
	while (peek(c, 0) == ' ' || peek(c, 0) == '\t' || peek(c, 0) == '\r')
		advance(c, 1);
}

static bool
ends_statement(char c)
{
	return c == '\n' || c == ';' || c == '\0';
}

/* The length of the rest of the line. */
static size_t
line_length(const struct cursor *c)
{
	const char *end = c->rest.length == 0
	    ? NULL
	    : memchr(c->rest.at, '\n', c->rest.length);

	return end == NULL ? c->rest.length : (size_t)(end - c->rest.at);
}

static void
skip_line(struct cursor *c)
{
	advance(c, line_length(c));
}

/* Labels may hold a ';', so what is not understood goes to the line's end. */
static void
fault(struct cursor *c, const char *expected)
{
	struct slice found = slice_trim(slice_sub(c->rest, 0, line_length(c)));

	if (c->error == ACTAS_OK)
		c->error = vector_push(
		    &c->mermaid->faults, {expected, found, c->line});
	skip_line(c);
}

/* --- nodes --- */

static bool
is_id_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || (c & 0x80) != 0;
}

/* '-', '.' and their like are part of an id when one follows that is. */
static size_t
id_length(const struct cursor *c)
{
	size_t n = 0;

	for (;;) {
		if (is_id_byte(peek(c, n)))
			n++;
		else if (n > 0 && peek(c, n) != '\0' &&
		    strchr("-./:@#*'+$", peek(c, n)) != NULL &&
		    is_id_byte(peek(c, n + 1)))
			n += 2;
		else
			return n;
	}
}

static uint32_t
find_node(struct cursor *c, struct slice id)
{
	struct mermaid *m = c->mermaid;
	uint64_t hash = slice_hash(id);
	struct index_walk walk = index_start(&m->index, hash);
	uint32_t at;

	while (index_next(&walk, &at))
		if (slice_eq(m->nodes.at[at].id, id))
			return at;
	at = m->nodes.count;
	if (c->error == ACTAS_OK)
		c->error = vector_push(
		    &m->nodes, {.id = id, .label = id, .line = c->line});
	if (c->error == ACTAS_OK)
		c->error = index_add(&m->index, hash, at);
	return at;
}

static const struct escape {
	const char *written;
	const char *meant;
} escapes[] = {{"#quot;", "\""}, {"&quot;", "\""}, {"&amp;", "&"},
    {"&lt;", "<"}, {"&gt;", ">"}, {"#35;", "#"}, {"#124;", "|"}, {"#96;", "`"},
    {"<br/>", "\n"}, {"<br />", "\n"}, {"<br>", "\n"}, {"\\n", "\n"}};

static const struct escape *
escape_at(struct slice s)
{
	if (s.length < 2 || strchr("#&<\\", s.at[0]) == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
		if (slice_starts_case(s, slice_of(escapes[i].written)))
			return &escapes[i];
	return NULL;
}

/* Without quotes, with line breaks as line feeds. */
static struct slice
clean_label(struct cursor *c, struct slice raw)
{
	char *text;
	size_t n = 0;

	raw = slice_trim(raw);
	if (raw.length >= 2 && raw.at[0] == '"' &&
	    raw.at[raw.length - 1] == '"')
		raw = slice_trim(slice_sub(raw, 1, raw.length - 2));
	if (raw.length >= 2 && raw.at[0] == '`' &&
	    raw.at[raw.length - 1] == '`')
		raw = slice_trim(slice_sub(raw, 1, raw.length - 2));
	text = arena_zero(c->mermaid->arena, raw.length + 1, 1);
	if (text == NULL) {
		c->error = ACTAS_ENOMEM;
		return SLICE("");
	}
	while (raw.length > 0) {
		const struct escape *e = escape_at(raw);

		text[n++] = e == NULL ? raw.at[0] : e->meant[0];
		raw = slice_from(raw, e == NULL ? 1 : strlen(e->written));
	}
	return slice_trim((struct slice){text, n});
}

static char
closing(char open)
{
	static const char pairs[][2] = {{'[', ']'}, {'(', ')'}, {'{', '}'},
	    {'/', '/'}, {'\\', '\\'}, {'>', ']'}};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (pairs[i][0] == open)
			return pairs[i][1];
	return '\0';
}

/* How many characters open the shape: "([" has two, "[/" as well. */
static size_t
shape_length(const struct cursor *c)
{
	size_t n = 0;

	if (peek(c, 0) == '>')
		return 1;
	while (n < 3 &&
	    (peek(c, n) == '[' || peek(c, n) == '(' || peek(c, n) == '{'))
		n++;
	if (n == 1 && peek(c, 0) == '[' &&
	    (peek(c, 1) == '/' || peek(c, 1) == '\\'))
		n++;
	return n;
}

/* Whether the shape that 'open' (of 'n' characters) opened ends here. */
static bool
closes(struct slice at, const char *open, size_t n)
{
	if (at.length < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		char wanted = closing(open[n - 1 - i]);

		if (wanted == '/' || wanted == '\\') {
			if (at.at[i] != '/' && at.at[i] != '\\')
				return false;
		} else if (at.at[i] != wanted) {
			return false;
		}
	}
	return true;
}

/* The length of a label up to what closes its shape, or SIZE_MAX. A quoted
 * label may go over several lines and hold anything. */
static size_t
label_length(const struct cursor *c, const char *open, size_t n)
{
	size_t at = n;
	const char *quote;

	while (peek(c, at) == ' ')
		at++;
	if (peek(c, at) == '"') {
		quote =
		    memchr(c->rest.at + at + 1, '"', c->rest.length - at - 1);
		if (quote == NULL)
			return SIZE_MAX;
		at = (size_t)(quote - c->rest.at) + 1;
	}
	for (; at < c->rest.length && c->rest.at[at] != '\n'; at++)
		if (closes(slice_from(c->rest, at), open, n))
			return at - n;
	return SIZE_MAX;
}

static void
declare(struct cursor *c, uint32_t at, struct slice label)
{
	struct mermaid_node *node = &c->mermaid->nodes.at[at];

	if (!node->declared || label.length > 0)
		node->line = c->line;
	node->declared = true;
	if (label.length > 0)
		node->label = label;
}

static bool
read_shape(struct cursor *c, uint32_t node)
{
	size_t n = shape_length(c), length;
	struct slice label;

	if (n == 0)
		return true;
	/* "[(x)]" is a shape, and so is "[" around "(x) y": fewer characters
	 * are tried where more do not close. */
	for (length = SIZE_MAX; n > 0; n--) {
		length = label_length(c, c->rest.at, n);
		if (length != SIZE_MAX)
			break;
	}
	if (length == SIZE_MAX)
		return false;
	label = clean_label(c, slice_sub(c->rest, n, length));
	if (c->error == ACTAS_OK)
		declare(c, node, label);
	advance(c, length + 2 * n);
	return true;
}

static void
skip_class(struct cursor *c)
{
	if (!slice_starts(c->rest, SLICE(":::")))
		return;
	advance(c, 3);
	while (is_id_byte(peek(c, 0)) || peek(c, 0) == '-')
		advance(c, 1);
}

static bool
read_node(struct cursor *c, uint32_t *node)
{
	size_t n;

	skip_blanks(c);
	n = id_length(c);
	if (n == 0) {
		fault(c, "the id of a node");
		return false;
	}
	*node = find_node(c, slice_sub(c->rest, 0, n));
	advance(c, n);
	if (c->error == ACTAS_OK && !read_shape(c, *node)) {
		fault(c, "the end of a node's label");
		return false;
	}
	skip_class(c);
	skip_blanks(c);
	return c->error == ACTAS_OK;
}

static bool
read_group(struct cursor *c, struct group *g)
{
	uint32_t node;

	g->nodes.count = 0;
	for (;;) {
		if (!read_node(c, &node))
			return false;
		c->error = vector_push(&g->nodes, node);
		if (c->error != ACTAS_OK)
			return false;
		if (peek(c, 0) != '&')
			return true;
		advance(c, 1);
	}
}

/* --- links --- */

static bool
is_line_byte(char c)
{
	return c == '-' || c == '=' || c == '.' || c == '~';
}

/* The length of a line with its heads at the start of 's', 0 if none is
 * there; '*open' when it only begins one that goes on after a label. */
static size_t
link_length(struct slice s, bool *open)
{
	size_t from = 0, n;
	bool head;

	if (s.length > 1 && strchr("<ox", s.at[0]) != NULL &&
	    (s.at[1] == '-' || s.at[1] == '='))
		from = 1;
	n = from;
	while (n < s.length && is_line_byte(s.at[n]))
		n++;
	if (n - from < 2)
		return 0;
	head = n < s.length &&
	    (s.at[n] == '>' ||
		((s.at[n] == 'x' || s.at[n] == 'o') &&
		    (n + 1 >= s.length ||
			strchr(" \t|\n", s.at[n + 1]) != NULL)));
	*open = !head && n - from == 2 && s.at[from] != '~';
	return n + head;
}

/* "-- label -->": the label, up to where a line goes on. */
static bool
read_inner_label(struct cursor *c, struct slice *label)
{
	size_t length = line_length(c);
	bool quoted = false;

	for (size_t at = 1; at < length; at++) {
		struct slice here = slice_from(c->rest, at);
		bool open;
		size_t n;

		quoted ^= c->rest.at[at] == '"';
		if (quoted || !is_line_byte(here.at[0]))
			continue;
		n = link_length(slice_sub(here, 0, length - at), &open);
		if (n == 0)
			continue;
		*label = clean_label(c, slice_sub(c->rest, 0, at));
		advance(c, at + n);
		return true;
	}
	return false;
}

static bool
read_bar_label(struct cursor *c, struct slice *label)
{
	size_t length = line_length(c), at = 1;
	bool quoted = false;

	for (; at < length; at++) {
		quoted ^= c->rest.at[at] == '"';
		if (!quoted && c->rest.at[at] == '|')
			break;
	}
	if (at >= length)
		return false;
	*label = clean_label(c, slice_sub(c->rest, 1, at - 1));
	advance(c, at + 1);
	return true;
}

static bool
read_link(struct cursor *c, struct slice *label)
{
	bool open = false;
	size_t n = link_length(c->rest, &open);

	*label = SLICE("");
	if (n == 0) {
		fault(c, "a link such as --> or the end of the statement");
		return false;
	}
	advance(c, n);
	if (open && !read_inner_label(c, label)) {
		fault(c, "a label and the other end of the link");
		return false;
	}
	skip_blanks(c);
	if (peek(c, 0) == '|' && !read_bar_label(c, label)) {
		fault(c, "the | that ends a label");
		return false;
	}
	return c->error == ACTAS_OK;
}

/* --- statements --- */

static void
connect(struct cursor *c, const struct group *from, const struct group *to,
    struct slice label, uint32_t line)
{
	struct mermaid *m = c->mermaid;

	for (uint32_t i = 0; i < from->nodes.count; i++)
		for (uint32_t j = 0; j < to->nodes.count; j++) {
			if (m->edges.count >= LIMIT_PAGE_EDGES)
				c->error = ACTAS_ELIMIT;
			if (c->error != ACTAS_OK)
				return;
			c->error = vector_push(&m->edges,
			    {from->nodes.at[i], to->nodes.at[j], label, line});
		}
}

static void
swap(struct group *a, struct group *b)
{
	struct group c = *a;

	*a = *b;
	*b = c;
}

static void
read_chain(struct cursor *c)
{
	struct group from = {0}, to = {0};
	struct slice label;
	uint32_t line = c->line;

	if (!read_group(c, &from))
		goto out;
	if (ends_statement(peek(c, 0)))
		for (uint32_t i = 0; i < from.nodes.count; i++)
			declare(c, from.nodes.at[i], SLICE(""));
	while (c->error == ACTAS_OK && !ends_statement(peek(c, 0))) {
		line = c->line;
		if (!read_link(c, &label) || !read_group(c, &to))
			break;
		connect(c, &from, &to, label, line);
		swap(&from, &to);
	}
out:
	vector_release(&from.nodes);
	vector_release(&to.nodes);
}

/* "subgraph id [title]", "subgraph title": an edge may go to it. */
static void
read_subgraph(struct cursor *c)
{
	struct slice rest = slice_trim(slice_sub(c->rest, 0, line_length(c)));
	size_t n = id_length(c);
	struct slice title = rest;
	uint32_t node;

	if (rest.length == 0)
		return;
	if (n > 0 && n < rest.length) {
		struct slice shape = slice_trim(slice_from(rest, n));

		if (slice_starts(shape, SLICE("[")) &&
		    slice_ends(shape, SLICE("]")))
			title = slice_sub(shape, 1, shape.length - 2);
		else
			n = rest.length;
	}
	node =
	    find_node(c, n > 0 ? slice_sub(rest, 0, n) : clean_label(c, rest));
	if (c->error == ACTAS_OK)
		declare(c, node, clean_label(c, title));
	skip_line(c);
}

static bool
is_keyword(const struct cursor *c, const char *word)
{
	struct slice keyword = slice_of(word);
	char next = peek(c, keyword.length);

	return slice_starts(c->rest, keyword) &&
	    (next == ' ' || next == '\t' || next == ':' || next == '\r' ||
		ends_statement(next));
}

static bool
is_ignored(const struct cursor *c)
{
	static const char *const words[] = {"classDef", "class", "style",
	    "linkStyle", "click", "direction", "accTitle", "accDescr", "title",
	    "end"};

	if (slice_starts(c->rest, SLICE("%%")))
		return true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (is_keyword(c, words[i]))
			return true;
	return false;
}

static bool
skip_keyword(struct cursor *c, const char *word)
{
	if (!is_keyword(c, word))
		return false;
	advance(c, strlen(word));
	skip_blanks(c);
	return true;
}

static void
read_statement(struct cursor *c)
{
	skip_blanks(c);
	if (ends_statement(peek(c, 0)))
		advance(c, 1);
	else if (slice_starts(c->rest, SLICE("end;")) ||
	    slice_starts(c->rest, SLICE("end\n")))
		advance(c, 3);
	else if (is_ignored(c))
		skip_line(c);
	else if (skip_keyword(c, "subgraph"))
		read_subgraph(c);
	else
		read_chain(c);
}

/* Blank lines, comments, and settings between lines of dashes. */
static void
skip_preamble(struct cursor *c)
{
	while (!at_end(c)) {
		skip_blanks(c);
		if (slice_starts(c->rest, SLICE("%%"))) {
			skip_line(c);
		} else if (slice_starts(c->rest, SLICE("---"))) {
			do {
				skip_line(c);
				advance(c, 1);
			} while (
			    !at_end(c) && !slice_starts(c->rest, SLICE("---")));
			skip_line(c);
		} else if (peek(c, 0) == '\n') {
			advance(c, 1);
		} else {
			return;
		}
	}
}

static bool
skip_header(struct cursor *c)
{
	static const char *const words[] = {
	    "graph", "flowchart-elk", "flowchart"};

	skip_preamble(c);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!skip_keyword(c, words[i]))
			continue;
		while (!ends_statement(peek(c, 0)))
			advance(c, 1);
		return true;
	}
	return false;
}

bool
mermaid_is_flowchart(struct slice source)
{
	struct cursor c = {.rest = source};

	return skip_header(&c);
}

enum actas_error
mermaid_read(
    struct mermaid *m, struct arena *arena, struct slice source, uint32_t line)
{
	struct cursor c = {.mermaid = m, .rest = source, .line = line};

	*m = (struct mermaid){.arena = arena};
	if (!skip_header(&c))
		fault(&c, "graph or flowchart");
	while (c.error == ACTAS_OK && !at_end(&c))
		read_statement(&c);
	return c.error;
}

void
mermaid_release(struct mermaid *m)
{
	vector_release(&m->nodes);
	vector_release(&m->edges);
	vector_release(&m->faults);
	index_release(&m->index);
}
