#include "azure_dump.h"

/* Answers that lie in no folder: handed over, and as one document. */

#define USERS  "graph.microsoft.com/v1.0/users"
#define GROUPS "graph.microsoft.com/v1.0/groups"

static const struct document world[] = {
    {GROUPS "/" ID("0A") "/members", "{\"value\":[{\"id\":\"" ID("0B") "\"}]}"},
    {GROUPS,
	"{\"value\":[{\"id\":\"" ID("0A") "\",\"displayName\":\"Team\"}]}"},
    {"management.azure.com" SUB
     "/providers/Microsoft.Authorization/roleAssignments",
	"{\"value\":[{\"name\":\"" ID(
	    "0C") "\",\"properties\":{"
		  "\"scope\":\"" VAULT "\","
		  "\"principalId\":\"" ID(
		      "0A") "\",\"principalType\":\"Group\","
			    "\"roleDefinitionId\":\"" ROLES SECRETS_USER
			    "\"}}]}"},
    {"management.azure.com" SUB "/providers/Microsoft.KeyVault/vaults",
	"{\"value\":[{\"id\":\"" VAULT
	"\",\"type\":\"Microsoft.KeyVault/vaults\",\"properties\":"
	"{\"vaultUri\":\"x\",\"enableRbacAuthorization\":true}}]}"},
    {USERS,
	"{\"value\":[{\"id\":\"" ID("0B") "\",\"displayName\":\"Ada\","
					  "\"userPrincipalName\":\"a@x\"}]}"},
};
enum { COUNT = sizeof world / sizeof *world };

struct handing {
	struct source_answers answers;
	const struct document *documents;
	size_t count, at, closed;
	struct reader reader;
};

static struct handing *handing;

static void
count_close(struct reader *r ACTAS_UNUSED)
{
	handing->closed++;
}

static bool
next(struct source_answers *from, struct slice *request, struct reader **body)
{
	struct handing *h = (struct handing *)from;

	if (h->at == h->count)
		return false;
	*request = slice_of(h->documents[h->at].request);
	h->reader = reader_memory(
	    h->documents[h->at].request, slice_of(h->documents[h->at].text));
	h->reader.close = count_close;
	*body = &h->reader;
	h->at++;
	return true;
}

static enum actas_error
hand_over(const struct document *documents, size_t count, struct estate **e,
    struct fault *fault)
{
	struct handing h = {
	    .answers = {next}, .documents = documents, .count = count};
	struct builder *b = builder_new(fault);
	enum actas_error error;

	assert_non_null(b);
	*e = NULL;
	handing = &h;
	error = source_read_answers(b, &h.answers, fault);
	assert_int_equal(h.closed, h.at);
	if (error == ACTAS_OK)
		return builder_finish(b, e);
	builder_free(b);
	return error;
}

static enum actas_error
read_text(const char *text, struct estate **e, struct fault *fault)
{
	struct document d = {"", text};

	return try_all(&d, 1, e, fault);
}

/* The documents as one. */
static void
write_list(const struct document *documents, size_t count, struct buffer *out)
{
	buffer_puts(out, "[");
	for (size_t i = 0; i < count; i++)
		buffer_addf(out, "%s{\"request\":\"%s\",\"body\":%s}",
		    i > 0 ? "," : "", documents[i].request, documents[i].text);
	buffer_puts(out, "]");
}

static void
answers_are_one_estate_however_they_come(void **state ACTAS_UNUSED)
{
	struct buffer list = {0}, one = {0}, other = {0};
	struct fault fault = {0};
	struct estate *e;

	assert_int_equal(hand_over(world, COUNT, &e, &fault), ACTAS_OK);
	expect_assignments(e, "0a|Key Vault Secrets User|kv|0|1");
	expect_problem(e, 0, 0, NULL);
	assert_int_equal(e->memberships.count, 1);
	assert_string_equal(
	    text_of(e,
		e->problems.count == 0 ? e->principals.at[0].origin.file : 0),
	    GROUPS);
	dump(e, &one);
	estate_free(e);
	write_list(world, COUNT, &list);
	if (read_text(buffer_text(&list), &e, &fault) != ACTAS_OK)
		fail_msg("%s:%u: %s", fault.file, fault.line, fault.message);
	dump(e, &other);
	assert_string_equal(buffer_text(&one), buffer_text(&other));
	estate_free(e);
	buffer_release(&list);
	buffer_release(&one);
	buffer_release(&other);
}

static void
pages_of_an_answer_may_lie_apart(void **state ACTAS_UNUSED)
{
	const struct document pages[] = {
	    {USERS, "{\"value\":[{\"id\":\"" ID("0A") "\"}]}"},
	    {GROUPS, "{\"value\":[]}"},
	    {USERS, "{\"value\":[{\"id\":\"" ID("0B") "\"}]}"},
	};
	struct fault fault = {0};
	struct estate *e;

	assert_int_equal(hand_over(pages, 3, &e, &fault), ACTAS_OK);
	expect_problem(e, 0, 0, NULL);
	assert_int_equal(e->principals.count, 2);
	estate_free(e);
}

static void
an_answer_that_is_an_error_is_a_problem(void **state ACTAS_UNUSED)
{
	const struct document documents[] = {
	    {USERS, "{\"error\":{\"code\":\"Forbidden\"}}"}};
	struct buffer list = {0};
	struct fault fault = {0};
	struct estate *e;

	assert_int_equal(hand_over(documents, 1, &e, &fault), ACTAS_OK);
	expect_problem(e, PROBLEM_INCOMPLETE_SOURCE, 1,
	    "the answer is an error (Forbidden): what was asked for is not "
	    "here");
	estate_free(e);
	write_list(documents, 1, &list);
	assert_int_equal(read_text(buffer_text(&list), &e, &fault), ACTAS_OK);
	expect_problem(e, PROBLEM_INCOMPLETE_SOURCE, 1,
	    "the answer is an error (Forbidden): what was asked for is not "
	    "here");
	estate_free(e);
	buffer_release(&list);
}

static void
a_fault_names_the_request(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *text, *file, *message;
	} rows[] = {
	    {"[{\"request\":\"" USERS "\",\"body\":{\"value\":[{\"id\":1}]}}]",
		USERS, "\"id\" is 1: expected a GUID"},
	    {"[{\"request\":\"" USERS "\",\"body\":3}]", USERS,
		"expected a JSON list or object, found '3'"},
	    {"[{\"request\":\"" USERS "\",\"body\":null}]", "x.json",
		"an answer has no \"body\": expected what the request answers"},
	    {"[{\"request\":7,\"body\":{}}]", "x.json",
		"\"request\" is 7: expected text"},
	    {"[{\"request\":\"a\",\"body\":{}},{\"body\":{}}]", "a",
		"an object with no keys is nothing that is known: expected "
		"what a service answers or az prints (docs/json-sources.md "
		"lists it)"},
	    {"[{\"request\":\"a\",\"body\":[]},{\"body\":{}}]", "x.json",
		"an answer has no \"request\": expected a host and path"},
	    {"[{\"request\":\"a\",\"body\":[{\"request\":\"b\",\"body\":[]}]}]",
		"a",
		"is a list of answers inside an answer: expected the answer "
		"itself"},
	    {"[{\"request\":\"a\",\"b\\u006fdy\":[]}]", "a",
		"is empty: expected a JSON list or object"},
	};
	struct fault fault;
	struct estate *e;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		fault = (struct fault){0};
		assert_int_equal(
		    read_text(rows[i].text, &e, &fault), ACTAS_EPARSE);
		assert_string_equal(fault.message, rows[i].message);
		assert_string_equal(fault.file, rows[i].file);
	}
}

static void
nothing_is_no_fault(void **state ACTAS_UNUSED)
{
	struct fault fault = {0};
	struct estate *e;

	assert_int_equal(hand_over(world, 0, &e, &fault), ACTAS_OK);
	assert_int_equal(e->principals.count, 0);
	estate_free(e);
}

static void
every_allocation_may_fail(void **state ACTAS_UNUSED)
{
	struct buffer list = {0};
	enum actas_error error = ACTAS_ENOMEM;
	struct estate *e;

	write_list(world, COUNT, &list);
	for (int64_t n = 0; error == ACTAS_ENOMEM; n++) {
		struct fault fault = {0};

		mem_fail_after(n);
		error = read_text(buffer_text(&list), &e, &fault);
		mem_fail_after(-1);
		assert_true(error == ACTAS_OK || e == NULL);
	}
	assert_int_equal(error, ACTAS_OK);
	estate_free(e);
	buffer_release(&list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(answers_are_one_estate_however_they_come),
	    cmocka_unit_test(pages_of_an_answer_may_lie_apart),
	    cmocka_unit_test(an_answer_that_is_an_error_is_a_problem),
	    cmocka_unit_test(a_fault_names_the_request),
	    cmocka_unit_test(nothing_is_no_fault),
	    cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
