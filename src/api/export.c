#include "api/admin.h"
#include "api/past.h"

/*
 * The estate, for `actas -s https://…`: the answers of Azure's services that
 * the state amounts to, each element left out that the caller may not read.
 *
 * The content may be of the past; the rights are those of now, since a right
 * that was taken away must not live on in the history.
 */

enum place {
	AT_TENANT,
	AT_ID,    /* member "id", a path */
	AT_SCOPE, /* properties.scope */
	AT_SECRET /* the key says vault and name */
};

/* Directory and roles are open to all who are in the directory: names and
 * what a role contains are no secret among them. */
static const struct {
	enum permission_id permission;
	enum place place;
} rights[ENTITIES] = {
    [ENTITY_TENANT] = {PERMIT_DIRECTORY_READ, AT_TENANT},
    [ENTITY_APPLICATION] = {PERMIT_DIRECTORY_READ, AT_TENANT},
    [ENTITY_SERVICE_PRINCIPAL] = {PERMIT_DIRECTORY_READ, AT_TENANT},
    [ENTITY_USER] = {PERMIT_DIRECTORY_READ, AT_TENANT},
    [ENTITY_GROUP] = {PERMIT_DIRECTORY_READ, AT_TENANT},
    [ENTITY_MEMBER] = {PERMIT_DIRECTORY_READ, AT_TENANT},
    [ENTITY_OWNER] = {PERMIT_DIRECTORY_READ, AT_TENANT},
    [ENTITY_CREDENTIAL] = {PERMIT_DIRECTORY_READ, AT_TENANT},
    [ENTITY_FEDERATED] = {PERMIT_DIRECTORY_READ, AT_TENANT},
    [ENTITY_USE] = {PERMIT_DIRECTORY_READ, AT_TENANT},
    [ENTITY_DIRECTORY_ROLE] = {PERMIT_DIRECTORY_READ, AT_TENANT},
    [ENTITY_APP_ROLE] = {PERMIT_DIRECTORY_READ, AT_TENANT},
    [ENTITY_ROLE] = {PERMIT_DIRECTORY_READ, AT_TENANT},
    [ENTITY_ASSIGNMENT] = {PERMIT_ASSIGNMENT_READ, AT_SCOPE},
    [ENTITY_DENY] = {PERMIT_DENY_READ, AT_SCOPE},
    [ENTITY_MANAGEMENT_GROUP] = {PERMIT_RESOURCES_READ, AT_ID},
    [ENTITY_SUBSCRIPTION] = {PERMIT_SUBSCRIPTION_READ, AT_ID},
    [ENTITY_RESOURCE_GROUP] = {PERMIT_GROUP_READ, AT_ID},
    [ENTITY_RESOURCE] = {PERMIT_RESOURCES_READ, AT_ID},
    [ENTITY_VAULT] = {PERMIT_VAULT_READ, AT_ID},
    [ENTITY_DELETED_VAULT] = {PERMIT_DELETED_VAULT_READ, AT_ID},
    [ENTITY_SECRET] = {PERMIT_ARM_SECRET_READ, AT_SECRET},
    [ENTITY_CURRENT] = {PERMIT_ARM_SECRET_READ, AT_SECRET},
    [ENTITY_VERSION] = {PERMIT_ARM_SECRET_READ, AT_SECRET},
    [ENTITY_SIGNING_KEY] = {PERMITS, AT_TENANT},
    [ENTITY_ANSWER] = {PERMIT_RESOURCES_READ, AT_TENANT},
};

struct export
{
	const struct snapshot *now, *content;
	struct guid object_id;
	/* Decided at the root once: what is allowed there is allowed below,
	 * where no deny assignment says otherwise. */
	bool root_known[PERMITS], root_allows[PERMITS];
	bool has_denials;
};

static bool
allows(const struct export *e, enum permission_id permission, struct slice path)
{
	return view_decide(e->now, e->object_id, permission, path, NULL)
	    .decision.allowed;
}

static bool
root_allows(struct export *e, enum permission_id permission)
{
	if (!e->root_known[permission]) {
		e->root_allows[permission] = allows(e, permission, SLICE("/"));
		e->root_known[permission] = true;
	}
	return e->root_allows[permission];
}

/* Whoever may read the properties of secrets through the resource manager, or
 * list them in the vault. */
static bool
allows_secret(struct export *e, struct slice key)
{
	struct slice rest = key, vault, name;
	struct entity_text text;
	struct buffer path = {0};
	json_t *entity;
	bool yes;

	(void)slice_cut(&rest, '/', &vault);
	(void)slice_cut(&rest, '/', &vault);
	(void)slice_cut(&rest, '/', &name);
	entity = entity_get(e->content->state,
	    entity_key(&text, ENTITY_VAULT, vault, SLICE(""), SLICE("")));
	buffer_add(
	    &path, slice_of(json_string_value(json_object_get(entity, "id"))));
	yes = allows(e, PERMIT_ARM_SECRET_READ, buffer_slice(&path));
	buffer_addf(&path, "/secrets/%.*s", SLICE_ARGS(name));
	yes = yes || allows(e, PERMIT_SECRET_LIST, buffer_slice(&path));
	yes = yes && entity != NULL && path.error == ACTAS_OK;
	json_decref(entity);
	buffer_release(&path);
	return yes;
}

static bool
includes(void *context, enum entity kind, struct slice key, const json_t *value)
{
	struct export *e = context;
	enum permission_id permission;
	const json_t *from = value;
	const char *path;

	if (kind >= ENTITIES || rights[kind].permission == PERMITS)
		return false;
	permission = rights[kind].permission;
	if (rights[kind].place == AT_TENANT)
		return root_allows(e, permission);
	if (!e->has_denials && root_allows(e, permission))
		return true;
	if (rights[kind].place == AT_SECRET)
		return allows_secret(e, key);
	if (rights[kind].place == AT_SCOPE)
		from = json_object_get(value, "properties");
	path = json_string_value(json_object_get(
	    from, rights[kind].place == AT_SCOPE ? "scope" : "id"));
	return path != NULL && allows(e, permission, slice_of(path));
}

/* Whether nothing was left out. It goes by rights alone: that something is
 * missing does not tell whether there is anything. */
static bool
is_whole(struct export *e)
{
	for (enum entity kind = 0; kind < ENTITIES; kind++)
		if (rights[kind].permission != PERMITS &&
		    !root_allows(e, rights[kind].permission))
			return false;
	return !e->has_denials;
}

static json_t *
export_json(struct exchange *x, struct export *e)
{
	const struct view_filter filter = {.includes = includes, .context = e};

	e->has_denials = snapshot_view(e->now)->estate->denials.count > 0;
	return json_pack("{s:I, s:o, s:o, s:b, s:o}", "revision",
	    (json_int_t)e->content->revision, "at", json_moment(e->content->at),
	    "tenant", json_guid(exchange_platform(x)->tenant), "whole",
	    is_whole(e), "answers", view_answers(e->content->state, &filter));
}

/* --- which revision --- */

static void
refuse(
    struct exchange *x, uint32_t status, const char *code, const char *message)
{
	answer_error(x, status, code, NULL, "%s", message);
}

/* False after it answered. No question is the newest state. */
static bool
read_question(struct exchange *x, struct past_question *q, bool *is_past)
{
	uint32_t revisions, dates;
	struct slice revision = exchange_query(x, "revision", &revisions);
	struct slice date = exchange_query(x, "at", &dates);

	*is_past = revisions + dates > 0;
	q->by_time = dates > 0;
	if (revisions + dates > 1) {
		refuse(
		    x, 400, "InvalidRequest", "Name one revision or one date.");
		return false;
	}
	if (!*is_past ||
	    (revisions == 1 && slice_u64(revision, &q->revision)) ||
	    (dates == 1 && moment_parse(date, &q->when)))
		return true;
	refuse(x, 400, "InvalidRequest",
	    "A revision is a number, a date is written as 2026-11-21 "
	    "or 2026-11-21T18:17:39Z.");
	return false;
}

/* A snapshot to unpin, or NULL after it answered, or will. */
static const struct snapshot *
pin(struct exchange *x, const struct caller *caller)
{
	struct store *store = exchange_platform(x)->store;
	struct past_question question = {.parts = STORE_STATE};
	const struct snapshot *found = NULL;
	enum actas_error error;
	bool is_past;

	if (!read_question(x, &question, &is_past))
		return NULL;
	if (!is_past)
		return store_pin(store);
	error = api_pin_past(x, &question, &found);
	if (error == ACTAS_OK && found == NULL)
		api_await_past(x, caller, &question);
	if (error == ACTAS_OK && (found == NULL || found->revision > 0))
		return found;
	if (error == ACTAS_OK) {
		store_unpin(store, found);
		refuse(x, 404, "RevisionNotFound",
		    "The platform was not there yet.");
	} else if (error == ACTAS_ENOTFOUND) {
		refuse(x, 404, "RevisionNotFound",
		    "The platform has no such revision.");
	} else {
		refuse(x, 500, "InternalServerError",
		    "The history could not be read.");
	}
	return NULL;
}

static void
answer(struct exchange *x, const struct caller *caller, struct export *e)
{
	const struct audit_line line = {.kind = AUDIT_ALLOWED,
	    .operation = SLICE("EstateExport"),
	    .resource = SLICE("/"),
	    .status = 200,
	    .revision = e->content->revision};

	e->object_id = caller->object_id;
	if (api_audit(x, caller, &line))
		answer_json(x, 200, export_json(x, e));
}

void
export_handle(struct exchange *x)
{
	struct store *store = exchange_platform(x)->store;
	struct export e = {0};
	struct caller caller;

	if (!admin_authenticate(x, &caller))
		return;
	e.content = pin(x, &caller);
	if (e.content == NULL)
		return;
	e.now = store_pin(store);
	answer(x, &caller, &e);
	store_unpin(store, e.now);
	store_unpin(store, e.content);
}
