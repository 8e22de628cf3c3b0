#include "engine/explain/explain_private.h"

/*
 * The forms that are recognised, each by words that only it contains. The
 * order matters: an outer message quotes an inner one, so what is more
 * particular stands first, and a row whose anchor is a bare code stands
 * behind those whose anchor is the message.
 */
#define VAULT_403(name, inner, words, read, tell)                           \
	{                                                                   \
		EXPLAIN_VAULT_##name, words, "Forbidden", inner, read, tell \
	}

static const struct form forms[] = {
    VAULT_403(FIREWALL, "ForbiddenByFirewall",
	"Client address is not authorized", read_vault, tell_vault_firewall),
    VAULT_403(FIREWALL, "ForbiddenByFirewall", "not allowed by NSP rules",
	read_vault, tell_vault_firewall),
    VAULT_403(FIREWALL, "ForbiddenByFirewall", "ForbiddenByFirewall",
	read_vault, tell_vault_firewall),
    VAULT_403(CONNECTION, "ForbiddenByConnection",
	"Public network access is disabled and request is not from", read_vault,
	tell_vault_connection),
    VAULT_403(CONNECTION, "ForbiddenByConnection",
	"Connection is not an approved private link", read_vault,
	tell_vault_connection),
    VAULT_403(CONNECTION, "ForbiddenByConnection", "ForbiddenByConnection",
	read_vault, tell_vault_connection),
    VAULT_403(OBO, "ForbiddenByPolicy", "to use on-behalf-of (OBO) flow",
	read_vault, tell_vault_obo),
    VAULT_403(OBJECT, "ForbiddenByPolicy",
	"because purge protection is enabled", read_vault_object,
	tell_vault_protected),
    VAULT_403(POLICY, "AccessDenied", "permission on key vault '",
	read_vault_policy, tell_vault_policy),
    VAULT_403(RBAC, "ForbiddenByRbac",
	"Caller is not authorized to perform action on resource", read_vault,
	tell_vault_rbac),
    VAULT_403(RBAC, "ForbiddenByRbac", "ForbiddenByRbac", read_vault,
	tell_vault_rbac),
    VAULT_403(POLICY, "ForbiddenByPolicy", "ForbiddenByPolicy",
	read_vault_policy, tell_vault_policy),
    VAULT_403(OBJECT, "SecretDisabled", "not allowed on a disabled secret",
	read_vault_object, tell_vault_disabled),
    VAULT_403(OBJECT, "SecretDisabled", "SecretDisabled", read_vault_object,
	tell_vault_disabled),
    {EXPLAIN_VAULT_OBJECT, "Deleted Secret not found:", "SecretNotFound", NULL,
	read_vault_object, tell_vault_deleted},
    {EXPLAIN_VAULT_OBJECT, "was not found in this key vault", "SecretNotFound",
	NULL, read_vault_object, tell_vault_missing},
    {EXPLAIN_VAULT_OBJECT, "SecretNotFound", "SecretNotFound", NULL,
	read_vault_object, tell_vault_missing},
    {EXPLAIN_VAULT_OBJECT, "in a deleted but recoverable state", "Conflict",
	"ObjectIsDeletedButRecoverable", read_vault_object,
	tell_vault_conflict},
    {EXPLAIN_VAULT_OBJECT, "ObjectIsDeletedButRecoverable", "Conflict",
	"ObjectIsDeletedButRecoverable", read_vault_object,
	tell_vault_conflict},
    {EXPLAIN_VAULT_TOKEN, "AKV10000", "Unauthorized", "AKV10000",
	read_vault_token, tell_vault_no_token},
    {EXPLAIN_VAULT_TOKEN, "AKV10022", "Unauthorized", "AKV10022",
	read_vault_token, tell_vault_audience},
    {EXPLAIN_VAULT_TOKEN, "AKV10032", "Unauthorized", "AKV10032",
	read_vault_token, tell_vault_issuer},
    {EXPLAIN_ARM, "RoleAssignmentLimitExceeded", "RoleAssignmentLimitExceeded",
	NULL, read_arm, tell_arm_limit},
    {EXPLAIN_ARM, "LinkedAuthorizationFailed", "LinkedAuthorizationFailed",
	NULL, read_arm_linked, tell_arm_linked},
    {EXPLAIN_ARM, "on the linked scope(s)", "LinkedAuthorizationFailed", NULL,
	read_arm_linked, tell_arm_linked},
    {EXPLAIN_ARM, "access is denied because of the deny assignment",
	"DenyAssignmentAuthorizationFailed", NULL, read_arm, tell_arm_blocked},
    {EXPLAIN_ARM, "DenyAssignmentAuthorizationFailed",
	"DenyAssignmentAuthorizationFailed", NULL, read_arm, tell_arm_blocked},
    {EXPLAIN_ARM, "does not have authorization to perform action",
	"AuthorizationFailed", NULL, read_arm, tell_arm_denied},
    {EXPLAIN_ARM, "AuthorizationFailed", "AuthorizationFailed", NULL, read_arm,
	tell_arm_denied},
    {EXPLAIN_STORAGE, "AuthorizationPermissionMismatch",
	"AuthorizationPermissionMismatch", NULL, read_storage,
	tell_storage_role},
    {EXPLAIN_STORAGE,
	"not authorized to perform this operation using this permission",
	"AuthorizationPermissionMismatch", NULL, read_storage,
	tell_storage_role},
    {EXPLAIN_STORAGE, "AuthorizationFailure", "AuthorizationFailure", NULL,
	read_storage, tell_storage_network},
    {EXPLAIN_STORAGE, "not authorized to perform this operation.",
	"AuthorizationFailure", NULL, read_storage, tell_storage_network},
    {EXPLAIN_ENTRA, "AADSTS", NULL, NULL, read_entra, tell_entra},
    {EXPLAIN_GRAPH, "Authorization_RequestDenied",
	"Authorization_RequestDenied", NULL, read_graph, tell_graph_denied},
    {EXPLAIN_GRAPH, "Insufficient privileges to complete the operation",
	"Authorization_RequestDenied", NULL, read_graph, tell_graph_denied},
    {EXPLAIN_FABRIC, "InsufficientPrivileges", "InsufficientPrivileges", NULL,
	read_fabric, tell_fabric_role},
    {EXPLAIN_FABRIC, "MissingMinimalPermissions", "MissingMinimalPermissions",
	NULL, read_fabric, tell_fabric_role},
    {EXPLAIN_FABRIC, "InsufficientScopes", "InsufficientScopes", NULL,
	read_fabric, tell_fabric_scopes},
    {EXPLAIN_FABRIC, "TooManyRequestsForJobs", "TooManyRequestsForJobs", NULL,
	read_fabric, tell_fabric_throttled},
    {EXPLAIN_FABRIC, "\"TokenExpired\"", "TokenExpired", NULL, read_fabric,
	tell_fabric_expired},
    {EXPLAIN_FABRIC, "errorCode\":\"Unauthorized", "Unauthorized", NULL,
	read_fabric, tell_fabric_unauthorized},
    {EXPLAIN_FABRIC, "errorCode':'Unauthorized", "Unauthorized", NULL,
	read_fabric, tell_fabric_unauthorized},
    {EXPLAIN_FABRIC, "errorCode':'ItemNotFound", "ItemNotFound", NULL,
	read_fabric, tell_fabric_missing},
    {EXPLAIN_FABRIC, "errorCode\":\"ItemNotFound", "ItemNotFound", NULL,
	read_fabric, tell_fabric_missing},
    {EXPLAIN_VAULT_OBJECT, "BadParameter", "BadParameter", NULL,
	read_vault_object, tell_vault_bad_request},
};

/* Forms that no words of their own mark: a status and a host. */
static const struct {
	const char *host, *status;
	struct form form;
} by_host[] = {
    {"vault.azure.net", "429",
	{EXPLAIN_VAULT_OBJECT, NULL, NULL, NULL, read_vault_object,
	    tell_vault_throttled}},
    {"vault.azure.net", "Too Many Requests",
	{EXPLAIN_VAULT_OBJECT, NULL, NULL, NULL, read_vault_object,
	    tell_vault_throttled}},
    {"api.fabric.microsoft.com", "401",
	{EXPLAIN_FABRIC, NULL, "Unauthorized", NULL, read_fabric,
	    tell_fabric_unauthorized}},
    {"api.fabric.microsoft.com", "403",
	{EXPLAIN_FABRIC, NULL, "Forbidden", NULL, read_fabric,
	    tell_fabric_role}},
    {"api.powerbi.com", "401",
	{EXPLAIN_FABRIC, NULL, "Unauthorized", NULL, read_fabric,
	    tell_fabric_unauthorized}},
    {"api.powerbi.com", "403",
	{EXPLAIN_FABRIC, NULL, "Forbidden", NULL, read_fabric,
	    tell_fabric_role}},
};

static const struct form token_form = {
    EXPLAIN_TOKEN, NULL, NULL, NULL, NULL, tell_token};
/* A caller and an action are what is left of a denial by RBAC. */
static const struct form denial_form = {EXPLAIN_VAULT_RBAC, NULL, "Forbidden",
    "ForbiddenByRbac", read_vault, tell_vault_rbac};
static const struct form fragment_form = {
    EXPLAIN_NOT_UNDERSTOOD, NULL, NULL, NULL, read_vault, tell_fragment};
static const struct form no_form = {
    EXPLAIN_NOT_UNDERSTOOD, NULL, NULL, NULL, NULL, tell_not_understood};

const struct form *
form_find(const struct telling *x)
{
	const struct pasted *text = &x->text;

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (pasted_has(text, forms[i].anchor))
			return &forms[i];
	for (size_t i = 0; i < sizeof by_host / sizeof *by_host; i++)
		if (pasted_has(text, by_host[i].status) &&
		    slice_find((struct slice){text->packed, text->length},
			slice_of(by_host[i].host)) != SIZE_MAX)
			return &by_host[i].form;
	if (pasted_value(text, "appid", 0) != PASTED_NOWHERE &&
	    (pasted_has(text, "Action: Microsoft.KeyVault/") ||
		pasted_has(text, "Action: 'Microsoft.KeyVault/")))
		return &denial_form;
	if (x->r.claims.form != TOKEN_NONE)
		return &token_form;
	if (pasted_value(text, "appid", 0) != PASTED_NOWHERE ||
	    pasted_value(text, "oid", 0) != PASTED_NOWHERE)
		return &fragment_form;
	return &no_form;
}

/* Anchors that an error of the first form may contain itself: blanks do not
 * count. So may a row's own inner code, which others share. */
static const struct {
	enum explain_form form, anchor_of;
} shared[] = {
    {EXPLAIN_VAULT_OBO, EXPLAIN_VAULT_POLICY},
    {EXPLAIN_GRAPH, EXPLAIN_FABRIC},
};

static bool
is_same_error(const struct form *found, const struct form *other)
{
	enum explain_form form = found->form, anchor_of = other->form;

	if (form == anchor_of ||
	    (found->inner != NULL && strcmp(found->inner, other->anchor) == 0))
		return true;
	for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
		if (shared[i].form == form && shared[i].anchor_of == anchor_of)
			return true;
	return false;
}

const struct form *
form_other(const struct telling *x)
{
	const struct form *found = x->r.form;

	if (found->anchor == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (!is_same_error(found, &forms[i]) &&
		    pasted_has(&x->text, forms[i].anchor))
			return &forms[i];
	return NULL;
}
