#include "api/graph/operations.h"

/*
 * App roles: what an application calls the rights within itself, and whom its
 * service principal (the resource) gave them. Tokens for the resource name
 * them (claim "roles"). The same assignment is seen from both sides, as one
 * of the resource and as one of its holder. Who may make and take it follows
 * from the resource, so on the holder's side it takes a right at the tenant:
 * its owner may not give it what is another's.
 */

static const struct guid usual_role; /* nil: access without a certain role */

struct place {
	struct slice resource, principal; /* object ids, or "" */
};

/* Over assignments at a place. It reads the text of what it goes over. */
struct walk {
	struct place place;
	struct entity_text text;
	struct state_walk state;
};

/* --- showing --- */

/* "User", "Group", "ServicePrincipal" */
static const char *
principal_type(enum graph_kind kind)
{
	return kind == GRAPH_USER ? "User"
	    : kind == GRAPH_GROUP ? "Group"
				  : "ServicePrincipal";
}

static json_t *
find_named(const struct state *s, const json_t *assignment, const char *member,
    enum graph_kind *kind)
{
	struct guid id;

	return guid_parse(graph_text(assignment, member), &id)
	    ? graph_find(s, id, kind)
	    : NULL;
}

/* With the names that both sides have now. Takes the assignment. */
static json_t *
shown_assignment(const struct state *s, json_t *assignment)
{
	enum graph_kind kind = GRAPH_PRINCIPAL, ignored;
	json_t *principal = find_named(s, assignment, "principalId", &kind);
	json_t *resource = find_named(s, assignment, "resourceId", &ignored);
	bool fits = assignment != NULL &&
	    graph_set(assignment, "@odata.type",
		json_string("#microsoft.graph.appRoleAssignment")) &&
	    graph_set(assignment, "deletedDateTime", json_null()) &&
	    graph_set(
		assignment, "principalType", json_string(principal_type(kind)));

	if (fits && principal != NULL)
		fits = json_object_set(assignment, "principalDisplayName",
			   json_object_get(principal, "displayName")) == 0;
	if (fits && resource != NULL)
		fits = json_object_set(assignment, "resourceDisplayName",
			   json_object_get(resource, "displayName")) == 0;
	json_decref(principal);
	json_decref(resource);
	if (fits)
		return assignment;
	json_decref(assignment);
	return NULL;
}

/* --- finding --- */

static struct slice
own_id(const struct graph_call *c)
{
	return graph_text(c->object, "id");
}

static struct place
as_resource(const struct graph_call *c)
{
	return (struct place){.resource = own_id(c)};
}

static struct place
as_principal(const struct graph_call *c)
{
	return (struct place){.principal = own_id(c)};
}

static void
begin_walk(struct walk *walk, const struct state *s, struct place place)
{
	walk->place = place;
	state_walk_prefix(&walk->state, s,
	    entity_prefix(
		&walk->text, ENTITY_APP_ROLE, place.resource, SLICE("")));
}

/* The next at that place: a new reference; NULL at the end. */
static json_t *
next_at(struct walk *walk, struct entry *entry)
{
	struct slice principal = walk->place.principal;

	while (state_walk_next(&walk->state, entry)) {
		json_t *each = entity_parse(entry->value);

		if (principal.length == 0 ||
		    slice_eq_case(graph_text(each, "principalId"), principal))
			return each;
		json_decref(each);
	}
	return NULL;
}

static void
list_at(struct graph_call *c, struct place place)
{
	json_t *all = json_array(), *each;
	struct walk walk;
	struct entry entry;

	begin_walk(&walk, graph_state(c), place);
	while ((each = next_at(&walk, &entry)) != NULL)
		json_array_append_new(
		    all, shown_assignment(graph_state(c), each));
	graph_reply_list(c, all);
}

static void
list_holders(struct graph_call *c)
{
	list_at(c, as_resource(c));
}

static void
list_given(struct graph_call *c)
{
	list_at(c, as_principal(c));
}

/* The one that the path names, at that place. New reference or NULL. */
static json_t *
find_one(struct graph_call *c, struct place place, struct entry *entry)
{
	struct walk walk;
	json_t *each;

	begin_walk(&walk, graph_state(c), place);
	while ((each = next_at(&walk, entry)) != NULL) {
		if (slice_eq_case(entity_last(entry->key), c->x->captures[1]))
			return each;
		json_decref(each);
	}
	return NULL;
}

static void
get_holder(struct graph_call *c)
{
	struct entry entry;
	json_t *found = find_one(c, as_resource(c), &entry);

	if (found == NULL)
		graph_refuse_missing(c, c->x->captures[1]);
	else
		graph_reply(c, 200,
		    graph_select(c, shown_assignment(graph_state(c), found)));
}

/* --- giving --- */

static bool
body_guid(const struct graph_call *c, const char *name, struct guid *id)
{
	return guid_parse(graph_text(c->body, name), id);
}

static void
prepare_give(struct graph_call *c)
{
	static const char *const members[] = {
	    "principalId", "resourceId", "appRoleId"};
	struct guid id;

	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (!body_guid(c, members[i], &id))
			graph_refuse(c, 400, "Request_BadRequest",
			    "A GUID was expected for property '%s'.",
			    members[i]);
	c->made = chance_guid(exchange_platform(c->x)->chance);
	if (guid_is_nil(c->made))
		graph_refuse(c, 503, "ServiceUnavailable",
		    "No random numbers can be had.");
}

/* One of the resource's that is enabled and meant for such holders. */
static bool
offers(const json_t *resource, struct guid wanted, enum graph_kind holder)
{
	struct slice meant =
	    holder == GRAPH_PRINCIPAL ? SLICE("Application") : SLICE("User");
	const json_t *roles = json_object_get(resource, "appRoles");
	const json_t *role, *type;
	size_t i, j;
	struct guid id;

	if (guid_eq(wanted, usual_role))
		return json_array_size(roles) == 0;
	json_array_foreach(roles, i, role)
	{
		if (!guid_parse(graph_text(role, "id"), &id) ||
		    !guid_eq(id, wanted) ||
		    json_is_false(json_object_get(role, "isEnabled")))
			continue;
		json_array_foreach(
		    json_object_get(role, "allowedMemberTypes"), j, type)
		{
			if (slice_eq_case(
				slice_of(json_string_value(type)), meant))
				return true;
		}
	}
	return false;
}

static bool
is_given(struct graph_call *c, struct place place, struct guid role)
{
	struct walk walk;
	struct entry entry;
	json_t *each;
	bool found = false;

	begin_walk(&walk, graph_state(c), place);
	while (!found && (each = next_at(&walk, &entry)) != NULL) {
		struct guid id;

		found = guid_parse(graph_text(each, "appRoleId"), &id) &&
		    guid_eq(id, role);
		json_decref(each);
	}
	return found;
}

static void
check_give(struct graph_call *c, const json_t *resource)
{
	struct place place = {graph_text(c->body, "resourceId"),
	    graph_text(c->body, "principalId")};
	enum graph_kind kind = GRAPH_APPLICATION;
	json_t *principal =
	    find_named(graph_state(c), c->body, "principalId", &kind);
	struct guid role = {0};

	(void)body_guid(c, "appRoleId", &role);
	if (resource == NULL)
		graph_refuse_missing(c, place.resource);
	else if (principal == NULL || kind == GRAPH_APPLICATION)
		graph_refuse_missing(c, place.principal);
	else if (!offers(resource, role, kind))
		graph_refuse(c, 400, "Request_BadRequest",
		    "Permission being assigned was not found on application "
		    "'%.*s'.",
		    SLICE_ARGS(graph_text(resource, "appId")));
	else if (is_given(c, place, role))
		graph_refuse(c, 400, "Request_BadRequest",
		    "Permission being assigned already exists on the object.");
	json_decref(principal);
}

static enum actas_error
give(struct graph_call *c, struct writes *writes)
{
	char id[GUID_TEXT_LENGTH + 1];
	struct guid resource_id = {0};
	json_t *resource = NULL, *made;
	struct entity_text text;

	if (body_guid(c, "resourceId", &resource_id))
		resource = entity_get(graph_state(c),
		    graph_key(&text, GRAPH_PRINCIPAL, resource_id));
	check_give(c, resource);
	json_decref(resource);
	if (c->code != NULL)
		return ACTAS_OK;
	guid_format(c->made, id);
	made = json_pack("{s:s, s:O, s:O, s:O, s:o}", "id", id, "appRoleId",
	    json_object_get(c->body, "appRoleId"), "principalId",
	    json_object_get(c->body, "principalId"), "resourceId",
	    json_object_get(c->body, "resourceId"), "createdDateTime",
	    json_moment(c->now));
	if (made == NULL)
		return ACTAS_ENOMEM;
	entity_put(writes,
	    entity_key(&text, ENTITY_APP_ROLE,
		graph_text(c->body, "resourceId"), slice_of(id), SLICE("")),
	    made);
	graph_reply(c, 201, shown_assignment(graph_state(c), made));
	return ACTAS_OK;
}

/* What the body says of this side is what the path says. */
static enum actas_error
give_here(struct graph_call *c, const char *member, struct writes *writes)
{
	if (!slice_eq_case(graph_text(c->body, member), own_id(c))) {
		graph_refuse(c, 400, "Request_BadRequest",
		    "Property '%s' is not the object of the request.", member);
		return ACTAS_OK;
	}
	return give(c, writes);
}

static enum actas_error
hand_out(struct graph_call *c, struct writes *writes)
{
	return give_here(c, "resourceId", writes);
}

static enum actas_error
give_to(struct graph_call *c, struct writes *writes)
{
	return give_here(c, "principalId", writes);
}

/* --- taking --- */

static enum actas_error
remove_at(struct graph_call *c, struct place place, struct writes *writes)
{
	struct entry entry;
	json_t *found = find_one(c, place, &entry);

	if (found == NULL)
		graph_refuse_missing(c, c->x->captures[1]);
	else
		writes_remove(writes, entry.key);
	json_decref(found);
	graph_reply_empty(c);
	return ACTAS_OK;
}

static enum actas_error
withdraw(struct graph_call *c, struct writes *writes)
{
	return remove_at(c, as_resource(c), writes);
}

static enum actas_error
take_from(struct graph_call *c, struct writes *writes)
{
	return remove_at(c, as_principal(c), writes);
}

void
graph_drop_app_roles(
    const struct state *s, struct guid id, struct writes *writes)
{
	struct place everywhere = {0};
	char text[GUID_TEXT_LENGTH + 1];
	struct walk walk;
	struct entry entry;
	json_t *each;

	guid_format(id, text);
	begin_walk(&walk, s, everywhere);
	while ((each = next_at(&walk, &entry)) != NULL) {
		if (slice_eq_case(
			graph_text(each, "principalId"), slice_of(text)) ||
		    slice_eq_case(
			graph_text(each, "resourceId"), slice_of(text)))
			writes_remove(writes, entry.key);
		json_decref(each);
	}
}

#define READ(KIND, FUNCTION)                                                  \
	{                                                                     \
		.permission = PERMIT_DIRECTORY_READ, .kind = (KIND),          \
		.has_object = true, .self_suffices = true, .read = (FUNCTION) \
	}
#define GIVE(KIND, AT_TENANT, FUNCTION)                               \
	{                                                             \
		.permission = PERMIT_APP_ROLE_ASSIGN, .kind = (KIND), \
		.has_object = true, .at_tenant = (AT_TENANT),         \
		.wants_body = true, .prepare = prepare_give,          \
		.apply = (FUNCTION)                                   \
	}
#define TAKE(KIND, AT_TENANT, FUNCTION)                               \
	{                                                             \
		.permission = PERMIT_APP_ROLE_ASSIGN, .kind = (KIND), \
		.has_object = true, .at_tenant = (AT_TENANT),         \
		.apply = (FUNCTION)                                   \
	}

const struct graph_operation graph_app_role_holders =
    READ(GRAPH_PRINCIPAL, list_holders);
const struct graph_operation graph_app_role_holder =
    READ(GRAPH_PRINCIPAL, get_holder);
const struct graph_operation graph_app_role_hand_out =
    GIVE(GRAPH_PRINCIPAL, false, hand_out);
const struct graph_operation graph_app_role_withdraw =
    TAKE(GRAPH_PRINCIPAL, false, withdraw);
const struct graph_operation graph_app_roles_given[GRAPH_KINDS] = {
    [GRAPH_PRINCIPAL] = READ(GRAPH_PRINCIPAL, list_given),
    [GRAPH_USER] = READ(GRAPH_USER, list_given),
    [GRAPH_GROUP] = READ(GRAPH_GROUP, list_given),
};
const struct graph_operation graph_app_role_give[GRAPH_KINDS] = {
    [GRAPH_PRINCIPAL] = GIVE(GRAPH_PRINCIPAL, true, give_to),
    [GRAPH_USER] = GIVE(GRAPH_USER, true, give_to),
    [GRAPH_GROUP] = GIVE(GRAPH_GROUP, true, give_to),
};
const struct graph_operation graph_app_role_take[GRAPH_KINDS] = {
    [GRAPH_PRINCIPAL] = TAKE(GRAPH_PRINCIPAL, true, take_from),
    [GRAPH_USER] = TAKE(GRAPH_USER, true, take_from),
    [GRAPH_GROUP] = TAKE(GRAPH_GROUP, true, take_from),
};
