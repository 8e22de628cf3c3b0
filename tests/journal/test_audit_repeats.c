/* Denials that repeat fill nothing, and none of them is lost. */
#include "audit_test.h"

#include <jansson.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

struct tally {
	uint64_t full, counted; /* denials: a line each, and by number */
	uint64_t counts;        /* lines that hold a number */
	json_t *last;           /* of those */
};

static enum actas_error
add_up(void *context, struct slice text)
{
	struct tally *t = context;
	json_t *line = json_loadb(text.at, text.length, 0, NULL);
	const char *kind = json_string_value(json_object_get(line, "kind"));
	json_int_t n = json_integer_value(json_object_get(line, "count"));

	assert_non_null(line);
	if (strstr(kind, "denied") != NULL) {
		t->full += n == 0;
		t->counted += (uint64_t)n;
		t->counts += n != 0;
	}
	if (n != 0) {
		json_decref(t->last);
		t->last = json_incref(line);
	}
	json_decref(line);
	return ACTAS_OK;
}

static struct tally
tally(struct world *w)
{
	struct audit_filter all = {
	    .from = MOMENT_UNKNOWN, .to = MOMENT_UNKNOWN};
	struct tally t = {0};
	struct fault fault = {0};

	if (audit_read(w->folder, NULL, &all, add_up, &t, &fault) != ACTAS_OK)
		fail_msg("%s", fault.message);
	return t;
}

static const char *
at(const struct tally *t, const char *name)
{
	const char *text = json_string_value(json_object_get(t->last, name));

	return text == NULL ? "" : text;
}

static size_t
size_of(struct world *w)
{
	struct buffer content = world_read(w, AUDIT_TODAY);
	size_t size = content.length;

	buffer_release(&content);
	return size;
}

/* A token that is none, from an address. */
static enum actas_error
forge(struct world *w, const char *peer, const char *target)
{
	struct audit_line line = {.kind = AUDIT_DENIED,
	    .at = w->now,
	    .operation = SLICE("Authentication"),
	    .resource = slice_of(target),
	    .reason = SLICE("TokenMalformed"),
	    .peer = slice_of(peer),
	    .status = 401};

	return audit_write(w->audit, &line);
}

/* A denial of somebody who is known. */
static enum actas_error
deny(struct world *w, uint8_t who, const char *target)
{
	struct audit_line line = {.kind = AUDIT_DENIED,
	    .at = w->now,
	    .object_id = {{who, 1}},
	    .operation = SLICE("SecretGet"),
	    .resource = slice_of(target),
	    .reason = SLICE("DeniedWithNoValidRBAC"),
	    .peer = SLICE("10.0.0.1"),
	    .status = 403};

	return audit_write(w->audit, &line);
}

static void
the_first_are_told_in_full_and_the_rest_as_one(void **state)
{
	struct world *w = *state;
	struct tally t;

	world_open(w);
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(deny(w, 1, "/vaults/kv/secrets/a"), ACTAS_OK);
		w->now += i == 500;
	}
	t = tally(w);
	assert_int_equal(t.full, LIMIT_AUDIT_SAME);
	assert_int_equal(t.counts, 0);
	w->now += 60;
	assert_int_equal(deny(w, 1, "/vaults/kv/secrets/a"), ACTAS_OK);
	t = tally(w);
	assert_int_equal(t.full, LIMIT_AUDIT_SAME + 1);
	assert_int_equal(t.counts, 1);
	assert_int_equal(t.counted, 1000 - LIMIT_AUDIT_SAME);
	assert_string_equal(at(&t, "kind"), "denied");
	assert_string_equal(at(&t, "resource"), "/vaults/kv/secrets/a");
	assert_string_equal(at(&t, "operation"), "SecretGet");
	assert_string_equal(at(&t, "reason"), "DeniedWithNoValidRBAC");
	assert_string_equal(at(&t, "from"), "2026-11-21T18:17:39Z");
	assert_string_equal(at(&t, "to"), "2026-11-21T18:17:40Z");
	assert_string_equal(at(&t, "peer"), "10.0.0.1");
	json_decref(t.last);
	world_close(w);
	world_expect_sound(w, LIMIT_AUDIT_SAME + 2);
}

/* Nobody has to come again, and a stop tells at once. */
static void
counts_are_told_when_the_minute_is_over(void **state)
{
	struct world *w = *state;
	struct tally t = {0};

	world_open(w);
	for (int i = 0; i < 50; i++)
		assert_int_equal(deny(w, 1, "a"), ACTAS_OK);
	w->now += 61;
	for (int i = 0; i < 100 && t.counts == 0; i++) {
		usleep(100000);
		t = tally(w);
	}
	assert_int_equal(t.counts, 1);
	assert_int_equal(t.full + t.counted, 50);
	json_decref(t.last);
	for (int i = 0; i < 50; i++)
		assert_int_equal(deny(w, 1, "a"), ACTAS_OK);
	world_close(w);
	t = tally(w);
	assert_int_equal(t.counts, 2);
	assert_int_equal(t.full + t.counted, 100);
	json_decref(t.last);
}

/* Each with another target: the principal's own share is used up, and not
 * that of others. */
static void
one_principal_is_bounded_and_hides_nobody(void **state)
{
	struct world *w = *state;
	struct tally t;
	char target[32];

	world_open(w);
	for (int i = 0; i < 5000; i++) {
		snprintf(target, sizeof target, "/secrets/%d", i);
		assert_int_equal(deny(w, 1, target), ACTAS_OK);
	}
	t = tally(w);
	assert_int_equal(t.full, LIMIT_AUDIT_SOURCE);
	assert_int_equal(deny(w, 2, "/secrets/theirs"), ACTAS_OK);
	t = tally(w);
	assert_int_equal(t.full, LIMIT_AUDIT_SOURCE + 1);
	world_close(w);
	t = tally(w);
	assert_int_equal(t.full + t.counted, 5001);
	assert_int_equal(t.counts, 1);
	assert_string_equal(
	    at(&t, "objectId"), "01010000-0000-0000-0000-000000000000");
	json_decref(t.last);
}

/* Many addresses, many targets: what proved nothing has its share of bytes,
 * and who is known goes on as ever. */
static void
who_proves_nothing_cannot_fill_the_log(void **state)
{
	struct world *w = *state;
	char peer[48], target[600];
	struct tally t;
	uint64_t n = 0;

	world_open(w);
	memset(target, 'x', sizeof target - 1);
	target[sizeof target - 1] = '\0';
	for (int minute = 0; minute < 3; minute++) {
		for (int i = 0; i < 20000; i++) {
			snprintf(peer, sizeof peer, "10.%d.%d.%d", minute,
			    i / 250, i % 250);
			memcpy(target, peer, strlen(peer));
			assert_int_equal(forge(w, peer, target), ACTAS_OK);
			n++;
		}
		assert_int_equal(world_put(w, 1), ACTAS_OK);
		assert_true(size_of(w) <
		    (size_t)(minute + 1) * (LIMIT_AUDIT_ANONYMOUS + 4096));
		w->now += 60;
	}
	world_close(w);
	t = tally(w);
	assert_int_equal(t.full + t.counted, n);
	assert_true(t.full > 100);
	assert_true(strstr(at(&t, "detail"), "several sources") != NULL);
	json_decref(t.last);
}

/* Networks of version 6 are one source each. */
static void
a_network_is_one_source(void **state)
{
	struct world *w = *state;
	char peer[48], target[32];
	struct tally t;

	world_open(w);
	for (int i = 0; i < 300; i++) {
		snprintf(peer, sizeof peer, "2001:db8::%x", i + 1);
		snprintf(target, sizeof target, "/%d", i);
		assert_int_equal(forge(w, peer, target), ACTAS_OK);
	}
	world_close(w);
	t = tally(w);
	assert_int_equal(t.full, LIMIT_AUDIT_SOURCE);
	assert_int_equal(t.full + t.counted, 300);
	json_decref(t.last);
}

/* More kinds than there are places: what has to make room is told. */
static void
places_are_bounded_and_lose_nothing(void **state)
{
	struct world *w = *state;
	struct tally t;
	char target[32];
	uint64_t n = 0;

	world_open(w);
	for (unsigned who = 1; who < 120; who++)
		for (int kind = 0; kind < 8; kind++)
			for (unsigned i = 0; i < LIMIT_AUDIT_SAME + 5; i++) {
				snprintf(target, sizeof target, "/%d", kind);
				assert_int_equal(
				    deny(w, (uint8_t)who, target), ACTAS_OK);
				n++;
			}
	world_close(w);
	t = tally(w);
	assert_int_equal(t.full + t.counted, n);
	json_decref(t.last);
}

static void
a_clock_put_back_begins_a_new_minute(void **state)
{
	struct world *w = *state;
	struct tally t;

	world_open(w);
	for (int i = 0; i < 30; i++)
		assert_int_equal(deny(w, 1, "a"), ACTAS_OK);
	w->now -= 86400; /* over midnight */
	for (int i = 0; i < 30; i++)
		assert_int_equal(deny(w, 1, "a"), ACTAS_OK);
	world_close(w);
	t = tally(w);
	assert_int_equal(t.full, 2 * LIMIT_AUDIT_SAME);
	assert_int_equal(t.full + t.counted, 60);
	json_decref(t.last);
	world_expect_sound(w, 2 * LIMIT_AUDIT_SAME + 2);
}

/* What cannot be told now is kept. */
static void
a_full_disk_loses_no_counts(void **state)
{
	struct world *w = *state;
	struct rlimit before, tight;
	struct stat st;
	struct tally t;

	world_open(w);
	for (int i = 0; i < 40; i++)
		assert_int_equal(deny(w, 1, "a"), ACTAS_OK);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(stat(w->path, &st), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	tight = before;
	tight.rlim_cur = (rlim_t)st.st_size + 10;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
	w->now += 61;
	assert_int_equal(deny(w, 1, "a"), ACTAS_EIO);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(deny(w, 1, "a"), ACTAS_OK);
	world_close(w);
	t = tally(w);
	assert_int_equal(t.full + t.counted, 41);
	json_decref(t.last);
}

/* Reads, tokens and the platform's own are told each. */
static void
what_is_no_denial_is_never_counted(void **state)
{
	static const enum audit_kind kinds[] = {
	    AUDIT_TOKEN, AUDIT_ALLOWED, AUDIT_LIFE};
	struct world *w = *state;

	world_open(w);
	for (int i = 0; i < 300; i++) {
		struct audit_line line = {.kind = kinds[i % 3],
		    .at = w->now,
		    .operation = SLICE("SecretGet")};

		assert_int_equal(audit_write(w->audit, &line), ACTAS_OK);
	}
	world_close(w);
	world_expect_sound(w, 300);
}

/* Bytes of a client's stay bytes in a count, cut in the middle as well. */
static void
hostile_bytes_stay_inside(void **state)
{
	struct world *w = *state;
	char target[401];
	struct tally t;

	world_open(w);
	for (int k = 0; k < 4; k++) {
		for (size_t i = 0; i + 1 < sizeof target; i++)
			target[i] =
			    "\xe2\x82\xac\n\"\\\x1b\x7f"[(i + (size_t)k) % 8];
		target[sizeof target - 1] = '\0';
		for (int i = 0; i < 30; i++)
			assert_int_equal(forge(w, target, target), ACTAS_OK);
	}
	world_close(w);
	t = tally(w);
	assert_int_equal(t.full + t.counted, 120);
	json_decref(t.last);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)
	    TEST(the_first_are_told_in_full_and_the_rest_as_one),
	    TEST(counts_are_told_when_the_minute_is_over),
	    TEST(one_principal_is_bounded_and_hides_nobody),
	    TEST(who_proves_nothing_cannot_fill_the_log),
	    TEST(a_network_is_one_source),
	    TEST(places_are_bounded_and_lose_nothing),
	    TEST(a_clock_put_back_begins_a_new_minute),
	    TEST(a_full_disk_loses_no_counts),
	    TEST(what_is_no_denial_is_never_counted),
	    TEST(hostile_bytes_stay_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
