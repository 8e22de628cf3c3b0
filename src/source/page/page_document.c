/*
 * cmark parses; this file walks its tree once and keeps blocks. Four things
 * are not left to cmark (0.29.0.gfm.6), each measured:
 *
 * - It pads and cuts rows to the width of the header, so that a missing cell
 *   cannot be told from an empty one: cells are counted in the source line.
 * - A table right below a paragraph bears the line of the paragraph, and the
 *   paragraph none: the header's line follows from its first row's.
 * - `<?`, `<!` and `![` without an end cost time quadratic in the paragraph,
 *   and none of them can mean anything here: inside lines their first
 *   character is masked by a control character, and unmasked in the result.
 * - A row costs time quadratic in its cells: their number has a ceiling.
 */
#include "source/page/page_document.h"

#include "source/page/page_memory.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <pthread.h>

#define MASKED_ANGLE '\x1d'
#define MASKED_BANG  '\x1e'

struct walk {
	struct document *document;
	struct page_memory memory;
	struct buffer masked; /* the source as cmark sees it */
	struct buffer plain;  /* the text that is being gathered */
	VECTOR(struct span) spans;
	VECTOR(struct text) cells;
	VECTOR(struct row) rows;
	VECTOR(struct entry) entries;
	uint32_t headings[7]; /* the newest of each level, or NONE */
	uint32_t list, depth; /* block of the open list, and how deep in it */
	enum actas_error error;
};

static void
keep_error(struct walk *w, enum actas_error error)
{
	if (w->error == ACTAS_OK)
		w->error = error;
}

/* --- before cmark: lines, and what may not reach it --- */

static size_t
line_end(struct slice rest)
{
	for (size_t i = 0; i < rest.length; i++)
		if (rest.at[i] == '\n' || rest.at[i] == '\r')
			return i;
	return rest.length;
}

static enum actas_error
split_lines(struct document *d)
{
	struct slice rest = d->source;

	while (rest.length > 0) {
		struct slice line = slice_sub(rest, 0, line_end(rest));
		enum actas_error error = vector_push(&d->lines, line);
		size_t used = line.length + 1;

		if (error != ACTAS_OK)
			return error;
		if (slice_starts(slice_from(rest, line.length), SLICE("\r\n")))
			used++;
		rest = slice_from(rest, used);
	}
	return ACTAS_OK;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The length of a quote's or list's marker at the start of 's', or 0. */
static size_t
marker_length(struct slice s)
{
	size_t digits = 0;

	if (s.length > 0 && s.at[0] == '>')
		return 1;
	while (digits < s.length && digits < 10 && s.at[digits] >= '0' &&
	    s.at[digits] <= '9')
		digits++;
	if (digits >= s.length)
		return 0;
	if (strchr(digits > 0 ? ".)" : "-+*", s.at[digits]) == NULL)
		return 0;
	if (digits + 1 < s.length && !is_blank(s.at[digits + 1]))
		return 0;
	return digits + 1;
}

/* How many markers open the line; '*from' is where its text begins. */
static uint32_t
line_depth(struct slice line, size_t *from)
{
	uint32_t depth = 0;
	size_t at = 0, n;

	for (;;) {
		while (at < line.length && is_blank(line.at[at]))
			at++;
		n = marker_length(slice_from(line, at));
		if (n == 0)
			break;
		at += n;
		depth++;
	}
	*from = at;
	return depth;
}

uint32_t
row_cells(struct slice line)
{
	uint32_t bars = 0;
	bool last_is_bar = false;

	line = slice_trim(line);
	if (slice_starts(line, SLICE("|")))
		line = slice_from(line, 1);
	for (size_t i = 0; i < line.length; i++) {
		last_is_bar = line.at[i] == '|';
		bars += last_is_bar;
		if (line.at[i] == '\\')
			i++;
	}
	return bars + !last_is_bar;
}

/* Of ASCII, UTF-16 has every other byte zero; else a mark tells. */
static bool
is_utf16(struct slice line)
{
	bool zero[4];

	if (slice_starts(line, SLICE("\xff\xfe")) ||
	    slice_starts(line, SLICE("\xfe\xff")))
		return true;
	for (size_t i = 0; i < 4 && line.length >= 4; i++)
		zero[i] = line.at[i] == '\0';
	return line.length >= 4 && zero[0] != zero[1] && zero[0] == zero[2] &&
	    zero[1] == zero[3];
}

static enum actas_error
check_line(
    const char *file, uint32_t number, struct slice line, struct fault *fault)
{
	size_t from;

	if (memchr(line.at, '\0', line.length) != NULL)
		return fault_set(fault, ACTAS_EPARSE, file, number, "%s",
		    is_utf16(line)
			? "is UTF-16 or UTF-32; a page is text in UTF-8 (in "
			  "PowerShell: Out-File -Encoding utf8)"
			: "the line holds a NUL byte; a page is text in UTF-8");
	if (!slice_is_utf8(line))
		return fault_set(fault, ACTAS_EPARSE, file, number,
		    "the line is not UTF-8, in which a page must be written");
	if (line_depth(line, &from) > LIMIT_PAGE_DEPTH)
		return fault_set(fault, ACTAS_ELIMIT, file, number,
		    "more than %u quotes or lists inside each other",
		    LIMIT_PAGE_DEPTH);
	if (line.length > LIMIT_PAGE_COLUMNS &&
	    row_cells(line) > LIMIT_PAGE_COLUMNS)
		return fault_set(fault, ACTAS_ELIMIT, file, number,
		    "a table row of more than %u cells", LIMIT_PAGE_COLUMNS);
	return ACTAS_OK;
}

static enum actas_error
check_lines(const struct document *d, const char *file, struct fault *fault)
{
	for (uint32_t i = 0; i < d->lines.count; i++) {
		struct slice line = d->lines.at[i];

		if (line.length == 0)
			continue;
		enum actas_error error = check_line(file, i + 1, line, fault);

		if (error != ACTAS_OK)
			return error;
	}
	return ACTAS_OK;
}

/* At the start of a line, `<!--` and its like open a block and are cheap. */
static size_t
first_masked(struct slice line)
{
	size_t from, indent = 0;

	while (indent < line.length && line.at[indent] == ' ')
		indent++;
	if (indent <= 3)
		return indent + 1;
	line_depth(line, &from);
	return from;
}

static void
mask_line(char *at, size_t length, size_t from)
{
	for (size_t i = from; i + 1 < length; i++) {
		if (at[i] == '<' && (at[i + 1] == '!' || at[i + 1] == '?'))
			at[i] = MASKED_ANGLE;
		else if (at[i] == '!' && at[i + 1] == '[')
			at[i] = MASKED_BANG;
	}
}

static void
mask(struct walk *w)
{
	const struct document *d = w->document;

	buffer_add(&w->masked, d->source);
	keep_error(w, w->masked.error);
	if (w->error != ACTAS_OK)
		return;
	for (uint32_t i = 0; i < d->lines.count; i++) {
		struct slice line = d->lines.at[i];

		if (line.length > 0)
			mask_line(w->masked.at + (line.at - d->source.at),
			    line.length, first_masked(line));
	}
}

/* --- inside cmark: inlines --- */

static void
add_literal(struct walk *w, cmark_node *node)
{
	size_t from = w->plain.length;

	buffer_puts(&w->plain, cmark_node_get_literal(node));
	for (size_t i = from; i < w->plain.length; i++) {
		if (w->plain.at[i] == MASKED_ANGLE)
			w->plain.at[i] = '<';
		else if (w->plain.at[i] == MASKED_BANG)
			w->plain.at[i] = '!';
	}
}

static void
open_span(struct walk *w, enum span_kind kind)
{
	keep_error(
	    w, vector_push(&w->spans, {(uint32_t)w->plain.length, 0, kind}));
}

static void
close_span(struct walk *w, enum span_kind kind)
{
	for (uint32_t i = w->spans.count; i-- > 0;) {
		struct span *s = &w->spans.at[i];

		if (s->kind != kind || s->length != 0)
			continue;
		s->length = (uint32_t)w->plain.length - s->from;
		return;
	}
}

static void
add_html(struct walk *w, cmark_node *node)
{
	struct slice html = slice_of(cmark_node_get_literal(node));

	if (slice_starts_case(html, SLICE("<br")))
		buffer_putc(&w->plain, '\n');
	else if (slice_eq_case(html, SLICE("<code>")))
		open_span(w, SPAN_CODE);
	else if (slice_eq_case(html, SLICE("</code>")))
		close_span(w, SPAN_CODE);
	else
		add_literal(w, node);
}

static void
add_inline(struct walk *w, cmark_node *node, bool enter)
{
	cmark_node_type type = cmark_node_get_type(node);

	if (type == CMARK_NODE_STRONG && enter) {
		open_span(w, SPAN_STRONG);
	} else if (type == CMARK_NODE_STRONG) {
		close_span(w, SPAN_STRONG);
	} else if (type == CMARK_NODE_CODE) {
		open_span(w, SPAN_CODE);
		add_literal(w, node);
		close_span(w, SPAN_CODE);
	} else if (type == CMARK_NODE_SOFTBREAK) {
		buffer_putc(&w->plain, ' ');
	} else if (type == CMARK_NODE_LINEBREAK) {
		buffer_putc(&w->plain, '\n');
	} else if (type == CMARK_NODE_HTML_INLINE) {
		add_html(w, node);
	} else if (type == CMARK_NODE_TEXT) {
		add_literal(w, node);
	}
}

/* Copies what was gathered into the document. */
static struct text
keep_text(struct walk *w, uint32_t line)
{
	struct arena *arena = &w->document->arena;
	struct text t = {.line = line};

	keep_error(w, w->plain.error);
	t.plain.at = arena_text(arena, buffer_slice(&w->plain));
	t.plain.length = w->plain.length;
	t.span_count = w->spans.count;
	if (t.span_count > 0)
		t.spans = arena_copy(
		    arena, w->spans.at, w->spans.count, sizeof *w->spans.at);
	if (t.plain.at == NULL || (t.spans == NULL && t.span_count > 0)) {
		keep_error(w, ACTAS_ENOMEM);
		return (struct text){.line = line};
	}
	return t;
}

static struct text
gather(struct walk *w, cmark_node *node, uint32_t line)
{
	cmark_iter *iter = cmark_iter_new(node);
	cmark_event_type event;

	buffer_clear(&w->plain);
	w->spans.count = 0;
	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE)
		add_inline(
		    w, cmark_iter_get_node(iter), event == CMARK_EVENT_ENTER);
	cmark_iter_free(iter);
	return keep_text(w, line);
}

/* --- inside cmark: blocks --- */

static uint32_t
start_line(cmark_node *node)
{
	int line = cmark_node_get_start_line(node);

	return line > 0 ? (uint32_t)line : 0;
}

static uint32_t
newest_heading(const struct walk *w, uint32_t below_level)
{
	uint32_t newest = NONE;

	for (uint32_t level = 1; level < below_level; level++)
		if (w->headings[level] != NONE)
			newest = w->headings[level];
	return newest;
}

static bool
follows_paragraph(const struct walk *w, cmark_node *node)
{
	cmark_node *before = cmark_node_previous(node);
	uint32_t count = w->document->blocks.count;

	return before != NULL &&
	    cmark_node_get_type(before) == CMARK_NODE_PARAGRAPH && count > 0 &&
	    w->document->blocks.at[count - 1].kind == BLOCK_PARAGRAPH;
}

static uint32_t
add_block(struct walk *w, cmark_node *node, struct block block)
{
	uint32_t at = w->document->blocks.count;

	if (block.line == 0)
		block.line = start_line(node);
	block.heading =
	    newest_heading(w, block.kind == BLOCK_HEADING ? block.level : 7);
	block.lead = follows_paragraph(w, node) ? at - 1 : NONE;
	keep_error(w, vector_push(&w->document->blocks, block));
	return w->error == ACTAS_OK ? at : NONE;
}

static void
on_heading(struct walk *w, cmark_node *node)
{
	uint32_t level = (uint32_t)cmark_node_get_heading_level(node);
	uint32_t at = add_block(w, node,
	    (struct block){.kind = BLOCK_HEADING,
		.level = level,
		.text = gather(w, node, start_line(node))});

	w->headings[level] = at;
	for (uint32_t deeper = level + 1; deeper < 7; deeper++)
		w->headings[deeper] = NONE;
}

static bool
is_delimiter_row(struct slice line)
{
	line = slice_trim(line);
	for (size_t i = 0; i < line.length; i++)
		if (strchr("|-: \t>", line.at[i]) == NULL)
			return false;
	return slice_find(line, SLICE("|")) != SIZE_MAX &&
	    slice_find(line, SLICE("---")) != SIZE_MAX;
}

/* GitHub's Markdown has no table where the header and the line under it
 * disagree on the number of cells: all of it silently becomes prose. */
static void
find_broken_table(struct walk *w, cmark_node *node)
{
	const struct document *d = w->document;
	uint32_t last = (uint32_t)cmark_node_get_end_line(node);

	for (uint32_t line = start_line(node) + 1; line <= last; line++) {
		if (line < 2 || line > d->lines.count ||
		    !is_delimiter_row(d->lines.at[line - 1]))
			continue;
		add_block(w, node,
		    (struct block){.kind = BLOCK_BROKEN_TABLE,
			.line = line - 1,
			.count = row_cells(d->lines.at[line - 2]),
			.level = row_cells(d->lines.at[line - 1])});
		return;
	}
}

static void
on_paragraph(struct walk *w, cmark_node *node)
{
	cmark_node *parent = cmark_node_parent(node);
	cmark_node *next = cmark_node_next(node);
	uint32_t line = start_line(node);

	if (cmark_node_get_type(parent) == CMARK_NODE_ITEM) {
		if (cmark_node_previous(node) == NULL && w->entries.count > 0)
			w->entries.at[w->entries.count - 1].text =
			    gather(w, node, start_line(parent));
		return;
	}
	if (line == 0 && next != NULL)
		line = start_line(next);
	add_block(w, node,
	    (struct block){.kind = BLOCK_PARAGRAPH,
		.line = line,
		.text = gather(w, node, line)});
	if (start_line(node) != 0)
		find_broken_table(w, node);
}

static void
on_code(struct walk *w, cmark_node *node)
{
	struct block block = {.kind = BLOCK_CODE};

	buffer_clear(&w->plain);
	w->spans.count = 0;
	add_literal(w, node);
	block.text = keep_text(w, start_line(node));
	buffer_clear(&w->plain);
	buffer_puts(&w->plain, cmark_node_get_fence_info(node));
	block.info = keep_text(w, start_line(node)).plain;
	add_block(w, node, block);
}

static void
on_item(struct walk *w, cmark_node *node)
{
	cmark_node *list = cmark_node_parent(node);

	keep_error(w,
	    vector_push(&w->entries,
		{.text.line = start_line(node),
		    .depth = w->depth - 1,
		    .ordered =
			cmark_node_get_list_type(list) == CMARK_ORDERED_LIST}));
}

static void
on_list(struct walk *w, cmark_node *node, bool enter)
{
	struct block *block;

	if (enter && w->depth++ == 0)
		w->list =
		    add_block(w, node, (struct block){.kind = BLOCK_LIST});
	if (enter || --w->depth > 0 || w->error != ACTAS_OK)
		return;
	block = &w->document->blocks.at[w->list];
	block->count = w->entries.count;
	block->entries = arena_copy(&w->document->arena, w->entries.at,
	    w->entries.count, sizeof *w->entries.at);
	w->entries.count = 0;
	if (block->entries == NULL)
		keep_error(w, ACTAS_ENOMEM);
}

/* The source of a row, without the markers of the quote or list it is in. */
static struct slice
row_source(const struct walk *w, cmark_node *row, uint32_t line)
{
	int column = cmark_node_get_start_column(row);

	if (line == 0 || line > w->document->lines.count)
		return SLICE("");
	return slice_from(w->document->lines.at[line - 1],
	    column > 0 ? (size_t)column - 1 : 0);
}

static void
add_row(struct walk *w, cmark_node *node, uint32_t line)
{
	struct row row = {.line = line};

	w->cells.count = 0;
	for (cmark_node *cell = cmark_node_first_child(node); cell != NULL;
	     cell = cmark_node_next(cell))
		keep_error(w, vector_push(&w->cells, gather(w, cell, line)));
	row.cells = arena_copy(&w->document->arena, w->cells.at, w->cells.count,
	    sizeof *w->cells.at);
	row.count = w->rows.count == 0 ? w->cells.count
				       : row_cells(row_source(w, node, line));
	if (row.cells == NULL)
		keep_error(w, ACTAS_ENOMEM);
	keep_error(w, vector_push(&w->rows, row));
}

static void
on_table(struct walk *w, cmark_node *node)
{
	cmark_node *header = cmark_node_first_child(node);
	cmark_node *first = header == NULL ? NULL : cmark_node_next(header);
	struct block block = {.kind = BLOCK_TABLE};

	if (header == NULL)
		return;
	block.line = first != NULL
	    ? start_line(first) - 2
	    : (uint32_t)cmark_node_get_end_line(node) - 1;
	w->rows.count = 0;
	add_row(w, header, block.line);
	for (; first != NULL; first = cmark_node_next(first))
		add_row(w, first, start_line(first));
	block.count = w->rows.count;
	block.rows = arena_copy(
	    &w->document->arena, w->rows.at, w->rows.count, sizeof *w->rows.at);
	if (block.rows == NULL)
		keep_error(w, ACTAS_ENOMEM);
	add_block(w, node, block);
}

/* The extension's node types are not exported. */
static bool
is_table(cmark_node *node)
{
	return strcmp(cmark_node_get_type_string(node), "table") == 0;
}

/* Returns whether what is inside the node has been dealt with. */
static bool
enter_block(struct walk *w, cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	if (type == CMARK_NODE_HEADING)
		on_heading(w, node);
	else if (type == CMARK_NODE_PARAGRAPH)
		on_paragraph(w, node);
	else if (type == CMARK_NODE_CODE_BLOCK)
		on_code(w, node);
	else if (is_table(node))
		on_table(w, node);
	else if (type == CMARK_NODE_ITEM)
		on_item(w, node);
	else if (type == CMARK_NODE_LIST)
		on_list(w, node, true);
	return type == CMARK_NODE_HEADING || type == CMARK_NODE_PARAGRAPH ||
	    is_table(node);
}

static void
walk_tree(struct walk *w, cmark_node *root)
{
	cmark_iter *iter = cmark_iter_new(root);
	cmark_event_type event;

	while (w->error == ACTAS_OK &&
	    (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);

		if (event == CMARK_EVENT_ENTER && enter_block(w, node))
			cmark_iter_reset(iter, node, CMARK_EVENT_EXIT);
		else if (event == CMARK_EVENT_EXIT &&
		    cmark_node_get_type(node) == CMARK_NODE_LIST)
			on_list(w, node, false);
	}
	cmark_iter_free(iter);
}

static void
register_extensions(void)
{
	cmark_gfm_core_extensions_ensure_registered();
}

/* Apart from its caller, so that longjmp finds no local of its changed. */
static enum actas_error
parse(struct walk *w)
{
	static pthread_once_t registered = PTHREAD_ONCE_INIT;
	cmark_parser *parser;
	cmark_mem *memory;

	pthread_once(&registered, register_extensions);
	memory = page_memory_begin(&w->memory, LIMIT_PAGE_PARSE_BYTES);
	if (setjmp(w->memory.leave) != 0)
		return w->memory.error;
	parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, memory);
	cmark_parser_attach_syntax_extension(
	    parser, cmark_find_syntax_extension("table"));
	cmark_parser_feed(parser, w->masked.at, w->masked.length);
	walk_tree(w, cmark_parser_finish(parser));
	return w->error;
}

static enum actas_error
blocks_read(struct document *d)
{
	struct walk w = {.document = d, .list = NONE};

	for (uint32_t level = 0; level < 7; level++)
		w.headings[level] = NONE;
	mask(&w);
	if (w.error == ACTAS_OK && d->source.length > 0)
		w.error = parse(&w);
	page_memory_release(&w.memory);
	buffer_release(&w.masked);
	buffer_release(&w.plain);
	vector_release(&w.spans);
	vector_release(&w.cells);
	vector_release(&w.rows);
	vector_release(&w.entries);
	return w.error;
}

enum actas_error
document_read(struct document *d, const char *file, struct slice source,
    struct fault *fault)
{
	enum actas_error error;

	*d = (struct document){.source = source};
	error = split_lines(d);
	if (error != ACTAS_OK)
		return fault_plain(fault, error);
	error = check_lines(d, file, fault);
	if (error != ACTAS_OK)
		return error;
	error = blocks_read(d);
	if (error == ACTAS_ELIMIT)
		return fault_set(fault, error, file, 0,
		    "the page has too many parts to be read in %llu bytes of "
		    "memory; split it",
		    LIMIT_PAGE_PARSE_BYTES);
	return error == ACTAS_OK ? ACTAS_OK : fault_plain(fault, error);
}

void
document_release(struct document *d)
{
	arena_release(&d->arena);
	vector_release(&d->lines);
	vector_release(&d->blocks);
}

/* --- texts --- */

struct slice
text_span(const struct text *t, enum span_kind kind, uint32_t i)
{
	for (uint32_t at = 0; at < t->span_count; at++) {
		const struct span *s = &t->spans[at];

		if (s->kind == kind && i-- == 0)
			return slice_sub(t->plain, s->from, s->length);
	}
	return SLICE("");
}

struct text
text_part(struct arena *arena, const struct text *t, size_t from, size_t length)
{
	struct slice plain = slice_sub(t->plain, from, length);
	struct text part = {.plain = plain, .line = t->line};
	struct span *spans;

	if (t->span_count == 0)
		return part;
	spans = arena_zero(arena, t->span_count, sizeof *spans);
	if (spans == NULL)
		return (struct text){.line = t->line};
	for (uint32_t i = 0; i < t->span_count; i++) {
		struct span s = t->spans[i];

		if (s.from < from || s.from + s.length > from + plain.length)
			continue;
		s.from -= (uint32_t)from;
		spans[part.span_count++] = s;
	}
	part.spans = spans;
	return part;
}
