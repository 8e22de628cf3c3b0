#ifndef ESTATE_NAMES_H
#define ESTATE_NAMES_H

/*
 * How people name things, and how things are named to people.
 *
 * Principals: display name, UPN, the part of a UPN before the @, object id or
 * app id. Scopes: full path, or the last segment or display name where that
 * is unique; "workspace Gold" and "Gold/Silver Notebook" narrow by kind and
 * by parent. Roles: name or id. All ASCII-case-insensitively.
 *
 * An exact match of a full name wins over the part before the @. Unknown and
 * ambiguous names are faults (ACTAS_ENOTFOUND, ACTAS_EAMBIGUOUS) whose
 * message lists the candidates: all of them when ambiguous (at most ten,
 * then how many more), the nearest spellings when unknown.
 */

#include "estate/estate.h"

enum actas_error estate_find_principal(const struct estate *e,
    struct slice name, principal_id *id, struct fault *fault) ACTAS_MUST_USE;
enum actas_error estate_find_scope(const struct estate *e, struct slice name,
    scope_id *id, struct fault *fault) ACTAS_MUST_USE;
enum actas_error estate_find_item(const struct estate *e, struct slice name,
    item_id *id, struct fault *fault) ACTAS_MUST_USE;
enum actas_error estate_find_role(const struct estate *e, struct slice name,
    role_id *id, struct fault *fault) ACTAS_MUST_USE;

/* Display name, else UPN, else object id, else app id, else "unnamed". */
void estate_write_principal(
    const struct estate *e, principal_id p, struct buffer *out);
/* A name that estate_find_scope finds again: the short one where unique. */
void estate_write_scope(const struct estate *e, scope_id s, struct buffer *out);
/*
 * The full path, as the platform writes it where all of it is known:
 * /subscriptions/…/providers/…, /workspaces/{id}/items/{id},
 * /{organization}/{project}/serviceendpoints/{name}, /applications/{app id},
 * /groups/{object id}; the root is "/".
 */
void estate_write_path(const struct estate *e, scope_id s, struct buffer *out);

/* "service principal", "vault", …: one word or two, lower case. */
const char *principal_kind_name(enum principal_kind kind);
const char *scope_kind_name(enum scope_kind kind);
const char *item_kind_name(enum item_kind kind);
const char *plane_name(enum plane plane);
const char *view_name(enum view view);

#endif
