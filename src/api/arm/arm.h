#ifndef API_ARM_ARM_H
#define API_ARM_ARM_H

/*
 * The resource manager: what its files share.
 *
 * One handler (call.c) takes every request the same way: token, api-version,
 * 'prepare' (path and body), decision, then 'read' on a pinned snapshot, or
 * 'apply' on the writer's thread, where the decision is made again on the
 * state that the change lands on. What a request may not do is denied before
 * anything is said about what exists; what is wrong with its body is said
 * only to who may do it.
 */

#include "api/past.h"
#include "api/arm/scope.h"

struct arm_call;

struct arm_operation {
	enum permission_id permission; /* PERMITS: 'action' says it, or the
					  operation decides */
	const char *action; /* one that the view has no row for, or NULL:
			       'prepare' says it, or nobody */
	/*
	 * The decision is made at the path of the request without this many
	 * of its last segments: 4 for "…/providers/Microsoft.Authorization/
	 * roleAssignments/{name}".
	 */
	uint8_t cut;
	bool is_open;    /* no token needed */
	bool is_list;    /* errors name the path without its last segment */
	bool filters;    /* a list of what the caller may see: it is asked
			    also where the caller may not see all of it */
	bool wants_body; /* a JSON object, in call->body */
	/* Reads path and body; arm_refuse for what is wrong with them. */
	void (*prepare)(struct arm_call *call);
	/* Before each decision, on the snapshot at hand: fills call->request
	 * with what a condition may ask about. */
	void (*ask)(struct arm_call *call);
	/* Either: sets status and reply. */
	void (*read)(struct arm_call *call);
	enum actas_error (*apply)(struct arm_call *call, struct writes *writes);
};

/* A right that was missing, for the audit log and for who asks why. */
struct arm_denied {
	enum permission_id permission; /* PERMITS: one by its name only */
	const char *action;
	struct slice path; /* where it was decided */
	enum reason reason;
	uint64_t revision;
};

struct arm_call {
	struct api_change change; /* first */
	struct exchange *x;
	const struct arm_operation *operation;
	struct caller caller;
	struct slice target;    /* the whole path */
	struct arm_scope scope; /* where the decision is made */
	struct slice name;      /* last segment of the path */
	const char *action;     /* that 'prepare' worked out, or NULL */
	json_t *body;           /* or NULL */
	moment now;
	/* What a condition may ask about. */
	struct request request;
	/* The newest, by which it is decided, and the one that is looked at,
	 * which of a later page is the first page's. */
	const struct snapshot *decided_on, *snapshot;
	const struct past_question *awaited; /* what it is of, until then */
	struct verdict verdict;
	bool allowed;
	/* The answer: a reply, or a refusal. */
	uint32_t status;
	json_t *reply;
	const char *code, *message; /* of a refusal */
	bool is_denial;             /* the refusal is one of authorisation */
	struct arm_denied denied;
	void *work;                 /* the operation's own, in the arena */
	struct secret_bytes secret; /* a value on its way to be sealed */
	struct slice sealed;        /* what became of it */
};

void arm_handle(struct exchange *x);

static inline const struct state *
arm_state(const struct arm_call *c)
{
	return c->snapshot->state;
}
static inline const struct estate *
arm_estate(const struct arm_call *c)
{
	return snapshot_view(c->snapshot)->estate;
}

/* --- refuse.c --- */

/* Keeps the first refusal; the operation goes on or returns, as it likes. */
void arm_refuse(struct arm_call *c, uint32_t status, const char *code,
    const char *format, ...) ACTAS_PRINTF(4, 5);
static inline bool
arm_is_refused(const struct arm_call *c)
{
	return c->code != NULL;
}
/* Refuses as ARM denies, naming the action and 'path'. */
void arm_deny(struct arm_call *c, const struct verdict *verdict,
    const char *action, struct slice path);
/* The same for the operation's own action; 'path' is named. */
void arm_deny_call(struct arm_call *c, struct slice path);
/* Where a list that 'filters' has nothing that the caller may see. */
void arm_deny_list(struct arm_call *c);
/* Answers a token that is none, or not for here: 401. */
void arm_answer_unauthenticated(
    struct exchange *x, enum token_fault fault, const char *found);
/* Sends reply or refusal, after its line in the audit log. 'is_write' for
 * what was written as 'revision'. Takes c->reply and c->body. */
void arm_answer(struct arm_call *c, bool is_write, uint64_t revision);

/* --- decide.c: questions beside the operation's own --- */

/* The action that the request stands for, or NULL. */
const char *arm_action(const struct arm_call *c);
/* Asks for it; sets call->verdict and call->allowed. */
void arm_ask(struct arm_call *c);
/* May the caller do this at the path? */
bool arm_may(
    struct arm_call *c, enum permission_id permission, struct slice path);
/* The same for any action by its name. */
bool arm_may_act(struct arm_call *c, const char *action, struct slice path);
/* The same, and arm_deny where not. */
bool arm_must(
    struct arm_call *c, enum permission_id permission, struct slice path);
bool arm_must_act(struct arm_call *c, const char *action, struct slice path);
/* The estate's scope for the path; '*exact' whether it is this one or merely
 * the nearest above. */
scope_id arm_find_scope(struct arm_call *c, struct slice path, bool *exact);
/* Whether the caller has a role that allows to read anything in or above the
 * scope. */
bool arm_sees_into(struct arm_call *c, scope_id s);

/* --- exist.c --- */

/* Refuses with 404 where the subscription, resource group, management group
 * or (outermost) resource of the scope is not there. */
bool arm_must_exist(struct arm_call *c, const struct arm_scope *scope);
/* The entity's key: of a subscription, group, vault or other resource. */
struct slice arm_key(struct entity_text *text, const struct arm_scope *scope);
/* The entity of a scope; new reference or NULL. */
json_t *arm_get_scope(struct arm_call *c, const struct arm_scope *scope);
/* Refuses: 404 ResourceNotFound. */
void arm_refuse_missing(struct arm_call *c, const struct arm_scope *scope);
/* Refuses another location than the one that the thing has. */
bool arm_keep_location(
    struct arm_call *c, const json_t *stored, const struct arm_scope *scope);
/* Removes the role assignments at the path and below it. */
void arm_drop_assignments(
    struct arm_call *c, struct slice path, struct writes *writes);

/* --- json.c --- */

/* A member by its name, ASCII case ignored where the exact one is absent;
 * NULL also for JSON's null. */
json_t *arm_member(const json_t *object, const char *name);
/* Its text, or empty. */
struct slice arm_text(const json_t *object, const char *name);
/* 'properties' of an object, or NULL. */
json_t *arm_properties(const json_t *object);
json_t *arm_json_text(struct slice text);
json_t *arm_json_guid(struct guid id);
/* "2026-11-21T18:17:39.0000000Z", as ARM writes time. */
json_t *arm_json_moment(moment when);
/* Sets a member, taking the value; false (and the value gone) for NULL or no
 * memory. */
bool arm_set(json_t *object, const char *name, json_t *value);
/* A list's reply: {"value": […]}, taking the array. */
void arm_reply_list(struct arm_call *c, json_t *value);
/* Takes the body; NULL is a lack of memory. */
void arm_reply(struct arm_call *c, uint32_t status, json_t *body);
/* The body's tags, checked: new reference, NULL after refusing; an empty
 * object where there are none. */
json_t *arm_tags(struct arm_call *c, uint32_t most);
/* The body's location, folded as ARM does ("West Europe" is westeurope);
 * empty after refusing. */
struct slice arm_location(struct arm_call *c);

/* --- metadata.c --- */

/* "https://{name}.vault.azure.net/", or as the host of the request has it. */
json_t *arm_vault_uri(struct exchange *x, struct slice name);

#endif
