#include "rules_world.h"

#include <stdio.h>

static void
crowd(struct world *w, role_id role, scope_id s, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		char name[32];

		snprintf(name, sizeof name, "sp-%u", i);
		grant(w, service(w, name, 2), role, s, 3);
	}
}

static void
full_subscription(struct world *w, bool near)
{
	crowd(w, role_of(w, PLANE_AZURE, "Reader"), resource_group(w, "rg"),
	    near ? 3599 : 3600);
}

static void
full_management_group(struct world *w, bool near)
{
	crowd(w, role_of(w, PLANE_AZURE, "Reader"),
	    scope(w, 0, SCOPE_MANAGEMENT_GROUP, "mg"), near ? 449 : 501);
}

static void
full_workspace(struct world *w, bool near)
{
	crowd(w, role_of(w, PLANE_FABRIC, "Viewer"), workspace(w, "Gold"),
	    near ? 899 : 950);
}

static void
many_roles(struct world *w, bool near)
{
	struct slice action = SLICE("Microsoft.Storage/*/read");
	struct permission_text p = {.actions = &action, .action_count = 1};

	for (uint32_t i = 0; i < (near ? 5499u : 5500u); i++) {
		char name[32];
		struct guid id = {.bytes = {7}};

		id.bytes[14] = (uint8_t)(i >> 8);
		id.bytes[15] = (uint8_t)i;
		snprintf(name, sizeof name, "custom %u", i);
		assert_int_not_equal(builder_role(w->b, PLANE_AZURE, id,
					 slice_of(name), &p, 1, at(w, 5)),
		    NONE);
	}
}

static void
long_condition(struct world *w, bool near)
{
	static char text[9001];

	memset(text, 'a', 9000);
	text[near ? 8192 : 9000] = '\0';
	builder_assign(w->b,
	    &(struct assignment){.principal = service(w, "worker", 2),
		.role = role_of(w, PLANE_AZURE, "Reader"),
		.scope = resource_group(w, "rg"),
		.condition = said(w, text),
		.origin = at(w, 5)});
}

static const struct rule_case cases[] = {
    {"assignment-limit", full_subscription,
	"subscription 00000000-0000-0000-0000-00000000000a has 3600 role "
	"assignments; the platform allows 4000.",
	"1"},
    {"assignment-limit", full_management_group,
	"management group mg has 501 role assignments; the platform allows "
	"500.",
	"1"},
    {"assignment-limit", full_workspace,
	"workspace Gold has 950 users, groups and identities with a role; the "
	"platform allows 1000.",
	"1"},
    {"role-limit", many_roles,
	"The tenant has at least 4500 custom roles; the platform allows 5000.",
	"5"},
    {"condition-limit", long_condition,
	"The condition of Reader of worker on resource group rg is 9000 bytes "
	"long; the platform allows 8192.",
	"5"},
};

const struct rule_cases cases_of_limits = {
    cases, sizeof cases / sizeof cases[0]};
