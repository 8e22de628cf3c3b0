/*
 * Every rule both ways, from the tables of the rules_cases_*.c; and the
 * runner: order, settings, silences, memory.
 */

#include "rules_world.h"

#include <stdio.h>
#include <stdlib.h>

static const struct rule_cases *const groups[] = {&cases_of_input,
    &cases_of_claims, &cases_of_grants, &cases_of_credentials, &cases_of_owners,
    &cases_of_rotation, &cases_of_limits};

enum { GROUPS = sizeof groups / sizeof groups[0] };

struct check_run {
	struct estate *e;
	struct arena arena;
	struct findings findings;
};

static void
run_world(struct check_run *r, struct world *w)
{
	struct rules_options options = rules_defaults(TODAY);

	*r = (struct check_run){.e = world_estate(w)};
	assert_int_equal(
	    rules_run(r->e, &options, &r->arena, &r->findings), ACTAS_OK);
}

static void
run_end(struct check_run *r)
{
	arena_release(&r->arena);
	estate_free(r->e);
}

static const struct finding *
only_finding(const struct check_run *r, const char *rule)
{
	const struct finding *found = NULL;

	for (uint32_t i = 0; i < r->findings.count; i++) {
		if (strcmp(r->findings.at[i].rule->id, rule) != 0)
			continue;
		if (found != NULL)
			fail_msg("%s fires twice:\n%s\n%s", rule,
			    found->message, r->findings.at[i].message);
		found = &r->findings.at[i];
	}
	return found;
}

static void
assert_lines(const struct finding *f, const char *expected)
{
	char lines[512] = "";
	size_t used = 0;

	for (uint32_t i = 0; i < f->location_count; i++)
		used += (size_t)snprintf(lines + used, sizeof lines - used,
		    "%s%u", i == 0 ? "" : " ", f->locations[i].line);
	assert_string_equal(lines, expected);
}

static void
fires(void **state)
{
	const struct rule_case *rc = *state;
	const struct finding *f;
	struct world w;
	struct check_run r;

	world_begin(&w);
	rc->build(&w, false);
	run_world(&r, &w);
	f = only_finding(&r, rc->rule);
	if (f == NULL)
		fail_msg("%s does not fire", rc->rule);
	assert_string_equal(f->message, rc->message);
	assert_lines(f, rc->lines);
	assert_true(f->fix[0] != '\0');
	assert_true(f->subject_count > 0);
	run_end(&r);
}

static void
stays_silent(void **state)
{
	const struct rule_case *rc = *state;
	const struct finding *f;
	struct world w;
	struct check_run r;

	world_begin(&w);
	rc->build(&w, true);
	run_world(&r, &w);
	f = only_finding(&r, rc->rule);
	if (f != NULL)
		fail_msg("%s fires on its near miss: %s", rc->rule, f->message);
	run_end(&r);
}

static void
every_rule_has_a_case(void **state ACTAS_UNUSED)
{
	const struct rule *rule;

	for (uint32_t i = 0; (rule = rule_at(i)) != NULL; i++) {
		bool found = false;

		for (size_t g = 0; g < GROUPS; g++)
			for (size_t j = 0; j < groups[g]->count; j++)
				found |= strcmp(groups[g]->at[j].rule,
					     rule->id) == 0;
		if (!found)
			fail_msg("%s has no case", rule->id);
	}
}

static void
rules_are_ordered_by_id_and_complete(void **state ACTAS_UNUSED)
{
	const struct rule *rule, *last = NULL;

	for (uint32_t i = 0; (rule = rule_at(i)) != NULL; last = rule, i++) {
		assert_true(last == NULL || strcmp(last->id, rule->id) < 0);
		assert_true(rule->title[0] != '\0');
		assert_true(rule->protects[0] != '\0');
		assert_true(rule->fix[0] != '\0');
		assert_non_null(rule->references);
		assert_true(rule->severity > SEVERITY_OFF);
	}
}

/* The part of docs/rules.md under "## id", up to the next one. */
static struct slice
section_of(struct slice docs, const char *id)
{
	char heading[128];
	size_t start, end;

	snprintf(heading, sizeof heading, "\n## %s\n", id);
	start = slice_find(docs, slice_of(heading));
	if (start == SIZE_MAX)
		fail_msg("docs/rules.md lacks %s", id);
	docs = slice_from(docs, start + strlen(heading));
	end = slice_find(docs, SLICE("\n## "));
	return slice_sub(docs, 0, end);
}

static void
assert_says(struct slice section, const char *label, const char *text)
{
	struct buffer line = {0};

	buffer_addf(&line, "%s%s\n", label, text);
	if (slice_find(section, buffer_slice(&line)) == SIZE_MAX)
		fail_msg("docs/rules.md lacks: %s", buffer_text(&line));
	buffer_release(&line);
}

static void
the_documentation_agrees_with_the_table(void **state ACTAS_UNUSED)
{
	const char *root = getenv("ACTAS_ROOT");
	struct buffer path = {0}, docs = {0};
	struct fault fault = {0};
	const struct rule *rule;
	struct reader from;
	uint32_t sections = 0, i;
	struct slice rest;

	assert_non_null(root);
	buffer_addf(&path, "%s/docs/rules.md", root);
	assert_int_equal(
	    reader_open(&from, buffer_text(&path), &fault), ACTAS_OK);
	assert_int_equal(
	    reader_all(&from, &docs, LIMIT_PAGE_BYTES, &fault), ACTAS_OK);
	reader_close(&from);
	for (i = 0; (rule = rule_at(i)) != NULL; i++) {
		struct slice section =
		    section_of(buffer_slice(&docs), rule->id);

		assert_says(
		    section, "- Severity: ", severity_name(rule->severity));
		assert_says(section, "- Protects: ", rule->protects);
		assert_says(section, "- References: ",
		    rule->references[0] ? rule->references : "none");
		assert_says(section, "- Fix: ", rule->fix);
		assert_true(
		    slice_find(section, SLICE("Example: ")) != SIZE_MAX);
		assert_true(
		    slice_find(section, SLICE("Near miss: ")) != SIZE_MAX);
	}
	rest = buffer_slice(&docs);
	for (size_t at_byte;
	     (at_byte = slice_find(rest, SLICE("\n## "))) != SIZE_MAX;
	     sections++)
		rest = slice_from(rest, at_byte + 1);
	assert_int_equal(sections, i);
	buffer_release(&path);
	buffer_release(&docs);
}

static void
findings_come_in_reading_order(void **state ACTAS_UNUSED)
{
	struct world w;
	struct check_run r;

	world_begin(&w);
	connection(&w, "late", NONE, 9);
	connection(&w, "early", NONE, 3);
	w.b->connections.at[0].all_pipelines = YES;
	run_world(&r, &w);
	assert_int_equal(r.findings.count, 3);
	assert_lines(&r.findings.at[0], "3");
	assert_lines(&r.findings.at[1], "9");
	assert_string_equal(r.findings.at[1].rule->id, "open-connection");
	assert_string_equal(r.findings.at[2].rule->id, "unbacked-connection");
	run_end(&r);
}

static void
an_estate_without_anything_has_no_findings(void **state ACTAS_UNUSED)
{
	struct world w;
	struct check_run r;

	world_begin(&w);
	run_world(&r, &w);
	assert_int_equal(r.findings.count, 0);
	run_end(&r);
}

static void
two_connections(struct world *w)
{
	world_begin(w);
	connection(w, "one", NONE, 3);
	connection(w, "two", NONE, 4);
}

static void
a_setting_changes_the_severity_of_a_rule(void **state ACTAS_UNUSED)
{
	struct world w;
	struct check_run r;

	two_connections(&w);
	setting(&w, "Unbacked-Connection", "error", NULL, NULL, 9);
	run_world(&r, &w);
	assert_int_equal(r.findings.count, 2);
	assert_int_equal(r.findings.at[0].severity, SEVERITY_ERROR);
	assert_int_equal(r.findings.at[1].severity, SEVERITY_ERROR);
	assert_null(r.findings.at[0].silenced);
	run_end(&r);
}

static void
a_setting_with_a_subject_changes_one_finding(void **state ACTAS_UNUSED)
{
	struct world w;
	struct check_run r;

	two_connections(&w);
	setting(&w, "unbacked-connection", "note", "TWO", NULL, 9);
	run_world(&r, &w);
	assert_int_equal(r.findings.at[0].severity, SEVERITY_WARNING);
	assert_int_equal(r.findings.at[1].severity, SEVERITY_NOTE);
	run_end(&r);
}

static void
a_silence_with_a_reason_hides_one_finding(void **state ACTAS_UNUSED)
{
	struct world w;
	struct check_run r;

	two_connections(&w);
	setting(&w, "unbacked-connection", NULL, "two", "being moved", 9);
	run_world(&r, &w);
	assert_int_equal(r.findings.count, 2);
	assert_null(r.findings.at[0].silenced);
	assert_string_equal(r.findings.at[1].silenced, "being moved");
	run_end(&r);
}

static void
a_silence_without_a_subject_hides_all(void **state ACTAS_UNUSED)
{
	struct world w;
	struct check_run r;

	two_connections(&w);
	setting(&w, "unbacked-connection", "off", NULL, "being moved", 9);
	run_world(&r, &w);
	assert_int_equal(r.findings.count, 2);
	assert_string_equal(r.findings.at[0].silenced, "being moved");
	assert_string_equal(r.findings.at[1].silenced, "being moved");
	run_end(&r);
}

static void
a_silence_without_a_reason_hides_nothing(void **state ACTAS_UNUSED)
{
	struct world w;
	struct check_run r;

	two_connections(&w);
	setting(&w, "unbacked-connection", "off", NULL, " ", 9);
	run_world(&r, &w);
	assert_int_equal(r.findings.count, 3);
	for (uint32_t i = 0; i < 3; i++)
		assert_null(r.findings.at[i].silenced);
	assert_string_equal(
	    r.findings.at[2].rule->id, "silence-without-reason");
	run_end(&r);
}

static void
a_finding_about_settings_can_be_silenced_too(void **state ACTAS_UNUSED)
{
	struct world w;
	struct check_run r;

	world_begin(&w);
	setting(&w, "open-connection", NULL, NULL, "one team", 8);
	setting(&w, "unused-silence", NULL, "open-connection",
	    "the connection comes next week", 9);
	run_world(&r, &w);
	assert_int_equal(r.findings.count, 1);
	assert_string_equal(r.findings.at[0].rule->id, "unused-silence");
	assert_string_equal(
	    r.findings.at[0].silenced, "the connection comes next week");
	run_end(&r);
}

static void
build_all(struct world *w)
{
	world_begin(w);
	for (size_t g = 0; g < GROUPS; g++)
		for (size_t i = 0; i < groups[g]->count; i++)
			if (groups[g] != &cases_of_limits)
				groups[g]->at[i].build(w, false);
}

static void
running_out_of_memory_is_an_error_wherever_it_happens(void **state ACTAS_UNUSED)
{
	struct rules_options options = rules_defaults(TODAY);
	enum actas_error error = ACTAS_ENOMEM;
	struct estate *e;
	struct world w;

	build_all(&w);
	e = world_estate(&w);
	for (int64_t n = 0; error != ACTAS_OK; n++) {
		struct findings findings;
		struct arena arena = {0};

		mem_fail_after(n);
		error = rules_run(e, &options, &arena, &findings);
		mem_fail_after(-1);
		if (error != ACTAS_OK) {
			assert_int_equal(error, ACTAS_ENOMEM);
			assert_int_equal(findings.count, 0);
		}
		arena_release(&arena);
	}
	estate_free(e);
}

static void
severities_have_names(void **state ACTAS_UNUSED)
{
	enum severity severity = SEVERITY_OFF;

	assert_string_equal(severity_name(SEVERITY_ERROR), "error");
	assert_true(severity_parse(SLICE("Warning"), &severity));
	assert_int_equal(severity, SEVERITY_WARNING);
	assert_false(severity_parse(SLICE("fatal"), &severity));
	assert_int_equal(severity, SEVERITY_WARNING);
}

enum { CASES_AT_MOST = 256, NAME_BYTES = 96 };

static size_t
add_cases(struct CMUnitTest *tests, char names[][NAME_BYTES])
{
	size_t n = 0;

	for (size_t g = 0; g < GROUPS; g++)
		for (size_t i = 0; i < groups[g]->count; i++) {
			const struct rule_case *rc = &groups[g]->at[i];

			snprintf(names[n], NAME_BYTES, "%s_fires (%zu)",
			    rc->rule, i);
			tests[n] = (struct CMUnitTest){.name = names[n],
			    .test_func = fires,
			    .initial_state = (void *)(uintptr_t)rc};
			n++;
			snprintf(names[n], NAME_BYTES,
			    "%s_stays_silent_on_the_near_miss (%zu)", rc->rule,
			    i);
			tests[n] = (struct CMUnitTest){.name = names[n],
			    .test_func = stays_silent,
			    .initial_state = (void *)(uintptr_t)rc};
			n++;
		}
	return n;
}

int
main(void)
{
	static struct CMUnitTest cases[CASES_AT_MOST];
	static char names[CASES_AT_MOST][NAME_BYTES];
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_rule_has_a_case),
	    cmocka_unit_test(rules_are_ordered_by_id_and_complete),
	    cmocka_unit_test(the_documentation_agrees_with_the_table),
	    cmocka_unit_test(an_estate_without_anything_has_no_findings),
	    cmocka_unit_test(findings_come_in_reading_order),
	    cmocka_unit_test(a_setting_changes_the_severity_of_a_rule),
	    cmocka_unit_test(a_setting_with_a_subject_changes_one_finding),
	    cmocka_unit_test(a_silence_with_a_reason_hides_one_finding),
	    cmocka_unit_test(a_silence_without_a_subject_hides_all),
	    cmocka_unit_test(a_silence_without_a_reason_hides_nothing),
	    cmocka_unit_test(a_finding_about_settings_can_be_silenced_too),
	    cmocka_unit_test(severities_have_names),
	    cmocka_unit_test(
		running_out_of_memory_is_an_error_wherever_it_happens),
	};
	size_t n = sizeof tests / sizeof tests[0];

	memcpy(cases, tests, sizeof tests);
	n += add_cases(cases + n, names);
	return _cmocka_run_group_tests("rules", cases, n, NULL, NULL);
}
