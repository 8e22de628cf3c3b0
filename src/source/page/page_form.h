#ifndef SOURCE_PAGE_FORM_H
#define SOURCE_PAGE_FORM_H

/*
 * The forms of an access page: which tables, lists and paragraphs are
 * recognised, and how the cells of a row are read.
 */

#include "source/page/page_read.h"

enum { FORM_COLUMNS = 16 };

struct column {
	const char *names; /* synonyms, between '|' */
	bool required;
};

struct sheet {
	struct page *page;
	const struct block *block;
	uint32_t listing;
	uint32_t at[FORM_COLUMNS]; /* its column, or NONE */
	principal_id principal;    /* of the heading, where a form asks */
};

struct form {
	struct column columns[FORM_COLUMNS];
	uint32_t any_of; /* set of columns of which one must be there */
	/* Further conditions; NULL: none. */
	bool (*fits)(
	    struct page *p, const struct block *b, const struct sheet *s);
	/* Before the rows of a table in a phase; NULL: nothing to do. */
	void (*begin)(struct sheet *s);
	void (*row[PHASES])(struct sheet *s, const struct row *row);
};

/* The cell of a column; empty where there is none. */
const struct text *sheet_cell(
    const struct sheet *s, const struct row *row, uint32_t column);
/* Its text where it says anything, else empty. */
struct slice sheet_said(
    const struct sheet *s, const struct row *row, uint32_t column);
/* Its first code span, else its text; empty where it says nothing. */
struct slice sheet_name(
    const struct sheet *s, const struct row *row, uint32_t column);
string_id sheet_string(
    const struct sheet *s, const struct row *row, uint32_t column);
/* These leave '*value' alone where nothing is said, and tell a problem where
 * what is said has another form. */
void sheet_guid(const struct sheet *s, const struct row *row, uint32_t column,
    struct guid *value);
void sheet_moment(const struct sheet *s, const struct row *row, uint32_t column,
    moment *value);
void sheet_tri(const struct sheet *s, const struct row *row, uint32_t column,
    uint8_t *value);

/* The permission of a row: columns of actions, not actions, data actions, not
 * data actions, condition. Lives as long as the page. */
enum { PERMISSION_COLUMNS = 5 };
void sheet_permission(const struct sheet *s, const struct row *row,
    const uint32_t columns[static PERMISSION_COLUMNS],
    struct permission_text *text);

extern const struct form form_identities, form_matrix, form_vaults,
    form_resources, form_secrets, form_connections, form_groups, form_roles,
    form_items, form_activities, form_owners, form_credentials, form_copies,
    form_definitions, form_settings, form_applications, form_denials;

/* Blocks that are no tables: each says whether the block is its own. */
bool read_vault_sentence(struct page *p, const struct block *b);
bool read_auth_method(struct page *p, const struct block *b);
bool read_secret_list(struct page *p, const struct block *b);
bool read_affected(struct page *p, const struct block *b);
bool read_steps(struct page *p, const struct block *b);
bool read_key_rules(struct page *p, const struct block *b);
bool read_diagram(struct page *p, const struct block *b);

/* A place that holds a credential, unless it is known already by line. */
void page_sink(struct page *p, struct sink sink, uint32_t line);
/* Items of a kind that words in a purpose or label say are owned. */
void page_owns(struct page *p, principal_id owner, scope_id scope,
    uint8_t item_kind, uint32_t line);
/* Secrets and connections in the code spans of a text become sinks. */
void page_sinks_in(struct page *p, const struct text *t, struct sink sink);

#endif
