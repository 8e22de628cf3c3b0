#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "making.h"

#include "estate/private.h"

/* Each invariant of struct estate, broken once in a sound estate. */

static struct estate *
sound(void)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	principal_id p[3];
	scope_id s = builder_scope_path(
	    b, SLICE("/subscriptions/s/resourceGroups/r"), NOWHERE);

	for (uint32_t i = 0; i < 3; i++)
		p[i] = builder_principal(b, guid_number(i + 1), NOWHERE);
	builder_member(b, p[1], p[0], NOWHERE);
	builder_member(b, p[2], p[1], NOWHERE);
	grant(b, p[0], 0, 0, 1);
	grant(b, p[0], 1, s, 1);
	grant(b, p[1], 0, s, 1);
	builder_vault(b,
	    builder_scope(b, s, SCOPE_VAULT, SLICE(""), SLICE("v"), NOWHERE),
	    NOWHERE);
	return finish(b);
}

static void
break_reference(struct estate *e)
{
	e->private->tables.vaults.at[0].scope = 999;
}

static void
break_string(struct estate *e)
{
	e->private->tables.scopes.at[1].segment = 1 << 30;
}

static void
break_run(struct estate *e)
{
	e->private->tables.roles.at[0].permissions = NONE;
}

static void
break_root(struct estate *e)
{
	e->private->tables.scopes.at[0].depth = 1;
}

static void
break_depth(struct estate *e)
{
	e->private->tables.scopes.at[2].depth = 7;
}

static void
break_children(struct estate *e)
{
	e->private->children[0] = 2;
}

static void
break_grant(struct estate *e)
{
	e->private->grants[0].role_and_flags = UINT32_MAX;
}

static void
break_order(struct estate *e)
{
	struct grant first = e->private->grants[0];

	e->private->grants[0] = e->private->grants[1];
	e->private->grants[1] = first;
}

static void
break_holders(struct estate *e)
{
	e->private->first_of_principal[1] = 1;
}

static void
break_by_scope(struct estate *e)
{
	e->private->by_scope[0] = 2;
}

static void
break_groups(struct estate *e)
{
	e->private->groups.at[0] = 0;
}

static void
break_closure(struct estate *e)
{
	/* 0 is in 1 and 2, 1 is in 2; now 0 is in 1, and 1 in 0 and 2. */
	e->private->groups.at[1] = 0;
	e->private->first_group[1] = 1;
}

static void
break_description(struct estate *e)
{
	e->private->lookup.described_by.at[e->vaults.at[0].scope] = NONE;
}

static void
a_broken_invariant_is_named(void **state ACTAS_UNUSED)
{
	static const struct {
		void (*harm)(struct estate *e);
		const char *message;
	} cases[] = {
	    {break_reference, "row 0 of vaults"},
	    {break_string, "row 1 of scopes"},
	    {break_run, "a run of patterns"},
	    {break_root, "scope 0 is not the root"},
	    {break_depth, "scope 2 has depth 7"},
	    {break_children, "child 0 of scope 0"},
	    {break_grant, "assignment 0 refers to nothing"},
	    {break_order, "assignment 1 is out of order"},
	    {break_holders, "assignment 1 is not principal 1's"},
	    {break_by_scope, "by_scope is wrong at scope 0"},
	    {break_groups, "group 0 of principal 0 is wrong"},
	    {break_closure, "groups of 0 are not closed by 2"},
	    {break_description, "vault 0 is not its scope's"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct estate *e = sound();
		struct fault fault = {0};

		cases[i].harm(e);
		assert_int_equal(estate_check(e, &fault), ACTAS_EUSAGE);
		if (strstr(fault.message, cases[i].message) == NULL)
			fail_msg("\"%s\" is not in \"%s\"", cases[i].message,
			    fault.message);
		estate_free(e);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_broken_invariant_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
