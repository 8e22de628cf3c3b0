#ifndef ENGINE_EXPLAIN_PRIVATE_H
#define ENGINE_EXPLAIN_PRIVATE_H

/*
 * How explain works: 1. pasted.c makes the text readable; 2. explain_read.c
 * finds its form by an anchor and reads what that form says into a reading;
 * 3. explain_identity.c finds out who that is; 4. the form's own function
 * tells what happened; explain_decide.c adds what the estate says about it.
 */

#include "engine/explain.h"
#include "engine/explain/token_claims.h"

struct form;

enum { FIELD_BYTES = 1024 };

/* What the text says, and nothing else. Texts lie in the arena; NULL: not
 * there. */
struct reading {
	const struct form *form;
	const char *code, *inner;
	struct guid tenant, object_id, app_id;
	const char *app_id_start, *object_id_start; /* of redacted ids */
	const char *caller_name, *identity_of, *called_from;
	const char *action, *scope;
	const char *vault, *decision_reason, *denial_id, *address;
	const char *permission;    /* "get": of an access policy */
	const char *permission_on; /* "secrets" */
	const char *object;        /* a secret's name */
	const char *expected_value, *found_value; /* audience, issuer */
	uint64_t number;                          /* AADSTS code */
	uint64_t groups;                          /* numgroups, 0: not there */
	enum tri is_app;
	struct claims claims;
};

struct telling {
	struct teller t;
	struct pasted text;
	struct reading r;
	struct explanation *out;
	principal_id expected;
	moment now;
	/* How sentences call the caller: a name, or "the caller". */
	const char *who;
	/* Whom the estate is asked about: the caller, or whom a redacted id
	 * fits, or whom people expect where the text names nobody. */
	principal_id judged;
	const char *if_it_was; /* "If it was X: ", or "" */
	bool above;            /* out->scope is above what the text names */
	bool works; /* by the model that the error shows, it is allowed */
};

struct form {
	enum explain_form form;
	const char *anchor;
	const char *code, *inner; /* told only where the text has them */
	void (*read)(struct telling *x);
	void (*tell)(struct telling *x);
};

/* Whether anything but the shipped roles is known. */
bool has_source(const struct telling *x);

/* The first row of the table whose anchor is in the text; never NULL. */
const struct form *form_find(const struct telling *x);

/* Another one that the text holds, of another error; or NULL. */
const struct form *form_other(const struct telling *x);

/* Reads callers, tokens and what the form has fields for. */
void read_text(struct telling *x);

/* Fields of one form, named after it. */
void read_vault(struct telling *x);
void read_vault_policy(struct telling *x);
void read_vault_token(struct telling *x);
void read_vault_object(struct telling *x);
void read_arm(struct telling *x);
void read_graph(struct telling *x);
void read_arm_linked(struct telling *x);
void read_fabric(struct telling *x);
void read_storage(struct telling *x);
void read_entra(struct telling *x);

/* The word behind 'words', or NULL. */
const char *read_after(struct telling *x, const char *words);
const char *read_key(struct telling *x, const char *key);

/* The scope that the text is about, as far as the estate knows it: x->above
 * says whether that is only above it. NONE where it knows nothing. */
scope_id read_scope(struct telling *x);

/* Who: fills out->caller, x->who, x->judged and the reasons. */
void identify(struct telling *x);
/* Ids in the text that are an application's object id. */
void identify_confused(struct telling *x);

/* That the text holds further errors: a reason. */
void tell_others(struct telling *x);

/* What happened: headline, reasons, steps of one form. */
void tell_vault_rbac(struct telling *x);
void tell_vault_policy(struct telling *x);
void tell_vault_obo(struct telling *x);
void tell_vault_firewall(struct telling *x);
void tell_vault_connection(struct telling *x);
void tell_vault_no_token(struct telling *x);
void tell_vault_audience(struct telling *x);
void tell_vault_issuer(struct telling *x);
void tell_vault_disabled(struct telling *x);
void tell_vault_missing(struct telling *x);
void tell_vault_protected(struct telling *x);
void tell_vault_deleted(struct telling *x);
void tell_vault_conflict(struct telling *x);
void tell_vault_throttled(struct telling *x);
void tell_vault_bad_request(struct telling *x);
void tell_arm_denied(struct telling *x);
void tell_arm_linked(struct telling *x);
void tell_arm_blocked(struct telling *x);
void tell_arm_limit(struct telling *x);
void tell_storage_role(struct telling *x);
void tell_storage_network(struct telling *x);
void tell_graph_denied(struct telling *x);
void tell_fabric_role(struct telling *x);
void tell_fabric_unauthorized(struct telling *x);
void tell_fabric_expired(struct telling *x);
void tell_fabric_scopes(struct telling *x);
void tell_fabric_missing(struct telling *x);
void tell_fabric_throttled(struct telling *x);
void tell_entra(struct telling *x);
void tell_token(struct telling *x);
void tell_fragment(struct telling *x);
void tell_not_understood(struct telling *x);

/*
 * Finds x->r.scope in the estate and, where caller, action and scope are
 * known, asks the estate. Fills scope, decided, decision and remedies.
 */
void ask_estate(struct telling *x);
/* Whether the source is a platform of ours, where a grant counts with the next
 * request. */
bool acts_at_once(const struct telling *x);
/* Why the estate denies or allows: reasons. */
void tell_estate(struct telling *x);
/* Which grants would help: steps. None where the estate allows it. */
void tell_remedies(struct telling *x);
/* The built-in role that helps, for a scope that the estate lacks. */
void tell_least_role(struct telling *x);
/* The caller with its object id, as a grant needs it. */
const char *tell_grantee(struct telling *x);
/* "read the value of a secret", or "do '…'"; for "may not X". */
const char *tell_action(struct telling *x, const char *action);
/* The scope by its name in the estate, else as the text has it. */
const char *tell_where(struct telling *x);
/* The same in brackets, with a blank before; "" where nothing is known. */
const char *tell_in(struct telling *x);

#endif
