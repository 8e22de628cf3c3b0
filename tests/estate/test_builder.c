#include "estate/builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct guid
guid_of(const char *text)
{
	struct guid id;

	assert_true(guid_parse(slice_of(text), &id));
	return id;
}

static struct builder *
new_builder(struct fault *fault)
{
	struct builder *b;

	*fault = (struct fault){0};
	b = builder_new(fault);
	assert_non_null(b);
	assert_int_equal(b->error, ACTAS_OK);
	return b;
}

static struct estate *
finish(struct builder *b)
{
	struct estate *e = NULL;

	assert_int_equal(builder_finish(b, &e), ACTAS_OK);
	assert_non_null(e);
	return e;
}

static void
an_empty_source_is_an_estate_with_a_root(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct estate *e = finish(new_builder(&fault));

	assert_int_equal(e->scopes.count, 1);
	assert_int_equal(e->grants.count, 0);
	assert_int_equal(e->scopes.at[0].kind, SCOPE_ROOT);
	assert_int_equal(e->scopes.at[0].parent, NONE);
	estate_free(e);
}

static void
equal_assignments_become_one_with_the_first_origin(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	struct origin origin = builder_origin(b, "a.md", 7);
	principal_id p = builder_principal(
	    b, guid_of("11111111-1111-1111-1111-111111111111"), origin);
	role_id r = builder_role_by_name(b, PLANE_AZURE, SLICE("reader"));
	struct estate *e;

	assert_int_not_equal(r, NONE);
	builder_assign(b,
	    &(struct assignment){.principal = p, .role = r, .origin = origin});
	origin.line = 9;
	builder_assign(b,
	    &(struct assignment){.principal = p, .role = r, .origin = origin});
	e = finish(b);
	assert_int_equal(e->grants.count, 1);
	assert_int_equal(estate_assignment(e, 0).origin.line, 7);
	estate_free(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_empty_source_is_an_estate_with_a_root),
	    cmocka_unit_test(
		equal_assignments_become_one_with_the_first_origin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
