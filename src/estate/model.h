#ifndef ESTATE_MODEL_H
#define ESTATE_MODEL_H

/*
 * The nouns of an estate: one struct a noun, each a row of an array, known by
 * its dense 32-bit number. Numbers are those of one estate and never leave
 * the program. Text is interned (string_id, 0 = not said).
 *
 * What a source did not say stays unsaid: NONE, nil GUID, UNSAID,
 * MOMENT_UNKNOWN. Nothing here is a guess.
 */

#include "base/base.h"

typedef uint32_t principal_id;
typedef uint32_t scope_id;
typedef uint32_t role_id;
typedef uint32_t assignment_id;
typedef uint32_t item_id;
#define NONE UINT32_MAX

enum tri { UNSAID, NO, YES };

/* Where a fact was read. 'file' is a string_id; line 0: the whole file. */
struct origin {
	string_id file;
	uint32_t line;
};

enum principal_kind {
	PRINCIPAL_UNKNOWN, /* mentioned, e.g. by an assignment, never declared
			    */
	PRINCIPAL_USER,
	PRINCIPAL_GROUP,
	PRINCIPAL_SERVICE, /* service principal of an application */
	PRINCIPAL_MANAGED_IDENTITY,
	PRINCIPAL_WORKSPACE_IDENTITY,
	PRINCIPAL_KINDS
};

enum principal_flag {
	PRINCIPAL_DECLARED = 1 << 0, /* an inventory or directory lists it */
	PRINCIPAL_SERVICE_ACCOUNT = 1 << 1, /* a user that no person is */
	PRINCIPAL_HUMAN = 1 << 2,      /* a source says that a person is it */
	PRINCIPAL_COLLECTIVE = 1 << 3, /* stands for several unnamed ones */
	PRINCIPAL_DISABLED = 1 << 4,
	PRINCIPAL_EVERYONE = 1 << 5, /* Azure's all-principals (nil id) */
	PRINCIPAL_ELSEWHERE = 1 << 6 /* no list of this directory names it: a
					group of another, a profile */
};

struct principal {
	struct guid object_id; /* what authorisation goes by */
	struct guid app_id;    /* client id, where it has one */
	string_id name, upn;
	string_id purpose, licence;
	string_id home;     /* ARM id of a managed identity's resource */
	scope_id workspace; /* of a workspace identity, else NONE */
	uint8_t kind, flags;
	struct origin origin; /* where declared, else first mentioned */
};

/* An application object (facts 5): 1 application, 1 service principal a
 * tenant. Its id as a scope is where "may add a credential" is decided. */
struct application {
	struct guid app_id, object_id;
	string_id name;
	principal_id principal; /* NONE: no service principal known */
	scope_id scope;
	struct origin origin;
};

struct membership {
	principal_id group, member;
	struct origin origin;
};

enum scope_kind {
	SCOPE_ROOT, /* the tenant; scope 0, parent of all others */
	SCOPE_MANAGEMENT_GROUP,
	SCOPE_SUBSCRIPTION,
	SCOPE_RESOURCE_GROUP,
	SCOPE_VAULT,
	SCOPE_SECRET,
	SCOPE_STORAGE_ACCOUNT,
	SCOPE_CONTAINER,
	SCOPE_BLOB,     /* no role can be assigned on it */
	SCOPE_RESOURCE, /* any other ARM resource; 'type' says which */
	SCOPE_CAPACITY,
	SCOPE_WORKSPACE,
	SCOPE_ITEM,
	SCOPE_ORGANIZATION, /* Azure DevOps */
	SCOPE_PROJECT,
	SCOPE_CONNECTION,
	SCOPE_APPLICATION,
	SCOPE_GROUP, /* as what its owners own; its name is the principal's */
	SCOPE_KINDS
};

struct scope {
	scope_id parent;   /* NONE for the root only */
	string_id segment; /* its key among its siblings: name or GUID as
			      the platform's paths write it */
	string_id name;    /* display name where it differs, else 0 */
	string_id type;    /* ARM type, or kind of item ("Notebook"), or 0 */
	uint16_t depth;    /* root is 0 */
	uint8_t kind;
	uint8_t declared; /* not merely mentioned */
	/* What every decision asks, worked out by builder_finish. */
	uint8_t granted;   /* assignments are made on it */
	uint8_t model;     /* of a vault: enum vault_model, as in its row */
	uint8_t respelled; /* also mentioned in other letters than 'segment' */
	uint8_t forgotten; /* by estate_revise: nothing speaks of it any more */
	struct origin origin;
};

/* Each plane has actions, roles and assignments of its own. */
enum plane {
	PLANE_AZURE,     /* Azure RBAC */
	PLANE_POLICY,    /* a Key Vault's access policies */
	PLANE_FABRIC,    /* workspace roles and item permissions */
	PLANE_DEVOPS,    /* service connections, pipelines */
	PLANE_DIRECTORY, /* Entra roles, application owners */
	PLANE_CLAIMED,   /* a page names a right and not what grants it
			    ("Get Secrets"): holds under any mechanism */
	PLANES
};

/* A run of string_ids in the estate's pattern array. */
struct patterns {
	uint32_t from, count;
};

struct permission {
	struct patterns actions, not_actions, data_actions, not_data_actions;
	string_id condition; /* 0: none */
};

struct role {
	struct guid id;
	string_id name, description;
	uint32_t permissions, permission_count; /* a run of permission rows */
	uint8_t plane;
	uint8_t builtin; /* shipped with actas, not read from the source */
	uint8_t shipped; /* shipped with actas, whoever defines it now */
	uint8_t usual; /* shipped, and one that people use: remedies name it */
	struct origin origin;
};

enum assignment_flag {
	ASSIGNMENT_DISPUTED = 1 << 0, /* another claim contradicts it */
	ASSIGNMENT_COMPOUND = 1 << 1, /* access policy that demands OBO */
	ASSIGNMENT_ELIGIBLE = 1 << 2  /* PIM: not active */
};

/* One role assignment, put together from the estate's columns. */
struct assignment {
	struct guid id; /* nil where the source has none */
	principal_id principal;
	role_id role;
	scope_id scope;
	string_id condition;
	uint32_t flags;
	struct origin origin;
};

struct deny_assignment {
	struct guid id;
	string_id name;
	scope_id scope;
	uint32_t permissions, permission_count;
	uint32_t principals, principal_count; /* runs of the id array */
	uint32_t excluded, excluded_count;
	uint8_t everyone; /* the nil GUID among its principals */
	uint8_t not_for_children;
	struct origin origin;
};

#endif
