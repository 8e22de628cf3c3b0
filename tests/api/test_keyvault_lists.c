/*
 * Lists in pages, at one revision; ids by the way that the vault was asked;
 * races between changes.
 */

#include "keyvault_world.h"

#include <pthread.h>
#include <stdio.h>

enum { MANY = 60 };

/* Names in a list, in the order of the pages. */
struct names {
	VECTOR(const char *) at;
	unsigned pages;
};

static void
release(struct names *names)
{
	vector_release(&names->at);
}

static const char *
last_part(struct fixture *f, const char *id)
{
	return arena_text(&f->arena, slice_of(strrchr(id, '/') + 1));
}

/* "https://host/path?query" as a client follows it. */
static struct reply
follow(struct fixture *f, const char *link, const char *principal)
{
	struct slice rest = slice_of(link), host;

	assert_true(slice_starts(rest, SLICE("https://")));
	rest = slice_from(rest, strlen("https://"));
	(void)slice_cut(&rest, '/', &host);
	return ask(f, "GET", arena_text(&f->arena, host),
	    arena_printf(&f->arena, "/%.*s", SLICE_ARGS(rest)),
	    fixture_bearer(f, principal, VAULT), NULL);
}

static void
take_page(struct fixture *f, const struct reply *r, struct names *names)
{
	json_t *list = json_object_get(r->body, "value"), *item;
	size_t i;

	assert_int_equal(r->status, 200);
	assert_true(json_is_array(list));
	assert_true(json_array_size(list) <= 25);
	json_array_foreach(list, i, item) assert_int_equal(
	    vector_push(&names->at, last_part(f, json_at(item, "id"))),
	    ACTAS_OK);
	names->pages++;
}

/* All pages; 'between' is called before each further one. */
static struct names
list_all(struct fixture *f, const char *target,
    void (*between)(struct fixture *f, unsigned page))
{
	struct names names = {0};
	struct reply r = vault_ask(f, "GET", target, READER, NULL);

	for (;;) {
		const char *next =
		    arena_text(&f->arena, slice_of(reply_at(&r, "nextLink")));

		take_page(f, &r, &names);
		/* It stands there to the last page, as null. */
		assert_non_null(json_object_get(r.body, "nextLink"));
		reply_free(&r);
		if (strcmp(next, "null") == 0)
			return names;
		if (between != NULL)
			between(f, names.pages);
		r = follow(f, next, READER);
	}
}

static void
fill(struct fixture *f, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		vault_set(f, arena_printf(&f->arena, "secret-%02u", i), "v");
}

static void
pages_have_up_to_25(void **state)
{
	static const struct {
		const char *target;
		unsigned pages;
	} rows[] = {
	    {"/secrets", 3},
	    {"/secrets?maxresults=25", 3},
	    {"/secrets?maxresults=20", 3},
	    {"/secrets?maxresults=7", 9},
	};
	struct fixture *f = *state;

	fill(f, MANY);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct names names = list_all(f, rows[i].target, NULL);

		assert_int_equal(names.pages, rows[i].pages);
		assert_int_equal(names.at.count, MANY);
		for (unsigned n = 0; n < MANY; n++)
			assert_string_equal(names.at.at[n],
			    arena_printf(&f->arena, "secret-%02u", n));
		release(&names);
	}
}

static void
items_have_ids_without_versions(void **state)
{
	struct fixture *f = *state;
	struct reply r;

	vault_do(f, "PUT", "/secrets/Name",
	    "{'value':'v','contentType':'t','tags':{'a':'1'}}", 200);
	r = vault_ask(f, "GET", "/secrets", READER, NULL);
	assert_string_equal(buffer_text(&r.x->answer),
	    "{\"value\":[{\"contentType\":\"t\",\"id\":"
	    "\"https://kv-data.vault.azure.net/secrets/Name\",\"attributes\":"
	    "{\"enabled\":true,\"created\":1795285059,\"updated\":1795285059,"
	    "\"recoveryLevel\":\"Recoverable+Purgeable\","
	    "\"recoverableDays\":90},\"tags\":{\"a\":\"1\"}}],"
	    "\"nextLink\":null}");
	assert_false(r.x->holds_secret);
	reply_free(&r);
	vault_do(f, "DELETE", "/secrets/Name", NULL, 200);
	r = vault_ask(f, "GET", "/secrets", READER, NULL);
	assert_string_equal(
	    buffer_text(&r.x->answer), "{\"value\":[],\"nextLink\":null}");
	reply_free(&r);
	r = vault_ask(f, "GET", "/deletedsecrets", READER, NULL);
	assert_reply(&r, 200, "value.0.recoveryId",
	    "https://kv-data.vault.azure.net/deletedsecrets/Name");
	assert_reply(&r, 200, "value.0.id",
	    "https://kv-data.vault.azure.net/secrets/Name");
	assert_reply(&r, 200, "value.0.deletedDate", "1795285059");
	reply_free(&r);
}

/* Adds some, removes some, on both sides of where the list is. */
static void
meddle(struct fixture *f, unsigned page)
{
	static const char *const removed[][3] = {
	    {"secret-03", "secret-30", "secret-59"},
	    {"secret-10", "secret-40", "secret-55"},
	};

	vault_set(f, arena_printf(&f->arena, "a-%u", page), "v");
	vault_set(f, arena_printf(&f->arena, "secret-%u5x", page + 2), "v");
	vault_set(f, arena_printf(&f->arena, "z-%u", page), "v");
	for (size_t i = 0; page <= 2 && i < 3; i++) {
		const char *path = arena_printf(
		    &f->arena, "/secrets/%s", removed[page - 1][i]);

		vault_do(f, "DELETE", path, NULL, 200);
	}
	if (page == 1)
		vault_do(f, "DELETE", "/deletedsecrets/secret-30", NULL, 204);
}

static void
a_list_is_of_one_revision(void **state)
{
	struct fixture *f = *state;
	struct names names;

	fill(f, MANY);
	names = list_all(f, "/secrets", meddle);
	assert_int_equal(names.pages, 3);
	assert_int_equal(names.at.count, MANY);
	for (unsigned n = 0; n < MANY; n++)
		assert_string_equal(
		    names.at.at[n], arena_printf(&f->arena, "secret-%02u", n));
	release(&names);
	/* The next list is of now. */
	names = list_all(f, "/secrets", NULL);
	assert_int_equal(names.at.count, MANY + 6 - 6);
	release(&names);
}

static void
deleted_secrets_are_paged_as_well(void **state)
{
	struct fixture *f = *state;
	struct names names;

	fill(f, 30);
	for (unsigned i = 0; i < 28; i++)
		vault_do(f, "DELETE",
		    arena_printf(&f->arena, "/secrets/secret-%02u", i), NULL,
		    200);
	names = list_all(f, "/deletedsecrets", NULL);
	assert_int_equal(names.pages, 2);
	assert_int_equal(names.at.count, 28);
	release(&names);
	names = list_all(f, "/secrets", NULL);
	assert_int_equal(names.at.count, 2);
	release(&names);
}

static void
versions_are_listed_once_each(void **state)
{
	struct fixture *f = *state;
	const char *versions[27];
	struct names names;
	struct reply r;

	for (unsigned i = 0; i < 27; i++)
		versions[i] = vault_set(f, "Name", "v");
	vault_set(f, "name2", "v");
	vault_set(f, "nam", "v");
	names = list_all(f, "/secrets/name/versions", NULL);
	assert_int_equal(names.pages, 2);
	assert_int_equal(names.at.count, 27);
	for (unsigned i = 0; i < 27; i++) {
		unsigned found = 0;

		for (unsigned n = 0; n < names.at.count; n++)
			found += strcmp(names.at.at[n], versions[i]) == 0;
		assert_int_equal(found, 1);
	}
	release(&names);
	r = vault_ask(
	    f, "GET", "/secrets/name/versions?maxresults=1", READER, NULL);
	assert_true(slice_starts(slice_of(reply_at(&r, "value.0.id")),
	    SLICE("https://kv-data.vault.azure.net/secrets/Name/")));
	reply_free(&r);
	/* As of the service: no secret has no versions. */
	r = vault_ask(f, "GET", "/secrets/none/versions", READER, NULL);
	assert_string_equal(
	    buffer_text(&r.x->answer), "{\"value\":[],\"nextLink\":null}");
	reply_free(&r);
}

static void
page_sizes_are_checked(void **state)
{
	static const char *const sizes[] = {"0", "26", "-1", "x", "", "1.5",
	    "99999999999999999999", "1&maxresults=2"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct reply r = vault_ask(f, "GET",
		    arena_printf(&f->arena, "/secrets?maxresults=%s", sizes[i]),
		    READER, NULL);

		assert_reply(&r, 400, "error.code", "BadParameter");
		reply_free(&r);
	}
}

/* The address of a page is for whom it was given to, and for that list. */
static void
the_next_page_is_for_its_list(void **state)
{
	struct fixture *f = *state;
	struct reply r;
	const char *next, *token;

	fill(f, 3);
	r = vault_ask(f, "GET", "/secrets?maxresults=1", READER, NULL);
	next = arena_text(&f->arena, slice_of(reply_at(&r, "nextLink")));
	reply_free(&r);
	token = strstr(next, "$skiptoken=");
	assert_non_null(token);
	assert_null(strstr(token, "secret-00"));
	token = arena_text(&f->arena,
	    slice_sub(slice_of(token), 11, strcspn(token, "&") - 11));
	const struct {
		const char *target, *principal;
		uint32_t status;
	} rows[] = {
	    {arena_printf(&f->arena, "/secrets?$skiptoken=%s", token), READER,
		200},
	    {arena_printf(&f->arena, "/secrets?%%24skiptoken=%s", token),
		READER, 200},
	    {arena_printf(&f->arena, "/secrets?$skiptoken=%s", token), ADMIN,
		400},
	    {arena_printf(&f->arena, "/secrets?$skiptoken=%s", token), NOBODY,
		403},
	    {arena_printf(&f->arena, "/deletedsecrets?$skiptoken=%s", token),
		READER, 400},
	    {arena_printf(
		 &f->arena, "/secrets/secret-00/versions?$skiptoken=%s", token),
		READER, 400},
	    {"/secrets?$skiptoken=", READER, 400},
	    {"/secrets?$skiptoken=AAAA", READER, 400},
	    {"/secrets?$skiptoken=1%20secret-00", READER, 400},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		r = vault_ask(
		    f, "GET", rows[i].target, rows[i].principal, NULL);
		assert_int_equal(r.status, rows[i].status);
		reply_free(&r);
	}
	/* The right is that of now. */
	fixture_put(f, "assignment/" NUMBER("c2"), NULL, NULL);
	r = follow(f, next, READER);
	assert_int_equal(r.status, 403);
	reply_free(&r);
}

/* --- ways to a vault --- */

/* What clients take apart: exactly "/collection/name/version". */
static void
ids_can_be_taken_apart(void **state)
{
	static const struct {
		const char *host, *path, *base, *link;
	} rows[] = {
	    {"kv-data.vault.azure.net", "", "https://kv-data.vault.azure.net",
		"https://kv-data.vault.azure.net/secrets?"},
	    {"KV-Data.vault.azure.net:443", "",
		"https://kv-data.vault.azure.net:443",
		"https://kv-data.vault.azure.net:443/secrets?"},
	    {"kv-data.vault.localhost:8443", "",
		"https://kv-data.vault.localhost:8443",
		"https://kv-data.vault.localhost:8443/secrets?"},
	    {"localhost:8443", "/vaults/kv-data",
		"https://kv-data.vault.localhost:8443",
		"https://localhost:8443/vaults/kv-data/secrets?"},
	    {"127.0.0.1:8443", "/vaults/kv-data",
		"https://kv-data.vault.localhost:8443",
		"https://127.0.0.1:8443/vaults/kv-data/secrets?"},
	    {"[::1]:8443", "/vaults/kv-data",
		"https://kv-data.vault.localhost:8443",
		"https://[::1]:8443/vaults/kv-data/secrets?"},
	    {"some.localhost", "/vaults/kv-data",
		"https://kv-data.vault.localhost",
		"https://some.localhost/vaults/kv-data/secrets?"},
	    {"platform.example:8443", "/vaults/kv-data",
		"https://kv-data.vault.platform.example:8443",
		"https://platform.example:8443/vaults/kv-data/secrets?"},
	    {"kv-data.vault.platform.example:8443", "",
		"https://kv-data.vault.platform.example:8443",
		"https://kv-data.vault.platform.example:8443/secrets?"},
	    /* No name stands under an address: the only vault is meant. */
	    {"192.0.2.7:8443", "/vaults/kv-data", "https://192.0.2.7:8443",
		"https://192.0.2.7:8443/vaults/kv-data/secrets?"},
	};
	struct fixture *f = *state;

	assert_int_equal(
	    api_add_host(f->api, SLICE("platform.example"), NULL), ACTAS_OK);
	fill(f, 2);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply r = vault_ask_at(f, rows[i].host, "GET",
		    arena_printf(
			&f->arena, "%s/secrets/secret-00/", rows[i].path),
		    READER, NULL);
		const char *id = reply_at(&r, "id");

		assert_int_equal(r.status, 200);
		assert_true(slice_starts(slice_of(id),
		    slice_of(arena_printf(
			&f->arena, "%s/secrets/secret-00/", rows[i].base))));
		assert_int_equal(strlen(strrchr(id, '/') + 1), 32);
		reply_free(&r);
		r = vault_ask_at(f, rows[i].host, "GET",
		    arena_printf(
			&f->arena, "%s/secrets?maxresults=1", rows[i].path),
		    READER, NULL);
		id = arena_text(&f->arena, slice_of(reply_at(&r, "nextLink")));
		assert_true(slice_starts(slice_of(id), slice_of(rows[i].link)));
		reply_free(&r);
		r = follow(f, id, READER);
		assert_reply(&r, 200, "value.0.id",
		    arena_printf(
			&f->arena, "%s/secrets/secret-01", rows[i].base));
		assert_reply(&r, 200, "nextLink", "null");
		reply_free(&r);
	}
}

static void
the_only_vault_needs_no_name(void **state)
{
	struct fixture *f = *state;
	struct reply r;

	fill(f, 2);
	fixture_put(f, "vault/kv-old", NULL, NULL);
	r = vault_ask_at(
	    f, LOCAL_HOST, "GET", "/secrets/secret-00/", READER, NULL);
	assert_true(slice_starts(slice_of(reply_at(&r, "id")),
	    SLICE("https://localhost:8443/secrets/secret-00/")));
	reply_free(&r);
	r = vault_ask_at(
	    f, LOCAL_HOST, "GET", "/secrets?maxresults=1", READER, NULL);
	assert_true(slice_starts(slice_of(reply_at(&r, "nextLink")),
	    SLICE("https://localhost:8443/secrets?api-version=7.6&")));
	reply_free(&r);
	fixture_put(f, "vault/kv-data", NULL, NULL);
	r = vault_ask_at(
	    f, LOCAL_HOST, "GET", "/secrets/secret-00", READER, NULL);
	assert_reply(&r, 404, "error.code", "VaultNotFound");
	reply_free(&r);
}

/* --- races --- */

enum { RACERS = 4, ROUNDS = 25 };

struct racer {
	pthread_t thread;
	struct fixture *f;
	const char *bearer; /* made before, as the fixture is not shared */
	struct arena arena;
	unsigned number;
	unsigned statuses[600];
};

struct answered {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool done;
};

static void
take_answer(struct exchange *x ACTAS_UNUSED, void *context)
{
	struct answered *a = context;

	pthread_mutex_lock(&a->lock);
	a->done = true;
	pthread_cond_signal(&a->cond);
	pthread_mutex_unlock(&a->lock);
}

static uint32_t
race_ask(struct racer *racer, enum http_method method, const char *target,
    const char *body)
{
	struct answered a = {.lock = PTHREAD_MUTEX_INITIALIZER,
	    .cond = PTHREAD_COND_INITIALIZER};
	const struct http_header headers[] = {
	    {"Host", VAULT_HOST},
	    {"Authorization", racer->bearer},
	    {NULL, NULL},
	};
	uint32_t status;
	struct exchange *x = exchange_new(method, slice_of(target), headers,
	    slice_of(body), take_answer, &a, &status);

	if (x == NULL)
		return 0;
	x->context = racer->f->api;
	x->peer = SLICE("127.0.0.1");
	api_handle(x);
	pthread_mutex_lock(&a.lock);
	while (!a.done)
		pthread_cond_wait(&a.cond, &a.lock);
	pthread_mutex_unlock(&a.lock);
	status = x->status;
	exchange_free(x);
	return status;
}

static void *
race(void *context)
{
	static const struct {
		enum http_method method;
		const char *target, *body;
	} steps[] = {
	    {HTTP_PUT, "/secrets/x?" SEVEN, "{\"value\":\"v\"}"},
	    {HTTP_DELETE, "/secrets/x?" SEVEN, NULL},
	    {HTTP_POST, "/deletedsecrets/x/recover?" SEVEN, NULL},
	    {HTTP_DELETE, "/deletedsecrets/x?" SEVEN, NULL},
	    {HTTP_GET, "/secrets/x?" SEVEN, NULL},
	};
	struct racer *racer = context;

	for (unsigned i = 0; i < ROUNDS * 5; i++) {
		unsigned step = (i + racer->number) % 5;
		uint32_t status = race_ask(racer, steps[step].method,
		    steps[step].target, steps[step].body);

		if (status < 600)
			racer->statuses[status]++;
	}
	return NULL;
}

/* Whatever the order: each answer is one that some order gives, and what is
 * left fits together. */
static void
changes_at_once_end_in_one_order(void **state)
{
	struct fixture *f = *state;
	struct racer racers[RACERS];
	unsigned answers = 0, good = 0;
	json_t *secret;

	for (unsigned i = 0; i < RACERS; i++) {
		racers[i] = (struct racer){.f = f, .number = i};
		racers[i].bearer = arena_printf(
		    &f->arena, "Bearer %s", fixture_token(f, ADMIN, VAULT));
	}
	for (unsigned i = 0; i < RACERS; i++)
		assert_int_equal(
		    pthread_create(&racers[i].thread, NULL, race, &racers[i]),
		    0);
	for (unsigned i = 0; i < RACERS; i++) {
		static const unsigned expected[] = {200, 204, 404, 409};

		pthread_join(racers[i].thread, NULL);
		for (size_t s = 0; s < sizeof expected / sizeof *expected; s++)
			answers += racers[i].statuses[expected[s]];
		good += racers[i].statuses[200] + racers[i].statuses[204];
	}
	assert_int_equal(answers, RACERS * ROUNDS * 5);
	assert_true(good > 0);
	secret = fixture_get(f, "secret/kv-data/x");
	if (secret == NULL) {
		assert_null(fixture_get(f, "current/kv-data/x"));
	} else {
		json_t *current = fixture_get(f, "current/kv-data/x");
		json_t *version = fixture_get(f,
		    arena_printf(&f->arena, "version/kv-data/x/%s",
			json_at(current, "version")));

		assert_non_null(version);
		json_decref(version);
		json_decref(current);
	}
	json_decref(secret);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    VAULT_TEST(pages_have_up_to_25),
	    VAULT_TEST(items_have_ids_without_versions),
	    VAULT_TEST(a_list_is_of_one_revision),
	    VAULT_TEST(deleted_secrets_are_paged_as_well),
	    VAULT_TEST(versions_are_listed_once_each),
	    VAULT_TEST(page_sizes_are_checked),
	    VAULT_TEST(the_next_page_is_for_its_list),
	    VAULT_TEST(ids_can_be_taken_apart),
	    VAULT_TEST(the_only_vault_needs_no_name),
	    VAULT_TEST(changes_at_once_end_in_one_order),
	};

	if (secrets_start(NULL) != ACTAS_OK)
		return 1;
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
