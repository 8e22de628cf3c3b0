#ifndef API_API_H
#define API_API_H

/*
 * The surfaces: what clients see. Each surface is a folder or file with one
 * table of routes; which surface a request is for follows from its host name
 * (route B and C), and on localhost from its path.
 *
 *	entra            token service         login.microsoftonline.com, …
 *	graph            Microsoft Graph       graph.microsoft.com
 *	arm              resource manager      management.azure.com, …
 *	keyvault         secrets data plane    {vault}.vault.azure.net
 *	managed_identity tokens by environment localhost
 *	admin            /actas/…              any host
 *
 * The way of a request: authenticate (api_authenticate) → decide on a
 * snapshot (view_decide) → for a change: submit, where the writer decides and
 * validates again on the state it lands on → audit → answer.
 */

#include "http/router.h"
#include "platform/platform.h"

struct api {
	struct platform *platform;
	struct tokens *tokens;     /* api/tokens.h: signing and verifying */
	struct sessions *sessions; /* api/sessions.h: of `exec --as` */
	struct worker *worker;     /* api/worker.h: what may take long */
	struct guesses *guesses;   /* api/entra/guesses.h */
	struct replays *replays;   /* api/entra/replays.h */
	struct issuers *issuers;   /* api/entra/issuers.h */
	struct uses *uses;         /* api/entra/uses.h */
	struct explains *explains; /* api/explain.h: recent denials */
	struct shipped *shipped;   /* api/arm/shipped.h: built-in roles */
	struct past_waiters *past_waiters; /* api/past.h */
	moment swept; /* when deleted secrets were looked through; worker's */
	/* Names by which the server is reached beside localhost. */
	char *hosts[LIMIT_HOST_NAMES];
	uint32_t host_count;
};

enum actas_error api_new(struct platform *platform, struct api **api,
    struct fault *fault) ACTAS_MUST_USE;
/* After the server stopped and before the platform is closed. */
void api_free(struct api *api);
/* What is to be done from time to time; the worker's. */
void api_tick(struct api *api);
/* Before anything is served: one more name that the certificate bears. */
enum actas_error api_add_host(
    struct api *api, struct slice host, struct fault *fault) ACTAS_MUST_USE;
/* For server_options; x->context is the struct api. */
void api_handle(struct exchange *x);
/* For tunnel_options: whether a host name is one of the surfaces'. */
bool api_is_ours(void *context, struct slice host);

/* Of which service a token must be. */
enum audience {
	AUDIENCE_VAULT,   /* https://vault.azure.net, … */
	AUDIENCE_ARM,     /* https://management.azure.com, … */
	AUDIENCE_GRAPH,   /* https://graph.microsoft.com, … */
	AUDIENCE_FABRIC,  /* https://api.fabric.microsoft.com, power bi */
	AUDIENCE_DEVOPS,  /* 499b84ac-1321-427f-aa17-267ca6975798 */
	AUDIENCE_STORAGE, /* https://storage.azure.com */
	AUDIENCE_SQL,     /* https://database.windows.net */
	AUDIENCE_ACTAS,   /* any of the above: /actas/… takes every token */
	AUDIENCES
};

/* Whose token it is. */
struct caller {
	struct guid tenant, object_id, app_id;
	bool is_app;
	moment issued, expires;
	char key_id[37]; /* of the credential that got the token, or "" */
	char uti[64];    /* the token's own id */
};

enum token_fault {
	TOKEN_OK,
	TOKEN_MISSING,
	TOKEN_MALFORMED, /* no JWT, alg none, unknown kid, bad signature */
	TOKEN_EXPIRED,
	TOKEN_NOT_YET,
	TOKEN_WRONG_AUDIENCE, /* 'found' is the audience */
	TOKEN_WRONG_ISSUER,   /* 'found' is the issuer */
	TOKEN_REVOKED /* its credential or principal is gone or disabled */
};

/* api/authenticate.c: reads and verifies the bearer token. 'found' lies in
 * the exchange's arena. */
enum token_fault api_authenticate(struct exchange *x, enum audience audience,
    struct caller *caller, const char **found);

/* --- api/answer.c: helpers that every surface uses --- */

static inline struct api *
exchange_api(const struct exchange *x)
{
	return x->context;
}
static inline struct platform *
exchange_platform(const struct exchange *x)
{
	return exchange_api(x)->platform;
}

/* Sends JSON (takes the reference; NULL: out of memory, 500). */
void answer_json(struct exchange *x, uint32_t status, json_t *body);
void answer_empty(struct exchange *x, uint32_t status);
/* {"error":{"code":…,"message":…}}, as ARM, Graph and Key Vault write it;
 * 'inner' adds "innererror":{"code":…} unless NULL. */
void answer_error(struct exchange *x, uint32_t status, const char *code,
    const char *inner, const char *format, ...) ACTAS_PRINTF(5, 6);
/* 503: what must be recorded cannot be. */
void answer_unavailable(struct exchange *x);
extern const char answer_unavailable_text[];
/* The body as a JSON object: a new reference; NULL after it answered 400 in
 * the form of answer_error with that code. Bounded depth, no key twice. */
json_t *body_object(struct exchange *x, const char *code);
/* The same of any text, without an answer: NULL where it is none (or no
 * memory). */
json_t *body_parse(struct slice text);
/* Text of an id (null for none) and of a point in time; new references. */
json_t *json_guid(struct guid id);
json_t *json_moment(moment when);
/* "https://{authority}" of the request, in the arena. */
const char *exchange_origin(struct exchange *x);

/*
 * Asks the writer. 'apply' runs on the writer's thread with the newest
 * snapshot and may fill 'work' (the surface's own struct, in the exchange's
 * arena); 'answer' then fills the answer and must call exchange_reply (through
 * answer_…), also on the writer's thread, so it is quick. A journal that
 * cannot be written (ACTAS_EIO) is answered here with 503, no memory
 * (ACTAS_ENOMEM) with 500; neither reaches 'answer'.
 */
struct api_change {
	struct change change;
	struct exchange *x;
	enum actas_error (*apply)(struct api_change *c,
	    const struct snapshot *now, struct writes *writes);
	void (*answer)(
	    struct api_change *c, enum actas_error result, uint64_t revision);
	/* In place of 'answer' where that is not reached, before the exchange
	 * ends: for what does not lie in its arena. NULL: nothing. */
	void (*release)(struct api_change *c);
	struct caller caller;
	bool wrote;   /* at landing */
	bool is_made; /* for 'answer': there is a revision of it */
};
void api_submit(struct api_change *c);

/* Audits; false after it answered 503 because the line could not be written:
 * then nothing else may be sent. Fills at, request and peer itself. */
bool api_audit(struct exchange *x, const struct caller *caller,
    const struct audit_line *line);
/* The same for what 'c' asked of the writer. A change that was made, as
 * line->revision, is in the journal and is answered as made: never false. */
bool api_audit_change(struct exchange *x, const struct api_change *c,
    const struct audit_line *line);

/* The tables of the surfaces. */
extern const struct route entra_routes[], graph_routes[], arm_routes[],
    keyvault_routes[], managed_identity_routes[], admin_routes[];
/* On the host of a vault, behind keyvault_routes: any other path. */
extern const struct route vault_host_routes[];

/* For the vault surface: which vault a request is for, by host name
 * ("kv1.vault.azure.net", "kv1.vault.localhost") or path ("/vaults/kv1/…",
 * whose segments are then taken off). Empty: none. */
struct slice api_vault_name(struct exchange *x);

#endif
