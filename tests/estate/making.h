#ifndef TESTS_ESTATE_MAKING_H
#define TESTS_ESTATE_MAKING_H

/* What every test of the estate needs to make one. Include behind cmocka. */

#include "estate/builder.h"
#include "estate/builtin.h"

#define NOWHERE ((struct origin){0})

static inline struct guid
guid_number(uint32_t n)
{
	struct guid id = {{0xac, 0x7a, 0x5}};

	memcpy(id.bytes + 12, &n, sizeof n);
	return id;
}

static inline struct builder *
new_builder(struct fault *fault)
{
	struct builder *b;

	*fault = (struct fault){0};
	b = builder_new(fault);
	assert_non_null(b);
	assert_int_equal(b->error, ACTAS_OK);
	return b;
}

static inline struct estate *
finish(struct builder *b)
{
	struct fault fault = {0};
	struct estate *e = NULL;

	assert_int_equal(builder_finish(b, &e), ACTAS_OK);
	assert_non_null(e);
	if (estate_check(e, &fault) != ACTAS_OK)
		fail_msg("%s", fault.message);
	return e;
}

static inline void
finish_fails(struct builder *b, enum actas_error expected,
    const struct fault *fault, const char *part)
{
	struct estate *e = NULL;

	assert_int_equal(builder_finish(b, &e), expected);
	assert_null(e);
	assert_int_equal(fault->error, expected);
	if (strstr(fault->message, part) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", part, fault->message);
}

static inline struct origin
line(struct builder *b, uint32_t number)
{
	return builder_origin(b, "source", number);
}

static inline void
grant(struct builder *b, principal_id p, role_id r, scope_id s, uint32_t number)
{
	builder_assign(b,
	    &(struct assignment){.principal = p,
		.role = r,
		.scope = s,
		.origin = line(b, number)});
}

/* The only problem of the estate of this kind. */
static inline const struct problem *
only_problem(const struct estate *e, enum problem_kind kind)
{
	const struct problem *found = NULL;

	for (uint32_t i = 0; i < e->problems.count; i++) {
		if (e->problems.at[i].kind != kind)
			continue;
		assert_null(found);
		found = &e->problems.at[i];
	}
	assert_non_null(found);
	return found;
}

static inline void
has_text(const struct estate *e, string_id text, const char *part)
{
	struct slice all = estate_text(e, text);

	if (slice_find(all, slice_of(part)) == SIZE_MAX)
		fail_msg("\"%s\" is not in \"%.*s\"", part, SLICE_ARGS(all));
}

#endif
