#ifndef ESTATE_PRIVATE_H
#define ESTATE_PRIVATE_H

/*
 * What builder and estate keep to themselves. The estate takes the builder's
 * vectors over as they are, so that freezing copies no row; only the
 * assignments, which are many, are laid out anew (columns.c).
 */

#include "estate/tables.h"

#include <stdatomic.h>

/* What an assignment is ordered and told apart by. */
struct key {
	principal_id principal;
	scope_id scope;
	uint32_t role_and_flags;
};

enum { FLAG_BITS = 3, FLAG_MASK = (1 << FLAG_BITS) - 1 };

struct builder_private {
	struct index by_object_id, by_app_id, by_application;
	struct index by_scope, by_role_id, by_role_name;
	/* Under which parent a scope was made: that is where it is looked
	 * for, however often it is moved. A path that leaves management
	 * groups out still finds the subscription in one. */
	VECTOR(scope_id) made_under;
	VECTOR(uint32_t) described_by; /* row of its kind's table, or NONE */
	bool moved;
	/* Asked for last: where a source is, should a text be refused. */
	struct origin reading;
	/* Assignments by column, in the order in which they came. */
	VECTOR(struct key) keys;
	VECTOR(struct guid) ids;
	VECTOR(struct origin) origins;
	VECTOR(string_id) conditions; /* empty until one has a condition */
	/* Of which there were several, in the order of the estate. */
	VECTOR(struct key) united;
};

/* By folded name, UPN, segment (names.c, names_scope.c). */
struct names {
	struct index principals, scopes;
};

/*
 * What an estate holds, in parts, each of which it may share with others that
 * estate_revise made of it. Whoever lets go of a part last frees it.
 */
enum part {
	PART_TEXTS,
	PART_PRINCIPALS, /* the rows */
	PART_SCOPES,     /* the rows */
	PART_TREE,       /* children, names and descriptions of scopes */
	PART_MEMBERS,    /* memberships and their closure */
	PART_ASSIGNMENTS,
	PART_REST,
	PARTS
};

struct share {
	_Atomic uint32_t holders;
};

/* Held by who asks; NULL without memory. */
struct share *share_new(void);
void share_hold(struct share *s);
/* Whether that was the last holder; the share is gone then. NULL: false. */
bool share_drop(struct share *s);

/* The owners of what struct estate shows as const. */
struct estate_private {
	struct share *shares[PARTS];
	struct strings *texts; /* tables.strings is a copy of it */
	struct names names;
	struct builder tables;
	struct builder_private lookup;
	uint32_t *application_of; /* by principal: row or NONE */
	struct grant *grants;
	principal_id *holders;
	struct guid *assignment_ids;
	string_id *conditions;
	struct origin *assignment_origins;
	uint32_t *first_of_principal, *first_of_scope;
	assignment_id *by_scope;
	uint16_t *scope_filter;
	uint32_t *first_group, *first_member, *first_child;
	VECTOR(principal_id) groups;
	scope_id *children;
	uint32_t forgotten; /* scopes */
	size_t texts_made;  /* bytes of texts when it was last made anew */
};

/* builder_role, with nothing added to what the builder knows of the id. */
role_id builder_define(struct builder *b, enum plane plane, struct guid id,
    struct slice name, const struct permission_text *permissions,
    uint32_t count, struct origin origin);

/* estate.c: an estate that holds nothing, with parts of its own; one that
 * shares all parts of another. NULL without memory. */
struct estate *estate_new(void);
struct estate *estate_share(const struct estate *e);
/* Lets go of a part and begins an empty one; false without memory, and then
 * nothing has changed. */
bool estate_part(struct estate *e, enum part part);
/* Shows what 'private' owns. */
void estate_show(struct estate *e);

/* builder.c */
void builder_stick(struct builder *b, enum actas_error error);
void private_release(struct builder_private *p);
/* A name for messages: display name, UPN or id. */
void builder_write_principal(
    const struct builder *b, principal_id p, struct buffer *out);

/* builder_scopes.c: of a scope looked for under 'parent'. */
uint64_t builder_scope_hash(
    const struct builder *b, scope_id s, scope_id parent);

/* The steps of builder_finish. Each sets the builder's error. */
void settle_scopes(struct builder *b);
void order_members(struct builder *b, struct estate_private *own);
void link_children(struct builder *b, struct estate_private *own);
/* 'tell': of cycles. */
void close_groups(struct builder *b, struct estate_private *own, bool tell);
void lay_out_assignments(struct builder *b, struct estate *e);
void link_claims(struct builder *b, struct estate *e);
void find_shared_ids(struct builder *b, const struct estate *e);
void find_orphans(struct builder *b, const struct estate *e);
void describe_vaults(struct builder *b);
void infer_vault_models(struct builder *b, const struct estate *e);

enum actas_error names_index_principals(
    const struct estate *e, struct index *ix) ACTAS_MUST_USE;
/* The scopes from 'from' on. */
enum actas_error names_index_scopes(
    const struct estate *e, scope_id from, struct index *ix) ACTAS_MUST_USE;

/* Offsets of runs out of counts: at[i + 1] held the count of run i. */
void offsets_from_counts(uint32_t *at, uint32_t runs);

/* sort.c: row numbers, ordered stably by one key after the other. */
struct ordering {
	uint32_t *at, *spare; /* both 'count' long; they change places */
	uint32_t count;
};

enum actas_error ordering_begin(
    struct ordering *o, uint32_t count) ACTAS_MUST_USE;
void ordering_release(struct ordering *o);
/* By keys[row * stride] & mask; no key is above 'most'. */
struct sort_key {
	const uint32_t *keys;
	size_t stride;
	uint32_t mask, most;
};
void ordering_sort(struct ordering *o, const struct sort_key *by);

#endif
