#ifndef ESTATE_BUILDER_H
#define ESTATE_BUILDER_H

/*
 * The one way to make an estate. A source adds what it reads, each fact with
 * its origin, in any order; builder_finish validates, orders, indexes and
 * freezes. Errors stick: after the first one the builder does nothing more
 * and builder_finish returns it, so a source may check once per element.
 *
 * A builder starts with the root scope (id 0) and the roles that ship with
 * actas (estate/builtin.h). Ids that it gives stay those of the estate, but
 * for assignments, which builder_finish sorts, and, where builder_move made
 * two scopes one, those of scopes and of the rows that describe them.
 *
 * Rows whose table has no function of its own are appended to the public
 * vectors directly with vector_push.
 */

#include "estate/estate.h"

struct builder {
	struct strings strings;
	VECTOR(struct principal) principals;
	VECTOR(struct application) applications;
	VECTOR(struct membership) memberships;
	VECTOR(struct scope) scopes;
	VECTOR(struct role) roles;
	VECTOR(struct permission) permissions;
	VECTOR(string_id) patterns;
	VECTOR(struct deny_assignment) denials;
	VECTOR(uint32_t) denial_ids;
	VECTOR(struct vault) vaults;
	VECTOR(struct secret) secrets;
	VECTOR(struct usage) usages;
	VECTOR(struct credential) credentials;
	VECTOR(struct sink) sinks;
	VECTOR(struct connection) connections;
	VECTOR(struct authorization) authorizations;
	VECTOR(struct item) items;
	VECTOR(struct schedule) schedules;
	VECTOR(struct activity) activities;
	VECTOR(struct need) needs;
	VECTOR(struct ownership) ownerships;
	VECTOR(struct listing) listings;
	VECTOR(struct claim) claims;
	VECTOR(struct policy) policies;
	VECTOR(struct plan) plans;
	VECTOR(struct verification) verifications;
	VECTOR(struct setting) settings;
	VECTOR(struct problem) problems;
	struct guid tenant;
	uint8_t listed; /* bits of principal kinds that a directory lists */
	enum actas_error error;
	struct fault *fault; /* where the first error is told; may be NULL */
	struct builder_private *private;
};

/* 'fault' is kept and filled on the first error; NULL when out of memory. */
ACTAS_MUST_USE struct builder *builder_new(struct fault *fault);
/* The same without the roles that ship: for reading a few things only
 * (estate/revise.h). Roles are known by their ids there, and none by name. */
ACTAS_MUST_USE struct builder *builder_new_bare(struct fault *fault);
/* NULL is allowed. */
void builder_free(struct builder *b);

/* Interned text, 0 after an error. */
string_id builder_string(struct builder *b, struct slice text);
struct origin builder_origin(
    struct builder *b, const char *file, uint32_t line);

/*
 * Principals. By object id: finds or makes the one with that id (kind
 * unknown until somebody says). New: makes one with no id at all, as a page
 * does. Fields are then set in b->principals.at[id]. builder_identify gives a
 * principal its object id or app id (nil: leaves it); where another principal
 * has that id already, that is no error but a PROBLEM_DUPLICATE, and the id
 * stays with the first. NONE after an error.
 */
principal_id builder_principal(
    struct builder *b, struct guid object_id, struct origin origin);
principal_id builder_principal_new(struct builder *b, struct slice name,
    enum principal_kind kind, struct origin origin);
void builder_identify(struct builder *b, principal_id p, struct guid object_id,
    struct guid app_id);
/* The principal with this object id; NONE if there is none. */
principal_id builder_known(const struct builder *b, struct guid object_id);
/* The first principal that was given this app id; NONE if there is none. */
principal_id builder_principal_by_app_id(
    const struct builder *b, struct guid app_id);
void builder_member(struct builder *b, principal_id group, principal_id member,
    struct origin origin);

/*
 * Finds or makes the scope with this kind, type and segment under 'parent'
 * (compared ASCII-case-insensitively). NONE after an error.
 */
scope_id builder_scope(struct builder *b, scope_id parent, enum scope_kind kind,
    struct slice type, struct slice segment, struct origin origin);
/*
 * Finds or makes the scope of an ARM path, and all scopes above it. NONE and
 * no error where the text is not such a path. A resource group's or
 * subscription's management group is not in the path: builder_move.
 */
scope_id builder_scope_path(
    struct builder *b, struct slice path, struct origin origin);
/* Hangs a scope, with all below it, under another parent; where the parent
 * has such a child already, the two become one at builder_finish. Moving a
 * scope below itself is ACTAS_EPARSE. */
void builder_move(struct builder *b, scope_id s, scope_id parent);

/* The row that describes a scope, which must be of that kind (ACTAS_EUSAGE),
 * found or made (all unsaid). Pointers live
 * until the next row of the kind is made; NULL after an error. */
struct vault *builder_vault(
    struct builder *b, scope_id s, struct origin origin);
struct secret *builder_secret(
    struct builder *b, scope_id s, struct origin origin);
struct connection *builder_connection(
    struct builder *b, scope_id s, struct origin origin);
item_id builder_item(
    struct builder *b, scope_id s, enum item_kind kind, struct origin origin);
/* Finds or makes the application with this app id. Row number. */
uint32_t builder_application(
    struct builder *b, struct guid app_id, struct origin origin);

/* Lists of patterns of one permission, to be added in one go. */
struct permission_text {
	const struct slice *actions, *not_actions, *data_actions,
	    *not_data_actions;
	uint32_t action_count, not_action_count, data_action_count,
	    not_data_action_count;
	struct slice condition;
};

/*
 * A role definition with its permissions. One with the id of an earlier one
 * from the same source is a PROBLEM_DUPLICATE unless it says the same; one
 * with the id of a built-in role replaces it in place. NONE after an error.
 */
role_id builder_role(struct builder *b, enum plane plane, struct guid id,
    struct slice name, const struct permission_text *permissions,
    uint32_t count, struct origin origin);
/* By plane and name; NONE if there is none. A service may know a role by a
 * second name ("Blob Data Contributor"); builder_role_by_name knows them. */
role_id builder_role_by_name(
    struct builder *b, enum plane plane, struct slice name);
/* By id; where none is known, a role with that id, no name and no
 * permission, which a later builder_role fills. */
role_id builder_role_by_id(
    struct builder *b, struct guid id, struct origin origin);
/* Appends permissions (for a deny assignment): row number of the first. */
uint32_t builder_permissions(struct builder *b,
    const struct permission_text *permissions, uint32_t count);

/*
 * One assignment. Those that are equal but for id and origin become one at
 * builder_finish, disputed if one of them is; an eligible or compound one
 * equals only its like. A GUID that two different ones bear is a
 * PROBLEM_DUPLICATE. Principals and roles that only assignments speak of are
 * PROBLEM_ORPHAN_ASSIGNMENTs, one each (principals only where the source
 * declares any), and so is a principal of a kind that the source's directory
 * lists ('listed') without it.
 */
void builder_assign(struct builder *b, const struct assignment *a);
bool builder_is_unlisted(const struct builder *b, principal_id p);

/*
 * A claim. CLAIM_GRANTS with principal, role and scope also makes the
 * assignment; builder_finish sets claim.assignment, and ASSIGNMENT_DISPUTED
 * where a CLAIM_HAS_NONE of the same principal and scope contradicts it.
 */
void builder_claim(struct builder *b, const struct claim *c);

/* Readable but wrong: becomes a finding. 'other' may be {0}. */
void builder_problem(struct builder *b, enum problem_kind kind,
    struct slice subject, struct origin origin, struct origin other,
    const char *format, ...) ACTAS_PRINTF(6, 7);

/* Sets the sticky error and its fault. */
void builder_fail(struct builder *b, enum actas_error error,
    struct origin origin, const char *format, ...) ACTAS_PRINTF(4, 5);

/*
 * Makes the estate and frees the builder, also on failure. Also: works out
 * the model of vaults that none stated (from the planes of the grants on
 * them; MODEL_DISPUTED when both), closes groups transitively (a cycle is a
 * PROBLEM_GROUP_CYCLE and all in it are in each other).
 */
enum actas_error builder_finish(
    struct builder *b, struct estate **estate) ACTAS_MUST_USE;

#endif
