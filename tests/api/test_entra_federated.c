#include "assertion.h"

#include "api/worker.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* Tokens by an assertion of somebody whom the application trusts. */

#define CLUSTER  "https://cluster.example"
#define SUBJECT  "system:serviceaccount:etl:Load"
#define SOON     "1795285659"
#define EXCHANGE "api://AzureADTokenExchange"

struct world {
	struct fixture *f;
	struct signer key, other;
};

static void
write_file(struct world *w, const char *name, const char *text)
{
	const char *path =
	    arena_printf(&w->f->arena, "%s/%s", w->f->folder, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void
remove_file(struct world *w, const char *name)
{
	assert_int_equal(
	    unlink(arena_printf(&w->f->arena, "%s/%s", w->f->folder, name)), 0);
}

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	void *fixture = NULL;

	assert_non_null(w);
	fixture_setup(&fixture);
	w->f = fixture;
	w->key = signer_new("RSA");
	w->other = signer_new("RSA");
	write_file(w, "issuers.json", "{\"" CLUSTER "\":\"cluster.json\"}");
	write_file(w, "cluster.json", signer_jwks(w->f, &w->key, "k1"));
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;
	void *fixture = w->f;

	fixture_teardown(&fixture);
	signer_free(&w->key);
	signer_free(&w->other);
	free(w);
	return 0;
}

static const char *
claims_of(struct world *w, const char *issuer, const char *subject,
    const char *audience)
{
	return arena_printf(&w->f->arena,
	    "{'iss':'%s','sub':'%s','aud':'%s','exp':" SOON "}", issuer,
	    subject, audience);
}

#define HEADER "{'alg':'RS256','typ':'JWT','kid':'k1'}"

static const char *
good_assertion(struct world *w)
{
	return signer_sign(w->f, &w->key, SIGN_RS256, HEADER,
	    claims_of(w, CLUSTER, SUBJECT, EXCHANGE));
}

static struct reply
present(struct world *w, const char *client, const char *assertion)
{
	return ask(w->f, "POST", LOGIN_HOST, TOKEN_V2, FORM,
	    assertion_form(w->f, client, assertion));
}

static void
trusted_assertion(void **state)
{
	struct world *w = *state;

	/* Again and again: a pod's token is used until it expires. */
	for (int i = 0; i < 3; i++) {
		struct reply r = present(w, READER_APP, good_assertion(w));
		json_t *claims = reply_claims(&r), *line = last_audit(w->f);

		assert_string_equal(json_at(claims, "appidacr"), "2");
		assert_string_equal(json_at(claims, "actas_kid"), NUMBER("b0"));
		assert_string_equal(json_at(line, "keyId"), NUMBER("b0"));
		json_decref(line);
		json_decref(claims);
		reply_free(&r);
	}
}

static void
list_of_audiences(void **state)
{
	struct world *w = *state;
	struct reply r = present(w, READER_APP,
	    signer_sign(w->f, &w->key, SIGN_RS256, "{'alg':'RS256'}",
		"{'iss':'" CLUSTER "','sub':'" SUBJECT
		"','aud':['other','" EXCHANGE "'],'exp':" SOON "}"));

	assert_reply(&r, 200, NULL, NULL);
	reply_free(&r);
}

static void
refused(struct world *w, const char *client, const char *assertion,
    struct refused expected)
{
	expected.body = assertion_form(w->f, client, assertion);
	assert_refused(w->f, &expected);
}

static void
mismatches(void **state)
{
	static const struct {
		const char *client, *issuer, *subject, *audience;
		struct refused expected;
	} rows[] = {
	    {NOBODY_APP, CLUSTER, SUBJECT, EXCHANGE,
		{.number = "70025",
		    .text = "The client '" NOBODY_APP
			    "'(spn-nobody) has no configured federated "
			    "identity credentials."}},
	    {READER_APP, CLUSTER "/", SUBJECT, EXCHANGE,
		{.number = "700211",
		    .text = "No matching federated identity record found for "
			    "presented assertion issuer '" CLUSTER "/'."}},
	    {READER_APP, "HTTPS://cluster.example", SUBJECT, EXCHANGE,
		{.number = "700211", .text = "issuer 'HTTPS://"}},
	    {READER_APP, CLUSTER, SUBJECT "2", EXCHANGE,
		{.number = "700213",
		    .text = "presented assertion subject '" SUBJECT "2'."}},
	    {READER_APP, CLUSTER, "", EXCHANGE,
		{.number = "700213", .text = "subject ''."}},
	    {READER_APP, CLUSTER, "system:serviceaccount:etl:load", EXCHANGE,
		{.number = "7002138",
		    .text = "matches with case-insensitive comparison, but "
			    "not with case-sensitive comparison"}},
	    {READER_APP, CLUSTER, SUBJECT, "other",
		{.number = "700212",
		    .text = "presented assertion audience 'other'."}},
	    {READER_APP, CLUSTER, SUBJECT, "api://azureadtokenexchange",
		{.number = "700212", .text = "audience"}},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct refused expected = rows[i].expected;

		expected.status = 401;
		expected.error = "invalid_client";
		refused(w, rows[i].client,
		    signer_sign(w->f, &w->key, SIGN_RS256, HEADER,
			claims_of(w, rows[i].issuer, rows[i].subject,
			    rows[i].audience)),
		    expected);
	}
}

static void
bad_signatures(void **state)
{
	static const struct {
		bool other;
		enum signature signature;
		const char *header;
		struct refused expected;
	} rows[] = {
	    {false, SIGN_BADLY, HEADER,
		{.number = "700027", .text = "did not match the expected"}},
	    {true, SIGN_RS256, HEADER,
		{.number = "700027", .text = "did not match the expected"}},
	    {true, SIGN_RS256, "{'alg':'RS256'}",
		{.number = "700027", .text = "did not match the expected"}},
	    {false, SIGN_RS256, "{'alg':'RS256','kid':'k9'}",
		{.number = "700027", .text = "The key was not found."}},
	    {false, SIGN_RS256, "{'alg':'RS256','kid':'odd'}",
		{.number = "700027", .text = "The key was not found."}},
	    {false, SIGN_PS256, "{'alg':'PS256','kid':'k1'}",
		{.number = "5002738", .text = "'PS256' is not a supported"}},
	    {false, SIGN_RS256, "{'alg':'none','kid':'k1'}",
		{.number = "5002738", .text = "'none' is not a supported"}},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct refused expected = rows[i].expected;
		bool is_form = strcmp(expected.number, "5002738") == 0;

		expected.status = is_form ? 400 : 401;
		expected.error = is_form ? "invalid_request" : "invalid_client";
		refused(w, READER_APP,
		    signer_sign(w->f, rows[i].other ? &w->other : &w->key,
			rows[i].signature, rows[i].header,
			claims_of(w, CLUSTER, SUBJECT, EXCHANGE)),
		    expected);
	}
}

static void
time_of_an_assertion(void **state)
{
	struct world *w = *state;
	struct refused late = {.status = 401,
	    .error = "invalid_client",
	    .number = "700024",
	    .text = "expiry time of assertion 2026-11-21T18:27:39"};

	atomic_store(&w->f->now, FIXTURE_NOW + 899);
	struct reply r = present(w, READER_APP, good_assertion(w));
	assert_reply(&r, 200, NULL, NULL);
	reply_free(&r);
	atomic_store(&w->f->now, FIXTURE_NOW + 900);
	refused(w, READER_APP, good_assertion(w), late);
	atomic_store(&w->f->now, FIXTURE_NOW);
}

/* --- where keys come from --- */

#define OTHER_ISSUER "https://other.example"

static void
trust_under(struct world *w, const char *id, const char *issuer)
{
	fixture_put(w->f,
	    arena_printf(&w->f->arena, "federated/" NOBODY_HOME "/%s", id),
	    arena_printf(&w->f->arena,
		"{'id':'%s','name':'%s','issuer':'%s',"
		"'subject':'s','audiences':['" EXCHANGE "']}",
		id, id, issuer),
	    NULL);
}

static void
trust_another(struct world *w, const char *issuer)
{
	trust_under(w, NUMBER("b1"), issuer);
}

static void
keys_that_cannot_be_read(void **state)
{
	static const struct {
		const char *issuers, *keys;
	} rows[] = {
	    {NULL, NULL},
	    {"", NULL},
	    {"[]", NULL},
	    {"{}", NULL},
	    {"{\"" OTHER_ISSUER "\":7}", NULL},
	    {"{\"" OTHER_ISSUER "\":\"other.json\"}", NULL},
	    {"{\"" OTHER_ISSUER "\":\"other.json\"}", "{}"},
	    {"{\"" OTHER_ISSUER "\":\"other.json\"}", "{\"keys\":[}"},
	    {"{\"" OTHER_ISSUER "\":\"ftp://other.example/keys\"}", NULL},
	    {"{\"" OTHER_ISSUER "\":\"http://other.example/keys\"}", NULL},
	    {"{\"" OTHER_ISSUER "\":\"http://127.0.0.1:1/keys\"}", NULL},
	};
	struct world *w = *state;
	const char *assertion = signer_sign(w->f, &w->key, SIGN_RS256, HEADER,
	    claims_of(w, OTHER_ISSUER, "s", EXCHANGE));

	trust_another(w, OTHER_ISSUER);
	remove_file(w, "issuers.json");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].issuers != NULL)
			write_file(w, "issuers.json", rows[i].issuers);
		if (rows[i].keys != NULL)
			write_file(w, "other.json", rows[i].keys);
		atomic_fetch_add(&w->f->now, 60); /* read anew */
		refused(w, NOBODY_APP, assertion,
		    (struct refused){.status = 400,
			.error = "invalid_request",
			.number = "50166",
			.text = "Request to External OIDC endpoint failed."});
	}
	write_file(w, "issuers.json", "{\"" CLUSTER "\":\"cluster.json\"}");
	atomic_store(&w->f->now, FIXTURE_NOW);
}

/* A key that is not known has the set read again, once a minute. */
static void
rotated_keys(void **state)
{
	struct world *w = *state;
	struct reply r = present(w, READER_APP, good_assertion(w));
	const char *rotated = signer_sign(w->f, &w->other, SIGN_RS256,
	    "{'alg':'RS256','kid':'k2'}",
	    claims_of(w, CLUSTER, SUBJECT, EXCHANGE));
	struct refused unknown = {.status = 401,
	    .error = "invalid_client",
	    .number = "700027",
	    .text = "The key was not found."};

	assert_reply(&r, 200, NULL, NULL);
	reply_free(&r);
	atomic_store(&w->f->now, FIXTURE_NOW + 100);
	refused(w, READER_APP, rotated, unknown); /* read, and not there */
	write_file(w, "cluster.json", signer_jwks(w->f, &w->other, "k2"));
	atomic_store(&w->f->now, FIXTURE_NOW + 159);
	refused(w, READER_APP, rotated, unknown); /* not read again so soon */
	atomic_store(&w->f->now, FIXTURE_NOW + 160);
	r = present(w, READER_APP, rotated);
	assert_reply(&r, 200, NULL, NULL);
	reply_free(&r);
	/* And the old key is gone. */
	atomic_store(&w->f->now, FIXTURE_NOW + 220);
	refused(w, READER_APP, good_assertion(w), unknown);
	write_file(w, "cluster.json", signer_jwks(w->f, &w->key, "k1"));
	atomic_store(&w->f->now, FIXTURE_NOW + 280);
	r = present(w, READER_APP, good_assertion(w));
	assert_reply(&r, 200, NULL, NULL);
	reply_free(&r);
	atomic_store(&w->f->now, FIXTURE_NOW);
}

/* Keys are kept for a day, no longer. */
static void
old_keys(void **state)
{
	struct world *w = *state;
	static const char claims[] = "{'iss':'" CLUSTER "','sub':'" SUBJECT
				     "','aud':'" EXCHANGE "','exp':1800000000}";
	const char *assertion =
	    signer_sign(w->f, &w->key, SIGN_RS256, HEADER, claims);
	struct reply r = present(w, READER_APP, assertion);

	assert_reply(&r, 200, NULL, NULL);
	reply_free(&r);
	remove_file(w, "cluster.json");
	atomic_store(&w->f->now, FIXTURE_NOW + MOMENT_DAY / 2);
	r = present(w, READER_APP, assertion);
	assert_reply(&r, 200, NULL, NULL);
	reply_free(&r);
	atomic_store(&w->f->now, FIXTURE_NOW + 2 * MOMENT_DAY);
	r = present(w, READER_APP, assertion);
	assert_reply(&r, 400, "error_codes.0", "50166");
	reply_free(&r);
	write_file(w, "cluster.json", signer_jwks(w->f, &w->key, "k1"));
	atomic_store(&w->f->now, FIXTURE_NOW);
}

/* --- a peer that is slow --- */

struct peer {
	int socket;
	const char *body;
	pthread_mutex_t lock;
	pthread_cond_t change;
	bool asked, may_answer;
	pthread_t thread;
};

static void *
serve_once(void *context)
{
	struct peer *p = context;
	struct pollfd waiting = {.fd = p->socket, .events = POLLIN};
	char request[4096];
	struct buffer answer = {0};
	int client;

	if (poll(&waiting, 1, 20000) != 1)
		return NULL;
	client = accept(p->socket, NULL, NULL);
	if (client < 0 || read(client, request, sizeof request) <= 0)
		return NULL;
	pthread_mutex_lock(&p->lock);
	p->asked = true;
	pthread_cond_broadcast(&p->change);
	while (!p->may_answer)
		pthread_cond_wait(&p->change, &p->lock);
	pthread_mutex_unlock(&p->lock);
	buffer_addf(&answer,
	    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	    "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
	    strlen(p->body), p->body);
	if (write(client, answer.at, answer.length) < 0)
		perror("write");
	buffer_release(&answer);
	close(client);
	return NULL;
}

static uint16_t
peer_start(struct peer *p)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t length = sizeof address;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	p->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(
	    bind(p->socket, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(p->socket, 4), 0);
	assert_int_equal(
	    getsockname(p->socket, (struct sockaddr *)&address, &length), 0);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->change, NULL);
	assert_int_equal(pthread_create(&p->thread, NULL, serve_once, p), 0);
	return ntohs(address.sin_port);
}

struct asking {
	struct world *w;
	const char *form;
	struct reply reply;
};

static void *
ask_in_thread(void *context)
{
	struct asking *a = context;
	struct fixture own = *a->w->f;

	own.arena = (struct arena){0};
	a->reply = ask(&own, "POST", LOGIN_HOST, TOKEN_V2, FORM, a->form);
	arena_release(&own.arena);
	return NULL;
}

/* A client of the issuer behind the peer's port, in a thread of its own. */
static void
ask_beside(struct asking *a, const char *issuer, pthread_t *thread)
{
	a->form = assertion_form(a->w->f, NOBODY_APP,
	    signer_sign(a->w->f, &a->w->key, SIGN_RS256, HEADER,
		claims_of(a->w, issuer, "s", EXCHANGE)));
	assert_int_equal(pthread_create(thread, NULL, ask_in_thread, a), 0);
}

static void
await_question(struct peer *p)
{
	pthread_mutex_lock(&p->lock);
	while (!p->asked)
		pthread_cond_wait(&p->change, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

static void
let_answer(struct peer *p)
{
	pthread_mutex_lock(&p->lock);
	p->may_answer = true;
	pthread_cond_broadcast(&p->change);
	pthread_mutex_unlock(&p->lock);
}

static void
peer_end(struct peer *p)
{
	pthread_join(p->thread, NULL);
	close(p->socket);
}

/* While the keys are fetched nobody else waits: not those with a secret, and
 * not those of an issuer that answers. */
static void
slow_issuer(void **state)
{
	struct world *w = *state;
	struct peer slow = {.body = signer_jwks(w->f, &w->key, "k1")};
	struct peer quick = {.body = slow.body, .may_answer = true};
	unsigned slow_port = peer_start(&slow), quick_port = peer_start(&quick);
	const char *slow_name =
	    arena_printf(&w->f->arena, "https://slow.example/%u", slow_port);
	const char *quick_name =
	    arena_printf(&w->f->arena, "https://quick.example/%u", quick_port);
	struct asking waiting = {.w = w}, second = {.w = w}, beside = {.w = w};
	pthread_t threads[3];
	struct reply r;

	write_file(w, "issuers.json",
	    arena_printf(&w->f->arena,
		"{\"" CLUSTER "\":\"cluster.json\",\"%s\":"
		"\"http://127.0.0.1:%u/keys\",\"%s\":"
		"\"http://127.0.0.1:%u/keys\"}",
		slow_name, slow_port, quick_name, quick_port));
	trust_another(w, slow_name);
	ask_beside(&waiting, slow_name, &threads[0]);
	await_question(&slow);
	ask_beside(&second, slow_name, &threads[1]); /* behind the first */
	r = ask(w->f, "POST", LOGIN_HOST, TOKEN_V2, FORM,
	    SECRET_OF(READER_APP, READER_SECRET) VAULT_SCOPE);
	assert_reply(&r, 200, NULL, NULL);
	reply_free(&r);
	fixture_tick(w->f); /* nor does what is due */
	trust_under(w, NUMBER("b4"), quick_name);
	ask_beside(&beside, quick_name, &threads[2]);
	pthread_join(threads[2], NULL);
	assert_reply(&beside.reply, 200, "token_type", "Bearer");
	let_answer(&slow);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	assert_reply(&waiting.reply, 200, "token_type", "Bearer");
	assert_reply(&second.reply, 200, "token_type", "Bearer");
	peer_end(&slow);
	peer_end(&quick);
	reply_free(&waiting.reply);
	reply_free(&second.reply);
	reply_free(&beside.reply);
}

/* Those who wait for one issuer fill their own lane and not the queue. */
struct counted {
	struct job job;
	pthread_barrier_t *at, *until;
};

static void
wait_at(struct job *job)
{
	struct counted *c = (struct counted *)job;

	if (c->at == NULL)
		return;
	pthread_barrier_wait(c->at);
	pthread_barrier_wait(c->until);
}

static void
no_tick(void *context ACTAS_UNUSED)
{
}

static void
lanes_have_ceilings_and_hands(void **state ACTAS_UNUSED)
{
	struct counted many[LIMIT_LANE_JOBS + 1] = {0}, held[LIMIT_HANDS] = {0};
	pthread_barrier_t at, until;
	struct worker *w;

	pthread_barrier_init(&at, NULL, LIMIT_HANDS + 1);
	pthread_barrier_init(&until, NULL, LIMIT_HANDS + 1);
	assert_int_equal(worker_start(no_tick, NULL, &w, NULL), ACTAS_OK);
	for (uint32_t i = 0; i < LIMIT_HANDS; i++) {
		held[i] = (struct counted){
		    {.run = wait_at, .lane = i + 1}, &at, &until};
		assert_int_equal(worker_submit(w, &held[i].job), ACTAS_OK);
	}
	pthread_barrier_wait(&at); /* each lane has a thread */
	for (uint32_t i = 0; i <= LIMIT_LANE_JOBS; i++) {
		many[i].job = (struct job){.run = wait_at, .lane = 1};
		assert_int_equal(worker_submit(w, &many[i].job),
		    i < LIMIT_LANE_JOBS ? ACTAS_OK : ACTAS_ELIMIT);
	}
	many[LIMIT_LANE_JOBS].job.lane = 2;
	assert_int_equal(
	    worker_submit(w, &many[LIMIT_LANE_JOBS].job), ACTAS_OK);
	pthread_barrier_wait(&until);
	worker_stop(w); /* runs what waits */
	pthread_barrier_destroy(&at);
	pthread_barrier_destroy(&until);
}

/* --- tokens of this platform --- */

#define OUR_ISSUER "https://login.microsoftonline.com/" TENANT "/v2.0"

static const char *
token_for_exchange(struct world *w)
{
	struct reply r = ask(w->f, "POST", LOGIN_HOST, TOKEN_V2, FORM,
	    SECRET_OF(READER_APP, READER_SECRET) "&scope=" EXCHANGE
						 "/.default");
	const char *token;

	assert_reply(&r, 200, NULL, NULL);
	token =
	    arena_text(&w->f->arena, slice_of(reply_at(&r, "access_token")));
	reply_free(&r);
	return token;
}

static void
own_token_as_assertion(void **state)
{
	struct world *w = *state;
	struct reply r;

	fixture_put(w->f, "federated/" NOBODY_HOME "/" NUMBER("b2"),
	    "{'id':'" NUMBER("b2") "','name':'own','issuer':'" OUR_ISSUER
				   "','subject':'" READER
				   "','audiences':['" EXCHANGE "']}",
	    NULL);
	r = present(w, NOBODY_APP, token_for_exchange(w));
	assert_reply(&r, 200, NULL, NULL);
	reply_free(&r);
	/* A token for another service is none for this. */
	r = present(w, NOBODY_APP, fixture_token(w->f, READER, VAULT));
	assert_reply(&r, 401, "error_codes.0", "700211");
	reply_free(&r);
	/* Of another principal. */
	r = present(w, NOBODY_APP,
	    signer_sign(w->f, &w->key, SIGN_RS256, HEADER,
		claims_of(w, OUR_ISSUER, READER, EXCHANGE)));
	assert_reply(&r, 401, "error_codes.0", "700027");
	reply_free(&r);
}

/* A user-assigned identity with a federated credential of its own. */
static void
managed_identity_by_federation(void **state)
{
	struct world *w = *state;
	struct reply r;
	json_t *claims;

	fixture_put(w->f, "federated/" MANAGED "/" NUMBER("b3"),
	    "{'id':'" NUMBER("b3") "','name':'pod','issuer':'" CLUSTER
				   "','subject':'pod','audiences':['" EXCHANGE
				   "']}",
	    NULL);
	r = present(w, MANAGED_APP,
	    signer_sign(w->f, &w->key, SIGN_RS256, HEADER,
		claims_of(w, CLUSTER, "pod", EXCHANGE)));
	claims = reply_claims(&r);
	assert_string_equal(json_at(claims, "oid"), MANAGED);
	assert_string_equal(json_at(claims, "xms_mirid"), MI_PATH);
	json_decref(claims);
	reply_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(trusted_assertion),
	    cmocka_unit_test(list_of_audiences),
	    cmocka_unit_test(mismatches),
	    cmocka_unit_test(bad_signatures),
	    cmocka_unit_test(time_of_an_assertion),
	    cmocka_unit_test(keys_that_cannot_be_read),
	    cmocka_unit_test(rotated_keys),
	    cmocka_unit_test(old_keys),
	    cmocka_unit_test(slow_issuer),
	    cmocka_unit_test(lanes_have_ceilings_and_hands),
	    cmocka_unit_test(own_token_as_assertion),
	    cmocka_unit_test(managed_identity_by_federation),
	};

	return cmocka_run_group_tests_name(
	    "entra federated", tests, setup, teardown);
}
