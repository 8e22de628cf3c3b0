#include "estate/private.h"

/*
 * Two tables describe all tables: where each lies in the builder, and which
 * of its fields are ids of what. Releasing, counting, validating, renumbering
 * and merging rows are then loops over these descriptions; a new noun costs
 * one line for itself and one for each id that it holds.
 */

static const struct layout {
	const char *name;
	size_t at, size;
} layouts[] = {
#define LAYOUT(name, type) \
	[TABLE_##name] = {#name, offsetof(struct builder, name), sizeof(type)},
    EACH_TABLE(LAYOUT)
#undef LAYOUT
};

struct reference {
	uint8_t table, target;
	uint16_t at;
	bool needed; /* may not be NONE: the row makes no sense without it */
};

#define ID(table, type, field, target)                                      \
	{                                                                   \
		TABLE_##table, TABLE_##target, offsetof(type, field), false \
	}
#define NEEDED(table, type, field, target)                                 \
	{                                                                  \
		TABLE_##table, TABLE_##target, offsetof(type, field), true \
	}
#define TEXT(table, type, field) ID(table, type, field, strings)
#define ORIGIN(table, type)      ID(table, type, origin.file, strings)

static const struct reference references[] = {
    TEXT(principals, struct principal, name),
    TEXT(principals, struct principal, upn),
    TEXT(principals, struct principal, purpose),
    TEXT(principals, struct principal, licence),
    TEXT(principals, struct principal, home),
    ID(principals, struct principal, workspace, scopes),
    ORIGIN(principals, struct principal),
    TEXT(applications, struct application, name),
    ID(applications, struct application, principal, principals),
    ID(applications, struct application, scope, scopes),
    ORIGIN(applications, struct application),
    NEEDED(memberships, struct membership, group, principals),
    NEEDED(memberships, struct membership, member, principals),
    ORIGIN(memberships, struct membership),
    ID(scopes, struct scope, parent, scopes),
    TEXT(scopes, struct scope, segment),
    TEXT(scopes, struct scope, name),
    TEXT(scopes, struct scope, type),
    ORIGIN(scopes, struct scope),
    TEXT(roles, struct role, name),
    TEXT(roles, struct role, description),
    ORIGIN(roles, struct role),
    TEXT(permissions, struct permission, condition),
    {TABLE_patterns, TABLE_strings, 0, true},
    TEXT(denials, struct deny_assignment, name),
    NEEDED(denials, struct deny_assignment, scope, scopes),
    ORIGIN(denials, struct deny_assignment),
    {TABLE_denial_ids, TABLE_principals, 0, true},
    NEEDED(vaults, struct vault, scope, scopes),
    TEXT(vaults, struct vault, location),
    ORIGIN(vaults, struct vault),
    NEEDED(secrets, struct secret, scope, scopes),
    TEXT(secrets, struct secret, purpose),
    ORIGIN(secrets, struct secret),
    ID(usages, struct usage, secret, scopes),
    ID(usages, struct usage, principal, principals),
    ID(usages, struct usage, item, items),
    ORIGIN(usages, struct usage),
    ID(credentials, struct credential, principal, principals),
    ID(credentials, struct credential, application, applications),
    TEXT(credentials, struct credential, name),
    TEXT(credentials, struct credential, issuer),
    TEXT(credentials, struct credential, subject),
    ORIGIN(credentials, struct credential),
    ID(sinks, struct sink, principal, principals),
    ID(sinks, struct sink, scope, scopes),
    TEXT(sinks, struct sink, file),
    ID(sinks, struct sink, plan, plans),
    ORIGIN(sinks, struct sink),
    NEEDED(connections, struct connection, scope, scopes),
    ID(connections, struct connection, principal, principals),
    TEXT(connections, struct connection, scheme),
    TEXT(connections, struct connection, purpose),
    ORIGIN(connections, struct connection),
    ID(authorizations, struct authorization, connection, connections),
    ID(authorizations, struct authorization, item, items),
    ORIGIN(authorizations, struct authorization),
    NEEDED(items, struct item, scope, scopes),
    ID(items, struct item, owner, principals),
    ID(items, struct item, modified_by, principals),
    ID(items, struct item, run_identity, principals),
    ID(items, struct item, run_identity_by, principals),
    ORIGIN(items, struct item),
    ID(schedules, struct schedule, item, items),
    TEXT(schedules, struct schedule, name),
    ID(schedules, struct schedule, updated_by, principals),
    ORIGIN(schedules, struct schedule),
    ID(activities, struct activity, parent, items),
    ID(activities, struct activity, child, items),
    TEXT(activities, struct activity, name),
    ID(activities, struct activity, identity, principals),
    ORIGIN(activities, struct activity),
    ID(needs, struct need, item, items),
    TEXT(needs, struct need, action),
    ID(needs, struct need, scope, scopes),
    ORIGIN(needs, struct need),
    ID(ownerships, struct ownership, principal, principals),
    ID(ownerships, struct ownership, scope, scopes),
    ORIGIN(ownerships, struct ownership),
    ID(listings, struct listing, principal, principals),
    ID(listings, struct listing, scope, scopes),
    ORIGIN(listings, struct listing),
    ID(claims, struct claim, listing, listings),
    ID(claims, struct claim, principal, principals),
    ID(claims, struct claim, role, roles),
    ID(claims, struct claim, scope, scopes),
    ID(claims, struct claim, assignment, grants),
    TEXT(claims, struct claim, text),
    TEXT(claims, struct claim, purpose),
    ORIGIN(claims, struct claim),
    ID(policies, struct policy, principal, principals),
    ID(policies, struct policy, role, roles),
    ID(policies, struct policy, scope, scopes),
    TEXT(policies, struct policy, text),
    ORIGIN(policies, struct policy),
    ID(plans, struct plan, principal, principals),
    ORIGIN(plans, struct plan),
    ID(plans, struct plan, steps.file, strings),
    ID(plans, struct plan, verification.file, strings),
    ID(verifications, struct verification, plan, plans),
    ID(verifications, struct verification, item, items),
    ORIGIN(verifications, struct verification),
    TEXT(settings, struct setting, rule),
    TEXT(settings, struct setting, severity),
    TEXT(settings, struct setting, subject),
    TEXT(settings, struct setting, reason),
    ORIGIN(settings, struct setting),
    TEXT(problems, struct problem, message),
    TEXT(problems, struct problem, subject),
    ORIGIN(problems, struct problem),
    ID(problems, struct problem, other.file, strings),
};

/* Fields of the rows that describe a scope which are no ids. A moment that
 * nobody said is MOMENT_UNKNOWN, anything else is zero. */
static const struct plain {
	uint8_t table;
	uint8_t size;
	uint16_t at;
} plains[] = {
#define PLAIN(table, type, field)                             \
	{                                                     \
		TABLE_##table, sizeof(((type *)NULL)->field), \
		    offsetof(type, field)                     \
	}
    PLAIN(vaults, struct vault, model),
    PLAIN(vaults, struct vault, stated),
    PLAIN(vaults, struct vault, purge_protection),
    PLAIN(vaults, struct vault, soft_delete),
    PLAIN(vaults, struct vault, public_access),
    PLAIN(vaults, struct vault, firewall),
    PLAIN(vaults, struct vault, tenant),
    PLAIN(secrets, struct secret, enabled),
    PLAIN(secrets, struct secret, not_secret),
    PLAIN(secrets, struct secret, expires),
    PLAIN(secrets, struct secret, not_before),
    PLAIN(secrets, struct secret, created),
    PLAIN(secrets, struct secret, updated),
    PLAIN(connections, struct connection, all_pipelines),
    PLAIN(connections, struct connection, ready),
    PLAIN(items, struct item, kind),
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* Every VECTOR is laid out alike: elements, count, capacity. */
struct any_vector {
	void *at;
	uint32_t count, capacity;
};

static struct any_vector
vector_of(const struct builder *b, enum table_id table)
{
	struct any_vector v;

	memcpy(&v, (const char *)b + layouts[table].at, sizeof v);
	return v;
}

struct rows
table_rows(const struct builder *b, enum table_id table)
{
	struct any_vector v = vector_of(b, table);

	return (struct rows){v.at, v.count, layouts[table].size};
}

const char *
table_name(enum table_id table)
{
	return table < TABLES        ? layouts[table].name
	    : table == TABLE_strings ? "strings"
				     : "assignments";
}

void
tables_release(struct builder *b)
{
#define RELEASE(name, type) vector_release(&b->name);
	EACH_TABLE(RELEASE)
#undef RELEASE
	strings_release(&b->strings);
}

void
tables_trim(struct builder *b)
{
#define TRIM(name, type) vector_trim(&b->name);
	EACH_TABLE(TRIM)
#undef TRIM
}

size_t
tables_memory(const struct builder *b)
{
	size_t sum = strings_memory(&b->strings);

	for (size_t i = 0; i < TABLES; i++)
		sum +=
		    vector_of(b, (enum table_id)i).capacity * layouts[i].size;
	return sum;
}

void
tables_remap(struct builder *b, enum table_id target, const uint32_t *map)
{
	for (size_t i = 0; i < COUNT_OF(references); i++) {
		const struct reference *r = &references[i];
		struct rows rows = table_rows(b, r->table);

		for (uint32_t k = 0; r->target == target && k < rows.count;
		     k++) {
			char *field = rows.at + k * rows.size + r->at;
			uint32_t id;

			memcpy(&id, field, sizeof id);
			if (id != NONE)
				memcpy(field, &map[id], sizeof id);
		}
	}
}

void
table_keep(struct builder *b, enum table_id table, const uint32_t *stays,
    const uint32_t *map)
{
	struct any_vector v = vector_of(b, table);
	size_t size = layouts[table].size;
	uint32_t rows = v.count;

	v.count = 0;
	for (uint32_t r = 0; r < rows; r++)
		if (stays[r] == r)
			memmove((char *)v.at + v.count++ * size,
			    (char *)v.at + r * size, size);
	memcpy((char *)b + layouts[table].at, &v, sizeof v);
	tables_remap(b, table, map);
}

static bool
is_unsaid(const char *field, size_t size, uint32_t unsaid)
{
	static const char zero[sizeof(struct guid)];
	moment when;

	if (size == sizeof unsaid)
		return memcmp(field, &unsaid, size) == 0;
	if (size != sizeof when)
		return memcmp(field, zero, size) == 0;
	memcpy(&when, field, sizeof when);
	return when == MOMENT_UNKNOWN;
}

static bool
merge_field(char *into, const char *from, size_t size, uint32_t unsaid)
{
	if (is_unsaid(from, size, unsaid))
		return true;
	if (!is_unsaid(into, size, unsaid))
		return memcmp(into, from, size) == 0;
	memcpy(into, from, size);
	return true;
}

/* The rows' scope is not compared: it is why they are merged. Nor is where
 * they come from. */
static bool
is_place(const struct reference *r, size_t origin)
{
	return r->target == TABLE_scopes || r->at == origin;
}

static size_t
origin_of(enum table_id table)
{
	static const uint16_t at[TABLES] = {
	    [TABLE_vaults] = offsetof(struct vault, origin),
	    [TABLE_secrets] = offsetof(struct secret, origin),
	    [TABLE_connections] = offsetof(struct connection, origin),
	    [TABLE_items] = offsetof(struct item, origin),
	};

	return at[table];
}

bool
table_merge(
    const struct builder *b, enum table_id table, uint32_t into, uint32_t from)
{
	struct rows rows = table_rows(b, table);
	char *to = rows.at + into * rows.size;
	const char *source = rows.at + from * rows.size;
	bool agree = true;

	for (size_t i = 0; i < COUNT_OF(references); i++) {
		const struct reference *r = &references[i];

		if (r->table == table && !is_place(r, origin_of(table)))
			agree &= merge_field(to + r->at, source + r->at,
			    sizeof(uint32_t),
			    r->target == TABLE_strings ? 0 : NONE);
	}
	for (size_t i = 0; i < COUNT_OF(plains); i++)
		if (plains[i].table == table)
			agree &= merge_field(to + plains[i].at,
			    source + plains[i].at, plains[i].size, 0);
	return agree;
}

static uint32_t
count_of(const struct builder *b, enum table_id target, uint32_t assignments)
{
	if (target == TABLE_strings)
		return b->strings.texts.count + 1;
	if (target == TABLE_grants)
		return assignments;
	return vector_of(b, target).count;
}

static enum actas_error
check_reference(const struct builder *b, const struct reference *r,
    uint32_t bound, struct fault *fault)
{
	struct rows rows = table_rows(b, r->table);

	for (uint32_t k = 0; k < rows.count; k++) {
		uint32_t id;

		memcpy(&id, rows.at + k * rows.size + r->at, sizeof id);
		if (id >= bound &&
		    (id != NONE || r->needed || r->target == TABLE_strings))
			return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
			    "row %u of %s, byte %u: %u is none of the %u %s", k,
			    table_name(r->table), r->at, id, bound,
			    table_name(r->target));
	}
	return ACTAS_OK;
}

/* A run of rows: where it starts, how many. */
static bool
run_fits(uint32_t from, uint32_t count, uint32_t rows)
{
	return from <= rows && count <= rows - from;
}

static bool
patterns_fit(const struct permission *p, uint32_t rows)
{
	return run_fits(p->actions.from, p->actions.count, rows) &&
	    run_fits(p->not_actions.from, p->not_actions.count, rows) &&
	    run_fits(p->data_actions.from, p->data_actions.count, rows) &&
	    run_fits(p->not_data_actions.from, p->not_data_actions.count, rows);
}

static bool
denial_fits(const struct builder *b, const struct deny_assignment *d)
{
	return run_fits(
		   d->permissions, d->permission_count, b->permissions.count) &&
	    run_fits(d->principals, d->principal_count, b->denial_ids.count) &&
	    run_fits(d->excluded, d->excluded_count, b->denial_ids.count);
}

static bool
runs_fit(const struct builder *b)
{
	for (uint32_t i = 0; i < b->permissions.count; i++)
		if (!patterns_fit(&b->permissions.at[i], b->patterns.count))
			return false;
	for (uint32_t i = 0; i < b->roles.count; i++)
		if (!run_fits(b->roles.at[i].permissions,
			b->roles.at[i].permission_count, b->permissions.count))
			return false;
	for (uint32_t i = 0; i < b->denials.count; i++)
		if (!denial_fits(b, &b->denials.at[i]))
			return false;
	return true;
}

enum actas_error
tables_check(const struct builder *b, uint32_t assignments, struct fault *fault)
{
	for (size_t i = 0; i < COUNT_OF(references); i++) {
		enum actas_error error = check_reference(b, &references[i],
		    count_of(b, references[i].target, assignments), fault);

		if (error != ACTAS_OK)
			return error;
	}
	if (!runs_fit(b))
		return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
		    "a run of patterns, permissions or principals passes the "
		    "end of its table");
	return ACTAS_OK;
}
