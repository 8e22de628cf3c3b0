#include "fixture.h"

/* Who and what, held against deciding for everybody. */

static uint32_t
draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)*seed * below) >> 32);
}

enum { PEOPLE = 9, TEAMS = 6, HOLDERS = PEOPLE + TEAMS, PLACES = 7 };

struct town {
	struct fixture f;
	principal_id holders[HOLDERS];
	scope_id places[PLACES];
};

static void
add_grants(struct town *t, uint32_t *seed)
{
	static const char *const roles[] = {"Owner", "Reader", "Contributor",
	    "Key Vault Data Access Administrator", "Website Contributor"};
	static const uint32_t flags[] = {
	    0, 0, 0, ASSIGNMENT_ELIGIBLE, ASSIGNMENT_DISPUTED};

	for (uint32_t i = 0; i < 11; i++) {
		struct assignment a = {
		    .principal = t->holders[draw(seed, HOLDERS)],
		    .scope = t->places[draw(seed, PLACES)],
		    .role = fixture_builtin(
			&t->f, PLANE_AZURE, roles[draw(seed, 5)]),
		    .flags = flags[draw(seed, 5)],
		};

		builder_assign(t->f.b, &a);
	}
}

static void
town_begin(struct town *t, uint32_t seed)
{
	struct fixture *f = &t->f;

	fixture_begin(f);
	for (uint32_t i = 0; i < HOLDERS; i++) {
		char name[] = {(char)('a' + draw(&seed, 26)), '\0'};

		t->holders[i] =
		    i < PEOPLE ? fixture_user(f, name) : fixture_group(f, name);
		if (draw(&seed, 9) == 0)
			f->b->principals.at[t->holders[i]].flags |=
			    PRINCIPAL_DISABLED;
	}
	for (uint32_t i = 0; i < 16; i++)
		fixture_member(f, t->holders[PEOPLE + draw(&seed, TEAMS)],
		    t->holders[draw(&seed, HOLDERS)]);
	t->places[0] = 0;
	for (uint32_t i = 1; i < PLACES; i++) {
		char name[] = {(char)('a' + i), '\0'};

		t->places[i] = builder_scope(f->b, t->places[draw(&seed, i)],
		    SCOPE_MANAGEMENT_GROUP, (struct slice){0}, slice_of(name),
		    (struct origin){0});
	}
	add_grants(t, &seed);
	if (draw(&seed, 2) == 0)
		fixture_deny(f,
		    &(struct denial_text){
			.actions = "*",
			.path = "/",
			.principals = (principal_id[]){t->holders[PEOPLE],
			    t->holders[0], NONE},
			.excluded = (principal_id[]){t->holders[1], NONE},
		    });
	fixture_freeze(f);
}

static bool
is_direct_member(const struct estate *e, principal_id group, principal_id p)
{
	for (uint32_t i = 0; i < e->memberships.count; i++) {
		if (e->memberships.at[i].group == group &&
		    e->memberships.at[i].member == p)
			return true;
	}
	return false;
}

/* From the principal to the holder, each in the next, none longer than need
 * be. */
static void
check_chain(struct town *t, const struct access *a)
{
	const struct estate *e = t->f.e;
	uint32_t shortest;

	assert_int_equal(a->chain[0], a->principal);
	assert_int_equal(
	    a->chain[a->chain_count - 1], e->holders[a->assignment]);
	for (uint32_t i = 1; i < a->chain_count; i++)
		assert_true(is_direct_member(e, a->chain[i], a->chain[i - 1]));
	assert_non_null(decision_chain(e, a->principal,
	    e->holders[a->assignment], &t->f.arena, &shortest));
	assert_int_equal(a->chain_count, shortest);
}

static void
check_who(struct town *t, const struct action *action, scope_id s)
{
	bool listed[HOLDERS] = {false}, refused = false;
	struct access_list list;

	assert_int_equal(
	    reach_who(t->f.e, action, s, &t->f.arena, &list), ACTAS_OK);
	for (uint32_t i = 0; i < list.count; i++) {
		const struct access *a = &list.at[i];
		struct decision d =
		    decide(t->f.e, a->principal, action, s, NULL);

		assert_int_equal(a->reason, d.reason);
		assert_int_equal(a->allowed, d.allowed);
		assert_false(a->allowed && refused); /* allowed ones first */
		refused = !a->allowed;
		assert_false(listed[a->principal]);
		listed[a->principal] = true;
		check_chain(t, a);
	}
	for (principal_id p = 0; p < HOLDERS; p++) {
		struct decision d = decide(t->f.e, p, action, s, NULL);

		/* whom nothing is granted nobody lists */
		if (!listed[p])
			assert_false(d.allowed || d.assignment != NONE);
	}
}

static void
who_lists_everybody_that_deciding_for_everybody_allows(
    void **state ACTAS_UNUSED)
{
	static const char *const names[] = {"Microsoft.Web/sites/read",
	    "Microsoft.Web/sites/write", ASSIGN_ROLE};

	for (uint32_t seed = 1; seed <= 80; seed++) {
		struct action action;
		struct town t;

		town_begin(&t, seed);
		assert_int_equal(
		    action_prepare(t.f.e, slice_of(names[seed % 3]),
			ACTION_AS_KNOWN, &action, &t.f.fault),
		    ACTAS_OK);
		for (uint32_t i = 0; i < PLACES; i++)
			check_who(&t, &action, t.places[i]);
		action_release(&action);
		fixture_end(&t.f);
	}
}

static bool
is_in(const struct estate *e, principal_id p, principal_id group)
{
	struct ids groups = estate_groups_of(e, p);

	for (uint32_t i = 0; i < groups.count; i++) {
		if (groups.at[i] == group)
			return true;
	}
	return p == group;
}

static void
what_lists_every_assignment_of_the_principal_and_its_groups(
    void **state ACTAS_UNUSED)
{
	for (uint32_t seed = 1; seed <= 40; seed++) {
		struct town t;

		town_begin(&t, seed);
		for (principal_id p = 0; p < HOLDERS; p++) {
			struct access_list list;
			uint32_t expected = 0;

			for (uint32_t i = 0; i < t.f.e->grants.count; i++)
				expected += is_in(t.f.e, p, t.f.e->holders[i]);
			assert_int_equal(
			    reach_what(t.f.e, p, &t.f.arena, &list), ACTAS_OK);
			assert_int_equal(list.count, expected);
			for (uint32_t i = 0; i < list.count; i++) {
				if (i > 0)
					assert_true(list.at[i].scope >=
					    list.at[i - 1].scope);
				check_chain(&t, &list.at[i]);
			}
		}
		fixture_end(&t.f);
	}
}

static void
who_is_ordered_by_kind_and_name(void **state ACTAS_UNUSED)
{
	static const char *const expected[] = {"anna", "Bert", "team", "app"};
	struct access_list list;
	struct action action;
	struct fixture f;
	principal_id team;
	scope_id rg;

	fixture_begin(&f);
	rg = fixture_scope(&f, GROUP);
	fixture_grant(&f, fixture_app(&f, "app"), "Owner", GROUP);
	team = fixture_group(&f, "team");
	fixture_member(&f, team, fixture_user(&f, "Bert"));
	fixture_grant(&f, team, "Reader", SUBSCRIPTION);
	fixture_grant(&f, fixture_user(&f, "anna"), "Reader", "/");
	fixture_freeze(&f);
	assert_int_equal(action_prepare(f.e, SLICE("read-vault"),
			     ACTION_AS_KNOWN, &action, &f.fault),
	    ACTAS_OK);
	assert_int_equal(
	    reach_who(f.e, &action, rg, &f.arena, &list), ACTAS_OK);
	assert_int_equal(list.count, 4);
	for (uint32_t i = 0; i < 4; i++)
		assert_string_equal(
		    estate_text(
			f.e, f.e->principals.at[list.at[i].principal].name)
			.at,
		    expected[i]);
	assert_int_equal(list.at[1].chain_count, 2);
	action_release(&action);
	fixture_end(&f);
}

static void
what_tells_grants_of_the_model_that_a_vault_does_not_use(
    void **state ACTAS_UNUSED)
{
	struct access_list list;
	struct fixture f;
	principal_id app;
	scope_id vault;

	fixture_begin(&f);
	app = fixture_app(&f, "app");
	vault = fixture_vault(&f, MODEL_RBAC);
	fixture_grant(&f, app, "Reader", VAULT);
	fixture_assign(&f, app, fixture_policy(&f, "get"), vault);
	fixture_freeze(&f);
	assert_int_equal(reach_what(f.e, app, &f.arena, &list), ACTAS_OK);
	assert_int_equal(list.count, 2);
	for (uint32_t i = 0; i < 2; i++) {
		struct assignment a =
		    estate_assignment(f.e, list.at[i].assignment);
		bool policy = f.e->roles.at[a.role].plane == PLANE_POLICY;

		assert_string_equal(reason_name(list.at[i].reason),
		    policy ? "DeniedByOtherVaultModel" : "GrantedByRBAC");
		assert_int_equal(list.at[i].allowed, !policy);
	}
	fixture_end(&f);
}

/* Every allocation fails once. */

static enum actas_error
ask_who(struct town *t, struct arena *arena)
{
	struct access_list list;
	struct action action;
	enum actas_error error = action_prepare(t->f.e,
	    SLICE("Microsoft.Web/sites/read"), ACTION_AS_KNOWN, &action, NULL);

	if (error != ACTAS_OK)
		return error;
	error = reach_who(t->f.e, &action, t->places[3], arena, &list);
	action_release(&action);
	return error;
}

static enum actas_error
ask_what(struct town *t, struct arena *arena)
{
	struct access_list list;

	return reach_what(t->f.e, t->holders[0], arena, &list);
}

static enum actas_error
ask_through(struct town *t, struct arena *arena)
{
	struct start start = {t->holders[0], NONE};
	struct reached_list list;

	return reach_through(t->f.e, start, arena, &list);
}

static void
answers_without_memory_fail_and_leak_nothing(void **state ACTAS_UNUSED)
{
	static enum actas_error (*const questions[])(
	    struct town *, struct arena *) = {ask_who, ask_what, ask_through};

	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
		enum actas_error error = ACTAS_ENOMEM;
		struct town t;

		town_begin(&t, 7);
		for (int64_t n = 0; error != ACTAS_OK; n++) {
			struct arena arena = {0};

			assert_in_range(n, 0, 200);
			mem_fail_after(n);
			error = questions[i](&t, &arena);
			mem_fail_after(-1);
			assert_true(error == ACTAS_OK || error == ACTAS_ENOMEM);
			arena_release(&arena);
		}
		fixture_end(&t.f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(answers_without_memory_fail_and_leak_nothing),
	    cmocka_unit_test(
		who_lists_everybody_that_deciding_for_everybody_allows),
	    cmocka_unit_test(
		what_lists_every_assignment_of_the_principal_and_its_groups),
	    cmocka_unit_test(who_is_ordered_by_kind_and_name),
	    cmocka_unit_test(
		what_tells_grants_of_the_model_that_a_vault_does_not_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
