/* A served platform over the years, by a clock that the test moves. */
#include "cli/serving.h"

#include "keys/secret.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define BEGUN ((moment)1795305600) /* 2026-11-22T00:00:00Z */

static _Atomic moment the_time;
static char folder[] = "/tmp/actas-serving-XXXXXX";

static moment
time_of_test(void *context ACTAS_UNUSED)
{
	return atomic_load(&the_time);
}

static const struct clock the_clock = {time_of_test, NULL};

/* --- a client that looks at what it is shown --- */

struct visitor {
	int socket;
	gnutls_certificate_credentials_t credentials;
	gnutls_session_t session;
};

static void
visit(struct visitor *v, uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	v->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(
	    connect(v->socket, (struct sockaddr *)&to, sizeof to), 0);
	assert_int_equal(
	    gnutls_certificate_allocate_credentials(&v->credentials), 0);
	assert_int_equal(gnutls_init(&v->session, GNUTLS_CLIENT), 0);
	assert_int_equal(gnutls_set_default_priority(v->session), 0);
	gnutls_credentials_set(
	    v->session, GNUTLS_CRD_CERTIFICATE, v->credentials);
	gnutls_transport_set_int(v->session, v->socket);
	assert_int_equal(gnutls_handshake(v->session), 0);
}

static void
leave(struct visitor *v)
{
	gnutls_deinit(v->session);
	gnutls_certificate_free_credentials(v->credentials);
	close(v->socket);
}

/* When the certificate ends that the server showed. */
static moment
shown_end(struct visitor *v)
{
	unsigned count;
	const gnutls_datum_t *chain =
	    gnutls_certificate_get_peers(v->session, &count);
	gnutls_x509_crt_t x;
	moment end;

	assert_true(count > 0);
	assert_int_equal(gnutls_x509_crt_init(&x), 0);
	assert_int_equal(
	    gnutls_x509_crt_import(x, &chain[0], GNUTLS_X509_FMT_DER), 0);
	end = (moment)gnutls_x509_crt_get_expiration_time(x);
	gnutls_x509_crt_deinit(x);
	return end;
}

static moment
end_now(const struct serving *s)
{
	struct visitor v;
	moment end;

	visit(&v, server_port(s->server));
	end = shown_end(&v);
	leave(&v);
	return end;
}

/* Whether the answer is there to the last byte of its body. */
static bool
is_whole(const char *answer)
{
	const char *length = strstr(answer, "Content-Length: "),
		   *body = strstr(answer, "\r\n\r\n");

	return length != NULL && body != NULL &&
	    strlen(body + 4) >= strtoul(length + 16, NULL, 10);
}

static void
assert_answered(struct visitor *v)
{
	static const char question[] =
	    "GET /common/v2.0/.well-known/openid-configuration HTTP/1.1\r\n"
	    "Host: localhost\r\n\r\n";
	static const char wanted[] = "HTTP/1.1 200 OK\r\n";
	char answer[16384] = "";
	size_t got = 0;

	assert_int_equal(
	    gnutls_record_send(v->session, question, sizeof question - 1),
	    sizeof question - 1);
	while (!is_whole(answer)) {
		ssize_t n = gnutls_record_recv(
		    v->session, answer + got, sizeof answer - 1 - got);

		assert_true(n > 0);
		got += (size_t)n;
	}
	assert_memory_equal(answer, wanted, sizeof wanted - 1);
}

/* --- the platform --- */

static int
remove_one(const char *path, const struct stat *s ACTAS_UNUSED,
    int kind ACTAS_UNUSED, struct FTW *walk ACTAS_UNUSED)
{
	return remove(path);
}

static int
setup(void **state)
{
	const struct platform_seed seed = {0};
	struct platform_options options = {
	    .folder = folder, .clock = the_clock, .chance = chance_system()};
	struct serving *s = calloc(1, sizeof *s);
	struct platform_made made = {0};
	struct fault fault = {0};

	atomic_store(&the_time, BEGUN);
	strcpy(folder + sizeof folder - 7, "XXXXXX");
	if (s == NULL || mkdtemp(folder) == NULL ||
	    platform_init(&options, &seed, &made, &fault) != ACTAS_OK)
		return 1;
	platform_made_release(&made);
	*s = (struct serving){
	    .folder = folder, .clock = the_clock, .platform.lock = -1};
	if (endpoint_read("listen", "127.0.0.1:0", "", &s->listen, &fault) !=
		ACTAS_OK ||
	    endpoint_read("proxy", "none", "", &s->proxy, &fault) != ACTAS_OK ||
	    serving_start(s, NULL, &fault) != ACTAS_OK) {
		fprintf(stderr, "%s: %s\n", fault.file, fault.message);
		return 1;
	}
	*state = s;
	return 0;
}

static int
teardown(void **state)
{
	serving_stop(*state);
	free(*state);
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void
pass(struct serving *s, int days)
{
	atomic_store(&the_time, BEGUN + days * MOMENT_DAY);
	serving_care(s);
}

static const char *
path_of(const char *name)
{
	static char path[80];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void
move(const char *from, const char *to)
{
	char source[80];

	snprintf(source, sizeof source, "%s", path_of(from));
	assert_int_equal(rename(source, path_of(to)), 0);
}

/* --- */

static void
the_certificate_is_renewed_while_it_serves(void **state)
{
	struct serving *s = *state;
	struct visitor before;
	moment first;

	visit(&before, server_port(s->server));
	first = shown_end(&before);
	assert_true(first > BEGUN + 800 * MOMENT_DAY);
	assert_answered(&before);
	pass(s, 780);
	assert_int_equal(end_now(s), first); /* not yet */
	pass(s, 795);
	assert_true(end_now(s) >= first + 700 * MOMENT_DAY);
	assert_answered(&before); /* nobody was sent away */
	leave(&before);
	pass(s, 795 + 795);
	assert_true(end_now(s) >= first + 1500 * MOMENT_DAY);
}

static void
an_authority_kept_elsewhere_is_waited_for(void **state)
{
	struct serving *s = *state;
	moment first = end_now(s);

	move("ca.key", "elsewhere");
	pass(s, 800);
	assert_int_equal(end_now(s), first);
	move("elsewhere", "ca.key");
	pass(s, 801);
	assert_true(end_now(s) > first);
}

static void
without_it_a_server_starts_all_the_same(void **state)
{
	struct serving *s = *state;
	const struct serving again = {.folder = folder,
	    .listen = s->listen,
	    .proxy = s->proxy,
	    .clock = the_clock,
	    .platform.lock = -1};
	struct fault fault = {0};

	move("ca.key", "elsewhere");
	serving_stop(s);
	*s = again;
	atomic_store(&the_time, BEGUN + 800 * MOMENT_DAY);
	assert_int_equal(serving_start(s, NULL, &fault), ACTAS_OK);
	assert_true(end_now(s) < BEGUN + 830 * MOMENT_DAY);
}

static void
show_nothing_new(struct serving *s, moment first)
{
	serving_care(s);
	assert_int_equal(end_now(s), first);
}

static void
what_is_no_certificate_is_not_shown(void **state)
{
	struct serving *s = *state;
	moment first = end_now(s);
	FILE *f;

	move("server.pem", "kept");
	show_nothing_new(s, first);
	f = fopen(path_of("server.pem"), "w");
	assert_non_null(f);
	fputs("-----BEGIN CERTIFICATE-----\nnonsense\n", f);
	fclose(f);
	show_nothing_new(s, first);
	move("kept", "server.pem");
	show_nothing_new(s, first);
	/* A certificate without its key. */
	move("server.key", "elsewhere");
	f = fopen(path_of("server.pem"), "a");
	assert_non_null(f);
	fputs("\n", f);
	fclose(f);
	show_nothing_new(s, first);
	f = fopen(path_of("server.key"), "w");
	assert_non_null(f);
	fputs("-----BEGIN PRIVATE KEY-----\nnonsense\n", f);
	fclose(f);
	show_nothing_new(s, first);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
	    TEST(the_certificate_is_renewed_while_it_serves),
	    TEST(an_authority_kept_elsewhere_is_waited_for),
	    TEST(without_it_a_server_starts_all_the_same),
	    TEST(what_is_no_certificate_is_not_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
