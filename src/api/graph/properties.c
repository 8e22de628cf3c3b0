#include "api/graph/graph.h"

/* What the objects of the directory have for properties, and how a body sets
 * them. */

/* --- what they are --- */

static const struct graph_property application_properties[] = {
    {"displayName", GRAPH_TEXT, true, false},
    {"description", GRAPH_TEXT, false, false},
    {"notes", GRAPH_TEXT, false, false},
    {"signInAudience", GRAPH_TEXT, false, false},
    {"identifierUris", GRAPH_TEXTS, false, false},
    {"tags", GRAPH_TEXTS, false, false},
    {"serviceManagementReference", GRAPH_TEXT, false, false},
    {"groupMembershipClaims", GRAPH_TEXT, false, false},
    {"isFallbackPublicClient", GRAPH_FLAG, false, false},
    {"isDeviceOnlyAuthSupported", GRAPH_FLAG, false, false},
    {"oauth2RequirePostResponse", GRAPH_FLAG, false, false},
    {"api", GRAPH_OBJECT, false, false},
    {"appRoles", GRAPH_OBJECTS, false, false},
    {"info", GRAPH_OBJECT, false, false},
    {"optionalClaims", GRAPH_OBJECT, false, false},
    {"parentalControlSettings", GRAPH_OBJECT, false, false},
    {"publicClient", GRAPH_OBJECT, false, false},
    {"requiredResourceAccess", GRAPH_OBJECTS, false, false},
    {"spa", GRAPH_OBJECT, false, false},
    {"web", GRAPH_OBJECT, false, false},
    {0},
};

static const struct graph_property principal_properties[] = {
    {"appId", GRAPH_TEXT, true, true},
    {"accountEnabled", GRAPH_FLAG, false, false},
    {"alternativeNames", GRAPH_TEXTS, false, false},
    {"appRoleAssignmentRequired", GRAPH_FLAG, false, false},
    {"description", GRAPH_TEXT, false, false},
    {"displayName", GRAPH_TEXT, false, false},
    {"loginUrl", GRAPH_TEXT, false, false},
    {"notes", GRAPH_TEXT, false, false},
    {"notificationEmailAddresses", GRAPH_TEXTS, false, false},
    {"preferredSingleSignOnMode", GRAPH_TEXT, false, false},
    {"samlSingleSignOnSettings", GRAPH_OBJECT, false, false},
    {"tags", GRAPH_TEXTS, false, false},
    {0},
};

static const struct graph_property user_properties[] = {
    {"displayName", GRAPH_TEXT, true, false},
    {"userPrincipalName", GRAPH_TEXT, true, false},
    {"accountEnabled", GRAPH_FLAG, true, false},
    {"mailNickname", GRAPH_TEXT, true, false},
    {"mail", GRAPH_TEXT, false, false},
    {"givenName", GRAPH_TEXT, false, false},
    {"surname", GRAPH_TEXT, false, false},
    {"jobTitle", GRAPH_TEXT, false, false},
    {"department", GRAPH_TEXT, false, false},
    {"usageLocation", GRAPH_TEXT, false, false},
    {"ageGroup", GRAPH_TEXT, false, false},
    {"city", GRAPH_TEXT, false, false},
    {"companyName", GRAPH_TEXT, false, false},
    {"consentProvidedForMinor", GRAPH_TEXT, false, false},
    {"country", GRAPH_TEXT, false, false},
    {"employeeId", GRAPH_TEXT, false, false},
    {"employeeType", GRAPH_TEXT, false, false},
    {"faxNumber", GRAPH_TEXT, false, false},
    {"mobilePhone", GRAPH_TEXT, false, false},
    {"officeLocation", GRAPH_TEXT, false, false},
    {"onPremisesImmutableId", GRAPH_TEXT, false, false},
    {"passwordPolicies", GRAPH_TEXT, false, false},
    {"postalCode", GRAPH_TEXT, false, false},
    {"preferredLanguage", GRAPH_TEXT, false, false},
    {"state", GRAPH_TEXT, false, false},
    {"streetAddress", GRAPH_TEXT, false, false},
    {"userType", GRAPH_TEXT, false, false},
    {"businessPhones", GRAPH_TEXTS, false, false},
    {"otherMails", GRAPH_TEXTS, false, false},
    {"showInAddressList", GRAPH_FLAG, false, false},
    {"employeeOrgData", GRAPH_OBJECT, false, false},
    {0},
};

static const struct graph_property group_properties[] = {
    {"displayName", GRAPH_TEXT, true, false},
    {"mailNickname", GRAPH_TEXT, true, false},
    {"mailEnabled", GRAPH_FLAG, true, true},
    {"securityEnabled", GRAPH_FLAG, true, false},
    {"description", GRAPH_TEXT, false, false},
    {"groupTypes", GRAPH_TEXTS, false, true},
    {"visibility", GRAPH_TEXT, false, false},
    {"theme", GRAPH_TEXT, false, false},
    {"preferredLanguage", GRAPH_TEXT, false, false},
    {"membershipRule", GRAPH_NOTHING, false, false},
    {"membershipRuleProcessingState", GRAPH_NOTHING, false, false},
    {"writebackConfiguration", GRAPH_OBJECT, false, false},
    {"resourceBehaviorOptions", GRAPH_TEXTS, false, true},
    {"resourceProvisioningOptions", GRAPH_TEXTS, false, true},
    {"isAssignableToRole", GRAPH_FLAG, false, true},
    {0},
};

const struct graph_collection graph_collections[GRAPH_KINDS] = {
    [GRAPH_APPLICATION] = {"applications", "#microsoft.graph.application",
	"application", ENTITY_APPLICATION, PERMIT_APPLICATION_CREATE,
	PERMIT_APPLICATION_UPDATE, PERMIT_APPLICATION_DELETE,
	PERMIT_APPLICATION_CREDENTIALS, application_properties},
    [GRAPH_PRINCIPAL] = {"servicePrincipals",
	"#microsoft.graph.servicePrincipal", "servicePrincipal",
	ENTITY_SERVICE_PRINCIPAL, PERMIT_PRINCIPAL_CREATE,
	PERMIT_PRINCIPAL_UPDATE, PERMIT_PRINCIPAL_DELETE,
	PERMIT_PRINCIPAL_CREDENTIALS, principal_properties},
    [GRAPH_USER] = {"users", "#microsoft.graph.user", "user", ENTITY_USER,
	PERMIT_USER_CREATE, PERMIT_USER_UPDATE, PERMIT_USER_DELETE,
	PERMIT_USER_UPDATE, user_properties},
    [GRAPH_GROUP] = {"groups", "#microsoft.graph.group", "group", ENTITY_GROUP,
	PERMIT_DIRECTORY_GROUP_CREATE, PERMIT_DIRECTORY_GROUP_UPDATE,
	PERMIT_DIRECTORY_GROUP_DELETE, PERMIT_DIRECTORY_GROUP_UPDATE,
	group_properties},
};

/* --- creating and changing --- */

static bool
is_list_of(const json_t *value, json_type type)
{
	const json_t *each;
	size_t i;

	json_array_foreach(value, i, each)
	{
		if (json_typeof(each) != type)
			return false;
	}
	return json_is_array(value);
}

static bool
has_type(const json_t *value, enum graph_type type)
{
	switch (type) {
	case GRAPH_TEXT:
		return json_is_string(value);
	case GRAPH_FLAG:
		return json_is_boolean(value);
	case GRAPH_TEXTS:
		return is_list_of(value, JSON_STRING);
	case GRAPH_OBJECT:
		return json_is_object(value);
	case GRAPH_OBJECTS:
		return is_list_of(value, JSON_OBJECT);
	case GRAPH_NOTHING:
		break;
	}
	return false;
}

enum { CREATING = 1, CHANGING = 2 };
#define OF(KIND) (1u << (KIND))

/* Members of a body that are no properties; other files take them. */
static const struct {
	const char *name;
	unsigned kinds, when;
} members[] = {
    {"keyCredentials", OF(GRAPH_APPLICATION) | OF(GRAPH_PRINCIPAL),
	CREATING | CHANGING},
    {"passwordCredentials", OF(GRAPH_APPLICATION) | OF(GRAPH_PRINCIPAL),
	CREATING},
    /* Nobody logs in with a password here. */
    {"passwordProfile", OF(GRAPH_USER), CREATING | CHANGING},
    {"owners@odata.bind",
	OF(GRAPH_APPLICATION) | OF(GRAPH_PRINCIPAL) | OF(GRAPH_GROUP),
	CREATING},
    {"members@odata.bind", OF(GRAPH_GROUP), CREATING},
    /* A client may repeat what it was shown. */
    {"id", ~0u, CREATING | CHANGING},
    {"appId", ~0u, CREATING | CHANGING},
};

static bool
is_accepted(const struct graph_call *c, const char *name, bool creates)
{
	unsigned when = creates ? CREATING : CHANGING;

	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (strcmp(name, members[i].name) == 0)
			return (members[i].when & when) != 0 &&
			    (members[i].kinds & OF(c->operation->kind)) != 0;
	/* "@odata.type", "tags@odata.type" */
	return strchr(name, '@') != NULL &&
	    !slice_ends(slice_of(name), SLICE("@odata.bind"));
}

static const struct graph_property *
property_of(const struct graph_call *c, const char *name)
{
	const struct graph_property *p = graph_collection(c)->properties;

	while (p->name != NULL && strcmp(p->name, name) != 0)
		p++;
	return p->name == NULL ? NULL : p;
}

/* To say again what is so already is no change. */
static bool
is_unchanged(const struct graph_call *c, const char *name, const json_t *value)
{
	const json_t *now = json_object_get(c->object, name);

	return json_equal(now, value) || (now == NULL && json_is_null(value)) ||
	    (now == NULL && json_is_array(value) &&
		json_array_size(value) == 0);
}

static void
check_property(struct graph_call *c, const struct graph_property *p,
    const json_t *value, bool creates)
{
	if (!creates && p->fixed && !is_unchanged(c, p->name, value))
		graph_refuse(c, 400, "Request_BadRequest",
		    "Property '%s' is read-only and cannot be set.", p->name);
	else if (!creates && p->required && json_is_null(value))
		graph_refuse(c, 400, "Request_BadRequest",
		    "Property '%s' of resource '%s' cannot be taken away.",
		    p->name, graph_collection(c)->type);
	else if (p->type == GRAPH_NOTHING && !json_is_null(value))
		graph_refuse(c, 400, "Request_BadRequest",
		    "Property '%s': dynamic membership is not offered.",
		    p->name);
	else if (!json_is_null(value) && !has_type(value, p->type))
		graph_refuse(c, 400, "Request_BadRequest",
		    "A value of another type was expected for property '%s'.",
		    p->name);
}

/* Who is in such a group follows from a rule, which nobody works out here. */
static void
refuse_dynamic(struct graph_call *c)
{
	const json_t *each;
	size_t i;

	json_array_foreach(json_object_get(c->body, "groupTypes"), i, each)
	{
		if (slice_eq_case(slice_of(json_string_value(each)),
			SLICE("DynamicMembership")))
			graph_refuse(c, 400, "Request_BadRequest",
			    "Property 'groupTypes': dynamic membership is not "
			    "offered.");
	}
}

/* App roles are known by their ids. */
static void
check_app_roles(struct graph_call *c)
{
	const json_t *roles = json_object_get(c->body, "appRoles"), *role;
	struct guid id, other;
	size_t i;

	json_array_foreach(roles, i, role)
	{
		if (!guid_parse(graph_text(role, "id"), &id))
			graph_refuse(c, 400, "Request_BadRequest",
			    "An app role's id is a GUID.");
		for (size_t j = 0; j < i; j++)
			if (guid_parse(
				graph_text(json_array_get(roles, j), "id"),
				&other) &&
			    guid_eq(id, other))
				graph_refuse(c, 400, "Request_BadRequest",
				    "Two app roles have the same id.");
	}
}

void
graph_check_properties(struct graph_call *c, bool creates)
{
	const char *name;
	json_t *value;

	json_object_foreach(c->body, name, value)
	{
		const struct graph_property *p = property_of(c, name);

		if (p != NULL)
			check_property(c, p, value, creates);
		else if (!is_accepted(c, name, creates))
			graph_refuse(c, 400, "Request_BadRequest",
			    "Property '%s' does not exist or cannot be set "
			    "here.",
			    name);
	}
	refuse_dynamic(c);
	if (c->code == NULL)
		check_app_roles(c);
}

void
graph_want_properties(struct graph_call *c)
{
	const struct graph_property *p = graph_collection(c)->properties;

	for (; p->name != NULL; p++) {
		const json_t *value = json_object_get(c->body, p->name);

		if (p->required &&
		    (value == NULL || json_is_null(value) ||
			(p->type == GRAPH_TEXT &&
			    json_string_length(value) == 0)))
			graph_refuse(c, 400, "Request_BadRequest",
			    "A value is required for property '%s' of "
			    "resource '%s'.",
			    p->name, graph_collection(c)->type);
	}
}

/* Of an object, members that are not named stay; null takes one away. */
static bool
merge(json_t *into, const char *name, json_t *value)
{
	json_t *now = json_object_get(into, name), *each;
	const char *member;

	if (json_is_null(value)) {
		json_object_del(into, name);
		return true;
	}
	if (!json_is_object(now) || !json_is_object(value))
		return json_object_set(into, name, value) == 0;
	json_object_foreach(value, member, each)
	{
		if (!merge(now, member, each))
			return false;
	}
	return true;
}

bool
graph_take_properties(const struct graph_call *c, json_t *into)
{
	const struct graph_property *p = graph_collection(c)->properties;
	bool fits = into != NULL;

	for (; fits && p->name != NULL; p++) {
		json_t *value = json_object_get(c->body, p->name);

		if (value != NULL)
			fits = merge(into, p->name, value);
	}
	return fits;
}
