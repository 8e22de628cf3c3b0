#ifndef TESTS_AZURE_TEST_H
#define TESTS_AZURE_TEST_H

/* What the tests of Azure's JSON share. A document is given with the request
 * that it answers; facts of an estate are asked for by GUID, so that neither
 * the order of documents nor row numbers matter. */

#include "source/azure/azure.h"
#include "source/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct document {
	const char *request;
	const char *text;
};

/* Ids of tests: 00000000-0000-0000-0000-0000000000nn. */
#define ID(nn)       "00000000-0000-0000-0000-0000000000" nn
#define SUB          "/subscriptions/" ID("01")
#define VAULT        SUB "/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv"
#define ROLES        SUB "/providers/Microsoft.Authorization/roleDefinitions/"
#define READER       "acdd72a7-3385-48ef-bd42-f606fba81ae7"
#define SECRETS_USER "4633458b-17de-408a-b874-0445c86b69e6"

static inline struct guid
id_of(const char *text)
{
	struct guid id = {0};

	assert_true(guid_parse(slice_of(text), &id));
	return id;
}

/* Reads the documents into one estate; the first failure. */
static inline enum actas_error
try_all(const struct document *documents, size_t count, struct estate **estate,
    struct fault *fault)
{
	struct builder *b = builder_new(fault);
	enum actas_error error = ACTAS_OK, end;
	struct azure az;

	*estate = NULL;
	if (b == NULL)
		return ACTAS_ENOMEM;
	azure_begin(&az, b, fault);
	for (size_t i = 0; i < count && error == ACTAS_OK; i++) {
		struct reader r =
		    reader_memory("x.json", slice_of(documents[i].text));

		error = azure_read(&az, &r, slice_of(documents[i].request));
	}
	end = azure_end(&az);
	if (error == ACTAS_OK)
		error = end;
	if (error == ACTAS_OK)
		return builder_finish(b, estate);
	builder_free(b);
	return error;
}

static inline struct estate *
load_all(const struct document *documents, size_t count)
{
	struct fault fault = {0};
	struct estate *e;

	if (try_all(documents, count, &e, &fault) != ACTAS_OK)
		fail_msg("%s:%u: %s", fault.file, fault.line, fault.message);
	fault = (struct fault){0};
	if (estate_check(e, &fault) != ACTAS_OK)
		fail_msg("%s", fault.message);
	return e;
}

static inline struct estate *
load(const char *request, const char *text)
{
	return load_all(&(struct document){request, text}, 1);
}

static inline void
expect_refused(
    const char *request, const char *text, uint32_t line, const char *message)
{
	struct document d = {request, text};
	struct fault fault = {0};
	struct estate *e;

	assert_int_equal(try_all(&d, 1, &e, &fault), ACTAS_EPARSE);
	assert_string_equal(fault.message, message);
	assert_string_equal(fault.file, "x.json");
	assert_int_equal(fault.line, line);
}

static inline const char *
text_of(const struct estate *e, string_id id)
{
	struct slice text = estate_text(e, id);

	return text.length == 0 ? "" : text.at;
}

static inline const struct principal *
principal(const struct estate *e, const char *id)
{
	principal_id p = estate_by_object_id(e, id_of(id));

	assert_int_not_equal(p, NONE);
	return &e->principals.at[p];
}

static inline scope_id
scope_named(const struct estate *e, enum scope_kind kind, const char *segment)
{
	for (scope_id s = 0; s < e->scopes.count; s++)
		if (e->scopes.at[s].kind == kind &&
		    slice_eq_case(estate_text(e, e->scopes.at[s].segment),
			slice_of(segment)))
			return s;
	fail_msg("there is no scope %s", segment);
	return NONE;
}

/* "principal role scope-segment flags line" of each assignment, in the order
 * of these texts. */
static inline int
by_text(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

static inline char *
assignment_text(const struct estate *e, assignment_id i)
{
	struct assignment a = estate_assignment(e, i);
	char id[GUID_TEXT_LENGTH + 1];
	char *text = malloc(512);

	assert_non_null(text);
	guid_format(e->principals.at[a.principal].object_id, id);
	snprintf(text, 512, "%.2s|%s|%s|%u|%u",
	    guid_is_nil(e->principals.at[a.principal].object_id)
		? text_of(e, e->principals.at[a.principal].upn)
		: id + GUID_TEXT_LENGTH - 2,
	    text_of(e, e->roles.at[a.role].name),
	    text_of(e, e->scopes.at[a.scope].segment), a.flags, a.origin.line);
	return text;
}

static inline void
expect_assignments(const struct estate *e, const char *expected)
{
	char **texts = calloc(e->grants.count + 1, sizeof *texts);
	struct buffer all = {0};

	assert_non_null(texts);
	for (assignment_id i = 0; i < e->grants.count; i++)
		texts[i] = assignment_text(e, i);
	qsort(texts, e->grants.count, sizeof *texts, by_text);
	for (assignment_id i = 0; i < e->grants.count; i++) {
		buffer_addf(&all, "%s%s", i > 0 ? " " : "", texts[i]);
		free(texts[i]);
	}
	free(texts);
	assert_string_equal(buffer_text(&all), expected);
	buffer_release(&all);
}

/* Exactly one problem, or none for a NULL message. */
static inline void
expect_problem(const struct estate *e, enum problem_kind kind, uint32_t line,
    const char *message)
{
	for (uint32_t i = message == NULL ? 0 : 1; i < e->problems.count; i++)
		fail_msg("unexpected problem: %s",
		    text_of(e, e->problems.at[i].message));
	if (message == NULL)
		return;
	assert_int_equal(e->problems.count, 1);
	assert_string_equal(text_of(e, e->problems.at[0].message), message);
	assert_int_equal(e->problems.at[0].kind, kind);
	assert_int_equal(e->problems.at[0].origin.line, line);
}

#endif
