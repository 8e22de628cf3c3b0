#include "api/admin.h"

#include "api/explain.h"
#include "api/sessions.h"

bool
admin_authenticate(struct exchange *x, struct caller *caller)
{
	char tenant[GUID_TEXT_LENGTH + 1];
	const char *found;

	if (api_authenticate(x, AUDIENCE_ACTAS, caller, &found) == TOKEN_OK)
		return true;
	guid_format(exchange_platform(x)->tenant, tenant);
	exchange_add_header(x, "WWW-Authenticate",
	    "Bearer authorization_uri=\"%s/%s\"", exchange_origin(x), tenant);
	answer_error(x, 401, "InvalidAuthenticationToken", NULL,
	    "The request needs a valid token of this platform, for any of its "
	    "services.");
	return false;
}

/* --- status --- */

/* Without a token: that it runs, and of which tenant a token is needed. */
static void
handle_status(struct exchange *x)
{
	struct store *store = exchange_platform(x)->store;
	json_t *status = json_pack("{s:s, s:o}", "status", "ok", "tenant",
	    json_guid(exchange_platform(x)->tenant));
	const struct snapshot *now;
	struct caller caller;

	if (exchange_bearer(x).length == 0) {
		answer_json(x, 200, status);
		return;
	}
	if (!admin_authenticate(x, &caller)) {
		json_decref(status);
		return;
	}
	now = store_pin(store);
	if (status != NULL)
		(void)json_object_update_new(status,
		    json_pack("{s:I, s:o, s:I, s:I}", "revision",
			(json_int_t)now->revision, "at", json_moment(now->at),
			"entities", (json_int_t)state_count(now->state),
			"bytes", (json_int_t)state_memory(now->state)));
	store_unpin(store, now);
	answer_json(x, 200, status);
}

/* What is the platform's own and no cloud's: /actas/… */
const struct route admin_routes[] = {
    {HTTP_GET, "/actas/status", handle_status, NULL},
    {HTTP_GET, "/actas/estate", export_handle, NULL},
    {HTTP_GET, "/actas/explain/{request}", explain_handle, NULL},
    {HTTP_POST, "/actas/sessions", sessions_create, NULL},
    {HTTP_DELETE, "/actas/sessions", sessions_delete, NULL},
    {0},
};
