#include "api/explain.h"

#include "api/admin.h"
#include "api/explain_words.h"
#include "estate/names.h"

#include <pthread.h>

enum { REMEDIES_MOST = 4 };

/* Texts are copies; all of a slot is its own. */
struct remembered {
	struct guid request; /* nil: the slot is free */
	struct guid object_id, app_id;
	moment at;
	uint64_t revision;
	enum permission_id permission;
	enum reason reason;
	uint32_t status;
	char *path, *code, *inner, *message;
};

struct explains {
	pthread_mutex_t lock;
	uint32_t next; /* the oldest, which is forgotten next */
	struct remembered at[LIMIT_REMEMBERED_DENIALS];
};

enum actas_error
explains_new(struct explains **explains)
{
	struct explains *e = mem_zero(1, sizeof *e);

	*explains = NULL;
	if (e == NULL)
		return ACTAS_ENOMEM;
	if (pthread_mutex_init(&e->lock, NULL) != 0) {
		mem_free(e);
		return ACTAS_ENOMEM;
	}
	*explains = e;
	return ACTAS_OK;
}

static void
forget(struct remembered *r)
{
	mem_free(r->path);
	mem_free(r->code);
	mem_free(r->inner);
	mem_free(r->message);
	*r = (struct remembered){0};
}

void
explains_free(struct explains *e)
{
	if (e == NULL)
		return;
	for (uint32_t i = 0; i < LIMIT_REMEMBERED_DENIALS; i++)
		forget(&e->at[i]);
	pthread_mutex_destroy(&e->lock);
	mem_free(e);
}

/* --- remembering --- */

static bool
copy(struct slice from, char **to)
{
	struct slice kept = slice_sub(from, 0, LIMIT_REMEMBERED_BYTES);

	*to = mem_alloc(kept.length + 1);
	if (*to == NULL)
		return false;
	if (kept.length > 0)
		memcpy(*to, kept.at, kept.length);
	(*to)[kept.length] = '\0';
	return true;
}

static bool
fill(struct remembered *r, const struct caller *caller,
    const struct denial *denial)
{
	r->object_id = caller->object_id;
	r->app_id = caller->app_id;
	r->revision = denial->revision;
	r->permission = denial->permission;
	r->reason = denial->reason;
	r->status = denial->status;
	return copy(denial->path, &r->path) &&
	    copy(slice_of(denial->code), &r->code) &&
	    copy(slice_of(denial->inner), &r->inner) &&
	    copy(slice_of(denial->message), &r->message);
}

void
explain_remember(struct exchange *x, const struct caller *caller,
    const struct denial *denial)
{
	struct explains *e = exchange_api(x)->explains;
	const struct clock *clock = &exchange_platform(x)->clock;
	struct remembered made = {.at = clock->now(clock->context)}, old;

	if (!fill(&made, caller, denial) ||
	    !guid_parse(slice_of(x->request_id), &made.request)) {
		forget(&made);
		return;
	}
	pthread_mutex_lock(&e->lock);
	old = e->at[e->next];
	e->at[e->next] = made;
	e->next = (e->next + 1) % LIMIT_REMEMBERED_DENIALS;
	pthread_mutex_unlock(&e->lock);
	forget(&old);
}

/* --- finding --- */

static bool
copy_out(
    const struct remembered *from, struct arena *arena, struct remembered *to)
{
	*to = *from;
	to->path = arena_text(arena, slice_of(from->path));
	to->code = arena_text(arena, slice_of(from->code));
	to->inner = arena_text(arena, slice_of(from->inner));
	to->message = arena_text(arena, slice_of(from->message));
	return to->path != NULL && to->code != NULL && to->inner != NULL &&
	    to->message != NULL;
}

static enum actas_error
find(struct exchange *x, struct slice text, struct remembered *found)
{
	struct explains *e = exchange_api(x)->explains;
	enum actas_error error = ACTAS_ENOTFOUND;
	struct guid request;

	if (!guid_parse(text, &request) || guid_is_nil(request))
		return ACTAS_ENOTFOUND;
	pthread_mutex_lock(&e->lock);
	for (uint32_t i = 0; i < LIMIT_REMEMBERED_DENIALS; i++) {
		if (!guid_eq(e->at[i].request, request))
			continue;
		error = copy_out(&e->at[i], &x->arena, found) ? ACTAS_OK
							      : ACTAS_ENOMEM;
		break;
	}
	pthread_mutex_unlock(&e->lock);
	return error;
}

/* The one who was denied, and whoever may read role assignments there. */
static bool
may_read(const struct snapshot *now, const struct caller *caller,
    const struct remembered *r)
{
	if (guid_eq(caller->object_id, r->object_id))
		return true;
	return r->path[0] == '/' &&
	    view_decide(now, caller->object_id, PERMIT_ASSIGNMENT_READ,
		slice_of(r->path), NULL)
		.decision.allowed;
}

/* --- telling --- */

struct telling {
	struct exchange *x;
	const struct remembered *r;
	const struct snapshot *now;
	const struct estate *e;
	principal_id who;
	struct verdict verdict; /* as things stand now, if it was a right */
	bool decided;
};

static json_t *
written(struct buffer *text)
{
	json_t *made =
	    text->error == ACTAS_OK ? json_string(buffer_text(text)) : NULL;

	buffer_release(text);
	return made;
}

static json_t *
principal_json(const struct telling *t)
{
	struct buffer name = {0};
	const char *kind = NULL;

	if (t->who != NONE) {
		estate_write_principal(t->e, t->who, &name);
		kind = principal_kind_name(t->e->principals.at[t->who].kind);
	}
	return json_pack("{s:o, s:s?, s:o, s:o}", "name",
	    t->who == NONE ? json_null() : written(&name), "kind", kind,
	    "objectId", json_guid(t->r->object_id), "appId",
	    json_guid(t->r->app_id));
}

static json_t *
scope_json(const struct telling *t, scope_id s)
{
	struct buffer name = {0}, path = {0};

	estate_write_scope(t->e, s, &name);
	estate_write_path(t->e, s, &path);
	return json_pack("{s:o, s:s, s:o}", "name", written(&name), "kind",
	    scope_kind_name(t->e->scopes.at[s].kind), "path", written(&path));
}

/* For a shell, so nothing that it would take for more than a word. */
static json_t *
command_json(const struct telling *t, const struct remedy *m)
{
	char id[GUID_TEXT_LENGTH + 1];
	struct buffer path = {0}, command = {0};
	bool fits;

	guid_format(t->r->object_id, id);
	estate_write_path(t->e, m->scope, &path);
	buffer_addf(&command,
	    "az role assignment create --assignee-object-id %s --role \"%.*s\" "
	    "--scope \"%s\"",
	    id, SLICE_ARGS(estate_text(t->e, t->e->roles.at[m->role].name)),
	    buffer_text(&path));
	fits = slice_starts(buffer_slice(&path), SLICE("/subscriptions/")) &&
	    strpbrk(buffer_text(&path), "\"$`\\!\n\r") == NULL;
	buffer_release(&path);
	if (fits)
		return written(&command);
	buffer_release(&command);
	return json_null();
}

static json_t *
remedy_json(const struct telling *t, const struct remedy *m)
{
	struct slice role;

	if (m->role == NONE)
		return json_pack("{s:n, s:n, s:s, s:o, s:n}", "role", "roleId",
		    "permission", m->permission, "scope",
		    scope_json(t, m->scope), "command");
	role = estate_text(t->e, t->e->roles.at[m->role].name);
	return json_pack("{s:s%, s:o, s:n, s:o, s:o}", "role", role.at,
	    role.length, "roleId", json_guid(t->e->roles.at[m->role].id),
	    "permission", "scope", scope_json(t, m->scope), "command",
	    command_json(t, m));
}

/* The grants any one of which would help, least first. */
static json_t *
remedies_json(const struct telling *t)
{
	json_t *list = json_array();
	const struct remedy *rows = NULL;
	uint32_t count = 0;

	if (!t->decided || t->verdict.decision.allowed)
		return list;
	if (decision_remedies(t->e, t->verdict.action, t->verdict.scope,
		&t->verdict.decision, REMEDIES_MOST, &t->x->arena, &rows,
		&count) != ACTAS_OK) {
		json_decref(list);
		return NULL;
	}
	for (uint32_t i = 0; i < count; i++)
		(void)json_array_append_new(list, remedy_json(t, &rows[i]));
	return list;
}

static json_t *
texts_json(const char *const *texts, uint32_t count)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < count; i++)
		(void)json_array_append_new(list, json_string(texts[i]));
	return list;
}

/* The text that the client was sent. Graph's does not say who wanted what, and
 * we know. */
static const char *
text_of(const struct telling *t)
{
	const struct remembered *r = t->r;
	char app[GUID_TEXT_LENGTH + 1], object[GUID_TEXT_LENGTH + 1];
	const char *action = t->decided ? permission_action(r->permission) : "";

	if (!slice_starts(slice_of(action), SLICE("microsoft.directory/")))
		return arena_printf(
		    &t->x->arena, "(%s) %s", r->code, r->message);
	guid_format(r->app_id, app);
	guid_format(r->object_id, object);
	return arena_printf(&t->x->arena,
	    "(%s) %s\r\nCaller: appid=%s;oid=%s\r\nAction: '%s'\r\n"
	    "Resource: '%s'\r\n",
	    r->code, r->message, app, object, action, r->path);
}

/* What the engine says of it. */
static json_t *
put_words(const struct telling *t, json_t *answer)
{
	const struct clock *clock = &exchange_platform(t->x)->clock;
	const char *text = text_of(t);
	struct words words;

	if (answer == NULL || text == NULL ||
	    explain_words(t->e, slice_of(text), clock->now(clock->context),
		&t->x->arena, &words) != ACTAS_OK ||
	    json_object_set_new(
		answer, "headline", json_string(words.headline)) != 0 ||
	    json_object_set_new(answer, "reasons",
		texts_json(words.reasons, words.reason_count)) != 0 ||
	    json_object_set_new(answer, "steps",
		texts_json(words.steps, words.step_count)) != 0) {
		json_decref(answer);
		return NULL;
	}
	return answer;
}

/* What was answered then. */
static json_t *
denied_json(const struct remembered *r)
{
	return json_pack("{s:o, s:I, s:s?, s:i, s:s, s:s?, s:s}", "at",
	    json_moment(r->at), "revision", (json_int_t)r->revision, "reason",
	    r->reason == REASONS ? NULL : reason_name(r->reason), "status",
	    (int)r->status, "code", r->code, "innerCode",
	    r->inner[0] == '\0' ? NULL : r->inner, "message", r->message);
}

/* And what is the case now. */
static json_t *
denial_json(const struct telling *t)
{
	const struct remembered *r = t->r;
	const struct decision *d = t->decided ? &t->verdict.decision : NULL;

	return json_pack("{s:o, s:o, s:o, s:s?, s:s?, s:s?, s:s?, s:o, s:I}",
	    "request", json_guid(r->request), "denied", denied_json(r),
	    "principal", principal_json(t), "action",
	    r->permission == PERMITS ? NULL : permission_action(r->permission),
	    "scopeText", r->path[0] == '\0' ? NULL : r->path, "decision",
	    d == NULL        ? NULL
		: d->allowed ? "allow"
			     : "deny",
	    "reason", d == NULL ? NULL : reason_name(d->reason), "missing",
	    remedies_json(t), "revision", (json_int_t)t->now->revision);
}

/* The secret that a path ends in: conditions ask for its name. */
static struct slice
secret_of(struct slice path)
{
	size_t at = slice_find_case(path, SLICE("/secrets/"));

	return at == SIZE_MAX ? SLICE("") : slice_from(path, at + 9);
}

static json_t *
tell(struct exchange *x, const struct snapshot *now, const struct remembered *r)
{
	struct telling t = {.x = x, .r = r, .now = now};
	struct slice path = slice_of(r->path);
	struct request request = {.secret_name = secret_of(path)};

	t.e = snapshot_view(now)->estate;
	t.who = estate_by_object_id(t.e, r->object_id);
	t.decided = r->permission != PERMITS;
	if (t.decided)
		t.verdict = view_decide(
		    now, r->object_id, r->permission, path, &request);
	return put_words(&t, denial_json(&t));
}

static void
answer(
    struct exchange *x, const struct caller *caller, const struct snapshot *now)
{
	struct remembered found;
	enum actas_error error = find(x, x->captures[0], &found);

	if (error == ACTAS_OK && !may_read(now, caller, &found))
		error = ACTAS_ENOTFOUND;
	if (error == ACTAS_OK)
		answer_json(x, 200, tell(x, now, &found));
	else if (error == ACTAS_ENOMEM)
		answer_json(x, 500, NULL);
	else
		answer_error(x, 404, "NotFound", NULL,
		    "No denial is remembered under this request id, or it is "
		    "not yours to read.");
}

void
explain_handle(struct exchange *x)
{
	struct store *store = exchange_platform(x)->store;
	const struct snapshot *now;
	struct caller caller;

	if (!admin_authenticate(x, &caller))
		return;
	now = store_pin(store);
	answer(x, &caller, now);
	store_unpin(store, now);
}
