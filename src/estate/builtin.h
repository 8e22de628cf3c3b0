#ifndef ESTATE_BUILTIN_H
#define ESTATE_BUILTIN_H

/*
 * The roles that ship with actas, so that a page or a partial export can be
 * understood alone. A definition in the source replaces the shipped one.
 *
 * Azure: the built-in roles that people use, as published. Fabric: Admin,
 * Member, Contributor, Viewer and the item permissions (facts 4). DevOps:
 * roles of a service connection. Directory: the Entra roles that touch
 * credentials, and "Application owner". Policies: one role a set of
 * permissions, made when asked for.
 */

#include "estate/builder.h"

/* Adds all shipped roles to a builder that is new. */
void builtin_add(struct builder *b);

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
