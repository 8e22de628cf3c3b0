#include "api/graph/operations.h"

/*
 * Who is in which group, and who owns what. A relation is a key and nothing
 * else: "member/{group}/{principal}", "owner/{object}/{principal}".
 */

enum { GROUPS_MOST = 20 }; /* of one checkMemberGroups */

static struct slice
relation_key(struct entity_text *text, enum entity relation, struct guid a,
    struct guid b)
{
	char from[GUID_TEXT_LENGTH + 1], to[GUID_TEXT_LENGTH + 1];

	guid_format(a, from);
	guid_format(b, to);
	return entity_key(
	    text, relation, slice_of(from), slice_of(to), SLICE(""));
}

/* Ids behind "member/{id}/" or "owner/{id}/"; false to stop. */
static void
each_related(const struct state *s, enum entity relation, struct guid id,
    bool (*each)(void *context, struct guid other), void *context)
{
	char from[GUID_TEXT_LENGTH + 1];
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;
	struct guid other;

	guid_format(id, from);
	state_walk_prefix(&walk, s,
	    entity_prefix(&text, relation, slice_of(from), SLICE("")));
	while (state_walk_next(&walk, &entry))
		if (guid_parse(entity_last(entry.key), &other) &&
		    !each(context, other))
			return;
}

/* Keys of the relation that end with the id: the other side. */
static void
remove_other_side(const struct state *s, enum entity relation, struct guid id,
    struct writes *writes)
{
	char to[GUID_TEXT_LENGTH + 1];
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;

	guid_format(id, to);
	state_walk_prefix(
	    &walk, s, entity_prefix(&text, relation, SLICE(""), SLICE("")));
	while (state_walk_next(&walk, &entry))
		if (slice_eq(entity_last(entry.key), slice_of(to)))
			writes_remove(writes, entry.key);
}

void
graph_drop_related(const struct state *s, struct guid id, struct writes *writes)
{
	static const enum entity owned[] = {
	    ENTITY_MEMBER, ENTITY_OWNER, ENTITY_CREDENTIAL, ENTITY_FEDERATED};
	char from[GUID_TEXT_LENGTH + 1];
	struct entity_text text;
	struct state_walk walk;
	struct entry entry;

	guid_format(id, from);
	for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) {
		state_walk_prefix(&walk, s,
		    entity_prefix(&text, owned[i], slice_of(from), SLICE("")));
		while (state_walk_next(&walk, &entry))
			writes_remove(writes, entry.key);
	}
	remove_other_side(s, ENTITY_MEMBER, id, writes);
	remove_other_side(s, ENTITY_OWNER, id, writes);
	graph_drop_app_roles(s, id, writes);
}

/* --- lists --- */

struct gathering {
	struct graph_call *c;
	json_t *list;
	struct index seen; /* ids, so that a circle of groups ends */
	VECTOR(struct guid) ids;
	enum actas_error error;
};

static bool
is_new(struct gathering *g, struct guid id)
{
	struct index_walk walk = index_start(&g->seen, guid_hash(id));
	uint32_t at;

	while (index_next(&walk, &at))
		if (guid_eq(g->ids.at[at], id))
			return false;
	at = g->ids.count;
	g->error = vector_push(&g->ids, id);
	if (g->error == ACTAS_OK)
		g->error = index_add(&g->seen, guid_hash(id), at);
	return g->error == ACTAS_OK;
}

static bool
gather(void *context, struct guid id)
{
	struct gathering *g = context;
	enum graph_kind kind;
	json_t *object = NULL;

	if (is_new(g, id))
		object = graph_find(graph_state(g->c), id, &kind);
	if (object != NULL &&
	    json_array_append_new(
		g->list, graph_shown(graph_state(g->c), kind, object)) != 0)
		g->error = ACTAS_ENOMEM;
	json_decref(object);
	return g->error == ACTAS_OK;
}

static void
finish(struct gathering *g)
{
	index_release(&g->seen);
	vector_release(&g->ids);
	if (g->error != ACTAS_OK) {
		json_decref(g->list);
		g->list = NULL;
	}
	graph_reply_list(g->c, g->list);
}

static void
list_related(struct graph_call *c, enum entity relation, bool transitive)
{
	struct gathering g = {.c = c, .list = json_array()};

	each_related(graph_state(c), relation, c->id, gather, &g);
	for (uint32_t i = 0; transitive && i < g.ids.count; i++)
		each_related(graph_state(c), relation, g.ids.at[i], gather, &g);
	finish(&g);
}

static void
list_members(struct graph_call *c)
{
	list_related(c, ENTITY_MEMBER, false);
}

static void
list_transitive(struct graph_call *c)
{
	list_related(c, ENTITY_MEMBER, true);
}

static void
list_owners(struct graph_call *c)
{
	list_related(c, ENTITY_OWNER, false);
}

/* Those that have it as a member, or that it owns. */
static void
gather_other_side(struct gathering *g, enum entity relation, struct guid id)
{
	char text[GUID_TEXT_LENGTH + 1];
	struct entity_text prefix;
	struct state_walk walk;
	struct entry entry;

	guid_format(id, text);
	state_walk_prefix(&walk, graph_state(g->c),
	    entity_prefix(&prefix, relation, SLICE(""), SLICE("")));
	while (g->error == ACTAS_OK && state_walk_next(&walk, &entry)) {
		struct slice rest = entry.key, part;
		struct guid of;

		if (!slice_eq(entity_last(entry.key), slice_of(text)))
			continue;
		(void)slice_cut(&rest, '/', &part);
		(void)slice_cut(&rest, '/', &part);
		if (guid_parse(part, &of))
			(void)gather(g, of);
	}
}

static void
gather_groups(struct gathering *g, struct guid member)
{
	gather_other_side(g, ENTITY_MEMBER, member);
}

static void
list_groups_of(struct graph_call *c, bool transitive)
{
	struct gathering g = {.c = c, .list = json_array()};

	gather_groups(&g, c->id);
	for (uint32_t i = 0; transitive && i < g.ids.count; i++)
		gather_groups(&g, g.ids.at[i]);
	finish(&g);
}

static void
list_member_of(struct graph_call *c)
{
	list_groups_of(c, false);
}

static void
list_transitive_member_of(struct graph_call *c)
{
	list_groups_of(c, true);
}

static bool
names_id(const json_t *ids, const char *id)
{
	const json_t *each;
	size_t i;

	json_array_foreach(ids, i, each)
	{
		if (slice_eq_case(
			slice_of(json_string_value(each)), slice_of(id)))
			return true;
	}
	return false;
}

/* The ids of all groups that it is in, be it through others: of those that
 * are asked about, or of any if 'asked' is NULL. */
static void
reply_group_ids(struct graph_call *c, const json_t *asked)
{
	struct gathering g = {.c = c, .list = json_array()};
	json_t *ids = json_array(), *each;
	size_t i;

	gather_groups(&g, c->id);
	for (uint32_t at = 0; at < g.ids.count; at++)
		gather_groups(&g, g.ids.at[at]);
	json_array_foreach(g.list, i, each)
	{
		json_t *id = json_object_get(each, "id");

		if ((asked == NULL || names_id(asked, json_string_value(id))) &&
		    json_array_append(ids, id) != 0)
			g.error = ACTAS_ENOMEM;
	}
	json_decref(g.list);
	index_release(&g.seen);
	vector_release(&g.ids);
	if (g.error != ACTAS_OK) {
		json_decref(ids);
		ids = NULL;
	}
	graph_reply(c, 200, json_pack("{s:o}", "value", ids));
}

/* getMemberGroups */
static void
list_member_groups(struct graph_call *c)
{
	reply_group_ids(c, NULL);
}

/* checkMemberGroups */
static void
check_member_groups(struct graph_call *c)
{
	const json_t *asked = json_object_get(c->body, "groupIds");

	if (!json_is_array(asked) || json_array_size(asked) > GROUPS_MOST)
		graph_refuse(c, 400, "Request_BadRequest",
		    "Property 'groupIds' is a list of at most %d ids.",
		    GROUPS_MOST);
	else
		reply_group_ids(c, asked);
}

/* The same of an object of any kind, "directoryObjects/{id}/…". */
static void
check_groups_of_any(struct graph_call *c)
{
	enum graph_kind kind;

	if (guid_parse(c->x->captures[0], &c->id))
		c->object = graph_find(graph_state(c), c->id, &kind);
	if (c->object == NULL)
		graph_refuse_missing(c, c->x->captures[0]);
	else
		check_member_groups(c);
}

/* --- of the caller --- */

/* Applications have no "me": they do not act for anybody. */
static bool
find_me(struct graph_call *c)
{
	enum graph_kind kind = GRAPH_PRINCIPAL;

	c->id = c->caller.object_id;
	c->object = graph_find(graph_state(c), c->id, &kind);
	if (c->object == NULL || kind != GRAPH_USER)
		graph_refuse(c, 400, "BadRequest",
		    "/me request is only valid with delegated authentication "
		    "flow.");
	return c->code == NULL;
}

static void
show_me(struct graph_call *c)
{
	if (find_me(c))
		graph_reply(c, 200,
		    graph_select(
			c, graph_shown(graph_state(c), GRAPH_USER, c->object)));
}

static void
list_my_objects(struct graph_call *c)
{
	struct gathering g = {.c = c};

	if (!find_me(c))
		return;
	g.list = json_array();
	gather_other_side(&g, ENTITY_OWNER, c->id);
	finish(&g);
}

/* --- adding and removing --- */

/* The id behind the link's last slash. */
static struct guid
id_of_link(struct graph_call *c, struct slice link, const char *name)
{
	struct guid id = {0};
	size_t at = link.length;

	while (at > 0 && link.at[at - 1] != '/')
		at--;
	if (!guid_parse(slice_from(link, at), &id))
		graph_refuse(c, 400, "Request_BadRequest",
		    "Invalid URL specified for %s: it ends with the id of an "
		    "object.",
		    name);
	return id;
}

struct guid
graph_referred(struct graph_call *c)
{
	return id_of_link(c, graph_text(c->body, "@odata.id"), "@odata.id");
}

static void
prepare_reference(struct graph_call *c)
{
	(void)graph_referred(c);
}

/* A group that directory roles can be given to has no groups in it, as on
 * Entra: whoever may change those would give himself its roles. */
static bool
takes_no_groups(const struct graph_call *c, enum entity relation)
{
	const json_t *group = c->object != NULL ? c->object : c->body;

	return relation == ENTITY_MEMBER &&
	    json_is_true(json_object_get(group, "isAssignableToRole"));
}

/* To something of the directory that can be a member or an owner. */
static void
add_reference_to(struct graph_call *c, enum entity relation, struct guid other,
    struct writes *writes)
{
	struct entity_text text;
	struct slice key = relation_key(&text, relation, c->id, other);
	enum graph_kind kind;
	json_t *object = graph_find(graph_state(c), other, &kind);
	json_t *nothing = json_object();

	if (object == NULL || kind == GRAPH_APPLICATION)
		graph_refuse_missing(c, entity_last(key));
	else if (guid_eq(other, c->id))
		graph_refuse(c, 400, "Request_BadRequest",
		    "An object cannot refer to itself.");
	else if (kind == GRAPH_GROUP && takes_no_groups(c, relation))
		graph_refuse(c, 400, "Request_BadRequest",
		    "A group cannot be a member of a group that was made with "
		    "isAssignableToRole.");
	else if (entity_exists(graph_state(c), key))
		graph_refuse(c, 400, "Request_BadRequest",
		    "One or more added object references already exist for "
		    "the following modified properties: '%s'.",
		    relation == ENTITY_MEMBER ? "members" : "owners");
	else
		entity_put(writes, key, nothing);
	json_decref(nothing);
	json_decref(object);
}

static enum actas_error
add_reference(struct graph_call *c, enum entity relation, struct writes *writes)
{
	add_reference_to(c, relation, graph_referred(c), writes);
	graph_reply_empty(c);
	return ACTAS_OK;
}

static enum actas_error
add_member(struct graph_call *c, struct writes *writes)
{
	return add_reference(c, ENTITY_MEMBER, writes);
}

static enum actas_error
add_owner(struct graph_call *c, struct writes *writes)
{
	return add_reference(c, ENTITY_OWNER, writes);
}

static enum actas_error
remove_reference(
    struct graph_call *c, enum entity relation, struct writes *writes)
{
	struct slice named = c->x->captures[1];
	struct entity_text text;
	struct guid other = {0};

	if (!guid_parse(named, &other) ||
	    !entity_exists(
		graph_state(c), relation_key(&text, relation, c->id, other)))
		graph_refuse_missing(c, named);
	else
		writes_remove(
		    writes, relation_key(&text, relation, c->id, other));
	graph_reply_empty(c);
	return ACTAS_OK;
}

static enum actas_error
remove_member(struct graph_call *c, struct writes *writes)
{
	return remove_reference(c, ENTITY_MEMBER, writes);
}

static enum actas_error
remove_owner(struct graph_call *c, struct writes *writes)
{
	return remove_reference(c, ENTITY_OWNER, writes);
}

/* --- those that an object is made with --- */

enum { BOUND_MOST = 20 };

static const struct {
	const char *name;
	enum entity relation;
} bound[] = {
    {"owners@odata.bind", ENTITY_OWNER},
    {"members@odata.bind", ENTITY_MEMBER},
};
enum { BOUNDS = sizeof bound / sizeof *bound };

static void
check_links(struct graph_call *c, const json_t *links, const char *name)
{
	struct guid ids[BOUND_MOST];
	const json_t *link;
	size_t i;

	if (links != NULL &&
	    (!json_is_array(links) || json_array_size(links) > BOUND_MOST)) {
		graph_refuse(c, 400, "Request_BadRequest",
		    "Property '%s' is a list of at most %d references.", name,
		    BOUND_MOST);
		return;
	}
	json_array_foreach(links, i, link)
	{
		ids[i] = id_of_link(c,
		    (struct slice){
			json_string_value(link), json_string_length(link)},
		    name);
		for (size_t j = 0; j < i; j++)
			if (guid_eq(ids[i], ids[j]))
				graph_refuse(c, 400, "Request_BadRequest",
				    "Request contains a property with "
				    "duplicate values.");
	}
}

void
graph_check_bound(struct graph_call *c)
{
	for (size_t i = 0; i < BOUNDS; i++)
		check_links(
		    c, json_object_get(c->body, bound[i].name), bound[i].name);
}

void
graph_write_bound(struct graph_call *c, struct writes *writes)
{
	for (size_t b = 0; b < BOUNDS; b++) {
		const json_t *links = json_object_get(c->body, bound[b].name);
		const json_t *link;
		size_t i;

		json_array_foreach(links, i, link)
		{
			add_reference_to(c, bound[b].relation,
			    id_of_link(c, slice_of(json_string_value(link)),
				bound[b].name),
			    writes);
		}
		if (bound[b].relation == ENTITY_OWNER &&
		    json_array_size(links) == 0 &&
		    c->operation->kind != GRAPH_USER)
			add_reference_to(
			    c, ENTITY_OWNER, c->caller.object_id, writes);
	}
}

#define READ(KIND, FUNCTION)                                                  \
	{                                                                     \
		.permission = PERMIT_DIRECTORY_READ, .kind = (KIND),          \
		.has_object = true, .self_suffices = true, .read = (FUNCTION) \
	}
#define ASK(KIND, FUNCTION)                                                    \
	{                                                                      \
		.permission = PERMIT_DIRECTORY_READ, .kind = (KIND),           \
		.has_object = true, .self_suffices = true, .wants_body = true, \
		.read = (FUNCTION)                                             \
	}
#define FOR_ALL(FUNCTION)                                                \
	{                                                                \
		[GRAPH_APPLICATION] = READ(GRAPH_APPLICATION, FUNCTION), \
		[GRAPH_PRINCIPAL] = READ(GRAPH_PRINCIPAL, FUNCTION),     \
		[GRAPH_USER] = READ(GRAPH_USER, FUNCTION),               \
		[GRAPH_GROUP] = READ(GRAPH_GROUP, FUNCTION),             \
	}
#define ADD(KIND, PERMIT, FUNCTION)                                         \
	{                                                                   \
		.permission = (PERMIT), .kind = (KIND), .has_object = true, \
		.wants_body = true, .prepare = prepare_reference,           \
		.apply = (FUNCTION)                                         \
	}
#define REMOVE(KIND, PERMIT, FUNCTION)                                      \
	{                                                                   \
		.permission = (PERMIT), .kind = (KIND), .has_object = true, \
		.apply = (FUNCTION)                                         \
	}

const struct graph_operation graph_members_list =
    READ(GRAPH_GROUP, list_members);
const struct graph_operation graph_members_transitive =
    READ(GRAPH_GROUP, list_transitive);
const struct graph_operation graph_member_add =
    ADD(GRAPH_GROUP, PERMIT_DIRECTORY_GROUP_MEMBERS, add_member);
const struct graph_operation graph_member_remove =
    REMOVE(GRAPH_GROUP, PERMIT_DIRECTORY_GROUP_MEMBERS, remove_member);
const struct graph_operation graph_owners_list[GRAPH_KINDS] =
    FOR_ALL(list_owners);
const struct graph_operation graph_owner_add[GRAPH_KINDS] = {
    [GRAPH_APPLICATION] =
	ADD(GRAPH_APPLICATION, PERMIT_APPLICATION_OWNERS, add_owner),
    [GRAPH_PRINCIPAL] =
	ADD(GRAPH_PRINCIPAL, PERMIT_PRINCIPAL_OWNERS, add_owner),
    [GRAPH_GROUP] = ADD(GRAPH_GROUP, PERMIT_DIRECTORY_GROUP_OWNERS, add_owner),
};
const struct graph_operation graph_owner_remove[GRAPH_KINDS] = {
    [GRAPH_APPLICATION] =
	REMOVE(GRAPH_APPLICATION, PERMIT_APPLICATION_OWNERS, remove_owner),
    [GRAPH_PRINCIPAL] =
	REMOVE(GRAPH_PRINCIPAL, PERMIT_PRINCIPAL_OWNERS, remove_owner),
    [GRAPH_GROUP] =
	REMOVE(GRAPH_GROUP, PERMIT_DIRECTORY_GROUP_OWNERS, remove_owner),
};
const struct graph_operation graph_member_of[GRAPH_KINDS] =
    FOR_ALL(list_member_of);
const struct graph_operation graph_transitive_member_of[GRAPH_KINDS] =
    FOR_ALL(list_transitive_member_of);
const struct graph_operation graph_member_groups[GRAPH_KINDS] =
    FOR_ALL(list_member_groups);
const struct graph_operation graph_check_groups[GRAPH_KINDS] = {
    [GRAPH_PRINCIPAL] = ASK(GRAPH_PRINCIPAL, check_member_groups),
    [GRAPH_USER] = ASK(GRAPH_USER, check_member_groups),
    [GRAPH_GROUP] = ASK(GRAPH_GROUP, check_member_groups),
};
const struct graph_operation graph_check_groups_of_any = {
    .permission = PERMIT_DIRECTORY_READ,
    .wants_body = true,
    .read = check_groups_of_any,
};
const struct graph_operation graph_me = {
    .permission = PERMIT_DIRECTORY_READ,
    .read = show_me,
};
const struct graph_operation graph_my_objects = {
    .permission = PERMIT_DIRECTORY_READ,
    .read = list_my_objects,
};
