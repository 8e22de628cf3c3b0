#ifndef ENGINE_EXPLAIN_H
#define ENGINE_EXPLAIN_H

/*
 * What does this error say? Takes what people paste, in any mixture of prose,
 * log prefixes, escaped JSON and line breaks: Key Vault's texts, error bodies
 * of ARM, Graph and Fabric, AADSTS errors, or a token, whose claims are read
 * and never trusted. A token or secret in the text is never repeated, and no
 * control character of it comes back.
 */

#include "engine/decide.h"

enum explain_form {
	EXPLAIN_NOT_UNDERSTOOD,
	EXPLAIN_VAULT_RBAC,
	EXPLAIN_VAULT_POLICY,
	EXPLAIN_VAULT_OBO,
	EXPLAIN_VAULT_FIREWALL,
	EXPLAIN_VAULT_CONNECTION, /* public access off */
	EXPLAIN_VAULT_TOKEN,      /* AKV10000, AKV10022, AKV10032 */
	EXPLAIN_VAULT_OBJECT,     /* disabled, missing, deleted */
	EXPLAIN_ARM,              /* AuthorizationFailed and relatives */
	EXPLAIN_GRAPH,
	EXPLAIN_FABRIC,
	EXPLAIN_ENTRA, /* AADSTS… */
	EXPLAIN_TOKEN,
	EXPLAIN_STORAGE, /* AuthorizationPermissionMismatch and relatives */
	EXPLAIN_FORMS
};

enum matched_by {
	MATCHED_BY_NOTHING,
	MATCHED_BY_OBJECT_ID,
	MATCHED_BY_APP_ID,
	MATCHED_BY_RESOURCE, /* the ARM id of a managed identity */
	MATCHED_BY_NAME      /* the text names a UPN, not an id */
};

/* Who the text says acted. Texts lie in the arena. */
struct caller {
	struct guid tenant, object_id, app_id; /* nil: not in the text */
	const char *name;        /* as the text gives it, or NULL */
	const char *identity_of; /* ARM id of a managed identity's resource */
	enum tri is_app;         /* token without a user (idtyp, scp, …) */
	principal_id principal;  /* NONE: unknown to the estate */
	enum matched_by matched_by;
};

struct explanation {
	enum explain_form form;
	const char *code; /* error code, inner code: as in the text, or "" */
	const char *inner_code;
	const char *headline; /* one sentence: what happened */
	struct caller caller;
	const char *action;     /* as in the text, or NULL */
	const char *scope_text; /* as in the text, or NULL */
	scope_id scope;         /* NONE: unknown to the estate */
	bool decided;           /* the estate could be asked */
	struct decision decision;
	const struct remedy *remedies; /* smallest first */
	uint32_t remedy_count;
	const char *const *reasons; /* sentences: who, why */
	uint32_t reason_count;
	/* What to do, smallest first. A step with a command to copy ends in
	 * ": az …" and no full stop. */
	const char *const *steps;
	uint32_t step_count;
	moment token_expires; /* of a token, else MOMENT_UNKNOWN */
};

/*
 * 'now' judges a token's dates; 'expected' is the principal that people
 * thought acted, or NONE. Understanding nothing is no error: the form says
 * so. An estate of nothing stands for no source. ACTAS_ELIMIT past
 * LIMIT_PASTE_BYTES. Allocates in 'arena'.
 */
enum actas_error explain(const struct estate *e, struct slice text,
    principal_id expected, moment now, struct arena *arena,
    struct explanation *out) ACTAS_MUST_USE;

#endif
