/*
 * An access page into a builder: every block is offered to the forms below,
 * and the ones that a form fits are read in three phases (page_read.h).
 */
#include "source/page/page_form.h"

#include "source/source.h"

#include <stdio.h>

/* The first that fits wins, so those with the more telling columns stand
 * first: a table of secrets may have a column "Vault", not the reverse. */
static const struct form *const forms[] = {
    &form_definitions,
    &form_settings,
    &form_denials,
    &form_applications,
    &form_credentials,
    &form_copies,
    &form_secrets,
    &form_connections,
    &form_roles,
    &form_identities,
    &form_vaults,
    &form_groups,
    &form_owners,
    &form_resources,
    &form_activities,
    &form_items,
    &form_matrix,
};

static bool (*const readers[])(struct page *p, const struct block *b) = {
    read_vault_sentence,
    read_auth_method,
    read_secret_list,
    read_affected,
    read_steps,
    read_key_rules,
    read_diagram,
};

/* --- what all forms use --- */

void
page_keep(struct page *p, enum actas_error error)
{
	if (error != ACTAS_OK && !page_failed(p))
		builder_fail(p->builder, error, page_origin(p, 0), "%s",
		    actas_strerror(error));
}

bool
page_failed(const struct page *p)
{
	return p->builder->error != ACTAS_OK;
}

struct origin
page_origin(struct page *p, uint32_t line)
{
	return builder_origin(p->builder, p->file, line);
}

struct slice
page_shown(struct slice s)
{
	enum { MOST = 200 };

	s = slice_trim(s);
	if (s.length <= MOST)
		return s;
	s.length = MOST;
	while (s.length > 0 && (s.at[s.length - 1] & 0xc0) == 0x80)
		s.length--;
	if (s.length > 0 && (s.at[s.length - 1] & 0x80) != 0)
		s.length--;
	return s;
}

/* Whether no problem about this name was told yet. */
static bool
is_news(struct page *p, enum problem_kind kind, struct slice subject)
{
	static const bool once[PROBLEM_KINDS] = {
	    [PROBLEM_UNDECLARED_PRINCIPAL] = true,
	    [PROBLEM_UNDECLARED_SECRET] = true,
	    [PROBLEM_UNDECLARED_SCOPE] = true,
	    [PROBLEM_UNDECLARED_CONNECTION] = true,
	    [PROBLEM_UNDECLARED_NODE] = true,
	    [PROBLEM_AMBIGUOUS_NAME] = true,
	};
	uint64_t hash = slice_hash_case(subject) ^ ((uint64_t)kind << 56);
	struct index_walk walk = index_start(&p->told_index, hash);
	uint32_t at;

	if (!once[kind])
		return true;
	while (index_next(&walk, &at))
		if (slice_eq_case(p->told.at[at], subject))
			return false;
	page_keep(p, index_add(&p->told_index, hash, p->told.count));
	page_keep(p, vector_push(&p->told, subject));
	return true;
}

void
page_problem(struct page *p, enum problem_kind kind, struct slice subject,
    uint32_t line, const char *format, ...)
{
	char message[1024];
	va_list args;

	subject = slice_trim(subject);
	if (page_failed(p) || !is_news(p, kind, subject))
		return;
	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	builder_problem(p->builder, kind, page_shown(subject),
	    page_origin(p, line), (struct origin){0}, "%s", message);
}

uint32_t
page_listing(struct page *p, struct listing listing, uint32_t line)
{
	uint32_t at = p->builder->listings.count;

	listing.origin = page_origin(p, line);
	page_keep(p, vector_push(&p->builder->listings, listing));
	return at;
}

void
page_claim(struct page *p, struct claim claim)
{
	claim.assignment = NONE;
	if (!page_failed(p))
		builder_claim(p->builder, &claim);
}

const struct block *
page_heading(const struct page *p, const struct block *b)
{
	return b->heading == NONE ? NULL : &p->document.blocks.at[b->heading];
}

const struct block *
page_lead(const struct page *p, const struct block *b)
{
	return b->lead == NONE ? NULL : &p->document.blocks.at[b->lead];
}

/* --- tables --- */

static bool
is_named(struct slice header, const char *names)
{
	struct slice rest = slice_of(names), name;

	while (slice_cut(&rest, '|', &name))
		if (slice_eq_case(header, name))
			return true;
	return false;
}

static uint32_t
find_column(const struct block *b, const char *names)
{
	for (uint32_t i = 0; i < b->rows[0].count; i++)
		if (is_named(slice_trim(b->rows[0].cells[i].plain), names))
			return i;
	return NONE;
}

static bool
form_fits(struct page *p, const struct form *form, const struct block *b,
    struct sheet *s)
{
	bool any = form->any_of == 0;

	*s = (struct sheet){
	    .page = p, .block = b, .listing = NONE, .principal = NONE};
	for (uint32_t i = 0; i < FORM_COLUMNS; i++)
		s->at[i] = NONE;
	for (uint32_t i = 0; i < FORM_COLUMNS; i++) {
		if (form->columns[i].names == NULL)
			break;
		s->at[i] = find_column(b, form->columns[i].names);
		if (s->at[i] == NONE && form->columns[i].required)
			return false;
		any |= s->at[i] != NONE && (form->any_of >> i & 1) != 0;
	}
	return any && (form->fits == NULL || form->fits(p, b, s));
}

static void
check_row(struct page *p, const struct block *b, const struct row *row)
{
	uint32_t columns = b->rows[0].count;
	struct slice first = row->cells[0].plain;

	if (row->count == columns)
		return;
	page_problem(p, PROBLEM_MALFORMED_ROW, first, row->line,
	    "the row has %u cell%s, the table has %u columns; %s", row->count,
	    row->count == 1 ? "" : "s", columns,
	    row->count < columns
		? "what is missing says nothing"
		: "what is too much is not read (write \\| for a | that is "
		  "text)");
}

static void
read_rows(struct page *p, const struct form *form, struct sheet *s)
{
	void (*row)(struct sheet * s, const struct row *row) =
	    form->row[p->phase];

	if (form->begin != NULL)
		form->begin(s);
	for (uint32_t i = 1; i < s->block->count && !page_failed(p); i++) {
		if (p->phase == PHASE_CLAIMS)
			check_row(p, s->block, &s->block->rows[i]);
		if (row != NULL)
			row(s, &s->block->rows[i]);
	}
}

static bool
read_table(struct page *p, const struct block *b)
{
	struct sheet s;

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (!form_fits(p, forms[i], b, &s))
			continue;
		read_rows(p, forms[i], &s);
		return true;
	}
	return false;
}

static bool
read_broken_table(struct page *p, const struct block *b)
{
	if (p->phase == PHASE_CLAIMS)
		page_problem(p, PROBLEM_MALFORMED_ROW, SLICE("table"), b->line,
		    "the header has %u cell%s and the line under it %u, so "
		    "this is no table and nothing of it is read",
		    b->count, b->count == 1 ? "" : "s", b->level);
	return false;
}

static bool
read_block(struct page *p, const struct block *b)
{
	bool mine = false;

	if (b->kind == BLOCK_TABLE)
		return read_table(p, b);
	if (b->kind == BLOCK_BROKEN_TABLE)
		return read_broken_table(p, b);
	for (size_t i = 0; i < sizeof readers / sizeof *readers && !mine; i++)
		mine = readers[i](p, b);
	return mine;
}

/* --- cells --- */

const struct text *
sheet_cell(const struct sheet *s, const struct row *row, uint32_t column)
{
	static const struct text empty;
	uint32_t at = s->at[column];

	return at == NONE || at >= row->count ? &empty : &row->cells[at];
}

struct slice
sheet_said(const struct sheet *s, const struct row *row, uint32_t column)
{
	struct slice plain = slice_trim(sheet_cell(s, row, column)->plain);

	return text_says_nothing(sheet_cell(s, row, column)) ? SLICE("")
							     : plain;
}

struct slice
sheet_name(const struct sheet *s, const struct row *row, uint32_t column)
{
	struct slice code = text_span(sheet_cell(s, row, column), SPAN_CODE, 0);

	return code.length > 0 ? slice_trim(code) : sheet_said(s, row, column);
}

string_id
sheet_string(const struct sheet *s, const struct row *row, uint32_t column)
{
	return builder_string(s->page->builder, sheet_said(s, row, column));
}

static void
tell_form(const struct sheet *s, const struct row *row, uint32_t column,
    const char *expected)
{
	struct slice said = sheet_said(s, row, column);
	const struct text *header = &s->block->rows[0].cells[s->at[column]];

	page_problem(s->page, PROBLEM_MALFORMED_ROW, said, row->line,
	    "%.*s is \"%.*s\"; expected %s", SLICE_ARGS(header->plain),
	    SLICE_ARGS(page_shown(said)), expected);
}

void
sheet_guid(const struct sheet *s, const struct row *row, uint32_t column,
    struct guid *value)
{
	struct slice said = sheet_name(s, row, column);
	struct guid guid;

	if (said.length == 0)
		return;
	if (guid_parse(said, &guid))
		*value = guid;
	else
		tell_form(s, row, column,
		    "an id of the form "
		    "00000000-0000-0000-0000-000000000000");
}

void
sheet_moment(const struct sheet *s, const struct row *row, uint32_t column,
    moment *value)
{
	struct slice said = sheet_name(s, row, column);
	moment when;

	if (said.length == 0)
		return;
	if (moment_parse(said, &when))
		*value = when;
	else
		tell_form(s, row, column, "a date of the form 2026-11-21");
}

void
sheet_tri(const struct sheet *s, const struct row *row, uint32_t column,
    uint8_t *value)
{
	struct slice said = sheet_name(s, row, column);

	if (said.length > 0 && !words_tri(said, value))
		tell_form(s, row, column, "yes or no");
}

/* --- the page --- */

static void
read_phases(struct page *p)
{
	for (p->phase = 0; p->phase < PHASES; p->phase++) {
		p->recognised = 0;
		for (uint32_t i = 0; i < p->document.blocks.count; i++) {
			if (page_failed(p))
				return;
			p->recognised +=
			    read_block(p, &p->document.blocks.at[i]);
		}
	}
}

static void
page_release(struct page *p)
{
	document_release(&p->document);
	vector_release(&p->bearers);
	index_release(&p->names);
	vector_release(&p->told);
	index_release(&p->told_index);
	for (int kind = 0; kind < SCOPE_KINDS; kind++)
		vector_release(&p->of_kind[kind]);
	vector_release(&p->known);
	vector_release(&p->targets);
	vector_release(&p->plans);
	vector_release(&p->sorted);
}

static enum actas_error
read_text(struct page *p, struct slice text, struct fault *fault)
{
	enum actas_error error =
	    document_read(&p->document, p->file, text, fault);

	if (error != ACTAS_OK)
		return error;
	read_phases(p);
	if (p->builder->error == ACTAS_ENOMEM)
		return fault_plain(fault, ACTAS_ENOMEM);
	if (page_failed(p))
		return fault_set(fault, p->builder->error, p->file, 0, "%s",
		    p->builder->fault != NULL
			? p->builder->fault->message
			: actas_strerror(p->builder->error));
	if (p->recognised == 0)
		return fault_set(fault, ACTAS_EPARSE, p->file, 0,
		    "no table, list or diagram of an access page was "
		    "recognised; docs/page.md says what they look like");
	return ACTAS_OK;
}

enum actas_error
source_read_page(struct builder *b, struct reader *from, struct fault *fault)
{
	struct page p = {.builder = b, .file = from->name};
	struct buffer text = {0};
	enum actas_error error;

	for (int kind = 0; kind < PRINCIPAL_KINDS; kind++)
		p.only[kind] = NONE;
	error = reader_all(from, &text, LIMIT_PAGE_BYTES, fault);
	if (error == ACTAS_OK)
		error = read_text(&p, buffer_slice(&text), fault);
	page_release(&p);
	buffer_release(&text);
	return error;
}
