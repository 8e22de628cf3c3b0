#include "assertion.h"

/* Every allocation of a request fails once: it is answered all the same, with
 * a token only if all went well, and the next one is answered as ever. */

struct starved {
	const char *method, *host, *target, *headers, *body;
	uint32_t status; /* with memory enough */
};

static void
starve(struct fixture *f, const struct starved *q)
{
	uint32_t status = 0;
	int64_t n;

	for (n = 0; n < 4000 && status != q->status; n++) {
		struct reply r;

		if (q->status == 401) /* no guess is one too many */
			atomic_fetch_add(&f->now, 60);
		mem_fail_after(n);
		r = ask(f, q->method, q->host, q->target, q->headers, q->body);
		mem_fail_after(-1);
		status = r.status;
		reply_free(&r);
	}
	if (status != q->status)
		fail_msg("%s: %u", q->target, status);
	atomic_store(&f->now, FIXTURE_NOW);
	/* It failed at least once, and nothing was left behind. */
	assert_true(n > 5);
	for (int i = 0; i < 2; i++) {
		struct reply r =
		    ask(f, q->method, q->host, q->target, q->headers, q->body);

		assert_reply(&r, q->status, NULL, NULL);
		reply_free(&r);
	}
}

static void
requests(void **state)
{
	static const struct starved rows[] = {
	    {"GET", LOGIN_HOST, "/common/v2.0/.well-known/openid-configuration",
		NULL, NULL, 200},
	    {"GET", LOGIN_HOST, "/" DOMAIN "/discovery/v2.0/keys", NULL, NULL,
		200},
	    {"GET", LOGIN_HOST,
		"/common/discovery/instance?authorization_endpoint=https://"
		"localhost:1/t/v2.0/authorize",
		NULL, NULL, 200},
	    {"POST", LOGIN_HOST, TOKEN_V2, FORM,
		SECRET_OF(READER_APP, READER_SECRET) VAULT_SCOPE, 200},
	    {"POST", LOGIN_HOST, TOKEN_V1, FORM,
		SECRET_OF(READER_APP, "wrong") "&resource=x", 401},
	    {"GET", LOCAL_HOST, "/nothing", NULL, NULL, 404},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		starve(*state, &rows[i]);
}

static void
assertions(void **state)
{
	struct fixture *f = *state;
	struct signer s = signer_new("RSA");
	struct starved q = {"POST", LOGIN_HOST, TOKEN_V2, FORM, NULL, 200};

	fixture_put(f, "credential/" READER_HOME "/" NUMBER("d0"),
	    arena_printf(&f->arena,
		"{'kind':'certificate','key':'%s','x5t':'%s'}",
		signer_certificate(f, &s), signer_thumbprint(f, s.sha1, false)),
	    NULL);
	q.body = assertion_form(f, READER_APP,
	    signer_sign(f, &s, SIGN_RS256,
		arena_printf(&f->arena, "{'alg':'RS256','x5t':'%s'}",
		    signer_thumbprint(f, s.sha1, true)),
		"{'aud':'https://" LOGIN_HOST TOKEN_V2 "','iss':'" READER_APP
		"','sub':'" READER_APP "','exp':1795285659}"));
	starve(f, &q);
	signer_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(requests),
	    cmocka_unit_test(assertions),
	};

	return cmocka_run_group_tests_name(
	    "entra memory", tests, fixture_setup, fixture_teardown);
}
