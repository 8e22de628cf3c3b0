#ifndef TESTS_PAGE_TEST_H
#define TESTS_PAGE_TEST_H

/* What the tests of access pages share: a page given as text, and questions
 * that name things as the page does. */

#include "estate/names.h"
#include "source/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static inline enum actas_error
try_page(struct slice text, struct estate **estate, struct fault *fault)
{
	struct reader from = reader_memory("page.md", text);
	struct builder *b = builder_new(fault);
	enum actas_error error;

	*estate = NULL;
	if (b == NULL)
		return ACTAS_ENOMEM;
	error = source_read_page(b, &from, fault);
	if (error != ACTAS_OK) {
		builder_free(b);
		return error;
	}
	return builder_finish(b, estate);
}

static inline struct estate *
page_of(const char *text)
{
	struct estate *e;
	struct fault fault = {0};

	if (try_page(slice_of(text), &e, &fault) != ACTAS_OK)
		fail_msg("%s:%u: %s", fault.file, fault.line, fault.message);
	if (estate_check(e, &fault) != ACTAS_OK)
		fail_msg("%s", fault.message);
	return e;
}

static inline const char *
text_of(const struct estate *e, string_id id)
{
	return id == 0 ? "" : estate_text(e, id).at;
}

static inline const char *
principal_of(const struct estate *e, principal_id id)
{
	return id == NONE ? "" : text_of(e, e->principals.at[id].name);
}

static inline const char *
scope_of(const struct estate *e, scope_id id)
{
	return id == NONE ? "" : text_of(e, e->scopes.at[id].segment);
}

static inline const char *
role_of(const struct estate *e, role_id id)
{
	return id == NONE ? "" : text_of(e, e->roles.at[id].name);
}

struct expected_claim {
	uint32_t line;
	enum view view;
	enum claim_says says;
	const char *principal, *role, *scope, *text;
};

static inline void
assert_claim(
    const struct estate *e, uint32_t i, const struct expected_claim *want)
{
	const struct claim *got;

	if (i >= e->claims.count)
		fail_msg("claim %u, of line %u, is missing", i, want->line);
	got = &e->claims.at[i];
	if (got->origin.line != want->line)
		fail_msg("claim %u is of line %u, not %u", i, got->origin.line,
		    want->line);
	assert_int_equal(e->listings.at[got->listing].view, want->view);
	assert_int_equal(got->says, want->says);
	assert_string_equal(principal_of(e, got->principal), want->principal);
	assert_string_equal(role_of(e, got->role), want->role);
	assert_string_equal(scope_of(e, got->scope), want->scope);
	assert_string_equal(text_of(e, got->text), want->text);
}

struct expected_problem {
	uint32_t line;
	enum problem_kind kind;
	const char *subject;
};

/* All problems, in the order in which they were found. */
static inline void
assert_problems(
    const struct estate *e, const struct expected_problem *want, uint32_t count)
{
	for (uint32_t i = 0; i < e->problems.count && i < count; i++) {
		const struct problem *got = &e->problems.at[i];

		assert_string_equal(text_of(e, got->subject), want[i].subject);
		assert_int_equal(got->kind, want[i].kind);
		assert_int_equal(got->origin.line, want[i].line);
		assert_true(got->message != 0);
	}
	for (uint32_t i = count; i < e->problems.count; i++)
		fail_msg("not expected: line %u: %s",
		    e->problems.at[i].origin.line,
		    text_of(e, e->problems.at[i].message));
	assert_int_equal(e->problems.count, count);
}

#define COUNT_OF(a) ((uint32_t)(sizeof(a) / sizeof((a)[0])))

/* Whether some assignment gives the principal the role at the scope. */
static inline bool
has_grant(const struct estate *e, const char *principal, const char *role,
    const char *scope)
{
	for (assignment_id i = 0; i < e->grants.count; i++) {
		struct assignment a = estate_assignment(e, i);

		if (strcmp(principal_of(e, a.principal), principal) == 0 &&
		    strcmp(role_of(e, a.role), role) == 0 &&
		    strcmp(scope_of(e, a.scope), scope) == 0)
			return true;
	}
	return false;
}

#define IDENTITIES                         \
	"| Identity | Type |\n|---|---|\n" \
	"| `sp-a` | SPN |\n"               \
	"| `sp-b` | Service principal |\n" \
	"| `svc@x.nl` | Service account |\n\n"
#define IDENTITY_LINES 6

#endif
