#include <actas.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define UNUSED __attribute__((unused))

static const char page[] =
    "| Identity | Type |\n|---|---|\n"
    "| `sp-a` | Service principal |\n"
    "| `sp-b` | Service principal |\n"
    "| `ops@one.example` | Person |\n"
    "| `ops@two.example` | Person |\n"
    "| `grp` | Group |\n\n"
    "| Group | Members |\n|---|---|\n| `grp` | `sp-a` |\n\n"
    "| Vault | Permission model |\n|---|---|\n| `kv` | RBAC |\n\n"
    "| Identity | Role | Scope |\n|---|---|---|\n"
    "| `grp` | Key Vault Secrets User | `kv` |\n"
    "| `sp-b` | Key Vault Nonsense | `kv` |\n";

static struct actas_estate *
load_page(void)
{
	struct actas_estate *estate = NULL;
	struct actas_failure failure = {0};

	if (actas_load_memory("page.md", ACTAS_PAGE, page, sizeof page - 1,
		&estate, &failure) != ACTAS_SUCCESS)
		fail_msg(
		    "%s:%u: %s", failure.file, failure.line, failure.message);
	return estate;
}

static void
the_version_is_that_of_the_header(void **state UNUSED)
{
	char text[32];

	snprintf(text, sizeof text, "%d.%d.%d", ACTAS_VERSION_MAJOR,
	    ACTAS_VERSION_MINOR, ACTAS_VERSION_PATCH);
	assert_string_equal(actas_version(), text);
}

static void
a_missing_source_is_an_error_with_its_name(void **state UNUSED)
{
	struct actas_estate *estate = (void *)1;
	struct actas_failure failure = {0};

	assert_int_equal(
	    actas_load("/missing.md", &estate, &failure), ACTAS_IO);
	assert_null(estate);
	assert_int_equal(failure.result, ACTAS_IO);
	assert_string_equal(failure.file, "/missing.md");
	assert_string_equal(
	    failure.message, "cannot be opened: No such file or directory");
	assert_int_equal(actas_load("/missing.md", &estate, NULL), ACTAS_IO);
}

static void
broken_json_is_malformed(void **state UNUSED)
{
	struct actas_estate *estate = (void *)1;
	struct actas_failure failure = {0};
	static const char text[] = "[\n{\"id\": \n";

	assert_int_equal(actas_load_memory("x.json", ACTAS_JSON, text,
			     sizeof text - 1, &estate, &failure),
	    ACTAS_MALFORMED);
	assert_null(estate);
	assert_string_equal(failure.file, "x.json");
	assert_true(failure.line >= 2);
	assert_true(failure.message[0] != '\0');
}

static void
an_unknown_form_is_misuse(void **state UNUSED)
{
	struct actas_estate *estate = (void *)1;

	assert_int_equal(
	    actas_load_memory("x", (enum actas_form)7, "", 0, &estate, NULL),
	    ACTAS_MISUSE);
	assert_null(estate);
}

static void
an_allowance_has_its_path(void **state UNUSED)
{
	static const char *const path[] = {
	    "sp-a", "grp", "Key Vault Secrets User", "kv"};
	struct actas_estate *estate = load_page();
	struct actas_decision *d = NULL;

	assert_int_equal(
	    actas_decide(estate, "sp-a", "get-secret", "kv", &d, NULL),
	    ACTAS_SUCCESS);
	assert_int_equal(actas_decision_allowed(d), 1);
	assert_string_equal(actas_decision_reason(d), "GrantedByRBAC");
	assert_string_equal(actas_decision_role(d), "Key Vault Secrets User");
	assert_int_equal(actas_decision_path_length(d), 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(actas_decision_path(d, i), path[i]);
	assert_null(actas_decision_path(d, 4));
	assert_int_equal(actas_decision_missing_count(d), 0);
	assert_null(actas_decision_missing_role(d, 0));
	actas_decision_free(d);
	actas_estate_free(estate);
}

static void
a_denial_has_what_would_help(void **state UNUSED)
{
	struct actas_estate *estate = load_page();
	struct actas_decision *d = NULL;

	assert_int_equal(
	    actas_decide(estate, "sp-b", "get-secret", "kv", &d, NULL),
	    ACTAS_SUCCESS);
	assert_int_equal(actas_decision_allowed(d), 0);
	assert_string_equal(actas_decision_reason(d), "DeniedWithNoValidRBAC");
	assert_null(actas_decision_role(d));
	assert_int_equal(actas_decision_path_length(d), 0);
	assert_true(actas_decision_missing_count(d) >= 1);
	assert_string_equal(
	    actas_decision_missing_role(d, 0), "Key Vault Secrets User");
	assert_string_equal(actas_decision_missing_scope(d, 0), "kv");
	assert_null(actas_decision_missing_scope(d, 99));
	actas_decision_free(d);
	actas_estate_free(estate);
}

static void
names_that_nobody_bears_or_several_do(void **state UNUSED)
{
	static const struct {
		const char *principal, *action, *scope;
		enum actas_result result;
	} rows[] = {
	    {"sp-z", "get-secret", "kv", ACTAS_UNKNOWN},
	    {"ops", "get-secret", "kv", ACTAS_AMBIGUOUS},
	    {"sp-a", "get-secret", "kv-z", ACTAS_UNKNOWN},
	    {"sp-a", "drink tea", "kv", ACTAS_MISUSE},
	};
	struct actas_estate *estate = load_page();

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct actas_decision *d = (void *)1;
		struct actas_failure failure = {0};

		assert_int_equal(
		    actas_decide(estate, rows[i].principal, rows[i].action,
			rows[i].scope, &d, &failure),
		    rows[i].result);
		assert_null(d);
		assert_int_equal(failure.result, rows[i].result);
		assert_true(failure.message[0] != '\0');
	}
	actas_estate_free(estate);
}

static void
ids_decide_as_names_do(void **state UNUSED)
{
	struct actas_estate *estate = load_page();
	struct actas_action *action = NULL;
	uint32_t a = 0, b = 0, kv = 0;

	assert_int_equal(
	    actas_find_principal(estate, "sp-a", &a, NULL), ACTAS_SUCCESS);
	assert_int_equal(
	    actas_find_principal(estate, "sp-b", &b, NULL), ACTAS_SUCCESS);
	assert_int_equal(
	    actas_find_scope(estate, "kv", &kv, NULL), ACTAS_SUCCESS);
	assert_int_equal(actas_action_new(estate, "get-secret", &action, NULL),
	    ACTAS_SUCCESS);
	assert_int_equal(actas_allowed(estate, a, action, kv), 1);
	assert_int_equal(actas_allowed(estate, b, action, kv), 0);
	actas_action_free(action);
	assert_int_equal(
	    actas_action_new(estate, "drink tea", &action, NULL), ACTAS_MISUSE);
	assert_null(action);
	actas_estate_free(estate);
}

static void
who_lists_everyone(void **state UNUSED)
{
	struct actas_estate *estate = load_page();
	struct actas_list *list = NULL;

	assert_int_equal(
	    actas_who(estate, "get-secret", "kv", &list, NULL), ACTAS_SUCCESS);
	assert_int_equal(actas_list_count(list), 2);
	assert_string_equal(actas_list_role(list, 0), "Key Vault Secrets User");
	assert_non_null(actas_list_principal(list, 1));
	assert_null(actas_list_principal(list, 2));
	actas_list_free(list);
	assert_int_equal(
	    actas_who(estate, "get-secret", "x", &list, NULL), ACTAS_UNKNOWN);
	assert_null(list);
	actas_estate_free(estate);
}

static void
findings_name_their_places(void **state UNUSED)
{
	struct actas_estate *estate = load_page();
	struct actas_findings *findings = NULL;
	size_t count, i;

	assert_int_equal(
	    actas_check(estate, 1795262400, &findings, NULL), ACTAS_SUCCESS);
	count = actas_findings_count(findings);
	for (i = 0; i < count; i++) {
		if (strcmp(actas_finding_rule(findings, i), "unknown-role") ==
		    0)
			break;
	}
	assert_true(i < count);
	assert_string_equal(actas_finding_file(findings, i), "page.md");
	assert_int_equal(actas_finding_line(findings, i), 20);
	assert_non_null(actas_finding_severity(findings, i));
	assert_non_null(
	    strstr(actas_finding_message(findings, i), "Key Vault Nonsense"));
	assert_null(actas_finding_rule(findings, count));
	assert_null(actas_finding_file(findings, count));
	assert_int_equal(actas_finding_line(findings, count), 0);
	actas_findings_free(findings);
	actas_estate_free(estate);
}

static void
nothing_can_be_freed(void **state UNUSED)
{
	actas_estate_free(NULL);
	actas_action_free(NULL);
	actas_decision_free(NULL);
	actas_list_free(NULL);
	actas_findings_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_version_is_that_of_the_header),
	    cmocka_unit_test(a_missing_source_is_an_error_with_its_name),
	    cmocka_unit_test(broken_json_is_malformed),
	    cmocka_unit_test(an_unknown_form_is_misuse),
	    cmocka_unit_test(an_allowance_has_its_path),
	    cmocka_unit_test(a_denial_has_what_would_help),
	    cmocka_unit_test(names_that_nobody_bears_or_several_do),
	    cmocka_unit_test(ids_decide_as_names_do),
	    cmocka_unit_test(who_lists_everyone),
	    cmocka_unit_test(findings_name_their_places),
	    cmocka_unit_test(nothing_can_be_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
