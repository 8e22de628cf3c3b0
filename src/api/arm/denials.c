#include "api/arm/filter.h"
#include "api/arm/operations.h"
#include "api/arm/page.h"

/*
 * Deny assignments, which only Azure itself makes: read, not written.
 */

/* At the scope or above it; below it too, but for atScope(). */
static bool
is_shown(struct arm_call *c, const json_t *denial)
{
	const struct arm_filter *filter = c->work;
	const struct arm_clause *name =
	    arm_filter_find(filter, "denyAssignmentName", false);
	const json_t *said = arm_properties(denial);
	struct slice scope = arm_text(said, "scope");
	bool exact, exact_here;
	const struct estate *e = arm_estate(c);
	scope_id there = arm_find_scope(c, scope, &exact);
	scope_id here = arm_find_scope(c, c->scope.path, &exact_here);

	if (name != NULL &&
	    !slice_eq_case(name->value, arm_text(said, "denyAssignmentName")))
		return false;
	if (exact && estate_is_within(e, here, there))
		return true;
	return exact_here && estate_is_within(e, there, here) &&
	    arm_filter_find(filter, "atScope", true) == NULL;
}

static void
prepare_list(struct arm_call *c)
{
	struct slice text = exchange_query(c->x, "$filter", NULL);
	struct arm_filter *filter = arena_zero(&c->x->arena, 1, sizeof *filter);

	c->work = filter;
	if (filter == NULL ||
	    arm_filter_parse(&c->x->arena, text, filter) != ACTAS_OK)
		arm_refuse(c, 400, "BadRequest",
		    "The filter '%.*s' is not supported.",
		    SLICE_ARGS(slice_sub(text, 0, 256)));
}

static void
read_denials(struct arm_call *c)
{
	struct arm_page page;
	struct state_walk w;
	struct entry entry;

	if (!arm_must_exist(c, &c->scope) || !arm_page_begin(c, &page))
		return;
	state_walk_prefix(&w, arm_state(c), SLICE("deny/"));
	while (!page.more && state_walk_next(&w, &entry)) {
		json_t *denial;

		if (arm_page_is_past(&page, entry.key))
			continue;
		denial = entity_parse(entry.value);
		if (is_shown(c, denial) && arm_page_has_room(&page))
			arm_page_add(&page, entry.key, denial);
		else
			json_decref(denial);
	}
	arm_page_end(c, &page);
}

const struct arm_operation arm_denials = {
    .permission = PERMIT_DENY_READ,
    .cut = 3,
    .is_list = true,
    .prepare = prepare_list,
    .read = read_denials,
};

static void
read_denial(struct arm_call *c)
{
	struct entity_text text;
	json_t *found = NULL;
	struct guid id;

	if (guid_parse(c->name, &id))
		found = entity_get(
		    arm_state(c), entity_guid_key(&text, ENTITY_DENY, id));
	if (found != NULL &&
	    slice_eq_case(
		arm_text(arm_properties(found), "scope"), c->scope.path)) {
		arm_reply(c, 200, found);
		return;
	}
	json_decref(found);
	arm_refuse(c, 404, "DenyAssignmentNotFound",
	    "The deny assignment with ID '%.*s' is not found.",
	    SLICE_ARGS(c->name));
}

const struct arm_operation arm_denial = {
    .permission = PERMIT_DENY_READ,
    .cut = 4,
    .read = read_denial,
};
