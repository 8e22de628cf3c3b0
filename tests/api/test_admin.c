/*
 * GET /actas/status and GET /actas/estate: what is told, and to whom.
 */

#include "keyvault_world.h"

#include <semaphore.h>
#include <string.h>
#include <unistd.h>

static struct reply
get(struct fixture *f, const char *target, const char *principal)
{
	return ask(f, "GET", LOCAL_HOST, target,
	    principal == NULL ? NULL : fixture_bearer(f, principal, ARM), NULL);
}

static void
status_is_told_in_two_depths(void **state)
{
	struct fixture *f = *state;
	struct reply r = get(f, "/actas/status", NULL);

	assert_reply(&r, 200, "status", "ok");
	assert_reply(&r, 200, "tenant", TENANT);
	assert_reply(&r, 200, "revision", "");
	reply_free(&r);
	r = get(f, "/actas/status", NOBODY);
	assert_reply(&r, 200, "status", "ok");
	assert_true(json_is_integer(json_object_get(r.body, "revision")));
	assert_true(
	    json_integer_value(json_object_get(r.body, "entities")) > 10);
	reply_free(&r);
	r = ask(f, "GET", LOCAL_HOST, "/actas/status",
	    "Authorization: Bearer rubbish", NULL);
	assert_int_equal(r.status, 401);
	reply_free(&r);
}

/* Whether a text is anywhere in the answers. */
static bool
says(const struct reply *r, const char *text)
{
	return slice_find_case(r->text, slice_of(text)) != SIZE_MAX;
}

static void
the_export_holds_what_the_caller_may_read(void **state)
{
	static const struct {
		const char *principal, *text;
		bool is_told;
	} rows[] = {
	    {ADMIN, "spn-reader", true},
	    {ADMIN, KV_PATH, true},
	    {ADMIN, NUMBER("c2"), true}, /* an assignment */
	    {ADMIN, SUB_PATH, true},
	    {ADMIN, "db-password", true},
	    /* Names of the directory are open to all in it. */
	    {NOBODY, "spn-reader", true},
	    {NOBODY, "'name':'rg-data'", false},
	    {NOBODY, KV_PATH, false},
	    {NOBODY, NUMBER("c2"), false},
	    {NOBODY, "db-password", false},
	    /* May list secrets of the vault, not read the vault itself. */
	    {READER, "db-password", true},
	    {READER, NUMBER("c2"), false},
	};
	struct fixture *f = *state;

	vault_set(f, "db-password", "sesame");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = get(f, "/actas/estate", rows[i].principal);

		assert_int_equal(r.status, 200);
		assert_reply(&r, 200, "tenant", TENANT);
		assert_true(json_is_array(json_object_get(r.body, "answers")));
		assert_int_equal(json_is_true(json_object_get(r.body, "whole")),
		    strcmp(rows[i].principal, ADMIN) == 0);
		if (says(&r, quoted(f, rows[i].text)) != rows[i].is_told)
			fail_msg("%s and %s: %d", rows[i].principal,
			    rows[i].text, !rows[i].is_told);
		reply_free(&r);
	}
}

static void
the_export_holds_nothing_secret(void **state)
{
	struct fixture *f = *state;
	struct reply r;

	vault_set(f, "db-password", "sesame");
	r = get(f, "/actas/estate", ADMIN);
	assert_int_equal(r.status, 200);
	assert_false(says(&r, "sesame"));
	assert_false(says(&r, "\"sealed\""));
	assert_false(says(&r, "\"wrapped\""));
	assert_false(says(&r, "\"hash\""));
	assert_false(says(&r, READER_SECRET));
	reply_free(&r);
	r = get(f, "/actas/estate", NULL);
	assert_int_equal(r.status, 401);
	reply_free(&r);
}

static void
the_export_can_be_of_the_past(void **state)
{
	struct fixture *f = *state;
	struct reply r = get(f, "/actas/estate", ADMIN);
	long long before =
	    json_integer_value(json_object_get(r.body, "revision"));

	reply_free(&r);
	atomic_store(&f->now, FIXTURE_NOW + 3600);
	vault_set(f, "db-password", "v");
	const struct {
		const char *target;
		bool is_there;
	} rows[] = {
	    {"/actas/estate", true},
	    {arena_printf(&f->arena, "/actas/estate?revision=%lld", before),
		false},
	    {"/actas/estate?at=2026-11-21T18:30:00Z", false},
	    {"/actas/estate?at=2026-11-22", true},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		r = get(f, rows[i].target, ADMIN);
		assert_int_equal(r.status, 200);
		assert_int_equal(says(&r, "db-password"), rows[i].is_there);
		reply_free(&r);
	}
}

/* Rights are those of now, whatever the content is of. */
static void
the_past_is_no_way_around_rights(void **state)
{
	struct fixture *f = *state;
	struct reply r;
	long long before;

	vault_set(f, "db-password", "v");
	r = get(f, "/actas/estate", READER);
	before = json_integer_value(json_object_get(r.body, "revision"));
	assert_true(says(&r, "db-password"));
	reply_free(&r);
	fixture_put(f, "assignment/" NUMBER("c2"), NULL, NULL);
	r = get(f,
	    arena_printf(&f->arena, "/actas/estate?revision=%lld", before),
	    READER);
	assert_int_equal(r.status, 200);
	assert_false(says(&r, "db-password"));
	reply_free(&r);
}

static void
bad_questions_of_the_past_are_refused(void **state)
{
	static const struct {
		const char *query;
		uint32_t status;
	} rows[] = {
	    {"revision=99999999", 404},
	    {"revision=18446744073709551615", 404},
	    {"revision=-1", 400},
	    {"revision=x", 400},
	    {"revision=", 400},
	    {"revision=0", 404},
	    {"at=2001-01-01", 404},
	    {"at=yesterday", 400},
	    {"at=", 400},
	    {"revision=1&revision=2", 400},
	    {"revision=1&at=2026-11-21", 400},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = get(f,
		    arena_printf(&f->arena, "/actas/estate?%s", rows[i].query),
		    ADMIN);

		if (r.status != rows[i].status)
			fail_msg("%s: %u", rows[i].query, r.status);
		reply_free(&r);
	}
}

/* Holds the one who reads the history, until it is let go. */
struct holding {
	struct recall recall; /* first */
	struct store *store;
	sem_t gate, end;
};

static void
hold(struct recall *recall, enum actas_error error ACTAS_UNUSED,
    const struct snapshot *found, const struct fault *fault ACTAS_UNUSED)
{
	struct holding *h = (struct holding *)recall;

	sem_wait(&h->gate);
	if (found != NULL)
		store_unpin(h->store, found);
	sem_post(&h->end);
}

static void
count_answer(struct exchange *x ACTAS_UNUSED, void *context)
{
	++*(_Atomic uint32_t *)context;
}

/* Asks, and does not wait for the answer. */
static struct exchange *
begin(struct fixture *f, long long revision, const char *principal,
    _Atomic uint32_t *answers)
{
	const char *bearer = fixture_bearer(f, principal, ARM);
	const struct http_header rows[] = {{"Host", LOCAL_HOST},
	    {"Authorization", strchr(bearer, ' ') + 1}, {0}};
	const char *target =
	    arena_printf(&f->arena, "/actas/estate?revision=%lld", revision);
	uint32_t refused;
	struct exchange *x = exchange_new(HTTP_GET, slice_of(target), rows,
	    (struct slice){0}, count_answer, answers, &refused);

	assert_non_null(x);
	x->context = f->api;
	x->peer = slice_of(f->peer);
	x->peer_is_loopback = f->peer_is_loopback;
	api_handle(x);
	return x;
}

/* Whoever asks for one old revision after the other waits for the history,
 * and is refused at last; others are served meanwhile, and wait for the
 * history no longer than it takes for a few. */
static void
who_asks_for_the_past_holds_up_nobody_else(void **state)
{
	enum { OWN = LIMIT_CALLER_RECALLS };
	struct fixture *f = *state;
	struct holding h = {.store = f->platform.store,
	    .recall = {.revision = 1, .done = hold}};
	struct exchange *own[OWN], *more, *other;
	_Atomic uint32_t answers = 0;
	struct reply r;
	long long last;

	for (int i = 0; i < OWN + 2; i++)
		vault_set(f, "db-password", "v");
	r = get(f, "/actas/estate", ADMIN);
	last = json_integer_value(json_object_get(r.body, "revision"));
	reply_free(&r);
	sem_init(&h.gate, 0, 0);
	sem_init(&h.end, 0, 0);
	assert_int_equal(store_recall(h.store, &h.recall), ACTAS_OK);
	for (int i = 0; i < OWN; i++)
		own[i] = begin(f, last - 1 - i, READER, &answers);
	assert_int_equal(answers, 0);
	more = begin(f, last - 1 - OWN, READER, &answers);
	assert_int_equal(answers, 1);
	assert_int_equal(more->status, 429);
	assert_string_equal(exchange_answered(more, "Retry-After"), "5");
	exchange_free(more);
	other = begin(f, last - 1, ADMIN, &answers);
	assert_int_equal(answers, 1);
	r = get(f, "/actas/estate", READER);
	assert_int_equal(r.status, 200);
	reply_free(&r);
	vault_set(f, "db-password", "v");
	sem_post(&h.gate);
	sem_wait(&h.end);
	for (int i = 0; i < 3000 && answers < OWN + 2; i++)
		usleep(10000);
	assert_int_equal(answers, OWN + 2);
	for (int i = 0; i < OWN; i++) {
		assert_int_equal(own[i]->status, 200);
		assert_non_null(strstr(buffer_text(&own[i]->answer),
		    arena_printf(
			&f->arena, "\"revision\":%lld,", last - 1 - i)));
		exchange_free(own[i]);
	}
	assert_int_equal(other->status, 200);
	exchange_free(other);
	sem_destroy(&h.gate);
	sem_destroy(&h.end);
}

static void
an_export_is_audited(void **state)
{
	struct fixture *f = *state;
	unsigned before = audit_count(f, "EstateExport", "allowed");
	struct reply r = get(f, "/actas/estate", ADMIN);

	assert_int_equal(audit_count(f, "EstateExport", "allowed"), before + 1);
	reply_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    VAULT_TEST(status_is_told_in_two_depths),
	    VAULT_TEST(the_export_holds_what_the_caller_may_read),
	    VAULT_TEST(the_export_holds_nothing_secret),
	    VAULT_TEST(the_export_can_be_of_the_past),
	    VAULT_TEST(the_past_is_no_way_around_rights),
	    VAULT_TEST(bad_questions_of_the_past_are_refused),
	    VAULT_TEST(who_asks_for_the_past_holds_up_nobody_else),
	    VAULT_TEST(an_export_is_audited),
	};

	if (secrets_start(NULL) != ACTAS_OK)
		return 1;
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
