#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "journal/writes.h"
#include "live.h"

static void
assert_value(const struct state *s, struct slice key, struct slice expected)
{
	struct slice value;

	assert_int_equal(state_get(s, key, &value), expected.at != NULL);
	assert_true(slice_eq(value, expected));
}

static void
writes_are_done_in_order_and_the_last_stays(void **unused ACTAS_UNUSED)
{
	struct writes w = {0};
	const struct state *s = NULL;
	char passing[] = "key";

	writes_put(&w, slice_of(passing), SLICE("1"));
	passing[0] = 'x';
	writes_put(&w, SLICE("twice"), SLICE("1"));
	writes_put(&w, SLICE("twice"), SLICE("2"));
	writes_put(&w, SLICE("gone"), SLICE("1"));
	writes_remove(&w, SLICE("gone"));
	writes_put(&w, SLICE("empty"), (struct slice){0});
	assert_int_equal(writes_apply(&w, &s), ACTAS_OK);
	assert_int_equal(state_count(s), 3);
	assert_value(s, SLICE("key"), SLICE("1"));
	assert_value(s, SLICE("twice"), SLICE("2"));
	assert_value(s, SLICE("gone"), (struct slice){0});
	assert_value(s, SLICE("empty"), SLICE(""));
	writes_release(&w);
	state_release(s);
}

static void
an_error_sticks_and_refuses_the_whole(void **unused ACTAS_UNUSED)
{
	static char bytes[LIMIT_VALUE_BYTES + 1];
	const struct {
		struct slice key, value;
	} cases[] = {
	    {{bytes, LIMIT_KEY_BYTES + 1}, SLICE("v")},
	    {SLICE("k"), {bytes, LIMIT_VALUE_BYTES + 1}},
	};
	const struct state *s = NULL;
	struct writes w = {0};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		writes_put(&w, SLICE("a"), SLICE("1"));
		writes_put(&w, cases[i].key, cases[i].value);
		writes_fail(&w, ACTAS_EUSAGE);
		assert_int_equal(writes_apply(&w, &s), ACTAS_ELIMIT);
		writes_release(&w);
		assert_null(s);
	}
	writes_fail(&w, ACTAS_EUSAGE);
	writes_put(&w, SLICE("a"), SLICE("1"));
	assert_int_equal(w.at.count, 0);
	assert_int_equal(writes_apply(&w, &s), ACTAS_EUSAGE);
	writes_release(&w);
}

static void
gather(struct writes *w)
{
	for (char c = 'a'; c <= 'z'; c++) {
		writes_put(w, (struct slice){&c, 1}, SLICE("new"));
		writes_remove(w, SLICE("old"));
	}
}

/* Each allocation fails once: all of it is done, or nothing. */
static void
without_memory_nothing_is_done(void **unused ACTAS_UNUSED)
{
	const struct state *s = NULL;
	enum actas_error error = ACTAS_ENOMEM;
	uint32_t failed = 0;

	assert_int_equal(state_put(&s, SLICE("old"), SLICE("1")), ACTAS_OK);
	for (int64_t n = 0; error != ACTAS_OK; n++) {
		const struct state *before = s;
		struct writes w = {0};

		mem_fail_after(n);
		gather(&w);
		error = writes_apply(&w, &s);
		mem_fail_after(-1);
		writes_release(&w);
		if (error == ACTAS_OK)
			break;
		assert_int_equal(error, ACTAS_ENOMEM);
		assert_ptr_equal(s, before);
		assert_int_equal(state_count(s), 1);
		assert_value(s, SLICE("old"), SLICE("1"));
		failed++;
	}
	assert_true(failed > 26);
	assert_int_equal(state_count(s), 26);
	assert_value(s, SLICE("old"), (struct slice){0});
	state_release(s);
	assert_int_equal(live(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(writes_are_done_in_order_and_the_last_stays),
	    cmocka_unit_test(an_error_sticks_and_refuses_the_whole),
	    cmocka_unit_test(without_memory_nothing_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
