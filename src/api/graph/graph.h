#ifndef API_GRAPH_GRAPH_H
#define API_GRAPH_GRAPH_H

/*
 * Microsoft Graph, the directory part: what its files share.
 *
 * One handler (call.c) takes every request the same way: token, decision,
 * body, then 'read' on a pinned snapshot, or 'apply' on the writer's thread,
 * where the decision is made again on the state that the change lands on.
 */

#include "api/past.h"
#include "api/graph/filter.h"
#include "api/graph/properties.h"

/* A kind of directory object. */
enum graph_kind {
	GRAPH_APPLICATION,
	GRAPH_PRINCIPAL,
	GRAPH_USER,
	GRAPH_GROUP,
	GRAPH_KINDS
};

struct graph_collection {
	const char *name;       /* "applications" */
	const char *odata_type; /* "#microsoft.graph.application" */
	const char *type;       /* "application", as getByIds asks for it */
	enum entity entity;
	enum permission_id create, update, remove, credentials;
	const struct graph_property *properties; /* ends with no name */
};
extern const struct graph_collection graph_collections[GRAPH_KINDS];

struct graph_call;

struct graph_operation {
	enum permission_id permission;
	enum graph_kind kind; /* of the object in captures[0] */
	bool has_object; /* captures[0] is an id; found before the decision */
	bool wants_body; /* a JSON object */
	bool at_tenant;  /* no owner's to do: decided at the tenant */
	/* A principal may always see itself. */
	bool self_suffices;
	/* Checks the body before anything is queued: graph_refuse. */
	void (*prepare)(struct graph_call *c);
	/* Either: sets status and reply. */
	void (*read)(struct graph_call *c);
	enum actas_error (*apply)(struct graph_call *c, struct writes *writes);
};

struct graph_call {
	struct api_change change; /* first */
	struct exchange *x;
	const struct graph_operation *operation;
	struct caller caller;
	json_t *body; /* or NULL */
	moment now;
	/* The newest, and the one that is looked at, which of a later page is
	 * the first page's and may have no view. */
	const struct snapshot *decided_on, *snapshot;
	const struct past_question *awaited; /* its, before it is at hand */
	json_t *object;                      /* of captures[0], or NULL */
	struct guid id; /* its object id; nil where there is none */
	bool allowed;
	/* The answer: a reply, or a refusal. */
	uint32_t status;
	json_t *reply;
	const char *code, *message;
	bool is_denial;
	const char *reason; /* of a denial */
	/* A client secret that was made, shown in the reply. */
	struct secret_bytes secret;
	struct guid made;     /* id of what the call makes */
	struct guid made_key; /* and of the secret that comes with it */
};

void graph_handle(struct exchange *x);

static inline const struct state *
graph_state(const struct graph_call *c)
{
	return c->snapshot->state;
}
static inline const struct graph_collection *
graph_collection(const struct graph_call *c)
{
	return &graph_collections[c->operation->kind];
}

/* Keeps the first refusal. */
void graph_refuse(struct graph_call *c, uint32_t status, const char *code,
    const char *format, ...) ACTAS_PRINTF(4, 5);
/* 404 for an id that nothing bears. */
void graph_refuse_missing(struct graph_call *c, struct slice id);
/* Takes the body; NULL is a lack of memory. */
void graph_reply(struct graph_call *c, uint32_t status, json_t *body);
void graph_reply_empty(struct graph_call *c);
/* "https://graph.microsoft.com/v1.0", of the request; in the arena. */
const char *graph_base(struct graph_call *c);

/* --- mirror.c --- */

/* Brings the application's properties to its service principal; false where
 * that is NULL or there is no memory. */
bool graph_mirror(json_t *principal, const json_t *application);

/* --- objects.c --- */

/* The key of an object of that kind. */
struct slice graph_key(
    struct entity_text *text, enum graph_kind kind, struct guid id);
/* The stored object of any kind with this id: a new reference or NULL. */
json_t *graph_find(
    const struct state *s, struct guid id, enum graph_kind *kind);
/* That which a segment names: an id, "applications(appId='…')", a user's
 * principal name. New reference or NULL. */
json_t *graph_named(
    const struct state *s, enum graph_kind kind, struct slice segment);
/* The first of its kind whose property is that text. New reference or NULL. */
json_t *graph_find_by(const struct state *s, enum graph_kind kind,
    const char *property, struct slice value);
struct guid graph_id(const json_t *object);
struct slice graph_text(const json_t *object, const char *name);
bool graph_set(json_t *object, const char *name, json_t *value);

/* --- shown.c --- */

/* As clients see it: with its type and credentials. New reference; takes
 * none. */
json_t *graph_shown(
    const struct state *s, enum graph_kind kind, const json_t *stored);

/* --- list.c: collections, with $filter, $select, $top, $count, $orderby --- */

/* Sends the array, taking it, as the request has it filtered and paged. */
void graph_reply_list(struct graph_call *c, json_t *all);
/* An object with the members that $select names. Takes it. */
json_t *graph_select(struct graph_call *c, json_t *object);

/* --- relations.c --- */

/* The id that a body's "@odata.id" ends with; nil, and refused, where it is
 * none. */
struct guid graph_referred(struct graph_call *c);
/* Those of a body that makes an object: "owners@odata.bind" and
 * "members@odata.bind", at most 20 each. Who makes an object without naming
 * an owner owns it, as in Entra. */
void graph_check_bound(struct graph_call *c);
void graph_write_bound(struct graph_call *c, struct writes *writes);
/* Removes what hangs on an object that goes: relations on both sides,
 * credentials, federated credentials. */
void graph_drop_related(
    const struct state *s, struct guid id, struct writes *writes);

/* --- app_roles.c --- */

/* Removes those of an object that goes, as holder and as resource. */
void graph_drop_app_roles(
    const struct state *s, struct guid id, struct writes *writes);

/* --- credentials.c --- */

/* Writes the keyCredentials of a body over those that are there (PATCH). */
void graph_check_keys(struct graph_call *c, const json_t *keys);
void graph_write_keys(
    struct graph_call *c, const json_t *keys, struct writes *writes);
/* The one secret that an application may be made with (passwordCredentials of
 * the body): as addPassword makes it, and shown in the reply. */
void graph_check_password(struct graph_call *c);
enum actas_error graph_write_password(
    struct graph_call *c, json_t *reply, struct writes *writes);

#endif
