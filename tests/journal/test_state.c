#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "journal/state.h"
#include "live.h"

/*
 * States are compared with a model: for each key of a fixed, sorted universe
 * the number that stands there, or NONE. A value is the number written out,
 * so that values have several lengths, one of them empty.
 */

enum { KEYS = 1500, NONE = -1, KEPT = 24 };

struct key {
	char at[24];
	size_t length;
};

static struct key keys[KEYS];

struct model {
	int16_t number[KEYS];
};

static uint64_t seed;

static uint32_t
draw(uint32_t below)
{
	uint64_t z = seed += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (uint32_t)((z >> 32) * below >> 32);
}

static struct slice
key_at(uint32_t i)
{
	return (struct slice){keys[i].at, keys[i].length};
}

static int
key_order(const void *x, const void *y)
{
	const struct key *a = x, *b = y;

	return slice_cmp(
	    (struct slice){a->at, a->length}, (struct slice){b->at, b->length});
}

/* Keys with common beginnings, the empty key, bytes that are no text. */
static int
make_keys(void **unused ACTAS_UNUSED)
{
	static const char alphabet[] = {'\0', '/', 'a', 'b', '\x7f', '\xff'};

	seed = 7;
	for (uint32_t i = 0; i < KEYS; i++) {
		size_t length = draw(sizeof keys->at - 2);

		/* Some have nothing but the greatest byte. */
		for (size_t b = 0; b < length; b++)
			keys[i].at[b] = i % 32 == 0
			    ? '\xff'
			    : alphabet[draw(sizeof alphabet)];
		/* What is drawn twice is told apart by its end. */
		keys[i].at[length] = (char)(i >> 8);
		keys[i].at[length + 1] = (char)i;
		keys[i].length = length + 2;
	}
	keys[0].length = 0;
	qsort(keys, KEYS, sizeof *keys, key_order);
	return 0;
}

static struct slice
value_of(int number, char text[static 8])
{
	size_t length = 0;

	for (; number > 0; number /= 10)
		text[length++] = (char)('0' + number % 10);
	return (struct slice){text, length};
}

static void
assert_slice(struct slice is, struct slice expected)
{
	assert_int_equal(is.length, expected.length);
	if (is.length > 0)
		assert_memory_equal(is.at, expected.at, is.length);
}

static void
assert_entry(struct entry is, uint32_t key, const struct model *m)
{
	char text[8];

	assert_slice(is.key, key_at(key));
	assert_non_null(is.value.at);
	assert_slice(is.value, value_of(m->number[key], text));
}

static void
assert_model(const struct state *s, const struct model *m)
{
	struct state_walk w;
	struct entry e;
	size_t count = 0;

	state_walk_prefix(&w, s, SLICE(""));
	for (uint32_t i = 0; i < KEYS; i++) {
		struct slice value;

		assert_int_equal(
		    state_get(s, key_at(i), &value), m->number[i] != NONE);
		if (m->number[i] == NONE) {
			assert_null(value.at);
			continue;
		}
		assert_true(state_walk_next(&w, &e));
		assert_entry(e, i, m);
		assert_ptr_equal(e.value.at, value.at);
		count++;
	}
	assert_false(state_walk_next(&w, &e));
	assert_false(state_walk_next(&w, &e));
	assert_int_equal(state_count(s), count);
}

/* Walks 'prefix' from behind 'after' beside the model. */
static void
assert_walk(const struct state *s, const struct model *m, struct slice prefix,
    const struct slice *after)
{
	struct state_walk w;
	struct entry e;

	if (after == NULL)
		state_walk_prefix(&w, s, prefix);
	else
		state_walk_after(&w, s, prefix, *after);
	for (uint32_t i = 0; i < KEYS; i++) {
		if (m->number[i] == NONE || !slice_starts(key_at(i), prefix) ||
		    (after != NULL && slice_cmp(key_at(i), *after) <= 0))
			continue;
		assert_true(state_walk_next(&w, &e));
		assert_entry(e, i, m);
	}
	assert_false(state_walk_next(&w, &e));
}

static void
model_clear(struct model *m)
{
	for (uint32_t i = 0; i < KEYS; i++)
		m->number[i] = NONE;
}

static enum actas_error
put(const struct state **s, struct model *m, uint32_t key, int number)
{
	char text[8];
	enum actas_error error = state_put(s, key_at(key),
	    number == NONE ? (struct slice){0} : value_of(number, text));

	if (error == ACTAS_OK)
		m->number[key] = (int16_t)number;
	return error;
}

/* One step: mostly puts while it grows, mostly removals while it shrinks. */
static enum actas_error
step(const struct state **s, struct model *m, bool grows)
{
	bool puts = draw(10) < (grows ? 8u : 2u);

	return put(s, m, draw(KEYS), puts ? (int)draw(30000) : NONE);
}

static void
an_empty_state_has_nothing(void **unused ACTAS_UNUSED)
{
	static struct model none;
	const struct state *s = NULL;

	model_clear(&none);
	assert_model(NULL, &none);
	assert_int_equal(state_memory(NULL), 0);
	assert_int_equal(
	    state_put(&s, SLICE("a"), (struct slice){0}), ACTAS_OK);
	assert_null(s);
	assert_null(state_hold(NULL));
	state_release(NULL);
}

static void
keys_and_values_have_ceilings(void **unused ACTAS_UNUSED)
{
	static char bytes[LIMIT_VALUE_BYTES + 1];
	const struct state *s = NULL;
	struct slice value;

	assert_int_equal(
	    state_put(
		&s, (struct slice){bytes, LIMIT_KEY_BYTES + 1}, SLICE("v")),
	    ACTAS_ELIMIT);
	assert_int_equal(
	    state_put(&s, SLICE("k"), (struct slice){bytes, sizeof bytes}),
	    ACTAS_ELIMIT);
	assert_null(s);
	assert_int_equal(state_put(&s, (struct slice){bytes, LIMIT_KEY_BYTES},
			     (struct slice){bytes, LIMIT_VALUE_BYTES}),
	    ACTAS_OK);
	assert_true(
	    state_get(s, (struct slice){bytes, LIMIT_KEY_BYTES}, &value));
	assert_int_equal(value.length, LIMIT_VALUE_BYTES);
	state_release(s);
}

static void
random_edits_agree_with_a_model(void **unused ACTAS_UNUSED)
{
	static struct model m;
	const struct state *s = NULL;

	model_clear(&m);
	seed = 1;
	for (int i = 0; i < 60000; i++) {
		assert_int_equal(step(&s, &m, i / 6000 % 2 == 0), ACTAS_OK);
		if (i % 601 == 0)
			assert_model(s, &m);
	}
	assert_model(s, &m);
	for (uint32_t i = 0; i < KEYS; i++)
		assert_int_equal(put(&s, &m, i, NONE), ACTAS_OK);
	assert_model(s, &m);
	state_release(s);
}

/* In order and backwards, which fills nodes as unevenly as can be. */
static void
edits_in_order_agree_with_a_model(void **unused ACTAS_UNUSED)
{
	static struct model m;
	const struct state *s = NULL;

	model_clear(&m);
	for (int round = 0; round < 8; round++) {
		int number = round % 2 == 0 ? round : NONE;

		for (uint32_t i = 0; i < KEYS; i++) {
			uint32_t key = round / 2 % 2 == 0 ? i : KEYS - 1 - i;

			assert_int_equal(put(&s, &m, key, number), ACTAS_OK);
			if (i % 97 == 0)
				assert_model(s, &m);
		}
		assert_model(s, &m);
	}
	state_release(s);
}

static void
old_states_stay_as_they_were(void **unused ACTAS_UNUSED)
{
	static struct model m, models[KEPT];
	const struct state *s = NULL, *states[KEPT] = {0};
	int64_t before = live();

	model_clear(&m);
	for (uint32_t i = 0; i < KEPT; i++)
		model_clear(&models[i]);
	seed = 2;
	for (int i = 0; i < 20000; i++) {
		uint32_t at = draw(KEPT);

		assert_int_equal(step(&s, &m, i / 3000 % 2 == 0), ACTAS_OK);
		if (i % 7 != 0)
			continue;
		state_release(states[at]);
		states[at] = state_hold(s);
		models[at] = m;
		if (i % 91 == 0) /* branch off an old one */
			at = draw(KEPT);
		state_release(s);
		s = state_hold(states[at]);
		m = models[at];
		if (i % 49 == 0)
			assert_model(states[at], &models[at]);
	}
	for (uint32_t i = 0; i < KEPT; i++) {
		assert_model(states[i], &models[i]);
		assert_true(
		    state_family_memory(states[i]) >= state_memory(states[i]));
		state_release(states[i]);
	}
	assert_model(s, &m);
	assert_int_equal(state_family_memory(s), state_memory(s));
	state_release(s);
	assert_int_equal(live(), before);
}

static void
an_edit_copies_a_path_and_no_more(void **unused ACTAS_UNUSED)
{
	static struct model m;
	const struct state *s = NULL, *old;
	int64_t before;

	model_clear(&m);
	for (uint32_t i = 0; i < KEYS; i++)
		assert_int_equal(put(&s, &m, i, 12345), ACTAS_OK);
	old = state_hold(s);
	before = live();
	assert_int_equal(put(&s, &m, KEYS / 2, 54321), ACTAS_OK);
	assert_in_range(live() - before, 3, 1 + STATE_DEPTH_MOST);
	assert_int_equal(state_memory(s), state_memory(old));
	assert_int_equal(state_family_memory(s), state_family_memory(old));
	assert_in_range(state_family_memory(s) - state_memory(s), 300, 3000);
	state_release(old);
	assert_int_equal(state_family_memory(s), state_memory(s));
	before = live();
	assert_int_equal(put(&s, &m, KEYS / 2, 12345), ACTAS_OK);
	assert_int_equal(live(), before);
	state_release(s);
}

/* Memory is counted right through growth, sharing and removal. */
static void
memory_is_what_the_entries_and_their_nodes_take(void **unused ACTAS_UNUSED)
{
	static struct model m;
	const struct state *s = NULL, *held;
	size_t one;

	model_clear(&m);
	assert_int_equal(put(&s, &m, 5, 1), ACTAS_OK);
	one = state_memory(s);
	seed = 3;
	for (int i = 0; i < 5000; i++) {
		held = state_hold(s);
		assert_int_equal(step(&s, &m, i < 2500), ACTAS_OK);
		state_release(held);
	}
	assert_true(state_memory(s) > one);
	for (uint32_t i = 0; i < KEYS; i++)
		assert_int_equal(put(&s, &m, i, i == 5 ? 1 : NONE), ACTAS_OK);
	assert_int_equal(state_memory(s), one);
	state_release(s);
}

static void
walks_by_prefix_agree_with_a_model(void **unused ACTAS_UNUSED)
{
	static struct model m;
	const struct state *s = NULL;

	model_clear(&m);
	seed = 4;
	for (int i = 0; i < 3000; i++)
		assert_int_equal(step(&s, &m, true), ACTAS_OK);
	for (int i = 0; i < 400; i++) {
		struct slice at = key_at(draw(KEYS)),
			     after = key_at(draw(KEYS));
		struct slice prefix = slice_sub(at, 0, draw(5));

		assert_walk(s, &m, prefix, NULL);
		assert_walk(s, &m, prefix, &at);
		assert_walk(s, &m, prefix, &after);
		after = slice_sub(at, 0, draw(9));
		assert_walk(s, &m, prefix, &after);
	}
	state_release(s);
}

/* Each of the allocations of each edit fails once; neither the state nor one
 * that shares with it changes. */
static void
an_edit_without_memory_changes_nothing(void **unused ACTAS_UNUSED)
{
	static struct model m, old;
	const struct state *s = NULL, *held = NULL;
	uint32_t failed = 0;

	model_clear(&m);
	model_clear(&old);
	seed = 5;
	for (int i = 0; i < 6000; i++) {
		enum actas_error error = ACTAS_ENOMEM;

		if (i % 3 == 0) {
			state_release(held);
			held = state_hold(s);
			old = m;
		}
		for (int64_t n = 0; error != ACTAS_OK; n++) {
			uint64_t again = seed;

			mem_fail_after(n);
			error = step(&s, &m, i / 1500 % 2 == 0);
			mem_fail_after(-1);
			if (error == ACTAS_OK)
				break;
			assert_int_equal(error, ACTAS_ENOMEM);
			seed = again;
			failed++;
			if (i % 20 == 0)
				assert_model(s, &m);
		}
		if (i % 20 == 0)
			assert_model(held, &old);
	}
	assert_true(failed > 6000);
	assert_model(s, &m);
	state_release(held);
	state_release(s);
	assert_int_equal(live(), 0);
}

/* Sets 'count' entries aside in an order of chance; fills in the places in
 * the order of keys. */
static void
set_aside(
    struct state_build *b, struct model *m, uint32_t count, uint32_t *places)
{
	static uint32_t order[KEYS];

	model_clear(m);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t other = draw(i + 1);

		order[i] = order[other];
		order[other] = i;
	}
	for (uint32_t i = 0; i < count; i++) {
		const struct state *one = NULL;
		struct slice value;

		assert_int_equal(put(&one, m, order[i], (int)i), ACTAS_OK);
		assert_true(state_get(one, key_at(order[i]), &value));
		assert_int_equal(
		    state_build_aside(b, key_at(order[i]), value), ACTAS_OK);
		places[order[i]] = i;
		state_release(one);
	}
}

/* Of every size up to some levels, and then edited as any other. */
static void
a_state_is_made_at_once(void **unused ACTAS_UNUSED)
{
	static uint32_t places[KEYS];
	static struct model m;

	seed = 6;
	for (uint32_t count = 0; count <= KEYS;
	     count += count < 100 ? 1 : KEYS / 37) {
		struct state_build b = {0};
		const struct state *s;

		set_aside(&b, &m, count, places);
		assert_int_equal(
		    state_build_end(&b, places, count, &s), ACTAS_OK);
		state_build_drop(&b);
		assert_int_equal(state_family_memory(s), state_memory(s));
		assert_model(s, &m);
		for (uint32_t i = 0; i < 300; i++)
			assert_int_equal(step(&s, &m, i % 2 == 0), ACTAS_OK);
		assert_model(s, &m);
		for (uint32_t i = 0; i < KEYS; i++)
			assert_int_equal(put(&s, &m, i, NONE), ACTAS_OK);
		assert_model(s, &m);
		state_release(s);
	}
	assert_int_equal(live(), 0);
}

static void
a_state_is_not_made_in_another_order(void **unused ACTAS_UNUSED)
{
	enum { COUNT = 200 };
	static uint32_t places[KEYS];
	static struct model m;
	static const struct {
		uint32_t at, place, count;
	} rows[] = {
	    {0, COUNT, COUNT},                         /* no such place */
	    {7, UINT32_MAX, COUNT}, {0, 0, COUNT - 1}, /* one missing */
	};

	for (uint32_t i = 0; i < sizeof rows / sizeof *rows + 2; i++) {
		struct state_build b = {0};
		const struct state *s;
		uint32_t count = COUNT;

		set_aside(&b, &m, COUNT, places);
		if (i == sizeof rows / sizeof *rows) {
			places[50] = places[49];
		} else if (i > sizeof rows / sizeof *rows) {
			uint32_t swapped = places[50];

			places[50] = places[51];
			places[51] = swapped;
		} else {
			count = rows[i].count;
			if (count == COUNT)
				places[rows[i].at] = rows[i].place;
		}
		assert_int_equal(
		    state_build_end(&b, places, count, &s), ACTAS_EUSAGE);
		assert_null(s);
		state_build_drop(&b);
		assert_int_equal(live(), 0);
	}
}

static void
a_state_is_not_made_without_memory(void **unused ACTAS_UNUSED)
{
	enum { COUNT = 700 };
	static uint32_t places[KEYS];
	static struct model m;
	enum actas_error error = ACTAS_ENOMEM;
	int64_t n;

	for (n = 0; error != ACTAS_OK; n++) {
		struct state_build b = {0};
		const struct state *s;

		set_aside(&b, &m, COUNT, places);
		mem_fail_after(n);
		error = state_build_end(&b, places, COUNT, &s);
		mem_fail_after(-1);
		state_build_drop(&b);
		if (error == ACTAS_OK)
			assert_model(s, &m);
		else
			assert_int_equal(error, ACTAS_ENOMEM);
		state_release(s);
		assert_int_equal(live(), 0);
	}
	assert_true(n > COUNT / 30);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_state_is_made_at_once),
	    cmocka_unit_test(a_state_is_not_made_in_another_order),
	    cmocka_unit_test(a_state_is_not_made_without_memory),
	    cmocka_unit_test(an_empty_state_has_nothing),
	    cmocka_unit_test(keys_and_values_have_ceilings),
	    cmocka_unit_test(random_edits_agree_with_a_model),
	    cmocka_unit_test(edits_in_order_agree_with_a_model),
	    cmocka_unit_test(old_states_stay_as_they_were),
	    cmocka_unit_test(an_edit_copies_a_path_and_no_more),
	    cmocka_unit_test(memory_is_what_the_entries_and_their_nodes_take),
	    cmocka_unit_test(walks_by_prefix_agree_with_a_model),
	    cmocka_unit_test(an_edit_without_memory_changes_nothing),
	};

	return cmocka_run_group_tests(tests, make_keys, NULL);
}
