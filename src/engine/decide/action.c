#include "engine/decide.h"

#include "engine/decide/wildcard.h"
#include "estate/operations.h"
#include "estate/spelling.h"

#include <stdlib.h>

/*
 * Everything about an action that is text is settled here, once: which roles
 * contain it becomes a bit a role, which deny assignments contain it a list.
 * A role counts if it is of the plane that decides the action. A vault's
 * access policies stand beside Azure's data roles, and the vault says which
 * of the two counts; rights that a page merely claims are of every plane.
 */

/* Planes of operations that actas does not know, by how they begin. */
static const struct {
	const char *prefix;
	uint8_t plane; /* enum plane */
} prefixes[] = {
    {"Microsoft.Fabric/workspaces/", PLANE_FABRIC},
    {"Microsoft.Fabric/connections/", PLANE_FABRIC},
    {"Microsoft.DevOps/projects/", PLANE_DEVOPS},
    {"microsoft.directory/", PLANE_DIRECTORY},
    {"microsoft.powerApps.powerBI/", PLANE_DIRECTORY},
};

static uint8_t
plane_of(const struct action *a)
{
	if (a->operation != NULL)
		return a->operation->plane;
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		if (slice_starts_case(a->name, slice_of(prefixes[i].prefix)))
			return prefixes[i].plane;
	}
	return PLANE_AZURE;
}

/* Namespace.Provider/type/verb: segments of letters, digits and ".-_", at
 * least three, the first with a dot; no wildcard. */
static bool
is_action(struct slice name)
{
	struct slice rest = name, part;
	unsigned parts = 0;

	while (slice_cut(&rest, '/', &part)) {
		if (part.length == 0 ||
		    (parts == 0 && slice_find(part, SLICE(".")) == SIZE_MAX))
			return false;
		for (size_t i = 0; i < part.length; i++) {
			char c = ascii_lower(part.at[i]);

			if (!(c >= 'a' && c <= 'z') &&
			    !(c >= '0' && c <= '9') &&
			    (c == '\0' || strchr(".-_", c) == NULL))
				return false;
		}
		parts++;
	}
	return parts >= 3;
}

static bool
run_matches(const struct estate *e, struct patterns run, struct slice action)
{
	for (uint32_t i = 0; i < run.count; i++) {
		string_id pattern = e->patterns.at[run.from + i];

		if (wildcard_matches_action(estate_text(e, pattern), action))
			return true;
	}
	return false;
}

static bool
permission_contains(
    const struct estate *e, const struct permission *p, const struct action *a)
{
	struct patterns in = a->is_data ? p->data_actions : p->actions;
	struct patterns out = a->is_data ? p->not_data_actions : p->not_actions;

	return run_matches(e, in, a->name) && !run_matches(e, out, a->name);
}

/* Whether a role definition lists the action, letter by letter, as one on
 * data. A wildcard says nothing about what kind an action is. */
static bool
is_listed_as_data(const struct estate *e, struct slice name)
{
	bool as_data = false;

	for (uint32_t i = 0; i < e->permissions.count; i++) {
		const struct permission *p = &e->permissions.at[i];

		for (uint32_t j = 0; j < p->actions.count; j++) {
			if (slice_eq_case(name,
				estate_text(
				    e, e->patterns.at[p->actions.from + j])))
				return false;
		}
		for (uint32_t j = 0; j < p->data_actions.count; j++) {
			if (slice_eq_case(name,
				estate_text(e,
				    e->patterns.at[p->data_actions.from + j])))
				as_data = true;
		}
	}
	return as_data;
}

static bool
is_data_action(
    const struct estate *e, const struct action *a, enum action_class class)
{
	if (class != ACTION_AS_KNOWN)
		return class == ACTION_DATA;
	if (a->operation != NULL)
		return a->operation->is_data;
	return is_listed_as_data(e, a->name);
}

static bool
plane_counts(const struct action *a, uint8_t plane)
{
	return plane == a->plane || plane == PLANE_CLAIMED ||
	    (a->in_vault && plane == PLANE_POLICY);
}

static void
mark_role(const struct estate *e, struct action *a, role_id id)
{
	const struct role *role = &e->roles.at[id];
	uint64_t bit = UINT64_C(1) << (id % 64);

	if (!plane_counts(a, role->plane))
		return;
	for (uint32_t i = 0; i < role->permission_count; i++) {
		const struct permission *p =
		    &e->permissions.at[role->permissions + i];

		if (!permission_contains(e, p, a))
			continue;
		a->matching[id / 64] |= bit;
		if (p->condition == 0)
			a->granting[id / 64] |= bit;
		else
			a->conditional[id / 64] |= bit;
	}
}

static enum actas_error
mark_roles(const struct estate *e, struct action *a)
{
	size_t words = e->roles.count / 64 + 1;

	a->granting = mem_zero(3 * words, sizeof *a->granting);
	if (a->granting == NULL)
		return ACTAS_ENOMEM;
	a->conditional = a->granting + words;
	a->matching = a->conditional + words;
	for (role_id id = 0; id < e->roles.count; id++)
		mark_role(e, a, id);
	return ACTAS_OK;
}

static bool
denial_contains(const struct estate *e, const struct deny_assignment *d,
    const struct action *a)
{
	for (uint32_t i = 0; i < d->permission_count; i++) {
		if (permission_contains(
			e, &e->permissions.at[d->permissions + i], a))
			return true;
	}
	return false;
}

static int
denial_order(const void *x, const void *y, void *context)
{
	const struct deny_assignment *at = context;
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	if (at[a].scope != at[b].scope)
		return at[a].scope < at[b].scope ? -1 : 1;
	return (a > b) - (a < b);
}

static enum actas_error
list_denials(const struct estate *e, struct action *a)
{
	if (e->denials.count == 0 || a->plane != PLANE_AZURE)
		return ACTAS_OK;
	a->denials = mem_zero(e->denials.count, sizeof *a->denials);
	if (a->denials == NULL)
		return ACTAS_ENOMEM;
	for (uint32_t i = 0; i < e->denials.count; i++) {
		if (denial_contains(e, &e->denials.at[i], a))
			a->denials[a->denial_count++] = i;
	}
	qsort_r(a->denials, a->denial_count, sizeof *a->denials, denial_order,
	    (void *)(uintptr_t)e->denials.at);
	return ACTAS_OK;
}

/* The assignments of "everyone" are few; their holder is looked for once. */
static principal_id
find_everyone(const struct estate *e)
{
	principal_id p = estate_by_object_id(e, (struct guid){0});

	if (p == NONE || !(e->principals.at[p].flags & PRINCIPAL_EVERYONE))
		return NONE;
	return p;
}

static const char *const naming[] = {
    "Microsoft.KeyVault/vaults/secrets/setSecret/action",
    "Microsoft.KeyVault/vaults/secrets/restore/action",
};

static void
classify(const struct estate *e, struct action *a, enum action_class class)
{
	a->plane = plane_of(a);
	a->is_data = is_data_action(e, a, class);
	a->in_vault = a->is_data &&
	    slice_starts_case(a->name, SLICE("Microsoft.KeyVault/vaults/"));
	for (size_t i = 0; i < sizeof naming / sizeof *naming; i++)
		a->is_naming =
		    a->is_naming || slice_eq_case(a->name, slice_of(naming[i]));
	a->everyone = find_everyone(e);
}

/* How far a text is from an operation; its end alone may be what is meant. */
static uint32_t
distance(struct slice text, const struct operation *o)
{
	struct slice name = slice_of(o->name);
	uint32_t slack = spelling_slack(text);
	uint32_t far = spelling_distance(text, slice_of(o->alias), slack);
	size_t cut = name.length > text.length ? name.length - text.length : 0;

	if (cut > 0 && name.at[cut - 1] == '/' &&
	    slice_eq_case(slice_from(name, cut), text))
		return 0;
	return far <= slack ? far : UINT32_MAX;
}

static enum actas_error
refuse(struct slice text, struct fault *fault)
{
	const struct operation *near = NULL, *o;
	uint32_t least = UINT32_MAX;

	for (uint32_t i = 0; (o = operation_at(i)) != NULL; i++) {
		uint32_t far = distance(text, o);

		if (far < least) {
			least = far;
			near = o;
		}
	}
	if (near != NULL)
		return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
		    "\"%.*s\" is no action; did you mean %s (%s)?",
		    SLICE_ARGS(text), near->alias, near->name);
	return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
	    "\"%.*s\" is no action: expected a name such as get-secret or one "
	    "of the form Microsoft.Storage/storageAccounts/read",
	    SLICE_ARGS(text));
}

enum actas_error
action_prepare(const struct estate *e, struct slice name,
    enum action_class class, struct action *action, struct fault *fault)
{
	enum actas_error error;

	*action = (struct action){.operation = operation_find(name)};
	action->name = action->operation != NULL
	    ? slice_of(action->operation->name)
	    : name;
	if (!is_action(action->name))
		return refuse(name, fault);
	classify(e, action, class);
	error = mark_roles(e, action);
	if (error == ACTAS_OK)
		error = list_denials(e, action);
	if (error == ACTAS_OK)
		return ACTAS_OK;
	action_release(action);
	return fault_plain(fault, error);
}

void
action_release(struct action *action)
{
	mem_free(action->granting);
	mem_free(action->denials);
	action->granting = action->conditional = action->matching = NULL;
	action->denials = NULL;
	action->denial_count = 0;
}
