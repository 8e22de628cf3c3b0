/* Asking others. The server lives in a process of its own, so that want of
 * memory here is not want of memory there. */
#include "http_test.h"

#include "http/client.h"
#include "http/server.h"
#include "http/tunnel.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];
static pid_t child;
static struct {
	uint16_t tls, plain, tunnel;
} ports;

/* --- the other side --- */

/* "/status/N", "/large", "/never", else the request as it came. */
static void
handle(struct exchange *x)
{
	uint64_t status = 200;

	if (slice_eq(x->segments[0], SLICE("never")))
		return;
	if (slice_eq(x->segments[0], SLICE("large")))
		buffer_fill(&x->answer, 'x', 100000);
	if (slice_eq(x->segments[0], SLICE("status")))
		slice_u64(x->segments[1], &status);
	x->status = (uint32_t)status;
	exchange_add_header(x, "Location", "/elsewhere");
	x->content_type = "text/plain";
	buffer_addf(&x->answer, "%u %.*s %.*s %.*s %.*s", (unsigned)x->method,
	    SLICE_ARGS(x->target), SLICE_ARGS(x->host),
	    SLICE_ARGS(exchange_bearer(x)), SLICE_ARGS(x->body));
	exchange_reply(x);
}

static bool
is_ours(void *context ACTAS_UNUSED, struct slice host)
{
	return slice_eq(host, SLICE("kv1.vault.azure.net"));
}

static void
serve(int out)
{
	struct server_options options = {.handle = handle,
	    .threads = 1,
	    .certificate_path = test_path(folder, "server.pem"),
	    .key_path = test_path(folder, "server.key")};
	struct tunnel_options tunnel_options = {
	    .target_address = "127.0.0.1", .is_ours = is_ours};
	struct server *tls, *plain;
	struct tunnel *tunnel;

	if (server_start(&options, &tls, NULL) != ACTAS_OK)
		_exit(1);
	options.certificate_path = NULL;
	if (server_start(&options, &plain, NULL) != ACTAS_OK)
		_exit(1);
	tunnel_options.target_port = server_port(tls);
	if (tunnel_start(&tunnel_options, &tunnel, NULL) != ACTAS_OK)
		_exit(1);
	ports.tls = server_port(tls);
	ports.plain = server_port(plain);
	ports.tunnel = tunnel_port(tunnel);
	if (write(out, &ports, sizeof ports) != (ssize_t)sizeof ports)
		_exit(1);
	for (;;)
		pause();
}

static int
begin(void **state ACTAS_UNUSED)
{
	int ends[2];

	test_folder_make(folder);
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		alarm(120); /* should nobody end it */
		serve(ends[1]);
	}
	close(ends[1]);
	assert_int_equal(
	    read(ends[0], &ports, sizeof ports), (int)sizeof ports);
	close(ends[0]);
	return 0;
}

static int
end(void **state ACTAS_UNUSED)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	test_folder_remove(folder);
	return 0;
}

/* --- the tests --- */

static const char *
url(const char *scheme, const char *host, unsigned port, const char *path)
{
	static char text[256];

	snprintf(text, sizeof text, "%s://%s:%u%s", scheme, host, port, path);
	return text;
}

static const char *
authority(void)
{
	return test_path(folder, "ca.pem");
}

static void
it_asks_over_tls(void **state ACTAS_UNUSED)
{
	static const char *const headers[] = {
	    "Authorization: Bearer token", "X: y", NULL};
	static const struct {
		const char *method, *body, *answer;
	} rows[] = {
	    {NULL, "", "1 /a?b=c localhost token "},
	    {"GET", "", "1 /a?b=c localhost token "},
	    {"POST", "some body", "4 /a?b=c localhost token some body"},
	    {"PUT", "x", "8 /a?b=c localhost token x"},
	    {"DELETE", "", "32 /a?b=c localhost token "},
	    {"HEAD", "", ""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct http_query query = {.method = rows[i].method,
		    .url = url("https", "localhost", ports.tls, "/a?b=c"),
		    .headers = headers,
		    .body = slice_of(rows[i].body),
		    .ca_path = authority()};
		struct http_answer answer;
		struct fault fault = {0};

		if (http_ask(&query, &answer, &fault) != ACTAS_OK)
			fail_msg("%s", fault.message);
		assert_int_equal(answer.status, 200);
		assert_string_equal(answer.content_type, "text/plain");
		assert_string_equal(buffer_text(&answer.body), rows[i].answer);
		http_answer_release(&answer);
	}
}

static void
any_status_is_an_answer_and_no_redirect_is_followed(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *path;
		long status;
	} rows[] = {
	    {"/status/302", 302},
	    {"/status/307", 307},
	    {"/status/404", 404},
	    {"/status/500", 500},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct http_answer answer;

		assert_int_equal(
		    http_ask(
			&(struct http_query){.url = url("https", "127.0.0.1",
						 ports.tls, rows[i].path),
			    .ca_path = authority()},
			&answer, NULL),
		    ACTAS_OK);
		assert_int_equal(answer.status, rows[i].status);
		http_answer_release(&answer);
	}
}

static void
what_it_must_not_ask_is_refused(void **state ACTAS_UNUSED)
{
	const char *plain = url("http", "127.0.0.1", ports.plain, "/hidden");
	static const struct {
		const char *url;
		bool allow_http;
	} rows[] = {
	    {NULL, false},
	    {"http://localhost/hidden", false},
	    {"http://example.com/hidden", true},
	    {"http://127.0.0.1.example.com/hidden", true},
	    {"http://10.0.0.1/hidden", true},
	    {"ftp://localhost/hidden", true},
	    {"file:///etc/hidden", true},
	    {"https://hidden@localhost/", true},
	    {"https://a:hidden@localhost/", true},
	    {"localhost/hidden", true},
	    {"https://", true},
	    {"", true},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct http_query query = {
		    .url = rows[i].url == NULL ? plain : rows[i].url,
		    .allow_http = rows[i].allow_http};
		struct http_answer answer;
		struct fault fault = {0};

		if (http_ask(&query, &answer, &fault) != ACTAS_EUSAGE)
			fail_msg("row %zu", i);
		assert_true(fault.message[0] != '\0');
		assert_null(strstr(fault.message, "hidden"));
		assert_null(answer.body.at);
	}
}

static void
http_is_for_loopback_and_only_when_allowed(void **state ACTAS_UNUSED)
{
	static const char *const hosts[] = {"127.0.0.1", "localhost"};

	for (size_t i = 0; i < 2; i++) {
		struct http_answer answer;

		assert_int_equal(
		    http_ask(&(struct http_query){.url = url("http", hosts[i],
						      ports.plain, "/a"),
				 .allow_http = true},
			&answer, NULL),
		    ACTAS_OK);
		assert_int_equal(answer.status, 200);
		http_answer_release(&answer);
	}
}

static void
failures_are_told_without_what_was_asked(void **state ACTAS_UNUSED)
{
	const char *ca = authority(), *none = test_path(folder, "none");
	const struct {
		struct http_query query;
		const char *host;
		uint16_t port;
		enum actas_error error;
		const char *says;
	} rows[] = {
	    /* nobody vouches for the certificate */
	    {{.ca_path = NULL}, "localhost", ports.tls, ACTAS_EIO,
		"certificate"},
	    {{.ca_path = none}, "localhost", ports.tls, ACTAS_EIO, "localhost"},
	    {{.ca_path = ca}, "127.0.0.2", ports.tls, ACTAS_EIO, "127.0.0.2"},
	    /* no TLS there, and nobody at all */
	    {{.ca_path = ca}, "localhost", ports.plain, ACTAS_EIO, "localhost"},
	    {{.ca_path = ca}, "localhost", 1, ACTAS_EIO, "localhost"},
	    {{.ca_path = ca, .ceiling = 99}, "localhost", ports.tls,
		ACTAS_ELIMIT, "larger than 99 bytes"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct http_query query = rows[i].query;
		struct http_answer answer;
		struct fault fault = {0};

		query.url =
		    url("https", rows[i].host, rows[i].port, "/large?hidden=1");
		if (http_ask(&query, &answer, &fault) != rows[i].error)
			fail_msg("row %zu: %s", i, fault.message);
		if (strstr(fault.message, rows[i].says) == NULL ||
		    strstr(fault.message, "hidden") != NULL)
			fail_msg("row %zu: %s", i, fault.message);
		assert_null(answer.body.at);
	}
}

static void
it_does_not_wait_for_ever(void **state ACTAS_UNUSED)
{
	struct http_answer answer;
	struct fault fault = {0};

	assert_int_equal(
	    http_ask(&(struct http_query){.url = url("https", "localhost",
					      ports.tls, "/never"),
			 .ca_path = authority(),
			 .seconds = 1},
		&answer, &fault),
	    ACTAS_EIO);
	assert_non_null(strstr(fault.message, "timed out"));
}

static void
the_proxy_is_not_on_the_way_to_this_machine(void **state ACTAS_UNUSED)
{
	static const struct {
		const char *host;
		unsigned port;
	} rows[] = {
	    {"localhost", 0}, {"127.0.0.1", 0}, {"kv1.vault.azure.net", 443}};
	char proxy[64];

	snprintf(proxy, sizeof proxy, "http://127.0.0.1:%u", ports.tunnel);
	setenv("HTTPS_PROXY", proxy, 1);
	for (size_t i = 0; i < 3; i++) {
		struct http_answer answer;
		struct fault fault = {0};
		unsigned port = rows[i].port == 0 ? ports.tls : rows[i].port;

		/* the tunnel would refuse the first two */
		if (http_ask(&(struct http_query){.url = url("https",
						      rows[i].host, port, "/a"),
				 .ca_path = authority()},
			&answer, &fault) != ACTAS_OK)
			fail_msg("%s: %s", rows[i].host, fault.message);
		assert_int_equal(answer.status, 200);
		http_answer_release(&answer);
	}
	unsetenv("HTTPS_PROXY");
}

static void
memory_may_run_out_anywhere(void **state ACTAS_UNUSED)
{
	static const char *const headers[] = {"X: y", NULL};
	enum actas_error e = ACTAS_ENOMEM;
	int64_t n;

	for (n = 0; e != ACTAS_OK; n++) {
		struct http_answer answer;

		mem_fail_after(n);
		e = http_ask(
		    &(struct http_query){
			.url = url("http", "127.0.0.1", ports.plain, "/a"),
			.method = "POST",
			.headers = headers,
			.body = SLICE("x"),
			.allow_http = true},
		    &answer, NULL);
		mem_fail_after(-1);
		if (e == ACTAS_OK)
			assert_int_equal(answer.status, 200);
		http_answer_release(&answer);
		assert_true(n < 2000);
	}
	assert_true(n > 20); /* the library's allocations are ours */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_it_must_not_ask_is_refused),
	    cmocka_unit_test(failures_are_told_without_what_was_asked),
	    cmocka_unit_test(it_does_not_wait_for_ever),
	    cmocka_unit_test(it_asks_over_tls),
	    cmocka_unit_test(
		any_status_is_an_answer_and_no_redirect_is_followed),
	    cmocka_unit_test(http_is_for_loopback_and_only_when_allowed),
	    cmocka_unit_test(the_proxy_is_not_on_the_way_to_this_machine),
	    cmocka_unit_test(memory_may_run_out_anywhere),
	};

	unsetenv("HTTPS_PROXY");
	unsetenv("https_proxy");
	unsetenv("ALL_PROXY");
	unsetenv("all_proxy");
	return cmocka_run_group_tests(tests, begin, end);
}
