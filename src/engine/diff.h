#ifndef ENGINE_DIFF_H
#define ENGINE_DIFF_H

/*
 * What access changed between two estates, in terms of access and not of
 * lines. Principals are matched by object id, else app id, else name or UPN;
 * scopes by path, else by kind and unique name; roles by id, else plane and
 * name: so a page and an export of the same platform compare equal. What only
 * one of the two forms can say is not a difference.
 */

#include "estate/names.h"

enum change_kind {
	CHANGE_GRANT,      /* principal, role, scope */
	CHANGE_DENIAL,     /* deny assignment */
	CHANGE_MEMBERSHIP, /* principal in group */
	CHANGE_ROLE,       /* what a role definition gives */
	CHANGE_PRINCIPAL,  /* exists, is enabled */
	CHANGE_CONNECTION, /* backed by, open to all pipelines */
	CHANGE_VAULT,      /* permission model */
	CHANGE_SECRET,     /* exists, enabled, expires */
	CHANGE_CREDENTIAL,
	CHANGE_OWNERSHIP,
	CHANGE_KINDS
};

struct difference {
	uint8_t kind;
	bool gained;                          /* else lost */
	const char *principal, *role, *scope; /* names, NULL where n/a */
	const char *text;                     /* the change as a sentence */
	struct origin before, after;          /* where told; line 0: nowhere */
};

struct differences {
	const struct difference *at;
	uint32_t count;
};

/* Lost before gained, then by kind, principal, scope. */
enum actas_error diff(const struct estate *before, const struct estate *after,
    struct arena *arena, struct differences *changes) ACTAS_MUST_USE;

#endif
