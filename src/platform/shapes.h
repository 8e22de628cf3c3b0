#ifndef PLATFORM_SHAPES_H
#define PLATFORM_SHAPES_H

/*
 * New entities in the services' shapes, as far as init and an import make
 * them. Each returns a new reference, NULL when out of memory.
 */

#include "keys/client_secret.h"
#include "platform/entity.h"

/* An object of the directory. Texts are UTF-8. */
struct shape_object {
	struct guid id, app_id;
	const char *name;
	const char *upn;     /* of a user */
	const char *purpose; /* "" for none */
	const char *home;    /* resource of a managed identity, or "" */
	bool disabled;
	moment now;
};
json_t *shape_user(const struct shape_object *o);
json_t *shape_group(const struct shape_object *o);
json_t *shape_application(const struct shape_object *o);
json_t *shape_service_principal(
    const struct shape_object *o, struct guid tenant);
/* The same of type "ManagedIdentity". */
json_t *shape_managed_identity(
    const struct shape_object *o, struct guid tenant);

/* A role assignment. 'scope' is an ARM path, "/" for the root. */
struct shape_grant {
	struct guid id, role, principal;
	const char *scope;
	const char *principal_type; /* "User", "Group", "ServicePrincipal" */
	const char *condition;      /* "" for none */
	moment now;
};
json_t *shape_assignment(const struct shape_grant *g);
/* In the directory: at "/" or "/" and an object's id. */
json_t *shape_directory_assignment(const struct shape_grant *g);

/* A client secret: entity of kind credential. */
struct shape_secret {
	const char *name;
	moment starts, ends;
};
json_t *shape_client_secret(const struct shape_secret *s,
    const struct master *m, const struct secret_bytes *secret);

#endif
