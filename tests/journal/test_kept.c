#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "edit.h"
#include "scratch.h"

/* Snapshots that are kept for the next pages of lists. */

static void
commit(struct store *s, const char *writes)
{
	assert_int_equal(edit_commit(s, writes), ACTAS_OK);
}

/* Keeps the newest; returns its revision. */
static uint64_t
keep(struct store *s, enum store_parts parts)
{
	const struct snapshot *now = store_pin(s);
	uint64_t revision = now->revision;

	store_keep(s, now, parts);
	store_unpin(s, now);
	return revision;
}

/* Writes something and waits until the writer has trimmed behind it, which it
 * does before it takes the next change. */
static void
let_trim(struct store *s)
{
	commit(s, "trim=1");
	commit(s, "trim=2");
}

static bool
is_kept(struct store *s, uint64_t revision, enum store_parts parts)
{
	const struct snapshot *found = store_pin_kept(s, revision, parts);

	if (found == NULL)
		return false;
	assert_int_equal(found->revision, revision);
	store_unpin(s, found);
	return true;
}

static uint64_t
views_of(const struct snapshot *s)
{
	return ((const struct view_of_test *)s->view)->views;
}

static void
a_page_finds_the_snapshot_of_the_first(void **unused ACTAS_UNUSED)
{
	struct store *s = test_store();
	const struct snapshot *found;
	uint64_t revision;
	char text[32];

	commit(s, "a=1 b=1 view/a=1");
	revision = keep(s, STORE_VIEW);
	assert_true(is_kept(s, revision, STORE_VIEW));
	for (int i = 0; i < 100; i++) {
		snprintf(text, sizeof text, "a=%d k%d=1 view/%d=1", i, i, i);
		commit(s, text);
	}
	assert_false(is_kept(s, revision + 1, STORE_STATE));
	assert_false(is_kept(s, 9999, STORE_STATE));
	/* The history is not needed for it. */
	assert_int_equal(unlink(scratch_path), 0);
	found = store_pin_kept(s, revision, STORE_VIEW);
	assert_non_null(found);
	assert_string_equal(scratch_text(found->state), "a=1 b=1 view/a=1");
	assert_int_equal(views_of(found), 1);
	store_unpin(s, found);
	assert_int_equal(store_pin_at(s, revision, &found, NULL), ACTAS_OK);
	assert_int_equal(found->revision, revision);
	store_unpin(s, found);
	assert_int_equal(
	    store_pin_at(s, revision + 1, &found, NULL), ACTAS_EIO);
	store_close(s);
}

static void
the_newest_needs_not_be_kept(void **unused ACTAS_UNUSED)
{
	struct store *s = test_store();

	assert_true(is_kept(s, 0, STORE_VIEW));
	commit(s, "a=1");
	assert_false(is_kept(s, 0, STORE_STATE));
	assert_true(is_kept(s, 1, STORE_VIEW));
	store_close(s);
}

/* Where only the state is wanted, the view is let go with the next that is
 * made; not before, as it costs nothing. */
static void
a_view_that_nobody_wants_is_let_go(void **unused ACTAS_UNUSED)
{
	struct store *s = test_store();
	uint64_t state, view, both;
	const struct snapshot *found;

	commit(s, "a=1 view/a=1");
	state = keep(s, STORE_STATE);
	commit(s, "a=2");
	view = keep(s, STORE_VIEW);
	commit(s, "a=3");
	both = keep(s, STORE_STATE);
	assert_int_equal(keep(s, STORE_VIEW), both);
	let_trim(s);
	assert_true(is_kept(s, state, STORE_VIEW));
	commit(s, "view/b=1");
	let_trim(s);
	assert_false(is_kept(s, state, STORE_VIEW));
	assert_true(is_kept(s, view, STORE_VIEW));
	assert_true(is_kept(s, both, STORE_VIEW));
	found = store_pin_kept(s, state, STORE_STATE);
	assert_null(found->view);
	assert_string_equal(scratch_text(found->state), "a=1 view/a=1");
	/* It cannot be kept with a view that it does not have. */
	store_keep(s, found, STORE_VIEW);
	store_unpin(s, found);
	assert_false(is_kept(s, state, STORE_VIEW));
	store_close(s);
}

static void
a_few_views_are_kept(void **unused ACTAS_UNUSED)
{
	enum { COUNT = LIMIT_KEPT_VIEWS + 3 };
	uint64_t revisions[COUNT];
	struct store *s = test_store();
	char text[32];

	for (uint32_t i = 0; i < COUNT; i++) {
		snprintf(text, sizeof text, "view/%u=1", i);
		commit(s, text);
		revisions[i] = keep(s, STORE_VIEW);
		/* The one that was made first is asked for last. */
		assert_true(is_kept(s, revisions[0], STORE_VIEW));
	}
	commit(s, "view/last=1");
	let_trim(s);
	for (uint32_t i = 0; i < COUNT; i++) {
		assert_int_equal(is_kept(s, revisions[i], STORE_VIEW),
		    i == 0 || i >= COUNT - LIMIT_KEPT_VIEWS + 1);
		assert_true(is_kept(s, revisions[i], STORE_STATE));
	}
	store_close(s);
}

static void
a_snapshot_is_kept_for_some_minutes(void **unused ACTAS_UNUSED)
{
	struct store *s = test_store();
	uint64_t first, second;

	test_now = 1000;
	commit(s, "a=1");
	first = keep(s, STORE_STATE);
	commit(s, "a=2");
	second = keep(s, STORE_STATE);
	let_trim(s);
	test_now += LIMIT_KEPT_SECONDS;
	assert_true(is_kept(s, second, STORE_STATE));
	test_now += 1;
	let_trim(s);
	assert_false(is_kept(s, first, STORE_STATE));
	assert_true(is_kept(s, second, STORE_STATE));
	test_now += LIMIT_KEPT_SECONDS + 1;
	let_trim(s);
	assert_false(is_kept(s, second, STORE_STATE));
	store_close(s);
	test_now = 1000;
}

static void
the_one_that_was_not_asked_for_longest_goes(void **unused ACTAS_UNUSED)
{
	enum { COUNT = LIMIT_KEPT_SNAPSHOTS + 10 };
	struct store *s = test_store();
	uint32_t kept = 0;

	for (uint32_t i = 1; i <= COUNT; i++) {
		commit(s, "a=1");
		assert_int_equal(keep(s, STORE_STATE), i);
		assert_true(is_kept(s, 1, STORE_STATE));
	}
	commit(s, "a=2");
	for (uint32_t i = 1; i <= COUNT; i++)
		kept += is_kept(s, i, STORE_STATE);
	assert_int_equal(kept, LIMIT_KEPT_SNAPSHOTS);
	assert_false(is_kept(s, 2, STORE_STATE));
	assert_true(is_kept(s, COUNT, STORE_STATE));
	store_close(s);
}

/* Whoever asks for a first page after each change makes the store keep each
 * of them: it does as far as the memory goes that it has for that. */
static void
memory_is_bounded(void **unused ACTAS_UNUSED)
{
	enum { BYTES = 1 << 20, VALUE = 10000, ROUNDS = 1000 };
	struct store_options options = test_store_options();
	struct store *s;
	char *text = malloc(VALUE + 16);
	size_t most = 0;
	uint64_t last = 0;

	assert_non_null(text);
	options.kept_bytes = BYTES;
	assert_int_equal(store_open(&options, &s, NULL), ACTAS_OK);
	for (int i = 0; i < ROUNDS; i++) {
		const struct snapshot *now;
		int n = snprintf(text, 16, "k%d=", i % 7);

		memset(text + n, 'v', VALUE);
		text[n + VALUE] = '\0';
		commit(s, text);
		last = keep(s, STORE_STATE);
		/* The writer trims behind the answer: the next waits for it. */
		commit(s, "");
		now = store_pin(s);
		if (state_family_memory(now->state) > most)
			most = state_family_memory(now->state);
		store_unpin(s, now);
	}
	commit(s, "k0=1");
	assert_in_range(most, BYTES, BYTES + 10 * VALUE);
	assert_false(is_kept(s, last - 2 * BYTES / VALUE, STORE_STATE));
	assert_true(is_kept(s, last - 80, STORE_STATE));
	assert_true(is_kept(s, last, STORE_STATE));
	free(text);
	store_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORE_TEST(a_page_finds_the_snapshot_of_the_first),
	    STORE_TEST(the_newest_needs_not_be_kept),
	    STORE_TEST(a_view_that_nobody_wants_is_let_go),
	    STORE_TEST(a_few_views_are_kept),
	    STORE_TEST(a_snapshot_is_kept_for_some_minutes),
	    STORE_TEST(the_one_that_was_not_asked_for_longest_goes),
	    STORE_TEST(memory_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
