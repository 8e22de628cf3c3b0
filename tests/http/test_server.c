/* The server from inside: many threads, no memory, no trace of a secret. */
#include "http_test.h"

#include "http/server.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { ANSWERERS = 3, WAITING = 256 };

/* Exchanges that wait to be answered by one of the threads. */
static struct {
	pthread_mutex_t mutex;
	pthread_cond_t more;
	struct exchange *at[WAITING];
	unsigned from, to;
	bool stop;
} queue = {
    .mutex = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER};

static char folder[64];

/* The last segment of the path, as the answer. */
static void
answer(struct exchange *x)
{
	x->status = 200;
	buffer_add(&x->answer, x->segments[x->segment_count - 1]);
	exchange_reply(x);
}

static void *
run_answerer(void *context)
{
	(void)context;
	for (;;) {
		struct exchange *x;

		pthread_mutex_lock(&queue.mutex);
		while (queue.from == queue.to && !queue.stop)
			pthread_cond_wait(&queue.more, &queue.mutex);
		if (queue.from == queue.to) {
			pthread_mutex_unlock(&queue.mutex);
			return NULL;
		}
		x = queue.at[queue.from++ % WAITING];
		pthread_mutex_unlock(&queue.mutex);
		answer(x);
	}
}

/*
 * "/now/N" is answered by the handler, "/soon/N" by another thread, most
 * likely while the handler is about to return, "/held/N" by another thread
 * before the handler returns.
 */
static void
handle(struct exchange *x)
{
	struct slice how = x->segments[0];
	const struct timespec nap = {.tv_nsec = 200000};
	bool held = slice_eq(how, SLICE("held"));

	if (x->context != NULL)
		atomic_fetch_add((_Atomic int *)x->context, 1);
	if (slice_eq(how, SLICE("now"))) {
		answer(x);
		return;
	}
	pthread_mutex_lock(&queue.mutex);
	queue.at[queue.to++ % WAITING] = x;
	pthread_cond_signal(&queue.more);
	pthread_mutex_unlock(&queue.mutex);
	if (held)
		nanosleep(&nap, NULL);
}

static struct server *
start(const struct server_options *options)
{
	struct server *server;
	struct fault fault = {0};

	if (server_start(options, &server, &fault) != ACTAS_OK)
		fail_msg("%s", fault.message);
	return server;
}

static void
answerers_start(pthread_t threads[static ANSWERERS])
{
	queue.stop = false;
	for (int i = 0; i < ANSWERERS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, run_answerer, NULL), 0);
}

static void
answerers_stop(pthread_t threads[static ANSWERERS])
{
	pthread_mutex_lock(&queue.mutex);
	queue.stop = true;
	pthread_cond_broadcast(&queue.more);
	pthread_mutex_unlock(&queue.mutex);
	for (int i = 0; i < ANSWERERS; i++)
		pthread_join(threads[i], NULL);
}

struct asker {
	pthread_t thread;
	uint16_t port;
	unsigned seed, wrong;
};

enum { ASKERS = 8, QUESTIONS = 400 };

static void *
run_asker(void *context)
{
	static const char *const how[] = {"now", "soon", "soon", "held"};
	struct asker *a = context;
	char request[128], came[2048], expected[16];
	int fd = test_connect(a->port);

	for (unsigned i = 0; i < QUESTIONS; i++) {
		snprintf(
		    expected, sizeof expected, "\r\n\r\n%u-%u", a->seed, i);
		snprintf(request, sizeof request,
		    "GET /%s/%u-%u HTTP/1.1\r\nHost: a\r\n\r\n",
		    how[(i + a->seed) % 4], a->seed, i);
		if (test_ask(fd, request, came, sizeof came) != 200 ||
		    !slice_ends(slice_of(came), slice_of(expected)))
			a->wrong++;
	}
	close(fd);
	return NULL;
}

static void
answers_meet_their_questions(void **state ACTAS_UNUSED)
{
	_Atomic int handled = 0;
	struct server *server = start(&(struct server_options){
	    .handle = handle, .context = &handled, .threads = 2});
	struct asker askers[ASKERS] = {{0}};
	pthread_t answerers[ANSWERERS];

	answerers_start(answerers);
	for (unsigned i = 0; i < ASKERS; i++) {
		askers[i].port = server_port(server);
		askers[i].seed = i;
		assert_int_equal(pthread_create(&askers[i].thread, NULL,
				     run_asker, &askers[i]),
		    0);
	}
	for (unsigned i = 0; i < ASKERS; i++) {
		pthread_join(askers[i].thread, NULL);
		assert_int_equal(askers[i].wrong, 0);
	}
	server_stop(server, 5);
	answerers_stop(answerers);
	assert_int_equal(handled, ASKERS * QUESTIONS);
}

static void
it_stops_while_answers_come(void **state ACTAS_UNUSED)
{
	pthread_t answerers[ANSWERERS];

	answerers_start(answerers);
	for (int i = 0; i < 30; i++) {
		struct server *server = start(
		    &(struct server_options){.handle = handle, .threads = 2});
		const char request[] =
		    "GET /soon/1 HTTP/1.1\r\nHost: a\r\n\r\n";
		int fd = test_connect(server_port(server));

		assert_int_equal(write(fd, request, sizeof request - 1),
		    (int)sizeof request - 1);
		server_stop(server, (uint32_t)i % 2);
		close(fd);
	}
	answerers_stop(answerers);
}

static struct exchange *_Atomic kept;

static void
keep(struct exchange *x)
{
	kept = x;
}

static void
an_exchange_outlives_its_server(void **state ACTAS_UNUSED)
{
	const struct timespec nap = {.tv_nsec = 10000000};
	struct server *server =
	    start(&(struct server_options){.handle = keep, .threads = 1});
	char request[] = "PUT /a/b HTTP/1.1\r\nHost: a\r\n"
			 "Content-Length: 4\r\n\r\nbody";
	int fd = test_connect(server_port(server));
	struct exchange *x;
	char came[2048];

	kept = NULL;
	assert_int_equal(
	    write(fd, request, sizeof request - 1), (int)sizeof request - 1);
	for (int i = 0; i < 500 && kept == NULL; i++)
		nanosleep(&nap, NULL);
	assert_non_null(kept);
	server_stop(server, 0);
	assert_true(read(fd, came, sizeof came) > 12);
	assert_memory_equal(came, "HTTP/1.1 503", 12);
	close(fd);
	x = kept;
	assert_true(slice_eq(x->body, SLICE("body")));
	assert_true(slice_eq(exchange_header(x, "host"), SLICE("a")));
	answer(x);
}

static void
without_memory_it_answers_or_hangs_up(void **state ACTAS_UNUSED)
{
	struct server *server =
	    start(&(struct server_options){.handle = handle, .threads = 1});
	const char *request = "PUT /now/1?a=b HTTP/1.1\r\nHost: a\r\n"
			      "Content-Length: 4\r\n\r\nbody";
	char came[2048];
	int failures = 0;

	for (int64_t n = 0; n < 40; n++) {
		int fd = test_connect(server_port(server));
		unsigned status;

		assert_true(fd >= 0);
		mem_fail_after(n);
		status = test_ask(fd, request, came, sizeof came);
		mem_fail_after(-1);
		failures += status != 200;
		if (status != 0 && status != 200 && status != 500 &&
		    status != 503)
			fail_msg("after %d: %u", (int)n, status);
		close(fd);
		fd = test_connect(server_port(server));
		assert_int_equal(test_ask(fd, request, came, sizeof came), 200);
		close(fd);
	}
	assert_in_range(failures, 3, 39);
	server_stop(server, 5);
}

static void
it_says_why_it_does_not_start(void **state ACTAS_UNUSED)
{
	struct server *first =
	    start(&(struct server_options){.handle = handle, .threads = 1});
	const char *pem = test_path(folder, "server.pem");
	const char *key = test_path(folder, "server.key");
	const char *none = test_path(folder, "none");
	const struct {
		struct server_options options;
		enum actas_error error;
		const char *says;
	} rows[] = {
	    {{.address = "localhost"}, ACTAS_EUSAGE, "no numeric address"},
	    {{.address = ""}, ACTAS_EUSAGE, "no numeric address"},
	    {{.address = "192.0.2.1"}, ACTAS_EIO, "cannot listen on 192.0.2.1"},
	    {{.port = server_port(first)}, ACTAS_EIO, "in use"},
	    {{.certificate_path = none, .key_path = key}, ACTAS_EIO, ""},
	    {{.certificate_path = pem, .key_path = none}, ACTAS_EIO, ""},
	    {{.certificate_path = key, .key_path = key}, ACTAS_EIO, "PEM"},
	    {{.certificate_path = pem, .key_path = pem}, ACTAS_EIO, "PEM"},
	    {{.certificate_path = pem, .key_path = test_path(folder, "ca.key")},
		ACTAS_EIO, "a pair"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct server *server = first;
		struct fault fault = {0};

		assert_int_equal(
		    server_start(&rows[i].options, &server, &fault),
		    rows[i].error);
		assert_null(server);
		if (strstr(fault.message, rows[i].says) == NULL)
			fail_msg("row %zu: %s", i, fault.message);
	}
	server_stop(first, 0);
	server_stop(NULL, 0);
}

static void
it_serves_ipv6(void **state ACTAS_UNUSED)
{
	struct server *server;
	struct fault fault = {0};

	if (server_start(
		&(struct server_options){.address = "::1", .handle = handle},
		&server, &fault) != ACTAS_OK) {
		/* cmocka's skip() is "not ok" in TAP, which meson fails. */
		print_message("# SKIP no IPv6 here: %s\n", fault.message);
		return;
	}
	assert_true(server_port(server) > 0);
	server_stop(server, 0);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

/* The secret never stands in this program but scrambled. */
enum { SECRET_BYTES = 40 };

static void
write_secret(char *at)
{
	for (int i = 0; i < SECRET_BYTES; i++)
		at[i] = (char)('a' + (i * 7 + i / 3) % 26);
}

static bool
holds_secret(const char *at, size_t length)
{
	for (size_t i = 0; i + SECRET_BYTES <= length; i++) {
		int same = 0;

		while (same < SECRET_BYTES &&
		    at[i + (size_t)same] ==
			(char)('a' + (same * 7 + same / 3) % 26))
			same++;
		if (same == SECRET_BYTES)
			return true;
	}
	return false;
}

/* How many of the writable parts of this process's memory hold it. */
static int
count_traces(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC), traces = 0;
	char line[512], rights[5];
	unsigned long from, to;
	static char piece[1 << 16];

	assert_non_null(maps);
	while (fgets(line, sizeof line, maps) != NULL) {
		if (sscanf(line, "%lx-%lx %4s", &from, &to, rights) != 3 ||
		    rights[1] != 'w' || to - from > 1ul << 30)
			continue;
		for (; from < to; from += sizeof piece - SECRET_BYTES) {
			ssize_t n =
			    pread(memory, piece, sizeof piece, (off_t)from);

			if (n > 0 && (uintptr_t)piece - from > sizeof piece)
				traces += holds_secret(piece, (size_t)n);
			explicit_bzero(piece, sizeof piece);
		}
	}
	fclose(maps);
	close(memory);
	return traces;
}

/* Takes the secret from body, header, query and form, and sends it back. */
static void
handle_secret(struct exchange *x)
{
	struct form form;
	uint32_t count = 0;

	if (exchange_form(x, &form) == ACTAS_OK)
		form_get(&form, "client_secret", &count);
	x->status = count == 1 && exchange_bearer(x).length == SECRET_BYTES &&
		exchange_query(x, "code", NULL).length == SECRET_BYTES
	    ? 200
	    : 400;
	x->holds_secret = true;
	buffer_add(&x->answer, exchange_bearer(x));
	if (slice_eq(x->segments[0], SLICE("keep")))
		exchange_add_header(x, "X", "kept");
	exchange_reply(x);
}

static void
nothing_of_a_secret_stays_in_memory(void **state ACTAS_UNUSED)
{
	struct server *server = start(
	    &(struct server_options){.handle = handle_secret, .threads = 1});
	int fd = test_connect(server_port(server));
	char secret[SECRET_BYTES + 1] = "", request[1024], came[2048];

	write_secret(secret);
	snprintf(request, sizeof request,
	    "POST /a?code=%s HTTP/1.1\r\nHost: a\r\n"
	    "Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
	    "client_secret=%s",
	    secret, secret, 14 + SECRET_BYTES, secret);
	assert_true(count_traces() > 0); /* this can fail */
	assert_int_equal(test_ask(fd, request, came, sizeof came), 200);
	/* what the library has for the connection goes with the next one */
	assert_int_equal(test_ask(fd, "GET /b HTTP/1.1\r\nHost: a\r\n\r\n",
			     came, sizeof came),
	    400);
	explicit_bzero(secret, sizeof secret);
	explicit_bzero(request, sizeof request);
	explicit_bzero(came, sizeof came);
	assert_int_equal(count_traces(), 0);
	close(fd);
	server_stop(server, 1);
}

#endif

static int
begin(void **state ACTAS_UNUSED)
{
	test_folder_make(folder);
	return 0;
}

static int
end(void **state ACTAS_UNUSED)
{
	test_folder_remove(folder);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_says_why_it_does_not_start),
		cmocka_unit_test(without_memory_it_answers_or_hangs_up),
		cmocka_unit_test(an_exchange_outlives_its_server),
		cmocka_unit_test(it_stops_while_answers_come),
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
		cmocka_unit_test(nothing_of_a_secret_stays_in_memory),
#endif
		cmocka_unit_test(answers_meet_their_questions),
		cmocka_unit_test(it_serves_ipv6),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
