#include "api/sessions.h"
#include "estate/names.h"
#include "keys/jwt.h"

#include <pthread.h>
#include <stdio.h>

struct session {
	uint8_t hash[32]; /* of the header */
	struct guid principal;
	moment until; /* 0: free */
	bool metadata;
};

struct sessions {
	pthread_mutex_t lock;
	struct session at[LIMIT_SESSIONS];
};

struct sessions *
sessions_new(void)
{
	struct sessions *s = mem_zero(1, sizeof *s);

	if (s != NULL)
		pthread_mutex_init(&s->lock, NULL);
	return s;
}

void
sessions_free(struct sessions *s)
{
	if (s == NULL)
		return;
	pthread_mutex_destroy(&s->lock);
	mem_free(s);
}

static bool
make_header(struct chance chance, char header[static SESSION_HEADER_BYTES])
{
	struct buffer text = {0};
	uint8_t random[32];
	bool made = false;

	if (chance.fill(chance.context, random, sizeof random)) {
		base64url_put(&text, random, sizeof random);
		made = text.error == ACTAS_OK &&
		    text.length < SESSION_HEADER_BYTES;
	}
	if (made)
		snprintf(
		    header, SESSION_HEADER_BYTES, "%s", buffer_text(&text));
	secret_wipe(random, sizeof random);
	secret_wipe(text.at, text.length);
	buffer_release(&text);
	return made;
}

/* With the lock held. */
static struct session *
free_place(struct sessions *s, moment now, bool metadata, bool *taken)
{
	struct session *place = NULL;

	*taken = false;
	for (uint32_t i = 0; i < LIMIT_SESSIONS; i++) {
		bool lives = now < s->at[i].until;

		if (!lives && place == NULL)
			place = &s->at[i];
		*taken |= lives && metadata && s->at[i].metadata;
	}
	return place;
}

enum actas_error
sessions_begin(struct sessions *s, struct chance chance, struct guid principal,
    bool metadata, moment now, char header[static SESSION_HEADER_BYTES])
{
	enum actas_error error = ACTAS_OK;
	struct session *place;
	uint8_t hash[32];
	bool taken;

	if (!make_header(chance, header))
		return ACTAS_EIO;
	error = sha256(slice_of(header), hash);
	if (error != ACTAS_OK)
		return error;
	pthread_mutex_lock(&s->lock);
	place = free_place(s, now, metadata, &taken);
	if (taken)
		error = ACTAS_EAMBIGUOUS;
	else if (place == NULL)
		error = ACTAS_ELIMIT;
	else
		*place = (struct session){.principal = principal,
		    .until = now + SESSION_LIFE,
		    .metadata = metadata};
	if (error == ACTAS_OK)
		memcpy(place->hash, hash, sizeof hash);
	pthread_mutex_unlock(&s->lock);
	return error;
}

/* With the lock held. What is compared is a hash: its bytes tell nothing of
 * the header, however long a comparison takes. */
static struct session *
find_session(struct sessions *s, const uint8_t hash[static 32], moment now)
{
	for (uint32_t i = 0; i < LIMIT_SESSIONS; i++)
		if (now < s->at[i].until &&
		    memcmp(s->at[i].hash, hash, 32) == 0)
			return &s->at[i];
	return NULL;
}

struct guid
sessions_find(struct sessions *s, struct slice header, moment now)
{
	const struct session *found;
	struct guid principal = {0};
	uint8_t hash[32];

	if (header.length == 0 || sha256(header, hash) != ACTAS_OK)
		return principal;
	pthread_mutex_lock(&s->lock);
	found = find_session(s, hash, now);
	if (found != NULL)
		principal = found->principal;
	pthread_mutex_unlock(&s->lock);
	return principal;
}

struct guid
sessions_metadata(struct sessions *s, moment now)
{
	struct guid principal = {0};

	pthread_mutex_lock(&s->lock);
	for (uint32_t i = 0; i < LIMIT_SESSIONS; i++)
		if (s->at[i].metadata && now < s->at[i].until)
			principal = s->at[i].principal;
	pthread_mutex_unlock(&s->lock);
	return principal;
}

bool
sessions_end(struct sessions *s, struct slice header, moment now)
{
	struct session *found;
	uint8_t hash[32];
	bool ended;

	if (header.length == 0 || sha256(header, hash) != ACTAS_OK)
		return false;
	pthread_mutex_lock(&s->lock);
	found = find_session(s, hash, now);
	ended = found != NULL;
	if (ended)
		*found = (struct session){0};
	pthread_mutex_unlock(&s->lock);
	return ended;
}

/* --- routes --- */

static moment
now_of(const struct exchange *x)
{
	struct clock clock = exchange_platform(x)->clock;

	return clock.now(clock.context);
}

/* Who can read the data folder has its master key, and with it a key that
 * says so. */
static bool
is_local_owner(struct exchange *x)
{
	const struct secret_bytes *key =
	    master_key(exchange_platform(x)->master, PURPOSE_LOCAL_OWNER);
	struct buffer given = {0};
	bool same;

	same = x->peer_is_loopback &&
	    base64url_get(exchange_bearer(x), &given) == ACTAS_OK &&
	    secret_bytes_eq(key, buffer_slice(&given));
	secret_wipe(given.at, given.length);
	buffer_release(&given);
	return same;
}

/* To lend an identity is to be able to become it: by a new credential for its
 * application, or by assigning the managed identity to a machine. */
static bool
may_lend(const struct snapshot *snapshot, const struct caller *caller,
    principal_id p)
{
	const struct estate *e = snapshot_view(snapshot)->estate;
	const struct principal *principal = &e->principals.at[p];
	bool managed = principal->kind == PRINCIPAL_MANAGED_IDENTITY;
	char app_id[GUID_TEXT_LENGTH + 1], path[64];
	struct verdict verdict;

	guid_format(principal->app_id, app_id);
	snprintf(path, sizeof path, "/applications/%s", app_id);
	verdict = view_decide(snapshot, caller->object_id,
	    managed ? PERMIT_IDENTITY_ASSIGN : PERMIT_APPLICATION_CREDENTIALS,
	    managed ? estate_text(e, principal->home) : slice_of(path), NULL);
	return verdict.decision.allowed;
}

/* The caller of the request; false after it answered 401. */
static bool
authenticate(struct exchange *x, bool *owner, struct caller *caller)
{
	const char *found;

	*caller = (struct caller){0};
	*owner = is_local_owner(x);
	if (*owner ||
	    api_authenticate(x, AUDIENCE_ACTAS, caller, &found) == TOKEN_OK)
		return true;
	answer_error(x, 401, "Unauthorized", NULL,
	    "The request bears neither a token of this platform nor the key "
	    "of its owner.");
	return false;
}

/* Finds the principal by name or id; false after it answered. */
static bool
find_principal(struct exchange *x, const struct snapshot *snapshot,
    const json_t *body, principal_id *p)
{
	const struct live_view *view = snapshot_view(snapshot);
	struct slice name = jwt_text(body, "principal");
	struct fault fault = {0};
	uint8_t kind;

	if (name.length == 0) {
		answer_error(x, 400, "BadRequest", NULL,
		    "The body must name a \"principal\".");
		return false;
	}
	if (estate_find_principal(view->estate, name, p, &fault) != ACTAS_OK) {
		answer_error(
		    x, 404, "PrincipalNotFound", NULL, "%s", fault.message);
		return false;
	}
	kind = view->estate->principals.at[*p].kind;
	if (kind != PRINCIPAL_USER && kind != PRINCIPAL_GROUP &&
	    kind != PRINCIPAL_UNKNOWN)
		return true;
	answer_error(x, 400, "BadRequest", NULL,
	    "'%.*s' is a %s: only a service principal or managed identity can "
	    "be lent.",
	    SLICE_ARGS(name), principal_kind_name(kind));
	return false;
}

static json_t *
session_body(struct exchange *x, const struct estate *e, principal_id p,
    const char *header)
{
	const struct principal *principal = &e->principals.at[p];
	char app_id[GUID_TEXT_LENGTH + 1], object_id[GUID_TEXT_LENGTH + 1];
	char expires[MOMENT_TEXT_LENGTH + 1];
	struct slice name = estate_text(e, principal->name);

	guid_format(principal->app_id, app_id);
	guid_format(principal->object_id, object_id);
	moment_format(now_of(x) + SESSION_LIFE, expires);
	return json_pack("{s:s, s:s, s:s, s:s%, s:s, s:s}", "header", header,
	    "endpoint",
	    arena_printf(&x->arena, "%s/msi/token", exchange_origin(x)),
	    "expires", expires, "name", name.length > 0 ? name.at : "",
	    name.length, "clientId", app_id, "objectId", object_id);
}

static void
answer_session(struct exchange *x, const struct snapshot *snapshot,
    principal_id p, bool metadata)
{
	struct api *api = exchange_api(x);
	const struct estate *e = snapshot_view(snapshot)->estate;
	char header[SESSION_HEADER_BYTES];
	enum actas_error error =
	    sessions_begin(api->sessions, api->platform->chance,
		e->principals.at[p].object_id, metadata, now_of(x), header);

	if (error == ACTAS_EAMBIGUOUS) {
		answer_error(x, 409, "Conflict", NULL,
		    "Another session answers for the metadata service.");
	} else if (error == ACTAS_ELIMIT) {
		answer_error(x, 429, "TooManySessions", NULL,
		    "There are %u sessions already.", LIMIT_SESSIONS);
	} else if (error != ACTAS_OK) {
		answer_json(x, 500, NULL);
	} else {
		x->holds_secret = true;
		answer_json(x, 201, session_body(x, e, p, header));
	}
	secret_wipe(header, sizeof header);
}

/* Audits and answers a session that is allowed or not. */
static void
decide_session(struct exchange *x, const struct snapshot *snapshot,
    const struct caller *caller, principal_id p, bool allowed, bool metadata)
{
	const struct estate *e = snapshot_view(snapshot)->estate;
	char id[GUID_TEXT_LENGTH + 1] = "";
	struct audit_line line = {
	    .kind = allowed ? AUDIT_ALLOWED : AUDIT_DENIED,
	    .operation = SLICE("SessionCreate"),
	    .resource = {id, GUID_TEXT_LENGTH},
	    .reason = guid_is_nil(caller->object_id) ? SLICE("LocalOwner")
						     : SLICE(""),
	    .status = allowed ? 201 : 403,
	    .revision = snapshot->revision,
	};

	guid_format(e->principals.at[p].object_id, id);
	if (!api_audit(x, caller, &line))
		return;
	if (allowed)
		answer_session(x, snapshot, p, metadata);
	else
		answer_error(x, 403, "Forbidden", NULL,
		    "The caller may not act as this principal.");
}

void
sessions_create(struct exchange *x)
{
	struct store *store = exchange_platform(x)->store;
	const struct snapshot *snapshot;
	struct caller caller;
	principal_id p;
	json_t *body;
	bool owner;

	if (!authenticate(x, &owner, &caller))
		return;
	body = body_object(x, "BadRequest");
	if (body == NULL)
		return;
	snapshot = store_pin(store);
	if (find_principal(x, snapshot, body, &p))
		decide_session(x, snapshot, &caller, p,
		    owner || may_lend(snapshot, &caller, p),
		    json_is_true(json_object_get(body, "metadata")));
	store_unpin(store, snapshot);
	json_decref(body);
}

/* The header itself is what allows to end it. */
void
sessions_delete(struct exchange *x)
{
	struct slice header = exchange_header(x, "X-IDENTITY-HEADER");

	if (sessions_end(exchange_api(x)->sessions, header, now_of(x)))
		answer_empty(x, 204);
	else
		answer_error(x, 404, "SessionNotFound", NULL,
		    "There is no such session.");
}
