#ifndef API_ENTRA_CALL_H
#define API_ENTRA_CALL_H

/*
 * One request for a token, from its form to its answer.
 *
 * Each step either lets the call go on (true), or says why not in
 * 'refusal', or asks in 'wants_issuer' for the keys of an external issuer:
 * then the connection sleeps, the worker fetches them, and the call is run
 * again from its start.
 */

#include "api/entra/refusal.h"
#include "api/worker.h"
#include "keys/jwt.h"

enum endpoint { ENDPOINT_V2, ENDPOINT_V1, ENDPOINT_ADFS };

/* The application that asks, as the state knows it. */
struct client {
	struct guid app_id;
	struct guid application; /* object id; nil for a managed identity */
	struct guid principal;
	struct slice name;     /* in the arena, as the next */
	struct slice identity; /* ARM id of a managed identity, or "" */
	bool is_enabled;
};

/* What the token is for. */
struct resource {
	struct slice audience; /* the token's */
	struct slice asked;    /* as the client named it */
	bool v2;
	struct guid application; /* its app id; nil for Azure's own */
	/* Those app roles of it that the client has; in the arena. */
	const char **roles;
	size_t role_count;
};

struct token_call {
	struct job job; /* first: the worker's */
	struct exchange *x;
	enum endpoint endpoint;

	/* the request; empty where not given */
	struct slice tenant, grant_type, client_id, secret, scope, resource_id;
	struct slice assertion, assertion_type;

	/* what was found out */
	struct client client;
	struct resource resource;
	char key_id[37]; /* of the credential that was accepted */
	bool by_key;     /* and it is no secret */

	/* why not */
	enum refusal refusal;
	struct slice arguments[REFUSAL_ARGUMENTS];

	struct slice wants_issuer; /* whose keys are to be fetched */
	uint32_t fetches;
};

/* Sets why the call ends; false, for `return call_refuse(…)`. */
bool call_refuse(
    struct token_call *c, enum refusal refusal, struct slice a, struct slice b);
moment call_now(const struct token_call *c);
/* A copy in the exchange's arena; "" when out of memory. */
struct slice call_keep(struct token_call *c, struct slice text);

/* --- request.c: the form, up to the credential --- */
bool request_read(struct token_call *c);
/* --- resource.c: scope or resource --- */
bool resource_find(struct token_call *c, const struct snapshot *snapshot);
/* Whether there is such a resource, and what its tokens are like. */
bool resource_resolve(struct exchange *x, const struct snapshot *snapshot,
    struct slice name, struct resource *resource);
/* --- app_roles.c --- */
/* Finds the client's roles. False where it has none and the resource wants
 * one assigned (appRoleAssignmentRequired). */
bool resource_admits(struct exchange *x, const struct snapshot *snapshot,
    struct guid client, struct resource *resource);
/* The resource whose tokens serve as assertions, and what they name it. */
#define EXCHANGE_NAME "api://AzureADTokenExchange"
#define EXCHANGE_ID   "fb60f99c-7a34-4190-8149-302f77469936"
/* --- client.c --- */
bool client_find(struct token_call *c, const struct snapshot *snapshot);
/* The same by object id, for managed identities. */
bool client_of_principal(struct exchange *x, const struct snapshot *snapshot,
    struct guid object_id, struct client *client);
/* --- secret.c --- */
bool secret_check(struct token_call *c, const struct snapshot *snapshot);
/* --- assertion.c: whose it is; certificate.c, federated.c --- */
bool assertion_check(struct token_call *c, const struct snapshot *snapshot);
bool certificate_check(struct token_call *c, const struct snapshot *snapshot,
    const struct jwt *jwt);
bool federated_check(struct token_call *c, const struct snapshot *snapshot,
    const struct jwt *jwt);
/* Whether the assertion holds at this time. */
bool assertion_time(struct token_call *c, const struct jwt *jwt);

/* Calls 'see' for each credential of the client of that kind of entity, until
 * it returns false. 'id' is the last part of the key. */
void client_credentials(const struct client *client, const struct state *state,
    enum entity kind,
    bool (*see)(void *context, struct slice id, const json_t *credential),
    void *context);

#endif
