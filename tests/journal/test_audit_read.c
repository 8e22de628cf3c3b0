#include "audit_test.h"

static void
the_whole_of_every_line_is_under_the_chain(void **state)
{
	struct world *w = *state;
	struct fault fault;
	struct buffer content;
	uint64_t lines;

	world_open(w);
	world_puts(w, 1, 3);
	world_close(w);
	content = world_read(w, AUDIT_TODAY);
	for (size_t i = 0; i < content.length; i++) {
		char was = content.at[i];

		content.at[i] ^= 1;
		world_write(w, AUDIT_TODAY, buffer_slice(&content));
		fault = (struct fault){0};
		if (audit_verify(w->folder, SLICE(""), &lines, &fault) !=
		    ACTAS_EPARSE)
			fail_msg("byte %zu", i);
		content.at[i] = was;
	}
	world_write(w, AUDIT_TODAY, buffer_slice(&content));
	world_expect_sound(w, 3);
	buffer_release(&content);
}

/* The lines of today's file, with their newlines. */
static void
cut_lines(const struct buffer *content, struct slice *line, size_t count)
{
	struct slice rest = buffer_slice(content);

	for (size_t i = 0; i < count; i++) {
		size_t end = slice_find(rest, SLICE("\n")) + 1;

		line[i] = slice_sub(rest, 0, end);
		rest = slice_from(rest, end);
	}
	assert_int_equal(rest.length, 0);
}

/* Which lines are left, in which order; where that is noticed first. */
static const struct {
	int order[6];
	const char *file;
	uint32_t line;
	const char *message;
} orders[] = {
    {{1, 2, 3, -1}, AUDIT_TODAY, 1, "what stood before it was removed"},
    {{0, 2, 3, -1}, AUDIT_TODAY, 2, "does not follow the line before it"},
    {{0, 1, 3, -1}, AUDIT_TODAY, 3, "does not follow the line before it"},
    {{0, 1, 2, -1}, AUDIT_TODAY, 0, "at the end of the log were removed"},
    {{-1}, AUDIT_TODAY, 0, "at the end of the log were removed"},
    {{0, 2, 1, 3, -1}, AUDIT_TODAY, 2, "does not follow the line before it"},
    {{0, 1, 1, 2, 3, -1}, AUDIT_TODAY, 3, "does not follow"},
    {{3, 2, 1, 0, -1}, AUDIT_TODAY, 1, "what stood before it was removed"},
};

static void
no_line_can_be_taken_out_or_moved(void **state)
{
	struct world *w = *state;
	struct buffer content;
	struct slice line[4];

	world_open(w);
	world_puts(w, 1, 4);
	world_close(w);
	content = world_read(w, AUDIT_TODAY);
	cut_lines(&content, line, 4);
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
		struct buffer altered = {0};

		for (size_t j = 0; orders[i].order[j] >= 0; j++)
			buffer_add(&altered, line[orders[i].order[j]]);
		world_write(w, AUDIT_TODAY, buffer_slice(&altered));
		world_expect_broken(
		    w, orders[i].file, orders[i].line, orders[i].message);
		buffer_release(&altered);
	}
	buffer_release(&content);
}

/* Old days can be moved away by who knows what they ended with. */
static void
a_log_goes_on_from_what_is_named(void **state)
{
	struct world *w = *state;
	struct buffer first;
	struct fault fault = {0};
	struct slice hash;
	uint64_t lines;

	world_open(w);
	for (unsigned i = 0; i < 3; i++) {
		world_puts(w, 2 * i, 2 * i + 1);
		w->now += MOMENT_DAY;
	}
	first = world_read(w, AUDIT_TODAY);
	hash = slice_sub(buffer_slice(&first), first.length - 67, 64);
	world_remove(w, AUDIT_TODAY);
	/* The server minds only the file that it writes. */
	world_puts(w, 6, 6);
	world_close(w);
	world_expect_broken(w, "audit-2026-11-22.jsonl", 1, "was removed");
	assert_int_equal(
	    audit_verify(w->folder, hash, &lines, &fault), ACTAS_OK);
	assert_int_equal(lines, 5);
	/* The day after, with the same hash, begins with a gap. */
	world_remove(w, "audit-2026-11-22.jsonl");
	assert_int_equal(
	    audit_verify(w->folder, hash, &lines, &fault), ACTAS_EPARSE);
	assert_int_equal(audit_verify(w->folder, SLICE("00ff"), &lines, &fault),
	    ACTAS_EUSAGE);
	buffer_release(&first);
}

static void
no_day_can_be_taken_out(void **state)
{
	static const struct {
		const char *removed, *file;
		uint32_t line;
		const char *message;
	} days[] = {
	    {AUDIT_TODAY, "audit-2026-11-22.jsonl", 1,
		"what stood before it was removed"},
	    {"audit-2026-11-22.jsonl", "audit-2026-11-23.jsonl", 1,
		"does not follow the line before it"},
	    {"audit-2026-11-23.jsonl", "audit-2026-11-23.jsonl", 0,
		"at the end of the log were removed"},
	};
	struct world *w = *state;

	world_open(w);
	for (unsigned i = 0; i < 3; i++) {
		world_puts(w, 2 * i, 2 * i + 1);
		w->now += MOMENT_DAY;
	}
	world_close(w);
	for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
		struct buffer content = world_read(w, days[i].removed);

		world_remove(w, days[i].removed);
		world_expect_broken(
		    w, days[i].file, days[i].line, days[i].message);
		world_write(w, days[i].removed, buffer_slice(&content));
		buffer_release(&content);
	}
	world_expect_sound(w, 6);
}

/* A line of the same length put in place of one, its own hash made anew: the
 * next line tells. */
static void
a_line_made_anew_is_noticed_by_the_next(void **state)
{
	struct world *w = *state, other;
	struct buffer content, forged = {0};
	struct slice line[3];
	void *elsewhere;

	world_open(w);
	world_puts(w, 1, 3);
	world_close(w);
	world_begin(&elsewhere);
	other = *(struct world *)elsewhere;
	world_open(&other);
	world_puts(&other, 7, 7);
	world_close(&other);
	content = world_read(&other, AUDIT_TODAY);
	buffer_add(&forged, buffer_slice(&content));
	buffer_release(&content);
	content = world_read(w, AUDIT_TODAY);
	cut_lines(&content, line, 3);
	buffer_add(&forged, line[1]);
	buffer_add(&forged, line[2]);
	world_write(w, AUDIT_TODAY, buffer_slice(&forged));
	world_expect_broken(
	    w, AUDIT_TODAY, 2, "does not follow the line before it");
	world_end(&elsewhere);
	buffer_release(&content);
	buffer_release(&forged);
}

static void
what_is_no_log_is_refused(void **state)
{
	static const char *const contents[] = {"\n", "{}\n", "x\n",
	    ",\"previous\":\"\",\"hash\":\"\"}\n", "\n\n\n"};
	struct world *w = *state;
	struct audit_filter all = {
	    .from = MOMENT_UNKNOWN, .to = MOMENT_UNKNOWN};
	struct buffer longest = {0};
	struct fault fault = {0};
	uint64_t lines;

	world_open(w);
	world_close(w);
	for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
		world_write(w, AUDIT_TODAY, slice_of(contents[i]));
		world_expect_broken(
		    w, AUDIT_TODAY, 1, "is no line of the audit log");
	}
	buffer_fill(&longest, 'x', LIMIT_AUDIT_LINE_BYTES + 1);
	buffer_putc(&longest, '\n');
	world_write(w, AUDIT_TODAY, buffer_slice(&longest));
	world_expect_broken(w, AUDIT_TODAY, 1, "is no line of the audit log");
	buffer_fill(&longest, 'x', 3 * LIMIT_AUDIT_LINE_BYTES);
	world_write(w, AUDIT_TODAY, slice_from(buffer_slice(&longest), 99));
	world_expect_broken(w, AUDIT_TODAY, 1, "is no line of the audit log");
	assert_int_equal(audit_read(w->folder, NULL, &all, NULL, NULL, &fault),
	    ACTAS_EPARSE);
	assert_string_equal(fault.message, "is no line of the audit log");
	fault = (struct fault){0};
	assert_int_equal(
	    audit_verify("/nonexistent", SLICE(""), &lines, &fault),
	    ACTAS_ENOTFOUND);
	buffer_release(&longest);
}

static void
other_files_are_left_alone(void **state)
{
	static const char *const names[] = {"audit-2026-11-21.jsonl.gz",
	    "audit-2026-13-21.jsonl", "audit-.jsonl", "notes.txt",
	    "Audit-2026-11-21.jsonl", "audit-2026-11-21.jsonx"};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		world_write(w, names[i], SLICE("anything"));
	world_open(w);
	world_puts(w, 1, 1);
	world_expect_sound(w, 1);
	world_expect_told(w, "\n", 0);
}

static const struct audit_line lines[] = {
    {.kind = AUDIT_TOKEN,
	.at = AUDIT_NOON,
	.request = {"a3f1c2d4-0000-4000-8000-000000000001", 36},
	.object_id = {{0xaa, 1}},
	.app_id = {{0xcc, 1}}},
    {.kind = AUDIT_ALLOWED,
	.at = AUDIT_NOON + 10,
	.request = {"a3f1c2d4-0000-4000-8000-000000000002", 36},
	.object_id = {{0xaa, 1}},
	.resource = {"/subscriptions/s/vaults/KV-data/secrets/a", 41}},
    {.kind = AUDIT_DENIED,
	.at = AUDIT_NOON + 20,
	.request = {"a3f1c2d4-0000-4000-8000-000000000003", 36},
	.object_id = {{0xbb, 1}},
	.app_id = {{0xcc, 1}},
	.resource = {"/subscriptions/s/vaults/kv-\"ops\"/secrets/\xc3\xa9",
	    44}},
    {.kind = AUDIT_LIFE, .at = AUDIT_NOON + 30, .operation = {"Stopped", 7}},
};

#define AA                                                 \
	{                                                  \
		"aa010000-0000-0000-0000-000000000000", 36 \
	}
#define CC                                                 \
	{                                                  \
		"cc010000-0000-0000-0000-000000000000", 36 \
	}
#define ANY MOMENT_UNKNOWN

/* Which lines pass, as a number's bits. */
static const struct {
	struct audit_filter filter;
	unsigned pass;
} filters[] = {
    {{.from = ANY, .to = ANY}, 15},
    {{.principal = AA, .from = ANY, .to = ANY}, 3},
    {{.principal = CC, .from = ANY, .to = ANY}, 5},
    {{.principal = {"aa01", 4}, .from = ANY, .to = ANY}, 0},
    {{.resource = {"KV-DATA", 7}, .from = ANY, .to = ANY}, 2},
    {{.resource = {"/secrets/", 9}, .from = ANY, .to = ANY}, 6},
    {{.resource = {"kv-\"ops\"/secrets/\xc3\xa9", 19}, .from = ANY, .to = ANY},
	4},
    {{.resource = {"Stopped", 7}, .from = ANY, .to = ANY}, 0},
    {{.request = {"A3F1C2D4-0000-4000-8000-000000000003", 36},
	 .from = ANY,
	 .to = ANY},
	4},
    {{.request = {"a3f1", 4}, .from = ANY, .to = ANY}, 0},
    {{.from = AUDIT_NOON + 10, .to = ANY}, 14},
    {{.from = ANY, .to = AUDIT_NOON + 10}, 3},
    {{.from = AUDIT_NOON + 10, .to = AUDIT_NOON + 20}, 6},
    {{.from = AUDIT_NOON + 31, .to = ANY}, 0},
    {{.principal = AA, .resource = {"kv", 2}, .from = ANY, .to = ANY}, 2},
    {{.principal = AA, .from = AUDIT_NOON + 10, .to = ANY}, 2},
};

struct seen {
	unsigned pass;
	unsigned stop_after; /* as bits */
};

static enum actas_error
see(void *context, struct slice text)
{
	static const char *const kinds[] = {
	    "\"token\"", "\"allowed\"", "\"denied\"", "\"life\""};
	struct seen *seen = context;

	assert_int_equal(text.at[text.length - 1], '}');
	for (unsigned i = 0; i < 4; i++) {
		if (slice_find(text, slice_of(kinds[i])) == SIZE_MAX)
			continue;
		assert_true(seen->pass >> i == 0); /* oldest first */
		seen->pass |= 1u << i;
	}
	return seen->pass == seen->stop_after ? ACTAS_ELIMIT : ACTAS_OK;
}

static void
filters_let_through_what_they_name(void **state)
{
	struct world *w = *state;
	struct fault fault = {0};

	world_open(w);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		assert_int_equal(audit_write(w->audit, &lines[i]), ACTAS_OK);
		w->now += i == 1 ? MOMENT_DAY : 0; /* over two files */
	}
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		struct seen seen = {.stop_after = UINT_MAX};

		assert_int_equal(audit_read(w->folder, NULL, &filters[i].filter,
				     see, &seen, &fault),
		    ACTAS_OK);
		assert_int_equal(seen.pass, filters[i].pass);
	}
}

static void
reading_stops_where_it_is_told_to(void **state)
{
	struct world *w = *state;
	struct seen seen = {.stop_after = 3};
	struct fault fault = {0};

	world_open(w);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		assert_int_equal(audit_write(w->audit, &lines[i]), ACTAS_OK);
	assert_int_equal(
	    audit_read(w->folder, NULL, &filters[0].filter, see, &seen, &fault),
	    ACTAS_ELIMIT);
	assert_int_equal(seen.pass, 3);
}

static enum actas_error
count(void *context, struct slice text ACTAS_UNUSED)
{
	++*(unsigned *)context;
	return ACTAS_OK;
}

static void
long_logs_are_read_in_pieces(void **state)
{
	struct world *w = *state;
	struct fault fault = {0};
	unsigned n = 0;

	world_open(w);
	world_puts(w, 1, 2000);
	assert_int_equal(
	    audit_read(w->folder, NULL, &filters[0].filter, count, &n, &fault),
	    ACTAS_OK);
	assert_int_equal(n, 2000);
	world_expect_sound(w, 2000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_whole_of_every_line_is_under_the_chain),
	    TEST(no_line_can_be_taken_out_or_moved),
	    TEST(no_day_can_be_taken_out),
	    TEST(a_log_goes_on_from_what_is_named),
	    TEST(a_line_made_anew_is_noticed_by_the_next),
	    TEST(what_is_no_log_is_refused),
	    TEST(other_files_are_left_alone),
	    TEST(filters_let_through_what_they_name),
	    TEST(reading_stops_where_it_is_told_to),
	    TEST(long_logs_are_read_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
