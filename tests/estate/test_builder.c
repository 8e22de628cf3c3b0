#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "making.h"

static void
an_empty_source_is_an_estate_with_a_root(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct estate *e = finish(new_builder(&fault));

	assert_int_equal(e->scopes.count, 1);
	assert_int_equal(e->grants.count, 0);
	assert_int_equal(e->problems.count, 0);
	assert_int_equal(e->scopes.at[0].kind, SCOPE_ROOT);
	assert_int_equal(e->scopes.at[0].parent, NONE);
	assert_int_equal(estate_children(e, 0).count, 0);
	assert_int_equal(estate_assignments_at(e, 0).count, 0);
	estate_free(e);
	estate_free(NULL);
	builder_free(NULL);
}

static void
the_first_error_sticks_and_nothing_more_is_done(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);

	builder_fail(b, ACTAS_EPARSE, line(b, 12), "expected %s", "a name");
	builder_fail(b, ACTAS_EIO, line(b, 13), "something else");
	assert_int_equal(builder_string(b, SLICE("x")), 0);
	assert_int_equal(builder_principal(b, guid_number(1), NOWHERE), NONE);
	assert_int_equal(builder_scope(b, 0, SCOPE_WORKSPACE, SLICE(""),
			     SLICE("w"), NOWHERE),
	    NONE);
	assert_int_equal(builder_scope_path(b, SLICE("/"), NOWHERE), NONE);
	assert_null(builder_vault(b, 0, NOWHERE));
	assert_int_equal(builder_item(b, 0, ITEM_OTHER, NOWHERE), NONE);
	assert_int_equal(builder_role_by_id(b, guid_number(2), NOWHERE), NONE);
	assert_int_equal(builder_application(b, guid_number(3), NOWHERE), NONE);
	builder_problem(
	    b, PROBLEM_DUPLICATE, SLICE("x"), NOWHERE, NOWHERE, "x");
	assert_int_equal(b->problems.count, 0);
	finish_fails(b, ACTAS_EPARSE, &fault, "expected a name");
	assert_string_equal(fault.file, "source");
	assert_int_equal(fault.line, 12);
}

static void
what_was_not_made_cannot_be_referred_to(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);

	grant(b, 0, 0, 0, 1);
	finish_fails(b, ACTAS_EUSAGE, &fault, "principal 0");
	b = new_builder(&fault);
	builder_scope(b, 7, SCOPE_WORKSPACE, SLICE(""), SLICE("w"), NOWHERE);
	finish_fails(b, ACTAS_EUSAGE, &fault, "\"w\" is to hang under scope 7");
	b = new_builder(&fault);
	builder_member(b, 3, 4, NOWHERE);
	finish_fails(b, ACTAS_EUSAGE, &fault, "memberships");
	b = new_builder(&fault);
	builder_member(b, NONE, NONE, NOWHERE);
	finish_fails(b, ACTAS_EUSAGE, &fault, "memberships");
	b = new_builder(&fault);
	assert_int_equal(
	    vector_push(&b->usages, {NONE, NONE, 5, NOWHERE}), ACTAS_OK);
	finish_fails(b, ACTAS_EUSAGE, &fault, "usages");
	b = new_builder(&fault);
	builder_move(b, 0, 9);
	finish_fails(b, ACTAS_EUSAGE, &fault, "scope 9");
	b = new_builder(&fault);
	builder_identify(b, 2, guid_number(1), guid_number(2));
	finish_fails(b, ACTAS_EUSAGE, &fault, "principal 2");
	b = new_builder(&fault);
	b->roles.at[0].permission_count = 1000000;
	finish_fails(b, ACTAS_EUSAGE, &fault, "a run of patterns");
}

static void
a_scope_is_described_only_as_what_it_is(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);

	assert_null(builder_vault(b, 0, NOWHERE));
	finish_fails(b, ACTAS_EUSAGE, &fault, "described as what it is not");
}

static void
text_that_is_too_long_is_refused(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	struct buffer text = {0};

	buffer_fill(&text, 'x', LIMIT_STRING_BYTES + 1);
	assert_int_equal(builder_string(b, buffer_slice(&text)), 0);
	buffer_release(&text);
	finish_fails(b, ACTAS_ELIMIT, &fault, "longer than 65536 bytes");
}

static void
a_problem_keeps_its_places_and_a_message_of_bounded_length(
    void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	struct buffer text = {0};
	const struct problem *p;
	struct estate *e;

	for (int i = 0; i < 40000; i++)
		buffer_puts(&text, "\xc3\xa9");
	builder_problem(b, PROBLEM_MALFORMED_ROW, buffer_slice(&text),
	    line(b, 3), line(b, 9), "x%s", buffer_text(&text));
	buffer_release(&text);
	e = finish(b);
	p = only_problem(e, PROBLEM_MALFORMED_ROW);
	assert_int_equal(p->origin.line, 3);
	assert_int_equal(p->other.line, 9);
	assert_int_equal(estate_text(e, p->message).length, 4095);
	assert_true(slice_is_utf8(estate_text(e, p->message)));
	assert_int_equal(estate_text(e, p->subject).length, 4096);
	estate_free(e);
}

static void
a_principal_is_found_again_by_its_ids(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	principal_id p = builder_principal(b, guid_number(1), line(b, 1));
	principal_id q =
	    builder_principal_new(b, SLICE("q"), PRINCIPAL_SERVICE, NOWHERE);
	struct estate *e;

	assert_int_equal(builder_principal(b, guid_number(1), line(b, 2)), p);
	assert_int_equal(b->principals.at[p].origin.line, 1);
	assert_int_equal(b->principals.at[p].kind, PRINCIPAL_UNKNOWN);
	builder_identify(b, q, guid_number(2), guid_number(3));
	assert_int_equal(builder_principal(b, guid_number(2), NOWHERE), q);
	assert_int_equal(builder_principal_by_app_id(b, guid_number(3)), q);
	assert_int_equal(builder_principal_by_app_id(b, guid_number(2)), NONE);
	/* Nobody's id is nil: each of these is somebody else. */
	assert_int_not_equal(builder_principal(b, (struct guid){0}, NOWHERE),
	    builder_principal(b, (struct guid){0}, NOWHERE));
	e = finish(b);
	assert_int_equal(estate_by_object_id(e, guid_number(1)), p);
	assert_int_equal(estate_by_object_id(e, guid_number(2)), q);
	assert_int_equal(estate_by_object_id(e, guid_number(3)), NONE);
	assert_int_equal(estate_by_object_id(e, (struct guid){0}), NONE);
	assert_int_equal(estate_by_app_id(e, guid_number(3)), q);
	assert_int_equal(estate_by_app_id(e, (struct guid){0}), NONE);
	estate_free(e);
}

static void
an_object_id_stays_with_the_first_that_has_it(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	principal_id p = builder_principal_new(
	    b, SLICE("first"), PRINCIPAL_USER, line(b, 4));
	principal_id q = builder_principal_new(
	    b, SLICE("second"), PRINCIPAL_USER, line(b, 5));
	const struct problem *problem;
	struct estate *e;

	builder_identify(b, p, guid_number(1), (struct guid){0});
	builder_identify(b, q, guid_number(1), guid_number(2));
	builder_identify(b, p, guid_number(1), (struct guid){0});
	e = finish(b);
	assert_int_equal(estate_by_object_id(e, guid_number(1)), p);
	assert_true(guid_is_nil(e->principals.at[q].object_id));
	assert_int_equal(estate_by_app_id(e, guid_number(2)), q);
	problem = only_problem(e, PROBLEM_DUPLICATE);
	assert_int_equal(problem->origin.line, 5);
	assert_int_equal(problem->other.line, 4);
	has_text(e, problem->message, "second has the object id");
	has_text(e, problem->message, "that of first already");
	estate_free(e);
}

static void
an_app_id_stays_with_the_first_that_has_it(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	principal_id p = builder_principal(b, guid_number(1), line(b, 4));
	principal_id q = builder_principal(b, guid_number(2), line(b, 5));
	const struct problem *problem;
	struct estate *e;

	builder_identify(b, p, (struct guid){0}, guid_number(3));
	builder_identify(b, q, (struct guid){0}, guid_number(3));
	e = finish(b);
	assert_int_equal(estate_by_app_id(e, guid_number(3)), p);
	assert_true(guid_is_nil(e->principals.at[q].app_id));
	problem = only_problem(e, PROBLEM_DUPLICATE);
	assert_int_equal(problem->origin.line, 5);
	assert_int_equal(problem->other.line, 4);
	has_text(e, problem->message, "has the app id");
	estate_free(e);
}

static void
a_second_object_id_contradicts_the_first(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	principal_id p = builder_principal(b, guid_number(1), line(b, 4));
	struct estate *e;

	builder_identify(b, p, guid_number(9), (struct guid){0});
	e = finish(b);
	assert_int_equal(estate_by_object_id(e, guid_number(1)), p);
	assert_int_equal(estate_by_object_id(e, guid_number(9)), NONE);
	has_text(e, only_problem(e, PROBLEM_SELF_CONTRADICTION)->message,
	    "second id");
	estate_free(e);
}

static void
an_application_finds_its_service_principal(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	uint32_t row = builder_application(b, guid_number(7), NOWHERE);
	uint32_t lone = builder_application(b, guid_number(8), NOWHERE);
	principal_id p = builder_principal(b, guid_number(1), NOWHERE);
	principal_id q = builder_principal(b, guid_number(2), NOWHERE);
	struct estate *e;

	assert_int_equal(builder_application(b, guid_number(7), NOWHERE), row);
	builder_identify(b, p, (struct guid){0}, guid_number(7));
	e = finish(b);
	assert_ptr_equal(estate_application(e, p), &e->applications.at[row]);
	assert_int_equal(e->applications.at[row].principal, p);
	assert_int_equal(e->applications.at[lone].principal, NONE);
	assert_null(estate_application(e, q));
	estate_free(e);
}

static void
an_application_may_be_without_any_principal(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	struct estate *e;

	builder_application(b, guid_number(7), NOWHERE);
	e = finish(b);
	assert_int_equal(e->applications.at[0].principal, NONE);
	estate_free(e);
}

static struct permission_text
permit(const struct slice *action)
{
	return (struct permission_text){.actions = action, .action_count = 1};
}

static void
a_definition_replaces_the_shipped_one_in_place(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	role_id reader = builder_role_by_name(b, PLANE_AZURE, SLICE("READER"));
	struct slice action = SLICE("Example/read");
	struct permission_text text = permit(&action);
	struct guid id;
	struct estate *e;

	assert_int_not_equal(reader, NONE);
	id = b->roles.at[reader].id;
	assert_int_equal(b->roles.at[reader].builtin, 1);
	assert_int_equal(builder_role(b, PLANE_AZURE, id, SLICE("Watcher"),
			     &text, 1, line(b, 2)),
	    reader);
	assert_int_equal(
	    builder_role_by_name(b, PLANE_AZURE, SLICE("Reader")), NONE);
	assert_int_equal(
	    builder_role_by_name(b, PLANE_AZURE, SLICE("watcher")), reader);
	assert_int_equal(
	    builder_role_by_name(b, PLANE_FABRIC, SLICE("watcher")), NONE);
	e = finish(b);
	assert_int_equal(estate_role_by_id(e, id), reader);
	assert_int_equal(e->roles.at[reader].builtin, 0);
	assert_int_equal(e->roles.at[reader].permission_count, 1);
	assert_int_equal(e->problems.count, 0);
	estate_free(e);
}

static void
a_role_read_twice_is_a_duplicate_only_where_it_differs(
    void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	struct slice read = SLICE("Example/read"),
		     upper = SLICE("EXAMPLE/READ"),
		     write = SLICE("Example/write");
	struct permission_text first = permit(&read), same = permit(&upper),
			       other = permit(&write);
	role_id r = builder_role(
	    b, PLANE_AZURE, guid_number(1), SLICE("A"), &first, 1, line(b, 1));
	const struct problem *p;
	struct estate *e;

	assert_int_equal(builder_role(b, PLANE_AZURE, guid_number(1),
			     SLICE("A"), &same, 1, line(b, 2)),
	    r);
	assert_int_equal(b->problems.count, 0);
	assert_int_equal(builder_role(b, PLANE_AZURE, guid_number(1),
			     SLICE("A"), &other, 1, line(b, 3)),
	    r);
	e = finish(b);
	p = only_problem(e, PROBLEM_DUPLICATE);
	assert_int_equal(p->origin.line, 3);
	assert_int_equal(p->other.line, 1);
	has_text(e, p->message, "\"A\"");
	has_text(e,
	    e->patterns
		.at[e->permissions.at[e->roles.at[r].permissions].actions.from],
	    "Example/read");
	estate_free(e);
}

static void
a_role_known_by_id_alone_is_filled_later(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	role_id r = builder_role_by_id(b, guid_number(1), line(b, 1));
	struct slice read = SLICE("Example/read");
	struct permission_text text = permit(&read);
	struct estate *e;

	assert_int_equal(builder_role_by_id(b, guid_number(1), NOWHERE), r);
	assert_int_equal(builder_role(b, PLANE_DIRECTORY, guid_number(1),
			     SLICE("Late"), &text, 1, line(b, 5)),
	    r);
	e = finish(b);
	assert_int_equal(e->roles.at[r].plane, PLANE_DIRECTORY);
	assert_int_equal(e->roles.at[r].origin.line, 5);
	assert_int_equal(e->problems.count, 0);
	estate_free(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_empty_source_is_an_estate_with_a_root),
	    cmocka_unit_test(the_first_error_sticks_and_nothing_more_is_done),
	    cmocka_unit_test(what_was_not_made_cannot_be_referred_to),
	    cmocka_unit_test(a_scope_is_described_only_as_what_it_is),
	    cmocka_unit_test(text_that_is_too_long_is_refused),
	    cmocka_unit_test(
		a_problem_keeps_its_places_and_a_message_of_bounded_length),
	    cmocka_unit_test(a_principal_is_found_again_by_its_ids),
	    cmocka_unit_test(an_object_id_stays_with_the_first_that_has_it),
	    cmocka_unit_test(an_app_id_stays_with_the_first_that_has_it),
	    cmocka_unit_test(a_second_object_id_contradicts_the_first),
	    cmocka_unit_test(an_application_finds_its_service_principal),
	    cmocka_unit_test(an_application_may_be_without_any_principal),
	    cmocka_unit_test(a_definition_replaces_the_shipped_one_in_place),
	    cmocka_unit_test(
		a_role_read_twice_is_a_duplicate_only_where_it_differs),
	    cmocka_unit_test(a_role_known_by_id_alone_is_filled_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
