#ifndef ESTATE_ESTATE_H
#define ESTATE_ESTATE_H

/*
 * Everything known about one platform, frozen. Built once by a builder
 * (estate/builder.h), read by anybody on any thread. Rows are read through
 * the tables below; the assignments, of which there can be 10^7, through
 * estate_assignment and the two indexes.
 *
 * Invariants (checked by estate_check):
 * - every id in a row is NONE or below the count of its table;
 * - scope 0 is the root, a parent's depth is its child's minus one;
 * - assignments are ordered by principal, then scope, then role;
 * - by_scope lists each assignment once, ordered by scope;
 * - memberships are ordered by group: each group's are a run;
 * - groups_of(p) lists each group that p is in, directly or through other
 *   groups, once, ascending, never p itself.
 */

#include "estate/claims.h"

#define TABLE(type)             \
	struct {                \
		const type *at; \
		uint32_t count; \
	}

/* A run of ids; lives as long as the estate. */
struct ids {
	const uint32_t *at;
	uint32_t count;
};

/* The columns that every decision reads, kept apart from the others. */
struct grant {
	scope_id scope;
	uint32_t role_and_flags; /* role << 3 | enum assignment_flag */
};

struct estate {
	uint64_t revision; /* 0: not from a journal */
	struct guid tenant;
	struct strings strings;
	TABLE(struct principal) principals;
	TABLE(struct application) applications;
	TABLE(struct membership) memberships;
	TABLE(struct scope) scopes;
	TABLE(struct role) roles;
	TABLE(struct permission) permissions;
	TABLE(string_id) patterns;
	TABLE(struct deny_assignment) denials;
	TABLE(uint32_t) denial_ids; /* principals of deny assignments */
	TABLE(struct vault) vaults;
	TABLE(struct secret) secrets;
	TABLE(struct usage) usages;
	TABLE(struct credential) credentials;
	TABLE(struct sink) sinks;
	TABLE(struct connection) connections;
	TABLE(struct authorization) authorizations;
	TABLE(struct item) items;
	TABLE(struct schedule) schedules;
	TABLE(struct activity) activities;
	TABLE(struct need) needs;
	TABLE(struct ownership) ownerships;
	TABLE(struct listing) listings;
	TABLE(struct claim) claims;
	TABLE(struct policy) policies;
	TABLE(struct plan) plans;
	TABLE(struct verification) verifications;
	TABLE(struct setting) settings;
	TABLE(struct problem) problems;
	/* Assignments, by column; row i of each is one assignment. */
	TABLE(struct grant) grants;
	const principal_id *holders;
	const struct guid *assignment_ids;
	const string_id *conditions; /* NULL: no assignment has one */
	const struct origin *assignment_origins;
	const uint32_t *first_of_principal; /* principals.count + 1 offsets */
	const uint32_t *first_of_scope;     /* scopes.count + 1 offsets */
	const assignment_id *by_scope;
	const uint16_t *scope_filter; /* estate/scope_filter.h */
	const uint32_t *first_member; /* the same, into memberships */
	const uint32_t *first_group;  /* principals.count + 1 offsets */
	const principal_id *groups;
	const uint32_t *first_child; /* scopes.count + 1 offsets */
	const scope_id *children;
	struct estate_private *private;
};

/* Frees an estate; NULL is allowed. */
void estate_free(struct estate *e);

struct assignment estate_assignment(const struct estate *e, assignment_id a);
/* The assignments of a principal itself are first, first + 1, … */
struct ids estate_groups_of(const struct estate *e, principal_id p);
/* Assignments made exactly at a scope. */
struct ids estate_assignments_at(const struct estate *e, scope_id s);
struct ids estate_children(const struct estate *e, scope_id s);

static inline struct slice
estate_text(const struct estate *e, string_id id)
{
	return strings_get(&e->strings, id);
}

/* Whether 'above' is 's' or an ancestor of it. */
bool estate_is_within(const struct estate *e, scope_id s, scope_id above);
/* The closest scope of 'kind' that is 's' or an ancestor, or NONE. */
scope_id estate_enclosing(
    const struct estate *e, scope_id s, enum scope_kind kind);

/* Rows that describe a scope, or NULL. */
const struct vault *estate_vault(const struct estate *e, scope_id s);
const struct secret *estate_secret(const struct estate *e, scope_id s);
const struct connection *estate_connection(const struct estate *e, scope_id s);
const struct item *estate_item(const struct estate *e, scope_id s);
item_id estate_item_id(const struct estate *e, scope_id s);
/* The application of a service principal, or NULL. */
const struct application *estate_application(
    const struct estate *e, principal_id p);

/* By id; NONE where nothing bears it. */
principal_id estate_by_object_id(const struct estate *e, struct guid id);
principal_id estate_by_app_id(const struct estate *e, struct guid id);
role_id estate_role_by_id(const struct estate *e, struct guid id);

/* Bytes of memory the estate holds, and those for assignments only. */
size_t estate_memory(const struct estate *e);
size_t estate_assignment_memory(const struct estate *e);

/* ACTAS_OK, or a fault that names the invariant that does not hold. */
enum actas_error estate_check(
    const struct estate *e, struct fault *fault) ACTAS_MUST_USE;

#endif
