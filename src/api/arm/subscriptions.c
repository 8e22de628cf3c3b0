#include "api/arm/operations.h"

/*
 * The tenant and its subscriptions. A subscription is shown to whoever holds
 * a role that reads anything in it, at whatever scope: that is how Azure
 * lists them, and what a client needs to work in one resource group of it.
 */

/* --- tenants --- */

static void
read_tenants(struct arm_call *c)
{
	struct entity_text text;
	json_t *tenant = entity_get(arm_state(c),
	    entity_key(&text, ENTITY_TENANT, SLICE(""), SLICE(""), SLICE("")));
	struct slice name = arm_text(tenant, "displayName");
	struct slice domain = arm_text(tenant, "domain");
	char id[GUID_TEXT_LENGTH + 1];

	guid_format(exchange_platform(c->x)->tenant, id);
	arm_reply(c, 200,
	    json_pack("{s:[{s:o, s:s, s:s, s:o, s:o, s:[o], s:s}]}", "value",
		"id", json_sprintf("/tenants/%s", id), "tenantId", id,
		"tenantCategory", "Home", "displayName", arm_json_text(name),
		"defaultDomain", arm_json_text(domain), "domains",
		arm_json_text(domain), "tenantType", "AAD"));
	json_decref(tenant);
}

const struct arm_operation arm_tenants = {
    .permission = PERMITS,
    .cut = 1,
    .read = read_tenants,
};

/* --- subscriptions --- */

/* As stored, and what a client looks for besides. */
static json_t *
show(const struct arm_call *c, json_t *stored, struct slice id)
{
	char tenant[GUID_TEXT_LENGTH + 1];
	json_t *defaults;

	guid_format(exchange_platform(c->x)->tenant, tenant);
	defaults = json_pack(
	    "{s:o, s:o, s:s, s:o, s:s, s:s, s:[], s:{s:s, s:s, s:s}}", "id",
	    json_sprintf("/subscriptions/%.*s", SLICE_ARGS(id)),
	    "subscriptionId", arm_json_text(id), "tenantId", tenant,
	    "displayName", arm_json_text(id), "state", "Enabled",
	    "authorizationSource", "RoleBased", "managedByTenants",
	    "subscriptionPolicies", "locationPlacementId", "Public_2014-09-01",
	    "quotaId", "PayAsYouGo_2014-09-01", "spendingLimit", "Off");
	if (stored == NULL || defaults == NULL ||
	    json_object_update_missing(stored, defaults) != 0) {
		json_decref(stored);
		stored = NULL;
	}
	json_decref(defaults);
	return stored;
}

static bool
sees_subscription(struct arm_call *c, struct slice id)
{
	const char *path =
	    arena_printf(&c->x->arena, "/subscriptions/%.*s", SLICE_ARGS(id));
	bool exact = false;
	scope_id s;

	if (path == NULL)
		return false;
	if (arm_may(c, PERMIT_SUBSCRIPTION_READ, slice_of(path)))
		return true;
	s = arm_find_scope(c, slice_of(path), &exact);
	return exact && arm_sees_into(c, s);
}

static void
read_subscriptions(struct arm_call *c)
{
	struct slice prefix = SLICE("subscription/");
	json_t *value = json_array();
	struct state_walk w;
	struct entry entry;
	size_t count;

	state_walk_prefix(&w, arm_state(c), prefix);
	while (state_walk_next(&w, &entry)) {
		struct slice id = entity_last(entry.key);

		if (sees_subscription(c, id))
			(void)json_array_append_new(
			    value, show(c, entity_parse(entry.value), id));
	}
	count = json_array_size(value);
	arm_reply(c, 200,
	    json_pack("{s:o, s:{s:s, s:I}}", "value", value, "count", "type",
		"Total", "value", (json_int_t)count));
}

const struct arm_operation arm_subscriptions = {
    .permission = PERMITS,
    .cut = 1,
    .read = read_subscriptions,
};

bool
arm_must_see(struct arm_call *c)
{
	if (c->scope.kind == ARM_ROOT)
		return true;
	if (c->scope.kind != ARM_SUBSCRIPTION) {
		arm_refuse(c, 404, "NotFound", "There is no such resource.");
		return false;
	}
	if (c->allowed || sees_subscription(c, c->scope.subscription))
		return arm_must_exist(c, &c->scope);
	arm_deny_call(c, c->scope.path);
	return false;
}

static void
read_subscription(struct arm_call *c)
{
	struct entity_text text;

	if (arm_must_see(c))
		arm_reply(c, 200,
		    show(c, entity_get(arm_state(c), arm_key(&text, &c->scope)),
			c->scope.subscription));
}

const struct arm_operation arm_subscription = {
    .permission = PERMIT_SUBSCRIPTION_READ,
    .filters = true,
    .read = read_subscription,
};

/* --- locations --- */

static const struct {
	const char *name, *display, *group;
} locations[] = {
    {"australiaeast", "Australia East", "Asia Pacific"},
    {"australiasoutheast", "Australia Southeast", "Asia Pacific"},
    {"austriaeast", "Austria East", "Europe"},
    {"brazilsouth", "Brazil South", "South America"},
    {"canadacentral", "Canada Central", "Canada"},
    {"canadaeast", "Canada East", "Canada"},
    {"centralindia", "Central India", "Asia Pacific"},
    {"centralus", "Central US", "US"},
    {"eastasia", "East Asia", "Asia Pacific"},
    {"eastus", "East US", "US"},
    {"eastus2", "East US 2", "US"},
    {"francecentral", "France Central", "Europe"},
    {"germanywestcentral", "Germany West Central", "Europe"},
    {"israelcentral", "Israel Central", "Middle East"},
    {"italynorth", "Italy North", "Europe"},
    {"japaneast", "Japan East", "Asia Pacific"},
    {"japanwest", "Japan West", "Asia Pacific"},
    {"koreacentral", "Korea Central", "Asia Pacific"},
    {"mexicocentral", "Mexico Central", "Mexico"},
    {"newzealandnorth", "New Zealand North", "Asia Pacific"},
    {"northcentralus", "North Central US", "US"},
    {"northeurope", "North Europe", "Europe"},
    {"norwayeast", "Norway East", "Europe"},
    {"polandcentral", "Poland Central", "Europe"},
    {"qatarcentral", "Qatar Central", "Middle East"},
    {"southafricanorth", "South Africa North", "Africa"},
    {"southcentralus", "South Central US", "US"},
    {"southeastasia", "Southeast Asia", "Asia Pacific"},
    {"southindia", "South India", "Asia Pacific"},
    {"spaincentral", "Spain Central", "Europe"},
    {"swedencentral", "Sweden Central", "Europe"},
    {"switzerlandnorth", "Switzerland North", "Europe"},
    {"uaenorth", "UAE North", "Middle East"},
    {"uksouth", "UK South", "UK"},
    {"ukwest", "UK West", "UK"},
    {"westcentralus", "West Central US", "US"},
    {"westeurope", "West Europe", "Europe"},
    {"westus", "West US", "US"},
    {"westus2", "West US 2", "US"},
    {"westus3", "West US 3", "US"},
};

/* Only names: nothing here runs anywhere. A resource may also be at any other
 * location, whose name is then the operator's own. */
static void
read_locations(struct arm_call *c)
{
	json_t *value = json_array();

	if (!arm_must_see(c)) {
		json_decref(value);
		return;
	}
	for (size_t i = 0; i < sizeof locations / sizeof *locations; i++)
		(void)json_array_append_new(value,
		    json_pack("{s:o, s:s, s:s, s:s, s:s, s:{s:s, s:s, s:s}}",
			"id",
			json_sprintf("/subscriptions/%.*s/locations/%s",
			    SLICE_ARGS(c->scope.subscription),
			    locations[i].name),
			"name", locations[i].name, "type", "Region",
			"displayName", locations[i].display,
			"regionalDisplayName", locations[i].display, "metadata",
			"regionType", "Physical", "regionCategory",
			"Recommended", "geographyGroup", locations[i].group));
	arm_reply_list(c, value);
}

const struct arm_operation arm_locations = {
    .permission = PERMIT_SUBSCRIPTION_READ,
    .cut = 1,
    .is_list = true,
    .filters = true,
    .read = read_locations,
};
