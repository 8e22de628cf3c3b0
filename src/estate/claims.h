#ifndef ESTATE_CLAIMS_H
#define ESTATE_CLAIMS_H

/*
 * What an access page says about itself. A page tells one fact in several
 * places (views); each telling is a claim with its line. Claims that agree
 * became the assignments and things of the estate; the claims stay, so that
 * rules can hold one telling against another.
 */

#include "estate/things.h"

enum view {
	VIEW_GRAPH,       /* an edge of the Mermaid diagram */
	VIEW_INVENTORY,   /* the table of identities */
	VIEW_ROLES,       /* role table under an identity's heading */
	VIEW_SECRETS,     /* the table of secrets */
	VIEW_READERS,     /* "who can read secrets" */
	VIEW_WRITERS,     /* "who can write secrets" */
	VIEW_MATRIX,      /* workspaces by identities */
	VIEW_CONNECTIONS, /* the table of service connections */
	VIEW_ROTATION,    /* affected credentials, rotation steps */
	VIEW_RULES,       /* key rules */
	VIEW_AUTH,        /* "Auth method:" line of an identity */
	VIEW_GROUPS,      /* table of groups and members */
	VIEW_ITEMS,       /* table of items, schedules, needs */
	VIEWS
};

/* One table, list or diagram of the page. */
struct listing {
	uint8_t view;
	uint8_t complete; /* it claims to name all: what it omits, it denies */
	principal_id principal; /* whose roles (VIEW_ROLES), else NONE */
	scope_id scope;         /* whose readers or writers, else NONE */
	struct origin origin;   /* its header row or heading */
};

enum claim_says {
	CLAIM_GRANTS,   /* the principal has the role at the scope */
	CLAIM_HAS_NONE, /* the principal has no role at the scope ("--") */
	CLAIM_IS_KIND   /* the principal is of 'kind' */
};

struct claim {
	uint32_t listing;
	uint8_t says;
	uint8_t kind;             /* CLAIM_IS_KIND: enum principal_kind */
	uint8_t human;            /* CLAIM_IS_KIND: enum tri, a person or not */
	uint8_t from_all;         /* one of the scopes of an "all …" */
	principal_id principal;   /* NONE: undeclared, a problem tells */
	role_id role;             /* NONE: none, or not understood */
	scope_id scope;           /* NONE: not understood, a problem tells */
	assignment_id assignment; /* that it became part of, or NONE */
	string_id text;           /* the role as the page writes it */
	string_id purpose;        /* what the page says it is for */
	string_id called;         /* CLAIM_IS_KIND: the name used there, or 0 */
	struct origin origin;
};

/* A sentence of the key rules that was understood. */
enum policy_kind {
	POLICY_CANNOT_OWN,     /* principals of a kind cannot own a kind */
	POLICY_ONLY_OWNER,     /* only this principal should own a kind */
	POLICY_NOT_SOLE_OWNER, /* principals of a kind not as sole owners */
	POLICY_NEEDS_ROLE      /* this principal needs the role at the scope */
};

struct policy {
	uint8_t kind;
	uint8_t principal_kind; /* enum principal_kind */
	uint8_t personal;       /* the rule is about personal accounts */
	uint8_t item_kind;
	principal_id principal; /* or NONE; CANNOT_OWN: who should instead */
	role_id role;
	scope_id scope;
	string_id text; /* the sentence */
	struct origin origin;
};

/* How an identity's credential is rotated; its sinks carry its row number. */
struct plan {
	principal_id principal;
	uint8_t has_steps, has_verification, deletes_old;
	struct origin origin;       /* where the identity is listed */
	struct origin steps;        /* heading of its steps, line 0: none */
	struct origin verification; /* the verifying step, line 0: none */
};

/* An item that a plan's verification runs. */
struct verification {
	uint32_t plan;
	item_id item;
	struct origin origin;
};

/* A page may set a rule's severity, or silence a finding with a reason. */
struct setting {
	string_id rule;
	string_id severity; /* "error", "warning", "note", "off", or 0 */
	string_id subject;  /* silences findings about it; 0: all */
	string_id reason;
	struct origin origin;
};

/* Readable input that is wrong: becomes a finding. */
enum problem_kind {
	PROBLEM_UNDECLARED_PRINCIPAL,
	PROBLEM_UNDECLARED_SECRET,
	PROBLEM_UNDECLARED_SCOPE,
	PROBLEM_UNDECLARED_CONNECTION,
	PROBLEM_UNDECLARED_NODE, /* a Mermaid edge to nowhere */
	PROBLEM_UNKNOWN_ROLE,    /* no role of that name in that plane */
	PROBLEM_AMBIGUOUS_NAME,
	PROBLEM_MALFORMED_ROW,      /* too few cells, broken id, bad date */
	PROBLEM_DUPLICATE,          /* the same thing declared twice */
	PROBLEM_COUNT_MISMATCH,     /* "All 4 workspaces" and five named */
	PROBLEM_SELF_CONTRADICTION, /* one claim contradicts itself */
	PROBLEM_GROUP_CYCLE,
	PROBLEM_ORPHAN_ASSIGNMENT, /* principal or role not in the source */
	PROBLEM_INCOMPLETE_SOURCE, /* e.g. a next page that is missing */
	PROBLEM_KINDS
};

struct problem {
	uint8_t kind;
	string_id message; /* what is there and what was expected */
	string_id subject; /* what it is about, as the source names it */
	struct origin origin;
	struct origin other; /* a second place, line 0: none */
};

#endif
