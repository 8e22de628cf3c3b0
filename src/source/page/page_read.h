#ifndef SOURCE_PAGE_READ_H
#define SOURCE_PAGE_READ_H

/*
 * Between the blocks of a page and the estate: the names that a page gives to
 * things, what its words for kinds, scopes and roles mean, and the forms in
 * which it claims access. docs/page.md says all of it in words.
 *
 * A page is read in phases, so that its parts may stand in any order: what
 * refers to nothing (identities, vaults, workspaces), then what lies inside
 * that (secrets, connections, items), then the secrets that only a rotation
 * plan knows, then claims.
 */

#include "source/page/page_document.h"

#include "estate/builder.h"
#include "estate/builtin.h"
#include "estate/names.h"

enum phase { PHASE_PLACES, PHASE_THINGS, PHASE_SINKS, PHASE_CLAIMS, PHASES };

/* Names are looked up by what they should be the name of. */
enum name_of {
	NAME_OF_PRINCIPAL,
	NAME_OF_ACCOUNT,  /* the part of a UPN before the @ */
	NAME_OF_PLACE,    /* any scope */
	NAME_OF_KIND_IN,  /* "Gold/Warehouse": kind of item in a workspace */
	NAME_OF_PIPELINE, /* without ".yml" */
	NAME_OF_SCOPE,    /* + enum scope_kind */
	NAME_OF_ROW = 64, /* + block: a row of that table */
};

struct bearer {
	struct slice name;
	uint32_t of, id;
};

struct page {
	struct builder *builder;
	struct document document;
	const char *file;
	enum phase phase;
	uint32_t recognised; /* blocks that some form fits */
	uint32_t expanded;   /* against LIMIT_PAGE_EXPANSION */
	VECTOR(struct bearer) bearers;
	struct index names;
	VECTOR(struct slice) told; /* subjects of problems, told once each */
	struct index told_index;
	VECTOR(scope_id) of_kind[SCOPE_KINDS];
	bool listed[SCOPE_KINDS]; /* the page lists all of the kind */
	VECTOR(uint8_t) known;    /* by scope: it has its names, is described */
	principal_id only[PRINCIPAL_KINDS]; /* the declared one of a kind */
	uint32_t declared[PRINCIPAL_KINDS]; /* how many there are */
	VECTOR(scope_id) targets;           /* what page_scopes found */
	VECTOR(uint32_t) plans;      /* by principal: its plan, or NONE */
	VECTOR(struct slice) sorted; /* names of secrets, once asked for */
};

/* --- page.c --- */

/* Keeps an error of the base as the builder's. */
void page_keep(struct page *p, enum actas_error error);
bool page_failed(const struct page *p);
struct origin page_origin(struct page *p, uint32_t line);
/* A problem; of those about names each is told once a subject. */
void page_problem(struct page *p, enum problem_kind kind, struct slice subject,
    uint32_t line, const char *format, ...) ACTAS_PRINTF(5, 6);
/* As much of it as a message should hold. */
struct slice page_shown(struct slice s);
uint32_t page_listing(struct page *p, struct listing listing, uint32_t line);
void page_claim(struct page *p, struct claim claim);
/* The block of the heading over a block, or NULL; and the next one up. */
const struct block *page_heading(const struct page *p, const struct block *b);
/* The text right before a block: its lead, if it is a paragraph. */
const struct block *page_lead(const struct page *p, const struct block *b);

/* --- page_words.c --- */

struct kind_word {
	const char *words; /* lower case, singular */
	uint8_t scope;     /* enum scope_kind */
	uint8_t item;      /* enum item_kind of a SCOPE_ITEM */
	const char *type;  /* the platform's word for the item */
};

/* The kind that all of 's' is a word for, singular or plural; or NULL. */
const struct kind_word *words_kind(struct slice s);
/* The kind that the last or the first words of 's' are for; '*rest' is what
 * is left of 's'. NULL where none fits. */
const struct kind_word *words_kind_at_end(struct slice s, struct slice *rest);
const struct kind_word *words_kind_at_start(struct slice s, struct slice *rest);
/* The first kind of item that 's' speaks of, or NULL. */
const struct kind_word *words_item_in(struct slice s);

struct identity_type {
	const char *words;
	uint8_t kind;  /* enum principal_kind */
	uint8_t human; /* enum tri */
	uint8_t flags; /* enum principal_flag */
};

/* What a Type cell or a bracket says; NULL where it says no such thing. */
const struct identity_type *words_identity(struct slice s);
/* Flags of a collective ("Personal accounts"), 0 for any other name. */
uint8_t words_collective(struct slice s);
/* "-", "none", …: nothing is said. */
bool words_nothing(struct slice s);
bool words_tri(struct slice s, uint8_t *tri);
/* Whether 's' has 'word' as whole words, ASCII case folded; where. */
size_t words_find(struct slice s, const char *word);
bool words_has(struct slice s, const char *word);
/* Whether 'pattern', in which * stands for anything, fits all of 's'. */
bool words_match(struct slice pattern, struct slice s);
/* Splits "Admin (dev)" into "Admin" and "dev"; false without brackets. */
bool words_bracket(struct slice s, struct slice *before, struct slice *inside);
/* Whether the words can mean no more than "the managed identity". */
bool words_managed_identity(struct slice s);

/* --- page_names.c --- */

void names_add(struct page *p, uint32_t of, struct slice name, uint32_t id);
/* How many things bear the name, of which 2 stands for several. */
uint32_t names_find(
    const struct page *p, uint32_t of, struct slice name, uint32_t *id);
/* The scope and those above it get their names. */
void names_scope(struct page *p, scope_id s);
/* False if a row of the scope's own table has described it before. */
bool names_described(struct page *p, scope_id s);
/* The identity that a text names; NONE, and a problem, if it names none. */
principal_id page_identity(struct page *p, const struct text *t);
/* The same without a problem, and only by a declared name. */
principal_id page_identity_silent(struct page *p, struct slice name);
/* The identity that a heading over the block names, or NONE. */
principal_id page_identity_above(struct page *p, const struct block *b);
/* The identity that a heading names, or NONE. */
principal_id page_identity_in(struct page *p, const struct text *t);
/* The item of that name, made where the page has none. */
item_id page_item(
    struct page *p, struct slice name, enum item_kind kind, uint32_t line);
/* Names of a cell, one after the other, from '*at' = 0 on. */
bool page_next_name(const struct text *t, uint32_t *at, struct slice *name);

/* --- page_scopes.c --- */

enum { ANY_KIND = SCOPE_KINDS };

struct scope_words {
	bool from_all;
	bool said;         /* false: the text says nothing */
	uint8_t kind;      /* enum scope_kind of what is meant, or ANY_KIND */
	uint8_t item_kind; /* a kind of item at large ("semantic models") */
	bool at_large;
};

/* Leaves in p->targets the scopes that the text means, and tells what is
 * wrong. A kind of item at large leaves none, and is not wrong. */
struct scope_words page_scopes(
    struct page *p, const struct text *t, uint32_t kind);
/* Declares what the text names with its kind, where no table lists these. */
void page_scopes_declare(struct page *p, const struct text *t);
/* One scope, or NONE with a problem. */
scope_id page_scope(struct page *p, const struct text *t, uint32_t kind);
/* The scope of that name, or the page's only one of the kind for an empty
 * name; NONE without a problem. */
scope_id page_scope_silent(struct page *p, struct slice name, uint32_t kind);
/* Finds or makes, names, and marks as declared. */
scope_id page_declare(struct page *p, scope_id parent, enum scope_kind kind,
    const char *type, struct slice name, uint32_t line);

/* --- page_roles.c --- */

/* The role that the text names on a scope of that kind; NONE, and a problem,
 * where there is none. */
role_id page_role(
    struct page *p, struct slice text, uint32_t scope_kind, uint32_t line);
role_id page_role_silent(
    struct page *p, struct slice text, uint32_t scope_kind, uint32_t line);

#endif
