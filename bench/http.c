#include "bench.h"

#include "http/server.h"
#include "keys/authority.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*
 * What a request costs the server in processor time: 200 bytes of answer,
 * keep-alive, a token of 1.2 KB in the request, with TLS and without; beside
 * nginx answering the same bytes and headers in the same run. One process
 * each, one thread each. Both are asked by the same client, which sends a
 * request on each of its connections and then reads all answers.
 */

enum { CONNECTIONS = 16, REQUESTS = 64000, WARM_UP = 3200, BODY = 200 };

static char folder[64], body[BODY + 1], request[2048];

/* --- the servers, each a process of its own --- */

static void
answer(struct exchange *x)
{
	x->status = 200;
	buffer_add(&x->answer, (struct slice){body, BODY});
	exchange_reply(x);
}

/* Answers from another thread, as a change does. */
static struct {
	pthread_mutex_t mutex;
	pthread_cond_t more;
	struct exchange *at[CONNECTIONS];
	unsigned from, to;
} queue = {
    .mutex = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER};

static void
answer_later(struct exchange *x)
{
	pthread_mutex_lock(&queue.mutex);
	queue.at[queue.to++ % CONNECTIONS] = x;
	pthread_cond_signal(&queue.more);
	pthread_mutex_unlock(&queue.mutex);
}

static void *
run_answerer(void *context)
{
	(void)context;
	for (;;) {
		struct exchange *x;

		pthread_mutex_lock(&queue.mutex);
		while (queue.from == queue.to)
			pthread_cond_wait(&queue.more, &queue.mutex);
		x = queue.at[queue.from++ % CONNECTIONS];
		pthread_mutex_unlock(&queue.mutex);
		answer(x);
	}
	return NULL;
}

struct target {
	const char *name;
	bool tls, nginx, later;
	pid_t process;
	uint16_t port;
};

static const char *
path_of(const char *name)
{
	static char paths[2][128];
	static unsigned next;

	snprintf(paths[++next % 2], sizeof paths[0], "%s/%s", folder, name);
	return paths[next % 2];
}

static void
serve(const struct target *t, int out)
{
	struct server_options options = {
	    .handle = t->later ? answer_later : answer, .threads = 1};
	struct server *server;
	pthread_t thread;
	uint16_t port;

	if (t->tls) {
		options.certificate_path = path_of("server.pem");
		options.key_path = path_of("server.key");
	}
	need(server_start(&options, &server, NULL) == ACTAS_OK, "a server");
	need(
	    pthread_create(&thread, NULL, run_answerer, NULL) == 0, "a thread");
	port = server_port(server);
	need(write(out, &port, sizeof port) == (ssize_t)sizeof port, "a port");
	for (;;)
		pause();
}

static uint16_t
free_port(void)
{
	struct sockaddr_in at = {
	    .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t length = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	need(fd >= 0 && bind(fd, (struct sockaddr *)&at, length) == 0 &&
		getsockname(fd, (struct sockaddr *)&at, &length) == 0,
	    "a free port");
	close(fd);
	return ntohs(at.sin_port);
}

static void
write_configuration(const struct target *t, const char *path)
{
	FILE *f = fopen(path, "w");

	need(f != NULL, "a file for nginx");
	fprintf(f,
	    "daemon off;\nmaster_process off;\npid %s/nginx.pid;\n"
	    "error_log %s/nginx.log;\n"
	    "events { worker_connections 256; }\n"
	    "http {\n  access_log off;\n  keepalive_requests 10000000;\n"
	    "  client_body_temp_path %s;\n  proxy_temp_path %s;\n"
	    "  fastcgi_temp_path %s;\n  uwsgi_temp_path %s;\n"
	    "  scgi_temp_path %s;\n  default_type application/json;\n"
	    "  server {\n    listen 127.0.0.1:%u%s;\n",
	    folder, folder, folder, folder, folder, folder, folder, t->port,
	    t->tls ? " ssl" : "");
	if (t->tls)
		fprintf(f,
		    "    ssl_certificate %s/server.pem;\n"
		    "    ssl_certificate_key %s/server.key;\n",
		    folder, folder);
	fprintf(f,
	    "    add_header x-ms-request-id $request_id;\n"
	    "    add_header request-id $request_id;\n"
	    "    add_header Cache-Control no-store;\n"
	    "    add_header X-Content-Type-Options nosniff;\n"
	    "    location / { return 200 \"%s\"; }\n  }\n}\n",
	    body);
	need(fclose(f) == 0, "room on the disk");
}

static bool
target_start(struct target *t)
{
	const char *configuration = path_of("nginx.conf");
	int ends[2];

	need(pipe(ends) == 0, "a pipe");
	if (t->nginx) {
		t->port = free_port();
		write_configuration(t, configuration);
	}
	t->process = fork();
	if (t->process == 0) {
		close(ends[0]);
		if (!t->nginx)
			serve(t, ends[1]);
		need(freopen("/dev/null", "w", stderr) != NULL, "a sink");
		execlp("nginx", "nginx", "-c", configuration, "-p", folder,
		    (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	if (!t->nginx)
		need(read(ends[0], &t->port, sizeof t->port) ==
			(ssize_t)sizeof t->port,
		    "a server");
	close(ends[0]);
	return t->process > 0;
}

static void
target_stop(struct target *t)
{
	kill(t->process, SIGKILL);
	waitpid(t->process, NULL, 0);
}

/* Processor time that it has used so far, in seconds; negative: it is gone. */
static double
target_seconds(const struct target *t)
{
	struct timespec used;
	siginfo_t ended = {0};
	clockid_t clock;

	if (waitid(P_PID, (id_t)t->process, &ended,
		WEXITED | WNOHANG | WNOWAIT) != 0 ||
	    ended.si_pid != 0 || clock_getcpuclockid(t->process, &clock) != 0 ||
	    clock_gettime(clock, &used) != 0)
		return -1;
	return (double)used.tv_sec + (double)used.tv_nsec * 1e-9;
}

/* --- the client --- */

struct line {
	int fd;
	SSL *ssl; /* NULL: without TLS */
};

static int
connect_to(const struct target *t)
{
	const struct sockaddr_in at = {.sin_family = AF_INET,
	    .sin_port = htons(t->port),
	    .sin_addr = {htonl(INADDR_LOOPBACK)}};
	const struct timespec nap = {.tv_nsec = 20000000};

	for (int i = 0; i < 100 && target_seconds(t) >= 0; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (fd >= 0 &&
		    connect(fd, (const struct sockaddr *)&at, sizeof at) == 0)
			return fd;
		close(fd);
		nanosleep(&nap, NULL);
	}
	return -1;
}

static bool
line_open(struct line *l, const struct target *t, SSL_CTX *context)
{
	l->ssl = NULL;
	l->fd = connect_to(t);
	if (l->fd < 0 || !t->tls)
		return l->fd >= 0;
	l->ssl = SSL_new(context);
	return l->ssl != NULL && SSL_set_fd(l->ssl, l->fd) == 1 &&
	    SSL_set_tlsext_host_name(l->ssl, "localhost") == 1 &&
	    SSL_connect(l->ssl) == 1;
}

static void
line_close(struct line *l)
{
	SSL_free(l->ssl);
	if (l->fd >= 0)
		close(l->fd);
}

static bool
line_send(struct line *l)
{
	int length = (int)strlen(request);

	return l->ssl != NULL
	    ? SSL_write(l->ssl, request, length) == length
	    : send(l->fd, request, (size_t)length, MSG_NOSIGNAL) == length;
}

/* Every answer ends with the body, whose last byte stands nowhere else. */
static bool
line_receive(struct line *l)
{
	char came[4096];
	int n;

	do {
		n = l->ssl != NULL ? SSL_read(l->ssl, came, sizeof came)
				   : (int)recv(l->fd, came, sizeof came, 0);
	} while (n > 0 && memchr(came, '~', (size_t)n) == NULL);
	return n > 0;
}

static bool
exchange_all(struct line *lines, int requests)
{
	bool good = true;

	for (int done = 0; done < requests && good; done += CONNECTIONS) {
		for (int i = 0; i < CONNECTIONS && good; i++)
			good = line_send(&lines[i]);
		for (int i = 0; i < CONNECTIONS && good; i++)
			good = line_receive(&lines[i]);
	}
	return good;
}

/* Microseconds of processor time a request; negative: it could not be had. */
static double
measure(struct target *t, SSL_CTX *context)
{
	struct line lines[CONNECTIONS];
	double before = -1, after = -1;
	bool good = target_start(t);

	for (int i = 0; i < CONNECTIONS; i++)
		lines[i] = (struct line){.fd = -1};
	for (int i = 0; i < CONNECTIONS && good; i++)
		good = line_open(&lines[i], t, context);
	good = good && exchange_all(lines, WARM_UP);
	before = target_seconds(t);
	good = good && exchange_all(lines, REQUESTS);
	after = target_seconds(t);
	for (int i = 0; i < CONNECTIONS; i++)
		line_close(&lines[i]);
	target_stop(t);
	return good && before >= 0 && after >= 0
	    ? (after - before) / REQUESTS * 1e6
	    : -1;
}

static void
measure_and_print(struct target *t, SSL_CTX *context, double *microseconds)
{
	static const char *const beside[] = {
	    "libmicrohttpd alone, elsewhere: 10",
	    "libmicrohttpd alone, elsewhere: 15"};

	*microseconds = measure(t, context);
	if (*microseconds < 0)
		row(t->name, "", "%s",
		    t->nginx ? "nginx is not installed, or does not start"
			     : "failed");
	else
		row(t->name, t->nginx || t->later ? "" : beside[t->tls],
		    "%.1f us of CPU a request", *microseconds);
}

static void
prepare_texts(void)
{
	char token[1201];

	memset(token, 't', sizeof token - 1);
	token[sizeof token - 1] = '\0';
	memset(body, 'b', BODY - 1);
	body[BODY - 1] = '~';
	snprintf(request, sizeof request,
	    "GET /secrets/db-password?api-version=7.4 HTTP/1.1\r\n"
	    "Host: localhost\r\nAccept: application/json\r\n"
	    "User-Agent: bench\r\nAuthorization: Bearer %s\r\n\r\n",
	    token);
	snprintf(folder, sizeof folder, "/tmp/actas-bench-XXXXXX");
	need(mkdtemp(folder) != NULL &&
		authority_create(
		    folder, NULL, clock_system().now(NULL), NULL) == ACTAS_OK,
	    "a folder with a certificate");
}

void
bench_http(void)
{
	static const char *const left[] = {"ca.pem", "ca.key", "server.pem",
	    "server.key", "nginx.conf", "nginx.log", "nginx.pid"};
	struct target targets[] = {
	    {.name = "answer of 200 B"},
	    {.name = "nginx, the same", .nginx = true},
	    {.name = "answer of 200 B over TLS", .tls = true},
	    {.name = "nginx, the same", .tls = true, .nginx = true},
	    {.name = "from another thread, over TLS",
		.tls = true,
		.later = true},
	};
	enum { TARGETS = sizeof targets / sizeof *targets };
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	double spent[TARGETS];

	need(context != NULL, "a TLS client");
	row_heading("HTTP server, one thread, keep-alive, 1.2 KB token");
	prepare_texts();
	for (size_t i = 0; i < TARGETS; i++)
		measure_and_print(&targets[i], context, &spent[i]);
	if (spent[2] > 0 && spent[3] > 0)
		row("TLS, beside nginx", "goal for a whole secret GET: 1.3",
		    "%.2f times", spent[2] / spent[3]);
	SSL_CTX_free(context);
	for (size_t i = 0; i < sizeof left / sizeof *left; i++)
		unlink(path_of(left[i]));
	rmdir(folder);
}
