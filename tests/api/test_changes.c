#include "graph_test.h"
#include "keyvault_world.h"

#include <openssl/crypto.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* A change that was made is answered as made, whatever becomes of its line. */

static uint64_t
newest(struct fixture *f)
{
	const struct snapshot *now = store_pin(f->platform.store);
	uint64_t revision = now->revision;

	store_unpin(f->platform.store, now);
	return revision;
}

/* The log as large as no other file, so that a limit stops it alone. */
static void
fill_log(struct fixture *f)
{
	char text[900];
	struct audit_line line = {.kind = AUDIT_LIFE,
	    .at = FIXTURE_NOW,
	    .operation = SLICE("Filling"),
	    .detail = {text, sizeof text}};

	memset(text, 'x', sizeof text);
	for (int i = 0; i < 8000; i++)
		assert_int_equal(
		    audit_write(f->platform.audit, &line), ACTAS_OK);
}

static void
limit_log(struct fixture *f, bool full)
{
	static struct rlimit before;
	struct rlimit tight;
	struct stat st;

	if (!full) {
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
		return;
	}
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(stat(arena_printf(&f->arena,
				  "%s/audit-2026-11-21.jsonl", f->folder),
			     &st),
	    0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	tight = before;
	tight.rlim_cur = (rlim_t)st.st_size + 10;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
}

/* Every revision stands in the log once, in order, up to the newest. */
static void
expect_each_once(struct fixture *f, uint64_t last)
{
	json_t *lines = fixture_audit(f), *line;
	uint64_t told = 0;
	size_t i;

	json_array_foreach(lines, i, line)
	{
		uint64_t now =
		    (uint64_t)json_integer_value(json_object_get(line, "told"));

		assert_true(now == told || now == told + 1);
		if (now != told)
			assert_int_equal(json_integer_value(
					     json_object_get(line, "revision")),
			    now);
		told = now;
	}
	assert_int_equal(told, last);
	json_decref(lines);
}

static unsigned
status_of(struct fixture *f, const char *method, const char *name)
{
	struct reply r =
	    vault_ask(f, method, arena_printf(&f->arena, "/secrets/%s", name),
		ADMIN, method[0] == 'P' ? "{'value':'x'}" : NULL);
	unsigned status = r.status;

	reply_free(&r);
	return status;
}

static void
what_was_made_is_answered_as_made(void **state)
{
	struct fixture *f = *state;
	uint64_t made;

	assert_int_equal(
	    audit_follow(f->platform.audit,
		arena_printf(&f->arena, "%s/platform.db", f->folder),
		newest(f)),
	    ACTAS_OK);
	expect_each_once(f, newest(f));
	fill_log(f);
	(void)vault_set(f, "before", "x");
	made = newest(f);
	limit_log(f, true);
	assert_int_equal(status_of(f, "PUT", "meanwhile"), 200);
	assert_int_equal(newest(f), made + 1);
	/* From then on nothing is answered, or made. */
	assert_int_equal(status_of(f, "GET", "meanwhile"), 503);
	assert_int_equal(status_of(f, "PUT", "refused"), 503);
	assert_int_equal(newest(f), made + 1);
	limit_log(f, false);
	assert_int_equal(status_of(f, "GET", "meanwhile"), 200);
	assert_int_equal(status_of(f, "GET", "refused"), 404);
	assert_int_equal(status_of(f, "PUT", "after"), 200);
	expect_each_once(f, made + 2);
	assert_int_equal(audit_count(f, "SecretSet", "allowed"), 2);
}

/* A secret that was made for an application lies in locked memory, of which
 * there is little: it goes with the request, also where nothing is written. */
static void
a_refused_change_keeps_no_secret(void **state)
{
	struct fixture *f = *state;
	size_t used;

	limit_log(f, true);
	graph_change(f, "POST", APP READER_HOME "/addPassword", "{}", 200);
	used = CRYPTO_secure_used();
	for (int i = 0; i < 3; i++)
		graph_change(
		    f, "POST", APP READER_HOME "/addPassword", "{}", 503);
	limit_log(f, false);
	assert_int_equal(CRYPTO_secure_used(), used);
}

/* What nobody asked for is told as well. */
static void
changes_of_the_platforms_own_are_told(void **state)
{
	struct fixture *f = *state;

	(void)vault_set(f, "timed", "x");
	vault_do(f, "DELETE", "/secrets/timed", NULL, 200);
	atomic_fetch_add(&f->now, 91 * MOMENT_DAY);
	fixture_tick(f);
	assert_null(fixture_get(f, "secret/kv-data/timed"));
	expect_each_once(f, newest(f));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    VAULT_TEST(what_was_made_is_answered_as_made),
	    VAULT_TEST(a_refused_change_keeps_no_secret),
	    VAULT_TEST(changes_of_the_platforms_own_are_told),
	};

	if (secrets_start(NULL) != ACTAS_OK)
		return 1;
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
