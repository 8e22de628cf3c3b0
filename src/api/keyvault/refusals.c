#include "api/keyvault/keyvault.h"

/*
 * Key Vault's own words (facts 2.1, and recordings of the service). Line ends
 * are CR LF where the service's are, blanks before them included; clients and
 * people's scripts look for parts of these texts.
 */

static const char *
text(struct vault_call *c, const char *made)
{
	if (made == NULL)
		c->outcome = (struct outcome){.status = 500,
		    .code = "InternalServerError",
		    .message = "The server is out of memory."};
	return made;
}

static void
set(struct vault_call *c, struct outcome outcome)
{
	if (!is_refused(c) && outcome.message != NULL)
		c->outcome = outcome;
}

void
refuse(struct vault_call *c, uint32_t status, const char *code,
    const char *format, ...)
{
	struct buffer message = {0};
	const char *copy;
	va_list args;

	va_start(args, format);
	buffer_addv(&message, format, args);
	va_end(args);
	copy = text(c, arena_text(&c->x->arena, buffer_slice(&message)));
	buffer_release(&message);
	set(c,
	    (struct outcome){.status = status, .code = code, .message = copy});
}

void
refuse_error(struct vault_call *c, enum actas_error error)
{
	if (error == ACTAS_ENOMEM)
		(void)text(c, NULL);
	else if (error == ACTAS_EIO)
		refuse(c, 503, "ServiceUnavailable", "%s",
		    answer_unavailable_text);
	else
		refuse(c, 500, "InternalServerError",
		    "The server could not do what was asked: %s.",
		    actas_strerror(error));
}

void
refuse_member(struct vault_call *c, const char *member)
{
	refuse(c, 400, "BadParameter", "Property %s has invalid value\r\n",
	    member);
}

/* 403 with an inner code. */
static void
forbid(struct vault_call *c, const char *inner, const char *reason,
    const char *message)
{
	set(c,
	    (struct outcome){
		403, "Forbidden", inner, text(c, message), reason});
}

/* "appid=…;oid=…;iss=https://sts.windows.net/…/" */
static const char *
caller_text(struct vault_call *c)
{
	const struct caller *caller = &c->change.caller;
	char app[GUID_TEXT_LENGTH + 1], object[GUID_TEXT_LENGTH + 1];
	char tenant[GUID_TEXT_LENGTH + 1];
	const char *made;

	guid_format(caller->app_id, app);
	guid_format(caller->object_id, object);
	guid_format(caller->tenant, tenant);
	made = arena_printf(&c->x->arena,
	    "appid=%s;oid=%s;iss=https://sts.windows.net/%s/", app, object,
	    tenant);
	return made == NULL ? "" : made;
}

void
refuse_network(struct vault_call *c)
{
	static const struct {
		const char *inner, *text;
		bool tells_address, tells_caller;
	} rows[] = {
	    [NETWORK_FIREWALL] = {"ForbiddenByFirewall",
		"Client address is not authorized and caller is not a trusted "
		"service.",
		true, true},
	    [NETWORK_FIREWALL_NO_ONE] = {"ForbiddenByFirewall",
		"Client address is not authorized and caller was ignored "
		"because bypass is set to None",
		true, true},
	    [NETWORK_CONNECTION] = {"ForbiddenByConnection",
		"Public network access is disabled and request is not from a "
		"trusted service nor via an approved private link.",
		false, true},
	    [NETWORK_CONNECTION_NO_ONE] = {"ForbiddenByConnection",
		"Connection is not an approved private link and caller was "
		"ignored because bypass is not set to 'AzureServices' and "
		"PublicNetworkAccess is set to 'Disabled'.",
		false, false},
	};
	struct buffer out = {0};

	buffer_puts(&out, rows[c->network].text);
	if (rows[c->network].tells_address)
		buffer_addf(
		    &out, "\r\nClient address: %.*s", SLICE_ARGS(c->x->peer));
	if (rows[c->network].tells_caller)
		buffer_addf(&out, "\r\nCaller: %s", caller_text(c));
	buffer_addf(&out, "\r\nVault: %s;location=%s", c->facts.name,
	    c->facts.location);
	forbid(c, rows[c->network].inner, rows[c->network].inner,
	    out.error == ACTAS_OK ? arena_text(&c->x->arena, buffer_slice(&out))
				  : NULL);
	buffer_release(&out);
}

static const char *
lower_text(struct vault_call *c, const char *from)
{
	char *copy = arena_text(&c->x->arena, slice_of(from));

	for (char *at = copy; at != NULL && *at != '\0'; at++)
		*at = ascii_lower(*at);
	return copy == NULL ? "" : copy;
}

/* The reasons that Key Vault itself gives; the engine knows more. */
static const char *
decision_reason(enum reason reason)
{
	switch ((unsigned)reason) {
	case REASON_DENY_ASSIGNMENT:
	case REASON_CONDITION:
	case REASON_MISSING_ATTRIBUTE:
		return reason_name(reason);
	case REASON_CONDITION_NOT_UNDERSTOOD:
		return reason_name(REASON_CONDITION);
	default:
		return reason_name(REASON_NO_RBAC);
	}
}

/* "null", or the id of the deny assignment that blocked it. */
static const char *
denial_text(struct vault_call *c, const struct verdict *v)
{
	char id[GUID_TEXT_LENGTH + 1];
	const char *copy;

	if (v->decision.denial == NONE)
		return "null";
	guid_format(v->estate->denials.at[v->decision.denial].id, id);
	copy = arena_text(&c->x->arena, slice_of(id));
	return copy == NULL ? "null" : copy;
}

static const char *
role_text(struct vault_call *c, const struct verdict *v)
{
	return arena_printf(&c->x->arena,
	    "Caller is not authorized to perform action on resource.\r\n"
	    "If role assignments, deny assignments or role definitions were "
	    "changed recently, please observe propagation time.\r\n"
	    "Caller: %s\r\n"
	    "Action: '%s'\r\n"
	    "Resource: '%s'\r\n"
	    "Assignment: (not found)\r\n"
	    "DenyAssignmentId: %s\r\n"
	    "DecisionReason: '%s' \r\n"
	    "Vault: %s;location=%s\r\n",
	    caller_text(c), permission_action(c->decided.permission),
	    lower_text(c, c->decided.path), denial_text(c, v),
	    decision_reason(v->decision.reason), c->facts.name,
	    c->facts.location);
}

static const char *
policy_text(struct vault_call *c)
{
	return arena_printf(&c->x->arena,
	    "The user, group or application '%s' does not have secrets %s "
	    "permission on key vault '%s;location=%s'. For help resolving this "
	    "issue, please see https://go.microsoft.com/fwlink/?linkid=2125287",
	    caller_text(c), c->operation->policy, c->facts.name,
	    c->facts.location);
}

static const char *
compound_text(struct vault_call *c)
{
	return arena_printf(&c->x->arena,
	    "The policy requires the caller '%s' to use on-behalf-of (OBO) "
	    "flow. For more information on OBO, please see "
	    "https://go.microsoft.com/fwlink/?linkid=2152310",
	    caller_text(c));
}

void
refuse_right(struct vault_call *c, const struct verdict *v)
{
	enum reason reason = v->decision.reason;
	const char *name = reason_name(reason);

	if (c->facts.by_roles)
		forbid(c, "ForbiddenByRbac", name, role_text(c, v));
	else if (reason == REASON_OBO_REQUIRED)
		forbid(c, "ForbiddenByPolicy", name, compound_text(c));
	else
		forbid(c, "AccessDenied", name, policy_text(c));
}

void
refuse_state(struct vault_call *c, const char *inner, const char *message)
{
	forbid(c, inner, inner, message);
}

void
refuse_purge(struct vault_call *c)
{
	forbid(c, "ForbiddenByPolicy", "PurgeProtection",
	    arena_printf(&c->x->arena,
		"Operation \"purge\" is not allowed because purge protection "
		"is enabled for this vault. Key Vault service will "
		"automatically purge it after the retention period has "
		"passed.\r\nVault: %s;location=%s",
		c->facts.name, c->facts.location));
}

void
refuse_missing(struct vault_call *c)
{
	refuse(c, 404, "SecretNotFound",
	    "A secret with (name/id) %.*s%s%.*s was not found in this key "
	    "vault. If you recently deleted this secret you may be able to "
	    "recover it using the correct recovery command. For help "
	    "resolving this issue, please see "
	    "https://go.microsoft.com/fwlink/?linkid=2125182",
	    SLICE_ARGS(c->name), c->version.length == 0 ? "" : "/",
	    SLICE_ARGS(c->version));
}

void
refuse_missing_deleted(struct vault_call *c)
{
	refuse(c, 404, "SecretNotFound", "Deleted Secret not found: %.*s",
	    SLICE_ARGS(c->name));
}

void
refuse_deleted_name(struct vault_call *c)
{
	refuse(c, 409, "Conflict",
	    "Secret %.*s is currently in a deleted but recoverable state, and "
	    "its name cannot be reused; in this state, the secret can only be "
	    "recovered or purged.",
	    SLICE_ARGS(c->name));
	if (c->outcome.status == 409)
		c->outcome.inner = "ObjectIsDeletedButRecoverable";
}
