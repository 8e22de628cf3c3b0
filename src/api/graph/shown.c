#include "api/graph/graph.h"

/* Objects of the directory as clients see them. */

/* --- showing --- */

static const char *const password_members[] = {"customKeyIdentifier",
    "displayName", "endDateTime", "hint", "startDateTime", NULL};
static const char *const key_members[] = {"customKeyIdentifier", "displayName",
    "endDateTime", "startDateTime", "type", "usage", NULL};

static json_t *
shown_credential(
    struct slice key, const json_t *stored, const char *const *members)
{
	struct slice id = entity_last(key);
	json_t *shown = json_pack("{s:s%}", "keyId", id.at, id.length);

	for (; shown != NULL && *members != NULL; members++) {
		json_t *member = json_object_get(stored, *members);

		if (!graph_set(shown, *members,
			member == NULL ? json_null() : json_incref(member)))
			break;
	}
	return shown;
}

static bool
add_credentials(const struct state *s, const json_t *stored, json_t *into)
{
	json_t *passwords = json_array(), *keys = json_array();
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;
	bool fits = true;

	state_walk_prefix(&walk, s,
	    entity_prefix(
		&text, ENTITY_CREDENTIAL, graph_text(stored, "id"), SLICE("")));
	while (fits && state_walk_next(&walk, &entry)) {
		json_t *each = entity_get(s, entry.key);
		bool is_key =
		    slice_eq(graph_text(each, "kind"), SLICE("certificate"));

		fits = json_array_append_new(is_key ? keys : passwords,
			   shown_credential(entry.key, each,
			       is_key ? key_members : password_members)) == 0;
		json_decref(each);
	}
	return graph_set(into, "passwordCredentials", passwords) &&
	    graph_set(into, "keyCredentials", keys) && fits;
}

/* Every name under which clients look for a service principal. */
static bool
add_names(const json_t *stored, json_t *into)
{
	json_t *names = json_array(), *each;
	size_t i;

	json_array_append(names, json_object_get(stored, "appId"));
	json_array_foreach(
	    json_object_get(stored, "servicePrincipalNames"), i, each)
	{
		if (!json_equal(each, json_object_get(stored, "appId")))
			json_array_append(names, each);
	}
	return graph_set(into, "servicePrincipalNames", names);
}

/* What the service shows of an object that nobody said anything about. */
static const struct {
	const char *name, *value;
} usual[] = {
    {"api",
	"{\"acceptMappedClaims\":null,\"knownClientApplications\":[],"
	"\"requestedAccessTokenVersion\":null,"
	"\"oauth2PermissionScopes\":[],\"preAuthorizedApplications\":[]}"},
    {"info",
	"{\"logoUrl\":null,\"marketingUrl\":null,"
	"\"privacyStatementUrl\":null,\"supportUrl\":null,"
	"\"termsOfServiceUrl\":null}"},
    {"publicClient", "{\"redirectUris\":[]}"},
    {"spa", "{\"redirectUris\":[]}"},
    {"web",
	"{\"homePageUrl\":null,\"logoutUrl\":null,\"redirectUris\":[],"
	"\"implicitGrantSettings\":{\"enableAccessTokenIssuance\":false,"
	"\"enableIdTokenIssuance\":false}}"},
};

static json_t *
usual_value(const struct graph_property *p)
{
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (strcmp(p->name, usual[i].name) == 0)
			return json_loads(usual[i].value, 0, NULL);
	return p->type == GRAPH_TEXTS || p->type == GRAPH_OBJECTS ? json_array()
								  : json_null();
}

/* Graph shows a property that has no value as null, as an empty list or with
 * empty members, and clients tell that from one that is not there. */
static bool
add_unset(enum graph_kind kind, json_t *into)
{
	const struct graph_property *p = graph_collections[kind].properties;
	bool fits = true;

	for (; fits && p->name != NULL; p++) {
		const json_t *set = json_object_get(into, p->name);
		json_t *value;

		if (set != NULL && !json_is_object(set))
			continue;
		value = usual_value(p);
		if (set != NULL && json_is_object(value)) {
			fits = json_object_update(
				   value, (json_t *)(uintptr_t)set) == 0;
		} else if (set != NULL) {
			json_decref(value);
			continue;
		}
		fits = graph_set(into, p->name, value) && fits;
	}
	return fits;
}

/* Lists that clients walk through without asking whether they are there. */
static bool
add_empty_lists(enum graph_kind kind, json_t *into)
{
	static const char *const lists[GRAPH_KINDS][5] = {
	    [GRAPH_APPLICATION] = {"addIns"},
	    [GRAPH_PRINCIPAL] = {"appRoles", "oauth2PermissionScopes", "addIns",
		"replyUrls"},
	    [GRAPH_GROUP] = {"proxyAddresses"},
	};

	for (size_t i = 0; lists[kind][i] != NULL; i++)
		if (json_object_get(into, lists[kind][i]) == NULL &&
		    !graph_set(into, lists[kind][i], json_array()))
			return false;
	return true;
}

json_t *
graph_shown(const struct state *s, enum graph_kind kind, const json_t *stored)
{
	json_t *shown = json_copy((json_t *)(uintptr_t)stored);
	bool fits = shown != NULL &&
	    graph_set(shown, "@odata.type",
		json_string(graph_collections[kind].odata_type)) &&
	    add_unset(kind, shown) && add_empty_lists(kind, shown);

	if (fits && (kind == GRAPH_APPLICATION || kind == GRAPH_PRINCIPAL))
		fits = add_credentials(s, stored, shown);
	if (fits && kind == GRAPH_PRINCIPAL)
		fits = add_names(stored, shown);
	if (fits)
		return shown;
	json_decref(shown);
	return NULL;
}
