#include "api/graph/graph.h"

/*
 * A service principal shows much of its application: the tenant keeps a copy,
 * which follows every change of the application.
 */

static const json_t *
at(const json_t *application, const char *part, const char *name)
{
	return json_object_get(json_object_get(application, part), name);
}

/* A copy, or away where the application has none. */
static bool
put(json_t *principal, const char *name, const json_t *value)
{
	if (value != NULL && !json_is_null(value))
		return graph_set(principal, name, json_deep_copy(value));
	json_object_del(principal, name);
	return true;
}

/* Where answers to a login may be sent, of every kind. */
static bool
put_reply_urls(json_t *principal, const json_t *application)
{
	static const char *const parts[] = {"web", "spa", "publicClient"};
	json_t *urls = json_array(), *url;
	size_t i;

	for (size_t part = 0; part < sizeof parts / sizeof *parts; part++)
		json_array_foreach(
		    at(application, parts[part], "redirectUris"), i, url)
		{
			if (json_array_append(urls, url) != 0)
				break;
		}
	return graph_set(principal, "replyUrls", urls);
}

static bool
put_names(json_t *principal, const json_t *application)
{
	json_t *names = json_array(), *uri;
	size_t i;

	json_array_append(names, json_object_get(application, "appId"));
	json_array_foreach(
	    json_object_get(application, "identifierUris"), i, uri)
	{
		json_array_append(names, uri);
	}
	return graph_set(principal, "servicePrincipalNames", names);
}

/* One that was named otherwise by hand keeps its name. */
static bool
put_display_name(json_t *principal, const json_t *application)
{
	json_t *name = json_object_get(application, "displayName");
	const json_t *own = json_object_get(principal, "displayName");

	if ((own == NULL ||
		json_equal(
		    own, json_object_get(principal, "appDisplayName"))) &&
	    json_object_set(principal, "displayName", name) != 0)
		return false;
	return json_object_set(principal, "appDisplayName", name) == 0;
}

bool
graph_mirror(json_t *principal, const json_t *application)
{
	return principal != NULL && put_display_name(principal, application) &&
	    put(principal, "appRoles",
		json_object_get(application, "appRoles")) &&
	    put(principal, "oauth2PermissionScopes",
		at(application, "api", "oauth2PermissionScopes")) &&
	    put(principal, "homepage", at(application, "web", "homePageUrl")) &&
	    put(principal, "logoutUrl", at(application, "web", "logoutUrl")) &&
	    put(principal, "info", json_object_get(application, "info")) &&
	    put(principal, "signInAudience",
		json_object_get(application, "signInAudience")) &&
	    put_reply_urls(principal, application) &&
	    put_names(principal, application);
}
