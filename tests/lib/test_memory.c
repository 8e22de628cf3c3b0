#include <actas.h>

#include "base/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* Every allocation behind every function fails once. */

static const char page[] =
    "| Identity | Type |\n|---|---|\n"
    "| `sp-a` | Service principal |\n"
    "| `sp-b` | Service principal |\n"
    "| `grp` | Group |\n\n"
    "| Group | Members |\n|---|---|\n| `grp` | `sp-a` |\n\n"
    "| Vault | Permission model |\n|---|---|\n| `kv` | RBAC |\n\n"
    "| Identity | Role | Scope |\n|---|---|---|\n"
    "| `grp` | Key Vault Secrets User | `kv` |\n";

static enum actas_result
load(struct actas_estate **estate, struct actas_failure *failure)
{
	return actas_load_memory(
	    "page.md", ACTAS_PAGE, page, sizeof page - 1, estate, failure);
}

static enum actas_result
try_load(const struct actas_estate *ready ACTAS_UNUSED,
    struct actas_failure *failure)
{
	struct actas_estate *estate = NULL;
	enum actas_result result = load(&estate, failure);

	assert_int_equal(estate != NULL, result == ACTAS_SUCCESS);
	actas_estate_free(estate);
	return result;
}

static enum actas_result
try_allow(const struct actas_estate *estate, struct actas_failure *failure)
{
	struct actas_decision *d = NULL;
	enum actas_result result =
	    actas_decide(estate, "sp-a", "get-secret", "kv", &d, failure);

	assert_int_equal(d != NULL, result == ACTAS_SUCCESS);
	actas_decision_free(d);
	return result;
}

static enum actas_result
try_deny(const struct actas_estate *estate, struct actas_failure *failure)
{
	struct actas_decision *d = NULL;
	enum actas_result result =
	    actas_decide(estate, "sp-b", "get-secret", "kv", &d, failure);

	assert_int_equal(d != NULL, result == ACTAS_SUCCESS);
	actas_decision_free(d);
	return result;
}

static enum actas_result
try_action(const struct actas_estate *estate, struct actas_failure *failure)
{
	struct actas_action *action = NULL;
	enum actas_result result =
	    actas_action_new(estate, "get-secret", &action, failure);

	assert_int_equal(action != NULL, result == ACTAS_SUCCESS);
	actas_action_free(action);
	return result;
}

static enum actas_result
try_who(const struct actas_estate *estate, struct actas_failure *failure)
{
	struct actas_list *list = NULL;
	enum actas_result result =
	    actas_who(estate, "get-secret", "kv", &list, failure);

	assert_int_equal(list != NULL, result == ACTAS_SUCCESS);
	actas_list_free(list);
	return result;
}

static enum actas_result
try_check(const struct actas_estate *estate, struct actas_failure *failure)
{
	struct actas_findings *findings = NULL;
	enum actas_result result =
	    actas_check(estate, 1795262400, &findings, failure);

	assert_int_equal(findings != NULL, result == ACTAS_SUCCESS);
	actas_findings_free(findings);
	return result;
}

static void
out_of_memory_is_an_error_like_any_other(void **state ACTAS_UNUSED)
{
	static enum actas_result (*const tries[])(
	    const struct actas_estate *, struct actas_failure *) = {
	    try_load, try_allow, try_deny, try_action, try_who, try_check};
	struct actas_estate *estate = NULL;

	assert_int_equal(load(&estate, NULL), ACTAS_SUCCESS);
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		enum actas_result result = ACTAS_OUT_OF_MEMORY;

		for (int64_t n = 0; result != ACTAS_SUCCESS; n++) {
			struct actas_failure failure = {0};

			mem_fail_after(n);
			result = tries[i](estate, &failure);
			mem_fail_after(-1);
			if (result == ACTAS_SUCCESS) {
				assert_true(n > 0);
				break;
			}
			assert_int_equal(result, ACTAS_OUT_OF_MEMORY);
			assert_string_equal(failure.message, "out of memory");
		}
	}
	actas_estate_free(estate);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(out_of_memory_is_an_error_like_any_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
