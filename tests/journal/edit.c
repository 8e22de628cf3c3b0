#include "edit.h"
#include "live.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

#include <cmocka.h>

_Atomic moment test_now = 1000;
_Atomic int logged;
char logged_line[1400];

static _Atomic int orders;

static enum actas_error
edit_apply(
    struct change *change, const struct snapshot *now, struct writes *writes)
{
	struct edit *e = (struct edit *)change;
	const struct view_of_test *view = now->view;
	struct slice rest = slice_of(e->writes), part, found;

	while (e->gate != NULL && sem_wait(e->gate) != 0)
		;
	e->applied_on = now->revision;
	e->seen_views = view->views;
	if (e->unless != NULL &&
	    state_get(now->state, slice_of(e->unless), &found))
		return ACTAS_EUSAGE;
	while (slice_cut(&rest, ' ', &part) && part.length > 0) {
		struct slice value = part, key;

		(void)slice_cut(&value, '=', &key);
		if (value.at == NULL)
			writes_remove(writes, key);
		else
			writes_put(writes, key, value);
	}
	return e->refuse;
}

static void
edit_done(struct change *change, enum actas_error result, uint64_t revision)
{
	struct edit *e = (struct edit *)change;

	e->result = result;
	e->revision = revision;
	e->order = atomic_fetch_add(&orders, 1);
	e->done++;
	if (e->end != NULL)
		sem_post(e->end);
}

void
edit_init(struct edit *e, const char *writes)
{
	*e = (struct edit){.writes = writes,
	    .change = {.apply = edit_apply,
		.done = edit_done,
		.actor = SLICE("actor"),
		.request = SLICE("request")}};
}

enum actas_error
edit_commit(struct store *s, const char *writes)
{
	struct edit e;

	edit_init(&e, writes);
	return store_commit(s, &e.change, NULL);
}

static bool
view_touches(struct slice key)
{
	return slice_starts(key, SLICE("view/"));
}

static uint32_t
views_in(const struct state *state)
{
	struct state_walk w;
	struct entry e;
	uint32_t count = 0;

	state_walk_prefix(&w, state, SLICE("view/"));
	while (state_walk_next(&w, &e))
		count++;
	return count;
}

/* The step leads from a view of the state before to the state. */
static bool
leads_to(const struct view_step *from, const struct state *state)
{
	const struct state *next = state_hold(from->before);
	const struct view_of_test *old = from->view;
	bool right = old->views == views_in(from->before) &&
	    writes_apply(from->writes, &next) == ACTAS_OK &&
	    views_in(next) == views_in(state);

	state_release(next);
	return right;
}

static enum actas_error
view_make(void *context ACTAS_UNUSED, const struct state *state,
    uint64_t revision, const struct view_step *from, const void **view,
    struct fault *fault)
{
	struct view_of_test *made;
	struct slice bad;

	*view = NULL;
	if (state_get(state, SLICE("view/bad"), &bad))
		return fault_set(fault, ACTAS_EPARSE, NULL, 0, "it is bad");
	if (from != NULL && !leads_to(from, state))
		return fault_set(fault, ACTAS_EUSAGE, NULL, 0,
		    "the step does not lead to the state");
	made = mem_zero(1, sizeof *made);
	if (made == NULL)
		return fault_plain(fault, ACTAS_ENOMEM);
	made->revision = revision;
	made->views = views_in(state);
	*view = made;
	return ACTAS_OK;
}

static void
view_free(const void *view)
{
	mem_free((void *)(uintptr_t)view);
}

static void
log_line(void *context ACTAS_UNUSED, const char *line)
{
	logged++;
	snprintf(logged_line, sizeof logged_line, "%s", line);
}

/* The writer reads the clock that a test moves. */
static moment
read_clock(void *context ACTAS_UNUSED)
{
	return atomic_load(&test_now);
}

struct store_options
test_store_options(void)
{
	return (struct store_options){.path = scratch_path,
	    .view = {view_touches, view_make, view_free, NULL},
	    .clock = {read_clock, NULL},
	    .log = log_line};
}

struct store *
test_store(void)
{
	struct store_options options = test_store_options();
	struct fault fault = {0};
	struct store *s;
	enum actas_error error = store_open(&options, &s, &fault);

	assert_string_equal(fault.message, "");
	assert_int_equal(error, ACTAS_OK);
	logged = 0;
	return s;
}

const char *
newest_text(struct store *s)
{
	const struct snapshot *now = store_pin(s);
	const char *text = scratch_text(now->state);

	store_unpin(s, now);
	return text;
}

static int64_t live_before;

int
edit_set_up(void **unused)
{
	live_before = live();
	return scratch_make_journal(unused);
}

int
edit_tear_down(void **unused)
{
	if (live() != live_before)
		return -1;
	return scratch_remove(unused);
}
