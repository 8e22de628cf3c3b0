#include "engine/decide.h"

#include "estate/names.h"
#include "estate/operations.h"

/*
 * Whether a question makes sense: the scope must be of the kind that the
 * action acts on, or lie on the way up from it, where a grant reaches down to
 * it. Asked elsewhere, every answer would be untrue: "denied" sounds as if a
 * grant could help, and what it would name grants nothing there.
 */

#define KIND(k) (UINT32_C(1) << SCOPE_##k)

enum {
	TENANT = KIND(ROOT),
	TO_SUBSCRIPTION = TENANT | KIND(MANAGEMENT_GROUP) | KIND(SUBSCRIPTION),
	TO_GROUP = TO_SUBSCRIPTION | KIND(RESOURCE_GROUP),
	IN_VAULT = TO_GROUP | KIND(VAULT) | KIND(SECRET),
	IN_ACCOUNT =
	    TO_GROUP | KIND(STORAGE_ACCOUNT) | KIND(CONTAINER) | KIND(BLOB),
	RESOURCES = TO_GROUP | KIND(RESOURCE) | KIND(CAPACITY),
	ANY_AZURE = RESOURCES | IN_VAULT | IN_ACCOUNT,
	TO_WORKSPACE = TENANT | KIND(CAPACITY) | KIND(WORKSPACE),
	TO_PROJECT = TENANT | KIND(ORGANIZATION) | KIND(PROJECT),
	IN_FABRIC = TO_WORKSPACE | KIND(ITEM) | KIND(CONNECTION),
	IN_DEVOPS = TO_PROJECT | KIND(ITEM) | KIND(CONNECTION),
};

/* By whose roles decide, and what the operation acts on. */
static const struct {
	uint8_t plane, acts_on;
	uint32_t kinds;
} known[] = {
    {PLANE_AZURE, SCOPE_ROOT, TENANT},
    {PLANE_AZURE, SCOPE_SUBSCRIPTION, TO_SUBSCRIPTION},
    {PLANE_AZURE, SCOPE_RESOURCE_GROUP, TO_GROUP},
    {PLANE_AZURE, SCOPE_VAULT, IN_VAULT},
    {PLANE_AZURE, SCOPE_SECRET, IN_VAULT},
    {PLANE_AZURE, SCOPE_STORAGE_ACCOUNT, IN_ACCOUNT},
    {PLANE_AZURE, SCOPE_CONTAINER, IN_ACCOUNT},
    {PLANE_FABRIC, SCOPE_CAPACITY, TENANT | KIND(CAPACITY)},
    {PLANE_FABRIC, SCOPE_WORKSPACE, TO_WORKSPACE},
    {PLANE_FABRIC, SCOPE_ITEM, TO_WORKSPACE | KIND(ITEM)},
    {PLANE_FABRIC, SCOPE_CONNECTION, TENANT | KIND(CONNECTION)},
    {PLANE_DEVOPS, SCOPE_PROJECT, TO_PROJECT},
    {PLANE_DEVOPS, SCOPE_ITEM, TO_PROJECT | KIND(ITEM)},
    {PLANE_DEVOPS, SCOPE_CONNECTION, TO_PROJECT | KIND(CONNECTION)},
    {PLANE_DIRECTORY, SCOPE_ROOT, TENANT},
    {PLANE_DIRECTORY, SCOPE_APPLICATION, TENANT | KIND(APPLICATION)},
    {PLANE_DIRECTORY, SCOPE_GROUP, TENANT | KIND(GROUP)},
};

/* Azure's own providers, where the operation does not say it. */
static const struct {
	const char *prefix;
	uint32_t kinds;
} providers[] = {
    {"Microsoft.KeyVault/vaults/", IN_VAULT},
    {"Microsoft.Storage/storageAccounts/", IN_ACCOUNT},
    {"Microsoft.ManagedIdentity/", RESOURCES},
    {"Microsoft.Web/", RESOURCES},
    {"Microsoft.Compute/", RESOURCES},
};

static uint32_t
kinds_by_provider(struct slice action)
{
	for (size_t i = 0; i < sizeof providers / sizeof *providers; i++) {
		if (slice_starts_case(action, slice_of(providers[i].prefix)))
			return providers[i].kinds;
	}
	return ANY_AZURE;
}

static uint32_t
kinds_of(const struct action *a)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (a->operation != NULL && known[i].plane == a->plane &&
		    known[i].acts_on == a->operation->scope_kind)
			return known[i].kinds;
	}
	switch ((enum plane)a->plane) {
	case PLANE_FABRIC:
		return IN_FABRIC;
	case PLANE_DEVOPS:
		return IN_DEVOPS;
	case PLANE_DIRECTORY:
		return TENANT | KIND(APPLICATION) | KIND(GROUP);
	case PLANE_AZURE:
	case PLANE_POLICY:
	case PLANE_CLAIMED:
	case PLANES:
		break;
	}
	return kinds_by_provider(a->name);
}

/* Items and connections are of Fabric or of Azure DevOps, by where they lie;
 * where the source does not say, they may be of either. */
static bool
is_of_other_plane(const struct estate *e, const struct action *a, scope_id s)
{
	uint8_t kind = e->scopes.at[s].kind;
	bool in_project = estate_enclosing(e, s, SCOPE_PROJECT) != NONE;

	if (kind != SCOPE_ITEM && kind != SCOPE_CONNECTION)
		return false;
	if (a->plane == PLANE_FABRIC)
		return in_project;
	return kind == SCOPE_ITEM &&
	    estate_enclosing(e, s, SCOPE_WORKSPACE) != NONE;
}

/* "a vault or a secret": the narrowest kinds, which are the last ones. */
static void
write_kinds(uint32_t kinds, struct buffer *out)
{
	uint32_t narrow = kinds & ~(uint32_t)TO_GROUP;
	bool first = true;

	if (kinds == ANY_AZURE) {
		buffer_addf(out, "Azure's resources");
		return;
	}
	for (uint8_t k = 0; k < SCOPE_KINDS; k++) {
		const char *name = scope_kind_name((enum scope_kind)k);

		if (((narrow != 0 ? narrow : kinds) >> k & 1) == 0)
			continue;
		buffer_addf(out, "%sa%s %s", first ? "" : " or ",
		    strchr("aio", name[0]) != NULL ? "n" : "", name);
		first = false;
	}
}

enum actas_error
action_check_scope(const struct estate *e, const struct action *a, scope_id s,
    struct fault *fault)
{
	uint32_t kinds = kinds_of(a);
	uint8_t kind = e->scopes.at[s].kind;
	struct buffer text = {0};
	enum actas_error error;

	if ((kinds >> kind & 1) != 0 && !is_of_other_plane(e, a, s))
		return ACTAS_OK;
	estate_write_scope(e, s, &text);
	buffer_addf(&text, " is a %s, and %.*s acts on ",
	    scope_kind_name((enum scope_kind)kind), SLICE_ARGS(a->name));
	write_kinds(kinds, &text);
	error = text.error;
	if (error == ACTAS_OK)
		error = fault_set(fault, ACTAS_EUSAGE, NULL, 0, "%.*s",
		    SLICE_ARGS(buffer_slice(&text)));
	else
		error = fault_plain(fault, error);
	buffer_release(&text);
	return error;
}
