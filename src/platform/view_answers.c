#include "platform/view_private.h"

#include <errno.h>

/*
 * A state written as what Azure's services would answer.
 *
 * The table says which entities are a list of which request. Where the
 * request is about something ("groups/{id}/members"), the keys behind the
 * kind begin with it, so that what belongs to one answer stands together in
 * the state. Values are copied as they are, without being parsed, wherever
 * the service shows what is stored: making the live estate of many
 * assignments is one pass over their bytes. Answers are cut into pages, since
 * whoever reads them bounds an element.
 */

enum { CHUNK_BYTES = 64 << 10, PAGE_BYTES = 4 << 20 };

#define GRAPH "graph.microsoft.com/v1.0/"
#define ARM   "management.azure.com/"

struct list {
	enum entity kind;
	bool full_only;
	/* Of all entities of the kind together, or NULL: */
	const char *request;
	/* What the key's next part is about: writes the request; false where
	 * the answer is left out. */
	bool (*name)(struct answers *a, struct slice group);
	bool (*admits)(struct answers *a, const struct entry *e);
	/* NULL: the value as it is. */
	void (*write)(struct answers *a, const struct entry *e);
	bool is_body; /* the entity is the answer and no element of it */
};

/* --- small helpers --- */

static void
stick(struct answers *a, enum actas_error error)
{
	if (a->error == ACTAS_OK)
		a->error = error;
}

/* Adds JSON to the text; takes the reference. */
static void
add_json(struct answers *a, json_t *value)
{
	char *text = value == NULL ? NULL : json_dumps(value, JSON_COMPACT);

	if (text == NULL)
		stick(a, ACTAS_ENOMEM);
	else
		buffer_puts(&a->text, text);
	mem_free(text);
	json_decref(value);
}

/* A value of the state, which is JSON: NULL is lack of memory. */
static json_t *
parse(struct answers *a, struct slice value)
{
	json_t *parsed = entity_parse(value);

	if (parsed == NULL)
		stick(a, ACTAS_ENOMEM);
	return parsed;
}

/* The same of a key; NULL also where there is none. */
static json_t *
get(struct answers *a, struct slice key)
{
	struct slice value;

	return key.length > 0 && state_get(a->state, key, &value)
	    ? parse(a, value)
	    : NULL;
}

/* The key behind "kind/". */
static struct slice
tail_of(struct slice key)
{
	size_t slash = slice_find(key, SLICE("/"));

	return slash == SIZE_MAX ? SLICE("") : slice_from(key, slash + 1);
}

static struct slice
group_of(struct slice key)
{
	struct slice rest = tail_of(key), group;

	(void)slice_cut(&rest, '/', &group);
	return group;
}

static bool
is_object(const struct answers *a, enum entity kind, struct slice id)
{
	struct entity_text text;

	return entity_exists(
	    a->state, entity_key(&text, kind, id, SLICE(""), SLICE("")));
}

static bool
includes(struct answers *a, const struct entry *e)
{
	json_t *value;
	bool yes;

	if (a->filter == NULL)
		return true;
	value = parse(a, e->value);
	yes = value != NULL &&
	    a->filter->includes(
		a->filter->context, entity_kind(e->key), e->key, value);
	json_decref(value);
	return yes;
}

/* --- the directory --- */

static void
write_tenant(struct answers *a, const struct entry *e)
{
	json_t *tenant = parse(a, e->value);

	add_json(a,
	    json_pack("{s:O*, s:O*, s:[{s:O*, s:b}]}", "id",
		json_object_get(tenant, "id"), "displayName",
		json_object_get(tenant, "displayName"), "verifiedDomains",
		"name", json_object_get(tenant, "domain"), "isDefault", 1));
	json_decref(tenant);
}

static const struct {
	const char *kind, *list;
	const char *const *fields; /* those that may be shown */
} credential_kinds[] = {
    {"secret", "passwordCredentials",
	(const char *const[]){"displayName", "startDateTime", "endDateTime",
	    "hint", "customKeyIdentifier", NULL}},
    {"certificate", "keyCredentials",
	(const char *const[]){"displayName", "startDateTime", "endDateTime",
	    "customKeyIdentifier", "usage", "type", NULL}},
};
enum { CREDENTIAL_LISTS = 2 };

static json_t *
shown_credential(
    struct slice key, const json_t *stored, const char *const *fields)
{
	struct slice id = entity_last(key);
	json_t *shown = json_pack("{s:s%}", "keyId", id.at, id.length);

	for (; shown != NULL && *fields != NULL; fields++)
		if (json_object_get(stored, *fields) != NULL &&
		    json_object_set(shown, *fields,
			json_object_get(stored, *fields)) != 0) {
			json_decref(shown);
			shown = NULL;
		}
	return shown;
}

static void
add_credential(struct answers *a, const struct entry *e,
    json_t *const lists[static CREDENTIAL_LISTS])
{
	json_t *stored = parse(a, e->value);
	const char *kind = json_string_value(json_object_get(stored, "kind"));

	for (size_t i = 0; i < CREDENTIAL_LISTS && kind != NULL; i++)
		if (strcmp(kind, credential_kinds[i].kind) == 0 &&
		    json_array_append_new(lists[i],
			shown_credential(
			    e->key, stored, credential_kinds[i].fields)) != 0)
			stick(a, ACTAS_ENOMEM);
	json_decref(stored);
}

/* An application or service principal with its credentials, as Graph shows
 * it. */
static void
write_holder(struct answers *a, const struct entry *e)
{
	json_t *holder = parse(a, e->value);
	json_t *lists[CREDENTIAL_LISTS] = {json_array(), json_array()};
	struct entity_text text;
	struct state_walk walk;
	struct entry each;

	state_walk_prefix(&walk, a->state,
	    entity_prefix(
		&text, ENTITY_CREDENTIAL, entity_last(e->key), SLICE("")));
	while (a->error == ACTAS_OK && state_walk_next(&walk, &each))
		if (includes(a, &each))
			add_credential(a, &each, lists);
	for (size_t i = 0; i < CREDENTIAL_LISTS; i++)
		if (json_object_set_new(
			holder, credential_kinds[i].list, lists[i]) != 0)
			stick(a, ACTAS_ENOMEM);
	add_json(a, holder);
}

static bool
name_members(struct answers *a, struct slice group)
{
	buffer_addf(
	    &a->request, GRAPH "groups/%.*s/members", SLICE_ARGS(group));
	return is_object(a, ENTITY_GROUP, group);
}

/* Members and owners are known by their ids; the directory lists them. */
static void
write_reference(struct answers *a, const struct entry *e)
{
	buffer_addf(
	    &a->text, "{\"id\":\"%.*s\"}", SLICE_ARGS(entity_last(e->key)));
}

static bool
name_owners(struct answers *a, struct slice group)
{
	static const struct {
		enum entity kind;
		const char *list;
	} owned[] = {
	    {ENTITY_APPLICATION, "applications"},
	    {ENTITY_SERVICE_PRINCIPAL, "servicePrincipals"},
	    {ENTITY_GROUP, "groups"},
	};

	for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) {
		if (!is_object(a, owned[i].kind, group))
			continue;
		buffer_addf(&a->request, GRAPH "%s/%.*s/owners", owned[i].list,
		    SLICE_ARGS(group));
		return true;
	}
	return false;
}

/* The resource of a managed identity, or "". */
static void
find_home(struct answers *a, struct slice id)
{
	struct entity_text text;
	json_t *holder = get(a,
	    entity_key(
		&text, ENTITY_SERVICE_PRINCIPAL, id, SLICE(""), SLICE("")));
	json_t *name;
	size_t i;

	json_array_foreach(json_object_get(holder, "alternativeNames"), i, name)
	{
		struct slice home = slice_of(json_string_value(name));

		if (slice_starts_case(home, SLICE("/subscriptions/")) &&
		    a->about.length == 0)
			buffer_add(&a->about, home);
	}
	json_decref(holder);
}

static bool
name_federated(struct answers *a, struct slice group)
{
	if (is_object(a, ENTITY_APPLICATION, group)) {
		buffer_addf(&a->request,
		    GRAPH "applications/%.*s/federatedIdentityCredentials",
		    SLICE_ARGS(group));
		return true;
	}
	find_home(a, group);
	buffer_addf(&a->request,
	    "management.azure.com%s/federatedIdentityCredentials",
	    buffer_text(&a->about));
	return a->about.length > 0;
}

/* That of a managed identity is a resource below it. */
static void
write_federated(struct answers *a, const struct entry *e)
{
	json_t *stored;
	const char *name;

	if (a->about.length == 0) {
		buffer_add(&a->text, e->value);
		return;
	}
	stored = parse(a, e->value);
	name = json_string_value(json_object_get(stored, "name"));
	add_json(a,
	    json_pack("{s:o, s:s*, s:s, s:{s:O*, s:O*, s:O*}}", "id",
		json_sprintf("%s/federatedIdentityCredentials/%s",
		    buffer_text(&a->about), name == NULL ? "" : name),
		"name", name, "type",
		"Microsoft.ManagedIdentity/userAssignedIdentities/"
		"federatedIdentityCredentials",
		"properties", "issuer", json_object_get(stored, "issuer"),
		"subject", json_object_get(stored, "subject"), "audiences",
		json_object_get(stored, "audiences")));
	json_decref(stored);
}

/* --- resources --- */

static bool
name_resource_groups(struct answers *a, struct slice group)
{
	buffer_addf(&a->request, ARM "subscriptions/%.*s/resourcegroups",
	    SLICE_ARGS(group));
	return true;
}

/* User-assigned identities say who they are; other resources only that they
 * are there. */
static bool
is_identity(struct answers *a ACTAS_UNUSED, const struct entry *e)
{
	struct slice rest = e->key;
	size_t at = slice_find(rest,
	    SLICE("/providers/microsoft.managedidentity/"
		  "userassignedidentities/"));

	if (at == SIZE_MAX)
		return false;
	rest = slice_from(rest, at + 1);
	for (int i = 0; i < 3; i++)
		rest = tail_of(rest);
	return slice_find(rest, SLICE("/")) == SIZE_MAX;
}

static bool
is_other_resource(struct answers *a, const struct entry *e)
{
	return !is_identity(a, e);
}

/* --- secrets --- */

static bool
is_live_secret(struct answers *a, const struct entry *e)
{
	json_t *secret = parse(a, e->value);
	bool live = json_object_get(secret, "deletedDate") == NULL;

	json_decref(secret);
	return live;
}

/* Deleted vaults are none. */
static bool
name_secrets(struct answers *a, struct slice group)
{
	struct entity_text text;
	json_t *vault = get(
	    a, entity_key(&text, ENTITY_VAULT, group, SLICE(""), SLICE("")));
	const char *name = json_string_value(json_object_get(vault, "name"));

	if (name != NULL)
		buffer_puts(&a->about, name);
	else
		buffer_add(&a->about, group);
	buffer_addf(&a->request, "https://%s.vault.azure.net/secrets",
	    buffer_text(&a->about));
	json_decref(vault);
	return vault != NULL;
}

static json_t *
newest_version(struct answers *a, struct slice vault, struct slice name)
{
	struct entity_text text;
	json_t *current =
	    get(a, entity_key(&text, ENTITY_CURRENT, vault, name, SLICE("")));
	struct slice version =
	    slice_of(json_string_value(json_object_get(current, "version")));
	json_t *found = entity_get(
	    a->state, entity_key(&text, ENTITY_VERSION, vault, name, version));

	json_decref(current);
	return found;
}

static void
write_secret(struct answers *a, const struct entry *e)
{
	struct slice name = entity_last(e->key);
	json_t *secret = parse(a, e->value);
	json_t *version = newest_version(a, a->group, name);
	json_t *attributes = json_object_get(version, "attributes");
	const char *spelled =
	    json_string_value(json_object_get(secret, "name"));
	struct buffer id = {0};

	buffer_addf(
	    &id, "https://%s.vault.azure.net/secrets/", buffer_text(&a->about));
	buffer_add(&id, spelled != NULL ? slice_of(spelled) : name);
	stick(a, id.error);
	add_json(a,
	    json_pack("{s:s, s:o, s:O*, s:O*}", "id", buffer_text(&id),
		"attributes",
		attributes != NULL ? json_incref(attributes) : json_object(),
		"contentType", json_object_get(version, "contentType"), "tags",
		json_object_get(version, "tags")));
	buffer_release(&id);
	json_decref(version);
	json_decref(secret);
}

/* --- what is not served yet --- */

static bool
name_answer(struct answers *a, struct slice group ACTAS_UNUSED)
{
	buffer_add(&a->request, tail_of(a->entry.key));
	return true;
}

/* --- the table --- */

static const struct list lists[] = {
    {.kind = ENTITY_TENANT,
	.request = GRAPH "organization",
	.write = write_tenant},
    {.kind = ENTITY_USER, .request = GRAPH "users"},
    {.kind = ENTITY_GROUP, .request = GRAPH "groups"},
    {.kind = ENTITY_APPLICATION,
	.request = GRAPH "applications",
	.write = write_holder},
    {.kind = ENTITY_SERVICE_PRINCIPAL,
	.request = GRAPH "servicePrincipals",
	.write = write_holder},
    {.kind = ENTITY_MEMBER, .name = name_members, .write = write_reference},
    {.kind = ENTITY_OWNER, .name = name_owners, .write = write_reference},
    {.kind = ENTITY_FEDERATED,
	.full_only = true,
	.name = name_federated,
	.write = write_federated},
    {.kind = ENTITY_DIRECTORY_ROLE,
	.request = GRAPH "roleManagement/directory/roleAssignments"},
    {.kind = ENTITY_MANAGEMENT_GROUP,
	.request = ARM "providers/Microsoft.Management/managementGroups"},
    {.kind = ENTITY_SUBSCRIPTION, .request = ARM "subscriptions"},
    {.kind = ENTITY_RESOURCE_GROUP, .name = name_resource_groups},
    {.kind = ENTITY_RESOURCE,
	.request =
	    ARM "providers/Microsoft.ManagedIdentity/userAssignedIdentities",
	.admits = is_identity},
    {.kind = ENTITY_RESOURCE,
	.request = ARM "resources",
	.admits = is_other_resource},
    {.kind = ENTITY_VAULT,
	.request = ARM "providers/Microsoft.KeyVault/vaults"},
    {.kind = ENTITY_SECRET,
	.full_only = true,
	.name = name_secrets,
	.admits = is_live_secret,
	.write = write_secret},
    {.kind = ENTITY_ROLE,
	.request = ARM "providers/Microsoft.Authorization/roleDefinitions"},
    {.kind = ENTITY_ASSIGNMENT,
	.request = ARM "providers/Microsoft.Authorization/roleAssignments"},
    {.kind = ENTITY_DENY,
	.request = ARM "providers/Microsoft.Authorization/denyAssignments"},
    {.kind = ENTITY_ANSWER, .name = name_answer, .is_body = true},
};
enum { LISTS = sizeof lists / sizeof *lists };

/* --- one after the other --- */

static const struct list *
at_hand(const struct answers *a)
{
	return &lists[a->list - 1];
}

/* The next entity of the kind that is let through. */
static void
advance(struct answers *a)
{
	const struct list *list = at_hand(a);

	do
		a->has_entry = state_walk_next(&a->walk, &a->entry);
	while (a->has_entry &&
	    ((list->admits != NULL && !list->admits(a, &a->entry)) ||
		!includes(a, &a->entry)));
}

static bool
begin_list(struct answers *a)
{
	struct slice prefix;

	do {
		if (a->list == LISTS)
			return false;
		a->list++;
	} while (a->extent == VIEW_LIVE && at_hand(a)->full_only);
	prefix = at_hand(a)->kind == ENTITY_TENANT
	    ? SLICE("tenant")
	    : entity_prefix(&a->prefix, at_hand(a)->kind, SLICE(""), SLICE(""));
	state_walk_prefix(&a->walk, a->listed, prefix);
	advance(a);
	return true;
}

static bool
is_in_group(const struct answers *a)
{
	return a->has_entry &&
	    (at_hand(a)->name == NULL ||
		slice_eq(group_of(a->entry.key), a->group));
}

static void
write_entry(struct answers *a)
{
	const struct list *list = at_hand(a);
	bool plain = list->write == NULL ||
	    (list->write == write_holder && a->extent == VIEW_LIVE);

	if (plain)
		buffer_add(&a->text, a->entry.value);
	else
		list->write(a, &a->entry);
	advance(a);
	a->elements++;
}

/* More bytes of the answer at hand. */
static void
fill(struct answers *a)
{
	bool is_body = at_hand(a)->is_body;

	buffer_clear(&a->text);
	a->given = 0;
	if (is_body) {
		write_entry(a);
		a->ended = true;
		return;
	}
	if (a->elements == 0)
		buffer_puts(&a->text, "{\"value\":[");
	while (is_in_group(a) && a->text.length < CHUNK_BYTES &&
	    a->bytes + a->text.length < PAGE_BYTES && a->error == ACTAS_OK) {
		if (a->elements > 0)
			buffer_putc(&a->text, ',');
		write_entry(a);
	}
	a->bytes += a->text.length;
	a->ended = !is_in_group(a) || a->bytes >= PAGE_BYTES;
	if (a->ended)
		buffer_puts(&a->text, "]}");
}

static enum actas_error
read_answer(struct reader *r, void *into, size_t size, size_t *got)
{
	struct answers *a =
	    (struct answers *)((char *)r - offsetof(struct answers, reader));
	size_t left;

	if (a->given == a->text.length && !a->ended)
		fill(a);
	stick(a, a->text.error);
	if (a->error != ACTAS_OK) {
		errno = ENOMEM;
		return ACTAS_EIO;
	}
	left = a->text.length - a->given;
	*got = left < size ? left : size;
	if (*got > 0)
		memcpy(into, a->text.at + a->given, *got);
	a->given += *got;
	return ACTAS_OK;
}

static bool
begin_answer(struct answers *a)
{
	const struct list *list = at_hand(a);
	bool named = true;

	buffer_clear(&a->request);
	buffer_clear(&a->about);
	a->group = group_of(a->entry.key);
	if (list->name != NULL)
		named = list->name(a, a->group);
	else
		buffer_puts(&a->request, list->request);
	stick(a, a->request.error);
	stick(a, a->about.error);
	buffer_clear(&a->text);
	a->given = a->bytes = 0;
	a->elements = 0;
	a->ended = false;
	return named;
}

static bool
next_answer(
    struct source_answers *from, struct slice *request, struct reader **body)
{
	struct answers *a = (struct answers *)from;

	while (a->error == ACTAS_OK) {
		if (!a->has_entry) {
			if (!begin_list(a))
				return false;
			continue;
		}
		if (begin_answer(a))
			break;
		while (is_in_group(a))
			advance(a);
	}
	if (a->error != ACTAS_OK)
		return false;
	*request = buffer_slice(&a->request);
	a->reader = (struct reader){.read = read_answer,
	    .name = buffer_text(&a->request),
	    .descriptor = -1};
	*body = &a->reader;
	return true;
}

void
answers_init(struct answers *a, const struct state *s, enum view_extent extent,
    const struct view_filter *filter)
{
	*a = (struct answers){.at = {next_answer},
	    .state = s,
	    .listed = s,
	    .extent = extent,
	    .filter = filter};
}

void
answers_release(struct answers *a)
{
	buffer_release(&a->request);
	buffer_release(&a->about);
	buffer_release(&a->text);
}

/* --- all of them as one --- */

static bool
append_answer(json_t *all, struct slice request, struct slice body)
{
	json_t *value = json_loadb(body.at, body.length, JSON_DECODE_ANY, NULL);

	return value != NULL &&
	    json_array_append_new(all,
		json_pack("{s:s%, s:o}", "request", request.at, request.length,
		    "body", value)) == 0;
}

json_t *
view_answers(const struct state *s, const struct view_filter *filter)
{
	json_t *all = json_array();
	struct buffer body = {0};
	struct slice request;
	struct reader *reader;
	struct answers a;
	bool fine = all != NULL;

	answers_init(&a, s, VIEW_FULL, filter);
	while (fine && a.at.next(&a.at, &request, &reader)) {
		buffer_clear(&body);
		fine = reader_all(reader, &body, SIZE_MAX, NULL) == ACTAS_OK &&
		    append_answer(all, request, buffer_slice(&body));
	}
	if (!fine || a.error != ACTAS_OK) {
		json_decref(all);
		all = NULL;
	}
	answers_release(&a);
	buffer_release(&body);
	return all;
}

static enum actas_error
read_all(struct builder *b, struct answers *a, struct fault *fault)
{
	enum actas_error error = source_read_answers(b, &a->at, fault);

	if (a->error != ACTAS_OK) {
		/* To the reader it was a failure to read. */
		error = a->error;
		if (fault != NULL)
			*fault = (struct fault){0};
	}
	answers_release(a);
	return error == ACTAS_OK ? ACTAS_OK : fault_plain(fault, error);
}

enum actas_error
view_read_live(struct builder *b, const struct state *s,
    const struct state *listed, struct fault *fault)
{
	struct answers a;

	answers_init(&a, s, VIEW_LIVE, NULL);
	a.listed = listed;
	return read_all(b, &a, fault);
}

enum actas_error
view_make_estate(const struct state *s, enum view_extent extent,
    const struct view_filter *filter, struct estate **estate,
    struct fault *fault)
{
	struct builder *b = builder_new(fault);
	enum actas_error error;
	struct answers a;

	*estate = NULL;
	if (b == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	answers_init(&a, s, extent, filter);
	error = read_all(b, &a, fault);
	if (error == ACTAS_OK)
		error = builder_finish(b, estate);
	else
		builder_free(b);
	return error == ACTAS_OK ? ACTAS_OK : fault_plain(fault, error);
}
