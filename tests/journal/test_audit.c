#include "audit_test.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static struct guid
guid(const char *text)
{
	struct guid id;

	assert_true(guid_parse(slice_of(text), &id));
	return id;
}

/* What the line that begins so has to be, by the header's words alone. */
static void
complete(const char *begin, const char *previous, struct buffer *line,
    char hash[static 65])
{
	uint8_t bytes[32];

	buffer_addf(line, "%s,\"previous\":\"%s\"", begin, previous);
	assert_int_equal(
	    EVP_Digest(line->at, line->length, bytes, NULL, EVP_sha256(), NULL),
	    1);
	for (size_t i = 0; i < sizeof bytes; i++)
		snprintf(hash + 2 * i, 3, "%02x", bytes[i]);
	buffer_addf(line, ",\"hash\":\"%s\"}\n", hash);
}

static void
lines_are_what_the_header_says(void **state)
{
	struct world *w = *state;
	struct audit_line full = {
	    .kind = AUDIT_DENIED,
	    .at = AUDIT_NOON,
	    .request = SLICE("a3f1c2d4-0000-4000-8000-000000000001"),
	    .object_id = guid("4e5f6a7b-0000-4000-8000-000000000002"),
	    .app_id = guid("ca12d3e4-0000-4000-8000-000000000001"),
	    .key_id = SLICE("11111111-0000-4000-8000-000000000001"),
	    .operation = SLICE("SecretGet"),
	    .action =
		SLICE("Microsoft.KeyVault/vaults/secrets/getSecret/action"),
	    .resource = SLICE("/subscriptions/s/vaults/kv/secrets/a"),
	    .reason = SLICE("DeniedWithNoValidRBAC"),
	    .detail = SLICE("one sentence"),
	    .peer = SLICE("127.0.0.1"),
	    .status = 403,
	    .revision = 12,
	};
	struct audit_line least = {.kind = AUDIT_TOKEN, .at = AUDIT_NOON};
	struct buffer expected = {0}, line = {0}, found;
	char first[65], second[65];

	complete("{\"kind\":\"denied\",\"at\":\"2026-11-21T18:17:39Z\","
		 "\"request\":\"a3f1c2d4-0000-4000-8000-000000000001\","
		 "\"objectId\":\"4e5f6a7b-0000-4000-8000-000000000002\","
		 "\"appId\":\"ca12d3e4-0000-4000-8000-000000000001\","
		 "\"keyId\":\"11111111-0000-4000-8000-000000000001\","
		 "\"operation\":\"SecretGet\",\"action\":"
		 "\"Microsoft.KeyVault/vaults/secrets/getSecret/action\","
		 "\"resource\":\"/subscriptions/s/vaults/kv/secrets/a\","
		 "\"reason\":\"DeniedWithNoValidRBAC\","
		 "\"detail\":\"one sentence\",\"peer\":\"127.0.0.1\","
		 "\"status\":403,\"revision\":12",
	    ZEROS, &expected, first);
	complete("{\"kind\":\"token\",\"at\":\"2026-11-21T18:17:39Z\"", first,
	    &line, second);
	buffer_add(&expected, buffer_slice(&line));
	world_open(w);
	assert_int_equal(audit_write(w->audit, &full), ACTAS_OK);
	assert_int_equal(audit_write(w->audit, &least), ACTAS_OK);
	found = world_read(w, AUDIT_TODAY);
	assert_string_equal(buffer_text(&found), buffer_text(&expected));
	world_expect_sound(w, 2);
	buffer_release(&expected);
	buffer_release(&line);
	buffer_release(&found);
}

static void
every_kind_has_a_name(void **state ACTAS_UNUSED)
{
	static const char *const names[AUDIT_KINDS] = {
	    "token", "token-denied", "allowed", "denied", "life"};

	for (enum audit_kind k = 0; k < AUDIT_KINDS; k++)
		assert_string_equal(audit_kind_name(k), names[k]);
}

static const struct {
	struct slice text;
	const char *written;
} texts[] = {
    {{"plain", 5}, "plain"},
    {{"a\"b\\c", 5}, "a\\\"b\\\\c"},
    {{"a\nb\r\tc", 6}, "a\\u000ab\\u000d\\u0009c"},
    {{"\0\x01\x1f\x7f", 4}, "\\ufffd\\u0001\\u001f\\u007f"},
    {{"\x1b[31m", 5}, "\\u001b[31m"},
    {{"\xc3\xa9", 2}, "\\u00e9"},
    {{"\xc2\x9b", 2}, "\\u009b"},
    {{"\xe2\x80\xae", 3}, "\\u202e"},
    {{"\xf0\x9f\x94\x91", 4}, "\\ud83d\\udd11"},
    {{"\xf4\x8f\xbf\xbf", 4}, "\\udbff\\udfff"},
    {{"\xc3", 1}, "\\ufffd"},
    {{"\xc3(", 2}, "\\ufffd("},
    {{"\xc0\xaf", 2}, "\\ufffd\\ufffd"},
    {{"\xed\xa0\x80", 3}, "\\ufffd\\ufffd\\ufffd"},
    {{"\xf4\x90\x80\x80", 4}, "\\ufffd\\ufffd\\ufffd\\ufffd"},
    {{"\xff\x80", 2}, "\\ufffd\\ufffd"},
    {{"\",\"status\":200,\"x\":\"", 20},
	"\\\",\\\"status\\\":200,\\\"x\\\":\\\""},
    {{"</script>", 9}, "</script>"},
};

static enum actas_error
count(void *context, struct slice text ACTAS_UNUSED)
{
	++*(unsigned *)context;
	return ACTAS_OK;
}

static void
no_text_leaves_its_place(void **state)
{
	static const struct audit_filter all = {
	    .from = MOMENT_UNKNOWN, .to = MOMENT_UNKNOWN};
	struct world *w = *state;
	struct buffer expected = {0}, found;
	unsigned readable = 0;

	world_open(w);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct audit_line line = {
		    .kind = AUDIT_TOKEN,
		    .at = AUDIT_NOON,
		    .resource = texts[i].text,
		};

		assert_int_equal(audit_write(w->audit, &line), ACTAS_OK);
	}
	found = world_read(w, AUDIT_TODAY);
	for (size_t i = 0, at = 0; i < sizeof texts / sizeof *texts; i++) {
		struct slice rest = slice_from(buffer_slice(&found), at);

		buffer_clear(&expected);
		buffer_addf(&expected,
		    "{\"kind\":\"token\",\"at\":\"2026-11-21T18:17:39Z\","
		    "\"resource\":\"%s\",\"previous\":\"",
		    texts[i].written);
		if (!slice_starts(rest, buffer_slice(&expected)))
			fail_msg("%.*s", SLICE_ARGS(slice_sub(rest, 0, 200)));
		at += slice_find(rest, SLICE("\n")) + 1;
	}
	for (size_t i = 0; i < found.length; i++)
		assert_true(found.at[i] == '\n' ||
		    (found.at[i] >= ' ' && found.at[i] < 0x7f));
	world_expect_sound(w, sizeof texts / sizeof *texts);
	assert_int_equal(
	    audit_read(w->folder, NULL, &all, count, &readable, NULL),
	    ACTAS_OK);
	assert_int_equal(readable, sizeof texts / sizeof *texts);
	buffer_release(&expected);
	buffer_release(&found);
}

static void
a_line_is_bounded_and_says_where_it_was_cut(void **state)
{
	static char longest[100000];
	struct world *w = *state;
	struct slice text = {longest, sizeof longest};
	struct audit_line line = {AUDIT_DENIED, AUDIT_NOON, text, {{1}}, {{1}},
	    text, text, text, text, text, text, text, UINT32_MAX, UINT64_MAX,
	    UINT32_MAX, AUDIT_NOON, AUDIT_NOON};
	struct buffer found;

	world_open(w);
	for (int i = 0; i < 2; i++) {
		memset(longest, i == 0 ? 'x' : '\x01', sizeof longest);
		assert_int_equal(audit_write(w->audit, &line), ACTAS_OK);
	}
	found = world_read(w, AUDIT_TODAY);
	assert_true(found.length < 2 * LIMIT_AUDIT_LINE_BYTES);
	assert_true(slice_find(buffer_slice(&found),
			SLICE("xxx\\u2026\",\"objectId\"")) != SIZE_MAX);
	world_expect_sound(w, 2);
	buffer_release(&found);
}

static void
each_day_has_its_file_and_the_chain_goes_on(void **state)
{
	struct world *w = *state;
	struct buffer first, second;

	world_open(w);
	world_puts(w, 1, 2);
	w->now += MOMENT_DAY;
	world_puts(w, 3, 3);
	/* A clock that is put back does not put the log back. */
	w->now -= MOMENT_DAY;
	world_puts(w, 4, 4);
	w->now += 40 * MOMENT_DAY;
	world_puts(w, 5, 5);
	first = world_read(w, AUDIT_TODAY);
	second = world_read(w, "audit-2026-11-22.jsonl");
	assert_true(
	    slice_find(buffer_slice(&first), SLICE("KV-2/")) != SIZE_MAX);
	assert_true(
	    slice_find(buffer_slice(&first), SLICE("KV-3/")) == SIZE_MAX);
	assert_true(
	    slice_find(buffer_slice(&second), SLICE("KV-4/")) != SIZE_MAX);
	buffer_release(&first);
	buffer_release(&second);
	first = world_read(w, "audit-2026-12-31.jsonl");
	buffer_release(&first);
	world_expect_sound(w, 5);
	world_expect_told(w, "\n", 0);
}

static void
a_restart_carries_on(void **state)
{
	struct world *w = *state;

	for (unsigned i = 0; i < 5; i++) {
		world_open(w);
		if (i != 2) /* one that writes nothing */
			world_puts(w, i * 10, i * 10 + 3);
		world_close(w);
		w->now += MOMENT_DAY / 2;
	}
	world_expect_sound(w, 16);
	world_expect_told(w, "\n", 0);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void
only_the_owner_reads_it(void **state)
{
	struct world *w = *state;
	char head[128];
	mode_t mask = umask(0);

	assert_int_equal(rmdir(w->folder), 0);
	world_open(w);
	world_puts(w, 1, 1);
	umask(mask);
	snprintf(head, sizeof head, "%s/head", w->folder);
	assert_int_equal(mode_of(w->folder), 0700);
	assert_int_equal(mode_of(w->path), 0600);
	assert_int_equal(mode_of(head), 0600);
}

enum { THREADS = 4, EACH = 500 };

static void *
write_many(void *context)
{
	struct world *w = context;
	int *written = mem_zero(1, sizeof *written);

	for (unsigned i = 0; written != NULL && i < EACH; i++)
		*written += world_put(w, i) == ACTAS_OK;
	return written;
}

static void
any_thread_writes(void **state)
{
	struct world *w = *state;
	pthread_t threads[THREADS];

	world_open(w);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, write_many, w), 0);
	for (int i = 0; i < THREADS; i++) {
		void *written = NULL;

		assert_int_equal(pthread_join(threads[i], &written), 0);
		assert_non_null(written);
		assert_int_equal(*(int *)written, EACH);
		mem_free(written);
	}
	world_expect_sound(w, THREADS * EACH);
}

/* Writes until it is killed, and tells each line that was taken. */
static void
write_until_killed(struct world *w, int told)
{
	struct audit *a;
	struct fault fault = {0};

	if (audit_open(w->folder, clock_fixed(&w->now), NULL, NULL, &a,
		&fault) != ACTAS_OK)
		_exit(2);
	w->audit = a;
	for (unsigned i = 0; i < 100000; i++)
		if (world_put(w, i) != ACTAS_OK || write(told, "x", 1) != 1)
			_exit(3);
	_exit(4);
}

static uint64_t
run_and_kill(struct world *w, unsigned microseconds)
{
	char taken[65536];
	uint64_t lines = 0;
	int pipes[2], status;
	ssize_t n;
	pid_t child;

	assert_int_equal(pipe(pipes), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		write_until_killed(w, pipes[1]);
	close(pipes[1]);
	assert_int_equal(read(pipes[0], taken, 1), 1);
	usleep(microseconds);
	kill(child, SIGKILL);
	for (lines = 1; (n = read(pipes[0], taken, sizeof taken)) > 0;)
		lines += (uint64_t)n;
	close(pipes[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	return lines;
}

static void
a_kill_loses_no_line_that_was_taken(void **state)
{
	struct world *w = *state;
	struct fault fault = {0};
	uint64_t taken = 0, lines;

	for (unsigned round = 0; round < 20; round++) {
		taken += run_and_kill(w, round * 137);
		world_open(w); /* cuts off what was half written */
		world_close(w);
		if (audit_verify(w->folder, SLICE(""), &lines, &fault) !=
		    ACTAS_OK)
			fail_msg(
			    "%s:%u: %s", fault.file, fault.line, fault.message);
		assert_true(lines >= taken);
		/* One a round may be written and not told yet. */
		assert_true(lines <= taken + 2 * (round + 1));
	}
}

static void
half_a_line_is_cut_off_and_told(void **state)
{
	struct world *w = *state;
	struct buffer content, after;

	world_open(w);
	world_puts(w, 1, 2);
	world_close(w);
	content = world_read(w, AUDIT_TODAY);
	buffer_puts(&content, "{\"kind\":\"allowed\",\"at\":\"2026-11");
	world_write(w, AUDIT_TODAY, buffer_slice(&content));
	world_expect_sound(w, 2); /* it may be being written */
	world_open(w);
	world_expect_told(w, "half a line of 31 bytes, not acknowledged", 1);
	after = world_read(w, AUDIT_TODAY);
	assert_true(
	    slice_find(buffer_slice(&after),
		SLICE("{\"kind\":\"life\",\"at\":\"2026-11-21T18:17:39Z\","
		      "\"operation\":\"AuditRecovered\",\"detail\":\""
		      "half a line of 31 bytes")) != SIZE_MAX);
	world_puts(w, 3, 3);
	world_expect_sound(w, 4);
	buffer_release(&content);
	buffer_release(&after);
}

static void
a_first_line_of_which_half_is_there_is_cut_off(void **state)
{
	struct world *w = *state;

	world_open(w);
	world_close(w);
	world_write(w, AUDIT_TODAY, SLICE("{\"kind\""));
	world_open(w);
	world_expect_told(w, "half a line of 7 bytes", 1);
	world_puts(w, 1, 1);
	world_expect_sound(w, 2);
}

static void
no_memory_is_an_error_and_the_chain_holds(void **state)
{
	struct world *w = *state;
	enum actas_error error = ACTAS_ENOMEM;

	for (int64_t n = 0; error != ACTAS_OK; n++) {
		struct fault fault = {0};

		mem_fail_after(n);
		error = audit_open(w->folder, clock_fixed(&w->now), NULL, NULL,
		    &w->audit, &fault);
		if (error == ACTAS_OK)
			error = world_put(w, 1);
		mem_fail_after(-1);
		assert_true(error == ACTAS_OK || error == ACTAS_ENOMEM);
		world_close(w);
	}
	world_expect_sound(w, 1);
}

static void
a_folder_that_cannot_be_made_is_told(void **state)
{
	struct world w = **(struct world **)state;

	snprintf(w.folder, sizeof w.folder, "/nonexistent/audit");
	world_open_fails(&w, ACTAS_EIO, "cannot be made");
	audit_close(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(lines_are_what_the_header_says),
	    TEST(every_kind_has_a_name),
	    TEST(no_text_leaves_its_place),
	    TEST(a_line_is_bounded_and_says_where_it_was_cut),
	    TEST(each_day_has_its_file_and_the_chain_goes_on),
	    TEST(a_restart_carries_on),
	    TEST(only_the_owner_reads_it),
	    TEST(any_thread_writes),
	    TEST(a_kill_loses_no_line_that_was_taken),
	    TEST(half_a_line_is_cut_off_and_told),
	    TEST(a_first_line_of_which_half_is_there_is_cut_off),
	    TEST(no_memory_is_an_error_and_the_chain_holds),
	    TEST(a_folder_that_cannot_be_made_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
