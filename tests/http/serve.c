/*
 * A server for the tests that speak HTTP to it. It prints "port N" (and
 * "tunnel N"), then takes one line from standard input, the seconds to wait
 * for requests in flight, and stops.
 *
 *	serve [-c CERTIFICATE -k KEY] [-i IDLE] [-r REQUEST] [-a ANSWER]
 *	      [-p PRESSED] [-t] [-l ADDRESS]
 */
#include "http/router.h"
#include "http/server.h"
#include "http/tunnel.h"

#include "base/memory.h"

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static json_t *
text(struct slice s)
{
	return json_stringn(s.at == NULL ? "" : s.at, s.length);
}

static void
answer(struct exchange *x, uint32_t status, json_t *body)
{
	char *dumped = json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY);

	x->status = status;
	buffer_puts(&x->answer, dumped);
	free(dumped);
	json_decref(body);
	exchange_reply(x);
}

/* What was understood of the request. */
static void
echo(struct exchange *x)
{
	json_t *segments = json_array(), *query = json_array();

	for (uint32_t i = 0; i < x->segment_count; i++)
		json_array_append_new(segments, text(x->segments[i]));
	for (uint32_t i = 0; i < x->query_count; i++)
		json_array_append_new(query,
		    json_pack("[oo]", text(x->query[i].name),
			text(x->query[i].value)));
	answer(x, 200,
	    json_pack("{si,so,so,so,so,si,so,sb,so,so}", "method",
		(int)x->method, "segments", segments, "query", query, "host",
		text(x->host), "authority", text(x->authority), "bytes",
		(int)x->body.length, "body", text(slice_sub(x->body, 0, 100)),
		"loopback", x->peer_is_loopback, "peer", text(x->peer),
		"bearer", text(exchange_bearer(x))));
}

static uint32_t
number(struct exchange *x, const char *name)
{
	uint64_t value = 0;

	return slice_u64(exchange_query(x, name, NULL), &value)
	    ? (uint32_t)value
	    : 0;
}

/* Requests that wait for their answer. */
static _Atomic uint32_t waiting;

static void *
reply_later(void *exchange)
{
	struct exchange *x = exchange;
	uint32_t ms = number(x, "ms");
	struct timespec nap = {ms / 1000, ms % 1000 * 1000000l};

	nanosleep(&nap, NULL);
	atomic_fetch_sub(&waiting, 1);
	echo(x);
	return NULL;
}

/* On another thread, after "ms". */
static void
later(struct exchange *x)
{
	pthread_t thread;

	atomic_fetch_add(&waiting, 1);
	if (pthread_create(&thread, NULL, reply_later, x) != 0)
		echo(x);
	else
		pthread_detach(thread);
}

static void
empty(struct exchange *x)
{
	x->status = number(x, "status");
	exchange_reply(x);
}

static void
large(struct exchange *x)
{
	x->status = 200;
	x->content_type = "application/octet-stream";
	x->holds_secret = true;
	buffer_fill(&x->answer, 'x', number(x, "bytes"));
	exchange_reply(x);
}

/* One that nobody answers, until the server has stopped. */
static struct exchange *_Atomic forgotten;

static void
never(struct exchange *x)
{
	struct exchange *other = atomic_exchange(&forgotten, x);

	atomic_fetch_add(&waiting, 1);
	if (other != NULL)
		echo(other);
}

static void
count(struct exchange *x)
{
	answer(x, 200, json_integer(atomic_load(&waiting)));
}

static const struct route routes[] = {
    {HTTP_GET, "/waiting", count, NULL},
    {HTTP_GET, "/later", later, NULL},
    {HTTP_GET, "/empty", empty, NULL},
    {HTTP_GET, "/large", large, NULL},
    {HTTP_GET, "/never", never, NULL},
    {0},
};

static void
handle(struct exchange *x)
{
	const struct route *route;
	uint32_t methods;

	if (router_find(routes, x, &route, &methods) == ROUTE_FOUND)
		route->handle(x);
	else
		echo(x);
}

static void
log_line(void *context, const char *line)
{
	(void)context;
	fprintf(stderr, "log: %s\n", line);
}

static bool
is_ours(void *context, struct slice host)
{
	(void)context;
	return slice_eq(host, SLICE("localhost")) ||
	    slice_ends(host, SLICE(".vault.azure.net"));
}

static bool
start_tunnel(const struct server *server, const struct server_options *like,
    struct tunnel **tunnel)
{
	const struct tunnel_options options = {.address = like->address,
	    .target_address = like->address,
	    .target_port = server_port(server),
	    .pressed_seconds = like->pressed_seconds,
	    .is_ours = is_ours};
	struct fault fault = {0};

	if (tunnel_start(&options, tunnel, &fault) == ACTAS_OK)
		return true;
	fprintf(stderr, "%s\n", fault.message);
	return false;
}

int
main(int argc, char **argv)
{
	struct server_options options = {.handle = handle,
	    .address = "127.0.0.1",
	    .threads = 2,
	    .log = log_line};
	struct server *server;
	struct tunnel *tunnel = NULL;
	struct fault fault = {0};
	bool wants_tunnel = false;
	char line[64];
	int o;

	while ((o = getopt(argc, argv, "c:k:i:r:a:p:tl:")) != -1) {
		if (o == 'c')
			options.certificate_path = optarg;
		if (o == 'k')
			options.key_path = optarg;
		if (o == 'i')
			options.idle_seconds = (uint32_t)atoi(optarg);
		if (o == 'r')
			options.request_seconds = (uint32_t)atoi(optarg);
		if (o == 'a')
			options.answer_seconds = (uint32_t)atoi(optarg);
		if (o == 'p')
			options.pressed_seconds = (uint32_t)atoi(optarg);
		if (o == 'l')
			options.address = optarg;
		wants_tunnel |= o == 't';
	}
	if (server_start(&options, &server, &fault) != ACTAS_OK) {
		fprintf(stderr, "%s\n", fault.message);
		return 1;
	}
	printf("port %u\n", server_port(server));
	if (wants_tunnel && !start_tunnel(server, &options, &tunnel))
		return 1;
	if (tunnel != NULL)
		printf("tunnel %u\n", tunnel_port(tunnel));
	fflush(stdout);
	if (fgets(line, sizeof line, stdin) == NULL)
		line[0] = '0';
	tunnel_stop(tunnel);
	server_stop(server, (uint32_t)atoi(line));
	if (forgotten != NULL)
		echo(forgotten);
	printf("stopped\n");
	return 0;
}
