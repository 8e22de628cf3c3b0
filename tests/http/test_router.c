#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "http/router.h"

static void
handle(struct exchange *x ACTAS_UNUSED)
{
}

static const struct route table[] = {
    {HTTP_GET, "/", handle, "root"},
    {HTTP_GET, "/secrets", handle, "list"},
    {HTTP_PUT, "/secrets/{name}", handle, "set"},
    {HTTP_GET | HTTP_HEAD, "/secrets/{name}", handle, "latest"},
    {HTTP_GET, "/secrets/restore", handle, "shadowed"},
    {HTTP_GET, "/secrets/{name}/versions", handle, "versions"},
    {HTTP_GET, "/secrets/{name}/{version}", handle, "version"},
    {HTTP_GET,
	"/{scope...}/providers/Microsoft.Authorization/"
	"roleAssignments/{id}",
	handle, "assignment"},
    {HTTP_DELETE, "/{scope...}", handle, "anything"},
    {HTTP_PATCH, "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}", handle, "nine"},
    {0},
};

static struct exchange *
ask(enum http_method method, const char *target)
{
	static const struct http_header headers[] = {{"Host", "a"}, {0}};
	uint32_t refused;
	struct exchange *x = exchange_new(
	    method, slice_of(target), headers, SLICE(""), NULL, NULL, &refused);

	assert_non_null(x);
	return x;
}

static void
the_first_row_that_fits_answers(void **state ACTAS_UNUSED)
{
	static const struct {
		enum http_method method;
		const char *target, *row, *first, *second;
	} rows[] = {
	    {HTTP_GET, "/", "root", "", ""},
	    {HTTP_GET, "/secrets", "list", "", ""},
	    {HTTP_GET, "/Secrets/", "list", "", ""},
	    {HTTP_GET, "/secrets/a", "latest", "a", ""},
	    {HTTP_HEAD, "/secrets/a", "latest", "a", ""},
	    {HTTP_GET, "/secrets/a/?x=y", "latest", "a", ""},
	    {HTTP_PUT, "/secrets/A%2Fb", "set", "A/b", ""},
	    {HTTP_GET, "/secrets/restore", "latest", "restore", ""},
	    {HTTP_GET, "/secrets/a/Versions", "versions", "a", ""},
	    {HTTP_GET, "/secrets/a/1", "version", "a", "1"},
	    {HTTP_GET,
		"/subscriptions/S/providers/microsoft.authorization/"
		"RoleAssignments/1",
		"assignment", "/subscriptions/S", "1"},
	    {HTTP_GET, "/providers/Microsoft.Authorization/roleAssignments/1",
		"assignment", "", "1"},
	    {HTTP_GET, "//providers/Microsoft.Authorization/roleAssignments/1",
		"assignment", "/", "1"},
	    {HTTP_DELETE, "/", "anything", "", ""},
	    {HTTP_DELETE, "/a/b/", "anything", "/a/b", ""},
	    {HTTP_PATCH, "/1/2/3/4/5/6/7/8/9", "nine", "1", "2"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct exchange *x = ask(rows[i].method, rows[i].target);
		const struct route *route;
		uint32_t methods;

		assert_int_equal(
		    router_find(table, x, &route, &methods), ROUTE_FOUND);
		assert_string_equal(route->detail, rows[i].row);
		assert_true(slice_eq(x->captures[0], slice_of(rows[i].first)));
		assert_true(slice_eq(x->captures[1], slice_of(rows[i].second)));
		exchange_free(x);
	}
}

static void
what_no_row_fits_is_told_apart(void **state ACTAS_UNUSED)
{
	static const struct {
		enum http_method method;
		const char *target;
		enum route_result result;
		uint32_t methods;
	} rows[] = {
	    {HTTP_GET, "/secret", ROUTE_NO_METHOD, HTTP_DELETE},
	    {HTTP_POST, "/secrets/a", ROUTE_NO_METHOD,
		HTTP_PUT | HTTP_GET | HTTP_HEAD | HTTP_DELETE},
	    {HTTP_OTHER, "/secrets", ROUTE_NO_METHOD, HTTP_GET | HTTP_DELETE},
	    {HTTP_GET, "/secrets//", ROUTE_NO_METHOD, HTTP_DELETE},
	    /* a slash inside a scope would make two readings of it */
	    {HTTP_GET,
		"/a%2Fb/providers/Microsoft.Authorization/roleAssignments/1",
		ROUTE_NO_PATH, HTTP_DELETE | HTTP_GET},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct exchange *x = ask(rows[i].method, rows[i].target);
		const struct route *route;
		uint32_t methods;

		assert_int_equal(
		    router_find(table, x, &route, &methods), rows[i].result);
		assert_null(route);
		if (rows[i].result == ROUTE_NO_METHOD)
			assert_int_equal(methods, rows[i].methods);
		exchange_free(x);
	}
}

static void
nothing_fits_an_empty_table(void **state ACTAS_UNUSED)
{
	static const struct route empty[] = {{0}};
	struct exchange *x = ask(HTTP_GET, "/");
	const struct route *route;
	uint32_t methods;

	assert_int_equal(
	    router_find(empty, x, &route, &methods), ROUTE_NO_PATH);
	assert_int_equal(methods, 0);
	exchange_free(x);
}

static void
without_memory_a_scope_is_never_the_widest(void **state ACTAS_UNUSED)
{
	struct exchange *x = ask(HTTP_DELETE, "/a/b");
	const struct route *route;
	uint32_t methods;

	mem_fail_after(0);
	assert_int_equal(
	    router_find(table, x, &route, &methods), ROUTE_NO_PATH);
	mem_fail_after(-1);
	assert_null(route);
	exchange_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_no_row_fits_is_told_apart),
	    cmocka_unit_test(nothing_fits_an_empty_table),
	    cmocka_unit_test(without_memory_a_scope_is_never_the_widest),
	    cmocka_unit_test(the_first_row_that_fits_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
