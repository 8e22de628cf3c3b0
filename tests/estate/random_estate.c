#include "random_estate.h"

#include "estate/builtin.h"

#include <stdio.h>

uint32_t
random_below(struct random *r, uint32_t bound)
{
	r->state ^= r->state << 13;
	r->state ^= r->state >> 7;
	r->state ^= r->state << 17;
	return (uint32_t)((r->state >> 11) % bound);
}

bool
random_chance(struct random *r, uint32_t percent)
{
	return random_below(r, 100) < percent;
}

struct guid
random_guid(struct random *r)
{
	struct guid guid;

	for (size_t i = 0; i < sizeof guid.bytes; i++)
		guid.bytes[i] = (uint8_t)random_below(r, 256);
	return guid;
}

/* What a name can be made of. */
static const char *const words[] = {
    "sales",
    "Gold",
    "sp-data-worker",
    "a|b",
    "`tick`",
    "``",
    "[x](y)",
    "<b>bold</b>",
    "<br/>",
    "<!-- -->",
    "-",
    "--",
    "none",
    "n/a",
    "two words",
    "tr\xc3\xa9s",
    "\xf0\x9f\x94\x91",
    "\"quoted\"",
    "it's",
    "back\\slash",
    "*star*",
    "_under_",
    "&amp;",
    "&#10;",
    "#",
    "1.",
    "a, b; c",
    "x/y",
    "%2F",
    "(in brackets)",
    "line\nbreak",
    "tab\there",
    "All workspaces",
    "Key Vault",
    "~~~",
    "```",
    "{curly}",
    "a@b",
    "/subscriptions/x",
    "https://example.com/x",
    "www.example.com",
    ":---",
    "=",
    "Yes",
};

enum { WORDS = sizeof words / sizeof words[0], NAME_BYTES = 128 };

struct maker {
	struct random r;
	struct builder *b;
	uint32_t names; /* made so far: makes names unique */
	uint32_t origins;
	char name[NAME_BYTES];
	scope_id scopes[64];
	uint32_t scope_count;
	item_id items[16];
	uint32_t item_count;
};

#define PUSH(m, table, ...)                                               \
	do {                                                              \
		if (vector_push(&(m)->b->table, __VA_ARGS__) != ACTAS_OK) \
			(m)->b->error = ACTAS_ENOMEM;                     \
	} while (0)

static struct origin
somewhere(struct maker *m)
{
	return builder_origin(m->b, "random", ++m->origins);
}

/* A name that is this estate's only one. */
static struct slice
numbered_name(struct maker *m)
{
	const char *one = words[random_below(&m->r, WORDS)];
	const char *two = words[random_below(&m->r, WORDS)];

	snprintf(m->name, sizeof m->name, "%s%u%s", one, ++m->names, two);
	return slice_of(m->name);
}

/* The same, most of the time. */
static struct slice
any_name(struct maker *m)
{
	if (random_chance(&m->r, 90))
		return numbered_name(m);
	snprintf(
	    m->name, sizeof m->name, "%s", words[random_below(&m->r, WORDS)]);
	return slice_of(m->name);
}

/* The form that resources of the platform have. */
static struct slice
plain_name(struct maker *m, const char *prefix)
{
	snprintf(m->name, sizeof m->name, "%s-%u", prefix, ++m->names);
	return slice_of(m->name);
}

static string_id
any_text(struct maker *m)
{
	if (random_chance(&m->r, 40))
		return 0;
	return builder_string(m->b, any_name(m));
}

static moment
any_day(struct maker *m)
{
	if (random_chance(&m->r, 40))
		return MOMENT_UNKNOWN;
	return (moment)random_below(&m->r, 2000000000) +
	    (random_chance(&m->r, 50) ? 0 : 86400);
}

static uint8_t
any_tri(struct maker *m)
{
	return (uint8_t)random_below(&m->r, 3);
}

static principal_id
any_principal(struct maker *m)
{
	return random_below(&m->r, m->b->principals.count);
}

static principal_id
maybe_principal(struct maker *m)
{
	return random_chance(&m->r, 40) ? NONE : any_principal(m);
}

static void
make_principal(struct maker *m)
{
	enum principal_kind kind = random_below(&m->r, PRINCIPAL_KINDS);
	bool has_id = random_chance(&m->r, 70);
	principal_id p = builder_principal_new(m->b,
	    !has_id                        ? numbered_name(m)
		: random_chance(&m->r, 90) ? any_name(m)
					   : SLICE(""),
	    kind, somewhere(m));
	struct principal *row;

	if (p == NONE)
		return;
	builder_identify(m->b, p,
	    has_id ? random_guid(&m->r) : (struct guid){0},
	    kind == PRINCIPAL_SERVICE && random_chance(&m->r, 70)
		? random_guid(&m->r)
		: (struct guid){0});
	row = &m->b->principals.at[p];
	row->purpose = any_text(m);
	row->licence = any_text(m);
	if (kind != PRINCIPAL_UNKNOWN)
		row->flags |= PRINCIPAL_DECLARED;
	if (kind == PRINCIPAL_USER) {
		snprintf(
		    m->name, sizeof m->name, "user%u@example.com", ++m->names);
		row->upn = builder_string(m->b, slice_of(m->name));
		if (random_chance(&m->r, 30))
			row->flags |= PRINCIPAL_SERVICE_ACCOUNT;
		else if (random_chance(&m->r, 30))
			row->flags |= PRINCIPAL_HUMAN;
	}
	if (kind == PRINCIPAL_MANAGED_IDENTITY && random_chance(&m->r, 50))
		row->home = builder_string(m->b,
		    SLICE("/subscriptions/s/resourceGroups/g/providers/"
			  "Microsoft.Web/sites/f"));
	if (kind != PRINCIPAL_UNKNOWN && random_chance(&m->r, 10))
		row->flags |= PRINCIPAL_DISABLED;
}

static scope_id
make_scope(struct maker *m, scope_id parent, enum scope_kind kind,
    const char *type, struct slice segment)
{
	scope_id s = builder_scope(
	    m->b, parent, kind, slice_of(type), segment, somewhere(m));

	if (s == NONE)
		return NONE;
	m->b->scopes.at[s].declared = 1;
	if (m->scope_count < sizeof m->scopes / sizeof m->scopes[0])
		m->scopes[m->scope_count++] = s;
	return s;
}

/* Known by a GUID and a display name, or by its name alone. */
static scope_id
make_named(
    struct maker *m, scope_id parent, enum scope_kind kind, const char *type)
{
	char id[GUID_TEXT_LENGTH + 1];
	scope_id s;

	if (random_chance(&m->r, 50))
		return make_scope(m, parent, kind, type, numbered_name(m));
	guid_format(random_guid(&m->r), id);
	s = make_scope(m, parent, kind, type, slice_of(id));
	if (s != NONE)
		m->b->scopes.at[s].name = builder_string(m->b, any_name(m));
	return s;
}

static scope_id
any_scope(struct maker *m)
{
	return m->scope_count == 0
	    ? 0
	    : m->scopes[random_below(&m->r, m->scope_count)];
}

static scope_id
any_scope_of(struct maker *m, enum scope_kind kind)
{
	scope_id found = NONE;

	for (uint32_t i = 0; i < m->scope_count; i++) {
		scope_id s = m->scopes[i];

		if (m->b->scopes.at[s].kind == kind &&
		    (found == NONE || random_chance(&m->r, 40)))
			found = s;
	}
	return found;
}

static void
make_vault(struct maker *m, scope_id parent)
{
	scope_id s =
	    make_scope(m, parent, SCOPE_VAULT, "", plain_name(m, "kv"));
	struct vault *v =
	    s == NONE ? NULL : builder_vault(m->b, s, somewhere(m));
	uint32_t secrets = random_below(&m->r, 4);

	if (v == NULL)
		return;
	v->model = (uint8_t)(MODEL_RBAC + random_below(&m->r, 2));
	v->stated = 1;
	v->purge_protection = any_tri(m);
	v->soft_delete = any_tri(m);
	v->public_access = any_tri(m);
	v->firewall = any_tri(m);
	v->location = any_text(m);
	if (random_chance(&m->r, 30))
		v->tenant = random_guid(&m->r);
	for (uint32_t i = 0; i < secrets; i++) {
		scope_id of = make_scope(m, s, SCOPE_SECRET, "",
		    random_chance(&m->r, 20) ? SLICE("shared-name")
					     : plain_name(m, "secret"));
		struct secret *secret =
		    of == NONE ? NULL : builder_secret(m->b, of, somewhere(m));

		if (secret == NULL)
			return;
		secret->enabled = any_tri(m);
		secret->expires = any_day(m);
		secret->not_before = any_day(m);
		secret->created = any_day(m);
		secret->updated = any_day(m);
		secret->purpose = any_text(m);
		secret->not_secret = random_chance(&m->r, 10);
	}
}

static void
make_item(
    struct maker *m, scope_id parent, enum item_kind kind, const char *type)
{
	scope_id s = make_named(m, parent, SCOPE_ITEM, type);
	item_id i =
	    s == NONE ? NONE : builder_item(m->b, s, kind, somewhere(m));

	if (i == NONE)
		return;
	m->b->items.at[i].owner = maybe_principal(m);
	m->b->items.at[i].modified_by = maybe_principal(m);
	m->b->items.at[i].run_identity = maybe_principal(m);
	if (m->b->items.at[i].run_identity != NONE)
		m->b->items.at[i].run_identity_by = maybe_principal(m);
	if (m->item_count < sizeof m->items / sizeof m->items[0])
		m->items[m->item_count++] = i;
}

static void
make_subscription(struct maker *m, scope_id parent)
{
	char id[GUID_TEXT_LENGTH + 1];
	scope_id sub, group, site, account;

	guid_format(random_guid(&m->r), id);
	sub = make_scope(m, parent, SCOPE_SUBSCRIPTION, "", slice_of(id));
	group = sub == NONE
	    ? NONE
	    : make_scope(m, sub, SCOPE_RESOURCE_GROUP, "", plain_name(m, "rg"));
	if (group == NONE)
		return;
	make_vault(m, group);
	site = make_scope(m, group, SCOPE_RESOURCE, "Microsoft.Web/sites",
	    plain_name(m, "site"));
	if (site != NONE)
		make_scope(m, site, SCOPE_RESOURCE, "Microsoft.Web/sites/slots",
		    plain_name(m, "slot"));
	account = make_scope(
	    m, group, SCOPE_STORAGE_ACCOUNT, "", plain_name(m, "st"));
	if (account != NONE)
		make_scope(m, account, SCOPE_CONTAINER, "",
		    plain_name(m, "container"));
	make_scope(m, group, SCOPE_CAPACITY, "", plain_name(m, "cap"));
}

static void
make_workspace(struct maker *m)
{
	static const struct {
		enum item_kind kind;
		const char *type;
	} kinds[] = {
	    {ITEM_NOTEBOOK, "Notebook"},
	    {ITEM_PIPELINE, "DataPipeline"},
	    {ITEM_WAREHOUSE, "Warehouse"},
	    {ITEM_SEMANTIC_MODEL, ""},
	    {ITEM_OTHER, "Eventstream"},
	};
	scope_id w = make_named(m, 0, SCOPE_WORKSPACE, "");
	uint32_t items = random_below(&m->r, 4);

	for (uint32_t i = 0; w != NONE && i < items; i++) {
		uint32_t k = random_below(&m->r, 5);

		make_item(m, w, kinds[k].kind, kinds[k].type);
	}
}

static void
make_project(struct maker *m)
{
	scope_id org =
	    make_scope(m, 0, SCOPE_ORGANIZATION, "", plain_name(m, "org"));
	scope_id project =
	    org == NONE ? NONE : make_named(m, org, SCOPE_PROJECT, "");
	scope_id s = project == NONE
	    ? NONE
	    : make_named(m, project, SCOPE_CONNECTION, "");
	struct connection *c =
	    s == NONE ? NULL : builder_connection(m->b, s, somewhere(m));

	if (c == NULL)
		return;
	c->principal = maybe_principal(m);
	c->scheme = any_text(m);
	c->purpose = any_text(m);
	c->all_pipelines = any_tri(m);
	c->ready = any_tri(m);
	make_item(m, project, ITEM_DEVOPS_PIPELINE, "Pipeline");
}

static void
make_scopes(struct maker *m)
{
	scope_id group = 0;

	if (random_chance(&m->r, 40)) {
		group = make_scope(
		    m, 0, SCOPE_MANAGEMENT_GROUP, "", plain_name(m, "mg"));
		if (group == NONE)
			return;
	}
	for (uint32_t i = random_below(&m->r, 3); i > 0; i--)
		make_subscription(m, group);
	if (random_chance(&m->r, 40))
		make_vault(m, 0);
	for (uint32_t i = random_below(&m->r, 4); i > 0; i--)
		make_workspace(m);
	for (uint32_t i = random_below(&m->r, 3); i > 0; i--)
		make_project(m);
}

/* Groups that somebody owns. */
static void
make_group_scopes(struct maker *m)
{
	role_id owner =
	    builder_role_by_name(m->b, PLANE_DIRECTORY, SLICE("Group owner"));
	char id[GUID_TEXT_LENGTH + 1];

	for (principal_id p = 0; p < m->b->principals.count; p++) {
		const struct principal *row = &m->b->principals.at[p];

		if (row->kind != PRINCIPAL_GROUP ||
		    guid_is_nil(row->object_id) || random_chance(&m->r, 50))
			continue;
		guid_format(row->object_id, id);
		builder_assign(m->b,
		    &(struct assignment){.principal = any_principal(m),
			.role = owner,
			.scope =
			    make_scope(m, 0, SCOPE_GROUP, "", slice_of(id)),
			.origin = somewhere(m)});
	}
}

static enum plane
plane_of(enum scope_kind kind)
{
	static const uint8_t planes[SCOPE_KINDS] = {
	    [SCOPE_CAPACITY] = PLANE_FABRIC,
	    [SCOPE_WORKSPACE] = PLANE_FABRIC,
	    [SCOPE_ITEM] = PLANE_FABRIC,
	    [SCOPE_ORGANIZATION] = PLANE_DEVOPS,
	    [SCOPE_PROJECT] = PLANE_DEVOPS,
	    [SCOPE_CONNECTION] = PLANE_DEVOPS,
	    [SCOPE_APPLICATION] = PLANE_DIRECTORY,
	    [SCOPE_GROUP] = PLANE_DIRECTORY,
	};

	return planes[kind];
}

static role_id
any_role(struct maker *m, enum plane plane)
{
	for (uint32_t tries = 0; tries < 100000; tries++) {
		role_id r = random_below(&m->r, m->b->roles.count);

		if (m->b->roles.at[r].plane == plane)
			return r;
	}
	return 0;
}

static void
make_assignment(struct maker *m)
{
	struct assignment a = {.principal = any_principal(m),
	    .scope = any_scope(m),
	    .origin = somewhere(m)};
	enum scope_kind kind = m->b->scopes.at[a.scope].kind;
	const struct slice get[] = {SLICE("get"), SLICE("list")};

	if (kind == SCOPE_VAULT && random_chance(&m->r, 30)) {
		a.role =
		    builtin_policy(m->b, get, 1 + any_tri(m) / 2, a.origin);
		if (random_chance(&m->r, 20))
			a.flags = ASSIGNMENT_COMPOUND;
	} else if (kind == SCOPE_VAULT && random_chance(&m->r, 20)) {
		a.role =
		    builtin_claimed(m->b, SLICE("Get Secrets"), kind, a.origin);
	} else {
		a.role = any_role(m, plane_of(kind));
	}
	if (random_chance(&m->r, 50))
		a.id = random_guid(&m->r);
	if (plane_of(kind) == PLANE_AZURE && random_chance(&m->r, 20))
		a.condition = any_text(m);
	if (a.flags == 0 && random_chance(&m->r, 10))
		a.flags = ASSIGNMENT_ELIGIBLE;
	if (a.role != NONE)
		builder_assign(m->b, &a);
}

static void
make_role(struct maker *m)
{
	struct slice actions[] = {SLICE("Microsoft.Web/*"), SLICE("*/read"),
	    SLICE("Microsoft.Custom/it|s/read")};
	struct slice data[] = {SLICE("Microsoft.KeyVault/vaults/secrets/*")};
	struct permission_text text[2] = {
	    {.actions = actions,
		.action_count = 1 + any_tri(m),
		.not_actions = actions,
		.not_action_count = random_below(&m->r, 2)},
	    {.data_actions = data, .data_action_count = 1},
	};

	(void)builder_role(m->b, PLANE_AZURE,
	    random_chance(&m->r, 70) ? random_guid(&m->r) : (struct guid){0},
	    any_name(m), text, 1 + random_below(&m->r, 2), somewhere(m));
}

static void
make_links(struct maker *m)
{
	scope_id secret = any_scope_of(m, SCOPE_SECRET);
	principal_id group = any_principal(m), member = any_principal(m);

	if (m->b->principals.at[group].kind == PRINCIPAL_GROUP &&
	    group != member)
		builder_member(m->b, group, member, somewhere(m));
	if (secret != NONE && random_chance(&m->r, 60))
		PUSH(m, usages, {secret, any_principal(m), NONE, somewhere(m)});
	if (secret != NONE && random_chance(&m->r, 30))
		PUSH(m, sinks,
		    {any_principal(m), secret, 0, NONE, SINK_SECRET, 0,
			somewhere(m)});
	if (m->item_count == 0)
		return;
	if (secret != NONE && random_chance(&m->r, 30))
		PUSH(m, usages, {secret, NONE, m->items[0], somewhere(m)});
	if (random_chance(&m->r, 30))
		PUSH(m, schedules,
		    {m->items[random_below(&m->r, m->item_count)],
			builder_string(m->b, plain_name(m, "nightly")),
			maybe_principal(m), any_tri(m), somewhere(m)});
	if (random_chance(&m->r, 30))
		PUSH(m, needs,
		    {m->items[random_below(&m->r, m->item_count)],
			builder_string(m->b,
			    SLICE("Microsoft.KeyVault/vaults/secrets/"
				  "getSecret/action")),
			any_scope(m), somewhere(m)});
}

static void
make_credential(struct maker *m)
{
	struct credential c = {.principal = any_principal(m),
	    .application = NONE,
	    .kind = (uint8_t)random_below(&m->r, 3),
	    .starts = any_day(m),
	    .ends = any_day(m),
	    .origin = somewhere(m)};

	c.name = builder_string(m->b, plain_name(m, "cred"));
	if (random_chance(&m->r, 60))
		c.key_id = random_guid(&m->r);
	if (c.kind == CREDENTIAL_FEDERATED) {
		c.issuer = builder_string(
		    m->b, SLICE("https://vstoken.dev.azure.com/x"));
		c.subject = builder_string(m->b, SLICE("sc://org/p/c"));
	}
	PUSH(m, credentials, c);
}

static void
make_denial(struct maker *m)
{
	struct slice actions[] = {
	    SLICE("Microsoft.Storage/*"), SLICE("*/delete")};
	struct permission_text text[2] = {
	    {.actions = actions, .action_count = 2},
	    {.data_actions = actions, .data_action_count = 1}};
	struct deny_assignment d = {.scope = any_scope(m),
	    .id = random_guid(&m->r),
	    .name = builder_string(m->b, any_name(m)),
	    .everyone = random_chance(&m->r, 30),
	    .not_for_children = random_chance(&m->r, 30),
	    .origin = somewhere(m)};

	d.principals = m->b->denial_ids.count;
	d.principal_count = d.everyone ? random_below(&m->r, 2) : 1;
	d.excluded = d.principals + d.principal_count;
	d.excluded_count = random_below(&m->r, 2);
	for (uint32_t i = d.principal_count + d.excluded_count; i > 0; i--)
		PUSH(m, denial_ids, any_principal(m));
	d.permission_count = 1 + random_below(&m->r, 2);
	d.permissions = builder_permissions(m->b, text, d.permission_count);
	PUSH(m, denials, d);
}

static void
make_application(struct maker *m, principal_id p)
{
	struct guid id = m->b->principals.at[p].app_id;
	char text[GUID_TEXT_LENGTH + 1];
	uint32_t row;
	scope_id s = NONE;

	if (guid_is_nil(id) || random_chance(&m->r, 50))
		return;
	guid_format(id, text);
	row = builder_application(m->b, id, somewhere(m));
	if (random_chance(&m->r, 60))
		s = make_scope(m, 0, SCOPE_APPLICATION, "", slice_of(text));
	if (row == NONE)
		return;
	m->b->applications.at[row].scope = s;
	m->b->applications.at[row].object_id = random_guid(&m->r);
	m->b->applications.at[row].name = builder_string(m->b, any_name(m));
	PUSH(m, credentials,
	    {.principal = NONE,
		.application = row,
		.name = builder_string(m->b, plain_name(m, "key")),
		.starts = any_day(m),
		.ends = any_day(m),
		.origin = somewhere(m)});
}

static void
make_plan(struct maker *m)
{
	scope_id secret = any_scope_of(m, SCOPE_SECRET);
	uint32_t row = m->b->plans.count;
	struct plan plan = {.principal = any_principal(m),
	    .has_steps = random_chance(&m->r, 60),
	    .origin = somewhere(m)};

	for (uint32_t i = 0; i < row; i++) {
		if (m->b->plans.at[i].principal == plan.principal)
			return;
	}
	if (plan.has_steps) {
		plan.has_verification = random_chance(&m->r, 60);
		plan.deletes_old = random_chance(&m->r, 60);
	}
	PUSH(m, plans, plan);
	if (secret != NONE && random_chance(&m->r, 60))
		PUSH(m, sinks,
		    {plan.principal, secret, 0, row, SINK_SECRET, 0,
			somewhere(m)});
	if (secret != NONE && plan.has_steps)
		PUSH(m, sinks,
		    {plan.principal, secret, 0, row, SINK_SECRET, 1,
			somewhere(m)});
	if (plan.has_verification && m->item_count > 0)
		PUSH(m, verifications, {row, m->items[0], somewhere(m)});
}

static void
make_more(struct maker *m)
{
	scope_id connection = any_scope_of(m, SCOPE_CONNECTION);

	PUSH(m, settings,
	    {builder_string(m->b, plain_name(m, "rule")),
		builder_string(m->b, SLICE("note")),
		builder_string(m->b, any_name(m)), any_text(m), somewhere(m)});
	PUSH(m, sinks,
	    {any_principal(m), NONE, builder_string(m->b, numbered_name(m)),
		NONE, SINK_FILE, 0, somewhere(m)});
	PUSH(m, ownerships,
	    {any_principal(m), NONE, ITEM_SEMANTIC_MODEL, somewhere(m)});
	if (connection != NONE && random_chance(&m->r, 50))
		PUSH(m, sinks,
		    {any_principal(m), connection, 0, NONE, SINK_CONNECTION, 0,
			somewhere(m)});
	if (m->item_count == 0)
		return;
	PUSH(m, ownerships,
	    {any_principal(m), m->b->items.at[m->items[0]].scope,
		m->b->items.at[m->items[0]].kind, somewhere(m)});
	PUSH(m, activities,
	    {m->items[0], m->items[m->item_count - 1], any_text(m),
		maybe_principal(m), somewhere(m)});
	for (uint32_t i = 0; i < m->b->connections.count; i++) {
		if (m->b->connections.at[i].all_pipelines == NO)
			PUSH(m, authorizations,
			    {i, m->items[m->item_count - 1], somewhere(m)});
	}
}

struct estate *
random_estate(uint64_t seed)
{
	struct maker m = {.r = {seed * 2654435761u + 88172645463325252u}};
	struct estate *e;
	uint32_t n;

	m.b = builder_new(NULL);
	if (m.b == NULL)
		return NULL;
	for (n = 1 + random_below(&m.r, 10); n > 0; n--)
		make_principal(&m);
	make_scopes(&m);
	make_group_scopes(&m);
	for (n = random_below(&m.r, 3); n > 0; n--)
		make_role(&m);
	for (n = random_below(&m.r, 12); n > 0; n--)
		make_assignment(&m);
	for (n = random_below(&m.r, 6); n > 0; n--)
		make_links(&m);
	for (n = random_below(&m.r, 3); n > 0; n--)
		make_credential(&m);
	for (n = random_below(&m.r, 3); n > 0; n--)
		make_plan(&m);
	for (n = m.b->principals.count; n > 0; n--)
		make_application(&m, n - 1);
	if (random_chance(&m.r, 30))
		make_denial(&m);
	if (random_chance(&m.r, 50))
		make_more(&m);
	return builder_finish(m.b, &e) == ACTAS_OK ? e : NULL;
}
