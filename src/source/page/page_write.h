#ifndef SOURCE_PAGE_WRITE_H
#define SOURCE_PAGE_WRITE_H

/*
 * Between an estate and the page that says it: Markdown that reads back as
 * the text that was meant, tables that leave out columns in which nothing
 * stands, and names by which the reader finds each thing again.
 */

#include "source/source.h"

#include "estate/names.h"

/* --- page_write_text.c: Markdown --- */

/* Text in which nothing is markup. Line feeds become <br/>. */
void md_text(struct buffer *out, struct slice text);
/* A name: a code span, or a code element where a span cannot hold it; in a
 * table, and outside of tables, where a '|' needs no escape. */
void md_name(struct buffer *out, struct slice name);
void md_span(struct buffer *out, struct slice name);
/* A label in Mermaid's quotes. */
void md_label(struct buffer *out, struct slice text);

enum { MOST_COLUMNS = 16 };

/* A table that is written when all its rows are known. */
struct table {
	const char *const *titles;
	uint32_t columns;
	uint32_t required; /* a bit a column: written even if empty */
	uint32_t used;     /* a bit a column: something stands in it */
	uint32_t at;       /* the column of the next cell */
	struct buffer text;
	VECTOR(size_t) ends; /* of each cell in 'text' */
	enum actas_error error;
};

/* 'titles' ends with NULL. */
void table_begin(struct table *t, const char *const *titles, uint32_t required);
/* Ends the cell that was written to t->text. */
void cell_end(struct table *t);
void cell_text(struct table *t, struct slice text);
void cell_name(struct table *t, struct slice name);
void cell_word(struct table *t, const char *word);
void cell_tri(struct table *t, uint8_t tri);
void cell_guid(struct table *t, struct guid id);
void cell_moment(struct table *t, moment when);
/* Writes heading and table, or nothing where there are no rows; 'heading'
 * may be NULL. Releases the table. */
void table_end(struct table *t, const char *heading, struct buffer *out);

/* --- page_write.c --- */

struct page_writer {
	const struct estate *e;
	struct buffer *out;
	struct index names;         /* keys under which things are found */
	VECTOR(struct slice) texts; /* of keys */
	VECTOR(uint32_t) owners;    /* of keys: who bears each */
	struct arena arena;
	enum actas_error error;
};

void writer_keep(struct page_writer *w, enum actas_error error);

/* --- page_write_names.c: names that the reader finds again --- */

void writer_learn_names(struct page_writer *w);
/* The name to write for a principal or scope; lives in the writer. */
struct slice writer_principal(struct page_writer *w, principal_id p);
struct slice writer_scope(struct page_writer *w, scope_id s);
/* Whether it is one of those that a page names without declaring them
 * ("Personal accounts"): its name is words, not a code span. */
bool writer_is_mentioned(const struct page_writer *w, principal_id p);
void writer_principal_cell(
    struct page_writer *w, principal_id p, struct buffer *out);
/* A scope as a cell says it: `name`, with its kind where people add it. */
void writer_scope_cell(struct page_writer *w, scope_id s, struct buffer *out);
void writer_role_cell(
    struct page_writer *w, role_id r, scope_id s, struct buffer *out);
/* Cells of names; NONE is an empty cell. */
void cell_principal(struct table *t, struct page_writer *w, principal_id p);
void cell_scope(struct table *t, struct page_writer *w, scope_id s);
void cell_item(struct table *t, struct page_writer *w, item_id i);

/* --- the parts of the page --- */

void write_diagram(struct page_writer *w);
void write_identities(struct page_writer *w);
void write_applications(struct page_writer *w);
void write_groups(struct page_writer *w);
void write_roles(struct page_writer *w);
void write_definitions(struct page_writer *w);
void write_denials(struct page_writer *w);
void write_resources(struct page_writer *w);
void write_vaults(struct page_writer *w);
void write_secrets(struct page_writer *w);
void write_readers(struct page_writer *w);
void write_matrix(struct page_writer *w);
void write_connections(struct page_writer *w);
void write_items(struct page_writer *w);
void write_owners(struct page_writer *w);
void write_credentials(struct page_writer *w);
void write_copies(struct page_writer *w);
void write_rotation(struct page_writer *w);
void write_key_rules(struct page_writer *w);
void write_settings(struct page_writer *w);

#endif
