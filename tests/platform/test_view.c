#include "../source/azure_dump.h"
#include "view_world.h"

#include "engine/diff.h"

/* The estate of a state: the same that the same platform's files give. */

static struct estate *
from_state(const struct state *s, const struct view_filter *filter)
{
	struct fault fault = {0};
	struct estate *e;

	if (view_estate(s, 7, filter, &e, &fault) != ACTAS_OK)
		fail_msg("%s:%u: %s", fault.file, fault.line, fault.message);
	if (estate_check(e, &fault) != ACTAS_OK)
		fail_msg("%s", fault.message);
	return e;
}

static struct estate *
from_answers(void)
{
	struct document documents[64];
	size_t count = 0;

	for (const struct row *r = view_world_answers; r->key != NULL; r++)
		documents[count++] = (struct document){r->key, r->value};
	return load_all(documents, count);
}

static struct estate *
from_export(const struct state *s)
{
	json_t *answers = view_answers(s, NULL);
	char *text = json_dumps(answers, 0);
	struct estate *e = load("", text);

	free(text);
	json_decref(answers);
	return e;
}

/* What an estate says, without where it was read. */
static void
dump_facts(const struct estate *e, struct buffer *out)
{
	struct buffer all = {0};
	struct slice rest, line;

	dump(e, &all);
	rest = buffer_slice(&all);
	while (slice_cut(&rest, '\n', &line)) {
		size_t at = line.length;

		while (
		    at > 0 && line.at[at - 1] != '@' && line.at[at - 1] != ' ')
			at--;
		if (at > 1 && line.at[at - 1] == '@')
			line.length = at - 2;
		buffer_add(out, line);
		buffer_putc(out, '\n');
	}
	buffer_release(&all);
}

static void
expect_no_problem(const struct estate *e)
{
	for (uint32_t i = 0; i < e->problems.count; i++)
		fail_msg("%s", text_of(e, e->problems.at[i].message));
}

static void
expect_same(const struct estate *a, const struct estate *b)
{
	struct differences changes;
	struct buffer one = {0}, other = {0};
	struct arena arena = {0};

	expect_no_problem(a);
	expect_no_problem(b);
	assert_int_equal(diff(a, b, &arena, &changes), ACTAS_OK);
	for (uint32_t i = 0; i < changes.count; i++)
		fail_msg("%s", changes.at[i].text);
	dump_facts(a, &one);
	dump_facts(b, &other);
	assert_string_equal(buffer_text(&one), buffer_text(&other));
	buffer_release(&one);
	buffer_release(&other);
	arena_release(&arena);
}

static void
a_state_is_the_estate_of_its_answers(void **state ACTAS_UNUSED)
{
	const struct state *s = view_state();
	struct estate *a = from_state(s, NULL), *b = from_answers();
	struct estate *c = from_export(s);

	expect_same(a, b);
	expect_same(a, c);
	assert_int_equal(a->revision, 7);
	assert_true(guid_eq(a->tenant, view_id(TENANT)));
	assert_true(guid_eq(c->tenant, view_id(TENANT)));
	estate_free(a);
	estate_free(b);
	estate_free(c);
	state_release(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_state_is_the_estate_of_its_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
