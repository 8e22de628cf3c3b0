#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "making.h"

/*
 * Random estates against a model that is too simple to be wrong: matrices,
 * paths as text, and sets that are searched from end to end. The seed of a
 * failure is printed; ACTAS_SEED=n runs that one alone.
 */

enum { MOST = 24, MOST_ROWS = 200, PATH_BYTES = 256 };

struct row {
	principal_id p;
	role_id r;
	string_id condition;
	char path[PATH_BYTES];
};

struct model {
	uint64_t random;
	struct builder *b;
	uint32_t principals, scopes, rows;
	bool in[MOST][MOST];
	struct row row[MOST_ROWS];
	char path[MOST][PATH_BYTES];
	struct {
		principal_id p;
		role_id r;
		scope_id s;
		string_id condition;
	} made[MOST_ROWS];
};

static uint32_t
below(struct model *m, uint32_t n)
{
	m->random ^= m->random << 13;
	m->random ^= m->random >> 7;
	m->random ^= m->random << 17;
	return (uint32_t)(m->random >> 33) % n;
}

static void
make_members(struct model *m)
{
	uint32_t links = below(m, m->principals * 2);

	for (uint32_t i = 0; i < links; i++) {
		uint32_t of = below(m, m->principals);
		uint32_t member = below(m, m->principals);

		builder_member(m->b, of, member, NOWHERE);
		m->in[member][of] = true;
	}
	for (uint32_t k = 0; k < m->principals; k++)
		for (uint32_t i = 0; i < m->principals; i++)
			for (uint32_t j = 0; j < m->principals; j++)
				m->in[i][j] |= m->in[i][k] && m->in[k][j];
}

static bool
is_below(const struct builder *b, scope_id s, scope_id above)
{
	while (s != above && s != NONE)
		s = b->scopes.at[s].parent;
	return s == above;
}

/* Few names, so that a move often puts two scopes of one name together. */
static void
make_scopes(struct model *m)
{
	static const char *const names[] = {"a", "b", "A"};
	struct builder *b = m->b;

	for (uint32_t i = 0; i + 1 < m->scopes; i++)
		builder_scope(b, below(m, b->scopes.count),
		    below(m, 8) == 0 ? SCOPE_PROJECT : SCOPE_WORKSPACE,
		    SLICE(""), slice_of(names[below(m, 3)]), NOWHERE);
	m->scopes = b->scopes.count;
	for (uint32_t i = below(m, 6); i > 0; i--) {
		scope_id s = below(m, m->scopes), to = below(m, m->scopes);

		if (!is_below(b, to, s))
			builder_move(b, s, to);
	}
}

static void
make_grants(struct model *m)
{
	m->rows = below(m, MOST_ROWS);
	for (uint32_t i = 0; i < m->rows; i++) {
		struct assignment a = {.principal = below(m, m->principals),
		    .role = below(m, 3),
		    .scope = below(m, m->scopes),
		    .condition = below(m, 6) == 0
			? builder_string(m->b, SLICE("x"))
			: 0};

		builder_assign(m->b, &a);
		m->made[i].p = a.principal;
		m->made[i].r = a.role;
		m->made[i].s = a.scope;
		m->made[i].condition = a.condition;
	}
}

/* "/Wa/Pb": kinds and folded segments, from the root. */
static void
write_path(const struct scope *scopes, const struct strings *text, scope_id s,
    char path[static PATH_BYTES])
{
	size_t at = PATH_BYTES - 1;

	path[at] = '\0';
	for (; s != 0; s = scopes[s].parent) {
		at -= 3;
		path[at] = '/';
		path[at + 1] = (char)('A' + scopes[s].kind);
		path[at + 2] =
		    ascii_lower(strings_get(text, scopes[s].segment).at[0]);
	}
	memmove(path, path + at, PATH_BYTES - at);
}

static bool
same_row(const struct row *x, const struct row *y)
{
	return x->p == y->p && x->r == y->r && x->condition == y->condition &&
	    strcmp(x->path, y->path) == 0;
}

static void
add_row(struct model *m, const struct row *row)
{
	for (uint32_t i = 0; i < m->rows; i++)
		if (same_row(&m->row[i], row))
			return;
	m->row[m->rows++] = *row;
}

/* What the estate is to hold, from what was made. */
static void
expect(struct model *m)
{
	const struct builder *b = m->b;
	uint32_t rows = m->rows, paths = 0;

	m->rows = 0;
	for (uint32_t i = 0; i < rows; i++) {
		struct row row = {
		    m->made[i].p, m->made[i].r, m->made[i].condition, ""};

		write_path(b->scopes.at, &b->strings, m->made[i].s, row.path);
		add_row(m, &row);
	}
	for (scope_id s = 0; s < m->scopes; s++) {
		char path[PATH_BYTES];
		uint32_t i = 0;

		write_path(b->scopes.at, &b->strings, s, path);
		while (i < paths && strcmp(m->path[i], path) != 0)
			i++;
		if (i == paths)
			memcpy(m->path[paths++], path, sizeof path);
	}
	m->scopes = paths;
}

static void
compare_groups(const struct model *m, const struct estate *e)
{
	for (principal_id p = 0; p < m->principals; p++) {
		struct ids ids = estate_groups_of(e, p);
		uint32_t next = 0;

		for (principal_id g = 0; g < m->principals; g++) {
			if (g == p || !m->in[p][g])
				continue;
			assert_true(next < ids.count);
			assert_int_equal(ids.at[next++], g);
		}
		assert_int_equal(next, ids.count);
	}
}

static void
compare_grants(const struct model *m, const struct estate *e)
{
	uint32_t at_scopes = 0;

	assert_int_equal(e->grants.count, m->rows);
	for (assignment_id a = 0; a < e->grants.count; a++) {
		struct assignment got = estate_assignment(e, a);
		struct row row = {got.principal, got.role, got.condition, ""};
		uint32_t hits = 0;

		write_path(e->scopes.at, &e->strings, got.scope, row.path);
		for (uint32_t i = 0; i < m->rows; i++)
			hits += same_row(&m->row[i], &row);
		assert_int_equal(hits, 1);
	}
	for (scope_id s = 0; s < e->scopes.count; s++)
		at_scopes += estate_assignments_at(e, s).count;
	assert_int_equal(at_scopes, m->rows);
}

static void
compare_scopes(const struct model *m, const struct estate *e)
{
	assert_int_equal(e->scopes.count, m->scopes);
	for (scope_id s = 0; s < e->scopes.count; s++) {
		char path[PATH_BYTES];
		uint32_t hits = 0;

		write_path(e->scopes.at, &e->strings, s, path);
		assert_int_equal(e->scopes.at[s].depth, strlen(path) / 3);
		for (uint32_t i = 0; i < m->scopes; i++)
			hits += strcmp(m->path[i], path) == 0;
		assert_int_equal(hits, 1);
	}
}

static void
try_seed(uint64_t seed)
{
	struct model m = {.random = seed * 0x9e3779b97f4a7c15u | 1};
	struct fault fault;
	struct estate *e;

	m.b = new_builder(&fault);
	m.principals = 1 + below(&m, MOST - 1);
	m.scopes = 1 + below(&m, MOST - 1);
	for (uint32_t i = 0; i < m.principals; i++)
		builder_principal(m.b, guid_number(i), NOWHERE);
	make_members(&m);
	make_scopes(&m);
	make_grants(&m);
	expect(&m);
	e = finish(m.b);
	compare_groups(&m, e);
	compare_scopes(&m, e);
	compare_grants(&m, e);
	estate_free(e);
}

static void
a_random_estate_is_what_the_simple_model_says(void **state ACTAS_UNUSED)
{
	const char *only = getenv("ACTAS_SEED");
	uint64_t seed;

	if (only != NULL) {
		assert_true(slice_u64(slice_of(only), &seed));
		try_seed(seed);
		return;
	}
	for (seed = 1; seed <= 1500; seed++) {
		/* Shown where an assertion ends the test. */
		if (seed % 100 == 1)
			print_message("# seeds from %u\n", (unsigned)seed);
		try_seed(seed);
	}
}

/*
 * A small estate with something of everything, made while memory runs out at
 * each point once.
 */
static void
make_policies(struct builder *b, principal_id p, scope_id vault)
{
	struct slice get = SLICE("get"), read = SLICE("Example/read");
	struct permission_text text = {
	    .actions = &read, .action_count = 1, .condition = SLICE("c")};
	struct vault *v = builder_vault(b, vault, NOWHERE);
	role_id r = builtin_policy(b, &get, 1, NOWHERE);

	if (v != NULL)
		v->soft_delete = YES;
	if (r != NONE)
		grant(b, p, r, vault, 4);
	builder_role(b, PLANE_AZURE, guid_number(50), SLICE("Custom"), &text, 1,
	    line(b, 5));
	r = builder_role_by_id(b, guid_number(51), NOWHERE);
	if (r != NONE)
		builder_assign(b,
		    &(struct assignment){.id = guid_number(60),
			.principal = p,
			.role = r,
			.scope = vault,
			.condition = builder_string(b, SLICE("d"))});
	if (r != NONE)
		builder_assign(b,
		    &(struct assignment){.id = guid_number(60),
			.principal = p,
			.role = r,
			.scope = 0});
}

static void
make_tree(struct builder *b, principal_id p)
{
	scope_id sub =
	    builder_scope_path(b, SLICE("/subscriptions/s"), NOWHERE);
	scope_id group = builder_scope_path(b,
	    SLICE("/providers/Microsoft.Management/managementGroups/g"),
	    NOWHERE);
	scope_id twin = builder_scope(
	    b, group, SCOPE_SUBSCRIPTION, SLICE(""), SLICE("S"), NOWHERE);
	scope_id vault[2], item, secret[2];

	for (int i = 0; i < 2; i++) {
		vault[i] = builder_scope(b, i == 0 ? sub : twin, SCOPE_VAULT,
		    SLICE(""), SLICE("v"), NOWHERE);
		secret[i] = builder_scope(
		    b, vault[i], SCOPE_SECRET, SLICE(""), SLICE("x"), NOWHERE);
		builder_secret(b, secret[i], NOWHERE);
		if (secret[i] != NONE && b->error == ACTAS_OK)
			b->secrets.at[i].expires = i;
	}
	item = builder_scope(
	    b, sub, SCOPE_ITEM, SLICE("Notebook"), SLICE("n"), NOWHERE);
	builder_item(b, item, ITEM_NOTEBOOK, NOWHERE);
	builder_connection(b,
	    builder_scope(
		b, sub, SCOPE_CONNECTION, SLICE(""), SLICE("c"), NOWHERE),
	    NOWHERE);
	make_policies(b, p, vault[1]);
	builder_move(b, sub, group);
}

static void
make_everything(struct builder *b)
{
	principal_id p = builder_principal(b, guid_number(1), line(b, 1));
	principal_id q =
	    builder_principal_new(b, SLICE("q"), PRINCIPAL_GROUP, line(b, 2));
	struct claim c = {.says = CLAIM_GRANTS,
	    .principal = q,
	    .role = 0,
	    .scope = 0,
	    .origin = line(b, 3)};

	builder_identify(b, q, guid_number(1), guid_number(2));
	builder_application(b, guid_number(2), NOWHERE);
	builder_member(b, q, p, NOWHERE);
	builder_member(b, p, q, NOWHERE);
	if (b->error == ACTAS_OK)
		b->principals.at[q].flags |= PRINCIPAL_DECLARED;
	make_tree(b, p);
	if (vector_push(&b->listings, {.principal = NONE, .scope = NONE}) !=
	    ACTAS_OK)
		builder_fail(b, ACTAS_ENOMEM, NOWHERE, "out of memory");
	builder_claim(b, &c);
	c.says = CLAIM_HAS_NONE;
	c.role = NONE;
	builder_claim(b, &c);
	builder_problem(
	    b, PROBLEM_MALFORMED_ROW, SLICE("s"), NOWHERE, NOWHERE, "%d", 1);
}

static bool
survives(int64_t allocations)
{
	struct fault fault = {0};
	struct estate *e = NULL;
	struct builder *b;
	enum actas_error error;

	mem_fail_after(allocations);
	b = builder_new(&fault);
	if (b != NULL)
		make_everything(b);
	error = b == NULL ? ACTAS_ENOMEM : builder_finish(b, &e);
	mem_fail_after(-1);
	assert_int_equal(fault.error, error);
	if (error == ACTAS_OK) {
		assert_int_equal(estate_check(e, &fault), ACTAS_OK);
		assert_int_equal(e->problems.count, 7);
		estate_free(e);
		return true;
	}
	assert_int_equal(error, ACTAS_ENOMEM);
	assert_null(e);
	return false;
}

static void
running_out_of_memory_anywhere_is_an_error_and_no_leak(
    void **state ACTAS_UNUSED)
{
	int64_t n = 0;

	while (!survives(n))
		n++;
	assert_true(n > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_random_estate_is_what_the_simple_model_says),
	    cmocka_unit_test(
		running_out_of_memory_anywhere_is_an_error_and_no_leak),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
