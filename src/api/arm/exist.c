#include "api/arm/arm.h"

/*
 * What is there. Asked only after the decision.
 */

static bool
is_vault(struct slice type)
{
	return slice_eq_case(type, SLICE("Microsoft.KeyVault/vaults"));
}

struct slice
arm_key(struct entity_text *text, const struct arm_scope *s)
{
	struct slice none = SLICE("");

	switch (s->kind) {
	case ARM_MANAGEMENT_GROUP:
		return entity_key(
		    text, ENTITY_MANAGEMENT_GROUP, s->name, none, none);
	case ARM_SUBSCRIPTION:
		return entity_key(
		    text, ENTITY_SUBSCRIPTION, s->subscription, none, none);
	case ARM_GROUP:
		return entity_key(text, ENTITY_RESOURCE_GROUP, s->subscription,
		    s->group, none);
	case ARM_RESOURCE:
		if (is_vault(s->type))
			return entity_key(
			    text, ENTITY_VAULT, s->name, none, none);
		return entity_key(text, ENTITY_RESOURCE, s->path, none, none);
	case ARM_ROOT:
		break;
	}
	return none;
}

/* A vault's name is unique in the world, so its key says nothing of where it
 * is: its id does. */
json_t *
arm_get_scope(struct arm_call *c, const struct arm_scope *s)
{
	struct entity_text text;
	json_t *entity = entity_get(arm_state(c), arm_key(&text, s));

	if (entity != NULL && s->kind == ARM_RESOURCE &&
	    !slice_eq_case(arm_text(entity, "id"), s->path)) {
		json_decref(entity);
		return NULL;
	}
	return entity;
}

static bool
is_there(struct arm_call *c, const struct arm_scope *s)
{
	json_t *entity = arm_get_scope(c, s);

	json_decref(entity);
	return entity != NULL;
}

static bool
must_have_subscription(struct arm_call *c, const struct arm_scope *s)
{
	struct arm_scope subscription = {
	    .kind = ARM_SUBSCRIPTION, .subscription = s->subscription};

	if (s->subscription.length == 0 || is_there(c, &subscription))
		return true;
	arm_refuse(c, 404, "SubscriptionNotFound",
	    "The subscription '%.*s' could not be found.",
	    SLICE_ARGS(s->subscription));
	return false;
}

static bool
must_have_group(struct arm_call *c, const struct arm_scope *s)
{
	struct arm_scope group = {.kind = ARM_GROUP,
	    .subscription = s->subscription,
	    .group = s->group};

	if (s->group.length == 0 || is_there(c, &group))
		return true;
	arm_refuse(c, 404, "ResourceGroupNotFound",
	    "Resource group '%.*s' could not be found.", SLICE_ARGS(s->group));
	return false;
}

void
arm_refuse_missing(struct arm_call *c, const struct arm_scope *s)
{
	arm_refuse(c, 404, "ResourceNotFound",
	    "The Resource '%.*s/%.*s' under resource group '%.*s' was not "
	    "found. For more details please go to "
	    "https://aka.ms/ARMResourceNotFoundFix",
	    SLICE_ARGS(s->type), SLICE_ARGS(s->name),
	    SLICE_ARGS(s->group.length == 0 ? SLICE("<null>") : s->group));
}

bool
arm_must_exist(struct arm_call *c, const struct arm_scope *s)
{
	struct arm_scope top = *s;

	if (s->kind == ARM_MANAGEMENT_GROUP && !is_there(c, s)) {
		arm_refuse(c, 404, "NotFound",
		    "'/providers/Microsoft.Management/managementGroups/%.*s' "
		    "not found",
		    SLICE_ARGS(s->name));
		return false;
	}
	if (!must_have_subscription(c, s) || !must_have_group(c, s))
		return false;
	if (s->kind != ARM_RESOURCE)
		return true;
	top.path = s->top;
	top.type = s->top_type;
	top.name = s->top_name;
	if (is_there(c, &top))
		return true;
	arm_refuse_missing(c, &top);
	return false;
}

/* What is stored may be written as people do ("West Europe"). */
static bool
is_same_location(struct slice stored, struct slice folded)
{
	size_t n = 0;

	for (size_t i = 0; i < stored.length; i++) {
		if (stored.at[i] == ' ')
			continue;
		if (n == folded.length ||
		    ascii_lower(stored.at[i]) != folded.at[n])
			return false;
		n++;
	}
	return n == folded.length;
}

bool
arm_keep_location(
    struct arm_call *c, const json_t *stored, const struct arm_scope *s)
{
	struct slice asked = arm_location(c);
	struct slice has = arm_text(stored, "location");

	if (arm_is_refused(c) || is_same_location(has, asked))
		return !arm_is_refused(c);
	if (s->kind == ARM_GROUP)
		arm_refuse(c, 409, "InvalidResourceGroupLocation",
		    "Invalid resource group location '%.*s'. The Resource "
		    "group already exists in location '%.*s'.",
		    SLICE_ARGS(asked), SLICE_ARGS(has));
	else
		arm_refuse(c, 409, "InvalidResourceLocation",
		    "The resource '%.*s' already exists in location '%.*s' in "
		    "resource group '%.*s'. A resource with the same name "
		    "cannot be created in location '%.*s'. Please select a "
		    "new resource name.",
		    SLICE_ARGS(s->name), SLICE_ARGS(has), SLICE_ARGS(s->group),
		    SLICE_ARGS(asked));
	return false;
}

/* --- what goes with a scope --- */

/* As deep as the tree, which is bounded (LIMIT_SCOPE_DEPTH). */
static void
drop_below(const struct estate *e, scope_id s, struct writes *writes)
{
	struct ids at = estate_assignments_at(e, s);
	struct ids children = estate_children(e, s);
	struct entity_text text;

	for (uint32_t i = 0; i < at.count; i++) {
		struct guid id = e->assignment_ids[at.at[i]];

		if (!guid_is_nil(id))
			writes_remove(writes,
			    entity_guid_key(&text, ENTITY_ASSIGNMENT, id));
	}
	for (uint32_t i = 0; i < children.count; i++)
		drop_below(e, children.at[i], writes);
}

void
arm_drop_assignments(
    struct arm_call *c, struct slice path, struct writes *writes)
{
	bool exact;
	scope_id s = arm_find_scope(c, path, &exact);

	if (exact)
		drop_below(arm_estate(c), s, writes);
}
