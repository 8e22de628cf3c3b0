#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "making.h"

static role_id
role_named(struct builder *b, enum plane plane, const char *name)
{
	role_id r = builder_role_by_name(b, plane, slice_of(name));

	assert_int_not_equal(r, NONE);
	return r;
}

static void
equal_assignments_become_one(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	principal_id p = builder_principal(b, guid_number(1), NOWHERE);
	role_id r = role_named(b, PLANE_AZURE, "Reader");
	struct assignment a = {.principal = p, .role = r, .origin = line(b, 7)};
	struct estate *e;

	builder_assign(b, &a);
	a.origin.line = 9;
	a.id = guid_number(4);
	a.flags = ASSIGNMENT_DISPUTED;
	builder_assign(b, &a);
	a.origin.line = 11;
	a.id = guid_number(5);
	a.flags = 0;
	builder_assign(b, &a);
	e = finish(b);
	assert_int_equal(e->grants.count, 1);
	a = estate_assignment(e, 0);
	assert_int_equal(a.origin.line, 7);
	assert_int_equal(a.flags, ASSIGNMENT_DISPUTED);
	assert_true(guid_eq(a.id, guid_number(4)));
	assert_int_equal(a.principal, p);
	assert_int_equal(a.role, r);
	assert_null(e->conditions);
	assert_int_equal(e->problems.count, 0);
	estate_free(e);
}

static void
what_an_assignment_gives_tells_it_apart(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	principal_id p = builder_principal(b, guid_number(1), NOWHERE);
	scope_id s = builder_scope(
	    b, 0, SCOPE_WORKSPACE, SLICE(""), SLICE("w"), NOWHERE);
	struct assignment a = {
	    .principal = p, .role = role_named(b, PLANE_AZURE, "Reader")};
	struct estate *e;

	builder_assign(b, &a);
	a.flags = ASSIGNMENT_ELIGIBLE;
	builder_assign(b, &a);
	a.flags = ASSIGNMENT_COMPOUND;
	builder_assign(b, &a);
	a.flags = 0;
	a.scope = s;
	builder_assign(b, &a);
	a.condition = builder_string(b, SLICE("x"));
	builder_assign(b, &a);
	a.condition = builder_string(b, SLICE("y"));
	builder_assign(b, &a);
	a.role = role_named(b, PLANE_AZURE, "Owner");
	builder_assign(b, &a);
	e = finish(b);
	assert_int_equal(e->grants.count, 7);
	assert_int_equal(estate_assignment(e, 0).flags, 0);
	assert_int_equal(estate_assignments_at(e, 0).count, 3);
	assert_int_equal(estate_assignments_at(e, s).count, 4);
	estate_free(e);
}

static void
a_condition_that_comes_late_is_that_of_its_own_row(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	struct assignment a = {.role = role_named(b, PLANE_AZURE, "Reader")};
	struct estate *e;

	for (uint32_t i = 0; i < 40; i++) {
		a.principal = builder_principal(b, guid_number(i), NOWHERE);
		a.condition = i == 20 ? builder_string(b, SLICE("c")) : 0;
		builder_assign(b, &a);
	}
	e = finish(b);
	for (uint32_t i = 0; i < 40; i++)
		assert_int_equal(
		    estate_assignment(e, i).condition != 0, i == 20);
	has_text(e, e->conditions[20], "c");
	estate_free(e);
}

static void
one_id_for_two_assignments_is_told_with_both_lines(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	principal_id p = builder_principal(b, guid_number(1), NOWHERE);
	principal_id q = builder_principal(b, guid_number(2), NOWHERE);
	struct assignment a = {.id = guid_number(9),
	    .principal = q,
	    .role = role_named(b, PLANE_AZURE, "Reader"),
	    .origin = line(b, 3)};
	const struct problem *problem;
	struct estate *e;

	builder_assign(b, &a);
	a.origin.line = 4;
	builder_assign(b, &a); /* the same one again: no problem */
	a.origin.line = 8;
	a.principal = p;
	builder_assign(b, &a);
	a.id = guid_number(10);
	a.scope = builder_scope(
	    b, 0, SCOPE_WORKSPACE, SLICE(""), SLICE("w"), NOWHERE);
	builder_assign(b, &a);
	e = finish(b);
	problem = only_problem(e, PROBLEM_DUPLICATE);
	assert_int_equal(problem->origin.line, 8);
	assert_int_equal(problem->other.line, 3);
	has_text(e, problem->message, "two different role assignments");
	estate_free(e);
}

static void
orphans_are_counted_by_principal_and_by_role(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	principal_id known = builder_principal(b, guid_number(1), NOWHERE);
	principal_id gone = builder_principal(b, guid_number(2), NOWHERE);
	role_id reader = role_named(b, PLANE_AZURE, "Reader");
	role_id unknown = builder_role_by_id(b, guid_number(3), NOWHERE);
	uint32_t told[2] = {0, 0};
	struct estate *e;

	b->principals.at[known].kind = PRINCIPAL_USER;
	b->principals.at[known].flags |= PRINCIPAL_DECLARED;
	builder_principal(b, guid_number(7), NOWHERE); /* holds nothing */
	builder_role_by_id(b, guid_number(8), NOWHERE);
	grant(b, known, unknown, 0, 5);
	grant(b, gone, reader, 0, 6);
	grant(b, gone, role_named(b, PLANE_AZURE, "Owner"), 0, 7);
	e = finish(b);
	assert_int_equal(e->problems.count, 2);
	for (uint32_t i = 0; i < 2; i++) {
		const struct problem *p = &e->problems.at[i];
		struct slice text = estate_text(e, p->message);

		assert_int_equal(p->kind, PROBLEM_ORPHAN_ASSIGNMENT);
		if (slice_starts(text, SLICE("2 role assignments are to ac7a")))
			told[0]++;
		if (slice_starts(
			text, SLICE("1 role assignment is of the role ac7a")))
			told[1]++;
	}
	assert_int_equal(told[0], 1);
	assert_int_equal(told[1], 1);
	estate_free(e);
}

static void
without_a_directory_nobody_is_an_orphan(void **state ACTAS_UNUSED)
{
	struct fault fault;
	struct builder *b = new_builder(&fault);
	struct estate *e;

	grant(b, builder_principal(b, guid_number(2), NOWHERE),
	    role_named(b, PLANE_AZURE, "Reader"), 0, 6);
	e = finish(b);
	assert_int_equal(e->problems.count, 0);
	estate_free(e);
}

/* A page with one principal, two workspaces, and claims about them. */
struct page {
	struct builder *b;
	struct fault fault;
	principal_id p;
	scope_id gold, bronze;
	role_id admin, viewer;
};

static void
page_begin(struct page *page)
{
	struct builder *b = new_builder(&page->fault);

	page->b = b;
	page->p =
	    builder_principal_new(b, SLICE("sp"), PRINCIPAL_SERVICE, NOWHERE);
	page->gold = builder_scope(
	    b, 0, SCOPE_WORKSPACE, SLICE(""), SLICE("Gold"), NOWHERE);
	page->bronze = builder_scope(
	    b, 0, SCOPE_WORKSPACE, SLICE(""), SLICE("Bronze"), NOWHERE);
	page->admin = role_named(b, PLANE_FABRIC, "Admin");
	page->viewer = role_named(b, PLANE_FABRIC, "Viewer");
	assert_int_equal(
	    vector_push(&b->listings, {.principal = NONE, .scope = NONE}),
	    ACTAS_OK);
}

static void
say(struct page *page, enum claim_says says, role_id r, scope_id s,
    uint32_t number)
{
	struct claim c = {.says = (uint8_t)says,
	    .principal = page->p,
	    .role = r,
	    .scope = s,
	    .assignment = 17,
	    .origin = line(page->b, number)};

	builder_claim(page->b, &c);
}

static void
claims_that_agree_are_one_assignment(void **state ACTAS_UNUSED)
{
	struct page page;
	struct estate *e;

	page_begin(&page);
	say(&page, CLAIM_GRANTS, page.viewer, page.gold, 1);
	say(&page, CLAIM_GRANTS, page.admin, page.gold, 2);
	say(&page, CLAIM_GRANTS, page.admin, page.gold, 3);
	say(&page, CLAIM_GRANTS, NONE, page.gold, 4);
	say(&page, CLAIM_GRANTS, page.admin, NONE, 5);
	say(&page, CLAIM_HAS_NONE, NONE, page.bronze, 6);
	e = finish(page.b);
	assert_int_equal(e->grants.count, 2);
	for (uint32_t i = 0; i < 3; i++) {
		assignment_id a = e->claims.at[i].assignment;

		assert_int_equal(estate_assignment(e, a).role,
		    i == 0 ? page.viewer : page.admin);
		assert_int_equal(estate_assignment(e, a).flags, 0);
	}
	assert_int_equal(
	    e->claims.at[1].assignment, e->claims.at[2].assignment);
	for (uint32_t i = 3; i < 6; i++)
		assert_int_equal(e->claims.at[i].assignment, NONE);
	estate_free(e);
}

static void
having_none_contradicts_every_role_at_that_scope_only(void **state ACTAS_UNUSED)
{
	for (int first = 0; first < 2; first++) {
		struct page page;
		struct estate *e;

		page_begin(&page);
		if (first == 0)
			say(&page, CLAIM_HAS_NONE, NONE, page.gold, 1);
		say(&page, CLAIM_GRANTS, page.viewer, page.gold, 2);
		say(&page, CLAIM_GRANTS, page.admin, page.gold, 3);
		say(&page, CLAIM_GRANTS, page.admin, page.bronze, 4);
		if (first == 1)
			say(&page, CLAIM_HAS_NONE, NONE, page.gold, 5);
		e = finish(page.b);
		assert_int_equal(e->grants.count, 3);
		for (assignment_id a = 0; a < 3; a++)
			assert_int_equal(estate_assignment(e, a).flags,
			    e->grants.at[a].scope == page.gold
				? ASSIGNMENT_DISPUTED
				: 0);
		estate_free(e);
	}
}

static void
having_none_of_a_role_contradicts_that_role(void **state ACTAS_UNUSED)
{
	struct page page;
	struct estate *e;

	page_begin(&page);
	say(&page, CLAIM_GRANTS, page.viewer, page.gold, 1);
	say(&page, CLAIM_GRANTS, page.admin, page.gold, 2);
	say(&page, CLAIM_HAS_NONE, page.viewer, page.gold, 3);
	e = finish(page.b);
	for (assignment_id a = 0; a < 2; a++)
		assert_int_equal(estate_assignment(e, a).flags,
		    estate_assignment(e, a).role == page.viewer
			? ASSIGNMENT_DISPUTED
			: 0);
	estate_free(e);
}

enum { AT_VAULT, AT_SECRET, AT_GROUP };

static const struct model_case {
	const char *what;
	struct {
		const char *azure;  /* name of an Azure role */
		const char *policy; /* permission of an access policy */
		const char *claimed;
		int at;
	} grants[2];
	uint8_t stated, model;
} models[] = {
    {"nothing", {{0}}, MODEL_UNSAID, MODEL_UNSAID},
    {"data role on the vault", {{.azure = "Key Vault Secrets User"}},
	MODEL_UNSAID, MODEL_RBAC},
    {"data role on a secret",
	{{.azure = "Key Vault Secrets User", .at = AT_SECRET}}, MODEL_UNSAID,
	MODEL_RBAC},
    {"data role above the vault",
	{{.azure = "Key Vault Secrets User", .at = AT_GROUP}}, MODEL_UNSAID,
	MODEL_UNSAID},
    {"control role", {{.azure = "Contributor"}}, MODEL_UNSAID, MODEL_UNSAID},
    {"data role of storage", {{.azure = "Storage Blob Data Reader"}},
	MODEL_UNSAID, MODEL_UNSAID},
    {"policy", {{.policy = "get"}}, MODEL_UNSAID, MODEL_POLICY},
    {"both", {{.policy = "get"}, {.azure = "Key Vault Administrator"}},
	MODEL_UNSAID, MODEL_DISPUTED},
    {"claimed right", {{.claimed = "Get Secrets"}}, MODEL_UNSAID, MODEL_UNSAID},
    {"stated policies win", {{.azure = "Key Vault Secrets User"}}, MODEL_POLICY,
	MODEL_POLICY},
    {"stated RBAC wins", {{.policy = "list"}}, MODEL_RBAC, MODEL_RBAC},
};

static role_id
role_of_case(struct builder *b, const struct model_case *c, int i)
{
	struct slice policy = slice_of(c->grants[i].policy);

	if (c->grants[i].azure != NULL)
		return role_named(b, PLANE_AZURE, c->grants[i].azure);
	if (c->grants[i].claimed != NULL)
		return builtin_claimed(
		    b, slice_of(c->grants[i].claimed), SCOPE_VAULT, NOWHERE);
	return policy.length == 0 ? NONE
				  : builtin_policy(b, &policy, 1, NOWHERE);
}

static void
a_vault_has_the_model_that_its_grants_are_of(void **state ACTAS_UNUSED)
{
	for (size_t k = 0; k < sizeof models / sizeof *models; k++) {
		const struct model_case *c = &models[k];
		struct fault fault;
		struct builder *b = new_builder(&fault);
		principal_id p = builder_principal(b, guid_number(1), NOWHERE);
		scope_id at[] = {[AT_VAULT] = builder_scope_path(b,
				     SLICE("/subscriptions/s/resourceGroups/"
					   "r/providers/Microsoft.KeyVault/"
					   "vaults/v"),
				     NOWHERE),
		    [AT_GROUP] = builder_scope_path(
			b, SLICE("/subscriptions/s/resourceGroups/r"), NOWHERE),
		    [AT_SECRET] = NONE};
		struct vault *v = builder_vault(b, at[AT_VAULT], NOWHERE);
		struct estate *e;

		at[AT_SECRET] = builder_scope(b, at[AT_VAULT], SCOPE_SECRET,
		    SLICE(""), SLICE("s"), NOWHERE);
		v->model = c->stated;
		v->stated = c->stated != MODEL_UNSAID;
		for (int i = 0; i < 2; i++) {
			role_id r = role_of_case(b, c, i);

			if (r != NONE)
				grant(b, p, r, at[c->grants[i].at], 1);
		}
		e = finish(b);
		if (e->vaults.at[0].model != c->model)
			fail_msg("%s: %d", c->what, e->vaults.at[0].model);
		estate_free(e);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(equal_assignments_become_one),
	    cmocka_unit_test(what_an_assignment_gives_tells_it_apart),
	    cmocka_unit_test(
		a_condition_that_comes_late_is_that_of_its_own_row),
	    cmocka_unit_test(
		one_id_for_two_assignments_is_told_with_both_lines),
	    cmocka_unit_test(orphans_are_counted_by_principal_and_by_role),
	    cmocka_unit_test(without_a_directory_nobody_is_an_orphan),
	    cmocka_unit_test(claims_that_agree_are_one_assignment),
	    cmocka_unit_test(
		having_none_contradicts_every_role_at_that_scope_only),
	    cmocka_unit_test(having_none_of_a_role_contradicts_that_role),
	    cmocka_unit_test(a_vault_has_the_model_that_its_grants_are_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
