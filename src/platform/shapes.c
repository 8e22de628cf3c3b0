#include "platform/shapes.h"

#include "keys/jwt.h"

#include <stdlib.h>

/* A GUID or a moment as text, for json_pack. */
struct text {
	char at[GUID_TEXT_LENGTH + 1];
};

static const char *
guid_text(struct guid id, struct text *text)
{
	guid_format(id, text->at);
	return text->at;
}

static const char *
moment_text(moment when, struct text *text)
{
	moment_format(when, text->at);
	return text->at;
}

/* --- the directory --- */

json_t *
shape_user(const struct shape_object *o)
{
	struct text id, now;

	return json_pack("{s:s, s:s, s:s, s:b, s:s, s:s, s:n}", "id",
	    guid_text(o->id, &id), "displayName", o->name, "userPrincipalName",
	    o->upn, "accountEnabled", !o->disabled, "userType", "Member",
	    "createdDateTime", moment_text(o->now, &now), "mail");
}

/* An alias of mail has no blank. */
static void
nickname(const char *name, char *into, size_t size)
{
	size_t n = 0;

	for (; *name != '\0' && n + 1 < size; name++)
		if ((*name >= 'a' && *name <= 'z') ||
		    (*name >= 'A' && *name <= 'Z') ||
		    (*name >= '0' && *name <= '9') || *name == '-')
			into[n++] = *name;
	into[n] = '\0';
}

json_t *
shape_group(const struct shape_object *o)
{
	struct text id, now;
	char alias[65];

	nickname(o->name, alias, sizeof alias);
	return json_pack("{s:s, s:s, s:s*, s:b, s:b, s:s, s:[], s:s}", "id",
	    guid_text(o->id, &id), "displayName", o->name, "description",
	    o->purpose[0] == '\0' ? NULL : o->purpose, "securityEnabled", 1,
	    "mailEnabled", 0, "mailNickname", alias, "groupTypes",
	    "createdDateTime", moment_text(o->now, &now));
}

json_t *
shape_application(const struct shape_object *o)
{
	struct text id, app_id, now;

	return json_pack("{s:s, s:s, s:s, s:s*, s:s, s:[], s:s, s:[], s:[]}",
	    "id", guid_text(o->id, &id), "appId", guid_text(o->app_id, &app_id),
	    "displayName", o->name, "description",
	    o->purpose[0] == '\0' ? NULL : o->purpose, "signInAudience",
	    "AzureADMyOrg", "identifierUris", "createdDateTime",
	    moment_text(o->now, &now), "tags", "requiredResourceAccess");
}

static json_t *
service_principal(const struct shape_object *o, const char *type,
    struct guid owner, json_t *other_names)
{
	struct text id, app_id, tenant, now;
	const char *app = guid_text(o->app_id, &app_id);

	return json_pack("{s:s, s:s, s:s, s:s, s:s*, s:s, s:b, s:b, s:s*, "
			 "s:[s], s:o, s:s, s:s, s:[]}",
	    "id", guid_text(o->id, &id), "appId", app, "displayName", o->name,
	    "appDisplayName", o->name, "description",
	    o->purpose[0] == '\0' ? NULL : o->purpose, "servicePrincipalType",
	    type, "accountEnabled", !o->disabled, "appRoleAssignmentRequired",
	    0, "appOwnerOrganizationId",
	    guid_is_nil(owner) ? NULL : guid_text(owner, &tenant),
	    "servicePrincipalNames", app, "alternativeNames", other_names,
	    "signInAudience", "AzureADMyOrg", "createdDateTime",
	    moment_text(o->now, &now), "tags");
}

json_t *
shape_service_principal(const struct shape_object *o, struct guid tenant)
{
	return service_principal(o, "Application", tenant, json_array());
}

json_t *
shape_managed_identity(const struct shape_object *o, struct guid tenant)
{
	bool own = slice_find_case(slice_of(o->home),
		       SLICE("/userAssignedIdentities/")) == SIZE_MAX;
	json_t *names = o->home[0] == '\0'
	    ? json_array()
	    : json_pack("[s, s]", own ? "isExplicit=False" : "isExplicit=True",
		  o->home);

	return service_principal(o, "ManagedIdentity", tenant, names);
}

/* --- grants --- */

/* "/subscriptions/{id}" of a path that begins so, else "". The resource
 * manager shows a role's definition under the subscription of the grant. */
static struct slice
subscription_of(const char *scope)
{
	struct slice path = slice_of(scope), front = SLICE("/subscriptions/");
	size_t end;

	if (!slice_starts_case(path, front))
		return SLICE("");
	end = slice_find(slice_from(path, front.length), SLICE("/"));
	return end == SIZE_MAX ? path : slice_sub(path, 0, front.length + end);
}

json_t *
shape_assignment(const struct shape_grant *g)
{
	static const char path[] = "/providers/Microsoft.Authorization/";
	const char *front = strcmp(g->scope, "/") == 0 ? "" : g->scope;
	struct slice above = subscription_of(g->scope);
	bool when = g->condition[0] != '\0';
	struct text id, role, principal, now;
	const char *name = guid_text(g->id, &id);
	const char *at = moment_text(g->now, &now);

	return json_pack("{s:s+++, s:s, s:s, s:{s:s, s:s%+++, s:s, s:s, s:s*, "
			 "s:s*, s:s, s:s}}",
	    "id", front, path, "roleAssignments/", name, "name", name, "type",
	    "Microsoft.Authorization/roleAssignments", "properties", "scope",
	    g->scope, "roleDefinitionId", above.at, above.length, path,
	    "roleDefinitions/", guid_text(g->role, &role), "principalId",
	    guid_text(g->principal, &principal), "principalType",
	    g->principal_type, "condition", when ? g->condition : NULL,
	    "conditionVersion", when ? "2.0" : NULL, "createdOn", at,
	    "updatedOn", at);
}

json_t *
shape_directory_assignment(const struct shape_grant *g)
{
	struct text id, role, principal;

	return json_pack("{s:s, s:s, s:s, s:s}", "id", guid_text(g->id, &id),
	    "principalId", guid_text(g->principal, &principal),
	    "roleDefinitionId", guid_text(g->role, &role), "directoryScopeId",
	    g->scope);
}

/* --- credentials --- */

json_t *
shape_client_secret(const struct shape_secret *s, const struct master *m,
    const struct secret_bytes *secret)
{
	enum { HINT = 3 };
	struct slice text = secret_bytes_reveal(secret);
	uint8_t hash[CLIENT_SECRET_HASH];
	struct buffer base64 = {0};
	struct text starts, ends;
	json_t *made = NULL;

	if (client_secret_hash(m, text, hash) == ACTAS_OK)
		base64_put(&base64, hash, sizeof hash);
	if (base64.length > 0 && base64.error == ACTAS_OK)
		made = json_pack("{s:s, s:s, s:s, s:s, s:s%, s:s}", "kind",
		    "secret", "displayName", s->name, "startDateTime",
		    moment_text(s->starts, &starts), "endDateTime",
		    moment_text(s->ends, &ends), "hint", text.at, (size_t)HINT,
		    "hash", buffer_text(&base64));
	buffer_release(&base64);
	return made;
}
