#include "api/arm/arm.h"

#include "api/explain.h"

#include "estate/names.h"

/*
 * Refusals, in the resource manager's words.
 */

void
arm_refuse(struct arm_call *c, uint32_t status, const char *code,
    const char *format, ...)
{
	struct buffer text = {0};
	va_list args;

	if (c->code != NULL)
		return;
	va_start(args, format);
	buffer_addv(&text, format, args);
	va_end(args);
	c->status = status;
	c->code = code;
	c->message = arena_text(&c->x->arena, buffer_slice(&text));
	if (c->message == NULL)
		c->message = "The request is refused.";
	buffer_release(&text);
}

/* --- who may not --- */

/* A user goes by the UPN, an application by its app id. */
static void
write_client(
    const struct arm_call *c, const struct verdict *v, struct buffer *b)
{
	char id[GUID_TEXT_LENGTH + 1];
	const struct principal *p = v->estate == NULL || v->principal == NONE
	    ? NULL
	    : &v->estate->principals.at[v->principal];

	if (p != NULL && p->upn != 0) {
		buffer_add(b, estate_text(v->estate, p->upn));
		return;
	}
	guid_format(guid_is_nil(c->caller.app_id) ? c->caller.object_id
						  : c->caller.app_id,
	    id);
	buffer_puts(b, id);
}

static void
write_denial(const struct verdict *v, struct buffer *b)
{
	const struct deny_assignment *d =
	    &v->estate->denials.at[v->decision.denial];
	char id[GUID_TEXT_LENGTH + 1];

	guid_format(d->id, id);
	buffer_puts(b, "name '");
	buffer_add(b, estate_text(v->estate, d->name));
	buffer_addf(b, "' and Id '%s' at scope '", id);
	estate_write_path(v->estate, d->scope, b);
	buffer_puts(b, "'.");
}

static bool
is_by_deny_assignment(const struct verdict *v)
{
	return v->estate != NULL && v->decision.denial != NONE &&
	    v->decision.reason == REASON_DENY_ASSIGNMENT;
}

void
arm_deny(struct arm_call *c, const struct verdict *verdict, const char *action,
    struct slice path)
{
	struct buffer client = {0}, denial = {0};
	char id[GUID_TEXT_LENGTH + 1];

	if (c->is_denial)
		return;
	/* It comes before whatever else is wrong with the request. */
	c->code = NULL;
	guid_format(c->caller.object_id, id);
	write_client(c, verdict, &client);
	if (is_by_deny_assignment(verdict)) {
		write_denial(verdict, &denial);
		arm_refuse(c, 403, "DenyAssignmentAuthorizationFailed",
		    "The client '%s' with object id '%s' has permission to "
		    "perform action '%s' on scope '%.*s'; however, the access "
		    "is denied because of the deny assignment with %s",
		    buffer_text(&client), id, action, SLICE_ARGS(path),
		    buffer_text(&denial));
	} else {
		arm_refuse(c, 403, "AuthorizationFailed",
		    "The client '%s' with object id '%s' does not have "
		    "authorization to perform action '%s' over scope '%.*s' "
		    "or the scope is invalid. If access was recently granted, "
		    "please refresh your credentials.",
		    buffer_text(&client), id, action, SLICE_ARGS(path));
	}
	c->is_denial = true;
	c->denied = (struct arm_denied){
	    .permission = PERMITS,
	    .action = action,
	    .path = slice_of(arena_text(&c->x->arena, path)),
	    .reason = verdict->decision.reason,
	    .revision = c->decided_on->revision,
	};
	buffer_release(&client);
	buffer_release(&denial);
}

void
arm_deny_call(struct arm_call *c, struct slice path)
{
	if (c->is_denial)
		return;
	arm_deny(c, &c->verdict, arm_action(c), path);
	c->denied.permission = c->operation->permission;
	c->denied.path = c->scope.path;
}

void
arm_deny_list(struct arm_call *c)
{
	arm_deny_call(c, arm_path_above(c->target));
}

/* --- whose token is no good --- */

/* Code, and what the challenge says; the message is the same where
 * token_message does not say more. */
static const struct {
	const char *code, *description;
} token_answers[] = {
    [TOKEN_MISSING] = {"AuthenticationFailed",
	"The authentication failed because of missing 'Authorization' "
	"header."},
    [TOKEN_MALFORMED] = {"InvalidAuthenticationToken",
	"The access token is invalid."},
    [TOKEN_EXPIRED] = {"ExpiredAuthenticationToken",
	"The access token expiry UTC time is earlier than current UTC time."},
    [TOKEN_NOT_YET] = {"InvalidAuthenticationToken",
	"The access token is not yet valid."},
    [TOKEN_WRONG_AUDIENCE] = {"InvalidAuthenticationTokenAudience",
	"The access token has been obtained from wrong audience or "
	"resource."},
    [TOKEN_WRONG_ISSUER] = {"InvalidAuthenticationTokenTenant",
	"The access token is from the wrong issuer."},
    [TOKEN_REVOKED] = {"InvalidAuthenticationToken",
	"The access token is invalid."},
};

static const char *
wrong_issuer(struct exchange *x, const char *found, const char *tenant)
{
	return arena_printf(&x->arena,
	    "The access token is from the wrong issuer '%s'. It must match "
	    "the tenant 'https://sts.windows.net/%s/' associated with this "
	    "subscription. Please use the authority (URL) "
	    "'https://login.windows.net/%s' to get the token. Note, if the "
	    "subscription is transferred to another tenant there is no impact "
	    "to the services, but information about new tenant could take "
	    "time to propagate (up to an hour). If you just transferred your "
	    "subscription and see this error message, please try back later.",
	    found, tenant, tenant);
}

static const char *
token_message(struct exchange *x, enum token_fault fault, const char *found)
{
	const char *text = token_answers[fault].description;
	char tenant[GUID_TEXT_LENGTH + 1];

	guid_format(exchange_platform(x)->tenant, tenant);
	if (fault == TOKEN_MISSING)
		text = "Authentication failed. The 'Authorization' header is "
		       "missing.";
	else if (fault == TOKEN_WRONG_ISSUER)
		text = wrong_issuer(x, found, tenant);
	else if (fault == TOKEN_WRONG_AUDIENCE)
		text = arena_printf(&x->arena,
		    "The access token has been obtained for wrong audience or "
		    "resource '%s'. It should exactly match with one of the "
		    "allowed audiences 'https://management.core.windows.net/',"
		    "'https://management.core.windows.net',"
		    "'https://management.azure.com/',"
		    "'https://management.azure.com'.",
		    found);
	return text == NULL ? "The access token is invalid." : text;
}

/* Without query. */
static struct slice
path_of(const struct exchange *x)
{
	size_t end = slice_find(x->target, SLICE("?"));

	return end == SIZE_MAX ? x->target : slice_sub(x->target, 0, end);
}

void
arm_answer_unauthenticated(
    struct exchange *x, enum token_fault fault, const char *found)
{
	const char *code = token_answers[fault].code;
	char tenant[GUID_TEXT_LENGTH + 1];
	struct audit_line line = {
	    .kind = AUDIT_DENIED,
	    .operation = SLICE("Authentication"),
	    .resource = path_of(x),
	    .reason = slice_of(code),
	    .status = 401,
	};

	if (!api_audit(x, NULL, &line))
		return;
	guid_format(exchange_platform(x)->tenant, tenant);
	exchange_add_header(x, "WWW-Authenticate",
	    "Bearer authorization_uri=\"https://login.windows.net/%s\", "
	    "error=\"invalid_token\", error_description=\"%s\"",
	    tenant, token_answers[fault].description);
	answer_error(x, 401, code, NULL, "%s", token_message(x, fault, found));
}

/* --- the end of a call --- */

static struct audit_line
line_of(const struct arm_call *c)
{
	struct audit_line line = {
	    .kind = c->is_denial ? AUDIT_DENIED : AUDIT_ALLOWED,
	    .resource = c->target,
	    .status = c->status,
	};
	const char *action = c->denied.action;

	if (action == NULL)
		action = arm_action(c);
	line.operation = slice_of(action);
	line.action = line.operation;
	line.reason =
	    slice_of(c->is_denial ? reason_name(c->denied.reason)
				  : reason_name(c->verdict.decision.reason));
	return line;
}

/* So that whoever was denied can ask why. */
static void
remember(const struct arm_call *c)
{
	struct denial denial = {
	    .permission = c->denied.permission,
	    .path = c->denied.path,
	    .reason = c->denied.reason,
	    .status = c->status,
	    .code = c->code,
	    .message = c->message,
	    .revision = c->denied.revision,
	};

	explain_remember(c->x, &c->caller, &denial);
}

static void
release(struct arm_call *c)
{
	json_decref(c->body);
	secret_bytes_release(&c->secret);
	c->body = NULL;
}

void
arm_answer(struct arm_call *c, bool is_write, uint64_t revision)
{
	struct audit_line line = line_of(c);
	json_t *reply = c->reply;
	struct exchange *x = c->x;
	struct api_change change = c->change;

	change.caller = c->caller;
	if (c->is_denial)
		remember(c);
	release(c);
	c->reply = NULL;
	line.revision = revision;
	if ((c->is_denial || is_write) &&
	    !api_audit_change(x, &change, &line)) {
		json_decref(reply);
		return;
	}
	if (arm_is_refused(c)) {
		json_decref(reply);
		answer_error(x, c->status, c->code, NULL, "%s", c->message);
	} else if (reply == NULL && c->status != 0 && c->status != 500) {
		answer_empty(x, c->status);
	} else {
		answer_json(x, c->status, reply);
	}
}
