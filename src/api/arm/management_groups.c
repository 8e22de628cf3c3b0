#include "api/arm/operations.h"
#include "api/arm/page.h"

/*
 * Management groups: read and listed. They come with an import.
 */

#define READ "Microsoft.Management/managementGroups/read"

static json_t *
show(struct arm_call *c, json_t *stored, bool with_children)
{
	json_t *properties = arm_properties(stored);
	char tenant[GUID_TEXT_LENGTH + 1];

	guid_format(exchange_platform(c->x)->tenant, tenant);
	(void)arm_set(properties, "tenantId", json_string(tenant));
	(void)arm_set(stored, "type",
	    json_string("Microsoft.Management/managementGroups"));
	if (!with_children)
		(void)json_object_del(properties, "children");
	return stored;
}

static void
read_groups(struct arm_call *c)
{
	struct arm_page page;
	struct state_walk w;
	struct entry entry;

	if (!arm_page_begin(c, &page))
		return;
	state_walk_prefix(&w, arm_state(c), SLICE("management-group/"));
	while (!page.more && state_walk_next(&w, &entry)) {
		json_t *group;

		if (arm_page_is_past(&page, entry.key))
			continue;
		group = entity_parse(entry.value);
		if ((c->allowed ||
			arm_may_act(c, READ, arm_text(group, "id"))) &&
		    arm_page_has_room(&page))
			arm_page_add(&page, entry.key, show(c, group, false));
		else
			json_decref(group);
	}
	arm_page_end(c, &page);
}

/* Whoever sees none gets an empty list, as in Azure. */
const struct arm_operation arm_management_groups = {
    .permission = PERMITS,
    .action = READ,
    .cut = 3,
    .is_list = true,
    .filters = true,
    .read = read_groups,
};

static void
read_group(struct arm_call *c)
{
	struct slice expand = exchange_query(c->x, "$expand", NULL);
	bool with_children =
	    slice_find_case(expand, SLICE("children")) != SIZE_MAX;

	if (arm_must_exist(c, &c->scope))
		arm_reply(c, 200,
		    show(c, arm_get_scope(c, &c->scope), with_children));
}

const struct arm_operation arm_management_group = {
    .permission = PERMITS,
    .action = READ,
    .read = read_group,
};
