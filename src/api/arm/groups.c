#include "api/arm/filter.h"
#include "api/arm/operations.h"
#include "api/arm/page.h"
#include "api/arm/resources.h"

/*
 * Resource groups. Deleting one deletes what is in it, as Azure does: vaults
 * are soft-deleted, identities lose their service principal, and all role
 * assignments at the group or below it go.
 */

static json_t *
show(json_t *group)
{
	json_t *properties =
	    json_pack("{s:s}", "provisioningState", "Succeeded");

	if (group == NULL || properties == NULL ||
	    !arm_set(group, "type",
		json_string("Microsoft.Resources/resourceGroups")) ||
	    json_object_set(group, "properties", properties) != 0) {
		json_decref(group);
		group = NULL;
	}
	json_decref(properties);
	return group;
}

static bool
is_in_filter(const struct arm_filter *filter, const json_t *group)
{
	const struct arm_clause *name =
	    arm_filter_find(filter, "tagName", false);
	const struct arm_clause *value =
	    arm_filter_find(filter, "tagValue", false);
	json_t *tag, *tags = arm_member(group, "tags");
	struct buffer key = {0};

	if (name == NULL)
		return true;
	buffer_add(&key, name->value);
	tag = arm_member(tags, buffer_text(&key));
	buffer_release(&key);
	return tag != NULL &&
	    (value == NULL ||
		slice_eq(slice_of(json_string_value(tag)), value->value));
}

/* --- list --- */

static void
prepare_list(struct arm_call *c)
{
	struct arm_filter *filter = arena_zero(&c->x->arena, 1, sizeof *filter);

	c->work = filter;
	if (filter == NULL ||
	    arm_filter_parse(&c->x->arena,
		exchange_query(c->x, "$filter", NULL), filter) != ACTAS_OK)
		arm_refuse(c, 400, "InvalidFilterInQueryString",
		    "Invalid $filter in the query string. Resource groups are "
		    "filtered by tagName and tagValue.");
}

static void
add_group(struct arm_call *c, struct arm_page *page, const struct entry *entry)
{
	json_t *group;
	struct slice id;

	if (arm_page_is_past(page, entry->key))
		return;
	group = entity_parse(entry->value);
	id = arm_text(group, "id");
	if (is_in_filter(c->work, group) &&
	    (c->allowed || arm_may(c, PERMIT_GROUP_READ, id)) &&
	    arm_page_has_room(page))
		arm_page_add(page, entry->key, show(group));
	else
		json_decref(group);
}

static void
read_groups(struct arm_call *c)
{
	struct entity_text text;

	arm_page_visible(c,
	    entity_prefix(
		&text, ENTITY_RESOURCE_GROUP, c->scope.subscription, SLICE("")),
	    add_group);
}

const struct arm_operation arm_groups = {
    .permission = PERMIT_GROUP_READ,
    .cut = 1,
    .is_list = true,
    .filters = true,
    .prepare = prepare_list,
    .read = read_groups,
};

/* --- one --- */

static void
read_group(struct arm_call *c)
{
	if (!arm_must_exist(c, &c->scope))
		return;
	arm_reply(c, 200, show(arm_get_scope(c, &c->scope)));
	if (c->x->method == HTTP_HEAD && c->status == 200) {
		json_decref(c->reply);
		c->reply = NULL;
		c->status = 204;
	}
}

const struct arm_operation arm_group = {
    .permission = PERMIT_GROUP_READ,
    .read = read_group,
};

/* --- put --- */

enum { GROUP_NAME_BYTES = 90, GROUP_TAGS = 50 };

struct group_body {
	struct slice location;
	json_t *tags;
};

static void
check_name(struct arm_call *c)
{
	struct slice name = c->scope.group;
	bool sound =
	    name.length <= GROUP_NAME_BYTES && name.at[name.length - 1] != '.';

	for (size_t i = 0; i < name.length; i++) {
		unsigned char u = (unsigned char)name.at[i];
		char low = ascii_lower((char)u);

		sound = sound &&
		    (u >= 0x80 || (low >= 'a' && low <= 'z') ||
			(u >= '0' && u <= '9') || strchr("-_.()", u) != NULL);
	}
	if (!sound)
		arm_refuse(c, 400, "InvalidResourceGroup",
		    "The provided resource group name '%.*s' has these invalid "
		    "characters or a length over %d. The name can only be a "
		    "letter, digit, '-', '.', '(', ')' or '_', and does not "
		    "end with a period.",
		    SLICE_ARGS(name), GROUP_NAME_BYTES);
}

static void
prepare_put(struct arm_call *c)
{
	json_t *tags;

	check_name(c);
	if (c->x->method == HTTP_PUT)
		(void)arm_location(c);
	tags = arm_tags(c, GROUP_TAGS);
	json_decref(tags);
}

static json_t *
make_group(struct arm_call *c)
{
	struct slice location = arm_location(c);

	return json_pack("{s:o, s:o, s:s, s:o}", "id",
	    json_sprintf("/subscriptions/%.*s/resourceGroups/%.*s",
		SLICE_ARGS(c->scope.subscription), SLICE_ARGS(c->scope.group)),
	    "name", arm_json_text(c->scope.group), "type",
	    "Microsoft.Resources/resourceGroups", "location",
	    arm_json_text(location));
}

static enum actas_error
put_group(struct arm_call *c, struct writes *writes)
{
	struct arm_scope above = {
	    .kind = ARM_SUBSCRIPTION, .subscription = c->scope.subscription};
	struct entity_text text;
	json_t *group;
	bool is_new;

	if (!arm_must_exist(c, &above))
		return ACTAS_EUSAGE;
	group = arm_get_scope(c, &c->scope);
	is_new = group == NULL;
	if (is_new && c->x->method == HTTP_PATCH) {
		(void)arm_must_exist(c, &c->scope);
		return ACTAS_EUSAGE;
	}
	if (is_new)
		group = make_group(c);
	else if (c->x->method == HTTP_PUT &&
	    !arm_keep_location(c, group, &c->scope))
		goto out;
	if (is_new || c->x->method == HTTP_PUT ||
	    arm_member(c->body, "tags") != NULL)
		(void)arm_set(group, "tags", arm_tags(c, GROUP_TAGS));
	entity_put(writes, arm_key(&text, &c->scope), group);
	arm_reply(c, is_new ? 201 : 200, show(json_incref(group)));
out:
	json_decref(group);
	return ACTAS_OK;
}

const struct arm_operation arm_group_put = {
    .permission = PERMIT_GROUP_WRITE,
    .wants_body = true,
    .prepare = prepare_put,
    .apply = put_group,
};

/* --- delete --- */

static enum actas_error
delete_group(struct arm_call *c, struct writes *writes)
{
	struct entity_text text;
	enum actas_error error;

	if (!arm_must_exist(c, &c->scope))
		return ACTAS_EUSAGE;
	error = arm_delete_resources(c, writes);
	if (error != ACTAS_OK)
		return error;
	arm_drop_assignments(c, c->scope.path, writes);
	writes_remove(writes, arm_key(&text, &c->scope));
	c->status = 200;
	return ACTAS_OK;
}

const struct arm_operation arm_group_delete = {
    .permission = PERMIT_GROUP_DELETE,
    .apply = delete_group,
};
