#ifndef ESTATE_BUILTIN_H
#define ESTATE_BUILTIN_H

/*
 * The roles that ship with actas, so that a page or a partial export can be
 * understood alone. A definition in the source replaces the shipped one.
 *
 * Azure: all built-in roles, as published in August 2026. The usual ones stand
 * in every estate, so that a remedy can name them; the others come in where a
 * source speaks of them. Fabric: Admin,
 * Member, Contributor, Viewer and the item permissions (facts 4). DevOps:
 * roles of a service connection. Directory: the Entra roles that touch
 * credentials, and "Application owner". Policies: one role a set of
 * permissions, made when asked for.
 */

#include "estate/builder.h"

/* Adds the usual ones to a builder that is new. */
void builtin_add(struct builder *b);
/* Adds all others, too. */
void builtin_add_rest(struct builder *b);
/* Adds the built-in role of Azure with this id, which the builder lacks; NONE
 * where Azure has none. */
role_id builtin_by_id(struct builder *b, struct guid id);
/* The id of the built-in role of Azure with this name (ASCII case folded). */
bool builtin_id_of(struct slice name, struct guid *id);

/* The role of an access policy with these secret permissions ("get",
 * "list", "all", …; ASCII case folded, order and repetition ignored): found
 * or made. A permission that does not exist is a PROBLEM_UNKNOWN_ROLE. */
role_id builtin_policy(struct builder *b, const struct slice *permissions,
    uint32_t count, struct origin origin);

/*
 * The role of a right that a page names without saying what grants it
 * (PLANE_CLAIMED): verbs (get, read, list, set, write, delete) and what they
 * are done to (secrets, blobs, data), as in "Get Secrets" or "Read/Write";
 * what is left out follows from the kind of scope. Found or made; its name is
 * in one canonical spelling, which is understood again. NONE, and no problem
 * told, for text that is no such right or that the kind of scope leaves open.
 */
role_id builtin_claimed(struct builder *b, struct slice name,
    enum scope_kind kind, struct origin origin);

/* The published name of a role that people also call by this one ("Secrets
 * User"), ASCII case folded; empty where the text is no such second name.
 * Static storage. */
struct slice builtin_role_alias(struct slice name);

#endif
