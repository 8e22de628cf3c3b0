#ifndef PLATFORM_IMPORT_PRIVATE_H
#define PLATFORM_IMPORT_PRIVATE_H

/*
 * Between the parts of an import (import*.c); nobody else includes it.
 *
 * The parts run in the order in which they stand here, since each needs what
 * the one before found out: who has which id, then which scope has which
 * path, then who may do what there. Errors stick in the import; the parts go
 * on with empty values after one.
 */

#include "platform/import.h"

#include "estate/names.h"

/* An application: one of the source, or made for a service principal of
 * which the source knows none. */
struct imported_app {
	struct guid object_id, app_id;
	principal_id principal; /* or NONE */
	string_id name;
	bool made; /* it has an entity */
	bool has_federated;
	/* of the source's credentials: */
	uint32_t secret;       /* the secret that ends last, or NONE */
	uint32_t secrets;      /* how many there are */
	uint32_t certificates; /* and of these, which are left out */
};

/* What a principal is on the platform. */
struct imported_person {
	struct guid object_id; /* nil: it cannot hold anything here */
	struct guid app_id;
	uint32_t app;    /* in 'apps', or NONE */
	bool made;       /* the directory has an object for it */
	uint32_t secret; /* in 'credentials', or NONE */
};

struct import {
	const struct estate *e;
	const struct master *master;
	struct value_keys *value_keys;
	struct chance chance;
	moment now;
	struct guid tenant;
	struct writes *writes;
	struct new_credentials *credentials;
	struct buffer *told;
	struct fault *fault;
	enum actas_error error;
	struct arena arena; /* no secrets */

	const char *now_text, *tenant_text, *domain;
	struct imported_person *people;   /* by principal */
	VECTOR(struct imported_app) apps; /* the estate's first */
	bool lists_applications;          /* and so their credentials */
	const char **paths; /* by scope: ARM path, NULL where it has none */
	bool *walked;       /* by scope: its path was looked for */
	const char *subscription; /* that was made, or NULL */
	struct guid *role_ids;    /* by role */
	principal_id *holder; /* by scope: whose credential a secret holds */
	uint32_t *app_at;     /* by scope: its application and 1, or 0 */
	principal_id *identities; /* by scope: a workspace's and 1, or 0 */
	const char **things;      /* by scope: GUID in Fabric and DevOps */
	uint64_t *numbers;        /* by scope: of a pipeline */
	struct index assignment_ids, vaults, groups, homes;
	VECTOR(const char *) made_groups;
	VECTOR(struct guid) assigned;
};

/* --- import.c --- */

/* Takes the value (NULL: out of memory). A key that no entity can have is
 * told, with 'what' it was to be. */
void import_put(
    struct import *im, struct slice key, json_t *value, const char *what);
void import_tell(struct import *im, const char *format, ...) ACTAS_PRINTF(2, 3);
void import_fail(struct import *im, enum actas_error error);
/* A new random id. */
struct guid import_id(struct import *im);
/* All in the arena, "" after an error. Names are fit for a line. */
const char *import_guid(struct import *im, struct guid id);
const char *import_principal(struct import *im, principal_id p);
const char *import_scope(struct import *im, scope_id s);
const char *import_role(struct import *im, role_id r);
const char *import_text(struct import *im, const char *format, ...)
    ACTAS_PRINTF(2, 3);
const char *import_string(struct import *im, string_id id);
const char *import_moment(struct import *im, moment when);
ACTAS_MUST_USE void *import_zero(struct import *im, size_t count, size_t size);
/* Whether the grant is brought in as it is; tells where it is not. */
bool import_holds(struct import *im, const struct assignment *a);

/* --- import_people.c: the directory --- */

void import_people(struct import *im);
const char *import_principal_type(
    const struct import *im, principal_id p); /* "User", … */

/* --- import_credentials.c --- */

void import_credentials(struct import *im);

/* --- import_places.c: everything that has an ARM path but vaults --- */

void import_places(struct import *im);
/* The path, made where a part of it is missing; NULL where there can be
 * none. The root's is "/". */
const char *import_path(struct import *im, scope_id s);
/* Whether a name may stand in an ARM path. */
bool import_is_segment(struct slice name);

/* --- import_vaults.c: vaults, policies, secrets --- */

void import_vaults(struct import *im);
/* Whether the scope is a vault of access policies, or lies in one. */
bool import_in_policy_vault(const struct import *im, scope_id s);

/* --- import_roles.c, import_access.c --- */

void import_roles(struct import *im);
/* A run of permission rows as Azure writes them. New reference. */
json_t *import_permissions(struct import *im, uint32_t from, uint32_t count);
void import_access(struct import *im);

/* --- import_claims.c: rights that a page names without a mechanism --- */

enum { CLAIM_ROLES = 2 };
/* The least roles of the plane that give what the claimed role gives at the
 * kind of scope; how many. Tells what it chose, or that nothing fits. */
uint32_t import_claim(struct import *im, const struct assignment *a,
    role_id roles[static CLAIM_ROLES]);
/* The same as permissions of an access policy. New reference. */
json_t *import_claim_policy(struct import *im, const struct assignment *a);

/* --- import_answers.c: lists that a service answers, in pages --- */

struct answer_list {
	struct import *im;
	const char *request;
	const char *key; /* "value" */
	json_t *elements;
	size_t bytes;
	uint32_t page;
};
/* 'request' must outlive the list. */
struct answer_list answer_list(
    struct import *im, const char *request, const char *key);
/* Takes the element (NULL: out of memory). */
void answer_add(struct answer_list *list, json_t *element);
/* Writes what is left; a list without elements writes nothing. */
void answer_end(struct answer_list *list);

/* --- import_fabric.c, import_devops.c --- */

void import_fabric(struct import *im);
/* The GUID by which Fabric or DevOps knows the thing. */
const char *import_thing_id(struct import *im, scope_id s);
/* A connection of Fabric, and not of Azure DevOps. */
bool import_is_fabric_connection(const struct import *im, scope_id s);
void import_devops(struct import *im);

#endif
