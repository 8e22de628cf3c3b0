#ifndef ENGINE_TOKEN_CLAIMS_H
#define ENGINE_TOKEN_CLAIMS_H

/*
 * What a token says about itself. Nothing is verified: anybody can write a
 * token that says anything. Claims are those of Entra's access tokens, both
 * versions (facts 5).
 */

#include "engine/explain/pasted.h"
#include "engine/teller.h"

enum token_form {
	TOKEN_NONE,
	TOKEN_UNREADABLE, /* it looks like one and its claims are no JSON */
	TOKEN_READ,       /* a whole token */
	TOKEN_DECODED     /* claims that somebody has decoded already */
};

struct claims {
	enum token_form form;
	struct guid tenant, object_id, app_id;
	const char *issuer, *audience, *version; /* NULL: not there */
	const char *idtyp, *scopes, *roles, *identity_of, *called_from;
	const char *upn, *app_name;
	enum tri is_app;
	moment not_before, expires; /* MOMENT_UNKNOWN: not there */
	uint32_t groups, directory_roles;
	bool groups_left_out; /* too many to fit: the overage claim */
};

/*
 * Reads the first token in 'p->flat' and takes every token out of it, so that
 * nothing which reads the text later can repeat one. Needs no pasted_pack.
 */
enum actas_error token_take(
    struct pasted *p, struct teller *t, struct claims *claims) ACTAS_MUST_USE;

#endif
